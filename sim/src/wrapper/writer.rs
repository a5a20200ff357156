//! Writes a conversation with a wrapper down: what a program does with its registers, and what it must find there. Answers are those of the device in
//! software, or where a core takes no requests of the reference; what the registers say beside them is kept here.

use super::{act::Act, master::Waits};
use crate::{
    bench::Word,
    cue::Cue,
    words::{self, INFO},
};
use hopgate_hdl::Plan;
use hopgate_host::device::Device;
use hopgate_model::{bits::words_for, kind::Kind, memory::Memory};
use hopgate_wire::{
    frame,
    protocol::Code,
    registers::{number, status, stream},
    reply::Reply,
    request::Request,
};

/// Bits of `STATUS`.
pub(super) const READY: u16 = 1 << status::READY;
pub(super) const ANSWER: u16 = 1 << status::ANSWER;
pub(super) const DONE: u16 = 1 << status::DONE;
pub(super) const MISTAKE: u16 = 1 << status::MISTAKE;
pub(super) const REPLY: u16 = 1 << status::REPLY;
pub(super) const LAST: u16 = 1 << status::LAST;
pub(super) const AWAKE: u16 = 1 << status::AWAKE;
/// Of `STREAM`.
pub(super) const ENABLED: u16 = 1 << stream::ENABLE;
pub(super) const BUSY: u16 = 1 << stream::BUSY;

/// Both bytes of a word, and those above it.
const WHOLE: u8 = 0xf;
/// The entry of a request beside its words.
const ENTRY: usize = 1;

/// Writes it down.
pub(super) struct Writer<'a> {
    pub plan: &'a Plan,
    pub memory: &'a Memory,
    /// At the other end, where there are requests.
    pub device: Option<Device>,
    /// Of AXI4-Lite, and not of Wishbone.
    pub axil: bool,
    pub streams: bool,
    /// Cues come by the stream: then none is taken by the registers.
    streaming: bool,
    pub acts: Vec<Act>,
    /// `DONE` and `MISTAKE`.
    pub flags: u16,
    pub enabled: u16,
    pub pending: u16,
    /// `STEPS`, `NEAREST` and `DISTANCE`.
    pub last: Vec<u16>,
    /// Places of the inbox that requests take which wait for the end of a recall.
    pub used: usize,
    /// A request does, and may be replied to as soon as that is over.
    pub waiting: bool,
    manner: u8,
    number: u8,
}

impl<'a> Writer<'a> {
    pub(super) fn new(plan: &'a Plan, memory: &'a Memory, device: Option<Device>, axil: bool, streams: bool) -> Self {
        let (acts, last) = (Vec::new(), vec![0; INFO]);
        let (flags, enabled, pending, used, manner, number) = (0, 0, 0, 0, 0, 3);
        let (waiting, streaming) = (false, false);
        Writer {
            plan,
            memory,
            device,
            axil,
            streams,
            streaming,
            acts,
            flags,
            enabled,
            pending,
            last,
            used,
            waiting,
            manner,
            number,
        }
    }

    pub(super) fn requests(&self) -> bool {
        self.device.is_some()
    }

    fn manner(&mut self) -> u8 {
        self.manner = self.manner.wrapping_add(5);
        self.manner
    }

    pub(super) fn read(&mut self, register: usize, want: u16) {
        let manner = self.manner();
        self.acts.push(Act::Read { register: register as u8, want, manner });
    }

    pub(super) fn write_of(&mut self, register: usize, data: u32, bytes: u8) {
        let manner = self.manner();
        self.acts.push(Act::Write { register: register as u8, data, bytes, manner });
    }

    /// What is above the word does not matter.
    pub(super) fn write(&mut self, register: usize, data: u16) {
        let above = if self.manner.is_multiple_of(3) { 0x5a5a_0000 } else { 0 };
        self.write_of(register, above | u32::from(data), if self.manner.is_multiple_of(2) { WHOLE } else { 3 });
    }

    /// What `STATUS` has in any case once the core is awake.
    pub(super) fn always(&self) -> u16 {
        self.flags | if self.requests() { AWAKE } else { 0 }
    }

    /// `STATUS` is this, and what was noted.
    pub(super) fn status(&mut self, bits: u16) {
        self.read(number::STATUS, bits | self.always());
    }

    /// The same as soon as one of these bits is there, which has not been.
    pub(super) fn wait(&mut self, bits: u16, with: u16) {
        self.wait_but(bits, with, 0);
    }

    /// The same, whatever some other bits are.
    pub(super) fn wait_but(&mut self, bits: u16, with: u16, but: u16) {
        let (manner, register) = (self.manner(), number::STATUS as u8);
        let mask = !but;
        self.acts.push(Act::Wait { register, bits, mask, want: (bits | with | self.always()) & mask, manner });
    }

