//! One recall, and how it is drawn: the stored pattern, the cue, and the state, step by step.

use super::canvas::{Canvas, Cell, Colour, FAINT, GROUND, ONE, TEXT, WRONG_ONE, WRONG_ZERO, ZERO};
use hopgate::classify;
use hopgate_files::trace::Trace;
use hopgate_model::{
    Error, Result,
    bits::{BitMatrix, bit, hamming},
    kind::Kind,
    memory::Memory,
    noise,
    reference::{self, Ranking},
};

/// What answers cues.
pub type Answerer<'a> = &'a mut dyn FnMut(&BitMatrix) -> Result<Answer>;

/// An answer to one cue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The final state; where the answer is no key, nothing.
    pub state: Vec<u64>,
    /// The answer in words, where it is no key.
    pub said: Option<String>,
    /// Steps that were evaluated.
    pub steps: u32,
    /// Whether the last one changed nothing.
    pub converged: bool,
    /// The nearest pattern.
    pub nearest: usize,
    /// Its distance.
    pub distance: u32,
}

impl Answer {
    /// Of a trace's answer to its first cue, which is a key.
    pub fn of_key(trace: &Trace) -> Answer {
        Answer {
            state: trace.state.row(0).to_vec(),
            said: None,
            steps: trace.steps[0],
            converged: trace.converged[0],
            nearest: trace.nearest[0] as usize,
            distance: trace.distance[0],
        }
    }

    /// Of a trace's answer to its first cue, and of one of the reference: the same answer is the same words.
    pub fn of(memory: &Memory, trace: &Trace) -> Answer {
        let said = match memory.kind() {
            Kind::Auto | Kind::Sequence => None,
            Kind::Map => Some(value(trace.state.row(0), memory.outputs())),
            Kind::Class => trace.ranking.as_ref().map(|all| ranked(memory, &all[0], trace.known[0])),
        };
        let state = if said.is_some() { Vec::new() } else { trace.state.row(0).to_vec() };
        Answer { state, said, ..Answer::of_key(trace) }
    }
}

/// The class that was answered, and the one that nearly was.
fn ranked(memory: &Memory, ranking: &Ranking, known: bool) -> String {
    let names = classify::names(memory);
    let Ranking { class, second, margin, .. } = *ranking;
    let known = if known { "" } else { "unknown, of all it is " };
    format!("{known}class {}, by {margin} before {}", names[class], names[second])
}

/// The bits of a value, as many as a line holds.
fn value(row: &[u64], bits: usize) -> String {
    let text: String = (0..bits.min(VALUE)).map(|i| if bit(row, i) { '1' } else { '0' }).collect();
    format!("value {text}{}", if bits > VALUE { "..." } else { "" })
}

/// Bits of a value that are shown.
const VALUE: usize = 48;

/// What is recalled: a pattern, how much of it is flipped, and by which draw.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ask {
    /// The pattern.
    pub pattern: usize,
    /// The flip probability, in hundredths.
    pub percent: u32,
    /// The seed of the flips.
    pub seed: u64,
}

/// One recall.
#[derive(Debug, Clone, PartialEq)]
pub struct Recalled {
    /// What was asked.
    pub ask: Ask,
    /// The pattern's name.
    pub name: String,
    /// The pattern.
    pub stored: Vec<u64>,
    /// The cue, the states between by the software, and the answer. An unchanging last step is not listed again.
    pub states: Vec<Vec<u64>>,
    /// The answer.
    pub answer: Answer,
    /// What the software answers.
    pub software: Answer,
}

/// Fails if there is no such pattern.
pub fn check_pattern(memory: &Memory, pattern: usize) -> Result<()> {
    let count = memory.patterns().rows();
    if pattern < count {
        return Ok(());
    }
    let what = format!("there is no pattern {pattern}: the memory has {count}, from 0 on");
    Err(Error::usage(what).hint("--pattern takes the number of one"))
}

impl Recalled {
    /// Recalls a noisy pattern by `answerer`, and by the software; `nearest` is how the board reads out.
    ///
    /// # Errors
    /// Those of the answerer; if there is no such pattern.
    pub fn of(memory: &Memory, ask: Ask, nearest: bool, answerer: Answerer) -> Result<Recalled> {
        check_pattern(memory, ask.pattern)?;
        let stored = memory.patterns().select(&[ask.pattern]);
        let cue = noise::flips(&stored, f64::from(ask.percent) / 100.0, ask.seed);
        let answer = answerer(&cue)?;
        let cue = cue.row(0).to_vec();
        let by = if nearest { reference::nearest(memory, &cue) } else { reference::recall(memory, &cue) };
        let mut states = vec![cue];
        if !nearest && memory.kind().answers_keys() {
            while states.len() < by.steps as usize {
                let next = reference::step(memory, &states[states.len() - 1]).state;
                states.push(next);
            }
            // the last of them is what the software answers; what is shown there is the board's answer
            if states.len() > 1 && states.last() == Some(&by.state) {
                states.pop();
            }
            states.push(answer.state.clone());
        } else if nearest {
            states.push(answer.state.clone());
        } else {
            // the key that was nearest, as the board says
            states.push(memory.patterns().row(answer.nearest.min(memory.patterns().rows() - 1)).to_vec());
        }
        let name = memory.parts().labels.as_ref().map_or(String::new(), |labels| labels[ask.pattern].clone());
        let columns = if nearest { memory.neurons() } else { memory.outputs() };
        let trace = Trace::without_fields(&[by], columns);
        let software = if nearest { Answer::of_key(&trace) } else { Answer::of(memory, &trace) };
        Ok(Recalled { ask, name, stored: stored.row(0).to_vec(), states, answer, software })
    }

