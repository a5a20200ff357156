//! `reproduce`, `tune` and the tuned quantiser, by the real binary.

use crate::common::Place;
use std::fs;

const QUICK: &str = "--neurons 16 --trials 2 --epochs 20 -o results";

#[test]
fn reproduce_writes_numbers_pictures_and_claims() {
    let place = Place::new();
    let told = place.ok(&format!("reproduce fig2 hardware {QUICK}"));
    assert!(told.out.contains("10 % pruning") && told.out.contains("12 MB"), "{}", told.out);
    for file in ["fig2.csv", "fig2.svg", "hardware.csv", "claims.md", "claims.json"] {
        assert!(place.path("results").join(file).is_file(), "{file}");
    }
    let csv = fs::read_to_string(place.path("results/fig2.csv")).unwrap();
    assert!(csv.starts_with("sparsity,accuracy,") && csv.lines().count() == 12, "{csv}");
    // nothing pruned, nothing lost; and pruning more never has one more row than it has columns
    let columns: Vec<usize> = csv.lines().map(|l| l.split(',').count()).collect();
    assert!(columns.iter().all(|&c| c == 9), "{columns:?}");
    let svg = fs::read_to_string(place.path("results/fig2.svg")).unwrap();
    assert!(svg.starts_with("<svg") && svg.ends_with("</svg>\n") && svg.len() > 5000, "{} bytes", svg.len());

    // the same again is the same, byte for byte, and other experiments keep their claims
    let before = place.listing();
    place.ok(&format!("reproduce fig2 {QUICK}"));
    assert_eq!(before, place.listing());
    let json: serde_json::Value = serde_json::from_slice(&before[std::path::Path::new("results/claims.json")]).unwrap();
    assert!(json["claims"]["hardware"].is_array() && json["claims"]["fig2"].is_array());

    // other settings start afresh
    place.ok(&format!("reproduce fig2 {QUICK} --seed 5"));
    let md = fs::read_to_string(place.path("results/claims.md")).unwrap();
    assert!(md.contains("drawn from seed 5") && !md.contains("12 MB"), "{md}");
}

#[test]
fn reproduce_refuses_what_is_not_there() {
    let place = Place::new();
    place.fails("reproduce fig12", 2, &["fig12", "fig9", "capacity", "all"]);
    place.fails("reproduce", 2, &["EXPERIMENT"]);
    place.fails("reproduce fig1 --neurons 3", 2, &["3 neurons", "16 to 1024"]);
    place.fails("reproduce fig1 --trials 0", 2, &["at least one trial"]);
    place.fails("reproduce fig1 --patterns glyphs", 2, &["structured alone"]);
    fs::write(place.path("file"), "").unwrap();
    place.fails("reproduce hardware -o file/results", 1, &["file"]);
}

#[test]
fn tune_finds_a_memory_that_fits_and_lists_what_it_tried() {
    let place = Place::new();
    let patterns = "random:N=32,P=40,seed=3";
    let found = place.ok(&format!("tune {patterns} --storage 1280 --noise 0.05 -o memory --json")).json();
    let (best, tried) = (found["best"].as_u64().unwrap() as usize, found["tried"].as_array().unwrap());
    assert!(tried.len() > 20 && tried[best]["fits"] == true);
    let budget = |t: &serde_json::Value| t["storage_bits"].as_u64().unwrap() <= 1280;
    assert!(tried.iter().all(|t| (t["fits"] == true) == budget(t)), "fits means within the budget, and nothing else");
    assert!(found["fresh"]["exact_recall"].as_f64().unwrap() > 0.5);
    let recall = place.ok("recall memory --noise 0.05 -o a.npy");
    assert!(recall.out.contains("exact"), "{}", recall.out);
    let csv = fs::read_to_string(place.path("memory-tried.csv")).unwrap();
    assert_eq!(csv.lines().count(), tried.len() + 1);
    assert!(fs::read_to_string(place.path("memory-tried.svg")).unwrap().contains("recall against storage"));

    let on_board = place.ok(&format!("tune {patterns} --board alchitry-cu -o board --json")).json();
    let best = on_board["best"].as_u64().unwrap() as usize;
    assert!(on_board["tried"][best]["verdict"].as_str().unwrap().contains("of 7680 logic cells"));
    // nothing is written where nothing fits
    place.fails(&format!("tune {patterns} --storage 100 -o none"), 1, &["100 bits"]);
    assert!(!place.path("none").exists());
}

