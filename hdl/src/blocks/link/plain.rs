//! The plain link: two bytes a word, low byte first, and nothing else.

use crate::blocks::constant;
use rust_hdl::prelude::*;

/// Bytes to words and back.
#[derive(Clone, Debug, LogicBlock)]
pub struct Plain {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Hold everything.
    pub reset: Signal<In, Bit>,
    /// A byte came in.
    pub received: Signal<In, Bit>,
    /// The byte.
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
    low_byte: DFF<Bits<8>>,
    word: DFF<Bits<16>>,
    full: DFF<Bit>,
    half: DFF<Bit>,
    /// A word of the answer is waited for, its low byte sent, its high byte sent.
    idle: DFF<Bit>,
    low_half: DFF<Bit>,
    high_half: DFF<Bit>,
    answer: DFF<Bits<16>>,
    eight: Constant<Bits<16>>,
}

impl Default for Plain {
    fn default() -> Self {
        Plain {
            clock: Signal::default(),
            reset: Signal::default(),
            received: Signal::default(),
            byte_in: Signal::default(),
            byte_valid: Signal::default(),
            byte_ready: Signal::default(),
            byte_out: Signal::default(),
            in_valid: Signal::default(),
            in_ready: Signal::default(),
            in_data: Signal::default(),
            out_valid: Signal::default(),
            out_ready: Signal::default(),
            out_data: Signal::default(),
            low_byte: DFF::default(),
            word: DFF::default(),
            full: DFF::default(),
            half: DFF::default(),
            idle: DFF::default(),
            low_half: DFF::default(),
            high_half: DFF::default(),
            answer: DFF::default(),
            eight: constant(8),
        }
    }
}

impl Logic for Plain {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: plain");
        dff_setup!(self, clock, low_byte, word, full, half, idle, low_half, high_half, answer);
        comment!("bytes to words");
        self.in_valid.next = self.full.q.val();
        self.in_data.next = self.word.q.val();
        if self.full.q.val() & self.in_ready.val() {
            self.full.d.next = false;
        }
        if self.received.val() {
            self.half.d.next = !self.half.q.val();
            self.low_byte.d.next = self.byte_in.val();
            if self.half.q.val() {
                self.word.d.next = bit_cast::<16, 8>(self.low_byte.q.val())
                    | (bit_cast::<16, 8>(self.byte_in.val()) << self.eight.val());
                self.full.d.next = true;
            }
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
            self.idle.d.next = true;
            self.low_half.d.next = false;
            self.high_half.d.next = false;
        }
    }
}
