//! What a long training run keeps, so that an interrupted one goes on where it was.
//!
//! `newton` keeps the neurons that are done, `gd` the dual weights of an epoch. Either way the resumed run ends with the same bytes as
//! one that was never interrupted. A checkpoint of other patterns or options is an error: nobody's hours are overwritten.

use super::{
    options::{Method, TrainOptions},
    shard::Shard,
};
use hopgate_model::{Error, ErrorKind, Result, bits::BitMatrix};
use std::time::Duration;

/// How long a run goes without a checkpoint unless told otherwise.
pub const DEFAULT_EVERY: Duration = Duration::from_secs(60);

/// Where a run keeps its state: a file, say. See [`train_from`](super::train_from) for an example.
pub trait Checkpointer: Sync {
    /// What was kept last, if anything was.
    ///
    /// # Errors
    /// Where there is something that cannot be read.
    fn load(&self) -> Result<Option<State>>;

    /// Keeps this state instead.
    ///
    /// # Errors
    /// Where that fails, which ends no run: see [`Trained::checkpoint_failed`](super::Trained::checkpoint_failed).
    fn save(&self, state: &State) -> Result<()>;

    /// How long a run goes without keeping its state, at least.
    fn every(&self) -> Duration {
        DEFAULT_EVERY
    }
}

/// The state of a run, and what run it is of.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// The options that decide the result, as text.
    pub options: String,
    /// The neurons that it is about: all, unless the run is a shard.
    pub shard: Shard,
    /// The patterns, (P, N).
    pub patterns: BitMatrix,
    /// `newton`: each neuron that is done and its Newton steps. `gd`: the epoch, and zero.
    pub places: Vec<(u32, u32)>,
    /// `newton`: a row of P dual weights for each of them. `gd`: P rows of N.
    pub alpha: Vec<f64>,
}

impl State {
    /// At the beginning of a run.
    pub(super) fn new(patterns: &BitMatrix, options: &TrainOptions, shard: Shard) -> Self {
        let (options, patterns) = (options.describe(), patterns.clone());
        State { options, shard, patterns, places: Vec::new(), alpha: Vec::new() }
    }

    /// Fails if the state is not one of this run.
    pub(super) fn check(&self, patterns: &BitMatrix, options: &TrainOptions, shard: Shard) -> Result<()> {
        if self.patterns != *patterns || self.options != options.describe() {
            let what = "the checkpoint belongs to other patterns or options";
            return Err(Error::new(ErrorKind::Value, what).hint("remove it, or keep this run's in another place"));
        }
        if self.shard != shard {
            let what = format!("the checkpoint belongs to shard {}, and this is {shard}", self.shard);
            return Err(Error::new(ErrorKind::Value, what).hint("remove it, or keep this shard's in another place"));
        }
        let (p, n) = (patterns.rows(), patterns.cols());
        let fits = match options.method {
            Method::Newton => {
                self.alpha.len() == self.places.len() * p && self.places.iter().all(|&(i, _)| (i as usize) < n)
            }
            Method::Gd => self.alpha.len() == n * p && self.places.len() == 1,
        };
        let damaged = || Error::new(ErrorKind::Format, "the checkpoint is damaged");
        if fits { Ok(()) } else { Err(damaged().hint("remove it: training begins anew")) }
    }
}

/// The state that is kept of this run, if there is one.
pub(super) fn load(
    checkpointer: &dyn Checkpointer,
    patterns: &BitMatrix,
    options: &TrainOptions,
    shard: Shard,
) -> Result<Option<State>> {
    let state = checkpointer.load()?;
    state.iter().try_for_each(|s| s.check(patterns, options, shard))?;
    Ok(state)
}

/// How many neurons (`newton`) or epochs (`gd`) of this run are done already; `None` without a checkpoint.
///
/// # Errors
/// [`ErrorKind::Value`] for a checkpoint of other patterns or options, [`ErrorKind::Format`] for one that makes no sense, and
/// whatever [`Checkpointer::load`] fails with.
pub fn resumed_at(
    checkpointer: &dyn Checkpointer,
    patterns: &BitMatrix,
    options: &TrainOptions,
) -> Result<Option<usize>> {
    Ok(load(checkpointer, patterns, options, Shard::WHOLE)?.map(|state| match options.method {
        Method::Newton => state.places.len(),
        Method::Gd => state.places[0].0 as usize,
    }))
}
