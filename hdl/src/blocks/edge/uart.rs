//! A UART: eight bits, no parity, one stop bit.
//!
//! The timers count up from zero and are compared with the bit time: a counter that is loaded with a constant other
//! than zero becomes flip-flops of two kinds (set and reset), which breaks its carry chain in an iCE40.

use crate::blocks::prelude::*;

/// Receives bytes: `valid` for one cycle with each.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Receiver {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Hold everything.
    pub reset: Signal<In, Bit>,
    /// The line, not synchronous.
    pub line: Signal<In, Bit>,
    /// A byte came in.
    pub valid: Signal<Out, Bit>,
    /// The byte.
    pub data: Signal<Out, Bits<8>>,
    first: Register<Bit>,
    second: Register<Bit>,
    busy: Register<Bit>,
    timer: Register<Bits<16>>,
    bits: Register<Bits<4>>,
    /// The byte, and above it the stop bit: whatever is sampled is shifted in, so that only `tick` is waited for.
    shift: Register<Bits<9>>,
    done: Register<Bit>,
    tick: Register<Bit>,
    /// The bit is the start bit, or the stop bit; a cycle late, which is early enough: ticks are several cycles apart.
    starts: Register<Bit>,
    stops: Register<Bit>,
    half: Constant<Bits<16>>,
    whole: Constant<Bits<16>>,
    one_cycle: Literal<16, 1>,
    /// No more bits of the timer than it needs.
    timer_mask: Constant<Bits<16>>,
    one_bit: Literal<4, 1>,
    start_bit: Literal<4, 0>,
    stop_bit: Literal<4, 9>,
    high: Literal<9, 0x100>,
}

impl Receiver {
    /// A receiver for a bit time of this many cycles (at least 8).
    pub fn new(divider: usize) -> Self {
        Receiver {
            first: Register::synchroniser(),
            second: Register::synchroniser(),
            // The start bit's sample is the level that the line had `half + 2` cycles after it was first seen low: the tick
            // comes `half + 4` cycles after that, and looks through two registers. First seen low is up to a cycle after
            // the fall, or two where the register that is to see it is late. So the sample lies at most a cycle from the
            // middle of the bit, on either side.
            half: constant((divider / 2).saturating_sub(3)),
            whole: constant(divider - 2),
            timer_mask: constant(divider.next_power_of_two() - 1),
            ..Default::default()
        }
    }
}

impl Logic for Receiver {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: uart_receiver");
        comment!("two registers against metastability; the line idles high, the registers hold its inverse");
        self.first.d.next = !self.line.val();
        self.second.d.next = self.first.q.val();
        comment!("registered: one while the timer is at its end");
        self.tick.d.next = self.busy.q.val() & (self.timer.q.val() == self.whole.val());
        self.starts.d.next = self.bits.q.val() == self.start_bit.val();
        self.stops.d.next = self.bits.q.val() == self.stop_bit.val();
        if self.starts.q.val() & (self.timer.q.val() == self.half.val()) {
            self.tick.d.next = self.busy.q.val();
        }
        self.timer.d.next = (self.timer.q.val() + self.one_cycle.val()) & self.timer_mask.val();
        // not among the choices below: synthesis would make a reset of them, which is a LUT later
        self.done.d.next = (self.busy.q.val() & self.tick.q.val()) & (self.stops.q.val() & !self.second.q.val());
        if !self.busy.q.val() {
            comment!("a start bit: sample in the middle of it, then a bit time apart");
            self.timer.d.next = 0.into();
            self.bits.d.next = self.start_bit.val();
            self.busy.d.next = self.second.q.val();
        } else {
            if self.tick.q.val() {
                self.timer.d.next = 0.into();
                self.bits.d.next = self.bits.q.val() + self.one_bit.val();
                if self.starts.q.val() & !self.second.q.val() {
                    comment!("a glitch, not a start bit");
                    self.busy.d.next = false;
                }
                if self.stops.q.val() {
                    comment!("the stop bit must be high, or the byte is dropped");
                    self.busy.d.next = false;
                }
            }
        }
        if self.tick.q.val() {
            self.shift.d.next = self.shift.q.val() >> 1;
            if !self.second.q.val() {
                self.shift.d.next = (self.shift.q.val() >> 1) | self.high.val();
            }
        }
        if self.reset.val() {
            self.busy.d.next = false;
            self.done.d.next = false;
        }
        self.valid.next = self.done.q.val();
        self.data.next = bit_cast::<8, 9>(self.shift.q.val());
    }
}

/// Sends bytes, valid/ready.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Sender {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Hold everything.
    pub reset: Signal<In, Bit>,
    /// A byte is offered.
    pub valid: Signal<In, Bit>,
    /// It is taken.
    pub ready: Signal<Out, Bit>,
    /// The byte.
    pub data: Signal<In, Bits<8>>,
    /// The line.
    pub line: Signal<Out, Bit>,
    busy: Register<Bit>,
    timer: Register<Bits<16>>,
    tick: Register<Bit>,
    left: Register<Bits<4>>,
    shift: Register<Bits<10>>,
    low: Register<Bit>,
    whole: Constant<Bits<16>>,
    one_cycle: Literal<16, 1>,
    /// No more bits of the timer than it needs.
    timer_mask: Constant<Bits<16>>,
    one_bit: Literal<4, 1>,
    last_bit: Literal<4, 9>,
    stop: Literal<10, { 1 << 9 }>,
    no_bits: Literal<4, 0>,
}

impl Sender {
    /// A sender with a bit time of this many cycles.
    pub fn new(divider: usize) -> Self {
        Sender {
            // a tick comes a cycle after the comparison
            whole: constant(divider - 2),
            timer_mask: constant(divider.next_power_of_two() - 1),
            ..Default::default()
        }
    }
}

impl Logic for Sender {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: uart_sender");
        self.ready.next = !self.busy.q.val();
        comment!("registered: one while the timer is at its end");
        self.tick.d.next = self.busy.q.val() & (self.timer.q.val() == self.whole.val());
        self.timer.d.next = (self.timer.q.val() + self.one_cycle.val()) & self.timer_mask.val();
        if !self.busy.q.val() {
            comment!("start bit (zero), eight data bits, stop bit (one)");
            self.timer.d.next = 0.into();
            self.left.d.next = self.last_bit.val();
            self.shift.d.next = (bit_cast::<10, 8>(self.data.val()) << 1) | self.stop.val();
            self.busy.d.next = self.valid.val();
        } else {
            if self.tick.q.val() {
                self.timer.d.next = 0.into();
                self.left.d.next = self.left.q.val() - self.one_bit.val();
                self.shift.d.next = self.shift.q.val() >> 1;
                if self.left.q.val() == self.no_bits.val() {
                    self.busy.d.next = false;
                }
            }
        }
        if self.reset.val() {
            self.busy.d.next = false;
        }
        comment!("the register holds the inverse: the line is high from power-up on");
        self.low.d.next = self.busy.q.val() & !self.shift.q.val().get_bit(0);
        self.line.next = !self.low.q.val();
    }
}
