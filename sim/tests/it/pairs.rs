//! A table of options in which every two values of two options meet, and the proof that it is one.

use Contents::{Builtin, Loadable};
use Cue::{Masked, Whole};
use Held::{One, Several};
use Lanes::{Each, Two};
use Radius::{All, Near};
use Rows::{Block, Logic, Spram};
use Top::{Own, Shared};
use hopgate_hdl::{
    CoreOptions,
    Later::{self, Queue, Scan},
    Plan,
    Readout::{self, Nearest, Vote},
    Room, Tail,
};
use hopgate_model::{
    kernel::KernelMode::{self, Fixed, Normalised},
    kind::{
        Kind::{self, Auto, Class, Map, Sequence},
        Kinds,
    },
    memory::Memory,
};
use hopgate_sim::suite::{SHAPE, Shape};

/// What the top plane is: the patterns, or bits of its own.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Top {
    Shared,
    Own,
}

/// Whether a memory can be loaded.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Contents {
    Builtin,
    Loadable,
}

/// Where rows are: in block RAM, in SPRAM as far as four of them reach, or those beyond the last whole RAM in logic cells.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rows {
    Block,
    Spram,
    Logic,
}

/// Which answers are known: all, or those near a pattern.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Radius {
    All,
    Near,
}

/// Whether all bits of a cue are known, or its mask follows it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cue {
    Whole,
    Masked,
}

/// Whether what is loaded is of the kind that is built in, or of any.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Held {
    One,
    Several,
}

/// A lane for every 16 bits, or two, in beats.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Lanes {
    Each,
    Two,
}

/// Neurons, patterns, planes, bits of a kernel entry, rows a cycle, slots, and what the enumerations say; the numbers are the offset,
/// the outputs and the cues of a scan.
#[derive(Debug, Clone, Copy)]
pub struct Row(
    usize,
    usize,
    usize,
    u32,
    usize,
    usize,
    Readout,
    KernelMode,
    Top,
    f64,
    Contents,
    Rows,
    Kind,
    usize,
    Radius,
    Cue,
    Lanes,
    Later,
    Held,
    usize,
);

/// One to five lanes, with and without unused bits; less than a block RAM of rows, and more than two.
const NEURONS: [usize; 3] = [16, 33, 75];
const PATTERNS: [usize; 3] = [21, 160, 600];
const PLANES: [usize; 4] = [1, 2, 3, 4];
const KERNEL_BITS: [u32; 3] = [4, 8, 16];
const PARALLEL: [usize; 3] = [1, 2, 4];
const FOLD: [usize; 3] = [1, 2, 4];
const OFFSET: [f64; 3] = [0.0, 0.7, -0.6];
const KIND: [Kind; 4] = [Auto, Sequence, Map, Class];
/// Less than a lane, a whole one, and more than two: more than a key has, and less.
const OUTPUTS: [usize; 3] = [2, 16, 37];

