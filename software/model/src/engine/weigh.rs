//! The weight of every pattern from its distance, and sums that have outgrown 16 bits, with 512-bit vectors.

#![allow(unsafe_code)] // vector loads and stores take pointers; every one says why it stays inside

use super::{kernels::COLUMN_MULTIPLE as ENTRIES, state::State};
use core::arch::x86_64::*;

/// The entry of every distance less `base`, zero where the column has none; their sum. The column has whole groups of
/// [`ENTRIES`] of at most 15 bits, and no distance is below `base`.
#[target_feature(enable = "avx512f,avx512bw")]
pub(super) fn weigh(distances: &[u16], base: u16, column: &[u16], weights: &mut [u16]) -> u32 {
    assert_eq!(distances.len(), weights.len());
    let farthest = distances.iter().fold(base, |most, &d| most.max(d)) - base;
    let groups = column.as_chunks::<ENTRIES>().0;
    let groups = &groups[..groups.len().min(usize::from(farthest) / ENTRIES + 1)];
    let (base, entries) = (_mm512_set1_epi16(base as i16), _mm512_set1_epi16(ENTRIES as i16));
    let mut sums = _mm512_setzero_si512();
    for (d, w) in distances.chunks(32).zip(weights.chunks_mut(32)) {
        let there = u32::MAX >> (32 - d.len());
        // SAFETY: the mask keeps the load inside the chunk
        let mut place = _mm512_sub_epi16(unsafe { _mm512_maskz_loadu_epi16(there, d.as_ptr().cast()) }, base);
        let mut found = _mm512_setzero_si512();
        for group in groups {
            // SAFETY: 128 bytes are loaded from 64 entries
            let (low, high) = unsafe {
                (_mm512_loadu_si512(group.as_ptr().cast()), _mm512_loadu_si512(group.as_ptr().add(32).cast()))
            };
            let here = _mm512_mask_cmplt_epu16_mask(there, place, entries);
            found = _mm512_or_si512(found, _mm512_maskz_permutex2var_epi16(here, low, place, high));
            // a place in an earlier group is now beyond the last
            place = _mm512_sub_epi16(place, entries);
        }
        sums = _mm512_add_epi32(sums, _mm512_madd_epi16(found, _mm512_set1_epi16(1)));
        // SAFETY: the mask keeps the store inside the chunk, which is as long
        unsafe { _mm512_mask_storeu_epi16(w.as_mut_ptr().cast(), there, found) };
    }
    _mm512_reduce_add_epi32(sums) as u32
}

/// Moves sums to where there is more room.
#[target_feature(enable = "avx512f,avx512bw")]
pub(super) fn spill(sums: &mut [u16], wide: &mut [u64]) {
    wide.iter_mut().zip(&*sums).for_each(|(wide, &sum)| *wide += u64::from(sum));
    sums.fill(0);
}

/// Sets the bit of every wide sum that is not below the threshold.
#[target_feature(enable = "avx512f")]
pub(super) fn decide_wide(wide: &[u64], threshold: i64, state: &mut State) {
    let threshold = _mm512_set1_epi64(threshold);
    for (wide, word) in wide.as_chunks::<64>().0.iter().zip(&mut state.0) {
        for (i, eight) in wide.as_chunks::<8>().0.iter().enumerate() {
            // SAFETY: 64 bytes are loaded from eight sums
            let eight = unsafe { _mm512_loadu_si512(eight.as_ptr().cast()) };
            *word |= u64::from(_mm512_cmpge_epi64_mask(eight, threshold)) << (8 * i);
        }
    }
}
