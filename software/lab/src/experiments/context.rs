//! Where experiments get their models: one preset, every model trained once.

use crate::statistics::Spread;
use hopgate_files::room;
use hopgate_model::{
    Error, Result,
    bits::BitMatrix,
    noise::{self, Purpose, Seed},
    progress::{Progress, Watch},
};
use hopgate_train::{
    logistic::kernel_matrix,
    solver::{Fit, Guard, Method, TrainOptions, fit, matrices},
};
use ndarray::Array2;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

/// The most neurons of an experiment.
const MOST_NEURONS: usize = 1024;

/// What all experiments share.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Preset {
    /// Neurons, `N`. The paper does not give it; the experiment `sizes` shows what it decides.
    pub neurons: usize,
    /// The load, `P/N`.
    pub load: f64,
    /// The kernel's gamma.
    pub gamma: f64,
    /// The regulariser.
    pub lambda: f64,
    /// The rate of gradient descent.
    pub rate: f64,
    /// Its epochs.
    pub epochs: usize,
    /// Trials: trial `t` draws everything from the seed for [`Purpose::Experiment`] and `t`.
    pub trials: usize,
    /// The seed.
    pub seed: u64,
}

impl Preset {
    /// The Ridge (arXiv 2604.20333, section 3.1) at N = 128.
    pub fn paper() -> Self {
        Preset { neurons: 128, load: 3.0, gamma: 0.02, lambda: 0.01, rate: 0.1, epochs: 500, trials: 10, seed: 1 }
    }

    /// Stored patterns at a load.
    pub fn patterns(&self, load: f64) -> usize {
        (libm::round(load * self.neurons as f64) as usize).max(1)
    }

    /// The seed of trial `t`.
    pub fn seed_of(&self, t: u64) -> Seed {
        Seed::from(self.seed).of(Purpose::Experiment, t)
    }

    /// The bytes that a trained trial takes: its kernel and its dual weights.
    fn bytes(&self, neurons: usize, patterns: usize) -> u64 {
        matrices(1, patterns, patterns).saturating_add(matrices(1, patterns, neurons))
    }

    /// Checks every range.
    ///
    /// # Errors
    /// [`hopgate_model::ErrorKind::Usage`] for a preset that cannot be run.
    pub fn check(&self) -> Result<()> {
        if !(16..=MOST_NEURONS).contains(&self.neurons) {
            let what = format!("{} neurons, but the experiments take 16 to {MOST_NEURONS}", self.neurons);
            return Err(Error::usage(what).hint("128 is the default"));
        }
        // a trial of the preset, all of which are kept
        let trial = self.bytes(self.neurons, self.patterns(self.load));
        room::check(trial.saturating_mul(self.trials as u64), || {
            format!("{} trials with {} neurons", self.trials, self.neurons)
        })?;
        if self.trials == 0 || self.epochs == 0 {
            return Err(Error::usage("the experiments need at least one trial and one epoch"));
        }
        Ok(())
    }
}

/// How a model comes about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Recipe {
    /// The paper's gradient descent, unguarded: as whoever follows the paper would run it.
    Descent,
    /// The exact optimum, to a KKT residual of 1e-3 or better.
    Optimum,
}

/// The residual at which an optimum is near enough for every experiment.
const TOLERANCE: f64 = 1e-3;

/// One trained model.
pub struct Trial {
    /// The seed of everything in it.
    pub seed: Seed,
    /// The kernel's gamma.
    pub gamma: f64,
    /// The stored patterns.
    pub patterns: BitMatrix,
    /// The kernel matrix, (P, P).
    pub kernel: Array2<f64>,
    /// The dual weights, (P, N).
    pub alpha: Array2<f64>,
    /// Epochs in which the objective rose (gradient descent only).
    pub rises: usize,
    /// The KKT residual.
    pub residual: f64,
}

/// What decides a model, apart from the preset.
type Key = (usize, usize, u64, Recipe);

/// The preset, and every model that was trained with it.
pub struct Context<'a> {
    preset: Preset,
    watch: &'a dyn Watch,
    kept: Mutex<HashMap<Key, Arc<Vec<Trial>>>>,
}

impl<'a> Context<'a> {
    /// A context; `watch` counts the trials of the step at hand.
    pub fn new(preset: Preset, watch: &'a dyn Watch) -> Self {
        Context { preset, watch, kept: Mutex::default() }
    }

    /// The preset.
    pub fn preset(&self) -> &Preset {
        &self.preset
    }

