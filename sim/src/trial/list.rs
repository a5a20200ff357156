//! The trials.

use super::{Board, Line, Trial};
use crate::suite::{SHAPE, Shape};
use hopgate_hdl::{Later, Readout, Room};
use hopgate_model::{
    kernel::KernelMode,
    kind::{Kind, Kinds},
};

const fn fixed(name: &'static str, shape: Shape) -> Trial {
    Trial { name, shape, load: None, board: None }
}

const fn loadable(name: &'static str, shape: Shape, load: Shape) -> Trial {
    Trial { name, shape, load: Some(load), board: None }
}

const fn framed(name: &'static str, shape: Shape, load: Shape, learns: bool) -> Trial {
    Trial { name, shape, load: Some(load), board: Some(Board { learns, line: Line::Swift, parts: &[] }) }
}

const fn by(name: &'static str, shape: Shape, line: Line) -> Trial {
    let parts: &[&str] = if matches!(line, Line::Spi) { &["opening", "buttons", "much", "swept"] } else { &[] };
    Trial { name, shape, load: None, board: Some(Board { learns: false, line, parts }) }
}

/// The fields that are compared are those of the last step: of one, those at every cue, wherever the recall would have ended.
const ONE_STEP: Shape = Shape { max_steps: 1, ..SHAPE };

// accumulators so wide that an entry of the threshold has a high half
const OFFSET: Shape = Shape {
    neurons: 33,
    patterns: 40,
    parallel: 4,
    planes: 3,
    shared: false,
    offset: 0.7,
    room: Room { accumulator_bits: 20, ..Room::NONE },
    ..SHAPE
};
const SLOTS: Shape = Shape { neurons: 20, patterns: 40, fold: 2, gamma: 0.01, max_steps: 2, ..SHAPE };
const SEARCH: Shape = Shape { neurons: 40, patterns: 37, parallel: 2, readout: Readout::Nearest, ..SHAPE };

// another memory's lists reach another way
const LISTED: Shape = Shape {
    neurons: 36,
    patterns: 22,
    parallel: 2,
    radius: Some(9),
    readout: Readout::Ranked { most: 4, within: None },
    ..SHAPE
};
// two columns, so that sums are joined before they are ranked
const CLASSES: Shape = Shape {
    kind: Kind::Class,
    outputs: 18,
    neurons: 23,
    patterns: 40,
    planes: 2,
    radius: Some(5),
    room: Room { outputs: 20, accumulator_bits: 16, ..Room::NONE },
    ..SHAPE
};
// so few patterns of so many bits that the nearest is far: on both sides of a radius
const VALUES: Shape = Shape {
    kind: Kind::Map,
    outputs: 21,
    neurons: 61,
    patterns: 12,
    parallel: 2,
    radius: Some(21),
    room: Room { accumulator_bits: 16, ..Room::NONE },
    ..SHAPE
};

// memories of every kind, whose values have more words than a key
const KINDS: Kinds = Kinds::of(Kind::Auto).with(Kind::Map).with(Kind::Class).with(Kind::Sequence);
const MIXED: Shape = Shape {
    shared: false,
    radius: None,
    outputs: 20,
    neurons: 13,
    room: Room { kinds: KINDS, ..CLASSES.room },
    ..CLASSES
};

// three beats of two lanes, of which one has no word in the last
const BEATS: Shape = Shape {
    neurons: 75,
    patterns: 31,
    parallel: 2,
    planes: 2,
    lanes: Some(2),
    room: Room { accumulator_bits: 16, ..Room::NONE },
    ..SHAPE
};

// small, so that a conversation is short; rows of two words; its patterns are no fixed points, so that recalls go on for ever
const FRAMED: Shape = Shape {
    shared: false,
    neurons: 20,
    patterns: 7,
    offset: 0.3,
    parallel: 4,
    room: Room { patterns: 12, planes: 2, accumulator_bits: 20, ..Room::NONE },
    ..SHAPE
};
const LEARNING: Shape = Shape {
    kind: Kind::Class,
    outputs: 5,
    neurons: 20,
    patterns: 5,
    parallel: 1,
    radius: Some(2),
    room: Room { patterns: 9, accumulator_bits: 16, ..Room::NONE },
    ..SHAPE
};

