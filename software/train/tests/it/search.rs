//! The search for a memory: the budget holds, the smallest that is as good wins, and nothing is hidden.

use hopgate_model::{ErrorKind, corrupt::Corruption, noise};
use hopgate_train::{
    quantizer::Scheme,
    search::{SearchOptions, search_memory, within_storage},
};

fn options(corruption: Corruption) -> SearchOptions {
    SearchOptions::new(vec![corruption]).gammas(vec![0.02, 0.3]).cues_per_pattern(8)
}

#[test]
fn the_budget_holds_and_a_plane_that_buys_nothing_is_not_bought() {
    let patterns = noise::random(40, 48, 1);
    let all = |_: &_| Ok((true, "a device without end".to_owned()));
    let found = search_memory(&patterns, None, &options(Corruption::Flips(0.05)), &all, &|_| ()).unwrap();
    // two gammas of one training-free, three shared and three uniform memories, and three tuned ones
    assert_eq!((found.tried.len(), found.failed.len()), (17, 0));
    let best = &found.tried[found.best];
    assert_eq!((best.storage_bits, best.bits), (40 * 48, 1), "{best:?}");
    assert!(best.exact > 0.95 && found.fresh > 0.95 && found.fresh_cues == 8 * 40, "{best:?} {}", found.fresh);
    let broad = found.tried.iter().find(|c| c.scheme == "training-free" && c.gamma == 0.02).unwrap();
    assert!(broad.exact < best.exact - 0.1, "{broad:?}");

    let budget = 2 * 40 * 48;
    let within =
        search_memory(&patterns, None, &options(Corruption::Flips(0.05)), &within_storage(budget), &|_| ()).unwrap();
    assert!(within.tried.iter().all(|c| c.fits == (c.storage_bits <= budget) && c.verdict.contains("of 3840 bits")));
    assert!(within.tried.iter().any(|c| !c.fits) && within.tried[within.best].fits);
    let none =
        search_memory(&patterns, None, &options(Corruption::Flips(0.05)), &within_storage(1919), &|_| ()).unwrap_err();
    assert!(none.kind() == ErrorKind::Fit && none.to_string().contains("1920 of 1919 bits"), "{none}");
}

#[test]
fn a_plane_that_pays_is_bought() {
    // a fixed, broad kernel: one shared plane is nearly useless, and nothing else may be tried
    let patterns = noise::random(60, 32, 2);
    let only = options(Corruption::Flips(0.05)).gammas(vec![0.03]).schemes(vec![Scheme::Shared]);
    let all = |_: &_| Ok((true, String::new()));
    let found = search_memory(&patterns, None, &only, &all, &|_| ()).unwrap();
    let exact: Vec<f64> = found.tried.iter().map(|c| c.exact).collect();
    assert!(found.memory.planes().len() > 1 && found.tried[found.best].exact > exact[0] + 0.05, "{exact:?}");
}

#[test]
fn wrong_options_are_refused() {
    let patterns = noise::random(8, 16, 1);
    let all = |_: &_| Ok((true, String::new()));
    let good = options(Corruption::Flips(0.05));
    for (options, expected) in [
        (good.clone().gammas(vec![]), "no gamma"),
        (good.clone().gammas(vec![-1.0]), "gamma is -1"),
        (good.clone().bits(vec![9]), "9 bits"),
        (good.clone().kernel_bits(vec![3]), "kernel_bits is 3"),
        (good.clone().corruptions(vec![]), "no corruption"),
        (options(Corruption::Shift), "needs pictures"),
    ] {
        let e = search_memory(&patterns, None, &options, &all, &|_| ()).unwrap_err();
        assert!(e.kind() == ErrorKind::Usage && e.to_string().contains(expected), "{expected}: {e}");
    }
    assert!(search_memory(&hopgate_model::bits::BitMatrix::zeros(0, 4), None, &good, &all, &|_| ()).is_err());
    let fails = |_: &_| Err(hopgate_model::Error::new(ErrorKind::Tool, "no estimate"));
    assert_eq!(search_memory(&patterns, None, &good, &fails, &|_| ()).unwrap_err().kind(), ErrorKind::Tool);
}
