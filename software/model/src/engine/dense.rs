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
        return match sums.len() {
            1 => narrow::<1>(rows, first, weights, sums),
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

/// The sixteen sums that four weights can have, twice: entry `i` is that of the weights whose bits are set in `i`.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn table(weights: [u16; 4]) -> __m512i {
    let [a, b, c, d] = weights.map(i64::from);
    let all = _mm512_set1_epi64(a | b << 16 | c << 32 | d << 48);
    // weight `bit` where that bit of the entry's number is set: a byte's place in the four weights, or beyond for zero
    let part = |bit: usize| -> __m512i {
        let places: [u8; 64] =
            core::array::from_fn(|i| if (i / 2) >> bit & 1 == 1 { (2 * bit + i % 2) as u8 } else { 0x80 });
        // SAFETY: 64 bytes are loaded from 64
        _mm512_shuffle_epi8(all, unsafe { _mm512_loadu_si512(places.as_ptr().cast()) })
    };
    _mm512_add_epi16(_mm512_add_epi16(part(0), part(1)), _mm512_add_epi16(part(2), part(3)))
}

/// Both tables of eight weights.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn tables(w: &[u16; TOGETHER]) -> [__m512i; 2] {
    [table([w[0], w[1], w[2], w[3]]), table([w[4], w[5], w[6], w[7]])]
}

/// Rows of up to [`NARROW`] bytes, eight of which are at most three vectors: their bytes are put in order from there.
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,gfni")]
fn narrow<const BLOCKS: usize>(rows: &Rows, first: usize, weights: &[[u16; TOGETHER]], sums: &mut [[u16; 64]]) {
    let stride = rows.stride();
    // how many of the bytes are in each of the three vectors, and belong to the eight rows
    let there: [__mmask64; 3] = core::array::from_fn(|v| match (TOGETHER * stride).saturating_sub(64 * v) {
        64.. => u64::MAX,
        bytes => (1 << bytes) - 1,
    });
    // byte b of a block is byte 8 * c + b / 8 of row 7 - b % 8: a row's number times the stride, from its three bits
    let times = |rows: u64, factor: usize| _mm512_maskz_set1_epi8(rows, (factor * stride) as i8);
    let (ones, twos, fours) =
        (times(0x5555_5555_5555_5555, 1), times(0x3333_3333_3333_3333, 2), times(0x0f0f_0f0f_0f0f_0f0f, 4));
    let row = _mm512_add_epi8(_mm512_add_epi8(ones, twos), fours);
    let eighth = _mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0);
    let eighth = _mm512_shuffle_epi8(eighth, _mm512_set4_epi32(0x0808_0808, 0x0808_0808, 0, 0));
    let orders: [__m512i; BLOCKS] =
        core::array::from_fn(|c| _mm512_add_epi8(row, _mm512_add_epi8(eighth, _mm512_set1_epi8(8 * c as i8))));
    // those of the first two vectors and those of the third
    let inside: [u64; BLOCKS] = core::array::from_fn(|c| {
        let byte = _mm512_add_epi8(eighth, _mm512_set1_epi8(8 * c as i8));
        _mm512_cmplt_epu8_mask(byte, _mm512_set1_epi8(stride as i8))
    });
    let near: [u64; BLOCKS] =
        core::array::from_fn(|c| inside[c] & _mm512_cmplt_epu8_mask(orders[c], _mm512_set1_epi8(i8::MIN)));
    let far: [u64; BLOCKS] = core::array::from_fn(|c| inside[c] & !near[c]);
    let mut blocks = [Block::zero(); BLOCKS];
    for (g, weights) in weights.iter().enumerate() {
        let start = rows.start(first + TOGETHER * g);
        let load = |v: usize| {
            // SAFETY: only bytes of the eight rows are loaded
            unsafe { _mm512_maskz_loadu_epi8(there[v], start.wrapping_add(64 * v).cast()) }
        };
        let (a, b, c) = (load(0), load(1), load(2));
        let tables = tables(weights);
        for (block, (order, (near, far))) in blocks.iter_mut().zip(orders.into_iter().zip(near.into_iter().zip(far))) {
            let bytes = _mm512_maskz_permutex2var_epi8(near, a, order, b);
            block.add(_mm512_mask_permutexvar_epi8(bytes, far, order, c), tables);
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
    let mut blocks = [Block::zero(); BLOCKS];
    for (g, weights) in weights.iter().enumerate() {
        let load = |r: usize| {
            let start = rows.start(first + TOGETHER * g + r);
            // SAFETY: the vector begins inside the row, and behind the last row there is padding
            unsafe { _mm512_loadu_si512(start.add(8 * from).cast()) }
        };
        let words = turned(core::array::from_fn(load));
        let tables = tables(weights);
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
fn turned(r: [__m512i; 8]) -> [__m512i; 8] {
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
