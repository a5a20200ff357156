//! How a memory is laid out in hardware: lanes, rows, tables, widths and cycles.

use crate::blocks::{
    lane,
    memories::{address_bits, Image},
    nearest::Nearest,
    popcount, sequencer,
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

/// A row store deeper than this has several ranks of block RAM, and a register behind what chooses between them.
pub const RANK_DEPTH: usize = 512;

/// Where the answer comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Readout {
    /// The candidates vote, by their kernel entries.
    #[default]
    Vote,
    /// The nearest pattern itself, in one step: a plain search, without kernel, queue and accumulators.
    Nearest,
}

impl std::fmt::Display for Readout {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Readout::Vote => "vote",
            Readout::Nearest => "nearest",
        })
    }
}

/// How a memory becomes hardware.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Rows scanned in a cycle: 1, 2 or 4.
    pub parallel: usize,
    /// Slots of neurons that share the accumulators, in turn: 1, 2 or 4.
    pub fold: usize,
    /// Where the answer comes from.
    pub readout: Readout,
}

impl Default for Options {
    fn default() -> Self {
        Options { parallel: 1, fold: 1, readout: Readout::Vote }
    }
}

/// The layout of one memory.
///
/// Pattern `mu` is in bank `mu % parallel`, in its row `mu / parallel`: a group is the rows of equal number. Plane `j` has
/// its rows from `row_bases[j]` on; a top plane that is the patterns is not stored again. The kernel table holds `W_j[e]` at `entry_bases[j] + e`, `e = 0..=reach`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Neurons, `N`.
    pub neurons: usize,
    /// Patterns, `P`.
    pub patterns: usize,
    /// Planes, `k`.
    pub planes: usize,
    /// Banks: rows scanned in a cycle.
    pub parallel: usize,
    /// Slots of lanes that share the accumulators.
    pub fold: usize,
    /// Where the answer comes from.
    pub readout: Readout,
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
    /// The row store: bank `b` of lane `l` at `parallel * l + b`.
    pub rows: Vec<Image>,
    /// The kernel table.
    pub table: Image,
    /// What each slot adds to the threshold, where that is not the weight itself.
    pub threshold: Option<Image>,
}

impl Plan {
    /// Lays a memory out as it is without options.
    ///
    /// # Errors
    /// As [`Plan::with`].
    pub fn of(memory: &Memory) -> Result<Plan> {
        Plan::with(memory, Options::default())
    }

    /// Lays a memory out, or says why the hardware cannot hold it.
    ///
    /// # Errors
    /// [`ErrorKind::Fit`] for too many planes or patterns, [`ErrorKind::Usage`] for options that no core has.
    pub fn with(memory: &Memory, options: Options) -> Result<Plan> {
        let Options { parallel, fold, readout } = options;
        for (name, value) in [("rows scanned in a cycle", parallel), ("slots of neurons", fold)] {
            if ![1, 2, 4].contains(&value) {
                return Err(Error::usage(format!("{name}: {value}, but the core takes 1, 2 or 4")));
            }
        }
        if readout == Readout::Nearest && fold > 1 {
            return Err(Error::usage("a core that reads out the nearest pattern has no accumulators to fold")
                .hint("leave the fold at 1"));
        }
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
        let stored = match readout {
            Readout::Vote if shared_top => &parts.planes[..k - 1],
            Readout::Vote => &parts.planes[..],
            Readout::Nearest => &[],
        };
        let groups = p.div_ceil(parallel);
        let mut row_bases = [0; 4];
        for (j, base) in row_bases.iter_mut().enumerate().take(stored.len()) {
            *base = (j + 1) * groups;
        }
        let entries = memory.reach() as usize + 1;
        let mut entry_bases = [0; 4];
        for (j, base) in entry_bases.iter_mut().enumerate().take(k) {
            *base = j * entries;
        }
        let lanes = n.div_ceil(lane::WIDTH);
        // the last group may lack patterns: the last one fills it, and is not queued twice
        let bank = |l: usize, b: usize| Image {
            file: if parallel == 1 { format!("row_{l}.hex") } else { format!("row_{l}_{b}.hex") },
            width: lane::WIDTH,
            words: std::iter::once(&parts.patterns)
                .chain(stored)
                .flat_map(|m| {
                    let row = move |group: usize| (parallel * group + b).min(p - 1);
                    (0..groups).map(move |group| m.row(row(group))[l / 4] >> (16 * (l % 4)) & 0xffff)
                })
                .collect(),
        };
        let rows = (0..lanes).flat_map(|l| (0..parallel).map(move |b| (l, b))).map(|(l, b)| bank(l, b)).collect();
        // Memory::new refuses fields beyond 32 bits
        let accumulator_bits = match readout {
            Readout::Vote => memory.accumulator_bits() as usize,
            Readout::Nearest => 0,
        };
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
            parallel,
            fold: fold.min(lanes.next_power_of_two()),
            readout,
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
        self.neurons.div_ceil(lane::WIDTH)
    }

    /// Neurons of one lane.
    pub fn lane_neurons(&self, lane: usize) -> usize {
        (self.neurons - lane * lane::WIDTH).min(lane::WIDTH)
    }

