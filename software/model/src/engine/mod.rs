//! The fast recall: answer for answer that of [`mod@crate::reference`], checked against it by properties.
//!
//! ```
//! use hopgate_model::{bits::BitMatrix, engine::Engine, kernel::KernelMode, memory::{Memory, Parts}};
//! // 50 patterns of 100 neurons, one plane that is the patterns themselves
//! let patterns = BitMatrix::from_fn(50, 100, |mu, i| (mu + 1) * (i + 3) * (i + 3) % 101 < 50);
//! let mut kernel = vec![0; 101];
//! kernel[..4].copy_from_slice(&[255, 30, 4, 1]);
//! let memory = Memory::new(Parts { planes: vec![patterns.clone()], kernel: vec![kernel], ..Parts::of(patterns) })?;
//!
//! let engine = Engine::new(&memory);
//! let mut scratch = engine.scratch(); // room for one recall: no other memory is taken
//! let mut cue = memory.patterns().row(7).to_vec();
//! cue[0] ^= 0b101; // two wrong bits
//! let recall = engine.recall(&cue, &mut scratch);
//! assert!(recall.converged && recall.nearest == 7 && scratch.state() == memory.patterns().row(7));
//! # Ok::<(), hopgate_model::Error>(())
//! ```
//!
//! # How
//!
//! * Rows are packed to bits; the top plane is not stored again where it is the patterns.
//! * The distances of a step are population counts of whole vectors. `Isa` says which vectors: the best that the processor has.
//! * Only the candidates touch the sums: `2*A[i] >= T` instead of `h[i] >= 0`, as in the hardware.
//! * Candidates of the same weight are counted by full adders on whole rows, fifteen at a time, and the counts added.
//! * Where most patterns vote, eight rows at a time are turned over, and the sums of their weights looked up.
//! * A later step moves the state by `c` bits, so no distance falls by more than `c`. Only the patterns that may then be in reach
//!   are measured again; mostly that is one.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(feature = "std")]
mod batch;
#[cfg(target_arch = "x86_64")]
mod dense;
mod distances;
mod kernels;
mod keys;
#[cfg(target_arch = "aarch64")]
mod neon;
mod portable;
mod rows;
mod search;
mod turned;
#[cfg(target_arch = "x86_64")]
mod weigh;

pub(crate) use distances::{Distances, Room};
pub use kernels::Isa;
pub use search::{Search, SearchScratch};

use crate::{
    bits::words_for,
    kernel::KernelMode,
    kind::Kind,
    memory::{MAX_NEURONS, Memory},
    reference::{Answer, Mask, Ranking},
};
use alloc::{vec, vec::Vec};
use kernels::{COLUMN_MULTIPLE, Kernels, SUMS_MULTIPLE, State, TOGETHER};
use keys::Keys;
use rows::Rows;
use turned::Turned;

/// From this many candidates on they are sorted by class.
const SORTED: usize = 24;
/// With fewer outputs than this, sorting takes longer than what it saves.
const WIDE: usize = 257;
/// From one pattern in so many on, all are added.
const MOST: usize = 3;
/// Planes of at most so many outputs are turned over.
const TURNED: usize = 64;
/// Then, from one pattern in so many on, all are added.
const MOST_TURNED: usize = 16;
/// A later step measures every pattern again unless at most one in so many may be in reach.
const FEW: usize = 16;

/// A memory that is ready to recall many cues. See the [module](self) for an example.
#[derive(Debug, Clone)]
pub struct Engine {
    kernels: Kernels,
    patterns: Keys,
    /// Every plane, or all but the top one where that is the patterns.
    planes: Vec<Rows>,
    /// The planes once more, for few outputs, where [`Self::adds_all`].
    turned: Option<Turned>,
    /// The class of every excess up to the reach: excesses with the same entries in every column share one.
    classes: Vec<u16>,
    /// The columns of every plane, an entry for each class.
    kernel: Vec<Vec<u16>>,
    /// The offset of each class; empty where all are zero.
    offset: Vec<i32>,
    /// Whether to add all patterns by vectors where most of them vote: the vectors can, and a group of entries cannot overflow.
    adds_all: bool,
    mode: KernelMode,
    kind: Kind,
    /// Bits of a value, or classes; the neurons where the answer is a key.
    outputs: usize,
    reach: u16,
    radius: u32,
    max_steps: u32,
}

