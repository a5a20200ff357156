//! The files of traces and answers: which arrays stand there, and which are refused.

use hopgate_files::{
    npy::{self, Npy},
    npz::{self, Npz},
    trace::{Trace, save_answers},
};
use hopgate_model::{ErrorKind, bits::BitMatrix, reference::Ranking};
use std::path::Path;

/// Two cues with answers of three bits.
fn trace() -> Trace {
    Trace {
        state: BitMatrix::from_fn(2, 3, |q, i| i > q),
        steps: vec![2, 30],
        converged: vec![true, false],
        nearest: vec![5, 0],
        distance: vec![1, 16384],
        known: vec![false, true],
        field: None,
        ranking: None,
        path: None,
        ranked: None,
        ranked_class: None,
    }
}

/// The same two cues, the first of class 7 and the second of class 2; the first is unknown.
fn classes() -> Trace {
    let ranking = |class, second| Ranking { class, score: 90, second, margin: 4 };
    Trace { state: BitMatrix::zeros(2, 0), ranking: Some(vec![ranking(7, 1023), ranking(2, 7)]), ..trace() }
}

/// Lists of three patterns and of one.
fn lists() -> Vec<Vec<(usize, u32)>> {
    vec![vec![(5, 1), (0, 2), (9, 2)], vec![(4, 8)]]
}

fn numbers(array: &Npy) -> Vec<i64> {
    (0..array.len()).map(|i| array.int(i).expect("whole numbers")).collect()
}

/// The arrays of a file, with the shape and the numbers of each.
fn arrays(path: &Path) -> Vec<(String, Vec<usize>, Vec<i64>)> {
    let mut file = Npz::open(path).expect("a trace");
    let names = file.names().to_vec();
    let of = |name: String| {
        let array = file.get(&name).expect("it is there");
        (name, array.shape().to_vec(), numbers(&array))
    };
    names.into_iter().map(of).collect()
}

#[test]
fn answers_are_bits_classes_or_patterns() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let text = |name: &str, trace: &Trace| {
        trace.save_answers(&home.path().join(name)).expect("saved");
        std::fs::read_to_string(home.path().join(name)).expect("read")
    };
    for (name, between) in [("a.csv", ","), ("a.txt", " ")] {
        assert_eq!(text(name, &trace()), "0,1,1\n0,0,1\n".replace(',', between));
        assert_eq!(text(name, &classes()), "-1\n2\n");
        let ranked = Some(lists());
        assert_eq!(text(name, &Trace { ranked, ..trace() }), "5,0,9\n4,-1,-1\n".replace(',', between));
    }
    let npy = home.path().join("a.npy");
    let written = |trace: &Trace| {
        trace.save_answers(&npy).expect("saved");
        let array = Npy::parse(std::fs::read(&npy).expect("read")).expect("an array");
        (array.type_name(), array.shape().to_vec(), numbers(&array))
    };
    assert_eq!(written(&classes()), ("int32".into(), vec![2], vec![-1, 2]));
    let patterns = (String::from("int32"), vec![2, 3], vec![5, 0, 9, 4, -1, -1]);
    assert_eq!(written(&Trace { ranked: Some(lists()), ..trace() }), patterns);
    assert_eq!(written(&Trace { ranked: Some(vec![vec![]; 2]), ..trace() }).1, [2, 0]);
}

#[test]
fn lists_stand_beside_the_answers_with_their_distances_and_classes() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let path = home.path().join("t.npz");
    let ranked = [
        ("ranked".to_owned(), vec![2, 3], vec![5, 0, 9, 4, -1, -1]),
        ("ranked_distance".to_owned(), vec![2, 3], vec![1, 2, 2, 8, -1, -1]),
        ("ranked_class".to_owned(), vec![2, 3], vec![3, 1, 1, 0, -1, -1]),
    ];
    let all = Trace { ranked: Some(lists()), ranked_class: Some(vec![vec![3, 1, 1], vec![0]]), ..trace() };
    all.save(&path).expect("saved");
    assert_eq!(arrays(&path)[6..], ranked);
    Trace { ranked_class: None, ..all }.save(&path).expect("saved");
    assert_eq!(arrays(&path)[6..], ranked[..2]);
    trace().save(&path).expect("saved");
    let names: Vec<_> = arrays(&path).into_iter().map(|(name, ..)| name).collect();
    assert_eq!(names, ["answers", "steps", "converged", "nearest", "distance", "known"]);
    // of a trace without lists, those that are given
    trace().save_ranked(&path, Some(&lists()), None).expect("saved");
    assert_eq!(arrays(&path)[6..], ranked[..2]);
    let e = trace().save(&home.path().join("t.csv")).expect_err("no such kind");
    assert_eq!(e.kind(), ErrorKind::Usage);
}

