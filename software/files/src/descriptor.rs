//! Names of descriptors that this process has open: `/dev/stdout`, `/dev/fd/3`, `/proc/self/fd/1`.
//!
//! To open such a name opens the file behind it anew, at its beginning. Whoever gave the name means the descriptor, with its place and
//! its mode (`>>`), so that is what is written to.

use std::{
    fs::{self, File},
    io,
    os::fd::{BorrowedFd, RawFd},
    path::{Path, PathBuf},
};

/// Links that are followed before a name counts as none: as many as Linux follows.
const LINKS: usize = 40;

/// The descriptor of this process that a path names, if it names one. Links to such a name are followed.
///
/// ```
/// use hopgate_files::descriptor;
/// assert_eq!(descriptor::number("/dev/fd/7".as_ref()), Some(7));
/// assert_eq!(descriptor::number("/dev/null".as_ref()), None);
/// ```
pub fn number(path: &Path) -> Option<RawFd> {
    let mut path = path.to_owned();
    for _ in 0..LINKS {
        let folder = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        if holds_ours(folder) {
            return path.file_name()?.to_str()?.parse::<u16>().ok().map(RawFd::from);
        }
        let folder = folder.to_owned();
        path = folder.join(fs::read_link(&path).ok()?);
    }
    None
}

/// Whether a folder is the one where the system lists the open descriptors of this process.
fn holds_ours(folder: &Path) -> bool {
    if folder == Path::new("/dev/fd") {
        return true;
    }
    let process = PathBuf::from(format!("/proc/{}", std::process::id()));
    fs::canonicalize(folder).is_ok_and(|folder| folder.ends_with("fd") && folder.starts_with(process))
}

/// The descriptor itself, under a number of its own: both have one place in the file.
///
/// # Errors
/// As the system says, if there is no such descriptor.
#[allow(unsafe_code)]
pub fn duplicate(number: RawFd) -> io::Result<File> {
    if number < 0 {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    // SAFETY: it is no -1, and it is borrowed for this one system call, which fails if nothing is open under that number.
    let borrowed = unsafe { BorrowedFd::borrow_raw(number) };
    borrowed.try_clone_to_owned().map(File::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        io::{Read, Seek, Write},
        os::{fd::AsRawFd, unix::fs::symlink},
    };

    #[test]
    fn names_of_descriptors_and_links_to_them() {
        for (name, is) in [("/dev/stdin", 0), ("/dev/stdout", 1), ("/dev/stderr", 2), ("/proc/self/fd/5", 5)] {
            assert_eq!(number(name.as_ref()), Some(is), "{name}");
        }
        let here = tempfile::tempdir().expect("a temporary folder");
        let (link, folder) = (here.path().join("link"), here.path().join("folder"));
        symlink("/dev/stdout", &link).expect("linked");
        symlink("/dev/fd", &folder).expect("linked");
        assert_eq!((number(&link), number(&folder.join("9"))), (Some(1), Some(9)));
        let (circle, file) = (here.path().join("circle"), here.path().join("1"));
        symlink("circle", &circle).expect("linked");
        fs::write(&file, "").expect("written");
        for none in [&circle, &file, &here.path().join("2"), Path::new("1"), Path::new("/dev/fd/x"), Path::new("/")] {
            assert_eq!(number(none), None, "{}", none.display());
        }
        // another process's are files to be opened
        assert_eq!(number("/proc/1/fd/1".as_ref()), None);
    }

    #[test]
    fn a_duplicate_goes_on_where_the_descriptor_is() {
        let mut file = tempfile::tempfile().expect("a temporary file");
        file.write_all(b"one ").expect("written");
        duplicate(file.as_raw_fd()).expect("open").write_all(b"two ").expect("written");
        file.write_all(b"three").expect("written");
        file.rewind().expect("rewound");
        let mut text = String::new();
        file.read_to_string(&mut text).expect("read");
        assert_eq!(text, "one two three");
        assert!(duplicate(-1).is_err() && duplicate(60_000).is_err());
    }
}
