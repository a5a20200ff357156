//! `hopgate build`: the bitstream of a memory for a board.

use super::{DEFAULT_BOARD, compare, hardware::HardwareArgs, output::Outputs};
use crate::ui::{Ui, table};
use hopgate::{
    Board, BuildOptions, Error, Result,
    build::{Aim, BAUD, BuildReport, SEED_LIMIT, nearest_search_path},
    compare::CoreSize,
    design::BuiltDesign,
    hardware::Readout,
};
use hopgate_eda::flow;
use hopgate_files::folder;
use serde_json::json;
use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    time::Duration,
};

/// The baud rates that a board can be built for.
pub const BAUDS: std::ops::RangeInclusive<i64> = 9_600..=12_000_000;

/// Build the bitstream: synthesis, place and route over a list of seeds, timing, packing
#[derive(clap::Args)]
#[command(after_help = "Examples:\n    hopgate build memory/ --board alchitry-cu --runs 8 -o build/\n    \
                        hopgate build memory/ --freq max --parallel 2 -o build/\n\n\
                        The folder receives the bitstream, the Verilog it was made from, every tool's log, and report.json.")]
pub struct Args {
    /// A memory folder, as `quantize` writes it
    memory: PathBuf,
    /// A board's name, or a board file (.toml)
    #[arg(long, default_value = DEFAULT_BOARD)]
    board: OsString,
    /// How often to place and route, each time with another seed; the fastest is kept
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=64), allow_negative_numbers = true)]
    runs: u32,
    /// The first of these seeds: the others follow it
    #[arg(long, value_name = "SEED", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    first_seed: u32,
    /// How many seconds each of them may take: one that is stopped is a seed that failed, and the next one goes on
    #[arg(long, value_name = "SECONDS", default_value_t = SEED_LIMIT.as_secs(), value_parser = clap::value_parser!(u64).range(1..=604_800))]
    seed_time: u64,
    /// The clock: `board`, the oscillator; a number of MHz, made by the PLL, at least that fast; or `max`, the fastest
    /// that the design reaches, which takes up to six clocks
    #[arg(long, value_name = "MHZ|max|board", default_value = "board", allow_negative_numbers = true)]
    freq: Aim,
    /// The baud rate of its UART, 9600 to 12000000, as fast as the board's serial bridge: the clock must have 8 cycles a bit or more, and come within 2 %
    #[arg(long, value_name = "RATE", default_value_t = BAUD, value_parser = clap::value_parser!(u32).range(BAUDS))]
    baud: u32,
    #[command(flatten)]
    hardware: HardwareArgs,
    /// Build the nearest-pattern search (--readout nearest) too, in FOLDER.nearest: then the table beside it is measured
    #[arg(long)]
    nearest: bool,
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
    let hardware = args.hardware.on(&memory, &board)?;
    let beside = args.nearest.then(|| nearest_search_path(&args.output));
    Outputs::new(ui)
        .reads(args.memory.as_path())
        .folder(args.output.as_path(), flow::is_build)
        .folder(beside.as_deref(), flow::is_build)
        .check()?;
    if args.nearest && hardware.plan.readout == Readout::Nearest {
        return Err(Error::usage("--nearest has no effect here")
            .hint("--readout nearest is that search: leave one of them out"));
    }
    let options = BuildOptions::new().clock(args.freq).baud(args.baud).runs(args.runs).first_seed(args.first_seed);
    let options = options.seed_limit(Some(Duration::from_secs(args.seed_time)));
    let options = options.allow_slow(args.allow_slow).nearest_search(args.nearest);
    let bar = ui.follow("building the bitstream");
    let built = hopgate::build(&memory, &hardware, &board, &options, &args.output, &bar)?;
    drop(bar);
    built.warnings.iter().for_each(|w| ui.warn(w));
    let report = &built.report;
    let outputs = json!({ "build": ui.path(&args.output), "nearest": beside.as_ref().map(|path| ui.path(path)) });
    ui.result("build/1", &json!({ "outputs": outputs, "report": report }), || {
        let measured = CoreSize::measured(report);
        let lists = hardware.plan.ranked();
        let compared = built
            .nearest_search
            .as_ref()
            .map_or(String::new(), |b| format!("\n{}", compare::text(b, &measured, lists)));
        text(report, &args.output) + &sizes(report, hardware.plan.neurons) + &compared
    })
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
            let (mhz, from) = (report.clock_mhz, p.reference_mhz());
            format!("{mhz:.3} MHz by the PLL from {from} MHz ({})", p.settings())
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
    for (i, failed) in report.seeds.iter().filter(|s| s.failure.is_some()).enumerate() {
        let why = failed.failure.as_deref().and_then(|why| why.lines().next()).unwrap_or_default();
        rows.push((if i == 0 { "seeds that failed" } else { "" }, format!("{}: {why}", failed.seed)));
    }
    if let Some(sprams) = &report.sprams {
        let then = "after configuration nothing is valid until hopgate host --port PORT load memory/";
        rows.push(("SPRAMs", format!("{} of {}: {then}", sprams.used, sprams.available)));
    }
    if let Some(design) = BuiltDesign::of_report(report).filter(|d| d.tail_lanes > 0) {
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
