//! Planes turned over, for few outputs: a column over all patterns for each plane and output.
//!
//! Where most patterns vote, the sum of an output is a product: that of the weights and the bits of its column. With 512-bit vectors the products
//! of 64 bytes are one instruction, so the bits lie there as bytes. The weights come from tables of bytes: one look-up is that of 64 distances. A
//! weight of more than eight bits is two bytes, and their sums are taken apart.

#![allow(unsafe_code)] // vector loads take pointers; every one says why it stays inside

use super::kernels::Kernels;
use crate::bits::BitMatrix;
use alloc::{vec, vec::Vec};

/// Patterns of a word of a column.
const WORD: usize = 64;

/// Entries of a table of weights: what two vectors of bytes hold.
pub(super) const TABLE: usize = 128;

/// A bit of each pattern of a group, a byte each.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
pub(super) struct Column(pub [u8; WORD]);

/// The turned planes.
#[derive(Debug, Clone)]
pub(super) struct Turned {
    /// Groups of [`WORD`] patterns.
    words: usize,
    outputs: usize,
    planes: usize,
    /// Of the first group of patterns those of plane 0, output by output, then those of plane 1; then of the next group.
    bits: Vec<Column>,
    /// The weights of plane 0 by the excess, in whole tables, then those of plane 1: their low bytes, and their high ones if any has more than
    /// eight bits.
    weights: [Vec<u8>; 2],
}

impl Turned {
    /// Of planes (P, M) and the entries of each by the excess.
    pub fn of(planes: &[BitMatrix], entries: &[&[u32]]) -> Self {
        let (rows, outputs) = planes.first().map_or((0, 0), |plane| (plane.rows(), plane.cols()));
        let words = rows.div_ceil(WORD);
        let mut bits = vec![Column([0; WORD]); planes.len() * outputs * words];
        for (j, plane) in planes.iter().enumerate() {
            for (mu, output) in (0..rows).flat_map(|mu| (0..outputs).map(move |output| (mu, output))) {
                bits[(mu / WORD * planes.len() + j) * outputs + output].0[mu % WORD] = plane.get(mu, output).into();
            }
        }
        let padded = |column: &&[u32]| {
            let zeros = column.len().next_multiple_of(TABLE) - column.len();
            column.iter().copied().chain(core::iter::repeat_n(0, zeros)).collect::<Vec<u32>>()
        };
        let all: Vec<u32> = entries.iter().flat_map(padded).collect();
        let wide = all.iter().any(|&w| w > u32::from(u8::MAX));
        let part = |shift: u32| all.iter().map(|w| (w >> shift) as u8).collect();
        Turned {
            words,
            outputs,
            planes: planes.len(),
            bits,
            weights: [part(0), if wide { part(8) } else { Vec::new() }],
        }
    }

    /// Bytes of room that [`Self::add`] needs.
    pub fn room(&self) -> usize {
        WORD * self.words * self.planes
    }

    /// Adds the votes of every plane to the sums of its outputs: `base` is the distance whose excess is zero. Returns the sum of all weights.
    pub fn add(&self, kernels: Kernels, distances: &[u16], base: u16, room: &mut [u8], sums: &mut [u64]) -> i64 {
        let mut total = 0;
        for (part, weights) in self.weights.iter().enumerate().filter(|(_, weights)| !weights.is_empty()) {
            let shift = 8 * part as u32;
            total += (kernels.weigh_bytes(distances, base, weights, self.planes, room) as i64) << shift;
            kernels.add_where(room, &self.bits, shift, &mut sums[..self.outputs]);
        }
        total
    }

    /// All bytes.
    pub fn storage_bytes(&self) -> usize {
        WORD * self.bits.len() + self.weights.iter().map(Vec::len).sum::<usize>()
    }
}

