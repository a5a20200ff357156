//! The nearest-pattern search, with the vectors of the engine: what every memory is compared with.

use super::{
    Isa,
    kernels::Kernels,
    keys::{Cue, Keys},
    measured::{DOUBT, Trust, part_of},
    state::State,
};
#[cfg(feature = "std")]
use super::{
    batch::{behind_each_other, task_of},
    measured::PART,
    tile::CUES,
};
use crate::bits::BitMatrix;
#[cfg(feature = "std")]
use crate::reference::Masks;
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
    patterns: Keys,
    /// Patterns of a part: few enough for the first cache.
    part: usize,
}

/// Room for the searches of one [`Search`], one after the other.
#[derive(Debug, Clone)]
pub struct SearchScratch {
    state: State,
    known: State,
    masked: bool,
    /// Of one part.
    distances: Vec<u16>,
    list: Vec<u32>,
    /// The smallest of each part.
    least: Vec<u16>,
    /// They are those of heads.
    heads: bool,
    /// Patterns whose heads were as near as the nearest so far.
    in_doubt: usize,
    trust: Trust,
    /// The nearest so far, and its distance.
    best: (usize, u16),
}

impl Search {
    /// Packs at least one pattern of at most [`crate::memory::MAX_NEURONS`] bits, for the best vectors that the processor has.
    ///
    /// # Panics
    /// Without patterns, or when they are wider.
    pub fn new(patterns: &BitMatrix) -> Self {
        let best = Isa::available().into_iter().find_map(Kernels::of);
        let kernels = best.expect("the portable loops run everywhere");
        Self::of(patterns, kernels, |patterns| Keys::best(patterns, kernels, false, |least| least))
    }

    /// For these vectors, if the processor has them, and with a head of so many 64-bit words for every pattern; with 0, patterns are scanned
    /// whole. What is found is the same with any. [`Self::new`] chooses what pays for cues with flips of one bit in ten.
    ///
    /// # Panics
    /// As [`Self::new`].
    pub fn with_head(patterns: &BitMatrix, isa: Isa, words: usize) -> Option<Self> {
        let kernels = Kernels::of(isa)?;
        Some(Self::of(patterns, kernels, |patterns| Keys::of(patterns, kernels, false, Some(words))))
    }

    fn of(patterns: &BitMatrix, kernels: Kernels, keys: impl FnOnce(&BitMatrix) -> Keys) -> Self {
        assert!(patterns.rows() > 0 && patterns.cols() <= crate::memory::MAX_NEURONS);
        let patterns = keys(patterns);
        Search { kernels, part: part_of(&patterns).min(patterns.rows()), patterns }
    }

    /// Bits by which patterns are compared first, if they are.
    pub fn heads(&self) -> Option<usize> {
        self.patterns.head_bits()
    }

    /// Bytes that the patterns take.
    pub fn storage_bytes(&self) -> usize {
        self.patterns.storage_bytes()
    }

    /// Room for searches.
    pub fn scratch(&self) -> SearchScratch {
        let state = State::room(self.patterns.state_bits());
        SearchScratch {
            known: state.clone(),
            state,
            masked: false,
            distances: vec![0; self.part],
            list: vec![0; self.part],
            least: vec![0; self.patterns.rows().div_ceil(self.part)],
            heads: false,
            in_doubt: 0,
            trust: Trust::default(),
            best: (0, u16::MAX),
        }
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
        let mut trust = scratch.trust;
        self.load(cue, known, scratch, &mut trust);
        self.find(core::slice::from_mut(scratch), &mut trust);
        scratch.trust = trust;
        (scratch.best.0, scratch.best.1.into())
    }

    /// The nearest pattern of every cue, in the order of the cues, on all cores.
    #[cfg(feature = "std")]
    pub fn each(&self, cues: &BitMatrix) -> Vec<usize> {
        self.each_masked(cues, None)
    }

