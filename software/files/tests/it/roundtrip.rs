//! What is written is what is read, and the same thing always gives the same bytes.

use crate::common::{assert_same, entries, memory, of_kind, shapes};
use hopgate_files::{
    folder,
    model_file::{Model, ModelMeta},
    patterns::Patterns,
    trace::{self, Quantity, Trace},
};
use hopgate_model::{kind::Kind, noise, reference};
use ndarray::Array2;
use proptest::prelude::*;
use rand::Rng;
use std::path::Path;

fn bytes(path: &Path) -> Vec<u8> {
    std::fs::read(path).expect("it was just written")
}

fn any_kind() -> impl Strategy<Value = Kind> {
    proptest::sample::select(&Kind::ALL[..])
}

fn model(neurons: usize, patterns: usize, seed: u64) -> Model {
    model_of(Kind::Auto, neurons, patterns, seed)
}

fn model_of(kind: Kind, neurons: usize, patterns: usize, seed: u64) -> Model {
    let mut rng = noise::rng(seed, 3);
    let bits = Patterns::new(noise::random(patterns, neurons, seed), "").merge_duplicates().bits;
    let patterns = bits.rows();
    let outputs = if kind.answers_keys() { neurons } else { 2 + (seed % 9) as usize };
    let extra = serde_json::json!({ "gamma_tried": [0.1, 0.2], "shape": [16, 8] });
    Model {
        patterns: bits,
        alpha: Array2::from_shape_fn((patterns, outputs), |_| rng.random::<f64>() * 2.0 - 1.0),
        gamma: 0.01 + rng.random::<f64>(),
        lambda: rng.random(),
        meta: ModelMeta {
            kind,
            classes: (kind == Kind::Class).then(|| (0..outputs).map(|c| c.to_string()).collect()),
            solver: "newton \u{3b1}\u{1f600}".into(),
            iterations: seed,
            residual: 1e-9,
            seed,
            version: "0.1.0".into(),
            labels: seed.is_multiple_of(2).then(|| (0..patterns).map(|mu| format!("\u{416}{mu}")).collect()),
            extra: extra.as_object().cloned().unwrap_or_default(),
        },
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_memory_comes_back(shape in shapes(130, 12), kind in any_kind(), first in any::<bool>()) {
        let home = tempfile::tempdir().expect("a temporary folder");
        let m = if first { memory(shape) } else { of_kind(shape, kind) };
        let info = serde_json::json!({ "model": "m.npz" }).as_object().cloned().unwrap_or_default();
        let (a, b) = (home.path().join("a"), home.path().join("deep/er/b"));
        folder::save(&m, &a, &info).expect("saved");
        folder::save(&m, &b, &info).expect("saved");
        let back = folder::load(&a).expect("loaded");
        assert_same(&m, &back);
        prop_assert_eq!(folder::hash(&m), folder::hash(&back));
        let manifest = folder::manifest(&a).expect("read");
        prop_assert_eq!((&manifest.sha256, &manifest.info), (&folder::hash(&m), &info));
        let version_1 = m.kind() == Kind::Auto && m.radius() as usize == m.neurons();
        prop_assert_eq!(manifest.version, if version_1 { 1 } else { 2 });
        prop_assert_eq!((manifest.kind(), manifest.outputs(), manifest.radius()), (m.kind(), m.outputs(), m.radius()));
        for file in entries(&a) {
            prop_assert_eq!(bytes(&a.join(&file)), bytes(&b.join(&file)), "{}", file);
        }
        // without a folder
        let mut files = folder::to_files(&m, &manifest.info).expect("made");
        prop_assert_eq!(files.keys().cloned().collect::<Vec<_>>(), entries(&a));
        prop_assert!(files.iter().all(|(name, content)| *content == bytes(&a.join(name))));
        assert_same(&m, &folder::from_files(&files).expect("read").memory);
        files.get_mut("offset.npy").expect("it is there")[130] ^= 1;
        prop_assert!(folder::from_files(&files).unwrap_err().to_string().starts_with("offset.npy: damaged"));
        files.remove("offset.npy");
        prop_assert_eq!(folder::from_files(&files).unwrap_err().to_string(), "there is no offset.npy");
    }

    #[test]
    fn a_model_comes_back(kind in any_kind(), neurons in 1..130usize, patterns in 1..12usize, seed in any::<u64>()) {
        let home = tempfile::tempdir().expect("a temporary folder");
        let (a, b) = (home.path().join("a.npz"), home.path().join("b.npz"));
        let m = model_of(kind, neurons, patterns, seed);
        m.save(&a).expect("saved");
        m.save(&b).expect("saved");
        prop_assert_eq!(bytes(&a), bytes(&b));
        prop_assert_eq!(&Model::load(&a).expect("loaded"), &m);
        prop_assert_eq!(m.to_bytes().expect("made"), bytes(&a));
        prop_assert_eq!(Model::from_bytes(bytes(&a)).expect("read"), m);
    }

    #[test]
    fn traces_and_answers_come_back(shape in shapes(130, 12), kind in any_kind(), cues in 1..9usize) {
        let home = tempfile::tempdir().expect("a temporary folder");
        let m = of_kind(shape, kind);
        let queries = noise::random(cues, m.neurons(), shape.seed ^ 5);
        let answers: Vec<_> = (0..cues).map(|q| reference::recall(&m, queries.row(q))).collect();
        let mut t = Trace::from_answers(&answers, m.outputs());
        let (npz, npy) = (home.path().join("t.npz"), home.path().join("a.npy"));
        for _ in 0..2 {
            t.save(&npz).expect("saved");
            prop_assert_eq!(&Trace::load(&npz).expect("loaded"), &t);
            prop_assert_eq!(t.to_bytes().expect("made"), bytes(&npz));
            prop_assert_eq!(&Trace::from_bytes(bytes(&npz)).expect("read"), &t);
            t.field = None;
        }
        if kind == Kind::Class {
            let known = answers.iter().map(|a| if a.known { a.ranking.unwrap().class as i32 } else { -1 });
            prop_assert_eq!(t.classes(), Some(known.collect()));
            return Ok(());
        }
        for answers in [npy, home.path().join("a.csv"), home.path().join("a.txt"), home.path().join("a")] {
            trace::save_answers(&t.state, &answers).expect("saved");
            prop_assert_eq!(&trace::load_answers(&answers).expect("loaded"), &t.state);
            // as cues, too
            let cues = hopgate_files::patterns::load_queries(&answers, m.outputs()).expect("read");
            prop_assert_eq!(&cues.bits, &t.state, "{}", answers.display());
        }
    }
}

#[test]
fn what_a_name_says_is_what_is_written() {
    use hopgate_model::bits::BitMatrix;
    let home = tempfile::tempdir().expect("a temporary folder");
    let answers = BitMatrix::from_fn(2, 3, |r, c| r == c);
    let written = |name: &str| {
        trace::save_answers(&answers, &home.path().join(name)).expect("saved");
        bytes(&home.path().join(name))
    };
    assert_eq!(written("a.csv"), b"1,0,0\n0,1,0\n");
    assert_eq!(written("a.txt"), b"1 0 0\n0 1 0\n");
    assert_eq!(written("a"), written("a.npy"));
    let before = entries(home.path());
    for name in ["a.npz", "a.png", "a.xlsx"] {
        assert!(trace::save_answers(&answers, &home.path().join(name)).is_err(), "{name}");
    }
    let trace = Trace {
        state: answers,
        steps: vec![1; 2],
        converged: vec![true; 2],
        nearest: vec![0; 2],
        distance: vec![0; 2],
        known: vec![true; 2],
        field: None,
        ranking: None,
        path: None,
        ranked: None,
        ranked_class: None,
    };
    assert!(trace.save(&home.path().join("t.npy")).is_err_and(|e| e.to_string().contains("a trace cannot")));
    assert!(model(3, 2, 1).save(&home.path().join("m.txt")).is_err_and(|e| e.to_string().contains("a model cannot")));
    assert_eq!(entries(home.path()), before, "nothing was written under a wrong name");
}

#[test]
fn the_hash_is_of_the_elements_in_the_documented_order() {
    // one neuron, two patterns, one plane: patterns 0 1, plane 1 1, kernel 3 2, offset 0 -1
    use hopgate_model::{bits::BitMatrix, memory::*};
    use sha2::{Digest, Sha256};
    let mut parts = Parts::of(BitMatrix::from_fn(2, 1, |r, _| r == 1));
    parts.planes = vec![BitMatrix::from_fn(2, 1, |_, _| true)];
    parts.kernel = vec![vec![3, 2]];
    parts.offset = vec![0, -1];
    let written = [0, 1, 1, 1, 3, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255];
    let digest: String = Sha256::digest(written).iter().map(|b| format!("{b:02x}")).collect();
    assert_eq!(folder::hash(&Memory::new(parts.clone()).expect("in range")), digest);
    // version 2: behind them the kind and the radius
    parts.radius = 0;
    let digest: String =
        Sha256::digest([&written[..], b"auto", &[0; 4]].concat()).iter().map(|b| format!("{b:02x}")).collect();
    assert_eq!(folder::hash(&Memory::new(parts).expect("in range")), digest);
}

const SHAPE: crate::common::Shape = crate::common::Shape {
    neurons: 70,
    patterns: 9,
    planes: 2,
    kernel_bits: 8,
    mode: hopgate_model::kernel::KernelMode::Normalised,
    shared: true,
    labels: false,
    seed: 4,
};

#[test]
fn the_first_difference_is_named() {
    let m = memory(SHAPE);
    let queries = noise::random(5, 70, 1);
    let answers: Vec<_> = (0..5).map(|q| reference::recall(&m, queries.row(q))).collect();
    let right = Trace::from_answers(&answers, 70);
    assert_eq!(right.first_difference(&right.clone()), None);

    type Change = fn(&mut Trace);
    let changes: [(Change, Quantity, Option<usize>); 8] = [
        (|t| t.steps[3] += 1, Quantity::Steps, None),
        (|t| t.nearest[3] += 1, Quantity::Nearest, None),
        (|t| t.distance[3] += 1, Quantity::Distance, None),
        (|t| t.field.as_mut().expect("there")[[3, 66]] += 1, Quantity::Field, Some(66)),
        (|t| t.state.set(3, 66, !t.state.get(3, 66)), Quantity::State, Some(66)),
        (|t| t.converged[3] ^= true, Quantity::Converged, None),
        (|t| t.known[3] ^= true, Quantity::Known, None),
        (|t| t.state = noise::random(5, 71, 1), Quantity::Shape, None),
    ];
    for (change, quantity, neuron) in changes {
        let mut wrong = right.clone();
        change(&mut wrong);
        let found = wrong.first_difference(&right).expect("they differ");
        assert_eq!((found.quantity, found.neuron), (quantity, neuron));
        assert_ne!(found.left, found.right);
        if quantity != Quantity::Shape {
            assert_eq!((found.cue, found.step), (3, right.steps[3]));
            assert!(found.to_string().starts_with("cue 3, step "), "{found}");
        }
    }
    let m = of_kind(crate::common::Shape { seed: 5, ..SHAPE }, Kind::Class);
    let answers: Vec<_> = (0..5).map(|q| reference::recall(&m, queries.row(q))).collect();
    let classes = Trace::from_answers(&answers, m.outputs());
    type Ranked = fn(&mut reference::Ranking);
    let changes: [(Ranked, Quantity); 4] = [
        (|r| r.class += 1, Quantity::Class),
        (|r| r.score += 1, Quantity::Score),
        (|r| r.second += 1, Quantity::Second),
        (|r| r.margin += 1, Quantity::Margin),
    ];
    for (change, quantity) in changes {
        let mut wrong = classes.clone();
        change(&mut wrong.ranking.as_mut().expect("classes")[2]);
        let found = wrong.first_difference(&classes).expect("they differ");
        assert_eq!((found.cue, found.quantity), (2, quantity));
    }
    let m = of_kind(SHAPE, Kind::Sequence);
    let answers: Vec<_> = (0..5).map(|q| reference::recall(&m, queries.row(q))).collect();
    let states = Trace::from_answers(&answers, 70);
    let mut wrong = states.clone();
    let of = &mut wrong.path.as_mut().expect("a sequence")[4];
    of.set(2, 66, !of.get(2, 66));
    wrong.known[4] ^= true;
    let found = wrong.first_difference(&states).expect("they differ");
    assert_eq!((found.cue, found.step, found.quantity, found.neuron), (4, 3, Quantity::Path, Some(66)));
    let answers: Vec<_> = (0..5).map(|q| reference::listed(&m, queries.row(q), None, 70, 3)).collect();
    let lists = Trace::from_answers(&answers, 70);
    let mut wrong = lists.clone();
    wrong.ranked.as_mut().expect("lists")[3].pop();
    wrong.known[3] ^= true;
    let found = wrong.first_difference(&lists).expect("they differ");
    assert_eq!((found.cue, found.step, found.quantity, found.left), (3, 3, Quantity::Ranked, -1));
    let mut wrong = lists.clone();
    wrong.ranked.as_mut().expect("lists")[1][2].1 += 1;
    let found = wrong.first_difference(&lists).expect("they differ");
    assert_eq!((found.cue, found.step, found.quantity), (1, 3, Quantity::RankedDistance));
    assert!(found.to_string().starts_with("cue 1, rank 3: "), "{found}");
    let classed = Trace { ranked_class: Some(vec![vec![2, 0, 1]; 5]), ..lists };
    let mut wrong = classed.clone();
    wrong.ranked_class.as_mut().expect("classes")[2][1] = 1;
    let found = wrong.first_difference(&classed).expect("they differ");
    assert_eq!((found.cue, found.step, found.quantity, found.left), (2, 2, Quantity::RankedClass, 1));
    // a trace without fields is compared in everything else
    let blind = Trace { field: None, ..right.clone() };
    assert_eq!(blind.first_difference(&right), None);
}
