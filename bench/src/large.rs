//! Memories from small to a million rows: one plane, training-free.

use hopgate_model::{
    Result,
    bits::BitMatrix,
    kernel,
    memory::{Memory, Parts},
    noise,
};

/// The flip probability of the cues.
const NOISE: f64 = 0.1;

/// A size, and how many cues are measured.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Bits of a row.
    pub neurons: usize,
    /// Rows.
    pub patterns: usize,
    /// Cues of a batch.
    pub cues: usize,
    /// Cues that are asked one by one.
    pub single: usize,
}

impl Size {
    /// How it is called.
    pub fn name(&self) -> String {
        format!("{}x{}", self.neurons, self.patterns)
    }
}

const fn size(neurons: usize, patterns: usize, cues: usize, single: usize) -> Size {
    Size { neurons, patterns, cues, single }
}

/// The sizes that are measured.
pub const SIZES: [Size; 6] = [
    size(128, 384, 4_000, 2_000),
    size(170, 510, 4_000, 2_000),
    size(1000, 3000, 512, 256),
    size(1024, 100_000, 64, 16),
    size(256, 1_000_000, 64, 4),
    size(10_000, 1_000, 256, 128),
];

/// One of them.
pub struct Large {
    /// Its size.
    pub size: Size,
    /// Its rows.
    pub patterns: BitMatrix,
    /// Rows in random order, with flips.
    pub cues: BitMatrix,
    /// So many of the cues are asked one by one.
    pub single: usize,
}

impl Large {
    /// Of this size.
    ///
    /// # Errors
    /// None, for the sizes here.
    pub fn of(size: &Size) -> Result<Self> {
        let patterns = noise::random(size.patterns, size.neurons, 1);
        let mut rng = noise::rng(2, 0);
        let order: Vec<usize> = (0..size.cues).map(|_| noise::below(&mut rng, size.patterns as u64) as usize).collect();
        let cues = noise::flips(&patterns.select(&order), NOISE, 3);
        Ok(Large { size: *size, patterns, cues, single: size.single })
    }

    /// The training-free memory for the noise of the cues.
    ///
    /// # Errors
    /// None, for the sizes here.
    pub fn memory(&self) -> Result<Memory> {
        let columns = kernel::columns(self.patterns.cols(), kernel::gamma_of_noise(NOISE), &[1.0], 0.0, 8);
        let parts = Parts::of(self.patterns.clone());
        Memory::new(Parts { planes: vec![self.patterns.clone()], kernel: columns.weights, ..parts })
    }
}
