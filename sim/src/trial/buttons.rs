//! The button, between and within requests; and requests that come while others are carried out.

use super::link::Writer;
use crate::suite::distinct;
use hopgate_files::folder;
use hopgate_model::{Result, memory::Memory, noise};
use hopgate_wire::{
    frame,
    layout::Layout,
    page::{self, ANY_CLASS},
    protocol::Region,
    request::{Request, SelfTest},
};

/// In so many of its cycles a request is cut off.
const BUTTONS: u64 = 9;
/// So many cycles, from the last bytes of a request on, have a reset: of all requests but a self-test, and of one of one recall, apart from those in
/// which counters are cleared.
const SWEPT: u64 = 140;
const TESTED: u64 = 740;
const CLEARED: std::ops::Range<u64> = 84..190;
/// The same where patterns are stored and forgotten, and when those are surely done.
const UNDONE: u64 = 160;
const LATE: u64 = 700;

impl Writer {
    /// The button between and within requests.
    pub(super) fn resets(&mut self, memory: &Memory) {
        let asked = Request::Read { region: Region::Page, address: 0, count: 20 };
        let bytes = (self.frame(&asked).len() * 10 * self.divider) as u64;
        for after in [1, bytes / 3, bytes - 5, bytes + 20, bytes + 60, bytes + 700, 2 * bytes] {
            self.reset(&asked, after, false);
            self.read(Region::Page, 62, 5);
            self.recalls(memory, 8);
        }
    }

    /// Requests of all kinds that change nothing.
    fn harmless(&mut self, memory: &Memory) -> Vec<Request> {
        let cues = noise::cues(memory.patterns(), 3, 0.15, 11);
        let known = self.cue(memory.patterns().row(0));
        let word = |cue: Vec<u16>, masks| if masks { [cue.clone(), vec![u16::MAX; cue.len()]].concat() } else { cue };
        let cue = word(self.cue(cues.row(0)), self.identity.masks);
        let mut all = vec![Request::Read { region: Region::Page, address: 60, count: 9 }];
        all.push(if self.identity.masks {
            Request::Masked { cues: cue.clone() }
        } else {
            Request::Recall { cues: cue.clone() }
        });
        all.push(Request::Find { cues: cue });
        if self.identity.self_test {
            all.push(Request::SelfTest(SelfTest { recalls: 1, first: 1, flips: 30, seed: 5 }));
        }
        if !self.identity.fixed {
            all.push(Request::Read { region: Region::Rows(0), address: 1, count: self.identity.lanes() as u16 });
        }
        if self.identity.learns {
            // what is known is not stored again
            let class = self.identity.valued().then_some(0);
            all.push(Request::Store { words: class.into_iter().chain(known).collect() });
        }
        all
    }

    /// The button in all that a request goes through; the next one comes as it is, with no end of a frame before it.
    pub(super) fn buttons(&mut self, memory: &Memory) {
        let cues = noise::cues(memory.patterns(), 3, 0.15, 11);
        for (at, request) in self.harmless(memory).iter().enumerate() {
            let bytes = (self.frame(request).len() * 10 * self.divider) as u64;
            let work = if matches!(request, Request::SelfTest(_)) { 1_500 } else { 260 };
            for n in 0..BUTTONS {
                // within its last bytes, its work and its reply
                self.reset(request, bytes - 45 + (work + 45) * n / BUTTONS + at as u64, true);
                self.recall(&[self.cue(cues.row(1))], n % 2 == 1);
                if n % 4 == 0 {
                    self.read(Region::Page, page::COUNTERS, 4);
                }
            }
        }
    }

    /// The button in each cycle of a request, and another one behind it, or a look at what it wrote.
    pub(super) fn swept(&mut self, memory: &Memory) -> Result<()> {
        if self.identity.empty {
            self.load(memory)?;
        }
        let mut all = self.harmless(memory);
        // it is refused
        all.push(Request::Write { region: Region::Page, address: 63, words: vec![1] });
        let tests = |request: &Request| matches!(request, Request::SelfTest(_));
        let others: Vec<&Request> = all.iter().filter(|request| !tests(request)).collect();
        for (at, request) in all.iter().enumerate() {
            let cleared = if tests(request) { CLEARED } else { 0..0 };
            let cycles = if cleared.is_empty() { SWEPT } else { TESTED };
            for after in (0..cycles).filter(|after| !cleared.contains(after)) {
                self.cut(request, after);
                // another one, with which what was left under way would go on: a test would, with the words of a recall
                self.ask(if tests(request) { &all[1] } else { others[(at + 1) % others.len()] });
                if tests(request) {
                    // or count
                    self.read(Region::Page, page::COUNTERS, 12);
                    self.ask(request);
                    self.read(Region::Page, page::COUNTERS, 12);
                }
            }
        }
        if self.identity.fixed {
            return Ok(());
        }
        self.load(memory)?;
        let writes = Layout::of(memory, folder::digest(memory), &self.identity)?.writes(&self.identity);
        self.changed(|w| {
            let mut seen = vec![];
            for request in &writes {
                let Request::Write { region, address, words } = request else { continue };
                if seen.contains(region) {
                    continue;
                }
                seen.push(*region);
                for after in 0..SWEPT {
                    w.cut(request, after);
                    w.read(*region, (*address).into(), words.len());
                }
            }
        });
        self.recalls(memory, 14);
        Ok(())
    }

