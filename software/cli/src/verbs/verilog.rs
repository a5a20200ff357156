//! `hopgate verilog`: the Verilog of a memory, and the contents of its ROMs.

use super::{build, hardware::Hardware, output::Outputs};
use crate::ui::{Ui, table};
use hopgate_eda::{board::Board, clock::Aim};
use hopgate_files::{
    atomic,
    folder::{self, Stored},
};
use hopgate_hdl::{Design, Roms, Style, Top, emit_as};
use hopgate_model::{Error, Result};
use serde_json::json;
use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

/// Emit the Verilog of a memory, with the images of its ROMs
#[derive(clap::Args)]
#[command(after_help = "Examples:\n    hopgate verilog memory/ -o rtl/\n    \
                        hopgate verilog memory/ --wrapper axis -o rtl/\n    \
                        hopgate verilog memory/ --top board --board alchitry-cu -o rtl/\n\n\
                        Streams of the core are 16-bit words with valid and ready; its header says more. An older folder\n\
                        of emitted Verilog is replaced, any other is refused.")]
pub struct Args {
    /// A memory folder, as `quantize` writes it
    memory: PathBuf,
    /// What is on top
    #[arg(long, value_enum, default_value_t = Outer::Core)]
    top: Outer,
    /// --top core: what is around it
    #[arg(long, value_enum)]
    wrapper: Option<Wrapper>,
    /// --top board: a board's name, or a board file (.toml) [default: alchitry-cu]
    #[arg(long)]
    board: Option<OsString>,
    /// The clock. --top board: as for `build`, a number of MHz, or `board` [default: board]. --wrapper axis, wishbone: the fastest that it will
    /// have, a number of MHz, since reset after configuration takes 10 us of it [default: 200]
    #[arg(long, value_name = "MHZ|board", allow_negative_numbers = true)]
    freq: Option<Aim>,
    /// --top board: the baud rate of its UART, 9600 to 3000000 [default: 1000000]
    #[arg(long, value_name = "RATE", value_parser = clap::value_parser!(u32).range(build::BAUDS))]
    baud: Option<u32>,
    /// What the top module is called, and what the names of all other modules and files begin with: for two memories in one design
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Where the contents of the memories are
    #[arg(long, value_enum, default_value_t = Contents::Files)]
    roms: Contents,
    #[command(flatten)]
    hardware: Hardware,
    /// Where the files go
    #[arg(short, long, value_name = "FOLDER")]
    output: PathBuf,
}

/// The fastest clock of a wrapper unless told otherwise, Hz.
const FASTEST_CLOCK: u32 = 200_000_000;

#[derive(Clone, Copy, PartialEq, clap::ValueEnum)]
enum Outer {
    /// The core, with its streams as ports
    Core,
    /// The core behind a UART, with a board's ports
    Board,
}

#[derive(Clone, Copy, PartialEq, clap::ValueEnum)]
enum Contents {
    /// In .hex files, which parameters of the top module name
    Files,
    /// In the Verilog
    Inline,
}

#[derive(Clone, Copy, PartialEq, clap::ValueEnum)]
enum Wrapper {
    /// Nothing: words with valid and ready (the default)
    None,
    /// AXI4-Stream: a packet in, a packet out
    Axis,
    /// Wishbone B4, classic: six registers
    Wishbone,
}

