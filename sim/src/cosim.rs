//! The same cues through the simulated hardware and the integer reference.
//!
//! State, steps, converged, nearest pattern, distance and the fields of the last step are compared, the fields of every other step by
//! a digest, and the cycles and queued candidates of every step with what [`hopgate_hdl::cycles`] predicts from the memory alone. Where no
//! stream is held back, every word must move in the cycle that follows from those of the steps.

use crate::{
    bench::{Core, StepCount, digest},
    cue::{Cue, Cues},
    library::Library,
};
use hopgate_files::trace::Trace;
use hopgate_hdl::{Plan, Readout, contents, cycles};
use hopgate_model::{
    Error, ErrorKind, Result,
    memory::Memory,
    progress::{Progress, Watch},
    reference::Answer,
};
use rayon::prelude::*;
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How to run a co-simulation.
#[derive(Debug, Clone, Copy)]
pub struct CosimOptions {
    /// Hold both streams back at random on every other cue, so that the handshake is exercised too.
    pub stalls: bool,
}

impl Default for CosimOptions {
    fn default() -> Self {
        CosimOptions { stalls: true }
    }
}

/// What a co-simulation found.
#[derive(Debug, Clone)]
pub struct Cosim {
    /// What the hardware answered.
    pub hardware: Trace,
    /// What the reference answers.
    pub software: Trace,
    /// Every step of every cue, as the core counted it.
    pub steps: Vec<Vec<StepCount>>,
    /// Clock cycles simulated, and the CPU time of it.
    pub cost: Cost,
    /// The first difference, in words.
    pub difference: Option<Disagreement>,
}

/// Where hardware and reference part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disagreement {
    /// The cue.
    pub cue: usize,
    /// What differs: step, neuron, both values.
    pub what: String,
}

/// What a co-simulation took.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Cost {
    /// Clock cycles simulated.
    pub cycles: u64,
    /// CPU seconds of all threads: the simulation, the reference, and their comparison.
    pub seconds: f64,
}

/// What became of one cue.
struct Recalled {
    /// What is wrong with the cycles and candidates of its steps.
    counted: Option<String>,
    hardware: Answer,
    software: Answer,
    steps: Vec<StepCount>,
}

/// What must be loaded into a core before it holds anything: its own memory, if rows are in SPRAM.
fn to_load(library: &Library) -> Option<&Plan> {
    Some(&library.design.plan).filter(|plan| plan.spram_lanes > 0)
}

/// Recalls every row of `queries` in the simulation and in the reference. The watch
/// counts cues. A core with rows in SPRAM is loaded first.
///
/// # Errors
/// When the simulation hangs; a difference is not an error but part of the result. [`ErrorKind::Interrupted`] if the watch stops it.
pub fn cosim<'a>(
    library: &Library,
    memory: &Memory,
    queries: impl Into<Cues<'a>>,
    options: CosimOptions,
    watch: &dyn Watch,
) -> Result<Cosim> {
    cosim_holding(library, to_load(library), memory, queries, options, watch)
}

/// The same for a memory that is first loaded into the core, laid out by [`Plan::hold`]. What was loaded is read back. A reset that cuts
/// an earlier load short leaves nothing behind.
///
/// # Errors
/// As [`cosim`], and if something else is read back.
pub fn cosim_holding<'a>(
    library: &Library,
    held: Option<&Plan>,
    memory: &Memory,
    queries: impl Into<Cues<'a>>,
    options: CosimOptions,
    watch: &dyn Watch,
) -> Result<Cosim> {
    let plan = held.unwrap_or(&library.design.plan);
    let queries = queries.into();
    assert_eq!(queries.bits.cols(), memory.neurons());
    queries.fit(plan)?;
    compare(library, held, queries, options, watch, &|cue| Expected::of(memory, plan, cue))
}

/// What should become of a cue.
#[derive(Debug, Clone)]
pub(crate) struct Expected {
    /// The answer.
    pub answer: Answer,
    /// Candidates and cycles of every step.
    counts: Vec<(usize, usize)>,
    /// Cycles that the first one takes less, where another cue had the scan that they share.
    scan: usize,
    /// The digest of the fields of every step; none where nothing votes.
    fields: Vec<u32>,
}

