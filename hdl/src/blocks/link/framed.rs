//! The framed link, joined: [`Receive`], [`Commands`], [`Send`](send::Send) and the page.

use super::{commands::Commands, page, receive::Receive, send};
use crate::blocks::prelude::*;
use crate::contents::Plan;
use hopgate_model::kind::Kind;

/// Everything between a UART and a core.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Framed {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Hold everything.
    pub reset: Signal<In, Bit>,
    /// The device was just configured.
    pub cold: Signal<In, Bit>,
    /// A byte came in.
    pub received: Signal<In, Bit>,
    /// The byte.
    pub byte_in: Signal<In, Bits<8>>,
    /// The byte is taken.
    pub byte_ready: Signal<In, Bit>,
    /// The core takes a word.
    pub in_ready: Signal<In, Bit>,
    /// The core has a word.
    pub out_valid: Signal<In, Bit>,
    /// The word.
    pub out_data: Signal<In, Bits<16>>,
    /// What the core's tables hold.
    pub read_data: Signal<In, Bits<16>>,
    /// A byte is to go out.
    pub byte_valid: Signal<Out, Bit>,
    /// The byte.
    pub byte_out: Signal<Out, Bits<8>>,
    /// Where that is asked for: how many bytes wait to go out, of 255 or more 255.
    pub waiting: Vec<Signal<Out, Bits<8>>>,
    /// A word for the core.
    pub in_valid: Signal<Out, Bit>,
    /// The word.
    pub in_data: Signal<Out, Bits<16>>,
    /// The core's word is taken.
    pub out_ready: Signal<Out, Bit>,
    /// To the core's ports of the same names.
    pub load_words: Signal<Out, Bit>,
    /// To the core, where a row of values has another number of words than one of keys.
    pub load_values: Vec<Signal<Out, Bit>>,
    /// To the core.
    pub load_row: Signal<Out, Bit>,
    /// To the core.
    pub load_kernel: Signal<Out, Bit>,
    /// To the core.
    pub load_threshold: Signal<Out, Bit>,
    /// To the core.
    pub load_size: Signal<Out, Bit>,
    /// To the core, where values are apart from the keys.
    pub load_value: Vec<Signal<Out, Bit>>,
    /// To the core, where answers can be unknown.
    pub load_radius: Vec<Signal<Out, Bit>>,
    /// To the core, where values are apart from the keys.
    pub read_value: Vec<Signal<Out, Bit>>,
    /// To the core, where the board learns.
    pub recall: Vec<Signal<Out, Bit>>,
    /// To the core, where the board learns.
    pub storing: Vec<Signal<Out, Bit>>,
    /// To the core, where the board learns classes.
    pub class: Vec<Signal<Out, Index>>,
    /// To the core, where the board learns.
    pub page_word: Vec<Signal<Out, Bits<16>>>,
    /// To the core, where the board learns.
    pub grow: Vec<Signal<Out, Bit>>,
    /// To the core, where the board learns.
    pub shrink: Vec<Signal<Out, Bit>>,
    /// To the core, where the board learns.
    pub behind: Vec<Signal<Out, Bit>>,
    /// From the core, where the board learns: there is no pattern.
    pub none: Vec<Signal<In, Bit>>,
    /// The last of them.
    pub last: Vec<Signal<In, Index>>,
    /// It, or the row behind it.
    pub row: Vec<Signal<In, Index>>,
    /// To the core.
    pub load_bank: Signal<Out, Bits<2>>,
    /// To the core.
    pub load_address: Signal<Out, Index>,
    /// To the core.
    pub load_data: Signal<Out, Bits<16>>,
    /// To the core.
    pub read_row: Signal<Out, Bit>,
    /// To the core.
    pub read_kernel: Signal<Out, Bit>,
    /// To the core.
    pub read_threshold: Signal<Out, Bit>,
    receive: Receive,
    commands: Commands,
    send: send::Send,
    /// The reset, a cycle later: the link has its own.
    quiet: Register<Bit>,
    _counts: usize,
    _values: usize,
    _other_values: usize,
    _unknowns: usize,
    _learns: usize,
    _classes: usize,
}

