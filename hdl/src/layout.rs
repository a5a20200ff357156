//! How a memory is laid out in hardware: lanes, banks, rows, tables and widths, but not what is in them.

use crate::options::{CoreOptions, Readout, Room, Tail};
use hopgate_model::{Error, ErrorKind, Result, kernel::KernelMode, kind::Kind, memory::Memory};

/// Neurons of a lane: the width of one block RAM.
pub const LANE: usize = 16;
/// The most planes that the hardware takes.
pub const MAX_PLANES: usize = 4;
/// The most patterns: the answer names the nearest in a 16-bit word.
pub const MAX_PATTERNS: usize = 1 << 16;
/// The most patterns behind a framed link, and the most rows of a bank: the page counts both in 16-bit words.
pub const MAX_COUNTED: usize = MAX_PATTERNS - 1;
/// The most neurons of a core that can test itself: a lane has a word of the block RAM whose other half are counters.
pub const MAX_TESTED: usize = 128 * LANE;

/// Rows of one block RAM, at 16 bits: a row store that can be loaded is filled up to a multiple of it.
pub const RAM_DEPTH: usize = 256;
/// Words of an SPRAM, of 16 bits.
pub const SPRAM_DEPTH: usize = 1 << 14;
/// A row store deeper than this has several ranks of block RAM, and a register behind what chooses between them. One with a
/// tail has that register too.
pub const RANK_DEPTH: usize = 512;

/// Blocks of rows in a bank: the patterns, and each plane that is not the patterns themselves.
pub fn blocks(readout: Readout, planes: usize, shared_top: bool) -> usize {
    match readout {
        Readout::Vote => planes + usize::from(!shared_top),
        Readout::Nearest => 1,
    }
}

/// Rows that each of so many blocks has room for: if another memory can be loaded, whole block RAMs of them in all.
pub fn block_rows(blocks: usize, groups: usize, loadable: bool) -> usize {
    match loadable {
        true => (blocks * groups).next_multiple_of(RAM_DEPTH).min(MAX_COUNTED.max(blocks * groups)) / blocks,
        false => groups,
    }
}

/// Whether registers that only let the clock be faster are left out: where neurons share accumulators, cells are what counts. A loadable
/// core keeps them.
pub fn lean(fold: usize, loadable: bool) -> bool {
    fold > 1 && !loadable
}

/// Bits of a queue entry: group and distance.
pub fn queue_bits(groups: usize, neurons: usize) -> usize {
    address_bits(groups) + address_bits(neurons + 1)
}

/// Bits of an entry of the threshold table. The threshold enters the accumulators halved, so one more than theirs is enough.
pub fn threshold_bits(accumulator_bits: usize) -> usize {
    accumulator_bits + 1
}

/// SPRAMs that the rows of a lane take.
pub fn sprams_per_lane(parallel: usize, rows: usize) -> usize {
    parallel * rows.div_ceil(SPRAM_DEPTH)
}

/// Whether there is a register behind a row store of so many rows.
pub fn has_rank(rows: usize, tail_lanes: usize) -> bool {
    rows > RANK_DEPTH || tail_lanes > 0
}

/// Address bits that a depth needs, at least one.
pub fn address_bits(depth: usize) -> usize {
    (usize::BITS - depth.saturating_sub(1).leading_zeros()).max(1) as usize
}

/// The layout of one memory.
///
/// Pattern `mu` is in bank `mu % parallel`, in its row `mu / parallel`: a group is the rows of equal number. Plane `j` has
/// its rows from `row_bases[j]` on; a top plane that is the patterns is not stored again. The kernel table holds `W_j[e]`
/// at `entry_bases[j] + e`.
///
/// A loadable core has room for more: its row stores are filled up to whole block RAMs, its kernel table to every
/// distance. [`Layout::hold`] lays another memory out for the same core.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
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
    /// Whether there is a table of what each slot adds to the threshold: where that is not the weight itself.
    pub threshold_table: bool,
}

/// Fails unless the core has what this memory answers with.
fn auto_alone(memory: &Memory) -> Result<()> {
    let radius = memory.radius();
    let what = match memory.kind() {
        Kind::Auto if radius as usize == memory.neurons() => return Ok(()),
        Kind::Auto => format!("the memory has radius {radius}, and the core takes every answer as known"),
        kind => format!("the memory is of kind {kind}, and the core answers with stored patterns"),
    };
    Err(Error::new(ErrorKind::Fit, what).hint("recall it in software"))
}

