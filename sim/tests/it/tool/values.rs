//! Values, classes and sequences, and answers that are not known: co-simulation at the ends of every range.

use super::shapes::{check, check_load, same};
use hopgate_hdl::{CoreOptions, Plan, Room, Top, emit};
use hopgate_model::{
    bits::BitMatrix,
    kernel::KernelMode,
    kind::Kind::{Auto, Class, Map, Sequence},
    memory::{Memory, Parts},
};
use hopgate_sim::{
    Library, Waveform,
    suite::{SHAPE, Shape, cues, distinct},
};

macro_rules! shapes {
    ($($(#[$more:meta])* $name:ident: $($field:ident = $value:expr),*;)*) => {
        $(#[test] $(#[$more])* fn $name() { check(stringify!($name), Shape { $($field: $value,)* ..SHAPE }); })*
    };
}

shapes! {
    one_bit_of_one_pattern: kind = Map, outputs = 1, neurons = 1, patterns = 1;
    a_map: kind = Map, outputs = 13, neurons = 33, patterns = 21, planes = 2;
    classes: kind = Class, outputs = 10, neurons = 196, patterns = 60, planes = 3, gamma = 0.02;
    two_classes: kind = Class, outputs = 2, neurons = 9, patterns = 5;
    #[ignore = "make full: with masks it is in make test"]
    more_value_than_key: kind = Map, outputs = 70, neurons = 20, patterns = 40, planes = 2, parallel = 2;
    #[ignore = "make full: as long as three others"]
    three_hundred_classes: kind = Class, outputs = 300, neurons = 40, patterns = 50, planes = 2, radius = Some(9);
    #[ignore = "make full: the table of pairs has such"]
    classes_of_four_rows: kind = Class, outputs = 17, neurons = 75, patterns = 103, planes = 4, parallel = 4, offset = 0.7, radius = Some(20);
    a_fixed_kernel: kind = Class, outputs = 7, neurons = 40, patterns = 43, mode = KernelMode::Fixed, gamma = 0.05;
    a_map_of_two_ranks: kind = Map, outputs = 16, neurons = 33, patterns = 300, planes = 3, parallel = 2, offset = -0.6, radius = Some(0);
    a_sequence: kind = Sequence, neurons = 40, patterns = 60, planes = 2, max_steps = 7;
    a_sequence_of_one_bit: kind = Sequence, neurons = 1, patterns = 2, max_steps = 3, gamma = 1.0;
    #[ignore = "make full: the table of pairs has such"]
    a_sequence_of_slots_and_rows: kind = Sequence, neurons = 75, patterns = 50, fold = 4, parallel = 4, gamma = 0.05, max_steps = 30, offset = 0.7, radius = Some(20);
    patterns_beyond_a_radius: kind = Auto, neurons = 33, patterns = 40, planes = 2, radius = Some(7);
}

/// Other classes, fewer of them than there is room for, other radii; what is not there never wins.
#[test]
#[ignore = "make full: rows of the table of pairs load such"]
fn loads_of_classes() {
    let room = Room { outputs: 19, patterns: 60, planes: 3, accumulator_bits: 18, ..Room::NONE };
    let core = Shape { kind: Class, outputs: 17, neurons: 40, patterns: 31, planes: 2, radius: Some(9), room, ..SHAPE };
    let others = [
        Shape { outputs: 19, patterns: 60, planes: 3, radius: Some(12), ..core },
        Shape { outputs: 2, patterns: 2, planes: 1, radius: None, ..core },
        Shape { outputs: 5, neurons: 33, mode: KernelMode::Fixed, gamma: 0.05, ..core },
    ];
    check_load("loads_of_classes", core, &others);
}

/// Of two banks, with more value than key.
#[test]
#[ignore = "make full: rows of the table of pairs load such"]
fn loads_of_values() {
    let room = Room { outputs: 40, planes: 2, accumulator_bits: 16, ..Room::NONE };
    let core = Shape { kind: Map, outputs: 35, neurons: 20, patterns: 33, parallel: 2, room, offset: 0.7, ..SHAPE };
    let others = [
        Shape { outputs: 40, patterns: 101, planes: 2, radius: Some(4), ..core },
        Shape { outputs: 1, neurons: 11, patterns: 5, offset: -0.3, ..core },
    ];
    check_load("loads_of_values", core, &others);
}

/// Of an auto-associative memory that has a radius, and of a sequence.
#[test]
#[ignore = "make full: rows of the table of pairs load such"]
fn loads_of_patterns_with_a_radius() {
    let room = Room { accumulator_bits: 16, ..Room::NONE };
    let core = Shape { neurons: 33, patterns: 40, planes: 2, radius: Some(7), room, ..SHAPE };
    check_load("a radius", core, &[Shape { radius: Some(20), patterns: 21, ..core }, Shape { radius: None, ..core }]);
    let core = Shape { kind: Sequence, max_steps: 4, ..core };
    check_load("a sequence", core, &[Shape { radius: Some(3), patterns: 21, max_steps: 9, ..core }]);
}

/// Classes that a memory does not have: their fields may need wider accumulators than any of its own, or they would wrap and win.
#[test]
fn classes_that_are_not_there_never_win() {
    let patterns = distinct(9, 16, 3);
    // every class gets every vote, and an offset takes it back: fields of its own are zero, and that of another would be -2W
    let planes = vec![BitMatrix::from_fn(9, 2, |_, _| true)];
    let (kernel, offset) = (vec![vec![200; 17]], vec![-200; 17]);
    let parts = Parts { kind: Class, planes, kernel, offset, ..Parts::of(patterns.clone()) };
    let memory = Memory::new(parts).unwrap();
    let wide = Room { outputs: 9, ..Room::NONE };
    let built = |room| Plan::with(&memory, CoreOptions { room: Some(room), ..CoreOptions::default() }).unwrap();
    assert!(built(wide).accumulator_bits > built(Room::NONE).accumulator_bits + 5, "{}", built(wide).accumulator_bits);
    let design = emit(&built(wide), Top::Core, "test").unwrap();
    let library = Library::build(&design, Waveform::Off).unwrap();
    same("two of nine", &library, None, &memory, &cues(&patterns, 40));
}
