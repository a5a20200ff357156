//! The core behind AXI4-Stream, and it takes requests: a packet that comes in is a request of the protocol, and one that goes out its reply.
//!
//! A packet has the words of a request, without a frame and a CRC, as behind the [registers](super::registers). A source waits where the buffer of
//! requests is full; a request that is longer than all of it is dropped to its end, and its reply says so. So every packet has one reply, in the order of the packets.

use super::{inbox::Inbox, outbox::Outbox};
use crate::blocks::prelude::*;
use crate::blocks::{
    core::Core,
    edge::reset::BusReset,
    link::{commands::Commands, page::Facts},
};
use crate::contents::Plan;
use hopgate_model::kind::Kind;

/// A core with AXI4-Stream ports for requests and replies.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Requests {
    /// Clock.
    pub aclk: Signal<In, Clock>,
    /// Reset, low, for one cycle or more.
    pub aresetn: Signal<In, Bit>,
    /// A word of a request is offered.
    pub s_axis_tvalid: Signal<In, Bit>,
    /// It is taken when both are one.
    pub s_axis_tready: Signal<Out, Bit>,
    /// The word.
    pub s_axis_tdata: Signal<In, Bits<16>>,
    /// It is the request's last.
    pub s_axis_tlast: Signal<In, Bit>,
    /// A word of a reply is offered.
    pub m_axis_tvalid: Signal<Out, Bit>,
    /// It is taken when both are one.
    pub m_axis_tready: Signal<In, Bit>,
    /// The word.
    pub m_axis_tdata: Signal<Out, Bits<16>>,
    /// It is the reply's last.
    pub m_axis_tlast: Signal<Out, Bit>,
    held: BusReset,
    core: Core,
    inbox: Inbox,
    outbox: Outbox,
    commands: Commands,
    /// A word may come.
    ready: Register<Bit>,
    _loads: usize,
    _values: usize,
    _other_values: usize,
    _unknowns: usize,
    _learns: usize,
    _learnt_classes: usize,
}

impl Requests {
    /// The wrapped core of a plan, for a clock of at most this, in Hz.
    pub fn new(plan: &Plan, clock: u32, facts: &Facts) -> Self {
        let loaded = |there: bool| usize::from(there && plan.loadable);
        Requests {
            held: BusReset::new(clock),
            core: Core::new(plan),
            inbox: Inbox::new(plan).waited_for(),
            commands: Commands::new(plan, facts),
            _loads: loaded(true),
            _values: loaded(plan.valued()),
            _other_values: loaded(plan.has_other_values()),
            _unknowns: loaded(plan.tells_unknown),
            _learns: loaded(plan.learns),
            _learnt_classes: loaded(plan.learns && plan.kind == Kind::Class),
            ..Default::default()
        }
    }
}

impl Logic for Requests {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: requests");
        self.held.bus.next = !self.aresetn.val();
        self.core.reset.next = self.held.reset.val();
        comment!("requests");
        self.inbox.reset.next = self.held.reset.val();
        self.s_axis_tready.next = self.ready.q.val() & !self.held.reset.val();
        self.ready.d.next = (self.inbox.room_there[0].val() & !(self.s_axis_tvalid.val() & self.ready.q.val()))
            & !self.held.reset.val();
        self.inbox.put.next = (self.s_axis_tvalid.val() & self.ready.q.val()) & !self.held.reset.val();
        self.inbox.data.next = self.s_axis_tdata.val();
        self.inbox.last.next = self.s_axis_tlast.val();
        self.inbox.place.next = self.commands.place.val();
        comment!("what they ask for");
        self.commands.reset.next = self.held.reset.val();
        self.commands.cold.next = self.held.cold.val();
        self.commands.word.next = self.inbox.word.val();
        self.commands.written.next = self.inbox.written.val();
        comment!("replies");
        self.outbox.reset.next = self.held.reset.val();
        self.outbox.valid.next = self.commands.send_valid.val();
        self.outbox.word.next = self.commands.send_word.val();
        self.outbox.finish.next = self.commands.finish.val();
        self.commands.send_ready.next = self.outbox.ready.val();
        self.m_axis_tvalid.next = self.outbox.there.val() & !self.held.reset.val();
        self.m_axis_tdata.next = self.outbox.data.val();
        self.m_axis_tlast.next = self.outbox.last.val();
        self.outbox.pop.next = self.outbox.there.val() & self.m_axis_tready.val();
        comment!("the core");
        self.core.in_valid.next = self.commands.in_valid.val();
        self.core.in_data.next = self.commands.in_data.val();
        self.commands.in_ready.next = self.core.in_ready.val();
        self.commands.out_valid.next = self.core.out_valid.val();
        self.commands.out_data.next = self.core.out_data.val();
        self.core.out_ready.next = self.commands.out_ready.val();
        self.commands.read_data.next = 0.into();
        for l in 0..self._loads {
            comment!("another memory comes over them");
            self.core.cold[l].next = self.held.cold.val();
            self.core.load_words[l].next = self.commands.load_words.val();
            self.core.load_row[l].next = self.commands.load_row.val();
            self.core.load_kernel[l].next = self.commands.load_kernel.val();
            self.core.load_threshold[l].next = self.commands.load_threshold.val();
            self.core.load_size[l].next = self.commands.load_size.val();
            self.core.load_bank[l].next = self.commands.load_bank.val();
            self.core.load_address[l].next = self.commands.load_address.val();
            self.core.load_data[l].next = self.commands.load_data.val();
            self.core.read_row[l].next = self.commands.read_row.val();
            self.core.read_kernel[l].next = self.commands.read_kernel.val();
            self.core.read_threshold[l].next = self.commands.read_threshold.val();
            self.commands.read_data.next = self.core.read_data[l].val();
        }
        for v in 0..self._values {
            self.core.load_value[v].next = self.commands.load_value[v].val();
            self.core.read_value[v].next = self.commands.read_value[v].val();
        }
        for l in 0..self._other_values {
            self.core.load_values[l].next = self.commands.load_values[l].val();
        }
        for l in 0..self._learns {
            comment!("patterns are stored and forgotten");
            self.core.recall[l].next = self.commands.recall[l].val();
            self.core.storing[l].next = self.commands.storing[l].val();
            self.core.grow[l].next = self.commands.grow[l].val();
            self.core.shrink[l].next = self.commands.shrink[l].val();
            self.core.page_word[l].next = self.commands.page_word[l].val();
            self.core.behind[l].next = self.commands.behind[l].val();
            self.commands.none[l].next = self.core.none[l].val();
            self.commands.last[l].next = self.core.last[l].val();
            self.commands.row[l].next = self.core.row[l].val();
        }
        for l in 0..self._learnt_classes {
            self.core.class[l].next = self.commands.class[l].val();
        }
        for u in 0..self._unknowns {
            self.core.load_radius[u].next = self.commands.load_radius[u].val();
        }
    }
}
