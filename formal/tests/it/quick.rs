//! The proofs that `make test` has time for, and two mutants of each property that they belong to. `make formal` runs all.

use hopgate_eda::exec;
use hopgate_formal::{catalogue::PROPERTIES, engine::Verdict};
use hopgate_hdl::{Plan, emit};
use hopgate_model::{bits::BitMatrix, kernel::KernelMode, reference};
use hopgate_sim::suite::{SHAPE, Shape};

fn tools_are_there() -> bool {
    let missing: Vec<&str> = ["yosys", "yosys-abc"].into_iter().filter(|t| exec::find(t).is_err()).collect();
    if !missing.is_empty() {
        eprintln!("skipped: {} not found (scripts/setup.sh test installs yosys)", missing.join(" and "));
    }
    missing.is_empty()
}

/// The first cases that are quick.
fn quick(name: &str) {
    if !tools_are_there() {
        return;
    }
    let property = PROPERTIES.iter().find(|p| p.name == name).unwrap();
    let cases: Vec<_> = property.cases.iter().filter(|c| c.quick).take(2).collect();
    assert!(!cases.is_empty());
    for case in &cases {
        assert_eq!(property.proof(case).unwrap().ask().unwrap().verdict, Verdict::Proved, "{name}, {}", case.name);
    }
    let reached = property.reach(cases[0]).unwrap().ask().unwrap().verdict;
    assert!(matches!(reached, Verdict::Refuted(_)), "{name} cannot reach what it is about: {reached:?}");
    for mutant in &property.mutants[..2] {
        let verdict = property.refutation(cases[0], mutant).unwrap().ask().unwrap().verdict;
        assert!(matches!(verdict, Verdict::Refuted(_)), "{name} does not refute: {}", mutant.what);
    }
}

/// The other half of the accumulators' proof: the sums fit. All 4,096 states of memories of 12 neurons.
#[test]
fn every_sum_of_small_memories_fits() {
    let small = Shape { neurons: 12, patterns: 14, gamma: 0.15, ..SHAPE };
    let shapes = [
        small,
        Shape { planes: 3, ..small },
        Shape { mode: KernelMode::Fixed, gamma: 0.05, ..small },
        Shape { planes: 2, shared: false, offset: -1.3, ..small },
        Shape { shared: false, offset: 9.0, gamma: 0.01, ..small },
    ];
    for shape in shapes {
        let (memory, _) = shape.example();
        let bits = Plan::of(&memory).unwrap().accumulator_bits;
        let limit = 1i64 << (bits - 1);
        let states = BitMatrix::from_fn(1 << 12, 12, |s, i| s >> i & 1 == 1);
        let mut largest = 0;
        for s in 0..states.rows() {
            for h in reference::step(&memory, states.row(s)).field {
                let sum = h.div_euclid(2);
                assert!((-limit..limit).contains(&sum), "{sum} does not fit {bits} bits: {shape:?}");
                largest = largest.max(sum.max(!sum));
            }
        }
        // the bound is not so wide that it says nothing
        assert!(largest >= limit / 16, "{largest} of {limit}: {shape:?}");
    }
}

/// Every mutant still finds what it changes.
#[test]
fn every_mutant_applies() {
    for property in PROPERTIES {
        assert!(property.mutants.len() >= 3, "{}", property.name);
        let case = &property.cases[0];
        let (memory, _) = case.shape.example();
        let plan = Plan::with(&memory, case.options()).unwrap();
        let top = case.top();
        let verilog = emit(&plan, top, "test").unwrap().verilog;
        for mutant in property.mutants.iter().chain(property.probes) {
            let changed = mutant.apply(&verilog, top.name()).unwrap_or_else(|e| panic!("{}: {e}", property.name));
            assert_ne!(changed, verilog);
        }
    }
}

mod tool {
    use super::*;

    #[test]
    #[ignore = "make full: ten seconds"]
    fn the_popcount_tree_counts() {
        quick("distance");
    }

    #[test]
    #[ignore = "make full: ten seconds"]
    fn an_accumulator_is_its_sum() {
        quick("accumulator");
    }

    #[test]
    #[ignore = "make full: the proof and eleven mutants"]
    fn the_class_has_the_greatest_sum() {
        quick("ranking");
    }

    #[test]
    #[ignore = "make full: the proof and eleven mutants"]
    fn it_has_after_every_class() {
        quick("ranked");
    }

    #[test]
    fn a_review_ends_with_its_queue_or_a_miss() {
        quick("review");
    }

    #[test]
    fn a_pass_finds_the_next_of_a_list() {
        quick("ranks");
    }

    #[test]
    #[ignore = "make full: make formal proves it"]
    fn the_queue_drops_no_candidate() {
        quick("queue");
    }

    #[test]
    #[ignore = "make full: make formal proves it"]
    fn a_bus_cycle_does_what_it_does_with_its_acknowledge() {
        quick("wishbone");
    }

    #[test]
    #[ignore = "make full: ten seconds"]
    fn words_of_a_row_are_in_their_lanes() {
        quick("chain");
    }

    #[test]
    #[ignore = "make full: ten seconds"]
    fn no_other_row_is_written() {
        quick("rows");
    }

    #[test]
    #[ignore = "make full: ten seconds"]
    fn the_state_moves_by_the_streams_while_words_come() {
        quick("phases");
    }

    #[test]
    #[ignore = "make full: ten seconds"]
    fn a_request_stays_what_it_is() {
        quick("kinds");
    }

    #[test]
    #[ignore = "make full: ten seconds"]
    fn a_row_is_written_behind_its_words() {
        quick("key");
    }

    #[test]
    #[ignore = "make full: ten seconds"]
    fn rows_are_written_where_they_belong() {
        quick("address");
    }

    #[test]
    #[ignore = "make full: ten seconds"]
    fn what_is_known_is_not_stored() {
        quick("known");
    }

    #[test]
    #[ignore = "make full: ten seconds"]
    fn an_answer_beyond_the_radius_is_noticed() {
        quick("radius");
    }

    #[test]
    #[ignore = "make full: ten seconds"]
    fn sizes_that_do_not_fit_are_noticed() {
        quick("fits");
    }

    #[test]
    #[ignore = "make full: ten seconds"]
    fn a_queue_keeps_its_order() {
        quick("fifo");
    }

    #[test]
    fn cores_take_turns() {
        quick("cores");
    }

    #[test]
    #[ignore = "make full: a proof of minutes"]
    fn a_packet_is_a_cue() {
        quick("axis");
    }
}
