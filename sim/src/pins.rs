//! The same cues through a simulated build, at its pins, and through the integer reference.
//!
//! A chip has no ports but its pins: state, steps, converged, nearest pattern and distance are compared. Fields, and the
//! cycles of each step, can be seen in the core alone: see [`mod@crate::cosim`].

use crate::{
    bench::BoardBench,
    chip::Chip,
    compile::Waveform,
    cosim::{CHUNKS, Cost, Disagreement, in_chunks, written},
    cue::{Cue, Cues},
    loading,
};
use hopgate_eda::finished::Finished;
use hopgate_files::trace::Trace;
use hopgate_hdl::Plan;
use hopgate_model::{Error, Result, memory::Memory, progress::Watch, reference::Answer};
use std::path::Path;

/// What came of it.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// What the chip answered.
    pub hardware: Trace,
    /// What the reference answers, without its fields.
    pub software: Trace,
    /// What it took.
    pub cost: Cost,
    /// The first difference, in words.
    pub difference: Option<Disagreement>,
}

impl Outcome {
    /// From the answers of the hardware and of the reference to each cue.
    pub(crate) fn of(answers: Vec<(Answer, Answer)>, memory: &Memory, cost: Cost) -> Self {
        let (hardware, software): (Vec<Answer>, Vec<Answer>) = answers.into_iter().unzip();
        let [hardware, software] = [hardware, software].map(|of| Trace::without_fields(&of, memory.outputs()));
        let difference = hardware.first_difference(&software).map(|d| Disagreement { cue: d.cue, what: d.to_string() });
        Outcome { hardware, software, cost, difference }
    }
}

/// Recalls every row of `queries` at the pins and in the reference. The watch counts cues.
///
/// # Errors
/// [`ErrorKind::Usage`](hopgate_model::ErrorKind::Usage) if the build is of another memory. [`ErrorKind::Failed`](hopgate_model::ErrorKind::Failed) when the chip does not answer, or not in
/// whole bytes; a wrong answer is not an error but part of the result.
pub fn recall<'a>(chip: &Chip, memory: &Memory, queries: impl Into<Cues<'a>>, watch: &dyn Watch) -> Result<Outcome> {
    let queries = queries.into();
    assert_eq!(queries.bits.cols(), memory.neurons());
    chip.origin.must_be_of(memory)?;
    let readout = chip.origin.options.readout;
    let plan = Plan::with(memory, chip.origin.options)?;
    queries.fit(&plan)?;
    let limit = patience(chip, &plan);
    // a load over the line takes longer than many cues: once must do
    let chunks = if plan.spram_lanes > 0 { 1 } else { CHUNKS };
    let (recalled, cost) = in_chunks(queries.rows(), chunks, watch, |cues, done| {
        let mut board = BoardBench::of(chip, None)?;
        let start = board.thread_seconds()?;
        if plan.spram_lanes > 0 {
            let version = hopgate_hdl::blocks::link::version(&plan) as u8;
            loading::load(&mut board, version, memory, chip.uart_divider).map_err(|e| e.at("loading the memory"))?;
        }
        let mut answers = Vec::new();
        for q in cues.clone().step_by(plan.cues) {
            // cues that share a scan go together; the last ones are filled up
            let group: Vec<Cue> = (q..q + plan.cues).map(|q| queries.row(q.min(cues.end - 1))).collect();
            let hardware = all(&mut board, chip, &group, &plan, limit).map_err(|e| e.at(format!("cue {q}")))?;
            for (cue, hardware) in group.into_iter().zip(hardware).take(cues.end - q) {
                let software = cue.answer(memory, readout, |_, _| ());
                answers.push((hardware, Answer { field: Vec::new(), ..software }));
                done()?;
            }
        }
        Ok((answers, Cost { cycles: board.cycles(), seconds: board.thread_seconds()? - start }))
    })?;
    Ok(Outcome::of(recalled, memory, cost))
}

/// Writes the waveform of one cue at the pins, from power-up to its answer. It has every wire of the chip: the file is large.
///
/// # Errors
/// [`ErrorKind::Usage`](hopgate_model::ErrorKind::Usage) where rows are in SPRAM. When the simulation cannot be built, the file not be written, or the chip does not answer (the waveform is written
/// all the same).
pub fn waveform(build: &Finished, like: &Chip, memory: &Memory, cue: Cue, path: &Path) -> Result<()> {
    if like.origin.options.sprams > 0 {
        return Err(Error::usage("a waveform of this build would begin with all of its load: its rows are in SPRAM")
            .hint("leave the waveform out, or give it with `level rtl`"));
    }
    let kind = Waveform::of(path).unwrap_or(Waveform::Vcd);
    let chip = Chip::build(build, like.level, kind)?;
    let temporary = chip.folder().join(format!("cue.{}", kind.ending()));
    let mut board = BoardBench::of(&chip, Some(&temporary))?;
    let plan = Plan::with(memory, chip.origin.options)?;
    let silent = all(&mut board, &chip, &vec![cue; plan.cues], &plan, patience(&chip, &plan)).err();
    drop(board);
    written(&temporary, path)?;
    silent.map_or(Ok(()), Err)
}

/// One recall of each of the cues that share a scan.
fn all(board: &mut BoardBench, chip: &Chip, cues: &[Cue], plan: &Plan, limit: u64) -> Result<Vec<Answer>> {
    let link = chip.origin.link;
    let least = link.answer_bytes(plan);
    let asked: Vec<u8> = cues.iter().flat_map(|&cue| link.cue(cue, plan)).collect();
    // the bench counts from the first byte of the cue on
    let sending = 12 * (chip.uart_divider * asked.len()) as u64;
    let mut bytes = board.exchange(&asked, least * cues.len(), sending + limit * cues.len() as u64)?;
    if let [_, _, ..] = cues {
        return bytes.chunks(least).map(|bytes| link.answer(bytes, plan)).collect();
    }
    // a long frame has a byte more for every 254 without a zero
    while link != crate::protocol::Protocol::Plain && bytes.last() != Some(&0) && bytes.len() < least + least / 254 + 1
    {
        bytes.extend(board.exchange(&[], 1, limit)?);
    }
    Ok(vec![link.answer(&bytes, plan)?])
}

/// How many cycles an answer may take after its cue: twice what the slowest recall takes, and its bytes.
fn patience(chip: &Chip, plan: &Plan) -> u64 {
    let recall = plan.max_steps as usize * plan.step_cycles(plan.patterns) + 8 * (plan.cue_words() + 16);
    let bytes = chip.origin.link.answer_bytes(plan);
    2 * (recall + 12 * chip.uart_divider * (bytes + 2)) as u64
}
