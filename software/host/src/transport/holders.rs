//! Which programs have a port open.

use std::{fs, path::Path};

/// The programs that have a file open, as far as this user may see them: `name (process 17)`. Links are followed.
///
/// It is for people who wonder why a port is taken: where there is no `/proc`, there are none.
///
/// ```
/// use hopgate_host::transport::holders;
/// let file = tempfile::NamedTempFile::new()?;
/// assert!(holders(file.path())[0].ends_with(&format!("(process {})", std::process::id())));
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn holders(path: &Path) -> Vec<String> {
    let Ok(path) = fs::canonicalize(path) else { return Vec::new() };
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let mut found: Vec<(u32, String)> = processes
        .filter_map(|process| {
            let number: u32 = process.file_name().to_str()?.parse().ok()?;
            let mut files = fs::read_dir(process.path().join("fd")).ok()?.flatten();
            files.find(|file| fs::read_link(file.path()).is_ok_and(|open| open == path))?;
            let name = fs::read(process.path().join("comm")).unwrap_or_default();
            Some((number, format!("{} (process {number})", String::from_utf8_lossy(&name).trim_end())))
        })
        .collect();
    found.sort();
    found.into_iter().map(|(_, text)| text).collect()
}
