//! Who has which cue: groups of cues go to the cores in turn, and their answers are taken in the same turn.
//!
//! It counts words, and knows nothing of what they mean: a cue has always as many, and so have all its answers. So no core is asked whose
//! turn it is, and a core that is late makes the others wait, never overtaken.

use crate::blocks::prelude::*;
use crate::layout::Layout;

/// Words of an answer besides what it is: steps, nearest, distance.
const INFO_WORDS: usize = 3;

/// Deals cues out, and collects answers.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Share {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// The first core's turn, on both sides.
    pub reset: Signal<In, Bit>,
    /// A word of a cue is offered.
    pub in_valid: Signal<In, Bit>,
    /// It is taken when both are one.
    pub in_ready: Signal<Out, Bit>,
    /// A word of an answer is offered.
    pub out_valid: Signal<Out, Bit>,
    /// It is taken when both are one.
    pub out_ready: Signal<In, Bit>,
    /// The word.
    pub out_data: Signal<Out, Bits<16>>,
    /// For each core: a word of a cue is offered to it.
    pub give: Vec<Signal<Out, Bit>>,
    /// It takes one.
    pub takes: Vec<Signal<In, Bit>>,
    /// It offers a word of an answer,
    pub says: Vec<Signal<In, Bit>>,
    /// this one,
    pub said: Vec<Signal<In, Bits<16>>>,
    /// which is taken.
    pub hear: Vec<Signal<Out, Bit>>,
    /// One bit a core: whose turn it is to take a cue, and to answer.
    giving: Vec<Register<Bit>>,
    hearing: Vec<Register<Bit>>,
    /// Words of its turn that have gone.
    given: Register<Index>,
    heard: Register<Index>,
    taken: Signal<Local, Bit>,
    any_said: Signal<Local, Bit>,
    /// One core's word, and zeros: the words of those before this core, joined.
    own: Vec<Signal<Local, Bits<16>>>,
    joined: Vec<Signal<Local, Bits<16>>>,
    gives: Signal<Local, Bit>,
    hears: Signal<Local, Bit>,
    last_given: Signal<Local, Bit>,
    last_heard: Signal<Local, Bit>,
    one: Literal<INDEX_BITS, 1>,
    last_cue_word: Constant<Index>,
    cue_mask: Constant<Index>,
    last_answer_word: Constant<Index>,
    answer_mask: Constant<Index>,
    _cores: usize,
    _cores_end: usize,
    _last: usize,
}

impl Share {
    /// For the cores of a plan.
    pub fn new(plan: &Layout) -> Self {
        let (cues, answers) = (cue_words(plan), answer_words(plan));
        Share {
            give: many(plan.cores),
            takes: many(plan.cores),
            says: many(plan.cores),
            said: many(plan.cores),
            hear: many(plan.cores),
            giving: many(plan.cores),
            hearing: many(plan.cores),
            own: many(plan.cores),
            joined: many(plan.cores + 1),
            last_cue_word: constant(cues - 1),
            cue_mask: constant(cues.next_power_of_two() - 1),
            last_answer_word: constant(answers - 1),
            answer_mask: constant(answers.next_power_of_two() - 1),
            _cores: plan.cores,
            _cores_end: plan.cores + 1,
            _last: plan.cores - 1,
            ..Default::default()
        }
    }
}

/// Words of the cues that a core takes in its turn: those that share its scans.
pub fn cue_words(plan: &Layout) -> usize {
    plan.cues * plan.cue_words()
}

/// Words of all their answers.
pub fn answer_words(plan: &Layout) -> usize {
    plan.cues * plan.answers() * (plan.answer_words() + INFO_WORDS)
}

impl Logic for Share {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: share");
        comment!("words of cues to the core whose turn it is");
        self.taken.next = false;
        for c in 0..self._cores {
            self.give[c].next = self.in_valid.val() & self.giving[c].q.val();
            if self.giving[c].q.val() & self.takes[c].val() {
                self.taken.next = true;
            }
        }
        self.in_ready.next = self.taken.val();
        self.gives.next = self.in_valid.val() & self.taken.val();
        self.last_given.next = self.given.q.val() == self.last_cue_word.val();
        if self.gives.val() {
            self.given.d.next = (self.given.q.val() + self.one.val()) & self.cue_mask.val();
            if self.last_given.val() {
                self.given.d.next = 0.into();
                for l in self._last..self._cores {
                    self.giving[0].d.next = self.giving[l].q.val();
                }
                for c in 0..self._last {
                    self.giving[c + 1].d.next = self.giving[c].q.val();
                }
            }
        }
        comment!("words of answers from the core whose turn it is");
        self.any_said.next = false;
        self.joined[0].next = 0.into();
        for c in 0..self._cores {
            self.hear[c].next = self.out_ready.val() & self.hearing[c].q.val();
            self.own[c].next = 0.into();
            if self.hearing[c].q.val() {
                self.own[c].next = self.said[c].val();
            }
            self.joined[c + 1].next = self.joined[c].val() | self.own[c].val();
            if self.hearing[c].q.val() & self.says[c].val() {
                self.any_said.next = true;
            }
        }
        self.out_valid.next = self.any_said.val();
        for c in self._cores..self._cores_end {
            self.out_data.next = self.joined[c].val();
        }
        self.hears.next = self.out_ready.val() & self.any_said.val();
        self.last_heard.next = self.heard.q.val() == self.last_answer_word.val();
        if self.hears.val() {
            self.heard.d.next = (self.heard.q.val() + self.one.val()) & self.answer_mask.val();
            if self.last_heard.val() {
                self.heard.d.next = 0.into();
                for l in self._last..self._cores {
                    self.hearing[0].d.next = self.hearing[l].q.val();
                }
                for c in 0..self._last {
                    self.hearing[c + 1].d.next = self.hearing[c].q.val();
                }
            }
        }
        if self.reset.val() {
            self.given.d.next = 0.into();
            self.heard.d.next = 0.into();
            for c in 0..self._cores {
                self.giving[c].d.next = false;
                self.hearing[c].d.next = false;
            }
            self.giving[0].d.next = true;
            self.hearing[0].d.next = true;
        }
    }
}
