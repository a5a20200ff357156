//! Answers and traces: what came out of recalling a set of cues, on disk and compared.
//!
//! Answers are a `.npy` of uint8 `(Q, M)`, or text with a row per line; of classes int32 `(Q)`, -1 for unknown. A trace is a `.npz` with, for
//! each of `Q` cues,
//!
//! | array | type and shape | |
//! |---|---|---|
//! | `answers` | uint8 `(Q, M)` | the final states, or the values; of classes int32 `(Q)`, the class, or -1 for unknown |
//! | `steps` | uint32 `(Q)` | steps evaluated, the unchanging one included |
//! | `converged` | bool `(Q)` | whether the last step changed nothing |
//! | `nearest` | uint32 `(Q)` | the pattern nearest to the state that entered the last step |
//! | `distance` | uint32 `(Q)` | its Hamming distance |
//! | `known` | bool `(Q)` | whether that is at most the memory's radius; where the array is missing, all are |
//! | `field` | int64 `(Q, M)` | the fields of the last step, if they could be seen; of classes it is called `scores` |
//! | `class`, `second` | uint32 `(Q)` | of classes: that with the greatest score, and the next one, known or not |
//! | `score`, `margin` | int64 `(Q)` | of classes: its score, and by how much that of the second is less |
//! | `path` | uint8 `(Q, L, N)` | of a sequence: the state after every step |
//! | `ranked` | int32 `(Q, K)` | if asked for: the patterns nearest to the cue, ordered by (distance, index); -1 where there are fewer |
//! | `ranked_distance` | int32 `(Q, K)` | their distances |
//! | `ranked_class` | int32 `(Q, K)` | of a memory of classes: the class of each |

mod file;

use crate::{
    answers, kinds,
    npy::Npy,
    npz,
    patterns::{array, text},
};
use hopgate_model::{
    Result,
    bits::BitMatrix,
    reference::{Answer, Ranking},
};
use ndarray::Array2;
use std::{fmt, path::Path};

/// The outcome of recalling `Q` cues.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// The final states or values, `(Q, M)`; of classes `(Q, 0)`.
    pub state: BitMatrix,
    /// Steps evaluated, `(Q)`.
    pub steps: Vec<u32>,
    /// Whether the last step changed nothing, `(Q)`.
    pub converged: Vec<bool>,
    /// The pattern nearest to the state that entered the last step, `(Q)`.
    pub nearest: Vec<u32>,
    /// Its Hamming distance, `(Q)`.
    pub distance: Vec<u32>,
    /// Whether that is at most the memory's radius, `(Q)`.
    pub known: Vec<bool>,
    /// The fields of the last step, `(Q, M)`; none where they cannot be seen (a netlist).
    pub field: Option<Array2<i64>>,
    /// Of classes: those that scored most, `(Q)`.
    pub ranking: Option<Vec<Ranking>>,
    /// Of a sequence: the state after every step, `(L, N)` for each cue; all of one length.
    pub path: Option<Vec<BitMatrix>>,
    /// Of a ranked readout: the patterns nearest to each cue, index and distance, in order, `(Q)`.
    pub ranked: Option<Vec<Vec<(usize, u32)>>>,
    /// Of a memory of classes: the class of each of them, `(Q)`.
    pub ranked_class: Option<Vec<Vec<u32>>>,
}

/// What differs between two traces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    /// The number of cues, or of neurons: nothing can be compared.
    Shape,
    /// The number of steps.
    Steps,
    /// The nearest pattern.
    Nearest,
    /// Its distance.
    Distance,
    /// The field of a neuron.
    Field,
    /// The final state of a neuron.
    State,
    /// Whether the last step changed nothing.
    Converged,
    /// Whether the nearest pattern is within the radius.
    Known,
    /// The class with the greatest score.
    Class,
    /// Its score.
    Score,
    /// The class with the next score.
    Second,
    /// By how much that is less.
    Margin,
    /// A neuron of the state after some step of a sequence.
    Path,
    /// A pattern in the list of those nearest to the cue.
    Ranked,
    /// Its distance.
    RankedDistance,
    /// Its class.
    RankedClass,
}

