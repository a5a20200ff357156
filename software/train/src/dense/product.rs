//! The product of two matrices, in blocks that stay in the caches and tiles that stay in registers.
//!
//! Every entry is the sum over `k` in order, one multiplication fused with one addition each, whatever the blocks: a block continues the
//! sums of the one before it.

use ndarray::Array2;
use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

/// Columns of a tile.
const WIDTH: usize = 16;
/// So much of the sums is done at a time: a panel of 24 KiB stays in the first-level cache.
const DEPTH: usize = 192;
/// Columns of `b` that are packed at a time: 192 KiB of each block stay in the second-level cache.
const COLUMNS: usize = 128;
/// Rows of the product that a task takes.
const TASK: usize = 96;

/// The columns of one line of a panel, a cache line or two.
#[derive(Clone, Copy)]
#[repr(align(64))]
struct Line([f64; WIDTH]);

/// The product of `a` (m, k) and `b` (k, n), on all threads. Each entry is summed in the order of `k`.
///
/// # Panics
/// When the inner dimensions differ.
pub fn product(a: &Array2<f64>, b: &Array2<f64>) -> Array2<f64> {
    let mut c = Array2::zeros((a.nrows(), b.ncols()));
    add_product(&mut c, a, b);
    c
}

/// Adds a product to `c` (m, n), which is row-major: each entry goes on with the sum that is there.
///
/// # Panics
/// When the dimensions do not match.
pub fn add_product(c: &mut Array2<f64>, a: &Array2<f64>, b: &Array2<f64>) {
    multiply(c, a, b, false, |tasks, work| tasks.into_par_iter().for_each(work))
}

/// As [`add_product`], of a product that is square: entries below the diagonal may be left as they are.
///
/// # Panics
/// As [`add_product`].
pub fn add_product_above(c: &mut Array2<f64>, a: &Array2<f64>, b: &Array2<f64>) {
    assert_eq!(c.nrows(), c.ncols(), "a square product");
    multiply(c, a, b, true, |tasks, work| tasks.into_par_iter().for_each(work))
}

/// The product on this thread alone, for callers that keep all threads busy themselves.
///
/// # Panics
/// When the inner dimensions differ.
pub fn product_here(a: &Array2<f64>, b: &Array2<f64>) -> Array2<f64> {
    let mut c = Array2::zeros((a.nrows(), b.ncols()));
    multiply(&mut c, a, b, false, |tasks, work| tasks.into_iter().for_each(work));
    c
}

/// Adds a product, whose tasks `run` does. `above`: what is wholly below the diagonal is left out.
fn multiply(
    c: &mut Array2<f64>,
    a: &Array2<f64>,
    b: &Array2<f64>,
    above: bool,
    run: impl Fn(Vec<Task>, &(dyn Fn(Task) + Sync)),
) {
    let ((m, k), n) = (a.dim(), b.ncols());
    assert_eq!(k, b.nrows(), "the inner dimensions of a product");
    assert_eq!(c.dim(), (m, n), "the dimensions of a product");
    if m == 0 || n == 0 || k == 0 {
        return;
    }
    let (a, b) = (a.as_standard_layout(), b.as_standard_layout());
    let (a, b) = (a.as_slice().expect("row-major"), b.as_slice().expect("row-major"));
    let out = c.as_slice_mut().expect("the sums are row-major");
    let arch = Arch::new();
    for from in (0..n).step_by(COLUMNS) {
        let columns = from..n.min(from + COLUMNS);
        let panels = pack(b, n, columns.clone());
        let rows = if above { m.min(columns.end) } else { m };
        let parts = out[..rows * n].chunks_mut(TASK * n).zip(a[..rows * k].chunks(TASK * k));
        let tasks = parts.map(|(out, a)| Task { a, k, panels: &panels, out, n, columns: columns.clone() }).collect();
        run(tasks, &|task| arch.dispatch(task));
    }
}

/// Some columns of `b` (k, n), in blocks of [`DEPTH`] rows, each in panels of [`WIDTH`] columns; the last panel is filled up with zeros.
fn pack(b: &[f64], n: usize, columns: std::ops::Range<usize>) -> Vec<Line> {
    let mut lines = Vec::with_capacity(b.len() / n * columns.len().div_ceil(WIDTH));
    for block in b.chunks(DEPTH * n) {
        for first in columns.clone().step_by(WIDTH) {
            let width = WIDTH.min(columns.end - first);
            lines.extend(block.chunks_exact(n).map(|row| {
                let mut line = Line([0.0; WIDTH]);
                line.0[..width].copy_from_slice(&row[first..first + width]);
                line
            }));
        }
    }
    lines
}

/// Some rows of a product, and of them the columns that are packed. (A type and not a closure: only this is sure to be compiled into
/// each vector width.)
struct Task<'a> {
    a: &'a [f64],
    k: usize,
    panels: &'a [Line],
    out: &'a mut [f64],
    n: usize,
    columns: std::ops::Range<usize>,
}

