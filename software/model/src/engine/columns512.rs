//! Distances from keys that are turned over, with 512-bit vectors.

#![allow(unsafe_code)] // vector loads and stores take pointers; every one says why it stays inside

use super::{
    columns::{Columns, KEYS},
    dense::turned,
    plan::Plan,
    slab::Words,
    tally::{DIGITS, TALLIED, tally},
};
use core::arch::x86_64::*;

/// See [`Columns::scan`].
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,gfni,popcnt")]
pub(super) fn scan(
    columns: &Columns,
    first: usize,
    state: &[u64],
    known: Option<&[u64]>,
    distances: &mut [u16],
) -> u16 {
    by_plan(columns, columns.plan(state, known), first, state, known, distances)
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,gfni,popcnt")]
fn by_plan(
    columns: &Columns,
    plan: Plan,
    first: usize,
    state: &[u64],
    known: Option<&[u64]>,
    distances: &mut [u16],
) -> u16 {
    let (blocks, unusual) = columns.from(first);
    for (d, unusual) in distances.iter_mut().zip(unusual) {
        *d = plan.constant.wrapping_add(plan.times.wrapping_mul(*unusual));
    }
    for (which, factor) in plan.sums.into_iter().flatten() {
        let (mut list, mut found) = ([0; ROOM], 0);
        for w in 0..columns.words() {
            let word = columns.word(which, w, state, known);
            for part in 0..4 {
                found += places(word >> (16 * part), 64 * w as u32 + 16 * part, &mut list[found..]);
            }
            if found > TALLIED {
                add(blocks.clone(), &list[..TALLIED], factor, distances);
                list.copy_within(TALLIED..found, 0);
                found -= TALLIED;
            }
        }
        add(blocks.clone(), &list[..found], factor, distances);
    }
    distances.iter().fold(u16::MAX, |least, &d| least.min(d))
}

/// Room for a list that is not yet counted, and what a word adds to it.
const ROOM: usize = TALLIED + 64 + 16;

/// Where in a block the columns begin whose bits are ones among the low 16 of a word, the first of which is column `first`: to the front of the
/// list, and how many there are.
#[inline]
#[target_feature(enable = "avx512f,popcnt")]
fn places(word: u64, first: u32, list: &mut [u32]) -> usize {
    let bits = word as u16;
    let all = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    let starts = _mm512_slli_epi32::<6>(_mm512_add_epi32(all, _mm512_set1_epi32(first as i32)));
    let ones = _mm512_maskz_compress_epi32(bits, starts);
    if let Some(list) = list.first_chunk_mut::<16>() {
        // SAFETY: 64 bytes are stored to 16 places
        unsafe { _mm512_storeu_si512(list.as_mut_ptr().cast(), ones) };
    }
    bits.count_ones() as usize
}

/// Adds so many times how many of at most [`TALLIED`] columns are set, for every key. The list says at which bytes of a block columns begin.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,gfni")]
fn add(blocks: core::slice::ChunksExact<Words>, list: &[u32], factor: u16, distances: &mut [u16]) {
    let farthest = list.iter().fold(0, |most, &c| most.max(c)) as usize;
    for (block, distances) in blocks.zip(distances.chunks_mut(KEYS)) {
        assert!(farthest < size_of_val(block));
        let load = |c: Option<u32>| match c {
            // SAFETY: 64 bytes are loaded from a column, which begins inside the block as the farthest one does
            Some(c) => unsafe { _mm512_load_si512(block.as_ptr().byte_add(c as usize).cast()) },
            None => _mm512_setzero_si512(),
        };
        let (digits, _) = tally(list, load);
        match distances.try_into() {
            Ok(distances) => put(digits, factor, distances),
            Err(_) => {
                let mut all = [0; KEYS];
                all[..distances.len()].copy_from_slice(distances);
                put(digits, factor, &mut all);
                distances.copy_from_slice(&all[..distances.len()]);
            }
        }
    }
}

/// Adds so many times the counts of a block, whose binary digits these are.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,gfni")]
fn put(digits: [__m512i; DIGITS], factor: u16, distances: &mut [u16; KEYS]) {
    // byte b of 64 keys comes from byte b / 8 of digit 7 - b % 8
    let order: [u8; 64] = core::array::from_fn(|b| (8 * (7 - b % 8) + b / 8) as u8);
    // SAFETY: 64 bytes are loaded from 64
    let order = unsafe { _mm512_loadu_si512(order.as_ptr().cast()) };
    let units = _mm512_set1_epi64(0x8040_2010_0804_0201_u64 as i64);
    let factor = _mm512_set1_epi16(factor as i16);
    for (words, distances) in turned(digits).into_iter().zip(distances.as_chunks_mut::<64>().0) {
        // the product of each 8x8 matrix of bits with the unit vectors: its columns, a count each
        let counts = _mm512_gf2p8affine_epi64_epi8::<0>(units, _mm512_permutexvar_epi8(order, words));
        let halves = [_mm512_castsi512_si256(counts), _mm512_extracti64x4_epi64::<1>(counts)];
        for (half, distances) in halves.into_iter().zip(distances.as_chunks_mut::<32>().0) {
            let more = _mm512_mullo_epi16(_mm512_cvtepu8_epi16(half), factor);
            // SAFETY: 64 bytes are loaded from 32 distances, and stored to them
            unsafe {
                let sum = _mm512_add_epi16(_mm512_loadu_si512(distances.as_ptr().cast()), more);
                _mm512_storeu_si512(distances.as_mut_ptr().cast(), sum);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        bits::{BitMatrix, set_bit, words_for},
        engine::{Isa, plan::Which},
    };
    use alloc::{vec, vec::Vec};

    /// Keys of several blocks, and lists of columns that are counted in several parts. With another factor the distances are others.
    #[test]
    fn distances_are_sums_over_some_columns() {
        if !Isa::Avx512.is_available() {
            return;
        }
        let drawn = |seed: usize| (seed * seed % 65_521 * 2_654_435_761) >> 9;
        let mut ways = vec![];
        for (keys, cols) in [(1, 3), (512, 64), (600, 250), (1100, 784), (530, 1030)] {
            let bits = BitMatrix::from_fn(keys, cols, |r, c| drawn(r + 2000 * c) % 16 < [1, 8, 15][c % 3]);
            let columns = Columns::of(&bits, 0..words_for(cols));
            // cues with few columns that are not as usual, with most of them, and with half
            for (cue, most) in [(1, 1), (2, 15), (3, 8)] {
                let mut state = vec![0; words_for(cols)];
                let usual = |c: usize| c % 3 == 2;
                (0..cols).for_each(|c| set_bit(&mut state, c, usual(c) ^ (drawn(cue + 9 * c) % 16 < most)));
                for known in [None, Some(1), Some(15)] {
                    let known = known.map(|known| {
                        let mut mask = vec![0; words_for(cols)];
                        (0..cols).for_each(|c| set_bit(&mut mask, c, drawn(c + 77) % 16 < known));
                        mask
                    });
                    let known = known.as_deref();
                    let differ =
                        |r: usize, w: usize| (bits.row(r)[w] ^ state[w]) & known.map_or(u64::MAX, |known| known[w]);
                    let right = |r: usize| (0..words_for(cols)).map(|w| differ(r, w).count_ones()).sum::<u32>();
                    let right: Vec<u16> = (0..keys).map(|r| right(r) as u16).collect();
                    let of = |plan: Plan| {
                        let mut found = vec![0; keys];
                        // SAFETY: the processor has the vectors
                        let least = unsafe { by_plan(&columns, plan, 0, &state, known, &mut found) };
                        (least, found)
                    };
                    let plan = columns.plan(&state, known);
                    ways.push(plan.sums.map(|sum| sum.map(|(which, _)| which)));
                    assert_eq!(of(plan), (*right.iter().min().unwrap(), right.clone()), "{keys} x {cols}, {plan:?}");
                    assert!((0..keys).all(|r| columns.distance(r, &state, known) == u32::from(right[r])));
                    let wrong = plan.sums.map(|sum| sum.map(|(which, factor)| (which, factor.wrapping_add(1))));
                    assert!(cols < 64 || of(Plan { sums: wrong, ..plan }).1 != right, "{keys} x {cols}, {plan:?}");
                }
            }
        }
        for way in [
            [Some(Which::Unusual), None],
            [Some(Which::Usual), None],
            [Some(Which::Unusual), Some(Which::Unknown)],
            [Some(Which::Unusual), Some(Which::Usual)],
        ] {
            assert!(ways.contains(&way), "{way:?}");
        }
    }
}
