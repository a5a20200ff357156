//! Few bits on real patterns: one bit per weight, sharp and normalised, against the best that any decoder can do.
//!
//! The bound of exact recall is the nearest pattern (the maximum-likelihood answer to independent flips), that of bit
//! accuracy in one step is the posterior vote, which `k = 1` is at the gamma of the noise. All decoders answer the same
//! cues, so a difference is taken cue set by cue set, and its standard error is that of the pairs.

mod report;
mod ties;

use super::{Outcome, context::Context};
use crate::{
    chart::{BLACK, BLUE, Colour, GREEN, GREY, PURPLE, RED, SKY, Shape, YELLOW},
    statistics::Spread,
    ties::{TieOptions, break_ties},
};
use hopgate_files::{
    model_file::{Model, ModelMeta},
    patterns,
};
use hopgate_model::{
    Result,
    bits::{BitMatrix, hamming},
    engine::Engine,
    kernel::gamma_of_noise,
    memory::{DEFAULT_MAX_STEPS, Memory},
    noise::{self, Purpose, Seed},
};
use hopgate_train::{
    quantizer::{MemoryOptions, QuantizeOptions, Scheme, quantize, training_free},
    recall_float::{FloatMemory, nearest_recall},
    scoring::Score,
    solver::{TrainOptions, fit},
};
use report::{far_claim, far_table, figure, free_claim, random_claim, real_claim, sweep_table, table};
use ties::Ties;

/// Cue sets per noise level, one per seed, a cue per pattern in each; random patterns are drawn afresh for each.
const SEEDS: u64 = 100;
/// Random sets, each with cues of its own.
const SETS: u64 = 20;
/// The flip probability of the one fixed gamma.
const FIXED: f64 = 0.1;
/// Without flips there is no gamma of the noise (it would be infinite): that of this flip probability is used.
const LEAST_NOISE: f64 = 0.02;
/// The KKT residual of the models: far below `lambda` times any dual weight, so that no sign is in doubt.
const TOLERANCE: f64 = 1e-6;
/// The gammas of the sweep.
const SWEEP: [f64; 10] = [0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.55, 0.75, 1.0, 2.0];
/// The paper's gamma, for the random patterns.
const RIDGE: f64 = 0.02;

/// A data set, and how far below the bound its exact recall may be at each flip probability.
struct Bars {
    name: &'static str,
    levels: [(f64, f64); 4],
}

const REAL: [Bars; 2] = [
    Bars { name: "glyphs", levels: [(0.0, 0.0), (0.02, 0.003), (0.05, 0.008), (0.1, 0.02)] },
    Bars { name: "digits", levels: [(0.0, 0.0), (0.02, 0.005), (0.05, 0.01), (0.1, 0.01)] },
];

/// Random patterns: N, P, and the flip probabilities.
const RANDOM: (usize, usize, [f64; 4]) = (100, 300, [0.1, 0.2, 0.3, 0.35]);

/// What is compared: at the gamma of the noise unless the name says otherwise.
const DECODERS: [(&str, Colour, Shape); 8] = [
    ("nearest pattern", GREY, Shape::Dashed(7, 5)),
    ("k = 1", RED, Shape::Line),
    ("k = 1 at a fixed gamma", YELLOW, Shape::Line),
    ("float", BLACK, Shape::Dashed(7, 9)),
    ("k = 2", BLUE, Shape::Dashed(4, 4)),
    ("k = 3", GREEN, Shape::Dashed(3, 7)),
    ("2 bits uniform", SKY, Shape::Dashed(2, 5)),
    ("float on the Ridge", PURPLE, Shape::Line),
];
const NEAREST: usize = 0;
const ONE: usize = 1;
const RIDGE_FLOAT: usize = 7;

/// A model at one gamma, and its memories.
struct Bench {
    model: Model,
    /// `shared` with 1, 2 and 3 bits, then `uniform` with 2.
    memories: [Memory; 4],
    /// Dual weights whose sign is not the stored bit.
    disagreements: usize,
    /// Whether `shared` with one bit is the training-free memory, bit for bit and column for column.
    free: bool,
}

