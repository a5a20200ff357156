//! External tools that are missing, too old or crash, and a memory that the board cannot hold.

use crate::common::Place;
use hopgate_files::folder;
use hopgate_model::{kernel::KernelMode, memory::Memory, memory::Parts, noise};
use std::{fs, path::PathBuf};

/// A `build` (or another verb) with these tools and no others.
fn with_tools(place: &Place, line: &str, tools: &[(String, PathBuf)]) -> assert_cmd::Command {
    let mut command = place.command(line);
    command.env("PATH", "/nowhere");
    for (variable, path) in tools {
        command.env(variable, path);
    }
    command
}

const BUILD: &str = "build memory -o build";

#[test]
fn a_tool_is_missing() {
    let place = Place::new();
    place.memory();
    let words = ["yosys is not installed", "apt-get install yosys"];
    place.command_fails(with_tools(&place, BUILD, &[]), BUILD, 1, &words);
    let tools = place.fakes();
    let words = ["icepack is not installed", "apt-get install fpga-icestorm"];
    place.command_fails(with_tools(&place, BUILD, &tools[..3]), BUILD, 1, &words);
    let gone = [("HOPGATE_YOSYS".to_owned(), place.path("no-yosys"))];
    let words = ["HOPGATE_YOSYS is", "no-yosys", "no program can be run there"];
    place.command_fails(with_tools(&place, BUILD, &gone), BUILD, 1, &words);
    let line = "cosim memory -o a.npy --trace t.npz --vcd w.vcd";
    let words = ["verilator is not installed", "apt-get install verilator"];
    place.command_fails(with_tools(&place, line, &[]), line, 1, &words);
    // all that a simulation takes is looked for before any of it runs
    let one = [place.fake("verilator", "Verilator 5.006", "touch ran")];
    place.command_fails(with_tools(&place, line, &one), line, 1, &["make is not installed", "apt-get install make"]);
    // nothing else needs any
    for line in ["recall memory", "verilog memory -o rtl", "estimate memory"] {
        with_tools(&place, line, &[]).assert().success();
    }
}

#[test]
fn a_tool_is_too_old() {
    let place = Place::new();
    place.memory();
    let mut tools = place.fakes();
    tools[0] = place.fake("yosys", "Yosys 0.9 (git sha1 1979e0b)", "touch ran");
    let words = ["yosys 0.9", "is too old", "needs 0.23 or newer", "HOPGATE_YOSYS"];
    place.command_fails(with_tools(&place, BUILD, &tools), BUILD, 1, &words);
    let old = [place.fake("verilator", "Verilator 4.038 2020-07-11", "touch ran")];
    let words = ["verilator 4.038", "is too old", "needs 5.006 or newer"];
    place.command_fails(with_tools(&place, "cosim memory", &old), "cosim memory", 1, &words);
}

#[test]
fn a_tool_crashes() {
    let place = Place::new();
    place.memory();
    let mut tools = place.fakes();
    let last_words = "echo 'ERROR: Found 1 problem in the design'; echo bye; exit 1";
    tools[0] = place.fake("yosys", "Yosys 0.23", last_words);
    // what it wrote is kept, but never under the name of the build
    let run = |tools: &[(String, PathBuf)]| {
        let output = with_tools(&place, BUILD, tools).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(!place.path("build").exists());
        String::from_utf8(output.stderr).unwrap()
    };
    let said = run(&tools);
    for word in ["yosys failed with exit code 1", "ERROR: Found 1 problem in the design", "build.failed"] {
        assert!(said.contains(word), "no {word:?} in {said}");
    }
    let log = fs::read_to_string(place.path("build.failed/logs/synthesis.log")).unwrap();
    assert!(log.contains("ERROR: Found 1 problem in the design\nbye"), "{log}");
    tools[0] = place.fake("yosys", "Yosys 0.23", "kill -SEGV $$");
    let said = run(&tools);
    assert!(said.contains("yosys was killed by signal 11 (SIGSEGV"), "{said}");
    // it does not even say its version
    tools[0] = place.fake("yosys", "", "exit 0");
    fs::write(&tools[0].1, "#!/bin/sh\necho 'error while loading shared libraries: libtcl8.6.so' >&2\nexit 127\n")
        .unwrap();
    fs::remove_dir_all(place.path("build.failed")).unwrap();
    let words = ["yosys", "does not work", "libtcl8.6.so"];
    place.command_fails(with_tools(&place, BUILD, &tools), BUILD, 1, &words);
    let broken = [
        place.fake("verilator", "Verilator 5.006", "echo '%Error: internal' >&2; exit 9"),
        place.fake("make", "GNU Make 4.3", "exit 3"),
        place.fake("g++", "g++ 12.2.0", "exit 3"),
    ];
    let words = ["building the simulation", "verilator failed with exit code 9", "%Error: internal"];
    place.command_fails(with_tools(&place, "cosim memory", &broken), "cosim memory", 1, &words);
}

