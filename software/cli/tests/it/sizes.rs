//! Sizes: what cannot fit is refused with both figures before it is taken, and what is much goes through little memory.

use crate::common::{PROGRAM, Place};
use assert_cmd::Command;

/// The program with a limit on its addresses, in KiB.
fn limited(place: &Place, kib: u64, line: &str) -> Command {
    let mut command = Command::new("sh");
    command.arg("-c").arg(format!("ulimit -v {kib} && exec \"$0\" \"$@\"")).arg(PROGRAM);
    command.current_dir(place.root()).env("TMPDIR", place.path("tmp")).args(line.split_whitespace());
    command.timeout(std::time::Duration::from_secs(300));
    command
}

#[test]
fn training_that_cannot_fit_says_how_much_it_needs() {
    let place = Place::new();
    let words = ["of memory, but", "GiB are available", "give it less"];
    place.fails("train random:N=64,P=200000 -o m.npz", 1, &[&["training 200000", "596.5 GiB"], &words[..]].concat());
    for (line, need) in [
        ("train random:N=64,P=16000 --gamma 0.5 -o m.npz", "3.9 GiB"),
        ("train random:N=64,P=20000 --gamma 0.5 --method gd -o m.npz", "3.0 GiB"),
        ("tune random:N=64,P=16000 -o memory", "3.9 GiB"),
        ("train random:N=64,P=300000 --gamma 0.5 -o m.npz", "1341.8 GiB"),
    ] {
        place.command_fails(limited(&place, 2 << 20, line), line, 1, &[&[need], &words[..]].concat());
    }
}

#[test]
fn more_cues_than_can_be_held_or_told_apart_are_refused() {
    let place = Place::new();
    place.memory();
    for count in ["99999999999999", "18446744073709551615"] {
        place.fails(&format!("recall memory --count {count} -o a.npy"), 2, &[count, "--count", "4294967295"]);
    }
    // these hold all of their answers
    for line in ["recall memory --trace t.npz --count 4000000000", "cosim memory --count 4000000000"] {
        place.fails(line, 1, &["holding 4000000000 cues of 24 bits with their answers needs", "GiB are available"]);
    }
    place.fails("reproduce fig1 --trials 18446744073709551615 -o results", 1, &["trials with 128 neurons needs"]);
}

#[test]
#[ignore = "make full: a million cues"]
fn a_million_cues_go_through_little_memory() {
    let place = Place::new();
    place.memory();
    let line = "recall memory --count 1000000 --noise 0.1 --json -o a.npy";
    let output = limited(&place, 400 << 10, line).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(std::fs::metadata(place.path("a.npy")).unwrap().len(), 128 + 24 * 1_000_000);
}