#[test]
fn what_is_not_there_is_not_read() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let path = home.path().join("t.npz");
    for trace in [trace(), classes()] {
        trace.save(&path).expect("saved");
        assert_eq!(Trace::load(&path).expect("loaded"), trace);
    }
    // a trace of a program that knows of no radius
    let arrays = [
        ("answers", npy::encode(&[2, 1], [0u8, 1])),
        ("steps", npy::encode(&[2], [1u32, u32::MAX])),
        ("converged", npy::encode(&[2], [false, true])),
        ("nearest", npy::encode(&[2], [u32::MAX, 0])),
        ("distance", npy::encode(&[2], [0u32, 16384])),
    ];
    npz::write(&path, &arrays).expect("written");
    let read = Trace::load(&path).expect("loaded");
    assert_eq!((read.known, read.steps, read.converged), (vec![true; 2], vec![1, u32::MAX], vec![false, true]));
}

#[test]
fn arrays_that_do_not_fit_are_named() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let (good, path) = (home.path().join("good.npz"), home.path().join("t.npz"));
    let refused = |trace: Trace, name: &str, array: Vec<u8>| {
        trace.save(&good).expect("saved");
        let mut file = Npz::open(&good).expect("a trace");
        let mut arrays: Vec<(String, Vec<u8>)> = Vec::new();
        for other in file.names().to_vec() {
            if other != name {
                let array = file.get(&other).expect("it is there");
                arrays.push((other, npy::encode(array.shape(), numbers(&array))));
            }
        }
        arrays.push((name.to_owned(), array));
        let arrays: Vec<_> = arrays.iter().map(|(name, array)| (name.as_str(), array.clone())).collect();
        npz::write(&path, &arrays).expect("written");
        let e = Trace::load(&path).expect_err("it does not fit").to_string();
        assert!(e.contains(&format!("t.npz: array {name}: ")), "{e}");
        e
    };
    for (name, array, why) in [
        ("answers", npy::encode(&[2, 3], [0u8, 1, 2, 0, 1, 1]), "2"),
        ("steps", npy::encode(&[2], [1i64, 1 << 32]), "holds 4294967296, but 0 to 4294967295 are possible"),
        ("steps", npy::encode(&[2], [1i64, -1]), "holds -1, but"),
        ("steps", npy::encode(&[3], [1u32; 3]), "has shape [3], but should have [2]"),
        ("steps", npy::encode(&[2], [1.0, 1.5]), "must hold whole numbers"),
        ("converged", npy::encode(&[2], [1u8, 2]), "holds 2, but 0 to 1 are possible"),
        ("distance", npy::encode(&[2], [16385u32, 1]), "holds 16385, but 0 to 16384 are possible"),
        ("known", npy::encode(&[2, 1], [1u8; 2]), "has shape [2, 1], but should have [2]"),
        ("field", npy::encode(&[2, 2], [1i64; 4]), "has shape [2, 2], but should have [2, 3]"),
        ("path", npy::encode(&[2, 4, 2], [1u8; 16]), "has shape [2, 4, 2], but should have [2, 4, 3]"),
        ("path", npy::encode(&[2, 1, 3], [0u8, 1, 1, 0, 2, 1]), "holds 2, but all must be 0 or 1"),
    ] {
        let e = refused(trace(), name, array);
        assert!(e.contains(why), "{name}: {e}");
    }
    for (name, array, why) in [
        ("class", npy::encode(&[2], [7u32, 1024]), "holds 1024, but 0 to 1023 are possible"),
        ("second", npy::encode(&[2], [1024u32, 7]), "holds 1024, but 0 to 1023 are possible"),
        ("score", npy::encode(&[1], [9i64]), "has shape [1], but should have [2]"),
        ("scores", npy::encode(&[3, 2], [9i64; 6]), "has shape [3, 2], but should have [2, 2]"),
        ("answers", npy::encode(&[2], [7i32, 2]), "is 7 for cue 0, but by the other arrays it is -1"),
        ("answers", npy::encode(&[2], [-1i32, 3]), "is 3 for cue 1, but by the other arrays it is 2"),
    ] {
        let e = refused(classes(), name, array);
        assert!(e.contains(why), "{name}: {e}");
    }
}

#[test]
fn answers_that_are_no_bits_are_refused() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let (csv, npy) = (home.path().join("a.csv"), home.path().join("a.npy"));
    let load = hopgate_files::trace::load_answers;
    save_answers(&trace().state, &csv).expect("saved");
    assert_eq!(load(&csv).expect("loaded"), trace().state);
    std::fs::write(&csv, "0,1\n2,0\n").expect("written");
    assert!(load(&csv).expect_err("a two").to_string().contains("a.csv"));
    std::fs::write(&npy, npy::encode(&[1, 2], [0u8, 2])).expect("written");
    assert!(load(&npy).expect_err("a two").to_string().contains("a.npy"));
    assert_eq!(load(&home.path().join("a.png")).expect_err("not there").kind(), ErrorKind::Io);
}
