//! Many cues at once, on all cores.

use super::{Engine, Recall, Scratch};
use crate::{
    bits::BitMatrix,
    reference::{Masks, Top},
};
use rayon::prelude::*;

impl Engine {
    /// `f` of the recall of every cue, in the order of the cues, whatever the number of threads. Each thread has one [`Scratch`].
    ///
    /// ```
    /// use hopgate_model::{engine::Engine, memory::{Memory, Parts}, noise};
    /// let patterns = noise::random(20, 64, 1);
    /// let mut kernel = vec![0; 65];
    /// kernel[0] = 1;
    /// let memory = Memory::new(Parts { planes: vec![patterns.clone()], kernel: vec![kernel], ..Parts::of(patterns) })?;
    /// let cues = noise::cues(memory.patterns(), 100, 0.1, 2);
    /// let exact = Engine::new(&memory).each(&cues, |q, _, scratch| scratch.state() == memory.patterns().row(q % 20));
    /// assert!(exact.iter().filter(|&&e| e).count() > 90);
    /// # Ok::<(), hopgate_model::Error>(())
    /// ```
    pub fn each<T: Send>(&self, cues: &BitMatrix, f: impl Fn(usize, Recall, &Scratch) -> T + Sync) -> Vec<T> {
        self.each_masked(cues, None, f)
    }

    /// The same of cues of which only some bits are known.
    ///
    /// # Panics
    /// When there are neither as many masks as cues nor one for all.
    pub fn each_masked<T: Send>(
        &self,
        cues: &BitMatrix,
        masks: Option<Masks>,
        f: impl Fn(usize, Recall, &Scratch) -> T + Sync,
    ) -> Vec<T> {
        let one = |scratch: &mut Scratch, q: usize| {
            let recall = self.one(cues, masks, q, scratch);
            f(q, recall, scratch)
        };
        (0..cues.rows()).into_par_iter().map_init(|| self.scratch(), one).collect()
    }

    fn one(&self, cues: &BitMatrix, masks: Option<Masks>, q: usize, scratch: &mut Scratch) -> Recall {
        match masks {
            None => self.recall(cues.row(q), scratch),
            Some(masks) => self.recall_masked(cues.row(q), masks.of(q), scratch),
        }
    }

    /// The patterns nearest to every cue, over the bits that are known, all by default: see [`Engine::ranked`].
    pub fn each_ranked(&self, cues: &BitMatrix, masks: Option<Masks>, top: Top) -> Vec<Vec<(usize, u32)>> {
        let one = |scratch: &mut Scratch, q: usize| {
            self.ranked(cues.row(q), masks.map(|masks| masks.of(q).known), top, scratch)
        };
        (0..cues.rows()).into_par_iter().map_init(|| self.scratch(), one).collect()
    }

    /// The recall of every cue, in the order of the cues, and the answers: the states or values that they end in, `(Q, M)`.
    ///
    /// # Panics
    /// When the cues have fewer bits than the patterns.
    pub fn all(&self, cues: &BitMatrix) -> (BitMatrix, Vec<Recall>) {
        self.all_masked(cues, None)
    }

    /// The same of cues of which only some bits are known.
    ///
    /// # Panics
    /// As [`Self::all`] and [`Self::each_masked`].
    pub fn all_masked(&self, cues: &BitMatrix, masks: Option<Masks>) -> (BitMatrix, Vec<Recall>) {
        let mut answers = BitMatrix::zeros(cues.rows(), self.outputs());
        let one = |scratch: &mut Scratch, (q, answer): (usize, &mut [u64])| {
            let recall = self.one(cues, masks, q, scratch);
            answer.copy_from_slice(scratch.state());
            recall
        };
        let recalls = answers.par_rows_mut().enumerate().map_init(|| self.scratch(), one).collect();
        (answers, recalls)
    }
}
