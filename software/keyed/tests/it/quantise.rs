//! Memories of key -> value: what they answer, what tuning gains, and that every byte is the same every time.

use hopgate_keyed::{
    KeyedModel, KeyedOptions, KeyedQuantizeOptions, Samples, centres::Centres, learn::LearnOptions, quantize_keyed,
    score_memory, train_keyed,
};
use hopgate_model::{bits::BitMatrix, kernel::KernelMode, kind::Kind, noise, reference};
use hopgate_train::quantizer::{MemoryOptions, Scheme};
use proptest::prelude::*;

/// Words with flipped bits, several to a class.
fn words(classes: usize, per_class: usize, n: usize, count: usize, flips: f64, seed: u64) -> Samples {
    let all = noise::random(classes * per_class, n, seed);
    let keys = noise::cues(&all, count, flips, seed + 1);
    Samples::labelled(keys, (0..count).map(|t| (t % (classes * per_class) / per_class) as u32).collect(), classes)
        .unwrap()
}

fn quantized(
    samples: &Samples,
    options: &KeyedOptions,
    quantize: &KeyedQuantizeOptions,
) -> (KeyedModel, hopgate_keyed::KeyedQuantized) {
    let trained = train_keyed(samples, options, &|_| ()).unwrap();
    let (own, held) = (samples.select(&trained.own), samples.select(&trained.held_out));
    let made = quantize_keyed(&trained.model, &own, &held, quantize, &|_| ()).unwrap();
    (trained.model, made)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn a_memory_answers_as_the_contract_says_and_tuned_is_no_worse(
        classes in 2..7usize, n in 9..40usize, bits in 1..5usize, seed in 0..99u64, fixed in any::<bool>(),
    ) {
        let samples = words(classes, 3, n, 400, 0.1, seed);
        let mode = if fixed { KernelMode::Fixed } else { KernelMode::Normalised };
        let options = KeyedOptions::new(4 * classes).kernel_mode(mode).held_out(0.3).tolerance(1e-4);
        let (model, made) = quantized(&samples, &options, &KeyedQuantizeOptions::new(bits));
        let memory = &made.memory;
        prop_assert_eq!((memory.kind(), memory.outputs(), memory.planes().len()), (Kind::Class, classes, bits));
        prop_assert_eq!(memory.parts().kernel_mode, mode);
        // the reference counts as the report does
        let right = |t: usize| {
            let answer = reference::recall(memory, samples.keys().row(t));
            samples.targets().get(t, answer.ranking.unwrap().class)
        };
        let count = (0..samples.len()).filter(|&t| right(t)).count();
        prop_assert_eq!(score_memory(memory, &samples).unwrap().right, count);
        let report = &made.report;
        let slack = 4.0 * report.score.standard_error().max(0.02);
        for plain in [report.uniform, report.shared].into_iter().flatten() {
            prop_assert!(report.score.accuracy() >= plain.accuracy() - slack, "{:?}", report);
        }
        prop_assert!(model.score(&samples).unwrap().samples == samples.len());
    }

    #[test]
    fn maps_and_sequences_of_any_width(
        p in 2..40usize, n in 24..50usize, m in 1..20usize, bits in 1..4usize, seed in 0..99u64, sequence in any::<bool>(),
    ) {
        let keys = noise::random(p, n, seed);
        prop_assume!(keys.first_repeat().is_none());
        let samples =
            if sequence { Samples::sequence(keys) } else { Samples::valued(keys, noise::random(p, m, seed + 1)) }.unwrap();
        let options = KeyedOptions::new(0).how(Centres::All).gamma(Some(0.15)).noise(0.05).copies(4);
        let quantize = KeyedQuantizeOptions::new(bits).noise(0.05).copies(4);
        let (model, made) = quantized(&samples, &options, &quantize);
        prop_assert_eq!(model.centres.rows(), p, "nothing is held out where all are stored");
        prop_assert_eq!(model.score(&samples).unwrap().right, p);
        let score = score_memory(&made.memory, &samples).unwrap();
        prop_assert!(score.bit_accuracy() > 0.99, "{:?}", score);
    }
}

