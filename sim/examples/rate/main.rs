//! How many cycles a recall takes, streams included, where the next cue is always there and every answer is taken at once.
//!
//!     cargo run -p hopgate-sim --example rate MEMORY NOISE COUNT PARALLEL CUES scan|queue|stop|nearest [CORES]
//!
//! `nearest` is the nearest-pattern search. COUNT cues are patterns with as many flips as NOISE says, one pattern after the other, as packets of AXI4-Stream. The
//! answers are compared with the reference. The last of the cues that share a scan has its answer after CUES times as many cycles, and where CORES
//! are side by side after CUES times CORES times as many.

use hopgate_files::folder;
use hopgate_hdl::{CoreOptions, Later, Plan, Readout, Top, emit};
use hopgate_model::{Error, ErrorKind, Result, noise};
use hopgate_sim::{Library, Waveform, bench::Axis, words};
use std::process::ExitCode;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let usage = || Error::usage("rate MEMORY NOISE COUNT PARALLEL CUES scan|queue|stop|nearest [CORES]");
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (first, cores) = arguments.split_at(arguments.len().min(6));
    let ([memory, flips, count, parallel, cues, later], [] | [_]) = (first, cores) else { return Err(usage()) };
    let number = |text: &String| text.parse::<usize>().map_err(|_| usage());
    let cores = cores.first().map_or(Ok(1), number)?;
    let (later, readout) = match later.as_str() {
        "scan" => (Later::Scan, Readout::Vote),
        "queue" => (Later::Queue, Readout::Vote),
        "stop" => (Later::Stop, Readout::Vote),
        "nearest" => (Later::Scan, Readout::Nearest),
        _ => return Err(usage()),
    };
    let memory = folder::load(memory.as_ref())?;
    let flips: f64 = flips.parse().map_err(|_| usage())?;
    let asked = noise::cues(memory.patterns(), number(count)?, flips, 1);
    let (parallel, cues) = (number(parallel)?, number(cues)?);
    let options = CoreOptions { parallel, cues, cores, later, readout, ..CoreOptions::default() };
    let plan = Plan::with(&memory, options)?;
    let top = Top::Axis { clock: 100_000_000, requests: false };
    let library = Library::build(&emit(&plan, top, &folder::hash(&memory))?, Waveform::Off)?;
    let packet = |words: Vec<u16>| {
        let last = words.len() - 1;
        words.into_iter().enumerate().map(move |(i, word)| (word, i == last))
    };
    // whole groups of those that share a scan, as many for each core
    let together = plan.cues * plan.cores;
    let rows = asked.rows() / together * together;
    let cue = |q: usize| (0..plan.words()).map(|l| (asked.row(q)[l / 4] >> (16 * (l % 4))) as u16).collect();
    let sent: Vec<_> = (0..rows).flat_map(|q| packet(cue(q))).collect();
    let wanted: Vec<_> =
        (0..rows).flat_map(|q| packet(words::expected(&memory, asked.row(q).into(), readout))).collect();
    let mut axis = Axis::open(&library)?;
    let before = axis.cycles();
    let said = axis.exchange(&sent, wanted.len(), 0, 10_000 * rows as u64)?;
    if said != wanted {
        return Err(Error::new(ErrorKind::Failed, "an answer is not the reference's"));
    }
    println!("{:.1} cycles a recall", (axis.cycles() - before) as f64 / rows as f64);
    Ok(())
}
