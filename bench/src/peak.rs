//! How many bits the processor can compare and count in a second: from its first-level cache, or of any rows from where they are.

use hopgate_model::bits::BitMatrix;

/// 16 KiB: the first-level cache of every processor in question has it.
pub const WORDS: usize = 2048;

/// The number of bits in which the words differ from `state`, by the best population count there is.
pub fn differing(words: &[u64], state: u64) -> u64 {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512vpopcntdq") {
        // SAFETY: the processor has these vectors
        return unsafe { avx512(words, state) };
    }
    words.iter().map(|w| u64::from((w ^ state).count_ones())).sum()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512vpopcntdq")]
fn avx512(words: &[u64], state: u64) -> u64 {
    use std::arch::x86_64::*;
    let whole = words.chunks_exact(64);
    let rest: u64 = whole.remainder().iter().map(|w| u64::from((w ^ state).count_ones())).sum();
    let state = _mm512_set1_epi64(state as i64);
    // eight sums, so that no addition waits for another
    let mut sums = [_mm512_setzero_si512(); 8];
    for words in whole {
        for (sum, words) in sums.iter_mut().zip(words.chunks_exact(8)) {
            // SAFETY: 64 bytes are loaded from 8 words
            let words = unsafe { _mm512_loadu_si512(words.as_ptr().cast()) };
            *sum = _mm512_add_epi64(*sum, _mm512_popcnt_epi64(_mm512_xor_si512(words, state)));
        }
    }
    sums.into_iter().map(|s| _mm512_reduce_add_epi64(s) as u64).sum::<u64>() + rest
}

/// The rows of a matrix, one behind the other, beginning where a cache line does.
pub struct Rows {
    words: Vec<u64>,
    begin: usize,
}

impl Rows {
    /// Copies them.
    pub fn of(rows: &BitMatrix) -> Self {
        // seven words at most lie before a line of 64 bytes
        let count = (0..rows.rows()).map(|r| rows.row(r).len()).sum::<usize>();
        let mut words: Vec<u64> = Vec::with_capacity(count + 7);
        let begin = words.as_ptr().align_offset(64).min(7);
        words.resize(begin, 0);
        (0..rows.rows()).for_each(|r| words.extend_from_slice(rows.row(r)));
        Rows { words, begin }
    }

    /// The words.
    pub fn words(&self) -> &[u64] {
        &self.words[self.begin..]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_right() {
        // whole vectors, and words beside them
        for count in [0, 1, 63, 64, 200, WORDS] {
            let words: Vec<u64> = (0..count).map(|i| (i as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)).collect();
            let right: u32 = words.iter().map(|w| (w ^ 77).count_ones()).sum();
            assert_eq!(differing(&words, 77), u64::from(right));
        }
    }

    #[test]
    fn rows_begin_with_a_line() {
        let rows = BitMatrix::from_fn(5, 130, |r, c| (r + c) % 3 == 0);
        let copied = Rows::of(&rows);
        assert_eq!(copied.words().as_ptr().align_offset(64), 0);
        assert_eq!(copied.words(), (0..5).flat_map(|r| rows.row(r).to_vec()).collect::<Vec<_>>());
    }
}
