//! What makes conjugate gradients fast: a matrix like the Hessian that is factorised once.
//!
//! `sigma'` is at most 1/4, so `B = K'K/4 + lambda R` bounds every Hessian from above (D. Böhning, *Multinomial logistic regression algorithm*,
//! Ann. Inst. Statist. Math. 44, 1992). With `K'K` estimated from some samples, it serves all outputs until they are near their optimum.
//! There most samples are sure, and few decide: each output then gets the Hessian of its own, of samples that are drawn in proportion
//! to their slopes (every so many units of the running sum of slopes: no random number).

use super::{DAMPING, FAR};
use crate::design::Design;
use hopgate_model::{Error, ErrorKind, Result};
use hopgate_train::dense::Cholesky;
use ndarray::Array2;
use rayon::prelude::*;

/// Samples per centre from which the bound is estimated.
const SQUARED: usize = 12;
/// Samples per centre, nearly, of the Hessian of an output.
const DRAWN: usize = 4;
/// No more than so many bytes of factors.
const MOST_BYTES: usize = 1 << 30;
/// Where the centres are more than this part of the samples, the factors would cost more than they save.
const DENSE: usize = 12;

/// Factors: one for all outputs, or one each.
pub(super) struct Factors(Vec<Cholesky>);

impl Factors {
    /// That of the bound.
    pub fn bound(design: &Design, square: &Array2<f64>, lambda: f64) -> Result<Self> {
        let (t, p) = (design.keys(), design.inputs());
        let stride = (t / (SQUARED * p).max(1)).max(1);
        let chosen: Vec<(usize, f64)> = (0..t).step_by(stride).map(|t| (t, 1.0)).collect();
        let weight = 0.25 * t as f64 / chosen.len() as f64;
        let gram = design.square(&chosen);
        match factor(p, |i, j| weight * gram[[i, j]] + lambda * square[[i, j]]) {
            Some(factor) => Ok(Factors(vec![factor])),
            None => Err(Error::new(ErrorKind::Failed, "the kernel of the centres cannot be factorised")
                .hint("take a greater gamma or a greater lambda")),
        }
    }

    /// One for each output, if that pays; `slopes` (T, M) are those of the sigmoid.
    pub fn each(design: &Design, square: &Array2<f64>, lambda: f64, slopes: &Array2<f64>) -> Option<Self> {
        let (t, p, m) = (design.keys(), design.inputs(), slopes.ncols());
        if p * DENSE > t || m * p * p * 8 > MOST_BYTES || m > FAR {
            return None;
        }
        let of = |c: usize| {
            let unit = slopes.column(c).sum() / (DRAWN * p) as f64;
            let (mut sum, mut chosen) = (0.0, Vec::new());
            for (t, &slope) in slopes.column(c).iter().enumerate() {
                let chance = (slope / unit).min(1.0);
                let before = libm::floor(sum);
                sum += chance;
                if libm::floor(sum) > before {
                    chosen.push((t, (slope / chance).sqrt()));
                }
            }
            let gram = design.square(&chosen);
            factor(p, |i, j| gram[[i, j]] + lambda * square[[i, j]])
        };
        (0..m).map(of).collect::<Option<Vec<_>>>().map(Factors)
    }

    /// `B^-1 r`, column by column.
    pub fn solve(&self, r: &Array2<f64>) -> Array2<f64> {
        let of = |c: usize| {
            let mut column = r.column(c).to_vec();
            self.0[c % self.0.len()].solve(&mut column);
            column
        };
        let columns: Vec<Vec<f64>> = (0..r.ncols()).into_par_iter().map(of).collect();
        Array2::from_shape_fn(r.dim(), |(mu, c)| columns[c][mu])
    }
}

/// The factor of a matrix, with as much more on its diagonal as it takes.
fn factor(p: usize, entry: impl Fn(usize, usize) -> f64) -> Option<Cholesky> {
    let mut factor = Cholesky::new(p);
    let largest = (0..p).map(|mu| entry(mu, mu)).fold(0.0, f64::max);
    let mut damping = DAMPING * largest;
    while damping <= largest {
        let fill = |i: usize, row: &mut [f64]| {
            for (j, x) in row.iter_mut().enumerate().skip(i) {
                *x = entry(i, j) + if i == j { damping } else { 0.0 };
            }
        };
        if factor.factor(fill) {
            return Some(factor);
        }
        damping *= 100.0;
    }
    None
}
