//! `hopgate explore`: the plan of a sweep, and what is read of one.

use crate::common::{Place, schema::Page};
use serde_json::{Value, json};

const PLAN: &str = "explore random:N=16,P=12 --gamma noise:0.1 --parallel 1,2 --later scan,queue --readout vote,nearest --bits 1,2 --board icestick,alchitry-cu --runs 3 -o sweep";

fn plan(place: &Place) -> Value {
    place.ok(PLAN);
    serde_json::from_slice(&std::fs::read(place.path("sweep/config.json")).unwrap()).unwrap()
}

#[test]
fn every_combination_once() {
    let place = Place::new();
    let planned = place.ok(&format!("{PLAN} --json")).json();
    Page::read().check(&planned);
    let sweep = plan(&place);
    let names = |what: &str| sweep[what].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(names("memories"), ["gamma-noise-0.1-k1-shared", "gamma-noise-0.1-k2-shared"]);
    // a search has one step: where later steps take their distances from makes no other core of it
    assert_eq!(
        names("cores"),
        ["r1-nearest-scan", "r1-vote-queue", "r1-vote-scan", "r2-nearest-scan", "r2-vote-queue", "r2-vote-scan"]
    );
    assert_eq!(names("boards"), ["alchitry-cu", "icestick"]);
    assert_eq!(planned["builds"], 2 * 6 * 2 * 3);
    assert!(std::fs::read_to_string(place.path("sweep/Snakefile")).unwrap().contains("rule build"));
    // a sweep may be planned anew, something else is not replaced
    plan(&place);
    std::fs::create_dir(place.path("mine")).unwrap();
    std::fs::write(place.path("mine/notes.txt"), "mine").unwrap();
    place.fails("explore glyphs -o mine", 2, &["is no sweep", "not there yet"]);
    assert_eq!(std::fs::read_to_string(place.path("mine/notes.txt")).unwrap(), "mine");
}

#[test]
fn cues_that_share_a_scan() {
    let place = Place::new();
    place.ok("explore random:N=16,P=12 --gamma 0.3 --cues 1,2 --later scan,stop --readout vote,nearest -o sweep");
    let sweep: Value = serde_json::from_slice(&std::fs::read(place.path("sweep/config.json")).unwrap()).unwrap();
    let cores = sweep["cores"].as_object().unwrap();
    // a search has a scan for each cue
    let names = ["r1-nearest-scan", "r1-vote-scan", "r1-vote-scan-c2", "r1-vote-stop", "r1-vote-stop-c2"];
    assert_eq!(cores.keys().collect::<Vec<_>>(), names);
    let both = ["--parallel", "1", "--readout", "vote", "--later", "stop", "--cues", "2"];
    assert_eq!(cores["r1-vote-stop-c2"], json!(both));
    assert!(sweep.get("asked").is_none());
}

#[test]
fn memories_of_classes() {
    let place = Place::new();
    let plan = "explore digits --labels digits --centres 16,32 --choose modes,random --gamma 0.1 --bits 1,2 --runs 1 --count 20 -o sweep";
    assert_eq!(place.ok(&format!("{plan} --json")).json()["builds"], 2 * 2 * 2);
    let sweep: Value = serde_json::from_slice(&std::fs::read(place.path("sweep/config.json")).unwrap()).unwrap();
    assert_eq!(sweep["models"].as_object().unwrap().len(), 4);
    let memory = "modes-p16-gamma-0.1-k1-tuned";
    // what the workflow carries out, in the folder of the sweep
    let options = |list: &Value| {
        list.as_array().unwrap().iter().map(|word| word.as_str().unwrap().to_owned() + " ").collect::<String>()
    };
    let patterns = sweep["patterns"].as_str().unwrap();
    let quantised = &sweep["memories"][memory];
    std::fs::create_dir_all(place.path("sweep/accuracy")).unwrap();
    let jobs = [
        format!("train {patterns} {}-o model.npz", options(&sweep["models"]["modes-p16-gamma-0.1"])),
        format!("quantize model.npz {}-o memory", options(&quantised["options"])),
    ];
    jobs.iter().for_each(|job| drop(place.ok_in("sweep", job)));
    let asked = place.ok_in("sweep", &format!("recall memory {}--json", options(&sweep["asked"]))).json();
    // a quarter of each class is asked, rounded, and 20 of these are simulated
    assert_eq!(asked["recall"]["cues"], 50);
    let accuracy = asked["recall"]["right"]["accuracy"].as_f64().unwrap();
    assert!(accuracy > 0.5 && accuracy < 1.0, "{accuracy}");
    let simulated = place.ok_in("sweep", &format!("recall memory {}--json", options(&sweep["cues"]))).json();
    assert_eq!(simulated["recall"]["cues"], 20);
    let put = |path: String, object: &Value| {
        let path = place.path(&format!("sweep/{path}"));
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, object.to_string()).unwrap();
    };
    put(format!("accuracy/{memory}.json"), &asked);
    put(
        format!("cycles/{memory}/r1-vote-scan.json"),
        &json!({ "cycles": 2000, "recall": { "cues": 20, "exact_recall": null } }),
    );
    let build = json!({ "report": { "fmax_mhz": 100.0, "best_seed": 1, "logic_cells": { "used": 700 }, "block_rams": { "used": 4 } } });
    put(format!("points/{memory}/r1-vote-scan/alchitry-cu/1.json"), &build);
    // there is no such core of this one
    let other = "modes-p16-gamma-0.1-k2-tuned";
    let refused = json!({ "error": { "kind": "usage", "message": "no such core" } });
    put(format!("accuracy/{other}.json"), &asked);
    put(format!("cycles/{other}/r1-vote-scan.json"), &refused);
    put(format!("points/{other}/r1-vote-scan/alchitry-cu/1.json"), &refused);
    let read = place.ok("explore sweep --json").json();
    Page::read().check(&read);
    let point = &read["points"][0];
    assert_eq!((&point["accuracy"], &point["exact_recall"]), (&json!(accuracy), &Value::Null));
    assert_eq!((&point["recalls_per_second"], &point["front"]), (&json!(1e6), &json!(true)));
    assert_eq!((&read["points"][1]["refused"], &read["points"][1]["cycles"]), (&json!("no such core"), &Value::Null));
    let picture = std::fs::read_to_string(place.path("sweep/points.svg")).unwrap();
    assert!(picture.contains("right classes"), "the second panel is of the accuracy");
    put(format!("accuracy/{memory}.json"), &json!({}));
    place.fails("explore sweep", 1, &["accuracy", "not what hopgate printed"]);
}

