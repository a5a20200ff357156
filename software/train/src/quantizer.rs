//! From a trained model to a memory: planes, plane weights and integer kernel columns, with a report.

mod free;
mod levels;
pub mod shared;
pub mod uniform;

use crate::options::setters;
pub use free::{training_free, training_free_values};
use hopgate_files::model_file::Model;
use hopgate_model::{
    Error, ErrorKind, Result,
    bits::BitMatrix,
    kernel::{KernelMode, columns},
    memory::{DEFAULT_MAX_STEPS, KERNEL_BITS, Memory, Parts},
};
pub use levels::Levels;
use ndarray::Array2;
use serde::{Deserialize, Serialize};
use shared::shared;
use uniform::uniform;

/// The default bits of a kernel entry.
pub const DEFAULT_KERNEL_BITS: u32 = 8;
/// Up to this many bits the report lists every level.
const LISTED_BITS: usize = 8;
/// The bits that stand for weights as they are: the paper calls them 32-bit.
const FLOAT_BITS: usize = 32;

/// How dual weights become bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scheme {
    /// The paper's uniform grid: [`mod@uniform`]. 1 to 16 bits.
    Uniform,
    /// The top plane is the pattern matrix: [`mod@shared`]. 1 to 4 bits.
    Shared,
    /// As `shared`, then tuned to recall itself: [`tune`](crate::tuning::tune) makes it. 1 to 4 bits.
    Tuned,
}

impl Scheme {
    /// The most bits per dual weight.
    pub fn most_bits(self) -> usize {
        match self {
            Scheme::Uniform => 16,
            Scheme::Shared | Scheme::Tuned => 4,
        }
    }
}

impl std::fmt::Display for Scheme {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Scheme::Uniform => "uniform",
            Scheme::Shared => "shared",
            Scheme::Tuned => "tuned",
        })
    }
}

/// What a memory has beside its bits, whichever way these are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct MemoryOptions {
    /// Bits of a kernel entry, 4..=16.
    pub kernel_bits: u32,
    /// What the kernel columns are indexed by.
    pub kernel_mode: KernelMode,
    /// The most steps of a recall.
    pub max_steps: u32,
    /// An answer is known if its nearest pattern is at most this far; by default all are.
    pub radius: Option<u32>,
}

setters!(MemoryOptions { kernel_bits: u32, kernel_mode: KernelMode, max_steps: u32, radius: Option<u32> });

impl Default for MemoryOptions {
    /// 8-bit columns, normalised, 30 steps.
    fn default() -> Self {
        let (kernel_bits, kernel_mode) = (DEFAULT_KERNEL_BITS, KernelMode::Normalised);
        MemoryOptions { kernel_bits, kernel_mode, max_steps: DEFAULT_MAX_STEPS, radius: None }
    }
}

impl MemoryOptions {
    /// The radius of a memory whose keys have so many bits.
    pub fn radius_of(&self, neurons: usize) -> u32 {
        self.radius.unwrap_or(neurons as u32)
    }

    fn check(&self) -> Result<()> {
        if KERNEL_BITS.contains(&self.kernel_bits) {
            return Ok(());
        }
        let what = format!("kernel_bits is {}, but must be 4 to 16", self.kernel_bits);
        Err(Error::usage(what).hint("8 is the default"))
    }
}

/// What to quantise to.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct QuantizeOptions {
    /// Bits per dual weight, that is planes, `k`.
    pub bits: usize,
    /// How.
    pub scheme: Scheme,
    /// What else the memory has.
    pub memory: MemoryOptions,
}

setters!(QuantizeOptions { bits: usize, scheme: Scheme, memory: MemoryOptions });

/// Dual weights of which none reaches this are quantised times two to the power of [`RAISE`]: their squares would be zero. That rounds nothing, so
/// the memory is the one of their ratios.
const TINY: f64 = 1e-120;
/// The smallest number that there is becomes about 1e-113, and [`TINY`] about 1e90.
const RAISE: i32 = 700;

impl QuantizeOptions {
    /// This scheme and this many bits, with every default.
    pub fn new(scheme: Scheme, bits: usize) -> Self {
        QuantizeOptions { bits, scheme, memory: MemoryOptions::default() }
    }

    /// Checks every range that the memory itself does not.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] for more bits than the scheme takes, or none.
    pub fn check(&self) -> Result<()> {
        let most = self.scheme.most_bits();
        if self.bits == 0 || self.bits > most {
            let what = format!("{} bits per weight, but the scheme {} takes 1 to {most}", self.bits, self.scheme);
            let other = self.scheme != Scheme::Uniform && (1..=Scheme::Uniform.most_bits()).contains(&self.bits);
            let hint = if other { "use `scheme uniform` for more bits" } else { "2 bits suit most memories" };
            return Err(Error::usage(what).hint(hint));
        }
        self.memory.check()
    }
}

