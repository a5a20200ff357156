//! `hopgate build`: the bitstream of a memory for a board.

use crate::ui::{table, Ui};
use hopgate_eda::{
    board::{Board, Level},
    flow::{self, BuildRequest},
    report::BuildReport,
};
use hopgate_hdl::{emit, pins, pins::Pins, Plan, Top};
use hopgate_model::{atomic, folder, memory::Memory, Error, ErrorKind, Result};
use serde_json::json;
use std::path::{Path, PathBuf};

/// The baud rate of the plain protocol.
pub const BAUD: f64 = 1e6;

/// The board unless told otherwise.
pub const DEFAULT_BOARD: &str = "alchitry-cu";

/// Build the bitstream: synthesis, place and route over a list of seeds, timing, packing
#[derive(clap::Args)]
#[command(after_help = "Example:\n    hopgate build memory/ --board alchitry-cu --seeds 8 -o build/\n\n\
                        The folder receives the bitstream, the Verilog it was made from, every tool's log, and report.json.")]
pub struct Args {
    /// A memory folder, as `quantize` writes it
    memory: PathBuf,
    /// A board's name, or a board file (.toml)
    #[arg(long, default_value = DEFAULT_BOARD)]
    board: String,
    /// How many place-and-route seeds to try; the fastest is kept
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=64), allow_negative_numbers = true)]
    seeds: u32,
    /// Keep a bitstream that misses the board's clock, with a warning
    #[arg(long)]
    allow_slow: bool,
    /// Where the build goes
    #[arg(short, long, value_name = "FOLDER")]
    output: PathBuf,
}

/// Runs it.
pub fn run(args: Args, ui: &Ui) -> Result<()> {
    let memory = folder::load(&args.memory)?;
    let board = Board::find(&args.board)?;
    let report = build(&memory, board, args.seeds, args.allow_slow, &args.output, ui)?;
    ui.result(&json!(report), || text(&report, &args.output));
    Ok(())
}

/// Builds a memory for a board, seeds 1 to `seeds`, after checking that it can fit.
pub fn build(memory: &Memory, board: Board, seeds: u32, slow: bool, out: &Path, ui: &Ui) -> Result<BuildReport> {
    let plan = Plan::of(memory)?;
    super::estimate::of(memory, &plan, &board)?.check()?;
    super::output::check(out)?;
    let top = top(&board)?;
    let design = emit(&plan, top, &folder::hash(memory))?;
    let rtl = atomic::scratch()?;
    for (name, text) in design.files() {
        let path = rtl.path().join(name);
        std::fs::write(&path, text).map_err(|e| Error::io("write", &path, e))?;
    }
    let mut request = BuildRequest::new(rtl.path(), top.name(), board, out);
    request.seeds = (1..=seeds).collect();
    request.allow_slow = slow;
    let bar = ui.bar("building the bitstream", 0);
    let report = flow::build(&request, &|event| {
        bar.set_length(event.total as u64);
        bar.set_position(event.done as u64);
        bar.set_message(event.text.to_owned());
    })?;
    bar.finish_and_clear();
    report.warnings.iter().for_each(|w| ui.warn(w));
    Ok(report)
}

/// The top of a board: the core behind a UART, at the board's clock.
pub fn top(board: &Board) -> Result<Top> {
    let uart_divider = (board.clock.mhz * 1e6 / BAUD).round() as usize;
    if uart_divider < 8 {
        let what = format!("the clock of {} ({} MHz) is too slow for a UART of 1 Mbaud", board.name, board.clock.mhz);
        return Err(Error::new(ErrorKind::Fit, what).hint("it takes a clock of 8 MHz or more"));
    }
    Ok(Top::Board { uart_divider, pins: pins(board) })
}

/// The pins of a board, as its top wants them.
fn pins(board: &Board) -> Pins {
    let level = |level: Level| match level {
        Level::Low => pins::Level::Low,
        Level::High => pins::Level::High,
    };
    Pins {
        button: board.reset.as_ref().map(|reset| level(reset.active)),
        leds: board.leds.pins.len(),
        lit: level(board.leds.active),
        high: board.hold.high.len(),
    }
}

/// The table of a build.
pub fn text(report: &BuildReport, out: &Path) -> String {
    let seeds: Vec<f64> = report.seeds.iter().filter_map(|s| s.fmax_mhz).collect();
    let slowest = seeds.iter().copied().fold(f64::INFINITY, f64::min);
    table(&[
        vec!["board".into(), report.board.clone()],
        vec!["logic cells".into(), format!("{} of {}", report.logic_cells.used, report.logic_cells.available)],
        vec!["block RAMs".into(), format!("{} of {}", report.block_rams.used, report.block_rams.available)],
        vec![
            format!("clock by {}", report.judge),
            format!(
                "{:.1} MHz (seed {}; {} seeds from {slowest:.1}); the board needs {:.0}",
                report.fmax_mhz,
                report.best_seed,
                seeds.len(),
                report.clock_mhz
            ),
        ],
        vec!["bitstream".into(), format!("in {}, sha256 {}", out.display(), report.bitstream_sha256().unwrap_or("-"))],
    ])
}
