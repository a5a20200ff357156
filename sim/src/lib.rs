//! Verilator co-simulation of the emitted Verilog against the integer reference.
//!
//! [`library`] builds a design and a small C++ bench into a shared library, in a folder of its own;
//! [`mod@bench`] loads it (the only `unsafe` code of the project); [`mod@cosim`] recalls the same cues in hardware and in
//! the reference and names the first difference.

pub mod bench;
pub mod cosim;
pub mod library;
pub mod reset;
mod runtime;
pub mod suite;

pub use cosim::{cosim, cosim_holding, Cosim, Options};
pub use library::{Library, Waveform};