/// What was lost, and what came out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QuantizeReport {
    /// How.
    pub scheme: Scheme,
    /// Bits per dual weight.
    #[serde(rename = "planes")]
    pub bits: usize,
    /// The weight of each plane, the least significant first.
    pub weights: Vec<f64>,
    /// The value in the middle of the levels (zero for `shared`).
    pub offset: f64,
    /// All `2^bits` values that a dual weight can take now, ascending; empty above 8 bits.
    pub levels: Vec<f64>,
    /// Dual weights of the model whose sign contradicts the stored bit (none at the optimum of well-conditioned
    /// training).
    pub sign_disagreements: usize,
    /// Dual weights whose sign differs after quantisation.
    pub flipped_signs: usize,
    /// The mean squared error of the dual weights.
    pub mean_squared_error: f64,
    /// Planes whose integer column is all zero: bits that `kernel_bits` is too small to see.
    pub idle_planes: usize,
    /// The largest distance (beyond the nearest, when normalised) at which a pattern still votes.
    pub reach: u32,
    /// The width of an accumulator.
    pub accumulator_bits: u32,
    /// Whether the top plane is the pattern matrix and so is stored once.
    pub top_plane_is_pattern: bool,
    /// Bits of patterns and planes.
    pub storage_bits: usize,
}

/// A memory and the report of its making.
#[derive(Debug, Clone)]
pub struct Quantized {
    /// The memory.
    pub memory: Memory,
    /// What was lost.
    pub report: QuantizeReport,
}

/// Quantises a model by the scheme `uniform` or `shared`.
///
/// # Errors
/// [`ErrorKind::Usage`] for options out of range, and for the scheme `tuned`, which needs to know what happens to the cues:
/// [`tune`](crate::tuning::tune) takes that. [`ErrorKind::Value`] for a model that is not valid (NaN or
/// infinite weights, above all) or that the scheme cannot represent.
///
/// ```
/// use hopgate_model::noise;
/// use hopgate_train::{quantizer::{QuantizeOptions, Scheme, quantize}, solver::{TrainOptions, train}};
/// let model = train(&noise::random(30, 32, 1), &TrainOptions::new(0.05), &|_| ())?.model;
/// let q = quantize(&model, &QuantizeOptions::new(Scheme::Shared, 2))?;
/// assert!(q.memory.top_plane_is_pattern() && q.report.levels.len() == 4);
/// # Ok::<(), hopgate_model::Error>(())
/// ```
pub fn quantize(model: &Model, options: &QuantizeOptions) -> Result<Quantized> {
    options.check()?;
    model.check()?;
    let alpha = &model.alpha;
    let largest = alpha.iter().fold(0.0f64, |m, a| m.max(a.abs()));
    if largest == 0.0 {
        return Err(Error::new(ErrorKind::Value, "every dual weight is zero: there is nothing to quantise")
            .hint("train for at least one epoch"));
    }
    if largest > 1e150 {
        // its square would no longer be a number
        return Err(Error::new(ErrorKind::Value, format!("a dual weight of {largest:e} is above 1e150, the most"))
            .hint("the training diverged: train again, best with `method newton`"));
    }
    if largest < TINY {
        let raised = Model { alpha: alpha.mapv(|a| libm::ldexp(a, RAISE)), ..model.clone() };
        let Quantized { memory, mut report } = quantize(&raised, options)?;
        let lowered = |x: &mut f64| *x = libm::ldexp(*x, -RAISE);
        report.weights.iter_mut().chain(&mut report.levels).chain([&mut report.offset]).for_each(lowered);
        report.mean_squared_error = libm::ldexp(report.mean_squared_error, -2 * RAISE);
        return Ok(Quantized { memory, report });
    }
    let levels = levels(options.scheme, &model.patterns, alpha, options.bits)?;
    let columns =
        columns(model.patterns.cols(), model.gamma, &levels.weights, levels.offset, options.memory.kernel_bits);
    let idle_planes = columns.weights.iter().filter(|w| w.iter().all(|&x| x == 0)).count();
    let memory = Memory::new(Parts {
        planes: levels.planes.clone(),
        kernel: columns.weights,
        offset: columns.offset,
        kernel_bits: options.memory.kernel_bits,
        kernel_mode: options.memory.kernel_mode,
        max_steps: options.memory.max_steps,
        radius: options.memory.radius_of(model.patterns.cols()),
        gamma: model.gamma,
        scheme: options.scheme.to_string(),
        labels: model.meta.labels.clone(),
        ..Parts::of(model.patterns.clone())
    })?;
    let report = report(model, options.scheme, levels, idle_planes, &memory);
    Ok(Quantized { memory, report })
}

