//! The page of a run: what is on it, and that what users wrote is text there.

use hopgate_files::{folder, trace::Trace};
use hopgate_model::{
    ErrorKind,
    bits::BitMatrix,
    kernel,
    memory::{Memory, Parts},
    reference,
};
use hopgate_web::report::{self, page};
use serde_json::{Value, json};
use std::{fs, path::Path};

const EVIL: &str = "<script>alert('x')</script>\" onload=\"y";

/// Eight patterns of 12 bits with labels that are markup, and some cues with their answers.
fn asked(place: &Path) -> Memory {
    let patterns = BitMatrix::from_fn(8, 12, |mu, i| (mu * 37 + 11) >> (i % 6) & 1 == 1);
    let columns = kernel::columns(12, 0.5, &[1.0], 0.0, 8);
    let labels = Some((0..8).map(|mu| format!("{EVIL}{mu}")).collect());
    let parts =
        Parts { planes: vec![patterns.clone()], kernel: columns.weights, gamma: 0.5, labels, ..Parts::of(patterns) };
    let memory = Memory::new(parts).unwrap();
    folder::save(&memory, &place.join("memory"), &serde_json::Map::new()).unwrap();
    let cues = BitMatrix::from_fn(5, 12, |q, i| memory.patterns().get(q, i) != (i == q));
    let answers: Vec<_> = (0..5).map(|q| reference::recall(&memory, cues.row(q))).collect();
    Trace::without_fields(&answers, 12).save(&place.join("trace.npz")).unwrap();
    hopgate_files::trace::save_answers(&cues, &place.join("cues.npy")).unwrap();
    memory
}

fn build() -> Value {
    json!({
        "format": "hopgate-build", "board": "icestick", "device": "hx1k-tq144", "clock_mhz": 12.0, "fmax_mhz": 34.5, "judge": "icetime",
        "timing_met": true, "best_seed": 2, "logic_cells": {"used": 640, "available": 1280}, "block_rams": {"used": 4, "available": 16},
        "seeds": [{"seed": 1, "fmax_mhz": 30.25, "failure": null}, {"seed": 2, "fmax_mhz": 34.5, "failure": null}, {"seed": 3, "fmax_mhz": null, "failure": EVIL}],
        "slowest_stage": {"ns": 28.99, "from_net": "a", "to_net": "b", "from": null, "to": {"block": "scan", "register": "core.x", "what": EVIL}},
        "critical_path": ["1.0 ns <i>net</i>"], "tools": [{"name": "yosys", "banner": EVIL}], "commands": ["yosys -p '<b>'"],
        "design": {"hopgate": "0.1.0", "shape": {"kind": "auto", "kernel_mode": "normalised"}}, "outputs": {"top.bin": "abc123"}, "bitstream": "top.bin",
    })
}

fn run() -> Value {
    let point = |noise: f64, mean: f64| json!({"noise": noise, "exact": {"mean": mean, "deviation": 0.0125}, "bits": {"mean": 0.99, "deviation": 0.0}});
    json!({
        "version": "0.1.0", "patterns": {"source": EVIL, "neurons": 12, "patterns": 8}, "seed": 7, "noise": 0.1,
        "study": {"options": {"trials": 5, "cues": 200, "seed": 1}, "curves": [
            {"label": EVIL, "role": "float", "points": [point(0.0, 1.0), point(0.1, 0.8125)]},
            {"label": "nearest pattern", "role": "nearest", "points": [point(0.0, 1.0), point(0.1, 0.875)]},
        ]},
        "cosim": {"cues": 5, "exact_recall": 0.4321, "nearest_exact_recall": 0.5432},
        "ladder": [{"name": "rtl", "against": "the reference", "compared": "all", "cues": 5, "result": "equal", "detail": EVIL, "cycles": 99}],
        "build": build(),
    })
}

fn write(place: &Path, name: &str, value: &Value) {
    fs::write(place.join(name), value.to_string()).unwrap();
}

#[test]
fn a_run_is_one_page_whose_numbers_are_those_of_its_files() {
    let place = tempfile::tempdir().unwrap();
    asked(place.path());
    write(place.path(), "report.json", &run());
    let made = page(place.path()).unwrap();
    let expected = ["Sizes", "Recall", "Cues and answers", "The device", "Timing", "The ladder", "Provenance"];
    assert_eq!(made.sections, expected);
    let html = &made.html;
    for number in [
        "0.4321",
        "0.5432",
        "0.8125 ± 0.0125",
        "0.8750 ± 0.0125",
        "640 of 1280 (50 %)",
        "4 of 16 (25 %)",
        "34.5 MHz",
        "28.99 ns",
        "abc123",
    ] {
        assert!(html.contains(number), "no {number}");
    }
    // the page needs nothing but itself, and its policy lets nothing else in
    for outside in ["http://", "https://", " src=", "@import", "url("] {
        assert!(!html.contains(outside), "{outside}");
    }
    assert!(html.contains("default-src 'none'"));
    // the same files give the same bytes
    let saved = report::save(place.path()).unwrap();
    assert_eq!(fs::read_to_string(saved).unwrap(), *html);
}

