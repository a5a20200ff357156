//! The board top: reset, UART, core and lights.
//!
//! The plain protocol: a cue comes in as bytes, two per 16-bit word, low byte first, `ceil(N/16)` words; the
//! answer goes out the same way, then steps (bit 15: converged), nearest and distance, a word each.

use super::{
    constant,
    core::Core,
    reset::Reset,
    uart::{Receiver, Sender},
};
use crate::plan::Plan;
use rust_hdl::prelude::*;

/// A core behind a UART.
#[derive(Clone, Debug, LogicBlock)]
pub struct Board {
    /// The board's clock.
    pub clock: Signal<In, Clock>,
    /// The reset button, low when pressed.
    pub reset_n: Signal<In, Bit>,
    /// UART, from the host.
    pub rx: Signal<In, Bit>,
    /// UART, to the host.
    pub tx: Signal<Out, Bit>,
    /// 0: ready for a cue; 1: the answer is being sent; 2 to 7: the last word's low bits, that is the distance
    /// of the answer from the nearest pattern.
    pub led: Signal<Out, Bits<8>>,
    power_up: Reset,
    receiver: Receiver,
    sender: Sender,
    core: Core,
    low_byte: DFF<Bits<8>>,
    word: DFF<Bits<16>>,
    full: DFF<Bit>,
    half: DFF<Bit>,
    answer: DFF<Bits<16>>,
    sending: DFF<Bit>,
    second: DFF<Bit>,
    shown: DFF<Bits<8>>,
    ready: DFF<Bit>,
    busy: DFF<Bit>,
    two: Constant<Bits<2>>,
    eight: Constant<Bits<16>>,
    ready_light: Constant<Bits<8>>,
    send_light: Constant<Bits<8>>,
}

impl Board {
    /// The top for a plan, with a UART bit time of this many cycles.
    pub fn new(plan: &Plan, uart_divider: usize) -> Self {
        Board {
            clock: Signal::default(),
            reset_n: Signal::default(),
            rx: Signal::default(),
            tx: Signal::default(),
            led: Signal::default(),
            power_up: Reset::default(),
            receiver: Receiver::new(uart_divider),
            sender: Sender::new(uart_divider),
            core: Core::new(plan),
            low_byte: DFF::default(),
            word: DFF::default(),
            full: DFF::default(),
            half: DFF::default(),
            answer: DFF::default(),
            sending: DFF::default(),
            second: DFF::default(),
            shown: DFF::default(),
            ready: DFF::default(),
            busy: DFF::default(),
            two: constant(2),
            eight: constant(8),
            ready_light: constant(1),
            send_light: constant(2),
        }
    }
}

impl Logic for Board {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: board");
        dff_setup!(self, clock, low_byte, word, full, half, answer, sending, second, shown, ready, busy);
        self.power_up.clock.next = self.clock.val();
        self.power_up.button_n.next = self.reset_n.val();
        self.receiver.clock.next = self.clock.val();
        self.receiver.reset.next = self.power_up.reset.val();
        self.sender.clock.next = self.clock.val();
        self.sender.reset.next = self.power_up.reset.val();
        self.core.clock.next = self.clock.val();
        self.core.reset.next = self.power_up.reset.val();
        comment!("bytes to words");
        self.receiver.line.next = self.rx.val();
        self.core.in_valid.next = self.full.q.val();
        self.core.in_data.next = self.word.q.val();
        if self.full.q.val() & self.core.in_ready.val() {
            self.full.d.next = false;
        }
        if self.receiver.valid.val() {
            self.half.d.next = !self.half.q.val();
            self.low_byte.d.next = self.receiver.data.val();
            if self.half.q.val() {
                self.word.d.next = bit_cast::<16, 8>(self.low_byte.q.val())
                    | (bit_cast::<16, 8>(self.receiver.data.val()) << self.eight.val());
                self.full.d.next = true;
            }
        }
        comment!("words to bytes");
        self.core.out_ready.next = !self.sending.q.val();
        self.sender.valid.next = self.sending.q.val();
        self.sender.data.next = bit_cast::<8, 16>(self.answer.q.val());
        if self.sending.q.val() {
            if self.sender.ready.val() {
                self.answer.d.next = self.answer.q.val() >> self.eight.val();
                self.second.d.next = true;
                self.sending.d.next = !self.second.q.val();
            }
        } else {
            self.second.d.next = false;
            self.sending.d.next = self.core.out_valid.val();
            if self.core.out_valid.val() {
                self.answer.d.next = self.core.out_data.val();
                self.shown.d.next = bit_cast::<8, 16>(self.core.out_data.val());
            }
        }
        if self.power_up.reset.val() {
            self.full.d.next = false;
            self.half.d.next = false;
            self.sending.d.next = false;
        }
        self.tx.next = self.sender.line.val();
        comment!("lights");
        self.ready.d.next = self.core.in_ready.val();
        self.busy.d.next = self.core.out_valid.val();
        self.led.next = self.shown.q.val() << bit_cast::<8, 2>(self.two.val());
        if self.ready.q.val() {
            self.led.next = (self.shown.q.val() << bit_cast::<8, 2>(self.two.val())) | self.ready_light.val();
        }
        if self.busy.q.val() {
            self.led.next = (self.shown.q.val() << bit_cast::<8, 2>(self.two.val())) | self.send_light.val();
        }
    }
}
