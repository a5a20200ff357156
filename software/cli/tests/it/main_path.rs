//! The main path: patterns to Verilog, on a built-in set and on a file, and that it is the same every time.

use crate::common::{Place, below};
use hopgate_files::{folder, model_file::Model, patterns, trace};

#[test]
fn from_random_patterns_to_verilog() {
    let place = Place::new();
    let trained = place.ok("train random:N=40,P=80,seed=2 --gamma auto --json -o deep/model.npz").json();
    assert_eq!((&trained["patterns"], &trained["neurons"], &trained["load"]), (&80.into(), &40.into(), &2.0.into()));
    assert!(trained["residual"].as_f64().unwrap() <= 1e-8, "{trained}");
    let tried = trained["gamma_search"]["tried"].as_array().unwrap();
    assert!(tried.len() >= 9 && tried.iter().any(|t| t["gamma"] == trained["gamma"]));
    let model = Model::load(&place.path("deep/model.npz")).unwrap();
    assert_eq!(model.meta.extra["source"], "random:N=40,P=80,seed=2");
    assert_eq!(model.meta.extra["gamma_search"], trained["gamma_search"]);

    let quantized = place.ok("quantize deep/model.npz --bits 1 --json -o deep/memory").json();
    assert_eq!(quantized["quantize"]["top_plane_is_pattern"], true);
    assert_eq!(quantized["quantize"]["storage_bits"], 40 * 80);
    assert_eq!(quantized["quantize"]["sign_disagreements"], 0);
    let memory = folder::load(&place.path("deep/memory")).unwrap();
    assert_eq!(quantized["memory"]["sha256"], folder::hash(&memory));

    let recalled =
        place.ok("recall deep/memory --noise 0.05 --count 200 --seed 7 --json -o a.npy --trace t.npz").json();
    let recalled = &recalled["recall"];
    assert_eq!(recalled["cues"], 200);
    assert!(recalled["exact_recall"].as_f64().unwrap() > 0.8, "{recalled}");
    let (answers, trace) = (trace::load_answers(&place.path("a.npy")), trace::Trace::load(&place.path("t.npz")));
    let (answers, trace) = (answers.unwrap(), trace.unwrap());
    assert_eq!((answers.rows(), answers.cols()), (200, 40));
    assert_eq!(trace.state, answers);
    let exact = (0..200).filter(|q| answers.row(*q) == memory.patterns().row(q % 80)).count();
    assert_eq!(recalled["exact"], exact);
    let converged = trace.converged.iter().filter(|c| **c).count();
    assert_eq!(recalled["converged"], converged);

    place.ok("verilog deep/memory -o deep/rtl");
    let verilog = std::fs::read_to_string(place.path("deep/rtl/hopgate_core.v")).unwrap();
    assert!(verilog.contains(&folder::hash(&memory)) && verilog.contains("module hopgate_core"));
    for file in ["kernel.hex", "row_0.hex", "row_1.hex", "row_2.hex", "manifest.json"] {
        assert!(place.path("deep/rtl").join(file).exists(), "{file}");
    }
    assert_eq!(
        std::fs::read(place.path("deep/rtl/manifest.json")).unwrap(),
        std::fs::read(place.path("deep/memory/manifest.json")).unwrap()
    );
    let estimate = place.ok("estimate deep/memory --json").json();
    assert_eq!((&estimate["fits"], &estimate["shape"]["patterns"]), (&true.into(), &80.into()));
}

#[test]
fn from_somebody_elses_array() {
    let place = Place::new();
    // -1 and 1, floats, and two rows twice
    place.npy("mine.npy", 20, 18, |r, c| if (r % 18 * 7 + c * c) % 5 < 2 { 1.0f32 } else { -1.0 });
    let printed = place.ok("train mine.npy --gamma 0.2 -o model.npz");
    let distinct = patterns::load(place.path("mine.npy").to_str().unwrap()).unwrap().bits.rows();
    assert!(distinct < 20, "the test is about duplicates");
    assert!(printed.err.contains("repeat an earlier one and were merged"), "{}", printed.err);
    assert!(printed.out.contains(&format!("{distinct} of 18 neurons")), "{}", printed.out);
    assert!(printed.out.contains("KKT residual"), "{}", printed.out);
    place.ok("quantize model.npz --bits 2 --scheme uniform --kernel-bits 12 --kernel fixed --max-steps 9 -o memory");
    let memory = folder::load(&place.path("memory")).unwrap();
    assert_eq!((memory.parts().kernel_bits, memory.parts().max_steps, memory.planes().len()), (12, 9, 2));
    assert_eq!(memory.parts().kernel_mode.to_string(), "fixed");
    let text = place.ok("recall memory --queries mine.npy -o answers.npy").out;
    assert!(text.contains("converged") && !text.contains("exact recall"), "{text}");
    place.ok("verilog memory --top board -o rtl");
    assert!(std::fs::read_to_string(place.path("rtl/hopgate_board.v")).unwrap().contains("module hopgate_board"));
}

#[test]
fn gradient_descent_stopped_early_is_told() {
    let place = Place::new();
    let json =
        place.ok("train random:N=16,P=40 --gamma 0.01 --method gd --epochs 3 --rate 0.001 --json -o m.npz").json();
    assert_eq!((&json["iterations"], &json["method"]), (&3.into(), &"gd".into()));
    assert!(json["residual"].as_f64().unwrap() > 1e-3 && json["objective"].is_number());
    let printed = place.ok("quantize m.npz --bits 2 -o memory");
    assert!(printed.err.contains("contradict the sign of their stored bit"), "{}", printed.err);
    place.fails(
        "train random:N=16,P=400 --gamma 0.001 --method gd --rate 1000 -o d.npz",
        1,
        &["does not converge at rate 1000", "largest safe rate"],
    );
}

