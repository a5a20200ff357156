//! The file of a trace: its arrays.

use super::{Trace, save_answers};
use crate::{
    answers, kinds,
    npy::{self, Npy},
    npz::{self, Npz},
    patterns::array,
};
use hopgate_model::{
    Error, ErrorKind, Result,
    bits::BitMatrix,
    memory::{MAX_NEURONS, MAX_OUTPUTS},
    reference::Ranking,
};
use ndarray::Array2;
use std::path::Path;

const FIELD: &str = "field";
/// What the fields of classes are called.
const SCORES: &str = "scores";

impl Trace {
    /// Writes the answers alone: bits, (Q, M); of classes their numbers, (Q), -1 for unknown; of lists the patterns, (Q, K), -1 where there are
    /// fewer.
    ///
    /// # Errors
    /// As [`save`](Self::save).
    pub fn save_answers(&self, path: &Path) -> Result<()> {
        match (self.classes(), &self.ranked) {
            (Some(classes), _) => answers::write_classes(path, &classes),
            (None, Some(lists)) => {
                let most = lists.iter().map(Vec::len).max().unwrap_or(0);
                let row = |list: &Vec<(usize, u32)>| {
                    (0..most).map(|k| list.get(k).map_or(-1, |&(mu, _)| mu as i32)).collect()
                };
                answers::write_numbers(path, &lists.iter().map(row).collect::<Vec<_>>())
            }
            (None, None) => save_answers(&self.state, path),
        }
    }

    /// Writes a trace.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] with the path; [`ErrorKind::Usage`] if the name says another kind (see [`mod@kinds`]).
    pub fn save(&self, path: &Path) -> Result<()> {
        self.save_ranked(path, self.ranked.as_deref(), self.ranked_class.as_deref())
    }

    /// The same, with the patterns nearest to each cue, (Q): index and distance of each, in order; and the classes of each, where there are any.
    ///
    /// # Errors
    /// As [`save`](Self::save).
    pub fn save_ranked(
        &self,
        path: &Path,
        ranked: Option<&[Vec<(usize, u32)>]>,
        classes: Option<&[Vec<u32>]>,
    ) -> Result<()> {
        kinds::TRACE.of(path)?;
        let mut arrays = self.arrays();
        if let Some(lists) = ranked {
            let most = lists.iter().map(Vec::len).max().unwrap_or(0);
            arrays.push(("ranked", padded(lists, most, |&(mu, _)| mu as i32)));
            arrays.push(("ranked_distance", padded(lists, most, |&(_, d)| d as i32)));
            arrays.extend(classes.map(|classes| ("ranked_class", padded(classes, most, |&c| c as i32))));
        }
        npz::write(path, &arrays)
    }

