//! The kernel columns as free tables: the monotone ones that make the right answers of the samples most likely, for codes that are given.
//!
//! A field is linear in the tables, `h[c] = sum over j, e of W_j[e] * x[j][e][c]`, where `x[j][e][c]` is the sum of `2*b[j][mu][c] - 1` over the centres at
//! `e`. So the mean loss is convex in them, for a softmax over the classes as for the logistic loss of every bit. The parameters are
//! the falls `v_j[f] >= 0` of `W_j[e] = sum over f >= e of v_j[f]`, as for a tuned auto-associative memory.

use super::codes::Near;
use crate::{loss, samples::Targets};
use hopgate_train::{
    bounded::{Local, minimise},
    dense::dot,
    logistic::sigma,
};
use rayon::prelude::*;

/// Newton steps at most.
const MAX_STEPS: usize = 30;
/// The mean loss must fall by this part of itself, or the fit stands.
const ENOUGH: f64 = 1e-4;
/// The weight of half the squared falls: separable samples would let the tables grow without end.
const RIDGE: f64 = 1e-5;
/// Samples of one partial sum; fixed, so that the sums do not depend on the number of threads.
const CHUNK: usize = 64;

/// Some samples, and what is given.
pub(crate) struct Problem<'a> {
    /// For each sample its number, and the centres near it with their `e`.
    rows: Vec<(usize, Vec<(u32, u16)>)>,
    targets: &'a Targets,
    /// `2b - 1` of every centre, plane and output, in this order.
    signs: Vec<f64>,
    planes: usize,
    span: usize,
    /// What every field is multiplied by: falls are then neither tiny nor huge.
    unit: f64,
}

impl<'a> Problem<'a> {
    /// Every `stride`-th sample; codes are (P, M). With `constant` there is one plane more: the same bit everywhere.
    pub fn new(
        near: &Near,
        targets: &'a Targets,
        codes: &[u8],
        planes: usize,
        constant: Option<bool>,
        span: usize,
        stride: usize,
    ) -> Self {
        let m = targets.outputs();
        let mut rows: Vec<(usize, Vec<(u32, u16)>)> =
            (0..targets.len()).step_by(stride).map(|t| (t, Vec::new())).collect();
        near.each(|mu, t, e| {
            if t % stride == 0 {
                rows[t / stride].1.push((mu as u32, e));
            }
        });
        let sign = |bit: bool| if bit { 1.0 } else { -1.0 };
        let mut signs = Vec::new();
        for codes in codes.chunks_exact(m) {
            for j in 0..planes {
                signs.extend(codes.iter().map(|code| sign(code >> j & 1 == 1)));
            }
            if let Some(bit) = constant {
                signs.extend(std::iter::repeat_n(sign(bit), m));
            }
        }
        let planes = planes + usize::from(constant.is_some());
        Problem { rows, targets, signs, planes, span, unit: 1.0 }
    }

    /// The best tables from this start on, one for each plane.
    pub fn fit(&mut self, start: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let largest = start.iter().flatten().copied().fold(0.0, f64::max);
        self.unit = if largest > 0.0 { largest } else { 1.0 };
        let fall = |w: &Vec<f64>, e: usize| (w[e] - w.get(e + 1).copied().unwrap_or(0.0)).max(0.0) / self.unit;
        let falls = start.iter().flat_map(|w| (0..self.span).map(move |e| fall(w, e))).collect();
        let (falls, _) = minimise(falls, |falls| self.pass(falls), MAX_STEPS, ENOUGH);
        self.tables_of(&falls)
    }

    fn tables_of(&self, falls: &[f64]) -> Vec<Vec<f64>> {
        let table = |v: &[f64]| {
            let mut w: Vec<f64> = v.iter().map(|v| v * self.unit).collect();
            (0..w.len() - 1).rev().for_each(|e| w[e] += w[e + 1]);
            w
        };
        falls.chunks_exact(self.span).map(table).collect()
    }

    /// The mean loss with its penalty, its gradient and its Hessian, by the falls.
    fn pass(&self, falls: &[f64]) -> Local {
        let (tables, n) = (self.tables_of(falls), falls.len());
        let zero = || Local { value: 0.0, gradient: vec![0.0; n], hessian: vec![0.0; n * n] };
        let of_chunk = |rows: &[(usize, Vec<(u32, u16)>)]| {
            let mut sums = zero();
            rows.iter().for_each(|(t, near)| self.sample(*t, near, &tables, &mut sums));
            sums
        };
        let mut sums = zero();
        // some chunks at a time: a Hessian for each would be much memory
        for group in self.rows.chunks(CHUNK * 32) {
            let parts: Vec<Local> = group.par_chunks(CHUNK).map(of_chunk).collect();
            for part in &parts {
                sums.value += part.value;
                sums.gradient.iter_mut().zip(&part.gradient).for_each(|(a, b)| *a += b);
                sums.hessian.iter_mut().zip(&part.hessian).for_each(|(a, b)| *a += b);
            }
        }
        self.by_falls(&mut sums, falls);
        sums
    }

