//! What the parts of a core cost on an iCE40: block RAMs exactly, logic cells by coefficients.

/// Widths at which a block RAM can be read; its depth follows from its bits.
const RAM_WIDTHS: [u64; 4] = [2, 4, 8, 16];

/// Logic cells of the parts of a core, to be fitted to measured builds.
///
/// By hand-written Verilog on the HX8K, N=170, P=510, k=1 with 16-bit accumulators took 4,312 cells and 26
/// block RAMs without the board's part.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coefficients {
    /// XNOR and popcount of 16 bits.
    pub popcount_per_lane: f64,
    /// State, cue, gate and compare of a neuron, beside its accumulator.
    pub other_per_neuron: f64,
    /// One adder cell per accumulator bit.
    pub per_accumulator_bit: f64,
    /// Each bit of an adder of the tree that sums the lanes.
    pub per_tree_bit: f64,
    /// Each bit that is chosen from two ranks of block RAM (or one more pair of them).
    pub per_rank_bit: f64,
    /// The queue reads what is written at the same time: address compare, and a copy of the word.
    pub queue: f64,
    /// Each bit of that copy.
    pub per_queue_bit: f64,
    /// Addresses, minimum, sequencer, streams.
    pub control: f64,
    /// UART, reset, LEDs.
    pub uart: f64,
}

impl Coefficients {
    /// What [`crate::estimate`] reckons with.
    pub const DEFAULT: Coefficients = Coefficients {
        popcount_per_lane: 41.0,
        other_per_neuron: 5.0,
        per_accumulator_bit: 1.0,
        per_tree_bit: 1.0,
        per_rank_bit: 1.0,
        queue: 15.0,
        per_queue_bit: 2.0,
        control: 300.0,
        uart: 150.0,
    };
}

/// How a memory sits in block RAM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fitted {
    /// Block RAMs that it takes.
    pub cells: u64,
    /// How many of them lie behind one another, to be chosen from by the upper address bits.
    pub ranks: u64,
}

/// The fewest block RAMs of so many bits that hold `depth` words of `width` bits; of equals, the deepest.
///
/// ```
/// use hopgate_eda::cost::block_rams;
/// assert_eq!(block_rams(510, 16, 4096).cells, 2); // two of 512x8
/// assert_eq!(block_rams(384, 17, 4096).cells, 3);
/// ```
pub fn block_rams(depth: u64, width: u64, bits: u64) -> Fitted {
    let fit = |ram_width: u64| {
        let ranks = depth.max(1).div_ceil((bits / ram_width).max(1));
        Fitted { cells: ranks * width.div_ceil(ram_width), ranks }
    };
    let best = RAM_WIDTHS.iter().map(|w| fit(*w)).min_by_key(|f| (f.cells, f.ranks));
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
