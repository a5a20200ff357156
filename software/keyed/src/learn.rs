//! Learnt centres: bits that are moved by the gradient of the loss of the answers.
//!
//! A distance is linear in the bits of a centre, `d = sum over i of s[i] + xi[i] - 2 s[i] xi[i]`, so it has a slope in each of them, `1 - 2 s[i]`.
//! Every bit has a real number in 0..=1 behind it, of which it is the rounded value: distances are taken with the bits, and slopes are applied to the
//! numbers (the straight-through estimator: Y. Bengio, N. Léonard and A. Courville, arXiv 1308.3432; for binary networks M. Courbariaux et
//! al., arXiv 1602.02830). Numbers and dual weights take steps of Adam (D. P. Kingma and J. Ba, arXiv 1412.6980) whose rates fall along a
//! cosine, over batches of samples whose keys are flipped anew every time. The loss is that of a softmax over the classes, or the logistic loss of
//! every bit of a value. The dual weights are dropped at the end: those of a model are the optimum for the learnt centres.

use crate::{
    excess::Excess,
    samples::{Samples, Targets, shuffle},
};
use hopgate_model::{
    Result,
    bits::BitMatrix,
    kernel::{KernelMode, rbf},
    noise::{self, Purpose, Seed},
    progress::{Progress, Watch},
};
use hopgate_train::{dense::product, logistic::sigma, setters};
use ndarray::Array2;
use rayon::prelude::*;

/// Samples of a batch, at most, and at least.
const BATCH: (usize, usize) = (8, 250);
/// Batches of an epoch, at least, as far as batches can be small enough.
const BATCHES: usize = 50;
/// Numbers behind bits begin so far from the ends.
const MARGIN: f64 = 0.25;
/// Dual weights begin at this for the class (or bits) of a centre, as the mean answer of the samples around it says.
const START: f64 = 2.0;
/// Adam's constants.
const BETA: (f64, f64, f64) = (0.9, 0.999, 1e-8);
/// Numbers of an update that a thread takes at a time.
const CHUNK: usize = 4096;

/// How to learn centres.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct LearnOptions {
    /// How often every sample is met.
    pub epochs: usize,
    /// The first rate of the numbers behind the bits; that of the dual weights is four times as much.
    pub rate: f64,
    /// The probability with which every bit of a key is flipped, anew in each epoch.
    pub noise: f64,
}

setters!(LearnOptions { epochs: usize, rate: f64, noise: f64 });

impl Default for LearnOptions {
    /// 30 epochs at a rate of 0.005, with three bits in a hundred flipped.
    fn default() -> Self {
        LearnOptions { epochs: 30, rate: 0.005, noise: 0.03 }
    }
}

/// Moves centres (P, N) to where they answer these samples better. The same arguments give the same bits. `watch` counts epochs.
///
/// # Errors
/// [`hopgate_model::ErrorKind::Interrupted`] when `watch` says so, [`hopgate_model::ErrorKind::Fit`] where memory is short.
///
/// ```
/// use hopgate_keyed::{Samples, centres::{Centres, choose}, learn::{LearnOptions, learn}};
/// use hopgate_model::{kernel::KernelMode, noise};
/// let keys = noise::random(100, 32, 1);
/// let samples = Samples::of_labels(keys, (0..100).map(|t| t % 2).collect())?;
/// let start = choose(&samples, Centres::Modes, 8, 1, &|_| ())?;
/// let centres = learn(&samples, &start, 0.1, KernelMode::Normalised, &LearnOptions::default(), 1, &|_| ())?;
/// assert!(centres != start && centres.rows() == 8);
/// # Ok::<(), hopgate_model::Error>(())
/// ```
pub fn learn(
    samples: &Samples,
    centres: &BitMatrix,
    gamma: f64,
    mode: KernelMode,
    options: &LearnOptions,
    seed: u64,
    watch: &dyn Watch,
) -> Result<BitMatrix> {
    let t = samples.len();
    let width = (t / BATCHES).clamp(BATCH.0, BATCH.1).min(t);
    let table: Vec<f64> = (0..=samples.neurons()).map(|e| rbf(gamma, e as u32)).collect();
    let mut learner = Learner::new(samples, centres, table, -4.0 * gamma, mode)?;
    let seed = Seed::from(seed);
    let all = (options.epochs * (t / width)).max(1) as f64;
    let mut order: Vec<usize> = (0..t).collect();
    let mut done = 0.0;
    for epoch in 0..options.epochs {
        let of_epoch = seed.of(Purpose::KeyedLearning, epoch as u64);
        let mut rng = noise::rng(of_epoch, 0);
        shuffle(&mut order, t, &mut |bound| noise::below(&mut rng, bound));
        // what is left over has its turn in another epoch
        for (batch, chosen) in order.chunks_exact(width).enumerate() {
            watch.go_on()?;
            let keys = noise::flips_from(&samples.keys().select(chosen), batch * width, options.noise, of_epoch);
            let fall = 0.5 * (1.0 + libm::cos(std::f64::consts::PI * done / all));
            learner.batch(&keys, &samples.targets().select(chosen), options.rate * fall)?;
            done += 1.0;
        }
        watch.at(Progress::of(epoch + 1, options.epochs));
    }
    Ok(crate::centres::all_different(learner.bits, samples))
}

/// Numbers that Adam moves.
struct Moved {
    values: Vec<f64>,
    mean: Vec<f64>,
    square: Vec<f64>,
}

impl Moved {
    fn new(values: Vec<f64>) -> Self {
        let zero = vec![0.0; values.len()];
        Moved { values, mean: zero.clone(), square: zero }
    }

