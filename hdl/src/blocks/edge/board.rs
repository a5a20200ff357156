//! The board top: reset, UART, link, core and lights.
//!
//! The link is framed or plain: see `docs/src/reference/protocol.md`.

use super::{
    pll::{ClockSource, Settings},
    reset::Reset,
    uart::{Receiver, Sender},
};
use crate::blocks::{
    core::Core,
    cores::Cores,
    link::{commands::Commands, framed::Framed, page::Facts, plain::Plain},
    prelude::*,
};
use crate::contents::Plan;
use hopgate_model::kind::Kind;

/// A core behind a UART.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct BoardTop {
    /// The board's oscillator.
    pub clock: Signal<In, Clock>,
    /// The reset button, low when pressed.
    pub reset_n: Signal<In, Bit>,
    /// UART, from the host.
    pub rx: Signal<In, Bit>,
    /// UART, to the host.
    pub tx: Signal<Out, Bit>,
    /// 0: ready for a cue; 1: the answer is being sent; 2 to 7: the last word's low bits, that is the distance
    /// of the answer from the nearest pattern.
    pub led: Signal<Out, Bits<8>>,
    source: ClockSource,
    made: Signal<Local, Clock>,
    power_up: Reset,
    receiver: Receiver,
    sender: Sender,
    core: Core,
    /// With others: all but the first core.
    cores: Vec<Cores>,
    plain: Vec<Plain>,
    framed: Vec<Framed>,
    word_leaves: Signal<Local, Bit>,
    collected: Signal<Local, Bits<16>>,
    shown: Register<Bits<8>>,
    /// The way to a pad is long: it begins at registers.
    lights: Register<Bits<8>>,
    two: Literal<8, 2>,
    ready_light: Literal<8, 1>,
    send_light: Literal<8, 2>,
    _plain: usize,
    _alone: usize,
    _several: usize,
    _framed: usize,
    _loads: usize,
    _values: usize,
    _other_values: usize,
    _unknowns: usize,
    _learns: usize,
    _learnt_classes: usize,
}

impl BoardTop {
    /// The top for a plan, with a clock of this many Hz and a UART bit time of this many of its cycles. The PLL makes it; without a
    /// PLL it is the oscillator.
    ///
    /// `framed`: the facts of a framed link; without, it is the plain one.
    pub fn new(plan: &Plan, clock: u32, uart_divider: usize, pll: Option<Settings>, framed: Option<Facts>) -> Self {
        let several = usize::from(plan.cores > 1);
        let plain = usize::from(framed.is_none());
        BoardTop {
            source: ClockSource::new(pll),
            power_up: Reset::new(clock),
            receiver: Receiver::new(uart_divider),
            sender: Sender::new(uart_divider),
            // the plain link keeps a word until the next one came over the line, the framed one until the core has moved it
            // several cores have their words from a RAM
            core: Core::fed(plan, several == 0 && framed.as_ref().is_none_or(|facts| Commands::holds(plan, facts))),
            cores: (0..several).map(|_| Cores::new(plan)).collect(),
            plain: many(plain),
            framed: framed.iter().map(|facts| Framed::new(plan, facts, false)).collect(),
            _plain: plain,
            _alone: 1 - several,
            _several: several,
            _framed: usize::from(framed.is_some()),
            _loads: usize::from(plan.loadable),
            _values: usize::from(plan.loadable && plan.valued()),
            _other_values: usize::from(plan.has_other_values()),
            _unknowns: usize::from(plan.loadable && plan.tells_unknown),
            _learns: usize::from(plan.learns),
            _learnt_classes: usize::from(plan.learns && plan.kind == Kind::Class),
            ..Default::default()
        }
    }
}

