//! How a memory is laid out in hardware: lanes, rows, tables, widths and cycles.

use crate::blocks::{
    lane,
    memories::{address_bits, Image},
    popcount,
    tree::AdderTree,
    vote,
};
use hopgate_model::{
    kernel::KernelMode,
    memory::Memory,
    reference::{self, Step},
    Error, ErrorKind, Result,
};

/// The most planes that the hardware takes.
pub const MAX_PLANES: usize = 4;
/// The most patterns: the answer names the nearest in a 16-bit word.
pub const MAX_PATTERNS: usize = 1 << 16;

/// Accumulator widths that the core comes in; a memory takes the first that holds its proven bound.
pub const ACCUMULATOR_WIDTHS: [usize; 16] = [4, 6, 8, 10, 12, 14, 15, 16, 17, 18, 19, 20, 22, 24, 28, 32];

/// The layout of one memory.
///
/// The row store holds the patterns at rows `0..P`, and plane `j` from row `row_bases[j]` on; a top plane that
/// is the patterns is not stored again. The kernel table holds `W_j[e]` at `entry_bases[j] + e`, `e = 0..=reach`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Neurons, `N`.
    pub neurons: usize,
    /// Patterns, `P`.
    pub patterns: usize,
    /// Planes, `k`.
    pub planes: usize,
    /// The largest `e` that votes.
    pub reach: u32,
    /// What the kernel table is indexed by.
    pub kernel_mode: KernelMode,
    /// Width of a kernel entry.
    pub kernel_bits: usize,
    /// Width of a neuron's accumulator.
    pub accumulator_bits: usize,
    /// The most steps of a recall.
    pub max_steps: u32,
    /// Whether the top plane is the pattern matrix, stored once.
    pub shared_top: bool,
    /// First row of each plane (plane 0 first; unused ones are zero).
    pub row_bases: [usize; 4],
    /// First kernel table entry of each plane.
    pub entry_bases: [usize; 4],
    /// One row store per lane.
    pub rows: Vec<Image>,
    /// The kernel table.
    pub table: Image,
    /// What each slot adds to the threshold, where that is not the weight itself.
    pub threshold: Option<Image>,
}

impl Plan {
    /// Lays a memory out, or says why the hardware cannot hold it.
    pub fn of(memory: &Memory) -> Result<Plan> {
        let parts = memory.parts();
        let (p, n, k) = (parts.patterns.rows(), memory.neurons(), parts.planes.len());
        let too_many = |what: String| Error::new(ErrorKind::Fit, what);
        if k > MAX_PLANES {
            return Err(too_many(format!("the memory has {k} planes, but the core takes at most {MAX_PLANES}"))
                .hint("quantize it again with --bits 4 or fewer; more planes are for software only"));
        }
        if p > MAX_PATTERNS {
            return Err(too_many(format!("the memory has {p} patterns, but the core takes at most {MAX_PATTERNS}")));
        }
        let shared_top = memory.top_plane_is_pattern();
        let stored = if shared_top { &parts.planes[..k - 1] } else { &parts.planes[..] };
        let mut row_bases = [0; 4];
        for (j, base) in row_bases.iter_mut().enumerate().take(stored.len()) {
            *base = (j + 1) * p;
        }
        let entries = memory.reach() as usize + 1;
        let mut entry_bases = [0; 4];
        for (j, base) in entry_bases.iter_mut().enumerate().take(k) {
            *base = j * entries;
        }
        let lanes = n.div_ceil(lane::WIDTH);
        let rows = (0..lanes)
            .map(|l| Image {
                file: format!("row_{l}.hex"),
                width: lane::WIDTH,
                words: std::iter::once(&parts.patterns)
                    .chain(stored)
                    .flat_map(|m| (0..p).map(move |mu| m.row(mu)[l / 4] >> (16 * (l % 4)) & 0xffff))
                    .collect(),
            })
            .collect();
        let needed = memory.accumulator_bits() as usize;
        // Memory::new refuses fields beyond 32 bits
        let accumulator_bits = ACCUMULATOR_WIDTHS.into_iter().find(|&w| w >= needed).unwrap_or(needed);
        let kernel_bits = parts.kernel_bits as usize;
        let table = Image {
            file: "kernel.hex".into(),
            width: kernel_bits,
            words: parts.kernel.iter().flat_map(|w| w[..entries].iter().map(|&w| u64::from(w))).collect(),
        };
        Ok(Plan {
            neurons: n,
            patterns: p,
            planes: k,
            reach: memory.reach(),
            kernel_mode: parts.kernel_mode,
            kernel_bits,
            accumulator_bits,
            max_steps: parts.max_steps,
            shared_top,
            row_bases,
            entry_bases,
            rows,
            threshold: threshold(memory, entries, accumulator_bits + 1),
            table,
        })
    }

