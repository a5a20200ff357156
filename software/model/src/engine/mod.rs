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
//! * Where it pays, patterns are compared by their heads first: what is too far by those bits alone is too far.
//! * Only the candidates touch the sums: `2*A[i] >= T` instead of `h[i] >= 0`, as in the hardware.
//! * Candidates of the same weight are counted by full adders on whole rows, sixteen at a time, and the counts added.
//! * Keys that nothing but the scan reads are turned over: only the columns in which a cue is not as usual are counted (`columns.rs`).
//! * Where most patterns vote, eight rows at a time are turned over, and the sums of their weights looked up. Of few outputs, the sums are products
//!   of bytes (`turned.rs`).
//! * A later step moves the state by `c` bits, so no distance falls by more than `c`. Only the patterns that may then be in reach
//!   are measured again; mostly that is one.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(feature = "std")]
mod batch;
mod candidates;
mod columns;
#[cfg(target_arch = "x86_64")]
mod columns512;
#[cfg(target_arch = "x86_64")]
mod dense;
mod distances;
mod head;
mod kernels;
mod keys;
mod measured;
#[cfg(target_arch = "aarch64")]
mod neon;
#[cfg(target_arch = "x86_64")]
mod plan;
mod portable;
mod ranked;
mod rows;
#[cfg(target_arch = "x86_64")]
mod scan512;
mod scratch;
mod search;
mod slab;
mod state;
mod tally;
#[cfg(feature = "std")]
mod tile;
mod turned;
mod vote;
#[cfg(target_arch = "x86_64")]
mod weigh;

pub(crate) use distances::{Distances, Room};
pub use kernels::Isa;
pub use scratch::{Recall, Scratch};
pub use search::{Search, SearchScratch};

use crate::{bits::words_for, kernel::KernelMode, kind::Kind, memory::Memory, reference::Mask};
use alloc::{vec, vec::Vec};
use kernels::{COLUMN_MULTIPLE, Kernels, SUMS_MULTIPLE, TOGETHER};
use keys::Keys;
use measured::{Measured, Trust};
use rows::Rows;
use state::State;
use turned::Turned;

/// From this many candidates on they are sorted by class.
const SORTED: usize = 24;
/// With fewer outputs than this, sorting takes longer than what it saves.
const WIDE: usize = 257;
/// From one pattern in so many on, all are added.
const MOST: usize = 3;
/// Planes of at most so many outputs are turned over: they take a byte for each bit.
const TURNED: usize = 32;
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