#[test]
fn what_cannot_be_planned() {
    let place = Place::new();
    place.fails("explore glyphs --gamma fast -o sweep", 2, &["--gamma", "fast"]);
    place.fails("explore glyphs --board icestick,icestock -o sweep", 2, &["icestock", "icestick"]);
    place.fails("explore glyphs --parallel 1,3 -o sweep", 2, &["3"]);
    place.fails("explore glyphs --cues 1,5 -o sweep", 2, &["5"]);
    place.fails("explore glyphs --centres 64 -o sweep", 2, &["--labels"]);
    place.fails("explore digits --labels digits --readout vote,nearest -o sweep", 2, &["--readout", "vote alone"]);
    place.fails("explore digits --labels digits --cues 2 -o sweep", 2, &["--cues", "leave --cues out"]);
    place.fails(
        "explore digits --labels digits --centres 16,144 -o sweep",
        1,
        &["144 centres", "keys that are trained on"],
    );
    place.fails("explore digits --labels glyphs -o sweep", 1, &["384 labels", "192 keys"]);
    place.fails("explore nothing.npy -o sweep", 1, &["nothing.npy"]);
    assert!(!place.path("sweep").exists());
    place.fails("explore glyphs", 1, &["--output", "hopgate explore PATTERNS -o FOLDER"]);
    let most = (1..=64).map(|n| format!("0.{n}")).collect::<Vec<_>>().join(",");
    place.fails(
        &format!("explore glyphs --gamma {most} --parallel 1,2,4 --bits 1,2,3,4 --runs 1000 -o sweep"),
        2,
        &["768000 builds", "at most 100000"],
    );
}

#[test]
fn what_is_there_is_read_and_the_rest_is_missing() {
    let place = Place::new();
    plan(&place);
    let put = |path: &str, object: Value| {
        let path = place.path(&format!("sweep/{path}"));
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, object.to_string()).unwrap();
    };
    let memory = "gamma-noise-0.1-k1-shared";
    let cycles = |cycles: f64| json!({ "cycles": 10.0 * cycles, "recall": { "cues": 10, "exact_recall": 0.5 } });
    let build = |mhz: f64, seed: u32| json!({ "report": { "fmax_mhz": mhz, "best_seed": seed, "logic_cells": { "used": 700 }, "block_rams": { "used": 4 } } });
    put(&format!("cycles/{memory}/r1-vote-scan.json"), cycles(100.0));
    put(&format!("points/{memory}/r1-vote-scan/icestick/1.json"), build(100.0, 1));
    put(&format!("points/{memory}/r1-vote-scan/icestick/2.json"), build(125.0, 2));
    let refused = json!({ "error": { "kind": "fit", "message": "9 cells too many" } });
    put(&format!("cycles/{memory}/r2-vote-scan.json"), cycles(60.0));
    put(&format!("points/{memory}/r2-vote-scan/icestick/1.json"), refused);
    let read = place.ok("explore sweep --json").json();
    Page::read().check(&read);
    assert_eq!((read["builds"].as_u64(), read["missing"].as_u64()), (Some(72), Some(69)));
    assert_eq!(read["points"][0]["recalls_per_second"], 1.25e6);
    assert_eq!((&read["points"][0]["seed"], &read["points"][0]["front"]), (&json!(2), &json!(true)));
    assert_eq!(
        (&read["points"][1]["refused"], &read["points"][1]["front"]),
        (&json!("9 cells too many"), &json!(false))
    );
    let table = std::fs::read_to_string(place.path("sweep/points.csv")).unwrap();
    assert!(table.contains(",125.00,2,1250000,true,"), "{table}");
    assert!(std::fs::read_to_string(place.path("sweep/points.svg")).unwrap().contains("icestick"));
    put(&format!("points/{memory}/r1-vote-scan/icestick/3.json"), json!([]));
    place.fails("explore sweep", 1, &["3.json", "not what hopgate printed"]);
    std::fs::write(place.path("sweep/config.json"), "{}").unwrap();
    place.fails("explore sweep", 1, &["config.json", "no plan"]);
}
