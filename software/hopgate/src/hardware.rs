//! How a memory becomes hardware: what a user chooses, and what follows from it on a board.

mod lanes;

use crate::estimate;
use hopgate_eda::board::Board;
use hopgate_hdl::{CoreOptions, Plan, Tail};
use hopgate_model::{Error, Result, memory::Memory};

pub use hopgate_hdl::{Later, Readout, Room};

/// What the row store is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rows {
    /// Block RAM; where the board has too little, SPRAM if it has some, and else the last few rows in logic cells.
    #[default]
    Auto,
    /// Block RAM.
    Block,
    /// SPRAM, as many lanes as it holds: it must be loaded at run time.
    Spram,
}

/// How a board talks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// Requests and replies in frames, with a CRC.
    Framed,
    /// Words, and nothing else.
    Plain,
}

/// What a board talks over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Line {
    /// A UART: to a computer.
    #[default]
    Uart,
    /// An SPI peripheral: to a microcontroller or a single-board computer. It speaks the framed protocol.
    Spi,
}

/// The SPRAMs where no board says how many: those of an iCE40 UP5K.
const SPRAMS: usize = 4;

/// How a memory becomes hardware.
///
/// ```
/// use hopgate::{Board, HardwareOptions, noise, training_free};
/// let memory = training_free(&noise::random(200, 96, 1), 0.1, &Default::default())?;
/// let fast = HardwareOptions::new().parallel(4);
/// let hardware = fast.on(&memory, &Board::find("alchitry-cu")?)?;
/// assert!(hardware.plan.step_cycles(8) < HardwareOptions::new().alone(&memory)?.plan.step_cycles(8));
/// # Ok::<(), hopgate::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct HardwareOptions {
    /// Rows scanned in a cycle, 1, 2 or 4: a faster scan for more logic.
    pub parallel: usize,
    /// Neurons that share an accumulator, 1, 2 or 4: less logic for a slower vote.
    pub fold: usize,
    /// Lanes of 16 bits, at most: a wider key is read in several beats, in less logic and more time. None: one for every 16 bits, or on a
    /// board as many as it has room for.
    pub lanes: Option<usize>,
    /// Where the answer comes from.
    pub readout: Readout,
    /// How the board talks. None: as its rows and its line need it, framed where they are in SPRAM or it is SPI, else plain.
    pub protocol: Option<Protocol>,
    /// What it talks over.
    pub line: Line,
    /// Whether another memory can be loaded over the framed protocol.
    pub loads: bool,
    /// Whether a board that can be loaded tests itself.
    pub self_test: bool,
    /// Room for larger memories at run time, as far as it exceeds the built-in one.
    pub room: Room,
    /// Where the rows are.
    pub rows: Rows,
    /// Whether bits of a cue can be unknown: then its mask follows it.
    pub masks: bool,
    /// Whether the board stores and forgets patterns by itself: it speaks the framed protocol and can be loaded, and has no self-test.
    pub learns: bool,
    /// Whether it stores cues that it does not know, where a request asks for that: of a board that learns.
    pub auto_store: bool,
    /// Where later steps take their distances from: the queue alone where that is enough makes a recall faster for more logic.
    pub later: Later,
    /// Cues that share a scan, 1 to 4: more recalls a second for more logic, and answers that wait for each other.
    pub cues: usize,
    /// Cores with the same memory, 1 to 16: as many times the recalls a second for as many times the logic.
    pub cores: usize,
}

impl Default for HardwareOptions {
    fn default() -> Self {
        HardwareOptions {
            parallel: 1,
            fold: 1,
            lanes: None,
            readout: Readout::Vote,
            protocol: None,
            line: Line::Uart,
            loads: true,
            self_test: true,
            room: Room::default(),
            rows: Rows::Auto,
            masks: false,
            learns: false,
            auto_store: false,
            later: Later::Scan,
            cues: 1,
            cores: 1,
        }
    }
}

/// A memory as hardware.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Hardware {
    /// Its layout.
    pub plan: Plan,
    /// Whether its board speaks the framed protocol.
    pub framed: bool,
    /// What its board speaks over.
    pub line: Line,
}

/// What is known of the rows.
#[derive(Clone, Copy, Default)]
struct Placed {
    sprams: usize,
    tail: Tail,
}

impl HardwareOptions {
    /// The usual: one row a cycle, an accumulator for each neuron, a vote, the plain protocol.
    pub fn new() -> Self {
        Self::default()
    }

    /// With so many rows scanned in a cycle.
    #[must_use]
    pub fn parallel(self, rows: usize) -> Self {
        HardwareOptions { parallel: rows, ..self }
    }

    /// With so many neurons that share an accumulator.
    #[must_use]
    pub fn fold(self, neurons: usize) -> Self {
        HardwareOptions { fold: neurons, ..self }
    }

