//! The associative memory core as rust-hdl blocks, and its Verilog.
//!
//! *Scan, then vote.* Every cycle one row of the row store meets the state (XNOR), is counted
//! (popcount), and updates the running minimum; a pattern within reach of the minimum is queued. Then the
//! queued patterns' plane rows are read again, and each adds its kernel weight to the accumulators of the neurons
//! whose bit is one: a clock enable, no multiplier. [`layout`] says where a memory's parts are and
//! [`contents`] what is in them, [`cycles`] what a recall takes, [`blocks`] are the hardware, and
//! [`mod@emit`] writes the Verilog.
//!
//! ```
//! use hopgate_hdl::{Plan, emit::{Top, emit}};
//! use hopgate_model::{bits::BitMatrix, memory::{Memory, Parts}};
//!
//! let patterns = BitMatrix::from_fn(3, 9, |mu, i| i / 3 == mu);
//! let kernel = vec![vec![255, 20, 2, 0, 0, 0, 0, 0, 0, 0]];
//! let memory = Memory::new(Parts { planes: vec![patterns.clone()], kernel, ..Parts::of(patterns) })?;
//! let design = emit(&Plan::of(&memory)?, Top::Core, "the memory's hash")?;
//! assert!(design.files().iter().any(|(name, _)| name == "hopgate_core.v"));
//! # Ok::<(), hopgate_model::Error>(())
//! ```

pub mod blocks;
pub mod contents;
pub mod cycles;
mod description;
pub mod emit;
mod fusesoc;
mod header;
pub mod layout;
pub mod options;
pub mod pins;
pub mod refit;
mod system;
mod verilog;

pub use contents::Plan;
pub use emit::{Design, Link, Roms, Style, Top, emit, emit_as};
pub use layout::Layout;
pub use options::{CoreOptions, Later, Readout, Room, Tail};
pub use verilog::{Memory, Module};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
