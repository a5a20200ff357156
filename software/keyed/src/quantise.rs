//! From a model of key -> value to a memory: plain roundings, and codes that are fitted to the loss itself.
//!
//! `uniform` and `shared` round the dual weights as [`hopgate_train::quantizer`] does; the top plane of `shared` is their sign. Of classes only
//! differences count, so the weights of a centre are taken less their mean.
//!
//! `tuned` begins with `shared` and fits what is left to choose to what the memory is for:
//!
//! 1. The code of every centre and output becomes another one wherever that lowers the loss of the training samples (`codes.rs`): that of a softmax
//!    over the classes, or the logistic loss of every bit.
//! 2. After every round over the codes *selection samples*, which are not trained on, say how good the memory is; the best one is kept, and
//!    rounds end when they no longer help.
//! 3. It must answer more of the selection samples than both plain roundings, or the better one of these is the answer.
//! 4. *Reporting samples*, which nothing has seen, measure all of them.

mod codes;
mod tables;
mod tuned;

use crate::{
    excess::Excess,
    model::{KeyedModel, KeyedScore, check_shape},
    samples::Samples,
};
use hopgate_model::{
    Error, ErrorKind, Result,
    bits::BitMatrix,
    engine::Engine,
    kernel::columns,
    kind::Kind,
    memory::{Memory, Parts},
    progress::Watch,
};
use hopgate_train::{
    quantizer::{Levels, MemoryOptions, QuantizeOptions, Scheme, levels},
    setters,
};
use ndarray::Array2;
use serde::{Deserialize, Serialize};
use tuned::tune;

/// What to quantise to.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct KeyedQuantizeOptions {
    /// Bits per dual weight, that is planes, `k`.
    pub bits: usize,
    /// How.
    pub scheme: Scheme,
    /// What else the memory has. The kernel's mode is the model's.
    pub memory: MemoryOptions,
    /// `tuned`: the largest `e` at which a centre may count. The fewer centres count, the faster a core answers; without it, the kernel decides.
    pub reach: Option<usize>,
    /// `tuned`: the probability with which every bit of a key is flipped, in copies that are trained on beside the keys themselves.
    pub noise: f64,
    /// `tuned`: how many flipped copies of each key there are, if there is noise.
    pub copies: usize,
    /// The seed of everything random.
    pub seed: u64,
}

setters!(KeyedQuantizeOptions {
    bits: usize,
    scheme: Scheme,
    memory: MemoryOptions,
    reach: Option<usize>,
    noise: f64,
    copies: usize,
    seed: u64,
});

impl KeyedQuantizeOptions {
    /// So many bits, tuned, with every default.
    pub fn new(bits: usize) -> Self {
        let (scheme, memory) = (Scheme::Tuned, MemoryOptions::default());
        KeyedQuantizeOptions { bits, scheme, memory, reach: None, noise: 0.0, copies: 1, seed: 1 }
    }
}

/// A round of `tuned`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Round {
    /// Codes that it changed.
    pub changes: usize,
    /// How the memory then answers the selection samples.
    pub selection: KeyedScore,
}

/// What was lost, and what came out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeyedQuantizeReport {
    /// The scheme that was asked for.
    pub scheme: Scheme,
    /// The one whose memory it is: `tuned` gives way to a plain rounding that answers more.
    pub used: Scheme,
    /// Bits per dual weight.
    pub bits: usize,
    /// The rounds of `tuned`.
    pub rounds: Vec<Round>,
    /// The model itself on the reporting samples, with real weights.
    pub float: KeyedScore,
    /// The plain roundings on the reporting samples: none where a scheme cannot represent the weights.
    pub uniform: Option<KeyedScore>,
    /// The same of `shared`.
    pub shared: Option<KeyedScore>,
    /// The memory on the reporting samples.
    pub score: KeyedScore,
    /// The largest `e` at which a centre counts.
    pub reach: u32,
    /// Centres that count, on average over the reporting samples: a core takes a cycle for each of them and each plane.
    pub candidates: f64,
    /// Bits of centres and planes.
    pub storage_bits: usize,
    /// The width of an accumulator.
    pub accumulator_bits: u32,
}

/// A memory and the report of its making.
#[derive(Debug, Clone)]
pub struct KeyedQuantized {
    /// The memory.
    pub memory: Memory,
    /// How it came about.
    pub report: KeyedQuantizeReport,
}

