//! What can be around a core, for the verbs that have `--wrapper`.

use super::hardware::HardwareArgs;
use hopgate::{Error, Memory, Result, hardware::Hardware, verilog::Top};

/// The fastest clock of a wrapper unless told otherwise, Hz.
pub(super) const FASTEST_CLOCK: u32 = 200_000_000;

/// That there are no streams beside registers.
pub(super) fn no_streams() -> Error {
    Error::usage("--streams has no effect here")
        .hint("--streams goes with --wrapper axil or wishbone; --wrapper axis is streams and nothing else")
}

/// What is around a core.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Wrapper {
    /// Nothing: words with valid and ready (the default)
    None,
    /// AXI4-Stream: a packet in, a packet out; with --protocol framed those are requests and replies
    Axis,
    /// AXI4-Lite: registers and an interrupt; with --protocol framed requests too
    Axil,
    /// Wishbone B4, classic or pipelined: the same registers
    Wishbone,
}

impl Wrapper {
    /// A memory in it, for a clock of at most this, in Hz.
    ///
    /// # Errors
    /// As [`HardwareArgs::behind_a_link`], or [`HardwareArgs::alone`] where there is no link; for streams of what has no registers.
    pub(super) fn around(
        self,
        streams: bool,
        hardware: HardwareArgs,
        memory: &Memory,
        clock: u32,
    ) -> Result<(Hardware, Top)> {
        if streams && matches!(self, Wrapper::None | Wrapper::Axis) {
            return Err(no_streams());
        }
        if self == Wrapper::None {
            return Ok((hardware.alone(memory)?, Top::Core));
        }
        hardware.no_line()?;
        let hardware = hardware.behind_a_link(memory)?;
        let requests = hardware.framed;
        let top = match self {
            Wrapper::Axis => Top::Axis { clock, requests },
            Wrapper::Axil => Top::Axil { clock, requests, streams },
            _ => Top::Wishbone { clock, requests, streams },
        };
        Ok((hardware, top))
    }
}
