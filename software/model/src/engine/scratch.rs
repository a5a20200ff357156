//! Room for the recalls of one engine, and what a recall leaves there.

use super::{
    kernels::Kernels,
    measured::{Measured, Trust},
    state::State,
};
use crate::{
    bits::words_for,
    kind::Kind,
    reference::{Answer, Ranking},
};
use alloc::vec::Vec;

/// What a recall found; the state is in the [`Scratch`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recall {
    /// Steps evaluated, the unchanging one included.
    pub steps: u32,
    /// Whether the last step changed nothing.
    pub converged: bool,
    /// The pattern nearest to the state that entered the last step (the lowest index on a tie).
    pub nearest: usize,
    /// Its Hamming distance, over the known bits.
    pub distance: u32,
    /// Whether that is at most the memory's radius.
    pub known: bool,
    /// The patterns that voted, over all steps.
    pub candidates: u64,
    /// The pattern nearest to the cue itself (the lowest index on a tie): what a nearest-pattern search answers.
    pub cue_nearest: usize,
}

/// Room for the recalls of one [`Engine`](super::Engine), one after the other.
#[derive(Debug, Clone)]
pub struct Scratch {
    pub(super) kind: Kind,
    pub(super) outputs: usize,
    pub(super) state: State,
    /// The states after every step of a sequence, one behind the other.
    pub(super) path: Vec<u64>,
    /// What it becomes.
    pub(super) next: State,
    /// The state that the distances belong to.
    pub(super) anchor: State,
    /// The cue, where its known bits are kept in every step.
    pub(super) cue: State,
    /// The known bits of the cue, where not all are, or where they are kept.
    pub(super) known: State,
    pub(super) distances: Measured,
    /// Whether heads helped the last cues.
    pub(super) trust: Trust,
    /// The candidates of a step, by index.
    pub(super) list: Vec<u32>,
    /// The class of how much farther than the nearest (normalised) or how far (fixed) each of them is.
    pub(super) class: Vec<u16>,
    /// The weight of each of them in one plane.
    pub(super) weights: Vec<u16>,
    /// The candidates by class, and where each class begins.
    pub(super) sorted: Vec<u32>,
    pub(super) begins: Vec<u32>,
    /// The entries of every plane by the excess, for steps in which most patterns vote; none where that is no matter of its own.
    pub(super) columns: Vec<Vec<u16>>,
    /// In such a step, the distance whose excess is zero.
    pub(super) most: Option<u16>,
    /// And the weights as bytes, where the planes are turned over.
    pub(super) bytes: Vec<u8>,
    /// `A[i]`, and what no longer fits there.
    pub(super) sums: Vec<u16>,
    pub(super) wide: Vec<u64>,
    pub(super) spilled: bool,
    /// `T`.
    pub(super) threshold: i64,
}

impl Scratch {
    /// The final state, or the value, of the last recall, packed as a row of a [`crate::bits::BitMatrix`]. Of classes: which fields are
    /// not negative.
    pub fn state(&self) -> &[u64] {
        &self.state.0[..words_for(self.outputs)]
    }

    /// The fields of the last step of the last recall, output by output.
    pub fn field(&self) -> impl Iterator<Item = i64> + '_ {
        (0..self.outputs).map(move |i| 2 * self.sum(i) - self.threshold)
    }

    /// The state after every step of the last recall, of a [`Kind::Sequence`].
    pub fn path(&self) -> impl Iterator<Item = &[u64]> {
        self.path.chunks_exact(words_for(self.outputs))
    }

    /// The classes that scored most in the last recall, of a [`Kind::Class`].
    ///
    /// ```
    /// use hopgate_model::{bits::BitMatrix, engine::Engine, kind::Kind, memory::{Memory, Parts}};
    /// // two keys, each of a class of its own
    /// let patterns = BitMatrix::from_fn(2, 8, |mu, _| mu == 1);
    /// let planes = vec![BitMatrix::from_fn(2, 2, |mu, class| mu == class)];
    /// let kernel = vec![vec![255, 90, 33, 12, 4, 1, 0, 0, 0]];
    /// let memory = Memory::new(Parts { kind: Kind::Class, planes, kernel, ..Parts::of(patterns) })?;
    /// let engine = Engine::new(&memory);
    /// let mut scratch = engine.scratch();
    /// engine.recall(&[0b1101_1111], &mut scratch);
    /// assert_eq!(scratch.ranking().unwrap().class, 1);
    /// # Ok::<(), hopgate_model::Error>(())
    /// ```
    pub fn ranking(&self) -> Option<Ranking> {
        if self.kind != Kind::Class {
            return None;
        }
        let (mut class, mut best, mut second, mut next) = (0, i64::MIN, 0, i64::MIN);
        for c in 0..self.outputs {
            let sum = self.sum(c);
            if sum > best {
                (second, next) = (class, best);
                (class, best) = (c, sum);
            } else if sum > next {
                (second, next) = (c, sum);
            }
        }
        Some(Ranking { class, score: 2 * best - self.threshold, second, margin: 2 * (best - next) })
    }

    /// `A[i]`.
    pub(super) fn sum(&self, i: usize) -> i64 {
        if self.spilled { self.wide[i] as i64 } else { self.sums[i].into() }
    }

    /// The last recall as the reference would report it. It takes memory for the answer.
    pub fn answer(&self, recall: Recall) -> Answer {
        let Recall { steps, converged, nearest, distance, known, .. } = recall;
        let ranking = self.ranking();
        let state = if ranking.is_some() { Vec::new() } else { self.state().to_vec() };
        let path = self.path().map(<[u64]>::to_vec).collect();
        let field = self.field().collect();
        Answer {
            state,
            steps,
            converged,
            nearest,
            distance,
            known,
            field,
            ranking,
            path,
            ranked: Vec::new(),
            ranked_class: Vec::new(),
        }
    }

    /// Moves the sums to where there is more room.
    pub(super) fn spill(&mut self, kernels: Kernels) {
        if !self.spilled {
            self.wide.fill(0);
            self.spilled = true;
        }
        kernels.spill(&mut self.sums, &mut self.wide);
    }
}
