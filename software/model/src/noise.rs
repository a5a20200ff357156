//! The one generator of noisy cues. The same seed gives the same cues on every machine.

mod seed;

pub use seed::{Purpose, Seed};

use crate::bits::BitMatrix;
use alloc::vec::Vec;
use core::ops::Range;
use rand::{Rng, RngCore};
use rand_chacha::ChaCha8Rng;

/// A generator: the seed and a stream number, so that bits of different kinds that are drawn from one seed never share a sequence.
pub fn rng(seed: impl Into<Seed>, stream: u64) -> ChaCha8Rng {
    seed.into().rng(stream)
}

/// Throws that come out true with a probability `p`: 53 bits of a draw are compared with an integer, so that no floating-point
/// rounding differs between machines.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Dice(u64);

impl Dice {
    pub fn of(p: f64) -> Self {
        Dice((p.clamp(0.0, 1.0) * 2f64.powi(53)) as u64)
    }

    pub fn throw(self, draw: u64) -> bool {
        draw >> 11 < self.0
    }
}

/// Flips every bit independently with probability `p`.
///
/// ```
/// use hopgate_model::{bits::BitMatrix, noise};
/// let m = BitMatrix::zeros(4, 100);
/// assert_eq!(noise::flips(&m, 0.1, 7), noise::flips(&m, 0.1, 7));
/// ```
pub fn flips(rows: &BitMatrix, p: f64, seed: impl Into<Seed>) -> BitMatrix {
    flips_from(rows, 0, p, seed)
}

/// Flips these rows as [`flips`] does those of a larger matrix of which they are the rows from number `first` on.
///
/// ```
/// use hopgate_model::{bits::BitMatrix, noise};
/// let m = BitMatrix::zeros(9, 100);
/// let part = noise::flips_from(&m.select(&[5, 6]), 5, 0.1, 7);
/// assert_eq!(part, noise::flips(&m, 0.1, 7).select(&[5, 6]));
/// ```
pub fn flips_from(rows: &BitMatrix, first: usize, p: f64, seed: impl Into<Seed>) -> BitMatrix {
    let mut noisy = rows.clone();
    flip(&mut noisy, first, p, seed.into(), FLIPS);
    noisy
}

/// Which bits of so many cues of `cols` bits are known, where each is unknown with probability `p` on its own: the cues with these numbers,
/// however many there are in all.
///
/// ```
/// use hopgate_model::noise;
/// let all = noise::known(0..9, 100, 0.5, 7);
/// assert_eq!(noise::known(5..7, 100, 0.5, 7), all.select(&[5, 6]));
/// assert!((0..9).all(|q| (20..80).contains(&(0..100).filter(|&i| all.get(q, i)).count())));
/// ```
pub fn known(numbers: Range<usize>, cols: usize, p: f64, seed: impl Into<Seed>) -> BitMatrix {
    let mut known = BitMatrix::from_fn(numbers.len(), cols, |_, _| true);
    flip(&mut known, numbers.start, p, seed.into(), ERASURES);
    known
}

/// The stream that says which bits are flipped.
const FLIPS: u64 = 1;
/// The stream that says which bits are unknown.
const ERASURES: u64 = 26;

/// [`flips_from`] in place, by the draws of this stream.
fn flip(rows: &mut BitMatrix, first: usize, p: f64, seed: Seed, stream: u64) {
    let dice = Dice::of(p);
    if dice.0 == 0 {
        return;
    }
    let mut rng = rng(seed, stream);
    // a draw for every bit, each of two words of the generator
    rng.set_word_pos(2 * first as u128 * rows.cols() as u128);
    let (mut draws, mut row) = ([0; 512], Vec::new());
    for r in 0..rows.rows() {
        row.clear();
        row.extend_from_slice(rows.row(r));
        let mut left = rows.cols();
        for word in &mut row {
            let draws = &mut draws[..8 * left.min(64)];
            left -= left.min(64);
            rng.fill_bytes(draws);
            for (c, draw) in draws.as_chunks::<8>().0.iter().enumerate() {
                *word ^= u64::from(dice.throw(u64::from_le_bytes(*draw))) << c;
            }
        }
        rows.set_row(r, &row);
    }
}

