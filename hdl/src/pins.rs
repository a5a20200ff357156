//! The pins of a board: which ports its top has, and at which level a button or an LED is on.
//!
//! rust-hdl's board top has one port list for every board. What differs from board to board is a few lines of its
//! Verilog, which `fit` changes: the hierarchy below stays the same, and so do the names of its signals.

use hopgate_model::{Error, ErrorKind, Result};

/// The LEDs that a top can light; a board with fewer shows the first of them.
pub const MAX_LEDS: usize = 8;

/// A logic level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Zero.
    Low,
    /// One.
    High,
}

/// What a board has beside its clock and its UART.
///
/// ```
/// use hopgate_hdl::pins::{Level, Pins};
/// let stick = Pins { button: None, leds: 5, ..Pins::default() };
/// assert_eq!((stick.lit, stick.high), (Level::High, 0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pins {
    /// The level of the reset button when pressed: port `reset_n` (low) or `reset` (high); none without a button.
    pub button: Option<Level>,
    /// Bits of the port `led`, at most [`MAX_LEDS`]; no port for 0.
    pub leds: usize,
    /// The level of a lit LED.
    pub lit: Level,
    /// Bits of the port `high`, which is all ones: pins that the board wants held high; no port for 0.
    pub high: usize,
}

impl Default for Pins {
    /// A button that pulls low and eight LEDs that a one lights, as rust-hdl's top has them.
    fn default() -> Self {
        Pins { button: Some(Level::Low), leds: MAX_LEDS, lit: Level::High, high: 0 }
    }
}

impl Pins {
    /// The name of the button's port.
    pub fn button_port(self) -> Option<&'static str> {
        self.button.map(|level| match level {
            Level::Low => "reset_n",
            Level::High => "reset",
        })
    }
}

/// Gives the board top the ports that the board has pins for.
///
/// # Errors
/// [`ErrorKind::Failed`] if the text is not that of the board top: a defect of hopgate.
pub(crate) fn fit(mut verilog: String, pins: Pins) -> Result<String> {
    let mut ports = vec!["clock"];
    ports.extend(pins.button_port());
    ports.extend(["rx", "tx"]);
    match pins.button {
        Some(Level::Low) => (),
        Some(Level::High) => {
            replace(
                &mut verilog,
                "    input wire  reset_n;\n",
                "    input wire  reset;\n    wire  reset_n = ~reset;\n",
            )?;
        }
        None => replace(&mut verilog, "    input wire  reset_n;\n", "    wire  reset_n = 1'b1;\n")?,
    }
    let lamps = "    output reg  [7:0] led;\n";
    let dark = if pins.lit == Level::Low { "~" } else { "" };
    match pins.leds {
        0 => replace(&mut verilog, lamps, "    reg  [7:0] led;\n")?,
        n if n >= MAX_LEDS && pins.lit == Level::High => ports.push("led"),
        n => {
            let last = n.min(MAX_LEDS) - 1;
            let fitted = format!(
                "    output wire [{last}:0] led;\n    reg  [7:0] light;\n    assign led = {dark}light[{last}:0];\n"
            );
            replace(&mut verilog, lamps, &fitted)?;
            verilog = verilog.replace("        led = ", "        light = ");
            ports.push("led");
        }
    }
    if let Some(last) = pins.high.checked_sub(1) {
        ports.push("high");
        let text = format!("    output wire [{last}:0] high;\n    assign high = ~{}'b0;\n", pins.high);
        replace(&mut verilog, "    input wire  rx;\n", &format!("    input wire  rx;\n{text}"))?;
    }
    replace(&mut verilog, "(clock,reset_n,rx,tx,led);\n", &format!("({});\n", ports.join(",")))?;
    Ok(verilog)
}

/// Replaces the only place that holds this text.
fn replace(verilog: &mut String, from: &str, to: &str) -> Result<()> {
    let places = verilog.matches(from).count();
    if places != 1 {
        let what = format!("the emitted board top has {places} lines {:?} instead of one", from.trim());
        return Err(Error::new(ErrorKind::Failed, what).hint("this is a defect of hopgate: please report it"));
    }
    *verilog = verilog.replacen(from, to, 1);
    Ok(())
}