    /// The bytes of its file.
    ///
    /// # Errors
    /// [`ErrorKind::Value`] if they are too many for a zip file.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        npz::encode(&self.arrays())
    }

    fn arrays(&self) -> Vec<(&'static str, Vec<u8>)> {
        let q = self.state.rows();
        let mut arrays = vec![
            ("answers", self.classes().map_or_else(|| encode_bits(&self.state), |all| npy::encode(&[q], all))),
            ("steps", npy::encode(&[q], self.steps.iter().copied())),
            ("converged", npy::encode(&[q], self.converged.iter().copied())),
            ("nearest", npy::encode(&[q], self.nearest.iter().copied())),
            ("distance", npy::encode(&[q], self.distance.iter().copied())),
            ("known", npy::encode(&[q], self.known.iter().copied())),
        ];
        if let Some(field) = &self.field {
            let name = if self.ranking.is_some() { SCORES } else { FIELD };
            arrays.push((name, npy::encode(&[q, field.ncols()], field.iter().copied())));
        }
        if let Some(all) = &self.ranking {
            arrays.push(("class", npy::encode(&[q], all.iter().map(|r| r.class as u32))));
            arrays.push(("second", npy::encode(&[q], all.iter().map(|r| r.second as u32))));
            arrays.push(("score", npy::encode(&[q], all.iter().map(|r| r.score))));
            arrays.push(("margin", npy::encode(&[q], all.iter().map(|r| r.margin))));
        }
        if let Some(path) = &self.path {
            let steps = path.first().map_or(0, BitMatrix::rows);
            arrays
                .push(("path", npy::encode(&[q, steps, self.state.cols()], path.iter().flat_map(BitMatrix::to_bytes))));
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
        let has = |file: &Npz, name: &str| file.names().iter().any(|n| n == name);
        let ranked = has(&file, "class");
        let answers = file.get("answers")?;
        let state = if ranked {
            BitMatrix::zeros(answers.shape().first().copied().unwrap_or(0), 0)
        } else {
            array::bits(&answers).map_err(|e| e.at(place("answers")))?
        };
        let q = state.rows();
        let mut whole = |name: &str, shape: &[usize]| -> Result<Vec<i64>> {
            integers(&file.get(name)?, shape).map_err(|e| e.at(place(name)))
        };
        let mut numbers = |name: &str, most: u32| -> Result<Vec<u32>> {
            let checked = |v: i64| u32::try_from(v).ok().filter(|&v| v <= most);
            let wrong = |v: i64| Error::new(ErrorKind::Value, format!("holds {v}, but 0 to {most} are possible"));
            whole(name, &[q])?.into_iter().map(|v| checked(v).ok_or_else(|| wrong(v).at(place(name)))).collect()
        };
        let flags = |all: Vec<u32>| -> Vec<bool> { all.into_iter().map(|v| v == 1).collect() };
        let steps = numbers("steps", u32::MAX)?;
        let converged = flags(numbers("converged", 1)?);
        let nearest = numbers("nearest", u32::MAX)?;
        let distance = numbers("distance", MAX_NEURONS as u32)?;
        let ranking = if ranked {
            let most = MAX_OUTPUTS as u32 - 1;
            let (class, second) = (numbers("class", most)?, numbers("second", most)?);
            let (score, margin) = (whole("score", &[q])?, whole("margin", &[q])?);
            let of = |q: usize| Ranking {
                class: class[q] as usize,
                score: score[q],
                second: second[q] as usize,
                margin: margin[q],
            };
            Some((0..q).map(of).collect())
        } else {
            None
        };
        let known = if has(&file, "known") {
            integers(&file.get("known")?, &[q]).map_err(|e| e.at(place("known")))?.iter().map(|&v| v != 0).collect()
        } else {
            vec![true; q]
        };
        let name = if ranked { SCORES } else { FIELD };
        let field = if has(&file, name) {
            let array = file.get(name)?;
            let columns = if ranked { array.shape().get(1).copied().unwrap_or(0) } else { state.cols() };
            let all = integers(&array, &[q, columns]).map_err(|e| e.at(place(name)))?;
            Some(Array2::from_shape_fn((q, columns), |(r, c)| all[r * columns + c]))
        } else {
            None
        };
        let path = if has(&file, "path") {
            Some(states(&file.get("path")?, &state).map_err(|e| e.at(place("path")))?)
        } else {
            None
        };
        let trace = Trace {
            state,
            steps,
            converged,
            nearest,
            distance,
            known,
            field,
            ranking,
            path,
            ranked: None,
            ranked_class: None,
        };
        if let Some(classes) = trace.classes() {
            let says = integers(&answers, &[q]).map_err(|e| e.at(place("answers")))?;
            if let Some(cue) = (0..q).find(|&cue| says[cue] != i64::from(classes[cue])) {
                let what = format!("is {} for cue {cue}, but by the other arrays it is {}", says[cue], classes[cue]);
                return Err(Error::new(ErrorKind::Value, what).at(place("answers")));
            }
        }
        Ok(trace)
    }
}

/// The states after every step, `(Q, L, N)`, which end in these.
fn states(array: &Npy, last: &BitMatrix) -> Result<Vec<BitMatrix>> {
    let (q, n) = (last.rows(), last.cols());
    let steps = array.shape().get(1).copied().unwrap_or(0);
    let all = integers(array, &[q, steps, n])?;
    if let Some(&v) = all.iter().find(|&&v| v != 0 && v != 1) {
        return Err(Error::new(ErrorKind::Value, format!("holds {v}, but all must be 0 or 1")));
    }
    Ok((0..q).map(|cue| BitMatrix::from_fn(steps, n, |step, i| all[(cue * steps + step) * n + i] == 1)).collect())
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

/// Lists of at most so many as an array, -1 where there are fewer.
fn padded<T>(lists: &[Vec<T>], most: usize, of: fn(&T) -> i32) -> Vec<u8> {
    let row = |list: &Vec<T>| (0..most).map(|k| list.get(k).map_or(-1, of)).collect::<Vec<_>>();
    npy::encode(&[lists.len(), most], lists.iter().flat_map(row))
}