impl Bench {
    fn new(patterns: &BitMatrix, gamma: f64, lambda: f64) -> Result<Self> {
        let alpha = fit(patterns, &TrainOptions::new(gamma).lambda(lambda).tolerance(TOLERANCE), &|_| ())?.alpha;
        let model = Model { patterns: patterns.clone(), alpha, gamma, lambda, meta: ModelMeta::default() };
        let made = |scheme, bits| quantize(&model, &QuantizeOptions::new(scheme, bits));
        let one = made(Scheme::Shared, 1)?;
        let memories = [
            one.memory,
            made(Scheme::Shared, 2)?.memory,
            made(Scheme::Shared, 3)?.memory,
            made(Scheme::Uniform, 2)?.memory,
        ];
        let free = same_memory(&memories[0], &free_memory(patterns, gamma)?);
        Ok(Bench { disagreements: one.report.sign_disagreements, free, memories, model })
    }
}

/// Whether two memories hold the same bits and the same tables (whatever made them).
fn same_memory(a: &Memory, b: &Memory) -> bool {
    let same_bits = a.patterns() == b.patterns() && a.planes() == b.planes();
    same_bits && a.kernel() == b.kernel() && a.offset() == b.offset() && a.parts().kernel_mode == b.parts().kernel_mode
}

/// The score of any decoder, one cue after the other: the cue sets are what runs in parallel.
fn score_of(patterns: &BitMatrix, cues: &BitMatrix, mut answer: impl FnMut(&[u64]) -> Vec<u64>) -> Score {
    let mut score = Score { cues: cues.rows() as u64, neurons: patterns.cols() as u64, ..Score::default() };
    for q in 0..cues.rows() {
        let wrong = hamming(&answer(cues.row(q)), patterns.row(q % patterns.rows()));
        score.exact += u64::from(wrong == 0);
        score.wrong_bits += u64::from(wrong);
    }
    score
}

/// The score of a memory; each of its recalls ends in the engine's own room.
fn score_of_memory(memory: &Memory, cues: &BitMatrix) -> Score {
    let engine = Engine::new(memory);
    let mut scratch = engine.scratch();
    score_of(memory.patterns(), cues, |cue| {
        engine.recall(cue, &mut scratch);
        scratch.state().to_vec()
    })
}

/// The scores of all decoders for one cue set; the last only where there is a model on the Ridge.
fn scores(cues: &BitMatrix, at_noise: &Bench, fixed: &Bench, ridge: Option<&Model>) -> Result<Vec<Score>> {
    let patterns = &at_noise.model.patterns;
    let memory = |m: &Memory| score_of_memory(m, cues);
    let float = |model: &Model| {
        let float = FloatMemory::of(model)?;
        Ok::<_, hopgate_model::Error>(score_of(patterns, cues, |cue| float.recall(cue, DEFAULT_MAX_STEPS).state))
    };
    let mut all = vec![
        score_of(patterns, cues, |cue| patterns.row(nearest_recall(patterns, cue).0).to_vec()),
        memory(&at_noise.memories[0]),
        memory(&fixed.memories[0]),
        float(&at_noise.model)?,
        memory(&at_noise.memories[1]),
        memory(&at_noise.memories[2]),
        memory(&at_noise.memories[3]),
    ];
    if let Some(model) = ridge {
        all.push(float(model)?);
    }
    Ok(all)
}

/// A memory whose far patterns vote where the near ones are even: exact recall less nearest pattern's, its standard error, and
/// the ties that it answers exactly.
struct Far {
    beyond: (f64, f64),
    ties: u64,
    column: Vec<u32>,
}

