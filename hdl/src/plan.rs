//! How a memory is laid out in hardware: lanes, rows, tables, widths and cycles.

use crate::blocks::{
    lane,
    memories::{Image, address_bits},
    nearest::Nearest,
    popcount, sequencer,
    tree::AdderTree,
    vote,
};
use hopgate_model::{
    Error, ErrorKind, Result,
    bits::BitMatrix,
    kernel::KernelMode,
    memory::Memory,
    reference::{self, Step},
};

/// The most planes that the hardware takes.
pub const MAX_PLANES: usize = 4;
/// The most patterns: the answer names the nearest in a 16-bit word.
pub const MAX_PATTERNS: usize = 1 << 16;
/// The most patterns behind a framed link, and the most rows of a bank: the page counts both in 16-bit words.
pub const MAX_COUNTED: usize = MAX_PATTERNS - 1;
/// The most neurons of a core that can test itself: a lane has a word of the block RAM whose other half are counters.
pub const MAX_TESTED: usize = 128 * lane::WIDTH;

/// Rows of one block RAM, at 16 bits: a row store that can be loaded is filled up to a multiple of it.
const RAM_DEPTH: usize = 256;
/// Words of an SPRAM, of 16 bits.
pub const SPRAM_DEPTH: usize = 1 << 14;
/// A row store deeper than this has several ranks of block RAM, and a register behind what chooses between them. One with a
/// tail has that register too.
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
    /// Slots of neurons that share the accumulators, in turn: 1 to 4. Fewer, where as few columns of accumulators serve all lanes.
    pub fold: usize,
    /// Where the answer comes from.
    pub readout: Readout,
    /// Whether another memory can be loaded at run time, and how large that may be. None: what is built in stays.
    pub room: Option<Room>,
    /// Whether a core that can be loaded tests itself, where it can.
    pub self_test: bool,
    /// SPRAMs that the row store may use, if any: as many lanes as they hold have no contents until a memory is loaded.
    pub sprams: usize,
    /// Rows in logic cells.
    pub tail: Tail,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            parallel: 1,
            fold: 1,
            readout: Readout::Vote,
            room: None,
            self_test: true,
            sprams: 0,
            tail: Tail::default(),
        }
    }
}

/// Rows that are in logic cells, because they would take a block RAM to themselves: those beyond the last whole one. There are
/// none as a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tail {
    /// Lanes that have one, from the first lane on.
    pub lanes: usize,
    /// Rows of a block RAM, a power of two.
    pub depth: usize,
}

impl Tail {
    /// What gives a row store with a tail these rows of it again.
    pub fn of(lanes: usize, rows: usize) -> Tail {
        // the rows before it are a multiple of a larger power of two, if there are any
        Tail { lanes, depth: (rows + 1).next_power_of_two() }
    }
}

/// What a loadable core has room for, at least; for the memory that is built in there always is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct Room {
    /// Neurons.
    pub neurons: usize,
    /// Patterns.
    pub patterns: usize,
    /// Planes.
    pub planes: usize,
    /// Bits of an accumulator: another memory's bound may be higher.
    pub accumulator_bits: usize,
}

