//! `hopgate board --level rtl`: the emitted Verilog of a board of classes, behind a port that a host opens.

use crate::common::{Place, board::Board};
use std::fs;

#[test]
fn the_verilog_of_classes_answers_a_host() {
    if !crate::common::there(&["verilator"]) {
        return;
    }
    let place = Place::new();
    for (name, seed, classes) in [("one", 3, 3), ("two", 5, 4)] {
        place.npy("keys.npy", 20, 21, |t, i| u8::from((t * 37 + i * 11 + seed * t * i) % 13 < 6));
        let labels: String = (0..20).map(|t| format!("{}\n", t % classes)).collect();
        fs::write(place.path("labels.txt"), labels).unwrap();
        place.ok(&format!("memory keys.npy --labels labels.txt --gamma 0.2 -o {name}"));
    }
    let board = Board::of(&place, "one", "--level rtl --room outputs=4,bits=16");
    let host = |what: &str| place.ok(&format!("host --port {} --timeout 60 {what}", board.port));
    let bytes = |name: &str| fs::read(place.path(name)).unwrap();
    let cues = "--noise 0.2 --seed 4 --count 60";
    for memory in ["one", "two"] {
        assert!(host("info").out.contains("kind class"));
        place.ok(&format!("recall {memory} {cues} -o want.npy"));
        host(&format!("recall {cues} -o got.npy"));
        assert_eq!(bytes("want.npy"), bytes("got.npy"), "{memory}");
        let test = host(&format!("selftest {memory} --count 30 --noise 0.2 --json")).json();
        assert_eq!((&test["equal"], &test["board"]["recalls"]), (&true.into(), &30.into()), "{test}");
        if memory == "one" {
            host("load two");
        }
    }
    board.interrupt();
}
