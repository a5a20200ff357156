//! A virtual board that runs while a test talks to it.

use super::{PROGRAM, Place, heeding_signals};
use std::{
    fs,
    io::{BufRead, BufReader},
    os::unix::process::ExitStatusExt,
    process::{Child, ChildStderr, Command, Stdio},
    time::{Duration, Instant},
};

/// A virtual board that serves until it is dropped.
pub struct Board {
    child: Child,
    says: BufReader<ChildStderr>,
    /// The link to its terminal; not in the place of the test, where every file is read.
    pub port: String,
    _folder: tempfile::TempDir,
}

impl Board {
    /// Starts one for the memory `memory`, with these options.
    pub fn start(place: &Place, options: &str) -> Board {
        Board::of(place, "memory", options)
    }

    /// Starts one for a memory.
    pub fn of(place: &Place, memory: &str, options: &str) -> Board {
        let folder = tempfile::tempdir().unwrap();
        let port = folder.path().join("port").display().to_string();
        let mut child = heeding_signals()
            .args(["board", memory, "--pty", "--link", &port])
            .args(options.split_whitespace())
            .current_dir(place.root())
            .env("TMPDIR", place.path("tmp"))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut name = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut name).unwrap();
        assert!(name.starts_with("/dev/pts/"), "{name}");
        assert_eq!(fs::read_link(&port).unwrap().to_str(), Some(name.trim()));
        let says = BufReader::new(child.stderr.take().unwrap());
        Board { child, says, port, _folder: folder }
    }

    /// Presses its reset button, and waits until it says so.
    pub fn press_reset(&mut self) {
        self.signal("-USR1");
        let mut line = String::new();
        while !line.contains("the reset button was pressed") {
            line.clear();
            assert!(self.says.read_line(&mut line).unwrap() > 0, "it ended");
        }
    }

    fn signal(&self, signal: &str) {
        assert!(Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap().success());
    }

    /// What one of the memory `memory` prints with `--json` before it serves; it is ended then.
    pub fn announced(place: &Place, options: &str) -> serde_json::Value {
        let mut child = Command::new(PROGRAM)
            .args(["board", "memory", "--pty"])
            .args(options.split_whitespace())
            .current_dir(place.root())
            .env("TMPDIR", place.path("tmp"))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        super::first_object(&mut child)
    }

    /// Ctrl-C; the link must be gone.
    pub fn interrupt(mut self) {
        self.signal("-INT");
        let begun = Instant::now();
        let signal = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status.signal();
            }
            assert!(begun.elapsed() < Duration::from_secs(20), "it goes on");
            std::thread::sleep(Duration::from_millis(10));
        };
        assert_eq!(signal, Some(2));
        assert!(fs::symlink_metadata(&self.port).is_err(), "the link is still there");
    }
}

impl Drop for Board {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
