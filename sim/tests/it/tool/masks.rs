//! Cues of which bits are unknown: co-simulation of every kind of core that takes masks.

use super::shapes::{check, check_load};
use hopgate_hdl::{Readout, Room};
use hopgate_model::{
    kernel::KernelMode,
    kind::Kind::{Auto, Class, Map, Sequence},
};
use hopgate_sim::suite::{SHAPE, Shape};

macro_rules! shapes {
    ($($name:ident: $($field:ident = $value:expr),*;)*) => {
        $(#[test] fn $name() { check(stringify!($name), Shape { masks: true, $($field: $value,)* ..SHAPE }); })*
    };
}

shapes! {
    one_lane: neurons = 13, patterns = 21;
    several_lanes: neurons = 40, patterns = 33, planes = 2;
    a_search_of_two_rows: neurons = 40, patterns = 37, parallel = 2, readout = Readout::Nearest;
    slots_and_rows: neurons = 75, patterns = 50, fold = 4, parallel = 4, planes = 2, offset = 0.7;
    a_fixed_kernel_whose_bound_is_that_of_the_outputs: neurons = 33, patterns = 40, mode = KernelMode::Fixed, gamma = 0.05;
    two_ranks_and_two_slots: neurons = 39, patterns = 700, fold = 2, parallel = 2, gamma = 0.2;
    one_step: neurons = 20, patterns = 30, max_steps = 1;
    classes: kind = Class, outputs = 10, neurons = 100, patterns = 60, planes = 2, radius = Some(20);
    more_value_than_key: kind = Map, outputs = 70, neurons = 20, patterns = 40, parallel = 2;
    a_sequence_of_slots: kind = Sequence, neurons = 40, patterns = 60, fold = 2, max_steps = 7;
}

#[test]
fn loads() {
    let room = Room { accumulator_bits: 18, neurons: 43, ..Room::NONE };
    let core = Shape { kind: Auto, neurons: 40, patterns: 40, planes: 2, parallel: 2, masks: true, room, ..SHAPE };
    check_load("loads", core, &[Shape { neurons: 33, mode: KernelMode::Fixed, gamma: 0.05, ..core }]);
    let folded = Shape { fold: 2, ..core };
    check_load("loads of slots", folded, &[Shape { neurons: 33, planes: 1, ..folded }]);
    let room = Room { outputs: 19, accumulator_bits: 18, ..Room::NONE };
    let classes = Shape { kind: Class, outputs: 17, room, parallel: 1, ..core };
    check_load("loads of classes", classes, &[Shape { neurons: 33, outputs: 19, ..classes }]);
}
