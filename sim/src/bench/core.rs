//! A simulated core, out of its wrappers.

use super::{Bench, Handle, symbol};
use crate::compile::Waveform;
use crate::cue::Cue;
use crate::library::Library;
use crate::pace::{self, Moves};
use crate::words;
use hopgate_hdl::Plan;
use hopgate_hdl::Top;
use hopgate_hdl::contents;
use hopgate_hdl::contents::Target;
use hopgate_model::Error;
use hopgate_model::ErrorKind;
use hopgate_model::Result;
use hopgate_model::bits::words_for;
use hopgate_model::reference::Answer;
use std::ffi::c_int;
use std::path::Path;

type Recall = unsafe extern "C" fn(
    Handle,
    *const u16,
    c_int,
    u64,
    u64,
    *mut u16,
    c_int,
    *mut i64,
    c_int,
    *mut u32,
    c_int,
    *mut u32,
) -> c_int;
type Interrupt = unsafe extern "C" fn(Handle, *const u16, u64, c_int);
type Store = unsafe extern "C" fn(Handle, c_int, c_int, u32, u16);
type WriteRow = unsafe extern "C" fn(Handle, c_int, c_int, u32, *const u16, c_int, c_int, u64) -> c_int;
type Read = unsafe extern "C" fn(Handle, c_int, u32) -> u16;
type Fetch = unsafe extern "C" fn(Handle, c_int, c_int, u32, u64, u64, *mut u16, c_int) -> i64;

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
    out_of_pace: Option<String>,
}

/// What a recall returns that found the core at its streams in a reset.
const SPOKE_IN_RESET: c_int = -2;

impl Core {
    /// Opens an instance. A waveform can be written if the library was built for it.
    pub fn open(library: &Library, vcd: Option<&Path>) -> Result<Core> {
        assert_eq!(library.design.top, Top::Core);
        assert!(vcd.is_none() || library.waveform != Waveform::Off);
        let bench = Bench::open(&library.object(), vcd)?;
        let recall = symbol(&bench.library, "hopgate_recall")?;
        let interrupt = symbol(&bench.library, "hopgate_interrupt")?;
        let plan = library.design.plan.clone();
        Ok(Core { bench, recall, interrupt, plan, out_of_pace: None })
    }

    /// Writes another memory, as a plan that [`Plan::hold`] made.
    ///
    /// # Errors
    /// If the core is not loadable, or does not take the words of a row.
    pub fn load(&mut self, held: &Plan) -> Result<()> {
        let store: Store = symbol(&self.bench.library, "hopgate_load")?;
        for write in contents::writes(held) {
            let (target, bank) = code(write.target);
            if [ROW, VALUE].contains(&target) {
                self.write_row(target, bank, write.address, &write.words, true)?;
                continue;
            }
            for (i, word) in write.words.into_iter().enumerate() {
                // SAFETY: the handle is open.
                unsafe { store(self.bench.handle, target, bank, (write.address + i) as u32, word) };
            }
        }
        self.plan = held.clone();
        Ok(())
    }

    /// Begins to write it, and resets the core after the first word of a row.
    ///
    /// # Errors
    /// As [`Core::load`].
    pub(crate) fn cut_load_short(&mut self, held: &Plan) -> Result<()> {
        self.write_row(ROW, 0, 0, &[0x5a5a], false)?;
        self.interrupt((&vec![0; words_for(held.neurons)]).into(), 0, true);
        Ok(())
    }

    /// Writes a row, or gives the core the words of one that is not `whole`.
    fn write_row(&mut self, target: c_int, bank: c_int, address: usize, words: &[u16], whole: bool) -> Result<()> {
        let write: WriteRow = symbol(&self.bench.library, "hopgate_load_row")?;
        let count = words.len() as c_int;
        // half of the cycles offer no word
        let limit = 16 * words.len() as u64 + 256;
        let (at, from) = (address as u32, words.as_ptr());
        // SAFETY: the buffer has as many words as are said; the handle is open.
        match unsafe { write(self.bench.handle, target, bank, at, from, count, whole.into(), limit) } {
            0 => Ok(()),
            _ => Err(Error::new(ErrorKind::Failed, format!("the core did not take the words of row {address}"))),
        }
    }

