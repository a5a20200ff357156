//! What is simpler says when it is enough.

use hopgate_keyed::{Enough, KeyedOptions, Samples, compare_keyed, train_keyed};
use hopgate_model::{Result, noise};

fn enough(samples: &Samples, centres: usize) -> Result<(Enough, String)> {
    let trained = train_keyed(samples, &KeyedOptions::new(centres).held_out(0.3).tolerance(1e-4), &|_| ())?;
    let (own, held) = (samples.select(&trained.own), samples.select(&trained.held_out));
    let beside = compare_keyed(&trained.model, &own, &held, &|_| ())?;
    Ok((beside.enough(), beside.advice().unwrap_or_default()))
}

#[test]
fn a_class_that_is_a_bit_needs_a_linear_model() {
    let keys = noise::random(900, 21, 1);
    let labels = (0..900).map(|t| u32::from(keys.get(t, 3))).collect();
    let (enough, advice) = enough(&Samples::of_labels(keys, labels).unwrap(), 40).unwrap();
    assert_eq!(enough, Enough::Linear, "{advice}");
    assert!(advice.starts_with("a linear model of the key's bits is enough: it answers "));
}

#[test]
fn words_with_a_centre_each_need_a_search() {
    let words = noise::random(6, 64, 2);
    let keys = noise::cues(&words, 600, 0.05, 3);
    let samples = Samples::of_labels(keys, (0..600).map(|t| t % 6).collect()).unwrap();
    assert_eq!(enough(&samples, 6).unwrap().0, Enough::Search);
}

#[test]
fn many_words_and_few_centres_need_training() {
    let words = noise::random(60, 48, 4);
    let keys = noise::cues(&words, 3000, 0.05, 5);
    let samples = Samples::of_labels(keys, (0..3000).map(|t| t % 60 / 20).collect()).unwrap();
    let (enough, advice) = enough(&samples, 45).unwrap();
    assert_eq!((enough, advice.as_str()), (Enough::Model, ""));
}

#[test]
fn values_are_compared_bit_by_bit() {
    // the value is a part of the key
    let keys = noise::random(600, 17, 6);
    let values = hopgate_model::bits::BitMatrix::from_fn(600, 3, |t, c| keys.get(t, 2 * c));
    let samples = Samples::valued(keys, values).unwrap();
    assert_eq!(enough(&samples, 30).unwrap().0, Enough::Linear);
    let none = samples.select(&[]);
    let trained = train_keyed(&samples, &KeyedOptions::new(5).tolerance(1e-3), &|_| ()).unwrap();
    let error = compare_keyed(&trained.model, &samples, &none, &|_| ()).unwrap_err();
    assert_eq!(error.to_string(), "there are no samples to judge by");
}
