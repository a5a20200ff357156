//! The patterns that come with the program, and random ones.

use hopgate_files::patterns;

#[test]
fn glyphs_are_384_distinct_pictures() {
    let p = patterns::load("glyphs").expect("built in");
    assert_eq!((p.bits.rows(), p.bits.cols(), p.shape), (384, 128, Some((16, 8))));
    assert!(p.warnings.is_empty(), "no duplicates: {:?}", p.warnings);
    let labels = p.labels.expect("characters");
    assert!((0..384).all(|r| p.bits.row(r).iter().any(|&w| w != 0)), "none is blank");
    let a = labels.iter().position(|l| l == "T").expect("a letter");
    let row = |y: usize| (0..8).filter(|x| p.bits.get(a, y * 8 + x)).count();
    // a T: its widest row is its first, and a stem of one width follows
    let inked: Vec<usize> = (0..16).map(row).filter(|&n| n > 0).collect();
    assert!(inked[0] >= 5 && inked[1..].iter().all(|&n| n == inked[1]), "{inked:?}");
    assert!(labels.windows(2).all(|w| w[0].chars().next() < w[1].chars().next()), "code point order");
}

#[test]
fn digits_are_192_distinct_pictures_of_ten_classes() {
    let p = patterns::load("digits").expect("built in");
    assert_eq!((p.bits.rows(), p.bits.cols(), p.shape), (192, 64, Some((8, 8))));
    assert!(p.warnings.is_empty(), "no duplicates: {:?}", p.warnings);
    let labels = p.labels.expect("classes");
    let of = |class: usize| labels.iter().filter(|l| **l == class.to_string()).count();
    assert_eq!((0..10).map(of).collect::<Vec<_>>(), [20, 20, 19, 19, 19, 19, 19, 19, 19, 19]);
    // the first is a zero: a ring round an empty middle, the right way up and round (its left side is the longer one)
    let row = |y: usize| (0..8).map(|x| if p.bits.get(0, 8 * y + x) { '#' } else { '.' }).collect::<String>();
    let ring = ["...##...", "..####..", "..#..##.", "..#..##.", "..#..##.", "..#..#..", "..#.##..", "...##..."];
    assert_eq!((labels[0].as_str(), (0..8).map(row).collect::<Vec<_>>()), ("0", ring.map(String::from).to_vec()));
}

#[test]
fn optdigits_are_two_pictures_each() {
    let parts =
        ["", ":train", ":test"].map(|part| patterns::load_samples(format!("optdigits{part}")).expect("built in"));
    assert_eq!(parts.each_ref().map(|p| p.bits.rows()), [1797, 1200, 597]);
    let [all, train, test] = &parts;
    assert_eq!((all.bits.cols(), all.shape), (128, Some((16, 8))));
    for (r, p, of) in [(0, train, 0), (1199, train, 1199), (1200, test, 0), (1796, test, 596)] {
        assert_eq!(all.bits.row(r), p.bits.row(of));
    }
    // what is more than half ink is ink
    assert!((0..1797).all(|r| (0..64).all(|i| all.bits.get(r, i) || !all.bits.get(r, 64 + i))));
    let labels = all.labels.as_ref().expect("classes");
    let of = |class: usize| labels.iter().filter(|l| **l == class.to_string()).count();
    assert_eq!((0..10).map(of).collect::<Vec<_>>(), [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
    // as patterns, each is there once
    let merged = patterns::load("optdigits").expect("built in");
    assert_eq!((merged.bits.rows(), merged.warnings.len()), (1795, 1));
}

#[test]
fn random_patterns_are_distinct_and_the_same_every_time() {
    let p = patterns::load("random:N=170,P=510,seed=1").expect("built in");
    assert_eq!(p, patterns::load("random:N=170,P=510,seed=1").expect("built in"));
    assert_eq!(p.bits, hopgate_model::noise::random(510, 170, 1));
    assert_ne!(p.bits, patterns::load("random:N=170,P=510,seed=2").expect("built in").bits);
    for (n, count) in [(1, 2), (3, 8), (5, 31)] {
        let p = patterns::load(format!("random:P={count},N={n}")).expect("built in");
        assert_eq!((p.bits.rows(), p.bits.cols(), p.warnings.len()), (count, n, 0));
        assert_eq!(p.clone().merge_duplicates(), p);
    }
}
