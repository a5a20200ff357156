//! How firmly the stored patterns stand: bit accuracy, stability margin and fixed points of the dual weights.
//!
//! The state is a stored pattern, `s = xi[mu]`, and the kernel is the plain one, so that the margins of two sets of
//! weights can be compared: `h = K alpha` holds the fields of all patterns in one product (arXiv 2604.20333,
//! section 3.2.2). The rule of the sign is the project's: a field of zero sets the bit.

use crate::statistics::Spread;
use hopgate_model::{
    Error, ErrorKind, Result,
    bits::{BitMatrix, hamming},
};
use hopgate_train::dense::product;
use ndarray::Array2;
use serde::{Deserialize, Serialize};

/// What one step does to the stored patterns.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Stability {
    /// The fraction of the `P * N` bits that one step from the pattern itself leaves right.
    pub bit_accuracy: f64,
    /// The stability margin: the mean of `h[i] * xi[mu][i]` over all patterns and neurons.
    pub margin_mean: f64,
    /// The standard deviation of that product over all patterns and neurons.
    pub margin_deviation: f64,
    /// The least such product: negative when a bit is wrong.
    pub margin_least: f64,
    /// The fraction of patterns that one step leaves unchanged.
    pub fixed_points: f64,
}

/// The products `h[i] * xi[mu][i]`, (P, N), with `h = K alpha` and `xi` = +-1.
///
/// # Errors
/// [`ErrorKind::Value`] when the shapes of `kernel` (P, P), `alpha` (P, N) and the patterns do not fit.
pub fn margins(kernel: &Array2<f64>, alpha: &Array2<f64>, patterns: &BitMatrix) -> Result<Array2<f64>> {
    let (p, n) = (patterns.rows(), patterns.cols());
    if kernel.dim() != (p, p) || alpha.dim() != (p, n) || alpha.is_empty() {
        let (k, a) = (kernel.dim(), alpha.dim());
        let what =
            format!("a kernel matrix of shape {k:?} and alpha of shape {a:?} do not fit {p} patterns of {n} bits");
        return Err(Error::new(ErrorKind::Value, what));
    }
    let mut fields = product(kernel, alpha);
    for ((mu, i), h) in fields.indexed_iter_mut() {
        if !patterns.get(mu, i) {
            *h = 0.0 - *h; // a field of zero makes a margin of zero, not of minus zero
        }
    }
    Ok(fields)
}

/// Bit accuracy, stability margin and fixed points; `kernel` is [`hopgate_train::logistic::kernel_matrix`].
///
/// # Errors
/// [`ErrorKind::Value`] when the shapes do not fit.
///
/// ```
/// use hopgate_model::noise;
/// use hopgate_lab::margin::stability;
/// use hopgate_train::{logistic::kernel_matrix, solver::{TrainOptions, fit}};
/// let patterns = noise::random(20, 32, 1);
/// let fit = fit(&patterns, &TrainOptions::new(0.05).lambda(0.01).tolerance(1e-8), &|_| ())?;
/// let now = stability(&kernel_matrix(&patterns, 0.05), &fit.alpha, &patterns)?;
/// assert_eq!((now.bit_accuracy, now.fixed_points), (1.0, 1.0));
/// assert!(0.0 < now.margin_least && now.margin_least < now.margin_mean);
/// # Ok::<(), hopgate_model::Error>(())
/// ```
pub fn stability(kernel: &Array2<f64>, alpha: &Array2<f64>, patterns: &BitMatrix) -> Result<Stability> {
    let margins = margins(kernel, alpha, patterns)?;
    // at a field of zero (of either sign) the bit becomes one: right where it is one
    let right = |mu: usize, i: usize, m: f64| m > 0.0 || m == 0.0 && patterns.get(mu, i);
    let wrong_of = |(mu, row): (usize, ndarray::ArrayView1<f64>)| {
        row.iter().enumerate().filter(|&(i, &m)| !right(mu, i, m)).count()
    };
    let wrong: Vec<usize> = margins.outer_iter().enumerate().map(wrong_of).collect();
    let spread = Spread::of(margins.as_slice().unwrap_or(&[]));
    Ok(Stability {
        bit_accuracy: 1.0 - wrong.iter().sum::<usize>() as f64 / margins.len() as f64,
        margin_mean: spread.mean,
        margin_deviation: spread.deviation,
        margin_least: spread.low,
        fixed_points: wrong.iter().filter(|&&w| w == 0).count() as f64 / wrong.len() as f64,
    })
}

