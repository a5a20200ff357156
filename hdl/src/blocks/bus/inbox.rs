//! Requests that come as words: a buffer that shows only whole ones.
//!
//! It is what [`Receive`](crate::blocks::link::receive::Receive) is, without bytes and CRC: a ring of words. A request begins with an
//! entry, which is written last: how many words follow, less one, or that there was no room, and then none follows. What is not
//! committed is not seen.
//!
//! A sender that can wait is told when there is room: then none but a request that is longer than the whole buffer has none.

use crate::blocks::link::{
    error,
    receive::{COUNT_BITS, PLACE_BITS, WHOLE, WRONG, words},
};
use crate::blocks::memories::Ram;
use crate::blocks::prelude::*;
use crate::layout::Layout;

/// Buffers requests.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Inbox {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Forget everything.
    pub reset: Signal<In, Bit>,
    /// A word comes. The next one comes two cycles later at the earliest.
    pub put: Signal<In, Bit>,
    /// The word.
    pub data: Signal<In, Bits<16>>,
    /// It is its request's last.
    pub last: Signal<In, Bit>,
    /// The place that is read: everything before it is free again.
    pub place: Signal<In, Bits<PLACE_BITS>>,
    /// The word there, two cycles later.
    pub word: Signal<Out, Bits<16>>,
    /// The end of what can be read.
    pub written: Signal<Out, Bits<PLACE_BITS>>,
    /// Where the sender can wait: a word may come in the next cycle, if none comes in this one.
    pub room_there: Vec<Signal<Out, Bit>>,
    ring: Ram<16>,
    first: Register<Bits<PLACE_BITS>>,
    next: Register<Bits<PLACE_BITS>>,
    count: Register<Bits<COUNT_BITS>>,
    phase: Register<Bits<PLACE_BITS>>,
    too_long: Register<Bit>,
    /// The request is whole: its entry is written.
    committing: Register<Bit>,
    shown: Register<Bits<16>>,
    gap: Signal<Local, Bits<PLACE_BITS>>,
    room: Signal<Local, Bits<PLACE_BITS>>,
    full: Signal<Local, Bit>,
    cramped: Signal<Local, Bit>,
    one_place: Literal<PLACE_BITS, 1>,
    two_places: Literal<PLACE_BITS, 2>,
    place_mask: Constant<Bits<PLACE_BITS>>,
    count_mask: Constant<Bits<COUNT_BITS>>,
    uncounted: Constant<Bits<COUNT_BITS>>,
    one_word: Literal<COUNT_BITS, 1>,
    first_phase: Constant<Bits<PLACE_BITS>>,
    whole: Literal<16, { 1 << WHOLE }>,
    too_long_entry: Literal<16, { 1 << WRONG | error::TOO_LONG }>,
    _waits: usize,
}

impl Inbox {
    /// As large as the buffer of a board of that layout.
    pub fn new(plan: &Layout) -> Self {
        let (places, words) = (words(plan), plan.cue_words());
        Inbox {
            ring: Ram::new(places, 16),
            place_mask: constant(places - 1),
            count_mask: constant(2 * places - 1),
            // the entry says one less
            uncounted: constant(2 * places - 1),
            // zero behind the header and whole cues
            first_phase: constant(words - 1),
            ..Default::default()
        }
    }

    /// The same, and it says when a word may come.
    pub fn waited_for(self) -> Self {
        Inbox { room_there: many(1), _waits: 1, ..self }
    }
}

impl Logic for Inbox {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: inbox");
        comment!("words into the ring, as long as there is room");
        self.gap.next = (self.place.val() - self.next.q.val()) & self.place_mask.val();
        self.full.next = !(self.gap.val() >> 1).any();
        self.room.next = (self.place.val() - self.first.q.val()) & self.place_mask.val();
        self.cramped.next = self.room.val() == self.one_place.val();
        for w in 0..self._waits {
            comment!("waiting makes room unless this request is all there is");
            comment!("(as it is above, but seen to depend on no word that comes)");
            self.room_there[w].next = (((((self.place.val() - self.next.q.val()) & self.place_mask.val()) >> 1).any())
                | (self.place.val() == self.first.q.val()))
                & !self.committing.q.val();
        }
        self.ring.write.next = self.put.val() & !self.full.val();
        self.ring.write_address.next = bit_cast::<INDEX_BITS, PLACE_BITS>(self.next.q.val());
        self.ring.write_data.next = self.data.val();
        self.committing.d.next = self.put.val() & self.last.val();
        if self.put.val() {
            if self.full.val() {
                self.too_long.d.next = true;
            } else {
                self.next.d.next = (self.next.q.val() + self.one_place.val()) & self.place_mask.val();
                self.count.d.next = (self.count.q.val() + self.one_word.val()) & self.count_mask.val();
                self.phase.d.next = (self.phase.q.val() + self.one_place.val()) & self.place_mask.val();
                if self.phase.q.val() == self.first_phase.val() {
                    self.phase.d.next = 0.into();
                }
            }
        }
        if self.committing.q.val() {
            comment!("its entry makes it visible; the next one's words begin behind theirs");
            self.ring.write.next = !self.cramped.val();
            self.ring.write_address.next = bit_cast::<INDEX_BITS, PLACE_BITS>(self.first.q.val());
            self.ring.write_data.next = bit_cast::<16, COUNT_BITS>(self.count.q.val());
            if !self.phase.q.val().any() {
                self.ring.write_data.next = bit_cast::<16, COUNT_BITS>(self.count.q.val()) | self.whole.val();
            }
            self.first.d.next = self.next.q.val();
            self.next.d.next = (self.next.q.val() + self.one_place.val()) & self.place_mask.val();
            if self.too_long.q.val() {
                comment!("an error is its entry alone; without room for that, it is forgotten");
                self.ring.write_data.next = self.too_long_entry.val();
                self.first.d.next = self.first.q.val();
                self.next.d.next = (self.first.q.val() + self.one_place.val()) & self.place_mask.val();
                if !self.cramped.val() {
                    self.first.d.next = (self.first.q.val() + self.one_place.val()) & self.place_mask.val();
                    self.next.d.next = (self.first.q.val() + self.two_places.val()) & self.place_mask.val();
                }
            }
        }
        if self.committing.q.val() | self.reset.val() {
            self.count.d.next = self.uncounted.val();
            self.phase.d.next = self.first_phase.val();
            self.too_long.d.next = false;
        }
        if self.reset.val() {
            self.committing.d.next = false;
            self.first.d.next = 0.into();
            self.next.d.next = self.one_place.val();
        }
        comment!("what can be read");
        self.ring.address.next = bit_cast::<INDEX_BITS, PLACE_BITS>(self.place.val());
        self.shown.d.next = self.ring.data.val();
        self.word.next = self.shown.q.val();
        self.written.next = self.first.q.val();
    }
}
