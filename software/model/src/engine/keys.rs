//! The keys that are scanned: whole, or their head and their tail apart.
//!
//! Where the head of a key is farther than what is looked for, its tail cannot matter. So the heads of all keys are scanned, and the tails of few
//! measured: see [`super::measured`]. All heads lie together, so a scan of them reads nothing else.

use super::{
    columns::bytes_of_columns,
    head,
    kernels::Kernels,
    rows::Rows,
    slab::{Layout, Slab, bytes_of_blocks},
    state::VECTOR,
};
use crate::bits::{BitMatrix, words_for};
use core::ops::Range;

/// Side by side, rows are filled up to whole words: at most a tenth of their bits.
const MOST_PADDING: usize = 10;
/// Rows whose tails are scanned at a time, where all are.
const CHUNK: usize = 1024;

/// What scans keys: the vectors, a state, and which of its bits are known (all by default).
#[derive(Clone, Copy)]
pub(super) struct Cue<'a> {
    pub kernels: Kernels,
    pub state: &'a [u64],
    pub known: Option<&'a [u64]>,
}

impl<'a> Cue<'a> {
    /// What is behind so many words.
    fn behind(self, words: usize) -> Self {
        Cue { state: &self.state[words..], known: self.known.map(|known| &known[words..]), ..self }
    }
}

/// Keys (P, N).
#[derive(Debug, Clone)]
pub(super) struct Keys {
    head: Slab,
    /// The rest, if they are in two parts, and the words before it.
    tail: Option<(Slab, usize)>,
    rows: usize,
    cols: usize,
}

impl Keys {
    /// `read` says whether rows are read, beside the scan. `head` says how many words the head has at least, if there is to be one.
    pub fn of(bits: &BitMatrix, kernels: Kernels, read: bool, head: Option<usize>) -> Self {
        let (rows, cols) = (bits.rows(), bits.cols());
        let (words, blocks) = (words_for(cols), side_by_side(bits, kernels, read));
        let split = head.filter(|&head| head > 0).and_then(|head| (head..words).find(|&head| fits(head, blocks)));
        let layout = match blocks {
            _ if split.is_none() && turned_over(bits, kernels, read) => Layout::Columns,
            true => Layout::Blocks,
            false => Layout::Rows,
        };
        Keys {
            head: Slab::of(bits, 0..split.unwrap_or(words), layout),
            tail: split.map(|split| (Slab::of(bits, split..words, layout), split)),
            rows,
            cols,
        }
    }

    /// As [`Self::of`], with the head that pays where what is looked for is at most `limit` of the distance of the nearest.
    pub fn best(bits: &BitMatrix, kernels: Kernels, read: bool, limit: impl Fn(u32) -> u32) -> Self {
        let blocks = side_by_side(bits, kernels, read);
        let words = words_for(bits.cols());
        let head = head::best(bits, |&head| fits(head, blocks) && costs_nothing(head, words, blocks), limit);
        Self::of(bits, kernels, read, head)
    }

    pub fn rows(&self) -> usize {
        self.rows
    }

    pub fn cols(&self) -> usize {
        self.cols
    }

    /// Bits that there must be room for in a state.
    pub fn state_bits(&self) -> usize {
        let behind = |(tail, split): &(Slab, usize)| 64 * (split + tail.state_words());
        self.cols.max(64 * self.head.state_words()).max(self.tail.as_ref().map_or(0, behind))
    }

    /// The rows themselves, with the columns that they are; of keys that were to be read.
    pub fn read(&self) -> impl Iterator<Item = (&Rows, Range<usize>)> {
        let head = (&self.head, 0);
        let all = core::iter::once(head).chain(self.tail.iter().map(|(tail, split)| (tail, 64 * split)));
        all.filter_map(|(slab, from)| match slab {
            Slab::Rows(rows) => Some((rows, from..from + rows.cols())),
            Slab::Blocks(_) | Slab::Columns(_) => None,
        })
    }

    /// Bits of a head, if there are any.
    pub fn head_bits(&self) -> Option<usize> {
        self.tail.as_ref().map(|(_, split)| 64 * split)
    }

    /// Whether heads can be scanned alone.
    pub fn has_heads(&self) -> bool {
        self.tail.is_some()
    }

