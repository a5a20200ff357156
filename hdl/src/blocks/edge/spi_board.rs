//! The top of a board with an SPI peripheral in place of a UART: reset, frames, core and lights.
//!
//! Beside its line it is as [`BoardTop`](super::board::BoardTop) with the framed link.

use super::{
    pll::{ClockSource, Settings},
    reset::Reset,
    spi::Spi,
};
use crate::blocks::{
    core::Core,
    link::{commands::Commands, framed::Framed, page::Facts},
    prelude::*,
};
use crate::contents::Plan;
use hopgate_model::kind::Kind;

/// A core behind an SPI peripheral.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct SpiBoard {
    /// The board's oscillator.
    pub clock: Signal<In, Clock>,
    /// The reset button, low when pressed.
    pub reset_n: Signal<In, Bit>,
    /// The controller's clock, at most a third of ours.
    pub sck: Signal<In, Bit>,
    /// The controller speaks to us, low.
    pub cs_n: Signal<In, Bit>,
    /// From the controller.
    pub mosi: Signal<In, Bit>,
    /// To the controller: driven at all times.
    pub miso: Signal<Out, Bit>,
    /// Bytes wait for the controller.
    pub attention: Signal<Out, Bit>,
    /// 0: ready for a cue; 1: the answer is being sent; 2 to 7: the last word's low bits, that is the distance
    /// of the answer from the nearest pattern.
    pub led: Signal<Out, Bits<8>>,
    source: ClockSource,
    made: Signal<Local, Clock>,
    power_up: Reset,
    spi: Spi,
    core: Core,
    framed: Framed,
    word_leaves: Signal<Local, Bit>,
    shown: Register<Bits<8>>,
    /// The way to a pad is long: it begins at registers.
    lights: Register<Bits<8>>,
    two: Literal<8, 2>,
    ready_light: Literal<8, 1>,
    send_light: Literal<8, 2>,
    _waits: usize,
    _loads: usize,
    _values: usize,
    _other_values: usize,
    _unknowns: usize,
    _learns: usize,
    _learnt_classes: usize,
}

impl SpiBoard {
    /// The top for a plan and a board of which these are the facts. The PLL makes the clock; without a PLL it is the oscillator.
    pub fn new(plan: &Plan, pll: Option<Settings>, facts: Facts) -> Self {
        SpiBoard {
            source: ClockSource::new(pll),
            power_up: Reset::new(facts.clock),
            spi: Spi::new(),
            core: Core::fed(plan, Commands::holds(plan, &facts)),
            framed: Framed::new(plan, &facts, true),
            _waits: 1,
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

impl Logic for SpiBoard {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: spi_board");
        comment!("the clock of everything; reset waits until it is stable");
        self.source.oscillator.next = self.clock.val();
        self.made.next = self.source.clock.val();
        self.power_up.button_n.next = self.reset_n.val() & self.source.locked.val();
        self.spi.reset.next = self.power_up.reset.val();
        self.core.reset.next = self.power_up.reset.val();
        comment!("the link between bytes and words");
        self.spi.sck.next = self.sck.val();
        self.spi.cs_n.next = self.cs_n.val();
        self.spi.mosi.next = self.mosi.val();
        self.miso.next = self.spi.miso.val();
        self.attention.next = self.spi.attention.val();
        self.framed.reset.next = self.power_up.reset.val();
        self.framed.received.next = self.spi.valid.val();
        self.framed.byte_in.next = self.spi.data.val();
        self.framed.byte_ready.next = self.spi.byte_ready.val();
        self.spi.byte_data.next = self.framed.byte_out.val();
        self.spi.waiting.next = 0.into();
        for w in 0..self._waits {
            self.spi.waiting.next = self.framed.waiting[w].val();
        }
        self.framed.in_ready.next = self.core.in_ready.val();
        self.framed.out_valid.next = self.core.out_valid.val();
        self.framed.out_data.next = self.core.out_data.val();
        self.core.in_valid.next = self.framed.in_valid.val();
        self.core.in_data.next = self.framed.in_data.val();
        self.core.out_ready.next = self.framed.out_ready.val();
        self.word_leaves.next = self.framed.out_ready.val() & self.core.out_valid.val();
        self.framed.cold.next = self.power_up.cold.val();
        self.framed.read_data.next = 0.into();
        for l in 0..self._loads {
            comment!("another memory comes over it");
            self.core.cold[l].next = self.power_up.cold.val();
            self.core.load_words[l].next = self.framed.load_words.val();
            self.core.load_row[l].next = self.framed.load_row.val();
            self.core.load_kernel[l].next = self.framed.load_kernel.val();
            self.core.load_threshold[l].next = self.framed.load_threshold.val();
            self.core.load_size[l].next = self.framed.load_size.val();
            self.core.load_bank[l].next = self.framed.load_bank.val();
            self.core.load_address[l].next = self.framed.load_address.val();
            self.core.load_data[l].next = self.framed.load_data.val();
            self.core.read_row[l].next = self.framed.read_row.val();
            self.core.read_kernel[l].next = self.framed.read_kernel.val();
            self.core.read_threshold[l].next = self.framed.read_threshold.val();
            self.framed.read_data.next = self.core.read_data[l].val();
        }
        for v in 0..self._values {
            self.core.load_value[v].next = self.framed.load_value[v].val();
            self.core.read_value[v].next = self.framed.read_value[v].val();
        }
        for l in 0..self._other_values {
            self.core.load_values[l].next = self.framed.load_values[l].val();
        }
        for l in 0..self._learns {
            comment!("patterns are stored and forgotten");
            self.core.recall[l].next = self.framed.recall[l].val();
            self.core.storing[l].next = self.framed.storing[l].val();
            self.core.grow[l].next = self.framed.grow[l].val();
            self.core.shrink[l].next = self.framed.shrink[l].val();
            self.core.page_word[l].next = self.framed.page_word[l].val();
            self.core.behind[l].next = self.framed.behind[l].val();
            self.framed.none[l].next = self.core.none[l].val();
            self.framed.last[l].next = self.core.last[l].val();
            self.framed.row[l].next = self.core.row[l].val();
        }
        for l in 0..self._learnt_classes {
            self.core.class[l].next = self.framed.class[l].val();
        }
        for u in 0..self._unknowns {
            self.core.load_radius[u].next = self.framed.load_radius[u].val();
        }
        comment!("lights; the last word that leaves is the distance");
        if self.word_leaves.val() {
            self.shown.d.next = bit_cast::<8, 16>(self.core.out_data.val());
        }
        self.lights.d.next = 0.into();
        if self.core.in_ready.val() {
            self.lights.d.next = self.ready_light.val();
        }
        if self.core.out_valid.val() {
            self.lights.d.next = self.send_light.val();
        }
        self.led.next = (self.shown.q.val() << self.two.val()) | self.lights.q.val();
    }
}
