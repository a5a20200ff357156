//! Values, classes and sequences, and answers that are not known: co-simulation at the ends of every range.

use super::shapes::check;
use hopgate_model::{
    kernel::KernelMode,
    kind::Kind::{Auto, Class, Map, Sequence},
};
use hopgate_sim::suite::{SHAPE, Shape};

macro_rules! shapes {
    ($($name:ident: $($field:ident = $value:expr),*;)*) => {
        $(#[test] fn $name() { check(stringify!($name), Shape { $($field: $value,)* ..SHAPE }); })*
    };
}

shapes! {
    one_bit_of_one_pattern: kind = Map, outputs = 1, neurons = 1, patterns = 1;
    a_map: kind = Map, outputs = 13, neurons = 33, patterns = 21, planes = 2;
    classes: kind = Class, outputs = 10, neurons = 196, patterns = 60, planes = 3, gamma = 0.02;
    two_classes: kind = Class, outputs = 2, neurons = 9, patterns = 5;
    more_value_than_key: kind = Map, outputs = 70, neurons = 20, patterns = 40, planes = 2, parallel = 2;
    three_hundred_classes: kind = Class, outputs = 300, neurons = 40, patterns = 50, planes = 2, radius = Some(9);
    classes_of_four_rows: kind = Class, outputs = 17, neurons = 75, patterns = 103, planes = 4, parallel = 4, offset = 0.7, radius = Some(20);
    a_fixed_kernel: kind = Class, outputs = 7, neurons = 40, patterns = 43, mode = KernelMode::Fixed, gamma = 0.05;
    a_map_of_two_ranks: kind = Map, outputs = 16, neurons = 33, patterns = 300, planes = 3, parallel = 2, offset = -0.6, radius = Some(0);
    a_sequence: kind = Sequence, neurons = 40, patterns = 60, planes = 2, max_steps = 7;
    a_sequence_of_one_bit: kind = Sequence, neurons = 1, patterns = 2, max_steps = 3, gamma = 1.0;
    a_sequence_of_slots_and_rows: kind = Sequence, neurons = 75, patterns = 50, fold = 4, parallel = 4, gamma = 0.05, max_steps = 30, offset = 0.7, radius = Some(20);
    patterns_beyond_a_radius: kind = Auto, neurons = 33, patterns = 40, planes = 2, radius = Some(7);
}
