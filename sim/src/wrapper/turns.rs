//! What shares the core: recalls by the registers, requests and streams in turn, and resets in all of them.

use super::{act::Act, master::Waits, writer::*};
use hopgate_wire::registers::number;

/// Registers.
const REGISTERS: u8 = 16;
/// A header of a version that there is not: whatever follows it is refused alike.
pub(super) const REFUSED: u16 = 0x2521;

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
}
