//! Bit matrices: patterns, planes, cues and answers, packed 64 to a word.

use alloc::{collections::BTreeMap, vec, vec::Vec};
use core::sync::atomic::{AtomicBool, Ordering};
#[cfg(feature = "std")]
use rayon::prelude::*;

/// A matrix of bits, row by row, each row padded to whole 64-bit words with zeros.
///
/// Bit `c` of a row is bit `c % 64` of word `c / 64`: the least significant neuron comes first.
///
/// ```
/// use hopgate_model::bits::BitMatrix;
/// let m = BitMatrix::from_fn(2, 3, |r, c| r == c);
/// assert!(m.get(1, 1) && !m.get(1, 2));
/// assert_eq!(m.row(1), &[0b010]);
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct BitMatrix {
    rows: usize,
    cols: usize,
    words: Vec<u64>,
}

/// Words that hold a row of `cols` bits.
pub fn words_for(cols: usize) -> usize {
    cols.div_ceil(64)
}

/// Bit `c` of a packed row.
pub fn bit(row: &[u64], c: usize) -> bool {
    row[c / 64] >> (c % 64) & 1 == 1
}

/// Sets bit `c` of a packed row.
pub fn set_bit(row: &mut [u64], c: usize, value: bool) {
    let mask = 1 << (c % 64);
    if value {
        row[c / 64] |= mask;
    } else {
        row[c / 64] &= !mask;
    }
}

/// Hamming distance of two packed rows of the same length.
pub fn hamming(a: &[u64], b: &[u64]) -> u32 {
    a.iter().zip(b).map(|(x, y)| (x ^ y).count_ones()).sum()
}

/// All bits of a byte but the highest, in eight bytes.
const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;

/// The lowest bit of every byte.
const ONES: u64 = 0x0101_0101_0101_0101;

/// What takes the lowest bits of eight bytes to the highest byte.
const GATHER: u64 = 0x0102_0408_1020_4080;

/// A bit for each of eight bytes, which is one unless the byte is 0; the first byte gives the lowest.
fn gathered(bytes: [u8; 8]) -> u64 {
    let all = u64::from_le_bytes(bytes);
    let ones = ((((all & LOW) + LOW) | all) & !LOW) >> 7;
    // the one of byte `b` is bit `8*b`: a shift by `56 - 7*b` takes it to bit `56 + b`, and no two meet above bit 55
    ones.wrapping_mul(GATHER) >> 56
}

/// A byte of 0 or 1 for each bit, the lowest first.
fn spread(bits: u8) -> [u8; 8] {
    // byte `b` keeps bit `b`
    let kept = (u64::from(bits) * ONES) & 0x8040_2010_0804_0201;
    (((kept + LOW) & !LOW) >> 7).to_le_bytes()
}

/// The bytes of a row, packed.
fn pack(bytes: &[u8], words: &mut [u64]) {
    for (word, bytes) in words.iter_mut().zip(bytes.chunks(64)) {
        let (eights, rest) = bytes.as_chunks::<8>();
        let last = rest.iter().rev().fold(0, |w, &b| w << 1 | u64::from(b != 0));
        // (of eight eights there is no rest, and no place for one)
        *word = eights.iter().enumerate().fold(0, |w, (at, &eight)| w | gathered(eight) << (8 * at));
        *word |= last.checked_shl(8 * eights.len() as u32).unwrap_or(0);
    }
}

/// The bytes of a row, 0 and 1, packed; and all of them together, eight by eight: another byte shows in what is beyond [`ONES`].
fn pack_bits(bytes: &[u8], words: &mut [u64]) -> u64 {
    let mut seen = 0;
    for (word, bytes) in words.iter_mut().zip(bytes.chunks(64)) {
        let (eights, rest) = bytes.as_chunks::<8>();
        let (mut packed, mut at) = (0, 0);
        for &eight in eights {
            let ones = u64::from_le_bytes(eight);
            seen |= ones;
            packed |= (ones.wrapping_mul(GATHER) >> 56) << at;
            at += 8;
        }
        for (b, &byte) in rest.iter().enumerate() {
            seen |= u64::from(byte);
            packed |= u64::from(byte & 1) << (at + b);
        }
        *word = packed;
    }
    seen
}

/// A byte for each bit of a word.
#[cfg(feature = "std")]
fn unpacked(word: u64) -> [u8; 64] {
    let mut bytes = [0; 64];
    unpack(&[word], &mut bytes);
    bytes
}

/// A byte for each bit of a row.
fn unpack(words: &[u64], bytes: &mut [u8]) {
    for (word, bytes) in words.iter().zip(bytes.chunks_mut(64)) {
        let (eights, rest) = bytes.as_chunks_mut::<8>();
        for (eight, bits) in eights.iter_mut().zip(word.to_le_bytes()) {
            *eight = spread(bits);
        }
        if !rest.is_empty() {
            rest.copy_from_slice(&spread((word >> (8 * eights.len())) as u8)[..rest.len()]);
        }
    }
}

