//! Every combination of the options of a sweep.

use super::{Args, classes};
use hopgate::{
    Error, Result,
    explore::{Quantised, Sweep},
};
use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
};

/// The flip probability of cues that are patterns.
const NOISE: f64 = 0.1;

/// The plan; of keys with classes if there are samples.
pub fn sweep(args: &Args, keyed: bool) -> Result<Sweep> {
    let mut sweep = Sweep::default();
    sweep.clock = vec!["--freq".into(), args.freq.to_string()];
    sweep.seeds = (1..=args.runs).collect();
    args.gamma.iter().try_for_each(|gamma| {
        super::super::train::gamma(gamma).map(drop).map_err(|e| Error::usage(format!("--gamma {gamma:?} {e}")))
    })?;
    if keyed {
        classes::memories(args, &mut sweep)
    } else {
        memories(args, &mut sweep)?
    }
    cores(args, &mut sweep);
    for board in &args.board {
        let path = Path::new(board);
        let name = path.file_stem().and_then(OsStr::to_str).unwrap_or("board").to_owned();
        if sweep.boards.insert(name, whole(board)?).is_some() {
            return Err(Error::usage(format!("two boards have the name of {}", path.display())));
        }
    }
    Ok(sweep)
}

/// Memories of patterns.
fn memories(args: &Args, sweep: &mut Sweep) -> Result<()> {
    let noise = args.noise.unwrap_or(NOISE).to_string();
    sweep.patterns = whole(&args.patterns)?;
    sweep.cues = words(&["--noise", &noise, "--count", &args.count.to_string()]);
    for gamma in &args.gamma {
        let mut options = words(&["--gamma", gamma]);
        if gamma == "auto" {
            options.extend(words(&["--noise", &noise]));
        }
        let model = format!("gamma-{}", file_name(gamma));
        for (name, mut options) in quantisers(args, "shared") {
            if name.ends_with("tuned") {
                options.extend(["--corruption".into(), format!("flips:{noise}")]);
            }
            sweep.memories.insert(format!("{model}-{name}"), Quantised { model: model.clone(), options });
        }
        sweep.models.insert(model, options);
    }
    Ok(())
}

/// Planes and quantisers, each with a name.
pub fn quantisers(args: &Args, usual: &str) -> Vec<(String, Vec<String>)> {
    let usual = [usual.to_owned()];
    let schemes = if args.scheme.is_empty() { &usual } else { args.scheme.as_slice() };
    let of = |bits: &u8, scheme: &String| {
        (format!("k{bits}-{scheme}"), words(&["--bits", &bits.to_string(), "--scheme", scheme]))
    };
    args.bits.iter().flat_map(|bits| schemes.iter().map(move |scheme| of(bits, scheme))).collect()
}

/// Cores, each with a name.
fn cores(args: &Args, sweep: &mut Sweep) {
    let has = |list: &[String], what: &str| list.iter().any(|value| value == what);
    for parallel in &args.parallel {
        for readout in &args.readout {
            for (later, cues) in args.later.iter().flat_map(|later| args.cues.iter().map(move |cues| (later, cues))) {
                // a search has one step, and a scan for each cue
                let spare = (later != "scan" && has(&args.later, "scan")) || (cues != "1" && has(&args.cues, "1"));
                if readout == "nearest" && spare {
                    continue;
                }
                let mut options = words(&["--parallel", parallel, "--readout", readout]);
                let mut name = format!("r{parallel}-{readout}-{later}");
                if later != "scan" {
                    options.extend(words(&["--later", later]));
                }
                if cues != "1" {
                    options.extend(words(&["--cues", cues]));
                    name += &format!("-c{cues}");
                }
                sweep.cores.insert(name, options);
            }
        }
    }
}

/// Words of a command line.
pub fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

/// A gamma as part of the name of a file.
pub fn file_name(gamma: &str) -> String {
    gamma.replace(':', "-")
}

/// A file by its whole path, since jobs run in the sweep's folder; what is no file by its name.
fn whole(name: &OsStr) -> Result<String> {
    let path = Path::new(name);
    let whole: PathBuf =
        if path.exists() { std::fs::canonicalize(path).map_err(|e| Error::io("find", path, e))? } else { path.into() };
    let text = whole.to_str().map(str::to_owned);
    text.ok_or_else(|| Error::usage(format!("{}: the plan is text, and this name is none", path.display())))
}
