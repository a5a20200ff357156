//! The sequencer: cue in, steps until nothing changes, answer out.
//!
//! ```text
//! Load -> Start -> Scan -> Drain -> Begin -> Vote -> Settle -> Decide -> Unload -> Info -> Load
//!           ^------------------ something changed ----------------'
//! ```
//!
//! A folded core votes once per slot: Decide goes back to Begin until the last slot is done, and before every Start
//! and Begin it wipes the accumulators (Wipe). A core that reads out the nearest pattern has one step, and nothing to vote on.
//!
//! Every phase is a register of its own (one-hot), so that what depends on a phase waits for no decoder. Both loops
//! end by the sign bit of a counter that runs down to -1: no comparison stands in their way.

use crate::{blocks::prelude::*, cycles::WIPE};

/// The most banks.
pub const MAX_BANKS: usize = 4;

/// What a sequencer's loops count.
#[derive(Clone, Copy, Debug)]
pub struct Counts {
    /// Groups of rows to scan, at most.
    pub groups: usize,
    /// Rows in a group.
    pub banks: usize,
    /// Lanes of neurons, words of a cue.
    pub lanes: usize,
    /// Planes, slots of a queued pattern.
    pub planes: usize,
    /// Slots of lanes that share the accumulators.
    pub fold: usize,
    /// Whether rows can be fetched.
    pub loadable: bool,
    /// Whether cells are scarcer than time.
    pub lean: bool,
    /// Words of an answer.
    pub answer_words: usize,
    /// Words of a row of values that can be fetched.
    pub value_words: usize,
    /// Whether a recall has one step.
    pub single: bool,
    /// Whether every step's answer leaves the core.
    pub sequence: bool,
    /// Whether words of an answer go another way than those of a cue.
    pub leaving: bool,
    /// Whether it is said that an answer is not known.
    pub tells_unknown: bool,
}

