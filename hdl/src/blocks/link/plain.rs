//! The plain link: two bytes a word, low byte first, and nothing else.

use crate::blocks::prelude::*;

/// Bytes to words and back.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Plain {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Hold everything.
    pub reset: Signal<In, Bit>,
    /// A byte came in.
    pub received: Signal<In, Bit>,
    /// The byte; it stays for a cycle more.
    pub byte_in: Signal<In, Bits<8>>,
    /// A byte is to go out.
    pub byte_valid: Signal<Out, Bit>,
    /// It is taken.
    pub byte_ready: Signal<In, Bit>,
    /// The byte.
    pub byte_out: Signal<Out, Bits<8>>,
    /// A word for the core.
    pub in_valid: Signal<Out, Bit>,
    /// It is taken.
    pub in_ready: Signal<In, Bit>,
    /// The word.
    pub in_data: Signal<Out, Bits<16>>,
    /// A word from the core.
    pub out_valid: Signal<In, Bit>,
    /// It is taken.
    pub out_ready: Signal<Out, Bit>,
    /// The word.
    pub out_data: Signal<In, Bits<16>>,
    /// The low byte of a word has come, or the high one, in the cycle before: from a byte that comes to all bits of a word it is far.
    low_comes: Register<Bit>,
    high_comes: Register<Bit>,
    low_byte: Register<Bits<8>>,
    word: Register<Bits<16>>,
    full: Register<Bit>,
    half: Register<Bit>,
    /// A word of the answer is waited for, its low byte sent, its high byte sent.
    idle: Register<Bit>,
    low_half: Register<Bit>,
    high_half: Register<Bit>,
    answer: Register<Bits<16>>,
    eight: Literal<16, 8>,
}

impl Logic for Plain {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: plain");
        comment!("bytes to words");
        self.in_valid.next = self.full.q.val();
        self.in_data.next = self.word.q.val();
        self.full.d.next = self.high_comes.q.val() | (self.full.q.val() & !self.in_ready.val());
        self.half.d.next = self.half.q.val() ^ self.received.val();
        self.low_comes.d.next = self.received.val() & !self.half.q.val();
        self.high_comes.d.next = self.received.val() & self.half.q.val();
        if self.low_comes.q.val() {
            self.low_byte.d.next = self.byte_in.val();
        }
        if self.high_comes.q.val() {
            self.word.d.next =
                bit_cast::<16, 8>(self.low_byte.q.val()) | (bit_cast::<16, 8>(self.byte_in.val()) << self.eight.val());
        }
        comment!("words to bytes; registers load whenever they may, so that no long way leads to a clock enable");
        self.out_ready.next = self.idle.q.val();
        if self.idle.q.val() {
            self.answer.d.next = self.out_data.val();
        }
        self.idle.d.next =
            (self.idle.q.val() & !self.out_valid.val()) | (self.high_half.q.val() & self.byte_ready.val());
        self.low_half.d.next =
            (self.idle.q.val() & self.out_valid.val()) | (self.low_half.q.val() & !self.byte_ready.val());
        self.high_half.d.next =
            (self.low_half.q.val() & self.byte_ready.val()) | (self.high_half.q.val() & !self.byte_ready.val());
        self.byte_valid.next = self.low_half.q.val() | self.high_half.q.val();
        self.byte_out.next = bit_cast::<8, 16>(self.answer.q.val());
        if self.high_half.q.val() {
            self.byte_out.next = bit_cast::<8, 16>(self.answer.q.val() >> self.eight.val());
        }
        if self.reset.val() {
            self.full.d.next = false;
            self.half.d.next = false;
            self.low_comes.d.next = false;
            self.high_comes.d.next = false;
            self.idle.d.next = true;
            self.low_half.d.next = false;
            self.high_half.d.next = false;
        }
    }
}
