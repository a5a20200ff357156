//! A simulated core behind registers: that of AXI4-Lite, or of Wishbone.

use super::{Bench, Handle, Word, packets, symbol};
use crate::library::Library;
use hopgate_hdl::{Layout, Top};
use hopgate_model::{Error, ErrorKind, Result};
use hopgate_wire::registers::{number, status, stream};
use std::ffi::c_int;
use std::path::Path;

type Transfer = unsafe extern "C" fn(Handle, c_int, c_int, u32, c_int, *mut u32) -> c_int;
type Abandon = unsafe extern "C" fn(Handle, c_int, c_int, u32, c_int) -> c_int;
type BusReset = unsafe extern "C" fn(Handle, c_int, c_int, c_int, u64) -> c_int;
type Select = unsafe extern "C" fn(Handle, c_int);
type Interrupt = unsafe extern "C" fn(Handle) -> c_int;

/// One instance of a simulated core behind registers, whose reset was just released.
pub struct Registers {
    bench: Bench,
    transfer: Transfer,
    /// How often `STATUS` is asked before the core is given up.
    patience: usize,
    /// So many cycles the bus does something else behind each access, less than this, in turn.
    idle: u8,
    accesses: u8,
}

impl Registers {
    /// Opens an instance.
    pub fn open(library: &Library) -> Result<Registers> {
        Registers::traced(library, None)
    }

    /// The same, with a waveform.
    ///
    /// # Errors
    /// If the simulation does not start.
    pub fn traced(library: &Library, waveform: Option<&Path>) -> Result<Registers> {
        assert!(matches!(library.design.top, Top::Axil { .. } | Top::Wishbone { .. }));
        let bench = Bench::open(&library.object(), waveform)?;
        let transfer = symbol(&bench.library, "hopgate_transfer")?;
        Ok(Registers { bench, transfer, patience: 1_000_000, idle: 1, accesses: 0 })
    }

    /// Reads a register, or writes it if there is a value; then the bus does something else for `idle` cycles.
    ///
    /// # Errors
    /// If the response does not come when it should, or comes where there must be none.
    pub fn transfer(&mut self, register: u8, write: Option<u32>, idle: u8) -> Result<u32> {
        let mut read = 0u32;
        // SAFETY: `read` outlives the call; the handle is open.
        let done = unsafe {
            (self.transfer)(
                self.bench.handle,
                c_int::from(write.is_some()),
                register.into(),
                write.unwrap_or(0),
                idle.into(),
                &mut read,
            )
        };
        match done {
            0 => Ok(read),
            -1 => Err(Error::new(ErrorKind::Failed, "the slave acknowledged what was not asked of it")),
            _ => Err(Error::new(ErrorKind::Failed, "the slave did not acknowledge in time")),
        }
    }

    /// Of Wishbone: begins to read a register, or to write it, and gives it up after 1 or 2 clock cycles, before it is acknowledged.
    ///
    /// # Errors
    /// If it is acknowledged all the same.
    pub fn abandon(&mut self, register: u8, write: Option<u32>, clocks: u8) -> Result<()> {
        let abandon: Abandon = symbol(&self.bench.library, "hopgate_abandon")?;
        let (writes, data) = (c_int::from(write.is_some()), write.unwrap_or(0));
        // SAFETY: the handle is open.
        match unsafe { abandon(self.bench.handle, writes, register.into(), data, clocks.into()) } {
            0 => Ok(()),
            _ => Err(Error::new(ErrorKind::Failed, "the slave acknowledged a cycle that was given up")),
        }
    }

    /// Begins to read a register or to write it, and holds reset for so many cycles when some clock cycles have passed.
    ///
    /// # Errors
    /// If it is acknowledged all the same.
    pub fn reset(&mut self, register: u8, write: bool, clocks: u8, cycles: u64) -> Result<()> {
        let reset: BusReset = symbol(&self.bench.library, "hopgate_reset")?;
        // SAFETY: the handle is open.
        match unsafe { reset(self.bench.handle, c_int::from(write), register.into(), clocks.into(), cycles) } {
            0 => Ok(()),
            _ => Err(Error::new(ErrorKind::Failed, "the slave acknowledged a cycle that a reset ended")),
        }
    }

    /// From here on writes are of these bytes: a bit for each.
    ///
    /// # Errors
    /// If the bench has no such thing.
    pub fn select(&mut self, bytes: u8) -> Result<()> {
        let select: Select = symbol(&self.bench.library, "hopgate_select")?;
        // SAFETY: the handle is open.
        unsafe { select(self.bench.handle, bytes.into()) };
        Ok(())
    }

