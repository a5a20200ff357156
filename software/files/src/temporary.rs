//! Where temporary folders for other programs may lie: in `TMPDIR`, under a path that no program misreads.
//!
//! Programs hand paths on to programs of their own, and not all of them quote: yosys writes the folder that it runs in into scripts of
//! ABC, where `a;x;b` is three commands, and Verilator's makefiles refuse a space. So a folder that tools work in has a *plain* path:
//! letters, digits and `/ . _ + -`. A `TMPDIR` of another name is passed over for `/tmp`.

use hopgate_model::{Error, ErrorKind, Result};
use std::{
    env,
    ffi::OsStr,
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

/// The beginning of every temporary's name.
pub const PREFIX: &str = ".hopgate-tmp-";

/// Whether this is the name of a temporary: in a folder that is filled in place, one may be among the files.
pub fn is_temporary(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(PREFIX.as_bytes())
}

/// The end of the name of a folder of [`scratch`](crate::atomic::scratch).
pub(crate) const SCRATCH: &str = "-scratch";

/// What to do where a temporary folder cannot be made, or written to.
pub const ADVICE: &str =
    "temporary files go where TMPDIR says, or else to /tmp: free some space there, or set TMPDIR to another folder";

/// Whether every program reads this path as one path: it has letters, digits and `/ . _ + -` only.
///
/// ```
/// use hopgate_files::temporary::is_plain;
/// assert!(is_plain("/tmp/.hopgate-tmp-17-1".as_ref()));
/// assert!(!is_plain("/home/me/My Project".as_ref()) && !is_plain("/tmp/a;x".as_ref()));
/// ```
pub fn is_plain(path: &Path) -> bool {
    path.as_os_str().as_bytes().iter().all(|c| c.is_ascii_alphanumeric() || b"/._+-".contains(c))
}

/// The folder that temporary folders are made in: an absolute, plain path.
///
/// # Errors
/// [`ErrorKind::Io`] if `TMPDIR` names nothing that is there, or if no such folder is.
pub(crate) fn base() -> Result<PathBuf> {
    let named = env::var_os("TMPDIR").filter(|name| !name.is_empty()).map(PathBuf::from);
    if let Some(named) = &named {
        let real = std::fs::canonicalize(named).map_err(|e| {
            Error::new(ErrorKind::Io, format!("there is no folder {}, which TMPDIR names: {e}", named.display()))
                .hint("make it, set TMPDIR to a folder that is there, or unset it")
                .because(e)
        })?;
        if is_plain(&real) {
            return Ok(real);
        }
    }
    let usual = ["/tmp", "/var/tmp"].into_iter().filter_map(|name| std::fs::canonicalize(name).ok());
    usual.into_iter().find(|path| is_plain(path)).ok_or_else(|| {
        Error::new(ErrorKind::Io, "there is no folder for temporary files: neither /tmp nor /var/tmp is one")
            .hint("set TMPDIR to a folder whose path has letters, digits and / . _ + - only")
    })
}

/// Whether a path is in a folder of [`scratch`](crate::atomic::scratch): what to do about it is then a matter of `TMPDIR`.
pub fn is_scratch(path: &Path) -> bool {
    let mut names = path.components().map(|part| part.as_os_str().as_bytes());
    names.any(|name| name.starts_with(PREFIX.as_bytes()) && name.ends_with(SCRATCH.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atomic;

    #[test]
    fn characters_of_shells_scripts_and_makefiles_are_not_plain() {
        for c in " \t\n'\"\\$`;&|<>()[]{}*?!#~%:=,@^é".chars() {
            assert!(!is_plain(format!("/tmp/a{c}b").as_ref()), "{c:?}");
        }
        assert!(is_plain("/var/folders/zz/zyx_1.2+3-4/T".as_ref()));
    }

    #[test]
    fn a_scratch_folder_is_known_by_its_name() {
        let scratch = atomic::scratch().unwrap();
        assert!(is_plain(scratch.path()) && scratch.path().is_absolute());
        assert!(is_scratch(&scratch.path().join("build/top.v")));
        // an output whose folder happens to be that of temporary files is something else
        let output = scratch.path().parent().unwrap().join(format!("{PREFIX}17-1"));
        assert!(!is_scratch(&output));
    }
}
