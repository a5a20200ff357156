//! Where Newton's method begins: the best multiple of the stored bits.
//!
//! The optimum's signs are mostly the stored bits and its magnitudes mostly alike, so `alpha = c * (2y - 1)` with the best `c` is
//! near it, and costs one product with the kernel for all neurons. The slopes of the sigmoid there are near those at the
//! optimum too, so one of them serves for the whole way (`inverse.rs`).

use crate::logistic::sigma;
use ndarray::Array2;
use rayon::prelude::*;

/// Newton steps for `c`: it need not be exact.
const STEPS: usize = 6;
/// The slopes are powers of two from a quarter (the largest there is) down to this.
const LEAST_SLOPE: i32 = -10;

/// Where a neuron begins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Start {
    /// Every dual weight is this, with the sign of its bit.
    pub scale: f64,
    /// The power of two next to the mean slope there.
    pub slope: i32,
}

/// One for every column of the targets (P, n), given `K (2y - 1)`.
pub(super) fn starts(y: &Array2<f64>, image: &Array2<f64>, lambda: f64) -> Vec<Start> {
    (0..y.ncols()).into_par_iter().map(|c| start(y.column(c), image.column(c), lambda)).collect()
}

fn start(y: ndarray::ArrayView1<f64>, image: ndarray::ArrayView1<f64>, lambda: f64) -> Start {
    // as if every bit were one: K's part of the objective is even in the sign
    let toward: Vec<f64> = y.iter().zip(&image).map(|(&y, &h)| if y > 0.5 { h } else { -h }).collect();
    let square: f64 = toward.iter().sum();
    let mut scale = 0.0;
    for _ in 0..STEPS {
        let (mut gradient, mut curvature) = (lambda * scale * square, lambda * square);
        for &h in &toward {
            let s = sigma(scale * h);
            gradient += h * (s - 1.0);
            curvature += h * h * s * (1.0 - s);
        }
        let next = scale - gradient / curvature;
        // where it leads nowhere, zero is as good a beginning
        scale = if next.is_finite() && next > 0.0 { next } else { 0.0 };
    }
    let slopes = toward.iter().map(|&h| {
        let s = sigma(scale * h);
        s * (1.0 - s)
    });
    let mean = slopes.sum::<f64>() / toward.len() as f64;
    Start { scale, slope: (libm::round(libm::log2(mean)) as i32).clamp(LEAST_SLOPE, -2) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With nothing but its own diagonal the kernel leaves one equation: `1 - sigma(c) = lambda c`.
    #[test]
    fn without_neighbours_the_start_is_the_optimum() {
        let y = ndarray::arr2(&[[1.0], [0.0], [0.0]]);
        let image = y.mapv(|y| 2.0 * y - 1.0);
        let start = starts(&y, &image, 0.01)[0];
        assert!((1.0 - sigma(start.scale) - 0.01 * start.scale).abs() < 1e-6, "{start:?}");
        assert_eq!(start.slope, -5);
    }

    #[test]
    fn fields_that_lead_away_begin_at_zero() {
        let start = starts(&ndarray::arr2(&[[1.0]]), &ndarray::arr2(&[[-1.0]]), 0.01)[0];
        assert_eq!(start, Start { scale: 0.0, slope: -2 });
    }
}
