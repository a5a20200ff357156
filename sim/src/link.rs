//! The byte protocol of the boards: what a cue and an answer are on the serial line. The benches know of bytes alone.

use hopgate_model::{bits::words_for, reference::Answer, Error, ErrorKind, Result};

/// A protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// No frames: words of 16 bits, the low byte first, cue in, answer and three more words out.
    Plain,
}

impl Link {
    /// The protocol that a board top speaks, by the header of its Verilog.
    pub fn of(_verilog: &str) -> Link {
        Link::Plain
    }

    /// The bytes of a packed cue.
    pub fn cue(self, cue: &[u64], neurons: usize) -> Vec<u8> {
        match self {
            Link::Plain => (0..2 * lanes(neurons)).map(|b| (cue[b / 8] >> (8 * (b % 8))) as u8).collect(),
        }
    }

    /// How many bytes an answer has.
    pub fn answer_bytes(self, neurons: usize) -> usize {
        match self {
            Link::Plain => 2 * (lanes(neurons) + 3),
        }
    }

    /// The answer of these bytes. Its fields are empty: they do not leave the chip.
    ///
    /// # Errors
    /// [`ErrorKind::Failed`] if the bytes are no answer.
    pub fn answer(self, bytes: &[u8], neurons: usize) -> Result<Answer> {
        let broken = |what: String| Error::new(ErrorKind::Failed, what);
        let Link::Plain = self;
        if bytes.len() != self.answer_bytes(neurons) {
            return Err(broken(format!(
                "an answer of {} bytes instead of {}",
                bytes.len(),
                self.answer_bytes(neurons)
            )));
        }
        let words: Vec<u16> = bytes.chunks_exact(2).map(|b| u16::from_le_bytes([b[0], b[1]])).collect();
        let (row, info) = words.split_at(lanes(neurons));
        let mut state = vec![0u64; words_for(neurons)];
        for (l, &word) in row.iter().enumerate() {
            state[l / 4] |= u64::from(word) << (16 * (l % 4));
        }
        let beyond =
            state.last().map_or(0, |word| word.checked_shr((neurons - 64 * (state.len() - 1)) as u32).unwrap_or(0));
        if beyond != 0 {
            return Err(broken(format!("the answer has ones beyond its {neurons} neurons")));
        }
        Ok(Answer {
            state,
            steps: u32::from(info[0] & 0x7fff),
            converged: info[0] >> 15 == 1,
            nearest: info[1].into(),
            distance: info[2].into(),
            field: Vec::new(),
        })
    }
}

fn lanes(neurons: usize) -> usize {
    neurons.div_ceil(16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_bytes() {
        assert_eq!(Link::Plain.cue(&[0x8_1234_5678_9abc], 36), [0xbc, 0x9a, 0x78, 0x56, 0x34, 0x12]);
        let bytes = [0xcd, 0xab, 0x0f, 0, 2, 0x80, 1, 1, 5, 0];
        let answer = Link::Plain.answer(&bytes, 20).unwrap();
        let want = (vec![0xf_abcd], 2, true, 257, 5);
        assert_eq!((answer.state, answer.steps, answer.converged, answer.nearest, answer.distance), want);
        assert!(Link::Plain.answer(&bytes, 19).unwrap_err().to_string().contains("beyond its 19"));
        assert!(Link::Plain.answer(&bytes[..8], 20).unwrap_err().to_string().contains("8 bytes instead of 10"));
        let full = [0xff; 8].into_iter().chain([1, 0, 0, 0, 0, 0]).collect::<Vec<u8>>();
        assert_eq!(Link::Plain.answer(&full, 64).unwrap().state, [u64::MAX]);
    }
}
