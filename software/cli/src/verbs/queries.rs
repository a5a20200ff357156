//! Cues for `recall` and `cosim`: a file, or stored patterns with noise.

use hopgate_model::{bits::BitMatrix, memory::Memory, noise, patterns, Error, Result};

/// Where the cues come from.
#[derive(clap::Args)]
pub struct Queries {
    /// Cues, (Q, N) of 0 and 1: .npy, .npz, .csv, .txt, .pbm, .png, a folder of pictures; without it, the
    /// stored patterns themselves
    #[arg(long, value_name = "FILE")]
    pub queries: Option<String>,
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

impl Queries {
    /// Reads or draws them.
    pub fn load(&self, memory: &Memory) -> Result<Cues> {
        self.load_for(memory.patterns())
    }

    /// [`Queries::load`] for these patterns, (P, N); those of a file need only their N.
    pub fn load_for(&self, stored: &BitMatrix) -> Result<Cues> {
        if !(0.0..=1.0).contains(&self.noise) {
            return Err(Error::usage(format!("--noise is {}, but must be a probability", self.noise))
                .hint("0.1 flips every tenth bit on average"));
        }
        match (&self.queries, self.count) {
            (Some(_), Some(_)) => Err(Error::usage("--count goes without --queries")
                .hint("--count draws cues from the stored patterns; a file has as many as it has")),
            (Some(file), None) => {
                let loaded = patterns::load_queries(file, stored.cols())?;
                let bits = noise::flips(&loaded.bits, self.noise, self.seed);
                Ok(Cues { bits, origin: None, warnings: loaded.warnings })
            }
            (None, count) => {
                let p = stored.rows();
                let count = count.unwrap_or(p);
                if count == 0 {
                    return Err(Error::usage("--count is 0: there is nothing to recall"));
                }
                let bits = noise::cues(stored, count, self.noise, self.seed);
                Ok(Cues { bits, origin: Some((0..count).map(|q| q % p).collect()), warnings: Vec::new() })
            }
        }
    }
}
