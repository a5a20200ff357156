//! Recall: cues through the engine.

use crate::{arrays, error::OrRaise, memory::Memory};
use hopgate::{BitMatrix, Engine, Error, ErrorKind, recall::Top};
use hopgate_model::{
    engine::{Recall, Scratch},
    kind::Kind,
    reference::{Masks, Ranking},
};
use numpy::{PyArray1, PyArray2, PyArrayMethods, PyReadonlyArray2};
use pyo3::{prelude::*, types::PyDict};

/// Bits of patterns that are compared before Python is asked whether a signal came: some tenths of a second.
const WORK: usize = 1 << 34;

/// Cues, and which of their bits are known.
pub struct Asked {
    pub bits: BitMatrix,
    pub known: Option<BitMatrix>,
}

impl Asked {
    /// Cues (Q, N) and masks, (Q, N) or (1, N), for a memory of so many neurons.
    pub fn of(
        py: Python,
        neurons: usize,
        cues: &PyReadonlyArray2<u8>,
        mask: Option<&PyReadonlyArray2<u8>>,
    ) -> PyResult<Self> {
        let bits = arrays::packed(py, cues, "the cues")?;
        let known = mask.map(|mask| arrays::packed(py, mask, "the mask")).transpose()?;
        let bad = |what: String, hint: &str| Err(Error::new(ErrorKind::Value, what).hint(hint)).or_raise();
        let (rows, cols) = (bits.rows(), bits.cols());
        if cols != neurons {
            let hint = if rows == neurons {
                "a cue is a row: transpose the array"
            } else {
                "give cues made for this memory, or the memory made for these cues"
            };
            return bad(format!("the cues have {cols} columns, but the memory has {neurons} neurons"), hint);
        }
        if let Some(known) =
            known.as_ref().filter(|known| known.cols() != neurons || ![1, rows].contains(&known.rows()))
        {
            let shape = (known.rows(), known.cols());
            return bad(
                format!("the mask has shape {shape:?}, but there are {rows} cues of {neurons} bits"),
                "give a row for each cue, or one for all: 1 where the bit is known",
            );
        }
        Ok(Asked { bits, known })
    }

    /// Those of some rows; all of them without a copy.
    fn part(
        &self,
        first: usize,
        count: usize,
    ) -> (std::borrow::Cow<'_, BitMatrix>, Option<std::borrow::Cow<'_, BitMatrix>>) {
        use std::borrow::Cow;
        if count == self.bits.rows() {
            return (Cow::Borrowed(&self.bits), self.known.as_ref().map(Cow::Borrowed));
        }
        let rows: Vec<usize> = (first..first + count).collect();
        let known = self.known.as_ref().map(|known| match known.rows() {
            1 => Cow::Borrowed(known),
            _ => Cow::Owned(known.select(&rows)),
        });
        (Cow::Owned(self.bits.select(&rows)), known)
    }

    /// What `each` makes of parts of them, so large that Ctrl-C is heard in time.
    fn parts<T: Send>(
        &self,
        py: Python,
        memory: &Memory,
        clamp: bool,
        each: impl Fn(&Engine, &BitMatrix, Option<Masks>) -> T + Sync,
    ) -> PyResult<Vec<T>> {
        let (rows, stored) = (self.bits.rows(), memory.memory.patterns());
        let part = (WORK / (stored.rows() * stored.cols())).clamp(64, 1 << 20);
        let mut made = Vec::with_capacity(rows.div_ceil(part));
        for first in (0..rows).step_by(part) {
            let count = part.min(rows - first);
            made.push(py.detach(|| {
                let (bits, known) = self.part(first, count);
                each(memory.engine(), &bits, known.as_deref().map(|known| Masks { known, clamp }))
            }));
            py.check_signals()?;
        }
        Ok(made)
    }
}

/// The columns of some answers.
#[derive(Default)]
struct Columns {
    steps: Vec<i32>,
    converged: Vec<bool>,
    nearest: Vec<i32>,
    distance: Vec<i32>,
    known: Vec<bool>,
}

