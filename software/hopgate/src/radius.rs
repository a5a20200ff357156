//! A radius from a rate: how far the nearest pattern of a known answer may be, so that cues of something else are seldom taken for known.
//!
//! What counts is the distance that an answer carries, since that is what `known` goes by. Of a memory that takes several steps it is that of
//! the last step, which a cue of anything may have led to a stored pattern: then no radius tells the two apart, and the report says so.

use hopgate_model::{
    Error, ErrorKind, Result,
    bits::BitMatrix,
    corrupt::{Asked, Corruption, cues},
    engine::Engine,
    kind::Kind,
    memory::Memory,
    noise::{self, Purpose, Seed},
    progress::{Progress, Watch},
};
use serde::Serialize;
use std::collections::BTreeMap;

/// Cues that are held at a time.
const BLOCK: usize = 1 << 12;
/// The fewest cues of a kind.
const FEWEST: usize = 10_000;
/// How many false accepts there should be among them, so that their rate is known to a quarter.
const SEEN: f64 = 20.0;
/// The lowest rate: a million cues show it.
pub const LOWEST: f64 = 2e-5;
/// Radii on either side of the proposed one that are listed beside it.
const BESIDE: u32 = 2;

/// What a radius is proposed for.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RadiusOptions {
    /// The share of foreign cues that may be taken for known.
    pub false_accept: f64,
    /// What happens to all cues, an equal share each.
    pub corruptions: Vec<Corruption>,
    /// Height and width, where a key is a picture.
    pub shape: Option<(usize, usize)>,
    /// The seed of everything random.
    pub seed: u64,
    /// Things that are to be known, (T, N); none stands for the stored patterns.
    pub known: Option<BitMatrix>,
    /// Things that belong to no pattern, (F, N), and what they are called. Random ones are asked about in any case.
    pub foreign: Option<(String, BitMatrix)>,
}

impl RadiusOptions {
    /// For this rate and these corruptions, of the stored patterns and of random things, with seed 1.
    pub fn new(false_accept: f64, corruptions: Vec<Corruption>) -> Self {
        RadiusOptions { false_accept, corruptions, shape: None, seed: 1, known: None, foreign: None }
    }

    /// With this seed.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        RadiusOptions { seed, ..self }
    }

    /// With keys that are pictures of this height and width.
    #[must_use]
    pub fn shape(self, shape: Option<(usize, usize)>) -> Self {
        RadiusOptions { shape, ..self }
    }

    /// With these things to be known.
    #[must_use]
    pub fn known(self, known: Option<BitMatrix>) -> Self {
        RadiusOptions { known, ..self }
    }

    /// With these things that belong to no pattern, beside random ones.
    #[must_use]
    pub fn foreign(self, foreign: Option<(String, BitMatrix)>) -> Self {
        RadiusOptions { foreign, ..self }
    }

    /// Whether a radius can be proposed for a memory of these patterns, (P, N).
    ///
    /// # Errors
    /// As [`propose`].
    pub fn check(&self, patterns: &BitMatrix) -> Result<()> {
        let rate = self.false_accept;
        if !(LOWEST..1.0).contains(&rate) {
            return Err(Error::usage(format!("the false-accept rate is {rate}, but must be from {LOWEST} to below 1"))
                .hint("`false-accept 0.01` lets one foreign cue in a hundred pass"));
        }
        if self.corruptions.is_empty() {
            return Err(
                Error::usage("there is no corruption of the cues").hint("`corruption flips:0` leaves them whole")
            );
        }
        self.corruptions.iter().try_for_each(|c| c.check(patterns.cols(), self.shape))?;
        let given = self.known.iter().map(|bits| ("known", bits));
        for (what, bits) in given.chain(self.foreign.iter().map(|(_, bits)| ("foreign", bits))) {
            let (rows, cols, neurons) = (bits.rows(), bits.cols(), patterns.cols());
            if rows == 0 || cols != neurons {
                let what = format!("{rows} {what} things of {cols} bits, but the memory has {neurons} neurons");
                return Err(Error::new(ErrorKind::Value, what).hint("a thing is a row, as wide as a stored pattern"));
            }
        }
        let Some((name, bits)) = &self.foreign else { return Ok(()) };
        let stored: BTreeMap<&[u64], usize> = (0..patterns.rows()).map(|mu| (patterns.row(mu), mu)).collect();
        match (0..bits.rows()).find_map(|r| Some((r, stored.get(bits.row(r))?))) {
            None => Ok(()),
            Some((row, mu)) => {
                let what = format!("{name}: row {row} is the stored pattern {mu}, and so it is not foreign");
                Err(Error::new(ErrorKind::Value, what).hint("leave out what is stored"))
            }
        }
    }

    /// Cues of each kind.
    fn count(&self) -> usize {
        ((SEEN / self.false_accept).ceil() as usize).max(FEWEST)
    }
}