/// How well a memory answers these samples, by the recall engine: one step of whatever kind.
///
/// # Errors
/// [`ErrorKind::Value`] when keys or outputs have another width.
pub fn score_memory(memory: &Memory, samples: &Samples) -> Result<KeyedScore> {
    check_shape(samples, memory.neurons(), memory.outputs())?;
    // a step alone, also of a sequence
    let one = Memory::new(Parts { max_steps: 1, ..memory.parts().clone() })?;
    let targets = samples.targets();
    let wrong = Engine::new(&one).each(samples.keys(), |q, _, scratch| targets.wrong(q, scratch.field()));
    Ok(KeyedScore::of(wrong, targets.bits()))
}

/// Quantises a model. `own` is what it was trained on, `held` what it was not: half of these selects, the rest reports. If nothing was held out,
/// the samples themselves do both, with other flips each if there is noise.
///
/// # Errors
/// [`ErrorKind::Usage`] for options out of range; [`ErrorKind::Value`] for a model that is not valid, or that `shared` cannot represent.
///
/// ```
/// use hopgate_keyed::{KeyedOptions, KeyedQuantizeOptions, Samples, quantize_keyed, train_keyed};
/// use hopgate_model::noise;
/// let keys = noise::cues(&noise::random(3, 40, 1), 240, 0.1, 2);
/// let samples = Samples::of_labels(keys, (0..240).map(|t| t % 3).collect())?;
/// let trained = train_keyed(&samples, &KeyedOptions::new(6), &|_| ())?;
/// let (own, held) = (samples.select(&trained.own), samples.select(&trained.held_out));
/// let made = quantize_keyed(&trained.model, &own, &held, &KeyedQuantizeOptions::new(2), &|_| ())?;
/// assert_eq!((made.memory.planes().len(), made.memory.outputs()), (2, 3));
/// assert!(made.report.score.accuracy() > 0.9);
/// # Ok::<(), hopgate_model::Error>(())
/// ```
pub fn quantize_keyed(
    model: &KeyedModel,
    own: &Samples,
    held: &Samples,
    options: &KeyedQuantizeOptions,
    watch: &dyn Watch,
) -> Result<KeyedQuantized> {
    QuantizeOptions::new(options.scheme, options.bits).memory(options.memory).check()?;
    model.check()?;
    for samples in [own, held] {
        check_shape(samples, model.centres.cols(), model.outputs())?;
    }
    let (select, report) = halves(own, held, options);
    let plain = |scheme| plain(model, scheme, options);
    let (uniform, shared) = (plain(Scheme::Uniform), plain(Scheme::Shared));
    let score = |memory: &Result<Memory>, samples| memory.as_ref().ok().map(|m| score_memory(m, samples)).transpose();
    let (of_uniform, of_shared) = (score(&uniform, &report)?, score(&shared, &report)?);
    let mut rounds = Vec::new();
    let (used, memory) = match options.scheme {
        Scheme::Uniform => (Scheme::Uniform, uniform?),
        Scheme::Shared => (Scheme::Shared, shared?),
        Scheme::Tuned => {
            let tuned = tune(model, own, &select, options, &mut rounds, watch)?;
            let all = [(Scheme::Tuned, Ok(tuned)), (Scheme::Shared, shared), (Scheme::Uniform, uniform)];
            best_of(all, &select)?
        }
    };
    let report = KeyedQuantizeReport {
        scheme: options.scheme,
        used,
        bits: options.bits,
        rounds,
        float: model.score(&report)?,
        uniform: of_uniform,
        shared: of_shared,
        score: score_memory(&memory, &report)?,
        reach: memory.reach(),
        candidates: candidates(&memory, &report)?,
        storage_bits: memory.storage_bits(),
        accumulator_bits: memory.accumulator_bits(),
    };
    Ok(KeyedQuantized { memory, report })
}

/// A model rounded by `uniform` or `shared`, unjudged: what [`quantize_keyed`] makes of it, which needs samples only to say how good it is.
///
/// # Errors
/// As [`quantize_keyed`]; [`ErrorKind::Usage`] for [`Scheme::Tuned`], which is fitted to samples.
pub fn round_keyed(model: &KeyedModel, options: &KeyedQuantizeOptions) -> Result<Memory> {
    QuantizeOptions::new(options.scheme, options.bits).memory(options.memory).check()?;
    model.check()?;
    if options.scheme == Scheme::Tuned {
        return Err(Error::usage("the scheme tuned is fitted to samples, and there are none")
            .hint("give the samples that the model was trained on"));
    }
    plain(model, options.scheme, options)
}

