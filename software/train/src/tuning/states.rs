//! The states that the tuner learns from: how far each pattern is from them, and which one is right.
//!
//! They are the cues themselves and the patterns. States of later steps were tried and left out: a recall that has gone wrong
//! asks for an answer that the distances no longer tell, and the fit then flattens the tables for all others.

use hopgate_model::{bits::BitMatrix, corrupt::Asked, kernel::KernelMode};
use rayon::prelude::*;

/// A stored pattern is a state once for so many cues: it has to stand still, whatever the cues ask for.
const STORED: usize = 4;

/// `Q` states among `P` patterns.
pub(crate) struct States {
    patterns: usize,
    /// `e[mu]` of every state: `Q` rows of `P`.
    excess: Vec<u16>,
    /// The pattern that each state is to end in.
    right: Vec<u32>,
}

impl States {
    /// These cues, of which cue `q` belongs to pattern `q % P`, and every pattern itself, as often as one
    /// time in [`STORED`].
    pub fn of_cues<'a>(patterns: &BitMatrix, mode: KernelMode, cues: impl Into<Asked<'a>>) -> Self {
        let (p, Asked { bits: cues, masks }) = (patterns.rows(), cues.into());
        let of_cue = |q: usize| excess(patterns, mode, cues.row(q), masks.map(|masks| masks.of(q).known));
        let of_pattern = |mu: usize| excess(patterns, mode, patterns.row(mu), None);
        let met = (0..cues.rows()).into_par_iter().flat_map_iter(of_cue);
        let repeats = (cues.rows() / p / STORED).max(1);
        let stored = (0..p * repeats).into_par_iter().flat_map_iter(|q| of_pattern(q % p));
        let right = (0..cues.rows()).chain(0..p * repeats).map(|q| (q % p) as u32);
        States { patterns: p, excess: met.chain(stored).collect(), right: right.collect() }
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.right.len()
    }

    /// `e[mu]` of one state for every pattern.
    pub fn excess(&self, q: usize) -> &[u16] {
        &self.excess[q * self.patterns..(q + 1) * self.patterns]
    }

    /// The pattern that this state is to end in.
    pub fn right(&self, q: usize) -> usize {
        self.right[q] as usize
    }

    /// One more than the largest `e` of a right pattern: what lies farther was never the answer.
    pub fn span(&self) -> usize {
        (0..self.len()).map(|q| usize::from(self.excess(q)[self.right(q)]) + 1).max().unwrap_or(1)
    }
}

/// What the kernel columns are indexed by, for every pattern; at most `N`, which is at most 1,024.
fn excess(patterns: &BitMatrix, mode: KernelMode, state: &[u64], known: Option<&[u64]>) -> Vec<u16> {
    let d: Vec<u32> = (0..patterns.rows()).map(|mu| distance(state, patterns.row(mu), known)).collect();
    let base = match mode {
        KernelMode::Normalised => d.iter().copied().min().unwrap_or(0),
        KernelMode::Fixed => 0,
    };
    d.into_iter().map(|d| (d - base) as u16).collect()
}

/// In how many bits that are known, all by default, two states differ.
pub(crate) fn distance(a: &[u64], b: &[u64], known: Option<&[u64]>) -> u32 {
    let differ = a.iter().zip(b).enumerate().map(|(w, (a, b))| (a ^ b) & known.map_or(u64::MAX, |known| known[w]));
    differ.map(u64::count_ones).sum()
}
