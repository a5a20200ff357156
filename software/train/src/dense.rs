//! The little dense linear algebra that the trainers need, with the same bits on every machine.
//!
//! The usual libraries (faer, BLAS) split their sums by the width of the processor's vectors and may fuse a
//! multiplication with an addition, so the last bits of a result depend on the machine it was computed on. A
//! memory must come out the same everywhere, so here every sum has a written-down order. A multiplication and its
//! addition are one operation with one rounding in every product of matrices, and two operations everywhere else. Sums are
//! vectorised only *across* independent outputs (or across the eight fixed partial sums of [`dot`]). Threads divide outputs, never sums, so their number does not matter either. The inner loops are compiled
//! for several vector widths and the widest that the processor has is chosen at run time: the sums stay the same.
//!
//! All matrices are row-major.

mod product;

pub use product::{add_product, add_product_above, product, product_here};

use ndarray::Array2;
use pulp::{Arch, Simd, WithSimd};

/// Columns of a register tile: outputs that are computed side by side.
const TILE: usize = 8;
/// Rows of a register tile.
const TILE_ROWS: usize = 4;
/// Rows of a panel that [`Cholesky`] finishes before it updates everything below.
const PANEL: usize = 48;

/// The inner product, as eight partial sums (element `i` goes to sum `i % 8`) added pairwise at the end.
///
/// ```
/// assert_eq!(hopgate_train::dense::dot(&[1.0, 2.0, 3.0], &[4.0, 5.0, 6.0]), 32.0);
/// ```
#[inline(always)]
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; TILE];
    let (a_tiles, b_tiles) = (a.chunks_exact(TILE), b.chunks_exact(TILE));
    let (a_rest, b_rest) = (a_tiles.remainder(), b_tiles.remainder());
    for (x, y) in a_tiles.zip(b_tiles) {
        for j in 0..TILE {
            sums[j] += x[j] * y[j];
        }
    }
    for (s, (x, y)) in sums.iter_mut().zip(a_rest.iter().zip(b_rest)) {
        *s += x * y;
    }
    ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]))
}

/// The square matrix `a` (row-major, `x.len()` rows) times the vector `x`, into `y`.
pub fn matrix_vector(a: &[f64], x: &[f64], y: &mut [f64]) {
    Arch::new().dispatch(MatrixVector { a, x, y });
}

struct MatrixVector<'a> {
    a: &'a [f64],
    x: &'a [f64],
    y: &'a mut [f64],
}

impl WithSimd for MatrixVector<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for (row, out) in self.a.chunks_exact(self.x.len()).zip(self.y) {
            *out = dot(row, self.x);
        }
    }
}

/// The largest eigenvalue by power iteration, until the estimate stands still to nine digits.
pub fn largest_eigenvalue(kernel: &Array2<f64>) -> f64 {
    let k = kernel.as_standard_layout();
    let flat = k.as_slice().expect("standard layout");
    let p = kernel.nrows();
    let mut v = vec![1.0 / (p as f64).sqrt(); p];
    let mut next = vec![0.0; p];
    let mut top = 0.0;
    for _ in 0..1000 {
        matrix_vector(flat, &v, &mut next);
        let norm = dot(&next, &next).sqrt();
        v.iter_mut().zip(&next).for_each(|(v, x)| *v = x / norm);
        if (norm - top).abs() <= 1e-9 * norm {
            return norm;
        }
        top = norm;
    }
    top
}

/// The Cholesky factor `U` of a symmetric positive definite matrix `A = U'U`, in a buffer that is used again.
///
/// The buffer is padded to a multiple of eight with the identity, which changes no bit of the rest.
pub struct Cholesky {
    n: usize,
    stride: usize,
    u: Vec<f64>,
    packed: Vec<f64>,
}

impl Cholesky {
    /// A buffer for `n x n` matrices.
    pub fn new(n: usize) -> Self {
        let stride = n.div_ceil(TILE) * TILE;
        Cholesky { n, stride, u: vec![0.0; stride * stride], packed: vec![0.0; stride * PANEL.min(stride)] }
    }

