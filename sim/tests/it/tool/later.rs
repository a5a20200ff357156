//! Later steps from the queue: the cycles that they save, and memories whose rows are equal.

use super::shapes::{check, check_memory};
use hopgate_hdl::{CoreOptions, Later, Plan, cycles};
use hopgate_model::{bits::BitMatrix, kernel::KernelMode, kind::Kind, memory::Memory, noise};
use hopgate_sim::suite::{SHAPE, Shape, cues, distinct, memory};

fn options(later: Later, parallel: usize) -> CoreOptions {
    CoreOptions { later, parallel, ..CoreOptions::default() }
}

/// The cycles of all recalls.
fn total(memory: &Memory, later: Later, cues: &BitMatrix) -> usize {
    let plan = Plan::with(memory, options(later, 1)).unwrap();
    (0..cues.rows()).flat_map(|q| cycles::recall_cycles(memory, &plan, cues.row(q), None)).map(|step| step.1).sum()
}

/// Of equal rows, the first is the nearest, however it is found; where all are equal, there is nothing else.
#[test]
#[ignore = "make full: equal rows of several cues are in make test"]
fn equal_rows() {
    let few = distinct(5, 21, 3);
    for (p, of) in [(23, 5), (9, 1)] {
        let patterns = BitMatrix::from_fn(p, 21, |mu, i| few.get(mu * 3 % of, i));
        let memory = memory(&Shape { planes: 2, ..SHAPE }, patterns.clone());
        check_memory("equal rows", &memory, options(Later::Queue, 2), &cues(&patterns, 200));
    }
}

/// Near stored patterns, most second steps are no scans; the formula says so, and the cores of the other tests take its cycles.
#[test]
fn fewer_cycles() {
    let patterns = distinct(300, 128, 1);
    let memory = memory(&Shape { planes: 1, gamma: 0.2, ..SHAPE }, patterns.clone());
    let near = noise::cues(&patterns, 300, 0.1, 5);
    let [scan, queue] = [Later::Scan, Later::Queue].map(|later| total(&memory, later, &near));
    assert!(3 * queue < 2 * scan, "{queue} cycles, and {scan} with scans alone");
}

/// A kernel so narrow that every pattern is a fixed point.
const STILL: Shape = Shape { later: Later::Stop, gamma: 1.0, ..SHAPE };

macro_rules! stops {
    ($($(#[$more:meta])* $name:ident: $($field:ident = $value:expr),*;)*) => {
        $(#[test] $(#[$more])* fn $name() { check(stringify!($name), Shape { $($field: $value,)* ..STILL }); })*
    };
}

stops! {
    stop_of_one_neuron: neurons = 1, patterns = 2;
    stop_of_one_pattern: neurons = 5, patterns = 1, parallel = 4;
    stop_of_two_rows: neurons = 33, patterns = 160, parallel = 2, planes = 2, masks = true;
    stop_with_a_fixed_kernel: neurons = 75, patterns = 43, mode = KernelMode::Fixed, gamma = 0.1;
    #[ignore = "make full: two rows have the same"]
    stop_of_four_rows: neurons = 70, patterns = 600, parallel = 4, max_steps = 3;
}

/// A memory that moves on from a pattern is refused, and so is one that has no later step.
#[test]
fn not_every_memory_stops() {
    let refused = |shape: Shape| {
        let (memory, _) = shape.example();
        Plan::with(&memory, shape.hardware()).unwrap_err().to_string()
    };
    let said = refused(Shape { gamma: 0.01, patterns: 40, ..STILL });
    assert!(said.contains("does not stay there"), "{said}");
    let said = refused(Shape { kind: Kind::Map, ..STILL });
    assert!(said.contains("no later step"), "{said}");
    let said = refused(Shape { mode: KernelMode::Fixed, later: Later::Queue, ..STILL });
    assert!(said.contains("fixed kernel"), "{said}");
}
