//! Key -> value: from samples to a memory that classifies, maps or steps through a sequence.
//!
//! | module | subject |
//! |---|---|
//! | [`samples`] | what is learnt from: keys with classes or with values |
//! | [`centres`] | which keys are stored |
//! | [`train`] | all of it: samples to a model |
//! | [`model`] | centres and dual weights, and how well they answer |
//! | [`mod@learn`] | how centres are moved to where they answer better |
//! | [`logit`] | kernel logistic regression over samples and centres: the exact optimum |
//! | [`quantise`] | planes and columns: roundings, and codes fitted to the loss itself |
//! | [`compare`] | what simpler things make of the same samples |
//!
//! There are no files here and no pictures: bytes and paths are the caller's. The same samples, options and seed give the same bytes on
//! every machine.

pub mod centres;
pub mod compare;
mod design;
mod excess;
pub mod learn;
pub mod logit;
mod loss;
pub mod model;
pub mod quantise;
pub mod samples;
pub mod train;

pub use compare::{Enough, KeyedComparison, compare_keyed, linear_fields};
pub use excess::Excess;
pub use model::{KeyedModel, KeyedScore};
pub use quantise::{
    KeyedQuantizeOptions, KeyedQuantizeReport, KeyedQuantized, quantize_keyed, round_keyed, score_memory,
};
pub use samples::{Samples, Targets};
pub use train::{KeyedOptions, KeyedReport, KeyedTrained, fit_keyed, train_keyed};
