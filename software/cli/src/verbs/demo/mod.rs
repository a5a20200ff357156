//! `hopgate demo`: the main job in one go, with a report: patterns, training, quantising, recall, Verilog,
//! co-simulation, bitstream.

mod classes;
mod hardware;
mod learn;
mod pictures;
mod report;
mod teach;

use super::output::Outputs;
use crate::ui::Ui;
use hopgate::{Board, BuildOptions, HardwareOptions, build::nearest_search_path, verilog::is_emitted};
use hopgate_eda::{flow, tools};
use hopgate_files::{folder, patterns, trace};
use hopgate_model::Result;
use hopgate_web::report as page;
use std::time::Instant;
use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

/// The whole way from patterns to a verified bitstream, with a report and pictures
#[derive(clap::Args)]
#[command(after_help = "Examples:\n    hopgate demo -o demo/\n    hopgate demo mine.npy --noise 0.05 -o mine/\n    \
                        hopgate demo digits --classes -o digits/\n    \
                        hopgate demo digits --learn -o taught/\n    \
                        hopgate demo keys.npy --labels classes.npy --centres 200 -o mine/")]
pub struct Args {
    /// Patterns: a file, a folder of pictures, or a built-in set
    #[arg(default_value = "glyphs")]
    patterns: OsString,
    #[command(flatten)]
    classes: classes::Options,
    /// The keys have classes, and a board that begins empty is taught them over its pins, one, two, five and ten of each class
    #[arg(long, conflicts_with = "labels")]
    learn: bool,
    /// The flip probability that gamma is chosen for, and of the co-simulated cues
    #[arg(long, value_name = "P", default_value_t = 0.1)]
    noise: f64,
    /// Seed of everything random
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many noisy cues to co-simulate
    #[arg(long, value_name = "Q", default_value_t = 1152, allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(1..))]
    count: u32,
    /// How many of them also go through the pins of the board, its netlist and its bitstream
    #[arg(long, value_name = "Q", default_value_t = 200, allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(1..))]
    pin_cues: u32,
    /// A board's name, or a board file (.toml)
    #[arg(long, default_value = "alchitry-cu")]
    board: OsString,
    /// How often to place and route, each time with another seed [default: 4; 8 with --learn, whose board comes nearer to its clock]
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=64))]
    runs: Option<u32>,
    /// Where everything goes
    #[arg(short, long, value_name = "FOLDER")]
    output: PathBuf,
}

/// How often a board is placed and routed by default.
const RUNS: u32 = 4;

/// The files that go into the folder; pictures only where patterns are some.
const FILES: [&str; 16] = [
    "learning.svg",
    "report.md",
    "report.json",
    page::FILE,
    "model.npz",
    "answers.npy",
    "trace.npz",
    "cues.npy",
    "certificate.json",
    "certificate.md",
    "recall.svg",
    "bits.svg",
    "contact-sheet.png",
    "confusion.svg",
    "flips.svg",
    "mistakes.svg",
];

/// Whether all of it can be written.
fn check_outputs(args: &Args, ui: &Ui) -> Result<()> {
    let files = FILES.map(|name| args.output.join(name));
    let [memory, rtl, build, learnt] = ["memory", "rtl", "build", "learnt"].map(|name| args.output.join(name));
    let beside = nearest_search_path(&build);
    let outputs = Outputs::new(ui)
        .reads(Path::new(&args.patterns))
        .folder(memory.as_path(), folder::is_memory)
        .folder(args.learn.then_some(learnt.as_path()), folder::is_memory)
        .folder(rtl.as_path(), is_emitted)
        .folder(build.as_path(), flow::is_build)
        .folder(beside.as_path(), flow::is_build);
    files.iter().fold(outputs, |outputs, file| outputs.file(file.as_path())).check()
}

/// Runs it.
pub fn run(args: Args, ui: &Ui) -> Result<()> {
    let start = Instant::now();
    // what is missing is better known now than after the training
    let board = Board::find(&args.board)?;
    check_outputs(&args, ui)?;
    let classes = args.classes.load(&args.patterns, args.learn, args.seed)?;
    for tool in ["verilator", "make", "g++"] {
        tools::require(tool)?;
    }
    flow::check_tools(&board)?;
    for tool in board.family.readback().map_or(&[][..], |readback| readback.tools()) {
        tools::require(tool)?;
    }
    if let Some(data) = &classes
        && args.learn
    {
        return teach::run(&args, data, &board, start, ui);
    }
    if let Some(data) = classes {
        return classes::run(&args, &data, &board, start, ui);
    }
    let patterns = patterns::load(&args.patterns)?;
    patterns.warnings.iter().for_each(|w| ui.warn(w));
    let (p, n) = (patterns.bits.rows(), patterns.bits.cols());
    ui.note(format!("1/6  patterns   {p} of {n} bits ({})", patterns.source));

    let learnt = learn::learn(&patterns, args.noise, args.seed, ui)?;
    let out = &args.output;
    learnt.model.save(&out.join("model.npz"))?;
    let memory = learnt.chosen();
    learnt.quantized().save(&out.join("memory"))?;
    ui.note(format!(
        "2/6  memory     gamma {:.4}, KKT residual {:.1e}, k = {} {}",
        learnt.model.gamma,
        learnt.model.meta.residual,
        learnt.planes,
        if learnt.sufficient { "recalls within 0.005 of float" } else { "is the best of 1 to 3, but loses to float" }
    ));

    let hardware = HardwareOptions::new().on(memory, &board)?;
    let (cues, origin, source) = hardware::noisy(memory, args.count as usize, args.noise, args.seed)?;
    let proof = hardware::prove(memory, &hardware, cues, Some(origin), source, out, ui)?;
    trace::save_answers(&proof.cosim.hardware.state, &out.join("answers.npy"))?;
    proof.cosim.hardware.save(&out.join("trace.npz"))?;
    trace::save_answers(&proof.cues, &out.join("cues.npy"))?;
    ui.note(format!(
        "3/6  Verilog    {} cues co-simulated, {} cycles: every bit as in the reference",
        proof.cues.rows(),
        proof.cosim.cost.cycles
    ));

    let options = BuildOptions::new().runs(args.runs.unwrap_or(RUNS)).nearest_search(true);
    let bar = ui.follow("building the bitstream");
    let built = hopgate::build(memory, &hardware, &board, &options, &out.join("build"), &bar)?;
    drop(bar);
    built.warnings.iter().for_each(|w| ui.warn(w));
    let build = &built.report;
    ui.note(format!(
        "4/6  bitstream  {:.1} MHz by {}, the board needs {:.0}",
        build.fmax_mhz, build.judge, build.clock_mhz
    ));

    let certificate = proof.climb(memory, Some(&learnt.model), &board, args.pin_cues as usize, out, ui)?;
    let (names, count) = hardware::at_pins(&certificate);
    ui.note(format!("5/6  the ladder {count} cues through {names}: every answer as in the reference"));

    pictures::draw(&patterns, &learnt, &proof, out)?;
    let facts = report::Facts {
        args: &args,
        patterns: &patterns,
        learnt: &learnt,
        proof: &proof,
        build,
        nearest_search: built.nearest_search.as_ref(),
        certificate: &certificate,
    };
    facts.save(out)?;
    ui.note(format!("6/6  report     {}, report.html\n", out.join("report.md").display()));
    let json = serde_json::json!({ "outputs": { "results": ui.path(out) }, "report": facts.json() });
    ui.result("demo/1", &json, || facts.table(start.elapsed().as_secs_f64()))
}
