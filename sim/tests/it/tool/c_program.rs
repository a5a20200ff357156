//! Programs in C that drive a simulated design through the files that hopgate writes beside it.

use hopgate_hdl::Plan;
use hopgate_model::{bits::BitMatrix, memory::Memory};
use hopgate_sim::{Cues, Library, suite::distinct, words};
use std::{fs, path::Path, process::Command};

/// Writes the files and compiles `drive.c` with these options and further sources, without a warning.
pub fn built(folder: &Path, files: &[(String, String)], drive: &str, options: &[&str], sources: &[&str]) {
    for (name, text) in files {
        fs::write(folder.join(name), text).unwrap();
    }
    fs::write(folder.join("drive.c"), drive).unwrap();
    let strict = ["-std=c99", "-Wall", "-Wextra", "-Werror", "-O1", "-o", "drive", "drive.c"];
    let mut compiler = Command::new("cc");
    compiler.args(strict).args(options).args(sources).arg("-ldl").current_dir(folder);
    let built = compiler.output().expect("a C compiler: cc");
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
}

/// What the program prints of this simulation; it takes further arguments.
pub fn driven(folder: &Path, library: &Library, arguments: &[&str]) -> String {
    let mut program = Command::new(folder.join("drive"));
    let run = program.args([library.object(), library.folder().to_owned()]).args(arguments).output().unwrap();
    String::from_utf8_lossy(&run.stdout).into_owned() + &String::from_utf8_lossy(&run.stderr)
}

/// The lines of the answers to the cues.
pub fn recalled(memory: &Memory, cues: &BitMatrix, plan: &Plan) -> String {
    let line = |q: usize| {
        let said = words::expected(memory, cues.row(q).into(), plan.readout);
        said.iter().map(|word| format!("{word:04x}")).collect::<Vec<_>>().join(" ") + "\n"
    };
    (0..cues.rows()).map(line).collect()
}

/// A cue that a memory does not know, and the header `strange.h` that has its words.
pub fn unknown(memory: &Memory, plan: &Plan) -> (BitMatrix, (String, String)) {
    let is_unknown = |cue: &BitMatrix| {
        let said = words::expected(memory, cue.row(0).into(), plan.readout);
        said[said.len() - 3] & 0x4000 != 0
    };
    let drawn = (0..1000).map(|seed| distinct(1, memory.neurons(), seed)).find(is_unknown).expect("one of a thousand");
    let cue = Cues { bits: &drawn, known: None }.row(0).words(plan);
    let words: Vec<String> = cue.iter().map(u16::to_string).collect();
    let text = format!("static const uint16_t strange[] = {{{}}};\n", words.join(", "));
    (drawn, ("strange.h".into(), text))
}
