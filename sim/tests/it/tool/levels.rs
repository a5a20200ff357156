//! A build at its pins, at every level: the Verilog, the netlist, and what the packed bitstream configures answer as the
//! reference does; and whatever is broken in one of them is found there. Real builds, with a clock of 12 MHz: 12 cycles a bit. Small ones
//! for a small FPGA, since a bitstream takes long to read back.

use hopgate_eda::{
    board::Board,
    clock,
    finished::Finished,
    flow::{self, BuildRequest},
    pll::Pll,
    tools,
};
use hopgate_files::folder;
use hopgate_hdl::{
    CoreOptions, Link, Plan, Room, Tail, Top,
    blocks::edge::pll::{Reference, Settings},
    emit,
    pins::{Active, Pins},
};
use hopgate_model::{
    Error, ErrorKind, Result,
    bits::BitMatrix,
    kernel,
    kind::Kind,
    memory::{Memory, Parts},
    noise,
};
use hopgate_sim::{Chip, Level, Waveform, pins};
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

const TOOLS: [&str; 9] =
    ["verilator", "g++", "make", "yosys", "nextpnr-ice40", "icetime", "icepack", "iceunpack", "icebox_vlog"];

/// Whether the tools are here; says so if not (not by a macro: the harness swallows those).
fn there() -> bool {
    let missing: Vec<String> = TOOLS.iter().filter_map(|t| tools::require(t).err()).map(|e| e.to_string()).collect();
    if !missing.is_empty() {
        let _ = std::io::stderr().write_all(format!("skipped: {}\n", missing.join("; ")).as_bytes());
    }
    missing.is_empty()
}

fn memory(neurons: usize, patterns: usize) -> Memory {
    let patterns = noise::random(patterns, neurons, 2);
    let columns = kernel::columns(neurons, 0.2, &[1.0], 0.0, 8);
    let parts = Parts { planes: vec![patterns.clone()], kernel: columns.weights, ..Parts::of(patterns) };
    Memory::new(parts).unwrap()
}

/// Builds a memory for a board, with the oscillator or a clock of the PLL. What can be loaded has the framed protocol.
fn built(memory: &Memory, board: &str, options: CoreOptions, mhz: Option<f64>, out: &Path) -> Finished {
    let board = Board::find(board).unwrap();
    let clock = match mhz {
        None => clock::oscillator(&board, 1e6),
        Some(mhz) => clock::at_least(&board, mhz, 1e6),
    };
    let clock = clock.unwrap();
    let pll = clock.pll.map(|p| match p {
        Pll::SbPll40(p) => Settings::SbPll40 {
            divr: p.divr,
            divf: p.divf,
            divq: p.divq,
            filter_range: p.filter_range,
            reference: Reference::Pad,
        },
        Pll::RPll(p) => unreachable!("no iCE40 has {p:?}"),
    });
    let leds = board.leds.pins.len();
    let lit = if board.name == "icebreaker" { Active::Low } else { Active::High };
    let pins = Pins { button: board.reset.as_ref().map(|_| Active::Low), leds, lit, high: 0 };
    let link = if options.room.is_some() { Link::Framed { baud: 1_000_000 } } else { Link::Plain };
    let hz = (clock.mhz * 1e6).round() as u32;
    let top = Top::Board { clock: hz, uart_divider: clock.uart_divider, pll, pins, link };
    let rtl = tempfile::tempdir().unwrap();
    let design = emit(&Plan::with(memory, options).unwrap(), top, &folder::hash(memory)).unwrap();
    for (name, text) in design.files().into_iter().chain([design.description()]) {
        fs::write(rtl.path().join(name), text).unwrap();
    }
    let mut request = BuildRequest::new(rtl.path(), Top::BOARD, board, out);
    (request.seeds, request.clock) = (vec![1], Some(clock));
    flow::build(&request, &|_| ()).unwrap();
    Finished::open(out).unwrap()
}

/// A memory and its build.
struct Example {
    memory: Memory,
    /// Every pattern is the nearest of some cue.
    cues: BitMatrix,
    build: Finished,
    _folder: tempfile::TempDir,
}

fn example() -> Example {
    let memory = memory(9, 12);
    let folder = tempfile::tempdir().unwrap();
    let build = built(&memory, "icestick", CoreOptions::default(), None, &folder.path().join("build"));
    Example { cues: noise::cues(memory.patterns(), 60, 0.1, 3), memory, build, _folder: folder }
}

impl Example {
    /// A copy of the build, in which one file is changed.
    fn broken(&self, file: &str, change: impl FnOnce(String) -> String) -> (tempfile::TempDir, Finished) {
        let folder = tempfile::tempdir().unwrap();
        copy(&self.build.folder, folder.path());
        let path = folder.path().join(file);
        let good = fs::read_to_string(&path).unwrap();
        let bad = change(good.clone());
        assert_ne!(good, bad, "nothing was broken in {file}");
        fs::write(path, bad).unwrap();
        let build = Finished::open(folder.path()).unwrap();
        (folder, build)
    }

