//! The paper's recipe: full-batch gradient descent from zero, with its step guarded.
//!
//! `alpha -= rate * K [ (sigma(K alpha) - y) + lambda*alpha ]`: the gradient is summed over the patterns, not
//! averaged (arXiv 2604.20333; rate 0.1, lambda 0.01, 200 to 500 epochs). The gradient's Lipschitz constant is
//! `lambda_max(K)^2/4 + lambda*lambda_max(K)`, so a rate below two over it lowers the objective every epoch.
//! Above it, broad kernels make the run oscillate or blow up, and its weights mean nothing: that is an error here,
//! unless the caller asks for the recipe as it stands ([`Guard::Report`]).

use super::{
    Fit,
    options::{Guard, TrainOptions},
    run::Run,
};
use crate::{
    dense::{largest_eigenvalue, product},
    logistic::{kernel_matrix, sigma_and_loss_parts, targets},
};
use hopgate_model::{Error, ErrorKind, Result, bits::BitMatrix};
use ndarray::Array2;
use rayon::prelude::*;

/// A rise of the objective by more than this fraction is not rounding.
const RISE: f64 = 1e-9;

/// `ln(1 + e)` of so many errors is one logarithm of their product, at most `2^32`.
const FACTORS: usize = 32;

/// Gradient descent from zero, or from the epoch that is kept (whose rises are forgotten).
pub(super) fn solve(patterns: &BitMatrix, options: &TrainOptions, run: &Run) -> Result<Fit> {
    let &TrainOptions { gamma, lambda, rate, epochs, guard, .. } = options;
    let kernel = kernel_matrix(patterns, gamma);
    let y = targets(patterns);
    let kept = run.epoch(y.nrows(), y.ncols()).filter(|(epoch, _)| *epoch <= epochs);
    let (mut done, mut alpha) = kept.unwrap_or_else(|| (0, Array2::zeros(y.dim())));
    run.begin(done, epochs);
    let mut rises = 0;
    let mut now = Epoch::at(&kernel, &alpha, &y, lambda);
    while done < epochs && !now.objective.is_nan() {
        done += 1;
        alpha.scaled_add(-rate, &product(&kernel, &now.gradient));
        let next = Epoch::at(&kernel, &alpha, &y, lambda);
        if next.objective.is_nan() || next.objective > now.objective + RISE * now.objective.abs() {
            if guard == Guard::Refuse {
                return Err(unstable(&kernel, lambda, rate, done, now.objective, next.objective));
            }
            rises += 1;
        }
        now = next;
        run.reached(done, &alpha);
        run.advance(1, |_| now.residual);
        run.check()?;
    }
    let finite = now.objective.is_finite() && alpha.iter().all(|a| a.is_finite());
    Ok(Fit { alpha, iterations: done, residual: now.residual, objective: Some(now.objective), rises, finite })
}

/// The largest rate at which the objective is sure to fall: `2 / (lambda_max(K)^2/4 + lambda*lambda_max(K))`.
///
/// `lambda_max` is estimated by power iteration from all ones, which suits a kernel of positive entries.
pub fn safe_rate(kernel: &Array2<f64>, lambda: f64) -> f64 {
    let top = largest_eigenvalue(kernel);
    2.0 / (top * top / 4.0 + lambda * top)
}

fn unstable(kernel: &Array2<f64>, lambda: f64, rate: f64, epoch: usize, before: f64, after: f64) -> Error {
    let how = if after.is_finite() {
        format!("the objective rises from {before:.6} to {after:.6}")
    } else {
        "the objective is no longer a number".to_owned()
    };
    let safe = safe_rate(kernel, lambda);
    // two digits, rounded down
    let unit = libm::pow(10.0, libm::floor(libm::log10(safe)) - 1.0);
    let below = libm::floor(safe / unit) * unit;
    Error::new(ErrorKind::Failed, format!("gd does not converge at rate {rate}: in epoch {epoch} {how}")).hint(format!(
        "the largest safe rate for these patterns and this gamma is {below:.1e}: pass it with `rate` (and more `epochs`), or use `method newton`"
    ))
}

/// The gradient's inner part and the objective at some dual weights.
struct Epoch {
    gradient: Array2<f64>,
    objective: f64,
    residual: f64,
}

impl Epoch {
    fn at(kernel: &Array2<f64>, alpha: &Array2<f64>, y: &Array2<f64>, lambda: f64) -> Self {
        let mut gradient = product(kernel, alpha);
        let n = y.ncols().max(1);
        let row_major = "made here, row-major";
        let rows = gradient.as_slice_mut().expect(row_major).par_chunks_mut(n);
        let (alpha, y) = (alpha.as_slice().expect(row_major), y.as_slice().expect(row_major));
        // one (objective, residual) per pattern, added in the order of the patterns whatever the threads
        let rows: Vec<(f64, f64)> = rows
            .zip(alpha.par_chunks(n).zip(y.par_chunks(n)))
            .map(|(fields, (alpha, y))| {
                let (mut objective, mut residual) = (0.0, 0.0f64);
                for fields_of in fields.chunks_mut(FACTORS).zip(alpha.chunks(FACTORS).zip(y.chunks(FACTORS))) {
                    let (fields, (alpha, y)) = fields_of;
                    let mut product = 1.0;
                    for (h, (&a, &y)) in fields.iter_mut().zip(alpha.iter().zip(y)) {
                        let (s, large, small) = sigma_and_loss_parts(y, *h);
                        product *= 1.0 + small;
                        objective += large + 0.5 * lambda * a * *h;
                        *h = s - y + lambda * a;
                        residual = residual.max(h.abs());
                    }
                    objective += libm::log(product);
                }
                (objective, residual)
            })
            .collect();
        let (objective, residual) = rows.iter().fold((0.0, 0.0f64), |(o, r), row| (o + row.0, r.max(row.1)));
        Epoch { gradient, objective, residual }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn power_iteration_finds_a_known_eigenvalue() {
        // ones plus identity: eigenvalues p + 1 and 1
        let k = Array2::from_shape_fn((7, 7), |(i, j)| if i == j { 2.0 } else { 1.0 });
        assert!((largest_eigenvalue(&k) - 8.0).abs() < 1e-8);
        assert!((safe_rate(&k, 0.5) - 2.0 / (16.0 + 4.0)).abs() < 1e-8);
    }
}