#[rustfmt::skip] // a row is a line
pub const TABLE: [Row; 53] = [
    Row(33, 21, 2, 4, 1, 4, Vote, Fixed, Shared, -0.6, Builtin, Block, Auto, 2, Near, Masked, Each, Scan, One, 1),
    Row(16, 160, 3, 16, 4, 1, Vote, Normalised, Shared, 0.0, Builtin, Logic, Map, 16, All, Whole, Each, Scan, One, 1),
    Row(75, 160, 1, 8, 2, 2, Vote, Fixed, Own, 0.7, Loadable, Spram, Sequence, 37, Near, Whole, Each, Scan, One, 1),
    Row(75, 21, 4, 4, 2, 1, Vote, Normalised, Shared, 0.7, Loadable, Block, Class, 37, All, Masked, Each, Scan, One, 1),
    Row(33, 600, 1, 8, 1, 1, Vote, Normalised, Own, -0.6, Loadable, Spram, Map, 2, Near, Whole, Two, Scan, One, 1),
    Row(33, 600, 2, 16, 2, 2, Vote, Fixed, Own, 0.0, Builtin, Logic, Auto, 37, All, Whole, Each, Scan, One, 1),
    Row(75, 21, 1, 16, 4, 4, Vote, Normalised, Shared, 0.0, Loadable, Block, Sequence, 16, All, Whole, Each, Scan, One, 1),
    Row(16, 600, 4, 8, 4, 1, Vote, Fixed, Own, 0.7, Builtin, Logic, Class, 2, Near, Masked, Each, Scan, One, 1),
    Row(75, 21, 3, 4, 1, 2, Vote, Normalised, Own, -0.6, Builtin, Logic, Sequence, 2, Near, Masked, Each, Scan, One, 1),
    Row(16, 21, 3, 8, 2, 4, Vote, Normalised, Shared, -0.6, Loadable, Spram, Auto, 16, All, Masked, Each, Scan, One, 1),
    Row(16, 160, 2, 16, 1, 1, Vote, Normalised, Own, -0.6, Builtin, Block, Class, 37, Near, Masked, Each, Scan, One, 1),
    Row(75, 600, 2, 16, 1, 1, Vote, Fixed, Shared, 0.7, Loadable, Spram, Map, 16, All, Masked, Two, Scan, One, 1),
    Row(33, 160, 4, 4, 4, 4, Vote, Normalised, Own, 0.0, Loadable, Spram, Auto, 37, All, Whole, Each, Scan, One, 1),
    Row(75, 600, 1, 4, 1, 1, Nearest, Fixed, Own, 0.7, Builtin, Block, Auto, 16, All, Whole, Two, Scan, One, 1),
    Row(33, 21, 3, 8, 1, 1, Vote, Normalised, Own, 0.0, Builtin, Block, Class, 16, Near, Whole, Two, Scan, One, 1),
    Row(16, 21, 3, 4, 2, 1, Vote, Fixed, Own, 0.7, Builtin, Block, Map, 2, All, Whole, Two, Scan, One, 1),
    Row(33, 600, 1, 4, 2, 4, Vote, Normalised, Shared, 0.7, Builtin, Logic, Auto, 2, All, Masked, Each, Scan, One, 1),
    Row(33, 160, 2, 16, 4, 1, Nearest, Normalised, Shared, 0.0, Loadable, Spram, Auto, 2, Near, Masked, Two, Scan, One, 1),
    Row(33, 600, 4, 16, 4, 2, Vote, Fixed, Shared, -0.6, Builtin, Block, Sequence, 16, All, Masked, Each, Scan, One, 1),
    Row(16, 600, 1, 16, 4, 1, Vote, Fixed, Own, 0.0, Loadable, Spram, Class, 37, Near, Whole, Each, Scan, One, 1),
    Row(16, 21, 2, 8, 4, 1, Vote, Normalised, Own, 0.0, Builtin, Block, Sequence, 37, Near, Masked, Each, Scan, One, 1),
    Row(16, 21, 3, 8, 2, 1, Nearest, Fixed, Shared, 0.0, Builtin, Logic, Auto, 2, All, Whole, Each, Scan, One, 1),
    Row(75, 160, 4, 16, 1, 1, Vote, Fixed, Own, 0.0, Builtin, Block, Class, 2, All, Whole, Each, Scan, One, 1),
    Row(75, 21, 4, 4, 2, 1, Vote, Normalised, Shared, -0.6, Loadable, Block, Map, 16, Near, Whole, Two, Scan, One, 1),
    Row(33, 21, 3, 8, 2, 1, Vote, Normalised, Shared, 0.7, Builtin, Logic, Map, 37, Near, Masked, Two, Scan, One, 1),
    Row(33, 160, 3, 8, 2, 4, Vote, Normalised, Shared, 0.0, Builtin, Block, Auto, 16, All, Whole, Each, Scan, One, 1),
    Row(33, 160, 4, 16, 1, 1, Nearest, Fixed, Shared, -0.6, Builtin, Block, Auto, 2, All, Whole, Each, Scan, One, 1),
    Row(75, 21, 4, 8, 4, 1, Vote, Fixed, Shared, 0.7, Builtin, Block, Auto, 2, Near, Masked, Two, Scan, One, 1),
    Row(33, 600, 2, 4, 2, 1, Vote, Fixed, Own, 0.0, Loadable, Block, Class, 2, All, Whole, Two, Scan, One, 1),
    Row(16, 160, 2, 4, 4, 2, Vote, Normalised, Shared, 0.7, Builtin, Logic, Auto, 37, Near, Masked, Each, Scan, One, 1),
    Row(33, 600, 1, 8, 4, 1, Vote, Fixed, Own, 0.0, Builtin, Block, Map, 16, Near, Masked, Each, Scan, One, 1),
    Row(75, 600, 3, 8, 2, 2, Vote, Fixed, Shared, 0.7, Loadable, Spram, Sequence, 2, All, Masked, Each, Scan, One, 1),
    Row(33, 160, 2, 8, 2, 1, Vote, Normalised, Own, 0.7, Builtin, Block, Sequence, 37, All, Masked, Two, Scan, One, 1),
    Row(16, 21, 1, 4, 1, 1, Vote, Normalised, Shared, 0.0, Builtin, Block, Auto, 2, All, Whole, Each, Queue, One, 1),
    Row(33, 160, 2, 8, 2, 1, Vote, Normalised, Shared, 0.7, Builtin, Logic, Auto, 2, Near, Masked, Each, Queue, One, 1),
    Row(75, 600, 3, 16, 4, 1, Vote, Normalised, Shared, -0.6, Builtin, Block, Auto, 2, All, Whole, Each, Queue, One, 1),
    Row(33, 160, 4, 8, 1, 1, Vote, Normalised, Own, 0.0, Builtin, Block, Auto, 2, Near, Masked, Each, Queue, One, 1),
    Row(33, 160, 1, 8, 2, 1, Vote, Normalised, Shared, 0.0, Loadable, Block, Auto, 2, Near, Masked, Each, Scan, Several, 1),
    Row(16, 21, 2, 4, 1, 1, Vote, Fixed, Own, 0.7, Loadable, Spram, Sequence, 2, All, Whole, Each, Scan, Several, 1),
    Row(33, 21, 3, 16, 4, 1, Vote, Normalised, Own, -0.6, Loadable, Block, Class, 37, Near, Whole, Each, Scan, Several, 1),
    Row(75, 21, 4, 8, 2, 1, Vote, Normalised, Shared, 0.0, Loadable, Spram, Map, 16, All, Masked, Each, Scan, Several, 1),
    Row(16, 600, 1, 8, 1, 1, Vote, Fixed, Own, 0.7, Loadable, Block, Class, 2, All, Whole, Each, Scan, Several, 1),
    Row(16, 21, 1, 4, 1, 1, LIST, Normalised, Shared, 0.0, Builtin, Block, Auto, 2, All, Whole, Each, Scan, One, 1),
    Row(33, 160, 2, 8, 2, 1, LIST, Fixed, Own, 0.7, Builtin, Logic, Map, 16, Near, Masked, Two, Scan, One, 1),
    Row(75, 600, 3, 16, 4, 1, LIST, Normalised, Shared, -0.6, Builtin, Block, Class, 37, Near, Whole, Each, Scan, One, 1),
    Row(33, 600, 4, 8, 1, 1, LIST, Normalised, Own, 0.0, Builtin, Logic, Sequence, 2, All, Masked, Two, Scan, One, 1),
    Row(75, 21, 1, 4, 2, 1, LIST, Fixed, Own, 0.0, Builtin, Block, Class, 2, Near, Masked, Two, Scan, One, 1),
    Row(33, 160, 2, 8, 1, 1, LIST, Normalised, Shared, 0.0, Loadable, Block, Auto, 2, Near, Masked, Each, Scan, One, 1),
    Row(75, 21, 1, 8, 2, 1, LIST, Fixed, Own, 0.7, Loadable, Spram, Map, 16, All, Whole, Each, Scan, One, 1),
    Row(16, 21, 1, 4, 1, 1, Vote, Normalised, Shared, 0.0, Builtin, Block, Auto, 2, All, Whole, Each, Queue, One, 2),
    Row(33, 160, 2, 8, 2, 1, Vote, Fixed, Own, 0.7, Builtin, Logic, Auto, 2, Near, Whole, Each, Scan, One, 2),
    Row(75, 600, 3, 16, 4, 1, Vote, Normalised, Shared, -0.6, Builtin, Block, Auto, 2, All, Whole, Each, Queue, One, 2),
    Row(33, 160, 4, 8, 1, 1, Vote, Normalised, Own, 0.0, Builtin, Logic, Auto, 2, Near, Whole, Each, Scan, One, 2),
];

