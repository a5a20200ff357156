//! The ladder from a model to the packed bitstream, and a certificate of it.

mod chain;
mod climb;
mod keyed;
mod page;
mod port;

use hopgate_eda::{board::Board, finished::Finished};
use hopgate_files::model_file::Model;
use hopgate_model::{Error, ErrorKind, Result, bits::BitMatrix, memory::Memory, reference::Masks};
use hopgate_sim::Cosim;
use std::path::Path;

pub use hopgate_sim::certificate::{Certificate, FILE, Outcome, Rung};
pub use page::{PAGE, in_words, page};
pub use port::AtPort;

/// The cues of a ladder.
pub struct LadderCues<'a> {
    /// The cues, (Q, N).
    pub bits: &'a BitMatrix,
    /// Which bits are known, (Q, N), where not all are.
    pub known: Option<&'a BitMatrix>,
    /// The stored pattern that each was made from, where that is known.
    pub origin: Option<&'a [usize]>,
    /// Where they come from, in words.
    pub source: String,
    /// How many of them, from the first on, go through pins.
    pub at_pins: usize,
}

/// The file beside that of the cues that says which of their bits are known, where not all are.
pub const MASK: &str = "mask.npy";

impl LadderCues<'_> {
    /// As a simulation takes them.
    fn asked(&self) -> hopgate_sim::Cues<'_> {
        hopgate_sim::Cues { bits: self.bits, known: self.known }
    }

    /// As the engine takes their masks.
    fn masks(&self) -> Option<Masks<'_>> {
        Some(Masks { known: self.known?, clamp: false })
    }
}

/// What is climbed: the float model, the quantised weights, integers, the engine, the emitted core, the files of a build, and the build
/// at its pins: its Verilog, its netlist, its packed bitstream.
pub struct Ladder<'a> {
    /// The memory.
    pub memory: &'a Memory,
    /// Its folder.
    pub memory_path: &'a Path,
    /// The model it was quantised from, and its file.
    pub model: Option<(&'a Model, &'a Path)>,
    /// The cues.
    pub cues: LadderCues<'a>,
    /// The finished build.
    pub build: &'a Finished,
    /// Its board.
    pub board: &'a Board,
    /// A co-simulation of the core with these cues that was done already.
    pub rtl: Option<&'a Cosim>,
}

/// Fails if a rung is not what it should be.
pub fn first_difference(certificate: &Certificate) -> Result<()> {
    let Some(name) = &certificate.first_difference else { return Ok(()) };
    let rung = certificate.rungs.iter().find(|r| r.name == *name);
    let detail = rung.and_then(|r| r.detail.clone()).unwrap_or_default();
    Err(Error::new(ErrorKind::Failed, format!("the ladder breaks at the rung {name}: {detail}"))
        .hint("what is above that rung is equal: look at what was made between the two"))
}
