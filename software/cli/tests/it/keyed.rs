//! Keys with classes, values and next keys: train, quantize, memory and recall, and what is wrong with such input.

use crate::common::{Place, board::Board};
use hopgate_files::{folder, model_file::Model, trace::Trace};
use hopgate_model::kind::Kind;

/// Three words of 24 bits with a few bits wrong, by their number: 90 keys.
fn words(place: &Place, name: &str, rows: usize) {
    place.npy(name, rows, 24, |t, i| u8::from((i * 7 + t % 3 * 5) % 11 < 5) ^ u8::from((t * 31 + i * 17) % 23 == 0));
}

fn labels(place: &Place, name: &str, rows: usize) {
    let text: String = (0..rows).map(|t| ["ant\n", "bee\n", "cat\n"][t % 3]).collect();
    std::fs::write(place.path(name), text).unwrap();
}

#[test]
fn from_labels_to_classes() {
    let place = Place::new();
    words(&place, "keys.npy", 90);
    labels(&place, "labels.txt", 90);
    let train = "train keys.npy --labels labels.txt --centres 9 --gamma 0.1 --seed 4";
    let trained = place.ok(&format!("{train} --json -o m.npz")).json();
    assert_eq!(
        (&trained["kind"], &trained["patterns"], &trained["outputs_per_key"]),
        (&"class".into(), &9.into(), &3.into())
    );
    assert!(trained["training"]["residual"].as_f64().unwrap() <= 1e-6, "{trained}");
    place.ok(&format!("{train} -o again.npz"));
    let bytes = |name: &str| std::fs::read(place.path(name)).unwrap();
    assert_eq!(bytes("m.npz"), bytes("again.npz"));
    let model = Model::load(&place.path("m.npz")).unwrap();
    assert_eq!((model.kind(), model.alpha.dim()), (Kind::Class, (9, 3)));
    assert_eq!(model.meta.classes.as_deref().unwrap(), ["ant", "bee", "cat"]);

    for (name, options) in [
        ("plain", "--bits 2"),
        ("uniform", "--bits 3 --scheme uniform"),
        ("tuned", "--bits 1 --scheme tuned --keys keys.npy --labels labels.txt"),
    ] {
        place.ok(&format!("quantize m.npz {options} -o {name}"));
        let memory = folder::load(&place.path(name)).unwrap();
        assert_eq!((memory.kind(), memory.outputs(), memory.patterns().rows()), (Kind::Class, 3, 9));
        let line =
            format!("recall {name} --queries keys.npy --expect labels.txt --json --trace {name}.npz -o {name}.npy");
        let found = place.ok(&line).json();
        assert_eq!(found["recall"]["right"]["accuracy"], 1.0, "{found}");
        let confusion = found["recall"]["right"]["confusion"].as_array().unwrap();
        assert_eq!((confusion.len(), confusion[1].as_array().unwrap().len()), (3, 4));
        let trace = Trace::load(&place.path(&format!("{name}.npz"))).unwrap();
        assert_eq!(trace.classes().unwrap(), (0..90).map(|q| q % 3).collect::<Vec<i32>>());
    }
    // text and numpy hold the same classes
    place.ok("recall plain --queries keys.npy -o a.txt");
    let text = std::fs::read_to_string(place.path("a.txt")).unwrap();
    assert_eq!(text.lines().take(4).collect::<Vec<_>>(), ["0", "1", "2", "0"]);
}

