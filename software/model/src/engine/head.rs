//! How long the head of a key should be.

use crate::bits::{BitMatrix, hamming, words_for};
use alloc::vec::Vec;

/// Keys that fit the first cache are scanned whole: one pass over them costs less than two.
const LEAST_WORDS: usize = 4 << 10;
/// Rows that stand for cues, and rows that each of them is compared with.
const CUES: usize = 16;
const OTHERS: usize = 256;
/// Flips that a cue is expected to have: one bit in so many.
const FLIPS: u32 = 10;
/// A word of a tail that is measured alone costs as much as so many of a scan.
const ALONE: usize = 24;

/// Words of the head that makes a scan cheapest, if any is worth it. What is looked for is at most `limit` of the distance of the nearest.
/// Each distance of a sample of rows is taken as that of a noisy cue.
pub(super) fn best(bits: &BitMatrix, fits: impl Fn(&usize) -> bool, limit: impl Fn(u32) -> u32) -> Option<usize> {
    let words = words_for(bits.cols());
    if bits.rows() * words < LEAST_WORDS {
        return None;
    }
    // a cue with a standard deviation more flips than the mean
    let variance = bits.cols() as u32 * (FLIPS - 1) / (FLIPS * FLIPS);
    let bound = limit(bits.cols() as u32 / FLIPS + variance.isqrt());
    let pairs: Vec<(&[u64], &[u64])> = sample(bits.rows(), CUES)
        .flat_map(|a| sample(bits.rows(), OTHERS).filter(move |&b| a != b).map(move |b| (a, b)))
        .map(|(a, b)| (bits.row(a), bits.row(b)))
        .collect();
    // in hundredths of a scan of all words, for each row
    let cost = |&head: &usize| {
        let near = |&&(a, b): &&(&[u64], &[u64])| {
            // of the bits that differ one in so many is flipped back, and of the others one in so many differs
            let d = hamming(&a[..head], &b[..head]);
            (d * (FLIPS - 2) + 64 * head as u32) / FLIPS <= bound
        };
        let near = pairs.iter().filter(near).count();
        100 * head / words + 100 * ALONE * near * (words - head) / (words * pairs.len().max(1))
    };
    (1..words).filter(fits).map(|head| (cost(&head), head)).min().filter(|&(cost, _)| cost <= 60).map(|(_, head)| head)
}

/// So many rows, or all, evenly spread.
fn sample(rows: usize, count: usize) -> impl Iterator<Item = usize> {
    let count = count.min(rows);
    (0..count).map(move |i| i * rows / count)
}
