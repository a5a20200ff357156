//! Which class has the greatest sum, which one is next, and by how much: a running maximum, one class a cycle.
//!
//! ```text
//! cycle 0          1                   2                            3
//!       a class's  its sum, a register its sum against the best     the margin against the least so far
//!       turn       (one more, where    so far: a carry decides      class, second, margin
//!                  columns are joined)
//! ```
//!
//! Only the greatest sum is kept, and the margin by which it leads: the second's follows from both. Classes come in the order of their
//! numbers, and only what is truly greater takes a place: of equals, the first one stays. Before the first class, the best is one
//! less than the least that an accumulator can hold, so that any class is better than that, and any other is second to it.
//!
//! The best is kept as its complement, because `sum - best - 1` is then an addition: it is not negative if the sum is greater, and the
//! lead over the one before is one more. If it is negative, its complement is by how much the sum is less.

use super::weights::OPERAND_BITS;
use crate::{blocks::prelude::*, contents::Plan};

/// Width of sums and margins; synthesis removes the bits above the accumulators'.
const SUM_BITS: usize = 36;

/// The running maximum.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Ranking {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Forget everything.
    pub reset: Signal<In, Bit>,
    /// The accumulators are complete in the next cycle, and the first one's turn is there.
    pub start: Signal<In, Bit>,
    /// It is the last one's turn.
    pub last: Signal<In, Bit>,
    /// A cycle after a class's turn, its sum in the column that it is in; zero in the others.
    pub shown: Vec<Signal<In, Bits<OPERAND_BITS>>>,
    /// Whether `T` is odd.
    pub odd: Signal<In, Bit>,
    /// In the next cycle it is the next one's turn.
    pub walk: Signal<Out, Bit>,
    /// In the next cycle the words are complete.
    pub done: Signal<Out, Bit>,
    /// Class, second, score and margin (low word first).
    pub words: Vec<Signal<Out, Bits<16>>>,
    /// Of a core that learns, with a class's sum: a pattern that is near spoke for it.
    pub near: Vec<Signal<In, Bit>>,
    /// The number of a class:
    pub asked: Vec<Signal<In, Index>>,
    /// one spoke for that,
    pub found: Vec<Signal<Out, Bit>>,
    /// or for several.
    pub several: Vec<Signal<Out, Bit>>,
    near_joined: Vec<Register<Bit>>,
    near_now: Vec<Signal<Local, Bit>>,
    near_ranked: Vec<Register<Bit>>,
    one_near: Vec<Register<Bit>>,
    two_near: Vec<Register<Bit>>,
    asked_near: Vec<Register<Bit>>,
    walking: Register<Bit>,
    showing: Register<Bit>,
    joined: Vec<Register<Bits<SUM_BITS>>>,
    joined_showing: Vec<Register<Bit>>,
    together: Signal<Local, Bits<OPERAND_BITS>>,
    sum: Signal<Local, Bits<SUM_BITS>>,
    compares: Signal<Local, Bit>,
    extended: Signal<Local, Bits<SUM_BITS>>,
    /// The complement of the greatest sum so far.
    below: Register<Bits<SUM_BITS>>,
    lead: Signal<Local, Bits<SUM_BITS>>,
    gap: Register<Bits<SUM_BITS>>,
    ranks: Register<Bit>,
    number: Register<Index>,
    class: Register<Index>,
    second: Register<Index>,
    behind: Signal<Local, Bit>,
    inverted: Signal<Local, Bits<SUM_BITS>>,
    /// The margin is `least`, and one more where `more`.
    least: Register<Bits<SUM_BITS>>,
    more: Register<Bit>,
    addend: Signal<Local, Bits<SUM_BITS>>,
    difference: Signal<Local, Bits<SUM_BITS>>,
    margin: Signal<Local, Bits<SUM_BITS>>,
    best: Signal<Local, Bits<SUM_BITS>>,
    score: Signal<Local, Bits<SUM_BITS>>,
    twice: Signal<Local, Bits<SUM_BITS>>,
    mask: Constant<Bits<SUM_BITS>>,
    top: Constant<Bits<SUM_BITS>>,
    above: Constant<Bits<SUM_BITS>>,
    lowest: Constant<Bits<SUM_BITS>>,
    sign: Constant<Bits<6>>,
    low_sign: Constant<Bits<6>>,
    number_mask: Constant<Index>,
    zero: Literal<SUM_BITS, 0>,
    one: Literal<SUM_BITS, 1>,
    next_number: Literal<INDEX_BITS, 1>,
    word_width: Literal<SUM_BITS, 16>,
    _columns: usize,
    _joins: usize,
    _learns: usize,
}

impl Ranking {
    /// For the classes of a plan.
    pub fn new(plan: &Plan) -> Self {
        let (bits, columns) = (plan.accumulator_bits, plan.columns());
        let joins = usize::from(columns > 1);
        let learns = usize::from(plan.learns);
        Ranking {
            near: many(learns),
            asked: many(learns),
            found: many(learns),
            several: many(learns),
            near_joined: many(learns * joins),
            near_now: many(learns),
            near_ranked: many(learns),
            one_near: many(learns),
            two_near: many(learns),
            asked_near: many(learns),
            _learns: learns,
            shown: many(columns),
            words: many(crate::layout::CLASS_WORDS),
            joined: many(joins),
            joined_showing: many(joins),
            // a difference of two sums has one bit more
            mask: constant((1 << (bits + 1)) - 1),
            top: constant(1 << bits),
            above: constant(((1 << SUM_BITS) - 1) ^ ((1 << (bits + 1)) - 1)),
            lowest: constant(1 << (bits - 1)),
            sign: constant(bits),
            low_sign: constant(bits - 1),
            number_mask: constant(plan.outputs.next_power_of_two() - 1),
            _columns: columns,
            _joins: joins,
            ..Default::default()
        }
    }
}

