//! Keys turned over: of each column a bit of every key, so that a scan reads only the columns in which a cue is not as usual.
//!
//! The usual state has the bit that most keys have in every column. With `x` the columns in which a cue differs from it and `u` those in which a
//! key does, `D(u)` of them, a distance is a sum over the columns of the cue alone:
//!
//! ```text
//! d = D(u) + |x| - 2 * sum over i in x of u[i]
//! ```
//!
//! Where a cue differs in most columns, those in which it does not are summed, and `d` is taken from `N`. 512 keys are a vector, and vectors are
//! counted as the bits of candidates are: by full adders, at two instructions for 512 bits, and half of the columns at most. A population
//! count of every row takes three, and all columns. It is for keys that nothing but the scan reads.

use super::{
    kernels::Kernels,
    slab::{BLOCK, Words},
};
use crate::bits::{BitMatrix, words_for};
use alloc::{vec, vec::Vec};
use core::ops::Range;

/// Keys of a block: a bit of each in a vector.
pub(super) const KEYS: usize = 64 * BLOCK;

/// Some columns of all keys, turned over.
#[derive(Debug, Clone)]
pub(super) struct Columns {
    /// Whether a key has not the usual bit: column by column for the first [`KEYS`] keys, then for the next ones.
    bits: Vec<Words>,
    /// In how many columns each key has not the usual bit; whole blocks.
    unusual: Vec<u16>,
    /// The bit that most keys have.
    pub(super) usual: Vec<u64>,
    pub(super) cols: usize,
}

impl Columns {
    /// The columns of these words.
    pub fn of(bits: &BitMatrix, words: Range<usize>) -> Self {
        let rows = bits.rows();
        let cols = bits.cols().min(64 * words.end) - 64 * words.start;
        let mut usual = vec![0; words.len()];
        let mut turned = vec![Words([0; BLOCK]); cols * rows.div_ceil(KEYS)];
        let mut unusual = vec![0; rows.next_multiple_of(KEYS)];
        for c in 0..cols {
            let column = 64 * words.start + c;
            let most = 2 * bits.column_ones(column) > rows;
            usual[c / 64] |= u64::from(most) << (c % 64);
            for (r, unusual) in unusual.iter_mut().enumerate().take(rows) {
                let differs = bits.get(r, column) != most;
                turned[r / KEYS * cols + c].0[r % KEYS / 64] |= u64::from(differs) << (r % 64);
                *unusual += u16::from(differs);
            }
        }
        Columns { bits: turned, unusual, usual, cols }
    }

    /// Words that a scan reads of a state.
    pub fn words(&self) -> usize {
        self.usual.len()
    }

    /// The distances of a state from the keys from number `first` on, a multiple of [`KEYS`], one for each place, over its known bits, all by
    /// default; the smallest.
    pub fn scan(
        &self,
        kernels: Kernels,
        first: usize,
        state: &[u64],
        known: Option<&[u64]>,
        distances: &mut [u16],
    ) -> u16 {
        kernels.scan_columns(self, first, state, known, distances)
    }

    /// The columns of keys from number `first` on, block by block, and how many of each are not as usual.
    #[inline(always)]
    pub fn from(&self, first: usize) -> (core::slice::ChunksExact<'_, Words>, &[u16]) {
        debug_assert!(first.is_multiple_of(KEYS));
        (self.bits[first / KEYS * self.cols..].chunks_exact(self.cols), &self.unusual[first..])
    }

    /// The distance of a state from one key, over its known bits. It is slow: bits of a key lie apart.
    pub fn distance(&self, r: usize, state: &[u64], known: Option<&[u64]>) -> u32 {
        let columns = &self.bits[r / KEYS * self.cols..][..self.cols];
        let bits = columns.iter().map(|words| words.0[r % KEYS / 64] >> (r % 64) & 1).enumerate();
        let bit = |of: &[u64], c: usize| of[c / 64] >> (c % 64) & 1;
        let differs = bits.map(|(c, u)| {
            u32::from(u ^ bit(&self.usual, c) != bit(state, c) && known.is_none_or(|known| bit(known, c) == 1))
        });
        differs.sum()
    }

    /// All bytes, the padding too.
    pub fn storage_bytes(&self) -> usize {
        8 * BLOCK * self.bits.len() + 2 * self.unusual.len() + 8 * self.usual.len()
    }
}

/// How many bytes the columns of so many keys take.
pub(super) fn bytes_of_columns(rows: usize, cols: usize) -> usize {
    rows.next_multiple_of(KEYS) * (cols + 16) / 8 + 8 * words_for(cols)
}
