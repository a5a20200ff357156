//! A board in software: bytes in, bytes out, as the protocol's page says.
//!
//! It is an executable specification: it keeps what a board keeps (rows, tables, a page, a buffer of limited size) as the words that came
//! over the link, and computes from those alone. Only time is missing: it works when it is told to.
//!
//! ```
//! use hopgate_wire::{frame, protocol::Region, request::Request};
//! use hopgate_host::device::{Build, Device};
//! use hopgate_model::{bits::BitMatrix, memory::{Memory, Parts}};
//! let patterns = BitMatrix::from_fn(2, 3, |mu, _| mu == 1);
//! let memory = Memory::new(Parts { planes: vec![patterns.clone()], kernel: vec![vec![9, 0, 0, 0]], ..Parts::of(patterns) })?;
//! let mut device = Device::new(Build::of(&memory), &memory)?;
//! device.receive(&frame::encode(&Request::Read { region: Region::Page, address: 2, count: 1 }.encode(7)));
//! assert_eq!(device.work().unwrap(), frame::encode(&[0x0791, 3])); // three neurons
//! # Ok::<(), hopgate_model::Error>(())
//! ```

mod core;
mod learn;
mod lfsr;
mod list;
mod regions;
mod values;

pub use self::core::Recalled;
pub use lfsr::Lfsr;

use hopgate_files::folder;
use hopgate_model::{
    Result,
    kind::{Kind as Answering, Kinds},
    memory::Memory,
};
use hopgate_wire::{
    frame::{self, CRC_WORDS, Decoder, Fault},
    layout::Layout,
    page::{self, Counters, Held, Identity},
    protocol::{Code, Kind},
    reply::Reply,
    request::{Refusal, Request, SelfTest},
};
use std::collections::VecDeque;

/// How a board is built around its memory.
#[derive(Debug, Clone, Copy)]
pub struct Build<'a> {
    /// The memory, for the sizes of everything.
    pub memory: &'a Memory,
    /// Rows scanned in a cycle.
    pub parallel: usize,
    /// Slots of neurons that share the accumulators.
    pub fold: usize,
    /// Beats in which a row is read.
    pub beats: usize,
    /// Whether the answer is the nearest pattern.
    pub nearest: bool,
    /// Patterns of a list, where that is the answer, and how far it reaches: of a `nearest` and `fixed` board.
    pub list: Option<(usize, u32)>,
    /// Whether nothing can be loaded.
    pub fixed: bool,
    /// Whether bits of a cue can be unknown.
    pub masks: bool,
    /// Words of its buffer.
    pub window: usize,
    /// Clock, Hz.
    pub clock: u32,
    /// Baud rate.
    pub baud: u32,
    /// Cycles of a step besides its groups and its candidates.
    pub latency: usize,
}

impl<'a> Build<'a> {
    /// A board that scans one row a cycle, at 100 MHz and 1 Mbaud, with a buffer of 512 words.
    pub fn of(memory: &'a Memory) -> Self {
        Build {
            memory,
            parallel: 1,
            fold: 1,
            beats: 1,
            nearest: false,
            list: None,
            fixed: false,
            masks: false,
            window: 512,
            clock: 100_000_000,
            baud: 1_000_000,
            latency: 23 + memory.neurons().div_ceil(16).next_power_of_two().ilog2() as usize,
        }
    }

