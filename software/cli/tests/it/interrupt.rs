//! Ctrl-C and other signals at work: nothing half-written, nothing that still runs, and an end by the signal itself.

use crate::common::{PROGRAM, Place, heeding_signals};
use std::{
    fs,
    os::unix::process::ExitStatusExt,
    path::Path,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

/// The signals, by name and number; a shell shows 128 more.
const NUMBERS: [(&str, i32); 4] = [("HUP", 1), ("INT", 2), ("QUIT", 3), ("TERM", 15)];

/// Starts the program here.
fn start(place: &Place, line: &str, env: &[(String, std::path::PathBuf)]) -> Child {
    let mut command = heeding_signals();
    command.args(line.split_whitespace()).current_dir(place.root()).env("TMPDIR", place.path("tmp"));
    command.envs(env.iter().map(|(k, v)| (k, v)));
    command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
}

fn wait_for(what: &str, mut done: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(begun.elapsed() < Duration::from_secs(120), "waited in vain: {what}");
        sleep(Duration::from_millis(5));
    }
}

/// Sends a signal; then the program must die of it, and soon.
fn interrupt(mut child: Child, signal: &str) {
    assert!(child.try_wait().unwrap().is_none(), "it ended before it could be interrupted");
    let begun = Instant::now();
    let sent = Command::new("sh").args(["-c", &format!("kill -{signal} {}", child.id())]).status().unwrap();
    assert!(sent.success());
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    let number = NUMBERS.iter().find(|(name, _)| *name == signal).unwrap().1;
    assert_eq!((output.status.code(), output.status.signal()), (None, Some(number)), "{said}");
    let last = format!("interrupted by SIG{signal}: nothing half-written was left behind");
    assert_eq!(said.lines().last(), Some(last.as_str()), "{said}");
    assert!(!said.contains("×"), "an error beside it: {said}");
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}

#[test]
fn a_training() {
    let place = Place::new();
    let before = place.listing();
    // many seconds of work
    for (line, signal) in [
        ("train random:N=1024,P=6000,seed=1 --gamma 0.003 -o out/model.npz", "INT"),
        ("train random:N=512,P=3000,seed=1 --gamma 0.02 --method gd -o out/model.npz", "TERM"),
    ] {
        let child = start(&place, line, &[]);
        // wait until it computes: it has used processor time
        let stat = format!("/proc/{}/stat", child.id());
        let ticks = || {
            let stat = fs::read_to_string(&stat).unwrap_or_default();
            stat.rsplit(')').next().and_then(|s| s.split_whitespace().nth(11)?.parse::<u64>().ok()).unwrap_or(0)
        };
        wait_for("half a second of computing", || ticks() >= 50);
        interrupt(child, signal);
        assert_eq!(place.listing(), before, "{line}");
    }
}

/// Whether a process is gone, or is a zombie that nobody has reaped yet.
fn gone(pid: &str) -> bool {
    let stat = Path::new("/proc").join(pid).join("stat");
    fs::read_to_string(stat).map_or(true, |s| s.contains(") Z "))
}

/// A tool that, once started, has a child that sleeps, writes a file where it runs, and waits.
fn sleeper(place: &Place, tool: &str, banner: &str) -> (String, std::path::PathBuf) {
    let pids = place.path("pids").display().to_string();
    let script = format!("sleep 300 & echo $$ $! > {pids}.new; touch half-done; mv {pids}.new {pids}; wait");
    place.fake(tool, banner, &script)
}

#[test]
fn an_output_that_was_there_stays() {
    let place = Place::new();
    place.memory();
    let mut tools = place.fakes();
    tools[0] = sleeper(&place, "yosys", "Yosys 0.23");
    fs::create_dir(place.path("build")).unwrap();
    fs::write(place.path("build/report.json"), "{\"format\": \"hopgate-build\"}").unwrap();
    let before = place.listing();
    let child = start(&place, "build memory -o build", &tools);
    wait_for("the tool to run", || place.path("pids").exists());
    interrupt(child, "HUP");
    fs::remove_file(place.path("pids")).unwrap();
    assert_eq!(place.listing(), before);
}

/// A pipe that nobody reads any more, as when the program that started it was ended first.
#[test]
fn nobody_listens() {
    let place = Place::new();
    place.memory();
    let mut tools = place.fakes();
    tools[0] = sleeper(&place, "yosys", "Yosys 0.23");
    let before = place.listing();
    let mut child = start(&place, "build memory -o build", &tools);
    wait_for("the tool to run", || place.path("pids").exists());
    drop(child.stderr.take());
    let sent = Command::new("sh").args(["-c", &format!("kill -TERM {}", child.id())]).status().unwrap();
    assert!(sent.success());
    let mut ended = None;
    wait_for("the end", || {
        ended = child.try_wait().unwrap();
        ended.is_some()
    });
    assert_eq!(ended.unwrap().signal(), Some(15));
    fs::remove_file(place.path("pids")).unwrap();
    assert_eq!(place.listing(), before);
}

