//! How well a decoder recalls: exact answers and right bits, counted.

use crate::recall_float::{FloatMemory, nearest_recall};
use hopgate_model::{
    bits::{BitMatrix, hamming},
    corrupt::Asked,
    engine::{Engine, Search},
    memory::{MAX_NEURONS, Memory},
    reference,
};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// Anything that turns a cue into an answer.
pub trait Decoder: Sync {
    /// The answer to a packed cue, and whether it converged.
    fn answer(&self, cue: &[u64]) -> (Vec<u64>, bool);

    /// Calls `count` with the number, the answer and the convergence of each cue, on any thread; what it returns, in the order of the
    /// cues.
    fn each(&self, cues: &BitMatrix, count: &(dyn Fn(usize, &[u64], bool) -> Counted + Sync)) -> Vec<Counted> {
        let one = |q: usize| {
            let (state, converged) = self.answer(cues.row(q));
            count(q, &state, converged)
        };
        (0..cues.rows()).into_par_iter().map(one).collect()
    }
}

/// One answer, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// Whether it converged.
    pub converged: bool,
    /// Its wrong bits.
    pub wrong: u32,
}

/// A trained model in floating point, with this many steps at most.
pub struct Float<'a>(pub &'a FloatMemory<'a>, pub u32);

impl Decoder for Float<'_> {
    fn answer(&self, cue: &[u64]) -> (Vec<u64>, bool) {
        let answer = self.0.recall(cue, self.1);
        (answer.state, answer.converged)
    }
}

/// A quantised memory. The [`Engine`] recalls it, whose answers are the reference's.
impl Decoder for Memory {
    fn answer(&self, cue: &[u64]) -> (Vec<u64>, bool) {
        let answer = reference::recall(self, cue);
        (answer.state, answer.converged)
    }

    fn each(&self, cues: &BitMatrix, count: &(dyn Fn(usize, &[u64], bool) -> Counted + Sync)) -> Vec<Counted> {
        Engine::new(self).each(cues, |q, recall, scratch| count(q, scratch.state(), recall.converged))
    }
}

/// The nearest of these patterns: the best exact recall that there is.
pub struct Nearest<'a>(pub &'a BitMatrix);

impl Decoder for Nearest<'_> {
    fn answer(&self, cue: &[u64]) -> (Vec<u64>, bool) {
        (self.0.row(nearest_recall(self.0, cue).0).to_vec(), true)
    }

    fn each(&self, cues: &BitMatrix, count: &(dyn Fn(usize, &[u64], bool) -> Counted + Sync)) -> Vec<Counted> {
        if self.0.rows() == 0 || self.0.cols() > MAX_NEURONS {
            // beyond what the search takes
            let one = |q: usize| count(q, &self.answer(cues.row(q)).0, true);
            return (0..cues.rows()).into_par_iter().map(one).collect();
        }
        let found = Search::new(self.0).each(cues).into_iter().enumerate();
        found.map(|(q, nearest)| count(q, self.0.row(nearest), true)).collect()
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
pub fn score(decoder: &dyn Decoder, patterns: &BitMatrix, cues: &BitMatrix) -> Score {
    let answers = decoder.each(cues, &|q, state, converged| Counted {
        converged,
        wrong: hamming(state, patterns.row(q % patterns.rows())),
    });
    let mut score = Score { cues: cues.rows() as u64, neurons: patterns.cols() as u64, ..Score::default() };
    for Counted { converged, wrong } in answers {
        score.exact += u64::from(wrong == 0);
        score.converged += u64::from(converged);
        score.wrong_bits += u64::from(wrong);
    }
    score
}

/// Whether a memory answers each cue by its pattern, bit for bit; cue `q` belongs to pattern `q % P`.
///
/// ```
/// use hopgate_model::noise;
/// let patterns = noise::random(20, 64, 1);
/// let memory = hopgate_train::quantizer::training_free(&patterns, 0.5, &Default::default())?;
/// assert!(hopgate_train::scoring::exact(&memory, &patterns).iter().all(|&e| e));
/// # Ok::<(), hopgate_model::Error>(())
/// ```
pub fn exact<'a>(memory: &Memory, cues: impl Into<Asked<'a>>) -> Vec<bool> {
    let (patterns, Asked { bits, masks }) = (memory.patterns(), cues.into());
    Engine::new(memory).each_masked(bits, masks, |q, _, scratch| scratch.state() == patterns.row(q % patterns.rows()))
}

/// The exact recall of a memory, and that of a nearest-pattern search: both answer each cue, and the search is the
/// first half of the memory's first step.
pub fn beside_nearest<'a>(memory: &Memory, cues: impl Into<Asked<'a>>) -> (f64, f64) {
    let (patterns, Asked { bits, masks }) = (memory.patterns(), cues.into());
    let own = |q: usize| patterns.row(q % patterns.rows());
    let right = Engine::new(memory).each_masked(bits, masks, |q, recall, scratch| {
        (scratch.state() == own(q), patterns.row(recall.cue_nearest) == own(q))
    });
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
