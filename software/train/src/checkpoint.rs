//! What a long training run keeps, so that an interrupted one goes on where it was.
//!
//! `newton` keeps the neurons that are done, `gd` the dual weights of an epoch. Either way the resumed run ends with the same bytes as
//! one that was never interrupted. A checkpoint of other patterns or options is an error: nobody's hours are overwritten.

use crate::train::{Method, TrainOptions};
use hopgate_files::{
    npy::{self, Npy},
    npz::{self, Npz},
};
use hopgate_model::{Error, ErrorKind, Result, bits::BitMatrix};
use ndarray::Array2;
use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// How long a run goes without a checkpoint unless told otherwise.
pub const DEFAULT_EVERY: Duration = Duration::from_secs(60);

/// Where a run keeps its checkpoint, and how often.
///
/// ```no_run
/// use hopgate_model::noise;
/// use hopgate_train::{checkpoint::Checkpoint, train::{train_from, TrainOptions}};
/// let (patterns, options) = (noise::random(6000, 1000, 1), TrainOptions::new(0.005));
/// let checkpoint = Checkpoint::beside("model.npz".as_ref());
/// // if this is interrupted, the same lines go on from the last minute's checkpoint
/// let trained = train_from(&patterns, &options, &checkpoint, &|_| ())?;
/// trained.model.save("model.npz".as_ref())?;
/// checkpoint.remove();
/// # Ok::<(), hopgate_model::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Checkpoint {
    path: PathBuf,
    every: Duration,
}

impl Checkpoint {
    /// The checkpoint of a run whose model goes to `output`: that name with `.checkpoint` behind it, at most once a minute.
    pub fn beside(output: &Path) -> Self {
        let mut name = output.as_os_str().to_owned();
        name.push(".checkpoint");
        Checkpoint { path: name.into(), every: DEFAULT_EVERY }
    }

    /// The same, written as often as there is something new but at most once in `every`.
    pub fn every(self, every: Duration) -> Self {
        Checkpoint { every, ..self }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How many neurons (`newton`) or epochs (`gd`) are done already; `None` without a checkpoint.
    ///
    /// # Errors
    /// [`ErrorKind::Value`] for a checkpoint of other patterns or options, [`ErrorKind::Format`] or [`ErrorKind::Io`] for one that
    /// cannot be read. [`train_from`](crate::train::train_from) fails likewise.
    pub fn done(&self, patterns: &BitMatrix, options: &TrainOptions) -> Result<Option<usize>> {
        Ok(Kept::load(&self.path, patterns, options)?.map(|kept| match options.method {
            Method::Newton => kept.places.len(),
            Method::Gd => kept.places.first().map_or(0, |&(epoch, _)| epoch as usize),
        }))
    }

    /// Removes the file, if there is one: when the model is saved.
    pub fn remove(&self) {
        // one that stays says at the next run that everything is done
        let _ = fs::remove_file(&self.path);
    }
}

/// What is in the file.
#[derive(Default)]
struct Kept {
    /// `newton`: each neuron that is done and its Newton steps. `gd`: the epoch, and zero.
    places: Vec<(u32, u32)>,
    /// `newton`: a row of `P` dual weights for each of them. `gd`: `P` rows of `N`.
    alpha: Vec<f64>,
}

/// What the run depends on, beside the patterns.
fn describe(options: &TrainOptions) -> String {
    // the number of epochs decides where a descent ends, not what it passes
    let options =
        TrainOptions { epochs: if options.method == Method::Gd { 0 } else { options.epochs }, ..options.clone() };
    format!("{} {options:?}", env!("CARGO_PKG_VERSION"))
}

impl Kept {
    fn load(path: &Path, patterns: &BitMatrix, options: &TrainOptions) -> Result<Option<Self>> {
        if !path.exists() {
            return Ok(None);
        }
        let mut file = Npz::open(path)?;
        let bits = file.get("patterns")?;
        let (p, n) = (patterns.rows(), patterns.cols());
        let same = bits.shape() == [p, n]
            && (0..p * n).all(|x| bits.int(x) == Some(i64::from(patterns.get(x / n, x % n))))
            && file.get("options")?.text().as_deref() == Some(&describe(options));
        if !same {
            let what = format!("{} belongs to other patterns or options", path.display());
            return Err(Error::new(ErrorKind::Value, what).hint("remove it, or write the model to another place"));
        }
        let (places, alpha) = (file.get("places")?, file.get("alpha")?);
        let damaged = || {
            Error::new(ErrorKind::Format, format!("{} is damaged", path.display()))
                .hint("remove it: training begins anew")
        };
        let number = |x: usize| places.int(x).and_then(|i| u32::try_from(i).ok()).ok_or_else(damaged);
        let places =
            (0..places.len() / 2).map(|x| Ok((number(2 * x)?, number(2 * x + 1)?))).collect::<Result<Vec<_>>>()?;
        let rows = if options.method == Method::Gd { n } else { places.len() };
        let fits =
            alpha.len() == rows * p && (options.method == Method::Gd || places.iter().all(|p| (p.0 as usize) < n));
        let numbers = |a: &Npy| (0..a.len()).map(|x| a.float(x)).collect::<Vec<f64>>();
        fits.then(|| Some(Kept { places, alpha: numbers(&alpha) })).ok_or_else(damaged)
    }

