//! Which kinds of file an output can be, by the name that it is given.
//!
//! Whoever writes `answers.csv` means text, and so does every program that opens it. So an output is written as what its name says, or it
//! is refused, before the work; a name that says nothing gets the first of the kinds that there are.

use hopgate_model::{Error, Result};
use std::{os::unix::fs::FileTypeExt, path::Path};

/// The kinds that an output can be: extensions, the first of which a name without one stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kinds {
    what: &'static str,
    extensions: &'static [&'static str],
}

/// Answers, and patterns that were read back: a matrix of bits.
pub const ANSWERS: Kinds = Kinds { what: "answers", extensions: &["npy", "csv", "txt"] };
/// A trace.
pub const TRACE: Kinds = Kinds { what: "a trace", extensions: &["npz"] };
/// A model.
pub const MODEL: Kinds = Kinds { what: "a model", extensions: &["npz"] };
/// A recording of recalls.
pub const RECORDING: Kinds = Kinds { what: "a recording", extensions: &["svg"] };
/// A waveform.
pub const WAVEFORM: Kinds = Kinds { what: "a waveform", extensions: &["vcd", "fst"] };
/// A trace, or a waveform.
pub const TRACE_OR_WAVEFORM: Kinds = Kinds { what: "a trace", extensions: &["npz", "fst", "vcd"] };

impl Kinds {
    /// The extension, in small letters, of the kind to write under this name.
    ///
    /// ```
    /// use hopgate_files::kinds::{ANSWERS, MODEL};
    /// assert_eq!(ANSWERS.of("a/answers.CSV".as_ref())?, "csv");
    /// assert_eq!(ANSWERS.of("answers".as_ref())?, "npy");
    /// assert!(MODEL.of("model.txt".as_ref()).is_err());
    /// # Ok::<(), hopgate_model::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Usage`](hopgate_model::ErrorKind::Usage) if the name says that it is of another kind. A pipe or a device may have any name, and
    /// so may what looks like no extension: `model.2026-11-28`, `model.`.
    pub fn of(&self, path: &Path) -> Result<&'static str> {
        let first = self.extensions[0];
        let Some(extension) = path.extension().map(|e| e.to_string_lossy().to_lowercase()) else { return Ok(first) };
        if let Some(known) = self.extensions.iter().find(|&&known| known == extension) {
            return Ok(known);
        }
        let no_file = |m: std::fs::Metadata| {
            let kind = m.file_type();
            kind.is_char_device() || kind.is_block_device() || kind.is_fifo() || kind.is_socket()
        };
        if !extension.starts_with(char::is_alphabetic) || std::fs::metadata(path).is_ok_and(no_file) {
            return Ok(first);
        }
        let named: Vec<String> = self.extensions.iter().map(|e| format!(".{e}")).collect();
        let kinds = match named.split_last() {
            Some((last, [])) => last.clone(),
            Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
            None => String::new(),
        };
        let what = format!("{}: {} cannot be written as .{extension}", path.display(), self.what);
        Err(Error::usage(what).hint(format!("give it a name that ends in {kinds}, or one without an ending")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_what_is_written() {
        for (name, kind) in [("a.npy", "npy"), ("b/a.Csv", "csv"), ("a.b.txt", "txt"), ("a", "npy"), ("a.csv/b", "npy")]
        {
            assert_eq!(ANSWERS.of(name.as_ref()).expect(name), kind);
        }
        // dates, versions and hidden files have no extension that says anything
        for name in ["run.2026", "a.", ".hidden", "a.0"] {
            assert_eq!(ANSWERS.of(name.as_ref()).expect(name), "npy");
        }
        for name in ["a.npz", "a.png", "a.h5", "a.npy.gz", "a.md"] {
            let e = ANSWERS.of(name.as_ref()).expect_err(name);
            assert!(e.to_string().contains("answers cannot be written as"), "{e}");
            assert!(e.help_text().is_some_and(|h| h.contains(".npy, .csv or .txt")), "{:?}", e.help_text());
        }
        assert!(TRACE.of("t.npy".as_ref()).is_err_and(|e| e.help_text().is_some_and(|h| h.contains("ends in .npz,"))));
    }

    #[cfg(unix)]
    #[test]
    fn a_device_a_pipe_or_a_socket_may_have_any_name() {
        let home = tempfile::tempdir().expect("a temporary folder");
        let (device, file) = (home.path().join("null.txt"), home.path().join("file.txt"));
        std::os::unix::fs::symlink("/dev/null", &device).expect("linked");
        std::fs::write(&file, "").expect("written");
        assert_eq!(MODEL.of(&device).expect("a device"), "npz");
        let (pipe, socket) = (home.path().join("pipe.txt"), home.path().join("socket.txt"));
        let _listener = std::os::unix::net::UnixListener::bind(&socket).expect("bound");
        assert_eq!(MODEL.of(&socket).expect("a socket"), "npz");
        if std::process::Command::new("mkfifo").arg(&pipe).status().is_ok_and(|made| made.success()) {
            assert_eq!(MODEL.of(&pipe).expect("a pipe"), "npz");
        }
        assert!(MODEL.of(&file).is_err());
    }
}
