//! A finished build in simulation, at its pins: the Verilog that went in, the netlist that came of it, or what the packed
//! bitstream configures. All three have the same ports and the same bench.
//!
//! The bench makes the clock at the oscillator's pin. Where a PLL is in the design, it is a wire here: the rates that the
//! bench knows are cycles of the clock behind it, so nothing else changes.

use crate::{
    compile::Waveform,
    compile::{self, Sources},
    library::{BOARD_SHIM, SPI_SHIM, board_header},
    protocol::Protocol,
};
use hopgate_eda::{finished::Finished, memories::DESIGN, unpack};
use hopgate_files::{
    atomic::{self, Scratch},
    folder,
};
use hopgate_hdl::{
    CoreOptions, Top,
    pins::{Active, Pins},
};
use hopgate_model::{Error, ErrorKind, Result, memory::Memory};
use serde::Deserialize;
use std::{
    fmt, fs,
    path::{Path, PathBuf},
};

/// What is simulated of a build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The Verilog of the board top, as it was synthesised.
    Board,
    /// The netlist: cells and wires, before placing.
    Netlist,
    /// Nothing but the bytes of the packed bitstream.
    Bitstream,
}

impl Level {
    /// From the first to the last.
    pub const ALL: [Level; 3] = [Level::Board, Level::Netlist, Level::Bitstream];
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Level::Board => "board",
            Level::Netlist => "netlist",
            Level::Bitstream => "bitstream",
        })
    }
}

/// What a build's design says of the memory in it: part of its `design.json`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Origin {
    /// The hash of the memory.
    pub memory: String,
    /// How it became hardware.
    pub options: CoreOptions,
    /// The protocol on the serial line.
    pub link: Protocol,
}

impl Origin {
    /// Reads the description of a build's design.
    ///
    /// # Errors
    /// [`ErrorKind::Format`] if the design is not one that hopgate emitted for a board.
    pub fn of(build: &Finished) -> Result<Origin> {
        let path = build.folder.join("rtl").join(DESIGN);
        let missing = |what: String| {
            Error::new(ErrorKind::Format, format!("{}: {what}", path.display()))
                .hint("only designs that `build` made can be simulated here")
        };
        if build.record.top != Top::BOARD {
            return Err(missing(format!("its top is {}, and no board", build.record.top)));
        }
        let text = fs::read_to_string(&path).map_err(|e| missing(format!("no description of a design: {e}")))?;
        serde_json::from_str(&text).map_err(|e| missing(format!("it does not describe a board: {e}")).because(e))
    }

    /// Refuses another memory than the one that the build was made from.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] if it is another.
    pub fn must_be_of(&self, memory: &Memory) -> Result<()> {
        let hash = folder::hash(memory);
        if hash == self.memory {
            return Ok(());
        }
        let what = format!(
            "the build is of another memory: its design says {:.12}..., this one is {hash:.12}...",
            self.memory
        );
        Err(Error::usage(what).hint("build this memory, or give the one that the build was made from"))
    }
}

/// A simulation of a build at one of its levels, ready to be opened by [`crate::bench::BoardBench`].
#[derive(Debug)]
pub struct Chip {
    folder: Scratch,
    /// What is simulated.
    pub level: Level,
    /// What the build was made from.
    pub origin: Origin,
    /// Cycles of a bit on the serial line.
    pub uart_divider: usize,
}

impl Chip {
    /// Makes the Verilog of a level, and builds it with the bench.
    ///
    /// # Errors
    /// [`ErrorKind::Format`] for a build that hopgate did not make; [`ErrorKind::Usage`] where a level does not exist for a
    /// family; [`ErrorKind::Tool`] for a tool that is missing or fails.
    pub fn build(build: &Finished, level: Level, waveform: Waveform) -> Result<Chip> {
        let origin = Origin::of(build)?;
        let clock = build.record.clock.ok_or_else(|| {
            Error::new(ErrorKind::Format, format!("{}: the report does not say its clock", build.folder.display()))
        })?;
        let folder = atomic::scratch()?;
        let path = folder.path();
        let write = |name: &str, text: &str| {
            let file = path.join(name);
            fs::write(&file, text).map_err(|e| Error::io("write", &file, e))
        };
        write("shim.cpp", if origin.link == Protocol::Spi { SPI_SHIM } else { BOARD_SHIM })?;
        write("design.h", &board_header((clock.mhz * 1e6).round() as u32, clock.uart_divider, pins(build)))?;
        // what others wrote is theirs to answer for: warnings are no reason to stop
        let mut options: Vec<String> = ["-Wno-fatal", "-Wno-lint", "-Wno-style"].map(String::from).into();
        let top = format!("{}.v", build.record.top);
        let files = match level {
            Level::Board => {
                copy_rtl(&build.folder.join("rtl"), path)?;
                vec![top.as_str(), "shim.cpp"]
            }
            Level::Netlist | Level::Bitstream => {
                options.extend(build.family.netlist_macro().map(|name| format!("-D{name}")));
                write("cells.v", &unpack::cells(build)?)?;
                match level {
                    Level::Netlist => unpack::netlist(build, path)?,
                    _ => unpack::bitstream(build, path)?,
                };
                vec!["cells.v", if level == Level::Netlist { "netlist.v" } else { "bitstream.v" }, "shim.cpp"]
            }
        };
        compile::compile(path, &Sources { top: Top::BOARD, options: &options, files: &files }, waveform)?;
        Ok(Chip { folder, level, origin, uart_divider: clock.uart_divider })
    }

    /// What a bitstream configures that was [`holding`](Finished::holding) another memory than its build: this one.
    ///
    /// # Errors
    /// As [`Chip::build`].
    pub fn reloaded(build: &Finished, memory: &Memory, waveform: Waveform) -> Result<Chip> {
        let mut chip = Chip::build(build, Level::Bitstream, waveform)?;
        chip.origin.memory = folder::hash(memory);
        Ok(chip)
    }

    /// The shared library.
    pub(crate) fn object(&self) -> PathBuf {
        compile::object(self.folder.path())
    }

    /// The folder of the simulation; a waveform may go there.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

/// The ports that a build has, as the bench wants to know them.
fn pins(build: &Finished) -> Pins {
    let width = |port: &str| build.ports.get(port).copied().unwrap_or(0);
    let button = match (width("reset_n"), width("reset")) {
        (0, 0) => None,
        (0, _) => Some(Active::High),
        _ => Some(Active::Low),
    };
    Pins { button, leds: width("led"), high: width("high"), ..Pins::default() }
}

/// Copies what was synthesised.
fn copy_rtl(from: &Path, to: &Path) -> Result<()> {
    for entry in fs::read_dir(from).map_err(|e| Error::io("read the folder", from, e))? {
        let path = entry.map_err(|e| Error::io("read the folder", from, e))?.path();
        if let Some(name) = path.file_name() {
            unpack::bring(&path, &to.join(name))?;
        }
    }
    Ok(())
}
