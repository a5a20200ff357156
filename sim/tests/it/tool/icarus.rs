//! The emitted Verilog in an event-driven simulator of four-valued logic: Icarus. It sees what Verilator's two values and static schedule
//! hide: values that are passed on before they are meant, unknowns, memories that were not read.

use hopgate_eda::{exec::Run, tools};
use hopgate_files::folder;
use hopgate_hdl::{CoreOptions, Design, Link, Plan, Readout, Roms, Room, Style, Tail, Top, emit_as, pins::Pins};
use hopgate_host::device::Device;
use hopgate_model::{bits::BitMatrix, kernel::KernelMode, kind::Kind, memory::Memory, reference};
use hopgate_sim::{
    protocol::Protocol,
    suite::{SHAPE, Shape},
    words,
};
use hopgate_wire::{frame, page::Identity, protocol::Region, request::Request};
use std::{fmt::Write, fs, path::Path, time::Duration};

const CUES: usize = 5;
/// Longer than any reset is held.
const RESET: usize = 2_000;
const DIVIDER: usize = 16;
const CLOCK: u32 = 16_000_000;
const AXIS: Top = Top::Axis { clock: CLOCK, requests: false };
const WISHBONE: Top = Top::Wishbone { clock: CLOCK, requests: false, streams: false };
const LIMIT: Duration = Duration::from_secs(300);

/// Compiles a design and its bench, which must be done without a warning, and returns what the bench prints.
fn simulate(design: &Design, bench: &str, files: &[(&str, String)], defines: &[(&str, usize)]) -> (bool, String) {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    design.files().iter().for_each(|(name, text)| write(name, text));
    files.iter().for_each(|(name, text)| write(name, text));
    write("bench.v", bench);
    write("stalls.vh", include_str!("../../icarus/stalls.vh"));
    run(folder.path(), &design.file, defines)
}

fn run(folder: &Path, design: &str, defines: &[(&str, usize)]) -> (bool, String) {
    let tool = |name: &str| Run::new(name, hopgate_eda::exec::find(name).unwrap()).cwd(folder).timeout(Some(LIMIT));
    let defines = defines.iter().map(|(name, value)| format!("-D{name}={value}"));
    // what it says of the design alone
    let said = tool("iverilog").args(["-g2005", "-Wall", "-t", "null", design]).run().unwrap();
    assert_eq!((said.stdout.as_str(), said.stderr.as_str()), ("", ""), "warnings of {design}");
    tool("iverilog").args(["-g2005", "-o", "sim"]).args(defines).args(["bench.v", design]).run().unwrap();
    let said = tool("vvp").args(["-n", "sim"]).output().unwrap();
    (said.succeeded(), said.stdout)
}

fn words_of(cue: &[u64], lanes: usize) -> Vec<u16> {
    (0..lanes).map(|l| (cue[l / 4] >> (16 * (l % 4))) as u16).collect()
}

/// The lines of the answers to a cue.
fn lines(memory: &Memory, cue: &[u64], plan: &Plan) -> Vec<String> {
    let said = words::expected(memory, cue.into(), plan.readout);
    let line = |words: &[u16]| words.iter().map(|w| format!("{w:04x}")).collect::<Vec<_>>().join(" ");
    said.chunks(plan.answer_words() + words::INFO).map(line).collect()
}

/// The answers of a design behind streams or a bus are those of the reference.
fn check(shape: Shape, top: Top, style: &Style) {
    let (memory, cues) = shape.example();
    let plan = Plan::with(&memory, shape.hardware()).unwrap();
    let design = emit_as(&plan, top, "test", style).unwrap();
    let bench = match top {
        Top::Axis { .. } => include_str!("../../icarus/axis.v"),
        Top::Wishbone { .. } => include_str!("../../icarus/wishbone.v"),
        _ => include_str!("../../icarus/core.v"),
    };
    let bench = bench.replace(top.name(), &design.name);
    let lanes = plan.words();
    let asked: Vec<&[u64]> = (0..CUES).map(|q| cues.row(q)).collect();
    let mut hex = String::new();
    asked.iter().flat_map(|cue| words_of(cue, lanes)).for_each(|word| writeln!(hex, "{word:04x}").unwrap());
    let defines = sizes(&plan);
    let (ended, got) = simulate(&design, &bench, &[("cues.hex", hex)], &defines);
    let want: Vec<String> = asked.iter().flat_map(|cue| lines(&memory, cue, &plan)).collect();
    assert!(ended, "{got}");
    assert_eq!(got.lines().collect::<Vec<_>>(), want, "{shape:?}");
}

