//! The numbers of the protocol: its version, the kinds of requests, the regions of a board, and the codes of errors.

use core::fmt;

/// The version of the protocol that a board speaks whose rows are read in one beat.
pub const VERSION: u8 = 1;
/// That of a board whose rows are read in several: of a row one beat's words are written and read at a time, and a cue has up to 1024.
pub const WIDE_VERSION: u8 = 2;
/// The bit of a header that marks a reply.
pub const REPLY: u16 = 1 << 7;

/// A kind of request, and of its reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Words of a region are read.
    Read,
    /// Words of a region are written.
    Write,
    /// Cues are recalled.
    Recall,
    /// The board recalls its own patterns.
    SelfTest,
    /// Cues are recalled of which bits are unknown: what a board that takes masks knows in place of [`Kind::Recall`].
    Masked,
    /// A pattern is stored: what a board that learns knows.
    Store,
    /// A pattern is forgotten.
    Forget,
    /// Cues are recalled as by [`Kind::Recall`], or by [`Kind::Masked`] where the board takes masks; of each answer the nearest pattern and its
    /// distance are said alone.
    Find,
    /// One cue is recalled as by [`Kind::Recall`], and stored if that does not know it: what a board that stores unknown cues knows.
    Learn,
}

impl Kind {
    /// All of them, in the order of their numbers.
    pub const ALL: [Kind; 9] = [
        Kind::Read,
        Kind::Write,
        Kind::Recall,
        Kind::SelfTest,
        Kind::Masked,
        Kind::Store,
        Kind::Forget,
        Kind::Find,
        Kind::Learn,
    ];

    /// Its number.
    pub const fn number(self) -> u16 {
        match self {
            Kind::Read => 1,
            Kind::Write => 2,
            Kind::Recall => 3,
            Kind::SelfTest => 4,
            Kind::Masked => 5,
            Kind::Store => 6,
            Kind::Forget => 7,
            Kind::Find => 8,
            Kind::Learn => 9,
        }
    }

    /// The kind of a number.
    pub fn of(number: u16) -> Option<Kind> {
        Self::ALL.into_iter().find(|k| k.number() == number)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Read => "READ",
            Kind::Write => "WRITE",
            Kind::Recall => "RECALL",
            Kind::SelfTest => "SELFTEST",
            Kind::Masked => "MASKED",
            Kind::Store => "STORE",
            Kind::Forget => "FORGET",
            Kind::Find => "FIND",
            Kind::Learn => "LEARN",
        })
    }
}

/// A region of the board's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Region {
    /// What the board is, what it holds, what it counted.
    Page,
    /// The kernel table.
    Kernel,
    /// The threshold table, two words an entry.
    Threshold,
    /// The rows of a bank.
    Rows(u8),
    /// The rows of values, where they are apart from the keys.
    Values,
}

impl Region {
    /// The target word of a request.
    pub const fn target(self) -> u16 {
        match self {
            Region::Page => 0,
            Region::Kernel => 1,
            Region::Threshold => 2,
            Region::Rows(bank) => 3 | (bank as u16) << 8,
            Region::Values => 4,
        }
    }

    /// The region of a target word.
    pub fn of(target: u16) -> Option<Region> {
        let [region, bank] = target.to_le_bytes();
        match (region, bank) {
            (0, 0) => Some(Region::Page),
            (1, 0) => Some(Region::Kernel),
            (2, 0) => Some(Region::Threshold),
            (3, bank) => Some(Region::Rows(bank)),
            (4, 0) => Some(Region::Values),
            _ => None,
        }
    }
}

/// Why a request was not carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// The CRC is wrong.
    Crc,
    /// It is no frame.
    Frame,
    /// The frame is too long, or the buffer full.
    TooLong,
    /// Another protocol version, or a reply.
    Version,
    /// No such kind.
    Kind,
    /// A length that the kind does not have.
    Length,
    /// No such region, or this board cannot do that with it.
    Target,
    /// Beyond the region's end, a number that a self-test does not take, or a size that the board does not have.
    Range,
    /// No valid memory is loaded.
    Invalid,
    /// A write outside a load, or a commit of another load.
    Order,
    /// A code that this version does not know.
    Other(u16),
}

impl Code {
    /// Those of this version, in the order of their numbers, which begin at 1.
    pub const ALL: [Code; 10] = [
        Code::Crc,
        Code::Frame,
        Code::TooLong,
        Code::Version,
        Code::Kind,
        Code::Length,
        Code::Target,
        Code::Range,
        Code::Invalid,
        Code::Order,
    ];

    /// Its number.
    pub const fn number(self) -> u16 {
        match self {
            Code::Crc => 1,
            Code::Frame => 2,
            Code::TooLong => 3,
            Code::Version => 4,
            Code::Kind => 5,
            Code::Length => 6,
            Code::Target => 7,
            Code::Range => 8,
            Code::Invalid => 9,
            Code::Order => 10,
            Code::Other(number) => number,
        }
    }

    /// The code of a number.
    pub fn of(number: u16) -> Code {
        Self::ALL.into_iter().find(|code| code.number() == number).unwrap_or(Code::Other(number))
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Code::Crc => "CRC",
            Code::Frame => "FRAME",
            Code::TooLong => "TOO_LONG",
            Code::Version => "VERSION",
            Code::Kind => "KIND",
            Code::Length => "LENGTH",
            Code::Target => "TARGET",
            Code::Range => "RANGE",
            Code::Invalid => "INVALID",
            Code::Order => "ORDER",
            Code::Other(number) => return write!(f, "code {number}"),
        })
    }
}

/// The header of a request in a version; that of its reply has [`REPLY`] too, and an error's has kind 0.
pub fn header(version: u8, kind: u16, sequence: u8) -> u16 {
    kind | u16::from(version) << 4 | u16::from(sequence) << 8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_the_numbers_of_the_page() {
        assert_eq!([Code::Crc, Code::TooLong, Code::Range, Code::Order].map(Code::number), [1, 3, 8, 10]);
        assert!(Code::ALL.iter().zip(1..).all(|(code, number)| code.number() == number));
        assert!((0..300).all(|n| Code::of(n).number() == n));
    }
}