/// CoreOptions, by their place in a row.
const COUNT: usize = 20;
/// How many values each has.
const VALUES: [usize; COUNT] = [3, 3, 4, 3, 3, 3, 3, 2, 2, 3, 2, 3, 4, 3, 2, 2, 2, 2, 2, 2];
const N: usize = 0;
const FOLDED: usize = 5;
const READOUT: usize = 6;
const CONTENTS: usize = 10;
const KINDS: usize = 18;
const TOP: usize = 8;
const ANSWERS: usize = 12;
const WIDTH: usize = 13;
const LANES: usize = 16;
/// Options of the vote: planes, bits, slots, top plane, offset, mode. A list heeds the mode.
const OF_THE_VOTE: [usize; 6] = [2, 3, 5, 8, 9, MODE];
const MODE: usize = 7;

/// Of the patterns within six bits of the nearest, the first four.
const LIST: Readout = Readout::Ranked { most: 4, within: Some(6) };
/// Cues of a scan.
const CUES: [usize; 2] = [1, 2];

impl Row {
    /// The row of these values, by their number.
    fn of(v: [usize; COUNT]) -> Row {
        Row(
            NEURONS[v[0]],
            PATTERNS[v[1]],
            PLANES[v[2]],
            KERNEL_BITS[v[3]],
            PARALLEL[v[4]],
            FOLD[v[5]],
            [Vote, Nearest, LIST][v[6]],
            [Normalised, Fixed][v[7]],
            [Shared, Own][v[8]],
            OFFSET[v[9]],
            [Builtin, Loadable][v[10]],
            [Block, Spram, Logic][v[11]],
            KIND[v[12]],
            OUTPUTS[v[13]],
            [All, Near][v[14]],
            [Whole, Masked][v[15]],
            [Each, Two][v[16]],
            [Scan, Queue][v[17]],
            [One, Several][v[18]],
            CUES[v[19]],
        )
    }