    /// What is found at a level of a build, in words.
    fn found(&self, build: &Finished, level: Level) -> Option<String> {
        outcome(&self.memory, build, level, &self.cues).unwrap_or_else(|e| Some(e.to_string()))
    }
}

fn outcome(memory: &Memory, build: &Finished, level: Level, cues: &BitMatrix) -> Result<Option<String>> {
    let chip = Chip::build(build, level, Waveform::Off)?;
    Ok(pins::recall(&chip, memory, cues, &|_| ())?.difference.map(|d| d.what))
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let path: PathBuf = entry.unwrap().path();
        let to = to.join(path.file_name().unwrap());
        if path.is_dir() {
            fs::create_dir(&to).unwrap();
            copy(&path, &to);
        } else {
            fs::copy(&path, &to).unwrap();
        }
    }
}

/// Packs the routed design of a build again.
fn packed_again(build: &Finished) {
    let icepack = tools::require("icepack").unwrap();
    let files = [build.routed(), build.bitstream()].map(|p| p.display().to_string());
    icepack.run().args(files).run().unwrap();
}

/// One test, because it is one build. (A build that is right at every level, and one with a changed kernel, are in the test of `verify`.)
#[test]
#[ignore = "make full: a build and four simulations of it"]
fn a_build_is_right_and_a_broken_rom_is_found() {
    if !there() {
        return;
    }
    let x = example();
    every_level_answers_as_the_reference_does(&x);
    a_changed_kernel_entry_is_found_in_the_verilog(&x);
    a_block_ram_bit_is_found_in_the_bitstream(&x);
}

#[test]
#[ignore = "make full: five simulations or more are compiled"]
fn broken_lookup_tables_are_found() {
    if !there() {
        return;
    }
    let x = example();
    a_rom_bit_and_a_lut_bit_are_found_in_the_netlist(&x);
    a_lut_bit_is_found_in_the_bitstream(&x);
}

fn every_level_answers_as_the_reference_does(x: &Example) {
    for level in Level::ALL {
        let chip = Chip::build(&x.build, level, Waveform::Off).unwrap();
        let outcome = pins::recall(&chip, &x.memory, &x.cues, &|_| ()).unwrap();
        assert_eq!(outcome.difference, None, "{level}");
        assert!(outcome.hardware.field.is_none() && outcome.hardware == outcome.software);
        // 10 bits of 12 cycles for each of the 8 bytes of an answer, at least
        assert!(outcome.cost.cycles > 60 * 8 * 120, "{:?}", outcome.cost);
        let other = memory(9, 11);
        let error = pins::recall(&chip, &other, &x.cues, &|_| ()).unwrap_err();
        assert!(error.to_string().contains("the build is of another memory"), "{error}");
    }
}

fn a_changed_kernel_entry_is_found_in_the_verilog(x: &Example) {
    // the weights of the nearest and of the next
    let swap = |text: String| {
        let mut lines: Vec<&str> = text.lines().collect();
        lines.swap(0, 1);
        lines.join("\n") + "\n"
    };
    let (_folder, build) = x.broken("rtl/kernel.hex", swap);
    let found = x.found(&build, Level::Board).expect("a difference");
    assert!(found.starts_with("cue ") && found.contains("should be"), "{found}");
}

fn a_rom_bit_and_a_lut_bit_are_found_in_the_netlist(x: &Example) {
    let netlist = fs::read_to_string(x.build.netlist()).unwrap();
    let netlist: serde_json::Value = serde_json::from_str(&netlist).unwrap();
    let cells = netlist["modules"][Top::BOARD]["cells"].as_object().unwrap();
    let named = |kind: &str, with: &str| -> Vec<String> {
        let of_kind = cells.iter().filter(|(name, cell)| cell["type"] == kind && name.contains(with));
        of_kind.map(|(name, _)| name.clone()).collect()
    };
    // the first word of a block RAM; the entry for zeros of a table of the UART
    for (cells, parameter) in
        [(named("SB_RAM40_4K", "row_store$0"), "INIT_0"), (named("SB_LUT4", "sender."), "LUT_INIT")]
    {
        // an entry may belong to inputs that never occur: then the next one
        let found = cells.iter().step_by(3).take(3).find_map(|cell| {
            let mut netlist = netlist.clone();
            let bits = &mut netlist["modules"][Top::BOARD]["cells"][cell]["parameters"][parameter];
            let mut text = bits.as_str().unwrap().to_owned();
            let last = text.pop().unwrap();
            text.push(if last == '1' { '0' } else { '1' });
            *bits = text.into();
            let (_folder, build) = x.broken("netlist.json", |_| netlist.to_string());
            x.found(&build, Level::Netlist)
        });
        let found = found.unwrap_or_else(|| panic!("a change of {parameter} was not found in {cells:?}"));
        assert!(found.starts_with("cue "), "{parameter}: {found}");
    }
}

/// Changes one character in a line of a section of the routed design.
fn flip_in(text: &str, line: usize, column: usize, radix: u32) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let old = lines[line].as_bytes()[column] as char;
    let new = char::from_digit(old.to_digit(radix).unwrap() ^ 1, radix).unwrap();
    lines[line].replace_range(column..=column, &new.to_string());
    lines.join("\n") + "\n"
}

