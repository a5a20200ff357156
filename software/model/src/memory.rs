//! The memory: the quantised, integer, deployable thing, in RAM.

use crate::{
    Error, ErrorKind, Result,
    bits::BitMatrix,
    bound::{self, FieldBound, Proof},
    kernel::{self, KernelMode},
    kind::Kind,
};
use alloc::{format, string::String, vec, vec::Vec};

/// The widest key. A core takes narrower ones: `hopgate_wire::page::MAX_NEURONS`.
pub const MAX_NEURONS: usize = 1 << 14;
/// The most outputs: bits of a value, or classes.
pub const MAX_OUTPUTS: usize = 1024;
/// The most planes (the software reference takes them all; hardware takes 4).
pub const MAX_PLANES: usize = 16;
/// The range of `kernel_bits`.
pub const KERNEL_BITS: core::ops::RangeInclusive<u32> = 4..=16;
/// The most steps of a recall that a memory may ask for (an 8-bit counter in hardware).
pub const MAX_STEPS: u32 = 255;
/// The default of `max_steps`.
pub const DEFAULT_MAX_STEPS: u32 = 30;

/// The parts of a memory, before they are checked.
#[derive(Debug, Clone)]
pub struct Parts {
    /// What a recall answers.
    pub kind: Kind,
    /// `P x N` stored bits, all rows distinct: the keys.
    pub patterns: BitMatrix,
    /// `k` planes of `P x M` bits, a column for each output; plane `k-1` is the most significant. `M` is `N` unless the
    /// kind says otherwise.
    pub planes: Vec<BitMatrix>,
    /// `k` kernel columns of `N + 1` entries, each below `2^kernel_bits`.
    pub kernel: Vec<Vec<u32>>,
    /// The offset column, `N + 1` entries.
    pub offset: Vec<i32>,
    /// Bits of a kernel entry, 4..=16.
    pub kernel_bits: u32,
    /// What the columns are indexed by.
    pub kernel_mode: KernelMode,
    /// The most steps of a recall, 1..=255; the length of a sequence.
    pub max_steps: u32,
    /// An answer is known if its nearest pattern is at most this far, 0..=N.
    pub radius: u32,
    /// The kernel's gamma; kept for the record, the columns decide.
    pub gamma: f64,
    /// How the planes were made (`uniform`, `shared`, ...); kept for the record.
    pub scheme: String,
    /// A name for each pattern, or none.
    pub labels: Option<Vec<String>>,
    /// A name for each class, or none.
    pub classes: Option<Vec<String>>,
}

impl Parts {
    /// Parts of an auto-associative memory with these patterns, no planes yet, and every default.
    pub fn of(patterns: BitMatrix) -> Self {
        Parts {
            kind: Kind::Auto,
            radius: patterns.cols() as u32,
            classes: None,
            planes: Vec::new(),
            kernel: Vec::new(),
            offset: vec![0; patterns.cols() + 1],
            kernel_bits: 8,
            kernel_mode: KernelMode::Normalised,
            max_steps: DEFAULT_MAX_STEPS,
            gamma: 0.0,
            scheme: "custom".into(),
            labels: None,
            patterns,
        }
    }
}

/// A checked memory. See the crate's page for an example.
#[derive(Debug, Clone)]
pub struct Memory {
    parts: Parts,
    reach: u32,
    bound: Proof,
}

fn check_radius(radius: u32, neurons: usize) -> Result<()> {
    if radius as usize <= neurons {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Value, format!("radius is {radius}, but no distance is above {neurons}")))
}

