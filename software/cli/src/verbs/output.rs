//! Outputs, checked whole before the work and not after it: whether each can be written, that no two are one, and that none is an input.

use crate::ui::Ui;
use clap::builder::{OsStringValueParser, TypedValueParser};
use hopgate_files::{atomic, descriptor, kinds::Kinds};
use hopgate_model::{Error, ErrorKind, Result};
use std::{
    os::{fd::RawFd, unix::fs::FileTypeExt},
    path::{Component, Path, PathBuf},
};

/// The name of a file to write; `-` is standard output.
pub fn file() -> impl TypedValueParser<Value = PathBuf> {
    OsStringValueParser::new().map(|name| if name == "-" { "/dev/stdout".into() } else { name.into() })
}

/// Whether a folder may be replaced.
pub type Ours = fn(&Path) -> bool;

/// What a verb reads, and what it is going to write.
pub struct Outputs<'a> {
    ui: &'a Ui,
    inputs: Vec<&'a Path>,
    files: Vec<&'a Path>,
    kinds: Vec<(&'a Path, Kinds)>,
    folders: Vec<(&'a Path, Ours)>,
}

impl<'a> Outputs<'a> {
    /// Nothing yet.
    pub fn new(ui: &'a Ui) -> Self {
        Outputs { ui, inputs: Vec::new(), files: Vec::new(), kinds: Vec::new(), folders: Vec::new() }
    }

    /// A file or a folder that is read. What is none, as the name of a built-in set, is passed over.
    pub fn reads(mut self, path: impl Into<Option<&'a Path>>) -> Self {
        self.inputs.extend(path.into().filter(|path| path.exists()));
        self
    }

    /// A file of these kinds: its name must not say that it is of another.
    pub fn file_of(mut self, path: impl Into<Option<&'a Path>>, kinds: Kinds) -> Self {
        let path = path.into();
        self.kinds.extend(path.map(|path| (path, kinds)));
        self.file(path)
    }

    /// A file that is written.
    pub fn file(mut self, path: impl Into<Option<&'a Path>>) -> Self {
        self.files.extend(path.into());
        self
    }

    /// A folder that is written as a whole, in the place of one that is `ours`.
    pub fn folder(mut self, path: impl Into<Option<&'a Path>>, ours: Ours) -> Self {
        self.folders.extend(path.into().map(|path| (path, ours)));
        self
    }

    /// Fails now where writing would fail, or cost somebody a file. Makes nothing that stays.
    ///
    /// Where an output goes to standard output, the result is printed to standard error from now on.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] for what cannot be written, [`ErrorKind::Usage`] for outputs that are one another or an input.
    pub fn check(self) -> Result<()> {
        self.files.iter().try_for_each(|path| writable_file(path))?;
        for (path, ours) in &self.folders {
            atomic::writable(path)?;
            atomic::replaceable(path, ours)?;
        }
        let files: Vec<Place> = self.files.iter().map(|path| Place::of(path)).collect();
        let folders: Vec<Place> = self.folders.iter().map(|(path, _)| Place::of(path)).collect();
        let outputs: Vec<&Place> = files.iter().chain(&folders).collect();
        for (i, output) in outputs.iter().enumerate() {
            if let Some(other) = outputs[..i].iter().find(|other| output.meets(other)) {
                let what =
                    format!("two outputs have one place: {} and {}", other.named.display(), output.named.display());
                return Err(Error::usage(what).hint("give each a name of its own"));
            }
        }
        for input in self.inputs.iter().map(|path| Place::of(path)) {
            let lost = files.iter().find(|file| file.meets(&input) && !(file.is_new && *file != &input));
            // a new folder in one that is read, as the Verilog beside the arrays of a memory, costs nothing
            let lost = lost.or(folders.iter().find(|folder| folder.holds(&input)));
            if let Some(output) = lost {
                let (output, input) = (output.named.display(), input.named.display());
                return Err(Error::usage(format!(
                    "the output {output} would replace the input {input}, or a part of it"
                ))
                .hint("choose another place for the output: -o FILE"));
            }
        }
        self.kinds.iter().try_for_each(|(path, kinds)| kinds.of(path).map(drop))?;
        self.results_aside(&files)
    }

    fn results_aside(&self, files: &[Place]) -> Result<()> {
        if !files.iter().any(|file| file.at == At::Descriptor(1)) {
            return Ok(());
        }
        if self.ui.json() {
            return Err(Error::usage("--json and an output both go to standard output")
                .hint("name a file for the output, or leave --json out"));
        }
        self.ui.results_to_stderr();
        Ok(())
    }
}

/// Where a path leads.
#[derive(Debug, Clone, PartialEq, Eq)]
enum At {
    /// To a name in the file system, links followed.
    Name(PathBuf),
    /// To a descriptor of this process.
    Descriptor(RawFd),
    /// To a device, which holds nothing that could be lost.
    Device,
}

/// A path, and where it leads.
#[derive(Debug, PartialEq, Eq)]
struct Place<'a> {
    named: &'a Path,
    at: At,
    is_new: bool,
}

impl<'a> Place<'a> {
    fn of(path: &'a Path) -> Self {
        let at = match (descriptor::number(path), path.metadata()) {
            (Some(number), _) => At::Descriptor(number),
            (None, Ok(m)) if m.file_type().is_char_device() => At::Device,
            _ => At::Name(resolved(path)),
        };
        Place { named: path, at, is_new: !path.exists() }
    }

    /// Whether the other one is the same, or inside.
    fn holds(&self, other: &Place) -> bool {
        match (&self.at, &other.at) {
            (At::Name(this), At::Name(other)) => other.starts_with(this),
            (At::Descriptor(this), At::Descriptor(other)) => this == other,
            _ => false,
        }
    }

    /// Whether they are the same, or one is inside the other.
    fn meets(&self, other: &Place) -> bool {
        self.holds(other) || other.holds(self)
    }
}

/// The path without links, `.` and `..`, also where its end does not exist yet.
fn resolved(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut done = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(done.pop()),
            part => done.push(part),
        }
        // what does not exist stays as it is written
        done = done.canonicalize().unwrap_or(done);
    }
    done
}

/// [`atomic::writable`] for a file: a folder cannot be in its place.
fn writable_file(path: &Path) -> Result<()> {
    if path.is_dir() {
        return Err(Error::new(ErrorKind::Io, format!("cannot write {}: it is a folder", path.display()))
            .hint("give the name of a file with -o"));
    }
    atomic::writable(path)
}