/// What there is to a cue besides its bits; they are in the [`Scratch`].
#[derive(Clone, Copy)]
struct Partial {
    /// Not all bits are known.
    masked: bool,
    /// The known ones are kept in every step.
    held: bool,
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
        let reach = memory.reach();
        let limit = |least: u32| match memory.parts().kernel_mode {
            KernelMode::Normalised => least + reach,
            KernelMode::Fixed => least.max(reach),
        };
        let keys = Keys::best(memory.patterns(), kernels, memory.kind().answers_keys(), limit);
        Some(Self::of(memory, kernels, keys))
    }

    /// The same with a head of so many 64-bit words for every pattern; with 0, patterns are scanned whole. Answers are the same with any.
    /// [`Self::with`] chooses what pays for cues with flips of one bit in ten.
    pub fn with_head(memory: &Memory, isa: Isa, words: usize) -> Option<Self> {
        let kernels = Kernels::of(isa)?;
        let keys = Keys::of(memory.patterns(), kernels, memory.kind().answers_keys(), Some(words));
        Some(Self::of(memory, kernels, keys))
    }

    fn of(memory: &Memory, kernels: Kernels, patterns: Keys) -> Self {
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
        Engine {
            kernels,
            turned: few.then(|| {
                let columns: Vec<&[u32]> = memory.kernel().iter().map(|w| &w[..entries]).collect();
                Turned::of(memory.planes(), &columns)
            }),
            patterns,
            planes: memory.planes()[..stored].iter().map(Rows::of).collect(),
            // an entry has at most 16 bits, and a distance is at most the neurons
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
        }
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

    /// Bits by which patterns are compared first, if they are.
    pub fn heads(&self) -> Option<usize> {
        self.patterns.head_bits()
    }

    /// Bytes that this memory takes: rows with their padding, and tables.
    pub fn storage_bytes(&self) -> usize {
        let rows = self.patterns.storage_bytes() + self.planes.iter().map(Rows::storage_bytes).sum::<usize>();
        let rows = rows + self.turned.as_ref().map_or(0, Turned::storage_bytes);
        rows + self.kernel.iter().map(|w| 2 * w.len()).sum::<usize>() + 2 * self.classes.len() + 4 * self.offset.len()
    }

    /// Bits that a state must have room for.
    fn state_bits(&self) -> usize {
        self.patterns.state_bits().max(self.outputs)
    }

    /// Room for recalls.
    pub fn scratch(&self) -> Scratch {
        let (outputs, p) = (self.outputs, self.patterns.rows());
        let state = State::room(self.state_bits());
        let steps = if self.kind == Kind::Sequence { self.max_steps as usize } else { 0 };
        Scratch {
            kind: self.kind,
            outputs,
            path: vec![0; steps * words_for(outputs)],
            next: state.clone(),
            anchor: state.clone(),
            cue: state.clone(),
            known: state.clone(),
            state,
            distances: Measured::room(&self.patterns),
            trust: Trust::default(),
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
        if !self.adds_all || self.turned.is_some() {
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
        let mut room = State::room(self.state_bits());
        room.load(state, self.neurons());
        self.patterns.scan(0, self.cue(&room, None), &mut distances[..self.patterns.rows()])
    }

    /// Answers a packed cue of `N` bits: steps until nothing changes or the memory's `max_steps` were evaluated, or the one step of a
    /// value or a class. What it answers is in the scratch.
    ///
    /// # Panics
    /// When the cue has too few words, or the scratch belongs to an engine of another shape.
    pub fn recall(&self, cue: &[u64], scratch: &mut Scratch) -> Recall {
        let partial = self.load(cue, None, scratch);
        self.steps(partial, None, scratch)
    }

    /// The same of a cue of which only some bits are known.
    ///
    /// # Panics
    /// As [`Self::recall`], and when the mask has too few words.
    pub fn recall_masked(&self, cue: &[u64], mask: Mask, scratch: &mut Scratch) -> Recall {
        let partial = self.load(cue, Some(mask), scratch);
        self.steps(partial, None, scratch)
    }

    /// Takes a cue into the scratch.
    fn load(&self, cue: &[u64], mask: Option<Mask>, scratch: &mut Scratch) -> Partial {
        let n = self.neurons();
        scratch.state.load(cue, n);
        let Some(mask) = mask else { return Partial { masked: false, held: false } };
        scratch.known.load(mask.known, n);
        scratch.state.keep(&scratch.known);
        scratch.cue.copy(&scratch.state);
        Partial { masked: !mask.is_full(n), held: mask.clamp && self.kind == Kind::Auto }
    }

    /// The steps from the state in the scratch. `least`: the smallest of its distances, where these are there already.
    fn steps(&self, Partial { masked, held }: Partial, least: Option<u16>, scratch: &mut Scratch) -> Recall {
        let mut recall =
            Recall { steps: 0, converged: false, nearest: 0, distance: 0, known: false, candidates: 0, cue_nearest: 0 };
        loop {
            let now = masked && recall.steps == 0;
            // distances over some of the bits say nothing about those over all
            let anew = recall.steps == 0 || masked && recall.steps == 1;
            let found = self.candidates(scratch, anew, now, least.filter(|_| recall.steps == 0), &mut recall);
            if recall.steps == 0 {
                recall.cue_nearest = recall.nearest;
            }
            self.vote(scratch, found);
            recall.candidates += found as u64;
            self.decide(scratch);
            let Scratch { state, next, cue, known, path, .. } = &mut *scratch;
            if held {
                next.hold(cue, known);
            }
            recall.steps += 1;
            let same = !now && next.same(state);
            core::mem::swap(state, next);
            let end = recall.steps == self.max_steps;
            let last = match self.kind {
                Kind::Auto => same || end,
                Kind::Map | Kind::Class => true,
                Kind::Sequence => {
                    let words = words_for(self.outputs);
                    let place = words * (recall.steps as usize - 1);
                    path[place..place + words].copy_from_slice(&state.0[..words]);
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
}
