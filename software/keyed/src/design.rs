//! The kernel between keys and centres, (T, P), which is never held as a whole: blocks of it are looked up where they are needed. A linear
//! model is the same with the bits of the keys in place of the kernel.
//!
//! Sums run in the order of the keys within a task, and over the tasks in their order. What a task takes depends on the number of keys
//! alone, so every sum is the same whatever the number of threads.

use crate::excess::Excess;
use hopgate_model::bits::BitMatrix;
use hopgate_train::dense::{add_product, product_here};
use ndarray::{Array2, ArrayView2, s};
use rayon::prelude::*;
use std::ops::Range;

/// Keys of a block: its part of the kernel stays in the second-level cache, if there are not too many centres.
const BLOCK: usize = 96;
/// Tasks, about: few enough that their sums are little work, and enough for a few threads.
const TASKS: usize = 32;
/// Keys whose kernel is held at a time to sum up its square.
const SQUARE: usize = 1536;

/// A number for every key and input.
pub(crate) enum Design<'a> {
    /// The inputs are centres: `K[t][mu] = table[e[t][mu]]`.
    Kernel {
        /// `e`, (T, P).
        excess: &'a Excess,
        /// The kernel.
        table: &'a [f64],
    },
    /// The inputs are the bits of the keys, +1 and -1, and one more that is always 1.
    Bits(&'a BitMatrix),
}

impl Design<'_> {
    /// Keys, `T`.
    pub fn keys(&self) -> usize {
        match self {
            Design::Kernel { excess, .. } => excess.keys(),
            Design::Bits(keys) => keys.rows(),
        }
    }

    /// Inputs, `P`.
    pub fn inputs(&self) -> usize {
        match self {
            Design::Kernel { excess, .. } => excess.centres(),
            Design::Bits(keys) => keys.cols() + 1,
        }
    }

    /// Appends the numbers of a key.
    fn row(&self, t: usize, out: &mut Vec<f64>) {
        match self {
            Design::Kernel { excess, table } => out.extend(excess.row(t).iter().map(|&e| table[usize::from(e)])),
            Design::Bits(keys) => {
                out.extend((0..keys.cols()).map(|i| if keys.get(t, i) { 1.0 } else { -1.0 }).chain([1.0]));
            }
        }
    }

    /// The keys of each task.
    fn tasks(&self) -> Vec<Range<usize>> {
        let t = self.keys();
        let width = t.div_ceil(TASKS).next_multiple_of(BLOCK);
        (0..t).step_by(width.max(1)).map(|from| from..t.min(from + width)).collect()
    }

    /// These rows of the kernel.
    fn block(&self, keys: Range<usize>, room: Vec<f64>) -> Array2<f64> {
        let (shape, mut room) = ((keys.len(), self.inputs()), room);
        room.clear();
        keys.for_each(|t| self.row(t, &mut room));
        Array2::from_shape_vec(shape, room).expect("an entry for each centre")
    }

    /// The fields `K alpha`, (T, M), of dual weights (P, M).
    pub fn fields(&self, alpha: &Array2<f64>) -> Array2<f64> {
        let mut fields = Array2::zeros((self.keys(), alpha.ncols()));
        let mut rest = fields.view_mut();
        let mut parts = Vec::new();
        for keys in self.tasks() {
            let (part, after) = rest.split_at(ndarray::Axis(0), keys.len());
            parts.push((keys, part));
            rest = after;
        }
        parts.into_par_iter().for_each(|(keys, mut part)| {
            let mut room = Vec::new();
            for from in keys.clone().step_by(BLOCK) {
                let to = keys.end.min(from + BLOCK);
                let block = self.block(from..to, room);
                part.slice_mut(s![from - keys.start..to - keys.start, ..]).assign(&product_here(&block, alpha));
                room = block.into_raw_vec_and_offset().0;
            }
        });
        fields
    }

    /// `K' r`, (P, M), of one number for every key and output: `r(t, c)`.
    pub fn backward(&self, outputs: usize, r: impl Fn(usize, usize) -> f64 + Sync) -> Array2<f64> {
        self.each_block(outputs, |keys, _| Array2::from_shape_fn((outputs, keys.len()), |(c, t)| r(keys.start + t, c)))
    }

    /// `K' (w . K x)`, (P, M): the kernel there and back, with a weight for every key and output on the way.
    pub fn there_and_back(&self, x: &Array2<f64>, w: &Array2<f64>) -> Array2<f64> {
        self.each_block(x.ncols(), |keys, block| {
            let mut fields = product_here(block, x);
            fields *= &w.slice(s![keys, ..]);
            fields.reversed_axes().as_standard_layout().into_owned()
        })
    }

    /// The sum over all keys of the kernel's block times what `of` makes of it, (M, keys of the block); returned as (P, M).
    fn each_block(&self, outputs: usize, of: impl Fn(Range<usize>, &Array2<f64>) -> Array2<f64> + Sync) -> Array2<f64> {
        let shape = (outputs, self.inputs());
        let of_task = |keys: Range<usize>| {
            let (mut sums, mut room) = (Array2::<f64>::zeros(shape), Vec::new());
            for from in keys.clone().step_by(BLOCK) {
                let block = self.block(from..keys.end.min(from + BLOCK), room);
                sums += &product_here(&of(from..from + block.nrows(), &block), &block);
                room = block.into_raw_vec_and_offset().0;
            }
            sums
        };
        let parts: Vec<Array2<f64>> = self.tasks().into_par_iter().map(of_task).collect();
        let mut all = Array2::zeros(shape);
        parts.iter().for_each(|part| all += part);
        all.reversed_axes().as_standard_layout().into_owned()
    }

    /// `sum of w^2 K[t]' K[t]` over these samples and factors `w`, (P, P).
    pub fn square(&self, chosen: &[(usize, f64)]) -> Array2<f64> {
        let p = self.inputs();
        let mut square = Array2::zeros((p, p));
        for chosen in chosen.chunks(SQUARE) {
            let mut rows = Vec::with_capacity(chosen.len() * p);
            for &(t, w) in chosen {
                self.row(t, &mut rows);
                let from = rows.len() - p;
                rows[from..].iter_mut().for_each(|x| *x *= w);
            }
            let block = Array2::from_shape_vec((chosen.len(), p), rows).expect("a number for each input");
            add_product(&mut square, &transposed(block.view()), &block);
        }
        square
    }
}

