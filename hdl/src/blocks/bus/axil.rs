//! The core behind AXI4-Lite: its [registers](super::registers).
//!
//! A write is done when its address and its data have come, a read when its address has; of both, the write goes first, and before the next
//! one can come the read had its turn. Three clock cycles later there is its response, always OKAY: a mistake is told by `STATUS`. The next one may come meanwhile.

use super::port::Port;
use crate::blocks::{link::page::Facts, prelude::*};
use crate::contents::Plan;
use hopgate_wire::registers::NUMBER_BITS;

/// Bits of a byte address.
const ADDRESS_BITS: usize = NUMBER_BITS + 2;

/// A core with an AXI4-Lite slave port.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Axil {
    /// Clock.
    pub aclk: Signal<In, Clock>,
    /// Reset, low, for one cycle or more.
    pub aresetn: Signal<In, Bit>,
    /// An address to write at is offered.
    pub s_axil_awvalid: Signal<In, Bit>,
    /// It is taken when both are one.
    pub s_axil_awready: Signal<Out, Bit>,
    /// The address, in bytes.
    pub s_axil_awaddr: Signal<In, Bits<ADDRESS_BITS>>,
    /// Who asks: of no concern here.
    pub s_axil_awprot: Signal<In, Bits<3>>,
    /// What is written is offered.
    pub s_axil_wvalid: Signal<In, Bit>,
    /// It is taken when both are one.
    pub s_axil_wready: Signal<Out, Bit>,
    /// That.
    pub s_axil_wdata: Signal<In, Bits<32>>,
    /// The bytes that are written: of a word both, or the write is a mistake.
    pub s_axil_wstrb: Signal<In, Bits<4>>,
    /// A write is done.
    pub s_axil_bvalid: Signal<Out, Bit>,
    /// The master knows when both are one.
    pub s_axil_bready: Signal<In, Bit>,
    /// OKAY.
    pub s_axil_bresp: Signal<Out, Bits<2>>,
    /// An address to read from is offered.
    pub s_axil_arvalid: Signal<In, Bit>,
    /// It is taken when both are one.
    pub s_axil_arready: Signal<Out, Bit>,
    /// The address, in bytes.
    pub s_axil_araddr: Signal<In, Bits<ADDRESS_BITS>>,
    /// Who asks: of no concern here.
    pub s_axil_arprot: Signal<In, Bits<3>>,
    /// A read is done.
    pub s_axil_rvalid: Signal<Out, Bit>,
    /// The master has it when both are one.
    pub s_axil_rready: Signal<In, Bit>,
    /// What was read.
    pub s_axil_rdata: Signal<Out, Bits<32>>,
    /// OKAY.
    pub s_axil_rresp: Signal<Out, Bits<2>>,
    /// Interrupt.
    pub irq: Signal<Out, Bit>,
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
    /// What came and is not done yet.
    aw_held: Register<Bit>,
    aw_address: Register<Bits<ADDRESS_BITS>>,
    w_held: Register<Bit>,
    w_data: Register<Bits<16>>,
    w_whole: Register<Bit>,
    ar_held: Register<Bit>,
    ar_address: Register<Bits<ADDRESS_BITS>>,
    /// The register is looked at, then accessed.
    looking: Register<Bit>,
    acting: Register<Bit>,
    /// By a write.
    writing: Register<Bit>,
    b_held: Register<Bit>,
    r_held: Register<Bit>,
    r_data: Register<Bits<16>>,
    reset: Signal<Local, Bit>,
    can_write: Signal<Local, Bit>,
    can_read: Signal<Local, Bit>,
    acts: Signal<Local, Bit>,
    at: Signal<Local, Bits<ADDRESS_BITS>>,
    two: Literal<ADDRESS_BITS, 2>,
    _streams: usize,
}

impl Axil {
    /// The wrapped core of a plan, for a clock of at most this, in Hz. With facts it takes requests, and with streams cues
    /// and answers by them too.
    pub fn new(plan: &Plan, clock: u32, facts: Option<Facts>, streams: bool) -> Self {
        let stream = usize::from(streams);
        Axil {
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

impl Logic for Axil {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: axil");
        self.reset.next = !self.aresetn.val();
        comment!("what comes is held until it is done");
        self.s_axil_awready.next = self.aresetn.val() & !self.aw_held.q.val();
        self.s_axil_wready.next = self.aresetn.val() & !self.w_held.q.val();
        self.s_axil_arready.next = self.aresetn.val() & !self.ar_held.q.val();
        if !self.aw_held.q.val() {
            self.aw_held.d.next = self.s_axil_awvalid.val();
            self.aw_address.d.next = self.s_axil_awaddr.val();
        }
        if !self.w_held.q.val() {
            self.w_held.d.next = self.s_axil_wvalid.val();
            self.w_data.d.next = bit_cast::<16, 32>(self.s_axil_wdata.val());
            self.w_whole.d.next = self.s_axil_wstrb.val().get_bit(0) & self.s_axil_wstrb.val().get_bit(1);
        }
        if !self.ar_held.q.val() {
            self.ar_held.d.next = self.s_axil_arvalid.val();
            self.ar_address.d.next = self.s_axil_araddr.val();
        }
        comment!("one is done at a time: the register is looked at, and a cycle later accessed");
        self.can_write.next = (self.aw_held.q.val() & self.w_held.q.val()) & !self.b_held.q.val();
        self.can_read.next = self.ar_held.q.val() & !self.r_held.q.val();
        self.looking.d.next =
            (self.can_write.val() | self.can_read.val()) & !(self.looking.q.val() | self.acting.q.val());
        self.acting.d.next = self.looking.q.val();
        if !(self.looking.q.val() | self.acting.q.val()) {
            self.writing.d.next = self.can_write.val();
        }
        self.acts.next = self.acting.q.val() & self.aresetn.val();
        self.at.next = self.ar_address.q.val();
        if self.writing.q.val() {
            self.at.next = self.aw_address.q.val();
        }
        self.port.bus_reset.next = self.reset.val();
        self.port.address.next = bit_cast::<NUMBER_BITS, ADDRESS_BITS>(self.at.val() >> self.two.val());
        self.port.act.next = self.acts.val();
        self.port.write.next = self.writing.q.val();
        self.port.whole.next = self.w_whole.q.val();
        self.port.data.next = self.w_data.q.val();
        self.irq.next = self.port.interrupt.val();
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
        comment!("responses stand until they are taken");
        if self.s_axil_bready.val() {
            self.b_held.d.next = false;
        }
        if self.s_axil_rready.val() {
            self.r_held.d.next = false;
        }
        if self.acting.q.val() {
            if self.writing.q.val() {
                self.aw_held.d.next = false;
                self.w_held.d.next = false;
                self.b_held.d.next = true;
            } else {
                self.ar_held.d.next = false;
                self.r_held.d.next = true;
                self.r_data.d.next = self.port.read.val();
            }
        }
        self.s_axil_bvalid.next = self.b_held.q.val() & self.aresetn.val();
        self.s_axil_bresp.next = 0.into();
        self.s_axil_rvalid.next = self.r_held.q.val() & self.aresetn.val();
        self.s_axil_rresp.next = 0.into();
        self.s_axil_rdata.next = bit_cast::<32, 16>(self.r_data.q.val());
        comment!("reset, in the very cycle in which it comes");
        if self.reset.val() {
            self.aw_held.d.next = false;
            self.w_held.d.next = false;
            self.ar_held.d.next = false;
            self.looking.d.next = false;
            self.acting.d.next = false;
            self.b_held.d.next = false;
            self.r_held.d.next = false;
        }
    }
}
