//! Names that are not UTF-8, as old disks have them: of inputs, of outputs, of the folder in between.

use crate::common::{PROGRAM, Place};
use std::{
    ffi::OsString,
    fs,
    os::unix::ffi::{OsStrExt, OsStringExt},
    process::{Command, Output},
};

/// `n` and a byte that no UTF-8 text has, and an ending.
fn odd(ending: &str) -> OsString {
    OsString::from_vec([b"n\xe9", ending.as_bytes()].concat())
}

/// Runs the program with arguments separated by spaces, in which `{}` stands for [`odd`] names.
fn run(place: &Place, line: &str) -> Output {
    let argument = |word: &str| match word.strip_prefix("{}") {
        Some(ending) => odd(ending),
        None => word.into(),
    };
    let mut command = Command::new(PROGRAM);
    command.args(line.split(' ').map(argument)).current_dir(place.root()).env("TMPDIR", place.path("tmp"));
    command.output().unwrap()
}

#[test]
fn are_read_and_written() {
    let place = Place::new();
    place.memory();
    fs::write(place.root().join(odd(".txt")), "0110\n1010\n1100\n0011\n").unwrap();
    place.npy("cues.npy", 3, 24, |r, c| u8::from((r + c) % 2 == 0));
    fs::copy(place.path("cues.npy"), place.root().join(odd(".npy"))).unwrap();
    for json in ["", " --json"] {
        for line in [
            "train {}.txt --gamma 0.5 -o {}.npz",
            "quantize {}.npz --bits 1 -o {}",
            "recall memory --queries {}.npy -o {}a.npy --trace {}t.npz",
            "recall {} --noise 0.1",
            "estimate {}",
            "verilog {} -o {}rtl",
            "tune {}.txt --storage 200 -o {}tuned",
            "show {} --record {}.svg",
            "show {}",
            "reproduce hardware -o {}results",
        ] {
            let line = format!("{line}{json}");
            let output = run(&place, &line);
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(0), "{line}: {said}");
            if json.is_empty() || !line.contains(" -o ") {
                continue;
            }
            let object: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
            crate::common::schema::Page::read().check(&object);
            let outputs = object["outputs"].as_object().unwrap();
            assert!(outputs.values().all(|path| path.as_str().unwrap().starts_with("n\u{fffd}")), "{object}");
            assert!(object["warnings"].to_string().contains("is not UTF-8"), "{object}");
        }
    }
    let written = fs::read_dir(place.root()).unwrap().flatten();
    let written = written.filter(|entry| entry.file_name().as_bytes().starts_with(b"n\xe9")).count();
    assert!(written >= 9, "{written} names with that byte");
    assert_eq!(fs::read(place.root().join(odd("a.npy"))).unwrap().len() - 3 * 24, 128);
}

#[test]
fn that_lead_nowhere_are_errors() {
    let place = Place::new();
    place.memory();
    for (line, code) in [
        ("train {}x.npy --gamma 0.5 -o m.npz", 1),
        ("train {} --gamma 0.5 -o m.npz", 2),
        ("recall {}x", 1),
        ("recall memory --queries {}x.npy", 1),
        ("verify memory --queries {}x.npy -o cert", 1),
        ("estimate memory --board {}.toml", 1),
        ("host --port {} info", 1),
        ("show memory --port {}", 1),
        ("flash {}.bin", 1),
        ("reload {} memory -o new.bin", 1),
        ("cosim memory --level netlist --build {}", 1),
        ("verify --check {}.json", 1),
        ("reproduce structured --patterns {}.npy -o r", 1),
        ("demo {}.npy -o d", 1),
    ] {
        for json in ["", " --json"] {
            let line = format!("{line}{json}");
            let output = run(&place, &line);
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(code), "{line}: {said}");
            assert!(!said.contains("panicked"), "{line}: {said}");
        }
    }
}
