//! A simulated board whose bytes come and go while it runs, as those of a serial port do.

use super::{BoardBench, Handle, symbol};
use hopgate_model::{Error, ErrorKind, Result};
use std::ffi::{c_int, c_uint};

type Open = unsafe extern "C" fn(Handle) -> Handle;
type Close = unsafe extern "C" fn(Handle);
type Run = unsafe extern "C" fn(Handle, *const u8, c_int, u64, *mut u8, c_int) -> c_int;
type Forget = unsafe extern "C" fn(Handle);
type Raw = unsafe extern "C" fn(Handle, c_uint, c_int);
type Queued = unsafe extern "C" fn(Handle) -> c_int;

/// The serial line of a simulated board. Bytes are sent one after the other at the baud rate that the board is built for.
pub struct Stream {
    handle: Handle,
    close: Close,
    run: Run,
    queued: Queued,
    // closed after the stream: that holds on to it
    board: BoardBench,
}

/// Bytes that one call returns at most.
const ROOM: usize = 4096;

impl Stream {
    /// Takes over a board's pins.
    ///
    /// # Errors
    /// If the simulation is no board's.
    pub fn new(board: BoardBench) -> Result<Stream> {
        let library = &board.bench.library;
        let open: Open = symbol(library, "hopgate_stream_open")?;
        let close = symbol(library, "hopgate_stream_close")?;
        let (run, queued) = (symbol(library, "hopgate_stream_run")?, symbol(library, "hopgate_stream_queued")?);
        // SAFETY: the board's handle is open, and stays so as long as the stream: it is kept beside it.
        let handle = unsafe { open(board.bench.handle) };
        Ok(Stream { handle, close, run, queued, board })
    }

    /// Presses the reset button for this many cycles; what is queued is still sent.
    pub fn press_reset(&mut self, cycles: u16) {
        self.board.press_reset(cycles);
    }

    /// Queues bytes, runs for at most this many cycles, and appends what came meanwhile. It ends early where something came and then
    /// nothing for a while.
    ///
    /// # Errors
    /// [`ErrorKind::Failed`] if the board sends a byte without a stop bit, or more bytes are queued than a call takes.
    pub fn run(&mut self, bytes: &[u8], cycles: u64, out: &mut Vec<u8>) -> Result<()> {
        let count = c_int::try_from(bytes.len())
            .map_err(|_| Error::new(ErrorKind::Failed, "too many bytes for a simulated board at once"))?;
        let mut room = [0u8; ROOM];
        // SAFETY: both buffers have the lengths passed with them; the handle is open.
        let got = unsafe { (self.run)(self.handle, bytes.as_ptr(), count, cycles, room.as_mut_ptr(), ROOM as c_int) };
        let got = usize::try_from(got)
            .map_err(|_| Error::new(ErrorKind::Failed, "the board sent a byte without a stop bit"))?;
        out.extend_from_slice(&room[..got.min(ROOM)]);
        Ok(())
    }

    /// Of a UART, while nothing is under way: these bits come next, the lowest first, whatever they are; the next run sends them.
    ///
    /// # Errors
    /// If the board has another line.
    pub fn raw(&mut self, frame: u32, bits: u8) -> Result<()> {
        let raw: Raw = symbol(&self.board.bench.library, "hopgate_stream_raw")?;
        // SAFETY: the handle is open.
        unsafe { raw(self.handle, frame, bits.into()) };
        Ok(())
    }

    /// Forgets what is queued, and the byte that is under way.
    ///
    /// # Errors
    /// If the bench has no such thing.
    pub fn forget(&mut self) -> Result<()> {
        let forget: Forget = symbol(&self.board.bench.library, "hopgate_stream_drop")?;
        // SAFETY: the handle is open.
        unsafe { forget(self.handle) };
        Ok(())
    }

    /// Bytes that are queued and not sent yet.
    pub fn queued(&self) -> usize {
        // SAFETY: the handle is open.
        usize::try_from(unsafe { (self.queued)(self.handle) }).unwrap_or(0)
    }

    /// The board: its lights, its button, its cycles.
    pub fn board(&mut self) -> &mut BoardBench {
        &mut self.board
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        // SAFETY: the handle is open, and not used again; the board is still there.
        unsafe { (self.close)(self.handle) }
    }
}
