//! Influences: how much each input neuron matters to the sign of each output neuron.
//!
//! The influence of input `i` on neuron `j` is the probability, over random states `s`, that flipping `s[i]` changes the
//! sign of `h[j](s)` (R. O'Donnell, *Analysis of Boolean Functions*, definition 2.13, for uniform states; arXiv 2604.20333,
//! section 4.2). The field is that of [`FloatMemory`]: divided by its kernel at the nearest distance, so that no
//! sign is lost where a random state is far from every pattern; a field of zero is the sign +.

mod field;

use field::Field;
use hopgate_model::{
    Error, Result,
    noise::{self, Purpose, Seed},
};
use hopgate_train::recall_float::FloatMemory;
use ndarray::Array2;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// Up to this many inputs [`influences_of`] and [`exact_influences`] enumerate all states.
pub const MOST_ENUMERATED: usize = 16;
/// Samples that one task counts.
const CHUNK: usize = 16;

/// Which states influences are taken over.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Around {
    /// All states alike: fair random bits.
    Uniform,
    /// The stored patterns in turn, each bit flipped with this probability.
    Stored {
        /// The flip probability, in 0..=1.
        noise: f64,
    },
}

/// How influences are sampled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sampling {
    /// The distribution of the states.
    pub around: Around,
    /// How many states. An influence `p` comes with a standard error of `sqrt(p*(1-p)/samples)`.
    pub samples: usize,
    /// The seed of the states, which are drawn for [`Purpose::Influence`]: never the random patterns of the same seed.
    pub seed: Seed,
}

/// Influences of all inputs on some neurons.
#[derive(Debug, Clone, PartialEq)]
pub struct Influences {
    /// The neurons that are influenced.
    pub neurons: Vec<usize>,
    /// The influence of input `i` on `neurons[k]` in row `k`, column `i`.
    pub influence: Array2<f64>,
    /// The states it was counted over.
    pub samples: usize,
}

impl Influences {
    /// The cross-influences on `neurons[k]`: every input but the neuron itself, in order.
    ///
    /// # Panics
    /// When there is no such `k`.
    pub fn cross(&self, k: usize) -> Vec<f64> {
        let own = self.neurons[k];
        self.influence.row(k).iter().enumerate().filter(|&(i, _)| i != own).map(|(_, &x)| x).collect()
    }
}

/// The influences on `neurons` by sampling. Every state costs `P*N` additions for each neuron; the distances are computed
/// once a state, and a flip changes each of them by one.
///
/// # Errors
/// [`Usage`](hopgate_model::ErrorKind::Usage) for a neuron that is not there, no samples, or a probability out of range.
///
/// ```
/// use hopgate_model::noise;
/// use hopgate_train::{recall_float::FloatMemory, solver::{train, TrainOptions}};
/// use hopgate_lab::influence::{gini, influences, Around, Sampling};
/// let model = train(&noise::random(30, 20, 1), &TrainOptions::new(0.05), &|_| ())?.model;
/// let sampling = Sampling { around: Around::Uniform, samples: 500, seed: 1.into() };
/// let found = influences(&FloatMemory::of(&model)?, &[7], &sampling)?;
/// // a neuron's own input matters most
/// assert!(found.cross(0).iter().all(|&x| x < found.influence[[0, 7]]));
/// assert!((0.0..1.0).contains(&gini(&found.cross(0))));
/// # Ok::<(), hopgate_model::Error>(())
/// ```
pub fn influences(memory: &FloatMemory, neurons: &[usize], sampling: &Sampling) -> Result<Influences> {
    let patterns = memory.patterns();
    if sampling.samples == 0 {
        return Err(Error::usage("influences need at least one sample"));
    }
    let seed = sampling.seed.of(Purpose::Influence, 0);
    let states = match sampling.around {
        Around::Uniform => noise::random(sampling.samples, patterns.cols(), seed),
        Around::Stored { noise: p } if (0.0..=1.0).contains(&p) => noise::cues(patterns, sampling.samples, p, seed),
        Around::Stored { noise: p } => {
            return Err(Error::usage(format!("a flip probability is {p}, but must be 0 to 1")));
        }
    };
    let field = Field::new(memory, neurons)?;
    let n = patterns.cols();
    let numbers: Vec<usize> = (0..states.rows()).collect();
    let count = |chunk: &[usize]| {
        let mut changes = vec![0u64; neurons.len() * n];
        chunk.iter().for_each(|&q| field.count_changes(states.row(q), &mut changes));
        changes
    };
    // counts are whole numbers, so the order of their sum does not matter
    let add = |mut a: Vec<u64>, b: Vec<u64>| {
        a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
        a
    };
    let changes = numbers.par_chunks(CHUNK).map(count).reduce(|| vec![0; neurons.len() * n], add);
    let share = |(k, i): (usize, usize)| changes[k * n + i] as f64 / sampling.samples as f64;
    let influence = Array2::from_shape_fn((neurons.len(), n), share);
    Ok(Influences { neurons: neurons.to_vec(), influence, samples: sampling.samples })
}

