//! Random memories through Verilator, many cues each, against the integer reference: answers, fields and cycles.
//!
//!     cargo run --release -p hopgate-sim --example soak -- [--seed 1] [--memories 200] [--cues 5000]
//!                                                          [--record FILE] [--only INDEX]
//!
//! Everything follows from the seed and the number of a memory. With `--record`, a run that was stopped goes on where it
//! was; a memory is tried again if its Verilog, its ROMs or its cues are no longer those of the record. A difference
//! is printed with the command that shows it again; the others are tried all the same, and the exit code is 1.

mod draw;
mod record;

use draw::Case;
use hopgate_hdl::{Plan, Top, emit};
use hopgate_model::{Error, Result, bits::BitMatrix};
use hopgate_sim::{CosimOptions, Cues, Library, Waveform, cosim};
use record::{Line, Record};
use sha2::{Digest, Sha256};
use std::{path::PathBuf, process::ExitCode, time::Instant};

struct Arguments {
    seed: u64,
    memories: u64,
    cues: usize,
    record: Option<PathBuf>,
    only: Option<u64>,
}

fn arguments() -> Result<Arguments> {
    let mut given = std::env::args().skip(1);
    let mut all = Arguments { seed: 1, memories: 200, cues: 5000, record: None, only: None };
    while let Some(option) = given.next() {
        let Some(value) = given.next() else { return Err(Error::usage(format!("{option} has no value"))) };
        let number = || value.parse::<u64>().map_err(|_| Error::usage(format!("{option} {value}: not a whole number")));
        match option.as_str() {
            "--seed" => all.seed = number()?,
            "--memories" => all.memories = number()?,
            "--cues" => all.cues = number()? as usize,
            "--only" => all.only = Some(number()?),
            "--record" => all.record = Some(value.into()),
            _ => {
                let what = format!("there is no option {option}");
                return Err(Error::usage(what).hint("--seed, --memories, --cues, --record, --only"));
            }
        }
    }
    Ok(all)
}

/// What a memory's line is worth: it stands for these files and cues, and for no others.
fn fingerprint(files: &[(String, String)], cues: &BitMatrix) -> String {
    let mut sha = Sha256::new();
    for (name, text) in files {
        sha.update(format!("{name}\n{}\n", text.len()));
        sha.update(text);
    }
    (0..cues.rows()).flat_map(|q| cues.row(q)).for_each(|w| sha.update(w.to_le_bytes()));
    sha.finalize().iter().map(|b| format!("{b:02x}")).collect()
}

/// One memory: what is to be recorded, or what differs.
fn soak(index: u64, a: &Arguments, record: Option<&Record>) -> Result<std::result::Result<(Line, bool), String>> {
    let case = Case::draw(a.seed, index)?;
    let cues = case.cues(a.cues);
    let known = case.known(a.cues);
    let asked = Cues { bits: &cues, known: known.as_ref() };
    let design = emit(&Plan::with(&case.memory, case.hardware)?, Top::Core, "soak")?;
    let hash = fingerprint(&design.files(), &cues);
    if let Some(line) = record.and_then(|r| r.find(index, &hash)) {
        return Ok(Ok((line.clone(), true)));
    }
    let begun = Instant::now();
    let library = Library::build(&design, Waveform::Off)?;
    let build = begun.elapsed().as_secs_f64();
    let begun = Instant::now();
    let result = match cosim(&library, &case.memory, asked, CosimOptions::default(), &|_| ()) {
        Ok(result) => result,
        // a core that hangs is a difference, and the others are worth trying
        Err(e) => return Ok(Err(format!("{}: {e}", case.words))),
    };
    let run = begun.elapsed().as_secs_f64();
    if let Some(difference) = result.difference {
        return Ok(Err(format!("{}: {}", case.words, difference.what)));
    }
    let steps = result.steps.iter().map(|s| s.len() as u64).sum();
    println!(
        "{index:>4}  {}  {} recalls equal, built in {build:.1} s, {:.0} recalls/s, {:.2} Mcycles/s",
        case.words,
        cues.rows(),
        cues.rows() as f64 / run,
        result.cost.cycles as f64 / run / 1e6
    );
    Ok(Ok((Line { index, hash, cues: cues.rows(), steps, cycles: result.cost.cycles, seconds: [build, run] }, false)))
}

fn run() -> Result<bool> {
    let a = arguments()?;
    let mut record = a.record.as_deref().map(Record::open).transpose()?;
    let range = a.only.map_or(0..a.memories, |i| i..i + 1);
    let count = range.end - range.start;
    let (mut memories, mut resumed, mut cues, mut steps, mut cycles, mut seconds) = (0u64, 0u64, 0, 0, 0, 0.0);
    let mut differing = 0;
    for index in range {
        match soak(index, &a, record.as_ref())? {
            Ok((line, known)) => {
                memories += 1;
                resumed += u64::from(known);
                cues += line.cues;
                steps += line.steps;
                cycles += line.cycles;
                seconds += line.seconds[1];
                if let (Some(record), false) = (&mut record, known) {
                    record.add(&line)?;
                }
            }
            Err(what) => {
                differing += 1;
                println!("{index:>4}  DIFFERS  {what}");
                println!(
                    "      again: cargo run --release -p hopgate-sim --example soak -- --seed {} --cues {} --only {index}",
                    a.seed, a.cues
                );
            }
        }
    }
    println!(
        "{memories} of {count} memories equal, {differing} differ; {resumed} of them were recorded by former runs"
    );
    println!(
        "{cues} recalls, {steps} steps, {:.3} Gcycles in {seconds:.0} s of simulation: {:.0} recalls/s",
        cycles as f64 / 1e9,
        cues as f64 / seconds
    );
    Ok(differing == 0)
}

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(e) => {
            eprintln!("{e}{}", e.help_text().map(|h| format!("\n{h}")).unwrap_or_default());
            ExitCode::FAILURE
        }
    }
}
