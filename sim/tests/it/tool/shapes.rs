//! Odd shapes, every mode and scheme, at least 200 cues each: the emitted Verilog answers as the reference does.

use hopgate_hdl::{CoreOptions, Later, Plan, Readout, Room, Tail, Top, emit};
use hopgate_model::{bits::BitMatrix, kernel::KernelMode, memory::Memory};
use hopgate_sim::{
    Cosim, CosimOptions, Cues, Library, Waveform, cosim, cosim_holding, library,
    suite::{SHAPE, Shape, cues, distinct, masks, memory},
    trial::TRIALS,
};

/// Whether a core, with what is built in or another memory, answers as the reference does.
pub fn same(name: &str, library: &Library, held: Option<&Plan>, memory: &Memory, cues: &BitMatrix) -> Cosim {
    let known = library.design.plan.masks.then(|| masks(cues.rows(), cues.cols()));
    let cues = Cues { bits: cues, known: known.as_ref() };
    let result = match held {
        None => cosim(library, memory, cues, CosimOptions::default(), &|_| ()),
        held => cosim_holding(library, held, memory, cues, CosimOptions::default(), &|_| ()),
    };
    let result = result.unwrap();
    assert_eq!(result.difference, None, "{name}");
    result
}

pub fn check_memory(name: &str, memory: &Memory, hardware: CoreOptions, cues: &BitMatrix) -> Cosim {
    let plan = Plan::with(memory, hardware).unwrap();
    let design = emit(&plan, Top::Core, "test").unwrap();
    library::lint(&design).unwrap();
    let built = Library::build(&design, Waveform::Off).unwrap();
    same(name, &built, None, memory, cues)
}

pub fn check(name: &str, shape: Shape) {
    let (memory, cues) = shape.example();
    check_memory(name, &memory, shape.hardware(), &cues);
}

/// A loadable core: the memory that it was built with, then others.
pub fn check_load(name: &str, shape: Shape, others: &[Shape]) {
    let patterns = distinct(shape.patterns, shape.neurons, 1);
    let hardware = CoreOptions { room: Some(shape.room), ..shape.hardware() };
    let built_in = memory(&shape, patterns.clone());
    let plan = Plan::with(&built_in, hardware).unwrap();
    let design = emit(&plan, Top::Core, "test").unwrap();
    library::lint(&design).unwrap();
    let library = Library::build(&design, Waveform::Off).unwrap();
    same(&format!("{name}, built in"), &library, None, &built_in, &cues(&patterns, 150));
    for other in others {
        let patterns = distinct(other.patterns, other.neurons, 2);
        let loaded = memory(other, patterns.clone());
        let held = plan.hold(&loaded).unwrap();
        same(&format!("{name}, then {other:?}"), &library, Some(&held), &loaded, &cues(&patterns, 150));
    }
}

/// A core holds one memory after the other.
#[test]
fn loads_at_the_limits() {
    let core = Shape { neurons: 40, patterns: 40, room: Room { accumulator_bits: 17, ..Room::default() }, ..SHAPE };
    let all = [
        Shape { patterns: 201, gamma: 0.1, ..core },
        Shape { patterns: 1, ..core },
        Shape { patterns: 2, neurons: 1, gamma: 1.0, ..core },
        Shape { mode: KernelMode::Fixed, gamma: 0.05, ..core },
        Shape { max_steps: 2, gamma: 0.3, ..core },
        core,
    ];
    check_load("loads_at_the_limits", core, &all);
}

macro_rules! loads {
    ($($name:ident: $($field:ident = $value:expr),* => $($other:ident = $to:expr),*;)*) => {
        $(#[test] #[ignore = "make full: the table of pairs has such shapes"] fn $name() {
            check_load(stringify!($name), Shape { $($field: $value,)* ..SHAPE }, &[Shape { $($other: $to,)* ..Shape { $($field: $value,)* ..SHAPE } }]);
        })*
    };
}