/// The first place where two traces differ.
///
/// ```
/// use hopgate_files::trace::{Difference, Quantity};
/// let d = Difference { cue: 3, step: 2, quantity: Quantity::Field, neuron: Some(17), left: -4, right: 6 };
/// assert_eq!(d.to_string(), "cue 3, step 2, neuron 17: field is -4, but should be 6");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Difference {
    /// The cue.
    pub cue: usize,
    /// The last step of its recall, from 1, in the trace that should be right; or the rank.
    pub step: u32,
    /// What differs.
    pub quantity: Quantity,
    /// The neuron, for states and fields.
    pub neuron: Option<usize>,
    /// The value here.
    pub left: i64,
    /// The value in the trace compared with.
    pub right: i64,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.quantity {
            Quantity::Shape => return write!(f, "{} cues or neurons, but should be {}", self.left, self.right),
            Quantity::Steps => "the number of steps",
            Quantity::Nearest => "the nearest pattern",
            Quantity::Distance => "the distance of the nearest pattern",
            Quantity::Field => "field",
            Quantity::State => "state",
            Quantity::Converged => "converged",
            Quantity::Known => "known",
            Quantity::Class => "the class",
            Quantity::Score => "its score",
            Quantity::Second => "the second class",
            Quantity::Margin => "the margin",
            Quantity::Path => "a state of the sequence",
            Quantity::Ranked => "the pattern of this rank (-1: none)",
            Quantity::RankedDistance => "the distance of this rank (-1: none)",
            Quantity::RankedClass => "the class of this rank (-1: none)",
        };
        let step = match self.quantity {
            Quantity::Ranked | Quantity::RankedDistance | Quantity::RankedClass => "rank",
            _ => "step",
        };
        write!(f, "cue {}, {step} {}", self.cue, self.step)?;
        if let Some(neuron) = self.neuron {
            write!(f, ", neuron {neuron}")?;
        }
        write!(f, ": {what} is {}, but should be {}", self.left, self.right)
    }
}

impl Trace {
    /// Of the answers of the reference, in order; all of this many outputs.
    pub fn from_answers(answers: &[Answer], outputs: usize) -> Self {
        let field = Array2::from_shape_fn((answers.len(), outputs), |(q, i)| answers[q].field[i]);
        Trace { field: Some(field), ..Trace::without_fields(answers, outputs) }
    }

    /// The same without fields, as a chip answers, whose pins do not show them.
    pub fn without_fields(answers: &[Answer], outputs: usize) -> Self {
        let ranking: Option<Vec<Ranking>> = answers.iter().map(|a| a.ranking).collect();
        let ranking = ranking.filter(|all| !all.is_empty());
        // such an answer has no state, also where its list is empty
        let listed = ranking.is_none() && !answers.is_empty() && answers.iter().all(|a| a.state.is_empty());
        let bits = if ranking.is_some() || listed { 0 } else { outputs };
        let rows = |states: &[&[u64]]| {
            let mut matrix = BitMatrix::zeros(states.len(), bits);
            states.iter().enumerate().for_each(|(row, state)| matrix.set_row(row, state));
            matrix
        };
        let path = |a: &Answer| rows(&a.path.iter().map(Vec::as_slice).collect::<Vec<_>>());
        Trace {
            state: rows(&answers.iter().map(|a| a.state.as_slice()).collect::<Vec<_>>()),
            steps: answers.iter().map(|a| a.steps).collect(),
            converged: answers.iter().map(|a| a.converged).collect(),
            nearest: answers.iter().map(|a| a.nearest as u32).collect(),
            distance: answers.iter().map(|a| a.distance).collect(),
            known: answers.iter().map(|a| a.known).collect(),
            field: None,
            ranking,
            path: answers.iter().any(|a| !a.path.is_empty()).then(|| answers.iter().map(path).collect()),
            ranked: listed.then(|| answers.iter().map(|a| a.ranked.clone()).collect()),
            ranked_class: answers
                .iter()
                .any(|a| !a.ranked_class.is_empty())
                .then(|| answers.iter().map(|a| a.ranked_class.clone()).collect()),
        }
    }

    /// The class of each cue, -1 where it is unknown; none of other kinds.
    pub fn classes(&self) -> Option<Vec<i32>> {
        let of = |(r, &known): (&Ranking, &bool)| if known { r.class as i32 } else { -1 };
        self.ranking.as_ref().map(|all| all.iter().zip(&self.known).map(of).collect())
    }

    /// The first difference from a trace that should be the same: by cue, and within a cue in the order of
    /// cause (steps, nearest, distance, fields, states, classes, converged, known). Fields count where both have them.
    pub fn first_difference(&self, right: &Trace) -> Option<Difference> {
        let shapes = [(self.state.rows(), right.state.rows()), (self.state.cols(), right.state.cols())];
        if let Some(&(l, r)) = shapes.iter().find(|(l, r)| l != r) {
            let (left, right) = (l as i64, r as i64);
            return Some(Difference { cue: 0, step: 0, quantity: Quantity::Shape, neuron: None, left, right });
        }
        (0..self.state.rows()).find_map(|q| self.difference_of_cue(right, q))
    }

