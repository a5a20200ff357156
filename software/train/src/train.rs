//! From patterns to a trained model, by either method.

use crate::{
    checkpoint::{Checkpoint, Keeper},
    descent::{self, Guard, gd_from},
    newton::{self, newton_from},
    progress::ProgressFn,
};
use hopgate_files::{
    model_file::{Model, ModelMeta},
    room,
};
use hopgate_model::{Error, ErrorKind, Result, bits::BitMatrix, kernel};
use serde::{Deserialize, Serialize};

/// The regulariser unless told otherwise: the paper's.
pub const DEFAULT_LAMBDA: f64 = 0.01;

/// How the dual weights are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// The exact optimum: [`mod@crate::newton`].
    Newton,
    /// The paper's gradient descent: [`mod@crate::descent`].
    Gd,
}

impl std::fmt::Display for Method {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Method::Newton => "newton",
            Method::Gd => "gd",
        })
    }
}

/// What to train, and how far.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainOptions {
    /// The kernel's gamma, greater than 0.
    pub gamma: f64,
    /// The regulariser, greater than 0.
    pub lambda: f64,
    /// The method.
    pub method: Method,
    /// `newton`: the KKT residual to reach.
    pub tolerance: f64,
    /// `gd`: how many epochs.
    pub epochs: usize,
    /// `gd`: the rate of the summed gradient.
    pub rate: f64,
}

impl TrainOptions {
    /// Newton's method at this gamma, with every default.
    pub fn new(gamma: f64) -> Self {
        TrainOptions {
            gamma,
            lambda: DEFAULT_LAMBDA,
            method: Method::Newton,
            tolerance: newton::DEFAULT_TOLERANCE,
            epochs: descent::DEFAULT_EPOCHS,
            rate: descent::DEFAULT_RATE,
        }
    }

    /// Checks every range.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] with the first option that is out of range.
    pub fn check(&self) -> Result<()> {
        let positive = |name: &str, value: f64, hint: &str| {
            // beyond 1e300 the exponent of the kernel would no longer be a number
            if value > 0.0 && value <= 1e300 {
                Ok(())
            } else {
                Err(Error::usage(format!("{name} is {value}, but must be a number greater than 0")).hint(hint))
            }
        };
        positive("gamma", self.gamma, "0.02 to 0.5 suits most patterns; `gamma auto` finds a good one")?;
        positive("lambda", self.lambda, "0.01 is the default; without any regulariser the weights grow without end")?;
        positive("the tolerance", self.tolerance, "1e-8 is the default")?;
        positive("the rate", self.rate, "0.1 is the default")?;
        if self.method == Method::Gd && self.epochs == 0 {
            return Err(Error::usage("there are no epochs to run").hint("500 is the default of `epochs`"));
        }
        Ok(())
    }
}

/// A trained model and how far it got.
#[derive(Debug, Clone)]
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
/// use hopgate_train::train::{train, TrainOptions};
/// let patterns = noise::random(10, 32, 1);
/// let trained = train(&patterns, &TrainOptions::new(0.05), &|_| ())?;
/// // at the optimum the sign of every dual weight is the stored bit
/// assert!(trained.model.alpha.indexed_iter().all(|((mu, i), &a)| (a > 0.0) == patterns.get(mu, i)));
/// # Ok::<(), hopgate_model::Error>(())
/// ```
pub fn train(patterns: &BitMatrix, options: &TrainOptions, progress: &ProgressFn) -> Result<Trained> {
    train_with(patterns, options, Keeper::none(), progress)
}

/// The same, with a checkpoint: goes on from it if it is of the same run, and writes it anew as the work advances. The result is
/// byte for byte that of [`train`]. See [`Checkpoint`] for an example.
///
/// # Errors
/// As [`train`], and as [`Checkpoint::done`]. A checkpoint that cannot be written ends nothing: see [`Trained::checkpoint_failed`].
pub fn train_from(
    patterns: &BitMatrix,
    options: &TrainOptions,
    checkpoint: &Checkpoint,
    progress: &ProgressFn,
) -> Result<Trained> {
    train_with(patterns, options, Keeper::new(checkpoint, patterns, options)?, progress)
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

fn train_with(patterns: &BitMatrix, options: &TrainOptions, keeper: Keeper, progress: &ProgressFn) -> Result<Trained> {
    options.check()?;
    if patterns.rows() == 0 || patterns.cols() == 0 {
        return Err(Error::new(ErrorKind::Value, "there are no patterns to train on"));
    }
    check_room(options.method, patterns.rows(), patterns.cols())?;
    let TrainOptions { gamma, lambda, .. } = *options;
    let (alpha, iterations, residual, objective) = match options.method {
        Method::Newton => {
            let fit = newton_from(patterns, gamma, lambda, options.tolerance, &keeper, progress)?;
            (fit.alpha, fit.iterations, fit.residual, None)
        }
        Method::Gd => {
            let fit =
                gd_from(patterns, gamma, lambda, options.rate, options.epochs, (Guard::Refuse, &keeper), progress)?;
            (fit.alpha, fit.epochs, fit.residual, Some(fit.objective))
        }
    };
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
    let model = Model { patterns: patterns.clone(), alpha, gamma, lambda, meta };
    model.check()?;
    Ok(Trained { model, iterations, residual, objective, checkpoint_failed: keeper.failed() })
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