    /// Factors the matrix whose upper triangle `fill(i, row)` writes: `row[j]` is entry `(i, j)`, needed for `j >= i`.
    /// Returns false when the matrix is not positive definite to working precision (or not finite).
    #[must_use]
    pub fn factor(&mut self, mut fill: impl FnMut(usize, &mut [f64])) -> bool {
        let (n, stride) = (self.n, self.stride);
        for (i, row) in self.u.chunks_exact_mut(stride).enumerate() {
            row.fill(0.0);
            if i < n {
                fill(i, &mut row[..n]);
            } else {
                row[i] = 1.0;
            }
        }
        Arch::new().dispatch(Factor(self))
    }

    /// Finishes the rows `from..to`, whose entries have already received every earlier row.
    #[inline(always)]
    fn factor_panel(&mut self, from: usize, to: usize) -> bool {
        let stride = self.stride;
        for k in from..to {
            let (head, below) = self.u.split_at_mut((k + 1) * stride);
            let row = &mut head[k * stride..];
            let pivot = row[k];
            if !(pivot > 0.0 && pivot.is_finite()) {
                return false;
            }
            let root = pivot.sqrt();
            row[k] = root;
            for x in &mut row[k + 1..] {
                *x /= root;
            }
            for (i, other) in (k + 1..to).zip(below.chunks_exact_mut(stride)) {
                let factor = row[i];
                for (x, y) in other[i..].iter_mut().zip(&row[i..]) {
                    *x -= factor * y;
                }
            }
        }
        true
    }

    /// Subtracts the finished rows `from..to` from everything below them, in register tiles.
    #[inline(always)]
    fn update_below(&mut self, from: usize, to: usize) {
        let (stride, depth) = (self.stride, to - from);
        let (head, below) = self.u.split_at_mut(to * stride);
        let panel = &head[from * stride..];
        let tiles = stride / TILE;
        for (t, tile) in self.packed.chunks_exact_mut(depth * TILE).enumerate().take(tiles).skip(to / TILE) {
            for (line, row) in tile.chunks_exact_mut(TILE).zip(panel.chunks_exact(stride)) {
                line.copy_from_slice(&row[t * TILE..(t + 1) * TILE]);
            }
        }
        let tile_of = |t: usize| &self.packed[t * depth * TILE..(t + 1) * depth * TILE];
        for (rows, first) in below.chunks_exact_mut(TILE_ROWS * stride).zip((to..).step_by(TILE_ROWS)) {
            let left = (tile_of(first / TILE), first % TILE);
            for t in first / TILE..tiles {
                subtract_tile(rows, stride, t * TILE, left, tile_of(t));
            }
        }
    }

    /// Solves `A x = b` in place.
    pub fn solve(&self, b: &mut [f64]) {
        Arch::new().dispatch(Substitute(self, b));
    }

    /// Forward, then backward substitution.
    #[inline(always)]
    fn substitute(&self, b: &mut [f64]) {
        let (n, stride) = (self.n, self.stride);
        for k in 0..n {
            let row = &self.u[k * stride..k * stride + n];
            let z = b[k] / row[k];
            b[k] = z;
            for (x, u) in b[k + 1..].iter_mut().zip(&row[k + 1..]) {
                *x -= z * u;
            }
        }
        for k in (0..n).rev() {
            let row = &self.u[k * stride..k * stride + n];
            b[k] = (b[k] - dot(&row[k + 1..], &b[k + 1..])) / row[k];
        }
    }
}

struct Factor<'a>(&'a mut Cholesky);

impl WithSimd for Factor<'_> {
    type Output = bool;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> bool {
        let stride = self.0.stride;
        for from in (0..stride).step_by(PANEL) {
            let to = (from + PANEL).min(stride);
            if !self.0.factor_panel(from, to) {
                return false;
            }
            if to < stride {
                self.0.update_below(from, to);
            }
        }
        true
    }
}

struct Substitute<'a>(&'a Cholesky, &'a mut [f64]);

impl WithSimd for Substitute<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        self.0.substitute(self.1);
    }
}

