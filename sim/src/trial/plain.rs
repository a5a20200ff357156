//! A conversation with a board of the plain protocol: words of cues and words of answers, by a UART at the edges of what it takes, with what is no
//! byte between them, and resets.

use super::turns::{Part, Turn, WORK};
use crate::{cue::Cues, words};
use hopgate_hdl::Plan;
use hopgate_model::memory::Memory;

/// Cycles of a bit.
pub(super) const DIVIDER: usize = 12;
/// How many cycles the host's bit may have.
const BITS: [f64; 5] = [12.0, 11.4, 12.5, 11.5, 12.4];
/// A start bit that ends too soon, a bit of silence, and bytes whose stop bit is low where it is looked at, each with silence behind it.
const NO_BYTES: [(u32, u8, f64); 6] = [
    (0b10, 2, 1.0),
    (0b10, 2, 3.0),
    (0b10, 2, 5.0),
    (0b1, 1, 12.0),
    (1 << 29, 30, 4.0),
    (1 << 29 | 0xff_ffff << 3, 30, 4.0),
];

/// A cue of which all bits are known, as of each sixth behind it: where none is, any cue has the same answer.
const KNOWN: usize = 30;

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
    let watched = |q: usize| Turn { watched: true, ..turn(q) };
    // the LEDs show distances, and most answers are at none
    let far = |&q: &usize| words::expected(memory, cues.row(q), plan.readout).last() != Some(&0);
    let far: Vec<usize> = (0..cues.rows()).filter(far).take(8).collect();
    let part = |name, turns| Part { name, divider: DIVIDER, turns };
    let rates = BITS.iter().flat_map(|&bit| (0..8).map(move |q| (bit, q + 30)));
    let rates = rates.map(|(bit, q)| Turn { host_bit: Some(bit), ..turn(q) }).collect();
    let odd = |at: usize, bits, count, cycles| Turn {
        what: format!("no byte {at}"),
        raw: Some(super::turns::Raw { bits, count, cycles }),
        ..turn(40 + at)
    };
    let odd = NO_BYTES.iter().enumerate().map(|(at, &(bits, count, cycles))| odd(at, bits, count, cycles)).collect();
    // within a byte, a word, a cue, a recall, and an answer
    let one = turn(0);
    let byte = (10 * DIVIDER) as u64;
    let asked = one.bytes.len() as u64 * byte;
    let after =
        [1, 7, 30, 90, byte, byte + 50, 2 * byte, 3 * byte + 5, asked - 20, asked + 10, asked + 60, asked + 200];
    let later = (1..8).map(|n| asked + n * 333);
    let reset =
        |after: u64| Turn { what: format!("a reset in cycle {after}"), reset: Some(after), clean: true, ..one.clone() };
    let resets =
        after.into_iter().chain(later).flat_map(|after| [reset(after), turn(KNOWN), turn(KNOWN + 1)]).collect();
    // in each cycle about the end of each of two bytes, and of a cue
    let ends = [byte, 2 * byte, asked].into_iter().flat_map(|end| end - 14..end + 26);
    let swept = ends.flat_map(|after| [reset(after), turn(KNOWN)]).collect();
    // the first word of a cue waits while the one before is recalled and answered
    let early = (0..4).flat_map(|n| {
        let (first, second) = (turn(KNOWN + 6 * n), turn(KNOWN + 6 * n + 6));
        // and the low half of the second one
        let (early, late) = second.bytes.split_at(3);
        let bytes = [&first.bytes[..], early].concat();
        [Turn { bytes, lights: None, ..first }, Turn { bytes: late.to_vec(), ..second.clone() }]
    });
    let early = early.collect();
    vec![
        part("words", (30..34).chain(far).map(watched).collect()),
        part("early-words", early),
        part("rates", rates),
        part("no-bytes", odd),
        part("resets", resets),
        part("swept", swept),
    ]
}