/// Centres within reach, on average over some samples.
fn candidates(memory: &Memory, samples: &Samples) -> Result<f64> {
    let excess = Excess::of(samples.keys(), memory.patterns(), memory.parts().kernel_mode)?;
    let within = |t: usize| excess.row(t).iter().filter(|&&e| u32::from(e) <= memory.reach()).count();
    Ok((0..excess.keys()).map(within).sum::<usize>() as f64 / excess.keys() as f64)
}

/// The samples that select, and those that report.
fn halves(own: &Samples, held: &Samples, options: &KeyedQuantizeOptions) -> (Samples, Samples) {
    if held.len() < 2 {
        let of = |more: u64| own.with_flips(options.noise, options.copies, options.seed.wrapping_add(more));
        return (of(1), of(2));
    }
    let of = |odd: usize| held.select(&(0..held.len()).filter(|t| t % 2 == odd).collect::<Vec<_>>());
    (of(0), of(1))
}

/// The first of the memories that there are which answers most.
fn best_of(all: [(Scheme, Result<Memory>); 3], select: &Samples) -> Result<(Scheme, Memory)> {
    let mut best: Option<(KeyedScore, Scheme, Memory)> = None;
    for (scheme, memory) in all {
        let Ok(memory) = memory else { continue };
        let score = score_memory(&memory, select)?;
        if best.as_ref().is_none_or(|(most, ..)| better(score, *most)) {
            best = Some((score, scheme, memory));
        }
    }
    let (_, scheme, memory) = best.expect("the tuned one is there");
    Ok((scheme, memory))
}

/// More right answers, then fewer wrong bits.
fn better(a: KeyedScore, b: KeyedScore) -> bool {
    (a.right, b.wrong_bits) > (b.right, a.wrong_bits)
}

/// The dual weights as they are rounded: of classes, less their mean over the classes.
fn centred(model: &KeyedModel) -> Array2<f64> {
    let mut alpha = model.alpha.clone();
    if model.kind == Kind::Class {
        for mut row in alpha.outer_iter_mut() {
            let mean = row.sum() / row.len() as f64;
            row.mapv_inplace(|a| a - mean);
        }
    }
    alpha
}

/// The dual weights as levels, by a plain scheme.
fn rounded(model: &KeyedModel, scheme: Scheme, bits: usize) -> Result<Levels> {
    let alpha = centred(model);
    if alpha.iter().all(|&a| a == 0.0) {
        let what = "every dual weight is zero: there is nothing to quantise";
        return Err(Error::new(ErrorKind::Value, what).hint("the samples say nothing about the answers"));
    }
    let signs = BitMatrix::from_fn(alpha.nrows(), alpha.ncols(), |mu, c| alpha[[mu, c]] >= 0.0);
    levels(scheme, &signs, &alpha, bits)
}

/// The memory of a plain rounding.
fn plain(model: &KeyedModel, scheme: Scheme, options: &KeyedQuantizeOptions) -> Result<Memory> {
    let Levels { planes, weights, offset } = rounded(model, scheme, options.bits)?;
    // an offset is the same for every class
    let offset = if model.kind == Kind::Class { 0.0 } else { offset };
    let columns = columns(model.centres.cols(), model.gamma, &weights, offset, options.memory.kernel_bits);
    memory(model, planes, columns.weights, columns.offset, scheme, options)
}

fn memory(
    model: &KeyedModel,
    planes: Vec<BitMatrix>,
    kernel: Vec<Vec<u32>>,
    offset: Vec<i32>,
    scheme: Scheme,
    options: &KeyedQuantizeOptions,
) -> Result<Memory> {
    Memory::new(Parts {
        kind: model.kind,
        planes,
        kernel,
        offset,
        kernel_bits: options.memory.kernel_bits,
        kernel_mode: model.kernel_mode,
        max_steps: if model.kind == Kind::Sequence { options.memory.max_steps } else { 1 },
        radius: options.memory.radius_of(model.centres.cols()),
        gamma: model.gamma,
        scheme: scheme.to_string(),
        ..Parts::of(model.centres.clone())
    })
}
