//! The quantiser that is tuned to recall itself: bits, plane weights and columns are chosen on corrupted cues.
//!
//! `shared` fits the dual weights, and so inherits what training assumed. Here the memory is fitted to what it is for:
//!
//! 1. Training cues are made by the corruptions that the memory will meet.
//! 2. The kernel columns become free monotone tables, one for each plane, and an offset column. Those that make the right bits
//!    after one step most likely are the minimum of a convex function (`tables.rs`). This alone replaces a gamma that does
//!    not fit the corruption.
//! 3. The bits of the lower planes are flipped one by one, wherever that makes the right bits more likely (`descent.rs`),
//!    from two starts: the bits of `shared`, and the patterns in every plane, which is the memory of one plane again.
//! 4. Every draft is rounded at several sharpnesses, and *selection cues* choose the one with the best exact recall.
//! 5. *Deciding cues*, which nothing has seen, compare it with `shared` cue by cue. It replaces `shared` only if it recalls
//!    more by two standard errors of the paired difference, and no fewer stored patterns stand still. Otherwise the
//!    answer is the memory of `shared`, unchanged.
//! 6. *Fresh cues* measure both for the report.
//!
//! The top plane is the pattern matrix, as in `shared`, so the memory needs no more storage.

mod descent;
mod draft;
mod report;
mod states;
mod tables;

use crate::{
    options::setters,
    quantizer::{self, MemoryOptions, QuantizeOptions, Quantized, Scheme, quantize},
    scoring::exact,
};
use descent::Sweeps;
use draft::{Draft, Frame};
use hopgate_files::{model_file::Model, room};
use hopgate_model::{
    Error, ErrorKind, Result,
    bits::BitMatrix,
    corrupt::{self, Asked, Corruption, Damaged},
    kernel::rbf,
    memory::Memory,
    noise::{Purpose, Seed},
    progress::{Progress, Watch},
};
pub use report::{Paired, Tried, TuneReport, Tuned};
use states::States;
use tables::Problem;

/// The powers of the tables that are tried. The sharpest comes first, so that it wins a tie: it has the fewest candidates.
pub const SHARPNESS: [f64; 8] = [5.0, 3.0, 2.0, 1.5, 1.2, 1.0, 0.85, 0.7];
/// Standard errors by which the tuned memory must beat `shared` on the deciding cues.
pub const DECISIVE: f64 = 2.0;
/// A draft whose exact recall of the first selection cues, one per pattern, is so far below the best gets no more of them.
const FAR_BEHIND: f64 = 0.05;
/// Distances that the training states may hold in all, where more than one cue a pattern would make more: it bounds memory and time.
const MOST_DISTANCES: usize = 20_000_000;
/// The tables have few numbers, so that about so many cues say enough about them; the bits learn from all.
const TABLE_CUES: usize = 2048;
/// The fit starts from the model's kernel times this: the size of a confident logit.
const START_LOGIT: f64 = 3.0;
/// What the lower planes take of the table when one plane is split.
const SHARE: f64 = 0.3;
/// Sweeps over the bits, at most.
const SWEEPS: usize = 3;
/// A flip must gain this much likelihood (in nats, over all training states): less may be chance.
const LEAST_GAIN: f64 = 0.5;

/// What to tune for.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct TuneOptions {
    /// Bits per dual weight, that is planes, 1..=4.
    pub bits: usize,
    /// What else the memory has.
    pub memory: MemoryOptions,
    /// What happens to the cues; each corruption makes an equal share of them. Not empty.
    pub corruptions: Vec<Corruption>,
    /// Cues per pattern and corruption, for training and again for selecting, deciding and reporting; at least one.
    pub cues_per_pattern: usize,
    /// The seed of all cues.
    pub seed: u64,
}

setters!(TuneOptions {
    bits: usize,
    memory: MemoryOptions,
    corruptions: Vec<Corruption>,
    cues_per_pattern: usize,
    seed: u64,
});

impl TuneOptions {
    /// This many bits for these corruptions, with every default: 16 cues per pattern.
    pub fn new(bits: usize, corruptions: Vec<Corruption>) -> Self {
        TuneOptions { bits, memory: MemoryOptions::default(), corruptions, cues_per_pattern: 16, seed: 1 }
    }

