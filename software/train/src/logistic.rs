//! The objective of kernel logistic regression, in the portable `libm`.
//!
//! Per neuron (arXiv 2604.20333, section 3.2): `sum over mu of logloss(y, sigma(h)) + lambda/2 * alpha'K alpha`,
//! with `h = K alpha` and `y = (xi + 1)/2`. Its stationary point is `sigma(h) - y + lambda*alpha = 0`, whose
//! largest violation is the *KKT residual*.

use crate::dense;
use hopgate_model::{bits::BitMatrix, kernel::rbf};
use ndarray::{Array2, Zip};
use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

/// `1 / (1 + exp(-h))`, without overflow.
///
/// ```
/// assert_eq!(hopgate_train::logistic::sigma(0.0), 0.5);
/// assert_eq!(hopgate_train::logistic::sigma(-1000.0), 0.0);
/// ```
pub fn sigma(h: f64) -> f64 {
    let small = libm::exp(-h.abs());
    if h >= 0.0 { 1.0 / (1.0 + small) } else { small / (1.0 + small) }
}

/// `sigma(h)` and [`log_loss`], for the price of one exponential.
pub fn sigma_and_loss(y: f64, h: f64) -> (f64, f64) {
    let (sigma, large, small) = sigma_and_loss_parts(y, h);
    (sigma, large + libm::log1p(small))
}

/// `sigma(h)`, and [`log_loss`] in two parts `large` and `small`: it is `large + ln(1 + small)`, with `small` in 0..=1. A sum of
/// many can so do with few logarithms.
pub fn sigma_and_loss_parts(y: f64, h: f64) -> (f64, f64, f64) {
    let small = libm::exp(-h.abs());
    let upper = 1.0 / (1.0 + small);
    let wrong = if y > 0.5 { -h } else { h };
    (if h >= 0.0 { upper } else { small * upper }, wrong.max(0.0), small)
}

/// `sigma'(h)`, the same on both sides of zero.
pub fn sigma_slope(h: f64) -> f64 {
    let small = libm::exp(-h.abs());
    small / ((1.0 + small) * (1.0 + small))
}

/// `-ln sigma(h)` where the bit is one, `-ln(1 - sigma(h))` where it is zero; `y` is 0 or 1.
pub fn log_loss(y: f64, h: f64) -> f64 {
    let wrong = if y > 0.5 { -h } else { h };
    wrong.max(0.0) + libm::log1p(libm::exp(-wrong.abs()))
}

/// The kernel matrix `K[mu][nu] = exp(-4*gamma*d(mu, nu))`, (P, P).
pub fn kernel_matrix(patterns: &BitMatrix, gamma: f64) -> Array2<f64> {
    let p = patterns.rows();
    let table: Vec<f64> = (0..=patterns.cols()).map(|d| rbf(gamma, d as u32)).collect();
    let mut k = Array2::zeros((p, p));
    let rows = k.as_slice_mut().expect("a fresh matrix is row-major");
    let arch = Arch::new();
    rows.par_chunks_mut(p.max(1))
        .enumerate()
        .for_each(|(mu, row)| arch.dispatch(KernelRow { patterns, table: &table, mu, row }));
    k
}

/// One row of it, in vectors that count bits.
struct KernelRow<'a> {
    patterns: &'a BitMatrix,
    /// The kernel by the distance.
    table: &'a [f64],
    mu: usize,
    row: &'a mut [f64],
}

impl WithSimd for KernelRow<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let own = self.patterns.row(self.mu);
        for (nu, x) in self.row.iter_mut().enumerate() {
            let differ = own.iter().zip(self.patterns.row(nu)).map(|(a, b)| (a ^ b).count_ones());
            *x = self.table[differ.sum::<u32>() as usize];
        }
    }
}

/// The targets `y`, (P, N): the stored bits as 0.0 and 1.0.
pub fn targets(patterns: &BitMatrix) -> Array2<f64> {
    Array2::from_shape_fn((patterns.rows(), patterns.cols()), |(mu, i)| f64::from(u8::from(patterns.get(mu, i))))
}

/// The KKT residual `max |sigma(K alpha) - y + lambda*alpha|` over all patterns and neurons, from nothing but
/// its definition; NaN when anything is NaN.
pub fn kkt_residual(kernel: &Array2<f64>, patterns: &BitMatrix, alpha: &Array2<f64>, lambda: f64) -> f64 {
    let fields = dense::product(kernel, alpha);
    let mut worst = 0.0f64;
    Zip::from(&fields).and(&targets(patterns)).and(alpha).for_each(|&h, &y, &a| {
        let r = (sigma(h) - y + lambda * a).abs();
        if r > worst || r.is_nan() {
            worst = r;
        }
    });
    worst
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slopes_are_those_of_the_functions() {
        for h in [-30.0, -3.0, -0.5, 0.0, 0.1, 2.0, 25.0] {
            let step = 1e-5;
            assert!((sigma(h) + sigma(-h) - 1.0).abs() < 1e-15);
            assert!(((sigma(h + step) - sigma(h - step)) / (2.0 * step) - sigma_slope(h)).abs() < 1e-9);
            for y in [0.0, 1.0] {
                let slope = (log_loss(y, h + step) - log_loss(y, h - step)) / (2.0 * step);
                assert!((slope - (sigma(h) - y)).abs() < 1e-8, "{y} {h}");
            }
        }
        for (y, h) in [(0.0, -3.0), (1.0, -3.0), (0.0, 4.0), (1.0, 900.0)] {
            let (s, loss) = sigma_and_loss(y, h);
            assert!((s - sigma(h)).abs() < 1e-16 && loss == log_loss(y, h));
        }
        assert!(log_loss(1.0, -1e6) == 1e6 && sigma_slope(1e6) == 0.0);
    }
}
