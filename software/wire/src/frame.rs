//! Frames: words and their CRC, stuffed so that no zero occurs in them, and ended by one zero.
//!
//! ```
//! use hopgate_wire::frame::{self, Decoder};
//! let bytes = frame::encode(&[0x0111, 0, 0xff00]);
//! assert_eq!(bytes.iter().position(|&b| b == 0), Some(bytes.len() - 1));
//! let mut decoder = Decoder::new(16);
//! let frames: Vec<_> = bytes.iter().filter_map(|&b| decoder.push(b)).collect();
//! assert_eq!(frames, [Ok(vec![0x0111, 0, 0xff00])]);
//! ```

use alloc::vec::Vec;
use core::fmt;

/// Words that a frame holds besides what it carries: its CRC.
pub const CRC_WORDS: usize = 2;
/// The fewest words of a frame: a header and the CRC.
pub const LEAST_WORDS: usize = 1 + CRC_WORDS;
/// Bytes of a block, at most, without its code.
const BLOCK: usize = 254;

/// What can be wrong with a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The CRC is wrong.
    Crc,
    /// A zero came within a block, or there is an odd number of bytes, or fewer than three words.
    Frame,
    /// There are more words than the receiver takes.
    TooLong,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Fault::Crc => "the CRC is wrong",
            Fault::Frame => "it is no frame",
            Fault::TooLong => "it is too long",
        })
    }
}

/// The frame of some words: their CRC is added, and the zero behind it.
pub fn encode(words: &[u16]) -> Vec<u8> {
    let mut bytes: Vec<u8> = words.iter().flat_map(|w| w.to_le_bytes()).collect();
    bytes.extend(crc32fast::hash(&bytes).to_le_bytes());
    let mut frame = stuff(&bytes);
    frame.push(0);
    frame
}

/// Bytes of the frame of this many words (without CRC), at most.
pub fn length(words: usize) -> usize {
    let bytes = 2 * (words + CRC_WORDS);
    bytes + bytes / BLOCK + 2
}

/// COBS: each block is a code, one more than its length, and its bytes. A zero follows each block, unless it is one of 254
/// bytes or the last.
fn stuff(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + bytes.len() / BLOCK + 2);
    let mut code = 0;
    out.push(1);
    for (i, &byte) in bytes.iter().enumerate() {
        if byte == 0 {
            code = out.len();
            out.push(1);
            continue;
        }
        out.push(byte);
        out[code] += 1;
        // a block of 254 that ends the frame needs no empty one behind it
        if out[code] == 255 && i + 1 < bytes.len() {
            code = out.len();
            out.push(1);
        }
    }
    out
}

/// The bytes that were stuffed, and whether the frame ends where a block does.
fn unstuff(frame: &[u8]) -> (Vec<u8>, bool) {
    let mut out = Vec::with_capacity(frame.len());
    let mut rest = frame;
    while let Some((&code, tail)) = rest.split_first() {
        let length = usize::from(code).saturating_sub(1);
        if length > tail.len() {
            out.extend_from_slice(tail);
            return (out, false);
        }
        out.extend_from_slice(&tail[..length]);
        rest = &tail[length..];
        if length < BLOCK && !rest.is_empty() {
            out.push(0);
        }
    }
    (out, true)
}

/// Bytes behind the longest frame's that are looked at too: the last word may be half there.
const BLOCK_SLACK: usize = 8;

/// Takes bytes, gives frames.
#[derive(Debug, Clone)]
pub struct Decoder {
    /// Words of a frame with its CRC, at most.
    most: usize,
    frame: Vec<u8>,
    overflow: bool,
}

impl Decoder {
    /// A decoder of frames of at most this many words, their CRC included.
    pub fn new(most: usize) -> Self {
        Decoder { most, frame: Vec::new(), overflow: false }
    }

    /// Takes a byte. With the last byte of a frame come its words, without the CRC, or what is wrong with it. Empty frames mean nothing.
    pub fn push(&mut self, byte: u8) -> Option<Result<Vec<u16>, Fault>> {
        if byte != 0 {
            // some bytes more than a frame can have show that it is too long
            if self.frame.len() <= length(self.most) + BLOCK_SLACK {
                self.frame.push(byte);
            } else {
                self.overflow = true;
            }
            return None;
        }
        let overflow = core::mem::take(&mut self.overflow);
        if self.frame.is_empty() {
            return None;
        }
        let words = if overflow { Err(Fault::TooLong) } else { self.words() };
        self.frame.clear();
        Some(words)
    }

