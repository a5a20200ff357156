//! The heart of hopgate: what a memory *is*, in integers. How it is stored is in `hopgate-files`.
//!
//! A hopgate *memory* is a set of `P` binary patterns of `N` neurons, `k` bit planes of quantised dual
//! weights, and one integer kernel column per plane. Recalling from it is integer arithmetic only, so
//! every other implementation (fast software, Verilog, netlist, bitstream) can be compared with
//! [`mod@reference`] bit by bit.
//!
//! ```
//! use hopgate_model::{bits::BitMatrix, engine::Engine, memory::{Memory, Parts}, reference};
//! // two patterns of three neurons, stored with one plane that is the patterns themselves, and its column by the distance
//! let patterns = BitMatrix::from_fn(2, 3, |mu, _| mu == 1);
//! let kernel = vec![vec![255, 20, 2, 0]];
//! let memory = Memory::new(Parts { planes: vec![patterns.clone()], kernel, ..Parts::of(patterns) })?;
//! let engine = Engine::new(&memory);
//! let mut scratch = engine.scratch(); // room for one recall: recalls take no other memory
//! let recall = engine.recall(&[0b110], &mut scratch); // one bit away from 111
//! assert_eq!((scratch.state(), recall.steps, recall.nearest), (&[0b111][..], 2, 1));
//! assert_eq!(scratch.answer(recall), reference::recall(&memory, &[0b110])); // as the contract says, only faster
//! # Ok::<(), hopgate_model::Error>(())
//! ```
//!
//! [`mod@reference`] is the numeric contract written down, small and slow; the [`engine`] answers the same, number for number.
//!
//! Features: `std` (the default) lets `Engine::each` recall many cues on all cores, by the vectors that the processor has; `noise` has
//! seeds and noisy cues; `serde` makes the kernel's mode serialise.
//!
//! # Without the standard library
//!
//! ```toml
//! hopgate-model = { version = "0.1", default-features = false }
//! ```
//!
//! makes the crate `no_std`. It then needs an allocator (`alloc`) and nothing else: [`bits`], [`bound`], [`kernel`], [`memory`], the
//! [`mod@reference`] and the [`engine`] are there, and noise if it is asked for; threads are not. The example above is the same. An engine and its
//! scratch are allocated once, and a recall allocates nothing and has no floating point. No processor can be asked for its vectors
//! without `std`, so plain 64-bit words are used, except where every processor of the target has vectors (aarch64).

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

pub mod bits;
pub mod bound;
pub mod classes;
#[cfg(feature = "noise")]
pub mod corrupt;
pub mod engine;
pub mod error;
pub mod kernel;
pub mod kind;
pub mod learn;
pub mod memory;
#[cfg(feature = "noise")]
pub mod noise;
pub mod progress;
pub mod reference;

pub use error::{Error, ErrorKind, Result};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
