//! Whether an answer is known: its nearest pattern is not farther away than the memory's radius.

use crate::blocks::prelude::*;

/// A comparison bit by bit, the highest one last: there is time enough for it, and it needs no carry chain.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Radius {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// The distance of the nearest pattern.
    pub distance: Signal<In, Distance>,
    /// The radius.
    pub radius: Signal<In, Distance>,
    /// The distance is more, a cycle later.
    pub beyond: Signal<Out, Bit>,
    more: Vec<Signal<Local, Bit>>,
    held: Register<Bit>,
    _bits: usize,
    _bits_end: usize,
}

impl Radius {
    /// For all distances.
    pub fn new() -> Self {
        Radius {
            more: many(DISTANCE_BITS + 1),
            _bits: DISTANCE_BITS,
            _bits_end: DISTANCE_BITS + 1,
            ..Default::default()
        }
    }
}

impl Logic for Radius {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: radius");
        self.more[0].next = false;
        for b in 0..self._bits {
            self.more[b + 1].next = (self.distance.val().get_bit(b) & !self.radius.val().get_bit(b))
                | (!(self.distance.val().get_bit(b) ^ self.radius.val().get_bit(b)) & self.more[b].val());
        }
        for t in self._bits..self._bits_end {
            self.held.d.next = self.more[t].val();
        }
        self.beyond.next = self.held.q.val();
    }
}
