//! Every corruption does what its name says, and nothing else; its text reads back; wrong ones are refused.

use hopgate_model::{
    ErrorKind,
    bits::BitMatrix,
    corrupt::{Corruption, cues},
    noise,
};
use proptest::prelude::*;

const SHAPE: (usize, usize) = (5, 7);

/// Cues of random pictures, with the clean row of each.
fn corrupted(c: Corruption, seed: u64) -> (BitMatrix, BitMatrix) {
    let rows = noise::random(6, 35, seed);
    let clean = rows.select(&(0..50).map(|q| q % 6).collect::<Vec<_>>());
    (clean, cues(&rows, Some(SHAPE), 50, &c, seed).unwrap().bits)
}

/// The pixel at a row and column that may lie outside.
fn pixel(m: &BitMatrix, q: usize, y: i32, x: i32) -> Option<bool> {
    let (height, width) = (SHAPE.0 as i32, SHAPE.1 as i32);
    ((0..height).contains(&y) && (0..width).contains(&x)).then(|| m.get(q, (y * width + x) as usize))
}

fn beside(m: &BitMatrix, q: usize, i: usize, ink: bool) -> bool {
    let (y, x) = ((i / SHAPE.1) as i32, (i % SHAPE.1) as i32);
    [(-1, 0), (1, 0), (0, -1), (0, 1)].iter().any(|(dy, dx)| pixel(m, q, y + dy, x + dx) == Some(ink))
}

proptest! {
    #[test]
    fn dropout_only_clears(seed in 0..500u64, p in 0.0..=1.0f64) {
        let (clean, cue) = corrupted(Corruption::Dropout(p), seed);
        for (q, i) in places() {
            prop_assert!(clean.get(q, i) || !cue.get(q, i));
        }
    }

    #[test]
    fn a_burst_is_a_run(seed in 0..500u64, bits in 1..=35usize) {
        let (clean, cue) = corrupted(Corruption::Burst { bits }, seed);
        for q in 0..50 {
            let changed: Vec<usize> = (0..35).filter(|&i| clean.get(q, i) != cue.get(q, i)).collect();
            prop_assert!(changed.is_empty() || changed[changed.len() - 1] - changed[0] < bits);
        }
    }

    #[test]
    fn a_shift_is_one_of_nine(seed in 0..500u64) {
        let (clean, cue) = corrupted(Corruption::Shift, seed);
        let moved = |q, i: usize, dy: i32, dx: i32| {
            pixel(&clean, q, (i / 7) as i32 - dy, (i % 7) as i32 - dx).unwrap_or(false)
        };
        for q in 0..50 {
            let fits = |way: i32| (0..35).all(|i| cue.get(q, i) == moved(q, i, way / 3 - 1, way % 3 - 1));
            prop_assert!((0..9).any(fits), "cue {}", q);
        }
    }

    #[test]
    fn thicken_and_thin_change_edges_only(seed in 0..500u64, p in 0.0..=1.0f64) {
        for (c, from) in [(Corruption::Thicken(p), false), (Corruption::Thin(p), true)] {
            let (clean, cue) = corrupted(c, seed);
            for (q, i) in places().filter(|&(q, i)| clean.get(q, i) != cue.get(q, i)) {
                prop_assert!(clean.get(q, i) == from && beside(&clean, q, i, !from), "{} cue {} neuron {}", c, q, i);
            }
        }
    }

    #[test]
    fn a_higher_probability_damages_a_superset(seed in 0..500u64, p in 0.0..=1.0f64, q in 0.0..=1.0f64) {
        let kinds = [Corruption::Flips, Corruption::Dropout, Corruption::Thicken, Corruption::Thin];
        for kind in kinds {
            let (clean, low) = corrupted(kind(p.min(q)), seed);
            let high = corrupted(kind(p.max(q)), seed).1;
            for (q, i) in places() {
                prop_assert!(low.get(q, i) == clean.get(q, i) || high.get(q, i) == low.get(q, i));
            }
        }
    }

    #[test]
    fn texts_read_back(p in 0.0..=1.0f64, bits in 1..2000usize) {
        use Corruption::{Burst, Dropout, Flips, Shift, Thicken, Thin};
        for c in [Flips(p), Dropout(p), Burst { bits }, Shift, Thicken(p), Thin(p)] {
            prop_assert_eq!(c.to_string().parse::<Corruption>().unwrap(), c);
        }
    }
}

fn places() -> impl Iterator<Item = (usize, usize)> {
    (0..50).flat_map(|q| (0..35).map(move |i| (q, i)))
}

