//! What must not be done, and what interrupts.

use super::{act::Act, writer::*};
use hopgate_wire::registers::number;

/// How many registers there are.
const REGISTERS: usize = 16;

impl Writer<'_> {
    /// What must not be done: it is told, sticks and is cleared, and does nothing else.
    pub(super) fn mistakes(&mut self) {
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
    pub(super) fn interrupts(&mut self) {
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
}
