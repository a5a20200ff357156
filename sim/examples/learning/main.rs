//! Random STORE, LEARN, FORGET, RECALL and FIND at the pins of a simulated board that learns, behind SPI, against the device in software.
//!
//!     cargo run --release -p hopgate-sim --example learning -- [--seed 1] [--requests 1000000] [--record FILE] [--only PART]
//!
//! Requests come in parts of 2,000. Every part begins with a board that was just configured, and follows from the seed and its
//! number alone. With `--record` a run that was stopped goes on where it was: the file has a line for every part that was equal
//! throughout, with the hash of the Verilog. At the end of a part all rows and the page are read back. A difference is printed with
//! the command that shows it again; the others are tried all the same, and the exit code is 1.

use hopgate_files::folder;
use hopgate_hdl::{CoreOptions, Design, Link, Plan, Room, Top, emit, pins::Pins};
use hopgate_host::device::Device;
use hopgate_model::{Error, Result, bits::BitMatrix, memory::Memory};
use hopgate_sim::{
    Library, Waveform,
    bench::{BoardBench, stream::Stream},
    suite::{SHAPE, Shape, distinct, memory},
};
use hopgate_wire::{frame, layout::lanes_of, page::Identity, protocol::Region, request::Request};
use sha2::{Digest, Sha256};
use std::{collections::BTreeSet, fs::OpenOptions, io::Write, path::PathBuf, process::ExitCode, time::Instant};

/// Requests of a part.
const PART: u64 = 2_000;
/// Patterns that there is room for.
const ROOM: usize = 24;
const SHAPE_OF: Shape = Shape { neurons: 37, patterns: 9, radius: Some(3), ..SHAPE };

struct Arguments {
    seed: u64,
    requests: u64,
    record: Option<PathBuf>,
    only: Option<u64>,
}

fn arguments() -> Result<Arguments> {
    let mut given = std::env::args().skip(1);
    let mut all = Arguments { seed: 1, requests: 1_000_000, record: None, only: None };
    while let Some(option) = given.next() {
        let Some(value) = given.next() else { return Err(Error::usage(format!("{option} has no value"))) };
        let number = || value.parse::<u64>().map_err(|_| Error::usage(format!("{option} {value}: not a whole number")));
        match option.as_str() {
            "--seed" => all.seed = number()?,
            "--requests" => all.requests = number()?,
            "--only" => all.only = Some(number()?),
            "--record" => all.record = Some(value.into()),
            _ => {
                let what = format!("there is no option {option}");
                return Err(Error::usage(what).hint("--seed, --requests, --record, --only"));
            }
        }
    }
    Ok(all)
}

/// splitmix64: every seed is as good as any other.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }
}

/// A board and its twin, which were just configured.
struct Pair {
    stream: Stream,
    device: Device,
    identity: Identity,
}

impl Pair {
    fn new(built: &Library, design: &Design, memory: &Memory) -> Result<Pair> {
        let words: Vec<u16> = design.page.iter().flat_map(|page| page.words.iter().map(|&word| word as u16)).collect();
        let identity = Identity::of(&words)?;
        let device = Device::with(identity.clone(), memory)?;
        let mut stream = Stream::new(BoardBench::open(built)?)?;
        stream.board().set_host_bit(3.03);
        Ok(Pair { stream, device, identity })
    }

    /// The same requests to both; the bytes of both.
    fn ask(&mut self, requests: &[Request], number: u64) -> Result<[Vec<u8>; 2]> {
        let frames = requests.iter().zip(number..).map(|(r, n)| frame::encode(&r.encode(1 + (n % 250) as u8)));
        let bytes: Vec<u8> = frames.flatten().collect();
        self.device.receive(&bytes);
        let want: Vec<u8> = std::iter::from_fn(|| self.device.work()).flatten().collect();
        let mut got = Vec::new();
        self.stream.run(&bytes, 0, &mut got)?;
        for _ in 0..200 {
            if got.len() >= want.len() {
                break;
            }
            self.stream.run(&[], 2_000, &mut got)?;
        }
        Ok([got, want])
    }

    /// All that is there: the page, and the rows.
    fn whole(&self) -> Vec<Request> {
        let row = |address| Request::Read { region: Region::Rows(0), address, count: self.identity.lanes() as u16 };
        let page = Request::Read { region: Region::Page, address: 64, count: 34 };
        std::iter::once(page).chain((0..self.identity.patterns as u16).map(row)).collect()
    }
}

