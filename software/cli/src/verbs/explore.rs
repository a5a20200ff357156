//! `hopgate explore`: the plan of a sweep for a workflow engine, and the table of what came of it.

use super::{DEFAULT_BOARD, output::Outputs};
use crate::ui::{Ui, table};
use hopgate::{
    Error, ErrorKind, Result,
    build::Aim,
    explore::{CONFIG, Point, Quantised, Results, SNAKEFILE, Sweep, WORKFLOW},
};
use hopgate_files::{atomic, patterns};
use hopgate_lab::{
    chart::{Axis, Chart, Figure, GREY, Mark, PALETTE, Series, Shape},
    experiments::Table,
};
use serde_json::json;
use std::{
    collections::BTreeMap,
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
};

/// Plan many builds for Snakemake (here or on a cluster), and read what came of them: the best seeds and the Pareto front
#[derive(clap::Args)]
#[command(after_help = "Examples:\n    hopgate explore glyphs --parallel 1,2 --bits 1,2 --runs 4 -o sweep/\n    \
                        snakemake -d sweep/ -c 2\n    hopgate explore sweep/\n\n\
                        Options with commas are tried in every combination. The folder receives config.json and a Snakefile; Snakemake (from PyPI)\n\
                        carries them out, by default on this machine. A folder in the place of PATTERNS is read: points.csv and points.svg.")]
pub struct Args {
    /// Patterns: a file, a folder of pictures, or a built-in set; or the folder of a sweep
    patterns: OsString,
    /// Gammas: numbers, auto, or noise:P
    #[arg(long, value_name = "GAMMA,...", value_delimiter = ',', default_value = "auto")]
    gamma: Vec<String>,
    /// Bit planes
    #[arg(long, value_name = "K,...", value_delimiter = ',', default_value = "1", value_parser = clap::value_parser!(u8).range(1..=4))]
    bits: Vec<u8>,
    /// Quantisers
    #[arg(long, value_name = "SCHEME,...", value_delimiter = ',', default_value = "shared", value_parser = ["shared", "uniform", "tuned"])]
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
    /// Boards: names, or board files
    #[arg(long, value_name = "BOARD,...", value_delimiter = ',', default_value = DEFAULT_BOARD)]
    board: Vec<OsString>,
    /// The clock of every build, as in `build`
    #[arg(long, value_name = "MHZ|max|board", default_value = "board", allow_negative_numbers = true)]
    freq: Aim,
    /// How often to place and route each core, each time with another seed: 1 to N
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=1000))]
    runs: u32,
    /// The flip probability of the cues
    #[arg(long, value_name = "P", default_value = "0.1")]
    noise: f64,
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
        None => read(Path::new(&args.patterns), ui),
    }
}

