//! What a bank of the row store says to a lane of 16 neurons, of which a cue may not say all.
//!
//! It is [`Pick`](super::pick::Pick) with a [`Mask`](crate::blocks::mask::Mask). A bit that the mask skips is zero in a scan, and one in a
//! vote: so the mask's flip-flop takes the place of a copy of what makes `pick` all ones, and a bit is one table of four inputs still.

use super::popcount::Popcount16;
use crate::blocks::copy::Copied;
use crate::blocks::prelude::*;

/// The `pick` register of a bank and a lane, and its popcount.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct MaskedPick {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// The lane's bits of the row that the bank reads.
    pub row: Signal<In, Bits<16>>,
    /// The lane's state.
    pub state: Signal<In, Bits<16>>,
    /// Bits that are zero in a scan, and one in a vote.
    pub skip: Signal<In, Bits<16>>,
    /// From the cycle after next on, `pick` is row XOR state, and else the row.
    pub scans: Signal<In, Bit>,
    /// From the cycle after next on, `pick` is not held at zero (heeded only where it is one of several).
    pub open: Signal<In, Bit>,
    /// `pick`.
    pub picked: Signal<Out, Bits<16>>,
    /// Its ones, three cycles later.
    pub count: Signal<Out, Distance>,
    scan_here: Copied<1>,
    shut_here: Vec<Copied<1>>,
    pick: Register<Bits<16>>,
    popcount: Popcount16,
    compared: Signal<Local, Bits<16>>,
    used: Constant<Bits<16>>,
    ones: Literal<16, 0xffff>,
    none: Literal<16, 0>,
    yes: Literal<1, 1>,
    no: Literal<1, 0>,
    _shuts: usize,
}

impl MaskedPick {
    /// As [`Pick::new`](super::pick::Pick::new).
    pub fn new(neurons: usize, joined: bool, lean: bool) -> Self {
        assert!((1..=LANE).contains(&neurons));
        let copy = || if lean { Copied::shared() } else { Copied::default() };
        MaskedPick {
            scan_here: copy(),
            shut_here: joined.then(copy).into_iter().collect(),
            used: constant((1 << neurons) - 1),
            _shuts: usize::from(joined),
            ..Default::default()
        }
    }
}

impl Logic for MaskedPick {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: masked");
        comment!("copies of the controls");
        self.scan_here.d.next = self.no.val();
        if self.scans.val() {
            self.scan_here.d.next = self.yes.val();
        }
        comment!("pick: what the row means now, and what the mask does");
        self.compared.next = self.row.val() | self.skip.val();
        if self.scan_here.q.val().any() {
            self.compared.next = (self.row.val() ^ self.state.val()) & (self.skip.val() ^ self.ones.val());
        }
        self.pick.d.next = self.compared.val() & self.used.val();
        for s in 0..self._shuts {
            self.shut_here[s].d.next = self.yes.val();
            if self.open.val() {
                self.shut_here[s].d.next = self.no.val();
            }
            if self.shut_here[s].q.val().any() {
                self.pick.d.next = self.none.val();
            }
        }
        self.picked.next = self.pick.q.val();
        comment!("scan: distances");
        self.popcount.bits.next = self.pick.q.val();
        self.count.next = bit_cast::<DISTANCE_BITS, 5>(self.popcount.count.val());
    }
}
