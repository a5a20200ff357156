//! The one place that runs external programs.
//!
//! Every program runs in a process group of its own, with no standard input and the C locale. What it
//! prints is streamed to a log file and kept in memory; its own error lines are picked out on the way,
//! so that a failure is reported in the tool's words. [`kill_all`] ends everything that still runs.
//!
//! Programs hand the folder that they run in, and that of their temporary files, on to programs of their own, and not all of
//! them quote. So both have a [plain](is_plain) path, or nothing is run.

use hopgate_files::temporary::{ADVICE, is_plain, is_scratch};
use hopgate_model::{Error, ErrorKind, Result};
use std::{
    collections::VecDeque,
    ffi::OsString,
    fmt::Write as _,
    fs::{self, File},
    io::{BufRead, BufReader, BufWriter, Read, Write as _},
    path::{Path, PathBuf},
    process::{ChildStderr, ChildStdout, Command, Stdio},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

pub use crate::{
    catalogue::variable,
    children::{End, Until, interrupted, kill_all},
    locate::{TOOLS, find},
};
use crate::{children, locate};

/// How many lines are shown of a tool that fails without an error line of its own.
const TAIL: usize = 15;
/// How many error lines are kept of one run.
const ERRORS: usize = 12;
/// How much of each output stream is kept in memory; the log file gets all of it.
const KEPT: usize = 64 << 20;

/// A program about to run.
///
/// ```
/// use hopgate_eda::exec::Run;
/// let out = Run::new("sh", "/bin/sh".into()).args(["-c", "echo 42"]).run()?;
/// assert_eq!(out.stdout, "42\n");
/// # Ok::<(), hopgate_model::Error>(())
/// ```
#[must_use]
pub struct Run<'a> {
    name: String,
    program: PathBuf,
    args: Vec<OsString>,
    cwd: Option<PathBuf>,
    log: Option<PathBuf>,
    until: Until<'a>,
    env: Vec<(String, OsString)>,
    lines: Option<&'a (dyn Fn(&str) + Sync)>,
}

/// What a program did.
#[derive(Debug, Clone)]
pub struct Output {
    /// The name that messages call it by.
    pub name: String,
    /// Standard output, at most 64 MiB of it.
    pub stdout: String,
    /// Standard error, at most 64 MiB of it.
    pub stderr: String,
    /// Its own error lines, at most 12.
    pub errors: Vec<String>,
    /// The last 15 lines of both streams.
    pub tail: Vec<String>,
    /// How it ended.
    pub end: End,
    /// Seconds it took.
    pub seconds: f64,
    /// Where the whole log is, if one was asked for.
    pub log: Option<PathBuf>,
    /// Where it ran, if it was told to.
    pub folder: Option<PathBuf>,
}

impl<'a> Run<'a> {
    /// A program at a path; `name` is what messages call it.
    pub fn new(name: &str, program: PathBuf) -> Self {
        Run {
            name: name.to_owned(),
            program,
            args: Vec::new(),
            cwd: None,
            log: None,
            until: Until::default(),
            env: Vec::new(),
            lines: None,
        }
    }

    /// Adds one argument.
    pub fn arg(mut self, arg: impl Into<OsString>) -> Self {
        self.args.push(arg.into());
        self
    }

    /// Adds arguments.
    pub fn args<S: Into<OsString>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    /// The folder it runs in, and keeps temporary files in; the current one otherwise. Its path must be plain.
    pub fn cwd(mut self, folder: &Path) -> Self {
        self.cwd = Some(folder.to_owned());
        self
    }

    /// Writes the command line and everything printed to this file.
    pub fn log(mut self, file: &Path) -> Self {
        self.log = Some(file.to_owned());
        self
    }

    /// Kills it (and its children) when it takes longer.
    pub fn timeout(mut self, limit: Option<Duration>) -> Self {
        self.until.timeout = limit;
        self
    }

    /// Kills it (and its children) when it takes longer, or when the watch says so.
    pub fn until(mut self, until: Until<'a>) -> Self {
        self.until = until;
        self
    }

