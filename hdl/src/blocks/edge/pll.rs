//! Where a board's clock comes from: the oscillator's pin, directly or through the PLL of an iCE40.

use crate::blocks::prelude::*;

/// How the oscillator reaches the PLL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reference {
    /// Over the fabric, from any pin: `SB_PLL40_CORE`.
    Fabric,
    /// From the pin that belongs to the PLL: `SB_PLL40_PAD`. The PLL takes the place of that pin's input, so there is
    /// no other way from it.
    Pad,
}

/// The parameters of the PLL with the simple feedback path:
/// `out = in * (divf + 1) / ((divr + 1) * 2^divq)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// `DIVR`, 4 bits.
    pub divr: u8,
    /// `DIVF`, 7 bits.
    pub divf: u8,
    /// `DIVQ`, 3 bits.
    pub divq: u8,
    /// `FILTER_RANGE`, 3 bits.
    pub filter_range: u8,
    /// Which primitive it is.
    pub reference: Reference,
}

/// The clock of everything on a board, from its oscillator.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct ClockSource {
    /// The oscillator.
    pub oscillator: Signal<In, Clock>,
    /// The clock that is made of it.
    pub clock: Signal<Out, Clock>,
    /// It is stable.
    pub locked: Signal<Out, Bit>,
    _pll: Option<Settings>,
}

impl ClockSource {
    /// The clock through a PLL with these settings; without any, the oscillator itself.
    pub fn new(pll: Option<Settings>) -> Self {
        ClockSource { _pll: pll, ..Default::default() }
    }
}

impl Logic for ClockSource {
    fn update(&mut self) {}

    fn hdl(&self) -> Verilog {
        let direct = "\
assign clock = oscillator;
assign locked = 1'b1;
";
        let Some(Settings { divr, divf, divq, filter_range, reference }) = self._pll else {
            return Verilog::Custom(format!("// block: clock_source\n{direct}"));
        };
        let (primitive, input) = match reference {
            Reference::Fabric => ("SB_PLL40_CORE", "REFERENCECLK"),
            Reference::Pad => ("SB_PLL40_PAD", "PACKAGEPIN"),
        };
        Verilog::Custom(format!(
            "\
// block: clock_source
// Simulators have no PLL: there the oscillator stands for the clock that is made of it.
`ifdef SYNTHESIS
wire made;
wire lock;
{primitive} #(
   .FEEDBACK_PATH(\"SIMPLE\"),
   .PLLOUT_SELECT(\"GENCLK\"),
   .DIVR(4'd{divr}),
   .DIVF(7'd{divf}),
   .DIVQ(3'd{divq}),
   .FILTER_RANGE(3'd{filter_range})
) pll (
   .{input}(oscillator),
   .PLLOUTGLOBAL(made),
   .LOCK(lock),
   .RESETB(1'b1),
   .BYPASS(1'b0)
);
assign clock = made;
assign locked = lock;
`else
{direct}`endif
"
        ))
    }
}
