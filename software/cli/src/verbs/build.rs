//! `hopgate build`: the bitstream of a memory for a board.

use super::{
    baseline::{self, Baseline, Core},
    design::Design,
    hardware::Hardware,
    output::Outputs,
};
use crate::ui::{Ui, table};
use hopgate_eda::{
    board::{Board, Level, PllInput},
    clock::{self, Aim, Clock},
    flow::{self, BuildRequest},
    report::BuildReport,
    search,
};
use hopgate_files::{atomic, folder};
use hopgate_hdl::{Link, Plan, Readout, Top, blocks::pll, emit, pins, pins::Pins};
use hopgate_model::{Error, Result, memory::Memory};
use serde_json::json;
use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

/// The baud rate unless told otherwise.
pub const BAUD: u32 = 1_000_000;
/// The baud rates that a board can be built for.
pub const BAUDS: std::ops::RangeInclusive<i64> = 9_600..=3_000_000;

/// The board unless told otherwise.
pub const DEFAULT_BOARD: &str = "alchitry-cu";

/// Build the bitstream: synthesis, place and route over a list of seeds, timing, packing
#[derive(clap::Args)]
#[command(after_help = "Examples:\n    hopgate build memory/ --board alchitry-cu --seeds 8 -o build/\n    \
                        hopgate build memory/ --freq max --parallel 2 -o build/\n\n\
                        The folder receives the bitstream, the Verilog it was made from, every tool's log, and report.json.")]
pub struct Args {
    /// A memory folder, as `quantize` writes it
    memory: PathBuf,
    /// A board's name, or a board file (.toml)
    #[arg(long, default_value = DEFAULT_BOARD)]
    board: OsString,
    /// How many place-and-route seeds to try; the fastest is kept
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=64), allow_negative_numbers = true)]
    seeds: u32,
    /// The clock: `board`, the oscillator; a number of MHz, made by the PLL, at least that fast; or `max`, the fastest
    /// that the design reaches, which takes up to six clocks
    #[arg(long, value_name = "MHZ|max|board", default_value = "board", allow_negative_numbers = true)]
    freq: Aim,
    /// The baud rate of its UART, 9600 to 3000000: the clock must have 8 cycles a bit or more, and come within 2 %
    #[arg(long, value_name = "RATE", default_value_t = BAUD, value_parser = clap::value_parser!(u32).range(BAUDS))]
    baud: u32,
    #[command(flatten)]
    hardware: Hardware,
    /// Build the plain search (--readout nearest) too, in FOLDER.baseline: then the table beside it is measured
    #[arg(long)]
    baseline: bool,
    /// Keep a bitstream that misses its clock, with a warning
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
    let Args { freq, baud, seeds, allow_slow, baseline, .. } = args;
    let effort = Effort { freq, baud, seeds, allow_slow, baseline };
    let hardware = args.hardware.on(&memory, &board)?;
    let plan = hardware.plan(&memory)?;
    let beside = args.baseline.then(|| baseline_path(&args.output));
    Outputs::new(ui)
        .reads(args.memory.as_path())
        .folder(args.output.as_path(), flow::is_build)
        .folder(beside.as_deref(), flow::is_build)
        .check()?;
    if args.baseline && plan.readout == Readout::Nearest {
        return Err(Error::usage("--baseline has no effect here")
            .hint("--readout nearest is the baseline: leave one of them out"));
    }
    let (report, baseline) = build(&memory, &plan, hardware.framed(), board, effort, &args.output, ui)?;
    let compared = baseline.map_or(String::new(), |b| format!("\n{}", b.text(&Core::measured(&report))));
    let outputs = json!({ "build": ui.path(&args.output), "nearest": beside.as_ref().map(|path| ui.path(path)) });
    ui.result("build/1", &json!({ "outputs": outputs, "report": report }), || {
        text(&report, &args.output) + &sizes(&report, plan.neurons) + &compared
    })
}

