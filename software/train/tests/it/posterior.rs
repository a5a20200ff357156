//! At the gamma of the noise a step of `alpha = xi` is the best decoder of bits: against the posterior, by enumeration.
//!
//! Everything about probability is computed here from `p^d (1-p)^(N-d)` and sums over all `2^N` states, without the kernel.

use hopgate_model::{
    bits::{BitMatrix, hamming},
    kernel::gamma_of_noise,
    memory::Memory,
    noise, reference,
};
use hopgate_train::{
    quantizer::{MemoryOptions, training_free},
    recall_float::{FloatMemory, nearest_recall},
    solver::{TrainOptions, fit},
};
use ndarray::Array2;
use proptest::prelude::*;

/// A posterior this near to one half is a tie: sums in another order may fall on either side.
const TIE: f64 = 1e-9;

/// Distinct patterns, `p` at most.
fn distinct(p: usize, n: usize, seed: u64) -> BitMatrix {
    let drawn = noise::random(p, n, seed);
    let first = |&r: &usize| (0..r).all(|q| drawn.row(q) != drawn.row(r));
    drawn.select(&(0..p).filter(first).collect::<Vec<_>>())
}

/// `p^d (1-p)^(N-d)` by repeated multiplication.
fn likelihood(p: f64, d: u32, n: usize) -> f64 {
    (0..n as u32).map(|i| if i < d { p } else { 1.0 - p }).product()
}

/// `P(s | mu)` of every pattern, for the state `s`.
fn likelihoods(patterns: &BitMatrix, state: u64, p: f64) -> Vec<f64> {
    (0..patterns.rows()).map(|mu| likelihood(p, hamming(patterns.row(mu), &[state]), patterns.cols())).collect()
}

/// `P(xi_i = 1 | s)` of every neuron, under a uniform prior over the patterns.
fn posterior(patterns: &BitMatrix, state: u64, p: f64) -> Vec<f64> {
    let all = likelihoods(patterns, state, p);
    let ones = |i: usize| (0..patterns.rows()).filter(|&mu| patterns.get(mu, i)).map(|mu| all[mu]).sum::<f64>();
    (0..patterns.cols()).map(|i| ones(i) / all.iter().sum::<f64>()).collect()
}

fn xi(patterns: &BitMatrix) -> Array2<f64> {
    Array2::from_shape_fn((patterns.rows(), patterns.cols()), |(mu, i)| if patterns.get(mu, i) { 1.0 } else { -1.0 })
}

/// Expected exact recall and bit accuracy of a decoder: the mean over the patterns and, exactly, over all states.
fn expected(patterns: &BitMatrix, p: f64, decoder: impl Fn(u64) -> u64) -> (f64, f64) {
    let (mut exact, mut bits) = (0.0, 0.0);
    for state in 0..1u64 << patterns.cols() {
        let answer = decoder(state);
        for (mu, chance) in likelihoods(patterns, state, p).into_iter().enumerate() {
            let wrong = hamming(patterns.row(mu), &[answer]);
            exact += if wrong == 0 { chance } else { 0.0 };
            bits += chance * (1.0 - f64::from(wrong) / patterns.cols() as f64);
        }
    }
    (exact / patterns.rows() as f64, bits / patterns.rows() as f64)
}

/// The sign of each posterior less one half, with the project's rule for ties: one.
fn best_bits(patterns: &BitMatrix, state: u64, p: f64) -> u64 {
    posterior(patterns, state, p).iter().enumerate().fold(0, |s, (i, &q)| s | u64::from(q >= 0.5 - TIE) << i)
}

fn steps_of<'a>(memory: &'a FloatMemory<'a>, steps: u32) -> impl Fn(u64) -> u64 + 'a {
    move |s| memory.recall(&[s], steps).state[0]
}

