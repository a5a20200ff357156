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

/// The last register.
const REGISTERS: usize = 16;

/// Whether a wrapper can be told a part, and what is said, with a memory that can be loaded.
type Said = (&'static str, fn(&Writer) -> bool, fn(&mut Writer, &Memory) -> Result<()>);

/// A part in which nothing can fail to be written down.
macro_rules! said {
    ($name:literal, $wanted:expr, |$w:ident| $said:expr) => {
        ($name, $wanted, |$w, _| {
            $said;
            Ok(())
        })
    };
}

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
    fn loads(&self) -> bool {
        self.device.as_ref().is_some_and(|device| !device.identity().fixed)
    }

    fn learns(&self) -> bool {
        self.device.as_ref().is_some_and(|device| device.identity().learns)
    }

    /// Words of a cue near to a pattern, where it takes masks with some bits unknown.
    pub(super) fn cue(&self, seed: u64) -> Vec<u16> {
        self.near(self.memory, seed)
    }

    fn near(&self, memory: &Memory, seed: u64) -> Vec<u16> {
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
    fn identity(&mut self) {
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

    /// What must not be done: it is told, sticks and is cleared, and does nothing else.
    fn mistakes(&mut self) {
        self.asleep();
        self.awake();
        self.edges(READY);
        let cue = self.cue(7);
        // in a cue
        self.ask(&cue[..1]);
        self.edges(READY);
        for &word in &cue[1..] {
            self.ask(&[word]);
        }
        // a word too many, and an answer too soon
        self.write(number::CUE, 0x1234);
        self.wrong();
        self.read(number::ANSWER, 0);
        self.answered(&cue);
        self.wait(READY, 0);
        self.told(READY);
        self.edges(READY);
        // between the words of an answer
        let all = self.answers(&cue);
        let (words, info) = all.split_at(self.plan.register_words());
        self.ask(&cue);
        for (at, &word) in words.iter().enumerate() {
            self.wait(ANSWER, 0);
            self.pending |= ANSWER;
            self.write(number::CUE, 0xffff);
            self.wrong();
            if at % 2 == 0 {
                self.told(ANSWER);
            }
            self.write_of(number::ANSWER, 0xffff, 1);
            self.wrong();
            self.write(number::ANSWER, 0xffff);
            self.told(ANSWER);
            self.take(word, false);
        }
        if self.plan.register_answers() == 1 {
            self.end(&info[..3], READY);
            self.wait(READY, 0);
            self.told(READY);
            self.edges(READY);
            self.told(READY);
        }
    }

    /// Before the core is awake: each mistake behind a reset of its own, for that does not last long.
    fn asleep(&mut self) {
        self.read(number::STATUS, 0);
        let mut written = vec![number::CUE];
        if self.requests() {
            written.extend([number::REQUEST, number::FINAL]);
        }
        for register in written {
            self.write(register, 0x0111);
            self.wrong();
            self.read(number::STATUS, MISTAKE);
            self.write(number::STATUS, 0x5a5a);
            self.read(number::STATUS, 0);
            self.reset(number::STATUS, None, 0, 1);
        }
        let mut read = vec![number::ANSWER];
        if self.requests() {
            read.push(number::REPLY);
        }
        for register in read {
            self.read(register, 0);
            self.wrong();
            self.read(number::STATUS, MISTAKE);
            self.reset(number::STATUS, None, 0, 2);
        }
        // what interrupts is of the bus, and stands already
        self.write(number::CUE, 0x1111);
        self.read(number::PENDING, MISTAKE);
        self.write(number::ENABLE, MISTAKE);
        self.acts.push(Act::Interrupts(true));
        self.reset(number::STATUS, None, 0, 1);
        self.acts.push(Act::Interrupts(false));
    }

    /// Every register, where nothing is to be taken: reads, writes of some bytes, and writes that change nothing.
    fn edges(&mut self, bits: u16) {
        self.read(number::ANSWER, 0);
        self.wrong();
        self.told(bits);
        if self.requests() {
            self.read(number::REPLY, 0);
            self.wrong();
            self.told(bits);
        }
        for bytes in [0, 1, 2, 0xc, 0xd, 0xe] {
            for register in [number::CUE, number::STATUS, number::ENABLE, number::FINAL, number::STREAM] {
                self.write_of(register, 0xffff, bytes);
                self.wrong();
                self.status(bits);
                self.read(number::ENABLE, self.enabled);
            }
            self.told(bits);
        }
        // to what is read alone, and to what is not there
        let there = [number::STATUS, number::CUE, number::ENABLE, number::PENDING];
        let there = |register: &usize| {
            there.contains(register)
                || self.requests() && [number::REQUEST, number::FINAL].contains(register)
                || self.streams && *register == number::STREAM
        };
        let others: Vec<usize> = (0..REGISTERS).filter(|register| !there(register)).collect();
        for register in others {
            self.write(register, 0xffff);
            self.status(bits);
        }
        self.identity();
        if !self.requests() {
            self.read(number::REPLY, 0);
        }
        self.status(bits);
    }

    /// Every event alone and with others, cleared before and behind what follows.
    fn interrupts(&mut self) {
        self.awake();
        let cue = self.cue(8);
        self.enable(0xffff);
        self.enable(0);
        self.recall(&cue);
        self.noted();
        for bits in [ANSWER, DONE, MISTAKE, REPLY, AWAKE | READY | LAST, 0xffff] {
            self.enable(bits);
        }
        self.clear(READY | LAST | AWAKE | !0x1f);
        self.clear(DONE);
        self.clear(0xffff);
        for event in [ANSWER, DONE, MISTAKE, REPLY] {
            self.enable(event);
            self.wait(READY, 0);
            self.ask(&cue);
            self.idle(600);
            let all = self.answers(&cue);
            let (words, info) = all.split_at(self.plan.register_words());
            words.iter().for_each(|&word| self.take(word, true));
            if self.plan.register_answers() > 1 {
                // the next answer may have begun
                let rest = self.plan.register_answers() - 1;
                self.end(&info[..3], READY | ANSWER);
                let each = words.len() + 3;
                for answer in 0..rest {
                    let words = &all[each * (answer + 1)..][..each];
                    words[..each - 3].iter().for_each(|&word| self.take(word, true));
                    self.end(&words[each - 3..], READY | ANSWER);
                }
            } else {
                self.end(&info[..3], READY);
            }
            self.noted();
            self.clear(!event);
            self.clear(event);
            self.wait(READY, 0);
            self.read(number::ANSWER, 0);
            self.wrong();
            self.noted();
            self.read(number::ANSWER, 0);
            self.clear(MISTAKE);
            // the same again notes nothing: it is told already
            self.read(number::ANSWER, 0);
            self.noted();
            self.told(READY);
            if self.requests() {
                let page = self.page(0, 2);
                self.put(&page);
                let reply = self.reply_to(&page);
                for (at, &word) in reply.iter().enumerate() {
                    let last = at + 1 == reply.len();
                    self.reply_there(last);
                    self.noted();
                    self.clear(REPLY);
                    self.read(number::REPLY, word);
                    self.idle(9);
                    self.pending |= if last { 0 } else { REPLY };
                }
                self.noted();
            }
            self.clear(0xffff);
        }
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