#[test]
fn the_same_bytes_on_any_number_of_threads() {
    let samples = words(3, 4, 20, 300, 0.1, 5);
    let options = KeyedOptions::new(9).how(Centres::Learnt).learn(LearnOptions::default().epochs(3));
    let of = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| quantized(&samples, &options, &KeyedQuantizeOptions::new(2).noise(0.05)))
    };
    let (one, three) = (of(1), of(3));
    assert_eq!(one.0, three.0);
    assert_eq!(one.1.report, three.1.report);
    let parts = |made: &hopgate_keyed::KeyedQuantized| {
        let parts = made.memory.parts();
        (parts.planes.clone(), parts.kernel.clone(), parts.offset.clone())
    };
    assert_eq!(parts(&one.1), parts(&three.1));
}

#[test]
fn what_cannot_be_quantised_is_refused() {
    let samples = words(2, 2, 12, 40, 0.1, 1);
    let trained = train_keyed(&samples, &KeyedOptions::new(4), &|_| ()).unwrap();
    let made = |options: &KeyedQuantizeOptions| quantize_keyed(&trained.model, &samples, &samples, options, &|_| ());
    let text = |options: &KeyedQuantizeOptions| made(options).unwrap_err().to_string();
    assert_eq!(text(&KeyedQuantizeOptions::new(5)), "5 bits per weight, but the scheme tuned takes 1 to 4");
    assert_eq!(
        text(&KeyedQuantizeOptions::new(2).memory(MemoryOptions::default().kernel_bits(3))),
        "kernel_bits is 3, but must be 4 to 16"
    );
    let wide = words(2, 2, 13, 40, 0.1, 1);
    let error = quantize_keyed(&trained.model, &wide, &wide, &KeyedQuantizeOptions::new(2), &|_| ()).unwrap_err();
    assert_eq!(error.to_string(), "the samples have 13 bits and 2 outputs, but the memory has 12 and 2");
    // the keys say nothing about the classes
    let same = Samples::of_labels(BitMatrix::zeros(20, 9), (0..20).map(|t| t % 2).collect()).unwrap();
    let trained = train_keyed(&same, &KeyedOptions::new(0).how(Centres::All), &|_| ()).unwrap();
    let error = quantize_keyed(&trained.model, &same, &same, &KeyedQuantizeOptions::new(2), &|_| ()).unwrap_err();
    assert_eq!(error.to_string(), "every dual weight is zero: there is nothing to quantise");
    assert!(made(&KeyedQuantizeOptions::new(9).scheme(Scheme::Uniform)).is_ok());
}

#[test]
fn no_centre_beyond_the_reach_counts() {
    let samples = words(3, 4, 40, 600, 0.1, 8);
    let options = KeyedOptions::new(12).gamma(Some(0.05)).tolerance(1e-3);
    let of = |reach| quantized(&samples, &options, &KeyedQuantizeOptions::new(2).reach(reach)).1;
    let (all, near, nearest) = (of(None), of(Some(6)), of(Some(0)));
    assert!(all.memory.reach() > 6 && near.memory.reach() <= 6 && nearest.memory.reach() == 0);
    assert!(all.report.candidates > near.report.candidates && nearest.report.candidates >= 1.0);
    assert!(near.report.score.accuracy() > 0.9, "{:?}", near.report);
}

#[test]
fn learnt_centres_answer_more_than_modes() {
    // four classes of twenty words each, and room for three centres a class
    let samples = words(4, 20, 48, 4000, 0.05, 3);
    let of = |how: Centres| {
        let options = KeyedOptions::new(12).how(how).gamma(Some(0.05)).tolerance(1e-4);
        train_keyed(&samples, &options, &|_| ()).unwrap().report.score.unwrap().accuracy()
    };
    let (modes, learnt) = (of(Centres::Modes), of(Centres::Learnt));
    assert!(learnt > modes + 0.05, "{learnt} against {modes}");
}
