//! Distances over some of the bits.

use super::{kernels::State, rows::Rows};

/// The distances of a state from every row over the known bits, written to the front of `distances`, and the smallest.
pub(super) fn scan(rows: &Rows, state: &State, known: &State, distances: &mut [u16]) -> u16 {
    let mut least = u16::MAX;
    for (mu, d) in distances[..rows.rows()].iter_mut().enumerate() {
        let words = rows.words(mu).zip(&state.0).zip(&known.0);
        *d = words.map(|((row, state), known)| ((row ^ state) & known).count_ones() as u16).sum();
        least = least.min(*d);
    }
    least
}
