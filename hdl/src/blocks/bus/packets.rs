//! Packets of words between AXI4-Stream ports and a core: one with a cue comes in, one with an answer goes out; of a sequence, one for every
//! step.
//!
//! Where bits of a cue can be unknown, the second half of a packet is the mask. Packets are kept apart by `tlast`, on both sides. A packet with
//! fewer words than the cue has is completed with zeros, and one without a mask, or with half of one, by bits that are known; what a longer
//! one has too much is dropped: every packet that comes in has one answer, so that a mistake
//! never shifts the words of all cues that follow.

use super::COUNT_BITS;
use crate::blocks::prelude::*;
use crate::contents::Plan;

/// Words of an answer besides what it is: steps, nearest, distance.
const INFO_WORDS: usize = 3;

/// Both directions.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Packets {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Nothing is offered and nothing taken.
    pub reset: Signal<In, Bit>,
    /// A word of a cue is offered.
    pub s_valid: Signal<In, Bit>,
    /// It is taken when both are one.
    pub s_ready: Signal<Out, Bit>,
    /// The word.
    pub s_data: Signal<In, Bits<16>>,
    /// It is the cue's last.
    pub s_last: Signal<In, Bit>,
    /// A word of an answer is offered.
    pub m_valid: Signal<Out, Bit>,
    /// It is taken when both are one.
    pub m_ready: Signal<In, Bit>,
    /// It is the distance: the answer's last.
    pub m_last: Signal<Out, Bit>,
    /// The core takes a word from here,
    pub in_ready: Signal<In, Bit>,
    /// and is given one,
    pub in_valid: Signal<Out, Bit>,
    /// this one.
    pub in_data: Signal<Out, Bits<16>>,
    /// The core has a word of an answer for here,
    pub out_valid: Signal<In, Bit>,
    /// which is taken.
    pub out_ready: Signal<Out, Bit>,
    /// The core takes it,
    pub enters: Signal<Out, Bit>,
    /// and it is the last word of a cue.
    pub whole: Signal<Out, Bit>,
    /// The last word of an answer goes out.
    pub over: Signal<Out, Bit>,
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
    offered: Signal<Local, Bit>,
    takes: Signal<Local, Bit>,
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

impl Packets {
    /// Those of a plan's core.
    pub fn new(plan: &Plan) -> Self {
        Packets {
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

impl Logic for Packets {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: packets");
        comment!("cue words to the core; zeros after a packet that was too short");
        self.in_data.next = self.s_data.val();
        if self.padding.q.val() {
            self.in_data.next = self.zeros.val();
        }
        for m in 0..self._masks {
            if self.padding.q.val() & self.masking[m].q.val() {
                self.in_data.next = self.ones.val();
            }
        }
        self.offered.next = self.padding.q.val() | (self.s_valid.val() & !self.dropping.q.val());
        self.in_valid.next = self.padding.q.val() | (self.s_valid.val() & !self.dropping.q.val());
        self.s_ready.next = !self.reset.val() & (self.dropping.q.val() | (self.in_ready.val() & !self.padding.q.val()));
        self.takes.next = self.in_ready.val() & self.offered.val();
        self.enters.next = self.takes.val();
        self.last_in.next = self.taken.q.val() == self.last_word.val();
        self.whole.next = self.takes.val() & self.last_in.val();
        if self.takes.val() {
            self.taken.d.next = (self.taken.q.val() + self.one.val()) & self.words_mask.val();
            if self.last_in.val() {
                self.taken.d.next = 0.into();
                self.padding.d.next = false;
                self.dropping.d.next = !self.padding.q.val() & !self.s_last.val();
            } else {
                self.padding.d.next = self.padding.q.val() | self.s_last.val();
            }
        }
        for m in 0..self._masks {
            comment!("the mask's turn");
            if self.takes.val() {
                self.masking[m].d.next =
                    (self.masking[m].q.val() | (self.taken.q.val() == self.last_cue[m].val())) & !self.last_in.val();
            }
            if self.reset.val() {
                self.masking[m].d.next = false;
            }
        }
        comment!("the rest of a packet that is too long");
        if self.dropping.q.val() & (self.s_valid.val() & self.s_last.val()) {
            self.dropping.d.next = false;
        }
        comment!("answer words from the core");
        self.m_valid.next = self.out_valid.val() & !self.reset.val();
        self.out_ready.next = self.m_ready.val();
        self.leaves.next = self.out_valid.val() & self.m_ready.val();
        self.last_out.next = self.sent.q.val() == self.last_info.val();
        self.m_last.next = self.last_out.val();
        self.over.next = self.leaves.val() & self.last_out.val();
        if self.leaves.val() {
            self.sent.d.next = (self.sent.q.val() + self.one.val()) & self.said_mask.val();
            if self.last_out.val() {
                self.sent.d.next = 0.into();
            }
        }
        comment!("reset, in the very cycle in which it comes: nothing is offered and nothing taken");
        if self.reset.val() {
            self.taken.d.next = 0.into();
            self.sent.d.next = 0.into();
            self.padding.d.next = false;
            self.dropping.d.next = false;
        }
    }
}
