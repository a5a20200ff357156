//! Cores side by side, at the ports of their streams: cues come in turns and in part of one, held back and not, in packets that are whole, too short
//! and too long, some take many more cycles than others, and resets come in the midst of all that. What leaves must be the answers of the reference,
//! in the order of the cues.

use super::Noticed;
use crate::{
    Library,
    bench::Axis,
    cosim::Expected,
    cue::{Cue, Cues},
    words, wrapped,
};
use hopgate_hdl::{Plan, blocks::edge::reset::FLUSH};
use hopgate_model::{Result, bits::words_for, memory::Memory};

/// Cycles in which a reset may come, after the first word is offered; one every so many.
const RESETS: [(u64, u64); 2] = [(40, 1), (400, 17)];
/// Cycles of a reset.
const RESET: u64 = 4;
/// Turns of all cores that tell most mutants.
const FIRST: usize = 3;
/// Words that the longest packet has too many.
const TOO_MANY: usize = 3;
/// What they are.
const NO_WORD: u16 = 0xbeef;
/// Cycles from the end of a reset to the first one in which a word is taken: those for the pipelines, and one in which a ring learns that it has room.
const UNTIL_READY: u64 = FLUSH as u64 + 1;
/// Turns of a core that a ring has room for.
const TURNS: usize = 4;
/// Words behind an answer.
const INFO: usize = words::INFO;

/// Packets of cues, and those of their answers.
#[derive(Debug)]
struct Packets {
    asked: Vec<Vec<wrapped::Word>>,
    want: Vec<Vec<wrapped::Word>>,
}

/// What streams are asked.
#[derive(Debug)]
pub(super) struct Streams {
    /// A cue in each.
    whole: Packets,
    /// Of every length from one word to [`TOO_MANY`] more than a cue has, in turn.
    odd: Packets,
    /// Cues of a core's turn, and of a turn of all.
    turn: usize,
    round: usize,
    patience: u64,
    /// Cycles that one core has at least for whole turns of all cues: several have fewer.
    alone: u64,
    /// Words of cues that are taken at least where nobody takes an answer.
    room: usize,
}

impl Packets {
    /// `length` of the packet of a cue. One that is too short is completed with zeros, and a mask with ones; what is too long is dropped.
    fn of(plan: &Plan, memory: &Memory, cues: Cues, length: impl Fn(usize) -> usize) -> Packets {
        let (lanes, all) = (plan.words(), plan.cue_words());
        let one = |q: usize| {
            let mut sent = cues.row(q).words(plan);
            sent.resize(length(q), NO_WORD);
            let mut meant = sent.clone();
            meant.truncate(all);
            meant.resize(lanes.max(meant.len()), 0);
            meant.resize(all, u16::MAX);
            let (bits, mask) = meant.split_at(lanes);
            let (bits, mask) = (packed(bits, plan.neurons), packed(mask, plan.neurons));
            let cue = Cue { bits: &bits, known: plan.masks.then_some(&mask[..]) };
            (wrapped::packet(&sent), wrapped::packet(&words::expected(memory, cue, plan.readout)))
        };
        let (asked, want) = (0..cues.rows()).map(one).unzip();
        Packets { asked, want }
    }
}

/// The bits of so many neurons.
fn packed(words: &[u16], neurons: usize) -> Vec<u64> {
    let mut bits = vec![0; words_for(neurons)];
    let set = |i: usize| words.get(i / 16).is_some_and(|word| word >> (i % 16) & 1 == 1);
    (0..neurons).filter(|&i| set(i)).for_each(|i| bits[i / 64] |= 1 << (i % 64));
    bits
}

/// Words of cues that several cores take where no answer leaves: as many turns as a ring has room for whose answers wait there, one that a core is at, and
/// those of another ring. One word less than it has places is taken for sure, and the first core whose ring is full keeps the others.
fn room(plan: &Plan) -> usize {
    let [cue, answer] = [plan.cues * plan.cue_words(), plan.cues * (plan.answer_words() + INFO)];
    let ring = |turn: usize| (TURNS * turn).next_power_of_two() - 1;
    plan.cores * (ring(answer) / answer + 1 + ring(cue) / cue) * cue
}

impl Streams {
    pub(super) fn new(plan: &Plan, memory: &Memory, cues: Cues) -> Streams {
        let words = plan.cue_words();
        let one = |q: usize| Expected::of(memory, plan, cues.row(q)).cycles(!q.is_multiple_of(plan.cues)) as u64;
        Streams {
            whole: Packets::of(plan, memory, cues, |_| words),
            odd: Packets::of(plan, memory, cues, |q| 1 + q % (words + TOO_MANY)),
            turn: plan.cues,
            round: plan.cues * plan.cores,
            patience: wrapped::patience(plan),
            room: room(plan),
            alone: (0..cues.rows() / plan.cues * plan.cues).map(one).sum(),
        }
    }

    /// Whether the streams of a simulation say anything else, or nothing.
    pub(super) fn noticed(&self, library: &Library, at_once: bool) -> Option<(Noticed, String)> {
        self.asked(library, at_once).unwrap_or_else(|error| Some((Noticed::Hangs, error.to_string())))
    }

