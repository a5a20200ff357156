//! A memory in the making: plane bits and real tables, to be sharpened and rounded.

use super::tables::Tables;
use crate::quantizer::MemoryOptions;
use hopgate_files::model_file::Model;
use hopgate_model::{
    Result,
    bits::BitMatrix,
    memory::{Memory, Parts},
};

/// What every draft of one model has in common.
pub(crate) struct Frame<'a> {
    pub model: &'a Model,
    pub options: MemoryOptions,
    /// The same bit everywhere, the rarer one of the patterns: the tables of this plane become the offset column.
    pub constant: BitMatrix,
}

impl<'a> Frame<'a> {
    pub fn new(model: &'a Model, options: MemoryOptions) -> Self {
        let (p, n) = (model.patterns.rows(), model.patterns.cols());
        let ones: usize = (0..n).map(|i| model.patterns.column_ones(i)).sum();
        let constant = BitMatrix::from_fn(p, n, |_, _| 2 * ones < p * n);
        Frame { model, options, constant }
    }
}

/// Planes, the least significant first, then the patterns, then the constant; and a table for each.
#[derive(Clone)]
pub(crate) struct Draft {
    pub planes: Vec<BitMatrix>,
    pub tables: Tables,
}

impl Draft {
    /// These planes (the patterns last) with these tables, and the constant with an empty one.
    pub fn new(frame: &Frame, mut planes: Vec<BitMatrix>, mut tables: Tables) -> Self {
        planes.push(frame.constant.clone());
        tables.push(vec![0.0; tables.first().map_or(1, Vec::len)]);
        Draft { planes, tables }
    }

    /// Bits per weight, `k`.
    fn bits(&self) -> usize {
        self.planes.len() - 1
    }

    /// The same function with `bits` planes: the patterns in each, `share` of the table in the lower ones, which then have
    /// something to take away or to add. The draft must have one plane.
    pub fn split(&self, bits: usize, share: f64) -> Self {
        let all = f64::from((1u32 << (bits - 1)) - 1);
        let part = |j: usize| if j + 1 == bits { 1.0 - share } else { share * f64::from(1u32 << j) / all };
        let mut tables: Tables = (0..bits).map(|j| self.tables[0].iter().map(|w| w * part(j)).collect()).collect();
        tables.push(self.tables[1].clone());
        let mut planes = vec![self.planes[0].clone(); bits];
        planes.push(self.planes[1].clone());
        Draft { planes, tables }
    }

    /// Every table as a power of itself: with `power` above 1 the near patterns count for more. The likelihood of single
    /// bits asks for the mean of the patterns that a cue may stand for; an exact answer is one of them.
    pub fn sharpened(&self, power: f64) -> Self {
        let table = |w: &Vec<f64>| {
            let sharp = |x: &f64| if *x > 0.0 { w[0] * libm::pow(x / w[0], power) } else { 0.0 };
            w.iter().map(sharp).collect()
        };
        Draft { planes: self.planes.clone(), tables: self.tables.iter().map(table).collect() }
    }

    /// Integer columns of `N + 1` entries, one for each plane and the constant, and the scale by which they were rounded;
    /// `None` when every table is zero.
    pub fn columns(&self, frame: &Frame) -> Option<(Vec<Vec<u32>>, f64)> {
        let largest = self.tables[..self.bits()].iter().flatten().copied().fold(0.0, f64::max);
        if !(largest > 0.0 && largest.is_finite()) {
            return None;
        }
        let scale = f64::from((1u32 << frame.options.kernel_bits) - 1) / largest;
        let column = |w: &Vec<f64>| {
            // `as` saturates; an offset that large would fail as a memory
            let mut entries: Vec<u32> = w.iter().map(|x| libm::round(x * scale) as u32).collect();
            entries.resize(frame.model.patterns.cols() + 1, 0);
            entries
        };
        Some((self.tables.iter().map(column).collect(), scale))
    }

    /// The memory; `None` when there is none with these tables.
    pub fn memory(&self, frame: &Frame) -> Option<Result<Memory>> {
        let (mut kernel, _) = self.columns(frame)?;
        let sign = if frame.constant.get(0, 0) { 1 } else { -1 };
        let offset = kernel.pop()?.into_iter().map(|w| sign * i32::try_from(w).unwrap_or(i32::MAX)).collect();
        Some(Memory::new(Parts {
            planes: self.planes[..self.bits()].to_vec(),
            kernel,
            offset,
            kernel_bits: frame.options.kernel_bits,
            kernel_mode: frame.options.kernel_mode,
            max_steps: frame.options.max_steps,
            radius: frame.options.radius_of(frame.model.patterns.cols()),
            gamma: frame.model.gamma,
            scheme: "tuned".to_owned(),
            labels: frame.model.meta.labels.clone(),
            ..Parts::of(frame.model.patterns.clone())
        }))
    }
}
