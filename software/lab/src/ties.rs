//! A column that leaves ties.
//!
//! Where two patterns are equally near to a state, their votes cancel on every bit in which they differ, and the answer mixes the
//! two: often a state that is as far from one as from the other, in which the recall stays. Nearer patterns cannot help: those
//! that agree with the mixture confirm it. **Far patterns can.** They mostly disagree with the state, so a vote of the far ones
//! moves the bits in doubt, and moves them anew in every step, until one of the two is nearer. From then on the nearest alone
//! decides, since all far votes together weigh less than its own.
//!
//! The column is `W[0] = 2^kernel_bits - 1`, zeros, and small entries far out. Which, is searched for on cues with a tie: first a window
//! of ones, then changes of a few entries that do not recall less, as long as every stored pattern stands still and cues
//! without a tie are answered as before.

use hopgate_model::{
    Result,
    bits::{BitMatrix, bit, hamming},
    engine::{Engine, Scratch},
    kernel::KernelMode,
    memory::{DEFAULT_MAX_STEPS, Memory, Parts},
    noise::{self, Purpose, Seed},
};
use hopgate_train::scoring::exact;
use std::ops::Range;

/// Entries that are tried far out.
const ENTRIES: [u32; 4] = [0, 1, 2, 4];
/// Starts of the windows of ones are so far apart.
const WINDOW_STEP: usize = 4;
/// A column that is so many answers behind on the first so many ties is not tried on the others.
const FIRST_TIES: usize = 1500;
const FAR_BEHIND: usize = 8;
/// Rounds of cues, one for each pattern, in which nothing may get worse.
const GUARD_ROUNDS: u64 = 10;
/// Rounds of cues that are looked through for ties.
const MOST_ROUNDS: u64 = 1000;

/// How to search.
#[derive(Debug, Clone, PartialEq)]
pub struct TieOptions {
    /// The flip probability of the cues.
    pub noise: f64,
    /// Bits of a kernel entry, 4..=16.
    pub kernel_bits: u32,
    /// The most steps of a recall.
    pub max_steps: u32,
    /// Cues with a tie to search with.
    pub ties: usize,
    /// Searches from the best window on: they end in different columns, and the best one stays.
    pub starts: usize,
    /// Columns to try in each.
    pub trials: usize,
    /// The seed of cues and columns.
    pub seed: u64,
}

impl TieOptions {
    /// Cues with this flip probability, with every default: 8-bit columns, 30 steps, 6000 cues, 5 searches of 1000 columns.
    pub fn new(noise: f64) -> Self {
        TieOptions { noise, kernel_bits: 8, max_steps: DEFAULT_MAX_STEPS, ties: 6000, starts: 5, trials: 1000, seed: 1 }
    }
}

/// What the search found.
#[derive(Debug, Clone)]
pub struct TieBreaker {
    /// The memory: one plane, the patterns, and the column.
    pub memory: Memory,
    /// Cues with a tie that the search had.
    pub ties: usize,
    /// How many of them the memory answers exactly.
    pub exact: usize,
    /// How many of them a memory in which only the nearest votes answers exactly.
    pub alone: usize,
}

/// Searches a column for one plane that is the patterns, with a normalised kernel. The same options give the same memory,
/// whatever the number of threads. Where the cues have no ties, only the nearest pattern votes.
///
/// # Errors
/// Whatever [`Memory::new`] says about the patterns and options.
///
/// ```
/// use hopgate_lab::ties::{break_ties, TieOptions};
/// // 64 of the 128 words of seven bits with an even number of ones: every neighbour is two bits away
/// let patterns = hopgate_model::bits::BitMatrix::from_fn(64, 7, |mu, i| {
///     if i < 6 { mu >> i & 1 == 1 } else { mu.count_ones() % 2 == 1 }
/// });
/// let found = break_ties(&patterns, &TieOptions { ties: 300, starts: 1, trials: 50, ..TieOptions::new(0.1) })?;
/// assert!(found.exact >= found.alone && found.memory.top_plane_is_pattern());
/// # Ok::<(), hopgate_model::Error>(())
/// ```
pub fn break_ties(patterns: &BitMatrix, options: &TieOptions) -> Result<TieBreaker> {
    let n = patterns.cols();
    let seed = Seed::from(options.seed);
    let ties = tied_cues(patterns, options, seed);
    let first = ties.len().min(FIRST_TIES);
    let right = |memory: &Memory, places: Range<usize>| {
        let cues = BitMatrix::from_fn(places.len(), n, |q, i| bit(&ties[places.start + q].0, i));
        let right = |q: usize, _, scratch: &Scratch| scratch.state() == patterns.row(ties[places.start + q].1);
        Engine::new(memory).each(&cues, right).into_iter().filter(|&r| r).count()
    };
    let count = GUARD_ROUNDS as usize * patterns.rows();
    let guard = noise::cues(patterns, count, options.noise, seed.of(Purpose::TieGuard, 0));
    let count = |memory: &Memory, cues: &BitMatrix| exact(memory, cues).iter().filter(|&&a| a).count();

    let mut column = vec![0u32; n + 1];
    column[0] = ((1u64 << options.kernel_bits.min(31)) - 1) as u32;
    let memory = memory_with(patterns, &column, options)?;
    let (guarded, still) = (count(&memory, &guard), count(&memory, patterns));
    let of_first = right(&memory, 0..first);
    let alone = Found { of_first, all: of_first + right(&memory, first..ties.len()), column, memory };
    // the better one of a memory and another column
    let better = |found: Found, column: Vec<u32>| -> Result<Found> {
        let memory = memory_with(patterns, &column, options)?;
        let of_first = right(&memory, 0..first);
        if of_first + FAR_BEHIND < found.of_first {
            return Ok(found);
        }
        let all = of_first + right(&memory, first..ties.len());
        let worse = all < found.all || count(&memory, patterns) < still || count(&memory, &guard) < guarded;
        Ok(if worse { found } else { Found { of_first, all, column, memory } })
    };
    let mut window = alone.clone();
    let windows = (2..=n / 2).step_by(WINDOW_STEP).filter(|_| !ties.is_empty());
    for (from, width) in windows.flat_map(|from| [WINDOW_STEP, 2 * WINDOW_STEP, n].map(|width| (from, width))) {
        let mut column = alone.column.clone();
        column[from..n.min(from + width)].fill(1);
        window = better(window, column)?;
    }
    let mut best = window.clone();
    for start in (0..options.starts).filter(|_| !ties.is_empty()) {
        let mut rng = noise::rng(seed.of(Purpose::TieColumns, start as u64), 41);
        let mut draw = |bound: usize| noise::below(&mut rng, bound as u64) as usize;
        let mut found = window.clone();
        for _ in 0..options.trials {
            let mut column = found.column.clone();
            for _ in 0..1 + draw(2) {
                let (from, width) = (1 + draw(n * 5 / 8 + 1), [1, 1, 2, 4][draw(4)]);
                column[from.min(n)..(from + width).min(n + 1)].fill(ENTRIES[draw(ENTRIES.len())]);
            }
            if column != found.column {
                found = better(found, column)?;
            }
        }
        if found.all > best.all {
            best = found;
        }
    }
    Ok(TieBreaker { memory: best.memory, ties: ties.len(), exact: best.all, alone: alone.all })
}

