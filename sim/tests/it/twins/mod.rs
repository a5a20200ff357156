//! A simulated board with the framed link, or a core behind registers or a stream of requests, and its twin in software: the same bytes to both, the same bytes
//! from both.

use hopgate_files::folder;
use hopgate_hdl::{CoreOptions, Design, Link, Plan, Top, emit, pins::Pins};
use hopgate_host::device::Device;
use hopgate_model::{
    kernel,
    memory::{Memory, Parts},
    noise,
};
use hopgate_sim::{
    Library, Waveform,
    bench::{Axis, BoardBench, Registers, stream::Stream},
    library,
    suite::masks,
};
use hopgate_wire::{
    frame,
    layout::Layout,
    page::{self, Identity},
    protocol::Region,
    request::Request,
};

/// Random patterns.
pub fn memory(neurons: usize, patterns: usize, gamma: f64, seed: u64) -> Memory {
    let patterns = noise::random(patterns, neurons, seed);
    let columns = kernel::columns(neurons, gamma, &[1.0], 0.0, 8);
    let parts = Parts { planes: vec![patterns.clone()], kernel: columns.weights, ..Parts::of(patterns) };
    Memory::new(parts).unwrap()
}

/// How the hardware is spoken to.
pub enum Line {
    /// At its pins.
    Pins(Stream),
    /// Over a bus: frames lose their bytes and CRC on the way, and replies are given some.
    Bus(Registers),
    /// The same, a packet each.
    Packets(Axis),
}

/// A simulated board and its twin in software.
pub struct Twins {
    pub line: Line,
    pub device: Device,
    pub identity: Identity,
    packets: u64,
}

impl Twins {
    /// At 1 Mbaud, with 16 cycles a bit.
    pub fn new(memory: &Memory, options: CoreOptions) -> Twins {
        Twins::at(memory, options, 16_000_000, 1_000_000)
    }

    /// At this clock and this baud rate.
    pub fn at(memory: &Memory, options: CoreOptions, clock: u32, baud: u32) -> Twins {
        let uart_divider = (f64::from(clock) / f64::from(baud)).round() as usize;
        Twins::linked(memory, options, clock, uart_divider, Link::Framed { baud })
    }

    /// Over SPI.
    pub fn over_spi(memory: &Memory, options: CoreOptions) -> Twins {
        Twins::linked(memory, options, 16_000_000, 16, Link::Spi)
    }

    fn linked(memory: &Memory, options: CoreOptions, clock: u32, uart_divider: usize, link: Link) -> Twins {
        let plan = Plan::with(memory, options).unwrap();
        let top = Top::Board { clock, uart_divider, pll: None, pins: Pins::default(), link };
        let hash = hopgate_files::folder::hash(memory);
        let design = emit(&plan, top, &hash).unwrap();
        Twins::of(&design, memory, |built| Line::Pins(Stream::new(BoardBench::open(built).unwrap()).unwrap()))
    }

    /// Behind registers or a stream that take requests.
    pub fn behind(memory: &Memory, options: CoreOptions, top: Top) -> Twins {
        let plan = Plan::with(memory, options).unwrap();
        let design = emit(&plan, top, &hopgate_files::folder::hash(memory)).unwrap();
        Twins::of(&design, memory, |built| match top {
            Top::Axis { .. } => Line::Packets(Axis::open(built).unwrap()),
            _ => Line::Bus(Registers::open(built).unwrap()),
        })
    }

    fn of(design: &Design, memory: &Memory, line: impl Fn(&Library) -> Line) -> Twins {
        library::lint(design).unwrap();
        let built = Library::build(design, Waveform::Off).unwrap();
        let words: Vec<u16> = design.page.as_ref().unwrap().words.iter().map(|&w| w as u16).collect();
        let identity = Identity::of(&words).unwrap();
        let device = Device::with(identity.clone(), memory).unwrap();
        Twins { line: line(&built), device, identity, packets: 0 }
    }

    /// The line at its pins.
    pub fn stream(&mut self) -> &mut Stream {
        match &mut self.line {
            Line::Pins(stream) => stream,
            Line::Bus(_) | Line::Packets(_) => panic!("a bus has no line"),
        }
    }

    /// The registers of its bus.
    pub fn bus(&mut self) -> &mut Registers {
        match &mut self.line {
            Line::Bus(bus) => bus,
            Line::Pins(_) | Line::Packets(_) => panic!("there are no registers"),
        }
    }

    /// The same bytes to both; the same bytes must come back.
    pub fn send(&mut self, bytes: &[u8], what: &str) -> Vec<u8> {
        self.device.receive(bytes);
        let mut want = Vec::new();
        while let Some(reply) = self.device.work() {
            want.extend(reply);
        }
        let got = match &mut self.line {
            Line::Pins(stream) => exchange(stream, bytes, want.len()),
            Line::Bus(bus) => {
                // as many requests as there are, with no reply taken before the last of them is written
                let requests = frames(bytes);
                requests.iter().for_each(|words| bus.put(words).unwrap());
                requests.iter().flat_map(|_| frame::encode(&bus.reply().unwrap())).collect()
            }
            Line::Packets(axis) => {
                // held back on both sides every second time
                self.packets += 1;
                packets(
                    axis,
                    &frames(bytes),
                    &frames(&want),
                    if self.packets.is_multiple_of(2) { self.packets } else { 0 },
                )
            }
        };
        assert_eq!(hex(&got), hex(&want), "{what}: {}", hex(bytes));
        got
    }

