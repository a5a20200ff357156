//! Answers and traces: what came out of recalling a set of cues, on disk and compared.
//!
//! Answers are a `.npy` of uint8 `(Q, N)`, or text with a row per line. A trace is a `.npz` with, for each of `Q` cues,
//!
//! | array | type and shape | |
//! |---|---|---|
//! | `answers` | uint8 `(Q, N)` | the final states |
//! | `steps` | uint32 `(Q)` | steps evaluated, the unchanging one included |
//! | `converged` | bool `(Q)` | whether the last step changed nothing |
//! | `nearest` | uint32 `(Q)` | the pattern nearest to the state that entered the last step |
//! | `distance` | uint32 `(Q)` | its Hamming distance |
//! | `field` | int64 `(Q, N)` | the fields of the last step, if they could be seen |

use crate::{
    answers, kinds,
    npy::{self, Npy},
    npz::{self, Npz},
    patterns::{array, text},
};
use hopgate_model::{Error, ErrorKind, Result, bits::BitMatrix, reference::Answer};
use ndarray::Array2;
use std::{fmt, path::Path};

/// The outcome of recalling `Q` cues.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// The final states, `(Q, N)`.
    pub state: BitMatrix,
    /// Steps evaluated, `(Q)`.
    pub steps: Vec<u32>,
    /// Whether the last step changed nothing, `(Q)`.
    pub converged: Vec<bool>,
    /// The pattern nearest to the state that entered the last step, `(Q)`.
    pub nearest: Vec<u32>,
    /// Its Hamming distance, `(Q)`.
    pub distance: Vec<u32>,
    /// The fields of the last step, `(Q, N)`; none where they cannot be seen (a netlist).
    pub field: Option<Array2<i64>>,
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
    /// The last step of its recall, from 1, in the trace that should be right.
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
        };
        write!(f, "cue {}, step {}", self.cue, self.step)?;
        if let Some(neuron) = self.neuron {
            write!(f, ", neuron {neuron}")?;
        }
        write!(f, ": {what} is {}, but should be {}", self.left, self.right)
    }
}

impl Trace {
    /// Of the answers of the reference, in order; all of this many neurons.
    pub fn from_answers(answers: &[Answer], neurons: usize) -> Self {
        let field = Array2::from_shape_fn((answers.len(), neurons), |(q, i)| answers[q].field[i]);
        Trace { field: Some(field), ..Trace::without_fields(answers, neurons) }
    }

    /// The same without fields, as a chip answers, whose pins do not show them.
    pub fn without_fields(answers: &[Answer], neurons: usize) -> Self {
        let mut state = BitMatrix::zeros(answers.len(), neurons);
        for (q, answer) in answers.iter().enumerate() {
            state.set_row(q, &answer.state);
        }
        Trace {
            state,
            steps: answers.iter().map(|a| a.steps).collect(),
            converged: answers.iter().map(|a| a.converged).collect(),
            nearest: answers.iter().map(|a| a.nearest as u32).collect(),
            distance: answers.iter().map(|a| a.distance).collect(),
            field: None,
        }
    }

    /// The first difference from a trace that should be the same: by cue, and within a cue in the order of
    /// cause (steps, nearest, distance, fields, states, converged). Fields count where both have them.
    pub fn first_difference(&self, right: &Trace) -> Option<Difference> {
        let shapes = [(self.state.rows(), right.state.rows()), (self.state.cols(), right.state.cols())];
        if let Some(&(l, r)) = shapes.iter().find(|(l, r)| l != r) {
            let (left, right) = (l as i64, r as i64);
            return Some(Difference { cue: 0, step: 0, quantity: Quantity::Shape, neuron: None, left, right });
        }
        (0..self.state.rows()).find_map(|q| self.difference_of_cue(right, q))
    }

    fn difference_of_cue(&self, other: &Trace, cue: usize) -> Option<Difference> {
        let step = other.steps[cue];
        let found = |quantity, neuron, left, right| {
            (left != right).then_some(Difference { cue, step, quantity, neuron, left, right })
        };
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
        number(Quantity::Steps, &self.steps, &other.steps)
            .or_else(|| number(Quantity::Nearest, &self.nearest, &other.nearest))
            .or_else(|| number(Quantity::Distance, &self.distance, &other.distance))
            .or_else(field)
            .or_else(state)
            .or_else(|| found(Quantity::Converged, None, self.converged[cue].into(), other.converged[cue].into()))
    }

    /// Writes a trace.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] with the path; [`ErrorKind::Usage`] if the name says another kind (see [`mod@kinds`]).
    pub fn save(&self, path: &Path) -> Result<()> {
        kinds::TRACE.of(path)?;
        npz::write(path, &self.arrays())
    }

