//! The tuned quantiser: it beats `shared` where a kernel does not fit the corruption, and is `shared` itself otherwise.

use hopgate_files::{model_file::Model, patterns};
use hopgate_model::{
    ErrorKind,
    bits::BitMatrix,
    corrupt::{self, Corruption},
    kernel::{KernelMode, gamma_of_noise},
    memory::Memory,
    noise, reference,
};
use hopgate_train::{
    quantizer::{MemoryOptions, QuantizeOptions, Scheme, quantize},
    scoring::{Nearest, score},
    solver::{TrainOptions, train},
    tuning::{Paired, TuneOptions, tune},
};
use proptest::prelude::*;

fn model(patterns: &BitMatrix, gamma: f64) -> Model {
    train(patterns, &TrainOptions::new(gamma), &|_| ()).unwrap().model
}

fn shared(model: &Model, k: usize, kernel_mode: KernelMode) -> Memory {
    quantize(model, &QuantizeOptions::new(Scheme::Shared, k).memory(MemoryOptions::default().kernel_mode(kernel_mode)))
        .unwrap()
        .memory
}

/// Exact recall by the reference, on cues that the tuning never saw.
fn exact(memory: &Memory, cues: &BitMatrix) -> f64 {
    score(memory, memory.patterns(), cues).exact_recall()
}

fn same(a: &Memory, b: &Memory) -> bool {
    (a.planes(), a.kernel(), a.offset()) == (b.planes(), b.kernel(), b.offset())
}

#[test]
fn a_kernel_that_does_not_fit_is_replaced() {
    let digits = patterns::load("digits").unwrap();
    let model = model(&digits.bits, 0.1);
    let cases = [
        ("flips:0.1", KernelMode::Normalised, 1, 0.3),
        ("dropout:0.2", KernelMode::Normalised, 2, 0.3),
        ("thicken:0.3", KernelMode::Normalised, 2, 0.3),
        ("flips:0.1", KernelMode::Fixed, 2, 0.1),
    ];
    for (text, kernel_mode, k, margin) in cases {
        let corruption: Corruption = text.parse().unwrap();
        let options = TuneOptions::new(k, vec![corruption])
            .cues_per_pattern(8)
            .memory(MemoryOptions::default().kernel_mode(kernel_mode));
        let tuned = tune(&model, digits.shape, &options, &|_| ()).unwrap();
        assert!(tuned.report.replaced, "{text}: {:?}", tuned.report.decision);
        let cues = corrupt::cues(&digits.bits, digits.shape, 192 * 4, &corruption, 77).unwrap().bits;
        let (before, after) = (exact(&shared(&model, k, kernel_mode), &cues), exact(&tuned.memory, &cues));
        assert!(after > before + margin, "{text} {kernel_mode}: {before} -> {after}");
        // the report's fresh cues say the same, within five standard errors of 768 cues
        assert!((tuned.report.fresh.tuned - after).abs() < 0.09, "{text}: {} {after}", tuned.report.fresh.tuned);
    }
}

#[test]
fn further_planes_beat_the_nearest_pattern_where_noise_is_not_flips() {
    let digits = patterns::load("digits").unwrap();
    let model = model(&digits.bits, 0.1);
    let corruption = Corruption::Thicken(0.3);
    let tuned = tune(&model, digits.shape, &TuneOptions::new(2, vec![corruption]), &|_| ()).unwrap();
    let cues = corrupt::cues(&digits.bits, digits.shape, 192 * 10, &corruption, 78).unwrap().bits;
    let nearest = score(&Nearest(&digits.bits), &digits.bits, &cues).exact_recall();
    let found = exact(&tuned.memory, &cues);
    assert!(found > nearest + 0.01, "{found}, nearest pattern {nearest}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5))]

    #[test]
    fn it_is_a_sound_memory_and_never_worse_than_shared(
        (n, p, k) in (12..40usize, 4..30usize, 1..4usize),
        (kind, gamma, fixed, seed) in (0..3usize, 0.02..0.6f64, any::<bool>(), 0..999u64),
    ) {
        let patterns = patterns::load(format!("random:N={n},P={p},seed={seed}")).unwrap().bits;
        let model = model(&patterns, gamma);
        let kernel_mode = if fixed { KernelMode::Fixed } else { KernelMode::Normalised };
        let corruption = [Corruption::Flips(0.1), Corruption::Dropout(0.2), Corruption::Burst { bits: n / 3 }][kind];
        let options = TuneOptions::new(k, vec![corruption]).seed(seed).memory(MemoryOptions::default().kernel_mode(kernel_mode));
        let tuned = tune(&model, None, &options, &|_| ()).unwrap();
        let (memory, report, before) = (&tuned.memory, &tuned.report, shared(&model, k, kernel_mode));
        prop_assert_eq!(report.replaced, report.decision.is_some_and(|d| d.is_decisive()));
        prop_assert_eq!(same(memory, &before), !report.replaced);
        prop_assert!(memory.top_plane_is_pattern() && memory.planes().len() == k);
        prop_assert_eq!(memory.kernel().iter().flatten().max(), Some(&255));
        if report.replaced {
            for column in memory.kernel() {
                prop_assert!(column.windows(2).all(|w| w[0] >= w[1]), "{:?}", column);
            }
        }
        let cues = corrupt::cues(&patterns, None, p * 20, &corruption, seed + 5000).unwrap().bits;
        let right = |m: &Memory| {
            let one = |q: usize| reference::recall(m, cues.row(q)).state == patterns.row(q % p);
            (0..cues.rows()).map(one).collect::<Vec<_>>()
        };
        let pair = Paired::of(&right(&before), &right(memory));
        prop_assert!(pair.gain >= -3.0 * pair.standard_error, "{:?}", pair);
        let lost = |m: &Memory| p as u64 - score(m, &patterns, &patterns).exact;
        prop_assert!(lost(memory) <= lost(&before));
    }
}

#[test]
fn a_kernel_that_fits_stays() {
    // at the gamma of the noise one plane is already the posterior vote of every bit
    let patterns = noise::random(60, 64, 3);
    let model = model(&patterns, gamma_of_noise(0.1));
    let tuned = tune(&model, None, &TuneOptions::new(1, vec![Corruption::Flips(0.1)]), &|_| ()).unwrap();
    assert!(!tuned.report.replaced, "{:?}", tuned.report.decision);
    assert!(same(&tuned.memory, &shared(&model, 1, KernelMode::Normalised)) && tuned.memory.parts().scheme == "shared");
    assert_eq!((tuned.report.fresh.gain, tuned.report.fresh.standard_error), (0.0, 0.0));
}

#[test]
fn threads_do_not_matter_and_seeds_do() {
    let patterns = noise::random(40, 30, 4);
    let model = model(&patterns, 0.03);
    let with = |threads: usize, seed: u64| {
        let options = TuneOptions::new(3, vec![Corruption::Flips(0.1)]).seed(seed).cues_per_pattern(6);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| tune(&model, None, &options, &|_| ())).unwrap()
    };
    let (one, three, other) = (with(1, 1), with(3, 1), with(1, 2));
    assert!(same(&one.memory, &three.memory) && one.report == three.report);
    assert!(one.report != other.report);
}

