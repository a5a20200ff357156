//! The nearest patterns in order.

use super::{Engine, Scratch, keys::Cue, measured::Measured};
use crate::{
    kernel::KernelMode,
    reference::{Mask, Top},
};
use alloc::{vec, vec::Vec};

impl Engine {
    /// The patterns nearest to a packed cue of `N` bits, over the bits that are known, all by default: index and distance, ordered by
    /// (distance, index). It takes memory for the answer.
    ///
    /// # Panics
    /// When cue or mask have too few words, or the scratch belongs to an engine of another shape.
    pub fn ranked(&self, cue: &[u64], known: Option<&[u64]>, top: Top, scratch: &mut Scratch) -> Vec<(usize, u32)> {
        self.load(cue, known.map(|known| Mask { known, clamp: false }), scratch);
        let Scratch { state, known: mask, distances, list, .. } = scratch;
        let cue = self.cue(state, known.map(|_| &*mask));
        let least = distances.scan(&self.patterns, cue);
        self.rank(distances, least, top, cue, list)
    }

    /// Those of a cue with these distances.
    pub(super) fn rank(
        &self,
        distances: &mut Measured,
        mut least: u16,
        top: Top,
        cue: Cue,
        list: &mut [u32],
    ) -> Vec<(usize, u32)> {
        if distances.in_doubt() {
            // so many keys, those whose heads are nearest, are at most this far: so are the nearest
            let most = if let Top::Nearest(most) = top { most } else { 1 };
            let found = distances.select(self.kernels, nth(&distances.of, most, self.neurons()), list);
            let mut near: Vec<u16> = list[..found].iter().map(|&mu| self.patterns.distance(mu as usize, cue)).collect();
            near.sort_unstable();
            let enough = near.get(most.max(1) - 1).copied().unwrap_or(u16::MAX);
            let bound = if let Top::Reach = top { self.bound(enough) } else { enough };
            least = distances.settle(bound, &self.patterns, cue, list);
        }
        let bound = match (top, self.mode) {
            (Top::Nearest(most), _) => nth(&distances.of, most, self.neurons()),
            (Top::Reach, KernelMode::Normalised) => least + self.reach,
            (Top::Reach, KernelMode::Fixed) => self.reach,
        };
        let found = distances.select(self.kernels, bound, list);
        let mut ranked: Vec<(usize, u32)> =
            list[..found].iter().map(|&mu| (mu as usize, distances.of[mu as usize].into())).collect();
        // stable: of equal distances the lowest index comes first
        ranked.sort_by_key(|&(_, d)| d);
        if let Top::Nearest(most) = top {
            ranked.truncate(most);
        }
        ranked
    }
}

/// The distance up to which there are at least so many, or all.
fn nth(distances: &[u16], most: usize, neurons: usize) -> u16 {
    let mut count = vec![0u32; neurons + 1];
    distances.iter().for_each(|&d| count[usize::from(d)] += 1);
    let mut sum = 0;
    let enough = count.iter().position(|&n| {
        sum += n as usize;
        sum >= most
    });
    enough.map_or(u16::MAX, |d| d as u16)
}
