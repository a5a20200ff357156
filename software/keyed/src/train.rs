//! From samples to a model: centres, gamma, dual weights.

use crate::{
    centres::{self, Centres},
    design::Design,
    excess::Excess,
    learn::{LearnOptions, learn},
    logit::{self, fit},
    model::{KeyedModel, KeyedScore},
    samples::Samples,
};
use hopgate_files::room;
use hopgate_model::{
    Error, Result,
    bits::BitMatrix,
    kernel::{KernelMode, rbf},
    progress::{Quiet, Watch},
};
use hopgate_train::setters;
use ndarray::Array2;
use serde::{Deserialize, Serialize};

/// The regulariser unless told otherwise.
pub const DEFAULT_LAMBDA: f64 = 0.1;
/// The relative residual at which training stops unless told otherwise.
pub const DEFAULT_TOLERANCE: f64 = 1e-6;
/// The gammas that are tried, times the one whose kernel falls to `1/e` at the mean `e` of the samples.
const FACTORS: [f64; 6] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0];
/// Gamma is chosen on so many samples per centre, ...
const PER_CENTRE: usize = 8;
/// ... but on at least so many, if there are so many, ...
const LEAST: usize = 6000;
/// ... with a looser fit.
const LOOSE: f64 = 1e-3;
/// If nothing is held out, samples with so many of their bits flipped judge, unless there is a noise to train for.
const JUDGE_NOISE: f64 = 0.05;
/// Where centres are learnt, they are for every gamma, in so many epochs.
const SHORT: usize = 6;

/// What to train.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct KeyedOptions {
    /// How centres are chosen.
    pub how: Centres,
    /// How many, `P`; not used by [`Centres::All`].
    pub centres: usize,
    /// How [`Centres::Learnt`] are learnt.
    pub learn: LearnOptions,
    /// The kernel's gamma, greater than 0; without one, the one that answers held-out samples best.
    pub gamma: Option<f64>,
    /// The regulariser, greater than 0.
    pub lambda: f64,
    /// The probability with which every bit of a key is flipped in training, at least 0 and below 0.5: the keys as they are are
    /// trained on as well.
    pub noise: f64,
    /// How many flipped copies of each key there are, if there is noise.
    pub copies: usize,
    /// The share of the samples that is held out: it chooses gamma, and measures. Where all keys are stored ([`Centres::All`]) nothing is: a key that is not
    /// stored may have any answer.
    pub held_out: f64,
    /// What the kernel is a function of.
    pub kernel_mode: KernelMode,
    /// The relative residual at which training stops.
    pub tolerance: f64,
    /// The seed of everything random.
    pub seed: u64,
}

setters!(KeyedOptions {
    how: Centres,
    centres: usize,
    learn: LearnOptions,
    gamma: Option<f64>,
    lambda: f64,
    noise: f64,
    copies: usize,
    held_out: f64,
    kernel_mode: KernelMode,
    tolerance: f64,
    seed: u64,
});

impl KeyedOptions {
    /// So many centres, with every default.
    pub fn new(centres: usize) -> Self {
        KeyedOptions {
            how: Centres::Modes,
            centres,
            learn: LearnOptions::default(),
            gamma: None,
            lambda: DEFAULT_LAMBDA,
            noise: 0.0,
            copies: 1,
            held_out: 0.1,
            kernel_mode: KernelMode::Normalised,
            tolerance: DEFAULT_TOLERANCE,
            seed: 1,
        }
    }

    /// Checks every range.
    ///
    /// # Errors
    /// [`hopgate_model::ErrorKind::Usage`] with the first option that is out of range.
    pub fn check(&self) -> Result<()> {
        let positive = |name: &str, value: f64| {
            if value > 0.0 && value <= 1e300 {
                return Ok(());
            }
            Err(Error::usage(format!("{name} is {value}, but must be a number greater than 0")))
        };
        positive("lambda", self.lambda)?;
        positive("the tolerance", self.tolerance)?;
        if let Some(gamma) = self.gamma {
            positive("gamma", gamma)?;
        }
        positive("the rate of learning", self.learn.rate)?;
        for (name, noise) in [("the noise", self.noise), ("the noise of learning", self.learn.noise)] {
            if !(0.0..0.5).contains(&noise) {
                let what = format!("{name} is {noise}, but must be at least 0 and less than 0.5");
                return Err(Error::usage(what).hint("0.05 flips one bit in twenty"));
            }
        }
        if !(0.0..=0.9).contains(&self.held_out) {
            let what = format!("the share that is held out is {}, but must be 0 to 0.9", self.held_out);
            return Err(Error::usage(what).hint("0.1 is the default"));
        }
        Ok(())
    }
}

/// A gamma that was tried.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TriedGamma {
    /// The gamma.
    pub gamma: f64,
    /// How a model of it answers the held-out samples; none if it could not be trained.
    pub score: Option<KeyedScore>,
}

