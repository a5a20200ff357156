//! The options that say how a memory becomes hardware, the same for every verb that makes some.

use super::estimate;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use hopgate_eda::board::Board;
use hopgate_hdl::{Options, Plan, Readout, Room, Tail};
use hopgate_model::{Error, Result, memory::Memory};
use std::str::FromStr;

/// How a memory becomes hardware.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::Args)]
#[command(next_help_heading = super::manual::SHARED)]
pub struct Hardware {
    /// Rows scanned in a cycle: a faster scan for more logic
    #[arg(long, value_name = "R", default_value = "1", value_parser = one_two_four())]
    parallel: usize,
    /// Neurons that share an accumulator, in turn: less logic for a slower vote
    #[arg(long, value_name = "F", default_value = "1", value_parser = one_two_four())]
    fold: usize,
    /// Where the answer comes from
    #[arg(long, value_enum, default_value_t = Source::Vote)]
    readout: Source,
    /// How the board talks over its UART: `plain` (as a rule) is words and nothing else; `framed` checks every request, and another
    /// memory can be loaded over it at run time
    #[arg(long, value_enum)]
    protocol: Option<Protocol>,
    /// With --protocol framed: leave out what loads another memory at run time
    #[arg(long)]
    fixed: bool,
    /// With --protocol framed: leave out the self-test, which only a board that can be loaded has
    #[arg(long, conflicts_with = "fixed")]
    no_selftest: bool,
    /// With --protocol framed: room for larger memories at run time, as far as it exceeds the built-in one: any of patterns, neurons, planes and bits (of an
    /// accumulator), as in `patterns=1024,bits=18`
    #[arg(long, value_name = "WHAT=N,...", conflicts_with = "fixed")]
    room: Option<Wanted>,
    /// Where the rows are: `block` RAM; `spram`, which an iCE40 UltraPlus has, and which must be loaded at run time (so it means --protocol
    /// framed); `auto`, where they do not fit the board's block RAMs, in SPRAM if it has some, and else the last few of them in logic cells
    #[arg(long, value_name = "WHERE", value_enum, default_value_t = Rows::Auto)]
    rows: Rows,
    /// The SPRAMs to use, once that is known.
    #[arg(skip)]
    sprams: Option<usize>,
    /// The rows in logic cells, once that is known.
    #[arg(skip)]
    tail: Tail,
}

/// What the row store is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Rows {
    /// Block RAM; where that is too little, SPRAM or logic cells as well
    Auto,
    /// Block RAM
    Block,
    /// SPRAM, as many lanes as it holds
    Spram,
}

/// The SPRAMs where no board says how many: those of an iCE40 UP5K.
const SPRAMS: usize = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Protocol {
    /// Requests and replies in frames, with a CRC
    Framed,
    /// Words
    Plain,
}

/// Room as it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Wanted(Room);

impl FromStr for Wanted {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let mut room = Room::default();
        for part in text.split(',') {
            let (name, number) = part.split_once('=').ok_or_else(|| format!("{part:?} is not of the form WHAT=N"))?;
            let number: usize = number.trim().parse().map_err(|_| format!("{number:?} is not a number"))?;
            let (place, most) = match name.trim() {
                "patterns" => (&mut room.patterns, hopgate_hdl::layout::MAX_COUNTED),
                "neurons" => (&mut room.neurons, hopgate_model::memory::MAX_NEURONS),
                "planes" => (&mut room.planes, 4),
                "bits" => (&mut room.accumulator_bits, 32),
                other => return Err(format!("{other:?} is none of patterns, neurons, planes and bits")),
            };
            if !(1..=most).contains(&number) {
                return Err(format!("{} must be 1 to {most}", name.trim()));
            }
            *place = number;
        }
        Ok(Wanted(room))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Source {
    /// The candidates vote
    Vote,
    /// The nearest pattern itself, in one step: a plain search, the baseline
    Nearest,
}

fn one_two_four() -> impl TypedValueParser<Value = usize> {
    PossibleValuesParser::new(["1", "2", "4"]).map(|s| s.parse().unwrap_or(1))
}

/// The rows that must be in logic cells for this plan, which has none there, to fit a board.
pub fn tail(memory: &Memory, plan: &Plan, framed: bool, board: &Board) -> Tail {
    let packed = estimate::shape(memory, plan, framed).packed(board);
    packed.map_or(Tail::default(), |s| Tail::of(s.tail_lanes as usize, s.tail_rows as usize))
}

impl Default for Hardware {
    fn default() -> Self {
        Hardware {
            parallel: 1,
            fold: 1,
            readout: Source::Vote,
            protocol: None,
            fixed: false,
            no_selftest: false,
            room: None,
            rows: Rows::Auto,
            sprams: None,
            tail: Tail::default(),
        }
    }
}

impl Hardware {
    /// The memory laid out with these options, as it is behind a board's link.
    ///
    /// # Errors
    /// As [`Plan::with`], and for room that nothing could use.
    pub fn plan(self, memory: &Memory) -> Result<Plan> {
        if self.sprams() > 0 && !self.loadable() {
            let option = if self.fixed { "--fixed" } else { "--protocol plain" };
            return Err(Error::usage(format!("{option} goes without SPRAM"))
                .hint("rows in SPRAM must be loaded at run time: leave it out, or --rows spram"));
        }
        let idle = [(self.fixed, "--fixed"), (self.no_selftest, "--no-selftest"), (self.room.is_some(), "--room")];
        if let (false, Some((_, option))) = (self.framed(), idle.iter().find(|(given, _)| *given)) {
            return Err(Error::usage(format!("{option} has no effect here"))
                .hint("nothing can be loaded over the plain protocol: give --protocol framed too"));
        }
        self.laid_out(memory, self.loadable().then(|| self.room.unwrap_or_default().0))
    }