    fn check(&self, neurons: usize, shape: Option<(usize, usize)>) -> Result<()> {
        let most = Scheme::Tuned.most_bits();
        if self.bits == 0 || self.bits > most {
            let what = format!("{} bits per weight, but the scheme tuned takes 1 to {most}", self.bits);
            return Err(Error::usage(what).hint("2 bits suit most memories"));
        }
        if self.corruptions.is_empty() {
            return Err(Error::usage("there is no corruption to tune for").hint("flips:0.1 is the default"));
        }
        if self.cues_per_pattern == 0 {
            return Err(Error::usage("there are no cues to tune with").hint("16 per pattern is the default"));
        }
        self.corruptions.iter().try_for_each(|c| c.check(neurons, shape))
    }
}

/// Tunes a memory for corrupted cues. `shape` is the height and width of the patterns if they are pictures.
///
/// `watch` counts drafts. The same model, options and seed give the same memory, whatever the number of threads.
///
/// # Errors
/// [`hopgate_model::ErrorKind::Usage`] for options out of range or a corruption that these patterns cannot have, and
/// whatever [`quantize()`] says about the model.
///
/// ```
/// use hopgate_model::{corrupt::Corruption, noise};
/// use hopgate_train::{solver::{TrainOptions, train}, tuning::{TuneOptions, tune}};
/// let model = train(&noise::random(40, 32, 1), &TrainOptions::new(0.01), &|_| ())?.model;
/// let tuned = tune(&model, None, &TuneOptions::new(1, vec![Corruption::Flips(0.05)]), &|_| ())?;
/// assert!(tuned.memory.top_plane_is_pattern());
/// assert!(tuned.report.replaced && tuned.report.fresh.gain > 0.1, "gamma is far too small: {:?}", tuned.report.fresh);
/// # Ok::<(), hopgate_model::Error>(())
/// ```
pub fn tune(model: &Model, shape: Option<(usize, usize)>, options: &TuneOptions, watch: &dyn Watch) -> Result<Tuned> {
    options.check(model.patterns.cols(), shape)?;
    let shared = quantize(model, &QuantizeOptions::new(Scheme::Shared, options.bits).memory(options.memory))?;
    let (p, count) = (model.patterns.rows(), rounds(&model.patterns, options) * options.corruptions.len());
    // distances of every training cue from every pattern, twice over
    let distances = 4u64.saturating_mul(count as u64).saturating_mul(p as u64).saturating_mul(p as u64);
    room::check(distances, || format!("tuning on {count} cues for each of {p} patterns"))?;
    let cues = |purpose| all_cues(&model.patterns, shape, options, purpose);
    let frame = Frame::new(model, options.memory);
    let drafts = drafts(&frame, &shared, options, &cues(Purpose::TuneTraining)?, watch)?;

    let old = &shared.memory;
    let Selected { tried, best } = select(&frame, &drafts, &cues(Purpose::TuneSelection)?, unstable(old), watch)?;
    let deciding = cues(Purpose::TuneDecision)?;
    let decision = best.as_ref().map(|(_, m)| Paired::of(&exact(old, &deciding), &exact(m, &deciding)));
    let replaced = decision.is_some_and(|d| d.is_decisive());
    let index = best.as_ref().map(|(index, _)| *index);
    let memory = best.filter(|_| replaced).map_or_else(|| shared.memory.clone(), |(_, memory)| memory);
    let fresh = cues(Purpose::TuneReport)?;
    let report = TuneReport {
        corruptions: options.corruptions.iter().map(ToString::to_string).collect(),
        seed: options.seed,
        tried,
        best: index,
        decision,
        replaced,
        fresh: Paired::of(&exact(old, &fresh), &exact(&memory, &fresh)),
        quantize: quantizer::report_of_memory(model, &memory, Scheme::Tuned),
    };
    Ok(Tuned { memory, report })
}

