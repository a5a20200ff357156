//! `hopgate board`: a virtual board, behind a pseudo-terminal.

mod button;
mod link;

pub use link::remove as cleanup;

use self::button::Button;
use super::{build::BAUDS, hardware::HardwareArgs};
use crate::ui::Ui;
use hopgate::{
    Hardware,
    build::{BAUD, link as link_of},
    hardware::Line,
};
use hopgate_eda::finished::Finished;
use hopgate_files::folder;
use hopgate_hdl::{Plan, Top, emit, pins::Pins};
use hopgate_host::{
    device::Device,
    terminal::{ByteDevice, NoisyDevice, Terminal},
    transport::Noise,
};
use hopgate_model::{Error, Result, memory::Memory};
use hopgate_sim::{
    Library, Waveform,
    bench::{self, stream::Stream},
    chip::{self, Chip, Origin},
};
use serde_json::json;
use std::{any::Any, path::PathBuf};

/// A virtual board: what a board would do, behind a pseudo-terminal that programs open as they open its serial port
#[derive(clap::Args)]
#[command(after_help = "Example, in two terminals:\n    hopgate board memory/ --pty --link /tmp/board\n    \
                        hopgate host --port /tmp/board info\n\n\
                        It serves until Ctrl-C. SIGUSR1 presses its reset button: kill -USR1 PID.")]
pub struct Args {
    /// A memory folder, as `quantize` writes it
    memory: PathBuf,
    /// Serve at a pseudo-terminal, whose name is printed
    #[arg(long, required = true)]
    pty: bool,
    /// What plays the board
    #[arg(long, value_enum, default_value_t = Level::Rtl)]
    level: Level,
    /// The finished build of this memory: for --level board, netlist and bitstream
    #[arg(long, value_name = "FOLDER")]
    build: Option<PathBuf>,
    /// --level bitstream: another bitstream of that build, which holds this memory, as `reload` writes it
    #[arg(long, value_name = "FILE")]
    bitstream: Option<PathBuf>,
    /// Make a symbolic link of this name to the pseudo-terminal; one that a board left behind is replaced
    #[arg(long, value_name = "PATH")]
    link: Option<PathBuf>,
    /// No faster than the line; the emitted Verilog is then built for a clock of 100 MHz, and not for 8 cycles a bit
    #[arg(long)]
    realtime: bool,
    /// The baud rate, 9600 to 12000000; a build has its own [default: 1000000]
    #[arg(long, value_name = "RATE", value_parser = clap::value_parser!(u32).range(BAUDS))]
    baud: Option<u32>,
    /// Change, lose or make up this share of the bytes on the line, in both directions
    #[arg(long, value_name = "P", default_value_t = 0.0, allow_negative_numbers = true)]
    byte_errors: f64,
    /// Seed of these errors
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    hardware: HardwareArgs,
}

/// What plays the board.
#[derive(Clone, Copy, PartialEq, clap::ValueEnum)]
enum Level {
    /// The emitted Verilog of the board top, in a simulation (Verilator)
    Rtl,
    /// The Verilog of a build, with the clock that it was built for
    Board,
    /// The synthesised netlist of a build
    Netlist,
    /// What the packed bitstream of a build configures
    Bitstream,
    /// A device in software that speaks the protocol
    Software,
}

const CLOCK: u32 = 100_000_000;
/// Cycles a bit, where the time does not matter.
const FAST_DIVIDER: u32 = 8;

/// Runs it.
pub fn run(args: Args, ui: &Ui) -> Result<()> {
    if !(0.0..=0.5).contains(&args.byte_errors) {
        return Err(Error::usage(format!("--byte-errors is {}, but must be 0 to 0.5", args.byte_errors))
            .hint("0.01 hits every hundredth byte"));
    }
    let memory = folder::load(&args.memory)?;
    if let Some(link) = &args.link {
        link::clear(link)?;
    }
    let (device, baud) = device(&args, &memory, ui)?;
    let device = NoisyDevice::new(device, Noise::of(args.byte_errors), args.seed);
    let mut device = Button::on(device, ui)?;
    let mut terminal = Terminal::open()?;
    if let Some(link) = &args.link {
        link::make(terminal.name(), link)?;
    }
    let report = json!({ "terminal": ui.path(terminal.name()), "link": args.link.as_ref().map(|link| ui.path(link)) });
    ui.announce("board/1", &report, || terminal.name().display().to_string())?;
    let served = terminal.serve(&mut device, args.realtime.then_some(baud), &|| false);
    link::remove();
    served
}