#[test]
fn values_and_sequences() {
    let place = Place::new();
    words(&place, "keys.npy", 60);
    // one bit for each word, and a constant one
    place.npy("values.npy", 60, 4, |t, i| u8::from(i == 3 || t % 3 == i));
    place.ok("train keys.npy --values values.npy --centres all --gamma 0.2 -o m.npz");
    place.ok("quantize m.npz --bits 2 --scheme tuned --keys keys.npy --values values.npy -o memory");
    let found = place.ok("recall memory --queries keys.npy --expect values.npy --json -o a.npy").json();
    assert_eq!((&found["recall"]["exact"], &found["recall"]["steps"]["mean"]), (&60.into(), &1.0.into()), "{found}");

    // one value bit for all
    place.npy("one.npy", 60, 1, |t, _| u8::from(t % 3 == 1));
    place.ok("memory keys.npy --values one.npy --noise 0.05 -o free");
    let found = place.ok("recall free --queries keys.npy --expect one.npy --json").json();
    assert_eq!(found["recall"]["exact"], 60, "{found}");

    place.ok("memory random:N=40,P=12,seed=3 --sequence --gamma 0.3 --max-steps 5 -o walk");
    place.ok("recall walk --trace t.npz");
    let (memory, trace) = (folder::load(&place.path("walk")).unwrap(), Trace::load(&place.path("t.npz")).unwrap());
    for (mu, path) in trace.path.unwrap().iter().enumerate() {
        assert!((0..5).all(|step| path.row(step) == memory.patterns().row((mu + 1 + step) % 12)), "pattern {mu}");
    }
    place.ok("train random:N=40,P=12,seed=3 --sequence --gamma 0.2 -o s.npz");
    place.ok("quantize s.npz --bits 1 --max-steps 12 -o round");
    let trained = Trace::load(&{
        place.ok("recall round --trace r.npz");
        place.path("r.npz")
    });
    let memory = folder::load(&place.path("round")).unwrap();
    // twelve steps lead once round
    assert_eq!(trained.unwrap().state, *memory.patterns());
}

#[test]
fn without_training_a_nearest_key_decides() {
    let place = Place::new();
    let made = place.ok("memory digits --labels digits --noise 0.05 --json -o memory").json();
    assert_eq!((&made["memory"]["kind"], &made["memory"]["outputs"]), (&"class".into(), &10.into()));
    let found = place.ok("recall memory --noise 0.02 --count 400 --json").json();
    assert!(found["recall"]["right"]["accuracy"].as_f64().unwrap() > 0.99, "{found}");
    assert!(found["recall"]["right"]["nearest_accuracy"].as_f64().unwrap() > 0.99, "{found}");
    // as the library's, for patterns that are their own answers
    let plain = place.ok("memory glyphs --gamma 0.3 --json -o glyphs").json();
    assert_eq!((&plain["memory"]["kind"], &plain["memory"]["planes"]), (&"auto".into(), &1.into()));
    assert!(folder::load(&place.path("glyphs")).unwrap().top_plane_is_pattern());
}

#[test]
fn what_is_wrong_with_them_is_said() {
    let place = Place::new();
    words(&place, "keys.npy", 30);
    labels(&place, "labels.txt", 30);
    labels(&place, "short.txt", 29);
    std::fs::write(place.path("one.txt"), "1\n".repeat(30)).unwrap();
    std::fs::write(place.path("gap.txt"), "0\n2\n0\n".repeat(10)).unwrap();
    std::fs::write(place.path("same.txt"), "ant\n".repeat(30)).unwrap();
    place.npy("values.npy", 30, 3, |t, i| u8::from((t + i) % 2 == 0));
    place.npy("grey.npy", 30, 3, |t, _| t as u8);
    place.npy("few.npy", 7, 3, |t, _| u8::from(t % 2 == 0));
    let before = place.listing();
    for (line, code, words) in [
        ("train keys.npy --labels short.txt -o x.npz", 1, &["29 labels", "30 keys"][..]),
        ("train keys.npy --labels one.txt -o x.npz", 1, &["class 0"]),
        ("train keys.npy --labels gap.txt -o x.npz", 1, &["class 1 of 3"]),
        ("train keys.npy --labels same.txt -o x.npz", 1, &["one class"]),
        ("train keys.npy --labels nowhere.txt -o x.npz", 1, &["nowhere.txt"]),
        ("train keys.npy --values few.npy -o x.npz", 1, &["7", "30"]),
        ("train keys.npy --values grey.npy -o x.npz", 1, &["0 and 1"]),
        ("train keys.npy --labels labels.txt --centres 31 -o x.npz", 1, &["31", "centres"]),
        ("train keys.npy --labels labels.txt --centres 0 -o x.npz", 2, &["--centres"]),
        ("train keys.npy --labels labels.txt --values values.npy -o x.npz", 2, &["--values"]),
        ("train keys.npy --labels labels.txt --held-out 1.5 -o x.npz", 2, &["held out"]),
        ("train keys.npy --labels labels.txt --method gd -o x.npz", 2, &["--method gd"]),
        ("train keys.npy --centres 5 -o x.npz", 2, &["--centres", "--labels"]),
        ("memory keys.npy --labels short.txt -o x", 1, &["29 labels"]),
        ("memory keys.npy --noise 0.6 -o x", 2, &["--noise"]),
    ] {
        place.fails(line, code, words);
        assert_eq!(place.listing(), before, "{line}");
    }
}

