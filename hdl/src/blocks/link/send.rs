//! Replies to bytes: CRC, COBS, and a buffer in which a block waits until its length is known.
//!
//! The buffer is a ring of bytes. `block` is where the first byte of the open block will be, which says how long it is: all
//! before it can be sent. It starts the next frame's first block as soon as a frame is over.

use super::crc::Crc32;
use crate::blocks::memories::Ram;
use crate::blocks::prelude::*;

/// Bits of a place in the buffer: it holds two of the longest blocks.
const PLACE_BITS: usize = 9;
/// Bytes of the buffer.
const BYTES: usize = 1 << PLACE_BITS;

/// Sends frames.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Send {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Hold everything.
    pub reset: Signal<In, Bit>,
    /// A word of a reply is offered, the header first.
    pub valid: Signal<In, Bit>,
    /// The word.
    pub word: Signal<In, Bits<16>>,
    /// The reply is over.
    pub finish: Signal<In, Bit>,
    /// The word, or the end, is taken.
    pub ready: Signal<Out, Bit>,
    /// A byte is offered to the UART.
    pub byte_valid: Signal<Out, Bit>,
    /// It is taken.
    pub byte_ready: Signal<In, Bit>,
    /// The byte.
    pub byte_data: Signal<Out, Bits<8>>,
    /// Where that is asked for: how many bytes can be sent, of 255 or more 255; a cycle late.
    pub waiting: Vec<Signal<Out, Bits<8>>>,
    ring: Ram<8>,
    /// What goes into it, and where: chosen a cycle before it is written, so that the way to the RAM is short.
    writes: Register<Bit>,
    write_place: Register<Bits<PLACE_BITS>>,
    write_byte: Register<Bits<8>>,
    crc: Crc32,
    /// A word that was taken, or the end; it waits here until the bytes before it are put.
    full: Register<Bit>,
    last: Register<Bit>,
    held: Register<Bits<16>>,
    /// Nothing to do; a byte is put; what follows it; a block ends; the frame's last block ends; its delimiter; the next frame's
    /// first block.
    idle: Register<Bit>,
    putting: Register<Bit>,
    following: Register<Bit>,
    closing: Register<Bit>,
    ending: Register<Bit>,
    delimiting: Register<Bit>,
    opening: Register<Bit>,
    clearing: Register<Bit>,
    data: Register<Bits<16>>,
    more: Register<Bits<2>>,
    draining: Register<Bit>,
    roomy: Register<Bit>,
    content: Register<Bits<8>>,
    blank: Register<Bit>,
    due: Signal<Local, Bit>,
    put: Signal<Local, Bit>,
    last_of_block: Register<Bit>,
    steady: Register<Bit>,
    still: Register<Bit>,
    /// A byte is put: it goes in, or it is a zero and ends its block.
    filling: Register<Bit>,
    breaking: Register<Bit>,
    block: Register<Bits<PLACE_BITS>>,
    next: Register<Bits<PLACE_BITS>>,
    count: Register<Bits<8>>,
    place: Register<Bits<PLACE_BITS>>,
    free: Register<Bits<PLACE_BITS>>,
    /// The place is not the open block's: in its lower bits, in the others.
    behind: Register<Bit>,
    far_behind: Register<Bit>,
    just: Register<Bit>,
    fresh: Register<Bit>,
    ahead: Vec<Register<Bits<PLACE_BITS>>>,
    shown: Signal<Local, Bits<PLACE_BITS>>,
    check: Signal<Local, Bits<8>>,
    onward: Signal<Local, Bit>,
    taken: Signal<Local, Bit>,
    one_place: Literal<PLACE_BITS, 1>,
    reserve: Literal<PLACE_BITS, 8>,
    nowhere: Literal<PLACE_BITS, 0>,
    one: Literal<8, 1>,
    ones: Literal<8, 0xff>,
    longest: Literal<8, 254>,
    zero: Literal<8, 0>,
    one_more: Literal<2, 1>,
    three_more: Literal<2, 3>,
    many_bytes: Vec<Literal<PLACE_BITS, 255>>,
    _counts: usize,
}

impl Send {
    /// With an empty buffer. It may count the bytes that wait there.
    pub fn new(counts: bool) -> Self {
        let counts = usize::from(counts);
        Send {
            waiting: many(counts),
            ahead: many(counts),
            many_bytes: many(counts),
            _counts: counts,
            ring: Ram::new(BYTES, 8),
            // `next` may be three places further than `roomy` knows, and one place stays empty
            ..Default::default()
        }
    }
}