/// What plays the board, and its baud rate.
fn device(args: &Args, memory: &Memory, ui: &Ui) -> Result<(Box<dyn ByteDevice>, u32)> {
    if args.bitstream.is_some() && args.level != Level::Bitstream {
        return Err(Error::usage("--bitstream has no effect here").hint("--bitstream goes with --level bitstream"));
    }
    let baud = args.baud.unwrap_or(BAUD);
    let level = match args.level {
        Level::Rtl | Level::Software => {
            if args.build.is_some() {
                return Err(Error::usage("--build has no effect here")
                    .hint("--build goes with --level board, netlist or bitstream"));
            }
            let hardware = args.hardware.or_framed().behind_a_link(memory)?;
            if hardware.line == Line::Spi && (args.baud.is_some() || args.realtime) {
                let option = if args.realtime { "--realtime" } else { "--baud" };
                return Err(Error::usage(format!("{option} has no effect here"))
                    .hint("over SPI the controller has the clock: leave it out, or --line spi"));
            }
            if args.level == Level::Rtl {
                let device = simulated(memory, &hardware, args.realtime.then_some(CLOCK), baud, ui)?;
                return Ok((Box::new(device), baud));
            }
            if !hardware.framed {
                return Err(Error::usage("the device in software speaks the framed protocol only")
                    .hint("leave --protocol plain out, or give --level rtl"));
            }
            return Ok((Box::new(software(memory, &hardware.plan, hardware.line, baud)?), baud));
        }
        Level::Board => chip::Level::Board,
        Level::Netlist => chip::Level::Netlist,
        Level::Bitstream => chip::Level::Bitstream,
    };
    let Some(build) = &args.build else {
        return Err(Error::usage("this level is that of a finished build, and --build is missing")
            .hint("hopgate build memory/ --protocol framed -o build/ makes one; then give --build build/"));
    };
    if args.baud.is_some() {
        return Err(Error::usage("a build has its baud rate: --baud has no effect here")
            .hint("hopgate build --baud makes one for another"));
    }
    args.hardware.none_for_a_build()?;
    let mut build = Finished::open(build)?;
    match &args.bitstream {
        Some(path) => build = build.holding(path)?,
        None => Origin::of(&build)?.must_be_of(memory)?,
    }
    let baud = build.record.clock.map_or(BAUD, |clock| clock.baud.round() as u32);
    Ok((Box::new(built(level, &build, ui)?), baud))
}

/// A level of a finished build.
fn built(level: chip::Level, build: &Finished, ui: &Ui) -> Result<Simulated> {
    let bar = ui.bar("building the simulation", 1);
    let chip = Chip::build(build, level, Waveform::Off)?;
    bar.finish_and_clear();
    let stream = Stream::new(bench::BoardBench::of(&chip, None)?)?;
    Ok(Simulated { stream, silence: 0, _simulation: Box::new(chip) })
}

/// The software device: what it says of itself is what the emitted board would say.
fn software(memory: &Memory, plan: &Plan, line: Line, baud: u32) -> Result<Device> {
    let (uart_divider, link) = ((CLOCK / baud) as usize, link_of(true, line, baud));
    let top = Top::Board { clock: CLOCK, uart_divider, pll: None, pins: Pins::default(), link };
    let page = emit(plan, top, &folder::hash(memory))?.page;
    let words: Vec<u16> = page.iter().flat_map(|image| image.words.iter().map(|&w| w as u16)).collect();
    Device::of_page(&words, memory)
}

/// The board top in a simulation, for a clock, or for the slowest that the line allows.
fn simulated(memory: &Memory, hardware: &Hardware, clock: Option<u32>, baud: u32, ui: &Ui) -> Result<Simulated> {
    let clock = clock.unwrap_or(FAST_DIVIDER * baud);
    let uart_divider = (f64::from(clock) / f64::from(baud)).round() as usize;
    let link = link_of(hardware.framed, hardware.line, baud);
    let top = Top::Board { clock, uart_divider, pll: None, pins: Pins::default(), link };
    let design = emit(&hardware.plan, top, &folder::hash(memory))?;
    let bar = ui.bar("building the simulation", 1);
    let library = Library::build(&design, Waveform::Off)?;
    bar.finish_and_clear();
    let stream = Stream::new(bench::BoardBench::open(&library)?)?;
    Ok(Simulated { stream, silence: 0, _simulation: Box::new(library) })
}

/// A simulated board as a device.
struct Simulated {
    stream: Stream,
    /// Cycles since a byte came or went.
    silence: u64,
    /// Whose folder the stream's code lives in.
    _simulation: Box<dyn Any>,
}

/// Cycles that are simulated at a time.
const PORTION: u64 = 20_000;
/// Cycles for which the reset button is held.
const PRESSED: u16 = 64;
/// Cycles of silence after which the board most likely waits for the host.
const IDLE: u64 = 2_000_000;

impl ByteDevice for Simulated {
    fn exchange(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> Result<bool> {
        let before = out.len();
        self.stream.run(bytes, PORTION, out)?;
        if !bytes.is_empty() || out.len() > before || self.stream.queued() > 0 {
            self.silence = 0;
        } else {
            self.silence += PORTION;
        }
        Ok(self.silence < IDLE)
    }

    fn press_reset(&mut self) {
        self.stream.press_reset(PRESSED);
        self.silence = 0;
    }
}