    /// The same for a board: where the rows are is known then.
    ///
    /// # Errors
    /// As [`Hardware::plan`]; [`ErrorKind::Usage`](hopgate_model::ErrorKind::Usage) for SPRAM that the board does not have.
    pub fn on(self, memory: &Memory, board: &Board) -> Result<Self> {
        let have = board.resources.sprams as usize;
        let loads = !self.fixed && self.protocol != Some(Protocol::Plain);
        let sprams = match self.rows {
            Rows::Spram if have == 0 => {
                return Err(Error::usage(format!("the board {} has no SPRAM", board.name))
                    .hint("--rows spram is for boards whose file says how many sprams there are"));
            }
            Rows::Spram => have,
            Rows::Auto if have > 0 && loads => {
                let fits = estimate::of(memory, &self.plan(memory)?, self.framed(), board)?.block_rams.fits();
                // what SPRAM cannot hold either is not about SPRAM: the estimate says what is too much
                let holds = || Hardware { sprams: Some(have), ..self }.plan(memory).is_ok();
                if !fits && holds() { have } else { 0 }
            }
            Rows::Auto | Rows::Block => 0,
        };
        let settled = Hardware { sprams: Some(sprams), ..self };
        if self.rows != Rows::Auto || settled.loadable() {
            return Ok(settled);
        }
        Ok(Hardware { tail: tail(memory, &settled.plan(memory)?, settled.framed(), board), ..settled })
    }

    fn sprams(self) -> usize {
        self.sprams.unwrap_or(if self.rows == Rows::Spram { SPRAMS } else { 0 })
    }

    /// Whether another memory can be loaded.
    fn loadable(self) -> bool {
        self.framed() && !self.fixed
    }

    /// The memory laid out for a core that is behind no link: nothing can be loaded.
    ///
    /// # Errors
    /// As [`Plan::with`].
    pub fn alone(self, memory: &Memory) -> Result<Plan> {
        let linked = [
            (self.room.is_some(), "--room"),
            (self.fixed, "--fixed"),
            (self.no_selftest, "--no-selftest"),
            (self.protocol.is_some(), "--protocol"),
        ];
        if let Some((_, option)) = linked.iter().find(|(given, _)| *given) {
            return Err(Error::usage(format!("{option} has no effect here"))
                .hint("this core has no link: only --top board has one"));
        }
        if self.sprams() > 0 {
            return Err(Error::usage("--rows spram has no effect here").hint(
                "rows in SPRAM must be loaded at run time, and this core has no link for that: --top board has",
            ));
        }
        self.laid_out(memory, None)
    }

    /// Refuses all of these options where a finished build is used.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`](hopgate_model::ErrorKind::Usage) if one was given.
    pub fn none_for_a_build(self) -> Result<()> {
        if self == Hardware::default() {
            return Ok(());
        }
        Err(Error::usage("a build is as it is: options that make hardware have no effect here")
            .hint("leave them out, or build it anew with them"))
    }

    /// Whether the link of a board is the framed one.
    pub fn framed(self) -> bool {
        self.protocol == Some(Protocol::Framed) || (self.protocol.is_none() && self.sprams() > 0)
    }

    /// The same, framed unless it was said otherwise.
    pub fn or_framed(self) -> Self {
        Hardware { protocol: self.protocol.or(Some(Protocol::Framed)), ..self }
    }

    fn laid_out(self, memory: &Memory, room: Option<Room>) -> Result<Plan> {
        let readout = match self.readout {
            Source::Vote => Readout::Vote,
            Source::Nearest => Readout::Nearest,
        };
        let Hardware { parallel, fold, tail, .. } = self;
        let self_test = !self.no_selftest;
        Plan::with(memory, Options { parallel, fold, readout, room, self_test, sprams: self.sprams(), tail })
    }
}
