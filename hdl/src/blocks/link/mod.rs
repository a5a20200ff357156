//! The framed link between a UART and a core: see `docs/src/reference/protocol.md`, which is its specification.
//!
//! ```text
//! UART -> receive (COBS, CRC, buffer) -> execute <-> core, page, self-test
//! UART <- send (CRC, COBS, buffer) <-----'
//! ```

pub mod census;
pub mod commands;
pub mod counters;
pub mod crc;
pub mod execute;
pub mod find;
pub mod fits;
pub mod framed;
pub mod judge;
pub mod learn;
pub mod noise;
pub mod page;
pub mod parse;
pub mod perform;
pub mod plain;
pub mod receive;
pub mod reply;
pub mod selftest;
pub mod send;
pub mod words;

use crate::layout::Layout;
use hopgate_wire::protocol::{self, Code, Kind, Region};

/// The version of the protocol that a board speaks.
pub fn version(plan: &Layout) -> usize {
    usize::from(if plan.wide() { protocol::WIDE_VERSION } else { protocol::VERSION })
}

/// The bit of a header that marks a reply.
pub const REPLY: usize = protocol::REPLY as usize;
/// The kind of a request to read.
pub const READ: usize = Kind::Read.number() as usize;
/// The kind of a request to write.
pub const WRITE: usize = Kind::Write.number() as usize;
/// The kind of a request to recall.
pub const RECALL: usize = Kind::Recall.number() as usize;
/// The kind of a request to recall cues with masks.
pub const MASKED: usize = Kind::Masked.number() as usize;
/// The kind of a request for a self-test.
pub const SELF_TEST: usize = Kind::SelfTest.number() as usize;

/// The kind of a request to store a pattern.
pub const STORE: usize = Kind::Store.number() as usize;
/// The kind of a request to forget one.
pub const FORGET: usize = Kind::Forget.number() as usize;

/// The kind of a request for the nearest pattern alone.
pub const FIND: usize = Kind::Find.number() as usize;

/// The kind of a request to recall a cue and to store it if it is unknown.
pub const LEARN: usize = Kind::Learn.number() as usize;

/// The regions of a board.
pub mod region {
    use super::Region;
    /// The page.
    pub const PAGE: usize = Region::Page.target() as usize;
    /// The kernel table.
    pub const KERNEL: usize = Region::Kernel.target() as usize;
    /// The threshold table.
    pub const THRESHOLD: usize = Region::Threshold.target() as usize;
    /// The rows of bank 0.
    pub const ROWS: usize = Region::Rows(0).target() as usize;
    /// The rows of values.
    pub const VALUES: usize = Region::Values.target() as usize;
}

/// What is wrong with a request.
pub mod error {
    use super::Code;
    /// The CRC.
    pub const CRC: usize = Code::Crc.number() as usize;
    /// The COBS encoding, or too few bytes.
    pub const FRAME: usize = Code::Frame.number() as usize;
    /// There is no room for it.
    pub const TOO_LONG: usize = Code::TooLong.number() as usize;
    /// Another version of the protocol.
    pub const VERSION: usize = Code::Version.number() as usize;
    /// No such kind.
    pub const KIND: usize = Code::Kind.number() as usize;
    /// The body's length.
    pub const LENGTH: usize = Code::Length.number() as usize;
    /// No such region, or not for this.
    pub const TARGET: usize = Code::Target.number() as usize;
    /// Beyond the region's end, or a size that the core does not have.
    pub const RANGE: usize = Code::Range.number() as usize;
    /// No valid memory.
    pub const INVALID: usize = Code::Invalid.number() as usize;
    /// Outside a load.
    pub const ORDER: usize = Code::Order.number() as usize;
}
