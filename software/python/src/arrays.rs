//! Bits between numpy, a byte each, and the packed rows of the library.

use crate::error::OrRaise;
use hopgate::{BitMatrix, Error, ErrorKind};
use hopgate_model::memory::MAX_NEURONS;
use numpy::{PyArray1, PyArray2, PyArrayMethods, PyReadonlyArray2, PyUntypedArrayMethods};
use pyo3::prelude::*;

/// An array of bytes 0 and 1, whole rows behind each other, packed; the other threads of Python go on meanwhile.
///
/// # Errors
/// `hopgate.Error` for other bytes, or without rows or columns.
pub fn packed(py: Python, array: &PyReadonlyArray2<u8>, what: &str) -> PyResult<BitMatrix> {
    let (rows, cols) = (array.shape()[0], array.shape()[1]);
    let bad = |what: String, hint: &str| Err(Error::new(ErrorKind::Value, what).hint(hint));
    if rows == 0 || cols == 0 {
        let shape = format!("{what} have shape ({rows}, {cols}): there is nothing in them");
        return bad(shape, "give a row for each pattern or cue").or_raise();
    }
    if cols > MAX_NEURONS {
        let what = format!("{what}: there are {cols} columns, but a memory has at most {MAX_NEURONS} neurons");
        return bad(what, "a pattern or a cue is a row: transpose the array if it is a column").or_raise();
    }
    let bytes = array.as_slice()?;
    match py.detach(|| BitMatrix::from_bits(rows, cols, bytes)) {
        Ok(matrix) => Ok(matrix),
        Err(at) => {
            let place = format!("{what}: row {}, column {} is {}", at / cols, at % cols, bytes[at]);
            bad(place + ", but bits are 0 and 1", "binarise them first: `X > threshold`").or_raise()
        }
    }
}

/// Room for a byte for every bit, as numpy takes it: it is not cleared, and large arrays lie in large pages.
pub fn room(py: Python<'_>, rows: usize, cols: usize) -> PyResult<Bound<'_, PyArray2<u8>>> {
    Ok(py.import("numpy")?.call_method1("empty", ((rows, cols), "u1"))?.cast_into()?)
}

/// A byte for every bit, (rows, columns).
pub fn unpacked<'py>(py: Python<'py>, matrix: &BitMatrix) -> PyResult<Bound<'py, PyArray2<u8>>> {
    let out = room(py, matrix.rows(), matrix.cols())?;
    let mut lent = out.try_readwrite()?;
    let bytes = lent.as_slice_mut()?;
    py.detach(|| matrix.write_bytes(bytes));
    Ok(out)
}

/// Numbers of a library's matrix, (rows, columns).
pub fn matrix<'py, T: numpy::Element>(
    py: Python<'py>,
    rows: usize,
    cols: usize,
    of: Vec<T>,
) -> PyResult<Bound<'py, PyArray2<T>>> {
    PyArray1::from_vec(py, of).reshape([rows, cols])
}