    /// Whether the core interrupts.
    ///
    /// # Errors
    /// If the bench has no such thing.
    pub fn interrupts(&mut self) -> Result<bool> {
        let interrupt: Interrupt = symbol(&self.bench.library, "hopgate_interrupt")?;
        // SAFETY: the handle is open.
        Ok(unsafe { interrupt(self.bench.handle) } != 0)
    }

    /// From here on the bus does something else for up to so many cycles behind each access of what is below.
    pub fn hold(&mut self, idle: u8) {
        self.idle = idle + 1;
    }

    /// From here on the core is given up when it has been asked so often in vain.
    pub fn give_up_after(&mut self, asked: usize) {
        self.patience = asked;
    }

    fn access(&mut self, register: usize, write: Option<u16>) -> Result<u16> {
        self.accesses = self.accesses.wrapping_mul(5).wrapping_add(3);
        let idle = (self.accesses >> 3) % self.idle;
        Ok(self.transfer(register as u8, write.map(u32::from), idle)? as u16)
    }

    /// Asks `STATUS` until one of these bits is one; what it is then.
    ///
    /// # Errors
    /// If that does not happen.
    pub fn wait(&mut self, bits: usize) -> Result<u16> {
        for _ in 0..self.patience {
            let status = self.access(number::STATUS, None)?;
            if usize::from(status) & bits != 0 {
                return Ok(status);
            }
        }
        Err(Error::new(ErrorKind::Failed, format!("STATUS has none of the bits {bits:#x} for a long time")))
    }

    /// Writes the words of a cue.
    ///
    /// # Errors
    /// If the core does not take them.
    pub fn ask(&mut self, cue: &[u16]) -> Result<()> {
        for &word in cue {
            self.wait(1 << status::READY)?;
            self.access(number::CUE, Some(word))?;
        }
        Ok(())
    }

    /// All words of all answers to a cue, as they leave the core.
    ///
    /// # Errors
    /// If the core does not answer, or says that a mistake was made.
    pub fn exchange(&mut self, cue: &[u16], plan: &Layout) -> Result<Vec<u16>> {
        self.ask(cue)?;
        let mut words = Vec::new();
        for _ in 0..plan.register_answers() {
            for _ in 0..plan.register_words() {
                self.wait(1 << status::ANSWER)?;
                words.push(self.access(number::ANSWER, None)?);
            }
            let status = self.wait(1 << status::DONE)?;
            if status >> status::MISTAKE & 1 == 1 {
                return Err(Error::new(ErrorKind::Failed, "STATUS says that a mistake was made"));
            }
            for register in [number::STEPS, number::NEAREST, number::DISTANCE] {
                words.push(self.access(register, None)?);
            }
        }
        Ok(words)
    }

    /// Writes the words of a request.
    ///
    /// # Errors
    /// If the core does not take them.
    pub fn put(&mut self, words: &[u16]) -> Result<()> {
        self.wait(1 << status::AWAKE)?;
        let last = words.len() - 1;
        for (i, &word) in words.iter().enumerate() {
            self.access(if i == last { number::FINAL } else { number::REQUEST }, Some(word))?;
        }
        Ok(())
    }

    /// The words of the next reply.
    ///
    /// # Errors
    /// If there is none.
    pub fn reply(&mut self) -> Result<Vec<u16>> {
        let mut words = Vec::new();
        loop {
            let status = self.wait(1 << status::REPLY)?;
            words.push(self.access(number::REPLY, None)?);
            if status >> status::LAST & 1 == 1 {
                return Ok(words);
            }
        }
    }

    /// Lets cues come by the stream, or stops that and waits until the last one is answered.
    ///
    /// # Errors
    /// If that does not happen.
    pub fn stream(&mut self, on: bool) -> Result<()> {
        self.access(number::STREAM, Some(u16::from(on) << stream::ENABLE))?;
        let done = |state: u16| on || usize::from(state) & 1 << stream::BUSY == 0;
        for _ in 0..self.patience {
            if done(self.access(number::STREAM, None)?) {
                return Ok(());
            }
        }
        Err(Error::new(ErrorKind::Failed, "STREAM is busy for a long time"))
    }

    /// Offers words to the stream and collects those that come back, as [`Axis::exchange`](super::Axis::exchange).
    ///
    /// # Errors
    /// The same.
    pub fn packets(&mut self, words: &[Word], expected: usize, seed: u64, limit: u64) -> Result<Vec<Word>> {
        packets::exchange(&self.bench, words, expected, seed, limit)
    }

    /// Cycles simulated so far.
    pub fn cycles(&self) -> u64 {
        self.bench.cycles()
    }

    /// CPU seconds of this thread.
    ///
    /// # Errors
    /// If the bench has no such thing.
    pub fn thread_seconds(&self) -> Result<f64> {
        self.bench.thread_seconds()
    }
}
