//! Long jobs: on a thread of their own, while the one that was called listens for Ctrl-C and says how far they are.

use crate::error::OrRaise;
use hopgate::{Progress, Result, Watch};
use pyo3::prelude::*;
use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
        mpsc::{RecvTimeoutError, Sender, channel},
    },
    thread,
    time::Duration,
};

/// How often Python is asked whether a signal came.
const TICK: Duration = Duration::from_millis(50);

/// What the two threads share.
#[derive(Default)]
struct State {
    stop: AtomicBool,
    done: AtomicUsize,
    total: AtomicUsize,
}

impl Watch for State {
    fn at(&self, now: Progress) {
        self.done.store(now.done, Ordering::Relaxed);
        self.total.store(now.total, Ordering::Relaxed);
    }

    fn cancelled(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// Runs a job without the interpreter's lock. `progress(done, total)` is told how far it is, several times a second.
///
/// # Errors
/// Those of the job, as exceptions; the `KeyboardInterrupt` of Ctrl-C, and what `progress` raises, once the job has stopped.
pub fn run<T: Send>(
    py: Python,
    progress: Option<&Bound<PyAny>>,
    job: impl FnOnce(&dyn Watch) -> Result<T> + Send,
) -> PyResult<T> {
    let state = State::default();
    let (end, ended) = channel();
    // (a receiver belongs to one thread, and whether this is still that one nobody can say without the lock)
    let ended = Mutex::new(ended);
    let waited = || ended.lock().unwrap_or_else(PoisonError::into_inner).recv_timeout(TICK);
    // dropped at the end of the job, however it ends
    let guarded = |end: Sender<()>| {
        let _end = end;
        job(&state)
    };
    thread::scope(|scope| {
        let worker = scope.spawn(|| guarded(end));
        let (mut stopped, mut told) = (None, (0, 0));
        while let Err(RecvTimeoutError::Timeout) = py.detach(waited) {
            let now = (state.done.load(Ordering::Relaxed), state.total.load(Ordering::Relaxed));
            let mut heard = py.check_signals();
            if let (Ok(()), Some(progress)) = (&heard, progress.filter(|_| now != told)) {
                told = now;
                heard = progress.call1(now).map(drop);
            }
            if let Err(raised) = heard {
                state.stop.store(true, Ordering::Relaxed);
                stopped.get_or_insert(raised);
            }
        }
        let result = worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        match stopped {
            Some(raised) => Err(raised),
            None => result.or_raise(),
        }
    })
}