/// What of a cue is not known, or held.
struct Partial {
    /// The known bits, where not all are.
    known: Option<State>,
    /// The cue and its known bits, where these are kept in every step.
    held: Option<(State, State)>,
}

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

/// Room for the recalls of one [`Engine`], one after the other.
#[derive(Debug, Clone)]
pub struct Scratch {
    kind: Kind,
    outputs: usize,
    state: State,
    /// The states after every step of a sequence, one behind the other.
    path: Vec<u64>,
    /// The state that the distances belong to.
    anchor: State,
    distances: Vec<u16>,
    /// The candidates of a step, by index.
    list: Vec<u32>,
    /// The class of how much farther than the nearest (normalised) or how far (fixed) each of them is.
    class: Vec<u16>,
    /// The weight of each of them in one plane.
    weights: Vec<u16>,
    /// The candidates by class, and where each class begins.
    sorted: Vec<u32>,
    begins: Vec<u32>,
    /// The entries of every plane by the excess, for steps in which most patterns vote; none where that is no matter of its own.
    columns: Vec<Vec<u16>>,
    /// In such a step, the distance whose excess is zero.
    most: Option<u16>,
    /// And the weights as bytes, where the planes are turned over.
    bytes: Vec<u8>,
    /// `A[i]`, and what no longer fits there.
    sums: Vec<u16>,
    wide: Vec<u64>,
    spilled: bool,
    /// `T`.
    threshold: i64,
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
    fn sum(&self, i: usize) -> i64 {
        if self.spilled { self.wide[i] as i64 } else { self.sums[i].into() }
    }

    /// The last recall as the reference would report it. It takes memory for the answer.
    pub fn answer(&self, recall: Recall) -> Answer {
        let Recall { steps, converged, nearest, distance, known, .. } = recall;
        let ranking = self.ranking();
        let state = if ranking.is_some() { Vec::new() } else { self.state().to_vec() };
        let path = self.path().map(<[u64]>::to_vec).collect();
        let field = self.field().collect();
        Answer { state, steps, converged, nearest, distance, known, field, ranking, path }
    }

    /// Moves the sums to where there is more room.
    fn spill(&mut self, kernels: Kernels) {
        if !self.spilled {
            self.wide.fill(0);
            self.spilled = true;
        }
        kernels.spill(&mut self.sums, &mut self.wide);
    }
}

impl Engine {
    /// Packs a memory for the best vectors that the processor has.
    pub fn new(memory: &Memory) -> Self {
        let best = Isa::available().into_iter().find_map(|isa| Self::with(memory, isa));
        best.expect("the portable loops run everywhere")
    }

    /// Packs a memory for these vectors; `None` where the processor does not have them.
    pub fn with(memory: &Memory, isa: Isa) -> Option<Self> {
        let kernels = Kernels::of(isa)?;
        let entries = memory.reach() as usize + 1;
        let stored = memory.planes().len() - usize::from(memory.top_plane_is_pattern());
        let offset = &memory.offset()[..entries];
        let mut starts: Vec<usize> = Vec::new();
        let classes = (0..entries).map(|e| {
            let alike = |&start: &usize| memory.kernel().iter().all(|w| w[start] == w[e]) && offset[start] == offset[e];
            let class = starts.iter().position(alike).unwrap_or(starts.len());
            starts.extend((class == starts.len()).then_some(e));
            class as u16
        });
        let classes = classes.collect();
        let largest = memory.kernel().iter().flatten().copied().max().unwrap_or(0);
        let adds_all = kernels.adds_all() && largest as usize * TOGETHER <= usize::from(u16::MAX);
        let few = adds_all && !memory.kind().answers_keys() && memory.outputs() <= TURNED;
        Some(Engine {
            kernels,
            turned: few.then(|| Turned::of(memory.planes(), largest)),
            patterns: Keys::of(memory.patterns(), kernels, memory.kind().answers_keys()),
            planes: memory.planes()[..stored].iter().map(Rows::of).collect(),
            // an entry has at most 16 bits, and a distance is at most `MAX_NEURONS`
            kernel: memory.kernel().iter().map(|w| starts.iter().map(|&e| w[e] as u16).collect()).collect(),
            offset: if offset.iter().all(|&o| o == 0) {
                Vec::new()
            } else {
                starts.iter().map(|&e| offset[e]).collect()
            },
            classes,
            adds_all,
            mode: memory.parts().kernel_mode,
            kind: memory.kind(),
            outputs: memory.outputs(),
            reach: memory.reach() as u16,
            radius: memory.radius(),
            max_steps: memory.parts().max_steps,
        })
    }