    /// From sums by table entries to means by falls: a fall at `f` raises every entry up to `f`.
    fn by_falls(&self, sums: &mut Local, falls: &[f64]) {
        let (n, span) = (falls.len(), self.span);
        let scale = 1.0 / (self.rows.len() * self.targets.outputs()) as f64;
        let cumulate = |row: &mut [f64]| {
            for table in row.chunks_exact_mut(span) {
                (1..span).for_each(|f| table[f] += table[f - 1]);
            }
        };
        cumulate(&mut sums.gradient);
        for a in 0..n {
            (0..a).for_each(|b| sums.hessian[a * n + b] = sums.hessian[b * n + a]);
        }
        sums.hessian.chunks_exact_mut(n).for_each(cumulate);
        for a in (0..n).filter(|a| a % span != 0) {
            let (before, row) = sums.hessian.split_at_mut(a * n);
            row[..n].iter_mut().zip(&before[(a - 1) * n..]).for_each(|(x, y)| *x += y);
        }
        sums.value = sums.value * scale + RIDGE / 2.0 * dot(falls, falls);
        let slope = scale * self.unit;
        sums.gradient.iter_mut().zip(falls).for_each(|(g, v)| *g = *g * slope + RIDGE * v);
        sums.hessian.iter_mut().for_each(|x| *x *= slope * self.unit);
        (0..n).for_each(|a| sums.hessian[a * n + a] += RIDGE);
    }

    /// Adds one sample to the loss, the gradient and the upper triangle of the Hessian, by table entries.
    fn sample(&self, t: usize, near: &[(u32, u16)], tables: &[Vec<f64>], sums: &mut Local) {
        let (m, n) = (self.targets.outputs(), sums.gradient.len());
        let mut slots = vec![usize::MAX; self.span];
        let (mut lines, mut parameters): (Vec<f64>, Vec<usize>) = (Vec::new(), Vec::new());
        for &(mu, e) in near {
            let e = usize::from(e);
            if slots[e] == usize::MAX {
                slots[e] = lines.len();
                lines.resize(lines.len() + self.planes * m, 0.0);
                parameters.extend((0..self.planes).map(|j| j * self.span + e));
            }
            let signs = &self.signs[mu as usize * self.planes * m..][..self.planes * m];
            lines[slots[e]..][..self.planes * m].iter_mut().zip(signs).for_each(|(x, s)| *x += s);
        }
        let mut field = vec![0.0; m];
        for (line, &f) in lines.chunks_exact(m).zip(&parameters) {
            let w = tables[f / self.span][f % self.span];
            field.iter_mut().zip(line).for_each(|(h, x)| *h += w * x);
        }
        sums.value += loss::of_fields(self.targets, t, field.iter().copied());
        let belief = belief(self.targets, &field);
        let error: Vec<f64> =
            belief.iter().enumerate().map(|(c, p)| p - f64::from(u8::from(self.targets.get(t, c)))).collect();
        let classes = matches!(self.targets, Targets::Labels { .. });
        let weighted: Vec<f64> = lines
            .chunks_exact(m)
            .flat_map(|line| {
                let mean = if classes { dot(line, &belief) } else { 0.0 };
                let weight = |(x, p): (&f64, &f64)| if classes { p * (x - mean) } else { p * (1.0 - p) * x };
                line.iter().zip(&belief).map(weight).collect::<Vec<_>>()
            })
            .collect();
        for (a, (line, &f)) in lines.chunks_exact(m).zip(&parameters).enumerate() {
            sums.gradient[f] += dot(line, &error);
            for (weighted, &g) in weighted.chunks_exact(m).zip(&parameters).skip(a) {
                sums.hessian[f.min(g) * n + f.max(g)] += dot(line, weighted);
            }
        }
    }
}

/// What fields say of each output: the softmax over the classes, or the sigmoid of each bit.
pub(crate) fn belief(targets: &Targets, field: &[f64]) -> Vec<f64> {
    match targets {
        Targets::Labels { .. } => {
            let most = field.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let raised: Vec<f64> = field.iter().map(|h| libm::exp(h - most)).collect();
            let sum: f64 = raised.iter().sum();
            raised.into_iter().map(|x| x / sum).collect()
        }
        Targets::Values(_) => field.iter().map(|&h| sigma(h)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::excess::Excess;
    use hopgate_model::{kernel::KernelMode, noise};
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn slopes_are_those_of_the_loss(seed in 0..999u64, classes in any::<bool>(), planes in 1..3usize, constant in any::<bool>()) {
            let (t, p, n, m, span) = (40, 9, 12, 3, 5);
            let (keys, centres) = (noise::random(t, n, seed), noise::random(p, n, seed + 1));
            let near = Near::of(&Excess::of(&keys, &centres, KernelMode::Normalised).unwrap(), span);
            let targets = match classes {
                true => Targets::Labels { labels: (0..t as u32).map(|t| t % m as u32).collect(), classes: m },
                false => Targets::Values(noise::random(t, m, seed + 2)),
            };
            let codes: Vec<u8> = (0..p * m).map(|at| (at as u64 * 7 + seed) as u8 % (1 << planes)).collect();
            let constant = constant.then_some(true);
            let mut problem = Problem::new(&near, &targets, &codes, planes, constant, span, 1);
            problem.unit = 0.5;
            let all = span * (planes + usize::from(constant.is_some()));
            let falls: Vec<f64> = (0..all).map(|f| 0.1 + 0.03 * f as f64).collect();
            let here = problem.pass(&falls);
            for f in 0..all {
                let moved = |by: f64| {
                    let mut other = falls.clone();
                    other[f] += by;
                    problem.pass(&other)
                };
                let (up, down) = (moved(1e-5), moved(-1e-5));
                prop_assert!(((up.value - down.value) / 2e-5 - here.gradient[f]).abs() < 1e-7);
                for g in 0..all {
                    let slope = (up.gradient[g] - down.gradient[g]) / 2e-5;
                    prop_assert!((slope - here.hessian[f * all + g]).abs() < 1e-5, "{} {}", slope, here.hessian[f * all + g]);
                }
            }
        }
    }
}
