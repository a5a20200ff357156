//! The fields of some neurons at a state, and after each flip of it.

use hopgate_model::{
    Error, Result,
    bits::{BitMatrix, hamming},
};
use hopgate_train::recall_float::FloatMemory;
use ndarray::Array2;

/// The fields of some neurons, by distances.
pub(super) struct Field<'a> {
    patterns: &'a BitMatrix,
    kernel: &'a [f64],
    /// The dual weights of these neurons, a row per pattern.
    alpha: Array2<f64>,
}

impl<'a> Field<'a> {
    pub(super) fn new(memory: &'a FloatMemory, neurons: &[usize]) -> Result<Self> {
        let patterns = memory.patterns();
        if neurons.is_empty() {
            return Err(Error::usage("influences need at least one neuron"));
        }
        if let Some(j) = neurons.iter().find(|&&j| j >= patterns.cols()) {
            return Err(Error::usage(format!("there is no neuron {j} of {}", patterns.cols())));
        }
        let column = |(mu, k): (usize, usize)| memory.alpha()[[mu, neurons[k]]];
        let alpha = Array2::from_shape_fn((patterns.rows(), neurons.len()), column);
        Ok(Field { patterns, kernel: memory.kernel(), alpha })
    }

    pub(super) fn distances(&self, state: &[u64]) -> Vec<u32> {
        (0..self.patterns.rows()).map(|mu| hamming(state, self.patterns.row(mu))).collect()
    }

    /// The signs of the fields at these distances, summed in the order of [`FloatMemory`].
    pub(super) fn signs(&self, distances: &[u32]) -> Vec<bool> {
        let nearest = distances.iter().copied().min().unwrap_or(0);
        let mut field = vec![0.0; self.alpha.ncols()];
        for (row, d) in self.alpha.outer_iter().zip(distances) {
            let k = self.kernel[(d - nearest) as usize];
            if k > 0.0 {
                field.iter_mut().zip(row).for_each(|(h, a)| *h += k * a);
            }
        }
        field.iter().map(|&h| h >= 0.0).collect()
    }

    /// Adds one to `changes[k*N + i]` where flipping input `i` of the state changes the sign of the `k`-th field.
    pub(super) fn count_changes(&self, state: &[u64], changes: &mut [u64]) {
        let (n, neurons) = (self.patterns.cols(), self.alpha.ncols());
        let distances = self.distances(state);
        let here = self.signs(&distances);
        for (i, flipped) in self.flipped_fields(state, &distances).chunks_exact(neurons).enumerate() {
            for (k, (&sign, &h)) in here.iter().zip(flipped).enumerate() {
                changes[k * n + i] += u64::from(sign != (h >= 0.0));
            }
        }
    }

    /// The fields after each flip, those of one flip side by side: each is summed and normalised as in [`Field::signs`].
    pub(super) fn flipped_fields(&self, state: &[u64], distances: &[u32]) -> Vec<f64> {
        let nearest = distances.iter().copied().min().unwrap_or(0);
        let differs = |mu: usize, i: usize| (state[i / 64] ^ self.patterns.row(mu)[i / 64]) >> (i % 64) as u32 & 1 == 1;
        // the nearest distance after each flip: a pattern can only come nearer than nearest + 1 if it is within that now
        let mut base = vec![nearest + 1; self.patterns.cols()];
        for (mu, &d) in distances.iter().enumerate().filter(|(_, d)| **d <= nearest + 1) {
            for (_, base) in base.iter_mut().enumerate().filter(|&(i, _)| differs(mu, i)) {
                *base = (*base).min(d - 1);
            }
        }
        let neurons = self.alpha.ncols();
        let mut fields = vec![0.0; base.len() * neurons];
        for ((mu, &d), weights) in distances.iter().enumerate().zip(self.alpha.outer_iter()) {
            if self.kernel[(d - nearest).saturating_sub(2) as usize] == 0.0 {
                continue; // too far to vote, whatever is flipped
            }
            for ((i, &base), fields) in base.iter().enumerate().zip(fields.chunks_exact_mut(neurons)) {
                let there = if differs(mu, i) { d - 1 } else { d + 1 };
                let k = self.kernel[(there - base) as usize];
                fields.iter_mut().zip(weights).for_each(|(h, a)| *h += k * a);
            }
        }
        fields
    }
}
