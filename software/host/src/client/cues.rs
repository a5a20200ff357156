//! Cues to words, and words to answers.

use hopgate_files::trace::Trace;
use hopgate_model::bits::BitMatrix;
use hopgate_wire::{
    layout::row_of,
    page::{Held, Identity},
};

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
        known: vec![true; count],
        field: None,
        ranking: None,
        path: None,
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

/// What no answer of a memory can be: its words, as [`put`] takes them.
pub fn impossible(held: &Held, words: &[u16]) -> Option<String> {
    let [status, nearest, distance] = *words.last_chunk()?;
    let (steps, converged) = (u32::from(status & 0x7fff), status >> 15 == 1);
    if steps == 0 || steps > held.max_steps {
        return Some(format!("{steps} steps, but at most {}", held.max_steps));
    }
    if !converged && steps < held.max_steps {
        return Some(format!("it ended after {steps} of {} steps, but did not converge", held.max_steps));
    }
    if usize::from(nearest) >= held.patterns {
        return Some(format!("pattern {nearest} of {}", held.patterns));
    }
    (usize::from(distance) > held.neurons).then(|| format!("a distance of {distance} among {} neurons", held.neurons))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_that_cannot_be() {
        let held = Held {
            groups: 3,
            last: 1,
            entries: 2,
            max_steps: 4,
            fixed_mode: false,
            neurons: 20,
            patterns: 5,
            planes: 1,
            sha256: [0; 32],
            begin: 0,
            commit: 0,
        };
        let is = |status, nearest, distance| impossible(&held, &[7, 1, status, nearest, distance]);
        for right in [is(0x8001, 0, 0), is(0x8004, 4, 20), is(4, 4, 20)] {
            assert_eq!(right, None);
        }
        for (wrong, what) in [
            (is(0x8000, 0, 0), "0 steps"),
            (is(0x8005, 0, 0), "5 steps, but at most 4"),
            (is(3, 0, 0), "did not converge"),
            (is(0x8001, 5, 0), "pattern 5 of 5"),
            (is(0x8001, 0, 21), "a distance of 21"),
        ] {
            assert!(wrong.as_ref().is_some_and(|w| w.contains(what)), "{wrong:?}, not {what:?}");
        }
    }
}
