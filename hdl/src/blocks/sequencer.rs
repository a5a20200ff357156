//! The sequencer: cue in, steps until nothing changes, answer out.
//!
//! ```text
//! Load -> Start -> Scan -> Drain -> Begin -> Vote -> Settle -> Decide -> Unload -> Info -> Load
//!           ^------------------ something changed ----------------'
//! ```
//!
//! Every phase is a register of its own (one-hot), so that what depends on a phase waits for no decoder. Both loops
//! end by the sign bit of a counter that runs down to -1: no comparison stands in their way.

use super::{constant, lane::Mode, Distance, Index};
use rust_hdl::prelude::*;

/// Control of the core.
#[derive(Clone, Debug, LogicBlock)]
pub struct Sequencer {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Hold everything.
    pub reset: Signal<In, Bit>,
    /// A word of the cue is offered.
    pub in_valid: Signal<In, Bit>,
    /// It is taken.
    pub in_ready: Signal<Out, Bit>,
    /// A word of the answer is offered.
    pub out_valid: Signal<Out, Bit>,
    /// It is taken.
    pub out_ready: Signal<In, Bit>,
    /// It is one of the last three words.
    pub info: Signal<Out, Bit>,
    /// The last three words: steps (bit 15: converged), nearest, distance.
    pub info_word: Signal<Out, Bits<16>>,
    /// The nearest pattern.
    pub nearest: Signal<In, Index>,
    /// Its distance.
    pub distance: Signal<In, Distance>,
    /// The last distance has passed the filter.
    pub scanned: Signal<In, Bit>,
    /// Candidates in the queue.
    pub queued: Signal<In, Index>,
    /// From the vote: make `pick` all ones.
    pub all: Signal<In, Bit>,
    /// From the vote: the accumulators are complete.
    pub settled: Signal<In, Bit>,
    /// The state changed in this step (two cycles after `capture`).
    pub moved: Signal<In, Bit>,
    /// A step begins.
    pub start: Signal<Out, Bit>,
    /// The address register holds a row to scan.
    pub scan: Signal<Out, Bit>,
    /// The token after the last row.
    pub scan_token: Signal<Out, Bit>,
    /// The address register takes its next row from the vote.
    pub voting: Signal<Out, Bit>,
    /// A slot of the vote is issued.
    pub issue: Signal<Out, Bit>,
    /// The token after the last slot.
    pub vote_token: Signal<Out, Bit>,
    /// The slot's queue entry.
    pub entry: Signal<Out, Index>,
    /// The slot's plane.
    pub plane: Signal<Out, Bits<2>>,
    /// What `pick` is made of.
    pub mode: Signal<Out, Mode>,
    /// Accumulators whose pick bit is one are cleared.
    pub clear: Signal<Out, Bit>,
    /// States shift by a lane.
    pub shift: Signal<Out, Bit>,
    /// States take the signs.
    pub capture: Signal<Out, Bit>,
    /// A step ends in this cycle (for simulation).
    pub step_done: Signal<Out, Bit>,
    /// The cycles it took (for simulation).
    pub step_cycles: Signal<Out, Bits<32>>,
    /// Reset, and the cycle after it: on to Load.
    waking: DFF<Bit>,
    /// Load: words of the cue come in.
    loading: DFF<Bit>,
    /// Start: a step begins; one cycle.
    starting: DFF<Bit>,
    /// Scan: rows are read, one a cycle, then the token.
    scanning: DFF<Bit>,
    /// Drain: the last distance is on its way.
    draining: DFF<Bit>,
    /// Begin: the queue is complete; one cycle.
    beginning: DFF<Bit>,
    /// Vote: queued patterns are read again, a plane a cycle, then the token.
    electing: DFF<Bit>,
    /// Settle: the accumulators complete.
    settling: DFF<Bit>,
    /// Decide: another step? One cycle.
    deciding: DFF<Bit>,
    /// Unload: words of the answer go out.
    unloading: DFF<Bit>,
    /// Info: steps, nearest and distance go out.
    informing: DFF<Bit>,
    words: DFF<Bits<8>>,
    rows_left: DFF<Index>,
    entries_left: DFF<Index>,
    pointer: DFF<Index>,
    slot: DFF<Bits<2>>,
    how: DFF<Mode>,
    clearing: DFF<Bit>,
    settled1: DFF<Bit>,
    steps: DFF<Bits<8>>,
    converged: DFF<Bit>,
    which: DFF<Bits<2>>,
    cycles: DFF<Bits<32>>,
    accept: Signal<Local, Bit>,
    send: Signal<Local, Bit>,
    last_accepted: Signal<Local, Bit>,
    last_sent: Signal<Local, Bit>,
    last_info: Signal<Local, Bit>,
    again: Signal<Local, Bit>,
    rows_done: Signal<Local, Bit>,
    entries_done: Signal<Local, Bit>,
    final_step: Signal<Local, Bit>,
    last_row: Constant<Index>,
    row_sign: Constant<Bits<5>>,
    last_word: Constant<Bits<8>>,
    last_plane: Constant<Bits<2>>,
    max_steps: Constant<Bits<8>>,
    one_index: Constant<Index>,
    one_word: Constant<Bits<8>>,
    one_plane: Constant<Bits<2>>,
    one_cycle: Constant<Bits<32>>,
    two_cycles: Constant<Bits<32>>,
    converged_flag: Constant<Bits<16>>,
}

