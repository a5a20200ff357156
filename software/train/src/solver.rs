//! From patterns to a trained model: one call for both methods, [`newton`] (the exact optimum) and [`descent`] (the paper's recipe).

pub mod checkpoint;
pub mod descent;
pub mod newton;
mod options;
mod run;
pub mod shard;

pub use checkpoint::{Checkpointer, DEFAULT_EVERY, State, resumed_at};
use hopgate_files::{
    model_file::{Model, ModelMeta},
    room,
};
use hopgate_model::{Error, ErrorKind, Result, bits::BitMatrix, progress::Watch};
use ndarray::Array2;
pub use options::{DEFAULT_EPOCHS, DEFAULT_LAMBDA, DEFAULT_RATE, DEFAULT_TOLERANCE, Guard, Method, TrainOptions};
use run::Run;
pub use shard::{Plan, Shard, join, train_shard};

/// Dual weights and how far they got.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Fit {
    /// The dual weights, (P, N).
    pub alpha: Array2<f64>,
    /// The Newton steps of the slowest neuron, or the epochs that were run.
    pub iterations: usize,
    /// The KKT residual `max |sigma(h) - y + lambda*alpha|`.
    pub residual: f64,
    /// `gd`: the objective after the last epoch, summed over the neurons.
    pub objective: Option<f64>,
    /// `gd`: epochs whose objective rose or was no number. None under [`Guard::Refuse`].
    pub rises: usize,
    /// Whether the objective and every dual weight are numbers: always, but under [`Guard::Report`].
    pub finite: bool,
}

/// A trained model and how far it got.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Trained {
    /// The model, with its `meta` filled in (the labels are the caller's to add).
    pub model: Model,
    /// The Newton steps of the slowest neuron, or the epochs.
    pub iterations: usize,
    /// The KKT residual `max |sigma(h) - y + lambda*alpha|` of the model.
    pub residual: f64,
    /// `gd`: the objective after the last epoch.
    pub objective: Option<f64>,
    /// Why the last checkpoint could not be written, where there was one to write.
    pub checkpoint_failed: Option<String>,
}

/// Trains on distinct patterns.
///
/// # Errors
/// [`ErrorKind::Usage`] for options out of range, [`ErrorKind::Value`] without patterns, and
/// [`ErrorKind::Failed`] where the method does not get to its goal. [`ErrorKind::Fit`] where there is too little memory: the kernel
/// alone takes `8 P^2` bytes.
///
/// ```
/// use hopgate_model::noise;
/// use hopgate_train::solver::{train, TrainOptions};
/// let patterns = noise::random(10, 32, 1);
/// let trained = train(&patterns, &TrainOptions::new(0.05), &|_| ())?;
/// // at the optimum the sign of every dual weight is the stored bit
/// assert!(trained.model.alpha.indexed_iter().all(|((mu, i), &a)| (a > 0.0) == patterns.get(mu, i)));
/// # Ok::<(), hopgate_model::Error>(())
/// ```
pub fn train(patterns: &BitMatrix, options: &TrainOptions, watch: &dyn Watch) -> Result<Trained> {
    trained(patterns, options, Run::new(watch))
}

/// The same, with a checkpoint: goes on from it if it is of the same run, and keeps the state anew as the work advances. The result
/// is byte for byte that of [`train`].
///
/// # Errors
/// As [`train`], and as [`resumed_at`]. A checkpoint that cannot be written ends nothing: see [`Trained::checkpoint_failed`].
///
/// ```
/// use hopgate_model::{Result, noise};
/// use hopgate_train::solver::{Checkpointer, State, TrainOptions, resumed_at, train_from};
/// use std::{sync::Mutex, time::Duration};
/// #[derive(Default)]
/// struct InMemory(Mutex<Option<State>>);
/// impl Checkpointer for InMemory {
///     fn load(&self) -> Result<Option<State>> {
///         Ok(self.0.lock().unwrap().clone())
///     }
///     fn save(&self, state: &State) -> Result<()> {
///         *self.0.lock().unwrap() = Some(state.clone());
///         Ok(())
///     }
///     fn every(&self) -> Duration {
///         Duration::ZERO
///     }
/// }
/// let (kept, patterns, options) = (InMemory::default(), noise::random(10, 32, 1), TrainOptions::new(0.05));
/// // if this is interrupted, the same line goes on from where it was
/// train_from(&patterns, &options, &kept, &|_| ())?;
/// assert!(resumed_at(&kept, &patterns, &options)?.is_some());
/// # Ok::<(), hopgate_model::Error>(())
/// ```
pub fn train_from(
    patterns: &BitMatrix,
    options: &TrainOptions,
    checkpointer: &dyn Checkpointer,
    watch: &dyn Watch,
) -> Result<Trained> {
    options.check()?;
    trained(patterns, options, Run::kept(checkpointer, patterns, options, Shard::WHOLE, watch)?)
}

