//! The kernel columns as free tables: the monotone ones that make the right bits of the training states most likely.
//!
//! With the planes given, the field of neuron `i` in a state is linear in the tables,
//! `h[i] = sum over j, e of W_j[e] * x[j][e][i]`, where `x[j][e][i]` is the sum of `2*b[j][mu][i] - 1` over the patterns at `e`. So
//! the mean of `-ln sigma(+-h)` over all states and neurons is a convex function of the tables (a logistic regression whose
//! few parameters all neurons share). A pattern farther away must not count more, so the parameters are the falls
//! `v_j[f] >= 0` of `W_j[e] = sum over f >= e of v_j[f]`. The minimum is found by Newton's method projected on
//! `v >= 0` ([`minimise`]).

use super::states::States;
use crate::{
    bounded::{Local, minimise},
    dense::dot,
    logistic::{log_loss, sigma},
};
use hopgate_model::bits::BitMatrix;
use rayon::prelude::*;

/// Newton steps at most.
const MAX_STEPS: usize = 40;
/// The mean loss must fall by this part of itself, or the fit stands.
const ENOUGH: f64 = 1e-4;
/// The weight of half the squared falls: separable states would let the tables grow without end.
const RIDGE: f64 = 1e-5;
/// States of one partial sum; fixed, so that the sums do not depend on the number of threads.
const CHUNK: usize = 32;
/// A neuron whose loss curves less than this adds nothing to the Hessian that matters.
const FLAT: f64 = 1e-6;

/// One table per plane, all of the same span.
pub(crate) type Tables = Vec<Vec<f64>>;

/// What one pass over the states sums up; of the Hessian, the upper triangle.
type Sums = Local;

fn zero(parameters: usize) -> Sums {
    Local { value: 0.0, gradient: vec![0.0; parameters], hessian: vec![0.0; parameters * parameters] }
}

fn add(sums: &mut Sums, other: &Sums) {
    sums.value += other.value;
    sums.gradient.iter_mut().zip(&other.gradient).for_each(|(a, b)| *a += b);
    sums.hessian.iter_mut().zip(&other.hessian).for_each(|(a, b)| *a += b);
}

/// A fit of tables to states.
pub(crate) struct Problem<'a> {
    states: &'a States,
    /// `2b - 1` of every pattern, plane and neuron, in this order.
    signs: Vec<f64>,
    neurons: usize,
    planes: usize,
    span: usize,
    /// The top plane decides which bit is right.
    patterns: &'a BitMatrix,
}

impl<'a> Problem<'a> {
    /// Tables of `span` entries for these planes.
    pub fn new(states: &'a States, patterns: &'a BitMatrix, planes: &[BitMatrix], span: usize) -> Self {
        let (p, n) = (patterns.rows(), patterns.cols());
        let mut signs = Vec::with_capacity(p * n * planes.len());
        for mu in 0..p {
            for plane in planes {
                signs.extend((0..n).map(|i| if plane.get(mu, i) { 1.0 } else { -1.0 }));
            }
        }
        Problem { states, signs, neurons: n, planes: planes.len(), span, patterns }
    }

    /// The best tables from this start on, and their mean loss.
    pub fn fit(&self, start: &Tables) -> (Tables, f64) {
        let (falls, sums) = minimise(self.falls_of(start), |falls| self.pass(falls), MAX_STEPS, ENOUGH);
        (self.tables_of(&falls), sums.value)
    }

    /// The mean loss with its penalty, its gradient and its Hessian, by the falls.
    fn pass(&self, falls: &[f64]) -> Sums {
        let tables = self.tables_of(falls);
        let chunks: Vec<usize> = (0..self.states.len()).step_by(CHUNK).collect();
        let of_chunk = |&from: &usize| {
            let mut work = Work::new(self);
            let mut sums = zero(falls.len());
            (from..(from + CHUNK).min(self.states.len())).for_each(|q| work.state(q, &tables, &mut sums));
            sums
        };
        let parts: Vec<Sums> = chunks.par_iter().map(of_chunk).collect();
        let mut sums = zero(falls.len());
        parts.iter().for_each(|part| add(&mut sums, part));
        self.by_falls(&mut sums, falls);
        sums
    }

