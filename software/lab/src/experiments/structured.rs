//! What the correlation of real patterns does to the dual weights, to quantisation and to pruning.
//!
//! Every set stands beside random patterns of the same N and P. The models are the exact optimum, and for the real sets
//! also the paper's recipe, whose rises say where it is not stable. Weights are quantised by the paper's grid and
//! recalled in floating point with the normalised kernel: what is lost is lost in the weights, not in the columns.

mod report;

use super::{
    Outcome,
    context::{Context, Recipe},
};
use crate::{
    bimodality::{Bimodality, test_bimodality},
    chart::{BLACK, BLUE, Colour, GREEN, RED, YELLOW},
    margin::{Stability, stability},
    prune::magnitude_prune,
    statistics::Spread,
};
use hopgate_files::patterns::load;
use hopgate_model::{
    Error, ErrorKind, Result,
    bits::{BitMatrix, hamming},
    noise::{self, Purpose, Seed},
};
use hopgate_train::{
    dense::largest_eigenvalue,
    logistic::kernel_matrix,
    quantizer::uniform_weights,
    recall_float::FloatMemory,
    scoring::Score,
    solver::{Fit, Guard, Method, TrainOptions, fit},
};
use ndarray::Array2;

/// From broad to sharp.
const GAMMAS: [f64; 5] = [0.01, 0.02, 0.05, 0.12, 0.3];
/// Flip probabilities of the cues.
const NOISE: [f64; 2] = [0.02, 0.05];
/// Cue sets per flip probability, a cue per pattern in each.
const CUE_SETS: u64 = 2;
/// The most steps of a recall: where a memory does not settle, more would only cost time.
const STEPS: u32 = 10;
/// Uniform samples that the dip is compared with.
const SIMULATIONS: usize = 99;
/// The KKT residual of the optimum: a dual weight is known to this over lambda, so that signs are those of the optimum.
const TOLERANCE: f64 = 1e-6;

/// What is done to the dual weights, how it is named and drawn.
const COMPRESSIONS: [(&str, Compression, Colour); 9] = [
    ("float", Compression::Bits(32), BLACK),
    ("8 bits", Compression::Bits(8), BLACK),
    ("4 bits", Compression::Bits(4), BLACK),
    ("3 bits", Compression::Bits(3), GREEN),
    ("2 bits", Compression::Bits(2), BLUE),
    ("1 bit", Compression::Bits(1), RED),
    ("10 % pruned", Compression::Pruned(0.1), YELLOW),
    ("30 % pruned", Compression::Pruned(0.3), BLACK),
    ("50 % pruned", Compression::Pruned(0.5), BLACK),
];
const FLOAT: usize = 0;
const TWO: usize = 4;
const ONE: usize = 5;
const TENTH: usize = 6;
/// The lines of the figure.
const SHOWN: [usize; 5] = [FLOAT, 3, TWO, ONE, TENTH];

#[derive(Clone, Copy)]
enum Compression {
    /// The paper's uniform grid.
    Bits(usize),
    /// The smallest magnitudes are zero.
    Pruned(f64),
}

impl Compression {
    fn of(self, alpha: &Array2<f64>) -> Result<Array2<f64>> {
        match self {
            Compression::Bits(bits) => Ok(uniform_weights(alpha, bits)?.0),
            Compression::Pruned(sparsity) => Ok(magnitude_prune(alpha, sparsity)?.alpha),
        }
    }
}

/// One set of patterns and what there is to know about it.
struct Set {
    name: String,
    /// Whether it was given, and not drawn for comparison.
    given: bool,
    patterns: BitMatrix,
    /// The nearest other pattern of each.
    neighbours: Vec<usize>,
}

impl Set {
    fn new(name: &str, given: bool, patterns: BitMatrix) -> Self {
        let p = patterns.rows();
        let distance = |a: usize, b: usize| hamming(patterns.row(a), patterns.row(b));
        let nearest = |a: usize| (0..p).filter(|&b| b != a).min_by_key(|&b| distance(a, b)).unwrap_or(a);
        let neighbours = (0..p).map(nearest).collect();
        Set { name: name.to_owned(), given, neighbours, patterns }
    }

