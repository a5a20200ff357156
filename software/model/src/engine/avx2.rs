//! The inner loops with 256-bit vectors.

#![allow(unsafe_code)] // vector loads and stores take pointers; every one says why it stays inside

use super::{
    kernels::Table,
    portable,
    rows::Rows,
    slab::Slab,
    state::State,
    tally::{Bits, DIGITS, NO_ROW, parts, tally},
};
use core::arch::x86_64::*;

pub(super) const TABLE: Table = Table {
    scan,
    measure,
    add_least,
    select,
    add,
    add_each,
    dense: None,
    spill: portable::spill,
    decide_wide: portable::decide_wide,
    decide,
};

/// The ones of each byte: two looks at a table of sixteen.
#[inline]
#[target_feature(enable = "avx2")]
fn ones(x: __m256i) -> __m256i {
    let table = _mm256_setr_epi8(
        0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4,
    );
    let nibble = _mm256_set1_epi8(15);
    let low = _mm256_shuffle_epi8(table, _mm256_and_si256(x, nibble));
    let high = _mm256_shuffle_epi8(table, _mm256_and_si256(_mm256_srli_epi16::<4>(x), nibble));
    _mm256_add_epi8(low, high)
}

/// Vectors whose counts, of at most 8 each, fit a byte.
const COUNTED: usize = 16;

#[target_feature(enable = "avx2")]
fn scan(rows: &Rows, first: usize, state: &[u64], known: &[u64], distances: &mut [u16]) -> u16 {
    // SAFETY: 32 bytes each are loaded from a state, which has whole vectors for a row; what is behind the last neuron is not known
    let words = |of: &[u64], v: usize| unsafe { _mm256_loadu_si256(of.as_ptr().add(4 * v).cast()) };
    let vectors = rows.stride().div_ceil(32);
    let zero = _mm256_setzero_si256();
    let mut least = u16::MAX;
    for (r, d) in distances.iter_mut().enumerate() {
        let start = rows.start(first + r);
        let mut sums = zero;
        for from in (0..vectors).step_by(COUNTED) {
            let mut counts = zero;
            for v in from..vectors.min(from + COUNTED) {
                // SAFETY: the vector begins inside the row, and behind the last row there is padding
                let row = unsafe { _mm256_loadu_si256(start.add(32 * v).cast()) };
                let differ = _mm256_and_si256(_mm256_xor_si256(row, words(state, v)), words(known, v));
                counts = _mm256_add_epi8(counts, ones(differ));
            }
            sums = _mm256_add_epi64(sums, _mm256_sad_epu8(counts, zero));
        }
        let two = _mm_add_epi64(_mm256_castsi256_si128(sums), _mm256_extracti128_si256::<1>(sums));
        *d = (_mm_cvtsi128_si64(two) + _mm_extract_epi64::<1>(two)) as u16;
        least = least.min(*d);
    }
    least
}

#[target_feature(enable = "avx2")]
fn add_least(distances: &mut [u16], more: &[u16]) -> u16 {
    portable::add_least(distances, more)
}

#[target_feature(enable = "avx2,popcnt")]
fn measure(slab: &Slab, list: &[u32], state: &[u64], known: Option<&[u64]>, distances: &mut [u16]) {
    portable::measure(slab, list, state, known, distances)
}

#[target_feature(enable = "avx2")]
fn select(distances: &[u16], bound: u16, list: &mut [u32]) -> usize {
    let limit = _mm256_set1_epi16(bound as i16);
    let (blocks, rest) = distances.as_chunks::<16>();
    let mut found = 0;
    for (block, d) in blocks.iter().enumerate() {
        // SAFETY: 32 bytes are loaded from 16 distances
        let d = unsafe { _mm256_loadu_si256(d.as_ptr().cast()) };
        let near = _mm256_cmpeq_epi16(_mm256_min_epu16(d, limit), d);
        // two bits for each distance
        let mut near = _mm256_movemask_epi8(near) as u32 & 0x5555_5555;
        while near != 0 {
            list[found] = 16 * block as u32 + near.trailing_zeros() / 2;
            found += 1;
            near &= near - 1;
        }
    }
    for (i, _) in rest.iter().enumerate().filter(|&(_, &d)| d <= bound) {
        list[found] = (16 * blocks.len() + i) as u32;
        found += 1;
    }
    found
}

impl Bits for __m256i {
    #[inline(always)]
    fn odd(a: Self, b: Self, c: Self) -> Self {
        // SAFETY: only called from functions that are compiled for these vectors
        unsafe { _mm256_xor_si256(_mm256_xor_si256(a, b), c) }
    }

    #[inline(always)]
    fn most(a: Self, b: Self, c: Self) -> Self {
        // SAFETY: only called from functions that are compiled for these vectors
        unsafe { _mm256_or_si256(_mm256_and_si256(a, b), _mm256_and_si256(c, _mm256_or_si256(a, b))) }
    }
}

/// Adds a weight to 16 sums, where the bits are set.
#[inline]
#[target_feature(enable = "avx2")]
fn add_bits(sums: __m256i, bits: u16, weight: __m256i) -> __m256i {
    let places = _mm256_setr_epi16(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, i16::MIN);
    let set = _mm256_cmpeq_epi16(_mm256_and_si256(_mm256_set1_epi16(bits as i16), places), places);
    _mm256_add_epi16(sums, _mm256_and_si256(set, weight))
}

