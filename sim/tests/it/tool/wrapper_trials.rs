//! The trials that mutants of wrappers must not survive, without mutants.

use hopgate_sim::{Library, Waveform, library, wrapper::TRIALS};

fn trial(name: &str) {
    let trial = TRIALS.iter().find(|t| t.name == name).unwrap();
    let prepared = trial.prepare().unwrap();
    library::lint(&prepared.design).unwrap();
    let built = Library::build(&prepared.design, Waveform::Off).unwrap();
    assert_eq!(prepared.noticed(&built), None);
}

#[test]
fn axil_alone() {
    trial("axil_alone");
}

/// What is read of a register is looked at.
#[test]
fn a_broken_register_is_noticed() {
    let prepared = TRIALS.iter().find(|t| t.name == "axil_alone").unwrap().prepare().unwrap();
    let mut broken = prepared.design.clone();
    assert!(broken.verilog.contains("r_data$d = port$read;"));
    broken.verilog = broken.verilog.replacen("r_data$d = port$read;", "r_data$d = 16'h0;", 1);
    let built = Library::build(&broken, Waveform::Off).unwrap();
    assert!(prepared.noticed(&built).is_some());
}

#[test]
#[ignore = "make full: axil_alone is smaller"]
fn wishbone_with_streams() {
    trial("wishbone_with_streams");
}

#[test]
#[ignore = "make full: the same"]
fn axil_that_learns() {
    trial("axil_that_learns");
}

#[test]
#[ignore = "make full: the same"]
fn axis_that_learns() {
    trial("axis_that_learns");
}

#[test]
#[ignore = "make full: the same"]
fn axis_that_is_loaded() {
    trial("axis_that_is_loaded");
}

#[test]
#[ignore = "make full: the same"]
fn wishbone_that_is_loaded() {
    trial("wishbone_that_is_loaded");
}

#[test]
fn every_trial_is_a_test() {
    let names: Vec<&str> = TRIALS.iter().map(|t| t.name).collect();
    assert_eq!(
        names,
        [
            "axil_that_learns",
            "wishbone_that_is_loaded",
            "axis_that_learns",
            "axis_that_is_loaded",
            "wishbone_with_streams",
            "axil_alone"
        ]
    );
}
