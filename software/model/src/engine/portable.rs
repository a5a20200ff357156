//! The inner loops in plain Rust, for every processor.

use super::{
    kernels::Table,
    rows::Rows,
    slab::Slab,
    state::State,
    tally::{Bits, parts, tally},
};

pub(super) const TABLE: Table =
    Table { scan, measure, add_least, select, add, add_each, dense: None, decide, spill, decide_wide };

/// For every four bits, which of four sums they add to.
const NIBBLES: [[u16; 4]; 16] = {
    let mut table = [[0; 4]; 16];
    let mut n = 0;
    while n < 64 {
        table[n / 4][n % 4] = if (n / 4) >> (n % 4) & 1 == 1 { u16::MAX } else { 0 };
        n += 1;
    }
    table
};

pub(super) fn scan(rows: &Rows, first: usize, state: &[u64], known: &[u64], distances: &mut [u16]) -> u16 {
    let mut least = u16::MAX;
    for (r, d) in distances.iter_mut().enumerate() {
        let differ = rows.words(first + r).zip(state).zip(known).map(|((row, state), known)| (row ^ state) & known);
        *d = differ.map(u64::count_ones).sum::<u32>() as u16; // at most `MAX_NEURONS`
        least = least.min(*d);
    }
    least
}

/// Compiled once more for the processors that count bits.
#[inline(always)]
pub(super) fn measure(slab: &Slab, list: &[u32], state: &[u64], known: Option<&[u64]>, distances: &mut [u16]) {
    for &r in list {
        distances[r as usize] += slab.distance(r as usize, state, known) as u16; // at most `MAX_NEURONS` in all
    }
}

/// Compiled once more for wider vectors.
#[inline(always)]
pub(super) fn add_least(distances: &mut [u16], more: &[u16]) -> u16 {
    let sums = distances.iter_mut().zip(more).map(|(d, more)| {
        *d += more;
        *d
    });
    sums.fold(u16::MAX, u16::min)
}

pub(super) fn select(distances: &[u16], bound: u16, list: &mut [u32]) -> usize {
    let mut found = 0;
    for (block, d) in distances.chunks(32).enumerate() {
        // most blocks have none, and this comparison needs no branches
        if d.iter().fold(0, |any, &d| any | u8::from(d <= bound)) == 0 {
            continue;
        }
        for (i, _) in d.iter().enumerate().filter(|&(_, &d)| d <= bound) {
            list[found] = (32 * block + i) as u32;
            found += 1;
        }
    }
    found
}

impl Bits for u64 {
    #[inline(always)]
    fn odd(a: u64, b: u64, c: u64) -> u64 {
        a ^ b ^ c
    }

    #[inline(always)]
    fn most(a: u64, b: u64, c: u64) -> u64 {
        (a & b) | (c & (a | b))
    }
}

/// Adds a weight to the sums whose bits are set.
fn add_word(word: u64, weight: u16, sums: &mut [u16]) {
    for (n, four) in sums.chunks_exact_mut(4).enumerate() {
        let nibble = &NIBBLES[(word >> (4 * n) & 15) as usize];
        four.iter_mut().zip(nibble).for_each(|(sum, mask)| *sum = sum.wrapping_add(weight & mask));
    }
}

/// Word `w` of a row; what is behind the row is zero.
fn word(row: &[u8], w: usize) -> u64 {
    let rest = &row[(8 * w).min(row.len())..];
    let bytes = |of: &[u8]| of.iter().rev().fold(0, |word, &b| word << 8 | u64::from(b));
    rest.first_chunk::<8>().map_or_else(|| bytes(rest), |b| u64::from_le_bytes(*b))
}

pub(super) fn add(rows: &Rows, list: &[u32], weight: u16, sums: &mut [u16]) {
    for (list, many) in parts(list) {
        for (w, sums) in sums.chunks_exact_mut(64).enumerate() {
            let load = |r: Option<u32>| r.map_or(0, |r| word(rows.row(r as usize), w));
            if many {
                let (digits, used) = tally(list, load);
                digits[..used].iter().enumerate().for_each(|(d, &digit)| add_word(digit, weight << d, sums));
            } else {
                list.iter().for_each(|&r| add_word(load(Some(r)), weight, sums));
            }
        }
    }
}

pub(super) fn add_each(rows: &Rows, list: &[u32], weights: &[u16], sums: &mut [u16]) {
    for (&r, &weight) in list.iter().zip(weights) {
        let row = rows.row(r as usize);
        sums.chunks_exact_mut(64).enumerate().for_each(|(w, sums)| add_word(word(row, w), weight, sums));
    }
}

pub(super) fn decide(sums: &[u16], threshold: u16, state: &mut State) {
    for (sums, word) in sums.chunks_exact(64).zip(&mut state.0) {
        *word = sums.iter().rev().fold(0, |word, &sum| word << 1 | u64::from(sum >= threshold));
    }
}

/// Moves sums to where there is more room.
pub(super) fn spill(sums: &mut [u16], wide: &mut [u64]) {
    wide.iter_mut().zip(&*sums).for_each(|(wide, &sum)| *wide += u64::from(sum));
    sums.fill(0);
}

pub(super) fn decide_wide(wide: &[u64], threshold: i64, state: &mut State) {
    for (wide, word) in wide.chunks(64).zip(&mut state.0) {
        *word = wide.iter().rev().fold(0, |word, &sum| word << 1 | u64::from(sum as i64 >= threshold));
    }
}
