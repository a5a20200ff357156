//! What is said to a board at its pins, part by part, and whether it answers as the device in software does.

use super::Noticed;
use crate::{
    Library,
    bench::{BoardBench, stream::Stream},
};
use hopgate_model::Result;

/// Cycles in which a request is carried out, besides the time of its bytes.
pub(super) const WORK: u64 = 6_000;
/// Cycles of silence behind an answer: more than that is not said.
const SILENCE: u64 = 120;

/// One side's turn, and the other's.
#[derive(Debug, Clone, Default)]
pub(super) struct Turn {
    pub what: String,
    pub bytes: Vec<u8>,
    pub want: Vec<u8>,
    /// The button is pressed, so many cycles after the first bit; then nothing is wanted.
    pub reset: Option<u64>,
    /// How many cycles more than its bytes it may take.
    pub patience: u64,
    /// What the LEDs show then.
    pub lights: Option<u32>,
    /// What comes on the line before the bytes, and is none.
    pub raw: Option<Raw>,
    /// From here on the host's bits are so many cycles long.
    pub host_bit: Option<f64>,
}

/// Bits on the line, the lowest first, of so many cycles each.
#[derive(Debug, Clone, Copy)]
pub(super) struct Raw {
    pub bits: u32,
    pub count: u8,
    pub cycles: f64,
}

/// Turns that begin with the board as it is after configuration.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub name: &'static str,
    /// Cycles of a bit on the line.
    pub divider: usize,
    pub turns: Vec<Turn>,
}

impl Part {
    /// It as it is said.
    pub(super) fn text(&self) -> String {
        let turn = |turn: &Turn| {
            let Turn { what, bytes, want, reset, patience, lights, raw, host_bit } = turn;
            let line =
                if raw.is_some() || host_bit.is_some() { format!("{raw:?} {host_bit:?}") } else { String::new() };
            format!("{what} {bytes:02x?} {want:02x?} {reset:?} {patience} {lights:?} {line}\n")
        };
        let Part { name, divider, turns } = self;
        format!("{name} {divider}\n{}", turns.iter().map(turn).collect::<String>())
    }

    /// Whether the board of a simulation says anything else, or nothing.
    pub(super) fn noticed(&self, library: &Library) -> Option<(Noticed, String)> {
        self.asked(library).unwrap_or_else(|error| Some((Noticed::Hangs, error.to_string())))
    }

    fn asked(&self, library: &Library) -> Result<Option<(Noticed, String)>> {
        let mut stream = Stream::new(BoardBench::open(library)?)?;
        let mut after_reset = false;
        for turn in &self.turns {
            let mut got = Vec::new();
            if let Some(after) = turn.reset {
                self.interrupt(&mut stream, turn, after)?;
                after_reset = true;
                continue;
            }
            if let Some(bit) = turn.host_bit {
                stream.board().set_host_bit(bit);
            }
            if let Some(Raw { bits, count, cycles }) = turn.raw {
                let bit = turn.host_bit.unwrap_or(self.divider as f64);
                stream.board().set_host_bit(cycles);
                stream.raw(bits, count)?;
                idle(&mut stream, (f64::from(count) * cycles).ceil() as u64, &mut got)?;
                stream.board().set_host_bit(bit);
            }
            stream.run(&turn.bytes, 0, &mut got)?;
            let limit = self.span(&turn.bytes) + 2 * self.span(&turn.want) + turn.patience;
            let end = stream.board().cycles() + limit;
            while stream.board().cycles() < end && (got.len() < turn.want.len() || stream.queued() > 0) {
                stream.run(&[], 500, &mut got)?;
            }
            // and no more than that
            idle(&mut stream, SILENCE, &mut got)?;
            if got != turn.want {
                let how = match (after_reset, got.len() < turn.want.len()) {
                    (true, _) => Noticed::Reset,
                    (false, true) => Noticed::Hangs,
                    (false, false) => Noticed::Answer,
                };
                return Ok(Some((how, format!("{}: {got:02x?} and not {:02x?}", turn.what, turn.want))));
            }
            let leds = stream.board().leds();
            if turn.lights.is_some_and(|lights| lights != leds) {
                return Ok(Some((Noticed::Answer, format!("{}: the LEDs show {leds:#x}", turn.what))));
            }
        }
        Ok(None)
    }

    /// A request that the button cuts off. What is on its way is lost on both sides.
    fn interrupt(&self, stream: &mut Stream, turn: &Turn, after: u64) -> Result<()> {
        let mut lost = Vec::new();
        stream.run(&turn.bytes, after, &mut lost)?;
        stream.press_reset(20);
        while stream.queued() > 0 {
            stream.run(&[], 200, &mut lost)?;
        }
        // the receiver may have taken a bit in the midst of a byte for a start bit: behind a pause it does not
        idle(stream, SILENCE, &mut lost)?;
        stream.run(&[0], 0, &mut lost)?;
        idle(stream, turn.patience, &mut lost)
    }

    /// Cycles of bytes on the line.
    fn span(&self, bytes: &[u8]) -> u64 {
        (bytes.len() * 10 * self.divider) as u64
    }
}

/// So many cycles: a run ends early where something came and then nothing for a while.
fn idle(stream: &mut Stream, cycles: u64, out: &mut Vec<u8>) -> Result<()> {
    let end = stream.board().cycles() + cycles;
    while stream.board().cycles() < end {
        let left = end - stream.board().cycles();
        stream.run(&[], left, out)?;
    }
    Ok(())
}
