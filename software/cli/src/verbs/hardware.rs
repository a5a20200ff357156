//! The options that say how a memory becomes hardware, the same for every verb that makes some.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use hopgate::{
    Board, Error, HardwareOptions, Memory, Result,
    hardware::{self, Hardware, Later, Line, Readout, Room},
};
use std::str::FromStr;

/// How a memory becomes hardware.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::Args)]
#[command(next_help_heading = super::manual::SHARED)]
pub struct HardwareArgs {
    /// Rows scanned in a cycle: a faster scan for more logic
    #[arg(long, value_name = "R", default_value = "1", value_parser = one_two_four())]
    parallel: usize,
    /// Neurons that share an accumulator, in turn: less logic for a slower vote
    #[arg(long, value_name = "F", default_value = "1", value_parser = one_two_four())]
    fold: usize,
    /// Lanes of 16 bits, at most: a wider key is read in several beats, in less logic and more time (by default one for every 16 bits, or as
    /// many as the board has room for)
    #[arg(long, value_name = "L", value_parser = clap::value_parser!(u16).range(1..=64))]
    lanes: Option<u16>,
    /// Where the answer comes from
    #[arg(long, value_enum, default_value_t = Source::Vote)]
    readout: Source,
    /// With --readout ranked: so many patterns, at most
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u8).range(1..))]
    ranks: Option<u8>,
    /// With --readout ranked: only patterns at most so many bits farther than the nearest one; with a fixed kernel, at most so far
    /// [default: the memory's reach]
    #[arg(long, value_name = "BITS")]
    within: Option<u32>,
    /// Where a recall's second and later steps take their distances from
    #[arg(long, value_enum, default_value_t = LaterSteps::Scan)]
    later: LaterSteps,
    /// Cues that share a scan: more recalls a second for more logic; they come, and their answers leave, one after the other
    #[arg(long, value_name = "B", default_value = "1", value_parser = one_to_four())]
    cues: usize,
    /// Cores with the same memory, side by side: as many times the recalls a second for as many times the logic; cues go to them in turn
    #[arg(long, value_name = "C", default_value = "1", value_parser = clap::value_parser!(u8).range(1..=16))]
    cores: u8,
    /// How the board talks: `plain` (the default) is words and nothing else; `framed` checks every request, and another
    /// memory can be loaded over it at run time. With --wrapper axil or wishbone, `framed` adds registers that take the same requests
    #[arg(long, value_enum)]
    protocol: Option<Protocol>,
    /// What the board talks over: its UART, or an SPI peripheral for a microcontroller, on a header (so it means --protocol framed)
    #[arg(long, value_enum, default_value_t = Over::Uart)]
    line: Over,
    /// With --protocol framed: leave out what loads another memory at run time
    #[arg(long)]
    no_load: bool,
    /// With --protocol framed: leave out the self-test, which only a board that can be loaded has
    #[arg(long, conflicts_with = "no_load")]
    no_selftest: bool,
    /// With --protocol framed: room for larger memories at run time, as far as it exceeds the built-in one: any of patterns, neurons, planes, outputs (classes, or
    /// bits of a value) and bits (of an accumulator), as in `patterns=1024,bits=18`; and kinds, that what is loaded can be of other kinds too, as in
    /// `kinds=map+class`
    #[arg(long, value_name = "WHAT=N,...", conflicts_with = "no_load")]
    room: Option<Wanted>,
    /// Where the rows are: `block` RAM; `spram`, which an iCE40 UltraPlus has, and which must be loaded at run time (so it means --protocol
    /// framed); `auto`, where they do not fit the board's block RAMs, in SPRAM if it has some, and else the last few of them in logic cells
    #[arg(long, value_name = "WHERE", value_enum, default_value_t = Rows::Auto)]
    rows: Rows,
    /// Let the board store and forget patterns by itself (so it means --protocol framed): of a training-free memory of one plane; how many there can be is said by
    /// --room patterns=N
    #[arg(long, conflicts_with_all = ["no_load", "masks"])]
    learn: bool,
    /// Of a board that learns: store the cue of a LEARN if its answer is unknown, of the class that is named or of the least that no pattern has
    #[arg(long, requires = "learn")]
    auto_store: bool,
    /// Take the mask of each cue behind it: bits that it leaves out count for no distance
    #[arg(long)]
    masks: bool,
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

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Protocol {
    /// Requests and replies in frames, with a CRC
    Framed,
    /// Words
    Plain,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Over {
    /// A UART
    Uart,
    /// An SPI peripheral, mode 0, at most a third of the board's clock
    Spi,
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
            if name.trim() == "kinds" {
                room.kinds = number.trim().parse().map_err(|e: hopgate_model::Error| e.to_string())?;
                if room.kinds.is_empty() {
                    return Err("kinds: none is named, as in `kinds=map+class`".into());
                }
                continue;
            }
            let number: usize = number.trim().parse().map_err(|_| format!("{number:?} is not a number"))?;
            let (place, most) = match name.trim() {
                "patterns" => (&mut room.patterns, hopgate_hdl::layout::MAX_COUNTED),
                "neurons" => (&mut room.neurons, hopgate_hdl::layout::MAX_NEURONS),
                "planes" => (&mut room.planes, 4),
                "outputs" => (&mut room.outputs, hopgate_model::memory::MAX_OUTPUTS),
                "bits" => (&mut room.accumulator_bits, 32),
                other => {
                    return Err(format!("{other:?} is none of patterns, neurons, planes, outputs, bits and kinds"));
                }
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
    /// The nearest pattern itself, in one step: a nearest-pattern search
    Nearest,
    /// The nearest patterns, in order: --ranks says how many
    Ranked,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum LaterSteps {
    /// All rows, in every step
    Scan,
    /// The queued rows alone, where the state has become the row that was nearest: the same answers in fewer cycles, for more logic
    Queue,
    /// The same of a memory whose patterns are all fixed points: there the recall stops, in fewer cycles yet
    Stop,
}

fn one_two_four() -> impl TypedValueParser<Value = usize> {
    PossibleValuesParser::new(["1", "2", "4"]).map(|s| s.parse().unwrap_or(1))
}

fn one_to_four() -> impl TypedValueParser<Value = usize> {
    PossibleValuesParser::new(["1", "2", "3", "4"]).map(|s| s.parse().unwrap_or(1))
}

impl Default for HardwareArgs {
    fn default() -> Self {
        HardwareArgs {
            parallel: 1,
            fold: 1,
            lanes: None,
            readout: Source::Vote,
            ranks: None,
            within: None,
            later: LaterSteps::Scan,
            cues: 1,
            cores: 1,
            protocol: None,
            line: Over::Uart,
            no_load: false,
            no_selftest: false,
            room: None,
            rows: Rows::Auto,
            masks: false,
            learn: false,
            auto_store: false,
        }
    }
}

impl HardwareArgs {
    /// The memory on a board.
    ///
    /// # Errors
    /// As [`HardwareOptions::on`], and for an option that has no effect.
    pub fn on(self, memory: &Memory, board: &Board) -> Result<Hardware> {
        self.all_used(self.options()?.on(memory, board)?)
    }

    /// The memory behind a link, where no board says what there is.
    ///
    /// # Errors
    /// As [`HardwareOptions::behind_a_link`], and for an option that has no effect.
    pub fn behind_a_link(self, memory: &Memory) -> Result<Hardware> {
        self.all_used(self.options()?.behind_a_link(memory)?)
    }

    /// The memory as a core that is behind no link: nothing can be loaded.
    ///
    /// # Errors
    /// As [`HardwareOptions::alone`], and for options of a link.
    pub fn alone(self, memory: &Memory) -> Result<Hardware> {
        let linked = [
            (self.room.is_some(), "--room"),
            (self.learn, "--learn"),
            (self.no_load, "--no-load"),
            (self.no_selftest, "--no-selftest"),
            (self.protocol.is_some(), "--protocol"),
            (self.line != Over::Uart, "--line"),
        ];
        if let Some((_, option)) = linked.iter().find(|(given, _)| *given) {
            return Err(Error::usage(format!("{option} has no effect here"))
                .hint("this core has no link: --top board has one, and so has each --wrapper"));
        }
        if self.rows == Rows::Spram {
            return Err(Error::usage("--rows spram has no effect here").hint(
                "rows in SPRAM must be loaded at run time, and this core has no link for that: --top board has, and so has each --wrapper",
            ));
        }
        self.options()?.alone(memory)
    }

    /// Refuses all of these options where a finished build is used.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`](hopgate::ErrorKind::Usage) if one was given.
    pub fn none_for_a_build(self) -> Result<()> {
        if self == HardwareArgs::default() {
            return Ok(());
        }
        Err(Error::usage("a build is as it is: options that make hardware have no effect here")
            .hint("leave them out, or build it anew with them"))
    }

    /// Refuses a board's line where there is a bus.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`](hopgate::ErrorKind::Usage) if one was given.
    pub fn no_line(self) -> Result<()> {
        if self.line == Over::Uart {
            return Ok(());
        }
        Err(Error::usage("--line has no effect here")
            .hint("--line goes with a board: behind a wrapper the bus is the line"))
    }

    /// Whether bits of cues can be unknown.
    pub fn masks(self) -> bool {
        self.masks
    }

    /// The same, framed unless it was said otherwise.
    pub fn or_framed(self) -> Self {
        HardwareArgs { protocol: self.protocol.or(Some(Protocol::Framed)), ..self }
    }

    /// As the library has them.
    fn options(self) -> Result<HardwareOptions> {
        if self.rows == Rows::Spram && (self.no_load || self.protocol == Some(Protocol::Plain)) {
            let option = if self.no_load { "--no-load" } else { "--protocol plain" };
            return Err(Error::usage(format!("{option} goes without SPRAM"))
                .hint("rows in SPRAM must be loaded at run time: leave it out, or --rows spram"));
        }
        let readout = match (self.readout, self.ranks) {
            (Source::Vote, _) => Readout::Vote,
            (Source::Nearest, _) => Readout::Nearest,
            (Source::Ranked, Some(most)) => Readout::Ranked { most: most.into(), within: self.within },
            (Source::Ranked, None) => {
                return Err(Error::usage("--readout ranked needs the number of patterns that are wanted")
                    .hint("--ranks 5 lists the five nearest"));
            }
        };
        let of_lists = [(self.ranks.is_some(), "--ranks"), (self.within.is_some(), "--within")];
        if let (true, Some((_, option))) =
            (self.readout != Source::Ranked, of_lists.into_iter().find(|(given, _)| *given))
        {
            return Err(Error::usage(format!("{option} has no effect here"))
                .hint(format!("{option} goes with --readout ranked")));
        }
        let later = match self.later {
            LaterSteps::Scan => Later::Scan,
            LaterSteps::Queue => Later::Queue,
            LaterSteps::Stop => Later::Stop,
        };
        let protocol = self.protocol.map(|protocol| match protocol {
            Protocol::Framed => hardware::Protocol::Framed,
            Protocol::Plain => hardware::Protocol::Plain,
        });
        let line = match self.line {
            Over::Uart => Line::Uart,
            Over::Spi => Line::Spi,
        };
        let rows = match self.rows {
            Rows::Auto => hardware::Rows::Auto,
            Rows::Block => hardware::Rows::Block,
            Rows::Spram => hardware::Rows::Spram,
        };
        let options = HardwareOptions::new()
            .parallel(self.parallel)
            .fold(self.fold)
            .lanes(self.lanes.map(usize::from))
            .readout(readout)
            .later(later)
            .cues(self.cues)
            .cores(self.cores.into())
            .rows(rows)
            .masks(self.masks)
            .learns(self.learn)
            .auto_store(self.auto_store);
        let options = options.protocol(protocol).line(line).loads(!self.no_load).self_test(!self.no_selftest);
        Ok(options.room(self.room.unwrap_or_default().0))
    }

    /// Refuses options of the framed protocol where the board speaks the plain one.
    fn all_used(self, hardware: Hardware) -> Result<Hardware> {
        let idle = [(self.no_load, "--no-load"), (self.no_selftest, "--no-selftest"), (self.room.is_some(), "--room")];
        match idle.iter().find(|(given, _)| *given && !hardware.framed) {
            Some((_, option)) => Err(Error::usage(format!("{option} has no effect here"))
                .hint("nothing can be loaded over the plain protocol: give --protocol framed too")),
            None => Ok(hardware),
        }
    }
}
