//! Keys that are read in beats: as the reference answers, in the cycles that the formula says.

use super::shapes::{check, check_load};
use hopgate_hdl::{Readout, Room, Tail};
use hopgate_model::{kernel::KernelMode, kind::Kind};
use hopgate_sim::suite::{SHAPE, Shape};

/// 150 bits, ten words, the last one with six bits: in three lanes four beats, and two lanes have no word in the last one.
const WIDE: Shape = Shape { neurons: 150, lanes: Some(3), gamma: 0.05, ..SHAPE };

macro_rules! shapes {
    ($($(#[$attribute:meta])* $name:ident: $($field:ident = $value:expr),*;)*) => {
        $($(#[$attribute])* #[test] fn $name() { check(stringify!($name), Shape { $($field: $value,)* ..WIDE }); })*
    };
}

shapes! {
    one_lane: neurons = 150, lanes = Some(1), planes = 2;
    two_beats: neurons = 33, lanes = Some(2), gamma = 0.1;
    empty_lanes: neurons = 150, lanes = Some(3), patterns = 21, planes = 3, parallel = 2, offset = 0.7;
    one_pattern: patterns = 1, neurons = 40, lanes = Some(2);
    four_rows_a_cycle: patterns = 173, parallel = 4, planes = 2, mode = KernelMode::Fixed;
    a_deep_store: patterns = 161, planes = 4, shared = false, kernel_bits = 16, radius = Some(37);
    a_search: patterns = 171, parallel = 2, readout = Readout::Nearest;
    #[ignore = "make full: others have its options"]
    a_search_of_few: patterns = 5, lanes = Some(4), readout = Readout::Nearest, radius = Some(30);
    a_sequence: kind = Kind::Sequence, max_steps = 4, planes = 2, offset = -0.6;
    a_tail: patterns = 70, tail = Tail { lanes: 2, depth: 256 };
}

/// A core holds one memory after the other, and says what it holds.
#[test]
fn loads() {
    let core = Shape { patterns: 60, planes: 2, room: Room { accumulator_bits: 17, ..Room::default() }, ..WIDE };
    let all = [
        Shape { neurons: 141, patterns: 64, gamma: 0.06, ..core },
        Shape { neurons: 1, patterns: 2, gamma: 1.0, ..core },
        Shape { mode: KernelMode::Fixed, planes: 1, ..core },
    ];
    check_load("loads", core, &all);
}

/// A search that is loaded, in SPRAM.
#[test]
fn loads_a_search() {
    let core = Shape { patterns: 60, parallel: 2, readout: Readout::Nearest, sprams: 4, ..WIDE };
    check_load("loads_a_search", core, &[Shape { neurons: 149, patterns: 31, ..core }]);
}
