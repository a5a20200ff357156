//! The models of block RAM that hopgate brings do what the vendors' guides say, and a bench that says so notices where they do not.

use crate::common::all_there;
use std::{fs, path::Path, process::Command};

const SHARED: &str = include_str!("../../../families/bsram.v");
const GOWIN: (&str, &str) = (include_str!("../../../families/gowin.v"), include_str!("../../designs/gowin_bsram.v"));
const ECP5: (&str, &str) = (include_str!("../../../families/ecp5.v"), include_str!("../../designs/ecp5_bsram.v"));

/// What a run of the bench says with these models.
fn run(folder: &Path, models: &str, bench: &str) -> String {
    fs::write(folder.join("models.v"), models).unwrap();
    fs::write(folder.join("bench.v"), bench).unwrap();
    let made =
        Command::new("iverilog").args(["-g2012", "-o", "sim", "bench.v", "models.v"]).current_dir(folder).output();
    let made = made.unwrap();
    if !made.status.success() {
        return String::from_utf8_lossy(&made.stderr).into_owned();
    }
    let ran = Command::new("vvp").args(["-n", "sim"]).current_dir(folder).output().unwrap();
    String::from_utf8(ran.stdout).unwrap()
}

fn do_as_documented((models, bench): (&str, &str)) {
    if !all_there(&["iverilog"]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let said = run(folder.path(), &[SHARED, models].concat(), bench);
    assert!(said.contains("all checks passed") && !said.contains("WRONG"), "{said}");
}

/// Each mode wrong in turn: what, its text, and the text of a fault.
fn notices((models, bench): (&str, &str), faults: &[(&str, &str, &str)]) {
    if !all_there(&["iverilog"]) {
        return;
    }
    let (folder, models) = (tempfile::tempdir().unwrap(), [SHARED, models].concat());
    for (what, from, to) in faults {
        assert!(models.contains(from), "{what}");
        let said = run(folder.path(), &models.replace(from, to), bench);
        assert!(said.contains("WRONG"), "{what} is not noticed: {said}");
    }
}

/// Faults of what both families share.
const FAULTS: [(&str, &str, &str); 12] = [
    ("contents", "memory[place] = CONTENTS[place/2", "memory[2047-place] = CONTENTS[place/2"),
    ("a part of a byte", "ada[2:0] & ~(WIDTH_A - 1)", "ada[2:0] & (WIDTH_A - 1)"),
    ("byte enables", "if (BYTES_A == 1 || ada[k])", "if (1)"),
    ("words of several bytes", "wire [10:0] firstb = adb[13:3] & ~(BYTES_B - 1)", "wire [10:0] firstb = adb[13:3]"),
    ("a write that shows nothing", "one && (!we || WRITE != 0)", "one"),
    ("a write that shows the new word", "we && WRITE == 1 ? new_word : old", "old"),
    ("a write that shows the old word", "we && WRITE == 1 ?", "we ?"),
    ("the output register", "READ ? register : latch", "latch"),
    ("its enable", "else if (oce) register <= latch;", "else register <= latch;"),
    ("reset of an output that is not enabled", "if (reset) latch <= 0;", "if (reset && one) latch <= 0;"),
    ("selection of a block", "cea && selecta == SELECT_A", "cea"),
    ("enable of a port", "cea && selecta == SELECT_A", "selecta == SELECT_A"),
];

#[test]
fn block_rams_of_a_gowin_fpga_do_as_documented() {
    do_as_documented(GOWIN);
}

#[test]
fn block_rams_of_an_ecp5_do_as_documented() {
    do_as_documented(ECP5);
}

#[test]
#[ignore = "make full: a simulation for each of thirteen faults"]
fn what_a_block_ram_of_a_gowin_fpga_must_not_do_is_noticed() {
    notices(GOWIN, &FAULTS);
    notices(GOWIN, &[("selection of a block", "ceb && selectb == SELECT_B", "ceb")]);
}

#[test]
#[ignore = "make full: a simulation for each of twenty faults"]
fn what_a_block_ram_of_an_ecp5_must_not_do_is_noticed() {
    notices(ECP5, &FAULTS);
    notices(
        ECP5,
        &[
            ("the padding of the contents", ".PITCH(20)", ".PITCH(18)"),
            ("a write under a reset", "INHIBIT && reseta", "0"),
            ("which resets stop one", "RESETMODE == \"SYNC\")", "1)"),
            ("the halves of 36 bits, written", "? {dib, dia}", "? {dia, dib}"),
            ("the halves of 36 bits, read", "? qb[17:0] : qa[17:0]", "? qb[35:18] : qa[17:0]"),
            ("an inverted clock", "CLKBMUX == \"INV\" ? ~CLKB : CLKB", "CLKB"),
            (
                "the order of the digits of a chip select",
                "CSDECODE_A[16], CSDECODE_A[8]",
                "CSDECODE_A[8], CSDECODE_A[16]",
            ),
            ("the mode of a write", "WRITEMODE_A == \"READBEFOREWRITE\" ? 2", "WRITEMODE_A == \"READBEFOREWRITE\" ? 1"),
        ],
    );
}
