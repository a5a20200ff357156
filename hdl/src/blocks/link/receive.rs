//! Bytes to requests: COBS, CRC, and a buffer that shows only whole frames.
//!
//! The buffer is a ring of words. A frame begins with an entry, which is written last: how many words follow (the CRC
//! is taken back), or what is wrong with the frame, and then no word follows. What is not committed is not seen.

use super::{
    crc::{self, Crc32},
    error,
};
use crate::blocks::memories::Ram;
use crate::blocks::prelude::*;
use crate::layout::{Layout, buffer_words};

/// Bits of a place in the largest buffer.
pub const PLACE_BITS: usize = 12;
/// Bits of what counts its words, with a sign.
pub const COUNT_BITS: usize = PLACE_BITS + 1;
/// Words of the buffer of a board.
pub fn words(plan: &Layout) -> usize {
    buffer_words(plan.cue_words(), plan.beats)
}

/// An entry that is an error; its low bits say which.
pub const WRONG: usize = 15;
/// An entry whose body is a number of cues.
pub const WHOLE: usize = 14;

/// Receives frames.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Receive {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Hold everything.
    pub reset: Signal<In, Bit>,
    /// A byte came in; the next one comes eight cycles later at the earliest.
    pub valid: Signal<In, Bit>,
    /// The byte.
    pub data: Signal<In, Bits<8>>,
    /// The place that is read: everything before it is free again.
    pub place: Signal<In, Bits<PLACE_BITS>>,
    /// The word there, two cycles later.
    pub word: Signal<Out, Bits<16>>,
    /// The end of what can be read.
    pub written: Signal<Out, Bits<PLACE_BITS>>,
    ring: Ram<16>,
    crc: Crc32,
    /// The byte that the CRC takes, bit by bit.
    shift: Register<Bits<8>>,
    arrived: Register<Bit>,
    zero_byte: Register<Bit>,
    block_over: Register<Bit>,
    in_frame: Register<Bit>,
    block: Register<Bits<8>>,
    long_block: Register<Bit>,
    came: Register<Bit>,
    content: Register<Bits<8>>,
    ended: Register<Bit>,
    judged: Register<Bit>,
    low: Register<Bits<8>>,
    odd: Register<Bit>,
    put: Register<Bit>,
    first: Register<Bits<PLACE_BITS>>,
    next: Register<Bits<PLACE_BITS>>,
    count: Register<Bits<COUNT_BITS>>,
    phase: Register<Bits<PLACE_BITS>>,
    too_long: Register<Bit>,
    broken: Register<Bit>,
    corrupt: Register<Bit>,
    full: Register<Bit>,
    cramped: Register<Bit>,
    good: Register<Bit>,
    wrong: Register<Bit>,
    fault: Register<Bits<16>>,
    sorted: Register<Bit>,
    weighed: Register<Bit>,
    clearing: Register<Bit>,
    settling: Register<Bit>,
    settled: Register<Bit>,
    /// The place behind `first`, and the one two before `next`, a cycle late.
    after: Register<Bits<PLACE_BITS>>,
    back: Register<Bits<PLACE_BITS>>,
    /// The cue's last word is put next, a cycle late; nothing of a cue is there.
    at_last: Register<Bit>,
    at_first: Register<Bit>,
    gap: Register<Bits<PLACE_BITS>>,
    room: Register<Bits<PLACE_BITS>>,
    shown: Register<Bits<16>>,
    entry: Register<Bits<16>>,
    one: Literal<8, 1>,
    longest: Literal<8, 255>,
    zero: Literal<8, 0>,
    one_place: Literal<PLACE_BITS, 1>,
    two_places: Literal<PLACE_BITS, 2>,
    /// As many bits as the buffer has places.
    place_mask: Constant<Bits<PLACE_BITS>>,
    /// And a sign more.
    count_mask: Constant<Bits<COUNT_BITS>>,
    count_sign: Constant<Bits<4>>,
    uncounted: Constant<Bits<COUNT_BITS>>,
    one_word: Literal<COUNT_BITS, 1>,
    first_phase: Constant<Bits<PLACE_BITS>>,
    last_phase: Constant<Bits<PLACE_BITS>>,
    residue: Literal<32, { crc::RESIDUE }>,
    eight: Literal<16, 8>,
    whole: Literal<16, { 1 << WHOLE }>,
    too_long_entry: Constant<Bits<16>>,
    broken_entry: Constant<Bits<16>>,
    corrupt_entry: Constant<Bits<16>>,
    no: Constant<Bit>,
}

