//! What the parts of a core cost: block RAMs exactly, logic cells by coefficients of the family.

use crate::family::{Aspect, Family};
use serde::Deserialize;

/// Logic cells of the parts of a core, fitted to measured builds: a family's file has them, and says how.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Coefficients {
    /// Row XOR state and popcount, of a neuron and a bank.
    pub per_pick: f64,
    /// State and compare of a neuron.
    pub per_neuron: f64,
    /// One adder cell per accumulator bit.
    pub per_accumulator_bit: f64,
    /// How many bits of an adder come together: those of an ECP5 in pairs.
    pub carry: u64,
    /// What an accumulator takes beside its bits.
    pub per_accumulator: f64,
    /// Where values are apart from the keys: row XOR state and popcount, of a neuron and a bank.
    pub per_compare: f64,
    /// State of a neuron.
    pub per_held: f64,
    /// What the control of such a core takes more than others: as a rule, less than nothing.
    pub single: f64,
    /// Who is enabled, of an output.
    pub per_voter: f64,
    /// Of classes: each bit of an accumulator that is shown in turn.
    pub per_shown_bit: f64,
    /// Each bit of the greatest sum, its lead and the margin.
    pub per_rank_sum_bit: f64,
    /// Each bit of a class's number.
    pub per_class_bit: f64,
    /// Where several banks or lanes enable an accumulator: what joins them.
    pub per_joined: f64,
    /// Where bits of a cue can be unknown: what the mask takes beside a cell for each bit of a word of the cue.
    pub masks: f64,
    /// STORE and FORGET, with the radius.
    pub learning: f64,
    /// Besides, where there are classes: which of them are near.
    pub learning_classes: f64,
    /// And where unknown cues are stored: the block that finds a free class.
    pub census: f64,
    /// What tells whether any is, where a recall may have several steps.
    pub partial: f64,
    /// Each bit of an adder of the tree that sums the lanes.
    pub per_tree_bit: f64,
    /// Each bit that is chosen from two ranks of block RAM (or one more pair of them).
    pub per_rank_bit: f64,
    /// The filter and the queue of a bank.
    pub queue: f64,
    /// A list of the nearest patterns, beside its queue.
    pub list: f64,
    /// Each bit of an entry of the queue: what points at it.
    pub per_list_bit: f64,
    /// Each bit of a class that comes with a pattern of it.
    pub per_list_class_bit: f64,
    /// Later steps that look at the row that was nearest, and a queue that begins anew with a lower minimum.
    pub later: f64,
    /// Each further cue that shares a scan, beside its state, popcounts and queues: its minimum, and what chooses among them.
    pub per_cue: f64,
    /// Each bit of the operand and the threshold.
    pub per_vote_bit: f64,
    /// Each bit of a pattern's number: addresses, counters.
    pub per_index_bit: f64,
    /// Several planes: which one's turn it is, where its rows begin.
    pub planes: f64,
    /// Shared accumulators: which slot's turn it is, wiping them.
    pub fold: f64,
    /// Where rows are read in beats: which beat it is, in RAM and streams.
    pub beats: f64,
    /// Each bit of its number.
    pub per_beat_bit: f64,
    /// Each bit of the sum over the beats of a row, of a bank.
    pub per_sum_bit: f64,
    /// Each bit of the place of a row's first word.
    pub per_place_bit: f64,
    /// What a folded core that cannot be loaded takes more than others: as a rule, less than nothing.
    pub lean: f64,
    /// What a vote takes beside its bits.
    pub vote: f64,
    /// Phases, minimum, streams, UART, reset, LEDs.
    pub control: f64,
    /// The framed link instead of the plain one, and what it takes more for a lane.
    pub framed: f64,
    /// See [`Coefficients::framed`].
    pub per_framed_lane: f64,
    /// Loading another memory, and what it takes more for a lane.
    pub loadable: f64,
    /// See [`Coefficients::loadable`].
    pub per_loadable_lane: f64,
    /// The self-test.
    pub self_test: f64,
}

impl Coefficients {
    /// What [`crate::estimate`] reckons with.
    pub fn of(family: Family) -> Coefficients {
        family.data().estimate.cells
    }
}

/// The clock in MHz that a nearest-pattern search reaches on a device of a family. None for a device that none was built for.
pub fn nearest_search_mhz(family: Family, device: &str) -> Option<f64> {
    family.data().estimate.nearest_search_mhz.get(device).copied()
}

/// How a memory sits in block RAM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fitted {
    /// Block RAMs that it takes.
    pub cells: u64,
    /// How many of them lie behind one another, to be chosen from by the upper address bits.
    pub ranks: u64,
}

/// What a memory is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// It is only read.
    Rom,
    /// It is also written.
    Ram,
}

/// The fewest block RAMs that hold `depth` words of `width` bits; of equals, those with the fewest ranks.
///
/// Yosys puts as many ranks as it takes side by side, as if they were one wide word, and cuts that into block RAMs
/// wherever it likes; only a word that is written must begin where the block RAM can write from.
///
/// ```
/// use hopgate_eda::{cost::{block_rams, Use}, family::Family};
/// let (ice40, ecp5) = (Family::find("ice40")?, Family::find("ecp5")?);
/// assert_eq!(block_rams(ice40, Use::Rom, 510, 16).cells, 2); // two of 512x8
/// assert_eq!(block_rams(ice40, Use::Rom, 384, 17).cells, 3);
/// assert_eq!(block_rams(ecp5, Use::Rom, 3000, 16).cells, 3); // three of 1024x18
/// assert_eq!(block_rams(ecp5, Use::Ram, 3000, 22).cells, 5); // 3 * 27 bits of 1024x18
/// # Ok::<(), hopgate_model::Error>(())
/// ```
pub fn block_rams(family: Family, using: Use, depth: u64, width: u64) -> Fitted {
    let fit = |aspect: &Aspect| {
        let ranks = depth.max(1).div_ceil(aspect.depth);
        let word = match using {
            Use::Rom => width,
            Use::Ram => width.next_multiple_of(aspect.granule),
        };
        Fitted { cells: (ranks * word).div_ceil(aspect.width), ranks }
    };
    let best = family.aspects().iter().map(fit).min_by_key(|f| (f.cells, f.ranks));
    best.unwrap_or(Fitted { cells: 0, ranks: 1 })
}

/// Bits of all adders that sum `lanes` popcounts of 5 bits pairwise.
pub(crate) fn tree_bits(lanes: u64) -> u64 {
    let (mut values, mut width, mut bits) = (lanes, 5, 0);
    while values > 1 {
        // an odd one out is only registered, at the same width
        bits += values / 2 * (width + 1) + values % 2 * width;
        (values, width) = (values.div_ceil(2), width + 1);
    }
    bits
}

/// Bits that count `values` different things.
pub(crate) fn ceil_log2(values: u64) -> u64 {
    u64::from(values.max(1).next_power_of_two().trailing_zeros())
}

/// Logic cells that hold `rows` words of `width` random bits: four-input tables and what chooses between them. Columns of few rows
/// are often equal, and are made once.
pub(crate) fn tail_cells(rows: u64, width: u64) -> f64 {
    if rows == 0 || width == 0 {
        return 0.0;
    }
    let tables = rows.div_ceil(16) as f64;
    let column = tables + (2.0 * (tables - 1.0) / 3.0).ceil();
    let kinds = 2f64.powi(rows.min(64) as i32);
    let different = if rows < 16 { kinds * (1.0 - (1.0 - 1.0 / kinds).powf(width as f64)) } else { width as f64 };
    different * column
}
