//! A simulated board, at its pins.

use super::{Bench, Handle, symbol};
use crate::chip::Chip;
use crate::library::Library;
use hopgate_hdl::Top;
use hopgate_model::Error;
use hopgate_model::ErrorKind;
use hopgate_model::Result;
use std::ffi::c_int;
use std::path::Path;

type Exchange = unsafe extern "C" fn(Handle, *const u8, c_int, u64, *mut u8, c_int) -> c_int;
type SetInt = unsafe extern "C" fn(Handle, c_int);
type SetReal = unsafe extern "C" fn(Handle, f64);
type Later = unsafe extern "C" fn(Handle, u64, c_int);
type GetLong = unsafe extern "C" fn(Handle) -> u64;
type GetInt = unsafe extern "C" fn(Handle) -> c_int;

/// One instance of a simulated board, after its power-up reset.
pub struct BoardBench {
    pub(super) bench: Bench,
    exchange: Exchange,
    set_bit_cycles: SetInt,
    set_host_bit: SetReal,
    press_later: Later,
    asleep: GetLong,
    press_reset: SetInt,
    leds: GetInt,
    high: GetInt,
}

impl BoardBench {
    /// Opens an instance.
    pub fn open(library: &Library) -> Result<BoardBench> {
        assert!(matches!(library.design.top, Top::Board { .. }));
        Self::open_object(&library.object(), None)
    }

    /// Opens an instance of a build. A waveform can be written if the simulation was built for it.
    pub fn of(chip: &Chip, vcd: Option<&Path>) -> Result<BoardBench> {
        Self::open_object(&chip.object(), vcd)
    }

    fn open_object(object: &Path, vcd: Option<&Path>) -> Result<BoardBench> {
        let bench = Bench::open(object, vcd)?;
        let exchange = symbol(&bench.library, "hopgate_exchange")?;
        let set_bit_cycles = symbol(&bench.library, "hopgate_set_bit_cycles")?;
        let set_host_bit = symbol(&bench.library, "hopgate_set_host_bit")?;
        let press_later = symbol(&bench.library, "hopgate_press_later")?;
        let asleep = symbol(&bench.library, "hopgate_asleep")?;
        let press_reset = symbol(&bench.library, "hopgate_press_reset")?;
        let (leds, high) = (symbol(&bench.library, "hopgate_leds")?, symbol(&bench.library, "hopgate_high")?);
        Ok(BoardBench { bench, exchange, set_bit_cycles, set_host_bit, press_later, asleep, press_reset, leds, high })
    }

    /// Sends bytes at the pin and waits for this many to come back.
    ///
    /// # Errors
    /// A framing error, silence for `limit` cycles, or more bytes than expected.
    pub fn exchange(&mut self, bytes: &[u8], expected: usize, limit: u64) -> Result<Vec<u8>> {
        let mut answer = vec![0u8; expected];
        // SAFETY: the buffers have the lengths passed with them; the handle is open.
        let got = unsafe {
            (self.exchange)(
                self.bench.handle,
                bytes.as_ptr(),
                bytes.len() as c_int,
                limit,
                answer.as_mut_ptr(),
                expected as c_int,
            )
        };
        let bad = |what: String| Err(Error::new(ErrorKind::Failed, what));
        match got {
            -1 => bad("the board sent a byte without a stop bit".into()),
            -2 => bad(format!("the board did not send {expected} bytes within {limit} cycles")),
            n if n as usize != expected => bad(format!("the board sent {n} bytes instead of {expected}")),
            _ => Ok(answer),
        }
    }

    /// What is at the pins of the LEDs, the first in bit 0.
    pub fn leds(&self) -> u32 {
        // SAFETY: the handle is open.
        unsafe { (self.leds)(self.bench.handle) as u32 }
    }

    /// What is at the pins that the board wants held high.
    pub fn high(&self) -> u32 {
        // SAFETY: the handle is open.
        unsafe { (self.high)(self.bench.handle) as u32 }
    }

    /// The sender's bit time in cycles, to try how far it may be off.
    pub fn set_bit_cycles(&mut self, cycles: u16) {
        // SAFETY: the handle is open.
        unsafe { (self.set_bit_cycles)(self.bench.handle, cycles.into()) }
    }

    /// The bit time of sender and receiver in cycles and parts of them: a host has a clock of its own.
    pub fn set_host_bit(&mut self, cycles: f64) {
        // SAFETY: the handle is open.
        unsafe { (self.set_host_bit)(self.bench.handle, cycles) }
    }

    /// Presses the reset button `after` cycles from now, for this many: what is said meanwhile goes on.
    pub fn press_later(&mut self, after: u64, cycles: u16) {
        // SAFETY: the handle is open.
        unsafe { (self.press_later)(self.bench.handle, after, cycles.into()) }
    }

    /// Cycles until the reset that the button began is over, and the board runs.
    pub fn asleep(&self) -> u64 {
        // SAFETY: the handle is open.
        unsafe { (self.asleep)(self.bench.handle) }
    }

    /// Presses the reset button for this many cycles.
    pub fn press_reset(&mut self, cycles: u16) {
        // SAFETY: the handle is open.
        unsafe { (self.press_reset)(self.bench.handle, cycles.into()) }
    }

    /// CPU seconds of the calling thread so far.
    pub(crate) fn thread_seconds(&self) -> Result<f64> {
        self.bench.thread_seconds()
    }

    /// Cycles simulated so far.
    pub fn cycles(&self) -> u64 {
        self.bench.cycles()
    }
}