impl Memory {
    /// Checks every shape and range, and derives the reach. The bound of the fields is proved when it is asked for.
    pub fn new(parts: Parts) -> Result<Self> {
        let bad = |what: String| Err(Error::new(ErrorKind::Value, what));
        let (p, n, k) = (parts.patterns.rows(), parts.patterns.cols(), parts.planes.len());
        if n == 0 || n > MAX_NEURONS {
            return bad(format!("the state has {n} neurons, but a memory has 1 to {MAX_NEURONS}"));
        }
        if p == 0 {
            return bad("there are no patterns".into());
        }
        if k == 0 || k > MAX_PLANES {
            return bad(format!("there are {k} planes, but a memory has 1 to {MAX_PLANES}"));
        }
        if !KERNEL_BITS.contains(&parts.kernel_bits) {
            return bad(format!("kernel_bits is {}, but must be 4 to 16", parts.kernel_bits));
        }
        if parts.max_steps == 0 || parts.max_steps > MAX_STEPS {
            return bad(format!("max_steps is {}, but must be 1 to {MAX_STEPS}", parts.max_steps));
        }
        check_radius(parts.radius, n)?;
        let m = if parts.kind.answers_keys() { n } else { parts.planes[0].cols() };
        for (j, plane) in parts.planes.iter().enumerate() {
            if (plane.rows(), plane.cols()) != (p, m) {
                let shape = (plane.rows(), plane.cols());
                return bad(format!("plane {j} has shape {shape:?}, but must have {:?}", (p, m)));
            }
        }
        parts.kind.check_outputs(m)?;
        if parts.kernel.len() != k || parts.kernel.iter().any(|w| w.len() != n + 1) {
            return bad(format!("the kernel needs {k} columns of {} entries", n + 1));
        }
        if parts.offset.len() != n + 1 {
            return bad(format!("the offset column has {} entries, but needs {}", parts.offset.len(), n + 1));
        }
        for (j, column) in parts.kernel.iter().enumerate() {
            if let Some(e) = column.iter().position(|&w| w >> parts.kernel_bits != 0) {
                let (w, bits) = (column[e], parts.kernel_bits);
                return bad(format!("kernel column {j} holds {w} at distance {e}, which does not fit {bits} bits"));
            }
        }
        if parts.labels.as_ref().is_some_and(|l| l.len() != p) {
            return bad(format!("there are {} labels for {p} patterns", parts.labels.as_ref().map_or(0, Vec::len)));
        }
        if let Some(classes) = &parts.classes {
            if parts.kind != Kind::Class {
                return bad(format!("there are names of classes, but the memory is of kind {}", parts.kind));
            }
            if classes.len() != m {
                return bad(format!("there are {} names for {m} classes", classes.len()));
            }
        }
        let Some(reach) = kernel::reach(&parts.kernel, &parts.offset) else {
            return bad("every kernel and offset entry is zero: nothing could ever be recalled".into());
        };
        let memory = Memory { parts, reach, bound: Proof::default() };
        // what the quick bound shows needs no proof
        if bound::quick_bound(&memory.parts).accumulator_bits() > 32 && memory.accumulator_bits() > 32 {
            let bits = memory.accumulator_bits();
            return bad(format!("the fields need {bits} bits, but accumulators have at most 32"));
        }
        Ok(memory)
    }

    /// The same memory with another radius: answers stay, and what is known changes.
    ///
    /// # Errors
    /// [`ErrorKind::Value`] for a radius above `N`.
    pub fn with_radius(mut self, radius: u32) -> Result<Self> {
        check_radius(radius, self.neurons())?;
        self.parts.radius = radius;
        Ok(self)
    }

    /// What a recall answers.
    pub fn kind(&self) -> Kind {
        self.parts.kind
    }

    /// Neurons, `N`: bits of a key.
    pub fn neurons(&self) -> usize {
        self.parts.patterns.cols()
    }

    /// Outputs, `M`: bits of a value, or classes. `N` where the answer is a key.
    pub fn outputs(&self) -> usize {
        self.parts.planes[0].cols()
    }

    /// How far the nearest pattern of a known answer may be.
    pub fn radius(&self) -> u32 {
        self.parts.radius
    }

    /// Stored patterns, `P`.
    pub fn patterns(&self) -> &BitMatrix {
        &self.parts.patterns
    }

    /// The planes, least significant first.
    pub fn planes(&self) -> &[BitMatrix] {
        &self.parts.planes
    }

    /// The kernel columns, one per plane.
    pub fn kernel(&self) -> &[Vec<u32>] {
        &self.parts.kernel
    }

    /// The offset column.
    pub fn offset(&self) -> &[i32] {
        &self.parts.offset
    }

    /// Every part as it was given.
    pub fn parts(&self) -> &Parts {
        &self.parts
    }

    /// The largest `e` with a nonzero kernel or offset entry.
    pub fn reach(&self) -> u32 {
        self.reach
    }

    /// Whether the most significant plane is the pattern matrix (then it is stored once). Only an auto-associative memory
    /// has its values in its keys.
    pub fn top_plane_is_pattern(&self) -> bool {
        self.kind() == Kind::Auto && self.parts.planes.last() == Some(&self.parts.patterns)
    }

    /// What any field can be, for every state. Proved the first time, which compares every pattern with every other in mode
    /// "fixed"; hardware is made by nothing else, whatever a manifest says.
    pub fn bound(&self) -> FieldBound {
        self.bound.of(&self.parts)
    }

    /// The width of a signed accumulator that holds `floor(h/2)` for every state: that of [`Memory::bound`].
    pub fn accumulator_bits(&self) -> u32 {
        self.bound().accumulator_bits()
    }