#[test]
fn a_mix_of_corruptions_is_learnt_together() {
    let digits = patterns::load("digits").unwrap();
    let mix = vec![Corruption::Dropout(0.2), Corruption::Thicken(0.3)];
    let options = TuneOptions::new(2, mix.clone()).cues_per_pattern(4);
    let tuned = tune(&model(&digits.bits, 0.1), digits.shape, &options, &|_| ()).unwrap();
    assert_eq!(tuned.report.corruptions, ["dropout:0.2", "thicken:0.3"]);
    assert_eq!(tuned.report.fresh.cues, 2 * 4 * 192);
    for c in mix {
        let cues = corrupt::cues(&digits.bits, digits.shape, 192 * 2, &c, 5).unwrap().bits;
        let found = exact(&tuned.memory, &cues);
        assert!(found > 0.7, "{c}: {found}");
    }
}

#[test]
fn the_report_is_that_of_a_quantiser() {
    let patterns = noise::random(40, 30, 6);
    let model = model(&patterns, 0.03);
    let tuned = tune(&model, None, &TuneOptions::new(2, vec![Corruption::Flips(0.1)]), &|_| ()).unwrap();
    let report = tuned.report.quantize;
    assert_eq!((report.scheme, report.bits, report.levels.len(), report.weights.len()), (Scheme::Tuned, 2, 4, 2));
    assert_eq!((report.reach, report.storage_bits), (tuned.memory.reach(), 2 * 40 * 30));
    // the levels are in the units of the dual weights: no other factor fits better
    let (w, error) = (&report.weights, report.mean_squared_error);
    let value = |mu: usize, i: usize| {
        let sign = |j: usize| if tuned.memory.planes()[j].get(mu, i) { 1.0 } else { -1.0 };
        report.offset + sign(0) * w[0] + sign(1) * w[1]
    };
    let of_factor = |f: f64| {
        let square = |((mu, i), a): ((usize, usize), &f64)| (a - f * value(mu, i)) * (a - f * value(mu, i));
        model.alpha.indexed_iter().map(square).sum::<f64>() / 1200.0
    };
    assert!((of_factor(1.0) - error).abs() < 1e-9 && of_factor(0.99) > error && of_factor(1.01) > error);
}

#[test]
fn cues_that_say_nothing_leave_shared_as_it_is() {
    let patterns = noise::random(12, 16, 2);
    let model = model(&patterns, 0.3);
    for kernel_bits in [4, 16] {
        let options =
            TuneOptions::new(2, vec![Corruption::Flips(0.5)]).memory(MemoryOptions::default().kernel_bits(kernel_bits));
        let tuned = tune(&model, None, &options, &|_| ()).unwrap();
        assert!(tuned.report.fresh.gain >= 0.0, "{:?}", tuned.report.fresh);
    }
}

#[test]
fn wrong_options_are_refused() {
    let patterns = noise::random(6, 12, 1);
    let model = model(&patterns, 0.1);
    let flips = || vec![Corruption::Flips(0.1)];
    let cases = [
        (TuneOptions::new(0, flips()), None, "0 bits"),
        (TuneOptions::new(5, flips()), None, "5 bits"),
        (TuneOptions::new(1, vec![]), None, "no corruption"),
        (TuneOptions::new(1, flips()).cues_per_pattern(0), None, "no cues"),
        (TuneOptions::new(1, flips()).memory(MemoryOptions::default().kernel_bits(17)), None, "kernel_bits is 17"),
        (TuneOptions::new(1, vec![Corruption::Shift]), None, "needs pictures"),
        (TuneOptions::new(1, vec![Corruption::Shift]), Some((5usize, 5usize)), "12 neurons"),
        (TuneOptions::new(1, vec![Corruption::Burst { bits: 13 }]), None, "1 to 12"),
    ];
    for (options, shape, expected) in cases {
        let e = tune(&model, shape, &options, &|_| ()).unwrap_err();
        assert!(e.kind() == ErrorKind::Usage && e.to_string().contains(expected), "{expected}: {e}");
    }
    let zero = Model { alpha: ndarray::Array2::zeros((6, 12)), ..model };
    assert!(tune(&zero, None, &TuneOptions::new(1, flips()), &|_| ()).unwrap_err().to_string().contains("zero"));
}
