//! The bits of the lower planes, chosen one by one: a flip stays where the right bits of the training states get more likely.
//!
//! Neurons are independent once the columns are given. For a neuron, flipping the bit of pattern `mu` in plane `j` moves its
//! field by `-+2*W_j[e]` in the states where `mu` is at `e`, and in no others; so the exact change of the loss is a short
//! sum. Fields are integers here, as they will be in the memory, and the loss of an integer field is a table.

use super::states::States;
use crate::logistic::log_loss;
use hopgate_model::bits::BitMatrix;
use rayon::prelude::*;

/// A loss of less than `exp(-TAIL)` counts as none.
const TAIL: f64 = 30.0;

/// Entries of the loss table on either side of zero, at most.
const MOST_ENTRIES: i64 = 1 << 16;

/// `-ln sigma(-m/scale)` for a field that is wrong by `m`.
struct LossTable {
    half: i64,
    scale: f64,
    entries: Vec<f64>,
}

impl LossTable {
    fn new(scale: f64) -> Self {
        // where nothing can be learnt the tables shrink to nothing, and the scale grows without end
        let half = (libm::ceil(TAIL * scale) as i64).min(MOST_ENTRIES);
        let entries = (-half..=half).map(|m| libm::log1p(libm::exp(m as f64 / scale))).collect();
        LossTable { half, scale, entries }
    }

    fn at(&self, wrong: i64) -> f64 {
        match wrong {
            m if m.abs() <= self.half => self.entries[(m + self.half) as usize],
            m if m as f64 / self.scale < -TAIL => 0.0,
            m => log_loss(0.0, m as f64 / self.scale),
        }
    }
}

/// Sweeps over the lower planes.
pub(crate) struct Sweeps<'a> {
    states: &'a States,
    patterns: &'a BitMatrix,
    columns: &'a [Vec<u32>],
    lower: usize,
    loss: LossTable,
    /// For each pattern the states in which a lower plane of it counts, with its `e`.
    near: Vec<Vec<(u32, u16)>>,
}

impl<'a> Sweeps<'a> {
    /// Integer columns, one for each plane, and the scale by which they were rounded. The bits of the first `lower` planes
    /// are free.
    pub fn new(states: &'a States, patterns: &'a BitMatrix, columns: &'a [Vec<u32>], scale: f64, lower: usize) -> Self {
        let counts = |e: u16| columns[..lower].iter().any(|w| w[usize::from(e)] > 0);
        let near = |mu: usize| {
            let of_state = |q: usize| Some((q as u32, states.excess(q)[mu])).filter(|&(_, e)| counts(e));
            (0..states.len()).filter_map(of_state).collect()
        };
        let near = (0..patterns.rows()).into_par_iter().map(near).collect();
        Sweeps { states, patterns, columns, lower, loss: LossTable::new(scale), near }
    }

    /// Flips what lowers the loss by more than `least` (in nats, over all states); the number of bits flipped.
    pub fn run(&self, planes: &mut [BitMatrix], sweeps: usize, least: f64) -> usize {
        let neurons: Vec<Vec<usize>> =
            (0..self.patterns.cols()).into_par_iter().map(|i| self.neuron(planes, i, sweeps, least)).collect();
        let mut flipped = 0;
        for (i, codes) in neurons.iter().enumerate() {
            for (mu, code) in codes.iter().enumerate() {
                for (j, plane) in planes[..self.lower].iter_mut().enumerate() {
                    let bit = code >> j & 1 == 1;
                    flipped += usize::from(plane.get(mu, i) != bit);
                    plane.set(mu, i, bit);
                }
            }
        }
        flipped
    }