/// Searches the column on cues of its own, and measures it on those of the level.
fn far(context: &Context, patterns: &BitMatrix, noise: f64, seeds: &[Vec<Score>]) -> Result<Far> {
    let options = TieOptions { seed: context.preset().seed, ..TieOptions::new(noise) };
    let memory = break_ties(patterns, &options)?.memory;
    let all = context.each(0..seeds.len() as u64, |&t| {
        let cues = noise::cues(patterns, patterns.rows(), noise, set_seed(context, t));
        Ok((score_of_memory(&memory, &cues).exact_recall(), Ties::of(patterns, &cues, &memory).one))
    })?;
    let pairs: Vec<f64> = all.iter().zip(seeds).map(|((exact, _), s)| exact - s[NEAREST].exact_recall()).collect();
    let ties = all.iter().map(|(_, ties)| ties).sum();
    Ok(Far { beyond: mean_and_error(&pairs), ties, column: memory.kernel()[0].clone() })
}

/// All scores at one flip probability: a row per seed, a score per decoder.
struct AtNoise {
    set: String,
    noise: f64,
    gamma: f64,
    seeds: Vec<Vec<Score>>,
    /// Over all seeds.
    ties: Ties,
    /// `k = 1` with a column that leaves ties, where `k = 1` misses its bar.
    far: Option<Far>,
    /// `k = 1` at other gammas: exact recall less nearest pattern's, and its standard error.
    sweep: Vec<(f64, (f64, f64))>,
    /// Over all models of the level: dual weights, those whose sign is not the stored bit, models, and those models
    /// whose one bit is the training-free memory.
    weights: usize,
    disagreements: usize,
    models: usize,
    free: usize,
}

impl AtNoise {
    fn spread(&self, decoder: usize, f: impl Fn(&Score) -> f64) -> Spread {
        Spread::of(&self.seeds.iter().map(|s| f(&s[decoder])).collect::<Vec<_>>())
    }

    /// A decoder less another, pair by pair: the mean difference and its standard error.
    fn beyond(&self, decoder: usize, other: usize, f: fn(&Score) -> f64) -> (f64, f64) {
        mean_and_error(&self.seeds.iter().map(|s| f(&s[decoder]) - f(&s[other])).collect::<Vec<_>>())
    }

    /// What was counted about the models.
    fn count(mut self, benches: &[&Bench]) -> Self {
        self.models = benches.len();
        self.free = benches.iter().filter(|b| b.free).count();
        self.weights = benches.iter().map(|b| b.model.alpha.len()).sum();
        self.disagreements = benches.iter().map(|b| b.disagreements).sum();
        self
    }

    fn new(set: &str, noise: f64, gamma: f64, seeds: Vec<Vec<Score>>) -> Self {
        let (ties, far, sweep) = (Ties::default(), None, Vec::new());
        AtNoise {
            set: set.to_owned(),
            noise,
            gamma,
            seeds,
            ties,
            far,
            sweep,
            weights: 0,
            disagreements: 0,
            models: 0,
            free: 0,
        }
    }
}

fn mean_and_error(values: &[f64]) -> (f64, f64) {
    let s = Spread::of(values);
    (s.mean, s.deviation / (values.len() as f64).sqrt())
}

/// The seed of a set of cues of given patterns.
fn set_seed(context: &Context, t: u64) -> Seed {
    Seed::from(context.preset().seed).of(Purpose::CueSet, t)
}

fn gamma_at(noise: f64) -> f64 {
    gamma_of_noise(noise.max(LEAST_NOISE))
}