/// How a model came about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeyedReport {
    /// How centres were chosen.
    pub how: Centres,
    /// Samples that were trained on, without flipped copies.
    pub samples: usize,
    /// Samples that were held out.
    pub held_out: usize,
    /// The gammas that were tried, ascending; empty if it was given.
    pub tried: Vec<TriedGamma>,
    /// The largest entry of the objective's gradient, as a part of that at `alpha = 0`.
    pub residual: f64,
    /// The objective, summed over the outputs.
    pub objective: f64,
    /// Newton steps.
    pub steps: usize,
    /// Conjugate gradient iterations of all steps.
    pub iterations: usize,
    /// How the model answers the held-out samples; none if there are none.
    pub score: Option<KeyedScore>,
    /// Two samples with one key and different targets, which no memory can answer both: the first such pair.
    pub contradiction: Option<(usize, usize)>,
}

/// A model and how it came about.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct KeyedTrained {
    /// The model.
    pub model: KeyedModel,
    /// How it came about.
    pub report: KeyedReport,
    /// The samples that it was trained on, by their number.
    pub own: Vec<usize>,
    /// The samples that were held out, by their number: a quantiser judges by them.
    pub held_out: Vec<usize>,
}

/// Trains a model of key -> value.
///
/// `watch` counts outputs.
///
/// # Errors
/// [`hopgate_model::ErrorKind::Usage`] for options out of range, [`hopgate_model::ErrorKind::Value`] for more centres than different keys,
/// [`hopgate_model::ErrorKind::Failed`] where the optimum is not reached, [`hopgate_model::ErrorKind::Fit`] where memory is short.
///
/// ```
/// use hopgate_keyed::{KeyedOptions, Samples, train_keyed};
/// use hopgate_model::noise;
/// // three words, each met with a tenth of its bits wrong
/// let keys = noise::cues(&noise::random(3, 40, 1), 120, 0.1, 2);
/// let samples = Samples::of_labels(keys, (0..120).map(|t| t % 3).collect())?;
/// let trained = train_keyed(&samples, &KeyedOptions::new(6), &|_| ())?;
/// assert!(trained.report.score.unwrap().accuracy() > 0.9);
/// # Ok::<(), hopgate_model::Error>(())
/// ```
pub fn train_keyed(samples: &Samples, options: &KeyedOptions, watch: &dyn Watch) -> Result<KeyedTrained> {
    options.check()?;
    let share = if options.how == Centres::All { 0.0 } else { options.held_out };
    let (train, held_out) = samples.split(share, options.seed);
    let (own, held) = (samples.select(&train), samples.select(&held_out));
    let centres = centres::choose(&own, options.how, options.centres, options.seed, watch)?;
    let (p, m) = (centres.rows(), samples.outputs());
    let rows = own.len() * if options.noise > 0.0 { 1 + options.copies } else { 1 };
    let bytes = logit::bytes(rows, p, m).saturating_add(2 * rows as u64 * p as u64);
    room::check(bytes, || format!("training {m} outputs on {rows} samples and {p} centres"))?;
    let tried = match options.gamma {
        Some(_) => Vec::new(),
        None => try_gammas(&own, &held, &centres, options, watch)?,
    };
    let gamma = options.gamma.unwrap_or_else(|| best(&tried));
    let centres = match options.how {
        Centres::Learnt => learn(&own, &centres, gamma, options.kernel_mode, &options.learn, options.seed, watch)?,
        _ => centres,
    };
    let all = own.with_flips(options.noise, options.copies, options.seed);
    let (model, fit) = solve(&all, &centres, gamma, options, options.tolerance, watch)?;
    let score = if held.is_empty() { None } else { Some(model.score(&held)?) };
    let report = KeyedReport {
        how: options.how,
        samples: own.len(),
        held_out: held.len(),
        tried,
        residual: fit.residual,
        objective: fit.objective,
        steps: fit.steps,
        iterations: fit.iterations,
        score,
        contradiction: samples.contradiction(),
    };
    Ok(KeyedTrained { model, report, own: train, held_out })
}

/// The model of these samples, centres and gamma.
fn solve(
    samples: &Samples,
    centres: &BitMatrix,
    gamma: f64,
    options: &KeyedOptions,
    tolerance: f64,
    watch: &dyn Watch,
) -> Result<(KeyedModel, logit::Fit)> {
    let excess = Excess::of(samples.keys(), centres, options.kernel_mode)?;
    let table: Vec<f64> = (0..=samples.neurons()).map(|e| rbf(gamma, e as u32)).collect();
    let design = Design::Kernel { excess: &excess, table: &table };
    let square = hopgate_train::logistic::kernel_matrix(centres, gamma);
    let fit = fit(&design, &square, samples.targets(), options.lambda, tolerance, watch)?;
    let model = KeyedModel {
        kind: samples.kind(),
        centres: centres.clone(),
        alpha: fit.alpha.clone(),
        gamma,
        lambda: options.lambda,
        kernel_mode: options.kernel_mode,
    };
    model.check()?;
    Ok((model, fit))
}

