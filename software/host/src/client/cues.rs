//! Cues to words, and words to answers.

use hopgate_files::trace::Trace;
use hopgate_model::{bits::BitMatrix, kind::Kind, reference::Ranking};
use hopgate_wire::{
    layout::row_of,
    page::{CONVERGED, Held, INFO_WORDS, Identity, STATUS, UNKNOWN},
};

/// The words of a cue, and where the board takes one of its mask; without one, all bits are known. Neurons that the memory does not use are one
/// in both.
pub fn words_of(cue: &[u64], known: Option<&[u64]>, neurons: usize, board: &Identity) -> Vec<u16> {
    let bit = |bits: Option<&[u64]>, i: usize| match i {
        i if i < neurons => bits.is_none_or(|bits| bits[i / 64] >> (i % 64) & 1 == 1),
        i => i < board.neurons,
    };
    let word = |bits, l: usize| (0..16).map(|i| u16::from(bit(bits, 16 * l + i)) << i).sum();
    let words = || 0..board.words_of_key();
    let mask = words().filter(|_| board.masks).map(|l| word(known, l));
    words().map(|l| word(Some(cue), l)).chain(mask).collect()
}

/// A trace with room for so many answers; there are no fields, which no board sends.
pub fn empty(count: usize, board: &Identity, held: &Held) -> Trace {
    let bits = match board.kind {
        _ if board.ranks > 0 => 0,
        Kind::Auto | Kind::Sequence => held.neurons,
        Kind::Map => held.outputs,
        Kind::Class => 0,
    };
    let nothing = Ranking { class: 0, score: 0, second: 0, margin: 0 };
    let steps = held.max_steps as usize;
    Trace {
        state: BitMatrix::zeros(count, bits),
        steps: vec![0; count],
        converged: vec![false; count],
        nearest: vec![0; count],
        distance: vec![0; count],
        known: vec![true; count],
        field: None,
        ranking: (board.kind == Kind::Class).then(|| vec![nothing; count]),
        path: (board.kind == Kind::Sequence).then(|| vec![BitMatrix::zeros(steps, bits); count]),
        ranked: (board.ranks > 0).then(|| vec![Vec::new(); count]),
        ranked_class: board.lists_classes().then(|| vec![Vec::new(); count]),
    }
}

/// Puts the words of the answers to a cue in its place.
pub fn put(trace: &mut Trace, place: usize, words: &[u16], board: &Identity) {
    if let Some(lists) = &mut trace.ranked {
        let ranks = || words.chunks(board.answer_words() + INFO_WORDS).map(|rank| rank.split_at(board.answer_words()));
        let there = || ranks().filter(|(_, info)| info[0] & CONVERGED != 0);
        lists[place] = there().map(|(_, info)| (info[1].into(), info[2].into())).collect();
        if let Some(classes) = &mut trace.ranked_class {
            classes[place] = there().map(|(class, _)| class[0].into()).collect();
        }
        // what is said of a list is said of its first pattern
        let Some((_, first)) = ranks().next() else { return };
        trace.steps[place] = 1;
        trace.converged[place] = first[0] & CONVERGED != 0;
        trace.known[place] = first[0] & UNKNOWN == 0;
        (trace.nearest[place], trace.distance[place]) = (first[1].into(), first[2].into());
        return;
    }
    let bits = trace.state.cols();
    for (step, words) in words.chunks(board.answer_words() + INFO_WORDS).enumerate() {
        let (said, rest) = words.split_at(board.answer_words());
        match &mut trace.ranking {
            Some(all) => all[place] = ranking(said),
            None => trace.state.set_row(place, &row_of(said, bits)),
        }
        if let Some(path) = &mut trace.path {
            path[place].set_row(step, &row_of(said, bits));
        }
        trace.steps[place] = (rest[0] & !STATUS).into();
        trace.converged[place] = rest[0] & CONVERGED != 0;
        trace.known[place] = rest[0] & UNKNOWN == 0;
        trace.nearest[place] = rest[1].into();
        trace.distance[place] = rest[2].into();
    }
}

/// What a board says of a class.
pub fn ranking(words: &[u16]) -> Ranking {
    let pair = |at: usize| u32::from(words[at]) | u32::from(words[at + 1]) << 16;
    let (score, margin) = (i64::from(pair(2) as i32), pair(4).into());
    Ranking { class: words[0].into(), second: words[1].into(), score, margin }
}