impl Framed {
    /// For a plan's core and a board of which these are the facts. It may count the bytes that wait.
    pub fn new(plan: &Plan, facts: &page::Facts, counts: bool) -> Self {
        let loaded = |there: bool| usize::from(there && plan.loadable);
        let (values, unknowns) = (loaded(plan.valued()), loaded(plan.tells_unknown));
        let other_values = usize::from(plan.has_other_values());
        let learns = usize::from(plan.learns);
        let classes = if plan.kind == Kind::Class { learns } else { 0 };
        Framed {
            storing: many(learns),
            recall: many(learns),
            load_values: many(other_values),
            _other_values: other_values,
            class: many(classes),
            page_word: many(learns),
            grow: many(learns),
            shrink: many(learns),
            behind: many(learns),
            none: many(learns),
            last: many(learns),
            row: many(learns),
            load_value: many(values),
            load_radius: many(unknowns),
            read_value: many(values),
            receive: Receive::new(plan),
            commands: Commands::new(plan, facts),
            send: send::Send::new(counts),
            waiting: many(usize::from(counts)),
            _counts: usize::from(counts),
            _values: values,
            _unknowns: unknowns,
            _learns: learns,
            _classes: classes,
            ..Default::default()
        }
    }
}

impl Logic for Framed {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: framed");
        self.quiet.d.next = self.reset.val();
        comment!("requests");
        self.receive.reset.next = self.quiet.q.val();
        self.receive.valid.next = self.received.val();
        self.receive.data.next = self.byte_in.val();
        self.receive.place.next = self.commands.place.val();
        comment!("what they ask for");
        self.commands.reset.next = self.reset.val();
        self.commands.cold.next = self.cold.val();
        self.commands.word.next = self.receive.word.val();
        self.commands.written.next = self.receive.written.val();
        self.commands.in_ready.next = self.in_ready.val();
        self.commands.out_valid.next = self.out_valid.val();
        self.commands.out_data.next = self.out_data.val();
        self.commands.read_data.next = self.read_data.val();
        self.in_valid.next = self.commands.in_valid.val();
        self.in_data.next = self.commands.in_data.val();
        self.out_ready.next = self.commands.out_ready.val();
        self.load_words.next = self.commands.load_words.val();
        self.load_row.next = self.commands.load_row.val();
        self.load_kernel.next = self.commands.load_kernel.val();
        self.load_threshold.next = self.commands.load_threshold.val();
        self.load_size.next = self.commands.load_size.val();
        self.load_bank.next = self.commands.load_bank.val();
        self.load_address.next = self.commands.load_address.val();
        self.load_data.next = self.commands.load_data.val();
        self.read_row.next = self.commands.read_row.val();
        self.read_kernel.next = self.commands.read_kernel.val();
        self.read_threshold.next = self.commands.read_threshold.val();
        for v in 0..self._values {
            self.load_value[v].next = self.commands.load_value[v].val();
            self.read_value[v].next = self.commands.read_value[v].val();
        }
        for l in 0..self._other_values {
            self.load_values[l].next = self.commands.load_values[l].val();
        }
        for u in 0..self._unknowns {
            self.load_radius[u].next = self.commands.load_radius[u].val();
        }
        for l in 0..self._learns {
            self.recall[l].next = self.commands.recall[l].val();
            self.storing[l].next = self.commands.storing[l].val();
            self.page_word[l].next = self.commands.page_word[l].val();
            self.grow[l].next = self.commands.grow[l].val();
            self.shrink[l].next = self.commands.shrink[l].val();
            self.behind[l].next = self.commands.behind[l].val();
            self.commands.none[l].next = self.none[l].val();
            self.commands.last[l].next = self.last[l].val();
            self.commands.row[l].next = self.row[l].val();
        }
        for c in 0..self._classes {
            self.class[c].next = self.commands.class[c].val();
        }
        comment!("replies");
        self.send.reset.next = self.quiet.q.val();
        self.send.valid.next = self.commands.send_valid.val();
        self.send.word.next = self.commands.send_word.val();
        self.send.finish.next = self.commands.finish.val();
        self.commands.send_ready.next = self.send.ready.val();
        self.send.byte_ready.next = self.byte_ready.val();
        self.byte_valid.next = self.send.byte_valid.val();
        self.byte_out.next = self.send.byte_data.val();
        for w in 0..self._counts {
            self.waiting[w].next = self.send.waiting[w].val();
        }
    }
}
