//! Kernel logistic regression over samples and centres: the exact optimum, by Newton's method with conjugate gradients.
//!
//! For every output `c`, with the fields `h = K alpha` of the samples and the targets `y`:
//!
//! ```text
//! minimise   sum over t of logloss(y[t], sigma(h[t]))  +  lambda/2 * alpha' R alpha
//! gradient   K' (sigma(h) - y) + lambda R alpha
//! Hessian    K' diag(sigma'(h)) K + lambda R
//! ```
//!
//! `K` (T, P) is the kernel between samples and centres, `R` (P, P) that between centres. It is the objective of the import vector machine
//! (J. Zhu and T. Hastie, *Kernel logistic regression and the import vector machine*, J. Comput. Graph. Stat. 14, 2005, eq. 13), and where
//! the centres are the samples, that of [`hopgate_train::solver`]. In kernel mode "normalised" a row of `K` is divided by its
//! largest entry, as the contract has it; `R` is not.
//!
//! All outputs go together. A matrix that is factorised once makes conjugate gradients fast: `factors.rs`.

mod factors;

use crate::{design::Design, samples::Targets};
use factors::Factors;
use hopgate_files::room;
use hopgate_model::{
    Error, ErrorKind, Result,
    progress::{Progress, Watch},
};
use hopgate_train::{
    dense::product,
    logistic::{sigma, sigma_and_loss, sigma_slope},
};
use ndarray::{Array2, Axis, Zip};
use rayon::prelude::*;

/// Newton steps before the run counts as failed.
const MAX_STEPS: usize = 60;
/// Conjugate gradient iterations of a step, at most.
const MAX_ITERATIONS: usize = 300;
/// Halvings of a step before an output counts as stalled.
const MAX_HALVINGS: usize = 40;
/// Outputs that are solved together.
const OUTPUTS: usize = 64;
/// Where the residual is below this, outputs get factors of their own, ...
const NEAR: f64 = 3e-3;
/// ... if they are no more than this.
const FAR: usize = 32;
/// What is added to the diagonal of the preconditioner, as a part of its largest entry.
const DAMPING: f64 = 1e-9;
/// Differences of an objective below this part of it are rounding.
const FLAT: f64 = 1e-12;
/// Samples of a partial sum.
const ROWS: usize = 2048;

/// What the solver found.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Fit {
    /// The dual weights, (P, M).
    pub alpha: Array2<f64>,
    /// The objective, summed over the outputs.
    pub objective: f64,
    /// The largest entry of the gradient, as a part of that at `alpha = 0`, of the worst output.
    pub residual: f64,
    /// Newton steps of the slowest outputs.
    pub steps: usize,
    /// Conjugate gradient iterations of all steps.
    pub iterations: usize,
}

/// The bytes that [`fit`] takes at its largest, nearly, beside the distances.
pub(crate) fn bytes(samples: usize, centres: usize, outputs: usize) -> u64 {
    let of = |rows: usize, cols: usize| 8 * rows as u64 * cols as u64;
    let group = outputs.min(OUTPUTS);
    3 * of(centres, centres)
        + 5 * of(samples, group)
        + 12 * of(centres, group)
        + of(centres, outputs)
        + of(2048, centres)
}

/// The optimum to a relative residual of `tolerance`. `square` is `R`, (P, P). `watch` counts groups of outputs.
pub(crate) fn fit(
    design: &Design,
    square: &Array2<f64>,
    targets: &Targets,
    lambda: f64,
    tolerance: f64,
    watch: &dyn Watch,
) -> Result<Fit> {
    let (t, p, m) = (design.keys(), design.inputs(), targets.outputs());
    room::check(bytes(t, p, m), || format!("training {m} outputs on {t} samples and {p} centres"))?;
    let bound = Factors::bound(design, square, lambda)?;
    let mut all = Fit { alpha: Array2::zeros((p, m)), objective: 0.0, residual: 0.0, steps: 0, iterations: 0 };
    for from in (0..m).step_by(OUTPUTS) {
        let outputs: Vec<usize> = (from..m.min(from + OUTPUTS)).collect();
        let problem = Problem { design, square, targets, outputs: &outputs, lambda, tolerance, bound: &bound };
        let part = problem.solve(&|residual| watch.at(Progress { done: from, total: m, residual }), watch)?;
        for (from, &to) in outputs.iter().enumerate() {
            all.alpha.column_mut(to).assign(&part.alpha.column(from));
        }
        all.objective += part.objective;
        all.residual = all.residual.max(part.residual);
        all.steps = all.steps.max(part.steps);
        all.iterations += part.iterations;
    }
    Ok(all)
}

