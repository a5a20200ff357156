//! Height and width of the patterns of a memory, as its manifest has them.

use crate::common::{Shape, memory};
use hopgate_files::folder;
use hopgate_model::kernel::KernelMode;
use serde_json::{Value, json};

/// The manifest of a memory of so many neurons, with this kept in it.
fn manifest(neurons: usize, info: Value) -> folder::Manifest {
    let mode = KernelMode::Normalised;
    let shape = Shape { neurons, patterns: 2, planes: 1, kernel_bits: 4, mode, shared: true, labels: false, seed: 1 };
    let files = folder::to_files(&memory(shape), info.as_object().expect("an object")).expect("written");
    folder::from_files(&files).expect("read").manifest
}

#[test]
fn what_was_kept_of_the_patterns_or_of_the_model() {
    for info in [json!({"shape": [2, 3]}), json!({"model": {"shape": [2, 3]}})] {
        assert_eq!(manifest(6, info.clone()).picture(), Some((2, 3)), "{info}");
        assert_eq!(manifest(6, info).picture_or_square(), (2, 3));
    }
    let both = json!({"shape": [1, 6], "model": {"shape": [2, 3]}});
    assert_eq!(manifest(6, both).picture(), Some((1, 6)));
    for none in
        [json!({}), json!({"shape": [2, 4]}), json!({"shape": "2x3"}), json!({"model": 1}), json!({"shape": [6]})]
    {
        assert_eq!(manifest(6, none.clone()).picture(), None, "{none}");
    }
}

#[test]
fn nearly_square_where_nothing_was_kept() {
    let squares = [
        (1, (1, 1)),
        (2, (1, 2)),
        (3, (2, 2)),
        (4, (2, 2)),
        (5, (2, 3)),
        (6, (2, 3)),
        (7, (3, 3)),
        (16, (4, 4)),
        (17, (4, 5)),
    ];
    for (neurons, square) in squares {
        assert_eq!(manifest(neurons, json!({})).picture_or_square(), square, "{neurons} neurons");
    }
}
