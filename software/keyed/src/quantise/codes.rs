//! The bits of all planes, chosen code by code: the code of a centre for an output becomes another where that lowers the loss.
//!
//! Let `p[t][c]` be what the fields say of output `c` in sample `t`: the softmax over the classes, or the sigmoid of each bit. A code whose
//! value is greater by `D[e]` moves one field of the samples in its reach, so the loss changes by exactly
//!
//! ```text
//! sum over t of ln(1 + p[t][c] * (exp(D[e]/scale) - 1))  -  sum over t with y[t][c] = 1 of D[e]/scale
//! ```
//!
//! One pass over the samples near a centre tells it for all codes of all outputs. The logarithm of a product takes the place of the
//! sum of logarithms. Fields are integers here, as they will be in the memory.

use crate::{excess::Excess, samples::Targets};
use hopgate_model::{Result, progress::Watch};
use hopgate_train::logistic::sigma;
use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

/// Outputs are padded to a multiple of this: a vector.
const LANES: usize = 8;
/// No code moves a field by more than this many times the scale, as far as the loss is concerned.
const MOST_MOVE: f64 = 40.0;
/// So many factors, each within `exp(+-MOST_MOVE)`, are multiplied before the exponent is taken out.
const FACTORS: usize = 8;
/// Samples of a partial product.
const CHUNK: usize = 8192;
/// Changes of codes at one centre in one turn, at most.
const TURNS: usize = 64;

/// What codes stand for: `value[code][e]`, integers, and by how much fields are divided before they are logits.
pub(crate) struct Values {
    pub value: Vec<Vec<i64>>,
    pub scale: f64,
}

impl Values {
    /// Of integer columns, one for each plane: plane `j` counts `+W_j[e]` or `-W_j[e]`.
    pub fn of(columns: &[Vec<u32>], scale: f64) -> Self {
        let of = |code: usize, e: usize| -> i64 {
            let plane =
                |(j, w): (usize, &Vec<u32>)| if code >> j & 1 == 1 { i64::from(w[e]) } else { -i64::from(w[e]) };
            columns.iter().enumerate().map(plane).sum()
        };
        let value = (0..1usize << columns.len()).map(|c| (0..columns[0].len()).map(|e| of(c, e)).collect()).collect();
        Values { value, scale }
    }

    /// One more than the last `e` at which any code counts.
    fn span(&self) -> usize {
        (0..self.value[0].len()).rev().find(|&e| self.value.iter().any(|v| v[e] != 0)).map_or(0, |e| e + 1)
    }
}

/// Samples and the centres near them.
pub(crate) struct Near {
    samples: usize,
    /// For each centre the samples in reach, ascending, and the `e` of each.
    lists: Vec<(Vec<u32>, Vec<u16>)>,
}

impl Near {
    /// Those with `e` below `span`.
    pub fn of(excess: &Excess, span: usize) -> Self {
        let list = |mu: usize| {
            let near = (0..excess.keys()).map(|t| (t as u32, excess.row(t)[mu]));
            near.filter(|&(_, e)| usize::from(e) < span).unzip()
        };
        Near { samples: excess.keys(), lists: (0..excess.centres()).into_par_iter().map(list).collect() }
    }
}

/// The fields of all samples, (T, M), by codes (P, M).
pub(crate) fn fields(near: &Near, values: &Values, codes: &[u8], outputs: usize) -> Vec<i64> {
    let mut fields = vec![0i64; near.samples * outputs];
    for ((samples, excess), codes) in near.lists.iter().zip(codes.chunks_exact(outputs)) {
        for (&t, &e) in samples.iter().zip(excess) {
            let field = &mut fields[t as usize * outputs..][..outputs];
            let votes = codes.iter().map(|&code| values.value[usize::from(code)][usize::from(e)]);
            field.iter_mut().zip(votes).for_each(|(h, vote)| *h += vote);
        }
    }
    fields
}

/// Codes in the making.
pub(crate) struct Codes<'a> {
    near: &'a Near,
    targets: &'a Targets,
    values: &'a Values,
    /// One for each centre and output.
    pub codes: Vec<u8>,
    outputs: usize,
    width: usize,
    span: usize,
    /// `p[t][c]`, rows of `width`.
    belief: Vec<f64>,
}

impl<'a> Codes<'a> {
    /// From these codes (P, M) on.
    pub fn new(near: &'a Near, targets: &'a Targets, values: &'a Values, codes: Vec<u8>) -> Self {
        let outputs = targets.outputs();
        let width = outputs.next_multiple_of(LANES);
        let mut all = Codes { near, targets, values, codes, outputs, width, span: values.span(), belief: Vec::new() };
        let fields = fields(near, values, &all.codes, outputs);
        all.belief = vec![0.0; near.samples * width];
        all.belief.par_chunks_exact_mut(width).zip(fields.par_chunks_exact(outputs)).for_each(|(belief, field)| {
            let (most, classes) = (*field.iter().max().expect("an output"), matches!(targets, Targets::Labels { .. }));
            for (p, &h) in belief.iter_mut().zip(field) {
                *p = match classes {
                    true => libm::exp((h - most) as f64 / values.scale),
                    false => sigma(h as f64 / values.scale),
                };
            }
            if classes {
                let sum: f64 = belief.iter().sum();
                belief.iter_mut().for_each(|p| *p /= sum);
            }
        });
        all
    }

    /// Goes round all centres once; a change must lower the loss by more than `least` (in nats, over all samples). The number of changes.
    pub fn sweep(&mut self, least: f64, watch: &dyn Watch) -> Result<usize> {
        let mut changes = 0;
        for mu in 0..self.near.lists.len() {
            watch.go_on()?;
            for _ in 0..TURNS {
                let Some((output, code)) = self.best_change(mu, least) else { break };
                self.change(mu, output, code);
                changes += 1;
            }
        }
        Ok(changes)
    }

