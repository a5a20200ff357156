//! The paper's recipe: full-batch gradient descent from zero, with its step guarded.
//!
//! `alpha -= rate * K [ (sigma(K alpha) - y) + lambda*alpha ]`: the gradient is summed over the patterns, not
//! averaged (arXiv 2604.20333; rate 0.1, lambda 0.01, 200 to 500 epochs). The gradient's Lipschitz constant is
//! `lambda_max(K)^2/4 + lambda*lambda_max(K)`, so a rate below two over it lowers the objective every epoch.
//! Above it, broad kernels make the run oscillate or blow up, and its weights mean nothing: that is an error here,
//! unless the caller asks for the recipe as it stands ([`Guard::Report`]).

use crate::{
    checkpoint::Keeper,
    dense::{dot, matrix_vector, product},
    logistic::{kernel_matrix, sigma_and_loss_parts, targets},
    progress::{Progress, ProgressFn},
};
use hopgate_model::{Error, ErrorKind, Result, bits::BitMatrix};
use ndarray::Array2;
use rayon::prelude::*;

/// The paper's rate.
pub const DEFAULT_RATE: f64 = 0.1;
/// The default number of epochs.
pub const DEFAULT_EPOCHS: usize = 500;
/// A rise of the objective by more than this fraction is not rounding.
const RISE: f64 = 1e-9;

/// `ln(1 + e)` of so many errors is one logarithm of their product, at most `2^32`.
const FACTORS: usize = 32;

/// What happens in an epoch whose objective rises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guard {
    /// The run ends with an error.
    Refuse,
    /// The run goes on as the paper's does, and [`GdFit`] counts such epochs.
    Report,
}

/// What [`gd`] ended with: not the optimum, but where the epochs left it.
#[derive(Debug, Clone)]
pub struct GdFit {
    /// The dual weights, (P, N).
    pub alpha: Array2<f64>,
    /// The epochs that were run.
    pub epochs: usize,
    /// The KKT residual after the last epoch.
    pub residual: f64,
    /// The objective after the last epoch, summed over the neurons.
    pub objective: f64,
    /// Epochs whose objective rose or was no number: none under [`Guard::Refuse`].
    pub rises: usize,
    /// Whether the objective and every dual weight are numbers: always under [`Guard::Refuse`].
    pub finite: bool,
}

/// Gradient descent from zero over `epochs` epochs at `rate`. `gamma`, `lambda` and `rate` must be positive.
///
/// Under [`Guard::Report`] the run ends early where the objective is no number any more, which no epoch would mend.
///
/// # Errors
/// Under [`Guard::Refuse`], [`ErrorKind::Failed`] at the first epoch whose objective rises or is no number; says
/// which, and the largest safe rate.
pub fn gd(
    patterns: &BitMatrix,
    gamma: f64,
    lambda: f64,
    rate: f64,
    epochs: usize,
    guard: Guard,
    progress: &ProgressFn,
) -> Result<GdFit> {
    gd_from(patterns, gamma, lambda, rate, epochs, (guard, &Keeper::none()), progress)
}

/// The same, going on from the epoch that is kept (whose rises are forgotten).
pub(crate) fn gd_from(
    patterns: &BitMatrix,
    gamma: f64,
    lambda: f64,
    rate: f64,
    epochs: usize,
    (guard, keeper): (Guard, &Keeper),
    progress: &ProgressFn,
) -> Result<GdFit> {
    let kernel = kernel_matrix(patterns, gamma);
    let y = targets(patterns);
    let kept = keeper.epoch(y.nrows(), y.ncols()).filter(|(epoch, _)| *epoch <= epochs);
    let (mut done, mut alpha) = kept.unwrap_or_else(|| (0, Array2::zeros(y.dim())));
    let mut rises = 0;
    let mut now = Epoch::at(&kernel, &alpha, &y, lambda);
    while done < epochs && !now.objective.is_nan() {
        progress.go_on()?;
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
        keeper.reached(done, &alpha);
        progress.at(Progress { done, total: epochs, residual: now.residual });
    }
    let finite = now.objective.is_finite() && alpha.iter().all(|a| a.is_finite());
    Ok(GdFit { alpha, epochs: done, residual: now.residual, objective: now.objective, rises, finite })
}

/// The largest rate at which the objective is sure to fall: `2 / (lambda_max(K)^2/4 + lambda*lambda_max(K))`.
///
/// `lambda_max` is estimated by power iteration from all ones, which suits a kernel of positive entries.
pub fn safe_rate(kernel: &Array2<f64>, lambda: f64) -> f64 {
    let top = largest_eigenvalue(kernel);
    2.0 / (top * top / 4.0 + lambda * top)
}

/// The largest eigenvalue by power iteration, until the estimate stands still to nine digits.
pub fn largest_eigenvalue(kernel: &Array2<f64>) -> f64 {
    let k = kernel.as_standard_layout();
    let flat = k.as_slice().expect("standard layout");
    let p = kernel.nrows();
    let mut v = vec![1.0 / (p as f64).sqrt(); p];
    let mut next = vec![0.0; p];
    let mut top = 0.0;
    for _ in 0..1000 {
        matrix_vector(flat, &v, &mut next);
        let norm = dot(&next, &next).sqrt();
        v.iter_mut().zip(&next).for_each(|(v, x)| *v = x / norm);
        if (norm - top).abs() <= 1e-9 * norm {
            return norm;
        }
        top = norm;
    }
    top
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
