//! Ties between patterns, where any decoder has to guess.

use hopgate_model::{
    bits::{BitMatrix, hamming},
    engine::Engine,
    memory::Memory,
};
use hopgate_train::recall_float::nearest_recall;

/// Cues whose own pattern is nearest, but not alone: there the best decoder guesses. And how many of them are answered
/// exactly.
#[derive(Clone, Copy, Default)]
pub struct Ties {
    pub cues: u64,
    pub nearest: u64,
    pub one: u64,
}

impl Ties {
    pub fn of(patterns: &BitMatrix, cues: &BitMatrix, one: &Memory) -> Self {
        let engine = Engine::new(one);
        let mut scratch = engine.scratch();
        let mut ties = Ties::default();
        for q in 0..cues.rows() {
            let (cue, own) = (cues.row(q), q % patterns.rows());
            let d: Vec<u32> = (0..patterns.rows()).map(|mu| hamming(cue, patterns.row(mu))).collect();
            let alike = d.iter().filter(|&&x| x == d[own]).count();
            if alike == 1 || d.iter().any(|&x| x < d[own]) {
                continue;
            }
            ties.cues += 1;
            ties.nearest += u64::from(nearest_recall(patterns, cue).0 == own);
            engine.recall(cue, &mut scratch);
            ties.one += u64::from(scratch.state() == patterns.row(own));
        }
        ties
    }

    pub fn plus(self, other: Self) -> Self {
        let (cues, nearest) = (self.cues + other.cues, self.nearest + other.nearest);
        Ties { cues, nearest, one: self.one + other.one }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::free_memory, *};

    #[test]
    fn ties_by_hand() {
        // 000 and 011: the cue 001 is one bit from both, 000 and 111 from one alone
        let patterns = BitMatrix::from_fn(2, 3, |mu, i| mu == 1 && i < 2);
        let memory = free_memory(&patterns, 0.5).unwrap();
        let cues = BitMatrix::from_fn(4, 3, |q, i| {
            [[false; 3], [true, true, true], [true, false, false], [true, false, false]][q][i]
        });
        let ties = Ties::of(&patterns, &cues, &memory);
        // the vote sets both bits in doubt: it answers 011 to either
        assert_eq!((ties.cues, ties.nearest, ties.one), (2, 1, 1));
    }
}
