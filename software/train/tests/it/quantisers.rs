//! The quantisers against their formulas: tiny cases by hand, larger ones by definition.

use hopgate_files::model_file::{Model, ModelMeta};
use hopgate_model::{ErrorKind, bits::BitMatrix, kernel::KernelMode, memory::Memory, noise, reference};
use hopgate_train::{
    quantizer::{MemoryOptions, QuantizeOptions, Quantized, Scheme, quantize, training_free, uniform_weights},
    recall_float::FloatMemory,
    scoring::{Decoder, Float, score},
    solver::{TrainOptions, train},
};
use ndarray::{Array2, arr2};
use proptest::prelude::*;

fn model(patterns: BitMatrix, alpha: Array2<f64>) -> Model {
    Model { patterns, alpha, gamma: 0.05, lambda: 0.01, meta: ModelMeta::default() }
}

fn with(scheme: Scheme, bits: usize, m: &Model) -> Quantized {
    quantize(m, &QuantizeOptions::new(scheme, bits)).unwrap()
}

/// The quantised dual weights, read back from the planes as everyone else reads them.
fn values(q: &Quantized) -> Array2<f64> {
    let planes = q.memory.planes();
    Array2::from_shape_fn((planes[0].rows(), planes[0].cols()), |(mu, i)| {
        let signed = |j: usize| if planes[j].get(mu, i) { q.report.weights[j] } else { -q.report.weights[j] };
        q.report.offset + (0..planes.len()).map(signed).sum::<f64>()
    })
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-12 * (1.0 + a.abs())
}

#[test]
fn uniform_two_bits_by_hand() {
    // range -3..6, delta 3: levels -3, 0, 3, 6
    let m = model(BitMatrix::from_fn(2, 3, |r, _| r == 1), arr2(&[[-3.0, -1.6, -1.4], [1.4, 4.6, 6.0]]));
    let q = with(Scheme::Uniform, 2, &m);
    assert_eq!(q.report.weights, [1.5, 3.0]);
    assert_eq!(q.report.offset, 1.5);
    assert_eq!(q.report.levels, [-3.0, 0.0, 3.0, 6.0]);
    assert_eq!(values(&q), arr2(&[[-3.0, -3.0, 0.0], [0.0, 6.0, 6.0]]));
    let expected = (1.4 * 1.4 * 4.0) / 6.0;
    assert!(close(q.report.mean_squared_error, expected), "{}", q.report.mean_squared_error);
    assert_eq!((q.report.sign_disagreements, q.report.flipped_signs), (0, 0));
    // columns: the largest weight becomes 255, all others keep their ratio
    assert_eq!((q.memory.kernel()[1][0], q.memory.kernel()[0][0], q.memory.offset()[0]), (255, 128, 128));
}

#[test]
fn uniform_one_bit_cuts_at_the_mean_with_its_levels_at_the_ends() {
    // the median is -4, the mean -6/7, the middle of the range 3
    let m = model(BitMatrix::from_fn(1, 7, |_, i| i > 3), arr2(&[[-4.0, -4.0, -4.0, -4.0, -2.0, 2.0, 10.0]]));
    let q = with(Scheme::Uniform, 1, &m);
    assert_eq!(values(&q), arr2(&[[-4.0, -4.0, -4.0, -4.0, -4.0, 10.0, 10.0]]));
    assert_eq!((q.report.sign_disagreements, q.report.flipped_signs), (1, 0));
    let m = model(BitMatrix::from_fn(1, 4, |_, i| i > 1), arr2(&[[-1.0, -1.0, 1.0, 9.0]]));
    assert_eq!(values(&with(Scheme::Uniform, 1, &m)), arr2(&[[-1.0, -1.0, -1.0, 9.0]]));
}

