//! A board that learns, over a pseudo-terminal that hits some bytes: taught from nothing, asked, read back, and loaded again.

use crate::common::{Place, board::Board};
use ndarray_npy::{read_npy, write_npy};
use std::fs;

/// Keys near to one of three patterns each, and their classes.
fn digits(place: &Place) {
    let bit = |mu: usize, i: usize| (mu * 7 + i * (mu + 3)) % 5 < 2;
    let key = |row: usize, i: usize| u8::from(bit(row % 3, i) ^ (i * 11 + row * 5).is_multiple_of(23));
    let keys = ndarray::Array2::from_shape_fn((60, 40), |(row, i)| key(row, i));
    let classes = ndarray::Array1::from_shape_fn(60, |row| (row % 3) as i64);
    let part = |name: &str, from: usize, to: usize| {
        write_npy(place.path(&format!("{name}.npy")), &keys.slice(ndarray::s![from..to, ..]).to_owned()).unwrap();
        write_npy(place.path(&format!("y{name}.npy")), &classes.slice(ndarray::s![from..to]).to_owned()).unwrap();
    };
    part("first", 0, 3);
    part("more", 3, 30);
    part("asked", 30, 60);
}

#[test]
fn taught_from_nothing() {
    let place = Place::new();
    digits(&place);
    place.ok("memory first.npy --labels yfirst.npy --radius 1 -o memory");
    let board = Board::start(&place, "--level software --learn --byte-errors 0.002 --seed 3");
    let host = |what: &str| format!("host --port {} {what}", board.port);
    let info = place.ok(&host("info --json")).json();
    assert_eq!((&info["board"]["learns"], &info["memory"]["changed"]), (&true.into(), &false.into()));
    // a board without a pattern
    assert_eq!(place.ok(&host("forget --all --json")).json()["forgotten"], 3);
    assert!(place.ok(&host("info")).out.contains("holds          0 patterns"));
    place.fails(&host("classify --queries asked.npy"), 2, &["holds no pattern", "host --port PORT store"]);
    place.fails(&host("read -o back"), 1, &["holds no pattern"]);
    // what cannot be stored
    place.fails(&host("store first.npy"), 2, &["which class? The board has classes, 0 to 2"]);
    place.fails(&host("store first.npy --class 3"), 2, &["class 3, but the board has classes 0 to 2"]);
    place.fails(&host("store random:N=8,P=2 --class 1"), 2, &["the keys have 8 bits, but the memory on the board 40"]);
    place.fails(&host("forget 0"), 2, &["pattern 0 cannot be forgotten: the board holds 0"]);
    place.fails(&host("forget"), 2, &["PATTERN"]);
    // it learns what `hopgate memory` makes of the same
    let said = place.ok(&host("store first.npy --labels yfirst.npy --json")).json();
    assert_eq!((&said["stored"], &said["patterns"]), (&3.into(), &3.into()));
    assert_eq!(said["keys"][2]["verdict"], "stored");
    assert_eq!(place.ok(&host("read -o back --json")).json()["of_each_class"], serde_json::json!([1, 1, 1]));
    let arrays = |name: &str| {
        ["patterns", "planes", "kernel"].map(|a| fs::read(place.path(&format!("{name}/{a}.npy"))).unwrap())
    };
    assert_eq!(arrays("back"), arrays("memory"));
    let manifest: serde_json::Value =
        serde_json::from_slice(&fs::read(place.path("back/manifest.json")).unwrap()).unwrap();
    assert_eq!(
        (&manifest["scheme"], &manifest["info"]["learnt"]["where"]),
        (&"learnt on the device".into(), &"on the device".into())
    );
    // the same again is known, more of it in part
    assert_eq!(place.ok(&host("store first.npy --labels yfirst.npy --json")).json()["known"], 3);
    let said = place.ok(&host("store more.npy --labels ymore.npy --json")).json();
    assert!(said["stored"].as_u64().unwrap() > 0, "{said}");
    let answers = place.ok(&host("classify --queries asked.npy --expect yasked.npy -o classes.npy --json")).json();
    assert_eq!(answers["right"], 30);
    let [identified, uncertain, unknown] = ["identified", "uncertain", "unknown"].map(|w| answers[w].as_u64().unwrap());
    assert_eq!(identified + uncertain + unknown, 30);
    let classes: ndarray::Array1<i32> = read_npy(place.path("classes.npy")).unwrap();
    assert_eq!(classes.iter().filter(|&&class| class < 0).count() as u64, unknown);
    // what was learnt answers in software as on the board, and goes back
    place.ok(&host("read -o learnt"));
    place.ok(&host("recall --queries asked.npy -o got.npy"));
    place.ok("recall learnt --queries asked.npy -o want.npy");
    assert_eq!(fs::read(place.path("got.npy")).unwrap(), fs::read(place.path("want.npy")).unwrap());
    // the board itself, in the certificate
    let verify = format!("verify learnt --port {} --count 40 --noise 0.05 -o cert", board.port);
    let said = place.ok(&verify).out;
    assert!(
        said.contains("equal to the integer reference on 40 cues") && said.contains("equal to the memory"),
        "{said}"
    );
    place.ok("verify --check cert/certificate.json");
    place.fails(&format!("{verify} --parallel 2"), 2, &["have no effect here"]);
    place.ok(&host("forget 0 2"));
    place.fails(&verify, 2, &["the board holds", "load this one"]);
    place.ok(&host("store random:N=40,P=2,seed=5 --class 0"));
    let said = place.run_any(&verify);
    assert!(said.contains("the ladder breaks at the rung"), "{said}");
    place.ok(&host("load learnt"));
    assert_eq!(place.ok(&host("info --json")).json()["memory"]["changed"], false);
    place.ok(&host("read -o again"));
    assert_eq!(arrays("again"), arrays("learnt"));
    place.fails(&host("load back/patterns.npy"), 1, &["back/patterns.npy"]);
}

