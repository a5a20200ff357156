//! The nearest patterns in order.

use super::{Engine, Scratch, kernels::State};
use crate::{kernel::KernelMode, reference::Top};
use alloc::vec::Vec;

impl Engine {
    /// The patterns nearest to a packed cue of `N` bits, over the bits that are known, all by default: index and distance, ordered by
    /// (distance, index). It takes memory for the answer.
    ///
    /// # Panics
    /// When cue or mask have too few words, or the scratch belongs to an engine of another shape.
    pub fn ranked(&self, cue: &[u64], known: Option<&[u64]>, top: Top, scratch: &mut Scratch) -> Vec<(usize, u32)> {
        let known = known.map(|known| self.load(known));
        let Scratch { distances, list, .. } = scratch;
        let least = self.patterns.scan(self.kernels, &self.load(cue), known.as_ref(), distances);
        let bound = match (top, self.mode) {
            (Top::Nearest(most), _) => nth(distances, most),
            (Top::Reach, KernelMode::Normalised) => least + self.reach,
            (Top::Reach, KernelMode::Fixed) => self.reach,
        };
        let found = self.kernels.select(distances, bound, list);
        let mut ranked: Vec<(usize, u32)> =
            list[..found].iter().map(|&mu| (mu as usize, distances[mu as usize].into())).collect();
        // stable: of equal distances the lowest index comes first
        ranked.sort_by_key(|&(_, d)| d);
        if let Top::Nearest(most) = top {
            ranked.truncate(most);
        }
        ranked
    }
}

/// The distance up to which there are at least so many, or all.
fn nth(distances: &[u16], most: usize) -> u16 {
    // a distance is at most the bits of a state
    let mut count = [0u32; 8 * size_of::<State>() + 1];
    distances.iter().for_each(|&d| count[usize::from(d)] += 1);
    let mut sum = 0;
    let enough = count.iter().position(|&n| {
        sum += n as usize;
        sum >= most
    });
    enough.map_or(u16::MAX, |d| d as u16)
}
