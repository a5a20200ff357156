//! What stops a build early: a seed that takes too long, and memories that are not where they were planned.

use hopgate_eda::{
    board::Board,
    flow::{BuildRequest, build},
    planned::Planned,
    tools::Toolbox,
};
use hopgate_model::ErrorKind;
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    time::Duration,
};

/// A netlist with two block RAMs.
const NETLIST: &str = r#"{"modules": {"top": {"ports": {"clock": {"bits": [2]}}, "netnames": {}, "cells":
    {"u.mem.0.0": {"type": "SB_RAM40_4K"}, "u.mem.0.1": {"type": "SB_RAM40_4K"}, "v.mem.0.0": {"type": "SB_LUT4"}}}}}"#;
const REPORT: &str = r#"{"fmax": {"clock": {"achieved": 223.4}}, "utilization":
    {"ICESTORM_LC": {"used": 32, "available": 7680}, "ICESTORM_RAM": {"used": 2, "available": 32}}}"#;

fn script(folder: &Path, name: &str, banner: &str, does: &str) -> PathBuf {
    let path = folder.join(name);
    let about = format!("case $1 in -V|--version|-h) echo '{banner}'; exit;; esac");
    fs::write(&path, format!("#!/bin/sh\n{about}\n{does}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

/// Tools that work, but for what nextpnr does before it writes its results.
fn request(folder: &Path, before: &str) -> BuildRequest {
    fs::create_dir(folder.join("rtl")).unwrap();
    fs::write(folder.join("rtl/top.v"), "module top; endmodule\n").unwrap();
    let described = r#"{"memories": [{"path": "u", "register": "mem", "file": "u.hex"}, {"path": "v", "register": "mem", "file": "v.hex"}]}"#;
    fs::write(folder.join("rtl/design.json"), described).unwrap();
    let place = format!(
        "{before}\nwhile [ $# -gt 0 ]; do case $1 in --asc) echo routed > $2;; --report) echo '{REPORT}' > $2;; esac; shift; done"
    );
    let tool = |name: &str, banner: &str, does: &str| script(folder, name, banner, does);
    let tools = Toolbox::default()
        .with("yosys", tool("yosys", "Yosys 0.23", &format!("echo '{NETLIST}' > ../netlist.json")))
        .with("nextpnr-ice40", tool("nextpnr-ice40", "nextpnr-ice40 (Version 0.4)", &place))
        .with(
            "icetime",
            tool(
                "icetime",
                "Timing estimate",
                "echo 'Timing estimate: x'; echo 'Total path delay: 8.00 ns (125.00 MHz)'",
            ),
        )
        .with("icepack", tool("icepack", "Usage: icepack", r"printf '\377\000\000\377\176\252\231\176' > $2"));
    let board = Board::find("alchitry-cu").unwrap();
    let request = BuildRequest::new(folder.join("rtl"), "top", board, folder.join("build"));
    BuildRequest { tools, seeds: vec![1, 2, 3], jobs: 3, ..request }
}

fn plan(n: u64) -> Vec<Planned> {
    vec![Planned { part: "rows".into(), block_rams: n }]
}

/// A nextpnr that never ends with seed 2, after it said how full the device is.
const HANGS: &str = r#"case "$*" in *"--seed 2"*)
    echo 'Info: Device utilisation:'; echo 'Info: 	         ICESTORM_LC:  1190/ 1280    92%'; sleep 300;; esac"#;

#[test]
fn a_seed_that_takes_too_long_is_passed_over() {
    let home = tempfile::tempdir().unwrap();
    let limited = BuildRequest { seed_limit: Some(Duration::from_secs(2)), ..request(home.path(), HANGS) };
    let report = build(&limited, &|_| ()).unwrap();
    let reached: Vec<_> = report.seeds.iter().map(|s| s.fmax_mhz.is_some()).collect();
    assert_eq!((report.best_seed, reached), (1, vec![true, false, true]));
    let why = report.seeds[1].failure.as_deref().unwrap();
    assert!(why.contains("no result after 2 s") && why.contains("1190 of 1280 logic cells, 93 %"), "{why}");
    // and where every seed hangs, that is the error
    let other = tempfile::tempdir().unwrap();
    let all = BuildRequest { seeds: vec![2], seed_limit: Some(Duration::from_secs(2)), ..request(other.path(), HANGS) };
    let e = build(&all, &|_| ()).unwrap_err();
    assert!(e.kind() == ErrorKind::Tool && e.help_text().unwrap().contains("`lanes`"), "{e}: {:?}", e.help_text());
}

#[test]
fn block_rams_that_are_not_as_planned() {
    let home = tempfile::tempdir().unwrap();
    let right = BuildRequest { planned: plan(2), ..request(home.path(), "") };
    let report = build(&right, &|_| ()).unwrap();
    assert!(report.warnings.is_empty(), "{:?}", report.warnings);
    let report = build(&BuildRequest { planned: plan(1), ..right.clone() }, &|_| ()).unwrap();
    assert!(
        report.warnings.iter().any(|w| w.contains("2 block RAMs were inferred, but 1 planned")),
        "{:?}",
        report.warnings
    );
    // (a build that stops leaves nothing at its place)
    let e = build(&BuildRequest { planned: plan(3), out: home.path().join("other"), ..right }, &|_| ()).unwrap_err();
    assert_eq!(e.kind(), ErrorKind::Failed);
    assert!(
        e.to_string().contains("made 2 block RAMs, but 3 were planned") && e.to_string().contains("v.mem (v.hex)"),
        "{e}"
    );
    assert!(!home.path().join("other").exists());
}
