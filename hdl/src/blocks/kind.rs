//! The kind of the memory that is there, where memories of several kinds can be loaded.
//!
//! It comes with a load, in the word of the kernel mode, and stays over a reset as the memory does.

use crate::{blocks::prelude::*, contents, layout::Layout};
use hopgate_wire::page::held::{FIXED_MODE, KIND_BITS, KIND_SHIFT};

/// A register for the kind's number and one, and what follows from it.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct HeldKind {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// The device was just configured: it is the kind of the memory that was built in.
    pub cold: Signal<In, Bit>,
    /// A size is written.
    pub write: Signal<In, Bit>,
    /// Which, as [`Sizes`](super::sizes::Sizes) numbers them.
    pub which: Signal<In, Bits<3>>,
    /// What is written.
    pub data: Signal<In, Bits<16>>,
    /// Answers are classes.
    pub ranks: Signal<Out, Bit>,
    /// They are states.
    pub keyed: Signal<Out, Bit>,
    /// They are the states of every step.
    pub sequential: Signal<Out, Bit>,
    held: Register<Bits<KIND_BITS>>,
    first: Constant<Bits<KIND_BITS>>,
    place: Literal<16, KIND_SHIFT>,
    mode_word: Literal<3, { FIXED_MODE % 8 }>,
}

impl HeldKind {
    /// Of a plan's core, if that takes several kinds.
    pub fn of(plan: &Layout) -> Option<Self> {
        let [.., mode] = contents::sizes(plan);
        plan.chooses().then(|| HeldKind { first: constant(usize::from(mode >> KIND_SHIFT)), ..Default::default() })
    }
}

impl Logic for HeldKind {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: kind");
        if self.write.val() & (self.which.val() == self.mode_word.val()) {
            self.held.d.next = bit_cast::<KIND_BITS, 16>(self.data.val() >> self.place.val());
        }
        if self.cold.val() {
            self.held.d.next = self.first.val();
        }
        comment!("one more than the number: auto 1, map 2, class 3, sequence 4");
        self.ranks.next = self.held.q.val().get_bit(0) & self.held.q.val().get_bit(1);
        self.keyed.next = !self.held.q.val().get_bit(1);
        self.sequential.next = self.held.q.val().get_bit(2);
    }
}
