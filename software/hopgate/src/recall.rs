//! Cues through the recall engine, and how right the answers are.

use crate::cues::{CueSource, Cues};
use hopgate_files::trace::Trace;
pub use hopgate_model::reference::Top;
use hopgate_model::{
    Error, Result,
    bits::{BitMatrix, hamming},
    classes,
    engine::{Engine, Search},
    kind::Kind,
    memory::Memory,
    progress::{Progress, Watch},
    reference::{Answer, Masks},
};
use serde::{Serialize, Serializer};

/// Cues that are held at a time, with their answers.
const BLOCK: usize = 1 << 14;

/// What the answers should be.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Expected<'a> {
    /// The stored pattern that the cue was made from, where it was.
    Origin(&'a BitMatrix),
    /// These, (Q, M).
    These(&'a BitMatrix),
    /// Nobody knows.
    Unknown,
}

impl<'a> Expected<'a> {
    /// Those that are given, (Q, M); without them the patterns of an auto-associative memory.
    pub fn of(memory: &'a Memory, given: Option<&'a BitMatrix>) -> Self {
        match given {
            Some(given) => Expected::These(given),
            None if memory.kind() == Kind::Auto => Expected::Origin(memory.patterns()),
            None => Expected::Unknown,
        }
    }

    /// What the answer to this cue should be.
    fn answer(self, cue: usize, origin: Option<usize>) -> Option<&'a [u64]> {
        match self {
            Expected::Origin(patterns) => Some(patterns.row(origin?)),
            Expected::These(answers) => Some(answers.row(cue)),
            Expected::Unknown => None,
        }
    }
}

/// Recalls the cues block by block, and gives the answers of each block to `keep`.
///
/// ```
/// use hopgate::{MemoryOptions, cues::CueSource, noise, recall::{Expected, recall}, training_free};
/// let patterns = noise::random(50, 64, 1);
/// let memory = training_free(&patterns, 0.2, &MemoryOptions::default())?;
/// let cues = CueSource::drawn(&patterns, Some(500), 0.1, 1)?;
/// let summary = recall(&memory, &cues, Expected::of(&memory, None), &|_| (), |answers| Ok(assert_eq!(answers.rows(), 500)))?;
/// assert!(summary.right.unwrap().exact > 490);
/// # Ok::<(), hopgate::Error>(())
/// ```
///
/// # Errors
/// Those of `keep`; [`ErrorKind::Interrupted`](hopgate_model::ErrorKind::Interrupted) if the watch stops it.
pub fn recall(
    memory: &Memory,
    cues: &CueSource,
    expected: Expected,
    watch: &dyn Watch,
    mut keep: impl FnMut(&BitMatrix) -> Result<()>,
) -> Result<Summary> {
    let engine = Engine::new(memory);
    let mut summary = Summary::default();
    for first in (0..cues.count()).step_by(BLOCK) {
        watch.go_on()?;
        let numbers = first..cues.count().min(first + BLOCK);
        let block = cues.block(numbers.clone());
        let (answers, recalls) = engine.all_masked(&block.bits, block.masks());
        for (q, recall) in recalls.iter().enumerate() {
            summary.add(recall.steps, recall.converged, recall.distance, recall.known);
            let origin = cues.origin(first + q);
            if let Some(right) = expected.answer(first + q, origin) {
                summary.add_right(answers.row(q), right, memory.outputs());
            }
            if let (Expected::Origin(patterns), Some(origin)) = (expected, origin) {
                summary.add_nearest(recall.cue_nearest, origin, patterns);
            }
        }
        keep(&answers)?;
        watch.at(Progress::of(numbers.end, cues.count()));
    }
    Ok(summary)
}