/// Rows of so many bits that one thread takes at a time.
fn rows_together(cols: usize) -> usize {
    ((1 << 17) / cols).max(1)
}

/// `f` of every pair, on all cores where there are threads.
#[cfg(feature = "std")]
fn each_pair<A: Send, B: Send>(
    a: impl Iterator<Item = A>,
    b: impl Iterator<Item = B>,
    f: impl Fn((A, B)) + Sync + Send,
) {
    let pairs: Vec<(A, B)> = a.zip(b).collect();
    match pairs.len() {
        0 | 1 => pairs.into_iter().for_each(f),
        _ => pairs.into_par_iter().for_each(f),
    }
}

/// `f` of every pair.
#[cfg(not(feature = "std"))]
fn each_pair<A, B>(a: impl Iterator<Item = A>, b: impl Iterator<Item = B>, f: impl Fn((A, B))) {
    a.zip(b).for_each(f);
}

impl BitMatrix {
    /// All zeros.
    pub fn zeros(rows: usize, cols: usize) -> Self {
        BitMatrix { rows, cols, words: vec![0; rows * words_for(cols)] }
    }

    /// The matrix with `f(row, column)` in each place.
    pub fn from_fn(rows: usize, cols: usize, mut f: impl FnMut(usize, usize) -> bool) -> Self {
        let mut m = Self::zeros(rows, cols);
        for r in 0..rows {
            for c in 0..cols {
                if f(r, c) {
                    m.set(r, c, true);
                }
            }
        }
        m
    }

    /// From `rows * cols` bytes, row by row (anything but 0 counts as 1).
    ///
    /// # Panics
    /// If there are not so many bytes.
    pub fn from_bytes(rows: usize, cols: usize, bytes: &[u8]) -> Self {
        assert_eq!(bytes.len(), rows * cols, "bytes of {rows} rows of {cols} columns");
        let mut m = Self::zeros(rows, cols);
        if bytes.is_empty() {
            return m;
        }
        let together = rows_together(cols);
        let words = m.words.chunks_mut(together * words_for(cols));
        each_pair(words, bytes.chunks(together * cols), |(words, bytes)| {
            for (words, bytes) in words.chunks_exact_mut(words_for(cols)).zip(bytes.chunks_exact(cols)) {
                pack(bytes, words);
            }
        });
        m
    }

    /// From `rows * cols` bytes, row by row, each of which must be 0 or 1.
    ///
    /// ```
    /// use hopgate_model::bits::BitMatrix;
    /// assert_eq!(BitMatrix::from_bits(1, 3, &[0, 1, 1]).unwrap().row(0), &[0b110]);
    /// assert_eq!(BitMatrix::from_bits(2, 2, &[0, 1, 2, 1]), Err(2));
    /// ```
    ///
    /// # Errors
    /// The place of the first byte that is another.
    ///
    /// # Panics
    /// If there are not so many bytes.
    pub fn from_bits(rows: usize, cols: usize, bytes: &[u8]) -> Result<Self, usize> {
        assert_eq!(bytes.len(), rows * cols, "bytes of {rows} rows of {cols} columns");
        let mut m = Self::zeros(rows, cols);
        if bytes.is_empty() {
            return Ok(m);
        }
        let together = rows_together(cols);
        let words = m.words.chunks_mut(together * words_for(cols));
        let other = AtomicBool::new(false);
        each_pair(words, bytes.chunks(together * cols), |(words, bytes)| {
            let rows = words.chunks_exact_mut(words_for(cols)).zip(bytes.chunks_exact(cols));
            let seen = rows.fold(0, |seen, (words, bytes)| seen | pack_bits(bytes, words));
            if seen & !ONES != 0 {
                other.store(true, Ordering::Relaxed);
            }
        });
        match other.into_inner() {
            false => Ok(m),
            true => Err(bytes.iter().position(|&byte| byte > 1).unwrap_or(0)),
        }
    }

    /// A byte of 0 or 1 for every bit, row by row.
    pub fn to_bytes(&self) -> Vec<u8> {
        // whole words need no room that is cleared first
        #[cfg(feature = "std")]
        if self.cols.is_multiple_of(64) {
            let words = self.words.par_iter().with_min_len(1 << 11);
            return words.map(|&word| unpacked(word)).collect::<Vec<_>>().into_flattened();
        }
        let mut bytes = vec![0; self.rows * self.cols];
        if bytes.is_empty() {
            return bytes;
        }
        let (together, width) = (rows_together(self.cols), words_for(self.cols));
        let words = self.words.chunks(together * width);
        each_pair(words, bytes.chunks_mut(together * self.cols), |(words, bytes)| {
            for (words, bytes) in words.chunks_exact(width).zip(bytes.chunks_exact_mut(self.cols)) {
                unpack(words, bytes);
            }
        });
        bytes
    }

