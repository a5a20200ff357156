//! A lane: 16 neurons, the width of one block RAM.
//!
//! A row leaves the row store, meets the state, and the result is registered in `pick`, one bit a
//! neuron. While scanning, `pick` is row XOR state and goes to the popcount; while voting it is the row, and
//! enables the neurons' accumulators; for the last addition and for clearing it is all ones. One register serves
//! all three, and the row bit reaches the accumulator as a clock enable, not through a multiplexer.

use super::{many, popcount::Popcount16, vote::OPERAND_BITS, Distance, DISTANCE_BITS};
use rust_hdl::prelude::*;

/// Neurons of a lane.
pub const WIDTH: usize = 16;

/// What `pick` is made of.
#[derive(Clone, Copy, Debug, PartialEq, LogicState)]
pub enum Mode {
    /// row XOR state
    Scan,
    /// row
    Vote,
    /// all ones
    All,
}

/// 16 neurons (the last lane of a design may use fewer) with `W`-bit accumulators.
#[derive(Clone, Debug, LogicBlock)]
pub struct Lane<const W: usize> {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// The lane's bits of the row that the row store reads.
    pub row: Signal<In, Bits<16>>,
    /// What `pick` is made of.
    pub mode: Signal<In, Mode>,
    /// Added, modulo `2^W`, to the accumulator of every neuron whose `pick` bit is one.
    pub operand: Signal<In, Bits<OPERAND_BITS>>,
    /// Clear the accumulators whose `pick` bit is one instead.
    pub clear: Signal<In, Bit>,
    /// Take `word_in` as the state.
    pub shift: Signal<In, Bit>,
    /// Take the accumulators' signs as the state.
    pub capture: Signal<In, Bit>,
    /// The state of the lane above, or the input stream.
    pub word_in: Signal<In, Bits<16>>,
    /// The state.
    pub word: Signal<Out, Bits<16>>,
    /// Ones of `pick`, three cycles later.
    pub count: Signal<Out, Distance>,
    /// Whether the signs differed from the state in the cycle before.
    pub changed: Signal<Out, Bit>,
    state: DFF<Bits<16>>,
    pick: DFF<Bits<16>>,
    popcount: Popcount16,
    accumulator: Vec<DFF<Bits<W>>>,
    differs: DFF<Bit>,
    held: Signal<Local, Bits<16>>,
    seen: Signal<Local, Bits<16>>,
    signs: Signal<Local, Bits<16>>,
    moved: Signal<Local, Bits<16>>,
    addend: Signal<Local, Bits<W>>,
    used: Constant<Bits<16>>,
    none: Constant<Bits<16>>,
    bit: Vec<Constant<Bits<16>>>,
    sign: Constant<Bits<6>>,
    _neurons: usize,
}

impl<const W: usize> Lane<W> {
    /// A lane of `neurons` neurons (1..=16).
    pub fn new(neurons: usize) -> Self {
        assert!((1..=WIDTH).contains(&neurons));
        Lane {
            clock: Signal::default(),
            row: Signal::default(),
            mode: Signal::default(),
            operand: Signal::default(),
            clear: Signal::default(),
            shift: Signal::default(),
            capture: Signal::default(),
            word_in: Signal::default(),
            word: Signal::default(),
            count: Signal::default(),
            changed: Signal::default(),
            state: DFF::default(),
            pick: DFF::default(),
            popcount: Popcount16::default(),
            accumulator: many(neurons),
            differs: DFF::default(),
            held: Signal::default(),
            seen: Signal::default(),
            signs: Signal::default(),
            moved: Signal::default(),
            addend: Signal::default(),
            used: super::constant((1 << neurons) - 1),
            none: super::constant(0),
            bit: (0..neurons).map(|i| super::constant(1 << i)).collect(),
            sign: super::constant(W - 1),
            _neurons: neurons,
        }
    }
}

impl<const W: usize> Logic for Lane<W> {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: lane");
        dff_setup!(self, clock, state, pick, differs);
        self.popcount.clock.next = self.clock.val();
        comment!("pick: what the row means now");
        self.held.next = self.state.q.val();
        self.seen.next = self.row.val();
        match self.mode.val() {
            Mode::Scan => self.pick.d.next = (self.seen.val() ^ self.held.val()) & self.used.val(),
            Mode::Vote => self.pick.d.next = self.seen.val(),
            _ => self.pick.d.next = self.used.val(),
        }
        comment!("scan: distance");
        self.popcount.bits.next = self.pick.q.val();
        self.count.next = bit_cast::<DISTANCE_BITS, 5>(self.popcount.count.val());
        comment!("vote: a clock-enabled adder per neuron");
        self.addend.next = bit_cast::<W, OPERAND_BITS>(self.operand.val());
        for i in 0..self._neurons {
            self.accumulator[i].clock.next = self.clock.val();
            self.accumulator[i].d.next = self.accumulator[i].q.val();
            if self.pick.q.val().get_bit(i) {
                if self.clear.val() {
                    self.accumulator[i].d.next = 0.into();
                } else {
                    self.accumulator[i].d.next = self.accumulator[i].q.val() + self.addend.val();
                }
            }
        }
        comment!("the next state: one where the accumulator is not negative");
        self.signs.next = self.none.val();
        for i in 0..self._neurons {
            if !self.accumulator[i].q.val().get_bit(self.sign.val().index()) {
                self.signs.next = self.signs.val() | self.bit[i].val();
            }
        }
        self.moved.next = (self.signs.val() ^ self.held.val()) & self.used.val();
        self.differs.d.next = self.moved.val().any();
        self.changed.next = self.differs.q.val();
        comment!("the state moves on with the streams and at the end of a step");
        if self.shift.val() {
            self.state.d.next = self.word_in.val();
        }
        if self.capture.val() {
            self.state.d.next = self.signs.val();
        }
        self.word.next = self.held.val();
    }
}