    /// From sums by table entries to means by falls: a fall at `f` raises every entry up to `f`.
    fn by_falls(&self, sums: &mut Sums, falls: &[f64]) {
        let (m, span) = (falls.len(), self.span);
        let scale = 1.0 / (self.states.len() * self.neurons) as f64;
        sums.value = sums.value * scale + RIDGE / 2.0 * dot(falls, falls);
        let cumulate = |row: &mut [f64]| {
            for table in row.chunks_exact_mut(span) {
                (1..span).for_each(|f| table[f] += table[f - 1]);
            }
        };
        cumulate(&mut sums.gradient);
        sums.gradient.iter_mut().zip(falls).for_each(|(g, v)| *g = *g * scale + RIDGE * v);
        for a in 0..m {
            (0..a).for_each(|b| sums.hessian[a * m + b] = sums.hessian[b * m + a]);
        }
        sums.hessian.chunks_exact_mut(m).for_each(cumulate);
        for a in (0..m).filter(|a| a % span != 0) {
            let (before, row) = sums.hessian.split_at_mut(a * m);
            row[..m].iter_mut().zip(&before[(a - 1) * m..]).for_each(|(x, y)| *x += y);
        }
        sums.hessian.iter_mut().for_each(|x| *x *= scale);
        (0..m).for_each(|a| sums.hessian[a * m + a] += RIDGE);
    }

    fn tables_of(&self, falls: &[f64]) -> Tables {
        let table = |v: &[f64]| {
            let mut w = v.to_vec();
            (0..w.len() - 1).rev().for_each(|e| w[e] += w[e + 1]);
            w
        };
        falls.chunks_exact(self.span).map(table).collect()
    }

    fn falls_of(&self, tables: &Tables) -> Vec<f64> {
        let fall = |w: &Vec<f64>, e: usize| (w[e] - w.get(e + 1).copied().unwrap_or(0.0)).max(0.0);
        tables.iter().flat_map(|w| (0..self.span).map(move |e| fall(w, e))).collect()
    }
}

/// Room for one state's numbers.
struct Work<'a> {
    problem: &'a Problem<'a>,
    /// The row of `x` that belongs to a plane and an `e`, or none.
    slots: Vec<usize>,
    /// The rows `x[j][e]` in use, `N` numbers each, and the parameter of each.
    lines: Vec<f64>,
    parameters: Vec<usize>,
}

impl<'a> Work<'a> {
    fn new(problem: &'a Problem<'a>) -> Self {
        Work { problem, slots: vec![usize::MAX; problem.span], lines: Vec::new(), parameters: Vec::new() }
    }

    /// Sums up `x[j][e]` over the patterns of each `e` that occurs.
    fn gather(&mut self, q: usize) {
        let Problem { states, signs, neurons, planes, span, .. } = self.problem;
        self.slots.fill(usize::MAX);
        self.lines.clear();
        self.parameters.clear();
        for (rows, &e) in signs.chunks_exact(planes * neurons).zip(states.excess(q)) {
            let e = usize::from(e);
            if e >= *span {
                continue;
            }
            if self.slots[e] == usize::MAX {
                self.slots[e] = self.lines.len();
                self.lines.resize(self.lines.len() + planes * neurons, 0.0);
                self.parameters.extend((0..*planes).map(|j| j * span + e));
            }
            let lines = &mut self.lines[self.slots[e]..][..planes * neurons];
            lines.iter_mut().zip(rows).for_each(|(x, s)| *x += s);
        }
    }

    /// Adds one state to the sums.
    fn state(&mut self, q: usize, tables: &Tables, sums: &mut Sums) {
        self.gather(q);
        let (n, span) = (self.problem.neurons, self.problem.span);
        let mut field = vec![0.0; n];
        for (line, &f) in self.lines.chunks_exact(n).zip(&self.parameters) {
            let w = tables[f / span][f % span];
            field.iter_mut().zip(line).for_each(|(h, x)| *h += w * x);
        }
        let right = self.problem.states.right(q);
        let (mut residual, mut slope) = (vec![0.0; n], Vec::new());
        for (i, &h) in field.iter().enumerate() {
            let y = f64::from(u8::from(self.problem.patterns.get(right, i)));
            sums.value += log_loss(y, h);
            let s = sigma(h);
            residual[i] = s - y;
            if s * (1.0 - s) > FLAT {
                slope.push((i, s * (1.0 - s)));
            }
        }
        for (line, &f) in self.lines.chunks_exact(n).zip(&self.parameters) {
            sums.gradient[f] += dot(line, &residual);
        }
        self.curve(&slope, sums);
    }