    /// The same over the bits that are known, all by default.
    #[cfg(feature = "std")]
    pub fn each_masked(&self, cues: &BitMatrix, masks: Option<Masks>) -> Vec<usize> {
        let together = if self.patterns.head_bytes() <= PART { 1 } else { CUES };
        let task = task_of(cues.rows(), together);
        let one = |(rooms, trust): &mut (Vec<SearchScratch>, Trust), number: usize| {
            let (mut first, end) = (number * task, cues.rows().min((number + 1) * task));
            let mut found = Vec::with_capacity(task);
            while first < end {
                // one cue, until it is known whether its head helped
                let now = if self.patterns.has_heads() && !trust.tried { 1 } else { together };
                let rooms = &mut rooms[..now.min(end - first)];
                for (room, q) in rooms.iter_mut().zip(first..) {
                    self.load(cues.row(q), masks.map(|masks| masks.of(q).known), room, trust);
                }
                self.find(rooms, trust);
                found.extend(rooms.iter().map(|room| room.best.0));
                first += rooms.len();
            }
            found
        };
        let tasks = (0..cues.rows().div_ceil(task)).into_par_iter();
        let all: Vec<Vec<usize>> = tasks.map_init(|| (vec![self.scratch(); together], Trust::default()), one).collect();
        behind_each_other(all)
    }

    /// Takes a cue into the scratch.
    fn load(&self, cue: &[u64], known: Option<&[u64]>, scratch: &mut SearchScratch, trust: &mut Trust) {
        let neurons = self.patterns.cols();
        scratch.state.load(cue, neurons);
        scratch.masked = known.is_some();
        if let Some(known) = known {
            scratch.known.load(known, neurons);
        }
        scratch.best = (0, u16::MAX);
        scratch.heads = self.patterns.has_heads() && trust.next();
    }

    /// The nearest pattern of each of these cues: of a part of the patterns, all cues in turn.
    fn find(&self, rooms: &mut [SearchScratch], trust: &mut Trust) {
        let parts = self.patterns.rows().div_ceil(self.part);
        for part in 0..parts {
            rooms.iter_mut().for_each(|room| self.scan(part, room));
        }
        for room in rooms.iter_mut().filter(|room| room.heads) {
            room.best.1 = self.patterns.distance(room.best.0, self.cue(&room.state, &room.known, room.masked));
            room.in_doubt = 0;
        }
        for part in 0..parts {
            let near = |room: &&mut SearchScratch| room.heads && room.least[part] <= room.best.1;
            rooms.iter_mut().filter(near).for_each(|room| self.settle(part, room));
        }
        let few = |room: &SearchScratch| room.in_doubt <= self.patterns.rows() / DOUBT;
        rooms.iter().filter(|room| room.heads).for_each(|room| trust.learn(few(room)));
    }

    /// The patterns of a part, or their heads: the nearest so far.
    fn scan(&self, part: usize, room: &mut SearchScratch) {
        let (first, count) = self.places(part);
        let SearchScratch { state, known, masked, distances, list, least, heads, best, .. } = room;
        let (cue, distances) = (self.cue(state, known, *masked), &mut distances[..count]);
        least[part] = match heads {
            true => self.patterns.scan_heads(first, cue, distances),
            false => self.patterns.scan(first, cue, distances),
        };
        if least[part] < best.1 {
            self.kernels.select(distances, least[part], list);
            *best = (first + list[0] as usize, least[part]);
        }
    }

    /// From the nearest head to the nearest pattern: that is at most as far as the pattern of the nearest head, so only parts with a head as near
    /// as that are looked at once more.
    fn settle(&self, part: usize, room: &mut SearchScratch) {
        let (first, count) = self.places(part);
        let SearchScratch { state, known, masked, distances, list, in_doubt, best, .. } = room;
        let (cue, distances) = (self.cue(state, known, *masked), &mut distances[..count]);
        self.patterns.scan_heads(first, cue, distances);
        let found = self.kernels.select(distances, best.1, list);
        *in_doubt += found;
        if found > count / DOUBT {
            let least = self.patterns.add_tails(first, cue, distances);
            let found = self.kernels.select(distances, least.min(best.1), list);
            let nearer = list[..found].first().map(|&r| (least, first + r as usize));
            *best = nearest(*best, nearer);
            return;
        }
        for &r in &list[..found] {
            let r = first + r as usize;
            *best = nearest(*best, Some((self.patterns.distance(r, cue), r)));
        }
    }

    /// The first pattern of a part, and how many it has.
    fn places(&self, part: usize) -> (usize, usize) {
        let first = part * self.part;
        (first, self.part.min(self.patterns.rows() - first))
    }

    fn cue<'a>(&self, state: &'a State, known: &'a State, masked: bool) -> Cue<'a> {
        Cue { kernels: self.kernels, state: &state.0, known: masked.then_some(&known.0[..]) }
    }
}

/// The nearer of two, the first on a tie.
fn nearest(best: (usize, u16), other: Option<(u16, usize)>) -> (usize, u16) {
    let (distance, row) = other.map_or((best.1, best.0), |other| other.min((best.1, best.0)));
    (row, distance)
}
