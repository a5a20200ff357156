//! The search for gamma: recalls held-out noisy cues at several gammas and keeps the one that recalls them best.
//!
//! What is recalled is the memory that needs no training: `alpha = xi`, one plane. At the optimum the sign of every dual weight is the
//! stored bit, so this is also what training and one bit per weight come to, and at the gamma of the noise its vote is the posterior
//! one, which no dual weights improve on. Its recall is that of the integer engine, so a gamma costs a few microseconds a cue and no training.

use crate::{
    options::setters,
    quantizer::{MemoryOptions, training_free},
    scoring::{Nearest, Score, score},
};
use hopgate_model::{
    Error, ErrorKind, Result,
    bits::BitMatrix,
    kernel,
    noise::{self, Purpose, Seed},
    progress::{Progress, Watch},
};
use serde::{Deserialize, Serialize};

/// The gammas that are always tried, from broad to sharp.
pub const CANDIDATES: [f64; 9] = [0.02, 0.04, 0.08, 0.12, 0.16, 0.2, 0.3, 0.4, 0.55];
/// The widest columns: a kernel is cut off as late as integers can.
const KERNEL_BITS: u32 = 16;

/// What to search with.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct GammaOptions {
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

setters!(GammaOptions {
    candidates: Vec<f64>,
    noise: f64,
    seed: u64,
    cues_per_pattern: usize,
    most_cues: usize,
});

impl GammaOptions {
    /// Every default for this flip probability: the usual candidates, eight cues per pattern.
    pub fn new(noise: f64) -> Self {
        GammaOptions { candidates: CANDIDATES.to_vec(), noise, seed: 1, cues_per_pattern: 8, most_cues: 4096 }
    }
}

/// One gamma that was tried.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tried {
    /// The gamma.
    pub gamma: f64,
    /// Whether it is the one that fits the noise.
    pub of_noise: bool,
    /// How the training-free memory recalls.
    pub score: Score,
}

/// The gamma that was chosen, and everything that was tried.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GammaSearch {
    /// The best gamma.
    pub gamma: f64,
    /// The flip probability of the cues.
    pub noise: f64,
    /// The seed of the cues.
    pub seed: u64,
    /// Everything tried, in ascending order of gamma.
    pub tried: Vec<Tried>,
    /// What a nearest-pattern search makes of the same cues.
    pub nearest: Score,
}

/// The gamma that fits independent flips of probability `p`: see [`kernel::gamma_of_noise`].
///
/// # Errors
/// [`ErrorKind::Usage`] unless `0 < p < 0.5`: without noise, or with nothing but noise, there is no such gamma.
pub fn gamma_from_noise(p: f64) -> Result<f64> {
    if p > 0.0 && p < 0.5 {
        return Ok(kernel::gamma_of_noise(p));
    }
    Err(Error::usage(format!("the flip probability is {p}, but must be greater than 0 and less than 0.5"))
        .hint("0.1 means that one bit in ten of a cue is wrong"))
}

/// Searches for the gamma at which the training-free memory has the best exact recall of noisy cues; on a tie the better
/// bit accuracy wins, then the larger gamma: the sharper the kernel, the fewer patterns vote, and the shorter a step is.
///
/// `watch` counts candidates.
///
/// ```
/// use hopgate_model::noise;
/// use hopgate_train::search::{search_gamma, GammaOptions};
/// let found = search_gamma(&noise::random(100, 30, 1), &GammaOptions::new(0.1), &|_| ())?;
/// // far too broad a kernel lets too many of these patterns vote
/// assert!(found.gamma > 0.1 && found.tried[0].score.exact < found.nearest.exact);
/// # Ok::<(), hopgate_model::Error>(())
/// ```
///
/// # Errors
/// [`ErrorKind::Usage`] for options out of range, [`ErrorKind::Value`] for patterns that make no memory.
pub fn search_gamma(patterns: &BitMatrix, options: &GammaOptions, watch: &dyn Watch) -> Result<GammaSearch> {
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
    let cues = noise::cues(patterns, count, options.noise, Seed::from(options.seed).of(Purpose::GammaSearch, 0));
    let mut tried = Vec::new();
    for (done, &gamma) in gammas.iter().enumerate() {
        watch.go_on()?;
        let memory = training_free(patterns, gamma, &MemoryOptions::default().kernel_bits(KERNEL_BITS))?;
        let score = score(&memory, patterns, &cues);
        tried.push(Tried { gamma, of_noise: gamma == of_noise, score });
        watch.at(Progress::of(done + 1, gammas.len()));
    }
    let nearest = score(&Nearest(patterns), patterns, &cues);
    Ok(GammaSearch {
        gamma: best(&tried).unwrap_or(of_noise),
        noise: options.noise,
        seed: options.seed,
        tried,
        nearest,
    })
}

/// More exact answers, then fewer wrong bits, then the larger gamma (fewer candidates); all scores are of the same cues.
fn best(tried: &[Tried]) -> Option<f64> {
    let better = |a: &&Tried, b: &&Tried| {
        let (x, y) = (a.score, b.score);
        (x.exact.cmp(&y.exact)).then(y.wrong_bits.cmp(&x.wrong_bits)).then(a.gamma.total_cmp(&b.gamma))
    };
    tried.iter().max_by(better).map(|t| t.gamma)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tried(gamma: f64, exact: u64, wrong_bits: u64) -> Tried {
        let score = Score { cues: 10, exact, converged: 10, wrong_bits, neurons: 8 };
        Tried { gamma, of_noise: false, score }
    }

    #[test]
    fn ties_go_to_the_bits_and_then_to_the_larger_gamma() {
        assert_eq!(best(&[tried(0.1, 5, 9), tried(0.2, 6, 99), tried(0.3, 5, 1)]), Some(0.2));
        assert_eq!(best(&[tried(0.1, 6, 9), tried(0.2, 6, 8), tried(0.3, 5, 1)]), Some(0.2));
        assert_eq!(best(&[tried(0.1, 6, 8), tried(0.3, 6, 8), tried(0.2, 6, 8)]), Some(0.3));
    }
}