impl Expected {
    /// By the reference, and the plan's formulas.
    pub fn of(memory: &Memory, plan: &Plan, cue: Cue) -> Expected {
        if plan.readout != Readout::Vote {
            let counts = cycles::recall_cycles(memory, plan, cue.bits, cue.known);
            return Expected { answer: cue.answer(memory, plan.readout, |_, _| ()), counts, scan: 0, fields: vec![] };
        }
        let (mut counts, mut fields) = (vec![], vec![]);
        let mut steps = cycles::Steps::new(memory, plan);
        let mut last = vec![];
        let answer = cue.answer(memory, plan.readout, |_, step| {
            counts.push(steps.next(&step.distances));
            // where nothing votes, the fields stay what they were
            if !steps.stopped() {
                last.clone_from(&step.field);
            }
            fields.push(digest(&last));
        });
        let answer = if steps.stopped() { Answer { field: last, ..answer } } else { answer };
        Expected { answer, counts, scan: plan.scan_cycles(), fields }
    }

    /// The cycles of all steps. `behind`: of a cue that is not the first of its scan.
    pub fn cycles(&self, behind: bool) -> usize {
        let all: usize = self.counts.iter().map(|&(_, cycles)| cycles).sum();
        all - if behind { self.scan } else { 0 }
    }

    /// What is wrong with the steps that were seen. `behind`: of a cue that is not the first of its scan.
    pub fn steps_differ(&self, seen: &[StepCount], behind: bool) -> Option<String> {
        let mut counts = self.counts.clone();
        if let (true, Some(first)) = (behind, counts.first_mut()) {
            first.1 -= self.scan;
        }
        count_difference(&counts, seen).or_else(|| {
            let i = seen.iter().zip(&self.fields).position(|(s, &fields)| s.fields != fields)?;
            Some(format!("step {}: its fields are not the reference's", i + 1))
        })
    }
}

/// [`cosim_holding`], with what is expected of a cue given.
pub(crate) fn compare(
    library: &Library,
    held: Option<&Plan>,
    queries: Cues,
    options: CosimOptions,
    watch: &dyn Watch,
    expected: &(dyn Fn(Cue) -> Expected + Sync),
) -> Result<Cosim> {
    let (recalled, cost) = in_chunks(queries.rows(), CHUNKS, watch, |cues, done| {
        let mut core = Core::open(library, None)?;
        if let Some(held) = held {
            if cues.start == 0 {
                core.cut_load_short(held)?;
            }
            core.load(held)?;
            check_load(&mut core, held, cues.start as u64)?;
        }
        let (start, before) = (core.thread_seconds()?, core.cycles());
        let first = cues.start as u64;
        let mut recalled = Vec::new();
        let at_once = library.design.plan.cues;
        for q in cues.clone().step_by(at_once) {
            // the last ones are filled up
            let group: Vec<Cue> = (q..q + at_once).map(|q| queries.row(q.min(cues.end - 1))).collect();
            let answers =
                core.recall_all(&group, stall_seed(q / at_once, options)).map_err(|e| e.at(format!("cue {q}")))?;
            let mut out_of_pace = core.out_of_pace().map(str::to_owned);
            for (place, (hardware, steps)) in answers.into_iter().enumerate().take(cues.end - q) {
                let expected = expected(group[place]);
                let counted = expected.steps_differ(&steps, place > 0).or_else(|| out_of_pace.take());
                let software = expected.answer;
                recalled.push(Recalled { counted, hardware, software, steps });
                done()?;
            }
        }
        let cost = Cost { cycles: core.cycles() - before, seconds: core.thread_seconds()? - start };
        if let (Some(held), 0) = (held, first) {
            // recalls leave it alone, and reading it back does not depend on what they left
            check_load(&mut core, held, first)?;
        }
        Ok((recalled, cost))
    })?;
    let (mut hardware, mut software, mut steps, mut counts) = (Vec::new(), Vec::new(), Vec::new(), None);
    for (cue, r) in recalled.into_iter().enumerate() {
        let counted = r.counted.map(|what| Disagreement { cue, what: format!("cue {cue}, {what}") });
        counts = counts.or(counted);
        hardware.push(r.hardware);
        software.push(r.software);
        steps.push(r.steps);
    }
    let outputs = software.first().map_or(queries.bits.cols(), |answer| answer.field.len());
    let hardware = Trace::from_answers(&hardware, outputs);
    let software = Trace::from_answers(&software, outputs);
    let answers = hardware.first_difference(&software).map(|d| Disagreement { cue: d.cue, what: d.to_string() });
    let difference = match (answers, counts) {
        (Some(a), Some(c)) => Some(if c.cue < a.cue { c } else { a }),
        (a, c) => a.or(c),
    };
    Ok(Cosim { hardware, software, steps, cost, difference })
}

