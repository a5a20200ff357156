//! Cues for `recall` and `cosim`: a file, or stored patterns with noise.

use crate::ui::Ui;
use hopgate::{
    BitMatrix, Error, Result,
    cues::{CueSource, Cues},
    patterns,
};
use std::{
    ffi::{OsStr, OsString},
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
    #[arg(long, value_name = "Q", allow_negative_numbers = true, value_parser = cues())]
    pub count: Option<u32>,
}

/// A number of cues, so that one that is too large is told the limit.
fn cues() -> clap::builder::RangedU64ValueParser<u32> {
    clap::builder::RangedU64ValueParser::new().range(1..=u64::from(u32::MAX))
}

impl Queries {
    /// The file that they are read from, if there is one.
    pub fn file(&self) -> Option<&Path> {
        self.queries.as_deref().map(|file| Path::new(if file == "-" { OsStr::new("/dev/stdin") } else { file }))
    }

    /// Reads or draws them, for these patterns, (P, N); those of a file need only their N.
    pub fn load(&self, stored: &BitMatrix, ui: &Ui) -> Result<Cues> {
        self.open(stored, ui)?.all()
    }

    /// Reads them, or gets ready to draw them.
    pub fn open<'a>(&self, stored: &'a BitMatrix, ui: &Ui) -> Result<CueSource<'a>> {
        match (&self.queries, self.count) {
            (Some(_), Some(_)) => Err(Error::usage("--count goes without --queries")
                .hint("--count draws cues from the stored patterns; a file has as many as it has")),
            (Some(file), None) => {
                let loaded = patterns::load_queries(file, stored.cols())?;
                loaded.warnings.iter().for_each(|w| ui.warn(w));
                CueSource::given(loaded.bits, self.noise, self.seed)
            }
            (None, count) => CueSource::drawn(stored, count.map(|count| count as usize), self.noise, self.seed),
        }
    }
}
