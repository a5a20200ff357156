//! Recall with the real dual weights, and nearest-pattern search: what a memory is compared with.
//!
//! The float recall divides the kernel by its value at the nearest distance. That scales every field by one
//! positive number, so no sign changes, and a sharp kernel cannot underflow to a field of zeros.

use hopgate_files::model_file::Model;
use hopgate_model::{
    Error, ErrorKind, Result,
    bits::{BitMatrix, hamming, set_bit, words_for},
    kernel::rbf,
};
use ndarray::{Array2, ArrayView2, CowArray, Ix2};

/// A model that is ready to recall.
pub struct FloatMemory<'a> {
    patterns: &'a BitMatrix,
    alpha: CowArray<'a, f64, Ix2>,
    kernel: Vec<f64>,
}

/// What a float recall answers: the same words as [`hopgate_model::reference::Answer`].
#[derive(Debug, Clone, PartialEq)]
pub struct FloatAnswer {
    /// The final state, packed.
    pub state: Vec<u64>,
    /// Steps evaluated, the unchanging one included.
    pub steps: u32,
    /// Whether the last step changed nothing.
    pub converged: bool,
    /// The pattern nearest to the state that entered the last step (the lowest index on a tie).
    pub nearest: usize,
    /// Its Hamming distance.
    pub distance: u32,
    /// The fields of the last step, divided by `K(distance)`.
    pub field: Vec<f64>,
}

impl<'a> FloatMemory<'a> {
    /// From the parts of a model: `alpha` is (P, N), as the patterns are.
    ///
    /// # Errors
    /// [`ErrorKind::Value`] when the shapes differ, there is nothing stored, or a number is out of range.
    pub fn new(patterns: &'a BitMatrix, alpha: &'a Array2<f64>, gamma: f64) -> Result<Self> {
        let shape = (patterns.rows(), patterns.cols());
        if alpha.dim() != shape || alpha.is_empty() {
            let what = format!("alpha has shape {:?}, but the patterns have {shape:?}", alpha.dim());
            return Err(Error::new(ErrorKind::Value, what));
        }
        if !(gamma > 0.0 && gamma <= 1e300) {
            return Err(Error::new(ErrorKind::Value, format!("gamma is {gamma}, but must be greater than 0")));
        }
        if let Some(((mu, i), v)) = alpha.indexed_iter().find(|(_, v)| !v.is_finite()) {
            return Err(Error::new(ErrorKind::Value, format!("alpha is {v} at pattern {mu}, neuron {i}")));
        }
        let kernel = (0..=patterns.cols()).map(|e| rbf(gamma, e as u32)).collect();
        Ok(FloatMemory { patterns, alpha: alpha.as_standard_layout(), kernel })
    }

    /// From a model.
    ///
    /// # Errors
    /// As for [`FloatMemory::new`].
    pub fn of(model: &'a Model) -> Result<Self> {
        Self::new(&model.patterns, &model.alpha, model.gamma)
    }

    /// What is stored.
    pub fn patterns(&self) -> &BitMatrix {
        self.patterns
    }

    /// The dual weights, (P, N).
    pub fn alpha(&self) -> ArrayView2<'_, f64> {
        self.alpha.view()
    }

    /// The kernel over `0..=N`.
    pub fn kernel(&self) -> &[f64] {
        &self.kernel
    }

    /// The next state and its fields, with the nearest pattern and its distance.
    fn step(&self, state: &[u64]) -> FloatAnswer {
        let n = self.patterns.cols();
        let d: Vec<u32> = (0..self.patterns.rows()).map(|mu| hamming(state, self.patterns.row(mu))).collect();
        let (nearest, distance) = nearest_of(&d);
        let mut field = vec![0.0; n];
        for (row, d) in self.alpha.outer_iter().zip(&d) {
            let k = self.kernel[(d - distance) as usize];
            if k > 0.0 {
                for (h, a) in field.iter_mut().zip(row) {
                    *h += k * a;
                }
            }
        }
        let mut next = vec![0; words_for(n)];
        for (i, &h) in field.iter().enumerate() {
            set_bit(&mut next, i, h >= 0.0);
        }
        FloatAnswer { converged: next == state, state: next, steps: 1, nearest, distance, field }
    }

    /// Steps until nothing changes, or `max_steps` (at least one) were evaluated.
    ///
    /// ```
    /// use hopgate_model::{bits::BitMatrix, noise};
    /// use hopgate_train::{recall_float::FloatMemory, solver::{TrainOptions, train}};
    /// let patterns = noise::random(5, 64, 1);
    /// let model = train(&patterns, &TrainOptions::new(0.05), &|_| ())?.model;
    /// let cues = noise::flips(&patterns, 0.1, 2);
    /// let answer = FloatMemory::of(&model)?.recall(cues.row(3), 30);
    /// assert!(answer.converged && answer.nearest == 3 && answer.state == patterns.row(3));
    /// # Ok::<(), hopgate_model::Error>(())
    /// ```
    pub fn recall(&self, cue: &[u64], max_steps: u32) -> FloatAnswer {
        let mut answer = self.step(cue);
        while !answer.converged && answer.steps < max_steps {
            let steps = answer.steps + 1;
            answer = FloatAnswer { steps, ..self.step(&answer.state) };
        }
        answer
    }
}

/// The stored pattern nearest to a cue and its distance, the lowest index on a tie: the maximum-likelihood
/// answer for independent flips, so no decoder has a better exact recall.
///
/// # Panics
/// Without patterns.
pub fn nearest_recall(patterns: &BitMatrix, cue: &[u64]) -> (usize, u32) {
    let d: Vec<u32> = (0..patterns.rows()).map(|mu| hamming(cue, patterns.row(mu))).collect();
    nearest_of(&d)
}

/// The first smallest distance.
fn nearest_of(d: &[u32]) -> (usize, u32) {
    let (index, distance) = d.iter().enumerate().min_by_key(|&(_, d)| d).expect("at least one pattern");
    (index, *distance)
}