/// The rates of a radius.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct AtRadius {
    /// How far the nearest pattern of a known answer may be.
    pub radius: u32,
    /// The share of foreign cues whose answers are known: of the things of which it is greatest.
    pub false_accept: f64,
    /// The share of cues of known things whose answers are not.
    pub false_reject: f64,
}

/// Foreign cues of a source.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Foreign {
    /// What they are: `random`, or what the caller calls them.
    pub source: String,
    /// How many.
    pub cues: usize,
    /// The distance that their answers carry, on average.
    pub mean_distance: f64,
    /// The share whose answers are known.
    pub false_accept: f64,
}

/// A radius, and what it does. It was chosen by some cues, and the rates are those of others.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RadiusReport {
    /// The rate that was asked for.
    pub asked: f64,
    /// The greatest radius that keeps it; none where even 0 does not.
    pub proposed: Option<u32>,
    /// Its rates, or those of 0.
    pub rates: AtRadius,
    /// The rates of the radii about it, ascending.
    pub beside: Vec<AtRadius>,
    /// What happened to the cues.
    pub corruptions: Vec<String>,
    /// The seed.
    pub seed: u64,
    /// Cues of known things.
    pub cues: usize,
    /// The distance that their answers carry, on average.
    pub mean_distance: f64,
    /// The foreign cues.
    pub foreign: Vec<Foreign>,
    /// What to be wary of.
    #[serde(skip)]
    pub warnings: Vec<String>,
}

/// Proposes a radius for a memory of any kind.
///
/// Random things have ones as often as the patterns do, bit by bit.
///
/// ```
/// use hopgate::{Kind, MemoryOptions, noise, radius::{RadiusOptions, propose}, training_free_values};
/// let (keys, values) = (noise::random(60, 64, 1), noise::random(60, 8, 2));
/// let memory = training_free_values(&keys, &values, Kind::Map, 0.3, &MemoryOptions::default())?;
/// let report = propose(&memory, &RadiusOptions::new(0.01, vec!["flips:0.1".parse()?]), &|_| ())?;
/// assert!(report.rates.false_accept < 0.02 && report.rates.false_reject < 0.02);
/// assert_eq!(memory.with_radius(report.proposed.unwrap())?.radius(), report.rates.radius);
/// # Ok::<(), hopgate::Error>(())
/// ```
///
/// # Errors
/// [`ErrorKind::Usage`] for a rate out of range or a corruption that does not suit; [`ErrorKind::Value`] for things of another width, or foreign
/// ones that are stored; [`ErrorKind::Interrupted`] if the watch stops it.
pub fn propose(memory: &Memory, options: &RadiusOptions, watch: &dyn Watch) -> Result<RadiusReport> {
    options.check(memory.patterns())?;
    let known = Things::These(options.known.as_ref().unwrap_or(memory.patterns()));
    let mut foreign = vec![("random".to_owned(), Things::Like(memory.patterns()))];
    foreign.extend(options.foreign.iter().map(|(name, bits)| (name.clone(), Things::These(bits))));
    let count = options.count();
    let mut job =
        Job { engine: Engine::new(memory), memory, options, watch, done: 0, total: count * (1 + 2 * foreign.len()) };
    let mut measure = |purpose, source, things: &Things| job.distances(things, count, purpose, source as u64);
    let chosen: Vec<Distances> = (1..)
        .zip(&foreign)
        .map(|(source, (_, things))| measure(Purpose::RadiusChoice, source, things))
        .collect::<Result<_>>()?;
    let fresh: Vec<Distances> = (1..)
        .zip(&foreign)
        .map(|(source, (_, things))| measure(Purpose::RadiusReport, source, things))
        .collect::<Result<_>>()?;
    let own = measure(Purpose::RadiusReport, 0, &known)?;
    let widest = memory.neurons() as u32;
    let greatest = |of: &[Distances], radius| of.iter().map(|d| d.within(radius)).fold(0.0, f64::max);
    let proposed = (0..=widest).take_while(|&radius| greatest(&chosen, radius) <= options.false_accept).last();
    let at =
        |radius| AtRadius { radius, false_accept: greatest(&fresh, radius), false_reject: 1.0 - own.within(radius) };
    let rates = at(proposed.unwrap_or(0));
    let near = rates.radius.saturating_sub(BESIDE)..=widest.min(rates.radius.saturating_add(BESIDE));
    let mut warnings = Vec::new();
    if proposed.is_none() {
        let mut what = format!(
            "no radius keeps a false-accept rate of {}: even at 0, {} of foreign cues are known",
            options.false_accept,
            greatest(&chosen, 0)
        );
        if memory.kind() == Kind::Auto && memory.parts().max_steps > 1 {
            what += "; the steps of a recall lead to a stored pattern from anywhere, and a memory of one step (max_steps 1) \
                     keeps the distance of the cue";
        }
        warnings.push(what);
    }
    Ok(RadiusReport {
        asked: options.false_accept,
        proposed,
        rates,
        beside: near.map(at).collect(),
        corruptions: options.corruptions.iter().map(Corruption::to_string).collect(),
        seed: options.seed,
        cues: own.cues,
        mean_distance: own.mean(),
        foreign: foreign
            .into_iter()
            .zip(&fresh)
            .map(|((source, _), distances)| Foreign {
                source,
                cues: distances.cues,
                mean_distance: distances.mean(),
                false_accept: distances.within(rates.radius),
            })
            .collect(),
        warnings,
    })
}

