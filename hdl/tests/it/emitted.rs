//! What is emitted: its shape, its header, its determinism, its limits.

use hopgate_hdl::{
    CoreOptions, Link, Plan, Readout, Roms, Room, Style, Top,
    blocks::edge::pll::{Reference, Settings},
    cycles, emit, emit_as,
    pins::Pins,
};
use hopgate_model::{
    ErrorKind,
    bits::BitMatrix,
    kernel::{self, KernelMode},
    memory::{Memory, Parts},
    noise,
};

const CLOCK: u32 = 16_000_000;
const AXIS: Top = Top::Axis { clock: CLOCK, requests: false };

fn memory(n: usize, p: usize, k: usize) -> Memory {
    let patterns = noise::random(p, n, 1);
    let mut planes: Vec<BitMatrix> = (1..k).map(|j| noise::random(p, n, 1 + j as u64)).collect();
    planes.push(patterns.clone());
    let weights: Vec<f64> = (0..k).map(|j| f64::from(1u32 << j)).collect();
    let columns = kernel::columns(n, 0.2, &weights, 0.0, 8);
    Memory::new(Parts { planes, kernel: columns.weights, offset: columns.offset, ..Parts::of(patterns) }).unwrap()
}

fn core(n: usize, p: usize, k: usize) -> hopgate_hdl::Design {
    emit(&Plan::of(&memory(n, p, k)).unwrap(), Top::Core, "cafe").unwrap()
}

/// The header, the modules in their order, and the memory files: what a reader meets first.
#[test]
fn outline() {
    let design = core(19, 5, 2);
    let header = design.verilog.lines().take_while(|l| l.starts_with("//"));
    let modules = design.verilog.lines().filter_map(|l| l.strip_prefix("module ")?.split(' ').next());
    let files = design.files().into_iter().skip(1).map(|(name, text)| format!("{name}: {}", text.replace('\n', " ")));
    let outline: Vec<String> = header.map(str::to_owned).chain(modules.map(str::to_owned)).chain(files).collect();
    assert_eq!(outline.join("\n").trim_end(), include_str!("outline.txt").trim_end());
}

#[test]
fn the_same_memory_gives_the_same_bytes() {
    let (a, b) = (core(40, 30, 3), core(40, 30, 3));
    assert_eq!(a.files(), b.files());
}

#[test]
fn the_core_file_names_every_file() {
    let reference = Reference::Fabric;
    let pll = Some(Settings::SbPll40 { divr: 0, divf: 5, divq: 2, filter_range: 5, reference });
    for top in [
        Top::Core,
        Top::Axis { clock: 100, requests: false },
        Top::Wishbone { clock: 100, requests: false, streams: false },
        Top::Board { clock: 100, uart_divider: 16, pll, pins: Pins::default(), link: Link::Plain },
        Top::Board { clock: 100, uart_divider: 16, pll, pins: Pins::default(), link: Link::Framed { baud: 10 } },
    ] {
        let design = emit(&Plan::of(&memory(19, 5, 2)).unwrap(), top, "cafe").unwrap();
        let (name, text) = design.fusesoc(false);
        assert_eq!(name, format!("{}.core", top.name()));
        assert!(text.starts_with("CAPI=2:\nname: hopgate::"), "{text}");
        for (file, _) in design.files() {
            assert!(text.contains(&file), "{file} is not in {text}");
        }
    }
}

/// A tool of Gowin's reads the oscillator as a text in MHz; a simulator sees neither PLL.
#[test]
fn the_pll_of_a_gowin_fpga() {
    let pll = Some(Settings::RPll { oscillator_hz: 27_000_000, idiv_sel: 1, fbdiv_sel: 6, odiv_sel: 8 });
    let top = Top::Board { clock: 94_500_000, uart_divider: 94, pll, pins: Pins::default(), link: Link::Plain };
    let text = emit(&Plan::of(&memory(19, 5, 2)).unwrap(), top, "cafe").unwrap().verilog;
    let (_, instance) = text.split_once("rPLL #(").unwrap();
    let (instance, _) = instance.split_once("endif").unwrap();
    for words in ["FCLKIN(\"27\")", ".IDIV_SEL(1)", ".FBDIV_SEL(6)", ".ODIV_SEL(8)", ".LOCK(lock)", "`else"] {
        assert!(instance.contains(words), "{words}: {instance}");
    }
    assert!(!text.contains("SB_PLL40"));
}

