//! Trainers, quantisers and recall studies of hopgate.
pub mod auto;
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
pub mod uniform;
