//! Training in shards: where a model outgrows a machine, or is wanted sooner than one has it, several find some of its neurons each.
//!
//! At the optimum a neuron's dual weights depend on the patterns and on its own stored bits, and on no other neuron. So the neurons of
//! [`newton`] are split into shards, each shard is a run that leaves its [`State`], and [`join`] puts the states together: the
//! result is byte for byte that of one run. A shard holds two square matrices of the patterns, as every run does, and a share of the
//! dual weights; each inverts the matrix that its neurons share anew, which is what many shards cost.

use super::{
    Trained, bytes, check_room,
    checkpoint::{Checkpointer, State},
    matrices, newton,
    options::{Method, TrainOptions},
    run::Run,
    trained,
};
use crate::dense::product;
use hopgate_files::room;
use hopgate_model::{Error, ErrorKind, Result, bits::BitMatrix, progress::Watch};
use ndarray::Array2;
use serde::Serialize;
use std::{collections::BTreeMap, ops::Range, str::FromStr, sync::OnceLock, time::Instant};

/// The most shards of a run.
pub const MAX_SHARDS: u32 = 16_384;

/// Some of the neurons of a run: the `index`th of `of` nearly equal parts, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Shard {
    /// Which one, 1 to `of`.
    pub index: u32,
    /// How many there are.
    pub of: u32,
}

impl Shard {
    /// The whole run.
    pub const WHOLE: Shard = Shard { index: 1, of: 1 };

    /// One of so many.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] unless `1 <= index <= of <= `[`MAX_SHARDS`].
    pub fn new(index: u32, of: u32) -> Result<Self> {
        if (1..=MAX_SHARDS).contains(&of) && (1..=of).contains(&index) {
            return Ok(Shard { index, of });
        }
        Err(Error::usage(format!("there is no shard {index}/{of}"))
            .hint(format!("1/4 to 4/4 are the four shards of a run that is split in four; there can be {MAX_SHARDS}")))
    }

    /// Its part of so many things.
    pub(super) fn range(self, count: usize) -> Range<usize> {
        let at = |index: u32| (index as u64 * count as u64 / u64::from(self.of)) as usize;
        at(self.index - 1)..at(self.index)
    }
}

impl std::fmt::Display for Shard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.index, self.of)
    }
}

impl FromStr for Shard {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let number = |part: &str| part.trim().parse::<u32>().ok();
        match text.split_once('/').map(|(index, of)| (number(index), number(of))) {
            Some((Some(index), Some(of))) => Shard::new(index, of),
            _ => Err(Error::usage(format!("{text:?} is no shard")).hint("I/N, as in 3/8: the third of eight")),
        }
    }
}

/// Finds the dual weights of a shard's neurons, from what is kept of an earlier run of the same shard; what [`join`] takes.
///
/// # Errors
/// As [`train_from`](super::train_from); [`ErrorKind::Usage`] for gradient descent, whose epochs go over all neurons.
///
/// ```
/// use hopgate_model::noise;
/// use hopgate_train::solver::{Shard, TrainOptions, join, train, train_shard};
/// let (patterns, options) = (noise::random(20, 16, 1), TrainOptions::new(0.05));
/// let shard = |index| train_shard(&patterns, &options, Shard::new(index, 3)?, None, &|_| ());
/// let states = vec![shard(1)?, shard(2)?, shard(3)?];
/// let joined = join(&patterns, &options, states, &|_| ())?;
/// assert!(joined.model == train(&patterns, &options, &|_| ())?.model);
/// # Ok::<(), hopgate_model::Error>(())
/// ```
pub fn train_shard(
    patterns: &BitMatrix,
    options: &TrainOptions,
    shard: Shard,
    checkpointer: Option<&dyn Checkpointer>,
    watch: &dyn Watch,
) -> Result<State> {
    check(patterns, options)?;
    let plan = Plan::of(patterns.rows(), patterns.cols(), shard.of);
    room::check(plan.shard_bytes, || {
        format!("shard {shard} of training {} patterns of {} neurons", patterns.rows(), patterns.cols())
    })?;
    let run = match checkpointer {
        Some(checkpointer) => Run::kept(checkpointer, patterns, options, shard, watch)?,
        None => Run::collected(patterns, options, shard, watch),
    };
    newton::solve_shard(patterns, options, shard, &run)?;
    Ok(run.into_state())
}

