//! The exact optimum of kernel logistic regression, by Newton's method.
//!
//! Per neuron, with `r = sigma(h) - y + lambda*a` (so that the gradient is `K r`) and `S = diag(sigma'(h))`, Newton's
//! step solves `(S K + lambda I) delta = -r`. That matrix is not symmetric and `K` may be singular to
//! working precision, so, as in Rasmussen & Williams, *Gaussian Processes for Machine Learning*, algorithm 3.1, with
//! `W = S^(1/2)`:
//!
//! ```text
//! B     = lambda I + W K W                     symmetric, eigenvalues between lambda and lambda + lambda_max(K)/4
//! delta = -(1/lambda) [ r - W B^-1 W K r ]     (matrix inversion lemma; K is never inverted)
//! ```
//!
//! A backtracking line search on the convex objective makes it converge from zero. Where the objective is
//! flat to rounding, a step counts if it lowers the residual. 5 to 12 steps are usual.
//!
//! All neurons go together as one matrix problem, whose steps are found by conjugate gradients with one inverse for all
//! (`batch.rs`). A neuron for which these are not enough is solved alone, with a factorisation of its `B`.

mod batch;
mod inverse;
mod start;

use super::{Fit, matrices, options::TrainOptions, run::Run, shard::Shard};
use crate::{
    dense::{Cholesky, dot, matrix_vector},
    logistic::{kernel_matrix, kkt_residual, log_loss, sigma, sigma_slope},
};
use hopgate_files::room;
use hopgate_model::{Error, ErrorKind, Result, bits::BitMatrix};
use ndarray::Array2;
use rayon::prelude::*;
use std::{collections::BTreeMap, ops::Range};

/// Newton steps per neuron before it counts as failed.
const MAX_ITERATIONS: usize = 200;
/// Halvings of one step before it counts as failed.
const MAX_HALVINGS: usize = 60;
/// Each neuron aims at this fraction of the tolerance: the final check sums in another order.
const AIM: f64 = 0.5;

/// The dual weights at the optimum, to the KKT residual that is asked for; goes on from what is kept.
pub(super) fn solve(patterns: &BitMatrix, options: &TrainOptions, run: &Run) -> Result<Fit> {
    let &TrainOptions { gamma, lambda, tolerance, .. } = options;
    let (p, n) = (patterns.rows(), patterns.cols());
    let kernel = kernel_matrix(patterns, gamma);
    let classes = equal_columns(patterns);
    let solved = solutions(&kernel, &classes, 0..classes.len(), options, run)?;
    let solved: Vec<Solution> = solved.into_iter().flatten().collect();
    let mut alpha = Array2::zeros((p, n));
    for ((_, neurons), solution) in classes.iter().zip(&solved) {
        for &i in neurons {
            alpha.column_mut(i).iter_mut().zip(&solution.alpha).for_each(|(a, &x)| *a = x);
        }
    }
    let residual = kkt_residual(&kernel, patterns, &alpha, lambda);
    let iterations = solved.iter().map(|s| s.iterations).max().unwrap_or(0);
    if residual <= tolerance {
        return Ok(Fit { alpha, iterations, residual, objective: None, rises: 0, finite: true });
    }
    let late = solved.iter().zip(&classes).find(|(s, _)| s.residual.is_nan() || s.residual > tolerance * AIM);
    let neuron = late.map_or(0, |(_, (_, neurons))| neurons[0]);
    Err(stopped(residual, neuron, options))
}

/// Finds the neurons of a shard, and leaves them with the run.
pub(super) fn solve_shard(patterns: &BitMatrix, options: &TrainOptions, shard: Shard, run: &Run) -> Result<()> {
    let kernel = kernel_matrix(patterns, options.gamma);
    let classes = equal_columns(patterns);
    let part = shard.range(classes.len());
    let solved = solutions(&kernel, &classes, part.clone(), options, run)?;
    let late = part.filter_map(|class| Some((class, solved[class].as_ref()?.residual)));
    // what is between the aim and the tolerance is not kept: the join looks at it again
    match late.into_iter().find(|&(_, residual)| residual.is_nan() || residual > options.tolerance) {
        Some((class, residual)) => Err(stopped(residual, classes[class].1[0], options)),
        None => Ok(()),
    }
}

/// That a neuron did not get there.
fn stopped(residual: f64, neuron: usize, &TrainOptions { lambda, tolerance, .. }: &TrainOptions) -> Error {
    Error::new(
        ErrorKind::Failed,
        format!("newton stopped at a KKT residual of {residual:.1e} (neuron {neuron}), above the tolerance {tolerance:.1e}"),
    )
    .hint(format!(
        "a lambda of {lambda:e} leaves the optimum beyond double precision: choose a larger lambda, or accept a tolerance of {:.0e}",
        residual * 2.0
    ))
}