impl Sequencer {
    /// For this many rows to scan, lanes and planes.
    pub fn new(patterns: usize, lanes: usize, planes: usize, max_steps: u32) -> Self {
        Sequencer {
            clock: Signal::default(),
            reset: Signal::default(),
            in_valid: Signal::default(),
            in_ready: Signal::default(),
            out_valid: Signal::default(),
            out_ready: Signal::default(),
            info: Signal::default(),
            info_word: Signal::default(),
            nearest: Signal::default(),
            distance: Signal::default(),
            scanned: Signal::default(),
            queued: Signal::default(),
            all: Signal::default(),
            settled: Signal::default(),
            moved: Signal::default(),
            start: Signal::default(),
            scan: Signal::default(),
            scan_token: Signal::default(),
            voting: Signal::default(),
            issue: Signal::default(),
            vote_token: Signal::default(),
            entry: Signal::default(),
            plane: Signal::default(),
            mode: Signal::default(),
            clear: Signal::default(),
            shift: Signal::default(),
            capture: Signal::default(),
            step_done: Signal::default(),
            step_cycles: Signal::default(),
            waking: DFF::default(),
            loading: DFF::default(),
            starting: DFF::default(),
            scanning: DFF::default(),
            draining: DFF::default(),
            beginning: DFF::default(),
            electing: DFF::default(),
            settling: DFF::default(),
            deciding: DFF::default(),
            unloading: DFF::default(),
            informing: DFF::default(),
            words: DFF::default(),
            rows_left: DFF::default(),
            entries_left: DFF::default(),
            pointer: DFF::default(),
            slot: DFF::default(),
            how: DFF::default(),
            clearing: DFF::default(),
            settled1: DFF::default(),
            steps: DFF::default(),
            converged: DFF::default(),
            which: DFF::default(),
            cycles: DFF::default(),
            accept: Signal::default(),
            send: Signal::default(),
            last_accepted: Signal::default(),
            last_sent: Signal::default(),
            last_info: Signal::default(),
            again: Signal::default(),
            rows_done: Signal::default(),
            entries_done: Signal::default(),
            final_step: Signal::default(),
            last_row: constant(patterns - 1),
            // the counters hold -1..=patterns-1: the first bit that patterns-1 does not need is the sign
            row_sign: constant((usize::BITS - (patterns - 1).leading_zeros()) as usize),
            last_word: constant(lanes - 1),
            last_plane: constant(planes - 1),
            max_steps: constant(max_steps as usize),
            one_index: constant(1),
            one_word: constant(1),
            one_plane: constant(1),
            one_cycle: constant(1),
            two_cycles: constant(2),
            converged_flag: constant(1 << 15),
        }
    }
}

