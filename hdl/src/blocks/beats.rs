//! Which word of a row it is, where a row is read in beats: the beat, and the lane whose word a stream moves.
//!
//! Every phase of a recall begins with the first word of a row and ends behind its last one, so one counter serves them all: words of a
//! cue come in, rows are scanned, slots of outputs vote, and words of the answer go out.

use crate::{
    blocks::{BEAT_BITS, Beat, prelude::*},
    layout::Layout,
};

/// The beat.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Beats {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Back to the first word.
    pub clear: Signal<In, Bit>,
    /// A word of a stream moves: on to the next lane, and behind the last one to the next beat.
    pub shift: Signal<In, Bit>,
    /// On to the next beat.
    pub advance: Signal<In, Bit>,
    /// Rows are scanned: where a row has a register more behind it, the state is asked for a cycle later.
    pub scans: Signal<In, Bit>,
    /// The beat.
    pub beat: Signal<Out, Beat>,
    /// The same, as wide as the address of a row.
    pub place: Signal<Out, Index>,
    /// It is the last one of a row.
    pub ending: Signal<Out, Bit>,
    /// The word of the state to read.
    pub look: Signal<Out, Beat>,
    /// The lane whose word moves.
    pub lane: Vec<Signal<Out, Bit>>,
    count: Register<Beat>,
    last: Register<Bit>,
    late: Vec<Register<Beat>>,
    at: Vec<Register<Bit>>,
    around: Signal<Local, Bit>,
    onward: Signal<Local, Bit>,
    one: Literal<BEAT_BITS, 1>,
    before_last: Constant<Beat>,
    _lanes: usize,
    _last_lane: usize,
    _ranks: usize,
}

impl Beats {
    /// Those of a layout.
    pub fn new(plan: &Layout) -> Self {
        let (lanes, ranks) = (plan.lanes(), plan.row_latency() - 1);
        Beats {
            lane: many(lanes),
            at: many(lanes),
            late: many(ranks),
            before_last: constant(plan.beats - 2),
            _lanes: lanes,
            _last_lane: lanes - 1,
            _ranks: ranks,
            ..Default::default()
        }
    }
}

impl Logic for Beats {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: beats");
        comment!("the lane whose word moves: one bit that goes round");
        for l in 0..self._lanes {
            self.lane[l].next = self.at[l].q.val();
        }
        for l in 0..self._last_lane {
            if self.shift.val() {
                self.at[l + 1].d.next = self.at[l].q.val();
            }
            if self.clear.val() {
                self.at[l + 1].d.next = false;
            }
        }
        for l in self._last_lane..self._lanes {
            self.around.next = self.shift.val() & self.at[l].q.val();
            if self.shift.val() {
                self.at[0].d.next = self.at[l].q.val();
            }
        }
        if self.clear.val() {
            self.at[0].d.next = true;
        }
        comment!("the beat; whether it is the last one is known with it");
        self.onward.next = self.advance.val() | self.around.val();
        if self.onward.val() {
            self.count.d.next = self.count.q.val() + self.one.val();
            self.last.d.next = self.count.q.val() == self.before_last.val();
            if self.last.q.val() {
                self.count.d.next = 0.into();
            }
        }
        if self.clear.val() {
            self.count.d.next = 0.into();
            self.last.d.next = false;
        }
        self.beat.next = self.count.q.val();
        self.place.next = bit_cast::<INDEX_BITS, BEAT_BITS>(self.count.q.val());
        self.ending.next = self.last.q.val();
        self.look.next = self.count.q.val();
        for r in 0..self._ranks {
            comment!("a row of several ranks comes a cycle later, and its word of the state with it");
            self.late[r].d.next = self.count.q.val();
            if self.scans.val() {
                self.look.next = self.late[r].q.val();
            }
        }
    }
}