/// Cues as [`tune`] makes them, after the options are checked; for the search among memories.
pub(crate) fn cues(
    patterns: &BitMatrix,
    shape: Option<(usize, usize)>,
    options: &TuneOptions,
    purpose: Purpose,
) -> Result<Damaged> {
    options.check(patterns.cols(), shape)?;
    if patterns.rows() == 0 {
        return Err(Error::new(ErrorKind::Value, "there are no patterns to recall"));
    }
    all_cues(patterns, shape, options, purpose)
}

/// How many cues a pattern gets for each corruption: as many as are asked for, but fewer for many patterns.
fn rounds(patterns: &BitMatrix, options: &TuneOptions) -> usize {
    let (p, kinds) = (patterns.rows(), options.corruptions.len());
    options.cues_per_pattern.min(MOST_DISTANCES / p / p / kinds).max(1)
}

/// The cues for one purpose, so that cue `q` belongs to pattern `q % P`: once round the patterns with each corruption,
/// and so on.
fn all_cues(
    patterns: &BitMatrix,
    shape: Option<(usize, usize)>,
    options: &TuneOptions,
    purpose: Purpose,
) -> Result<Damaged> {
    let p = patterns.rows();
    let kinds = options.corruptions.len();
    let rounds = rounds(patterns, options);
    let seed = |kind| Seed::from(options.seed).of(purpose, kind);
    let of_kind = |(kind, c)| corrupt::cues(patterns, shape, rounds * p, c, seed(kind));
    let blocks = (0..).zip(&options.corruptions).map(of_kind).collect::<Result<Vec<_>>>()?;
    let turn = |q: usize| (q / p % kinds, q / p / kinds * p + q % p);
    let mixed = |bit: &dyn Fn(&Damaged, usize, usize) -> bool| {
        let of = |q: usize, i: usize| bit(&blocks[turn(q).0], turn(q).1, i);
        BitMatrix::from_fn(kinds * rounds * p, patterns.cols(), of)
    };
    let known = |block: &Damaged, q: usize, i: usize| block.known.as_ref().is_none_or(|known| known.get(q, i));
    let known = blocks.iter().any(|block| block.known.is_some()).then(|| mixed(&known));
    Ok(Damaged { bits: mixed(&|block, q, i| block.bits.get(q, i)), known })
}

/// Everything worth rounding, each with its name.
fn drafts(
    frame: &Frame,
    shared: &Quantized,
    options: &TuneOptions,
    cues: &Damaged,
    watch: &dyn Watch,
) -> Result<Vec<(&'static str, Draft)>> {
    let (patterns, bits) = (&frame.model.patterns, options.bits);
    let states = States::of_cues(patterns, frame.options.kernel_mode, cues);
    let span = states.span();
    let turn = options.corruptions.len() * patterns.rows();
    let few = cues.bits.rows().min(TABLE_CUES.div_ceil(turn) * turn);
    let table_states =
        States::of_cues(patterns, frame.options.kernel_mode, &cues.select(&(0..few).collect::<Vec<_>>()));
    let done = |done: usize| {
        watch.at(Progress::of(done, if bits == 1 { 1 } else { 4 }));
        watch.go_on()
    };
    let kernel = |w: f64| (0..span).map(|e| w * rbf(frame.model.gamma, e as u32)).collect::<Vec<f64>>();
    let fitted = |planes: Vec<BitMatrix>, weights: &[f64]| {
        let mut draft = Draft::new(frame, planes, weights.iter().map(|w| kernel(*w)).collect());
        draft.tables = Problem::new(&table_states, patterns, &draft.planes, span).fit(&draft.tables).0;
        draft
    };
    let descended = |mut draft: Draft| {
        if let Some((columns, scale)) = draft.columns(frame) {
            Sweeps::new(&states, patterns, &columns, scale, bits - 1).run(&mut draft.planes, SWEEPS, LEAST_GAIN);
        }
        draft
    };
    let one = fitted(vec![patterns.clone()], &[START_LOGIT]);
    done(1)?;
    let stretch = stretched(frame, cues, span);
    let far = |weight: f64| stretch.iter().map(|w| weight * w).collect::<Vec<_>>();
    if bits == 1 {
        let stretched = Draft::new(frame, vec![patterns.clone()], vec![far(1.0)]);
        return Ok(vec![("tables", one), ("stretched", stretched)]);
    }
    let split = one.split(bits, SHARE);
    let all: f64 = shared.report.weights.iter().sum();
    let weights: Vec<f64> = shared.report.weights.iter().map(|w| START_LOGIT * w / all).collect();
    let stretched = Draft::new(frame, shared.memory.planes().to_vec(), weights.iter().map(|w| far(*w)).collect());
    let several = fitted(shared.memory.planes().to_vec(), &weights);
    done(2)?;
    let flipped = descended(several.clone());
    done(3)?;
    let flipped_split = descended(split.clone());
    done(4)?;
    Ok(vec![
        ("tables of one plane", split),
        ("tables, bits of shared", several),
        ("tables, bits from shared", flipped),
        ("tables, bits from the patterns", flipped_split),
        ("stretched, bits of shared", stretched),
    ])
}