const MANY: Shape =
    Shape { outputs: 19, patterns: 6, room: Room { patterns: 24, accumulator_bits: 16, ..Room::NONE }, ..LEARNING };
// a kernel of more entries than a block of a frame has bytes, and a radius that some cues are within and some are not
const LONG: Shape = Shape {
    neurons: 301,
    max_steps: 1,
    kernel_bits: 16,
    patterns: 5,
    radius: Some(30),
    room: Room { patterns: 11_000, ..Room::NONE },
    ..SHAPE
};
// of two numbers of rows, each bit of the greatest is another one than its neighbours; its planes are not its patterns
const ROWS: Shape =
    Shape { neurons: 16, patterns: 7, shared: false, room: Room { patterns: 22_000, ..Room::NONE }, ..SHAPE };
const SECOND: Shape = Shape { neurons: 40, patterns: 7, lanes: Some(1), ..SHAPE };
const EMPTY: Shape = Shape { neurons: 20, patterns: 7, sprams: 2, ..SHAPE };
const STAYS: Shape = Shape { masks: true, radius: Some(3), patterns: 9, ..SHAPE };

/// Together they have every kind of block and every option of one.
pub static TRIALS: [Trial; 52] = [
    loadable("load_an_offset", OFFSET, Shape { patterns: 30, offset: 1.1, gamma: 0.35, ..OFFSET }),
    fixed("one_neuron_more_than_a_lane", Shape { neurons: 17, patterns: 33, planes: 3, ..SHAPE }),
    fixed(
        "negative_offset_fixed",
        Shape {
            mode: KernelMode::Fixed,
            offset: -1.3,
            neurons: 25,
            patterns: 16,
            planes: 2,
            shared: false,
            ..ONE_STEP
        },
    ),
    fixed("few_steps", Shape { neurons: 30, patterns: 60, gamma: 0.01, max_steps: 2, ..SHAPE }),
    fixed(
        "four_rows_a_cycle",
        Shape { neurons: 33, patterns: 31, parallel: 4, planes: 3, shared: false, offset: 0.7, ..ONE_STEP },
    ),
    fixed("two_slots_of_three_lanes", Shape { neurons: 43, patterns: 30, fold: 2, planes: 2, ..SHAPE }),
    fixed(
        "two_slots_of_two_rows_two_ranks",
        // an odd number: the last group has one row
        Shape { neurons: 39, patterns: 699, fold: 2, parallel: 2, planes: 2, gamma: 0.2, ..SHAPE },
    ),
    fixed("nearest_alone", Shape { neurons: 40, patterns: 37, readout: Readout::Nearest, ..SHAPE }),
    fixed("two_rows_a_cycle_two_planes", Shape { neurons: 50, patterns: 64, parallel: 2, planes: 2, ..SHAPE }),
    fixed("all_vote", Shape { neurons: 24, patterns: 40, gamma: 0.001, planes: 4, ..SHAPE }),
    // so few neurons that several patterns of a group are equally near
    fixed("equals_in_a_group", Shape { neurons: 6, patterns: 31, parallel: 4, gamma: 0.5, ..SHAPE }),
    loadable(
        "load_into_more_room",
        Shape { room: Room { neurons: 43, patterns: 300, planes: 2, accumulator_bits: 18, ..Room::NONE }, ..SLOTS },
        Shape { neurons: 41, patterns: 280, planes: 2, max_steps: 3, mode: KernelMode::Fixed, gamma: 0.05, ..SLOTS },
    ),
    loadable("load_nearest", SEARCH, Shape { patterns: 30, neurons: 33, ..SEARCH }),
    // of another gamma, so that a kernel entry that is not written is noticed
    loadable(
        "load_classes",
        CLASSES,
        Shape { patterns: 33, outputs: 20, neurons: 20, radius: Some(3), gamma: 0.05, ..CLASSES },
    ),
    fixed(
        "three_classes_of_four_rows",
        Shape { outputs: 3, parallel: 4, planes: 3, offset: 0.7, radius: None, ..CLASSES },
    ),
    // sums as large as the accumulators hold, and recalls in which every class has less than nothing
    fixed(
        "three_patterns_of_two_classes",
        Shape { outputs: 2, patterns: 3, planes: 1, kernel_bits: 16, radius: None, ..CLASSES },
    ),
    loadable("load_a_sequence_for_classes", MIXED, Shape { kind: Kind::Sequence, neurons: 11, max_steps: 3, ..MIXED }),
    loadable("load_a_map_for_classes", MIXED, Shape { kind: Kind::Map, outputs: 11, neurons: 9, ..MIXED }),
    // a state that comes to rest, for its top plane is the patterns
    loadable(
        "load_classes_for_a_state",
        Shape { kind: Kind::Auto, masks: true, shared: true, ..MIXED },
        Shape { outputs: 7, masks: true, ..MIXED },
    ),
    loadable(
        "load_values",
        VALUES,
        Shape { patterns: 15, outputs: 9, neurons: 58, radius: Some(26), gamma: 0.05, ..VALUES },
    ),
    // more values than a block RAM has words: two ranks
    fixed(
        "values_of_two_ranks",
        Shape { patterns: 300, neurons: 37, planes: 2, outputs: 5, parallel: 1, radius: None, ..VALUES },
    ),
    fixed(
        "sequence_in_two_slots",
        Shape { kind: Kind::Sequence, neurons: 39, patterns: 30, fold: 2, max_steps: 3, radius: Some(9), ..SHAPE },
    ),
    // of which some bits are unknown: of two rows a cycle, in slots that are wiped behind the scan, where bits of keys vote for nothing,
    // and where rows can be read back
    fixed("cues_partly_known", Shape { neurons: 33, patterns: 31, parallel: 2, planes: 2, masks: true, ..SHAPE }),
    fixed(
        "partly_known_in_two_slots",
        Shape { neurons: 43, patterns: 30, fold: 2, masks: true, max_steps: 3, ..SHAPE },
    ),
    fixed(
        "values_of_partly_known_keys",
        Shape { kind: Kind::Map, outputs: 20, neurons: 37, patterns: 23, masks: true, ..SHAPE },
    ),
    loadable(
        "load_partly_known",
        Shape { neurons: 20, patterns: 23, masks: true, room: Room { accumulator_bits: 16, ..Room::NONE }, ..SHAPE },
        Shape { neurons: 17, patterns: 30, masks: true, mode: KernelMode::Fixed, gamma: 0.05, ..SHAPE },
    ),
    loadable("load_in_beats", BEATS, Shape { neurons: 70, patterns: 53, planes: 1, ..BEATS }),
    // lists of the nearest patterns: of more than there are as a rule, and of patterns that are equally near
    fixed(
        "a_list_of_two_rows",
        Shape {
            neurons: 33,
            patterns: 31,
            parallel: 2,
            radius: Some(9),
            readout: Readout::Ranked { most: 6, within: Some(3) },
            ..SHAPE
        },
    ),
    fixed(
        "a_list_partly_known_in_beats",
        Shape {
            neurons: 41,
            patterns: 30,
            lanes: Some(2),
            masks: true,
            readout: Readout::Ranked { most: 5, within: Some(2) },
            ..SHAPE
        },
    ),
    fixed(
        "a_list_with_classes",
        Shape {
            kind: Kind::Class,
            outputs: 5,
            neurons: 35,
            patterns: 27,
            radius: Some(8),
            readout: Readout::Ranked { most: 4, within: Some(3) },
            ..SHAPE
        },
    ),
    loadable(
        "load_a_list_of_two_rows",
        LISTED,
        Shape { patterns: 9, neurons: 33, gamma: 0.3, radius: Some(5), ..LISTED },
    ),
    // where a state becomes a row and stays, or moves on from it, or never was one
    fixed("from_the_queue", Shape { neurons: 40, patterns: 60, later: Later::Queue, ..SHAPE }),
    fixed(
        "from_queues_of_two_rows",
        Shape { neurons: 33, patterns: 31, parallel: 2, planes: 3, gamma: 0.05, later: Later::Queue, ..SHAPE },
    ),
    fixed(
        "from_queues_partly_known",
        Shape {
            neurons: 9,
            patterns: 43,
            parallel: 4,
            planes: 2,
            gamma: 0.3,
            masks: true,
            max_steps: 4,
            later: Later::Queue,
            ..SHAPE
        },
    ),
    fixed(
        "four_cues_of_a_scan",
        Shape { neurons: 23, patterns: 33, parallel: 2, gamma: 0.2, cues: 4, later: Later::Queue, ..SHAPE },
    ),
    // some recalls end before their states are at rest
    fixed(
        "three_cues_of_few_steps",
        Shape { neurons: 20, patterns: 40, gamma: 0.01, max_steps: 2, cues: 3, later: Later::Queue, ..SHAPE },
    ),
    // and some stop while the others still scan; the last group is a whole one
    fixed(
        "two_cues_that_stop",
        Shape {
            neurons: 37,
            patterns: 22,
            parallel: 2,
            planes: 2,
            gamma: 0.2,
            max_steps: 3,
            cues: 2,
            later: Later::Stop,
            ..SHAPE
        },
    ),
    // so many rows that a register is behind them
    fixed("partly_known_in_beats", Shape { lanes: Some(1), patterns: 214, planes: 1, masks: true, ..BEATS }),
    framed(
        "a_board_that_is_loaded",
        FRAMED,
        Shape { shared: true, patterns: 10, planes: 2, offset: 0.4, ..FRAMED },
        false,
    ),
    by("a_board_that_stays_as_it_is", STAYS, Line::Swift),
    framed("a_board_that_learns", LEARNING, Shape { patterns: 4, ..LEARNING }, true),
    framed(
        "a_board_that_learns_patterns",
        Shape { kind: Kind::Auto, ..LEARNING },
        Shape { kind: Kind::Auto, patterns: 6, ..LEARNING },
        true,
    ),
    // classes of more than a lane
    Trial {
        name: "a_board_that_learns_many_classes",
        shape: MANY,
        load: Some(Shape { patterns: 4, ..MANY }),
        board: Some(Board {
            learns: true,
            line: Line::Swift,
            parts: &["lessons", "hurried", "buttons", "undone", "filled"],
        }),
    },
    Trial {
        name: "a_board_of_long_answers",
        shape: LONG,
        load: Some(Shape { patterns: 6, radius: Some(18), ..LONG }),
        board: Some(Board {
            learns: false,
            line: Line::Swift,
            parts: &["opening", "a-load", "radii", "loads", "blocks"],
        }),
    },
    // the number of its rows has high bits
    Trial {
        name: "a_board_of_many_rows",
        shape: ROWS,
        load: Some(Shape { patterns: 9, ..ROWS }),
        board: Some(Board { learns: false, line: Line::Swift, parts: &["opening", "loads", "tested"] }),
    },
    // of the protocol's second version
    Trial {
        name: "a_board_in_beats",
        shape: SECOND,
        load: Some(Shape { patterns: 8, neurons: 37, ..SECOND }),
        board: Some(Board {
            learns: false,
            line: Line::Swift,
            parts: &["opening", "a-load", "frames", "edges", "targets"],
        }),
    },
    // its rows are nothing until a memory is loaded
    Trial {
        name: "a_board_that_begins_empty",
        shape: EMPTY,
        load: Some(Shape { patterns: 9, ..EMPTY }),
        board: Some(Board { learns: false, line: Line::Swift, parts: &["unloaded", "a-load", "swept"] }),
    },
    by("a_board_of_words", Shape { neurons: 37, ..STAYS }, Line::Words),
    // not every answer of one step is a pattern, and the LEDs show how far it is
    by("a_board_over_spi", Shape { max_steps: 1, ..STAYS }, Line::Spi),
    // cores whose recalls take few cycles and many
    fixed("three_cores", Shape { cores: 3, neurons: 23, patterns: 37, gamma: 0.02, max_steps: 6, ..SHAPE }),
    fixed(
        "two_cores_that_share_scans",
        Shape { cores: 2, cues: 2, neurons: 20, patterns: 31, gamma: 0.3, later: Later::Queue, ..SHAPE },
    ),
    // packets without a mask, or with a part of one
    fixed("two_cores_partly_known", Shape { cores: 2, masks: true, neurons: 37, patterns: 23, ..SHAPE }),
];
