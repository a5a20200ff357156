//! The vote: a queued pattern and a plane go in, a row address and an operand come out.
//!
//! ```text
//! cycle 0      1          2       3              4            5                6        7
//!       issue  queue out  row, e  table address  table out    weight, share,   operand  accumulator
//!                                 row            row address  row out          pick
//! ```
//!
//! The token follows the last slot. In its cycle 5 the threshold `T` is complete; `-ceil(T/2)` then
//! takes the weights' way to the accumulators, and their signs are the next state.

use super::{
    constant, many,
    memories::{Image, Rom},
    Distance, Index,
};
use rust_hdl::prelude::*;

/// Width of the shared accumulator of `T`; the bits above the operand's are removed by synthesis.
pub const TOTAL_BITS: usize = 36;
/// Width of the operand, that of the widest accumulator.
pub const OPERAND_BITS: usize = 32;
/// Cycles from the token to `done`.
pub const LATENCY: usize = 8;

/// Row addresses and operands of the vote.
#[derive(Clone, Debug, LogicBlock)]
pub struct Vote {
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
    /// The queue's answer, a cycle later: the pattern.
    pub queued_index: Signal<In, Index>,
    /// Its distance.
    pub queued_distance: Signal<In, Distance>,
    /// What the kernel table's index counts from.
    pub base: Signal<In, Distance>,
    /// The row to read, in cycle 3.
    pub row: Signal<Out, Index>,
    /// What to add, in cycle 6.
    pub operand: Signal<Out, Bits<OPERAND_BITS>>,
    /// Cycle 5 of the token: from cycle 7 on every accumulator adds.
    pub all: Signal<Out, Bit>,
    /// Cycle 8 of the token: the accumulators are complete.
    pub done: Signal<Out, Bit>,
    hit: Vec<DFF<Bit>>,
    last: Vec<DFF<Bit>>,
    plane1: DFF<Bits<2>>,
    plane2: DFF<Bits<2>>,
    row2: DFF<Index>,
    row3: DFF<Index>,
    excess: DFF<Distance>,
    entry: DFF<Index>,
    kernel: Rom<16>,
    threshold: Vec<Rom<TOTAL_BITS>>,
    weight: DFF<Bits<16>>,
    share: DFF<Bits<TOTAL_BITS>>,
    total: DFF<Bits<TOTAL_BITS>>,
    half: DFF<Bits<TOTAL_BITS>>,
    root: DFF<Bits<OPERAND_BITS>>,
    row_base: Signal<Local, Index>,
    entry_base: Signal<Local, Index>,
    contribution: Signal<Local, Bits<TOTAL_BITS>>,
    row_bases: [Constant<Index>; 4],
    entry_bases: [Constant<Index>; 4],
    reach: Constant<Distance>,
    nothing: Constant<Bits<TOTAL_BITS>>,
    _thresholds: usize,
    _token_slots: usize,
}

impl Vote {
    /// The vote over planes whose rows and table entries begin at these addresses.
    ///
    /// `table` holds the weights `W_j[e]`, `threshold` what each slot adds to `T` where that is not the weight
    /// itself (memories with an offset).
    pub fn new(rows: [usize; 4], entries: [usize; 4], reach: u32, table: Image, threshold: Option<Image>) -> Self {
        let threshold: Vec<_> = threshold.into_iter().map(Rom::new).collect();
        Vote {
            clock: Signal::default(),
            start: Signal::default(),
            issue: Signal::default(),
            token: Signal::default(),
            plane: Signal::default(),
            queued_index: Signal::default(),
            queued_distance: Signal::default(),
            base: Signal::default(),
            row: Signal::default(),
            operand: Signal::default(),
            all: Signal::default(),
            done: Signal::default(),
            hit: many(4),
            last: many(8),
            plane1: DFF::default(),
            plane2: DFF::default(),
            row2: DFF::default(),
            row3: DFF::default(),
            excess: DFF::default(),
            entry: DFF::default(),
            kernel: Rom::new(table),
            _thresholds: threshold.len(),
            threshold,
            weight: DFF::default(),
            share: DFF::default(),
            total: DFF::default(),
            half: DFF::default(),
            root: DFF::default(),
            row_base: Signal::default(),
            entry_base: Signal::default(),
            contribution: Signal::default(),
            row_bases: rows.map(constant),
            entry_bases: entries.map(constant),
            reach: constant(reach as usize),
            nothing: constant(0),
            _token_slots: 7,
        }
    }
}

