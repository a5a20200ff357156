//! A random memory, its hardware and its cues, all from one seed and a number.

use hopgate_hdl::{CoreOptions, Readout, Room, Tail};
use hopgate_model::{
    Result,
    bits::BitMatrix,
    corrupt::Corruption,
    kernel::{self, KernelMode},
    kind::{Kind, Kinds},
    memory::{Memory, Parts},
    noise,
};
use hopgate_train::{
    quantizer::{MemoryOptions, QuantizeOptions, Scheme, quantize, training_free},
    solver::{TrainOptions, train},
    tuning::{TuneOptions, tune},
};
use std::collections::HashSet;

/// Neurons times patterns of the largest memories: beyond that, a simulation is too slow to try many.
const MOST_BITS: u64 = 24_000;
/// Training is cubic in the patterns.
const MOST_TRAINED: u64 = 150;

/// A stream of random numbers for one case.
pub struct Dice(Box<dyn FnMut(u64) -> u64>);

impl Dice {
    /// That of case `index` of a seed.
    pub fn new(seed: u64, index: u64) -> Self {
        let mut rng = noise::rng(seed, 1000 + index);
        Dice(Box::new(move |bound| noise::below(&mut rng, bound)))
    }

    /// A whole number from `low` to `high`, both included.
    pub fn within(&mut self, low: u64, high: u64) -> u64 {
        low + (self.0)(high - low + 1)
    }

    /// True in `percent` of 100 throws.
    pub fn chance(&mut self, percent: u64) -> bool {
        (self.0)(100) < percent
    }

    /// One of these.
    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[(self.0)(from.len() as u64) as usize]
    }

    /// A number from `low` to `high`, each octave as likely as the next.
    pub fn octaves(&mut self, low: f64, high: f64) -> f64 {
        low * (high / low).powf(self.within(0, 1 << 20) as f64 / f64::from(1 << 20))
    }

    /// A seed for something else.
    pub fn seed(&mut self) -> u64 {
        (self.0)(u64::MAX)
    }
}

/// What is simulated: a memory, the hardware for it, and the seed of its cues.
pub struct Case {
    /// The memory.
    pub memory: Memory,
    /// Rows a cycle, fold and readout.
    pub hardware: CoreOptions,
    /// The seed of the cues.
    pub cue_seed: u64,
    /// All of it in a line.
    pub words: String,
}

impl Case {
    /// Case `index` of a seed.
    ///
    /// # Errors
    /// What training or quantising says: none is expected.
    pub fn draw(seed: u64, index: u64) -> Result<Case> {
        let mut dice = Dice::new(seed, index);
        let widest = dice.pick(&[16, 32, 64, 64, 64, 128, 128, 256]);
        let n = dice.within(widest / 4, widest).max(1);
        let most = (MOST_BITS / n).min(1 << n.min(12)).min(900);
        let least = dice.pick(&[1, 8, 32]).min(most);
        let p = (dice.octaves(least as f64, most as f64 + 0.5) as u64).clamp(1, most);
        let hardware = CoreOptions {
            parallel: dice.pick(&[1, 1, 2, 4]),
            fold: dice.pick(&[1, 1, 2, 4]),
            readout: if dice.chance(10) { Readout::Nearest } else { Readout::Vote },
            room: dice.chance(50).then(Room::default),
            sprams: 0,
            tail: Tail::default(),
            ..CoreOptions::default()
        };
        let sprams = if hardware.room.is_some() && index.is_multiple_of(3) { 4 } else { 0 };
        let tail = match hardware.room {
            None if index.is_multiple_of(3) => Tail { lanes: 1 + index as usize % 5, depth: 16 << (index % 5) },
            _ => Tail::default(),
        };
        // two of five
        let masks = matches!(index % 5, 1 | 3);
        let hardware = CoreOptions { sprams, tail, masks, ..hardware };
        let hardware = match hardware.readout {
            Readout::Nearest | Readout::Ranked { .. } => CoreOptions { fold: 1, ..hardware },
            // states that are looked up as values are
            Readout::Vote if hardware.fold == 1 && index.is_multiple_of(7) => {
                let kinds = Kinds::of(Kind::Class).with(Kind::Sequence);
                CoreOptions { room: hardware.room.map(|room| Room { kinds, ..room }), ..hardware }
            }
            Readout::Vote => hardware,
        };
        let patterns = patterns(&mut dice, n as usize, p as usize);
        let memory = memory(&mut dice, patterns)?;
        let parts = memory.parts();
        let words = format!(
            "N={n} P={} k={} {} {} kernel_bits={} reach={} max_steps={} accumulator_bits={} R={} F={} {}{}{}{}",
            parts.patterns.rows(),
            parts.planes.len(),
            parts.scheme,
            parts.kernel_mode,
            parts.kernel_bits,
            memory.reach(),
            parts.max_steps,
            memory.accumulator_bits(),
            hardware.parallel,
            hardware.fold,
            hardware.readout,
            match hardware.room {
                Some(room) if !room.kinds.is_empty() => " loadable kinds",
                Some(_) => " loadable",
                None => "",
            },
            if hardware.sprams > 0 {
                " spram"
            } else if hardware.tail.lanes > 0 {
                " tail"
            } else {
                ""
            },
            if hardware.masks { " masks" } else { "" },
        );
        Ok(Case { memory, hardware, cue_seed: dice.seed(), words })
    }

    /// Which of their bits are known, where the core takes masks: about three of four, and nothing of every eighth cue.
    pub fn known(&self, count: usize) -> Option<BitMatrix> {
        let known = noise::known(0..count, self.memory.neurons(), 0.25, self.cue_seed ^ 4);
        self.hardware.masks.then(|| BitMatrix::from_fn(count, known.cols(), |q, i| q % 8 != 5 && known.get(q, i)))
    }

