//! Cores side by side, at the ports of their streams: cues come in turns and in part of one, held back and not, in packets too short and too long
//! among others, some take many more cycles than others, and resets come in the midst of all that. What leaves must be the answers of the
//! reference, in the order of the cues, and sooner than one core could say them.

use super::Noticed;
use crate::{Library, bench::Axis, words, wrapped};
use hopgate_hdl::{Plan, cycles, layout::LANE};
use hopgate_model::{Result, bits::BitMatrix, memory::Memory};

/// Cycles in which a reset may come, after the first word is offered; one every so many; and how many words of answers are taken by then.
const RESETS: [(u64, u64, u8); 2] = [(40, 2, 1), (1300, 61, 200)];
/// Cycles of a reset.
const RESET: u64 = 4;
/// Turns of all cores that tell most mutants.
const FIRST: usize = 3;

/// The words of cues, and those of their answers.
#[derive(Debug)]
pub(super) struct Streams {
    asked: Vec<Vec<wrapped::Word>>,
    want: Vec<Vec<wrapped::Word>>,
    /// Cues of a core's turn, and of a turn of all.
    turn: usize,
    round: usize,
    patience: u64,
    /// Fewer cycles than this one core needs for all; none where cues share scans.
    alone: Option<u64>,
}

/// Which packets end before their cue does: the rest of the cue is zeros.
fn short(q: usize) -> bool {
    q % 4 == 1
}

/// Which packets go on behind their cue.
fn long(q: usize) -> bool {
    q % 4 == 3
}

impl Streams {
    pub(super) fn new(plan: &Plan, memory: &Memory, cues: &BitMatrix) -> Streams {
        let cues = BitMatrix::from_fn(cues.rows(), cues.cols(), |q, i| cues.get(q, i) && !(short(q) && i >= LANE));
        let cue = |q: usize| crate::cue::Cue::from(cues.row(q));
        let packet = |q: usize| {
            let mut words = cue(q).words(plan);
            if short(q) {
                words.truncate(1);
            } else if long(q) {
                words.extend([0xbeef, 0x1234]);
            }
            wrapped::packet(&words)
        };
        let all = 0..cues.rows() / plan.cues * plan.cues;
        let of = |q: usize| {
            cycles::recall_cycles(memory, plan, cue(q).bits, None).iter().map(|step| step.1 as u64).sum::<u64>()
        };
        Streams {
            asked: all.clone().map(packet).collect(),
            want: all.clone().map(|q| wrapped::packet(&words::expected(memory, cue(q), plan.readout))).collect(),
            alone: (plan.cues == 1).then(|| all.map(of).sum()),
            turn: plan.cues,
            round: plan.cues * plan.cores,
            patience: wrapped::patience(plan),
        }
    }

    /// Whether the streams of a simulation say anything else, or nothing.
    pub(super) fn noticed(&self, library: &Library, at_once: bool) -> Option<(Noticed, String)> {
        self.asked(library, at_once).unwrap_or_else(|error| Some((Noticed::Hangs, error.to_string())))
    }

    fn asked(&self, library: &Library, at_once: bool) -> Result<Option<(Noticed, String)>> {
        let first = self.exchange(&mut Axis::open(library)?, FIRST * self.round, 0)?;
        if at_once || first.is_some() {
            return Ok(first.map(|what| (Noticed::Answer, what)));
        }
        // whole rounds, and the beginning of one: the same instance goes on with the turn that comes
        let all = self.asked.len();
        let mut axis = Axis::open(library)?;
        if let Some(what) = self.exchange(&mut axis, all, 0)? {
            return Ok(Some((Noticed::Answer, format!("all cues: {what}"))));
        }
        if let Some(alone) = self.alone.filter(|&alone| axis.cycles() > alone * 3 / 4) {
            let what = format!("{} cycles for all cues, where one core takes {alone}", axis.cycles());
            return Ok(Some((Noticed::Count, what)));
        }
        for seed in [0, 77, 78] {
            let mut axis = Axis::open(library)?;
            for count in [all, self.turn, self.round, all] {
                // where the turn is not the first core's, the cues are no others
                if let Some(what) = self.exchange(&mut axis, count, seed)? {
                    return Ok(Some((Noticed::Answer, format!("{count} cues, seed {seed}: {what}"))));
                }
            }
        }
        let words: Vec<wrapped::Word> = self.asked[..2 * self.round].concat();
        for (until, every, take) in RESETS {
            for after in (0..until).step_by(every as usize) {
                let mut axis = Axis::open(library)?;
                axis.begin(&words, take, after)?;
                axis.reset(RESET)?;
                let what = self.exchange(&mut axis, self.round + self.turn, 0);
                if let Some(what) = what.unwrap_or_else(|error| Some(error.to_string())) {
                    return Ok(Some((Noticed::Reset, format!("a reset in cycle {after}: {what}"))));
                }
            }
        }
        Ok(None)
    }

    /// The first cues, and what is wrong with their answers.
    fn exchange(&self, axis: &mut Axis, count: usize, seed: u64) -> Result<Option<String>> {
        let count = count.min(self.asked.len());
        let want = self.want[..count].concat();
        let got = axis.exchange(&self.asked[..count].concat(), want.len(), seed, self.patience * count as u64)?;
        let at = got.iter().zip(&want).position(|(got, want)| got != want);
        Ok(at.map(|at| format!("word {at} is {:04x?}, not {:04x?}", got[at], want[at])))
    }
}
