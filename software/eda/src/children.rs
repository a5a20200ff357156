//! The programs that run right now, so that Ctrl-C and timeouts end them with all their children.

use crate::catalogue::variable;
use hopgate_model::{Error, ErrorKind, Result, progress::Watch};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, test_kill_process_group, waitid};
use std::{
    fmt, io,
    os::unix::process::{CommandExt, ExitStatusExt},
    path::Path,
    process::{Child, ChildStderr, ChildStdout, Command},
    sync::{Mutex, MutexGuard, PoisonError},
    thread::sleep,
    time::{Duration, Instant},
};

/// How a program ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum End {
    /// With this exit code.
    Code(i32),
    /// By this signal.
    Signal(i32),
    /// Killed after this many seconds, because that was the limit.
    Timeout(f64),
    /// Killed because whoever watched it wanted it to stop.
    Cancelled,
}

/// How long a program may run.
#[derive(Clone, Copy, Default)]
pub struct Until<'a> {
    /// For so long.
    pub timeout: Option<Duration>,
    /// Until this says that the job shall stop.
    pub watch: Option<&'a dyn Watch>,
}

impl<'a> Until<'a> {
    /// Until the watch stops it, or the time is up.
    pub fn of(watch: &'a dyn Watch, timeout: Option<Duration>) -> Self {
        Until { timeout, watch: Some(watch) }
    }

    /// Why it is over, if it is.
    fn is_over(&self, start: Instant) -> Option<End> {
        if self.watch.is_some_and(Watch::cancelled) {
            return Some(End::Cancelled);
        }
        let seconds = start.elapsed();
        self.timeout.is_some_and(|limit| seconds > limit).then_some(End::Timeout(seconds.as_secs_f64()))
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            End::Code(0) => f.write_str("succeeded"),
            End::Code(code) => write!(f, "failed with exit code {code}"),
            End::Signal(signal) => write!(f, "was killed by signal {signal}{}", signal_name(*signal)),
            End::Cancelled => f.write_str("was stopped"),
            End::Timeout(seconds) => write!(f, "was stopped: it took longer than {seconds:.1} s"),
        }
    }
}

/// The names of the signals that tools die of.
fn signal_name(signal: i32) -> &'static str {
    match signal {
        2 => " (SIGINT)",
        4 => " (SIGILL: a build for another processor?)",
        6 => " (SIGABRT)",
        8 => " (SIGFPE)",
        9 => " (SIGKILL: out of memory?)",
        11 => " (SIGSEGV: it crashed)",
        15 => " (SIGTERM)",
        _ => "",
    }
}

struct Running {
    groups: Vec<Pid>,
    stopped: bool,
}

static RUNNING: Mutex<Running> = Mutex::new(Running { groups: Vec::new(), stopped: false });

fn running() -> MutexGuard<'static, Running> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How long [`kill_all`] waits for what it killed to be gone.
const PATIENCE: Duration = Duration::from_secs(1);

/// Kills every program that runs, with its children, and lets no other start: for Ctrl-C, and other signals that end this program.
///
/// They are gone when it returns, and write into no temporary folder that is removed next. Whoever waits for one gets
/// [`ErrorKind::Interrupted`].
pub fn kill_all() {
    let mut list = running();
    list.stopped = true;
    let groups = list.groups.clone();
    for &group in &groups {
        let _ = kill_process_group(group, Signal::KILL); // gone already: as wished
    }
    drop(list);
    let deadline = Instant::now() + PATIENCE;
    // (a zombie that nobody reaps counts as there: hence the deadline)
    while groups.iter().any(|group| test_kill_process_group(*group).is_ok()) && Instant::now() < deadline {
        sleep(Duration::from_millis(1));
    }
}

/// Whether [`kill_all`] was called.
pub fn interrupted() -> bool {
    running().stopped
}

/// The error of everything that [`kill_all`] stopped.
pub(crate) fn interrupted_error() -> Error {
    Error::new(ErrorKind::Interrupted, "interrupted")
}

/// A running program, leader of its own process group.
pub(crate) struct Started {
    child: Child,
    group: Pid,
}

/// Starts a program as the leader of a new process group.
pub(crate) fn spawn(command: &mut Command, name: &str, program: &Path) -> Result<Started> {
    let mut tries = 0;
    loop {
        // under the lock, so that `kill_all` either sees the child or prevents it
        let mut running = running();
        if running.stopped {
            return Err(interrupted_error());
        }
        match command.process_group(0).spawn() {
            Ok(child) => {
                let group = Pid::from_child(&child);
                running.groups.push(group);
                return Ok(Started { child, group });
            }
            // a file just written may still be open in a child that another thread is starting
            Err(e) if e.kind() == io::ErrorKind::ExecutableFileBusy && tries < 50 => tries += 1,
            Err(e) => {
                let text = format!("cannot run {name} ({}): {e}", program.display());
                let hint = format!("check that file, or set {} to another", variable(name));
                return Err(Error::new(ErrorKind::Tool, text).hint(hint).because(e));
            }
        }
        drop(running);
        sleep(Duration::from_millis(10));
    }
}

impl Started {
    /// Its output streams; given once.
    pub(crate) fn streams(&mut self) -> (Option<ChildStdout>, Option<ChildStderr>) {
        (self.child.stdout.take(), self.child.stderr.take())
    }

    /// Waits until it ends, or until its time since the start is up or its watch stops it; nothing of its group is left running.
    pub(crate) fn wait(mut self, start: Instant, until: Until) -> Result<End> {
        let mut pause = Duration::from_millis(1);
        let mut late = None;
        loop {
            // the dead leader is left unreaped until its group is killed, so its id is still its own
            let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
            if !matches!(waitid(WaitId::Pid(self.group), options), Ok(None)) {
                let mut running = running();
                let _ = kill_process_group(self.group, Signal::KILL);
                let status = self.child.wait();
                running.groups.retain(|g| *g != self.group);
                drop(running);
                let status = status.map_err(|e| {
                    Error::new(ErrorKind::Tool, format!("cannot learn how a program ended: {e}")).because(e)
                })?;
                let end = status.code().map_or(End::Signal(status.signal().unwrap_or(0)), End::Code);
                return Ok(late.unwrap_or(end));
            }
            if late.is_none() {
                late = until.is_over(start);
                if late.is_some() {
                    let _ = kill_process_group(self.group, Signal::KILL);
                }
            }
            sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(20));
        }
    }
}