    /// Sets an environment variable for it.
    pub fn env(mut self, variable: &str, value: impl Into<OsString>) -> Self {
        self.env.push((variable.to_owned(), value.into()));
        self
    }

    /// Is called with every line as it comes, from two threads.
    pub fn lines(mut self, each: &'a (dyn Fn(&str) + Sync)) -> Self {
        self.lines = Some(each);
        self
    }

    /// The command line as one would type it, with the tool's name for its path.
    pub fn line(&self) -> String {
        let mut line = self.name.clone();
        for arg in self.args.iter().map(|arg| arg.to_string_lossy()) {
            let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=+,:@%".contains(c);
            if !arg.is_empty() && arg.chars().all(plain) {
                line += &format!(" {arg}");
            } else {
                line += &format!(" '{}'", arg.replace('\'', r"'\''"));
            }
        }
        line
    }

    /// Runs it and demands that it succeeds.
    ///
    /// # Errors
    /// Those of [`Run::output`], and of [`Output::check`].
    pub fn run(self) -> Result<Output> {
        let output = self.output()?;
        output.check()?;
        Ok(output)
    }

    /// Runs it, however it ends.
    ///
    /// # Errors
    /// [`ErrorKind::Tool`] if it cannot be started, or if its folder has no plain path; [`ErrorKind::Interrupted`] after [`kill_all`], or if the
    /// watch stopped it; [`ErrorKind::Io`] if the log cannot be written.
    pub fn output(self) -> Result<Output> {
        let folder = self.cwd.as_deref().map(|folder| self.plain(folder)).transpose()?;
        let log = match &self.log {
            Some(path) => {
                let file = File::create(path).map_err(|e| Error::io("write", path, e))?;
                let mut file = BufWriter::new(file);
                writeln!(file, "$ {}", self.line()).map_err(|e| Error::io("write", path, e))?;
                Some(file)
            }
            None => None,
        };
        let mut command = Command::new(&self.program);
        command.args(&self.args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.env("LC_ALL", "C").env("PATH", locate::path());
        if let Some(folder) = &folder {
            command.current_dir(folder).env("TMPDIR", folder);
        }
        command.envs(self.env.iter().map(|(k, v)| (k, v)));
        let start = Instant::now();
        let mut child = children::spawn(&mut command, &self.name, &self.program)?;
        let heard = Mutex::new(Heard { log, failed: None, errors: Vec::new(), tail: VecDeque::new() });
        let (stdout, stderr): (Option<ChildStdout>, Option<ChildStderr>) = child.streams();
        let (end, stdout, stderr) = std::thread::scope(|scope| {
            let out = scope.spawn(|| listen(stdout, &heard, self.lines));
            let err = scope.spawn(|| listen(stderr, &heard, self.lines));
            let end = child.wait(start, self.until);
            (end, out.join().unwrap_or_default(), err.join().unwrap_or_default())
        });
        let mut heard = heard.into_inner().unwrap_or_else(PoisonError::into_inner);
        let flushed = heard.log.as_mut().map_or(Ok(()), std::io::Write::flush);
        if interrupted() || matches!(end, Ok(End::Cancelled)) {
            return Err(children::interrupted_error());
        }
        if let (Some(path), Some(e)) = (&self.log, heard.failed.or(flushed.err())) {
            return Err(Error::io("write", path, e));
        }
        Ok(Output {
            name: self.name,
            stdout,
            stderr,
            errors: heard.errors,
            tail: heard.tail.into(),
            end: end?,
            seconds: start.elapsed().as_secs_f64(),
            log: self.log,
            folder,
        })
    }

    /// The folder as programs will see it, if they may.
    fn plain(&self, folder: &Path) -> Result<PathBuf> {
        let real = fs::canonicalize(folder).map_err(|e| Error::io("open", folder, e))?;
        if is_plain(&real) {
            return Ok(real);
        }
        let what = format!("{} cannot be run in {}: it may take the name for a command", self.name, real.display());
        Err(Error::new(ErrorKind::Tool, what).hint("choose a folder whose path has letters, digits and / . _ + - only"))
    }
}

impl Output {
    /// Whether it ended with exit code 0.
    pub fn succeeded(&self) -> bool {
        self.end == End::Code(0)
    }

