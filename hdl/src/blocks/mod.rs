//! The hardware, one block per file.
//!
//! rust-hdl turns the `update` functions into Verilog. Four habits keep what it emits right:
//! every constant in an expression is a `Constant` of its signal's width (a bare literal widens the
//! expression to 32 bits); every mixed expression is parenthesised; a bit is taken from a signal, never from
//! an expression; a local signal is written before it is read. Index and distance signals have one width for
//! every design ([`INDEX_BITS`], [`DISTANCE_BITS`]): synthesis removes the bits that a design does not use,
//! because every counter's end is told by a sign bit chosen by a constant, not by the top bit of the type.

/// A comment that goes into the Verilog (rust-hdl translates the call; Rust sees nothing).
macro_rules! comment {
    ($text:literal) => {};
}

pub mod axis;
pub mod board;
pub mod column;
pub mod copy;
pub mod core;
pub mod lane;
pub mod link;
pub mod memories;
pub mod nearest;
pub mod pick;
pub mod pll;
pub mod popcount;
pub mod register;
pub mod reset;
pub mod sequencer;
pub mod sizes;
pub mod tree;
pub mod uart;
pub mod vote;
pub mod wishbone;

use rust_hdl::prelude::*;

/// Width of row addresses, pattern indices and queue pointers.
pub const INDEX_BITS: usize = 20;
/// Width of Hamming distances: 0..=1024.
pub const DISTANCE_BITS: usize = 11;

/// A row address, pattern index or queue pointer.
pub type Index = Bits<INDEX_BITS>;
/// A Hamming distance.
pub type Distance = Bits<DISTANCE_BITS>;

/// A run-time constant as it enters an expression.
pub(crate) fn constant<const B: usize>(value: usize) -> Constant<Bits<B>> {
    Constant::new((value as u64).into())
}

/// `n` blocks of a kind.
pub(crate) fn many<B: Default>(n: usize) -> Vec<B> {
    (0..n).map(|_| B::default()).collect()
}