    /// Adds one state to the upper triangle of the Hessian: only the neurons in `slope` matter.
    fn curve(&self, slope: &[(usize, f64)], sums: &mut Sums) {
        let (n, m) = (self.problem.neurons, sums.gradient.len());
        let active = |line: &[f64]| slope.iter().map(|&(i, _)| line[i]).collect::<Vec<_>>();
        let rows: Vec<Vec<f64>> = self.lines.chunks_exact(n).map(active).collect();
        for (a, row) in rows.iter().enumerate() {
            let weighted: Vec<f64> = row.iter().zip(slope).map(|(x, (_, s))| x * s).collect();
            for (b, other) in rows.iter().enumerate().skip(a) {
                let (f, g) = (self.parameters[a], self.parameters[b]);
                sums.hessian[f.min(g) * m + f.max(g)] += dot(&weighted, other);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hopgate_model::{kernel::KernelMode, noise};
    use proptest::prelude::*;

    fn states(patterns: &BitMatrix, mode: KernelMode, seed: u64) -> States {
        States::of_cues(patterns, mode, &noise::cues(patterns, 60, 0.2, seed))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn slopes_are_those_of_the_loss(seed in 0..999u64, fixed in any::<bool>(), planes in 1..3usize) {
            let patterns = noise::random(9, 12, seed);
            let mode = if fixed { KernelMode::Fixed } else { KernelMode::Normalised };
            let states = states(&patterns, mode, seed);
            let planes: Vec<BitMatrix> = (1..planes).map(|j| noise::random(9, 12, seed + j as u64)).chain([patterns.clone()]).collect();
            let problem = Problem::new(&states, &patterns, &planes, 6);
            let falls: Vec<f64> = (0..6 * planes.len()).map(|f| 0.1 + 0.03 * f as f64).collect();
            let here = problem.pass(&falls);
            let m = falls.len();
            for f in 0..m {
                let moved = |by: f64| {
                    let mut other = falls.clone();
                    other[f] += by;
                    problem.pass(&other)
                };
                let (up, down) = (moved(1e-5), moved(-1e-5));
                prop_assert!(((up.value - down.value) / 2e-5 - here.gradient[f]).abs() < 1e-7);
                for g in 0..m {
                    let slope = (up.gradient[g] - down.gradient[g]) / 2e-5;
                    prop_assert!((slope - here.hessian[f * m + g]).abs() < 1e-5, "{} {}: {} {}", f, g, slope, here.hessian[f * m + g]);
                }
            }
        }

        #[test]
        fn the_fit_is_the_constrained_minimum(seed in 0..999u64, fixed in any::<bool>()) {
            let patterns = noise::random(12, 16, seed);
            let mode = if fixed { KernelMode::Fixed } else { KernelMode::Normalised };
            let states = states(&patterns, mode, seed);
            let problem = Problem::new(&states, &patterns, std::slice::from_ref(&patterns), states.span());
            let (tables, loss) = problem.fit(&vec![(0..states.span()).map(|e| 2.0 / (1.0 + e as f64)).collect()]);
            prop_assert!(tables[0].windows(2).all(|w| w[0] >= w[1]) && tables[0].iter().all(|w| *w >= 0.0));
            let falls = problem.falls_of(&tables);
            let here = problem.pass(&falls);
            prop_assert!((here.value - loss).abs() < 1e-12);
            // no change of a single fall gains more than the fit left to gain
            for f in 0..falls.len() {
                for factor in [0.0, 0.5, 0.9, 1.1, 2.0] {
                    let mut other = falls.clone();
                    other[f] = if factor == 2.0 { falls[f] + 0.2 } else { falls[f] * factor };
                    prop_assert!(problem.pass(&other).value > loss * (1.0 - 1e-3), "fall {} of {:?}", f, falls);
                }
            }
        }
    }
}