/// Control of the core.
#[derive(Clone, Debug, Default, LogicBlock)]
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
    /// Where that is said: it is beyond the radius.
    pub unknown: Vec<Signal<In, Bit>>,
    /// Words of an answer leave.
    pub leaving: Vec<Signal<Out, Bit>>,
    /// The last distance has passed the filter.
    pub scanned: Signal<In, Bit>,
    /// Candidates in each bank's queue (heeded only where the core is lean).
    pub queued: [Signal<In, Index>; MAX_BANKS],
    /// The same less one (heeded only where the core is not lean).
    pub after_first: [Signal<In, Index>; MAX_BANKS],
    /// From the vote: make `pick` all ones.
    pub all: Signal<In, Bit>,
    /// From the vote: the accumulators are complete in the next cycle.
    pub settled: Signal<In, Bit>,
    /// The state changed in this step (four cycles after `settled`).
    pub moved: Signal<In, Bit>,
    /// Groups of rows to scan, less one; it and `max_steps` stay the same during a recall.
    pub last_row: Signal<In, Index>,
    /// The most steps of a recall.
    pub max_steps: Signal<In, Bits<8>>,
    /// The row that the address register holds (heeded only where the core is lean).
    pub row: Signal<In, Index>,
    /// Between recalls, where rows can be fetched: a row is the answer, without steps and without the last three words.
    pub fetch: Signal<In, Bit>,
    /// Where values are apart from the keys: it is a row of them.
    pub of_values: Vec<Signal<In, Bit>>,
    /// A row is being fetched.
    pub fetching: Signal<Out, Bit>,
    /// A step begins.
    pub start: Signal<Out, Bit>,
    /// The address register holds a row to scan.
    pub scans: Signal<Out, Bit>,
    /// It is the last one.
    pub scan_last: Signal<Out, Bit>,
    /// The queue is complete: rows are looked up now.
    pub vote_start: Signal<Out, Bit>,
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
    /// The slot's bank.
    pub bank: Signal<Out, Bits<2>>,
    /// The lanes' slot that votes.
    pub turn: Signal<Out, Bits<2>>,
    /// Every bank of every lane takes part.
    pub open: Signal<Out, Bit>,
    /// `pick` is row XOR state.
    pub compare: Signal<Out, Bit>,
    /// `pick` is all ones.
    pub everyone: Signal<Out, Bit>,
    /// Accumulators whose pick bit is one are cleared.
    pub clear: Signal<Out, Bit>,
    /// States shift by a lane.
    pub shift: Signal<Out, Bit>,
    /// States take the signs.
    pub capture: Signal<Out, Bit>,
    /// A slot's accumulators are complete (for simulation).
    pub turn_done: Signal<Out, Bit>,
    /// A step ends in this cycle (for simulation).
    pub step_done: Signal<Out, Bit>,
    /// The cycles it took (for simulation).
    pub step_cycles: Signal<Out, Bits<32>>,
    /// Reset, and the cycle after it: on to Load.
    waking: Register<Bit>,
    /// Load: words of the cue come in.
    loading: Register<Bit>,
    /// Wipe: accumulators are cleared (folded cores only).
    wiping: Vec<Register<Bit>>,
    /// Start: a step begins; one cycle.
    starting: Register<Bit>,
    /// Scan: rows are read, one a cycle, then the token.
    scanning: Register<Bit>,
    /// Drain: the last distance is on its way.
    draining: Register<Bit>,
    /// Begin: the queue is complete; one cycle.
    beginning: Register<Bit>,
    /// Vote: queued patterns are read again, a plane a cycle, then the token.
    electing: Register<Bit>,
    /// Settle: the accumulators complete.
    settling: Register<Bit>,
    /// Decide: another step? One cycle.
    deciding: Register<Bit>,
    /// Unload: words of the answer go out.
    unloading: Register<Bit>,
    /// Info: steps, nearest and distance go out.
    informing: Register<Bit>,
    final_step: Register<Bit>,
    said: Register<Bits<16>>,
    words: Register<Bits<8>>,
    /// Where the core is not lean: counters, since a comparison takes longer to say that an end is reached.
    rows_left: Vec<Register<Index>>,
    entries_left: Vec<Register<Index>>,
    pointer: Register<Index>,
    slots: Vec<Register<Bits<2>>>,
    banks: Vec<Register<Bits<2>>>,
    turns: Vec<Register<Bits<2>>>,
    wipes: Vec<Register<Bits<2>>>,
    /// Fetching: instead of a recall.
    fetched: Vec<Register<Bit>>,
    comparing: Register<Bit>,
    looking: Register<Bit>,
    filling: Register<Bit>,
    clearing: Register<Bit>,
    shifting: Register<Bit>,
    offering: Register<Bit>,
    sent: Register<Bit>,
    settled1: Register<Bit>,
    settled2: Register<Bit>,
    settled3: Register<Bit>,
    steps: Register<Bits<8>>,
    converged: Register<Bit>,
    which: Register<Bits<2>>,
    cycles: Register<Bits<32>>,
    accept: Signal<Local, Bit>,
    send: Signal<Local, Bit>,
    last_accepted: Signal<Local, Bit>,
    last_sent: Signal<Local, Bit>,
    last_info: Signal<Local, Bit>,
    again: Signal<Local, Bit>,
    rows_done: Signal<Local, Bit>,
    entries_done: Signal<Local, Bit>,
    final_bank: Signal<Local, Bit>,
    final_turn: Signal<Local, Bit>,
    wiped: Signal<Local, Bit>,
    asked: Signal<Local, Bit>,
    alone: Signal<Local, Bit>,
    wanted: Signal<Local, Bit>,
    following: Signal<Local, Index>,
    left_over: Signal<Local, Index>,
    row_sign: Constant<Bits<5>>,
    more_words: Constant<Bits<8>>,
    /// Where an answer has as many words as a cue, that is it.
    more_answers: Vec<Constant<Bits<8>>>,
    more_values: Vec<Constant<Bits<8>>>,
    word_sign: Constant<Bits<4>>,
    last_plane: Constant<Bits<2>>,
    last_bank: Constant<Bits<2>>,
    last_turn: Constant<Bits<2>>,
    last_wipe: Literal<2, { WIPE - 1 }>,
    no_index: Literal<INDEX_BITS, 0>,
    entry_mask: Constant<Index>,
    yes: Constant<Bit>,
    single: Constant<Bit>,
    one_index: Literal<INDEX_BITS, 1>,
    one_word: Literal<8, 1>,
    one_plane: Literal<2, 1>,
    no_slot: Literal<2, 0>,
    one_cycle: Literal<32, 1>,
    converged_flag: Literal<16, { 1 << 15 }>,
    /// Where every step's answer leaves: there is a next one.
    more_steps: Vec<Signal<Local, Bit>>,
    unknown_flag: Vec<Literal<16, { 1 << 14 }>>,
    _lean: usize,
    _deep: usize,
    _compared: usize,
    _shared: usize,
    _folded: usize,
    _planes: usize,
    _fetches: usize,
    _leaves: usize,
    _others: usize,
    _unknowns: usize,
    _sequences: usize,
    _values: usize,
}

