//! A model, cut, changed, or with arrays that do not fit: an error that names what is wrong.

use hopgate_files::{
    model_file::{Model, ModelMeta},
    npy, npz,
};
use hopgate_model::{bits::BitMatrix, kind::Kind};
use std::fs;

/// A small one.
pub fn model() -> Model {
    Model {
        patterns: BitMatrix::from_fn(3, 4, |r, c| r == c),
        alpha: ndarray::Array2::from_shape_fn((3, 4), |(r, c)| r as f64 - c as f64),
        gamma: 0.5,
        lambda: 0.01,
        meta: ModelMeta { solver: "newton".into(), ..Default::default() },
    }
}

#[test]
fn models_are_checked_array_by_array() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let file = home.path().join("m.npz");
    let pm = npy::encode(&[2, 2], [1i8, -1, -1, 1]);
    let alpha = npy::encode(&[2, 2], [0.5f64, -0.5, -0.5, 0.5]);
    let nan = npy::encode(&[2, 2], [0.5f64, -0.5, f64::NAN, 0.5]);
    let one = |v: f64| npy::encode(&[1], [v]);
    let cube = npy::encode(&[1, 1, 1], [1.0f64]);
    let pair = npy::encode(&[2], [0.5f64, 0.5]);
    let meta = npy::encode_text;
    let cases = [
        (pm.clone(), nan, one(0.5), one(0.0), meta("{}"), "alpha is NaN at pattern 1, neuron 0"),
        (pm.clone(), one(1.0), one(0.5), one(0.0), meta("{}"), "alpha: not a matrix"),
        (pm.clone(), cube, one(0.5), one(0.0), meta("{}"), "alpha: not a matrix"),
        (npy::encode(&[2, 2], [1i8, 3, 0, 1]), alpha.clone(), one(0.5), one(0.0), meta("{}"), "patterns: the value 3"),
        (npy::encode(&[1, 2], [1i8, -1]), alpha.clone(), one(0.5), one(0.0), meta("{}"), "alpha has shape (2, 2)"),
        (pm.clone(), alpha.clone(), one(0.0), one(0.0), meta("{}"), "gamma is 0"),
        (pm.clone(), alpha.clone(), one(f64::NAN), one(0.0), meta("{}"), "gamma is NaN"),
        (pm.clone(), alpha.clone(), pair, one(0.0), meta("{}"), "gamma: must be one number"),
        (pm.clone(), alpha.clone(), one(0.5), one(-1.0), meta("{}"), "lambda is -1"),
        (pm.clone(), alpha.clone(), one(0.5), one(0.0), meta("{"), "array meta"),
        (pm.clone(), alpha.clone(), one(0.5), one(0.0), meta("{\"labels\": [\"a\"]}"), "1 labels for 2 patterns"),
    ];
    for (patterns, alpha, gamma, lambda, meta, expected) in cases {
        let arrays = [("patterns", patterns), ("alpha", alpha), ("gamma", gamma), ("lambda", lambda), ("meta", meta)];
        npz::write(&file, &arrays).expect("written");
        let e = Model::load(&file).expect_err(expected);
        assert!(e.to_string().contains(expected) && e.to_string().contains("m.npz"), "{expected}: {e}");
    }
    // by hand, with the least there can be: 0/1 patterns, scalars of shape (1,), no meta
    let bits = npy::encode(&[2, 2], [1u8, 0, 0, 1]);
    npz::write(&file, &[("patterns", bits), ("alpha", alpha), ("gamma", one(0.5)), ("lambda", one(0.0))])
        .expect("written");
    assert_eq!(Model::load(&file).expect("valid").patterns, BitMatrix::from_fn(2, 2, |r, c| r == c));
    npz::write(&file, &[("patterns", pm)]).expect("written");
    let e = Model::load(&file).expect_err("alpha is missing");
    assert!(e.to_string().contains("no array alpha") && e.to_string().contains("holds patterns"), "{e}");
    assert!(Model { gamma: -1.0, ..model() }.save(&file).is_err());
}

