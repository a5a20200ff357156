//! The bridge to a built simulation: the only `unsafe` code of the project.
//!
//! The contract with the C++ benches in `shim/`: `hopgate_files` says where the bench that is opened next finds its memory files, and
//! `hopgate_complaint` what went wrong with them; `hopgate_open` returns a bench that only the calling
//! thread uses until `hopgate_close`; every buffer passed to a call is at least as long as its comment there says,
//! and is not kept after the call; no call unwinds.

pub mod stream;

use crate::{
    chip::Chip,
    library::{Library, Waveform},
};
use hopgate_hdl::{
    Plan, Top,
    contents::{self, Target},
};
use hopgate_model::{Error, ErrorKind, Result, bits::words_for, reference::Answer};
use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

type Handle = *mut c_void;
type Files = unsafe extern "C" fn(*const c_char);
type Complaint = unsafe extern "C" fn() -> *const c_char;
type Open = unsafe extern "C" fn(*const c_char) -> Handle;
type Close = unsafe extern "C" fn(Handle);
type Recall = unsafe extern "C" fn(Handle, *const u16, u64, u64, *mut u16, *mut i64, c_int, *mut u32, c_int) -> c_int;
type Interrupt = unsafe extern "C" fn(Handle, *const u16, u64);
type Exchange = unsafe extern "C" fn(Handle, *const u8, c_int, u64, *mut u8, c_int) -> c_int;
type Stream =
    unsafe extern "C" fn(Handle, *const u16, *const u8, c_int, u64, u64, *mut u16, *mut u8, c_int, c_int) -> c_int;
type Transfer = unsafe extern "C" fn(Handle, c_int, c_int, u32, c_int, *mut u32) -> c_int;
type Begin = unsafe extern "C" fn(Handle, *const u16, *const u8, c_int, c_int, u64);
type StreamReset = unsafe extern "C" fn(Handle, u64) -> c_int;
type UntilReady = unsafe extern "C" fn(Handle, u64) -> u64;
type Abandon = unsafe extern "C" fn(Handle, c_int, c_int, u32, c_int) -> c_int;
type BusReset = unsafe extern "C" fn(Handle, c_int, c_int, c_int, u64) -> c_int;
type SetInt = unsafe extern "C" fn(Handle, c_int);
type SetReal = unsafe extern "C" fn(Handle, f64);
type GetInt = unsafe extern "C" fn(Handle) -> c_int;
type Store = unsafe extern "C" fn(Handle, c_int, c_int, u32, u16);
type Read = unsafe extern "C" fn(Handle, c_int, u32) -> u16;
type Fetch = unsafe extern "C" fn(Handle, c_int, u32, u64, u64, *mut u16) -> i64;
type Seconds = unsafe extern "C" fn() -> f64;
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
    /// Opens the bench in a library, whose folder is that of its memory files.
    fn open(object: &Path, vcd: Option<&Path>) -> Result<Bench> {
        let path = |path: &Path| {
            CString::new(path.as_os_str().as_bytes())
                .map_err(|_| Error::usage(format!("the path {} holds a zero byte", path.display())))
        };
        let (vcd, folder) = (vcd.map(path).transpose()?, path(object.parent().unwrap_or(object))?);
        // SAFETY: the library was built by us from our own sources; loading it runs no code of its own but
        // C++ static initialisers.
        let loaded = unsafe { libloading::Library::new(object) }.map_err(|e| {
            Error::new(ErrorKind::Failed, format!("cannot load the built simulation: {e}"))
                .hint("if its folder is on a file system that lets no programs run, set TMPDIR to another")
        })?;
        let files: Files = symbol(&loaded, "hopgate_files")?;
        let complaint: Complaint = symbol(&loaded, "hopgate_complaint")?;
        let open: Open = symbol(&loaded, "hopgate_open")?;
        let close: Close = symbol(&loaded, "hopgate_close")?;
        let cycles: Cycles = symbol(&loaded, "hopgate_cycles")?;
        let vcd_pointer = vcd.as_ref().map_or(std::ptr::null(), |c| c.as_ptr());
        // SAFETY: the strings outlive the calls, which copy them.
        let handle = unsafe {
            files(folder.as_ptr());
            open(vcd_pointer)
        };
        let bench = Bench { handle, close, cycles, library: loaded };
        // SAFETY: it returns a string that lives until this thread opens another bench.
        let complaint = unsafe { CStr::from_ptr(complaint()) }.to_string_lossy().into_owned();
        if !complaint.is_empty() {
            let what = format!("the simulation does not start: {complaint} (in {})", folder.to_string_lossy());
            return Err(Error::new(ErrorKind::Failed, what));
        }
        Ok(bench)
    }

    fn thread_seconds(&self) -> Result<f64> {
        let seconds: Seconds = symbol(&self.library, "hopgate_thread_seconds")?;
        // SAFETY: it takes nothing and keeps nothing.
        Ok(unsafe { seconds() })
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

/// Cycles and queued candidates of one step, as the core counted them, and what its fields were.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StepCount {
    /// Cycles, from the step's first to its last.
    pub cycles: u32,
    /// Candidates in the queue.
    pub queued: u32,
    /// The [`digest`] of the fields.
    pub fields: u32,
}