    /// The button in each cycle in which a pattern is stored or forgotten. It is as it was or as it was to be; a second request, with another one at
    /// its end, makes one of both.
    pub(super) fn undone(&mut self, memory: &Memory) {
        let class = |w: &Self, class: u16| w.identity.valued().then_some(class);
        let new = distinct(3, memory.neurons(), 55);
        let held = |w: &Self| w.device.held().patterns as u16;
        for after in 0..UNDONE {
            // the last one but one, into whose place the last one goes
            let [pattern, patterns] = [held(self) - 2, held(self)];
            let key = self.key(pattern);
            let forget = Request::Forget { pattern, patterns };
            // a pattern that stays where it is, whatever comes of that
            let known = self.key(0);
            self.cut(&forget, after);
            self.found(&known, after);
            self.cut(&forget, LATE);
            self.ask(&Request::Store { words: class(self, after as u16 % 4).into_iter().chain(key).collect() });
            self.told();
            let words = |w: &Self, class: Option<u16>| class.into_iter().chain(w.cue(new.row(0))).collect::<Vec<u16>>();
            let mut stores = vec![Request::Store { words: words(self, class(self, 3)) }];
            if self.identity.auto_store {
                stores.push(Request::Learn { words: words(self, class(self, ANY_CLASS)) });
            }
            for store in stores {
                let before = held(self);
                self.cut(&store, after);
                self.found(&known, after);
                self.cut(&Request::Forget { pattern: before, patterns: before + 1 }, LATE);
                self.read(Region::Page, 64, 12);
                self.recall(&[self.cue(new.row(0))], after % 2 == 0);
            }
        }
        self.told();
    }

    /// A key that is nearest whatever else is stored: what was left under way would go on with the core's words.
    fn found(&mut self, key: &[u16], after: u64) {
        if after.is_multiple_of(2) {
            self.recall(&[key.to_vec()], true);
        } else {
            self.read(Region::Rows(0), 0, self.identity.lanes());
        }
    }

    /// A request that the button cuts off, so many cycles from its last bytes on.
    fn cut(&mut self, request: &Request, after: u64) {
        let bytes = (self.frame(request).len() * 10 * self.divider) as u64;
        self.reset(request, bytes - 30 + after, true);
    }

    /// The key that a row holds.
    fn key(&mut self, row: u16) -> Vec<u16> {
        let lanes = self.identity.lanes() as u16;
        let frame = self.frame(&Request::Read { region: Region::Rows(0), address: row, count: lanes });
        let answer = self.answer(&frame);
        let mut decoder = frame::Decoder::new(answer.len());
        let words = answer.iter().find_map(|&byte| decoder.push(byte)).and_then(core::result::Result::ok);
        words.map_or_else(Vec::new, |words| words[1..].to_vec())
    }

    /// Requests that wait for others.
    pub(super) fn hurried(&mut self, memory: &Memory) {
        let cues = noise::cues(memory.patterns(), 4, 0.15, 21);
        let all = |w: &Self, row: usize| {
            let cue = w.cue(cues.row(row));
            if w.identity.masks { [cue.clone(), vec![u16::MAX; cue.len()]].concat() } else { cue }
        };
        let several: Vec<u16> = (0..4).flat_map(|row| all(self, row)).collect();
        let recall = |w: &Self, words: Vec<u16>| {
            if w.identity.masks { Request::Masked { cues: words } } else { Request::Recall { cues: words } }
        };
        let first = recall(self, several);
        let one = recall(self, all(self, 1));
        let page = Request::Read { region: Region::Page, address: 62, count: 4 };
        let row = Request::Read { region: Region::Rows(0), address: 1, count: self.identity.lanes() as u16 };
        let found = Request::Find { cues: all(self, 2) };
        let wrong = Request::Read { region: Region::Page, address: 255, count: 2 };
        self.hurry(&[first.clone(), page.clone(), wrong.clone(), one.clone(), found, row.clone(), page.clone()]);
        if self.identity.self_test {
            let test = Request::SelfTest(SelfTest { recalls: 2, first: 1, flips: 40, seed: 4 });
            let counters = Request::Read { region: Region::Page, address: page::COUNTERS as u16, count: 8 };
            self.hurry(&[test.clone(), counters.clone(), one.clone(), test, one.clone(), counters]);
        }
        if self.identity.learns {
            let patterns = self.device.held().patterns as u16;
            let class = self.identity.valued().then_some(1);
            let key = |w: &Self, row: usize| {
                class.into_iter().chain(w.cue(cues.row(row)).into_iter().map(|word| word ^ 0x2d5)).collect()
            };
            let forget = |pattern, patterns| Request::Forget { pattern, patterns };
            let (store, learn) = (Request::Store { words: key(self, 0) }, Request::Learn { words: key(self, 1) });
            self.hurry(&[
                first.clone(),
                forget(0, patterns),
                one.clone(),
                page,
                store.clone(),
                one.clone(),
                row.clone(),
            ]);
            self.hurry(&[first, forget(1, patterns), forget(0, patterns - 1), wrong, learn, one, store, row]);
            self.recalls(memory, 5);
        }
    }
}