impl WithSimd for Task<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        // as many sums as there are registers for, and enough of them that no addition waits for another
        match S::F64_LANES {
            8 => self.run::<S, 2, 8>(simd),
            4 => self.run::<S, 4, 2>(simd),
            2 => self.run::<S, 8, 2>(simd),
            _ => self.run::<S, WIDTH, 1>(simd),
        }
    }
}

impl Task<'_> {
    /// In tiles of `TALL` rows and `VECTORS` vectors.
    #[inline(always)]
    fn run<S: Simd, const VECTORS: usize, const TALL: usize>(self, simd: S) {
        let Task { a, k, panels, out, n, columns } = self;
        let wide = columns.len().div_ceil(WIDTH);
        for from in (0..k).step_by(DEPTH) {
            let depth = DEPTH.min(k - from);
            let block = &panels[from * wide..(from + depth) * wide];
            for (rows, out) in a.chunks(TALL * k).zip(out.chunks_mut(TALL * n)) {
                // where there are fewer, the first one stands for those that are not there
                let row = |r: usize| &rows[if (r + 1) * k <= rows.len() { r * k + from } else { from }..][..depth];
                let rows: [&[f64]; TALL] = std::array::from_fn(row);
                for (panel, first) in block.chunks_exact(depth).zip(columns.clone().step_by(WIDTH)) {
                    let width = WIDTH.min(columns.end - first);
                    let mut sums = [Line([0.0; WIDTH]); TALL];
                    for (sums, out) in sums.iter_mut().zip(out.chunks_exact(n)) {
                        copy(&out[first..first + width], &mut sums.0[..width]);
                    }
                    tile::<S, VECTORS, TALL>(simd, rows, panel, &mut sums);
                    for (sums, out) in sums.iter().zip(out.chunks_exact_mut(n)) {
                        copy(&sums.0[..width], &mut out[first..first + width]);
                    }
                }
            }
        }
    }
}

/// Copies a line or a part of one: whole ones without a call.
#[inline(always)]
fn copy(from: &[f64], to: &mut [f64]) {
    match (<&[f64; WIDTH]>::try_from(from), <&mut [f64; WIDTH]>::try_from(&mut *to)) {
        (Ok(from), Ok(to)) => *to = *from,
        _ => to.copy_from_slice(from),
    }
}

/// `sums[r] += sum over k of rows[r][k] * panel[k]`; the rows are as long as the panel.
#[inline(always)]
fn tile<S: Simd, const VECTORS: usize, const TALL: usize>(
    simd: S,
    rows: [&[f64]; TALL],
    panel: &[Line],
    sums: &mut [Line; TALL],
) {
    let load = |line: &Line| -> [S::f64s; VECTORS] {
        let vectors = S::as_simd_f64s(&line.0).0;
        std::array::from_fn(|v| vectors[v])
    };
    let rows = rows.map(|row| &row[..panel.len()]);
    let mut tile: [[S::f64s; VECTORS]; TALL] = std::array::from_fn(|r| load(&sums[r]));
    for (k, line) in panel.iter().enumerate() {
        let line = load(line);
        for (sums, row) in tile.iter_mut().zip(rows) {
            let a = simd.splat_f64s(row[k]);
            for (sum, &b) in sums.iter_mut().zip(&line) {
                *sum = simd.mul_add_f64s(a, b, *sum);
            }
        }
    }
    for (sums, tile) in sums.iter_mut().zip(&tile) {
        S::as_mut_simd_f64s(&mut sums.0).0.copy_from_slice(tile);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With vectors of every width and with none, and not what two roundings would give.
    #[test]
    fn products_are_the_same_for_every_width_of_vectors() {
        let (m, k, n) = (13, 200, 33);
        let number = |i: usize| ((i * 2_654_435_761 % 9973) as f64 - 4986.0) / 9973.0;
        let (a, b): (Vec<f64>, Vec<f64>) = ((0..m * k).map(number).collect(), (7..7 + k * n).map(number).collect());
        let sums = |add: &dyn Fn(f64, f64, f64) -> f64| -> Vec<u64> {
            let entry = |i: usize, j: usize| (0..k).fold(0.0, |sum, l| add(a[i * k + l], b[l * n + j], sum)).to_bits();
            (0..m * n).map(|at| entry(at / n, at % n)).collect()
        };
        let by = |work: &dyn Fn(Task)| -> Vec<u64> {
            let (mut out, panels) = (vec![0.0; m * n], pack(&b, n, 0..n));
            work(Task { a: &a, k, panels: &panels, out: &mut out, n, columns: 0..n });
            out.into_iter().map(f64::to_bits).collect()
        };
        let right = sums(&|a, b, sum| a.mul_add(b, sum));
        assert_ne!(sums(&|a, b, sum| a * b + sum), right);
        assert_eq!(by(&|task| task.with_simd(pulp::Scalar::new())), right);
        assert_eq!(by(&|task| Arch::new().dispatch(task)), right);
        #[cfg(target_arch = "x86_64")]
        if let Some(avx2) = pulp::x86::V3::try_new() {
            assert_eq!(by(&|task| Simd::vectorize(avx2, task)), right);
        }
    }
}
