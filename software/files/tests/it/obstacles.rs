//! What goes wrong between the first byte and the last: the former output is kept, and is not written over in its place.

use crate::common::entries;
use hopgate_files::{atomic, temporary::PREFIX};
use std::{
    fs,
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    path::{Path, PathBuf},
    thread,
};

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("read")
}

/// The temporaries in a folder.
fn temporaries(folder: &Path) -> Vec<PathBuf> {
    entries(folder).iter().filter(|name| name.starts_with(PREFIX)).map(|name| folder.join(name)).collect()
}

/// A folder in `home` whose path is so long that a short name can be in it, but no temporary's.
#[cfg(target_os = "linux")]
fn deep(home: &Path) -> PathBuf {
    const LONGEST: usize = 4095;
    let home = fs::canonicalize(home).expect("there");
    let left = LONGEST - 10 - home.as_os_str().len();
    let names = (0..left / 200).map(|_| "d".repeat(199));
    let path = names.fold(home, |path, name| path.join(name)).join("e".repeat(left % 200));
    fs::create_dir_all(&path).expect("made");
    path
}

/// No other folder to write in, and no rights, are what is missing: writing over what is there is not the answer.
#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_too_long_for_a_temporary_is_an_error() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let (file, folder) = (deep(home.path()).join("f"), deep(home.path()).join("g"));
    fs::write(&file, "kept").expect("written");
    fs::create_dir(&folder).expect("made");
    let e = atomic::write(&file, b"new").expect_err("there is no place for a temporary");
    assert!(e.to_string().contains("too long"), "{e}");
    assert_eq!(read(&file), "kept");
    assert!(atomic::writable(&file).is_err_and(|e| e.to_string().contains("too long")));
    let e = atomic::folder(&folder, |_| true, |_| Ok(())).expect_err("there is no place for a temporary");
    assert!(e.to_string().contains("ee/g: ") && e.to_string().contains("too long"), "{e}");
    assert_eq!(entries(&folder), [""; 0]);
}

#[test]
fn a_new_file_that_somebody_removes_costs_nothing() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let file = home.path().join("file");
    fs::write(&file, "kept").expect("written");
    let removed = atomic::write_with(&file, |new| {
        new.write_all(b"new").expect("written");
        temporaries(home.path()).iter().for_each(|path| fs::remove_file(path).expect("removed"));
        Ok(())
    });
    assert!(removed.is_err_and(|e| e.to_string().contains("file")));
    assert_eq!(read(&file), "kept");
    assert_eq!(entries(home.path()), ["file"]);
}

/// Not even while they are filled.
#[test]
fn new_files_and_folders_are_for_no_more_eyes_than_the_former_ones() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let (file, folder) = (home.path().join("file"), home.path().join("folder"));
    let set = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("allowed");
    let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o7777;
    // the mask of this process takes some of the rights of whatever is new
    let probe = home.path().join("probe");
    fs::DirBuilder::new().mode(0o777).create(&probe).expect("made");
    let left = mode(&probe) & 0o777;
    fs::write(&file, "old").expect("written");
    fs::create_dir(&folder).expect("made");
    for wanted in [0o600, 0o640] {
        set(&file, wanted);
        let looked = atomic::write_with(&file, |_| {
            assert_eq!(temporaries(home.path()).iter().map(|path| mode(path)).collect::<Vec<_>>(), [wanted & left]);
            Ok(())
        });
        looked.expect("replaced");
    }
    for wanted in [0o700, 0o750] {
        set(&folder, wanted);
        let looked = |new: &Path| {
            assert_eq!(mode(new), wanted & left);
            Ok(())
        };
        atomic::folder(&folder, |_| true, looked).expect("replaced");
    }
}

#[test]
fn a_folder_of_nothing_but_temporaries_is_empty() {
    let home = tempfile::tempdir().expect("a temporary folder");
    fs::write(home.path().join(format!("{PREFIX}4194304-1")), "half").expect("written");
    assert!(atomic::replaceable(home.path(), |_| false).is_ok());
    fs::write(home.path().join("mine"), "").expect("written");
    assert!(atomic::replaceable(home.path(), |_| false).is_err());
}

/// Another program replaces the same folder: what was in it a moment ago is gone when it is looked at.
#[test]
fn files_that_go_while_they_are_looked_at_are_no_obstacle() {
    let home = tempfile::tempdir().expect("a temporary folder");
    for _ in 0..20 {
        let files: Vec<PathBuf> = (0..500).map(|i| home.path().join(i.to_string())).collect();
        files.iter().for_each(|path| fs::write(path, "").expect("written"));
        thread::scope(|scope| {
            let removes = scope.spawn(|| files.iter().for_each(|path| fs::remove_file(path).expect("removed")));
            while !removes.is_finished() {
                atomic::replaceable(home.path(), |_| true).expect("it may be replaced");
            }
        });
    }
}
