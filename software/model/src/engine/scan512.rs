//! The distances of a state from rows, with 512-bit vectors and their population count.

#![allow(unsafe_code)] // vector loads and stores take pointers; every one says why it stays inside

use super::{
    rows::Rows,
    slab::{BLOCK, Words},
};
use core::arch::x86_64::*;

/// The even qwords of each half of 128 bits of two vectors, plus the odd ones.
#[inline]
#[target_feature(enable = "avx512f")]
fn fold_qwords(a: __m512i, b: __m512i) -> __m512i {
    _mm512_add_epi64(_mm512_unpacklo_epi64(a, b), _mm512_unpackhi_epi64(a, b))
}

/// The even 128-bit lanes of two vectors, plus the odd ones.
#[inline]
#[target_feature(enable = "avx512f")]
fn fold_lanes(a: __m512i, b: __m512i) -> __m512i {
    _mm512_add_epi64(_mm512_shuffle_i64x2::<0b10_00_10_00>(a, b), _mm512_shuffle_i64x2::<0b11_01_11_01>(a, b))
}

/// How rows of up to 64 bytes are laid out in a vector: in slots of 8, 16, 32 or 64 bytes.
struct Slots {
    /// Byte `b` of the vector is this one behind the first row.
    bytes: [u8; 64],
    /// Which bytes of the vector belong to rows: the others are zero.
    used: u64,
}

/// Those of rows of so many bytes.
static SLOTS: [Slots; 65] = {
    let mut all = [const { Slots { bytes: [0; 64], used: 0 } }; 65];
    let mut stride = 1;
    while stride < 65 {
        let size = slot(stride);
        let mut b = 0;
        while b < 64 {
            if b % size < stride {
                all[stride].bytes[b] = (b / size * stride + b % size) as u8;
                all[stride].used |= 1 << b;
            }
            b += 1;
        }
        stride += 1;
    }
    all
};

/// Bytes of the slot of a row.
const fn slot(stride: usize) -> usize {
    let size = stride.next_power_of_two();
    if size < 8 { 8 } else { size }
}

/// Eight distances, in the order that the folds leave: `order` puts them right.
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,avx512vpopcntdq")]
pub(super) fn scan(rows: &Rows, first: usize, state: &[u64], known: &[u64], distances: &mut [u16]) -> u16 {
    let stride = rows.stride();
    match stride.div_ceil(64) {
        0 | 1 => {}
        2 => return scan_long::<2>(rows, first, state, known, distances),
        _ => return scan_long::<0>(rows, first, state, known, distances),
    }
    let whole = stride == slot(stride);
    match (slot(stride), whole) {
        (8, _) => scan_short::<1, false>(rows, first, state, known, distances),
        (16, false) => scan_short::<2, false>(rows, first, state, known, distances),
        (16, true) => scan_short::<2, true>(rows, first, state, known, distances),
        (32, false) => scan_short::<4, false>(rows, first, state, known, distances),
        (32, true) => scan_short::<4, true>(rows, first, state, known, distances),
        (_, false) => scan_short::<8, false>(rows, first, state, known, distances),
        (_, true) => scan_short::<8, true>(rows, first, state, known, distances),
    }
}

/// The order of eight distances after the folds of `VECTORS` vectors of `8 / VECTORS` rows each.
const fn order(vectors: usize) -> [i64; 8] {
    match vectors {
        // rows 0 4 1 5 2 6 3 7
        2 => [0, 2, 4, 6, 1, 3, 5, 7],
        // rows 0 2 1 3 4 6 5 7
        4 => [0, 2, 1, 3, 4, 6, 5, 7],
        // one or eight vectors:
        // rows 0 1 2 3 4 5 6 7
        _ => [0, 1, 2, 3, 4, 5, 6, 7],
    }
}