/// Recalls all cues at once, with their fields.
///
/// # Errors
/// [`ErrorKind::Interrupted`](hopgate_model::ErrorKind::Interrupted) if the watch stops it.
pub fn trace(memory: &Memory, cues: &Cues, expected: Expected, watch: &dyn Watch) -> Result<(Trace, Summary)> {
    let (mut found, mut nearest): (Vec<Answer>, Vec<usize>) = (Vec::new(), Vec::new());
    let engine = Engine::new(memory);
    for first in (0..cues.bits.rows()).step_by(BLOCK) {
        watch.go_on()?;
        let rows: Vec<usize> = (first..cues.bits.rows().min(first + BLOCK)).collect();
        let known = cues.known.as_ref().map(|known| known.select(&rows));
        let masks = known.as_ref().map(|known| Masks { known, clamp: cues.clamp });
        let block = engine.each_masked(&cues.bits.select(&rows), masks, |_, recall, scratch| {
            (scratch.answer(recall), recall.cue_nearest)
        });
        for (answer, near) in block {
            found.push(answer);
            nearest.push(near);
        }
        watch.at(Progress::of(found.len(), cues.bits.rows()));
    }
    let trace = Trace::from_answers(&found, memory.outputs());
    let summary = Summary::with(&trace, cues, expected, || nearest);
    Ok((trace, summary))
}

/// The class of each pattern in lists of them, of a memory of classes.
pub fn classes_of(memory: &Memory, lists: &[Vec<(usize, u32)>]) -> Option<Vec<Vec<u32>>> {
    let of = classes::of_patterns(memory)?;
    Some(lists.iter().map(|list| list.iter().map(|&(mu, _)| of[mu]).collect()).collect())
}

/// The patterns nearest to each cue, over its known bits: index and distance, ordered by (distance, index).
///
/// ```
/// use hopgate::{MemoryOptions, cues::CueSource, noise, recall::{Top, ranked}, training_free};
/// let patterns = noise::random(50, 64, 1);
/// let memory = training_free(&patterns, 0.2, &MemoryOptions::default())?;
/// let lists = ranked(&memory, &CueSource::drawn(&patterns, None, 0.0, 1)?, Top::Nearest(3), &|_| ())?;
/// assert!(lists.iter().enumerate().all(|(q, list)| list.len() == 3 && list[0] == (q, 0)));
/// # Ok::<(), hopgate::Error>(())
/// ```
///
/// # Errors
/// [`ErrorKind::Usage`](hopgate_model::ErrorKind::Usage) for more patterns than there are, or none;
/// [`ErrorKind::Interrupted`](hopgate_model::ErrorKind::Interrupted) if the watch stops it.
pub fn ranked(memory: &Memory, cues: &CueSource, top: Top, watch: &dyn Watch) -> Result<Vec<Vec<(usize, u32)>>> {
    let patterns = memory.patterns().rows();
    if let Top::Nearest(most) = top
        && !(1..=patterns).contains(&most)
    {
        return Err(Error::usage(format!("the nearest {most} patterns, but the memory has {patterns}"))
            .hint(format!("`top 1` to `top {patterns}`, or `top reach` for all that vote")));
    }
    let (engine, mut lists) = (Engine::new(memory), Vec::with_capacity(cues.count()));
    for first in (0..cues.count()).step_by(BLOCK) {
        watch.go_on()?;
        let block = cues.block(first..cues.count().min(first + BLOCK));
        lists.extend(engine.each_ranked(&block.bits, block.masks(), top));
        watch.at(Progress::of(lists.len(), cues.count()));
    }
    Ok(lists)
}

/// What a set of answers amounts to: counts and sums over the cues.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Summary {
    /// The cues.
    pub cues: u64,
    /// How many answers converged.
    pub converged: u64,
    /// Their steps.
    pub steps: u64,
    /// The most steps.
    pub most_steps: u32,
    /// The distances of the nearest patterns.
    pub distance: u64,
    /// How many of these are at most the memory's radius.
    pub known: u64,
    /// How right the answers are, where it is known what they should be.
    pub right: Option<Right>,
}

/// How many answers are what they should be: the pattern that the cue was made from, or what is expected of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Right {
    /// Answers that are, bit for bit.
    pub exact: u64,
    /// Bits of all answers.
    pub bits: u64,
    /// Those that are wrong.
    pub wrong_bits: u64,
    /// How many of the patterns the nearest one is: what a nearest-pattern search would answer to the same cues. None where an answer is no
    /// pattern.
    pub nearest: Option<u64>,
}