    /// The distance of each pattern from its nearest neighbour.
    fn nearest_distances(&self) -> Vec<f64> {
        let one = |(a, &b): (usize, &usize)| f64::from(hamming(self.patterns.row(a), self.patterns.row(b)));
        self.neighbours.iter().enumerate().map(one).collect()
    }

    /// The share of ones in each column.
    fn ones(&self) -> Vec<f64> {
        let p = self.patterns.rows() as f64;
        (0..self.patterns.cols()).map(|c| self.patterns.column_ones(c) as f64 / p).collect()
    }
}

/// The dual weights of one set at one gamma, by one recipe.
struct Weights {
    alpha: Array2<f64>,
    residual: f64,
    /// Epochs in which the objective rose (the paper's recipe only).
    rises: usize,
    finite: bool,
}

fn weights(context: &Context, set: &Set, gamma: f64, recipe: Recipe) -> Result<Weights> {
    let preset = context.preset();
    let options = TrainOptions::new(gamma).lambda(preset.lambda);
    let options = match recipe {
        Recipe::Optimum => options.tolerance(TOLERANCE),
        Recipe::Descent => options.method(Method::Gd).rate(preset.rate).epochs(preset.epochs).guard(Guard::Report),
    };
    let Fit { alpha, residual, rises, finite, .. } = fit(&set.patterns, &options, &|_| ())?;
    Ok(Weights { alpha, residual, rises, finite })
}

/// What one compression leaves.
#[derive(Clone, Copy)]
struct Left {
    /// One step from the stored patterns: the paper's measure.
    stored: Stability,
    /// Recall at each flip probability.
    recall: [Score; NOISE.len()],
}

/// One set at one gamma, by one recipe.
struct Case {
    set: usize,
    gamma: f64,
    recipe: Recipe,
    residual: f64,
    rises: usize,
    /// The largest eigenvalue of the kernel matrix.
    top: f64,
    /// The median over the patterns of the kernel to the nearest neighbour.
    neighbour: f64,
    /// The fraction of the dual weights whose sign is not the stored bit.
    disagree: f64,
    magnitude: Spread,
    /// The mean magnitude where a pattern differs from its nearest neighbour, and where it does not.
    apart: f64,
    alike: f64,
    modes: Bimodality,
    /// One per compression.
    left: Vec<Left>,
}

impl Case {
    /// The spread of the magnitudes as a fraction of their mean.
    fn variation(&self) -> f64 {
        self.magnitude.deviation / self.magnitude.mean
    }
}

/// The mean magnitude where a pattern and its nearest neighbour differ, and where they agree.
fn around_neighbours(set: &Set, alpha: &Array2<f64>) -> (f64, f64) {
    let (mut sums, mut counts) = ([0.0; 2], [0u64; 2]);
    for ((mu, i), a) in alpha.indexed_iter() {
        let apart = usize::from(set.patterns.get(mu, i) != set.patterns.get(set.neighbours[mu], i));
        sums[apart] += a.abs();
        counts[apart] += 1;
    }
    let mean = |c: usize| if counts[c] == 0 { 0.0 } else { sums[c] / counts[c] as f64 };
    (mean(1), mean(0))
}

fn recalled(set: &Set, alpha: &Array2<f64>, gamma: f64, p: f64, seed: Seed) -> Result<Score> {
    let memory = FloatMemory::new(&set.patterns, alpha, gamma)?;
    let count = set.patterns.rows();
    let mut score = Score { neurons: set.patterns.cols() as u64, ..Score::default() };
    for t in 0..CUE_SETS {
        let cues = noise::cues(&set.patterns, count, p, seed.of(Purpose::CueSet, t));
        for q in 0..count {
            let answer = memory.recall(cues.row(q), STEPS);
            let wrong = hamming(&answer.state, set.patterns.row(q));
            score.exact += u64::from(wrong == 0);
            score.converged += u64::from(answer.converged);
            score.wrong_bits += u64::from(wrong);
        }
        score.cues += count as u64;
    }
    Ok(score)
}

