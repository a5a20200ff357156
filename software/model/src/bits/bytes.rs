//! Bits and bytes: a byte for every bit, there and back.

#[cfg(all(feature = "std", target_arch = "x86_64"))]
use super::vectors;
use super::{BitMatrix, words_for};
use alloc::{vec, vec::Vec};
use core::sync::atomic::{AtomicBool, Ordering};
#[cfg(feature = "std")]
use rayon::prelude::*;

impl BitMatrix {
    /// From `rows * cols` bytes, row by row (anything but 0 counts as 1).
    ///
    /// # Panics
    /// If there are not so many bytes.
    pub fn from_bytes(rows: usize, cols: usize, bytes: &[u8]) -> Self {
        Self::packed(rows, cols, bytes).0
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
        match Self::packed(rows, cols, bytes) {
            (m, true) => Ok(m),
            _ => Err(bytes.iter().position(|&byte| byte > 1).unwrap_or(0)),
        }
    }

    /// The matrix, and whether all bytes are 0 and 1.
    fn packed(rows: usize, cols: usize, bytes: &[u8]) -> (Self, bool) {
        assert_eq!(bytes.len(), rows * cols, "bytes of {rows} rows of {cols} columns");
        let mut m = Self::zeros(rows, cols);
        if bytes.is_empty() {
            return (m, true);
        }
        let (together, width) = (rows_together(cols), words_for(cols));
        let (pack, others) = (packer(), AtomicBool::new(false));
        each_pair(m.words.chunks_mut(together * width), bytes.chunks(together * cols), |(words, bytes)| {
            for (words, bytes) in words.chunks_exact_mut(width).zip(bytes.chunks_exact(cols)) {
                if !pack(bytes, words) {
                    others.store(true, Ordering::Relaxed);
                }
            }
        });
        (m, !others.into_inner())
    }

    /// A byte of 0 or 1 for every bit, row by row.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![0; self.rows * self.cols];
        self.write_bytes(&mut bytes);
        bytes
    }

    /// The same, into room for it.
    ///
    /// # Panics
    /// If there is not a byte for every bit.
    pub fn write_bytes(&self, bytes: &mut [u8]) {
        assert_eq!(bytes.len(), self.rows * self.cols, "bytes of {} rows of {} columns", self.rows, self.cols);
        if bytes.is_empty() {
            return;
        }
        let (together, width) = (rows_together(self.cols), words_for(self.cols));
        let unpack = unpacker();
        let bytes = bytes.chunks_mut(together * self.cols);
        each_pair(self.words.chunks(together * width), bytes, |(words, bytes)| {
            for (words, bytes) in words.chunks_exact(width).zip(bytes.chunks_exact_mut(self.cols)) {
                unpack(words, bytes);
            }
        });
    }
}

/// What packs the bytes of a row, and says whether all are 0 and 1.
pub(super) type Pack = fn(&[u8], &mut [u64]) -> bool;
/// What writes a byte for each bit of a row.
pub(super) type Unpack = fn(&[u64], &mut [u8]);

/// The best that the processor can do.
fn packer() -> Pack {
    #[cfg(all(feature = "std", target_arch = "x86_64"))]
    if let Some((pack, _)) = vectors::best() {
        return pack;
    }
    pack
}

