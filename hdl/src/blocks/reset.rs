//! Reset: held for 256 cycles after configuration, since block RAM reads as zero for a while, and again
//! whenever the button is pressed.

use super::{
    constant,
    register::{Register, Traits},
};
use rust_hdl::prelude::*;

/// The button's synchroniser says that it is pressed until it knows better.
const BUTTON: Traits = Traits { zeroed: true, synchroniser: true };

/// Makes the reset of a board top.
#[derive(Clone, Debug, LogicBlock)]
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
    count: Register<Bits<9>>,
    held: Register<Bit>,
    asserted: Register<Bit>,
    warm: Register<Bit>,
    one: Constant<Bits<9>>,
}

impl Default for Reset {
    fn default() -> Self {
        Reset {
            clock: Signal::default(),
            button_n: Signal::default(),
            reset: Signal::default(),
            cold: Signal::default(),
            first: Register::with(BUTTON),
            second: Register::with(BUTTON),
            count: Register::zeroed(),
            held: Register::zeroed(),
            asserted: Register::zeroed(),
            warm: Register::zeroed(),
            one: constant(1),
        }
    }
}

impl Logic for Reset {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: reset");
        dff_setup!(self, clock, first, second, count, held, asserted, warm);
        comment!("two registers against metastability");
        self.first.d.next = self.button_n.val();
        self.second.d.next = self.first.q.val();
        comment!("the counter stops at 256");
        if !self.count.q.val().get_bit(8) {
            self.count.d.next = self.count.q.val() + self.one.val();
        }
        if !self.second.q.val() {
            self.count.d.next = 0.into();
        }
        self.held.d.next = self.count.q.val().get_bit(8);
        comment!("registers are zero after configuration: nothing runs before the reset begins");
        self.asserted.d.next = !self.held.q.val();
        self.reset.next = self.asserted.q.val();
        comment!("the first reset is over");
        self.warm.d.next = self.warm.q.val() | self.held.q.val();
        self.cold.next = !self.warm.q.val();
    }
}
