//! `hopgate recall`: cues through the recall engine, and the numbers that `recall` and `cosim` share.

use super::{
    classes,
    output::{self, Outputs},
    queries::Queries,
};
use crate::ui::{Ui, table};
use hopgate::{
    BitMatrix, Error, ErrorKind, Kind, Memory, Result, classify, patterns, recall,
    recall::{Expected, Summary, Top},
};
use hopgate_files::{answers, folder, kinds};
use hopgate_model::classes::of_patterns;
use serde_json::{Value, json};
use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

/// Recall cues in software, by the recall engine (the answers of the integer reference)
#[derive(clap::Args)]
#[command(
    after_help = "Example:\n    hopgate recall memory/ --queries cues.npy --trace trace.npz -o answers.npy\n    \
                        hopgate recall memory/ --noise 0.1 --count 1000\n    \
                        hopgate recall memory/ --queries cues.npy --expect labels.npy\n    \
                        hopgate recall memory/ --queries cues.npy --mask known.npy --top 5\n\n\
                        The second draws its cues from the stored patterns, so it can also say how many answers are right. So can the\n\
                        third, of any kind of memory."
)]
pub struct Args {
    /// A memory folder, as `quantize` writes it
    pub memory: PathBuf,
    #[command(flatten)]
    pub queries: Queries,
    /// What the answers should be: (Q, M) of 0 and 1, or of classes a label for each cue (.npy, .npz, .csv, .txt)
    #[arg(long, value_name = "FILE")]
    pub expect: Option<OsString>,
    /// An answer is known if its nearest pattern is at most this far [default: as the memory says]
    #[arg(long, value_name = "D", allow_negative_numbers = true)]
    pub radius: Option<u32>,
    /// Also the patterns nearest to each cue, in order: so many, or `reach` for all that vote
    #[arg(long, value_name = "K", value_parser = top, allow_negative_numbers = true)]
    pub top: Option<Top>,
    /// Write answers, steps, converged, nearest, distance and fields here (.npz)
    #[arg(long, value_name = "FILE", value_parser = output::file())]
    pub trace: Option<PathBuf>,
    /// Where the answers go, (Q, M): .npy, .csv or .txt; classes are whole numbers, (Q), -1 for unknown
    #[arg(short, long, value_name = "FILE", value_parser = output::file())]
    pub output: Option<PathBuf>,
}

/// Runs it.
pub fn run(args: Args, ui: &Ui) -> Result<()> {
    let mut memory = folder::load(&args.memory)?;
    if let Some(radius) = args.radius {
        memory = memory.with_radius(radius).map_err(|e| e.at("--radius"))?;
    }
    Outputs::new(ui)
        .reads(args.memory.as_path())
        .reads(args.queries.file())
        .reads(args.queries.mask.as_deref().map(Path::new))
        .file_of(args.output.as_deref(), kinds::ANSWERS)
        .file_of(args.trace.as_deref(), kinds::TRACE)
        .check()?;
    if memory.kind() == Kind::Class {
        return classes::run(&args, &memory, ui);
    }
    let cues = args.queries.open(memory.patterns(), memory.kind(), ui)?;
    let expected = args.expect.as_ref().map(|spec| expected(spec, &memory, cues.count())).transpose()?;
    let expect = Expected::of(&memory, expected.as_ref());
    let bar = ui.follow("recalling");
    let ranked = args.top.map(|top| recall::ranked(&memory, &cues, top, &bar)).transpose()?;
    let summary = match (&args.trace, &args.output) {
        (Some(path), output) => {
            let (found, summary) = recall::trace(&memory, &cues.all()?, expect, &bar)?;
            if let Some(output) = output {
                found.save_answers(output)?;
            }
            found.save_ranked(path, ranked.as_deref(), None)?;
            summary
        }
        (None, Some(output)) => {
            let mut summary = Summary::default();
            answers::write(output, cues.count(), memory.outputs(), |rows| {
                summary = recall::recall(&memory, &cues, expect, &bar, |answers| rows.push(answers))?;
                Ok(())
            })?;
            summary
        }
        (None, None) => recall::recall(&memory, &cues, expect, &bar, |_| Ok(()))?,
    };
    drop(bar);
    let outputs = json!({
        "answers": args.output.as_ref().map(|path| ui.path(path)),
        "trace": args.trace.as_ref().map(|path| ui.path(path)),
    });
    let mut json = json!({ "outputs": outputs, "recall": summary });
    add_ranked(&mut json, ranked.as_deref(), None);
    ui.result("recall/1", &json, || table(&rows(&summary)) + &lists(ranked.as_deref(), &memory))
}

