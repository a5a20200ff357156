//! Cores side by side, with the same memory: cues go to them in turn, and answers come in the order of the cues.
//!
//! The first core stays where it is without others; the others are in here. Before and behind each there is a [`fifo`]: a core takes its
//! next cues while another one's turn it is, and its answers wait for theirs without keeping it.

pub mod fifo;
pub mod share;

use super::core::Core;
use crate::blocks::prelude::*;
use crate::contents::Plan;
use fifo::Fifo;
use share::Share;

/// All but the first core, and what joins them.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Cores {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// That of the cores.
    pub reset: Signal<In, Bit>,
    /// A word of a cue is offered.
    pub in_valid: Signal<In, Bit>,
    /// It is taken when both are one.
    pub in_ready: Signal<Out, Bit>,
    /// The word.
    pub in_data: Signal<In, Bits<16>>,
    /// A word of an answer is offered.
    pub out_valid: Signal<Out, Bit>,
    /// It is taken when both are one.
    pub out_ready: Signal<In, Bit>,
    /// The word.
    pub out_data: Signal<Out, Bits<16>>,
    /// To and from the first core: the same of its own.
    pub first_in_valid: Signal<Out, Bit>,
    /// Its answer to that.
    pub first_in_ready: Signal<In, Bit>,
    /// A word for it.
    pub first_in_data: Signal<Out, Bits<16>>,
    /// It has a word,
    pub first_out_valid: Signal<In, Bit>,
    /// which is taken,
    pub first_out_ready: Signal<Out, Bit>,
    /// this one.
    pub first_out_data: Signal<In, Bits<16>>,
    share: Share,
    cues: Vec<Fifo>,
    answers: Vec<Fifo>,
    more: Vec<Core>,
    _cores: usize,
    _more: usize,
}

impl Cores {
    /// Those of a plan that has several.
    pub fn new(plan: &Plan) -> Self {
        Cores {
            share: Share::new(plan),
            cues: (0..plan.cores).map(|_| Fifo::new(share::cue_words(plan))).collect(),
            answers: (0..plan.cores).map(|_| Fifo::new(share::answer_words(plan))).collect(),
            more: (1..plan.cores).map(|_| Core::new(plan)).collect(),
            _cores: plan.cores,
            _more: plan.cores - 1,
            ..Default::default()
        }
    }
}

impl Logic for Cores {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: cores");
        self.share.reset.next = self.reset.val();
        self.share.in_valid.next = self.in_valid.val();
        self.in_ready.next = self.share.in_ready.val();
        self.out_valid.next = self.share.out_valid.val();
        self.out_data.next = self.share.out_data.val();
        self.share.out_ready.next = self.out_ready.val();
        for c in 0..self._cores {
            self.cues[c].reset.next = self.reset.val();
            self.cues[c].in_valid.next = self.share.give[c].val();
            self.cues[c].in_data.next = self.in_data.val();
            self.share.takes[c].next = self.cues[c].in_ready.val();
            self.answers[c].reset.next = self.reset.val();
            self.share.says[c].next = self.answers[c].out_valid.val();
            self.share.said[c].next = self.answers[c].out_data.val();
            self.answers[c].out_ready.next = self.share.hear[c].val();
        }
        comment!("the first core");
        self.first_in_valid.next = self.cues[0].out_valid.val();
        self.first_in_data.next = self.cues[0].out_data.val();
        self.cues[0].out_ready.next = self.first_in_ready.val();
        self.answers[0].in_valid.next = self.first_out_valid.val();
        self.answers[0].in_data.next = self.first_out_data.val();
        self.first_out_ready.next = self.answers[0].in_ready.val();
        comment!("the others");
        for m in 0..self._more {
            self.more[m].reset.next = self.reset.val();
            self.more[m].in_valid.next = self.cues[m + 1].out_valid.val();
            self.more[m].in_data.next = self.cues[m + 1].out_data.val();
            self.cues[m + 1].out_ready.next = self.more[m].in_ready.val();
            self.answers[m + 1].in_valid.next = self.more[m].out_valid.val();
            self.answers[m + 1].in_data.next = self.more[m].out_data.val();
            self.more[m].out_ready.next = self.answers[m + 1].in_ready.val();
        }
    }
}
