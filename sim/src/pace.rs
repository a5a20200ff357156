//! When words move: where the source always offers and the sink always takes, the cycles of both streams follow from those of the steps.
//!
//! The steps' cycles are compared elsewhere. Without this a word that is taken a cycle late is offered until then, and nobody would notice.

use crate::words;
use hopgate_hdl::Layout;
use std::ops::Range;

/// Cycles between words where one cue is recalled: the state moves on in the one behind.
const IN: u32 = 2;
const OUT: u32 = 3;
/// The same where cues share a scan.
const SHARED_IN: u32 = 1;
const SHARED_OUT: u32 = 2;
/// From the last word of a cue, or of the answer before, to the first word of an answer: the cycles of its steps, and these.
const BEHIND_STEPS: u32 = 3;
/// From the last word of an answer to the first one of the next cue.
const BEHIND_ANSWER: u32 = 2;
/// Where cues share a scan, from the last word of one to the first of the next.
const BEHIND_CUE: u32 = 2;

/// The cycles in which words moved, from some cycle on.
#[derive(Debug, Clone, Default)]
pub(crate) struct Moves {
    /// Each word of the cues was taken.
    pub taken: Vec<u32>,
    /// Each word of the answers was.
    pub left: Vec<u32>,
}

/// The first word that moved in another cycle than it should; `steps` are the cycles of every cue's steps. Those of the first word of all follow from
/// nothing that is known here.
pub(crate) fn difference(plan: &Layout, moves: &Moves, steps: &[Vec<u32>]) -> Option<String> {
    let clock = Clock { plan, moves };
    (0..steps.len()).find_map(|q| clock.cue(q).or_else(|| clock.answers(q, &steps[q])))
}

struct Clock<'a> {
    plan: &'a Layout,
    moves: &'a Moves,
}

impl Clock<'_> {
    fn shares(&self) -> bool {
        self.plan.cues > 1
    }

    /// The words of a cue, of its mask too.
    fn asked(&self, q: usize) -> &[u32] {
        let words = self.plan.cue_words();
        &self.moves.taken[q * words..(q + 1) * words]
    }

    /// The words of one of the answers to a cue.
    fn said(&self, q: usize, answer: usize) -> &[u32] {
        let each = self.plan.answer_words() + words::INFO;
        let at = q * words::count(self.plan) + answer * each;
        &self.moves.left[at..at + each]
    }

    fn cue(&self, q: usize) -> Option<String> {
        let (asked, group, place) = (self.asked(q), q / self.plan.cues, q % self.plan.cues);
        let first = match (q, self.shares()) {
            (0, _) => None,
            (_, false) => Some(last(self.said(q - 1, self.plan.answers() - 1)) + BEHIND_ANSWER),
            (_, true) if place == 0 => Some(self.said(q - 1, 0)[0]),
            (_, true) => {
                let before = last(self.asked(q - 1));
                // the last state takes no word while its last answer leaves
                let busy = (group > 0 && place + 1 == self.plan.cues).then(|| {
                    let answer = self.said(group * self.plan.cues - 1, 0);
                    answer[self.plan.answer_words() - 1]
                });
                Some(match busy {
                    Some(busy) if busy >= before => busy + BEHIND_CUE + 1,
                    _ => before + BEHIND_CUE,
                })
            }
        };
        let gap = if self.shares() { SHARED_IN } else { IN };
        evenly(asked, first, gap, || format!("cue {q}, of the cue")).map(|what| format!("{what} was taken"))
    }

    fn answers(&self, q: usize, steps: &[u32]) -> Option<String> {
        let answers = self.plan.answers();
        // every one has a step, or one has them all
        let its = |answer: usize| -> Range<usize> { if answers > 1 { answer..answer + 1 } else { 0..steps.len() } };
        (0..answers).find_map(|answer| {
            let cycles: u32 = steps.get(its(answer)).unwrap_or(&[]).iter().sum();
            let first = match (self.shares(), answer) {
                (false, 0) => last(self.asked(q)) + cycles + BEHIND_STEPS,
                (false, _) => last(self.said(q, answer - 1)) + cycles + BEHIND_STEPS,
                (true, _) => {
                    // it takes the place of the answer before it, or that one's cue has voted just before
                    let found = match q % self.plan.cues {
                        0 => last(self.asked(q + self.plan.cues - 1)) + cycles + BEHIND_STEPS + 1,
                        _ => self.said(q - 1, 0)[0] + cycles + 1,
                    };
                    let free = if q == 0 { 0 } else { last(self.said(q - 1, 0)) + BEHIND_STEPS };
                    found.max(free)
                }
            };
            let gap = if self.shares() { SHARED_OUT } else { OUT };
            let what = evenly(self.said(q, answer), Some(first), gap, || format!("cue {q}, of answer {answer}"));
            what.map(|what| format!("{what} left"))
        })
    }
}

fn last(words: &[u32]) -> u32 {
    words[words.len() - 1]
}

/// What is wrong with words that should follow each other so many cycles apart, the first one in this cycle.
fn evenly(words: &[u32], first: Option<u32>, gap: u32, whose: impl Fn() -> String) -> Option<String> {
    let should = |i: usize| if i == 0 { first } else { Some(words[i - 1] + gap) };
    let wrong = (0..words.len()).find(|&i| should(i).is_some_and(|cycle| cycle != words[i]))?;
    let late = i64::from(words[wrong]) - i64::from(should(wrong).unwrap_or(0));
    Some(format!("{}, word {wrong}: {late} cycles late, it", whose()))
}

#[cfg(test)]
mod tests {
    use super::{Moves, difference};
    use crate::suite::{SHAPE, Shape};
    use hopgate_hdl::{Later, Plan};

    /// Nothing is wrong with these moves, and something is wherever a word moves a cycle later.
    fn check(shape: Shape, moves: Moves, steps: &[Vec<u32>]) {
        let plan = Plan::with(&shape.example().0, shape.hardware()).unwrap();
        assert_eq!(difference(&plan, &moves, steps), None);
        let late = |words: &[u32], at: usize| {
            let mut words = words.to_vec();
            words[at] += 1;
            words
        };
        for at in 0..moves.taken.len() {
            let moves = Moves { taken: late(&moves.taken, at), ..moves.clone() };
            assert!(difference(&plan, &moves, steps).is_some(), "word {at} of the cues");
        }
        for at in 0..moves.left.len() {
            let moves = Moves { left: late(&moves.left, at), ..moves.clone() };
            assert!(difference(&plan, &moves, steps).is_some(), "word {at} of the answers");
        }
    }

    #[test]
    fn one_after_the_other() {
        let left = vec![43, 46, 49, 52, 75, 78, 81, 84];
        check(Shape { neurons: 16, ..SHAPE }, Moves { taken: vec![10, 54], left }, &[vec![20, 10], vec![18]]);
    }

    #[test]
    fn with_a_shared_scan() {
        let shape = Shape { neurons: 16, cues: 2, later: Later::Queue, ..SHAPE };
        // the second answer waits for the first one, and the last cue for the words of the state before it
        let left = vec![36, 38, 40, 42, 57, 59, 61, 63, 94, 96, 98, 100, 103, 105, 107, 109];
        let steps = [vec![30], vec![20], vec![30], vec![4]];
        check(shape, Moves { taken: vec![0, 2, 57, 60], left }, &steps);
    }
}