    /// The new codes of one neuron, by pattern.
    fn neuron(&self, planes: &[BitMatrix], i: usize, sweeps: usize, least: f64) -> Vec<usize> {
        let code = |mu: usize| (0..planes.len()).fold(0, |c, j| c | usize::from(planes[j].get(mu, i)) << j);
        let mut codes: Vec<usize> = (0..self.patterns.rows()).map(code).collect();
        // how far each state's field is on the wrong side: the field where the bit is zero, its opposite where it is one
        let side: Vec<i64> =
            (0..self.states.len()).map(|q| if self.patterns.get(self.states.right(q), i) { -1 } else { 1 }).collect();
        let mut wrong: Vec<i64> = (0..self.states.len()).map(|q| side[q] * self.field(&codes, q)).collect();
        for _ in 0..sweeps {
            let mut still = true;
            for (mu, near) in self.near.iter().enumerate() {
                for j in 0..self.lower {
                    let step = |e: u16| {
                        let w = 2 * i64::from(self.columns[j][usize::from(e)]);
                        if codes[mu] >> j & 1 == 1 { -w } else { w }
                    };
                    let change = |&(q, e): &(u32, u16)| {
                        let (q, step) = (q as usize, step(e));
                        self.loss.at(wrong[q] + side[q] * step) - self.loss.at(wrong[q])
                    };
                    if near.iter().map(change).sum::<f64>() < -least {
                        for &(q, e) in near {
                            wrong[q as usize] += side[q as usize] * step(e);
                        }
                        codes[mu] ^= 1 << j;
                        still = false;
                    }
                }
            }
            if still {
                break;
            }
        }
        codes
    }

    /// The field of one neuron in one state.
    fn field(&self, codes: &[usize], q: usize) -> i64 {
        let vote = |(&code, &e): (&usize, &u16)| -> i64 {
            let plane = |(j, w): (usize, &Vec<u32>)| {
                let w = i64::from(w[usize::from(e)]);
                if code >> j & 1 == 1 { w } else { -w }
            };
            self.columns.iter().enumerate().map(plane).sum()
        };
        codes.iter().zip(self.states.excess(q)).map(vote).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hopgate_model::{bits::hamming, kernel::KernelMode, noise};
    use proptest::prelude::*;

    /// The loss of one neuron over all states, from its definition.
    fn loss(
        states: &States,
        patterns: &BitMatrix,
        planes: &[BitMatrix],
        columns: &[Vec<u32>],
        scale: f64,
        i: usize,
    ) -> f64 {
        let of_state = |q: usize| {
            let vote = |mu: usize| {
                let e = usize::from(states.excess(q)[mu]);
                let value =
                    |(plane, w): (&BitMatrix, &Vec<u32>)| f64::from(w[e]) * if plane.get(mu, i) { 1.0 } else { -1.0 };
                planes.iter().zip(columns).map(value).sum::<f64>()
            };
            let field: f64 = (0..patterns.rows()).map(vote).sum();
            let y = if patterns.get(states.right(q), i) { 1.0 } else { 0.0 };
            crate::logistic::log_loss(y, field / scale)
        };
        (0..states.len()).map(of_state).sum()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn the_loss_falls_until_no_flip_lowers_it(seed in 0..999u64, k in 2..4usize) {
            let (p, n, scale, least) = (10, 12, 20.0, 0.05);
            let patterns = noise::random(p, n, seed);
            let columns: Vec<Vec<u32>> =
                (0..k).map(|j| (0..=n).map(|e| (20 << j) >> (e / 2).min(20)).collect()).collect();
            let mut planes = vec![patterns.clone(); k];
            let states = States::of_cues(&patterns, KernelMode::Normalised, &noise::cues(&patterns, 50, 0.25, seed));
            let before = planes.clone();
            let flipped = Sweeps::new(&states, &patterns, &columns, scale, k - 1).run(&mut planes, 50, least);
            let differ = |j: usize| (0..p).map(|mu| hamming(before[j].row(mu), planes[j].row(mu)) as usize).sum::<usize>();
            prop_assert_eq!(flipped, (0..k).map(differ).sum::<usize>());
            prop_assert_eq!(&planes[k - 1], &patterns);
            for i in 0..n {
                let of = |planes: &[BitMatrix]| loss(&states, &patterns, planes, &columns, scale, i);
                let now = of(&planes);
                prop_assert!(now <= of(&before));
                for (j, mu) in (0..k - 1).flat_map(|j| (0..p).map(move |mu| (j, mu))) {
                    let mut other = planes.clone();
                    other[j].set(mu, i, !planes[j].get(mu, i));
                    prop_assert!(of(&other) > now - least - 1e-9, "neuron {} pattern {} plane {}", i, mu, j);
                }
            }
        }
    }
}
