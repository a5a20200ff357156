//! The bridge to a built simulation: the only `unsafe` code of the project.
//!
//! The contract with the C++ benches in `shim/`: `hopgate_open` returns a bench that only the calling
//! thread uses until `hopgate_close`; every buffer passed to a call is at least as long as its comment there says,
//! and is not kept after the call; no call unwinds.

pub mod stream;

use crate::library::{Library, Waveform};
use hopgate_hdl::{Plan, Top};
use hopgate_model::{bits::words_for, reference::Answer, Error, ErrorKind, Result};
use std::ffi::{c_char, c_int, c_void, CString};
use std::path::Path;

type Handle = *mut c_void;
type Open = unsafe extern "C" fn(*const c_char) -> Handle;
type Close = unsafe extern "C" fn(Handle);
type Recall = unsafe extern "C" fn(Handle, *const u16, u64, u64, *mut u16, *mut i64, *mut u32, c_int) -> c_int;
type Exchange = unsafe extern "C" fn(Handle, *const u8, c_int, u64, *mut u8, c_int) -> c_int;
type Stream =
    unsafe extern "C" fn(Handle, *const u16, *const u8, c_int, u64, u64, *mut u16, *mut u8, c_int, c_int) -> c_int;
type Transfer = unsafe extern "C" fn(Handle, c_int, c_int, u32, c_int, *mut u32) -> c_int;
type SetInt = unsafe extern "C" fn(Handle, c_int);
type GetInt = unsafe extern "C" fn(Handle) -> c_int;
type Cycles = unsafe extern "C" fn(Handle) -> u64;

/// An open bench of either kind.
struct Bench {
    handle: Handle,
    close: Close,
    cycles: Cycles,
    // dropped last: the functions above live in it
    library: libloading::Library,
}

impl Bench {
    fn open(library: &Library, vcd: Option<&Path>) -> Result<Bench> {
        let path = library.object();
        let vcd = vcd.map(|p| CString::new(p.to_string_lossy().as_bytes())).transpose().map_err(|_| {
            Error::usage("the waveform's path holds a zero byte").hint("choose another name for the .vcd file")
        })?;
        // SAFETY: the library was built by us from our own sources; loading it runs no code of its own but
        // C++ static initialisers.
        let loaded = unsafe { libloading::Library::new(&path) }
            .map_err(|e| Error::new(ErrorKind::Failed, format!("cannot load the built simulation: {e}")))?;
        let open: Open = symbol(&loaded, "hopgate_open")?;
        let close: Close = symbol(&loaded, "hopgate_close")?;
        let cycles: Cycles = symbol(&loaded, "hopgate_cycles")?;
        let vcd_pointer = vcd.as_ref().map_or(std::ptr::null(), |c| c.as_ptr());
        // SAFETY: the string, if any, outlives the call, which copies it.
        let handle = unsafe { open(vcd_pointer) };
        Ok(Bench { handle, close, cycles, library: loaded })
    }

    fn cycles(&self) -> u64 {
        // SAFETY: the handle is open.
        unsafe { (self.cycles)(self.handle) }
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        // SAFETY: the handle is open, and not used again.
        unsafe { (self.close)(self.handle) }
    }
}

fn symbol<T: Copy>(library: &libloading::Library, name: &str) -> Result<T> {
    // SAFETY: the types at the call sites are those of the functions in `shim/`, which we compiled.
    let symbol = unsafe { library.get::<T>(name.as_bytes()) };
    symbol.map(|s| *s).map_err(|e| Error::new(ErrorKind::Failed, format!("the simulation has no {name}: {e}")))
}

/// Cycles and queued candidates of one step, as the core counted them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StepCount {
    /// Cycles, from the step's first to its last.
    pub cycles: u32,
    /// Candidates in the queue.
    pub queued: u32,
}

/// One instance of the simulated core, out of reset.
pub struct Core {
    bench: Bench,
    recall: Recall,
    plan: Plan,
}

impl Core {
    /// Opens an instance. A waveform can be written if the library was built for it.
    pub fn open(library: &Library, vcd: Option<&Path>) -> Result<Core> {
        assert_eq!(library.design.top, Top::Core);
        assert!(vcd.is_none() || library.waveform == Waveform::On);
        let bench = Bench::open(library, vcd)?;
        let recall = symbol(&bench.library, "hopgate_recall")?;
        Ok(Core { bench, recall, plan: library.design.plan.clone() })
    }