#[test]
fn uniform_weights_are_the_planes_read_back_and_the_papers_formula() {
    let trained = train(&noise::random(40, 30, 1), &TrainOptions::new(0.02), &|_| ()).unwrap().model;
    let (low, high) = trained.alpha.iter().fold((0.0f64, 0.0f64), |(l, h), &a| (l.min(a), h.max(a)));
    for bits in 1..=16 {
        let (weights, step) = uniform_weights(&trained.alpha, bits).unwrap();
        assert_eq!(weights, values(&with(Scheme::Uniform, bits, &trained)), "{bits}");
        let delta = (high - low) / (2f64.powi(bits as i32) - 1.0);
        assert!(close(step, delta), "{bits}: {step} {delta}");
        for (&w, &a) in weights.iter().zip(&trained.alpha).filter(|_| bits > 1) {
            assert!(close(w, delta * ((a - low) / delta).round() + low), "{bits}: {a} {w}");
        }
    }
    assert_eq!(uniform_weights(&trained.alpha, 32).unwrap(), (trained.alpha.clone(), 0.0));
    for bits in [0, 17, 31, 33] {
        assert_eq!(uniform_weights(&trained.alpha, bits).unwrap_err().kind(), ErrorKind::Usage);
    }
    assert_eq!(uniform_weights(&arr2(&[[f64::INFINITY]]), 2).unwrap_err().kind(), ErrorKind::Value);
    assert_eq!(uniform_weights(&Array2::zeros((0, 2)), 32).unwrap_err().kind(), ErrorKind::Value);
}

#[test]
fn shared_two_bits_by_hand() {
    // magnitudes 1, 1, 3, 3: levels 2 +- 1; where the pattern bit is zero the low plane is inverted
    let patterns = BitMatrix::from_fn(2, 2, |_, i| i == 1);
    let m = model(patterns.clone(), arr2(&[[-1.0, 1.0], [-3.0, 3.0]]));
    let q = with(Scheme::Shared, 2, &m);
    assert_eq!(q.report.weights, [1.0, 2.0]);
    assert_eq!(q.memory.planes()[1], patterns);
    assert_eq!(q.memory.planes()[0], BitMatrix::from_fn(2, 2, |r, i| (r == 1) == (i == 1)));
    assert_eq!(values(&q), m.alpha);
    assert!(q.memory.top_plane_is_pattern() && q.report.storage_bits == 2 * 4);
    assert_eq!((q.report.offset, q.report.mean_squared_error), (0.0, 0.0));
}

#[test]
fn signs_against_the_patterns_are_counted() {
    let m = model(BitMatrix::from_fn(1, 4, |_, _| true), arr2(&[[-0.5, 2.0, 2.0, 2.0]]));
    let report = with(Scheme::Shared, 1, &m).report;
    assert_eq!((report.sign_disagreements, report.flipped_signs), (1, 1));
    let most = model(BitMatrix::from_fn(1, 3, |_, _| true), arr2(&[[-2.0, -2.0, 1.0]]));
    let error = quantize(&most, &QuantizeOptions::new(Scheme::Shared, 2)).unwrap_err();
    assert!(error.kind() == ErrorKind::Value && error.help_text().unwrap().contains("uniform"));
}

proptest! {
    #[test]
    fn uniform_is_equation_two(bits in 2..=16usize, seed in 0..50u64) {
        let dice = noise::random(40, 33, seed);
        let alpha = Array2::from_shape_fn((5, 8), |(r, c)| dice.row(r * 8 + c)[0] as f64 / 1e9 - 4.0);
        let q = with(Scheme::Uniform, bits, &model(noise::random(5, 8, seed), alpha.clone()));
        let (low, high) = alpha.iter().fold((f64::MAX, f64::MIN), |(l, h), &a| (l.min(a), h.max(a)));
        let delta = (high - low) / ((1u32 << bits) - 1) as f64;
        for (a, v) in alpha.iter().zip(&values(&q)) {
            prop_assert!(close(*v, low + delta * ((a - low) / delta).round()));
        }
    }

    #[test]
    fn shared_gives_every_weight_its_nearest_level(bits in 1..=4usize, seed in 0..50u64) {
        let dice = noise::random(60, 20, seed);
        let patterns = noise::random(6, 10, seed);
        let alpha = Array2::from_shape_fn((6, 10), |(r, c)| {
            let m = dice.row(r * 10 + c)[0] as f64 / 2e5;
            if patterns.get(r, c) { m } else { -m }
        });
        let q = with(Scheme::Shared, bits, &model(patterns.clone(), alpha.clone()));
        prop_assert_eq!(q.memory.planes().last(), Some(&patterns));
        prop_assert!(q.report.weights.iter().all(|w| *w >= 0.0));
        prop_assert!(q.report.weights[..bits - 1].windows(2).all(|w| w[0] <= w[1]));
        for (((mu, i), a), v) in alpha.indexed_iter().zip(&values(&q)) {
            let xi = if patterns.get(mu, i) { 1.0 } else { -1.0 };
            // the levels of a one are those above the middle, mirrored for a zero
            let one = |c: usize| (0..bits).map(|j| if c >> j & 1 == 1 { q.report.weights[j] } else { -q.report.weights[j] }).sum::<f64>();
            let nearest = (1 << (bits - 1)..1 << bits).map(one).map(|l| (a * xi - l).abs()).fold(f64::MAX, f64::min);
            prop_assert!((a - v).abs() <= nearest + 1e-9, "{a} {v} {nearest}");
        }
    }
}

