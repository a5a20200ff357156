//! Cores side by side, at the ports of their streams: cues come in turns and in part of one, held back and not, some take many more cycles than
//! others, and resets come in the midst of all that. What leaves must be the answers of the reference, in the order of the cues.

use super::Noticed;
use crate::{Library, bench::Axis, words, wrapped};
use hopgate_hdl::Plan;
use hopgate_model::{Result, bits::BitMatrix, memory::Memory};

/// Cycles in which a reset may come, after the first word is offered; one every so many.
const RESETS: [(u64, u64); 2] = [(40, 1), (400, 17)];
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
}

impl Streams {
    pub(super) fn new(plan: &Plan, memory: &Memory, cues: &BitMatrix) -> Streams {
        let cue = |q: usize| crate::cue::Cue::from(cues.row(q));
        let packets = |of: &dyn Fn(usize) -> Vec<u16>| (0..cues.rows()).map(|q| wrapped::packet(&of(q))).collect();
        Streams {
            asked: packets(&|q| cue(q).words(plan)),
            want: packets(&|q| words::expected(memory, cue(q), plan.readout)),
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
        let all = self.asked.len() / self.turn * self.turn;
        for seed in [0, 77, 78, 79] {
            let mut axis = Axis::open(library)?;
            for count in [all, self.turn, self.round, all] {
                // where the turn is not the first core's, the cues are no others
                if let Some(what) = self.exchange(&mut axis, count, seed)? {
                    return Ok(Some((Noticed::Answer, format!("{count} cues, seed {seed}: {what}"))));
                }
            }
        }
        let words: Vec<wrapped::Word> = self.asked[..2 * self.round].concat();
        for (until, every) in RESETS {
            for after in (0..until).step_by(every as usize) {
                let mut axis = Axis::open(library)?;
                axis.begin(&words, (after % 7) as u8, after)?;
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