    /// What such a board says of itself: it has exactly the room that its memory takes.
    pub fn identity(&self) -> Identity {
        let (memory, nearest) = (self.memory, self.nearest);
        let (p, k) = (memory.patterns().rows(), memory.planes().len());
        let groups = p.div_ceil(self.parallel);
        let shared_top = memory.top_plane_is_pattern();
        let bound = if self.masks { memory.masked_bound() } else { memory.bound() };
        let accumulator_bits = if nearest { 0 } else { bound.accumulator_bits() };
        let threshold = !nearest && memory.offset().iter().any(|&o| o != 0);
        let kind = if self.list.is_some() { Answering::Auto } else { memory.kind() };
        let keys = kind.answers_keys();
        let classed = self.list.is_some() && memory.kind() == Answering::Class;
        let stored = if nearest || !keys { 0 } else { k - usize::from(shared_top) };
        Identity {
            kind,
            kinds: Kinds::of(kind),
            outputs: if keys && !classed { 0 } else { memory.outputs() },
            value_rows: if keys && !classed { 0 } else { p },
            radius: (memory.radius() as usize) < memory.neurons(),
            masks: self.masks,
            learns: false,
            auto_store: false,
            finds: true,
            neurons: memory.neurons(),
            patterns: p,
            planes: if nearest { 0 } else { k },
            parallel: self.parallel,
            fold: self.fold,
            beats: self.beats,
            nearest,
            ranks: self.list.map_or(0, |(most, _)| most),
            fixed: self.fixed,
            shared_top: shared_top && !nearest,
            self_test: self.beats == 1 && self.list.is_none(),
            empty: false,
            kernel_bits: if nearest { 0 } else { memory.parts().kernel_bits },
            accumulator_bits,
            stride: match self.list {
                Some((_, reach)) => reach as usize + 1,
                None if nearest => 0,
                None => memory.reach() as usize + 1,
            },
            depth: groups * (1 + stored) * self.beats,
            groups,
            window: self.window,
            threshold_bits: if threshold { (accumulator_bits + 1).min(32) } else { 0 },
            clock: self.clock,
            baud: self.baud,
            latency: self.latency,
            built_in: folder::digest(memory),
            version: env!("CARGO_PKG_VERSION").into(),
        }
    }
}

/// What is buffered until the board gets to it.
#[derive(Debug, Clone)]
enum Job {
    Request(u8, Request),
    Refused(u8, Code, u16),
}

/// A board in software. See the [module](self).
#[derive(Debug, Clone)]
pub struct Device {
    identity: Identity,
    /// Words 64..127 of the page.
    written: [u16; page::COUNTERS - page::HELD],
    /// Whether a load has begun and not ended.
    loading: bool,
    counters: Counters,
    /// Patterns of a board that learns.
    count: usize,
    /// Whether it learnt since they were loaded.
    changed: bool,
    /// Row `address` of bank `b` at `lanes * (depth * b + address)`.
    rows: Vec<u16>,
    /// Row `r` of values at `value_lanes * r`, where they are apart from the keys.
    values: Vec<u16>,
    kernel: Vec<u16>,
    threshold: Vec<u32>,
    decoder: Decoder,
    jobs: VecDeque<(usize, Job)>,
    /// Words of the buffer that are taken.
    used: usize,
}

impl Device {
    /// A board built around a memory, which it holds.
    ///
    /// # Errors
    /// As [`Device::with`]; none is known for a memory of up to 65,535 patterns.
    pub fn new(build: Build, memory: &Memory) -> Result<Device> {
        Device::with(build.identity(), memory)
    }

    /// A board that says this of itself and holds a memory, which may be smaller than it has room for. One that is empty
    /// after configuration has no valid memory until one is loaded.
    ///
    /// # Errors
    /// If the memory does not fit, or no board can be like that.
    pub fn with(identity: Identity, memory: &Memory) -> Result<Device> {
        let mut device = Device::empty(Identity::of(&identity.words())?);
        device.put(&Layout::of(memory, folder::digest(memory), &device.identity)?);
        // as if a load had begun: what is in place then is not what a board has
        device.loading = device.identity.empty;
        device.written[page::BEGIN - page::HELD] = device.identity.empty.into();
        Ok(device)
    }

    /// The board that begins with this page, and holds the memory that it was built with.
    ///
    /// # Errors
    /// As [`Device::with`].
    pub fn of_page(words: &[u16], memory: &Memory) -> Result<Device> {
        let mut device = Device::with(Identity::of(words)?, memory)?;
        // how far a list reaches was an option of the build, which the memory does not know
        if let (1.., Some(&entries)) = (device.identity.ranks, words.get(page::held::ENTRIES)) {
            device.written[page::held::ENTRIES - page::HELD] = entries;
        }
        Ok(device)
    }

