//! Times batches of cues through the engine, on all cores, for `bench/python.py`.
//!
//! `hopgate-bench-batch MEMORY CUES.npy` recalls all cues whenever a line comes in, and prints the seconds that it took: so another program
//! can be measured in turn with it. MEMORY is a memory folder.

use hopgate_files::{folder, patterns};
use hopgate_model::{Error, Result, engine::Engine, kind::Kind};
use std::{hint::black_box, io::BufRead, path::Path, time::Instant};

fn main() -> std::process::ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let done = match args.as_slice() {
        [memory, cues] => run(Path::new(memory), cues),
        _ => Err(Error::usage("usage: hopgate-bench-batch MEMORY CUES.npy")),
    };
    match done {
        Ok(()) => 0.into(),
        Err(e) => {
            eprintln!("hopgate-bench-batch: {e}");
            1.into()
        }
    }
}

fn run(memory: &Path, cues: &str) -> Result<()> {
    let memory = folder::load(memory)?;
    let cues = patterns::load_queries(cues, memory.neurons())?.bits;
    let engine = Engine::new(&memory);
    let batch = || match memory.kind() {
        Kind::Class => drop(black_box(engine.each(&cues, |_, recall, scratch| (recall, scratch.ranking())))),
        _ => drop(black_box(engine.all(&cues))),
    };
    batch();
    for line in std::io::stdin().lock().lines() {
        line.map_err(|e| Error::usage(format!("standard input: {e}")))?;
        let begin = Instant::now();
        batch();
        println!("{}", begin.elapsed().as_secs_f64());
    }
    Ok(())
}
