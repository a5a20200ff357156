//! What stands where an output goes: whether it may be replaced, whether a rename can do it, and what its successor inherits.

use hopgate_model::{Error, ErrorKind, Result};
use std::{
    fs::{self, Metadata},
    io,
    os::unix::fs::{MetadataExt, PermissionsExt, chown},
    path::{Path, PathBuf},
};

/// Links that are followed one after the other, as Linux does.
const LINKS: usize = 40;

/// Fails for a file or folder that is read-only: a rename asks for the rights of the folder around it alone, and would replace it.
pub(super) fn may_replace(path: &Path, about: &Metadata) -> Result<()> {
    if about.mode() & 0o222 == 0 {
        let what = format!("cannot replace {}: it is read-only", path.display());
        return Err(Error::new(ErrorKind::Io, what)
            .hint("allow it with chmod u+w if it may be replaced, or choose another name with `output`"));
    }
    match rustix::fs::access(path, rustix::fs::Access::WRITE_OK) {
        // somebody else replaced it meanwhile
        Ok(()) | Err(rustix::io::Errno::NOENT) => Ok(()),
        Err(e) => Err(Error::io("write", path, e.into())),
    }
}

/// Whether a file system, or a single file, is mounted here: no rename can put anything in its place.
pub(super) fn is_mount_point(path: &Path) -> bool {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{AtFlags, CWD, StatxAttributes, StatxFlags, statx};
        let about = statx(CWD, path, AtFlags::NO_AUTOMOUNT, StatxFlags::empty());
        if let Some(about) = about.ok().filter(|a| a.stx_attributes_mask.contains(StatxAttributes::MOUNT_ROOT)) {
            return about.stx_attributes.contains(StatxAttributes::MOUNT_ROOT);
        }
    }
    let device = |path: &Path| fs::metadata(path).map(|m| m.dev());
    matches!((device(path), device(super::parent(path))), (Ok(here), Ok(around)) if here != around)
}

/// Whether this is what stops renames where an output could still be written in place: a folder around it that takes no files, or a
/// place that cannot move (a mount point, a lower layer of an overlay).
pub(super) fn stands_fast(error: &io::Error) -> bool {
    use io::ErrorKind::{CrossesDevices, PermissionDenied, ReadOnlyFilesystem, ResourceBusy};
    matches!(error.kind(), PermissionDenied | ReadOnlyFilesystem | ResourceBusy | CrossesDevices)
}

/// [`stands_fast`] of the cause of an error.
pub(super) fn is_fast(error: &Error) -> bool {
    std::error::Error::source(error).and_then(|e| e.downcast_ref::<io::Error>()).is_some_and(stands_fast)
}

/// Where a link leads that leads to nothing yet; any other path as it is.
pub(super) fn led_to(path: &Path) -> PathBuf {
    let mut path = path.to_owned();
    for _ in 0..LINKS {
        match fs::read_link(&path) {
            Ok(link) => path = super::parent(&path).join(link),
            Err(_) => break,
        }
    }
    path
}

/// Gives a new file or folder the owner, the group and the mode of the one whose place it takes, as far as the system lets.
pub(super) fn inherit(new: &Path, former: &Metadata) -> io::Result<()> {
    let mut mode = former.mode() & 0o7777;
    let own = fs::symlink_metadata(new)?;
    if own.uid() != former.uid() && chown(new, Some(former.uid()), None).is_err() {
        mode &= !0o6000;
    }
    if own.gid() != former.gid() && chown(new, None, Some(former.gid())).is_err() {
        // the rights of the group would be those of other people
        mode &= !0o6070;
    }
    fs::set_permissions(new, fs::Permissions::from_mode(mode))
}

/// [`inherit`] for a folder and what is in it, by name.
pub(super) fn inherit_all(new: &Path, former: &Path) -> io::Result<()> {
    for entry in fs::read_dir(new)? {
        let name = entry?.file_name();
        let (new, former) = (new.join(&name), former.join(&name));
        let kind = fs::symlink_metadata(&new)?.file_type();
        match fs::symlink_metadata(&former) {
            Ok(about) if kind.is_file() && about.is_file() => inherit(&new, &about)?,
            Ok(about) if kind.is_dir() && about.is_dir() => inherit_all(&new, &former)?,
            _ => {}
        }
    }
    inherit(new, &fs::metadata(former)?)
}
