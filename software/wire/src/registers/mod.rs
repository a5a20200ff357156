//! The registers of a core behind a bus: where they are, what is in them, and what they do.
//!
//! This table is the one truth. The hardware takes its addresses and bits from here, and [`c`] and [`svd`] make of it what a program of the
//! system around the core includes, and what a debugger reads. The page *Wrappers* of the book has it as a table, which a test keeps equal.
//!
//! A register is a word of 32 bits, of which the lower 16 are used; the others read as zero and are ignored.

pub mod c;
mod list;
pub mod svd;
mod table;

pub use list::ALL;
pub use table::markdown;

use alloc::string::String;
use hopgate_model::kind::Kind;

/// Bytes that the registers take in the system's addresses: those behind the last one read as zero.
pub const BYTES: usize = 64;
/// Bits of a register's number: its byte address divided by four.
pub const NUMBER_BITS: usize = 4;
/// The number of this map, in the upper half of `OPTIONS`. It grows when a register changes its meaning; a host refuses one that it does not know.
pub const MAP: usize = 1;
/// What `ID` holds: the bytes `HG`, as the [page](crate::page::MAGIC) begins.
pub const ID: usize = crate::page::MAGIC as usize;

/// The numbers of the registers, for the hardware: byte addresses divided by four.
pub mod number {
    /// What can be done, and what has happened.
    pub const STATUS: usize = 0;
    /// The next word of a cue.
    pub const CUE: usize = 1;
    /// The next word of an answer.
    pub const ANSWER: usize = 2;
    /// Steps, and what is said of the answer.
    pub const STEPS: usize = 3;
    /// The nearest pattern.
    pub const NEAREST: usize = 4;
    /// Its distance.
    pub const DISTANCE: usize = 5;
    /// What interrupts.
    pub const ENABLE: usize = 6;
    /// What has happened since it was cleared.
    pub const PENDING: usize = 7;
    /// That this is a hopgate.
    pub const ID: usize = 8;
    /// Words of a cue.
    pub const CUE_WORDS: usize = 9;
    /// Words of an answer.
    pub const ANSWER_WORDS: usize = 10;
    /// What was built.
    pub const OPTIONS: usize = 11;
    /// The next word of a request.
    pub const REQUEST: usize = 12;
    /// The last word of a request.
    pub const FINAL: usize = 13;
    /// The next word of a reply.
    pub const REPLY: usize = 14;
    /// Whether cues come by the stream.
    pub const STREAM: usize = 15;
}

/// The bits of `STATUS`; `ENABLE` and `PENDING` have those that interrupt at the same places.
pub mod status {
    /// A cue word may be written.
    pub const READY: usize = 0;
    /// An answer word may be read.
    pub const ANSWER: usize = 1;
    /// `STEPS`, `NEAREST` and `DISTANCE` are those of the last cue.
    pub const DONE: usize = 2;
    /// A mistake was made.
    pub const MISTAKE: usize = 3;
    /// A reply word may be read.
    pub const REPLY: usize = 4;
    /// It is the reply's last.
    pub const LAST: usize = 5;
    /// Words of requests are taken.
    pub const AWAKE: usize = 6;
    /// The bits that interrupt.
    pub const EVENTS: usize = 1 << ANSWER | 1 << DONE | 1 << MISTAKE | 1 << REPLY;
}

/// The bits of `STREAM`.
pub mod stream {
    /// Cues come by the stream, and not by `CUE`.
    pub const ENABLE: usize = 0;
    /// One is under way.
    pub const BUSY: usize = 1;
}

/// The bits of `OPTIONS`.
pub mod option {
    /// Two bits: what it answers with, as word 21 of the page says it.
    pub const KIND: usize = 0;
    /// The mask of a cue follows it.
    pub const MASKS: usize = 2;
    /// It takes requests.
    pub const REQUESTS: usize = 3;
    /// Another memory can be loaded.
    pub const LOADS: usize = 4;
    /// It stores and forgets patterns.
    pub const LEARNS: usize = 5;
    /// Cues come and answers go by streams too.
    pub const STREAMS: usize = 6;
    /// Eight bits: [`MAP`](super::MAP).
    pub const MAP: usize = 8;
}