impl Logic for Ranking {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: ranking");
        comment!("the turns");
        self.walking.d.next = (self.start.val() | (self.walking.q.val() & !self.last.val())) & !self.reset.val();
        self.walk.next = self.walking.q.val();
        self.showing.d.next = self.walking.q.val();
        comment!("the sum of the class whose turn it was");
        self.together.next = 0.into();
        for c in 0..self._columns {
            self.together.next = self.together.val() | self.shown[c].val();
        }
        self.sum.next = bit_cast::<SUM_BITS, OPERAND_BITS>(self.together.val());
        self.compares.next = self.showing.q.val();
        for j in 0..self._joins {
            comment!("of several columns: one more register");
            self.joined[j].d.next = bit_cast::<SUM_BITS, OPERAND_BITS>(self.together.val());
            self.joined_showing[j].d.next = self.showing.q.val();
            self.sum.next = self.joined[j].q.val();
            self.compares.next = self.joined_showing[j].q.val();
        }
        self.extended.next = self.sum.val();
        if self.sum.val().get_bit(self.low_sign.val().index()) {
            self.extended.next = self.sum.val() | self.top.val();
        }
        comment!("against the best so far");
        self.lead.next = (self.extended.val() + self.below.q.val()) & self.mask.val();
        if self.compares.val() & !self.lead.val().get_bit(self.sign.val().index()) {
            self.below.d.next = self.extended.val() ^ self.mask.val();
        }
        self.gap.d.next = self.zero.val();
        if self.compares.val() {
            self.gap.d.next = self.lead.val();
        }
        self.ranks.d.next = self.compares.val();
        comment!("against the margin: below zero, gap is the complement of what the sum lacks to the best");
        self.behind.next = self.gap.q.val().get_bit(self.sign.val().index());
        self.inverted.next = self.gap.q.val();
        if self.behind.val() {
            self.inverted.next = self.gap.q.val() ^ self.mask.val();
        }
        self.addend.next = self.gap.q.val() << 1;
        if self.more.q.val() {
            self.addend.next = (self.gap.q.val() << 1) | self.one.val();
        }
        // the lowest bits are there for the carry alone
        self.difference.next = ((self.least.q.val() << 1) | self.one.val()) + self.addend.val();
        self.margin.next = (self.difference.val() >> 1) & self.mask.val();
        if self.ranks.q.val() {
            self.number.d.next = (self.number.q.val() + self.next_number.val()) & self.number_mask.val();
            if !self.behind.val() {
                self.class.d.next = self.number.q.val();
                self.second.d.next = self.class.q.val();
            }
            if self.behind.val() & !self.margin.val().get_bit(self.sign.val().index()) {
                self.second.d.next = self.number.q.val();
            }
            if !self.behind.val() | !self.margin.val().get_bit(self.sign.val().index()) {
                self.least.d.next = self.inverted.val();
                self.more.d.next = !self.behind.val();
            }
        }
        if self.start.val() {
            self.below.d.next = self.lowest.val();
            self.number.d.next = 0.into();
        }
        for l in 0..self._learns {
            comment!("which classes are near: this one? More than one?");
            self.near_now[l].next = self.near[l].val();
            for j in 0..self._joins {
                self.near_joined[j].d.next = self.near[l].val();
                self.near_now[l].next = self.near_joined[j].q.val();
            }
            self.near_ranked[l].d.next = self.near_now[l].val();
            if self.ranks.q.val() & self.near_ranked[l].q.val() {
                self.one_near[l].d.next = true;
                if self.one_near[l].q.val() {
                    self.two_near[l].d.next = true;
                }
                if self.number.q.val() == self.asked[l].val() {
                    self.asked_near[l].d.next = true;
                }
            }
            if self.start.val() {
                self.one_near[l].d.next = false;
                self.two_near[l].d.next = false;
                self.asked_near[l].d.next = false;
            }
            self.found[l].next = self.asked_near[l].q.val();
            self.several[l].next = self.two_near[l].q.val();
        }
        comment!("the words; gap is zero when they are taken, so the margin is the least");
        self.done.next = self.ranks.q.val() & !self.compares.val();
        self.best.next = self.below.q.val() ^ self.mask.val();
        if !self.below.q.val().get_bit(self.sign.val().index()) {
            self.best.next = (self.below.q.val() ^ self.mask.val()) | self.above.val();
        }
        self.score.next = self.best.val() << 1;
        if self.odd.val() {
            self.score.next = (self.best.val() << 1) | self.one.val();
        }
        self.twice.next = self.margin.val() << 1;
        self.words[0].next = bit_cast::<16, INDEX_BITS>(self.class.q.val());
        self.words[1].next = bit_cast::<16, INDEX_BITS>(self.second.q.val());
        self.words[2].next = bit_cast::<16, SUM_BITS>(self.score.val());
        self.words[3].next = bit_cast::<16, SUM_BITS>(self.score.val() >> self.word_width.val());
        self.words[4].next = bit_cast::<16, SUM_BITS>(self.twice.val());
        self.words[5].next = bit_cast::<16, SUM_BITS>(self.twice.val() >> self.word_width.val());
    }
}
