//! What simpler things make of the same samples: a model is worth its hardware only where it answers more.

use crate::{
    design::Design,
    excess::Excess,
    logit::fit,
    model::{KeyedModel, KeyedScore, check_shape},
    samples::{Samples, Targets},
};
use hopgate_model::{
    Error, ErrorKind, Result,
    bits::BitMatrix,
    kernel::{KernelMode, rbf},
    progress::{Quiet, Watch},
};
use ndarray::Array2;
use serde::{Deserialize, Serialize};

/// Samples that a linear model is trained on, at most, for each bit of a key.
const LINEAR_SAMPLES: usize = 100;
/// The regulariser of the linear model.
const LINEAR_LAMBDA: f64 = 1.0;
/// Its relative residual.
const LINEAR_TOLERANCE: f64 = 1e-4;
/// The gammas of the vote, times that of the model.
const VOTES: [f64; 5] = [0.5, 1.0, 2.0, 4.0, 8.0];

/// What is enough for an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Enough {
    /// The answer of the nearest centre.
    Search,
    /// A linear model of the key's bits.
    Linear,
    /// The training-free vote of the centres.
    Vote,
    /// None of these: the trained model answers more.
    Model,
}

/// How a model and what is simpler answer the same samples, which none was trained on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct KeyedComparison {
    /// The model with real weights.
    pub float: KeyedScore,
    /// The nearest centre's answer: that of most samples around it.
    pub nearest: KeyedScore,
    /// Logistic regression of every output on the key's bits: its optimum, with a ridge.
    pub linear: KeyedScore,
    /// The vote of all centres, each for the answer of most samples around it, at the gamma that did best on the samples of training.
    pub vote: KeyedScore,
    /// That gamma.
    pub vote_gamma: f64,
}

impl KeyedComparison {
    /// The simplest that answers as much as the model, to two standard errors.
    pub fn enough(&self) -> Enough {
        let bar = self.float.accuracy() - 2.0 * self.float.standard_error();
        let all = [(self.nearest, Enough::Search), (self.linear, Enough::Linear), (self.vote, Enough::Vote)];
        all.into_iter().find(|(score, _)| score.accuracy() >= bar).map_or(Enough::Model, |(_, enough)| enough)
    }

    /// Where something simpler is enough: which, in one line with the figures.
    ///
    /// ```
    /// use hopgate_keyed::{KeyedComparison, KeyedScore};
    /// let of = |right| KeyedScore { samples: 1000, right, wrong_bits: 1000 - right, bits: 1 };
    /// let beside = KeyedComparison { float: of(930), nearest: of(840), linear: of(925), vote: of(905), vote_gamma: 0.1 };
    /// assert_eq!(beside.advice().unwrap(), "a linear model of the key's bits is enough: it answers 0.9250, the trained memory 0.9300");
    /// ```
    pub fn advice(&self) -> Option<String> {
        let (what, score) = match self.enough() {
            Enough::Search => ("a nearest-pattern search", self.nearest),
            Enough::Linear => ("a linear model of the key's bits", self.linear),
            Enough::Vote => ("the training-free memory", self.vote),
            Enough::Model => return None,
        };
        let (simple, trained) = (score.accuracy(), self.float.accuracy());
        Some(format!("{what} is enough: it answers {simple:.4}, the trained memory {trained:.4}"))
    }
}

