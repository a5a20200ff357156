//! What a core that learns is taught, and what a reset leaves of anything.

use super::{act::Act, writer::*};
use crate::suite::distinct;
use hopgate_wire::{layout::lanes_of, page::ANY_CLASS, registers::number, request::Request};

/// Cycles of resets.
pub(super) const WIDTHS: [u64; 6] = [1, 2, 63, 3, 65, 64];

impl Writer<'_> {
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
        // near to one that was stored: it is known, or another class has it
        let near: Vec<u16> = lanes_of(new.row(4), self.plan.words()).map(|word| word ^ 1).collect();
        for named in [4, 3] {
            let words = class(named).into_iter().chain(near.clone()).collect();
            self.request(&Request::Store { words });
        }
        for pattern in [0, 3, 1, 2] {
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
        // in whatever cycle the last word of a request comes
        let until = if self.requests() { 9 } else { 0 };
        for clocks in 0..until {
            for cycles in [1, 2] {
                self.write(number::REQUEST, 0x0111);
                self.reset(number::FINAL, Some(3), clocks, cycles);
                self.awake();
                let page = self.page(60, 2);
                self.said(&page);
            }
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
