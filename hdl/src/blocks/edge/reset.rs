//! Reset: for how long, and from what.
//!
//! There are two reasons to wait, and they are measured differently. Block RAM of an iCE40 reads as zero for a few *microseconds*
//! after configuration, whatever the clock ([`power_up_cycles`]): that happens once. And the core's pipelines, which no reset clears, are
//! empty after a few *cycles* ([`FLUSH`]): so long every reset lasts.

use crate::blocks::prelude::*;
use crate::blocks::register::Traits;

/// Cycles for which a core must be reset at least: what is in its pipelines has left them by then.
pub const FLUSH: usize = 64;

/// Microseconds from configuration to the first word of block RAM that is read: an iCE40's reads zeros for 3 of them.
const POWER_UP_MICROSECONDS: u64 = 10;

/// Width of a timer: 10 us of any clock that 32 bits can say.
const TIMER_BITS: usize = 17;

/// Cycles of a clock, in Hz, from configuration to the end of reset: those of 10 us at least, and a power of two.
pub fn power_up_cycles(clock: u32) -> usize {
    let cycles = (u64::from(clock) * POWER_UP_MICROSECONDS).div_ceil(1_000_000) as usize;
    cycles.max(FLUSH).next_power_of_two()
}

/// Counts up to a power of two, and stays there.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Timer {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Count from zero again.
    pub restart: Signal<In, Bit>,
    /// It has counted so far.
    pub over: Signal<Out, Bit>,
    count: Register<Bits<TIMER_BITS>>,
    one: Literal<TIMER_BITS, 1>,
    mask: Constant<Bits<TIMER_BITS>>,
    top: Constant<Bits<5>>,
}

impl Timer {
    /// Of so many cycles, a power of two.
    pub fn new(cycles: usize) -> Self {
        assert!(cycles.is_power_of_two() && cycles < 1 << TIMER_BITS);
        Timer {
            count: Register::zeroed(),
            // synthesis removes the bits above
            mask: constant(2 * cycles - 1),
            top: constant(cycles.trailing_zeros() as usize),
            ..Default::default()
        }
    }
}

impl Logic for Timer {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: timer");
        comment!("the counter stops at a power of two");
        self.over.next = self.count.q.val().get_bit(self.top.val().index());
        if !self.count.q.val().get_bit(self.top.val().index()) {
            self.count.d.next = (self.count.q.val() + self.one.val()) & self.mask.val();
        }
        if self.restart.val() {
            self.count.d.next = 0.into();
        }
    }
}

/// The button's synchroniser says that it is pressed until it knows better.
const BUTTON: Traits = Traits { zeroed: true, synchroniser: true };

/// Makes the reset of a board top: after configuration, and whenever the button was pressed or the PLL lost its lock, block
/// RAM gets its time.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Reset {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// The board's button, low when pressed, not synchronous.
    pub button_n: Signal<In, Bit>,
    /// Hold everything.
    pub reset: Signal<Out, Bit>,
    /// The device was just configured: the first reset, not those of the button.
    pub cold: Signal<Out, Bit>,
    first: Register<Bit>,
    second: Register<Bit>,
    timer: Timer,
    asserted: Register<Bit>,
    warm: Register<Bit>,
}

impl Reset {
    /// With this clock, in Hz.
    pub fn new(clock: u32) -> Self {
        Reset {
            first: Register::with(BUTTON),
            second: Register::with(BUTTON),
            timer: Timer::new(power_up_cycles(clock)),
            asserted: Register::zeroed(),
            warm: Register::zeroed(),
            ..Default::default()
        }
    }
}

impl Logic for Reset {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: reset");
        comment!("two registers against metastability");
        self.first.d.next = self.button_n.val();
        self.second.d.next = self.first.q.val();
        self.timer.restart.next = !self.second.q.val();
        comment!("registers are zero after configuration: nothing runs before the reset begins");
        self.asserted.d.next = !self.timer.over.val();
        self.reset.next = self.asserted.q.val();
        comment!("the first reset is over");
        self.warm.d.next = self.warm.q.val() | self.timer.over.val();
        self.cold.next = !self.warm.q.val();
    }
}

/// Makes the reset of a core behind a bus.
///
/// The bus's own reset is synchronous and may be a single clock cycle long; it counts in the cycle in which it comes. Block RAM
/// has had its time by then, unless the device was just configured, so only the pipelines are waited for.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct BusReset {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// The bus's reset, high.
    pub bus: Signal<In, Bit>,
    /// Hold the core, and say nothing.
    pub reset: Signal<Out, Bit>,
    /// The device was just configured: the first reset, not those of the bus.
    pub cold: Signal<Out, Bit>,
    powered: Timer,
    flushed: Timer,
    never: Constant<Bit>,
}

impl BusReset {
    /// With a clock of at most this, in Hz.
    pub fn new(clock: u32) -> Self {
        BusReset {
            powered: Timer::new(power_up_cycles(clock)),
            flushed: Timer::new(FLUSH),
            never: Constant::new(false),
            ..Default::default()
        }
    }
}

impl Logic for BusReset {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: bus_reset");
        comment!("block RAM needs its time once, the pipelines theirs after every reset");
        self.powered.restart.next = self.never.val();
        self.flushed.restart.next = self.bus.val();
        self.reset.next = self.bus.val() | !(self.powered.over.val() & self.flushed.over.val());
        self.cold.next = !self.powered.over.val();
    }
}

#[cfg(test)]
mod tests {
    use super::power_up_cycles;

    #[test]
    fn ten_microseconds_of_any_clock() {
        for (clock, cycles) in [(1_000_000, 64), (12_000_000, 128), (100_000_000, 1024), (172_000_000, 2048)] {
            assert_eq!(power_up_cycles(clock), cycles, "{clock} Hz");
        }
        for clock in [1, 12_800_000, 12_800_001, 102_400_000, 102_400_001, u32::MAX] {
            let microseconds = power_up_cycles(clock) as f64 / f64::from(clock) * 1e6;
            assert!(microseconds >= 10.0, "{clock} Hz: {microseconds} us");
        }
    }
}