/// The entry of every distance less `base` in the tables of each plane, zero where they have none, as bytes: 64 for each plane of 64 distances; their
/// sum. No distance is below `base`.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
pub(super) fn weigh_bytes(distances: &[u16], base: u16, tables: &[u8], planes: usize, bytes: &mut [u8]) -> u64 {
    use core::arch::x86_64::*;
    let most = _mm512_set1_epi16(255);
    // packing works in quarters, so the words of a vector change places
    let order = _mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7);
    let of_plane = tables.len() / planes / TABLE;
    let mut sum = _mm512_setzero_si512();
    for (d, out) in distances.chunks(WORD).zip(bytes.chunks_exact_mut(WORD * planes)) {
        let there = u64::MAX >> (WORD - d.len());
        // SAFETY: the masks keep the loads inside the chunk
        let (low, high) = unsafe {
            let next = d.as_ptr().wrapping_add(32);
            (
                _mm512_maskz_loadu_epi16(there as u32, d.as_ptr().cast()),
                _mm512_maskz_loadu_epi16((there >> 32) as u32, next.cast()),
            )
        };
        for number in 0..of_plane {
            // an excess before this table is a large number, too
            let first = _mm512_set1_epi16((usize::from(base) + TABLE * number) as i16);
            let place = |d: __m512i| _mm512_min_epu16(_mm512_sub_epi16(d, first), most);
            let places = _mm512_permutexvar_epi64(order, _mm512_packus_epi16(place(low), place(high)));
            let here = !_mm512_movepi8_mask(places) & there;
            let tables = tables.as_chunks::<TABLE>().0.iter().skip(number).step_by(of_plane);
            for (table, out) in tables.zip(out.as_chunks_mut::<WORD>().0) {
                // SAFETY: 128 bytes are loaded from as many
                let (a, b) = unsafe {
                    (_mm512_loadu_si512(table.as_ptr().cast()), _mm512_loadu_si512(table.as_ptr().add(64).cast()))
                };
                let found = _mm512_maskz_permutex2var_epi8(here, a, places, b);
                sum = _mm512_add_epi64(sum, _mm512_sad_epu8(found, _mm512_setzero_si512()));
                // SAFETY: the bytes of a mask are stored to 64: all by the first table, and its own by another
                unsafe {
                    _mm512_mask_storeu_epi8(out.as_mut_ptr().cast(), if number == 0 { u64::MAX } else { here }, found)
                };
            }
        }
    }
    _mm512_reduce_add_epi64(sum) as u64
}

/// The first place of a value, which is there.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw")]
pub(super) fn first(distances: &[u16], value: u16) -> usize {
    use core::arch::x86_64::*;
    let value = _mm512_set1_epi16(value as i16);
    for (number, d) in distances.chunks(32).enumerate() {
        let there = u32::MAX >> (32 - d.len());
        // SAFETY: the mask keeps the load inside the chunk
        let d = unsafe { _mm512_maskz_loadu_epi16(there, d.as_ptr().cast()) };
        let equal = _mm512_mask_cmpeq_epi16_mask(there, d, value);
        if equal != 0 {
            return 32 * number + equal.trailing_zeros() as usize;
        }
    }
    0
}

/// How many distances are at most the bound.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw")]
pub(super) fn count(distances: &[u16], bound: u16) -> usize {
    use core::arch::x86_64::*;
    let (limit, one) = (_mm512_set1_epi16(bound as i16), _mm512_set1_epi16(1));
    let mut found = 0;
    // so many that no count of 16 bits overflows when it is taken for one with a sign
    for distances in distances.chunks(32 << 14) {
        let mut near = _mm512_setzero_si512();
        for d in distances.chunks(32) {
            let there = u32::MAX >> (32 - d.len());
            // SAFETY: the mask keeps the load inside the chunk
            let d = unsafe { _mm512_maskz_loadu_epi16(there, d.as_ptr().cast()) };
            near = _mm512_mask_add_epi16(near, _mm512_mask_cmple_epu16_mask(there, d, limit), near, one);
        }
        found += _mm512_reduce_add_epi32(_mm512_madd_epi16(near, one)) as usize;
    }
    found
}

/// Adds to the sum of each output the bytes whose bit is set, times a power of two: for every [`WORD`] bytes there are as many bits, a byte each, for
/// one output after the other. The sum of all bytes has at most 32 bits.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
pub(super) fn add_where(bytes: &[u8], bits: &[Column], shift: u32, sums: &mut [u64]) {
    let mut first = 0;
    while first < sums.len() {
        first += match sums.len() - first {
            16.. => add_outputs::<16>(bytes, bits, first, shift, sums),
            10.. => add_outputs::<10>(bytes, bits, first, shift, sums),
            8.. => add_outputs::<8>(bytes, bits, first, shift, sums),
            4.. => add_outputs::<4>(bytes, bits, first, shift, sums),
            2.. => add_outputs::<2>(bytes, bits, first, shift, sums),
            _ => add_outputs::<1>(bytes, bits, first, shift, sums),
        };
    }
}

