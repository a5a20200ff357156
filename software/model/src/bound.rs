//! How large a field can get, for *every* state, and so how wide an accumulator must be.
//!
//! Two bounds hold at once, and the smaller one counts.
//!
//! *Per neuron*: a pattern whose bits at neuron `i` form the code `c` adds at most
//! `max over e of O[e] + sum_j (2*c_j - 1) * W_j[e]` (and at least the minimum); summed over the
//! patterns. For one shared plane that is `W[0]` times the ones, or zeros, of the neuron.
//!
//! *Triangle inequality*: if the nearest pattern is `m` at distance `r`, then
//! `d[mu] >= max(r, D[m][mu] - r)`, where `D` are the distances between patterns. So
//! `|h| <= max over m, r of sum_mu V[e_min]`, with `V[e]` the largest `|O| + sum_j W_j` at or beyond `e`.
//!
//! The hardware adds modulo `2^w` and reads only the sign of `A - ceil(T/2) = floor(h/2)` at the end, so
//! the width that matters is that of `floor(h/2)`; what the accumulator holds on the way may wrap.

use crate::{bits::hamming, kernel::KernelMode, memory::Parts};
use alloc::{vec, vec::Vec};

/// An interval that holds every field of every state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldBound {
    /// No field is below this.
    pub low: i64,
    /// No field is above this.
    pub high: i64,
}

impl FieldBound {
    /// Bits of the narrowest two's complement integer that holds `floor(h/2)`, at least 2.
    ///
    /// ```
    /// use hopgate_model::bound::FieldBound;
    /// assert_eq!(FieldBound { low: -512, high: 511 }.accumulator_bits(), 9);
    /// assert_eq!(FieldBound { low: -513, high: 511 }.accumulator_bits(), 10);
    /// ```
    pub fn accumulator_bits(&self) -> u32 {
        let bits = |v: i64| 65 - if v < 0 { !v } else { v }.leading_zeros();
        bits(self.low.div_euclid(2)).max(bits(self.high.div_euclid(2))).max(2)
    }
}

/// The tightest interval that these two bounds prove.
pub fn field_bound(parts: &Parts) -> FieldBound {
    let (low, high) = per_neuron(parts);
    let magnitude = triangle(parts);
    FieldBound { low: low.max(-magnitude), high: high.min(magnitude) }
}

/// `f` of every number below `count`, side by side where there are threads.
#[cfg(feature = "std")]
fn each<T: Send>(count: usize, f: impl Fn(usize) -> T + Sync + Send) -> Vec<T> {
    use rayon::prelude::*;
    (0..count).into_par_iter().map(f).collect()
}

#[cfg(not(feature = "std"))]
fn each<T>(count: usize, f: impl Fn(usize) -> T) -> Vec<T> {
    (0..count).map(f).collect()
}

/// The smallest and largest field over all neurons, if every pattern could be at its worst distance.
fn per_neuron(parts: &Parts) -> (i64, i64) {
    let (p, n, k) = (parts.patterns.rows(), parts.patterns.cols(), parts.planes.len());
    let contribution = |code: usize, e: usize| -> i64 {
        let planes = (0..k).map(|j| i64::from(parts.kernel[j][e]) * if code >> j & 1 == 1 { 1 } else { -1 });
        i64::from(parts.offset[e]) + planes.sum::<i64>()
    };
    let extremes = each(1 << k, |code| {
        (0..=n).fold((i64::MAX, i64::MIN), |(low, high), e| {
            let c = contribution(code, e);
            (low.min(c), high.max(c))
        })
    });
    let fields = each(n, |i| {
        (0..p).fold((0, 0), |(low, high), mu| {
            let code = (0..k).fold(0, |c, j| c | usize::from(parts.planes[j].get(mu, i)) << j);
            (low + extremes[code].0, high + extremes[code].1)
        })
    });
    fields.into_iter().fold((i64::MAX, i64::MIN), |a, b| (a.0.min(b.0), a.1.max(b.1)))
}

/// The largest `|h|` that the distances between the patterns allow.
fn triangle(parts: &Parts) -> i64 {
    let (p, n) = (parts.patterns.rows(), parts.patterns.cols());
    // magnitude[e]: the largest |contribution| at e or beyond
    let mut magnitude = vec![0i64; n + 2];
    for e in (0..=n).rev() {
        let here: i64 = parts.kernel.iter().map(|w| i64::from(w[e])).sum::<i64>() + i64::from(parts.offset[e]).abs();
        magnitude[e] = magnitude[e + 1].max(here);
    }
    let of_nearest = |m: usize| {
        let mut histogram = vec![0i64; n + 1];
        for mu in 0..p {
            histogram[hamming(parts.patterns.row(m), parts.patterns.row(mu)) as usize] += 1;
        }
        let sum_at = |r: usize| -> i64 {
            let e_min = |far: usize| match parts.kernel_mode {
                KernelMode::Normalised => r.max(far.saturating_sub(r)) - r,
                KernelMode::Fixed => r.max(far.saturating_sub(r)),
            };
            histogram.iter().enumerate().map(|(far, &count)| count * magnitude[e_min(far)]).sum()
        };
        match parts.kernel_mode {
            // e_min only falls as r grows, so the largest r is the worst
            KernelMode::Normalised => sum_at(n),
            KernelMode::Fixed => (0..=n).map(sum_at).max().unwrap_or(0),
        }
    };
    each(p, of_nearest).into_iter().max().unwrap_or(0)
}