/// The sums of eight rows, from vectors with the counts of their words.
#[inline]
#[target_feature(enable = "avx512f")]
fn fold<const VECTORS: usize>(v: [__m512i; VECTORS]) -> __m512i {
    match VECTORS {
        1 => v[0],
        2 => fold_qwords(v[0], v[1]),
        4 => fold_lanes(fold_qwords(v[0], v[1]), fold_qwords(v[2], v[3])),
        _ => {
            let low = fold_lanes(fold_qwords(v[0], v[1]), fold_qwords(v[2], v[3]));
            let high = fold_lanes(fold_qwords(v[4], v[5]), fold_qwords(v[6], v[7]));
            fold_lanes(low, high)
        }
    }
}

/// Writes eight distances, and the smaller of the smallest and them.
#[inline]
#[target_feature(enable = "avx512f")]
fn put(sums: __m512i, order: __m512i, out: &mut [u16; 8], least: __m512i) -> __m512i {
    let sums = _mm512_permutexvar_epi64(order, sums);
    // SAFETY: 16 bytes are stored to 16
    unsafe { _mm_storeu_si128(out.as_mut_ptr().cast(), _mm512_cvtepi64_epi16(sums)) };
    _mm512_min_epu64(least, sums)
}

/// Where each group of `MANY` of at least as many rows begins: one after the other, and the last ones once more if others remain.
fn groups<const MANY: usize>(rows: usize) -> impl Iterator<Item = usize> {
    (0..rows.div_ceil(MANY)).map(move |g| (g * MANY).min(rows - MANY))
}

/// The known bits in which a row and a state differ.
#[inline]
#[target_feature(enable = "avx512f")]
fn differing(row: __m512i, state: __m512i, known: __m512i) -> __m512i {
    // of row, state and known: 011 and 101
    _mm512_ternarylogic_epi64::<0b0010_1000>(row, state, known)
}

/// What rows of up to 64 bytes are compared with, once for every row of a vector.
#[derive(Clone, Copy)]
struct Repeated {
    /// See [`Slots`].
    bytes: __m512i,
    used: u64,
    state: __m512i,
    known: __m512i,
    stride: usize,
}

/// The distances of eight rows of up to 64 bytes, `8 / VECTORS` in a vector, in the order that the folds leave. `WHOLE`: they fill their slots.
///
/// # Safety
/// The rows begin at `start`, and 64 bytes from the start of each can be read.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,avx512vpopcntdq")]
unsafe fn eight<const VECTORS: usize, const WHOLE: bool>(start: *const u8, cue: Repeated) -> __m512i {
    let step = 8 / VECTORS;
    let mut v = [_mm512_setzero_si512(); VECTORS];
    for (i, v) in v.iter_mut().enumerate() {
        // SAFETY: the vector begins with one of the rows
        let loaded = unsafe { _mm512_loadu_si512(start.add(i * step * cue.stride).cast()) };
        let aligned = if WHOLE { loaded } else { _mm512_maskz_permutexvar_epi8(cue.used, cue.bytes, loaded) };
        *v = _mm512_popcnt_epi64(differing(aligned, cue.state, cue.known));
    }
    fold(v)
}

/// Rows whose distances are stored together.
const MANY: usize = 32;

/// Where the distance of each of [`MANY`] rows is, as 16-bit words of a vector, whose qwords hold one distance of each of four groups of eight.
const fn order_of_many(vectors: usize) -> [u16; MANY] {
    let mut places = [0; MANY];
    let mut r = 0;
    while r < MANY {
        places[r] = 4 * order(vectors)[r % 8] as u16 + (r / 8) as u16;
        r += 1;
    }
    places
}

