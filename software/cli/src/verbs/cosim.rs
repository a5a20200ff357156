//! `hopgate cosim`: the same cues through the hardware, at one of its levels, and the integer reference.

use super::{
    hardware::HardwareArgs,
    output::{self, Outputs},
    queries::Queries,
    recall::rows,
    with_outputs,
    wrapper::{FASTEST_CLOCK, Wrapper, no_streams},
};
use crate::ui::{Ui, table};
use hopgate::{
    Error, ErrorKind, Result,
    cues::Cues,
    simulate::{CoreSimulation, CosimReport, Level, PinSimulation, WrappedSimulation},
    verilog::Top,
};
use hopgate_eda::finished::Finished;
use hopgate_files::{folder, kinds};
use hopgate_sim::{Waveform, chip::Origin};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Recall cues in the hardware (by Verilator) and compare everything with the integer reference
#[derive(clap::Args)]
#[command(after_help = "Examples:\n    hopgate cosim memory/ --noise 0.1 --count 1000 -o answers.npy\n    \
                        hopgate cosim memory/ --wrapper axil --noise 0.1 --count 50 --trace cue.fst\n    \
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
    /// --level rtl: the wrapper in which the core is, driven at its ports: fields and cycles of steps cannot be seen there
    #[arg(long, value_enum)]
    wrapper: Option<Wrapper>,
    /// --wrapper axil or wishbone: with AXI4-Stream ports too: of four cues, three come by the stream and one by the registers
    #[arg(long)]
    streams: bool,
    /// The finished build of this memory: for the levels below rtl
    #[arg(long, value_name = "FOLDER")]
    build: Option<PathBuf>,
    /// --level bitstream: another bitstream of that build, which holds this memory, as `reload` writes it
    #[arg(long, value_name = "FILE")]
    bitstream: Option<PathBuf>,
    /// Write the waveform of the first cue that differs (or of cue 0) here, as VCD or, to a name that ends in .fst, as FST
    #[arg(long, value_name = "FILE", value_parser = output::file())]
    vcd: Option<PathBuf>,
    /// Write steps, converged, nearest, distance and fields here (.npz); or to a name that ends in .fst or .vcd what --vcd writes
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
    let wrapper = args.wrapper.filter(|&wrapper| wrapper != Wrapper::None);
    if level.is_some() && wrapper.is_some() {
        return Err(
            Error::usage("--wrapper has no effect here").hint("--wrapper goes with --level rtl: a build is a board")
        );
    }
    if args.streams && wrapper.is_none() {
        return Err(no_streams());
    }
    let files = Files::of(&args)?;
    let memory = folder::load(&args.memory)?;
    Outputs::new(ui)
        .reads(args.memory.as_path())
        .reads(args.queries.file())
        .reads(args.build.as_deref())
        .reads(args.bitstream.as_deref())
        .file_of(args.output.as_deref(), kinds::ANSWERS)
        .file_of(files.trace, kinds::TRACE)
        .file_of(files.waveform, kinds::WAVEFORM)
        .check()?;
    let bar = || ui.bar("building the simulation", 1);
    if let Some((level, folder)) = level {
        let mut build = Finished::open(folder)?;
        let masks = Origin::of(&build)?.options.masks;
        let cues = args.queries.load(memory.patterns(), memory.kind(), masks, ui)?;
        if let Some(path) = &args.bitstream {
            build = build.holding(path)?;
        }
        let bar = bar();
        let chip = PinSimulation::build(&build, level, &memory, args.bitstream.is_some())?;
        bar.finish_and_clear();
        let found = chip.recall(&cues, &ui.follow("recalling"))?;
        return report(&args, &cues, &found, &|cue, path| chip.waveform(&cues, cue, path), ui);
    }
    let (hardware, top) = match wrapper {
        Some(wrapper) => wrapper.around(args.streams, args.hardware, &memory, FASTEST_CLOCK)?,
        None => (args.hardware.behind_a_link(&memory)?, Top::Core),
    };
    let cues = args.queries.load(memory.patterns(), memory.kind(), hardware.plan.masks, ui)?;
    if wrapper.is_some() {
        let bar = bar();
        let wrapped = WrappedSimulation::build(&memory, &hardware, top)?;
        bar.finish_and_clear();
        let found = wrapped.recall(&cues, &ui.follow("recalling"))?;
        return report(&args, &cues, &found, &|cue, path| wrapped.waveform(&cues, cue, path), ui);
    }
    let bar = bar();
    let core = CoreSimulation::build(&memory, &hardware)?;
    bar.finish_and_clear();
    let found = core.recall(&cues, &ui.follow("recalling"))?;
    report(&args, &cues, &found, &|cue, path| core.waveform(&cues, cue, path), ui)
}

