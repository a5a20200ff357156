//! What a host asks of a board.

use crate::{
    frame,
    protocol::{Code, Kind, REPLY, Region, VERSION, header},
};
use alloc::{vec, vec::Vec};

/// A request.
///
/// ```
/// use hopgate_wire::{protocol::Region, request::Request};
/// let request = Request::Read { region: Region::Page, address: 2, count: 1 };
/// assert_eq!(request.encode(7), [0x0711, 0, 2, 1]);
/// assert_eq!(Request::decode(&[0x0711, 0, 2, 1]), Ok((7, request)));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Reads `count` words.
    Read {
        /// Where.
        region: Region,
        /// The first word's address; for rows, the row.
        address: u16,
        /// How many words.
        count: u16,
    },
    /// Writes words.
    Write {
        /// Where.
        region: Region,
        /// The first word's address; for rows, the row.
        address: u16,
        /// What.
        words: Vec<u16>,
    },
    /// Recalls cues, `lanes` words each, one after the other.
    Recall {
        /// The cues.
        cues: Vec<u16>,
    },
    /// Recalls cues of which bits are unknown: `lanes` words each, and as many of its mask, in which a known bit is one.
    Masked {
        /// The cues, each with its mask.
        cues: Vec<u16>,
    },
    /// Recalls cues, each with its mask where the board takes masks, for the nearest pattern and its distance alone.
    Find {
        /// The cues, as of the one or the other.
        cues: Vec<u16>,
    },
    /// Recalls stored patterns on the board.
    SelfTest(SelfTest),
    /// Stores a pattern, unless it is known: the number of its class, where there are classes, then the words of the key.
    Store {
        /// They.
        words: Vec<u16>,
    },
    /// Recalls a cue, and stores it if its answer is unknown: the number of its class or [`ANY_CLASS`](crate::page::ANY_CLASS), where there are
    /// classes, then the words of the cue.
    Learn {
        /// They.
        words: Vec<u16>,
    },
    /// Forgets a pattern: the last one takes its place.
    Forget {
        /// The pattern.
        pattern: u16,
        /// How many there are, so that a request that comes twice is not carried out twice.
        patterns: u16,
    },
}

/// A self-test: recalls of noisy patterns, on the board.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SelfTest {
    /// How many, 1..=65535.
    pub recalls: u16,
    /// The first pattern; the others follow.
    pub first: u16,
    /// A neuron is flipped with probability `flips / 256`, 0..=255.
    pub flips: u16,
    /// Where the noise starts.
    pub seed: u32,
}

/// Why a request cannot be taken: the code and the detail of the reply, and the number that it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// The request's sequence number.
    pub sequence: u8,
    /// What is wrong.
    pub code: Code,
    /// The detail.
    pub detail: u16,
}

impl Request {
    /// Its kind.
    pub fn kind(&self) -> Kind {
        match self {
            Request::Read { .. } => Kind::Read,
            Request::Write { .. } => Kind::Write,
            Request::Recall { .. } => Kind::Recall,
            Request::SelfTest(_) => Kind::SelfTest,
            Request::Masked { .. } => Kind::Masked,
            Request::Store { .. } => Kind::Store,
            Request::Forget { .. } => Kind::Forget,
            Request::Find { .. } => Kind::Find,
            Request::Learn { .. } => Kind::Learn,
        }
    }

    /// The words of its frame, without the CRC.
    pub fn encode(&self, sequence: u8) -> Vec<u16> {
        self.encode_in(VERSION, sequence)
    }

    /// The same in this version of the protocol.
    pub fn encode_in(&self, version: u8, sequence: u8) -> Vec<u16> {
        let mut words = vec![header(version, self.kind().number(), sequence)];
        match self {
            Request::Read { region, address, count } => words.extend([region.target(), *address, *count]),
            Request::Write { region, address, words: data } => {
                words.extend([region.target(), *address]);
                words.extend(data);
            }
            Request::Recall { cues } | Request::Masked { cues } | Request::Find { cues } => words.extend(cues),
            Request::Store { words: key } | Request::Learn { words: key } => words.extend(key),
            Request::Forget { pattern, patterns } => words.extend([pattern, patterns]),
            Request::SelfTest(t) => {
                words.extend([t.recalls, t.first, t.flips, t.seed as u16, (t.seed >> 16) as u16]);
            }
        }
        words
    }

    /// Words of the window that it takes: all of its frame, and one more.
    pub fn cost(&self) -> usize {
        let body = match self {
            Request::Read { .. } => 3,
            Request::Write { words, .. } => 2 + words.len(),
            Request::Recall { cues } | Request::Masked { cues } | Request::Find { cues } => cues.len(),
            Request::SelfTest(_) => 5,
            Request::Store { words } | Request::Learn { words } => words.len(),
            Request::Forget { .. } => 2,
        };
        1 + body + frame::CRC_WORDS + 1
    }

    /// The request of a frame whose CRC was right, with its sequence number.
    ///
    /// # Errors
    /// What every board refuses, whatever it holds: VERSION, KIND, LENGTH, TARGET.
    pub fn decode(words: &[u16]) -> Result<(u8, Request), Refusal> {
        Request::decode_in(VERSION, words)
    }

