//! The integer reference: the oracle that everything else is compared with.
//!
//! Small, obvious and slow on purpose. It is the numeric contract, version 2, written down:
//!
//! ```text
//! d[mu] = popcount((s XOR xi[mu]) AND m)                  m: the known bits, all of them by default
//! e[mu] = d[mu] - min d   (normalised)   or   d[mu]   (fixed)
//! h[i]  = sum over mu of ( O[e[mu]] + sum over j of (2*b[j][mu][i] - 1) * W_j[e[mu]] )        i < M
//! ```
//!
//! | kind | answer |
//! |---|---|
//! | auto | `s' = [h >= 0]`, until nothing changes |
//! | map | one step: the bits `[h >= 0]` |
//! | class | one step: the greatest field, the lowest index on a tie |
//! | sequence | as auto, `max_steps` steps, each of which is an answer |

use crate::{
    bits::{set_bit, words_for},
    classes,
    kernel::KernelMode,
    kind::Kind,
    memory::Memory,
};
use alloc::{vec, vec::Vec};

/// Which bits of a cue are known. The mask holds in the first step; then every bit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mask<'a> {
    /// The known bits, packed. The others count for no distance, and are taken as zero.
    pub known: &'a [u64],
    /// Whether the known bits of the cue are kept in every step: [`Kind::Auto`] only.
    pub clamp: bool,
}

impl Mask<'_> {
    /// Whether all of `neurons` bits are known.
    pub fn is_full(&self, neurons: usize) -> bool {
        (0..neurons).all(|i| crate::bits::bit(self.known, i))
    }
}

/// The masks of many cues, (Q, N): 1 is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Masks<'a> {
    /// The known bits of each cue; one row serves all.
    pub known: &'a crate::bits::BitMatrix,
    /// As in [`Mask`].
    pub clamp: bool,
}

impl<'a> Masks<'a> {
    /// The mask of a cue.
    ///
    /// # Panics
    /// When there are fewer rows, but more than one.
    pub fn of(&self, cue: usize) -> Mask<'a> {
        let row = if self.known.rows() == 1 { 0 } else { cue };
        Mask { known: self.known.row(row), clamp: self.clamp }
    }
}

/// One synchronous update of all outputs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The bits `[h >= 0]`, packed, one per output: where the answer is a key, the next state.
    pub state: Vec<u64>,
    /// The fields `h`, one per output.
    pub field: Vec<i64>,
    /// The Hamming distance of the state that entered from every pattern, over the known bits.
    pub distances: Vec<u32>,
    /// The pattern nearest to it (the lowest index on a tie).
    pub nearest: usize,
    /// Its Hamming distance.
    pub distance: u32,
}

/// The two classes that scored most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ranking {
    /// The class with the greatest field, the lowest index on a tie.
    pub class: usize,
    /// Its field.
    pub score: i64,
    /// The greatest of the others, the lowest index on a tie.
    pub second: usize,
    /// By how much its field is less; 0 on a tie.
    pub margin: i64,
}

impl Ranking {
    /// Of the fields of at least two classes.
    ///
    /// ```
    /// use hopgate_model::reference::Ranking;
    /// assert_eq!(Ranking::of(&[3, 7, 7]), Ranking { class: 1, score: 7, second: 2, margin: 0 });
    /// ```
    ///
    /// # Panics
    /// When there are fewer.
    pub fn of(field: &[i64]) -> Self {
        // of equal ones `max_by_key` takes the last, so the order is turned
        let best = |of: &dyn Fn(usize) -> bool| (0..field.len()).rev().filter(|&c| of(c)).max_by_key(|&c| field[c]);
        let class = best(&|_| true).expect("a class");
        let second = best(&|c| c != class).expect("two classes");
        Ranking { class, score: field[class], second, margin: field[class] - field[second] }
    }
}

