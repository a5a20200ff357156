//! From a memory to a bitstream.

use crate::{
    compare::{CoreSize, NearestSearch},
    design::BuiltDesign,
    estimate::estimate,
    hardware::{Hardware, Line},
};
use hopgate_eda::{
    board::{Active, Board, PllInput},
    clock::{self, Clock},
    estimate::Part,
    flow::{self, BuildRequest},
    planned::Planned,
    pll::Pll,
    search,
};
use hopgate_files::{atomic, folder};
use hopgate_hdl::{
    Link, Top,
    blocks::edge::pll::{Reference, Settings},
    emit, pins,
    pins::Pins,
};
use hopgate_model::{Error, Result, memory::Memory, progress::Watch};
use serde::Serialize;
use std::{
    path::{Path, PathBuf},
    time::Duration,
};

pub use hopgate_eda::{clock::Aim, report::BuildReport};

/// The baud rate unless told otherwise.
pub const BAUD: u32 = 1_000_000;

/// How long one run of place and route may take unless told otherwise.
pub const SEED_LIMIT: Duration = Duration::from_secs(3600);

/// What to try, and what to accept.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct BuildOptions {
    /// The clock.
    pub clock: Aim,
    /// The UART's rate, 9600 to 12000000, as fast as the board's serial bridge.
    pub baud: u32,
    /// Runs of place and route, of which the fastest is kept, with so many seeds.
    pub runs: u32,
    /// The first of them.
    pub first_seed: u32,
    /// How long one run of place and route may take; none without a limit.
    pub seed_limit: Option<Duration>,
    /// Whether a design that misses its clock will do.
    pub allow_slow: bool,
    /// Whether the nearest-pattern search is built too, beside it, to measure what the vote is compared with.
    pub nearest_search: bool,
}

impl Default for BuildOptions {
    fn default() -> Self {
        BuildOptions {
            clock: Aim::Board,
            baud: BAUD,
            runs: 8,
            first_seed: 1,
            seed_limit: Some(SEED_LIMIT),
            allow_slow: false,
            nearest_search: false,
        }
    }
}

impl BuildOptions {
    /// The usual: the board's own clock, 1 Mbaud, eight runs.
    pub fn new() -> Self {
        Self::default()
    }

    /// With this clock.
    #[must_use]
    pub fn clock(self, clock: Aim) -> Self {
        BuildOptions { clock, ..self }
    }

    /// With this baud rate.
    #[must_use]
    pub fn baud(self, baud: u32) -> Self {
        BuildOptions { baud, ..self }
    }

    /// With so many runs of place and route.
    #[must_use]
    pub fn runs(self, runs: u32) -> Self {
        BuildOptions { runs, ..self }
    }

    /// With seeds from this one on.
    #[must_use]
    pub fn first_seed(self, first_seed: u32) -> Self {
        BuildOptions { first_seed, ..self }
    }

    /// With another time for each run of place and route; none without a limit.
    #[must_use]
    pub fn seed_limit(self, seed_limit: Option<Duration>) -> Self {
        BuildOptions { seed_limit, ..self }
    }

    /// With or without an error for a design that misses its clock.
    #[must_use]
    pub fn allow_slow(self, allow_slow: bool) -> Self {
        BuildOptions { allow_slow, ..self }
    }

    /// With or without a build of the nearest-pattern search.
    #[must_use]
    pub fn nearest_search(self, nearest_search: bool) -> Self {
        BuildOptions { nearest_search, ..self }
    }
}

/// A finished build.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Built {
    /// What its `report.json` holds.
    pub report: BuildReport,
    /// What to compare it with; none beside what is a nearest-pattern search itself.
    pub nearest_search: Option<NearestSearch>,
    /// What to be wary of.
    pub warnings: Vec<String>,
}

