//! Bit rows packed to bytes, as the kernels read them.

use super::state::State;
use crate::bits::{BitMatrix, words_for};
use alloc::{vec, vec::Vec};
use core::ops::Range;

/// Bytes behind the last row that a kernel may read (never write): a vector that begins in a row may end behind it.
pub(super) const PADDING: usize = 64;

/// A bit matrix, row behind row, bit `c` of a row in bit `c % 8` of its byte `c / 8`.
///
/// A row takes whole bytes, or a multiple of up to 64 bytes where that costs no more than a twentieth: aligned rows are
/// faster, and memory is what is scarce.
#[derive(Debug, Clone)]
pub(super) struct Rows {
    bytes: Vec<u8>,
    rows: usize,
    cols: usize,
    stride: usize,
    /// A bit for each column.
    whole: State,
}

impl Rows {
    pub fn of(bits: &BitMatrix) -> Self {
        Self::of_words(bits, 0..words_for(bits.cols()))
    }

    /// The columns of these words.
    pub fn of_words(bits: &BitMatrix, words: Range<usize>) -> Self {
        let (rows, cols) = (bits.rows(), bits.cols().min(64 * words.end) - 64 * words.start);
        let stride = stride(cols);
        let mut bytes = vec![0; rows * stride + PADDING];
        for (r, row) in bytes.chunks_exact_mut(stride).take(rows).enumerate() {
            for (word, out) in bits.row(r)[words.clone()].iter().zip(row.chunks_mut(8)) {
                out.copy_from_slice(&word.to_le_bytes()[..out.len()]);
            }
        }
        Rows { bytes, rows, cols, stride, whole: State::ones(cols) }
    }

    pub fn rows(&self) -> usize {
        self.rows
    }

    pub fn cols(&self) -> usize {
        self.cols
    }

    /// A bit for each column.
    pub fn whole(&self) -> &State {
        &self.whole
    }

    /// Bytes of a row.
    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64", test))]
    pub fn stride(&self) -> usize {
        self.stride
    }

    /// One row.
    pub fn row(&self, r: usize) -> &[u8] {
        &self.bytes[r * self.stride..][..self.stride]
    }

    /// Where a row begins: from there to the end of the padding all is readable.
    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    pub fn start(&self, r: usize) -> *const u8 {
        self.bytes[r * self.stride..].as_ptr()
    }

    /// The words of a row, the last one filled up with zeros.
    pub fn words(&self, r: usize) -> impl Iterator<Item = u64> + '_ {
        let (whole, rest) = self.row(r).split_at(self.stride / 8 * 8);
        let whole = whole.chunks_exact(8).map(|b| u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]));
        let last = rest.iter().rev().fold(0, |w, &b| w << 8 | u64::from(b));
        whole.chain((!rest.is_empty()).then_some(last))
    }

    /// All bytes, the padding too.
    pub fn storage_bytes(&self) -> usize {
        self.bytes.len()
    }
}

/// Bytes of a row of this many bits: the largest power of two that fits.
fn stride(cols: usize) -> usize {
    let bytes = cols.div_ceil(8).max(1);
    let aligned = [64, 32, 16, 8, 4, 2].map(|a| bytes.next_multiple_of(a));
    aligned.into_iter().find(|&padded| padded * 160 <= 21 * cols).unwrap_or(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strides_by_hand() {
        let expected =
            [(1, 1), (8, 1), (9, 2), (64, 8), (100, 13), (128, 16), (170, 22), (192, 24), (1000, 128), (1024, 128)];
        for (cols, bytes) in expected {
            assert_eq!(stride(cols), bytes, "{cols} columns");
        }
    }

    #[test]
    fn rows_are_the_bits() {
        for cols in [1, 7, 8, 9, 63, 64, 65, 100, 170, 511, 512, 513, 1000, 1024] {
            let bits = BitMatrix::from_fn(5, cols, |r, c| (r * 7 + c * c + c / 3) % 5 < 2);
            let rows = Rows::of(&bits);
            assert_eq!(rows.storage_bytes(), 5 * rows.stride() + PADDING);
            for r in 0..5 {
                // a row may have more words than its bits need, all zero
                let words: Vec<u64> = rows.words(r).collect();
                assert_eq!(&words[..bits.row(r).len()], bits.row(r), "{cols} columns");
                assert!(words[bits.row(r).len()..].iter().all(|&w| w == 0));
            }
        }
    }
}
