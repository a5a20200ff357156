//! Ctrl-C: what runs is killed with its children, nothing else starts. One test, alone in its process.

use hopgate_eda::{
    board::Board,
    exec::{Run, interrupted, kill_all},
    flow::{BuildRequest, build},
    tools::Toolbox,
};
use hopgate_model::ErrorKind;
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    thread,
    time::{Duration, Instant},
};

#[test]
fn kill_all_ends_programs_and_their_children() {
    let folder = tempfile::tempdir().unwrap();
    let pids = folder.path().join("pids");
    let script = format!("sleep 300 & echo $! > {0}.new; mv {0}.new {0}; wait", pids.display());
    let start = Instant::now();
    let waiting = thread::spawn(move || Run::new("sh", "/bin/sh".into()).args(["-c", &script]).run());
    // a build whose synthesis never ends, in a folder of its own
    let place = tempfile::tempdir().unwrap();
    fs::create_dir(place.path().join("rtl")).unwrap();
    fs::write(place.path().join("rtl/top.v"), "module top; endmodule\n").unwrap();
    let tool = folder.path().join("tool");
    let begun = folder.path().join("begun");
    let about = "case $1 in -*) echo 'tool 9.9 Usage: Timing estimate';; esac";
    let script = format!("#!/bin/sh\n{about}\ncase $1 in -p) touch {}; sleep 300;; esac\n", begun.display());
    fs::write(&tool, script).unwrap();
    fs::set_permissions(&tool, fs::Permissions::from_mode(0o755)).unwrap();
    let tools = ["yosys", "nextpnr-ice40", "icetime", "icepack"];
    // a path each: what a tool says of itself is remembered by its path
    let toolbox = tools.iter().fold(Toolbox::default(), |toolbox, name| {
        let path = folder.path().join(name);
        std::os::unix::fs::symlink(&tool, &path).unwrap();
        toolbox.with(name, path)
    });
    let board = Board::find("alchitry-cu").unwrap();
    let request = BuildRequest::new(place.path().join("rtl"), "top", board, place.path().join("build"));
    let request = BuildRequest { tools: toolbox, ..request };
    let building = thread::spawn(move || build(&request, &|_| ()));

    while !pids.exists() || !begun.exists() {
        assert!(start.elapsed() < Duration::from_secs(60));
        thread::sleep(Duration::from_millis(5));
    }
    kill_all();
    // the grandchild is gone at once (or is a zombie that nobody has reaped yet): what is removed next is not written to any more
    let stat = Path::new("/proc").join(fs::read_to_string(&pids).unwrap().trim()).join("stat");
    let state = fs::read_to_string(&stat).unwrap_or_default();
    assert!(state.is_empty() || state.contains(") Z "), "it still runs: {state}");
    let e = waiting.join().unwrap().unwrap_err();
    assert_eq!(e.kind(), ErrorKind::Interrupted);
    assert!(interrupted());
    let e = building.join().unwrap().unwrap_err();
    assert_eq!(e.kind(), ErrorKind::Interrupted, "{e}");
    let left: Vec<_> = fs::read_dir(place.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left, ["rtl"], "an interrupted build leaves nothing");
    let e = Run::new("sh", "/bin/sh".into()).args(["-c", "true"]).run().unwrap_err();
    assert_eq!(e.kind(), ErrorKind::Interrupted);
}