impl Receive {
    /// The receiver of a board.
    pub fn new(plan: &Layout) -> Self {
        let (places, words) = (words(plan), plan.cue_words());
        let wrong = |code: usize| constant(1 << WRONG | code);
        Receive {
            ring: Ram::new(places, 16),
            place_mask: constant(places - 1),
            count_mask: constant(2 * places - 1),
            count_sign: constant(places.trailing_zeros() as usize),
            uncounted: constant(2 * places - 3),
            // the CRC's two words do not count, and the entry says one less
            // zero behind the header, whole cues and the CRC
            first_phase: constant((3 * words - 3) % words),
            last_phase: constant(words - 1),
            too_long_entry: wrong(error::TOO_LONG),
            broken_entry: wrong(error::FRAME),
            corrupt_entry: wrong(error::CRC),
            no: Constant::new(false),
            ..Default::default()
        }
    }
}

impl Logic for Receive {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: receive");
        comment!("COBS: a block's first byte says how long it is; a zero belongs between blocks, but for long ones");
        self.came.d.next = false;
        self.ended.d.next = false;
        self.arrived.d.next = self.valid.val();
        self.zero_byte.d.next = !self.data.val().any();
        self.block_over.d.next = !self.block.q.val().any();
        if self.arrived.q.val() {
            self.content.d.next = self.data.val();
            self.block.d.next = self.block.q.val() - self.one.val();
            self.came.d.next = !self.block_over.q.val();
            if self.block_over.q.val() {
                self.block.d.next = self.data.val() - self.one.val();
                self.long_block.d.next = self.data.val() == self.longest.val();
                self.content.d.next = self.zero.val();
                self.came.d.next = self.in_frame.q.val() & !self.long_block.q.val();
            }
            self.in_frame.d.next = true;
            if self.zero_byte.q.val() {
                comment!("the frame's end");
                self.came.d.next = false;
                self.in_frame.d.next = false;
                self.ended.d.next = self.in_frame.q.val();
                self.block.d.next = self.zero.val();
                self.broken.d.next = !self.block_over.q.val();
            }
        }
        comment!(
            "bytes to words, into the ring, as long as there is room: what was read two cycles ago may be overlooked"
        );
        self.crc.valid.next = self.came.q.val();
        self.crc.incoming.next = self.shift.q.val().get_bit(0);
        self.shift.d.next = self.shift.q.val() >> 1;
        self.gap.d.next = (self.place.val() - self.next.q.val()) & self.place_mask.val();
        self.full.d.next = !(self.gap.q.val() >> 1).any();
        self.room.d.next = (self.place.val() - self.first.q.val()) & self.place_mask.val();
        self.cramped.d.next = self.room.q.val() == self.one_place.val();
        self.at_last.d.next = self.phase.q.val() == self.last_phase.val();
        self.at_first.d.next = !self.phase.q.val().any();
        self.after.d.next = (self.first.q.val() + self.one_place.val()) & self.place_mask.val();
        self.back.d.next = (self.next.q.val() - self.two_places.val()) & self.place_mask.val();
        self.put.d.next = self.came.q.val() & (self.odd.q.val() & !self.full.q.val());
        if self.came.q.val() {
            self.shift.d.next = self.content.q.val();
            self.odd.d.next = !self.odd.q.val();
            if self.odd.q.val() {
                self.too_long.d.next = self.too_long.q.val() | self.full.q.val();
            } else {
                self.low.d.next = self.content.q.val();
            }
        }
        self.ring.write.next = self.put.q.val();
        self.ring.write_address.next = bit_cast::<INDEX_BITS, PLACE_BITS>(self.next.q.val());
        self.ring.write_data.next =
            bit_cast::<16, 8>(self.low.q.val()) | (bit_cast::<16, 8>(self.content.q.val()) << self.eight.val());
        if self.put.q.val() {
            self.next.d.next = (self.next.q.val() + self.one_place.val()) & self.place_mask.val();
            self.count.d.next = (self.count.q.val() + self.one_word.val()) & self.count_mask.val();
            self.phase.d.next = (self.phase.q.val() + self.one_place.val()) & self.place_mask.val();
            if self.at_last.q.val() {
                self.phase.d.next = 0.into();
            }
        }
        comment!("a frame is over: what is it?");
        self.judged.d.next = self.ended.q.val();
        if self.ended.q.val() {
            self.corrupt.d.next = self.crc.value.val() != self.residue.val();
            // too few words: the count has not come from -3 to 0
            self.broken.d.next =
                self.broken.q.val() | (self.odd.q.val() | self.count.q.val().get_bit(self.count_sign.val().index()));
        }
        // which error is known a cycle before the entry is chosen
        self.wrong.d.next = self.too_long.q.val() | (self.broken.q.val() | self.corrupt.q.val());
        self.fault.d.next = self.corrupt_entry.val();
        if self.broken.q.val() {
            self.fault.d.next = self.broken_entry.val();
        }
        if self.too_long.q.val() {
            self.fault.d.next = self.too_long_entry.val();
        }
        self.entry.d.next = bit_cast::<16, COUNT_BITS>(self.count.q.val());
        if self.at_first.q.val() {
            self.entry.d.next = bit_cast::<16, COUNT_BITS>(self.count.q.val()) | self.whole.val();
        }
        self.sorted.d.next = self.judged.q.val();
        self.weighed.d.next = self.sorted.q.val();
        self.good.d.next = !self.wrong.q.val();
        if self.wrong.q.val() {
            self.entry.d.next = self.fault.q.val();
        }
        self.clearing.d.next = self.sorted.q.val() | self.reset.val();
        self.crc.clear.next = self.clearing.q.val();
        if self.weighed.q.val() {
            comment!("its entry makes it visible");
            self.ring.write.next = !self.cramped.q.val();
            self.ring.write_address.next = bit_cast::<INDEX_BITS, PLACE_BITS>(self.first.q.val());
            self.ring.write_data.next = self.entry.q.val();
            if self.good.q.val() {
                self.first.d.next = self.back.q.val();
            } else {
                comment!("an error is its entry alone; without room for that, it is forgotten");
                if !self.cramped.q.val() {
                    self.first.d.next = self.after.q.val();
                }
            }
        }
        if self.clearing.q.val() {
            self.odd.d.next = false;
            self.count.d.next = self.uncounted.val();
            self.phase.d.next = self.first_phase.val();
            self.too_long.d.next = false;
        }
        self.settling.d.next = self.weighed.q.val();
        self.settled.d.next = self.settling.q.val();
        if self.settled.q.val() {
            comment!("the next frame's words begin behind its entry");
            self.next.d.next = self.after.q.val();
        }
        if self.reset.val() {
            self.in_frame.d.next = false;
            self.block.d.next = self.zero.val();
            self.came.d.next = false;
            self.ended.d.next = false;
            self.judged.d.next = false;
            self.sorted.d.next = false;
            self.weighed.d.next = false;
            self.settling.d.next = false;
            self.settled.d.next = false;
            self.arrived.d.next = false;
            self.put.d.next = false;
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
