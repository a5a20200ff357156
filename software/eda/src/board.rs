//! Boards: data files that name the device, its pins, its resources and its tools.

pub use crate::family::Family;
use crate::{family::PllKind, usb::UsbId};
use hopgate_model::{Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, ffi::OsStr, io::Read, path::Path};

/// The most LEDs that a top lights.
pub const MAX_LEDS: usize = 8;

/// The fastest UART, bits a second.
pub const MAX_BAUD: u32 = 12_000_000;

/// A built-in board: its name is that of its file.
macro_rules! built_in {
    ($($name:literal),*) => {
        [$(($name, include_str!(concat!("../constraints/", $name, ".toml")))),*]
    };
}

/// The largest file that is read as a board.
const MAX_BYTES: u64 = 1 << 20;

/// The boards that come with hopgate: name and TOML text.
const BUILT_IN: [(&str, &str); 7] =
    built_in!["alchitry-cu", "icestick", "icebreaker", "ulx3s-85f", "tang-nano-9k", "tang-nano-20k", "gatemate-evb"];

/// A board. `docs/src/reference/boards.md` explains every key, and `constraints/*.toml` are examples.
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
    /// The electrical standard of all pins, as in `LVCMOS33`: of families where every pin has to name one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub io: Option<String>,
    /// Its USB device, as in `0403:6010`, to say more where loading fails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usb: Option<UsbId>,
    /// The oscillator.
    pub clock: Clock,
    /// The reset button, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reset: Option<Reset>,
    /// The serial line to the computer.
    pub uart: Uart,
    /// The pins of an SPI peripheral on a header, if it is to have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spi: Option<Spi>,
    /// The LEDs.
    pub leds: Leds,
    /// Pins that a design has to drive, whatever it does.
    #[serde(default)]
    pub hold: Hold,
    /// What the device holds.
    pub resources: Resources,
    /// The programs that make and load a bitstream.
    pub tools: ToolNames,
    /// More arguments for them.
    pub flags: Flags,
}

/// The oscillator: port `clock`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    /// Its pin.
    pub pin: String,
    /// Its frequency in MHz, which every build has to meet.
    pub mhz: f64,
    /// How it reaches a PLL that hopgate knows; without it, hopgate uses none on this board.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pll: Option<PllInput>,
}

/// How the oscillator reaches the PLL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PllInput {
    /// Over the fabric: from any pin but the PLL's own.
    Fabric,
    /// From the pin that belongs to the PLL: iCE40 only.
    Pad,
}

/// The reset button: port `reset_n` if it is active low, `reset` if it is active high.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reset {
    /// Its pin.
    pub pin: String,
    /// Its level when pressed.
    pub active: Active,
    /// The electrical standard of its pin, where it is another than the board's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub io: Option<String>,
}

/// A logic level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Active {
    /// Zero.
    Low,
    /// One.
    High,
}

/// The serial line: ports `rx` (from the computer) and `tx` (to it).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Uart {
    /// The pin that the FPGA listens on.
    pub rx: String,
    /// The pin that the FPGA drives.
    pub tx: String,
    /// The fastest rate that the bridge to the computer does, bits a second: 3 Mbaud unless the file says another.
    #[serde(default = "usual_most", skip_serializing_if = "is_usual")]
    pub most: u32,
}

/// What every bridge of a board does.
const USUAL_MOST: u32 = 3_000_000;

fn usual_most() -> u32 {
    USUAL_MOST
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_usual(most: &u32) -> bool {
    *most == USUAL_MOST
}

/// An SPI peripheral, to a microcontroller: ports `sck`, `cs_n`, `mosi`, `miso` and `attention`. It takes the place of the serial line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spi {
    /// The controller's clock.
    pub sck: String,
    /// The controller's select, low.
    pub cs_n: String,
    /// From the controller.
    pub mosi: String,
    /// To the controller.
    pub miso: String,
    /// Bytes wait for the controller.
    pub attention: String,
}

/// The LEDs: port `led`, bit by bit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leds {
    /// Their pins, `led[0]` first; at most [`MAX_LEDS`], and possibly none.
    pub pins: Vec<String>,
    /// The level of a lit one.
    pub active: Active,
    /// The electrical standard of their pins, where it is another than the board's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub io: Option<String>,
}