impl Right {
    /// The share of right bits.
    pub fn bit_accuracy(&self) -> f64 {
        1.0 - self.wrong_bits as f64 / self.bits.max(1) as f64
    }
}

impl Summary {
    /// Of the answers to these cues.
    pub fn of(trace: &Trace, asked: &Cues, expected: Expected) -> Self {
        let nearest = || match expected {
            Expected::Origin(patterns) => Search::new(patterns).each_masked(&asked.bits, asked.masks()),
            _ => Vec::new(),
        };
        Summary::with(trace, asked, expected, nearest)
    }

    /// The same, with the pattern nearest to each cue; that is asked for only where it matters.
    fn with(trace: &Trace, asked: &Cues, expected: Expected, nearest: impl FnOnce() -> Vec<usize>) -> Self {
        let mut summary = Summary::default();
        let origin = |q: usize| asked.origin.as_ref().map(|of| of[q]);
        for q in 0..trace.state.rows() {
            summary.add(trace.steps[q], trace.converged[q], trace.distance[q], trace.known[q]);
            let right = expected.answer(q, origin(q));
            match (&trace.ranked, expected, right) {
                (None, _, Some(right)) => summary.add_right(trace.state.row(q), right, trace.state.cols()),
                // a list is right if its first pattern is
                (Some(lists), Expected::Origin(patterns), Some(right)) => {
                    let nothing = vec![0; right.len()];
                    let first = lists[q].first().map_or(&nothing[..], |&(mu, _)| patterns.row(mu));
                    summary.add_right(first, right, patterns.cols());
                }
                _ => {}
            }
        }
        if let (Expected::Origin(patterns), Some(origin)) = (expected, &asked.origin) {
            let pairs = origin.iter().zip(nearest());
            pairs.for_each(|(&origin, nearest)| summary.add_nearest(nearest, origin, patterns));
        }
        summary
    }

    /// Counts an answer.
    pub fn add(&mut self, steps: u32, converged: bool, distance: u32, known: bool) {
        self.cues += 1;
        self.converged += u64::from(converged);
        self.steps += u64::from(steps);
        self.most_steps = self.most_steps.max(steps);
        self.distance += u64::from(distance);
        self.known += u64::from(known);
    }

    /// Counts whether an answer of so many bits is what it should be.
    pub fn add_right(&mut self, answer: &[u64], should: &[u64], bits: usize) {
        let right = self.right.get_or_insert_default();
        let wrong = hamming(answer, should);
        right.exact += u64::from(wrong == 0);
        right.bits += bits as u64;
        right.wrong_bits += u64::from(wrong);
    }

    /// Counts whether the pattern nearest to a cue is the one that it was made from.
    pub fn add_nearest(&mut self, nearest: usize, origin: usize, patterns: &BitMatrix) {
        let count = self.right.get_or_insert_default().nearest.get_or_insert(0);
        *count += u64::from(patterns.row(nearest) == patterns.row(origin));
    }

    /// A count or a sum, per cue.
    pub fn mean(&self, n: u64) -> f64 {
        n as f64 / self.cues.max(1) as f64
    }
}

/// By the names of the JSON; what is not known is null.
impl Serialize for Summary {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Steps {
            mean: f64,
            most: u32,
        }
        #[derive(Serialize)]
        struct Names {
            cues: u64,
            converged: u64,
            steps: Steps,
            mean_distance: f64,
            known: u64,
            exact: Option<u64>,
            exact_recall: Option<f64>,
            nearest_exact_recall: Option<f64>,
            bit_accuracy: Option<f64>,
        }
        let names = Names {
            cues: self.cues,
            converged: self.converged,
            steps: Steps { mean: self.mean(self.steps), most: self.most_steps },
            mean_distance: self.mean(self.distance),
            known: self.known,
            exact: self.right.map(|r| r.exact),
            exact_recall: self.right.map(|r| self.mean(r.exact)),
            nearest_exact_recall: self.right.and_then(|r| r.nearest).map(|n| self.mean(n)),
            bit_accuracy: self.right.map(|r| r.bit_accuracy()),
        };
        names.serialize(serializer)
    }
}
