//! Cues for `recall` and `cosim`: a file, or stored patterns with noise.

use crate::ui::Ui;
use hopgate::{
    BitMatrix, Error, Kind, Result,
    cues::{CueSource, Cues},
    patterns,
};
use std::{
    ffi::{OsStr, OsString},
    path::Path,
};

/// Where the cues come from.
#[derive(Default, clap::Args)]
pub struct Queries {
    /// Cues, (Q, N) of 0 and 1: .npy, .npz, .csv, .txt, .pbm, .png, a folder of pictures; without it, the
    /// stored patterns themselves; `-` is standard input, of any of these kinds but a folder. NaN, or `?` in
    /// a text, is a bit that is not known
    #[arg(long, value_name = "FILE")]
    pub queries: Option<OsString>,
    /// Flip every bit of every cue with this probability first
    #[arg(long, value_name = "P", default_value_t = 0.0, allow_negative_numbers = true)]
    pub noise: f64,
    /// Seed of the flips
    #[arg(long, default_value_t = 1, allow_negative_numbers = true)]
    pub seed: u64,
    /// Which bits of the cues are known: (Q, N) of 0 and 1, or one row for all; 1 is known
    #[arg(long, value_name = "FILE")]
    pub mask: Option<OsString>,
    /// Make every bit of every cue unknown with this probability
    #[arg(long, value_name = "P", default_value_t = 0.0, allow_negative_numbers = true)]
    pub erase: f64,
    /// Keep the known bits of a cue in every step (kind auto)
    #[arg(long)]
    pub clamp: bool,
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

    /// Reads or draws them, for hardware that takes masks or does not.
    pub fn load(&self, stored: &BitMatrix, kind: Kind, masks: bool, ui: &Ui) -> Result<Cues> {
        let cues = self.open(stored, kind, ui)?.all()?;
        cues.must_suit(masks)?;
        if masks && cues.known.is_none() {
            ui.note("all bits of these cues are known: --erase or --mask puts the masks to use");
        }
        Ok(cues)
    }

    /// Reads them, or gets ready to draw them, for these patterns, (P, N), of a memory of this kind; those of a file need only their N.
    pub fn open<'a>(&self, stored: &'a BitMatrix, kind: Kind, ui: &Ui) -> Result<CueSource<'a>> {
        let neurons = stored.cols();
        let (mut cues, known) = match (&self.queries, self.count) {
            (Some(_), Some(_)) => {
                return Err(Error::usage("--count goes without --queries")
                    .hint("--count draws cues from the stored patterns; a file has as many as it has"));
            }
            (Some(file), None) => {
                let loaded = patterns::load_queries(file, neurons)?;
                loaded.warnings.iter().for_each(|w| ui.warn(w));
                (CueSource::given(loaded.bits, self.noise, self.seed)?, loaded.known)
            }
            (None, count) => {
                (CueSource::drawn(stored, count.map(|count| count as usize), self.noise, self.seed)?, None)
            }
        };
        let mask = self.mask.as_ref().map(|mask| patterns::load_masks(mask, cues.count(), neurons)).transpose()?;
        if let Some(mask) = &mask {
            mask.warnings.iter().for_each(|w| ui.warn(w));
        }
        if let Some(known) = both(known, mask.map(|mask| mask.bits)) {
            warn_of_unknown_cues(&known, ui);
            cues = cues.known(known)?;
        }
        cues = cues.erased(self.erase)?;
        if self.clamp { cues.clamped(kind) } else { Ok(cues) }
    }
}

/// What is known by both, one of which may have one row for all.
fn both(a: Option<BitMatrix>, b: Option<BitMatrix>) -> Option<BitMatrix> {
    let (Some(a), Some(b)) = (&a, &b) else { return a.or(b) };
    let of = |m: &BitMatrix, r: usize, c: usize| m.get(if m.rows() == 1 { 0 } else { r }, c);
    Some(BitMatrix::from_fn(a.rows().max(b.rows()), a.cols(), |r, c| of(a, r, c) && of(b, r, c)))
}

/// Says which cues have no known bit.
fn warn_of_unknown_cues(known: &BitMatrix, ui: &Ui) {
    let nothing: Vec<usize> = (0..known.rows()).filter(|&r| known.row(r).iter().all(|&word| word == 0)).collect();
    let Some(first) = nothing.first() else { return };
    let what = if known.rows() == 1 { "the mask".to_owned() } else { format!("the mask of cue {first}") };
    let more = if nothing.len() > 1 { format!(" (nor {} others)", nothing.len() - 1) } else { String::new() };
    ui.warn(format!("{what} has no known bit{more}: every pattern is equally near, at distance 0"));
}
