//! The review of a queue: queued rows meet the state anew, the row that was nearest before them.
//!
//! If that row is the state, every other distance is said, whatever it is, and takes the place of the one that was queued. Nothing
//! else can be within reach: the state moved exactly as far as the nearest row was, and what was not queued was farther than that and
//! the reach. If it is not, the review has missed, and all rows are scanned.

use crate::{blocks::prelude::*, contents::Plan};

/// Whether the state is the row that was nearest, and which bank's distance is there.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Review {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// All the time that a review takes.
    pub reviewing: Signal<In, Bit>,
    /// Distances are there.
    pub comes: Signal<In, Bit>,
    /// They are, one a bank; where cues share a scan, cue by cue.
    pub distance: Vec<Signal<In, Distance>>,
    /// The bank of a row, in the cycle before it is read.
    pub bank_read: Signal<In, Bits<2>>,
    /// Where cues share a scan, one bit a cue: it is its queue.
    pub own: Vec<Signal<In, Bit>>,
    /// The pattern that was nearest.
    pub nearest: Signal<In, Index>,
    /// The distance of this bank is that of a queued pattern.
    pub again: Vec<Signal<Out, Bit>>,
    /// The row that was nearest is not the state.
    pub missed: Signal<Out, Bit>,
    /// It is.
    pub holds: Signal<Out, Bit>,
    /// The first distance was there,
    judged: Register<Bit>,
    /// and it was zero,
    matched: Register<Bit>,
    /// or it was not.
    unequal: Register<Bit>,
    /// Distances are zero, a cycle later: what chooses one of them is in no one's way.
    zero: Vec<Register<Bit>>,
    late: Register<Bit>,
    first: Signal<Local, Bit>,
    /// Where cues share a scan: the distance of the nearest row is the one of this cue and bank.
    chosen: Vec<Register<Bit>>,
    bank: Vec<Register<Bits<2>>>,
    bank_now: Signal<Local, Bits<2>>,
    nearest_bank: Signal<Local, Bits<2>>,
    number: Vec<Constant<Bits<2>>>,
    mask: Constant<Bits<2>>,
    _banks: usize,
    _banks_end: usize,
    _all: usize,
    _cues: usize,
    _chosen: usize,
    _shared: usize,
    _last_delay: usize,
    _delay: usize,
}

impl Review {
    /// That of a plan.
    pub fn new(plan: &Plan) -> Self {
        let (banks, several) = (plan.parallel, usize::from(plan.cues > 1));
        // the bank goes as its row does, from a cycle before the row store's
        let delay = if banks > 1 { plan.scan_delay() - plan.row_latency() + 1 } else { 0 };
        Review {
            distance: many(banks * plan.cues),
            zero: many(banks * plan.cues),
            own: many(several * plan.cues),
            chosen: many(several * plan.cues * banks),
            _banks_end: banks + 1,
            _all: banks * plan.cues,
            _cues: several * plan.cues,
            _chosen: several * plan.cues * banks,
            again: many(banks),
            bank: many(delay),
            number: (0..banks).map(constant).collect(),
            mask: constant(banks - 1),
            _banks: banks,
            _shared: usize::from(banks > 1),
            _last_delay: delay.saturating_sub(1),
            _delay: delay,
            ..Default::default()
        }
    }
}

impl Logic for Review {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: review");
        self.bank_now.next = 0.into();
        self.nearest_bank.next = 0.into();
        for s in 0..self._shared {
            self.nearest_bank.next = bit_cast::<2, INDEX_BITS>(self.nearest.val()) & self.mask.val();
            self.bank[s].d.next = self.bank_read.val();
            for t in 0..self._last_delay {
                self.bank[t + 1].d.next = self.bank[t].q.val();
            }
            for t in self._last_delay..self._delay {
                self.bank_now.next = self.bank[t].q.val();
            }
        }
        comment!("the first distance is that of the row that was nearest, the others are those of the queue");
        for i in 0..self._all {
            self.zero[i].d.next = !self.distance[i].val().any();
        }
        self.late.d.next = self.comes.val();
        self.first.next = false;
        for b in 0..self._banks {
            if self.nearest_bank.val() == self.number[b].val() {
                self.first.next = self.zero[b].q.val();
            }
            self.again[b].next =
                (self.comes.val() & self.judged.q.val()) & (self.bank_now.val() == self.number[b].val());
        }
        for n in self._banks..self._banks_end {
            for c in 0..self._cues {
                for b in 0..self._banks {
                    self.chosen[n * c + b].d.next =
                        self.own[c].val() & (self.nearest_bank.val() == self.number[b].val());
                    self.first.next = false;
                }
            }
        }
        for i in 0..self._chosen {
            self.first.next = self.first.val() | (self.chosen[i].q.val() & self.zero[i].q.val());
        }
        // two registers, not one and another: what waits for them has no level more
        self.judged.d.next = self.late.q.val() | (self.judged.q.val() & self.reviewing.val());
        self.matched.d.next = ((self.late.q.val() & self.first.val()) & !self.judged.q.val())
            | (self.matched.q.val() & self.reviewing.val());
        self.unequal.d.next = ((self.late.q.val() & !self.first.val()) & !self.judged.q.val())
            | (self.unequal.q.val() & self.reviewing.val());
        self.missed.next = self.unequal.q.val();
        self.holds.next = self.matched.q.val();
    }
}
