//! A board that takes memories of several kinds, from the command line: built, loaded, asked, and what it refuses.

use crate::common::{Place, board::Board};
use std::fs;

fn place() -> Place {
    let place = Place::new();
    place.ok("memory random:N=37,P=21,seed=1 -o auto");
    place.ok("memory random:N=35,P=20,seed=2 --sequence --max-steps 4 -o sequence");
    fs::write(place.path("labels.csv"), (0..21).map(|mu| format!("{}\n", mu % 5)).collect::<String>()).unwrap();
    place.ok("memory random:N=37,P=21,seed=3 --labels labels.csv -o class");
    place
}

#[test]
fn one_kind_after_the_other() {
    let place = place();
    let board = Board::of(&place, "class", "--level software --room kinds=auto+sequence,bits=20");
    let host = |what: &str| format!("host --port {} {what}", board.port);
    let info = place.ok(&host("info --json")).json();
    assert_eq!(info["board"]["kinds"], serde_json::json!(["auto", "class", "sequence"]));
    assert!(place.ok(&host("info")).out.contains("auto+class+sequence: memories of each can be loaded"));
    for name in ["sequence", "class", "auto"] {
        place.ok(&host(&format!("load {name}")));
        assert_eq!(place.ok(&host("info --json")).json()["board"]["kind"], name);
        let cues = "--noise 0.1 --seed 4 --count 60";
        place.ok(&format!("recall {name} {cues} -o want.npy"));
        place.ok(&host(&format!("recall {cues} -o got.npy")));
        assert_eq!(fs::read(place.path("want.npy")).unwrap(), fs::read(place.path("got.npy")).unwrap(), "{name}");
        place.ok(&host(&format!("selftest {name} --count 50 --noise 0.1 --seed 2")));
        place.ok(&format!("verify {name} --port {} --count 20 -o cert-{name}", board.port));
    }
}

#[test]
fn what_does_not_go_together() {
    let place = place();
    let fails = |line: &str, what: &[&str]| place.fails(line, 2, what);
    fails("verilog auto --protocol framed --room kinds=maps -o rtl", &["\"maps\" is none of the kinds"]);
    fails("verilog auto --protocol framed --room kinds= -o rtl", &["none is named"]);
    let framed = "--top board --protocol framed --room kinds=auto+class";
    fails(&format!("verilog auto {framed} --fold 2 -o rtl"), &["a core of kinds auto+class", "accumulators"]);
    fails(&format!("verilog auto {framed} --readout nearest -o rtl"), &["no kinds auto+class"]);
    fails(&format!("verilog auto {framed} --lanes 1 -o rtl"), &["rows that are read in beats"]);
    fails("verilog auto --top board --learn --room kinds=class -o rtl", &["stores patterns of one kind"]);
    for over in ["--wrapper axil --protocol framed", "--top board --line spi"] {
        fails(&format!("verilog auto {over} --room kinds=class -o rtl"), &["compiled into what talks to registers"]);
    }
    place.ok(&format!("verilog auto {framed} -o rtl"));
    assert!(
        fs::read_to_string(place.path("rtl/hopgate_board.v"))
            .unwrap()
            .contains("kinds            auto+class, 37 outputs; auto is built in")
    );
}
