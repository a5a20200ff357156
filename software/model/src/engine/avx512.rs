//! The inner loops with 512-bit vectors and their population count.

#![allow(unsafe_code)] // vector loads and stores take pointers; every one says why it stays inside

use super::{
    columns512, dense,
    kernels::{Dense, Table},
    portable,
    rows::Rows,
    scan512,
    slab::Slab,
    state::State,
    tally::{Bits, DIGITS, NO_ROW, parts, tally},
    turned, weigh,
};
use core::arch::x86_64::*;

pub(super) const TABLE: Table = Table {
    scan: scan512::scan,
    measure,
    add_least,
    select,
    add,
    add_each,
    dense: Some(Dense {
        weigh: weigh::weigh,
        add_all: dense::add_all,
        scan_blocks: scan512::scan_blocks,
        scan_columns: columns512::scan,
        count: turned::count,
        first: turned::first,
        weigh_bytes: turned::weigh_bytes,
        add_where: turned::add_where,
    }),
    decide,
    spill: weigh::spill,
    decide_wide: weigh::decide_wide,
};

#[target_feature(enable = "avx512f,avx512bw")]
fn add_least(distances: &mut [u16], more: &[u16]) -> u16 {
    portable::add_least(distances, more)
}

#[target_feature(enable = "avx512f,avx512vpopcntdq,popcnt")]
fn measure(slab: &Slab, list: &[u32], state: &[u64], known: Option<&[u64]>, distances: &mut [u16]) {
    portable::measure(slab, list, state, known, distances)
}

#[target_feature(enable = "avx512f,avx512bw")]
fn select(distances: &[u16], bound: u16, list: &mut [u32]) -> usize {
    let limit = _mm512_set1_epi16(bound as i16);
    let mut found = 0;
    let (fours, rest) = distances.as_chunks::<{ 4 * 32 }>();
    for (four, d) in fours.iter().enumerate() {
        // SAFETY: 64 bytes each are loaded from four times 32 distances
        let [a, b, c, d] = unsafe {
            let of = |block: usize| _mm512_loadu_si512(d.as_ptr().add(32 * block).cast());
            [of(0), of(1), of(2), of(3)]
        };
        // mostly none of them is near
        let least = _mm512_min_epu16(_mm512_min_epu16(a, b), _mm512_min_epu16(c, d));
        if _mm512_cmple_epu16_mask(least, limit) == 0 {
            continue;
        }
        for (block, d) in [a, b, c, d].into_iter().enumerate() {
            found = put_near(_mm512_cmple_epu16_mask(d, limit), 128 * four + 32 * block, list, found);
        }
    }
    for (block, d) in rest.chunks(32).enumerate() {
        let there = u32::MAX >> (32 - d.len());
        // SAFETY: the mask keeps the load inside the chunk
        let d = unsafe { _mm512_maskz_loadu_epi16(there, d.as_ptr().cast()) };
        let near = _mm512_mask_cmple_epu16_mask(there, d, limit);
        found = put_near(near, 128 * fours.len() + 32 * block, list, found);
    }
    found
}

/// Writes the places that are set of 32 behind those found so far, which are at most as many as there were distances; how many there are then.
#[inline]
fn put_near(mut near: u32, first: usize, list: &mut [u32], mut found: usize) -> usize {
    if near == u32::MAX {
        let Some(list) = list[found..].first_chunk_mut::<32>() else { return found };
        list.iter_mut().zip(first as u32..).for_each(|(place, i)| *place = i);
        return found + 32;
    }
    while near != 0 {
        list[found] = first as u32 + near.trailing_zeros();
        found += 1;
        near &= near - 1;
    }
    found
}

impl Bits for __m512i {
    #[inline(always)]
    fn odd(a: Self, b: Self, c: Self) -> Self {
        // SAFETY: only called from functions that are compiled for these vectors
        unsafe { _mm512_ternarylogic_epi64::<0b1001_0110>(a, b, c) }
    }

    #[inline(always)]
    fn most(a: Self, b: Self, c: Self) -> Self {
        // SAFETY: only called from functions that are compiled for these vectors
        unsafe { _mm512_ternarylogic_epi64::<0b1110_1000>(a, b, c) }
    }
}

/// Adds a weight to 32 sums, where the bits are set.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn add_bits(sums: __m512i, bits: u32, weight: __m512i) -> __m512i {
    _mm512_mask_add_epi16(sums, bits, sums, weight)
}

#[target_feature(enable = "avx512f,avx512bw")]
fn add(rows: &Rows, list: &[u32], weight: u16, sums: &mut [u16]) {
    for (list, many) in parts(list) {
        match many {
            true => add_many(rows, list, weight, sums),
            false => add_few(rows, list, weight, sums),
        }
    }
}

