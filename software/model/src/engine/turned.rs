//! Planes turned over, for few outputs: a column of bits over all patterns for each plane and output.
//!
//! Where most patterns vote, the sum of an output is that of the weights whose bit is set in its column. With 512-bit vectors that is one
//! masked load and one sum of bytes for 64 patterns. The weights come from tables of bytes: one look-up is that of 64 distances. A weight of more
//! than eight bits is two bytes, and their sums are taken apart.

#![allow(unsafe_code)] // vector loads take pointers; every one says why it stays inside

use super::kernels::Kernels;
use crate::bits::BitMatrix;
use alloc::{vec, vec::Vec};

/// Patterns of a word of a column.
const WORD: usize = 64;

/// Entries of a table of weights: what two vectors of bytes hold.
pub(super) const TABLE: usize = 128;

/// The turned planes.
#[derive(Debug, Clone)]
pub(super) struct Turned {
    /// Words of a column.
    words: usize,
    outputs: usize,
    /// The columns of plane 0, output by output, then those of plane 1.
    bits: Vec<u64>,
    /// The weights of plane 0 by the excess, in whole tables, then those of plane 1: their low bytes, and their high ones if any has more than
    /// eight bits.
    weights: [Vec<u8>; 2],
}

impl Turned {
    /// Of planes (P, M) and the entries of each by the excess.
    pub fn of(planes: &[BitMatrix], entries: &[&[u32]]) -> Self {
        let (rows, outputs) = planes.first().map_or((0, 0), |plane| (plane.rows(), plane.cols()));
        let words = rows.div_ceil(WORD);
        let mut bits = vec![0; planes.len() * outputs * words];
        for (c, column) in bits.chunks_exact_mut(words.max(1)).enumerate() {
            let (plane, output) = (&planes[c / outputs], c % outputs);
            (0..rows).for_each(|mu| column[mu / WORD] |= u64::from(plane.get(mu, output)) << (mu % WORD));
        }
        let padded = |column: &&[u32]| {
            let zeros = column.len().next_multiple_of(TABLE) - column.len();
            column.iter().copied().chain(core::iter::repeat_n(0, zeros)).collect::<Vec<u32>>()
        };
        let all: Vec<u32> = entries.iter().flat_map(padded).collect();
        let wide = all.iter().any(|&w| w > u32::from(u8::MAX));
        let part = |shift: u32| all.iter().map(|w| (w >> shift) as u8).collect();
        Turned { words, outputs, bits, weights: [part(0), if wide { part(8) } else { Vec::new() }] }
    }

    /// Bytes of room that [`Self::add`] needs.
    pub fn room(&self) -> usize {
        WORD * self.words
    }

    /// Adds the votes of every plane to the sums of its outputs: `base` is the distance whose excess is zero. Returns the sum of all weights.
    pub fn add(&self, kernels: Kernels, distances: &[u16], base: u16, room: &mut [u8], sums: &mut [u64]) -> i64 {
        let mut total = 0;
        let planes = self.bits.chunks_exact((self.outputs * self.words).max(1));
        let count = planes.len().max(1);
        for (part, weights) in self.weights.iter().enumerate().filter(|(_, weights)| !weights.is_empty()) {
            for (columns, weights) in planes.clone().zip(weights.chunks_exact(weights.len() / count)) {
                total += i64::from(kernels.weigh_bytes(distances, base, weights, room)) << (8 * part);
                for (sum, column) in sums[..self.outputs].iter_mut().zip(columns.chunks_exact(self.words)) {
                    *sum += kernels.sum_where(room, column) << (8 * part);
                }
            }
        }
        total
    }

    /// All bytes.
    pub fn storage_bytes(&self) -> usize {
        8 * self.bits.len() + self.weights.iter().map(Vec::len).sum::<usize>()
    }
}

/// The entry of every distance less `base`, zero where the tables have none, as bytes in whole groups of 64; their sum. No distance is below `base`.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
pub(super) fn weigh_bytes(distances: &[u16], base: u16, tables: &[u8], bytes: &mut [u8]) -> u32 {
    use core::arch::x86_64::*;
    let most = _mm512_set1_epi16(255);
    // packing works in quarters, so the words of a vector change places
    let order = _mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7);
    let mut sum = _mm512_setzero_si512();
    for (d, out) in distances.chunks(64).zip(bytes.as_chunks_mut::<64>().0) {
        let there = u64::MAX >> (64 - d.len());
        // SAFETY: the masks keep the loads inside the chunk
        let (low, high) = unsafe {
            let next = d.as_ptr().wrapping_add(32);
            (
                _mm512_maskz_loadu_epi16(there as u32, d.as_ptr().cast()),
                _mm512_maskz_loadu_epi16((there >> 32) as u32, next.cast()),
            )
        };
        let mut found = _mm512_setzero_si512();
        for (number, table) in tables.as_chunks::<TABLE>().0.iter().enumerate() {
            // an excess before this table is a large number, too
            let first = _mm512_set1_epi16((usize::from(base) + TABLE * number) as i16);
            let place = |d: __m512i| _mm512_min_epu16(_mm512_sub_epi16(d, first), most);
            let places = _mm512_permutexvar_epi64(order, _mm512_packus_epi16(place(low), place(high)));
            let here = !_mm512_movepi8_mask(places) & there;
            // SAFETY: 128 bytes are loaded from as many
            let (a, b) = unsafe {
                (_mm512_loadu_si512(table.as_ptr().cast()), _mm512_loadu_si512(table.as_ptr().add(64).cast()))
            };
            found = _mm512_or_si512(found, _mm512_maskz_permutex2var_epi8(here, a, places, b));
        }
        sum = _mm512_add_epi64(sum, _mm512_sad_epu8(found, _mm512_setzero_si512()));
        // SAFETY: 64 bytes are stored to 64
        unsafe { _mm512_storeu_si512(out.as_mut_ptr().cast(), found) };
    }
    _mm512_reduce_add_epi64(sum) as u32
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
