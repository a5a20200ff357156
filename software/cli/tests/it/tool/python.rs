//! The Python client, against the virtual boards of this program.

use std::{path::Path, process::Command};

#[test]
fn the_client() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let output = Command::new("scripts/test-python.sh").arg(crate::common::PROGRAM).current_dir(root).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    if said.contains("skipped: the tests") {
        crate::common::skipped(&said);
    }
}
