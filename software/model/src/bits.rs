//! Bit matrices: patterns, planes, cues and answers, packed 64 to a word.

mod bytes;
#[cfg(all(feature = "std", target_arch = "x86_64"))]
mod vectors;

use alloc::{collections::BTreeMap, vec, vec::Vec};
#[cfg(feature = "std")]
use rayon::prelude::*;

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
        let w = words_for(self.cols);
        set_bit(&mut self.words[r * w..(r + 1) * w], c, value);
    }

    /// One packed row.
    pub fn row(&self, r: usize) -> &[u64] {
        let w = words_for(self.cols);
        &self.words[r * w..(r + 1) * w]
    }

    /// Puts a packed row in the place of one; what it holds beyond the last column counts for nothing.
    ///
    /// # Panics
    /// If the row has not the words of one.
    pub fn set_row(&mut self, r: usize, row: &[u64]) {
        let w = words_for(self.cols);
        let words = &mut self.words[r * w..(r + 1) * w];
        words.copy_from_slice(row);
        // equal matrices have equal words: distances, hashes and comparisons take them whole
        if let (Some(last), used @ 1..) = (words.last_mut(), self.cols % 64) {
            *last &= (1 << used) - 1;
        }
    }

    /// The packed rows, to change in parallel. Bits beyond the last column must stay zero.
    #[cfg(feature = "std")]
    pub(crate) fn par_rows_mut(&mut self) -> impl IndexedParallelIterator<Item = &mut [u64]> {
        self.words.par_chunks_exact_mut(words_for(self.cols).max(1))
    }

    /// The rows with these indices, in this order.
    pub fn select(&self, rows: &[usize]) -> Self {
        let mut m = Self::zeros(rows.len(), self.cols);
        for (to, &from) in rows.iter().enumerate() {
            m.set_row(to, self.row(from));
        }
        m
    }

    /// The first row that repeats an earlier one, and that one.
    ///
    /// ```
    /// use hopgate_model::bits::BitMatrix;
    /// let m = BitMatrix::from_fn(4, 2, |r, c| r % 2 == c);
    /// assert_eq!(m.first_repeat(), Some((2, 0)));
    /// ```
    pub fn first_repeat(&self) -> Option<(usize, usize)> {
        let mut seen = BTreeMap::new();
        (0..self.rows).find_map(|r| Some((r, seen.insert(self.row(r), r)?)))
    }

    /// Ones in a column.
    pub fn column_ones(&self, c: usize) -> usize {
        (0..self.rows).filter(|&r| self.get(r, c)).count()
    }
}