/// The influences on `neurons` over all `2^N` states, for at most [`MOST_ENUMERATED`] neurons.
///
/// # Errors
/// [`Usage`](hopgate_model::ErrorKind::Usage) for more, and for a neuron that is not there.
pub fn exact_influences(memory: &FloatMemory, neurons: &[usize]) -> Result<Influences> {
    let n = memory.patterns().cols();
    check_enumerable(n)?;
    let field = Field::new(memory, neurons)?;
    let signs: Vec<Vec<bool>> = (0..1u64 << n).into_par_iter().map(|s| field.signs(&field.distances(&[s]))).collect();
    let mut influence = Array2::zeros((neurons.len(), n));
    for (k, mut row) in influence.outer_iter_mut().enumerate() {
        let on_k = influences_of(n, |s| signs[s as usize][k])?;
        row.iter_mut().zip(on_k).for_each(|(x, value)| *x = value);
    }
    Ok(Influences { neurons: neurons.to_vec(), influence, samples: 1 << n })
}

/// The influences of the `n` inputs of any Boolean function, over all `2^n` states; bit `i` of a state is input `i`.
///
/// # Errors
/// [`Usage`](hopgate_model::ErrorKind::Usage) for more than [`MOST_ENUMERATED`] inputs.
///
/// ```
/// // the first input decides alone
/// assert_eq!(hopgate_lab::influence::influences_of(3, |s| s & 1 == 1)?, [1.0, 0.0, 0.0]);
/// # Ok::<(), hopgate_model::Error>(())
/// ```
pub fn influences_of(n: usize, f: impl Fn(u64) -> bool) -> Result<Vec<f64>> {
    check_enumerable(n)?;
    let values: Vec<bool> = (0..1u64 << n).map(f).collect();
    let changes = |i: usize| (0..values.len()).filter(|&s| values[s] != values[s ^ 1 << i]).count();
    Ok((0..n).map(|i| changes(i) as f64 / values.len() as f64).collect())
}

/// The Gini coefficient `sum_i (2i - n - 1) x_(i) / (n * sum x)` of values in ascending order, `i = 1..n`: 0 when all are
/// equal, up to `1 - 1/n` when one has all (C. Damgaard and J. Weiner, *Describing inequality in plant size or
/// fecundity*, Ecology 81, 2000). Zero for no values and for nothing but zeros; what is negative or not a number
/// counts as zero.
///
/// ```
/// assert_eq!(hopgate_lab::influence::gini(&[2.0, 2.0, 2.0]), 0.0);
/// assert_eq!(hopgate_lab::influence::gini(&[0.0, 0.0, 0.0, 5.0]), 0.75);
/// ```
pub fn gini(values: &[f64]) -> f64 {
    let mut sorted: Vec<f64> = values.iter().map(|&x| if x.is_finite() { x.max(0.0) } else { 0.0 }).collect();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len() as f64;
    let largest = sorted.last().copied().unwrap_or(0.0);
    if largest == 0.0 {
        return 0.0;
    }
    // as fractions of the largest, so that no sum overflows
    let total: f64 = sorted.iter().map(|x| x / largest).sum();
    let weighted: f64 = (1..).zip(&sorted).map(|(i, x)| (2.0 * f64::from(i) - n - 1.0) * (x / largest)).sum();
    // equal values may leave a rounding below zero
    (weighted / (n * total)).max(0.0)
}