/// What no answers of a memory to a cue can be: their words, as [`put`] takes them.
pub fn impossible(board: &Identity, held: &Held, words: &[u16]) -> Option<String> {
    if board.ranks > 0 {
        let order = |pair: &[&[u16]]| (pair[0][2], pair[0][1]) < (pair[1][2], pair[1][1]);
        let there = |rank: &&[u16]| rank[0] & CONVERGED != 0;
        let ranks = || words.chunks(board.answer_words() + INFO_WORDS).map(|rank| rank.split_at(board.answer_words()));
        if let Some((class, _)) = ranks().find(|(class, _)| class.iter().any(|&c| usize::from(c) >= held.outputs)) {
            return Some(format!("class {} of {} in a list", class[0], held.outputs));
        }
        let all: Vec<&[u16]> = ranks().map(|(_, info)| info).collect();
        let list: Vec<&[u16]> = all.iter().copied().take_while(there).collect();
        if all[list.len()..].iter().any(there) || !list.windows(2).all(order) {
            return Some("a list that is in no order".into());
        }
    }
    let mut answers = words.chunks(board.answer_words() + INFO_WORDS).zip(1..);
    answers.find_map(|(words, step)| impossible_answer(board, held, words, step))
}

fn impossible_answer(board: &Identity, held: &Held, words: &[u16], step: u32) -> Option<String> {
    let [status, nearest, distance] = *words.last_chunk()?;
    let (steps, converged) = (u32::from(status & !STATUS), status & CONVERGED != 0);
    match board.kind {
        _ if board.ranks > 0 && steps != step => return Some(format!("rank {step} of a list says rank {steps}")),
        _ if board.ranks > 0 => {}
        Kind::Auto if steps == 0 || steps > held.max_steps => {
            return Some(format!("{steps} steps, but at most {}", held.max_steps));
        }
        Kind::Auto if !converged && steps < held.max_steps => {
            return Some(format!("it ended after {steps} of {} steps, but did not converge", held.max_steps));
        }
        Kind::Sequence if steps != step => return Some(format!("answer {step} of a sequence says step {steps}")),
        Kind::Map | Kind::Class if steps != 1 => return Some(format!("{steps} steps, but there is one")),
        _ => {}
    }
    if board.radius && (status & UNKNOWN != 0) != (u32::from(distance) > held.radius) {
        return Some(format!("a distance of {distance} beside a radius of {}, and it says otherwise", held.radius));
    }
    if let Some(&class) = words[..2].iter().find(|&&c| board.kind == Kind::Class && usize::from(c) >= held.outputs) {
        return Some(format!("class {class} of {}", held.outputs));
    }
    if usize::from(nearest) >= held.patterns {
        return Some(format!("pattern {nearest} of {}", held.patterns));
    }
    (usize::from(distance) > held.neurons).then(|| format!("a distance of {distance} among {} neurons", held.neurons))
}

/// How many cues a request had better have, each with so many words of a reply, if this share of bytes is hit: with more, there are fewer bytes for each, but more to send again.
///
/// The most answers a byte; a request takes at most half of the window, so that the next is received meanwhile.
pub fn batch(board: &Identity, reply: usize, hit: f64) -> usize {
    let most = ((board.window / 2).saturating_sub(4) / board.cue_words()).max(1);
    let worth = |cues: usize| {
        let (out, back) = (2 * (cues * board.cue_words() + 4), 2 * (cues * reply + 4));
        cues as f64 * (1.0 - hit).powi((out + back) as i32) / out.max(back) as f64
    };
    (1..=most.min(32)).max_by(|&a, &b| worth(a).total_cmp(&worth(b))).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::Build;
    use hopgate_model::memory::{Memory, Parts};

    #[test]
    fn answers_that_cannot_be() {
        let held = Held {
            groups: 3,
            last: 1,
            entries: 2,
            max_steps: 4,
            fixed_mode: false,
            kind: None,
            neurons: 20,
            patterns: 5,
            planes: 1,
            outputs: 0,
            radius: 0,
            store_radius: 0,
            changed: false,
            sha256: [0; 32],
            begin: 0,
            commit: 0,
        };
        let patterns = hopgate_model::noise::random(5, 20, 1);
        let kernel = vec![(0..=20).map(|e| u32::from(e == 0)).collect()];
        let parts = Parts { planes: vec![patterns.clone()], kernel, ..Parts::of(patterns) };
        let board = Build::of(&Memory::new(parts).unwrap()).identity();
        let is = |status, nearest, distance| impossible(&board, &held, &[7, 1, status, nearest, distance]);
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