    /// Rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Columns (bits per row).
    pub fn cols(&self) -> usize {
        self.cols
    }

    /// One bit.
    pub fn get(&self, r: usize, c: usize) -> bool {
        assert!(c < self.cols, "column {c} of {}", self.cols);
        bit(self.row(r), c)
    }

    /// Sets one bit.
    pub fn set(&mut self, r: usize, c: usize, value: bool) {
        assert!(c < self.cols, "column {c} of {}", self.cols);
        let w = words_for(self.cols);
        set_bit(&mut self.words[r * w..(r + 1) * w], c, value);
    }

    /// One packed row.
    pub fn row(&self, r: usize) -> &[u64] {
        let w = words_for(self.cols);
        &self.words[r * w..(r + 1) * w]
    }

    /// Puts a packed row in the place of one; what it holds beyond the last column counts for nothing.
    ///
    /// # Panics
    /// If the row has not the words of one.
    pub fn set_row(&mut self, r: usize, row: &[u64]) {
        let w = words_for(self.cols);
        let words = &mut self.words[r * w..(r + 1) * w];
        words.copy_from_slice(row);
        // equal matrices have equal words: distances, hashes and comparisons take them whole
        if let (Some(last), used @ 1..) = (words.last_mut(), self.cols % 64) {
            *last &= (1 << used) - 1;
        }
    }

    /// The packed rows, to change in parallel. Bits beyond the last column must stay zero.
    #[cfg(feature = "std")]
    pub(crate) fn par_rows_mut(&mut self) -> impl IndexedParallelIterator<Item = &mut [u64]> {
        self.words.par_chunks_exact_mut(words_for(self.cols).max(1))
    }

    /// The rows with these indices, in this order.
    pub fn select(&self, rows: &[usize]) -> Self {
        let mut m = Self::zeros(rows.len(), self.cols);
        for (to, &from) in rows.iter().enumerate() {
            m.set_row(to, self.row(from));
        }
        m
    }

    /// The first row that repeats an earlier one, and that one.
    ///
    /// ```
    /// use hopgate_model::bits::BitMatrix;
    /// let m = BitMatrix::from_fn(4, 2, |r, c| r % 2 == c);
    /// assert_eq!(m.first_repeat(), Some((2, 0)));
    /// ```
    pub fn first_repeat(&self) -> Option<(usize, usize)> {
        let mut seen = BTreeMap::new();
        (0..self.rows).find_map(|r| Some((r, seen.insert(self.row(r), r)?)))
    }

    /// Ones in a column.
    pub fn column_ones(&self, c: usize) -> usize {
        (0..self.rows).filter(|&r| self.get(r, c)).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eights_are_gathered_and_spread() {
        for bits in 0..=u8::MAX {
            let bytes: [u8; 8] = core::array::from_fn(|b| bits >> b & 1);
            assert_eq!((spread(bits), gathered(bytes)), (bytes, bits.into()));
            // anything but 0 counts as 1
            for other in [2, 0x7f, 0x80, 0xff] {
                assert_eq!(gathered(bytes.map(|b| b * other)), bits.into(), "{other}");
            }
        }
    }

    #[test]
    fn bytes_there_and_back() {
        for (rows, cols) in
            [(3, 1), (2, 7), (2, 8), (3, 63), (2, 64), (3, 65), (2, 71), (1, 200), (2, 0), (0, 5), (700, 513)]
        {
            let m = BitMatrix::from_fn(rows, cols, |r, c| (r * 7 + c * c) % 3 == 0);
            let slow: Vec<u8> = (0..rows * cols).map(|i| m.get(i / cols, i % cols).into()).collect();
            assert_eq!(m.to_bytes(), slow, "{rows} x {cols}");
            assert_eq!(BitMatrix::from_bytes(rows, cols, &slow), m, "{rows} x {cols}");
            assert_eq!(BitMatrix::from_bits(rows, cols, &slow).as_ref(), Ok(&m), "{rows} x {cols}");
            // whatever is no bit is found, wherever it is
            for (place, other) in [(0, 2), (slow.len() / 2, 0x80), (slow.len().saturating_sub(1), 0xff)] {
                let mut wrong = slow.clone();
                let Some(byte) = wrong.get_mut(place) else { continue };
                *byte = other;
                assert_eq!(BitMatrix::from_bits(rows, cols, &wrong), Err(place), "{rows} x {cols}");
            }
        }
    }
}
