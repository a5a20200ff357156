//! The registers of a core behind any bus: `hopgate_wire::registers` is their map.
//!
//! A bus shows an address, and a cycle later, while the address stands, it acts: a write happens then, a word is taken then, and `read`
//! is what is read. What is only looked at has no effect.

use super::COUNT_BITS;
use crate::blocks::prelude::*;
use crate::contents::Plan;
use hopgate_model::kind::Kind;
use hopgate_wire::registers::{self, NUMBER_BITS, number, status, stream};

/// The registers.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Registers {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// The bus is reset.
    pub bus_reset: Signal<In, Bit>,
    /// The core is: longer.
    pub reset: Signal<In, Bit>,
    /// The register that is looked at.
    pub address: Signal<In, Bits<NUMBER_BITS>>,
    /// What was looked at in the cycle before is accessed.
    pub act: Signal<In, Bit>,
    /// It is written.
    pub write: Signal<In, Bit>,
    /// Both bytes of a word are written.
    pub whole: Signal<In, Bit>,
    /// The word.
    pub data: Signal<In, Bits<16>>,
    /// What is read.
    pub read: Signal<Out, Bits<16>>,
    /// Something that was asked for has happened.
    pub interrupt: Signal<Out, Bit>,
    /// The core takes a word,
    pub in_ready: Signal<In, Bit>,
    /// and is given the one that is written.
    pub in_valid: Signal<Out, Bit>,
    /// The core has a word of an answer,
    pub out_valid: Signal<In, Bit>,
    /// this one,
    pub out_data: Signal<In, Bits<16>>,
    /// which is taken.
    pub out_ready: Signal<Out, Bit>,
    /// Where recalls come in turn with requests or a stream: neither has the core, so a recall may begin.
    pub free: Vec<Signal<In, Bit>>,
    /// No recall is under way, so a request may begin.
    pub quiet: Vec<Signal<Out, Bit>>,
    /// A word of a request is written.
    pub put: Vec<Signal<Out, Bit>>,
    /// It is the last one.
    pub last: Vec<Signal<Out, Bit>>,
    /// There is a word of a reply,
    pub replied: Vec<Signal<In, Bit>>,
    /// this one,
    pub reply: Vec<Signal<In, Bits<16>>>,
    /// the last one,
    pub reply_last: Vec<Signal<In, Bit>>,
    /// which is read.
    pub reply_taken: Vec<Signal<Out, Bit>>,
    /// Where there is a stream: cues may come by it,
    pub stream: Vec<Signal<Out, Bit>>,
    /// and one is under way.
    pub streaming: Vec<Signal<In, Bit>>,
    read_held: Register<Bits<16>>,
    /// The next word of the answer proper: it waits here, since the core takes longer than a bus to offer the one after it.
    word: Register<Bits<16>>,
    full: Register<Bit>,
    /// It was there when `read` was taken.
    offered: Register<Bit>,
    /// The last three words are on their way.
    draining: Register<Bit>,
    /// Words of the answer that have been read, or left the core.
    sent: Register<Bits<COUNT_BITS>>,
    steps: Register<Bits<16>>,
    nearest: Register<Bits<16>>,
    distance: Register<Bits<16>>,
    done: Register<Bit>,
    mistake: Register<Bit>,
    enable: Register<Bits<16>>,
    pending: Register<Bits<16>>,
    before: Register<Bits<16>>,
    interrupts: Register<Bit>,
    /// Where recalls come in turn: words of a cue that the core has, that it recalls, and that an answer is over.
    given: Vec<Register<Bits<COUNT_BITS>>>,
    recalling: Vec<Register<Bit>>,
    answered: Vec<Register<Bit>>,
    /// There was a word of a reply when `read` was taken, and it was the last.
    reply_offered: Vec<Register<Bit>>,
    /// Cues may come by the stream; and what is read of that.
    stream_on: Vec<Register<Bit>>,
    stream_state: Vec<Signal<Local, Bits<16>>>,
    last_cue: Vec<Constant<Bits<COUNT_BITS>>>,
    /// A cue word can be taken, and is.
    room: Signal<Local, Bit>,
    mine: Signal<Local, Bit>,
    writes: Signal<Local, Bit>,
    reads: Signal<Local, Bit>,
    push: Signal<Local, Bit>,
    pop: Signal<Local, Bit>,
    /// A word of the answer proper is read.
    taken: Signal<Local, Bit>,
    /// One of the last three words leaves the core.
    leaves: Signal<Local, Bit>,
    /// That was the distance.
    over: Signal<Local, Bit>,
    wrong: Signal<Local, Bit>,
    cleared: Signal<Local, Bits<16>>,
    flags: Signal<Local, Bits<16>>,
    one: Literal<COUNT_BITS, 1>,
    last_answer: Constant<Bits<COUNT_BITS>>,
    at_steps: Constant<Bits<COUNT_BITS>>,
    at_nearest: Constant<Bits<COUNT_BITS>>,
    at_distance: Constant<Bits<COUNT_BITS>>,
    /// As many bits as count all of them.
    said_mask: Constant<Bits<COUNT_BITS>>,
    cue_mask: Constant<Bits<COUNT_BITS>>,
    status_register: Literal<NUMBER_BITS, { number::STATUS }>,
    cue_register: Literal<NUMBER_BITS, { number::CUE }>,
    answer_register: Literal<NUMBER_BITS, { number::ANSWER }>,
    enable_register: Literal<NUMBER_BITS, { number::ENABLE }>,
    pending_register: Literal<NUMBER_BITS, { number::PENDING }>,
    request_register: Literal<NUMBER_BITS, { number::REQUEST }>,
    final_register: Literal<NUMBER_BITS, { number::FINAL }>,
    reply_register: Literal<NUMBER_BITS, { number::REPLY }>,
    stream_register: Literal<NUMBER_BITS, { number::STREAM }>,
    stream_flag: Literal<16, { 1 << stream::ENABLE }>,
    busy_flag: Literal<16, { 1 << stream::BUSY }>,
    ready_flag: Literal<16, { 1 << status::READY }>,
    answer_flag: Literal<16, { 1 << status::ANSWER }>,
    done_flag: Literal<16, { 1 << status::DONE }>,
    mistake_flag: Literal<16, { 1 << status::MISTAKE }>,
    reply_flag: Literal<16, { 1 << status::REPLY }>,
    last_flag: Literal<16, { 1 << status::LAST }>,
    awake_flag: Literal<16, { 1 << status::AWAKE }>,
    events: Literal<16, { status::EVENTS }>,
    id: Literal<16, { registers::ID }>,
    cue_words: Constant<Bits<16>>,
    answer_words: Constant<Bits<16>>,
    options: Constant<Bits<16>>,
    nothing: Literal<16, 0>,
    ones: Literal<16, 0xffff>,
    _bare: usize,
    _sequences: usize,
    _turns: usize,
    _requests: usize,
    _streams: usize,
}

