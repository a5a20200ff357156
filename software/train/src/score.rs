//! How well a decoder recalls: exact answers and right bits, counted.

use crate::{
    baselines::Hebbian,
    recall_float::{FloatMemory, nearest_recall},
};
use hopgate_model::{
    bits::{BitMatrix, hamming},
    engine::{Engine, Search},
    memory::{DEFAULT_MAX_STEPS, MAX_NEURONS, Memory},
    reference,
};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// Anything that turns a cue into an answer.
#[derive(Clone, Copy)]
pub enum Decoder<'a> {
    /// The trained model in floating point, with this many steps at most.
    Float(&'a FloatMemory<'a>, u32),
    /// A quantised memory.
    Memory(&'a Memory),
    /// The nearest of these patterns: the best exact recall that there is.
    Nearest(&'a BitMatrix),
    /// The classical Hopfield network, with the default number of steps at most.
    Hebbian(&'a Hebbian),
}

impl Decoder<'_> {
    /// The answer to a packed cue, and whether it converged.
    pub fn answer(&self, cue: &[u64]) -> (Vec<u64>, bool) {
        match self {
            Decoder::Float(memory, max_steps) => {
                let answer = memory.recall(cue, *max_steps);
                (answer.state, answer.converged)
            }
            Decoder::Memory(memory) => {
                let answer = reference::recall(memory, cue);
                (answer.state, answer.converged)
            }
            Decoder::Nearest(patterns) => (patterns.row(nearest_recall(patterns, cue).0).to_vec(), true),
            Decoder::Hebbian(network) => {
                let answer = network.recall(cue, DEFAULT_MAX_STEPS);
                (answer.state, answer.converged)
            }
        }
    }
}

/// Counts over a set of cues.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// The cues.
    pub cues: u64,
    /// Answers that are the stored pattern, bit for bit.
    pub exact: u64,
    /// Answers that converged.
    pub converged: u64,
    /// Wrong bits over all answers.
    pub wrong_bits: u64,
    /// Bits of an answer.
    pub neurons: u64,
}

impl Score {
    /// The fraction of answers that are exact.
    pub fn exact_recall(&self) -> f64 {
        self.exact as f64 / self.cues.max(1) as f64
    }

    /// The fraction of right bits.
    pub fn bit_accuracy(&self) -> f64 {
        1.0 - self.wrong_bits as f64 / (self.cues * self.neurons).max(1) as f64
    }

    /// The mean overlap `m = 1 - 2d/N` of the answers with their patterns.
    pub fn mean_overlap(&self) -> f64 {
        2.0 * self.bit_accuracy() - 1.0
    }
}

/// Recalls every cue; cue `q` belongs to pattern `q % P`, as [`hopgate_model::noise::cues`] makes them.
///
/// A memory is recalled by the [`Engine`], whose answers are the reference's, and the nearest pattern found by the [`Search`].
pub fn score(decoder: Decoder, patterns: &BitMatrix, cues: &BitMatrix) -> Score {
    let counted = |q: usize, state: &[u64], converged: bool| {
        let wrong = u64::from(hamming(state, patterns.row(q % patterns.rows())));
        (u64::from(wrong == 0), u64::from(converged), wrong)
    };
    let answers: Vec<(u64, u64, u64)> = match decoder {
        Decoder::Nearest(patterns) if patterns.rows() > 0 && patterns.cols() <= MAX_NEURONS => {
            let found = Search::new(patterns).each(cues).into_iter().enumerate();
            found.map(|(q, nearest)| counted(q, patterns.row(nearest), true)).collect()
        }
        Decoder::Memory(memory) => {
            Engine::new(memory).each(cues, |q, recall, scratch| counted(q, scratch.state(), recall.converged))
        }
        _ => {
            let one = |q: usize| {
                let (state, converged) = decoder.answer(cues.row(q));
                counted(q, &state, converged)
            };
            (0..cues.rows()).into_par_iter().map(one).collect()
        }
    };
    let sum = |a: (u64, u64, u64), b: (u64, u64, u64)| (a.0 + b.0, a.1 + b.1, a.2 + b.2);
    let (exact, converged, wrong_bits) = answers.into_iter().fold((0, 0, 0), sum);
    Score { cues: cues.rows() as u64, exact, converged, wrong_bits, neurons: patterns.cols() as u64 }
}

/// Whether a memory answers each cue by its pattern, bit for bit; cue `q` belongs to pattern `q % P`.
///
/// ```
/// use hopgate_model::{kernel::KernelMode, noise};
/// let patterns = noise::random(20, 64, 1);
/// let memory = hopgate_train::quantize::training_free(&patterns, 0.5, 8, KernelMode::Normalised, 30)?;
/// assert!(hopgate_train::score::exact(&memory, &patterns).iter().all(|&e| e));
/// # Ok::<(), hopgate_model::Error>(())
/// ```
pub fn exact(memory: &Memory, cues: &BitMatrix) -> Vec<bool> {
    let patterns = memory.patterns();
    Engine::new(memory).each(cues, |q, _, scratch| scratch.state() == patterns.row(q % patterns.rows()))
}

/// The exact recall of a memory, and that of a plain search for the nearest pattern: both answer each cue, and the search is the
/// first half of the memory's first step.
pub fn beside_nearest(memory: &Memory, cues: &BitMatrix) -> (f64, f64) {
    let patterns = memory.patterns();
    let own = |q: usize| patterns.row(q % patterns.rows());
    let right = Engine::new(memory)
        .each(cues, |q, recall, scratch| (scratch.state() == own(q), patterns.row(recall.cue_nearest) == own(q)));
    let share = |f: fn(&(bool, bool)) -> bool| right.iter().filter(|r| f(r)).count() as f64 / right.len().max(1) as f64;
    (share(|r| r.0), share(|r| r.1))
}

/// The mean number of patterns that contribute to a step, over all steps of the recalls of these cues; and the
/// mean number of steps.
pub fn mean_candidates_and_steps(memory: &Memory, cues: &BitMatrix) -> (f64, f64) {
    let one = |q: usize| {
        let (mut state, mut candidates, mut steps) = (cues.row(q).to_vec(), 0u64, 0u64);
        loop {
            candidates += reference::candidates(memory, &state) as u64;
            steps += 1;
            let next = reference::step(memory, &state).state;
            if next == state || steps == u64::from(memory.parts().max_steps) {
                return (candidates, steps);
            }
            state = next;
        }
    };
    let (candidates, steps) =
        (0..cues.rows()).into_par_iter().map(one).reduce(|| (0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
    (candidates as f64 / steps.max(1) as f64, steps as f64 / cues.rows().max(1) as f64)
}
