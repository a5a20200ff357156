//! How far every centre is from every key: the numbers that all training works on.

use hopgate_files::room;
use hopgate_model::{
    Result,
    bits::{BitMatrix, words_for},
    kernel::KernelMode,
};
use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

/// Keys that a thread takes at a time.
const KEYS: usize = 64;

/// The `e` of every key (T rows) and centre (P columns): the distance, or how much more it is than that of the nearest centre.
///
/// Two bytes an entry: kernels of any gamma are tables over it.
#[derive(Debug, Clone)]
pub struct Excess {
    keys: usize,
    centres: usize,
    e: Vec<u16>,
}

impl Excess {
    /// Of packed keys and centres of the same width.
    ///
    /// # Errors
    /// [`hopgate_model::ErrorKind::Fit`] where there is no room for `2 T P` bytes.
    ///
    /// ```
    /// use hopgate_keyed::Excess;
    /// use hopgate_model::{bits::BitMatrix, kernel::KernelMode};
    /// let centres = BitMatrix::from_fn(2, 4, |mu, _| mu == 1);
    /// let keys = BitMatrix::from_fn(1, 4, |_, i| i == 0);
    /// assert_eq!(Excess::of(&keys, &centres, KernelMode::Fixed)?.row(0), [1, 3]);
    /// assert_eq!(Excess::of(&keys, &centres, KernelMode::Normalised)?.row(0), [0, 2]);
    /// # Ok::<(), hopgate_model::Error>(())
    /// ```
    ///
    /// # Panics
    /// When the widths differ.
    pub fn of(keys: &BitMatrix, centres: &BitMatrix, mode: KernelMode) -> Result<Self> {
        assert_eq!(keys.cols(), centres.cols(), "the width of keys and of centres");
        let (t, p) = (keys.rows(), centres.rows());
        let bytes = 2u64.saturating_mul(t as u64).saturating_mul(p as u64);
        room::check(bytes, || format!("the distances of {t} keys from {p} centres"))?;
        let mut e = vec![0; t * p];
        let arch = Arch::new();
        e.par_chunks_mut((KEYS * p).max(1)).enumerate().for_each(|(block, e)| {
            arch.dispatch(Distances { keys, first: block * KEYS, centres, mode, e });
        });
        Ok(Excess { keys: t, centres: p, e })
    }

    /// Keys, `T`.
    pub fn keys(&self) -> usize {
        self.keys
    }

    /// Centres, `P`.
    pub fn centres(&self) -> usize {
        self.centres
    }

    /// The `e` of one key for every centre.
    pub fn row(&self, t: usize) -> &[u16] {
        &self.e[t * self.centres..(t + 1) * self.centres]
    }
}

/// The rows of some keys. (A type and not a closure: only this is sure to be compiled into each vector width.)
struct Distances<'a> {
    keys: &'a BitMatrix,
    first: usize,
    centres: &'a BitMatrix,
    mode: KernelMode,
    e: &'a mut [u16],
}

impl WithSimd for Distances<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Distances { keys, first, centres, mode, e } = self;
        let words = words_for(keys.cols());
        for (t, e) in e.chunks_exact_mut(centres.rows()).enumerate() {
            let key = &keys.row(first + t)[..words];
            let mut least = u16::MAX;
            for (mu, e) in e.iter_mut().enumerate() {
                let centre = &centres.row(mu)[..words];
                let mut d = 0;
                for w in 0..words {
                    d += (key[w] ^ centre[w]).count_ones();
                }
                *e = d as u16;
                least = least.min(*e);
            }
            if mode == KernelMode::Normalised {
                e.iter_mut().for_each(|e| *e -= least);
            }
        }
    }
}
