//! A simulated core behind a bus or a stream, at its wires: every clock cycle is said as it is.

use super::{Bench, Handle, symbol};
use crate::library::Library;
use hopgate_hdl::Top;
use hopgate_model::Result;

type CycleOf = unsafe extern "C" fn(Handle, *const u32, *mut u32);

/// What is at the inputs in a clock cycle.
#[derive(Debug, Clone, Copy, Default)]
pub struct Inputs {
    /// The bus's reset, high.
    pub reset: bool,
    /// The bus, if there is one: of AXI4-Lite `awvalid`, `awaddr`, `wvalid`, `wdata`, `wstrb`, `bready`, `arvalid`, `araddr`, `rready`; of Wishbone `cyc`, `stb`, `we`,
    /// `adr`, `dat`, `sel`.
    pub bus: [u32; 9],
    /// The streams: `s_tvalid`, `s_tdata`, `s_tlast`, `m_tready`.
    pub stream: [u32; 4],
}

/// What was at the outputs before its edge.
#[derive(Debug, Clone, Copy, Default)]
pub struct Outputs {
    /// The bus, or zeros: of AXI4-Lite `awready`, `wready`, `bvalid`, `bresp`, `arready`, `rvalid`, `rdata`, `rresp`; of Wishbone `ack`, `stall`, `dat`.
    pub bus: [u32; 8],
    /// Interrupt.
    pub interrupt: bool,
    /// The streams, or zeros: `s_tready`, `m_tvalid`, `m_tdata`, `m_tlast`.
    pub stream: [u32; 4],
}

/// One instance of a simulated core behind a bus, whose reset was just released.
pub struct Wires {
    bench: Bench,
    cycle: CycleOf,
}

impl Wires {
    /// Opens an instance.
    ///
    /// # Errors
    /// If the simulation does not start.
    pub fn open(library: &Library) -> Result<Wires> {
        assert!(matches!(library.design.top, Top::Axis { .. } | Top::Axil { .. } | Top::Wishbone { .. }));
        let bench = Bench::open(&library.object(), None)?;
        let cycle = symbol(&bench.library, "hopgate_cycle")?;
        Ok(Wires { bench, cycle })
    }

    /// A clock cycle.
    pub fn cycle(&mut self, Inputs { reset, bus, stream }: Inputs) -> Outputs {
        let mut inputs = [0; 14];
        inputs[0] = u32::from(reset);
        inputs[1..10].copy_from_slice(&bus);
        inputs[10..].copy_from_slice(&stream);
        let mut outputs = [0; 13];
        // SAFETY: the arrays outlive the call and are as long as those of the benches; the handle is open.
        unsafe { (self.cycle)(self.bench.handle, inputs.as_ptr(), outputs.as_mut_ptr()) };
        let mut seen = Outputs { interrupt: outputs[8] != 0, ..Outputs::default() };
        seen.bus.copy_from_slice(&outputs[..8]);
        seen.stream.copy_from_slice(&outputs[9..]);
        seen
    }

    /// Cycles simulated so far.
    pub fn cycles(&self) -> u64 {
        self.bench.cycles()
    }
}
