//! Magnitude pruning: the smallest dual weights become zero.
//!
//! `A_p = A * [|A| >= tau]`, with `tau` such that a fraction `S` of the weights lies below it (arXiv 2604.20333, eq. 3).

use hopgate_model::{Error, ErrorKind, Result};
use ndarray::Array2;

/// Pruned dual weights.
#[derive(Debug, Clone, PartialEq)]
pub struct Pruned {
    /// The dual weights, (P, N), the pruned ones zero.
    pub alpha: Array2<f64>,
    /// The paper's `tau`: the smallest magnitude that was kept, infinite when none was.
    pub threshold: f64,
    /// Weights that were pruned: `sparsity * P * N`, rounded.
    pub zeroed: usize,
}

/// Zeroes exactly `round(sparsity * P * N)` dual weights, the smallest magnitudes first. Of equal magnitudes the one
/// that comes first in the matrix, row by row, goes first. A weight that was zero before counts as pruned.
///
/// # Errors
/// [`ErrorKind::Usage`] unless `0 <= sparsity < 1`; [`ErrorKind::Value`] for a weight that is not finite.
///
/// ```
/// use ndarray::arr2;
/// let pruned = hopgate_lab::prune::magnitude_prune(&arr2(&[[3.0, -1.0], [2.0, -4.0]]), 0.5)?;
/// assert_eq!(pruned.alpha, arr2(&[[3.0, 0.0], [0.0, -4.0]]));
/// assert_eq!((pruned.threshold, pruned.zeroed), (3.0, 2));
/// # Ok::<(), hopgate_model::Error>(())
/// ```
pub fn magnitude_prune(alpha: &Array2<f64>, sparsity: f64) -> Result<Pruned> {
    if !(0.0..1.0).contains(&sparsity) {
        return Err(Error::usage(format!("the sparsity is {sparsity}, but must be at least 0 and less than 1"))
            .hint("0.1 prunes one weight in ten"));
    }
    if let Some(((mu, i), a)) = alpha.indexed_iter().find(|(_, a)| !a.is_finite()) {
        return Err(Error::new(ErrorKind::Value, format!("alpha is {a} at pattern {mu}, neuron {i}")));
    }
    let mut order: Vec<((usize, usize), f64)> = alpha.indexed_iter().map(|(at, a)| (at, a.abs())).collect();
    // stable, and `indexed_iter` goes row by row
    order.sort_by(|a, b| a.1.total_cmp(&b.1));
    let zeroed = libm::round(sparsity * order.len() as f64) as usize;
    let mut pruned = alpha.clone();
    for &(at, _) in &order[..zeroed] {
        pruned[at] = 0.0;
    }
    let threshold = order.get(zeroed).map_or(f64::INFINITY, |kept| kept.1);
    Ok(Pruned { alpha: pruned, threshold, zeroed })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::arr2;
    use proptest::prelude::*;

    #[test]
    fn ties_go_row_by_row() {
        let alpha = arr2(&[[-1.0, 1.0, 2.0], [1.0, -1.0, 0.0]]);
        let pruned = magnitude_prune(&alpha, 0.5).unwrap();
        assert_eq!(pruned.alpha, arr2(&[[0.0, 0.0, 2.0], [1.0, -1.0, 0.0]]));
        assert_eq!((pruned.threshold, pruned.zeroed), (1.0, 3));
    }

    #[test]
    fn the_ends_of_the_range() {
        let alpha = arr2(&[[1.0, -2.0]]);
        let all = magnitude_prune(&alpha, 0.0).unwrap();
        assert_eq!((&all.alpha, all.threshold, all.zeroed), (&alpha, 1.0, 0));
        let none = magnitude_prune(&alpha, 0.99).unwrap();
        assert_eq!((none.alpha, none.threshold, none.zeroed), (arr2(&[[0.0, 0.0]]), f64::INFINITY, 2));
        assert_eq!(magnitude_prune(&Array2::zeros((0, 3)), 0.5).unwrap().zeroed, 0);
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for sparsity in [-0.1, 1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(magnitude_prune(&arr2(&[[1.0]]), sparsity).unwrap_err().kind(), ErrorKind::Usage);
        }
        assert_eq!(magnitude_prune(&arr2(&[[f64::NAN]]), 0.1).unwrap_err().kind(), ErrorKind::Value);
    }

    proptest! {
        #[test]
        fn the_count_is_exact_and_nothing_kept_is_smaller(
            weights in prop::collection::vec(-3i32..=3, 1..60), sparsity in 0.0..0.999
        ) {
            let alpha = Array2::from_shape_fn((1, weights.len()), |(_, i)| f64::from(weights[i]));
            let pruned = magnitude_prune(&alpha, sparsity).unwrap();
            prop_assert_eq!(pruned.zeroed, (sparsity * weights.len() as f64).round() as usize);
            let already = alpha.iter().filter(|a| **a == 0.0).count();
            let zeros = pruned.alpha.iter().filter(|a| **a == 0.0).count();
            prop_assert_eq!(zeros, already.max(pruned.zeroed));
            for (a, p) in alpha.iter().zip(&pruned.alpha) {
                prop_assert!(p == a || *p == 0.0 && a.abs() <= pruned.threshold);
                prop_assert!(*p == 0.0 || p.abs() >= pruned.threshold);
            }
        }
    }
}
