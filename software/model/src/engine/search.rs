//! The nearest-pattern search, with the vectors of the engine: what every memory is compared with.

use super::{Isa, kernels::Kernels, keys::Keys, state::State};
#[cfg(feature = "std")]
use super::{
    batch::task_of,
    measured::{PART, part_of},
    tile::CUES,
};
use crate::bits::BitMatrix;
#[cfg(feature = "std")]
use crate::reference::Masks;
use alloc::{vec, vec::Vec};
#[cfg(feature = "std")]
use core::ops::Range;
#[cfg(feature = "std")]
use rayon::prelude::*;

/// Patterns that are ready to be searched.
///
/// ```
/// use hopgate_model::{bits::BitMatrix, engine::Search};
/// let patterns = BitMatrix::from_fn(3, 70, |mu, i| i / 10 == mu);
/// let search = Search::new(&patterns);
/// assert_eq!(search.nearest(&[0b11 << 12, 0], &mut search.scratch()), (1, 8));
/// ```
#[derive(Debug, Clone)]
pub struct Search {
    kernels: Kernels,
    patterns: Keys,
}

/// Room for the searches of one [`Search`], one after the other.
#[derive(Debug, Clone)]
pub struct SearchScratch {
    state: State,
    known: State,
    distances: Vec<u16>,
    list: Vec<u32>,
}

impl Search {
    /// Packs at least one pattern of at most [`crate::memory::MAX_NEURONS`] bits, for the best vectors that the processor has.
    ///
    /// # Panics
    /// Without patterns, or when they are wider.
    pub fn new(patterns: &BitMatrix) -> Self {
        assert!(patterns.rows() > 0 && patterns.cols() <= crate::memory::MAX_NEURONS);
        let best = Isa::available().into_iter().find_map(Kernels::of);
        let kernels = best.expect("the portable loops run everywhere");
        Search { kernels, patterns: Keys::of(patterns, kernels, false) }
    }

    /// Room for searches.
    pub fn scratch(&self) -> SearchScratch {
        self.scratch_of(self.patterns.rows())
    }

    /// The pattern nearest to a packed cue (the lowest index on a tie), and its distance.
    ///
    /// # Panics
    /// When the cue has too few words, or the scratch belongs to a search of another shape.
    pub fn nearest(&self, cue: &[u64], scratch: &mut SearchScratch) -> (usize, u32) {
        self.nearest_known(cue, None, scratch)
    }

    /// The same over the bits that are known, all by default.
    ///
    /// # Panics
    /// As [`Self::nearest`], and when the known bits have too few words.
    pub fn nearest_known(&self, cue: &[u64], known: Option<&[u64]>, scratch: &mut SearchScratch) -> (usize, u32) {
        self.load(cue, known, scratch);
        let mask = known.map(|_| &scratch.known);
        let least = self.patterns.scan(self.kernels, &scratch.state, mask, &mut scratch.distances);
        self.kernels.select(&scratch.distances, least, &mut scratch.list);
        (scratch.list[0] as usize, least.into())
    }

    /// The nearest pattern of every cue, in the order of the cues, on all cores.
    #[cfg(feature = "std")]
    pub fn each(&self, cues: &BitMatrix) -> Vec<usize> {
        self.each_masked(cues, None)
    }

    /// The same over the bits that are known, all by default.
    #[cfg(feature = "std")]
    pub fn each_masked(&self, cues: &BitMatrix, masks: Option<Masks>) -> Vec<usize> {
        let (keys, bytes) = (self.patterns.rows(), self.patterns.storage_bytes());
        let part = part_of(&self.patterns);
        let together = if bytes <= PART { 1 } else { CUES };
        let task = task_of(cues.rows(), together);
        let room = || (vec![self.scratch_of(part.min(keys)); together], vec![(0, 0); together]);
        let tile = |rooms: &mut [SearchScratch], best: &mut [(usize, u16)], numbers: Range<usize>| {
            for (room, q) in rooms.iter_mut().zip(numbers.clone()) {
                self.load(cues.row(q), masks.map(|masks| masks.of(q).known), room);
            }
            best.fill((0, u16::MAX));
            for first in (0..keys).step_by(part) {
                let count = part.min(keys - first);
                for (room, best) in rooms.iter_mut().zip(&mut *best).take(numbers.len()) {
                    let SearchScratch { state, known, distances, list } = room;
                    let (known, distances) = (masks.map(|_| &*known), &mut distances[..count]);
                    let least = self.patterns.scan_from(self.kernels, first, state, known, distances);
                    if least < best.1 {
                        self.kernels.select(distances, least, list);
                        *best = (first + list[0] as usize, least);
                    }
                }
            }
        };
        let one = |(rooms, best): &mut (Vec<SearchScratch>, Vec<(usize, u16)>), number: usize| {
            let end = cues.rows().min((number + 1) * task);
            let mut found = Vec::with_capacity(task);
            for first in (number * task..end).step_by(together) {
                let numbers = first..end.min(first + together);
                tile(rooms, best, numbers.clone());
                found.extend(best[..numbers.len()].iter().map(|&(nearest, _)| nearest));
            }
            found
        };
        let tasks = (0..cues.rows().div_ceil(task)).into_par_iter();
        let all: Vec<Vec<usize>> = tasks.map_init(room, one).collect();
        all.into_iter().flatten().collect()
    }

    /// Takes a cue into the scratch.
    fn load(&self, cue: &[u64], known: Option<&[u64]>, scratch: &mut SearchScratch) {
        let neurons = self.patterns.cols();
        scratch.state.load(cue, neurons);
        if let Some(known) = known {
            scratch.known.load(known, neurons);
        }
    }

    fn scratch_of(&self, rows: usize) -> SearchScratch {
        let state = State::room(self.patterns.cols());
        SearchScratch { known: state.clone(), state, distances: vec![0; rows], list: vec![0; rows] }
    }
}
