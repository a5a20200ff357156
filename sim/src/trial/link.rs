//! A conversation with a board at its pins: every request, right and wrong, frames that are none, loads, and resets between and within
//! requests. What the device in software answers is what the board must.

use super::{
    Noticed, plain,
    turns::{Part, Turn, WORK},
};
use crate::{Library, cue::Cues};
use hopgate_files::folder;
use hopgate_hdl::{Design, Plan, Top};
use hopgate_host::device::Device;
use hopgate_model::{Result, memory::Memory, noise};
use hopgate_wire::{
    frame,
    layout::{Layout, lanes_of},
    page::{self, Identity},
    protocol::Region,
    request::Request,
};

/// Cycles of a bit on the line: the fewest that a board can have.
pub(super) const DIVIDER: usize = 8;
/// Cycles of the period of an SPI's controller: a third of the clock at a phase that stays and at phases that move on, and slower ones.
const PERIODS: [f64; 6] = [3.01, 3.0, 3.37, 4.0, 7.13, 40.0];

/// Cycles of a byte at the first of them.
const BYTE: u64 = 24;
/// So many cycles before the end of a frame a reset is over before it.
const EARLY: u64 = 220;
/// One so slow that answers wait.
const SLOW: f64 = 16.0;
/// Cycles of a recall at most.
const RECALL: u64 = 1_000;
/// Cues of a frame at most.
const MANY: usize = 70;

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
pub(super) struct Writer {
    pub device: Device,
    pub identity: Identity,
    /// Cycles of a bit.
    pub divider: usize,
    turns: Vec<Turn>,
    number: u8,
    /// Loads that were begun by [`Writer::changed`].
    loads: u16,
}

impl Writer {
    pub(super) fn say(&mut self, what: &str, bytes: Vec<u8>, patience: u64) {
        let want = self.answer(&bytes);
        self.add(what, bytes, want, patience);
    }

    /// What the device in software answers.
    pub(super) fn answer(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.device.receive(bytes);
        std::iter::from_fn(|| self.device.work()).flatten().collect()
    }

    /// A turn of which it is known what must be answered.
    pub(super) fn add(&mut self, what: &str, bytes: Vec<u8>, want: Vec<u8>, patience: u64) {
        let patience = if want.is_empty() { patience.min(WORK) } else { patience };
        self.turns.push(Turn { what: what.to_owned(), bytes, want, patience, ..Turn::default() });
    }

    /// The turn that was written down last.
    pub(super) fn last(&mut self) -> Option<&mut Turn> {
        self.turns.last_mut()
    }

    pub(super) fn frame(&mut self, request: &Request) -> Vec<u8> {
        self.number = self.number.wrapping_add(37);
        frame::encode(&request.encode_in(self.identity.version(), self.number))
    }

    pub(super) fn ask(&mut self, request: &Request) {
        let bytes = self.frame(request);
        self.say(&format!("{request:?}"), bytes, WORK);
    }

    /// Requests one behind the other: those that follow wait while the first are carried out.
    pub(super) fn hurry(&mut self, requests: &[Request]) {
        let bytes = requests.iter().flat_map(|request| self.frame(request)).collect();
        self.say(&format!("at once: {requests:?}"), bytes, WORK * requests.len() as u64);
    }

    /// Cues, where the board takes masks with all bits known but some.
    pub(super) fn recall(&mut self, cues: &[Vec<u16>], finds: bool) {
        let masks = self.identity.masks;
        let known = |cue: &Vec<u16>| cue.iter().map(|word| if masks { !(word & 0x0204) } else { 0 }).collect();
        let with = |cue: &Vec<u16>| if masks { [cue.clone(), known(cue)].concat() } else { cue.clone() };
        let words: Vec<u16> = cues.iter().flat_map(with).collect();
        self.ask(&match (finds, masks) {
            (true, _) => Request::Find { cues: words },
            (false, true) => Request::Masked { cues: words },
            (false, false) => Request::Recall { cues: words },
        });
        if let Some(turn) = self.last() {
            turn.patience = WORK.max(RECALL * cues.len() as u64);
            // an error is two words, and leaves the LEDs alone
            turn.lights = lights(&turn.want).filter(|_| turn.want[1] & 0xf != 0);
        }
    }

    pub(super) fn read(&mut self, region: Region, address: usize, count: usize) {
        self.ask(&Request::Read { region, address: address as u16, count: count as u16 });
    }

    pub(super) fn write(&mut self, region: Region, address: usize, words: Vec<u16>) {
        self.ask(&Request::Write { region, address: address as u16, words });
    }

