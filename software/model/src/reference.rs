//! The integer reference: the oracle that everything else is compared with.
//!
//! Small, obvious and slow on purpose. It is the numeric contract, written down:
//!
//! ```text
//! d[mu] = popcount(s XOR xi[mu])
//! e[mu] = d[mu] - min d   (normalised)   or   d[mu]   (fixed)
//! h[i]  = sum over mu of ( O[e[mu]] + sum over j of (2*b[j][mu][i] - 1) * W_j[e[mu]] )
//! s'[i] = 1 if h[i] >= 0 else 0
//! ```

use crate::{
    bits::{hamming, set_bit, words_for},
    kernel::KernelMode,
    memory::Memory,
};
use alloc::{vec, vec::Vec};

/// One synchronous update of all neurons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The next state, packed.
    pub state: Vec<u64>,
    /// The fields `h`, one per neuron.
    pub field: Vec<i64>,
    /// The Hamming distance of the state that entered from every pattern.
    pub distances: Vec<u32>,
    /// The pattern nearest to it (the lowest index on a tie).
    pub nearest: usize,
    /// Its Hamming distance.
    pub distance: u32,
}

/// What a recall answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The final state, packed.
    pub state: Vec<u64>,
    /// Steps evaluated, the unchanging one included.
    pub steps: u32,
    /// Whether the last step changed nothing.
    pub converged: bool,
    /// The pattern nearest to the state that entered the last step.
    pub nearest: usize,
    /// Its Hamming distance.
    pub distance: u32,
    /// The fields of the last step.
    pub field: Vec<i64>,
}

/// The distances of a packed state from every pattern.
pub fn distances(memory: &Memory, state: &[u64]) -> Vec<u32> {
    (0..memory.patterns().rows()).map(|mu| hamming(state, memory.patterns().row(mu))).collect()
}

/// One step from a packed state of `N` bits.
pub fn step(memory: &Memory, state: &[u64]) -> Step {
    let n = memory.neurons();
    let d = distances(memory, state);
    let distance = *d.iter().min().expect("a memory has at least one pattern");
    let nearest = d.iter().position(|&x| x == distance).expect("the minimum is in the list");
    let base = match memory.parts().kernel_mode {
        KernelMode::Normalised => distance,
        KernelMode::Fixed => 0,
    };
    let mut field = vec![0i64; n];
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
    let mut next = vec![0; words_for(n)];
    for (i, &h) in field.iter().enumerate() {
        set_bit(&mut next, i, h >= 0);
    }
    Step { state: next, field, distances: d, nearest, distance }
}

/// Steps until nothing changes, or `max_steps` were evaluated.
pub fn recall(memory: &Memory, cue: &[u64]) -> Answer {
    recall_seen(memory, cue, |_, _| ())
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
pub fn recall_seen(memory: &Memory, cue: &[u64], mut seen: impl FnMut(&[u64], &Step)) -> Answer {
    let mut state = cue.to_vec();
    let mut steps = 0;
    loop {
        let now = step(memory, &state);
        seen(&state, &now);
        steps += 1;
        let converged = now.state == state;
        if converged || steps == memory.parts().max_steps {
            let Step { state, field, nearest, distance, .. } = now;
            return Answer { state, steps, converged, nearest, distance, field };
        }
        state = now.state;
    }
}

/// The nearest pattern as the answer, in one step: the search that every recall is compared with.
///
/// The answer is a fixed point of the search, so it is `converged` after its one step; there are no fields (they are
/// zero). Nearest pattern and distance are those of the cue.
pub fn nearest(memory: &Memory, cue: &[u64]) -> Answer {
    let d = distances(memory, cue);
    let distance = *d.iter().min().expect("a memory has at least one pattern");
    let nearest = d.iter().position(|&x| x == distance).expect("the minimum is in the list");
    let state = memory.patterns().row(nearest).to_vec();
    Answer { state, steps: 1, converged: true, nearest, distance, field: vec![0; memory.neurons()] }
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
