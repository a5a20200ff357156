//! Where a program is: where a variable says, on the `PATH`, or where hopgate's own scripts put it.
//!
//! No program is run because of the folder that one happens to be in. An empty entry of the `PATH` would stand for the current
//! folder (`PATH=$PATH:` has one at its end); hardly anybody means that, so it is passed over. Who does mean it writes `.`.
//! Every path is made absolute at once: tools run in folders of their own, where a relative one leads elsewhere.

use crate::catalogue::{how_to_get, is_ours, variable};
use hopgate_model::{Error, ErrorKind, Result};
use rustix::fs::{Access, access};
use std::{
    env,
    ffi::{OsStr, OsString},
    fs, io,
    os::unix::{ffi::OsStrExt, fs::MetadataExt},
    path::{Path, PathBuf, absolute},
};

/// Where the program of this name is: an absolute path.
///
/// The environment variable `HOPGATE_<NAME>` (see [`variable`]) comes first, then `PATH`, then [`TOOLS`] where
/// the targets `tools-...` of the Makefile install: below a folder that holds this program.
///
/// # Errors
/// [`ErrorKind::Tool`] with the package that carries it.
pub fn find(name: &str) -> Result<PathBuf> {
    let variable = variable(name);
    if let Some(path) = env::var_os(&variable).filter(|v| !v.is_empty()) {
        // a bare name is one on the PATH, as it is for a shell
        let bare = !path.as_bytes().contains(&b'/');
        return if bare { on_path(&path) } else { program(path.as_ref()) }.map_err(|e| {
            let path = path.display();
            Error::new(ErrorKind::Tool, format!("{variable} is {path}, but no program can be run there"))
                .hint(format!("set {variable} to the path of {name}, or unset it"))
                .because(e)
        });
    }
    on_path(name.as_ref()).or_else(|e| installed(name).ok_or(e)).map_err(|e| {
        Error::new(ErrorKind::Tool, format!("{name} is not installed: there is no such program on the PATH"))
            .hint(how_to_get(name))
            .because(e)
    })
}

/// The folder, below hopgate's, of the programs that hopgate's own scripts install.
pub const TOOLS: &str = ".tools/venv/bin";

/// A file that can be run, by its absolute path.
fn program(path: &Path) -> io::Result<PathBuf> {
    let path = absolute(path)?;
    if !fs::metadata(&path)?.is_file() {
        return Err(io::Error::other("it is no file"));
    }
    access(&path, Access::EXEC_OK)?;
    Ok(path)
}

/// The folders of the `PATH`, all of them absolute.
fn folders() -> Vec<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let named = env::split_paths(&path).filter(|folder| !folder.as_os_str().is_empty());
    named.filter_map(|folder| absolute(folder).ok()).collect()
}

/// The `PATH` for programs that run in another folder: the same folders, all of them absolute.
pub(crate) fn path() -> OsString {
    // (a current folder with a colon in its name cannot be written into it)
    let folders = folders().into_iter().filter(|folder| !folder.as_os_str().as_bytes().contains(&b':'));
    let path = env::join_paths(folders).unwrap_or_default();
    // an empty one would be the current folder again
    if path.is_empty() { "/usr/bin:/bin".into() } else { path }
}

fn on_path(name: &OsStr) -> io::Result<PathBuf> {
    let found = folders().iter().find_map(|folder| program(&folder.join(name)).ok());
    found.ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "it is in no folder of the PATH"))
}

/// A program in [`TOOLS`]. Only those that hopgate's own scripts put there, so that no other one is run by surprise.
fn installed(name: &str) -> Option<PathBuf> {
    let this = env::current_exe().ok().filter(|_| is_ours(name))?;
    let folders = this.ancestors().skip(1).map(|above| above.join(TOOLS).join(name));
    // above this program there may be a folder like /tmp, where anybody can put one
    let owner = |path: &Path| fs::metadata(path).map(|about| about.uid()).ok();
    let trusted = [owner(&this), Some(rustix::process::geteuid().as_raw())];
    folders.filter_map(|path| program(&path).ok()).find(|path| trusted.contains(&owner(path)))
}