    /// Neurons of a state that are not as stored.
    pub fn wrong(&self, state: usize) -> u32 {
        hamming(&self.states[state], &self.stored)
    }

    /// The states to show beside each other when the recall is at this one: the cue, and the two latest.
    pub fn shown(&self, at: usize) -> Vec<usize> {
        [0, at.saturating_sub(1), at].into_iter().collect::<std::collections::BTreeSet<_>>().into_iter().collect()
    }

    /// What a state is called.
    pub fn state_name(&self, state: usize) -> String {
        match state {
            0 => "cue".into(),
            s if s + 1 == self.states.len() && self.answer.said.is_some() => "nearest key".into(),
            s if s + 1 == self.states.len() => "answer".into(),
            s => format!("step {s}"),
        }
    }
}

/// How pictures are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// Pixels of a row of the picture.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Whether a character cell has two pixels, one above the other; otherwise a pixel has two cells.
    pub half: bool,
}

impl Layout {
    /// For pictures of this size, as large as the room allows.
    pub fn fit(width: usize, neurons: usize, columns: usize, rows: usize) -> Layout {
        let height = neurons.div_ceil(width.max(1));
        let half = PICTURES * (2 * width + GAP) > columns || height + AROUND > rows;
        Layout { width: width.max(1), height, half }
    }

    /// Cells that a picture takes: columns and rows.
    fn cells(&self) -> (usize, usize) {
        match self.half {
            true => (self.width, self.height.div_ceil(2)),
            false => (2 * self.width, self.height),
        }
    }

    /// Columns and rows of a canvas with so many pictures in a row.
    pub fn size(&self, pictures: usize) -> (usize, usize) {
        let (columns, rows) = self.cells();
        ((pictures * (columns.max(8) + GAP)).max(76), rows + AROUND)
    }
}

/// Pictures side by side: the pattern, the cue, and two states.
pub const PICTURES: usize = 4;
/// Columns between pictures.
const GAP: usize = 4;
/// Rows above and below the pictures.
const AROUND: usize = 8;

/// Draws a recall up to a state. `source` says who answers; `keys` is the last line.
pub fn draw(recalled: &Recalled, layout: Layout, shown: &[usize], source: &str, keys: &str) -> Canvas {
    let (columns, rows) = layout.size((1 + shown.len()).max(PICTURES));
    let mut canvas = Canvas::new(columns, rows);
    let Recalled { ask, name, answer, .. } = recalled;
    let name = if name.is_empty() { String::new() } else { format!("  {name}") };
    canvas.text(1, 0, &format!("pattern {}{name}", ask.pattern), TEXT);
    let flipped = format!("{} % flips, draw {}: {} neurons", ask.percent, ask.seed, recalled.wrong(0));
    canvas.text(columns.saturating_sub(flipped.chars().count() + 1), 0, &flipped, FAINT);
    let step = layout.cells().0.max(8) + GAP;
    canvas.text(1, 2, "stored", FAINT);
    picture(&mut canvas, 1, layout, &recalled.stored, &recalled.stored);
    for (i, &state) in shown.iter().enumerate() {
        let column = 1 + (i + 1) * step;
        let wrong = recalled.wrong(state);
        canvas.text(column, 2, &recalled.state_name(state), TEXT);
        canvas.text(
            column,
            3 + layout.cells().1,
            &format!("{wrong} wrong"),
            if wrong == 0 { FAINT } else { WRONG_ONE },
        );
        picture(&mut canvas, column, layout, &recalled.states[state], &recalled.stored);
    }
    let below = layout.cells().1 + 5;
    if shown.last().is_some_and(|&s| s + 1 == recalled.states.len()) {
        let ended = if answer.converged { "" } else { ", not converged" };
        let (nearest, distance) = (answer.nearest, answer.distance);
        let said = match &answer.said {
            Some(said) => format!("{source}: {said}; nearest {nearest} at {distance}"),
            None => {
                format!("{source}: {} steps{ended}, nearest pattern {nearest} at distance {distance}", answer.steps)
            }
        };
        let (verdict, colour) = match *answer == recalled.software {
            true => ("as the software answers", FAINT),
            false => ("NOT as the software answers", WRONG_ONE),
        };
        canvas.text(1, below, &said, TEXT);
        canvas.text(1, below + 1, verdict, colour);
    } else {
        canvas.text(1, below, "the steps between are computed by the software; the answer comes from", FAINT);
        canvas.text(1, below + 1, source, FAINT);
    }
    canvas.text(1, below + 2, keys, FAINT);
    canvas
}