    /// How it ended, in words, with the tool's own error lines under it.
    pub fn complaint(&self) -> String {
        let mut text = format!("{} {}", self.name, self.end);
        let lines = if self.errors.is_empty() { &self.tail } else { &self.errors };
        for line in lines {
            let _ = write!(text, "\n  {line}");
        }
        text
    }

    /// Demands exit code 0.
    ///
    /// # Errors
    /// [`ErrorKind::Tool`] with the tool's own error lines, or its last lines if it printed none.
    pub fn check(&self) -> Result<()> {
        if self.succeeded() {
            return Ok(());
        }
        let error = Error::new(ErrorKind::Tool, self.complaint());
        // tools say so in many ways, or fail over what they could not write before
        let says_full = self.errors.iter().chain(&self.tail).any(|line| line.contains("No space left on device"));
        if let Some(folder) = self.folder.as_deref().filter(|folder| says_full || disk_is_full(folder)) {
            let elsewhere =
                if is_scratch(folder) { ADVICE } else { "free some space, or choose another folder with `output`" };
            return Err(error.hint(format!("the disk is full: {elsewhere}")));
        }
        Err(match (&self.log, &self.end) {
            (_, End::Timeout(_)) => error.hint("give it more time, or make the design smaller"),
            (Some(log), _) => error.hint(format!("the whole log is {}", log.display())),
            (None, _) => error,
        })
    }
}

/// Whether next to nothing can be written in a folder.
fn disk_is_full(folder: &Path) -> bool {
    const LITTLE: u64 = 64 * 1024;
    rustix::fs::statvfs(folder).is_ok_and(|disk| disk.f_bavail.saturating_mul(disk.f_frsize) < LITTLE)
}

/// What the two listening threads share.
struct Heard {
    log: Option<BufWriter<File>>,
    failed: Option<std::io::Error>,
    errors: Vec<String>,
    tail: VecDeque<String>,
}

/// Reads one stream to its end, line by line, and returns it.
fn listen(stream: Option<impl Read>, heard: &Mutex<Heard>, each: Option<&(dyn Fn(&str) + Sync)>) -> String {
    let Some(stream) = stream else { return String::new() };
    let (mut reader, mut bytes, mut all) = (BufReader::new(stream), Vec::new(), String::new());
    // a read error means that the program is gone; its exit status then says more
    while reader.read_until(b'\n', &mut bytes).is_ok_and(|n| n > 0) {
        let line = String::from_utf8_lossy(&bytes);
        if all.len() + line.len() <= KEPT {
            all += &line;
        }
        let text = line.trim_end();
        if let Some(each) = each {
            each(text);
        }
        let mut heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(Err(e)) = heard.log.as_mut().map(|log| log.write_all(&bytes)) {
            (heard.log, heard.failed) = (None, Some(e)); // go on listening, or the program would block
        }
        if !text.trim().is_empty() {
            if heard.errors.len() < ERRORS && is_error(text) {
                heard.errors.push(text.trim().to_owned());
            }
            if heard.tail.len() == TAIL {
                heard.tail.pop_front();
            }
            heard.tail.push_back(text.to_owned());
        }
        drop(heard);
        bytes.clear();
    }
    all
}

/// Whether a line of a tool's output is its reason to fail.
///
/// ```
/// use hopgate_eda::exec::is_error;
/// assert!(is_error("ERROR: Module `top' not found!"));
/// assert!(is_error("%Error: top.v:3:1: syntax error"));
/// assert!(is_error("core.cpp:1:10: fatal error: verilated.h: No such file or directory"));
/// assert!(is_error("Can't find chipdb file for device 8k"));
/// assert!(!is_error("Info: 0 warnings, 0 errors"));
/// ```
pub fn is_error(line: &str) -> bool {
    let signs =
        ["ERROR:", "ERROR ", "%Error", "%Warning", "error:", "Error:", "fatal:", "Assertion ", "terminate called"];
    signs.iter().any(|sign| line.contains(sign)) || ["Can't ", "Cannot "].iter().any(|s| line.starts_with(s))
}
