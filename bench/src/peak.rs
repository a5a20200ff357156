//! How many bits the processor can compare and count in a second, from its first-level cache.

/// 16 KiB: the first-level cache of every processor in question has it.
pub const WORDS: usize = 2048;

/// The number of bits in which the words differ from `state`, by the best population count there is.
pub fn differing(words: &[u64; WORDS], state: u64) -> u64 {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512vpopcntdq") {
        // SAFETY: the processor has these vectors
        return unsafe { avx512(words, state) };
    }
    words.iter().map(|w| u64::from((w ^ state).count_ones())).sum()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512vpopcntdq")]
fn avx512(words: &[u64; WORDS], state: u64) -> u64 {
    use std::arch::x86_64::*;
    let state = _mm512_set1_epi64(state as i64);
    // eight sums, so that no addition waits for another
    let mut sums = [_mm512_setzero_si512(); 8];
    for words in words.chunks_exact(64) {
        for (sum, words) in sums.iter_mut().zip(words.chunks_exact(8)) {
            // SAFETY: 64 bytes are loaded from 8 words
            let words = unsafe { _mm512_loadu_si512(words.as_ptr().cast()) };
            *sum = _mm512_add_epi64(*sum, _mm512_popcnt_epi64(_mm512_xor_si512(words, state)));
        }
    }
    sums.into_iter().map(|s| _mm512_reduce_add_epi64(s) as u64).sum()
}

#[cfg(test)]
mod tests {
    #[test]
    fn counts_are_right() {
        let words = std::array::from_fn(|i| (i as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let right: u32 = words.iter().map(|w: &u64| (w ^ 77).count_ones()).sum();
        assert_eq!(super::differing(&words, 77), u64::from(right));
    }
}
