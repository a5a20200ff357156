//! What a killed program left behind: found by a lock that nobody holds any more, and removed.
//!
//! Every temporary is locked (`flock`) by the program that works on it. The system gives the lock up when the program
//! ends, even by `kill -9`. A temporary is stale if its lock is free, its maker is gone, and it was not changed for a minute. The lock
//! covers programs that cannot see one another (containers), the maker's process number file systems without locks.

use crate::temporary::PREFIX;
use std::{
    collections::BTreeSet,
    fs::{self, File},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// A temporary this young is left alone: it may have been made, but not yet locked.
const YOUNG: Duration = Duration::from_secs(60);

/// Folders that this process has looked through.
static SWEPT: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// Locks a temporary file or folder; none where the file system has no locks.
pub(crate) fn lock(path: &Path) -> Option<File> {
    let file = File::open(path).ok()?;
    file.try_lock().ok()?;
    Some(file)
}

/// Removes the temporaries in a folder that no program works on any more. Each folder is looked through once in a process.
///
/// A former output that was moved aside, on a file system that cannot swap two folders, is never removed: it may be
/// the only one left. Its name ends in `-former`.
pub fn sweep(folder: &Path) {
    let known = !SWEPT.lock().unwrap_or_else(PoisonError::into_inner).insert(folder.to_owned());
    let Some(entries) = (!known).then(|| fs::read_dir(folder).ok()).flatten() else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if maker(&name).is_some_and(|pid| !runs(pid)) && !name.ends_with("-former") && is_abandoned(&entry.path()) {
            let path = entry.path();
            // what cannot be removed does no harm
            let _ = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        }
    }
}

/// The number of the process that made a temporary of this name.
fn maker(name: &str) -> Option<u32> {
    name.strip_prefix(PREFIX)?.split('-').next()?.parse().ok()
}

/// Whether there is a process of this number, as far as can be seen.
fn runs(pid: u32) -> bool {
    Path::new("/proc").join(pid.to_string()).exists()
}

/// Whether nobody has changed it for a while, and nobody holds its lock.
fn is_abandoned(path: &Path) -> bool {
    let Ok(about) = fs::symlink_metadata(path) else { return false };
    let old = about.modified().ok().and_then(|m| m.elapsed().ok()).is_some_and(|age| age > YOUNG);
    // a link or a device is nothing of ours
    old && (about.is_dir() || about.is_file()) && lock(path).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::SystemTime;

    #[test]
    fn only_what_is_old_and_unlocked_is_removed() {
        let home = tempfile::tempdir().expect("a temporary folder");
        let make = |name: &str, old: bool| {
            let path = home.path().join(name);
            fs::create_dir(&path).expect("made");
            fs::write(path.join("half"), "").expect("written");
            let then = SystemTime::now() - if old { 2 * YOUNG } else { Duration::ZERO };
            File::open(&path).expect("opened").set_modified(then).expect("dated");
            path
        };
        let dead = make(".hopgate-tmp-4194304-1", true);
        let young = make(".hopgate-tmp-4194304-2", false);
        let alive = make(".hopgate-tmp-4194304-3", true);
        let former = make(".hopgate-tmp-4194304-4-former", true);
        let mine = make("hopgate-tmp-4194304-5", true);
        // the number of a process that runs: this one
        let running = make(&format!(".hopgate-tmp-{}-7", std::process::id()), true);
        let file = home.path().join(".hopgate-tmp-4194304-6");
        fs::write(&file, "half").expect("written");
        File::options().write(true).open(&file).expect("opened").set_modified(SystemTime::UNIX_EPOCH).expect("dated");
        let held = lock(&alive).expect("locks work here");
        sweep(home.path());
        let there = [&dead, &young, &alive, &former, &mine, &running, &file].map(|p| p.exists());
        assert_eq!(there, [false, true, true, true, true, true, false]);
        drop(held);
        // once in a process
        sweep(home.path());
        assert!(alive.exists());
    }
}
