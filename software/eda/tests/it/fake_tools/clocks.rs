//! Seeds, clocks and flags: the fastest that is right is kept, by the slower judge.

use super::{Bench, NETLIST, Tries, UTILISATION};
use hopgate_eda::{
    board::Board,
    clock::{self, Clock},
    flow::{BuildRequest, build, failed_path},
    report::BuildReport,
    search::build_fastest,
};
use hopgate_model::{Error, ErrorKind};
use std::{fs, path::Path};

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