/// The model of all shards of a run: byte for byte that of [`train`](super::train). They may come in any order.
///
/// # Errors
/// [`ErrorKind::Value`] for shards of other patterns or options, for one that is there twice, and where some are missing;
/// [`ErrorKind::Fit`] where there is too little memory: the kernel is needed once more, for the residual of the whole.
pub fn join(patterns: &BitMatrix, options: &TrainOptions, states: Vec<State>, watch: &dyn Watch) -> Result<Trained> {
    check(patterns, options)?;
    let bad = |what: String, hint: &str| Err(Error::new(ErrorKind::Value, what).hint(hint));
    let mut by_shard = BTreeMap::new();
    for state in states {
        let shard = state.shard;
        state.check(patterns, options, shard)?;
        if by_shard.insert(shard, state).is_some() {
            return bad(format!("shard {shard} is there twice"), "give each shard once");
        }
    }
    let Some(&Shard { of, .. }) = by_shard.keys().next() else {
        return bad("there are no shards to join".into(), "give the files that `shard 1/N` to `shard N/N` wrote");
    };
    if let Some(other) = by_shard.keys().find(|shard| shard.of != of) {
        return bad(
            format!("shard {other} is of a run that was split in {}, others in {of}", other.of),
            "train all shards of one N",
        );
    }
    let missing: Vec<String> = (1..=of)
        .map(|index| Shard { index, of })
        .filter(|shard| !by_shard.contains_key(shard))
        .map(|shard| shard.to_string())
        .collect();
    if !missing.is_empty() {
        let shown = missing[..missing.len().min(8)].join(", ");
        let more = if missing.len() > 8 { ", ..." } else { "" };
        return bad(
            format!("{} of {of} shards are missing: {shown}{more}", missing.len()),
            "train these too, then join all",
        );
    }
    let plan = Plan::of(patterns.rows(), patterns.cols(), of);
    room::check(plan.join_bytes, || {
        format!("joining {of} shards of {} patterns of {} neurons", plan.patterns, plan.neurons)
    })?;
    let mut whole = State::new(patterns, options, Shard::WHOLE);
    for state in by_shard.into_values() {
        whole.places.extend(state.places);
        whole.alpha.extend(state.alpha);
    }
    trained(patterns, options, Run::of(whole, watch))
}

/// Fails for what cannot be split.
fn check(patterns: &BitMatrix, options: &TrainOptions) -> Result<()> {
    options.check()?;
    if options.method == Method::Gd {
        return Err(Error::usage("gradient descent is not trained in shards: its epochs go over all neurons")
            .hint("`method newton` finds each neuron's optimum by itself"));
    }
    if patterns.rows() == 0 || patterns.cols() == 0 {
        return Err(Error::new(ErrorKind::Value, "there are no patterns to train on"));
    }
    Ok(())
}

/// What training takes, whole and in shards, before any of it is done.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Plan {
    /// Patterns, P.
    pub patterns: usize,
    /// Neurons, N.
    pub neurons: usize,
    /// Shards.
    pub shards: u32,
    /// Neurons of the largest shard.
    pub shard_neurons: usize,
    /// Bytes that a run of the whole takes.
    pub whole_bytes: u64,
    /// Bytes that a shard takes.
    pub shard_bytes: u64,
    /// Bytes that the join takes.
    pub join_bytes: u64,
    /// Bytes of a shard's file, nearly.
    pub shard_file_bytes: u64,
    /// Operations of a shard, nearly: that of the matrix that its neurons share, and of the steps of each.
    pub shard_operations: f64,
    /// Operations of the join, nearly.
    pub join_operations: f64,
    /// Operations of a run of the whole, nearly.
    pub whole_operations: f64,
}

