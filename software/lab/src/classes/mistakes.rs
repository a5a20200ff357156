//! Why an answer was wrong: the cue, and the stored keys that voted most for it.

use crate::chart::{
    BLACK, Colour, GREY, RED,
    svg::{Anchor, Stroke, Svg},
};
use hopgate_model::{
    Error, Result,
    bits::{BitMatrix, bit, hamming},
    kernel::KernelMode,
    memory::Memory,
    reference,
};
use rayon::prelude::*;

/// Stored keys that are shown beside a cue.
pub const VOTERS: usize = 3;
/// Pixels that a picture's longer side aims at.
const SIDE: usize = 72;
const INK: Colour = Colour(28, 32, 44);
const FRAME: Colour = Colour(198, 203, 212);

/// A stored key that voted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Voter {
    /// Its index.
    pub pattern: usize,
    /// Its distance from the cue.
    pub distance: u32,
    /// By how much it raised the score of the answer above that of the right class.
    pub vote: i64,
}

/// A wrong answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The cue.
    pub cue: usize,
    /// The class that it is.
    pub right: usize,
    /// The class that was answered.
    pub answer: usize,
    /// By how much the answer's score is above that of the right class.
    pub lead: i64,
    /// The stored keys that did most for it, the first one most.
    pub voters: Vec<Voter>,
}

/// How a key is a picture: pixel `i` is at row `i / width`, column `i % width`.
#[derive(Debug, Clone, Copy)]
pub struct Picture {
    /// Rows.
    pub height: usize,
    /// Pixels of a row.
    pub width: usize,
}

/// The first so many wrong answers of a memory of classes, and who voted for them.
///
/// ```
/// use hopgate_model::{bits::BitMatrix, kind::Kind, memory::{Memory, Parts}};
/// let keys = BitMatrix::from_fn(2, 8, |mu, _| mu == 1);
/// let planes = vec![BitMatrix::from_fn(2, 2, |mu, class| mu == class)];
/// let kernel = vec![vec![200, 90, 33, 12, 4, 1, 0, 0, 0]];
/// let memory = Memory::new(Parts { kind: Kind::Class, planes, kernel, ..Parts::of(keys.clone()) })?;
/// // the second key, of which somebody says that it is of class 0
/// let found = hopgate_lab::classes::mistakes(&memory, &keys, &[0, 0], 9);
/// assert_eq!((found.len(), found[0].cue, found[0].answer, found[0].voters[0].pattern), (1, 1, 1, 1));
/// # Ok::<(), hopgate_model::Error>(())
/// ```
///
/// # Panics
/// When the memory is of another kind, or there is not a label for each cue.
pub fn mistakes(memory: &Memory, cues: &BitMatrix, labels: &[u32], most: usize) -> Vec<Mistake> {
    let answers = super::of_memory(memory)(cues);
    let wrong = (0..cues.rows()).filter(|&q| answers[q] != labels[q] as usize).take(most);
    let wrong: Vec<usize> = wrong.collect();
    wrong.into_par_iter().map(|q| explain(memory, cues.row(q), q, answers[q], labels[q] as usize)).collect()
}

fn explain(memory: &Memory, cue: &[u64], number: usize, answer: usize, right: usize) -> Mistake {
    let step = reference::step(memory, cue);
    let base = match memory.parts().kernel_mode {
        KernelMode::Normalised => step.distance,
        KernelMode::Fixed => 0,
    };
    let vote = |mu: usize| {
        let e = (step.distances[mu] - base) as usize;
        let weight = |(plane, column): (&BitMatrix, &Vec<u32>)| {
            2 * i64::from(column[e]) * (i64::from(plane.get(mu, answer)) - i64::from(plane.get(mu, right)))
        };
        memory.planes().iter().zip(memory.kernel()).map(weight).sum::<i64>()
    };
    let of = |pattern| Voter { pattern, distance: step.distances[pattern], vote: vote(pattern) };
    let mut voters: Vec<Voter> = (0..memory.patterns().rows()).map(of).collect();
    voters.sort_by_key(|v| (std::cmp::Reverse(v.vote), v.pattern));
    voters.truncate(VOTERS);
    let lead = step.field[answer] - step.field[right];
    Mistake { cue: number, right, answer, lead, voters }
}

