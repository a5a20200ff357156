//! A conversation with a board at its pins: every request, right and wrong, frames that are none, loads, and resets between and within
//! requests. What the device in software answers is what the board must.

use super::Noticed;
use crate::{
    Library,
    bench::{BoardBench, stream::Stream},
    suite::distinct,
};
use hopgate_files::folder;
use hopgate_hdl::Design;
use hopgate_host::device::Device;
use hopgate_model::{Result, kind::Kind, memory::Memory, noise};
use hopgate_wire::{
    frame,
    layout::{Layout, lanes_of},
    page::{self, ANY_CLASS, Identity},
    protocol::Region,
    request::{Request, SelfTest},
};

/// Cycles of a bit on the line: the fewest that a board can have.
pub(super) const DIVIDER: usize = 8;
/// Cycles in which a request is carried out, besides the time of its bytes.
const WORK: u64 = 6_000;
/// The turns of a conversation that tell most mutants from the board.
const FIRST: usize = 24;

/// One side's turn, and the other's.
#[derive(Debug, Clone)]
struct Turn {
    what: String,
    bytes: Vec<u8>,
    want: Vec<u8>,
    /// The button is pressed, so many cycles after the first bit; then nothing is wanted.
    reset: Option<u64>,
    /// How many cycles more than its bytes it may take.
    patience: u64,
    /// What the LEDs show then.
    lights: Option<u32>,
}

/// The LEDs behind an answer: the board is ready, and its last word was the distance.
fn lights(want: &[u8]) -> Option<u32> {
    let mut decoder = frame::Decoder::new(want.len());
    let words = want.iter().find_map(|&byte| decoder.push(byte))?.ok()?;
    Some(1 | (u32::from(*words.last()?) & 63) << 2)
}

/// What is said to a board, and what it must answer.
#[derive(Debug)]
pub(super) struct Conversation {
    turns: Vec<Turn>,
}

/// Writes a conversation down, with a device in software at the other end.
struct Writer {
    device: Device,
    identity: Identity,
    turns: Vec<Turn>,
    number: u8,
}

impl Writer {
    fn say(&mut self, what: &str, bytes: Vec<u8>, patience: u64) {
        self.device.receive(&bytes);
        let want: Vec<u8> = std::iter::from_fn(|| self.device.work()).flatten().collect();
        self.turns.push(Turn { what: what.to_owned(), bytes, want, reset: None, patience, lights: None });
    }

    fn frame(&mut self, request: &Request) -> Vec<u8> {
        self.number = self.number.wrapping_add(37);
        frame::encode(&request.encode_in(self.identity.version(), self.number))
    }

    fn ask(&mut self, request: &Request) {
        let bytes = self.frame(request);
        self.say(&format!("{request:?}"), bytes, WORK);
    }

    /// Cues, where the board takes masks with all bits known but some.
    fn recall(&mut self, cues: &[Vec<u16>], finds: bool) {
        let masks = self.identity.masks;
        let known = |cue: &Vec<u16>| cue.iter().map(|word| if masks { !(word & 0x0204) } else { 0 }).collect();
        let with = |cue: &Vec<u16>| if masks { [cue.clone(), known(cue)].concat() } else { cue.clone() };
        let words: Vec<u16> = cues.iter().flat_map(with).collect();
        self.ask(&match (finds, masks) {
            (true, _) => Request::Find { cues: words },
            (false, true) => Request::Masked { cues: words },
            (false, false) => Request::Recall { cues: words },
        });
        if let Some(turn) = self.turns.last_mut() {
            // an error is two words, and leaves the LEDs alone
            turn.lights = lights(&turn.want).filter(|_| turn.want[1] & 0xf != 0);
        }
    }

    fn read(&mut self, region: Region, address: usize, count: usize) {
        self.ask(&Request::Read { region, address: address as u16, count: count as u16 });
    }

    fn write(&mut self, region: Region, address: usize, words: Vec<u16>) {
        self.ask(&Request::Write { region, address: address as u16, words });
    }

