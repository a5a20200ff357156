//! Ones in 16 bits, in three pipeline stages.
//!
//! Four bits are top by a truth table (three four-input LUTs, whose flip-flops are the first pipeline
//! stage), then two levels of small adders.
//!
//! A sum of two counts of at most 2^m reaches 2^(m+1) only where both are 2^m. So its highest bit is their highest bits'
//! AND, not the adder's carry: a carry that leaves its chain for a flip-flop takes a cell more, in an iCE40.

use super::constant;
use rust_hdl::prelude::*;

/// Registers between `bits` and `count`.
pub const LATENCY: usize = 3;

/// Counts the ones of four bits.
#[derive(Clone, Debug, LogicBlock)]
pub struct Ones4 {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// The bits.
    pub bits: Signal<In, Bits<4>>,
    /// How many are one, a cycle later.
    pub count: Signal<Out, Bits<3>>,
    ones: DFF<Bits<2>>,
    /// A register of its own, since from a choice that one value makes, synthesis makes a reset that no other cell shares.
    all: DFF<Bit>,
    top: Signal<Local, Bits<3>>,
    four: Constant<Bits<3>>,
}

impl Default for Ones4 {
    fn default() -> Self {
        Ones4 {
            clock: Signal::default(),
            bits: Signal::default(),
            count: Signal::default(),
            ones: DFF::default(),
            all: DFF::default(),
            top: Signal::default(),
            four: constant(4),
        }
    }
}

impl Logic for Ones4 {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: ones4");
        dff_setup!(self, clock, ones, all);
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
#[derive(Clone, Debug, LogicBlock)]
pub struct Popcount16 {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// The bits.
    pub bits: Signal<In, Bits<16>>,
    /// How many are one, [`LATENCY`] cycles later.
    pub count: Signal<Out, Bits<5>>,
    fours: [Ones4; 4],
    low: DFF<Bits<4>>,
    high: DFF<Bits<4>>,
    total: DFF<Bits<5>>,
    low_sum: Signal<Local, Bits<3>>,
    high_sum: Signal<Local, Bits<3>>,
    sum: Signal<Local, Bits<4>>,
    low_top: Signal<Local, Bits<4>>,
    high_top: Signal<Local, Bits<4>>,
    top: Signal<Local, Bits<5>>,
    eight: Constant<Bits<4>>,
    sixteen: Constant<Bits<5>>,
}

impl Default for Popcount16 {
    fn default() -> Self {
        Popcount16 {
            clock: Signal::default(),
            bits: Signal::default(),
            count: Signal::default(),
            fours: Default::default(),
            low: DFF::default(),
            high: DFF::default(),
            total: DFF::default(),
            low_sum: Signal::default(),
            high_sum: Signal::default(),
            sum: Signal::default(),
            low_top: Signal::default(),
            high_top: Signal::default(),
            top: Signal::default(),
            eight: constant(8),
            sixteen: constant(16),
        }
    }
}

impl Logic for Popcount16 {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: popcount16");
        dff_setup!(self, clock, low, high, total);
        comment!("stage 1: a truth table per four bits");
        for i in 0..4 {
            self.fours[i].clock.next = self.clock.val();
        }
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