/// The layout of one memory.
///
/// Pattern `mu` is in bank `mu % parallel`, in its row `mu / parallel`: a group is the rows of equal number. Plane `j` has
/// its rows from `row_bases[j]` on; a top plane that is the patterns is not stored again. The kernel table holds `W_j[e]`
/// at `entry_bases[j] + e`.
///
/// A loadable core has room for more: its row stores are filled up to whole block RAMs, its kernel table to every
/// distance. [`Plan::hold`] lays another memory out for the same core.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Neurons of the core, `N`.
    pub neurons: usize,
    /// Neurons of the memory: the rest of the core's is one in every row and every cue, and not part of an answer.
    pub used: usize,
    /// Patterns, `P`.
    pub patterns: usize,
    /// Planes of the core, `k`.
    pub planes: usize,
    /// Planes of the memory; the rest of the core's have zero kernel columns.
    pub planes_used: usize,
    /// Banks: rows scanned in a cycle.
    pub parallel: usize,
    /// Slots of lanes that share the accumulators.
    pub fold: usize,
    /// Where the answer comes from.
    pub readout: Readout,
    /// Whether another memory can be loaded at run time.
    pub loadable: bool,
    /// Whether a board that can be loaded tests itself.
    pub self_test: bool,
    /// The first lanes' rows are in SPRAM, so many lanes: then nothing is valid until a memory is loaded.
    pub spram_lanes: usize,
    /// The first lanes' last rows are in logic cells, so many lanes.
    pub tail_lanes: usize,
    /// How many rows of a bank that are.
    pub tail_rows: usize,
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
    /// Groups of rows that a plane has room for.
    pub group_room: usize,
    /// Entries that a plane's kernel column has room for.
    pub entry_room: usize,
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
        let Options { parallel, fold, readout, room, self_test, sprams, tail } = options;
        let (loadable, room) = (room.is_some(), room.unwrap_or_default());
        if ![1, 2, 4].contains(&parallel) {
            return Err(Error::usage(format!("rows scanned in a cycle: {parallel}, but the core takes 1, 2 or 4")));
        }
        if !(1..=4).contains(&fold) {
            return Err(Error::usage(format!("slots of neurons: {fold}, but the core takes 1 to 4")));
        }
        if readout == Readout::Nearest && fold > 1 {
            return Err(Error::usage("a core that reads out the nearest pattern has no accumulators to fold")
                .hint("leave the fold at 1"));
        }
        if sprams > 0 && !loadable {
            return Err(Error::usage("rows in SPRAM have no contents until a memory is loaded")
                .hint("such a core must be one that can be loaded: leave --fixed out"));
        }
        if tail.lanes > 0 && loadable {
            return Err(Error::usage("rows in logic cells cannot be loaded")
                .hint("leave the loading out (--fixed), or all rows in RAM (--rows block)"));
        }
        if tail.lanes > 0 && !tail.depth.is_power_of_two() {
            return Err(Error::usage(format!("a block RAM of {} rows: it must be a power of two", tail.depth)));
        }
        let parts = memory.parts();
        let (p, n) = (parts.patterns.rows().max(room.patterns), memory.neurons().max(room.neurons));
        let k = parts.planes.len().max(room.planes);
        let too_many = |what: String| Error::new(ErrorKind::Fit, what);
        if k > MAX_PLANES {
            return Err(too_many(format!("the memory has {k} planes, but the core takes at most {MAX_PLANES}"))
                .hint("quantize it again with --bits 4 or fewer; more planes are for software only"));
        }
        if p > MAX_PATTERNS {
            return Err(too_many(format!("the memory has {p} patterns, but the core takes at most {MAX_PATTERNS}")));
        }
        if loadable && p > MAX_COUNTED {
            return Err(too_many(format!(
                "room for {p} patterns, but a core that can be loaded takes at most {MAX_COUNTED}: a load says their number in 16 bits"
            ))
            .hint("leave the loading out, and the frames: --protocol plain"));
        }
        let shared_top = memory.top_plane_is_pattern();
        let stored = match readout {
            Readout::Vote if shared_top => k,
            Readout::Vote => k + 1,
            Readout::Nearest => 1,
        };
        let groups = p.div_ceil(parallel);
        let lanes = n.div_ceil(lane::WIDTH);
        let mut plan = Plan {
            neurons: n,
            used: memory.neurons(),
            patterns: parts.patterns.rows(),
            planes: k,
            planes_used: parts.planes.len(),
            parallel,
            // as many slots as the fewest columns leave: none without a lane, which would take its time for nothing
            fold: lanes.div_ceil(lanes.div_ceil(fold)),
            readout,
            loadable,
            self_test: loadable && self_test && n <= MAX_TESTED,
            spram_lanes: 0,
            tail_lanes: 0,
            tail_rows: 0,
            reach: memory.reach(),
            kernel_mode: parts.kernel_mode,
            kernel_bits: parts.kernel_bits as usize,
            // Memory::new refuses fields beyond 32 bits; a row is read by a vote of weight one
            accumulator_bits: match readout {
                Readout::Vote => {
                    (memory.accumulator_bits() as usize).max(room.accumulator_bits).max(if loadable { 2 } else { 1 })
                }
                Readout::Nearest => 0,
            },
            max_steps: parts.max_steps,
            shared_top,
            group_room: match loadable {
                true => (stored * groups).next_multiple_of(RAM_DEPTH).min(MAX_COUNTED.max(stored * groups)) / stored,
                false => groups,
            },
            entry_room: if loadable { n } else { memory.reach() as usize } + 1,
            row_bases: [0; 4],
            entry_bases: [0; 4],
            rows: Vec::new(),
            table: Image { file: "kernel.hex".into(), width: parts.kernel_bits as usize, ..Image::default() },
            threshold: None,
        };
        if loadable && stored * plan.group_room > MAX_COUNTED {
            return Err(too_many(format!(
                "{} rows in a bank, but a core that can be loaded addresses at most {MAX_COUNTED}",
                stored * plan.group_room
            ))
            .hint("leave the loading out (--fixed)"));
        }
        for (j, base) in plan.row_bases.iter_mut().enumerate().take(stored - 1) {
            *base = (j + 1) * plan.group_room;
        }
        for (j, base) in plan.entry_bases.iter_mut().enumerate().take(k) {
            *base = j * plan.entry_room;
        }
        plan.spram_lanes = (sprams / plan.sprams_per_lane()).min(plan.lanes());
        if sprams > 0 && plan.spram_lanes == 0 {
            let (needs, rows) = (plan.sprams_per_lane(), plan.row_depth());
            return Err(too_many(format!(
                "{rows} rows in each of {parallel} banks: a lane takes {needs} SPRAMs, and there are {sprams}"
            )));
        }
        if tail.lanes > 0 {
            plan.tail_rows = plan.row_depth() % tail.depth;
            plan.tail_lanes = if plan.tail_rows > 0 { tail.lanes.min(plan.lanes()) } else { 0 };
        }
        let offset = memory.offset().iter().any(|&o| o != 0);
        plan.fill(memory, offset && readout == Readout::Vote);
        Ok(plan)
    }

    /// SPRAMs that the rows of a lane take.
    fn sprams_per_lane(&self) -> usize {
        self.parallel * self.row_depth().div_ceil(SPRAM_DEPTH)
    }

    /// SPRAMs that it uses.
    pub fn sprams(&self) -> usize {
        self.spram_lanes * self.sprams_per_lane()
    }

    /// The most patterns of a memory that is loaded, where one can be.
    pub fn capacity(&self) -> usize {
        (self.parallel * self.group_room).min(MAX_COUNTED)
    }

    /// The room that it has; none where nothing can be loaded. The memory laid out with that is laid out as it is.
    pub fn room(&self) -> Option<Room> {
        self.loadable.then_some(Room {
            neurons: self.neurons,
            patterns: self.capacity(),
            planes: self.planes,
            accumulator_bits: self.accumulator_bits,
        })
    }

    /// Lays another memory out for this loadable core: what [`writes`](crate::load::writes) writes.
    ///
    /// # Errors
    /// [`ErrorKind::Fit`] with what does not fit.
    pub fn hold(&self, memory: &Memory) -> Result<Plan> {
        let parts = memory.parts();
        let (p, n, k) = (parts.patterns.rows(), memory.neurons(), parts.planes.len());
        let offset = memory.offset().iter().any(|&o| o != 0);
        let vote = self.readout == Readout::Vote;
        let most = |what: &str, has: usize, room: usize| {
            (has > room).then(|| format!("the memory has {has} {what}, but the core has room for {room}"))
        };
        let trouble = most("neurons", n, self.neurons)
            .or_else(|| most("patterns", p, self.capacity()))
            .or_else(|| most("planes", k, if vote { self.planes } else { k }))
            .or_else(|| {
                let largest = parts.kernel.iter().flatten().max().map_or(0, |w| (32 - w.leading_zeros()) as usize);
                most("bits in a kernel entry", largest, if vote { self.kernel_bits } else { largest })
            })
            .or_else(|| {
                let other = vote && self.shared_top && !memory.top_plane_is_pattern();
                other.then(|| "the memory's top plane is not its patterns, and the core does not store one".to_owned())
            })
            .or_else(|| {
                (vote && offset && self.threshold.is_none())
                    .then(|| "the memory has an offset, and the core has no threshold table".to_owned())
            });
        if let Some(what) = trouble {
            return Err(Error::new(ErrorKind::Fit, what).hint("build a core for it"));
        }
        if vote {
            // neurons that the memory does not have may need more than its own
            let bits = memory.filled_up(self.neurons)?.accumulator_bits() as usize;
            if let Some(what) = most("bits in an accumulator", bits, self.accumulator_bits) {
                return Err(Error::new(ErrorKind::Fit, what).hint("build a core with --room bits=..."));
            }
        }
        let mut plan = self.clone();
        plan.used = n;
        plan.planes_used = k;
        plan.patterns = p;
        plan.reach = memory.reach();
        plan.kernel_mode = parts.kernel_mode;
        plan.max_steps = parts.max_steps;
        plan.fill(memory, self.threshold.is_some());
        Ok(plan)
    }

    /// The contents of the memories.
    fn fill(&mut self, memory: &Memory, threshold: bool) {
        let parts = memory.parts();
        let (p, k) = (parts.patterns.rows(), parts.planes.len());
        // where the top plane is stored, missing planes are the last ones, and else the first
        let first = if self.shared_top { self.planes - k } else { 0 };
        let blocks = self.row_depth() / self.group_room;
        let (parallel, room) = (self.parallel, self.group_room);
        let bank = |l: usize, b: usize| {
            let ones = u64::from(self.unused(l));
            let word = move |m: &BitMatrix, group: usize| {
                // the last group may lack patterns: the last one fills it, and is not queued twice
                let row = m.row((parallel * group + b).min(p - 1));
                row.get(l / 4).map_or(0, |w| w >> (16 * (l % 4)) & 0xffff) | ones
            };
            let block = |block: usize| {
                let matrix = match block {
                    0 => Some(&parts.patterns),
                    j => (j - 1).checked_sub(first).and_then(|j| parts.planes.get(j)),
                };
                let groups = p.div_ceil(parallel);
                (0..room).map(move |g| matrix.filter(|_| g < groups).map_or(0, |m| word(m, g)))
            };
            Image {
                file: if parallel == 1 { format!("row_{l}.hex") } else { format!("row_{l}_{b}.hex") },
                width: lane::WIDTH,
                tail: if l < self.tail_lanes { self.tail_rows } else { 0 },
                words: (0..blocks).flat_map(block).collect(),
            }
        };
        self.rows =
            (0..self.lanes()).flat_map(|l| (0..parallel).map(move |b| (l, b))).map(|(l, b)| bank(l, b)).collect();
        let entries = memory.reach() as usize + 1;
        let column = |of: &dyn Fn(usize, usize) -> u64| -> Vec<u64> {
            (0..self.planes)
                .flat_map(|j| (0..self.entry_room).map(move |e| (j, e)))
                .map(|(j, e)| if e < entries && (first..first + k).contains(&j) { of(j - first, e) } else { 0 })
                .collect()
        };
        self.table.words = column(&|j, e| u64::from(parts.kernel[j][e]));
        // T is the sum of sum_j W_j[e] - O[e] over the patterns. Each slot of plane j adds W_j[e], and that of plane 0 also
        // -O[e]; without offsets that is the kernel table itself, and no second table is built. T enters the accumulators
        // as ceil(T/2), so one bit more than theirs is enough.
        let width = self.accumulator_bits + 1;
        let share = |j: usize, e: usize| {
            let offset = if j == 0 { i64::from(memory.offset()[e]) } else { 0 };
            (i64::from(parts.kernel[j][e]) - offset) as u64 & ((1u64 << width) - 1)
        };
        self.threshold =
            threshold.then(|| Image { file: "threshold.hex".into(), width, words: column(&share), tail: 0 });
    }

    /// The bits of a lane's word that the memory does not have, and the core has.
    pub fn unused(&self, lane: usize) -> u16 {
        let unused = |i: &usize| (self.used..self.neurons).contains(&(lane::WIDTH * lane + i));
        (0..lane::WIDTH).filter(unused).fold(0, |word, i| word | 1 << i)
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

    /// Whether registers that only let the clock be faster are left out: where neurons share accumulators, cells are what
    /// counts. A loadable core keeps them.
    pub fn lean(&self) -> bool {
        self.fold > 1 && !self.loadable
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
        self.row_bases.iter().max().unwrap_or(&0) + self.group_room
    }

    /// Cycles from a row's address to the row.
    pub fn row_latency(&self) -> usize {
        1 + usize::from(self.row_depth() > RANK_DEPTH || self.tail_lanes > 0)
    }

    /// Bits of a group's number.
    pub fn index_bits(&self) -> usize {
        address_bits(self.group_room)
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
            Readout::Vote => self.fold * (1 + (self.parallel - 1) + vote::latency(self) + 4 + 1 + wipe),
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

    /// Every `.hex` file: SPRAMs have none, and a row store with a tail has two.
    pub fn images(&self) -> Vec<Image> {
        let rows = self.rows.iter().skip(self.parallel * self.spram_lanes).flat_map(Image::parts);
        match self.readout {
            Readout::Vote => rows.chain([self.table.clone()]).chain(self.threshold.clone()).collect(),
            Readout::Nearest => rows.collect(),
        }
    }
}

/// How many patterns the core queues for a state: those within reach of the least distance among the
/// groups *up to two before* (the filter sees the minimum that late; the minimum only falls, so nothing within
/// reach of the final minimum is ever missed).
///
/// Together with [`Plan::step_cycles`] this predicts the cycles of every step from the memory alone.
pub fn queued(memory: &Memory, plan: &Plan, state: &[u64]) -> usize {
    queued_at(memory, plan, &reference::distances(memory, state))
}

/// The same, of a state whose distances from all patterns are known.
#[inline] // into crates that are compiled with more care: co-simulation asks at every step
pub fn queued_at(memory: &Memory, plan: &Plan, distances: &[u32]) -> usize {
    if plan.readout == Readout::Nearest {
        return 0;
    }
    let fixed = memory.parts().kernel_mode == KernelMode::Fixed;
    let groups = || distances.chunks(plan.parallel);
    let nothing: &[u32] = &[];
    // the group two before each of them
    let earlier = [nothing; 2].into_iter().chain(groups());
    let (mut least, mut count) = (u32::MAX, 0);
    for (group, earlier) in groups().zip(earlier) {
        least = earlier.iter().fold(least, |least, &d| least.min(d));
        let base = if fixed { 0 } else { least };
        let bound = base.saturating_add(memory.reach());
        count += group.iter().filter(|&&d| d <= bound).count();
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
