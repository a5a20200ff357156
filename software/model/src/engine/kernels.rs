//! The four inner loops of a recall, once for every kind of vectors, and the choice among them.

#![allow(unsafe_code)] // a loop that is compiled for some vectors may only be called where the processor has them

use super::{
    columns::{Columns, KEYS},
    portable,
    rows::Rows,
    slab::{BLOCK, Slab, Words},
    state::State,
    turned,
};
use alloc::vec::Vec;
use core::fmt;

/// The vectors that the inner loops are compiled for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Isa {
    /// Plain 64-bit words: any processor.
    Portable,
    /// 128-bit vectors of aarch64.
    Neon,
    /// 256-bit vectors.
    Avx2,
    /// 512-bit vectors with a population count (`avx512f`, `avx512bw`, `avx512vbmi`, `avx512vpopcntdq`, `avx512vnni` and `gfni`).
    Avx512,
}

impl Isa {
    /// What this processor has, the fastest first. [`Isa::Portable`] is always the last.
    ///
    /// Without the feature `std` nobody can ask the processor: then only what every processor of the target has is listed.
    pub fn available() -> Vec<Isa> {
        [Isa::Avx512, Isa::Avx2, Isa::Neon, Isa::Portable].into_iter().filter(|isa| isa.is_available()).collect()
    }

    /// Whether this processor has it.
    pub fn is_available(self) -> bool {
        match self {
            Isa::Portable => true,
            Isa::Neon => cfg!(target_arch = "aarch64"),
            #[cfg(all(target_arch = "x86_64", feature = "std"))]
            Isa::Avx2 => std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("popcnt"),
            #[cfg(all(target_arch = "x86_64", feature = "std"))]
            Isa::Avx512 => {
                use std::arch::is_x86_feature_detected as has;
                let parts = [
                    has!("avx512f"),
                    has!("avx512bw"),
                    has!("avx512vbmi"),
                    has!("avx512vpopcntdq"),
                    has!("avx512vnni"),
                    has!("gfni"),
                ];
                // a processor may have some of them
                parts == [true; 6]
            }
            #[cfg(not(all(target_arch = "x86_64", feature = "std")))]
            _ => false,
        }
    }
}

impl fmt::Display for Isa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Isa::Portable => "portable",
            Isa::Neon => "neon",
            Isa::Avx2 => "avx2",
            Isa::Avx512 => "avx512",
        })
    }
}

/// The distances of a state from rows that lie eight side by side, over its known bits, all by default, and the smallest. There are eight for each
/// block, or fewer for the last one, whose words are as many as the state has for them.
pub(super) type ScanBlocks = unsafe fn(&[Words], usize, &[u64], Option<&[u64]>, &mut [u16]) -> u16;

/// See [`Columns::scan`]. There are keys in the columns for all places, the first of which begins a block.
pub(super) type ScanColumns = unsafe fn(&Columns, usize, &[u64], Option<&[u64]>, &mut [u16]) -> u16;

/// See [`Kernels::weigh_bytes`].
pub(super) type WeighBytes = unsafe fn(&[u16], u16, &[u8], usize, &mut [u8]) -> u64;

/// See [`Kernels::scan_from`]; all known bits are given.
pub(super) type ScanRows = unsafe fn(&Rows, usize, &[u64], &[u64], &mut [u16]) -> u16;
/// See [`Kernels::measure`].
pub(super) type Measure = unsafe fn(&Slab, &[u32], &[u64], Option<&[u64]>, &mut [u16]);

/// The loops for steps in which most rows vote.
pub(super) struct Dense {
    /// The entry of a column, and zero behind its end, for every distance less a base that none of them is below; the sum of these. The
    /// column has whole groups of [`COLUMN_MULTIPLE`] entries of at most 15 bits.
    pub weigh: unsafe fn(&[u16], u16, &[u16], &mut [u16]) -> u32,
    /// From this row on, adds a weight for each row to the sums. The weights are those of whole groups of [`TOGETHER`] rows.
    pub add_all: unsafe fn(&Rows, usize, &[u16], &mut [u16]),
    /// See [`ScanBlocks`].
    pub scan_blocks: ScanBlocks,
    /// See [`ScanColumns`].
    pub scan_columns: ScanColumns,
    /// How many distances are at most a bound.
    pub count: unsafe fn(&[u16], u16) -> usize,
    /// The first place of a value, which is there.
    pub first: unsafe fn(&[u16], u16) -> usize,
    /// See [`Kernels::weigh_bytes`].
    pub weigh_bytes: WeighBytes,
    /// See [`Kernels::add_where`].
    pub add_where: unsafe fn(&[u8], &[turned::Column], u32, &mut [u64]),
}

