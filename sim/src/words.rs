//! What the words of an answer mean, and which words a core should say.

use crate::cue::Cue;
use hopgate_hdl::{Layout, Readout, layout::CLASS_WORDS};
use hopgate_model::{
    Error, ErrorKind, Result,
    bits::words_for,
    kind::Kind,
    memory::Memory,
    reference::{Answer, Ranking},
};

/// Words behind an answer: steps, nearest, distance.
pub const INFO: usize = 3;
/// In the word of the steps.
const CONVERGED: u16 = 1 << 15;
const UNKNOWN: u16 = 1 << 14;

/// Words of all answers to a cue.
pub fn count(plan: &Layout) -> usize {
    plan.answers() * (plan.answer_words() + INFO)
}

/// The answer to a cue that these words say. Its fields are empty: they do not leave the core.
///
/// # Errors
/// [`ErrorKind::Failed`] if no core says such words.
pub fn answer(words: &[u16], plan: &Layout) -> Result<Answer> {
    assert_eq!(words.len(), count(plan));
    if plan.ranked() {
        return listed(words, plan);
    }
    let each = plan.answer_words() + INFO;
    let mut path = Vec::new();
    let mut last = None;
    for (step, words) in words.chunks(each).enumerate() {
        let answer =
            one(words, plan).map_err(|e| if plan.answers() > 1 { e.at(format!("step {}", step + 1)) } else { e })?;
        if plan.kind == Kind::Sequence {
            if answer.steps as usize != step + 1 {
                return Err(broken(format!("answer {} of a sequence says step {}", step + 1, answer.steps)));
            }
            path.push(answer.state.clone());
        }
        last = Some(answer);
    }
    let last = last.expect("there is an answer to every cue");
    Ok(Answer { path, ..last })
}

/// The list that these words say: three for each rank.
fn listed(words: &[u16], plan: &Layout) -> Result<Answer> {
    let (mut ranked, mut ranked_class) = (Vec::new(), Vec::new());
    let mut beyond = None;
    for (rank, words) in (1..).zip(words.chunks(plan.answer_words() + INFO)) {
        let (class, words) = words.split_at(plan.answer_words());
        let (there, unknown) = (words[0] & CONVERGED != 0, words[0] & UNKNOWN != 0);
        if words[0] & !(CONVERGED | UNKNOWN) != rank {
            return Err(broken(format!("rank {rank} of a list says {:#06x}", words[0])));
        }
        if there && ranked.len() + 1 != usize::from(rank) || !there && words[1..] != [0, 0] {
            return Err(broken(format!("rank {rank} of a list that has ended says {words:04x?}")));
        }
        if class.iter().any(|&c| if there { usize::from(c) >= plan.listed_classes } else { c > 0 }) {
            return Err(broken(format!("rank {rank} of a list is of class {}", class[0])));
        }
        if unknown != (plan.tells_unknown && u32::from(words[2]) > plan.radius) {
            return Err(broken(format!("rank {rank} of a list is at {}, but unknown: {unknown}", words[2])));
        }
        beyond = beyond.or(Some(unknown));
        if there {
            ranked.push((usize::from(words[1]), u32::from(words[2])));
            ranked_class.extend(class.iter().map(|&c| u32::from(c)));
        }
    }
    let &(nearest, distance) = ranked.first().unwrap_or(&(0, 0));
    Ok(Answer {
        state: Vec::new(),
        steps: 1,
        converged: !ranked.is_empty(),
        nearest,
        distance,
        known: beyond != Some(true),
        field: Vec::new(),
        ranking: None,
        path: Vec::new(),
        ranked,
        ranked_class,
    })
}

fn broken(what: String) -> Error {
    Error::new(ErrorKind::Failed, what)
}

fn one(words: &[u16], plan: &Layout) -> Result<Answer> {
    let (said, info) = words.split_at(plan.answer_words());
    let (state, ranking) = match plan.kind {
        Kind::Auto | Kind::Sequence => (state(said, plan)?, None),
        Kind::Map => (value(said, plan)?, None),
        Kind::Class => (Vec::new(), Some(ranking(said, plan)?)),
    };
    Ok(Answer {
        state,
        steps: u32::from(info[0] & !(CONVERGED | UNKNOWN)),
        converged: info[0] & CONVERGED != 0,
        nearest: info[1].into(),
        distance: info[2].into(),
        known: info[0] & UNKNOWN == 0,
        field: Vec::new(),
        ranking,
        path: Vec::new(),
        ranked: Vec::new(),
        ranked_class: Vec::new(),
    })
}

