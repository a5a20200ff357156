//! A folder that cannot be swapped for another is filled where it is: file by file, the manifest last.
//!
//! That is so where a file system is mounted on it (a volume of a container), where it lies in a lower layer of an overlay, and where
//! the folder around it takes no files. Each file is replaced as a whole; for the moment that this takes, the folder holds old and new
//! ones. Until the last, its manifest is the old one, whose hashes tell.

use super::{Temporary, interrupted, live, remove, unless_interrupted};
use crate::temporary::is_temporary;
use hopgate_model::{Error, Result};
use std::{
    ffi::OsString,
    fs::{self, File},
    io,
    path::Path,
};

/// Moves what is in `temporary` to `target`, and removes what was there before.
pub(super) fn settle(temporary: Temporary, target: &Path) -> Result<()> {
    let failed = |e| {
        Error::io("replace what is in", target, e)
            .hint("it may hold old and new files now: write it again when that is mended")
    };
    let new = in_order(&temporary.path).map_err(|e| unless_interrupted(failed(e)))?;
    // two programs that fill one folder do so one after the other (where there are no locks, hashes tell)
    let _lock = File::open(target).and_then(|folder| folder.lock().map(|()| folder));
    // held throughout, so that no interruption comes between
    let live = live();
    if live.closed {
        return Err(interrupted());
    }
    let Some((last, before)) = new.split_last() else { return Ok(()) };
    before.iter().try_for_each(|name| put(&temporary.path, target, name)).map_err(failed)?;
    for entry in fs::read_dir(target).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name();
        if !new.contains(&name) && !is_temporary(&name) {
            remove(&target.join(&name));
        }
    }
    put(&temporary.path, target, last).map_err(failed)
}

/// The names in a folder: folders, then files, then those that say what the others are, `manifest.json` behind `labels.json`.
fn in_order(folder: &Path) -> io::Result<Vec<OsString>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let is_json = entry.path().extension().is_some_and(|e| e == "json");
        names.push((!entry.file_type()?.is_dir(), is_json, entry.file_name()));
    }
    names.sort();
    Ok(names.into_iter().map(|(_, _, name)| name).collect())
}

/// Moves one entry, in the place of what is there.
fn put(from: &Path, to: &Path, name: &OsString) -> io::Result<()> {
    let (from, to) = (from.join(name), to.join(name));
    let is_folder = |path: &Path| fs::symlink_metadata(path).is_ok_and(|m| m.is_dir());
    if is_folder(&to) || is_folder(&from) {
        remove(&to);
    }
    fs::rename(from, to)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(folder: &Path, files: &[&str]) {
        for file in files {
            let path = folder.join(file);
            fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            fs::write(path, folder.file_name().expect("a name").as_encoded_bytes()).expect("written");
        }
    }

    #[test]
    fn new_files_take_the_place_of_old_ones_and_the_rest_goes() {
        let home = tempfile::tempdir().expect("a temporary folder");
        let target = home.path().join("old");
        write(&target, &["manifest.json", "labels.json", "a.npy", "deep/x", "deep/y", "was/folder", "file"]);
        let (temporary, ()) = Temporary::beside(&target.join("new"), |name| fs::create_dir(name)).expect("made");
        let new = temporary.path.clone();
        write(&new, &["manifest.json", "a.npy", "deep/x", "was", "file/now/folder"]);
        settle(temporary, &target).expect("filled");
        let mut names: Vec<String> =
            in_order(&target).expect("read").into_iter().map(|n| n.into_string().expect("text")).collect();
        assert_eq!(names.pop().as_deref(), Some("manifest.json"));
        assert_eq!(names, ["deep", "file", "a.npy", "was"], "nothing of the old, and no temporary");
        for file in ["manifest.json", "a.npy", "deep/x", "was", "file/now/folder"] {
            let text = fs::read_to_string(target.join(file)).expect(file);
            assert!(text.starts_with(crate::temporary::PREFIX), "{file}: {text}");
        }
        assert!(!target.join("deep/y").exists());
    }

    #[test]
    fn what_says_what_the_others_are_comes_last() {
        let home = tempfile::tempdir().expect("a temporary folder");
        write(home.path(), &["manifest.json", "a.npy", "labels.json", "z.npy", "sub/manifest.json"]);
        assert_eq!(in_order(home.path()).expect("read"), ["sub", "a.npy", "z.npy", "labels.json", "manifest.json"]);
    }

    /// The manifest of what was there stays until all else is in its place: a folder that was left half-way is still known, and is refused.
    #[test]
    fn a_failure_leaves_the_old_manifest() {
        let home = tempfile::tempdir().expect("a temporary folder");
        let target = home.path().join("old");
        write(&target, &["manifest.json", "a.npy"]);
        let (temporary, ()) = Temporary::beside(&target.join("new"), |name| fs::create_dir(name)).expect("made");
        let new = temporary.path.clone();
        write(&new, &["manifest.json", "a.npy"]);
        let names = in_order(&new).expect("read");
        fs::remove_file(new.join("a.npy")).expect("removed");
        assert!(names.iter().try_for_each(|name| put(&new, &target, name)).is_err());
        assert_eq!(fs::read_to_string(target.join("manifest.json")).expect("there"), "old");
    }
}
