//! Cues that share a scan: every kind of core that has several, and the AXI4-Stream wrapper around one.

use super::{
    shapes::{check, check_memory},
    wrappers::{expected, packet, words_of},
};
use hopgate_hdl::{CoreOptions, Later, Plan, Top, emit};
use hopgate_model::{bits::BitMatrix, kernel::KernelMode, noise};
use hopgate_sim::{
    Library, Waveform,
    bench::Axis,
    reset,
    suite::{SHAPE, Shape, cues, distinct, memory},
};

macro_rules! shapes {
    ($($(#[$more:meta])* $name:ident: $($field:ident = $value:expr),*;)*) => {
        $(#[test] $(#[$more])* fn $name() { check(stringify!($name), Shape { $($field: $value,)* ..SHAPE }); })*
    };
}

shapes! {
    two_of_one_neuron: cues = 2, neurons = 1, patterns = 2, gamma = 1.0, later = Later::Stop;
    #[ignore = "make full: four states take three times as long to compile as two; four_that_stop has them"]
    four_of_one_pattern: cues = 4, neurons = 5, patterns = 1, parallel = 4, later = Later::Queue;
    #[ignore = "make full: the others have such"]
    two_that_scan: cues = 2, neurons = 33, patterns = 43, planes = 2, parallel = 2, offset = 0.7, shared = false;
    two_from_the_queue: cues = 2, neurons = 75, patterns = 31, planes = 3, gamma = 0.04, later = Later::Queue;
    #[ignore = "make full: as four_of_one_pattern"]
    four_from_the_queue: cues = 4, neurons = 20, patterns = 60, parallel = 2, gamma = 0.3, later = Later::Queue;
    #[ignore = "make full: four_that_stop is in make test"]
    three_that_stop: cues = 3, neurons = 33, patterns = 47, parallel = 2, gamma = 1.0, later = Later::Stop;
    four_that_stop: cues = 4, neurons = 40, patterns = 60, gamma = 1.0, later = Later::Stop;
    #[ignore = "make full: the others have such"]
    two_of_two_ranks: cues = 2, neurons = 39, patterns = 1300, parallel = 2, gamma = 0.2, later = Later::Queue;
    #[ignore = "make full: the others have such"]
    two_of_a_fixed_kernel: cues = 2, neurons = 40, patterns = 33, mode = KernelMode::Fixed, gamma = 0.05, max_steps = 3;
}

/// Where all rows are equal, every cue has them all for neighbours.
#[test]
fn equal_rows() {
    let patterns = BitMatrix::from_fn(9, 21, |_, i| i % 3 == 0);
    let memory = memory(&SHAPE, patterns.clone());
    let options = CoreOptions { cues: 2, parallel: 2, later: Later::Queue, ..CoreOptions::default() };
    check_memory("equal rows", &memory, options, &cues(&patterns, 200));
}

/// A reset leaves no cue behind that would wait for another.
#[test]
fn resets() {
    let shape = Shape { cues: 2, neurons: 20, patterns: 17, later: Later::Queue, ..SHAPE };
    let (memory, cues) = shape.example();
    let plan = Plan::with(&memory, shape.hardware()).unwrap();
    let library = Library::build(&emit(&plan, Top::Core, "test").unwrap(), Waveform::Off).unwrap();
    assert_eq!(reset::interrupted(&library, &memory, &cues).unwrap(), None);
}

/// Packets go in and come out one after the other, whoever waits.
#[test]
fn axis_packets() {
    let patterns = distinct(23, 37, 1);
    let memory = memory(&SHAPE, patterns.clone());
    let options = CoreOptions { cues: 2, later: Later::Queue, ..CoreOptions::default() };
    let plan = Plan::with(&memory, options).unwrap();
    let design = emit(&plan, Top::Axis { clock: 100_000_000, requests: false }, "test").unwrap();
    let mut axis = Axis::open(&Library::build(&design, Waveform::Off).unwrap()).unwrap();
    let cues = noise::cues(&patterns, 40, 0.2, 4);
    let words: Vec<_> = (0..40).flat_map(|q| packet(&words_of(cues.row(q), 3))).collect();
    let want: Vec<_> = (0..40).flat_map(|q| packet(&expected(&memory, cues.row(q)))).collect();
    for seed in [0, 77] {
        assert_eq!(axis.exchange(&words, want.len(), seed, 200_000).unwrap(), want);
    }
    // where each cue is answered before the next one, there is no such core
    let clock = 100_000_000;
    for top in [
        Top::Wishbone { clock, requests: false, streams: false },
        Top::Axil { clock, requests: false, streams: false },
        Top::Axil { clock, requests: false, streams: true },
        Top::Axis { clock, requests: true },
    ] {
        assert!(emit(&plan, top, "test").unwrap_err().to_string().contains("share a scan"), "{top:?}");
    }
}
