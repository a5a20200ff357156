//! The hardware, one block per file.
//!
//! [`core`] joins [`scan`], [`vote`] and [`state`] under the [`sequencer`]; [`cores`] are several. Around it are a [`bus`], or a [`link`] and the [`edge`] of a
//! board.
//!
//! rust-hdl turns the `update` functions into Verilog. What is the same in every block is not said in any: a block inside has the clock
//! of the block around it, and a register that is given nothing keeps what it holds; the writer of Verilog adds both. A constructor
//! names what differs from the default. Four habits keep what is emitted right:
//! every constant in an expression is a `Constant` of its signal's width (a bare literal widens the
//! expression to 32 bits); every mixed expression is parenthesised; a bit is taken from a signal, never from
//! an expression; a local signal is written before it is read. Index and distance signals have one width for
//! every design ([`INDEX_BITS`], [`DISTANCE_BITS`]): synthesis removes the bits that a design does not use,
//! because every counter's end is told by a sign bit chosen by a constant, not by the top bit of the type. A block that takes several
//! files has a [`part`] in each.

/// A comment that goes into the Verilog (rust-hdl translates the call; Rust sees nothing).
macro_rules! comment {
    ($text:literal) => {};
}

pub mod beats;
pub mod bus;
pub mod constant;
pub mod copy;
pub mod core;
pub mod cores;
pub mod edge;
pub mod kind;
pub mod lane;
pub mod lane_ram;
pub mod link;
pub mod mask;
pub mod mask_ram;
pub mod memories;
pub mod part;
pub mod radius;
pub mod ranks;
pub mod register;
pub mod scan;
pub mod sequencer;
pub mod sizes;
pub mod state;
pub mod vote;

use rust_hdl::prelude::*;

/// Width of row addresses, pattern indices and queue pointers.
pub const INDEX_BITS: usize = 20;
/// Width of Hamming distances: 0..=16,384.
pub const DISTANCE_BITS: usize = 15;
/// Width of beats: 0..1024.
pub const BEAT_BITS: usize = 10;

/// A row address, pattern index or queue pointer.
pub type Index = Bits<INDEX_BITS>;
/// A beat.
pub type Beat = Bits<BEAT_BITS>;
/// A Hamming distance.
pub type Distance = Bits<DISTANCE_BITS>;

/// `n` blocks of a kind.
pub fn many<B: Default>(n: usize) -> Vec<B> {
    (0..n).map(|_| B::default()).collect()
}

/// What every block needs: rust-hdl's prelude, with our own constants and registers.
pub(crate) mod prelude {
    pub use super::{
        DISTANCE_BITS, Distance, INDEX_BITS, Index,
        constant::{Constant, Literal, constant},
        many,
        register::Register,
    };
    pub use crate::layout::LANE;
    pub use rust_hdl::prelude::*;
}
