//! The models of block RAM that hopgate brings do what the vendor's guide says, and a bench that says so notices where they do not.

use crate::common::all_there;
use std::{fs, path::Path, process::Command};

const MODELS: &str = include_str!("../../../families/gowin.v");
const BENCH: &str = include_str!("../../designs/gowin_bsram.v");

/// What a run of the bench says with these models.
fn run(folder: &Path, models: &str) -> String {
    fs::write(folder.join("models.v"), models).unwrap();
    fs::write(folder.join("bench.v"), BENCH).unwrap();
    let made =
        Command::new("iverilog").args(["-g2012", "-o", "sim", "bench.v", "models.v"]).current_dir(folder).output();
    let made = made.unwrap();
    if !made.status.success() {
        return String::from_utf8_lossy(&made.stderr).into_owned();
    }
    let ran = Command::new("vvp").args(["-n", "sim"]).current_dir(folder).output().unwrap();
    String::from_utf8(ran.stdout).unwrap()
}

#[test]
fn block_rams_of_a_gowin_fpga_do_as_documented() {
    if !all_there(&["iverilog"]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let said = run(folder.path(), MODELS);
    assert!(said.contains("all checks passed") && !said.contains("WRONG"), "{said}");
}

/// Each mode wrong in turn.
#[test]
#[ignore = "make full: a simulation for each of twelve faults"]
fn what_a_block_ram_must_not_do_is_noticed() {
    if !all_there(&["iverilog"]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for (what, from, to) in [
        (
            "contents",
            "memory[place] = CONTENTS[place*UNIT +: UNIT]",
            "memory[place] = CONTENTS[(2047-place)*UNIT +: UNIT]",
        ),
        ("a part of a byte", "ada[2:0] & ~(WIDTH_A - 1)", "ada[2:0] & (WIDTH_A - 1)"),
        ("byte enables", "if (BYTES_A == 1 || ada[k])", "if (1)"),
        ("words of several bytes", "wire [10:0] firstb = adb[13:3] & ~(BYTES_B - 1)", "wire [10:0] firstb = adb[13:3]"),
        ("a write that shows nothing", "one && (!we || WRITE != 0)", "one"),
        ("a write that shows the new word", "we && WRITE == 1 ? new_word : old", "old"),
        ("a write that shows the old word", "we && WRITE == 1 ?", "we ?"),
        ("the output register", "READ ? register : latch", "latch"),
        ("its enable", "else if (oce) register <= latch;", "else register <= latch;"),
        ("reset of an output that is not enabled", "if (reset) latch <= 0;", "if (reset && one) latch <= 0;"),
        ("selection of a block", "ceb && selectb == SELECT_B", "ceb"),
        ("enable of a port", "cea && selecta == SELECT_A", "selecta == SELECT_A"),
    ] {
        assert!(MODELS.contains(from), "{what}");
        let said = run(folder.path(), &MODELS.replace(from, to));
        assert!(said.contains("WRONG"), "{what} is not noticed: {said}");
    }
}