    /// A request to both.
    pub fn ask(&mut self, request: &Request, sequence: u8) -> Vec<u8> {
        self.send(&frame::encode(&request.encode_in(self.identity.version(), sequence)), &format!("{request:?}"))
    }

    /// A recall of one cue, of whose first bits, so many, these are known; the others of the board's are one, and known.
    pub fn recall(&self, cue: &[u64], known: Option<(&[u64], usize)>) -> Request {
        let board = &self.identity;
        let bit = |bits: &[u64], i: usize| bits.get(i / 64).is_some_and(|w| w >> (i % 64) & 1 == 1);
        let filled = |bits: &[u64], i: usize, n: usize| if i < n { bit(bits, i) } else { i < board.neurons };
        let word = |of: &dyn Fn(usize) -> bool, l: usize| (0..16).map(|i| u16::from(of(16 * l + i)) << i).sum();
        let used = known.map_or(board.neurons, |(_, n)| n);
        let cue = (0..board.words_of_key()).map(|l| word(&|i| filled(cue, i, used), l));
        let mask = (0..board.words_of_key()).filter(|_| board.masks);
        let mask = mask.map(|l| word(&|i| known.is_none_or(|(known, n)| filled(known, i, n)), l));
        let cues = cue.chain(mask).collect();
        if board.masks { Request::Masked { cues } } else { Request::Recall { cues } }
    }

    /// A cue as the board takes it.
    pub fn words_of(&self, cue: &[u64]) -> Vec<u16> {
        hopgate_wire::layout::lanes_of(cue, self.identity.words_of_key()).collect()
    }
}

/// Sends bytes over a line, and takes those that come back, until there are as many as should or nothing comes any more.
fn exchange(stream: &mut Stream, bytes: &[u8], count: usize) -> Vec<u8> {
    let mut got = Vec::new();
    stream.run(bytes, 0, &mut got).unwrap();
    // a long self-test is silent for as long
    let mut silent = 0;
    while (stream.queued() > 0 || got.len() < count) && silent < 40 {
        let before = (stream.queued(), got.len());
        stream.run(&[], 200_000, &mut got).unwrap();
        silent = if (stream.queued(), got.len()) == before { silent + 1 } else { 0 };
    }
    stream.run(&[], 4_000, &mut got).unwrap();
    got
}

/// Requests as packets, and the frames of as many words of replies as are wanted.
fn packets(axis: &mut Axis, requests: &[Vec<u16>], want: &[Vec<u16>], seed: u64) -> Vec<u8> {
    let packet =
        |words: &Vec<u16>| words.iter().enumerate().map(|(i, &w)| (w, i + 1 == words.len())).collect::<Vec<_>>();
    let sent: Vec<_> = requests.iter().flat_map(packet).collect();
    let got = axis.exchange(&sent, want.iter().map(Vec::len).sum(), seed, 20_000_000).unwrap();
    got.split_inclusive(|&(_, last)| last)
        .flat_map(|words| frame::encode(&words.iter().map(|&(word, _)| word).collect::<Vec<_>>()))
        .collect()
}

/// The words of whole frames, without the CRC.
fn frames(bytes: &[u8]) -> Vec<Vec<u16>> {
    let mut decoder = frame::Decoder::new(5000);
    bytes.iter().filter_map(|&byte| decoder.push(byte)).map(|words| words.expect("a whole frame")).collect()
}

/// In hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// Loads a memory, and refuses recalls meanwhile.
pub fn load(twins: &mut Twins, memory: &Memory, number: u16, read_back: bool) {
    let write = |at: usize, word: u16| Request::Write { region: Region::Page, address: at as u16, words: vec![word] };
    twins.ask(&write(page::BEGIN, number), 0);
    let writes = Layout::of(memory, folder::digest(memory), &twins.identity).unwrap().writes(&twins.identity);
    for (i, request) in writes.iter().enumerate() {
        twins.ask(request, i as u8);
    }
    let refused = twins.ask(&twins.recall(&[0], None), 3);
    assert_eq!(refused[..4], [4, 0x80 | twins.identity.version() << 4, 3, 9], "a recall during a load is an error");
    twins.ask(&write(page::COMMIT, number), 1);
    for request in writes.iter().filter(|_| read_back) {
        if let Request::Write { region, address, words } = request {
            twins.ask(&Request::Read { region: *region, address: *address, count: words.len() as u16 }, 9);
        }
    }
}

/// Recalls of noisy cues, where the board takes masks of cues of which bits are unknown; in their midst a FIND of the first few of them.
pub fn recalls(twins: &mut Twins, memory: &Memory, count: usize) {
    let cues = noise::cues(memory.patterns(), count, 0.2, 7);
    let known = masks(count, memory.neurons());
    let asked = |twins: &Twins, q: usize| twins.recall(cues.row(q), Some((known.row(q), memory.neurons())));
    let few = ((twins.identity.window - 4) / twins.identity.cue_words()).min(3);
    for q in 0..count {
        if q == count / 2 {
            let words = |q| match asked(twins, q) {
                Request::Recall { cues } | Request::Masked { cues } => cues,
                _ => Vec::new(),
            };
            let cues = (0..few.min(count)).flat_map(words).collect();
            twins.ask(&Request::Find { cues }, 200);
        }
        let request = asked(twins, q);
        twins.ask(&request, q as u8);
    }
}
