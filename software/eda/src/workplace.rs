//! Where the tools of a build work: in the folder that is being made, or beside it all if its path is one that a tool could misread.
//!
//! yosys hands the folder that it runs in on to ABC, unquoted: in one called `a;x;b` it would run `x`. So a build whose folder has no
//! [plain](is_plain) path is made in a temporary folder, and moved when it is done.

use hopgate_files::{
    atomic::{self, Scratch},
    temporary::is_plain,
};
use hopgate_model::{Error, Result};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// A folder for tools to work in.
pub(crate) struct Workplace {
    folder: PathBuf,
    /// Where it all goes in the end, if that is somewhere else.
    elsewhere: Option<(Scratch, PathBuf)>,
}

impl Workplace {
    /// For what is to be made in `folder`, which is there, and empty.
    pub(crate) fn of(folder: &Path) -> Result<Workplace> {
        let folder = fs::canonicalize(folder).map_err(|e| Error::io("open", folder, e))?;
        if is_plain(&folder) {
            return Ok(Workplace { folder, elsewhere: None });
        }
        let scratch = atomic::scratch()?;
        Ok(Workplace { folder: scratch.path().to_owned(), elsewhere: Some((scratch, folder)) })
    }

    /// Where to work.
    pub(crate) fn path(&self) -> &Path {
        &self.folder
    }

    /// Puts what was made where it belongs.
    pub(crate) fn deliver(self) -> Result<()> {
        self.elsewhere.map_or(Ok(()), |(scratch, folder)| move_contents(scratch.path(), &folder))
    }
}

/// Moves everything in a folder into another, which may be on another disk.
pub(crate) fn move_contents(from: &Path, to: &Path) -> Result<()> {
    for entry in fs::read_dir(from).map_err(|e| Error::io("read the folder", from, e))? {
        let entry = entry.map_err(|e| Error::io("read the folder", from, e))?;
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        match fs::rename(&from, &to) {
            Err(e) if e.kind() == io::ErrorKind::CrossesDevices => carry(&from, &to)?,
            done => done.map_err(|e| Error::io("write", &to, e))?,
        }
    }
    Ok(())
}

/// Moves a file or a folder to another disk.
fn carry(from: &Path, to: &Path) -> Result<()> {
    let failed = |e| Error::io("write", to, e);
    if !from.is_dir() {
        fs::copy(from, to).map_err(failed)?;
        return fs::remove_file(from).map_err(|e| Error::io("remove", from, e));
    }
    fs::create_dir(to).map_err(failed)?;
    move_contents(from, to)?;
    fs::remove_dir(from).map_err(|e| Error::io("remove", from, e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_under_an_odd_name_is_made_elsewhere_and_moved() {
        let home = tempfile::tempdir().unwrap();
        let odd = home.path().join("$(touch x); it's");
        fs::create_dir(&odd).unwrap();
        let place = Workplace::of(&odd).unwrap();
        let work = place.path().to_owned();
        assert!(is_plain(&work) && !work.starts_with(home.path()));
        fs::create_dir(work.join("logs")).unwrap();
        fs::write(work.join("logs/a"), "a").unwrap();
        place.deliver().unwrap();
        assert_eq!(fs::read(odd.join("logs/a")).unwrap(), b"a");
        assert!(!work.exists());
        // under any other, it is made in place
        let plain = home.path().join("plain");
        fs::create_dir(&plain).unwrap();
        let place = Workplace::of(&plain).unwrap();
        assert_eq!(place.path(), fs::canonicalize(&plain).unwrap());
    }

    #[test]
    fn folders_are_carried_to_another_disk() {
        let home = tempfile::tempdir().unwrap();
        let (from, to) = (home.path().join("from"), home.path().join("to"));
        fs::create_dir_all(from.join("deep/er")).unwrap();
        fs::write(from.join("deep/er/file"), "text").unwrap();
        carry(&from, &to).unwrap();
        assert_eq!(fs::read(to.join("deep/er/file")).unwrap(), b"text");
        assert!(!from.exists());
    }
}