#[test]
fn equal_blocks_are_emitted_once() {
    // 8 lanes of 16 neurons: one lane module; 7 lanes of 16 and one of 5: two
    let count = |n| core(n, 10, 1).verilog.matches("\nmodule hopgate_core_lane").count();
    assert_eq!((count(128), count(117)), (1, 2));
}

#[test]
fn latency_is_23_and_the_depth_of_the_tree() {
    for (n, depth) in [(1, 0), (16, 0), (17, 1), (33, 2), (128, 3), (170, 4), (1024, 6)] {
        let plan = Plan::of(&memory(n, 2, 1)).unwrap();
        assert_eq!(plan.latency(), 23 + depth, "N = {n}");
        assert!(plan.latency() <= 32);
    }
}

#[test]
fn options_divide_the_scan_and_multiply_the_vote() {
    let memory = memory(40, 21, 2);
    let cycles = |parallel, fold, readout| {
        let plan = Plan::with(&memory, CoreOptions { parallel, fold, readout, ..CoreOptions::default() }).unwrap();
        [0, 1, 5].map(|queued| plan.step_cycles(queued) - plan.latency())
    };
    assert_eq!(cycles(1, 1, Readout::Vote), [21, 23, 31]);
    assert_eq!(cycles(2, 1, Readout::Vote), [11, 13, 21]);
    assert_eq!(cycles(4, 2, Readout::Vote), [6, 10, 26]);
    assert_eq!(cycles(1, 1, Readout::Nearest), [21, 21, 21]);
}

#[test]
fn options_that_no_core_has() {
    let memory = memory(40, 21, 1);
    let error = |parallel, fold, readout| {
        Plan::with(&memory, CoreOptions { parallel, fold, readout, ..CoreOptions::default() }).unwrap_err()
    };
    assert_eq!(error(3, 1, Readout::Vote).kind(), ErrorKind::Usage);
    assert!(error(1, 8, Readout::Vote).to_string().contains("1 to 4"));
    assert!(error(1, 2, Readout::Nearest).to_string().contains("no accumulators"));
    let cores = |cores, room| Plan::with(&memory, CoreOptions { cores, room, ..CoreOptions::default() });
    for none in [0, 17] {
        assert!(cores(none, None).unwrap_err().to_string().contains("1 to 16"));
    }
    assert!(cores(2, Some(Room::NONE)).unwrap_err().to_string().contains("a load goes to one core"));
}

/// Cores side by side are instances of one module, and read the same files; behind what answers each cue before the next one there is one.
#[test]
fn cores_side_by_side() {
    let plan = Plan::with(&memory(40, 21, 1), CoreOptions { cores: 3, ..CoreOptions::default() }).unwrap();
    let clock = 100_000_000;
    let design = emit(&plan, Top::Axis { clock, requests: false }, "test").unwrap();
    assert_eq!(design.verilog.matches("\nmodule hopgate_axis_core ").count(), 1);
    let stored = |path: &str| design.memories.iter().any(|m| m.path == path && m.file == "row_0.hex");
    assert!(
        ["core", "cores$0.more$0", "cores$0.more$1"].iter().all(|core| stored(&format!("{core}.scan.row_store$0")))
    );
    let names: Vec<String> = design.files().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names.iter().filter(|name| *name == "row_0.hex").count(), 1);
    assert_eq!(
        design.verilog.matches("parameter ROW_0 =").count(),
        4,
        "the top module, the others, and each core's scan: {}",
        design.verilog
    );
    let refused = |top| emit(&plan, top, "test").unwrap_err().to_string();
    assert!(refused(Top::Core).contains("the core alone is one"));
    for top in
        [Top::Axil { clock, requests: false, streams: true }, Top::Wishbone { clock, requests: false, streams: false }]
    {
        assert!(refused(top).contains("answered before the next one"));
    }
}

