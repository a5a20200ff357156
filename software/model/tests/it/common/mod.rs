//! What several tests need: random memories of any shape.

use hopgate_model::{
    bits::BitMatrix,
    kernel::KernelMode,
    memory::{Memory, Parts},
    noise,
};
use proptest::prelude::*;
use rand::Rng;

/// What a random memory is made from.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    pub neurons: usize,
    pub patterns: usize,
    pub planes: usize,
    pub kernel_bits: u32,
    pub mode: KernelMode,
    pub shared: bool,
    pub labels: bool,
    pub seed: u64,
}

/// Shapes up to these sizes, the smallest included.
pub fn shapes(neurons: usize, patterns: usize) -> impl Strategy<Value = Shape> {
    let flags = (any::<bool>(), any::<bool>(), any::<bool>());
    (1..=neurons, 1..=patterns, 1..=4usize, 4..=16u32, flags, any::<u64>()).prop_map(
        |(neurons, patterns, planes, kernel_bits, (fixed, shared, labels), seed)| Shape {
            neurons,
            patterns,
            planes,
            kernel_bits,
            mode: if fixed { KernelMode::Fixed } else { KernelMode::Normalised },
            shared,
            labels,
            seed,
        },
    )
}

/// A memory of this shape. Its columns are arbitrary tables, not even monotone, zero beyond a random reach.
pub fn memory(shape: Shape) -> Memory {
    Memory::new(parts(shape)).expect("these parts are in range")
}

/// The parts of [`memory`].
pub fn parts(shape: Shape) -> Parts {
    let Shape { neurons: n, patterns: p, planes: k, seed, .. } = shape;
    let mut rng = noise::rng(seed, 9);
    let patterns = noise::random(p, n, seed);
    let mut planes: Vec<BitMatrix> = (0..k).map(|j| noise::random(p, n, seed ^ (j as u64 + 1) << 32)).collect();
    if shape.shared {
        planes[k - 1] = patterns.clone();
    }
    let reach = rng.random_range(0..=n);
    let mut column = |e: usize| if e <= reach { rng.random::<u32>() >> (32 - shape.kernel_bits) } else { 0 };
    let mut kernel: Vec<Vec<u32>> = (0..k).map(|_| (0..=n).map(&mut column).collect()).collect();
    kernel[0][0] = kernel[0][0].max(1);
    let mut offset: Vec<i32> = (0..=n).map(|e| column(e) as i32).collect();
    offset.iter_mut().for_each(|o| *o = if *o % 2 == 0 { *o } else { -*o });
    Parts {
        planes,
        kernel,
        offset,
        kernel_bits: shape.kernel_bits,
        kernel_mode: shape.mode,
        max_steps: 1 + (seed % 255) as u32,
        gamma: (1 + seed % 1000) as f64 / 997.0,
        scheme: "test".into(),
        labels: shape.labels.then(|| (0..p).map(|mu| format!("\u{e4}{mu}\"\n")).collect()),
        ..Parts::of(patterns)
    }
}
