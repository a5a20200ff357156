//! Memories of every shape.

use hopgate_model::{
    bits::BitMatrix,
    kernel::{self, KernelMode},
    memory::{Memory, Parts},
    noise,
};

/// What a memory is like.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    pub neurons: usize,
    pub patterns: usize,
    pub planes: usize,
    pub shared: bool,
    /// The offset's level; 0 without one.
    pub offset: f64,
    pub mode: KernelMode,
    pub gamma: f64,
    pub seed: u64,
}

impl Default for Shape {
    fn default() -> Self {
        let (mode, offset) = (KernelMode::Normalised, 0.0);
        Shape { neurons: 37, patterns: 61, planes: 2, shared: true, offset, mode, gamma: 0.15, seed: 1 }
    }
}

/// A memory of random bits.
pub fn memory(shape: Shape) -> Memory {
    let Shape { neurons, patterns: p, planes: k, shared, offset, mode, gamma, seed } = shape;
    let patterns = noise::random(p, neurons, seed);
    let planes = (0..k).map(|j| match j + 1 == k && shared {
        true => patterns.clone(),
        false => noise::random(p, neurons, seed + 100 + j as u64),
    });
    let weights: Vec<f64> = (0..k).map(|j| 2f64.powi(j as i32)).collect();
    let columns = kernel::columns(neurons, gamma, &weights, offset, 8);
    Memory::new(Parts {
        planes: planes.collect(),
        kernel: columns.weights,
        offset: columns.offset,
        kernel_mode: mode,
        ..Parts::of(patterns)
    })
    .unwrap()
}

/// Shapes of every kind.
pub fn shapes() -> Vec<Shape> {
    let d = Shape::default();
    vec![
        d,
        Shape { planes: 1, neurons: 16, patterns: 7, ..d },
        Shape { shared: false, neurons: 64, seed: 2, ..d },
        Shape { shared: false, planes: 3, offset: -0.8, seed: 3, ..d },
        Shape { planes: 4, offset: 0.5, neurons: 33, seed: 4, ..d },
        Shape { mode: KernelMode::Fixed, gamma: 0.05, seed: 5, ..d },
        Shape { planes: 1, patterns: 1, neurons: 1, ..d },
    ]
}

/// Noisy stored patterns, and random cues behind them.
pub fn cues(memory: &Memory, count: usize, seed: u64) -> BitMatrix {
    let noisy = noise::cues(memory.patterns(), count, 0.15, seed);
    let random = noise::random(count / 4 + 1, memory.neurons(), seed);
    BitMatrix::from_fn(count + random.rows(), memory.neurons(), |q, i| match q < count {
        true => noisy.get(q, i),
        false => random.get(q - count, i),
    })
}
