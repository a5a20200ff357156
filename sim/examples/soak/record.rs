//! What was simulated already, a line a memory, so that a soak can be stopped and continued.

use hopgate_model::{Error, Result};
use std::{
    fs::{File, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
};

/// What became of one memory.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Its number.
    pub index: u64,
    /// The SHA-256 of everything that was simulated: Verilog, ROMs and cues.
    pub hash: String,
    /// How many cues were recalled.
    pub cues: usize,
    /// Steps of all recalls.
    pub steps: u64,
    /// Clock cycles.
    pub cycles: u64,
    /// Seconds to build and to simulate.
    pub seconds: [f64; 2],
}

impl Line {
    fn text(&self) -> String {
        let Line { index, hash, cues, steps, cycles, seconds: [build, run] } = self;
        // the last word says that the line is whole
        format!("{index} {hash} {cues} {steps} {cycles} {build:.2} {run:.2} equal\n")
    }

    fn parse(line: &str) -> Option<Line> {
        let fields: Vec<&str> = line.split(' ').collect();
        let [index, hash, cues, steps, cycles, build, run, "equal"] = fields[..] else { return None };
        Some(Line {
            index: index.parse().ok()?,
            hash: hash.to_owned(),
            cues: cues.parse().ok()?,
            steps: steps.parse().ok()?,
            cycles: cycles.parse().ok()?,
            seconds: [build.parse().ok()?, run.parse().ok()?],
        })
    }
}

/// The file with a line for every memory that was equal throughout.
pub struct Record {
    path: PathBuf,
    lines: Vec<Line>,
    file: File,
}

impl Record {
    /// Opens one, or begins it. A line that was cut short by the end of a former run does not count.
    ///
    /// # Errors
    /// If the file cannot be read or written.
    pub fn open(path: &Path) -> Result<Record> {
        let before = match std::fs::read_to_string(path) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => String::new(),
            other => other.map_err(|e| Error::io("read", path, e))?,
        };
        let lines = before.lines().filter_map(Line::parse).collect();
        let mut file =
            OpenOptions::new().create(true).append(true).open(path).map_err(|e| Error::io("write", path, e))?;
        if !before.is_empty() && !before.ends_with('\n') {
            file.write_all(b"\n").map_err(|e| Error::io("write", path, e))?;
        }
        Ok(Record { path: path.to_owned(), lines, file })
    }

    /// The line of this memory with exactly this content.
    pub fn find(&self, index: u64, hash: &str) -> Option<&Line> {
        self.lines.iter().find(|l| l.index == index && l.hash == hash)
    }

    /// Adds a line.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn add(&mut self, line: &Line) -> Result<()> {
        self.file.write_all(line.text().as_bytes()).map_err(|e| Error::io("write", &self.path, e))
    }
}
