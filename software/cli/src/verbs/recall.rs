//! `hopgate recall`: cues through the recall engine, and the numbers that `recall` and `cosim` share.

use super::{
    output::{self, Outputs},
    queries::{Cues, Queries, Source},
};
use crate::ui::{Ui, table};
use hopgate_files::{
    answers, folder, kinds,
    trace::{self, Trace},
};
use hopgate_model::{
    Result,
    bits::{BitMatrix, hamming},
    engine::{Engine, Search},
    memory::Memory,
    reference::Answer,
};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

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

/// Cues that are held at a time, with their answers.
const BLOCK: usize = 1 << 14;

/// Runs it.
pub fn run(args: Args, ui: &Ui) -> Result<()> {
    let memory = folder::load(&args.memory)?;
    Outputs::new(ui)
        .reads(args.memory.as_path())
        .reads(args.queries.file())
        .file_of(args.output.as_deref(), kinds::ANSWERS)
        .file_of(args.trace.as_deref(), kinds::TRACE)
        .check()?;
    let cues = args.queries.open(memory.patterns())?;
    cues.warnings.iter().for_each(|w| ui.warn(w));
    let summary = match (&args.trace, &args.output) {
        (Some(trace), output) => traced(&memory, cues, trace, output.as_deref(), ui)?,
        (None, Some(output)) => {
            let mut summary = None;
            answers::write(output, cues.count(), memory.neurons(), |rows| {
                summary = Some(recall(&memory, &cues, ui, |answers| rows.push(answers))?);
                Ok(())
            })?;
            summary.unwrap_or_default()
        }
        (None, None) => recall(&memory, &cues, ui, |_| Ok(()))?,
    };
    let outputs = json!({
        "answers": args.output.as_ref().map(|path| ui.path(path)),
        "trace": args.trace.as_ref().map(|path| ui.path(path)),
    });
    ui.result("recall/1", &json!({ "outputs": outputs, "recall": summary.json() }), || table(&summary.rows()))
}

/// Recalls the cues block by block, and gives the answers of each block to `keep`.
fn recall(memory: &Memory, cues: &Source, ui: &Ui, mut keep: impl FnMut(&BitMatrix) -> Result<()>) -> Result<Summary> {
    let (engine, patterns) = (Engine::new(memory), memory.patterns());
    let mut summary = Summary::default();
    let bar = ui.bar("recalling", cues.count() as u64);
    for first in (0..cues.count()).step_by(BLOCK) {
        let numbers = first..cues.count().min(first + BLOCK);
        let (answers, recalls) = engine.all(&cues.block(numbers.clone()));
        for (q, recall) in recalls.iter().enumerate() {
            summary.add(recall.steps, recall.converged, recall.distance);
            if let Some(origin) = cues.origin(first + q) {
                summary.add_right(answers.row(q), recall.cue_nearest, origin, patterns);
            }
        }
        keep(&answers)?;
        bar.set_position(numbers.end as u64);
    }
    bar.finish_and_clear();
    Ok(summary)
}

/// Recalls all cues at once, and writes the trace too.
fn traced(memory: &Memory, cues: Source, trace: &Path, output: Option<&Path>, ui: &Ui) -> Result<Summary> {
    let cues = cues.all()?;
    let bar = ui.bar("recalling", cues.bits.rows() as u64);
    let answers = Engine::new(memory).each(&cues.bits, |_, recall, scratch| {
        bar.inc(1);
        (scratch.answer(recall), recall.cue_nearest)
    });
    bar.finish_and_clear();
    let (answers, nearest): (Vec<Answer>, Vec<usize>) = answers.into_iter().unzip();
    let found = Trace::from_answers(&answers, memory.neurons());
    drop(answers);
    if let Some(path) = output {
        trace::save_answers(&found.state, path)?;
    }
    found.save(trace)?;
    Ok(Summary::of_found(&found, memory.patterns(), &cues, || nearest))
}

/// What a set of answers amounts to: counts and sums over the cues.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// The cues.
    pub cues: u64,
    /// How many answers converged.
    pub converged: u64,
    /// Their steps.
    pub steps: u64,
    /// The most steps.
    pub most_steps: u32,
    /// The distances of the nearest patterns.
    pub distance: u64,
    /// How right the answers are, where it is known which patterns the cues were made from.
    pub right: Option<Right>,
}