    fn asked(&self, library: &Library, at_once: bool) -> Result<Option<(Noticed, String)>> {
        let (whole, odd) = (&self.whole, &self.odd);
        let first = self.first(library)?;
        if at_once || first.is_some() {
            return Ok(first.map(|what| (Noticed::Answer, what)));
        }
        for look in [Self::slow, Self::close, Self::late] {
            if let Some(what) = look(self, library)? {
                return Ok(Some((Noticed::Count, what)));
            }
        }
        // whole rounds, and the beginning of one: the same instance goes on with the turn that comes
        let all = whole.asked.len() / self.turn * self.turn;
        for seed in [0, 77, 78, 79] {
            let mut axis = Axis::open(library)?;
            for (packets, count) in [(whole, all), (odd, self.turn), (whole, self.round), (odd, all), (whole, all)] {
                // where the turn is not the first core's, the cues are no others
                if let Some(what) = self.exchange(&mut axis, packets, count, seed)? {
                    return Ok(Some((Noticed::Answer, format!("{count} cues, seed {seed}: {what}"))));
                }
            }
        }
        for packets in [whole, odd] {
            if let Some(what) = self.resets(library, packets)? {
                return Ok(Some((Noticed::Reset, what)));
            }
        }
        Ok(None)
    }

    /// What is wrong with what tells most mutants: the first packets, and some of every length.
    fn first(&self, library: &Library) -> Result<Option<String>> {
        let mut axis = Axis::open(library)?;
        for (packets, what) in [(&self.whole, "packets"), (&self.odd, "packets of every length")] {
            if let Some(wrong) = self.exchange(&mut axis, packets, FIRST * self.round, 0)? {
                return Ok(Some(format!("{what}: {wrong}")));
            }
        }
        Ok(None)
    }

    /// Whether all cues take as many cycles as they would in one core: then a core that has nothing to do is not missed in the answers.
    fn slow(&self, library: &Library) -> Result<Option<String>> {
        let mut axis = Axis::open(library)?;
        let all = self.whole.asked.len() / self.turn * self.turn;
        let before = axis.cycles();
        let wrong = self.exchange(&mut axis, &self.whole, all, 0)?;
        let took = axis.cycles() - before;
        let alone = self.alone;
        Ok(wrong.or((took >= alone).then(|| format!("{all} cues took {took} cycles, and one core would take {alone}"))))
    }

    /// Whether there is less room than rings should have.
    fn close(&self, library: &Library) -> Result<Option<String>> {
        let mut axis = Axis::open(library)?;
        let words = self.whole.asked.concat();
        let taken = axis.begin(&words, 0, self.patience * (self.room / self.whole.asked[0].len()) as u64)?;
        Ok((taken < self.room).then(|| format!("{taken} words are taken while no answer is, not {}", self.room)))
    }

    /// Whether words are taken sooner behind a reset than the pipelines are empty, or later.
    fn late(&self, library: &Library) -> Result<Option<String>> {
        let mut axis = Axis::open(library)?;
        let first = axis.until_ready(2 * UNTIL_READY)?;
        axis.begin(&self.whole.asked[0], 0, self.patience)?;
        axis.reset(RESET)?;
        let wrong = [first, axis.until_ready(2 * UNTIL_READY)?].into_iter().find(|&cycles| cycles != UNTIL_READY);
        Ok(wrong.map(|cycles| format!("words are taken {cycles} cycles behind a reset, not {UNTIL_READY}")))
    }

    /// What is wrong behind a reset in the midst of these packets: first with packets of every length, as few as are a turn of all, then with whole ones.
    fn resets(&self, library: &Library, packets: &Packets) -> Result<Option<String>> {
        let words: Vec<wrapped::Word> = packets.asked[..2 * self.round].concat();
        for (until, every) in RESETS {
            for after in (0..until).step_by(every as usize) {
                let mut axis = Axis::open(library)?;
                axis.begin(&words, (after % 7) as u8, after)?;
                axis.reset(RESET)?;
                for (packets, count) in [(&self.odd, self.round), (&self.whole, self.round + self.turn)] {
                    let what = self.exchange(&mut axis, packets, count, 0);
                    if let Some(what) = what.unwrap_or_else(|error| Some(error.to_string())) {
                        return Ok(Some(format!("a reset in cycle {after}: {what}")));
                    }
                }
            }
        }
        Ok(None)
    }

    /// The first of these packets, and what is wrong with their answers.
    fn exchange(&self, axis: &mut Axis, packets: &Packets, count: usize, seed: u64) -> Result<Option<String>> {
        let count = count.min(packets.asked.len());
        let want = packets.want[..count].concat();
        let got = axis.exchange(&packets.asked[..count].concat(), want.len(), seed, self.patience * count as u64)?;
        let at = got.iter().zip(&want).position(|(got, want)| got != want);
        Ok(at.map(|at| format!("word {at} is {:04x?}, not {:04x?}", got[at], want[at])))
    }
}