/// Everything about one set at one gamma; `None` if the recipe ended in numbers that are none.
fn case(context: &Context, sets: &[Set], (index, gamma, recipe): (usize, f64, Recipe)) -> Result<Option<Case>> {
    let (set, seed) = (&sets[index], Seed::from(context.preset().seed));
    let found = weights(context, set, gamma, recipe)?;
    if !found.finite {
        return Ok(None);
    }
    let alpha = &found.alpha;
    let kernel = kernel_matrix(&set.patterns, gamma);
    let left = COMPRESSIONS.iter().map(|(_, compression, _)| {
        let alpha = compression.of(alpha)?;
        let recall = |p| recalled(set, &alpha, gamma, p, seed);
        Ok(Left { stored: stability(&kernel, &alpha, &set.patterns)?, recall: [recall(NOISE[0])?, recall(NOISE[1])?] })
    });
    let against = |((mu, i), a): &((usize, usize), &f64)| (**a > 0.0) != set.patterns.get(*mu, *i);
    let magnitudes: Vec<f64> = alpha.iter().map(|a| a.abs()).collect();
    let mut near: Vec<f64> =
        set.neighbours.iter().enumerate().filter(|(a, b)| a != *b).map(|(a, &b)| kernel[[a, b]]).collect();
    near.sort_by(f64::total_cmp);
    let (apart, alike) = around_neighbours(set, alpha);
    Ok(Some(Case {
        set: index,
        gamma,
        recipe,
        residual: found.residual,
        rises: found.rises,
        top: largest_eigenvalue(&kernel),
        neighbour: near.get(near.len() / 2).copied().unwrap_or(0.0),
        disagree: alpha.indexed_iter().filter(against).count() as f64 / alpha.len() as f64,
        magnitude: Spread::of(&magnitudes),
        apart,
        alike,
        modes: test_bimodality(alpha.as_slice().unwrap_or(&[]), SIMULATIONS, seed)?,
        left: left.collect::<Result<_>>()?,
    }))
}

/// Glyphs and digits.
pub(super) fn structured(context: &Context) -> Result<Outcome> {
    structured_of(context, &[("glyphs", load("glyphs")?.bits), ("digits", load("digits")?.bits)])
}