/// A mask makes bounds wider, and what is wider than accumulators can be is refused; so is what a load cannot write.
#[test]
fn accumulators_that_no_core_has() {
    let patterns = noise::random(16_500, 24, 1);
    let kernel = vec![(0..=24).map(|e| if e < 2 { 65_535 } else { 0 }).collect(); 4];
    let planes: Vec<BitMatrix> = (0..4).map(|_| BitMatrix::from_fn(16_500, 24, |_, _| true)).collect();
    let parts = Parts { planes, kernel, kernel_bits: 16, kernel_mode: KernelMode::Fixed, ..Parts::of(patterns) };
    let memory = Memory::new(parts).unwrap();
    let masks = |masks| Plan::with(&memory, CoreOptions { masks, ..CoreOptions::default() });
    assert!(masks(false).unwrap().accumulator_bits < 30);
    let error = masks(true).map(|plan| plan.accumulator_bits).unwrap_err();
    assert!(error.to_string().contains("at most 32"), "{error}");
    let offset = vec![1; 25];
    let patterns = noise::random(9, 24, 1);
    let kernel = vec![vec![9; 25]];
    let memory = Memory::new(Parts { planes: vec![patterns.clone()], kernel, offset, ..Parts::of(patterns) }).unwrap();
    let room = |accumulator_bits| {
        let room = Some(hopgate_hdl::Room { accumulator_bits, ..hopgate_hdl::Room::NONE });
        Plan::with(&memory, CoreOptions { room, ..CoreOptions::default() })
    };
    assert_eq!(room(31).unwrap().accumulator_bits, 31);
    assert!(room(32).unwrap_err().to_string().contains("at most 31"));
}

#[test]
fn a_fold_beyond_the_lanes_is_the_lanes() {
    let plan = |fold| Plan::with(&memory(20, 6, 1), CoreOptions { fold, ..CoreOptions::default() }).unwrap();
    assert_eq!(plan(4), plan(2));
}

#[test]
fn banks_share_the_rows() {
    // 21 patterns in banks of 6, the last one repeated to fill the last group
    let memory = memory(16, 21, 1);
    let plan = Plan::with(&memory, CoreOptions { parallel: 4, ..CoreOptions::default() }).unwrap();
    assert_eq!((plan.groups(), plan.last_group(), plan.rows.len()), (6, 1, 4));
    let row = |mu: usize| memory.patterns().row(mu)[0];
    assert_eq!(plan.rows[2].words[..5], [2, 6, 10, 14, 18].map(row));
    assert!(plan.rows.iter().all(|bank| bank.words[5] == row(20)));
}

#[test]
fn a_shared_top_plane_is_stored_once() {
    let shared = memory(20, 6, 2);
    assert_eq!(Plan::of(&shared).unwrap().row_depth(), 2 * 6);
    let mut parts = shared.parts().clone();
    parts.planes[1] = noise::random(6, 20, 77);
    assert_eq!(Plan::of(&Memory::new(parts).unwrap()).unwrap().row_depth(), 3 * 6);
}

#[test]
fn accumulators_hold_the_proven_bound() {
    for (n, p, k) in [(1, 1, 1), (5, 9, 2), (64, 128, 1), (170, 510, 2), (100, 300, 4)] {
        let memory = memory(n, p, k);
        assert_eq!(Plan::of(&memory).unwrap().accumulator_bits, memory.accumulator_bits() as usize);
    }
}

#[test]
fn five_planes_are_for_software_only() {
    let error = Plan::of(&memory(20, 6, 5)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Fit);
    assert!(error.to_string().contains("5 planes") && error.help_text().unwrap().contains("`bits 4`"), "{error}");
}

#[test]
fn queued_counts_follow_the_minimum_two_patterns_late() {
    // distances 3, 0, 3, 3 and reach 1: pattern 2 still sees the minimum of pattern 0 alone, pattern 3 that of 1
    let patterns = BitMatrix::from_fn(4, 8, |mu, i| [0b111, 0, 0b11001, 0b1100100][mu] >> i & 1 == 1);
    let parts =
        Parts { planes: vec![patterns.clone()], kernel: vec![vec![15, 1, 0, 0, 0, 0, 0, 0, 0]], ..Parts::of(patterns) };
    let memory = Memory::new(parts).unwrap();
    assert_eq!(memory.reach(), 1);
    assert_eq!(cycles::queued(&memory, &Plan::of(&memory).unwrap(), &[0]), 3);
}

