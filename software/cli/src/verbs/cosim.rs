//! `hopgate cosim`: the same cues through the hardware, at one of its levels, and the integer reference.

use super::{
    hardware::HardwareArgs,
    output::{self, Outputs},
    queries::{Cues, Queries},
};
use crate::ui::{Ui, table};
use hopgate_eda::finished::Finished;
use hopgate_files::{folder, kinds, trace};
use hopgate_hdl::{Top, emit};
use hopgate_model::{Error, ErrorKind, Result, memory::Memory};
use hopgate_sim::{Chip, Level, Library, Options, Waveform, cosim, cosim::waveform, pins};
use serde_json::{Value, json};
use std::path::PathBuf;

/// Recall cues in the hardware (by Verilator) and compare everything with the integer reference
#[derive(clap::Args)]
#[command(after_help = "Examples:\n    hopgate cosim memory/ --noise 0.1 --count 1000 -o answers.npy\n    \
                        hopgate cosim memory/ --level bitstream --build build/ --noise 0.1 --count 200\n    \
                        hopgate cosim other-memory/ --level bitstream --build build/ --bitstream new.bin --noise 0.1 --count 200\n\n\
                        The levels board, netlist and bitstream are those of a finished build, driven at its pins: fields and cycles\n\
                        of steps cannot be seen there.")]
pub struct Args {
    /// A memory folder, as `quantize` writes it
    memory: PathBuf,
    #[command(flatten)]
    queries: Queries,
    #[command(flatten)]
    hardware: HardwareArgs,
    /// What is simulated
    #[arg(long, value_enum, default_value_t = Simulated::Rtl)]
    level: Simulated,
    /// The finished build of this memory: for the levels below rtl
    #[arg(long, value_name = "FOLDER")]
    build: Option<PathBuf>,
    /// --level bitstream: another bitstream of that build, which holds this memory, as `reload` writes it
    #[arg(long, value_name = "FILE")]
    bitstream: Option<PathBuf>,
    /// Write the waveform of the first cue that differs (or of cue 0) here
    #[arg(long, value_name = "FILE", value_parser = output::file())]
    vcd: Option<PathBuf>,
    /// Write steps, converged, nearest, distance and fields here (.npz)
    #[arg(long, value_name = "FILE", value_parser = output::file())]
    trace: Option<PathBuf>,
    /// Where the answers go, (Q, N): .npy, .csv or .txt
    #[arg(short, long, value_name = "FILE", value_parser = output::file())]
    output: Option<PathBuf>,
}

/// What can be simulated.
#[derive(Clone, Copy, PartialEq, clap::ValueEnum)]
enum Simulated {
    /// The emitted Verilog of the core, by its streams
    Rtl,
    /// The Verilog of a build, at the pins of its board
    Board,
    /// The synthesised netlist of a build, at the same pins
    Netlist,
    /// What the packed bitstream of a build configures, at the same pins
    Bitstream,
}

