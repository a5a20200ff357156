//! The built-in sets `digits` and `optdigits`: handwritten digits of 8x8 pixels.

use super::Patterns;
use hopgate_model::bits::BitMatrix;

/// A line per digit; its header says where they come from, under which licence, and how they were made.
const DATA: &str = include_str!("../../data/digits.txt");

/// 192 distinct handwritten digits, 8 wide and 8 high: N = 64, neuron = row * 8 + column, ink is 1.
///
/// They are from *Optical Recognition of Handwritten Digits* (E. Alpaydin and C. Kaynak, UCI Machine Learning
/// Repository, 1998, CC BY 4.0). A pixel is ink from half the grey scale up: of all thresholds the one that leaves
/// most digits with the right number of holes (one in 0, 6 and 9, two in 8). The label is the class, `0` to `9`, so each label occurs 19 or 20 times.
pub fn digits() -> Patterns {
    let lines = DATA.lines().filter(|line| !line.starts_with('#'));
    let (labels, pictures): (Vec<&str>, Vec<u64>) = lines
        .filter_map(|line| line.split_once(' '))
        .filter_map(|(label, picture)| Some((label, u64::from_str_radix(picture, 16).ok()?)))
        .unzip();
    let bits = BitMatrix::from_fn(pictures.len(), 64, |r, i| pictures[r] >> (63 - i) & 1 == 1);
    let labels = labels.into_iter().map(String::from).collect();
    Patterns { labels: Some(labels), shape: Some((8, 8)), ..Patterns::new(bits, "digits") }
}

/// A line per digit, as [`DATA`].
const ALL: &str = include_str!("../../data/optdigits.txt");
/// Digits that are there to train on; the others are other people's.
const TRAINED_ON: usize = 1200;

/// A part of the set `optdigits`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// All 1,797.
    All,
    /// The first 1,200.
    Train,
    /// The other 597.
    Test,
}

impl Part {
    /// By the name of the built-in set.
    pub fn named(name: &str) -> Option<Part> {
        Some(match name {
            "optdigits" => Part::All,
            "optdigits:train" => Part::Train,
            "optdigits:test" => Part::Test,
            _ => return None,
        })
    }
}

/// The 1,797 digits of the same source's test set, in its order, 8 wide and 8 high, two bits a pixel: N = 128. The first 64 are ink from 5 of 16
/// scanned pixels up, the others from 11 up, so a row is a picture of 8 by 16. The label is the class. Some digits are the same.
pub(super) fn optdigits(part: Part, name: &str) -> Patterns {
    let lines = ALL.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(' '));
    let all: Vec<(&str, u128)> =
        lines.filter_map(|(label, bits)| Some((label, u128::from_str_radix(bits, 16).ok()?))).collect();
    let rows = match part {
        Part::All => &all[..],
        Part::Train => &all[..TRAINED_ON],
        Part::Test => &all[TRAINED_ON..],
    };
    let bits = BitMatrix::from_fn(rows.len(), 128, |r, i| rows[r].1 >> (127 - i) & 1 == 1);
    let labels = rows.iter().map(|(label, _)| String::from(*label)).collect();
    Patterns { labels: Some(labels), shape: Some((16, 8)), ..Patterns::new(bits, name) }
}
