//! A core behind registers, for any bus: what [`Wishbone`](super::wishbone::Wishbone) and [`Axil`](super::axil::Axil) are around.
//!
//! ```text
//! registers -> cue, answer ----------------> core
//!           -> inbox -> commands -> outbox ->|        (with requests)
//! stream -> packets ------------------------>|        (with streams)
//! ```
//!
//! Recalls come over the registers, or as requests. Neither begins while the other is under way: a request waits in the inbox, and a
//! cue word that comes while a request is carried out is a mistake. Where there are streams, cues come by them while the register `STREAM` says so:
//! then the registers take none. Requests go between them.

use super::{inbox::Inbox, outbox::Outbox, packets::Packets, registers::Registers, turn::Turn};
use crate::blocks::prelude::*;
use crate::blocks::{
    core::Core,
    edge::reset::BusReset,
    link::{commands::Commands, page::Facts, receive::PLACE_BITS},
};
use crate::contents::Plan;
use hopgate_model::kind::Kind;
use hopgate_wire::registers::NUMBER_BITS;

/// A core with registers.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Port {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// The bus's reset, for one cycle or more.
    pub bus_reset: Signal<In, Bit>,
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
    /// With streams: a word of a cue is offered.
    pub s_valid: Vec<Signal<In, Bit>>,
    /// It is taken when both are one.
    pub s_ready: Vec<Signal<Out, Bit>>,
    /// The word.
    pub s_data: Vec<Signal<In, Bits<16>>>,
    /// It is the cue's last.
    pub s_last: Vec<Signal<In, Bit>>,
    /// A word of an answer is offered.
    pub m_valid: Vec<Signal<Out, Bit>>,
    /// It is taken when both are one.
    pub m_ready: Vec<Signal<In, Bit>>,
    /// The word.
    pub m_data: Vec<Signal<Out, Bits<16>>>,
    /// It is the answer's last.
    pub m_last: Vec<Signal<Out, Bit>>,
    held: BusReset,
    core: Core,
    registers: Registers,
    inbox: Vec<Inbox>,
    outbox: Vec<Outbox>,
    commands: Vec<Commands>,
    /// How far the inbox may be read: not into a request that waits for a recall to end.
    released: Vec<Register<Bits<PLACE_BITS>>>,
    waits: Vec<Signal<Local, Bit>>,
    packets: Vec<Packets>,
    turn: Vec<Turn>,
    _requests: usize,
    _streams: usize,
    _alone: usize,
    _loads: usize,
    _values: usize,
    _other_values: usize,
    _unknowns: usize,
    _learns: usize,
    _learnt_classes: usize,
}

impl Port {
    /// The core of a plan, for a clock of at most this, in Hz. With facts it takes requests.
    pub fn new(plan: &Plan, clock: u32, facts: Option<Facts>, streams: bool) -> Self {
        let requests = usize::from(facts.is_some());
        let stream = usize::from(streams);
        let loads = if plan.loadable { requests } else { 0 };
        Port {
            held: BusReset::new(clock),
            core: Core::new(plan),
            registers: Registers::new(plan, facts.is_some(), streams),
            s_valid: many(stream),
            s_ready: many(stream),
            s_data: many(stream),
            s_last: many(stream),
            m_valid: many(stream),
            m_ready: many(stream),
            m_data: many(stream),
            m_last: many(stream),
            packets: (0..stream).map(|_| Packets::new(plan)).collect(),
            turn: many(stream),
            inbox: facts.iter().map(|_| Inbox::new(plan)).collect(),
            outbox: many(requests),
            commands: facts.iter().map(|facts| Commands::new(plan, facts)).collect(),
            released: many(requests),
            waits: many(requests),
            _requests: requests,
            _streams: stream,
            _alone: if requests == 0 { stream } else { 0 },
            _loads: loads,
            _values: if plan.valued() { loads } else { 0 },
            _other_values: if plan.has_other_values() { loads } else { 0 },
            _unknowns: if plan.tells_unknown { loads } else { 0 },
            _learns: if plan.learns { loads } else { 0 },
            _learnt_classes: if plan.learns && plan.kind == Kind::Class { loads } else { 0 },
            ..Default::default()
        }
    }
}