/// Those of `COUNT` outputs from number `first` of `outputs` on; returns how many that is.
#[cfg(target_arch = "x86_64")]
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn add_outputs<const COUNT: usize>(bytes: &[u8], bits: &[Column], first: usize, shift: u32, sums: &mut [u64]) -> usize {
    use core::arch::x86_64::*;
    let mut found = [_mm512_setzero_si512(); COUNT];
    for (bytes, bits) in bytes.as_chunks::<WORD>().0.iter().zip(bits.chunks_exact(sums.len())) {
        // SAFETY: 64 bytes are loaded from 64
        let bytes = unsafe { _mm512_loadu_si512(bytes.as_ptr().cast()) };
        for (found, bits) in found.iter_mut().zip(&bits[first..first + COUNT]) {
            // SAFETY: 64 bytes are loaded from 64
            let bits = unsafe { _mm512_load_si512(bits.0.as_ptr().cast()) };
            *found = _mm512_dpbusd_epi32(*found, bytes, bits);
        }
    }
    for (sum, found) in sums[first..].iter_mut().zip(found) {
        *sum += u64::from(_mm512_reduce_add_epi32(found) as u32) << shift;
    }
    COUNT
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{bits::bit, engine::Isa};

    /// Weights of one and of two bytes, in tables of several parts. The same with one bit less, or with a base of one more, are other sums.
    #[test]
    fn sums_are_those_of_the_weights_whose_bit_is_set() {
        for (rows, outputs, planes, entries, wide) in
            [(1, 1, 1, 3, 0), (64, 10, 2, 128, 0), (131, 32, 3, 129, 8), (700, 7, 4, 300, 5)]
        {
            let drawn = |seed: usize| (seed * seed % 8191 * 2_654_435_761) >> 7;
            let bits: Vec<BitMatrix> = (0..planes)
                .map(|j| BitMatrix::from_fn(rows, outputs, |mu, i| drawn(j + 5 * mu + 701 * i) % 3 > 0))
                .collect();
            let weight = |j: usize, e: usize| (1 + drawn(j + 7 * e) % (255 << wide)) as u32;
            let columns: Vec<Vec<u32>> = (0..planes).map(|j| (0..entries).map(|e| weight(j, e)).collect()).collect();
            let columns: Vec<&[u32]> = columns.iter().map(Vec::as_slice).collect();
            // some are out of reach, and some just within it
            let excess: Vec<u16> = (0..rows).map(|mu| (drawn(mu) % (entries + 20)) as u16).collect();
            let base = 77;
            let distances: Vec<u16> = excess.iter().map(|e| e + base).collect();
            let of = |mu: usize, j: usize| columns[j].get(usize::from(excess[mu])).map_or(0, |&w| u64::from(w));
            let voted =
                |j: usize, i: usize| (0..rows).filter(|&mu| bit(bits[j].row(mu), i)).map(|mu| of(mu, j)).sum::<u64>();
            let right: Vec<u64> = (0..outputs).map(|i| (0..planes).map(|j| voted(j, i)).sum()).collect();
            let total =
                (0..planes).flat_map(|j| (0..rows).map(move |mu| (mu, j))).map(|(mu, j)| of(mu, j)).sum::<u64>();
            for kernels in Isa::available().into_iter().filter_map(Kernels::of).filter(|kernels| kernels.adds_all()) {
                let sums = |turned: &Turned, base: u16| {
                    let (mut room, mut sums) = (vec![9; turned.room()], vec![0; outputs]);
                    (turned.add(kernels, &distances, base, &mut room, &mut sums) as u64, sums)
                };
                let turned = Turned::of(&bits, &columns);
                assert_eq!(sums(&turned, base), (total, right.clone()), "{rows} x {outputs}");
                assert_ne!(sums(&turned, base - 1), (total, right.clone()));
                let mut lacking = bits.clone();
                let (mu, j) = (0..rows).map(|mu| (mu, planes - 1)).find(|&(mu, j)| of(mu, j) > 0).expect("one votes");
                lacking[j].set(mu, outputs - 1, !bit(bits[j].row(mu), outputs - 1));
                assert_ne!(sums(&Turned::of(&lacking, &columns), base).1, right);
            }
        }
    }
}
