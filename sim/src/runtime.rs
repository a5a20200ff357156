//! Verilator's own runtime, compiled once per process.
//!
//! It is the same for every design and takes longer to compile than most of them: the objects of the first build
//! are put into the folders of the later ones, where `make` finds them up to date.

use crate::library::Waveform;
use hopgate_model::{Error, Result};
use std::fs;
use std::path::Path;
use std::sync::{Mutex, OnceLock, PoisonError};

/// File names and contents, with and without waveforms.
type Objects = Vec<(String, Vec<u8>)>;
static KEPT: [OnceLock<Mutex<Objects>>; 2] = [OnceLock::new(), OnceLock::new()];

fn kept(waveform: Waveform) -> &'static Mutex<Objects> {
    KEPT[usize::from(waveform == Waveform::On)].get_or_init(Mutex::default)
}

/// Puts the runtime's objects into a build folder, if some build has made them already.
pub fn put(waveform: Waveform, build: &Path) -> Result<()> {
    for (name, bytes) in kept(waveform).lock().unwrap_or_else(PoisonError::into_inner).iter() {
        let file = build.join(name);
        fs::write(&file, bytes).map_err(|e| Error::io("write", &file, e))?;
    }
    Ok(())
}

/// Keeps the runtime's objects of a finished build, unless others are kept already.
pub fn keep(waveform: Waveform, build: &Path) -> Result<()> {
    let mut objects = kept(waveform).lock().unwrap_or_else(PoisonError::into_inner);
    if !objects.is_empty() {
        return Ok(());
    }
    let list = fs::read_dir(build).map_err(|e| Error::io("list", build, e))?;
    for entry in list.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with("verilated") && name.ends_with(".o") {
            let bytes = fs::read(entry.path()).map_err(|e| Error::io("read", &entry.path(), e))?;
            objects.push((name, bytes));
        }
    }
    Ok(())
}