/// How models of several gammas answer the held-out samples; if there are none, the samples with flipped bits.
fn try_gammas(
    own: &Samples,
    held: &Samples,
    centres: &BitMatrix,
    options: &KeyedOptions,
    watch: &dyn Watch,
) -> Result<Vec<TriedGamma>> {
    let most = (PER_CENTRE * centres.rows()).max(LEAST).min(own.len());
    let few: Vec<usize> = (0..most).map(|i| i * own.len() / most).collect();
    let few = own.select(&few);
    let flipped = few.with_flips(options.noise, options.copies, options.seed);
    let noise = if options.noise > 0.0 { options.noise } else { JUDGE_NOISE };
    let noisy = few.with_flips(noise, options.copies.max(1), options.seed.wrapping_add(1));
    let judge = if held.is_empty() { &noisy } else { held };
    let scale = 1.0 / (4.0 * mean_excess(&few, centres)?);
    let short = options.learn.epochs(options.learn.epochs.min(SHORT));
    let mut tried = Vec::new();
    for factor in FACTORS {
        watch.go_on()?;
        let gamma = factor * scale;
        let moved = match options.how {
            Centres::Learnt => learn(&few, centres, gamma, options.kernel_mode, &short, options.seed, &Quiet(watch))?,
            _ => centres.clone(),
        };
        let score = match solve(&flipped, &moved, gamma, options, LOOSE.max(options.tolerance), &Quiet(watch)) {
            Ok((model, _)) => Some(model.score(judge)?),
            Err(e) if e.kind() == hopgate_model::ErrorKind::Failed => None,
            Err(e) => return Err(e),
        };
        tried.push(TriedGamma { gamma, score });
    }
    Ok(tried)
}

/// The gamma with the most right answers, then right bits; the greater one on a tie.
fn best(tried: &[TriedGamma]) -> f64 {
    let key = |t: &TriedGamma| t.score.map(|s| (s.right, std::cmp::Reverse(s.wrong_bits)));
    tried.iter().max_by(|a, b| key(a).cmp(&key(b)).then(a.gamma.total_cmp(&b.gamma))).map_or(0.1, |t| t.gamma)
}

/// The mean of how much farther the centres are than the nearest one; at least 1.
fn mean_excess(samples: &Samples, centres: &BitMatrix) -> Result<f64> {
    let some: Vec<usize> = (0..samples.len().min(500)).map(|i| i * samples.len() / samples.len().min(500)).collect();
    let excess = Excess::of(&samples.keys().select(&some), centres, KernelMode::Normalised)?;
    let sum: u64 = (0..excess.keys()).flat_map(|t| excess.row(t)).map(|&e| u64::from(e)).sum();
    Ok((sum as f64 / (excess.keys() * excess.centres()) as f64).max(1.0))
}

/// The dual weights alone at the optimum for centres that are given, (P, M): what [`train_keyed`] does at its end.
///
/// # Errors
/// As [`train_keyed`].
///
/// ```
/// use hopgate_keyed::{KeyedOptions, Samples, fit_keyed};
/// use hopgate_model::noise;
/// let keys = noise::random(20, 40, 1);
/// let samples = Samples::valued(keys.clone(), noise::random(20, 3, 2))?;
/// let (model, fit) = fit_keyed(&samples, &keys, &KeyedOptions::new(20).gamma(Some(0.1)), &|_| ())?;
/// assert!(model.score(&samples)?.right == 20 && fit.residual <= 1e-6);
/// # Ok::<(), hopgate_model::Error>(())
/// ```
pub fn fit_keyed(
    samples: &Samples,
    centres: &BitMatrix,
    options: &KeyedOptions,
    watch: &dyn Watch,
) -> Result<(KeyedModel, logit::Fit)> {
    options.check()?;
    let gamma = options.gamma.ok_or_else(|| Error::usage("there is no gamma"))?;
    solve(samples, centres, gamma, options, options.tolerance, watch)
}

/// The largest entry of the gradient, from nothing but its definition: `K' (sigma(h) - y) + lambda R alpha`.
///
/// # Errors
/// [`hopgate_model::ErrorKind::Fit`] where memory is short.
pub fn gradient_at(samples: &Samples, model: &KeyedModel) -> Result<Array2<f64>> {
    let excess = Excess::of(samples.keys(), &model.centres, model.kernel_mode)?;
    let table = model.table();
    let kernel =
        Array2::from_shape_fn((samples.len(), model.centres.rows()), |(t, mu)| table[usize::from(excess.row(t)[mu])]);
    let fields = hopgate_train::dense::product(&kernel, &model.alpha);
    let target = |t: usize, c: usize| f64::from(u8::from(samples.targets().get(t, c)));
    let error =
        Array2::from_shape_fn(fields.dim(), |(t, c)| hopgate_train::logistic::sigma(fields[[t, c]]) - target(t, c));
    let square = hopgate_train::logistic::kernel_matrix(&model.centres, model.gamma);
    let smooth = hopgate_train::dense::product(&square, &model.alpha);
    Ok(hopgate_train::dense::product(&kernel.reversed_axes().as_standard_layout().into_owned(), &error)
        + smooth * model.lambda)
}