/// The inner loops for one kind of vectors.
pub(super) struct Table {
    /// The distances of a state from rows, from this one on, over the bits of the second state, and the smallest. There are at least
    /// [`LEAST_ROWS`]. None of the bits is behind the last column, where rows do not end with a vector.
    pub scan: ScanRows,
    /// Adds to the distance of each row of a list its distance over some columns more: see [`Kernels::measure`].
    pub measure: Measure,
    /// See [`Kernels::add_least`].
    pub add_least: unsafe fn(&mut [u16], &[u16]) -> u16,
    /// The indices of the distances up to a bound, in order, and how many there are.
    pub select: unsafe fn(&[u16], u16, &mut [u32]) -> usize,
    /// Adds a weight to the sum of every neuron whose bit is set, for each of these rows. No sum overflows, but those behind
    /// the last neuron may.
    pub add: unsafe fn(&Rows, &[u32], u16, &mut [u16]),
    /// As `add`, with a weight for each of the rows.
    pub add_each: unsafe fn(&Rows, &[u32], &[u16], &mut [u16]),
    /// Where the vectors can do better than `add_each` if most rows vote.
    pub dense: Option<Dense>,
    /// Sets the bit of every sum that is not below the threshold.
    pub decide: unsafe fn(&[u16], u16, &mut State),
    /// Moves the sums to where there is more room.
    pub spill: unsafe fn(&mut [u16], &mut [u64]),
    /// As `decide`, of sums that have been moved.
    pub decide_wide: unsafe fn(&[u64], i64, &mut State),
}

/// Rows that [`Kernels::add_all`] takes together.
pub(super) const TOGETHER: usize = 8;
/// Fewer rows are scanned by [`portable::scan`].
const LEAST_ROWS: usize = 8;
/// The sums are padded to so many.
pub(super) const SUMS_MULTIPLE: usize = 64;
/// So many groups of 64 bytes have a sum of less than 32 bits.
const SUMMED: usize = 1 << 17;
/// The columns are padded to so many.
pub(super) const COLUMN_MULTIPLE: usize = 64;

/// The inner loops of vectors that the processor has.
#[derive(Clone, Copy)]
pub(super) struct Kernels {
    isa: Isa,
    table: &'static Table,
}

impl fmt::Debug for Kernels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.isa)
    }
}

impl Kernels {
    /// `None` where the processor has no such vectors.
    pub fn of(isa: Isa) -> Option<Self> {
        let table = match isa {
            Isa::Portable => &portable::TABLE,
            #[cfg(target_arch = "aarch64")]
            Isa::Neon => &super::neon::TABLE,
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2 => &super::avx2::TABLE,
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512 => &super::avx512::TABLE,
            #[allow(unreachable_patterns)] // not on every processor
            _ => return None,
        };
        isa.is_available().then_some(Kernels { isa, table })
    }

    pub fn isa(self) -> Isa {
        self.isa
    }

    /// The distances of a state from the rows from number `first` on, one for each place, over its known bits, all by default; the smallest.
    pub fn scan_from(
        self,
        rows: &Rows,
        first: usize,
        state: &[u64],
        known: Option<&[u64]>,
        distances: &mut [u16],
    ) -> u16 {
        assert!(first + distances.len() <= rows.rows());
        let whole = &rows.whole().0;
        let known = known.unwrap_or(whole);
        // whole vectors for a row
        assert!(state.len() >= whole.len() && known.len() >= whole.len());
        if distances.len() < LEAST_ROWS {
            return portable::scan(rows, first, state, known, distances);
        }
        // SAFETY: `of` found the vectors; there is a place for each of the rows, which are at least `LEAST_ROWS`, and a bit for each of theirs
        unsafe { (self.table.scan)(rows, first, state, known, distances) }
    }

    /// Adds to the distance of each row of the list that over the columns of the slab, over the known bits, all by default.
    pub fn measure(self, slab: &Slab, list: &[u32], state: &[u64], known: Option<&[u64]>, distances: &mut [u16]) {
        // SAFETY: `of` found the vectors
        unsafe { (self.table.measure)(slab, list, state, known, distances) }
    }