/// Reads back what was loaded.
fn check_load(core: &mut Core, held: &Plan, seed: u64) -> Result<()> {
    let read = core.read_back(seed)?;
    for (wanted, read) in contents::writes(held).iter().zip(&read) {
        // bits above the last neuron are not stored
        let last = if held.wide() { 0 } else { held.neurons % 16 };
        let mut wanted = wanted.clone();
        if let (contents::Target::Row(_), true, Some(word)) = (wanted.target, last > 0, wanted.words.last_mut()) {
            *word &= (1 << last) - 1;
        }
        if wanted != *read {
            let what = format!("{wanted:x?} was written, but {read:x?} is read back");
            return Err(Error::new(ErrorKind::Failed, what));
        }
    }
    Ok(())
}

/// Into how many parts cues are cut, as a rule.
pub(crate) const CHUNKS: usize = 8;

/// Recalls cues on all cores, in a fixed number of chunks, each with an instance of its own out of reset: what a cue meets
/// does not depend on the number of threads. `chunk` is given its cues and what to call after each; it returns their
/// results and what they took.
pub(crate) fn in_chunks<T: Send>(
    cues: usize,
    chunks: usize,
    watch: &dyn Watch,
    chunk: impl Fn(Range<usize>, &(dyn Fn() -> Result<()> + Sync)) -> Result<(Vec<T>, Cost)> + Sync,
) -> Result<(Vec<T>, Cost)> {
    let size = cues.div_ceil(chunks).max(1);
    let done = AtomicUsize::new(0);
    let tick = || {
        watch.at(Progress::of(done.fetch_add(1, Ordering::Relaxed) + 1, cues));
        watch.go_on()
    };
    let all: Vec<(Vec<T>, Cost)> = (0..cues.div_ceil(size))
        .into_par_iter()
        .map(|c| chunk(c * size..((c + 1) * size).min(cues), &tick))
        .collect::<Result<_>>()?;
    let sum = |a: Cost, b: &Cost| Cost { cycles: a.cycles + b.cycles, seconds: a.seconds + b.seconds };
    let cost = all.iter().map(|c| &c.1).fold(Cost::default(), sum);
    Ok((all.into_iter().flat_map(|c| c.0).collect(), cost))
}

pub(crate) fn stall_seed(cue: usize, options: CosimOptions) -> u64 {
    if options.stalls && cue % 2 == 1 { 0x9e37_79b9_7f4a_7c15u64.wrapping_mul(cue as u64 + 1) | 1 } else { 0 }
}

/// Whether the steps took the cycles, and queued the candidates, that the plan predicts.
fn count_difference(expected: &[(usize, usize)], seen: &[StepCount]) -> Option<String> {
    if seen.len() != expected.len() {
        return Some(format!("{} steps were seen to end, but {} should", seen.len(), expected.len()));
    }
    seen.iter().zip(expected).enumerate().find_map(|(i, (s, &(queued, cycles)))| {
        if s.queued as usize != queued {
            return Some(format!("step {}: {} candidates are queued, but should be {queued}", i + 1, s.queued));
        }
        (s.cycles as usize != cycles)
            .then(|| format!("step {}: it took {} cycles, but should take {cycles}", i + 1, s.cycles))
    })
}

/// Writes the waveform of one cue, from reset to its answer.
///
/// # Errors
/// When the simulation cannot be built, or the file not be written.
pub fn waveform<'a>(
    library: &Library,
    queries: impl Into<Cues<'a>>,
    cue: usize,
    options: CosimOptions,
    path: &Path,
) -> Result<()> {
    let queries = queries.into();
    queries.fit(&library.design.plan)?;
    let (traced, temporary) = library.traced(path)?;
    let mut core = Core::open(&traced, Some(&temporary))?;
    if let Some(held) = to_load(library) {
        core.load(held)?;
    }
    // a recall that hangs is worth a waveform too
    let hung = core.recall(queries.row(cue), stall_seed(cue, options)).err();
    drop(core);
    written(&temporary, path)?;
    hung.map_or(Ok(()), Err)
}

/// Takes a waveform from where the simulation wrote it to where it belongs.
pub(crate) fn written(temporary: &Path, path: &Path) -> Result<()> {
    let bytes = std::fs::read(temporary).map_err(|e| Error::io("read", temporary, e))?;
    if bytes.is_empty() {
        return Err(Error::new(ErrorKind::Failed, "the simulation wrote an empty waveform"));
    }
    hopgate_files::atomic::write(path, &bytes)
}