    /// The distances of a cue from keys from number `first` on, a multiple of [`Self::block`], one for each place; the smallest.
    pub fn scan(&self, first: usize, cue: Cue, distances: &mut [u16]) -> u16 {
        if self.tail.is_none() {
            return self.scan_heads(first, cue, distances);
        }
        let chunks = distances.chunks_mut(CHUNK).zip((first..).step_by(CHUNK));
        let least = chunks.map(|(distances, first)| {
            self.scan_heads(first, cue, distances);
            self.add_tails(first, cue, distances)
        });
        least.min().unwrap_or(u16::MAX)
    }

    /// As [`Self::scan`], over the heads alone.
    pub fn scan_heads(&self, first: usize, Cue { kernels, state, known }: Cue, distances: &mut [u16]) -> u16 {
        self.head.scan(kernels, first, state, known, distances)
    }

    /// What makes whole distances of those of the heads; the smallest.
    pub fn add_tails(&self, first: usize, cue: Cue, distances: &mut [u16]) -> u16 {
        let mut tails = [0; CHUNK];
        let mut least = u16::MAX;
        for (distances, first) in distances.chunks_mut(CHUNK).zip((first..).step_by(CHUNK)) {
            let tails = &mut tails[..distances.len()];
            if let Some((tail, split)) = &self.tail {
                let Cue { kernels, state, known } = cue.behind(*split);
                tail.scan(kernels, first, state, known, tails);
            }
            least = least.min(cue.kernels.add_least(distances, tails));
        }
        least
    }

    /// The same of the keys in a list; the distances are those of all heads.
    pub fn add_tails_of(&self, list: &[u32], cue: Cue, distances: &mut [u16]) {
        if let Some((tail, split)) = &self.tail {
            let Cue { kernels, state, known } = cue.behind(*split);
            kernels.measure(tail, list, state, known, distances);
        }
    }

    /// The distance of a cue from one key.
    pub fn distance(&self, r: usize, Cue { state, known, .. }: Cue) -> u16 {
        let head = self.head.distance(r, state, known);
        let behind = |(tail, split): &(Slab, usize)| tail.distance(r, &state[*split..], known.map(|k| &k[*split..]));
        (head + self.tail.as_ref().map_or(0, behind)) as u16 // at most `MAX_NEURONS`
    }

    /// Keys that are scanned together: a scan begins with a multiple of so many.
    pub fn block(&self) -> usize {
        self.head.block()
    }

    /// Bytes of keys of a part.
    pub fn part_bytes(&self) -> usize {
        self.head.part_bytes()
    }

    /// Bytes of what a scan reads first.
    pub fn head_bytes(&self) -> usize {
        self.head.storage_bytes()
    }

    /// All bytes, the padding too.
    pub fn storage_bytes(&self) -> usize {
        self.head.storage_bytes() + self.tail.as_ref().map_or(0, |(tail, _)| tail.storage_bytes())
    }
}

/// Whether a head may have so many words. Row behind row, it is less than a vector, or vectors.
fn fits(head: usize, blocks: bool) -> bool {
    blocks || head < VECTOR || head.is_multiple_of(VECTOR)
}

/// Whether a scan of heads and tails takes no more vectors than one of whole rows: cues that are near nothing should not pay for the others.
fn costs_nothing(head: usize, words: usize, blocks: bool) -> bool {
    // in eighths of a vector
    let vectors =
        |words: usize| if words > VECTOR { words.next_multiple_of(VECTOR) } else { words.next_power_of_two() };
    let fills = head.is_power_of_two() || head.is_multiple_of(VECTOR);
    blocks || fills && vectors(head) + vectors(words - head) <= vectors(words)
}

/// Whether rows are to lie side by side.
fn side_by_side(bits: &BitMatrix, kernels: Kernels, read: bool) -> bool {
    let (rows, cols) = (bits.rows(), bits.cols());
    let padded = 8 * bytes_of_blocks(rows, cols) * MOST_PADDING;
    !read && kernels.scans_blocks() && padded <= (MOST_PADDING + 1) * rows * cols
}

/// Whether keys are to be turned over, if they are not split.
fn turned_over(bits: &BitMatrix, kernels: Kernels, read: bool) -> bool {
    let (rows, cols) = (bits.rows(), bits.cols());
    let padded = 8 * bytes_of_columns(rows, cols) * MOST_PADDING;
    !read && kernels.scans_blocks() && padded <= (MOST_PADDING + 1) * rows * cols
}