/// Pins that a design has to drive, whatever it does: port `high`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hold {
    /// The pins to hold at one.
    #[serde(default)]
    pub high: Vec<String>,
}

/// What the device holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resources {
    /// Logic cells: LUT4s, each with a carry and a flip-flop.
    pub logic_cells: u32,
    /// Block RAMs.
    pub block_rams: u32,
    /// SPRAMs, of 16K x 16 bits: an iCE40 UltraPlus has four.
    #[serde(default)]
    pub sprams: u32,
}

/// The programs that make and load a bitstream, by their names in [`crate::tools::TOOLS`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToolNames {
    /// Verilog to netlist.
    pub synthesis: String,
    /// Netlist to placed and routed design.
    pub place: String,
    /// The judge of timing beside nextpnr: iCE40 only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timing: Option<String>,
    /// Routed design to bitstream.
    pub pack: String,
    /// Bitstream to board.
    pub load: String,
}

/// More arguments for the tools, beside those that follow from the device and the package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flags {
    /// For yosys's `synth_ice40` or `synth_ecp5`.
    pub synthesis: Vec<String>,
    /// For nextpnr.
    pub place: Vec<String>,
    /// For icetime: iCE40 only.
    #[serde(default)]
    pub timing: Vec<String>,
    /// For icepack or ecppack.
    pub pack: Vec<String>,
    /// For the program that loads a board.
    #[serde(default)]
    pub load: Vec<String>,
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
    pub fn find(name: impl AsRef<OsStr>) -> Result<Self> {
        let name = name.as_ref();
        if let Some((name, text)) = BUILT_IN.iter().find(|(known, _)| *known == name) {
            return Self::parse(text, &format!("built-in board {name}"));
        }
        let path = Path::new(name);
        if path.extension().is_some_and(|e| e == "toml") || path.components().count() > 1 {
            let failed = |e| Error::io("read the board", path, e);
            let mut text = String::new();
            let file = std::fs::File::open(path).map_err(failed)?;
            file.take(MAX_BYTES + 1).read_to_string(&mut text).map_err(failed)?;
            if text.len() as u64 > MAX_BYTES {
                return Err(Error::new(
                    ErrorKind::Format,
                    format!("{} is larger than any board: {MAX_BYTES} bytes", path.display()),
                ));
            }
            return Self::parse(&text, &path.display().to_string());
        }
        let known: Vec<_> = Self::names().collect();
        Err(Error::usage(format!("there is no board called {:?}", name.to_string_lossy()))
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
                .hint("docs/src/reference/boards.md explains every key, and constraints/ has complete examples")
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
        let word = |s: &str, more: char| {
            !s.is_empty() && s.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == more)
        };
        // Gowin's devices name two grades, as in C6/I5
        let words = [("name", &self.name, '-'), ("device", &self.device, '/'), ("package", &self.package, '-')];
        for (key, value, more) in words {
            if !word(value, more) {
                return Some(("", key, format!("is {value:?}, but has letters, digits and dashes only")));
            }
        }
        if !(self.clock.mhz.is_finite() && (1.0..=1000.0).contains(&self.clock.mhz)) {
            return Some(("clock", "mhz", format!("is {}, but must be 1 to 1000", self.clock.mhz)));
        }
        if !(9_600..=MAX_BAUD).contains(&self.uart.most) {
            return Some(("uart", "most", format!("is {}, but must be 9600 to {MAX_BAUD}", self.uart.most)));
        }
        if self.leds.pins.len() > MAX_LEDS {
            let what = format!("has {} LEDs, but a top lights at most {MAX_LEDS}", self.leds.pins.len());
            return Some(("leds", "pins", what));
        }
        let mut used = BTreeMap::new();
        for (section, key, pin) in self.pins() {
            if pin.is_empty() || !pin.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
                return Some((section, key, format!("names the pin {pin:?}, which is none")));
            }
            if let Some(other) = used.insert(pin, format!("{section}.{key}")) {
                return Some((section, key, format!("uses the pin {pin}, which {other} uses too")));
            }
        }
        if self.family.pll().is_none() && self.clock.pll.is_some() {
            return Some((
                "clock",
                "pll",
                format!("is set, but hopgate does not use the PLL of {}", self.family.title()),
            ));
        }
        if self.family.pll() != Some(PllKind::SbPll40) && self.clock.pll == Some(PllInput::Pad) {
            return Some(("clock", "pll", "is \"pad\", a way that an iCE40 alone has".into()));
        }
        if let Some(complaint) = self.family_complaint() {
            return Some(complaint);
        }
        let r = &self.resources;
        let counts = [("logic_cells", r.logic_cells), ("block_rams", r.block_rams)];
        if let Some((key, _)) = counts.iter().find(|(_, n)| *n == 0) {
            return Some(("resources", key, "is 0, but must be at least 1".into()));
        }
        if !self.family.has_spram() && r.sprams > 0 {
            return Some(("resources", "sprams", format!("is {}, but {} has none", r.sprams, self.family.title())));
        }
        let t = &self.tools;
        let names = [("synthesis", &t.synthesis), ("place", &t.place), ("pack", &t.pack), ("load", &t.load)];
        for (key, name) in names.into_iter().chain(t.timing.as_ref().map(|name| ("timing", name))) {
            if crate::tools::info(name).is_none() {
                return Some(("tools", key, format!("is {name:?}, a tool that hopgate does not know")));
            }
        }
        let f = &self.flags;
        for (key, flags) in [
            ("synthesis", &f.synthesis),
            ("place", &f.place),
            ("timing", &f.timing),
            ("pack", &f.pack),
            ("load", &f.load),
        ] {
            // synthesis flags become part of a yosys script, where these would end the command
            if let Some(flag) = flags.iter().find(|f| f.contains([';', '\n', '"', '#'])) {
                return Some(("flags", key, format!("holds {flag:?}, which has one of ; \" # in it")));
            }
        }
        None
    }

    /// Every pin, with the section and the key that name it.
    fn pins(&self) -> impl Iterator<Item = (&'static str, &'static str, &String)> {
        let one = [("clock", "pin", &self.clock.pin), ("uart", "rx", &self.uart.rx), ("uart", "tx", &self.uart.tx)];
        let reset = self.reset.iter().map(|reset| ("reset", "pin", &reset.pin));
        let leds = self.leds.pins.iter().map(|pin| ("leds", "pins", pin));
        let spi = self.spi.iter().flat_map(Spi::pins).map(|(key, pin)| ("spi", key, pin));
        reset.chain(one).chain(spi).chain(leds).chain(self.hold.high.iter().map(|pin| ("hold", "high", pin)))
    }

    /// What the family demands, or has no use for.
    fn family_complaint(&self) -> Option<(&'static str, &'static str, String)> {
        let word = |s: &String| !s.is_empty() && s.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        let (title, data) = (self.family.title(), self.family.data());
        let own = [("reset", self.reset.as_ref().and_then(|r| r.io.as_ref())), ("leds", self.leds.io.as_ref())];
        for (section, io) in own.into_iter().filter_map(|(section, io)| io.map(|io| (section, io))) {
            if !data.io {
                return Some((section, "io", format!("is set, but {title} takes it from its supply")));
            }
            if !word(io) {
                return Some((section, "io", format!("is {io:?}, which is no standard")));
            }
        }
        match (&self.io, data.io) {
            (Some(_), false) => return Some(("", "io", format!("is set, but {title} takes it from its supply"))),
            (None, true) => return Some(("", "io", format!("is missing: {title} wants one, as in \"LVCMOS33\""))),
            (Some(io), true) if !word(io) => return Some(("", "io", format!("is {io:?}, which is no standard"))),
            _ => (),
        }
        match (&self.tools.timing, &data.timing) {
            (None, Some(judge)) => {
                let what = format!("is missing: {} judges {title}, beside nextpnr", judge.tool);
                Some(("tools", "timing", what))
            }
            (Some(_), None) => Some(("tools", "timing", format!("is set, but nextpnr judges {title}"))),
            (None, None) if !self.flags.timing.is_empty() => {
                Some(("flags", "timing", format!("has no tool: nextpnr judges {title}")))
            }
            _ => None,
        }
    }
}

impl Spi {
    /// Every pin, with the key that names it and the port that it goes to.
    pub fn pins(&self) -> [(&'static str, &String); 5] {
        let Spi { sck, cs_n, mosi, miso, attention } = self;
        [("sck", sck), ("cs_n", cs_n), ("mosi", mosi), ("miso", miso), ("attention", attention)]
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
