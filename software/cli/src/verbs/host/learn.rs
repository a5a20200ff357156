//! `hopgate host store`, `forget` and `classify`: what a board learns, and what it makes of a key.

use super::Connect;
use crate::{
    ui::{Ui, number, table},
    verbs::output::{self, Outputs},
};
use hopgate::{Error, Result, patterns};
use hopgate_files::{answers, kinds, labels};
use hopgate_host::{
    client::{Learnt, Recognised, Session, Taught},
    transport::Serial,
};
use hopgate_model::learn::{Recognition, Stored};
use serde_json::{Value, json};
use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

/// Store patterns on a board that learns; a pattern that it knows already changes nothing
#[derive(clap::Args)]
#[command(after_help = "A board is one that learns by `hopgate build memory/ --learn`.")]
pub struct StoreArgs {
    /// Patterns, or keys: a file, a folder of pictures, or a built-in set
    patterns: OsString,
    /// The class of each key: .npy or .npz of whole numbers from 0, or .csv or .txt of numbers
    #[arg(long, value_name = "FILE", conflicts_with = "class")]
    labels: Option<OsString>,
    /// The class of all of them
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    class: Option<usize>,
}

/// Forget patterns on a board that learns: the last pattern takes the place of each
#[derive(clap::Args)]
pub struct ForgetArgs {
    /// Their numbers, from 0, as they are before any of them is forgotten
    #[arg(value_name = "PATTERN", required_unless_present = "all", conflicts_with = "all")]
    patterns: Vec<usize>,
    /// Forget them all
    #[arg(long)]
    all: bool,
}

/// Ask a board that learns for classes, and whether it knows the keys at all
#[derive(clap::Args)]
pub struct ClassifyArgs {
    /// Keys, (Q, N): a file, a folder of pictures, or a built-in set
    #[arg(long, value_name = "FILE")]
    queries: OsString,
    /// The right class of each: .npy or .npz of whole numbers from 0, or .csv or .txt of numbers
    #[arg(long, value_name = "FILE")]
    expect: Option<OsString>,
    /// Where the classes go, (Q,), -1 for unknown: .npy, .csv or .txt
    #[arg(short, long, value_name = "FILE", value_parser = output::file())]
    output: Option<PathBuf>,
    /// Store each key that is unknown, on a board that was built with --auto-store: of the class of --class, or of the least that no pattern
    /// has, which is its answer then
    #[arg(long)]
    auto_store: bool,
    /// The class of the keys that are stored
    #[arg(long, value_name = "N", requires = "auto_store")]
    class: Option<usize>,
}

impl ClassifyArgs {
    /// Whether the output can be written.
    pub fn check(&self, ui: &Ui) -> Result<()> {
        Outputs::new(ui)
            .reads(Path::new(&self.queries))
            .reads(self.expect.as_deref().map(Path::new))
            .file_of(self.output.as_deref(), kinds::ANSWERS)
            .check()
    }
}

/// Stores.
pub fn store(args: StoreArgs, connect: Connect, ui: &Ui) -> Result<()> {
    let keys = patterns::load_samples(&args.patterns)?;
    keys.warnings.iter().for_each(|warning| ui.warn(warning));
    let keys = keys.bits;
    let mut board = connect()?;
    must_fit(&board, keys.cols())?;
    let classes = match (&args.labels, args.class) {
        (Some(spec), _) => Some(numbers(spec, keys.rows(), board.held().outputs)?),
        (None, class) => class.map(|class| vec![class; keys.rows()]),
    };
    let bar = ui.bar("storing", keys.rows() as u64);
    let mut all: Vec<Learnt> = Vec::with_capacity(keys.rows());
    for row in 0..keys.rows() {
        all.push(board.store(keys.row(row), classes.as_ref().map(|classes| classes[row]))?);
        bar.inc(1);
    }
    bar.finish_and_clear();
    let count = |which: fn(Stored) -> bool| all.iter().filter(|learnt| which(learnt.stored)).count();
    let stored = count(|s| matches!(s, Stored::New(_)));
    let known = count(|s| matches!(s, Stored::Known(_)));
    let full = count(|s| s == Stored::Full);
    let (patterns, room) = (board.held().patterns, board.identity().patterns);
    let json = json!({
        "stored": stored, "known": known, "full": full, "patterns": patterns, "room": room,
        "keys": all.iter().map(learnt).collect::<Vec<_>>(),
    });
    ui.result("host.store/1", &json, || {
        let mut rows = vec![vec!["stored".into(), stored.to_string()], vec!["known already".into(), known.to_string()]];
        if full > 0 {
            rows.push(vec!["no room for".into(), full.to_string()]);
        }
        rows.push(vec!["patterns now".into(), format!("{patterns} of {room}")]);
        table(&rows)
    })?;
    super::note_line(&board, ui);
    if full > 0 {
        let what = format!("the board has room for {room} patterns: {full} of {} keys were not stored", keys.rows());
        return Err(Error::new(hopgate::ErrorKind::Fit, what)
            .hint("`host forget` makes room; `build --learn --room patterns=N` builds a board with more"));
    }
    Ok(())
}

