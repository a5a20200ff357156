//! Ctrl-C in the middle of writing. A program of its own, since nothing can be written afterwards.

#[path = "it/common.rs"]
#[allow(dead_code, unused_imports)] // this program needs one thing of it
mod common;

use common::entries;
use hopgate_files::atomic;
use hopgate_model::ErrorKind;
use std::{fs, path::Path};

#[test]
fn nothing_half_written_remains() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let path = home.path().join("out");
    let ours = |folder: &Path| folder.join("manifest").exists();
    atomic::folder(&path, ours, |new| atomic::write(&new.join("manifest"), b"former")).expect("made");
    let interrupted = atomic::folder(&path, ours, |new| {
        atomic::write(&new.join("manifest"), b"new")?;
        assert_eq!(entries(home.path()).len(), 2, "the temporary is beside its target");
        atomic::cleanup();
        Ok(())
    });
    assert_eq!(interrupted.expect_err("it must not be finished").kind(), ErrorKind::Interrupted);
    assert_eq!(entries(home.path()), ["out"]);
    assert_eq!(fs::read(path.join("manifest")).expect("kept"), b"former");
    let later = atomic::write(&home.path().join("later"), b"x").expect_err("too late");
    assert_eq!(later.kind(), ErrorKind::Interrupted);
    assert_eq!(entries(home.path()), ["out"]);
}
