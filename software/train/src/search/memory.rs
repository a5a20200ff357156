//! The search for the best memory that fits: gammas, bits, schemes and column widths, each tried on corrupted cues.
//!
//! First every gamma is trained once and quantised by the cheap schemes (training-free, `shared`, `uniform`). Then `tuned` is run
//! for each number of bits at the gamma that did best so far, because its tables are free of gamma. All memories answer the
//! same selection cues. Of those that fit, the smallest wins that is within one standard error, by the paired difference, of the
//! most exact one: a plane that buys nothing is not bought. Fresh cues then measure the winner.

use crate::{
    options::setters,
    quantizer::{DEFAULT_KERNEL_BITS, MemoryOptions, QuantizeOptions, Scheme, quantize, training_free},
    scoring,
    solver::{TrainOptions, train},
    tuning::{self, Paired, TuneOptions, tune},
};
use hopgate_files::model_file::Model;
use hopgate_model::{
    Error, ErrorKind, Result,
    bits::BitMatrix,
    corrupt::{Corruption, Damaged},
    kernel::KernelMode,
    memory::{DEFAULT_MAX_STEPS, Memory},
    noise::Purpose,
    progress::{Progress, Quiet, Watch},
};
use serde::{Deserialize, Serialize};

/// The gammas that are tried unless told otherwise, from broad to sharp.
pub const GAMMAS: [f64; 5] = [0.05, 0.12, 0.2, 0.3, 0.55];

/// What to search among.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SearchOptions {
    /// How to train; its gamma is not used.
    pub train: TrainOptions,
    /// The gammas.
    pub gammas: Vec<f64>,
    /// Bits per weight.
    pub bits: Vec<usize>,
    /// The schemes beside the training-free memory, which is always tried.
    pub schemes: Vec<Scheme>,
    /// Bits of a kernel entry.
    pub kernel_bits: Vec<u32>,
    /// What the kernel columns are indexed by.
    pub kernel_mode: KernelMode,
    /// The most steps of a recall.
    pub max_steps: u32,
    /// What happens to the cues. Not empty.
    pub corruptions: Vec<Corruption>,
    /// Cues per pattern and corruption.
    pub cues_per_pattern: usize,
    /// The seed of all cues.
    pub seed: u64,
}

setters!(SearchOptions {
    train: TrainOptions,
    gammas: Vec<f64>,
    bits: Vec<usize>,
    schemes: Vec<Scheme>,
    kernel_bits: Vec<u32>,
    kernel_mode: KernelMode,
    max_steps: u32,
    corruptions: Vec<Corruption>,
    cues_per_pattern: usize,
    seed: u64,
});

impl SearchOptions {
    /// Every default for these corruptions: five gammas, 1 to 3 bits, all schemes, 8-bit columns, normalised, 16 cues per
    /// pattern.
    pub fn new(corruptions: Vec<Corruption>) -> Self {
        SearchOptions {
            train: TrainOptions::new(GAMMAS[0]),
            gammas: GAMMAS.to_vec(),
            bits: vec![1, 2, 3],
            schemes: vec![Scheme::Shared, Scheme::Uniform, Scheme::Tuned],
            kernel_bits: vec![DEFAULT_KERNEL_BITS],
            kernel_mode: KernelMode::Normalised,
            max_steps: DEFAULT_MAX_STEPS,
            corruptions,
            cues_per_pattern: 16,
            seed: 1,
        }
    }

    fn memory(&self, kernel_bits: u32) -> MemoryOptions {
        MemoryOptions { kernel_bits, kernel_mode: self.kernel_mode, max_steps: self.max_steps, radius: None }
    }

    /// The options of one tuning; the search draws its cues in the same proportions.
    fn tune(&self, bits: usize, kernel_bits: u32) -> TuneOptions {
        TuneOptions {
            memory: self.memory(kernel_bits),
            cues_per_pattern: self.cues_per_pattern,
            seed: self.seed,
            ..TuneOptions::new(bits, self.corruptions.clone())
        }
    }
}

/// One memory that was tried.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// `training-free`, or the name of the scheme.
    pub scheme: String,
    /// The gamma of its model.
    pub gamma: f64,
    /// Planes.
    #[serde(rename = "planes")]
    pub bits: usize,
    /// Bits of a kernel entry.
    pub kernel_bits: u32,
    /// Bits of patterns and planes, with a shared plane counted once.
    pub storage_bits: usize,
    /// The width of an accumulator.
    pub accumulator_bits: u32,
    /// Exact recall of the selection cues.
    #[serde(rename = "exact_recall")]
    pub exact: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Whether it fits.
    pub fits: bool,
    /// What was said about that, such as how much of a device it takes.
    pub verdict: String,
}

