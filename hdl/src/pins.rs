//! The pins of a board: which ports its top has, and at which level a button or an LED is on.
//!
//! rust-hdl's board top has one port list for every board. What differs from board to board is a few lines of its
//! Verilog, which `fit` changes: the hierarchy below stays the same, and so do the names of its signals.

use hopgate_model::{Error, ErrorKind, Result};

/// The LEDs that a top can light; a board with fewer shows the first of them.
pub const MAX_LEDS: usize = 8;

/// A logic level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Active {
    /// Zero.
    Low,
    /// One.
    High,
}

/// What a board has beside its clock and its UART.
///
/// ```
/// use hopgate_hdl::pins::{Active, Pins};
/// let stick = Pins { button: None, leds: 5, ..Pins::default() };
/// assert_eq!((stick.lit, stick.high), (Active::High, 0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pins {
    /// The level of the reset button when pressed: port `reset_n` (low) or `reset` (high); none without a button.
    pub button: Option<Active>,
    /// Bits of the port `led`, at most [`MAX_LEDS`]; no port for 0.
    pub leds: usize,
    /// The level of a lit LED.
    pub lit: Active,
    /// Bits of the port `high`, which is all ones: pins that the board wants held high; no port for 0.
    pub high: usize,
}

impl Default for Pins {
    /// A button that pulls low and eight LEDs that a one lights, as rust-hdl's top has them.
    fn default() -> Self {
        Pins { button: Some(Active::Low), leds: MAX_LEDS, lit: Active::High, high: 0 }
    }
}

impl Pins {
    /// The name of the button's port.
    pub fn button_port(self) -> Option<&'static str> {
        self.button.map(|level| match level {
            Active::Low => "reset_n",
            Active::High => "reset",
        })
    }
}

/// Gives the board top, the first module of a source, the ports that the board has pins for.
///
/// # Errors
/// [`ErrorKind::Failed`] if the text is not that of the board top: a defect of hopgate.
pub(crate) fn fit(verilog: String, pins: Pins) -> Result<String> {
    let defect = |what: &str| {
        Error::new(ErrorKind::Failed, format!("the emitted board top has no {what}"))
            .hint("this is a defect of hopgate: please report it")
    };
    let end = verilog.find("endmodule").ok_or_else(|| defect("end"))?;
    let (top, blocks) = verilog.split_at(end);
    let (head, body) = top.split_once("\n);\n").ok_or_else(|| defect("ports"))?;
    let (name, ports) = head.rsplit_once("(\n").ok_or_else(|| defect("ports"))?;
    let (mut declared, mut after, mut body) = (String::new(), String::new(), body.to_owned());
    let mut list: Vec<String> = ports.split(",\n").map(|port| port.trim().to_owned()).collect();
    let place = |list: &[String], port: &str| list.iter().position(|p| p == port).ok_or_else(|| defect(port));
    let button = place(&list, "input wire reset_n")?;
    match pins.button {
        Some(Active::Low) => (),
        Some(Active::High) => {
            list[button] = "input wire reset".into();
            declared += "    wire reset_n = ~reset;\n";
        }
        None => {
            list.remove(button);
            declared += "    wire reset_n = 1'b1;\n";
        }
    }
    let lamps = place(&list, "output reg [7:0] led")?;
    let lit = "        led = ";
    if body.matches(lit).count() != 1 {
        return Err(defect("lights"));
    }
    let dark = if pins.lit == Active::Low { "~" } else { "" };
    match pins.leds {
        0 => {
            list.remove(lamps);
            declared += "    reg [7:0] led;\n";
        }
        n if n >= MAX_LEDS && pins.lit == Active::High => (),
        n => {
            let last = n.min(MAX_LEDS) - 1;
            list[lamps] = format!("output wire [{last}:0] led");
            declared += "    reg [7:0] led$v;\n";
            body = body.replace(lit, "        led$v = ");
            after = format!("\n    assign led = {dark}led$v[{last}:0];\n");
        }
    }
    if let Some(last) = pins.high.checked_sub(1) {
        list.push(format!("output wire [{last}:0] high"));
        after += &format!("\n    assign high = ~{}'b0;\n", pins.high);
    }
    let ports = list.join(",\n    ");
    Ok(format!("{name}(\n    {ports}\n);\n{declared}{body}{after}{blocks}"))
}
