//! `hopgate explore`: the plan of a sweep for a workflow engine, and the table of what came of it.

mod classes;
mod combine;
mod results;

use super::DEFAULT_BOARD;
use crate::ui::{Ui, table};
use hopgate::{
    Error, Result,
    build::Aim,
    explore::{CONFIG, SNAKEFILE, Sweep, WORKFLOW},
};
use hopgate_files::{atomic, patterns};
use serde_json::json;
use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

/// Plan many builds for Snakemake (here or on a cluster), and read what came of them: the best seeds and the Pareto front
#[derive(clap::Args)]
#[command(after_help = "Examples:\n    hopgate explore glyphs --parallel 1,2 --bits 1,2 --runs 4 -o sweep/\n    \
                        snakemake -d sweep/ -c 2\n    hopgate explore sweep/\n    \
                        hopgate explore keys.npy --labels classes.txt --centres 64,128 --bits 1,2 -o classes/\n\n\
                        Options with commas are tried in every combination. The folder receives config.json and a Snakefile; Snakemake (from PyPI)\n\
                        carries them out, by default on this machine. A folder in the place of PATTERNS is read: points.csv and points.svg.")]
pub struct Args {
    /// Patterns, or keys: a file, a folder of pictures, or a built-in set; or the folder of a sweep
    patterns: OsString,
    /// Gammas: numbers, auto, or noise:P
    #[arg(long, value_name = "GAMMA,...", value_delimiter = ',', default_value = "auto")]
    gamma: Vec<String>,
    /// Bit planes
    #[arg(long, value_name = "K,...", value_delimiter = ',', default_value = "1", value_parser = clap::value_parser!(u8).range(1..=4))]
    bits: Vec<u8>,
    /// Quantisers [default: shared; with --labels tuned]
    #[arg(long, value_name = "SCHEME,...", value_delimiter = ',', value_parser = ["shared", "uniform", "tuned"])]
    scheme: Vec<String>,
    /// Rows scanned in a cycle
    #[arg(long, value_name = "R,...", value_delimiter = ',', default_value = "1", value_parser = ["1", "2", "4"])]
    parallel: Vec<String>,
    /// Where the answer comes from
    #[arg(long, value_name = "READOUT,...", value_delimiter = ',', default_value = "vote", value_parser = ["vote", "nearest"])]
    readout: Vec<String>,
    /// Where later steps take their distances from
    #[arg(long, value_name = "LATER,...", value_delimiter = ',', default_value = "scan", value_parser = ["scan", "queue", "stop"])]
    later: Vec<String>,
    /// Cues that share a scan
    #[arg(long, value_name = "B,...", value_delimiter = ',', default_value = "1", value_parser = ["1", "2", "3", "4"])]
    cues: Vec<String>,
    /// Boards: names, or board files
    #[arg(long, value_name = "BOARD,...", value_delimiter = ',', default_value = DEFAULT_BOARD)]
    board: Vec<OsString>,
    /// The clock of every build, as in `build`
    #[arg(long, value_name = "MHZ|max|board", default_value = "board", allow_negative_numbers = true)]
    freq: Aim,
    /// How often to place and route each core, each time with another seed: 1 to N
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=1000))]
    runs: u32,
    /// The flip probability of the cues [default: 0.1; with --labels none, and where given that of copies to train on as well]
    #[arg(long, value_name = "P", value_parser = super::train::noise, allow_negative_numbers = true)]
    noise: Option<f64>,
    #[command(flatten)]
    classes: classes::Options,
    /// Cues that are simulated for each core
    #[arg(long, value_name = "N", default_value_t = 400, value_parser = clap::value_parser!(u32).range(1..))]
    count: u32,
    /// Where the plan goes
    #[arg(short, long, value_name = "FOLDER")]
    output: Option<PathBuf>,
}

/// Runs it.
pub fn run(args: Args, ui: &Ui) -> Result<()> {
    match &args.output {
        Some(output) => plan(&args, output, ui),
        None => results::read(Path::new(&args.patterns), ui),
    }
}

/// Writes the plan of a sweep.
fn plan(args: &Args, output: &Path, ui: &Ui) -> Result<()> {
    let samples = args.classes.load(args)?;
    let warnings = match &samples {
        Some(samples) => samples.trained.warnings.clone(),
        None => patterns::load(&args.patterns)?.warnings,
    };
    warnings.iter().for_each(|w| ui.warn(w));
    let sweep = combine::sweep(args, samples.is_some())?;
    sweep.check()?;
    let is_sweep = |folder: &Path| folder.join(WORKFLOW).exists() && Sweep::load(folder).is_ok();
    if output.exists() && !is_sweep(output) && std::fs::read_dir(output).map_or(true, |mut all| all.next().is_some()) {
        let what = format!("{} is there, and is no sweep", output.display());
        return Err(Error::usage(what).hint("give the name of a folder that is not there yet"));
    }
    std::fs::create_dir_all(output).map_err(|e| Error::io("make", output, e))?;
    let text = serde_json::to_string_pretty(&sweep).map_err(|e| Error::usage(e.to_string()))?;
    // the plan comes last: a folder with a plan is whole
    if let Some(samples) = &samples {
        classes::save(samples, output, args.count as usize)?;
    }
    atomic::write(&output.join(WORKFLOW), SNAKEFILE.as_bytes())?;
    atomic::write(&output.join(CONFIG), format!("{text}\n").as_bytes())?;
    let outputs = json!({ "sweep": ui.path(output), "table": null, "picture": null });
    let json = json!({ "outputs": outputs, "builds": sweep.builds(), "missing": sweep.builds(), "points": [] });
    ui.result("explore/1", &json, || {
        let row = |what: &str, n: usize| vec![what.to_owned(), n.to_string()];
        table(&[
            row("memories", sweep.memories.len()),
            row("cores", sweep.cores.len()),
            row("boards", sweep.boards.len()),
            row("seeds", sweep.seeds.len()),
            row("builds", sweep.builds()),
        ])
    })?;
    let folder = output.display();
    ui.note(format!(
        "next: snakemake -d {folder} -s {folder}/{WORKFLOW} -c 2 (pip install snakemake), then hopgate explore {folder}"
    ));
    Ok(())
}