/// A number that tells a step's fields apart, as `shim/core.cpp` computes it: FNV-1a of their low halves.
///
/// ```
/// use hopgate_sim::bench::digest;
/// assert_ne!(digest(&[1, -2]), digest(&[1, -1]));
/// ```
pub fn digest(fields: &[i64]) -> u32 {
    fields.iter().fold(0x811c_9dc5, |sum, &h| (sum ^ h as u32).wrapping_mul(0x0100_0193))
}

/// One instance of the simulated core, out of reset.
pub struct Core {
    bench: Bench,
    recall: Recall,
    interrupt: Interrupt,
    plan: Plan,
    /// The plan's unused neurons in every lane.
    unused: Vec<u16>,
}

/// See [`Plan::unused`].
fn unused(plan: &Plan) -> Vec<u16> {
    (0..plan.lanes()).map(|l| plan.unused(l)).collect()
}

impl Core {
    /// Opens an instance. A waveform can be written if the library was built for it.
    pub fn open(library: &Library, vcd: Option<&Path>) -> Result<Core> {
        assert_eq!(library.design.top, Top::Core);
        assert!(vcd.is_none() || library.waveform == Waveform::On);
        let bench = Bench::open(&library.object(), vcd)?;
        let recall = symbol(&bench.library, "hopgate_recall")?;
        let interrupt = symbol(&bench.library, "hopgate_interrupt")?;
        let plan = library.design.plan.clone();
        Ok(Core { bench, recall, interrupt, unused: unused(&plan), plan })
    }

    /// Writes another memory, as a plan that [`Plan::hold`] made.
    ///
    /// # Errors
    /// If the core is not loadable.
    pub fn load(&mut self, held: &Plan) -> Result<()> {
        let store: Store = symbol(&self.bench.library, "hopgate_load")?;
        for write in contents::writes(held) {
            let (target, bank) = code(write.target);
            for (i, word) in write.words.into_iter().enumerate() {
                let address = if target == ROW { write.address } else { write.address + i };
                // SAFETY: the handle is open.
                unsafe { store(self.bench.handle, target, bank, address as u32, word) };
            }
        }
        (self.plan, self.unused) = (held.clone(), unused(held));
        Ok(())
    }

    /// Begins to write it, and resets the core after the first word of a row.
    ///
    /// # Errors
    /// If the core is not loadable.
    pub(crate) fn cut_load_short(&mut self, held: &Plan) -> Result<()> {
        let store: Store = symbol(&self.bench.library, "hopgate_load")?;
        // SAFETY: the handle is open.
        unsafe { store(self.bench.handle, ROW, 0, 0, 0x5a5a) };
        self.interrupt(&vec![0; words_for(held.neurons)], 0);
        Ok(())
    }

    /// Reads back what [`Core::load`] wrote, the sizes excepted. `stall_seed` as in [`Core::recall`].
    ///
    /// # Errors
    /// If the core is not loadable, or a row does not come.
    pub fn read_back(&mut self, stall_seed: u64) -> Result<Vec<contents::Write>> {
        let fetch: Fetch = symbol(&self.bench.library, "hopgate_fetch")?;
        let read: Read = symbol(&self.bench.library, "hopgate_read")?;
        let limit = 8 * (self.plan.lanes() + self.plan.latency() * self.plan.fold + 16) as u64;
        let mut writes = contents::writes(&self.plan);
        writes.retain(|w| w.target != Target::Size);
        for write in &mut writes {
            let (target, bank) = code(write.target);
            if target == ROW {
                let words = write.words.as_mut_ptr();
                // SAFETY: a row has as many words as the bench has lanes; the handle is open.
                let cycles =
                    unsafe { fetch(self.bench.handle, bank, write.address as u32, stall_seed, 2 * limit, words) };
                if cycles < 0 {
                    return Err(Error::new(
                        ErrorKind::Failed,
                        format!("row {} of bank {bank} did not come, or more than it", write.address),
                    ));
                }
                continue;
            }
            for (i, word) in write.words.iter_mut().enumerate() {
                // SAFETY: the handle is open.
                *word = unsafe { read(self.bench.handle, target, (write.address + i) as u32) };
            }
        }
        Ok(writes)
    }

