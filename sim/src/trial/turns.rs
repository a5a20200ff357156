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

/// Cycles from the button to the reset, which the host does not know of: it goes on sending.
const UNAWARE: u64 = 6;
/// Cycles that the button is down.
const PRESSED: u16 = 20;
/// Cycles until the byte that was on the line when the reset began is surely over; that the board is still in reset then.
const LEAVING: u64 = 124;

/// Cycles between two looks at whether an answer is whole.
const STEP: u64 = 50;
/// Cycles between two looks at LEDs that are watched.
const WATCH: u64 = 10;

/// One side's turn, and the other's.
#[derive(Debug, Clone, Default)]
pub(super) struct Turn {
    pub what: String,
    pub bytes: Vec<u8>,
    pub want: Vec<u8>,
    /// The button is pressed, so many cycles after the first bit: of what is wanted not everything may come, unless it has by then.
    pub reset: Option<u64>,
    /// Behind that reset nothing more is sent by either side, not even what ends a frame.
    pub clean: bool,
    /// The LEDs are watched: they are dark while the board works, show that it sends, and the distance before only until then.
    pub watched: bool,
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
                if let Some(what) = self.interrupt(&mut stream, turn, after)? {
                    return Ok(Some((Noticed::Reset, what)));
                }
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
            let mut lamps = Lamps::of(stream.board().leds());
            while stream.board().cycles() < end && (got.len() < turn.want.len() || stream.queued() > 0) {
                stream.run(&[], if turn.watched { WATCH } else { STEP }, &mut got)?;
                lamps.see(stream.board().leds(), stream.board().cycles());
            }
            if turn.watched && lamps.wrong() {
                return Ok(Some((Noticed::Answer, format!("{}: {lamps:?}", turn.what))));
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

    /// A request that the button cuts off: what is wrong with that. What is on its way is lost on both sides.
    fn interrupt(&self, stream: &mut Stream, turn: &Turn, after: u64) -> Result<Option<String>> {
        let mut lost = Vec::new();
        stream.board().press_later(after, PRESSED);
        run_for(stream, &turn.bytes, after + UNAWARE, &mut lost)?;
        let cut = lost.len() < turn.want.len();
        if turn.clean {
            stream.forget()?;
            idle(stream, LEAVING, &mut lost)?;
            let before = lost.len();
            let asleep = stream.board().asleep();
            idle(stream, asleep + SILENCE, &mut lost)?;
            if lost.len() > before {
                return Ok(Some(format!("{}: {:02x?} came behind it", turn.what, &lost[before..])));
            }
        } else {
            // what is queued waits, and is still sent
            stream.press_reset(PRESSED);
            while stream.queued() > 0 {
                stream.run(&[], 200, &mut lost)?;
            }
            // the receiver may have taken a bit in the midst of a byte for a start bit: behind a pause it does not
            idle(stream, SILENCE, &mut lost)?;
            run_for(stream, &[0], turn.patience, &mut lost)?;
        }
        let whole = cut && !turn.want.is_empty() && lost.starts_with(&turn.want);
        Ok(whole.then(|| format!("{}: {lost:02x?} came all the same", turn.what)))
    }

    /// Cycles of bytes on the line.
    fn span(&self, bytes: &[u8]) -> u64 {
        (bytes.len() * 10 * self.divider) as u64
    }
}

/// Says something and runs for so many cycles: a run alone ends early where something came and then nothing for a while.
fn run_for(stream: &mut Stream, bytes: &[u8], cycles: u64, out: &mut Vec<u8>) -> Result<()> {
    stream.run(bytes, 0, out)?;
    let end = stream.board().cycles() + cycles;
    while stream.board().cycles() < end {
        let left = end - stream.board().cycles();
        stream.run(&[], left, out)?;
    }
    Ok(())
}

fn idle(stream: &mut Stream, cycles: u64, out: &mut Vec<u8>) -> Result<()> {
    run_for(stream, &[], cycles, out)
}

/// What the LEDs of a board showed while it was asked, worked, and answered.
#[derive(Debug)]
struct Lamps {
    before: u32,
    /// By the first two LEDs.
    seen: [bool; 4],
    /// When the others were seen to change.
    changed: Option<u64>,
    /// They changed long before the board sent.
    early: bool,
}

impl Lamps {
    fn of(leds: u32) -> Lamps {
        Lamps { before: leds >> 2, seen: [false; 4], changed: None, early: false }
    }

    fn see(&mut self, leds: u32, cycle: u64) {
        if leds >> 2 != self.before {
            self.changed.get_or_insert(cycle);
        }
        let sends = leds & 3 == 2;
        if sends && !self.seen[2] {
            self.early = self.changed.is_some_and(|changed| changed + 3 * WATCH < cycle);
        }
        self.seen[(leds & 3) as usize] = true;
    }

    fn wrong(&self) -> bool {
        self.early || self.seen[3] || !self.seen[0] || !self.seen[2]
    }
}