    /// The vectors in use.
    pub fn isa(&self) -> Isa {
        self.kernels.isa()
    }

    /// Neurons, `N`.
    pub fn neurons(&self) -> usize {
        self.patterns.cols()
    }

    /// Outputs, `M`: bits of a value, or classes; `N` where the answer is a key.
    pub fn outputs(&self) -> usize {
        self.outputs
    }

    /// Bytes that this memory takes: rows with their padding, and tables.
    pub fn storage_bytes(&self) -> usize {
        let rows = self.patterns.storage_bytes() + self.planes.iter().map(Rows::storage_bytes).sum::<usize>();
        let rows = rows + self.turned.as_ref().map_or(0, Turned::storage_bytes);
        rows + self.kernel.iter().map(|w| 2 * w.len()).sum::<usize>() + 2 * self.classes.len() + 4 * self.offset.len()
    }

    /// Room for recalls.
    pub fn scratch(&self) -> Scratch {
        let (outputs, p) = (self.outputs, self.patterns.rows());
        let state = State([0; MAX_NEURONS / 64]);
        let steps = if self.kind == Kind::Sequence { self.max_steps as usize } else { 0 };
        Scratch {
            kind: self.kind,
            outputs,
            path: vec![0; steps * words_for(outputs)],
            state,
            anchor: state,
            distances: vec![0; p],
            list: vec![0; p],
            class: vec![0; p],
            weights: vec![0; p],
            sorted: vec![0; p],
            begins: vec![0; self.kernel.first().map_or(0, Vec::len) + 1],
            columns: self.columns(),
            most: None,
            bytes: vec![0; self.turned.as_ref().map_or(0, Turned::room)],
            sums: vec![0; outputs.next_multiple_of(SUMS_MULTIPLE)],
            wide: vec![0; outputs.next_multiple_of(SUMS_MULTIPLE)],
            spilled: false,
            threshold: 0,
        }
    }

    /// The entries of every plane by the excess, padded with zeros.
    fn columns(&self) -> Vec<Vec<u16>> {
        if !self.adds_all {
            return Vec::new();
        }
        let spread = |column: &Vec<u16>| {
            let mut entries: Vec<u16> = self.classes.iter().map(|&c| column[usize::from(c)]).collect();
            entries.resize(entries.len().next_multiple_of(COLUMN_MULTIPLE), 0);
            entries
        };
        self.kernel.iter().map(spread).collect()
    }

    /// The distances of a packed state from every pattern, written to the front of `distances`, and the smallest: the first
    /// half of a step, alone.
    ///
    /// # Panics
    /// When the state has too few words, or there is no room for a distance for every pattern.
    pub fn distances(&self, state: &[u64], distances: &mut [u16]) -> u16 {
        self.patterns.scan(self.kernels, &self.load(state), distances)
    }

    /// Answers a packed cue of `N` bits: steps until nothing changes or the memory's `max_steps` were evaluated, or the one step of a
    /// value or a class. What it answers is in the scratch.
    ///
    /// # Panics
    /// When the cue has too few words, or the scratch belongs to an engine of another shape.
    pub fn recall(&self, cue: &[u64], scratch: &mut Scratch) -> Recall {
        scratch.state = self.load(cue);
        self.steps(None, scratch)
    }