    /// Recalls one packed cue, and logs every step. A `stall_seed` other than 0 holds both streams back at random.
    ///
    /// # Errors
    /// When the core does not answer within twice the cycles that its slowest recall may take.
    pub fn recall(&mut self, cue: &[u64], stall_seed: u64) -> Result<(Answer, Vec<StepCount>)> {
        let (n, lanes, max_steps) = (self.plan.neurons, self.plan.lanes(), self.plan.max_steps as usize);
        assert_eq!(cue.len(), words_for(n));
        let words_in: Vec<u16> = (0..lanes).map(|l| (cue[l / 4] >> (16 * (l % 4))) as u16).collect();
        let mut words = vec![0u16; lanes + 3];
        let mut field = vec![0i64; n];
        let mut log = vec![0u32; 2 * max_steps];
        let slowest = max_steps * self.plan.step_cycles(self.plan.patterns) + 8 * (lanes + 16);
        // SAFETY: the buffers have the lengths that `shim/core.cpp` states; the handle is open.
        let steps = unsafe {
            (self.recall)(
                self.bench.handle,
                words_in.as_ptr(),
                stall_seed,
                2 * slowest as u64,
                words.as_mut_ptr(),
                field.as_mut_ptr(),
                log.as_mut_ptr(),
                max_steps as c_int,
            )
        };
        if steps < 0 {
            return Err(Error::new(
                ErrorKind::Failed,
                format!("the core did not answer within {} cycles", 2 * slowest),
            ));
        }
        let mut state = vec![0u64; words_for(n)];
        for (l, &word) in words[..lanes].iter().enumerate() {
            state[l / 4] |= u64::from(word) << (16 * (l % 4));
        }
        let [status, nearest, distance] = [words[lanes], words[lanes + 1], words[lanes + 2]];
        let answer = Answer {
            state,
            steps: u32::from(status & 0x7fff),
            converged: status >> 15 == 1,
            nearest: nearest.into(),
            distance: distance.into(),
            field,
        };
        let seen = log.chunks(2).take(steps as usize).map(|s| StepCount { cycles: s[0], queued: s[1] }).collect();
        Ok((answer, seen))
    }

    /// Cycles simulated so far.
    pub fn cycles(&self) -> u64 {
        self.bench.cycles()
    }
}

/// One instance of a simulated board, after its power-up reset.
pub struct Board {
    bench: Bench,
    exchange: Exchange,
    set_bit_cycles: SetInt,
    press_reset: SetInt,
    leds: GetInt,
    high: GetInt,
}

impl Board {
    /// Opens an instance.
    pub fn open(library: &Library) -> Result<Board> {
        assert!(matches!(library.design.top, Top::Board { .. }));
        let bench = Bench::open(library, None)?;
        let exchange = symbol(&bench.library, "hopgate_exchange")?;
        let set_bit_cycles = symbol(&bench.library, "hopgate_set_bit_cycles")?;
        let press_reset = symbol(&bench.library, "hopgate_press_reset")?;
        let (leds, high) = (symbol(&bench.library, "hopgate_leds")?, symbol(&bench.library, "hopgate_high")?);
        Ok(Board { bench, exchange, set_bit_cycles, press_reset, leds, high })
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

    /// Presses the reset button for this many cycles.
    pub fn press_reset(&mut self, cycles: u16) {
        // SAFETY: the handle is open.
        unsafe { (self.press_reset)(self.bench.handle, cycles.into()) }
    }

    /// Cycles simulated so far.
    pub fn cycles(&self) -> u64 {
        self.bench.cycles()
    }
}

/// One instance of the simulated AXI4-Stream wrapper, whose reset was just released.
pub struct Axis {
    bench: Bench,
    stream: Stream,
}

/// A word of a stream, and its `tlast`.
pub type Word = (u16, bool);

impl Axis {
    /// Opens an instance.
    pub fn open(library: &Library) -> Result<Axis> {
        assert_eq!(library.design.top, Top::Axis);
        let bench = Bench::open(library, None)?;
        let stream = symbol(&bench.library, "hopgate_stream")?;
        Ok(Axis { bench, stream })
    }

    /// Offers words and collects those that come back. A `seed` other than 0 holds both sides back at random.
    ///
    /// # Errors
    /// If a word that was offered changes before it is taken, if not everything comes and goes within `limit` cycles, or
    /// if more comes than expected.
    pub fn exchange(&mut self, words: &[Word], expected: usize, seed: u64, limit: u64) -> Result<Vec<Word>> {
        let (data, last): (Vec<u16>, Vec<u8>) = words.iter().map(|&(w, l)| (w, u8::from(l))).unzip();
        let (mut answer, mut answer_last) = (vec![0u16; expected], vec![0u8; expected]);
        // SAFETY: the buffers have the lengths passed with them; the handle is open.
        let got = unsafe {
            (self.stream)(
                self.bench.handle,
                data.as_ptr(),
                last.as_ptr(),
                words.len() as c_int,
                seed,
                limit,
                answer.as_mut_ptr(),
                answer_last.as_mut_ptr(),
                expected as c_int,
                expected as c_int,
            )
        };
        let bad = |what: String| Err(Error::new(ErrorKind::Failed, what));
        match got {
            -1 => bad("a word that was offered changed, or was withdrawn, before it was taken".into()),
            -2 => bad(format!("not every word came and went within {limit} cycles")),
            n if n as usize != expected => bad(format!("{n} words came instead of {expected}")),
            _ => Ok(answer.into_iter().zip(answer_last.into_iter().map(|l| l != 0)).collect()),
        }
    }
}

/// One instance of the simulated Wishbone wrapper, whose reset was just released.
pub struct Wishbone {
    bench: Bench,
    transfer: Transfer,
}

impl Wishbone {
    /// Opens an instance.
    pub fn open(library: &Library) -> Result<Wishbone> {
        assert_eq!(library.design.top, Top::Wishbone);
        let bench = Bench::open(library, None)?;
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
}
