//! Memories from files that came over a network, of the second version too, and what is said of wrong ones.

use crate::common::{Shape, of_kind};
use hopgate_files::{folder, npy};
use hopgate_model::{kernel::KernelMode, kind::Kind};
use serde_json::{Value, json};
use std::collections::BTreeMap;

type Files = BTreeMap<String, Vec<u8>>;

fn files(kind: Kind) -> Files {
    let mode = KernelMode::Normalised;
    let shape =
        Shape { neurons: 11, patterns: 5, planes: 2, kernel_bits: 8, mode, shared: false, labels: false, seed: 3 };
    folder::to_files(&of_kind(shape, kind), &Default::default()).expect("written")
}

/// The same without guards, and with a change of its manifest, as another program might write it.
fn changed(kind: Kind, change: impl FnOnce(&mut serde_json::Map<String, Value>)) -> Files {
    let mut files = files(kind);
    let mut json: Value = serde_json::from_slice(&files["manifest.json"]).expect("JSON");
    let object = json.as_object_mut().expect("an object");
    object.remove("manifest_sha256");
    object.remove("files");
    change(object);
    files.insert("manifest.json".into(), json.to_string().into_bytes());
    files
}

fn error(files: &Files) -> String {
    folder::from_files(files).expect_err("it is wrong").to_string()
}

#[test]
fn what_is_no_memory_is_said_to_be_none() {
    assert_eq!(error(&Files::new()), "what is given is not a memory: there is no manifest.json in it");
}

#[test]
fn a_manifest_has_up_to_16_mebibytes() {
    let of = |bytes: usize| error(&Files::from([("manifest.json".into(), vec![b' '; bytes])]));
    assert!(of(16 << 20).contains("not JSON"), "{}", of(16 << 20));
    assert_eq!(of((16 << 20) + 1), "manifest.json is larger than 16 MiB");
}

#[test]
fn fields_of_the_second_version_are_there_together_and_in_range() {
    for kind in [Kind::Map, Kind::Class, Kind::Sequence] {
        folder::from_files(&changed(kind, |_| {})).expect("it is right");
        let set = |field: &str, value: Value| error(&changed(kind, |m| drop(m.insert(field.into(), value))));
        assert!(set("version", json!(1)).contains("kind, outputs and radius are of version 2"), "{kind}");
        assert!(set("outputs", json!(0)).contains("outputs is 0, but must be 1 to"), "{kind}");
        let most = kind.most_outputs();
        assert!(set("outputs", json!(most)).contains("planes.npy"), "{kind}");
        assert!(set("outputs", json!(most + 1)).contains(&format!("must be 1 to {most}")), "{kind}");
        assert!(set("radius", json!(12)).contains("radius is 12, but must be 0 to 11"), "{kind}");
        for field in ["kind", "outputs", "radius"] {
            let said = error(&changed(kind, |m| drop(m.remove(field))));
            assert!(said.contains("the memory has version 2, which has"), "{kind} without {field}: {said}");
        }
    }
    let widest = changed(Kind::Map, |m| drop(m.insert("radius".into(), json!(11))));
    assert!(error(&widest).contains("sha256"), "{}", error(&widest));
}

/// Columns of keys are neurons, and those of what is answered are outputs, unless that is a key.
#[test]
fn wrong_bits_are_named_by_what_they_are_of() {
    for (kind, column) in [(Kind::Map, "output"), (Kind::Class, "output"), (Kind::Sequence, "neuron")] {
        let mut wrong = changed(kind, |_| {});
        let outputs = folder::from_files(&wrong).expect("it is right").memory.outputs();
        let at = |matrix: usize| 5 * outputs * matrix + outputs + 1;
        let planes = npy::encode(&[2, 5, outputs], (0..10 * outputs).map(|i| 2 * u8::from(i == at(1))));
        wrong.insert("planes.npy".into(), planes);
        assert!(error(&wrong).contains(&format!("2 at plane 1, pattern 1, {column} 1, but")), "{}", error(&wrong));
        wrong.insert("patterns.npy".into(), npy::encode(&[5, 11], (0..55).map(|i| 3 * u8::from(i == 24))));
        assert!(error(&wrong).contains("3 at pattern 2, neuron 2, but"), "{}", error(&wrong));
    }
}
