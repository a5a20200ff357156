//! What the size of a core depends on.

use crate::cost::Use;
use hopgate_hdl::{Later, Readout, layout};
use hopgate_model::{
    Error, Result,
    kind::{Kind, Kinds},
    memory::{MAX_OUTPUTS, Memory},
};
use serde::Serialize;

/// Neurons of a lane.
pub(crate) const LANE: u64 = layout::LANE as u64;

/// How a board talks, and whether another memory can be loaded over it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CoreLink {
    /// Words, and nothing else.
    #[default]
    Plain,
    /// Frames, requests and replies; the memory stays.
    Fixed,
    /// Frames, and another memory can be loaded; the board tests itself.
    Loadable,
    /// Frames, and another memory can be loaded; no self-test.
    Untested,
    /// The same, and the board stores and forgets patterns by itself.
    Learning,
    /// And cues that it does not know.
    AutoStoring,
}

impl CoreLink {
    /// Whether patterns are stored by the board itself.
    pub fn learns(self) -> bool {
        matches!(self, CoreLink::Learning | CoreLink::AutoStoring)
    }

    /// Whether another memory can be loaded.
    pub fn loads(self) -> bool {
        matches!(self, CoreLink::Loadable | CoreLink::Untested) || self.learns()
    }
}

/// What the size of a core depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct CoreShape {
    /// What the core can answer with.
    #[serde(rename = "kind")]
    pub kinds: Kinds,
    /// Outputs, `M`: 1 to 1024; where the answer is a key, its neurons count.
    pub outputs: u64,
    /// Neurons, `N`: 1 to 16384.
    pub neurons: u64,
    /// Patterns, `P`: 1 to 65536.
    pub patterns: u64,
    /// Planes, `k`: 1 to 16.
    pub planes: u64,
    /// Whether the top plane is the pattern matrix, and so stored once.
    pub shared_top: bool,
    /// Width of a kernel entry in bits.
    pub kernel_bits: u64,
    /// The largest `e` with a nonzero kernel entry.
    pub reach: u64,
    /// Width of a neuron's accumulator, as emitted.
    pub accumulator_bits: u64,
    /// Width of an entry of the threshold table in bits, 0 without one (no offset: it is the kernel then).
    pub threshold_bits: u64,
    /// Rows scanned in a cycle.
    pub parallel: u64,
    /// Slots of lanes that share the accumulators.
    pub fold: u64,
    /// Beats in which a row is read.
    pub beats: u64,
    /// Whether the answer is the nearest pattern: no queue, kernel, or accumulators.
    pub nearest: bool,
    /// Whether it is a list of the nearest patterns: there is a queue.
    pub ranked: bool,
    /// Classes of which each pattern of a list has one; 0 where it is listed without.
    pub listed_classes: u64,
    /// Lanes whose rows are in SPRAM.
    pub spram_lanes: u64,
    /// Lanes whose last rows are in logic cells.
    pub tail_lanes: u64,
    /// How many rows of a bank that are.
    pub tail_rows: u64,
    /// Whether bits of a cue can be unknown.
    pub masks: bool,
    /// Where a recall's later steps take their distances from.
    pub later: Later,
    /// Cues that share a scan.
    pub cues: u64,
    /// Cores with the same memory, side by side.
    pub cores: u64,
    /// What is between the core and the UART.
    pub link: CoreLink,
}

impl CoreShape {
    /// One neuron and one pattern, in a core without options behind the plain link: what others differ from.
    pub const PLAIN: CoreShape = CoreShape {
        kinds: Kinds::of(Kind::Auto),
        outputs: 0,
        neurons: 1,
        patterns: 1,
        planes: 1,
        shared_top: true,
        kernel_bits: 8,
        reach: 0,
        accumulator_bits: 8,
        threshold_bits: 0,
        parallel: 1,
        fold: 1,
        beats: 1,
        nearest: false,
        ranked: false,
        listed_classes: 0,
        spram_lanes: 0,
        tail_lanes: 0,
        tail_rows: 0,
        masks: false,
        later: Later::Scan,
        cues: 1,
        cores: 1,
        link: CoreLink::Plain,
    };

    /// The shape of a memory, with the accumulators that its proven bound asks for.
    pub fn of(memory: &Memory) -> Self {
        let parts = memory.parts();
        let (planes, kernel_bits) = (parts.planes.len() as u64, u64::from(parts.kernel_bits));
        let offset = parts.offset.iter().any(|o| *o != 0);
        CoreShape {
            kinds: Kinds::of(memory.kind()),
            outputs: memory.outputs() as u64,
            neurons: memory.neurons() as u64,
            patterns: parts.patterns.rows() as u64,
            planes,
            shared_top: memory.top_plane_is_pattern(),
            kernel_bits,
            reach: u64::from(memory.reach()),
            accumulator_bits: u64::from(memory.accumulator_bits()),
            threshold_bits: match offset {
                true => layout::threshold_bits(memory.accumulator_bits() as usize) as u64,
                false => 0,
            },
            beats: layout::beats(memory.neurons().div_ceil(layout::LANE), None) as u64,
            ..CoreShape::PLAIN
        }
    }

