//! The trials of wrappers.

use super::Trial;
use crate::suite::{SHAPE, Shape};
use hopgate_hdl::{Readout, Room, Top};
use hopgate_model::kind::Kind;

/// The clock, Hz: so slow that power-up is as short as any reset.
const CLOCK: u32 = 1_000_000;

const fn axil(requests: bool, streams: bool) -> Top {
    Top::Axil { clock: CLOCK, requests, streams }
}

const fn wishbone(requests: bool, streams: bool) -> Top {
    Top::Wishbone { clock: CLOCK, requests, streams }
}

const fn axis() -> Top {
    Top::Axis { clock: CLOCK, requests: true }
}

// small, so that a conversation is short
const LEARNING: Shape = Shape {
    kind: Kind::Class,
    outputs: 5,
    neurons: 20,
    patterns: 5,
    radius: Some(2),
    room: Room { patterns: 9, accumulator_bits: 16, ..Room::NONE },
    ..SHAPE
};

// of which values are loaded and read back
const VALUES: Shape = Shape {
    kind: Kind::Map,
    outputs: 20,
    neurons: 13,
    patterns: 7,
    parallel: 2,
    offset: 0.3,
    masks: true,
    radius: Some(4),
    room: Room { patterns: 12, accumulator_bits: 18, ..Room::NONE },
    ..SHAPE
};

const OTHER_VALUES: Shape = Shape { patterns: 10, radius: Some(1), gamma: 0.3, offset: 0.5, ..VALUES };

/// Together they have every block of a bus and every option of one.
pub static TRIALS: [Trial; 6] = [
    Trial {
        name: "axil_that_learns",
        shape: LEARNING,
        load: Some(Shape { patterns: 4, ..LEARNING }),
        learns: true,
        top: axil(true, true),
    },
    Trial {
        name: "wishbone_that_is_loaded",
        shape: VALUES,
        load: Some(OTHER_VALUES),
        learns: false,
        top: wishbone(true, false),
    },
    Trial {
        name: "axis_that_learns",
        shape: LEARNING,
        load: Some(Shape { patterns: 4, ..LEARNING }),
        learns: true,
        top: axis(),
    },
    Trial { name: "axis_that_is_loaded", shape: VALUES, load: Some(OTHER_VALUES), learns: false, top: axis() },
    // a sequence has several answers; cues of so many words that their counter shows which way it counts
    Trial {
        name: "wishbone_with_streams",
        shape: Shape { kind: Kind::Sequence, neurons: 50, patterns: 9, max_steps: 3, radius: Some(5), ..SHAPE },
        load: None,
        learns: false,
        top: wishbone(false, true),
    },
    // of a list of one pattern there is nothing to read but the last three words
    Trial {
        name: "axil_alone",
        shape: Shape { neurons: 33, patterns: 9, readout: Readout::Ranked { most: 1, within: None }, ..SHAPE },
        load: None,
        learns: false,
        top: axil(false, false),
    },
];
