//! Trainers, quantisers and recall studies of hopgate.
pub mod dense;
pub mod descent;
pub mod logistic;
pub mod newton;
pub mod progress;
