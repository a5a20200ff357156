//! The tests of this crate.

mod report;
mod serve;
