//! Some columns of all keys: row behind row, or eight rows side by side.
//!
//! Side by side, a vector holds one word of eight rows: their counts add up where they stand, and nothing is folded at the end. That is for
//! keys which nothing but the scan reads: those of a memory whose answers are no keys.

use super::{
    columns::{Columns, KEYS},
    kernels::Kernels,
    measured::PART,
    rows::Rows,
    state::VECTOR,
};
use crate::bits::{BitMatrix, words_for};
use alloc::{vec, vec::Vec};
use core::ops::Range;

/// Rows of a block.
pub(super) const BLOCK: usize = 8;

/// One word of eight rows.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
pub(super) struct Words(pub [u64; BLOCK]);

/// The columns of some words of all keys.
#[derive(Debug, Clone)]
pub(super) enum Slab {
    /// Row behind row: they are values, too.
    Rows(Rows),
    /// Eight side by side.
    Blocks(Blocks),
    /// Turned over.
    Columns(Columns),
}

/// How keys lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// [`Slab::Rows`].
    Rows,
    /// [`Slab::Blocks`].
    Blocks,
    /// [`Slab::Columns`].
    Columns,
}

/// Eight rows side by side, word by word; the last ones are filled up with zeros.
#[derive(Debug, Clone)]
pub(super) struct Blocks {
    words: Vec<Words>,
    /// Words of a row.
    width: usize,
}

impl Slab {
    /// These words of every row.
    pub fn of(bits: &BitMatrix, words: Range<usize>, layout: Layout) -> Self {
        match layout {
            Layout::Rows => return Slab::Rows(Rows::of_words(bits, words)),
            Layout::Columns => return Slab::Columns(Columns::of(bits, words)),
            Layout::Blocks => {}
        }
        let (rows, width) = (bits.rows(), words.len());
        let mut all = vec![Words([0; BLOCK]); width * rows.div_ceil(BLOCK)];
        for r in 0..rows {
            let places = all[r / BLOCK * width..].iter_mut();
            places.zip(&bits.row(r)[words.clone()]).for_each(|(place, &word)| place.0[r % BLOCK] = word);
        }
        Slab::Blocks(Blocks { words: all, width })
    }

    /// Words that a scan reads of a state.
    pub fn state_words(&self) -> usize {
        match self {
            Slab::Rows(rows) => rows.whole().0.len(),
            Slab::Blocks(blocks) => blocks.width,
            Slab::Columns(columns) => columns.words(),
        }
    }

    /// Rows that are scanned together: a scan begins with a multiple of so many.
    pub fn block(&self) -> usize {
        if let Slab::Columns(_) = self { KEYS } else { BLOCK }
    }

    /// Bytes of a part: few enough for the first cache, or, of columns, of which a cue reads some alone, for the second one.
    pub fn part_bytes(&self) -> usize {
        if let Slab::Columns(_) = self { 16 * PART } else { PART }
    }

    /// The distances of a state from the rows from number `first` on, a multiple of [`Self::block`], one for each place, over its known bits, all by
    /// default; the smallest.
    pub fn scan(
        &self,
        kernels: Kernels,
        first: usize,
        state: &[u64],
        known: Option<&[u64]>,
        distances: &mut [u16],
    ) -> u16 {
        match self {
            Slab::Rows(rows) => {
                let (whole, words) = (&rows.whole().0, words_for(rows.cols()));
                let Some(known) = known.filter(|_| words < VECTOR) else {
                    return kernels.scan_from(rows, first, state, known, distances);
                };
                // what is behind these columns is not theirs
                let mut own = [0; VECTOR];
                own.iter_mut().zip(known).zip(whole).for_each(|((own, known), whole)| *own = known & whole);
                kernels.scan_from(rows, first, state, Some(&own), distances)
            }
            Slab::Blocks(blocks) => {
                let part = &blocks.words[first / BLOCK * blocks.width..];
                kernels.scan_blocks(&part[..distances.len().div_ceil(BLOCK) * blocks.width], state, known, distances)
            }
            Slab::Columns(columns) => columns.scan(kernels, first, state, known, distances),
        }
    }

    /// The distance of a state from one row, over its known bits.
    #[inline(always)]
    pub fn distance(&self, r: usize, state: &[u64], known: Option<&[u64]>) -> u32 {
        match self {
            Slab::Rows(rows) => {
                // whole words apart from the last one: a chain of both would be slow
                let (words, rest) = rows.row(r).as_chunks::<8>();
                let last = rest.iter().rev().fold(0, |word, &b| word << 8 | u64::from(b));
                let behind = |of: &[u64]| of.get(words.len()).copied().unwrap_or(0);
                let last = (last ^ behind(state)) & known.map_or(u64::MAX, behind);
                let last = if rest.is_empty() { 0 } else { last.count_ones() };
                over(words.iter().map(|word| u64::from_le_bytes(*word)), state, known) + last
            }
            Slab::Blocks(blocks) => {
                let words = &blocks.words[r / BLOCK * blocks.width..][..blocks.width];
                over(words.iter().map(|word| word.0[r % BLOCK]), state, known)
            }
            Slab::Columns(columns) => columns.distance(r, state, known),
        }
    }

    /// All bytes, the padding too.
    pub fn storage_bytes(&self) -> usize {
        match self {
            Slab::Rows(rows) => rows.storage_bytes(),
            Slab::Blocks(blocks) => 8 * BLOCK * blocks.words.len(),
            Slab::Columns(columns) => columns.storage_bytes(),
        }
    }
}

/// How many bytes a slab of so many rows takes side by side.
pub(super) fn bytes_of_blocks(rows: usize, cols: usize) -> usize {
    8 * words_for(cols) * rows.next_multiple_of(BLOCK)
}

#[inline(always)]
fn over(words: impl Iterator<Item = u64>, state: &[u64], known: Option<&[u64]>) -> u32 {
    let differ = words.zip(state).map(|(word, state)| word ^ state);
    match known {
        None => differ.map(u64::count_ones).sum(),
        Some(known) => differ.zip(known).map(|(word, known)| (word & known).count_ones()).sum(),
    }
}