impl Logic for Send {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: send");
        comment!(
            "what is offered comes from all over the link: it is registered, and nothing else, in the cycle that it is taken"
        );
        self.ready.next = !self.full.q.val();
        self.full.d.next = self.full.q.val() & !(self.idle.q.val() & !self.crc.busy.val());
        if !self.full.q.val() {
            self.full.d.next = self.valid.val() | self.finish.val();
            self.last.d.next = self.finish.val();
            self.held.d.next = self.word.val();
        }
        comment!(
            "a word is two bytes, low byte first; the end is the CRC's four, which is shifted out of its register"
        );
        self.check.next = bit_cast::<8, 32>(self.crc.value.val());
        comment!("a byte is put when it has been there for three cycles, and so has what is asked of it");
        self.content.d.next = bit_cast::<8, 16>(self.data.q.val());
        self.crc.incoming.next = self.data.q.val().get_bit(0);
        if self.draining.q.val() {
            self.content.d.next = self.check.val() ^ self.ones.val();
            self.crc.incoming.next = self.crc.lowest.val();
        }
        comment!("a byte that was put leaves the word bit by bit, into the CRC");
        if self.crc.busy.val() {
            self.data.d.next = self.data.q.val() >> 1;
        }
        self.blank.d.next = !self.content.q.val().any();
        self.last_of_block.d.next = self.count.q.val() == self.longest.val();
        self.put.next = self.filling.q.val() | self.breaking.q.val();
        self.due.next = self.putting.q.val() & !(self.filling.q.val() | self.breaking.q.val());
        self.steady.d.next = self.due.val() & !self.crc.busy.val();
        self.still.d.next = self.steady.q.val() & self.due.val();
        self.filling.d.next = (self.still.q.val() & self.roomy.q.val()) & (self.due.val() & !self.blank.q.val());
        self.breaking.d.next = (self.still.q.val() & self.roomy.q.val()) & (self.due.val() & self.blank.q.val());
        self.crc.valid.next = self.put.val();
        self.clearing.d.next = self.delimiting.q.val() | self.reset.val();
        self.crc.clear.next = self.clearing.q.val();
        self.following.d.next = false;
        if self.idle.q.val() & !self.crc.busy.val() {
            self.data.d.next = self.held.q.val();
            self.draining.d.next = self.last.q.val();
            self.more.d.next = self.one_more.val();
            if self.last.q.val() {
                self.more.d.next = self.three_more.val();
            }
            self.idle.d.next = !self.full.q.val();
            self.putting.d.next = self.full.q.val();
        }
        comment!("COBS: a byte other than zero goes in, a zero ends its block, and so does the 254th byte");
        self.writes.d.next = self.filling.q.val();
        self.write_place.d.next = self.next.q.val();
        self.write_byte.d.next = self.content.q.val();
        if self.put.val() {
            self.putting.d.next = false;
        }
        if self.filling.q.val() {
            self.count.d.next = self.count.q.val() + self.one.val();
            self.closing.d.next = self.last_of_block.q.val();
            self.following.d.next = !self.last_of_block.q.val();
        }
        if self.breaking.q.val() {
            self.closing.d.next = true;
        }
        if self.closing.q.val() {
            self.writes.d.next = true;
            self.write_place.d.next = self.block.q.val();
            self.write_byte.d.next = self.count.q.val();
            self.block.d.next = self.next.q.val();
            self.count.d.next = self.one.val();
            self.closing.d.next = false;
            self.following.d.next = true;
        }
        if self.following.q.val() {
            self.more.d.next = self.more.q.val() - self.one_more.val();
            if self.more.q.val().any() {
                self.putting.d.next = true;
            } else {
                self.idle.d.next = !self.draining.q.val();
                self.ending.d.next = self.draining.q.val();
            }
        }
        if self.ending.q.val() {
            self.writes.d.next = true;
            self.write_place.d.next = self.block.q.val();
            self.write_byte.d.next = self.count.q.val();
            self.ending.d.next = false;
            self.delimiting.d.next = true;
        }
        if self.delimiting.q.val() {
            self.writes.d.next = true;
            self.write_byte.d.next = self.zero.val();
            self.delimiting.d.next = false;
            self.opening.d.next = true;
        }
        if self.opening.q.val() {
            self.block.d.next = self.next.q.val();
            self.count.d.next = self.one.val();
            self.opening.d.next = false;
            self.idle.d.next = true;
        }
        self.onward.next =
            (self.filling.q.val() | self.closing.q.val()) | (self.delimiting.q.val() | self.opening.q.val());
        if self.onward.val() {
            self.next.d.next = self.next.q.val() + self.one_place.val();
        }
        self.ring.write.next = self.writes.q.val();
        self.ring.write_address.next = bit_cast::<INDEX_BITS, PLACE_BITS>(self.write_place.q.val());
        self.ring.write_data.next = self.write_byte.q.val();
        comment!(
            "what is before the open block goes out: its last byte was written by the cycle in which `behind` hears of it"
        );
        self.free.d.next = self.place.q.val() - self.next.q.val();
        self.roomy.d.next = self.free.q.val() > self.reserve.val();
        self.taken.next = self.byte_ready.val() & self.fresh.q.val();
        self.just.d.next = self.taken.val();
        self.behind.d.next =
            bit_cast::<5, PLACE_BITS>(self.place.q.val()) != bit_cast::<5, PLACE_BITS>(self.block.q.val());
        self.far_behind.d.next = (self.place.q.val() >> 5) != (self.block.q.val() >> 5);
        self.fresh.d.next = (self.behind.q.val() | self.far_behind.q.val()) & !(self.taken.val() | self.just.q.val());
        if self.taken.val() {
            self.place.d.next = self.place.q.val() + self.one_place.val();
        }
        self.ring.address.next = bit_cast::<INDEX_BITS, PLACE_BITS>(self.place.q.val());
        for w in 0..self._counts {
            self.ahead[w].d.next = self.block.q.val() - self.place.q.val();
            self.shown.next = self.ahead[w].q.val();
            if self.ahead[w].q.val().get_bit(8) {
                self.shown.next = self.many_bytes[w].val();
            }
            self.waiting[w].next = bit_cast::<8, PLACE_BITS>(self.shown.val());
        }
        self.byte_valid.next = self.fresh.q.val();
        self.byte_data.next = self.ring.data.val();
        if self.reset.val() {
            self.full.d.next = false;
            self.filling.d.next = false;
            self.breaking.d.next = false;
            self.idle.d.next = false;
            self.putting.d.next = false;
            self.following.d.next = false;
            self.closing.d.next = false;
            self.ending.d.next = false;
            self.delimiting.d.next = false;
            self.opening.d.next = true;
            self.next.d.next = self.nowhere.val();
            self.block.d.next = self.nowhere.val();
            self.place.d.next = self.nowhere.val();
            self.fresh.d.next = false;
        }
    }
}
