//! The heart of hopgate: what a memory *is*, in integers, and how it is stored.
//!
//! A hopgate *memory* is a set of `P` binary patterns of `N` neurons, `k` bit planes of quantised dual
//! weights, and one integer kernel column per plane. Recalling from it is integer arithmetic only, so
//! every other implementation (fast software, Verilog, netlist, bitstream) can be compared with
//! [`mod@reference`] bit by bit.
//!
//! ```
//! use hopgate_model::{bits::BitMatrix, kernel::KernelMode, memory::{Memory, Parts}, reference};
//! // Two patterns of three neurons, stored with one plane that is the patterns themselves.
//! let patterns = BitMatrix::from_fn(2, 3, |mu, _| mu == 1);
//! let memory = Memory::new(Parts {
//!     planes: vec![patterns.clone()],
//!     kernel: vec![vec![255, 20, 2, 0]],
//!     offset: vec![0; 4],
//!     kernel_bits: 8,
//!     kernel_mode: KernelMode::Normalised,
//!     ..Parts::of(patterns)
//! })?;
//! let cue = BitMatrix::from_fn(1, 3, |_, i| i != 0); // 011: one bit away from 111
//! let answer = reference::recall(&memory, cue.row(0));
//! assert_eq!((answer.state.as_slice(), answer.steps, answer.nearest), (&[0b111u64][..], 2, 1));
//! # Ok::<(), hopgate_model::Error>(())
//! ```
//!
//! To recall many cues, or on a small machine, use the [`engine`]: the same answers, much faster.
//!
//! # Without the standard library
//!
//! With `default-features = false` the crate is `no_std` and needs only `alloc`: [`bits`], [`kernel`], [`memory`], the
//! [`mod@reference`] and the [`engine`] are there, files and noise are not.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

#[cfg(feature = "std")]
pub mod atomic;
pub mod bits;
pub mod bound;
#[cfg(feature = "std")]
pub mod corrupt;
pub mod engine;
pub mod error;
#[cfg(feature = "std")]
pub mod folder;
pub mod kernel;
pub mod memory;
#[cfg(feature = "std")]
pub mod model_file;
#[cfg(feature = "std")]
pub mod noise;
#[cfg(feature = "std")]
pub mod npy;
#[cfg(feature = "std")]
pub mod npz;
#[cfg(feature = "std")]
pub mod patterns;
pub mod reference;
#[cfg(feature = "std")]
pub mod stale;
#[cfg(feature = "std")]
pub mod trace;

pub use error::{Error, ErrorKind, Result};
