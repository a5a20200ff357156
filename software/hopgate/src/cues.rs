//! Cues: those of a caller, or stored patterns with noise.

use hopgate_files::room;
use hopgate_model::{Error, Result, bits::BitMatrix, noise};
use std::ops::Range;

/// As many cues as can be told apart by a number of 32 bits.
const MOST_CUES: usize = u32::MAX as usize;

/// Cues, and what is known of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cues {
    /// The cues, (Q, N).
    pub bits: BitMatrix,
    /// The stored pattern that each one was made from, where it was.
    pub origin: Option<Vec<usize>>,
}

/// Cues that are made when they are asked for: millions of them need not be held at once.
///
/// ```
/// use hopgate::{cues::CueSource, noise};
/// let stored = noise::random(10, 32, 1);
/// let source = CueSource::drawn(&stored, Some(25), 0.1, 7)?;
/// assert_eq!((source.count(), source.origin(12)), (25, Some(2)));
/// assert_eq!(source.block(12..13).row(0), source.all()?.bits.row(12));
/// # Ok::<(), hopgate::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct CueSource<'a> {
    rows: Rows<'a>,
    count: usize,
    noise: f64,
    seed: u64,
}

#[derive(Debug, Clone)]
enum Rows<'a> {
    /// The stored patterns, which are taken in turn.
    Stored(&'a BitMatrix),
    /// The caller's own.
    Given(BitMatrix),
}

fn probability(noise: f64) -> Result<()> {
    if (0.0..=1.0).contains(&noise) {
        return Ok(());
    }
    Err(Error::usage(format!("the noise is {noise}, but must be a probability"))
        .hint("`noise 0.1` flips every tenth bit on average"))
}

impl<'a> CueSource<'a> {
    /// Stored patterns (P, N) in turn, so many of them or one of each, every bit flipped with the probability `noise`.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`](hopgate_model::ErrorKind::Usage) for a noise or a count out of range.
    pub fn drawn(stored: &'a BitMatrix, count: Option<usize>, noise: f64, seed: u64) -> Result<Self> {
        probability(noise)?;
        let count = count.unwrap_or(stored.rows());
        if count == 0 {
            return Err(Error::usage("the count is 0: there is nothing to recall").hint("`count 1` or more"));
        }
        if count > MOST_CUES {
            return Err(Error::usage(format!("the count is {count}, but a run has at most {MOST_CUES} cues"))
                .hint("make several runs, each with a `seed` of its own"));
        }
        Ok(CueSource { rows: Rows::Stored(stored), count, noise, seed })
    }

    /// These cues (Q, N), every bit flipped with the probability `noise`.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`](hopgate_model::ErrorKind::Usage) for a noise out of range.
    pub fn given(cues: BitMatrix, noise: f64, seed: u64) -> Result<Self> {
        probability(noise)?;
        Ok(CueSource { count: cues.rows(), rows: Rows::Given(cues), noise, seed })
    }

    /// How many cues there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The cues with these numbers.
    pub fn block(&self, numbers: Range<usize>) -> BitMatrix {
        match &self.rows {
            Rows::Stored(stored) => noise::cues_of(stored, numbers, self.noise, self.seed),
            Rows::Given(cues) => {
                let rows: Vec<usize> = numbers.clone().collect();
                noise::flips_from(&cues.select(&rows), numbers.start, self.noise, self.seed)
            }
        }
    }

    /// The stored pattern that a cue was made from, where it was.
    pub fn origin(&self, cue: usize) -> Option<usize> {
        match &self.rows {
            Rows::Stored(stored) => Some(cue % stored.rows()),
            Rows::Given(_) => None,
        }
    }

    /// All of them, where they and their answers can be held at once.
    ///
    /// # Errors
    /// [`ErrorKind::Fit`](hopgate_model::ErrorKind::Fit) where they cannot.
    pub fn all(&self) -> Result<Cues> {
        let (count, bits) = (self.count as u64, self.block(0..0).cols() as u64);
        // packed, and of an answer also the fields
        let bytes = count.saturating_mul(10 * bits + 64);
        room::check(bytes, || format!("holding {count} cues of {bits} bits with their answers"))?;
        let origin = (0..self.count).map(|q| self.origin(q)).collect();
        Ok(Cues { bits: self.block(0..self.count), origin })
    }
}
