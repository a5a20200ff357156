//! The framed link at the pins of a simulated board, byte for byte against the device in software.

use hopgate_hdl::{emit, pins::Pins, Link, Options, Plan, Room, Top};
use hopgate_host::{
    device::Device,
    frame,
    layout::Layout,
    page::{self, Identity},
    request::{Region, Request},
};
use hopgate_model::{
    bits::BitMatrix,
    kernel,
    memory::{Memory, Parts},
    noise,
};
use hopgate_sim::{
    bench::{stream::Stream, Board},
    library, Library, Waveform,
};

fn memory(neurons: usize, patterns: usize, gamma: f64, seed: u64) -> Memory {
    let patterns = noise::random(patterns, neurons, seed);
    let columns = kernel::columns(neurons, gamma, &[1.0], 0.0, 8);
    let parts = Parts { planes: vec![patterns.clone()], kernel: columns.weights, ..Parts::of(patterns) };
    Memory::new(parts).unwrap()
}

/// A simulated board and its twin in software.
struct Twins {
    stream: Stream,
    device: Device,
    identity: Identity,
}

impl Twins {
    fn new(memory: &Memory, options: Options) -> Twins {
        let plan = Plan::with(memory, options).unwrap();
        let link = Link::Framed { clock: 16_000_000, baud: 1_000_000 };
        let top = Top::Board { uart_divider: 16, pll: None, pins: Pins::default(), link };
        let hash = hopgate_model::folder::hash(memory);
        let design = emit(&plan, top, &hash).unwrap();
        library::lint(&design).unwrap();
        let built = Library::build(&design, Waveform::Off).unwrap();
        let stream = Stream::new(Board::open(&built).unwrap()).unwrap();
        let words: Vec<u16> = design.page.unwrap().words.iter().map(|&w| w as u16).collect();
        let identity = Identity::of(&words).unwrap();
        let device = Device::with(identity.clone(), memory).unwrap();
        Twins { stream, device, identity }
    }

    /// The same bytes to both; the same bytes must come back.
    fn send(&mut self, bytes: &[u8], what: &str) -> Vec<u8> {
        self.device.receive(bytes);
        let mut want = Vec::new();
        while let Some(reply) = self.device.work() {
            want.extend(reply);
        }
        let mut got = Vec::new();
        self.stream.run(bytes, 0, &mut got).unwrap();
        while self.stream.queued() > 0 || got.len() < want.len() {
            let before = (self.stream.queued(), got.len());
            self.stream.run(&[], 200_000, &mut got).unwrap();
            if (self.stream.queued(), got.len()) == before {
                break;
            }
        }
        self.stream.run(&[], 4_000, &mut got).unwrap();
        assert_eq!(hex(&got), hex(&want), "{what}: {}", hex(bytes));
        got
    }

    fn ask(&mut self, request: &Request, sequence: u8) -> Vec<u8> {
        self.send(&frame::encode(&request.encode(sequence)), &format!("{request:?}"))
    }

    fn words_of(&self, cue: &[u64]) -> Vec<u16> {
        hopgate_host::layout::lanes_of(cue, self.identity.lanes()).collect()
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[test]
fn the_page_is_what_the_host_reads() {
    let memory = memory(37, 20, 0.1, 1);
    let mut twins = Twins::new(&memory, Options { room: Some(Room::default()), ..Options::default() });
    twins.ask(&Request::Read { region: Region::Page, address: 0, count: 128 }, 1);
    for address in 0..40 {
        let cues = noise::cues(memory.patterns(), 1, 0.1, address);
        let cue = twins.words_of(cues.row(0));
        twins.ask(&Request::Recall { cues: cue }, address as u8);
    }
}