/// Writes the plan of a sweep.
fn plan(args: &Args, output: &Path, ui: &Ui) -> Result<()> {
    patterns::load(&args.patterns)?.warnings.iter().for_each(|w| ui.warn(w));
    let sweep = sweep(args)?;
    sweep.check()?;
    let is_sweep = |folder: &Path| folder.join(WORKFLOW).exists() && Sweep::load(folder).is_ok();
    if output.exists() && !is_sweep(output) && std::fs::read_dir(output).map_or(true, |mut all| all.next().is_some()) {
        let what = format!("{} is there, and is no sweep", output.display());
        return Err(Error::usage(what).hint("give the name of a folder that is not there yet"));
    }
    std::fs::create_dir_all(output).map_err(|e| Error::io("make", output, e))?;
    let text = serde_json::to_string_pretty(&sweep).map_err(|e| Error::usage(e.to_string()))?;
    // first the workflow: a folder with a plan is whole
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

/// Every combination of the options.
fn sweep(args: &Args) -> Result<Sweep> {
    let cues = ["--noise".into(), args.noise.to_string(), "--count".into(), args.count.to_string()];
    let mut sweep = Sweep::default();
    sweep.patterns = whole(&args.patterns)?;
    sweep.cues = cues.to_vec();
    sweep.clock = vec!["--freq".into(), args.freq.to_string()];
    sweep.seeds = (1..=args.runs).collect();
    for gamma in &args.gamma {
        super::train::gamma(gamma).map_err(|e| Error::usage(format!("--gamma {gamma:?} {e}")))?;
        let mut options = vec!["--gamma".to_owned(), gamma.clone()];
        if gamma == "auto" {
            options.extend(["--noise".into(), args.noise.to_string()]);
        }
        let model = format!("gamma-{}", gamma.replace(':', "-"));
        for bits in &args.bits {
            for scheme in &args.scheme {
                let mut options: Vec<String> =
                    ["--bits".into(), bits.to_string(), "--scheme".into(), scheme.clone()].to_vec();
                if scheme == "tuned" {
                    options.extend(["--corruption".into(), format!("flips:{}", args.noise)]);
                }
                sweep.memories.insert(format!("{model}-k{bits}-{scheme}"), Quantised { model: model.clone(), options });
            }
        }
        sweep.models.insert(model, options);
    }
    for parallel in &args.parallel {
        for readout in &args.readout {
            for later in &args.later {
                // a search has one step
                if readout == "nearest" && later != "scan" && args.later.iter().any(|l| l == "scan") {
                    continue;
                }
                let mut options: Vec<String> =
                    vec!["--parallel".into(), parallel.clone(), "--readout".into(), readout.clone()];
                if later != "scan" {
                    options.extend(["--later".into(), later.clone()]);
                }
                sweep.cores.insert(format!("r{parallel}-{readout}-{later}"), options);
            }
        }
    }
    for board in &args.board {
        let path = Path::new(board);
        let name = path.file_stem().and_then(OsStr::to_str).unwrap_or("board").to_owned();
        if sweep.boards.insert(name, whole(board)?).is_some() {
            return Err(Error::usage(format!("two boards have the name of {}", path.display())));
        }
    }
    Ok(sweep)
}

/// A file by its whole path, since jobs run in the sweep's folder; what is no file by its name.
fn whole(name: &OsStr) -> Result<String> {
    let path = Path::new(name);
    let whole =
        if path.exists() { std::fs::canonicalize(path).map_err(|e| Error::io("find", path, e))? } else { path.into() };
    let text = whole.to_str().map(str::to_owned);
    text.ok_or_else(|| Error::usage(format!("{}: the plan is text, and this name is none", path.display())))
}

/// Reads what a sweep has so far.
fn read(folder: &Path, ui: &Ui) -> Result<()> {
    if !folder.join(CONFIG).exists() {
        let what = format!("{} is no folder of a sweep, and there is no --output", folder.display());
        return Err(Error::new(ErrorKind::Value, what).hint("hopgate explore PATTERNS -o FOLDER makes a sweep"));
    }
    let sweep = Sweep::load(folder)?;
    let results = sweep.results(folder)?;
    let [csv_path, picture] = ["points.csv", "points.svg"].map(|name| folder.join(name));
    Outputs::new(ui).file(csv_path.as_path()).file(picture.as_path()).check()?;
    atomic::write(&picture, plot(&results).svg()?.as_bytes())?;
    atomic::write(&csv_path, csv(&results).as_bytes())?;
    let outputs = json!({ "sweep": ui.path(folder), "table": ui.path(&csv_path), "picture": ui.path(&picture) });
    let json =
        json!({ "outputs": outputs, "builds": sweep.builds(), "missing": results.missing, "points": results.points });
    ui.result("explore/1", &json, || text(&results))?;
    if results.missing > 0 {
        ui.warn(format!("{} of {} builds are not done yet", results.missing, sweep.builds()));
    }
    Ok(())
}

fn csv(results: &Results) -> String {
    let columns =
        "memory core board exact_recall cycles logic_cells block_rams fmax_mhz seed recalls_per_second front refused";
    let mut table = Table::new("points", columns);
    let shown = |number: Option<u64>| number.map_or(String::new(), |n| n.to_string());
    for p in &results.points {
        table.row(vec![
            p.memory.clone(),
            p.core.clone(),
            p.board.clone(),
            format!("{:.6}", p.exact_recall),
            format!("{:.2}", p.cycles),
            shown(p.logic_cells),
            shown(p.block_rams),
            p.fmax_mhz.map_or(String::new(), |mhz| format!("{mhz:.2}")),
            shown(p.seed),
            p.recalls_per_second.map_or(String::new(), |r| format!("{r:.0}")),
            p.front.to_string(),
            p.refused.clone().unwrap_or_default(),
        ]);
    }
    table.csv()
}

/// Recalls a second against logic cells, a colour for each board; what something else beats is grey.
fn plot(results: &Results) -> Figure {
    let marks = |keep: &dyn Fn(&Point) -> bool| -> Vec<Mark> {
        let kept = results.points.iter().filter(|p| keep(p));
        let mut marks: Vec<Mark> =
            kept.filter_map(|p| Some(Mark::at(p.logic_cells? as f64, p.recalls_per_second? / 1000.0))).collect();
        marks.sort_by(|a, b| a.x.total_cmp(&b.x));
        marks
    };
    let mut series = vec![Series::new("beaten", GREY, Shape::Points, marks(&|p| !p.front))];
    let boards: BTreeMap<&str, ()> = results.points.iter().map(|p| (p.board.as_str(), ())).collect();
    for (board, colour) in boards.keys().zip(PALETTE.iter().cycle()) {
        series.push(Series::new(*board, *colour, Shape::Points, marks(&|p| p.front && p.board == *board)));
    }
    series.retain(|s| !s.marks.is_empty());
    let (x, y) = (Axis::number("logic cells"), Axis::number("thousand recalls a second"));
    Figure::of(Chart::new("Recalls a second against logic cells", x, y, series))
}

fn text(results: &Results) -> String {
    let head = ["memory", "core", "board", "exact recall", "cycles", "cells", "RAMs", "MHz", "recalls/s", ""];
    let mut rows = vec![head.map(String::from).to_vec()];
    let shown = |number: Option<u64>| number.map_or("-".to_owned(), |n| n.to_string());
    for p in &results.points {
        rows.push(vec![
            p.memory.clone(),
            p.core.clone(),
            p.board.clone(),
            format!("{:.4}", p.exact_recall),
            format!("{:.1}", p.cycles),
            shown(p.logic_cells),
            shown(p.block_rams),
            p.fmax_mhz.map_or("-".into(), |mhz| format!("{mhz:.1}")),
            p.recalls_per_second.map_or("-".into(), |r| format!("{r:.0}")),
            p.refused.clone().unwrap_or_else(|| if p.front { "front".into() } else { String::new() }),
        ]);
    }
    table(&rows)
}
