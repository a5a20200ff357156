//! Newton's method for all neurons at once: one matrix problem, its steps by conjugate gradients.
//!
//! The step of a neuron needs `B^-1 b` (see the parent module). Factoring `B` takes `P^3/3` multiplications per neuron and step;
//! a conjugate gradient iteration takes `P^2`, all neurons share one matrix product per iteration, and on the
//! kernels that recall well a dozen iterations are enough. A neuron for which they are not (a broad kernel, whose `B` is
//! badly conditioned) is left to the factorisation: this is a fast path, never the last word.
//!
//! A column's numbers do not depend on the columns beside it, so the result is the same however they are batched.

use super::{flat_to, Solution};
use crate::{
    dense::product,
    logistic::{sigma_and_loss, sigma_slope},
};
use ndarray::Array2;

/// Newton steps before a neuron is left to the factorisation.
const MAX_STEPS: usize = 40;
/// Halvings of a step before it is.
const MAX_HALVINGS: usize = 30;
/// A conjugate gradient run may take a sixteenth of `P` iterations (but at least this many): more would cost more
/// than a factorisation.
const LEAST_ITERATIONS: usize = 24;

/// All neurons that are still on their way, a column each; the matrices are (P, columns).
struct Batch<'a> {
    kernel: &'a Array2<f64>,
    lambda: f64,
    /// Which column of the caller's targets each column is.
    columns: Vec<usize>,
    y: Array2<f64>,
    alpha: Array2<f64>,
    field: Array2<f64>,
    gradient: Array2<f64>,
    objective: Vec<f64>,
    residual: Vec<f64>,
}

/// Solves for every column of the targets `y` (P, n), from zero, to a residual of `aim`. `None` for a column that did not
/// get there. `watch` is told of every column that did: its residual.
pub(super) fn solve(
    kernel: &Array2<f64>,
    y: &Array2<f64>,
    lambda: f64,
    aim: f64,
    watch: &(dyn Fn(usize, f64) + Sync),
) -> Vec<Option<Solution>> {
    let n = y.ncols();
    let mut solved: Vec<Option<Solution>> = (0..n).map(|_| None).collect();
    let zero = Array2::zeros(y.dim());
    let mut batch = Batch {
        kernel,
        lambda,
        columns: (0..n).collect(),
        y: y.clone(),
        alpha: zero.clone(),
        field: zero.clone(),
        gradient: zero,
        objective: vec![0.0; n],
        residual: vec![0.0; n],
    };
    batch.look();
    for iterations in 0..=MAX_STEPS {
        for (c, &column) in batch.columns.iter().enumerate().filter(|&(c, _)| batch.residual[c] <= aim) {
            let alpha = batch.alpha.column(c).to_vec();
            solved[column] = Some(Solution { alpha, iterations, residual: batch.residual[c] });
            watch(column, batch.residual[c]);
        }
        let on_the_way: Vec<bool> = batch.residual.iter().map(|&r| r > aim).collect();
        batch.keep(&on_the_way);
        if batch.columns.is_empty() || iterations == MAX_STEPS {
            break;
        }
        let stepped = batch.step();
        batch.keep(&stepped);
    }
    solved
}

/// The columns of a matrix for which `keep` is true.
fn select(matrix: &Array2<f64>, keep: &[bool]) -> Array2<f64> {
    let which: Vec<usize> = (0..keep.len()).filter(|&c| keep[c]).collect();
    matrix.select(ndarray::Axis(1), &which)
}

/// The inner product of every column of `a` with that of `b`, row after row.
fn column_dots(a: &Array2<f64>, b: &Array2<f64>) -> Vec<f64> {
    let mut sums = vec![0.0; a.ncols()];
    for (x, y) in a.outer_iter().zip(b.outer_iter()) {
        for (sum, (x, y)) in sums.iter_mut().zip(x.iter().zip(y)) {
            *sum += x * y;
        }
    }
    sums
}

