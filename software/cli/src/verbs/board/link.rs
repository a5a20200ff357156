//! The link to a virtual board's terminal: made, and removed again, but never another program's.

use hopgate_host::transport::holders;
use hopgate_model::{Error, ErrorKind, Result};
use std::{
    fs::{self, File, TryLockError},
    io,
    os::unix::fs::{MetadataExt, symlink},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    thread::sleep,
    time::Duration,
};

/// The link that was made, and what it leads to, for the handler of Ctrl-C.
static MADE: Mutex<Option<(PathBuf, PathBuf)>> = Mutex::new(None);

/// What is in the place of a link.
enum There {
    Nothing,
    /// A link that a terminal left behind which is gone.
    Stale,
    /// A link to a terminal that is there.
    InUse(PathBuf),
    Other,
}

impl There {
    fn of(link: &Path) -> There {
        let Ok(meta) = fs::symlink_metadata(link) else { return There::Nothing };
        let Some(to) = fs::read_link(link).ok().filter(|to| to.starts_with("/dev/pts")) else { return There::Other };
        // terminals are numbered anew: one that is not older than the link is not the one that the link was made for (see `make`)
        let when = |m: &fs::Metadata| (m.ctime(), m.ctime_nsec());
        match fs::metadata(&to) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => There::Stale,
            Ok(terminal) if when(&terminal) >= when(&meta) => There::Stale,
            _ => There::InUse(to),
        }
    }
}

/// Makes way for a link of this name. What another board left behind is removed at once: a script that waits for the link would find it,
/// and behind it, in time, another program's terminal.
///
/// # Errors
/// If there is something else, or a link that another program uses.
pub fn clear(link: &Path) -> Result<()> {
    let error = |what: String| Error::new(ErrorKind::Io, format!("cannot make the link {}: {what}", link.display()));
    match There::of(link) {
        There::Nothing => Ok(()),
        There::Stale => fs::remove_file(link).map_err(|e| Error::io("replace", link, e)),
        There::Other => Err(error("there is a file of that name".into()).hint("choose another name for --link")),
        There::InUse(to) => {
            let users = match holders(&to).as_slice() {
                [] => String::new(),
                those => format!(" (it is open in {})", those.join(", ")),
            };
            Err(error(format!("it leads to {}, which is there{users}", to.display())).hint(format!(
                "another board uses it: end that one, or choose another name for --link. If none does, rm {}",
                link.display()
            )))
        }
    }
}

/// Makes it.
///
/// # Errors
/// As [`clear`], and if it cannot be made.
pub fn make(to: &Path, link: &Path) -> Result<()> {
    let folder = match link.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let _lock = lock(folder);
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    clear(link)?;
    // times of files have the resolution of the kernel's clock, a hundredth of a second at most: the terminal is to be older than its link
    sleep(Duration::from_millis(11));
    symlink(to, link).map_err(|e| Error::io("make the link", link, e))?;
    *made = Some((link.to_owned(), to.to_owned()));
    Ok(())
}

/// Lets one board at a time look and make, for no longer than a second. Where a folder cannot be locked, two that begin at once may both.
fn lock(folder: &Path) -> Option<File> {
    let folder = File::open(folder).ok()?;
    for _ in 0..100 {
        match folder.try_lock() {
            Err(TryLockError::WouldBlock) => sleep(Duration::from_millis(10)),
            _ => break,
        }
    }
    Some(folder)
}

/// Removes the link that was made, unless another program has put its own in that place.
pub fn remove() {
    if let Some((link, to)) = MADE.lock().unwrap_or_else(PoisonError::into_inner).take()
        && fs::read_link(&link).is_ok_and(|leads| leads == to)
    {
        let _ = fs::remove_file(link);
    }
}