/// The whole path in a fresh place, in this many threads (0: as many as there are).
fn whole_path(threads: usize) -> std::collections::BTreeMap<std::path::PathBuf, Vec<u8>> {
    let place = Place::new();
    for line in [
        "train random:N=50,P=90,seed=4 --gamma auto -q -o out/model.npz",
        "train random:N=50,P=90,seed=4 --gamma 0.1 --method gd --epochs 20 -q -o out/descent.npz",
        "quantize out/model.npz --bits 3 -q -o out/memory",
        "quantize out/descent.npz --bits 4 --scheme uniform -q -o out/uniform",
        "recall out/memory --noise 0.15 --seed 5 -o out/answers.npy --trace out/trace.npz",
        "verilog out/memory -o out/rtl",
        "verilog out/uniform --top board -o out/board",
    ] {
        let mut command = place.command(line);
        if threads > 0 {
            command.env("RAYON_NUM_THREADS", threads.to_string());
        }
        command.assert().success();
    }
    below(&place.listing(), "out")
}

#[test]
fn the_same_bytes_every_time_and_for_any_number_of_threads() {
    let once = whole_path(0);
    assert!(once.len() > 20, "{:?}", once.keys());
    for (threads, again) in [(0, whole_path(0)), (1, whole_path(1)), (3, whole_path(3))] {
        assert_eq!(once.keys().collect::<Vec<_>>(), again.keys().collect::<Vec<_>>());
        let different: Vec<_> = once.iter().filter(|(path, bytes)| again[*path] != **bytes).map(|(p, _)| p).collect();
        assert!(different.is_empty(), "with {threads} threads: {different:?}");
    }
}

#[test]
fn another_seed_gives_other_cues() {
    let place = Place::new();
    place.memory();
    let trace = |seed: u32| {
        place.ok(&format!("recall memory --noise 0.2 --seed {seed} --trace t.npz"));
        std::fs::read(place.path("t.npz")).unwrap()
    };
    assert_eq!(trace(1), trace(1));
    assert_ne!(trace(1), trace(2));
}

#[test]
fn a_training_from_the_library_may_hold_a_pattern_twice() {
    // `train` merges duplicates as it reads; whoever calls the library may keep them, and gets a memory
    use hopgate_model::{bits::BitMatrix, memory::Memory};
    use hopgate_train::quantizer::{QuantizeOptions, Quantized, Scheme, quantize};
    use hopgate_train::solver::{TrainOptions, train};
    let twice = BitMatrix::from_fn(6, 12, |r, c| (r % 3 * 5 + c * (c + 1)) % 7 < 3);
    assert_eq!(twice.row(0), twice.row(3));
    let model = train(&twice, &TrainOptions::new(0.2), &|_| ()).unwrap().model;
    // the two have the same dual weights: nothing tells them apart
    assert!((0..12).all(|i| (model.alpha[[0, i]] - model.alpha[[3, i]]).abs() < 1e-6));
    let Quantized { memory, .. } = quantize(&model, &QuantizeOptions::new(Scheme::Shared, 1)).unwrap();
    let place = Place::new();
    folder::save(&memory, &place.path("memory"), &serde_json::Map::new()).unwrap();
    let memory: Memory = folder::load(&place.path("memory")).unwrap();
    // the lower index is the nearest one
    let answer = hopgate_model::reference::recall(&memory, twice.row(3));
    assert_eq!((answer.nearest, answer.distance, answer.state.as_slice()), (0, 0, twice.row(0)));
    assert_eq!(place.ok("recall memory --json").json()["recall"]["exact"], 6);
}

#[test]
fn answers_in_blocks_are_those_of_a_trace() {
    let place = Place::new();
    place.memory();
    // more than two blocks, drawn and read
    for cues in ["--count 40000 --noise 0.2 --seed 5", "--queries cues.npy --noise 0.1", "--queries cues.npy"] {
        place.npy("cues.npy", 33_000, 24, |r, c| (r * 31 + c * r + c * c) as u8 % 7 / 4);
        let blocks = place.ok(&format!("recall memory {cues} --json -o blocks.npy")).json();
        let whole = place.ok(&format!("recall memory {cues} --json -o whole.npy --trace t.npz")).json();
        assert_eq!(blocks["recall"], whole["recall"], "{cues}");
        let read = |name: &str| std::fs::read(place.path(name)).unwrap();
        assert_eq!(read("blocks.npy"), read("whole.npy"), "{cues}");
    }
}

#[test]
fn what_nothing_uses_changes_no_byte_of_a_model() {
    let place = Place::new();
    for folder in ["a", "b"] {
        std::fs::create_dir(place.path(folder)).unwrap();
        place.npy(&format!("{folder}/p.npy"), 9, 12, |r, c| (r >> (c % 4) & 1) as u8);
    }
    let model = |line: &str| {
        let printed = place.ok(&format!("train {line} -o m.npz"));
        (std::fs::read(place.path("m.npz")).unwrap(), printed.message())
    };
    let (plain, quiet) = model("a/p.npy --gamma 0.3");
    assert!(!quiet.contains("--seed"), "{quiet}");
    for seed in [1, 2] {
        let (bytes, said) = model(&format!("a/p.npy --gamma 0.3 --seed {seed}"));
        assert!(bytes == plain && said.contains("--seed has no effect here"), "{said}");
    }
    assert!(model("b/p.npy --gamma 0.3").0 == plain, "where the patterns lie is no part of the model");
    // where it is used, it is kept
    assert!(model("a/p.npy --seed 1").0 != model("a/p.npy --seed 2").0);
}
