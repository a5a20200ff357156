//! What a memory costs on a board, before any tool runs: which resource binds, and what would fit instead.
//!
//! Block RAMs are counted exactly: each memory takes the cheapest of the aspect ratios of the family's block
//! RAM, which is what yosys does too (a test compares them). Logic cells are a model with the coefficients of
//! [`crate::cost`].

mod count;

use crate::{
    board::Board,
    cost::{Use, block_rams, nearest_search_mhz},
    family::Aspect,
    shape::LANE,
};
use hopgate_model::{
    Error, ErrorKind, Result,
    kind::{Kind, Kinds},
};
use serde::Serialize;
use std::fmt;

pub use crate::shape::{CoreLink, CoreShape};
use count::count;
pub use hopgate_hdl::Later;

impl CoreShape {
    /// The same core with the last rows of as few lanes as possible in logic cells, so that it fits the board. None where its block RAMs
    /// suffice anyway, or it does not fit in this way either; and rows that can be loaded, or are in SPRAM, have no tail.
    ///
    /// ```
    /// use hopgate_eda::{board::Board, estimate::{estimate, CoreLink, CoreShape, Later}};
    /// use hopgate_model::kind::{Kind, Kinds};
    /// let board = Board::find("alchitry-cu")?;
    /// let shape = CoreShape {
    ///     kinds: Kinds::of(Kind::Auto), outputs: 200, neurons: 200, patterns: 264, planes: 1, shared_top: true, kernel_bits: 8, reach: 60,
    ///     accumulator_bits: 15, threshold_bits: 0, parallel: 1, fold: 2, beats: 1,
    ///     nearest: false, ranked: false, listed_classes: 0,
    ///     spram_lanes: 0, tail_lanes: 0, tail_rows: 0, masks: false, later: Later::Scan, cues: 1, cores: 1,
    ///     link: CoreLink::Plain,
    /// };
    /// let larger = CoreShape { neurons: 256, ..shape };
    /// let packed = larger.packed(&board).expect("it does not fit as it is");
    /// assert!(shape.packed(&board).is_none() && !estimate(larger, &board)?.block_rams.fits());
    /// assert_eq!((packed.tail_lanes, packed.tail_rows), (4, 8)); // 8 rows are beyond 256
    /// assert!(estimate(packed, &board)?.fits);
    /// # Ok::<(), hopgate_model::Error>(())
    /// ```
    pub fn packed(self, board: &Board) -> Option<CoreShape> {
        let plain = CoreShape { tail_lanes: 0, tail_rows: 0, ..self };
        if self.link.loads() || self.spram_lanes > 0 {
            return None;
        }
        self.check().ok()?;
        let over = count(plain, board).block_rams.over()?;
        let rows = self.rows();
        let cells = |rows: u64| match rows {
            0 => 0,
            rows => block_rams(board.family, Use::Rom, rows, LANE).cells,
        };
        let candidate = |aspect: &Aspect| {
            let tail_rows = rows % aspect.depth;
            let saved = self.cores
                * self.parallel
                * cells(rows).checked_sub(cells(rows - tail_rows)).filter(|saved| *saved > 0)?;
            let tail_lanes = over.div_ceil(saved).min(self.lanes());
            let shape = CoreShape { tail_lanes, tail_rows, ..self };
            let all = count(shape, board);
            all.fits.then_some((all.logic_cells.need, shape))
        };
        board.family.aspects().iter().filter_map(candidate).min_by_key(|(cells, _)| *cells).map(|(_, shape)| shape)
    }

    /// The same core as it fits the board, if it does: with all rows in RAM, or [packed](CoreShape::packed).
    pub fn fitting(self, board: &Board) -> Option<CoreShape> {
        let plain = CoreShape { tail_lanes: 0, tail_rows: 0, ..self };
        [Some(plain), self.packed(board)].into_iter().flatten().find(|s| count(*s, board).fits)
    }
}

/// One contribution to the whole.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Part {
    /// What it is.
    pub name: &'static str,
    /// How the numbers come about.
    pub detail: String,
    /// Block RAMs.
    pub block_rams: u64,
    /// Logic cells.
    pub logic_cells: u64,
}

/// What is needed of a resource, and what there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Demand {
    /// The name of the resource.
    pub resource: &'static str,
    /// How many the core takes.
    pub need: u64,
    /// How many the board has.
    pub have: u64,
}

impl Demand {
    /// Whether there is enough.
    pub fn fits(&self) -> bool {
        self.need <= self.have
    }

    /// How many are missing, if any.
    fn over(&self) -> Option<u64> {
        self.need.checked_sub(self.have).filter(|over| *over > 0)
    }

    /// Need as a share of what there is.
    pub fn share(&self) -> f64 {
        self.need as f64 / self.have as f64
    }
}