fn a_block_ram_bit_is_found_in_the_bitstream(x: &Example) {
    let flip = |text: String| {
        // the first 16 words of the block RAM that is used most: patterns
        let lines: Vec<&str> = text.lines().collect();
        let used = |&i: &usize| lines[i + 1].chars().filter(|c| *c != '0').count();
        let section = (0..lines.len()).filter(|&i| lines[i].starts_with(".ram_data")).max_by_key(used).unwrap();
        flip_in(&text, section + 1, 63, 16)
    };
    let (_folder, build) = x.broken("hopgate_board.asc", flip);
    packed_again(&build);
    let found = x.found(&build, Level::Bitstream).expect("a difference");
    assert!(found.starts_with("cue ") && found.contains("should be"), "{found}");
}

fn a_lut_bit_is_found_in_the_bitstream(x: &Example) {
    let routed = fs::read_to_string(x.build.routed()).unwrap();
    let lines: Vec<&str> = routed.lines().collect();
    // logic cell 0 of a tile has columns 36 to 45 of its first two lines; column 40 of the first is the table's entry for zeros
    let tiles = (0..lines.len()).filter(|&i| lines[i].starts_with(".logic_tile"));
    let used = tiles.filter(|&i| [1, 2].iter().all(|l| lines[i + l][36..46].contains('1')));
    let mut tried = 0;
    // an entry may belong to inputs that never occur: then the next one
    let found = used.step_by(7).take(4).find_map(|tile| {
        tried += 1;
        let (_folder, build) = x.broken("hopgate_board.asc", |text| flip_in(&text, tile + 1, 40, 2));
        packed_again(&build);
        x.found(&build, Level::Bitstream)
    });
    let found = found.unwrap_or_else(|| panic!("{tried} changed tables were not found"));
    assert!(found.starts_with("cue "), "{found}");
}

/// A PLL is a wire: the clock at the pin is the clock behind it. The last rows are in logic cells, of all but one lane. (An Alchitry Cu's
/// PLL is in the demo, which has a test of its own.)
#[test]
#[ignore = "make full: the demo has a PLL"]
fn builds_with_a_pll() {
    if !there() {
        return;
    }
    let (memory, tail) = (memory(17, 5), Tail { lanes: 1, depth: 4 });
    let cues = noise::cues(memory.patterns(), 6, 0.2, 5);
    let folder = tempfile::tempdir().unwrap();
    let options = CoreOptions { tail, ..CoreOptions::default() };
    let build = built(&memory, "icebreaker", options, Some(24.0), &folder.path().join("build"));
    assert!(build.record.clock.as_ref().unwrap().pll.is_some());
    for level in [Level::Netlist, Level::Bitstream] {
        assert_eq!(outcome(&memory, &build, level, &cues).unwrap(), None, "{level}");
    }
}

/// The Verilog asks for SPRAM, and what holds nothing after configuration is loaded through the pins.
#[test]
#[ignore = "make full: a minute"]
fn rows_in_spram() {
    if !there() {
        return;
    }
    let memory = memory(20, 13);
    let cues = noise::cues(memory.patterns(), 4, 0.2, 5);
    let folder = tempfile::tempdir().unwrap();
    let options = CoreOptions { room: Some(Room::default()), sprams: 1, ..CoreOptions::default() };
    let build = built(&memory, "icebreaker", options, None, &folder.path().join("build"));
    let netlist = fs::read_to_string(build.netlist()).unwrap();
    assert_eq!(netlist.matches("\"type\": \"SB_SPRAM256KA\"").count(), 1, "one lane of two");
    // the Verilog: `framed` does it, byte for byte
    assert_eq!(outcome(&memory, &build, Level::Netlist, &cues).unwrap(), None);
    let error = outcome(&memory, &build, Level::Bitstream, &cues).unwrap_err();
    assert!(error.kind() == ErrorKind::Usage && error.to_string().contains("no SPRAM"), "{error}");
}

/// The bytes of a cue may take longer than everything behind them.
#[test]
#[ignore = "make full: a build of its own"]
fn long_keys_and_short_answers() {
    if !there() {
        return;
    }
    let keys = memory(600, 3);
    let planes = vec![BitMatrix::from_fn(3, 2, |mu, c| c == mu % 2)];
    let memory = Memory::new(Parts { kind: Kind::Class, planes, ..keys.parts().clone() }).unwrap();
    let cues = noise::cues(memory.patterns(), 4, 0.1, 5);
    let folder = tempfile::tempdir().unwrap();
    let options = CoreOptions { lanes: Some(4), ..CoreOptions::default() };
    let build = built(&memory, "icestick", options, None, &folder.path().join("build"));
    assert_eq!(outcome(&memory, &build, Level::Board, &cues).unwrap(), None);
}

#[test]
fn what_hopgate_did_not_build() {
    let folder = tempfile::tempdir().unwrap();
    let error: Error = Finished::open(folder.path()).unwrap_err();
    assert!(error.to_string().contains("is not a build"), "{error}");
}
