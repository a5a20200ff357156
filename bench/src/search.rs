//! Times searches and recalls of memories from small to a million rows, on one thread, and writes what faiss needs for the same.
//!
//! `hopgate-bench-search FOLDER [CASE...]` goes through the cases: for each it prints a line of JSON; then, for each line that comes in, it
//! does once what that says (`nearest batch`, `nearest single`, `recall batch`, `recall single`, or `peak`: the rows compared and counted by
//! nothing but the instructions for it) and prints the seconds of a cue, until `next`. So another program can be measured in turn with it. Rows are fair random bits, cues are rows in random order with a tenth of the
//! bits flipped.

use hopgate_bench::{
    large::{Large, SIZES},
    peak,
};
use hopgate_files::npy;
use hopgate_model::{
    Error, Result,
    bits::BitMatrix,
    engine::{Engine, Search},
};
use serde_json::json;
use std::{hint::black_box, path::Path, time::Instant};

fn main() -> std::process::ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let done = match args.split_first() {
        Some((folder, wanted)) => run(Path::new(folder), wanted),
        None => Err(Error::usage("usage: hopgate-bench-search FOLDER [CASE...]")),
    };
    match done {
        Ok(()) => 0.into(),
        Err(e) => {
            eprintln!("hopgate-bench-search: {e}");
            1.into()
        }
    }
}

fn run(folder: &Path, wanted: &[String]) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(|e| Error::io("create", folder, e))?;
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().map_err(|e| Error::usage(e.to_string()))?;
    for size in SIZES.iter().filter(|size| wanted.is_empty() || wanted.iter().any(|name| *name == size.name())) {
        one.install(|| case(&Large::of(size)?, folder))?;
    }
    Ok(())
}

fn case(large: &Large, folder: &Path) -> Result<()> {
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
    let memory = large.memory()?;
    let engine = Engine::new(&memory);
    let mut scratch = engine.scratch();
    let recalls = engine.each(cues, |_, recall, _| recall);
    let sum = |of: fn(&hopgate_model::engine::Recall) -> u64| recalls.iter().map(of).sum::<u64>() as f64;
    let rows = peak::Rows::of(patterns);
    let about = json!({
        "name": name, "neurons": patterns.cols(), "patterns": patterns.rows(), "cues": cues.rows(), "single_cues": single,
        "isa": engine.isa().to_string(), "bytes_of_bits": 8.0 * engine.storage_bytes() as f64 / (patterns.rows() * patterns.cols()) as f64,
        "distances": found.iter().map(|f| f.1).collect::<Vec<u32>>(),
        "row_bytes": 8 * rows.words().len(),
        "steps": sum(|r| r.steps.into()) / cues.rows() as f64, "candidates_per_step": sum(|r| r.candidates) / sum(|r| r.steps.into()),
    });
    println!("{about}");
    loop {
        let mut line = String::new();
        std::io::stdin().read_line(&mut line).map_err(|e| Error::usage(format!("standard input: {e}")))?;
        let begin = Instant::now();
        let count = match line.trim_end() {
            "nearest batch" => black_box(search.each(cues)).len(),
            "nearest single" => (0..*single).map(|q| black_box(search.nearest(cues.row(q), &mut room))).count(),
            "recall batch" => black_box(engine.each(cues, |_, recall, _| recall)).len(),
            "recall single" => (0..*single).map(|q| black_box(engine.recall(cues.row(q), &mut scratch))).count(),
            "peak" => (0..*single).map(|q| black_box(peak::differing(rows.words(), black_box(cues.row(q)[0])))).count(),
            "next" | "" => return Ok(()),
            other => return Err(Error::usage(format!("nothing is called {other:?}"))),
        };
        println!("{}", begin.elapsed().as_secs_f64() / count as f64);
    }
}
