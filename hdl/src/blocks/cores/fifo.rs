//! Words that wait: a ring in block RAM that gives one a cycle.
//!
//! A word that is written can be read two cycles later. Whether a word is there and whether there is room are registers: a way from one
//! side to the other ends here. The last place stays free, since a word may come while the register learns of the one before.

use crate::blocks::memories::Ram;
use crate::blocks::prelude::*;

/// Bits of a place in the ring, and one more: whether it is the writer's round or the one before.
const PLACE_BITS: usize = 9;
/// The most places: one block RAM of 16-bit words has them.
const MOST_PLACES: usize = 1 << (PLACE_BITS - 1);

/// Turns of a core that there is room for.
const TURNS: usize = 4;

/// Holds words, the first in first.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Fifo {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Forget them all.
    pub reset: Signal<In, Bit>,
    /// A word is offered.
    pub in_valid: Signal<In, Bit>,
    /// It is taken when both are one.
    pub in_ready: Signal<Out, Bit>,
    /// The word.
    pub in_data: Signal<In, Bits<16>>,
    /// The first one is offered.
    pub out_valid: Signal<Out, Bit>,
    /// It is taken when both are one.
    pub out_ready: Signal<In, Bit>,
    /// The word.
    pub out_data: Signal<Out, Bits<16>>,
    ring: Ram<16>,
    written: Register<Bits<PLACE_BITS>>,
    read: Register<Bits<PLACE_BITS>>,
    there: Register<Bit>,
    /// There is room.
    open: Register<Bit>,
    enters: Signal<Local, Bit>,
    held: Signal<Local, Bits<PLACE_BITS>>,
    next: Signal<Local, Bits<PLACE_BITS>>,
    one: Literal<PLACE_BITS, 1>,
    round: Constant<Bits<PLACE_BITS>>,
    both_rounds: Constant<Bits<PLACE_BITS>>,
    in_round: Constant<Bits<PLACE_BITS>>,
}

impl Fifo {
    /// With room for four times so many words, as far as they have room in a block RAM: that many turns a core may be behind or ahead.
    pub fn new(words: usize) -> Self {
        let places = (TURNS * words).next_power_of_two().min(MOST_PLACES);
        Fifo {
            ring: Ram::new(places, 16),
            round: constant(places),
            both_rounds: constant(2 * places - 1),
            in_round: constant(places - 1),
            ..Default::default()
        }
    }
}

impl Logic for Fifo {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: fifo");
        comment!("there is room where the writer is less than a round ahead, with a word that comes in this cycle");
        self.held.next = (self.written.q.val() - self.read.q.val()) + self.one.val();
        self.open.d.next = !(self.held.val() & self.round.val()).any();
        self.in_ready.next = self.open.q.val();
        self.enters.next = self.in_valid.val() & self.open.q.val();
        self.ring.write.next = self.in_valid.val() & self.open.q.val();
        self.ring.write_address.next = bit_cast::<INDEX_BITS, PLACE_BITS>(self.written.q.val() & self.in_round.val());
        self.ring.write_data.next = self.in_data.val();
        if self.enters.val() {
            self.written.d.next = (self.written.q.val() + self.one.val()) & self.both_rounds.val();
        }
        comment!("the next word is read while this one is taken; one that is written in this cycle is not there yet");
        self.next.next = self.read.q.val();
        if self.there.q.val() & self.out_ready.val() {
            self.next.next = (self.read.q.val() + self.one.val()) & self.both_rounds.val();
        }
        self.read.d.next = self.next.val();
        self.there.d.next = self.next.val() != self.written.q.val();
        self.ring.address.next = bit_cast::<INDEX_BITS, PLACE_BITS>(self.next.val() & self.in_round.val());
        self.out_valid.next = self.there.q.val();
        self.out_data.next = self.ring.data.val();
        if self.reset.val() {
            self.written.d.next = 0.into();
            self.read.d.next = 0.into();
            self.there.d.next = false;
            self.open.d.next = false;
        }
    }
}
