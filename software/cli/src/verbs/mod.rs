//! One file per verb: its arguments, and what it calls and prints.

pub mod build;
pub mod cosim;
pub mod demo;
pub mod queries;
pub mod recall;
