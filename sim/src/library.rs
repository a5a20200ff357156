//! A design and its bench, built by Verilator into a shared library.
//!
//! Every build has a fresh folder that is removed with the [`Library`]: parallel builds cannot meet, and a failed
//! one leaves nothing behind that a later one could mistake for its own.

use crate::compile::{self, Sources, Waveform};
use hopgate_eda::tools;
use hopgate_files::atomic::{self, Scratch};
use hopgate_hdl::{
    Design, Link, Readout, Top,
    blocks::edge::reset::{FLUSH, power_up_cycles},
    pins::{Active, Pins},
};
use hopgate_model::{Error, Result};
use std::path::{Path, PathBuf};

/// A built simulation. The ROM files are read when a bench is opened, from this folder.
#[derive(Debug)]
pub struct Library {
    folder: Scratch,
    /// The design that was built.
    pub design: Design,
    /// Whether benches can write waveforms.
    pub waveform: Waveform,
}

const CORE_SHIM: &str = include_str!("../shim/core.cpp");
pub(crate) const BOARD_SHIM: &str = concat!(include_str!("../shim/board.cpp"), include_str!("../shim/stream.cpp"));
pub(crate) const SPI_SHIM: &str = include_str!("../shim/spi.cpp");
const PACKETS_SHIM: &str = include_str!("../shim/packets.cpp");
const AXIS_SHIM: &str = include_str!("../shim/axis.cpp");
const AXIL_SHIM: &str = include_str!("../shim/axil.cpp");
const WISHBONE_SHIM: &str = include_str!("../shim/wishbone.cpp");
const WAIVERS: &str = include_str!("../shim/waivers.vlt");

impl Library {
    /// Builds a design and the bench that fits its top.
    ///
    /// # Errors
    /// When Verilator is missing or too old, or rejects the design: its own error lines are in the message.
    pub fn build(design: &Design, waveform: Waveform) -> Result<Library> {
        Library::build_with(design, waveform, &[])
    }

    /// The same, with more files in the folder that the ROM files are read from.
    ///
    /// # Errors
    /// As [`Library::build`].
    pub fn build_with(design: &Design, waveform: Waveform, more: &[(String, String)]) -> Result<Library> {
        let folder = atomic::scratch()?;
        write_sources(design, folder.path())?;
        for (name, text) in more {
            let file = folder.path().join(name);
            std::fs::write(&file, text).map_err(|e| Error::io("write", &file, e))?;
        }
        let sources = Sources {
            top: design.top.name(),
            options: &["-Wall".to_owned()],
            files: &["waivers.vlt", &design.file, "shim.cpp"],
        };
        compile::compile(folder.path(), &sources, waveform)?;
        Ok(Library { folder, design: design.clone(), waveform })
    }

    /// The same design with a waveform, of the kind that a file is of (VCD by default), and where the simulation is to write it. The ROMs are as they are here.
    ///
    /// # Errors
    /// As [`Library::build`].
    pub(crate) fn traced(&self, path: &Path) -> Result<(Library, PathBuf)> {
        let kind = Waveform::of(path).unwrap_or(Waveform::Vcd);
        let traced = Library::build(&self.design, kind)?;
        for (name, _) in self.design.files().into_iter().skip(1) {
            let (from, to) = (self.folder().join(&name), traced.folder().join(&name));
            std::fs::copy(&from, &to).map_err(|e| Error::io("copy", &from, e))?;
        }
        let file = traced.folder().join(format!("cue.{}", kind.ending()));
        Ok((traced, file))
    }