fn check_enumerable(n: usize) -> Result<()> {
    if n <= MOST_ENUMERATED {
        return Ok(());
    }
    let what = format!("{n} inputs are too many to enumerate: the most is {MOST_ENUMERATED}");
    Err(Error::usage(what).hint("sample the influences instead"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use hopgate_model::ErrorKind;
    use hopgate_model::bits::BitMatrix;
    use hopgate_train::solver::{TrainOptions, train};
    use proptest::prelude::*;

    #[test]
    fn known_functions_have_known_influences() {
        let dictator = influences_of(5, |s| s >> 2 & 1 == 1).unwrap();
        assert_eq!(dictator, [0.0, 0.0, 1.0, 0.0, 0.0]);
        assert_eq!(influences_of(6, |s| s.count_ones() % 2 == 1).unwrap(), [1.0; 6]);
        assert_eq!(influences_of(3, |s| s.count_ones() >= 2).unwrap(), [0.5; 3]);
        // an input matters to a conjunction of four where the three others hold
        assert_eq!(influences_of(4, |s| s == 15).unwrap(), [0.125; 4]);
        assert_eq!(influences_of(0, |_| true).unwrap(), [0.0; 0]);
        assert_eq!(influences_of(17, |_| true).unwrap_err().kind(), ErrorKind::Usage);
    }

    fn model(p: usize, n: usize, gamma: f64, seed: u64) -> hopgate_files::model_file::Model {
        train(&noise::random(p, n, seed), &TrainOptions::new(gamma), &|_| ()).unwrap().model
    }

    #[test]
    fn the_enumeration_is_that_of_the_recall_step() {
        let model = model(6, 8, 0.3, 1);
        let memory = FloatMemory::of(&model).unwrap();
        let found = exact_influences(&memory, &[0, 3, 7]).unwrap();
        for (k, &j) in found.neurons.iter().enumerate() {
            let by_recall = influences_of(8, |s| memory.recall(&[s], 1).state[0] >> j & 1 == 1).unwrap();
            assert_eq!(found.influence.row(k).to_vec(), by_recall, "{j}");
            assert!(by_recall.iter().any(|&x| x > 0.0 && x < 1.0), "this tests nothing: {by_recall:?}");
        }
    }

    #[test]
    fn one_pattern_and_its_opposite_vote_as_a_majority() {
        // two opposite patterns, alpha = xi: the nearer one wins, so every neuron is the majority of 5 up to signs
        let patterns = BitMatrix::from_fn(2, 5, |mu, i| (mu == 0) == (i < 3));
        let alpha = Array2::from_shape_fn((2, 5), |(mu, i)| if patterns.get(mu, i) { 1.0 } else { -1.0 });
        let memory = FloatMemory::new(&patterns, &alpha, 0.1).unwrap();
        // an input decides where the four others are split: 6 of 16
        let exact = exact_influences(&memory, &[0, 1, 2, 3, 4]).unwrap();
        assert!(exact.influence.iter().all(|&x| x == 0.375), "{exact:?}");
    }

    #[test]
    fn the_sampler_agrees_with_the_enumeration() {
        let model = model(8, 10, 0.3, 2);
        let memory = FloatMemory::of(&model).unwrap();
        let neurons = [9, 0, 4];
        let exact = exact_influences(&memory, &neurons).unwrap();
        assert!(exact.influence.iter().filter(|&&x| x > 0.0 && x < 1.0).count() > 20, "this tests little: {exact:?}");
        let sampling = Sampling { around: Around::Uniform, samples: 20_000, seed: 1.into() };
        let sampled = influences(&memory, &neurons, &sampling).unwrap();
        for (a, b) in exact.influence.iter().zip(&sampled.influence) {
            // four standard errors
            assert!((a - b).abs() <= 4.0 * (a * (1.0 - a) / 20_000.0).sqrt() + 1e-12, "{a} {b}");
        }
        // noise of a half is no noise around anything: the same distribution by other states
        let half = Sampling { around: Around::Stored { noise: 0.5 }, ..sampling };
        for (a, b) in exact.influence.iter().zip(&influences(&memory, &neurons, &half).unwrap().influence) {
            assert!((a - b).abs() <= 4.0 * (a * (1.0 - a) / 20_000.0).sqrt() + 1e-12, "{a} {b}");
        }
    }

    #[test]
    fn states_near_the_patterns_are_those_that_were_asked_for() {
        let model = model(20, 70, 0.1, 3);
        let memory = FloatMemory::of(&model).unwrap();
        // without noise: every pattern once, and the definition by recall
        let sampling = Sampling { around: Around::Stored { noise: 0.0 }, samples: 20, seed: 1.into() };
        let found = influences(&memory, &[66, 2], &sampling).unwrap();
        for (k, &j) in found.neurons.iter().enumerate() {
            for i in 0..70 {
                let differs = |mu: usize| {
                    let mut state = BitMatrix::from_fn(1, 70, |_, c| model.patterns.get(mu, c));
                    let bit = |s: &BitMatrix| hopgate_model::bits::bit(&memory.recall(s.row(0), 1).state, j);
                    let before = bit(&state);
                    state.set(0, i, !state.get(0, i));
                    before != bit(&state)
                };
                let share = (0..20).filter(|&mu| differs(mu)).count() as f64 / 20.0;
                assert_eq!(found.influence[[k, i]], share, "{i} on {j}");
            }
        }
        assert!(found.cross(0).len() == 69);
    }

    #[test]
    fn random_states_are_not_the_random_patterns_of_the_same_seed() {
        let model = model(20, 30, 0.1, 7);
        let memory = FloatMemory::of(&model).unwrap();
        let at =
            |around| influences(&memory, &[3], &Sampling { around, samples: 20, seed: 7.into() }).unwrap().influence;
        assert_ne!(at(Around::Uniform), at(Around::Stored { noise: 0.0 }));
    }

    #[test]
    fn a_sharp_kernel_keeps_its_signs() {
        // far from everything exp(-4*gamma*d) is zero in double precision, and every plain field would be too
        let patterns = noise::random(6, 60, 1);
        let alpha = Array2::from_shape_fn((6, 60), |(mu, i)| if patterns.get(mu, i) { 1.0 } else { -1.0 });
        let memory = FloatMemory::new(&patterns, &alpha, 20.0).unwrap();
        let sampling = Sampling { around: Around::Uniform, samples: 400, seed: 1.into() };
        let found = influences(&memory, &[0], &sampling).unwrap();
        assert!(found.influence.iter().sum::<f64>() > 0.5, "{found:?}");
    }

    #[test]
    fn threads_do_not_matter_and_nonsense_is_refused() {
        let model = model(10, 12, 0.05, 1);
        let memory = FloatMemory::of(&model).unwrap();
        let sampling = Sampling { around: Around::Stored { noise: 0.2 }, samples: 100, seed: 4.into() };
        let on = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| influences(&memory, &[1, 5], &sampling).unwrap())
        };
        assert_eq!(on(1), on(3));
        assert_ne!(
            on(1).influence,
            influences(&memory, &[1, 5], &Sampling { seed: 5.into(), ..sampling }).unwrap().influence
        );
        for bad in [
            Sampling { samples: 0, ..sampling },
            Sampling { around: Around::Stored { noise: 1.5 }, ..sampling },
            Sampling { around: Around::Stored { noise: f64::NAN }, ..sampling },
        ] {
            assert_eq!(influences(&memory, &[1], &bad).unwrap_err().kind(), ErrorKind::Usage);
        }
        assert_eq!(influences(&memory, &[], &sampling).unwrap_err().kind(), ErrorKind::Usage);
        assert_eq!(influences(&memory, &[12], &sampling).unwrap_err().kind(), ErrorKind::Usage);
        assert_eq!(exact_influences(&memory, &[12]).unwrap_err().kind(), ErrorKind::Usage);
    }

    proptest! {
        #[test]
        fn a_flip_is_counted_where_the_recall_step_changes(
            p in 1..12usize, n in 2..70usize, gamma in prop::sample::select(vec![1e-3, 0.1, 1.0, 300.0]), seed in 0..99u64
        ) {
            // weights of one magnitude make fields of exactly zero likely
            let patterns = noise::random(p, n, seed);
            let alpha = Array2::from_shape_fn((p, n), |(mu, i)| if patterns.get(mu, i) { 1.0 } else { -1.0 });
            let memory = FloatMemory::new(&patterns, &alpha, gamma).unwrap();
            let field = Field::new(&memory, &[n - 1, 0]).unwrap();
            let mut state = noise::random(1, n, seed + 100);
            let mut changes = vec![0; 2 * n];
            field.count_changes(state.row(0), &mut changes);
            let bits = |s: &BitMatrix| {
                let next = memory.recall(s.row(0), 1).state;
                [n - 1, 0].map(|j| hopgate_model::bits::bit(&next, j))
            };
            let before = bits(&state);
            for i in 0..n {
                state.set(0, i, !state.get(0, i));
                let after = bits(&state);
                state.set(0, i, !state.get(0, i));
                for k in 0..2 {
                    prop_assert_eq!(changes[k * n + i], u64::from(before[k] != after[k]), "{} on {}", i, k);
                }
            }
        }

        #[test]
        fn gini_is_the_mean_difference(values in prop::collection::vec(0.0..1e6f64, 1..40)) {
            // its definition: the mean absolute difference of all pairs over twice the mean
            let n = values.len() as f64;
            let pairs: f64 = values.iter().flat_map(|a| values.iter().map(move |b| (a - b).abs())).sum();
            let definition = pairs / (2.0 * n * values.iter().sum::<f64>());
            prop_assert!((gini(&values) - definition).abs() < 1e-9, "{} {}", gini(&values), definition);
        }
    }

    #[test]
    fn gini_is_always_a_number() {
        assert_eq!(gini(&[]), 0.0);
        assert_eq!(gini(&[0.0, 0.0]), 0.0);
        assert_eq!(gini(&[f64::NAN, -1.0, 3.0]), gini(&[0.0, 0.0, 3.0]));
        assert!(gini(&[f64::MAX, f64::MAX, 1e-300]).is_finite());
        assert!((gini(&[1.0, 3.0]) - 0.25).abs() < 1e-15);
    }
}