    /// With at most so many lanes.
    #[must_use]
    pub fn lanes(self, lanes: impl Into<Option<usize>>) -> Self {
        HardwareOptions { lanes: lanes.into(), ..self }
    }

    /// With this source of the answer.
    #[must_use]
    pub fn readout(self, readout: Readout) -> Self {
        HardwareOptions { readout, ..self }
    }

    /// With this protocol.
    #[must_use]
    pub fn protocol(self, protocol: impl Into<Option<Protocol>>) -> Self {
        HardwareOptions { protocol: protocol.into(), ..self }
    }

    /// Over this line.
    #[must_use]
    pub fn line(self, line: Line) -> Self {
        HardwareOptions { line, ..self }
    }

    /// With or without what loads another memory at run time.
    #[must_use]
    pub fn loads(self, loads: bool) -> Self {
        HardwareOptions { loads, ..self }
    }

    /// With or without the self-test.
    #[must_use]
    pub fn self_test(self, self_test: bool) -> Self {
        HardwareOptions { self_test, ..self }
    }

    /// With room for larger memories.
    #[must_use]
    pub fn room(self, room: Room) -> Self {
        HardwareOptions { room, ..self }
    }

    /// With the rows there.
    #[must_use]
    pub fn rows(self, rows: Rows) -> Self {
        HardwareOptions { rows, ..self }
    }

    /// With or without cues of which bits are unknown.
    #[must_use]
    pub fn masks(self, masks: bool) -> Self {
        HardwareOptions { masks, ..self }
    }

    /// With or without STORE and FORGET.
    #[must_use]
    pub fn learns(self, learns: bool) -> Self {
        HardwareOptions { learns, ..self }
    }

    /// With or without the storing of unknown cues.
    #[must_use]
    pub fn auto_store(self, auto_store: bool) -> Self {
        HardwareOptions { auto_store, ..self }
    }

    /// With later steps that take their distances from there.
    #[must_use]
    pub fn later(self, later: Later) -> Self {
        HardwareOptions { later, ..self }
    }

    /// With so many cues that share a scan.
    #[must_use]
    pub fn cues(self, cues: usize) -> Self {
        HardwareOptions { cues, ..self }
    }

    /// With so many cores side by side.
    #[must_use]
    pub fn cores(self, cores: usize) -> Self {
        HardwareOptions { cores, ..self }
    }

    /// The memory on a board, behind its link.
    ///
    /// # Errors
    /// As [`Plan::with`]; [`ErrorKind::Usage`](hopgate_model::ErrorKind::Usage) for SPRAM that the board does not have, or that nothing could load.
    pub fn on(self, memory: &Memory, board: &Board) -> Result<Hardware> {
        match self.lanes {
            None => lanes::choose(self, memory, board),
            Some(_) => self.in_lanes(memory, board),
        }
    }

    /// The same in the lanes that are asked for.
    fn in_lanes(self, memory: &Memory, board: &Board) -> Result<Hardware> {
        let have = board.resources.sprams as usize;
        let loads = self.loads && self.protocol != Some(Protocol::Plain);
        let sprams = match self.rows {
            Rows::Spram if have == 0 => {
                return Err(Error::usage(format!("the board {} has no SPRAM", board.name))
                    .hint("rows in SPRAM are for boards whose file says how many sprams there are"));
            }
            Rows::Spram => have,
            Rows::Auto if have > 0 && loads && !self.learns => {
                let fits = estimate::need(memory, &self.placed(memory, Placed::default())?, board)?.block_rams.fits();
                // what SPRAM cannot hold either is not about SPRAM: the estimate says what is too much
                let holds = || self.placed(memory, Placed { sprams: have, ..Placed::default() }).is_ok();
                if !fits && holds() { have } else { 0 }
            }
            Rows::Auto | Rows::Block => 0,
        };
        let placed = Placed { sprams, ..Placed::default() };
        let hardware = self.placed(memory, placed)?;
        if self.rows != Rows::Auto || self.loadable(sprams) {
            return Ok(hardware);
        }
        match hardware.tail(memory, board) {
            Tail { lanes: 0, .. } => Ok(hardware),
            tail => self.placed(memory, Placed { tail, ..placed }),
        }
    }

    /// The memory behind a link, where no board says what there is: an iCE40 UP5K's SPRAM, if that is asked for.
    ///
    /// # Errors
    /// As [`Plan::with`]; [`ErrorKind::Usage`](hopgate_model::ErrorKind::Usage) for SPRAM that nothing could load.
    pub fn behind_a_link(self, memory: &Memory) -> Result<Hardware> {
        let sprams = if self.rows == Rows::Spram { SPRAMS } else { 0 };
        self.placed(memory, Placed { sprams, ..Placed::default() })
    }

