//! Cues to words, and words to answers.

use crate::{layout::row_of, page::Identity};
use hopgate_model::{bits::BitMatrix, trace::Trace};

/// The words of a cue: neurons that the memory does not use are one.
pub fn words_of(cue: &[u64], neurons: usize, board: &Identity) -> Vec<u16> {
    let bit = |i: usize| match i {
        i if i < neurons => cue[i / 64] >> (i % 64) & 1 == 1,
        i => i < board.neurons,
    };
    (0..board.lanes()).map(|l| (0..16).map(|i| u16::from(bit(16 * l + i)) << i).sum()).collect()
}

/// A trace with room for so many answers; there are no fields, which no board sends.
pub fn empty(count: usize, neurons: usize) -> Trace {
    Trace {
        state: BitMatrix::zeros(count, neurons),
        steps: vec![0; count],
        converged: vec![false; count],
        nearest: vec![0; count],
        distance: vec![0; count],
        field: None,
    }
}

/// Puts the words of an answer in its place.
pub fn put(trace: &mut Trace, place: usize, words: &[u16]) {
    let neurons = trace.state.cols();
    let (state, rest) = words.split_at(words.len() - 3);
    trace.state.set_row(place, &row_of(state, neurons));
    trace.steps[place] = (rest[0] & 0x7fff).into();
    trace.converged[place] = rest[0] >> 15 == 1;
    trace.nearest[place] = rest[1].into();
    trace.distance[place] = rest[2].into();
}

/// How many cues a request had better have, if this share of bytes is hit: with more, there are fewer bytes for each, but more to send again.
///
/// The most answers a byte; a request takes at most half of the window, so that the next is received meanwhile.
pub fn batch(board: &Identity, hit: f64) -> usize {
    let most = ((board.window / 2).saturating_sub(4) / board.lanes()).max(1);
    let worth = |cues: usize| {
        let (out, back) = (2 * (cues * board.lanes() + 4), 2 * (cues * (board.lanes() + 3) + 4));
        cues as f64 * (1.0 - hit).powi((out + back) as i32) / out.max(back) as f64
    };
    (1..=most.min(32)).max_by(|&a, &b| worth(a).total_cmp(&worth(b))).unwrap_or(1)
}