/// Rows of up to 64 bytes.
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,avx512vpopcntdq")]
fn scan_short<const VECTORS: usize, const WHOLE: bool>(
    rows: &Rows,
    first: usize,
    state: &[u64],
    known: &[u64],
    distances: &mut [u16],
) -> u16 {
    let stride = rows.stride();
    let words = slot(stride) / 8;
    let Slots { bytes, used } = &SLOTS[stride];
    let repeated = |of: &[u64]| -> [u64; 8] { core::array::from_fn(|q| of[q % words]) };
    // SAFETY: 64 bytes each are loaded from arrays of 64
    let (cue, order, of_many) = unsafe {
        let cue = Repeated {
            bytes: _mm512_loadu_si512(bytes.as_ptr().cast()),
            used: *used,
            state: _mm512_loadu_si512(repeated(state).as_ptr().cast()),
            known: _mm512_loadu_si512(repeated(known).as_ptr().cast()),
            stride,
        };
        let of_many = _mm512_loadu_si512(const { order_of_many(VECTORS) }.as_ptr().cast());
        (cue, _mm512_loadu_si512(order(VECTORS).as_ptr().cast()), of_many)
    };
    if distances.len() < MANY {
        let mut least = _mm512_set1_epi64(i64::MAX);
        for g in groups::<8>(distances.len()) {
            let Some(out) = distances[g..].first_chunk_mut::<8>() else { break };
            // SAFETY: eight rows from number `first + g` on exist, and behind the last row there is padding
            least = put(unsafe { eight::<VECTORS, WHOLE>(rows.start(first + g), cue) }, order, out, least);
        }
        return _mm512_reduce_min_epu64(least) as u16;
    }
    let start = rows.start(first);
    let mut least = _mm512_set1_epi16(-1);
    for g in groups::<MANY>(distances.len()) {
        let Some(out) = distances[g..].first_chunk_mut::<MANY>() else { break };
        // SAFETY: there is a row for each distance, and behind the last row there is padding; 64 bytes are stored to 32 distances
        unsafe {
            let start = start.add(g * stride);
            let of = |group: usize| start.add(8 * group * stride);
            let a = eight::<VECTORS, WHOLE>(of(0), cue);
            let b = _mm512_slli_epi64::<16>(eight::<VECTORS, WHOLE>(of(1), cue));
            let c = _mm512_slli_epi64::<32>(eight::<VECTORS, WHOLE>(of(2), cue));
            let d = _mm512_slli_epi64::<48>(eight::<VECTORS, WHOLE>(of(3), cue));
            let all = _mm512_or_si512(_mm512_or_si512(a, b), _mm512_or_si512(c, d));
            let all = _mm512_permutexvar_epi16(of_many, all);
            _mm512_storeu_si512(out.as_mut_ptr().cast(), all);
            least = _mm512_min_epu16(least, all);
        }
    }
    least_of(least)
}

/// The smallest of 32 distances.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn least_of(distances: __m512i) -> u16 {
    let half = _mm256_min_epu16(_mm512_castsi512_si256(distances), _mm512_extracti64x4_epi64::<1>(distances));
    let quarter = _mm_min_epu16(_mm256_castsi256_si128(half), _mm256_extracti128_si256::<1>(half));
    _mm_cvtsi128_si32(_mm_minpos_epu16(quarter)) as u16
}

/// Rows of more than 64 bytes, so many vectors each; 0 stands for as many as a row has. What is behind the last neuron is not known.
#[target_feature(enable = "avx512f,avx512vpopcntdq")]
fn scan_long<const VECTORS: usize>(
    rows: &Rows,
    first: usize,
    state: &[u64],
    known: &[u64],
    distances: &mut [u16],
) -> u16 {
    let stride = rows.stride();
    let vectors = if VECTORS == 0 { stride.div_ceil(64) } else { VECTORS };
    // SAFETY: 64 bytes are loaded from 64
    let order = unsafe { _mm512_loadu_si512(order(8).as_ptr().cast()) };
    let mut least = _mm512_set1_epi64(i64::MAX);
    for g in groups::<8>(distances.len()) {
        let Some(out) = distances[g..].first_chunk_mut::<8>() else { break };
        let start = rows.start(first + g);
        let mut counts = [_mm512_setzero_si512(); 8];
        for v in 0..vectors {
            // SAFETY: a state has whole vectors for a row
            let (state, known) = unsafe {
                let words = |of: &[u64]| _mm512_loadu_si512(of.as_ptr().add(8 * v).cast());
                (words(state), words(known))
            };
            for (i, count) in counts.iter_mut().enumerate() {
                // SAFETY: the vector begins inside row `first + g + i`, and behind the last row there is padding
                let row = unsafe { _mm512_loadu_si512(start.add(i * stride + 64 * v).cast()) };
                *count = _mm512_add_epi64(*count, _mm512_popcnt_epi64(differing(row, state, known)));
            }
        }
        least = put(fold(counts), order, out, least);
    }
    _mm512_reduce_min_epu64(least) as u16
}