#[target_feature(enable = "avx2")]
fn add(rows: &Rows, list: &[u32], weight: u16, sums: &mut [u16]) {
    for (list, many) in parts(list) {
        match many {
            true => add_many(rows, list, weight, sums),
            false => add_few(rows, list, weight, sums),
        }
    }
}

/// Row by row.
#[target_feature(enable = "avx2")]
fn add_few(rows: &Rows, list: &[u32], weight: u16, sums: &mut [u16]) {
    let weight = _mm256_set1_epi16(weight as i16);
    let used = rows.stride().div_ceil(2);
    for (c, sums) in sums.as_chunks_mut::<16>().0.iter_mut().enumerate().take(used) {
        // SAFETY: 32 bytes are loaded from 16 sums
        let mut sum = unsafe { _mm256_loadu_si256(sums.as_ptr().cast()) };
        for &r in list {
            // SAFETY: the two bytes begin inside the row, and behind the last row there is padding
            let bits = unsafe { rows.start(r as usize).add(2 * c).cast::<u16>().read_unaligned() };
            sum = add_bits(sum, bits, weight);
        }
        // SAFETY: 32 bytes are stored to 16 sums
        unsafe { _mm256_storeu_si256(sums.as_mut_ptr().cast(), sum) };
    }
}

/// Row by row, up to eight vectors of sums at a time in registers.
#[target_feature(enable = "avx2")]
fn add_each(rows: &Rows, list: &[u32], weights: &[u16], sums: &mut [u16]) {
    let sums = sums.as_chunks_mut::<16>().0;
    let used = rows.stride().div_ceil(2).min(sums.len());
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
#[target_feature(enable = "avx2")]
fn add_block<const BLOCK: usize>(
    rows: &Rows,
    list: &[u32],
    weights: &[u16],
    from: usize,
    sums: &mut [[u16; 16]],
) -> usize {
    let sums = &mut sums[..BLOCK];
    // SAFETY: 32 bytes are loaded from 16 sums
    let mut block: [__m256i; BLOCK] = core::array::from_fn(|i| unsafe { _mm256_loadu_si256(sums[i].as_ptr().cast()) });
    for (&r, &weight) in list.iter().zip(weights) {
        let weight = _mm256_set1_epi16(weight as i16);
        let start = rows.start(r as usize);
        for (i, sum) in block.iter_mut().enumerate() {
            // SAFETY: the bytes begin inside the row, and behind the last row there is padding
            let bits = unsafe { start.add(2 * (from + i)).cast::<u16>().read_unaligned() };
            *sum = add_bits(*sum, bits, weight);
        }
    }
    for (sums, block) in sums.iter_mut().zip(block) {
        // SAFETY: 32 bytes are stored to 16 sums
        unsafe { _mm256_storeu_si256(sums.as_mut_ptr().cast(), block) };
    }
    BLOCK
}

/// Counted first.
#[target_feature(enable = "avx2")]
fn add_many(rows: &Rows, list: &[u32], weight: u16, sums: &mut [u16]) {
    let weights: [__m256i; DIGITS] = core::array::from_fn(|d| _mm256_set1_epi16((weight << d) as i16));
    for (v, sums) in sums.chunks_mut(256).enumerate() {
        // SAFETY: byte 32 * v is inside the row (there are sums for its neurons); behind the last row there is padding
        let load = |r: Option<u32>| unsafe {
            let start = r.map_or(NO_ROW.as_ptr(), |r| rows.start(r as usize));
            _mm256_loadu_si256(start.add(32 * v).cast())
        };
        let (digits, used) = tally(list, load);
        let mut bits = [[0u16; 16]; DIGITS];
        for (bits, digit) in bits.iter_mut().zip(&digits[..used]) {
            // SAFETY: 32 bytes are stored to 16 words
            unsafe { _mm256_storeu_si256(bits.as_mut_ptr().cast(), *digit) };
        }
        for (c, sums) in sums.as_chunks_mut::<16>().0.iter_mut().enumerate() {
            // SAFETY: 32 bytes are loaded from 16 sums
            let mut sum = unsafe { _mm256_loadu_si256(sums.as_ptr().cast()) };
            for (bits, weight) in bits.iter().zip(&weights).take(used) {
                sum = add_bits(sum, bits[c], *weight);
            }
            // SAFETY: 32 bytes are stored to 16 sums
            unsafe { _mm256_storeu_si256(sums.as_mut_ptr().cast(), sum) };
        }
    }
}

#[target_feature(enable = "avx2")]
fn decide(sums: &[u16], threshold: u16, state: &mut State) {
    let threshold = _mm256_set1_epi16(threshold as i16);
    for (sums, word) in sums.as_chunks::<64>().0.iter().zip(&mut state.0) {
        // SAFETY: 32 bytes are loaded from 16 of 64 sums
        let load = |v: usize| unsafe { _mm256_loadu_si256(sums.as_ptr().add(16 * v).cast()) };
        let set = |x: __m256i| _mm256_cmpeq_epi16(_mm256_max_epu16(x, threshold), x);
        // 32 comparisons become bytes; packing works in halves, so the middle quarters change places
        let bits = |a: __m256i, b: __m256i| {
            let bytes = _mm256_permute4x64_epi64::<0b11_01_10_00>(_mm256_packs_epi16(a, b));
            u64::from(_mm256_movemask_epi8(bytes) as u32)
        };
        *word = bits(set(load(0)), set(load(1))) | bits(set(load(2)), set(load(3))) << 32;
    }
}