/// The memory that was found, and everything that was tried.
#[derive(Debug, Clone)]
pub struct Found {
    /// The memory.
    pub memory: Memory,
    /// Its index in `tried`.
    pub best: usize,
    /// Everything, in the order of trial.
    pub tried: Vec<Candidate>,
    /// What could not be trained or quantised, and why: one sentence each.
    pub failed: Vec<String>,
    /// The exact recall of the memory on fresh cues.
    pub fresh: f64,
    /// That of a nearest-pattern search, on the same cues.
    pub fresh_nearest: f64,
    /// How many fresh cues there were.
    pub fresh_cues: usize,
}

/// A candidate with what it needs to be compared.
struct Trial {
    candidate: Candidate,
    memory: Memory,
    answers: Vec<bool>,
}

/// Searches. `fits` says whether a memory fits and what there is to say about it, such as [`within_storage`] or a board's
/// estimate. `watch` counts memories.
///
/// ```
/// use hopgate_model::{corrupt::Corruption, noise};
/// use hopgate_train::search::{SearchOptions, search_memory, within_storage};
/// let patterns = noise::random(30, 32, 1);
/// let options = SearchOptions::new(vec![Corruption::Flips(0.05)]).gammas(vec![0.05, 0.3]).cues_per_pattern(4);
/// let found = search_memory(&patterns, None, &options, &within_storage(2 * 30 * 32), &|_| ())?;
/// assert!(found.tried[found.best].fits && found.memory.storage_bits() <= 2 * 30 * 32);
/// # Ok::<(), hopgate_model::Error>(())
/// ```
///
/// # Errors
/// [`ErrorKind::Usage`] for options out of range, [`ErrorKind::Fit`] when nothing that was tried fits,
/// [`ErrorKind::Failed`] when nothing could be trained, and whatever `fits` fails with.
pub fn search_memory(
    patterns: &BitMatrix,
    shape: Option<(usize, usize)>,
    options: &SearchOptions,
    fits: &dyn Fn(&Memory) -> Result<(bool, String)>,
    watch: &dyn Watch,
) -> Result<Found> {
    let draw = |purpose| tuning::cues(patterns, shape, &options.tune(1, DEFAULT_KERNEL_BITS), purpose);
    let cues = draw(Purpose::SearchSelection)?;
    let mut failed = Vec::new();
    let models = models(patterns, options, &mut failed, watch)?;
    let cheap = options.schemes.iter().filter(|s| **s != Scheme::Tuned).count() * options.bits.len() + 1;
    let tuned_runs = if options.schemes.contains(&Scheme::Tuned) { options.bits.len() } else { 0 };
    let total = (models.len() * cheap + tuned_runs) * options.kernel_bits.len();
    let mut trials: Vec<Trial> = Vec::new();
    let mut add = |made: Result<Memory>, name: &str, trials: &mut Vec<Trial>| -> Result<()> {
        match made {
            Ok(memory) => trials.push(trial(memory, name, &cues, fits)?),
            Err(e) if matches!(e.kind(), ErrorKind::Usage | ErrorKind::Interrupted) => return Err(e),
            Err(e) => failed.push(format!("{name}: {e}")),
        }
        watch.at(Progress::of((trials.len() + failed.len()).min(total), total));
        watch.go_on()
    };
    for &kernel_bits in &options.kernel_bits {
        for model in &models {
            let free = training_free(patterns, model.gamma, &options.memory(kernel_bits));
            add(free, "training-free", &mut trials)?;
            for (&scheme, &bits) in options.schemes.iter().flat_map(|s| options.bits.iter().map(move |b| (s, b))) {
                if scheme != Scheme::Tuned {
                    let made = quantize(model, &QuantizeOptions { bits, scheme, memory: options.memory(kernel_bits) });
                    add(made.map(|q| q.memory), &scheme.to_string(), &mut trials)?;
                }
            }
        }
        let exact = |t: &&Trial| (t.candidate.exact, -t.candidate.gamma);
        let order = |a: &&Trial, b: &&Trial| exact(a).0.total_cmp(&exact(b).0).then(exact(a).1.total_cmp(&exact(b).1));
        let gamma = trials.iter().max_by(order).map(|t| t.candidate.gamma);
        let model = models.iter().find(|m| Some(m.gamma) == gamma);
        for (model, &bits) in model.iter().flat_map(|m| options.bits.iter().map(move |b| (m, b))) {
            if options.schemes.contains(&Scheme::Tuned) {
                let made = tune(model, shape, &options.tune(bits, kernel_bits), &Quiet(watch));
                add(made.map(|t| t.memory), "tuned", &mut trials)?;
            }
        }
    }
    let best = choose(&trials)?;
    let memory = trials[best].memory.clone();
    let fresh = draw(Purpose::SearchReport)?;
    let answers = scoring::exact(&memory, &fresh);
    Ok(Found {
        fresh: tuning::fraction(&answers),
        fresh_nearest: scoring::beside_nearest(&memory, &fresh).1,
        fresh_cues: answers.len(),
        best,
        tried: trials.into_iter().map(|t| t.candidate).collect(),
        failed,
        memory,
    })
}

