//! Times searches and recalls of memories from small to a million rows, on one thread, and writes what faiss needs for the same.
//!
//! `hopgate-bench-search FOLDER [CASE...]` prints JSON: for each case the seconds of a cue, alone and in a batch; the median of some
//! repetitions. Rows are fair random bits, cues are rows in random order with a tenth of the bits flipped.

use hopgate_bench::large::{Large, SIZES};
use hopgate_files::npy;
use hopgate_model::{
    Error, Result,
    bits::BitMatrix,
    engine::{Engine, Search},
};
use serde_json::{Value, json};
use std::{hint::black_box, path::Path, time::Instant};

/// How often everything is measured, after once that warms up.
const REPEATS: usize = 5;

fn main() -> std::process::ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let done = match args.split_first() {
        Some((folder, wanted)) => run(Path::new(folder), wanted),
        None => Err(Error::usage("usage: hopgate-bench-search FOLDER [CASE...]")),
    };
    match done {
        Ok(found) => {
            println!("{found}");
            0.into()
        }
        Err(e) => {
            eprintln!("hopgate-bench-search: {e}");
            1.into()
        }
    }
}

fn run(folder: &Path, wanted: &[String]) -> Result<Value> {
    std::fs::create_dir_all(folder).map_err(|e| Error::io("create", folder, e))?;
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().map_err(|e| Error::usage(e.to_string()))?;
    let sizes = SIZES.iter().filter(|size| wanted.is_empty() || wanted.iter().any(|name| *name == size.name()));
    let of = |size| one.install(|| case(&Large::of(size)?, folder));
    Ok(Value::Array(sizes.map(of).collect::<Result<_>>()?))
}

fn case(large: &Large, folder: &Path) -> Result<Value> {
    let Large { size, patterns, cues, single } = large;
    let name = size.name();
    let packed = |m: &BitMatrix| {
        let bytes = m.cols().div_ceil(8);
        let of = |r: usize| m.row(r).iter().flat_map(|word| word.to_le_bytes()).take(bytes).collect::<Vec<u8>>();
        npy::encode(&[m.rows(), bytes], (0..m.rows()).flat_map(of))
    };
    hopgate_files::atomic::write(&folder.join(format!("{name}-patterns.npy")), &packed(patterns))?;
    hopgate_files::atomic::write(&folder.join(format!("{name}-cues.npy")), &packed(cues))?;

    let search = Search::new(patterns);
    let mut room = search.scratch();
    let nearest = search.each(cues);
    let found: Vec<(usize, u32)> = (0..*single).map(|q| search.nearest(cues.row(q), &mut room)).collect();
    assert!(
        found.iter().zip(&nearest).all(|(found, nearest)| found.0 == *nearest),
        "a batch finds what single cues do"
    );
    let batch = median(cues.rows(), || drop(black_box(search.each(cues))));
    let alone = median(*single, || {
        (0..*single).for_each(|q| {
            black_box(search.nearest(cues.row(q), &mut room));
        });
    });
    drop(search);

    let memory = large.memory()?;
    let engine = Engine::new(&memory);
    let mut scratch = engine.scratch();
    let recalls = engine.each(cues, |_, recall, _| recall);
    let recall_batch = median(cues.rows(), || drop(black_box(engine.each(cues, |_, recall, _| recall))));
    let recall_alone = median(*single, || {
        (0..*single).for_each(|q| {
            black_box(engine.recall(cues.row(q), &mut scratch));
        });
    });
    let sum = |of: fn(&hopgate_model::engine::Recall) -> u64| recalls.iter().map(of).sum::<u64>() as f64;
    Ok(json!({
        "name": name, "neurons": patterns.cols(), "patterns": patterns.rows(), "cues": cues.rows(), "single_cues": single,
        "isa": engine.isa().to_string(), "bytes_of_bits": 8.0 * engine.storage_bytes() as f64 / (patterns.rows() * patterns.cols()) as f64,
        "distances": found.iter().map(|f| f.1).collect::<Vec<u32>>(),
        "nearest": { "batch": batch, "single": alone }, "recall": { "batch": recall_batch, "single": recall_alone },
        "steps": sum(|r| r.steps.into()) / cues.rows() as f64, "candidates_per_step": sum(|r| r.candidates) / sum(|r| r.steps.into()),
    }))
}

/// Seconds of each of so many cues.
fn median(cues: usize, mut work: impl FnMut()) -> f64 {
    work();
    let time = |_| {
        let begin = Instant::now();
        work();
        begin.elapsed().as_secs_f64() / cues as f64
    };
    let mut times: Vec<f64> = (0..REPEATS).map(time).collect();
    times.sort_by(f64::total_cmp);
    times[REPEATS / 2]
}