impl Logic for Vote {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: vote");
        dff_setup!(self, clock, plane1, plane2, row2, row3, excess, entry, weight, share, total, half, root);
        for t in 0..4 {
            self.hit[t].clock.next = self.clock.val();
        }
        for t in 0..8 {
            self.last[t].clock.next = self.clock.val();
        }
        comment!("cycle 0: issue; the token follows the last slot all the way");
        self.hit[0].d.next = self.issue.val();
        self.hit[1].d.next = self.hit[0].q.val();
        self.last[0].d.next = self.token.val();
        for t in 0..self._token_slots {
            self.last[t + 1].d.next = self.last[t].q.val();
        }
        self.plane1.d.next = self.plane.val();
        self.plane2.d.next = self.plane1.q.val();
        comment!("cycle 1: the queue answers; where the plane's rows begin, how far the pattern is");
        match self.plane1.q.val().index() {
            0 => self.row_base.next = self.row_bases[0].val(),
            1 => self.row_base.next = self.row_bases[1].val(),
            2 => self.row_base.next = self.row_bases[2].val(),
            _ => self.row_base.next = self.row_bases[3].val(),
        }
        self.row2.d.next = self.queued_index.val() + self.row_base.val();
        self.excess.d.next = self.queued_distance.val() - self.base.val();
        comment!("cycle 2: the table's address; a pattern beyond reach of the final minimum adds nothing");
        match self.plane2.q.val().index() {
            0 => self.entry_base.next = self.entry_bases[0].val(),
            1 => self.entry_base.next = self.entry_bases[1].val(),
            2 => self.entry_base.next = self.entry_bases[2].val(),
            _ => self.entry_base.next = self.entry_bases[3].val(),
        }
        self.entry.d.next = bit_cast::<INDEX_BITS, DISTANCE_BITS>(self.excess.q.val()) + self.entry_base.val();
        self.hit[2].d.next = self.hit[1].q.val() & (self.excess.q.val() <= self.reach.val());
        self.row3.d.next = self.row2.q.val();
        self.row.next = self.row3.q.val();
        comment!("cycle 3: the table is read");
        self.kernel.clock.next = self.clock.val();
        self.kernel.address.next = self.entry.q.val();
        self.hit[3].d.next = self.hit[2].q.val();
        comment!("cycle 4: weight and share of the threshold");
        self.weight.d.next = 0.into();
        self.share.d.next = self.nothing.val();
        self.contribution.next = bit_cast::<TOTAL_BITS, 16>(self.kernel.data.val());
        for t in 0..self._thresholds {
            self.threshold[t].clock.next = self.clock.val();
            self.threshold[t].address.next = self.entry.q.val();
            self.contribution.next = self.threshold[t].data.val();
        }
        if self.hit[3].q.val() {
            self.weight.d.next = self.kernel.data.val();
            self.share.d.next = self.contribution.val();
        }
        comment!("cycle 5: the threshold grows; the weight leaves for the accumulators");
        self.total.d.next = self.total.q.val() + self.share.q.val();
        if self.start.val() {
            self.total.d.next = self.nothing.val();
        }
        self.root.d.next = bit_cast::<OPERAND_BITS, 16>(self.weight.q.val());
        comment!("the token's cycle 5: minus T; cycle 6: its half, rounded down, follows the weights");
        self.half.d.next = self.nothing.val() - self.total.q.val();
        if self.last[5].q.val() {
            self.root.d.next = bit_cast::<OPERAND_BITS, TOTAL_BITS>(self.half.q.val() >> 1);
        }
        self.operand.next = self.root.q.val();
        self.all.next = self.last[4].q.val();
        self.done.next = self.last[7].q.val();
    }
}

use super::{DISTANCE_BITS, INDEX_BITS};
