//! The self-test's counters: a block RAM, and the one adder that counts in it. A count takes four cycles, and three more for a
//! carry.
//!
//! The RAM also holds the pattern in work, from word 0 on; the counters are at their places on the page, 128 to 255.

use crate::blocks::memories::Ram;
use crate::blocks::prelude::*;
use hopgate_wire::page;

/// Counts.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Counters {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Clear the counters.
    pub reset: Signal<In, Bit>,
    /// Clear them.
    pub start: Signal<In, Bit>,
    /// They are cleared.
    pub wiped: Signal<Out, Bit>,
    /// One more: only while not `busy`, and not in two cycles that follow each other.
    pub bump: Signal<In, Bit>,
    /// In this counter.
    pub which: Signal<In, Bits<8>>,
    /// A count has begun.
    pub begun: Signal<Out, Bit>,
    /// It is under way: from the cycle after `begun` on.
    pub busy: Signal<Out, Bit>,
    /// It is written back.
    pub stored: Signal<Out, Bit>,
    /// This.
    pub sum: Signal<Out, Bits<16>>,
    /// A pattern's words come: nothing is counted.
    pub keeping: Signal<In, Bit>,
    /// One of them is there.
    pub keep: Signal<In, Bit>,
    /// Which.
    pub lane: Signal<In, Bits<7>>,
    /// The word.
    pub word: Signal<In, Bits<16>>,
    /// What to read while nothing is counted.
    pub place: Signal<In, Bits<8>>,
    /// What was there, a cycle later.
    pub data: Signal<Out, Bits<16>>,
    store: Ram<16>,
    /// The counters are cleared.
    wiping: Register<Bit>,
    /// A counter is chosen,
    wanted: Register<Bit>,
    chosen: Register<Bits<8>>,
    /// read,
    bumping: Register<Bit>,
    /// is there,
    adding: Register<Bit>,
    /// and is written back.
    storing: Register<Bit>,
    /// The counter.
    spot: Register<Bits<8>>,
    counting: Register<Bit>,
    total: Register<Bits<16>>,
    /// The highest bit of what was read: a carry leaves where it was one and the sum's is none.
    top: Register<Bit>,
    carry: Signal<Local, Bit>,
    here: Signal<Local, Bits<8>>,
    written: Signal<Local, Bits<16>>,
    nothing: Literal<16, 0>,
    one_spot: Literal<8, 1>,
    one: Literal<16, 1>,
    first_spot: Literal<8, { page::COUNTERS }>,
}

impl Counters {
    /// With an empty buffer.
    pub fn new() -> Self {
        Counters { store: Ram::new(256, 16), ..Default::default() }
    }
}

impl Logic for Counters {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: counters");
        comment!("a counter, one more: chosen, read, there, written back; a carry goes to the next word");
        self.begun.next = self.wanted.q.val();
        self.carry.next = self.storing.q.val() & (self.top.q.val() & !self.total.q.val().get_bit(15));
        self.busy.next = self.counting.q.val();
        self.counting.d.next = (self.wanted.q.val() | self.bumping.q.val()) | (self.adding.q.val() | self.carry.val());
        self.wanted.d.next = self.bump.val();
        self.chosen.d.next = self.which.val();
        self.bumping.d.next = self.wanted.q.val() | self.carry.val();
        self.adding.d.next = self.bumping.q.val();
        self.storing.d.next = self.adding.q.val();
        self.top.d.next = self.store.data.val().get_bit(15);
        self.total.d.next = self.store.data.val() + self.one.val();
        self.stored.next = self.storing.q.val();
        self.sum.next = self.total.q.val();
        comment!("where; while they are cleared, one after the other");
        if self.wanted.q.val() {
            self.spot.d.next = self.chosen.q.val();
        } else {
            if self.wiping.q.val() | self.storing.q.val() {
                self.spot.d.next = self.spot.q.val() + self.one_spot.val();
            }
        }
        if self.start.val() | self.reset.val() {
            self.spot.d.next = self.first_spot.val();
        }
        self.wiped.next = self.wiping.q.val() & !self.spot.q.val().get_bit(7);
        self.wiping.d.next = self.start.val() | (self.wiping.q.val() & self.spot.q.val().get_bit(7));
        comment!("the store: the pattern's words as they come, and counters");
        self.here.next = self.place.val();
        if self.bumping.q.val() {
            self.here.next = self.spot.q.val();
        }
        self.store.address.next = bit_cast::<INDEX_BITS, 8>(self.here.val());
        self.data.next = self.store.data.val();
        self.store.write.next =
            ((self.wiping.q.val() & self.spot.q.val().get_bit(7)) | self.storing.q.val()) | self.keep.val();
        self.store.write_address.next = bit_cast::<INDEX_BITS, 8>(self.spot.q.val());
        self.written.next = self.nothing.val();
        if self.keeping.val() {
            self.store.write_address.next = bit_cast::<INDEX_BITS, 7>(self.lane.val());
            self.written.next = self.word.val();
        }
        if self.storing.q.val() {
            self.written.next = self.total.q.val();
        }
        self.store.write_data.next = self.written.val();
        if self.reset.val() {
            self.wiping.d.next = true;
            self.wanted.d.next = false;
            self.bumping.d.next = false;
            self.adding.d.next = false;
            self.storing.d.next = false;
            self.counting.d.next = false;
        }
    }
}