    /// The same simulation, with memory files of its own, which can be changed without the other's.
    ///
    /// # Errors
    /// When it cannot be copied.
    pub fn copy(&self) -> Result<Library> {
        let folder = atomic::scratch()?;
        let entries = std::fs::read_dir(self.folder()).map_err(|e| Error::io("list", self.folder(), e))?;
        let others = entries.flatten().map(|entry| entry.path());
        let wanted = others.filter(|path| *path == self.object() || path.extension().is_some_and(|kind| kind == "hex"));
        for from in wanted {
            let to = folder.path().join(from.file_name().unwrap_or_default());
            std::fs::copy(&from, &to).map_err(|e| Error::io("copy", &from, e))?;
        }
        Ok(Library { folder, design: self.design.clone(), waveform: self.waveform })
    }

    /// The shared library.
    pub fn object(&self) -> PathBuf {
        compile::object(self.folder.path())
    }

    /// The folder with the ROM files, as the next bench will read them.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

/// Runs Verilator's lint over a design as it was emitted: every warning is fatal.
///
/// # Errors
/// With Verilator's own lines.
pub fn lint(design: &Design) -> Result<()> {
    let verilator = tools::require("verilator")?;
    let folder = atomic::scratch()?;
    for (name, text) in design.files() {
        let file = folder.path().join(name);
        std::fs::write(&file, text).map_err(|e| Error::io("write", &file, e))?;
    }
    let run = verilator.run().cwd(folder.path()).args(["--lint-only", "-Wall", &design.file]);
    run.run().map(|_| ()).map_err(|e| e.at("linting the emitted Verilog"))
}

fn write_sources(design: &Design, path: &Path) -> Result<()> {
    let mut files = design.files();
    let shim = match design.top {
        Top::Core => CORE_SHIM,
        Top::Axis { .. } => AXIS_SHIM,
        Top::Axil { .. } => AXIL_SHIM,
        Top::Wishbone { .. } => WISHBONE_SHIM,
        Top::Board { link: Link::Spi, .. } => SPI_SHIM,
        Top::Board { .. } => BOARD_SHIM,
    };
    // what has streams: those of AXI, and not of a board
    let packets = match design.top {
        Top::Axis { .. } | Top::Axil { streams: true, .. } | Top::Wishbone { streams: true, .. } => PACKETS_SHIM,
        _ => "",
    };
    files.push(("shim.cpp".into(), [shim, packets].concat()));
    files.push(("waivers.vlt".into(), format!("{WAIVERS}{}", public_signals(design))));
    files.push(("design.h".into(), header(design)));
    for (name, text) in files {
        let file = path.join(name);
        std::fs::write(&file, text).map_err(|e| Error::io("write", &file, e))?;
    }
    Ok(())
}

/// Signals that the bench of the core reads: the accumulators and the threshold.
fn public_signals(design: &Design) -> String {
    match design.top {
        Top::Core if design.plan.readout != Readout::Vote => String::new(),
        Top::Core => "public_flat_rd -module \"hopgate_core_column*\" -var \"accumulator*q\"\n\
                      public_flat_rd -module \"hopgate_core_weights\" -var \"total*q\"\n\
                      public_flat_rd -module \"hopgate_core_sequencer\" -var \"cues*q\"\n"
            .into(),
        _ => String::new(),
    }
}

/// The generated part of the bench of a board.
pub(crate) fn board_header(clock: u32, uart_divider: usize, pins: Pins) -> String {
    let button = match pins.button {
        None => "((void)0)",
        Some(Active::Low) => "((board).reset_n = !(pressed))",
        Some(Active::High) => "((board).reset = (pressed))",
    };
    let port = |name: &str, width: usize| if width == 0 { "0".into() } else { format!("((board).{name})") };
    let (leds, high) = (port("led", pins.leds), port("high", pins.high));
    format!(
        "#define HOPGATE_UART_DIVIDER {uart_divider}\n#define HOPGATE_RESET_CYCLES {}\n#define HOPGATE_BUTTON(board, pressed) {button}\n\
         #define HOPGATE_LEDS(board) {leds}\n#define HOPGATE_HIGH(board) {high}\n",
        power_up_cycles(clock)
    )
}

/// The generated part of the bench.
///
/// An accumulator ends a step as `A - ceil(T/2) = floor(h/2)`, so `h = 2*accumulator + (T mod 2)`.
fn header(design: &Design) -> String {
    let plan = &design.plan;
    match design.top {
        Top::Axis { .. } => String::new(),
        Top::Axil { streams, .. } | Top::Wishbone { streams, .. } => {
            format!("#define HOPGATE_STREAMS {}\n", u8::from(streams))
        }
        Top::Board { clock, uart_divider, pins, .. } => board_header(clock, uart_divider, pins),
        Top::Core => {
            let width = plan.accumulator_bits;
            let read = |i: usize| {
                let (word, lanes) = (i / 16, plan.lanes());
                let (column, slot) = match plan.votes_in_beats() {
                    true => (word % lanes, word / lanes),
                    false => (word / plan.fold, word % plan.fold),
                };
                let name = mangled(&["hopgate_core", "vote$0", &format!("column${column}"), &accumulator(i % 16)]);
                format!("    if (turn == {slot}) fields[{i}] = 2 * signed_value(r->{name}) + odd;\n")
            };
            let reads = match plan.readout {
                Readout::Vote => {
                    let total = mangled(&["hopgate_core", "vote$0", "weights", "total$q"]);
                    let reads: String = (0..plan.outputs).map(read).collect();
                    format!("    const int64_t odd = ~r->{total} & 1; // it holds T - 1\n{reads}")
                }
                Readout::Nearest | Readout::Ranked { .. } => "    (void)r, (void)turn, (void)fields;\n".into(),
            };
            let port = |name: &str, there: bool| {
                if there { format!("((core).{name}__0240)") } else { "nowhere".to_owned() }
            };
            let turn = if plan.votes_in_beats() { "beat__0240" } else { "turn" };
            let ports = [
                ("HOPGATE_LOAD_VALUE", port("load_value", plan.valued())),
                ("HOPGATE_LOAD_VALUES", port("load_values", plan.has_other_values())),
                ("HOPGATE_READ_VALUE", port("read_value", plan.valued())),
                ("HOPGATE_LOAD_RADIUS", port("load_radius", plan.tells_unknown)),
            ];
            let ports: String = ports.iter().map(|(name, port)| format!("#define {name}(core) {port}\n")).collect();
            format!(
                "{ports}#define HOPGATE_TURN(core) ((core).{turn})\n#define HOPGATE_RESET_CYCLES {FLUSH}\n#define HOPGATE_CUE_WORDS {words}\n#define HOPGATE_CUE(r) {cue}\n#define HOPGATE_CUES {cues}\n#define HOPGATE_OUTPUTS {outputs}\n#define HOPGATE_LOADABLE {loadable}\n\
                 static inline int64_t signed_value(uint64_t v) {{\n\
                 \x20   return static_cast<int64_t>(v << {shift}) >> {shift};\n}}\n\
                 static inline void read_fields(const Vhopgate_core___024root* r, int turn, int64_t* fields) {{\n\
                 {reads}}}\n",
                words = plan.cue_words() * plan.cues,
                cues = plan.cues,
                // the one that votes
                cue = match plan.cues {
                    1 => "0".to_owned(),
                    cues => {
                        let its = |c| mangled(&["hopgate_core", "sequencer", &format!("ring${c}$q")]);
                        let each = (1..cues).map(|c| format!("{c} * (r)->{}", its(c)));
                        format!("({})", each.collect::<Vec<_>>().join(" + "))
                    }
                },
                outputs = plan.outputs,
                loadable = u8::from(plan.loadable),
                shift = 64 - width,
            )
        }
    }
}

fn accumulator(neuron: usize) -> String {
    format!("accumulator${neuron}$q")
}

/// Verilator's C++ name of a hierarchical signal: `$` is escaped, levels are joined by `__DOT__`.
fn mangled(path: &[&str]) -> String {
    path.iter().map(|p| p.replace('$', "__024")).collect::<Vec<_>>().join("__DOT__")
}