    /// One step; `steps` counts from 1. `inside` says where numbers end.
    fn step(&mut self, gradient: &Array2<f64>, rate: f64, steps: i32, inside: Option<(f64, f64)>) {
        let (first, second, tiny) = BETA;
        let (scale, root) =
            (rate / (1.0 - libm::pow(first, f64::from(steps))), 1.0 / (1.0 - libm::pow(second, f64::from(steps))));
        let gradient = gradient.as_slice().expect("a product is row-major");
        let values = self.values.par_chunks_mut(CHUNK).zip(self.mean.par_chunks_mut(CHUNK));
        let moments = values.zip(self.square.par_chunks_mut(CHUNK)).zip(gradient.par_chunks(CHUNK));
        moments.for_each(|(((values, mean), square), gradient)| {
            for (((x, m), v), g) in values.iter_mut().zip(mean).zip(square).zip(gradient) {
                *m = first * *m + (1.0 - first) * g;
                *v = second * *v + (1.0 - second) * g * g;
                *x -= scale * *m / ((root * *v).sqrt() + tiny);
                if let Some((low, high)) = inside {
                    *x = x.clamp(low, high);
                }
            }
        });
    }
}

struct Learner {
    /// The centres as they are: the rounded numbers.
    bits: BitMatrix,
    numbers: Moved,
    alpha: Moved,
    /// The kernel by `e`, and its slope as a part of itself.
    table: Vec<f64>,
    slope: f64,
    mode: KernelMode,
    outputs: usize,
    steps: i32,
}

impl Learner {
    fn new(samples: &Samples, centres: &BitMatrix, table: Vec<f64>, slope: f64, mode: KernelMode) -> Result<Self> {
        let (p, n, m) = (centres.rows(), centres.cols(), samples.outputs());
        let numbers = (0..p).flat_map(|mu| (0..n).map(move |i| (mu, i)));
        let numbers = numbers.map(|(mu, i)| if centres.get(mu, i) { 1.0 - MARGIN } else { MARGIN }).collect();
        // each centre begins with the mean target of the samples that it is nearest to
        let excess = Excess::of(samples.keys(), centres, KernelMode::Normalised)?;
        let (mut sums, mut members) = (vec![0.0; p * m], vec![0.0f64; p]);
        for t in 0..samples.len() {
            let nearest = excess.row(t).iter().position(|&e| e == 0).expect("one is nearest");
            members[nearest] += 1.0;
            for (c, sum) in sums[nearest * m..(nearest + 1) * m].iter_mut().enumerate() {
                *sum += if samples.targets().get(t, c) { 1.0 } else { -1.0 };
            }
        }
        let mean = |(at, sum): (usize, f64)| START * sum / members[at / m].max(1.0);
        let alpha = sums.into_iter().enumerate().map(mean).collect();
        let (numbers, alpha) = (Moved::new(numbers), Moved::new(alpha));
        Ok(Learner { bits: centres.clone(), numbers, alpha, table, slope, mode, outputs: m, steps: 0 })
    }

    /// One step of everything, by the mean loss of some samples.
    fn batch(&mut self, keys: &BitMatrix, targets: &Targets, rate: f64) -> Result<()> {
        let (p, n, b) = (self.bits.rows(), self.bits.cols(), keys.rows());
        let excess = Excess::of(keys, &self.bits, self.mode)?;
        let of_row = |t: usize| excess.row(t).iter().map(|&e| self.table[usize::from(e)]);
        let kernel = Array2::from_shape_vec((b, p), (0..b).flat_map(of_row).collect()).expect("an entry for each");
        let alpha = Array2::from_shape_vec((p, self.outputs), self.alpha.values.clone()).expect("the dual weights");
        let error = errors(product(&kernel, &alpha), targets);
        let turned = |matrix: &Array2<f64>| matrix.t().as_standard_layout().into_owned();
        let by_alpha = product(&turned(&kernel), &error);
        // by the distances
        let mut by_distance = product(&error, &turned(&alpha));
        by_distance.zip_mut_with(&kernel, |g, k| *g *= self.slope * k);
        if self.mode == KernelMode::Normalised {
            // the nearest centre is subtracted from all
            for (t, mut row) in by_distance.outer_iter_mut().enumerate() {
                let nearest = excess.row(t).iter().position(|&e| e == 0).expect("one is nearest");
                let sum: f64 = row.iter().sum();
                row[nearest] -= sum;
            }
        }
        let signs = Array2::from_shape_fn((b, n), |(t, i)| if keys.get(t, i) { -1.0 } else { 1.0 });
        let by_number = product(&turned(&by_distance), &signs);
        self.steps += 1;
        self.numbers.step(&by_number, rate, self.steps, Some((0.0, 1.0)));
        self.alpha.step(&by_alpha, 4.0 * rate, self.steps, None);
        self.bits = BitMatrix::from_fn(p, n, |mu, i| self.numbers.values[mu * n + i] > 0.5);
        Ok(())
    }
}

/// The slope of the mean loss in every field: of a softmax over the classes, or of the logistic loss of each bit.
fn errors(mut fields: Array2<f64>, targets: &Targets) -> Array2<f64> {
    let scale = 1.0 / fields.nrows() as f64;
    for (t, mut row) in fields.outer_iter_mut().enumerate() {
        match targets {
            Targets::Labels { labels, .. } => {
                let most = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                row.mapv_inplace(|h| libm::exp(h - most));
                let sum: f64 = row.iter().sum();
                row.mapv_inplace(|x| scale * x / sum);
                row[labels[t] as usize] -= scale;
            }
            Targets::Values(values) => {
                for (c, h) in row.iter_mut().enumerate() {
                    *h = scale * (sigma(*h) - f64::from(u8::from(values.get(t, c))));
                }
            }
        }
    }
    fields
}
