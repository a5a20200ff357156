//! What several tests need: memories, as the tests of the model draw them, and comparisons.

use hopgate_model::memory::Memory;
use std::path::Path;

#[path = "../../../model/tests/it/common/mod.rs"]
mod memories;
pub use memories::*;

/// Two memories that agree in everything that is stored.
pub fn assert_same(a: &Memory, b: &Memory) {
    let (x, y) = (a.parts(), b.parts());
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