    /// How much code `to` of an output counts more than the present one at `e`, as a part of the scale.
    fn move_of(&self, from: u8, to: usize, e: usize) -> f64 {
        let more = self.values.value[to][e] - self.values.value[usize::from(from)][e];
        (more as f64 / self.values.scale).clamp(-MOST_MOVE, MOST_MOVE)
    }

    /// The change of one code of this centre that lowers the loss most.
    fn best_change(&self, mu: usize, least: f64) -> Option<(usize, usize)> {
        let codes = &self.codes[mu * self.outputs..(mu + 1) * self.outputs];
        let (samples, excess) = &self.near.lists[mu];
        let (alternatives, row) = (self.values.value.len(), self.values.value.len() * self.width);
        let mut factors = vec![0.0; self.span * row];
        for (e, factors) in factors.chunks_exact_mut(row).enumerate() {
            for (to, factors) in factors.chunks_exact_mut(self.width).enumerate() {
                let factor = |&from: &u8| libm::exp(self.move_of(from, to, e)) - 1.0;
                factors.iter_mut().zip(codes.iter().map(factor)).for_each(|(to, factor)| *to = factor);
            }
        }
        let arch = Arch::new();
        let of_chunk = |(samples, excess): (&[u32], &[u16])| {
            let pass = Pass { samples, excess, belief: &self.belief, width: self.width, factors: &factors, row };
            arch.dispatch(pass)
        };
        let parts: Vec<Vec<f64>> = samples.par_chunks(CHUNK).zip(excess.par_chunks(CHUNK)).map(of_chunk).collect();
        let ones = self.ones(mu);
        let mut best = None;
        let mut most = -least;
        for c in 0..self.outputs {
            for to in (0..alternatives).filter(|&to| to != usize::from(codes[c])) {
                let right = ones[c * self.span..(c + 1) * self.span].iter().enumerate();
                let expected: f64 = right.map(|(e, &n)| n * self.move_of(codes[c], to, e)).sum();
                let change = parts.iter().map(|part| part[to * self.width + c]).sum::<f64>() - expected;
                if change < most {
                    (best, most) = (Some((c, to)), change);
                }
            }
        }
        best
    }

    /// For every output and `e` how many samples at `e` from this centre have a one there.
    fn ones(&self, mu: usize) -> Vec<f64> {
        let (samples, excess) = &self.near.lists[mu];
        let mut ones = vec![0.0; self.outputs * self.span];
        for (&t, &e) in samples.iter().zip(excess) {
            match self.targets {
                Targets::Labels { labels, .. } => {
                    ones[labels[t as usize] as usize * self.span + usize::from(e)] += 1.0;
                }
                Targets::Values(values) => {
                    let of = (0..self.outputs).filter(|&c| values.get(t as usize, c));
                    of.for_each(|c| ones[c * self.span + usize::from(e)] += 1.0);
                }
            }
        }
        ones
    }

    /// Puts a code in the place of another, and brings the beliefs along.
    fn change(&mut self, mu: usize, output: usize, code: usize) {
        let from = std::mem::replace(&mut self.codes[mu * self.outputs + output], code as u8);
        let grows: Vec<f64> = (0..self.span).map(|e| libm::exp(self.move_of(from, code, e))).collect();
        let classes = matches!(self.targets, Targets::Labels { .. });
        let (samples, excess) = &self.near.lists[mu];
        for (&t, &e) in samples.iter().zip(excess) {
            let grows = grows[usize::from(e)];
            let belief = &mut self.belief[t as usize * self.width..][..self.width];
            let whole = 1.0 / (1.0 + belief[output] * (grows - 1.0));
            belief[output] *= grows;
            match classes {
                true => belief.iter_mut().for_each(|p| *p *= whole),
                false => belief[output] *= whole,
            }
        }
    }
}

/// `sum over t of ln(1 + p[t][c] * factor[e][code][c])` for every code and output.
struct Pass<'a> {
    samples: &'a [u32],
    excess: &'a [u16],
    belief: &'a [f64],
    width: usize,
    factors: &'a [f64],
    row: usize,
}

impl WithSimd for Pass<'_> {
    type Output = Vec<f64>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> Vec<f64> {
        let Pass { samples, excess, belief, width, factors, row } = self;
        let (mut products, mut exponents) = (vec![1.0f64; row], vec![0i64; row]);
        for (samples, excess) in samples.chunks(FACTORS).zip(excess.chunks(FACTORS)) {
            for (&t, &e) in samples.iter().zip(excess) {
                let belief = &belief[t as usize * width..][..width];
                let factors = &factors[usize::from(e) * row..][..row];
                for (products, factors) in products.chunks_exact_mut(width).zip(factors.chunks_exact(width)) {
                    // whole vectors
                    let groups = products.chunks_exact_mut(LANES).zip(factors.chunks_exact(LANES));
                    for ((products, factors), belief) in groups.zip(belief.chunks_exact(LANES)) {
                        for l in 0..LANES {
                            products[l] *= 1.0 + belief[l] * factors[l];
                        }
                    }
                }
            }
            for (product, exponent) in products.iter_mut().zip(&mut exponents) {
                let bits = product.to_bits();
                *exponent += (bits >> 52) as i64 - 1023;
                *product = f64::from_bits(bits & ((1 << 52) - 1) | 1023 << 52);
            }
        }
        let log = |(product, exponent): (&f64, &i64)| libm::log(*product) + *exponent as f64 * std::f64::consts::LN_2;
        products.iter().zip(&exponents).map(log).collect()
    }
}
