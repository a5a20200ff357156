//! The shapes of memories that co-simulation is run on: what the tests, [`crate::trial`] and the formal proofs have in common.

use hopgate_hdl::{CoreOptions, Later, Readout, Room, Tail};
use hopgate_model::{
    bits::BitMatrix,
    kernel::{self, KernelMode},
    kind::Kind,
    memory::{Memory, Parts},
    noise,
};

/// A memory of random patterns with `k` random planes (the top one shared or not) and a kernel of this gamma.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// What it answers with.
    pub kind: Kind,
    /// Outputs, `M`; heeded where the answer is no key.
    pub outputs: usize,
    /// How far the nearest pattern of a known answer may be; any distance by default.
    pub radius: Option<u32>,
    /// Neurons, `N`.
    pub neurons: usize,
    /// Patterns, `P`.
    pub patterns: usize,
    /// Planes, `k`.
    pub planes: usize,
    /// The kernel's.
    pub gamma: f64,
    /// Width of a kernel entry.
    pub kernel_bits: u32,
    /// What the kernel is indexed by.
    pub mode: KernelMode,
    /// Whether the top plane is the patterns.
    pub shared: bool,
    /// The offset, in units of the largest weight.
    pub offset: f64,
    /// The most steps of a recall.
    pub max_steps: u32,
    /// Rows scanned in a cycle.
    pub parallel: usize,
    /// Slots of neurons that share the accumulators.
    pub fold: usize,
    /// Lanes, at most.
    pub lanes: Option<usize>,
    /// Where the answer comes from.
    pub readout: Readout,
    /// What a loadable core of it has room for.
    pub room: Room,
    /// SPRAMs that it may use.
    pub sprams: usize,
    /// Rows in logic cells.
    pub tail: Tail,
    /// Whether bits of a cue can be unknown.
    pub masks: bool,
    /// Where later steps take their distances from.
    pub later: Later,
    /// Cues that share a scan.
    pub cues: usize,
    /// Cores side by side.
    pub cores: usize,
}

/// One plane, normalised, a scan and a vote: what the others differ from.
pub const SHAPE: Shape = Shape {
    kind: Kind::Auto,
    outputs: 10,
    radius: None,
    neurons: 32,
    patterns: 20,
    planes: 1,
    gamma: 0.1,
    kernel_bits: 8,
    mode: KernelMode::Normalised,
    shared: true,
    offset: 0.0,
    max_steps: 30,
    parallel: 1,
    fold: 1,
    lanes: None,
    readout: Readout::Vote,
    room: Room::NONE,
    sprams: 0,
    tail: Tail { lanes: 0, depth: 0 },
    masks: false,
    later: Later::Scan,
    cues: 1,
    cores: 1,
};

/// `p` random patterns of `n` bits, no two of them equal.
///
/// # Panics
/// If there are not so many.
pub fn distinct(p: usize, n: usize, seed: u64) -> BitMatrix {
    let pool = noise::random(4 * p + 8, n, seed);
    let mut rows: Vec<usize> = Vec::new();
    for r in 0..pool.rows() {
        if rows.len() < p && rows.iter().all(|&q| pool.row(q) != pool.row(r)) {
            rows.push(r);
        }
    }
    assert_eq!(rows.len(), p, "not enough distinct patterns of {n} bits");
    pool.select(&rows)
}

/// The memory of this shape over these patterns.
///
/// # Panics
/// If there is no such memory.
pub fn memory(shape: &Shape, patterns: BitMatrix) -> Memory {
    let (p, n, k) = (patterns.rows(), patterns.cols(), shape.planes);
    let keys = shape.kind.answers_keys();
    let m = if keys { n } else { shape.outputs };
    let mut planes: Vec<BitMatrix> = (0..k).map(|j| noise::random(p, m, 100 + j as u64)).collect();
    if shape.shared && keys {
        planes[k - 1] = patterns.clone();
    }
    let weights: Vec<f64> = (0..k).map(|j| f64::from(1u32 << j) / f64::from(1u32 << (k - 1))).collect();
    let columns = kernel::columns(n, shape.gamma, &weights, shape.offset, shape.kernel_bits);
    Memory::new(Parts {
        kind: shape.kind,
        radius: shape.radius.unwrap_or(n as u32),
        planes,
        kernel: columns.weights,
        offset: columns.offset,
        kernel_bits: shape.kernel_bits,
        kernel_mode: shape.mode,
        max_steps: shape.max_steps,
        gamma: shape.gamma,
        ..Parts::of(patterns)
    })
    .unwrap()
}

/// Cues near patterns, halfway, anywhere, and at every distance from some pattern, zero included.
pub fn cues(patterns: &BitMatrix, count: usize) -> BitMatrix {
    let near = noise::cues(patterns, count, 0.1, 5);
    let far = noise::cues(patterns, count, 0.4, 6);
    let any = noise::random(count, patterns.cols(), 7);
    let (p, n) = (patterns.rows(), patterns.cols());
    BitMatrix::from_fn(count, n, |q, i| match q % 4 {
        0 => near.get(q, i),
        1 => far.get(q, i),
        2 => any.get(q, i),
        // the first neurons of a pattern inverted, one more each time
        _ => patterns.get(q / 4 % p, i) ^ (i < q / 4 % (n + 1)),
    })
}

/// Which bits of cues are known: all, about half, the first half, none, all but one, one alone.
///
/// ```
/// let known = hopgate_sim::suite::masks(6, 20);
/// let counts: Vec<usize> = (0..6).map(|q| (0..20).filter(|&i| known.get(q, i)).count()).collect();
/// assert_eq!([counts[0], counts[2], counts[3], counts[4], counts[5]], [20, 10, 0, 19, 1]);
/// ```
pub fn masks(count: usize, neurons: usize) -> BitMatrix {
    let any = noise::random(count, neurons, 8);
    BitMatrix::from_fn(count, neurons, |q, i| match q % 6 {
        0 => true,
        1 => any.get(q, i),
        2 => i < neurons / 2,
        3 => false,
        4 => i != q / 6 % neurons,
        _ => i == q / 6 % neurons,
    })
}

impl Shape {
    /// The memory of this shape, and 200 cues.
    ///
    /// ```
    /// let (memory, cues) = hopgate_sim::suite::SHAPE.example();
    /// assert_eq!((memory.neurons(), cues.rows()), (32, 200));
    /// ```
    pub fn example(&self) -> (Memory, BitMatrix) {
        let patterns = distinct(self.patterns, self.neurons, 1);
        (memory(self, patterns.clone()), cues(&patterns, 200))
    }

    /// How it becomes hardware.
    pub fn hardware(&self) -> CoreOptions {
        let room = (self.sprams > 0).then_some(self.room);
        let Shape { parallel, fold, lanes, readout, sprams, tail, masks, later, cues, cores, .. } = *self;
        let alone = CoreOptions { parallel, fold, lanes, readout, room, sprams, tail, ..CoreOptions::default() };
        CoreOptions { masks, later, cues, cores, ..alone }
    }
}
