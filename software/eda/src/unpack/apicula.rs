//! The bitstream of a Gowin FPGA as Verilog: a program in Python reads it by the tables of apycula. `gowin_unpack` of the same package leaves
//! out the contents of block RAMs and how they are set, so it is not what is called; it says where apycula is.

use super::{bring, here};
use crate::{exec::Run, finished::Finished, tools};
use hopgate_model::{Error, Result};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// The program, and the module that it imports.
const READER: [(&str, &str); 2] = [
    ("cells.py", include_str!("../../readback/gowin/cells.py")),
    ("bits.py", include_str!("../../readback/gowin/bits.py")),
];

/// See [`super::bitstream`].
pub(super) fn bitstream(build: &Finished, work: &Path) -> Result<PathBuf> {
    let unpack = tools::require("gowin_unpack")?;
    let write = |name: &str, text: &str| {
        let file = work.join(name);
        fs::write(&file, text).map_err(|e| Error::io("write", &file, e)).map(|()| file)
    };
    for (name, text) in READER {
        write(name, text)?;
    }
    bring(&build.bitstream(), &work.join("packed.fs"))?;
    bring(&build.constraints(), &work.join("board.cst"))?;
    let (python, arguments) = interpreter(&unpack.path);
    let (device, top) = (build.device().0, &build.record.top);
    let run = Run::new("cells.py", python).args(arguments).env("PYTHONHASHSEED", "0");
    let run = run.args(["cells.py", "packed.fs", "board.cst", device, build.family.part(device), top]);
    let out = here(run, work).run().map_err(|e| e.at("reading the bitstream back"))?;
    write("bitstream.v", &out.stdout)
}

/// The Python that a program is written for, with its first arguments: as the program's first line says, or beside it, or that of the `PATH`.
fn interpreter(program: &Path) -> (PathBuf, Vec<String>) {
    let begin = fs::read(program).unwrap_or_default();
    let line = begin.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let line = String::from_utf8_lossy(line);
    if let Some(words) = line.strip_prefix("#!").filter(|words| words.contains("python")) {
        let mut words = words.split_whitespace().map(str::to_owned);
        if let Some(first) = words.next() {
            return (first.into(), words.collect());
        }
    }
    let program = fs::canonicalize(program).unwrap_or_else(|_| program.to_owned());
    let beside = program.with_file_name("python3");
    if beside.is_file() { (beside, Vec::new()) } else { ("/usr/bin/env".into(), vec!["python3".into()]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_python_of_a_program() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let program = folder.path().join("gowin_unpack");
        let of = |text: &str| {
            fs::write(&program, text).expect("written");
            interpreter(&program)
        };
        let none = Vec::<String>::new();
        assert_eq!(of("#!/opt/venv/bin/python3.11\nimport sys\n"), ("/opt/venv/bin/python3.11".into(), none.clone()));
        assert_eq!(of("#!/usr/bin/env python3\n"), ("/usr/bin/env".into(), vec!["python3".into()]));
        assert_eq!(of("#!/bin/sh\nexec x\n"), ("/usr/bin/env".into(), vec!["python3".into()]));
        let beside = fs::canonicalize(folder.path()).expect("there").join("python3");
        fs::write(&beside, "").expect("written");
        assert_eq!(of("#!/bin/sh\nexec x\n"), (beside, none));
    }
}
