//! Cues, and which of their bits are known.

use hopgate_hdl::{Layout, Readout};
use hopgate_model::{
    Error, Result,
    bits::BitMatrix,
    memory::Memory,
    reference::{self, Answer, Mask, Step},
};

/// A packed cue of a memory's neurons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cue<'a> {
    /// Its bits.
    pub bits: &'a [u64],
    /// Those that are known, packed; none where all are.
    pub known: Option<&'a [u64]>,
}

impl<'a> From<&'a [u64]> for Cue<'a> {
    fn from(bits: &'a [u64]) -> Self {
        Cue { bits, known: None }
    }
}

impl<'a> From<&'a Vec<u64>> for Cue<'a> {
    fn from(bits: &'a Vec<u64>) -> Self {
        Cue { bits, known: None }
    }
}

impl<'a> Cue<'a> {
    /// Its mask, as the reference wants it.
    pub fn mask(self) -> Option<Mask<'a>> {
        self.known.map(|known| Mask { known, clamp: false })
    }

    /// The words that a core takes: those of the cue, and where bits can be unknown those of the mask. Neurons that the memory does not have
    /// are one in both.
    pub fn words(self, plan: &Layout) -> Vec<u16> {
        let word = |bits: &[u64], lane: usize| bits.get(lane / 4).map_or(0, |w| (w >> (16 * (lane % 4))) as u16);
        let words = || 0..plan.words();
        let cue = words().map(|l| word(self.bits, l) | plan.unused(l));
        let mask = words().filter(|_| plan.masks);
        cue.chain(mask.map(|l| self.known.map_or(u16::MAX, |known| word(known, l) | plan.unused(l)))).collect()
    }

    /// What the reference answers where the answer comes from there; `seen` is shown the steps of a vote.
    pub fn answer(self, memory: &Memory, readout: Readout, seen: impl FnMut(&[u64], &Step)) -> Answer {
        match readout {
            Readout::Ranked { most, within } => {
                reference::listed(memory, self.bits, self.known, within.unwrap_or(memory.reach()), most)
            }
            Readout::Vote => reference::recall_masked_seen(memory, self.bits, self.mask(), seen),
            Readout::Nearest => reference::nearest_known(memory, self.bits, self.known),
        }
    }
}

/// Cues (Q, N), and which of their bits are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cues<'a> {
    /// The cues.
    pub bits: &'a BitMatrix,
    /// Those bits that are known, (Q, N); none where all are.
    pub known: Option<&'a BitMatrix>,
}

impl<'a> From<&'a BitMatrix> for Cues<'a> {
    fn from(bits: &'a BitMatrix) -> Self {
        Cues { bits, known: None }
    }
}

impl<'a> Cues<'a> {
    /// How many there are.
    pub fn rows(self) -> usize {
        self.bits.rows()
    }

    /// One of them.
    pub fn row(self, cue: usize) -> Cue<'a> {
        Cue { bits: self.bits.row(cue), known: self.known.map(|known| known.row(cue)) }
    }

    /// Refuses unknown bits where a core takes every bit as known.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`](hopgate_model::ErrorKind::Usage).
    pub(crate) fn fit(self, plan: &Layout) -> Result<()> {
        match self.known {
            Some(_) if !plan.masks => {
                Err(Error::usage("bits of the cues are unknown, but the core takes all as known")
                    .hint("a core with `masks` takes the mask of a cue"))
            }
            _ => Ok(()),
        }
    }
}
