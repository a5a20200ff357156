//! `hopgate-fuzz [READER|all] [--runs N] [--seed S] [--from RUN] [--only RUN] [--corpus FOLDER] [--keep FOLDER] [--trace 1]`

use hopgate_fuzz::{corpus, limit::Counting, readers::READERS, run};
use std::{error::Error, path::PathBuf, process::ExitCode, time::Instant};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

struct Arguments {
    reader: String,
    runs: u64,
    seed: u64,
    from: u64,
    only: Option<u64>,
    corpus: PathBuf,
    keep: Option<PathBuf>,
    trace: bool,
}

fn arguments() -> Result<Arguments, Box<dyn Error>> {
    let mut given = std::env::args().skip(1);
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let reader = given.next().unwrap_or("all".into());
    let mut a =
        Arguments { reader, runs: 1_000_000, seed: 1, from: 0, only: None, corpus: here, keep: None, trace: false };
    while let Some(option) = given.next() {
        let value = given.next().ok_or(format!("{option} has no value"))?;
        match option.as_str() {
            "--runs" => a.runs = value.parse()?,
            "--seed" => a.seed = value.parse()?,
            "--from" => a.from = value.parse()?,
            "--only" => a.only = Some(value.parse()?),
            "--corpus" => a.corpus = value.into(),
            "--keep" => a.keep = Some(value.into()),
            "--trace" => a.trace = value != "0",
            _ => return Err(format!("there is no option {option}").into()),
        }
    }
    if a.reader != "all" && READERS.iter().all(|r| r.name != a.reader) {
        let names: Vec<&str> = READERS.iter().map(|r| r.name).collect();
        return Err(format!("there is no reader {}; there are {}", a.reader, names.join(", ")).into());
    }
    Ok(a)
}

fn again(reader: &str, seed: u64, run: u64) -> String {
    format!("cargo run --release --manifest-path fuzz/Cargo.toml -- {reader} --seed {seed} --only {run}")
}

fn fuzz() -> Result<bool, Box<dyn Error>> {
    let a = arguments()?;
    let range = a.only.map_or(a.from..a.runs, |run| run..run + 1);
    let mut clean = true;
    run::watch(move |run| {
        eprintln!("run {run} takes longer than {:?}: a hang", run::LONGEST);
        std::process::exit(3);
    });
    for reader in READERS.iter().filter(|r| a.reader == "all" || a.reader == r.name) {
        let corpus = corpus::load(&a.corpus, reader.name)?;
        if let (Some(folder), Some(run)) = (&a.keep, a.only) {
            std::fs::create_dir_all(folder)?;
            for (name, bytes) in run::sample(&corpus, a.seed, run) {
                std::fs::write(folder.join(name), bytes)?;
            }
        }
        let mut desk = run::Desk::new()?;
        let begun = Instant::now();
        let tally = run::many(reader, &corpus, a.seed, range.clone(), &mut desk, a.trace);
        let seconds = begun.elapsed().as_secs_f64();
        let runs = tally.accepted + tally.refused;
        println!(
            "{:<9} {runs:>8} runs from {:>2} samples: {:>7} accepted, {:>7} refused; at most {:>7} bytes held, {:>6.1} ms; {:>6.0} runs/s",
            reader.name,
            corpus.len(),
            tally.accepted,
            tally.refused,
            tally.peak,
            tally.slowest.as_secs_f64() * 1e3,
            runs as f64 / seconds,
        );
        for (run, what) in &tally.failures {
            println!("  run {run} {what}\n  again: {}", again(reader.name, a.seed, *run));
        }
        clean &= tally.failures.is_empty();
    }
    Ok(clean)
}

fn main() -> ExitCode {
    match fuzz() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(e) => {
            eprintln!("hopgate-fuzz: {e}");
            ExitCode::from(2)
        }
    }
}