/// A request: keys near to one another, so that many are known; numbers of patterns that are there and that are not.
fn request(random: &mut Random, pair: &Pair, bases: &BitMatrix) -> Request {
    let mut key = bases.row(random.below(bases.rows() as u64) as usize)[0];
    for _ in 0..random.below(5) {
        key ^= 1 << random.below(SHAPE_OF.neurons as u64);
    }
    let words: Vec<u16> = lanes_of(&[key], pair.identity.words_of_key()).collect();
    let patterns = pair.device.held().patterns as u64;
    match random.below(10) {
        0..=2 => Request::Store { words },
        3 | 4 => Request::Forget {
            pattern: random.below(patterns + 1) as u16,
            patterns: (patterns + u64::from(random.below(9) == 0)) as u16,
        },
        5 => Request::Find { cues: words },
        6 | 7 => Request::Learn { words },
        _ => Request::Recall { cues: words },
    }
}

/// One part: cycles, or what differs.
fn part(
    number: u64,
    seed: u64,
    built: &Library,
    design: &Design,
    memory: &Memory,
) -> Result<std::result::Result<u64, String>> {
    let mut random = Random(seed << 32 ^ number);
    let mut pair = Pair::new(built, design, memory)?;
    let bases = distinct(40, SHAPE_OF.neurons, 3);
    let mut asked = 0;
    while asked <= PART {
        let requests = match asked {
            PART => pair.whole(),
            _ => vec![request(&mut random, &pair, &bases)],
        };
        for some in requests.chunks(4) {
            let [got, want] = pair.ask(some, asked)?;
            if got != want {
                return Ok(Err(format!("request {asked}, {some:?}: {got:02x?} and not {want:02x?}")));
            }
        }
        asked += 1;
    }
    Ok(Ok(pair.stream.board().cycles()))
}

fn run() -> Result<bool> {
    let a = arguments()?;
    let begun = memory(&SHAPE_OF, distinct(SHAPE_OF.patterns, SHAPE_OF.neurons, 1));
    let room = Room { patterns: ROOM, accumulator_bits: 16, ..Room::NONE };
    let plan =
        Plan::with(&begun, CoreOptions { room: Some(room), learns: true, auto_store: true, ..SHAPE_OF.hardware() })?;
    let top = Top::Board { clock: 16_000_000, uart_divider: 16, pll: None, pins: Pins::default(), link: Link::Spi };
    let design = emit(&plan, top, &folder::hash(&begun))?;
    let hash: String = Sha256::digest(&design.verilog).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let line = |number: u64| format!("{} {number} {hash} equal", a.seed);
    let known = a.record.as_ref().and_then(|path| std::fs::read_to_string(path).ok()).unwrap_or_default();
    let known: BTreeSet<&str> = known.lines().collect();
    let mut record = match &a.record {
        Some(path) => Some((
            path,
            OpenOptions::new().create(true).append(true).open(path).map_err(|e| Error::io("write", path, e))?,
        )),
        None => None,
    };
    let built = Library::build(&design, Waveform::Off)?;
    let (mut equal, mut resumed, mut differing, mut cycles, start) = (0, 0, 0, 0, Instant::now());
    for number in a.only.map_or(0..a.requests.div_ceil(PART), |number| number..number + 1) {
        if known.contains(line(number).as_str()) {
            (equal, resumed) = (equal + 1, resumed + 1);
            continue;
        }
        match part(number, a.seed, &built, &design, &begun)? {
            Ok(took) => {
                (equal, cycles) = (equal + 1, cycles + took);
                if let Some((path, file)) = &mut record {
                    writeln!(file, "{}", line(number)).map_err(|e| Error::io("write", path, e))?;
                }
            }
            Err(what) => {
                differing += 1;
                println!("part {number} DIFFERS: {what}");
                println!(
                    "again: cargo run --release -p hopgate-sim --example learning -- --seed {} --only {number}",
                    a.seed
                );
            }
        }
    }
    println!(
        "{} requests equal in {equal} parts, {differing} parts differ; {resumed} parts were recorded by former runs; {:.3} Gcycles in {:.0} s",
        equal * PART,
        cycles as f64 / 1e9,
        start.elapsed().as_secs_f64()
    );
    Ok(differing == 0)
}

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(e) => {
            eprintln!("{e}{}", e.help_text().map(|h| format!("\n{h}")).unwrap_or_default());
            ExitCode::FAILURE
        }
    }
}