/// The words of a state; the neurons that the memory does not have must be one.
fn state(words: &[u16], plan: &Layout) -> Result<Vec<u64>> {
    let mut state = vec![0u64; words_for(plan.used)];
    for (l, &word) in words.iter().enumerate() {
        let has = |i: usize| 16 * l + i < plan.neurons;
        if (0..16).any(|i| !has(i) && word >> i & 1 == 1) {
            return Err(broken(format!("the answer has ones beyond its {} neurons", plan.neurons)));
        }
        if word & plan.unused(l) != plan.unused(l) {
            return Err(broken(format!("unused neurons of lane {l} are not one: {word:04x}")));
        }
        if let Some(packed) = state.get_mut(l / 4) {
            *packed |= u64::from(word & !plan.unused(l)) << (16 * (l % 4));
        }
    }
    Ok(state)
}

/// The words of a value; nothing is said of outputs that the core does not have. Those that the memory does not have are left out.
fn value(words: &[u16], plan: &Layout) -> Result<Vec<u64>> {
    let mut value = vec![0u64; words_for(plan.outputs_used)];
    for (i, bit) in words.iter().flat_map(|word| (0..16).map(move |i| word >> i & 1)).enumerate() {
        if bit == 1 && i >= plan.outputs {
            return Err(broken(format!("the answer has ones beyond its {} outputs", plan.outputs)));
        }
        if i < plan.outputs_used {
            value[i / 64] |= u64::from(bit) << (i % 64);
        }
    }
    Ok(value)
}

fn ranking(words: &[u16], plan: &Layout) -> Result<Ranking> {
    let &[class, second, score, score_high, margin, margin_high]: &[u16; CLASS_WORDS] =
        words.try_into().expect("as many words as a class has");
    let pair = |low: u16, high: u16| u32::from(high) << 16 | u32::from(low);
    if [class, second].iter().any(|&c| usize::from(c) >= plan.outputs_used) {
        return Err(broken(format!("classes {class} and {second}, but there are {}", plan.outputs_used)));
    }
    Ok(Ranking {
        class: class.into(),
        score: i64::from(pair(score, score_high) as i32),
        second: second.into(),
        margin: pair(margin, margin_high).into(),
    })
}

/// The words of all answers to a cue, by the reference; of a core whose neurons and outputs are those of the memory.
///
/// ```
/// use hopgate_hdl::Readout;
/// use hopgate_model::kind::Kind;
/// use hopgate_sim::{suite::{SHAPE, Shape}, words};
/// let (memory, cues) = Shape { kind: Kind::Class, ..SHAPE }.example();
/// let said = words::expected(&memory, cues.row(0).into(), Readout::Vote);
/// assert_eq!((said.len(), said[6]), (9, 0x8001)); // one step, converged and known
/// ```
pub fn expected(memory: &Memory, cue: Cue, readout: Readout) -> Vec<u16> {
    let mut steps = Vec::new();
    let answer = cue.answer(memory, readout, |_, step| steps.push((step.nearest, step.distance)));
    // a step that some bits did not enter says nothing about the next one
    let partly = cue.mask().is_some_and(|mask| !mask.is_full(memory.neurons()));
    let outputs = if memory.kind().answers_keys() { memory.neurons() } else { memory.outputs() };
    let bits = |state: &[u64]| -> Vec<u16> {
        (0..outputs.div_ceil(16)).map(|l| (state[l / 4] >> (16 * (l % 4))) as u16).collect()
    };
    let info = |step: usize, converged: bool, nearest: usize, distance: u32| {
        let known = distance <= memory.radius();
        [step as u16 | flag(CONVERGED, converged) | flag(UNKNOWN, !known), nearest as u16, distance as u16]
    };
    if let Readout::Ranked { most, .. } = readout {
        let classed = usize::from(memory.kind() == Kind::Class);
        let one = |rank: usize| match answer.ranked.get(rank) {
            Some(&(pattern, distance)) => {
                let class = answer.ranked_class.get(rank).map(|&c| c as u16);
                [class.as_slice(), &info(rank + 1, true, pattern, distance)].concat()
            }
            None => [&[0][..classed], &info(rank + 1, false, 0, 0)].concat(),
        };
        return (0..most).flat_map(one).collect();
    }
    if memory.kind() == Kind::Sequence {
        let before = |i: usize| i.checked_sub(1).map_or(cue.bits, |i| &answer.path[i]);
        let one = |(i, &(nearest, distance)): (usize, &(usize, u32))| {
            let same = answer.path[i] == before(i) && !(partly && i == 0);
            [bits(&answer.path[i]), info(i + 1, same, nearest, distance).to_vec()].concat()
        };
        return steps.iter().enumerate().flat_map(one).collect();
    }
    let said = match answer.ranking {
        Some(Ranking { class, score, second, margin }) => {
            let halves = |value: i64| [value as u16, (value >> 16) as u16];
            [[class as u16, second as u16], halves(score), halves(margin)].concat()
        }
        None => bits(&answer.state),
    };
    [said, info(answer.steps as usize, answer.converged, answer.nearest, answer.distance).to_vec()].concat()
}

fn flag(flag: u16, set: bool) -> u16 {
    if set { flag } else { 0 }
}