#[test]
fn a_memory_of_classes_is_refused_where_stored_patterns_are_answers() {
    let place = Place::new();
    words(&place, "keys.npy", 30);
    labels(&place, "labels.txt", 30);
    place.npy("values.npy", 30, 3, |t, i| u8::from((t + i) % 2 == 0));
    place.ok("train keys.npy --labels labels.txt --centres 6 --gamma 0.1 -o m.npz");
    place.ok("quantize m.npz --bits 1 -o memory");
    place.ok("train random:N=20,P=10 --gamma 0.1 -o auto.npz");
    let before = place.listing();
    for (line, code, words) in [
        ("quantize m.npz --bits 2 --scheme tuned -o x", 2, &["--keys"][..]),
        ("quantize m.npz --bits 2 --corruption flips:0.1 --scheme tuned -o x", 2, &["--corruption"]),
        ("quantize m.npz --bits 2 --kernel fixed -o x", 2, &["--kernel"]),
        ("quantize m.npz --bits 2 --keys keys.npy --values values.npy -o x", 1, &["class", "map"]),
        ("quantize m.npz --bits 5 -o x", 2, &["1 to 4"]),
        ("quantize auto.npz --bits 1 --keys keys.npy -o x", 2, &["--keys"]),
        ("recall memory --queries keys.npy --expect values.npy", 1, &["labels"]),
        ("recall memory --queries values.npy", 1, &["3 columns", "24"]),
    ] {
        place.fails(line, code, words);
        assert_eq!(place.listing(), before, "{line}");
    }
}

/// A board of classes answers as the software does, and does not claim to know what they should be.
#[test]
fn classes_over_a_line() {
    let place = Place::new();
    place.ok("memory digits --labels digits --noise 0.05 -o memory");
    let board = Board::start(&place, "--level software");
    let cues = "--noise 0.1 --seed 4 --count 60";
    place.ok(&format!("recall memory {cues} -o want.npy"));
    let host = place.ok(&format!("host --port {} recall {cues} --json -o got.npy", board.port)).json();
    assert_eq!((&host["recall"]["cues"], host["recall"]["exact"].is_null()), (&60.into(), true), "{host}");
    let bytes = |name: &str| std::fs::read(place.path(name)).unwrap();
    assert_eq!(bytes("want.npy"), bytes("got.npy"));
    let info = place.ok(&format!("host --port {} info --json", board.port)).json();
    assert_eq!((&info["board"]["kind"], &info["memory"]["outputs"]), (&"class".into(), &10.into()), "{info}");
    let info = place.ok(&format!("host --port {} info", board.port)).out;
    assert!(
        info.contains("kind class") && info.contains("192 patterns of 64 neurons of 10 classes, 1 planes"),
        "{info}"
    );
    // a cue has 4 words, its answer 6 and 3: with header and CRC a frame of 26 bytes
    let bench = place.ok(&format!("host --port {} bench --count 50 --json", board.port)).json();
    let limit = bench["line_limit"]["one_cue_a_request"].as_f64().unwrap();
    assert!((limit - 100_000.0 / 26.0).abs() < 1e-6, "{bench}");
    assert!(bench["on_chip"]["recalls_per_second"].as_f64() > Some(0.0), "{bench}");
    assert!(place.ok(&format!("show memory --port {}", board.port)).out.contains("class "));
}