    fn save(&self, path: &Path, patterns: &BitMatrix, options: &TrainOptions) -> Result<()> {
        let places = self.places.iter().flat_map(|&(a, b)| [a, b]);
        npz::write(
            path,
            &[
                ("patterns", npy::encode(&[patterns.rows(), patterns.cols()], patterns.to_bytes())),
                ("options", npy::encode_text(&describe(options))),
                ("places", npy::encode(&[self.places.len(), 2], places)),
                ("alpha", npy::encode(&[self.alpha.len()], self.alpha.iter().copied())),
            ],
        )
    }
}

/// A run's side of a checkpoint: asked for what is kept, told of what is new. Without a checkpoint it does nothing.
pub(crate) struct Keeper<'a> {
    run: Option<(&'a Checkpoint, &'a BitMatrix, &'a TrainOptions)>,
    state: Mutex<State>,
}

struct State {
    kept: Kept,
    last: Instant,
    failed: Option<String>,
}

impl<'a> Keeper<'a> {
    /// Keeps nothing.
    pub fn none() -> Self {
        Self::with(None, Kept::default())
    }

    /// With what the file holds; fails as [`Checkpoint::done`].
    pub fn new(checkpoint: &'a Checkpoint, patterns: &'a BitMatrix, options: &'a TrainOptions) -> Result<Self> {
        let kept = Kept::load(&checkpoint.path, patterns, options)?.unwrap_or_default();
        Ok(Self::with(Some((checkpoint, patterns, options)), kept))
    }

    fn with(run: Option<(&'a Checkpoint, &'a BitMatrix, &'a TrainOptions)>, kept: Kept) -> Self {
        Keeper { run, state: Mutex::new(State { kept, last: Instant::now(), failed: None }) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // a panic elsewhere ends the run anyway
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Why the last checkpoint could not be written, if it could not.
    pub fn failed(self) -> Option<String> {
        self.state.into_inner().unwrap_or_else(PoisonError::into_inner).failed
    }

    /// `newton`: every neuron that is done, its Newton steps, and its `p` dual weights.
    pub fn neurons(&self, p: usize) -> Vec<(usize, usize, Vec<f64>)> {
        let state = self.state();
        let rows = state.kept.places.iter().zip(state.kept.alpha.chunks_exact(p.max(1)));
        rows.map(|(&(neuron, steps), alpha)| (neuron as usize, steps as usize, alpha.to_vec())).collect()
    }

    /// `newton`: a neuron is done.
    pub fn neuron(&self, neuron: usize, steps: usize, alpha: &[f64]) {
        if self.run.is_some() {
            let mut state = self.state();
            state.kept.places.push((neuron as u32, steps as u32));
            state.kept.alpha.extend_from_slice(alpha);
            self.save(&mut state);
        }
    }

    /// `gd`: the epoch and the dual weights (p, n) that are kept.
    pub fn epoch(&self, p: usize, n: usize) -> Option<(usize, Array2<f64>)> {
        let state = self.state();
        let &(epoch, _) = state.kept.places.first()?;
        Some((epoch as usize, Array2::from_shape_vec((p, n), state.kept.alpha.clone()).ok()?))
    }

    /// `gd`: an epoch is done.
    pub fn reached(&self, epoch: usize, alpha: &Array2<f64>) {
        let Some((checkpoint, ..)) = self.run else { return };
        let mut state = self.state();
        if state.last.elapsed() >= checkpoint.every {
            state.kept = Kept { places: vec![(epoch as u32, 0)], alpha: alpha.iter().copied().collect() };
            self.save(&mut state);
        }
    }

    /// Writes the file if it is time to.
    fn save(&self, state: &mut State) {
        let Some((checkpoint, patterns, options)) = self.run else { return };
        if state.last.elapsed() >= checkpoint.every {
            state.failed = state.kept.save(&checkpoint.path, patterns, options).err().map(|e| e.to_string());
            state.last = Instant::now();
        }
    }
}
