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
//! Every cycle is acknowledged two clock cycles after it begins: the bus never waits for a recall. A cue word that is
//! written, or an answer word that is read, where `STATUS` does not allow it, is a mistake; it does nothing else.

use super::{constant, core::Core, reset::Reset};
use crate::plan::Plan;
use rust_hdl::prelude::*;

/// A core with a Wishbone slave port.
#[derive(Clone, Debug, LogicBlock)]
pub struct Wishbone {
    /// Clock.
    pub wb_clk_i: Signal<In, Clock>,
    /// Reset; the core begins 256 cycles after it, when block RAM can be read.
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
    power_up: Reset,
    core: Core,
    /// A cycle of the bus has begun.
    asked: DFF<Bit>,
    acknowledge: DFF<Bit>,
    read: DFF<Bits<16>>,
    /// The cycle writes a cue word.
    push: DFF<Bit>,
    /// The cycle reads an answer word.
    pop: DFF<Bit>,
    /// Take a word from the core. This and `push` are registers, since the core's answer to them comes through this block.
    pull: DFF<Bit>,
    /// The last three words are on their way.
    draining: DFF<Bit>,
    /// Words of the answer that have left the core.
    sent: DFF<Bits<8>>,
    steps: DFF<Bits<16>>,
    nearest: DFF<Bits<16>>,
    distance: DFF<Bits<16>>,
    done: DFF<Bit>,
    mistake: DFF<Bit>,
    request: Signal<Local, Bit>,
    /// The core offers a word of the answer proper.
    answering: Signal<Local, Bit>,
    leaves: Signal<Local, Bit>,
    status: Signal<Local, Bits<16>>,
    flag0: Signal<Local, Bits<16>>,
    flag1: Signal<Local, Bits<16>>,
    flag2: Signal<Local, Bits<16>>,
    flag3: Signal<Local, Bits<16>>,
    one: Constant<Bits<8>>,
    last_answer: Constant<Bits<8>>,
    at_steps: Constant<Bits<8>>,
    at_nearest: Constant<Bits<8>>,
    at_distance: Constant<Bits<8>>,
    status_register: Constant<Bits<3>>,
    cue_register: Constant<Bits<3>>,
    answer_register: Constant<Bits<3>>,
    ready_flag: Constant<Bits<16>>,
    answer_flag: Constant<Bits<16>>,
    done_flag: Constant<Bits<16>>,
    mistake_flag: Constant<Bits<16>>,
    nothing: Constant<Bits<16>>,
}

impl Wishbone {
    /// The wrapped core of a plan.
    pub fn new(plan: &Plan) -> Self {
        let lanes = plan.lanes();
        Wishbone {
            wb_clk_i: Signal::default(),
            wb_rst_i: Signal::default(),
            wb_cyc_i: Signal::default(),
            wb_stb_i: Signal::default(),
            wb_we_i: Signal::default(),
            wb_adr_i: Signal::default(),
            wb_dat_i: Signal::default(),
            wb_dat_o: Signal::default(),
            wb_ack_o: Signal::default(),
            power_up: Reset::default(),
            core: Core::new(plan),
            asked: DFF::default(),
            acknowledge: DFF::default(),
            read: DFF::default(),
            push: DFF::default(),
            pop: DFF::default(),
            pull: DFF::default(),
            draining: DFF::default(),
            sent: DFF::default(),
            steps: DFF::default(),
            nearest: DFF::default(),
            distance: DFF::default(),
            done: DFF::default(),
            mistake: DFF::default(),
            request: Signal::default(),
            answering: Signal::default(),
            leaves: Signal::default(),
            status: Signal::default(),
            flag0: Signal::default(),
            flag1: Signal::default(),
            flag2: Signal::default(),
            flag3: Signal::default(),
            one: constant(1),
            last_answer: constant(lanes - 1),
            at_steps: constant(lanes),
            at_nearest: constant(lanes + 1),
            at_distance: constant(lanes + 2),
            status_register: constant(0),
            cue_register: constant(1),
            answer_register: constant(2),
            ready_flag: constant(1),
            answer_flag: constant(2),
            done_flag: constant(4),
            mistake_flag: constant(8),
            nothing: constant(0),
        }
    }
}