    /// Adds distances to others; the smallest sum.
    pub fn add_least(self, distances: &mut [u16], more: &[u16]) -> u16 {
        // SAFETY: `of` found the vectors
        unsafe { (self.table.add_least)(distances, more) }
    }

    /// The indices of the distances up to `bound`, in order, written to the front of `list`, and how many there are.
    pub fn select(self, distances: &[u16], bound: u16, list: &mut [u32]) -> usize {
        let list = &mut list[..distances.len()];
        // SAFETY: `of` found the vectors; the list has a place for every index
        unsafe { (self.table.select)(distances, bound, list) }
    }

    /// Adds `weight` to the sum of every neuron whose bit is set, for each of the rows in `list`.
    pub fn add(self, rows: &Rows, list: &[u32], weight: u16, sums: &mut [u16]) {
        // a maximum, unlike a search, is a loop without branches
        assert!((list.iter().fold(0, |most, &r| most.max(r)) as usize) < rows.rows());
        assert!(sums.len() == rows.cols().next_multiple_of(SUMS_MULTIPLE));
        // SAFETY: `of` found the vectors; the rows exist, and there is a sum for each of their neurons
        unsafe { (self.table.add)(rows, list, weight, sums) }
    }

    /// Adds the weight of each of the rows in `list` to the sum of every neuron whose bit is set.
    pub fn add_each(self, rows: &Rows, list: &[u32], weights: &[u16], sums: &mut [u16]) {
        assert!((list.iter().fold(0, |most, &r| most.max(r)) as usize) < rows.rows());
        assert!(sums.len() == rows.cols().next_multiple_of(SUMS_MULTIPLE));
        // SAFETY: `of` found the vectors; the rows exist, and there is a sum for each of their neurons
        unsafe { (self.table.add_each)(rows, list, weights, sums) }
    }

    /// Whether there is anything better than [`Self::add_each`] where most rows vote.
    pub fn adds_all(self) -> bool {
        self.table.dense.is_some()
    }

    /// Writes the entry of a column (zero behind its end) for every distance less `base`, which is none above any of them;
    /// returns their sum. Only where [`Self::adds_all`].
    pub fn weigh(self, distances: &[u16], base: u16, column: &[u16], weights: &mut [u16]) -> u32 {
        assert!(column.len().is_multiple_of(COLUMN_MULTIPLE) && weights.len() == distances.len());
        // SAFETY: `of` found the vectors; there is a weight for every distance
        self.table.dense.as_ref().map_or(0, |dense| unsafe { (dense.weigh)(distances, base, column, weights) })
    }

    /// Adds the weight of row `first + r`, for every `r`, to the sum of every neuron whose bit is set.
    pub fn add_all(self, rows: &Rows, first: usize, weights: &[u16], sums: &mut [u16]) {
        assert!(first + weights.len() <= rows.rows());
        assert!(sums.len() == rows.cols().next_multiple_of(SUMS_MULTIPLE));
        let grouped = weights.len() / TOGETHER * TOGETHER;
        let (groups, rest) = weights.split_at(if self.adds_all() { grouped } else { 0 });
        if let Some(dense) = &self.table.dense {
            // SAFETY: `of` found the vectors; the rows exist, and there is a sum for each of their neurons
            unsafe { (dense.add_all)(rows, first, groups, sums) }
        }
        for (rest, r) in rest.chunks(TOGETHER).zip((first + groups.len()..).step_by(TOGETHER)) {
            let list: [u32; TOGETHER] = core::array::from_fn(|i| (r + i) as u32);
            self.add_each(rows, &list[..rest.len()], rest, sums);
        }
    }

    /// Whether rows side by side can be scanned.
    pub fn scans_blocks(self) -> bool {
        self.table.dense.is_some()
    }

    /// The distances of a state from every row, eight side by side, and the smallest. Only where [`Self::scans_blocks`].
    pub fn scan_blocks(self, blocks: &[Words], state: &[u64], known: Option<&[u64]>, distances: &mut [u16]) -> u16 {
        let count = distances.len().div_ceil(BLOCK);
        let words = blocks.len() / count.max(1);
        assert!(blocks.len() == words * count && words <= state.len());
        assert!(known.is_none_or(|known| words <= known.len()));
        // SAFETY: `of` found the vectors; the state has a word for each of a block
        self.table
            .dense
            .as_ref()
            .map_or(0, |dense| unsafe { (dense.scan_blocks)(blocks, words, state, known, distances) })
    }