impl fmt::Display for Demand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Demand { resource, need, have } = self;
        write!(f, "{need} of {have} {resource} ({:.0} %)", 100.0 * self.share())?;
        if self.fits() { Ok(()) } else { write!(f, ": {} too many", need - have) }
    }
}

/// Whether a memory fits a board, and why.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Estimate {
    /// What was asked for.
    pub shape: CoreShape,
    /// The board's name.
    pub board: String,
    /// Every contribution.
    pub parts: Vec<Part>,
    /// Block RAMs: exact.
    pub block_rams: Demand,
    /// SPRAMs: exact.
    pub sprams: Demand,
    /// Logic cells: a model.
    pub logic_cells: Demand,
    /// Whether all fit.
    pub fits: bool,
    /// Whether it fits, but with so few logic cells left that timing may not be met.
    pub tight: bool,
    /// Smaller shapes that fit, if this one does not: each gives up as little as it can of one thing.
    pub instead: Vec<CoreShape>,
    /// The same patterns behind a nearest-pattern search: what the vote is to be compared with.
    pub nearest: Option<NearestSearch>,
}

/// What a nearest-pattern search would take.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct NearestSearch {
    /// Block RAMs.
    pub block_rams: u64,
    /// Logic cells.
    pub logic_cells: u64,
    /// The clock in MHz that such a core reaches on this device, by builds of others; none where none was built.
    pub mhz: Option<f64>,
}

impl Estimate {
    /// The resource of which the largest share is needed.
    pub fn binding(&self) -> Demand {
        if self.logic_cells.share() > self.block_rams.share() { self.logic_cells } else { self.block_rams }
    }

    /// An error if the memory does not fit.
    ///
    /// # Errors
    /// [`ErrorKind::Fit`] with the resource, the excess, and what would fit.
    pub fn check(&self) -> Result<()> {
        if self.fits {
            return Ok(());
        }
        let over = [self.block_rams, self.sprams, self.logic_cells];
        let over: Vec<_> = over.iter().filter(|d| !d.fits()).map(Demand::to_string).collect();
        let CoreShape { neurons, patterns, planes, .. } = self.shape;
        let text =
            format!("{neurons} neurons, {patterns} patterns and {planes} planes do not fit the board {}", self.board);
        let error = Error::new(ErrorKind::Fit, format!("{text}: it takes {}", over.join(", and ")));
        let instead: Vec<_> = self.instead.iter().map(|s| describe(s, &self.shape)).collect();
        Err(error.hint(if instead.is_empty() {
            "nothing near it fits: use a larger board".to_owned()
        } else {
            format!("these would fit: {}", instead.join("; or "))
        }))
    }
}

/// A smaller shape in words: what differs first.
fn describe(s: &CoreShape, from: &CoreShape) -> String {
    let mut changes = Vec::new();
    for (name, now, then) in [
        ("patterns", s.patterns, from.patterns),
        ("planes", s.planes, from.planes),
        ("neurons", s.neurons, from.neurons),
        ("cores", s.cores, from.cores),
    ] {
        if now != then {
            changes.push(format!("{now} {name} instead of {then}"));
        }
    }
    if s.neurons == from.neurons && s.lanes() < from.lanes() {
        let lanes = s.lanes();
        changes.push(format!("{lanes} lanes instead of {}, which takes longer (`lanes {lanes}`)", from.lanes()));
    }
    if s.tail_lanes > from.tail_lanes {
        changes.push(format!("the last {} rows of {} lanes in logic cells (`rows auto`)", s.tail_rows, s.tail_lanes));
    }
    changes.join(" and ")
}

impl fmt::Display for Estimate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<14} {:>10} {:>12}  from", "part", "block RAMs", "logic cells")?;
        for Part { name, detail, block_rams, logic_cells } in &self.parts {
            writeln!(f, "{name:<14} {block_rams:>10} {logic_cells:>12}  {detail}")?;
        }
        writeln!(f, "{:<14} {:>10} {:>12}", "all", self.block_rams.need, self.logic_cells.need)?;
        writeln!(f, "{:<14} {:>10} {:>12}", self.board, self.block_rams.have, self.logic_cells.have)?;
        let verdict = match (self.fits, self.tight) {
            (true, false) => "fits",
            (true, true) => "fits, but so tightly that timing may not be met",
            (false, _) => "does not fit",
        };
        if self.sprams.need > 0 {
            writeln!(f, "rows in SPRAM: {}; nothing is valid until a memory is loaded", self.sprams)?;
        }
        if self.shape.tail_lanes > 0 {
            let CoreShape { tail_lanes, tail_rows, .. } = self.shape;
            writeln!(
                f,
                "rows in logic cells: the last {tail_rows} of {tail_lanes} lanes, so that the block RAMs suffice"
            )?;
        }
        write!(f, "{verdict}; the resource that binds: {}", self.binding())?;
        let per_neuron = self.logic_cells.need as f64 / self.shape.neurons as f64;
        write!(f, "\nlogic cells per neuron: {per_neuron:.1}")?;
        for shape in &self.instead {
            write!(f, "\nwould fit: {}", describe(shape, &self.shape))?;
        }
        Ok(())
    }
}

