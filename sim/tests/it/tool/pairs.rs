//! Every two values of two options, in simulation: the table of [`crate::pairs`].

use super::shapes::same;
use crate::pairs::{Row, TABLE};
use hopgate_hdl::{Top, emit};
use hopgate_model::memory::Memory;
use hopgate_sim::{
    Library, Waveform, library,
    suite::{cues, distinct, memory},
};

/// Cues of `make test`: a simulation takes a while for many rows.
fn few(memory: &Memory) -> usize {
    match memory.patterns().rows() * memory.planes().len() {
        0..300 => 200,
        300..1000 => 24,
        _ => 12,
    }
}

fn check(row: &Row, count: impl Fn(&Memory) -> usize) {
    let (built_in, plan) = row.plan().unwrap();
    let design = emit(&plan, Top::Core, "test").unwrap();
    library::lint(&design).unwrap();
    let library = Library::build(&design, Waveform::Off).unwrap();
    same(&format!("{row:?}"), &library, None, &built_in, &cues(built_in.patterns(), count(&built_in)));
    for other in row.loads() {
        let patterns = distinct(other.patterns, other.neurons, 2);
        let loaded = memory(&other, patterns.clone());
        let held = plan.hold(&loaded).unwrap();
        same(&format!("{row:?}, then {other:?}"), &library, Some(&held), &loaded, &cues(&patterns, count(&loaded)));
    }
}

#[test]
#[ignore = "make full: 200 cues for rows of any number"]
fn every_row_with_many_cues() {
    TABLE.iter().for_each(|row| check(row, |_| 200));
}

macro_rules! rows {
    ($($(#[$more:meta])* $name:ident)*) => {
        $(#[test] $(#[$more])* fn $name() { check(&TABLE[stringify!($name)[4..].parse::<usize>().unwrap()], few); })*

        #[test]
        fn every_row_is_a_test() {
            let numbers: Vec<String> = (0..TABLE.len()).map(|at| format!("row_{at}")).collect();
            assert_eq!(numbers, [$(stringify!($name)),*]);
        }
    };
}

rows! {
    row_0 row_1 row_2 row_3 row_4 row_5
    #[ignore = "make full: as long as three others"]
    row_6
    row_7 row_8 row_9 row_10 row_11
    #[ignore = "make full: as long as three others"]
    row_12
    row_13 row_14 row_15 row_16 row_17 row_18
    #[ignore = "make full: as long as three others"]
    row_19
    row_20 row_21 row_22 row_23 row_24 row_25 row_26 row_27 row_28 row_29 row_30
    #[ignore = "make full: as long as three others"]
    row_31
    row_32 row_33 row_34
    #[ignore = "make full: as long as three others"]
    row_35
    row_36 row_37
    #[ignore = "make full: several kinds are loaded in other rows"]
    row_38
    row_39
    #[ignore = "make full: several kinds are loaded in other rows"]
    row_40
    #[ignore = "make full: several kinds are loaded in other rows"]
    row_41
    row_42 row_43 row_44
    #[ignore = "make full: as long as three others"]
    row_45
    row_46 row_47 row_48 row_49 row_50
    #[ignore = "make full: as long as three others"]
    row_51
    #[ignore = "make full: as long as three others"]
    row_52
}