/// A column and the ties that it answers exactly.
#[derive(Clone)]
struct Found {
    column: Vec<u32>,
    memory: Memory,
    of_first: usize,
    all: usize,
}

fn memory_with(patterns: &BitMatrix, column: &[u32], options: &TieOptions) -> Result<Memory> {
    Memory::new(Parts {
        planes: vec![patterns.clone()],
        kernel: vec![column.to_vec()],
        kernel_bits: options.kernel_bits,
        kernel_mode: KernelMode::Normalised,
        max_steps: options.max_steps,
        scheme: "ties".to_owned(),
        ..Parts::of(patterns.clone())
    })
}

/// Cues whose own pattern is nearest, but not alone, each with that pattern.
fn tied_cues(patterns: &BitMatrix, options: &TieOptions, seed: Seed) -> Vec<(Vec<u64>, usize)> {
    let mut ties = Vec::new();
    for round in 0..MOST_ROUNDS {
        let cues = noise::cues(patterns, patterns.rows(), options.noise, seed.of(Purpose::Ties, round));
        for own in 0..cues.rows() {
            let distance = |mu: usize| hamming(cues.row(own), patterns.row(mu));
            let d = distance(own);
            let others = || (0..patterns.rows()).filter(|&mu| mu != own).map(distance);
            let alike = others().all(|other| other >= d) && others().any(|other| other == d);
            if alike {
                ties.push((cues.row(own).to_vec(), own));
            }
        }
        // enough, or so rare that they do not matter
        if ties.len() >= options.ties || (round >= 20 && ties.len() < round as usize) {
            break;
        }
    }
    ties.truncate(options.ties);
    ties
}

#[cfg(test)]
mod tests {
    use super::*;
    use hopgate_files::patterns;

    #[test]
    fn tied_cues_are_tied() {
        let patterns = patterns::load("digits").unwrap().bits;
        let ties = tied_cues(&patterns, &TieOptions { ties: 100, ..TieOptions::new(0.1) }, 3.into());
        assert_eq!(ties.len(), 100);
        for (cue, own) in ties {
            let d: Vec<u32> = (0..patterns.rows()).map(|mu| hamming(&cue, patterns.row(mu))).collect();
            let least = *d.iter().min().unwrap();
            assert!(d[own] == least && d.iter().filter(|&&x| x == least).count() > 1);
        }
        // patterns that are far apart have none
        assert!(tied_cues(&noise::random(10, 200, 1), &TieOptions::new(0.02), 3.into()).is_empty());
    }

    #[test]
    fn far_votes_leave_ties() {
        let patterns = patterns::load("digits").unwrap().bits;
        let options = TieOptions { ties: 400, starts: 2, trials: 40, ..TieOptions::new(0.1) };
        let found = break_ties(&patterns, &options).unwrap();
        assert!(found.exact > found.alone + 12, "{} of {}, {} before", found.exact, found.ties, found.alone);
        assert!(exact(&found.memory, &patterns).iter().all(|&still| still));
        let again = break_ties(&patterns, &options).unwrap();
        assert_eq!(again.memory.kernel(), found.memory.kernel());
        // other cues than those of the search
        let alone = memory_with(&patterns, &[vec![255], vec![0; 64]].concat(), &options).unwrap();
        let cues = noise::cues(&patterns, 40 * 192, 0.1, 99);
        let count = |m: &Memory| exact(m, &cues).iter().filter(|&&a| a).count();
        assert!(count(&found.memory) > count(&alone), "{} and {}", count(&found.memory), count(&alone));
    }
}