impl Columns {
    /// (one look at each answer: they are not small; into room that is there, so that nothing asks at each number whether there is)
    fn add<'a>(&mut self, recalls: impl ExactSizeIterator<Item = &'a Recall>) {
        let (from, more) = (self.steps.len(), recalls.len());
        let to = from + more;
        self.steps.resize(to, 0);
        self.converged.resize(to, false);
        self.nearest.resize(to, 0);
        self.distance.resize(to, 0);
        self.known.resize(to, false);
        let numbers = self.steps[from..].iter_mut().zip(&mut self.nearest[from..]).zip(&mut self.distance[from..]);
        let flags = self.converged[from..].iter_mut().zip(&mut self.known[from..]);
        for ((((steps, nearest), distance), (converged, known)), recall) in numbers.zip(flags).zip(recalls) {
            *steps = recall.steps as i32;
            *nearest = recall.nearest as i32;
            *distance = recall.distance as i32;
            *converged = recall.converged;
            *known = recall.known;
        }
    }

    fn put(self, py: Python, into: &Bound<PyDict>) -> PyResult<()> {
        into.set_item("steps", PyArray1::from_vec(py, self.steps))?;
        into.set_item("converged", PyArray1::from_vec(py, self.converged))?;
        into.set_item("nearest", PyArray1::from_vec(py, self.nearest))?;
        into.set_item("distance", PyArray1::from_vec(py, self.distance))?;
        into.set_item("known", PyArray1::from_vec(py, self.known))
    }
}

/// The classes that score most, and -1 where the answer is unknown.
fn put_rankings(py: Python, rankings: &[Ranking], known: &[bool], into: &Bound<PyDict>) -> PyResult<()> {
    let room = || Vec::with_capacity(rankings.len());
    let (mut classes, mut best, mut second) = (Vec::with_capacity(rankings.len()), room(), room());
    let (mut score, mut margin) = (room(), room());
    for (ranking, &known) in rankings.iter().zip(known) {
        classes.push(if known { ranking.class as i32 } else { -1 });
        best.push(ranking.class as i64);
        second.push(ranking.second as i64);
        score.push(ranking.score);
        margin.push(ranking.margin);
    }
    into.set_item("classes", PyArray1::from_vec(py, classes))?;
    for (name, numbers) in [("best", best), ("second", second), ("score", score), ("margin", margin)] {
        into.set_item(name, PyArray1::from_vec(py, numbers))?;
    }
    Ok(())
}

/// What is kept of an answer beside its bits.
struct Kept {
    recall: Recall,
    ranking: Option<Ranking>,
    path: Vec<u64>,
    field: Vec<i64>,
}

/// Whole numbers, (Q, K).
type Whole<'py> = Bound<'py, PyArray2<i64>>;

