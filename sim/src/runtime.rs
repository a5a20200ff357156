//! Verilator's own runtime, compiled once.
//!
//! It is the same for every design and takes longer to compile than most of them: the objects of the first build, and its header as
//! the compiler keeps one, are put into the folders of the later ones, where `make` finds them up to date. This process keeps them,
//! and the [`cache`] does.

use crate::cache;
use hopgate_model::{Error, Result};
use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// File names and contents.
type Objects = Vec<(String, Vec<u8>)>;

/// By the keys of their builds.
static KEPT: Mutex<BTreeMap<String, Objects>> = Mutex::new(BTreeMap::new());

fn kept() -> MutexGuard<'static, BTreeMap<String, Objects>> {
    KEPT.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Puts the runtime's objects into a build folder, if some build of this key has made them already.
pub fn put(key: &str, build: &Path) -> Result<()> {
    let known = kept().get(key).cloned();
    let Some(objects) = known.or_else(|| decode(&cache::get(key)?)) else { return Ok(()) };
    for (name, bytes) in &objects {
        let file = build.join(name);
        fs::write(&file, bytes).map_err(|e| Error::io("write", &file, e))?;
    }
    kept().entry(key.to_owned()).or_insert(objects);
    Ok(())
}

/// Keeps the runtime's objects of a finished build, unless others are kept already.
pub fn keep(key: &str, build: &Path) -> Result<()> {
    if kept().contains_key(key) {
        return Ok(());
    }
    let mut objects = Objects::new();
    for entry in fs::read_dir(build).map_err(|e| Error::io("list", build, e))?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        // not the header that a newer Verilator precompiles: that is of the design
        let header = name == "precompiled.h.gch";
        if name == "host.o" || header || name.starts_with("verilated") && name.ends_with(".o") {
            let bytes = fs::read(entry.path()).map_err(|e| Error::io("read", &entry.path(), e))?;
            objects.push((name, bytes));
        }
    }
    objects.sort();
    cache::put(key, &encode(&objects));
    kept().insert(key.to_owned(), objects);
    Ok(())
}

/// Each file as the lengths of its name and its contents, then both.
fn encode(objects: &Objects) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (name, contents) in objects {
        bytes.extend([name.len(), contents.len()].map(|length| (length as u64).to_le_bytes()).concat());
        bytes.extend_from_slice(name.as_bytes());
        bytes.extend_from_slice(contents);
    }
    bytes
}

fn decode(mut bytes: &[u8]) -> Option<Objects> {
    fn take<'a>(bytes: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = bytes.split_at_checked(length)?;
        *bytes = rest;
        Some(taken)
    }
    let mut objects = Objects::new();
    while !bytes.is_empty() {
        let mut length = || Some(u64::from_le_bytes(take(&mut bytes, 8)?.try_into().ok()?) as usize);
        let (name, contents) = (length()?, length()?);
        let name = String::from_utf8(take(&mut bytes, name)?.to_vec()).ok()?;
        objects.push((name, take(&mut bytes, contents)?.to_vec()));
    }
    Some(objects)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_as_bytes_and_back() {
        let objects: Objects = vec![("a.o".into(), vec![1, 2, 3]), ("b.o".into(), vec![])];
        let bytes = encode(&objects);
        assert_eq!(decode(&bytes), Some(objects));
        for length in 1..bytes.len() {
            let cut = decode(&bytes[..length]);
            assert!(cut.is_none_or(|objects| objects.len() == 1), "cut to {length} bytes");
        }
    }
}