/// Some outputs, which are solved together.
struct Problem<'a> {
    design: &'a Design<'a>,
    square: &'a Array2<f64>,
    targets: &'a Targets,
    outputs: &'a [usize],
    lambda: f64,
    tolerance: f64,
    bound: &'a Factors,
}

/// Where a run is: matrices (P, outputs) and (T, outputs).
struct Place {
    alpha: Array2<f64>,
    /// `R alpha`.
    image: Array2<f64>,
    fields: Array2<f64>,
    objective: Vec<f64>,
}

/// The inner product of every pair of columns.
fn inner(a: &Array2<f64>, b: &Array2<f64>) -> Vec<f64> {
    let mut sums = vec![0.0; a.ncols()];
    for (a, b) in a.outer_iter().zip(b.outer_iter()) {
        sums.iter_mut().zip(a.iter().zip(b)).for_each(|(sum, (a, b))| *sum += a * b);
    }
    sums
}

/// The largest magnitude of every column; infinite where there is a NaN.
fn largest(a: &Array2<f64>) -> Vec<f64> {
    let worse = |m: f64, x: &f64| if x.is_nan() { f64::INFINITY } else { m.max(x.abs()) };
    a.axis_iter(Axis(1)).map(|column| column.iter().fold(0.0, worse)).collect()
}

/// `to + f * by`, with a factor for every column.
fn along(to: &Array2<f64>, by: &Array2<f64>, factor: &[f64]) -> Array2<f64> {
    let mut sum = to.clone();
    for (mut to, by) in sum.outer_iter_mut().zip(by.outer_iter()) {
        to.iter_mut().zip(by.iter().zip(factor)).for_each(|(to, (by, f))| *to += f * by);
    }
    sum
}