/// Runs it.
pub fn run(args: Args, ui: &Ui) -> Result<()> {
    let level = match (args.level, &args.build) {
        (Simulated::Rtl, None) => None,
        (Simulated::Rtl, Some(_)) => {
            return Err(Error::usage("--build has no effect here")
                .hint("--build goes with --level board, netlist or bitstream"));
        }
        (_, None) => {
            return Err(Error::usage("this level is that of a finished build, and --build is missing")
                .hint("hopgate build memory/ -o build/ makes one; then give --build build/"));
        }
        (Simulated::Board, Some(build)) => Some((Level::Board, build)),
        (Simulated::Netlist, Some(build)) => Some((Level::Netlist, build)),
        (Simulated::Bitstream, Some(build)) => Some((Level::Bitstream, build)),
    };
    if args.bitstream.is_some() && args.level != Simulated::Bitstream {
        return Err(Error::usage("--bitstream has no effect here").hint("--bitstream goes with --level bitstream"));
    }
    if level.is_some() {
        args.hardware.none_for_a_build()?;
    }
    let memory = folder::load(&args.memory)?;
    Outputs::new(ui)
        .reads(args.memory.as_path())
        .reads(args.queries.file())
        .reads(args.build.as_deref())
        .reads(args.bitstream.as_deref())
        .file_of(args.output.as_deref(), kinds::ANSWERS)
        .file_of(args.trace.as_deref(), kinds::TRACE)
        .file_of(args.vcd.as_deref(), kinds::WAVEFORM)
        .check()?;
    let cues = args.queries.load(&memory)?;
    cues.warnings.iter().for_each(|w| ui.warn(w));
    if let Some((level, folder)) = level {
        let mut build = Finished::open(folder)?;
        if let Some(path) = &args.bitstream {
            build = build.holding(path)?;
        }
        return at_pins(&args, level, &build, &memory, &cues, ui);
    }
    let plan = args.hardware.behind_a_link(&memory)?.plan;
    let design = emit(&plan, Top::Core, &folder::hash(&memory))?;
    let bar = ui.bar("building the simulation", 1);
    let library = Library::build(&design, Waveform::Off)?;
    bar.finish_and_clear();
    let result = cosim(&library, &memory, &cues.bits, Options::default(), &ui.follow("recalling"))?;
    if let Some(path) = &args.output {
        trace::save_answers(&result.hardware.state, path)?;
    }
    if let Some(path) = &args.trace {
        result.hardware.save(path)?;
    }
    if let Some(path) = &args.vcd {
        let cue = result.difference.as_ref().map_or(0, |d| d.cue);
        waveform(&library, &cues.bits, cue, Options::default(), path)?;
        ui.note(format!("waveform of cue {cue}: {}", path.display()));
    }
    let steps: Vec<_> = result.steps.iter().flatten().collect();
    let mean = |f: &dyn Fn(&hopgate_sim::bench::StepCount) -> u32| {
        steps.iter().map(|s| f64::from(f(s))).sum::<f64>() / steps.len().max(1) as f64
    };
    let (cycles, queued) = (mean(&|s| s.cycles), mean(&|s| s.queued));
    let longest = steps.iter().map(|s| s.cycles).max().unwrap_or(0);
    let summary = super::recall::Summary::of(&result.hardware, &memory, &cues);
    let report = json!({
        "outputs": outputs(&args, ui),
        "level": "rtl",
        "equal": result.difference.is_none(),
        "difference": result.difference.as_ref().map(|d| &d.what),
        "recall": summary.json(),
        "cycles_per_step": { "mean": cycles, "longest": longest, "latency": plan.latency() },
        "queued_per_step": queued,
        "cycles": result.cost.cycles,
        "cycles_per_second_and_core": result.cost.cycles as f64 / result.cost.seconds,
    });
    ui.result("cosim/1", &report, || {
        let verdict = match &result.difference {
            None => "equal, every bit: answers, steps, converged, nearest, distance, fields, cycles".to_owned(),
            Some(d) => format!("DIFFERENT: {}", d.what),
        };
        let mut rows = summary.rows();
        rows.push(vec!["cycles per step".into(), format!("{cycles:.1} (longest {longest})")]);
        rows.push(vec!["candidates per step".into(), format!("{queued:.1}")]);
        rows.push(vec!["hardware and reference".into(), verdict]);
        table(&rows)
    })?;
    verdict(result.difference.map(|d| d.what), "the hardware")
}

/// What is written, for machines.
fn outputs(args: &Args, ui: &Ui) -> Value {
    let path = |path: &Option<PathBuf>| path.as_ref().map(|path| ui.path(path));
    json!({ "answers": path(&args.output), "trace": path(&args.trace), "waveform": path(&args.vcd) })
}

/// A difference is a failure.
fn verdict(difference: Option<String>, what: &str) -> Result<()> {
    match difference {
        None => Ok(()),
        Some(d) => Err(Error::new(ErrorKind::Failed, format!("{what} differs from the reference: {d}"))
            .hint("--vcd FILE writes the waveform of that cue")),
    }
}

/// A level of a finished build.
fn at_pins(args: &Args, level: Level, build: &Finished, memory: &Memory, cues: &Cues, ui: &Ui) -> Result<()> {
    let bar = ui.bar("building the simulation", 1);
    let chip = match args.bitstream {
        None => Chip::build(build, level, Waveform::Off)?,
        Some(_) => Chip::reloaded(build, memory, Waveform::Off)?,
    };
    bar.finish_and_clear();
    let result = pins::recall(&chip, memory, &cues.bits, &ui.follow("recalling"))?;
    if let Some(path) = &args.output {
        trace::save_answers(&result.hardware.state, path)?;
    }
    if let Some(path) = &args.trace {
        result.hardware.save(path)?;
    }
    if let Some(path) = &args.vcd {
        let cue = result.difference.as_ref().map_or(0, |d| d.cue);
        pins::waveform(build, &chip, memory, cues.bits.row(cue), path)?;
        ui.note(format!("waveform of cue {cue}: {}", path.display()));
    }
    let summary = super::recall::Summary::of(&result.hardware, memory, cues);
    let difference = result.difference.map(|d| d.what);
    let report = json!({
        "outputs": outputs(args, ui),
        "level": level.to_string(),
        "equal": difference.is_none(),
        "difference": difference,
        "recall": summary.json(),
        // what cannot be seen at the pins
        "cycles_per_step": null,
        "queued_per_step": null,
        "cycles": result.cost.cycles,
        "cycles_per_second_and_core": result.cost.cycles as f64 / result.cost.seconds,
    });
    let what = match &args.bitstream {
        None => format!("the {level} of {}", build.folder.display()),
        Some(path) => format!("the {level} {}", path.display()),
    };
    ui.result("cosim/1", &report, || {
        let found = match &difference {
            None => "equal, every bit: answers, steps, converged, nearest, distance".to_owned(),
            Some(d) => format!("DIFFERENT: {d}"),
        };
        let mut rows = summary.rows();
        rows.push(vec!["cycles".into(), result.cost.cycles.to_string()]);
        rows.push(vec![format!("{level} and reference"), found]);
        table(&rows)
    })?;
    verdict(difference, &what)
}
