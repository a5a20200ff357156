//! Quantised dual weights before they become integers: planes, plane weights and an offset.

use hopgate_model::bits::BitMatrix;
use ndarray::Array2;

/// The value of a dual weight is `offset + sum over j of (2*b_j - 1) * w_j`.
#[derive(Debug, Clone, PartialEq)]
pub struct Levels {
    /// `k` planes of `P x M` bits, the most significant last.
    pub planes: Vec<BitMatrix>,
    /// Their weights, none negative.
    pub weights: Vec<f64>,
    /// The value in the middle.
    pub offset: f64,
}

impl Levels {
    /// The quantised dual weights, (P, M).
    pub fn values(&self) -> Array2<f64> {
        let shape = (self.planes[0].rows(), self.planes[0].cols());
        Array2::from_shape_fn(shape, |(mu, i)| {
            let code = self.planes.iter().enumerate().fold(0, |c, (j, plane)| c | usize::from(plane.get(mu, i)) << j);
            self.offset + signed_sum(&self.weights, code)
        })
    }

    /// All values that a code can stand for, ascending.
    pub fn all(&self) -> Vec<f64> {
        let mut all: Vec<f64> =
            (0..1usize << self.weights.len()).map(|c| self.offset + signed_sum(&self.weights, c)).collect();
        all.sort_by(f64::total_cmp);
        all
    }
}

/// `sum over j of (2*c_j - 1) * w_j`, from the least significant up.
pub(crate) fn signed_sum(weights: &[f64], code: usize) -> f64 {
    weights.iter().enumerate().map(|(j, w)| if code >> j & 1 == 1 { *w } else { -w }).sum()
}
