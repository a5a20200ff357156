//! Bad samples and options: what is refused, and what it is told.

use hopgate_keyed::{KeyedOptions, Samples, centres::Centres, train_keyed};
use hopgate_model::{ErrorKind, bits::BitMatrix, noise};

#[track_caller]
fn refused<T>(result: hopgate_model::Result<T>, kind: ErrorKind, what: &str) {
    let error = result.err().expect("an error");
    assert_eq!((error.kind(), error.to_string().as_str()), (kind, what));
    assert!(!error.help_text().unwrap_or_default().contains("--"), "a library knows no flags");
}

#[test]
fn samples_that_say_nothing_are_refused() {
    let keys = noise::random(6, 9, 1);
    let labelled = |labels: &[u32], classes| Samples::labelled(keys.clone(), labels.to_vec(), classes);
    refused(labelled(&[0, 1, 0], 2), ErrorKind::Value, "there are 3 labels for 6 keys");
    refused(labelled(&[0; 6], 1), ErrorKind::Value, "there is 1 class, but a classifier needs at least two");
    refused(labelled(&[0, 1, 1, 0, 3, 3], 4), ErrorKind::Value, "class 2 of 4 has no sample");
    refused(labelled(&[0, 1, 1, 0, 3, 3], 3), ErrorKind::Value, "label 3 of key 4 is beyond the 3 classes");
    refused(labelled(&[0; 6], 2000), ErrorKind::Value, "there are 2000 classes, but a memory has at most 1024");
    refused(
        Samples::of_labels(keys.clone(), vec![0; 6]),
        ErrorKind::Value,
        "there is 1 class, but a classifier needs at least two",
    );
    let valued = |values: BitMatrix| Samples::valued(keys.clone(), values);
    refused(valued(noise::random(5, 3, 1)), ErrorKind::Value, "there are 5 values for 6 keys");
    refused(valued(noise::random(6, 0, 1)), ErrorKind::Value, "values have 0 bits, but a memory has 1 to 1024");
    let none = Samples::valued(noise::random(0, 9, 1), noise::random(0, 3, 1));
    refused(none, ErrorKind::Value, "there are no keys to train on");
    let twice = Samples::sequence(keys.select(&[0, 1, 2, 1]));
    let what = "pattern 3 of the sequence repeats pattern 1, so what follows is not known";
    refused(twice, ErrorKind::Value, what);
    refused(Samples::sequence(keys.select(&[0])), ErrorKind::Value, "a sequence of one pattern goes nowhere");
}

#[test]
fn options_out_of_range_are_refused() {
    let samples = Samples::of_labels(noise::random(20, 9, 1), (0..20).map(|t| t % 2).collect()).unwrap();
    let with = |options: KeyedOptions| train_keyed(&samples, &options, &|_| ());
    let o = || KeyedOptions::new(5);
    let usage = |options, what| refused(with(options), ErrorKind::Usage, what);
    usage(o().lambda(0.0), "lambda is 0, but must be a number greater than 0");
    usage(o().gamma(Some(f64::NAN)), "gamma is NaN, but must be a number greater than 0");
    usage(o().noise(0.5), "the noise is 0.5, but must be at least 0 and less than 0.5");
    usage(o().held_out(1.0), "the share that is held out is 1, but must be 0 to 0.9");
    let value = |options, what| refused(with(options), ErrorKind::Value, what);
    value(KeyedOptions::new(0), "there are no centres to store");
    value(KeyedOptions::new(21).held_out(0.0), "21 centres are more than the 20 samples");
    let same = Samples::of_labels(BitMatrix::zeros(20, 9), (0..20).map(|t| t % 2).collect()).unwrap();
    let what = "5 centres are more than the 1 different keys";
    refused(train_keyed(&same, &o(), &|_| ()), ErrorKind::Value, what);
    // what says nothing is still trained, and the report says why it says nothing
    let trained = train_keyed(&same, &o().how(Centres::All), &|_| ()).unwrap();
    assert_eq!(trained.report.contradiction, Some((0, 1)));
    assert_eq!(trained.model.centres.rows(), 1);
}

#[test]
fn who_watches_may_stop_it() {
    struct Stop;
    impl hopgate_model::progress::Watch for Stop {
        fn at(&self, _: hopgate_model::progress::Progress) {}
        fn cancelled(&self) -> bool {
            true
        }
    }
    let samples = Samples::of_labels(noise::random(20, 9, 1), (0..20).map(|t| t % 2).collect()).unwrap();
    for how in [Centres::Random, Centres::Modes, Centres::Medoids, Centres::All] {
        refused(train_keyed(&samples, &KeyedOptions::new(5).how(how), &Stop), ErrorKind::Interrupted, "interrupted");
    }
}
