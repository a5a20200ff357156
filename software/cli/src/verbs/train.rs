//! `hopgate train`: from patterns to a trained model.

use super::{
    output::{self, Outputs},
    train_keyed, train_shard, with_outputs,
};
use crate::ui::{Ui, number, table};
use hopgate::{checkpoint::CheckpointFile, models::ModelReport};
use hopgate_files::{descriptor, kinds, patterns};
use hopgate_model::{Error, ErrorKind, Result};
use hopgate_train::{
    scoring::Score,
    search::{GammaOptions, GammaSearch, gamma_from_noise, search_gamma},
    solver::{
        DEFAULT_EPOCHS, DEFAULT_EVERY, DEFAULT_LAMBDA, DEFAULT_RATE, DEFAULT_TOLERANCE, Method, TrainOptions,
        check_room, resumed_at, train, train_from,
    },
};
use serde_json::json;
use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    time::Duration,
};

/// The flip probability that `--gamma auto` searches with unless told otherwise.
const DEFAULT_NOISE: f64 = 0.1;
/// The seed of its cues unless told otherwise.
const DEFAULT_SEED: u64 = 1;

/// Train dual weights on patterns, or on keys with classes or values, by kernel logistic regression
#[derive(clap::Args)]
#[command(after_help = "Examples:\n    hopgate train glyphs --gamma auto -o model.npz\n    \
                        hopgate train mine.npy --gamma 0.3 --lambda 0.01 -o model.npz\n    \
                        hopgate train random:N=170,P=510,seed=1 --gamma noise:0.1 -o model.npz\n    \
                        hopgate train keys.npy --labels classes.npy --centres 500 -o model.npz\n    \
                        hopgate train keys.npy --values values.npy --noise 0.05 -o model.npz\n    \
                        hopgate train steps.npy --sequence -o model.npz\n    \
                        hopgate train large.npy --gamma 0.01 --shard 1/100 --plan\n    \
                        hopgate train large.npy --gamma 0.01 --shard 1/100 -o shards/1.npz\n    \
                        hopgate train large.npy --gamma 0.01 --join shards/*.npz -o model.npz\n\n\
                        PATTERNS is a .npy, .npz, .csv or .txt of 0/1 or -1/1, a row each; a .pbm or .png; a folder of\n\
                        pictures of one size; or a built-in set: glyphs, digits, optdigits, random:N=..,P=..,seed=..")]
pub struct Args {
    /// Patterns, or keys: a file, a folder of pictures, or a built-in set
    pub patterns: OsString,
    #[command(flatten)]
    pub keyed: train_keyed::KeyedArgs,
    /// The kernel's gamma; `auto` tries several and keeps the one that recalls noisy cues best; `noise:P` fits
    /// independent flips of probability P
    #[arg(long, value_name = "G|auto|noise:P", default_value = "auto", value_parser = gamma, allow_negative_numbers = true)]
    pub gamma: Gamma,
    /// The regulariser [default: 0.01; with classes or values 0.1]
    #[arg(long, value_name = "L", value_parser = positive, allow_negative_numbers = true)]
    pub lambda: Option<f64>,
    /// How: the exact optimum, or the paper's gradient descent
    #[arg(long, value_enum, default_value_t = By::Newton)]
    pub method: By,
    /// newton: the KKT residual to reach [default: 1e-8; with classes or values 1e-6 of that of no weights]
    #[arg(long, value_name = "T", value_parser = positive, allow_negative_numbers = true)]
    pub tolerance: Option<f64>,
    /// gd: how many epochs [default: 500]
    #[arg(long, value_name = "E", value_parser = clap::value_parser!(u64).range(1..=100_000_000), allow_negative_numbers = true)]
    pub epochs: Option<u64>,
    /// gd: the rate of the summed gradient [default: 0.1]
    #[arg(long, value_name = "R", value_parser = positive, allow_negative_numbers = true)]
    pub rate: Option<f64>,
    /// --gamma auto: the flip probability of the noisy cues [default: 0.1]; with classes or values that of copies of the keys which are
    /// trained on as well [default: no copies]
    #[arg(long, value_name = "P", value_parser = noise, allow_negative_numbers = true)]
    pub noise: Option<f64>,
    /// --gamma auto: the seed of the noisy cues; with classes or values that of everything random [default: 1]
    #[arg(long, allow_negative_numbers = true)]
    pub seed: Option<u64>,
    /// How many seconds a run goes without a checkpoint, beside the model; the same command goes on from it
    #[arg(long, value_name = "SECONDS", default_value_t = DEFAULT_EVERY.as_secs(), allow_negative_numbers = true)]
    pub checkpoint: u64,
    #[command(flatten)]
    pub split: train_shard::ShardArgs,
    /// Where the model goes (.npz)
    #[arg(short, long, value_name = "FILE", value_parser = output::file(), required_unless_present = "plan")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, clap::ValueEnum)]
pub enum By {
    /// The exact optimum, by Newton's method
    Newton,
    /// The paper's gradient descent
    Gd,
}

/// What `--gamma` says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Gamma {
    Auto,
    Value(f64),
}

/// Parses it.
pub fn gamma(text: &str) -> std::result::Result<Gamma, String> {
    if text == "auto" {
        return Ok(Gamma::Auto);
    }
    if let Some(p) = text.strip_prefix("noise:") {
        return Ok(Gamma::Value(gamma_from_noise(noise(p)?).map_err(|e| e.to_string())?));
    }
    if text.parse::<f64>().is_ok() {
        return positive(text).map(Gamma::Value);
    }
    Err("must be a number greater than 0, `auto`, or `noise:P` (noise:0.1, say)".into())
}

pub fn positive(text: &str) -> std::result::Result<f64, String> {
    let value: f64 = text.parse().map_err(|_| "must be a number".to_owned())?;
    if value > 0.0 && value <= 1e300 {
        Ok(value)
    } else {
        Err("must be a number greater than 0, and at most 1e300".into())
    }
}

pub fn noise(text: &str) -> std::result::Result<f64, String> {
    let value: f64 = text.parse().map_err(|_| "must be a probability".to_owned())?;
    gamma_from_noise(value).map(|_| value).map_err(|e| e.to_string())
}

impl Args {
    /// Where the model goes, unless a plan is all that is wanted.
    pub fn output(&self) -> &Path {
        self.output.as_deref().unwrap_or(Path::new("model.npz"))
    }

    /// The options of the library, all but gamma.
    fn options(&self) -> Result<TrainOptions> {
        let newton = self.method == By::Newton;
        let idle = [
            ("--epochs", newton && self.epochs.is_some(), "--method gd"),
            ("--rate", newton && self.rate.is_some(), "--method gd"),
            ("--tolerance", !newton && self.tolerance.is_some(), "--method newton"),
            ("--noise", self.gamma != Gamma::Auto && self.noise.is_some(), "--gamma auto"),
        ];
        if let Some((option, _, with)) = idle.iter().find(|(_, idle, _)| *idle) {
            return Err(Error::usage(format!("{option} has no effect here"))
                .hint(format!("{option} goes with {with}: give that too, or leave {option} out")));
        }
        Ok(TrainOptions::new(1.0)
            .lambda(self.lambda.unwrap_or(DEFAULT_LAMBDA))
            .method(if newton { Method::Newton } else { Method::Gd })
            .tolerance(self.tolerance.unwrap_or(DEFAULT_TOLERANCE))
            .epochs(self.epochs.map_or(DEFAULT_EPOCHS, |e| usize::try_from(e).unwrap_or(usize::MAX)))
            .rate(self.rate.unwrap_or(DEFAULT_RATE)))
    }
}

/// Runs it.
pub fn run(args: Args, ui: &Ui) -> Result<()> {
    if let Some(answers) = args.keyed.answers() {
        args.split.refuse()?;
        return train_keyed::run(&args, answers, ui);
    }
    args.keyed.refuse()?;
    let mut options = args.options()?;
    let patterns = patterns::load(&args.patterns)?;
    patterns.warnings.iter().for_each(|w| ui.warn(w));
    let (p, n) = (patterns.bits.rows(), patterns.bits.cols());
    if args.split.any() {
        train_shard::gamma(&args)?;
        if let Gamma::Value(value) = args.gamma {
            options.gamma = value;
        }
        if let Some(trained) = train_shard::run(&args, &options, &patterns, ui)? {
            return saved(&args, ModelReport::of(&patterns, &options, trained, None), ui);
        }
        return Ok(());
    }
    Outputs::new(ui).reads(Path::new(&args.patterns)).file_of(args.output(), kinds::MODEL).check()?;
    check_room(options.method, p, n)?;
    let search = match args.gamma {
        Gamma::Value(value) => {
            if args.seed.is_some() {
                ui.note("--seed has no effect here: nothing is random but the cues of --gamma auto");
            }
            options.gamma = value;
            None
        }
        Gamma::Auto => {
            let noise = args.noise.unwrap_or(DEFAULT_NOISE);
            let auto = GammaOptions::new(noise).seed(args.seed.unwrap_or(DEFAULT_SEED));
            let search = search_gamma(&patterns.bits, &auto, &ui.follow("choosing gamma"))?;
            options.gamma = search.gamma;
            Some(search)
        }
    };
    let checkpoint = CheckpointFile::beside(args.output()).every(Duration::from_secs(args.checkpoint));
    // a pipe or a terminal has no place beside it
    let plain =
        descriptor::number(args.output()).is_none() && std::fs::metadata(args.output()).map_or(true, |m| m.is_file());
    let of_file = |e: Error| if e.kind() == ErrorKind::Value { e.at(checkpoint.path().display()) } else { e };
    if let Some(done) = resumed_at(&checkpoint, &patterns.bits, &options).map_err(of_file)?.filter(|_| plain) {
        let (of, what) = match options.method {
            Method::Newton => (n, "neurons"),
            Method::Gd => (options.epochs, "epochs"),
        };
        ui.note(format!("going on from {}: {done} of {of} {what} are done", checkpoint.path().display()));
    }
    let bar = ui.follow("training");
    let trained = match plain {
        true => train_from(&patterns.bits, &options, &checkpoint, &bar),
        false => train(&patterns.bits, &options, &bar),
    }?;
    drop(bar);
    if let Some(why) = &trained.checkpoint_failed {
        ui.warn(format!("there was no checkpoint: {why}"));
    }
    let report = ModelReport::of(&patterns, &options, trained, search);
    let saved = saved(&args, report, ui);
    if plain && saved.is_ok() {
        checkpoint.remove();
    }
    saved
}

/// Writes the model, and prints what it is.
fn saved(args: &Args, report: ModelReport, ui: &Ui) -> Result<()> {
    report.model.save(args.output())?;
    let json = with_outputs(json!({ "model": ui.path(args.output()) }), &report)?;
    ui.result("train/1", &json, || text(args, &report))?;
    ui.note(format!("next: hopgate quantize {} --bits 1 -o memory/", args.output().display()));
    Ok(())
}

fn text(args: &Args, report: &ModelReport) -> String {
    let (p, n, search) = (report.patterns, report.neurons, report.gamma_search.as_ref());
    let how = match search {
        Some(s) => format!(", the best of {} at {} % noise", s.tried.len(), 100.0 * s.noise),
        None => String::new(),
    };
    let unit = if report.method == Method::Newton { "iterations" } else { "epochs" };
    let mut rows = vec![
        vec!["patterns".into(), format!("{p} of {n} neurons (load {:.3})", report.load)],
        vec!["gamma".into(), format!("{}{how}", number(report.gamma))],
        vec!["lambda".into(), number(report.lambda)],
        vec!["method".into(), format!("{}, {} {unit}", report.method, report.iterations)],
        vec!["KKT residual".into(), format!("{:.2e}", report.residual)],
    ];
    if let Some(objective) = report.objective {
        rows.push(vec!["objective".into(), format!("{objective:.6}")]);
    }
    rows.push(vec!["model".into(), args.output().display().to_string()]);
    search.map(tried).unwrap_or_default() + &table(&rows)
}

/// Everything that the search for gamma tried.
fn tried(search: &GammaSearch) -> String {
    let mut rows = vec![["gamma", "exact recall", "right bits", ""].map(str::to_owned).to_vec()];
    for t in &search.tried {
        let mut notes = Vec::new();
        if t.gamma == search.gamma {
            notes.push("chosen");
        }
        if t.of_noise {
            notes.push("of the noise");
        }
        rows.push(scored(format!("{:.4}", t.gamma), &t.score, notes.join(", ")));
    }
    rows.push(scored("nearest".into(), &search.nearest, "a nearest-pattern search".into()));
    table(&rows) + "\n"
}

/// A row of it.
fn scored(name: String, score: &Score, note: String) -> Vec<String> {
    let [exact, bits] = [score.exact_recall(), score.bit_accuracy()].map(|share| 100.0 * share);
    vec![name, format!("{exact:.1} %"), format!("{bits:.2} %"), note]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gammas() {
        assert_eq!(gamma("auto"), Ok(Gamma::Auto));
        assert_eq!(gamma("0.25"), Ok(Gamma::Value(0.25)));
        assert!(matches!(gamma("noise:0.1"), Ok(Gamma::Value(g)) if (g - 0.5493).abs() < 1e-4));
        for wrong in ["0", "-1", "nan", "inf", "1e301", "Auto", "", "noise:", "noise:0", "noise:0.5", "noise:x"] {
            assert!(gamma(wrong).is_err(), "{wrong}");
        }
    }
}
