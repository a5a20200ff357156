//! `hopgate recall`: cues through the recall engine, and the numbers that `recall` and `cosim` share.

use super::{
    output::{self, Outputs},
    queries::Queries,
};
use crate::ui::{Ui, table};
use hopgate::{Result, recall, recall::Summary};
use hopgate_files::{answers, folder, kinds, trace};
use serde_json::json;
use std::path::PathBuf;

/// Recall cues in software, by the recall engine (the answers of the integer reference)
#[derive(clap::Args)]
#[command(
    after_help = "Example:\n    hopgate recall memory/ --queries cues.npy --trace trace.npz -o answers.npy\n    \
                        hopgate recall memory/ --noise 0.1 --count 1000\n\n\
                        The second draws its cues from the stored patterns, so it can also say how many answers are right."
)]
pub struct Args {
    /// A memory folder, as `quantize` writes it
    memory: PathBuf,
    #[command(flatten)]
    queries: Queries,
    /// Write answers, steps, converged, nearest, distance and fields here (.npz)
    #[arg(long, value_name = "FILE", value_parser = output::file())]
    trace: Option<PathBuf>,
    /// Where the answers go, (Q, N): .npy, .csv or .txt
    #[arg(short, long, value_name = "FILE", value_parser = output::file())]
    output: Option<PathBuf>,
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
    let cues = args.queries.open(memory.patterns(), ui)?;
    let bar = ui.follow("recalling");
    let summary = match (&args.trace, &args.output) {
        (Some(path), output) => {
            let (found, summary) = recall::trace(&memory, &cues.all()?, &bar)?;
            if let Some(output) = output {
                trace::save_answers(&found.state, output)?;
            }
            found.save(path)?;
            summary
        }
        (None, Some(output)) => {
            let mut summary = Summary::default();
            answers::write(output, cues.count(), memory.neurons(), |rows| {
                summary = recall::recall(&memory, &cues, &bar, |answers| rows.push(answers))?;
                Ok(())
            })?;
            summary
        }
        (None, None) => recall::recall(&memory, &cues, &bar, |_| Ok(()))?,
    };
    drop(bar);
    let outputs = json!({
        "answers": args.output.as_ref().map(|path| ui.path(path)),
        "trace": args.trace.as_ref().map(|path| ui.path(path)),
    });
    ui.result("recall/1", &json!({ "outputs": outputs, "recall": summary }), || table(&rows(&summary)))
}

/// For people: the rows of a table.
pub fn rows(summary: &Summary) -> Vec<Vec<String>> {
    let of = |n: u64| format!("{n} of {} ({:.1} %)", summary.cues, 100.0 * summary.mean(n));
    let mut rows = vec![vec!["cues".into(), summary.cues.to_string()]];
    if let Some(right) = summary.right {
        rows.push(vec!["exact recall".into(), of(right.exact)]);
        rows.push(vec!["exact recall of a nearest-pattern search".into(), of(right.nearest)]);
        rows.push(vec!["right bits".into(), format!("{:.2} %", 100.0 * right.bit_accuracy())]);
    }
    rows.push(vec!["converged".into(), of(summary.converged)]);
    rows.push(vec!["steps".into(), format!("{:.2} (most {})", summary.mean(summary.steps), summary.most_steps)]);
    rows.push(vec!["distance of the nearest".into(), format!("{:.2}", summary.mean(summary.distance))]);
    rows
}