/// The dual weights alone: as [`train`], for any number of neurons, and with what [`Guard::Report`] has to report.
///
/// # Errors
/// As [`train`].
///
/// ```
/// use hopgate_model::noise;
/// use hopgate_train::solver::{TrainOptions, fit};
/// let fit = fit(&noise::random(20, 16, 1), &TrainOptions::new(0.05).tolerance(1e-9), &|_| ())?;
/// assert!(fit.residual <= 1e-9 && fit.alpha.dim() == (20, 16));
/// # Ok::<(), hopgate_model::Error>(())
/// ```
pub fn fit(patterns: &BitMatrix, options: &TrainOptions, watch: &dyn Watch) -> Result<Fit> {
    solve(patterns, options, &Run::new(watch))
}

/// Fails if there is too little memory to train so many patterns of so many neurons: worth asking before anything else is done with them.
///
/// # Errors
/// [`ErrorKind::Fit`] with what is needed and what there is.
pub fn check_room(method: Method, patterns: usize, neurons: usize) -> Result<()> {
    room::check(bytes(method, patterns, neurons), || {
        format!("training {patterns} patterns of {neurons} neurons by {method}")
    })
}

/// The bytes that training takes at its largest, nearly: square matrices of the patterns, and matrices of the dual weights' shape.
fn bytes(method: Method, patterns: usize, neurons: usize) -> u64 {
    let (square, weights) = match method {
        // the kernel and the inverse that the neurons share
        Method::Newton => (2, 5),
        Method::Gd => (1, 6),
    };
    matrices(square, patterns, patterns).saturating_add(matrices(weights, patterns, neurons))
}

/// The bytes of so many matrices of numbers.
pub fn matrices(count: u64, rows: usize, cols: usize) -> u64 {
    count.saturating_mul(8).saturating_mul(rows as u64).saturating_mul(cols as u64)
}

fn solve(patterns: &BitMatrix, options: &TrainOptions, run: &Run) -> Result<Fit> {
    options.check()?;
    if patterns.rows() == 0 || patterns.cols() == 0 {
        return Err(Error::new(ErrorKind::Value, "there are no patterns to train on"));
    }
    // (shards that are joined were checked for what that takes)
    if !run.is_joined() {
        check_room(options.method, patterns.rows(), patterns.cols())?;
    }
    match options.method {
        Method::Newton => newton::solve(patterns, options, run),
        Method::Gd => descent::solve(patterns, options, run),
    }
}

fn trained(patterns: &BitMatrix, options: &TrainOptions, run: Run) -> Result<Trained> {
    let Fit { alpha, iterations, residual, objective, .. } = solve(patterns, options, &run)?;
    let mut meta = ModelMeta {
        solver: options.method.to_string(),
        iterations: iterations as u64,
        residual,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        ..ModelMeta::default()
    };
    match options.method {
        Method::Newton => drop(meta.extra.insert("tolerance".into(), options.tolerance.into())),
        Method::Gd => drop(meta.extra.insert("rate".into(), options.rate.into())),
    }
    let model = Model { patterns: patterns.clone(), alpha, gamma: options.gamma, lambda: options.lambda, meta };
    model.check()?;
    Ok(Trained { model, iterations, residual, objective, checkpoint_failed: run.failed() })
}