/// The dual weights of some groups of equal neurons: what the run has kept of all, and what is found of those `part`.
fn solutions(
    kernel: &Array2<f64>,
    classes: &[(Column, Vec<usize>)],
    part: Range<usize>,
    options: &TrainOptions,
    run: &Run,
) -> Result<Vec<Option<Solution>>> {
    let &TrainOptions { lambda, tolerance, .. } = options;
    let p = kernel.nrows();
    let flat = kernel.as_slice().expect("the kernel matrix is row-major");
    let mut solved: Vec<Option<Solution>> = classes.iter().map(|_| None).collect();
    let class_of: BTreeMap<usize, usize> =
        classes.iter().enumerate().map(|(c, (_, neurons))| (neurons[0], c)).collect();
    let mut done = 0;
    for (neuron, iterations, alpha) in run.neurons(p) {
        if let Some(&class) = class_of.get(&neuron) {
            // the check at the end looks at these too
            solved[class] = Some(Solution { alpha, iterations, residual: 0.0 });
            done += classes[class].1.len();
        }
    }
    run.begin(done, classes[part.clone()].iter().map(|(_, neurons)| neurons.len()).sum());
    let found = |class: usize, solution: &Solution| {
        if solution.residual <= tolerance * AIM {
            run.neuron(classes[class].1[0], solution.iterations, &solution.alpha);
        }
        run.advance(classes[class].1.len(), |worst| worst.max(solution.residual));
    };
    let left: Vec<usize> = part.clone().filter(|&c| solved[c].is_none()).collect();
    let y = Array2::from_shape_fn((p, left.len()), |(mu, c)| classes[left[c]].0.target(mu));
    let fast = batch::solve(kernel, &y, lambda, tolerance * AIM, run, &|c, solution| found(left[c], solution));
    run.check()?;
    for (c, solution) in left.into_iter().zip(fast) {
        solved[c] = solution;
    }
    let alone = |space: &mut Workspace, (class, solution): (usize, &mut Option<Solution>)| {
        let y: Vec<f64> = (0..p).map(|mu| classes[class].0.target(mu)).collect();
        let by_itself = space.solve(flat, &y, lambda, tolerance * AIM, run);
        found(class, &by_itself);
        *solution = Some(by_itself);
    };
    let left: Vec<(usize, &mut Option<Solution>)> =
        solved.iter_mut().enumerate().filter(|(c, s)| part.contains(c) && s.is_none()).collect();
    if !left.is_empty() {
        let threads = rayon::current_num_threads().min(left.len()) as u64;
        room::check(matrices(threads, p, p), || format!("solving {} neurons of {p} patterns one by one", left.len()))?;
    }
    left.into_par_iter().for_each_init(|| Workspace::new(p), alone);
    run.check()?;
    Ok(solved)
}

/// The stored bits of a neuron, one for each pattern. The first one is the highest of its word, so that columns are in the order of
/// their bits.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Column(Vec<u64>);

impl Column {
    fn of(patterns: &BitMatrix, neuron: usize) -> Self {
        let mut words = vec![0; patterns.rows().div_ceil(64)];
        for mu in (0..patterns.rows()).filter(|&mu| patterns.get(mu, neuron)) {
            words[mu / 64] |= 1 << (63 - mu % 64);
        }
        Column(words)
    }

    /// Its target for a pattern: 0 or 1.
    fn target(&self, mu: usize) -> f64 {
        f64::from((self.0[mu / 64] >> (63 - mu % 64)) as u32 & 1)
    }
}

/// The neurons grouped by their stored bits: equal columns have one solution (constant columns, above all).
fn equal_columns(patterns: &BitMatrix) -> Vec<(Column, Vec<usize>)> {
    let mut groups: BTreeMap<Column, Vec<usize>> = BTreeMap::new();
    for i in 0..patterns.cols() {
        groups.entry(Column::of(patterns, i)).or_default().push(i);
    }
    groups.into_iter().collect()
}

/// One neuron's dual weights.
struct Solution {
    alpha: Vec<f64>,
    iterations: usize,
    residual: f64,
}

/// The point that Newton's method stands at.
#[derive(Clone)]
struct Point {
    alpha: Vec<f64>,
    field: Vec<f64>,
    gradient: Vec<f64>,
    objective: f64,
    residual: f64,
}

