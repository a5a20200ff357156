//! Ones in 16 bits, in three pipeline stages.
//!
//! Four bits are top by a truth table (three four-input LUTs, whose flip-flops are the first pipeline
//! stage), then two levels of small adders.
//!
//! A sum of two counts of at most 2^m reaches 2^(m+1) only where both are 2^m. So its highest bit is their highest bits'
//! AND, not the adder's carry: a carry that leaves its chain for a flip-flop takes a cell more, in an iCE40.

use crate::blocks::prelude::*;

/// Counts the ones of four bits.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Ones4 {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// The bits.
    pub bits: Signal<In, Bits<4>>,
    /// How many are one, a cycle later.
    pub count: Signal<Out, Bits<3>>,
    ones: Register<Bits<2>>,
    /// A register of its own, since from a choice that one value makes, synthesis makes a reset that no other cell shares.
    all: Register<Bit>,
    top: Signal<Local, Bits<3>>,
    four: Literal<3, 4>,
}

impl Logic for Ones4 {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: ones4");
        comment!("stage 1: how many of four bits are one");
        match self.bits.val().index() {
            0 => self.ones.d.next = 0.into(),
            1 => self.ones.d.next = 1.into(),
            2 => self.ones.d.next = 1.into(),
            3 => self.ones.d.next = 2.into(),
            4 => self.ones.d.next = 1.into(),
            5 => self.ones.d.next = 2.into(),
            6 => self.ones.d.next = 2.into(),
            7 => self.ones.d.next = 3.into(),
            8 => self.ones.d.next = 1.into(),
            9 => self.ones.d.next = 2.into(),
            10 => self.ones.d.next = 2.into(),
            11 => self.ones.d.next = 3.into(),
            12 => self.ones.d.next = 2.into(),
            13 => self.ones.d.next = 3.into(),
            14 => self.ones.d.next = 3.into(),
            _ => self.ones.d.next = 0.into(),
        }
        self.all.d.next = (self.bits.val().get_bit(0) & self.bits.val().get_bit(1))
            & (self.bits.val().get_bit(2) & self.bits.val().get_bit(3));
        self.top.next = 0.into();
        if self.all.q.val() {
            self.top.next = self.four.val();
        }
        self.count.next = bit_cast::<3, 2>(self.ones.q.val()) | self.top.val();
    }
}

/// Counts the ones of sixteen bits.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Popcount16 {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// The bits.
    pub bits: Signal<In, Bits<16>>,
    /// How many are one, [`POPCOUNT`](crate::cycles::POPCOUNT) cycles later.
    pub count: Signal<Out, Bits<5>>,
    fours: [Ones4; 4],
    low: Register<Bits<4>>,
    high: Register<Bits<4>>,
    total: Register<Bits<5>>,
    low_sum: Signal<Local, Bits<3>>,
    high_sum: Signal<Local, Bits<3>>,
    sum: Signal<Local, Bits<4>>,
    low_top: Signal<Local, Bits<4>>,
    high_top: Signal<Local, Bits<4>>,
    top: Signal<Local, Bits<5>>,
    eight: Literal<4, 8>,
    sixteen: Literal<5, 16>,
}

impl Logic for Popcount16 {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: popcount16");
        comment!("stage 1: a truth table per four bits");
        self.fours[0].bits.next = self.bits.val().get_bits::<4>(0);
        self.fours[1].bits.next = self.bits.val().get_bits::<4>(4);
        self.fours[2].bits.next = self.bits.val().get_bits::<4>(8);
        self.fours[3].bits.next = self.bits.val().get_bits::<4>(12);
        comment!("stages 2 and 3: adders");
        self.low_sum.next = self.fours[0].count.val() + self.fours[1].count.val();
        self.high_sum.next = self.fours[2].count.val() + self.fours[3].count.val();
        self.sum.next = self.low.q.val() + self.high.q.val();
        self.low_top.next = 0.into();
        if self.fours[0].count.val().get_bit(2) & self.fours[1].count.val().get_bit(2) {
            self.low_top.next = self.eight.val();
        }
        self.high_top.next = 0.into();
        if self.fours[2].count.val().get_bit(2) & self.fours[3].count.val().get_bit(2) {
            self.high_top.next = self.eight.val();
        }
        self.top.next = 0.into();
        if self.low.q.val().get_bit(3) & self.high.q.val().get_bit(3) {
            self.top.next = self.sixteen.val();
        }
        self.low.d.next = bit_cast::<4, 3>(self.low_sum.val()) | self.low_top.val();
        self.high.d.next = bit_cast::<4, 3>(self.high_sum.val()) | self.high_top.val();
        self.total.d.next = bit_cast::<5, 4>(self.sum.val()) | self.top.val();
        self.count.next = self.total.q.val();
    }
}