    /// Whether nothing votes.
    pub(crate) fn searches(&self) -> bool {
        self.nearest || self.ranked
    }

    /// Rows of the row store for each pattern: itself, and each plane that is not itself.
    pub fn rows_per_pattern(&self) -> u64 {
        let readout = if self.searches() { Readout::Nearest } else { Readout::Vote };
        layout::blocks(self.valued(), readout, self.planes as usize, self.shared_top) as u64
    }

    /// Rows of a bank for each pattern plane: if another memory can be loaded, whole block RAMs of them.
    pub(crate) fn groups(&self) -> u64 {
        let (groups, stored) = (self.patterns.div_ceil(self.parallel), self.rows_per_pattern());
        layout::block_rows((stored * self.beats) as usize, groups as usize, self.link.loads()) as u64
    }

    /// Whether values are apart from the keys.
    pub(crate) fn valued(&self) -> bool {
        self.kinds.answers_values()
    }

    /// Lanes of 16 outputs that are apart from the keys.
    pub(crate) fn value_lanes(&self) -> u64 {
        if self.valued() { self.outputs.div_ceil(LANE) } else { 0 }
    }

    /// Rows of values of a plane.
    pub(crate) fn value_rows(&self) -> u64 {
        let [patterns, parallel, groups] = [self.patterns, self.parallel, self.groups()].map(|n| n as usize);
        if self.valued() { layout::value_rows(patterns, parallel, groups, self.link.loads()) as u64 } else { 0 }
    }

    /// Words that the state holds, of a cue or of an answer.
    pub(crate) fn state_words(&self) -> u64 {
        let words = |kind| layout::answer_words(kind, self.neurons as usize, self.outputs as usize) as u64;
        let answer = self.kinds.iter().map(words).max().unwrap_or(0);
        if self.wide() && self.valued() { answer.max(self.lanes()) } else { answer.max(self.words()) }
    }

    /// Words of a bank of a lane.
    pub(crate) fn rows(&self) -> u64 {
        self.groups() * self.rows_per_pattern() * self.beats
    }

    /// Words of a key.
    pub(crate) fn words(&self) -> u64 {
        self.neurons.div_ceil(LANE)
    }

    /// Whether rows are read in beats.
    pub(crate) fn wide(&self) -> bool {
        self.beats > 1
    }

    /// Bits of all lanes that have one.
    pub(crate) fn across(&self) -> u64 {
        if self.wide() { LANE * self.lanes() } else { self.neurons }
    }

    /// What the queue counts from row to row.
    pub(crate) fn stride(&self) -> u64 {
        if self.valued() || self.ranked { 1 } else { self.beats }
    }

    /// Entries of the kernel table for a plane.
    pub(crate) fn entries(&self) -> u64 {
        let [n, reach, beats] = [self.neurons, self.reach, self.beats].map(|n| n as usize);
        layout::entry_room(n, reach, self.link.loads(), beats) as u64
    }

    /// What the memories of the core are used for.
    pub(crate) fn using(&self) -> Use {
        if self.link.loads() { Use::Ram } else { Use::Rom }
    }

    /// Whether registers that only let the clock be faster are left out, as the core's plan has it.
    pub(crate) fn lean(&self) -> bool {
        layout::lean(self.fold as usize, self.link.loads())
    }

    pub(crate) fn lanes(&self) -> u64 {
        self.words().div_ceil(self.beats)
    }

    pub(crate) fn check(&self) -> Result<()> {
        // those of a key are its neurons
        let (least, most) = if self.valued() { (1, MAX_OUTPUTS) } else { (0, layout::MAX_NEURONS) };
        let ranges = [
            ("neurons", self.neurons, 1, layout::MAX_NEURONS as u64),
            ("patterns", self.patterns, 1, 1 << 16),
            ("outputs", self.outputs, least, most as u64),
            ("planes", self.planes, 1, 16),
            ("kernel bits", self.kernel_bits, 1, 16),
            ("reach", self.reach, 0, self.neurons),
            ("accumulator bits", self.accumulator_bits, u64::from(!self.searches()), 64),
            ("threshold bits", self.threshold_bits, 0, 64),
            ("rows in a cycle", self.parallel, 1, 4),
            ("slots", self.fold, 1, 4),
            ("cues of a scan", self.cues, 1, 4),
            ("cores", self.cores, 1, layout::MAX_CORES as u64),
            ("beats", self.beats, 1, self.words()),
            ("lanes in SPRAM", self.spram_lanes, 0, self.lanes()),
        ];
        within(&ranges)?;
        // only where those are sound there is such a number of rows
        within(&[
            ("lanes with rows in logic", self.tail_lanes, 0, self.lanes() - self.spram_lanes),
            ("rows in logic", self.tail_rows, 0, self.rows()),
        ])
    }
}

/// Numbers with their names and limits: an error for the first that is beyond them.
fn within(ranges: &[(&str, u64, u64, u64)]) -> Result<()> {
    match ranges.iter().find(|(_, value, low, high)| !(low..=high).contains(&value)) {
        None => Ok(()),
        Some((name, value, low, high)) => {
            Err(Error::usage(format!("{name}: {value}, but an estimate takes {low} to {high}")))
        }
    }
}