/// Builds a bitstream of a memory as hardware, after checking that it can fit, in the folder `out`; and what to compare it with, in
/// [`nearest_search_path`], if that is asked for.
///
/// # Errors
/// [`ErrorKind::Fit`](hopgate_model::ErrorKind::Fit) if it does not fit by the estimate, and those of [`flow::build`].
pub fn build(
    memory: &Memory,
    hardware: &Hardware,
    board: &Board,
    options: &BuildOptions,
    out: &Path,
    watch: &dyn Watch,
) -> Result<Built> {
    must_have_pins(board, hardware.line)?;
    let estimate = estimate(memory, hardware, board)?;
    estimate.check()?;
    let mut warnings = Vec::new();
    let mut beside = NearestSearch::estimated(memory, &estimate);
    if let Some(plain) = beside.as_mut().filter(|_| options.nearest_search) {
        // a search that is too slow is still what the vote is compared with
        let options = BuildOptions { nearest_search: false, allow_slow: true, ..*options };
        let hardware = hardware.nearest_search(memory, board)?;
        let built = build(memory, &hardware, board, &options, &nearest_search_path(out), watch)?;
        plain.core = CoreSize::measured(&built.report);
        warnings = built.warnings;
    }
    let rtl = atomic::scratch()?;
    let mut request = BuildRequest::new(rtl.path(), Top::BOARD, board.clone(), out);
    let write = |clock: &Clock, rtl: &Path| {
        let design = emit(&hardware.plan, top(board, clock, hardware.framed, hardware.line)?, &folder::hash(memory))?;
        for (name, text) in design.files().into_iter().chain([design.description()]) {
            let path = rtl.join(name);
            std::fs::write(&path, text).map_err(|e| Error::io("write", &path, e))?;
        }
        Ok(())
    };
    request.design = Some(BuiltDesign::of(memory, hardware, board).record()?);
    request.nearest = beside.as_ref().map(NearestSearch::record);
    request.seeds = (options.first_seed..).take(options.runs as usize).collect();
    request.allow_slow = options.allow_slow;
    request.seed_limit = options.seed_limit;
    let in_blocks = |part: &Part| Planned { part: part.name.into(), block_rams: part.block_rams };
    request.planned = estimate.parts.iter().filter(|part| part.block_rams > 0).map(in_blocks).collect();
    let report = match one_clock(board, options.clock, options.baud)? {
        Some(clock) => {
            request.clock = Some(clock);
            write(&clock, rtl.path())?;
            flow::build(&request, watch)?
        }
        None => {
            let clocks = clock::all(board, options.baud.into())?;
            let start = clock::guess(board);
            request.request_mhz = Some(start);
            search::build_fastest(&request, &clocks, start, &write, watch)?
        }
    };
    warnings.extend(report.warnings.iter().cloned());
    if !report.timing_met {
        let (fmax, clock) = (report.fmax_mhz, report.clock_mhz);
        warnings
            .push(format!("the design reaches {fmax:.2} MHz, less than its clock of {clock:.2} MHz: it may not work"));
    }
    Ok(Built { report, nearest_search: beside, warnings })
}

/// Where the nearest-pattern search beside a build goes.
pub fn nearest_search_path(out: &Path) -> PathBuf {
    let mut name = out.components().collect::<PathBuf>().into_os_string(); // without a slash at the end
    name.push(".nearest");
    name.into()
}

/// The clock that is asked for, unless it is to be searched for.
///
/// # Errors
/// As [`clock::oscillator`] and [`clock::at_least`].
pub fn one_clock(board: &Board, clock: Aim, baud: u32) -> Result<Option<Clock>> {
    match clock {
        Aim::Board => clock::oscillator(board, baud.into()).map(Some),
        Aim::AtLeast(mhz) => clock::at_least(board, mhz, baud.into()).map(Some),
        Aim::Max => Ok(None),
    }
}

/// The link of a board.
pub fn link(framed: bool, line: Line, baud: u32) -> Link {
    match (line, framed) {
        (Line::Spi, _) => Link::Spi,
        (Line::Uart, true) => Link::Framed { baud },
        (Line::Uart, false) => Link::Plain,
    }
}

/// Refuses a line that the board's file names no pins for.
fn must_have_pins(board: &Board, line: Line) -> Result<()> {
    if line == Line::Spi && board.spi.is_none() {
        return Err(Error::usage(format!("the board {} has no pins for SPI", board.name))
            .hint("its file may name them: a section [spi] with sck, cs_n, mosi, miso and attention; docs/src/reference/boards.md"));
    }
    Ok(())
}

/// The top of a board: the core behind its line, with this clock.
///
/// # Errors
/// [`ErrorKind::Usage`](hopgate_model::ErrorKind::Usage) for SPI on a board whose file names no pins for it.
pub fn top(board: &Board, clock: &Clock, framed: bool, line: Line) -> Result<Top> {
    must_have_pins(board, line)?;
    let settings = |p: Pll| match p {
        Pll::SbPll40(p) => Settings::SbPll40 {
            divr: p.divr,
            divf: p.divf,
            divq: p.divq,
            filter_range: p.filter_range,
            reference: match board.clock.pll {
                Some(PllInput::Pad) => Reference::Pad,
                _ => Reference::Fabric,
            },
        },
        Pll::RPll(p) => Settings::RPll {
            oscillator_hz: (p.reference_mhz * 1e6).round() as u32,
            idiv_sel: p.idiv_sel,
            fbdiv_sel: p.fbdiv_sel,
            odiv_sel: p.odiv_sel,
        },
    };
    Ok(Top::Board {
        clock: (clock.mhz * 1e6).round() as u32,
        uart_divider: clock.uart_divider,
        pll: clock.pll.map(settings),
        pins: pins(board),
        link: link(framed, line, clock.baud.round() as u32),
    })
}

/// The pins of a board, as its top wants them.
fn pins(board: &Board) -> Pins {
    let active = |active: Active| match active {
        Active::Low => pins::Active::Low,
        Active::High => pins::Active::High,
    };
    Pins {
        button: board.reset.as_ref().map(|reset| active(reset.active)),
        leds: board.leds.pins.len(),
        lit: active(board.leds.active),
        high: board.hold.high.len(),
    }
}
