//! The tests of `hopgate-wire`.

mod javascript;
mod numbers;
mod python;
mod registers;

use std::{fs, path::Path};

/// Holds a file of another language against what it should be; with `HOPGATE_UPDATE` it is written first.
fn made(file: &str, wanted: &str, test: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    if std::env::var_os("HOPGATE_UPDATE").is_some() {
        fs::write(&path, wanted).expect("written");
    }
    let there = fs::read_to_string(&path).unwrap_or_default();
    let how = format!("HOPGATE_UPDATE=1 cargo test -p hopgate-wire --test it {test}");
    assert!(there == wanted, "{} is out of date: {how}", path.display());
}