impl Batch<'_> {
    /// Drops columns.
    fn keep(&mut self, keep: &[bool]) {
        if keep.iter().all(|&k| k) {
            return;
        }
        for matrix in [&mut self.y, &mut self.alpha, &mut self.field, &mut self.gradient] {
            *matrix = select(matrix, keep);
        }
        let mut flags = keep.iter();
        self.columns.retain(|_| *flags.next().unwrap_or(&false));
        for numbers in [&mut self.objective, &mut self.residual] {
            let mut flags = keep.iter();
            numbers.retain(|_| *flags.next().unwrap_or(&false));
        }
    }

    /// Gradient, objective and residual at the fields as they are.
    fn look(&mut self) {
        let n = self.columns.len();
        (self.objective, self.residual) = (vec![0.0; n], vec![0.0; n]);
        let rows = self.gradient.outer_iter_mut().zip(self.field.outer_iter());
        for ((mut g, h), (a, y)) in rows.zip(self.alpha.outer_iter().zip(self.y.outer_iter())) {
            for c in 0..n {
                let (s, loss) = sigma_and_loss(y[c], h[c]);
                g[c] = s - y[c] + self.lambda * a[c];
                self.objective[c] += loss + 0.5 * self.lambda * a[c] * h[c];
                // `max` would lose a NaN, and a column with one must not count as solved
                self.residual[c] = if g[c].is_nan() { f64::INFINITY } else { self.residual[c].max(g[c].abs()) };
            }
        }
    }

    /// One Newton step of every column; false for those that it does not help.
    fn step(&mut self) -> Vec<bool> {
        let (delta, solved) = self.direction();
        let k_delta = product(self.kernel, &delta);
        let (step, helped) = self.line_search(&delta, &k_delta);
        for (mut a, d) in self.alpha.outer_iter_mut().zip(delta.outer_iter()) {
            for (c, a) in a.iter_mut().enumerate() {
                *a += step[c] * d[c];
            }
        }
        // afresh, so that no error accumulates
        self.field = product(self.kernel, &self.alpha);
        self.look();
        solved.iter().zip(helped).map(|(&s, h)| s && h).collect()
    }

    /// Newton's direction by conjugate gradients on `B v = W K r`, preconditioned by the diagonal of `B`.
    fn direction(&self) -> (Array2<f64>, Vec<bool>) {
        let n = self.columns.len();
        let w = self.field.mapv(|h| sigma_slope(h).sqrt());
        let mut r = product(self.kernel, &self.gradient);
        r.zip_mut_with(&w, |r, w| *r *= w);
        // the kernel's diagonal is one
        let inverse = w.mapv(|w| 1.0 / (self.lambda + w * w));
        let mut v = Array2::zeros(r.dim());
        let mut z = &r * &inverse;
        let mut p = z.clone();
        let mut rz = column_dots(&r, &z);
        // an error e of B v shows as w e/lambda in the residual of Newton's equation
        let near = |c: usize| (self.residual[c].min(1.0).sqrt() * 0.1 * self.residual[c]).max(1e-300) * self.lambda;
        let mut done = vec![false; n];
        for _ in 0..(self.kernel.nrows() / 16).max(LEAST_ITERATIONS) {
            let mut worst = vec![0.0f64; n];
            for (r, w) in r.outer_iter().zip(w.outer_iter()) {
                for c in 0..n {
                    worst[c] = worst[c].max((r[c] * w[c]).abs());
                }
            }
            for c in 0..n {
                done[c] |= worst[c] <= near(c);
            }
            if done.iter().all(|&d| d) {
                break;
            }
            let mut q = product(self.kernel, &(&p * &w));
            q.zip_mut_with(&w, |q, w| *q *= w);
            q.scaled_add(self.lambda, &p);
            let pq = column_dots(&p, &q);
            let along: Vec<f64> = (0..n).map(|c| if done[c] || pq[c] <= 0.0 { 0.0 } else { rz[c] / pq[c] }).collect();
            let rows = v.outer_iter_mut().zip(r.outer_iter_mut()).zip(p.outer_iter().zip(q.outer_iter()));
            for ((mut v, mut r), (p, q)) in rows {
                for c in 0..n {
                    v[c] += along[c] * p[c];
                    r[c] -= along[c] * q[c];
                }
            }
            z = &r * &inverse;
            let next = column_dots(&r, &z);
            let keep: Vec<f64> = (0..n).map(|c| if rz[c] > 0.0 { next[c] / rz[c] } else { 0.0 }).collect();
            for (mut p, z) in p.outer_iter_mut().zip(z.outer_iter()) {
                for c in 0..n {
                    p[c] = z[c] + keep[c] * p[c];
                }
            }
            rz = next;
        }
        v.zip_mut_with(&w, |v, w| *v *= w);
        v.zip_mut_with(&self.gradient, |v, g| *v = (*v - g) / self.lambda);
        (v, done)
    }

    /// Halves the step of each column until its objective falls enough, or, where it is flat to rounding, its residual does: the
    /// rule of the parent module.
    fn line_search(&self, delta: &Array2<f64>, k_delta: &Array2<f64>) -> (Vec<f64>, Vec<bool>) {
        let slope = column_dots(&self.gradient, k_delta);
        let mut step = vec![1.0; self.columns.len()];
        let mut helped = vec![false; self.columns.len()];
        for _ in 0..MAX_HALVINGS {
            let (objective, residual) = self.along(delta, k_delta, &step, &helped);
            for c in 0..step.len() {
                if helped[c] {
                    continue;
                }
                let (now, then) = (self.objective[c], objective[c]);
                let flat = flat_to(now);
                let falls = slope[c] < 0.0 && then <= now + 1e-4 * step[c] * slope[c] && -step[c] * slope[c] > flat;
                helped[c] = falls || ((then - now).abs() <= flat && residual[c] < self.residual[c]);
                if !helped[c] {
                    step[c] *= 0.5;
                }
            }
            if helped.iter().all(|&h| h) {
                break;
            }
        }
        (step, helped)
    }

    /// Objective and residual of the columns that still look for their step.
    fn along(&self, delta: &Array2<f64>, k_delta: &Array2<f64>, step: &[f64], skip: &[bool]) -> (Vec<f64>, Vec<f64>) {
        let mut objective = vec![0.0; step.len()];
        let mut residual = vec![0.0f64; step.len()];
        let which: Vec<usize> = (0..step.len()).filter(|&c| !skip[c]).collect();
        for mu in 0..self.y.nrows() {
            let (a, d) = (self.alpha.row(mu), delta.row(mu));
            let (h, k, y) = (self.field.row(mu), k_delta.row(mu), self.y.row(mu));
            for &c in &which {
                let (a, h) = (a[c] + step[c] * d[c], h[c] + step[c] * k[c]);
                let (s, loss) = sigma_and_loss(y[c], h);
                objective[c] += loss + 0.5 * self.lambda * a * h;
                residual[c] = residual[c].max((s - y[c] + self.lambda * a).abs());
            }
        }
        (objective, residual)
    }
}
