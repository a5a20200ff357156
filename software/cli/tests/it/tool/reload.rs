//! `hopgate reload`: the reloaded bitstream is the one that a build of the new memory makes, byte for byte.

use crate::common::{Place, board::Board};
use std::fs;

/// 40 patterns of 20 neurons, of which neuron 3 is always zero and neuron 17 always one, but for `odd`.
fn patterns(place: &Place, name: &str, seed: u64, rows: usize, odd: bool) {
    place.npy(&format!("{name}.npy"), rows, 20, |r, c| {
        let mix = (r as u64 * 20 + c as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15 ^ seed << 17);
        let bit = (mix ^ mix >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 63;
        match c {
            3 => u8::from(odd && r == 5),
            17 => 1,
            _ => bit as u8,
        }
    });
    place.ok(&format!("train {name}.npy --gamma 0.2 -o {name}.npz"));
    place.ok(&format!("quantize {name}.npz --bits 1 --kernel-bits 6 -o {name}"));
}

#[test]
#[ignore = "make full: two builds; what is loaded is read back in shorter tests"]
fn as_if_it_had_been_built() {
    if !crate::common::there(&["yosys", "nextpnr-ice40", "icetime", "icepack", "iceunpack"]) {
        return;
    }
    let place = Place::new();
    patterns(&place, "one", 1, 40, false);
    patterns(&place, "two", 2, 40, false);
    for (memory, out) in [("one", "b1"), ("two", "b2")] {
        place.ok(&format!("build {memory} --board icestick --runs 1 --allow-slow -o {out}"));
    }
    let same = |a: &str, b: &str| fs::read(place.path(a)).unwrap() == fs::read(place.path(b)).unwrap();
    assert!(!same("b1/hopgate_board.bin", "b2/hopgate_board.bin"));
    let json = place.ok("reload b1 two -o two.bin --json").json();
    assert!(same("two.bin", "b2/hopgate_board.bin"), "{json}");
    assert!(json["changed"].as_u64() >= Some(2), "{json}");
    let json = place.ok("reload b1 one -o one.bin --json").json();
    assert!(same("one.bin", "b1/hopgate_board.bin") && json["changed"] == 0, "{json}");
    let dry = place.ok("flash b1 --dry-run").out;
    assert!(dry.contains("iceprog b1/hopgate_board.bin"), "{dry}");

    simulated(&place);
    refusals(&place);
    lies(&place);
    damage(&place);
}

/// Values and classes are contents as well: those that a build of the new memory holds, byte for byte.
#[test]
#[ignore = "make full: four builds"]
fn values_and_classes() {
    if !crate::common::there(&["yosys", "nextpnr-ice40", "icetime", "icepack", "iceunpack"]) {
        return;
    }
    let place = Place::new();
    for (number, name) in ["one", "two"].into_iter().enumerate() {
        place.ok(&format!("train random:N=20,P=40,seed={number} --gamma 0.2 -o {name}.npz"));
        place.ok(&format!("quantize {name}.npz --bits 1 -o {name}"));
        place.npy(&format!("{name}-values.npy"), 40, 5, |t, i| u8::from((t + number) % (i + 2) == 0));
        std::fs::write(
            place.path(&format!("{name}.txt")),
            (0..40).map(|t| format!("{}\n", (t + number) % 3)).collect::<String>(),
        )
        .unwrap();
        let options = "--gamma 0.2 --kernel-bits 6";
        let keys = format!("{name}/patterns.npy");
        place.ok(&format!("memory {keys} --values {name}-values.npy {options} -o map-{name}"));
        place.ok(&format!("memory {keys} --labels {name}.txt {options} -o class-{name}"));
    }
    for kind in ["map", "class"] {
        for name in ["one", "two"] {
            place.ok(&format!("build {kind}-{name} --board icestick --runs 1 --allow-slow -o {kind}-b-{name}"));
        }
        let json = place.ok(&format!("reload {kind}-b-one {kind}-two -o {kind}.bin --json")).json();
        let bytes = |name: String| fs::read(place.path(&name)).unwrap();
        assert!(bytes(format!("{kind}.bin")) == bytes(format!("{kind}-b-two/hopgate_board.bin")), "{json}");
        assert!(json["changed"].as_u64() >= Some(3), "rows, values and kernel: {json}");
    }
    let built = "what a board answers with is built in";
    place.fails("reload map-b-one class-two -o x.bin", 1, &["kind: map in the build, class in the memory", built]);
    place.fails("reload class-b-one one -o x.bin", 1, &["kind: class in the build, auto in the memory", built]);
}

/// Nothing but the bytes of the new bitstream answers as the new memory does.
fn simulated(place: &Place) {
    if !crate::common::there(&["icebox_vlog", "verilator"]) {
        return;
    }
    let cosim = "cosim two --build b1 --noise 0.1 --count 20";
    let json = place.ok(&format!("{cosim} --level bitstream --bitstream two.bin --json")).json();
    assert_eq!((&json["equal"], &json["level"]), (&true.into(), &"bitstream".into()), "{json}");
    place.fails(&format!("{cosim} --level netlist --bitstream two.bin"), 2, &["--bitstream has no effect here"]);
    place.fails(&format!("{cosim} --level bitstream --bitstream none.bin"), 1, &["none.bin", "cannot open"]);
}

const LOADABLE: &str = "build one --board icebreaker --protocol framed --room bits=12 --runs 1 --allow-slow";

/// Six patterns of eight neurons.
fn small(place: &Place, name: &str, of: &str, more: &str) {
    place.ok(&format!("train random:N=8,P=6,{of} -o {name}.npz"));
    place.ok(&format!("quantize {name}.npz --bits 1 --kernel-bits 6 {more} -o {name}"));
}

#[test]
#[ignore = "make full: another build"]
fn a_board_without_a_self_test() {
    if !crate::common::there(&["yosys", "nextpnr-ice40", "icetime", "icepack", "iceunpack"]) {
        return;
    }
    let place = Place::new();
    small(&place, "one", "seed=1 --gamma 0.3", "");
    small(&place, "two", "seed=2 --gamma 0.3", "");
    place.ok(&format!("{LOADABLE} --no-selftest -o bare"));
    place.ok("reload bare two -o bare.bin");
}

/// A build that can be loaded at run time: its bitstream with another memory is the board that begins with that one, and can be loaded
/// like the first.
#[test]
#[ignore = "make full: a minute of a core"]
fn a_board_that_can_be_loaded() {
    if !crate::common::there(&["yosys", "nextpnr-ice40", "icetime", "icepack", "iceunpack", "icebox_vlog", "verilator"])
    {
        return;
    }
    let place = Place::new();
    small(&place, "one", "seed=1 --gamma 0.3", "");
    small(&place, "two", "seed=2 --gamma 0.3", "");
    small(&place, "wide", "seed=1 --gamma 0.1", "");
    small(&place, "steps", "seed=1 --gamma 0.3", "--max-steps 7");
    place.ok(&format!("{LOADABLE} -o b1"));
    let json = place.ok("reload b1 two -o new.bin --json").json();
    assert_eq!((&json["block_rams"], &json["changed"]), (&3.into(), &2.into()), "row, page: {json}");
    let load = "hopgate host --port PORT load";
    place.fails("reload b1 wide -o other.bin", 1, &["reach: ", " in the build, 8 in the memory", load]);
    place.fails("reload b1 steps -o other.bin", 1, &["most steps: 30 in the build, 7 in the memory", load]);
    place.fails("board two --pty --level bitstream --build b1", 2, &["the build is of another memory"]);
    place.fails("board two --pty --level bitstream --build b1 --baud 9600", 2, &["a build has its baud rate"]);

    let board = Board::of(&place, "two", "--level bitstream --build b1 --bitstream new.bin");
    let host = |what: &str| place.ok(&format!("host --port {} --timeout 60 --baud 3000000 {what}", board.port));
    let sha256 = |memory: &str| -> serde_json::Value {
        let manifest = fs::read(place.path(memory).join("manifest.json")).unwrap();
        serde_json::from_slice::<serde_json::Value>(&manifest).unwrap()["sha256"].clone()
    };
    for memory in ["two", "one"] {
        let info = host("info --json").json();
        assert_eq!(info["memory"]["sha256"], sha256(memory));
        let test = host(&format!("selftest {memory} --count 12 --noise 0.2 --json")).json();
        assert_eq!((&test["equal"], &test["board"]["recalls"]), (&true.into(), &12.into()), "{test}");
        place.ok(&format!("recall {memory} --noise 0.1 --count 30 -o want.npy"));
        host("recall --noise 0.1 --count 30 -o got.npy");
        assert_eq!(fs::read(place.path("want.npy")).unwrap(), fs::read(place.path("got.npy")).unwrap(), "{memory}");
        if memory == "two" {
            host("load one");
        }
    }
    board.interrupt();
}

/// A board that learns: what one has learnt is what another begins with, however many patterns that are.
#[test]
#[ignore = "make full: a build, and a minute of a core"]
fn a_board_that_learns() {
    if !crate::common::there(&["yosys", "nextpnr-ice40", "icetime", "icepack", "iceunpack", "icebox_vlog", "verilator"])
    {
        return;
    }
    let place = Place::new();
    let bit = |t: usize, i: usize| {
        let mix = (t as u64 * 12 + i as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        ((mix ^ mix >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 63) as u8
    };
    for (name, rows, radius) in [("few", 5, 2), ("all", 9, 2), ("three", 3, 1), ("more", 300, 2)] {
        place.npy(&format!("{name}.npy"), rows, 12, |t, i| bit(t + rows, i));
        let classes: String = (0..rows).map(|t| format!("{}\n", (t + 2) % 3)).collect();
        fs::write(place.path(&format!("{name}.txt")), classes).unwrap();
        let labels = format!("--labels {name}.txt --radius {radius}");
        place.ok(&format!("memory {name}.npy {labels} -o {name}"));
    }
    place.ok("build few --board icebreaker --learn --room patterns=9 --runs 1 --allow-slow -o b1");
    for memory in ["all", "three", "few"] {
        place.ok(&format!("reload b1 {memory} -o {memory}.bin"));
        let board = Board::of(&place, memory, &format!("--level bitstream --build b1 --bitstream {memory}.bin"));
        let host = |what: &str| place.ok(&format!("host --port {} --timeout 60 --baud 3000000 {what}", board.port));
        let port = format!("--port {} --baud 3000000 --count 12", board.port);
        place.ok(&format!("verify {memory} {port} -o verified-{memory}"));
        if memory == "three" {
            // it learns on from there, and what it knows then goes into the next bitstream
            host("store few.npy --labels few.txt");
            host("read -o learnt");
        }
        board.interrupt();
    }
    place.ok("reload b1 learnt -o learnt.bin");
    let board = Board::of(&place, "learnt", "--level bitstream --build b1 --bitstream learnt.bin");
    let info = place.ok(&format!("host --port {} --timeout 60 --baud 3000000 info --json", board.port)).json();
    let manifest: serde_json::Value =
        serde_json::from_slice(&fs::read(place.path("learnt/manifest.json")).unwrap()).unwrap();
    assert_eq!(info["memory"]["patterns"], manifest["patterns"], "{info}");
    assert!(manifest["patterns"].as_u64() > Some(3), "{manifest}");
    let cues = "--noise 0.2 --count 20";
    place.ok(&format!("recall learnt {cues} -o want.npy"));
    place.ok(&format!("host --port {} --timeout 60 --baud 3000000 recall {cues} -o got.npy", board.port));
    assert_eq!(fs::read(place.path("want.npy")).unwrap(), fs::read(place.path("got.npy")).unwrap());
    board.interrupt();
    place.fails("reload b1 more -o more.bin", 1, &["patterns: at most 256 in the build, "]);
}

/// Memories that need more than other contents.
fn refusals(place: &Place) {
    patterns(place, "odd", 1, 40, true);
    place.fails("reload b1 odd -o new.bin", 1, &["bit 3 of row_0.hex is 0 in every word", "made it a constant"]);
    patterns(place, "less", 1, 30, false);
    place.fails(
        "reload b1 less -o new.bin",
        1,
        &["less cannot be put into b1", "patterns: 40 in the build, 30 in the memory"],
    );
    place.ok("quantize one.npz --bits 2 -o planes");
    place.fails("reload b1 planes -o new.bin", 1, &["planes: 1 in the build, 2 in the memory"]);
    place.ok("quantize one.npz --bits 1 --kernel-bits 8 -o finer");
    place.fails("reload b1 finer -o new.bin", 1, &["bits of a kernel entry: at most 6 in the build, 8 in the memory"]);
    place.ok("quantize one.npz --bits 1 --kernel-bits 6 --max-steps 7 -o steps");
    place.fails("reload b1 steps -o new.bin", 1, &["most steps: 30 in the build, 7 in the memory"]);
    place.fails("reload one two -o new.bin", 1, &["one is not a build"]);
    place.fails("reload b1 two -o b1", 1, &["it is a folder"]);
}

/// Tools that fail, or do something else than they say.
fn lies(place: &Place) {
    // a bit of a block RAM that comes back otherwise, and one of the logic
    for (what, words) in [
        (
            "/^.ram_data/ { at = 1 } at == 2 { sub(/./, substr($0, 1, 1) == \"0\" ? \"1\" : \"0\") } at { at++ }",
            "does not hold what",
        ),
        ("/^.logic_tile 5 5/ { at = 1 } at == 2 { sub(/^./, \"1\"); } at { at++ }", "more than contents"),
    ] {
        let does = format!("iceunpack \"$1\" t.asc && awk '{what} {{ print }}' t.asc > \"$2\"");
        // the old bitstream comes back as it is
        let does = format!("case $(sha256sum < $1) in $(sha256sum < OLD)) iceunpack $1 $2; exit;; esac; {does}");
        let does = does.replace("OLD", &place.path("b1/hopgate_board.bin").display().to_string());
        let (variable, path) = place.fake("iceunpack", "Usage: iceunpack", &does);
        let mut command = place.command("reload b1 two -o new.bin");
        command.env(variable, path);
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            output.status.code() == Some(1) && said.contains("the new bitstream is wrong") && said.contains(words),
            "{said}"
        );
        assert!(!place.path("new.bin").exists());
    }
    let (variable, path) = place.fake("icepack", "Usage: icepack", "echo 'Error: no'; exit 1");
    let mut command = place.command("reload b1 two -o new.bin");
    command.env(variable, path);
    place.command_fails(command, "reload", 1, &["icepack failed with exit code 1", "Error: no"]);
    let mut command = place.command("reload b1 two -o new.bin");
    command.env("PATH", "/nowhere");
    place.command_fails(command, "reload", 1, &["icepack is not installed"]);
}

/// A build that is no longer what it was.
fn damage(place: &Place) {
    let change = |name: &str, f: &dyn Fn(String) -> String| {
        let path = place.path("b1").join(name);
        let old = fs::read(&path).unwrap();
        fs::write(&path, f(String::from_utf8_lossy(&old).into_owned())).unwrap();
        old
    };
    for name in ["hopgate_board.asc", "memories.json", "rtl/row_0.hex", "rtl/hopgate_board.v"] {
        let old = change(name, &|text| text + "\n");
        place.fails("reload b1 two -o new.bin", 1, &[name, "it was changed since the build was made"]);
        fs::write(place.path("b1").join(name), old).unwrap();
    }
    let old = fs::read(place.path("b1/hopgate_board.bin")).unwrap();
    fs::write(place.path("b1/hopgate_board.bin"), b"x").unwrap();
    place.fails("flash b1", 1, &["it was changed since the build was made"]);
    fs::write(place.path("b1/hopgate_board.bin"), old).unwrap();
    let old = change("report.json", &|text| text.replace("\"design\"", "\"no_design\""));
    place.fails("reload b1 two -o new.bin", 1, &["b1 does not say what it was made of", "build it again"]);
    fs::write(place.path("b1/report.json"), old).unwrap();
    fs::remove_file(place.path("b1/memories.json")).unwrap();
    place.fails("reload b1 two -o new.bin", 1, &["b1 has no memories.json"]);
}
