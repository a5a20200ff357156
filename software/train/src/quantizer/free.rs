//! Memories that need no training: the stored bits are the dual weights.

use super::MemoryOptions;
use hopgate_model::{
    Error, Result,
    bits::BitMatrix,
    kernel::columns,
    kind::Kind,
    memory::{Memory, Parts},
};

/// The memory that needs no training: `alpha = xi`, one plane, the patterns themselves. At the gamma of the noise
/// ([`hopgate_model::kernel::gamma_of_noise`]) one step is the exact posterior vote of every bit.
///
/// # Errors
/// [`ErrorKind::Usage`](hopgate_model::ErrorKind::Usage) for a gamma or `kernel_bits` out of range;
/// [`ErrorKind::Value`](hopgate_model::ErrorKind::Value) for patterns that make no memory.
pub fn training_free(patterns: &BitMatrix, gamma: f64, options: &MemoryOptions) -> Result<Memory> {
    training_free_values(patterns, patterns, Kind::Auto, gamma, options)
}

/// The same of values `(P, M)`, one for each key `(P, N)`: at the gamma of the noise, one step is the exact posterior vote of every bit of
/// the value, or of a class, whose value has a one in the place of its class and nowhere else.
///
/// ```
/// use hopgate_model::{bits::BitMatrix, kind::Kind, noise, reference};
/// use hopgate_train::quantizer::{MemoryOptions, training_free_values};
/// let (keys, values) = (noise::random(20, 32, 1), noise::random(20, 5, 2));
/// let memory = training_free_values(&keys, &values, Kind::Map, 0.5, &MemoryOptions::default())?;
/// assert_eq!(reference::recall(&memory, keys.row(7)).state, values.row(7));
/// # Ok::<(), hopgate_model::Error>(())
/// ```
///
/// # Errors
/// As [`training_free`].
pub fn training_free_values(
    keys: &BitMatrix,
    values: &BitMatrix,
    kind: Kind,
    gamma: f64,
    options: &MemoryOptions,
) -> Result<Memory> {
    options.check()?;
    if !(gamma > 0.0 && gamma <= 1e300) {
        return Err(Error::usage(format!("gamma is {gamma}, but must be a number greater than 0"))
            .hint("0.02 to 0.5 suits most patterns"));
    }
    let &MemoryOptions { kernel_bits, kernel_mode, max_steps, .. } = options;
    let columns = columns(keys.cols(), gamma, &[1.0], 0.0, kernel_bits);
    Memory::new(Parts {
        kind,
        planes: vec![values.clone()],
        kernel: columns.weights,
        kernel_bits,
        kernel_mode,
        max_steps,
        radius: options.radius_of(keys.cols()),
        gamma,
        scheme: "training-free".to_owned(),
        ..Parts::of(keys.clone())
    })
}
