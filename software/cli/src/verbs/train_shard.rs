//! `hopgate train` in shards: the plan, one shard, and the model of all.

use super::{
    output::Outputs,
    train::{Args, Gamma},
    with_outputs,
};
use crate::ui::{Ui, number, table};
use hopgate::{
    Error, Result,
    checkpoint::{CheckpointFile, load_shard, save_shard},
};
use hopgate_files::{kinds, patterns::Patterns};
use hopgate_train::solver::{Method, Plan, Shard, TrainOptions, Trained, join, train_shard};
use serde_json::{Value, json};
use std::{
    path::{Path, PathBuf},
    time::Duration,
};

/// What splits a run.
#[derive(clap::Args)]
pub struct ShardArgs {
    /// Train some of the neurons alone, the I-th of N nearly equal parts, and leave what was found in -o (.npz) for --join: for a model that
    /// outgrows a machine, or several machines
    #[arg(long, value_name = "I/N", value_parser = shard, conflicts_with = "join")]
    pub shard: Option<Shard>,
    /// Put the shards of a run together, all of them: the model is the same to the byte as that of one run
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub join: Vec<PathBuf>,
    /// Print the memory and the time that the run would take, of the whole or with --shard of one, and do nothing else
    #[arg(long, conflicts_with = "join")]
    pub plan: bool,
}

fn shard(text: &str) -> std::result::Result<Shard, String> {
    text.parse().map_err(|e: Error| e.to_string())
}

impl ShardArgs {
    /// Whether a run is not simply one.
    pub fn any(&self) -> bool {
        self.shard.is_some() || self.plan || !self.join.is_empty()
    }

    /// Fails if there is an option that goes with patterns alone.
    pub fn refuse(&self) -> Result<()> {
        let given = [("--shard", self.shard.is_some()), ("--join", !self.join.is_empty()), ("--plan", self.plan)];
        match given.into_iter().find(|(_, given)| *given) {
            Some((option, _)) => Err(Error::usage(format!("{option} has no effect here"))
                .hint("models of patterns are trained in shards, those of keys with classes or values are not")),
            None => Ok(()),
        }
    }
}

/// Runs what is asked for of it; what is joined comes back, to be saved as any model is.
pub fn run(args: &Args, options: &TrainOptions, patterns: &Patterns, ui: &Ui) -> Result<Option<Trained>> {
    let split = &args.split;
    let (p, n) = (patterns.bits.rows(), patterns.bits.cols());
    if !split.join.is_empty() {
        let mut outputs = Outputs::new(ui).reads(Path::new(&args.patterns));
        for path in &split.join {
            outputs = outputs.reads(path.as_path());
        }
        outputs.file_of(args.output(), kinds::MODEL).check()?;
        let states = split.join.iter().map(|path| load_shard(path)).collect::<Result<Vec<_>>>()?;
        return join(&patterns.bits, options, states, &ui.follow("joining")).map(Some);
    }
    if options.method == Method::Gd {
        return Err(Error::usage("gradient descent is not trained in shards: its epochs go over all neurons")
            .hint("--method newton, the default, finds each neuron's optimum by itself"));
    }
    let shard = split.shard.unwrap_or(Shard::WHOLE);
    let plan = Plan::of(p, n, shard.of);
    if split.plan {
        ui.result("train.plan/1", &with_outputs(json!({}), &planned(&plan))?, || text(&plan))?;
        return Ok(None);
    }
    ui.note(summary(shard, &plan));
    let output = args.output();
    Outputs::new(ui).reads(Path::new(&args.patterns)).file_of(output, kinds::MODEL).check()?;
    let checkpoint = CheckpointFile::beside(output).every(Duration::from_secs(args.checkpoint));
    let state = train_shard(&patterns.bits, options, shard, Some(&checkpoint), &ui.follow("training"))?;
    save_shard(&state, output)?;
    checkpoint.remove();
    let found =
        json!({ "shard": shard.index, "shards": shard.of, "patterns": p, "neurons": n, "found": state.places.len() });
    ui.result("train.shard/1", &with_outputs(json!({ "shard": ui.path(output) }), &found)?, || {
        table(&[
            vec!["shard".into(), format!("{shard} of {n} neurons and {p} patterns")],
            vec!["different neurons".into(), state.places.len().to_string()],
            vec!["file".into(), output.display().to_string()],
        ])
    })?;
    ui.note(format!("next, with all {} shards: hopgate train ... --join FILES -o model.npz", shard.of));
    Ok(None)
}

/// Fails for a gamma that is searched for: every shard would search, and the join once more.
pub fn gamma(args: &Args) -> Result<()> {
    match args.gamma {
        Gamma::Auto if !args.split.plan => Err(Error::usage("shards of a run need the number of its gamma").hint(
            "--gamma G or --gamma noise:P; `hopgate train` of fewer patterns with --gamma auto finds a good one",
        )),
        _ => Ok(()),
    }
}

/// What a plan says, with the seconds that this machine would take.
fn planned(plan: &Plan) -> Value {
    let seconds = |operations: f64| Plan::seconds(operations);
    let mut value = json!(plan);
    value["shard_seconds"] = json!(seconds(plan.shard_operations));
    value["join_seconds"] = json!(seconds(plan.join_operations));
    value["whole_seconds"] = json!(seconds(plan.whole_operations));
    value
}

fn gib(bytes: u64) -> String {
    format!("{:.1} GiB", bytes as f64 / f64::from(1 << 30))
}

/// Seconds for people.
fn long(seconds: f64) -> String {
    match seconds {
        s if s < 120.0 => format!("{} s", number((s * 10.0).round() / 10.0)),
        s if s < 7200.0 => format!("{:.0} min", s / 60.0),
        s => format!("{:.1} h", s / 3600.0),
    }
}

fn summary(shard: Shard, plan: &Plan) -> String {
    format!(
        "shard {shard}: {} of {} neurons, {} of memory, some {} on this machine; the join takes {}",
        plan.shard_neurons,
        plan.neurons,
        gib(plan.shard_bytes),
        long(Plan::seconds(plan.shard_operations)),
        gib(plan.join_bytes),
    )
}

fn text(plan: &Plan) -> String {
    let cells =
        |what: &str, bytes: u64, operations: f64| vec![what.to_owned(), gib(bytes), long(Plan::seconds(operations))];
    let head = ["", "memory", "time on this machine, nearly"].map(str::to_owned).to_vec();
    let mut rows = vec![head, cells("one run", plan.whole_bytes, plan.whole_operations)];
    if plan.shards > 1 {
        let all = f64::from(plan.shards) * plan.shard_operations;
        rows.push(cells(
            &format!("a shard of {}, {} neurons", plan.shards, plan.shard_neurons),
            plan.shard_bytes,
            plan.shard_operations,
        ));
        rows.push(cells("all of them, one after the other", plan.shard_bytes, all));
        rows.push(cells("the join", plan.join_bytes, plan.join_operations));
    }
    table(&rows)
}
