//! Whether an output can be written, asked before the work and not after it.

use hopgate_model::{kinds::Kinds, Error, ErrorKind, Result};
use std::path::Path;

/// Fails now where writing the file (or folder) `path` would fail for a reason that is there already: a folder in
/// place of the file, a file in place of a parent, a folder that cannot be written to. Makes nothing that stays.
pub fn check(path: &Path) -> Result<()> {
    if path.as_os_str().is_empty() {
        return Err(Error::usage("the output has no name").hint("give one with -o"));
    }
    // links are followed, and what is no regular file (a pipe, a terminal) has no folder to write to
    if std::fs::metadata(path).is_ok_and(|m| !m.is_file() && !m.is_dir()) {
        return Ok(());
    }
    let Some(folder) = path.ancestors().skip(1).find(|a| a.as_os_str().is_empty() || a.symlink_metadata().is_ok())
    else {
        return Ok(());
    };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    if !folder.is_dir() {
        let what = format!("cannot write {}: {} is not a folder", path.display(), folder.display());
        return Err(Error::new(ErrorKind::Io, what).hint("choose another place with -o"));
    }
    // without a name, so that it is gone however this program ends
    tempfile::tempfile_in(folder).map(drop).map_err(|e| Error::io("write in", folder, e))
}

/// [`check_file`] for an output of these kinds: its name must not say that it is of another.
pub fn check_kind(path: &Path, kinds: Kinds) -> Result<()> {
    kinds.of(path)?;
    check_file(path)
}

/// [`check`] for a file: a folder cannot be in its place.
pub fn check_file(path: &Path) -> Result<()> {
    if path.is_dir() {
        return Err(Error::new(ErrorKind::Io, format!("cannot write {}: it is a folder", path.display()))
            .hint("give the name of a file with -o"));
    }
    check(path)
}