impl Sequencer {
    /// For these counts.
    pub fn new(counts: Counts) -> Self {
        let Counts { groups, banks, lanes, planes, fold, loadable, lean, answer_words, single, .. } = counts;
        let [leaves, unknowns, others, sequences] =
            [counts.leaving, counts.tells_unknown, answer_words != lanes, counts.sequence].map(usize::from);
        let values = usize::from(counts.value_words > 0);
        // a counter of words runs down from two less than their number
        let more = |words: usize| constant((words + 254) % 256);
        let deep = usize::from(!lean);
        assert!((1..=MAX_BANKS).contains(&banks) && (1..=4).contains(&fold));
        let [shared, folded, several] = [banks, fold, planes].map(|n| usize::from(n > 1));
        Sequencer {
            unknown: many(unknowns),
            leaving: many(leaves),
            more_answers: (0..others).map(|_| more(answer_words)).collect(),
            unknown_flag: many(unknowns),
            _leaves: leaves,
            _others: others,
            _unknowns: unknowns,
            more_steps: many(sequences),
            _sequences: sequences,
            of_values: many(values),
            more_values: (0..values).map(|_| more(counts.value_words)).collect(),
            _values: values,
            wiping: many(folded),
            rows_left: many(deep),
            entries_left: many(deep),
            slots: many(several),
            banks: many(shared),
            turns: many(folded),
            wipes: many(folded),
            fetched: many(usize::from(loadable)),
            // the counters hold -1..=groups-1: the first bit that groups-1 does not need is the sign
            row_sign: constant((usize::BITS - (groups - 1).leading_zeros()) as usize),
            // to -1, which is the last word: the sign is the first bit that lanes-2 does not need
            more_words: more(lanes),
            word_sign: constant(
                (usize::BITS - lanes.max(answer_words).max(counts.value_words).saturating_sub(2).leading_zeros())
                    as usize,
            ),
            last_plane: constant(planes - 1),
            _fetches: usize::from(loadable),
            last_bank: constant(banks - 1),
            last_turn: constant(fold - 1),
            // as many bits as count all of a queue
            entry_mask: constant((groups + 1).next_power_of_two() - 1),
            yes: Constant::new(true),
            single: Constant::new(single),
            _lean: usize::from(lean),
            _deep: deep,
            _compared: usize::from(lean) * shared,
            _shared: shared,
            _folded: folded,
            _planes: several,
            ..Default::default()
        }
    }
}

