//! Cues through a memory of classes, and how right the answers are.

use crate::cues::CueSource;
use hopgate_model::{
    Result,
    engine::Engine,
    kind::Kind,
    memory::Memory,
    progress::{Progress, Watch},
};
use serde::Serialize;

/// Cues that are held at a time.
const BLOCK: usize = 1 << 14;
/// The answer to a cue whose nearest pattern is beyond the radius.
pub const UNKNOWN: i32 = -1;

/// The classes of a set of cues, and what they amount to.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Classified {
    /// The class of each cue, [`UNKNOWN`] for some, (Q).
    #[serde(skip)]
    pub classes: Vec<i32>,
    /// The cues.
    pub cues: usize,
    /// Those whose nearest pattern is within the memory's radius.
    pub known: usize,
    /// The distance of the nearest pattern, on average.
    pub mean_distance: f64,
    /// The best score less the second, on average.
    pub mean_margin: f64,
    /// How right they are, where that is known.
    pub right: Option<RightClasses>,
}

/// How many answers are the class that was expected.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RightClasses {
    /// Known answers that are the class.
    pub right: usize,
    /// Their share of the cues.
    pub accuracy: f64,
    /// The share for which the nearest pattern is of the class: what a search for it would answer. Where the memory names the class of its patterns.
    pub nearest_accuracy: Option<f64>,
    /// Cues by expected class and answer, (C, C + 1): the last column counts those that are unknown.
    pub confusion: Vec<Vec<usize>>,
}

/// The class of each stored pattern, where the memory's labels are names of its classes.
pub fn classes_of_patterns(memory: &Memory) -> Option<Vec<u32>> {
    hopgate_model::classes::named(memory)
}

/// The names of a memory's classes: their numbers, where it has none.
pub fn names(memory: &Memory) -> Vec<String> {
    let numbers = || (0..memory.outputs()).map(|c| c.to_string()).collect();
    memory.parts().classes.clone().unwrap_or_else(numbers)
}

/// Classifies the cues; `expected` holds the class of each one, where it is known. Of cues that are drawn from the stored patterns it is
/// that of the pattern, where the memory names it.
///
/// ```
/// use hopgate::{BitMatrix, Kind, MemoryOptions, classify::classify, cues::CueSource, noise, training_free_values};
/// // sixty keys of three classes, in turn
/// let keys = noise::random(60, 64, 1);
/// let one_hot = BitMatrix::from_fn(60, 3, |t, class| t % 3 == class);
/// let memory = training_free_values(&keys, &one_hot, Kind::Class, 0.3, &MemoryOptions::default())?;
/// let expected: Vec<u32> = (0..120).map(|q| q % 3).collect();
/// let found = classify(&memory, &CueSource::drawn(&keys, Some(120), 0.05, 1)?, Some(&expected), &|_| ())?;
/// assert!(found.right.unwrap().accuracy > 0.95);
/// # Ok::<(), hopgate::Error>(())
/// ```
///
/// # Errors
/// [`ErrorKind::Interrupted`](hopgate_model::ErrorKind::Interrupted) if the watch stops it.
///
/// # Panics
/// When the memory is of another kind.
pub fn classify(memory: &Memory, cues: &CueSource, expected: Option<&[u32]>, watch: &dyn Watch) -> Result<Classified> {
    assert!(memory.kind() == Kind::Class, "the memory is of kind {}", memory.kind());
    let (engine, of_patterns) = (Engine::new(memory), classes_of_patterns(memory));
    let right_class = |q: usize| match expected {
        Some(expected) => Some(expected[q]),
        None => Some(of_patterns.as_ref()?[cues.origin(q)?]),
    };
    let classes = memory.outputs();
    let mut found = Classified {
        classes: Vec::with_capacity(cues.count()),
        cues: cues.count(),
        known: 0,
        mean_distance: 0.0,
        mean_margin: 0.0,
        right: None,
    };
    let (mut distance, mut margin, mut nearest) = (0u64, 0.0, 0);
    let mut confusion = vec![vec![0; classes + 1]; classes];
    for first in (0..cues.count()).step_by(BLOCK) {
        watch.go_on()?;
        let numbers = first..cues.count().min(first + BLOCK);
        let asked = cues.block(numbers.clone());
        let block = engine.each_masked(&asked.bits, asked.masks(), |_, recall, scratch| {
            (recall, scratch.ranking().expect("the memory is of classes"))
        });
        for (q, (recall, ranking)) in numbers.clone().zip(block) {
            found.classes.push(if recall.known { ranking.class as i32 } else { UNKNOWN });
            found.known += usize::from(recall.known);
            distance += u64::from(recall.distance);
            margin += ranking.margin as f64;
            if let Some(right) = right_class(q) {
                confusion[right as usize][if recall.known { ranking.class } else { classes }] += 1;
                nearest += usize::from(of_patterns.as_ref().is_some_and(|of| of[recall.nearest] == right));
            }
        }
        watch.at(Progress::of(numbers.end, cues.count()));
    }
    let share = |count: f64| count / cues.count().max(1) as f64;
    (found.mean_distance, found.mean_margin) = (share(distance as f64), share(margin));
    if confusion.iter().flatten().any(|&count| count > 0) {
        let right = (0..classes).map(|c| confusion[c][c]).sum();
        let nearest_accuracy = of_patterns.is_some().then_some(share(nearest as f64));
        found.right = Some(RightClasses { right, accuracy: share(right as f64), nearest_accuracy, confusion });
    }
    Ok(found)
}