/// Draws one picture below row 3; neurons that differ from `stored` are red.
fn picture(canvas: &mut Canvas, column: usize, layout: Layout, state: &[u64], stored: &[u64]) {
    let neurons = 64 * state.len().min(stored.len());
    let colour = |x: usize, y: usize| -> Colour {
        let i = y * layout.width + x;
        if y >= layout.height || i >= neurons {
            return GROUND;
        }
        match (bit(state, i), bit(stored, i)) {
            (true, true) => ONE,
            (false, false) => ZERO,
            (true, false) => WRONG_ONE,
            (false, true) => WRONG_ZERO,
        }
    };
    let (columns, rows) = layout.cells();
    for row in 0..rows {
        for c in 0..columns {
            let cell = match layout.half {
                true => Cell { character: '▀', fore: colour(c, 2 * row), back: colour(c, 2 * row + 1) },
                false => Cell { character: ' ', fore: TEXT, back: colour(c / 2, row) },
            };
            canvas.put(column + c, 3 + row, cell);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hopgate_model::memory::Parts;

    fn memory() -> Memory {
        let patterns = BitMatrix::from_fn(2, 12, |mu, i| mu == 1 || i % 3 == 0);
        let kernel = vec![(0..13).map(|e| 200 >> e).collect()];
        Memory::new(Parts { planes: vec![patterns.clone()], kernel, ..Parts::of(patterns) }).unwrap()
    }

    /// A board that answers wrongly is shown with its own answer, in red, and found out.
    #[test]
    fn a_board_that_lies() {
        let memory = memory();
        let ask = Ask { pattern: 1, percent: 0, seed: 1 };
        let honest = |cue: &BitMatrix| {
            let a = reference::recall(&memory, cue.row(0));
            Ok(Answer::of(&memory, &Trace::without_fields(&[a], 12)))
        };
        let right = Recalled::of(&memory, ask, false, &mut { honest }).unwrap();
        let mut liar = |cue: &BitMatrix| honest(cue).map(|a| Answer { state: vec![a.state[0] ^ 1], ..a });
        let wrong = Recalled::of(&memory, ask, false, &mut liar).unwrap();
        let layout = Layout::fit(4, 12, 80, 24);
        let text = |r: &Recalled| draw(r, layout, &r.shown(r.states.len() - 1), "the board", "").plain();
        assert!(text(&right).contains("\n as the software answers") && !text(&right).contains("--"));
        assert!(text(&wrong).contains("NOT as the software answers") && text(&wrong).contains("--######"));
        assert_eq!((right.wrong(right.states.len() - 1), wrong.wrong(wrong.states.len() - 1)), (0, 1));
    }

    #[test]
    fn classes_and_values_are_said() {
        let keys = memory().patterns().clone();
        let kernel: Vec<Vec<u32>> = vec![(0..13).map(|e| 200 >> e).collect()];
        for (kind, said) in [(Kind::Class, "class b, by "), (Kind::Map, "value 01;")] {
            let parts = Parts {
                kind,
                planes: vec![BitMatrix::from_fn(2, 2, |mu, c| mu == c)],
                kernel: kernel.clone(),
                classes: (kind == Kind::Class).then(|| vec!["a".into(), "b".into()]),
                ..Parts::of(keys.clone())
            };
            let memory = Memory::new(parts).unwrap();
            let mut software = |cue: &BitMatrix| {
                let answer = reference::recall(&memory, cue.row(0));
                Ok(Answer::of(&memory, &Trace::without_fields(&[answer], 2)))
            };
            let recalled =
                Recalled::of(&memory, Ask { pattern: 1, percent: 10, seed: 1 }, false, &mut software).unwrap();
            assert_eq!((recalled.states.len(), recalled.wrong(1)), (2, 0));
            let text = draw(&recalled, Layout::fit(4, 12, 80, 24), &recalled.shown(1), "it", "").plain();
            assert!(text.contains(said) && text.contains("nearest key") && text.contains("as the software"), "{text}");
        }
    }

    #[test]
    fn small_terminals_get_half_blocks() {
        let large = Layout::fit(8, 128, 80, 24);
        assert_eq!((large.half, large.size(PICTURES)), (false, (80, 24)));
        let small = Layout::fit(8, 128, 80, 23);
        assert_eq!((small.half, small.size(PICTURES)), (true, (76, 16)));
        assert!(Layout::fit(32, 1024, 100, 40).half);
    }
}
