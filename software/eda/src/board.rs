//! Boards: data files that name the device, its pins, its resources and its tools.

use hopgate_model::{Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, path::Path};

/// The boards that come with hopgate: name and TOML text.
const BUILT_IN: [(&str, &str); 1] = [("alchitry-cu", include_str!("../../../constraints/alchitry-cu.toml"))];

/// A board. `constraints/alchitry-cu.toml` documents every field where it is set.
///
/// ```
/// let cu = hopgate_eda::board::Board::find("alchitry-cu")?;
/// assert_eq!((cu.clock.pin.as_str(), cu.clock.mhz), ("P7", 100.0));
/// # Ok::<(), hopgate_model::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Board {
    /// What `--board` calls it.
    pub name: String,
    /// What reports call it.
    pub title: String,
    /// The flow to use.
    pub family: Family,
    /// The device, as nextpnr and icetime call it.
    pub device: String,
    /// The package, as nextpnr and icetime call it.
    pub package: String,
    /// The oscillator.
    pub clock: Clock,
    /// The reset button.
    pub reset: Reset,
    /// The serial line to the computer.
    pub uart: Uart,
    /// The LEDs.
    pub leds: Leds,
    /// What the device holds.
    pub resources: Resources,
    /// The programs that make and load a bitstream.
    pub tools: ToolNames,
    /// More arguments for them.
    pub flags: Flags,
}

/// A device family, and so a flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// Lattice iCE40, by yosys, nextpnr-ice40 and icestorm.
    Ice40,
}

/// The oscillator: port `clock`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    /// Its pin.
    pub pin: String,
    /// Its frequency in MHz, which every build has to meet.
    pub mhz: f64,
}

/// The reset button: port `reset_n`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reset {
    /// Its pin.
    pub pin: String,
    /// Its level when pressed.
    pub active: Level,
}

/// A logic level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Zero: the top modules have `reset_n`, so this is the only one.
    Low,
}

/// The serial line: ports `rx` (from the computer) and `tx` (to it).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Uart {
    /// The pin that the FPGA listens on.
    pub rx: String,
    /// The pin that the FPGA drives.
    pub tx: String,
}

/// The LEDs: port `led`, bit by bit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leds {
    /// Their pins, `led[0]` first.
    pub pins: Vec<String>,
}

/// What the device holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resources {
    /// Logic cells: one LUT4, one carry and one flip-flop each.
    pub logic_cells: u32,
    /// Block RAMs.
    pub block_rams: u32,
    /// Bits of one block RAM.
    pub block_ram_bits: u32,
}

/// The programs that make and load a bitstream, by their names in [`crate::tools::TOOLS`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToolNames {
    /// Verilog to netlist.
    pub synthesis: String,
    /// Netlist to placed and routed design.
    pub place: String,
    /// The judge of timing.
    pub timing: String,
    /// Routed design to bitstream.
    pub pack: String,
    /// Bitstream to board.
    pub load: String,
}

/// More arguments for the tools, beside those that follow from the device and the package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flags {
    /// For `synth_ice40`.
    pub synthesis: Vec<String>,
    /// For nextpnr.
    pub place: Vec<String>,
    /// For icetime.
    pub timing: Vec<String>,
}

