//! Of an answer to a FIND two words alone: the nearest pattern, and its distance. The others are taken from the core and not sent.

use super::receive::COUNT_BITS;
use crate::{
    blocks::{kind::HeldKind, prelude::*},
    contents::Plan,
};
use hopgate_model::kind::Kind;
use hopgate_wire::page::{FOUND_UNKNOWN, INFO_WORDS};

/// Says which words of an answer are sent.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Find {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// The request is a FIND.
    pub is_find: Signal<In, Bit>,
    /// Its cues are recalled.
    pub finds: Signal<In, Bit>,
    /// The core has a word.
    pub out_valid: Signal<In, Bit>,
    /// The word.
    pub out_data: Signal<In, Bits<16>>,
    /// It can be sent.
    pub send_ready: Signal<In, Bit>,
    /// What the core says is not to be sent, but taken.
    pub drops: Signal<Out, Bit>,
    /// What is sent of it: with the distance whether the pattern is unknown.
    pub word: Signal<Out, Bits<16>>,
    /// Where that is asked: words of an answer are counted that are sent,
    pub counts: Vec<Signal<In, Bit>>,
    /// and the next one is that of the steps.
    pub at_steps: Vec<Signal<Out, Bit>>,
    /// Where memories of several kinds can be loaded: the device was just configured.
    pub cold: Vec<Signal<In, Bit>>,
    /// A size is written,
    pub load_size: Vec<Signal<In, Bit>>,
    /// this one,
    pub which: Vec<Signal<In, Bits<3>>>,
    /// with this word.
    pub size: Vec<Signal<In, Bits<16>>>,
    kind: Vec<HeldKind>,
    /// Words of this answer that were taken.
    count: Register<Bits<COUNT_BITS>>,
    /// The next word is the pattern; it is that or the distance.
    at_pattern: Register<Bit>,
    at_either: Register<Bit>,
    unknown: Register<Bit>,
    taken: Signal<Local, Bit>,
    /// The word before the pattern is there.
    prior: Signal<Local, Bit>,
    one: Literal<COUNT_BITS, 1>,
    none: Literal<COUNT_BITS, 0>,
    count_mask: Constant<Bits<COUNT_BITS>>,
    last: Constant<Bits<COUNT_BITS>>,
    /// By the kind of the memory: of a state, a value and a class.
    lasts: Vec<Constant<Bits<COUNT_BITS>>>,
    ends: Vec<Signal<Local, Bits<COUNT_BITS>>>,
    mark: Literal<16, { FOUND_UNKNOWN as usize }>,
    _counts: usize,
    _chooses: usize,
}

impl Find {
    /// For the answers of a plan's core.
    pub fn new(plan: &Plan) -> Self {
        let words = plan.most_answer_words() + INFO_WORDS;
        let chooses = usize::from(plan.chooses());
        let lasts = [Kind::Auto, Kind::Map, Kind::Class].map(|kind| constant(plan.answer_words_of(kind)));
        let counts = usize::from(plan.auto_store);
        Find {
            counts: many(counts),
            at_steps: many(counts),
            _counts: counts,
            cold: many(chooses),
            load_size: many(chooses),
            which: many(chooses),
            size: many(chooses),
            kind: HeldKind::of(plan).into_iter().collect(),
            ends: many(chooses),
            lasts: if chooses > 0 { lasts.to_vec() } else { vec![] },
            _chooses: chooses,
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
        // that words come is for others to know
        self.drops.next = self.is_find.val() & !self.at_either.q.val();
        self.taken.next = self.out_valid.val() & (self.send_ready.val() | !self.at_either.q.val());
        self.prior.next = self.count.q.val() == self.last.val();
        for c in 0..self._chooses {
            comment!("an answer has as many words as the kind of the memory says");
            self.kind[c].cold.next = self.cold[c].val();
            self.kind[c].write.next = self.load_size[c].val();
            self.kind[c].which.next = self.which[c].val();
            self.kind[c].data.next = self.size[c].val();
            self.ends[c].next = self.lasts[1].val();
            if self.kind[c].keyed.val() {
                self.ends[c].next = self.lasts[0].val();
            }
            if self.kind[c].ranks.val() {
                self.ends[c].next = self.lasts[2].val();
            }
            self.prior.next = self.count.q.val() == self.ends[c].val();
        }
        self.word.next = self.out_data.val();
        if (self.at_either.q.val() & !self.at_pattern.q.val()) & self.unknown.q.val() {
            self.word.next = self.out_data.val() | self.mark.val();
        }
        if self.taken.val() {
            self.count.d.next = (self.count.q.val() + self.one.val()) & self.count_mask.val();
            self.at_pattern.d.next = self.prior.val();
            self.at_either.d.next = self.at_pattern.q.val() | self.prior.val();
            if self.prior.val() {
                self.unknown.d.next = self.out_data.val().get_bit(14);
            }
            if self.at_either.q.val() & !self.at_pattern.q.val() {
                self.count.d.next = self.none.val();
            }
        }
        if !self.finds.val() {
            self.count.d.next = self.none.val();
            self.at_pattern.d.next = false;
            self.at_either.d.next = false;
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
