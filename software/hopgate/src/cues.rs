//! Cues: those of a caller, or stored patterns with noise; and which of their bits are known.

use hopgate_files::room;
use hopgate_model::{Error, ErrorKind, Result, bits::BitMatrix, kind::Kind, noise, reference::Masks};
use std::ops::Range;

/// As many cues as can be told apart by a number of 32 bits.
const MOST_CUES: usize = u32::MAX as usize;

/// Cues, and what is known of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cues {
    /// The cues, (Q, N).
    pub bits: BitMatrix,
    /// Which bits are known, (Q, N), where not all are.
    pub known: Option<BitMatrix>,
    /// Whether known bits are kept in every step.
    pub clamp: bool,
    /// The stored pattern that each one was made from, where it was.
    pub origin: Option<Vec<usize>>,
}

impl Cues {
    /// Cues of a caller, (Q, N), all of whose bits are known.
    pub fn given(bits: BitMatrix) -> Self {
        Cues { bits, known: None, clamp: false, origin: None }
    }

    /// Refuses what hardware cannot do with them: it keeps no known bits, and takes unknown ones where it was made with `masks` alone.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] with what is asked too much.
    pub fn must_suit(&self, masks: bool) -> Result<()> {
        if self.clamp {
            return Err(
                Error::usage("no core keeps the known bits of a cue").hint("leave `clamp` out: software does it")
            );
        }
        if self.known.is_some() && !masks {
            return Err(Error::usage("some bits of the cues are unknown, but this core takes whole cues")
                .hint("a core that is made with `masks` takes the mask of a cue"));
        }
        Ok(())
    }

    /// Their masks, where not all bits are known.
    pub fn masks(&self) -> Option<Masks<'_>> {
        Some(Masks { known: self.known.as_ref()?, clamp: self.clamp })
    }
}

/// Cues that are made when they are asked for: millions of them need not be held at once.
///
/// ```
/// use hopgate::{cues::CueSource, noise};
/// let stored = noise::random(10, 32, 1);
/// let source = CueSource::drawn(&stored, Some(25), 0.1, 7)?;
/// assert_eq!((source.count(), source.origin(12)), (25, Some(2)));
/// assert_eq!(source.block(12..13).bits.row(0), source.all()?.bits.row(12));
/// # Ok::<(), hopgate::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct CueSource<'a> {
    rows: Rows<'a>,
    count: usize,
    noise: f64,
    seed: u64,
    /// The known bits of each cue, or one row for all.
    known: Option<BitMatrix>,
    /// The probability with which a bit is unknown, beside.
    erased: f64,
    clamp: bool,
}

#[derive(Debug, Clone)]
enum Rows<'a> {
    /// The stored patterns, which are taken in turn.
    Stored(&'a BitMatrix),
    /// The caller's own.
    Given(BitMatrix),
}

fn probability(what: &str, p: f64, does: &str) -> Result<()> {
    if (0.0..=1.0).contains(&p) {
        return Ok(());
    }
    Err(Error::usage(format!("the {what} is {p}, but must be a probability"))
        .hint(format!("`{what} 0.1` {does} every tenth bit on average")))
}

impl<'a> CueSource<'a> {
    /// Stored patterns (P, N) in turn, so many of them or one of each, every bit flipped with the probability `noise`.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] for a noise or a count out of range.
    pub fn drawn(stored: &'a BitMatrix, count: Option<usize>, noise: f64, seed: u64) -> Result<Self> {
        let count = count.unwrap_or(stored.rows());
        if count == 0 {
            return Err(Error::usage("the count is 0: there is nothing to recall").hint("`count 1` or more"));
        }
        if count > MOST_CUES {
            return Err(Error::usage(format!("the count is {count}, but a run has at most {MOST_CUES} cues"))
                .hint("make several runs, each with a `seed` of its own"));
        }
        CueSource::new(Rows::Stored(stored), count, noise, seed)
    }

    /// These cues (Q, N), every bit flipped with the probability `noise`.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] for a noise out of range.
    pub fn given(cues: BitMatrix, noise: f64, seed: u64) -> Result<Self> {
        let count = cues.rows();
        CueSource::new(Rows::Given(cues), count, noise, seed)
    }

