//! `hopgate reproduce`: the paper's figures and claims measured again, and the studies that go beyond them.

use super::output::Outputs;
use crate::ui::{Ui, table};
use hopgate_files::{atomic, patterns};
use hopgate_lab::experiments::{
    Claim, Context, EXPERIMENTS, Experiment, Outcome, Preset, all, claims_markdown, find, structured_of,
};
use hopgate_model::{Error, ErrorKind, Result, bits::BitMatrix, progress::Progress};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::{
    collections::BTreeMap,
    ffi::OsString,
    path::{Path, PathBuf},
    time::Instant,
};

/// Measure the paper's figures and claims again: a CSV and an SVG each, and the claims with verdicts
#[derive(clap::Args)]
#[command(after_help = list())]
pub struct Args {
    /// Which: fig1 to fig9, frontier, hardware, ..., or all
    #[arg(required = true, value_name = "EXPERIMENT")]
    experiments: Vec<String>,
    /// Neurons, N (the paper does not give it; `reproduce sizes` shows what it decides)
    #[arg(long, value_name = "N", default_value_t = Preset::paper().neurons)]
    neurons: usize,
    /// Trials, each with patterns of its own
    #[arg(long, value_name = "T", default_value_t = Preset::paper().trials)]
    trials: usize,
    /// Epochs of the paper's gradient descent
    #[arg(long, value_name = "E", default_value_t = Preset::paper().epochs)]
    epochs: usize,
    /// Seed of everything random; no two seeds have a trial in common
    #[arg(long, value_name = "S", default_value_t = Preset::paper().seed)]
    seed: u64,
    /// structured: patterns of your own instead of glyphs and digits; may be given several times
    #[arg(long, value_name = "PATTERNS")]
    patterns: Vec<OsString>,
    /// Where the results go
    #[arg(short, long, value_name = "FOLDER", default_value = "results")]
    output: PathBuf,
}

/// The help's list of experiments.
fn list() -> String {
    let lines: Vec<String> = EXPERIMENTS.iter().map(|e| format!("    {:12} {}", e.name, e.about)).collect();
    format!("Experiments:\n{}\n\nExample:\n    hopgate reproduce all -o results/", lines.join("\n"))
}

/// What `claims.json` holds.
#[derive(Serialize, Deserialize)]
struct Record {
    version: String,
    preset: Preset,
    claims: BTreeMap<String, Vec<Claim>>,
}

/// Runs it.
pub fn run(args: Args, ui: &Ui) -> Result<()> {
    let preset =
        Preset { neurons: args.neurons, trials: args.trials, epochs: args.epochs, seed: args.seed, ..Preset::paper() };
    preset.check()?;
    let chosen = choose(&args.experiments)?;
    let own = own(&args.patterns, &chosen, ui)?;
    let own: Vec<(&str, BitMatrix)> = own.iter().map(|(name, bits)| (name.as_str(), bits.clone())).collect();
    let claims = ["claims.md", "claims.json"].map(|name| args.output.join(name));
    let read = args.patterns.iter().map(Path::new);
    read.fold(Outputs::new(ui), |all, path| all.reads(path))
        .file(claims[0].as_path())
        .file(claims[1].as_path())
        .check()?;
    let mut record = earlier(&args.output, &preset);
    let bar = ui.bar("", 0);
    let watch = |p: Progress| {
        bar.set_length(p.total as u64);
        bar.set_position(p.done as u64);
    };
    let context = Context::new(preset, &watch);
    for (i, experiment) in chosen.iter().enumerate() {
        bar.set_prefix(format!("{} ({}/{})", experiment.name, i + 1, chosen.len()));
        let start = Instant::now();
        let outcome = if own.is_empty() { (experiment.run)(&context)? } else { structured_of(&context, &own)? };
        save(experiment, &outcome, &args.output)?;
        let verdicts: Vec<String> = outcome.claims.iter().map(|c| c.verdict.to_string()).collect();
        bar.suspend(|| {
            ui.note(format!("{:12} {:4.0} s  {}", experiment.name, start.elapsed().as_secs_f64(), verdicts.join(", ")))
        });
        record.claims.insert(experiment.name.to_owned(), outcome.claims);
        // after each, so that an interrupted run keeps what it has
        save_record(&record, &args.output)?;
    }
    bar.finish_and_clear();
    let claims: Vec<&Claim> = chosen.iter().filter_map(|e| record.claims.get(e.name)).flatten().collect();
    let json = json!({ "outputs": { "results": ui.path(&args.output) }, "preset": record.preset, "claims": claims });
    ui.result("reproduce/1", &json, || {
        let head = ["where", "claim", "verdict"].map(String::from).to_vec();
        let rows = claims.iter().map(|c| vec![c.place.clone(), c.statement.clone(), c.verdict.to_string()]);
        table(&std::iter::once(head).chain(rows).collect::<Vec<_>>())
    })?;
    ui.note(format!("the numbers: {}", args.output.join("claims.md").display()));
    Ok(())
}

