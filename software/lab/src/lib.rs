//! What is measured, compared and drawn: the experiments of `hopgate reproduce`, and what only research needs.
//!
//! | module | subject |
//! |---|---|
//! | [`experiments`] | a figure or a claim of the paper, and more, each a function from a `Context` to an `Outcome` |
//! | [`study`] | recall against noise |
//! | [`l1`], [`baselines`] | what training is compared with: an L1 penalty, kernel ridge regression, Hebbian storage |
//! | [`ties`] | a column in which far patterns decide between two that are equally near |
//! | [`influence`] | the influence of each input neuron on each output |
//! | [`prune`], [`margin`] | magnitude pruning; bit accuracy, stability margin and fixed points |
//! | [`statistics`], [`dip`], [`bimodality`] | spreads and power laws; Hartigan's dip; two clusters or one |
//! | [`classes`] | memories of classes: accuracy against flips, confusions, mistakes and who voted for them |
//! | [`chart`], [`plot`], [`sheet`] | pictures |
//!
//! ```
//! use hopgate_lab::experiments::{Context, Preset, find};
//!
//! let quick = Preset { neurons: 24, epochs: 40, trials: 2, ..Preset::paper() };
//! let outcome = (find("fig1")?.run)(&Context::new(quick, &|_| ()))?;
//! assert_eq!(outcome.tables[0].header[0], "bits");
//! # Ok::<(), hopgate_model::Error>(())
//! ```

pub mod baselines;
pub mod bimodality;
pub mod chart;
pub mod classes;
pub mod dip;
pub mod experiments;
pub mod influence;
pub mod l1;
pub mod margin;
pub mod plot;
pub mod prune;
pub mod sheet;
pub mod statistics;
pub mod study;
pub mod ties;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
