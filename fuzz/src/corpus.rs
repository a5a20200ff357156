//! The samples that mutations begin with: `corpus/READER/`, a file or a folder of files each.

use std::{io, path::Path};

/// Names and contents of files that belong together.
pub type Sample = Vec<(String, Vec<u8>)>;

/// Every sample of a reader, in the order of their names.
///
/// # Errors
/// If the folder cannot be read, or is empty.
pub fn load(corpus: &Path, reader: &str) -> io::Result<Vec<Sample>> {
    let folder = corpus.join(reader);
    let context = |e: io::Error| io::Error::new(e.kind(), format!("{}: {e}", folder.display()));
    let mut samples = Vec::new();
    for path in sorted(&folder).map_err(context)? {
        samples.push(if path.is_dir() {
            sorted(&path)?.iter().map(|p| file(p)).collect::<io::Result<Sample>>()?
        } else {
            let (_, bytes) = file(&path)?;
            // one name for all, so that the desk holds one file
            let extension = path.extension().unwrap_or_default().to_string_lossy().into_owned();
            vec![(if extension == "json" { "manifest.json".into() } else { format!("sample.{extension}") }, bytes)]
        });
    }
    if samples.is_empty() {
        return Err(io::Error::new(io::ErrorKind::NotFound, format!("{}: no samples", folder.display())));
    }
    Ok(samples)
}

fn sorted(folder: &Path) -> io::Result<Vec<std::path::PathBuf>> {
    let mut all: Vec<_> = std::fs::read_dir(folder)?.map(|e| e.map(|e| e.path())).collect::<io::Result<_>>()?;
    all.sort();
    Ok(all)
}

fn file(path: &Path) -> io::Result<(String, Vec<u8>)> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok((name, std::fs::read(path)?))
}
