//! A trained model of key -> value, before it is quantised, and how well it answers.

use crate::{
    design::Design,
    excess::Excess,
    samples::{Samples, Targets},
};
use hopgate_model::{
    Error, ErrorKind, Result,
    bits::BitMatrix,
    kernel::{KernelMode, rbf},
    kind::Kind,
};
use ndarray::{Array2, ArrayView1};
use serde::{Deserialize, Serialize};

/// Keys whose fields are held at a time.
const KEYS: usize = 4096;

/// `P` stored centres of `N` bits with their dual weights for `M` outputs.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyedModel {
    /// What it answers with.
    pub kind: Kind,
    /// The stored keys, (P, N), all different.
    pub centres: BitMatrix,
    /// The dual weights, (P, M).
    pub alpha: Array2<f64>,
    /// The kernel's gamma: `K(e) = exp(-4*gamma*e)`.
    pub gamma: f64,
    /// The regulariser that it was trained with.
    pub lambda: f64,
    /// What the kernel is a function of.
    pub kernel_mode: KernelMode,
}

/// How many answers are right.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct KeyedScore {
    /// The keys that were asked.
    pub samples: usize,
    /// Right classes, or values that are right in every bit.
    pub right: usize,
    /// Wrong bits of values; of classes, as many as wrong answers.
    pub wrong_bits: usize,
    /// Bits of a value; 1 for classes.
    pub bits: usize,
}

impl KeyedScore {
    /// The share of right answers.
    pub fn accuracy(&self) -> f64 {
        self.right as f64 / self.samples.max(1) as f64
    }

    /// The share of right bits; of classes, that of right answers.
    pub fn bit_accuracy(&self) -> f64 {
        1.0 - self.wrong_bits as f64 / (self.samples * self.bits).max(1) as f64
    }

    /// The standard error of [`accuracy`](Self::accuracy).
    pub fn standard_error(&self) -> f64 {
        let a = self.accuracy();
        (a * (1.0 - a) / self.samples.max(1) as f64).sqrt()
    }

    /// Of the wrong bits of each answer (for a class 1 if it is wrong); an answer has so many bits.
    pub fn of(wrong: impl IntoIterator<Item = usize>, bits: usize) -> Self {
        let mut score = KeyedScore { bits, ..Self::default() };
        for wrong in wrong {
            score.samples += 1;
            score.right += usize::from(wrong == 0);
            score.wrong_bits += wrong;
        }
        score
    }
}

impl Targets {
    /// What [`KeyedScore`] counts as the bits of an answer.
    pub(crate) fn bits(&self) -> usize {
        match self {
            Targets::Labels { .. } => 1,
            Targets::Values(values) => values.cols(),
        }
    }

    /// The wrong bits of an answer to sample `t` by its fields: the greatest, the first on a tie, or the signs.
    pub(crate) fn wrong<H: Copy + PartialOrd + Default>(&self, t: usize, field: impl Iterator<Item = H>) -> usize {
        match self {
            Targets::Labels { labels, .. } => {
                let mut best: Option<(usize, H)> = None;
                for (c, h) in field.enumerate() {
                    if best.is_none_or(|(_, most)| h > most) {
                        best = Some((c, h));
                    }
                }
                usize::from(best.map(|(c, _)| c) != Some(labels[t] as usize))
            }
            Targets::Values(values) => {
                field.enumerate().filter(|&(c, h)| (h >= H::default()) != values.get(t, c)).count()
            }
        }
    }
}

impl KeyedModel {
    /// Outputs, `M`.
    pub fn outputs(&self) -> usize {
        self.alpha.ncols()
    }

    /// The kernel by `e`, `N + 1` entries.
    pub(crate) fn table(&self) -> Vec<f64> {
        (0..=self.centres.cols()).map(|e| rbf(self.gamma, e as u32)).collect()
    }

    /// Fails unless the parts fit together and every number is one.
    ///
    /// # Errors
    /// [`ErrorKind::Value`].
    pub fn check(&self) -> Result<()> {
        let bad = |what: String| Err(Error::new(ErrorKind::Value, what));
        let (p, m) = self.alpha.dim();
        if p != self.centres.rows() || p == 0 || m == 0 {
            let rows = self.centres.rows();
            return bad(format!("alpha has shape {:?}, but there are {rows} centres", self.alpha.dim()));
        }
        if let Some(((mu, c), a)) = self.alpha.indexed_iter().find(|(_, a)| !a.is_finite()) {
            return bad(format!("alpha is {a} at centre {mu}, output {c}"));
        }
        if !(self.gamma > 0.0 && self.gamma <= 1e300) {
            return bad(format!("gamma is {}, but must be greater than 0", self.gamma));
        }
        match self.centres.first_repeat() {
            Some((later, earlier)) => bad(format!("centre {later} repeats centre {earlier}")),
            None => Ok(()),
        }
    }

    /// The fields of these keys (Q, N), with real weights: (Q, M).
    ///
    /// # Errors
    /// [`ErrorKind::Value`] when the keys have another width, [`ErrorKind::Fit`] where memory is short.
    pub fn fields(&self, keys: &BitMatrix) -> Result<Array2<f64>> {
        let mut all = Array2::zeros((keys.rows(), self.outputs()));
        for from in (0..keys.rows()).step_by(KEYS) {
            let rows: Vec<usize> = (from..keys.rows().min(from + KEYS)).collect();
            let part = self.some_fields(&keys.select(&rows))?;
            all.slice_mut(ndarray::s![from..from + rows.len(), ..]).assign(&part);
        }
        Ok(all)
    }

    fn some_fields(&self, keys: &BitMatrix) -> Result<Array2<f64>> {
        let (excess, table) = (Excess::of(keys, &self.centres, self.kernel_mode)?, self.table());
        Ok(Design::Kernel { excess: &excess, table: &table }.fields(&self.alpha))
    }

    /// How well it answers these samples: with real weights, and one step.
    ///
    /// # Errors
    /// [`ErrorKind::Value`] when keys or outputs have another width, [`ErrorKind::Fit`] where memory is short.
    pub fn score(&self, samples: &Samples) -> Result<KeyedScore> {
        check_shape(samples, self.centres.cols(), self.outputs())?;
        let mut wrong = Vec::with_capacity(samples.len());
        for from in (0..samples.len()).step_by(KEYS) {
            let rows: Vec<usize> = (from..samples.len().min(from + KEYS)).collect();
            let fields = self.some_fields(&samples.keys().select(&rows))?;
            let of = |(t, field): (&usize, ArrayView1<f64>)| samples.targets().wrong(*t, field.iter().copied());
            wrong.extend(rows.iter().zip(fields.outer_iter()).map(of));
        }
        Ok(KeyedScore::of(wrong, samples.targets().bits()))
    }
}

/// Fails unless samples have keys and outputs of these widths.
pub(crate) fn check_shape(samples: &Samples, neurons: usize, outputs: usize) -> Result<()> {
    let shape = (samples.neurons(), samples.outputs());
    if shape == (neurons, outputs) {
        return Ok(());
    }
    let (n, m) = shape;
    let what = format!("the samples have {n} bits and {m} outputs, but the memory has {neurons} and {outputs}");
    Err(Error::new(ErrorKind::Value, what))
}
