//! Verilator co-simulation of the emitted Verilog against the integer reference.
//!
//! [`library`] builds a design and a small C++ bench into a shared library, in a folder of its own, or finds it in the [`cache`];
//! [`mod@bench`] loads it (the only `unsafe` code of the project); [`mod@cosim`] recalls the same cues in hardware and in
//! the reference and names the first difference. [`trial`] is what the tests and the mutants
//! compare; [`mod@chip`] is a finished build, as Verilog, as a netlist or as a packed
//! bitstream; [`mod@pins`] recalls through its serial line, by a [`protocol`].
//!
//! ```no_run
//! use hopgate_files::folder;
//! use hopgate_hdl::{Plan, emit::{Top, emit}};
//! use hopgate_sim::{Library, Waveform, cosim::{CosimOptions, cosim}};
//!
//! let memory = folder::load("memory/".as_ref())?;
//! let design = emit(&Plan::of(&memory)?, Top::Core, &folder::hash(&memory))?;
//! let core = Library::build(&design, Waveform::Off)?;
//! let found = cosim(&core, &memory, memory.patterns(), CosimOptions::default(), &|_| ())?;
//! assert!(found.difference.is_none());
//! # Ok::<(), hopgate_model::Error>(())
//! ```

mod behind;
pub mod bench;
pub mod cache;
pub mod certificate;
pub mod chip;
mod compile;
pub mod cosim;
pub mod cue;
pub mod library;
mod loading;
mod pace;
pub mod pins;
pub mod protocol;
pub mod reset;
mod runtime;
pub mod suite;
pub mod trial;
pub mod tried;
pub mod words;
pub mod wrapped;
pub mod wrapper;

pub use chip::{Chip, Level};
pub use compile::Waveform;
pub use cosim::{Cosim, CosimOptions, cosim, cosim_holding};
pub use cue::{Cue, Cues};
pub use library::Library;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
