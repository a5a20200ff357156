//! What a board answers.

use crate::protocol::{Code, Kind, REPLY, VERSION, header};
use alloc::{vec, vec::Vec};

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
    /// use hopgate_wire::{protocol::Code, reply::Reply};
    /// let reply = Reply::Error { code: Code::Range, detail: 0 };
    /// assert_eq!(reply.encode(9), [0x0990, 8, 0]);
    /// assert_eq!(Reply::decode(&[0x0990, 8, 0]), Ok((9, reply)));
    /// ```
    pub fn encode(&self, sequence: u8) -> Vec<u16> {
        self.encode_in(VERSION, sequence)
    }

    /// The same in this version of the protocol.
    pub fn encode_in(&self, version: u8, sequence: u8) -> Vec<u16> {
        let header = |kind: u16| header(version, kind, sequence) | REPLY;
        match self {
            Reply::Done { kind, words } => {
                core::iter::once(header(kind.number())).chain(words.iter().copied()).collect()
            }
            Reply::Error { code, detail } => vec![header(0), code.number(), *detail],
        }
    }

    /// The reply of a frame whose CRC was right, with its sequence number.
    ///
    /// # Errors
    /// If it is none, or one of another version.
    pub fn decode(words: &[u16]) -> Result<(u8, Reply), Stranger> {
        Reply::decode_in(VERSION, words)
    }

    /// The same in this version of the protocol.
    ///
    /// # Errors
    /// As [`Reply::decode`].
    pub fn decode_in(spoken: u8, words: &[u16]) -> Result<(u8, Reply), Stranger> {
        let (&header, body) = words.split_first().ok_or(Stranger::NoReply)?;
        if header & REPLY == 0 {
            return Err(Stranger::NoReply);
        }
        let version = (header >> 4 & 7) as u8;
        if version != spoken {
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
