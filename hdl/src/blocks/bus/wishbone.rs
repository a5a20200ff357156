//! The core behind Wishbone B4: its [registers](super::registers), in classic or pipelined cycles.
//!
//! Every cycle is acknowledged two clock cycles after it begins: the bus never waits for a recall. What a cycle does happens in the
//! clock cycle of its acknowledge; one that its master gives up before, or that a reset ends, has done nothing and is not acknowledged. A
//! master of pipelined cycles is held by `stall` until the acknowledge comes.

use super::port::Port;
use crate::blocks::{link::page::Facts, prelude::*};
use crate::contents::Plan;
use hopgate_wire::registers::NUMBER_BITS;

/// A core with a Wishbone slave port.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Wishbone {
    /// Clock.
    pub wb_clk_i: Signal<In, Clock>,
    /// Reset, for one cycle or more.
    pub wb_rst_i: Signal<In, Bit>,
    /// A bus cycle is under way.
    pub wb_cyc_i: Signal<In, Bit>,
    /// This slave is meant.
    pub wb_stb_i: Signal<In, Bit>,
    /// Write.
    pub wb_we_i: Signal<In, Bit>,
    /// The register: a byte address without its two lowest bits.
    pub wb_adr_i: Signal<In, Bits<NUMBER_BITS>>,
    /// The bytes that are written: of a word both, or the write is a mistake.
    pub wb_sel_i: Signal<In, Bits<4>>,
    /// What is written.
    pub wb_dat_i: Signal<In, Bits<32>>,
    /// What is read.
    pub wb_dat_o: Signal<Out, Bits<32>>,
    /// The cycle is done.
    pub wb_ack_o: Signal<Out, Bit>,
    /// It is not: a master of pipelined cycles waits.
    pub wb_stall_o: Signal<Out, Bit>,
    /// Interrupt.
    pub irq_o: Signal<Out, Bit>,
    /// With streams: a word of a cue is offered.
    pub s_axis_tvalid: Vec<Signal<In, Bit>>,
    /// It is taken when both are one.
    pub s_axis_tready: Vec<Signal<Out, Bit>>,
    /// The word.
    pub s_axis_tdata: Vec<Signal<In, Bits<16>>>,
    /// It is the cue's last.
    pub s_axis_tlast: Vec<Signal<In, Bit>>,
    /// A word of an answer is offered.
    pub m_axis_tvalid: Vec<Signal<Out, Bit>>,
    /// It is taken when both are one.
    pub m_axis_tready: Vec<Signal<In, Bit>>,
    /// The word.
    pub m_axis_tdata: Vec<Signal<Out, Bits<16>>>,
    /// It is the distance: the answer's last.
    pub m_axis_tlast: Vec<Signal<Out, Bit>>,
    port: Port,
    /// A cycle of the bus has begun.
    asked: Register<Bit>,
    /// It can be acknowledged.
    acknowledge: Register<Bit>,
    request: Signal<Local, Bit>,
    /// The bus cycle is there still: it is acknowledged and has its effect, in this clock cycle.
    carried: Signal<Local, Bit>,
    _streams: usize,
}

impl Wishbone {
    /// The wrapped core of a plan, for a clock of at most this, in Hz. With facts it takes requests, and with streams cues
    /// and answers by them too.
    pub fn new(plan: &Plan, clock: u32, facts: Option<Facts>, streams: bool) -> Self {
        let stream = usize::from(streams);
        Wishbone {
            port: Port::new(plan, clock, facts, streams),
            s_axis_tvalid: many(stream),
            s_axis_tready: many(stream),
            s_axis_tdata: many(stream),
            s_axis_tlast: many(stream),
            m_axis_tvalid: many(stream),
            m_axis_tready: many(stream),
            m_axis_tdata: many(stream),
            m_axis_tlast: many(stream),
            _streams: stream,
            ..Default::default()
        }
    }
}

impl Logic for Wishbone {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: wishbone");
        comment!("the bus: asked, then acknowledged and carried out, if it is still there");
        self.request.next = self.wb_cyc_i.val() & self.wb_stb_i.val();
        self.asked.d.next = self.request.val() & !(self.asked.q.val() | self.acknowledge.q.val());
        self.acknowledge.d.next = self.request.val() & self.asked.q.val();
        self.carried.next = (self.request.val() & self.acknowledge.q.val()) & !self.wb_rst_i.val();
        self.wb_ack_o.next = self.carried.val();
        self.wb_stall_o.next = self.wb_cyc_i.val() & !self.carried.val();
        comment!("the registers");
        self.port.bus_reset.next = self.wb_rst_i.val();
        self.port.address.next = self.wb_adr_i.val();
        self.port.act.next = self.carried.val();
        self.port.write.next = self.wb_we_i.val();
        self.port.whole.next = self.wb_sel_i.val().get_bit(0) & self.wb_sel_i.val().get_bit(1);
        self.port.data.next = bit_cast::<16, 32>(self.wb_dat_i.val());
        self.wb_dat_o.next = bit_cast::<32, 16>(self.port.read.val());
        self.irq_o.next = self.port.interrupt.val();
        for s in 0..self._streams {
            comment!("the streams");
            self.port.s_valid[s].next = self.s_axis_tvalid[s].val();
            self.port.s_data[s].next = self.s_axis_tdata[s].val();
            self.port.s_last[s].next = self.s_axis_tlast[s].val();
            self.s_axis_tready[s].next = self.port.s_ready[s].val();
            self.m_axis_tvalid[s].next = self.port.m_valid[s].val();
            self.m_axis_tdata[s].next = self.port.m_data[s].val();
            self.m_axis_tlast[s].next = self.port.m_last[s].val();
            self.port.m_ready[s].next = self.m_axis_tready[s].val();
        }
        if self.wb_rst_i.val() {
            self.asked.d.next = false;
            self.acknowledge.d.next = false;
        }
    }
}
