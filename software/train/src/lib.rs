//! Training and quantising: from patterns to a memory, and to the best memory that fits.
//!
//! From patterns to a memory in two calls:
//!
//! ```
//! use hopgate_model::{noise, reference};
//! use hopgate_train::{quantize::{quantize, QuantizeOptions, Scheme}, train::{train, TrainOptions}};
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
//! | [`mod@train`] | one call for both methods: [`newton`] (the exact optimum) and [`descent`] (the paper's recipe) |
//! | [`checkpoint`] | what a long run keeps, so that it can go on after an interruption |
//! | [`auto`] | the search for gamma |
//! | [`mod@quantize`] | planes and columns, by [`uniform`] or [`shared`]; the training-free memory |
//! | [`mod@tuned`] | bits and columns that are tuned to recall itself, for a given corruption |
//! | [`tune_memory`] | the best memory that fits |
//! | [`agreement`] | how many answers quantising and rounding leave as they were |
//! | [`recall_float`], [`score`] | float recall and nearest pattern; counting right answers |
//! | [`dense`], [`logistic`] | the numbers underneath, the same on every machine |

pub mod agreement;
pub mod auto;
pub mod checkpoint;
pub mod dense;
pub mod descent;
pub(crate) mod levels;
pub mod logistic;
pub mod newton;
pub mod progress;
pub mod quantize;
pub mod recall_float;
pub mod score;
pub mod shared;
pub mod train;
pub mod tune_memory;
pub mod tuned;
pub mod uniform;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