/// Compares a model with what is simpler. `own` is what it was trained on, `judge` what it was not.
///
/// # Errors
/// [`ErrorKind::Value`] for samples of other widths or none to judge by; [`ErrorKind::Fit`] where memory is short.
pub fn compare_keyed(model: &KeyedModel, own: &Samples, judge: &Samples, watch: &dyn Watch) -> Result<KeyedComparison> {
    for samples in [own, judge] {
        check_shape(samples, model.centres.cols(), model.outputs())?;
    }
    if judge.is_empty() {
        return Err(Error::new(ErrorKind::Value, "there are no samples to judge by").hint("hold some out"));
    }
    let answers = answers(model, own)?;
    let excess = |samples: &Samples| Excess::of(samples.keys(), &model.centres, KernelMode::Normalised);
    let (of_own, of_judge) = (excess(own)?, excess(judge)?);
    let vote = |samples: &Samples, excess: &Excess, gamma: f64| {
        let table: Vec<f64> = (0..=samples.neurons()).map(|e| rbf(gamma, e as u32)).collect();
        score(samples, &Design::Kernel { excess, table: &table }.fields(&answers))
    };
    let mut best = (0, 0.0);
    for gamma in VOTES.map(|factor| factor * model.gamma) {
        watch.go_on()?;
        let right = vote(own, &of_own, gamma).right;
        if right >= best.0 {
            best = (right, gamma);
        }
    }
    // of the nearest centres, the first one answers
    let first = |t: usize| of_judge.row(t).iter().position(|&e| e == 0).expect("one is nearest");
    let nearest = Array2::from_shape_fn((judge.len(), answers.ncols()), |(t, c)| answers[[first(t), c]]);
    Ok(KeyedComparison {
        float: model.score(judge)?,
        nearest: score(judge, &nearest),
        linear: score(judge, &linear_fields(own, judge.keys(), watch)?),
        vote: vote(judge, &of_judge, best.1),
        vote_gamma: best.1,
    })
}

/// The answer of each centre, (P, M): the mean target, as 1 and -1, of the samples that are nearest to it, rounded; of classes, 1 for the one of most.
fn answers(model: &KeyedModel, own: &Samples) -> Result<Array2<f64>> {
    let excess = Excess::of(own.keys(), &model.centres, KernelMode::Normalised)?;
    let mut sums = Array2::<f64>::zeros(model.alpha.dim());
    for t in 0..own.len() {
        let nearest = excess.row(t).iter().position(|&e| e == 0).expect("one is nearest");
        for (c, sum) in sums.row_mut(nearest).iter_mut().enumerate() {
            *sum += if own.targets().get(t, c) { 1.0 } else { -1.0 };
        }
    }
    for mut row in sums.outer_iter_mut() {
        let most = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let classes = matches!(own.targets(), Targets::Labels { .. });
        let first = row.iter().position(|&x| x == most).expect("an output");
        for (c, x) in row.iter_mut().enumerate() {
            *x = if classes { f64::from(u8::from(c == first)) } else { f64::from(i8::from(*x >= 0.0)) * 2.0 - 1.0 };
        }
    }
    Ok(sums)
}

/// The fields of a linear model, (Q, M), for these keys, (Q, N): logistic regression of every output on the bits of the samples' keys.
///
/// ```
/// use hopgate_keyed::{Samples, linear_fields};
/// use hopgate_model::noise;
/// let samples = Samples::of_labels(noise::random(40, 16, 1), (0..40).map(|t| t % 2).collect())?;
/// assert_eq!(linear_fields(&samples, samples.keys(), &|_| ())?.dim(), (40, 2));
/// # Ok::<(), hopgate_model::Error>(())
/// ```
///
/// # Errors
/// [`ErrorKind::Fit`] where it takes more memory than there is, [`ErrorKind::Interrupted`] if the watch stops it.
pub fn linear_fields(own: &Samples, keys: &BitMatrix, watch: &dyn Watch) -> Result<Array2<f64>> {
    let few = own.len().div_ceil(LINEAR_SAMPLES * own.neurons()).max(1);
    let some = own.select(&(0..own.len()).step_by(few).collect::<Vec<_>>());
    let design = Design::Bits(some.keys());
    let ridge = Array2::from_diag_elem(design.inputs(), 1.0);
    let fit = fit(&design, &ridge, some.targets(), LINEAR_LAMBDA, LINEAR_TOLERANCE, &Quiet(watch))?;
    Ok(Design::Bits(keys).fields(&fit.alpha))
}

fn score(samples: &Samples, fields: &Array2<f64>) -> KeyedScore {
    let wrong = fields.outer_iter().enumerate().map(|(t, row)| samples.targets().wrong(t, row.iter().copied()));
    KeyedScore::of(wrong.collect::<Vec<_>>(), samples.targets().bits())
}