/// The user's own patterns, for the one experiment that takes them.
fn own(specs: &[OsString], chosen: &[&Experiment], ui: &Ui) -> Result<Vec<(String, BitMatrix)>> {
    if !specs.is_empty() && !chosen.iter().all(|e| e.name == "structured") {
        return Err(Error::usage("--patterns is for the experiment structured alone")
            .hint("hopgate reproduce structured --patterns mine.npy"));
    }
    let load = |spec: &OsString| {
        let patterns = patterns::load(spec)?;
        patterns.warnings.iter().for_each(|w| ui.warn(w));
        Ok((spec.to_string_lossy().into_owned(), patterns.bits))
    };
    specs.iter().map(load).collect()
}

/// The experiments of these names, in the order in which they share their models.
fn choose(names: &[String]) -> Result<Vec<&'static Experiment>> {
    if names.iter().any(|n| n == "all") {
        return Ok(all().collect());
    }
    let wanted = names.iter().map(|n| find(n).map(|e| e.name)).collect::<Result<Vec<_>>>()?;
    Ok(EXPERIMENTS.iter().filter(|e| wanted.contains(&e.name)).collect())
}

/// What earlier runs with the same preset found.
fn earlier(folder: &Path, preset: &Preset) -> Record {
    let fresh =
        || Record { version: env!("CARGO_PKG_VERSION").into(), preset: preset.clone(), claims: BTreeMap::new() };
    let read = || serde_json::from_slice::<Record>(&std::fs::read(folder.join("claims.json")).ok()?).ok();
    read().filter(|r| r.preset == *preset && r.version == env!("CARGO_PKG_VERSION")).unwrap_or_else(fresh)
}

/// Writes the tables and the pictures.
fn save(experiment: &Experiment, outcome: &Outcome, folder: &Path) -> Result<()> {
    for table in &outcome.tables {
        atomic::write(&folder.join(format!("{}.csv", table.name)), table.csv().as_bytes())?;
    }
    if let Some(figure) = &outcome.figure {
        atomic::write(&folder.join(format!("{}.svg", experiment.name)), figure.svg()?.as_bytes())?;
    }
    Ok(())
}

/// Writes `claims.json` and `claims.md`.
fn save_record(record: &Record, folder: &Path) -> Result<()> {
    let text = serde_json::to_string_pretty(record)
        .map_err(|e| Error::new(ErrorKind::Failed, format!("cannot write the claims as JSON: {e}")))?;
    atomic::write(&folder.join("claims.json"), text.as_bytes())?;
    let p = &record.preset;
    let mut md = format!(
        "# Claims, measured again\n\nOne preset for all: N = {}, P/N = {}, gamma = {}, lambda = {}, gradient descent at rate {} over {} epochs, \
         {} trials drawn from seed {}. Values are means over the trials \u{b1} one standard deviation. hopgate {}.\n",
        p.neurons, p.load, p.gamma, p.lambda, p.rate, p.epochs, p.trials, p.seed, record.version
    );
    for experiment in EXPERIMENTS {
        if let Some(claims) = record.claims.get(experiment.name) {
            md += &format!("\n## {}: {}\n\n{}", experiment.name, experiment.about, claims_markdown(claims));
            if folder.join(format!("{}.svg", experiment.name)).exists() {
                md += &format!("\n![{0}]({0}.svg)\n", experiment.name);
            }
        }
    }
    atomic::write(&folder.join("claims.md"), md.as_bytes())
}