/// One set of patterns at every flip probability: `seeds` cue sets each, a cue per pattern.
fn real(context: &Context, name: &str, patterns: &BitMatrix, noises: &[f64], seeds: u64) -> Result<Vec<AtNoise>> {
    let lambda = context.preset().lambda;
    let fixed = Bench::new(patterns, gamma_of_noise(FIXED), lambda)?;
    let one = |&noise: &f64| {
        let gamma = gamma_at(noise);
        let bench = Bench::new(patterns, gamma, lambda)?;
        let cues = |t: u64| noise::cues(patterns, patterns.rows(), noise, set_seed(context, t));
        let all = context.each(0..seeds, |&t| {
            let cues = cues(t);
            Ok((scores(&cues, &bench, &fixed, None)?, Ties::of(patterns, &cues, &bench.memories[0])))
        })?;
        let ties = all.iter().fold(Ties::default(), |sum, (_, t)| sum.plus(*t));
        let scores: Vec<Vec<Score>> = all.into_iter().map(|(s, _)| s).collect();
        let bound: Vec<f64> = scores.iter().map(|s| s[NEAREST].exact_recall()).collect();
        let sweep = context.each(SWEEP, |&gamma| {
            let memory = free_memory(patterns, gamma)?;
            let exact = |t| score_of_memory(&memory, &cues(t)).exact_recall();
            let pairs: Vec<f64> = (0..seeds).zip(&bound).map(|(t, bound)| exact(t) - bound).collect();
            Ok((gamma, mean_and_error(&pairs)))
        })?;
        Ok(AtNoise { ties, sweep, ..AtNoise::new(name, noise, gamma, scores).count(&[&bench]) })
    };
    noises.iter().map(one).collect()
}

fn free_memory(patterns: &BitMatrix, gamma: f64) -> Result<Memory> {
    training_free(patterns, gamma, &MemoryOptions::default())
}

/// Random patterns, drawn afresh for every seed, at every flip probability.
fn random(context: &Context, (n, p): (usize, usize), noises: &[f64], seeds: u64) -> Result<Vec<AtNoise>> {
    let lambda = context.preset().lambda;
    let trials = context.each(0..seeds, |&t| {
        let seed = context.preset().seed_of(t);
        let patterns = noise::random(p, n, seed);
        let fixed = Bench::new(&patterns, gamma_of_noise(FIXED), lambda)?;
        let ridge = Bench::new(&patterns, RIDGE, lambda)?.model;
        let level = |&noise: &f64| {
            let bench = Bench::new(&patterns, gamma_at(noise), lambda)?;
            let cues = noise::cues(&patterns, p, noise, seed);
            Ok((scores(&cues, &bench, &fixed, Some(&ridge))?, bench))
        };
        noises.iter().map(level).collect::<Result<Vec<_>>>()
    })?;
    let level = |(l, &noise): (usize, &f64)| {
        let seeds = trials.iter().map(|t| t[l].0.clone()).collect();
        let benches: Vec<&Bench> = trials.iter().map(|t| &t[l].1).collect();
        AtNoise::new("random", noise, gamma_at(noise), seeds).count(&benches)
    };
    Ok(noises.iter().enumerate().map(level).collect())
}