/// Row by row.
#[target_feature(enable = "avx512f,avx512bw")]
fn add_few(rows: &Rows, list: &[u32], weight: u16, sums: &mut [u16]) {
    let weight = _mm512_set1_epi16(weight as i16);
    let used = rows.stride().div_ceil(4);
    for (c, sums) in sums.as_chunks_mut::<32>().0.iter_mut().enumerate().take(used) {
        // SAFETY: 64 bytes are loaded from 32 sums
        let mut sum = unsafe { _mm512_loadu_si512(sums.as_ptr().cast()) };
        for &r in list {
            // SAFETY: the four bytes begin inside the row, and behind the last row there is padding
            let bits = unsafe { rows.start(r as usize).add(4 * c).cast::<u32>().read_unaligned() };
            sum = add_bits(sum, bits, weight);
        }
        // SAFETY: 64 bytes are stored to 32 sums
        unsafe { _mm512_storeu_si512(sums.as_mut_ptr().cast(), sum) };
    }
}

/// Row by row, up to eight vectors of sums at a time in registers.
#[target_feature(enable = "avx512f,avx512bw")]
fn add_each(rows: &Rows, list: &[u32], weights: &[u16], sums: &mut [u16]) {
    let sums = sums.as_chunks_mut::<32>().0;
    let used = rows.stride().div_ceil(4).min(sums.len());
    let mut from = 0;
    while from < used {
        from += match used - from {
            8.. => add_block::<8>(rows, list, weights, from, &mut sums[from..]),
            6.. => add_block::<6>(rows, list, weights, from, &mut sums[from..]),
            4.. => add_block::<4>(rows, list, weights, from, &mut sums[from..]),
            2.. => add_block::<2>(rows, list, weights, from, &mut sums[from..]),
            _ => add_block::<1>(rows, list, weights, from, &mut sums[from..]),
        };
    }
}

/// Adds to `BLOCK` vectors of sums, from number `from` on, and returns how many those are.
#[target_feature(enable = "avx512f,avx512bw")]
fn add_block<const BLOCK: usize>(
    rows: &Rows,
    list: &[u32],
    weights: &[u16],
    from: usize,
    sums: &mut [[u16; 32]],
) -> usize {
    let sums = &mut sums[..BLOCK];
    // SAFETY: 64 bytes are loaded from 32 sums
    let mut block: [__m512i; BLOCK] = core::array::from_fn(|i| unsafe { _mm512_loadu_si512(sums[i].as_ptr().cast()) });
    for (&r, &weight) in list.iter().zip(weights) {
        let weight = _mm512_set1_epi16(weight as i16);
        let start = rows.start(r as usize);
        for (i, sum) in block.iter_mut().enumerate() {
            // SAFETY: the bytes begin inside the row, and behind the last row there is padding
            let bits = unsafe { start.add(4 * (from + i)).cast::<u32>().read_unaligned() };
            *sum = add_bits(*sum, bits, weight);
        }
    }
    for (sums, block) in sums.iter_mut().zip(block) {
        // SAFETY: 64 bytes are stored to 32 sums
        unsafe { _mm512_storeu_si512(sums.as_mut_ptr().cast(), block) };
    }
    BLOCK
}

/// Counted first.
#[target_feature(enable = "avx512f,avx512bw")]
fn add_many(rows: &Rows, list: &[u32], weight: u16, sums: &mut [u16]) {
    let weights: [__m512i; DIGITS] = core::array::from_fn(|d| _mm512_set1_epi16((weight << d) as i16));
    for (z, sums) in sums.chunks_mut(512).enumerate() {
        // SAFETY: byte 64 * z is inside the row (there are sums for its neurons); behind the last row there is padding
        let load = |r: Option<u32>| unsafe {
            let start = r.map_or(NO_ROW.as_ptr(), |r| rows.start(r as usize));
            _mm512_loadu_si512(start.add(64 * z).cast())
        };
        let (digits, used) = tally(list, load);
        let mut bits = [[0u32; 16]; DIGITS];
        for (bits, digit) in bits.iter_mut().zip(&digits[..used]) {
            // SAFETY: 64 bytes are stored to 16 words
            unsafe { _mm512_storeu_si512(bits.as_mut_ptr().cast(), *digit) };
        }
        for (c, sums) in sums.as_chunks_mut::<32>().0.iter_mut().enumerate() {
            // SAFETY: 64 bytes are loaded from 32 sums
            let mut sum = unsafe { _mm512_loadu_si512(sums.as_ptr().cast()) };
            for (bits, weight) in bits.iter().zip(&weights).take(used) {
                sum = add_bits(sum, bits[c], *weight);
            }
            // SAFETY: 64 bytes are stored to 32 sums
            unsafe { _mm512_storeu_si512(sums.as_mut_ptr().cast(), sum) };
        }
    }
}

#[target_feature(enable = "avx512f,avx512bw")]
fn decide(sums: &[u16], threshold: u16, state: &mut State) {
    let threshold = _mm512_set1_epi16(threshold as i16);
    for (sums, word) in sums.as_chunks::<64>().0.iter().zip(&mut state.0) {
        // SAFETY: 64 bytes each are loaded from 64 sums
        let (low, high) =
            unsafe { (_mm512_loadu_si512(sums.as_ptr().cast()), _mm512_loadu_si512(sums.as_ptr().add(32).cast())) };
        let low = _mm512_cmpge_epu16_mask(low, threshold);
        let high = _mm512_cmpge_epu16_mask(high, threshold);
        *word = u64::from(low) | u64::from(high) << 32;
    }
}