impl Problem<'_> {
    fn target(&self, t: usize, c: usize) -> f64 {
        f64::from(u8::from(self.targets.get(t, self.outputs[c])))
    }

    fn solve(&self, tell: &dyn Fn(f64), watch: &dyn Watch) -> Result<Fit> {
        let (t, p, m) = (self.design.keys(), self.design.inputs(), self.outputs.len());
        let zero = || Array2::zeros((p, m));
        let mut at = Place { alpha: zero(), image: zero(), fields: Array2::zeros((t, m)), objective: vec![0.0; m] };
        at.objective = self.objective(&at.fields, &at.alpha, &at.image);
        let mut gradient = self.gradient(&at);
        let first = largest(&gradient);
        let relative = |gradient: &Array2<f64>| -> Vec<f64> {
            let part = |(g, first): (f64, &f64)| if *first > 0.0 { g / first } else { g };
            largest(gradient).into_iter().zip(&first).map(part).collect()
        };
        let mut residual = relative(&gradient);
        let (mut iterations, mut steps, mut fresh) = (0, 0, false);
        let mut own: Option<Option<Factors>> = None;
        loop {
            let worst = residual.iter().copied().fold(0.0, f64::max);
            tell(worst);
            if worst <= self.tolerance && steps > 0 && !fresh {
                // fields brought along from step to step are looked at again
                at.fields = self.design.fields(&at.alpha);
                at.image = product(self.square, &at.alpha);
                gradient = self.gradient(&at);
                residual = relative(&gradient);
                fresh = true;
                continue;
            }
            fresh = false;
            if worst <= self.tolerance {
                let objective = at.objective.iter().sum();
                return Ok(Fit { alpha: at.alpha, objective, residual: worst, steps, iterations });
            }
            watch.go_on()?;
            steps += 1;
            let fields = at.fields.as_slice().expect("made here, row-major");
            let slopes: Vec<f64> = fields.par_iter().map(|&h| sigma_slope(h)).collect();
            let slopes = Array2::from_shape_vec(at.fields.dim(), slopes).expect("one for each field");
            if own.is_none() && worst < NEAR {
                own = Some(Factors::each(self.design, self.square, self.lambda, &slopes));
            }
            let factors = own.as_ref().and_then(Option::as_ref).unwrap_or(self.bound);
            let (direction, count) = self.direction(factors, &slopes, &gradient, &residual, watch)?;
            iterations += count;
            let moved = self.step(&mut at, &gradient, &direction);
            let before = residual;
            gradient = self.gradient(&at);
            residual = relative(&gradient);
            let stalled = !moved || (steps > 20 && residual.iter().zip(&before).all(|(now, then)| now >= then));
            if (stalled && residual.iter().any(|&r| r > self.tolerance)) || steps == MAX_STEPS {
                let what = format!("training stalled at a residual of {worst:.1e}, above {:.1e}", self.tolerance);
                return Err(Error::new(ErrorKind::Failed, what).hint("take a greater lambda, or a greater tolerance"));
            }
        }
    }

    /// The objective of each output.
    fn objective(&self, fields: &Array2<f64>, alpha: &Array2<f64>, image: &Array2<f64>) -> Vec<f64> {
        let rows: Vec<usize> = (0..fields.nrows()).step_by(ROWS).collect();
        let of_rows = |&from: &usize| {
            let mut sums = vec![0.0; fields.ncols()];
            for t in from..fields.nrows().min(from + ROWS) {
                for (c, (sum, &h)) in sums.iter_mut().zip(fields.row(t)).enumerate() {
                    *sum += sigma_and_loss(self.target(t, c), h).1;
                }
            }
            sums
        };
        let parts: Vec<Vec<f64>> = rows.par_iter().map(of_rows).collect();
        let mut objective: Vec<f64> = inner(alpha, image).iter().map(|square| 0.5 * self.lambda * square).collect();
        for part in &parts {
            objective.iter_mut().zip(part).for_each(|(sum, part)| *sum += part);
        }
        objective
    }

    fn gradient(&self, at: &Place) -> Array2<f64> {
        let error = |t: usize, c: usize| sigma(at.fields[[t, c]]) - self.target(t, c);
        let mut gradient = self.design.backward(self.outputs.len(), error);
        Zip::from(&mut gradient).and(&at.image).for_each(|g, &image| *g += self.lambda * image);
        gradient
    }

    /// Newton's direction, nearly, by conjugate gradients preconditioned by these factors; and the iterations that it took.
    fn direction(
        &self,
        factors: &Factors,
        slopes: &Array2<f64>,
        gradient: &Array2<f64>,
        residual: &[f64],
        watch: &dyn Watch,
    ) -> Result<(Array2<f64>, usize)> {
        let m = self.outputs.len();
        let mut x = Array2::<f64>::zeros(gradient.dim());
        let mut left = gradient.mapv(|g| -g);
        let mut z = factors.solve(&left);
        let mut direction = z.clone();
        let mut rho = inner(&left, &z);
        // the nearer the optimum, the more exact: but an output that is there is left alone
        let goal: Vec<f64> =
            rho.iter().zip(residual).map(|(rho, r)| rho * libm::pow((10.0 * r).min(0.1), 2.0)).collect();
        let mut done: Vec<bool> = residual.iter().map(|&r| r <= self.tolerance).collect();
        let mut count = 0;
        while count < MAX_ITERATIONS && !done.iter().all(|&d| d) {
            watch.go_on()?;
            count += 1;
            let mut image = self.design.there_and_back(&direction, slopes);
            let smooth = product(self.square, &direction);
            Zip::from(&mut image).and(&smooth).for_each(|i, &s| *i += self.lambda * s);
            let curvature = inner(&direction, &image);
            let moves = |c: usize| if done[c] || curvature[c] <= 0.0 { 0.0 } else { rho[c] / curvature[c] };
            let length: Vec<f64> = (0..m).map(moves).collect();
            x = along(&x, &direction, &length);
            left = along(&left, &image, &length.iter().map(|l| -l).collect::<Vec<_>>());
            z = factors.solve(&left);
            let next = inner(&left, &z);
            for c in 0..m {
                done[c] |= next[c] <= goal[c] || length[c] == 0.0;
            }
            let keep: Vec<f64> = (0..m).map(|c| if rho[c] > 0.0 { next[c] / rho[c] } else { 0.0 }).collect();
            direction = along(&z, &direction, &keep);
            rho = next;
        }
        Ok((x, count))
    }

    /// Goes along a direction as far as the objective of each output falls; whether any moved.
    fn step(&self, at: &mut Place, gradient: &Array2<f64>, direction: &Array2<f64>) -> bool {
        let m = self.outputs.len();
        let (fields, image) = (self.design.fields(direction), product(self.square, direction));
        let slope = inner(gradient, direction);
        let mut length: Vec<f64> = slope.iter().map(|&s| if s < 0.0 { 1.0 } else { 0.0 }).collect();
        let mut fits = vec![false; m];
        for halvings in 0..=MAX_HALVINGS {
            let next = Place {
                alpha: along(&at.alpha, direction, &length),
                image: along(&at.image, &image, &length),
                fields: along(&at.fields, &fields, &length),
                objective: Vec::new(),
            };
            let objective = self.objective(&next.fields, &next.alpha, &next.image);
            for c in 0..m {
                let (now, then, fall) = (at.objective[c], objective[c], -length[c] * slope[c]);
                fits[c] = length[c] == 0.0 || then <= now - 1e-4 * fall || (then - now).abs() <= FLAT * now.abs();
                if !fits[c] {
                    length[c] = if halvings + 1 < MAX_HALVINGS { 0.5 * length[c] } else { 0.0 };
                }
            }
            if fits.iter().all(|&f| f) {
                *at = Place { objective, ..next };
                return length.iter().any(|&l| l > 0.0);
            }
        }
        false
    }
}