    /// Reads back what [`Core::load`] wrote, the sizes excepted. `stall_seed` as in [`Core::recall`].
    ///
    /// # Errors
    /// If the core is not loadable, or a row does not come.
    pub fn read_back(&mut self, stall_seed: u64) -> Result<Vec<contents::Write>> {
        let fetch: Fetch = symbol(&self.bench.library, "hopgate_fetch")?;
        let read: Read = symbol(&self.bench.library, "hopgate_read")?;
        let limit = 8 * (self.plan.state_words() + self.plan.latency() * self.plan.fold + 16) as u64;
        let mut writes = contents::writes(&self.plan);
        writes.retain(|w| ![Target::Size, Target::Radius].contains(&w.target));
        for write in &mut writes {
            let (target, bank) = code(write.target);
            if [ROW, VALUE].contains(&target) {
                let words = write.words.as_mut_ptr();
                let count = write.words.len() as c_int;
                let (address, limit) = (write.address as u32, 2 * limit);
                // SAFETY: the buffer has as many words as are said; the handle is open.
                let cycles =
                    unsafe { fetch(self.bench.handle, target, bank, address, stall_seed, limit, words, count) };
                if cycles < 0 {
                    return Err(Error::new(
                        ErrorKind::Failed,
                        format!("{:?} {} did not come, or more than it", write.target, write.address),
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

    /// Recalls one cue, and logs every step; where cues share a scan, all of them are this one. A `stall_seed` other than 0 holds both
    /// streams back at random.
    ///
    /// # Errors
    /// When the core does not answer within twice the cycles that its slowest recall may take.
    pub fn recall(&mut self, cue: Cue, stall_seed: u64) -> Result<(Answer, Vec<StepCount>)> {
        let mut all = self.recall_all(&vec![cue; self.plan.cues], stall_seed)?;
        Ok(all.swap_remove(0))
    }

    /// Recalls as many cues as share a scan.
    ///
    /// # Errors
    /// As [`Core::recall`].
    pub fn recall_all(&mut self, cues: &[Cue], stall_seed: u64) -> Result<Vec<(Answer, Vec<StepCount>)>> {
        assert_eq!(cues.len(), self.plan.cues);
        let mut fields = self.fields();
        let mut all = self.offer(cues, stall_seed, &mut fields)?;
        for ((answer, _), field) in all.iter_mut().zip(fields.chunks(self.plan.outputs)) {
            answer.field = field[..self.plan.outputs_used].to_vec();
        }
        Ok(all)
    }

    /// Recalls cues one behind the other, of which each is offered while those before it are recalled. The fields of the answers are empty.
    ///
    /// # Errors
    /// As [`Core::recall`].
    ///
    /// # Panics
    /// If they are not as many as share a scan, or several times as many.
    pub fn recall_behind_each_other(&mut self, cues: &[Cue], stall_seed: u64) -> Result<Vec<(Answer, Vec<StepCount>)>> {
        let mut fields = self.fields();
        self.offer(cues, stall_seed, &mut fields)
    }

    /// The first word of the last recall that moved in another cycle than it should; none where a stream was held back.
    pub(crate) fn out_of_pace(&self) -> Option<&str> {
        self.out_of_pace.as_deref()
    }

    /// Room for the fields of the cues of a scan.
    fn fields(&self) -> Vec<i64> {
        vec![0; self.plan.outputs * self.plan.cues]
    }

    fn offer(&mut self, cues: &[Cue], stall_seed: u64, fields: &mut [i64]) -> Result<Vec<(Answer, Vec<StepCount>)>> {
        let (plan, each) = (&self.plan, words::count(&self.plan));
        assert!(!cues.is_empty() && cues.len().is_multiple_of(plan.cues));
        assert!(cues.iter().all(|cue| cue.bits.len() == words_for(plan.used)));
        let (count, max_steps) = (each * cues.len(), plan.max_steps as usize * cues.len());
        let words_in: Vec<u16> = cues.iter().enumerate().flat_map(|(at, &cue)| with_more(cue, plan, at)).collect();
        let mut words = vec![0u16; count];
        let mut log = vec![0u32; 3 * max_steps];
        let mut times = vec![0u32; words_in.len() + count];
        let slowest = max_steps * plan.step_cycles(plan.patterns) + 8 * (words_in.len() + count + 13);
        // SAFETY: the buffers have the lengths that `shim/core.cpp` states; the handle is open.
        let steps = unsafe {
            (self.recall)(
                self.bench.handle,
                words_in.as_ptr(),
                (cues.len() / plan.cues) as c_int,
                stall_seed,
                2 * slowest as u64,
                words.as_mut_ptr(),
                count as c_int,
                fields.as_mut_ptr(),
                plan.outputs_used as c_int,
                log.as_mut_ptr(),
                max_steps as c_int,
                times.as_mut_ptr(),
            )
        };
        if steps == SPOKE_IN_RESET {
            return Err(Error::new(ErrorKind::Failed, "the core takes or offers a word while it is reset"));
        }
        if steps < 0 {
            return Err(Error::new(
                ErrorKind::Failed,
                format!("the core did not answer within {} cycles", 2 * slowest),
            ));
        }
        let seen = log.chunks(3).take(steps as usize);
        let mut seen = seen.map(|s| StepCount { cycles: s[0], queued: s[1], fields: s[2] });
        let (mut all, last) = (Vec::new(), cues.len() - 1);
        for (at, words) in words.chunks(each).enumerate() {
            let answer = words::answer(words, plan)?;
            // the steps of a cue are those that its answer says, or the patterns of a list; of the last one, all that are left
            let said = if plan.ranked() { plan.answers() } else { answer.steps as usize };
            let own = if at < last { said } else { max_steps };
            let steps = seen.by_ref().take(own).collect();
            all.push((answer, steps));
        }
        let left = times.split_off(words_in.len());
        let cycles: Vec<Vec<u32>> =
            all.iter().map(|(_, steps): &(_, Vec<StepCount>)| steps.iter().map(|s| s.cycles).collect()).collect();
        let moves = Moves { taken: times, left };
        self.out_of_pace = if stall_seed == 0 { pace::difference(plan, &moves, &cycles) } else { None };
        Ok(all)
    }

    /// Begins to recall a cue, again and again, and resets the core after this many cycles, wherever it is then. `takes`: words of answers are taken.
    pub fn interrupt(&mut self, cue: Cue, after: u64, takes: bool) {
        let words = cue.words(&self.plan).repeat(self.plan.cues);
        // SAFETY: the buffer has the words of as many cues as share a scan, as `shim/core.cpp` states; the handle is open.
        unsafe { (self.interrupt)(self.bench.handle, words.as_ptr(), after, takes.into()) }
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

/// The words of a cue with ones and zeros in turn where its last word, and that of its mask, has bits that the core has no neurons for.
fn with_more(cue: Cue, plan: &Plan, at: usize) -> Vec<u16> {
    let (mut words, above) = (cue.words(plan), !plan.last_word());
    for (part, half) in words.chunks_mut(plan.words()).enumerate() {
        if let (Some(last), true) = (half.last_mut(), (at >> part) & 1 == 1) {
            *last ^= above;
        }
    }
    words
}

const ROW: c_int = 0;
const VALUE: c_int = 4;

/// As `shim/core.cpp` numbers it, and the bank.
fn code(target: Target) -> (c_int, c_int) {
    match target {
        Target::Row(bank) => (ROW, bank as c_int),
        Target::Kernel => (1, 0),
        Target::Threshold => (2, 0),
        Target::Size => (3, 0),
        Target::Value => (VALUE, 0),
        Target::Radius => (5, 0),
    }
}