/// Writes and prints what was found; a difference is a failure.
fn report(
    args: &Args,
    cues: &Cues,
    found: &CosimReport,
    waveform: &dyn Fn(usize, &Path) -> Result<()>,
    ui: &Ui,
) -> Result<()> {
    if let Some(path) = &args.output {
        found.answers.save_answers(path)?;
    }
    let files = Files::of(args)?;
    if let Some(path) = files.trace {
        found.answers.save(path)?;
    }
    if let Some(path) = files.waveform.filter(|_| cues.bits.rows() > 0) {
        waveform(found.cue, path)?;
        ui.note(format!("waveform of cue {}: {}", found.cue, path.display()));
    }
    ui.result("cosim/1", &with_outputs(outputs(args, ui), found)?, || {
        let more = if found.cycles_per_step.is_some() { ", fields, cycles" } else { "" };
        let verdict = match &found.difference {
            None => format!("equal, every bit: answers, steps, converged, nearest, distance{more}"),
            Some(d) => format!("DIFFERENT: {d}"),
        };
        let mut rows = rows(&found.recall);
        match (&found.cycles_per_step, found.queued_per_step) {
            (Some(cycles), Some(queued)) => {
                rows.push(vec!["cycles per step".into(), format!("{:.1} (longest {})", cycles.mean, cycles.longest)]);
                rows.push(vec!["candidates per step".into(), format!("{queued:.1}")]);
                rows.push(vec!["hardware and reference".into(), verdict]);
            }
            _ => {
                rows.push(vec!["cycles".into(), found.cycles.to_string()]);
                rows.push(vec![format!("{} and reference", found.level), verdict]);
            }
        }
        table(&rows)
    })?;
    let Some(difference) = &found.difference else { return Ok(()) };
    let what = match (&args.build, &args.bitstream) {
        (_, Some(path)) => format!("the {} {}", found.level, path.display()),
        (Some(build), None) => format!("the {} of {}", found.level, build.display()),
        (None, None) => "the hardware".to_owned(),
    };
    Err(Error::new(ErrorKind::Failed, format!("{what} differs from the reference: {difference}"))
        .hint("--vcd FILE writes the waveform of that cue"))
}

/// What is written, for machines.
fn outputs(args: &Args, ui: &Ui) -> Value {
    let files = Files::of(args).unwrap_or_default();
    let path = |path: Option<&Path>| path.map(|path| ui.path(path));
    json!({ "answers": path(args.output.as_deref()), "trace": path(files.trace), "waveform": path(files.waveform) })
}

/// What is written beside the answers.
#[derive(Default)]
struct Files<'a> {
    trace: Option<&'a Path>,
    waveform: Option<&'a Path>,
}

impl Files<'_> {
    fn of(args: &Args) -> Result<Files<'_>> {
        let trace = args.trace.as_deref();
        if let Some(trace) = trace {
            kinds::TRACE_OR_WAVEFORM.of(trace)?;
        }
        match (trace.filter(|path| Waveform::of(path).is_some()), args.vcd.as_deref()) {
            (None, waveform) => Ok(Files { trace, waveform }),
            (waveform, None) => Ok(Files { trace: None, waveform }),
            (Some(_), Some(_)) => Err(Error::usage("--trace and --vcd both name a waveform")
                .hint("leave one of them out; --trace x.npz writes what is said of each cue")),
        }
    }
}