impl Logic for Port {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: port");
        self.held.bus.next = self.bus_reset.val();
        self.core.reset.next = self.held.reset.val();
        self.registers.reset.next = self.held.reset.val();
        comment!("the bus");
        self.registers.bus_reset.next = self.bus_reset.val();
        self.registers.address.next = self.address.val();
        self.registers.act.next = self.act.val();
        self.registers.write.next = self.write.val();
        self.registers.whole.next = self.whole.val();
        self.registers.data.next = self.data.val();
        self.read.next = self.registers.read.val();
        self.interrupt.next = self.registers.interrupt.val();
        comment!("the core");
        self.core.in_valid.next = self.registers.in_valid.val();
        self.core.in_data.next = self.data.val();
        self.core.out_ready.next = self.registers.out_ready.val();
        self.registers.in_ready.next = self.core.in_ready.val();
        self.registers.out_valid.next = self.core.out_valid.val();
        self.registers.out_data.next = self.core.out_data.val();
        for r in 0..self._requests {
            comment!("requests: none is seen before a recall that was begun is over");
            self.inbox[r].reset.next = self.held.reset.val();
            self.inbox[r].put.next = self.registers.put[r].val();
            self.inbox[r].last.next = self.registers.last[r].val();
            self.inbox[r].data.next = self.data.val();
            self.inbox[r].place.next = self.commands[r].place.val();
            self.waits[r].next = self.inbox[r].written.val() != self.released[r].q.val();
            if self.registers.quiet[r].val() {
                self.released[r].d.next = self.inbox[r].written.val();
            }
            if self.held.reset.val() {
                self.released[r].d.next = 0.into();
            }
            self.registers.free[r].next = (self.commands[r].resting.val() & !self.commands[r].invalid.val())
                & (!self.waits[r].val() & (self.released[r].q.val() == self.commands[r].place.val()));
            self.commands[r].reset.next = self.held.reset.val();
            self.commands[r].cold.next = self.held.cold.val();
            self.commands[r].word.next = self.inbox[r].word.val();
            self.commands[r].written.next = self.released[r].q.val();
            self.outbox[r].reset.next = self.held.reset.val();
            self.outbox[r].valid.next = self.commands[r].send_valid.val();
            self.outbox[r].word.next = self.commands[r].send_word.val();
            self.outbox[r].finish.next = self.commands[r].finish.val();
            self.commands[r].send_ready.next = self.outbox[r].ready.val();
            self.registers.replied[r].next = self.outbox[r].there.val();
            self.registers.reply[r].next = self.outbox[r].data.val();
            self.registers.reply_last[r].next = self.outbox[r].last.val();
            self.outbox[r].pop.next = self.registers.reply_taken[r].val();
            comment!("they have the core in turn");
            self.commands[r].in_ready.next = self.core.in_ready.val();
            self.commands[r].out_valid.next = self.core.out_valid.val();
            self.commands[r].out_data.next = self.core.out_data.val();
            self.commands[r].read_data.next = 0.into();
            self.core.in_valid.next = self.registers.in_valid.val() | self.commands[r].in_valid.val();
            self.core.in_data.next = self.data.val();
            if self.registers.quiet[r].val() & self.commands[r].in_valid.val() {
                self.core.in_data.next = self.commands[r].in_data.val();
            }
            self.core.out_ready.next = self.registers.out_ready.val() | self.commands[r].out_ready.val();
        }
        for s in 0..self._alone {
            self.registers.free[s].next = true;
        }
        for s in 0..self._streams {
            comment!("a stream: its cues have the core while the register STREAM says so; requests go between them");
            self.packets[s].reset.next = self.held.reset.val();
            self.packets[s].s_valid.next = self.s_valid[s].val();
            self.packets[s].s_data.next = self.s_data[s].val();
            self.packets[s].s_last.next = self.s_last[s].val();
            self.s_ready[s].next = self.packets[s].s_ready.val();
            self.packets[s].m_ready.next = self.m_ready[s].val();
            self.m_valid[s].next = self.packets[s].m_valid.val();
            self.m_data[s].next = self.core.out_data.val();
            self.m_last[s].next = self.packets[s].m_last.val();
            self.turn[s].reset.next = self.held.reset.val();
            self.turn[s].on.next = self.registers.stream[s].val();
            self.turn[s].free.next = self.registers.free[s].val();
            self.turn[s].quiet.next = self.registers.quiet[s].val();
            self.turn[s].in_ready.next = self.core.in_ready.val();
            self.turn[s].enters.next = self.packets[s].enters.val();
            self.turn[s].whole.next = self.packets[s].whole.val();
            self.turn[s].over.next = self.packets[s].over.val();
            self.registers.streaming[s].next = self.turn[s].busy.val();
            self.packets[s].in_ready.next = self.core.in_ready.val() & self.turn[s].granted.val();
            self.packets[s].out_valid.next = self.core.out_valid.val() & self.turn[s].recalls.val();
            if self.turn[s].granted.val() {
                self.core.in_valid.next = self.packets[s].in_valid.val();
                self.core.in_data.next = self.packets[s].in_data.val();
            }
            if self.turn[s].recalls.val() {
                self.core.out_ready.next = self.packets[s].out_ready.val();
            }
            for r in 0..self._requests {
                if self.turn[s].busy.val() & !self.held.reset.val() {
                    self.released[r].d.next = self.released[r].q.val();
                }
            }
        }
        for l in 0..self._loads {
            comment!("another memory comes over them");
            self.core.cold[l].next = self.held.cold.val();
            self.core.load_words[l].next = self.commands[l].load_words.val();
            self.core.load_row[l].next = self.commands[l].load_row.val();
            self.core.load_kernel[l].next = self.commands[l].load_kernel.val();
            self.core.load_threshold[l].next = self.commands[l].load_threshold.val();
            self.core.load_size[l].next = self.commands[l].load_size.val();
            self.core.load_bank[l].next = self.commands[l].load_bank.val();
            self.core.load_address[l].next = self.commands[l].load_address.val();
            self.core.load_data[l].next = self.commands[l].load_data.val();
            self.core.read_row[l].next = self.commands[l].read_row.val();
            self.core.read_kernel[l].next = self.commands[l].read_kernel.val();
            self.core.read_threshold[l].next = self.commands[l].read_threshold.val();
            self.commands[l].read_data.next = self.core.read_data[l].val();
        }
        for v in 0..self._values {
            self.core.load_value[v].next = self.commands[v].load_value[v].val();
            self.core.read_value[v].next = self.commands[v].read_value[v].val();
        }
        for l in 0..self._other_values {
            self.core.load_values[l].next = self.commands[l].load_values[l].val();
        }
        for l in 0..self._learns {
            comment!("patterns are stored and forgotten");
            self.core.recall[l].next = self.commands[l].recall[l].val();
            self.core.storing[l].next = self.commands[l].storing[l].val();
            self.core.grow[l].next = self.commands[l].grow[l].val();
            self.core.shrink[l].next = self.commands[l].shrink[l].val();
            self.core.page_word[l].next = self.commands[l].page_word[l].val();
            self.core.behind[l].next = self.commands[l].behind[l].val();
            self.commands[l].none[l].next = self.core.none[l].val();
            self.commands[l].last[l].next = self.core.last[l].val();
            self.commands[l].row[l].next = self.core.row[l].val();
        }
        for l in 0..self._learnt_classes {
            self.core.class[l].next = self.commands[l].class[l].val();
        }
        for u in 0..self._unknowns {
            self.core.load_radius[u].next = self.commands[u].load_radius[u].val();
        }
    }
}
