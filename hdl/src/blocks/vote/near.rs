//! Whether a pattern that votes is within the radius, known when its value is there.

use crate::blocks::prelude::*;

/// A comparison bit by bit, the highest one last, and a delay.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Near {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// The distance of a queued pattern.
    pub distance: Signal<In, Distance>,
    /// The radius.
    pub radius: Signal<In, Distance>,
    /// A cycle later: that pattern votes.
    pub counts: Signal<In, Bit>,
    /// Its value is there, and it is within the radius.
    pub close: Signal<Out, Bit>,
    farther: Vec<Signal<Local, Bit>>,
    within: Register<Bit>,
    votes: Vec<Register<Bit>>,
    _bits: usize,
    _bits_end: usize,
    _delay: usize,
    _delay_end: usize,
}

impl Near {
    /// For a value that is there so many cycles after it is known that its pattern votes.
    pub fn new(delay: usize) -> Self {
        Near {
            farther: many(DISTANCE_BITS + 1),
            votes: many(delay + 1),
            _bits: DISTANCE_BITS,
            _bits_end: DISTANCE_BITS + 1,
            _delay: delay,
            _delay_end: delay + 1,
            ..Default::default()
        }
    }
}

impl Logic for Near {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: near");
        self.farther[0].next = false;
        for b in 0..self._bits {
            self.farther[b + 1].next = (self.distance.val().get_bit(b) & !self.radius.val().get_bit(b))
                | (!(self.distance.val().get_bit(b) ^ self.radius.val().get_bit(b)) & self.farther[b].val());
        }
        for e in self._bits..self._bits_end {
            self.within.d.next = !self.farther[e].val();
        }
        self.votes[0].d.next = self.counts.val() & self.within.q.val();
        for t in 0..self._delay {
            self.votes[t + 1].d.next = self.votes[t].q.val();
        }
        for e in self._delay..self._delay_end {
            self.close.next = self.votes[e].q.val();
        }
    }
}
