//! The product of two matrices, in blocks that stay in the caches and tiles that stay in registers.
//!
//! Every entry is the sum over `k` in order, one multiplication and one addition each, whatever the blocks: a block continues the
//! sums of the one before it.

use ndarray::Array2;
use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

/// Columns of a tile.
const WIDTH: usize = 16;
/// Rows that are packed together.
const ROWS: usize = 8;
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
    multiply(c, a, b, |tasks, work| tasks.into_par_iter().for_each(work))
}

/// The product on this thread alone, for callers that keep all threads busy themselves.
///
/// # Panics
/// When the inner dimensions differ.
pub fn product_here(a: &Array2<f64>, b: &Array2<f64>) -> Array2<f64> {
    let mut c = Array2::zeros((a.nrows(), b.ncols()));
    multiply(&mut c, a, b, |tasks, work| tasks.into_iter().for_each(work));
    c
}

/// Adds a product, whose tasks `run` does.
fn multiply(c: &mut Array2<f64>, a: &Array2<f64>, b: &Array2<f64>, run: impl Fn(Vec<Task>, &(dyn Fn(Task) + Sync))) {
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
        let parts = out.chunks_mut(TASK * n).zip(a.chunks(TASK * k));
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
        let mut packed = [[0.0; ROWS]; DEPTH];
        for from in (0..k).step_by(DEPTH) {
            let depth = DEPTH.min(k - from);
            let block = &panels[from * wide..(from + depth) * wide];
            for (rows, out) in a.chunks(ROWS * k).zip(out.chunks_mut(ROWS * n)) {
                for (r, row) in rows.chunks_exact(k).enumerate() {
                    packed.iter_mut().zip(&row[from..from + depth]).for_each(|(line, &x)| line[r] = x);
                }
                for (panel, first) in block.chunks_exact(depth).zip(columns.clone().step_by(WIDTH)) {
                    let width = WIDTH.min(columns.end - first);
                    for (t, out) in out.chunks_mut(TALL * n).enumerate() {
                        let mut sums = [Line([0.0; WIDTH]); TALL];
                        for (sums, out) in sums.iter_mut().zip(out.chunks_exact(n)) {
                            sums.0[..width].copy_from_slice(&out[first..first + width]);
                        }
                        tile::<S, VECTORS, TALL>(simd, &packed[..depth], t * TALL, panel, &mut sums);
                        for (sums, out) in sums.iter().zip(out.chunks_exact_mut(n)) {
                            out[first..first + width].copy_from_slice(&sums.0[..width]);
                        }
                    }
                }
            }
        }
    }
}

/// `sums[r] += sum over k of a[k][first + r] * panel[k]`.
#[inline(always)]
fn tile<S: Simd, const VECTORS: usize, const TALL: usize>(
    simd: S,
    a: &[[f64; ROWS]],
    first: usize,
    panel: &[Line],
    sums: &mut [Line; TALL],
) {
    let load = |line: &Line| -> [S::f64s; VECTORS] {
        let vectors = S::as_simd_f64s(&line.0).0;
        std::array::from_fn(|v| vectors[v])
    };
    let mut tile: [[S::f64s; VECTORS]; TALL] = std::array::from_fn(|r| load(&sums[r]));
    for (a, line) in a.iter().zip(panel) {
        let line = load(line);
        let a: &[f64; TALL] = a[first..].first_chunk().expect("a tile is inside the rows");
        for (sums, &a) in tile.iter_mut().zip(a) {
            let a = simd.splat_f64s(a);
            for (sum, &b) in sums.iter_mut().zip(&line) {
                *sum = simd.add_f64s(*sum, simd.mul_f64s(a, b));
            }
        }
    }
    for (sums, tile) in sums.iter_mut().zip(&tile) {
        S::as_mut_simd_f64s(&mut sums.0).0.copy_from_slice(tile);
    }
}