/// Runs it.
pub fn run(args: Args, ui: &Ui) -> Result<()> {
    if args.top == Outer::Core && args.baud.is_some() {
        return Err(Error::usage("--baud has no effect here")
            .hint("--baud goes with --top board: give that too, or leave --baud out"));
    }
    if args.top == Outer::Board && args.wrapper.is_some() {
        return Err(Error::usage("--wrapper has no effect here")
            .hint("--wrapper goes with --top core: the core on a board is behind its UART"));
    }
    let mut style = Style::default();
    if let Some(name) = &args.name {
        style = style.named(name).map_err(|e| e.at("--name"))?;
    }
    if args.roms == Contents::Inline {
        style = style.roms(Roms::Inline);
    }
    let Stored { memory, text: manifest, .. } = folder::open(&args.memory)?;
    let mut hardware = args.hardware;
    let top = match (args.top, &args.board) {
        (Outer::Core, None) => wrapped(args.wrapper.unwrap_or(Wrapper::None), args.freq)?,
        (Outer::Core, Some(_)) => {
            return Err(Error::usage("--board has no effect here")
                .hint("--board goes with --top board: give that too, or leave --board out"));
        }
        (Outer::Board, name) => {
            let board = Board::find(name.as_deref().unwrap_or(build::DEFAULT_BOARD.as_ref()))?;
            let clock = build::one_clock(&board, args.freq.unwrap_or(Aim::Board), args.baud.unwrap_or(build::BAUD))?;
            let clock = clock.ok_or_else(|| {
                Error::usage("the fastest clock is known only after place and route")
                    .hint("hopgate build --freq max finds it, and keeps the Verilog in its folder")
            })?;
            hardware = hardware.on(&memory, &board)?;
            build::top(&board, &clock, hardware.framed())
        }
    };
    Outputs::new(ui).reads(args.memory.as_path()).folder(args.output.as_path(), is_emitted).check()?;
    let plan = match top {
        Top::Board { .. } => hardware.plan(&memory)?,
        _ => hardware.alone(&memory)?,
    };
    let design = emit_as(&plan, top, &folder::hash(&memory), &style)?;
    write(&design, &manifest, &args.output)?;
    let files: Vec<String> = all(&design).into_iter().map(|(name, _)| name).collect();
    let json = json!({
        "outputs": { "rtl": ui.path(&args.output) },
        "memory": super::memory_json(&memory),
        "top": design.name,
        "files": files,
        "lanes": plan.lanes(),
        "accumulator_bits": plan.accumulator_bits,
        "latency": plan.latency(),
    });
    ui.result("verilog/1", &json, || {
        table(&[
            vec!["top module".into(), format!("{} in {}", design.name, design.file)],
            vec!["lanes".into(), format!("{} of 16 neurons", plan.lanes())],
            vec!["accumulators".into(), format!("{} bits", plan.accumulator_bits)],
            vec!["cycles per step".into(), plan.cycles_in_words()],
            vec!["files".into(), format!("{} in {}", files.len() + 1, args.output.display())],
        ])
    })
}

/// The core in a wrapper.
fn wrapped(wrapper: Wrapper, freq: Option<Aim>) -> Result<Top> {
    let clock = match freq {
        None => FASTEST_CLOCK,
        Some(_) if wrapper == Wrapper::None => {
            return Err(Error::usage("--freq has no effect here").hint(
                "the core alone has no reset that a clock decides: --freq goes with --wrapper axis, --wrapper wishbone or --top board",
            ))
        }
        Some(Aim::AtLeast(mhz)) => (mhz * 1e6).round() as u32,
        Some(Aim::Board | Aim::Max) => {
            return Err(Error::usage("the clock of a wrapper is a number of MHz")
                .hint("give the fastest clock that the design will have: --freq MHZ"))
        }
    };
    Ok(match wrapper {
        Wrapper::None => Top::Core,
        Wrapper::Axis => Top::Axis { clock },
        Wrapper::Wishbone => Top::Wishbone { clock },
    })
}

/// The files of a design, the one that describes it, and the one that tells FuseSoC of it.
fn all(design: &Design) -> Vec<(String, String)> {
    design.files().into_iter().chain([design.description(), design.fusesoc()]).collect()
}

/// Writes the files of a design and the manifest of its memory, as a whole.
pub fn write(design: &Design, manifest: &[u8], out: &Path) -> Result<()> {
    atomic::folder(out, is_emitted, |new| {
        for (name, text) in all(design) {
            atomic::write(&new.join(name), text.as_bytes())?;
        }
        atomic::write(&new.join("manifest.json"), manifest)
    })
}

/// Whether a folder holds emitted Verilog and nothing else: only then may it be replaced.
pub fn is_emitted(folder: &Path) -> bool {
    let names: Option<Vec<String>> = std::fs::read_dir(folder)
        .ok()
        .and_then(|all| all.map(|entry| entry.ok()?.file_name().into_string().ok()).collect());
    let Some(names) = names else { return false };
    let mut sources = names.iter().filter(|name| name.ends_with(".v"));
    let (Some(source), None) = (sources.next(), sources.next()) else { return false };
    let core = format!("{}.core", source.trim_end_matches(".v"));
    let ours = |name: &String| {
        [source, &core].contains(&name)
            || ["manifest.json", "design.json"].contains(&name.as_str())
            || name.ends_with(".hex")
            || atomic::is_temporary(name.as_ref())
    };
    let marked = std::fs::read_to_string(folder.join(source)).is_ok_and(|text| text.contains("generated by hopgate"));
    marked && names.iter().all(ours)
}
