//! The framed link between a UART and a core: see `docs/src/reference/protocol.md`, which is its specification.
//!
//! ```text
//! UART -> receive (COBS, CRC, buffer) -> execute <-> core, page, self-test
//! UART <- send (CRC, COBS, buffer) <-----'
//! ```

pub mod counters;
pub mod crc;
pub mod execute;
pub mod fits;
pub mod framed;
pub mod judge;
pub mod noise;
pub mod page;
pub mod plain;
pub mod receive;
pub mod selftest;
pub mod send;

/// The protocol's version.
pub const VERSION: usize = 1;
/// The kind of a request to read.
pub const READ: usize = 1;
/// The kind of a request to write.
pub const WRITE: usize = 2;
/// The kind of a request to recall.
pub const RECALL: usize = 3;
/// The kind of a request for a self-test.
pub const SELF_TEST: usize = 4;

/// What is wrong with a request.
pub mod error {
    /// The CRC.
    pub const CRC: usize = 1;
    /// The COBS encoding, or too few bytes.
    pub const FRAME: usize = 2;
    /// There is no room for it.
    pub const TOO_LONG: usize = 3;
    /// Another version of the protocol.
    pub const VERSION: usize = 4;
    /// No such kind.
    pub const KIND: usize = 5;
    /// The body's length.
    pub const LENGTH: usize = 6;
    /// No such region, or not for this.
    pub const TARGET: usize = 7;
    /// Beyond the region's end, or a size that the core does not have.
    pub const RANGE: usize = 8;
    /// No valid memory.
    pub const INVALID: usize = 9;
    /// Outside a load.
    pub const ORDER: usize = 10;
}
