//! Reading a folder that another program may replace meanwhile.
//!
//! All files are opened through one handle, so that they are of one folder, whatever takes its place. Where one is missing or does not fit the others,
//! and the folder has been replaced since, or its files are being replaced, that is no damage: then it is read again.

use super::{LABELS, MAKES_ONE, MANIFEST, read::Source};
use crate::{atomic, npz, temporary};
use hopgate_model::{Error, ErrorKind, Result};
use rustix::fs::{AtFlags, CWD, Mode, OFlags, fstat, openat, stat, statat};
use std::{
    cell::Cell,
    fs::File,
    os::fd::OwnedFd,
    path::{Path, PathBuf},
    time::Duration,
};

/// How often a folder is read again that is being replaced, and how long after.
const AGAIN: (usize, Duration) = (100, Duration::from_millis(5));

/// What tells one file or folder from another that takes its place: device, number, and time of the last change in seconds and nanoseconds.
type Identity = (u64, u64, (i128, i128));

/// A folder, open.
pub(super) struct Handle {
    path: PathBuf,
    folder: OwnedFd,
    /// The manifest that was read.
    manifest: Cell<Option<Identity>>,
}

impl Handle {
    /// What `read` makes of the folder, read again as long as that fails because it is being replaced.
    pub fn read_whole<T>(path: &Path, read: impl Fn(&Handle) -> Result<T>) -> Result<T> {
        let (mut tries, pause) = AGAIN;
        loop {
            let handle = Handle::open(path)?;
            match read(&handle) {
                Err(_) if tries > 0 && handle.is_replaced() => std::thread::sleep(pause),
                done => return done,
            }
            tries -= 1;
        }
    }

    fn open(path: &Path) -> Result<Handle> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        match openat(CWD, path, flags, Mode::empty()) {
            Ok(folder) => Ok(Handle { path: path.to_owned(), folder, manifest: Cell::new(None) }),
            Err(_) if !path.exists() => {
                Err(Error::new(ErrorKind::Io, format!("there is no memory folder {}", path.display())).hint(MAKES_ONE))
            }
            Err(_) if !path.is_dir() => Err(no_folder(path)),
            Err(e) => Err(Error::io("open", path, e.into())),
        }
    }

    /// Whether the path leads to another folder by now, or the manifest is another one, or somebody is at work in the folder.
    fn is_replaced(&self) -> bool {
        let number = |about: &rustix::fs::Stat| (about.st_dev, about.st_ino);
        let moved = match (fstat(&self.folder), stat(&self.path)) {
            (Ok(here), Ok(there)) => number(&here) != number(&there),
            _ => true,
        };
        // in this order: who has done his work by the first look has put his manifest there by the second
        let at_work = std::fs::read_dir(&self.path)
            .is_ok_and(|mut all| all.any(|e| e.is_ok_and(|e| temporary::is_temporary(&e.file_name()))));
        let manifest = statat(&self.folder, MANIFEST, AtFlags::empty()).ok().map(|about| identity(&about));
        moved || at_work || manifest != self.manifest.get()
    }
}

impl Source for Handle {
    fn name(&self) -> String {
        self.path.display().to_string()
    }

    fn place(&self, file: &str) -> String {
        self.path.join(file).display().to_string()
    }

    fn holds(&self, file: &str) -> bool {
        statat(&self.folder, file, AtFlags::empty()).is_ok()
    }

    fn read(&self, file: &str, most: u64) -> Result<Vec<u8>> {
        let place = self.path.join(file);
        let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let open = openat(&self.folder, file, flags, Mode::empty()).map_err(|e| Error::io("read", &place, e.into()))?;
        if file == MANIFEST {
            self.manifest.set(fstat(&open).ok().map(|about| identity(&about)));
        }
        npz::read_regular(File::from(open), &place, most)
    }
}

fn identity(about: &rustix::fs::Stat) -> Identity {
    let changed = (i128::from(about.st_ctime), i128::from(about.st_ctime_nsec));
    (about.st_dev, about.st_ino, changed)
}

/// Something that is no folder was given for a memory: most often a model, or a file of a memory.
fn no_folder(path: &Path) -> Error {
    let named = path.display();
    let inside = path.file_name().is_some_and(|name| name == MANIFEST || name == LABELS);
    let packed = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("npz"));
    let file = if packed { npz::read_file(path).and_then(|bytes| npz::Npz::parse(path, bytes)).ok() } else { None };
    let model = file.is_some_and(|file| file.names().iter().any(|name| name == "alpha"));
    let (what, hint) = if model {
        let what = format!("{named} is a model, not a memory");
        (what, format!("`quantize {named}` makes a memory of it"))
    } else if inside {
        (format!("{named} is a file of a memory"), format!("give its folder: {}", atomic::parent(path).display()))
    } else {
        (format!("{named} is a file, but a memory is a folder"), MAKES_ONE.to_owned())
    };
    Error::new(ErrorKind::Format, what).hint(hint)
}