/// Few bits on glyphs, digits and random patterns.
pub(super) fn few_bits(context: &Context) -> Result<Outcome> {
    let mut levels = Vec::new();
    for bars in &REAL {
        let set = patterns::load(bars.name)?.bits;
        let mut found = real(context, bars.name, &set, &bars.levels.map(|l| l.0), SEEDS)?;
        for (level, (_, bar)) in found.iter_mut().zip(bars.levels) {
            if level.beyond(ONE, NEAREST, Score::exact_recall).0 < -bar - 1e-12 {
                level.far = Some(far(context, &set, level.noise, &level.seeds)?);
            }
        }
        levels.extend(found);
    }
    let (n, p, noises) = RANDOM;
    levels.extend(random(context, (n, p), &noises, SETS)?);
    let bar = |l: &AtNoise| -> Option<f64> {
        let bars = REAL.iter().find(|b| b.name == l.set)?;
        bars.levels.iter().find(|(noise, _)| *noise == l.noise).map(|&(_, bar)| bar)
    };
    let claims = levels.iter().filter_map(|l| match bar(l) {
        Some(bar) => Some(real_claim(l, bar)),
        None => [0.2, 0.3].contains(&l.noise).then(|| random_claim(l)),
    });
    let far_claims = levels.iter().filter_map(|l| far_claim(l, bar(l)?));
    let claims = claims.chain(far_claims).chain([free_claim(&levels)]).collect();
    Ok(Outcome {
        tables: vec![table(&levels, context.preset().seed), sweep_table(&levels), far_table(&levels)],
        figure: Some(figure(&levels)),
        claims,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiments::{Preset, claim::Verdict};

    fn context() -> Context<'static> {
        Context::new(Preset::paper(), &|_| ())
    }

    #[test]
    fn every_decoder_is_scored_on_the_same_cues() {
        let patterns = noise::random(20, 32, 1);
        let levels = real(&context(), "some", &patterns, &[0.0, 0.1], 3).unwrap();
        let level = &levels[1];
        assert!(levels[0].seeds.iter().flatten().all(|s| s.exact == 20 && s.wrong_bits == 0));
        assert_eq!((level.seeds.len(), level.models, level.free, level.disagreements), (3, 1, 1, 0));
        for (t, scores) in level.seeds.iter().enumerate() {
            // the slow reference, on cues drawn here
            let cues = noise::cues(&patterns, 20, 0.1, set_seed(&context(), t as u64));
            let memory = free_memory(&patterns, gamma_of_noise(0.1)).unwrap();
            let slow = hopgate_train::scoring::score(&memory, &patterns, &cues);
            assert_eq!((scores[ONE].exact, scores[ONE].wrong_bits), (slow.exact, slow.wrong_bits));
            let nearest = hopgate_train::scoring::score(&hopgate_train::scoring::Nearest(&patterns), &patterns, &cues);
            assert_eq!((scores[NEAREST].exact, scores[NEAREST].wrong_bits), (nearest.exact, nearest.wrong_bits));
        }
        let sum = |d: usize| level.seeds.iter().map(|s| s[d].exact_recall()).sum::<f64>() / 3.0;
        assert!((level.beyond(ONE, NEAREST, Score::exact_recall).0 - (sum(ONE) - sum(NEAREST))).abs() < 1e-12);
    }

    #[test]
    fn verdicts_are_those_of_the_differences() {
        let score = |exact| Score { cues: 100, exact, converged: 100, wrong_bits: 100 - exact, neurons: 10 };
        let level = |one: [u64; 2], fixed: u64| {
            let seed = |one| vec![score(98), score(one), score(fixed)];
            AtNoise::new("s", 0.1, 0.5, one.map(seed).to_vec())
        };
        let verdict = |one, fixed| real_claim(&level(one, fixed), 0.02).verdict;
        assert_eq!(verdict([96, 97], 90), Verdict::Reproduced);
        assert_eq!(verdict([95, 95], 90), Verdict::Not);
        assert_eq!(verdict([95, 95], 96), Verdict::Partly, "at the fixed gamma");
        assert_eq!(verdict([93, 97], 90), Verdict::Partly, "a standard error of 0.02");
    }

    #[test]
    fn far_votes_have_a_claim_where_they_were_tried() {
        let mut level = AtNoise::new("s", 0.1, 0.5, Vec::new());
        assert!(far_claim(&level, 0.01).is_none());
        for (beyond, verdict) in [(-0.009, Verdict::Reproduced), (-0.011, Verdict::Partly), (-0.02, Verdict::Not)] {
            level.far = Some(Far { beyond: (beyond, 0.002), ties: 3, column: vec![255, 0, 1] });
            assert_eq!(far_claim(&level, 0.01).unwrap().verdict, verdict);
        }
        assert_eq!(far_table(&[level]).rows[0].len(), 9);
    }

    #[test]
    fn random_patterns_get_the_ridge_too() {
        let levels = random(&context(), (24, 30), &[0.1], 2).unwrap();
        assert_eq!((levels[0].seeds[0].len(), levels[0].models), (DECODERS.len(), 2));
        let table = table(&levels, 1);
        assert_eq!(table.rows.len(), DECODERS.len());
        assert!(table.rows.iter().all(|r| r.len() == table.header.len()));
    }
}
