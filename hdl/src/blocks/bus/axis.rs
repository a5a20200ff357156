//! The core behind AXI4-Stream: [packets](super::packets) of words, and nothing else.

use super::packets::Packets;
use crate::blocks::prelude::*;
use crate::blocks::{core::Core, edge::reset::BusReset};
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
}

impl Axis {
    /// The wrapped core of a plan, for a clock of at most this, in Hz.
    pub fn new(plan: &Plan, clock: u32) -> Self {
        Axis { held: BusReset::new(clock), core: Core::new(plan), packets: Packets::new(plan), ..Default::default() }
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
        self.core.in_valid.next = self.packets.in_valid.val();
        self.core.in_data.next = self.packets.in_data.val();
        self.packets.in_ready.next = self.core.in_ready.val();
        comment!("answer words from the core");
        self.packets.out_valid.next = self.core.out_valid.val();
        self.core.out_ready.next = self.packets.out_ready.val();
        self.m_axis_tvalid.next = self.packets.m_valid.val();
        self.m_axis_tdata.next = self.core.out_data.val();
        self.m_axis_tlast.next = self.packets.m_last.val();
        self.packets.m_ready.next = self.m_axis_tready.val();
    }
}