    fn new(rows: Rows<'a>, count: usize, noise: f64, seed: u64) -> Result<Self> {
        probability("noise", noise, "flips")?;
        Ok(CueSource { rows, count, noise, seed, known: None, erased: 0.0, clamp: false })
    }

    /// Of each cue only these bits are known: (Q, N), or one row for all.
    ///
    /// ```
    /// use hopgate::{BitMatrix, cues::CueSource, noise};
    /// let stored = noise::random(10, 32, 1);
    /// let upper = BitMatrix::from_fn(1, 32, |_, i| i < 16);
    /// let source = CueSource::drawn(&stored, None, 0.0, 1)?.known(upper)?.erased(0.1)?;
    /// let mask = source.block(3..4).known.unwrap();
    /// assert!((0..32).all(|i| i < 16 || !mask.get(0, i)));
    /// # Ok::<(), hopgate::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Value`] for another shape.
    pub fn known(mut self, known: BitMatrix) -> Result<Self> {
        let (rows, cols, neurons) = (known.rows(), known.cols(), self.neurons());
        if cols != neurons || rows != 1 && rows != self.count {
            let what = format!("a mask of {rows} rows of {cols} bits, but there are {} cues", self.count);
            return Err(Error::new(ErrorKind::Value, format!("{what} of {neurons} bits")));
        }
        self.known = Some(known);
        Ok(self)
    }

    /// Beside, every bit of every cue is unknown with this probability.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] for a probability out of range.
    pub fn erased(mut self, probability_of_each: f64) -> Result<Self> {
        probability("erase", probability_of_each, "makes unknown")?;
        self.erased = probability_of_each;
        Ok(self)
    }

    /// The known bits are kept in every step.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] where all are known, or the memory is of a kind whose answer is not a cue that was mended.
    pub fn clamped(mut self, kind: Kind) -> Result<Self> {
        if kind != Kind::Auto {
            let what =
                format!("the memory is of kind {kind}: its answer is not the cue, so no bit of the cue can be kept");
            return Err(Error::usage(what).hint("leave `clamp` out"));
        }
        if self.known.is_none() && self.erased == 0.0 {
            return Err(Error::usage("all bits of the cues are known, and `clamp` would keep them all")
                .hint("say which are: by a `mask`, or by `?` in the cues"));
        }
        self.clamp = true;
        Ok(self)
    }

    fn neurons(&self) -> usize {
        match &self.rows {
            Rows::Stored(stored) => stored.cols(),
            Rows::Given(cues) => cues.cols(),
        }
    }

    /// How many cues there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The cues with these numbers.
    pub fn block(&self, numbers: Range<usize>) -> Cues {
        let rows: Vec<usize> = numbers.clone().collect();
        let bits = match &self.rows {
            Rows::Stored(stored) => noise::cues_of(stored, numbers.clone(), self.noise, self.seed),
            Rows::Given(cues) => noise::flips_from(&cues.select(&rows), numbers.start, self.noise, self.seed),
        };
        let origin = numbers.clone().map(|q| self.origin(q)).collect();
        Cues { bits, known: self.mask(numbers), clamp: self.clamp, origin }
    }

    /// Which bits of these cues are known, where not all are.
    fn mask(&self, numbers: Range<usize>) -> Option<BitMatrix> {
        let given = self.known.as_ref().map(|known| {
            let rows: Vec<usize> = numbers.clone().map(|q| if known.rows() == 1 { 0 } else { q }).collect();
            known.select(&rows)
        });
        if self.erased == 0.0 {
            return given;
        }
        let mut left = noise::known(numbers, self.neurons(), self.erased, self.seed);
        for r in 0..given.as_ref().map_or(0, BitMatrix::rows) {
            let both: Vec<u64> = left.row(r).iter().zip(given.as_ref()?.row(r)).map(|(a, b)| a & b).collect();
            left.set_row(r, &both);
        }
        Some(left)
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
    /// [`ErrorKind::Fit`] where they cannot.
    pub fn all(&self) -> Result<Cues> {
        let (count, bits) = (self.count as u64, self.neurons() as u64);
        // packed, and of an answer also the fields
        let bytes = count.saturating_mul(10 * bits + 64);
        room::check(bytes, || format!("holding {count} cues of {bits} bits with their answers"))?;
        Ok(self.block(0..self.count))
    }
}
