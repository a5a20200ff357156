//! The core behind a bus.

pub mod axil;
pub mod axis;
pub mod inbox;
pub mod outbox;
pub mod packets;
pub mod port;
pub mod registers;
pub mod requests;
pub mod turn;
pub mod wishbone;

/// Bits of what counts words of a cue or an answer: those of 16,384 bits, and what follows them.
const COUNT_BITS: usize = 11;