/// `count` noisy cues: the rows in turn (0, 1, .., rows-1, 0, ..), each with independent flips of
/// probability `p`. Cue `q` belongs to row `q % rows`.
pub fn cues(rows: &BitMatrix, count: usize, p: f64, seed: impl Into<Seed>) -> BitMatrix {
    cues_of(rows, 0..count, p, seed)
}

/// The cues of [`cues`] with these numbers, however many there are in all.
pub fn cues_of(rows: &BitMatrix, numbers: Range<usize>, p: f64, seed: impl Into<Seed>) -> BitMatrix {
    let order: Vec<usize> = numbers.clone().map(|q| q % rows.rows()).collect();
    let mut cues = rows.select(&order);
    flip(&mut cues, numbers.start, p, seed.into(), FLIPS);
    cues
}

/// A uniform number in `0..1`, a multiple of 2^-53.
pub fn unit(rng: &mut ChaCha8Rng) -> f64 {
    (rng.random::<u64>() >> 11) as f64 * 2f64.powi(-53)
}

/// A uniform integer in `0..bound`, without bias (D. Lemire, *Fast random integer generation in an interval*, 2019).
///
/// # Panics
/// When `bound` is zero.
pub fn below(rng: &mut ChaCha8Rng, bound: u64) -> u64 {
    loop {
        if let Some(number) = scaled(rng.random(), bound) {
            return number;
        }
    }
}

/// A draw of 64 bits as an integer in `0..bound`. The 2^64 draws do not divide evenly: the few that would favour some results give none.
fn scaled(draw: u64, bound: u64) -> Option<u64> {
    let uneven = bound.wrapping_neg() % bound;
    let product = u128::from(draw) * u128::from(bound);
    (product as u64 >= uneven).then_some((product >> 64) as u64)
}

/// Flips exactly `count` bits of every row (all of them, if there are fewer), every choice of that many equally likely.
///
/// ```
/// use hopgate_model::{bits::{hamming, BitMatrix}, noise};
/// let m = BitMatrix::zeros(4, 100);
/// let noisy = noise::exact_flips(&m, 10, 7);
/// assert!((0..4).all(|r| hamming(m.row(r), noisy.row(r)) == 10));
/// ```
pub fn exact_flips(rows: &BitMatrix, count: usize, seed: impl Into<Seed>) -> BitMatrix {
    let mut rng = rng(seed, 40);
    let mut noisy = rows.clone();
    let n = rows.cols();
    let mut columns: Vec<usize> = (0..n).collect();
    for r in 0..rows.rows() {
        // the first `count` places of a Fisher-Yates shuffle, which may start from any order
        for k in 0..count.min(n) {
            columns.swap(k, k + below(&mut rng, (n - k) as u64) as usize);
            noisy.set(r, columns[k], !noisy.get(r, columns[k]));
        }
    }
    noisy
}

/// `count` noisy cues as [`cues`] orders them, each with exactly `flips` bits flipped by [`exact_flips`].
pub fn exact_cues(rows: &BitMatrix, count: usize, flips: usize, seed: impl Into<Seed>) -> BitMatrix {
    let order: Vec<usize> = (0..count).map(|q| q % rows.rows()).collect();
    exact_flips(&rows.select(&order), flips, seed)
}

