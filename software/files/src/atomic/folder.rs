//! Folders: a whole new one takes the place of a whole former one.

use super::{Fate, Temporary, interrupted, live, place, remove, settle, unless_interrupted};
use crate::temporary::is_temporary;
use hopgate_model::{Error, ErrorKind, Result};
use std::{
    fs, io,
    os::unix::fs::{DirBuilderExt, MetadataExt},
    path::{Path, PathBuf},
};

/// Makes a whole folder with `fill`, which is given a temporary folder to write into, and only then
/// puts it in the place of `path`.
///
/// A former folder at `path` is replaced if it is empty or `ours` recognises it (by its manifest, say);
/// any other is refused, so that a wrong `-o` never costs anybody's files. The two change places in one step, so
/// that even a program that is killed leaves the one or the other; where the file system cannot do that, the former one is moved
/// aside, not removed, until the new one is in place. A folder that cannot move (a mount point, say) is filled where it is, file by file: folders,
/// files, and `.json` files in the order of their names, so that a manifest comes last.
///
/// ```no_run
/// use hopgate_files::atomic;
/// let ours = |folder: &std::path::Path| folder.join("manifest.json").exists();
/// atomic::folder("out".as_ref(), ours, |new| atomic::write(&new.join("manifest.json"), b"{}"))?;
/// # Ok::<(), hopgate_model::Error>(())
/// ```
///
/// # Errors
/// What `fill` returns, or [`ErrorKind::Io`] with the path and the system's reason; the former folder
/// is then in its place.
pub fn folder(path: &Path, ours: impl Fn(&Path) -> bool, fill: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    let target = replaceable(path, ours)?;
    let mode = fs::metadata(&target).map_or(0o777, |m| m.mode() & 0o777 | 0o700);
    let make = |name: &Path| fs::DirBuilder::new().mode(mode).create(name);
    let inside = || Temporary::beside(&target.join("new"), make);
    let (temporary, ()) = if place::is_mount_point(&target) {
        inside()?
    } else {
        match Temporary::beside(&target, make) {
            Err(e) if target.is_dir() && place::is_fast(&e) => inside()?,
            made => made?,
        }
    };
    fill(&temporary.path)?;
    if fs::symlink_metadata(&target).is_err() {
        return temporary.commit(&target);
    }
    place::inherit_all(&temporary.path, &target).map_err(|e| unless_interrupted(Error::io("write", &target, e)))?;
    if temporary.path.starts_with(&target) {
        return settle::settle(temporary, &target);
    }
    if exchange(&temporary.path, &target)? {
        // the temporary is the former content now, and is removed as such
        return Ok(());
    }
    swap_in_two(temporary, &target)
}

/// Puts a new folder in the place of another with two renames, the former one aside in between: [`cleanup`] knows how to undo the
/// first.
pub(super) fn swap_in_two(temporary: Temporary, target: &Path) -> Result<()> {
    let mut live = live();
    if live.closed {
        return Err(interrupted());
    }
    let mut aside = temporary.path.clone().into_os_string();
    aside.push("-former");
    let aside = PathBuf::from(aside);
    let failed = |e| Error::io("replace", target, e);
    match fs::rename(target, &aside) {
        Err(e) if place::stands_fast(&e) => {
            drop(live);
            return settle::settle(temporary, target);
        }
        moved => moved.map_err(failed)?,
    }
    live.temporaries.insert(aside.clone(), Fate::Restore(target.to_owned()));
    drop(live);
    let done = temporary.commit(target);
    let mut live = super::live();
    if live.temporaries.remove(&aside).is_some() {
        drop(live);
        match &done {
            Ok(()) => remove(&aside),
            Err(_) => fs::rename(&aside, target).map_err(failed)?,
        }
    }
    done
}

/// Swaps a folder with the one in its place, at once: there is no moment without a whole one. False where the file system
/// cannot do that.
fn exchange(new: &Path, target: &Path) -> Result<bool> {
    // held throughout, so that no interruption comes between
    let live = live();
    if live.closed {
        return Err(interrupted());
    }
    #[cfg(target_os = "linux")]
    let done =
        rustix::fs::renameat_with(rustix::fs::CWD, new, rustix::fs::CWD, target, rustix::fs::RenameFlags::EXCHANGE)
            .is_ok();
    #[cfg(not(target_os = "linux"))]
    let done = {
        let _ = (new, target);
        false
    };
    drop(live);
    Ok(done)
}

/// Where [`folder()`] puts a folder, once it is sure that nothing of somebody else's is there: what may be asked before the work, too.
///
/// # Errors
/// [`ErrorKind::Io`] if there is something that is not `ours`, [`ErrorKind::Usage`] for a path without a name.
pub fn replaceable(path: &Path, ours: impl Fn(&Path) -> bool) -> Result<PathBuf> {
    let refuse = |why: &str| {
        Err(Error::new(ErrorKind::Io, format!("cannot write the folder {}: {why}", path.display()))
            .hint("name a new folder with `output`, or remove this one yourself"))
    };
    if path.as_os_str().is_empty() {
        return Err(Error::usage("the output folder has no name").hint("give a folder name with `output`"));
    }
    match fs::metadata(path) {
        Err(_) if fs::symlink_metadata(path).is_ok() => refuse("it is a link that leads nowhere"),
        Err(_) if path.file_name().is_none() => refuse("it has no name of its own"),
        // `a/b/` and `a/b` are one name, and a rename wants the latter
        Err(_) => Ok(path.components().collect()),
        Ok(m) if !m.is_dir() => refuse("there is a file of that name"),
        Ok(m) => {
            let target = fs::canonicalize(path).map_err(|e| Error::io("open", path, e))?;
            let read = |e| Error::io("read the folder", path, e);
            let mut files = Vec::new();
            for entry in fs::read_dir(&target).map_err(read)? {
                let entry = entry.map_err(read)?;
                match entry.metadata() {
                    _ if is_temporary(&entry.file_name()) => {}
                    // another program is replacing the same folder
                    Err(e) if e.kind() == io::ErrorKind::NotFound => {}
                    about => files.push((entry.path(), about.map_err(read)?)),
                }
            }
            if !files.is_empty() && !ours(&target) {
                return refuse("it holds files that are not hopgate's");
            }
            place::may_replace(&target, &m)?;
            files.iter().filter(|(_, m)| m.is_file()).try_for_each(|(path, m)| place::may_replace(path, m))?;
            if std::env::current_dir().is_ok_and(|here| here.starts_with(&target)) {
                return refuse("it is the current folder, or holds it");
            }
            Ok(target)
        }
    }
}