    /// A board that says this of itself, with zeros in every region.
    pub fn empty(identity: Identity) -> Device {
        let rows = identity.parallel * identity.depth * identity.lanes();
        Device {
            written: [0; page::COUNTERS - page::HELD],
            loading: false,
            counters: Counters::default(),
            count: 0,
            changed: false,
            rows: vec![0; rows],
            values: vec![0; identity.value_words()],
            kernel: vec![0; identity.entries()],
            threshold: vec![0; if identity.threshold_bits > 0 { identity.entries() } else { 0 }],
            decoder: Decoder::new(identity.window - 1),
            jobs: VecDeque::new(),
            used: 0,
            identity,
        }
    }

    /// Puts a memory in place, as configuration does: without the link.
    pub fn put(&mut self, layout: &Layout) {
        let lanes = self.identity.lanes();
        for row in &layout.rows {
            let at = lanes * (self.identity.depth * row.bank + row.address);
            self.rows[at..at + lanes].copy_from_slice(&row.words);
        }
        for (row, words) in &layout.values {
            self.values[words.len() * row..][..words.len()].copy_from_slice(words);
        }
        self.kernel.clone_from(&layout.kernel);
        self.threshold.clone_from(&layout.threshold);
        self.written[..32].copy_from_slice(&layout.held.words());
        (self.written[page::BEGIN - page::HELD], self.written[page::COMMIT - page::HELD]) = (0, 0);
        (self.count, self.changed) = (layout.held.patterns, false);
        self.heed_kind();
    }

    /// What it answers with is what the memory does that it holds now.
    fn heed_kind(&mut self) {
        self.identity = self.identity.clone().holding(&self.held());
    }

    /// What the board is.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// What it holds.
    pub fn held(&self) -> Held {
        Held::of(&self.now()).unwrap_or_else(|_| unreachable!("there are {} words", page::HELD_WORDS))
    }

    /// What the last self-test counted.
    pub fn counters(&self) -> &Counters {
        &self.counters
    }

    /// The reset button: what was received and counted is forgotten, what is loaded stays, and so does a load that has begun.
    pub fn press_reset(&mut self) {
        self.counters = Counters::default();
        self.decoder.clear();
        self.jobs.clear();
        self.used = 0;
    }

