//! A conversation with a board of the plain protocol: words of cues and words of answers, by a UART at the edges of what it takes, with what is no
//! byte between them, and resets.

use super::turns::{Part, Turn, WORK};
use crate::{cue::Cues, words};
use hopgate_hdl::Plan;
use hopgate_model::memory::Memory;

/// Cycles of a bit.
pub(super) const DIVIDER: usize = 12;
/// How many cycles the host's bit may have.
const BITS: [f64; 5] = [12.0, 11.52, 12.48, 11.6, 12.4];
/// A start bit that ends too soon, a bit of silence, and a byte without a stop bit, each with silence behind it.
const NO_BYTES: [(u32, u8, f64); 6] =
    [(0b10, 2, 1.0), (0b10, 2, 3.0), (0b10, 2, 5.0), (0b1, 1, 12.0), (0x400, 11, 12.0), (0x4aa, 11, 12.0)];

/// Bytes of words, the low one first.
fn bytes(words: &[u16]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// The parts.
pub(super) fn parts(plan: &Plan, memory: &Memory, cues: Cues) -> Vec<Part> {
    let turn = |q: usize| {
        let want = words::expected(memory, cues.row(q), plan.readout);
        let lights = want.last().map(|&distance| 1 | (u32::from(distance) & 63) << 2);
        let asked = bytes(&cues.row(q).words(plan));
        Turn { what: format!("cue {q}"), bytes: asked, want: bytes(&want), patience: WORK, lights, ..Turn::default() }
    };
    let part = |name, turns| Part { name, divider: DIVIDER, turns };
    let rates = BITS.iter().flat_map(|&bit| (0..8).map(move |q| (bit, q)));
    let rates = rates.map(|(bit, q)| Turn { host_bit: Some(bit), ..turn(q) }).collect();
    let odd = |at: usize, bits, count, cycles| Turn {
        what: format!("no byte {at}"),
        raw: Some(super::turns::Raw { bits, count, cycles }),
        ..turn(20 + at)
    };
    let odd = NO_BYTES.iter().enumerate().map(|(at, &(bits, count, cycles))| odd(at, bits, count, cycles)).collect();
    // within a byte, a word, a cue, a recall, and an answer
    let one = turn(0);
    let asked = (one.bytes.len() * 10 * DIVIDER) as u64;
    let resets = [1, 7, 30, 90, asked / 2, asked - 20, asked + 10, asked + 60, asked + 200, asked + 400, asked + 900];
    let reset = |after: u64| {
        let bytes = one.bytes.clone();
        Turn { what: format!("a reset in cycle {after}"), bytes, reset: Some(after), patience: WORK, ..Turn::default() }
    };
    let resets = resets.iter().flat_map(|&after| [reset(after), turn(3), turn(4)]).collect();
    vec![
        part("words", (0..12).map(turn).collect()),
        part("rates", rates),
        part("no-bytes", odd),
        part("resets", resets),
    ]
}
