//! The built-in set `digits`: handwritten digits of 8x8 pixels.

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
