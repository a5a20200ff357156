//! Bit matrices: patterns, planes, cues and answers, packed 64 to a word.

use alloc::{vec, vec::Vec};
#[cfg(feature = "std")]
use ndarray::Array2;

/// A matrix of bits, row by row, each row padded to whole 64-bit words with zeros.
///
/// Bit `c` of a row is bit `c % 64` of word `c / 64`: the least significant neuron comes first.
///
/// ```
/// use hopgate_model::bits::BitMatrix;
/// let m = BitMatrix::from_fn(2, 3, |r, c| r == c);
/// assert!(m.get(1, 1) && !m.get(1, 2));
/// assert_eq!(m.row(1), &[0b010]);
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct BitMatrix {
    rows: usize,
    cols: usize,
    words: Vec<u64>,
}

/// Words that hold a row of `cols` bits.
pub fn words_for(cols: usize) -> usize {
    cols.div_ceil(64)
}

/// Bit `c` of a packed row.
pub fn bit(row: &[u64], c: usize) -> bool {
    row[c / 64] >> (c % 64) & 1 == 1
}

/// Sets bit `c` of a packed row.
pub fn set_bit(row: &mut [u64], c: usize, value: bool) {
    let mask = 1 << (c % 64);
    if value {
        row[c / 64] |= mask;
    } else {
        row[c / 64] &= !mask;
    }
}

/// Hamming distance of two packed rows of the same length.
pub fn hamming(a: &[u64], b: &[u64]) -> u32 {
    a.iter().zip(b).map(|(x, y)| (x ^ y).count_ones()).sum()
}

impl BitMatrix {
    /// All zeros.
    pub fn zeros(rows: usize, cols: usize) -> Self {
        BitMatrix { rows, cols, words: vec![0; rows * words_for(cols)] }
    }

    /// The matrix with `f(row, column)` in each place.
    pub fn from_fn(rows: usize, cols: usize, mut f: impl FnMut(usize, usize) -> bool) -> Self {
        let mut m = Self::zeros(rows, cols);
        for r in 0..rows {
            for c in 0..cols {
                if f(r, c) {
                    m.set(r, c, true);
                }
            }
        }
        m
    }

    /// From a matrix of 0 and 1 (anything but 0 counts as 1).
    #[cfg(feature = "std")]
    pub fn from_array(a: &Array2<u8>) -> Self {
        Self::from_fn(a.nrows(), a.ncols(), |r, c| a[[r, c]] != 0)
    }

    /// As a matrix of 0 and 1.
    #[cfg(feature = "std")]
    pub fn to_array(&self) -> Array2<u8> {
        Array2::from_shape_fn((self.rows, self.cols), |(r, c)| u8::from(self.get(r, c)))
    }

    /// Rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Columns (bits per row).
    pub fn cols(&self) -> usize {
        self.cols
    }

    /// One bit.
    pub fn get(&self, r: usize, c: usize) -> bool {
        assert!(c < self.cols, "column {c} of {}", self.cols);
        bit(self.row(r), c)
    }

    /// Sets one bit.
    pub fn set(&mut self, r: usize, c: usize, value: bool) {
        assert!(c < self.cols, "column {c} of {}", self.cols);
        set_bit(self.row_mut(r), c, value);
    }

    /// One packed row.
    pub fn row(&self, r: usize) -> &[u64] {
        let w = words_for(self.cols);
        &self.words[r * w..(r + 1) * w]
    }

    /// One packed row, to change. Bits beyond the last column must stay zero.
    pub fn row_mut(&mut self, r: usize) -> &mut [u64] {
        let w = words_for(self.cols);
        &mut self.words[r * w..(r + 1) * w]
    }

    /// The rows with these indices, in this order.
    pub fn select(&self, rows: &[usize]) -> Self {
        let mut m = Self::zeros(rows.len(), self.cols);
        for (to, &from) in rows.iter().enumerate() {
            m.row_mut(to).copy_from_slice(self.row(from));
        }
        m
    }

    /// Ones in a column.
    pub fn column_ones(&self, c: usize) -> usize {
        (0..self.rows).filter(|&r| self.get(r, c)).count()
    }
}