/// What a recall answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The final state, or the value, packed; nothing of a class.
    pub state: Vec<u64>,
    /// Steps evaluated, the unchanging one included.
    pub steps: u32,
    /// Whether the last step changed nothing. Where one step is all that there is: yes.
    pub converged: bool,
    /// The pattern nearest to the state that entered the last step.
    pub nearest: usize,
    /// Its Hamming distance.
    pub distance: u32,
    /// Whether that is at most the memory's radius.
    pub known: bool,
    /// The fields of the last step.
    pub field: Vec<i64>,
    /// The classes that scored most, of a [`Kind::Class`].
    pub ranking: Option<Ranking>,
    /// The state after every step, of a [`Kind::Sequence`]; else nothing.
    pub path: Vec<Vec<u64>>,
    /// Of a [ranked readout](listed), the patterns nearest to the cue: index and distance, in order. Else nothing.
    pub ranked: Vec<(usize, u32)>,
    /// Of such a readout of a [`Kind::Class`], the [class](crate::classes::of_patterns) of each of them. Else nothing.
    pub ranked_class: Vec<u32>,
}

/// The distances of a packed state from every pattern.
pub fn distances(memory: &Memory, state: &[u64]) -> Vec<u32> {
    distances_known(memory, state, None)
}

/// The same over the bits that are known; none: over all of them.
pub fn distances_known(memory: &Memory, state: &[u64], known: Option<&[u64]>) -> Vec<u32> {
    let word = |i: usize, x: u64| (state[i] ^ x) & known.map_or(u64::MAX, |known| known[i]);
    let of = |row: &[u64]| row.iter().enumerate().map(|(i, &x)| word(i, x).count_ones()).sum();
    (0..memory.patterns().rows()).map(|mu| of(memory.patterns().row(mu))).collect()
}

/// One step from a packed state of `N` bits, all of which are known.
pub fn step(memory: &Memory, state: &[u64]) -> Step {
    step_known(memory, state, None)
}

/// One step from a packed state of `N` bits, of which these are known.
pub fn step_known(memory: &Memory, state: &[u64], known: Option<&[u64]>) -> Step {
    let m = memory.outputs();
    let d = distances_known(memory, state, known);
    let distance = *d.iter().min().expect("a memory has at least one pattern");
    let nearest = d.iter().position(|&x| x == distance).expect("the minimum is in the list");
    let base = match memory.parts().kernel_mode {
        KernelMode::Normalised => distance,
        KernelMode::Fixed => 0,
    };
    let mut field = vec![0i64; m];
    for (mu, &d) in d.iter().enumerate() {
        let e = (d - base) as usize;
        if e > memory.reach() as usize {
            continue; // every entry from there on is zero
        }
        for (i, h) in field.iter_mut().enumerate() {
            *h += i64::from(memory.offset()[e]);
            for (plane, column) in memory.planes().iter().zip(memory.kernel()) {
                let w = i64::from(column[e]);
                *h += if plane.get(mu, i) { w } else { -w };
            }
        }
    }
    let mut next = vec![0; words_for(m)];
    for (i, &h) in field.iter().enumerate() {
        set_bit(&mut next, i, h >= 0);
    }
    Step { state: next, field, distances: d, nearest, distance }
}

/// The answer to a cue, all of whose bits are known.
pub fn recall(memory: &Memory, cue: &[u64]) -> Answer {
    recall_seen(memory, cue, |_, _| ())
}

/// The answer to a cue of which some bits are known.
///
/// ```
/// # use hopgate_model::{bits::BitMatrix, kernel, memory::{Memory, Parts}, reference::{self, Mask}};
/// let patterns = BitMatrix::from_fn(2, 9, |mu, i| (mu == 1) == (i < 4));
/// let columns = kernel::columns(9, 0.5, &[1.0], 0.0, 8);
/// let memory = Memory::new(Parts { planes: vec![patterns.clone()], kernel: columns.weights, ..Parts::of(patterns) })?;
/// // only the first bit is known, and it is one
/// let answer = reference::recall_masked(&memory, &[1], Mask { known: &[1], clamp: false });
/// assert_eq!((answer.nearest, answer.steps, answer.state), (1, 2, vec![0b1111]));
/// # Ok::<(), hopgate_model::Error>(())
/// ```
pub fn recall_masked(memory: &Memory, cue: &[u64], mask: Mask) -> Answer {
    recall_masked_seen(memory, cue, Some(mask), |_, _| ())
}

