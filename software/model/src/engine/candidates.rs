//! The first half of a step: the nearest pattern, and the candidates with their classes.

use super::{Engine, FEW, MOST, MOST_TURNED, Recall, SORTED, Scratch, keys::Cue, state::State};
use crate::{bits::words_for, kernel::KernelMode};

impl Engine {
    /// Finds the nearest pattern, over the known bits if `masked`, and the candidates with their classes; returns how many there are.
    /// `scanned`: the smallest distance, where the distances are there already.
    pub(super) fn candidates(
        &self,
        scratch: &mut Scratch,
        anew: bool,
        masked: bool,
        scanned: Option<u16>,
        recall: &mut Recall,
    ) -> usize {
        // where most voted, most do again
        if !anew
            && scratch.most.is_none()
            && let Some(found) = self.candidates_again(scratch, recall)
        {
            return found;
        }
        let Scratch { state, known, distances, list, class, anchor, trust, .. } = scratch;
        let cue = self.cue(state, masked.then_some(&*known));
        let mut least = scanned.unwrap_or_else(|| distances.scan(&self.patterns, cue, trust));
        if distances.in_doubt() {
            // the nearest is at most as far as the key whose head is nearest
            distances.select(self.kernels, least, list);
            let nearest = self.patterns.distance(list[0] as usize, cue);
            least = distances.settle(self.bound(nearest), &self.patterns, cue, trust, list);
        }
        anchor.copy(state);
        recall.distance = least.into();
        let base = match self.mode {
            KernelMode::Normalised => least,
            KernelMode::Fixed => 0,
        };
        let (all, p) = (distances.of.len(), if self.turned.is_some() { MOST_TURNED } else { MOST });
        let most = |found: usize| self.adds_all && found >= SORTED && p * found >= all;
        // no list is needed where all are added and none of them is told apart
        if self.turned.is_some() && self.offset.is_empty() {
            let found = self.kernels.count(&distances.of, base + self.reach);
            scratch.most = most(found).then_some(base);
            if scratch.most.is_some() {
                // the first of the nearest
                recall.nearest = self.kernels.first(&distances.of, least);
                return found;
            }
        }
        let found = distances.select(self.kernels, self.bound(least), list);
        let near = &list[..found];
        let first = near.iter().find(|&&mu| distances.of[mu as usize] == least);
        recall.nearest = first.map_or(0, |&mu| mu as usize);
        // the nearest may be out of reach: then nothing votes
        let found = if least <= base + self.reach { near.len() } else { 0 };
        scratch.most = most(found).then_some(base);
        if scratch.most.is_some() && self.offset.is_empty() {
            return found;
        }
        for (class, &mu) in class.iter_mut().zip(&list[..found]) {
            *class = self.classes[usize::from(distances.of[mu as usize] - base)];
        }
        found
    }

    /// As [`Self::candidates`], from the distances of an earlier state; `None` where too many patterns may be in reach.
    fn candidates_again(&self, scratch: &mut Scratch, recall: &mut Recall) -> Option<usize> {
        let Scratch { state, distances, list, class, sorted, anchor, .. } = scratch;
        // the nearest is at most this far, and nothing came nearer than by the bits that changed
        let cue = self.cue(state, None);
        let known = self.patterns.distance(recall.nearest, cue);
        let moved = state.distance(anchor, words_for(self.neurons())) as u16;
        let reached = distances.select(self.kernels, self.bound(known).saturating_add(moved), list);
        if reached > self.patterns.rows() / FEW && reached > 4 {
            return None;
        }
        // the new distances wait in the room for the sorted list
        let mut least = known;
        for (&mu, d) in list[..reached].iter().zip(sorted.iter_mut()) {
            let distance = self.patterns.distance(mu as usize, cue);
            *d = distance.into();
            least = least.min(distance);
        }
        let base = match self.mode {
            KernelMode::Normalised => least,
            KernelMode::Fixed => 0,
        };
        let first = sorted[..reached].iter().position(|&d| d == u32::from(least))?;
        (recall.nearest, recall.distance) = (list[first] as usize, least.into());
        let mut found = 0;
        for place in 0..reached {
            let e = sorted[place] - u32::from(base);
            if e <= u32::from(self.reach) {
                (list[found], class[found]) = (list[place], self.classes[e as usize]);
                found += 1;
            }
        }
        Some(found)
    }

    /// What is compared with the keys: a state over its known bits, all by default.
    pub(super) fn cue<'a>(&self, state: &'a State, known: Option<&'a State>) -> Cue<'a> {
        Cue { kernels: self.kernels, state: &state.0, known: known.map(|known| &known.0[..]) }
    }

    /// The distance up to which a pattern is a candidate or the nearest, if the nearest is this far.
    pub(super) fn bound(&self, least: u16) -> u16 {
        match self.mode {
            KernelMode::Normalised => least + self.reach,
            KernelMode::Fixed => least.max(self.reach),
        }
    }
}
