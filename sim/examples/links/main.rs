//! How many recalls a second each link carries, measured in cycles of a simulated board with the framed protocol.
//!
//!     cargo run -p hopgate-sim --example links MEMORY NOISE COUNT PARALLEL
//!
//! COUNT cues are patterns with as many flips as NOISE says, one pattern after the other. As many go in a frame as half of the
//! board's window takes, and the next frame is sent while the last one is answered. RECALL brings whole answers, FIND the nearest
//! pattern and its distance; both are compared with the reference. Rates are those of a clock of 100 MHz.

use hopgate_files::folder;
use hopgate_hdl::{CoreOptions, Link, Plan, Readout, Top, emit, pins::Pins};
use hopgate_model::{Error, ErrorKind, Result, bits::BitMatrix, memory::Memory, noise};
use hopgate_sim::{
    Library, Waveform,
    bench::{BoardBench, Registers, stream::Stream},
    words,
};
use hopgate_wire::{
    frame::{self, Decoder},
    page::{FOUND_UNKNOWN, UNKNOWN},
    request::Request,
};
use std::process::ExitCode;

const CLOCK: u32 = 100_000_000;
/// Periods of the SPI controller's clock, in cycles of the board's.
const PERIODS: [f64; 2] = [3.0, 8.0];
/// Cycles a bit of a UART: 12.5, 1 and 0.1152 Mbaud.
const DIVIDERS: [usize; 3] = [8, 100, 868];

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

struct Trial {
    memory: Memory,
    cues: BitMatrix,
    plan: Plan,
}

fn run() -> Result<()> {
    let usage = || Error::usage("links MEMORY NOISE COUNT PARALLEL");
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [memory, flips, count, parallel] = arguments.as_slice() else { return Err(usage()) };
    let number = |text: &String| text.parse::<usize>().map_err(|_| usage());
    let memory = folder::load(memory.as_ref())?;
    let cues = noise::cues(memory.patterns(), number(count)?, flips.parse().map_err(|_| usage())?, 1);
    let plan = Plan::with(&memory, CoreOptions { parallel: number(parallel)?, ..CoreOptions::default() })?;
    let trial = Trial { memory, cues, plan };
    let board = |uart_divider, link| Top::Board { clock: CLOCK, uart_divider, pll: None, pins: Pins::default(), link };
    let spi = trial.built(board(8, Link::Spi))?;
    for period in PERIODS {
        let name = format!("SPI, {:.1} MHz", f64::from(CLOCK) / 1e6 / period);
        let over = |find| trial.over(&spi, find, |bench| bench.set_host_bit(period));
        say(&name, over(false)?, over(true)?);
    }
    for divider in DIVIDERS {
        let baud = CLOCK / divider as u32;
        let uart = trial.built(board(divider, Link::Framed { baud }))?;
        let over = |find| trial.over(&uart, find, |_| ());
        say(&format!("UART, {baud} baud"), over(false)?, over(true)?);
    }
    let registers = trial.built(Top::Axil { clock: CLOCK, requests: false, streams: false })?;
    let cycles = trial.registers(&registers)?;
    say("AXI4-Lite", cycles, cycles);
    Ok(())
}

/// A line of the table.
fn say(name: &str, recall: f64, find: f64) {
    let rate = |cycles: f64| f64::from(CLOCK) / cycles;
    println!(
        "{name:20} RECALL {recall:9.1} cycles {:8.0} a second    FIND {find:9.1} cycles {:8.0} a second",
        rate(recall),
        rate(find)
    );
}

impl Trial {
    fn built(&self, top: Top) -> Result<Library> {
        Library::build(&emit(&self.plan, top, &folder::hash(&self.memory))?, Waveform::Off)
    }

    fn cue(&self, q: usize) -> Vec<u16> {
        (0..self.plan.words()).map(|l| (self.cues.row(q)[l / 4] >> (16 * (l % 4))) as u16).collect()
    }

    /// The words of the reply to a cue.
    fn wanted(&self, q: usize, find: bool) -> Vec<u16> {
        let said = words::expected(&self.memory, self.cues.row(q).into(), Readout::Vote);
        match said.as_slice() {
            [.., steps, nearest, distance] if find => {
                vec![*nearest, distance | if steps & UNKNOWN != 0 { FOUND_UNKNOWN } else { 0 }]
            }
            _ => said,
        }
    }

    /// Cycles a recall over the line of a board.
    fn over(&self, built: &Library, find: bool, set: impl Fn(&mut BoardBench)) -> Result<f64> {
        let mut stream = Stream::new(BoardBench::open(built)?)?;
        set(stream.board());
        let batch = (hopgate_hdl::layout::buffer_words(self.plan.cue_words(), 1) / 2 - 5) / self.plan.cue_words();
        let places: Vec<usize> = (0..self.cues.rows()).collect();
        let groups: Vec<&[usize]> = places.chunks(batch).collect();
        let before = stream.board().cycles();
        let (mut sent, mut answered, mut bytes, mut decoder) = (0, 0, Vec::new(), Decoder::new(4096));
        while answered < groups.len() {
            let mut out = Vec::new();
            // two fit the window
            if sent < groups.len() && sent < answered + 2 {
                let cues = groups[sent].iter().flat_map(|&q| self.cue(q)).collect();
                let request = if find { Request::Find { cues } } else { Request::Recall { cues } };
                out = frame::encode(&request.encode(1 + sent as u8 % 200));
                sent += 1;
            }
            bytes.clear();
            stream.run(&out, 500, &mut bytes)?;
            for &byte in &bytes {
                let Some(reply) = decoder.push(byte) else { continue };
                let wanted: Vec<u16> = groups[answered].iter().flat_map(|&q| self.wanted(q, find)).collect();
                if !reply.is_ok_and(|reply| reply[1..] == wanted) {
                    return Err(Error::new(ErrorKind::Failed, "an answer is not the reference's"));
                }
                answered += 1;
            }
            if stream.board().cycles() - before > 1_000_000 * self.cues.rows() as u64 {
                return Err(Error::new(ErrorKind::Failed, "the board does not answer"));
            }
        }
        Ok((stream.board().cycles() - before) as f64 / self.cues.rows() as f64)
    }

    /// Cycles a recall over registers, by a master that does nothing else.
    fn registers(&self, built: &Library) -> Result<f64> {
        let mut bus = Registers::open(built)?;
        let before = bus.cycles();
        for q in 0..self.cues.rows() {
            if bus.exchange(&self.cue(q), &self.plan)? != self.wanted(q, false) {
                return Err(Error::new(ErrorKind::Failed, "an answer is not the reference's"));
            }
        }
        Ok((bus.cycles() - before) as f64 / self.cues.rows() as f64)
    }
}
