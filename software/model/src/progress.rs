//! How a long job says how far it is, and hears that it shall stop.

use crate::{Error, ErrorKind, Result};

/// How far a job is.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Progress {
    /// What is done, in the job's own unit: neurons, epochs, candidates, cues, steps of a build.
    pub done: usize,
    /// Of how many; 0 while that is not known.
    pub total: usize,
    /// What is left of the error, for a job that makes it smaller; else 0.
    pub residual: f64,
}

impl Progress {
    /// So many of so many.
    pub fn of(done: usize, total: usize) -> Self {
        Progress { done, total, residual: 0.0 }
    }
}

/// Whoever watches a job. Everything is called from whichever thread does the work, and never changes a result.
///
/// A function of a [`Progress`] is such a watch, and one that never stops a job: `&|_| ()` looks away.
///
/// ```
/// use hopgate_model::progress::{Progress, Watch};
/// use std::sync::atomic::{AtomicBool, Ordering};
/// struct Stoppable<'a>(&'a AtomicBool);
/// impl Watch for Stoppable<'_> {
///     fn at(&self, now: Progress) { println!("{} of {}", now.done, now.total) }
///     fn cancelled(&self) -> bool { self.0.load(Ordering::Relaxed) }
/// }
/// fn job(watch: &dyn Watch) -> hopgate_model::Result<u32> {
///     for done in 0..3 {
///         watch.go_on()?;
///         watch.at(Progress::of(done + 1, 3));
///     }
///     Ok(42)
/// }
/// let stop = AtomicBool::new(false);
/// assert_eq!(job(&Stoppable(&stop))?, 42);
/// assert_eq!(job(&|_| ())?, 42);
/// stop.store(true, Ordering::Relaxed);
/// assert!(job(&Stoppable(&stop)).is_err());
/// # Ok::<(), hopgate_model::Error>(())
/// ```
pub trait Watch: Sync {
    /// Is told how far the job is.
    fn at(&self, now: Progress);

    /// Is told what has just begun or ended, in words.
    #[expect(unused_variables, reason = "its name is for the documentation")]
    fn says(&self, text: &str) {}

    /// Whether the job shall stop. It is asked many times a second, and the job then ends with [`ErrorKind::Interrupted`], as soon as it can and
    /// with nothing half-written.
    fn cancelled(&self) -> bool {
        false
    }
}

impl<F: Fn(Progress) + Sync> Watch for F {
    fn at(&self, now: Progress) {
        self(now);
    }
}

impl dyn Watch + '_ {
    /// Fails if the job shall stop.
    ///
    /// # Errors
    /// [`ErrorKind::Interrupted`].
    pub fn go_on(&self) -> Result<()> {
        match self.cancelled() {
            false => Ok(()),
            true => Err(Error::new(ErrorKind::Interrupted, "interrupted")),
        }
    }
}

/// Stops a part of a job when the whole shall stop, and says nothing of how far the part is.
pub struct Quiet<'a>(pub &'a dyn Watch);

impl Watch for Quiet<'_> {
    fn at(&self, _: Progress) {}

    fn cancelled(&self) -> bool {
        self.0.cancelled()
    }
}
