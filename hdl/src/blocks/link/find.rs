//! Of an answer to a FIND two words alone: the nearest pattern, and its distance. The others are taken from the core and not sent.

use super::receive::COUNT_BITS;
use crate::{blocks::prelude::*, contents::Plan};
use hopgate_wire::page::{FOUND_UNKNOWN, INFO_WORDS};

/// Says which words of an answer are sent.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Find {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// A FIND's cues are recalled.
    pub finds: Signal<In, Bit>,
    /// The core has a word.
    pub out_valid: Signal<In, Bit>,
    /// The word.
    pub out_data: Signal<In, Bits<16>>,
    /// It can be sent.
    pub send_ready: Signal<In, Bit>,
    /// It is not to be sent, but taken.
    pub drops: Signal<Out, Bit>,
    /// What is sent of it: with the distance whether the pattern is unknown.
    pub word: Signal<Out, Bits<16>>,
    /// Where that is asked: words of an answer are counted that are sent,
    pub counts: Vec<Signal<In, Bit>>,
    /// and the next one is that of the steps.
    pub at_steps: Vec<Signal<Out, Bit>>,
    /// Words of this answer that were taken.
    count: Register<Bits<COUNT_BITS>>,
    /// The next word is the pattern, or the distance.
    at_pattern: Register<Bit>,
    at_distance: Register<Bit>,
    unknown: Register<Bit>,
    taken: Signal<Local, Bit>,
    one: Literal<COUNT_BITS, 1>,
    none: Literal<COUNT_BITS, 0>,
    count_mask: Constant<Bits<COUNT_BITS>>,
    last: Constant<Bits<COUNT_BITS>>,
    mark: Literal<16, { FOUND_UNKNOWN as usize }>,
    _counts: usize,
}

impl Find {
    /// For the answers of a plan's core.
    pub fn new(plan: &Plan) -> Self {
        let words = plan.answer_words() + INFO_WORDS;
        let counts = usize::from(plan.auto_store);
        Find {
            counts: many(counts),
            at_steps: many(counts),
            _counts: counts,
            // of the words before the pattern the last one, which has the steps
            last: constant(words - 3),
            count_mask: constant(words.next_power_of_two() - 1),
            ..Default::default()
        }
    }
}

impl Logic for Find {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: find");
        self.drops.next = self.finds.val() & !(self.at_pattern.q.val() | self.at_distance.q.val());
        self.taken.next =
            self.out_valid.val() & (self.send_ready.val() | !(self.at_pattern.q.val() | self.at_distance.q.val()));
        self.word.next = self.out_data.val();
        if self.finds.val() & (self.at_distance.q.val() & self.unknown.q.val()) {
            self.word.next = self.out_data.val() | self.mark.val();
        }
        if self.taken.val() {
            self.count.d.next = (self.count.q.val() + self.one.val()) & self.count_mask.val();
            self.at_pattern.d.next = self.count.q.val() == self.last.val();
            self.at_distance.d.next = self.at_pattern.q.val();
            if self.count.q.val() == self.last.val() {
                self.unknown.d.next = self.out_data.val().get_bit(14);
            }
            if self.at_distance.q.val() {
                self.count.d.next = self.none.val();
            }
        }
        if !self.finds.val() {
            self.count.d.next = self.none.val();
            self.at_pattern.d.next = false;
            self.at_distance.d.next = false;
        }
        for c in 0..self._counts {
            comment!("or all of them are sent, and counted");
            if self.counts[c].val() {
                self.count.d.next = self.count.q.val();
                if self.out_valid.val() & self.send_ready.val() {
                    self.count.d.next = (self.count.q.val() + self.one.val()) & self.count_mask.val();
                }
            }
            self.at_steps[c].next = self.count.q.val() == self.last.val();
        }
    }
}
