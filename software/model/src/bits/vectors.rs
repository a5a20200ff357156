//! Bits and bytes by vectors.

#![allow(unsafe_code)] // vector loads and stores take pointers; every one says why it stays inside

use super::bytes::{Pack, Unpack};
use core::arch::x86_64::*;

/// What the processor has, the best first.
pub(super) fn all() -> Vec<(Pack, Unpack)> {
    let mut all: Vec<(Pack, Unpack)> = Vec::new();
    if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512bw") {
        // SAFETY: the processor has these vectors
        all.push((|bytes, words| unsafe { pack512(bytes, words) }, |words, bytes| unsafe { unpack512(words, bytes) }));
    }
    if is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has these vectors
        all.push((|bytes, words| unsafe { pack256(bytes, words) }, |words, bytes| unsafe { unpack256(words, bytes) }));
    }
    all
}

/// The best of them.
pub(super) fn best() -> Option<(Pack, Unpack)> {
    all().into_iter().next()
}

#[target_feature(enable = "avx512f,avx512bw")]
fn pack512(bytes: &[u8], words: &mut [u64]) -> bool {
    let (most, mut others) = (_mm512_set1_epi8(1), 0);
    for (word, bytes) in words.iter_mut().zip(bytes.chunks(64)) {
        // SAFETY: the mask keeps the load inside the chunk
        let all = unsafe { _mm512_maskz_loadu_epi8(u64::MAX >> (64 - bytes.len()), bytes.as_ptr().cast()) };
        *word = _mm512_test_epi8_mask(all, all);
        others |= _mm512_cmpgt_epu8_mask(all, most);
    }
    others == 0
}

#[target_feature(enable = "avx512f,avx512bw")]
fn unpack512(words: &[u64], bytes: &mut [u8]) {
    for (&word, bytes) in words.iter().zip(bytes.chunks_mut(64)) {
        let ones = _mm512_maskz_set1_epi8(word, 1);
        // SAFETY: the mask keeps the store inside the chunk
        unsafe { _mm512_mask_storeu_epi8(bytes.as_mut_ptr().cast(), u64::MAX >> (64 - bytes.len()), ones) };
    }
}

#[target_feature(enable = "avx2")]
fn pack256(bytes: &[u8], words: &mut [u64]) -> bool {
    let (zero, most) = (_mm256_setzero_si256(), _mm256_set1_epi8(1));
    let mut seen = zero;
    for (word, bytes) in words.iter_mut().zip(bytes.chunks(64)) {
        let mut whole = [0; 64];
        // what is not whole is copied to what is
        let bytes = match bytes.first_chunk::<64>() {
            Some(bytes) => bytes,
            None => {
                whole[..bytes.len()].copy_from_slice(bytes);
                &whole
            }
        };
        *word = 0;
        for at in [0, 32] {
            // SAFETY: 32 bytes from 0 or from 32 on are in the 64
            let half = unsafe { _mm256_loadu_si256(bytes.as_ptr().add(at).cast()) };
            seen = _mm256_or_si256(seen, half);
            let none = _mm256_movemask_epi8(_mm256_cmpeq_epi8(half, zero)) as u32;
            *word |= u64::from(!none) << at;
        }
    }
    // of unsigned bytes, at most 1 is what the greater of it and 1 is 1
    let within = _mm256_cmpeq_epi8(_mm256_max_epu8(seen, most), most);
    _mm256_movemask_epi8(within) == -1
}

#[target_feature(enable = "avx2")]
fn unpack256(words: &[u64], bytes: &mut [u8]) {
    // the byte that each byte comes of, and its bit
    let of = _mm256_setr_epi8(
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3,
    );
    let bit = _mm256_set1_epi64x(0x8040_2010_0804_0201_u64 as i64);
    let one = _mm256_set1_epi8(1);
    for (&word, bytes) in words.iter().zip(bytes.chunks_mut(64)) {
        let mut whole = [0u8; 64];
        let into = match bytes.first_chunk_mut::<64>() {
            Some(into) => into,
            None => &mut whole,
        };
        for at in [0, 32] {
            let half = _mm256_shuffle_epi8(_mm256_set1_epi32((word >> at) as i32), of);
            let ones = _mm256_and_si256(_mm256_cmpeq_epi8(_mm256_and_si256(half, bit), bit), one);
            // SAFETY: 32 bytes from 0 or from 32 on are in the 64
            unsafe { _mm256_storeu_si256(into.as_mut_ptr().add(at).cast(), ones) };
        }
        if bytes.len() < 64 {
            bytes.copy_from_slice(&whole[..bytes.len()]);
        }
    }
}