    /// A request of which the button interrupts the bytes, the work or the reply: one that changes nothing.
    fn reset(&mut self, request: &Request, after: u64) {
        let bytes = self.frame(request);
        self.device.press_reset();
        let what = format!("a reset in cycle {after} of {request:?}");
        let (want, reset) = (Vec::new(), Some(after));
        self.turns.push(Turn { what, bytes, want, reset, patience: WORK, lights: None });
    }

    fn cue(&self, row: &[u64]) -> Vec<u16> {
        lanes_of(row, self.identity.words_of_key()).collect()
    }

    /// Frames that are none, and requests that are wrong in themselves.
    fn wrong(&mut self) {
        let version = self.identity.version();
        let good = frame::encode(&Request::Read { region: Region::Page, address: 0, count: 3 }.encode_in(version, 9));
        let mut hit = good.clone();
        hit[2] ^= 4;
        self.say("a bit of a frame is wrong", hit, WORK);
        let mut long = good.clone();
        long[0] = long[0].saturating_add(1);
        self.say("a block is longer than its frame", long, WORK);
        let mut cut = good.clone();
        cut.truncate(good.len() / 2);
        cut.push(0);
        self.say("a frame is cut", cut, WORK);
        self.say("an odd byte more", [&good[..good.len() - 1], &[1, 0]].concat(), WORK);
        self.say("a frame of a byte", vec![2, 7, 0], WORK);
        self.say("nothing between two ends", [vec![0, 0, 0], good.clone()].concat(), WORK);
        self.say("two at once", [good.clone(), good].concat(), WORK);
        let window = self.identity.window;
        for words in [window - 3, window - 2, window - 1, window + 3] {
            let noise: Vec<u16> = (0..words).map(|w| (w as u16).wrapping_mul(0x9e37)).collect();
            self.say(&format!("a frame of {words} words"), frame::encode(&noise), WORK);
        }
        for version in (0..16).filter(|&v| v != version) {
            let words = Request::Read { region: Region::Page, address: 0, count: 1 }.encode_in(version, 9);
            self.say(&format!("version {version}"), frame::encode(&words), WORK);
        }
        let head = 0x5100 | u16::from(version) << 4;
        for kind in 0..16 {
            for words in [0, 1, 2, 3, 4, 5, 7] {
                let body = (0..words).map(|w| 0x0003 ^ w << 4);
                let words: Vec<u16> = std::iter::once(head | kind).chain(body).collect();
                self.say(&format!("kind {kind} of {} words", words.len()), frame::encode(&words), WORK);
            }
        }
    }

    /// Reads and writes at the edges of every region.
    fn edges(&mut self) {
        let board = self.identity.clone();
        let lanes = board.lanes();
        self.read(Region::Page, 0, 24);
        self.read(Region::Page, 24, 40);
        self.read(Region::Page, 64, 34);
        for (address, count) in [(255, 1), (255, 2), (256, 1), (0, 0), (128, 16), (1 << 15, 1), (65_535, 2)] {
            self.read(Region::Page, address, count);
        }
        for region in [Region::Kernel, Region::Threshold, Region::Rows(0), Region::Rows(1), Region::Values] {
            for (address, count) in [(0, 1), (0, lanes), (board.depth, lanes), (1, 2), (board.entries(), 1), (9_000, 1)]
            {
                self.read(region, address, count);
            }
        }
        for target in [0x0101, 0x0004, 0x0403, 0x8000, 0x0203] {
            let words = [0x6100 | u16::from(board.version()) << 4 | 1, target, 0, 1];
            self.say(&format!("a READ of target {target:04x}"), frame::encode(&words), WORK);
        }
        for (address, words) in [(63, 1), (64, 1), (64, 8), (95, 1), (95, 2), (96, 2), (97, 1), (98, 1), (127, 2)] {
            self.write(Region::Page, address, vec![1; words]);
        }
        self.write(Region::Kernel, 0, vec![1]);
    }

    fn tests(&mut self) {
        let number = |recalls, first, flips, seed, device: &mut Self| {
            let test = SelfTest { recalls, first, flips, seed };
            let bytes = device.frame(&Request::SelfTest(test));
            device.say(&format!("{test:?}"), bytes, 4_000 * u64::from(recalls).min(16) + WORK);
            device.read(Region::Page, page::COUNTERS, 16);
            device.read(Region::Page, page::COUNTERS + 64, 16);
        };
        for (recalls, first, flips, seed) in
            [(3, 0, 0, 1), (5, 2, 64, 0), (4, 1, 255, 0x8000_0001), (1, 999, 3, 7), (1, 0, 256, 7), (0, 0, 1, 1)]
        {
            number(recalls, first, flips, seed, self);
        }
    }

