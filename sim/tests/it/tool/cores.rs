//! Cores side by side: answers come in the order of the cues, whichever core is late and whoever waits.

use super::wrappers::{expected, packet, words_of};
use hopgate_hdl::{Later, Plan, Top, emit};
use hopgate_model::{kernel::KernelMode, noise};
use hopgate_sim::{
    Library, Waveform,
    bench::Axis,
    suite::{SHAPE, Shape},
};

/// Asks at the ports of AXI4-Stream, in one go and held back at random, whole turns of all cores and the beginning of one.
fn check(shape: Shape) {
    let (memory, cues) = shape.example();
    let plan = Plan::with(&memory, shape.hardware()).unwrap();
    let library =
        Library::build(&emit(&plan, Top::Axis { clock: 100_000_000, requests: false }, "test").unwrap(), Waveform::Off)
            .unwrap();
    let words = memory.neurons().div_ceil(16);
    for (seed, turns) in [(0, 7), (0, 60), (77, 60), (78, 61)] {
        let count = (turns * shape.cues).min(cues.rows() / shape.cues * shape.cues);
        let asked: Vec<_> = (0..count).flat_map(|q| packet(&words_of(cues.row(q), words))).collect();
        let want: Vec<_> = (0..count).flat_map(|q| packet(&expected(&memory, cues.row(q)))).collect();
        let mut axis = Axis::open(&library).unwrap();
        assert_eq!(axis.exchange(&asked, want.len(), seed, 400_000).unwrap(), want, "{turns} turns, seed {seed}");
    }
}

macro_rules! shapes {
    ($($(#[$more:meta])* $name:ident: $($field:ident = $value:expr),*;)*) => {
        $(#[test] $(#[$more])* fn $name() { check(Shape { $($field: $value,)* ..SHAPE }); })*
    };
}

shapes! {
    two: cores = 2, neurons = 23, patterns = 37;
    #[ignore = "make full: two, and five that share scans, are in make test"]
    three_of_two_rows: cores = 3, neurons = 33, patterns = 43, parallel = 2, later = Later::Queue;
    #[ignore = "make full: as three_of_two_rows"]
    five_of_one_neuron: cores = 5, neurons = 1, patterns = 2, gamma = 1.0;
    two_that_share_scans: cores = 2, cues = 2, neurons = 20, patterns = 31, gamma = 0.3, later = Later::Queue;
    #[ignore = "make full: two_that_share_scans is in make test"]
    five_that_share_scans: cores = 5, cues = 3, neurons = 40, patterns = 60, gamma = 1.0, later = Later::Stop;
    #[ignore = "make full: the others have such"]
    three_of_a_fixed_kernel: cores = 3, neurons = 40, patterns = 33, mode = KernelMode::Fixed, gamma = 0.05, max_steps = 3, fold = 2;
}

/// Where a core is late, the others wait: a cue that scans again and again, between cues that are patterns.
#[test]
fn one_is_late() {
    let shape = Shape { cores: 2, neurons: 30, patterns: 60, gamma: 0.01, max_steps: 9, ..SHAPE };
    let (memory, _) = shape.example();
    let plan = Plan::with(&memory, shape.hardware()).unwrap();
    let library =
        Library::build(&emit(&plan, Top::Axis { clock: 100_000_000, requests: false }, "test").unwrap(), Waveform::Off)
            .unwrap();
    let far = noise::random(20, 30, 9);
    let cue = |q: usize| if q.is_multiple_of(2) { far.row(q / 2) } else { memory.patterns().row(q) };
    let asked: Vec<_> = (0..40).flat_map(|q| packet(&words_of(cue(q), 2))).collect();
    let want: Vec<_> = (0..40).flat_map(|q| packet(&expected(&memory, cue(q)))).collect();
    assert_eq!(Axis::open(&library).unwrap().exchange(&asked, want.len(), 0, 400_000).unwrap(), want);
}
