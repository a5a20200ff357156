//! The inner loops with the 128-bit vectors of aarch64.

#![allow(unsafe_code)] // vector loads and stores take pointers; every one says why it stays inside

use super::{kernels::Table, portable, rows::Rows};
use core::arch::aarch64::*;

/// The compiler makes vectors of the other loops by itself: every aarch64 has them.
pub(super) const TABLE: Table = Table {
    scan,
    measure: portable::measure,
    select: portable::select,
    add: portable::add,
    add_each: portable::add_each,
    dense: None,
    spill: portable::spill,
    decide_wide: portable::decide_wide,
    decide: portable::decide,
};

/// Vectors whose counts, of at most 8 each, fit a byte.
const COUNTED: usize = 16;

#[target_feature(enable = "neon")]
fn scan(rows: &Rows, first: usize, state: &[u64], known: &[u64], distances: &mut [u16]) -> u16 {
    let vectors = rows.stride().div_ceil(16);
    // what is behind the last neuron is not known
    let (states, masks) = (state.as_ptr().cast::<u8>(), known.as_ptr().cast::<u8>());
    let mut least = u16::MAX;
    for (r, d) in distances.iter_mut().enumerate() {
        let start = rows.start(first + r);
        *d = 0;
        for from in (0..vectors).step_by(COUNTED) {
            let mut counts = vdupq_n_u8(0);
            for v in from..vectors.min(from + COUNTED) {
                // SAFETY: the vector begins inside the row, and behind the last row there is padding; a state has whole vectors for a row
                let (row, state, known) =
                    unsafe { (vld1q_u8(start.add(16 * v)), vld1q_u8(states.add(16 * v)), vld1q_u8(masks.add(16 * v))) };
                counts = vaddq_u8(counts, vcntq_u8(vandq_u8(veorq_u8(row, state), known)));
            }
            *d += vaddlvq_u8(counts);
        }
        least = least.min(*d);
    }
    least
}
