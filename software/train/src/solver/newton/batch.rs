//! Newton's method for all neurons at once: one matrix problem, its steps by conjugate gradients.
//!
//! The step of a neuron solves `(S K + lambda I) delta = -r`, with its own slopes `S`. All share `M = s K + lambda I`, inverted
//! once (`inverse.rs`), which is that matrix but for slopes that are all alike. Conjugate gradients on the Hessian
//! `K S K + lambda K`, preconditioned by `K M`, take one product with `M^-1` an iteration and none with `K`: from
//! `z = M^-1 rho` follows
//!
//! ```text
//! K z = (rho - lambda z) / s
//! ```
//!
//! A step along `z` would leave `(s - S) K z` of Newton's equation. Once that is small enough it is the last; it also settles what
//! lies in the null space of `K`, which the conjugate gradients do not see.
//!
//! Neurons go in blocks, a thread each. A column's numbers do not depend on the columns beside it, so the result is the same however
//! they are blocked. A column for which this is not enough is left to the parent's factorisation: this is a fast path, never
//! the last word.

use super::{
    Solution, flat_to,
    inverse::Shared,
    start::{Start, starts},
};
use crate::{
    dense::{product, product_here},
    logistic::sigma_and_loss_parts,
    solver::run::Run,
};
use ndarray::Array2;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Newton steps before a neuron is left to the factorisation.
const MAX_STEPS: usize = 40;
/// Halvings of a step before it is.
const MAX_HALVINGS: usize = 30;
/// A conjugate gradient run may take a sixteenth of `P` iterations (but at least this many): more would cost more
/// than a factorisation.
const LEAST_ITERATIONS: usize = 24;
/// Neurons of a block, at most: what a product packs at a time.
const WIDEST: usize = 128;
/// Neurons of a block, at least: a tile of a product.
const NARROWEST: usize = 16;
/// `ln(1 + e)` of so many errors is one logarithm of their product, at most `2^32`.
const FACTORS: usize = 32;

/// Solves for every column of the targets `y` (P, n), to a residual of `aim`. `None` for a column that did not
/// get there. `found` is told of every column that did.
pub(super) fn solve(
    kernel: &Array2<f64>,
    y: &Array2<f64>,
    lambda: f64,
    aim: f64,
    run: &Run,
    found: &(dyn Fn(usize, &Solution) + Sync),
) -> Vec<Option<Solution>> {
    let image = product(kernel, &y.mapv(|y| 2.0 * y - 1.0));
    let starts = starts(y, &image, lambda);
    let mut by_slope: BTreeMap<i32, Vec<usize>> = BTreeMap::new();
    starts.iter().enumerate().for_each(|(c, start)| by_slope.entry(start.slope).or_default().push(c));
    let mut solved: Vec<Option<Solution>> = (0..y.ncols()).map(|_| None).collect();
    for (slope, columns) in by_slope {
        let Some(shared) = Shared::new(kernel, libm::exp2(slope.into()), lambda) else { continue };
        let width = columns.len().div_ceil(2 * rayon::current_num_threads()).next_multiple_of(NARROWEST);
        let blocks: Vec<&[usize]> = columns.chunks(width.min(WIDEST)).collect();
        let of_blocks = blocks.into_par_iter().flat_map_iter(|columns| {
            let mut block = Block::new(kernel, &shared, lambda, columns, y, &image, &starts);
            block.solve(aim, run, found)
        });
        for (column, solution) in of_blocks.collect::<Vec<_>>() {
            solved[column] = Some(solution);
        }
    }
    solved
}

/// Neurons that are still on their way, a column each; the matrices are (P, columns).
struct Block<'a> {
    kernel: &'a Array2<f64>,
    shared: &'a Shared,
    lambda: f64,
    /// Which column of the caller's targets each column is.
    columns: Vec<usize>,
    y: Array2<f64>,
    alpha: Array2<f64>,
    /// `K alpha`, brought along from step to step.
    field: Array2<f64>,
    gradient: Array2<f64>,
    objective: Vec<f64>,
    residual: Vec<f64>,
    /// Whether the fields are a product with the kernel and not brought along.
    fresh: Vec<bool>,
}

