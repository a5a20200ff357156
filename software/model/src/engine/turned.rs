//! Planes turned over, for few outputs: a column of bits over all patterns for each plane and output.
//!
//! Where most patterns vote, the sum of an output is that of the weights whose bit is set in its column. With 512-bit vectors that is one
//! masked load and one sum of bytes for 64 patterns. A weight of more than eight bits is two bytes, and their sums are taken apart.

#![allow(unsafe_code)] // vector loads take pointers; every one says why it stays inside

use super::kernels::Kernels;
use crate::bits::BitMatrix;
use alloc::{vec, vec::Vec};

/// Patterns of a word of a column.
const WORD: usize = 64;

/// The turned planes.
#[derive(Debug, Clone)]
pub(super) struct Turned {
    /// Words of a column.
    words: usize,
    outputs: usize,
    /// The columns of plane 0, output by output, then those of plane 1.
    bits: Vec<u64>,
    /// Whether any weight has more than eight bits.
    wide: bool,
}

impl Turned {
    /// Of planes (P, M) and the largest weight.
    pub fn of(planes: &[BitMatrix], largest: u32) -> Self {
        let (rows, outputs) = planes.first().map_or((0, 0), |plane| (plane.rows(), plane.cols()));
        let words = rows.div_ceil(WORD);
        let mut bits = vec![0; planes.len() * outputs * words];
        for (c, column) in bits.chunks_exact_mut(words.max(1)).enumerate() {
            let (plane, output) = (&planes[c / outputs], c % outputs);
            (0..rows).for_each(|mu| column[mu / WORD] |= u64::from(plane.get(mu, output)) << (mu % WORD));
        }
        Turned { words, outputs, bits, wide: largest > u32::from(u8::MAX) }
    }

    /// Bytes of room that [`Self::add`] needs.
    pub fn room(&self) -> usize {
        2 * WORD * self.words
    }

    /// Adds the votes of plane `j`, whose weights are given for each pattern, to the sums of its outputs.
    pub fn add(&self, kernels: Kernels, j: usize, weights: &[u16], room: &mut [u8], sums: &mut [u64]) {
        let (low, high) = room.split_at_mut(WORD * self.words);
        let mut parts = [Some((low, 0)), self.wide.then_some((high, 8))];
        for (bytes, shift) in parts.iter_mut().flatten() {
            bytes.iter_mut().zip(weights).for_each(|(byte, &weight)| *byte = (weight >> *shift) as u8);
            let columns = self.bits[j * self.outputs * self.words..].chunks_exact(self.words);
            for (sum, column) in sums[..self.outputs].iter_mut().zip(columns) {
                *sum += kernels.sum_where(bytes, column) << *shift;
            }
        }
    }

    /// All bytes.
    pub fn storage_bytes(&self) -> usize {
        8 * self.bits.len()
    }
}

/// How many distances are at most the bound.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,popcnt")]
pub(super) fn count(distances: &[u16], bound: u16) -> usize {
    use core::arch::x86_64::*;
    let limit = _mm512_set1_epi16(bound as i16);
    let near = distances.chunks(32).map(|d| {
        let there = u32::MAX >> (32 - d.len());
        // SAFETY: the mask keeps the load inside the chunk
        let d = unsafe { _mm512_maskz_loadu_epi16(there, d.as_ptr().cast()) };
        _mm512_mask_cmple_epu16_mask(there, d, limit).count_ones() as usize
    });
    near.sum()
}

/// The sum of the bytes whose bit is set; there are 64 for each word.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw")]
pub(super) fn sum_where(bytes: &[u8], column: &[u64]) -> u64 {
    use core::arch::x86_64::*;
    let mut sum = _mm512_setzero_si512();
    for (bytes, &word) in bytes.as_chunks::<WORD>().0.iter().zip(column) {
        // SAFETY: at most 64 bytes are loaded from 64
        let bytes = unsafe { _mm512_maskz_loadu_epi8(word, bytes.as_ptr().cast()) };
        sum = _mm512_add_epi64(sum, _mm512_sad_epu8(bytes, _mm512_setzero_si512()));
    }
    _mm512_reduce_add_epi64(sum) as u64
}
