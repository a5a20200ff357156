//! The nearest-pattern search, with the vectors of the engine: what every memory is compared with.

use super::{
    Isa,
    kernels::{Kernels, State},
    rows::Rows,
};
use crate::{bits::BitMatrix, reference::Masks};
use alloc::{vec, vec::Vec};
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
    patterns: Rows,
}

/// Room for the searches of one [`Search`], one after the other.
#[derive(Debug, Clone)]
pub struct SearchScratch {
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
        Search { kernels: best.expect("the portable loops run everywhere"), patterns: Rows::of(patterns) }
    }

    /// Room for searches.
    pub fn scratch(&self) -> SearchScratch {
        SearchScratch { distances: vec![0; self.patterns.rows()], list: vec![0; self.patterns.rows()] }
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
        let state = State::of(cue, self.patterns.cols());
        let known = known.map(|known| State::of(known, self.patterns.cols()));
        let least = self.kernels.scan(&self.patterns, &state, known.as_ref(), &mut scratch.distances);
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
        let one = |scratch: &mut SearchScratch, q: usize| {
            self.nearest_known(cues.row(q), masks.map(|masks| masks.of(q).known), scratch).0
        };
        (0..cues.rows()).into_par_iter().map_init(|| self.scratch(), one).collect()
    }
}