impl Logic for Sequencer {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: sequencer");
        comment!("a row is asked for, and fetched");
        self.asked.next = false;
        self.alone.next = false;
        for f in 0..self._fetches {
            self.asked.next = self.fetch.val() & self.loading.q.val();
            self.alone.next = self.fetched[f].q.val();
            self.fetched[f].d.next =
                (self.fetch.val() & self.loading.q.val()) | (self.fetched[f].q.val() & !self.loading.q.val());
            if self.reset.val() {
                self.fetched[f].d.next = false;
            }
        }
        self.fetching.next = self.alone.val();
        comment!("words of the streams: after each, a cycle for the state to move on");
        self.in_ready.next = self.loading.q.val() & !self.shifting.q.val();
        self.out_valid.next = self.offering.q.val();
        self.accept.next = (self.loading.q.val() & !self.shifting.q.val()) & self.in_valid.val();
        self.send.next = self.offering.q.val() & self.out_ready.val();
        self.offering.d.next = (self.unloading.q.val() | self.informing.q.val())
            & !(self.shifting.q.val() | (self.sent.q.val() | self.send.val()));
        for _l in 0..self._lean {
            self.rows_done.next = self.row.val() == (self.last_row.val() + self.one_index.val());
            self.scan_last.next = self.row.val() == self.last_row.val();
            self.entries_done.next = self.pointer.q.val() == self.queued[0].val();
        }
        for c in 0..self._deep {
            self.rows_done.next = self.rows_left[c].q.val().get_bit(self.row_sign.val().index());
            self.scan_last.next = self.rows_left[c].q.val() == self.no_index.val();
            self.entries_done.next = self.entries_left[c].q.val().get_bit(self.row_sign.val().index());
        }
        for b in 0..self._compared {
            match self.banks[b].q.val().index() {
                0 => self.entries_done.next = self.pointer.q.val() == self.queued[0].val(),
                1 => self.entries_done.next = self.pointer.q.val() == self.queued[1].val(),
                2 => self.entries_done.next = self.pointer.q.val() == self.queued[2].val(),
                _ => self.entries_done.next = self.pointer.q.val() == self.queued[3].val(),
            }
        }
        self.final_step.d.next = (self.single.val() | self.alone.val()) | (self.steps.q.val() == self.max_steps.val());
        self.last_accepted.next =
            self.shifting.q.val() & (self.loading.q.val() & self.words.q.val().get_bit(self.word_sign.val().index()));
        self.last_sent.next =
            self.shifting.q.val() & (self.unloading.q.val() & self.words.q.val().get_bit(self.word_sign.val().index()));
        self.last_info.next = self.sent.q.val() & self.which.q.val().get_bit(1);
        comment!("of several banks' queues, and of several slots, there is a last one");
        self.final_bank.next = self.yes.val();
        self.bank.next = 0.into();
        self.following.next = self.no_index.val();
        for b in 0..self._shared {
            self.bank.next = self.banks[b].q.val();
            self.final_bank.next = self.banks[b].q.val() == self.last_bank.val();
            match self.banks[b].q.val().index() {
                0 => self.following.next = self.after_first[1].val(),
                1 => self.following.next = self.after_first[2].val(),
                _ => self.following.next = self.after_first[3].val(),
            }
        }
        self.final_turn.next = self.yes.val();
        self.turn.next = 0.into();
        for f in 0..self._folded {
            self.turn.next = self.turns[f].q.val();
            self.final_turn.next = self.turns[f].q.val() == self.last_turn.val();
        }
        self.again.next = (self.moved.val() & !self.final_step.q.val()) | !self.final_turn.val();
        for s in 0..self._sequences {
            comment!("a sequence: its steps are counted, and every answer leaves before the next one begins");
            self.again.next = !self.final_turn.val();
            self.more_steps[s].next = self.last_info.val() & !self.final_step.q.val();
        }
        comment!("the phases");
        self.waking.d.next = false;
        self.loading.d.next = (self.waking.q.val()
            | (self.last_info.val() | (self.last_sent.val() & self.alone.val())))
            | (self.loading.q.val() & !(self.last_accepted.val() | self.asked.val()));
        self.wanted.next = self.last_accepted.val() | (self.deciding.q.val() & self.again.val());
        for s in 0..self._sequences {
            self.wanted.next =
                (self.last_accepted.val() | (self.deciding.q.val() & self.again.val())) | self.more_steps[s].val();
            self.loading.d.next = (self.waking.q.val()
                | ((self.last_info.val() & self.final_step.q.val()) | (self.last_sent.val() & self.alone.val())))
                | (self.loading.q.val() & !(self.last_accepted.val() | self.asked.val()));
        }
        self.starting.d.next = self.wanted.val();
        self.beginning.d.next = (self.draining.q.val() & self.scanned.val()) | self.asked.val();
        self.open.next = self.comparing.q.val();
        self.wiped.next = false;
        self.clearing.d.next = self.waking.q.val() | (self.loading.q.val() | self.deciding.q.val());
        for f in 0..self._folded {
            comment!("folded: wipe, then a step begins, or the next slot votes");
            self.wipes[f].d.next = 0.into();
            if self.wiping[f].q.val() {
                self.wipes[f].d.next = self.wipes[f].q.val() + self.one_plane.val();
            }
            self.wiped.next = self.wiping[f].q.val() & (self.wipes[f].q.val() == self.last_wipe.val());
            self.wiping[f].d.next =
                (self.wanted.val() | self.asked.val()) | (self.wiping[f].q.val() & !self.wiped.val());
            self.starting.d.next =
                self.wiped.val() & ((self.turns[f].q.val() == self.no_slot.val()) & !self.alone.val());
            self.beginning.d.next = (self.draining.q.val() & self.scanned.val())
                | (self.wiped.val() & ((self.turns[f].q.val() != self.no_slot.val()) | self.alone.val()));
            self.open.next = self.comparing.q.val() | self.wiping[f].q.val();
            self.clearing.d.next = self.waking.q.val() | (self.loading.q.val() | self.wiping[f].q.val());
            if self.deciding.q.val() {
                self.turns[f].d.next = self.turns[f].q.val() + self.one_plane.val();
                if self.final_turn.val() {
                    self.turns[f].d.next = 0.into();
                }
            }
            if self.reset.val() {
                self.wiping[f].d.next = false;
                self.turns[f].d.next = 0.into();
            }
        }
        self.scanning.d.next = self.starting.q.val() | (self.scanning.q.val() & !self.rows_done.val());
        self.draining.d.next =
            (self.scanning.q.val() & self.rows_done.val()) | (self.draining.q.val() & !self.scanned.val());
        self.electing.d.next =
            self.beginning.q.val() | (self.electing.q.val() & (!self.entries_done.val() | !self.final_bank.val()));
        self.settling.d.next = (self.electing.q.val() & (self.entries_done.val() & self.final_bank.val()))
            | (self.settling.q.val() & !self.settled3.q.val());
        self.deciding.d.next = self.settling.q.val() & self.settled3.q.val();
        self.unloading.d.next =
            (self.deciding.q.val() & !self.again.val()) | (self.unloading.q.val() & !self.last_sent.val());
        self.informing.d.next =
            (self.last_sent.val() & !self.alone.val()) | (self.informing.q.val() & !self.last_info.val());
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
            self.offering.d.next = false;
        }
        comment!("what the phases mean to the rest of the core");
        self.start.next = self.starting.q.val();
        self.vote_start.next = self.beginning.q.val();
        self.scans.next = self.scanning.q.val() & !self.rows_done.val();
        self.issue.next = self.electing.q.val() & !self.entries_done.val();
        self.vote_token.next = self.electing.q.val() & (self.entries_done.val() & self.final_bank.val());
        self.voting.next = self.looking.q.val();
        self.compare.next = self.comparing.q.val();
        self.everyone.next = self.filling.q.val();
        self.turn_done.next = self.deciding.q.val();
        self.step_done.next = (self.deciding.q.val() & self.final_turn.val()) & !self.alone.val();
        comment!("the state shifts with the streams, and takes the signs when the accumulators are complete");
        self.shifting.d.next = self.accept.val() | (self.send.val() & self.unloading.q.val());
        self.sent.d.next = self.send.val() & self.informing.q.val();
        self.shift.next = self.shifting.q.val();
        self.capture.next = self.settled.val();
        self.settled1.d.next = self.settled.val();
        self.settled2.d.next = self.settled1.q.val();
        self.settled3.d.next = self.settled2.q.val();
        comment!("words of the streams");
        // after the last word the count begins anew; that the phase ends then would come later
        if self.shifting.q.val() {
            self.words.d.next = self.words.q.val() - self.one_word.val();
            if self.words.q.val().get_bit(self.word_sign.val().index()) {
                self.words.d.next = self.more_words.val();
            }
        }
        if self.waking.q.val() {
            self.words.d.next = self.more_words.val();
        }
        for o in 0..self._others {
            if self.deciding.q.val() {
                self.words.d.next = self.more_answers[o].val();
            }
        }
        for v in 0..self._values {
            if self.deciding.q.val() & self.alone.val() {
                self.words.d.next = self.more_words.val();
                if self.of_values[v].val() {
                    self.words.d.next = self.more_values[v].val();
                }
            }
        }
        for l in 0..self._leaves {
            self.leaving[l].next = self.unloading.q.val();
        }
        self.which.d.next = 0.into();
        if self.informing.q.val() {
            self.which.d.next = self.which.q.val();
            if self.sent.q.val() {
                self.which.d.next = self.which.q.val() + self.one_plane.val();
            }
        }
        comment!("what pick is made of: row XOR state, the row, or ones");
        self.comparing.d.next = self.starting.q.val() | (self.comparing.q.val() & !self.beginning.q.val());
        self.looking.d.next =
            self.beginning.q.val() | (self.looking.q.val() & !(self.all.val() | self.loading.q.val()));
        self.filling.d.next = (self.waking.q.val() | (self.loading.q.val() | self.all.val()))
            | (self.filling.q.val() & !(self.starting.q.val() | self.beginning.q.val()));
        if self.reset.val() {
            self.comparing.d.next = false;
            self.looking.d.next = false;
        }
        comment!("rows of the scan; slots of the vote, a plane at a time");
        for c in 0..self._deep {
            self.rows_left[c].d.next = self.rows_left[c].q.val() - self.one_index.val();
            if self.starting.q.val() {
                self.rows_left[c].d.next = self.last_row.val();
            }
        }
        self.plane.next = 0.into();
        self.pointer.d.next = (self.pointer.q.val() + self.one_index.val()) & self.entry_mask.val();
        self.left_over.next = self.no_index.val();
        for c in 0..self._deep {
            self.left_over.next = self.entries_left[c].q.val() - self.one_index.val();
        }
        for k in 0..self._planes {
            comment!("of several planes, the last one's slot ends an entry");
            self.plane.next = self.slots[k].q.val();
            self.slots[k].d.next = 0.into();
            if self.slots[k].q.val() != self.last_plane.val() {
                self.slots[k].d.next = self.slots[k].q.val() + self.one_plane.val();
                self.pointer.d.next = self.pointer.q.val();
                for c in 0..self._deep {
                    self.left_over.next = self.entries_left[c].q.val();
                }
            }
            if self.entries_done.val() | self.beginning.q.val() {
                self.slots[k].d.next = 0.into();
            }
        }
        for b in 0..self._shared {
            comment!("a bank's queue is read; on to the next one");
            if self.electing.q.val() & self.entries_done.val() {
                self.pointer.d.next = 0.into();
                self.left_over.next = self.following.val();
                self.banks[b].d.next = self.banks[b].q.val() + self.one_plane.val();
            }
            if self.beginning.q.val() {
                self.banks[b].d.next = 0.into();
            }
        }
        if self.beginning.q.val() {
            self.pointer.d.next = 0.into();
            self.left_over.next = self.after_first[0].val();
        }
        for c in 0..self._deep {
            self.entries_left[c].d.next = self.left_over.val();
        }
        comment!("steps, and the cycles of each");
        self.step_cycles.next = self.cycles.q.val();
        self.cycles.d.next = self.cycles.q.val() + self.one_cycle.val();
        if self.last_accepted.val() | (self.deciding.q.val() & self.final_turn.val()) {
            self.cycles.d.next = self.one_cycle.val();
        }
        if self.loading.q.val() {
            self.steps.d.next = self.one_word.val();
        }
        if self.deciding.q.val() & self.final_turn.val() {
            self.converged.d.next = self.single.val() | !self.moved.val();
            if self.again.val() {
                self.steps.d.next = self.steps.q.val() + self.one_word.val();
            }
        }
        for s in 0..self._sequences {
            if self.more_steps[s].val() {
                self.cycles.d.next = self.one_cycle.val();
                self.steps.d.next = self.steps.q.val() + self.one_word.val();
            }
        }
        comment!("the last three words");
        self.info.next = self.informing.q.val();
        self.said.d.next = bit_cast::<16, 8>(self.steps.q.val());
        if self.converged.q.val() {
            self.said.d.next = bit_cast::<16, 8>(self.steps.q.val()) | self.converged_flag.val();
        }
        for u in 0..self._unknowns {
            if self.unknown[u].val() {
                self.said.d.next = bit_cast::<16, 8>(self.steps.q.val()) | self.unknown_flag[u].val();
                if self.converged.q.val() {
                    self.said.d.next = (bit_cast::<16, 8>(self.steps.q.val()) | self.converged_flag.val())
                        | self.unknown_flag[u].val();
                }
            }
        }
        if self.which.q.val().get_bit(0) {
            self.said.d.next = bit_cast::<16, INDEX_BITS>(self.nearest.val());
        }
        if self.which.q.val().get_bit(1) {
            self.said.d.next = bit_cast::<16, DISTANCE_BITS>(self.distance.val());
        }
        self.info_word.next = self.said.q.val();
        self.entry.next = self.pointer.q.val();
        self.clear.next = self.clearing.q.val();
    }
}
