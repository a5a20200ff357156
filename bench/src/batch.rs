//! Times batches of cues through the engine, on all cores, for `bench/python.py`.
//!
//! `hopgate-bench-batch MEMORY CUES.npy` recalls all cues whenever a line comes in, and prints the seconds that it took: so another program
//! can be measured in turn with it. MEMORY is a memory folder. The line says where the cues come from and the answers go:
//!
//! * `packed`: bits that are packed already, to bits that stay packed. What the engine itself takes.
//! * `bytes`: a byte for every bit, to a byte for every bit, as in an array of numpy: the bits are packed and spread by the library, too.

use hopgate_files::{folder, patterns};
use hopgate_model::{Error, Result, bits::BitMatrix, engine::Engine, kind::Kind};
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
    let (rows, cols, bytes) = (cues.rows(), cues.cols(), cues.to_bytes());
    let classes =
        |cues: &BitMatrix| drop(black_box(engine.each(cues, |_, recall, scratch| (recall, scratch.ranking()))));
    let packed = |cues: &BitMatrix| match memory.kind() {
        Kind::Class => classes(cues),
        _ => drop(black_box(engine.all(cues))),
    };
    let spread = || -> Result<()> {
        let cues = BitMatrix::from_bits(rows, cols, &bytes)
            .map_err(|at| Error::usage(format!("byte {at} of the cues is no bit")))?;
        if memory.kind() == Kind::Class {
            classes(&cues);
            return Ok(());
        }
        let (answers, recalls) = engine.all(&cues);
        black_box((answers.to_bytes(), recalls));
        Ok(())
    };
    packed(&cues);
    spread()?;
    for line in std::io::stdin().lock().lines() {
        let line = line.map_err(|e| Error::usage(format!("standard input: {e}")))?;
        let begin = Instant::now();
        match line.trim() {
            "packed" => packed(&cues),
            "bytes" => spread()?,
            other => return Err(Error::usage(format!("{other:?}: a line says `packed` or `bytes`"))),
        }
        println!("{}", begin.elapsed().as_secs_f64());
    }
    Ok(())
}
