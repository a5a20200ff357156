//! What a memory is, in numbers.

use hopgate_files::folder;
use hopgate_model::{kernel::KernelMode, kind::Kind, memory::Memory};
use serde::Serialize;

/// What a memory is: the same in every result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct MemoryFacts {
    /// Its hash, as in its manifest.
    pub sha256: String,
    /// What a recall answers.
    pub kind: Kind,
    /// Neurons, `N`.
    pub neurons: usize,
    /// Outputs, `M`.
    pub outputs: usize,
    /// Patterns, `P`.
    pub patterns: usize,
    /// Planes, `k`.
    pub planes: usize,
    /// Bits of a kernel entry.
    pub kernel_bits: u32,
    /// What the kernel is indexed by.
    pub kernel_mode: KernelMode,
    /// The most steps of a recall; the length of a sequence.
    pub max_steps: u32,
    /// How far the nearest pattern of a known answer may be.
    pub radius: u32,
    /// The largest distance that has a vote.
    pub reach: u32,
    /// The width of a signed accumulator, by the proven bound.
    pub accumulator_bits: u32,
    /// Bits of patterns and planes.
    pub storage_bits: usize,
}

impl MemoryFacts {
    /// Of a memory.
    ///
    /// ```
    /// let patterns = hopgate::noise::random(10, 32, 1);
    /// let memory = hopgate::training_free(&patterns, 0.1, &Default::default())?;
    /// let facts = hopgate::facts::MemoryFacts::of(&memory);
    /// assert_eq!((facts.neurons, facts.patterns, facts.planes), (32, 10, 1));
    /// # Ok::<(), hopgate::Error>(())
    /// ```
    pub fn of(memory: &Memory) -> Self {
        let parts = memory.parts();
        MemoryFacts {
            sha256: folder::hash(memory),
            kind: memory.kind(),
            neurons: memory.neurons(),
            outputs: memory.outputs(),
            patterns: memory.patterns().rows(),
            planes: memory.planes().len(),
            kernel_bits: parts.kernel_bits,
            kernel_mode: parts.kernel_mode,
            max_steps: parts.max_steps,
            radius: parts.radius,
            reach: memory.reach(),
            accumulator_bits: memory.accumulator_bits(),
            storage_bits: memory.storage_bits(),
        }
    }
}
