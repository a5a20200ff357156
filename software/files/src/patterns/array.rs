//! Patterns from arrays of numbers.

use super::{check_rows, check_shape};
use crate::npy::{Kind, Npy};
use hopgate_model::{Error, ErrorKind, Result, bits::BitMatrix};

/// The bits of a matrix of 0 and 1, or of -1 and 1 (which may not be mixed: 0 would be neither).
///
/// # Errors
/// [`ErrorKind::Format`] if it is not a matrix of numbers; [`ErrorKind::Value`] with the row, the column
/// and the value of the first entry that is neither.
pub fn bits(array: &Npy) -> Result<BitMatrix> {
    read(array, false).map(|read| read.bits)
}

/// Bits, some of which may be unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Partial {
    /// The bits, (Q, N); what is unknown is zero.
    pub bits: BitMatrix,
    /// Which are known, (Q, N), where not all are.
    pub known: Option<BitMatrix>,
}

/// [`bits`], where NaN is a bit that is not known, if there may be such.
pub(super) fn read(array: &Npy, may_be_unknown: bool) -> Result<Partial> {
    let &[rows, cols] = array.shape() else {
        let hint = match array.shape().len() {
            0 | 1 => "a single pattern is a matrix of one row: a[None, :]",
            _ => "one pattern is one row: a.reshape(len(a), -1)",
        };
        return Err(not_a_matrix(array).hint(hint));
    };
    if array.kind() == Kind::Text {
        return Err(not_a_matrix(array).hint("save numbers: a.astype(numpy.uint8)"));
    }
    check_shape(rows, cols)?;
    check_rows(rows, cols)?;
    // what nearly every file is, read at the speed of the disk
    if let Some(bytes) = array.bytes().filter(|bytes| bytes.iter().all(|&b| b <= 1)) {
        return Ok(Partial { bits: BitMatrix::from_bytes(rows, cols, bytes), known: None });
    }
    binary(rows, cols, may_be_unknown, |r, c| array.float(r * cols + c))
        .map_err(|(r, c, what)| wrong(format!("{what} at row {r}, column {c}")))
}

/// The error for an array of the wrong number of axes or type.
pub(crate) fn not_a_matrix(array: &Npy) -> Error {
    let axes = array.shape().len();
    let what =
        format!("not a matrix of numbers, but {} with {axes} axes, shape {:?}", array.type_name(), array.shape());
    Error::new(ErrorKind::Format, what)
}

/// The error for an entry that is no bit.
pub(super) fn wrong(what: String) -> Error {
    Error::new(ErrorKind::Value, format!("{what}: patterns hold only 0 and 1, or only -1 and 1"))
        .hint("make them bits first: (a > a.mean()).astype(numpy.uint8), say")
}

/// The bits of numbers that are 0 and 1, or -1 and 1, and NaN where bits may be unknown; the first that is wrong with its row and column.
pub(super) fn binary(
    rows: usize,
    cols: usize,
    may_be_unknown: bool,
    value: impl Fn(usize, usize) -> f64,
) -> std::result::Result<Partial, (usize, usize, String)> {
    let (mut bits, mut known) = (BitMatrix::zeros(rows, cols), None);
    let mut low = None; // -1 or 0, whichever came first
    for r in 0..rows {
        for c in 0..cols {
            let v = value(r, c);
            if v == 1.0 {
                bits.set(r, c, true);
            } else if v == 0.0 || v == -1.0 {
                if *low.get_or_insert(v) != v {
                    return Err((r, c, format!("{v} among {}s", if v == 0.0 { -1 } else { 0 })));
                }
            } else if may_be_unknown && v.is_nan() {
                known.get_or_insert_with(|| BitMatrix::from_fn(rows, cols, |_, _| true)).set(r, c, false);
            } else {
                return Err((r, c, format!("the value {v}")));
            }
        }
    }
    Ok(Partial { bits, known })
}