impl Logic for Wishbone {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: wishbone");
        dff_setup!(
            self,
            wb_clk_i,
            asked,
            acknowledge,
            read,
            push,
            pop,
            pull,
            draining,
            sent,
            steps,
            nearest,
            distance,
            done,
            mistake
        );
        self.power_up.clock.next = self.wb_clk_i.val();
        self.power_up.button_n.next = !self.wb_rst_i.val();
        self.core.clock.next = self.wb_clk_i.val();
        self.core.reset.next = self.power_up.reset.val();
        comment!("the bus: asked, then acknowledged");
        self.request.next =
            (self.wb_cyc_i.val() & self.wb_stb_i.val()) & !(self.asked.q.val() | self.acknowledge.q.val());
        self.asked.d.next = self.request.val();
        self.acknowledge.d.next = self.asked.q.val();
        self.wb_ack_o.next = self.acknowledge.q.val();
        self.wb_dat_o.next = bit_cast::<32, 16>(self.read.q.val());
        comment!("cue words to the core");
        self.push.d.next = self.request.val() & (self.wb_we_i.val() & (self.wb_adr_i.val() == self.cue_register.val()));
        self.core.in_valid.next = self.push.q.val();
        self.core.in_data.next = bit_cast::<16, 32>(self.wb_dat_i.val());
        if self.push.q.val() & self.core.in_ready.val() {
            self.done.d.next = false;
        }
        comment!("answer words from the core: the answer proper when it is read, the last three words at once");
        self.answering.next = self.core.out_valid.val() & !self.draining.q.val();
        self.pop.d.next =
            self.request.val() & (!self.wb_we_i.val() & (self.wb_adr_i.val() == self.answer_register.val()));
        self.pull.d.next = self.pop.d.val() | self.draining.q.val();
        self.core.out_ready.next = self.pull.q.val();
        self.leaves.next = self.core.out_valid.val() & self.pull.q.val();
        if self.leaves.val() {
            self.sent.d.next = self.sent.q.val() + self.one.val();
            if self.sent.q.val() == self.last_answer.val() {
                self.draining.d.next = true;
                self.pull.d.next = true;
            }
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
                self.pull.d.next = false;
                self.done.d.next = true;
            }
        }
        comment!("mistakes stay until STATUS is written");
        if self.asked.q.val() & (self.wb_we_i.val() & (self.wb_adr_i.val() == self.status_register.val())) {
            self.mistake.d.next = false;
        }
        if (self.push.q.val() & !self.core.in_ready.val()) | (self.pop.q.val() & !self.answering.val()) {
            self.mistake.d.next = true;
        }
        comment!("what is read");
        self.flag0.next = self.nothing.val();
        self.flag1.next = self.nothing.val();
        self.flag2.next = self.nothing.val();
        self.flag3.next = self.nothing.val();
        if self.core.in_ready.val() {
            self.flag0.next = self.ready_flag.val();
        }
        if self.answering.val() {
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
                if self.answering.val() {
                    self.read.d.next = self.core.out_data.val();
                }
            }
            3 => self.read.d.next = self.steps.q.val(),
            4 => self.read.d.next = self.nearest.q.val(),
            5 => self.read.d.next = self.distance.q.val(),
            _ => self.read.d.next = self.nothing.val(),
        }
        if self.power_up.reset.val() {
            self.sent.d.next = 0.into();
            self.pull.d.next = false;
            self.draining.d.next = false;
            self.done.d.next = false;
        }
        comment!("a cue that comes while the core still sleeps is a mistake too");
        if self.wb_rst_i.val() {
            self.mistake.d.next = false;
        }
    }
}