/// Draws them: each cue with what it is and what was answered, and beside it the keys that did most for that, with the label of each or the class it votes for
/// most, its distance, and its vote.
///
/// # Errors
/// [`hopgate_model::ErrorKind::Usage`] without mistakes, or for pictures that are not as large as the keys.
pub fn mistakes_picture(
    memory: &Memory,
    cues: &BitMatrix,
    mistakes: &[Mistake],
    names: &[String],
    picture: Picture,
    title: &str,
) -> Result<String> {
    let Picture { height, width } = picture;
    if mistakes.is_empty() || height * width != memory.neurons() || names.len() != memory.outputs() {
        let what = "pictures of mistakes need a mistake, height times width bits, and a name for each class";
        return Err(Error::usage(what));
    }
    let pixel = (SIDE / height.max(width)).max(2) as f64;
    let (cell_w, cell_h) = (width as f64 * pixel + 22.0, height as f64 * pixel + 44.0);
    let wide = (VOTERS + 1) as f64 * cell_w.max(78.0) + 40.0;
    let columns = mistakes.len().min(3);
    let (rows, cell_w) = (mistakes.len().div_ceil(columns), cell_w.max(78.0));
    let size = ((wide * columns as f64 + 20.0) as u32, (50.0 + rows as f64 * cell_h) as u32);
    let mut svg = Svg::new(size, title);
    svg.text(title, (20.0, 26.0), 15, BLACK, Anchor::LeftBase);
    for (i, mistake) in mistakes.iter().enumerate() {
        let (x, y) = (20.0 + wide * (i % columns) as f64, 50.0 + cell_h * (i / columns) as f64);
        draw(&mut svg, cues.row(mistake.cue), picture, pixel, (x, y));
        let said = format!("{}, not {}", names[mistake.answer], names[mistake.right]);
        svg.text(&said, (x, y + height as f64 * pixel + 4.0), 12, RED, Anchor::LeftTop);
        for (v, voter) in mistake.voters.iter().enumerate() {
            let x = x + 14.0 + cell_w * (v + 1) as f64;
            let row = memory.patterns().row(voter.pattern);
            draw(&mut svg, row, picture, pixel, (x, y));
            debug_assert_eq!(hamming(row, cues.row(mistake.cue)), voter.distance);
            let of = memory
                .parts()
                .labels
                .as_ref()
                .map_or_else(|| class_of(memory, voter.pattern, names), |l| &l[voter.pattern]);
            let under = y + height as f64 * pixel + 4.0;
            svg.text(&format!("{of} at {}", voter.distance), (x, under), 11, BLACK, Anchor::LeftTop);
            svg.text(&format!("{:+}", voter.vote), (x, under + 14.0), 11, GREY, Anchor::LeftTop);
        }
    }
    Ok(svg.finish())
}

/// The class that a stored key without a label votes for most when it is nearest.
fn class_of<'a>(memory: &Memory, pattern: usize, names: &'a [String]) -> &'a str {
    let weight = |class: usize| -> i64 {
        let of = |(plane, column): (&BitMatrix, &Vec<u32>)| i64::from(plane.get(pattern, class)) * i64::from(column[0]);
        memory.planes().iter().zip(memory.kernel()).map(of).sum()
    };
    let most = (0..memory.outputs()).rev().max_by_key(|&class| weight(class)).unwrap_or(0);
    &names[most]
}

/// A key as a picture: runs of ink, with a frame.
fn draw(svg: &mut Svg, row: &[u64], Picture { height, width }: Picture, pixel: f64, (x, y): (f64, f64)) {
    let rectangle = |x0: f64, y0: f64, w: f64, h: f64| [(x0, y0), (x0 + w, y0), (x0 + w, y0 + h), (x0, y0 + h)];
    for line in 0..height {
        let ink = |column: usize| column < width && bit(row, line * width + column);
        let mut column = 0;
        while column < width {
            let from = column;
            while ink(column) {
                column += 1;
            }
            if column > from {
                let (left, top) = (x + from as f64 * pixel, y + line as f64 * pixel);
                svg.polygon(&rectangle(left, top, (column - from) as f64 * pixel, pixel), INK, 1.0);
            } else {
                column += 1;
            }
        }
    }
    let [a, b, c, d] = rectangle(x - 1.0, y - 1.0, width as f64 * pixel + 2.0, height as f64 * pixel + 2.0);
    svg.line(&[a, b, c, d, a], Stroke::of(FRAME, 1));
}