    fn difference_of_cue(&self, other: &Trace, cue: usize) -> Option<Difference> {
        let at = |step, quantity, neuron, left, right| {
            (left != right).then_some(Difference { cue, step, quantity, neuron, left, right })
        };
        let found = |quantity, neuron, left, right| at(other.steps[cue], quantity, neuron, left, right);
        let number = |quantity, l: &[u32], r: &[u32]| found(quantity, None, l[cue].into(), r[cue].into());
        let neurons = 0..self.state.cols();
        let field = || {
            let (l, r) = (self.field.as_ref()?, other.field.as_ref()?);
            neurons.clone().find_map(|i| found(Quantity::Field, Some(i), l[[cue, i]], r[[cue, i]]))
        };
        let state = || {
            let bit = |m: &BitMatrix, i| i64::from(m.get(cue, i));
            neurons.clone().find_map(|i| found(Quantity::State, Some(i), bit(&self.state, i), bit(&other.state, i)))
        };
        let ranking = || {
            let (l, r) = (self.ranking.as_ref()?[cue], other.ranking.as_ref()?[cue]);
            let class = |quantity, l, r| found(quantity, None, l as i64, r as i64);
            class(Quantity::Class, l.class, r.class)
                .or_else(|| found(Quantity::Score, None, l.score, r.score))
                .or_else(|| class(Quantity::Second, l.second, r.second))
                .or_else(|| found(Quantity::Margin, None, l.margin, r.margin))
        };
        let path = || {
            let (l, r) = (&self.path.as_ref()?[cue], &other.path.as_ref()?[cue]);
            let of = |(step, i)| {
                let bit = |m: &BitMatrix| i64::from(m.get(step, i));
                at(step as u32 + 1, Quantity::Path, Some(i), bit(l), bit(r))
            };
            (0..l.rows().min(r.rows())).flat_map(|step| (0..l.cols()).map(move |i| (step, i))).find_map(of)
        };
        let ranked = || {
            let (l, r) = (&self.ranked.as_ref()?[cue], &other.ranked.as_ref()?[cue]);
            let pattern = |list: &[(usize, u32)], k: usize| list.get(k).map_or(-1, |&(mu, _)| mu as i64);
            let distance = |list: &[(usize, u32)], k: usize| list.get(k).map_or(-1, |&(_, d)| i64::from(d));
            (0..l.len().max(r.len())).find_map(|k| {
                at(k as u32 + 1, Quantity::Ranked, None, pattern(l, k), pattern(r, k))
                    .or_else(|| at(k as u32 + 1, Quantity::RankedDistance, None, distance(l, k), distance(r, k)))
            })
        };
        let ranked_class = || {
            let (l, r) = (&self.ranked_class.as_ref()?[cue], &other.ranked_class.as_ref()?[cue]);
            let class = |list: &[u32], k: usize| list.get(k).map_or(-1, |&c| i64::from(c));
            let differs = |k| at(k as u32 + 1, Quantity::RankedClass, None, class(l, k), class(r, k));
            (0..l.len().max(r.len())).find_map(differs)
        };
        number(Quantity::Steps, &self.steps, &other.steps)
            .or_else(|| number(Quantity::Nearest, &self.nearest, &other.nearest))
            .or_else(|| number(Quantity::Distance, &self.distance, &other.distance))
            .or_else(field)
            .or_else(path)
            .or_else(state)
            .or_else(ranking)
            .or_else(ranked)
            .or_else(ranked_class)
            .or_else(|| found(Quantity::Converged, None, self.converged[cue].into(), other.converged[cue].into()))
            .or_else(|| found(Quantity::Known, None, self.known[cue].into(), other.known[cue].into()))
    }
}

/// Writes answers, `(Q, N)`, as what the name says: see [`answers::write`].
///
/// # Errors
/// [`Io`](hopgate_model::ErrorKind::Io) with the path; [`Usage`](hopgate_model::ErrorKind::Usage) if the name says another kind (see [`mod@kinds`]).
pub fn save_answers(states: &BitMatrix, path: &Path) -> Result<()> {
    answers::write(path, states.rows(), states.cols(), |rows| rows.push(states))
}

/// Reads answers, `(Q, N)`, as [`save_answers`] writes them.
///
/// # Errors
/// [`Io`](hopgate_model::ErrorKind::Io) if there is no such file; [`Format`](hopgate_model::ErrorKind::Format) or [`Value`](hopgate_model::ErrorKind::Value) if it is no
/// matrix of 0 and 1.
pub fn load_answers(path: &Path) -> Result<BitMatrix> {
    let bytes = npz::read_up_to(path, npz::MAX_BYTES)?;
    let read = match kinds::ANSWERS.of(path)? {
        "csv" | "txt" => text::parse(&bytes),
        _ => Npy::parse(bytes).and_then(|a| array::bits(&a)),
    };
    read.map_err(|e| e.at(path.display()))
}
