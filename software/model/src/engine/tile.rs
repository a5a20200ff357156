//! Several cues at once: a part of the keys, few enough for the first cache, is read once and meets all of them.

use super::{
    Engine, Partial, Recall, Scratch,
    measured::{Measured, PART},
    state::State,
};
use alloc::vec::Vec;

/// Keys of fewer bytes are in the first cache for every cue.
const SMALL: usize = 2 * PART;
/// Cues that meet each part.
pub(super) const CUES: usize = 16;
/// The most distances that are held.
const MOST: usize = 1 << 23;

/// A cue among several, and what the first scan finds.
pub(super) struct Pending {
    pub(super) state: State,
    pub(super) known: State,
    cue: State,
    pub(super) partial: Partial,
    pub(super) distances: Measured,
    pub(super) least: u16,
}

impl Engine {
    /// Cues that are best asked together: one, where all keys stay in the first cache anyway.
    pub(super) fn together(&self) -> usize {
        let keys = self.patterns.rows();
        if self.patterns.storage_bytes() <= SMALL { 1 } else { CUES.min(MOST / keys).max(1) }
    }

    /// Room for these.
    pub(super) fn tile(&self) -> Vec<Pending> {
        let state = State::room(self.state_bits());
        let one = |_| Pending {
            state: state.clone(),
            known: state.clone(),
            cue: state.clone(),
            partial: Partial { masked: false, held: false },
            distances: Measured::room(&self.patterns),
            least: 0,
        };
        (0..self.together()).map(one).collect()
    }

    /// Takes a cue up, with what was found out about it in the scratch.
    pub(super) fn ask(&self, pending: &mut Pending, partial: Partial, scratch: &mut Scratch) {
        pending.swap(scratch);
        pending.partial = partial;
    }

    /// The first scan of all of them: of the keys, or of their heads.
    pub(super) fn scan_together(&self, tile: &mut [Pending]) {
        for pending in &mut *tile {
            pending.least = u16::MAX;
            pending.distances.begin(&self.patterns);
        }
        for part in 0..tile.first().map_or(0, |pending| pending.distances.parts()) {
            for Pending { state, known, partial, distances, least, .. } in &mut *tile {
                let cue = self.cue(state, partial.masked.then_some(&*known));
                *least = distances.scan_part(part, &self.patterns, cue).min(*least);
            }
        }
    }

    /// The recall of one of them.
    pub(super) fn answer(&self, pending: &mut Pending, scratch: &mut Scratch) -> Recall {
        pending.swap(scratch);
        core::mem::swap(&mut pending.distances, &mut scratch.distances);
        self.steps(pending.partial, Some(pending.least), scratch)
    }
}

impl Pending {
    fn swap(&mut self, scratch: &mut Scratch) {
        core::mem::swap(&mut self.state, &mut scratch.state);
        core::mem::swap(&mut self.known, &mut scratch.known);
        core::mem::swap(&mut self.cue, &mut scratch.cue);
    }
}
