//! What came of mutants and proofs in runs before: they are not tried again as long as the Verilog and what compares it are the same.

use hopgate_files::atomic;
use hopgate_model::{Error, Result};
use std::{
    collections::BTreeMap,
    fs::OpenOptions,
    io::Write,
    path::{Path, PathBuf},
};

/// FNV-1a, for names that change with everything that a result depends on.
pub fn hash(seed: u64, text: &str) -> u64 {
    let start = 0xcbf2_9ce4_8422_2325 ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    text.bytes().fold(start, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3))
}

/// What is said of each mutant, by its key: a line each, which is written as soon as it is known.
///
/// A run that was stopped goes on where it was. The line that it was writing then is no line, and is not counted.
#[derive(Debug, Default)]
pub struct Kept {
    file: Option<PathBuf>,
    known: BTreeMap<String, String>,
}

impl Kept {
    /// What is kept in a folder under a name, which must change with everything that the results depend on; without a folder nothing is.
    ///
    /// # Errors
    /// When the file cannot be read, or the folder not be made.
    pub fn open(folder: Option<&Path>, name: &str) -> Result<Kept> {
        let Some(folder) = folder else { return Ok(Kept::default()) };
        std::fs::create_dir_all(folder).map_err(|e| Error::io("create", folder, e))?;
        let file = folder.join(name);
        let text = match std::fs::read_to_string(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(Error::io("read", &file, error)),
        };
        let whole = text.rfind('\n').map_or("", |end| &text[..=end]);
        if whole.len() < text.len() {
            atomic::write(&file, whole.as_bytes())?;
        }
        let lines = whole.lines().filter_map(|line| line.split_once('\t'));
        let known = lines.map(|(what, key)| (key.to_owned(), what.to_owned())).collect();
        Ok(Kept { file: Some(file), known })
    }

    /// What is known of a mutant.
    pub fn of(&self, key: &str) -> Option<&str> {
        self.known.get(key).map(String::as_str)
    }

    /// Notes what became of it.
    ///
    /// # Errors
    /// When the line cannot be written.
    pub fn add(&mut self, key: &str, what: &str) -> Result<()> {
        let Some(file) = &self.file else { return Ok(()) };
        let mut open =
            OpenOptions::new().create(true).append(true).open(file).map_err(|e| Error::io("write", file, e))?;
        open.write_all(format!("{what}\t{key}\n").as_bytes()).map_err(|e| Error::io("write", file, e))?;
        self.known.insert(key.to_owned(), what.to_owned());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_was_cut_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().join("kept");
        let mut kept = Kept::open(Some(&at), "trial").unwrap();
        kept.add("vote: a -> b;", "answer").unwrap();
        kept.add("vote: a -> c;", "lives").unwrap();
        let file = at.join("trial");
        let mut text = std::fs::read_to_string(&file).unwrap();
        text += "answer\tvote: a";
        std::fs::write(&file, text).unwrap();
        let mut again = Kept::open(Some(&at), "trial").unwrap();
        assert_eq!(again.of("vote: a -> b;"), Some("answer"));
        assert_eq!(again.of("vote: a -> c;"), Some("lives"));
        assert_eq!(again.of("vote: a"), None);
        again.add("vote: a -> d;", "no answer").unwrap();
        assert_eq!(Kept::open(Some(&at), "trial").unwrap().of("vote: a -> d;"), Some("no answer"));
        assert_eq!(Kept::open(Some(&at), "another").unwrap().of("vote: a -> b;"), None);
    }

    #[test]
    fn without_a_folder_nothing_is_kept() {
        let mut kept = Kept::open(None, "trial").unwrap();
        kept.add("vote: a -> b;", "answer").unwrap();
        assert_eq!(kept.of("vote: a -> b;"), None);
    }
}