#[test]
fn more_planes_never_fit_worse() {
    let m = train(&noise::random(40, 32, 1), &TrainOptions::new(0.02), &|_| ()).unwrap().model;
    for scheme in [Scheme::Uniform, Scheme::Shared] {
        let errors: Vec<f64> = (2..=4).map(|k| with(scheme, k, &m).report.mean_squared_error).collect();
        assert!(errors.windows(2).all(|w| w[1] < w[0]), "{scheme} {errors:?}");
    }
    assert!(
        with(Scheme::Shared, 1, &m).report.mean_squared_error > with(Scheme::Shared, 2, &m).report.mean_squared_error
    );
}

#[test]
fn one_shared_bit_is_the_training_free_memory() {
    let patterns = noise::random(30, 64, 3);
    let m = train(&patterns, &TrainOptions::new(0.08), &|_| ()).unwrap().model;
    let q = with(Scheme::Shared, 1, &m);
    let free = training_free(&patterns, 0.08, &MemoryOptions::default()).unwrap();
    assert_eq!(q.memory.planes(), free.planes());
    assert_eq!((q.memory.kernel(), q.memory.offset()), (free.kernel(), free.offset()));
    assert_eq!(q.report.sign_disagreements, 0);
}

#[test]
fn sixteen_bits_track_float() {
    let patterns = noise::random(60, 40, 3);
    let m = train(&patterns, &TrainOptions::new(0.08), &|_| ()).unwrap().model;
    let options = QuantizeOptions::new(Scheme::Uniform, 16).memory(MemoryOptions::default().kernel_bits(16));
    let memory = quantize(&m, &options).unwrap().memory;
    let float = FloatMemory::of(&m).unwrap();
    let cues = noise::cues(&patterns, 600, 0.15, 8);
    let answer = |q: usize| Float(&float, 30).answer(cues.row(q)).0;
    let same = (0..600).filter(|&q| answer(q) == reference::recall(&memory, cues.row(q)).state).count();
    assert!(same >= 594, "{same} of 600");
    let exact = score(&Float(&float, 30), &patterns, &cues).exact_recall();
    assert!(exact > 0.5 && exact < 1.0, "{exact}: neither trivial nor hopeless");
}

#[test]
fn equal_weights_make_a_memory_that_has_one_answer() {
    let m = model(BitMatrix::from_fn(1, 3, |_, _| true), arr2(&[[2.0, 2.0, 2.0]]));
    for bits in [1, 2, 16] {
        let q = with(Scheme::Uniform, bits, &m);
        assert!(q.report.weights.iter().all(|&w| w == 0.0) && q.report.offset == 2.0);
        assert_eq!(reference::recall(&q.memory, &[0]).state, [0b111]);
    }
    let q = with(Scheme::Shared, 3, &m);
    assert_eq!(q.report.weights, [0.0, 0.0, 2.0]);
    assert_eq!(q.report.idle_planes, 2);
    let single = model(BitMatrix::zeros(1, 1), arr2(&[[-7.0]]));
    for scheme in [Scheme::Uniform, Scheme::Shared] {
        assert_eq!(reference::recall(&with(scheme, 1, &single).memory, &[1]).state, [0], "{scheme}");
    }
}