/// How a register can be accessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// A read has no effect.
    Read,
    /// A read takes the word: the next read returns the one after it.
    Pop,
    /// A write does something.
    Write,
    /// A read has no effect, and a write clears.
    Clear,
    /// What is written is read.
    ReadWrite,
}

impl Access {
    /// For people.
    pub fn words(self) -> &'static str {
        match self {
            Access::Read => "read",
            Access::Pop => "read: takes the word",
            Access::Write => "write",
            Access::Clear => "read, write to clear",
            Access::ReadWrite => "read, write",
        }
    }

    /// Whether it can be read.
    pub fn reads(self) -> bool {
        self != Access::Write
    }

    /// Whether it can be written.
    pub fn writes(self) -> bool {
        !matches!(self, Access::Read | Access::Pop)
    }
}

/// Some bits of a register.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// Its lowest bit.
    pub low: usize,
    /// How many it has.
    pub bits: usize,
    /// What it means.
    pub about: &'static str,
}

/// What a core may have beside recalls by registers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extra {
    /// It takes requests.
    Requests,
    /// Cues come and answers go by streams too.
    Streams,
}

impl Extra {
    /// For people.
    pub fn words(self) -> &'static str {
        match self {
            Extra::Requests => "with requests",
            Extra::Streams => "with streams",
        }
    }
}

/// A register.
#[derive(Debug, Clone, Copy)]
pub struct Register {
    /// Its name.
    pub name: &'static str,
    /// Its number: a quarter of its byte address.
    pub number: usize,
    /// How it can be accessed.
    pub access: Access,
    /// What a core must have to have it.
    pub with: Option<Extra>,
    /// What it is for.
    pub about: &'static str,
    /// Its bits, if they mean something by themselves.
    pub fields: &'static [Field],
}

impl Register {
    /// Its byte address, from where the registers begin.
    pub fn offset(&self) -> usize {
        4 * self.number
    }
}

/// What a program must know of the core behind the registers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// The name of the top module: every name in a header begins with it.
    pub name: String,
    /// hopgate's version.
    pub version: String,
    /// What it answers with.
    pub kind: Kind,
    /// Bits of a key.
    pub neurons: usize,
    /// Bits of a value, or classes; of a key else.
    pub outputs: usize,
    /// Words of a cue, with those of its mask.
    pub cue_words: usize,
    /// Words of an answer, before the three that are registers.
    pub answer_words: usize,
    /// Answers to a cue: more than one of a sequence.
    pub answers: usize,
    /// Whether the mask of a cue follows it.
    pub masks: bool,
    /// Whether it takes requests, and the version of the protocol that it speaks then.
    pub requests: Option<u8>,
    /// Words that it buffers of requests.
    pub window: usize,
    /// Whether another memory can be loaded.
    pub loads: bool,
    /// Whether it stores and forgets patterns.
    pub learns: bool,
    /// Whether it stores unknown cues.
    pub auto_store: bool,
    /// Whether cues come and answers go by streams too.
    pub streams: bool,
}

impl Device {
    /// What `OPTIONS` holds.
    pub fn options(&self) -> usize {
        options(self.kind, self.masks, self.requests.is_some(), self.loads, self.learns, self.streams)
    }

    /// Its registers.
    pub fn registers(&self) -> impl Iterator<Item = &'static Register> {
        let has = |extra| match extra {
            Extra::Requests => self.requests.is_some(),
            Extra::Streams => self.streams,
        };
        ALL.iter().filter(move |register| register.with.is_none_or(has))
    }
}

/// What `OPTIONS` holds of a core of this kind: whether masks follow cues, it takes requests, can be loaded, learns, and has streams.
pub fn options(kind: Kind, masks: bool, requests: bool, loads: bool, learns: bool, streams: bool) -> usize {
    let kind = Kind::ALL.iter().position(|&known| known == kind).unwrap_or(0);
    let flags = [
        (option::MASKS, masks),
        (option::REQUESTS, requests),
        (option::LOADS, loads),
        (option::LEARNS, learns),
        (option::STREAMS, streams),
    ];
    let first = kind << option::KIND | MAP << option::MAP;
    flags.into_iter().fold(first, |all, (bit, set)| all | usize::from(set) << bit)
}
