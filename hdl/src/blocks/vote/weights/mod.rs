//! The vote: a queued pattern and a plane go in, a row address and an operand come out.
//!
//! ```text
//! cycle 0      1          2             3       4              5            6         7                      8
//!       issue  queue out  entry, plane  row, e  table address  table out    operand,  the columns' operands  accumulator
//!                                                                           share
//!                                               row            row address  row out   pick
//! ```
//!
//! Where the row takes a cycle more (a row store of several ranks, a joined `pick`), so does the operand. The token
//! follows the last slot. In its cycle 6 the threshold `T` is complete; `-ceil(T/2)` then takes the weights' way to the
//! accumulators, and their signs are the next state.

mod build;

use super::near::Near;
use crate::blocks::memories::Ram;
use crate::blocks::prelude::*;

/// Width of the shared accumulator of `T`; the bits above the operand's are removed by synthesis.
pub const TOTAL_BITS: usize = 36;
/// Width of the operand, that of the widest accumulator.
pub const OPERAND_BITS: usize = 32;
/// The most cycles that a row may take more than one from its address to the accumulators' enable.
pub const MAX_DELAY: usize = 2;

/// Row addresses and operands of the vote.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Weights {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// A step begins: `T` is zero.
    pub start: Signal<In, Bit>,
    /// The queue is being read for this slot.
    pub issue: Signal<In, Bit>,
    /// There are no more slots.
    pub token: Signal<In, Bit>,
    /// The plane of this slot.
    pub plane: Signal<In, Bits<2>>,
    /// Where rows are read in beats: the word of a row that votes; it stays the same for a slot of outputs.
    pub place: Vec<Signal<In, Index>>,
    /// The queue's answer, a cycle later: the pattern, or the place of its row.
    pub queued_index: Signal<In, Index>,
    /// Its distance.
    pub queued_distance: Signal<In, Distance>,
    /// What the kernel table's index counts from.
    pub base: Signal<In, Distance>,
    /// One more than the reach.
    pub reach: Signal<In, Distance>,
    /// From outside, where another memory can be loaded: write an entry of the kernel table.
    pub store_kernel: Signal<In, Bit>,
    /// Write an entry of the threshold table, whose low half was written before.
    pub store_threshold: Signal<In, Bit>,
    /// Write its low half.
    pub store_first: Signal<In, Bit>,
    /// What to write.
    pub store_data: Signal<In, Bits<16>>,
    /// Where to write and to read.
    pub store_address: Signal<In, Index>,
    /// Read the tables.
    pub lookup: Signal<In, Bit>,
    /// The address counts half entries of the threshold table.
    pub halves: Signal<In, Bit>,
    /// The row at the address is fetched: the one slot that is issued means that row, with weight one against `T = 1`.
    pub fetch: Signal<In, Bit>,
    /// The kernel's entry, two cycles after the address.
    pub kernel_entry: Signal<Out, Bits<16>>,
    /// Half of the threshold's.
    pub threshold_entry: Signal<Out, Bits<16>>,
    /// The row to read, in cycle 4.
    pub row: Signal<Out, Index>,
    /// What to add, in cycle 6 (and as many more as the row takes).
    pub operand: Signal<Out, Bits<OPERAND_BITS>>,
    /// Cycle 5 of the token: from cycle 8 on every accumulator adds.
    pub all: Signal<Out, Bit>,
    /// Cycle 9 of the token: the accumulators are complete in the next.
    pub done: Signal<Out, Bit>,
    /// Where scores are said: whether `T` is odd.
    pub odd: Vec<Signal<Out, Bit>>,
    /// Of a core of classes that learns: how far a voter may be.
    pub radius: Vec<Signal<In, Distance>>,
    /// The one whose value is there is not farther.
    pub close: Vec<Signal<Out, Bit>>,
    /// Where the queue is reviewed, all the time that it takes: queued rows are read, and nothing is weighed.
    pub reviewing: Vec<Signal<In, Bit>>,
    /// It begins: the row of the nearest pattern is read before them,
    pub renew: Vec<Signal<In, Bit>>,
    /// which is this one.
    pub nearest: Vec<Signal<In, Index>>,
    /// The address register holds one of them.
    pub reviews: Vec<Signal<Out, Bit>>,
    /// There are no more.
    pub reviews_last: Vec<Signal<Out, Bit>>,
    near: Vec<Near>,
    hit: Vec<Register<Bit>>,
    last: Vec<Register<Bit>>,
    plane1: Register<Bits<2>>,
    plane2: Register<Bits<2>>,
    plane3: Register<Bits<2>>,
    index2: Vec<Register<Index>>,
    distance2: Vec<Register<Distance>>,
    row3: Vec<Register<Index>>,
    row4: Vec<Register<Index>>,
    excess: Register<Distance>,
    /// Where the reach is no constant, its comparison has a register of its own: the pattern is within it.
    within: Vec<Register<Bit>>,
    entry: Vec<Register<Index>>,
    row_plane: Signal<Local, Bits<2>>,
    entry_plane: Signal<Local, Bits<2>>,
    pattern: Signal<Local, Index>,
    far: Signal<Local, Distance>,
    here: Signal<Local, Index>,
    begins: Signal<Local, Index>,
    asking: Signal<Local, Bit>,
    counts: Signal<Local, Bit>,
    kernel: Ram<16>,
    threshold: Vec<Ram<TOTAL_BITS>>,
    /// The low half of an entry of the threshold, until the high one comes.
    low_half: Vec<Register<Bits<16>>>,
    /// A row that is fetched votes.
    alone: Vec<Register<Bit>>,
    weight: Vec<Register<Bits<16>>>,
    weights: Vec<Signal<Local, Bits<16>>>,
    leaving: Signal<Local, Bits<16>>,
    share: Register<Bits<TOTAL_BITS>>,
    /// `T - 1`, so that `-T` is its complement.
    total: Register<Bits<TOTAL_BITS>>,
    minus: Signal<Local, Bits<TOTAL_BITS>>,
    root: Register<Bits<OPERAND_BITS>>,
    reached: Signal<Local, Bit>,
    below: Vec<Signal<Local, Bit>>,
    row_base: Signal<Local, Index>,
    entry_base: Signal<Local, Index>,
    contribution: Signal<Local, Bits<TOTAL_BITS>>,
    row_bases: [Constant<Index>; 4],
    entry_bases: [Constant<Index>; 4],
    pair: Signal<Local, Bits<TOTAL_BITS>>,
    saved: Signal<Local, Bits<16>>,
    nothing: Literal<TOTAL_BITS, 0>,
    all_ones: Literal<TOTAL_BITS, { (1 << TOTAL_BITS) - 1 }>,
    half_word: Literal<TOTAL_BITS, 16>,
    none: Literal<16, 0>,
    one: Literal<16, 1>,
    no: Constant<Bit>,
    _fixed: usize,
    _fixed_bits: usize,
    _fixed_end: usize,
    _loads: usize,
    _within: usize,
    _halves: usize,
    _thresholds: usize,
    _token_slots: usize,
    _deep: usize,
    _all_tap: usize,
    _all_end: usize,
    _minus_tap: usize,
    _minus_end: usize,
    _reviewed_tap: usize,
    _reviewed_end: usize,
    _done_tap: usize,
    _done_end: usize,
    _delay: usize,
    _delay_end: usize,
    _odds: usize,
    _learns: usize,
    _wide: usize,
    _reviews: usize,
    _requeues: usize,
}

