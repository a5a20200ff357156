//! What is said to a wrapper, in parts, each with the core as it is after configuration: the shortest first.

use super::{act::Act, writer::*};
use hopgate_files::folder;
use hopgate_hdl::blocks::edge::reset::FLUSH;
use hopgate_model::{Result, memory::Memory, noise};
use hopgate_wire::{
    layout::{Layout, lanes_of},
    page,
    protocol::Region,
    registers::{self, number},
    request::Request,
};

/// Whether a wrapper can be told a part, and what is said, with a memory that can be loaded.
pub(super) type Said = (&'static str, fn(&Writer) -> bool, fn(&mut Writer, &Memory) -> Result<()>);

/// A part in which nothing can fail to be written down.
macro_rules! said {
    ($name:literal, $wanted:expr, |$w:ident| $said:expr) => {
        ($name, $wanted, |$w, _| {
            $said;
            Ok(())
        })
    };
}
pub(super) use said;

/// First what goes through every block in few cycles, so that most mutants are found at once.
pub(super) const PARTS: [Said; 10] = [
    said!("opening", |_| true, |w| w.opening()),
    said!("mistakes", |_| true, |w| w.mistakes()),
    said!("interrupts", |_| true, |w| w.interrupts()),
    said!("phases", |_| true, |w| w.phases()),
    said!("requests", |w| w.requests(), |w| w.asked()),
    ("a-load", |w| w.loads(), |w, other| w.another(other)),
    said!("lessons", |w| w.learns(), |w| w.lessons()),
    said!("streams", |w| w.streams, |w| w.streamed()),
    said!("turns", |w| w.requests(), |w| w.turns()),
    said!("resets", |_| true, |w| w.resets()),
];

impl Writer<'_> {
    pub(super) fn loads(&self) -> bool {
        self.device.as_ref().is_some_and(|device| !device.identity().fixed)
    }

    pub(super) fn learns(&self) -> bool {
        self.device.as_ref().is_some_and(|device| device.identity().learns)
    }

    /// Words of a cue near to a pattern, where it takes masks with some bits unknown.
    pub(super) fn cue(&self, seed: u64) -> Vec<u16> {
        self.near(self.memory, seed)
    }

    pub(super) fn near(&self, memory: &Memory, seed: u64) -> Vec<u16> {
        let cues = noise::cues(memory.patterns(), 1, 0.15, seed);
        let words: Vec<u16> = lanes_of(cues.row(0), self.plan.words()).collect();
        let known = words.iter().map(|word| !(word & 0x0204)).filter(|_| self.plan.masks).collect();
        [words, known].concat()
    }

    /// A request of one cue.
    pub(super) fn recall_of(&mut self, cue: &[u16]) -> Vec<u16> {
        let cues = cue.to_vec();
        self.words_of(&if self.plan.masks { Request::Masked { cues } } else { Request::Recall { cues } })
    }

    pub(super) fn page(&mut self, address: usize, count: usize) -> Vec<u16> {
        self.words_of(&Request::Read { region: Region::Page, address: address as u16, count: count as u16 })
    }

    /// From the end of a reset until a cue is taken.
    pub(super) fn awake(&mut self) {
        // a core that is awake has a cycle or some until it takes a cue
        let (bits, slack) = if self.requests() { (AWAKE, 6) } else { (READY, 16) };
        self.acts.push(Act::Awake { bits, cycles: FLUSH as u64, slack });
        self.wait(READY, 0);
    }

    /// What never changes.
    pub(super) fn identity(&mut self) {
        let (plan, requests) = (self.plan, self.requests());
        let options =
            registers::options(plan.kind, plan.masks, requests, requests && plan.loadable, plan.learns, self.streams);
        for (register, word) in [
            (number::ID, registers::ID),
            (number::CUE_WORDS, plan.cue_words()),
            (number::ANSWER_WORDS, plan.register_words()),
            (number::OPTIONS, options),
            (number::CUE, 0),
            (number::REQUEST, 0),
            (number::FINAL, 0),
            (number::ENABLE, 0),
            (number::STREAM, 0),
        ] {
            self.read(register, word as u16);
        }
    }

    /// Some of everything.
    fn opening(&mut self) {
        self.awake();
        self.identity();
        for seed in 1..4 {
            let cue = self.cue(seed);
            self.recall(&cue);
        }
        self.noted();
        if self.requests() {
            let page = self.page(62, 3);
            self.said(&page);
            let cue = self.cue(4);
            let recall = self.recall_of(&cue);
            self.said(&recall);
            self.noted();
        }
        if self.streams {
            self.stream(true);
            self.one_packet(5, 0);
            self.stream(false);
        }
        let cue = self.cue(6);
        self.recall(&cue);
    }

    /// A packet of a cue, and its answers.
    pub(super) fn one_packet(&mut self, seed: u64, coin: u64) {
        let cue = self.cue(seed);
        self.packet(&cue, coin);
    }

    pub(super) fn packet(&mut self, cue: &[u16], coin: u64) {
        let all: Vec<_> = cue.iter().enumerate().map(|(i, &word)| (word, i + 1 == cue.len())).collect();
        self.offer(&all, coin);
        let wants = self.packets(cue);
        self.comes(wants);
    }

    /// Requests of every kind, right and wrong, and of lengths around that of the buffer: one behind the other, so that it goes round.
    fn asked(&mut self) {
        self.awake();
        self.asked_once();
        let window = self.window();
        for words in [window - 2, window - 1, window, window + 1, window + 9, 2 * window + 3] {
            let cue = self.cue(9);
            self.ask(&cue[..1]);
            // of a version that there is not: whatever follows is refused alike
            let noise: Vec<u16> = (0..words).map(|w| 0x2521 ^ (w as u16).wrapping_mul(0x9e30)).collect();
            let reply = self.reply_to(&noise[..3]);
            let reply = self.waits(&noise, reply);
            self.waiting = true;
            self.ask(&cue[1..]);
            self.answered(&cue);
            self.waiting = false;
            reply.into_iter().for_each(|reply| self.replied(&reply));
            self.used = 0;
            self.asked_once();
        }
        self.noted();
    }

    fn asked_once(&mut self) {
        let cue = self.cue(10);
        for length in 1..4 {
            let page = self.page(60 + length, length);
            self.said(&page);
        }
        let recall = self.recall_of(&cue);
        let twice = [&recall[..], &cue].concat();
        self.said(&recall);
        self.said(&twice);
        // cues that are not whole
        for length in 1..twice.len() {
            self.said(&twice[..length]);
        }
        for kind in 0..16 {
            self.said(&[0x2510 | kind]);
            self.said(&[0x2510 | kind, 0, 3]);
        }
        self.said(&[0x2521, 0, 0, 1]);
        let cue = self.cue(11);
        self.recall(&cue);
    }

    /// A load as a host makes it.
    fn load(&mut self, memory: &Memory, number: u16) -> Result<()> {
        let Some(identity) = self.device.as_ref().map(|device| device.identity().clone()) else { return Ok(()) };
        let write = |at: usize| Request::Write { region: Region::Page, address: at as u16, words: vec![number] };
        self.request(&write(page::BEGIN));
        // there is no valid memory: no cue is taken
        self.idle(70);
        self.status(0);
        self.write(number::CUE, 0x0101);
        self.wrong();
        self.told(0);
        let writes = Layout::of(memory, folder::digest(memory), &identity)?.writes(&identity);
        writes.iter().for_each(|request| self.request(request));
        self.request(&write(page::COMMIT));
        self.wait(READY, 0);
        for request in &writes {
            if let Request::Write { region, address, words } = request {
                let count = words.len() as u16;
                self.request(&Request::Read { region: *region, address: *address, count });
            }
        }
        Ok(())
    }

    /// Another memory, recalled by registers and requests, which a reset leaves as it is.
    fn another(&mut self, other: &Memory) -> Result<()> {
        self.awake();
        self.load(other, 0x0203)?;
        let cues: Vec<Vec<u16>> = (0..6).map(|seed| self.near(other, 20 + seed)).collect();
        for cue in &cues {
            self.recall(cue);
            let recall = self.recall_of(cue);
            self.said(&recall);
        }
        self.reset(number::STATUS, None, 1, 2);
        self.awake();
        cues.iter().for_each(|cue| self.recall(cue));
        let memory = self.memory;
        self.load(memory, 0x0302)?;
        let cue = self.cue(27);
        self.recall(&cue);
        Ok(())
    }
}