    /// The numbers of its values.
    fn values(&self) -> [usize; COUNT] {
        let at = |found: Option<usize>| found.expect("a value that is in its list");
        [
            at(NEURONS.iter().position(|v| *v == self.0)),
            at(PATTERNS.iter().position(|v| *v == self.1)),
            at(PLANES.iter().position(|v| *v == self.2)),
            at(KERNEL_BITS.iter().position(|v| *v == self.3)),
            at(PARALLEL.iter().position(|v| *v == self.4)),
            at(FOLD.iter().position(|v| *v == self.5)),
            at([Vote, Nearest, LIST].iter().position(|v| *v == self.6)),
            usize::from(self.7 == Fixed),
            usize::from(self.8 == Own),
            at(OFFSET.iter().position(|v| *v == self.9)),
            usize::from(self.10 == Loadable),
            self.11 as usize,
            at(KIND.iter().position(|v| *v == self.12)),
            at(OUTPUTS.iter().position(|v| *v == self.13)),
            usize::from(self.14 == Near),
            usize::from(self.15 == Masked),
            usize::from(self.16 == Two),
            usize::from(self.17 == Queue),
            usize::from(self.18 == Several),
            at(CUES.iter().position(|v| *v == self.19)),
        ]
    }

    /// Whether two options have these values, and it matters: a search or a list does nothing with the options of the vote, and one
    /// lane is no two slots, nor two lanes; values are in no plane of the patterns, and a key has no other outputs.
    fn meet(&self, (a, i): (usize, usize), (b, j): (usize, usize)) -> bool {
        let values = self.values();
        let about = |option: usize| a == option || b == option;
        let heeded = |option: usize| option == MODE && self.6 == LIST;
        let idle = self.6 != Vote && OF_THE_VOTE.iter().any(|&o| about(o) && !heeded(o)) && !about(READOUT);
        let clamped = self.0 <= 16 && !about(N) && (self.5 > 1 && about(FOLDED) || self.16 == Two && about(LANES));
        let apart = !self.12.answers_keys() && about(TOP) && !about(ANSWERS);
        let keys = self.12.answers_keys() && about(WIDTH) && !about(ANSWERS);
        values[a] == i && values[b] == j && !idle && !clamped && !apart && !keys
    }

    /// The memory that is built in.
    pub fn shape(&self) -> Shape {
        let Row(neurons, patterns, planes, kernel_bits, parallel, fold, readout, mode, top, offset, ..) = *self;
        let (kind, outputs) = (self.12, self.13);
        // as many recalls end within it as do not
        let radius = (self.14 == Near).then_some(neurons as u32 / 4);
        let max_steps = if kind == Sequence { 4 } else { SHAPE.max_steps };
        let gamma = if mode == Fixed { 0.05 } else { 0.1 };
        let shared = top == Shared;
        let shape = Shape { neurons, patterns, planes, kernel_bits, parallel, fold, readout, mode, ..SHAPE };
        let masks = self.15 == Masked;
        let lanes = (self.16 == Two).then_some(2);
        let (later, cues) = (self.17, self.19);
        Shape { shared, offset, gamma, kind, outputs, radius, max_steps, masks, lanes, later, cues, ..shape }
    }