/// Of classes and of lessons there are the numbers of both, and what the board was asked stands apart from what the others were.
#[test]
fn classes_and_lessons_have_their_plots() {
    let place = tempfile::tempdir().unwrap();
    let point = json!({"noise": 0.05, "accuracy": 0.7654, "deviation": 0.001});
    let classes = json!({
        "keys": {"source": "mine", "classes": ["cat", "dog"], "asked": 9, "samples": 30}, "accuracy": {"memory": 0.8123, "float model": 0.9012},
        "confusion": [[4, 1, 0], [0, 3, 1]], "flips": {"curves": [{"label": "k = 1", "points": [point]}]},
    });
    write(place.path(), "report.json", &classes);
    let html = page(place.path()).unwrap().html;
    for there in [
        "0.8123",
        "0.9012",
        "0.7654 ± 0.0010",
        "1 of 5 of class cat, answered dog",
        "1 of 4 of class dog, answered unknown",
    ] {
        assert!(html.contains(there), "{there}");
    }
    let lesson =
        json!({"examples": 2, "stored": 20, "board": 0.6123, "memory": 0.7234, "nearest": 0.8345, "trained": 0.9456});
    write(
        place.path(),
        "report.json",
        &json!({"asked": 597, "asked_at_pins": 50, "level": "bitstream", "lessons": [lesson]}),
    );
    let made = page(place.path()).unwrap();
    assert_eq!(made.sections[0], "What it learnt");
    let plot = &made.html[made.html.find("id=\"lessons-plot\"").unwrap()..made.html.find("</figure>").unwrap()];
    assert!(["0.7234", "0.8345", "0.9456"].iter().all(|n| plot.contains(n)) && !plot.contains("0.6123"));
    assert!(made.html.contains("0.6123") && made.html.contains("right class, 50 keys"));
}

#[test]
fn what_users_wrote_is_text() {
    let place = tempfile::tempdir().unwrap();
    asked(place.path());
    write(place.path(), "report.json", &run());
    let html = page(place.path()).unwrap().html;
    assert!(html.matches("&lt;script&gt;").count() > 20, "it is there, as text");
    // the page's own script is the only one, and no attribute was opened
    assert_eq!(html.matches("<script").count(), 1);
    assert!(!html.contains("<i>net") && !html.contains("'<b>'"));
    assert!(!html.replace("&quot; onload=&quot;", "").contains("onload"), "a quote ended an attribute");
}

#[test]
fn voters_and_weights_are_those_of_the_contract() {
    let place = tempfile::tempdir().unwrap();
    let memory = asked(place.path());
    write(place.path(), "report.json", &run());
    let html = page(place.path()).unwrap().html;
    let cue = BitMatrix::from_fn(1, 12, |_, i| memory.patterns().get(0, i) != (i == 0));
    let voters = reference::candidates(&memory, cue.row(0));
    assert!(
        voters > 1
            && html
                .contains(&format!("Voters of the first step: {voters} of 8 patterns within reach {}", memory.reach()))
    );
    let strongest = memory.kernel()[0][0];
    assert!(
        html.contains(&format!("<td class=\"number\">0</td><td class=\"number\">{strongest}</td>")),
        "the nearest votes with {strongest}"
    );
}

#[test]
fn a_build_and_a_certificate_have_pages_of_their_own() {
    let place = tempfile::tempdir().unwrap();
    write(place.path(), "report.json", &build());
    assert_eq!(page(place.path()).unwrap().sections, ["Sizes", "The device", "Timing", "Provenance"]);
    fs::remove_file(place.path().join("report.json")).unwrap();
    let rung = json!({"name": "bitstream", "against": "r", "compared": "c", "result": "differs", "detail": "cue 3"});
    let certificate = json!({"format": "hopgate-certificate", "board": "icestick", "rungs": [rung], "first_difference": "bitstream", "chain": []});
    write(place.path(), "certificate.json", &certificate);
    let made = page(place.path()).unwrap();
    assert_eq!(made.sections, ["The ladder", "Provenance"]);
    assert!(made.html.contains("The ladder breaks at the rung bitstream."));
}