/// Forgets.
pub fn forget(args: ForgetArgs, connect: Connect, ui: &Ui) -> Result<()> {
    let mut board = connect()?;
    let before = board.held().patterns;
    let mut which = if args.all { (0..before).collect() } else { args.patterns };
    // from the last one on: what takes a place was not meant
    which.sort_unstable();
    which.dedup();
    if let Some(&pattern) = which.last().filter(|&&pattern| pattern >= before) {
        return Err(Error::usage(format!("pattern {pattern} cannot be forgotten: the board holds {before}"))
            .hint("patterns are counted from 0"));
    }
    let bar = ui.bar("forgetting", which.len() as u64);
    for &pattern in which.iter().rev() {
        board.forget(pattern)?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    let (patterns, room) = (board.held().patterns, board.identity().patterns);
    let json = json!({ "forgotten": which.len(), "patterns": patterns, "room": room });
    ui.result("host.forget/1", &json, || {
        table(&[
            vec!["forgotten".into(), which.len().to_string()],
            vec!["patterns now".into(), format!("{patterns} of {room}")],
        ])
    })?;
    super::note_line(&board, ui);
    Ok(())
}

/// Classifies.
pub fn classify(args: ClassifyArgs, connect: Connect, ui: &Ui) -> Result<()> {
    let keys = patterns::load_samples(&args.queries)?.bits;
    let mut board = connect()?;
    must_fit(&board, keys.cols())?;
    let expected = args.expect.as_ref().map(|spec| numbers(spec, keys.rows(), board.held().outputs)).transpose()?;
    let (all, taught) = match args.auto_store {
        false => (board.recognise(&keys)?, Vec::new()),
        true => {
            let bar = ui.bar("asking", keys.rows() as u64);
            let taught = (0..keys.rows()).map(|row| {
                bar.inc(1);
                board.learn(keys.row(row), args.class)
            });
            let taught: Vec<Taught> = taught.collect::<Result<_>>()?;
            bar.finish_and_clear();
            (taught.iter().map(asked).collect(), taught)
        }
    };
    let came = |which: fn(Stored) -> bool| taught.iter().filter(|taught| which(taught.stored)).count();
    let (stored, full) = (came(|s| matches!(s, Stored::New(_))), came(|s| s == Stored::Full));
    if let Some(path) = &args.output {
        let given = |row: usize| taught.get(row).and_then(|taught: &Taught| taught.class);
        let class = |(row, one): (usize, &Recognised)| match (one.recognition, one.ranking) {
            (Recognition::Unknown, _) => given(row).map_or(-1, |class| class as i32),
            (_, Some(ranking)) => ranking.class as i32,
            (_, None) => one.nearest as i32,
        };
        answers::write_classes(path, &all.iter().enumerate().map(class).collect::<Vec<i32>>())?;
    }
    let count = |which: Recognition| all.iter().filter(|one| one.recognition == which).count();
    let [identified, uncertain, unknown] =
        [Recognition::Identified, Recognition::Uncertain, Recognition::Unknown].map(count);
    let right = expected.map(|expected| {
        let right = |(one, &want): (&Recognised, &usize)| one.ranking.is_some_and(|r| r.class == want);
        all.iter().zip(&expected).filter(|&pair| right(pair)).count()
    });
    let json = json!({
        "outputs": { "classes": args.output.as_ref().map(|path| ui.path(path)) },
        "count": all.len(), "identified": identified, "uncertain": uncertain, "unknown": unknown,
        "right": right, "stored": args.auto_store.then_some(stored), "full": args.auto_store.then_some(full),
        "keys": all.iter().enumerate().map(|(row, one)| recognised(one, taught.get(row))).collect::<Vec<_>>(),
    });
    ui.result("host.classify/1", &json, || {
        let mut rows = vec![vec!["keys".into(), all.len().to_string()]];
        if let Some(right) = right {
            rows.push(vec![
                "right class".into(),
                format!("{right} ({})", number(right as f64 / all.len().max(1) as f64)),
            ]);
        }
        for (name, n) in [("identified", identified), ("uncertain", uncertain), ("unknown", unknown)] {
            rows.push(vec![name.into(), n.to_string()]);
        }
        if args.auto_store {
            let (patterns, room) = (board.held().patterns, board.identity().patterns);
            rows.push(vec!["stored".into(), stored.to_string()]);
            rows.push(vec!["patterns now".into(), format!("{patterns} of {room}")]);
        }
        table(&rows)
    })?;
    super::note_line(&board, ui);
    if full > 0 {
        let what = format!("the board had no room, or no class that no pattern has, for {full} unknown keys");
        return Err(Error::new(hopgate::ErrorKind::Fit, what).hint("`host forget` makes room; --class names a class"));
    }
    Ok(())
}

/// What a board made of a key; where there was no pattern, it is unknown.
fn asked(taught: &Taught) -> Recognised {
    let none = Recognised { recognition: Recognition::Unknown, ranking: None, nearest: 0, distance: 0 };
    taught.answer.unwrap_or(none)
}

fn must_fit(board: &Session<Serial>, neurons: usize) -> Result<()> {
    let held = board.held().neurons;
    if neurons == held {
        return Ok(());
    }
    Err(Error::usage(format!("the keys have {neurons} bits, but the memory on the board {held}"))
        .hint("`host info` says which memory the board holds"))
}

/// Classes by their numbers: a board knows no names.
fn numbers(spec: &OsString, keys: usize, classes: usize) -> Result<Vec<usize>> {
    if classes == 0 {
        return Err(Error::usage("classes were given, but the board has none")
            .hint("`host info` says what it answers with; a memory with classes is made by `memory --labels`"));
    }
    let names: Vec<String> = (0..classes).map(|class| class.to_string()).collect();
    Ok(labels::expected(spec, keys, &names)?.into_iter().map(|class| class as usize).collect())
}

fn learnt(one: &Learnt) -> Value {
    let (verdict, pattern) = match one.stored {
        Stored::New(pattern) => ("stored", Some(pattern)),
        Stored::Known(pattern) => ("known", Some(pattern)),
        Stored::Full => ("full", None),
    };
    json!({ "verdict": verdict, "pattern": pattern, "distance": one.distance })
}

fn recognised(one: &Recognised, taught: Option<&Taught>) -> Value {
    let recognition = match one.recognition {
        Recognition::Identified => "identified",
        Recognition::Uncertain => "uncertain",
        Recognition::Unknown => "unknown",
    };
    json!({
        "recognition": recognition, "nearest": one.nearest, "distance": one.distance,
        "class": one.ranking.map(|r| r.class), "second": one.ranking.map(|r| r.second),
        "score": one.ranking.map(|r| r.score), "margin": one.ranking.map(|r| r.margin),
        "stored": taught.and_then(|taught| match taught.stored {
            Stored::New(pattern) => Some(pattern),
            _ => None,
        }),
        "stored_class": taught.and_then(|taught| taught.class),
    })
}
