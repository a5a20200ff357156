//! How many cycles a recall takes, streams included, where the next cue is always there and every answer is taken at once.
//!
//!     cargo run -p hopgate-sim --example rate MEMORY NOISE COUNT PARALLEL CUES scan|queue|stop
//!
//! COUNT cues are patterns with as many flips as NOISE says, one pattern after the other. Answers, steps and fields are compared with
//! the reference, as co-simulation does. The last of the cues that share a scan has its answer after CUES times as many cycles.

use hopgate_files::folder;
use hopgate_hdl::{CoreOptions, Later, Plan, Top, emit};
use hopgate_model::{Error, ErrorKind, Result, noise};
use hopgate_sim::{CosimOptions, Library, Waveform, cosim};
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
    let usage = || Error::usage("rate MEMORY NOISE COUNT PARALLEL CUES scan|queue|stop");
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [memory, flips, count, parallel, cues, later] = arguments.as_slice() else { return Err(usage()) };
    let number = |text: &String| text.parse::<usize>().map_err(|_| usage());
    let later = match later.as_str() {
        "scan" => Later::Scan,
        "queue" => Later::Queue,
        "stop" => Later::Stop,
        _ => return Err(usage()),
    };
    let memory = folder::load(memory.as_ref())?;
    let flips: f64 = flips.parse().map_err(|_| usage())?;
    let asked = noise::cues(memory.patterns(), number(count)?, flips, 1);
    let options = CoreOptions { parallel: number(parallel)?, cues: number(cues)?, later, ..CoreOptions::default() };
    let plan = Plan::with(&memory, options)?;
    let library = Library::build(&emit(&plan, Top::Core, &folder::hash(&memory))?, Waveform::Off)?;
    let seen = cosim(&library, &memory, &asked, CosimOptions { stalls: false }, &|_| ())?;
    if let Some(difference) = seen.difference {
        return Err(Error::new(ErrorKind::Failed, difference.what));
    }
    let recalls = asked.rows() as f64;
    println!("{:.1} cycles a recall", seen.cost.cycles as f64 / recalls);
    Ok(())
}
