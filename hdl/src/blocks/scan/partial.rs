//! The sum over the beats of a row: what its words differ in, one after the other.

use crate::blocks::prelude::*;

/// Adds up.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Partial {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// The bits in which a beat's words differ.
    pub differ: Signal<In, Distance>,
    /// It goes on with what came in the cycle before; else a row begins.
    pub goes_on: Signal<In, Bit>,
    /// The sum so far, a cycle later.
    pub sum: Signal<Out, Distance>,
    total: Register<Distance>,
    earlier: Signal<Local, Distance>,
    none: Literal<DISTANCE_BITS, 0>,
}

impl Logic for Partial {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: partial");
        self.earlier.next = self.none.val();
        if self.goes_on.val() {
            self.earlier.next = self.total.q.val();
        }
        self.total.d.next = self.differ.val() + self.earlier.val();
        self.sum.next = self.total.q.val();
    }
}
