//! The class of each stored pattern of a memory of classes: what a list of the nearest patterns says beside them.

use crate::{kind::Kind, memory::Memory};
use alloc::vec::Vec;

/// The class of each stored pattern, of a memory of classes; none of another kind.
///
/// It is the one that the pattern's label names, where all labels are names of classes. Otherwise it is the one to which the pattern gives most
/// where the cue is the pattern itself: the `c` with the greatest `sum over j of W_j[0] * B_j[mu, c]`, the lowest of equals.
///
/// ```
/// # use hopgate_model::{bits::BitMatrix, classes, kind::Kind, memory::{Memory, Parts}};
/// let patterns = BitMatrix::from_fn(3, 8, |mu, i| i < 2 * mu);
/// let plane = BitMatrix::from_fn(3, 2, |mu, c| c == mu % 2);
/// let parts = Parts { kind: Kind::Class, planes: vec![plane], kernel: vec![vec![1; 9]], ..Parts::of(patterns) };
/// let names = |names: [&str; 2]| Some(names.map(String::from).to_vec());
/// let labels = Some(["no", "yes", "yes"].map(String::from).to_vec());
/// assert_eq!(classes::of_patterns(&Memory::new(parts.clone())?), Some(vec![0, 1, 0]));
/// let named = Parts { labels, classes: names(["yes", "no"]), ..parts };
/// assert_eq!(classes::of_patterns(&Memory::new(named)?), Some(vec![1, 0, 0]));
/// # Ok::<(), hopgate_model::Error>(())
/// ```
pub fn of_patterns(memory: &Memory) -> Option<Vec<u32>> {
    if memory.kind() != Kind::Class {
        return None;
    }
    let weight = |mu: usize, c: usize| -> u64 {
        let planes = memory.planes().iter().zip(memory.kernel());
        planes.map(|(plane, column)| u64::from(column[0]) * u64::from(plane.get(mu, c))).sum()
    };
    // of equal ones `max_by_key` takes the last, so the order is turned
    let heaviest = |mu: usize| (0..memory.outputs()).rev().max_by_key(|&c| weight(mu, c)).unwrap_or(0) as u32;
    Some(named(memory).unwrap_or_else(|| (0..memory.patterns().rows()).map(heaviest).collect()))
}

/// The same by the labels alone: none where one of them is no name of a class.
pub fn named(memory: &Memory) -> Option<Vec<u32>> {
    let labels = memory.parts().labels.as_ref().filter(|_| memory.kind() == Kind::Class)?;
    let numbers = || (0..memory.outputs()).map(|c| alloc::format!("{c}")).collect();
    let names: Vec<_> = memory.parts().classes.clone().unwrap_or_else(numbers);
    labels.iter().map(|label| names.iter().position(|name| name == label).map(|c| c as u32)).collect()
}