    /// What any field can be, for every cue, and whichever of its bits are known.
    ///
    /// ```
    /// # use hopgate_model::{bits::BitMatrix, kernel::KernelMode, memory::{Memory, Parts}, reference::step_known};
    /// // two patterns far apart: no state is near both, but a cue may say nothing
    /// let patterns = BitMatrix::from_fn(2, 9, |mu, i| mu == 1 || i == 0);
    /// let kernel = vec![vec![9, 0, 0, 0, 0, 0, 0, 0, 0, 0]];
    /// let parts = Parts { planes: vec![patterns.clone()], kernel, kernel_mode: KernelMode::Fixed, ..Parts::of(patterns) };
    /// let memory = Memory::new(parts)?;
    /// assert_eq!((memory.bound().high, memory.masked_bound().high), (9, 18));
    /// assert_eq!(step_known(&memory, &[0], Some(&[0])).field[0], 18);
    /// # Ok::<(), hopgate_model::Error>(())
    /// ```
    pub fn masked_bound(&self) -> FieldBound {
        bound::masked_bound(&self.parts)
    }

    /// The same memory with more neurons, whose bits are one in every pattern, and in every plane where the answer is a
    /// key: what hardware that has more holds. Where no `O[e] + sum_j W_j[e]` is negative, they stay one and add nothing
    /// to any distance; but their fields may be larger than any other's, so the bound may be. Values are as they were.
    ///
    /// # Errors
    /// As [`Memory::new`], for the wider memory; [`ErrorKind::Fit`] if there are fewer neurons, or they would not stay one.
    pub fn filled_up(&self, neurons: usize) -> Result<Memory> {
        let (n, parts) = (self.neurons(), &self.parts);
        let Some(more) = neurons.checked_sub(n) else {
            return Err(Error::new(ErrorKind::Fit, format!("the memory has {n} neurons, more than {neurons}")));
        };
        let together =
            |e: usize| i64::from(parts.offset[e]) + parts.kernel.iter().map(|w| i64::from(w[e])).sum::<i64>();
        let keys = parts.kind.answers_keys();
        if let Some(e) = (0..=n).find(|&e| keys && more > 0 && together(e) < 0) {
            let what =
                format!("the memory has {n} neurons of {neurons}, and at distance {e} its offset outweighs its kernel");
            return Err(Error::new(ErrorKind::Fit, what));
        }
        let wider = |m: &BitMatrix| BitMatrix::from_fn(m.rows(), neurons, |r, c| c >= n || m.get(r, c));
        let longer = |column: &Vec<u32>| column.iter().copied().chain(vec![0; more]).collect();
        Memory::new(Parts {
            patterns: wider(&parts.patterns),
            planes: if keys { parts.planes.iter().map(wider).collect() } else { parts.planes.clone() },
            kernel: parts.kernel.iter().map(longer).collect(),
            offset: parts.offset.iter().copied().chain(vec![0; more]).collect(),
            ..parts.clone()
        })
    }

    /// The same memory with more outputs, whose bits are zero in every plane: what hardware that has more holds. As classes they never
    /// win, since no field is less than theirs and their numbers are higher; but their fields may be beyond any other's, so the bound may be.
    ///
    /// ```
    /// # use hopgate_model::{bits::BitMatrix, kind::Kind, memory::{Memory, Parts}, reference};
    /// let patterns = BitMatrix::from_fn(2, 3, |mu, _| mu == 1);
    /// let planes = vec![BitMatrix::from_fn(2, 2, |mu, class| mu == class)];
    /// let kernel = vec![vec![9, 1, 0, 0]];
    /// let memory = Memory::new(Parts { kind: Kind::Class, planes, kernel, ..Parts::of(patterns) })?;
    /// let more = memory.with_outputs(5)?;
    /// assert_eq!(reference::recall(&more, &[0b011]).ranking, reference::recall(&memory, &[0b011]).ranking);
    /// # Ok::<(), hopgate_model::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Memory::new`], for the wider memory; [`ErrorKind::Fit`] if there are fewer outputs, or the answer is a key.
    pub fn with_outputs(&self, outputs: usize) -> Result<Memory> {
        let (m, parts) = (self.outputs(), &self.parts);
        if parts.kind.answers_keys() || outputs < m {
            let what = format!("a memory of kind {} with {m} outputs does not become one with {outputs}", parts.kind);
            return Err(Error::new(ErrorKind::Fit, what));
        }
        let wider = |plane: &BitMatrix| BitMatrix::from_fn(plane.rows(), outputs, |r, c| c < m && plane.get(r, c));
        let classes = parts.classes.as_ref().filter(|_| outputs == m).cloned();
        Memory::new(Parts { planes: parts.planes.iter().map(wider).collect(), classes, ..parts.clone() })
    }

    /// Stored bits: patterns and planes, with the top plane counted once where it is shared.
    pub fn storage_bits(&self) -> usize {
        let planes = self.parts.planes.len() - usize::from(self.top_plane_is_pattern());
        self.parts.patterns.rows() * (self.neurons() + planes * self.outputs())
    }
}