/// `nohup`, and what a script starts in the background: a signal that is ignored from the start stays ignored.
#[test]
fn a_signal_that_shall_not_be_heard() {
    let place = Place::new();
    place.memory();
    let mut tools = place.fakes();
    tools[0] = sleeper(&place, "yosys", "Yosys 0.23");
    let script = format!("trap '' HUP INT QUIT; exec {PROGRAM} build memory -o build");
    let mut command = Command::new("env");
    command
        .args(["--default-signal=TERM", "sh", "-c", &script])
        .current_dir(place.root())
        .env("TMPDIR", place.path("tmp"));
    command.envs(tools.iter().map(|(k, v)| (k, v))).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    wait_for("the tool to run", || place.path("pids").exists());
    for signal in ["HUP", "INT", "QUIT"] {
        let sent = Command::new("sh").args(["-c", &format!("kill -{signal} {}", child.id())]).status().unwrap();
        assert!(sent.success());
    }
    sleep(Duration::from_millis(300));
    assert!(child.try_wait().unwrap().is_none(), "it ended");
    // what was not ignored still ends it
    interrupt(child, "TERM");
}

/// What a shell shows of it.
#[test]
fn exit_codes_in_a_shell() {
    let place = Place::new();
    place.memory();
    let mut tools = place.fakes();
    tools[0] = sleeper(&place, "yosys", "Yosys 0.23");
    for (signal, number) in NUMBERS {
        // without job control a shell has what runs in the background ignore some of them
        let script = format!(
            "set -m; ulimit -c 0; {PROGRAM} build memory -o build >/dev/null 2>&1 & \
             while ! test -e pids; do sleep 0.02; done; rm pids; kill -{signal} $!; wait $!; echo $?"
        );
        let mut command = Command::new("env");
        command.args(["--default-signal=HUP,INT,QUIT,TERM", "bash", "-c", &script]);
        command.current_dir(place.root()).env("TMPDIR", place.path("tmp"));
        let output = command.envs(tools.iter().map(|(k, v)| (k, v))).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), (128 + number).to_string(), "{signal}");
    }
}

mod tool {
    use super::*;

    #[test]
    fn a_build_and_a_simulation() {
        let place = Place::new();
        place.memory();
        let mut tools = place.fakes();
        tools[0] = sleeper(&place, "yosys", "Yosys 0.23");
        tools.push(sleeper(&place, "verilator", "Verilator 5.006"));
        place.npy("q.npy", 3, 24, |r, c| ((r + c) % 2) as u8);
        let before = place.listing();
        let cosim = "cosim memory --queries q.npy -o out/a.npy --trace out/t.npz --vcd out/w.vcd";
        for (line, signal) in [("build memory -o build/here", "INT"), (cosim, "QUIT")] {
            let child = start(&place, line, &tools);
            wait_for("the tool to run", || place.path("pids").exists());
            let pids = fs::read_to_string(place.path("pids")).unwrap();
            let mut pids = pids.split_whitespace();
            interrupt(child, signal);
            let (tool, its_child) = (pids.next().unwrap(), pids.next().unwrap());
            wait_for("the end of the tool", || gone(tool) && gone(its_child));
            fs::remove_file(place.path("pids")).unwrap();
            let mut after = place.listing();
            // a parent folder of an output is no output
            after.retain(|path, content| {
                before.contains_key(path) || !content.is_empty() || path.components().count() > 1
            });
            assert_eq!(after, before, "{line}");
        }
    }

    #[test]
    fn a_demo_leaves_whole_files_only() {
        let place = Place::new();
        let mut tools = place.fakes();
        tools.push(sleeper(&place, "verilator", "Verilator 5.006"));
        tools.push(place.fake("g++", "g++ 12.2.0", "exit 3"));
        tools.push(place.fake("make", "GNU Make 4.3", "exit 3"));
        let child = start(&place, "demo random:N=16,P=12 -o demo", &tools);
        wait_for("the tool to run", || place.path("pids").exists());
        interrupt(child, "INT");
        let half: Vec<_> = place.listing().into_keys().filter(|p| p.to_string_lossy().contains(".hopgate")).collect();
        assert!(half.is_empty(), "{half:?}");
        assert!(fs::read_dir(place.path("tmp")).unwrap().next().is_none(), "intermediate files were left behind");
    }
}