loads! {
    load_the_same_shape: neurons = 40, patterns = 21 => gamma = 0.3;
    load_more_patterns: neurons = 20, patterns = 40, room = Room { accumulator_bits: 17, ..Room::default() } => patterns = 201, gamma = 0.1;
    load_into_more_room_unfolded: neurons = 20, patterns = 40, room = Room { neurons: 50, patterns: 300, planes: 2, accumulator_bits: 18, ..Room::NONE } => neurons = 41, patterns = 280, planes = 2;
    load_one_pattern: neurons = 16, patterns = 40 => patterns = 1;
    load_one_neuron: neurons = 17, patterns = 40 => patterns = 2, neurons = 1, gamma = 1.0;
    load_fewer_of_everything: neurons = 70, patterns = 100, planes = 3 => neurons = 39, patterns = 33, planes = 2;
    load_another_mode: neurons = 40, patterns = 30, mode = KernelMode::Fixed, gamma = 0.05, room = Room { accumulator_bits: 14, ..Room::default() } => mode = KernelMode::Normalised, gamma = 0.3;
    load_fewer_steps: neurons = 30, patterns = 60, gamma = 0.01 => patterns = 50, max_steps = 2;
    load_two_rows_two_planes: neurons = 50, patterns = 64, parallel = 2, planes = 2 => patterns = 33, planes = 1, gamma = 0.2;
    load_four_slots: neurons = 75, patterns = 50, fold = 4, parallel = 4, gamma = 0.05, room = Room { accumulator_bits: 16, ..Room::default() } => patterns = 49, neurons = 60, gamma = 0.1;
    load_two_slots: neurons = 9, patterns = 12, fold = 2, planes = 2, room = Room { accumulator_bits: 16, ..Room::default() } => patterns = 20, gamma = 0.3;
    load_two_ranks: neurons = 20, patterns = 600 => patterns = 555, gamma = 0.3;
    load_nearest_of_one_row: neurons = 40, patterns = 37, readout = Readout::Nearest => patterns = 30, neurons = 33;
    load_spram: neurons = 40, patterns = 21, sprams = 2 => gamma = 0.3, patterns = 30;
    load_spram_two_rows_two_slots: neurons = 70, patterns = 700, parallel = 2, fold = 2, planes = 2, sprams = 4, room = Room { accumulator_bits: 18, ..Room::default() } => patterns = 555, neurons = 60, planes = 1, gamma = 0.2;
    load_spram_four_rows: neurons = 33, patterns = 40, parallel = 4, sprams = 4, shared = false, offset = 0.7 => patterns = 31, offset = -0.3;
    load_spram_nearest: neurons = 40, patterns = 600, readout = Readout::Nearest, sprams = 4 => patterns = 30, neurons = 33;
    load_nearest_of_four_rows: neurons = 70, patterns = 600, parallel = 4, readout = Readout::Nearest => patterns = 333;
    load_a_list: neurons = 40, patterns = 37, readout = Readout::Ranked { most: 4, within: None } => patterns = 30, neurons = 33, gamma = 0.3;
    load_a_list_of_four_rows: neurons = 70, patterns = 600, parallel = 4, masks = true, readout = Readout::Ranked { most: 5, within: Some(20) } => patterns = 333, neurons = 60;
    load_a_list_of_fewer: neurons = 40, patterns = 30, parallel = 2, radius = Some(9), readout = Readout::Ranked { most: 6, within: None } => patterns = 3, mode = KernelMode::Fixed, gamma = 0.1, radius = Some(5);
}

/// The trials that mutants must not survive: with resets in the middle of recalls.
fn trial(name: &str) {
    let trial = TRIALS.iter().find(|t| t.name == name).unwrap();
    let prepared = trial.prepare().unwrap();
    library::lint(&prepared.design).unwrap();
    let built = Library::build(&prepared.design, Waveform::Off).unwrap();
    assert_eq!(prepared.noticed(&built), None);
}