/// The columns of a matrix, row-major (which those of ndarray's `select` are not).
fn select(matrix: &Array2<f64>, which: &[usize]) -> Array2<f64> {
    Array2::from_shape_fn((matrix.nrows(), which.len()), |(mu, c)| matrix[[mu, which[c]]])
}

/// The places that are true.
fn places(flags: impl IntoIterator<Item = bool>) -> Vec<usize> {
    flags.into_iter().enumerate().filter(|(_, flag)| *flag).map(|(place, _)| place).collect()
}

/// A row of a matrix that was made row-major.
macro_rules! row {
    ($matrix:expr, $mu:expr, $n:expr) => {
        &$matrix.as_slice().expect("made here, row-major")[$mu * $n..][..$n]
    };
}

/// The same, to write to.
macro_rules! row_mut {
    ($matrix:expr, $mu:expr, $n:expr) => {
        &mut $matrix.as_slice_mut().expect("made here, row-major")[$mu * $n..][..$n]
    };
}

impl<'a> Block<'a> {
    fn new(
        kernel: &'a Array2<f64>,
        shared: &'a Shared,
        lambda: f64,
        columns: &[usize],
        y: &Array2<f64>,
        image: &Array2<f64>,
        starts: &[Start],
    ) -> Self {
        let (y, mut field) = (select(y, columns), select(image, columns));
        let mut alpha = y.mapv(|y| 2.0 * y - 1.0);
        for (c, &column) in columns.iter().enumerate() {
            for matrix in [&mut alpha, &mut field] {
                matrix.column_mut(c).mapv_inplace(|x| starts[column].scale * x);
            }
        }
        let n = columns.len();
        let mut block = Block {
            kernel,
            shared,
            lambda,
            columns: columns.to_vec(),
            gradient: Array2::zeros(y.dim()),
            y,
            alpha,
            field,
            objective: vec![0.0; n],
            residual: vec![0.0; n],
            fresh: vec![true; n],
        };
        block.look();
        block
    }

    /// The solutions of the columns that get there, if the run is not stopped.
    fn solve(&mut self, aim: f64, run: &Run, found: &(dyn Fn(usize, &Solution) + Sync)) -> Vec<(usize, Solution)> {
        let mut all = Vec::new();
        for iterations in 0..=MAX_STEPS {
            // what seems solved by fields brought along is looked at again
            self.refresh(&places(self.residual.iter().zip(&self.fresh).map(|(&r, &fresh)| r <= aim && !fresh)));
            for (c, &column) in self.columns.iter().enumerate().filter(|&(c, _)| self.residual[c] <= aim) {
                let alpha = self.alpha.column(c).to_vec();
                let solution = Solution { alpha, iterations, residual: self.residual[c] };
                found(column, &solution);
                all.push((column, solution));
            }
            self.keep(&places(self.residual.iter().map(|&r| r > aim)));
            if self.columns.is_empty() || iterations == MAX_STEPS || !run.goes_on() {
                break;
            }
            let helped = self.step(aim);
            // a step that does not help may be the fault of fields brought along too far: then it is tried again
            let state = |c: usize| (helped[c], self.fresh[c]);
            let again = places((0..helped.len()).map(|c| state(c) == (false, false)));
            let left = places((0..helped.len()).map(|c| state(c) != (false, true)));
            self.refresh(&again);
            self.keep(&left);
        }
        all
    }

    /// Drops all other columns.
    fn keep(&mut self, which: &[usize]) {
        if which.len() == self.columns.len() {
            return;
        }
        for matrix in [&mut self.y, &mut self.alpha, &mut self.field, &mut self.gradient] {
            *matrix = select(matrix, which);
        }
        self.columns = which.iter().map(|&c| self.columns[c]).collect();
        self.fresh = which.iter().map(|&c| self.fresh[c]).collect();
        for numbers in [&mut self.objective, &mut self.residual] {
            *numbers = which.iter().map(|&c| numbers[c]).collect();
        }
    }

