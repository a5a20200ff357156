//! The tests of this crate.

mod report;