fn free(patterns: &BitMatrix, gamma: f64, kernel_bits: u32) -> Memory {
    training_free(patterns, gamma, &MemoryOptions::default().kernel_bits(kernel_bits)).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_step_is_the_posterior_vote((n, p, seed) in (2..9usize, 1..14usize, 0..9999u64), noise in 0.01..0.49f64) {
        let patterns = distinct(p, n, seed);
        let alpha = xi(&patterns);
        let memory = FloatMemory::new(&patterns, &alpha, gamma_of_noise(noise)).unwrap();
        for state in 0..1u64 << n {
            let step = memory.recall(&[state], 1);
            let all = likelihoods(&patterns, state, noise);
            let (sum, most) = (all.iter().sum::<f64>(), all.iter().copied().fold(0.0, f64::max));
            for (i, q) in posterior(&patterns, state, noise).into_iter().enumerate() {
                // not the sign alone: the field is the margin of the vote, in units of the likeliest pattern
                let margin = (2.0 * q - 1.0) * sum / most;
                prop_assert!((step.field[i] - margin).abs() < 1e-9, "{} and {}", step.field[i], margin);
                prop_assert!((q - 0.5).abs() <= TIE || (step.state[0] >> i & 1 == 1) == (q > 0.5));
            }
        }
    }

    #[test]
    fn no_decoder_of_the_family_has_more_bits_right(
        (n, p, seed) in (2..8usize, 1..10usize, 0..9999u64), noise in 0.02..0.45f64
    ) {
        let patterns = distinct(p, n, seed);
        let (alpha, gamma) = (xi(&patterns), gamma_of_noise(noise));
        let vote = FloatMemory::new(&patterns, &alpha, gamma).unwrap();
        let (vote_exact, vote_bits) = expected(&patterns, noise, steps_of(&vote, 1));
        let nearest = |s: u64| patterns.row(nearest_recall(&patterns, &[s]).0)[0];
        let (nearest_exact, nearest_bits) = expected(&patterns, noise, nearest);
        prop_assert!(vote_bits >= nearest_bits - 1e-12 && nearest_exact >= vote_exact - 1e-12);
        let (_, best) = expected(&patterns, noise, |s| best_bits(&patterns, s, noise));
        prop_assert!((vote_bits - best).abs() < TIE);

        let trained = fit(&patterns, &TrainOptions::new(gamma).lambda(0.01).tolerance(1e-8), &|_| ()).unwrap().alpha;
        let mut others = vec![(trained, gamma, 1), (alpha.clone(), gamma, 30)];
        others.extend([0.1, 0.5, 0.8, 1.25, 2.0, 10.0].map(|factor| (alpha.clone(), gamma * factor, 1)));
        for (alpha, gamma, steps) in &others {
            let other = FloatMemory::new(&patterns, alpha, *gamma).unwrap();
            let (exact, bits) = expected(&patterns, noise, steps_of(&other, *steps));
            prop_assert!(bits <= vote_bits + 1e-12, "{} bits at {}, the vote {}", bits, gamma, vote_bits);
            prop_assert!(exact <= nearest_exact + 1e-12, "{} exact at {}, nearest {}", exact, gamma, nearest_exact);
        }
    }

    #[test]
    fn integers_vote_alike_but_near_a_tie(
        (n, p, seed) in (2..9usize, 1..14usize, 0..9999u64), noise in 0.01..0.49f64,
        bits in prop::sample::select(vec![4u32, 8, 16])
    ) {
        let patterns = distinct(p, n, seed);
        let (alpha, gamma) = (xi(&patterns), gamma_of_noise(noise));
        let float = FloatMemory::new(&patterns, &alpha, gamma).unwrap();
        let integer = free(&patterns, gamma, bits);
        // every entry is rounded by half a unit at most, and P of them are added
        let unit = 1.0 / f64::from((1u32 << bits) - 1);
        let bound = 0.5 * patterns.rows() as f64 * unit;
        for state in 0..1u64 << n {
            let (f, i) = (float.recall(&[state], 1), reference::step(&integer, &[state]));
            for neuron in 0..n {
                let (h, int) = (f.field[neuron], i.field[neuron] as f64 * unit);
                prop_assert!((h - int).abs() <= bound + 1e-12, "{} and {} at {} bits", h, int, bits);
                let same = (f.state[0] ^ i.state[0]) >> neuron & 1 == 0;
                prop_assert!(same || h.abs() <= bound + 1e-12);
            }
        }
    }
}

/// The optimum is not a plateau: over many sets the vote has strictly more bits right than nearest pattern and than gammas
/// off the noise's, and nearest pattern strictly more exact answers than the vote.
#[test]
fn each_bound_is_reached_by_its_own_decoder_alone() {
    let (mut over_nearest, mut over_broad, mut over_sharp, mut under) = (0, 0, 0, 0);
    for seed in 0..20 {
        let patterns = distinct(32, 7, seed);
        let alpha = xi(&patterns);
        let at = |factor: f64| {
            let memory = FloatMemory::new(&patterns, &alpha, gamma_of_noise(0.2) * factor).unwrap();
            expected(&patterns, 0.2, steps_of(&memory, 1))
        };
        let (vote, broad, sharp) = (at(1.0), at(0.5), at(4.0));
        let nearest = expected(&patterns, 0.2, |s| patterns.row(nearest_recall(&patterns, &[s]).0)[0]);
        over_nearest += u32::from(vote.1 > nearest.1 + 1e-6);
        over_broad += u32::from(vote.1 > broad.1 + 1e-6);
        over_sharp += u32::from(vote.1 > sharp.1 + 1e-6);
        under += u32::from(nearest.0 > vote.0 + 1e-6);
    }
    assert_eq!((over_nearest, over_broad, over_sharp, under), (20, 20, 20, 20));
}

/// With 16-bit columns every bit but the exact ties is decided as in floating point, and few are near one. (In an exact
/// tie the float sum may round to either side; the integers are exactly zero there, and set the bit.)
#[test]
fn sixteen_bits_leave_few_near_ties() {
    let (mut near, mut different, mut all) = (0, 0, 0);
    for seed in 0..10 {
        let patterns = distinct(12, 9, seed);
        let alpha = xi(&patterns);
        let float = FloatMemory::new(&patterns, &alpha, gamma_of_noise(0.15)).unwrap();
        let integer = free(&patterns, gamma_of_noise(0.15), 16);
        for state in 0..1u64 << 9 {
            let (f, i) = (float.recall(&[state], 1), reference::step(&integer, &[state]));
            for (neuron, h) in f.field.iter().enumerate().filter(|(_, h)| h.abs() > TIE) {
                near += u32::from(h.abs() <= 0.5 * 12.0 / 65535.0);
                different += ((f.state[0] ^ i.state[0]) >> neuron & 1) as u32;
                all += 1;
            }
        }
    }
    assert!(near * 1000 < all && different == 0, "{near} near ties, {different} differ, of {all} bits");
}

/// The rule of ties: two patterns equally far leave every bit in which they differ at a posterior of one half: it is set.
#[test]
fn a_tie_sets_the_bit() {
    let patterns = BitMatrix::from_fn(2, 6, |mu, i| i == mu || i == 5);
    let alpha = xi(&patterns);
    let step = FloatMemory::new(&patterns, &alpha, gamma_of_noise(0.1)).unwrap().recall(&[0b100000], 1);
    assert_eq!(posterior(&patterns, 0b100000, 0.1)[..2], [0.5, 0.5]);
    assert_eq!((step.field[0], step.field[1], step.state[0]), (0.0, 0.0, 0b100011));
    assert_eq!(reference::step(&free(&patterns, gamma_of_noise(0.1), 16), &[0b100000]).state, [0b100011]);
}
