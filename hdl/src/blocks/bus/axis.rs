//! The core behind AXI4-Stream: a packet of cue words comes in, a packet of answer words goes out; of a sequence, one for every step.
//!
//! Where bits of a cue can be unknown, the second half of a packet is the mask. Packets are kept apart by `tlast`, on both sides. A packet with
//! fewer words than the cue has is completed with zeros, and one without a mask, or with half of one, by bits that are known; what a longer
//! one has too much is dropped: every packet that comes in has one answer, so that a mistake
//! never shifts the words of all cues that follow.

use super::COUNT_BITS;
use crate::blocks::prelude::*;
use crate::blocks::{core::Core, edge::reset::BusReset};
use crate::contents::Plan;

/// Words of an answer besides what it is: steps, nearest, distance.
const INFO_WORDS: usize = 3;

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
    /// Words of the cue that the core has.
    taken: Register<Bits<COUNT_BITS>>,
    /// The packet was too short: zeros follow.
    padding: Register<Bit>,
    /// Where bits of a cue can be unknown: words of the mask are next.
    masking: Vec<Register<Bit>>,
    /// The packet is too long: the rest is dropped.
    dropping: Register<Bit>,
    /// Words of the answer that have gone out.
    sent: Register<Bits<COUNT_BITS>>,
    enters: Signal<Local, Bit>,
    leaves: Signal<Local, Bit>,
    last_in: Signal<Local, Bit>,
    last_out: Signal<Local, Bit>,
    one: Literal<COUNT_BITS, 1>,
    last_word: Constant<Bits<COUNT_BITS>>,
    last_info: Constant<Bits<COUNT_BITS>>,
    /// As many bits as count all words of a packet.
    words_mask: Constant<Bits<COUNT_BITS>>,
    said_mask: Constant<Bits<COUNT_BITS>>,
    zeros: Literal<16, 0>,
    ones: Literal<16, 0xffff>,
    last_cue: Vec<Constant<Bits<COUNT_BITS>>>,
    _masks: usize,
}

impl Axis {
    /// The wrapped core of a plan, for a clock of at most this, in Hz.
    pub fn new(plan: &Plan, clock: u32) -> Self {
        Axis {
            held: BusReset::new(clock),
            core: Core::new(plan),
            last_word: constant(plan.cue_words() - 1),
            masking: many(usize::from(plan.masks)),
            last_cue: (0..usize::from(plan.masks)).map(|_| constant(plan.words() - 1)).collect(),
            _masks: usize::from(plan.masks),
            last_info: constant(plan.answer_words() + INFO_WORDS - 1),
            words_mask: constant(plan.cue_words().next_power_of_two() - 1),
            said_mask: constant((plan.answer_words() + INFO_WORDS).next_power_of_two() - 1),
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
        comment!("cue words to the core; zeros after a packet that was too short");
        self.core.in_data.next = self.s_axis_tdata.val();
        if self.padding.q.val() {
            self.core.in_data.next = self.zeros.val();
        }
        for m in 0..self._masks {
            if self.padding.q.val() & self.masking[m].q.val() {
                self.core.in_data.next = self.ones.val();
            }
        }
        self.core.in_valid.next = self.padding.q.val() | (self.s_axis_tvalid.val() & !self.dropping.q.val());
        self.s_axis_tready.next =
            !self.held.reset.val() & (self.dropping.q.val() | (self.core.in_ready.val() & !self.padding.q.val()));
        self.enters.next = self.core.in_ready.val() & self.core.in_valid.val();
        self.last_in.next = self.taken.q.val() == self.last_word.val();
        if self.enters.val() {
            self.taken.d.next = (self.taken.q.val() + self.one.val()) & self.words_mask.val();
            if self.last_in.val() {
                self.taken.d.next = 0.into();
                self.padding.d.next = false;
                self.dropping.d.next = !self.padding.q.val() & !self.s_axis_tlast.val();
            } else {
                self.padding.d.next = self.padding.q.val() | self.s_axis_tlast.val();
            }
        }
        for m in 0..self._masks {
            comment!("the mask's turn");
            if self.enters.val() {
                self.masking[m].d.next =
                    (self.masking[m].q.val() | (self.taken.q.val() == self.last_cue[m].val())) & !self.last_in.val();
            }
            if self.held.reset.val() {
                self.masking[m].d.next = false;
            }
        }
        comment!("the rest of a packet that is too long");
        if self.dropping.q.val() & (self.s_axis_tvalid.val() & self.s_axis_tlast.val()) {
            self.dropping.d.next = false;
        }
        comment!("answer words from the core");
        self.m_axis_tdata.next = self.core.out_data.val();
        self.m_axis_tvalid.next = self.core.out_valid.val() & !self.held.reset.val();
        self.core.out_ready.next = self.m_axis_tready.val();
        self.leaves.next = self.core.out_valid.val() & self.m_axis_tready.val();
        self.last_out.next = self.sent.q.val() == self.last_info.val();
        self.m_axis_tlast.next = self.last_out.val();
        if self.leaves.val() {
            self.sent.d.next = (self.sent.q.val() + self.one.val()) & self.said_mask.val();
            if self.last_out.val() {
                self.sent.d.next = 0.into();
            }
        }
        comment!("reset, in the very cycle in which it comes: nothing is offered and nothing taken");
        if self.held.reset.val() {
            self.taken.d.next = 0.into();
            self.sent.d.next = 0.into();
            self.padding.d.next = false;
            self.dropping.d.next = false;
        }
    }
}
