//! A run's side of whoever watches it and of what keeps its state: the solvers talk to this alone.

use super::{
    checkpoint::{self, Checkpointer, State},
    options::TrainOptions,
    shard::Shard,
};
use hopgate_model::{
    Result,
    bits::BitMatrix,
    progress::{Progress, Watch},
};
use ndarray::Array2;
use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Instant,
};

pub(super) struct Run<'a> {
    watch: &'a dyn Watch,
    now: Mutex<Progress>,
    /// Without one, nothing is kept.
    keeping: Option<Keeping<'a>>,
}

/// What is kept, and where it goes from time to time: nowhere, if it is wanted at the end alone.
type Keeping<'a> = (Option<&'a dyn Checkpointer>, Mutex<Kept>);

struct Kept {
    state: State,
    /// When it was saved last.
    saved: Instant,
    failed: Option<String>,
}

/// A panic elsewhere ends the run anyway.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<'a> Run<'a> {
    /// Keeps nothing.
    pub fn new(watch: &'a dyn Watch) -> Self {
        Run { watch, now: Mutex::default(), keeping: None }
    }

    /// Goes on from what is kept; fails as [`checkpoint::resumed_at`].
    pub fn kept(
        checkpointer: &'a dyn Checkpointer,
        patterns: &BitMatrix,
        options: &TrainOptions,
        shard: Shard,
        watch: &'a dyn Watch,
    ) -> Result<Self> {
        let state = checkpoint::load(checkpointer, patterns, options, shard)?;
        let state = state.unwrap_or_else(|| State::new(patterns, options, shard));
        Ok(Run { keeping: Some((Some(checkpointer), Mutex::new(Kept::new(state)))), ..Run::new(watch) })
    }

    /// Begins anew, and keeps its state for the end.
    pub fn collected(patterns: &BitMatrix, options: &TrainOptions, shard: Shard, watch: &'a dyn Watch) -> Self {
        Run::of(State::new(patterns, options, shard), watch)
    }

    /// Goes on from this state.
    pub fn of(state: State, watch: &'a dyn Watch) -> Self {
        Run { keeping: Some((None, Mutex::new(Kept::new(state)))), ..Run::new(watch) }
    }

    /// Whether its state came from shards.
    pub fn is_joined(&self) -> bool {
        matches!(self.keeping, Some((None, _)))
    }

    /// What was kept, at the end.
    ///
    /// # Panics
    /// Of a run that keeps nothing.
    pub fn into_state(self) -> State {
        let (_, kept) = self.keeping.expect("a run that keeps its state");
        kept.into_inner().unwrap_or_else(PoisonError::into_inner).state
    }

    /// The run begins here.
    pub fn begin(&self, done: usize, total: usize) {
        *lock(&self.now) = Progress::of(done, total);
    }

    /// So many more are done; `residual` makes the new worst of the old one.
    pub fn advance(&self, more: usize, residual: impl FnOnce(f64) -> f64) {
        let mut now = lock(&self.now);
        now.done += more;
        now.residual = residual(now.residual);
        self.watch.at(*now);
    }

    /// Whether to go on: asked often, so that a run ends soon.
    pub fn goes_on(&self) -> bool {
        !self.watch.cancelled()
    }

    /// Fails if the run shall stop.
    pub fn check(&self) -> Result<()> {
        self.watch.go_on()
    }

    /// Why the last checkpoint could not be written, if it could not.
    pub fn failed(self) -> Option<String> {
        self.keeping.and_then(|(_, kept)| kept.into_inner().unwrap_or_else(PoisonError::into_inner).failed)
    }

    /// `newton`: every neuron that is done, its Newton steps, and its `p` dual weights.
    pub fn neurons(&self, p: usize) -> Vec<(usize, usize, Vec<f64>)> {
        let Some((_, kept)) = &self.keeping else { return Vec::new() };
        let state = &lock(kept).state;
        let rows = state.places.iter().zip(state.alpha.chunks_exact(p.max(1)));
        rows.map(|(&(neuron, steps), alpha)| (neuron as usize, steps as usize, alpha.to_vec())).collect()
    }

    /// `newton`: a neuron is done.
    pub fn neuron(&self, neuron: usize, steps: usize, alpha: &[f64]) {
        let Some((checkpointer, kept)) = &self.keeping else { return };
        let mut kept = lock(kept);
        kept.state.places.push((neuron as u32, steps as u32));
        kept.state.alpha.extend_from_slice(alpha);
        if let Some(checkpointer) = checkpointer.filter(|c| kept.saved.elapsed() >= c.every()) {
            kept.save(checkpointer);
        }
    }

    /// `gd`: the epoch and the dual weights (p, n) that are kept.
    pub fn epoch(&self, p: usize, n: usize) -> Option<(usize, Array2<f64>)> {
        let state = &lock(&self.keeping.as_ref()?.1).state;
        let &(epoch, _) = state.places.first()?;
        Some((epoch as usize, Array2::from_shape_vec((p, n), state.alpha.clone()).ok()?))
    }

    /// `gd`: an epoch is done.
    pub fn reached(&self, epoch: usize, alpha: &Array2<f64>) {
        let Some((checkpointer, kept)) = &self.keeping else { return };
        let mut kept = lock(kept);
        if let Some(checkpointer) = checkpointer.filter(|c| kept.saved.elapsed() >= c.every()) {
            kept.state.places = vec![(epoch as u32, 0)];
            kept.state.alpha = alpha.iter().copied().collect();
            kept.save(checkpointer);
        }
    }
}

impl Kept {
    fn new(state: State) -> Self {
        Kept { state, saved: Instant::now(), failed: None }
    }

    fn save(&mut self, checkpointer: &dyn Checkpointer) {
        self.failed = checkpointer.save(&self.state).err().map(|e| e.to_string());
        self.saved = Instant::now();
    }
}
