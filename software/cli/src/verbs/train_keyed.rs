//! `hopgate train` on keys with classes or values.

use super::{
    output::Outputs,
    train::{Args, By, Gamma},
    with_outputs,
};
use crate::ui::{Ui, number, table};
use hopgate::{
    Error, Result,
    keyed::{Answers, Centres, KeyedData, KeyedModelReport, KeyedOptions},
};
use hopgate_files::kinds;
use hopgate_model::kernel::KernelMode;
use serde_json::json;
use std::{ffi::OsString, path::Path};

/// Centres unless told otherwise, if there are so many different keys.
const DEFAULT_CENTRES: usize = 512;

/// What makes patterns keys.
#[derive(clap::Args)]
pub struct KeyedArgs {
    /// The class of each key: .npy or .npz of whole numbers from 0, or .csv or .txt of numbers or names
    #[arg(long, value_name = "FILE", conflicts_with_all = ["values", "sequence"])]
    pub labels: Option<OsString>,
    /// The value of each key, (T, M) of 0 and 1
    #[arg(long, value_name = "FILE", conflicts_with = "sequence")]
    pub values: Option<OsString>,
    /// The value of each pattern is the next one, and that of the last is the first
    #[arg(long)]
    pub sequence: bool,
    /// With classes or values: how many keys are stored, or `all` [default: 512, or all of fewer; of a sequence all]
    #[arg(long, value_name = "P|all", value_parser = centres, allow_negative_numbers = true)]
    pub centres: Option<usize>,
    /// With classes or values: how these are chosen [default: modes]
    #[arg(long, value_enum)]
    pub choose: Option<Choose>,
    /// With classes or values: the share of the samples that is not trained on, but chooses gamma and measures [default: 0.1; 0
    /// where all are stored]
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true)]
    pub held_out: Option<f64>,
    /// With classes or values: what the kernel is a function of [default: normalised]
    #[arg(long, value_enum)]
    pub kernel: Option<super::quantize::Index>,
}

#[derive(Clone, Copy, PartialEq, clap::ValueEnum)]
pub enum Choose {
    /// Keys at random; every class gives its share
    Random,
    /// The middles of clusters of the keys of each class
    Modes,
    /// The keys in the middle of those clusters
    Medoids,
    /// The modes, moved by gradients of the loss together with the dual weights
    Learnt,
}

/// All of them.
const ALL: usize = usize::MAX;

fn centres(text: &str) -> std::result::Result<usize, String> {
    match text.parse() {
        _ if text == "all" => Ok(ALL),
        Ok(count @ 1..) => Ok(count),
        _ => Err("must be a number from 1, or `all`".into()),
    }
}

impl KeyedArgs {
    /// Where the answers come from, if the patterns are keys.
    pub fn answers(&self) -> Option<Answers<'_>> {
        let labels = self.labels.as_deref().map(Answers::Labels);
        labels.or(self.values.as_deref().map(Answers::Values)).or(self.sequence.then_some(Answers::Next))
    }

    /// Fails if there is an option that only keys have.
    pub fn refuse(&self) -> Result<()> {
        let given = [
            ("--centres", self.centres.is_some()),
            ("--choose", self.choose.is_some()),
            ("--held-out", self.held_out.is_some()),
            ("--kernel", self.kernel.is_some()),
        ];
        let Some((option, _)) = given.iter().find(|(_, given)| *given) else { return Ok(()) };
        Err(Error::usage(format!("{option} has no effect here")).hint(format!(
            "{option} goes with --labels, --values or --sequence: give one of them, or leave {option} out"
        )))
    }
}