    pub(super) fn idle(&mut self, cycles: u64) {
        self.acts.push(Act::Idle(cycles));
    }

    /// What `PENDING` says, and whether that interrupts.
    pub(super) fn noted(&mut self) {
        self.read(number::PENDING, self.pending);
        self.acts.push(Act::Interrupts(self.pending & self.enabled != 0));
    }

    /// Clears bits of `PENDING`.
    pub(super) fn clear(&mut self, bits: u16) {
        self.write(number::PENDING, bits);
        self.pending &= !bits;
        self.noted();
    }

    pub(super) fn enable(&mut self, bits: u16) {
        self.write(number::ENABLE, bits);
        self.enabled = bits & status::EVENTS as u16;
        self.read(number::ENABLE, self.enabled);
        self.noted();
    }

    /// What was just done is a mistake.
    pub(super) fn wrong(&mut self) {
        self.pending |= MISTAKE & !self.flags;
        self.flags |= MISTAKE;
    }

    /// The mistake is told, noted and cleared: the core is at rest, and `STATUS` has these bits beside it.
    pub(super) fn told(&mut self, bits: u16) {
        self.status(bits);
        self.noted();
        self.write(number::STATUS, bits ^ 0x1234);
        self.flags &= !MISTAKE;
        self.status(bits);
        self.noted();
    }

    /// The words of all answers to a cue.
    pub(super) fn answers(&self, cue: &[u16]) -> Vec<u16> {
        if let Some(device) = &self.device {
            return device.recall(cue).words();
        }
        let (bits, known) = cue.split_at(self.plan.words());
        let packed = |words: &[u16]| {
            let mut bits = vec![0; words_for(self.plan.neurons)];
            let set = |i: usize| words.get(i / 16).is_some_and(|word| word >> (i % 16) & 1 == 1);
            (0..self.plan.neurons).filter(|&i| set(i)).for_each(|i| bits[i / 64] |= 1 << (i % 64));
            bits
        };
        let (bits, known) = (packed(bits), packed(known));
        let cue = Cue { bits: &bits, known: self.plan.masks.then_some(&known[..]) };
        words::expected(self.memory, cue, self.plan.readout)
    }

    /// Words of a cue, by the registers.
    pub(super) fn ask(&mut self, words: &[u16]) {
        for &word in words {
            self.wait(READY, 0);
            self.write(number::CUE, word);
            self.flags &= !DONE;
        }
    }

    /// A word of an answer.
    pub(super) fn take(&mut self, word: u16, again: bool) {
        self.wait(ANSWER, 0);
        self.pending |= ANSWER;
        if again {
            self.noted();
            self.clear(ANSWER);
        }
        self.read(number::ANSWER, word);
        if self.plan.kind == Kind::Sequence {
            self.flags &= !DONE;
        }
    }

    /// The end of an answer. `but`: the next one may begin.
    pub(super) fn end(&mut self, words: &[u16], but: u16) {
        self.pending |= DONE & !self.flags;
        self.flags |= DONE;
        self.wait_but(DONE, 0, but | if self.waiting { REPLY | LAST } else { 0 });
        self.last = words.to_vec();
        for (register, word) in [number::STEPS, number::NEAREST, number::DISTANCE].into_iter().zip(words) {
            self.read(register, *word);
        }
    }

    /// All answers to a cue.
    pub(super) fn answered(&mut self, cue: &[u16]) {
        let all = self.answers(cue);
        let (each, answers) = (self.plan.register_words() + INFO, self.plan.register_answers());
        for (at, words) in all.chunks(each).enumerate() {
            let (said, info) = words.split_at(each - INFO);
            said.iter().for_each(|&word| self.take(word, false));
            let last = at + 1 == answers;
            self.end(info, READY | if last { 0 } else { ANSWER });
        }
    }

    /// A recall by the registers.
    pub(super) fn recall(&mut self, cue: &[u16]) {
        self.ask(cue);
        self.answered(cue);
    }

    /// The words of a request with the next number.
    pub(super) fn words_of(&mut self, request: &Request) -> Vec<u16> {
        self.number = self.number.wrapping_add(37);
        let version = self.device.as_ref().map_or(1, |device| device.identity().version());
        request.encode_in(version, self.number)
    }

    pub(super) fn put(&mut self, words: &[u16]) {
        for (at, &word) in words.iter().enumerate() {
            self.write(if at + 1 == words.len() { number::FINAL } else { number::REQUEST }, word);
        }
    }

