//! What a memory costs on a board, before any tool runs: which resource binds, and what would fit instead.
//!
//! Block RAMs are counted exactly: each memory takes the cheapest of the aspect ratios of the family's block
//! RAM, which is what yosys does too (a test compares them). Logic cells are a model with the coefficients of
//! [`crate::cost`].

use crate::{
    board::Board,
    cost::{Coefficients, Fitted, Use, block_rams, ceil_log2, nearest_search_mhz, tail_cells, tree_bits},
    family::Aspect,
    shape::LANE,
};
use hopgate_hdl::layout;
use hopgate_model::{Error, ErrorKind, Result, kind::Kind};
use serde::Serialize;
use std::fmt;

pub use crate::shape::{CoreLink, CoreShape};

/// The memories of a framed link: what the board says of itself, requests and replies.
const LINK_RAMS: [(u64, u64); 3] = [(256, 16), (256, 16), (512, 8)];
/// That of the self-test, which a core that can be loaded has.
const TEST_RAM: (u64, u64) = (256, 16);
/// Above this share of the logic cells, place and route gets slow and lucky.
const TIGHT: f64 = 0.9;

impl CoreShape {
    /// The same core with the last rows of as few lanes as possible in logic cells, so that it fits the board. None where its block RAMs
    /// suffice anyway, or it does not fit in this way either; and rows that can be loaded, or are in SPRAM, have no tail.
    ///
    /// ```
    /// use hopgate_eda::{board::Board, estimate::{estimate, CoreLink, CoreShape}};
    /// use hopgate_model::kind::Kind;
    /// let board = Board::find("alchitry-cu")?;
    /// let shape = CoreShape {
    ///     kind: Kind::Auto, outputs: 200, neurons: 200, patterns: 264, planes: 1, shared_top: true, kernel_bits: 8, reach: 60,
    ///     accumulator_bits: 15, threshold_bits: 0, parallel: 1, fold: 2, nearest: false,
    ///     spram_lanes: 0, tail_lanes: 0, tail_rows: 0, masks: false, link: CoreLink::Plain,
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
            let saved = self.parallel * cells(rows).checked_sub(cells(rows - tail_rows)).filter(|saved| *saved > 0)?;
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
    ] {
        if now != then {
            changes.push(format!("{now} {name} instead of {then}"));
        }
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
/// use hopgate_eda::{board::Board, estimate::{estimate, CoreLink, CoreShape}};
/// use hopgate_model::kind::Kind;
/// let shape = CoreShape {
///     kind: Kind::Auto, outputs: 170, neurons: 170, patterns: 510, planes: 1, shared_top: true, kernel_bits: 8, reach: 60,
///     accumulator_bits: 16, threshold_bits: 0,
///     parallel: 1, fold: 1, nearest: false, spram_lanes: 0, tail_lanes: 0, tail_rows: 0, masks: false, link: CoreLink::Plain,
/// };
/// let e = estimate(shape, &Board::find("alchitry-cu")?)?;
/// assert!(e.fits && e.block_rams.need == 26);
/// # Ok::<(), hopgate_model::Error>(())
/// ```
pub fn estimate(shape: CoreShape, board: &Board) -> Result<Estimate> {
    shape.check()?;
    let mut result = count(shape, board);
    if !shape.nearest {
        // a search answers with a key
        let plain = CoreShape { kind: Kind::Auto, nearest: true, fold: 1, tail_lanes: 0, tail_rows: 0, ..shape };
        let plain = count(plain.packed(board).unwrap_or(plain), board);
        let (block_rams, logic_cells) = (plain.block_rams.need, plain.logic_cells.need);
        result.nearest = Some(NearestSearch { block_rams, logic_cells, mhz: nearest_search_mhz(&board.device) });
    }
    if !result.fits {
        result.instead = smaller(shape, board);
    }
    Ok(result)
}

/// The contributions and their sums.
fn count(shape: CoreShape, board: &Board) -> Estimate {
    let (c, family) = (Coefficients::of(board.family), board.family);
    let (n, lanes) = (shape.neurons, shape.lanes());
    let cells = |x: f64| x.round() as u64;
    let rank_cells = |m: Fitted, width: u64| {
        cells(c.per_rank_bit * (width * if m.ranks > 1 { m.ranks.div_ceil(2) } else { 0 }) as f64)
    };

    let CoreShape { parallel: banks, accumulator_bits: width, .. } = shape;
    let voting = u64::from(!shape.nearest);
    let groups = shape.groups();
    let rows = shape.rows();
    let room = if shape.link.loads() { banks * groups } else { shape.patterns };
    let store = |width: u64| block_rams(family, shape.using(), rows, width);
    let spram_lanes = shape.spram_lanes;
    // what is in block RAM
    let in_blocks = lanes - spram_lanes;
    let CoreShape { tail_lanes, tail_rows, .. } = shape;
    let last_width = n - (lanes - 1) * LANE;
    let full = store(LANE);
    let last = match shape.using() {
        Use::Rom => store(last_width).cells,
        // what is written is mapped as a whole; then what nothing reads goes, a block RAM at a time
        Use::Ram => full.ranks * (last_width * full.cells).div_ceil(LANE * full.ranks),
    };
    let behind = |width: u64| match rows - tail_rows {
        0 => 0,
        rows => block_rams(family, shape.using(), rows, width).cells,
    };
    // the last lane may be narrower
    let in_lane = |l: u64| match (l < tail_lanes, l + 1 < lanes) {
        (true, true) => behind(LANE),
        (true, false) => behind(last_width),
        (false, true) => full.cells,
        (false, false) => last,
    };
    let but = if tail_lanes > 0 { format!(", but {} in {tail_lanes}", behind(LANE)) } else { String::new() };
    let store_rams: u64 = (spram_lanes..lanes).map(in_lane).sum();
    // behind a deep row store there is a register, in the cells that choose between its ranks or between it and its tail
    let store_bits =
        if layout::has_rank(rows as usize, tail_lanes as usize) { full.ranks.div_ceil(2) * n * banks } else { 0 };
    let tail_bits = tail_lanes * LANE - if tail_lanes == lanes { LANE - last_width } else { 0 };
    let sprams = spram_lanes * layout::sprams_per_lane(banks as usize, rows as usize) as u64;
    let queue_bits = layout::queue_bits(groups as usize, n as usize) as u64;
    let queue = block_rams(family, Use::Ram, groups, queue_bits);
    let entries = shape.planes * (if shape.link.loads() { n } else { shape.reach } + 1);
    let table = block_rams(family, shape.using(), entries, shape.kernel_bits);
    let threshold = match shape.threshold_bits {
        0 => Fitted { cells: 0, ranks: 1 },
        width => block_rams(family, shape.using(), entries, width),
    };
    let (value_lanes, value_rows) = (shape.value_lanes(), shape.planes * shape.value_rows());
    let columns = if shape.valued() { value_lanes } else { voting * lanes.div_ceil(shape.fold) };
    let accumulators: u64 = match shape.valued() {
        true => shape.outputs,
        // a column has as many as its first lane has neurons
        false => (0..columns).map(|c| LANE.min(n - c * shape.fold * LANE)).sum(),
    };
    let joined = if banks * shape.fold > 1 && !shape.valued() { accumulators } else { 0 };
    let (per_pick, per_neuron) = if shape.valued() { (c.per_compare, c.per_held) } else { (c.per_pick, c.per_neuron) };
    let value = |lane: u64| block_rams(family, shape.using(), value_rows, LANE.min(shape.outputs - lane * LANE));
    let value_rams: u64 = (0..value_lanes).map(|lane| value(lane).cells).sum();
    let value_ranks: u64 =
        (0..value_lanes).map(|lane| value(lane).ranks.div_ceil(2) * LANE.min(shape.outputs - lane * LANE)).sum();
    let value_ranks = if layout::has_rank(value_rows as usize, 0) { value_ranks } else { 0 };
    // words of the state that no neuron has, because an answer has more
    let more_state = LANE * shape.state_words().saturating_sub(lanes);
    let rams =
        |all: &[(u64, u64)]| all.iter().map(|&(depth, width)| block_rams(family, Use::Ram, depth, width).cells).sum();
    let link_rams: u64 = rams(&LINK_RAMS);
    let test_rams: u64 = rams(&[TEST_RAM]);
    let framed = c.framed + c.per_framed_lane * lanes as f64;
    let more = |cells: f64, of: u64| if of > 1 { cells } else { 0.0 };
    // in place of copies of a control, a bank's of a lane, where those are not shared
    let copies = if shape.lean() || shape.valued() && !shape.link.loads() { 0 } else { lanes * banks };
    let counts = if shape.nearest || shape.valued() { 0.0 } else { c.partial };
    let mask = (lanes * LANE) as f64 - copies as f64 + counts;
    let part = |name, detail: String, block_rams, logic_cells| Part { name, detail, block_rams, logic_cells };
    let parts = vec![
        part(
            "row store",
            match banks {
                1 => format!("{in_blocks} lanes of {rows} rows x {LANE} bits: {} each{but}", full.cells),
                _ => {
                    format!("{banks} banks of {in_blocks} lanes of {rows} rows x {LANE} bits: {} each{but}", full.cells)
                }
            },
            banks * store_rams,
            cells(c.per_rank_bit * store_bits as f64),
        ),
        part(
            "values",
            format!("{value_lanes} lanes of {value_rows} rows, {} outputs", shape.outputs),
            value_rams,
            cells(
                c.per_rank_bit * value_ranks as f64
                    + c.per_voter * if shape.valued() { accumulators as f64 } else { 0.0 },
            ),
        ),
        part(
            "rows in logic",
            format!("the last {tail_rows} rows of {tail_lanes} lanes, {banks} banks"),
            0,
            banks * cells(tail_cells(tail_rows, tail_bits)),
        ),
        part(
            "rows in SPRAM",
            format!("{spram_lanes} lanes of {rows} rows x {LANE} bits: {} SPRAMs, an address for both ports", sprams),
            0,
            if spram_lanes > 0 { spram_lanes * banks * ceil_log2(rows) } else { 0 },
        ),
        part(
            "queue",
            format!("{groups} words x {queue_bits} bits, {banks} of them"),
            voting * banks * queue.cells,
            voting * banks * (cells(c.queue) + rank_cells(queue, queue_bits)),
        ),
        part(
            "kernel table",
            format!("{entries} entries x {} bits", shape.kernel_bits),
            voting * table.cells,
            voting * rank_cells(table, shape.kernel_bits),
        ),
        part(
            "threshold",
            format!("{entries} entries x {} bits", shape.threshold_bits),
            voting * threshold.cells,
            voting * rank_cells(threshold, shape.threshold_bits),
        ),
        part(
            "accumulators",
            match shape.valued() {
                true => format!("{accumulators} of {width} bits, for as many outputs"),
                false => format!("{accumulators} of {width} bits, for {n} neurons"),
            },
            0,
            cells(
                c.per_accumulator_bit * (accumulators * width.next_multiple_of(c.carry)) as f64
                    + c.per_accumulator * accumulators as f64
                    + c.per_joined * joined as f64
                    + if shape.lean() { 0.0 } else { (columns * (width + 1)) as f64 },
            ),
        ),
        part(
            "ranking",
            format!("{accumulators} classes, a running maximum of {width} bits"),
            0,
            match shape.kind {
                Kind::Class => cells(
                    c.per_shown_bit * (accumulators * width) as f64
                        + c.per_rank_sum_bit * width as f64
                        + c.per_class_bit * ceil_log2(accumulators) as f64,
                ),
                _ => 0,
            },
        ),
        part(
            "neurons",
            if shape.valued() { "state" } else { "state, compare" }.into(),
            0,
            cells(per_neuron * (n + more_state) as f64),
        ),
        part(
            "distances",
            format!("row XOR state, popcount: {n} neurons x {banks}"),
            0,
            cells(per_pick * (n * banks) as f64),
        ),
        part(
            "mask",
            if shape.masks {
                format!("{lanes} lanes of {LANE} bits")
            } else {
                "none: all bits of a cue are known".into()
            },
            0,
            if shape.masks { cells(c.masks + mask) } else { 0 },
        ),
        part(
            "adder tree",
            format!("{lanes} lanes to one, {banks} of them"),
            0,
            cells(c.per_tree_bit * (banks * tree_bits(lanes)) as f64),
        ),
        part(
            "vote",
            "weights, threshold, planes and slots in turn".into(),
            0,
            voting
                * cells(
                    c.vote
                        + c.per_vote_bit * width as f64
                        + more(c.planes, shape.planes)
                        + more(c.fold, shape.fold)
                        + if shape.lean() { c.lean } else { 0.0 },
                ),
        ),
        part(
            "control",
            "addresses, minimum, phases, UART".into(),
            0,
            cells(c.control + if shape.valued() { c.values } else { 0.0 } + c.per_index_bit * ceil_log2(room) as f64),
        ),
        match shape.link {
            CoreLink::Plain => part("link", "none: words".into(), 0, 0),
            CoreLink::Fixed => part("link", "frames".into(), link_rams, cells(framed)),
            CoreLink::Loadable => part(
                "link",
                "frames, another memory can be loaded, a self-test".into(),
                link_rams + test_rams,
                cells(framed + c.loadable + c.per_loadable_lane * lanes as f64 + c.self_test),
            ),
            CoreLink::Untested => part(
                "link",
                "frames, another memory can be loaded".into(),
                link_rams,
                cells(framed + c.loadable + c.per_loadable_lane * lanes as f64),
            ),
        },
    ];
    let parts: Vec<_> = parts.into_iter().filter(|p| p.block_rams + p.logic_cells > 0).collect();
    let need = |f: fn(&Part) -> u64| parts.iter().map(f).sum();
    let have = board.resources;
    let block_rams = Demand { resource: "block RAMs", need: need(|p| p.block_rams), have: have.block_rams.into() };
    let logic_cells = Demand { resource: "logic cells", need: need(|p| p.logic_cells), have: have.logic_cells.into() };
    let sprams = Demand { resource: "SPRAMs", need: sprams, have: have.sprams.into() };
    let fits = block_rams.fits() && sprams.fits() && logic_cells.fits();
    let tight = fits && logic_cells.share() > TIGHT;
    Estimate {
        shape,
        board: board.name.clone(),
        parts,
        block_rams,
        sprams,
        logic_cells,
        fits,
        tight,
        instead: Vec::new(),
        nearest: None,
    }
}

/// Shapes that fit: the same with a tail, if that was not wanted; the most patterns, the most planes, the most neurons, and the most
/// patterns of one plane.
fn smaller(shape: CoreShape, board: &Board) -> Vec<CoreShape> {
    let packed = shape.packed(board);
    let fitting = |s: CoreShape| match packed {
        Some(_) => Some(s).filter(|s| count(*s, board).fits),
        None => s.fitting(board),
    };
    let fewer_patterns = |from: CoreShape| move |patterns: u64| CoreShape { patterns, ..from };
    let mut found = Vec::from_iter(packed);
    found.extend((1..shape.patterns).rev().map(fewer_patterns(shape)).find_map(fitting));
    let fewer_planes = (1..shape.planes).rev().map(|planes| CoreShape { planes, ..shape }).find_map(fitting);
    if fewer_planes.is_none() && shape.planes > 1 {
        let one = CoreShape { planes: 1, ..shape };
        found.extend((1..shape.patterns).rev().map(fewer_patterns(one)).find_map(fitting));
    }
    found.extend(fewer_planes);
    let fewer_neurons = |neurons: u64| {
        let spram_lanes = shape.spram_lanes.min(neurons.div_ceil(LANE));
        CoreShape { neurons, reach: shape.reach.min(neurons), spram_lanes, ..shape }
    };
    found.extend((1..shape.neurons).rev().map(fewer_neurons).find_map(fitting));
    found
}
