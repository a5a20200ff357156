//! `--gamma auto`: trains at several gammas and keeps the one that recalls held-out noisy cues best.

use crate::{
    progress::{Progress, ProgressFn},
    recall_float::FloatMemory,
    score::{score, Decoder, Score},
    train::{gamma_from_noise, train, TrainOptions},
};
use hopgate_model::{bits::BitMatrix, memory::DEFAULT_MAX_STEPS, noise, Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};

/// The gammas that are always tried, from broad to sharp.
pub const CANDIDATES: [f64; 9] = [0.02, 0.04, 0.08, 0.12, 0.16, 0.2, 0.3, 0.4, 0.55];
/// The KKT residual at which a trial is good enough to compare recalls.
const SEARCH_TOLERANCE: f64 = 1e-3;
/// Added to the seed, so that a study with the same seed never sees the cues that chose gamma.
const SEED_OFFSET: u64 = 0x6761_6d6d_6100;

/// What to search with.
#[derive(Debug, Clone, PartialEq)]
pub struct AutoOptions {
    /// How to train; its gamma is not used.
    pub train: TrainOptions,
    /// The gammas to try. The one of the noise is tried as well.
    pub candidates: Vec<f64>,
    /// The flip probability of the cues.
    pub noise: f64,
    /// The seed of the cues.
    pub seed: u64,
    /// Noisy cues per pattern ...
    pub cues_per_pattern: usize,
    /// ... but not more than this in all, unless there are more patterns.
    pub most_cues: usize,
}

impl AutoOptions {
    /// Every default around these training options: 10 % flips, eight cues per pattern.
    pub fn new(train: TrainOptions) -> Self {
        let candidates = CANDIDATES.to_vec();
        AutoOptions { train, candidates, noise: 0.1, seed: 1, cues_per_pattern: 8, most_cues: 4096 }
    }
}

/// One gamma that was tried.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tried {
    /// The gamma.
    pub gamma: f64,
    /// Whether it is the one that fits the noise.
    pub of_noise: bool,
    /// How the float model recalls, unless training failed.
    pub score: Option<Score>,
    /// Why training failed.
    pub failed: Option<String>,
}

/// The gamma that was chosen, and everything that was tried.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AutoSearch {
    /// The best gamma.
    pub gamma: f64,
    /// The flip probability of the cues.
    pub noise: f64,
    /// The seed of the cues.
    pub seed: u64,
    /// Everything tried, in ascending order of gamma.
    pub tried: Vec<Tried>,
    /// What a plain search for the nearest pattern makes of the same cues.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nearest: Option<Score>,
}

/// Searches for the gamma with the best exact recall of noisy cues by the float model; on a tie the better
/// bit accuracy wins, then the larger gamma: the sharper the kernel, the fewer patterns vote, and the shorter a step is.
///
/// `progress` counts candidates.
///
/// # Errors
/// [`ErrorKind::Usage`] for options out of range; the last error when no candidate could be trained.
pub fn search_gamma(patterns: &BitMatrix, options: &AutoOptions, progress: &ProgressFn) -> Result<AutoSearch> {
    let of_noise = gamma_from_noise(options.noise)?;
    if patterns.rows() == 0 {
        return Err(Error::new(ErrorKind::Value, "there are no patterns to train on"));
    }
    // a listed gamma within two percent of the noise's own would only cost time
    let mut gammas: Vec<f64> =
        options.candidates.iter().copied().filter(|g| (g / of_noise - 1.0).abs() > 0.02).collect();
    gammas.push(of_noise);
    gammas.sort_by(f64::total_cmp);
    gammas.dedup();
    let p = patterns.rows();
    let count = (p * options.cues_per_pattern.max(1)).min(options.most_cues.max(p));
    let cues = noise::cues(patterns, count, options.noise, options.seed.wrapping_add(SEED_OFFSET));
    let mut tried = Vec::new();
    let mut last_error = None;
    for (done, &gamma) in gammas.iter().enumerate() {
        let tolerance = options.train.tolerance.max(SEARCH_TOLERANCE);
        let trial = TrainOptions { gamma, tolerance, ..options.train.clone() };
        let mut outcome = Tried { gamma, of_noise: gamma == of_noise, score: None, failed: None };
        match train(patterns, &trial, &|_| ()) {
            Ok(trained) => {
                let memory = FloatMemory::of(&trained.model)?;
                outcome.score = Some(score(Decoder::Float(&memory, DEFAULT_MAX_STEPS), patterns, &cues));
            }
            Err(e) if e.kind() == ErrorKind::Failed => {
                outcome.failed = Some(e.to_string());
                last_error = Some(e);
            }
            Err(e) => return Err(e),
        }
        tried.push(outcome);
        progress(Progress { done: done + 1, total: gammas.len(), residual: 0.0 });
    }
    match best(&tried) {
        Some(gamma) => {
            let nearest = Some(score(Decoder::Nearest(patterns), patterns, &cues));
            Ok(AutoSearch { gamma, noise: options.noise, seed: options.seed, tried, nearest })
        }
        None => Err(last_error.unwrap_or_else(|| Error::usage("there is no gamma to try"))),
    }
}

/// More exact answers, then fewer wrong bits, then the larger gamma (fewer candidates); all scores are of the same cues.
fn best(tried: &[Tried]) -> Option<f64> {
    let scored = tried.iter().filter_map(|t| t.score.map(|s| (t.gamma, s)));
    let better = |a: &(f64, Score), b: &(f64, Score)| {
        (a.1.exact.cmp(&b.1.exact)).then(b.1.wrong_bits.cmp(&a.1.wrong_bits)).then(a.0.total_cmp(&b.0))
    };
    scored.max_by(better).map(|(gamma, _)| gamma)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tried(gamma: f64, exact: u64, wrong_bits: u64) -> Tried {
        let score = Some(Score { cues: 10, exact, converged: 10, wrong_bits, neurons: 8 });
        Tried { gamma, of_noise: false, score, failed: None }
    }

    #[test]
    fn ties_go_to_the_bits_and_then_to_the_larger_gamma() {
        assert_eq!(best(&[tried(0.1, 5, 9), tried(0.2, 6, 99), tried(0.3, 5, 1)]), Some(0.2));
        assert_eq!(best(&[tried(0.1, 6, 9), tried(0.2, 6, 8), tried(0.3, 5, 1)]), Some(0.2));
        assert_eq!(best(&[tried(0.1, 6, 8), tried(0.3, 6, 8), tried(0.2, 6, 8)]), Some(0.3));
        assert_eq!(best(&[Tried { score: None, ..tried(0.1, 0, 0) }]), None);
    }
}