    /// Computes the fields of these columns from their dual weights, so that no error accumulates.
    fn refresh(&mut self, which: &[usize]) {
        if which.is_empty() {
            return;
        }
        let field = product_here(self.kernel, &select(&self.alpha, which));
        for (from, &c) in which.iter().enumerate() {
            self.field.column_mut(c).assign(&field.column(from));
            self.fresh[c] = true;
        }
        self.look();
    }

    /// Gradient, objective and residual at the fields as they are.
    fn look(&mut self) {
        let mut gradient = std::mem::take(&mut self.gradient);
        (self.objective, self.residual) = self.measure(&self.alpha, &self.field, &mut gradient);
        self.gradient = gradient;
    }

    /// The gradient at some dual weights and their fields; returns the objective and the residual of each column.
    fn measure(&self, alpha: &Array2<f64>, field: &Array2<f64>, gradient: &mut Array2<f64>) -> (Vec<f64>, Vec<f64>) {
        let (rows, n) = alpha.dim();
        let (mut objective, mut residual, mut factors) = (vec![0.0; n], vec![0.0f64; n], vec![1.0; n]);
        for mu in 0..rows {
            let (a, h, y) = (row!(alpha, mu, n), row!(field, mu, n), row!(self.y, mu, n));
            let g = row_mut!(gradient, mu, n);
            for c in 0..n {
                let (s, large, small) = sigma_and_loss_parts(y[c], h[c]);
                factors[c] *= 1.0 + small;
                objective[c] += large + 0.5 * self.lambda * a[c] * h[c];
                g[c] = s - y[c] + self.lambda * a[c];
                // `max` would lose a NaN, and a column with one must not count as solved
                residual[c] = if g[c].is_nan() { f64::INFINITY } else { residual[c].max(g[c].abs()) };
            }
            if mu % FACTORS == FACTORS - 1 || mu + 1 == rows {
                objective.iter_mut().zip(&mut factors).for_each(|(o, f)| *o += libm::log(std::mem::replace(f, 1.0)));
            }
        }
        (objective, residual)
    }

    /// One Newton step of every column; false for those that it does not help, which stay where they are.
    fn step(&mut self, aim: f64) -> Vec<bool> {
        let n = self.columns.len();
        let (delta, k_delta) = self.direction(aim);
        let mut slope = vec![0.0; n];
        for (g, k) in self.gradient.outer_iter().zip(k_delta.outer_iter()) {
            slope.iter_mut().zip(g.iter().zip(k)).for_each(|(sum, (g, k))| *sum += g * k);
        }
        let (mut length, mut helped) = (vec![1.0; n], vec![false; n]);
        let mut gradient = Array2::zeros(self.y.dim());
        for halvings in 0..=MAX_HALVINGS {
            let along = |from: &Array2<f64>, step: &Array2<f64>| {
                let mut to = from.clone();
                for (mut to, step) in to.outer_iter_mut().zip(step.outer_iter()) {
                    to.iter_mut().zip(step.iter().zip(&length)).for_each(|(to, (step, length))| *to += length * step);
                }
                to
            };
            let (alpha, field) = (along(&self.alpha, &delta), along(&self.field, &k_delta));
            let (objective, residual) = self.measure(&alpha, &field, &mut gradient);
            for c in 0..n {
                if length[c] == 0.0 {
                    continue;
                }
                let (now, then) = (self.objective[c], objective[c]);
                let (flat, fall) = (flat_to(now), -length[c] * slope[c]);
                let falls = fall > flat && then <= now - 1e-4 * fall;
                helped[c] |= falls || ((then - now).abs() <= flat && residual[c] < self.residual[c]);
                if !helped[c] {
                    length[c] = if halvings + 1 < MAX_HALVINGS { 0.5 * length[c] } else { 0.0 };
                }
            }
            if (0..n).all(|c| helped[c] || (length[c] == 0.0 && halvings == MAX_HALVINGS)) {
                (self.alpha, self.field, self.gradient) = (alpha, field, gradient);
                (self.objective, self.residual) = (objective, residual);
                break;
            }
        }
        self.fresh.iter_mut().zip(&helped).for_each(|(fresh, helped)| *fresh &= !helped);
        helped
    }

