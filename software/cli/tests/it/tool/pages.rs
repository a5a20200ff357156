//! The pages' own modules, in node: the contract in JavaScript and the client of boards, against this program.

use crate::common::{PROGRAM, skipped};
use std::{path::Path, process::Command};

/// Its test runner takes folders from this version on.
const OLDEST: u32 = 20;

#[test]
fn the_contract_and_the_client_in_javascript() {
    let version = Command::new("node").arg("--version").output().ok();
    let version = version
        .and_then(|said| String::from_utf8_lossy(&said.stdout).trim_start_matches('v').split('.').next()?.parse().ok());
    if version.is_none_or(|version: u32| version < OLDEST) {
        return skipped(&format!("the tests of the pages: node {OLDEST} or newer is missing (apt-get install nodejs)"));
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/tests/node");
    let output = Command::new("node").arg("--test").current_dir(folder).env("HOPGATE", PROGRAM).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
    // what is skipped there proves nothing
    assert!(said.contains("# skipped 0") || said.contains("skipped 0"), "{said}");
}