/// A table that falls steeply at first and slowly later, `exp(-a e^0.6)`: its last entry is at the distance that one cue in five
/// exceeds. A fixed kernel needs both, and an exponential of few bits can't have them: where it separates near patterns it does not
/// reach a noisy cue, and where it reaches that it confuses near patterns. (On the glyphs at 10 % flips with one plane and 8
/// bits: 0.45 exact with the kernel, 0.56 with this, and no stored pattern lost.)
fn stretched(frame: &Frame, cues: &Damaged, span: usize) -> Vec<f64> {
    let (patterns, Asked { bits, masks }) = (&frame.model.patterns, cues.into());
    let of = |q: usize| {
        states::distance(bits.row(q), patterns.row(q % patterns.rows()), masks.map(|masks| masks.of(q).known))
    };
    let mut d: Vec<u32> = (0..bits.rows()).map(of).collect();
    d.sort_unstable();
    let reach = d.get(d.len() * 4 / 5).copied().unwrap_or(0).max(1);
    let power = |e: f64| libm::pow(e, 0.6);
    // the entry at the reach is rounded to one, the next to zero
    let rate = libm::log(2.0 * f64::from((1u32 << frame.options.kernel_bits) - 1)) / power(f64::from(reach) + 1.0);
    (0..span).map(|e| libm::exp(-rate * power(e as f64))).collect()
}

/// What the selection cues say.
struct Selected {
    tried: Vec<Tried>,
    /// The best, with its index.
    best: Option<(usize, Memory)>,
}

/// Every draft at every sharpness on the selection cues, and the best: the most exact answers among those
/// that leave no more than `most_unstable` stored patterns, the first on a tie.
fn select(
    frame: &Frame,
    drafts: &[(&'static str, Draft)],
    selection: &Damaged,
    most_unstable: usize,
    watch: &dyn Watch,
) -> Result<Selected> {
    let first = selection.select(&(0..frame.model.patterns.rows()).collect::<Vec<_>>());
    let mut tried: Vec<Tried> = Vec::new();
    let mut best: Option<(usize, Memory)> = None;
    let (mut most, mut most_of_first) = (0.0, 0.0);
    for (name, draft) in drafts {
        for sharpness in SHARPNESS {
            watch.go_on()?;
            // a draft may need wider accumulators than there are: then it is none
            let Some(Ok(memory)) = draft.sharpened(sharpness).memory(frame) else { continue };
            let (of_first, unstable) = (fraction(&exact(&memory, &first)), unstable(&memory));
            let behind = unstable > most_unstable || of_first < most_of_first - FAR_BEHIND;
            let cues = if behind { &first } else { selection };
            let share = if behind { of_first } else { fraction(&exact(&memory, selection)) };
            tried.push(Tried { draft: (*name).to_owned(), sharpness, cues: cues.bits.rows(), exact: share, unstable });
            if !behind && (best.is_none() || share > most) {
                (most, most_of_first) = (share, of_first);
                best = Some((tried.len() - 1, memory));
            }
        }
    }
    Ok(Selected { tried, best })
}

/// Stored patterns that a recall leaves.
fn unstable(memory: &Memory) -> usize {
    exact(memory, memory.patterns()).iter().filter(|&&still| !still).count()
}

pub(crate) fn fraction(answers: &[bool]) -> f64 {
    answers.iter().filter(|&&a| a).count() as f64 / answers.len().max(1) as f64
}