/// The options of the library.
fn options(args: &Args, data: &KeyedData) -> Result<KeyedOptions> {
    let keyed = &args.keyed;
    let idle =
        [("--method gd", args.method == By::Gd), ("--epochs", args.epochs.is_some()), ("--rate", args.rate.is_some())];
    if let Some((option, _)) = idle.iter().find(|(_, idle)| *idle) {
        let what = format!("{option} is not for classes and values");
        return Err(Error::usage(what).hint("these are trained to the exact optimum: leave it out"));
    }
    let most = data.samples.len();
    let count = keyed.centres.unwrap_or(if keyed.sequence { ALL } else { DEFAULT_CENTRES });
    let all = count == ALL || (keyed.centres.is_none() && count >= most);
    if all && keyed.choose.is_some() {
        return Err(Error::usage("--choose has no effect here: every key is stored")
            .hint("give --centres, fewer than there are keys"));
    }
    let how = match keyed.choose {
        _ if all => Centres::All,
        Some(Choose::Random) => Centres::Random,
        Some(Choose::Learnt) => Centres::Learnt,
        Some(Choose::Medoids) => Centres::Medoids,
        Some(Choose::Modes) | None => Centres::Modes,
    };
    let mut options = KeyedOptions::new(if all { most } else { count }).how(how);
    options.gamma = match args.gamma {
        Gamma::Auto => None,
        Gamma::Value(gamma) => Some(gamma),
    };
    options.lambda = args.lambda.unwrap_or(options.lambda);
    options.noise = args.noise.unwrap_or(options.noise);
    options.tolerance = args.tolerance.unwrap_or(options.tolerance);
    options.seed = args.seed.unwrap_or(options.seed);
    // of a sequence, and where all are stored, a key that is left out could not be answered
    options.held_out = keyed.held_out.unwrap_or(if all { 0.0 } else { options.held_out });
    options.kernel_mode = keyed.kernel.map_or(KernelMode::Normalised, KernelMode::from);
    options.check()?;
    Ok(options)
}

/// Runs it.
pub fn run(args: &Args, answers: Answers, ui: &Ui) -> Result<()> {
    let read = |spec: &OsString| Path::new(spec).to_owned();
    let answer_file = args.keyed.labels.as_ref().or(args.keyed.values.as_ref()).map(read);
    Outputs::new(ui)
        .reads(Path::new(&args.patterns))
        .reads(answer_file.as_deref())
        .file_of(args.output(), kinds::MODEL)
        .check()?;
    let data = KeyedData::load(&args.patterns, answers)?;
    data.warnings.iter().for_each(|w| ui.warn(w));
    let options = options(args, &data)?;
    let bar = ui.follow("training");
    let report = KeyedModelReport::train(&data, &options, &bar)?;
    drop(bar);
    if let Some((a, b)) = report.training.contradiction {
        ui.warn(format!(
            "keys {a} and {b} are the same with other answers (and others may be): no memory answers both"
        ));
    }
    report.model.save(args.output())?;
    let json = with_outputs(json!({ "model": ui.path(args.output()) }), &report)?;
    ui.result("train.keyed/1", &json, || text(args, &report))?;
    if let Some(advice) = report.beside.as_ref().and_then(|beside| beside.advice()) {
        ui.note(advice);
    }
    ui.note(format!("next: hopgate quantize {} --bits 2 -o memory/", args.output().display()));
    Ok(())
}

fn text(args: &Args, report: &KeyedModelReport) -> String {
    let training = &report.training;
    let answers = match report.kind {
        hopgate::Kind::Class => format!("{} classes", report.outputs),
        _ => format!("{} bits", report.outputs),
    };
    let mut rows = vec![
        vec!["samples".into(), format!("{} of {} bits, {answers}", report.samples, report.neurons)],
        vec!["centres".into(), format!("{} ({})", report.patterns, training.how)],
        vec!["gamma".into(), number(report.gamma)],
        vec!["lambda".into(), number(report.lambda)],
        vec!["residual".into(), format!("{:.2e} ({} iterations)", training.residual, training.iterations)],
    ];
    if let Some(score) = training.score {
        let right = format!("{:.4} of {} held-out samples", score.accuracy(), score.samples);
        rows.push(vec!["right answers".into(), format!("{right} (standard error {:.4})", score.standard_error())]);
    }
    if let Some(beside) = &report.beside {
        let simpler = [
            ("nearest centre", &beside.nearest),
            ("linear model", &beside.linear),
            ("training-free vote", &beside.vote),
        ];
        rows.extend(simpler.map(|(name, score)| vec![name.into(), format!("{:.4}", score.accuracy())]));
    }
    rows.push(vec!["model".into(), args.output().display().to_string()]);
    let mut tried = vec![["gamma", "right answers", ""].map(str::to_owned).to_vec()];
    for t in &training.tried {
        let right = t.score.map_or("could not be trained".into(), |s| format!("{:.4}", s.accuracy()));
        let chosen = if t.gamma == report.gamma { "chosen" } else { "" };
        tried.push(vec![format!("{:.4}", t.gamma), right, chosen.into()]);
    }
    let tried = if tried.len() > 1 { table(&tried) + "\n" } else { String::new() };
    tried + &table(&rows)
}
