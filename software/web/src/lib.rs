//! Pages of hopgate.
//!
//! | module | subject |
//! |---|---|
//! | [`report`] | one page for the report of a run: it needs no network and nothing beside it |
//! | [`serve`] | the playground: a memory, cues and boards in a browser, from this program |
//!
//! A page is made of the files of a run alone: every number on it stands in one of them, or follows from one by the numeric contract.

pub mod report;
pub mod serve;

pub use hopgate_model::{Error, ErrorKind, Result};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
