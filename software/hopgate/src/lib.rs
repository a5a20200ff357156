//! From binary patterns to a verified hardware associative memory.
//!
//! ```
//! use hopgate::{Engine, QuantizeOptions, Scheme, TrainOptions, noise, quantize, train};
//! let patterns = noise::random(60, 64, 1);
//! let model = train(&patterns, &TrainOptions::new(0.1), &|_| ())?.model;
//! let memory = quantize(&model, &QuantizeOptions::new(Scheme::Shared, 1))?.memory;
//! let (answers, _) = Engine::new(&memory).all(&noise::flips(&patterns, 0.05, 2));
//! assert_eq!(answers.row(7), patterns.row(7));
//! # Ok::<(), hopgate::Error>(())
//! ```
//!
//! This crate joins the others of the project, and re-exports what a program needs of them.

pub mod checkpoint;

pub use hopgate_eda::board::Board;
pub use hopgate_files::model_file::Model;
pub use hopgate_host as host;
pub use hopgate_model::{Error, ErrorKind, Result, bits::BitMatrix, engine::Engine, memory::Memory, noise};
pub use hopgate_train::{
    quantizer::{QuantizeOptions, Scheme, quantize},
    solver::{TrainOptions, train, train_from},
};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