/// The transposed matrix, row-major.
fn transposed(matrix: ArrayView2<f64>) -> Array2<f64> {
    matrix.reversed_axes().as_standard_layout().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use hopgate_model::{kernel::KernelMode, noise};
    use hopgate_train::dense::product;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn blocks_add_up_to_the_products(t in 1..700usize, p in 1..12usize, m in 1..5usize, seed in 0..99u64) {
            let (keys, centres) = (noise::random(t, 20, seed), noise::random(p, 20, seed + 1));
            let excess = Excess::of(&keys, &centres, KernelMode::Normalised).unwrap();
            let table: Vec<f64> = (0..=20).map(|e| 1.0 / f64::from(1 + e)).collect();
            let design = Design::Kernel { excess: &excess, table: &table };
            let kernel = Array2::from_shape_fn((t, p), |(t, mu)| table[usize::from(excess.row(t)[mu])]);
            let x = Array2::from_shape_fn((p, m), |(mu, c)| mu as f64 - 3.0 * c as f64);
            let w = Array2::from_shape_fn((t, m), |(t, c)| (t % 7 + c) as f64);
            let near = |a: &Array2<f64>, b: &Array2<f64>| (a - b).iter().all(|d| d.abs() < 1e-7);
            prop_assert!(near(&design.fields(&x), &product(&kernel, &x)));
            let back = transposed(kernel.view());
            prop_assert!(near(&design.backward(m, |t, c| w[[t, c]]), &product(&back, &w)));
            prop_assert!(near(&design.there_and_back(&x, &w), &product(&back, &(product(&kernel, &x) * &w))));
            let all: Vec<(usize, f64)> = (0..t).map(|t| (t, 1.0)).collect();
            prop_assert!(near(&design.square(&all), &product(&back, &kernel)));
        }
    }
}