/// What to try, and what to accept.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    /// The clock.
    pub freq: Aim,
    /// The UART's rate.
    pub baud: u32,
    /// Seeds 1 to this one.
    pub seeds: u32,
    /// Whether a design that misses its clock will do.
    pub allow_slow: bool,
    /// Whether the plain search is built too, to measure what the vote is compared with.
    pub baseline: bool,
}

/// Builds a memory, laid out as this plan of it, for a board, after checking that it can fit; and what to compare it with.
pub fn build(
    memory: &Memory,
    plan: &Plan,
    framed: bool,
    board: Board,
    effort: Effort,
    out: &Path,
    ui: &Ui,
) -> Result<(BuildReport, Option<Baseline>)> {
    let estimate = super::estimate::of(memory, plan, framed, &board)?;
    estimate.check()?;
    let mut beside = Baseline::estimated(memory, &estimate);
    if let Some(plain) = beside.as_mut().filter(|_| effort.baseline) {
        // a search that is too slow is still what the vote is compared with
        let effort = Effort { baseline: false, allow_slow: true, ..effort };
        let (report, _) = build(
            memory,
            &baseline::plan(memory, plan, framed, &board)?,
            framed,
            board.clone(),
            effort,
            &baseline_path(out),
            ui,
        )?;
        plain.core = Core::measured(&report);
    }
    let rtl = atomic::scratch()?;
    let mut request = BuildRequest::new(rtl.path(), Top::BOARD, board.clone(), out);
    let write = |clock: &Clock, rtl: &Path| {
        let design = emit(plan, top(&board, clock, framed), &folder::hash(memory))?;
        for (name, text) in design.files().into_iter().chain([design.description()]) {
            let path = rtl.join(name);
            std::fs::write(&path, text).map_err(|e| Error::io("write", &path, e))?;
        }
        Ok(())
    };
    request.design = Some(super::design::Design::of(memory, plan, &board, framed).json()?);
    request.baseline = beside.as_ref().map(Baseline::json);
    request.seeds = (1..=effort.seeds).collect();
    request.allow_slow = effort.allow_slow;
    let bar = ui.follow("building the bitstream");
    let report = match one_clock(&request.board, effort.freq, effort.baud)? {
        Some(clock) => {
            request.clock = Some(clock);
            write(&clock, rtl.path())?;
            flow::build(&request, &bar)?
        }
        None => {
            let clocks = clock::all(&request.board, effort.baud.into())?;
            let start = clock::guess(&request.board);
            request.request_mhz = Some(start);
            search::build_fastest(&request, &clocks, start, &write, &bar)?
        }
    };
    drop(bar);
    report.warnings.iter().for_each(|w| ui.warn(w));
    if !report.timing_met {
        let (fmax, clock) = (report.fmax_mhz, report.clock_mhz);
        ui.warn(format!("the design reaches {fmax:.2} MHz, less than its clock of {clock:.2} MHz: it may not work"));
    }
    Ok((report, beside))
}

/// Where the plain search beside a build goes.
pub fn baseline_path(out: &Path) -> PathBuf {
    let mut name = out.components().collect::<PathBuf>().into_os_string(); // without a slash at the end
    name.push(".baseline");
    name.into()
}

/// The clock that is asked for, unless it is to be searched for.
pub fn one_clock(board: &Board, freq: Aim, baud: u32) -> Result<Option<Clock>> {
    match freq {
        Aim::Board => clock::oscillator(board, baud.into()).map(Some),
        Aim::AtLeast(mhz) => clock::at_least(board, mhz, baud.into()).map(Some),
        Aim::Max => Ok(None),
    }
}

/// The link of a board.
pub fn link(framed: bool, baud: u32) -> Link {
    match framed {
        true => Link::Framed { baud },
        false => Link::Plain,
    }
}