/// As [`recall`]; `seen` is shown every step, with the state that it was taken from.
///
/// ```
/// # use hopgate_model::{bits::BitMatrix, kernel, memory::{Memory, Parts}, reference};
/// let patterns = BitMatrix::from_fn(2, 9, |mu, i| (mu == 1) == (i < 4));
/// let columns = kernel::columns(9, 0.5, &[1.0], 0.0, 8);
/// let memory = Memory::new(Parts { planes: vec![patterns.clone()], kernel: columns.weights, ..Parts::of(patterns) })?;
/// let mut steps = 0;
/// let answer = reference::recall_seen(&memory, &[0b1110], |_, _| steps += 1);
/// assert_eq!((answer.steps, steps), (2, 2));
/// # Ok::<(), hopgate_model::Error>(())
/// ```
pub fn recall_seen(memory: &Memory, cue: &[u64], seen: impl FnMut(&[u64], &Step)) -> Answer {
    recall_masked_seen(memory, cue, None, seen)
}

/// As [`recall_masked`], or as [`recall`] without a mask; `seen` is shown every step, with the state that it was taken from.
pub fn recall_masked_seen(
    memory: &Memory,
    cue: &[u64],
    mask: Option<Mask>,
    mut seen: impl FnMut(&[u64], &Step),
) -> Answer {
    let kind = memory.kind();
    let mask = mask.filter(|mask| !mask.is_full(memory.neurons()) || mask.clamp);
    // what is not known is taken as zero
    let cue: Vec<u64> =
        cue.iter().enumerate().map(|(i, &word)| word & mask.map_or(u64::MAX, |mask| mask.known[i])).collect();
    let (mut state, mut steps, mut path) = (cue.clone(), 0, Vec::new());
    loop {
        let first = mask.filter(|mask| steps == 0 && !mask.is_full(memory.neurons()));
        let mut now = step_known(memory, &state, first.map(|mask| mask.known));
        if let Some(mask) = mask.filter(|mask| mask.clamp && kind == Kind::Auto) {
            let held = now.state.iter_mut().zip(&cue).zip(mask.known);
            held.for_each(|((word, &cue), &known)| *word = *word & !known | cue & known);
        }
        seen(&state, &now);
        steps += 1;
        // a step in which bits were unknown says nothing about the next one, in which all are known
        let same = first.is_none() && now.state == state;
        let (converged, last) = match kind {
            Kind::Auto => (same, same || steps == memory.parts().max_steps),
            Kind::Sequence => (same, steps == memory.parts().max_steps),
            Kind::Map | Kind::Class => (true, true),
        };
        if kind == Kind::Sequence {
            path.push(now.state.clone());
        }
        if last {
            let Step { state, field, nearest, distance, .. } = now;
            let ranking = (kind == Kind::Class).then(|| Ranking::of(&field));
            let state = if ranking.is_some() { Vec::new() } else { state };
            let known = distance <= memory.radius();
            return Answer {
                state,
                steps,
                converged,
                nearest,
                distance,
                known,
                field,
                ranking,
                path,
                ranked: Vec::new(),
                ranked_class: Vec::new(),
            };
        }
        state = now.state;
    }
}

/// The nearest pattern as the answer, in one step: the search that every recall is compared with.
///
/// The answer is a fixed point of the search, so it is `converged` after its one step; there are no fields (they are
/// zero). Nearest pattern and distance are those of the cue.
pub fn nearest(memory: &Memory, cue: &[u64]) -> Answer {
    nearest_known(memory, cue, None)
}

/// As [`nearest`], over the bits of the cue that are known; none: all of them.
pub fn nearest_known(memory: &Memory, cue: &[u64], known: Option<&[u64]>) -> Answer {
    let d = distances_known(memory, cue, known);
    let distance = *d.iter().min().expect("a memory has at least one pattern");
    let nearest = d.iter().position(|&x| x == distance).expect("the minimum is in the list");
    let (state, field) = (memory.patterns().row(nearest).to_vec(), vec![0; memory.neurons()]);
    let known = distance <= memory.radius();
    Answer {
        state,
        steps: 1,
        converged: true,
        nearest,
        distance,
        known,
        field,
        ranking: None,
        path: Vec::new(),
        ranked: Vec::new(),
        ranked_class: Vec::new(),
    }
}

