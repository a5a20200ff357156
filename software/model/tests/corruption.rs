//! Every file of a memory or a model, cut, changed, or missing: an error that names it, never a panic.
#![cfg(feature = "std")]

mod common;

use common::{assert_same, entries, memory, Shape};
use hopgate_model::{
    bits::BitMatrix,
    folder,
    kernel::KernelMode,
    model_file::{Model, ModelMeta},
    npy, npz,
};
use std::{
    fs,
    path::{Path, PathBuf},
};

const SHAPE: Shape = Shape {
    neurons: 11,
    patterns: 5,
    planes: 2,
    kernel_bits: 8,
    mode: KernelMode::Normalised,
    shared: true,
    labels: true,
    seed: 77,
};

fn saved(home: &Path) -> PathBuf {
    let path = home.join("memory");
    folder::save(&memory(SHAPE), &path, &Default::default()).expect("saved");
    path
}

fn error(path: &Path) -> String {
    match folder::load(path) {
        Ok(_) => panic!("{} was accepted", path.display()),
        Err(e) => e.to_string(),
    }
}

/// Takes the two optional guards out of a manifest and applies a change, as another program might write it.
fn unguarded(path: &Path, change: impl FnOnce(&mut serde_json::Value)) {
    let file = path.join("manifest.json");
    let mut json: serde_json::Value = serde_json::from_slice(&fs::read(&file).expect("read")).expect("JSON");
    let object = json.as_object_mut().expect("an object");
    object.remove("manifest_sha256");
    object.remove("files");
    change(&mut json);
    fs::write(&file, serde_json::to_string(&json).expect("JSON")).expect("written");
}

#[test]
fn every_file_cut_changed_or_missing_is_named() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let path = saved(home.path());
    let original = memory(SHAPE);
    let files = entries(&path);
    let all = ["kernel.npy", "labels.json", "manifest.json", "offset.npy", "patterns.npy", "planes.npy"];
    assert_eq!(files, all);
    for name in &files {
        let file = path.join(name);
        let good = fs::read(&file).expect("read");
        fs::remove_file(&file).expect("removed");
        assert!(error(&path).contains(name.as_str()), "missing {name}: {}", error(&path));
        for cut in 0..good.len() {
            fs::write(&file, &good[..cut]).expect("written");
            // a manifest without its last newline is still whole
            match folder::load(&path) {
                Ok(m) => {
                    assert!(name == "manifest.json" && cut + 1 == good.len(), "{name} cut to {cut} was accepted");
                    assert_same(&m, &original);
                }
                Err(e) => assert!(e.to_string().contains(name.as_str()), "{name} cut to {cut}: {e}"),
            }
        }
        for place in 0..good.len() {
            for mask in [0x01, 0x20] {
                let mut bytes = good.clone();
                bytes[place] ^= mask;
                fs::write(&file, &bytes).expect("written");
                assert!(error(&path).contains(name.as_str()), "{name}, byte {place}: {}", error(&path));
            }
        }
        fs::write(&file, &good).expect("written");
    }
    assert_same(&folder::load(&path).expect("all is whole again"), &original);
}

#[test]
fn what_is_wrong_with_a_file_says_more_than_its_hash() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let path = saved(home.path());
    let labels = path.join("labels.json");
    fs::write(&labels, "[\"a\"]").expect("written");
    assert!(error(&path).contains("labels.json: damaged or changed: its SHA-256"), "{}", error(&path));
    // as large as it says it is, it is not read
    fs::File::create(&labels).and_then(|f| f.set_len((256 << 20) + 1)).expect("made");
    assert!(error(&path).contains("labels.json is larger than 256 MiB"), "{}", error(&path));
    let patterns = path.join("patterns.npy");
    let mut bytes = fs::read(&patterns).expect("read");
    bytes[128] ^= 1;
    fs::write(&patterns, &bytes).expect("written");
    assert!(error(&path).contains("patterns.npy: damaged or changed: its SHA-256"), "{}", error(&path));
    fs::write(&patterns, &bytes[..130]).expect("written");
    assert!(error(&path).contains("patterns.npy: damaged: cut short"), "{}", error(&path));
}

#[test]
fn a_folder_that_another_program_wrote_needs_no_file_hashes() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let path = saved(home.path());
    unguarded(&path, |_| {});
    assert_same(&folder::load(&path).expect("it is valid"), &memory(SHAPE));
}

/// Only such a folder may be replaced.
#[test]
fn a_memory_is_a_manifest_and_no_files_of_others() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let path = saved(home.path());
    assert!(folder::is_memory(&path));
    assert!(!folder::is_memory(home.path()), "it holds a folder");
    assert!(!folder::is_memory(&home.path().join("nothing")));
    fs::write(path.join("notes.txt"), "").expect("written");
    assert!(!folder::is_memory(&path), "a file of another name");
    fs::remove_file(path.join("notes.txt")).expect("removed");
    fs::remove_file(path.join("labels.json")).expect("removed");
    assert!(folder::is_memory(&path), "labels are optional");
    fs::create_dir(path.join("labels.json")).expect("made");
    assert!(!folder::is_memory(&path), "a folder of a file's name");
    fs::remove_dir(path.join("labels.json")).expect("removed");
    unguarded(&path, |json| json["version"] = 7.into());
    assert!(folder::is_memory(&path), "of any version");
    unguarded(&path, |json| json["format"] = "another".into());
    assert!(!folder::is_memory(&path), "of another program");
    fs::write(path.join("manifest.json"), "{").expect("written");
    assert!(!folder::is_memory(&path), "damaged");
    fs::remove_file(path.join("manifest.json")).expect("removed");
    assert!(!folder::is_memory(&path), "no manifest");
}

