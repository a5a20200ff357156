//! The core behind AXI4-Stream: [packets](super::packets) of words, and nothing else.

use super::packets::Packets;
use crate::blocks::prelude::*;
use crate::blocks::{core::Core, cores::Cores, edge::reset::BusReset};
use crate::contents::Plan;

/// A core with AXI4-Stream ports.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Axis {
    /// Clock.
    pub aclk: Signal<In, Clock>,
    /// Reset, low, for one cycle or more.
    pub aresetn: Signal<In, Bit>,
    /// A word of a cue is offered.
    pub s_axis_tvalid: Signal<In, Bit>,
    /// It is taken when both are one.
    pub s_axis_tready: Signal<Out, Bit>,
    /// The word.
    pub s_axis_tdata: Signal<In, Bits<16>>,
    /// It is the cue's last.
    pub s_axis_tlast: Signal<In, Bit>,
    /// A word of an answer is offered.
    pub m_axis_tvalid: Signal<Out, Bit>,
    /// It is taken when both are one.
    pub m_axis_tready: Signal<In, Bit>,
    /// The word.
    pub m_axis_tdata: Signal<Out, Bits<16>>,
    /// It is the distance: the answer's last.
    pub m_axis_tlast: Signal<Out, Bit>,
    held: BusReset,
    core: Core,
    packets: Packets,
    /// With others: all but the first core.
    cores: Vec<Cores>,
    _alone: usize,
    _several: usize,
}

impl Axis {
    /// The wrapped core of a plan, for a clock of at most this, in Hz.
    pub fn new(plan: &Plan, clock: u32) -> Self {
        let several = usize::from(plan.cores > 1);
        Axis {
            held: BusReset::new(clock),
            core: Core::new(plan),
            packets: Packets::new(plan),
            cores: (0..several).map(|_| Cores::new(plan)).collect(),
            _alone: 1 - several,
            _several: several,
            ..Default::default()
        }
    }
}

impl Logic for Axis {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: axis");
        self.held.bus.next = !self.aresetn.val();
        self.core.reset.next = self.held.reset.val();
        self.packets.reset.next = self.held.reset.val();
        comment!("cue words to the core");
        self.packets.s_valid.next = self.s_axis_tvalid.val();
        self.packets.s_data.next = self.s_axis_tdata.val();
        self.packets.s_last.next = self.s_axis_tlast.val();
        self.s_axis_tready.next = self.packets.s_ready.val();
        for _a in 0..self._alone {
            self.core.in_valid.next = self.packets.in_valid.val();
            self.core.in_data.next = self.packets.in_data.val();
            self.packets.in_ready.next = self.core.in_ready.val();
            comment!("answer words from the core");
            self.packets.out_valid.next = self.core.out_valid.val();
            self.core.out_ready.next = self.packets.out_ready.val();
        }
        for s in 0..self._several {
            self.cores[s].reset.next = self.held.reset.val();
            self.cores[s].in_valid.next = self.packets.in_valid.val();
            self.cores[s].in_data.next = self.packets.in_data.val();
            self.packets.in_ready.next = self.cores[s].in_ready.val();
            self.core.in_valid.next = self.cores[s].first_in_valid.val();
            self.core.in_data.next = self.cores[s].first_in_data.val();
            self.cores[s].first_in_ready.next = self.core.in_ready.val();
            comment!("answer words from the cores");
            self.packets.out_valid.next = self.cores[s].out_valid.val();
            self.cores[s].out_ready.next = self.packets.out_ready.val();
            self.cores[s].first_out_valid.next = self.core.out_valid.val();
            self.cores[s].first_out_data.next = self.core.out_data.val();
            self.core.out_ready.next = self.cores[s].first_out_ready.val();
        }
        self.m_axis_tvalid.next = self.packets.m_valid.val();
        for _a in 0..self._alone {
            self.m_axis_tdata.next = self.core.out_data.val();
        }
        for s in 0..self._several {
            self.m_axis_tdata.next = self.cores[s].out_data.val();
        }
        self.m_axis_tlast.next = self.packets.m_last.val();
        self.packets.m_ready.next = self.m_axis_tready.val();
    }
}