macro_rules! trials {
    ($($name:ident)*) => {
        $(#[test] #[ignore = "make full: the table of pairs has such shapes"] fn $name() { trial(stringify!($name)); })*

        #[test]
        fn every_trial_is_a_test() {
            let names: Vec<&str> = TRIALS.iter().map(|t| t.name).collect();
            assert_eq!(names, [$(stringify!($name)),*]);
        }
    };
}

trials! {
    load_an_offset
    one_neuron_more_than_a_lane
    negative_offset_fixed
    few_steps
    four_rows_a_cycle
    two_slots_of_three_lanes
    two_slots_of_two_rows_two_ranks
    nearest_alone
    two_rows_a_cycle_two_planes
    all_vote
    equals_in_a_group
    load_into_more_room
    load_nearest
    load_classes
    three_classes_of_four_rows
    three_patterns_of_two_classes
    load_a_sequence_for_classes
    load_a_map_for_classes
    load_classes_for_a_state
    load_values
    values_of_two_ranks
    sequence_in_two_slots
    cues_partly_known
    partly_known_in_two_slots
    values_of_partly_known_keys
    load_partly_known
    load_in_beats
    a_list_of_two_rows
    a_list_partly_known_in_beats
    a_list_with_classes
    load_a_list_of_two_rows
    from_the_queue
    from_queues_of_two_rows
    from_queues_partly_known
    four_cues_of_a_scan
    three_cues_of_few_steps
    two_cues_that_stop
    partly_known_in_beats
    a_board_that_is_loaded
    a_board_that_stays_as_it_is
    a_board_that_learns
    a_board_that_learns_patterns
    a_board_that_learns_many_classes
    a_board_of_long_answers
    a_board_of_many_rows
    a_board_in_beats
    a_board_that_begins_empty
    a_board_of_words
    a_board_over_spi
    three_cores
    two_cores_that_share_scans
    two_cores_partly_known
}

macro_rules! shapes {
    ($(#[$gate:meta])? $($name:ident: $($field:ident = $value:expr),*;)*) => {
        shapes! { @each $(#[$gate])?; $($name: $($field = $value),*;)* }
    };
    (@each ; $($name:ident: $($field:ident = $value:expr),*;)*) => {
        $(#[test] fn $name() { check(stringify!($name), Shape { $($field: $value,)* ..SHAPE }); })*
    };
    (@each #[$gate:meta]; $($name:ident: $($field:ident = $value:expr),*;)*) => {
        $(#[test] #[$gate] fn $name() { check(stringify!($name), Shape { $($field: $value,)* ..SHAPE }); })*
    };
}

// the ends of every range
shapes! {
    one_neuron: neurons = 1, patterns = 2, gamma = 1.0;
    one_pattern: patterns = 1;
    one_of_each: neurons = 1, patterns = 1;
    beyond_the_kernel: neurons = 40, patterns = 10, mode = KernelMode::Fixed, gamma = 0.5;
    wide_offset: neurons = 20, patterns = 12, shared = false, offset = 40.0;
    four_rows_of_one_pattern: neurons = 5, patterns = 1, parallel = 4;
    two_slots_of_one_lane: neurons = 9, patterns = 12, fold = 2;
    one_row_in_logic: neurons = 9, patterns = 1, tail = Tail { lanes: 1, depth: 256 };
    queue_of_one_neuron: neurons = 1, patterns = 2, gamma = 1.0, later = Later::Queue;
    queue_of_one_pattern: neurons = 5, patterns = 1, parallel = 4, later = Later::Queue;
}

shapes! {
    #[ignore = "make full: the table of pairs has such shapes"]
    sixteen_bit_kernel: neurons = 70, patterns = 65, planes = 3, kernel_bits = 16, gamma = 0.02;
    the_paper: neurons = 170, patterns = 510, gamma = 0.02;
    three_slots_of_nine_lanes_two_rows: neurons = 140, patterns = 25, fold = 4, parallel = 2, planes = 2;
    nearest_of_two_ranks: neurons = 20, patterns = 1100, parallel = 2, readout = Readout::Nearest;
    one_lane_exactly: neurons = 16, patterns = 9, planes = 2;
    three_lanes_fixed: neurons = 47, patterns = 50, mode = KernelMode::Fixed, gamma = 0.05;
    four_planes_with_offset: neurons = 33, patterns = 31, planes = 4, shared = false, offset = 0.7;
    two_planes_narrow_kernel: neurons = 64, patterns = 100, planes = 2, kernel_bits = 4;
    two_rows_a_cycle: parallel = 2, patterns = 21;
    four_rows_fixed: neurons = 40, patterns = 43, parallel = 4, mode = KernelMode::Fixed, gamma = 0.05;
    two_slots: neurons = 64, patterns = 40, fold = 2;
    three_slots_of_three_lanes: neurons = 43, patterns = 30, fold = 4;
    four_slots: neurons = 150, patterns = 25, fold = 4, planes = 2;
    four_slots_of_four_rows: neurons = 75, patterns = 50, fold = 4, parallel = 4, gamma = 0.05;
    two_ranks: neurons = 20, patterns = 600;
    nearest_of_four_rows: neurons = 70, patterns = 37, parallel = 4, readout = Readout::Nearest;
    all_rows_in_logic: neurons = 40, patterns = 11, tail = Tail { lanes: 9, depth: 256 };
    last_rows_in_logic: neurons = 40, patterns = 259, tail = Tail { lanes: 2, depth: 256 };
    last_row_of_two_planes_in_logic: neurons = 20, patterns = 385, planes = 2, fold = 2, tail = Tail { lanes: 2, depth: 256 };
    last_rows_of_two_banks_in_logic: neurons = 33, patterns = 140, parallel = 2, offset = 0.7, tail = Tail { lanes: 2, depth: 64 };
    nearest_with_rows_in_logic: neurons = 40, patterns = 21, readout = Readout::Nearest, tail = Tail { lanes: 2, depth: 16 };
}

#[test]
#[ignore = "make full: half a minute"]
fn a_thousand_neurons() {
    let patterns = distinct(50, 1024, 3);
    let memory = memory(&Shape { planes: 2, gamma: 0.005, ..SHAPE }, patterns.clone());
    check_memory("a_thousand_neurons", &memory, CoreOptions::default(), &cues(&patterns, 200));
}

#[test]
fn patterns_that_hardly_differ() {
    // all patterns equal but for one bit each, and the all-zero and all-one patterns
    let patterns = BitMatrix::from_fn(22, 20, |mu, i| mu == 21 || (mu > 0 && mu - 1 == i));
    let memory = memory(&Shape { planes: 2, ..SHAPE }, patterns.clone());
    check_memory("patterns_that_hardly_differ", &memory, CoreOptions::default(), &cues(&patterns, 200));
}

#[test]
fn the_worst_case_queues_everything() {
    // A kernel that reaches everywhere queues every pattern: the step takes P + k*P + latency cycles.
    let patterns = distinct(37, 24, 9);
    let memory = memory(&Shape { planes: 3, gamma: 1e-4, ..SHAPE }, patterns.clone());
    let plan = Plan::of(&memory).unwrap();
    assert_eq!(plan.reach as usize, 24);
    let result = check_memory("the_worst_case", &memory, CoreOptions::default(), &cues(&patterns, 200));
    let longest = result.steps.iter().flatten().map(|s| s.cycles).max();
    assert_eq!(longest, Some((37 + 3 * 37 + plan.latency()) as u32));
}