    /// Its cues: near a pattern, far from it, halfway to its opposite, anywhere, and the patterns themselves.
    pub fn cues(&self, count: usize) -> BitMatrix {
        let (patterns, seed) = (self.memory.patterns(), self.cue_seed);
        let near = noise::cues(patterns, count, 0.1, seed);
        let far = noise::cues(patterns, count, 0.3, seed ^ 1);
        let halfway = noise::cues(patterns, count, 0.5, seed ^ 2);
        let any = noise::random(count, patterns.cols(), seed ^ 3);
        BitMatrix::from_fn(count, patterns.cols(), |q, i| match q % 9 {
            0..=2 => near.get(q, i),
            3 | 4 => far.get(q, i),
            5 => halfway.get(q, i),
            6 => any.get(q, i),
            7 => patterns.get(q % patterns.rows(), i),
            _ => !near.get(q, i),
        })
    }
}

/// At most `p` distinct patterns: fair, sparse or dense, in families, or runs of ones.
fn patterns(dice: &mut Dice, n: usize, p: usize) -> BitMatrix {
    let (kind, seed) = (dice.within(0, 4), dice.seed());
    let pool = 4 * p + 8;
    let drawn = match kind {
        0 | 1 => noise::random(pool, n, seed),
        2 => noise::flips(&BitMatrix::zeros(pool, n), dice.pick(&[0.1, 0.3, 0.9]), seed),
        3 => noise::cues(&noise::random(1 + p / 10, n, seed), pool, 0.08, seed ^ 1),
        _ => BitMatrix::from_fn(pool, n, |r, i| (i + r) % n < 1 + r / n),
    };
    let mut seen = HashSet::new();
    let rows: Vec<usize> = (0..pool).filter(|&r| seen.insert(drawn.row(r).to_vec())).take(p).collect();
    drawn.select(&rows)
}

/// A memory of these patterns, by one of six ways.
fn memory(dice: &mut Dice, patterns: BitMatrix) -> Result<Memory> {
    let kernel_mode = if dice.chance(30) { KernelMode::Fixed } else { KernelMode::Normalised };
    let kernel_bits = dice.pick(&[4, 5, 6, 8, 8, 8, 10, 12, 16]);
    let max_steps = dice.pick(&[30, 30, 30, 1, 2, 3, 7, 255]);
    // from one that reaches everywhere to one that hardly reaches the next pattern
    let gamma = dice.octaves(0.002, 0.8);
    let bits = dice.within(1, 4) as usize;
    let trained = patterns.rows() as u64 <= MOST_TRAINED;
    let options = MemoryOptions::default().kernel_bits(kernel_bits).kernel_mode(kernel_mode).max_steps(max_steps);
    let quantized = |scheme| QuantizeOptions::new(scheme, bits).memory(options);
    let model = || train(&patterns, &TrainOptions::new(gamma), &|_| ()).map(|t| t.model);
    match dice.within(0, 9) {
        0 | 1 if trained => Ok(quantize(&model()?, &quantized(Scheme::Uniform))?.memory),
        2 | 3 if trained => Ok(quantize(&model()?, &quantized(Scheme::Shared))?.memory),
        4 if trained && patterns.rows() <= 60 && patterns.cols() <= 64 => {
            let corruption = vec![Corruption::Flips(0.1)];
            let tuned = TuneOptions::new(bits, corruption).memory(options);
            Ok(tune(&model()?, None, &tuned.cues_per_pattern(4), &|_| ())?.memory)
        }
        5 => training_free(&patterns, gamma, &options),
        6 | 7 => arbitrary(dice, patterns, bits, kernel_bits, kernel_mode, max_steps, true),
        _ => arbitrary(dice, patterns, bits, kernel_bits, kernel_mode, max_steps, false),
    }
}

/// Random planes; columns that are arbitrary tables, not even falling, zero beyond a random reach.
fn arbitrary(
    dice: &mut Dice,
    patterns: BitMatrix,
    planes: usize,
    kernel_bits: u32,
    kernel_mode: KernelMode,
    max_steps: u32,
    shared: bool,
) -> Result<Memory> {
    let (p, n) = (patterns.rows(), patterns.cols());
    let seed = dice.seed();
    // these hardly ever converge, so that every recall takes all its steps
    let work = p * n * planes;
    let max_steps = max_steps.min((500_000 / work).max(1) as u32);
    let mut made: Vec<BitMatrix> = (0..planes as u64).map(|j| noise::random(p, n, seed ^ j)).collect();
    if shared {
        made[planes - 1] = patterns.clone();
    }
    // mostly short: a long one makes every pattern a candidate
    let reach = dice.octaves(1.0, n as f64 + 1.0) as usize - 1;
    let top = (1u64 << kernel_bits) - 1;
    let mut entry = |e: usize| if e <= reach { dice.within(0, top) as u32 } else { 0 };
    let mut columns: Vec<Vec<u32>> = (0..planes).map(|_| (0..=n).map(&mut entry).collect()).collect();
    columns[0][0] = columns[0][0].max(1);
    let widest = dice.pick(&[0, 0, top / 2, top * 3]);
    let offset = |e: usize| if e <= reach { dice.within(0, 2 * widest) as i32 - widest as i32 } else { 0 };
    let offset = (0..=n).map(offset).collect();
    debug_assert!(kernel::reach(&columns, &[]).is_none_or(|r| r as usize <= reach));
    Memory::new(Parts {
        planes: made,
        kernel: columns,
        offset,
        kernel_bits,
        kernel_mode,
        max_steps,
        scheme: "arbitrary".into(),
        ..Parts::of(patterns)
    })
}
