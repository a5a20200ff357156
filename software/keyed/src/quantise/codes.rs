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

/// What codes stand for: `value[code][e]`, integers, with the offset, and by how much fields are divided before they are logits.
pub(crate) struct Values {
    pub value: Vec<Vec<i64>>,
    pub scale: f64,
}

impl Values {
    /// Of integer columns, one for each plane, and an offset: plane `j` counts `+W_j[e]` or `-W_j[e]`.
    pub fn of(columns: &[Vec<u32>], offset: &[i32], scale: f64) -> Self {
        let of = |code: usize, e: usize| -> i64 {
            let plane =
                |(j, w): (usize, &Vec<u32>)| if code >> j & 1 == 1 { i64::from(w[e]) } else { -i64::from(w[e]) };
            i64::from(offset[e]) + columns.iter().enumerate().map(plane).sum::<i64>()
        };
        let value = (0..1usize << columns.len()).map(|c| (0..columns[0].len()).map(|e| of(c, e)).collect()).collect();
        Values { value, scale }
    }
}

/// Samples and the centres near them.
pub(crate) struct Near {
    samples: usize,
    /// Beyond it nothing counts.
    span: usize,
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
        Near { samples: excess.keys(), span, lists: (0..excess.centres()).into_par_iter().map(list).collect() }
    }

    /// Centre, sample and `e` of all that are near, centre by centre.
    pub fn each(&self, mut f: impl FnMut(usize, usize, u16)) {
        for (mu, (samples, excess)) in self.lists.iter().enumerate() {
            samples.iter().zip(excess).for_each(|(&t, &e)| f(mu, t as usize, e));
        }
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
        let mut all = Codes { near, targets, values, codes, outputs, width, span: near.span, belief: Vec::new() };
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::loss;
    use hopgate_model::{kernel::KernelMode, noise};
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn the_loss_falls_until_no_code_lowers_it(
            seed in 0..999u64, planes in 1..4usize, m in 2..11usize, classes in any::<bool>(), fixed in any::<bool>(),
        ) {
            let (t, p, n, scale, least) = (60, 10, 14, 20.0, 0.05);
            let (keys, centres) = (noise::random(t, n, seed), noise::random(p, n, seed + 1));
            let mode = if fixed { KernelMode::Fixed } else { KernelMode::Normalised };
            let columns: Vec<Vec<u32>> =
                (0..planes).map(|j| (0..=n).map(|e| (20 << j) >> (e / 3).min(20)).collect()).collect();
            let near = Near::of(&Excess::of(&keys, &centres, mode).unwrap(), n + 1);
            let targets = match classes {
                true => Targets::Labels { labels: (0..t as u32).map(|t| t % m as u32).collect(), classes: m },
                false => Targets::Values(noise::random(t, m, seed + 2)),
            };
            let offset = vec![if classes { 0 } else { -3 }; n + 1];
            let values = Values::of(&columns, &offset, scale);
            let start: Vec<u8> = (0..p * m).map(|at| (at as u64 * 5 + seed) as u8 % (1 << planes)).collect();
            let loss = |codes: &[u8]| -> f64 {
                let fields = fields(&near, &values, codes, m);
                let of = |(t, h): (usize, &[i64])| loss::of_fields(&targets, t, h.iter().map(|&h| h as f64 / scale));
                fields.chunks_exact(m).enumerate().map(of).sum()
            };
            let before = loss(&start);
            let mut codes = Codes::new(&near, &targets, &values, start.clone());
            for mu in 0..p {
                // what a pass says of a change is what it does
                if let Some((c, to)) = codes.best_change(mu, 0.0) {
                    let now = loss(&codes.codes);
                    codes.change(mu, c, to);
                    let then = loss(&codes.codes);
                    prop_assert!(then < now + 1e-9, "{} {}", now, then);
                }
            }
            while codes.sweep(least, &|_| ()).unwrap() > 0 {}
            let after = loss(&codes.codes);
            prop_assert!(after <= before);
            for at in 0..p * m {
                for to in 0..1u8 << planes {
                    let mut other = codes.codes.clone();
                    other[at] = to;
                    prop_assert!(loss(&other) > after - least - 1e-6, "code {} to {}", at, to);
                }
            }
        }
    }
}
