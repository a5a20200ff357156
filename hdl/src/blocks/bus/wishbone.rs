//! The core behind Wishbone B4, classic cycles: eight registers of 32 bits, of which the lower 16 are used.
//!
//! | address | | |
//! |---|---|---|
//! | 0 | `STATUS` | read: bit 0, a cue word may be written; 1, an answer word may be read; 2, the last three registers are those of the last cue; 3, a mistake was made. A write clears bit 3 |
//! | 1 | `CUE` | write: the next word of the cue |
//! | 2 | `ANSWER` | read: the next word of the answer |
//! | 3 | `STEPS` | read: bits 0 to 14, the steps; 15, whether the recall converged |
//! | 4 | `NEAREST` | read: the nearest pattern |
//! | 5 | `DISTANCE` | read: its distance |
//!
//! Every cycle is acknowledged two clock cycles after it begins: the bus never waits for a recall. What a cycle does happens in the
//! clock cycle of its acknowledge; one that its master gives up before, or that a reset ends, has done nothing and is not acknowledged. A
//! cue word that is written, or an answer word that is read, where `STATUS` does not allow it, is a mistake; it does
//! nothing else.

use super::COUNT_BITS;
use crate::blocks::prelude::*;
use crate::blocks::{core::Core, edge::reset::BusReset};
use crate::contents::Plan;
use hopgate_model::kind::Kind;

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
    /// The register: bits 2 to 4 of a byte address.
    pub wb_adr_i: Signal<In, Bits<3>>,
    /// What is written.
    pub wb_dat_i: Signal<In, Bits<32>>,
    /// What is read.
    pub wb_dat_o: Signal<Out, Bits<32>>,
    /// The cycle is done.
    pub wb_ack_o: Signal<Out, Bit>,
    held: BusReset,
    core: Core,
    /// A cycle of the bus has begun.
    asked: Register<Bit>,
    /// It can be acknowledged.
    acknowledge: Register<Bit>,
    read: Register<Bits<16>>,
    /// The next word of the answer proper: it waits here, since the core takes longer than the bus to offer the one after it.
    word: Register<Bits<16>>,
    full: Register<Bit>,
    /// It was there when `read` was taken.
    offered: Register<Bit>,
    /// The last three words are on their way.
    draining: Register<Bit>,
    /// Words of the answer that have been read, or left the core.
    sent: Register<Bits<COUNT_BITS>>,
    steps: Register<Bits<16>>,
    nearest: Register<Bits<16>>,
    distance: Register<Bits<16>>,
    done: Register<Bit>,
    mistake: Register<Bit>,
    request: Signal<Local, Bit>,
    /// The bus cycle is there still: it is acknowledged and has its effect, in this clock cycle.
    carried: Signal<Local, Bit>,
    /// It writes a cue word.
    push: Signal<Local, Bit>,
    /// It reads an answer word.
    pop: Signal<Local, Bit>,
    /// A word of the answer proper is read.
    taken: Signal<Local, Bit>,
    /// One of the last three words leaves the core.
    leaves: Signal<Local, Bit>,
    status: Signal<Local, Bits<16>>,
    flag0: Signal<Local, Bits<16>>,
    flag1: Signal<Local, Bits<16>>,
    flag2: Signal<Local, Bits<16>>,
    flag3: Signal<Local, Bits<16>>,
    one: Literal<COUNT_BITS, 1>,
    last_answer: Constant<Bits<COUNT_BITS>>,
    at_steps: Constant<Bits<COUNT_BITS>>,
    at_nearest: Constant<Bits<COUNT_BITS>>,
    at_distance: Constant<Bits<COUNT_BITS>>,
    /// As many bits as count all of them.
    said_mask: Constant<Bits<COUNT_BITS>>,
    status_register: Literal<3, 0>,
    cue_register: Literal<3, 1>,
    answer_register: Literal<3, 2>,
    ready_flag: Literal<16, 1>,
    answer_flag: Literal<16, 2>,
    done_flag: Literal<16, 4>,
    mistake_flag: Literal<16, 8>,
    nothing: Literal<16, 0>,
    _sequences: usize,
}

impl Wishbone {
    /// The wrapped core of a plan, for a clock of at most this, in Hz.
    pub fn new(plan: &Plan, clock: u32) -> Self {
        let words = plan.answer_words();
        Wishbone {
            held: BusReset::new(clock),
            core: Core::new(plan),
            last_answer: constant(words - 1),
            at_steps: constant(words),
            at_nearest: constant(words + 1),
            at_distance: constant(words + 2),
            said_mask: constant((words + 3).next_power_of_two() - 1),
            _sequences: usize::from(plan.kind == Kind::Sequence),
            ..Default::default()
        }
    }
}