/// Every place of a JSON.
fn places(of: &Value, at: String, all: &mut Vec<String>) {
    all.push(at.clone());
    match of {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| places(value, format!("{at}/{name}"), all)),
        Value::Array(list) => list.iter().enumerate().for_each(|(i, value)| places(value, format!("{at}/{i}"), all)),
        _ => (),
    }
}

/// Whatever stands at any place of a report, there is a page or an error.
#[test]
fn odd_values_at_every_place_are_a_page_or_an_error() {
    let place = tempfile::tempdir().unwrap();
    let mut whole = run();
    let more = json!({
        "accuracy": {"memory": 0.5}, "keys": {"classes": ["a"], "asked": 3}, "confusion": [[1, 2]], "flips": {"curves": [{"label": "l", "points": [{"noise": 0.1, "accuracy": 0.5}]}]},
        "lessons": [{"examples": 1, "stored": 2, "board": 0.1, "memory": 0.2, "nearest": 0.3, "trained": 0.4}], "cycles_per_step": {"scan": 3, "vote": 1.5},
        "nearest": {"hardware": {"logic_cells": 1, "block_rams": 2, "mhz": 3.5, "from": "measured"}, "recall": [{"noise": 0.1, "cues": 9, "vote": 0.5, "nearest": 0.6}]},
    });
    whole.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    write(place.path(), "report.json", &whole);
    let usual = page(place.path()).unwrap().sections.len();
    let mut all = Vec::new();
    places(&whole, String::new(), &mut all);
    let odd = [json!(null), json!(-1), json!(u64::MAX), json!("x"), json!([[]])];
    let mut less = 0;
    for at in all.iter().filter(|at| !at.is_empty()) {
        for value in &odd {
            let mut changed = whole.clone();
            *changed.pointer_mut(at).unwrap() = value.clone();
            write(place.path(), "report.json", &changed);
            if let Ok(made) = page(place.path()) {
                assert!(made.html.ends_with("</html>") && !made.html.contains("NaN"), "{value} at {at}");
                less += usize::from(made.sections.len() < usual);
            }
        }
    }
    assert!(less > 10, "what is missing is left out");
}

#[test]
fn what_is_no_run_is_refused_with_its_file() {
    let place = tempfile::tempdir().unwrap();
    let fails = |kind: ErrorKind, word: &str| {
        let error = page(place.path()).err().unwrap_or_else(|| panic!("no error about {word}"));
        assert!(error.kind() == kind && error.to_string().contains(word), "{error}");
    };
    fails(ErrorKind::Io, "neither report.json nor certificate.json");
    fs::write(place.path().join("report.json"), "{\"build\":").unwrap();
    fails(ErrorKind::Format, "report.json is no JSON");
    for other in [
        json!([1]),
        json!("text"),
        json!({"format": "else"}),
        json!({"build": {"format": "else"}}),
        json!({"build": 7}),
    ] {
        write(place.path(), "report.json", &other);
        fails(ErrorKind::Format, "report.json");
    }
    // an object without anything that a page could show is a page without sections but its provenance
    write(
        place.path(),
        "report.json",
        &json!({"study": {"curves": 3}, "accuracy": [], "confusion": "x", "lessons": {}}),
    );
    assert_eq!(page(place.path()).unwrap().sections, ["Provenance"]);
    write(place.path(), "report.json", &run());
    asked(place.path());
    hopgate_files::trace::save_answers(&BitMatrix::zeros(4, 12), &place.path().join("cues.npy")).unwrap();
    fails(ErrorKind::Value, "5 answers to 4 cues");
    // a trace of another memory: of another width, and of classes
    let answers = |ranking: Option<reference::Ranking>| {
        let answer = reference::Answer {
            state: if ranking.is_some() { Vec::new() } else { vec![0] },
            steps: 1,
            converged: true,
            nearest: 99,
            distance: 0,
            known: true,
            ranked: Vec::new(),
            ranked_class: Vec::new(),
            field: vec![0; 3],
            ranking,
            path: Vec::new(),
        };
        Trace::without_fields(&vec![answer; 4], 3).save(&place.path().join("trace.npz")).unwrap();
    };
    answers(None);
    fails(ErrorKind::Value, "the answers have 3 bits, but the memory's 12");
    answers(Some(reference::Ranking { class: 2, score: 1, second: 1, margin: 0 }));
    fails(ErrorKind::Value, "the answers are classes, but the memory is of kind auto");
}