/// Things that cues are made of.
enum Things<'a> {
    /// These, in turn.
    These(&'a BitMatrix),
    /// New ones, whose bits are ones as often as those of these rows.
    Like(&'a BitMatrix),
}

impl Things<'_> {
    /// Those of the cues from number `first` on.
    fn rows(&self, first: usize, count: usize, seed: Seed) -> BitMatrix {
        match self {
            Things::These(rows) => rows.select(&(first..first + count).map(|q| q % rows.rows()).collect::<Vec<_>>()),
            Things::Like(rows) => {
                let ones: Vec<u64> = (0..rows.cols()).map(|c| rows.column_ones(c) as u64).collect();
                let (of, mut rng) = (rows.rows() as u64, noise::rng(seed, 0));
                BitMatrix::from_fn(count, rows.cols(), |_, c| noise::below(&mut rng, of) < ones[c])
            }
        }
    }
}

/// What is under way.
struct Job<'a> {
    engine: Engine,
    memory: &'a Memory,
    options: &'a RadiusOptions,
    watch: &'a dyn Watch,
    done: usize,
    total: usize,
}

impl Job<'_> {
    /// The distances that the answers to `count` cues of these things carry.
    fn distances(&mut self, things: &Things, count: usize, purpose: Purpose, source: u64) -> Result<Distances> {
        let mut found = Distances { at: vec![0; self.memory.neurons() + 1], cues: 0 };
        let of_source = Seed::from(self.options.seed).of(purpose, source);
        let all = &self.options.corruptions;
        for (c, corruption) in all.iter().enumerate() {
            // the rest goes to the first of them
            let share = count / all.len() + if c == 0 { count % all.len() } else { 0 };
            for first in (0..share).step_by(BLOCK) {
                self.watch.go_on()?;
                let size = BLOCK.min(share - first);
                let seed = of_source.of(purpose, c as u64).of(purpose, first as u64);
                let rows = things.rows(first, size, seed);
                let damaged = cues(&rows, self.options.shape, size, corruption, seed)?;
                let Asked { bits, masks } = Asked::from(&damaged);
                for distance in self.engine.each_masked(bits, masks, |_, recall, _| recall.distance) {
                    found.at[distance as usize] += 1;
                }
                found.cues += size;
                self.done += size;
                self.watch.at(Progress::of(self.done, self.total));
            }
        }
        Ok(found)
    }
}

/// How many answers carry each distance.
struct Distances {
    at: Vec<u64>,
    cues: usize,
}

impl Distances {
    /// The share of at most this.
    fn within(&self, radius: u32) -> f64 {
        self.at[..=radius as usize].iter().sum::<u64>() as f64 / self.cues.max(1) as f64
    }

    fn mean(&self) -> f64 {
        let sum: u64 = (0..).zip(&self.at).map(|(distance, count)| distance * count).sum();
        sum as f64 / self.cues.max(1) as f64
    }
}

#[cfg(test)]
mod tests;
