//! Where a board's clock comes from: the oscillator's pin, directly or through a PLL.

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

/// The primitive of a device, with its parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settings {
    /// Of an iCE40, with the simple feedback path: `out = in * (divf + 1) / ((divr + 1) * 2^divq)`.
    SbPll40 {
        /// `DIVR`, 4 bits.
        divr: u8,
        /// `DIVF`, 7 bits.
        divf: u8,
        /// `DIVQ`, 3 bits.
        divq: u8,
        /// `FILTER_RANGE`, 3 bits.
        filter_range: u8,
        /// Which primitive it is.
        reference: Reference,
    },
    /// Of Gowin's GW1N and GW2A: `out = in * (fbdiv_sel + 1) / (idiv_sel + 1)`.
    RPll {
        /// The oscillator in hertz, which the tools reckon with.
        oscillator_hz: u32,
        /// `IDIV_SEL`, 0 to 63.
        idiv_sel: u8,
        /// `FBDIV_SEL`, 0 to 63.
        fbdiv_sel: u8,
        /// `ODIV_SEL`: the PLL's own oscillator runs at this many times the output.
        odiv_sel: u8,
    },
}

impl Settings {
    /// The instance `pll`, which makes the wires `made` and `lock`.
    fn instance(self) -> String {
        match self {
            Settings::SbPll40 { divr, divf, divq, filter_range, reference } => {
                let (primitive, input) = match reference {
                    Reference::Fabric => ("SB_PLL40_CORE", "REFERENCECLK"),
                    Reference::Pad => ("SB_PLL40_PAD", "PACKAGEPIN"),
                };
                format!(
                    "\
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
"
                )
            }
            Settings::RPll { oscillator_hz, idiv_sel, fbdiv_sel, odiv_sel } => {
                let mhz = f64::from(oscillator_hz) / 1e6;
                format!(
                    "\
rPLL #(
   .FCLKIN(\"{mhz}\"),
   .DYN_IDIV_SEL(\"false\"),
   .IDIV_SEL({idiv_sel}),
   .DYN_FBDIV_SEL(\"false\"),
   .FBDIV_SEL({fbdiv_sel}),
   .DYN_ODIV_SEL(\"false\"),
   .ODIV_SEL({odiv_sel}),
   .CLKFB_SEL(\"internal\")
) pll (
   .CLKIN(oscillator),
   .CLKFB(1'b0),
   .RESET(1'b0),
   .RESET_P(1'b0),
   .FBDSEL(6'b0),
   .IDSEL(6'b0),
   .ODSEL(6'b0),
   .PSDA(4'b0),
   .DUTYDA(4'b0),
   .FDLY(4'b0),
   .CLKOUT(made),
   .CLKOUTP(),
   .CLKOUTD(),
   .CLKOUTD3(),
   .LOCK(lock)
);
"
                )
            }
        }
    }
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
        let Some(settings) = self._pll else {
            return Verilog::Custom(format!("// block: clock_source\n{direct}"));
        };
        let instance = settings.instance();
        Verilog::Custom(format!(
            "\
// block: clock_source
// Simulators have no PLL: there the oscillator stands for the clock that is made of it.
`ifdef SYNTHESIS
wire made;
wire lock;
{instance}assign clock = made;
assign locked = lock;
`else
{direct}`endif
"
        ))
    }
}
