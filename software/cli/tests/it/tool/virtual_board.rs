//! `hopgate board --level rtl`: the emitted Verilog of a board, behind a port that a host opens.

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

#[test]
fn a_board_behind_spi_answers_a_host() {
    if !crate::common::there(&["verilator"]) {
        return;
    }
    let place = Place::new();
    place.ok("memory random:N=20,P=6,seed=1 --gamma 0.3 -o memory");
    place.ok("memory random:N=20,P=5,seed=2 --gamma 0.3 -o other");
    let board = Board::of(&place, "memory", "--level rtl --line spi --no-selftest");
    let host = |what: &str| place.ok(&format!("host --port {} --timeout 60 {what}", board.port));
    host("load other");
    place.ok("recall other --noise 0.2 --seed 4 --count 20 -o want.npy");
    host("recall --noise 0.2 --seed 4 --count 20 -o got.npy");
    let bytes = |name: &str| fs::read(place.path(name)).unwrap();
    assert_eq!(bytes("want.npy"), bytes("got.npy"));
    board.interrupt();
}

#[test]
fn spi_where_it_does_not_go() {
    let place = Place::new();
    place.ok("memory random:N=20,P=6,seed=1 --gamma 0.3 -o memory");
    for (what, why) in [
        ("verilog memory --line spi -o rtl", "--line has no effect here"),
        ("verilog memory --wrapper axil --protocol framed --line spi -o rtl", "--line has no effect here"),
        ("verilog memory --top board --line spi --protocol plain -o rtl", "the plain protocol goes over a UART"),
        ("verilog memory --top board --line spi --board icestick -o rtl", "the board icestick has no pins for SPI"),
        // before anything else that does not fit there
        ("build memory --line spi --board icestick -o build", "the board icestick has no pins for SPI"),
        ("verilog memory --top board --line spi --cues 2 -o rtl", "answers each cue before the next one"),
        ("board memory --pty --line spi --baud 9600", "--baud has no effect here"),
        ("board memory --pty --line spi --realtime", "--realtime has no effect here"),
    ] {
        place.fails(what, 2, &[why]);
    }
    place.ok("verilog memory --top board --line spi --name faces -o rtl");
    let text = |name: &str| fs::read_to_string(place.path("rtl").join(name)).unwrap();
    assert!(text("faces.v").contains("input wire cs_n") && !text("faces.v").contains("rx"));
    assert!(
        text("faces_spi.c").contains("int faces_spi_recall(")
            && text("faces_spi.h").contains("#define FACES_SPI_CUE_SIZE 2u")
    );
    assert!(text("design.json").contains("\"link\": \"spi\""));
}