#[test]
fn doctor_says_what_is_missing_and_how_to_get_it() {
    let place = Place::new();
    let old = [place.fake("yosys", "Yosys 0.9", "exit 1")];
    let words = ["cannot be used", "verilator", "nextpnr-ice40", "apt-get install verilator (as root, or with sudo)"];
    let printed = place.command_fails(with_tools(&place, "doctor", &old), "doctor", 1, &words);
    assert!(printed.out.contains("TOO OLD (needs 0.23)"), "{}", printed.out);
    assert!(printed.out.contains("MISSING") && printed.out.contains("missing (optional)"), "{}", printed.out);
    let printed = place.command_fails(with_tools(&place, "doctor --json", &old), "doctor --json", 1, &[]);
    let json = printed.json();
    assert_eq!(json["ok"], false);
    let tools = json["tools"].as_array().unwrap();
    let yosys = tools.iter().find(|t| t["name"] == "yosys").unwrap();
    assert_eq!([&yosys["health"], &yosys["needs"], &yosys["version"]], ["too_old", "0.23", "0.9"]);
    // everything needed is there, if only by its looks
    let mut all = place.fakes();
    for (tool, banner) in [("verilator", "Verilator 5.006"), ("g++", "g++ 12.2.0"), ("make", "GNU Make 4.3")] {
        all.push(place.fake(tool, banner, "exit 1"));
    }
    for tool in ["iceunpack", "icebox_vlog"] {
        all.push(place.fake(tool, "Usage: it", "exit 1"));
    }
    let output = with_tools(&place, "doctor --json", &all).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
}

/// A memory of random patterns with a narrow kernel, written without training.
fn untrained(place: &Place, patterns: usize, neurons: usize, planes: usize) {
    let rows = noise::random(patterns, neurons, 1);
    let kernel: Vec<u32> = (0..=neurons).map(|e| 255u32 >> e.min(31)).collect();
    let memory = Memory::new(Parts {
        planes: vec![rows.clone(); planes],
        kernel: vec![kernel; planes],
        kernel_mode: KernelMode::Normalised,
        gamma: std::f64::consts::LN_2 / 4.0,
        ..Parts::of(rows)
    });
    folder::save(&memory.unwrap(), &place.path("memory"), &serde_json::Map::new()).unwrap();
}

#[test]
fn a_memory_too_large_for_the_board() {
    let place = Place::new();
    untrained(&place, 1200, 128, 1);
    // 8 lanes of 1,200 x 16 bits are 40 block RAMs, in beats one lane of 9,600 is 38, and the board has 32
    let words =
        ["1200 patterns", "do not fit the board alchitry-cu", "of 32 block RAMs", "too many", "these would fit"];
    let printed = place.fails("estimate memory --board alchitry-cu", 1, &words);
    assert!(printed.out.contains("does not fit; the resource that binds: "), "{}", printed.out);
    // what would fit instead, with numbers: as many patterns, or neurons
    assert!(printed.message().contains("patterns instead of 1200"), "{}", printed.err);
    assert!(printed.message().contains("neurons instead of 128"), "{}", printed.err);
    // found before any tool runs, or is even looked for
    place.command_fails(with_tools(&place, BUILD, &[]), BUILD, 1, &words);
    let json = place.fails("estimate memory --json", 1, &[]).json();
    assert_eq!((&json["fits"], &json["binding"]["resource"]), (&false.into(), &"block RAMs".into()));
    let need = json["block_rams"]["need"].as_u64().unwrap();
    assert!(need > 38 && printed.message().contains(&format!("{} too many", need - 32)), "{}", printed.err);
    // the suggestion is true
    let fewer = json["instead"].as_array().unwrap().iter().find(|s| s["neurons"] == 128).unwrap();
    let fewer = fewer["patterns"].as_u64().unwrap() as usize;
    untrained(&place, fewer, 128, 1);
    place.ok("estimate memory");
    untrained(&place, fewer + 1, 128, 1);
    // that is what fits in one lane, which takes the least
    place.fails("estimate memory --lanes 1", 1, &["block RAMs"]);
}

#[test]
fn more_planes_than_the_hardware_takes() {
    let place = Place::new();
    untrained(&place, 20, 16, 5);
    let words = ["5 planes", "at most 4", "--bits 4"];
    for line in ["estimate memory", "verilog memory -o rtl", "build memory -o build", "cosim memory -o a.npy"] {
        place.fails(line, 1, &words);
    }
    place.ok("recall memory -o a.npy");
}