#[test]
fn probability_one_and_zero_by_hand() {
    // a T of 3x3 pixels
    let t = BitMatrix::from_fn(1, 9, |_, i| i < 3 || i % 3 == 1);
    let drawn = |c: Corruption| {
        let cue = cues(&t, Some((3, 3)), 1, &c, 1).unwrap().bits;
        (0..9).map(|i| if cue.get(0, i) { '#' } else { '.' }).collect::<String>()
    };
    assert_eq!(drawn(Corruption::Thicken(1.0)), "#########");
    assert_eq!(drawn(Corruption::Thin(1.0)), ".#.......");
    assert_eq!(drawn(Corruption::Dropout(1.0)), ".........");
    for c in [Corruption::Thicken(0.0), Corruption::Thin(0.0), Corruption::Dropout(0.0), Corruption::Flips(0.0)] {
        assert_eq!(drawn(c), "###.#..#.");
    }
}

#[test]
fn flips_are_those_of_the_noise_and_seeds_matter() {
    let rows = noise::random(7, 35, 1);
    let of = |c: &Corruption, seed| cues(&rows, Some(SHAPE), 20, c, seed).unwrap();
    assert_eq!(of(&Corruption::Flips(0.2), 5).bits, noise::cues(&rows, 20, 0.2, 5));
    for text in ["flips:0.3", "dropout:0.3", "erase:0.3", "burst:9", "shift", "thicken:0.5", "thin:0.5"] {
        let c: Corruption = text.parse().unwrap();
        assert_eq!(of(&c, 5), of(&c, 5));
        assert_ne!(of(&c, 5), of(&c, 6), "{text}");
    }
}

/// The same seed gives the same bytes on every machine and in every version.
#[test]
fn corruptions_are_pinned() {
    let rows = noise::random(2, 35, 1);
    let words = ["flips:0.3", "dropout:0.3", "burst:9", "shift", "thicken:0.5", "thin:0.5"].map(|text| {
        let cues = cues(&rows, Some(SHAPE), 2, &text.parse().unwrap(), 1).unwrap().bits;
        (cues.row(0)[0], cues.row(1)[0])
    });
    let pinned = [
        (27315620142, 3116098163),
        (8657306404, 467502309),
        (29039201060, 469621877),
        (185605164, 469603573),
        (29092159286, 3757956853),
        (19394920452, 449680480),
    ];
    assert_eq!(words, pinned);
    // unknown bits have their values still
    let erased = cues(&rows, Some(SHAPE), 2, &"erase:0.3".parse().unwrap(), 1).unwrap();
    let known = erased.known.unwrap();
    assert_eq!((erased.bits, [known.row(0)[0], known.row(1)[0]]), (rows, [32847652351, 33528145901]));
}

#[test]
fn wrong_texts_and_shapes_are_refused() {
    for (text, expected) in [
        ("", "no such corruption"),
        ("flip:0.1", "no such corruption"),
        ("flips", "must follow"),
        ("flips:", "from 0 to 1"),
        ("flips:1.1", "from 0 to 1"),
        ("dropout:-0.1", "from 0 to 1"),
        ("thicken:nan", "from 0 to 1"),
        ("thin:a", "from 0 to 1"),
        ("burst", "must follow"),
        ("burst:0", "whole number"),
        ("burst:0.5", "whole number"),
        ("shift:1", "nothing can follow"),
    ] {
        let e = text.parse::<Corruption>().unwrap_err();
        assert!(e.kind() == ErrorKind::Usage && e.to_string().contains(expected), "{text}: {e}");
        assert!(e.help_text().is_some_and(|h| h.contains("dropout:0.2")), "{text}");
    }
    let rows = noise::random(3, 35, 1);
    let refused = |rows: &BitMatrix, shape, c| match cues(rows, shape, 9, &c, 1) {
        Ok(_) => panic!("{c} was accepted"),
        Err(e) => e.to_string(),
    };
    assert!(refused(&rows, None, Corruption::Shift).contains("needs pictures"));
    assert!(refused(&rows, Some((5, 6)), Corruption::Thin(0.1)).contains("has not 35 neurons"));
    assert!(refused(&rows, Some((usize::MAX, 2)), Corruption::Shift).contains("has not 35 neurons"));
    assert!(refused(&rows, None, Corruption::Burst { bits: 36 }).contains("1 to 35"));
    assert!(refused(&rows, None, Corruption::Flips(f64::NAN)).contains("0 to 1"));
    assert!(refused(&BitMatrix::zeros(0, 35), None, Corruption::Flips(0.1)).contains("no patterns"));
}

#[test]
fn only_what_moves_or_redraws_pixels_needs_a_picture() {
    for text in ["flips:0.1", "dropout:0.2", "erase:0.3", "burst:24", "shift", "thicken:0.3", "thin:0.3"] {
        let c: Corruption = text.parse().unwrap();
        let needs = ["shift", "thicken:0.3", "thin:0.3"].contains(&text);
        assert_eq!((c.needs_picture(), c.check(35, None).is_err()), (needs, needs), "{text}");
        c.check(35, Some(SHAPE)).unwrap();
    }
}