impl Registers {
    /// Those of a plan's core, with requests or a stream or without.
    pub fn new(plan: &Plan, requests: bool, streams: bool) -> Self {
        let (words, cue) = (plan.register_words(), plan.cue_words());
        let options = registers::options(plan.kind, plan.masks, requests, plan.loadable, plan.learns, streams);
        let turns = usize::from(requests || streams);
        let (requests, streams) = (usize::from(requests), usize::from(streams));
        Registers {
            free: many(turns),
            quiet: many(turns),
            put: many(requests),
            last: many(requests),
            replied: many(requests),
            reply: many(requests),
            reply_last: many(requests),
            reply_taken: many(requests),
            stream: many(streams),
            streaming: many(streams),
            given: many(turns),
            recalling: many(turns),
            answered: many(turns),
            reply_offered: many(requests),
            stream_on: many(streams),
            stream_state: many(streams),
            last_cue: (0..turns).map(|_| constant(cue - 1)).collect(),
            // of no words there is no last one
            last_answer: constant(words.saturating_sub(1)),
            _bare: usize::from(words == 0),
            at_steps: constant(words),
            at_nearest: constant(words + 1),
            at_distance: constant(words + 2),
            said_mask: constant((words + 3).next_power_of_two() - 1),
            cue_mask: constant(cue.next_power_of_two() - 1),
            cue_words: constant(cue),
            answer_words: constant(words),
            options: constant(options),
            _sequences: usize::from(plan.kind == Kind::Sequence),
            _turns: turns,
            _requests: requests,
            _streams: streams,
            ..Default::default()
        }
    }
}