impl Point {
    fn new(alpha: Vec<f64>, field: Vec<f64>, y: &[f64], lambda: f64) -> Self {
        let gradient: Vec<f64> =
            alpha.iter().zip(&field).zip(y).map(|((a, &h), y)| sigma(h) - y + lambda * a).collect();
        let loss: f64 = field.iter().zip(y).map(|(&h, &y)| log_loss(y, h)).sum();
        let objective = loss + 0.5 * lambda * dot(&alpha, &field);
        let residual = gradient.iter().fold(0.0f64, |worst, r| if r.is_nan() { f64::NAN } else { worst.max(r.abs()) });
        Point { alpha, field, gradient, objective, residual }
    }
}

/// The buffers of one thread.
struct Workspace {
    cholesky: Cholesky,
}

impl Workspace {
    fn new(p: usize) -> Self {
        Workspace { cholesky: Cholesky::new(p) }
    }

    /// Newton's method from zero, until the residual is at most `aim`, no step helps any more, or the run is stopped.
    fn solve(&mut self, kernel: &[f64], y: &[f64], lambda: f64, aim: f64, run: &Run) -> Solution {
        let p = y.len();
        let mut at = Point::new(vec![0.0; p], vec![0.0; p], y, lambda);
        let mut iterations = 0;
        while at.residual > aim && iterations < MAX_ITERATIONS && run.goes_on() {
            let Some(delta) = self.direction(kernel, &at, lambda) else { break };
            let Some(next) = line_search(kernel, &at, &delta, y, lambda) else { break };
            at = next;
            iterations += 1;
        }
        Solution { alpha: at.alpha, iterations, residual: at.residual }
    }

    /// Newton's step at a point; `None` when the matrix is not positive definite to working precision.
    fn direction(&mut self, kernel: &[f64], at: &Point, lambda: f64) -> Option<Vec<f64>> {
        let p = at.alpha.len();
        let w: Vec<f64> = at.field.iter().map(|&h| sigma_slope(h).sqrt()).collect();
        let positive = self.cholesky.factor(|i, row| {
            for ((x, k), w_j) in row[i..].iter_mut().zip(&kernel[i * p + i..(i + 1) * p]).zip(&w[i..]) {
                *x = w[i] * w_j * k;
            }
            row[i] += lambda;
        });
        if !positive {
            return None;
        }
        let mut v = vec![0.0; p];
        matrix_vector(kernel, &at.gradient, &mut v);
        v.iter_mut().zip(&w).for_each(|(v, w)| *v *= w);
        self.cholesky.solve(&mut v);
        Some(at.gradient.iter().zip(&w).zip(&v).map(|((r, w), v)| (w * v - r) / lambda).collect())
    }
}

/// Objectives this near to each other are equal to rounding.
fn flat_to(objective: f64) -> f64 {
    1e-11 * (1.0 + objective.abs())
}

/// Halves the step until the objective falls enough (Armijo), or, where it is flat to rounding, until the
/// residual falls. The fields are computed afresh from the dual weights, so that no error accumulates.
fn line_search(kernel: &[f64], at: &Point, delta: &[f64], y: &[f64], lambda: f64) -> Option<Point> {
    let mut k_delta = vec![0.0; delta.len()];
    matrix_vector(kernel, delta, &mut k_delta);
    let slope = dot(&at.gradient, &k_delta);
    let flat = flat_to(at.objective);
    let mut step = 1.0;
    for _ in 0..MAX_HALVINGS {
        let alpha: Vec<f64> = at.alpha.iter().zip(delta).map(|(a, d)| a + step * d).collect();
        let mut field = vec![0.0; alpha.len()];
        matrix_vector(kernel, &alpha, &mut field);
        let next = Point::new(alpha, field, y, lambda);
        let falls = slope < 0.0 && next.objective <= at.objective + 1e-4 * step * slope && -step * slope > flat;
        let settles = (next.objective - at.objective).abs() <= flat && next.residual < at.residual;
        if falls || settles {
            return Some(next);
        }
        step *= 0.5;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From zero the full step nearly always helps; from a saturated point on the wrong side it does not.
    #[test]
    fn the_line_search_saves_a_step_that_goes_too_far() {
        let (kernel, y, lambda) = ([1.0], [0.0], 0.01);
        let mut at = Point::new(vec![20.0], vec![20.0], &y, lambda);
        let mut space = Workspace::new(1);
        let full = space.direction(&kernel, &at, lambda).unwrap();
        let too_far = Point::new(vec![20.0 + full[0]], vec![20.0 + full[0]], &y, lambda);
        assert!(too_far.objective > at.objective, "the full step must be too far, or this tests nothing");
        for _ in 0..30 {
            let delta = space.direction(&kernel, &at, lambda).unwrap();
            let Some(next) = line_search(&kernel, &at, &delta, &y, lambda) else { break };
            assert!(next.objective <= at.objective + 1e-10);
            at = next;
        }
        assert!(at.residual < 1e-12, "{}", at.residual);
    }
}