    /// See [`Columns::scan`]. Only where [`Self::scans_blocks`].
    pub fn scan_columns(
        self,
        columns: &Columns,
        first: usize,
        state: &[u64],
        known: Option<&[u64]>,
        distances: &mut [u16],
    ) -> u16 {
        assert!(first.is_multiple_of(KEYS) && distances.len() <= columns.from(first).1.len());
        let scan = self.table.dense.as_ref().map(|dense| dense.scan_columns);
        // SAFETY: `of` found the vectors
        scan.map_or(0, |scan| unsafe { scan(columns, first, state, known, distances) })
    }

    /// How many distances are at most `bound`. Only where [`Self::adds_all`].
    pub fn count(self, distances: &[u16], bound: u16) -> usize {
        // SAFETY: `of` found the vectors
        self.table.dense.as_ref().map_or(0, |dense| unsafe { (dense.count)(distances, bound) })
    }

    /// The first place of a value, which is there. Only where [`Self::adds_all`].
    pub fn first(self, distances: &[u16], value: u16) -> usize {
        // SAFETY: `of` found the vectors
        self.table.dense.as_ref().map_or(0, |dense| unsafe { (dense.first)(distances, value) })
    }

    /// The entry of the tables of each plane, 128 bytes each, for every distance less `base`, which is none above any of them, and zero where there is
    /// none; their sum. 64 bytes for each plane of 64 distances are written. Only where [`Self::adds_all`].
    pub fn weigh_bytes(self, distances: &[u16], base: u16, tables: &[u8], planes: usize, bytes: &mut [u8]) -> u64 {
        assert!(
            bytes.len() == planes * distances.len().next_multiple_of(64) && tables.len().is_multiple_of(128 * planes)
        );
        let weigh = self.table.dense.as_ref().map(|dense| dense.weigh_bytes);
        // SAFETY: `of` found the vectors; there is a byte for every distance and plane
        weigh.map_or(0, |weigh| unsafe { weigh(distances, base, tables, planes, bytes) })
    }

    /// Adds to the sum of each output the bytes whose bit is set, times a power of two: for each 64 bytes there are as many bits, a byte each, for
    /// one output after the other. Only where [`Self::adds_all`].
    pub fn add_where(self, bytes: &[u8], bits: &[turned::Column], shift: u32, sums: &mut [u64]) {
        assert!(bytes.len() * sums.len() == 64 * bits.len());
        let add = self.table.dense.as_ref().map(|dense| dense.add_where);
        for (bytes, bits) in bytes.chunks(64 * SUMMED).zip(bits.chunks(SUMMED * sums.len().max(1))) {
            // SAFETY: `of` found the vectors; so few bytes have sums of 32 bits
            add.map_or((), |add| unsafe { add(bytes, bits, shift, sums) })
        }
    }

    /// The state gets a bit for every sum that is not below the threshold, and zeros from bit `outputs` on.
    pub fn decide(self, sums: &[u16], threshold: u16, outputs: usize, state: &mut State) {
        assert!(sums.len().is_multiple_of(SUMS_MULTIPLE) && sums.len() <= state.bits() && outputs <= sums.len());
        state.clear_from(0);
        // SAFETY: `of` found the vectors; the state has a bit for each sum, which are whole words
        unsafe { (self.table.decide)(sums, threshold, state) };
        state.clear_from(outputs);
    }

    /// Adds the sums to the wide ones, and clears them.
    pub fn spill(self, sums: &mut [u16], wide: &mut [u64]) {
        // SAFETY: `of` found the vectors
        unsafe { (self.table.spill)(sums, wide) }
    }

    /// As [`Self::decide`], of wide sums.
    pub fn decide_wide(self, wide: &[u64], threshold: i64, outputs: usize, state: &mut State) {
        assert!(wide.len().is_multiple_of(SUMS_MULTIPLE) && wide.len() <= state.bits() && outputs <= wide.len());
        state.clear_from(0);
        // SAFETY: `of` found the vectors; the state has a bit for each sum, which are whole words
        unsafe { (self.table.decide_wide)(wide, threshold, state) };
        state.clear_from(outputs);
    }
}