/// The seconds of one operation of a product on all threads.
fn seconds_of_an_operation() -> f64 {
    const SIZE: usize = 768;
    const WIDE: usize = 128;
    let (a, b) = (Array2::from_elem((SIZE, SIZE), 0.5), Array2::from_elem((SIZE, WIDE), 0.25));
    let time = || {
        let begin = Instant::now();
        std::hint::black_box(product(&a, &b));
        begin.elapsed().as_secs_f64()
    };
    // the first one makes the threads
    time();
    (time() + time()) / (4 * SIZE * SIZE * WIDE) as f64
}

/// Products with a square matrix that a neuron takes, all steps together; more where the kernel's columns are much alike. Measured on
/// random patterns: docs/src/guides/sweeps.md has the figures.
const PRODUCTS: f64 = 30.0;

impl Plan {
    /// Of so many patterns of so many neurons by [`newton`], in so many shards.
    pub fn of(patterns: usize, neurons: usize, shards: u32) -> Self {
        let (p, n) = (patterns as f64, neurons as f64);
        let shard_neurons = neurons.div_ceil(shards.max(1) as usize);
        let square = 2.0 * p * p;
        let operations = |neurons: f64| square * p + square * neurons * PRODUCTS;
        Plan {
            patterns,
            neurons,
            shards,
            shard_neurons,
            whole_bytes: bytes(Method::Newton, patterns, neurons),
            shard_bytes: bytes(Method::Newton, patterns, shard_neurons),
            // the kernel; the states, as they come and by neurons, the dual weights, their fields and the targets
            join_bytes: matrices(1, patterns, patterns).saturating_add(matrices(6, patterns, neurons)),
            shard_file_bytes: matrices(1, patterns, shard_neurons).saturating_add((patterns * neurons / 8) as u64),
            shard_operations: operations(shard_neurons as f64),
            join_operations: square * n,
            whole_operations: operations(n),
        }
    }

    /// Seconds that so many operations take on this machine, as busy as it is: by a product that is timed when this is asked first.
    pub fn seconds(operations: f64) -> f64 {
        static EACH: OnceLock<f64> = OnceLock::new();
        operations * EACH.get_or_init(seconds_of_an_operation)
    }

    /// Fails if a shard does not fit the memory there is.
    ///
    /// # Errors
    /// [`ErrorKind::Fit`] with what is needed and what there is.
    pub fn check_shard(&self) -> Result<()> {
        match self.shards {
            0 | 1 => check_room(Method::Newton, self.patterns, self.neurons),
            _ => room::check(self.shard_bytes, || {
                format!("a shard of training {} patterns of {} neurons", self.patterns, self.neurons)
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_cover_everything_once() {
        for (count, of) in [(10, 1), (10, 3), (3, 10), (17, 17), (16_384, 7)] {
            let all: Vec<usize> = (1..=of).flat_map(|index| Shard { index, of }.range(count)).collect();
            assert_eq!(all, (0..count).collect::<Vec<_>>(), "{count} in {of}");
        }
    }

    #[test]
    fn names_of_shards() {
        assert_eq!("3/8".parse::<Shard>().unwrap(), Shard { index: 3, of: 8 });
        assert_eq!(Shard { index: 3, of: 8 }.to_string(), "3/8");
        for wrong in ["0/8", "9/8", "1/0", "1", "a/b", "1/2/3", "-1/2", "1/99999", ""] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_plan_of_one_shard_is_that_of_the_whole() {
        let plan = Plan::of(30_000, 10_000, 1);
        assert_eq!((plan.shard_bytes, plan.shard_operations), (plan.whole_bytes, plan.whole_operations));
        let split = Plan::of(30_000, 10_000, 100);
        assert_eq!(split.shard_neurons, 100);
        assert!(split.shard_bytes < plan.shard_bytes && split.shard_bytes > 2 * 8 * 30_000 * 30_000);
        assert!(100.0 * split.shard_operations > plan.whole_operations);
    }
}
