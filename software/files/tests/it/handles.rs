//! A folder of a memory that is there and cannot be opened.

use hopgate_files::folder;
use hopgate_model::ErrorKind;
use std::{env, fs::File, path::PathBuf, process::Command};

/// The folder, for the process that may open few files.
const FOLDER: &str = "HOPGATE_TEST_FOLDER";

#[test]
fn a_folder_that_cannot_be_opened_is_no_file() {
    if let Some(folder) = env::var_os(FOLDER).map(PathBuf::from) {
        let all: Vec<File> = std::iter::from_fn(|| File::open("/dev/null").ok()).collect();
        let e = folder::load(&folder).expect_err("no more files can be opened");
        drop(all);
        assert_eq!(e.kind(), ErrorKind::Io);
        assert!(e.to_string().starts_with(&format!("cannot open {}: ", folder.display())), "{e}");
        return;
    }
    let home = tempfile::tempdir().expect("a temporary folder");
    let again = "ulimit -n 64 && exec \"$0\" --exact handles::a_folder_that_cannot_be_opened_is_no_file";
    let mut shell = Command::new("sh");
    shell.args(["-c", again]).arg(env::current_exe().expect("this program")).env(FOLDER, home.path());
    let out = shell.output().expect("run");
    let said = String::from_utf8_lossy(&out.stdout);
    assert!(out.status.success() && said.contains("1 passed"), "{said}");
}
