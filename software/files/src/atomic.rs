//! The one place that writes files and folders: under a temporary name first, renamed when complete.
//!
//! Whoever reads an output therefore sees all of it or nothing, whatever happens meanwhile. The
//! temporaries are called `.hopgate-tmp-*`, lie beside their target (a rename works only within one
//! file system), and are listed process-wide, so that a Ctrl-C handler can call [`cleanup`].
//! A program that is killed outright leaves its temporaries behind; the next one that writes beside them
//! removes them (see [`mod@crate::stale`]).
//! Nothing is synced: this guards against interrupted programs, not against power cuts.
//!
//! What takes the place of another inherits its owner and mode. A read-only file or folder is not replaced. A hard link is cut: its other
//! names keep the former content. Where no rename is possible (a mount point, a lower layer of an overlay, a folder around it that takes no
//! files), a file is overwritten, and a folder is filled file by file with its manifest last.

mod folder;
mod place;
mod settle;

pub use folder::{folder, replaceable};

use crate::{
    descriptor, stale,
    temporary::{self, PREFIX},
};
use hopgate_model::{Error, ErrorKind, Result};
use std::{
    collections::BTreeMap,
    fs::{self, Metadata},
    io::{self, Seek, Write},
    os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

/// What has to happen to a temporary when the program is interrupted.
enum Fate {
    /// It is half-written: remove it.
    Remove,
    /// It is the former content of this target: put it back unless the new content is in place.
    Restore(PathBuf),
}

struct Live {
    temporaries: BTreeMap<PathBuf, Fate>,
    made: u64,
    closed: bool,
}

static LIVE: Mutex<Live> = Mutex::new(Live { temporaries: BTreeMap::new(), made: 0, closed: false });

fn live() -> MutexGuard<'static, Live> {
    // a panic elsewhere leaves the list as it was: still the best knowledge there is
    LIVE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes every temporary of this process, puts folders back that were moved aside, and lets no
/// later write begin or finish (they fail with [`ErrorKind::Interrupted`]).
///
/// For a Ctrl-C handler, just before it ends the process.
pub fn cleanup() {
    let mut live = live();
    live.closed = true;
    undo(std::mem::take(&mut live.temporaries));
}

/// Makes it so that nothing half-done remains.
fn undo(temporaries: BTreeMap<PathBuf, Fate>) {
    for (path, fate) in temporaries {
        match fate {
            Fate::Restore(target) if !target.exists() => drop(fs::rename(&path, &target)),
            _ => remove(&path),
        }
    }
}

/// Removes a file or a folder with its content, as far as possible.
fn remove(path: &Path) {
    // another thread may still be adding files to a folder: try again a few times
    for _ in 0..3 {
        let gone = match fs::symlink_metadata(path) {
            Ok(m) if m.is_dir() => fs::remove_dir_all(path).is_ok(),
            Ok(_) => fs::remove_file(path).is_ok(),
            Err(_) => true,
        };
        if gone {
            return;
        }
    }
}

fn interrupted() -> Error {
    Error::new(ErrorKind::Interrupted, "interrupted: nothing was written")
}

/// What went wrong with a temporary: after [`cleanup`], that it is gone.
fn unless_interrupted(error: Error) -> Error {
    if live().closed { interrupted() } else { error }
}

/// A temporary that is removed when dropped, unless it was renamed.
#[derive(Debug)]
struct Temporary {
    path: PathBuf,
    // held as long as it is in use; the system lets go of it when the program ends, however it ends
    _lock: Option<fs::File>,
}

impl Temporary {
    /// Makes a new one beside `target` with `make`, which must fail if the name is taken.
    fn beside<T>(target: &Path, make: impl Fn(&Path) -> io::Result<T>) -> Result<(Self, T)> {
        let folder = parent(target);
        fs::create_dir_all(folder).map_err(|e| Error::io("make the folder", folder, e))?;
        Self::within(folder, "", make, |e| Error::io("write", target, e))
    }

    /// Makes a new one in a folder that is there; its name ends so. `failed` says what it was to become.
    fn within<T>(
        folder: &Path,
        end: &str,
        make: impl Fn(&Path) -> io::Result<T>,
        failed: impl Fn(io::Error) -> Error,
    ) -> Result<(Self, T)> {
        stale::sweep(folder);
        let mut live = live();
        loop {
            if live.closed {
                return Err(interrupted());
            }
            live.made += 1;
            let path = folder.join(format!("{PREFIX}{}-{}{end}", std::process::id(), live.made));
            match make(&path) {
                Ok(made) => {
                    live.temporaries.insert(path.clone(), Fate::Remove);
                    let _lock = stale::lock(&path);
                    return Ok((Temporary { path, _lock }, made));
                }
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => continue,
                Err(e) => return Err(failed(e)),
            }
        }
    }

    /// Renames it to its target.
    fn commit(self, target: &Path) -> Result<()> {
        let mut live = live();
        if live.closed {
            return Err(interrupted());
        }
        fs::rename(&self.path, target).map_err(|e| Error::io("write", target, e))?;
        live.temporaries.remove(&self.path);
        Ok(())
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if live().temporaries.remove(&self.path).is_some() {
            remove(&self.path);
        }
    }
}

/// The folder of a path, `.` for a bare name.
pub(crate) fn parent(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Writes a whole file, making missing parent folders. An existing file is replaced; a link is
/// followed; a device or a pipe is written to as it is, and so is a descriptor of this process (`/dev/stdout`), whatever is behind it: see
/// [`mod@crate::descriptor`].
///
/// # Errors
/// [`ErrorKind::Io`] with the path and the system's reason; the former file is then unchanged (unless it had to be overwritten in place).
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    write_with(path, |file| file.write_all(bytes).map_err(|e| Error::io("write", path, e)))
}

/// [`write()`] of what `fill` writes, piece by piece.
///
/// # Errors
/// What `fill` returns, and as [`write()`].
pub fn write_with(path: &Path, fill: impl FnOnce(&mut dyn Write) -> Result<()>) -> Result<()> {
    let failed = |e| Error::io("write", path, e);
    if path.as_os_str().is_empty() {
        return Err(Error::usage("the output has no name").hint("give a file name with `output`"));
    }
    if let Some(number) = descriptor::number(path) {
        return fill(&mut descriptor::duplicate(number).map_err(failed)?);
    }
    let former = match fs::metadata(path) {
        Ok(m) if m.is_dir() => {
            return Err(Error::new(ErrorKind::Io, format!("cannot write {}: it is a folder", path.display()))
                .hint("give the name of a file with `output`"));
        }
        Ok(m) if !m.is_file() => {
            return fill(&mut fs::OpenOptions::new().write(true).open(path).map_err(failed)?);
        }
        Ok(m) => m,
        Err(_) => {
            let target = place::led_to(path);
            let (temporary, mut file) = new_file(&target, None)?;
            fill(&mut file)?;
            return temporary.commit(&target);
        }
    };
    let target = fs::canonicalize(path).map_err(failed)?;
    place::may_replace(&target, &former)?;
    let in_place = || fs::OpenOptions::new().write(true).truncate(true).open(&target).map_err(failed);
    if place::is_mount_point(&target) {
        return fill(&mut in_place()?);
    }
    let (temporary, mut file) = match new_file(&target, Some(&former)) {
        Err(e) if place::is_fast(&e) => return fill(&mut in_place()?),
        made => made?,
    };
    fill(&mut file)?;
    let inherited = place::inherit(&temporary.path, &former).map_err(|e| unless_interrupted(failed(e)));
    match inherited.and_then(|()| temporary.commit(&target)) {
        // the new file has lost its name by now, but not what is in it
        Err(e) if place::is_fast(&e) => {
            let mut there = in_place()?;
            file.rewind().and_then(|()| io::copy(&mut file, &mut there)).map(drop).map_err(failed)
        }
        done => done,
    }
}

/// A new file beside its target, never for more eyes than the former one, not even for a moment.
fn new_file(target: &Path, former: Option<&Metadata>) -> Result<(Temporary, fs::File)> {
    let mode = former.map_or(0o666, |m| m.mode() & 0o777);
    let new = |name: &Path| fs::OpenOptions::new().read(true).write(true).create_new(true).mode(mode).open(name);
    Temporary::beside(target, new)
}

/// Fails now where [`write()`] or [`folder()`] would fail for a reason that is there already: something read-only, a folder that takes no
/// files, a file in the place of a parent. Makes nothing that stays.
///
/// # Errors
/// [`ErrorKind::Io`] with the path and the reason.
pub fn writable(path: &Path) -> Result<()> {
    let takes_files = |folder: &Path| {
        let new = |name: &Path| fs::OpenOptions::new().write(true).create_new(true).open(name);
        Temporary::beside(&folder.join("new"), new).map(drop)
    };
    if path.as_os_str().is_empty() {
        return Err(Error::usage("the output has no name").hint("give one with `output`"));
    }
    if descriptor::number(path).is_some() {
        return Ok(());
    }
    let Ok(about) = fs::metadata(path) else {
        // what is missing will be made in the nearest folder that is there
        let path = place::led_to(path);
        let there = path.ancestors().skip(1).find(|a| a.as_os_str().is_empty() || a.symlink_metadata().is_ok());
        let folder = there.filter(|a| !a.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !folder.is_dir() {
            let what = format!("cannot write {}: {} is not a folder", path.display(), folder.display());
            return Err(Error::new(ErrorKind::Io, what).hint("choose another place with `output`"));
        }
        return takes_files(folder);
    };
    if !about.is_file() && !about.is_dir() {
        return Ok(());
    }
    let target = fs::canonicalize(path).map_err(|e| Error::io("open", path, e))?;
    place::may_replace(&target, &about)?;
    let in_place = || if about.is_dir() { takes_files(&target) } else { Ok(()) };
    if place::is_mount_point(&target) {
        return in_place();
    }
    match takes_files(parent(&target)) {
        Err(e) if place::is_fast(&e) => in_place(),
        done => done,
    }
}

/// A private folder for intermediate files, empty at first; it is gone when this is dropped, and after [`cleanup`].
#[derive(Debug)]
pub struct Scratch(Temporary);

impl Scratch {
    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0.path
    }
}

/// Makes a [`Scratch`] folder in the system's place for temporary files (`TMPDIR`). Its path is absolute and
/// [plain](temporary::is_plain), so that every program can work in it.
///
/// ```
/// let scratch = hopgate_files::atomic::scratch()?;
/// std::fs::write(scratch.path().join("netlist.json"), "{}").unwrap();
/// # Ok::<(), hopgate_model::Error>(())
/// ```
///
/// # Errors
/// [`ErrorKind::Io`] if it cannot be made: says what to do about `TMPDIR`. [`ErrorKind::Interrupted`] after [`cleanup`].
pub fn scratch() -> Result<Scratch> {
    let private = |name: &Path| fs::DirBuilder::new().mode(0o700).create(name);
    let base = temporary::base()?;
    let failed = |e| Error::io("make a temporary folder in", &base, e).hint(temporary::ADVICE);
    Temporary::within(&base, temporary::SCRATCH, private, failed).map(|(temporary, ())| Scratch(temporary))
}

#[cfg(test)]
mod tests {
    use super::{folder::swap_in_two, *};

    #[test]
    fn names_that_are_taken_are_passed_over() {
        let home = tempfile::tempdir().expect("a temporary folder");
        // by a process of the same number in another container, say
        let made = live().made;
        let names: Vec<String> = (made..made + 50).map(|n| format!("{PREFIX}{}-{n}", std::process::id())).collect();
        names.iter().for_each(|name| fs::write(home.path().join(name), "theirs").expect("written"));
        write(&home.path().join("new"), b"x").expect("written");
        assert_eq!(fs::read_dir(home.path()).expect("there").count(), 51);
        assert!(names.iter().all(|name| fs::read(home.path().join(name)).is_ok_and(|text| text == b"theirs")));
    }

    #[test]
    fn half_done_files_and_folders_are_removed() {
        let home = tempfile::tempdir().expect("a temporary folder");
        let (file, folder) = (home.path().join("file"), home.path().join("folder"));
        fs::write(&file, "half").expect("written");
        fs::create_dir(&folder).expect("made");
        fs::write(folder.join("half"), "").expect("written");
        let gone = home.path().join("gone already");
        undo([&file, &folder, &gone].map(|path| (path.clone(), Fate::Remove)).into());
        assert_eq!(fs::read_dir(home.path()).expect("there").count(), 0);
    }

    /// How folders change places where the file system cannot swap them.
    #[test]
    fn two_renames_replace_a_folder_too() {
        let home = tempfile::tempdir().expect("a temporary folder");
        let target = home.path().join("target");
        fs::create_dir(&target).expect("made");
        fs::write(target.join("former"), "").expect("written");
        let new = || {
            let (temporary, ()) = Temporary::beside(&target, |name| fs::create_dir(name)).expect("made");
            fs::write(temporary.path.join("new"), "").expect("written");
            temporary
        };
        swap_in_two(new(), &target).expect("replaced");
        assert!(target.join("new").exists() && !target.join("former").exists());
        // one that is gone before it takes its place
        let lost = new();
        fs::remove_dir_all(&lost.path).expect("removed");
        assert!(swap_in_two(lost, &target).is_err());
        assert!(target.join("new").exists(), "the former one is back");
        assert_eq!(fs::read_dir(home.path()).expect("there").count(), 1, "nothing is left over");
        // nor is one filled in its place that has gone
        let e = swap_in_two(new(), &home.path().join("gone")).expect_err("there is nothing to move");
        assert!(!e.to_string().contains("what is in"), "{e}");
    }

    #[test]
    fn a_folder_moved_aside_is_put_back_unless_the_new_one_is_there() {
        let home = tempfile::tempdir().expect("a temporary folder");
        let (aside, target) = (home.path().join("aside"), home.path().join("target"));
        let state = || BTreeMap::from([(aside.clone(), Fate::Restore(target.clone()))]);
        fs::create_dir(&aside).expect("made");
        fs::write(aside.join("former"), "").expect("written");
        undo(state());
        assert!(target.join("former").exists() && !aside.exists());
        fs::rename(&target, &aside).expect("moved");
        fs::create_dir(&target).expect("made");
        undo(state());
        assert!(target.exists() && !target.join("former").exists() && !aside.exists());
    }
}
