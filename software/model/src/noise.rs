//! The one generator of noisy cues. The same seed gives the same cues on every machine.

use crate::bits::BitMatrix;
use rand::Rng;
use rand_chacha::{rand_core::SeedableRng, ChaCha8Rng};

/// A generator for one purpose: the seed and a stream number, so that independent things drawn from
/// one seed never share a sequence.
pub fn rng(seed: u64, stream: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(stream);
    rng
}

/// A draw of 53 bits is below this with probability `p`: an integer, so that no floating-point rounding differs
/// between machines.
pub(crate) fn threshold(p: f64) -> u64 {
    (p.clamp(0.0, 1.0) * 2f64.powi(53)) as u64
}

/// Flips every bit independently with probability `p`.
///
/// ```
/// use hopgate_model::{bits::BitMatrix, noise};
/// let m = BitMatrix::zeros(4, 100);
/// assert_eq!(noise::flips(&m, 0.1, 7), noise::flips(&m, 0.1, 7));
/// ```
pub fn flips(rows: &BitMatrix, p: f64, seed: u64) -> BitMatrix {
    let mut rng = rng(seed, 1);
    let threshold = threshold(p);
    BitMatrix::from_fn(rows.rows(), rows.cols(), |r, c| rows.get(r, c) ^ (rng.random::<u64>() >> 11 < threshold))
}

/// `count` noisy cues: the rows in turn (0, 1, .., rows-1, 0, ..), each with independent flips of
/// probability `p`. Cue `q` belongs to row `q % rows`.
pub fn cues(rows: &BitMatrix, count: usize, p: f64, seed: u64) -> BitMatrix {
    let order: Vec<usize> = (0..count).map(|q| q % rows.rows()).collect();
    flips(&rows.select(&order), p, seed)
}

/// A matrix of fair random bits.
pub fn random(rows: usize, cols: usize, seed: u64) -> BitMatrix {
    let mut rng = rng(seed, 0);
    BitMatrix::from_fn(rows, cols, |_, _| rng.random::<u64>() >> 63 == 1)
}