    /// Cues near to patterns, alone and several in a frame.
    fn recalls(&mut self, memory: &Memory, seed: u64) {
        let cues = noise::cues(memory.patterns(), 6, 0.15, seed);
        let words: Vec<Vec<u16>> = (0..6).map(|q| self.cue(cues.row(q))).collect();
        for (cues, finds) in [(0..1, false), (1..2, true), (1..4, false), (2..6, true), (4..5, false)] {
            self.recall(&words[cues], finds);
        }
    }

    /// A load of which steps are wrong: out of order, and of sizes that the core does not have.
    fn load(&mut self, memory: &Memory, number: u16) -> Result<()> {
        let (begin, commit) = (page::BEGIN, page::COMMIT);
        let writes = Layout::of(memory, folder::digest(memory), &self.identity)?.writes(&self.identity);
        self.write(Region::Page, commit, vec![number]);
        self.write(Region::Page, begin, vec![0]);
        self.write(Region::Page, begin, vec![number]);
        let cue = self.cue(memory.patterns().row(0));
        self.recall(std::slice::from_ref(&cue), false);
        self.recall(&[cue], true);
        for request in &writes {
            self.ask(request);
        }
        let sizes: Vec<&Request> =
            writes.iter().filter(|r| matches!(r, Request::Write { region: Region::Page, .. })).collect();
        let held = |size: usize| match sizes.first() {
            Some(Request::Write { words, .. }) => words.get(size).copied().unwrap_or(0),
            _ => 0,
        };
        // sizes that the core does not have, and those at its limits, whatever they are
        for size in 0..6 {
            let bits = (0..16).map(|b| held(size) ^ 1 << b);
            for word in bits.chain([0, held(size).wrapping_sub(1), held(size) + 1, 0xffff]) {
                self.write(Region::Page, page::HELD + size, vec![word]);
                self.write(Region::Page, commit, vec![number]);
                // the core may have it: then the load is over
                self.write(Region::Page, begin, vec![number]);
            }
            self.write(Region::Page, page::HELD + size, vec![held(size)]);
        }
        for request in sizes {
            self.ask(request);
        }
        for other in [number ^ 1, number ^ 0x8000] {
            self.write(Region::Page, commit, vec![other]);
        }
        self.write(Region::Page, begin, vec![number ^ 0x100]);
        self.write(Region::Page, commit, vec![number]);
        self.write(Region::Page, commit, vec![number ^ 0x100]);
        for request in &writes {
            if let Request::Write { region, address, words } = request {
                self.read(*region, (*address).into(), words.len());
            }
        }
        Ok(())
    }

    fn store(&mut self, row: &[u64], class: Option<u16>) {
        let words = class.into_iter().chain(self.cue(row)).collect();
        self.ask(&Request::Store { words });
    }

    /// New keys and those that are near, up to the room and beyond it; patterns that go, down to none.
    fn learns(&mut self, memory: &Memory) {
        let classes = self.identity.valued();
        let class = |c: u16| classes.then_some(c);
        let new = distinct(8, memory.neurons(), 77);
        let near = noise::cues(memory.patterns(), 4, 0.04, 5);
        for row in 0..4 {
            self.store(new.row(row), class(row as u16));
            self.store(near.row(row), class(row as u16 + 1));
            self.store(new.row(row), class(row as u16));
        }
        self.store(new.row(5), class(u16::MAX));
        if self.identity.auto_store {
            for row in 2..7 {
                let named = class(if row % 2 == 0 { ANY_CLASS } else { row as u16 });
                let words = named.into_iter().chain(self.cue(new.row(row))).collect();
                self.ask(&Request::Learn { words });
            }
        }
        let held = |w: &Self| w.device.held().patterns as u16;
        for (pattern, more) in [(0, 1), (u16::MAX, 0), (held(self), 0), (1, 0), (held(self) - 2, 0)] {
            let patterns = held(self) + more;
            self.ask(&Request::Forget { pattern, patterns });
        }
        self.recalls(memory, 9);
        self.read(Region::Page, 64, 34);
        for row in 0..usize::from(held(self)) {
            self.read(Region::Rows(0), row, self.identity.lanes());
        }
        while held(self) > 0 {
            self.ask(&Request::Forget { pattern: 0, patterns: held(self) });
        }
        self.recalls(memory, 9);
        self.store(new.row(1), class(2));
        self.recalls(memory, 9);
    }
}

