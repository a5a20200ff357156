//! The associative memory core as rust-hdl blocks, and its Verilog.
//!
//! *Scan, then vote.* Every cycle one row of the row store meets the state (XNOR), is counted
//! (popcount), and updates the running minimum; a pattern within reach of the minimum is queued. Then the
//! queued patterns' plane rows are read again, and each adds its kernel weight to the accumulators of the neurons
//! whose bit is one: a clock enable, no multiplier. [`plan`] lays a memory out, [`blocks`] are the hardware, and
//! [`mod@emit`] writes the Verilog.

pub mod blocks;
mod description;
pub mod emit;
mod fusesoc;
pub mod load;
pub mod pins;
pub mod plan;
pub mod refit;
mod verilog;

pub use emit::{Design, Link, Roms, Style, Top, emit, emit_as};
pub use plan::{Options, Plan, Readout, Room, Tail};
pub use verilog::Memory;
