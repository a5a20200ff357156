//! Times the classification of a batch of cues by the engine, and writes the classes.
//!
//! `hopgate-bench-classes MEMORY CUES.npy THREADS CLASSES.npy` writes the classes and prints `ready`; then it classifies all cues whenever a line
//! comes in, and prints the seconds that it took: so another program can be measured in turn with it.

use hopgate_files::{answers, folder, patterns};
use hopgate_model::{Error, Result, engine::Engine};
use std::{io::BufRead, path::Path, time::Instant};

fn main() -> std::process::ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let done = match args.as_slice() {
        [memory, cues, threads, classes] => run(memory, cues, threads, classes),
        _ => Err(Error::usage("usage: hopgate-bench-classes MEMORY CUES.npy THREADS CLASSES.npy")),
    };
    match done {
        Ok(()) => 0.into(),
        Err(e) => {
            eprintln!("hopgate-bench-classes: {e}");
            1.into()
        }
    }
}

fn run(memory: &str, cues: &str, threads: &str, classes: &str) -> Result<()> {
    let threads = threads.parse().map_err(|_| Error::usage("THREADS must be a number"))?;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    let pool = pool.map_err(|e| Error::usage(e.to_string()))?;
    let memory = folder::load(Path::new(memory))?;
    let cues = patterns::load_queries(cues, memory.neurons())?.bits;
    let engine = Engine::new(&memory);
    let batch = || -> Vec<i32> {
        let class = |scratch: &hopgate_model::engine::Scratch| scratch.ranking().map_or(-1, |r| r.class as i32);
        pool.install(|| engine.each(&cues, |_, recall, scratch| if recall.known { class(scratch) } else { -1 }))
    };
    answers::write_classes(Path::new(classes), &batch())?;
    println!("ready");
    for line in std::io::stdin().lock().lines() {
        line.map_err(|e| Error::usage(format!("standard input: {e}")))?;
        let begin = Instant::now();
        std::hint::black_box(batch());
        println!("{}", begin.elapsed().as_secs_f64());
    }
    Ok(())
}
