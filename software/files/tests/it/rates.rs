//! Corruptions of built-in pictures are as frequent as asked for.

use hopgate_files::patterns;
use hopgate_model::{
    bits::BitMatrix,
    corrupt::{Corruption, cues},
};

#[test]
fn rates_are_those_asked_for() {
    let digits = patterns::load("digits").unwrap();
    let count = 192 * 20;
    let of = |c: Corruption| cues(&digits.bits, digits.shape, count, &c, 3).unwrap().bits;
    let ones = |m: &BitMatrix| (0..64).map(|i| m.column_ones(i)).sum::<usize>() as f64;
    let clean = ones(&of(Corruption::Dropout(0.0)));
    // five standard errors of about 79,000 throws
    assert!((ones(&of(Corruption::Dropout(0.2))) / clean - 0.8).abs() < 0.008);
    let (all, some) = (ones(&of(Corruption::Thicken(1.0))), ones(&of(Corruption::Thicken(0.3))));
    assert!(((some - clean) / (all - clean) - 0.3).abs() < 0.009);
    // all nine shifts, and every start of a burst, occur
    let moved = of(Corruption::Shift);
    let stays = (0..count).filter(|q| moved.row(*q) == digits.bits.row(q % 192)).count() as f64 / count as f64;
    assert!((stays - 1.0 / 9.0).abs() < 5.0 * (8.0 / 81.0 / count as f64).sqrt(), "{stays}");
    let blank = BitMatrix::zeros(1, 10);
    let runs = cues(&blank, None, 4000, &Corruption::Burst { bits: 2 }, 1).unwrap().bits;
    for i in 0..10 {
        // a neuron at either end lies in one of nine runs, another in two
        let expected = 4000.0 / 9.0 * if i == 0 || i == 9 { 0.5 } else { 1.0 };
        let found = runs.column_ones(i) as f64;
        assert!((found - expected).abs() < 5.0 * expected.sqrt(), "neuron {i}: {found}, not {expected}");
    }
}
