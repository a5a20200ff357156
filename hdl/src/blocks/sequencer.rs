//! The sequencer: cue in, steps until nothing changes, answer out.
//!
//! ```text
//! Load -> Start -> Scan -> Drain -> Begin -> Vote -> Settle -> Decide -> Unload -> Info -> Load
//!           ^------------------ something changed ----------------'
//! ```
//!
//! Both loops end by the sign bit of a counter that runs down to -1: no comparison stands in their way.

use super::{constant, lane::Mode, Distance, Index};
use rust_hdl::prelude::*;

/// Where a recall stands.
#[derive(Clone, Copy, Debug, PartialEq, LogicState)]
pub enum Phase {
    /// Words of the cue come in.
    Load,
    /// A step begins: one cycle.
    Start,
    /// Rows are read, one a cycle, then the token.
    Scan,
    /// The last distance is on its way.
    Drain,
    /// The queue is complete: one cycle.
    Begin,
    /// Queued patterns are read again, a plane a cycle, then the token.
    Vote,
    /// The accumulators complete.
    Settle,
    /// One cycle: another step?
    Decide,
    /// Words of the answer go out.
    Unload,
    /// Steps, nearest and distance go out.
    Info,
}

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
    phase: DFF<Phase>,
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
            phase: DFF::default(),
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
            phase,
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
        self.in_ready.next = (self.phase.q.val() == Phase::Load) & !self.reset.val();
        self.out_valid.next = (self.phase.q.val() == Phase::Unload) | (self.phase.q.val() == Phase::Info);
        self.accept.next = self.in_ready.val() & self.in_valid.val();
        self.send.next = self.out_valid.val() & self.out_ready.val();
        self.rows_done.next = self.rows_left.q.val().get_bit(self.row_sign.val().index());
        self.entries_done.next = self.entries_left.q.val().get_bit(self.row_sign.val().index());
        self.final_step.next = self.steps.q.val() == self.max_steps.val();
        self.start.next = self.phase.q.val() == Phase::Start;
        self.scan.next = (self.phase.q.val() == Phase::Scan) & !self.rows_done.val();
        self.scan_token.next = (self.phase.q.val() == Phase::Scan) & self.rows_done.val();
        self.issue.next = (self.phase.q.val() == Phase::Vote) & !self.entries_done.val();
        self.vote_token.next = (self.phase.q.val() == Phase::Vote) & self.entries_done.val();
        self.voting.next = self.how.q.val() == Mode::Vote;
        self.step_done.next = self.phase.q.val() == Phase::Decide;
        self.step_cycles.next = self.cycles.q.val();
        self.cycles.d.next = self.cycles.q.val() + self.one_cycle.val();
        comment!("the state shifts with the streams, and takes the signs when the accumulators are complete");
        self.shift.next = self.accept.val() | (self.send.val() & (self.phase.q.val() == Phase::Unload));
        self.capture.next = self.settled.val();
        self.settled1.d.next = self.settled.val();
        comment!("accumulators are cleared while a cue comes in and before every step");
        self.clearing.d.next = (self.phase.q.val() == Phase::Load) | (self.phase.q.val() == Phase::Decide);
        if self.all.val() {
            self.how.d.next = Mode::All;
        }
        match self.phase.q.val() {
            Phase::Load => {
                self.how.d.next = Mode::All;
                self.steps.d.next = self.one_word.val();
                if self.accept.val() {
                    self.words.d.next = self.words.q.val() + self.one_word.val();
                    if self.words.q.val() == self.last_word.val() {
                        self.words.d.next = 0.into();
                        self.phase.d.next = Phase::Start;
                        self.cycles.d.next = self.one_cycle.val();
                    }
                }
            }
            Phase::Start => {
                self.how.d.next = Mode::Scan;
                self.rows_left.d.next = self.last_row.val();
                self.cycles.d.next = self.two_cycles.val();
                self.phase.d.next = Phase::Scan;
            }
            Phase::Scan => {
                self.rows_left.d.next = self.rows_left.q.val() - self.one_index.val();
                if self.rows_done.val() {
                    self.phase.d.next = Phase::Drain;
                }
            }
            Phase::Drain => {
                if self.scanned.val() {
                    self.phase.d.next = Phase::Begin;
                }
            }
            Phase::Begin => {
                self.how.d.next = Mode::Vote;
                self.pointer.d.next = 0.into();
                self.slot.d.next = 0.into();
                self.entries_left.d.next = self.queued.val() - self.one_index.val();
                self.phase.d.next = Phase::Vote;
            }
            Phase::Vote => {
                self.slot.d.next = self.slot.q.val() + self.one_plane.val();
                if self.slot.q.val() == self.last_plane.val() {
                    self.slot.d.next = 0.into();
                    self.pointer.d.next = self.pointer.q.val() + self.one_index.val();
                    self.entries_left.d.next = self.entries_left.q.val() - self.one_index.val();
                }
                if self.entries_done.val() {
                    self.phase.d.next = Phase::Settle;
                }
            }
            Phase::Settle => {
                if self.settled1.q.val() {
                    self.phase.d.next = Phase::Decide;
                }
            }
            Phase::Decide => {
                self.converged.d.next = !self.moved.val();
                self.which.d.next = 0.into();
                if self.moved.val() & !self.final_step.val() {
                    self.steps.d.next = self.steps.q.val() + self.one_word.val();
                    self.phase.d.next = Phase::Start;
                } else {
                    self.phase.d.next = Phase::Unload;
                }
            }
            Phase::Unload => {
                if self.out_ready.val() {
                    self.words.d.next = self.words.q.val() + self.one_word.val();
                    if self.words.q.val() == self.last_word.val() {
                        self.words.d.next = 0.into();
                        self.phase.d.next = Phase::Info;
                    }
                }
            }
            _ => {
                if self.out_ready.val() {
                    self.which.d.next = self.which.q.val() + self.one_plane.val();
                    if self.which.q.val().get_bit(1) {
                        self.phase.d.next = Phase::Load;
                    }
                }
            }
        }
        if self.reset.val() {
            self.phase.d.next = Phase::Load;
            self.words.d.next = 0.into();
        }
        comment!("the last three words");
        self.info.next = self.phase.q.val() == Phase::Info;
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
