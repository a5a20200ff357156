//! `hopgate verilog`: the Verilog of a memory, and the contents of its ROMs.

use super::{
    DEFAULT_BOARD, build,
    hardware::HardwareArgs,
    output::Outputs,
    with_outputs,
    wrapper::{FASTEST_CLOCK, Wrapper, no_streams},
};
use crate::ui::{Ui, table};
use hopgate::{
    Board, Error, Result,
    build::{Aim, BAUD, one_clock},
    verilog::{Roms, Style, is_emitted, verilog},
};
use hopgate_files::folder::{self, Stored};
use serde_json::json;
use std::{ffi::OsString, path::PathBuf};

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
    /// --wrapper axil or wishbone: AXI4-Stream ports too, for cues and answers in bulk: the register STREAM says who asks
    #[arg(long)]
    streams: bool,
    /// --top board: a board's name, or a board file (.toml) [default: alchitry-cu]
    #[arg(long)]
    board: Option<OsString>,
    /// The clock. --top board: as for `build`, a number of MHz, or `board` [default: board]. --wrapper axis, axil, wishbone: the fastest that it will
    /// have, a number of MHz, since reset after configuration takes 10 us of it [default: 200]
    #[arg(long, value_name = "MHZ|board", allow_negative_numbers = true)]
    freq: Option<Aim>,
    /// --top board: the baud rate of its UART, 9600 to 12000000 [default: 1000000]
    #[arg(long, value_name = "RATE", value_parser = clap::value_parser!(u32).range(build::BAUDS))]
    baud: Option<u32>,
    /// What the top module is called, and what the names of all other modules and files begin with: for two memories in one design
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Where the contents of the memories are
    #[arg(long, value_enum, default_value_t = Contents::Files)]
    roms: Contents,
    /// Where a wrapper takes requests: also write what loads this memory into the core, a C array; behind registers for the function `load` of their header. May
    /// be given more than once
    #[arg(long, value_name = "MEMORY")]
    loads: Vec<PathBuf>,
    /// Also write an example of a bench
    #[arg(long, value_enum)]
    example: Option<Example>,
    #[command(flatten)]
    hardware: HardwareArgs,
    /// Where the files go
    #[arg(short, long, value_name = "FOLDER")]
    output: PathBuf,
}

#[derive(Clone, Copy, PartialEq, clap::ValueEnum)]
enum Outer {
    /// The core, with its streams as ports
    Core,
    /// The core behind a UART or SPI, with a board's ports
    Board,
}

#[derive(Clone, Copy, PartialEq, clap::ValueEnum)]
enum Example {
    /// For cocotb: a test with cues and their answers, and what runs it in Icarus Verilog
    Cocotb,
}

#[derive(Clone, Copy, PartialEq, clap::ValueEnum)]
enum Contents {
    /// In .hex files, which parameters of the top module name
    Files,
    /// In the Verilog
    Inline,
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
    if args.top == Outer::Board && args.streams {
        return Err(no_streams());
    }
    let mut style = Style::default();
    if let Some(name) = &args.name {
        style = style.named(name).map_err(|e| e.at("--name"))?;
    }
    if args.roms == Contents::Inline {
        style = style.roms(Roms::Inline);
    }
    let Stored { memory, text: manifest, .. } = folder::open(&args.memory)?;
    let (hardware, top) = match (args.top, &args.board) {
        (Outer::Core, None) => {
            let wrapper = args.wrapper.unwrap_or(Wrapper::None);
            wrapper.around(args.streams, args.hardware, &memory, fastest(wrapper, args.freq)?)?
        }
        (Outer::Core, Some(_)) => {
            return Err(Error::usage("--board has no effect here")
                .hint("--board goes with --top board: give that too, or leave --board out"));
        }
        (Outer::Board, name) => {
            let board = Board::find(name.as_deref().unwrap_or(DEFAULT_BOARD.as_ref()))?;
            let clock = one_clock(&board, args.freq.unwrap_or(Aim::Board), args.baud.unwrap_or(BAUD))?;
            let clock = clock.ok_or_else(|| {
                Error::usage("the fastest clock is known only after place and route")
                    .hint("hopgate build --freq max finds it, and keeps the Verilog in its folder")
            })?;
            let hardware = args.hardware.on(&memory, &board)?;
            let top = hopgate::build::top(&board, &clock, hardware.framed, hardware.line)?;
            (hardware, top)
        }
    };
    Outputs::new(ui).reads(args.memory.as_path()).folder(args.output.as_path(), is_emitted).check()?;
    let mut emitted = verilog(&memory, &hardware, top, &style)?;
    for path in &args.loads {
        emitted.loads(&folder::load(path)?).map_err(|e| e.at(format!("--loads {}", path.display())))?;
    }
    if args.example == Some(Example::Cocotb) {
        emitted.cocotb(&memory).map_err(|e| e.at("--example"))?;
    }
    emitted.save(&manifest, &args.output)?;
    let json = with_outputs(json!({ "rtl": ui.path(&args.output) }), &emitted)?;
    ui.result("verilog/1", &json, || {
        table(&[
            vec!["top module".into(), format!("{} in {}", emitted.top, emitted.design.file)],
            vec!["lanes".into(), format!("{} of 16 neurons", emitted.lanes)],
            vec!["accumulators".into(), format!("{} bits", emitted.accumulator_bits)],
            vec!["cycles per step".into(), hardware.plan.cycles_in_words()],
            vec!["files".into(), format!("{} in {}", emitted.files.len() + 1, args.output.display())],
        ])
    })
}

/// The fastest clock of a wrapper, Hz.
fn fastest(wrapper: Wrapper, freq: Option<Aim>) -> Result<u32> {
    Ok(match freq {
        None => FASTEST_CLOCK,
        Some(_) if wrapper == Wrapper::None => {
            return Err(Error::usage("--freq has no effect here").hint(
                "the core alone has no reset that a clock decides: --freq goes with --wrapper axis, axil or wishbone, or with --top board",
            ))
        }
        Some(Aim::AtLeast(mhz)) => (mhz * 1e6).round() as u32,
        Some(Aim::Board | Aim::Max) => {
            return Err(Error::usage("the clock of a wrapper is a number of MHz")
                .hint("give the fastest clock that the design will have: --freq MHZ"));
        }
    })
}
