//! From binary patterns to a verified hardware associative memory.
//!
//! Patterns become a memory, and a memory becomes a bitstream with a report:
//!
//! ```no_run
//! use hopgate::{Board, BuildOptions, HardwareOptions, QuantizeOptions, Scheme, TrainOptions, patterns, quantize, train};
//! let patterns = patterns::load("mine.npy")?.bits;
//! let model = train(&patterns, &TrainOptions::new(0.1), &|_| ())?.model;
//! let memory = quantize(&model, &QuantizeOptions::new(Scheme::Shared, 1))?.memory;
//! let board = Board::find("alchitry-cu")?;
//! let hardware = HardwareOptions::new().parallel(2).on(&memory, &board)?;
//! let built = hopgate::build(&memory, &hardware, &board, &BuildOptions::new(), "build".as_ref(), &|_| ())?;
//! println!("{} logic cells, {:.1} MHz", built.report.logic_cells.used, built.report.fmax_mhz);
//! # Ok::<(), hopgate::Error>(())
//! ```
//!
//! Without any external tool: patterns to a memory, what it recalls, and what it would take.
//!
//! ```
//! use hopgate::{Board, Engine, HardwareOptions, MemoryOptions, noise, training_free};
//! let patterns = noise::random(100, 64, 1);
//! let memory = training_free(&patterns, 0.2, &MemoryOptions::default())?;
//! let (answers, _) = Engine::new(&memory).all(&noise::flips(&patterns, 0.05, 2));
//! assert_eq!(answers.row(7), patterns.row(7));
//! let board = Board::find("alchitry-cu")?;
//! let hardware = HardwareOptions::new().on(&memory, &board)?;
//! assert!(hopgate::estimate(&memory, &hardware, &board)?.fits);
//! # Ok::<(), hopgate::Error>(())
//! ```
//!
//! | module | subject |
//! |---|---|
//! | [`models`], [`checkpoint`] | patterns to a model, also over an interruption |
//! | [`keyed`] | keys with classes or values to a model |
//! | [`memories`] | a model to a memory; the best memory that fits |
//! | [`radius`] | how near a pattern must be to an answer that is known, by the rate of false accepts |
//! | [`cues`], [`recall`], [`mod@classify`] | cues through the recall engine, and how right the answers are |
//! | [`hardware`] | how a memory becomes hardware: options, and what follows from them on a board |
//! | [`mod@estimate`] | whether it fits, before any tool runs |
//! | [`mod@build`], [`design`] | the bitstream, and what it was made of |
//! | [`mod@verilog`] | the Verilog alone, for a design of one's own |
//! | [`simulate`] | the same cues through simulated hardware and the reference |
//! | [`verify`] | the ladder from a model to the packed bitstream, and a certificate of it |
//! | [`reload`] | another memory in a finished bitstream |
//! | [`compare`] | a nearest-pattern search beside it |
//! | [`explore`] | many builds, and the best of them |
//! | [`facts`] | what a memory is, in numbers |
//!
//! A job that takes long has a [`Watch`], which hears how far it is and may stop it. Results serialise: they are what the command line prints as JSON.
//! Every error is an [`Error`], which says what happened, where, and what to do.

pub mod build;
pub mod checkpoint;
pub mod classify;
pub mod compare;
pub mod cues;
pub mod design;
pub mod estimate;
mod example;
pub mod explore;
pub mod facts;
pub mod hardware;
pub mod keyed;
pub mod memories;
pub mod models;
pub mod pins;
pub mod radius;
pub mod recall;
pub mod reload;
pub mod simulate;
pub mod verify;
pub mod verilog;

pub use build::{BuildOptions, Built, build};
pub use estimate::{EstimateReport, estimate};
pub use hardware::{Hardware, HardwareOptions};
pub use hopgate_eda::board::Board;
pub use hopgate_files::{model_file::Model, patterns};
pub use hopgate_host as host;
pub use hopgate_model::{
    Error, ErrorKind, Result,
    bits::BitMatrix,
    engine::Engine,
    kind::Kind,
    memory::Memory,
    noise,
    progress::{Progress, Watch},
};
pub use hopgate_train::{
    quantizer::{MemoryOptions, QuantizeOptions, Scheme, quantize, training_free, training_free_values},
    solver::{TrainOptions, train, train_from},
};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