impl Conversation {
    /// With the board of a design, which begins with a memory; another one is loaded into it.
    pub(super) fn new(design: &Design, memory: &Memory, other: &Memory) -> Result<Conversation> {
        let words: Vec<u16> = design.page.iter().flat_map(|page| page.words.iter().map(|&word| word as u16)).collect();
        let identity = Identity::of(&words)?;
        let device = Device::with(identity.clone(), memory)?;
        let mut w = Writer { device, identity, turns: Vec::new(), number: 3 };
        // first what goes through every block, so that most mutants are found at once
        w.read(Region::Page, 60, 10);
        w.recalls(memory, 3);
        w.read(Region::Rows(0), 1, w.identity.lanes());
        w.read(Region::Kernel, 0, 2);
        w.write(Region::Page, page::BEGIN, vec![0x1234]);
        w.read(Region::Page, page::BEGIN, 2);
        w.write(Region::Page, page::COMMIT, vec![0x1234]);
        w.read(Region::Page, page::BEGIN, 2);
        w.wrong();
        w.edges();
        if w.identity.self_test {
            w.tests();
        }
        let other = if w.identity.fixed { memory } else { other };
        if !w.identity.fixed {
            w.load(other, 0xa5c3)?;
        }
        w.recalls(other, 4);
        if w.identity.learns {
            w.learns(other);
        }
        let asked = Request::Read { region: Region::Page, address: 0, count: 20 };
        let bytes = (w.frame(&asked).len() * 10 * DIVIDER) as u64;
        for after in [1, bytes / 3, bytes - 5, bytes + 20, bytes + 60, bytes + 700, 2 * bytes] {
            w.reset(&asked, after);
            w.read(Region::Page, 62, 5);
            w.recalls(if w.identity.learns { memory } else { other }, 8);
        }
        if !w.identity.fixed && (other.kind() == Kind::Class || w.identity.self_test) {
            w.load(memory, 0x0001)?;
            w.recalls(memory, 5);
        }
        Ok(Conversation { turns: w.turns })
    }

    /// Whether the board of a simulation says anything else, or nothing.
    pub(super) fn noticed(&self, library: &Library, at_once: bool) -> Option<(Noticed, String)> {
        let turns = if at_once { self.turns.len().min(FIRST) } else { self.turns.len() };
        let run = || -> Result<Option<(Noticed, String)>> {
            let mut stream = Stream::new(BoardBench::open(library)?)?;
            let mut after_reset = false;
            for turn in &self.turns[..turns] {
                let mut got = Vec::new();
                let span = |bytes: &[u8]| (bytes.len() * 10 * DIVIDER) as u64;
                if let Some(after) = turn.reset {
                    stream.run(&turn.bytes, after, &mut got)?;
                    // what is on its way is lost on both sides
                    stream.press_reset(20);
                    while stream.queued() > 0 {
                        stream.run(&[], 200, &mut got)?;
                    }
                    stream.run(&[0], turn.patience + span(&turn.bytes) * 8, &mut got)?;
                    after_reset = true;
                    continue;
                }
                stream.run(&turn.bytes, 0, &mut got)?;
                let limit = span(&turn.bytes) + 2 * span(&turn.want) + turn.patience;
                let end = stream.board().cycles() + limit;
                while stream.board().cycles() < end && (got.len() < turn.want.len() || stream.queued() > 0) {
                    stream.run(&[], 500, &mut got)?;
                }
                // and no more than that
                stream.run(&[], 15 * DIVIDER as u64, &mut got)?;
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
        };
        run().unwrap_or_else(|error| Some((Noticed::Hangs, error.to_string())))
    }
}