/// What a board of values or of sequences says of itself, and how much of it the line carries.
#[test]
fn values_and_sequences_over_a_line() {
    let place = Place::new();
    words(&place, "keys.npy", 30);
    place.npy("values.npy", 30, 19, |t, i| u8::from((t * i) % 3 == 1));
    place.ok("memory keys.npy --values values.npy -o map");
    place.ok("memory keys.npy --sequence --max-steps 5 -o walk");
    // words of an answer to a cue of two words, with the three that follow: two of a value; five times two of a sequence
    for (memory, says, words) in [("map", "values of 19 bits", 5), ("walk", "a sequence of 5 states", 25)] {
        let board = Board::of(&place, memory, "--level software");
        let host = |what: &str| place.ok(&format!("host --port {} {what}", board.port));
        assert!(host("info").out.contains(says), "{memory}");
        let bench = host("bench --count 50 --json").json();
        let limit = bench["line_limit"]["one_cue_a_request"].as_f64().unwrap();
        assert!((limit - 100_000.0 / f64::from(2 * (words + 1 + 2) + 2)).abs() < 1e-6, "{memory}: {bench}");
        assert!(host("selftest --count 40 --noise 0.2").out.contains("ones of the answers"), "{memory}");
        let cues = "--noise 0.1 --seed 4 --count 40";
        place.ok(&format!("recall {memory} {cues} -o want.npy"));
        host(&format!("recall {cues} -o got.npy"));
        let bytes = |name: &str| std::fs::read(place.path(name)).unwrap();
        assert_eq!(bytes("want.npy"), bytes("got.npy"), "{memory}");
    }
}

/// A board of three classes with room for more takes a memory of five, and no memory of another kind.
#[test]
fn room_for_outputs() {
    let place = Place::new();
    words(&place, "keys.npy", 30);
    for classes in [3, 5, 9] {
        let labels: String = (0..30).map(|t| format!("{}\n", t % classes)).collect();
        std::fs::write(place.path("labels.txt"), labels).unwrap();
        place.ok(&format!("memory keys.npy --labels labels.txt -o of{classes}"));
    }
    place.npy("values.npy", 30, 3, |t, i| u8::from(t % 3 == i));
    place.ok("memory keys.npy --values values.npy -o map");
    place.ok("memory keys.npy -o auto");
    let cells = |more: &str| {
        place.ok(&format!("estimate of3 --protocol framed {more} --json")).json()["logic_cells"]["need"].as_u64()
    };
    assert!(cells("--room outputs=40") > cells(""), "accumulators for 40 classes");
    place.fails("estimate of3 --protocol framed --room outputs=1025", 2, &["outputs must be 1 to 1024"]);
    place.fails(
        "estimate of3 --protocol framed --room classes=5",
        2,
        &["none of patterns, neurons, planes, outputs, bits and kinds"],
    );
    place.fails(
        "board auto --pty --level software --room outputs=5",
        2,
        &["room for outputs", "kind auto", "neurons=..."],
    );

    let board = Board::of(&place, "of3", "--level software --room outputs=8,bits=20");
    let host = |what: &str| format!("host --port {} {what}", board.port);
    let bytes = |name: &str| std::fs::read(place.path(name)).unwrap();
    assert!(place.ok(&host("info")).out.contains("of 8 classes"));
    let built_in = "what a board can answer with is built in";
    place.fails(&host("load map"), 1, &["it is of kind map, the board of kind class", built_in]);
    place.fails(&host("load of9"), 1, &["it has 9 outputs, the board 8"]);
    let info = place.ok(&host("info --json")).json();
    assert_eq!((&info["memory"]["valid"], &info["memory"]["outputs"]), (&true.into(), &3.into()), "{info}");
    place.ok(&host("load of5"));
    place.ok("recall of5 --noise 0.2 --count 60 -o want.npy");
    place.ok(&host("recall --noise 0.2 --count 60 -o got.npy"));
    assert_eq!(bytes("want.npy"), bytes("got.npy"));
}
