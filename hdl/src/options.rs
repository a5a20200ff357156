//! How a memory becomes hardware: what a user chooses.

use hopgate_model::kind::Kinds;
use serde::{Deserialize, Serialize};

/// Where the answer comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Readout {
    /// The candidates vote, by their kernel entries.
    #[default]
    Vote,
    /// The nearest pattern itself, in one step: a nearest-pattern search, without kernel, queue and accumulators.
    Nearest,
    /// The nearest patterns, by distance and then by index: a search with the queue, without kernel and accumulators.
    Ranked {
        /// So many, at most: 1 to 255.
        most: usize,
        /// How many bits farther than the nearest one a pattern of the list may be; of a fixed kernel, how far. None: the memory's reach.
        within: Option<u32>,
    },
}

impl std::fmt::Display for Readout {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Readout::Vote => "vote",
            Readout::Nearest => "nearest",
            Readout::Ranked { .. } => "ranked",
        })
    }
}

/// Where a recall's second and later steps take their distances from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Later {
    /// Every step scans all rows.
    #[default]
    Scan,
    /// Where the state has become the row that was nearest, the queued rows alone are read: no other can have come within reach.
    /// Else all rows are scanned.
    Queue,
    /// The same of a memory whose patterns are all fixed points: where the state has become the row that was nearest, nothing changes
    /// any more, and nothing is read.
    Stop,
}

impl std::fmt::Display for Later {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Later::Scan => "scan",
            Later::Queue => "queue",
            Later::Stop => "stop",
        })
    }
}

/// How a memory becomes hardware.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoreOptions {
    /// Rows scanned in a cycle: 1, 2 or 4.
    pub parallel: usize,
    /// Slots of neurons that share the accumulators, in turn: 1 to 4. Fewer, where as few columns of accumulators serve all lanes.
    pub fold: usize,
    /// Lanes of 16 bits, at most: a wider key is read in several beats. None: one for every 16 bits, but no more than
    /// [`MAX_LANES`](crate::layout::MAX_LANES).
    #[serde(default)]
    pub lanes: Option<usize>,
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
    /// Whether bits of a cue can be unknown: then its mask follows it.
    #[serde(default)]
    pub masks: bool,
    /// Whether it stores and forgets patterns by itself: of a core that can be loaded.
    #[serde(default)]
    pub learns: bool,
    /// Whether it stores cues that it does not know, where a request asks for that: of a core that learns.
    #[serde(default)]
    pub auto_store: bool,
    /// Where later steps take their distances from.
    #[serde(default)]
    pub later: Later,
    /// Cues that share a scan: 1 to 4.
    #[serde(default = "one")]
    pub cues: usize,
}

impl Default for CoreOptions {
    fn default() -> Self {
        CoreOptions {
            parallel: 1,
            fold: 1,
            lanes: None,
            readout: Readout::Vote,
            room: None,
            self_test: true,
            sprams: 0,
            tail: Tail::default(),
            masks: false,
            learns: false,
            auto_store: false,
            later: Later::Scan,
            cues: 1,
        }
    }
}

/// What a design of an earlier release has.
fn one() -> usize {
    1
}

/// Rows that are in logic cells, because they would take a block RAM to themselves: those beyond the last whole one. There are
/// none as a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Room {
    /// Neurons.
    pub neurons: usize,
    /// Patterns.
    pub patterns: usize,
    /// Planes.
    pub planes: usize,
    /// Outputs, where values are apart from the keys.
    pub outputs: usize,
    /// Bits of an accumulator: another memory's bound may be higher.
    pub accumulator_bits: usize,
    /// What memories answer with. For that of the memory that is built in there always is.
    #[serde(default, skip_serializing_if = "Kinds::is_empty")]
    pub kinds: Kinds,
}

impl Room {
    /// No more than the memory that is built in needs.
    pub const NONE: Room =
        Room { neurons: 0, patterns: 0, planes: 0, outputs: 0, accumulator_bits: 0, kinds: Kinds::NONE };
}