    /// Forgets the frame that has begun.
    pub fn clear(&mut self) {
        self.frame.clear();
        self.overflow = false;
    }

    fn words(&self) -> Result<Vec<u16>, Fault> {
        let (bytes, whole) = unstuff(&self.frame);
        if bytes.len() / 2 > self.most {
            return Err(Fault::TooLong);
        }
        if !whole || bytes.len() % 2 == 1 || bytes.len() < 2 * LEAST_WORDS {
            return Err(Fault::Frame);
        }
        let (body, crc) = bytes.split_at(bytes.len() - 2 * CRC_WORDS);
        if crc != crc32fast::hash(body).to_le_bytes() {
            return Err(Fault::Crc);
        }
        Ok(body.chunks_exact(2).map(|b| u16::from_le_bytes([b[0], b[1]])).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;
    use proptest::prelude::*;

    fn decode(bytes: &[u8], most: usize) -> Vec<Result<Vec<u16>, Fault>> {
        let mut decoder = Decoder::new(most);
        bytes.iter().filter_map(|&b| decoder.push(b)).collect()
    }

    #[test]
    fn the_crc_is_that_of_ethernet() {
        // "12345678": the low word of the CRC comes first, low byte first
        let words = [0x3231, 0x3433, 0x3635, 0x3837];
        let frame = encode(&words);
        assert_eq!(frame, [13, b'1', b'2', b'3', b'4', b'5', b'6', b'7', b'8', 0xaf, 0xda, 0xe0, 0x9a, 0][..]);
        assert_eq!(decode(&frame, 6), [Ok(words.to_vec())]);
        assert_eq!(decode(&frame, 5), [Err(Fault::TooLong)]);
    }

    #[test]
    fn what_is_no_frame() {
        assert_eq!(decode(&[0, 0, 0], 9), []);
        assert_eq!(decode(&[1, 0], 9), [Err(Fault::Frame)]);
        assert_eq!(decode(&[5, 1, 0], 9), [Err(Fault::Frame)]);
        assert_eq!(decode(&[4, 1, 2, 3, 0], 9), [Err(Fault::Frame)]);
        let mut long = vec![1; 5000];
        long.push(0);
        assert_eq!(decode(&long, 9), [Err(Fault::TooLong)]);
    }

    #[test]
    fn an_empty_block_behind_a_full_one() {
        // 125 words without a zero, so that the frame is one block of 254 bytes
        let mut words = (0..).map(|seed| (0..125).map(|i| 0x0101 + seed + i).collect::<Vec<u16>>());
        let words = words.find(|w| encode(w).len() == 256).unwrap();
        let mut frame = encode(&words);
        assert_eq!(frame[0], 255);
        assert_eq!(decode(&frame, 127), [Ok(words.clone())]);
        frame.insert(255, 1);
        assert_eq!(decode(&frame, 127), [Ok(words)], "from an encoder that adds one");
    }

    proptest! {
        #[test]
        fn what_goes_in_comes_out(words in prop::collection::vec(prop_oneof![Just(0u16), Just(0x0100), any::<u16>()], 1..600)) {
            let frame = encode(&words);
            prop_assert!(frame.len() <= length(words.len()));
            prop_assert_eq!(frame.iter().position(|&b| b == 0), Some(frame.len() - 1));
            let twice: Vec<u8> = frame.iter().chain(&[0, 0]).chain(&frame).copied().collect();
            prop_assert_eq!(decode(&twice, 602), [Ok(words.clone()), Ok(words)]);
        }

        #[test]
        fn a_changed_byte_is_found(words in prop::collection::vec(any::<u16>(), 1..300), place in any::<prop::sample::Index>(), bits in 1..=255u8) {
            let mut frame = encode(&words);
            let place = place.index(frame.len());
            frame[place] ^= bits;
            frame.push(0);
            prop_assert!(decode(&frame, 302).iter().all(|f| f.is_err()));
        }

        #[test]
        fn any_bytes_at_all(bytes in prop::collection::vec(prop_oneof![Just(0u8), Just(1), any::<u8>()], 0..2000), words in prop::collection::vec(any::<u16>(), 1..20)) {
            let mut decoder = Decoder::new(64);
            bytes.iter().for_each(|&b| drop(decoder.push(b)));
            // what follows the next zero is understood again
            decoder.push(0);
            let frames: Vec<_> = encode(&words).into_iter().filter_map(|b| decoder.push(b)).collect();
            prop_assert_eq!(frames, [Ok(words)]);
        }
    }
}
