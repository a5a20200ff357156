//! What is learnt from: patterns, or keys with classes or values.

use crate::{arrays, error::OrRaise};
use hopgate::{
    BitMatrix, Error, Result,
    keyed::{Answers, KeyedData},
    patterns::{self, Patterns},
};
use numpy::{PyArray2, PyReadonlyArray2};
use pyo3::prelude::*;

/// Patterns, or samples.
#[derive(Debug, Clone)]
pub enum Learnt {
    /// They are their own answers.
    Patterns(Patterns),
    /// They have classes or values.
    Keyed(KeyedData),
}

/// What is learnt from.
#[pyclass(frozen, module = "hopgate._native")]
pub struct Data {
    pub learnt: Learnt,
}

#[pymethods]
impl Data {
    /// What the command line calls by this name: a file, a folder of pictures, a built-in set. Patterns that repeat are merged, unless each has an
    /// answer of its own.
    #[staticmethod]
    #[pyo3(signature = (spec, labels=None, values=None, sequence=false, merge=true))]
    fn load(
        py: Python,
        spec: String,
        labels: Option<String>,
        values: Option<String>,
        sequence: bool,
        merge: bool,
    ) -> PyResult<Self> {
        let read = || -> Result<Learnt> {
            let answers = match (&labels, &values) {
                (Some(labels), _) => Some(Answers::Labels(labels.as_ref())),
                (_, Some(values)) => Some(Answers::Values(values.as_ref())),
                _ => sequence.then_some(Answers::Next),
            };
            Ok(match answers {
                Some(answers) => Learnt::Keyed(KeyedData::load(spec.as_ref(), answers)?),
                None if merge => Learnt::Patterns(patterns::load(&spec)?),
                None => Learnt::Patterns(patterns::load_samples(&spec)?),
            })
        };
        Ok(Data { learnt: py.detach(read).or_raise()? })
    }

    /// Arrays: the bits (T, N), and either a class for each row, or values (T, M), or nothing. `names` are those of patterns.
    #[staticmethod]
    #[pyo3(signature = (bits, source, shape=None, names=None, labels=None, values=None, sequence=false))]
    #[expect(clippy::too_many_arguments, reason = "keywords in Python")]
    fn of(
        py: Python,
        bits: PyReadonlyArray2<u8>,
        source: String,
        shape: Option<(usize, usize)>,
        names: Option<Vec<String>>,
        labels: Option<Vec<String>>,
        values: Option<PyReadonlyArray2<u8>>,
        sequence: bool,
    ) -> PyResult<Self> {
        let rows = arrays::packed(py, &bits, "the patterns")?;
        let values = values.map(|values| arrays::packed(py, &values, "the values")).transpose()?;
        let make = || -> Result<Learnt> {
            for (what, count) in [("names", names.as_ref().map(Vec::len)), ("labels", labels.as_ref().map(Vec::len))] {
                if let Some(count) = count.filter(|&count| count != rows.rows()) {
                    let what = format!("there are {count} {what}, but {} rows", rows.rows());
                    return Err(
                        Error::new(hopgate::ErrorKind::Value, what).hint("give one for each row, in their order")
                    );
                }
            }
            let read = Patterns { shape, ..Patterns::new(rows, source) };
            Ok(match (labels, values) {
                (Some(labels), _) => Learnt::Keyed(KeyedData::of_labelled(Patterns { labels: Some(labels), ..read })?),
                (_, Some(values)) => Learnt::Keyed(KeyedData::of_values(read, values)?),
                _ if sequence => Learnt::Keyed(KeyedData::of_sequence(read)?),
                _ => Learnt::Patterns(Patterns { labels: names, ..read }.merge_duplicates()),
            })
        };
        Ok(Data { learnt: py.detach(make).or_raise()? })
    }

    /// The rows, (T, N).
    fn bits<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArray2<u8>>> {
        arrays::unpacked(py, self.rows())
    }

    /// Height and width, where a row is a picture.
    fn shape(&self) -> Option<(usize, usize)> {
        match &self.learnt {
            Learnt::Patterns(patterns) => patterns.shape,
            Learnt::Keyed(data) => data.shape,
        }
    }

    /// The names of patterns.
    fn names(&self) -> Option<Vec<String>> {
        match &self.learnt {
            Learnt::Patterns(patterns) => patterns.labels.clone(),
            Learnt::Keyed(_) => None,
        }
    }

    /// The names of classes.
    fn classes(&self) -> Option<Vec<String>> {
        match &self.learnt {
            Learnt::Patterns(_) => None,
            Learnt::Keyed(data) => data.classes.clone(),
        }
    }

    /// Where they came from.
    fn source(&self) -> String {
        match &self.learnt {
            Learnt::Patterns(patterns) => patterns.source.clone(),
            Learnt::Keyed(data) => data.source.clone(),
        }
    }

    /// What the user should know.
    fn warnings(&self) -> Vec<String> {
        match &self.learnt {
            Learnt::Patterns(patterns) => patterns.warnings.clone(),
            Learnt::Keyed(data) => data.warnings.clone(),
        }
    }
}

impl Data {
    fn rows(&self) -> &BitMatrix {
        match &self.learnt {
            Learnt::Patterns(patterns) => &patterns.bits,
            Learnt::Keyed(data) => data.samples.keys(),
        }
    }
}
