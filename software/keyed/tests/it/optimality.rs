//! Training gets to the optimum of its objective, whatever it is given, and to the same bytes every time.

use hopgate_keyed::{
    KeyedOptions, Samples,
    centres::{Centres, choose},
    fit_keyed,
    train::gradient_at,
    train_keyed,
};
use hopgate_model::{bits::BitMatrix, kernel::KernelMode, noise};
use hopgate_train::solver::{TrainOptions, fit};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn where_the_samples_are_the_centres_it_is_the_optimum_of_the_other_solver(
        p in 2..50usize, n in 8..40usize, seed in 0..99u64, gamma in 0.03..0.4f64,
    ) {
        let patterns = noise::random(p, n, seed);
        prop_assume!(patterns.first_repeat().is_none());
        let other = fit(&patterns, &TrainOptions::new(gamma).lambda(0.02).tolerance(1e-10), &|_| ()).unwrap();
        let samples = Samples::valued(patterns.clone(), patterns.clone()).unwrap();
        let options = KeyedOptions::new(p).gamma(Some(gamma)).lambda(0.02).tolerance(1e-10);
        for mode in [KernelMode::Normalised, KernelMode::Fixed] {
            let (model, _) = fit_keyed(&samples, &patterns, &options.clone().kernel_mode(mode), &|_| ()).unwrap();
            let apart = (&model.alpha - &other.alpha).iter().fold(0.0f64, |m, d| m.max(d.abs()));
            // a gradient of K r that is small leaves r somewhat larger where K is nearly singular
            prop_assert!(apart < 1e-3, "{} {}", mode, apart);
        }
    }

    #[test]
    fn the_gradient_vanishes(
        t in 6..200usize, n in 3..40usize, m in 1..5usize, part in 0.05..1.0f64, seed in 0..99u64, classes in any::<bool>(),
        fixed in any::<bool>(),
    ) {
        let keys = noise::random(t, n, seed);
        let samples = if classes {
            Samples::labelled(keys, (0..t as u32).map(|t| t % (m as u32 + 1)).collect(), m + 1).unwrap()
        } else {
            Samples::valued(keys, noise::random(t, m, seed + 1)).unwrap()
        };
        let most = choose(&samples, Centres::All, 0, seed, &|_| ()).unwrap().rows();
        let centres = choose(&samples, Centres::Random, ((part * most as f64) as usize).max(1), seed, &|_| ()).unwrap();
        let mode = if fixed { KernelMode::Fixed } else { KernelMode::Normalised };
        let options = KeyedOptions::new(0).gamma(Some(0.08)).kernel_mode(mode);
        let (model, fit) = fit_keyed(&samples, &centres, &options, &|_| ()).unwrap();
        let (mut zero, gradient) = (model.clone(), gradient_at(&samples, &model).unwrap());
        zero.alpha.fill(0.0);
        let first = gradient_at(&samples, &zero).unwrap();
        for (g, first) in gradient.columns().into_iter().zip(first.columns()) {
            let most = |x: ndarray::ArrayView1<f64>| x.iter().fold(0.0f64, |m, x| m.max(x.abs()));
            prop_assert!(most(g) <= 1.01e-6 * most(first), "{} of {}", most(g), most(first));
        }
        prop_assert!(fit.residual <= 1e-6 && fit.steps > 0);
    }

    #[test]
    fn the_same_bytes_on_any_number_of_threads(seed in 0..20u64, how in 0..4usize) {
        let how = [Centres::All, Centres::Random, Centres::Modes, Centres::Medoids][how];
        let keys = noise::random(150, 20, seed);
        let samples = Samples::of_labels(keys, (0..150).map(|t| t % 3).collect()).unwrap();
        let options = KeyedOptions::new(40).how(how).noise(0.05).seed(seed);
        let of = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| train_keyed(&samples, &options, &|_| ()).unwrap())
        };
        let (one, three) = (of(1), of(3));
        prop_assert_eq!(&one.model, &three.model);
        prop_assert_eq!((one.report, one.held_out), (three.report, three.held_out));
    }
}

#[test]
fn more_classes_and_odd_widths() {
    // words of odd widths, up to 300 classes: each word is a class
    for (classes, n) in [(2, 7), (3, 33), (300, 65)] {
        let words = noise::random(classes, n, 3);
        let count = (6 * classes).max(60);
        let keys = noise::cues(&words, count, 0.02, 4);
        let samples = Samples::of_labels(keys, (0..count as u32).map(|t| t % classes as u32).collect()).unwrap();
        let most = choose(&samples, Centres::All, 0, 1, &|_| ()).unwrap().rows();
        // gamma is tried for where there are few
        let gamma = if classes > 100 { Some(0.05) } else { None };
        let options = KeyedOptions::new((2 * classes).min(most / 2).max(1)).gamma(gamma).tolerance(1e-3);
        let trained = train_keyed(&samples, &options, &|_| ()).unwrap();
        let accuracy = trained.model.score(&samples).unwrap().accuracy();
        assert!(accuracy > 0.9, "{classes} classes of {n} bits: {accuracy}");
    }
    // one output bit of one key bit
    let bit = BitMatrix::from_fn(4, 1, |t, _| t % 2 == 0);
    let samples = Samples::valued(bit.clone(), bit).unwrap();
    let trained = train_keyed(&samples, &KeyedOptions::new(0).how(Centres::All).held_out(0.0), &|_| ()).unwrap();
    assert_eq!(trained.model.score(&samples).unwrap().right, 4);
}
