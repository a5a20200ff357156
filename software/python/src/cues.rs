//! Cues with noise, and the names of boards.

use crate::{arrays, error::OrRaise};
use hopgate::Board;
use hopgate_model::corrupt::{Corruption, cues as corrupted};
use hopgate_train::search::gamma_from_noise;
use numpy::{PyArray2, PyReadonlyArray2};
use pyo3::prelude::*;

/// Cues, and which of their bits are known, where not all are.
type Damaged<'py> = (Bound<'py, PyArray2<u8>>, Option<Bound<'py, PyArray2<u8>>>);

/// `count` cues: the rows in turn, each corrupted on its own; and which bits are known.
#[pyfunction]
pub fn cues<'py>(
    py: Python<'py>,
    rows: PyReadonlyArray2<u8>,
    corruption: &str,
    count: usize,
    seed: u64,
    shape: Option<(usize, usize)>,
) -> PyResult<Damaged<'py>> {
    let corruption: Corruption = corruption.parse().or_raise()?;
    let rows = arrays::packed(py, &rows, "the patterns")?;
    let made = py.detach(|| corrupted(&rows, shape, count, &corruption, seed)).or_raise()?;
    let known = made.known.map(|known| arrays::unpacked(py, &known)).transpose()?;
    Ok((arrays::unpacked(py, &made.bits)?, known))
}

/// The boards that are known by name.
#[pyfunction]
pub fn boards() -> Vec<&'static str> {
    Board::names().collect()
}

/// The gamma that fits independent flips of this probability.
#[pyfunction]
pub fn gamma_of_noise(noise: f64) -> PyResult<f64> {
    gamma_from_noise(noise).or_raise()
}
