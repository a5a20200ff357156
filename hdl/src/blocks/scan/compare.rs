//! What a bank of the row store says to a lane of a key whose bits vote for nothing: row XOR state, and its ones.
//!
//! It is [`Pick`](super::pick::Pick) without a vote: nothing else is ever in its register, so it has no controls.

use super::popcount::Popcount16;
use crate::blocks::prelude::*;

/// Row XOR state of a bank and a lane, and its popcount.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Compare {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// The lane's bits of the row that the bank reads.
    pub row: Signal<In, Bits<16>>,
    /// The lane's state.
    pub state: Signal<In, Bits<16>>,
    /// The bits in which they differed, four cycles later.
    pub count: Signal<Out, Distance>,
    /// Where bits of a cue can be unknown: those that count for nothing.
    pub skip: Vec<Signal<In, Bits<16>>>,
    differs: Register<Bits<16>>,
    popcount: Popcount16,
    used: Constant<Bits<16>>,
    ones: Literal<16, 0xffff>,
    _masks: usize,
    _wholes: usize,
}

impl Compare {
    /// For a lane of `neurons` neurons (1..=16). `masks`: whether bits of a cue can be unknown.
    pub fn new(neurons: usize, masks: bool) -> Self {
        assert!((1..=LANE).contains(&neurons));
        let masks = usize::from(masks);
        Compare {
            skip: many(masks),
            used: constant((1 << neurons) - 1),
            _masks: masks,
            _wholes: 1 - masks,
            ..Default::default()
        }
    }
}

impl Logic for Compare {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: compare");
        for _w in 0..self._wholes {
            self.differs.d.next = (self.row.val() ^ self.state.val()) & self.used.val();
        }
        for m in 0..self._masks {
            self.differs.d.next =
                ((self.row.val() ^ self.state.val()) & self.used.val()) & (self.skip[m].val() ^ self.ones.val());
        }
        self.popcount.bits.next = self.differs.q.val();
        self.count.next = bit_cast::<DISTANCE_BITS, 5>(self.popcount.count.val());
    }
}
