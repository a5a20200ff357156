//! How a memory is laid out in hardware: lanes, banks, rows, tables and widths, but not what is in them.

mod geometry;
mod hold;
mod refused;

use crate::options::{CoreOptions, Later, Readout};
use hopgate_model::{
    Error, ErrorKind, Result,
    kernel::KernelMode,
    kind::{Kind, Kinds},
    memory::Memory,
};

/// Neurons of a lane: the width of one block RAM.
pub const LANE: usize = 16;
/// The most lanes: a key of more than 1,024 bits is read in beats.
pub const MAX_LANES: usize = 64;
/// The most words of a bank: what addresses them has so many bits.
pub const MAX_ROW_WORDS: usize = 1 << 20;
pub use hopgate_wire::page::MAX_NEURONS;
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

/// The most cores side by side.
pub const MAX_CORES: usize = 16;
/// The most patterns of a list: a word of the answer counts them in 8 bits.
pub const MAX_RANKS: usize = 255;
/// The widest accumulator.
pub const MAX_ACCUMULATOR_BITS: usize = 32;
/// Words of a class core's answer: the class, the second, its score and its margin, of two words each.
pub const CLASS_WORDS: usize = 6;
/// The widest accumulator of a class core: a score has one bit more, and two words.
pub const MAX_SCORE_BITS: usize = 31;

/// Blocks of rows in a bank: the patterns, and each plane that is not the patterns themselves, unless values are apart from them.
pub fn blocks(valued: bool, readout: Readout, planes: usize, shared_top: bool) -> usize {
    match readout {
        Readout::Vote if !valued => planes + usize::from(!shared_top),
        _ => 1,
    }
}

/// Rows of values that a plane has room for: one for each pattern, and where another memory can be loaded for each row of a bank.
pub fn value_rows(patterns: usize, parallel: usize, group_room: usize, loadable: bool) -> usize {
    if loadable { parallel * group_room } else { patterns }
}

/// Words of an answer.
pub fn answer_words(kind: Kind, neurons: usize, outputs: usize) -> usize {
    match kind {
        Kind::Auto | Kind::Sequence => neurons.div_ceil(LANE),
        Kind::Map => outputs.div_ceil(LANE),
        Kind::Class => CLASS_WORDS,
    }
}

/// Outputs of a core of so many neurons: where values are apart from the keys, and an answer can be a state all the same, as many as that
/// has bits, or more.
fn outputs(memory: &Memory, neurons: usize, kinds: Kinds, room: usize) -> usize {
    if !kinds.answers_values() {
        return neurons;
    }
    let own = if memory.kind().answers_keys() { 1 } else { memory.outputs() };
    own.max(room).max(if kinds.answers_keys() { neurons } else { 1 })
}

/// Rows that each of so many blocks has room for: if another memory can be loaded, whole block RAMs of them in all.
pub fn block_rows(blocks: usize, groups: usize, loadable: bool) -> usize {
    match loadable {
        true => (blocks * groups).next_multiple_of(RAM_DEPTH).min(MAX_COUNTED.max(blocks * groups)) / blocks,
        false => groups,
    }
}

