//! A place for one test, and the binary run in it.

pub mod board;
pub mod schema;

use assert_cmd::Command;
use hopgate_eda::tools::require;
use ndarray::{Array2, Array3};
use ndarray_npy::{WritableElement, write_npy};
use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader, Write as _},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

/// The program under test.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_hopgate");

/// The program, about to run with the signals that end it as they are by default: who starts the tests may have them ignored, and then
/// the program ignores them too.
pub fn heeding_signals() -> std::process::Command {
    let mut command = std::process::Command::new("env");
    command.args(["--default-signal=HUP,INT,QUIT,TERM", PROGRAM]);
    command
}

/// Says why a test is skipped: not by a macro, since the test harness keeps what those print to itself when a test succeeds.
pub fn skipped(why: &str) {
    let _ = std::io::stderr().write_all(format!("skipped: {why}\n").as_bytes());
}

/// Whether these tools work here; says so if not.
pub fn there(tools: &[&str]) -> bool {
    let missing: Vec<String> = tools.iter().filter_map(|t| require(t).err()).map(|e| e.to_string()).collect();
    if !missing.is_empty() {
        skipped(&missing.join("; "));
    }
    missing.is_empty()
}

/// An empty folder, removed with its content at the end. Programs run in it, with a `TMPDIR` of its own.
pub struct Place {
    folder: tempfile::TempDir,
}

/// What a run printed.
pub struct Printed {
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Printed {
    /// Standard output as JSON, which must be as `docs/src/reference/json.md` says.
    pub fn json(&self) -> serde_json::Value {
        let object = serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e} in {}", self.out));
        schema::Page::read().check(&object);
        object
    }

    /// Standard error in one line, without the signs that frame it.
    pub fn message(&self) -> String {
        let bare = self.err.replace(['│', '╰', '─', '▶'], " ");
        bare.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// The object that a program prints before it serves; it is ended then.
pub fn first_object(child: &mut std::process::Child) -> serde_json::Value {
    // one object, and then nothing: its end is where it can be read
    let mut text = String::new();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let object = loop {
        text += &lines.next().expect("an object").unwrap();
        if let Ok(object) = serde_json::from_str(&text) {
            break object;
        }
    };
    child.kill().unwrap();
    child.wait().unwrap();
    object
}

impl Place {
    /// A new one.
    pub fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("hopgate-test-").tempdir().unwrap();
        fs::create_dir(folder.path().join("tmp")).unwrap();
        Place { folder }
    }

    /// Where it is.
    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    /// A file in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The program, about to run here; arguments are separated by spaces.
    pub fn command(&self, line: &str) -> Command {
        let mut command = Command::new(PROGRAM);
        command.current_dir(self.root()).env("TMPDIR", self.path("tmp")).args(line.split_whitespace());
        command.timeout(std::time::Duration::from_secs(300));
        command
    }

    /// Runs it, which must succeed.
    pub fn ok(&self, line: &str) -> Printed {
        self.run(self.command(line), line, 0)
    }

    /// [`Place::ok`] in one of its folders.
    pub fn ok_in(&self, folder: &str, line: &str) -> Printed {
        let mut command = self.command(line);
        command.current_dir(self.path(folder));
        self.run(command, line, 0)
    }

    /// Runs it; it must fail with this exit code, say all of these words, and leave the place as it was.
    pub fn fails(&self, line: &str, code: i32, words: &[&str]) -> Printed {
        self.command_fails(self.command(line), line, code, words)
    }

    /// [`Place::fails`] for a command with an environment of its own.
    pub fn command_fails(&self, command: Command, line: &str, code: i32, words: &[&str]) -> Printed {
        let before = self.listing();
        let printed = self.run(command, line, code);
        let message = printed.message();
        for word in words {
            assert!(message.contains(word), "hopgate {line}: no {word:?} in: {message}");
        }
        assert!(!message.contains("panicked"), "{message}");
        assert_eq!(self.listing(), before, "hopgate {line} failed, but left something behind, or changed it");
        printed
    }

    /// What it prints on standard error, however it ends, in one line.
    pub fn run_any(&self, line: &str) -> String {
        let output = self.command(line).output().unwrap();
        Printed { out: String::new(), err: String::from_utf8_lossy(&output.stderr).into_owned() }.message()
    }

    fn run(&self, mut command: Command, line: &str, code: i32) -> Printed {
        let output = command.output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let printed = Printed { out: text(&output.stdout), err: text(&output.stderr) };
        assert_eq!(output.status.code(), Some(code), "hopgate {line}\n{}\n{}", printed.out, printed.err);
        printed
    }

    /// Every file and folder in it, at any depth, with the contents of files.
    pub fn listing(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        listing(self.root())
    }

    /// A matrix as a `.npy`.
    pub fn npy<T: WritableElement>(&self, name: &str, rows: usize, cols: usize, f: impl Fn(usize, usize) -> T) {
        write_npy(self.path(name), &Array2::from_shape_fn((rows, cols), |(r, c)| f(r, c))).unwrap();
    }

    /// An array of three axes as a `.npy`.
    pub fn npy3(&self, name: &str) {
        write_npy(self.path(name), &Array3::<u8>::zeros((2, 3, 4))).unwrap();
    }

    /// `model.npz` and the memory folder `memory`: 40 random patterns of 24 neurons.
    pub fn memory(&self) {
        self.ok("train random:N=24,P=40,seed=1 --gamma 0.3 -o model.npz");
        self.ok("quantize model.npz --bits 2 -o memory");
    }

    /// A shell script that plays a tool: what it says when asked about itself, and what it does otherwise.
    /// Returns the variable that makes hopgate use it, and its path.
    pub fn fake(&self, tool: &str, banner: &str, does: &str) -> (String, PathBuf) {
        fs::create_dir_all(self.path("fakes")).unwrap();
        let path = self.path("fakes").join(tool);
        let about = format!("case $1 in -V|--version|-h|-d) echo '{banner}'; exit;; esac");
        fs::write(&path, format!("#!/bin/sh\n{about}\n{does}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        let variable = tool.to_uppercase().replace('+', "X").replace('-', "_");
        (format!("HOPGATE_{variable}"), path)
    }

    /// Fakes of the tools of `build` that say they work, and do nothing.
    pub fn fakes(&self) -> Vec<(String, PathBuf)> {
        let tools = [
            ("yosys", "Yosys 0.23"),
            ("nextpnr-ice40", "nextpnr-ice40 (Version 0.4)"),
            ("icetime", "Timing estimate"),
            ("icepack", "Usage: icepack"),
        ];
        tools.iter().map(|(tool, banner)| self.fake(tool, banner, "exit 3")).collect()
    }
}

/// Every file and folder in a folder, at any depth, with the contents of files.
pub fn listing(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    let mut open = vec![root.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let content = if path.is_dir() {
                open.push(path.clone());
                Vec::new()
            } else if path.is_file() {
                fs::read(&path).unwrap()
            } else {
                // a link to a pipe: to read it would wait for ever
                Vec::new()
            };
            all.insert(path.strip_prefix(root).unwrap().to_owned(), content);
        }
    }
    all
}

/// The same listing below another name.
pub fn below(all: &BTreeMap<PathBuf, Vec<u8>>, folder: &str) -> BTreeMap<PathBuf, Vec<u8>> {
    let strip =
        |(path, content): (&PathBuf, &Vec<u8>)| Some((path.strip_prefix(folder).ok()?.to_owned(), content.clone()));
    all.iter().filter_map(strip).collect()
}
