//! Cues of which some bits are unknown, a radius, and the nearest patterns in order: `recall` against the reference.

use crate::common::Place;
use hopgate_files::{folder, npz::Npz, trace::Trace};
use hopgate_model::{
    bits::BitMatrix,
    reference::{self, Mask, Top},
};

/// A memory of twenty patterns of 24 bits, seven cues of it, and a mask for each.
fn asked(place: &Place) -> (BitMatrix, BitMatrix) {
    place.ok("memory random:N=24,P=20,seed=3 --gamma 0.2 --radius 6 -o memory");
    let cue = |q: usize, i: usize| (q * 5 + i * i + i / 3) % 7 < 3;
    let known = |q: usize, i: usize| match q {
        0 => true,
        1 => false,
        _ => !(q * 11 + i * 7).is_multiple_of(5) && i < 20,
    };
    place.npy("cues.npy", 7, 24, |q, i| u8::from(cue(q, i)));
    place.npy("known.npy", 7, 24, |q, i| u8::from(known(q, i)));
    // the same two in one file, of text
    let text = |q: usize, i: usize| match (known(q, i), cue(q, i)) {
        (false, _) => '?',
        (true, bit) => char::from(b'0' + u8::from(bit)),
    };
    let lines: Vec<String> = (0..7).map(|q| (0..24).map(|i| text(q, i)).collect()).collect();
    std::fs::write(place.path("cues.txt"), lines.join("\n")).unwrap();
    // and of floats
    let nan = |q: usize, i: usize| if known(q, i) { f64::from(u8::from(cue(q, i))) } else { f64::NAN };
    place.npy("nan.npy", 7, 24, nan);
    (BitMatrix::from_fn(7, 24, cue), BitMatrix::from_fn(7, 24, known))
}

#[test]
fn unknown_bits_are_said_in_three_ways() {
    let place = Place::new();
    let (cues, known) = asked(&place);
    let memory = folder::load(&place.path("memory")).unwrap();
    for (clamp, option) in [(false, ""), (true, "--clamp")] {
        let of = |q: usize| reference::recall_masked(&memory, cues.row(q), Mask { known: known.row(q), clamp });
        let right = Trace::from_answers(&(0..7).map(of).collect::<Vec<_>>(), 24);
        for queries in ["cues.npy --mask known.npy", "cues.txt", "nan.npy"] {
            let said = place.ok(&format!("recall memory --queries {queries} {option} --trace t.npz -o a.npy"));
            assert!(
                said.err.contains("the mask of cue 1 has no known bit: every pattern is equally near"),
                "{}",
                said.err
            );
            assert_eq!(Trace::load(&place.path("t.npz")).unwrap(), right, "{queries} {option}");
        }
    }
    // both, and one row for all
    place.npy("row.npy", 1, 24, |_, i| u8::from(i % 2 == 0));
    let both = BitMatrix::from_fn(7, 24, |q, i| known.get(q, i) && i % 2 == 0);
    let of = |q: usize| reference::recall_masked(&memory, cues.row(q), Mask { known: both.row(q), clamp: false });
    place.ok("recall memory --queries cues.txt --mask row.npy --trace t.npz");
    let right = Trace::from_answers(&(0..7).map(of).collect::<Vec<_>>(), 24);
    assert_eq!(Trace::load(&place.path("t.npz")).unwrap(), right);
}

#[test]
fn a_radius_says_what_is_known() {
    let place = Place::new();
    let (cues, _) = asked(&place);
    let memory = folder::load(&place.path("memory")).unwrap();
    assert_eq!(memory.radius(), 6);
    for (option, radius) in [("", 6), ("--radius 0", 0), ("--radius 24", 24)] {
        let json = place.ok(&format!("recall memory --queries cues.npy {option} --json")).json();
        let known = (0..7).filter(|&q| reference::recall(&memory, cues.row(q)).distance <= radius).count();
        assert_eq!(json["recall"]["known"], known, "{option}: {json}");
    }
    place.ok("train random:N=24,P=20,seed=3 --gamma 0.2 -o m.npz");
    place.ok("quantize m.npz --bits 2 --radius 5 -o two");
    place.ok("quantize m.npz --bits 1 --scheme tuned --radius 5 -o tuned");
    for name in ["two", "tuned"] {
        assert_eq!(folder::load(&place.path(name)).unwrap().radius(), 5);
    }
}

#[test]
fn the_nearest_are_listed_in_order() {
    let place = Place::new();
    let (cues, known) = asked(&place);
    let memory = folder::load(&place.path("memory")).unwrap();
    for (option, top) in [("3", Top::Nearest(3)), ("20", Top::Nearest(20)), ("reach", Top::Reach)] {
        let line = format!("recall memory --queries cues.npy --mask known.npy --top {option} --trace t.npz --json");
        let json = place.ok(&line).json();
        let mut file = Npz::open(&place.path("t.npz")).unwrap();
        let (list, far) = (file.get("ranked").unwrap(), file.get("ranked_distance").unwrap());
        for q in 0..7 {
            let right = reference::ranked(&memory, cues.row(q), Some(known.row(q)), top);
            let printed: Vec<(usize, u32)> = json["ranked"][q].as_array().unwrap().iter().map(pair).collect();
            assert_eq!(printed, right);
            let width = list.shape()[1];
            let saved = |k: usize| (list.int(q * width + k).unwrap(), far.int(q * width + k).unwrap());
            let filed: Vec<_> = (0..width).map(saved).collect();
            let mut padded: Vec<_> = right.iter().map(|&(mu, d)| (mu as i64, i64::from(d))).collect();
            padded.resize(width, (-1, -1));
            assert_eq!(filed, padded);
        }
    }
    let text = place.ok("recall memory --count 30 --top 2").out;
    assert!(text.contains("cue 9") && text.contains("9 at 0, ") && text.contains("and 20 cues more"), "{text}");
}