/// The top of a board: the core behind a UART, with this clock.
pub fn top(board: &Board, clock: &Clock, framed: bool) -> Top {
    let settings = |p: hopgate_eda::pll::Pll| pll::Settings {
        divr: p.divr,
        divf: p.divf,
        divq: p.divq,
        filter_range: p.filter_range,
        reference: match board.clock.pll {
            Some(PllInput::Pad) => pll::Reference::Pad,
            _ => pll::Reference::Fabric,
        },
    };
    Top::Board {
        clock: (clock.mhz * 1e6).round() as u32,
        uart_divider: clock.uart_divider,
        pll: clock.pll.map(settings),
        pins: pins(board),
        link: link(framed, clock.baud.round() as u32),
    }
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

/// One more row for the table: the size of a neuron.
fn sizes(report: &BuildReport, neurons: usize) -> String {
    let per_neuron = f64::from(report.logic_cells.used) / neurons as f64;
    format!("\n{}", table(&[vec!["cells per neuron".into(), format!("{per_neuron:.1}")]]))
}

/// The table of a build.
pub fn text(report: &BuildReport, out: &Path) -> String {
    let seeds: Vec<f64> = report.seeds.iter().filter_map(|s| s.fmax_mhz).collect();
    let slowest = seeds.iter().copied().fold(f64::INFINITY, f64::min);
    let clock = match report.clock.and_then(|c| c.pll) {
        None => format!("{} MHz, the oscillator", report.clock_mhz),
        Some(p) => {
            let settings =
                format!("DIVR {}, DIVF {}, DIVQ {}, FILTER_RANGE {}", p.divr, p.divf, p.divq, p.filter_range);
            format!("{:.3} MHz by the PLL from {} MHz ({settings})", report.clock_mhz, p.reference_mhz)
        }
    };
    let reached = format!("reached, by {}", report.judge);
    let mut rows = vec![
        ("board", report.board.clone()),
        ("logic cells", format!("{} of {}", report.logic_cells.used, report.logic_cells.available)),
        ("block RAMs", format!("{} of {}", report.block_rams.used, report.block_rams.available)),
        ("clock", clock),
        (
            reached.as_str(),
            format!("{:.1} MHz (seed {}; {} seeds from {slowest:.1})", report.fmax_mhz, report.best_seed, seeds.len()),
        ),
    ];
    if let Some(sprams) = &report.sprams {
        let then = "after configuration nothing is valid until hopgate host --port PORT load memory/";
        rows.push(("SPRAMs", format!("{} of {}: {then}", sprams.used, sprams.available)));
    }
    if let Some(design) = Design::of_report(report).filter(|d| d.tail_lanes > 0) {
        let what =
            format!("the last {} rows of {} lanes: the block RAMs are too few", design.tail_rows, design.tail_lanes);
        rows.push(("in logic cells", what));
    }
    if let Some(path) = &report.slowest_stage {
        rows.push(("critical path", path.to_string()));
    }
    if let Some(clock) = &report.clock {
        let baud = report.clock_mhz * 1e6 / clock.uart_divider as f64;
        let off = 100.0 * clock.baud_error();
        rows.push(("UART", format!("{} cycles a bit: {baud:.0} baud, {off:.2} % off", clock.uart_divider)));
    }
    for (i, t) in report.tries.iter().enumerate() {
        let verdict = if t.timing_met { "passes" } else { "fails" };
        let flags = if t.synthesis.is_empty() { "no flags".to_owned() } else { t.synthesis.join(" ") };
        let (clock, fmax, seed) = (t.clock_mhz, t.fmax_mhz, t.best_seed);
        let what = format!("{clock:.3} MHz: reached {fmax:.2} with {flags} and seed {seed}, {verdict}");
        rows.push((if i == 0 { "clocks tried" } else { "" }, what));
    }
    rows.push(("bitstream", format!("in {}, sha256 {}", out.display(), report.bitstream_sha256().unwrap_or("-"))));
    table(&rows.into_iter().map(|(name, fact)| vec![name.to_owned(), fact]).collect::<Vec<_>>())
}
