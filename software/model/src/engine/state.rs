//! A state as the kernels read it.

use crate::bits::words_for;
use alloc::{vec, vec::Vec};

/// Words of the widest vector: a state has whole ones.
pub(super) const VECTOR: usize = 8;

/// Packed bits, zero beyond the last one that is used.
#[derive(Debug, Clone)]
pub(super) struct State(pub Vec<u64>);

impl State {
    /// Zeros, with room for so many bits.
    pub fn room(bits: usize) -> Self {
        State(vec![0; words_for(bits).next_multiple_of(VECTOR)])
    }

    /// Ones for so many neurons.
    pub fn ones(neurons: usize) -> Self {
        let mut state = State::room(neurons);
        state.0.fill(u64::MAX);
        state.clear_from(neurons);
        state
    }

    /// Whether another of the same room is the same: word by word, since a vector would wait for words that were just stored.
    pub fn same(&self, other: &State) -> bool {
        self.0.iter().zip(&other.0).all(|(word, other)| word == other)
    }

    /// The bits that there is room for.
    pub fn bits(&self) -> usize {
        64 * self.0.len()
    }

    /// Becomes a packed state of this many neurons.
    pub fn load(&mut self, words: &[u64], neurons: usize) {
        let count = words_for(neurons);
        self.0[..count].copy_from_slice(&words[..count]);
        self.0[count..].fill(0);
        self.clear_from(neurons);
    }

    /// Becomes another of the same room.
    pub fn copy(&mut self, other: &State) {
        self.0.copy_from_slice(&other.0);
    }

    /// Keeps the bits that are set in the other, too.
    pub fn keep(&mut self, other: &State) {
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word &= other);
    }

    /// Takes those bits of the cue that are known.
    pub fn hold(&mut self, cue: &State, known: &State) {
        let words = self.0.iter_mut().zip(&cue.0).zip(&known.0);
        words.for_each(|((word, cue), known)| *word = *word & !known | cue & known);
    }

    /// Clears the bits from this one on.
    pub fn clear_from(&mut self, neurons: usize) {
        let whole = (neurons / 64).min(self.0.len());
        let (_, rest) = self.0.split_at_mut(whole);
        if let Some((first, behind)) = rest.split_first_mut() {
            *first &= (1 << (neurons % 64)) - 1;
            behind.fill(0);
        }
    }

    /// The Hamming distance over so many words.
    pub fn distance(&self, other: &State, words: usize) -> u32 {
        self.0[..words].iter().zip(&other.0).map(|(a, b)| (a ^ b).count_ones()).sum()
    }
}
