//! `docs/src/reference/json.md` and the program say the same: every key of every object that a quick verb prints is on the page with its type
//! (each test that reads JSON checks that), and nothing is on the page that is never printed.

use crate::common::{Place, board::Board, schema::Page, there};
use std::collections::BTreeSet;

/// Those that take tools and minutes: the tests of these verbs compare their objects with the page.
const SLOW: [&str; 6] = [
    "hopgate.explore/1",
    "hopgate.build/1",
    "hopgate.verify/1",
    "hopgate.verify.check/1",
    "hopgate.reload/1",
    "hopgate.demo/1",
];

/// What a look at the page is worth: a key more, a key less and another type are found.
#[test]
fn a_page_that_is_wrong_is_found() {
    let page = Page::read();
    let good = serde_json::json!({
        "schema": "hopgate.host.read/1", "warnings": [], "error": null, "sha256": null, "of_each_class": null,
        "outputs": { "patterns": "a.npy", "memory": null }, "patterns": 3, "neurons": 4,
    });
    page.check(&good);
    let wrong = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut object = good.clone();
        change(&mut object);
        let result = std::panic::catch_unwind(|| page_check(&object));
        assert!(result.is_err(), "{object}");
    };
    wrong(&|o| o["more"] = 1.into());
    wrong(&|o| drop(o.as_object_mut().unwrap().remove("neurons")));
    wrong(&|o| o["neurons"] = "4".into());
    wrong(&|o| o["neurons"] = serde_json::json!(-4));
    wrong(&|o| o["patterns"] = serde_json::Value::Null);
    wrong(&|o| o["schema"] = "hopgate.host.read/2".into());
}

fn page_check(object: &serde_json::Value) {
    Page::read().check(object);
}

mod tool {
    use super::*;

    #[test]
    fn the_page_lists_what_is_printed() {
        let place = Place::new();
        let page = Page::read();
        let mut seen = BTreeSet::new();
        let mut look = |object: serde_json::Value| {
            let schema = object["schema"].as_str().unwrap().to_owned();
            seen.extend(page.check(&object).into_iter().map(|path| format!("{schema} {path}")));
        };
        std::fs::write(place.path("new.bin"), [0x7e, 0xaa, 0x99, 0x7e, 0, 0, 0, 0]).unwrap();
        place.npy("twice.npy", 8, 9, |t, i| u8::from((t.max(1) * 7 + i * i) % 5 < 2));
        std::fs::write(place.path("twice.txt"), "0\n1\n".repeat(4)).unwrap();
        std::fs::create_dir(place.path("run")).unwrap();
        std::fs::write(place.path("run/report.json"), r#"{"version": "0.1.0", "seed": 1}"#).unwrap();
        let lines = [
            "train random:N=24,P=40,seed=1 --gamma auto -o model.npz",
            "train random:N=24,P=40,seed=1 --gamma 0.3 --method gd --epochs 3 -o gd.npz",
            "train random:N=24,P=40,seed=1 --shard 1/2 --plan",
            "train random:N=24,P=40,seed=1 --gamma 0.3 --shard 1/2 -o shard.npz",
            "quantize model.npz --bits 2 -o memory",
            "quantize model.npz --bits 1 --scheme tuned -o tuned",
            "tune random:N=16,P=12 --storage 1000 -o found",
            "tune random:N=16,P=12 --storage 1000 --false-accept 0.3 -o found",
            "recall memory --noise 0.1 --top 2 -o a.npy --trace t.npz",
            "verilog memory -o rtl",
            "estimate memory",
            "flash new.bin --dry-run",
            "train digits --labels digits --centres 20 -o classes.npz",
            "quantize classes.npz --bits 1 --scheme tuned --keys digits --labels digits -o classes",
            "recall classes --queries digits --expect digits --top reach -o classes.npy --trace classes-trace.npz",
            "memory digits --labels digits -o free",
            "tune free --false-accept 0.1 -o radius",
            // two keys are the same, with other labels
            "train twice.npy --labels twice.txt --centres 3 --gamma 0.1 -o twice.npz",
            "show memory",
            "show memory --record show.svg",
            "report run",
            "manual -o manual",
            "explore random:N=16,P=12 --bits 1,2 -o sweep",
            "reproduce fig1 --neurons 16 --trials 1 --epochs 2 -o results",
        ];
        lines.iter().for_each(|line| look(place.ok(&format!("{line} --json")).json()));
        look(place.fails("recall nowhere --json", 1, &[]).json());
        let mut doctor = place.command("doctor --json");
        let (name, program) = place.fake("yosys", "Yosys 0.9", "exit 1");
        let (other, silent) = place.fake("nextpnr-ice40", "", "exit 1");
        let output = doctor.env(name, program).env(other, silent).output().unwrap();
        look(serde_json::from_slice(&output.stdout).unwrap());
        let large = "train random:N=128,P=1200,seed=1 --gamma 0.5 --method gd --epochs 1 -o large.npz";
        place.ok(large);
        place.ok("quantize large.npz --bits 1 -o large");
        look(place.fails("estimate large --json", 1, &["block RAMs"]).json());
        if there(&["verilator", "make", "g++"]) {
            look(place.ok("cosim memory --noise 0.1 --count 3 -o c.npy --trace c.npz --json").json());
        }
        {
            let board = Board::start(&place, "--level software");
            for what in
                ["info", "recall -o b.npy --trace b.npz", "load tuned", "read -o r.npy", "selftest", "bench --count 9"]
            {
                look(place.ok(&format!("host --port {} {what} --json", board.port)).json());
            }
        }
        {
            let board = Board::start(&place, "--level software --readout ranked --ranks 2 --no-load");
            look(
                place
                    .ok(&format!("host --port {} recall --queries random:N=24,P=3,seed=2 -o l.npy --json", board.port))
                    .json(),
            );
            // nothing to draw cues from
            let drawn = format!("host --port {} recall -o l.npy --json", board.port);
            look(place.fails(&drawn, 1, &["--queries FILE"]).json());
        }
        {
            let other = Place::new();
            std::fs::write(other.path("classes.txt"), "0\n1\n0\n1\n0\n").unwrap();
            other.ok("memory random:N=24,P=5,seed=1 --labels classes.txt --radius 3 -o memory");
            let board = Board::start(&other, "--level software --learn");
            for what in [
                "store random:N=24,P=2,seed=9 --class 1",
                "forget 0",
                "classify --queries random:N=24,P=2,seed=9 -o c.npy",
                "read -o learnt",
                "info",
            ] {
                look(other.ok(&format!("host --port {} {what} --json", board.port)).json());
            }
        }
        look(Board::announced(&place, "--level software --json"));
        look(crate::playground::announced(&place));

        let quick = page.schemas().filter(|schema| !SLOW.contains(&schema.as_str()));
        let quick: Vec<&String> =
            quick.filter(|s| *s != "hopgate.cosim/1" || there(&["verilator", "make", "g++"])).collect();
        for schema in quick {
            for path in page.leaves(schema).keys() {
                // an error has a run of its own, and what a draft failed of needs one that fails
                let rare = path.starts_with("error") || path.starts_with("warnings") || path.ends_with(".failed");
                assert!(
                    rare || seen.contains(&format!("{schema} {path}")),
                    "{schema}: {path} is on the page, and was never printed"
                );
            }
        }
        for path in ["error.kind", "error.message", "error.hint", "error.code"] {
            assert!(seen.contains(&format!("hopgate.error/1 {path}")), "{path}");
        }
    }
}