    /// What the device in software replies.
    pub(super) fn reply_to(&mut self, words: &[u16]) -> Vec<u16> {
        let Some(device) = &mut self.device else { return Vec::new() };
        device.receive(&frame::encode(words));
        let bytes: Vec<u8> = std::iter::from_fn(|| device.work()).flatten().collect();
        let mut decoder = frame::Decoder::new(bytes.len());
        bytes.iter().find_map(|&byte| decoder.push(byte)).and_then(Result::ok).unwrap_or_default()
    }

    /// What is replied to a request for which there is no room.
    pub(super) fn too_long(&self) -> Vec<u16> {
        let version = self.device.as_ref().map_or(1, |device| device.identity().version());
        Reply::Error { code: Code::TooLong, detail: 0 }.encode_in(version, 0)
    }

    /// The words of a reply.
    pub(super) fn replied(&mut self, words: &[u16]) {
        for (at, &word) in words.iter().enumerate() {
            self.replied_one(word, at + 1 == words.len());
        }
    }

    /// There is a word of a reply.
    pub(super) fn reply_there(&mut self, last: bool) {
        // a recall by the registers may begin as soon as the last one is there
        let but = if last && !self.streaming { READY } else { 0 };
        self.wait_but(REPLY, if last { LAST } else { 0 }, but);
        self.pending |= REPLY;
    }

    /// One is read.
    pub(super) fn replied_one(&mut self, word: u16, last: bool) {
        self.reply_there(last);
        self.read(number::REPLY, word);
    }

    /// Any words as a request, and what comes of them.
    pub(super) fn said(&mut self, words: &[u16]) {
        self.put(words);
        let reply = self.reply_to(words);
        self.replied(&reply);
    }

    pub(super) fn request(&mut self, request: &Request) {
        let words = self.words_of(request);
        self.said(&words);
    }

    /// Places of the inbox: for the words of requests, and one more for each.
    pub(super) fn window(&self) -> usize {
        self.device.as_ref().map_or(0, |device| device.identity().window)
    }

    /// A request that waits for the end of a recall that has begun, as others do: what will be replied, if there is room for that.
    pub(super) fn waits(&mut self, words: &[u16], reply: Vec<u16>) -> Option<Vec<u16>> {
        self.put(words);
        let free = self.window() - self.used;
        if words.len() + ENTRY <= free {
            self.used += words.len() + ENTRY;
            return Some(reply);
        }
        self.used += ENTRY.min(free);
        (free > 0).then(|| self.too_long())
    }

    /// `STREAM` is this.
    pub(super) fn turn(&mut self, state: u16) {
        self.read(number::STREAM, state);
    }

    /// The same as soon as these bits are no more.
    pub(super) fn stream(&mut self, on: bool) {
        self.write(number::STREAM, 0xfffe | u16::from(on));
        self.streaming = on;
    }

    pub(super) fn offer(&mut self, words: &[Word], coin: u64) {
        self.acts.push(Act::Offer { words: words.to_vec(), coin });
    }

    pub(super) fn left(&mut self, words: usize) {
        self.acts.push(Act::Left(words));
    }

    /// What the words of a packet mean: a short one is completed, of a long one the rest is dropped.
    pub(super) fn meant(&self, packet: &[u16]) -> Vec<u16> {
        let (lanes, all) = (self.plan.words(), self.plan.cue_words());
        let mut meant = packet.to_vec();
        meant.truncate(all);
        meant.resize(lanes.max(meant.len()), 0);
        meant.resize(all, u16::MAX);
        meant
    }

    /// The packets of all answers to one.
    pub(super) fn packets(&self, packet: &[u16]) -> Vec<Word> {
        let each = self.plan.answer_words() + INFO;
        let answers = self.answers(&self.meant(packet));
        answers.iter().enumerate().map(|(i, &word)| (word, (i + 1) % each == 0)).collect()
    }

    pub(super) fn comes(&mut self, words: Vec<Word>) {
        self.acts.push(Act::Comes(words));
    }

    /// A reset within an access; the words of the registers are forgotten, and what is loaded stays.
    pub(super) fn reset(&mut self, register: usize, write: Option<u16>, clocks: u8, cycles: u64) {
        self.acts.push(Act::Reset { register: register as u8, write, clocks, cycles });
        if let Some(device) = &mut self.device {
            device.press_reset();
        }
        (self.flags, self.enabled, self.pending, self.used, self.streaming) = (0, 0, 0, 0, false);
    }

    /// Of AXI4-Lite: writes and reads at once.
    pub(super) fn both(&mut self, writes: &[(usize, u16)], reads: &[(usize, u16)], waits: Waits) {
        let of = |list: &[(usize, u16)]| list.iter().map(|&(register, word)| (register as u8, word)).collect();
        self.acts.push(Act::Both { writes: of(writes), reads: of(reads), waits });
    }
}
