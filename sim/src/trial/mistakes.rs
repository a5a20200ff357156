//! Frames that are none, requests that are wrong, and requests at the edges of what is right.

use super::{link::Writer, turns::WORK};
use hopgate_model::memory::Memory;
use hopgate_wire::{
    frame, page,
    protocol::Region,
    request::{Request, SelfTest},
};

/// Addresses and counts that are close to something.
const PLACES: [u16; 20] =
    [0, 1, 2, 8, 12, 63, 64, 70, 95, 96, 97, 127, 128, 255, 256, 0x4000, 0x6000, 0x8000, 0xa000, 0xffff];
/// Words that a request says to read.
const COUNTS: [u16; 16] = [0, 1, 2, 3, 4, 5, 129, 256, 257, 258, 512, 513, 514, 0x6000, 0x8000, 0xffff];
/// Words of requests and answers: with their headers some have blocks of 253 to 255 bytes.
const LONG: std::ops::Range<usize> = 120..131;
/// The longest block with its code, and the end of its frame.
const LONGEST: usize = 256;
/// A frame that is none.
const NONE: [u8; 3] = [2, 7, 0];
/// Reads of each region.
const READS: usize = 30;

impl Writer {
    /// Frames that are none, and requests that are wrong in themselves.
    pub(super) fn wrong(&mut self) {
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
        self.say("a frame of a byte", NONE.to_vec(), WORK);
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
    pub(super) fn windows(&mut self) {
        let window = self.identity.window;
        for words in [window - 3, window - 2, window - 1, window + 3] {
            let noise: Vec<u16> = (0..words).map(|w| (w as u16).wrapping_mul(0x9e37)).collect();
            self.say(&format!("a frame of {words} words"), frame::encode(&noise), WORK);
        }
        self.read(Region::Page, 62, 5);
    }

    /// So many requests behind one that lasts that the buffer has no place left, then frames that are none: the last one is forgotten.
    pub(super) fn flooded(&mut self) {
        let window = self.identity.window;
        let lasts = Request::SelfTest(SelfTest { recalls: 300, first: 0, flips: 60, seed: 17 });
        let read = Request::Read { region: Region::Page, address: 63, count: 1 };
        // a READ takes four words and its entry, and as it comes two more; a frame that is none takes an entry alone
        let many = (window - 6) / 5;
        for short in [2, 1, 0] {
            let mut frames = vec![self.frame(&lasts)];
            frames.extend((0..many).map(|_| self.frame(&read)));
            frames.extend(vec![NONE.to_vec(); window - 5 * many - short]);
            // the device in software takes one after the other, and so has room for each
            let want = frames.iter().flat_map(|frame| self.answer(frame)).collect();
            if short == 0 {
                frames.push(NONE.to_vec());
            }
            self.add(&format!("all places but {short}"), frames.concat(), want, 4_000 * 300);
            self.read(Region::Page, 62, 5);
        }
    }

    /// Answers and requests of bytes without a nought, around the longest block that a frame can have.
    pub(super) fn blocks(&mut self) {
        self.write(Region::Page, page::BEGIN, vec![3]);
        let entries = self.identity.entries();
        let words = |many: usize| -> Vec<u16> { (0..many as u16).map(|w| 0x4101 + w).collect() };
        for many in LONG.filter(|&many| many <= entries) {
            self.write(Region::Kernel, 0, words(many));
            self.read(Region::Kernel, 0, many);
            if let Some(turn) = self.last()
                && turn.want.len() == LONGEST
            {
                // the board ends a frame of one whole block by an empty one, which the protocol leaves to it
                turn.want.insert(LONGEST - 1, 1);
            }
        }
        // the sizes are what they were
        self.write(Region::Page, page::COMMIT, vec![3]);
    }

    /// Reads and writes at the edges of every region.
    pub(super) fn edges(&mut self) {
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

    /// Targets that there are and others, regions to their last word and one more, writes beside what begins and commits, and FORGETs of what is not there.
    pub(super) fn targets(&mut self) {
        let board = self.identity.clone();
        let lanes = board.lanes();
        let regions = (0..8).chain(0x80..0x88);
        for target in regions.flat_map(|region| [0, 1, 2, 3, 4, 0x80].map(|bank| bank << 8 | region)) {
            for count in [1, lanes as u16] {
                let words = [0x6100 | u16::from(board.version()) << 4 | 1, target, 0, count];
                self.say(&format!("{count} words of target {target:04x}"), frame::encode(&words), WORK);
                // values are told apart by the whole word
                if board.valued() && target < 0x100 {
                    self.read(Region::Values, 0, 1);
                }
            }
        }
        for (address, count) in [(0, 255), (0, 256), (1, 255), (1, 256)] {
            self.read(Region::Page, address, count);
        }
        for region in [Region::Kernel, Region::Threshold, Region::Rows(0), Region::Values] {
            for (row, count) in (1..=lanes + 1).flat_map(|count| [(board.depth - 1, count), (board.depth, count)]) {
                self.read(region, row, count);
            }
        }
        if !board.fixed {
            for begun in [false, true] {
                for (address, words) in [(96, 3), (64, 64), (96, 32), (90, 38), (97, 3), (94, 2)] {
                    self.write(Region::Page, address, vec![0x1235; words]);
                }
                if !begun {
                    self.write(Region::Page, page::BEGIN, vec![0x1234]);
                    if board.valued() {
                        self.write(Region::Values, 0, vec![1; board.value_lanes()]);
                    }
                }
            }
            self.write(Region::Page, page::COMMIT, vec![0x1234]);
        }
        if board.learns {
            for (pattern, more) in
                [0, 0x4100, 0x5000, 0x7fff, 0x8000, 0x9000, 0xc000, 0xffff].into_iter().flat_map(|p| [(p, 0), (p, 1)])
            {
                let patterns = self.device.held().patterns as u16 + more;
                self.ask(&Request::Forget { pattern, patterns });
            }
        }
        self.read(Region::Page, 62, 40);
    }

    /// Reads and writes of all that is near an edge, of a board whose memory is valid, and of one whose load has begun.
    pub(super) fn judged(&mut self, memory: &Memory) {
        let mut random = 1u32;
        let mut pick = |many: usize| {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (random >> 16) as usize % many
        };
        let lanes = self.identity.lanes();
        let regions = [Region::Page, Region::Kernel, Region::Threshold, Region::Rows(0), Region::Values];
        let edges = [(0x8000, 0x8000), (0xa000, 0x6000), (0x6000, 0xa000), (0xffff, 1), (0xffff, 2), (0, 0xffff)];
        let numbers = if self.identity.fixed { vec![None] } else { vec![None, Some(0x4321u16), Some(0x43a1)] };
        for number in numbers {
            if let Some(number) = number {
                self.write(Region::Page, page::BEGIN, vec![number]);
            }
            for region in regions {
                for n in 0..READS {
                    let random = (PLACES[pick(PLACES.len())], COUNTS[pick(COUNTS.len())]);
                    let (address, count) = edges.get(n).copied().unwrap_or(random);
                    self.read(region, address.into(), count.into());
                }
                for place in [self.identity.depth, self.identity.entries(), 2 * self.identity.entries()] {
                    for count in [1, 2, lanes, lanes + 1, lanes + 256, lanes + 512] {
                        self.read(region, place.wrapping_sub(1), count);
                        self.read(region, place.wrapping_sub(2), count);
                    }
                }
            }
            for (address, words) in
                [(62, 3), (64, 32), (64, 33), (94, 4), (95, 2), (96, 2), (96, 257), (97, 2), (98, 31)]
            {
                self.write(Region::Page, address, vec![1; words]);
            }
            for (address, words) in [(98, 1), (126, 2), (127, 1), (127, 2), (128, 1), (224, 1), (225, 1), (0x6000, 1)] {
                self.write(Region::Page, address, vec![1; words]);
            }
            for region in regions.into_iter().skip(1) {
                for (address, words) in [(0, lanes + 1), (0, 1), (1, 1), (0x4000, lanes), (96, 1), (97, 1), (64, 1)] {
                    self.write(region, address, vec![0; words]);
                }
            }
            // every kind with every length, of this version and of another
            for kind in 0..16 {
                for (words, version) in [(1, 0), (2, 0), (3, 0), (4, 0), (5, 0), (2, 1), (3, 1), (4, 1), (5, 1)] {
                    let head = 0x5100 | u16::from(self.identity.version() ^ version) << 4 | kind;
                    let body = (0..words).map(|w| 0x0002 ^ w << 3);
                    let words: Vec<u16> = std::iter::once(head).chain(body).collect();
                    self.say(&format!("{words:04x?}"), frame::encode(&words), 40_000);
                }
            }
            for (recalls, first) in [(1, 0), (1, 5_000), (0, 0)] {
                self.ask(&Request::SelfTest(SelfTest { recalls, first, flips: 9, seed: 3 }));
            }
            self.recalls(memory, 6);
            if let Some(number) = number {
                for wrong in [0x0080, 0x8000, 0x0001, 0xffff] {
                    self.write(Region::Page, page::COMMIT, vec![number ^ wrong]);
                }
                self.write(Region::Page, page::BEGIN, vec![number]);
                self.write(Region::Page, page::COMMIT, vec![number]);
            }
            self.recalls(memory, 7);
            self.read(Region::Page, 62, 40);
        }
    }
}
