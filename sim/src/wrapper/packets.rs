//! What is said to a core whose stream takes requests: each is a packet, and so is its reply.

use super::{
    act::Act,
    parts::{Said, said},
    resets::WIDTHS,
    turns::REFUSED,
    writer::*,
};
use crate::{bench::Word, suite::distinct, wrapped::packet};
use hopgate_files::folder;
use hopgate_hdl::blocks::edge::reset::FLUSH;
use hopgate_model::{Result, memory::Memory};
use hopgate_wire::{
    layout::{Layout, lanes_of},
    page::{self, ANY_CLASS},
    protocol::Region,
    request::Request,
};

/// Cycles until nothing moves that can.
const SETTLED: u64 = 900;

/// First what goes through every block in few cycles.
pub(super) const PARTS: [Said; 6] = [
    said!("opening", |_| true, |w| w.first_packets()),
    said!("requests", |_| true, |w| w.asked_in_packets()),
    said!("waits", |_| true, |w| w.held_back()),
    ("a-load", |w| w.loads(), |w, other| w.loaded_in_packets(other)),
    said!("lessons", |w| w.learns(), |w| w.taught_in_packets()),
    said!("resets", |_| true, |w| w.resets_of_packets()),
];

impl Writer<'_> {
    /// From the end of a reset until a word is taken.
    fn ready(&mut self) {
        self.acts.push(Act::Ready(FLUSH as u64 + 1));
    }

    /// What is replied to a request of any length.
    fn reply_in_packets(&mut self, words: &[u16]) -> Vec<u16> {
        match words.first() {
            _ if words.len() >= self.window() => self.too_long(),
            Some(&REFUSED) => self.reply_to(&[REFUSED; 3]),
            _ => self.reply_to(words),
        }
    }

    /// Requests one behind the other, and then all of their replies.
    fn posted(&mut self, requests: &[Vec<u16>], coin: u64) {
        let all: Vec<Word> = requests.iter().flat_map(|words| packet(words)).collect();
        self.offer(&all, coin);
        let replies = requests.iter().flat_map(|words| packet(&self.reply_in_packets(words))).collect();
        self.comes(replies);
    }

    fn post(&mut self, request: &Request) {
        let words = self.words_of(request);
        self.posted(&[words], 0);
    }

    /// Some of everything.
    fn first_packets(&mut self) {
        self.ready();
        for coin in [0, 3, 91] {
            let cues = [self.cue(1), self.cue(2), self.cue(3)];
            let recalls = cues.map(|cue| self.recall_of(&cue));
            let page = self.page(62, 3);
            self.posted(&[&recalls[..], &[page]].concat(), coin);
        }
    }

    /// Requests of every kind, right and wrong, and of lengths around that of the buffer.
    fn asked_in_packets(&mut self) {
        self.ready();
        let window = self.window();
        for (turn, words) in
            [window - 2, window - 1, window, window + 1, window + 9, 2 * window + 3].into_iter().enumerate()
        {
            let cue = self.cue(10 + turn as u64);
            let recall = self.recall_of(&cue);
            let twice = [&recall[..], &cue].concat();
            let mut all = vec![recall, twice.clone()];
            // cues that are not whole
            all.extend((1..twice.len()).map(|length| twice[..length].to_vec()));
            all.extend((0..16).flat_map(|kind| [vec![0x2510 | kind], vec![0x2510 | kind, 0, 3]]));
            all.push((0..words).map(|w| 0x2521 ^ (w as u16).wrapping_mul(0x9e30)).collect());
            for length in 1..4 {
                all.push(self.page(60 + length, length));
            }
            self.posted(&all, turn as u64 / 2);
        }
    }

    /// Nobody takes a reply: so many words of requests are taken as the buffer has places, and none is lost.
    fn held_back(&mut self) {
        self.ready();
        let window = self.window();
        for turn in 0..6 {
            self.acts.push(Act::Stop(true));
            // whose reply waits to be taken
            let page = self.page(60, 3);
            self.offer(&packet(&page), 0);
            self.left(0);
            self.idle(SETTLED);
            // of one that there is room for, and of one more
            let fits = vec![REFUSED; window - 2 - turn];
            let long = vec![REFUSED; [3, window + 4, 1, 2, window, window - 1][turn]];
            self.offer(&packet(&fits), 0);
            self.idle(SETTLED);
            self.left(0);
            self.offer(&packet(&long), 0);
            self.idle(SETTLED);
            self.left(long.len() - turn.min(long.len()));
            self.acts.push(Act::Stop(false));
            let replies = [&page, &fits, &long].map(|words| packet(&self.reply_in_packets(words))).concat();
            self.comes(replies);
        }
    }

    /// A load as a host makes it, in one stream of packets; what was loaded is read back, recalled, and outlasts a reset.
    fn loaded_in_packets(&mut self, other: &Memory) -> Result<()> {
        self.ready();
        let Some(identity) = self.device.as_ref().map(|device| device.identity().clone()) else { return Ok(()) };
        let built_in = self.memory;
        for (number, memory) in [(0x0203, other), (0x0302, built_in)] {
            let write = |at: usize| Request::Write { region: Region::Page, address: at as u16, words: vec![number] };
            let writes = Layout::of(memory, folder::digest(memory), &identity)?.writes(&identity);
            let all = [vec![write(page::BEGIN)], writes.clone(), vec![write(page::COMMIT)]].concat();
            let words: Vec<Vec<u16>> = all.iter().map(|request| self.words_of(request)).collect();
            self.posted(&words, number.into());
            for request in &writes {
                if let Request::Write { region, address, words } = request {
                    self.post(&Request::Read { region: *region, address: *address, count: words.len() as u16 });
                }
            }
            let cues: Vec<Vec<u16>> = (0..6).map(|seed| self.near(memory, 20 + seed)).collect();
            let recalls: Vec<Vec<u16>> = cues.iter().map(|cue| self.recall_of(cue)).collect();
            self.posted(&recalls, 0);
            self.reset(0, None, 1, 2);
            self.ready();
            self.posted(&recalls, 0);
        }
        Ok(())
    }

    /// What a core that learns is taught.
    fn taught_in_packets(&mut self) {
        self.ready();
        let new = distinct(6, self.memory.neurons(), 77);
        for row in 0..6 {
            let key: Vec<u16> = lanes_of(new.row(row), self.plan.words()).collect();
            let named = if row % 3 == 2 { ANY_CLASS } else { row as u16 % 5 };
            let words = [vec![named], key.clone()].concat();
            self.post(&if row % 2 == 0 { Request::Store { words } } else { Request::Learn { words } });
            let recalls = [self.recall_of(&key), self.recall_of(&self.cue(70 + row as u64))];
            self.posted(&recalls, row as u64);
        }
        // near to one that was stored: it is known, or another class has it
        let near: Vec<u16> = lanes_of(new.row(4), self.plan.words()).map(|word| word ^ 1).collect();
        for named in [4, 3] {
            self.post(&Request::Store { words: [vec![named], near.clone()].concat() });
        }
        // a reset leaves what was stored
        self.reset(0, None, 2, 1);
        self.ready();
        while let Some(patterns) = self.device.as_ref().map(|device| device.held().patterns as u16).filter(|&p| p > 0) {
            self.post(&Request::Forget { pattern: patterns / 2, patterns });
            let recall = self.recall_of(&self.cue(80 + u64::from(patterns)));
            self.posted(&[recall], 0);
        }
    }

    /// Resets of every length wherever something is under way: nothing is left of that, and nothing moves in them.
    fn resets_of_packets(&mut self) {
        self.ready();
        for turn in 0..120u64 {
            let cue = self.cue(100 + turn);
            let recall = self.recall_of(&cue);
            let page = self.page(60, 3);
            self.acts.push(Act::Stop(turn % 5 == 0));
            // words that are offered within the reset, some of them the last of a request
            self.offer(
                &[packet(&recall), packet(&page), packet(&recall), vec![(REFUSED, turn % 2 == 0); 40]].concat(),
                turn / 3 % 2,
            );
            self.idle(1 + 3 * turn);
            self.reset(0, None, (turn % 4) as u8, WIDTHS[turn as usize % WIDTHS.len()]);
            self.ready();
            let other = self.recall_of(&self.cue(300 + turn));
            self.posted(&[other, page], 0);
        }
    }
}
