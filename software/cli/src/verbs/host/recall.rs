//! `hopgate host recall`: cues through a board.

use super::Connect;
use crate::{
    ui::{Ui, table},
    verbs::{
        output::{self, Outputs},
        queries::Queries,
        recall::{add_ranked, named_lists, rows},
    },
};
use hopgate::recall::{Expected, Summary};
use hopgate_files::kinds;
use hopgate_model::{Result, bits::BitMatrix, kind::Kind};
use serde_json::json;
use std::path::PathBuf;

/// Recall cues on the board; the answers are those of `hopgate recall`
#[derive(clap::Args)]
#[command(
    after_help = "Without --queries, the cues are drawn from the patterns that the board holds, which are read back first."
)]
pub struct Args {
    #[command(flatten)]
    queries: Queries,
    /// Write answers, steps, converged, nearest and distance here (.npz); no board sends fields
    #[arg(long, value_name = "FILE", value_parser = output::file())]
    trace: Option<PathBuf>,
    /// Where the answers go, (Q, N): .npy, .csv or .txt
    #[arg(short, long, value_name = "FILE", value_parser = output::file())]
    output: Option<PathBuf>,
}

impl Args {
    /// Whether the outputs can be written.
    pub fn check(&self, ui: &Ui) -> Result<()> {
        Outputs::new(ui)
            .reads(self.queries.file())
            .file_of(self.output.as_deref(), kinds::ANSWERS)
            .file_of(self.trace.as_deref(), kinds::TRACE)
            .check()
    }
}

/// Runs it.
pub fn run(args: Args, connect: Connect, ui: &Ui) -> Result<()> {
    let mut board = connect()?;
    let held = board.held().clone();
    let patterns = if args.queries.queries.is_some() {
        BitMatrix::zeros(0, held.neurons)
    } else {
        let bar = ui.bar("reading patterns", held.patterns as u64);
        let patterns = board.patterns(&mut |done| bar.set_position(done as u64))?;
        bar.finish_and_clear();
        patterns
    };
    let cues = args.queries.load(&patterns, board.identity().kind, board.identity().masks, ui)?;
    let bar = ui.bar("recalling", cues.bits.rows() as u64);
    let answers = board.recall_masked(&cues.bits, cues.known.as_ref(), &mut |done| bar.set_position(done as u64))?;
    bar.finish_and_clear();
    if let Some(path) = &args.output {
        answers.save_answers(path)?;
    }
    if let Some(path) = &args.trace {
        answers.save(path)?;
    }
    // where an answer is no stored pattern, the one that a cue was made from does not say what it should be
    let expected = match board.identity().kind {
        Kind::Auto => Expected::Origin(&patterns),
        _ => Expected::Unknown,
    };
    let summary = Summary::of(&answers, &cues, expected);
    let stats = board.stats();
    let outputs = json!({
        "answers": args.output.as_ref().map(|path| ui.path(path)),
        "trace": args.trace.as_ref().map(|path| ui.path(path)),
    });
    let mut json = json!({
        "outputs": outputs, "recall": summary, "requests": stats.sent, "sent_again": stats.again,
    });
    let classes = answers.ranked_class.as_deref();
    add_ranked(&mut json, answers.ranked.as_deref(), classes);
    let said = |cue: usize, k: usize, _| classes.map(|of| format!("class {}", of[cue][k])).into_iter().collect();
    ui.result("host.recall/1", &json, || table(&rows(&summary)) + &named_lists(answers.ranked.as_deref(), said))?;
    super::note_line(&board, ui);
    Ok(())
}