    /// Lanes of 16 neurons.
    pub fn lanes(&self) -> usize {
        self.rows.len()
    }

    /// Neurons of one lane.
    pub fn lane_neurons(&self, lane: usize) -> usize {
        (self.neurons - lane * lane::WIDTH).min(lane::WIDTH)
    }

    /// Words of a row store.
    pub fn row_depth(&self) -> usize {
        self.rows[0].words.len()
    }

    /// Bits of a pattern's index.
    pub fn index_bits(&self) -> usize {
        address_bits(self.patterns)
    }

    /// Bits of a queue entry: index and distance.
    pub fn queue_bits(&self) -> usize {
        self.index_bits() + address_bits(self.neurons + 1)
    }

    /// Registers between the address and the distance: the row store, `pick`, the lane's popcount, the tree.
    pub fn scan_delay(&self) -> usize {
        2 + popcount::LATENCY + AdderTree::latency(self.lanes())
    }

    /// What a step takes besides `P + k*queued` cycles.
    ///
    /// Start, the token behind the last row, its way through the scan pipeline, the start of the vote, the token
    /// behind the last slot, its way to the accumulators, two cycles to see whether anything changed.
    pub fn latency(&self) -> usize {
        1 + 1 + self.scan_delay() + 1 + vote::LATENCY + 2 + 1
    }

    /// Cycles of a step with this many queued candidates: `P + k*queued + latency`.
    pub fn step_cycles(&self, queued: usize) -> usize {
        self.patterns + self.planes * queued + self.latency()
    }

    /// Every `.hex` file.
    pub fn images(&self) -> Vec<&Image> {
        self.rows.iter().chain([&self.table]).chain(&self.threshold).collect()
    }
}

/// `T` is the sum of `sum_j W_j[e] - O[e]` over the patterns. Each slot of plane `j` adds `W_j[e]`, and that of
/// plane 0 also `-O[e]`; without offsets that is the kernel table itself, and no second table is built. `T` enters the
/// accumulators as `ceil(T/2)`, so one bit more than theirs is enough.
fn threshold(memory: &Memory, entries: usize, width: usize) -> Option<Image> {
    if memory.offset().iter().all(|&o| o == 0) {
        return None;
    }
    let mask = (1u64 << width) - 1;
    let share = |j: usize, e: usize| {
        let offset = if j == 0 { i64::from(memory.offset()[e]) } else { 0 };
        (i64::from(memory.kernel()[j][e]) - offset) as u64 & mask
    };
    let words = (0..memory.planes().len()).flat_map(|j| (0..entries).map(move |e| share(j, e))).collect();
    Some(Image { file: "threshold.hex".into(), width, words })
}

/// How many patterns the core queues for a state: those within reach of the least distance among the
/// patterns *up to two before* (the filter sees the minimum that late; the minimum only falls, so nothing within
/// reach of the final minimum is ever missed).
///
/// Together with [`Plan::step_cycles`] this predicts the cycles of every step from the memory alone.
pub fn queued(memory: &Memory, state: &[u64]) -> usize {
    let d = reference::distances(memory, state);
    let mut least = u32::MAX;
    let mut count = 0;
    for mu in 0..d.len() {
        if mu >= 2 {
            least = least.min(d[mu - 2]);
        }
        let base = match memory.parts().kernel_mode {
            KernelMode::Normalised => least,
            KernelMode::Fixed => 0,
        };
        count += usize::from(d[mu] <= base.saturating_add(memory.reach()));
    }
    count
}

/// The queued candidates and cycles of every step of a recall.
pub fn recall_cycles(memory: &Memory, plan: &Plan, cue: &[u64]) -> Vec<(usize, usize)> {
    let mut state = cue.to_vec();
    let mut steps = Vec::new();
    loop {
        let q = queued(memory, &state);
        steps.push((q, plan.step_cycles(q)));
        let Step { state: next, .. } = reference::step(memory, &state);
        if next == state || steps.len() == plan.max_steps as usize {
            return steps;
        }
        state = next;
    }
}