/// A board that stores what it does not know: keys of three kinds, and nobody says which is which.
#[test]
fn unknown_cues_are_stored() {
    let place = Place::new();
    digits(&place);
    place.ok("memory first.npy --labels yfirst.npy --radius 8 -o memory");
    let board = Board::start(&place, "--level software --learn --auto-store --byte-errors 0.002 --seed 3");
    let host = |what: &str| format!("host --port {} {what}", board.port);
    assert_eq!(place.ok(&host("info --json")).json()["board"]["auto_store"], true);
    place.ok(&host("forget --all"));
    let said = place.ok(&host("classify --queries more.npy --auto-store -o got.npy --json")).json();
    assert_eq!((&said["stored"], &said["full"], &said["unknown"]), (&3.into(), &0.into(), &3.into()), "{said}");
    assert_eq!((&said["keys"][0]["stored"], &said["keys"][0]["stored_class"]), (&0.into(), &0.into()));
    // classes in the order in which their first keys came
    let (got, want): (ndarray::Array1<i32>, ndarray::Array1<i64>) =
        (read_npy(place.path("got.npy")).unwrap(), read_npy(place.path("ymore.npy")).unwrap());
    assert!(got.iter().zip(&want).all(|(&got, &want)| i64::from(got) == want), "{got}");
    // no class is free: those that are unknown need a name
    let far = "random:N=40,P=2,seed=5";
    place.fails(&host(&format!("classify --queries {far} --auto-store")), 1, &["no class that no pattern has, for 2"]);
    place.fails(&host(&format!("classify --queries {far} --auto-store --class 3")), 2, &["classes 0 to 2"]);
    assert_eq!(place.ok(&host(&format!("classify --queries {far} --auto-store --class 1 --json"))).json()["stored"], 2);
    assert_eq!(place.ok(&host("read -o back --json")).json()["of_each_class"], serde_json::json!([1, 3, 1]));
    place.fails(&host("classify --queries more.npy --class 1"), 2, &["--auto-store"]);
    drop(board);
    // a memory without a radius, one of radius 0, a board that does not learn, and one that does not store by itself
    place.ok("memory first.npy -o all");
    place.ok("memory first.npy --radius 0 -o same");
    let build = |memory: &str, options: &str| format!("verilog {memory} --top board {options} -o rtl");
    place.fails(&build("all", "--learn --auto-store"), 2, &["no cue is unknown"]);
    place.fails(&build("same", "--learn --auto-store"), 2, &["radius 0", "noise included"]);
    place.fails(&build("memory", "--auto-store"), 2, &["--learn"]);
    place.ok("memory first.npy --values first.npy --radius 3 -o map");
    place.fails(&build("map", "--learn --auto-store"), 1, &["it is of kind map"]);
    let board = Board::start(&place, "--level software --learn");
    let ask = format!("host --port {} classify --queries more.npy --auto-store", board.port);
    place.fails(&ask, 1, &["stores nothing by itself", "--auto-store"]);
}