    /// Newton's direction and its product with the kernel, by conjugate gradients; zero for a column where they do not get near enough.
    fn direction(&self, aim: f64) -> (Array2<f64>, Array2<f64>) {
        let (rows, n) = self.y.dim();
        let (lambda, shared) = (self.lambda, self.shared.slope);
        // sigma' = sigma (1 - sigma), from the gradient
        let mut slopes = Array2::zeros((rows, n));
        for mu in 0..rows {
            let (g, y, a) = (row!(self.gradient, mu, n), row!(self.y, mu, n), row!(self.alpha, mu, n));
            for (c, slope) in row_mut!(slopes, mu, n).iter_mut().enumerate() {
                let s = g[c] + y[c] - lambda * a[c];
                *slope = (s * (1.0 - s)).max(0.0);
            }
        }
        let near: Vec<f64> = self.residual.iter().map(|r| 0.1 * (r.min(1.0).sqrt() * r).max(aim)).collect();
        let zero = Array2::<f64>::zeros((rows, n));
        let (mut delta, mut k_delta, mut p, mut k_p) = (zero.clone(), zero.clone(), zero.clone(), zero);
        let mut rho = self.gradient.mapv(|g| -g);
        let mut before = vec![0.0; n];
        let mut done = vec![false; n];
        for _ in 0..(rows / 16).max(LEAST_ITERATIONS) {
            let z = product_here(&self.shared.inverse, &rho);
            // rho' K z, and what a step along z would leave
            let (mut now, mut worst) = (vec![0.0; n], vec![0.0f64; n]);
            for mu in 0..rows {
                let (rho, z, s) = (row!(rho, mu, n), row!(z, mu, n), row!(slopes, mu, n));
                for c in 0..n {
                    let k_z = (rho[c] - lambda * z[c]) / shared;
                    now[c] += rho[c] * k_z;
                    worst[c] = worst[c].max(((shared - s[c]) * k_z).abs());
                }
            }
            // the last step of the columns that are near enough
            let last: Vec<f64> = (0..n).map(|c| f64::from(u8::from(!done[c] && worst[c] <= near[c]))).collect();
            (0..n).for_each(|c| done[c] |= last[c] > 0.0);
            let keep: Vec<f64> = (0..n).map(|c| if before[c] > 0.0 { now[c] / before[c] } else { 0.0 }).collect();
            let mut curvature = vec![0.0; n];
            for mu in 0..rows {
                let (rho, z, s) = (row!(rho, mu, n), row!(z, mu, n), row!(slopes, mu, n));
                let (p, k_p) = (row_mut!(p, mu, n), row_mut!(k_p, mu, n));
                let (d, k_d) = (row_mut!(delta, mu, n), row_mut!(k_delta, mu, n));
                for c in 0..n {
                    let k_z = (rho[c] - lambda * z[c]) / shared;
                    d[c] += last[c] * z[c];
                    k_d[c] += last[c] * k_z;
                    p[c] = z[c] + keep[c] * p[c];
                    k_p[c] = k_z + keep[c] * k_p[c];
                    curvature[c] += k_p[c] * (s[c] * k_p[c] + lambda * p[c]);
                }
            }
            if done.iter().all(|&d| d) {
                break;
            }
            let along: Vec<f64> =
                (0..n).map(|c| if done[c] || curvature[c] <= 0.0 { 0.0 } else { now[c] / curvature[c] }).collect();
            for mu in 0..rows {
                let (p, k_p, s) = (row!(p, mu, n), row!(k_p, mu, n), row!(slopes, mu, n));
                let (d, k_d, rho) = (row_mut!(delta, mu, n), row_mut!(k_delta, mu, n), row_mut!(rho, mu, n));
                for c in 0..n {
                    d[c] += along[c] * p[c];
                    k_d[c] += along[c] * k_p[c];
                    rho[c] -= along[c] * (s[c] * k_p[c] + lambda * p[c]);
                }
            }
            before = now;
        }
        for matrix in [&mut delta, &mut k_delta] {
            for c in (0..n).filter(|&c| !done[c]) {
                matrix.column_mut(c).fill(0.0);
            }
        }
        (delta, k_delta)
    }
}
