//! Every file of a memory, cut, changed, or missing: an error that names it, never a panic.

use crate::{
    common::{Shape, assert_same, entries, memory},
    damaged_models::model,
};
use hopgate_files::{folder, model_file::Model, npy};
use hopgate_model::{Error, kernel::KernelMode};
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
        ("neurons", serde_json::json!(16384), "patterns.npy"),
        ("neurons", serde_json::json!(16385), "neurons is 16385"),
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
        ("gamma", serde_json::json!(0), "gamma is 0, but must be greater than 0"),
        ("gamma", serde_json::json!(-1.0), "gamma is -1, but"),
        ("gamma", serde_json::json!(-0.0), "gamma is -0, but"),
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

/// What a writer states under a hash of its own is believed when a memory is read, and no hardware is made by it.
#[test]
fn a_width_stated_under_a_right_hash_is_believed_and_can_be_proved() {
    use hopgate_model::bound::field_bound;
    use sha2::{Digest, Sha256};
    let home = tempfile::tempdir().expect("a temporary folder");
    for mode in [KernelMode::Normalised, KernelMode::Fixed] {
        let path = home.path().join(mode.to_string());
        let honest = memory(Shape { mode, ..SHAPE });
        folder::save(&honest, &path, &Default::default()).expect("saved");
        folder::open(&path).expect("loaded").prove().expect("it is true");
        let is = honest.accumulator_bits();
        let file = path.join("manifest.json");
        let text = fs::read_to_string(&file).expect("read");
        for says in [2, is - 1, is + 1] {
            let lie = text.replace(&format!("\"accumulator_bits\": {is}"), &format!("\"accumulator_bits\": {says}"));
            assert_ne!(lie, text);
            // a hash that is not that of the lines is damage
            fs::write(&file, &lie).expect("written");
            assert!(error(&path).contains("damaged or edited"), "{}", error(&path));
            let of = |text: &str| {
                let mut sha = Sha256::new();
                text.split_inclusive('\n').filter(|l| !l.contains("manifest_sha256")).for_each(|l| sha.update(l));
                sha.finalize().iter().map(|b| format!("{b:02x}")).collect::<String>()
            };
            fs::write(&file, lie.replace(&of(&text), &of(&lie))).expect("written");
            let stored = folder::open(&path).expect("believed");
            assert_eq!((stored.manifest.accumulator_bits, stored.memory.accumulator_bits()), (says, is));
            assert_eq!(stored.memory.bound(), field_bound(honest.parts()));
            if says > is {
                stored.prove().expect("wider than it must be");
            } else {
                let e = stored.prove().expect_err("it is false");
                let says = format!("accumulator_bits is {says}, but the arrays need {is}");
                assert!(e.to_string().contains(&says), "{e}");
                assert!(e.to_string().contains("manifest.json") && e.help_text().is_some(), "{e}");
            }
            // what is saved again is true again
            folder::save(&stored.memory, &home.path().join("again"), &Default::default()).expect("saved");
            folder::open(&home.path().join("again")).expect("loaded").prove().expect("it is true");
        }
    }
}

/// What is given for a memory and is none, or for a model: the message says what it is, and what makes the other of it.
#[test]
fn models_memories_and_other_files_are_told_apart() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let path = saved(home.path());
    let model_file = home.path().join("m.npz");
    model().save(&model_file).expect("saved");
    let said = |e: Error| format!("{e} | {}", e.help_text().unwrap_or_default());
    let no_memory = |path: &Path| said(folder::load(path).expect_err("no memory"));
    let model_said = no_memory(&model_file);
    assert!(model_said.contains("m.npz is a model, not a memory") && model_said.contains("`quantize "), "{model_said}");
    fs::write(home.path().join("x.npz"), "no zip").expect("written");
    assert!(no_memory(&home.path().join("x.npz")).contains("is a file, but a memory is a folder"));
    let inside = no_memory(&path.join("manifest.json"));
    assert!(inside.contains("a file of a memory") && inside.ends_with(&path.display().to_string()), "{inside}");
    assert!(no_memory(&home.path().join("nothing")).contains("there is no memory folder"));
    assert!(no_memory(home.path()).contains("there is no manifest.json in it"));
    let no_model = said(Model::load(&path).expect_err("no model"));
    assert!(no_model.contains("is a memory, not a model") && no_model.contains("`train`"), "{no_model}");
    assert!(said(Model::load(home.path()).expect_err("a folder")).contains("it is a folder"));
}

/// Reading does not wait for somebody who writes to a pipe.
#[test]
fn a_pipe_in_the_place_of_a_file_is_refused() {
    let home = tempfile::tempdir().expect("a temporary folder");
    for file in ["manifest.json", "patterns.npy", "offset.npy", "labels.json"] {
        let path = saved(home.path());
        fs::remove_file(path.join(file)).expect("removed");
        if !std::process::Command::new("mkfifo").arg(path.join(file)).status().is_ok_and(|m| m.success()) {
            println!("skipped: no mkfifo");
            return;
        }
        let said = error(&path);
        assert!(said.contains(file) && said.contains("a pipe or a device"), "{said}");
        assert!(!folder::is_memory(&path) || file != "manifest.json");
        fs::remove_dir_all(&path).expect("removed");
    }
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
