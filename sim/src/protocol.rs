//! The byte protocol of the boards: what a cue and an answer are on the serial line. The benches know of bytes alone.

use crate::{cue::Cue, words};
use hopgate_hdl::{Plan, blocks::link};
use hopgate_model::{Error, ErrorKind, Result, reference::Answer};
use hopgate_wire::{frame, request::Request};
use serde::Deserialize;

/// A protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    /// No frames: words of 16 bits, the low byte first, cue in, answer and three more words out.
    Plain,
    /// Requests and replies in frames, with a CRC.
    Framed,
    /// The same frames over SPI.
    Spi,
}

/// The sequence number of every request here: a bench waits for each answer.
const SEQUENCE: u8 = 0x5a;

impl Protocol {
    /// The bytes of a cue, with its mask where the core takes one.
    pub fn cue(self, cue: Cue, plan: &Plan) -> Vec<u8> {
        let words = cue.words(plan);
        match self {
            Protocol::Plain => words.iter().flat_map(|w| w.to_le_bytes()).collect(),
            Protocol::Framed | Protocol::Spi => frame::encode(&recall(words, plan).encode_in(version(plan), SEQUENCE)),
        }
    }

    /// How many bytes the answers to a cue have; in a frame, at least.
    pub fn answer_bytes(self, plan: &Plan) -> usize {
        let words = words::count(plan);
        match self {
            Protocol::Plain => 2 * words,
            // COBS adds a byte for each 254 without a zero among them
            Protocol::Framed | Protocol::Spi => frame::encode(&vec![0; 1 + words]).len(),
        }
    }

    /// The answer of these bytes. Its fields are empty: they do not leave the chip.
    ///
    /// # Errors
    /// [`ErrorKind::Failed`] if the bytes are no answer.
    pub fn answer(self, bytes: &[u8], plan: &Plan) -> Result<Answer> {
        let broken = |what: String| Error::new(ErrorKind::Failed, what);
        let count = self.answer_bytes(plan);
        if bytes.len() != count && (self == Protocol::Plain || bytes.len() < count) {
            return Err(broken(format!("an answer of {} bytes instead of {count}", bytes.len())));
        }
        let words: Vec<u16> = match self {
            Protocol::Plain => bytes.chunks_exact(2).map(|b| u16::from_le_bytes([b[0], b[1]])).collect(),
            Protocol::Framed | Protocol::Spi => {
                let mut decoder = frame::Decoder::new(words::count(plan) + 3);
                let frame = bytes.iter().find_map(|&b| decoder.push(b));
                let words = match frame {
                    Some(Ok(words)) => words,
                    Some(Err(fault)) => return Err(broken(format!("a reply that is no frame: {fault:?}"))),
                    None => return Err(broken("a reply without an end".into())),
                };
                let header = recall(Vec::new(), plan).encode_in(version(plan), SEQUENCE)[0] | 0x80;
                if words.first() != Some(&header) || words.len() != words::count(plan) + 1 {
                    return Err(broken(format!("a reply other than that to a recall: {words:04x?}")));
                }
                words[1..].to_vec()
            }
        };
        words::answer(&words, plan)
    }
}

/// The version of the protocol that the board of a plan speaks.
fn version(plan: &Plan) -> u8 {
    link::version(plan) as u8
}

/// The request for cues, with or without masks as the core takes them.
fn recall(cues: Vec<u16>, plan: &Plan) -> Request {
    if plan.masks { Request::Masked { cues } } else { Request::Recall { cues } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hopgate_model::{
        bits::BitMatrix,
        memory::{Memory, Parts},
    };

    fn plan(neurons: usize) -> Plan {
        let patterns = BitMatrix::from_fn(2, neurons, |mu, _| mu == 1);
        let kernel = vec![(0..=neurons).map(|e| u32::from(e == 0)).collect()];
        let parts = Parts { planes: vec![patterns.clone()], kernel, ..Parts::of(patterns) };
        Plan::of(&Memory::new(parts).unwrap()).unwrap()
    }

    #[test]
    fn plain_bytes() {
        assert_eq!(
            Protocol::Plain.cue((&vec![0x8_1234_5678_9abc]).into(), &plan(36)),
            [0xbc, 0x9a, 0x78, 0x56, 0x34, 0x12]
        );
        let bytes = [0xcd, 0xab, 0x0f, 0, 2, 0x80, 1, 1, 5, 0];
        let answer = Protocol::Plain.answer(&bytes, &plan(20)).unwrap();
        let want = (vec![0xf_abcd], 2, true, 257, 5);
        assert_eq!((answer.state, answer.steps, answer.converged, answer.nearest, answer.distance), want);
        assert!(Protocol::Plain.answer(&bytes, &plan(19)).unwrap_err().to_string().contains("beyond its 19"));
        assert!(
            Protocol::Plain.answer(&bytes[..8], &plan(20)).unwrap_err().to_string().contains("8 bytes instead of 10")
        );
        let full = [0xff; 8].into_iter().chain([1, 0, 0, 0, 0, 0]).collect::<Vec<u8>>();
        assert_eq!(Protocol::Plain.answer(&full, &plan(64)).unwrap().state, [u64::MAX]);
    }

    #[test]
    fn frames() {
        let plan = plan(20);
        let words = [0x5a93, 0xabcd, 0x000f, 0x8002, 257, 5];
        let bytes = frame::encode(&words);
        assert_eq!(bytes.len(), Protocol::Framed.answer_bytes(&plan));
        assert_eq!(Protocol::Framed.answer(&bytes, &plan).unwrap().state, [0xf_abcd]);
        let other = frame::encode(&[0x5b93, 0xabcd, 0x000f, 0x8002, 257, 5]);
        assert!(
            Protocol::Framed.answer(&other, &plan).unwrap_err().to_string().contains("other than that to a recall")
        );
        let mut hit = bytes.clone();
        hit[4] ^= 0x40;
        assert!(Protocol::Framed.answer(&hit, &plan).unwrap_err().to_string().contains("no frame"));
    }
}