    /// The same of a cue of which only some bits are known.
    ///
    /// # Panics
    /// As [`Self::recall`], and when the mask has too few words.
    pub fn recall_masked(&self, cue: &[u64], mask: Mask, scratch: &mut Scratch) -> Recall {
        let known = self.load(mask.known);
        scratch.state = self.load(cue).and(&known);
        let partial = !mask.is_full(self.neurons());
        let clamp = mask.clamp && self.kind == Kind::Auto;
        let held = clamp.then_some((scratch.state, known));
        self.steps(Some(Partial { known: partial.then_some(known), held }), scratch)
    }

    fn steps(&self, partial: Option<Partial>, scratch: &mut Scratch) -> Recall {
        let mut recall =
            Recall { steps: 0, converged: false, nearest: 0, distance: 0, known: false, candidates: 0, cue_nearest: 0 };
        let masked = partial.as_ref().and_then(|partial| partial.known);
        loop {
            let now = masked.filter(|_| recall.steps == 0);
            // distances over some of the bits say nothing about those over all
            let anew = recall.steps == 0 || masked.is_some() && recall.steps == 1;
            let found = self.candidates(scratch, anew, now.as_ref(), &mut recall);
            if recall.steps == 0 {
                recall.cue_nearest = recall.nearest;
            }
            self.vote(scratch, found);
            recall.candidates += found as u64;
            let mut next = self.decide(scratch);
            if let Some((cue, known)) = partial.as_ref().and_then(|partial| partial.held) {
                next = next.held(&cue, &known);
            }
            recall.steps += 1;
            let same = now.is_none() && next == scratch.state;
            scratch.state = next;
            let end = recall.steps == self.max_steps;
            let last = match self.kind {
                Kind::Auto => same || end,
                Kind::Map | Kind::Class => true,
                Kind::Sequence => {
                    let words = words_for(self.outputs);
                    let place = words * (recall.steps as usize - 1);
                    scratch.path[place..place + words].copy_from_slice(&next.0[..words]);
                    end
                }
            };
            if last {
                recall.converged = same || !self.kind.answers_keys();
                recall.known = recall.distance <= self.radius;
                return recall;
            }
        }
    }

    /// A packed state, with zeros behind the last neuron.
    fn load(&self, words: &[u64]) -> State {
        State::of(words, self.neurons())
    }

    /// Finds the nearest pattern, and the candidates with their classes; returns how many there are.
    fn candidates(&self, scratch: &mut Scratch, anew: bool, known: Option<&State>, recall: &mut Recall) -> usize {
        // where most voted, most do again
        if !anew
            && scratch.most.is_none()
            && let Some(found) = self.candidates_again(scratch, recall)
        {
            return found;
        }
        let Scratch { state, distances, list, class, anchor, .. } = scratch;
        let least = match known {
            None => self.patterns.scan(self.kernels, state, distances),
            Some(known) => self.patterns.scan_masked(state, known, distances),
        };
        *anchor = *state;
        // the first of the nearest
        self.kernels.select(distances, least, list);
        (recall.nearest, recall.distance) = (list[0] as usize, least.into());
        let base = match self.mode {
            KernelMode::Normalised => least,
            KernelMode::Fixed => 0,
        };
        let (all, p) = (distances.len(), if self.turned.is_some() { MOST_TURNED } else { MOST });
        let most = |found: usize| self.adds_all && found >= SORTED && p * found >= all;
        // no list is needed where all are added and none of them is told apart
        if self.turned.is_some() && self.offset.is_empty() {
            let found = self.kernels.count(distances, base + self.reach);
            scratch.most = most(found).then_some(base);
            if scratch.most.is_some() {
                return found;
            }
        }
        let found = self.kernels.select(distances, base + self.reach, list);
        scratch.most = most(found).then_some(base);
        if scratch.most.is_some() && self.offset.is_empty() {
            return found;
        }
        for (class, &mu) in class.iter_mut().zip(&list[..found]) {
            *class = self.classes[usize::from(distances[mu as usize] - base)];
        }
        found
    }

