//! What several tests need.

use hopgate_eda::{exec, tools};
use std::io::Write as _;

/// Whether the tools are installed; says which is not. One that is installed and broken is a failure.
pub fn all_there(names: &[&str]) -> bool {
    for name in names {
        if let Err(e) = exec::find(name) {
            let why = format!("skipped: {e} ({})\n", e.help_text().unwrap_or_default());
            // not by a macro: the test harness keeps what those print to itself when a test succeeds
            let _ = std::io::stderr().write_all(why.as_bytes());
            return false;
        }
        tools::require(name).unwrap();
    }
    true
}