    /// Takes bytes. Requests are buffered, as far as there is room.
    pub fn receive(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            let Some(frame) = self.decoder.push(byte) else { continue };
            let (cost, job) = match frame {
                Ok(words) => {
                    let cost = words.len() + CRC_WORDS + 1;
                    if self.used + cost > self.identity.window {
                        (0, Job::Refused(0, Code::TooLong, 0))
                    } else {
                        match self.decode(&words) {
                            Ok((sequence, request)) => (cost, Job::Request(sequence, request)),
                            Err(r) => (cost, Job::Refused(r.sequence, r.code, r.detail)),
                        }
                    }
                }
                Err(Fault::Crc) => (0, Job::Refused(0, Code::Crc, 0)),
                Err(Fault::Frame) => (0, Job::Refused(0, Code::Frame, 0)),
                Err(Fault::TooLong) => (0, Job::Refused(0, Code::TooLong, 0)),
            };
            self.used += cost;
            self.jobs.push_back((cost, job));
        }
    }

    /// A request, if this board knows its kind.
    fn decode(&self, words: &[u16]) -> std::result::Result<(u8, Request), Refusal> {
        let decoded = Request::decode_in(self.identity.version(), words);
        let kind = words.first().and_then(|header| Kind::of(header & 0xf));
        match &decoded {
            Err(refusal) if refusal.code == Code::Version => decoded,
            _ if kind == Some(Kind::SelfTest) && !self.identity.self_test
                || matches!(kind, Some(Kind::Store | Kind::Forget)) && !self.identity.learns
                || kind == Some(Kind::Learn) && !self.identity.auto_store
                || kind == Some(Kind::Find) && !self.identity.finds
                || kind == Some(if self.identity.masks { Kind::Recall } else { Kind::Masked }) =>
            {
                Err(Refusal { sequence: (words[0] >> 8) as u8, code: Code::Kind, detail: 0 })
            }
            _ => decoded,
        }
    }

    /// Carries out the request that waits longest, if one does, and returns the bytes of its reply.
    pub fn work(&mut self) -> Option<Vec<u8>> {
        let (cost, job) = self.jobs.pop_front()?;
        let (sequence, reply) = match job {
            Job::Refused(sequence, code, detail) => (sequence, Reply::Error { code, detail }),
            Job::Request(sequence, request) => (sequence, self.answer(&request)),
        };
        self.used -= cost;
        Some(frame::encode(&reply.encode_in(self.identity.version(), sequence)))
    }

    /// Carries out a request.
    pub fn answer(&mut self, request: &Request) -> Reply {
        let done = match request {
            Request::Read { region, address, count } => self.read(*region, (*address).into(), (*count).into()),
            Request::Write { region, address, words } => {
                self.write(*region, (*address).into(), words).map(|()| Vec::new())
            }
            Request::Recall { cues } | Request::Masked { cues } => self.recall_all(cues, Recalled::words),
            Request::Find { cues } => self.recall_all(cues, Recalled::found),
            Request::SelfTest(test) => self.self_test(*test).map(|()| Vec::new()),
            Request::Store { words } => self.store(words),
            Request::Learn { words } => self.learn(words),
            Request::Forget { pattern, patterns } => {
                self.forget((*pattern).into(), (*patterns).into()).map(|()| Vec::new())
            }
        };
        match done {
            Ok(words) => Reply::Done { kind: request.kind(), words },
            Err(code) => Reply::Error { code, detail: 0 },
        }
    }

    fn recall_all(&self, cues: &[u16], words_of: fn(&Recalled) -> Vec<u16>) -> std::result::Result<Vec<u16>, Code> {
        let words = self.identity.cue_words();
        if !cues.len().is_multiple_of(words) {
            return Err(Code::Length);
        }
        self.must_be_valid()?;
        if self.held().patterns == 0 && self.identity.learns {
            return Err(Code::Invalid);
        }
        Ok(cues.chunks_exact(words).flat_map(|cue| words_of(&self.recall(cue))).collect())
    }

    fn must_be_valid(&self) -> std::result::Result<(), Code> {
        if self.loading { Err(Code::Invalid) } else { Ok(()) }
    }

    fn self_test(&mut self, test: SelfTest) -> std::result::Result<(), Code> {
        if !self.identity.self_test {
            return Err(Code::Kind);
        }
        // what is there while a load is under way is not checked
        self.must_be_valid()?;
        let held = self.held();
        let patterns = (held.groups - 1) * self.identity.parallel + held.last;
        if test.recalls == 0 || usize::from(test.first) >= patterns || test.flips > 255 {
            return Err(Code::Range);
        }
        self.counters = self.predict(test);
        Ok(())
    }

    /// What a self-test of the memory that is held would count.
    pub fn predict(&self, test: SelfTest) -> Counters {
        let held = self.held();
        let patterns = (held.groups - 1) * self.identity.parallel + held.last;
        let mut noise = Lfsr::new(test.seed);
        let mut counters = Counters::default();
        for recall in 0..usize::from(test.recalls) {
            let mu = (usize::from(test.first) + recall) % patterns;
            let pattern = self.row(0, mu).to_vec();
            let mut cue = pattern.clone();
            for (lane, word) in cue.iter_mut().enumerate() {
                *word ^= noise.flips(test.flips) & self.mask(lane);
            }
            // all bits are known
            cue.resize(self.identity.cue_words(), u16::MAX);
            let recalled = self.recall(&cue);
            let wrong: u32 = match self.identity.kind {
                Answering::Auto => recalled.state.iter().zip(&pattern).map(|(a, b)| (a ^ b).count_ones()).sum(),
                // the board does not know what the answer should be: its ones are counted
                _ => recalled.said().map(u16::count_ones).sum(),
            };
            counters.recalls += 1;
            counters.exact += u32::from(wrong == 0);
            counters.wrong_neurons += wrong;
            counters.not_converged += u32::from(!recalled.converged);
            counters.nearest += u32::from(usize::from(recalled.nearest) == mu);
            counters.cycles += recalled.cycles;
            counters.steps[(recalled.steps as usize).min(page::MOST_COUNTED_STEPS)] += 1;
        }
        counters.cycles &= !7;
        counters
    }
}