    /// Columns of 16 accumulators: lane `fold*c + f` has those of column `c` in slot `f`.
    pub fn columns(&self) -> usize {
        match self.readout {
            Readout::Vote => self.lanes().div_ceil(self.fold),
            Readout::Nearest => 0,
        }
    }

    /// Lanes that a column serves.
    pub fn column_lanes(&self, column: usize) -> usize {
        (self.lanes() - column * self.fold).min(self.fold)
    }

    /// Accumulators of a column.
    pub fn column_neurons(&self, column: usize) -> usize {
        self.lane_neurons(column * self.fold)
    }

    /// Whether an accumulator is enabled by several registers, joined by OR.
    pub fn joined(&self) -> bool {
        self.parallel * self.fold > 1
    }

    /// Groups of rows to scan.
    pub fn groups(&self) -> usize {
        self.patterns.div_ceil(self.parallel)
    }

    /// Patterns of the last group.
    pub fn last_group(&self) -> usize {
        self.patterns - (self.groups() - 1) * self.parallel
    }

    /// Words of a bank.
    pub fn row_depth(&self) -> usize {
        self.rows[0].words.len()
    }

    /// Cycles from a row's address to the row.
    pub fn row_latency(&self) -> usize {
        1 + usize::from(self.row_depth() > RANK_DEPTH)
    }

    /// Bits of a group's number.
    pub fn index_bits(&self) -> usize {
        address_bits(self.groups())
    }

    /// Bits of a queue entry: group and distance.
    pub fn queue_bits(&self) -> usize {
        self.index_bits() + address_bits(self.neurons + 1)
    }

    /// Registers between the address and the distance: the row store, `pick`, the lane's popcount, the tree.
    pub fn scan_delay(&self) -> usize {
        self.row_latency() + 1 + popcount::LATENCY + AdderTree::latency(self.lanes())
    }

    /// What a step takes besides the scan's groups and the vote's slots.
    ///
    /// Start, the token behind the last group, its way through the scan pipeline and the filter; then for each slot of
    /// lanes the start of the vote, the token behind the last queued pattern (one cycle for each more queue), its way to
    /// the accumulators, four cycles to see whether anything changed, and what it takes to wipe shared accumulators.
    pub fn latency(&self) -> usize {
        let scan = 1 + 1 + self.scan_delay() + Nearest::latency(self.parallel);
        let wipe = if self.fold > 1 { sequencer::WIPE } else { 0 };
        scan + match self.readout {
            Readout::Vote => self.fold * (1 + (self.parallel - 1) + vote::LATENCY + 4 + 1 + wipe),
            Readout::Nearest => 1 + 2 + self.row_latency() + 4,
        }
    }

    /// Cycles of a step with this many queued candidates: `ceil(P/R) + F*k*queued + latency`.
    pub fn step_cycles(&self, queued: usize) -> usize {
        let slots = match self.readout {
            Readout::Vote => self.fold * self.planes * queued,
            Readout::Nearest => 0,
        };
        self.groups() + slots + self.latency()
    }

    /// The formula of [`Plan::step_cycles`], for people.
    pub fn cycles_in_words(&self) -> String {
        let (groups, latency) = (self.groups(), self.latency());
        match self.readout {
            Readout::Vote => {
                let slots = self.fold * self.planes;
                format!("{groups} + {slots} * candidates + {latency}, at most {} steps", self.max_steps)
            }
            Readout::Nearest => format!("{groups} + {latency}, one step"),
        }
    }

    /// Every `.hex` file.
    pub fn images(&self) -> Vec<&Image> {
        match self.readout {
            Readout::Vote => self.rows.iter().chain([&self.table]).chain(&self.threshold).collect(),
            Readout::Nearest => self.rows.iter().collect(),
        }
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
/// groups *up to two before* (the filter sees the minimum that late; the minimum only falls, so nothing within
/// reach of the final minimum is ever missed).
///
/// Together with [`Plan::step_cycles`] this predicts the cycles of every step from the memory alone.
pub fn queued(memory: &Memory, plan: &Plan, state: &[u64]) -> usize {
    if plan.readout == Readout::Nearest {
        return 0;
    }
    let d = reference::distances(memory, state);
    let groups: Vec<&[u32]> = d.chunks(plan.parallel).collect();
    let mut least = u32::MAX;
    let mut count = 0;
    for g in 0..groups.len() {
        if g >= 2 {
            least = groups[g - 2].iter().copied().fold(least, u32::min);
        }
        let base = match memory.parts().kernel_mode {
            KernelMode::Normalised => least,
            KernelMode::Fixed => 0,
        };
        count += groups[g].iter().filter(|&&d| d <= base.saturating_add(memory.reach())).count();
    }
    count
}

/// The queued candidates and cycles of every step of a recall.
pub fn recall_cycles(memory: &Memory, plan: &Plan, cue: &[u64]) -> Vec<(usize, usize)> {
    let mut state = cue.to_vec();
    let mut steps = Vec::new();
    loop {
        let q = queued(memory, plan, &state);
        steps.push((q, plan.step_cycles(q)));
        if plan.readout == Readout::Nearest {
            return steps;
        }
        let Step { state: next, .. } = reference::step(memory, &state);
        if next == state || steps.len() == plan.max_steps as usize {
            return steps;
        }
        state = next;
    }
}