impl Logic for Wishbone {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: wishbone");
        self.held.bus.next = self.wb_rst_i.val();
        self.core.reset.next = self.held.reset.val();
        comment!("the bus: asked, then acknowledged and carried out, if it is still there");
        self.request.next = self.wb_cyc_i.val() & self.wb_stb_i.val();
        self.asked.d.next = self.request.val() & !(self.asked.q.val() | self.acknowledge.q.val());
        self.acknowledge.d.next = self.request.val() & self.asked.q.val();
        self.carried.next = (self.request.val() & self.acknowledge.q.val()) & !self.wb_rst_i.val();
        self.wb_ack_o.next = self.carried.val();
        self.wb_dat_o.next = bit_cast::<32, 16>(self.read.q.val());
        comment!("cue words to the core");
        self.push.next = self.carried.val() & (self.wb_we_i.val() & (self.wb_adr_i.val() == self.cue_register.val()));
        self.core.in_valid.next = self.push.val();
        self.core.in_data.next = bit_cast::<16, 32>(self.wb_dat_i.val());
        if self.push.val() & self.core.in_ready.val() {
            self.done.d.next = false;
        }
        comment!("answer words from the core: of the answer proper one in advance, the last three words at once");
        self.core.out_ready.next = !self.full.q.val();
        if (self.core.out_valid.val() & self.core.out_ready.val()) & !self.draining.q.val() {
            self.word.d.next = self.core.out_data.val();
            self.full.d.next = true;
        }
        self.pop.next =
            self.carried.val() & (!self.wb_we_i.val() & (self.wb_adr_i.val() == self.answer_register.val()));
        self.taken.next = self.pop.val() & self.offered.q.val();
        self.leaves.next = self.core.out_valid.val() & self.draining.q.val();
        if self.taken.val() | self.leaves.val() {
            self.sent.d.next = (self.sent.q.val() + self.one.val()) & self.said_mask.val();
        }
        for _s in 0..self._sequences {
            comment!("a sequence: they are those of the answer before until the next one is read");
            if self.taken.val() {
                self.done.d.next = false;
            }
        }
        if self.taken.val() {
            self.full.d.next = false;
            self.draining.d.next = self.sent.q.val() == self.last_answer.val();
        }
        if self.leaves.val() {
            if self.sent.q.val() == self.at_steps.val() {
                self.steps.d.next = self.core.out_data.val();
            }
            if self.sent.q.val() == self.at_nearest.val() {
                self.nearest.d.next = self.core.out_data.val();
            }
            if self.sent.q.val() == self.at_distance.val() {
                self.distance.d.next = self.core.out_data.val();
                self.sent.d.next = 0.into();
                self.draining.d.next = false;
                self.done.d.next = true;
            }
        }
        comment!("mistakes stay until STATUS is written");
        if self.carried.val() & (self.wb_we_i.val() & (self.wb_adr_i.val() == self.status_register.val())) {
            self.mistake.d.next = false;
        }
        if (self.push.val() & !self.core.in_ready.val()) | (self.pop.val() & !self.offered.q.val()) {
            self.mistake.d.next = true;
        }
        comment!("what is read");
        self.offered.d.next = self.full.q.val();
        self.flag0.next = self.nothing.val();
        self.flag1.next = self.nothing.val();
        self.flag2.next = self.nothing.val();
        self.flag3.next = self.nothing.val();
        if self.core.in_ready.val() {
            self.flag0.next = self.ready_flag.val();
        }
        if self.full.q.val() {
            self.flag1.next = self.answer_flag.val();
        }
        if self.done.q.val() {
            self.flag2.next = self.done_flag.val();
        }
        if self.mistake.q.val() {
            self.flag3.next = self.mistake_flag.val();
        }
        self.status.next = (self.flag0.val() | self.flag1.val()) | (self.flag2.val() | self.flag3.val());
        self.read.d.next = self.nothing.val();
        match self.wb_adr_i.val().index() {
            0 => self.read.d.next = self.status.val(),
            2 => {
                if self.full.q.val() {
                    self.read.d.next = self.word.q.val();
                }
            }
            3 => self.read.d.next = self.steps.q.val(),
            4 => self.read.d.next = self.nearest.q.val(),
            5 => self.read.d.next = self.distance.q.val(),
            _ => self.read.d.next = self.nothing.val(),
        }
        comment!("reset, in the very cycle in which it comes");
        if self.held.reset.val() {
            self.sent.d.next = 0.into();
            self.full.d.next = false;
            self.draining.d.next = false;
            self.done.d.next = false;
        }
        comment!("a cue that comes while the core still sleeps is a mistake too");
        if self.wb_rst_i.val() {
            self.asked.d.next = false;
            self.acknowledge.d.next = false;
            self.mistake.d.next = false;
        }
    }
}