#[test]
fn tune_proposes_a_radius() {
    let place = Place::new();
    // keys of which a fifth are stored, with classes: the others are held out
    place.npy("held.npy", 30, 64, |t, i| u8::from((t + 7) * (i + 3) * (i + t) % 101 < 50));
    place.ok("memory digits --labels digits --noise 0.1 -o digits");
    let line = "tune digits --false-accept 0.02 --noise 0.05 --foreign held.npy -o known --json";
    let found = place.ok(line).json();
    let radius = &found["radius"];
    assert_eq!(radius["proposed"], found["memory"]["radius"]);
    assert_eq!(radius["foreign"][1]["source"], "held.npy");
    let rate = |of: &serde_json::Value| of["false_accept"].as_f64().unwrap();
    assert!(rate(&radius["rates"]) < 0.03, "{radius}");
    assert_eq!(place.ok(line).json(), found, "the same seed gives the same radius");
    // the next radius would let too many pass
    let beside = radius["beside"].as_array().unwrap();
    let next = beside.iter().find(|at| at["radius"].as_u64() == radius["proposed"].as_u64().map(|r| r + 1)).unwrap();
    assert!(rate(next) > 0.015, "{next}");
    // it is what `recall` goes by, for those cues
    let recalled = place.ok("recall known --queries held.npy --json").json();
    assert!(recalled["recall"]["known"].as_u64().unwrap() <= 3, "{recalled}");
    let all = place.ok("recall digits --queries held.npy --json").json();
    assert_eq!(all["recall"]["known"], 30);
    // all else of the memory stays
    let manifest = |folder: &str| -> serde_json::Value {
        serde_json::from_slice(&fs::read(place.path(folder).join("manifest.json")).unwrap()).unwrap()
    };
    assert_eq!(manifest("known")["info"], manifest("digits")["info"]);
    assert_eq!(fs::read(place.path("known/planes.npy")).unwrap(), fs::read(place.path("digits/planes.npy")).unwrap());

    // a memory that takes many steps: none tells the two apart, and the radius stays
    let many = place.ok("tune random:N=32,P=20,seed=1 --storage 2000 --false-accept 0.01 -o many --json");
    assert!(many.err.contains("max_steps 1"), "{}", many.err);
    let many = many.json();
    assert!(many["radius"]["proposed"].is_null() && many["memory"]["radius"] == 32, "{many}");

    place.fails("tune digits -o x", 2, &["digits is a memory already", "--false-accept RATE"]);
    place.fails("tune digits --false-accept 0.1 --storage 9 -o x", 2, &["--storage has no effect here"]);
    place.fails("tune digits --false-accept 0.1 --foreign held.npy -o held.npy/x", 1, &["held.npy"]);
    place.fails("tune digits --false-accept 0.1 -o digits", 2, &["would replace the input digits"]);
    place.fails(
        "tune digits --false-accept 1e-9 -o x",
        2,
        &["the false-accept rate is 0.000000001", "--false-accept 0.01"],
    );
    place.fails(
        "tune digits --false-accept 0.1 --foreign digits/patterns.npy -o x",
        1,
        &["row 0 is the stored pattern 0"],
    );
    place.fails("tune digits --foreign held.npy -o x", 2, &["--false-accept"]);
}

#[test]
fn the_tuned_quantiser_mends_a_gamma_that_does_not_fit() {
    let place = Place::new();
    place.ok("train random:N=32,P=48,seed=1 --gamma 0.01 -o m.npz");
    let command = "quantize m.npz --bits 1 --scheme tuned --corruption flips:0.05 -o tuned --json";
    let tuned = place.ok(command).json();
    let fresh = &tuned["tuned"]["fresh"];
    assert!(fresh["gain"].as_f64().unwrap() > 0.1, "{fresh}");
    assert_eq!(tuned["tuned"]["replaced"], true);
    let hash = tuned["memory"]["sha256"].clone();
    assert_eq!(place.ok(command).json()["memory"]["sha256"], hash, "the same seed gives the same memory");
    place.fails("quantize m.npz --bits 1 --corruption shift -o x", 2, &["--scheme tuned alone"]);
    place.fails("quantize m.npz --bits 1 --scheme tuned --corruption smear -o x", 2, &["smear", "flips:0.1"]);
    place.fails("quantize m.npz --bits 1 --scheme tuned --corruption shift -o x", 2, &["pictures"]);
    place.fails("quantize m.npz --bits 5 --scheme tuned -o x", 2, &["--bits", "1 to 4"]);
    // what was a name of dropout is another noise model now, and it is said
    let erased = place.ok("quantize m.npz --bits 1 --scheme tuned --corruption erase:0.4 -o erased --json");
    assert!(
        erased.err.contains("note: erase:0.4 makes bits unknown") && erased.err.contains("dropout:0.4"),
        "{}",
        erased.err
    );
    let known = &erased.json()["tuned"]["fresh"];
    let lost = place.ok("quantize m.npz --bits 1 --scheme tuned --corruption dropout:0.4 -o lost --json");
    assert!(!lost.err.contains("note: erase"), "{}", lost.err);
    let share = |fresh: &serde_json::Value| fresh["tuned"].as_f64().unwrap();
    assert!(share(known) > share(&lost.json()["tuned"]["fresh"]), "it helps to know which bits are lost: {known}");
}
