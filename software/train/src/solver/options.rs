//! What to train, and how far.

use crate::options::setters;
use hopgate_model::{Error, Result};
use serde::{Deserialize, Serialize};

/// The regulariser unless told otherwise: the paper's.
pub const DEFAULT_LAMBDA: f64 = 0.01;
/// `newton`: the residual at which a run stops unless told otherwise.
pub const DEFAULT_TOLERANCE: f64 = 1e-8;
/// `gd`: the paper's rate.
pub const DEFAULT_RATE: f64 = 0.1;
/// `gd`: the default number of epochs.
pub const DEFAULT_EPOCHS: usize = 500;

/// How the dual weights are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// The exact optimum: [`newton`](super::newton).
    Newton,
    /// The paper's gradient descent: [`descent`](super::descent).
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

/// `gd`: what happens in an epoch whose objective rises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guard {
    /// The run ends with an error.
    Refuse,
    /// The run goes on as the paper's does, and [`Fit`](super::Fit) counts such epochs. It ends early where the objective is no
    /// number any more, which no epoch would mend.
    Report,
}

/// What to train, and how far.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
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
    /// `gd`: what happens in an epoch whose objective rises.
    pub guard: Guard,
}

setters!(TrainOptions {
    gamma: f64,
    lambda: f64,
    method: Method,
    tolerance: f64,
    epochs: usize,
    rate: f64,
    guard: Guard,
});

impl TrainOptions {
    /// Newton's method at this gamma, with every default.
    pub fn new(gamma: f64) -> Self {
        TrainOptions {
            gamma,
            lambda: DEFAULT_LAMBDA,
            method: Method::Newton,
            tolerance: DEFAULT_TOLERANCE,
            epochs: DEFAULT_EPOCHS,
            rate: DEFAULT_RATE,
            guard: Guard::Refuse,
        }
    }

    /// Checks every range.
    ///
    /// # Errors
    /// [`hopgate_model::ErrorKind::Usage`] with the first option that is out of range.
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

    /// What decides the result, beside the patterns, as text.
    pub(super) fn describe(&self) -> String {
        let TrainOptions { gamma, lambda, method, tolerance, rate, guard, .. } = self;
        // the number of epochs decides where a descent ends, not what it passes
        let how = match method {
            Method::Newton => format!("tolerance {tolerance:e}"),
            Method::Gd => format!("rate {rate:e} {guard:?}"),
        };
        format!("{} {method} gamma {gamma:e} lambda {lambda:e} {how}", env!("CARGO_PKG_VERSION"))
    }
}