/// What an event-driven simulator must not see: a port, or an input of a block inside, with a value on its way to the one that is meant.
#[test]
fn ports_are_assigned_once() {
    let link = Link::Framed { baud: 1_000_000 };
    let board = Top::Board { clock: CLOCK, uart_divider: 16, pll: None, pins: Pins::default(), link };
    let options = CoreOptions { parallel: 2, fold: 2, ..CoreOptions::default() };
    let mut checked = 0;
    let axil = Top::Axil { clock: CLOCK, requests: true, streams: false };
    for top in [Top::Core, AXIS, axil, Top::Wishbone { clock: CLOCK, requests: false, streams: false }, board] {
        let text = emit(&Plan::with(&memory(40, 21, 2), options).unwrap(), top, "cafe").unwrap().verilog;
        for module in text.split("endmodule") {
            let lines = || module.lines().map(str::trim);
            let ports = lines().filter_map(|l| l.strip_prefix("output reg ")?.trim_end_matches(',').rsplit(' ').next());
            // .port(block$port)
            let inside =
                lines().filter_map(|l| l.strip_prefix('.')?.split_once('(')?.1.split_once(')').map(|(name, _)| name));
            for port in ports.chain(inside) {
                let assigned =
                    lines().filter(|l| l.split_once(" = ").is_some_and(|(target, _)| target == port)).count();
                assert!(
                    assigned <= 1,
                    "{port} is assigned {assigned} times in {}",
                    module.lines().nth(2).unwrap_or("")
                );
                checked += assigned;
            }
        }
    }
    assert!(checked > 900, "{checked}");
}

/// Some families have no flip-flops with a value after configuration: only the reset may ask for one.
#[test]
fn only_the_reset_has_a_value_after_configuration() {
    let axis = emit(&Plan::of(&memory(19, 5, 2)).unwrap(), AXIS, "cafe").unwrap().verilog;
    for module in axis.split("endmodule") {
        let valued = module.lines().filter(|l| l.contains("reg ") && l.ends_with("'d0;"));
        // (what goes into the reset's registers is for simulation alone)
        let filled =
            module.lines().filter(|l| l.contains("initial") && !l.contains("$readmemh") && !l.contains("begin"));
        let filled = filled.filter(|l| !l.contains("initial {"));
        // (that of the wrapper is made of timers)
        let is_reset = module.contains("// block: reset\n") || module.contains("// block: timer\n");
        assert_eq!((valued.count() > 0, filled.count()), (is_reset, 0), "{}", module.lines().nth(2).unwrap_or(""));
    }
}

#[test]
fn a_design_may_have_another_name() {
    let plan = Plan::of(&memory(19, 5, 2)).unwrap();
    let named = emit_as(&plan, AXIS, "cafe", &Style::default().named("faces").unwrap()).unwrap();
    let names: Vec<String> = named.files().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["faces.v", "faces_row_0.hex", "faces_row_1.hex", "faces_kernel.hex"]);
    assert!(!named.verilog.contains("hopgate_axis") && named.fusesoc(false).0 == "faces.core");
    assert!(named.verilog.lines().filter_map(|l| l.strip_prefix("module ")).all(|name| name.starts_with("faces")));
    for wrong in ["", "9lives", "a-b", "a b", "module", "signal", "x;y", "\u{e9}t\u{e9}", &"n".repeat(65)] {
        let error = Style::default().named(wrong).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Usage, "{wrong}");
    }
}

#[test]
fn contents_may_be_in_the_verilog() {
    let plan = Plan::of(&memory(19, 5, 2)).unwrap();
    let design = emit_as(&plan, Top::Core, "cafe", &Style::default().roms(Roms::Inline)).unwrap();
    assert_eq!(design.files().len(), 1, "no memory files");
    assert!(!design.verilog.contains("readmemh") && !design.verilog.contains("parameter ROW"));
    let word = |at: usize| format!("mem[{at}] = 16'h{:x};", plan.rows[0].words[at]);
    assert!((0..plan.rows[0].words.len()).all(|at| design.verilog.contains(&word(at))));
    assert_eq!(design.fusesoc(false).1.matches(".hex").count(), 0);
}

/// Programs read `design.json`, not the Verilog.
#[test]
fn the_description_names_every_memory() {
    let link = Link::Framed { baud: 10 };
    let top = Top::Board { clock: CLOCK, uart_divider: 16, pll: None, pins: Pins::default(), link };
    let design = emit(&Plan::of(&memory(19, 5, 2)).unwrap(), top, "cafe").unwrap();
    let (name, text) = design.description();
    let described: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!((name.as_str(), &described["memory"]), ("design.json", &"cafe".into()));
    let files: Vec<&str> =
        described["memories"].as_array().unwrap().iter().map(|m| m["file"].as_str().unwrap()).collect();
    let mut written: Vec<String> = design.files().into_iter().skip(1).map(|(name, _)| name).collect();
    written.sort();
    let mut sorted = files.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, written);
    let rows = described["memories"].as_array().unwrap().iter().find(|m| m["file"] == "row_0.hex").unwrap();
    assert_eq!(
        (&rows["path"], &rows["register"], &rows["parameter"]),
        (&"core.scan.row_store$0".into(), &"mem".into(), &"ROW_0".into())
    );
}