/// Dual weights (P, M) as levels, by the scheme `uniform` or `shared`: of the latter, `top` (P, M) is the top plane. The weights are finite, and there
/// is one.
///
/// # Errors
/// [`ErrorKind::Usage`] for the scheme `tuned`, [`ErrorKind::Value`] where the top plane mostly contradicts the weights.
pub fn levels(scheme: Scheme, top: &BitMatrix, alpha: &Array2<f64>, bits: usize) -> Result<Levels> {
    match scheme {
        Scheme::Tuned => {
            let what = "the scheme tuned depends on what happens to the cues, which a quantiser is not told";
            Err(Error::usage(what).hint("tune the memory instead"))
        }
        Scheme::Uniform => Ok(uniform(alpha, bits)),
        Scheme::Shared => shared(top, alpha, bits),
    }
}

/// The report of a memory whose columns are free tables: its levels are what a weight counts at `e = 0`, times the
/// factor that fits the model's dual weights best in least squares.
pub(crate) fn report_of_memory(model: &Model, memory: &Memory, scheme: Scheme) -> QuantizeReport {
    let integer = Levels {
        planes: memory.planes().to_vec(),
        weights: memory.kernel().iter().map(|w| f64::from(w[0])).collect(),
        offset: f64::from(memory.offset()[0]),
    };
    let values = integer.values();
    let product = model.alpha.iter().zip(&values).map(|(a, v)| a * v).sum::<f64>();
    let square = values.iter().map(|v| v * v).sum::<f64>();
    let factor = if square > 0.0 { product / square } else { 0.0 };
    let levels = Levels {
        planes: integer.planes,
        weights: integer.weights.iter().map(|w| w * factor).collect(),
        offset: integer.offset * factor,
    };
    let idle_planes = memory.kernel().iter().filter(|w| w.iter().all(|&x| x == 0)).count();
    report(model, scheme, levels, idle_planes, memory)
}

fn report(model: &Model, scheme: Scheme, levels: Levels, idle_planes: usize, memory: &Memory) -> QuantizeReport {
    let values = levels.values();
    let pairs = || model.alpha.iter().zip(&values);
    let against =
        |&((mu, i), &a): &((usize, usize), &f64)| a * if model.patterns.get(mu, i) { 1.0 } else { -1.0 } < 0.0;
    QuantizeReport {
        scheme,
        bits: levels.planes.len(),
        levels: if levels.planes.len() <= LISTED_BITS { levels.all() } else { Vec::new() },
        sign_disagreements: model.alpha.indexed_iter().filter(against).count(),
        flipped_signs: pairs().filter(|(a, v)| *a * *v < 0.0).count(),
        mean_squared_error: pairs().map(|(a, v)| (a - v) * (a - v)).sum::<f64>() / values.len() as f64,
        idle_planes,
        reach: memory.reach(),
        accumulator_bits: memory.accumulator_bits(),
        top_plane_is_pattern: memory.top_plane_is_pattern(),
        storage_bits: memory.storage_bits(),
        weights: levels.weights,
        offset: levels.offset,
    }
}

/// The dual weights as the paper's uniform grid of `2^bits` levels leaves them (arXiv 2604.20333, eq. 2), as plain numbers,
/// and the step `delta` between two levels. `bits` is 1 to 16, or 32, which stands for no quantiser: the weights
/// come back as they are, with a step of zero. The same grid as [`Scheme::Uniform`], one bit included.
///
/// # Errors
/// [`ErrorKind::Usage`] for another number of bits, [`ErrorKind::Value`] for weights that are not finite or none at all.
///
/// ```
/// use ndarray::arr2;
/// let (values, step) = hopgate_train::quantizer::uniform_weights(&arr2(&[[-3.0, -1.4, 1.4, 6.0]]), 2)?;
/// assert_eq!((values, step), (arr2(&[[-3.0, 0.0, 0.0, 6.0]]), 3.0));
/// # Ok::<(), hopgate_model::Error>(())
/// ```
pub fn uniform_weights(alpha: &Array2<f64>, bits: usize) -> Result<(Array2<f64>, f64)> {
    if !(1..=Scheme::Uniform.most_bits()).contains(&bits) && bits != FLOAT_BITS {
        return Err(Error::usage(format!(
            "{bits} bits per weight, but must be 1 to 16, or 32 for the weights as they are"
        )));
    }
    if alpha.is_empty() {
        return Err(Error::new(ErrorKind::Value, "there are no dual weights to quantise"));
    }
    if let Some(((mu, i), a)) = alpha.indexed_iter().find(|(_, a)| !a.is_finite()) {
        return Err(Error::new(ErrorKind::Value, format!("alpha is {a} at pattern {mu}, neuron {i}")));
    }
    if bits == FLOAT_BITS {
        return Ok((alpha.clone(), 0.0));
    }
    let levels = uniform(alpha, bits);
    // the weight of the lowest plane is half a step
    Ok((levels.values(), 2.0 * levels.weights[0]))
}