    /// The memories that are loaded: more of everything than is built in, then less of everything and another mode.
    pub fn loads(&self) -> Vec<Shape> {
        if self.10 == Builtin {
            return Vec::new();
        }
        let s = self.shape();
        let outputs = s.outputs + 3;
        let radius = s.radius.map(|radius| radius + 2);
        let (neurons, patterns, planes) = (s.neurons + 3, s.patterns * 5 / 4, 4.min(s.planes + 1));
        let more = Shape { neurons, patterns, planes, outputs, radius, ..s };
        let mode = if s.mode == Fixed { Normalised } else { Fixed };
        let (patterns, offset) = (s.patterns / 2 + 1, -s.offset / 2.0);
        let (neurons, planes, outputs) = (s.neurons - 3, 1.max(s.planes - 1), 2.max(s.outputs.saturating_sub(3)));
        let less = Shape { neurons, planes, outputs, patterns, mode, offset, ..s };
        match self.18 {
            One => vec![more, less],
            // of each kind once, and at the end that which is built in
            Several => {
                let others = KIND.iter().filter(|&&kind| kind != s.kind).zip([more, less, more]);
                others.map(|(&kind, shape)| Shape { kind, ..shape }).chain([less]).collect()
            }
        }
    }

    /// How it becomes hardware, with room for what is loaded.
    pub fn hardware(&self, memory: &Memory) -> CoreOptions {
        let more = self.loads().first().map(|more| Room {
            neurons: more.neurons,
            patterns: more.patterns,
            planes: more.planes,
            outputs: if memory.kind().answers_keys() && self.18 == One { 0 } else { more.outputs },
            kinds: if self.18 == Several {
                KIND.iter().fold(Kinds::NONE, |all, &kind| all.with(kind))
            } else {
                Kinds::NONE
            },
            // every loaded memory's bound, of whole cues and of cues partly known
            accumulator_bits: (memory.masked_bound().accumulator_bits() as usize + 6).min(31),
        });
        let sprams = if self.11 == Spram { 4 } else { 0 };
        let tail = if self.11 == Logic { Tail { lanes: 2, depth: 256 } } else { Tail::default() };
        CoreOptions { room: more, sprams, tail, ..self.shape().hardware() }
    }

    /// How it becomes hardware, checked: rows are where the row says.
    pub fn plan(&self) -> hopgate_model::Result<(Memory, Plan)> {
        let memory = self.shape().example().0;
        let plan = Plan::with(&memory, self.hardware(&memory))?;
        assert_eq!((plan.spram_lanes > 0, plan.tail_rows > 0), (self.11 == Spram, self.11 == Logic), "{self:?}");
        Ok((memory, plan))
    }
}

#[test]
fn every_two_values_meet_or_are_refused() {
    let (mut met, mut refused) = (0, 0);
    for a in 0..COUNT {
        for b in a + 1..COUNT {
            for (i, j) in (0..VALUES[a]).flat_map(|i| (0..VALUES[b]).map(move |j| (i, j))) {
                if TABLE.iter().any(|row| row.meet((a, i), (b, j))) {
                    met += 1;
                    continue;
                }
                // where there are outputs apart from the keys, no plane is the patterns
                if (a, b) == (TOP, WIDTH) {
                    continue;
                }
                // what stays is of the kind that it is
                if [(a, i), (b, j)] == [(CONTENTS, 0), (KINDS, 1)] {
                    continue;
                }
                let mut values = [0; COUNT];
                // of some options only a row of values has both
                values[ANSWERS] = if a == WIDTH || b == WIDTH { 2 } else { 0 };
                (values[N], values[a], values[b]) = (1, i, j);
                if values[KINDS] == 1 {
                    values[CONTENTS] = 1;
                }
                let row = Row::of(values);
                assert!(row.plan().is_err(), "no row has these two: {row:?}, values {i} and {j} of {a} and {b}");
                refused += 1;
            }
        }
    }
    // two slots or four of a search, SPRAM in what cannot be loaded, logic cells in what can; a search of what answers with no
    // pattern, slots of values (each also where the width of values is the other option); slots of rows in beats;
    // later steps from the queue of what has none, of a fixed kernel, of slots, of beats, and of what can be loaded; several kinds in slots,
    // in a search, with rows in logic cells, in beats, and from the queue; a list in slots, with later steps, kinds and cues, and cues of what
    // they do not share a scan in
    assert_eq!((met, refused), (1263, 60));
}

#[test]
fn there_is_such_hardware() {
    for row in &TABLE {
        row.plan().unwrap_or_else(|e| panic!("{row:?}: {e}"));
    }
}
