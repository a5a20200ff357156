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
}
