//! The paper's quantiser: one uniform grid over the whole matrix.
//!
//! `v = x_min + delta*code`, `delta = (x_max - x_min)/(2^k - 1)`, `code = round((x - x_min)/delta)` (arXiv 2604.20333,
//! eq. 2). With the bits `b_j` of the code and `2b_j - 1 = +-1`, the same value reads
//! `v = o + sum_j (2b_j - 1) w_j`, where `w_j = delta*2^(j-1)` and `o = (x_min + x_max)/2`: one plane per bit.
//!
//! One bit is a case of its own: rounding to the nearer end would cut at the middle of the range, where a single
//! outlier decides. Here the code is `x > mean`, with the levels still at the two ends, as in the paper's figure 1. (The
//! median would always make half the codes ones; where one mode holds the majority, as it does in
//! patterns with few ones, that cuts straight through it. The mean lies between the modes.)

use super::levels::Levels;
use hopgate_model::bits::BitMatrix;
use ndarray::Array2;

/// Quantises all dual weights on one grid of `2^bits` levels, `bits` in 1..=16; `alpha` finite and not empty.
/// When all are equal, every code is zero and the value is in the offset.
pub(crate) fn uniform(alpha: &Array2<f64>, bits: usize) -> Levels {
    let low = alpha.iter().copied().fold(f64::INFINITY, f64::min);
    let high = alpha.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let top = (1u32 << bits) - 1;
    // halves, because the range of two finite numbers need not be finite
    let delta = 2.0 * (high / 2.0 - low / 2.0) / f64::from(top);
    let mean = alpha.iter().map(|a| a / alpha.len() as f64).sum::<f64>();
    let code = |x: f64| -> u32 {
        match bits {
            _ if delta == 0.0 => 0,
            1 => u32::from(x > mean),
            // at most `top` but for rounding, and `as` saturates below zero
            _ => (libm::round((x - low) / delta) as u32).min(top),
        }
    };
    let codes = alpha.map(|&x| code(x));
    let plane = |j: usize| BitMatrix::from_fn(alpha.nrows(), alpha.ncols(), |mu, i| codes[[mu, i]] >> j & 1 == 1);
    Levels {
        planes: (0..bits).map(plane).collect(),
        weights: (0..bits).map(|j| delta * f64::from(1u32 << j) / 2.0).collect(),
        offset: low / 2.0 + high / 2.0,
    }
}