impl Logic for BoardTop {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: board");
        comment!("the clock of everything; reset waits until it is stable");
        self.source.oscillator.next = self.clock.val();
        self.made.next = self.source.clock.val();
        self.power_up.button_n.next = self.reset_n.val() & self.source.locked.val();
        self.receiver.reset.next = self.power_up.reset.val();
        self.sender.reset.next = self.power_up.reset.val();
        self.core.reset.next = self.power_up.reset.val();
        comment!("the link between bytes and words");
        self.receiver.line.next = self.rx.val();
        for i in 0..self._plain {
            self.plain[i].reset.next = self.power_up.reset.val();
            self.plain[i].received.next = self.receiver.valid.val();
            self.plain[i].byte_in.next = self.receiver.data.val();
            self.plain[i].byte_ready.next = self.sender.ready.val();
            for _a in 0..self._alone {
                self.plain[i].in_ready.next = self.core.in_ready.val();
                self.plain[i].out_valid.next = self.core.out_valid.val();
                self.plain[i].out_data.next = self.core.out_data.val();
                self.core.in_valid.next = self.plain[i].in_valid.val();
                self.core.in_data.next = self.plain[i].in_data.val();
                self.core.out_ready.next = self.plain[i].out_ready.val();
            }
            for s in 0..self._several {
                self.plain[i].in_ready.next = self.cores[s].in_ready.val();
                self.plain[i].out_valid.next = self.cores[s].out_valid.val();
                self.plain[i].out_data.next = self.cores[s].out_data.val();
                self.cores[s].in_valid.next = self.plain[i].in_valid.val();
                self.cores[s].in_data.next = self.plain[i].in_data.val();
                self.cores[s].out_ready.next = self.plain[i].out_ready.val();
            }
            self.sender.valid.next = self.plain[i].byte_valid.val();
            self.sender.data.next = self.plain[i].byte_out.val();
            for _a in 0..self._alone {
                self.word_leaves.next = self.plain[i].out_ready.val() & self.core.out_valid.val();
            }
            for s in 0..self._several {
                self.word_leaves.next = self.plain[i].out_ready.val() & self.cores[s].out_valid.val();
            }
        }
        for s in 0..self._several {
            comment!("the first core and the others");
            self.cores[s].reset.next = self.power_up.reset.val();
            self.core.in_valid.next = self.cores[s].first_in_valid.val();
            self.core.in_data.next = self.cores[s].first_in_data.val();
            self.cores[s].first_in_ready.next = self.core.in_ready.val();
            self.cores[s].first_out_valid.next = self.core.out_valid.val();
            self.cores[s].first_out_data.next = self.core.out_data.val();
            self.core.out_ready.next = self.cores[s].first_out_ready.val();
        }
        for i in 0..self._framed {
            self.framed[i].reset.next = self.power_up.reset.val();
            self.framed[i].received.next = self.receiver.valid.val();
            self.framed[i].byte_in.next = self.receiver.data.val();
            self.framed[i].byte_ready.next = self.sender.ready.val();
            self.framed[i].in_ready.next = self.core.in_ready.val();
            self.framed[i].out_valid.next = self.core.out_valid.val();
            self.framed[i].out_data.next = self.core.out_data.val();
            self.core.in_valid.next = self.framed[i].in_valid.val();
            self.core.in_data.next = self.framed[i].in_data.val();
            self.core.out_ready.next = self.framed[i].out_ready.val();
            self.sender.valid.next = self.framed[i].byte_valid.val();
            self.sender.data.next = self.framed[i].byte_out.val();
            self.word_leaves.next = self.framed[i].out_ready.val() & self.core.out_valid.val();
            self.framed[i].cold.next = self.power_up.cold.val();
            self.framed[i].read_data.next = 0.into();
        }
        for l in 0..self._loads {
            comment!("another memory comes over it");
            self.core.cold[l].next = self.power_up.cold.val();
            self.core.load_words[l].next = self.framed[l].load_words.val();
            self.core.load_row[l].next = self.framed[l].load_row.val();
            self.core.load_kernel[l].next = self.framed[l].load_kernel.val();
            self.core.load_threshold[l].next = self.framed[l].load_threshold.val();
            self.core.load_size[l].next = self.framed[l].load_size.val();
            self.core.load_bank[l].next = self.framed[l].load_bank.val();
            self.core.load_address[l].next = self.framed[l].load_address.val();
            self.core.load_data[l].next = self.framed[l].load_data.val();
            self.core.read_row[l].next = self.framed[l].read_row.val();
            self.core.read_kernel[l].next = self.framed[l].read_kernel.val();
            self.core.read_threshold[l].next = self.framed[l].read_threshold.val();
            self.framed[l].read_data.next = self.core.read_data[l].val();
        }
        for v in 0..self._values {
            self.core.load_value[v].next = self.framed[v].load_value[v].val();
            self.core.read_value[v].next = self.framed[v].read_value[v].val();
        }
        for l in 0..self._other_values {
            self.core.load_values[l].next = self.framed[l].load_values[l].val();
        }
        for l in 0..self._learns {
            comment!("patterns are stored and forgotten");
            self.core.recall[l].next = self.framed[l].recall[l].val();
            self.core.storing[l].next = self.framed[l].storing[l].val();
            self.core.grow[l].next = self.framed[l].grow[l].val();
            self.core.shrink[l].next = self.framed[l].shrink[l].val();
            self.core.page_word[l].next = self.framed[l].page_word[l].val();
            self.core.behind[l].next = self.framed[l].behind[l].val();
            self.framed[l].none[l].next = self.core.none[l].val();
            self.framed[l].last[l].next = self.core.last[l].val();
            self.framed[l].row[l].next = self.core.row[l].val();
        }
        for l in 0..self._learnt_classes {
            self.core.class[l].next = self.framed[l].class[l].val();
        }
        for u in 0..self._unknowns {
            self.core.load_radius[u].next = self.framed[u].load_radius[u].val();
        }
        comment!("lights; the last word that leaves is the distance");
        for _a in 0..self._alone {
            if self.word_leaves.val() {
                self.shown.d.next = bit_cast::<8, 16>(self.core.out_data.val());
            }
        }
        for s in 0..self._several {
            self.collected.next = self.cores[s].out_data.val();
            if self.word_leaves.val() {
                self.shown.d.next = bit_cast::<8, 16>(self.collected.val());
            }
        }
        self.tx.next = self.sender.line.val();
        self.lights.d.next = 0.into();
        for _a in 0..self._alone {
            if self.core.in_ready.val() {
                self.lights.d.next = self.ready_light.val();
            }
            if self.core.out_valid.val() {
                self.lights.d.next = self.send_light.val();
            }
        }
        for s in 0..self._several {
            if self.cores[s].in_ready.val() {
                self.lights.d.next = self.ready_light.val();
            }
            if self.cores[s].out_valid.val() {
                self.lights.d.next = self.send_light.val();
            }
        }
        self.led.next = (self.shown.q.val() << self.two.val()) | self.lights.q.val();
    }
}