/// What correlation does, for any sets of patterns (rows distinct, at least two), each by its name: beside random
/// patterns of the same size, at the preset's lambda, over gammas from 0.01 to 0.3.
///
/// # Errors
/// [`ErrorKind::Usage`] without sets, [`ErrorKind::Value`] for one of fewer than two patterns, and those of training.
///
/// ```
/// use hopgate_model::noise;
/// use hopgate_lab::experiments::{structured_of, Context, Preset};
/// let quick = Preset { epochs: 20, ..Preset::paper() };
/// let outcome = structured_of(&Context::new(quick, &|_| ()), &[("mine", noise::random(12, 20, 1))])?;
/// assert_eq!(outcome.tables[2].rows[0][0], "mine");
/// # Ok::<(), hopgate_model::Error>(())
/// ```
pub fn structured_of(context: &Context, given: &[(&str, BitMatrix)]) -> Result<Outcome> {
    if given.is_empty() {
        return Err(Error::usage("there are no patterns to study"));
    }
    let mut sets = Vec::new();
    for (name, patterns) in given {
        let (p, n) = (patterns.rows(), patterns.cols());
        if p < 2 || n == 0 {
            let what = format!("{name}: {p} patterns of {n} bits, but the study needs at least 2 of 1");
            return Err(Error::new(ErrorKind::Value, what));
        }
        let random = load(format!("random:N={n},P={p},seed={}", context.preset().seed))?.bits;
        sets.push(Set::new(name, true, patterns.clone()));
        sets.push(Set::new(&format!("random as {name}"), false, random));
    }
    let all = (0..sets.len()).flat_map(|set| GAMMAS.map(|gamma| (set, gamma)));
    // descent first: it takes longest
    let wanted = all.clone().filter(|(set, _)| sets[*set].given).map(|(set, gamma)| (set, gamma, Recipe::Descent));
    let wanted = wanted.chain(all.map(|(set, gamma)| (set, gamma, Recipe::Optimum)));
    let cases: Vec<Case> = context.each(wanted, |&w| case(context, &sets, w))?.into_iter().flatten().collect();
    let at =
        |set: usize, gamma: f64| cases.iter().find(|c| c.set == set && c.gamma == gamma && c.recipe == Recipe::Optimum);
    let mut claims = Vec::new();
    for index in (0..sets.len()).filter(|&i| sets[i].given) {
        let of = |&gamma: &f64| Some(report::duality_claim(&sets, at(index, gamma)?, at(index + 1, gamma)));
        claims.extend(GAMMAS.iter().filter_map(of));
        claims.push(report::recipe_claim(&sets, index, &cases, context.preset().epochs));
    }
    Ok(Outcome { tables: report::tables(&sets, &cases), figure: Some(report::figure(&sets, &cases)), claims })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiments::Preset;
    use ndarray::arr2;

    #[test]
    fn neighbours_by_hand() {
        // 0000, 1000, 1111
        let set = Set::new("s", true, BitMatrix::from_fn(3, 4, |mu, i| mu == 2 || mu == 1 && i == 0));
        assert_eq!((set.neighbours.clone(), set.nearest_distances()), (vec![1, 0, 1], vec![1.0, 1.0, 3.0]));
        let ones = set.ones();
        assert!((ones[0] - 2.0 / 3.0).abs() < 1e-15 && (ones[3] - 1.0 / 3.0).abs() < 1e-15);
        let alpha = arr2(&[[-5.0, 1.0, 1.0, 1.0], [5.0, -1.0, 1.0, 1.0], [2.0, 2.0, 2.0, -2.0]]);
        // apart: both fives and three twos; alike: six ones and a two
        assert_eq!(around_neighbours(&set, &alpha), (16.0 / 5.0, 8.0 / 7.0));
    }

    #[test]
    fn near_duplicates_get_large_weights_where_they_differ() {
        let base = noise::random(10, 40, 3);
        let pairs = BitMatrix::from_fn(20, 40, |r, i| base.get(r / 2, i) ^ (r % 2 == 1 && i == r));
        let context = Context::new(Preset { epochs: 20, ..Preset::paper() }, &|_| ());
        let sets = [Set::new("pairs", true, pairs), Set::new("random", false, noise::random(20, 40, 4))];
        let of = |set, gamma| case(&context, &sets, (set, gamma, Recipe::Optimum)).unwrap().unwrap();
        let (pairs, random, sharp) = (of(0, 0.02), of(1, 0.02), of(0, 0.3));
        assert!(pairs.apart > 2.0 * pairs.alike && random.apart < 2.0 * random.alike);
        assert!(sharp.variation() < pairs.variation(), "a sharp kernel evens them out");
        assert!(pairs.left[FLOAT].stored.bit_accuracy == 1.0 && pairs.residual <= TOLERANCE);
    }

    #[test]
    fn the_study_takes_any_patterns() {
        let context = Context::new(Preset { epochs: 20, ..Preset::paper() }, &|_| ());
        let outcome =
            structured_of(&context, &[("a", noise::random(12, 20, 1)), ("b", noise::random(2, 3, 2))]).unwrap();
        // two sets and their twins; descent for the two
        assert_eq!(outcome.tables[0].rows.len(), 6 * GAMMAS.len());
        assert_eq!(outcome.tables[1].rows.len(), 6 * GAMMAS.len() * COMPRESSIONS.len());
        assert!(outcome.tables.iter().all(|t| t.rows.iter().all(|r| r.len() == t.header.len())));
        assert_eq!(outcome.claims.len(), 2 * (GAMMAS.len() + 1));
        assert!(outcome.figure.unwrap().svg().unwrap().contains("random as a"));
        assert!(structured_of(&context, &[]).is_err());
        assert!(structured_of(&context, &[("one", noise::random(1, 8, 1))]).is_err());
    }

    #[test]
    fn the_rule_of_the_duality() {
        let context = Context::new(Preset::paper(), &|_| ());
        let sets = [Set::new("s", true, noise::random(10, 30, 1))];
        let case = case(&context, &sets, (0, 0.05, Recipe::Optimum)).unwrap().unwrap();
        let with = |two: f64, tenth: f64| {
            let mut left = case.left.clone();
            left[TWO].stored.bit_accuracy = two;
            left[TENTH].stored.bit_accuracy = tenth;
            let modes = case.modes;
            report::duality(&Case { left, modes, ..case })
        };
        assert_eq!((with(0.9996, 0.9), with(0.999, 0.98)), ((true, true), (false, false)));
    }
}
