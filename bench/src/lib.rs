//! What the benchmarks measure, and the recall that one would write by hand to compare with.

pub mod float;
pub mod large;
pub mod peak;

use hopgate_model::{bits::BitMatrix, kernel::{gamma_of_noise, rbf}, memory::{Memory, Parts}, noise};

/// Cues of every case.
pub const CUES: usize = 1000;
/// The flip probability of the cues.
pub const NOISE: f64 = 0.1;

/// A memory and its name.
pub struct Case {
    /// `n170-k1`, ...
    pub name: String,
    /// The memory: random patterns, three times as many as neurons.
    pub memory: Memory,
    /// [`CUES`] noisy cues, in turn of the patterns.
    pub cues: BitMatrix,
}

/// Two shapes, one and two planes; sharp kernels (at the gamma of the noise) and ones so broad that every pattern votes.
pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (neurons, patterns) in [(170, 510), (1000, 3000)] {
        for planes in [1, 2] {
            let sharp = gamma_of_noise(NOISE);
            // the last entry that is not rounded to zero is as far as a pattern can be
            let broad = (2.0 * 127f64).ln() / (4.0 * neurons as f64);
            for (kind, gamma) in [("", sharp), ("-broad", broad)] {
                let name = format!("n{neurons}-k{planes}{kind}");
                let memory = memory(neurons, patterns, planes, gamma);
                let cues = noise::cues(memory.patterns(), CUES, NOISE, 2);
                cases.push(Case { name, memory, cues });
            }
        }
    }
    cases
}

/// Each plane's column is exactly twice that of the plane below: so a single matrix of dual weights (+-1, or +-3 and +-1)
/// times one kernel has exactly the same fields, and a program with 32-bit floats must give the same answers.
fn memory(neurons: usize, patterns: usize, planes: usize, gamma: f64) -> Memory {
    let bits = noise::random(patterns, neurons, 1);
    let lower = (1..planes).map(|j| noise::random(patterns, neurons, 1000 + j as u64));
    let column =
        |j: usize| (0..=neurons).map(|e| ((127.0 * rbf(gamma, e as u32)).round() as u32) << j).collect::<Vec<u32>>();
    let parts = Parts {
        planes: lower.chain([bits.clone()]).collect(),
        kernel: (0..planes).map(column).collect(),
        gamma,
        ..Parts::of(bits)
    };
    Memory::new(parts).expect("the parts are in range")
}