    /// The same of a board that speaks this version of the protocol.
    ///
    /// # Errors
    /// As [`Request::decode`].
    pub fn decode_in(version: u8, words: &[u16]) -> Result<(u8, Request), Refusal> {
        let Some((&header, body)) = words.split_first() else {
            return Err(Refusal { sequence: 0, code: Code::Frame, detail: 0 });
        };
        let sequence = (header >> 8) as u8;
        let refuse = |code, detail| Err(Refusal { sequence, code, detail });
        if header & REPLY != 0 || header >> 4 & 7 != u16::from(version) {
            return refuse(Code::Version, version.into());
        }
        let Some(kind) = Kind::of(header & 15) else { return refuse(Code::Kind, 0) };
        let fits = match kind {
            Kind::Read => body.len() == 3,
            Kind::Write => body.len() >= 3,
            Kind::Recall | Kind::Masked | Kind::Store | Kind::Find | Kind::Learn => !body.is_empty(),
            Kind::SelfTest => body.len() == 5,
            Kind::Forget => body.len() == 2,
        };
        if !fits {
            return refuse(Code::Length, 0);
        }
        let region = match kind {
            Kind::Read | Kind::Write => Region::of(body[0]),
            _ => Some(Region::Page),
        };
        let Some(region) = region else { return refuse(Code::Target, 0) };
        let request = match kind {
            Kind::Read => Request::Read { region, address: body[1], count: body[2] },
            Kind::Write => Request::Write { region, address: body[1], words: body[2..].to_vec() },
            Kind::Recall => Request::Recall { cues: body.to_vec() },
            Kind::Masked => Request::Masked { cues: body.to_vec() },
            Kind::Find => Request::Find { cues: body.to_vec() },
            Kind::Store => Request::Store { words: body.to_vec() },
            Kind::Learn => Request::Learn { words: body.to_vec() },
            Kind::Forget => Request::Forget { pattern: body[0], patterns: body[1] },
            Kind::SelfTest => Request::SelfTest(SelfTest {
                recalls: body[0],
                first: body[1],
                flips: body[2],
                seed: u32::from(body[3]) | u32::from(body[4]) << 16,
            }),
        };
        Ok((sequence, request))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_request() -> impl Strategy<Value = Request> {
        let region = prop_oneof![
            Just(Region::Page),
            Just(Region::Kernel),
            Just(Region::Threshold),
            any::<u8>().prop_map(Region::Rows),
            Just(Region::Values)
        ];
        let words = || prop::collection::vec(any::<u16>(), 1..40);
        prop_oneof![
            (region.clone(), any::<u16>(), any::<u16>()).prop_map(|(region, address, count)| Request::Read {
                region,
                address,
                count
            }),
            (region, any::<u16>(), words()).prop_map(|(region, address, words)| Request::Write {
                region,
                address,
                words
            }),
            words().prop_map(|cues| Request::Recall { cues }),
            words().prop_map(|cues| Request::Masked { cues }),
            words().prop_map(|cues| Request::Find { cues }),
            words().prop_map(|words| Request::Store { words }),
            (any::<u16>(), any::<u16>()).prop_map(|(pattern, patterns)| Request::Forget { pattern, patterns }),
            (any::<u16>(), any::<u16>(), any::<u16>(), any::<u32>()).prop_map(|(recalls, first, flips, seed)| {
                Request::SelfTest(SelfTest { recalls, first, flips, seed })
            }),
        ]
    }

    proptest! {
        #[test]
        fn requests_come_back(request in any_request(), sequence in any::<u8>()) {
            let words = request.encode(sequence);
            prop_assert_eq!(request.cost(), words.len() + 3);
            prop_assert_eq!(Request::decode(&words), Ok((sequence, request)));
        }

        #[test]
        fn any_words_at_all(words in prop::collection::vec(any::<u16>(), 0..12)) {
            if let Ok((sequence, request)) = Request::decode(&words) {
                prop_assert_eq!(request.encode(sequence), words);
            }
        }
    }

    #[test]
    fn refusals() {
        let refused = |words: &[u16]| Request::decode(words).map_err(|r| (r.sequence, r.code, r.detail)).unwrap_err();
        assert_eq!(refused(&[0x0521, 0, 0, 1]), (5, Code::Version, 1));
        assert_eq!(refused(&[0x0591, 0, 0, 1]), (5, Code::Version, 1), "a reply");
        let wide = Request::Read { region: Region::Page, address: 0, count: 1 };
        assert_eq!(Request::decode_in(2, &wide.encode_in(2, 5)), Ok((5, wide.clone())));
        let told = Request::decode_in(2, &wide.encode(5)).unwrap_err();
        assert_eq!((told.code, told.detail), (Code::Version, 2), "a host of version 1 is told so");
        assert_eq!(refused(&[0x0510]), (5, Code::Kind, 0));
        assert_eq!(refused(&[0x051a, 1]), (5, Code::Kind, 0));
        assert_eq!(refused(&[0x0518]), (5, Code::Length, 0));
        assert_eq!(refused(&[0x0516]), (5, Code::Length, 0));
        assert_eq!(refused(&[0x0517, 1]), (5, Code::Length, 0));
        assert_eq!(refused(&[0x0511, 0, 0]), (5, Code::Length, 0));
        assert_eq!(refused(&[0x0512, 0, 64]), (5, Code::Length, 0));
        assert_eq!(refused(&[0x0513]), (5, Code::Length, 0));
        assert_eq!(refused(&[0x0515]), (5, Code::Length, 0));
        assert_eq!(refused(&[0x0511, 5, 0, 1]), (5, Code::Target, 0));
        assert_eq!(refused(&[0x0511, 0x0101, 0, 1]), (5, Code::Target, 0), "only rows have banks");
    }
}
