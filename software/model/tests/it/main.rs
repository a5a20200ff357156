//! The tests of `hopgate-model`: one program, since each takes a link.

#[path = "common/attack.rs"]
mod attack;
mod batch;
mod bits;
mod bound;
mod classes;
mod common;
mod contract;
mod corruptions;
mod derived;
mod errors;
mod heads;
mod kinds;
mod learn;
mod oracle;
mod progress;
mod readouts;
mod symmetry;