/// Fits when patterns and planes take at most so many bits.
pub fn within_storage(budget: usize) -> impl Fn(&Memory) -> Result<(bool, String)> {
    move |memory| {
        let bits = memory.storage_bits();
        Ok((bits <= budget, format!("{bits} of {budget} bits")))
    }
}

/// A model for every gamma that can be trained.
fn models(
    patterns: &BitMatrix,
    options: &SearchOptions,
    failed: &mut Vec<String>,
    watch: &dyn Watch,
) -> Result<Vec<Model>> {
    let mut models = Vec::new();
    let mut last = Error::usage("there is no gamma to try");
    for &gamma in &options.gammas {
        match train(patterns, &TrainOptions { gamma, ..options.train.clone() }, &Quiet(watch)) {
            Ok(trained) => models.push(trained.model),
            Err(e) if e.kind() == ErrorKind::Failed => {
                failed.push(format!("gamma {gamma}: {e}"));
                last = e;
            }
            Err(e) => return Err(e),
        }
    }
    if models.is_empty() {
        return Err(last);
    }
    Ok(models)
}

fn trial(
    memory: Memory,
    name: &str,
    cues: &Damaged,
    fits: &dyn Fn(&Memory) -> Result<(bool, String)>,
) -> Result<Trial> {
    let answers = scoring::exact(&memory, cues);
    let exact = tuning::fraction(&answers);
    let (fits, verdict) = fits(&memory)?;
    let candidate = Candidate {
        scheme: name.to_owned(),
        gamma: memory.parts().gamma,
        bits: memory.planes().len(),
        kernel_bits: memory.parts().kernel_bits,
        storage_bits: memory.storage_bits(),
        accumulator_bits: memory.accumulator_bits(),
        exact,
        standard_error: (exact * (1.0 - exact) / answers.len().max(1) as f64).sqrt(),
        fits,
        verdict,
    };
    Ok(Trial { candidate, memory, answers })
}

/// The smallest of those that fit and are within one standard error of the most exact; the more exact, then the earlier one on
/// a tie.
fn choose(trials: &[Trial]) -> Result<usize> {
    let exact = |&t: &usize| trials[t].candidate.exact;
    let fitting: Vec<usize> = (0..trials.len()).filter(|&t| trials[t].candidate.fits).collect();
    let Some(&most) = fitting.iter().rev().max_by(|a, b| exact(a).total_cmp(&exact(b))) else {
        let what = match trials.iter().min_by_key(|t| t.candidate.storage_bits) {
            Some(t) => format!("no memory of these patterns fits: the smallest takes {}", t.candidate.verdict),
            None => "no memory could be made of these patterns".to_owned(),
        };
        return Err(Error::new(ErrorKind::Fit, what).hint("store fewer or smaller patterns, or take a larger device"));
    };
    let as_good = |t: &usize| {
        let pair = Paired::of(&trials[*t].answers, &trials[most].answers);
        pair.gain <= pair.standard_error
    };
    let key = |t: usize| (trials[t].candidate.storage_bits, trials[t].candidate.bits);
    let smaller = |a: &usize, b: &usize| key(*a).cmp(&key(*b)).then(exact(b).total_cmp(&exact(a)));
    Ok(fitting.into_iter().filter(as_good).min_by(smaller).unwrap_or(most))
}
