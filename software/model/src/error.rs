//! One error style for the whole project: what happened, where, and what to do about it.

#[cfg(feature = "std")]
use alloc::borrow::ToOwned;
use alloc::{boxed::Box, format, string::String};
use core::fmt;
#[cfg(feature = "std")]
use std::path::Path;

/// What sort of thing went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The call itself is wrong: an option out of range, an unknown name.
    Usage,
    /// A file cannot be read or written.
    Io,
    /// A file is not what its name or place says it is.
    Format,
    /// The contents of a file are out of range or contradict each other.
    Value,
    /// A computation did not reach its goal (a diverging run, a timing target missed).
    Failed,
    /// An external tool is missing, too old, or failed.
    Tool,
    /// The design does not fit the device.
    Fit,
    /// The user stopped it.
    Interrupted,
}

impl ErrorKind {
    /// Its name, as programs know it.
    ///
    /// ```
    /// assert_eq!(hopgate_model::ErrorKind::Fit.name(), "fit");
    /// ```
    pub fn name(self) -> &'static str {
        match self {
            ErrorKind::Usage => "usage",
            ErrorKind::Io => "io",
            ErrorKind::Format => "format",
            ErrorKind::Value => "value",
            ErrorKind::Failed => "failed",
            ErrorKind::Tool => "tool",
            ErrorKind::Fit => "fit",
            ErrorKind::Interrupted => "interrupted",
        }
    }
}

/// An error that says what happened, where, and what to do.
///
/// ```
/// use hopgate_model::{Error, ErrorKind};
/// let e = Error::new(ErrorKind::Usage, "gamma is -1").hint("gamma must be greater than 0");
/// assert_eq!(e.to_string(), "gamma is -1");
/// ```
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    what: String,
    place: Option<String>,
    hint: Option<String>,
    source: Option<Box<dyn core::error::Error + Send + Sync>>,
}

/// The result type of every fallible function of the project.
pub type Result<T> = core::result::Result<T, Error>;

impl Error {
    /// An error of a kind, with one sentence that says what happened and where.
    pub fn new(kind: ErrorKind, what: impl Into<String>) -> Self {
        Error { kind, what: what.into(), place: None, hint: None, source: None }
    }

    /// Wrong usage: shorthand for [`ErrorKind::Usage`].
    pub fn usage(what: impl Into<String>) -> Self {
        Self::new(ErrorKind::Usage, what)
    }

    /// A file that cannot be read or written: names the path, which is its [`place`](Self::place), and keeps the system's reason.
    #[cfg(feature = "std")]
    pub fn io(doing: &str, path: &Path, source: std::io::Error) -> Self {
        use std::io::ErrorKind as K;
        let hint = match source.kind() {
            K::NotFound => Some("check the spelling; the path is taken from the current folder"),
            K::PermissionDenied => Some("check the permissions, or choose another folder with `output`"),
            K::StorageFull => Some("the disk is full: free some space, or choose another folder with `output`"),
            K::ReadOnlyFilesystem => Some("that file system is read-only: choose another folder with `output`"),
            _ => None,
        };
        let place = path.display().to_string();
        let error = Self::new(ErrorKind::Io, format!("cannot {doing} {place}: {source}"));
        Error { hint: hint.map(str::to_owned), place: Some(place), ..error.because(source) }
    }

    /// Says what to do about it. A name between backticks, with a value or without, is a parameter or a command as this project calls
    /// it (`` `scheme shared` ``, `` `output` ``): each interface spells it as its users do, the command line as an option.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Puts the place in front: `place: what`.
    #[must_use]
    pub fn at(mut self, place: impl fmt::Display) -> Self {
        self.what = format!("{place}: {}", self.what);
        self
    }

    /// Keeps the cause.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn core::error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// What sort of error this is.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The file or folder that could not be read or written, if that is what went wrong.
    pub fn place(&self) -> Option<&str> {
        self.place.as_deref()
    }

    /// What to do about it, if there is something to say.
    pub fn help_text(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl core::error::Error for Error {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        self.source.as_deref().map(|e| e as &(dyn core::error::Error + 'static))
    }
}
