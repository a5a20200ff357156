//! Training and quantising: from patterns to a memory, and to the best memory that fits.
//!
//! From patterns to a memory in two calls:
//!
//! ```
//! use hopgate_model::{noise, reference};
//! use hopgate_train::{quantizer::{QuantizeOptions, Scheme, quantize}, solver::{TrainOptions, train}};
//! let patterns = noise::random(60, 64, 1);
//! let model = train(&patterns, &TrainOptions::new(0.1), &|_| ())?.model;
//! let memory = quantize(&model, &QuantizeOptions::new(Scheme::Shared, 1))?.memory;
//! let cues = noise::flips(&patterns, 0.05, 2);
//! assert_eq!(reference::recall(&memory, cues.row(7)).state, patterns.row(7));
//! # Ok::<(), hopgate_model::Error>(())
//! ```
//!
//! | module | subject |
//! |---|---|
//! | [`solver`] | from patterns to a model, by [`newton`](solver::newton) (the exact optimum) or [`descent`](solver::descent) (the paper's recipe); what a long run keeps, so that it can go on |
//! | [`quantizer`] | planes and columns, by [`uniform`](mod@quantizer::uniform) or [`shared`](mod@quantizer::shared); the training-free memory |
//! | [`tuning`] | bits and columns that are tuned to recall itself, for a given corruption |
//! | [`search`] | for gamma, and for the best memory that fits |
//! | [`agreement`] | how many answers quantising and rounding leave as they were |
//! | [`recall_float`], [`scoring`] | float recall and nearest pattern; counting right answers |
//! | [`dense`], [`logistic`], [`bounded`] | the numbers underneath, the same on every machine |
//!
//! There are no files here and no pictures: bytes and paths are the caller's.

pub mod agreement;
pub mod bounded;
pub mod dense;
pub mod logistic;
mod options;
pub mod quantizer;
pub mod recall_float;
pub mod scoring;
pub mod search;
pub mod solver;
pub mod tuning;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
