//! The class of a stored pattern: that of its label where all labels name one, else the one it gives most to.

use hopgate_model::{
    bits::BitMatrix,
    classes::{named, of_patterns},
    kind::Kind,
    memory::{Memory, Parts},
};

/// Four patterns of three classes; at distance 0 the planes weigh 1, 2 and 4, and further away the first one weighs most.
fn parts() -> Parts {
    let patterns = BitMatrix::from_fn(4, 8, |mu, i| i < 2 * mu);
    let plane = |rows: [[u8; 3]; 4]| BitMatrix::from_fn(4, 3, |mu, c| rows[mu][c] == 1);
    let planes = vec![
        plane([[1, 0, 0], [1, 1, 0], [0, 0, 0], [1, 0, 1]]),
        plane([[1, 0, 0], [0, 1, 1], [0, 0, 0], [0, 1, 1]]),
        plane([[0, 1, 0], [0, 0, 0], [0, 0, 0], [1, 1, 0]]),
    ];
    let column = |nearest: u32, others: u32| (0..=8).map(|e| if e == 0 { nearest } else { others }).collect();
    Parts { kind: Kind::Class, planes, kernel: vec![column(1, 200), column(2, 1), column(4, 0)], ..Parts::of(patterns) }
}

fn memory(parts: Parts) -> Memory {
    Memory::new(parts).expect("in range")
}

fn strings(names: &[&str]) -> Option<Vec<String>> {
    Some(names.iter().map(|name| (*name).to_owned()).collect())
}

#[test]
fn without_labels_it_is_the_class_that_its_own_key_gives_most() {
    let m = memory(parts());
    // 3, 4 and 0; then 1, 3 and 2; then nothing for any, so the lowest; then 5, 6 and 3
    assert_eq!(of_patterns(&m), Some(vec![1, 1, 0, 1]));
    assert_eq!(named(&m), None);
}

#[test]
fn labels_name_classes_by_number_or_by_their_names() {
    let numbers = memory(Parts { labels: strings(&["2", "0", "1", "2"]), ..parts() });
    assert_eq!(named(&numbers), Some(vec![2, 0, 1, 2]));
    assert_eq!(of_patterns(&numbers), named(&numbers));
    let classes = strings(&["cat", "dog", "eel"]);
    let names = memory(Parts { labels: strings(&["eel", "cat", "dog", "eel"]), classes, ..parts() });
    assert_eq!(named(&names), Some(vec![2, 0, 1, 2]));
}

#[test]
fn one_label_that_names_no_class_leaves_all_to_the_planes() {
    let m = memory(Parts { labels: strings(&["2", "0", "1", "3"]), ..parts() });
    assert_eq!((named(&m), of_patterns(&m)), (None, Some(vec![1, 1, 0, 1])));
}

#[test]
fn other_kinds_have_no_classes_whatever_their_labels() {
    for kind in [Kind::Auto, Kind::Map] {
        let patterns = parts().patterns;
        let (planes, kernel) = (vec![patterns.clone()], vec![vec![1; 9]]);
        let labels = strings(&["0", "1", "2", "3"]);
        let m = memory(Parts { kind, planes, kernel, labels, ..Parts::of(patterns) });
        assert_eq!((named(&m), of_patterns(&m)), (None, None), "{kind}");
    }
}
