//! Sums over rows of which most vote, with 512-bit vectors: eight rows at a time, by looking up the sums of their weights.
//!
//! Eight rows of 64 neurons are 64 bytes. Turned over, they hold a byte for every neuron, a bit for every row; each half of it
//! is a place in a table of the sixteen sums that four weights can have. So eight rows cost about as much as two that are added
//! one by one. No row is left out: one that does not vote has the weight zero.

#![allow(unsafe_code)] // vector loads and stores take pointers; every one says why it stays inside

use super::rows::Rows;
use core::arch::x86_64::*;

/// Rows that are taken together.
pub(super) const TOGETHER: usize = 8;
/// Rows of up to so many bytes lie, eight of them, in three vectors.
const NARROW: usize = 24;

/// Adds the weight of row `first + r`, for every `r`, to the sum of every neuron whose bit is set. The weights are those of whole
/// groups of [`TOGETHER`] rows.
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,gfni")]
pub(super) fn add_all(rows: &Rows, first: usize, weights: &[u16], sums: &mut [u16]) {
    let weights = weights.as_chunks::<TOGETHER>().0;
    let sums = sums.as_chunks_mut::<64>().0;
    if rows.stride() <= NARROW {
        return match rows.stride().div_ceil(8) {
            0 | 1 => narrow::<1>(rows, first, weights, sums),
            2 => narrow::<2>(rows, first, weights, sums),
            _ => narrow::<3>(rows, first, weights, sums),
        };
    }
    let mut from = 0;
    while from < sums.len() {
        from += match sums.len() - from {
            8.. => wide::<8>(rows, first, weights, from, &mut sums[from..]),
            4.. => wide::<4>(rows, first, weights, from, &mut sums[from..]),
            2.. => wide::<2>(rows, first, weights, from, &mut sums[from..]),
            _ => wide::<1>(rows, first, weights, from, &mut sums[from..]),
        };
    }
}

/// The sums of the even and of the odd neurons of 64.
#[derive(Clone, Copy)]
struct Block {
    even: __m512i,
    odd: __m512i,
}

impl Block {
    #[inline]
    #[target_feature(enable = "avx512f")]
    fn zero() -> Self {
        Block { even: _mm512_setzero_si512(), odd: _mm512_setzero_si512() }
    }

    /// Adds what the tables say of eight rows: byte `b` of `rows` holds byte `b / 8` of row `7 - b % 8`.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,gfni")]
    fn add(&mut self, rows: __m512i, [low, high]: [__m512i; 2]) {
        // the product of each 8x8 matrix of bits with the unit vectors: its columns
        let units = _mm512_set1_epi64(0x8040_2010_0804_0201_u64 as i64);
        let columns = _mm512_gf2p8affine_epi64_epi8::<0>(units, rows);
        // a look-up takes five bits of a word; the tables are there twice, so the fifth does not matter
        self.even = _mm512_add_epi16(self.even, _mm512_permutexvar_epi16(columns, low));
        self.even = _mm512_add_epi16(self.even, _mm512_permutexvar_epi16(_mm512_srli_epi16::<4>(columns), high));
        self.odd = _mm512_add_epi16(self.odd, _mm512_permutexvar_epi16(_mm512_srli_epi16::<8>(columns), low));
        self.odd = _mm512_add_epi16(self.odd, _mm512_permutexvar_epi16(_mm512_srli_epi16::<12>(columns), high));
    }

    /// Adds it to 64 sums, in order.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    fn put(self, sums: &mut [u16; 64]) {
        let zip = |from: u16| -> [u16; 32] { core::array::from_fn(|i| from + i as u16 / 2 + 32 * (i as u16 % 2)) };
        for (half, from) in [0, 16].into_iter().enumerate() {
            let place = sums[32 * half..].as_mut_ptr();
            // SAFETY: 64 bytes are loaded from 32 places and from 32 of the 64 sums, and stored to those
            unsafe {
                let order = _mm512_loadu_si512(zip(from).as_ptr().cast());
                let add = _mm512_permutex2var_epi16(self.even, order, self.odd);
                _mm512_storeu_si512(place.cast(), _mm512_add_epi16(_mm512_loadu_si512(place.cast()), add));
            }
        }
    }
}

/// The shuffles that lay out tables: part `bit` takes weight `bit` to the entries whose number has that bit.
type Parts = [__m512i; 4];

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn parts() -> Parts {
    core::array::from_fn(|bit| {
        // a byte's place in the four weights, or beyond for zero
        let places: [u8; 64] =
            core::array::from_fn(|i| if (i / 2) >> bit & 1 == 1 { (2 * bit + i % 2) as u8 } else { 0x80 });
        // SAFETY: 64 bytes are loaded from 64
        unsafe { _mm512_loadu_si512(places.as_ptr().cast()) }
    })
}

/// The sixteen sums that four weights can have, twice: entry `i` is that of the weights whose bits are set in `i`.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn table(weights: &[u16; 4], parts: &Parts) -> __m512i {
    // SAFETY: the four weights are the eight bytes that are read
    let all = _mm512_set1_epi64(unsafe { weights.as_ptr().cast::<i64>().read_unaligned() });
    let sums = |a, b| _mm512_add_epi16(_mm512_shuffle_epi8(all, a), _mm512_shuffle_epi8(all, b));
    _mm512_add_epi16(sums(parts[0], parts[1]), sums(parts[2], parts[3]))
}

