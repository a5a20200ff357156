//! The nearest-pattern search beside the vote, and a wide memory in hardware beside itself in floating point.

use crate::common::{Place, there};
use hopgate_files::folder;
use hopgate_hdl::{Plan, Top, emit};
use hopgate_model::{kernel::KernelMode, noise};
use hopgate_sim::{CosimOptions, Library, Waveform, cosim};
use hopgate_train::{
    quantizer::{QuantizeOptions, Scheme, quantize},
    recall_float::FloatMemory,
    solver::{TrainOptions, train},
};

#[test]
fn every_report_has_both() {
    let place = Place::new();
    place.memory();
    let estimate = place.ok("estimate memory --board icebreaker --json").json();
    let plain = place.ok("estimate memory --board icebreaker --readout nearest --json").json();
    let number = |json: &serde_json::Value, what: &str| json[what]["need"].as_u64().unwrap();
    assert_eq!(estimate["nearest"]["logic_cells"], number(&plain, "logic_cells"));
    assert_eq!(estimate["nearest"]["block_rams"], number(&plain, "block_rams"));
    assert!(estimate["nearest"]["mhz"].as_f64().unwrap() > 12.0 && plain["nearest"].is_null());
    // the table is that of `recall` with the same seed
    let at = &estimate["recall_by_noise"][1];
    let recalled = place.ok("recall memory --noise 0.1 --seed 1 --count 1000 --json").json();
    assert_eq!((&at["noise"], &at["cues"], &at["seed"]), (&0.1.into(), &1000.into(), &1.into()));
    for share in ["exact_recall", "nearest_exact_recall"] {
        assert_eq!(at[share], recalled["recall"][share]);
    }
    // which is what the hardware of a nearest-pattern search answers
    let text = place.ok("estimate memory --board icebreaker").out;
    for line in ["beside a nearest-pattern search", "estimated  estimated", "right answers, 20 % flips"] {
        assert!(text.contains(line), "no {line} in {text}");
    }
    // a list has the search's answers
    let list = place.ok("estimate memory --board icebreaker --readout ranked --ranks 3").out;
    let columns = |what: &str| -> Vec<String> {
        let line = list.lines().find(|line| line.starts_with(what)).expect(what);
        line.split_whitespace().rev().take(2).map(str::to_owned).collect()
    };
    assert_eq!(columns("beside a nearest-pattern search"), ["nearest", "list"]);
    let rates = columns("right answers, 20 % flips");
    assert_eq!(rates[0], rates[1], "{list}");
    let search = place.ok("train random:N=24,P=40,seed=1 --gamma auto -o auto.npz");
    assert!(search.out.contains("a nearest-pattern search"), "{}", search.out);
}

mod tool {
    use super::*;

    #[test]
    #[ignore = "make full: a core of a search is in make test"]
    fn the_hardware_of_a_nearest_search_recalls_what_was_said() {
        if !there(&["verilator", "make", "g++"]) {
            return;
        }
        let place = Place::new();
        place.memory();
        let all = place.ok("cosim memory --readout nearest --noise 0.2 --count 500 --json").json();
        let recall = &all["recall"];
        assert!(recall["exact_recall"].as_f64().unwrap() < 0.99, "too easy: {recall}");
        assert_eq!(recall["exact_recall"], recall["nearest_exact_recall"]);
    }

    /// With rows in SPRAM too, so that one build does for both.
    #[test]
    #[ignore = "make full: half a minute of a core"]
    fn what_is_built_is_measured() {
        if !there(&["yosys", "nextpnr-ice40", "icetime", "icepack"]) {
            return;
        }
        let place = Place::new();
        place.memory();
        let text = place.ok("build memory --board icebreaker --runs 1 --nearest --rows spram -o build").out;
        assert!(text.contains(" measured   measured") || text.contains("measured  measured"), "{text}");
        let read = |name: &str| -> serde_json::Value {
            serde_json::from_slice(&std::fs::read(place.path(name)).unwrap()).unwrap()
        };
        let (vote, nearest) = (read("build/report.json"), read("build.nearest/report.json"));
        let hardware = &vote["nearest"]["hardware"];
        assert_eq!(hardware["from"], "measured");
        assert_eq!(hardware["logic_cells"], nearest["logic_cells"]["used"]);
        assert_eq!(hardware["mhz"], nearest["fmax_mhz"]);
        assert!(
            nearest["nearest"].is_null() && vote["logic_cells"]["used"].as_u64() > hardware["logic_cells"].as_u64()
        );
        assert_eq!((&vote["sprams"]["used"], &vote["sprams"]["available"]), (&2.into(), &4.into()));
        assert!(text.contains("SPRAMs") && text.contains("load memory/"), "{text}");
        place.fails(
            "reload build memory -o new.bin",
            1,
            &["rows in 2 SPRAMs, which no bitstream can fill", "host --port"],
        );
        place.fails("build memory --readout nearest --nearest -o other", 2, &["--nearest has no effect"]);
    }

    /// In fixed mode every entry of this kernel is zero at 200 flips.
    #[test]
    #[ignore = "make full: half a minute of a core"]
    fn a_thousand_neurons_recall_a_fifth_of_flips_as_in_float() {
        if !there(&["verilator", "make", "g++"]) {
            return;
        }
        let patterns = noise::random(100, 1000, 1);
        let model = train(&patterns, &TrainOptions::new(0.02), &|_| ()).unwrap().model;
        let options = QuantizeOptions::new(Scheme::Shared, 1);
        assert_eq!(options.memory.kernel_mode, KernelMode::Normalised);
        let memory = quantize(&model, &options).unwrap().memory;
        let cues = noise::exact_flips(&patterns.select(&[0, 7, 20, 41, 58, 77, 83, 99]), 200, 5);
        let design = emit(&Plan::of(&memory).unwrap(), Top::Core, &folder::hash(&memory)).unwrap();
        let library = Library::build(&design, Waveform::Off).unwrap();
        let outcome = cosim(&library, &memory, &cues, CosimOptions::default(), &|_| ()).unwrap();
        assert_eq!(outcome.difference, None);
        let float = FloatMemory::of(&model).unwrap();
        for (q, &mu) in [0, 7, 20, 41, 58, 77, 83, 99].iter().enumerate() {
            let answer = float.recall(cues.row(q), 30);
            assert!(answer.converged && answer.state == patterns.row(mu), "float loses cue {q}");
            assert_eq!(outcome.hardware.state.row(q), answer.state, "cue {q}");
            assert!(outcome.hardware.converged[q] && outcome.hardware.nearest[q] as usize == mu);
        }
    }
}
