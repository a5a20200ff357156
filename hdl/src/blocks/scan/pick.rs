//! What a bank of the row store says to a lane of 16 neurons.
//!
//! A row meets the state, and the result is registered in `pick`, one bit a neuron. While scanning, `pick` is row XOR
//! state and goes to the popcount; while voting it is the row, and enables the neurons' accumulators; for the last
//! addition and for clearing it is all ones. One register (one LUT and flip-flop a bit) serves all three. Where several
//! banks, or several lanes, share an accumulator, all but one of their `pick` registers are held at zero, so that OR
//! joins them.

use super::popcount::Popcount16;
use crate::blocks::copy::Copied;
use crate::blocks::prelude::*;

/// The `pick` register of a bank and a lane, and its popcount.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Pick {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// The lane's bits of the row that the bank reads.
    pub row: Signal<In, Bits<16>>,
    /// The lane's state.
    pub state: Signal<In, Bits<16>>,
    /// From the cycle after next on, `pick` is row XOR state, and else the row.
    pub scans: Signal<In, Bit>,
    /// From the cycle after next on, `pick` is all ones.
    pub all: Signal<In, Bit>,
    /// From the cycle after next on, `pick` is not held at zero (heeded only where it is one of several).
    pub open: Signal<In, Bit>,
    /// `pick`.
    pub picked: Signal<Out, Bits<16>>,
    /// Its ones, three cycles later.
    pub count: Signal<Out, Distance>,
    scan_here: Copied<1>,
    all_here: Copied<1>,
    shut_here: Vec<Copied<1>>,
    pick: Register<Bits<16>>,
    popcount: Popcount16,
    against: Signal<Local, Bits<16>>,
    forced: Signal<Local, Bits<16>>,
    used: Constant<Bits<16>>,
    none: Literal<16, 0>,
    yes: Literal<1, 1>,
    no: Literal<1, 0>,
    _shuts: usize,
}

impl Pick {
    /// For a lane of `neurons` neurons (1..=16). `joined`: whether it is one of several that are joined.
    /// `lean`: whether copies of the controls may be shared with other lanes.
    pub fn new(neurons: usize, joined: bool, lean: bool) -> Self {
        assert!((1..=LANE).contains(&neurons));
        let copy = || if lean { Copied::shared() } else { Copied::default() };
        Pick {
            scan_here: copy(),
            all_here: copy(),
            shut_here: joined.then(copy).into_iter().collect(),
            used: constant((1 << neurons) - 1),
            _shuts: usize::from(joined),
            ..Default::default()
        }
    }
}

impl Logic for Pick {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: pick");
        comment!("copies of the controls");
        self.scan_here.d.next = self.no.val();
        if self.scans.val() {
            self.scan_here.d.next = self.yes.val();
        }
        self.all_here.d.next = self.no.val();
        if self.all.val() {
            self.all_here.d.next = self.yes.val();
        }
        comment!("pick: what the row means now");
        self.against.next = self.none.val();
        if self.scan_here.q.val().any() {
            self.against.next = self.state.val();
        }
        self.forced.next = self.none.val();
        if self.all_here.q.val().any() {
            self.forced.next = self.used.val();
        }
        self.pick.d.next = ((self.row.val() ^ self.against.val()) & self.used.val()) | self.forced.val();
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