/// Rows of up to [`NARROW`] bytes, eight of which are at most three vectors: their bytes are put in order from there. What
/// comes behind a row in its last block is of the next row, and goes to sums behind the last neuron.
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,gfni")]
fn narrow<const BLOCKS: usize>(rows: &Rows, first: usize, weights: &[[u16; TOGETHER]], sums: &mut [[u16; 64]]) {
    let stride = rows.stride();
    // byte b of a block is byte 8 * c + b / 8 of row 7 - b % 8
    let place = |c: usize, b: usize| (7 - b % 8) * stride + 8 * c + b / 8;
    let orders: [[u8; 64]; BLOCKS] = core::array::from_fn(|c| core::array::from_fn(|b| place(c, b) as u8));
    // SAFETY: 64 bytes are loaded from 64
    let orders = orders.map(|order| unsafe { _mm512_loadu_si512(order.as_ptr().cast()) });
    // which of them are in the third vector
    let far = orders.map(|order| _mm512_movepi8_mask(order));
    let parts = parts();
    let mut blocks = [Block::zero(); BLOCKS];
    for (g, weights) in weights.iter().enumerate() {
        let start = rows.start(first + TOGETHER * g);
        // eight rows are at most `BLOCKS` vectors; the last of those ends before the padding behind the last row does
        let load = |v: usize| {
            // SAFETY: rows or padding
            unsafe { _mm512_loadu_si512(start.add(64 * v).cast()) }
        };
        let a = load(0);
        let b = if BLOCKS > 1 { load(1) } else { a };
        let c = if BLOCKS > 2 { load(2) } else { a };
        let (low, high) = weights.split_at(4);
        let tables = [low, high].map(|four| table(four.first_chunk().unwrap_or(&[0; 4]), &parts));
        for (block, (order, far)) in blocks.iter_mut().zip(orders.into_iter().zip(far)) {
            let bytes = match BLOCKS {
                1 => _mm512_permutexvar_epi8(order, a),
                2 => _mm512_permutex2var_epi8(a, order, b),
                _ => _mm512_mask_permutexvar_epi8(_mm512_permutex2var_epi8(a, order, b), far, order, c),
            };
            block.add(bytes, tables);
        }
    }
    blocks.into_iter().zip(sums).for_each(|(block, sums)| block.put(sums));
}

/// Rows of any length, `BLOCKS` blocks of 64 neurons from number `from` on; returns how many those are.
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,gfni")]
fn wide<const BLOCKS: usize>(
    rows: &Rows,
    first: usize,
    weights: &[[u16; TOGETHER]],
    from: usize,
    sums: &mut [[u16; 64]],
) -> usize {
    // byte b of a block comes from byte b / 8 of the word of row 7 - b % 8
    let order: [u8; 64] = core::array::from_fn(|b| (8 * (7 - b % 8) + b / 8) as u8);
    // SAFETY: 64 bytes are loaded from 64
    let order = unsafe { _mm512_loadu_si512(order.as_ptr().cast()) };
    let parts = parts();
    let mut blocks = [Block::zero(); BLOCKS];
    for (g, weights) in weights.iter().enumerate() {
        let load = |r: usize| {
            let start = rows.start(first + TOGETHER * g + r);
            // SAFETY: the vector begins inside the row, and behind the last row there is padding
            unsafe { _mm512_loadu_si512(start.add(8 * from).cast()) }
        };
        let words = turned(core::array::from_fn(load));
        let (low, high) = weights.split_at(4);
        let tables = [low, high].map(|four| table(four.first_chunk().unwrap_or(&[0; 4]), &parts));
        for (block, words) in blocks.iter_mut().zip(words) {
            block.add(_mm512_permutexvar_epi8(order, words), tables);
        }
    }
    blocks.into_iter().zip(sums).for_each(|(block, sums)| block.put(sums));
    BLOCKS
}

/// Eight vectors of eight words, turned over: word `r` of vector `c` was word `c` of vector `r`.
#[inline]
#[target_feature(enable = "avx512f")]
pub(super) fn turned(r: [__m512i; 8]) -> [__m512i; 8] {
    // pairs of words, then pairs of pairs, then halves
    let pairs = |i: usize| (_mm512_unpacklo_epi64(r[i], r[i + 1]), _mm512_unpackhi_epi64(r[i], r[i + 1]));
    let ((a0, a1), (b0, b1), (c0, c1), (d0, d1)) = (pairs(0), pairs(2), pairs(4), pairs(6));
    let fours = |a, b| (_mm512_shuffle_i64x2::<0b10_00_10_00>(a, b), _mm512_shuffle_i64x2::<0b11_01_11_01>(a, b));
    let ((e0, e2), (f0, f2)) = (fours(a0, b0), fours(c0, d0));
    let ((e1, e3), (f1, f3)) = (fours(a1, b1), fours(c1, d1));
    let ((w0, w4), (w2, w6)) = (fours(e0, f0), fours(e2, f2));
    let ((w1, w5), (w3, w7)) = (fours(e1, f1), fours(e3, f3));
    [w0, w1, w2, w3, w4, w5, w6, w7]
}