/// Estimates a memory on a board.
///
/// # Errors
/// [`ErrorKind::Usage`] for a shape that no core has. A memory that does not fit is an answer, not an error.
///
/// ```
/// use hopgate_eda::{board::Board, estimate::{estimate, CoreLink, CoreShape, Later}};
/// use hopgate_model::kind::{Kind, Kinds};
/// let shape = CoreShape {
///     kinds: Kinds::of(Kind::Auto), outputs: 170, neurons: 170, patterns: 510, planes: 1, shared_top: true, kernel_bits: 8, reach: 60,
///     accumulator_bits: 16, threshold_bits: 0,
///     parallel: 1, fold: 1, beats: 1, nearest: false, ranked: false, listed_classes: 0, spram_lanes: 0, tail_lanes: 0, tail_rows: 0, masks: false, later: Later::Scan,
///     cues: 1, cores: 1, link: CoreLink::Plain,
/// };
/// let e = estimate(shape, &Board::find("alchitry-cu")?)?;
/// assert!(e.fits && e.block_rams.need == 26);
/// # Ok::<(), hopgate_model::Error>(())
/// ```
pub fn estimate(shape: CoreShape, board: &Board) -> Result<Estimate> {
    let mut result = need(shape, board)?;
    if !shape.nearest {
        // a search answers with a key
        let plain = CoreShape {
            kinds: Kinds::of(Kind::Auto),
            nearest: true,
            ranked: false,
            listed_classes: 0,
            fold: 1,
            later: Later::Scan,
            cues: 1,
            tail_lanes: 0,
            tail_rows: 0,
            ..shape
        };
        let plain = count(plain.packed(board).unwrap_or(plain), board);
        let (block_rams, logic_cells) = (plain.block_rams.need, plain.logic_cells.need);
        result.nearest =
            Some(NearestSearch { block_rams, logic_cells, mhz: nearest_search_mhz(board.family, &board.device) });
    }
    if !result.fits {
        result.instead = smaller(shape, board);
    }
    Ok(result)
}

/// The same, without what would fit instead and what a search would take.
///
/// # Errors
/// As [`estimate`].
pub fn need(shape: CoreShape, board: &Board) -> Result<Estimate> {
    shape.check()?;
    Ok(count(shape, board))
}

/// Shapes that fit: the same with a tail, if that was not wanted; the same in the most lanes, if they can be fewer; the most patterns, the most planes, the most cores, the most neurons,
/// and the most
/// patterns of one plane.
fn smaller(shape: CoreShape, board: &Board) -> Vec<CoreShape> {
    let packed = shape.packed(board);
    let fitting = |s: CoreShape| match packed {
        Some(_) => Some(s).filter(|s| count(*s, board).fits),
        None => s.fitting(board),
    };
    let fewer_patterns = |from: CoreShape| move |patterns: u64| CoreShape { patterns, ..from };
    let mut found = Vec::from_iter(packed);
    // what cannot be read in beats: see what `hopgate_hdl::layout` refuses
    let CoreShape { fold, later, cues, link, .. } = shape;
    let beats = fold == 1 && later == Later::Scan && cues == 1 && !link.learns();
    if beats && !(shape.valued() && shape.kinds.answers_keys()) {
        let in_lanes = |lanes: u64| {
            let beats = shape.words().div_ceil(lanes);
            let spram_lanes = shape.spram_lanes.min(shape.words().div_ceil(beats));
            CoreShape { beats, spram_lanes, tail_lanes: 0, tail_rows: 0, ..shape }
        };
        found.extend((1..shape.lanes()).rev().map(in_lanes).find(|s| count(*s, board).fits));
    }
    found.extend((1..shape.patterns).rev().map(fewer_patterns(shape)).find_map(fitting));
    let fewer_planes = (1..shape.planes).rev().map(|planes| CoreShape { planes, ..shape }).find_map(fitting);
    if fewer_planes.is_none() && shape.planes > 1 {
        let one = CoreShape { planes: 1, ..shape };
        found.extend((1..shape.patterns).rev().map(fewer_patterns(one)).find_map(fitting));
    }
    found.extend(fewer_planes);
    found.extend((1..shape.cores).rev().map(|cores| CoreShape { cores, ..shape }).find_map(fitting));
    let fewer_neurons = |neurons: u64| {
        let words = neurons.div_ceil(LANE);
        let beats = words.div_ceil(shape.lanes());
        let spram_lanes = shape.spram_lanes.min(words.div_ceil(beats));
        CoreShape { neurons, beats, reach: shape.reach.min(neurons), spram_lanes, ..shape }
    };
    found.extend((1..shape.neurons).rev().map(fewer_neurons).find_map(fitting));
    found
}