/// The answer of a ranked readout: of the patterns within this reach, of the nearest one or of the cue as the kernel's mode has it, the
/// nearest ones, at most so many, by distance and then by index. The cue is known in these bits; none: in all of them.
///
/// Nearest pattern and distance are those of the first in the list. Where there is none, both are 0, and the answer is not `converged`.
///
/// ```
/// # use hopgate_model::{bits::BitMatrix, memory::{Memory, Parts}, reference};
/// let patterns = BitMatrix::from_fn(4, 8, |mu, i| i < 2 * mu);
/// let memory = Memory::new(Parts { planes: vec![patterns.clone()], kernel: vec![vec![1; 9]], ..Parts::of(patterns) })?;
/// let answer = reference::listed(&memory, &[0b111], None, 2, 3);
/// assert_eq!(answer.ranked, [(1, 1), (2, 1), (0, 3)]);
/// assert_eq!(reference::listed(&memory, &[0b111], None, 1, 3).ranked.len(), 2);
/// # Ok::<(), hopgate_model::Error>(())
/// ```
pub fn listed(memory: &Memory, cue: &[u64], known: Option<&[u64]>, reach: u32, most: usize) -> Answer {
    let mut ranked = within(memory, distances_known(memory, cue, known), reach);
    ranked.truncate(most);
    let classes = classes::of_patterns(memory);
    let ranked_class = classes.map_or(Vec::new(), |of| ranked.iter().map(|&(mu, _)| of[mu]).collect());
    let &(nearest, distance) = ranked.first().unwrap_or(&(0, 0));
    Answer {
        state: Vec::new(),
        steps: 1,
        converged: !ranked.is_empty(),
        nearest,
        distance,
        known: distance <= memory.radius(),
        field: vec![0; memory.neurons()],
        ranking: None,
        path: Vec::new(),
        ranked,
        ranked_class,
    }
}

/// Of all patterns, those within this reach, by distance and then by index.
fn within(memory: &Memory, distances: Vec<u32>, reach: u32) -> Vec<(usize, u32)> {
    let mut all: Vec<(usize, u32)> = distances.into_iter().enumerate().collect();
    // stable: of equal distances the lowest index comes first
    all.sort_by_key(|&(_, d)| d);
    let base = match memory.parts().kernel_mode {
        KernelMode::Normalised => all[0].1,
        KernelMode::Fixed => 0,
    };
    all.retain(|&(_, d)| d - base <= reach);
    all
}

/// Which patterns a ranked answer lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Top {
    /// So many, the nearest.
    Nearest(usize),
    /// The candidates: all within the reach.
    Reach,
}

/// The patterns nearest to a cue, over the bits that are known, all by default: index and distance, ordered by (distance, index).
///
/// ```
/// # use hopgate_model::{bits::BitMatrix, memory::{Memory, Parts}, reference::{self, Top}};
/// let patterns = BitMatrix::from_fn(4, 8, |mu, i| i < 2 * mu);
/// let mut kernel = vec![0; 9];
/// kernel[..3].copy_from_slice(&[9, 3, 1]);
/// let memory = Memory::new(Parts { planes: vec![patterns.clone()], kernel: vec![kernel], ..Parts::of(patterns) })?;
/// assert_eq!(reference::ranked(&memory, &[0b111], None, Top::Nearest(3)), [(1, 1), (2, 1), (0, 3)]);
/// assert_eq!(reference::ranked(&memory, &[0b111], None, Top::Reach).len(), 4);
/// # Ok::<(), hopgate_model::Error>(())
/// ```
pub fn ranked(memory: &Memory, cue: &[u64], known: Option<&[u64]>, top: Top) -> Vec<(usize, u32)> {
    let distances = distances_known(memory, cue, known);
    match top {
        Top::Nearest(most) => {
            let mut all = within(memory, distances, memory.neurons() as u32);
            all.truncate(most);
            all
        }
        Top::Reach => within(memory, distances, memory.reach()),
    }
}

/// The patterns that contribute to a step: those within reach of the nearest one (normalised) or of
/// the state (fixed).
pub fn candidates(memory: &Memory, state: &[u64]) -> usize {
    let d = distances(memory, state);
    let base = match memory.parts().kernel_mode {
        KernelMode::Normalised => d.iter().min().copied().unwrap_or(0),
        KernelMode::Fixed => 0,
    };
    d.iter().filter(|&&x| x - base <= memory.reach()).count()
}
