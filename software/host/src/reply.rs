//! What a board answers.

use crate::request::{Kind, REPLY, VERSION, header};
use std::fmt;

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

const CODES: [Code; 10] = [
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

impl Code {
    /// Its number.
    pub fn number(self) -> u16 {
        match self {
            Code::Other(number) => number,
            code => CODES.iter().position(|&c| c == code).map_or(0, |i| i as u16 + 1),
        }
    }

    /// The code of a number.
    pub fn of(number: u16) -> Code {
        let known = usize::from(number).checked_sub(1).and_then(|i| CODES.get(i));
        known.copied().unwrap_or(Code::Other(number))
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

/// A reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// The request was carried out; these words came of it.
    Done {
        /// The request's kind.
        kind: Kind,
        /// The body.
        words: Vec<u16>,
    },
    /// It was not.
    Error {
        /// Why.
        code: Code,
        /// The detail.
        detail: u16,
    },
}

/// Why the words of a good frame are no reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stranger {
    /// A reply of another protocol version.
    Version(u8),
    /// No reply at all: what was sent may come back, for instance.
    NoReply,
}

impl Reply {
    /// The words of its frame, without the CRC.
    ///
    /// ```
    /// use hopgate_host::reply::{Code, Reply};
    /// let reply = Reply::Error { code: Code::Range, detail: 0 };
    /// assert_eq!(reply.encode(9), [0x0990, 8, 0]);
    /// assert_eq!(Reply::decode(&[0x0990, 8, 0]), Ok((9, reply)));
    /// ```
    pub fn encode(&self, sequence: u8) -> Vec<u16> {
        match self {
            Reply::Done { kind, words } => {
                std::iter::once(header(kind.number(), sequence) | REPLY).chain(words.iter().copied()).collect()
            }
            Reply::Error { code, detail } => vec![header(0, sequence) | REPLY, code.number(), *detail],
        }
    }

    /// The reply of a frame whose CRC was right, with its sequence number.
    ///
    /// # Errors
    /// If it is none, or one of another version.
    pub fn decode(words: &[u16]) -> Result<(u8, Reply), Stranger> {
        let (&header, body) = words.split_first().ok_or(Stranger::NoReply)?;
        if header & REPLY == 0 {
            return Err(Stranger::NoReply);
        }
        let version = (header >> 4 & 7) as u8;
        if version != VERSION {
            return Err(Stranger::Version(version));
        }
        let reply = match (header & 15, body) {
            (0, &[code, detail]) => Reply::Error { code: Code::of(code), detail },
            (kind, _) => Reply::Done { kind: Kind::of(kind).ok_or(Stranger::NoReply)?, words: body.to_vec() },
        };
        Ok(((header >> 8) as u8, reply))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn codes_have_the_numbers_of_the_page() {
        assert_eq!([Code::Crc, Code::TooLong, Code::Range, Code::Order].map(Code::number), [1, 3, 8, 10]);
        assert!((0..300).all(|n| Code::of(n).number() == n));
    }

    proptest! {
        #[test]
        fn any_words_at_all(words in prop::collection::vec(any::<u16>(), 0..9)) {
            if let Ok((sequence, reply)) = Reply::decode(&words) {
                prop_assert_eq!(reply.encode(sequence), words);
            }
        }
    }

    #[test]
    fn strangers() {
        assert_eq!(Reply::decode(&[0x05a1, 1]), Err(Stranger::Version(2)));
        assert_eq!(Reply::decode(&[0x0511, 0, 0, 1]), Err(Stranger::NoReply));
        assert_eq!(Reply::decode(&[]), Err(Stranger::NoReply));
    }
}