impl Logic for Registers {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: registers");
        self.writes.next = self.act.val() & (self.write.val() & self.whole.val());
        self.reads.next = self.act.val() & !self.write.val();
        comment!("cue words to the core");
        self.room.next = self.in_ready.val();
        self.mine.next = true;
        for t in 0..self._turns {
            comment!("unless a request has it; a cue that was begun goes on");
            self.room.next = self.in_ready.val() & (self.free[t].val() | self.given[t].q.val().any());
            self.mine.next = self.recalling[t].q.val();
        }
        for s in 0..self._streams {
            comment!("or cues come by the stream");
            self.room.next = self.in_ready.val()
                & ((self.free[s].val() & !(self.stream_on[s].q.val() | self.streaming[s].val()))
                    | self.given[s].q.val().any());
        }
        self.push.next = self.writes.val() & (self.address.val() == self.cue_register.val());
        self.in_valid.next = self.push.val() & self.room.val();
        if self.push.val() & self.room.val() {
            self.done.d.next = false;
        }
        comment!("answer words from the core: of the answer proper one in advance, the last three words at once");
        self.out_ready.next = self.mine.val() & !self.full.q.val();
        if (self.out_valid.val() & self.out_ready.val()) & !self.draining.q.val() {
            self.word.d.next = self.out_data.val();
            self.full.d.next = true;
        }
        self.pop.next = self.reads.val() & (self.address.val() == self.answer_register.val());
        self.taken.next = self.pop.val() & self.offered.q.val();
        self.leaves.next = self.out_valid.val() & self.draining.q.val();
        for _b in 0..self._bare {
            comment!("a list of one pattern: there are no words but the last three");
            self.leaves.next = self.out_valid.val() & self.out_ready.val();
        }
        self.over.next = self.leaves.val() & (self.sent.q.val() == self.at_distance.val());
        if self.taken.val() | self.leaves.val() {
            self.sent.d.next = (self.sent.q.val() + self.one.val()) & self.said_mask.val();
        }
        for _s in 0..self._sequences {
            comment!("a sequence: they are those of the answer before until the next one is read");
            if self.taken.val() {
                self.done.d.next = false;
            }
        }
        if self.taken.val() {
            self.full.d.next = false;
            self.draining.d.next = self.sent.q.val() == self.last_answer.val();
        }
        if self.leaves.val() {
            if self.sent.q.val() == self.at_steps.val() {
                self.steps.d.next = self.out_data.val();
            }
            if self.sent.q.val() == self.at_nearest.val() {
                self.nearest.d.next = self.out_data.val();
            }
        }
        if self.over.val() {
            self.distance.d.next = self.out_data.val();
            self.sent.d.next = 0.into();
            self.draining.d.next = false;
            self.done.d.next = true;
        }
        for _b in 0..self._bare {
            self.draining.d.next = true;
        }
        self.wrong.next = (self.push.val() & !self.room.val()) | (self.pop.val() & !self.offered.q.val());
        for t in 0..self._turns {
            comment!("a recall is under way from the first word of its cue to the last one of its last answer");
            if self.in_valid.val() {
                self.given[t].d.next = (self.given[t].q.val() + self.one.val()) & self.cue_mask.val();
                self.answered[t].d.next = false;
                if self.given[t].q.val() == self.last_cue[t].val() {
                    self.given[t].d.next = 0.into();
                    self.recalling[t].d.next = true;
                }
            }
            if self.over.val() {
                self.answered[t].d.next = true;
            }
            if self.answered[t].q.val() & self.in_ready.val() {
                self.recalling[t].d.next = false;
            }
            self.quiet[t].next = !(self.given[t].q.val().any() | self.recalling[t].q.val());
            for r in 0..self._requests {
                comment!("requests and replies");
                self.last[r].next = self.address.val() == self.final_register.val();
                self.put[r].next =
                    self.writes.val() & (self.last[r].val() | (self.address.val() == self.request_register.val()));
                self.reply_offered[r].d.next = self.replied[r].val();
                self.reply_taken[r].next = (self.reads.val() & (self.address.val() == self.reply_register.val()))
                    & self.reply_offered[r].q.val();
                self.wrong.next = (((self.push.val() & !self.room.val()) | (self.pop.val() & !self.offered.q.val()))
                    | (self.put[r].val() & self.reset.val()))
                    | ((self.reads.val() & (self.address.val() == self.reply_register.val()))
                        & !self.reply_offered[r].q.val());
            }
            if self.reset.val() {
                self.given[t].d.next = 0.into();
                self.recalling[t].d.next = false;
                self.answered[t].d.next = false;
                for r in 0..self._requests {
                    self.reply_offered[r].d.next = false;
                }
            }
        }
        comment!("mistakes stay until STATUS is written");
        if self.writes.val() & (self.address.val() == self.status_register.val()) {
            self.mistake.d.next = false;
        }
        if self.wrong.val() | ((self.act.val() & self.write.val()) & !self.whole.val()) {
            self.mistake.d.next = true;
        }
        comment!("what is read");
        self.offered.d.next = self.full.q.val();
        self.flags.next = self.nothing.val();
        if self.room.val() {
            self.flags.next = self.ready_flag.val();
        }
        if self.full.q.val() {
            self.flags.next = self.flags.val() | self.answer_flag.val();
        }
        if self.done.q.val() {
            self.flags.next = self.flags.val() | self.done_flag.val();
        }
        if self.mistake.q.val() {
            self.flags.next = self.flags.val() | self.mistake_flag.val();
        }
        for r in 0..self._requests {
            if !self.reset.val() {
                self.flags.next = self.flags.val() | self.awake_flag.val();
            }
            if self.replied[r].val() {
                self.flags.next = self.flags.val() | self.reply_flag.val();
                if self.reply_last[r].val() {
                    self.flags.next = self.flags.val() | self.last_flag.val();
                }
            }
        }
        self.read_held.d.next = self.nothing.val();
        match self.address.val().index() {
            0 => self.read_held.d.next = self.flags.val(),
            2 => {
                if self.full.q.val() {
                    self.read_held.d.next = self.word.q.val();
                }
            }
            3 => self.read_held.d.next = self.steps.q.val(),
            4 => self.read_held.d.next = self.nearest.q.val(),
            5 => self.read_held.d.next = self.distance.q.val(),
            6 => self.read_held.d.next = self.enable.q.val(),
            7 => self.read_held.d.next = self.pending.q.val(),
            8 => self.read_held.d.next = self.id.val(),
            9 => self.read_held.d.next = self.cue_words.val(),
            10 => self.read_held.d.next = self.answer_words.val(),
            11 => self.read_held.d.next = self.options.val(),
            _ => self.read_held.d.next = self.nothing.val(),
        }
        for r in 0..self._requests {
            if (self.address.val() == self.reply_register.val()) & self.replied[r].val() {
                self.read_held.d.next = self.reply[r].val();
            }
        }
        for s in 0..self._streams {
            comment!("whether cues come by the stream");
            self.stream[s].next = self.stream_on[s].q.val();
            if self.writes.val() & (self.address.val() == self.stream_register.val()) {
                self.stream_on[s].d.next = self.data.val().get_bit(0);
            }
            self.stream_state[s].next = self.nothing.val();
            if self.stream_on[s].q.val() {
                self.stream_state[s].next = self.stream_flag.val();
            }
            if self.streaming[s].val() {
                self.stream_state[s].next = self.stream_state[s].val() | self.busy_flag.val();
            }
            if self.address.val() == self.stream_register.val() {
                self.read_held.d.next = self.stream_state[s].val();
            }
            if self.bus_reset.val() {
                self.stream_on[s].d.next = false;
            }
        }
        self.read.next = self.read_held.q.val();
        comment!("what happens is noted; it interrupts where that is asked for");
        if self.writes.val() & (self.address.val() == self.enable_register.val()) {
            self.enable.d.next = self.data.val() & self.events.val();
        }
        self.cleared.next = self.nothing.val();
        if self.writes.val() & (self.address.val() == self.pending_register.val()) {
            self.cleared.next = self.data.val();
        }
        self.before.d.next = self.flags.val() & self.events.val();
        self.pending.d.next = (self.pending.q.val() & (self.cleared.val() ^ self.ones.val()))
            | ((self.flags.val() & self.events.val()) & (self.before.q.val() ^ self.ones.val()));
        self.interrupts.d.next = (self.pending.q.val() & self.enable.q.val()).any();
        self.interrupt.next = self.interrupts.q.val();
        comment!("reset, in the very cycle in which it comes");
        if self.reset.val() {
            self.sent.d.next = 0.into();
            self.full.d.next = false;
            self.draining.d.next = false;
            self.done.d.next = false;
        }
        comment!("a cue that comes while the core still sleeps is a mistake too");
        if self.bus_reset.val() {
            self.mistake.d.next = false;
            self.enable.d.next = self.nothing.val();
            self.pending.d.next = self.nothing.val();
            self.before.d.next = self.nothing.val();
            self.interrupts.d.next = false;
        }
    }
}
