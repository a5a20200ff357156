//! Radii beside a plain search, and what is refused.

use super::*;
use hopgate_train::quantizer::{MemoryOptions, training_free, training_free_values};

fn of_values(keys: &BitMatrix) -> Memory {
    let values = noise::random(keys.rows(), 8, 2);
    training_free_values(keys, &values, Kind::Map, 0.3, &MemoryOptions::default()).unwrap()
}

#[test]
fn the_rates_are_those_of_a_plain_search() {
    // 40 keys of 32 bits: foreign cues and noisy ones overlap, so both rates are far from 0
    let memory = of_values(&noise::random(40, 32, 1));
    let options = RadiusOptions::new(0.1, vec![Corruption::Flips(0.2)]);
    let report = propose(&memory, &options, &|_| ()).unwrap();
    let radius = report.proposed.unwrap();
    let within = |cues: &BitMatrix, radius: u32| {
        let least = |q: usize| {
            (0..40).map(|mu| hopgate_model::bits::hamming(memory.patterns().row(mu), cues.row(q))).min().unwrap()
        };
        (0..cues.rows()).filter(|&q| least(q) <= radius).count() as f64 / cues.rows() as f64
    };
    // drawn otherwise, and measured otherwise; five standard errors of the 10,000 cues of each
    let mut rng = noise::rng(77, 0);
    let share = |c: usize| memory.patterns().column_ones(c) as f64 / 40.0;
    let foreign = BitMatrix::from_fn(10_000, 32, |_, c| noise::unit(&mut rng) < share(c));
    let foreign = noise::flips(&foreign, 0.2, 79);
    let own = noise::cues(memory.patterns(), 10_000, 0.2, 78);
    for at in &report.beside {
        for (is, should) in
            [(at.false_accept, within(&foreign, at.radius)), (1.0 - at.false_reject, within(&own, at.radius))]
        {
            assert!((is - should).abs() < 0.035, "{at:?}: {is}, {should}");
        }
    }
    assert!(report.rates.false_accept < 0.12 && report.beside.last().unwrap().false_accept > 0.1, "{report:?}");
    assert_eq!(report.rates.radius, radius);
    assert_eq!(propose(&memory, &options, &|_| ()).unwrap(), report);
    let other = propose(&memory, &options.clone().seed(2), &|_| ()).unwrap();
    assert!(other.rates.false_accept != report.rates.false_accept);
}

#[test]
fn the_stricter_of_two_sources_decides() {
    let keys = noise::random(40, 64, 1);
    let memory = of_values(&keys);
    let corruptions = vec![Corruption::Flips(0.05)];
    let random = propose(&memory, &RadiusOptions::new(0.01, corruptions.clone()), &|_| ()).unwrap();
    // things that are almost stored
    let near = noise::exact_flips(&keys, 8, 9);
    let options = RadiusOptions::new(0.01, corruptions).foreign(Some(("near".into(), near)));
    let both = propose(&memory, &options, &|_| ()).unwrap();
    assert!(both.proposed < random.proposed, "{both:?}");
    assert!(both.foreign[1].false_accept > both.foreign[0].false_accept);
    assert_eq!(both.rates.false_accept, both.foreign[1].false_accept);
    assert!(both.rates.false_reject > random.rates.false_reject);
}

#[test]
fn a_recall_of_many_steps_forgets_where_it_came_from() {
    let keys = noise::random(20, 64, 1);
    let corruptions = vec![Corruption::Flips(0.1)];
    let propose = |max_steps| {
        let memory = training_free(&keys, 0.5, &MemoryOptions::default().max_steps(max_steps)).unwrap();
        propose(&memory, &RadiusOptions::new(0.01, corruptions.clone()), &|_| ()).unwrap()
    };
    let (many, one) = (propose(30), propose(1));
    assert!(many.proposed.is_none() && many.warnings[0].contains("max_steps 1"), "{many:?}");
    assert!(one.proposed.is_some() && one.warnings.is_empty() && one.rates.false_reject < 0.05, "{one:?}");
}

#[test]
fn what_cannot_be_is_refused() {
    let keys = noise::random(9, 32, 1);
    let memory = of_values(&keys);
    let flips = vec![Corruption::Flips(0.1)];
    let foreign = |bits: BitMatrix| RadiusOptions::new(0.1, flips.clone()).foreign(Some(("f.npy".into(), bits)));
    for (options, what) in [
        (RadiusOptions::new(0.0, flips.clone()), "rate is 0"),
        (RadiusOptions::new(f64::NAN, flips.clone()), "rate is NaN"),
        (RadiusOptions::new(1.0, flips.clone()), "rate is 1"),
        (RadiusOptions::new(0.1, vec![]), "no corruption"),
        (RadiusOptions::new(0.1, vec![Corruption::Shift]), "shift needs pictures"),
        (foreign(noise::random(3, 31, 1)), "3 foreign things of 31 bits"),
        (foreign(BitMatrix::zeros(0, 32)), "0 foreign things"),
        (foreign(keys.select(&[4])), "f.npy: row 0 is the stored pattern 4"),
        (RadiusOptions::new(0.1, flips.clone()).known(Some(noise::random(3, 33, 1))), "3 known things of 33 bits"),
    ] {
        let e = propose(&memory, &options, &|_| ()).unwrap_err();
        assert!(e.to_string().contains(what) && e.help_text().is_some(), "{e}");
    }
}
