//! A request's words, one after the other out of the buffer.
//!
//! A word is there two cycles after its place, and after it was written; it is fresh as long as it is wanted and not taken.

use super::receive::{self, COUNT_BITS, PLACE_BITS};
use crate::blocks::prelude::*;
use crate::layout::Layout;

/// Reads the buffer.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Words {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Hold everything.
    pub reset: Signal<In, Bit>,
    /// The buffer's word at `place`, two cycles later.
    pub word: Signal<In, Bits<16>>,
    /// The end of what can be read.
    pub written: Signal<In, Bits<PLACE_BITS>>,
    /// What is looked at is no request's word, but the entry before them, which says how many follow, less one.
    pub resting: Signal<In, Bit>,
    /// A word is taken as soon as it is there.
    pub taking: Signal<In, Bit>,
    /// Words are taken until none is left.
    pub drawing: Signal<In, Bit>,
    /// The word is not taken yet.
    pub waiting: Signal<In, Bit>,
    /// The place of the buffer that is read.
    pub place: Signal<Out, Bits<PLACE_BITS>>,
    /// The word is there, and wanted.
    pub fresh: Signal<Out, Bit>,
    /// There are words left.
    pub more: Signal<Out, Bit>,
    /// How many, less one.
    pub left: Signal<Out, Bits<COUNT_BITS>>,
    wanted: Register<Bit>,
    ready: Register<Bit>,
    settled: Register<Bit>,
    ahead: Register<Bit>,
    used: Register<Bit>,
    stepped: Register<Bit>,
    looked: Register<Bit>,
    at: Register<Bits<PLACE_BITS>>,
    remaining: Register<Bits<COUNT_BITS>>,
    some: Signal<Local, Bit>,
    step: Signal<Local, Bit>,
    one_place: Literal<PLACE_BITS, 1>,
    one_left: Literal<COUNT_BITS, 1>,
    place_mask: Constant<Bits<PLACE_BITS>>,
    count_mask: Constant<Bits<COUNT_BITS>>,
    count_sign: Constant<Bits<4>>,
}

impl Words {
    /// Those of a board's buffer.
    pub fn new(plan: &Layout) -> Self {
        let places = receive::words(plan);
        Words {
            place_mask: constant(places - 1),
            count_mask: constant(2 * places - 1),
            count_sign: constant(places.trailing_zeros() as usize),
            ..Default::default()
        }
    }
}

impl Logic for Words {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: words");
        comment!("a word is there two cycles after its place; it is fresh as long as it is wanted and not taken");
        self.place.next = self.at.q.val();
        self.left.next = self.remaining.q.val();
        self.some.next = !self.remaining.q.val().get_bit(self.count_sign.val().index());
        self.more.next = self.some.val();
        // a state that wants words goes on wanting them until one is taken, or none is left
        self.wanted.d.next = self.taking.val() | (self.some.val() & self.drawing.val());
        self.step.next = self.ready.q.val() & !self.waiting.val();
        self.stepped.d.next = self.step.val();
        self.used.d.next = self.step.val() & !self.resting.val();
        if self.stepped.q.val() {
            self.at.d.next = (self.at.q.val() + self.one_place.val()) & self.place_mask.val();
        }
        if self.used.q.val() {
            self.remaining.d.next = (self.remaining.q.val() - self.one_left.val()) & self.count_mask.val();
        }
        if self.resting.val() {
            self.remaining.d.next = bit_cast::<COUNT_BITS, 16>(self.word.val()) & self.count_mask.val();
        }
        self.ahead.d.next = self.at.q.val() != self.written.val();
        self.looked.d.next = self.stepped.q.val();
        self.settled.d.next = !(self.step.val() | (self.stepped.q.val() | self.looked.q.val()));
        // for three cycles behind a step nothing is settled
        self.ready.d.next = (self.settled.q.val() & (self.ahead.q.val() & self.wanted.q.val())) & !self.step.val();
        self.fresh.next = self.ready.q.val();
        if self.reset.val() {
            self.at.d.next = 0.into();
            self.wanted.d.next = false;
            self.ready.d.next = false;
            self.stepped.d.next = false;
            self.looked.d.next = false;
            self.used.d.next = false;
            self.settled.d.next = false;
        }
    }
}
