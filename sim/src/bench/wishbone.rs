//! The simulated Wishbone wrapper.

use super::{Bench, Handle, symbol};
use crate::library::Library;
use hopgate_hdl::Top;
use hopgate_model::Error;
use hopgate_model::ErrorKind;
use hopgate_model::Result;
use std::ffi::c_int;

type Transfer = unsafe extern "C" fn(Handle, c_int, c_int, u32, c_int, *mut u32) -> c_int;
type Abandon = unsafe extern "C" fn(Handle, c_int, c_int, u32, c_int) -> c_int;
type BusReset = unsafe extern "C" fn(Handle, c_int, c_int, c_int, u64) -> c_int;

/// One instance of the simulated Wishbone wrapper, whose reset was just released.
pub struct Wishbone {
    bench: Bench,
    transfer: Transfer,
}

impl Wishbone {
    /// Opens an instance.
    pub fn open(library: &Library) -> Result<Wishbone> {
        assert!(matches!(library.design.top, Top::Wishbone { .. }));
        let bench = Bench::open(&library.object(), None)?;
        let transfer = symbol(&bench.library, "hopgate_transfer")?;
        Ok(Wishbone { bench, transfer })
    }

    /// Reads a register, or writes it if there is a value; then the bus does something else for `idle` cycles.
    ///
    /// # Errors
    /// If the acknowledge does not come two cycles after the request, or comes where there must be none.
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
            _ => Err(Error::new(ErrorKind::Failed, "the slave did not acknowledge two cycles after the request")),
        }
    }

    /// Begins to read a register, or to write it, and gives it up after 1 or 2 clock cycles, before it is acknowledged.
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

    /// Begins to read a register or to write it, and holds reset for so many cycles when 0 to 2 clock cycles have passed, while the
    /// bus goes on.
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

    /// Cycles simulated so far.
    pub fn cycles(&self) -> u64 {
        self.bench.cycles()
    }
}