fn top(text: &str) -> std::result::Result<Top, String> {
    match text {
        "reach" => Ok(Top::Reach),
        number => number.parse().map(Top::Nearest).map_err(|_| "must be a number of patterns, or `reach`".to_owned()),
    }
}

/// For machines: the patterns nearest to each cue, with their classes where they have any.
pub fn add_ranked(json: &mut Value, ranked: Option<&[Vec<(usize, u32)>]>, classes: Option<&[Vec<u32>]>) {
    let one = |cue: usize, k: usize, &(pattern, distance): &(usize, u32)| {
        let class = classes.and_then(|of| of[cue].get(k));
        json!({ "pattern": pattern, "distance": distance, "class": class })
    };
    let list = |(cue, list): (usize, &Vec<(usize, u32)>)| -> Value {
        list.iter().enumerate().map(|(k, entry)| one(cue, k, entry)).collect()
    };
    json["ranked"] = ranked.map_or(Value::Null, |lists| lists.iter().enumerate().map(list).collect());
}

/// For people: the patterns nearest to the first cues.
pub fn lists(ranked: Option<&[Vec<(usize, u32)>]>, memory: &Memory) -> String {
    let classes = of_patterns(memory);
    let names = classify::names(memory);
    named_lists(ranked, |_, _, mu| {
        let class = classes.as_ref().map(|of| &names[of[mu] as usize]);
        let label = memory.parts().labels.as_ref().map(|labels| &labels[mu]);
        // a label that is the pattern's number, or its class, says nothing more
        let label = label.filter(|&label| *label != mu.to_string() && Some(label) != class).cloned();
        label.into_iter().chain(class.map(|name| format!("class {name}"))).collect()
    })
}

/// The same with what is said of the pattern in this place of this list.
pub fn named_lists(ranked: Option<&[Vec<(usize, u32)>]>, said: impl Fn(usize, usize, usize) -> Vec<String>) -> String {
    let Some(lists) = ranked else { return String::new() };
    let one = |cue: usize, k: usize, &(mu, d): &(usize, u32)| match &said(cue, k, mu)[..] {
        [] => format!("{mu} at {d}"),
        said => format!("{mu} ({}) at {d}", said.join(", ")),
    };
    let row = |(cue, list): (usize, &Vec<(usize, u32)>)| {
        let more = if list.len() > WIDEST { format!(", and {} more", list.len() - WIDEST) } else { String::new() };
        let shown: Vec<String> = list.iter().take(WIDEST).enumerate().map(|(k, entry)| one(cue, k, entry)).collect();
        vec![format!("cue {cue}"), shown.join(", ") + &more]
    };
    let more = match lists.len().saturating_sub(SHOWN) {
        0 => String::new(),
        rest => format!("and {rest} cues more: --trace or --json has all\n"),
    };
    format!(
        "\n\nnearest patterns\n{}\n{more}",
        table(&lists.iter().enumerate().take(SHOWN).map(row).collect::<Vec<_>>())
    )
}

/// Cues, and patterns of each, that are listed for people.
const SHOWN: usize = 10;
const WIDEST: usize = 10;

/// The answers that are expected of so many cues.
fn expected(spec: &OsString, memory: &Memory, cues: usize) -> Result<BitMatrix> {
    let read = patterns::load_samples(spec)?;
    let (rows, cols) = (read.bits.rows(), read.bits.cols());
    if (rows, cols) == (cues, memory.outputs()) {
        return Ok(read.bits);
    }
    let what = format!("{}: {rows} rows of {cols} bits, but there are {cues} cues", read.source);
    Err(Error::new(ErrorKind::Value, format!("{what} and an answer has {} bits", memory.outputs()))
        .hint("give the answer for each cue, a row each, in the order of the cues"))
}

/// For people: the rows of a table.
pub fn rows(summary: &Summary) -> Vec<Vec<String>> {
    let of = |n: u64| format!("{n} of {} ({:.1} %)", summary.cues, 100.0 * summary.mean(n));
    let mut rows = vec![vec!["cues".into(), summary.cues.to_string()]];
    if let Some(right) = summary.right {
        rows.push(vec!["exact recall".into(), of(right.exact)]);
        rows.extend(right.nearest.map(|n| vec!["exact recall of a nearest-pattern search".into(), of(n)]));
        rows.push(vec!["right bits".into(), format!("{:.2} %", 100.0 * right.bit_accuracy())]);
    }
    if summary.known < summary.cues {
        rows.push(vec!["known".into(), of(summary.known)]);
    }
    rows.push(vec!["converged".into(), of(summary.converged)]);
    rows.push(vec!["steps".into(), format!("{:.2} (most {})", summary.mean(summary.steps), summary.most_steps)]);
    rows.push(vec!["distance of the nearest".into(), format!("{:.2}", summary.mean(summary.distance))]);
    rows
}
