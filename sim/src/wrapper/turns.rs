//! What shares the core: recalls by the registers, requests and streams in turn, and resets in all of them.

use super::{act::Act, master::Waits, writer::*};
use crate::suite::distinct;
use hopgate_wire::{layout::lanes_of, page::ANY_CLASS, registers::number, request::Request};

/// Registers.
const REGISTERS: u8 = 16;
/// A header of a version that there is not: whatever follows it is refused alike.
const REFUSED: u16 = 0x2521;
/// Cycles of resets.
const WIDTHS: [u64; 6] = [1, 2, 63, 3, 65, 64];

impl Writer<'_> {
    /// Of Wishbone: bus cycles that are given up, which do nothing. Of AXI4-Lite: accesses at once.
    fn beside(&mut self) {
        if self.axil {
            for waits in [Waits::Nothing, Waits::Writes, Waits::Reads] {
                let reads = [(number::CUE_WORDS, self.plan.cue_words() as u16), (number::ENABLE, self.enabled)];
                self.both(&[(number::PENDING, 0), (number::ENABLE, self.enabled)], &reads, waits);
            }
            return;
        }
        for clocks in 1..=2 {
            for register in 0..REGISTERS {
                for write in [None, Some(0x5a5a)] {
                    self.acts.push(Act::Abandon { register, write, clocks });
                }
            }
        }
    }

    /// Of AXI4-Lite: what comes at once is done in turn.
    fn in_turn(&mut self) {
        let (one, two) = (ANSWER, DONE);
        let writes = [(number::ENABLE, one), (number::ENABLE, two)];
        let reads = |first, second| [(number::ENABLE, first), (number::ENABLE, second)];
        self.both(&writes, &reads(one, two), Waits::Nothing);
        self.both(&writes, &reads(one, one), Waits::Writes);
        self.both(&writes, &reads(one, two), Waits::Reads);
        let three = [writes[0], writes[1], (number::ENABLE, 0)];
        self.both(&three, &[(number::ENABLE, one)], Waits::Nothing);
        self.both(&[(number::ENABLE, 0)], &[(number::ENABLE, 0); 3], Waits::Nothing);
        self.both(&three, &[], Waits::Nothing);
        self.both(&[], &[(number::ENABLE, 0), (number::CUE_WORDS, self.plan.cue_words() as u16)], Waits::Nothing);
    }

    /// The bus at every phase, whatever the core does.
    pub(super) fn phases(&mut self) {
        self.awake();
        if self.axil {
            self.in_turn();
        }
        self.beside();
        let cue = self.cue(12);
        self.ask(&cue[..1]);
        self.beside();
        self.ask(&cue[1..]);
        self.beside();
        self.wait(
            if self.plan.register_words() > 0 { ANSWER } else { DONE },
            if self.plan.register_words() > 0 { 0 } else { READY },
        );
        self.beside();
        self.answered(&cue);
        self.beside();
        self.noted();
        self.wait(READY, 0);
        if self.requests() {
            let page = self.page(1, 2);
            self.put(&page);
            self.wait(REPLY, 0);
            self.beside();
            let reply = self.reply_to(&page);
            self.replied(&reply);
        }
        self.recall(&cue);
    }

    /// Requests that come within a recall, and cues that come within a request.
    pub(super) fn turns(&mut self) {
        self.awake();
        for turn in 0..6 {
            let cue = self.cue(30 + turn);
            let begun = 1 + turn as usize % cue.len();
            self.ask(&cue[..begun]);
            let page = self.page(60, 1 + turn as usize % 2);
            self.put(&page);
            if begun < cue.len() {
                self.idle(50);
                self.status(READY);
            }
            self.ask(&cue[begun..]);
            self.waiting = true;
            self.answered(&cue);
            self.waiting = false;
            let reply = self.reply_to(&page);
            self.replied(&reply);
            // the other way round
            let recall = self.recall_of(&cue);
            self.put(&recall);
            self.write(number::CUE, 1);
            self.wrong();
            let reply = self.reply_to(&recall);
            self.wait(REPLY, 0);
            self.told(REPLY);
            self.write(number::CUE, 1);
            self.wrong();
            self.told(REPLY);
            self.replied(&reply);
        }
        self.queues();
    }

    /// Requests that wait for the end of a recall, up to the room and beyond it.
    fn queues(&mut self) {
        for left in [0, 1, 2, 3, 4, 6] {
            let cue = self.cue(40 + left as u64);
            self.ask(&cue[..1]);
            let mut replies = Vec::new();
            for length in 1..4 {
                let page = self.page(60 + length, length);
                let reply = self.reply_to(&page);
                replies.push(self.waits(&page, reply));
            }
            // then so many places are left
            let long = vec![REFUSED; self.window() - self.used - 1 - left];
            for words in [&long[..], &[REFUSED; 3], &[REFUSED], &[REFUSED; 2], &[REFUSED]] {
                let reply = self.reply_to(&[REFUSED; 3]);
                replies.push(self.waits(words, reply));
            }
            self.waiting = true;
            self.ask(&cue[1..]);
            self.answered(&cue);
            self.waiting = false;
            replies.into_iter().flatten().for_each(|reply| self.replied(&reply));
            self.used = 0;
            let cue = self.cue(50);
            self.recall(&cue);
        }
    }

    /// Cues by the stream, and who has the core.
    pub(super) fn streamed(&mut self) {
        self.awake();
        let cues: Vec<Vec<u16>> = (0..6).map(|seed| self.cue(60 + seed)).collect();
        // while it is off nothing goes
        let (first, rest) = cues[0].split_at(1);
        let of = |words: &[u16], ends: bool| -> Vec<_> {
            let last = words.len() - 1;
            words.iter().enumerate().map(|(i, &word)| (word, ends && i == last)).collect()
        };
        self.offer(&of(&cues[0], true), 0);
        self.left(cues[0].len());
        self.recall(&cues[1]);
        self.left(cues[0].len());
        self.noted();
        self.turn(0);
        self.stream(true);
        let wants = self.packets(&cues[0]);
        self.comes(wants);
        self.turn(ENABLED);
        self.status(0);
        // no cue by the register, and what it says stays
        self.write(number::CUE, 0xffff);
        self.wrong();
        self.told(0);
        for coin in [0, 5, 77] {
            for cue in &cues {
                self.packet(cue, coin);
            }
            let all: Vec<_> = cues.iter().flat_map(|cue| of(cue, true)).collect();
            self.offer(&all, coin);
            let wants = cues.iter().flat_map(|cue| self.packets(cue)).collect();
            self.comes(wants);
        }
        self.registers_stay();
        // one that has begun goes on, and the next one waits
        for begun in 1..=cues[1].len() {
            let (before, behind) = cues[1].split_at(begun);
            self.acts.push(Act::Stop(true));
            self.offer(&of(before, behind.is_empty()), 0);
            self.left(0);
            self.turn(ENABLED | BUSY);
            self.stream(false);
            self.turn(BUSY);
            self.status(0);
            let again: Vec<_> = of(&cues[2], true);
            if !behind.is_empty() {
                self.offer(&of(behind, true), 0);
                self.left(0);
            }
            self.offer(&again, 0);
            self.left(again.len());
            self.turn(BUSY);
            self.idle(900);
            self.turn(BUSY);
            self.status(0);
            self.acts.push(Act::Stop(false));
            let wants = self.packets(&cues[1]);
            self.comes(wants);
            self.left(again.len());
            self.turn(0);
            self.status(READY);
            self.noted();
            // nor does it go within a recall by the registers
            self.ask(&cues[3][..1]);
            self.stream(true);
            self.left(again.len());
            self.turn(ENABLED);
            self.ask(&cues[3][1..]);
            self.left(again.len());
            self.answered_off(&cues[3]);
            let wants = self.packets(&cues[2]);
            self.comes(wants);
            self.turn(ENABLED);
        }
        self.stream(false);
        self.status(READY);
        self.stream(true);
        // packets of every length
        for length in 1..cues[4].len() + 4 {
            let odd: Vec<u16> = (0..length).map(|w| 0x5a5a ^ w as u16).collect();
            self.offer(&of(&odd, true), length as u64);
            let wants = self.packets(&odd);
            self.comes(wants);
            self.packet(&cues[5], 0);
        }
        if self.requests() {
            self.between(&cues, first, rest);
        }
        self.stream(false);
        self.recall(&cues[0]);
    }

    /// What the last recall by the registers left there.
    fn registers_stay(&mut self) {
        let last = self.last.clone();
        for (register, word) in [number::STEPS, number::NEAREST, number::DISTANCE].into_iter().zip(last) {
            self.read(register, word);
        }
        self.noted();
    }

    /// All answers to a cue whose recall goes on while the stream is on: then no other is taken.
    fn answered_off(&mut self, cue: &[u16]) {
        self.answered(cue);
        self.registers_stay();
    }

    /// Requests between the packets of a stream.
    fn between(&mut self, cues: &[Vec<u16>], first: &[u16], rest: &[u16]) {
        let packet = |words: &[u16], ends: bool| -> Vec<_> {
            let last = words.len().saturating_sub(1);
            words.iter().enumerate().map(|(i, &word)| (word, ends && i == last)).collect()
        };
        for turn in 0..3 {
            // of one that has begun the end is waited for
            self.offer(&packet(first, false), 0);
            self.left(0);
            let page = self.page(60 + turn, 2);
            self.put(&page);
            self.idle(90);
            self.turn(ENABLED | BUSY);
            self.status(0);
            self.acts.push(Act::Stop(true));
            self.offer(&packet(rest, true), 0);
            self.offer(&packet(&cues[1], true), 0);
            self.left(cues[1].len());
            self.idle(900);
            self.status(0);
            self.turn(ENABLED | BUSY);
            self.acts.push(Act::Stop(false));
            let wants = self.packets(&cues[0]);
            self.comes(wants);
            // and the next one waits until all words of the reply but its last were read
            self.left(cues[1].len());
            self.turn(ENABLED);
            let reply = self.reply_to(&page);
            for (at, &word) in reply.iter().enumerate() {
                let last = at + 1 == reply.len();
                if !last {
                    self.left(cues[1].len());
                }
                self.replied_one(word, last);
            }
            let wants = self.packets(&cues[1]);
            self.comes(wants);
            // a recall by a request, while a packet waits
            let recall = self.recall_of(&cues[2]);
            self.put(&recall);
            self.idle(400);
            self.offer(&packet(&cues[3], true), 0);
            self.left(cues[3].len());
            let reply = self.reply_to(&recall);
            self.replied(&reply);
            let wants = self.packets(&cues[3]);
            self.comes(wants);
        }
    }

    /// What a core that learns is taught, by requests, and what it then says by the registers.
    pub(super) fn lessons(&mut self) {
        self.awake();
        let classes = self.device.as_ref().is_some_and(|device| device.identity().valued());
        let new = distinct(6, self.memory.neurons(), 77);
        let class = |c: u16| classes.then_some(c);
        for row in 0..6 {
            let key: Vec<u16> = lanes_of(new.row(row), self.plan.words()).collect();
            let named = class(if row % 3 == 2 { ANY_CLASS } else { row as u16 % 5 });
            let words = named.into_iter().chain(key.clone()).collect();
            self.request(&if row % 2 == 0 { Request::Store { words } } else { Request::Learn { words } });
            self.recall(&key);
            let cue = self.cue(70 + row as u64);
            self.recall(&cue);
        }
        for pattern in [0, 3, 1] {
            let patterns = self.device.as_ref().map_or(0, |device| device.held().patterns as u16);
            self.request(&Request::Forget { pattern, patterns });
            let cue = self.cue(80 + u64::from(pattern));
            self.recall(&cue);
        }
        // the next free class, which is one of those that are gone
        let key = |row: usize| -> Vec<u16> { lanes_of(new.row(row), self.plan.words()).collect() };
        let keys = [key(1), key(2), key(5)];
        for key in &keys {
            let words = class(ANY_CLASS).into_iter().chain(key.clone()).collect();
            self.request(&Request::Learn { words });
            self.recall(key);
        }
        self.nothing_left(&keys[0]);
        // a reset of the bus leaves what was stored
        self.reset(number::CUE, Some(1), 2, 1);
        self.awake();
        let cue = self.cue(90);
        self.recall(&cue);
        if self.streams {
            self.stream(true);
            self.one_packet(91, 9);
        }
    }

    /// Every pattern is forgotten: until one is stored, no cue is taken.
    fn nothing_left(&mut self, key: &[u16]) {
        let held = |w: &Self| w.device.as_ref().map_or(0, |device| device.held().patterns as u16);
        while held(self) > 0 {
            let patterns = held(self);
            self.request(&Request::Forget { pattern: 0, patterns });
        }
        self.idle(70);
        self.status(0);
        self.write(number::CUE, 1);
        self.wrong();
        self.told(0);
        let recall = self.recall_of(key);
        self.said(&recall);
        let classes = self.device.as_ref().is_some_and(|device| device.identity().valued());
        let words = classes.then_some(3).into_iter().chain(key.to_vec()).collect();
        self.request(&Request::Store { words });
        self.recall(key);
    }

    /// Resets of every length wherever something is under way: nothing is left of that.
    pub(super) fn resets(&mut self) {
        self.awake();
        let accesses = [
            (number::STATUS, None),
            (number::CUE, Some(0x1111)),
            (number::ANSWER, None),
            (number::ENABLE, Some(0xffff)),
            (number::STREAM, Some(1)),
            (number::STATUS, Some(0)),
            (number::REPLY, None),
        ];
        let words = self.plan.register_words();
        for turn in 0..56 {
            let stage = turn % 8;
            let cue = self.cue(100 + turn as u64);
            self.enable([ANSWER, DONE, MISTAKE, 0][turn % 4]);
            let said = self.answers(&cue);
            match stage {
                // in a cue, in its recall, in its answer, behind it
                0 => self.ask(&cue[..1]),
                1 => {
                    self.ask(&cue);
                    self.idle(3 * turn as u64);
                }
                2 => {
                    self.ask(&cue);
                    said[..words.min(1 + turn / 8)].iter().for_each(|&word| self.take(word, false));
                }
                3 => self.recall(&cue),
                // in a request, while it waits, while it is carried out, and in its reply
                4 if self.requests() => {
                    self.write(number::REQUEST, 0x0111);
                    self.idle(turn as u64);
                }
                5 if self.requests() => {
                    self.ask(&cue[..1]);
                    let page = self.page(60, 2);
                    self.put(&page);
                }
                6 if self.requests() => {
                    let recall = self.recall_of(&cue);
                    self.put(&recall);
                    self.idle(11 * turn as u64);
                }
                7 if self.requests() => {
                    let page = self.page(60, 3);
                    self.put(&page);
                    let reply = self.reply_to(&page);
                    for &word in &reply[..turn / 16] {
                        self.replied_one(word, false);
                    }
                }
                _ => {
                    self.write(number::CUE, 0xffff);
                    self.read(number::ANSWER, 0);
                }
            }
            if self.streams && turn % 3 == 0 {
                self.stream(true);
                self.acts.push(Act::Stop(turn % 2 == 0));
                let packet: Vec<_> = cue.iter().map(|&word| (word, false)).collect();
                self.offer(&packet[..1 + turn / 6 % cue.len()], 0);
                self.idle(5 * turn as u64);
            }
            let (register, write) = accesses[turn % accesses.len()];
            self.reset(register, write, (turn / 3 % 7) as u8, WIDTHS[turn % WIDTHS.len()]);
            for register in [number::STATUS, number::ENABLE, number::PENDING, number::STREAM] {
                self.read(register, 0);
            }
            self.acts.push(Act::Interrupts(false));
            self.asleep_still(turn);
            self.awake();
            let cue = self.cue(200 + turn as u64);
            if self.requests() && turn % 2 == 0 {
                let recall = self.recall_of(&cue);
                self.said(&recall);
            }
            if self.streams && turn % 4 < 2 {
                self.stream(true);
                self.packet(&cue, 0);
                self.stream(false);
            }
            self.recall(&cue);
            self.noted();
        }
    }
    /// Of what there was to be read before a reset nothing is there in it.
    fn asleep_still(&mut self, turn: usize) {
        let register = if self.requests() && turn % 2 == 1 { number::REPLY } else { number::ANSWER };
        self.read(register, 0);
        self.read(number::STATUS, MISTAKE);
        self.write(number::STATUS, 0);
        self.write(number::PENDING, MISTAKE);
        self.acts.push(Act::Interrupts(false));
    }
}