/// `rows[r][column..] -= sum over k of left[k][r] * right[k][..]`, with `k` ascending: the order in which an
/// unblocked factorisation would subtract them.
#[inline(always)]
fn subtract_tile(rows: &mut [f64], stride: usize, column: usize, left: (&[f64], usize), right: &[f64]) {
    let mut tile = [[0.0; TILE]; TILE_ROWS];
    for (tile_row, row) in tile.iter_mut().zip(rows.chunks_exact(stride)) {
        tile_row.copy_from_slice(&row[column..column + TILE]);
    }
    let (left, shift) = left;
    for (l, line) in left.chunks_exact(TILE).zip(right.chunks_exact(TILE)) {
        for (tile_row, factor) in tile.iter_mut().zip(&l[shift..shift + TILE_ROWS]) {
            for j in 0..TILE {
                tile_row[j] -= factor * line[j];
            }
        }
    }
    for (tile_row, row) in tile.iter().zip(rows.chunks_exact_mut(stride)) {
        row[column..column + TILE].copy_from_slice(tile_row);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn matrix(rows: usize, cols: usize, seed: u64) -> Array2<f64> {
        let bits = hopgate_model::noise::random(rows, cols * 20, seed);
        Array2::from_shape_fn((rows, cols), |(r, c)| {
            (0..20).map(|b| f64::from(u8::from(bits.get(r, c * 20 + b))) / f64::from(1 << b)).sum::<f64>() - 1.0
        })
    }

    proptest! {
        #[test]
        fn product_is_the_schoolbook_product_bit_by_bit(m in 1..20usize, k in 1..20usize, n in 1..20usize, seed in 0..99u64) {
            // beyond the edges of tiles, panels and blocks
            let (m, k, n) = if seed % 8 == 0 { (m + 90, k + 185, n + 120) } else { (m, k, n) };
            let (a, b) = (matrix(m, k, seed), matrix(k, n, seed + 1));
            let c = product(&a, &b);
            for i in 0..m {
                for j in 0..n {
                    let mut sum = 0.0;
                    for l in 0..k {
                        sum = a[[i, l]].mul_add(b[[l, j]], sum);
                    }
                    prop_assert_eq!(c[[i, j]].to_bits(), sum.to_bits());
                }
            }
        }

        #[test]
        fn factor_is_the_unblocked_factor_bit_by_bit(n in 1..150usize, seed in 0..99u64) {
            let g = matrix(n, n, seed);
            let mut a = product(&g, &g.t().to_owned());
            for i in 0..n {
                a[[i, i]] += 0.1;
            }
            let mut fast = Cholesky::new(n);
            prop_assert!(fast.factor(|i, row| row.iter_mut().enumerate().for_each(|(j, x)| *x = a[[i, j]])));
            let mut u = a.clone();
            for k in 0..n {
                let root = u[[k, k]].sqrt();
                u[[k, k]] = root;
                for j in k + 1..n {
                    u[[k, j]] /= root;
                }
                for i in k + 1..n {
                    for j in i..n {
                        u[[i, j]] -= u[[k, i]] * u[[k, j]];
                    }
                }
            }
            for i in 0..n {
                for j in i..n {
                    prop_assert_eq!(fast.u[i * fast.stride + j].to_bits(), u[[i, j]].to_bits());
                }
            }
            let b: Vec<f64> = (0..n).map(|i| i as f64 - 3.5).collect();
            let mut x = b.clone();
            fast.solve(&mut x);
            let mut back = vec![0.0; n];
            matrix_vector(a.as_slice().unwrap(), &x, &mut back);
            for (p, q) in b.iter().zip(&back) {
                prop_assert!((p - q).abs() < 1e-6, "{} is not {}", q, p);
            }
        }
    }

    #[test]
    fn an_indefinite_matrix_is_refused() {
        let mut c = Cholesky::new(2);
        assert!(!c.factor(|i, row| row.copy_from_slice(&[[1.0, 2.0], [2.0, 1.0]][i])));
        assert!(!c.factor(|_, row| row.fill(f64::NAN)));
        assert!(c.factor(|i, row| row.copy_from_slice(&[[2.0, 1.0], [1.0, 2.0]][i])));
    }
}