fn pair(entry: &serde_json::Value) -> (usize, u32) {
    (entry["pattern"].as_u64().unwrap() as usize, entry["distance"].as_u64().unwrap() as u32)
}

#[test]
fn bits_erased_by_seed() {
    let place = Place::new();
    place.ok("memory digits --noise 0.05 -o memory");
    let exact = |options: &str| {
        let json = place.ok(&format!("recall memory --count 1920 {options} --json")).json();
        (json["recall"]["exact_recall"].as_f64().unwrap(), json["recall"]["nearest_exact_recall"].as_f64().unwrap())
    };
    let (half, nearest) = exact("--erase 0.5");
    assert!(half > 0.85 && nearest > 0.85, "{half} {nearest}");
    assert_eq!((half, nearest), exact("--erase 0.5"));
    assert!((half, nearest) != exact("--erase 0.5 --seed 2"));
    assert!(exact("--erase 1").1 < 0.02, "only the first pattern is ever found");
    assert_eq!(exact("--erase 0"), exact(""));
}

#[test]
fn wrong_masks_are_refused() {
    let place = Place::new();
    asked(&place);
    place.npy("narrow.npy", 7, 23, |_, _| 1);
    place.npy("few.npy", 3, 24, |_, _| 1);
    place.npy("two.npy", 7, 24, |q, i| u8::from(q == 4 && i == 9) * 2);
    let recall = "recall memory --queries cues.npy";
    for (options, code, words) in [
        ("--mask narrow.npy", 1, &["7 rows of 23 bits", "7 cues of 24 bits", "1 where the bit is known"][..]),
        ("--mask few.npy", 1, &["3 rows of 24 bits", "a row for each cue, or one for all"]),
        ("--mask two.npy", 1, &["two.npy", "the value 2 at row 4, column 9"]),
        ("--mask none.npy", 1, &["none.npy"]),
        ("--clamp", 2, &["would keep them all"]),
        ("--erase 1.5", 2, &["the erase is 1.5"]),
        ("--radius -1", 2, &["-1"]),
        ("--radius 25", 1, &["radius is 25, but no distance is above 24"]),
        ("--top 21", 2, &["the nearest 21 patterns, but the memory has 20"]),
        ("--top 0", 2, &["the nearest 0 patterns"]),
        ("--top some", 2, &["must be a number of patterns, or `reach`"]),
    ] {
        place.fails(&format!("{recall} {options} -o a.npy"), code, words);
        assert!(!place.path("a.npy").exists(), "{options}");
    }
    // patterns are whole, and so are the cues of a core
    place.fails("memory cues.txt -o other", 1, &["line 2, column 1", "only bits of a cue may be unknown"]);
    place.fails("train nan.npy -o m.npz", 1, &["NaN at row 1, column 0"]);
    place.fails("cosim memory --queries cues.txt", 2, &["this core takes whole cues"]);
    place.ok("memory digits --labels digits -o classes");
    place.fails("recall classes --erase 0.1 --clamp", 2, &["kind class", "no bit of the cue can be kept"]);
}

/// Of a memory of classes each of them has its class, for people, for programs and in the trace.
#[test]
fn the_nearest_have_their_classes() {
    let place = Place::new();
    std::fs::write(place.path("keys.csv"), "0,0,0,0,0,0,0,1\n0,0,0,0,1,1,1,0\n1,1,1,1,0,0,0,0\n1,1,1,1,1,1,1,1\n")
        .unwrap();
    std::fs::write(place.path("labels.txt"), "cat\ndog\ncat\nbird\n").unwrap();
    place.ok("memory keys.csv --labels labels.txt --noise 0.1 -o memory");
    let memory = folder::load(&place.path("memory")).unwrap();
    let names = memory.parts().classes.clone().unwrap();
    let run = place.ok("recall memory --queries keys.csv --top 3 --trace t.npz --json").json();
    let classes = Npz::open(&place.path("t.npz")).unwrap().get("ranked_class").unwrap();
    for (q, right) in ["cat", "dog", "cat", "bird"].iter().enumerate() {
        let said = run["ranked"][q][0]["class"].as_u64().unwrap() as usize;
        assert_eq!((names[said].as_str(), classes.int(3 * q).unwrap()), (*right, said as i64));
    }
    let text = place.ok("recall memory --queries keys.csv --top 2").out;
    assert!(text.contains("1 (class dog) at 0, "), "{text}");
}