/// The overlap `m = 1 - 2d/N` of two packed states of `neurons` bits: 1 for the same state, 0 for unrelated ones,
/// -1 for the opposite.
///
/// ```
/// assert_eq!(hopgate_lab::margin::overlap(&[0b1100], &[0b1010], 4), 0.0);
/// ```
pub fn overlap(a: &[u64], b: &[u64], neurons: usize) -> f64 {
    1.0 - 2.0 * f64::from(hamming(a, b)) / neurons.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use hopgate_model::noise;
    use hopgate_train::{logistic::kernel_matrix, recall_float::FloatMemory};
    use ndarray::arr2;
    use proptest::prelude::*;

    #[test]
    fn two_patterns_by_hand() {
        // K is the identity; fields are alpha: (1, 0, 0), (-2, 3, -1); patterns 101, 010
        let patterns = BitMatrix::from_fn(2, 3, |mu, i| (mu + i) % 2 == 0);
        let alpha = arr2(&[[1.0, 0.0, 0.0], [-2.0, 3.0, -1.0]]);
        let s = stability(&Array2::eye(2), &alpha, &patterns).unwrap();
        // margins 1, -0, 0, 2, 3, 1: the zero of a stored one is right, that of a stored zero is wrong
        assert_eq!((s.bit_accuracy, s.fixed_points), (1.0 - 1.0 / 6.0, 0.5));
        assert!((s.margin_mean - 7.0 / 6.0).abs() < 1e-15 && s.margin_least == 0.0);
        let squares = 2.0 * 49.0 / 36.0 + 2.0 / 36.0 + 25.0 / 36.0 + 121.0 / 36.0;
        assert!((s.margin_deviation - f64::sqrt(squares / 5.0)).abs() < 1e-15);
    }

    #[test]
    fn shapes_that_do_not_fit_are_refused() {
        let patterns = noise::random(3, 4, 1);
        for (k, a) in [((3, 3), (3, 5)), ((3, 2), (3, 4)), ((4, 4), (4, 4))] {
            let error = stability(&Array2::zeros(k), &Array2::zeros(a), &patterns).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Value);
        }
        assert!(stability(&Array2::zeros((0, 0)), &Array2::zeros((0, 4)), &BitMatrix::zeros(0, 4)).is_err());
    }

    #[test]
    fn overlaps_by_hand() {
        let m = BitMatrix::from_fn(2, 100, |r, c| r == 1 && c < 25);
        assert_eq!(overlap(m.row(0), m.row(1), 100), 0.5);
        assert_eq!(overlap(m.row(0), m.row(0), 100), 1.0);
    }

    proptest! {
        #[test]
        fn one_step_of_the_float_memory_says_the_same(p in 1..12usize, n in 1..40usize, seed in 0..99u64) {
            let patterns = noise::random(p, n, seed);
            let bits = noise::random(p, n, seed + 100);
            let alpha = Array2::from_shape_fn((p, n), |(mu, i)| if bits.get(mu, i) { 1.0 } else { -0.7 });
            let s = stability(&kernel_matrix(&patterns, 0.05), &alpha, &patterns).unwrap();
            let memory = FloatMemory::new(&patterns, &alpha, 0.05).unwrap();
            let answers: Vec<_> = (0..p).map(|mu| memory.recall(patterns.row(mu), 1)).collect();
            let wrong = |mu: usize| hamming(&answers[mu].state, patterns.row(mu));
            let (bits, fixed) = (0..p).fold((0, 0), |(b, f), mu| (b + wrong(mu), f + usize::from(answers[mu].converged)));
            prop_assert!((s.bit_accuracy - (1.0 - f64::from(bits) / (p * n) as f64)).abs() < 1e-12);
            prop_assert!((s.fixed_points - fixed as f64 / p as f64).abs() < 1e-12);
            let sign = |mu: usize, i: usize| if patterns.get(mu, i) { 1.0 } else { -1.0 };
            let fields = (0..p * n).map(|x| answers[x / n].field[x % n] * sign(x / n, x % n));
            let least = fields.fold(f64::INFINITY, f64::min);
            prop_assert!((s.margin_least - least).abs() < 1e-9 * (1.0 + least.abs()));
        }
    }
}
