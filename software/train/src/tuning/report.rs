//! What the tuned quantiser tried, and what came of it.

use super::DECISIVE;
use crate::quantizer::QuantizeReport;
use hopgate_model::memory::Memory;
use serde::{Deserialize, Serialize};

/// A draft at one sharpness, on the selection cues.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tried {
    /// How it was made: `tables`, `bits from shared`, ...
    pub draft: String,
    /// The power of its tables.
    pub sharpness: f64,
    /// The cues it had: all, or one per pattern if it was far behind or left more stored patterns than `shared`.
    pub cues: usize,
    /// Its exact recall of them.
    #[serde(rename = "exact_recall")]
    pub exact: f64,
    /// Stored patterns that do not stand still.
    pub unstable: usize,
}

/// The same cues recalled by two memories.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Paired {
    /// The cues.
    pub cues: usize,
    /// The exact recall of the memory that `shared` makes.
    pub shared: f64,
    /// The exact recall of the other one.
    pub tuned: f64,
    /// `tuned - shared`.
    pub gain: f64,
    /// The standard error of the gain, from the cues on which the two differ.
    pub standard_error: f64,
}

impl Paired {
    /// Compares answers to the same cues, at least one.
    ///
    /// ```
    /// let p = hopgate_train::tuning::Paired::of(&[true, false, false, true], &[true, true, true, false]);
    /// assert_eq!((p.shared, p.tuned, p.gain), (0.5, 0.75, 0.25));
    /// // differences 0, 1, 1, -1: their variance is 11/16, and that of their mean 11/64
    /// assert_eq!(p.standard_error, (11.0f64 / 64.0).sqrt());
    /// ```
    pub fn of(shared: &[bool], tuned: &[bool]) -> Self {
        let n = shared.len().max(1) as f64;
        let part = |count: usize| count as f64 / n;
        let right = |answers: &[bool]| part(answers.iter().filter(|&&a| a).count());
        let differ = part(shared.iter().zip(tuned).filter(|(a, b)| a != b).count());
        let gain = right(tuned) - right(shared);
        let standard_error = ((differ - gain * gain).max(0.0) / n).sqrt();
        Paired { cues: shared.len(), shared: right(shared), tuned: right(tuned), gain, standard_error }
    }

    /// Whether the gain is beyond chance.
    pub fn is_decisive(&self) -> bool {
        self.gain > 0.0 && self.gain >= DECISIVE * self.standard_error
    }
}

/// What was tried, and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TuneReport {
    /// What happened to the cues, as text.
    pub corruptions: Vec<String>,
    /// The seed of all cues.
    pub seed: u64,
    /// Every draft at every sharpness, on the selection cues.
    pub tried: Vec<Tried>,
    /// The index of the best of them; none if all leave more stored patterns than `shared` does.
    pub best: Option<usize>,
    /// The best against `shared` on the deciding cues.
    pub decision: Option<Paired>,
    /// Whether the best replaced `shared`; otherwise the memory is that of `shared`.
    pub replaced: bool,
    /// The memory that was returned against `shared`, on fresh cues.
    pub fresh: Paired,
    /// The memory as a quantiser's report has it. The levels are those of a pattern at `e = 0`, scaled to fit the
    /// dual weights, so its error says how far tuning went from what was trained.
    pub quantize: QuantizeReport,
}

/// A tuned memory and the report of its making.
#[derive(Debug, Clone)]
pub struct Tuned {
    /// The memory.
    pub memory: Memory,
    /// How it came about.
    pub report: TuneReport,
}