impl Logic for Sequencer {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: sequencer");
        dff_setup!(
            self,
            clock,
            waking,
            loading,
            starting,
            scanning,
            draining,
            beginning,
            electing,
            settling,
            deciding,
            unloading,
            informing,
            words,
            rows_left,
            entries_left,
            pointer,
            slot,
            how,
            clearing,
            settled1,
            steps,
            converged,
            which,
            cycles
        );
        self.in_ready.next = self.loading.q.val();
        self.out_valid.next = self.unloading.q.val() | self.informing.q.val();
        self.accept.next = self.loading.q.val() & self.in_valid.val();
        self.send.next = self.unloading.q.val() & self.out_ready.val();
        self.rows_done.next = self.rows_left.q.val().get_bit(self.row_sign.val().index());
        self.entries_done.next = self.entries_left.q.val().get_bit(self.row_sign.val().index());
        self.final_step.next = self.steps.q.val() == self.max_steps.val();
        self.last_accepted.next = self.accept.val() & (self.words.q.val() == self.last_word.val());
        self.last_sent.next = self.send.val() & (self.words.q.val() == self.last_word.val());
        self.last_info.next = self.informing.q.val() & (self.out_ready.val() & self.which.q.val().get_bit(1));
        self.again.next = self.moved.val() & !self.final_step.val();
        comment!("the phases");
        self.waking.d.next = false;
        self.loading.d.next =
            (self.waking.q.val() | self.last_info.val()) | (self.loading.q.val() & !self.last_accepted.val());
        self.starting.d.next = self.last_accepted.val() | (self.deciding.q.val() & self.again.val());
        self.scanning.d.next = self.starting.q.val() | (self.scanning.q.val() & !self.rows_done.val());
        self.draining.d.next =
            (self.scanning.q.val() & self.rows_done.val()) | (self.draining.q.val() & !self.scanned.val());
        self.beginning.d.next = self.draining.q.val() & self.scanned.val();
        self.electing.d.next = self.beginning.q.val() | (self.electing.q.val() & !self.entries_done.val());
        self.settling.d.next =
            (self.electing.q.val() & self.entries_done.val()) | (self.settling.q.val() & !self.settled1.q.val());
        self.deciding.d.next = self.settling.q.val() & self.settled1.q.val();
        self.unloading.d.next =
            (self.deciding.q.val() & !self.again.val()) | (self.unloading.q.val() & !self.last_sent.val());
        self.informing.d.next = self.last_sent.val() | (self.informing.q.val() & !self.last_info.val());
        if self.reset.val() {
            self.waking.d.next = true;
            self.loading.d.next = false;
            self.starting.d.next = false;
            self.scanning.d.next = false;
            self.draining.d.next = false;
            self.beginning.d.next = false;
            self.electing.d.next = false;
            self.settling.d.next = false;
            self.deciding.d.next = false;
            self.unloading.d.next = false;
            self.informing.d.next = false;
        }
        comment!("what the phases mean to the rest of the core");
        self.start.next = self.starting.q.val();
        self.scan.next = self.scanning.q.val() & !self.rows_done.val();
        self.scan_token.next = self.scanning.q.val() & self.rows_done.val();
        self.issue.next = self.electing.q.val() & !self.entries_done.val();
        self.vote_token.next = self.electing.q.val() & self.entries_done.val();
        self.voting.next = self.how.q.val() == Mode::Vote;
        self.step_done.next = self.deciding.q.val();
        comment!("the state shifts with the streams, and takes the signs when the accumulators are complete");
        self.shift.next = self.accept.val() | self.send.val();
        self.capture.next = self.settled.val();
        self.settled1.d.next = self.settled.val();
        comment!("words of the streams");
        if self.accept.val() | self.send.val() {
            self.words.d.next = self.words.q.val() + self.one_word.val();
        }
        if self.last_accepted.val() | (self.last_sent.val() | self.waking.q.val()) {
            self.words.d.next = 0.into();
        }
        self.which.d.next = 0.into();
        if self.informing.q.val() {
            self.which.d.next = self.which.q.val();
            if self.out_ready.val() {
                self.which.d.next = self.which.q.val() + self.one_plane.val();
            }
        }
        comment!("accumulators are cleared while a cue comes in and before every step");
        self.clearing.d.next = self.waking.q.val() | (self.loading.q.val() | self.deciding.q.val());
        if self.waking.q.val() | (self.loading.q.val() | self.all.val()) {
            self.how.d.next = Mode::All;
        }
        if self.starting.q.val() {
            self.how.d.next = Mode::Scan;
        }
        if self.beginning.q.val() {
            self.how.d.next = Mode::Vote;
        }
        comment!("rows of the scan; slots of the vote, a plane at a time");
        self.rows_left.d.next = self.rows_left.q.val() - self.one_index.val();
        if self.starting.q.val() {
            self.rows_left.d.next = self.last_row.val();
        }
        self.slot.d.next = self.slot.q.val() + self.one_plane.val();
        if self.slot.q.val() == self.last_plane.val() {
            self.slot.d.next = 0.into();
            self.pointer.d.next = self.pointer.q.val() + self.one_index.val();
            self.entries_left.d.next = self.entries_left.q.val() - self.one_index.val();
        }
        if self.beginning.q.val() {
            self.slot.d.next = 0.into();
            self.pointer.d.next = 0.into();
            self.entries_left.d.next = self.queued.val() - self.one_index.val();
        }
        comment!("steps, and the cycles of each");
        self.step_cycles.next = self.cycles.q.val();
        self.cycles.d.next = self.cycles.q.val() + self.one_cycle.val();
        if self.starting.q.val() {
            self.cycles.d.next = self.two_cycles.val();
        }
        if self.loading.q.val() {
            self.steps.d.next = self.one_word.val();
        }
        if self.deciding.q.val() {
            self.converged.d.next = !self.moved.val();
            if self.again.val() {
                self.steps.d.next = self.steps.q.val() + self.one_word.val();
            }
        }
        comment!("the last three words");
        self.info.next = self.informing.q.val();
        self.info_word.next = bit_cast::<16, 8>(self.steps.q.val());
        if self.converged.q.val() {
            self.info_word.next = bit_cast::<16, 8>(self.steps.q.val()) | self.converged_flag.val();
        }
        if self.which.q.val().get_bit(0) {
            self.info_word.next = bit_cast::<16, INDEX_BITS>(self.nearest.val());
        }
        if self.which.q.val().get_bit(1) {
            self.info_word.next = bit_cast::<16, DISTANCE_BITS>(self.distance.val());
        }
        self.entry.next = self.pointer.q.val();
        self.plane.next = self.slot.q.val();
        self.mode.next = self.how.q.val();
        self.clear.next = self.clearing.q.val();
    }
}

use super::{DISTANCE_BITS, INDEX_BITS};