#[pymethods]
impl Memory {
    /// The answers to cues, as a dict of arrays; with the fields of the last step, if they are asked for.
    #[pyo3(signature = (cues, mask, clamp, fields))]
    fn recall<'py>(
        &self,
        py: Python<'py>,
        cues: PyReadonlyArray2<u8>,
        mask: Option<PyReadonlyArray2<u8>>,
        clamp: bool,
        fields: bool,
    ) -> PyResult<Bound<'py, PyDict>> {
        let asked = Asked::of(py, self.memory.neurons(), &cues, mask.as_ref())?;
        let (out, kind, outputs) = (PyDict::new(py), self.memory.kind(), self.memory.outputs());
        let mut columns = Columns::default();
        if matches!(kind, Kind::Auto | Kind::Map) && !fields {
            let parts = asked.parts(py, self, clamp, |engine, bits, masks| engine.all_masked(bits, masks))?;
            let bits = arrays::room(py, asked.bits.rows(), outputs)?;
            let mut lent = bits.try_readwrite()?;
            let mut rest = lent.as_slice_mut()?;
            for (answers, recalls) in parts {
                columns.add(recalls.iter());
                let (these, others) = rest.split_at_mut(answers.rows() * outputs);
                py.detach(|| answers.write_bytes(these));
                rest = others;
            }
            drop(lent);
            out.set_item("bits", bits)?;
            columns.put(py, &out)?;
            return Ok(out);
        }
        if kind == Kind::Class && !fields {
            let parts = asked.parts(py, self, clamp, |engine, bits, masks| {
                engine.each_masked(bits, masks, |_, recall, scratch| (recall, scratch.ranking()))
            })?;
            let mut rankings = Vec::with_capacity(asked.bits.rows());
            for part in parts {
                columns.add(part.iter().map(|(recall, _)| recall));
                rankings.extend(part.iter().filter_map(|(_, ranking)| *ranking));
            }
            put_rankings(py, &rankings, &columns.known, &out)?;
            columns.put(py, &out)?;
            return Ok(out);
        }
        let sequence = kind == Kind::Sequence;
        let keep = |_: usize, recall: Recall, scratch: &Scratch| {
            let state = if kind == Kind::Class { Vec::new() } else { scratch.state().to_vec() };
            let path = if sequence { scratch.path().flatten().copied().collect() } else { Vec::new() };
            let field = if fields { scratch.field().collect() } else { Vec::new() };
            (state, Kept { recall, ranking: scratch.ranking(), path, field })
        };
        let parts = asked.parts(py, self, clamp, |engine, bits, masks| engine.each_masked(bits, masks, keep))?;
        let (states, kept): (Vec<Vec<u64>>, Vec<Kept>) = parts.into_iter().flatten().unzip();
        columns.add(kept.iter().map(|k| &k.recall));
        if kind == Kind::Class {
            let rankings: Vec<Ranking> = kept.iter().filter_map(|k| k.ranking).collect();
            put_rankings(py, &rankings, &columns.known, &out)?;
        } else {
            out.set_item("bits", arrays::unpacked(py, &rows(&states, outputs))?)?;
        }
        columns.put(py, &out)?;
        if sequence {
            let path: Vec<Vec<u64>> =
                kept.iter().flat_map(|k| k.path.chunks(outputs.div_ceil(64))).map(<[u64]>::to_vec).collect();
            let steps = path.len() / kept.len().max(1);
            let flat = PyArray1::from_vec(py, rows(&path, outputs).to_bytes());
            out.set_item("path", flat.reshape([kept.len(), steps, outputs])?)?;
        }
        if fields {
            let all = kept.iter().flat_map(|k| &k.field).copied().collect();
            out.set_item("field", arrays::matrix(py, kept.len(), outputs, all)?)?;
        }
        Ok(out)
    }

    /// The nearest patterns of each cue: indices and distances, (Q, K), in order.
    fn ranked<'py>(
        &self,
        py: Python<'py>,
        cues: PyReadonlyArray2<u8>,
        mask: Option<PyReadonlyArray2<u8>>,
        k: usize,
    ) -> PyResult<(Whole<'py>, Whole<'py>)> {
        let stored = self.memory.patterns().rows();
        if !(1..=stored).contains(&k) {
            let what = Error::usage(format!("the nearest {k} patterns, but the memory has {stored}"));
            return Err(what.hint(format!("`k 1` to `k {stored}`"))).or_raise();
        }
        let asked = Asked::of(py, self.memory.neurons(), &cues, mask.as_ref())?;
        let parts =
            asked.parts(py, self, false, |engine, bits, masks| engine.each_ranked(bits, masks, Top::Nearest(k)))?;
        let flat: Vec<(usize, u32)> = parts.into_iter().flatten().flatten().collect();
        let rows = asked.bits.rows();
        let indices = arrays::matrix(py, rows, k, flat.iter().map(|&(mu, _)| mu as i64).collect())?;
        let distances = arrays::matrix(py, rows, k, flat.iter().map(|&(_, d)| i64::from(d)).collect())?;
        Ok((indices, distances))
    }
}

/// Packed rows of so many bits.
fn rows(all: &[Vec<u64>], bits: usize) -> BitMatrix {
    let mut matrix = BitMatrix::zeros(all.len(), bits);
    all.iter().enumerate().for_each(|(row, words)| matrix.set_row(row, words));
    matrix
}
