//! The minimum of a convex function of numbers that are not negative, by Newton's method projected on them.
//!
//! Source: D. P. Bertsekas, *Projected Newton methods for optimization problems with simple constraints*, SIAM J. Control Optim. 20, 1982. Numbers at
//! zero, **or near it**, whose gradient would make them smaller take a step of their own; the others take Newton's step. Without the
//! word *near* the step of the others counts on numbers that the projection then stops, so that no length of it may help far from the minimum.

use crate::dense::{Cholesky, dot};

/// A function at a place, up to the second order.
#[derive(Debug, Clone)]
pub struct Local {
    /// Its value.
    pub value: f64,
    /// Its gradient.
    pub gradient: Vec<f64>,
    /// Its Hessian, row-major; of rows the part from the diagonal on is read.
    pub hessian: Vec<f64>,
}

/// A number is near zero if it is within this, or within what a step along the gradient would change.
const NEAR: f64 = 1e-3;
/// The function must fall by this part of what the slope promises.
const ARMIJO: f64 = 1e-4;
/// The shortest step.
const LEAST_RATE: f64 = 1e-6;

/// Goes from `start` to where a step gains no more than `enough` of the value, in at most `most_steps`. `look` is asked for the function
/// at each place.
///
/// ```
/// use hopgate_train::bounded::{Local, minimise};
/// // (x - 1)^2 + (y + 2)^2 + x y, with x and y not negative
/// let look = |v: &[f64]| Local {
///     value: (v[0] - 1.0).powi(2) + (v[1] + 2.0).powi(2) + v[0] * v[1],
///     gradient: vec![2.0 * (v[0] - 1.0) + v[1], 2.0 * (v[1] + 2.0) + v[0]],
///     hessian: vec![2.0, 1.0, 1.0, 2.0],
/// };
/// let (place, _) = minimise(vec![5.0, 5.0], look, 50, 1e-12);
/// assert!((place[0] - 1.0).abs() < 1e-6 && place[1] == 0.0);
/// ```
pub fn minimise(start: Vec<f64>, look: impl Fn(&[f64]) -> Local, most_steps: usize, enough: f64) -> (Vec<f64>, Local) {
    let mut here = look(&start);
    let mut place = start;
    for _ in 0..most_steps {
        let Some((next, there)) = step(&place, &here, &look) else { break };
        let gain = here.value - there.value;
        (place, here) = (next, there);
        if gain <= enough * here.value.abs() {
            break;
        }
    }
    (place, here)
}

/// One step, shortened until the function falls; `None` where it does not.
fn step(place: &[f64], here: &Local, look: &impl Fn(&[f64]) -> Local) -> Option<(Vec<f64>, Local)> {
    let m = place.len();
    let damping = 1e-9 * (0..m).map(|f| here.hessian[f * m + f]).fold(0.0, f64::max) + 1e-12;
    let curvature = |f: usize| here.hessian[f * m + f] + damping;
    let short = |f: usize| place[f] - (place[f] - here.gradient[f] / curvature(f)).max(0.0);
    let change = (0..m).map(|f| short(f) * short(f)).sum::<f64>().sqrt();
    let held = |f: &usize| place[*f] <= NEAR.min(change) && here.gradient[*f] > 0.0;
    let free: Vec<usize> = (0..m).filter(|f| !held(f)).collect();
    let mut direction: Vec<f64> = (0..m).map(|f| here.gradient[f] / curvature(f)).collect();
    if !free.is_empty() {
        let mut factor = Cholesky::new(free.len());
        let fill = |i: usize, row: &mut [f64]| {
            for (j, x) in row.iter_mut().enumerate().skip(i) {
                *x = here.hessian[free[i] * m + free[j]] + if i == j { damping } else { 0.0 };
            }
        };
        if !factor.factor(fill) {
            return None;
        }
        let mut of_free: Vec<f64> = free.iter().map(|&f| here.gradient[f]).collect();
        factor.solve(&mut of_free);
        free.iter().zip(of_free).for_each(|(&f, d)| direction[f] = d);
    }
    let of_free: f64 = dot(
        &free.iter().map(|&f| here.gradient[f]).collect::<Vec<_>>(),
        &free.iter().map(|&f| direction[f]).collect::<Vec<_>>(),
    );
    let mut rate = 1.0;
    while rate > LEAST_RATE {
        let next: Vec<f64> = place.iter().zip(&direction).map(|(x, d)| (x - rate * d).max(0.0)).collect();
        let of_held: f64 = (0..m).filter(held).map(|f| here.gradient[f] * (place[f] - next[f])).sum();
        let there = look(&next);
        if there.value < here.value && here.value - there.value >= ARMIJO * (rate * of_free + of_held) {
            return Some((next, there));
        }
        rate /= 4.0;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use hopgate_model::noise;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_conditions_of_the_minimum_hold(m in 1..12usize, seed in 0..999u64) {
            // a quadratic with a random positive Hessian: x'Hx/2 - b'x
            let mut rng = noise::rng(seed, 0);
            let mut number = || noise::unit(&mut rng) - 0.5;
            let g: Vec<f64> = (0..m * m).map(|_| number()).collect();
            let b: Vec<f64> = (0..m).map(|_| number()).collect();
            let entry = |i: usize, j: usize| dot(&g[i * m..(i + 1) * m], &g[j * m..(j + 1) * m]) + if i == j { 0.01 } else { 0.0 };
            let hessian: Vec<f64> = (0..m * m).map(|at| entry(at / m, at % m)).collect();
            let look = |v: &[f64]| {
                let hv: Vec<f64> = hessian.chunks_exact(m).map(|row| dot(row, v)).collect();
                Local {
                    value: 0.5 * dot(v, &hv) - dot(&b, v) + 10.0,
                    gradient: hv.iter().zip(&b).map(|(h, b)| h - b).collect(),
                    hessian: hessian.clone(),
                }
            };
            let start = (0..m).map(|i| 0.1 + i as f64 * 0.2).collect();
            let (place, here) = minimise(start, look, 200, 0.0);
            for (x, g) in place.iter().zip(&here.gradient) {
                prop_assert!(*x >= 0.0 && *g > -1e-4 && (*x == 0.0 || g.abs() < 1e-4), "{:?} {:?}", place, here.gradient);
            }
        }
    }
}