fn unpacker() -> Unpack {
    #[cfg(all(feature = "std", target_arch = "x86_64"))]
    if let Some((_, unpack)) = vectors::best() {
        return unpack;
    }
    unpack
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
    f: impl Fn((A, B)) + Send + Sync,
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

/// All bits of a byte but the highest, in eight bytes.
const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
/// The lowest bit of every byte.
const ONES: u64 = 0x0101_0101_0101_0101;
/// What takes the lowest bits of eight bytes to the highest byte.
const GATHER: u64 = 0x0102_0408_1020_4080;

/// A bit for each of eight bytes, which is one unless the byte is 0; the first byte gives the lowest.
fn gathered(bytes: u64) -> u64 {
    let ones = ((((bytes & LOW) + LOW) | bytes) & !LOW) >> 7;
    // the one of byte `b` is bit `8*b`: a shift by `56 - 7*b` takes it to bit `56 + b`, and no two meet above bit 55
    ones.wrapping_mul(GATHER) >> 56
}

/// A byte of 0 or 1 for each bit, the lowest first.
fn spread(bits: u8) -> [u8; 8] {
    // byte `b` keeps bit `b`
    let kept = (u64::from(bits) * ONES) & 0x8040_2010_0804_0201;
    (((kept + LOW) & !LOW) >> 7).to_le_bytes()
}

/// [`Pack`], eight bytes at a time.
fn pack(bytes: &[u8], words: &mut [u64]) -> bool {
    let mut seen = 0;
    for (word, bytes) in words.iter_mut().zip(bytes.chunks(64)) {
        let (eights, rest) = bytes.as_chunks::<8>();
        let mut packed = 0;
        for (at, &eight) in eights.iter().enumerate() {
            let eight = u64::from_le_bytes(eight);
            seen |= eight;
            packed |= gathered(eight) << (8 * at);
        }
        for (b, &byte) in rest.iter().enumerate() {
            seen |= u64::from(byte);
            packed |= u64::from(byte != 0) << (8 * eights.len() + b);
        }
        *word = packed;
    }
    seen & !ONES == 0
}

/// [`Unpack`], eight bytes at a time.
fn unpack(words: &[u64], bytes: &mut [u8]) {
    for (word, bytes) in words.iter().zip(bytes.chunks_mut(64)) {
        for (eight, bits) in bytes.chunks_mut(8).zip(word.to_le_bytes()) {
            let spread = spread(bits);
            match eight.first_chunk_mut::<8>() {
                Some(eight) => *eight = spread,
                None => eight.copy_from_slice(&spread[..eight.len()]),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eights_are_gathered_and_spread() {
        for bits in 0..=u8::MAX {
            let bytes: [u8; 8] = core::array::from_fn(|b| bits >> b & 1);
            let gathered = |bytes| gathered(u64::from_le_bytes(bytes));
            assert_eq!((spread(bits), gathered(bytes)), (bytes, bits.into()));
            // anything but 0 counts as 1
            for other in [2, 0x7f, 0x80, 0xff] {
                assert_eq!(gathered(bytes.map(|b| b * other)), bits.into(), "{other}");
            }
        }
    }

    /// Every way that this processor has.
    fn ways() -> Vec<(Pack, Unpack)> {
        let plain: (Pack, Unpack) = (pack, unpack);
        #[cfg(all(feature = "std", target_arch = "x86_64"))]
        return [plain].into_iter().chain(vectors::all()).collect();
        #[cfg(not(all(feature = "std", target_arch = "x86_64")))]
        return vec![plain];
    }

    #[test]
    fn every_way_packs_and_unpacks_every_width() {
        for (pack, unpack) in ways() {
            for cols in (1..200).chain([511, 513]) {
                let bits: Vec<u8> = (0..cols).map(|c| u8::from((c * 7 + c * c) % 3 == 0)).collect();
                let mut words = vec![u64::MAX; words_for(cols)];
                assert!(pack(&bits, &mut words), "{cols}");
                let slow = BitMatrix::from_fn(1, cols, |_, c| bits[c] == 1);
                assert_eq!(words, slow.row(0), "{cols}");
                let mut back = vec![7; cols];
                unpack(&words, &mut back);
                assert_eq!(back, bits, "{cols}");
                // whatever is no bit is seen wherever it is, and counts as 1
                for (at, other) in [(0, 2), (cols / 2, 0x80), (cols - 1, 0xff)] {
                    let mut wrong = bits.clone();
                    wrong[at] = other;
                    assert!(!pack(&wrong, &mut words), "{cols}, {at}");
                    assert_eq!(words[at / 64] >> (at % 64) & 1, 1, "{cols}, {at}");
                }
                // and no other hides it
                for apart in [1, 8, 64].into_iter().filter(|&apart| apart < cols) {
                    let mut wrong = bits.clone();
                    (wrong[cols - 1], wrong[cols - 1 - apart]) = (2, 2);
                    assert!(!pack(&wrong, &mut words), "{cols}, {apart} apart");
                }
            }
        }
    }

    #[test]
    fn bytes_there_and_back() {
        for (rows, cols) in [(3, 1), (2, 64), (3, 65), (2, 0), (0, 5), (700, 513)] {
            let m = BitMatrix::from_fn(rows, cols, |r, c| (r * 7 + c * c) % 3 == 0);
            let slow: Vec<u8> = (0..rows * cols).map(|i| m.get(i / cols, i % cols).into()).collect();
            assert_eq!(m.to_bytes(), slow, "{rows} x {cols}");
            assert_eq!(BitMatrix::from_bytes(rows, cols, &slow), m, "{rows} x {cols}");
            assert_eq!(BitMatrix::from_bits(rows, cols, &slow).as_ref(), Ok(&m), "{rows} x {cols}");
            let mut wrong = slow.clone();
            let Some(last) = wrong.last_mut() else { continue };
            *last = 2;
            assert_eq!(BitMatrix::from_bits(rows, cols, &wrong), Err(slow.len() - 1), "{rows} x {cols}");
        }
    }
}