    /// Recalls one packed cue, and logs every step. A `stall_seed` other than 0 holds both streams back at random.
    ///
    /// # Errors
    /// When the core does not answer within twice the cycles that its slowest recall may take.
    pub fn recall(&mut self, cue: &[u64], stall_seed: u64) -> Result<(Answer, Vec<StepCount>)> {
        let (n, lanes, max_steps) = (self.plan.neurons, self.plan.lanes(), self.plan.max_steps as usize);
        assert_eq!(cue.len(), words_for(self.plan.used));
        let words_in: Vec<u16> = self.unused.iter().enumerate().map(|(l, unused)| word_of(cue, l) | unused).collect();
        let mut words = vec![0u16; lanes + 3];
        let mut field = vec![0i64; n];
        let mut log = vec![0u32; 3 * max_steps];
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
                self.plan.used as c_int,
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
        let mut state = vec![0u64; words_for(self.plan.used)];
        for (l, (&word, &unused)) in words.iter().zip(&self.unused).enumerate() {
            if word & unused != unused {
                return Err(Error::new(
                    ErrorKind::Failed,
                    format!("unused neurons of lane {l} are not one: {word:04x}"),
                ));
            }
            if let Some(packed) = state.get_mut(l / 4) {
                *packed |= u64::from(word & !unused) << (16 * (l % 4));
            }
        }
        field.truncate(self.plan.used);
        let [status, nearest, distance] = [words[lanes], words[lanes + 1], words[lanes + 2]];
        let answer = Answer {
            state,
            steps: u32::from(status & 0x7fff),
            converged: status >> 15 == 1,
            nearest: nearest.into(),
            distance: distance.into(),
            field,
        };
        let seen = log.chunks(3).take(steps as usize);
        let seen = seen.map(|s| StepCount { cycles: s[0], queued: s[1], fields: s[2] }).collect();
        Ok((answer, seen))
    }

    /// Begins to recall a packed cue, and resets the core after this many cycles, wherever it is then.
    pub fn interrupt(&mut self, cue: &[u64], after: u64) {
        assert_eq!(cue.len(), words_for(self.plan.neurons));
        let words = words_of(cue, self.plan.lanes());
        // SAFETY: the buffer has a word per lane, as `shim/core.cpp` states; the handle is open.
        unsafe { (self.interrupt)(self.bench.handle, words.as_ptr(), after) }
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

const ROW: c_int = 0;

/// As `shim/core.cpp` numbers it, and the bank.
fn code(target: Target) -> (c_int, c_int) {
    match target {
        Target::Row(bank) => (ROW, bank as c_int),
        Target::Kernel => (1, 0),
        Target::Threshold => (2, 0),
        Target::Size => (3, 0),
    }
}

/// A lane's word of a packed state.
fn word_of(state: &[u64], lane: usize) -> u16 {
    state.get(lane / 4).map_or(0, |packed| (packed >> (16 * (lane % 4))) as u16)
}

/// A packed state as the words of a stream.
fn words_of(cue: &[u64], lanes: usize) -> Vec<u16> {
    (0..lanes).map(|l| word_of(cue, l)).collect()
}

/// One instance of a simulated board, after its power-up reset.
pub struct Board {
    bench: Bench,
    exchange: Exchange,
    set_bit_cycles: SetInt,
    set_host_bit: SetReal,
    press_reset: SetInt,
    leds: GetInt,
    high: GetInt,
}

impl Board {
    /// Opens an instance.
    pub fn open(library: &Library) -> Result<Board> {
        assert!(matches!(library.design.top, Top::Board { .. }));
        Self::open_object(&library.object(), None)
    }

    /// Opens an instance of a build. A waveform can be written if the simulation was built for it.
    pub fn of(chip: &Chip, vcd: Option<&Path>) -> Result<Board> {
        Self::open_object(&chip.object(), vcd)
    }

    fn open_object(object: &Path, vcd: Option<&Path>) -> Result<Board> {
        let bench = Bench::open(object, vcd)?;
        let exchange = symbol(&bench.library, "hopgate_exchange")?;
        let set_bit_cycles = symbol(&bench.library, "hopgate_set_bit_cycles")?;
        let set_host_bit = symbol(&bench.library, "hopgate_set_host_bit")?;
        let press_reset = symbol(&bench.library, "hopgate_press_reset")?;
        let (leds, high) = (symbol(&bench.library, "hopgate_leds")?, symbol(&bench.library, "hopgate_high")?);
        Ok(Board { bench, exchange, set_bit_cycles, set_host_bit, press_reset, leds, high })
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
        assert!(matches!(library.design.top, Top::Axis { .. }));
        let bench = Bench::open(&library.object(), None)?;
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

    /// Offers words, takes so many of the answer and then no more, and stops after `after` cycles, wherever everything is then.
    ///
    /// # Errors
    /// If the bench has no such thing.
    pub fn begin(&mut self, words: &[Word], take: u8, after: u64) -> Result<()> {
        let begin: Begin = symbol(&self.bench.library, "hopgate_begin")?;
        let (data, last): (Vec<u16>, Vec<u8>) = words.iter().map(|&(w, l)| (w, u8::from(l))).unzip();
        // SAFETY: the buffers have the length passed with them; the handle is open.
        unsafe { begin(self.bench.handle, data.as_ptr(), last.as_ptr(), words.len() as c_int, take.into(), after) }
        Ok(())
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

    /// Cycles simulated so far.
    pub fn cycles(&self) -> u64 {
        self.bench.cycles()
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