    /// The models of the preset at this load and gamma. They are kept, since several experiments look at them.
    pub fn trials(&self, load: f64, gamma: f64, recipe: Recipe) -> Result<Arc<Vec<Trial>>> {
        let (n, p) = (self.preset.neurons, self.preset.patterns(load));
        let key = (n, p, gamma.to_bits(), recipe);
        let kept = || self.kept.lock().unwrap_or_else(|e| e.into_inner());
        if let Some(trials) = kept().get(&key) {
            return Ok(trials.clone());
        }
        let trained = Arc::new(self.train(n, p, gamma, recipe)?);
        kept().insert(key, trained.clone());
        Ok(trained)
    }

    /// The models on the Ridge by the paper's recipe.
    pub fn ridge(&self) -> Result<Arc<Vec<Trial>>> {
        self.trials(self.preset.load, self.preset.gamma, Recipe::Descent)
    }

    /// Trains a model per trial: trials in parallel.
    pub fn train(&self, neurons: usize, patterns: usize, gamma: f64, recipe: Recipe) -> Result<Vec<Trial>> {
        // those at work take some four times what they leave
        let at_work = 3 * rayon::current_num_threads().min(self.preset.trials);
        let bytes = self.preset.bytes(neurons, patterns).saturating_mul((self.preset.trials + at_work) as u64);
        room::check(bytes, || format!("{} trials of {patterns} patterns of {neurons} neurons", self.preset.trials))?;
        self.each(0..self.preset.trials, |&t| {
            let seed = self.preset.seed_of(t as u64);
            self.one(noise::random(patterns, neurons, seed), gamma, recipe, seed)
        })
    }

    fn one(&self, patterns: BitMatrix, gamma: f64, recipe: Recipe, seed: Seed) -> Result<Trial> {
        let Preset { lambda, rate, epochs, .. } = self.preset;
        let options = TrainOptions::new(gamma).lambda(lambda);
        let options = match recipe {
            Recipe::Descent => options.method(Method::Gd).rate(rate).epochs(epochs).guard(Guard::Report),
            Recipe::Optimum => options.tolerance(TOLERANCE),
        };
        let Fit { alpha, rises, residual, .. } = fit(&patterns, &options, &|_| ())?;
        let kernel = kernel_matrix(&patterns, gamma);
        Ok(Trial { seed, gamma, patterns, kernel, alpha, rises, residual })
    }

    /// `f` of everything, in parallel and in order, with progress.
    pub fn each<I, T, R>(&self, items: I, f: impl Fn(&T) -> Result<R> + Sync) -> Result<Vec<R>>
    where
        I: IntoIterator<Item = T>,
        T: Send + Sync,
        R: Send,
    {
        let items: Vec<T> = items.into_iter().collect();
        let done = AtomicUsize::new(0);
        let step = |item: &T| {
            let result = f(item);
            let done = done.fetch_add(1, Ordering::Relaxed) + 1;
            self.watch.at(Progress::of(done, items.len()));
            self.watch.go_on()?;
            result
        };
        // one item at a time: they are few and long
        items.par_iter().with_max_len(1).map(step).collect()
    }

    /// A number of every model, and its spread.
    pub fn spread(&self, trials: &[Trial], f: impl Fn(&Trial) -> Result<f64> + Sync) -> Result<Spread> {
        Ok(Spread::of(&self.each(trials, |t| f(t))?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_are_trained_once_and_do_not_depend_on_threads() {
        let preset = Preset { neurons: 16, epochs: 20, trials: 3, ..Preset::paper() };
        let context = Context::new(preset.clone(), &|_| ());
        let first = context.ridge().unwrap();
        assert!(Arc::ptr_eq(&first, &context.ridge().unwrap()));
        let seed = |t| Seed::from(1).of(Purpose::Experiment, t);
        assert_eq!(first.iter().map(|t| t.seed).collect::<Vec<_>>(), [0, 1, 2].map(seed));
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        let again = pool.install(|| Context::new(preset, &|_| ()).ridge().unwrap());
        assert!(first.iter().zip(again.iter()).all(|(a, b)| a.alpha == b.alpha && a.patterns == b.patterns));
        let optimum = context.trials(3.0, 0.02, Recipe::Optimum).unwrap();
        assert!(optimum.iter().all(|t| t.residual <= TOLERANCE) && optimum[0].alpha != first[0].alpha);
    }

    #[test]
    fn a_preset_that_cannot_be_run_says_so() {
        assert!(Preset::paper().check().is_ok());
        assert!(Preset { neurons: 4, ..Preset::paper() }.check().is_err());
        assert!(Preset { trials: 0, ..Preset::paper() }.check().is_err());
        let e = Preset { trials: usize::MAX, ..Preset::paper() }.check().unwrap_err();
        assert_eq!(e.kind(), hopgate_model::ErrorKind::Fit);
    }
}
