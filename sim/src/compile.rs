//! Verilator and a compiler: from Verilog and a C++ bench to a shared library.

use crate::{library::Waveform, runtime};
use hopgate_eda::tools;
use hopgate_model::{Error, ErrorKind, Result};
use std::{
    path::{Path, PathBuf},
    time::Duration,
};

const TIME_LIMIT: Duration = Duration::from_secs(1800);
const OBJECT: &str = "simulation.so";

/// What to compile: files that are in the folder already.
pub(crate) struct Sources<'a> {
    /// The top module.
    pub top: &'a str,
    /// More arguments for Verilator: what it is to warn of, and definitions.
    pub options: &'a [String],
    /// The files to compile.
    pub files: &'a [&'a str],
}

/// The library that [`compile`] makes in a folder.
pub(crate) fn object(folder: &Path) -> PathBuf {
    folder.join(OBJECT)
}

pub(crate) fn compile(path: &Path, sources: &Sources, waveform: Waveform) -> Result<()> {
    let verilator = tools::require("verilator")?;
    // compilers keep intermediate files there, which an interrupted one leaves behind
    let temporary = path.display().to_string();
    let mut translate = verilator
        .run()
        .cwd(path)
        .env("TMPDIR", &temporary)
        .args(["--cc", "--exe", "-O3", "--x-initial", "unique", "--top-module", sources.top, "-Mdir", "build"])
        // without the second flag every call in a shared library is one that another library could replace: a sixth slower
        .args(["-CFLAGS", "-fPIC -fno-semantic-interposition", "-LDFLAGS", "-shared", "-o", &format!("../{OBJECT}")])
        .args(sources.options.iter().cloned())
        .args(sources.files.iter().copied())
        .timeout(Some(TIME_LIMIT));
    if waveform == Waveform::On {
        translate = translate.arg("--trace");
    }
    translate.run().map_err(|e| e.at("building the simulation"))?;
    let build = path.join("build");
    runtime::put(waveform, &build)?;
    let run = tools::require("make")?.run().cwd(&build).env("TMPDIR", temporary);
    let cores = std::thread::available_parallelism().map_or(1, |n| n.get());
    let make = run
        .args(["-f".to_owned(), format!("V{}.mk", sources.top), format!("-j{cores}")])
        .args(["OPT_FAST=-O1", "OPT_SLOW=-O0", "OPT_GLOBAL=-O1"])
        .timeout(Some(TIME_LIMIT));
    make.run().map_err(|e| e.at("building the simulation"))?;
    runtime::keep(waveform, &build)?;
    if !object(path).exists() {
        return Err(Error::new(ErrorKind::Tool, "verilator and make ended without an error, but built no library")
            .hint("run `hopgate doctor` and see whether its compiler works"));
    }
    Ok(())
}
