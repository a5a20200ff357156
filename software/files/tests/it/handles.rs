//! A folder of a memory that cannot be opened, and files in the place of one.

use hopgate_files::{folder, npy, npz};
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

#[test]
fn an_archive_without_dual_weights_is_no_model() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let said = |name: &str, arrays: &[&str]| {
        let path = home.path().join(name);
        let arrays: Vec<_> = arrays.iter().map(|array| (*array, npy::encode(&[1], [0.5]))).collect();
        npz::write(&path, &arrays).expect("written");
        folder::load(&path).expect_err("no memory").to_string()
    };
    assert!(said("x.npz", &["patterns", "gamma"]).ends_with("x.npz is a file, but a memory is a folder"));
    assert!(said("x.NPZ", &["alpha"]).ends_with("x.NPZ is a model, not a memory"));
    assert!(said("x.zip", &["alpha"]).ends_with("x.zip is a file, but a memory is a folder"));
    assert!(said("labels.json", &["alpha"]).ends_with("labels.json is a file of a memory"));
}