/// Rows side by side.
#[target_feature(enable = "avx512f,avx512bw,avx512vpopcntdq")]
pub(super) fn scan_blocks(
    blocks: &[Words],
    words: usize,
    state: &[u64],
    known: Option<&[u64]>,
    distances: &mut [u16],
) -> u16 {
    match known {
        None => blocks_of::<false>(blocks, words, state, state, distances),
        Some(known) => blocks_of::<true>(blocks, words, state, known, distances),
    }
}

/// Blocks whose counts are taken together: a word of the state is read once for all of them, and none need wait for another.
const TOGETHER: usize = 4;

/// The counts of eight rows add up in one vector.
#[target_feature(enable = "avx512f,avx512bw,avx512vpopcntdq")]
fn blocks_of<const MASKED: bool>(
    blocks: &[Words],
    words: usize,
    state: &[u64],
    known: &[u64],
    distances: &mut [u16],
) -> u16 {
    let (state, known) = (&state[..words], &known[..words]);
    let (fours, rest) = distances.as_chunks_mut::<{ TOGETHER * BLOCK }>();
    let done = TOGETHER * words * fours.len();
    let mut least = _mm512_set1_epi16(-1);
    for (out, four) in fours.iter_mut().zip(blocks.chunks_exact(TOGETHER * words)) {
        let [a, b, c, d] = sums::<MASKED, TOGETHER>(four, state, known);
        let (a, b) = (_mm512_cvtepi64_epi16(a), _mm512_cvtepi64_epi16(b));
        let (c, d) = (_mm512_cvtepi64_epi16(c), _mm512_cvtepi64_epi16(d));
        let (low, high) = (_mm256_set_m128i(b, a), _mm256_set_m128i(d, c));
        let all = _mm512_inserti64x4::<1>(_mm512_castsi256_si512(low), high);
        // SAFETY: 64 bytes are stored to 32 distances
        unsafe { _mm512_storeu_si512(out.as_mut_ptr().cast(), all) };
        least = _mm512_min_epu16(least, all);
    }
    let mut least = least_of(least);
    for (out, block) in rest.chunks_mut(BLOCK).zip(blocks[done..].chunks_exact(words)) {
        let [eight] = sums::<MASKED, 1>(block, state, known);
        let mut distances = [0u16; BLOCK];
        // SAFETY: 16 bytes are stored to 16
        unsafe { _mm_storeu_si128(distances.as_mut_ptr().cast(), _mm512_cvtepi64_epi16(eight)) };
        out.copy_from_slice(&distances[..out.len()]);
        least = out.iter().fold(least, |least, &d| least.min(d));
    }
    least
}

/// The distances of the rows of so many blocks.
#[inline]
#[target_feature(enable = "avx512f,avx512vpopcntdq")]
fn sums<const MASKED: bool, const COUNT: usize>(blocks: &[Words], state: &[u64], known: &[u64]) -> [__m512i; COUNT] {
    let words = state.len();
    // loops, since a closure that another function calls is not compiled for these vectors
    let mut each = [blocks; COUNT];
    for (i, each) in each.iter_mut().enumerate() {
        *each = &blocks[i * words..(i + 1) * words];
    }
    let mut sums = [_mm512_setzero_si512(); COUNT];
    for w in 0..words {
        let (word, known) = (_mm512_set1_epi64(state[w] as i64), _mm512_set1_epi64(known[w] as i64));
        for i in 0..COUNT {
            // SAFETY: 64 bytes are loaded from eight words
            let row = unsafe { _mm512_load_si512(each[i][w].0.as_ptr().cast()) };
            let differ = if MASKED { differing(row, word, known) } else { _mm512_xor_si512(row, word) };
            sums[i] = _mm512_add_epi64(sums[i], _mm512_popcnt_epi64(differ));
        }
    }
    sums
}
