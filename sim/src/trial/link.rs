//! A conversation with a board at its pins: every request, right and wrong, frames that are none, loads, and resets between and within
//! requests. What the device in software answers is what the board must.

use super::{
    Noticed, plain,
    turns::{Part, Turn, WORK},
};
use crate::{Library, cue::Cues, suite::distinct};
use hopgate_files::folder;
use hopgate_hdl::{Design, Plan, Top};
use hopgate_host::device::Device;
use hopgate_model::{Result, memory::Memory, noise};
use hopgate_wire::{
    frame,
    layout::{Layout, lanes_of},
    page::{self, ANY_CLASS, Identity},
    protocol::Region,
    request::{Request, SelfTest},
};

/// Cycles of a bit on the line: the fewest that a board can have.
pub(super) const DIVIDER: usize = 8;
/// Cycles of the period of an SPI's controller: a third of the clock at a phase that stays and at phases that move on, and slower ones.
const PERIODS: [f64; 6] = [3.01, 3.0, 3.37, 4.0, 7.13, 40.0];

/// The LEDs behind an answer: the board is ready, and its last word was the distance.
fn lights(want: &[u8]) -> Option<u32> {
    let mut decoder = frame::Decoder::new(want.len());
    let words = want.iter().find_map(|&byte| decoder.push(byte))?.ok()?;
    Some(1 | (u32::from(*words.last()?) & 63) << 2)
}

/// What is said to a board, and what it must answer: in parts, each with the board as it is after configuration.
#[derive(Debug)]
pub(super) struct Conversation {
    parts: Vec<Part>,
}

/// Writes a conversation down, with a device in software at the other end.
struct Writer {
    device: Device,
    identity: Identity,
    /// Cycles of a bit.
    divider: usize,
    turns: Vec<Turn>,
    number: u8,
}

impl Writer {
    fn say(&mut self, what: &str, bytes: Vec<u8>, patience: u64) {
        self.device.receive(&bytes);
        let want: Vec<u8> = std::iter::from_fn(|| self.device.work()).flatten().collect();
        self.turns.push(Turn { what: what.to_owned(), bytes, want, patience, ..Turn::default() });
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
        self.turns.push(Turn { what, bytes, reset: Some(after), patience: WORK, ..Turn::default() });
    }

    fn cue(&self, row: &[u64]) -> Vec<u16> {
        lanes_of(row, self.identity.words_of_key()).collect()
    }

    /// Some of everything.
    fn opening(&mut self, memory: &Memory) {
        self.read(Region::Page, 60, 10);
        self.recalls(memory, 3);
        self.read(Region::Rows(0), 1, self.identity.lanes());
        self.read(Region::Kernel, 0, 2);
        self.write(Region::Page, page::BEGIN, vec![0x1234]);
        self.read(Region::Page, page::BEGIN, 2);
        self.write(Region::Page, page::COMMIT, vec![0x1234]);
        self.read(Region::Page, page::BEGIN, 2);
    }

    /// The button between and within requests.
    fn resets(&mut self, memory: &Memory) {
        let asked = Request::Read { region: Region::Page, address: 0, count: 20 };
        let bytes = (self.frame(&asked).len() * 10 * self.divider) as u64;
        for after in [1, bytes / 3, bytes - 5, bytes + 20, bytes + 60, bytes + 700, 2 * bytes] {
            self.reset(&asked, after);
            self.read(Region::Page, 62, 5);
            self.recalls(memory, 8);
        }
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

    /// Frames as long as the buffer, and longer.
    fn windows(&mut self) {
        let window = self.identity.window;
        for words in [window - 3, window - 2, window - 1, window + 3] {
            let noise: Vec<u16> = (0..words).map(|w| (w as u16).wrapping_mul(0x9e37)).collect();
            self.say(&format!("a frame of {words} words"), frame::encode(&noise), WORK);
        }
        self.read(Region::Page, 62, 5);
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

    /// A load as a host makes it.
    fn load(&mut self, memory: &Memory) -> Result<()> {
        self.write(Region::Page, page::BEGIN, vec![0x0001]);
        let layout = Layout::of(memory, folder::digest(memory), &self.identity)?;
        layout.writes(&self.identity).iter().for_each(|request| self.ask(request));
        self.write(Region::Page, page::COMMIT, vec![0x0001]);
        Ok(())
    }

    /// A load of which steps are wrong: out of order, and of sizes that the core does not have.
    fn loads(&mut self, memory: &Memory, number: u16) -> Result<()> {
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
        let divider = match design.top {
            Top::Board { uart_divider, .. } => uart_divider,
            _ => DIVIDER,
        };
        let mut parts = Vec::new();
        let mut part = |name, say: &dyn Fn(&mut Writer) -> Result<()>| -> Result<()> {
            let device = Device::with(identity.clone(), memory)?;
            let mut writer = Writer { device, identity: identity.clone(), divider, turns: Vec::new(), number: 3 };
            say(&mut writer)?;
            parts.push(Part { name, divider, turns: writer.turns });
            Ok(())
        };
        let done = |()| Ok(());
        let loads = !identity.fixed;
        // first what goes through every block in few cycles, so that most mutants are found at once
        part("opening", &|w| done(w.opening(memory)))?;
        if loads {
            part("a-load", &|w| {
                w.load(other)?;
                done(w.recalls(other, 4))
            })?;
        }
        if identity.self_test {
            part("self-tests", &|w| done(w.tests()))?;
        }
        if identity.learns {
            part("lessons", &|w| {
                w.load(other)?;
                done(w.learns(other))
            })?;
        }
        part("edges", &|w| done(w.edges()))?;
        part("frames", &|w| done(w.wrong()))?;
        part("resets", &|w| done(w.resets(memory)))?;
        if loads {
            part("loads", &|w| {
                w.loads(other, 0xa5c3)?;
                w.recalls(other, 4);
                w.load(memory)?;
                w.recalls(memory, 5);
                if w.identity.self_test {
                    w.tests();
                }
                Ok(())
            })?;
        }
        part("windows", &|w| done(w.windows()))?;
        Ok(Conversation { parts })
    }

    /// With a board of plain words.
    pub(super) fn plain(plan: &Plan, memory: &Memory, cues: Cues) -> Conversation {
        Conversation { parts: plain::parts(plan, memory, cues) }
    }

    /// With one that the controller of an SPI asks.
    pub(super) fn short(design: &Design, memory: &Memory) -> Result<Conversation> {
        let mut all = Conversation::new(design, memory, memory)?;
        all.parts.retain(|part| ["opening", "resets"].contains(&part.name));
        // the controller's period
        for (part, period) in
            all.parts.iter_mut().flat_map(|p| p.turns.iter_mut().step_by(2)).zip(PERIODS.into_iter().cycle())
        {
            part.host_bit = Some(period);
        }
        Ok(all)
    }

    /// What its parts are called.
    pub(super) fn parts(&self) -> Vec<&'static str> {
        self.parts.iter().map(|part| part.name).collect()
    }

    /// A part as it is written down.
    pub(super) fn text(&self, part: usize) -> String {
        self.parts.get(part).map_or_else(String::new, Part::text)
    }

    /// Whether the board of a simulation says anything else in a part, or nothing.
    pub(super) fn noticed(&self, library: &Library, part: usize) -> Option<(Noticed, String)> {
        self.parts.get(part).and_then(|part| part.noticed(library))
    }
}