/// Beats in which a row of so many words is read by at most so many lanes: none without a lane.
pub fn beats(words: usize, lanes: Option<usize>) -> usize {
    words.div_ceil(lanes.unwrap_or(MAX_LANES).clamp(1, MAX_LANES))
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

/// Bits of an accumulator for whatever so many patterns of one plane are: half the sum of as many weights, signed.
pub fn any_patterns(kernel_bits: u32, patterns: usize) -> usize {
    kernel_bits as usize + address_bits(patterns)
}

/// SPRAMs that the rows of a lane take.
pub fn sprams_per_lane(parallel: usize, rows: usize) -> usize {
    parallel * rows.div_ceil(SPRAM_DEPTH)
}

/// Entries that a plane's kernel column has room for: where another memory can be loaded, one for every distance; of a row that is
/// read in beats, whole block RAMs of them, since few of its distances are near.
pub fn entry_room(neurons: usize, reach: usize, loadable: bool, beats: usize) -> usize {
    match (loadable, beats) {
        (false, _) => reach + 1,
        (true, 1) => neurons + 1,
        (true, _) => (reach + 1).next_multiple_of(RAM_DEPTH).min(neurons + 1),
    }
}

/// Words that a framed link buffers: a power of two, and where rows are read in beats more than a whole cue in its frame.
pub fn buffer_words(cue_words: usize, beats: usize) -> usize {
    const FEWEST: usize = 256;
    if beats > 1 { (cue_words + 8).next_power_of_two().max(FEWEST) } else { FEWEST }
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
/// Where values are apart from the keys, they have a store of their own without banks, since the vote reads one row a cycle: the
/// value of pattern `mu` in plane `j` is its row `row_bases[j] + mu`.
///
/// Where a row is read in beats, its words are one after the other in each lane: word `b` of row `r` is at `beats * r + b`.
///
/// A loadable core has room for more: its row stores are filled up to whole block RAMs, its kernel table to every
/// distance. [`Layout::hold`] lays another memory out for the same core.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// What the memory answers with.
    pub kind: Kind,
    /// What the core can answer with: memories of any of these can be loaded.
    pub kinds: Kinds,
    /// Outputs of the core, `M`: its neurons, unless values are apart from the keys.
    pub outputs: usize,
    /// Outputs of the memory.
    pub outputs_used: usize,
    /// Rows of values that a plane has room for; none where the answer is a key.
    pub value_room: usize,
    /// An answer is known if its nearest pattern is at most this far.
    pub radius: u32,
    /// Whether the core says that an answer is not known: not where all are.
    pub tells_unknown: bool,
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
    /// Beats in which a row is read, `W`: word `w` of a row is in lane `w % lanes`, in the row's word `w / lanes` there.
    pub beats: usize,
    /// Where the answer comes from.
    pub readout: Readout,
    /// Whether the mask of a cue follows it.
    pub masks: bool,
    /// Whether another memory can be loaded at run time.
    pub loadable: bool,
    /// Whether it stores and forgets patterns by itself.
    pub learns: bool,
    /// Whether it stores cues that it does not know, where a request asks for that.
    pub auto_store: bool,
    /// Where a recall's later steps take their distances from.
    pub later: Later,
    /// Cues that share a scan: they come one after the other, and so do their answers.
    pub cues: usize,
    /// Cores with the same memory: groups of cues that share a scan go to them in turn.
    pub cores: usize,
    /// Whether a board that can be loaded tests itself.
    pub self_test: bool,
    /// The first lanes' rows are in SPRAM, so many lanes: then nothing is valid until a memory is loaded.
    pub spram_lanes: usize,
    /// The first lanes' last rows are in logic cells, so many lanes.
    pub tail_lanes: usize,
    /// How many rows of a bank that are.
    pub tail_rows: usize,
    /// Where patterns are listed with their classes: so many classes. Else 0.
    pub listed_classes: usize,
    /// The largest `e` that votes, or is listed.
    pub reach: u32,
    /// What the kernel table is indexed by.
    pub kernel_mode: KernelMode,
    /// Width of a kernel entry.
    pub kernel_bits: usize,
    /// Width of a neuron's accumulator.
    pub accumulator_bits: usize,
    /// The most steps of a recall; of a list its patterns, at most.
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

impl Layout {
    /// Lays a memory out, or says why the hardware cannot hold it.
    ///
    /// # Errors
    /// [`ErrorKind::Fit`] for too many planes or patterns, [`ErrorKind::Usage`] for options that no core has.
    pub fn with(memory: &Memory, options: CoreOptions) -> Result<Layout> {
        let CoreOptions { parallel, fold, lanes, readout, room, self_test, sprams, tail, masks, learns, .. } = options;
        let CoreOptions { auto_store, later, cues, cores, .. } = options;
        let (loadable, room) = (room.is_some(), room.unwrap_or_default());
        refused::check(memory, options)?;
        let parts = memory.parts();
        let (p, n) = (parts.patterns.rows().max(room.patterns), memory.neurons().max(room.neurons));
        let k = parts.planes.len().max(room.planes);
        let (ranks, within) = match readout {
            Readout::Ranked { most, within } => (Some(most), within),
            Readout::Vote | Readout::Nearest => (None, None),
        };
        let reach = within.unwrap_or(memory.reach());
        // a list is one of keys, whatever the memory has beside them
        let kind = if ranks.is_some() { Kind::Auto } else { memory.kind() };
        let kinds = room.kinds.with(kind);
        let valued = kinds.answers_values();
        let m = outputs(memory, n, kinds, room.outputs);
        let listed_classes = if ranks.is_some() && memory.kind() == Kind::Class { memory.outputs() } else { 0 };
        // the planes of a sequence are never its keys
        let shared_top = memory.top_plane_is_pattern() && !(valued || kinds.contains(Kind::Sequence));
        let stored = blocks(valued, readout, k, shared_top);
        let groups = p.div_ceil(parallel);
        let words = n.div_ceil(LANE);
        let beats = beats(words, lanes);
        let group_room = block_rows(stored * beats, groups, loadable);
        let mut layout = Layout {
            kind,
            kinds,
            outputs: m,
            outputs_used: if ranks.is_some() { memory.neurons() } else { memory.outputs() },
            value_room: match valued || listed_classes > 0 {
                true => value_rows(p, parallel, group_room, loadable),
                false => 0,
            },
            radius: memory.radius(),
            tells_unknown: (memory.radius() as usize) < memory.neurons()
                || loadable && (valued || kinds.several())
                || learns,
            neurons: n,
            used: memory.neurons(),
            patterns: parts.patterns.rows(),
            planes: k,
            planes_used: parts.planes.len(),
            parallel,
            // as many slots as the fewest columns leave: none without a lane, which would take its time for nothing
            fold: words.div_ceil(words.div_ceil(fold)),
            beats,
            readout,
            masks,
            loadable,
            learns,
            auto_store,
            later,
            cues,
            cores,
            self_test: loadable && self_test && !learns && ranks.is_none() && n <= MAX_TESTED && beats == 1,
            spram_lanes: 0,
            tail_lanes: 0,
            tail_rows: 0,
            listed_classes,
            reach,
            kernel_mode: parts.kernel_mode,
            kernel_bits: parts.kernel_bits as usize,
            // Memory::new refuses fields beyond 32 bits; a row is read by a vote of weight one; neurons that the memory
            // does not have must stay one, and may need more than its own
            accumulator_bits: match readout {
                Readout::Vote => {
                    let own = hold::accumulator_bits(memory, n, m, masks)?;
                    let any = if learns { any_patterns(parts.kernel_bits, parallel * group_room) } else { 0 };
                    own.max(room.accumulator_bits).max(any).max(if loadable { 2 } else { 1 })
                }
                Readout::Nearest | Readout::Ranked { .. } => 0,
            },
            // each pattern of a list is found in a pass over the queue, and counted as a step is
            max_steps: ranks.map_or(parts.max_steps, |most| most as u32),
            shared_top,
            group_room,
            entry_room: entry_room(n, reach as usize, loadable, beats),
            row_bases: [0; 4],
            entry_bases: [0; 4],
            threshold_table: readout == Readout::Vote && memory.offset().iter().any(|&o| o != 0),
        };
        layout.check_room()?;
        let planes = if layout.valued() { k } else { stored - 1 };
        layout.row_bases = std::array::from_fn(|j| match (j < planes, layout.valued()) {
            (true, true) => j * layout.value_room,
            (true, false) => (j + 1) * group_room * beats,
            (false, _) => 0,
        });
        for (j, base) in layout.entry_bases.iter_mut().enumerate().take(k) {
            *base = j * layout.entry_room;
        }
        layout.spram_lanes = (sprams / layout.sprams_per_lane()).min(layout.lanes());
        if sprams > 0 && layout.spram_lanes == 0 {
            let (needs, rows) = (layout.sprams_per_lane(), layout.row_depth());
            let what =
                format!("{rows} rows in each of {parallel} banks: a lane takes {needs} SPRAMs, and there are {sprams}");
            return Err(Error::new(ErrorKind::Fit, what));
        }
        if tail.lanes > 0 {
            layout.tail_rows = layout.row_depth() % tail.depth;
            layout.tail_lanes = if layout.tail_rows > 0 { tail.lanes.min(layout.lanes()) } else { 0 };
        }
        Ok(layout)
    }
}