impl Logic for Weights {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: weights");
        comment!("cycle 0: issue; the token follows the last slot all the way");
        self.hit[0].d.next = self.issue.val();
        self.hit[1].d.next = self.hit[0].q.val();
        self.hit[2].d.next = self.hit[1].q.val();
        self.last[0].d.next = self.token.val();
        for t in 0..self._token_slots {
            self.last[t + 1].d.next = self.last[t].q.val();
        }
        self.plane1.d.next = self.plane.val();
        self.plane2.d.next = self.plane1.q.val();
        self.plane3.d.next = self.plane2.q.val();
        comment!("cycle 1: the queue answers");
        self.pattern.next = self.queued_index.val();
        self.far.next = self.queued_distance.val();
        self.row_plane.next = self.plane1.q.val();
        self.entry_plane.next = self.plane2.q.val();
        self.asking.next = self.hit[1].q.val();
        for d in 0..self._deep {
            self.index2[d].d.next = self.queued_index.val();
            self.distance2[d].d.next = self.queued_distance.val();
            self.pattern.next = self.index2[d].q.val();
            self.far.next = self.distance2[d].q.val();
            self.row_plane.next = self.plane2.q.val();
            self.entry_plane.next = self.plane3.q.val();
            self.asking.next = self.hit[2].q.val();
        }
        comment!("cycle 2: where the plane's rows begin, how far the pattern is");
        match self.row_plane.val().index() {
            0 => self.row_base.next = self.row_bases[0].val(),
            1 => self.row_base.next = self.row_bases[1].val(),
            2 => self.row_base.next = self.row_bases[2].val(),
            _ => self.row_base.next = self.row_bases[3].val(),
        }
        for r in 0..self._requeues {
            if self.reviewing[r].val() {
                self.row_base.next = 0.into();
            }
        }
        self.begins.next = self.pattern.val() + self.row_base.val();
        self.row.next = self.begins.val();
        for d in 0..self._deep {
            self.row3[d].d.next = self.begins.val();
            self.row4[d].d.next = self.row3[d].q.val();
            self.row.next = self.row4[d].q.val();
        }
        for r in 0..self._reviews {
            comment!("a review of the queue begins with the row that was nearest");
            if self.renew[r].val() {
                self.row4[r].d.next = self.nearest[r].val();
            }
        }
        for w in 0..self._wide {
            comment!("in beats: the row's word that votes");
            self.row4[w].d.next = self.row3[w].q.val() + self.place[w].val();
        }
        self.excess.d.next = self.far.val() - self.base.val();
        comment!("cycle 3: the table's address; a pattern beyond reach of the final minimum adds nothing");
        match self.entry_plane.val().index() {
            0 => self.entry_base.next = self.entry_bases[0].val(),
            1 => self.entry_base.next = self.entry_bases[1].val(),
            2 => self.entry_base.next = self.entry_bases[2].val(),
            _ => self.entry_base.next = self.entry_bases[3].val(),
        }
        self.reached.next = self.excess.q.val() < self.reach.val();
        for _f in 0..self._fixed {
            comment!(
                "the reach is a constant: bit by bit, the highest one last, which is a few cells; a comparison is a carry chain"
            );
            self.below[0].next = self.no.val();
        }
        for b in 0..self._fixed_bits {
            self.below[b + 1].next = (!self.excess.q.val().get_bit(b) & self.reach.val().get_bit(b))
                | (!(self.excess.q.val().get_bit(b) ^ self.reach.val().get_bit(b)) & self.below[b].val());
        }
        for f in self._fixed_bits..self._fixed_end {
            self.reached.next = self.below[f].val();
        }
        self.hit[3].d.next = self.asking.val() & self.reached.val();
        self.here.next = bit_cast::<INDEX_BITS, DISTANCE_BITS>(self.excess.q.val()) + self.entry_base.val();
        for r in 0..self._reviews {
            self.hit[3].d.next = (self.asking.val() & self.reached.val()) | self.renew[r].val();
        }
        for r in 0..self._requeues {
            self.hit[3].d.next =
                (self.asking.val() & (self.reached.val() | self.reviewing[r].val())) | self.renew[r].val();
        }
        for w in 0..self._within {
            comment!("loadable: the comparison is a carry chain, and what comes of it is asked for a cycle later");
            self.hit[3].d.next = self.asking.val();
            self.within[w].d.next = self.reached.val();
            for r in 0..self._reviews {
                self.hit[3].d.next = self.asking.val() | self.renew[r].val();
                self.within[w].d.next = self.reached.val() | self.renew[r].val();
            }
            for r in 0..self._requeues {
                self.within[w].d.next = (self.reached.val() | self.reviewing[r].val()) | self.renew[r].val();
            }
        }
        for l in 0..self._learns {
            comment!("is the pattern within the radius?");
            self.near[l].distance.next = self.far.val();
            self.near[l].radius.next = self.radius[l].val();
            self.near[l].counts.next = self.asking.val() & self.reached.val();
            self.close[l].next = self.near[l].close.val();
        }
        for d in 0..self._deep {
            self.entry[d].d.next = self.here.val();
            self.here.next = self.entry[d].q.val();
        }
        for l in 0..self._loads {
            comment!("loadable: an address from outside; a row that is fetched votes alone");
            self.alone[l].d.next = self.hit[2].q.val() & self.fetch.val();
            self.alone[l + 1].d.next = self.alone[l].q.val();
            if self.fetch.val() {
                self.hit[3].d.next = false;
                self.row4[l].d.next = self.store_address.val();
            }
            if self.lookup.val() {
                self.entry[l].d.next = self.store_address.val();
            }
        }
        for t in 0..self._halves {
            if self.lookup.val() & self.halves.val() {
                self.entry[t].d.next = self.store_address.val() >> 1;
            }
        }
        comment!("cycle 4: the table is read");
        self.kernel.address.next = self.here.val();
        self.kernel.write.next = self.store_kernel.val();
        self.kernel.write_address.next = self.store_address.val();
        self.kernel.write_data.next = self.store_data.val();
        self.kernel_entry.next = self.kernel.data.val();
        self.threshold_entry.next = self.none.val();
        self.pair.next = self.nothing.val();
        self.saved.next = self.none.val();
        self.hit[4].d.next = self.hit[3].q.val();
        for w in 0..self._within {
            self.hit[4].d.next = self.hit[3].q.val() & self.within[w].q.val();
        }
        self.counts.next = self.hit[3].q.val();
        for _d in 0..self._deep {
            self.counts.next = self.hit[4].q.val();
        }
        for r in 0..self._reviews {
            comment!("a row that is reviewed weighs nothing");
            self.reviews[r].next = self.hit[4].q.val() & self.reviewing[r].val();
            self.counts.next = self.hit[4].q.val() & !self.reviewing[r].val();
        }
        comment!("cycle 5: weight and share of the threshold; the weight waits for the row");
        self.weights[0].next = 0.into();
        self.share.d.next = self.nothing.val();
        self.contribution.next = bit_cast::<TOTAL_BITS, 16>(self.kernel.data.val());
        for t in 0..self._thresholds {
            self.threshold[t].address.next = self.here.val();
            self.threshold[t].write.next = self.store_threshold.val();
            self.threshold[t].write_address.next = self.store_address.val() >> 1;
            self.pair.next = bit_cast::<TOTAL_BITS, 16>(self.store_data.val());
            self.threshold[t].write_data.next = self.pair.val();
            self.contribution.next = self.threshold[t].data.val();
        }
        for t in 0..self._halves {
            comment!("an entry of the threshold comes and goes in halves, low one first");
            if self.store_first.val() {
                self.low_half[t].d.next = self.store_data.val();
            }
            self.saved.next = self.low_half[t].q.val();
            self.threshold[t].write_data.next =
                bit_cast::<TOTAL_BITS, 16>(self.saved.val()) | (self.pair.val() << self.half_word.val());
            self.threshold_entry.next = bit_cast::<16, TOTAL_BITS>(self.contribution.val());
            if self.store_address.val().get_bit(0) {
                self.threshold_entry.next = bit_cast::<16, TOTAL_BITS>(self.contribution.val() >> self.half_word.val());
            }
        }
        if self.counts.val() {
            self.weights[0].next = self.kernel.data.val();
            self.share.d.next = self.contribution.val();
        }
        for l in 0..self._loads {
            if self.alone[l + 1].q.val() {
                self.weights[0].next = self.one.val();
            }
        }
        for t in 0..self._delay {
            self.weight[t].d.next = self.weights[t].val();
            self.weights[t + 1].next = self.weight[t].q.val();
        }
        for t in self._delay..self._delay_end {
            self.leaving.next = self.weights[t].val();
        }
        self.root.d.next = bit_cast::<OPERAND_BITS, 16>(self.leaving.val());
        comment!("cycle 6: the threshold grows");
        self.total.d.next = self.total.q.val() + self.share.q.val();
        if self.start.val() {
            self.total.d.next = self.all_ones.val();
        }
        for _l in 0..self._loads {
            if self.start.val() & self.fetch.val() {
                self.total.d.next = self.nothing.val();
            }
        }
        comment!("the token's cycle 7: half of minus T, rounded down, follows the weights");
        self.minus.next = self.total.q.val() ^ self.all_ones.val();
        for r in 0..self._requeues {
            for t in self._reviewed_tap..self._reviewed_end {
                if self.last[t].q.val() & !self.reviewing[r].val() {
                    self.root.d.next = bit_cast::<OPERAND_BITS, TOTAL_BITS>(self.minus.val() >> 1);
                }
            }
        }
        for t in self._minus_tap..self._minus_end {
            if self.last[t].q.val() {
                self.root.d.next = bit_cast::<OPERAND_BITS, TOTAL_BITS>(self.minus.val() >> 1);
            }
        }
        self.operand.next = self.root.q.val();
        for t in self._all_tap..self._all_end {
            self.all.next = self.last[t].q.val();
            for r in 0..self._requeues {
                self.all.next = self.last[t].q.val() & !self.reviewing[r].val();
                self.reviews_last[r].next = self.last[t].q.val() & self.reviewing[r].val();
            }
        }
        for t in self._done_tap..self._done_end {
            self.done.next = self.last[t].q.val();
            for r in 0..self._requeues {
                self.done.next = self.last[t].q.val() & !self.reviewing[r].val();
            }
        }
        for o in 0..self._odds {
            self.odd[o].next = self.minus.val().get_bit(0);
        }
    }
}
