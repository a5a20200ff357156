//! Results that cannot be written: no success. And those that nobody reads: no failure.

use crate::common::{PROGRAM, Place, skipped};
use std::{
    fs,
    process::{Command, Output, Stdio},
};

/// Runs a line of the shell; `$H` is the program.
fn shell(place: &Place, script: &str) -> Output {
    let mut command = Command::new("sh");
    command.args(["-c", script]).current_dir(place.root()).env("H", PROGRAM).env("TMPDIR", place.path("tmp"));
    command.stdin(Stdio::null()).output().unwrap()
}

/// Verbs that print a result in a moment.
const LINES: [&str; 8] = [
    "recall memory",
    "recall memory --json",
    "estimate memory",
    "show memory",
    "show memory --json",
    "recall nowhere --json",
    "--help",
    "--version",
];

#[test]
fn standard_output_is_full_or_closed() {
    if !std::path::Path::new("/dev/full").exists() {
        skipped("there is no /dev/full on this system");
        return;
    }
    let place = Place::new();
    place.memory();
    for line in LINES {
        for (to, why) in [(">/dev/full", "No space left on device"), (">&-", "it is closed")] {
            let output = shell(&place, &format!("$H {line} {to}"));
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(1), "{line} {to}: {said}");
            assert!(said.contains("cannot be written to standard output") && said.contains(why), "{line} {to}: {said}");
        }
    }
    // an output of its own is written all the same
    let output = shell(&place, "$H recall memory -o answers.npy >/dev/full");
    assert_eq!((output.status.code(), place.path("answers.npy").is_file()), (Some(1), true));
}

#[test]
fn nobody_reads_or_nobody_wants_to() {
    let place = Place::new();
    place.memory();
    for line in LINES.iter().filter(|line| !line.contains("nowhere")) {
        for to in [">/dev/null", "<>/dev/null >&0"] {
            assert_eq!(shell(&place, &format!("$H {line} {to}")).status.code(), Some(0), "{line} {to}");
        }
        let mut command = Command::new(PROGRAM);
        command.args(line.split(' ')).current_dir(place.root()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{line}");
        assert!(output.stderr.is_empty(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

/// An output that goes to a descriptor goes on where that is, and leaves it what it has.
#[test]
fn outputs_to_descriptors() {
    let place = Place::new();
    place.memory();
    place.ok("recall memory -o want.npy");
    let want = fs::read(place.path("want.npy")).unwrap();
    for (line, file) in [
        ("$H recall memory -o /dev/stdout >>log 2>err", "log"),
        ("$H recall memory -o - >>log 2>err", "log"),
        ("$H recall memory -o /dev/fd/3 3>>log >err", "log"),
        ("$H recall memory -o /proc/self/fd/1 >>log 2>err", "log"),
        ("ln -sf /dev/stdout link; $H recall memory -o link >>log 2>err", "log"),
        ("{ printf before; $H recall memory -o /dev/stdout; } >log 2>err", "log"),
    ] {
        fs::write(place.path("log"), "before").unwrap();
        let output = shell(&place, line);
        assert_eq!(output.status.code(), Some(0), "{line}: {}", String::from_utf8_lossy(&output.stderr));
        let got = fs::read(place.path(file)).unwrap();
        assert!(got == [b"before", &want[..]].concat(), "{line}: {} bytes", got.len());
        // the result is beside it
        let said = fs::read_to_string(place.path("err")).unwrap();
        assert!(said.contains("converged"), "{line}: {said}");
    }
    // what comes behind it comes behind it
    let output = shell(&place, "{ $H recall memory -o /dev/fd/3; printf after >&3; } 3>log");
    assert_eq!(output.status.code(), Some(0));
    assert!(fs::read(place.path("log")).unwrap() == [&want[..], b"after"].concat());
    // a pipe has the bytes alone
    let output = shell(&place, "$H recall memory -o - 2>/dev/null | cmp - want.npy");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    place.fails("recall memory --json -o -", 2, &["both go to standard output"]);
    place.fails("recall memory -o /dev/stdout --trace /dev/fd/1", 2, &["two outputs have one place"]);
    place.fails("recall memory -o /dev/fd/99", 1, &["/dev/fd/99", "Bad file descriptor"]);
    // no checkpoint beside it, and none asked for
    let output = shell(&place, "$H train random:N=8,P=8 --gamma 0.3 -o /dev/stdout --checkpoint 0 >model.npz 2>err");
    assert_eq!(output.status.code(), Some(0));
    place.ok("quantize model.npz --bits 1 -o again");
}
