//! What several tests need: memories, as the tests of the model draw them, and comparisons.

use hopgate_model::{
    kind::Kind,
    memory::{Memory, Parts},
    noise,
};
use std::path::Path;

#[path = "../../../model/tests/it/common/mod.rs"]
mod memories;
pub use memories::*;

/// A memory of this shape and kind, with as many outputs as the kind and the seed say.
pub fn of_kind(shape: Shape, kind: Kind) -> Memory {
    let (parts, seed) = (parts(shape), shape.seed);
    let outputs = if kind.answers_keys() { shape.neurons } else { 2 + (seed % 20) as usize };
    Memory::new(Parts {
        kind,
        radius: (seed % (shape.neurons as u64 + 1)) as u32,
        planes: (0..shape.planes).map(|j| noise::random(shape.patterns, outputs, seed ^ j as u64)).collect(),
        classes: (kind == Kind::Class && shape.labels).then(|| (0..outputs).map(|c| format!("{c}\u{e4}\"")).collect()),
        ..parts
    })
    .expect("these parts are in range")
}

/// Two memories that agree in everything that is stored.
pub fn assert_same(a: &Memory, b: &Memory) {
    let (x, y) = (a.parts(), b.parts());
    assert_eq!((x.kind, x.radius, &x.classes), (y.kind, y.radius, &y.classes));
    assert_eq!((&x.patterns, &x.planes), (&y.patterns, &y.planes));
    assert_eq!((&x.kernel, &x.offset), (&y.kernel, &y.offset));
    assert_eq!((x.kernel_bits, x.kernel_mode, x.max_steps), (y.kernel_bits, y.kernel_mode, y.max_steps));
    assert_eq!((x.gamma, &x.scheme, &x.labels), (y.gamma, &y.scheme, &y.labels));
}

/// Every entry of a folder, hidden ones too.
pub fn entries(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .expect("the folder exists")
        .map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}
