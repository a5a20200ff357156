//! `hopgate recall`: cues through the recall engine, and the numbers that `recall` and `cosim` share.

use super::{
    classes,
    output::{self, Outputs},
    queries::Queries,
};
use crate::ui::{Ui, table};
use hopgate::{
    BitMatrix, Error, ErrorKind, Kind, Memory, Result, patterns, recall,
    recall::{Expected, Summary},
};
use hopgate_files::{answers, folder, kinds};
use serde_json::json;
use std::{ffi::OsString, path::PathBuf};

/// Recall cues in software, by the recall engine (the answers of the integer reference)
#[derive(clap::Args)]
#[command(
    after_help = "Example:\n    hopgate recall memory/ --queries cues.npy --trace trace.npz -o answers.npy\n    \
                        hopgate recall memory/ --noise 0.1 --count 1000\n    \
                        hopgate recall memory/ --queries cues.npy --expect labels.npy\n\n\
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
    /// Write answers, steps, converged, nearest, distance and fields here (.npz)
    #[arg(long, value_name = "FILE", value_parser = output::file())]
    pub trace: Option<PathBuf>,
    /// Where the answers go, (Q, M): .npy, .csv or .txt; classes are whole numbers, (Q), -1 for unknown
    #[arg(short, long, value_name = "FILE", value_parser = output::file())]
    pub output: Option<PathBuf>,
}

/// Runs it.
pub fn run(args: Args, ui: &Ui) -> Result<()> {
    let memory = folder::load(&args.memory)?;
    Outputs::new(ui)
        .reads(args.memory.as_path())
        .reads(args.queries.file())
        .file_of(args.output.as_deref(), kinds::ANSWERS)
        .file_of(args.trace.as_deref(), kinds::TRACE)
        .check()?;
    if memory.kind() == Kind::Class {
        return classes::run(&args, &memory, ui);
    }
    let cues = args.queries.open(memory.patterns(), ui)?;
    let expected = args.expect.as_ref().map(|spec| expected(spec, &memory, cues.count())).transpose()?;
    let expect = Expected::of(&memory, expected.as_ref());
    let bar = ui.follow("recalling");
    let summary = match (&args.trace, &args.output) {
        (Some(path), output) => {
            let (found, summary) = recall::trace(&memory, &cues.all()?, expect, &bar)?;
            if let Some(output) = output {
                found.save_answers(output)?;
            }
            found.save(path)?;
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
    ui.result("recall/1", &json!({ "outputs": outputs, "recall": summary }), || table(&rows(&summary)))
}

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