    /// The memory as a core that is behind no link: nothing can be loaded.
    ///
    /// # Errors
    /// As [`Plan::with`]; [`ErrorKind::Usage`](hopgate_model::ErrorKind::Usage) for rows in SPRAM.
    pub fn alone(self, memory: &Memory) -> Result<Hardware> {
        if self.rows == Rows::Spram {
            return Err(Error::usage("a core without a link has no rows in SPRAM")
                .hint("rows in SPRAM must be loaded at run time, and this core has no link for that: a board's has"));
        }
        Ok(Hardware { plan: self.plan(memory, Placed::default(), None)?, framed: false, line: Line::Uart })
    }

    fn framed(self, sprams: usize) -> bool {
        self.protocol == Some(Protocol::Framed)
            || (self.protocol.is_none() && (sprams > 0 || self.learns || self.line == Line::Spi))
    }

    fn loadable(self, sprams: usize) -> bool {
        self.framed(sprams) && self.loads
    }

    fn placed(self, memory: &Memory, placed: Placed) -> Result<Hardware> {
        let loadable = self.loadable(placed.sprams);
        if self.line == Line::Spi && self.protocol == Some(Protocol::Plain) {
            return Err(Error::usage(
                "the plain protocol goes over a UART: an SPI controller clocks bytes that mean nothing too",
            )
            .hint("leave the protocol out, or let it be `framed`"));
        }
        if self.learns && self.protocol == Some(Protocol::Plain) {
            return Err(Error::usage("a board that learns is asked to in frames")
                .hint("leave the protocol out, or let it be `framed`"));
        }
        if placed.sprams > 0 && !loadable {
            return Err(Error::usage("rows in SPRAM must be loaded at run time, and nothing can load this board")
                .hint("let it speak the framed protocol and be loaded, or leave the rows in block RAM"));
        }
        let framed = self.framed(placed.sprams);
        if self.cues > 1 && framed {
            return Err(Error::usage("a board behind frames answers each cue before the next one")
                .hint("let each cue have a scan of its own, or let it speak the plain protocol"));
        }
        if self.cores > 1 && framed {
            return Err(Error::usage(format!("a board behind frames has one core, not {}", self.cores))
                .hint("leave `cores` at 1, or let it speak the plain protocol"));
        }
        if self.later != Later::Scan && framed {
            return Err(Error::usage("a board behind frames tells its cycles by a formula in which every step scans")
                .hint("leave `later` at `scan`, or let it speak the plain protocol"));
        }
        let plan = self.plan(memory, placed, loadable.then_some(self.room))?;
        Ok(Hardware { plan, framed, line: self.line })
    }

    fn plan(self, memory: &Memory, placed: Placed, room: Option<Room>) -> Result<Plan> {
        let HardwareOptions { parallel, fold, lanes, readout, self_test, masks, learns, .. } = self;
        let HardwareOptions { auto_store, later, cues, cores, .. } = self;
        let Placed { sprams, tail } = placed;
        let options = CoreOptions {
            parallel,
            fold,
            lanes,
            readout,
            room,
            self_test,
            sprams,
            tail,
            masks,
            learns,
            auto_store,
            later,
            cues,
            cores,
        };
        Plan::with(memory, options)
    }
}

impl Hardware {
    /// The rows that must be in logic cells for this memory, which has none there, to fit a board.
    pub(crate) fn tail(&self, memory: &Memory, board: &Board) -> Tail {
        let packed = estimate::shape(memory, self).packed(board);
        packed.map_or(Tail::default(), |s| Tail::of(s.tail_lanes as usize, s.tail_rows as usize))
    }

    /// A nearest-pattern search in place of this vote, with as many rows a cycle; it has room for as much.
    ///
    /// # Errors
    /// As [`Plan::with`].
    pub fn nearest_search(&self, memory: &Memory, board: &Board) -> Result<Hardware> {
        let vote = &self.plan;
        let room = Room { neurons: vote.neurons, patterns: vote.parallel * vote.group_room, ..Room::default() };
        let room = vote.loadable.then_some(room);
        let (parallel, sprams, masks) = (vote.parallel, vote.sprams(), vote.masks);
        let lanes = vote.wide().then(|| vote.lanes());
        let options =
            CoreOptions { parallel, lanes, readout: Readout::Nearest, room, sprams, masks, ..CoreOptions::default() };
        let plain = Hardware { plan: Plan::with(memory, options)?, framed: self.framed, line: self.line };
        match vote.tail_lanes {
            0 => Ok(plain),
            _ => {
                let plan = Plan::with(memory, CoreOptions { tail: plain.tail(memory, board), ..options })?;
                Ok(Hardware { plan, ..plain })
            }
        }
    }
}