#[test]
fn derived_and_recorded_fields_must_agree() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let m = memory(SHAPE);
    let cases = [
        ("version", serde_json::json!(2), "version 2"),
        ("version", serde_json::json!("1"), "version number"),
        ("format", serde_json::json!("other"), "format"),
        ("neurons", serde_json::json!(12), "patterns.npy"),
        ("neurons", serde_json::json!(1024), "patterns.npy"),
        ("neurons", serde_json::json!(1025), "neurons is 1025"),
        ("neurons", serde_json::json!(0), "neurons is 0"),
        ("neurons", serde_json::json!(-1), "manifest.json"),
        ("patterns", serde_json::json!(0), "patterns is 0"),
        ("patterns", serde_json::json!(4), "patterns.npy"),
        ("patterns", serde_json::json!(u64::MAX), "patterns.npy"),
        ("planes", serde_json::json!(3), "planes.npy"),
        ("planes", serde_json::json!(0), "planes is 0"),
        ("planes", serde_json::json!(16), "planes.npy"),
        ("planes", serde_json::json!(17), "planes is 17"),
        ("top_plane_is_pattern", serde_json::json!(false), "top_plane_is_pattern is false"),
        ("reach", serde_json::json!(m.reach() + 1), "reach is"),
        ("accumulator_bits", serde_json::json!(m.accumulator_bits() - 1), "accumulator_bits is"),
        ("kernel_bits", serde_json::json!(4), "kernel.npy"),
        ("kernel_bits", serde_json::json!(64), "kernel_bits is 64"),
        ("kernel_mode", serde_json::json!("other"), "expected `normalised` or `fixed`"),
        ("max_steps", serde_json::json!(0), "max_steps is 0"),
        ("gamma", serde_json::json!(null), "manifest.json"),
        ("sha256", serde_json::json!("00"), "sha256 is 00"),
        ("surprise", serde_json::json!(1), "surprise"),
    ];
    for (i, (field, value, expected)) in cases.into_iter().enumerate() {
        let path = saved(&home.path().join(i.to_string())); // a damaged memory is not replaced
        unguarded(&path, |json| json[field] = value.clone());
        let said = error(&path);
        assert!(said.contains(expected) && said.contains("memory"), "{field} = {value}: {said}");
    }
    let path = saved(home.path());
    unguarded(&path, |json| drop(json.as_object_mut().expect("an object").remove("reach")));
    assert!(error(&path).contains("reach"), "{}", error(&path));
}

#[test]
fn arrays_of_wrong_type_shape_or_value_are_named() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let cases: [(&str, Vec<u8>, &str); 8] = [
        ("patterns.npy", npy::encode(&[5, 11], vec![2u8; 55]), "2 at pattern 0, neuron 0"),
        ("patterns.npy", npy::encode(&[5, 11], vec![1i8; 55]), "int8"),
        ("patterns.npy", npy::encode(&[11, 5], vec![1u8; 55]), "[11, 5]"),
        (
            "planes.npy",
            npy::encode(&[2, 5, 11], (0..110).map(|i| 3 * u8::from(i == 90))),
            "plane 1, pattern 3, neuron 2",
        ),
        ("kernel.npy", npy::encode(&[2, 12], (0..24u32).map(|i| 256 * u32::from(i == 14))), "column 1 at e = 2"),
        ("kernel.npy", npy::encode(&[2, 12], vec![1i32; 24]), "int32"),
        ("offset.npy", npy::encode(&[12], vec![7i32; 12]), "manifest.json"), // valid, but another memory
        ("labels.json", b"[\"a\", \"b\"]".to_vec(), "2 labels"),
    ];
    for (name, bytes, expected) in cases {
        let path = saved(home.path());
        unguarded(&path, |_| {});
        fs::write(path.join(name), bytes).expect("written");
        let said = error(&path);
        assert!(said.contains(expected), "{name}: {said}");
        assert!(said.contains(name) || expected == "manifest.json", "{name}: {said}");
    }
    assert!(error(&home.path().join("nowhere")).contains("no memory folder"));
    assert!(error(home.path()).contains("manifest.json"));
}

fn model() -> Model {
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
fn models_have_1_to_1024_neurons_and_a_pattern() {
    let of = |patterns, neurons| {
        let (patterns, alpha) = (BitMatrix::zeros(patterns, neurons), ndarray::Array2::zeros((patterns, neurons)));
        Model { patterns, alpha, ..model() }.check().map_err(|e| e.to_string())
    };
    assert_eq!((of(1, 1), of(2, 1024)), (Ok(()), Ok(())));
    for (patterns, neurons, expected) in [(2, 1025, "1025 neurons"), (2, 0, "0 neurons"), (0, 3, "no patterns")] {
        assert!(of(patterns, neurons).is_err_and(|e| e.contains(expected)), "{expected}");
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
