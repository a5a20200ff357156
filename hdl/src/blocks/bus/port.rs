//! A core behind registers, for any bus: what [`Wishbone`](super::wishbone::Wishbone) and [`Axil`](super::axil::Axil) are around.
//!
//! ```text
//! registers -> cue, answer ----------------> core
//!           -> inbox -> commands -> outbox ->|        (with requests)
//! ```
//!
//! Recalls come over the registers, or as requests. Neither begins while the other is under way: a request waits in the inbox, and a
//! cue word that comes while a request is carried out is a mistake.

use super::{inbox::Inbox, outbox::Outbox, registers::Registers};
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
    held: BusReset,
    core: Core,
    registers: Registers,
    inbox: Vec<Inbox>,
    outbox: Vec<Outbox>,
    commands: Vec<Commands>,
    /// How far the inbox may be read: not into a request that waits for a recall to end.
    released: Vec<Register<Bits<PLACE_BITS>>>,
    waits: Vec<Signal<Local, Bit>>,
    _requests: usize,
    _loads: usize,
    _values: usize,
    _other_values: usize,
    _unknowns: usize,
    _learns: usize,
    _learnt_classes: usize,
}

impl Port {
    /// The core of a plan, for a clock of at most this, in Hz. With facts it takes requests.
    pub fn new(plan: &Plan, clock: u32, facts: Option<Facts>) -> Self {
        let requests = usize::from(facts.is_some());
        let loads = if plan.loadable { requests } else { 0 };
        Port {
            held: BusReset::new(clock),
            core: Core::new(plan),
            registers: Registers::new(plan, facts.is_some()),
            inbox: facts.iter().map(|_| Inbox::new(plan)).collect(),
            outbox: many(requests),
            commands: facts.iter().map(|facts| Commands::new(plan, facts)).collect(),
            released: many(requests),
            waits: many(requests),
            _requests: requests,
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
            self.core.load_store_radius[l].next = self.commands[l].load_store_radius[l].val();
            self.commands[l].count[l].next = self.core.count[l].val();
        }
        for l in 0..self._learnt_classes {
            self.core.class[l].next = self.commands[l].class[l].val();
        }
        for u in 0..self._unknowns {
            self.core.load_radius[u].next = self.commands[u].load_radius[u].val();
        }
    }
}
