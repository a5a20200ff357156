//! The keys that are scanned: row behind row, or eight rows side by side.
//!
//! Side by side, a vector holds one word of eight rows: their counts add up where they stand, and nothing is folded at the end. That is for
//! keys which nothing but the scan reads: those of a memory whose answers are no keys.

use super::{kernels::Kernels, rows::Rows, state::State};
use crate::bits::{BitMatrix, words_for};
use alloc::{vec, vec::Vec};

/// Rows of a block.
pub(super) const BLOCK: usize = 8;
/// Side by side, rows are filled up to whole words: at most a tenth of their bits.
const MOST_PADDING: usize = 10;

/// One word of eight rows.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
pub(super) struct Words(pub [u64; BLOCK]);

/// Keys (P, N).
#[derive(Debug, Clone)]
pub(super) enum Keys {
    /// Row behind row: they are values, too.
    Rows(Rows),
    /// Eight side by side.
    Blocks(Blocks),
}

/// Eight rows side by side, word by word; the last ones are filled up with zeros.
#[derive(Debug, Clone)]
pub(super) struct Blocks {
    pub words: Vec<Words>,
    rows: usize,
    cols: usize,
}

impl Keys {
    /// `read` says whether rows are read, beside the scan.
    pub fn of(bits: &BitMatrix, kernels: Kernels, read: bool) -> Self {
        let (rows, cols) = (bits.rows(), bits.cols());
        let words = words_for(cols);
        let padded = 64 * words * rows.next_multiple_of(BLOCK);
        if read || !kernels.scans_blocks() || padded * MOST_PADDING > (MOST_PADDING + 1) * rows * cols {
            return Keys::Rows(Rows::of(bits));
        }
        let mut blocks = vec![Words([0; BLOCK]); words * rows.div_ceil(BLOCK)];
        for r in 0..rows {
            let places = blocks[r / BLOCK * words..].iter_mut();
            places.zip(bits.row(r)).for_each(|(place, &word)| place.0[r % BLOCK] = word);
        }
        Keys::Blocks(Blocks { words: blocks, rows, cols })
    }

    pub fn rows(&self) -> usize {
        match self {
            Keys::Rows(rows) => rows.rows(),
            Keys::Blocks(blocks) => blocks.rows,
        }
    }

    pub fn cols(&self) -> usize {
        match self {
            Keys::Rows(rows) => rows.cols(),
            Keys::Blocks(blocks) => blocks.cols,
        }
    }

    /// The rows themselves.
    ///
    /// # Panics
    /// When nothing was to read them.
    pub fn read(&self) -> &Rows {
        match self {
            Keys::Rows(rows) => rows,
            Keys::Blocks(_) => unreachable!("nothing reads the rows of such keys"),
        }
    }

    /// The distances of a state from every key over its known bits, all by default, written to the front of `distances`, and the smallest.
    pub fn scan(&self, kernels: Kernels, state: &State, known: Option<&State>, distances: &mut [u16]) -> u16 {
        self.scan_from(kernels, 0, state, known, &mut distances[..self.rows()])
    }

    /// The same of keys from number `first` on, a multiple of [`BLOCK`], one for each place.
    pub fn scan_from(
        &self,
        kernels: Kernels,
        first: usize,
        state: &State,
        known: Option<&State>,
        distances: &mut [u16],
    ) -> u16 {
        match self {
            Keys::Rows(rows) => kernels.scan_from(rows, first, state, known, distances),
            Keys::Blocks(blocks) => {
                let words = words_for(blocks.cols);
                let part = &blocks.words[first / BLOCK * words..][..distances.len().div_ceil(BLOCK) * words];
                kernels.scan_blocks(part, state, known, distances)
            }
        }
    }

    /// All bytes, the padding too.
    pub fn storage_bytes(&self) -> usize {
        match self {
            Keys::Rows(rows) => rows.storage_bytes(),
            Keys::Blocks(blocks) => 8 * BLOCK * blocks.words.len(),
        }
    }
}
