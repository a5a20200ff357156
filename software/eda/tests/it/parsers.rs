//! The parsers, on what the real tools printed (yosys 0.23, nextpnr-ice40 0.4, icestorm of 2023).

use hopgate_eda::{board::Board, place, report::Usage, synth, timing};

#[test]
fn icetime() {
    let t = timing::parse(include_str!("../captured/icetime-rom.txt")).unwrap();
    assert_eq!(t.fmax_mhz, 132.23);
    assert_eq!(t.path.first().unwrap(), "2.246 ns ..  3.894 ns rom.0.0_RDATA_15[1]");
    assert_eq!(t.path.last().unwrap(), "lcout -> sum[15]");
    assert_eq!(timing::parse("Total path delay: 0.00 ns (inf MHz)"), None);
    assert_eq!(timing::parse("Total path delay: 7.56 ns"), None);
    assert_eq!(timing::parse(""), None);
}

#[test]
fn nextpnr_report() {
    let p = place::parse_report(include_str!("../captured/nextpnr-rom.json")).unwrap();
    assert_eq!(p.fmax_mhz, Some(134.19215393066406));
    let ends = p.ends.as_ref().unwrap();
    assert!((1000.0 / ends.ns - 134.192).abs() < 0.1, "{ends:?}");
    assert_eq!((ends.from.as_str(), ends.to.as_str()), ("rom.0.0_RAM", "sum_SB_DFFSR_Q_D_SB_LUT4_O_LC"));
    assert_eq!(p.usage(&["ICESTORM_LC"]), Usage { used: 45, available: 7680 });
    assert_eq!(p.usage(&["ICESTORM_RAM"]), Usage { used: 1, available: 32 });
    assert_eq!(p.usage(&["SB_DSP"]), Usage { used: 0, available: 0 });
    assert!(place::parse_report("{\"fmax\": {").is_err());
    // several clocks: the slowest counts
    let two = r#"{"fmax": {"a": {"achieved": 90.5}, "b": {"achieved": 80.5}}, "utilization": {}}"#;
    assert_eq!(place::parse_report(two).unwrap().fmax_mhz, Some(80.5));
    // from pin to pin, of another clock, and of a clock whose name ends alike
    let path = |edge: &str, ns: f64| {
        let pin = format!(r#"{{"cell": "{ns}"}}"#);
        format!(r#"{{"from": "{edge}", "to": "{edge}", "path": [{{"delay": {ns}, "to": {pin}}}]}}"#)
    };
    let paths = [path("<async>", 90.0), path("posedge a", 11.0), path("posedge bb", 13.0), path("posedge b", 12.0)];
    let text = two.replace("\"util", &format!("\"critical_paths\": [{}], \"util", paths.join(", ")));
    assert_eq!(place::parse_report(&text).unwrap().ends.unwrap().ns, 12.0);
}

#[test]
fn nextpnr_log() {
    let table = place::parse_utilisation(include_str!("../captured/nextpnr-40-roms.log"));
    assert_eq!(table["ICESTORM_RAM"], Usage { used: 40, available: 32 });
    assert_eq!(table["ICESTORM_LC"], Usage { used: 275, available: 7680 });
    assert_eq!(table.len(), 6, "{table:?}");
    assert!(place::parse_utilisation("Info: nothing of the kind").is_empty());
}

#[test]
fn yosys_warnings() {
    let log = "Warning: Wire top.x is used but has no driver.\nABC: Warning: The network is combinational.\n\
               Warning: Wire top.x is used but has no driver.\nLatch inferred for signal `\\top.q'\nall is well\n";
    let expected = ["Warning: Wire top.x is used but has no driver.", "Latch inferred for signal `\\top.q'"];
    assert_eq!(synth::warnings(log), expected);
}

#[test]
fn the_script() {
    let files = ["a.v".to_owned(), "b c.v".to_owned()];
    let script = |device: &str| {
        let board = Board { device: device.into(), ..Board::find("alchitry-cu").unwrap() };
        synth::script(&files, "top", &board)
    };
    assert_eq!(
        script("hx8k"),
        "read_verilog -sv -defer \"a.v\" \"b c.v\"; synth_ice40 -device hx -abc9 -top top -json ../netlist.json"
    );
    let prepared = "scratchpad -set synth_ice40.abc9.W 1800; synth_ice40 -device u ";
    assert!(script("up5k").contains(prepared) && script("lp1k").contains("; synth_ice40 -device lp "));
    assert_eq!(
        synth::script(&files[..1], "top", &Board::find("ulx3s-85f").unwrap()),
        "read_verilog -sv -defer \"a.v\"; synth_ecp5 -abc9 -top top -json ../netlist.json"
    );
}

#[test]
fn the_arguments_of_nextpnr() {
    let line = |board: &str| place::arguments(&Board::find(board).unwrap(), 7, 12.5).join(" ");
    assert_eq!(
        line("icestick"),
        "--hx1k --package tq144 --json netlist.json --pcf board.pcf --freq 12.5 --timing-allow-fail --seed 7 \
         --asc seeds/7.asc --report seeds/7.json --write seeds/7.placed.json"
    );
    assert_eq!(
        line("ulx3s-85f"),
        "--85k --package CABGA381 --json netlist.json --lpf board.lpf --freq 12.5 --timing-allow-fail --seed 7 \
         --textcfg seeds/7.config --report seeds/7.json --speed 6"
    );
    assert_eq!(
        line("tang-nano-9k"),
        "--device GW1NR-LV9QN88PC6/I5 --vopt family=GW1N-9C --vopt cst=board.cst --json netlist.json --freq 12.5 \
         --timing-allow-fail --seed 7 --write seeds/7.routed.json --report seeds/7.json"
    );
}

/// nextpnr 0.11 also names the critical path; the one inside the clock domain counts, not those from and to pins.
#[test]
fn nextpnr_report_with_a_path() {
    let p = place::parse_report(include_str!("../captured/nextpnr-ecp5.json")).unwrap();
    assert!((p.fmax_mhz.unwrap() - 89.90).abs() < 0.01, "{:?}", p.fmax_mhz);
    assert_eq!(p.usage(&["TRELLIS_COMB"]), Usage { used: 33315, available: 83640 });
    assert_eq!(p.usage(&["DP16KD"]), Usage { used: 194, available: 208 });
    assert_eq!(p.path.first().unwrap(), "10.182 ns core.row_store$9.mem.0.2_DOA8[2]");
    let ends = p.ends.clone().unwrap();
    let (from, to) = ("core.row_store$9.mem.0.1", "core.lane$9.pick.q_TRELLIS_FF_Q_15");
    assert_eq!((ends.from.as_str(), ends.to.as_str()), (from, to));
    assert!((1000.0 / ends.ns - p.fmax_mhz.unwrap()).abs() < 0.1, "{ends:?}");
    let total: f64 = p.path.last().unwrap().split(' ').next().unwrap().parse().unwrap();
    assert!((1000.0 / total - p.fmax_mhz.unwrap()).abs() < 0.1, "{:?}", p.path);
}
