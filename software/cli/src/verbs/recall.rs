//! `hopgate recall`: cues through the recall engine, and the numbers that `recall` and `cosim` share.

use super::{
    output,
    queries::{Cues, Queries},
};
use crate::ui::{table, Ui};
use hopgate_model::{
    bits::{hamming, BitMatrix},
    engine::{Engine, Recall, Scratch},
    folder,
    memory::Memory,
    trace::{self, Trace},
    Result,
};
use hopgate_train::recall_float::nearest_recall;
use rayon::prelude::*;
use serde_json::{json, Value};
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
    #[arg(long, value_name = "FILE")]
    trace: Option<PathBuf>,
    /// Where the answers go: .npy, uint8 (Q, N)
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Runs it.
pub fn run(args: Args, ui: &Ui) -> Result<()> {
    let memory = folder::load(&args.memory)?;
    [&args.output, &args.trace].into_iter().flatten().try_for_each(|path| output::check_file(path))?;
    let cues = args.queries.load(&memory)?;
    cues.warnings.iter().for_each(|w| ui.warn(w));
    let trace = recall(&memory, &cues.bits, ui);
    if let Some(path) = &args.output {
        trace::save_answers(&trace.state, path)?;
    }
    if let Some(path) = &args.trace {
        trace.save(path)?;
    }
    let summary = Summary::of(&trace, &memory, &cues);
    ui.result(&json!({ "recall": summary.json() }), || table(&summary.rows()));
    Ok(())
}

/// Recalls every cue side by side; the order of the answers is that of the cues.
fn recall(memory: &Memory, cues: &BitMatrix, ui: &Ui) -> Trace {
    let bar = ui.bar("recalling", cues.rows() as u64);
    let one = |_, recall: Recall, scratch: &Scratch| {
        bar.inc(1);
        scratch.answer(recall)
    };
    let answers = Engine::new(memory).each(cues, one);
    bar.finish_and_clear();
    Trace::from_answers(&answers, memory.neurons())
}

/// What a set of answers amounts to.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// The cues.
    pub cues: usize,
    /// How many answers converged.
    pub converged: usize,
    /// The mean number of steps.
    pub mean_steps: f64,
    /// The most steps.
    pub most_steps: u32,
    /// The mean distance of the nearest pattern.
    pub mean_distance: f64,
    /// How right the answers are, where it is known which patterns the cues were made from.
    pub right: Option<Right>,
    /// How many of them the nearest pattern is: what a plain search would answer to the same cues.
    pub nearest: Option<usize>,
}

/// How many answers are the pattern that the cue was made from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Right {
    /// Answers that are the pattern, bit for bit.
    pub exact: usize,
    /// The share of right bits.
    pub bit_accuracy: f64,
}

impl Summary {
    /// Of the answers of a memory to these cues.
    pub fn of(trace: &Trace, memory: &Memory, cues: &Cues) -> Self {
        Summary::of_patterns(trace, memory.patterns(), cues)
    }

    /// [`Summary::of`] the answers of a memory with these patterns.
    pub fn of_patterns(trace: &Trace, patterns: &BitMatrix, asked: &Cues) -> Self {
        let (cues, origins) = (trace.state.rows(), asked.origin.as_deref());
        let mean = |all: &[u32]| all.iter().map(|&x| u64::from(x)).sum::<u64>() as f64 / cues.max(1) as f64;
        let right = origins.map(|origins| {
            let wrong = |(q, &mu): (usize, &usize)| hamming(trace.state.row(q), patterns.row(mu));
            let wrong: Vec<u32> = origins.iter().enumerate().map(wrong).collect();
            let bits = (cues * patterns.cols()).max(1) as f64;
            Right {
                exact: wrong.iter().filter(|&&w| w == 0).count(),
                bit_accuracy: 1.0 - wrong.iter().map(|&w| u64::from(w)).sum::<u64>() as f64 / bits,
            }
        });
        let found = |(q, &mu): &(usize, &usize)| {
            let nearest = nearest_recall(patterns, asked.bits.row(*q)).0;
            patterns.row(nearest) == patterns.row(mu)
        };
        let nearest = origins.map(|origins| origins.par_iter().enumerate().filter(found).count());
        Summary {
            nearest,
            cues,
            converged: trace.converged.iter().filter(|c| **c).count(),
            mean_steps: mean(&trace.steps),
            most_steps: trace.steps.iter().copied().max().unwrap_or(0),
            mean_distance: mean(&trace.distance),
            right,
        }
    }

    /// For machines. What is not known is null.
    pub fn json(&self) -> Value {
        json!({
            "cues": self.cues,
            "converged": self.converged,
            "steps": { "mean": self.mean_steps, "most": self.most_steps },
            "mean_distance": self.mean_distance,
            "exact": self.right.map(|r| r.exact),
            "exact_recall": self.right.map(|r| self.share(r.exact)),
            "nearest_exact_recall": self.nearest.map(|n| self.share(n)),
            "bit_accuracy": self.right.map(|r| r.bit_accuracy),
        })
    }

    /// For people: the rows of a table.
    pub fn rows(&self) -> Vec<Vec<String>> {
        let of = |n: usize| format!("{n} of {} ({:.1} %)", self.cues, 100.0 * self.share(n));
        let mut rows = vec![vec!["cues".into(), self.cues.to_string()]];
        if let Some(right) = self.right {
            rows.push(vec!["exact recall".into(), of(right.exact)]);
            rows.extend(self.nearest.map(|n| vec!["exact recall of a plain search".into(), of(n)]));
            rows.push(vec!["right bits".into(), format!("{:.2} %", 100.0 * right.bit_accuracy)]);
        }
        rows.push(vec!["converged".into(), of(self.converged)]);
        rows.push(vec!["steps".into(), format!("{:.2} (most {})", self.mean_steps, self.most_steps)]);
        rows.push(vec!["distance of the nearest".into(), format!("{:.2}", self.mean_distance)]);
        rows
    }

    fn share(&self, n: usize) -> f64 {
        n as f64 / self.cues.max(1) as f64
    }
}