/// How many answers are the pattern that the cue was made from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Right {
    /// Answers that are the pattern, bit for bit.
    pub exact: u64,
    /// Bits of all answers.
    pub bits: u64,
    /// Those that are wrong.
    pub wrong_bits: u64,
    /// How many of the patterns the nearest one is: what a plain search would answer to the same cues.
    pub nearest: u64,
}

impl Right {
    /// The share of right bits.
    pub fn bit_accuracy(&self) -> f64 {
        1.0 - self.wrong_bits as f64 / self.bits.max(1) as f64
    }
}

impl Summary {
    /// Of the answers of a memory to these cues.
    pub fn of(trace: &Trace, memory: &Memory, cues: &Cues) -> Self {
        Summary::of_patterns(trace, memory.patterns(), cues)
    }

    /// [`Summary::of`] the answers of a memory with these patterns.
    pub fn of_patterns(trace: &Trace, patterns: &BitMatrix, asked: &Cues) -> Self {
        Summary::of_found(trace, patterns, asked, || Search::new(patterns).each(&asked.bits))
    }

    /// The same, with the pattern nearest to each cue; that is asked for only where it matters.
    fn of_found(trace: &Trace, patterns: &BitMatrix, asked: &Cues, nearest: impl FnOnce() -> Vec<usize>) -> Self {
        let mut summary = Summary::default();
        for q in 0..trace.state.rows() {
            summary.add(trace.steps[q], trace.converged[q], trace.distance[q]);
        }
        if let Some(origin) = &asked.origin {
            for (q, (&origin, nearest)) in origin.iter().zip(nearest()).enumerate() {
                summary.add_right(trace.state.row(q), nearest, origin, patterns);
            }
        }
        summary
    }

    /// Counts an answer.
    fn add(&mut self, steps: u32, converged: bool, distance: u32) {
        self.cues += 1;
        self.converged += u64::from(converged);
        self.steps += u64::from(steps);
        self.most_steps = self.most_steps.max(steps);
        self.distance += u64::from(distance);
    }

    /// Counts whether an answer, and the pattern nearest to its cue, are the pattern that the cue was made from.
    fn add_right(&mut self, answer: &[u64], nearest: usize, origin: usize, patterns: &BitMatrix) {
        let right = self.right.get_or_insert_default();
        let wrong = hamming(answer, patterns.row(origin));
        right.exact += u64::from(wrong == 0);
        right.bits += patterns.cols() as u64;
        right.wrong_bits += u64::from(wrong);
        right.nearest += u64::from(patterns.row(nearest) == patterns.row(origin));
    }

    /// For machines. What is not known is null.
    pub fn json(&self) -> Value {
        json!({
            "cues": self.cues,
            "converged": self.converged,
            "steps": { "mean": self.mean(self.steps), "most": self.most_steps },
            "mean_distance": self.mean(self.distance),
            "exact": self.right.map(|r| r.exact),
            "exact_recall": self.right.map(|r| self.mean(r.exact)),
            "nearest_exact_recall": self.right.map(|r| self.mean(r.nearest)),
            "bit_accuracy": self.right.map(|r| r.bit_accuracy()),
        })
    }

    /// For people: the rows of a table.
    pub fn rows(&self) -> Vec<Vec<String>> {
        let of = |n: u64| format!("{n} of {} ({:.1} %)", self.cues, 100.0 * self.mean(n));
        let mut rows = vec![vec!["cues".into(), self.cues.to_string()]];
        if let Some(right) = self.right {
            rows.push(vec!["exact recall".into(), of(right.exact)]);
            rows.push(vec!["exact recall of a plain search".into(), of(right.nearest)]);
            rows.push(vec!["right bits".into(), format!("{:.2} %", 100.0 * right.bit_accuracy())]);
        }
        rows.push(vec!["converged".into(), of(self.converged)]);
        rows.push(vec!["steps".into(), format!("{:.2} (most {})", self.mean(self.steps), self.most_steps)]);
        rows.push(vec!["distance of the nearest".into(), format!("{:.2}", self.mean(self.distance))]);
        rows
    }

    /// A count or a sum, per cue.
    fn mean(&self, n: u64) -> f64 {
        n as f64 / self.cues.max(1) as f64
    }
}
