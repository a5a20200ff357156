//! The simulated AXI4-Stream wrapper.

use super::{Bench, Handle, Word, packets, symbol};
use crate::library::Library;
use hopgate_hdl::Top;
use hopgate_model::{Error, ErrorKind, Result};
use std::ffi::c_int;
use std::path::Path;

type Begin = unsafe extern "C" fn(Handle, *const u16, *const u8, c_int, c_int, u64) -> c_int;
type StreamReset = unsafe extern "C" fn(Handle, u64) -> c_int;
type UntilReady = unsafe extern "C" fn(Handle, u64) -> u64;

/// One instance of the simulated AXI4-Stream wrapper, whose reset was just released.
pub struct Axis {
    bench: Bench,
}

impl Axis {
    /// Opens an instance.
    pub fn open(library: &Library) -> Result<Axis> {
        Axis::traced(library, None)
    }

    /// The same, with a waveform.
    ///
    /// # Errors
    /// If the simulation does not start.
    pub fn traced(library: &Library, waveform: Option<&Path>) -> Result<Axis> {
        assert!(matches!(library.design.top, Top::Axis { .. }));
        Ok(Axis { bench: Bench::open(&library.object(), waveform)? })
    }

    /// Offers words and collects those that come back. A `seed` other than 0 holds both sides back at random.
    ///
    /// # Errors
    /// If a word that was offered changes before it is taken, if not everything comes and goes within `limit` cycles, or
    /// if more comes than expected.
    pub fn exchange(&mut self, words: &[Word], expected: usize, seed: u64, limit: u64) -> Result<Vec<Word>> {
        packets::exchange(&self.bench, words, expected, seed, limit)
    }

    /// Offers words, takes so many of the answer and then no more, and stops after `after` cycles, wherever everything is then. Gives
    /// the number of those that were taken.
    ///
    /// # Errors
    /// If the bench has no such thing.
    pub fn begin(&mut self, words: &[Word], take: u8, after: u64) -> Result<usize> {
        let begin: Begin = symbol(&self.bench.library, "hopgate_begin")?;
        let (data, last): (Vec<u16>, Vec<u8>) = words.iter().map(|&(w, l)| (w, u8::from(l))).unzip();
        // SAFETY: the buffers have the length passed with them; the handle is open.
        let taken =
            unsafe { begin(self.bench.handle, data.as_ptr(), last.as_ptr(), words.len() as c_int, take.into(), after) };
        Ok(taken as usize)
    }

    /// Holds reset for so many cycles.
    ///
    /// # Errors
    /// If a word was offered or taken in one of them.
    pub fn reset(&mut self, cycles: u64) -> Result<()> {
        let reset: StreamReset = symbol(&self.bench.library, "hopgate_reset")?;
        // SAFETY: the handle is open.
        match unsafe { reset(self.bench.handle, cycles) } {
            0 => Ok(()),
            _ => Err(Error::new(ErrorKind::Failed, "a word was offered or taken during reset")),
        }
    }

    /// The cycles until a word would be taken, at most `limit`.
    ///
    /// # Errors
    /// If the bench has no such thing.
    pub fn until_ready(&mut self, limit: u64) -> Result<u64> {
        let until_ready: UntilReady = symbol(&self.bench.library, "hopgate_until_ready")?;
        // SAFETY: the handle is open.
        Ok(unsafe { until_ready(self.bench.handle, limit) })
    }

    /// CPU seconds of this thread.
    ///
    /// # Errors
    /// If the bench has no such thing.
    pub fn thread_seconds(&self) -> Result<f64> {
        self.bench.thread_seconds()
    }

    /// Cycles simulated so far.
    pub fn cycles(&self) -> u64 {
        self.bench.cycles()
    }
}