impl Layout {
    /// Lays a memory out, or says why the hardware cannot hold it.
    ///
    /// # Errors
    /// [`ErrorKind::Fit`] for too many planes or patterns, [`ErrorKind::Usage`] for options that no core has.
    pub fn with(memory: &Memory, options: CoreOptions) -> Result<Layout> {
        let CoreOptions { parallel, fold, readout, room, self_test, sprams, tail } = options;
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
                .hint("such a core must be one that can be loaded: leave `no-load` out"));
        }
        if tail.lanes > 0 && loadable {
            return Err(Error::usage("rows in logic cells cannot be loaded")
                .hint("leave the loading out (`no-load`), or all rows in RAM (`rows block`)"));
        }
        if tail.lanes > 0 && !tail.depth.is_power_of_two() {
            return Err(Error::usage(format!("a block RAM of {} rows: it must be a power of two", tail.depth)));
        }
        auto_alone(memory)?;
        let parts = memory.parts();
        let (p, n) = (parts.patterns.rows().max(room.patterns), memory.neurons().max(room.neurons));
        let k = parts.planes.len().max(room.planes);
        let too_many = |what: String| Error::new(ErrorKind::Fit, what);
        if k > MAX_PLANES {
            return Err(too_many(format!("the memory has {k} planes, but the core takes at most {MAX_PLANES}"))
                .hint("quantize it again with `bits 4` or fewer; more planes are for software only"));
        }
        if p > MAX_PATTERNS {
            return Err(too_many(format!("the memory has {p} patterns, but the core takes at most {MAX_PATTERNS}")));
        }
        if loadable && p > MAX_COUNTED {
            return Err(too_many(format!(
                "room for {p} patterns, but a core that can be loaded takes at most {MAX_COUNTED}: a load says their number in 16 bits"
            ))
            .hint("leave the loading out, and the frames: `protocol plain`"));
        }
        let shared_top = memory.top_plane_is_pattern();
        let stored = blocks(readout, k, shared_top);
        let groups = p.div_ceil(parallel);
        let lanes = n.div_ceil(LANE);
        let mut layout = Layout {
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
            // Memory::new refuses fields beyond 32 bits; a row is read by a vote of weight one; neurons that the memory
            // does not have must stay one, and may need more than its own
            accumulator_bits: match readout {
                Readout::Vote => {
                    let filled = n > memory.neurons();
                    let own = if filled { memory.filled_up(n)?.accumulator_bits() } else { memory.accumulator_bits() };
                    (own as usize).max(room.accumulator_bits).max(if loadable { 2 } else { 1 })
                }
                Readout::Nearest => 0,
            },
            max_steps: parts.max_steps,
            shared_top,
            group_room: block_rows(stored, groups, loadable),
            entry_room: if loadable { n } else { memory.reach() as usize } + 1,
            row_bases: [0; 4],
            entry_bases: [0; 4],
            threshold_table: readout == Readout::Vote && memory.offset().iter().any(|&o| o != 0),
        };
        if loadable && stored * layout.group_room > MAX_COUNTED {
            return Err(too_many(format!(
                "{} rows in a bank, but a core that can be loaded addresses at most {MAX_COUNTED}",
                stored * layout.group_room
            ))
            .hint("leave the loading out (`no-load`)"));
        }
        for (j, base) in layout.row_bases.iter_mut().enumerate().take(stored - 1) {
            *base = (j + 1) * layout.group_room;
        }
        for (j, base) in layout.entry_bases.iter_mut().enumerate().take(k) {
            *base = j * layout.entry_room;
        }
        layout.spram_lanes = (sprams / layout.sprams_per_lane()).min(layout.lanes());
        if sprams > 0 && layout.spram_lanes == 0 {
            let (needs, rows) = (layout.sprams_per_lane(), layout.row_depth());
            return Err(too_many(format!(
                "{rows} rows in each of {parallel} banks: a lane takes {needs} SPRAMs, and there are {sprams}"
            )));
        }
        if tail.lanes > 0 {
            layout.tail_rows = layout.row_depth() % tail.depth;
            layout.tail_lanes = if layout.tail_rows > 0 { tail.lanes.min(layout.lanes()) } else { 0 };
        }
        Ok(layout)
    }

    /// The options with which its memory is laid out like this.
    pub fn options(&self) -> CoreOptions {
        CoreOptions {
            parallel: self.parallel,
            fold: self.fold,
            readout: self.readout,
            room: self.room(),
            self_test: !self.loadable || self.self_test,
            sprams: self.sprams(),
            tail: match self.tail_lanes {
                0 => Tail::default(),
                lanes => Tail::of(lanes, self.tail_rows),
            },
        }
    }

    /// SPRAMs that the rows of a lane take.
    fn sprams_per_lane(&self) -> usize {
        sprams_per_lane(self.parallel, self.row_depth())
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

    /// Lays another memory out for this loadable core: what [`writes`](crate::contents::writes) writes.
    ///
    /// # Errors
    /// [`ErrorKind::Fit`] with what does not fit.
    pub fn hold(&self, memory: &Memory) -> Result<Layout> {
        auto_alone(memory)?;
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
                (vote && offset && !self.threshold_table)
                    .then(|| "the memory has an offset, and the core has no threshold table".to_owned())
            });
        if let Some(what) = trouble {
            return Err(Error::new(ErrorKind::Fit, what).hint("build a core for it"));
        }
        if vote {
            // neurons that the memory does not have may need more than its own
            let bits = memory.filled_up(self.neurons)?.accumulator_bits() as usize;
            if let Some(what) = most("bits in an accumulator", bits, self.accumulator_bits) {
                return Err(Error::new(ErrorKind::Fit, what).hint("build a core with `room bits=...`"));
            }
        }
        Ok(Layout {
            used: n,
            planes_used: k,
            patterns: p,
            reach: memory.reach(),
            kernel_mode: parts.kernel_mode,
            max_steps: parts.max_steps,
            ..*self
        })
    }

    /// Lanes of 16 neurons.
    pub fn lanes(&self) -> usize {
        self.neurons.div_ceil(LANE)
    }

    /// Neurons of one lane.
    pub fn lane_neurons(&self, lane: usize) -> usize {
        (self.neurons - lane * LANE).min(LANE)
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

    /// Whether it is [`lean`].
    pub fn lean(&self) -> bool {
        lean(self.fold, self.loadable)
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
        1 + usize::from(has_rank(self.row_depth(), self.tail_lanes))
    }

    /// Bits of a group's number.
    pub fn index_bits(&self) -> usize {
        address_bits(self.group_room)
    }

    /// Bits of a queue entry: group and distance.
    pub fn queue_bits(&self) -> usize {
        queue_bits(self.group_room, self.neurons)
    }
}