#[test]
fn patterns_of_a_model_are_all_different() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let file = home.path().join("m.npz");
    let mut twice = model();
    let last = twice.patterns.rows() - 1;
    let row = twice.patterns.row(1).to_vec();
    twice.patterns.set_row(last, &row);
    let said = twice.save(&file).expect_err("two are equal").to_string();
    assert!(said.contains(&format!("pattern {last} is the same as pattern 1")), "{said}");
    assert!(!file.exists());
    let (p, n) = (twice.patterns.rows(), twice.patterns.cols());
    let patterns = npy::encode(&[p, n], twice.patterns.to_bytes());
    let alpha = npy::encode(&[p, n], twice.alpha.iter().copied());
    let one = |v: f64| npy::encode(&[], [v]);
    npz::write(&file, &[("patterns", patterns), ("alpha", alpha), ("gamma", one(0.5)), ("lambda", one(0.1))])
        .expect("written");
    let e = Model::load(&file).expect_err("two are equal");
    assert!(e.to_string().contains("m.npz") && e.to_string().contains("same as pattern 1"), "{e}");
    assert!(e.help_text().is_some());
}

#[test]
fn models_have_1_to_16384_neurons_and_a_pattern() {
    let of = |patterns, neurons| {
        let alpha = ndarray::Array2::zeros((patterns, neurons));
        let patterns = BitMatrix::from_fn(patterns, neurons, |r, c| r == c);
        Model { patterns, alpha, ..model() }.check().map_err(|e| e.to_string())
    };
    assert_eq!((of(1, 1), of(2, 16384)), (Ok(()), Ok(())));
    for (patterns, neurons, expected) in [(2, 16385, "16385 neurons"), (2, 0, "0 neurons"), (0, 3, "no patterns")] {
        assert!(of(patterns, neurons).is_err_and(|e| e.contains(expected)), "{expected}");
    }
}

/// The bytes of a model of version 1, which has no kind, are those that they ever were.
#[test]
fn the_kind_is_said_where_it_is_not_auto() {
    let of = |kind| serde_json::to_string(&ModelMeta { kind, ..Default::default() }).expect("JSON");
    assert!(!of(Kind::Auto).contains("kind") && of(Kind::Map).contains("\"kind\":\"map\""), "{}", of(Kind::Map));
}

#[test]
fn a_part_of_a_model_is_told_from_one_without_a_gamma() {
    let one = || npy::encode(&[], [0.5]);
    let read = |more: &[&'static str]| {
        let bits = npy::encode(&[2, 2], [1u8, 0, 0, 1]);
        let alpha = npy::encode(&[2, 2], [0.5f64, -0.5, -0.5, 0.5]);
        let mut arrays = vec![("patterns", bits), ("alpha", alpha)];
        arrays.extend(more.iter().map(|&name| (name, one())));
        Model::from_bytes(npz::encode(&arrays).expect("made")).map_err(|e| e.to_string())
    };
    assert!(read(&["gamma", "lambda"]).is_ok() && read(&["gamma", "lambda", "places"]).is_ok());
    assert!(read(&["places"]).is_err_and(|e| e.contains("a part of a model")));
    assert!(read(&["lambda"]).is_err_and(|e| e.contains("no array gamma")));
}

#[test]
fn only_classes_have_names_and_each_has_one() {
    let of = |kind, names: usize| {
        let classes = Some((0..names).map(|c| c.to_string()).collect());
        Model { meta: ModelMeta { kind, classes, ..Default::default() }, ..model() }.check().map_err(|e| e.to_string())
    };
    assert_eq!(of(Kind::Class, 4), Ok(()));
    for (kind, names) in [(Kind::Class, 3), (Kind::Class, 5), (Kind::Map, 4), (Kind::Auto, 4)] {
        let said = format!("there are {names} names of classes for 4 outputs of kind {kind}");
        assert_eq!(of(kind, names), Err(said));
    }
}

#[test]
fn models_cut_or_changed_are_named() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let file = home.path().join("m.npz");
    model().save(&file).expect("saved");
    let good = fs::read(&file).expect("read");
    for cut in 0..good.len() {
        fs::write(&file, &good[..cut]).expect("written");
        let e = Model::load(&file).expect_err("cut short");
        assert!(e.to_string().contains("m.npz"), "{e}");
    }
    let mut refused = 0;
    for place in 0..good.len() {
        let mut bytes = good.clone();
        bytes[place] ^= 0x04;
        fs::write(&file, &bytes).expect("written");
        match Model::load(&file) {
            // zip fields that nobody reads, or the name of `meta`, which may be missing
            Ok(m) => assert_eq!((m.patterns, m.alpha), (model().patterns, model().alpha), "byte {place}"),
            Err(e) => {
                refused += 1;
                assert!(e.to_string().contains("m.npz"), "{e}");
            }
        }
    }
    assert!(refused * 10 > good.len() * 8, "only {refused} of {} changes were noticed", good.len());
}
