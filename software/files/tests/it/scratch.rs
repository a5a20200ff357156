//! Where temporary folders lie: where `TMPDIR` says, unless its path is one that programs misread.

use hopgate_files::{atomic, temporary::is_plain};
use std::{env, path::Path, process::Command};

/// What the test that is run again, as a process with a `TMPDIR` of its own, shall find.
const EXPECTED: &str = "HOPGATE_TEST_SCRATCH";
const NONE: &str = "no folder";

#[test]
fn temporary_folders_are_where_tmpdir_says() {
    if let Some(expected) = env::var_os(EXPECTED) {
        match atomic::scratch() {
            Ok(scratch) => assert_eq!(scratch.path().parent(), Some(expected.as_ref())),
            Err(e) => assert!(expected == NONE && e.to_string().contains("which TMPDIR names"), "{e}"),
        }
        return;
    }
    let here = tempfile::tempdir().expect("a temporary folder");
    let here = here.path().canonicalize().expect("it is there");
    let (plain, spaced) = (here.join("plain"), here.join("two words"));
    [&plain, &spaced].into_iter().for_each(|folder| std::fs::create_dir(folder).expect("made"));
    let usual = Path::new("/tmp").canonicalize().expect("it is there");
    let cases = [
        (plain.as_path(), if is_plain(&plain) { &plain } else { &usual }),
        (&spaced, &usual),
        (Path::new(""), &usual),
        (&here.join("missing"), &NONE.into()),
    ];
    for (tmpdir, expected) in cases {
        let again = env::current_exe().expect("this program");
        let mut again = Command::new(again);
        again.args(["--exact", "scratch::temporary_folders_are_where_tmpdir_says"]);
        let out = again.env("TMPDIR", tmpdir).env(EXPECTED, expected).output().expect("run");
        let said = String::from_utf8_lossy(&out.stdout);
        assert!(out.status.success() && said.contains("1 passed"), "{}: {said}", tmpdir.display());
    }
}
