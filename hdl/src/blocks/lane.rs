//! A lane: the state of 16 neurons, the width of one block RAM.

use super::copy::Copied;
use crate::blocks::prelude::*;

/// The state of 16 neurons (the last lane of a design may use fewer).
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Lane {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// In the next cycle, take `word_in` as the state.
    pub shift: Signal<In, Bit>,
    /// In the next cycle, take `next_state` as the state.
    pub capture: Signal<In, Bit>,
    /// The state of the lane above, or the input stream.
    pub word_in: Signal<In, Bits<16>>,
    /// What the state becomes at the end of a step.
    pub next_state: Signal<In, Bits<16>>,
    /// The state.
    pub word: Signal<Out, Bits<16>>,
    /// Whether the state changed at the end of a step, two cycles after it did.
    pub changed: Signal<Out, Bit>,
    shift_here: Copied<1>,
    capture_here: Copied<1>,
    state: Register<Bits<16>>,
    captured: Register<Bit>,
    unequal: [Register<Bit>; 4],
    differs: Register<Bit>,
    moved: Signal<Local, Bits<16>>,
    fours: [Signal<Local, Bits<4>>; 4],
    used: Constant<Bits<16>>,
    /// Where a word of another answer has more bits: those of a state.
    compared: Vec<Constant<Bits<16>>>,
    yes: Literal<1, 1>,
    no: Literal<1, 0>,
    _compares: usize,
}

impl Lane {
    /// A lane of `neurons` neurons (1..=16). `lean`: its copies of `shift` and `capture` may be shared with other lanes.
    pub fn new(neurons: usize, lean: bool) -> Self {
        assert!((1..=LANE).contains(&neurons));
        let copy = || if lean { Copied::shared() } else { Copied::default() };
        Lane { shift_here: copy(), capture_here: copy(), used: constant((1 << neurons) - 1), ..Default::default() }
    }

    /// A lane of 16 bits, of which so many are those of a state: others that change move no state.
    pub fn keyed(neurons: usize) -> Self {
        Lane { compared: vec![constant((1 << neurons) - 1)], _compares: 1, ..Lane::new(LANE, false) }
    }
}

impl Logic for Lane {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: lane");
        self.shift_here.d.next = self.no.val();
        if self.shift.val() {
            self.shift_here.d.next = self.yes.val();
        }
        self.capture_here.d.next = self.no.val();
        if self.capture.val() {
            self.capture_here.d.next = self.yes.val();
        }
        comment!("the state moves on with the streams and at the end of a step");
        self.moved.next = (self.next_state.val() ^ self.state.q.val()) & self.used.val();
        for c in 0..self._compares {
            self.moved.next = (self.next_state.val() ^ self.state.q.val()) & self.compared[c].val();
        }
        self.fours[0].next = self.moved.val().get_bits::<4>(0);
        self.fours[1].next = self.moved.val().get_bits::<4>(4);
        self.fours[2].next = self.moved.val().get_bits::<4>(8);
        self.fours[3].next = self.moved.val().get_bits::<4>(12);
        for q in 0..4 {
            self.unequal[q].d.next = self.fours[q].val().any();
        }
        self.captured.d.next = self.capture_here.q.val().any();
        self.differs.d.next = self.captured.q.val()
            & ((self.unequal[0].q.val() | self.unequal[1].q.val())
                | (self.unequal[2].q.val() | self.unequal[3].q.val()));
        self.changed.next = self.differs.q.val();
        if self.shift_here.q.val().any() {
            self.state.d.next = self.word_in.val();
        }
        if self.capture_here.q.val().any() {
            self.state.d.next = self.next_state.val() & self.used.val();
        }
        self.word.next = self.state.q.val();
    }
}