/// A matrix of fair random bits.
pub fn random(rows: usize, cols: usize, seed: impl Into<Seed>) -> BitMatrix {
    let mut rng = rng(seed, 0);
    BitMatrix::from_fn(rows, cols, |_, _| rng.random::<u64>() >> 63 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bits::hamming;
    use proptest::prelude::*;
    use rand::RngCore;

    proptest! {
        #[test]
        fn exact_noise_is_exact(rows in 1..5usize, cols in 1..150usize, flips in 0..160usize, seed in 0..99u64) {
            let m = random(rows, cols, seed);
            let cues = exact_cues(&m, rows * 2 + 1, flips, seed);
            for q in 0..cues.rows() {
                prop_assert_eq!(hamming(cues.row(q), m.row(q % rows)) as usize, flips.min(cols));
            }
            prop_assert_eq!(&cues, &exact_cues(&m, rows * 2 + 1, flips, seed));
        }
    }

    proptest! {
        #[test]
        fn cues_in_parts_are_the_cues(
            rows in 1..5usize, cols in 1..150usize, count in 1..20usize, cut in 0..20usize, p in 0.0..1.0f64, seed in 0..99u64,
        ) {
            let m = random(rows, cols, seed);
            let all = cues(&m, count, p, seed);
            // one draw a bit, as the stream has them
            let (mut rng, dice) = (super::rng(seed, 1), Dice::of(p));
            let slow = BitMatrix::from_fn(count, cols, |q, c| m.get(q % rows, c) ^ dice.throw(rng.next_u64()));
            prop_assert_eq!(&all, &slow);
            let cut = cut.min(count);
            for numbers in [0..cut, cut..count] {
                let part = cues_of(&m, numbers.clone(), p, seed);
                prop_assert_eq!(part, all.select(&numbers.collect::<Vec<_>>()));
            }
        }
    }

    #[test]
    fn every_subset_is_equally_likely() {
        // 10 subsets of 2 in 5; the counts of 20,000 draws have a deviation of 42
        let noisy = exact_flips(&BitMatrix::zeros(20_000, 5), 2, 3);
        let mut counts = [0u32; 32];
        (0..noisy.rows()).for_each(|r| counts[noisy.row(r)[0] as usize] += 1);
        for (subset, &count) in (0u32..).zip(&counts) {
            let expected = if subset.count_ones() == 2 { 1800..=2200 } else { 0..=0 };
            assert!(expected.contains(&count), "{subset:05b}: {count}");
        }
    }

    #[test]
    fn throws_at_the_edges() {
        assert!(Dice::of(1.0).throw(u64::MAX) && Dice::of(7.0).throw(u64::MAX));
        assert!(!Dice::of(0.0).throw(0) && !Dice::of(-7.0).throw(0));
        assert!(Dice::of(0.5).throw((1 << 63) - 1) && !Dice::of(0.5).throw(1 << 63));
        assert!(Dice::of(2f64.powi(-53)).throw(2047) && !Dice::of(2f64.powi(-53)).throw(2048));
    }

    #[test]
    fn draws_that_would_favour_some_results_give_none() {
        // 2^64 draws are one more than three times 2^64 / 3
        assert_eq!((scaled(0, 3), scaled(1, 3)), (None, Some(0)));
        assert_eq!(scaled(0xaaaa_aaaa_aaaa_aaab, 3), Some(2), "its product is just above 2 * 2^64");
        assert_eq!((scaled(0, 4), scaled(u64::MAX, 4)), (Some(0), Some(3)));
        // eight of 2^64 are left over by twelve
        let given = |n: u64| (n * 12..n * 12 + 12).filter(|&d| scaled(d, 12).is_some()).count();
        assert_eq!((given(0), given(1), scaled(u64::MAX, 12)), (11, 12, Some(11)));
    }

    #[test]
    fn noise_is_pinned() {
        // the same seed gives the same bytes on every machine and in every version
        let m = BitMatrix::zeros(2, 64);
        let words = |m: BitMatrix| (m.row(0)[0], m.row(1)[0]);
        assert_eq!(words(random(2, 64, 1)), (16135455934016588580, 752045714562992960));
        assert_eq!(words(flips(&m, 0.25, 1)), (1166771161781256714, 14416383047316551685));
        let mut rng = rng(1, 2);
        assert_eq!((unit(&mut rng), below(&mut rng, 1000), below(&mut rng, 1000)), (0.8763941225053686, 682, 336));
    }

    #[test]
    fn exact_noise_is_pinned() {
        // the same seed gives the same bytes on every machine and in every version
        let noisy = exact_flips(&BitMatrix::zeros(2, 64), 3, 1);
        assert_eq!((noisy.row(0)[0], noisy.row(1)[0]), (0x2000_8002_0000_0000, 0x0100_0000_0210_0000));
    }

    #[test]
    fn integers_below_a_bound_are_even() {
        let mut rng = rng(5, 99);
        let mut counts = [0u32; 3];
        (0..30_000).for_each(|_| counts[below(&mut rng, 3) as usize] += 1);
        assert!(counts.iter().all(|c| (9_600..10_400).contains(c)), "{counts:?}");
        assert_eq!(below(&mut rng, 1), 0);
    }
}
