//! Cues for `recall` and `cosim`: a file, or stored patterns with noise.

use hopgate_files::{patterns, room};
use hopgate_model::{Error, Result, bits::BitMatrix, memory::Memory, noise};
use std::{
    ffi::{OsStr, OsString},
    ops::Range,
    path::Path,
};

/// Where the cues come from.
#[derive(clap::Args)]
pub struct Queries {
    /// Cues, (Q, N) of 0 and 1: .npy, .npz, .csv, .txt, .pbm, .png, a folder of pictures; without it, the
    /// stored patterns themselves; `-` is standard input, of any of these kinds but a folder
    #[arg(long, value_name = "FILE")]
    pub queries: Option<OsString>,
    /// Flip every bit of every cue with this probability first
    #[arg(long, value_name = "P", default_value_t = 0.0, allow_negative_numbers = true)]
    pub noise: f64,
    /// Seed of the flips
    #[arg(long, default_value_t = 1, allow_negative_numbers = true)]
    pub seed: u64,
    /// How many cues to draw from the stored patterns, in turn (without --queries) [default: one of each]
    #[arg(long, value_name = "Q", allow_negative_numbers = true)]
    pub count: Option<usize>,
}

/// The cues, and what is known of them.
pub struct Cues {
    /// The cues, (Q, N).
    pub bits: BitMatrix,
    /// The stored pattern that each one was made from, where it was.
    pub origin: Option<Vec<usize>>,
    /// Warnings of the reader.
    pub warnings: Vec<String>,
}

/// Cues that are made when they are asked for.
pub struct Source<'a> {
    rows: Rows<'a>,
    count: usize,
    noise: f64,
    seed: u64,
    /// Warnings of the reader.
    pub warnings: Vec<String>,
}

enum Rows<'a> {
    /// The stored patterns, which are taken in turn.
    Stored(&'a BitMatrix),
    /// The cues of a file.
    Read(BitMatrix),
}

/// As many cues as can be told apart by a number of 32 bits.
const MOST_CUES: usize = u32::MAX as usize;

impl Source<'_> {
    /// How many cues there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The cues with these numbers.
    pub fn block(&self, numbers: Range<usize>) -> BitMatrix {
        match &self.rows {
            Rows::Stored(stored) => noise::cues_of(stored, numbers, self.noise, self.seed),
            Rows::Read(read) => {
                let rows: Vec<usize> = numbers.clone().collect();
                noise::flips_from(&read.select(&rows), numbers.start, self.noise, self.seed)
            }
        }
    }

    /// The stored pattern that a cue was made from, where it was.
    pub fn origin(&self, cue: usize) -> Option<usize> {
        match &self.rows {
            Rows::Stored(stored) => Some(cue % stored.rows()),
            Rows::Read(_) => None,
        }
    }

    /// All of them, where they and their answers can be held at once.
    ///
    /// # Errors
    /// [`hopgate_model::ErrorKind::Fit`] where they cannot.
    pub fn all(self) -> Result<Cues> {
        let (count, bits) = (self.count as u64, self.block(0..0).cols() as u64);
        // packed, and of an answer also the fields
        let bytes = count.saturating_mul(10 * bits + 64);
        room::check(bytes, || format!("holding {count} cues of {bits} bits with their answers"))?;
        let origin = (0..self.count).map(|q| self.origin(q)).collect();
        Ok(Cues { bits: self.block(0..self.count), origin, warnings: self.warnings })
    }
}

impl Queries {
    /// The file that they are read from, if there is one.
    pub fn file(&self) -> Option<&Path> {
        self.queries.as_deref().map(|file| Path::new(if file == "-" { OsStr::new("/dev/stdin") } else { file }))
    }

    /// Reads or draws them.
    pub fn load(&self, memory: &Memory) -> Result<Cues> {
        self.load_for(memory.patterns())
    }

    /// [`Queries::load`] for these patterns, (P, N); those of a file need only their N.
    pub fn load_for(&self, stored: &BitMatrix) -> Result<Cues> {
        self.open(stored)?.all()
    }

    /// Reads them, or gets ready to draw them: see [`Queries::load_for`].
    pub fn open<'a>(&self, stored: &'a BitMatrix) -> Result<Source<'a>> {
        if !(0.0..=1.0).contains(&self.noise) {
            return Err(Error::usage(format!("--noise is {}, but must be a probability", self.noise))
                .hint("0.1 flips every tenth bit on average"));
        }
        let (noise, seed) = (self.noise, self.seed);
        match (&self.queries, self.count) {
            (Some(_), Some(_)) => Err(Error::usage("--count goes without --queries")
                .hint("--count draws cues from the stored patterns; a file has as many as it has")),
            (Some(file), None) => {
                let loaded = patterns::load_queries(file, stored.cols())?;
                let count = loaded.bits.rows();
                Ok(Source { rows: Rows::Read(loaded.bits), count, noise, seed, warnings: loaded.warnings })
            }
            (None, count) => {
                let count = count.unwrap_or(stored.rows());
                if count == 0 {
                    return Err(Error::usage("--count is 0: there is nothing to recall"));
                }
                if count > MOST_CUES {
                    return Err(Error::usage(format!("--count is {count}, but a run has at most {MOST_CUES} cues"))
                        .hint("make several runs, each with a --seed of its own"));
                }
                Ok(Source { rows: Rows::Stored(stored), count, noise, seed, warnings: Vec::new() })
            }
        }
    }
}