    /// As [`Self::candidates`], from the distances of an earlier state; `None` where too many patterns may be in reach.
    fn candidates_again(&self, scratch: &mut Scratch, recall: &mut Recall) -> Option<usize> {
        let Scratch { state, distances, list, class, sorted, anchor, .. } = scratch;
        // the nearest is at most this far, and nothing came nearer than by the bits that changed
        let known = state.distance_of_row(self.patterns.read(), recall.nearest) as u16;
        let moved = state.distance(anchor) as u16;
        let reached = self.kernels.select(distances, self.bound(known).saturating_add(moved), list);
        if reached > self.patterns.rows() / FEW && reached > 4 {
            return None;
        }
        // the new distances wait in the room for the sorted list
        let mut least = known;
        for (&mu, d) in list[..reached].iter().zip(sorted.iter_mut()) {
            *d = state.distance_of_row(self.patterns.read(), mu as usize);
            least = least.min(*d as u16);
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

    /// The distance up to which a pattern is a candidate or the nearest, if the nearest is this far.
    fn bound(&self, least: u16) -> u16 {
        match self.mode {
            KernelMode::Normalised => least + self.reach,
            KernelMode::Fixed => least.max(self.reach),
        }
    }

    /// `A` and `T` of the first `found` candidates.
    fn vote(&self, scratch: &mut Scratch, found: usize) {
        scratch.sums.fill(0);
        scratch.spilled = false;
        scratch.threshold = 0;
        if let Some(base) = scratch.most {
            return self.vote_all(scratch, found, base);
        }
        if found < SORTED || self.outputs < WIDE {
            return self.vote_each(scratch, found);
        }
        let mut used = 0;
        // a counting sort
        let Scratch { list, class, sorted, begins, .. } = scratch;
        begins.fill(0);
        class[..found].iter().for_each(|&c| begins[usize::from(c) + 1] += 1);
        (1..begins.len()).for_each(|c| begins[c] += begins[c - 1]);
        for (&mu, &c) in list.iter().zip(&class[..found]) {
            let place = &mut begins[usize::from(c)];
            sorted[*place as usize] = mu;
            *place += 1;
        }
        // now each entry says where its class ends
        let mut from = 0;
        for class in 0..scratch.begins.len() - 1 {
            let to = scratch.begins[class] as usize;
            if from < to {
                self.vote_alike(scratch, class, from..to, &mut used);
            }
            from = to;
        }
    }

    /// The votes of the first `found` candidates, one by one.
    fn vote_each(&self, scratch: &mut Scratch, found: usize) {
        let mut used = 0;
        for (j, column) in self.kernel.iter().enumerate() {
            let rows = self.planes.get(j).unwrap_or_else(|| self.patterns.read());
            let largest = usize::from(column.iter().copied().max().unwrap_or(0).max(1));
            // so many cannot overflow
            let room = usize::from(u16::MAX) / largest;
            let Scratch { class, weights, threshold, .. } = &mut *scratch;
            let weights = &mut weights[..found];
            weights.iter_mut().zip(&class[..found]).for_each(|(w, &class)| *w = column[usize::from(class)]);
            *threshold += weights.iter().map(|&w| i64::from(w)).sum::<i64>();
            let mut places = 0..found.min(room);
            while !places.is_empty() {
                used += places.len() * largest;
                if used > usize::from(u16::MAX) {
                    scratch.spill(self.kernels);
                    used = places.len() * largest;
                }
                let Scratch { list, weights, sums, .. } = &mut *scratch;
                self.kernels.add_each(rows, &list[places.clone()], &weights[places.clone()], sums);
                places = places.end..found.min(places.end + room);
            }
        }
        self.take_offsets(scratch, found);
    }

    /// The votes of the first `found` candidates, as if all patterns voted: `base` is the distance whose excess is zero.
    fn vote_all(&self, scratch: &mut Scratch, found: usize, base: u16) {
        if let Some(turned) = &self.turned {
            scratch.spill(self.kernels);
            let Scratch { columns, weights, distances, threshold, bytes, wide, .. } = &mut *scratch;
            for (j, column) in columns.iter().enumerate() {
                *threshold += i64::from(self.kernels.weigh(distances, base, column, weights));
                turned.add(self.kernels, j, weights, bytes, wide);
            }
            return self.take_offsets(scratch, found);
        }
        let limit = u32::from(u16::MAX);
        let mut used = 0;
        for (j, column) in self.kernel.iter().enumerate() {
            let rows = self.planes.get(j).unwrap_or_else(|| self.patterns.read());
            let Scratch { columns, weights, distances, .. } = &mut *scratch;
            let sum = self.kernels.weigh(distances, base, &columns[j], weights);
            scratch.threshold += i64::from(sum);
            // all at once, or whole groups that cannot overflow
            let largest = column.iter().copied().max().unwrap_or(0).max(1);
            let room = usize::from(u16::MAX / largest) / TOGETHER * TOGETHER;
            let room = if sum <= limit { scratch.weights.len() } else { room };
            for first in (0..scratch.weights.len()).step_by(room) {
                let places = first..scratch.weights.len().min(first + room);
                let sum = if sum <= limit {
                    sum
                } else {
                    scratch.weights[places.clone()].iter().map(|&w| u32::from(w)).sum()
                };
                used += sum;
                if used > limit {
                    scratch.spill(self.kernels);
                    used = sum;
                }
                let Scratch { weights, sums, .. } = &mut *scratch;
                self.kernels.add_all(rows, first, &weights[places], sums);
            }
        }
        self.take_offsets(scratch, found);
    }

    /// The offsets of the first `found` candidates.
    fn take_offsets(&self, scratch: &mut Scratch, found: usize) {
        if !self.offset.is_empty() {
            let offsets = scratch.class[..found].iter().map(|&class| i64::from(self.offset[usize::from(class)]));
            scratch.threshold -= offsets.sum::<i64>();
        }
    }

    /// Adds the votes of the candidates at these places of the sorted list, all of one class. `used` is what the largest of
    /// the sums may hold by now.
    fn vote_alike(&self, scratch: &mut Scratch, class: usize, places: core::ops::Range<usize>, used: &mut u32) {
        let count = places.len();
        let offset = self.offset.get(class).copied().unwrap_or(0);
        scratch.threshold -= count as i64 * i64::from(offset);
        for (j, column) in self.kernel.iter().enumerate() {
            let weight = u32::from(column[class]);
            if weight == 0 {
                continue;
            }
            scratch.threshold += count as i64 * i64::from(weight);
            let rows = self.planes.get(j).unwrap_or_else(|| self.patterns.read());
            let mut places = places.clone();
            while !places.is_empty() {
                // as many as cannot overflow
                let mut now = ((u32::from(u16::MAX) - *used) / weight) as usize;
                if now == 0 {
                    scratch.spill(self.kernels);
                    *used = 0;
                    now = (u32::from(u16::MAX) / weight) as usize;
                }
                let end = places.end.min(places.start + now);
                *used += (end - places.start) as u32 * weight;
                self.kernels.add(rows, &scratch.sorted[places.start..end], weight as u16, &mut scratch.sums);
                places.start = end;
            }
        }
    }

    /// The next state: the outputs with `2*A >= T`.
    fn decide(&self, scratch: &mut Scratch) -> State {
        let threshold = (scratch.threshold + 1).div_euclid(2);
        if scratch.spilled {
            scratch.spill(self.kernels);
            return self.kernels.decide_wide(&scratch.wide, threshold, self.outputs);
        }
        match u16::try_from(threshold.max(0)) {
            Ok(threshold) => self.kernels.decide(&scratch.sums, threshold, self.outputs),
            // no sum is that large
            Err(_) => State([0; MAX_NEURONS / 64]),
        }
    }
}
