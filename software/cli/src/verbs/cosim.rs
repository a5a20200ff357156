//! `hopgate cosim`: the same cues through the emitted Verilog and the integer reference.

use super::{hardware::Hardware, output, queries::Queries};
use crate::ui::{table, Ui};
use hopgate_hdl::{emit, Top};
use hopgate_model::{folder, trace, Error, ErrorKind, Result};
use hopgate_sim::{cosim, cosim::waveform, Library, Options, Waveform};
use serde_json::json;
use std::path::PathBuf;

/// Recall cues in the emitted Verilog (Verilator) and compare everything with the integer reference
#[derive(clap::Args)]
#[command(after_help = "Example:\n    hopgate cosim memory/ --noise 0.1 --count 1000 -o answers.npy")]
pub struct Args {
    /// A memory folder, as `quantize` writes it
    memory: PathBuf,
    #[command(flatten)]
    queries: Queries,
    #[command(flatten)]
    hardware: Hardware,
    /// What is simulated
    #[arg(long, value_enum, default_value_t = Level::Rtl)]
    level: Level,
    /// Write the waveform of the first cue that differs (or of cue 0) here
    #[arg(long, value_name = "FILE")]
    vcd: Option<PathBuf>,
    /// Write steps, converged, nearest, distance and fields here (.npz)
    #[arg(long, value_name = "FILE")]
    trace: Option<PathBuf>,
    /// Where the answers go: uint8 (Q, N)
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// The rungs of the proof ladder that can be simulated.
#[derive(Clone, Copy, clap::ValueEnum)]
enum Level {
    /// The emitted Verilog
    Rtl,
}

/// Runs it.
pub fn run(args: Args, ui: &Ui) -> Result<()> {
    let Level::Rtl = args.level;
    let memory = folder::load(&args.memory)?;
    [&args.output, &args.trace, &args.vcd].into_iter().flatten().try_for_each(|path| output::check_file(path))?;
    let cues = args.queries.load(&memory)?;
    cues.warnings.iter().for_each(|w| ui.warn(w));
    let plan = args.hardware.plan(&memory)?;
    let design = emit(&plan, Top::Core, &folder::hash(&memory))?;
    let bar = ui.bar("building the simulation", 1);
    let library = Library::build(&design, Waveform::Off)?;
    bar.finish_and_clear();
    let bar = ui.bar("recalling", cues.bits.rows() as u64);
    let result = cosim(&library, &memory, &cues.bits, Options::default(), &|done| bar.set_position(done as u64))?;
    bar.finish_and_clear();
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
    let summary = super::recall::Summary::of(&result.hardware, &memory, cues.origin.as_deref());
    let report = json!({
        "level": "rtl",
        "equal": result.difference.is_none(),
        "difference": result.difference.as_ref().map(|d| &d.what),
        "recall": summary.json(),
        "cycles_per_step": { "mean": cycles, "longest": longest, "latency": plan.latency() },
        "queued_per_step": queued,
        "cycles": result.cycles,
    });
    ui.result(&report, || {
        let verdict = match &result.difference {
            None => "equal, every bit: answers, steps, converged, nearest, distance, fields, cycles".to_owned(),
            Some(d) => format!("DIFFERENT: {}", d.what),
        };
        let mut rows = summary.rows();
        rows.push(vec!["cycles per step".into(), format!("{cycles:.1} (longest {longest})")]);
        rows.push(vec!["candidates per step".into(), format!("{queued:.1}")]);
        rows.push(vec!["hardware and reference".into(), verdict]);
        table(&rows)
    });
    match result.difference {
        None => Ok(()),
        Some(d) => Err(Error::new(ErrorKind::Failed, format!("the hardware differs from the reference: {}", d.what))
            .hint("--vcd FILE writes the waveform of that cue")),
    }
}