impl Board {
    /// The names of the boards that come with hopgate.
    pub fn names() -> impl Iterator<Item = &'static str> {
        BUILT_IN.iter().map(|(name, _)| *name)
    }

    /// A board by its name, or by the path of its TOML file.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] for an unknown name (lists the known ones); [`ErrorKind::Io`] for a file that
    /// cannot be read; [`ErrorKind::Format`] for one that is no board, with the line and the field.
    pub fn find(name: &str) -> Result<Self> {
        if let Some((name, text)) = BUILT_IN.iter().find(|(known, _)| *known == name) {
            return Self::parse(text, &format!("built-in board {name}"));
        }
        let path = Path::new(name);
        if path.extension().is_some_and(|e| e == "toml") || path.components().count() > 1 {
            let text = std::fs::read_to_string(path).map_err(|e| Error::io("read the board", path, e))?;
            return Self::parse(&text, name);
        }
        let known: Vec<_> = Self::names().collect();
        Err(Error::usage(format!("there is no board called {name:?}"))
            .hint(format!("known boards: {}; or give the path of a board's .toml file", known.join(", "))))
    }

    /// Reads and checks a board; `place` is the name of its file in messages.
    ///
    /// # Errors
    /// [`ErrorKind::Format`] with the line and the field.
    pub fn parse(text: &str, place: &str) -> Result<Self> {
        let fail = |line: Option<usize>, what: String| {
            let line = line.map_or(String::new(), |l| format!(", line {l}"));
            Error::new(ErrorKind::Format, format!("{place}{line}: {what}"))
                .hint("constraints/alchitry-cu.toml is a complete example, with every field explained")
        };
        let board: Board = toml::from_str(text).map_err(|e| {
            let line = e.span().map(|s| 1 + text[..s.start.min(text.len())].matches('\n').count());
            let source = line.and_then(|l| text.lines().nth(l - 1)).map(str::trim).unwrap_or_default();
            let source = if source.is_empty() { String::new() } else { format!(" (at: {source})") };
            fail(line, format!("{}{source}", e.message()))
        })?;
        match board.complaint() {
            None => Ok(board),
            Some((section, key, what)) => {
                let field = if section.is_empty() { key.to_owned() } else { format!("{section}.{key}") };
                Err(fail(line_of(text, section, key), format!("{field} {what}")))
            }
        }
    }

    /// The first thing that is wrong with the values: section, key, and what.
    fn complaint(&self) -> Option<(&'static str, &'static str, String)> {
        let word = |s: &str| !s.is_empty() && s.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        for (key, value) in [("name", &self.name), ("device", &self.device), ("package", &self.package)] {
            if !word(value) {
                return Some(("", key, format!("is {value:?}, but has letters, digits and dashes only")));
            }
        }
        if !(self.clock.mhz.is_finite() && (1.0..=1000.0).contains(&self.clock.mhz)) {
            return Some(("clock", "mhz", format!("is {}, but must be 1 to 1000", self.clock.mhz)));
        }
        let pins = [("clock", "pin", &self.clock.pin), ("reset", "pin", &self.reset.pin)];
        let pins = pins.into_iter().chain([("uart", "rx", &self.uart.rx), ("uart", "tx", &self.uart.tx)]);
        let mut used = BTreeMap::new();
        for (section, key, pin) in pins.chain(self.leds.pins.iter().map(|pin| ("leds", "pins", pin))) {
            if pin.is_empty() || !pin.chars().all(|c| c.is_ascii_alphanumeric()) {
                return Some((section, key, format!("names the pin {pin:?}, which is none")));
            }
            if let Some(other) = used.insert(pin, format!("{section}.{key}")) {
                return Some((section, key, format!("uses the pin {pin}, which {other} uses too")));
            }
        }
        let r = &self.resources;
        let counts =
            [("logic_cells", r.logic_cells), ("block_rams", r.block_rams), ("block_ram_bits", r.block_ram_bits)];
        if let Some((key, _)) = counts.iter().find(|(_, n)| *n == 0) {
            return Some(("resources", key, "is 0, but must be at least 1".into()));
        }
        let t = &self.tools;
        let names = [("synthesis", &t.synthesis), ("place", &t.place), ("timing", &t.timing)];
        for (key, name) in names.into_iter().chain([("pack", &t.pack), ("load", &t.load)]) {
            if crate::tools::info(name).is_none() {
                return Some(("tools", key, format!("is {name:?}, a tool that hopgate does not know")));
            }
        }
        let f = &self.flags;
        for (key, flags) in [("synthesis", &f.synthesis), ("place", &f.place), ("timing", &f.timing)] {
            // synthesis flags become part of a yosys script, where these would end the command
            if let Some(flag) = flags.iter().find(|f| f.contains([';', '\n', '"', '#'])) {
                return Some(("flags", key, format!("holds {flag:?}, which has one of ; \" # in it")));
            }
        }
        None
    }

    /// The pin of one bit of a port of the top module, or none.
    pub fn pin(&self, port: &str, bit: usize) -> Option<&str> {
        let pin = match port {
            "clock" => &self.clock.pin,
            "reset_n" => &self.reset.pin,
            "rx" => &self.uart.rx,
            "tx" => &self.uart.tx,
            "led" => return self.leds.pins.get(bit).map(String::as_str),
            _ => return None,
        };
        (bit == 0).then_some(pin.as_str())
    }

    /// The ports that have pins, with their widths in bits.
    pub fn ports(&self) -> [(&'static str, usize); 5] {
        [("clock", 1), ("reset_n", 1), ("rx", 1), ("tx", 1), ("led", self.leds.pins.len())]
    }

    /// The physical constraints of a top module with these ports (name and width).
    ///
    /// # Errors
    /// [`ErrorKind::Value`] for a port, or a bit of one, that the board has no pin for.
    pub fn pcf<'p>(&self, ports: impl IntoIterator<Item = (&'p str, usize)>) -> Result<String> {
        let mut text = format!("# {}; made from the board's .toml by hopgate\n", self.title);
        for (port, width) in ports {
            for bit in 0..width {
                let Some(pin) = self.pin(port, bit) else {
                    let has: Vec<_> = self.ports().iter().map(|(p, w)| format!("{p} ({w})")).collect();
                    return Err(Error::new(
                        ErrorKind::Value,
                        format!("the board {} has no pin for bit {bit} of port {port:?} of the top module", self.name),
                    )
                    .hint(format!("its ports, with their widths, are {}", has.join(", "))));
                };
                // a bus of one bit is a plain name, as in the netlist
                let index = if width == 1 { String::new() } else { format!("[{bit}]") };
                text += &format!("set_io {port}{index} {pin}\n");
            }
        }
        Ok(text)
    }
}

/// The line that sets a key of a section, for messages.
fn line_of(text: &str, section: &str, key: &str) -> Option<usize> {
    let mut current = "";
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if let Some(header) = line.strip_prefix('[').and_then(|l| l.split(']').next()) {
            current = header.trim();
        } else if current == section && line.split('=').next().is_some_and(|k| k.trim() == key) {
            return Some(number + 1);
        }
    }
    None
}