/// What the benches are told.
fn sizes(plan: &Plan) -> [(&'static str, usize); 5] {
    let (words, answers) = (plan.answer_words(), plan.answers());
    [("LANES", plan.words()), ("WORDS", words), ("ANSWERS", answers), ("CUES", CUES), ("RESET", RESET)]
}

fn core(shape: Shape) {
    check(shape, Top::Core, &Style::default());
}

#[test]
fn one_row_a_cycle() {
    core(Shape { neurons: 37, patterns: 23, ..SHAPE });
    core(Shape { neurons: 1, patterns: 1, ..SHAPE });
}

#[test]
#[ignore = "make full: kinds are in make test"]
fn planes() {
    core(Shape { neurons: 37, patterns: 23, planes: 2, ..SHAPE });
    core(Shape { neurons: 16, patterns: 9, planes: 4, shared: false, ..SHAPE });
    core(Shape { neurons: 20, patterns: 12, planes: 3, offset: 0.3, ..SHAPE });
}

#[test]
fn rows_a_cycle() {
    core(Shape { neurons: 37, patterns: 23, planes: 2, parallel: 2, ..SHAPE });
    core(Shape { neurons: 20, patterns: 13, parallel: 4, ..SHAPE });
}

#[test]
fn shared_accumulators() {
    core(Shape { neurons: 50, patterns: 17, fold: 2, ..SHAPE });
    core(Shape { neurons: 64, patterns: 17, fold: 4, planes: 2, parallel: 2, ..SHAPE });
}

#[test]
fn keys_in_beats() {
    let shape = Shape { neurons: 75, patterns: 17, lanes: Some(2), planes: 2, parallel: 2, ..SHAPE };
    core(shape);
    check(Shape { readout: Readout::Nearest, ..shape }, AXIS, &Style::default());
    check(Shape { kind: Kind::Map, outputs: 19, ..shape }, WISHBONE, &Style::default());
}

#[test]
fn nearest_search() {
    core(Shape { neurons: 37, patterns: 23, readout: Readout::Nearest, ..SHAPE });
    core(Shape { neurons: 37, patterns: 23, readout: Readout::Nearest, parallel: 4, ..SHAPE });
}

#[test]
fn a_fixed_kernel() {
    core(Shape { neurons: 24, patterns: 11, mode: KernelMode::Fixed, gamma: 0.02, ..SHAPE });
}

#[test]
fn rows_in_logic() {
    core(Shape { neurons: 20, patterns: 300, tail: Tail::of(1, 44), ..SHAPE });
}

#[test]
fn wrappers() {
    let shape = Shape { neurons: 37, patterns: 23, planes: 2, ..SHAPE };
    check(shape, AXIS, &Style::default());
    check(shape, WISHBONE, &Style::default());
    check(Shape { parallel: 2, fold: 2, ..shape }, AXIS, &Style::default());
}

/// Answers that are no keys, those that are unknown, and sequences.
#[test]
#[ignore = "make full: 12 s; the other tests of this file stand for the simulator"]
fn kinds() {
    let class =
        Shape { kind: Kind::Class, outputs: 19, neurons: 37, patterns: 23, planes: 2, radius: Some(9), ..SHAPE };
    core(class);
    core(Shape { outputs: 2, parallel: 2, offset: 0.3, ..class });
    core(Shape { kind: Kind::Map, parallel: 4, ..class });
    core(Shape { kind: Kind::Map, outputs: 1, neurons: 1, patterns: 1, radius: Some(0), ..class });
    let sequence = Shape { kind: Kind::Sequence, shared: false, max_steps: 4, ..class };
    core(sequence);
    core(Shape { fold: 2, parallel: 2, ..sequence });
    core(Shape { kind: Kind::Auto, ..class });
    for top in [AXIS, WISHBONE] {
        check(class, top, &Style::default());
        check(Shape { kind: Kind::Map, outputs: 50, ..class }, top, &Style::default());
        check(sequence, top, &Style::default());
    }
}

/// Another name, and the memories in the Verilog.
#[test]
#[ignore = "make full: cores, kinds are in make test"]
fn styles() {
    let shape = Shape { neurons: 20, patterns: 12, planes: 2, offset: 0.3, ..SHAPE };
    check(shape, Top::Core, &Style::default().named("faces").unwrap());
    check(shape, AXIS, &Style::default().named("faces").unwrap().roms(Roms::Inline));
    check(Shape { patterns: 300, tail: Tail::of(1, 44), ..shape }, Top::Core, &Style::default().roms(Roms::Inline));
}

/// The top of a board: plain, and framed with a memory that can be exchanged.
fn board(link: Link, options: CoreOptions) {
    let (memory, cues) = Shape { neurons: 37, patterns: 23, planes: 2, ..SHAPE }.example();
    let plan = Plan::with(&memory, options).unwrap();
    let protocol = if link == Link::Plain { Protocol::Plain } else { Protocol::Framed };
    let top = Top::Board { clock: CLOCK, uart_divider: DIVIDER, pll: None, pins: Pins::default(), link };
    let design = emit_as(&plan, top, &folder::hash(&memory), &Style::default()).unwrap();
    let mut exchanges: Vec<(Vec<u8>, usize)> = Vec::new();
    let mut page = Vec::new();
    if let Some(image) = &design.page {
        let words: Vec<u16> = image.words.iter().map(|&w| w as u16).collect();
        let mut device = Device::with(Identity::of(&words).unwrap(), &memory).unwrap();
        let request = Request::Read { region: Region::Page, address: 0, count: 24 };
        let bytes = frame::encode(&request.encode(7));
        device.receive(&bytes);
        page = device.work().unwrap();
        exchanges.push((bytes, page.len()));
    }
    let first = exchanges.len();
    exchanges.extend((0..CUES).map(|q| (protocol.cue(cues.row(q).into(), &plan), protocol.answer_bytes(&plan))));
    let mut hex = String::new();
    for (bytes, reply) in &exchanges {
        writeln!(hex, "{:04x}", bytes.len()).unwrap();
        bytes.iter().for_each(|b| writeln!(hex, "{b:04x}").unwrap());
        writeln!(hex, "{reply:04x}").unwrap();
    }
    // as many as the bench has room for
    hex += &"ffff\n".repeat(4096 - hex.lines().count());
    let defines = [("DIVIDER", DIVIDER), ("RESET", RESET)];
    let (ended, got) = simulate(&design, include_str!("../../icarus/board.v"), &[("exchanges.hex", hex)], &defines);
    assert!(ended, "{got}");
    let lines: Vec<&str> = got.lines().collect();
    assert_eq!(lines.len(), exchanges.len(), "{got}");
    let bytes = |line: &str| -> Vec<u8> {
        (0..line.len() / 2).map(|i| u8::from_str_radix(&line[2 * i..2 * i + 2], 16).unwrap()).collect()
    };
    assert!(first == 0 || bytes(lines[0]) == page, "the page: {got}");
    for (q, line) in lines[first..].iter().enumerate() {
        let (got, want) = (protocol.answer(&bytes(line), &plan).unwrap(), reference::recall(&memory, cues.row(q)));
        assert_eq!((got.state, got.steps, got.converged), (want.state, want.steps, want.converged), "cue {q}");
        assert_eq!((got.nearest, got.distance), (want.nearest, want.distance), "cue {q}");
    }
}

#[test]
#[ignore = "make full: kinds are in make test"]
fn boards() {
    board(Link::Plain, CoreOptions::default());
    let room = Room { neurons: 40, planes: 2, patterns: 25, accumulator_bits: 14, ..Room::NONE };
    board(Link::Framed { baud: 1_000_000 }, CoreOptions { room: Some(room), ..CoreOptions::default() });
}

/// A memory file that is not there stops the simulation: without it the core would answer.
#[test]
fn a_missing_memory_file_is_fatal() {
    let (memory, cues) = Shape { neurons: 16, ..SHAPE }.example();
    let mut design = emit_as(&Plan::of(&memory).unwrap(), Top::Core, "test", &Style::default()).unwrap();
    design.memories.retain(|m| m.file != "row_0.hex");
    let hex: String = (0..CUES).map(|q| format!("{:04x}\n", cues.row(q)[0] as u16)).collect();
    let defines = sizes(&design.plan);
    let (ended, got) = simulate(&design, include_str!("../../icarus/core.v"), &[("cues.hex", hex)], &defines);
    assert!(!ended && got.contains("row_0.hex cannot be read"), "{got}");
}

/// Two memories in one design, each under a name of its own, and their files elsewhere.
#[test]
fn two_memories_in_one_design() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().join("with a space");
    fs::create_dir(&at).unwrap();
    let mut sources = String::new();
    let mut want = Vec::new();
    for (name, seed) in [("cats", 1), ("dogs", 2)] {
        let patterns = hopgate_sim::suite::distinct(9, 16, seed);
        let memory = hopgate_sim::suite::memory(&SHAPE, patterns.clone());
        let design =
            emit_as(&Plan::of(&memory).unwrap(), Top::Core, "test", &Style::default().named(name).unwrap()).unwrap();
        for (file, text) in design.files().into_iter().skip(1) {
            assert!(file.starts_with(name), "{file}");
            fs::write(at.join(file), text).unwrap();
        }
        sources += &design.verilog;
        want.extend(lines(&memory, asked().row(0), &design.plan));
    }
    fs::write(folder.path().join("both.v"), sources).unwrap();
    let place = at.display();
    let one = |name: &str| {
        format!(
            "module {name}_bench;\n    {name} #(.ROW_0(\"{place}/{name}_row_0.hex\"), .KERNEL(\"{place}/{name}_kernel.hex\")) \
             dut(.clock(bench.clock), .reset(bench.reset), .in_valid(bench.valid), .in_ready(), .in_data(16'h{:04x}), \
             .out_valid(), .out_ready(1'b1), .out_data(), .turn_done(), .turn(), .step_done(), .step_cycles(), .step_queued());\n\
             reg [1023:0] line;\n    integer n = 0;\n    always @(negedge bench.clock) if (dut.out_valid && n < 4) begin\n        \
             if (n == 0) $sformat(line, \"%h\", dut.out_data); else $sformat(line, \"%0s %h\", line, dut.out_data);\n        \
             n = n + 1;\n    end\nendmodule\n",
            asked().row(0)[0]
        )
    };
    let bench = format!(
        "module bench;\n    reg clock = 0, reset = 1, valid = 0;\n    always #5 clock = ~clock;\n    initial begin\n        \
         repeat ({RESET}) @(negedge clock);\n        reset = 0;\n        valid = 1;\n        while (!cats.dut.in_ready) @(negedge clock);\n        \
         @(negedge clock) valid = 0;\n        repeat (1000) @(negedge clock);\n        $display(\"%0s\\n%0s\", cats.line, dogs.line);\n        \
         $finish;\n    end\n    cats_bench cats();\n    dogs_bench dogs();\nendmodule\n{}{}",
        one("cats"),
        one("dogs")
    );
    fs::write(folder.path().join("bench.v"), bench).unwrap();
    let tool =
        |name: &str| Run::new(name, hopgate_eda::exec::find(name).unwrap()).cwd(folder.path()).timeout(Some(LIMIT));
    tool("iverilog").args(["-g2005", "-Wall", "-o", "sim", "bench.v", "both.v"]).run().unwrap();
    let got = tool("vvp").args(["-n", "sim"]).run().unwrap().stdout;
    assert_eq!(got.lines().collect::<Vec<_>>(), want);
}

fn asked() -> BitMatrix {
    hopgate_model::noise::random(1, 16, 77)
}

#[test]
fn the_simulator_is_there() {
    tools::require("iverilog").unwrap();
}