/// A board that learns patterns has no classes.
#[test]
fn classes_where_there_are_none() {
    let place = Place::new();
    digits(&place);
    place.ok("memory first.npy -o memory");
    let board = Board::start(&place, "--level software --learn");
    let host = |what: &str| format!("host --port {} {what}", board.port);
    place.fails(&host("store first.npy --labels yfirst.npy"), 2, &["classes were given, but the board has none"]);
    place.fails(&host("store first.npy --class 0"), 2, &["kind auto: it has none"]);
    place.fails(&host("classify --queries more.npy --expect ymore.npy"), 2, &["the board has none"]);
    place.fails(&host("classify --queries more.npy -o more.npy"), 2, &["more.npy"]);
    assert_eq!(place.ok(&host("store more.npy --json")).json()["full"], 0);
    assert_eq!(place.ok(&host("read -o back --json")).json()["of_each_class"], serde_json::Value::Null);
}

#[test]
fn what_cannot_learn() {
    let place = Place::new();
    place.memory();
    digits(&place);
    place.ok("quantize model.npz --bits 2 -o two");
    place.fails(
        "verilog two --top board --learn -o rtl",
        1,
        &["cannot learn a pattern: it has 2 planes", "hopgate memory"],
    );
    place.fails("verilog memory --top board --learn --parallel 2 -o rtl", 2, &["scans 2 rows a cycle"]);
    place.fails("verilog memory --top board --learn --masks -o rtl", 2, &["--learn", "--masks"]);
    place.fails("verilog memory --top board --learn --protocol plain -o rtl", 2, &["asked to in frames"]);
    place.fails("verilog memory --learn -o rtl", 2, &["--learn has no effect here"]);
    place.ok("memory first.npy --values first.npy -o map");
    place.fails("estimate map --learn", 1, &["it is of kind map"]);
    let board = Board::start(&place, "--level software");
    place.fails(
        &format!("host --port {} store first.npy", board.port),
        2,
        &["40 bits, but the memory on the board 24"],
    );
    place.fails(&format!("host --port {} forget 0", board.port), 1, &["does not learn", "build --learn"]);
    place.fails(&format!("host --port {} read -o folder", board.port), 1, &["does not learn"]);
}

/// What was stored and forgotten stays so behind the reset button.
#[test]
fn the_reset_button_is_pressed() {
    let place = Place::new();
    digits(&place);
    place.ok("memory first.npy --labels yfirst.npy --radius 1 -o memory");
    let mut board = Board::start(&place, "--level software --learn");
    let port = board.port.clone();
    let host = |what: &str| place.ok(&format!("host --port {port} {what} --json")).json();
    let stored = host("store more.npy --labels ymore.npy")["stored"].as_u64().unwrap();
    assert!(stored > 2);
    let patterns = |info: &serde_json::Value| info["memory"]["patterns"].as_u64();
    board.press_reset();
    assert_eq!(patterns(&host("info")), Some(3 + stored));
    assert_eq!(host("forget 1 2")["forgotten"], 2);
    board.press_reset();
    assert_eq!(patterns(&host("info")), Some(1 + stored));
    host("read -o learnt");
    host("recall --queries asked.npy -o got.npy");
    place.ok("recall learnt --queries asked.npy -o want.npy");
    assert_eq!(fs::read(place.path("got.npy")).unwrap(), fs::read(place.path("want.npy")).unwrap());
}