#[test]
fn what_cannot_be_quantised_is_refused() {
    let patterns = noise::random(3, 4, 1);
    let good =
        model(patterns.clone(), Array2::from_shape_fn((3, 4), |(r, c)| if patterns.get(r, c) { 1.0 } else { -1.0 }));
    let refused = |m: &Model, o: QuantizeOptions| -> (ErrorKind, String) {
        let e = quantize(m, &o).unwrap_err();
        (e.kind(), e.to_string())
    };
    let options = QuantizeOptions::new;
    for (scheme, bits) in [(Scheme::Uniform, 0), (Scheme::Uniform, 17), (Scheme::Shared, 0), (Scheme::Shared, 5)] {
        let (kind, what) = refused(&good, options(scheme, bits));
        assert!(kind == ErrorKind::Usage && what.contains(&format!("{bits} bits")), "{what}");
    }
    for kernel_bits in [0, 3, 17, 99] {
        let (kind, what) =
            refused(&good, options(Scheme::Shared, 2).memory(MemoryOptions::default().kernel_bits(kernel_bits)));
        assert!(kind == ErrorKind::Usage && what.contains("kernel_bits"), "{what}");
        assert!(training_free(&patterns, 0.1, &MemoryOptions::default().kernel_bits(kernel_bits)).is_err());
    }
    let (kind, what) = refused(&good, options(Scheme::Tuned, 2));
    assert!(kind == ErrorKind::Usage && what.contains("what happens to the cues"), "{what}");
    for max_steps in [0, 256] {
        assert!(
            quantize(&good, &options(Scheme::Shared, 2).memory(MemoryOptions::default().max_steps(max_steps))).is_err()
        );
    }
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e200] {
        let mut m = good.clone();
        m.alpha[[2, 1]] = bad;
        assert_eq!(refused(&m, options(Scheme::Uniform, 2)).0, ErrorKind::Value);
    }
    let zero = model(patterns.clone(), Array2::zeros((3, 4)));
    assert!(refused(&zero, options(Scheme::Uniform, 2)).1.contains("zero"));
    let shape = model(patterns.clone(), Array2::zeros((3, 5)));
    assert_eq!(refused(&shape, options(Scheme::Uniform, 2)).0, ErrorKind::Value);
    for gamma in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(training_free(&patterns, gamma, &MemoryOptions::default()).unwrap_err().kind(), ErrorKind::Usage);
    }
}

#[test]
fn every_width_and_mode_makes_a_memory() {
    let m = train(&noise::random(20, 24, 1), &TrainOptions::new(0.1), &|_| ()).unwrap().model;
    for kernel_mode in [KernelMode::Normalised, KernelMode::Fixed] {
        for kernel_bits in [4, 8, 16] {
            for (scheme, bits) in
                [(Scheme::Uniform, 1), (Scheme::Uniform, 16), (Scheme::Shared, 1), (Scheme::Shared, 4)]
            {
                let options = QuantizeOptions::new(scheme, bits)
                    .memory(MemoryOptions::default().kernel_bits(kernel_bits).kernel_mode(kernel_mode));
                let memory: Memory = quantize(&m, &options).unwrap().memory;
                assert_eq!((memory.planes().len(), memory.parts().kernel_mode), (bits, kernel_mode));
                let top = memory.kernel().iter().flatten().max();
                assert_eq!(top, Some(&((1 << kernel_bits) - 1)));
            }
        }
    }
}

/// Twice the dual weights, or half of them, are the same memory; so are those among the smallest numbers that there are.
#[test]
fn weights_of_any_magnitude_make_the_same_memory() {
    let patterns = noise::random(12, 20, 5);
    let sign = |mu, i| if patterns.get(mu, i) { 1.0 } else { -1.0 };
    // whole numbers: times a power of two they are exact, even where a number has one digit
    let whole = Array2::from_shape_fn((12, 20), |(mu, i)| sign(mu, i) * (1 + (7 * mu + 3 * i * i) % 9) as f64);
    for (scheme, bits) in [1, 2, 3, 4].into_iter().flat_map(|k| [(Scheme::Uniform, k), (Scheme::Shared, k)]) {
        let expected = with(scheme, bits, &model(patterns.clone(), whole.clone()));
        for exponent in [-1074, -1060, -1020, -900, -600, -500, -300, -1, 400] {
            let factor = |x: f64| libm::ldexp(x, exponent);
            let found = with(scheme, bits, &model(patterns.clone(), whole.mapv(factor)));
            let [found_parts, parts] = [&found, &expected].map(|q| q.memory.parts());
            let what = format!("{scheme} {bits}, times 2^{exponent}");
            assert_eq!(found_parts.planes, parts.planes, "{what}");
            assert_eq!((&found_parts.kernel, &found_parts.offset), (&parts.kernel, &parts.offset), "{what}");
            let levels: Vec<f64> = expected.report.levels.iter().copied().map(factor).collect();
            assert_eq!(found.report.levels, levels, "{what}");
            assert!(found.report.mean_squared_error.is_finite(), "{what}");
        }
    }
    assert_eq!(whole.mapv(|x| libm::ldexp(x, -1074)).iter().map(|x| x.abs()).fold(1.0, f64::min), 5e-324);
}
