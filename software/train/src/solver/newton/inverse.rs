//! The matrix that all neurons share: the inverse of `s K + lambda I`, for one slope `s` of the sigmoid.

use crate::dense::{add_product_above, product};
use ndarray::{Array2, s};

/// Rows that are eliminated together.
const BLOCK: usize = 96;
/// Rows and columns that are mirrored together.
const SQUARE: usize = 32;

/// What takes the place of a Newton step's matrix `S K + lambda I`, as if every slope in `S` were the same.
pub(super) struct Shared {
    /// The slope.
    pub slope: f64,
    /// `(slope * K + lambda I)^-1`, (P, P).
    pub inverse: Array2<f64>,
}

impl Shared {
    /// `None` where the matrix is not positive definite to working precision.
    pub fn new(kernel: &Array2<f64>, slope: f64, lambda: f64) -> Option<Self> {
        let mut inverse = kernel.mapv(|k| slope * k);
        inverse.diag_mut().mapv_inplace(|k| k + lambda);
        invert(&mut inverse).then_some(Shared { slope, inverse })
    }
}

/// Inverts a symmetric positive definite matrix in its place, by Gauss and Jordan's elimination of whole blocks: nearly all of it is
/// matrix products. False where the matrix is not positive definite to working precision.
///
/// With `D` the block on the diagonal, `R` its rows, `C` its columns and `A` all the rest, a block's turn makes them
/// `D^-1`, `D^-1 R`, `-C D^-1` and `A - C D^-1 R`. No pivot is sought: the blocks of such a matrix are positive definite too.
///
/// What had its turn stays symmetric, and so does what had not; between the two the sign turns. So only what is above the diagonal is computed.
pub(super) fn invert(matrix: &mut Array2<f64>) -> bool {
    let size = matrix.nrows();
    for from in (0..size).step_by(BLOCK) {
        let block = from..size.min(from + BLOCK);
        let mut pivot =
            Array2::from_shape_fn((block.len(), block.len()), |(i, j)| matrix[[from + i.min(j), from + i.max(j)]]);
        if !invert_small(&mut pivot) {
            return false;
        }
        let above = matrix.slice(s![..from, block.clone()]);
        let mut rows = Array2::zeros((block.len(), size));
        rows.slice_mut(s![.., ..from]).assign(&above.t().mapv(|x| -x));
        rows.slice_mut(s![.., from..]).assign(&matrix.slice(s![block.clone(), from..]));
        // -C: above the block the rows are that, below it they are C
        let columns =
            Array2::from_shape_fn((size, block.len()), |(i, j)| if i < from { rows[[j, i]] } else { -rows[[j, i]] });
        let mut rows = product(&pivot, &rows);
        rows.slice_mut(s![.., block.clone()]).assign(&pivot);
        // the block's own columns become -C D^-1, from zero
        matrix.slice_mut(s![.., block.clone()]).fill(0.0);
        add_product_above(matrix, &columns, &rows);
        matrix.slice_mut(s![block, from..]).assign(&rows.slice(s![.., from..]));
    }
    mirror(matrix);
    true
}

/// What is below the diagonal becomes what is above it; by squares that stay in the first-level cache.
fn mirror(matrix: &mut Array2<f64>) {
    let size = matrix.nrows();
    for rows in (0..size).step_by(SQUARE) {
        for columns in (0..=rows).step_by(SQUARE) {
            for i in rows..size.min(rows + SQUARE) {
                for j in columns..i.min(columns + SQUARE) {
                    matrix[[i, j]] = matrix[[j, i]];
                }
            }
        }
    }
}

/// The same, row by row.
fn invert_small(matrix: &mut Array2<f64>) -> bool {
    let size = matrix.nrows();
    for k in 0..size {
        let pivot = matrix[[k, k]];
        if !(pivot > 0.0 && pivot.is_finite()) {
            return false;
        }
        let mut row = matrix.row(k).to_owned();
        row[k] = 1.0;
        row.mapv_inplace(|x| x / pivot);
        for i in 0..size {
            if i != k {
                let factor = std::mem::replace(&mut matrix[[i, k]], 0.0);
                matrix.row_mut(i).scaled_add(-factor, &row);
            }
        }
        matrix.row_mut(k).assign(&row);
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logistic::kernel_matrix;
    use hopgate_model::noise;

    #[test]
    fn an_inverse_times_its_matrix_is_the_identity() {
        for (p, gamma) in [(1, 0.1), (95, 0.01), (96, 0.001), (97, 0.1), (250, 0.004)] {
            let kernel = kernel_matrix(&noise::random(p, 64, 3), gamma);
            let shared = Shared::new(&kernel, 0.25, 0.01).unwrap();
            assert_eq!(shared.inverse, shared.inverse.t());
            let mut matrix = kernel * 0.25;
            matrix.diag_mut().mapv_inplace(|k| k + 0.01);
            let one = product(&matrix, &shared.inverse);
            let off = one.indexed_iter().map(|((i, j), x)| (x - f64::from(u8::from(i == j))).abs()).fold(0.0, f64::max);
            assert!(off < 1e-9, "{p} {gamma}: {off}");
        }
    }

    #[test]
    fn an_indefinite_matrix_is_refused() {
        assert!(!invert(&mut ndarray::arr2(&[[1.0, 2.0], [2.0, 1.0]])));
        assert!(!invert(&mut ndarray::arr2(&[[f64::NAN]])));
    }
}
