//! The `.npz` format of numpy: a zip file of `.npy` files.

use crate::{atomic, npy::Npy};
use hopgate_model::{Error, ErrorKind, Result};
use rustix::fs::OFlags;
use std::{
    fs::File,
    io::{Cursor, Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};
use zip::{CompressionMethod, DateTime, ZipWriter, read::ZipArchive, result::ZipError, write::SimpleFileOptions};

/// The largest file, and the largest array inside one, that is read: far more than any memory needs.
pub const MAX_BYTES: u64 = 2 << 30;

/// The highest ratio that deflate can reach (RFC 1951); a header that claims more lies.
const MAX_RATIO: u64 = 1032;

/// Reads a whole file, up to [`MAX_BYTES`]. It must be a regular file: opening a pipe would wait for somebody who writes to it, and a
/// device may never end.
///
/// # Errors
/// [`ErrorKind::Io`] with the path; [`ErrorKind::Format`] if it is no regular file, or larger.
pub fn read_file(path: &Path) -> Result<Vec<u8>> {
    let nonblocking = OFlags::NONBLOCK.bits() as i32;
    let file = File::options().read(true).custom_flags(nonblocking).open(path);
    read_regular(file.map_err(|e| Error::io("read", path, e))?, path, MAX_BYTES)
}

/// Reads a whole file that is open (without waiting: see [`read_file`]), if it is a regular one.
pub(crate) fn read_regular(file: File, path: &Path, most: u64) -> Result<Vec<u8>> {
    let about = file.metadata().map_err(|e| Error::io("read", path, e))?;
    if !about.is_file() && !about.is_dir() {
        let what = format!("cannot read {}: it is a pipe or a device, not a file", path.display());
        return Err(Error::new(ErrorKind::Format, what).hint("put a file in its place"));
    }
    read_open(file, path, most)
}

/// Reads a whole file, up to this many bytes (what becomes many times larger in memory has a limit of its own), or all that comes
/// out of a pipe or a device.
///
/// # Errors
/// [`ErrorKind::Io`] with the path; [`ErrorKind::Format`] if it is larger.
pub fn read_up_to(path: &Path, most: u64) -> Result<Vec<u8>> {
    read_open(File::open(path).map_err(|e| Error::io("read", path, e))?, path, most)
}

fn read_open(file: File, path: &Path, most: u64) -> Result<Vec<u8>> {
    let failed = |e| Error::io("read", path, e);
    let too_large = || {
        let most = if most >= 1 << 30 { format!("{} GiB", most >> 30) } else { format!("{} MiB", most >> 20) };
        Err(Error::new(ErrorKind::Format, format!("{} is larger than {most}", path.display())))
    };
    let about = file.metadata().map_err(failed)?;
    if about.is_dir() {
        return Err(Error::new(ErrorKind::Io, format!("cannot read {}: it is a folder", path.display())));
    }
    if about.len() > most {
        return too_large();
    }
    let mut bytes = Vec::with_capacity(about.len() as usize + 1);
    // a pipe does not say how long it is, and a file may have grown
    file.take(most + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > most {
        return too_large();
    }
    Ok(bytes)
}

/// A number of files that a 64-bit directory claims, and that this many bytes cannot hold. The library would make room for
/// them all.
fn impossible_claim(bytes: &[u8]) -> Option<u64> {
    // every file takes an entry of at least this many bytes
    const ENTRY: u64 = 46;
    let holds = |part: &[u8], mark: &[u8]| part.windows(4).any(|w| w == mark);
    // only archives with a locator at their end have a 64-bit directory: random data is not searched for one
    if !holds(&bytes[bytes.len().saturating_sub(70_000)..], b"PK\x06\x07") {
        return None;
    }
    let record = |(at, w): (usize, &[u8])| (w[..4] == *b"PK\x06\x06").then_some(at + 32);
    let counts = bytes.windows(40).enumerate().filter_map(record).filter_map(|at| bytes[at..at + 8].try_into().ok());
    counts.map(u64::from_le_bytes).find(|&n| n > bytes.len() as u64 / ENTRY)
}

/// What so many packed bytes can be when they are unpacked, with some room for the little that is in every file.
fn most_unpacked(packed: u64) -> u64 {
    packed.saturating_mul(MAX_RATIO).saturating_add(1024).min(MAX_BYTES)
}

/// An open `.npz` file.
pub struct Npz {
    path: PathBuf,
    archive: ZipArchive<Cursor<Vec<u8>>>,
}

impl Npz {
    /// Opens a file, or takes what comes out of a pipe.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] if it cannot be read, [`ErrorKind::Format`] if it is not a zip file or cut short.
    pub fn open(path: &Path) -> Result<Self> {
        Self::parse(path, read_up_to(path, MAX_BYTES)?)
    }

    /// Takes the bytes of a file; the path is for messages.
    ///
    /// # Errors
    /// [`ErrorKind::Format`] if it is not a zip file or cut short.
    pub fn parse(path: &Path, bytes: Vec<u8>) -> Result<Self> {
        let truncated = bytes.starts_with(b"PK");
        if let Some(claim) = impossible_claim(&bytes) {
            let what = format!("{}: claims to hold {claim} arrays in {} bytes", path.display(), bytes.len());
            return Err(Error::new(ErrorKind::Format, what).hint("the file is damaged: write it again"));
        }
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|e| {
            let what = if truncated { "a cut short or damaged .npz file" } else { "not a .npz file: it is no zip" };
            Error::new(ErrorKind::Format, format!("{}: {what}", path.display()))
                .hint("write it again with numpy.savez, or copy it again")
                .because(e)
        })?;
        Ok(Npz { path: path.to_owned(), archive })
    }

    /// The names of the arrays, in the order of the file.
    pub fn names(&self) -> Vec<String> {
        self.archive.file_names().map(|n| n.strip_suffix(".npy").unwrap_or(n).to_owned()).collect()
    }

    /// The first of these arrays that is there, with its name.
    ///
    /// # Errors
    /// As [`Npz::get`].
    pub fn first_of(&mut self, names: &[&str]) -> Result<(String, Npy)> {
        let here = self.names();
        match names.iter().find(|n| here.iter().any(|h| h == *n)) {
            Some(name) => Ok((name.to_string(), self.get(name)?)),
            None => Err(self.missing(names)),
        }
    }

    fn missing(&self, wanted: &[&str]) -> Error {
        let here = self.names();
        let here = if here.is_empty() { "it is empty".into() } else { format!("it holds {}", here.join(", ")) };
        let what = format!("{}: there is no array {}; {here}", self.path.display(), wanted.join(" or "));
        Error::new(ErrorKind::Format, what).hint(format!("numpy.savez(path, {}=...)", wanted.first().unwrap_or(&"a")))
    }

    /// One array.
    ///
    /// # Errors
    /// [`ErrorKind::Format`] if there is none of that name (the message lists those there are), or if
    /// it is damaged; sizes are checked before anything is allocated.
    pub fn get(&mut self, name: &str) -> Result<Npy> {
        let place = format!("{}: array {name}", self.path.display());
        let member = format!("{name}.npy");
        if self.archive.index_for_name(&member).is_none() {
            return Err(self.missing(&[name]));
        }
        let bytes = match self.archive.by_name(&member) {
            Err(e) => return Err(Error::new(ErrorKind::Format, format!("{place}: {e}")).because(e)),
            Ok(entry) => {
                let (size, packed) = (entry.size(), entry.compressed_size());
                if size > most_unpacked(packed) {
                    let what = format!("{place}: claims to unpack {packed} bytes to {size}");
                    return Err(Error::new(ErrorKind::Format, what).hint("the file is damaged: write it again"));
                }
                let mut bytes = Vec::new();
                // one byte more than claimed, so that the check of the checksum is reached
                entry.take(size + 1).read_to_end(&mut bytes).map_err(|e| {
                    Error::new(ErrorKind::Format, format!("{place}: damaged: {e}"))
                        .hint("write the file again, or copy it again")
                        .because(e)
                })?;
                bytes
            }
        };
        Npy::parse(bytes).map_err(|e| e.at(place))
    }
}

/// Writes arrays, given as the bytes of `.npy` files, into one `.npz` file. Nothing depends on the
/// time or the machine: the same arrays give the same bytes. They are stored, not packed, as by
/// `numpy.savez`.
///
/// # Errors
/// [`ErrorKind::Io`] with the path.
pub fn write(path: &Path, arrays: &[(&str, Vec<u8>)]) -> Result<()> {
    atomic::write(path, &encode(arrays).map_err(|e| e.at(path.display()))?)
}

/// The bytes of such a file.
///
/// # Errors
/// [`ErrorKind::Value`] if they are too many for a zip file.
pub fn encode(arrays: &[(&str, Vec<u8>)]) -> Result<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let pack = |zip: &mut ZipWriter<Cursor<Vec<u8>>>| -> std::result::Result<(), ZipError> {
        for (name, npy) in arrays {
            let options = SimpleFileOptions::default()
                .compression_method(CompressionMethod::Stored)
                .last_modified_time(DateTime::default())
                .unix_permissions(0o644)
                .large_file(npy.len() as u64 >= u64::from(u32::MAX));
            zip.start_file(format!("{name}.npy"), options)?;
            zip.write_all(npy)?;
        }
        Ok(())
    };
    let failed = |e: ZipError| Error::new(ErrorKind::Value, format!("the arrays cannot be packed: {e}")).because(e);
    pack(&mut zip).map_err(failed)?;
    Ok(zip.finish().map_err(failed)?.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The end of an archive with a 64-bit directory that claims so many files, with other bytes before and behind it.
    fn claim(files: u64, before: usize, behind: usize) -> Vec<u8> {
        let record = [&b"PK\x06\x06"[..], &[1; 28], &files.to_le_bytes(), &[2; 16]].concat();
        [&vec![0; before][..], &record, b"PK\x06\x07", &vec![0; 16 + behind]].concat()
    }

    #[test]
    fn packed_bytes_are_so_many_at_most() {
        let expected = [(0, 1024), (1, 2056), (1000, 1_033_024), (1 << 21, MAX_BYTES), (u64::MAX, MAX_BYTES)];
        assert!(expected.into_iter().all(|(packed, most)| most_unpacked(packed) == most));
    }

    #[test]
    fn a_directory_cannot_have_more_files_than_fit() {
        // 76 bytes for record and locator: one entry of 46 bytes fits
        assert_eq!((impossible_claim(&claim(1, 0, 0)), impossible_claim(&claim(2, 0, 0))), (None, Some(2)));
        let room = 46 * 100 - 76;
        assert_eq!((impossible_claim(&claim(100, room, 0)), impossible_claim(&claim(101, room, 0))), (None, Some(101)));
        assert_eq!(impossible_claim(&claim(100, room - 1, 0)), Some(100));
        assert_eq!(impossible_claim(&claim(1 << 40, 5000, 60_000)), Some(1 << 40));
        assert_eq!(impossible_claim(&claim(1 << 40, 0, 70_000)), None, "the locator is not at the end");
        assert_eq!(impossible_claim(b"PK\x06\x06"), None);
        assert_eq!(impossible_claim(&claim(9, 0, 0)[..56]), None, "a record without a locator");
        assert_eq!(impossible_claim(b""), None);
    }
}