    /// The bytes of its file.
    ///
    /// # Errors
    /// [`ErrorKind::Value`] if they are too many for a zip file.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        npz::encode(&self.arrays())
    }

    fn arrays(&self) -> Vec<(&'static str, Vec<u8>)> {
        let (q, n) = (self.state.rows(), self.state.cols());
        let mut arrays = vec![
            ("answers", encode_bits(&self.state)),
            ("steps", npy::encode(&[q], self.steps.iter().copied())),
            ("converged", npy::encode(&[q], self.converged.iter().copied())),
            ("nearest", npy::encode(&[q], self.nearest.iter().copied())),
            ("distance", npy::encode(&[q], self.distance.iter().copied())),
        ];
        if let Some(field) = &self.field {
            arrays.push(("field", npy::encode(&[q, n], field.iter().copied())));
        }
        arrays
    }

    /// Reads a trace.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] if there is no such file; [`ErrorKind::Format`] or [`ErrorKind::Value`] if it is no
    /// trace, naming the array.
    pub fn load(path: &Path) -> Result<Self> {
        Self::from_npz(Npz::open(path)?, &path.display().to_string())
    }

    /// [`load`](Self::load) from the bytes of the file.
    ///
    /// # Errors
    /// As [`load`](Self::load).
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self> {
        let name = "the trace";
        Self::from_npz(Npz::parse(Path::new(name), bytes)?, name)
    }

    fn from_npz(mut file: Npz, of: &str) -> Result<Self> {
        let place = |name: &str| format!("{of}: array {name}");
        let state = array::bits(&file.get("answers")?).map_err(|e| e.at(place("answers")))?;
        let (q, n) = (state.rows(), state.cols());
        let mut numbers = |name: &str, most: u32| -> Result<Vec<u32>> {
            let checked = |v: i64| u32::try_from(v).ok().filter(|&v| v <= most);
            let wrong = |v: i64| Error::new(ErrorKind::Value, format!("holds {v}, but 0 to {most} are possible"));
            let all = integers(&file.get(name)?, &[q]).map_err(|e| e.at(place(name)))?;
            all.into_iter().map(|v| checked(v).ok_or_else(|| wrong(v).at(place(name)))).collect()
        };
        let steps = numbers("steps", u32::MAX)?;
        let converged = numbers("converged", 1)?.into_iter().map(|v| v == 1).collect();
        let nearest = numbers("nearest", u32::MAX)?;
        let distance = numbers("distance", n as u32)?;
        let field = if file.names().iter().any(|name| name == "field") {
            let all = integers(&file.get("field")?, &[q, n]).map_err(|e| e.at(place("field")))?;
            Some(Array2::from_shape_fn((q, n), |(r, c)| all[r * n + c]))
        } else {
            None
        };
        Ok(Trace { state, steps, converged, nearest, distance, field })
    }
}

/// The elements of an array that must have this shape and hold whole numbers.
fn integers(array: &Npy, shape: &[usize]) -> Result<Vec<i64>> {
    if array.shape() != shape {
        let what = format!("has shape {:?}, but should have {shape:?}", array.shape());
        return Err(Error::new(ErrorKind::Format, what));
    }
    let all: Option<Vec<i64>> = (0..array.len()).map(|i| array.int(i)).collect();
    all.ok_or_else(|| Error::new(ErrorKind::Value, "must hold whole numbers"))
}

fn encode_bits(m: &BitMatrix) -> Vec<u8> {
    npy::encode(&[m.rows(), m.cols()], m.to_bytes())
}

/// Writes answers, `(Q, N)`, as what the name says: see [`answers::write`].
///
/// # Errors
/// [`ErrorKind::Io`] with the path; [`ErrorKind::Usage`] if the name says another kind (see [`mod@kinds`]).
pub fn save_answers(states: &BitMatrix, path: &Path) -> Result<()> {
    answers::write(path, states.rows(), states.cols(), |rows| rows.push(states))
}

/// Reads answers, `(Q, N)`, as [`save_answers`] writes them.
///
/// # Errors
/// [`ErrorKind::Io`] if there is no such file; [`ErrorKind::Format`] or [`ErrorKind::Value`] if it is no
/// matrix of 0 and 1.
pub fn load_answers(path: &Path) -> Result<BitMatrix> {
    let bytes = npz::read_up_to(path, npz::MAX_BYTES)?;
    let read = match kinds::ANSWERS.of(path)? {
        "csv" | "txt" => text::parse(&bytes),
        _ => Npy::parse(bytes).and_then(|a| array::bits(&a)),
    };
    read.map_err(|e| e.at(path.display()))
}