    /// A request of which the button interrupts the bytes, the work or the reply: one that changes nothing.
    pub(super) fn reset(&mut self, request: &Request, after: u64, clean: bool) {
        let bytes = self.frame(request);
        self.device.receive(&bytes);
        let want = std::iter::from_fn(|| self.device.work()).flatten().collect();
        self.device.press_reset();
        let what = format!("a reset in cycle {after} of {request:?}");
        self.turns.push(Turn { what, bytes, want, reset: Some(after), clean, patience: WORK, ..Turn::default() });
    }

    pub(super) fn cue(&self, row: &[u64]) -> Vec<u16> {
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

    /// A long answer, which does not leave as fast as it is given.
    fn much(&mut self, memory: &Memory) {
        let each = self.cue(memory.patterns().row(0)).len() * if self.identity.masks { 2 } else { 1 };
        let count = (self.identity.window - 6) / each;
        let cues = noise::cues(memory.patterns(), count.min(MANY), 0.15, 12);
        let words: Vec<Vec<u16>> = (0..cues.rows()).map(|q| self.cue(cues.row(q))).collect();
        self.recall(&words, false);
        self.read(Region::Page, 62, 5);
    }

    /// Cues near to patterns, alone and several in a frame.
    pub(super) fn recalls(&mut self, memory: &Memory, seed: u64) {
        let cues = noise::cues(memory.patterns(), 6, 0.15, seed);
        let words: Vec<Vec<u16>> = (0..6).map(|q| self.cue(cues.row(q))).collect();
        for (cues, finds) in [(0..1, false), (1..2, true), (1..4, false), (2..6, true), (4..5, false)] {
            self.recall(&words[cues], finds);
        }
    }

    /// A load as a host makes it.
    pub(super) fn load(&mut self, memory: &Memory) -> Result<()> {
        let layout = Layout::of(memory, folder::digest(memory), &self.identity)?;
        self.changed(|w| layout.writes(&w.identity).iter().for_each(|request| w.ask(request)));
        Ok(())
    }

    /// What is written within a load: of a number of its own, since one that was committed is over.
    pub(super) fn changed(&mut self, writes: impl FnOnce(&mut Writer)) {
        self.loads += 1;
        let number = self.loads;
        self.write(Region::Page, page::BEGIN, vec![number]);
        writes(self);
        self.write(Region::Page, page::COMMIT, vec![number]);
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
        // sizes that the core does not have, and those at its limits, whatever they are: where it has them the load is over, and only another
        // number begins the next one
        let mut load = number;
        let mut limits = vec![self.identity.depth as u16 - 1, self.identity.entries() as u16];
        if !self.identity.shared_top {
            // the depth is that of patterns and planes
            limits.push(self.identity.groups as u16 - 1);
        }
        for size in 0..8 {
            let near = [&[held(size)], &limits[..]].concat();
            let bits = near.iter().flat_map(|word| (0..16).map(move |b| word ^ 1 << b));
            let next = near.iter().flat_map(|word| [word.wrapping_sub(1), *word, word + 1]);
            for word in bits.chain(next).chain([0, 0x80, 0xffff]) {
                self.write(Region::Page, page::HELD + size, vec![word]);
                self.write(Region::Page, commit, vec![load]);
                load = load.wrapping_add(1);
                self.write(Region::Page, begin, vec![load]);
            }
            self.write(Region::Page, page::HELD + size, vec![held(size)]);
        }
        let number = load;
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
}

/// Whether a board can be told a part, and what is said: with the memory that it begins with, and another one.
type Said = (&'static str, fn(&Identity) -> bool, fn(&mut Writer, &Memory, &Memory) -> Result<()>);

/// A part in which nothing can fail to be written down.
macro_rules! said {
    ($name:literal, $wanted:expr, |$w:ident, $memory:pat_param| $said:expr) => {
        ($name, $wanted, |$w, $memory, _| {
            $said;
            Ok(())
        })
    };
}

/// First what goes through every block in few cycles, so that most mutants are found at once.
const PARTS: [Said; 23] = [
    said!("opening", |_| true, |w, memory| w.opening(memory)),
    (
        "unloaded",
        |identity| identity.empty,
        |w, memory, other| {
            w.recalls(memory, 3);
            w.read(Region::Page, 60, 40);
            w.write(Region::Page, page::COMMIT, vec![0]);
            w.load(other)?;
            w.recalls(other, 4);
            Ok(())
        },
    ),
    (
        "a-load",
        |identity| !identity.fixed,
        |w, _, other| {
            w.load(other)?;
            w.recalls(other, 4);
            Ok(())
        },
    ),
    said!("self-tests", |identity| identity.self_test, |w, _| w.tests()),
    (
        "lessons",
        |identity| identity.learns,
        |w, _, other| {
            w.load(other)?;
            w.learns(other);
            Ok(())
        },
    ),
    said!("edges", |_| true, |w, _| w.edges()),
    said!("frames", |_| true, |w, _| w.wrong()),
    said!("resets", |_| true, |w, memory| w.resets(memory)),
    said!("buttons", |_| true, |w, memory| w.buttons(memory)),
    said!("hurried", |_| true, |w, memory| w.hurried(memory)),
    said!("judged", |_| true, |w, memory| w.judged(memory)),
    said!("filled", |identity| identity.learns, |w, memory| w.filled(memory)),
    said!("radii", |identity| identity.radius && !identity.fixed, |w, memory| w.radii(memory)),
    (
        "loads",
        |identity| !identity.fixed,
        |w, memory, other| {
            w.loads(other, 0xa5c3)?;
            w.recalls(other, 4);
            w.load(memory)?;
            w.recalls(memory, 5);
            if w.identity.self_test {
                w.tests();
            }
            Ok(())
        },
    ),
    said!("windows", |_| true, |w, _| w.windows()),
    said!("much", |_| true, |w, memory| w.much(memory)),
    said!("flooded", |identity| identity.self_test, |w, _| w.flooded()),
    said!("blocks", |identity| !identity.fixed, |w, _| w.blocks()),
    said!("targets", |_| true, |w, _| w.targets()),
    ("swept", |_| true, |w, memory, _| w.swept(memory)),
    said!("undone", |identity| identity.learns, |w, memory| w.undone(memory)),
    (
        "tested",
        |identity| identity.self_test,
        |w, memory, other| {
            w.tested(memory);
            w.load(other)?;
            w.tested(other);
            w.endless(other)
        },
    ),
    (
        "carried",
        |identity| identity.self_test,
        |w, _, other| {
            w.load(other)?;
            w.carried();
            Ok(())
        },
    ),
];

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
        for (name, wanted, say) in PARTS {
            if wanted(&identity) {
                let device = Device::with(identity.clone(), memory)?;
                let mut writer =
                    Writer { device, identity: identity.clone(), divider, turns: Vec::new(), number: 3, loads: 0 };
                say(&mut writer, memory, other)?;
                parts.push(Part { name, divider, turns: writer.turns });
            }
        }
        Ok(Conversation { parts })
    }

    /// With a board of plain words.
    pub(super) fn plain(plan: &Plan, memory: &Memory, cues: Cues) -> Conversation {
        Conversation { parts: plain::parts(plan, memory, cues) }
    }

    /// With one that the controller of an SPI asks.
    pub(super) fn short(design: &Design, memory: &Memory) -> Result<Conversation> {
        let mut all = Conversation::new(design, memory, memory)?;
        // the controller's period
        for (part, period) in
            all.parts.iter_mut().flat_map(|p| p.turns.iter_mut().step_by(2)).zip(PERIODS.into_iter().cycle())
        {
            part.host_bit = Some(period);
        }
        for turn in all.parts.iter_mut().filter(|part| part.name == "much").flat_map(|part| &mut part.turns) {
            turn.host_bit = Some(SLOW);
        }
        // at one pace, so that each cycle of a byte comes by; and so early that the controller goes on when the reset is over
        for turn in all.parts.iter_mut().filter(|part| part.name == "swept").flat_map(|part| &mut part.turns) {
            turn.host_bit = Some(PERIODS[0]);
            let bytes = turn.bytes.len() as u64;
            let usual = 10 * DIVIDER as u64 * bytes;
            turn.reset = turn.reset.map(|after| (after + BYTE * bytes).saturating_sub(usual + EARLY));
        }
        Ok(all)
    }

    /// Of its parts these alone.
    pub(super) fn only(mut self, names: &[&str]) -> Conversation {
        self.parts.retain(|part| names.contains(&part.name));
        self
    }

    /// What its parts are called.
    pub(super) fn parts(&self) -> Vec<&'static str> {
        self.parts.iter().map(|part| part.name).collect()
    }

    /// A part as it is written down.
    pub(super) fn text(&self, part: usize) -> String {
        format!("{:?}", self.parts.get(part))
    }

    /// Whether the board of a simulation says anything else in a part, or nothing.
    pub(super) fn noticed(&self, library: &Library, part: usize) -> Option<(Noticed, String)> {
        self.parts.get(part).and_then(|part| part.noticed(library))
    }
}
