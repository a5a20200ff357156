//! Drivers of the external tools: from Verilog to a bitstream, and what it will cost before anything runs.
//!
//! * [`exec`] runs programs, and is the only place that does; [`tools`] knows which, how old, and from where;
//! * [`board`] is data: device, pins, resources; [`family`] is what differs from one device family to another;
//! * [`clock`] is the oscillator or what its [`pll`] makes of it, and [`mod@search`] builds for the fastest that a design reaches;
//! * [`flow`] is synthesis, place and route, timing and packing in a row, over many seeds, with a [`report`] of it all;
//! * [`finished`] opens a build again, and [`mod@unpack`] makes Verilog of its netlist and of its bitstream;
//! * [`mod@reload`] exchanges the contents of the block RAMs of a finished bitstream: [`memories`], [`cut`], [`asc`];
//! * [`mod@flash`] loads a bitstream into a board;
//! * [`critical`] names the pipeline [`mod@stage`] of the critical path;
//! * [`estimate`] says whether a memory fits a board, what binds, and what would fit instead.
//!
//! ```no_run
//! use hopgate_eda::{board::Board, flow::{build, BuildRequest}};
//! use hopgate_model::progress::Progress;
//! let request = BuildRequest::new("rtl", "top", Board::find("alchitry-cu")?, "build");
//! let report = build(&request, &|now: Progress| eprintln!("{}/{}", now.done, now.total))?;
//! println!("{} logic cells, {:.1} MHz", report.logic_cells.used, report.fmax_mhz);
//! # Ok::<(), hopgate_model::Error>(())
//! ```

pub mod asc;
pub mod board;
mod catalogue;
mod children;
pub mod clock;
mod constraints;
pub mod cost;
pub mod critical;
pub mod cut;
pub mod estimate;
pub mod exec;
pub mod family;
pub mod finished;
pub mod flash;
pub mod flow;
mod locate;
pub mod memories;
pub mod pack;
pub mod place;
pub mod planned;
pub mod pll;
pub mod reload;
pub mod report;
mod request;
pub mod search;
mod seeds;
mod shape;
pub mod stage;
pub mod synth;
pub mod timing;
pub mod tools;
mod toolset;
pub mod unpack;
pub mod usb;
pub mod version;
mod workplace;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
