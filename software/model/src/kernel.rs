//! The kernel `K(d) = exp(-4*gamma*d)` and its integer columns.
//!
//! On +-1 vectors `||x - y||^2 = 4d` with `d` the Hamming distance, so the RBF kernel
//! `exp(-gamma*||x - y||^2)` is a function of `d` alone (arXiv 2604.20333, section 3.1).

use alloc::vec::Vec;
#[cfg(feature = "serde")]
use serde::{Deserialize, Serialize};

/// What the kernel table is indexed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize), serde(rename_all = "lowercase"))]
pub enum KernelMode {
    /// `e = d - min d`: dividing the kernel by its largest value scales every field by one positive
    /// number, so no sign changes, and the integers never underflow.
    Normalised,
    /// `e = d`: the kernel as it stands; far from every pattern all fields are zero.
    Fixed,
}

impl core::fmt::Display for KernelMode {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            KernelMode::Normalised => "normalised",
            KernelMode::Fixed => "fixed",
        })
    }
}

/// `K(d) = exp(-4*gamma*d)`. Uses the portable `libm`, so that every machine computes the same bits.
pub fn rbf(gamma: f64, d: u32) -> f64 {
    libm::exp(-4.0 * gamma * f64::from(d))
}

/// The gamma that makes the kernel the likelihood of independent flips of probability `p`:
/// `4*gamma = ln((1-p)/p)`, since `p^d (1-p)^(N-d)` is `(p/(1-p))^d` up to a factor.
///
/// ```
/// assert!((hopgate_model::kernel::gamma_of_noise(0.1) - 0.5493).abs() < 1e-4);
/// ```
pub fn gamma_of_noise(p: f64) -> f64 {
    libm::log((1.0 - p) / p) / 4.0
}

/// Integer columns of a quantised kernel: `W_j[e]`, `O[e]` for `e = 0..=N`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    /// `k` columns of `N + 1` entries, plane `k-1` (the most significant) last.
    pub weights: Vec<Vec<u32>>,
    /// `N + 1` signed entries.
    pub offset: Vec<i32>,
}

/// Weights below this are raised by two to the power of [`RAISE`] before anything is divided by them.
const TINY: f64 = 1e-200;
/// The smallest number that there is becomes about 1e-203, and [`TINY`] about 1e-80.
const RAISE: i32 = 400;

/// Rounds plane weights `w_j >= 0` and an offset level `o` times the kernel into integer columns:
/// `W_j[e] = round(S * w_j * K(e))`, `O[e] = round(S * o * K(e))`, with `S` such that the largest
/// weight entry is `2^kernel_bits - 1`, however small the weights are. When every weight is zero (all dual weights are equal) the
/// largest offset takes that place.
///
/// ```
/// let c = hopgate_model::kernel::columns(3, 0.25, &[1.0], 0.0, 8);
/// assert_eq!(c.weights, [[255, 94, 35, 13]]);
/// ```
pub fn columns(neurons: usize, gamma: f64, weights: &[f64], offset: f64, kernel_bits: u32) -> Columns {
    let top = f64::from((1u32 << kernel_bits) - 1);
    let largest = match weights.iter().copied().fold(0.0, f64::max) {
        0.0 => offset.abs(),
        largest => largest,
    };
    // the quotient of weights that are tiny would be infinite: first times a power of two, which rounds nothing
    let raise = if largest < TINY { RAISE } else { 0 };
    let raised = |w: f64| libm::ldexp(w, raise);
    let scale = if largest > 0.0 { top / raised(largest) } else { 0.0 };
    let level = |w: f64, e: usize| libm::round(scale * raised(w) * rbf(gamma, e as u32));
    Columns {
        weights: weights.iter().map(|&w| (0..=neurons).map(|e| level(w, e) as u32).collect()).collect(),
        // `as` saturates: an offset beyond i32 (weights a millionth of their mean) stays in range
        offset: (0..=neurons).map(|e| level(offset, e) as i32).collect(),
    }
}

/// The largest `e` with a nonzero entry in any column; `None` when all are zero.
pub fn reach(weights: &[Vec<u32>], offset: &[i32]) -> Option<u32> {
    let nonzero = |e: &usize| offset[*e] != 0 || weights.iter().any(|w| w[*e] != 0);
    (0..offset.len()).rev().find(nonzero).map(|e| e as u32)
}
