//! The framed link at the pins of a simulated board, byte for byte against the device in software.

use crate::twins::{Twins, hex, load, memory, recalls};
use hopgate_files::folder;
use hopgate_hdl::{CoreOptions, Readout, Room, blocks::link::error};
use hopgate_host::device::Device;
use hopgate_model::{
    bits::BitMatrix,
    kernel,
    memory::{Memory, Parts},
    noise,
};
use hopgate_wire::{
    frame,
    layout::Layout,
    page::{self, Identity},
    protocol::Region,
    request::{Request, SelfTest},
};

#[test]
fn the_page_is_what_the_host_reads() {
    let memory = memory(37, 20, 0.1, 1);
    let mut twins = Twins::new(&memory, CoreOptions { room: Some(Room::default()), ..CoreOptions::default() });
    twins.ask(&Request::Read { region: Region::Page, address: 0, count: 128 }, 1);
    for address in 0..40 {
        let cues = noise::cues(memory.patterns(), 1, 0.1, address);
        let cue = twins.words_of(cues.row(0));
        twins.ask(&Request::Recall { cues: cue }, address as u8);
    }
}

/// Shapes that a load must get right: banks, planes, slots, an offset, fewer neurons.
fn parts(neurons: usize, patterns: usize, planes: usize, offset: f64, seed: u64) -> Memory {
    let patterns = noise::random(patterns, neurons, seed);
    let weights: Vec<f64> = (0..planes).map(|j| f64::from(1u32 << j)).collect();
    let columns = kernel::columns(neurons, 0.2, &weights, offset, 8);
    let mut all: Vec<BitMatrix> =
        (0..planes as u64).map(|j| noise::random(patterns.rows(), neurons, seed + 100 + j)).collect();
    if offset == 0.0 {
        all[planes - 1] = patterns.clone();
    }
    Memory::new(Parts { planes: all, kernel: columns.weights, offset: columns.offset, ..Parts::of(patterns) }).unwrap()
}

/// A self-test, and all that it counted.
pub fn self_test(twins: &mut Twins, test: SelfTest) {
    let done = twins.ask(&Request::SelfTest(test), 5)[1] & 0xf == 4;
    twins.ask(&Request::Read { region: Region::Page, address: 128, count: 128 }, 6);
    // what was compared is worth comparing
    assert!(!done || twins.device.counters().recalls == u32::from(test.recalls));
}

fn check_loads(built_in: Memory, other: Memory, options: CoreOptions) {
    let mut twins = Twins::new(&built_in, options);
    recalls(&mut twins, &built_in, 10);
    load(&mut twins, &other, 77, true);
    recalls(&mut twins, &other, 30);
    load(&mut twins, &built_in, 78, false);
    recalls(&mut twins, &built_in, 10);
    twins.ask(&Request::Read { region: Region::Page, address: 0, count: 256 }, 200);
}

#[test]
#[ignore = "make full: into two banks is in make test"]
fn loads() {
    let room = Room { accumulator_bits: 16, ..Room::default() };
    check_loads(
        memory(37, 20, 0.1, 1),
        memory(37, 90, 0.3, 2),
        CoreOptions { room: Some(room), ..CoreOptions::default() },
    );
}

#[test]
#[ignore = "make full: the table of pairs has such"]
fn loads_two_banks_two_planes_two_slots() {
    let room = Room { accumulator_bits: 16, ..Room::default() };
    let options = CoreOptions { parallel: 2, fold: 2, room: Some(room), ..CoreOptions::default() };
    check_loads(parts(50, 33, 2, 0.0, 1), parts(41, 20, 1, 0.0, 2), options);
}

#[test]
#[ignore = "make full: the table of pairs has an offset"]
fn loads_an_offset() {
    let room = Room { accumulator_bits: 16, ..Room::default() };
    let options = CoreOptions { room: Some(room), ..CoreOptions::default() };
    check_loads(parts(20, 13, 2, 0.4, 1), parts(20, 25, 2, -0.3, 2), options);
}

#[test]
#[ignore = "make full: into two banks is in make test"]
fn nonsense_can_be_loaded_into_a_list() {
    let readout = Readout::Ranked { most: 3, within: Some(4) };
    let options = CoreOptions { parallel: 2, readout, room: Some(Room::default()), ..CoreOptions::default() };
    check_nonsense(memory(20, 12, 0.1, 1), options);
}

#[test]
#[ignore = "make full: 12 s; the table of pairs has boards with a self-test"]
fn self_tests_count_what_the_software_predicts() {
    let room = Room { accumulator_bits: 16, ..Room::default() };
    let one_lane = CoreOptions { room: Some(room), ..CoreOptions::default() };
    check_self_tests(memory(16, 5, 0.1, 1), memory(9, 12, 0.3, 2), one_lane);
    let folded = CoreOptions { parallel: 2, fold: 2, room: Some(room), ..CoreOptions::default() };
    check_self_tests(parts(50, 33, 2, 0.0, 1), parts(41, 20, 1, 0.0, 2), folded);
    let four = CoreOptions { parallel: 4, readout: Readout::Nearest, room: Some(room), ..CoreOptions::default() };
    check_self_tests(memory(37, 30, 0.1, 1), memory(33, 7, 0.1, 2), four);
}

#[test]
#[ignore = "make full: a self-test is in make test"]
fn counters_carry_into_their_second_word() {
    let mut twins =
        Twins::new(&memory(16, 5, 0.1, 1), CoreOptions { room: Some(Room::default()), ..CoreOptions::default() });
    self_test(&mut twins, SelfTest { recalls: 10_000, first: 0, flips: 255, seed: 3 });
    let counted = twins.device.counters();
    assert!(counted.cycles > 8 << 16 && counted.wrong_neurons > 1 << 16, "{counted:?}");
}

fn check_self_tests(built_in: Memory, other: Memory, options: CoreOptions) {
    let mut twins = Twins::new(&built_in, options);
    assert!(twins.identity.self_test);
    let asked = |recalls, first, flips, seed| SelfTest { recalls, first, flips, seed };
    self_test(&mut twins, asked(3, 0, 0, 1));
    self_test(&mut twins, asked(40, 2, 60, 0));
    recalls(&mut twins, &built_in, 3);
    self_test(&mut twins, asked(30, 1, 255, 0x8765_4321));
    for wrong in [asked(0, 0, 1, 1), asked(1, 33, 1, 1), asked(1, 0, 256, 1), asked(0xffff, 0xffff, 0xffff, 1)] {
        self_test(&mut twins, wrong);
    }
    load(&mut twins, &other, 9, false);
    self_test(&mut twins, asked(60, 3, 40, 0xdead_beef));
    twins.ask(&Request::Write { region: Region::Page, address: page::BEGIN as u16, words: vec![10] }, 0);
    self_test(&mut twins, asked(60, 3, 40, 1)); // a load has begun: refused
    self_test(&mut twins, asked(60, 3, 400, 1));
}

#[test]
#[ignore = "make full: 6 s; the table of pairs has boards without"]
fn a_self_test_can_be_left_out() {
    let (built_in, other) = (memory(20, 12, 0.1, 1), memory(18, 7, 0.1, 2));
    let options = CoreOptions { room: Some(Room::default()), self_test: false, ..CoreOptions::default() };
    let mut twins = Twins::new(&built_in, options);
    assert!(!twins.identity.self_test && !twins.identity.fixed);
    self_test(&mut twins, SelfTest { recalls: 3, first: 0, flips: 9, seed: 1 });
    load(&mut twins, &other, 9, true);
    recalls(&mut twins, &other, 10);
}

#[test]
#[ignore = "make full: boards that are loaded are in make test"]
fn a_fixed_board_recalls_and_refuses_everything_else() {
    let memory = memory(20, 12, 0.1, 1);
    let top = CoreOptions::default();
    let mut twins = Twins::new(&memory, top);
    recalls(&mut twins, &memory, 5);
    for region in [Region::Page, Region::Kernel, Region::Threshold, Region::Rows(0)] {
        for address in [0, 64, 96] {
            twins.ask(&Request::Read { region, address, count: 2 }, 4);
            twins.ask(&Request::Write { region, address, words: vec![1, 2] }, 5);
        }
    }
}

#[test]
#[ignore = "make full: the table of pairs has SPRAM"]
fn rows_in_spram_are_there_once_they_were_loaded() {
    let (built_for, other) = (memory(37, 20, 0.1, 1), memory(30, 90, 0.3, 2));
    let room = Room { accumulator_bits: 16, ..Room::default() };
    let options = CoreOptions { room: Some(room), sprams: 2, ..CoreOptions::default() };
    let mut twins = Twins::new(&built_for, options);
    assert!(twins.identity.empty);
    twins.ask(&Request::Read { region: Region::Page, address: 0, count: 128 }, 1);
    let numbers = twins.ask(&Request::Read { region: Region::Page, address: page::BEGIN as u16, count: 2 }, 2);
    let mut decoder = frame::Decoder::new(8);
    let words = numbers.iter().find_map(|&b| decoder.push(b)).unwrap().unwrap();
    assert_eq!(words[1..], [1, 0], "begun, and not committed");
    let cues = vec![0; twins.identity.lanes()];
    let refused = twins.ask(&Request::Recall { cues }, 3);
    assert_eq!(refused[..4], [4, 0x90, 3, 9], "a recall before a load is an error");
    load(&mut twins, &built_for, 77, true);
    recalls(&mut twins, &built_for, 20);
    load(&mut twins, &other, 78, true);
    recalls(&mut twins, &other, 30);
}

/// A generator of bytes.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 20) % n
    }
}

/// Requests of every kind and none, right and wrong, whole and mutilated.
fn any_frame(random: &mut Random, lanes: u64) -> Vec<u8> {
    let mut words = vec![random.below(0x10000) as u16];
    if random.below(8) > 0 {
        words[0] = (random.below(256) << 8 | 0x10 | random.below(5)) as u16;
    }
    let target = [random.below(4), random.below(4) | 0x100, random.below(0x10000)][random.below(3) as usize];
    let address = [random.below(130), random.below(1024), 64, 96, 97, random.below(0x10000)][random.below(6) as usize];
    let count = [random.below(4), lanes, random.below(300), 1][random.below(4) as usize];
    match random.below(4) {
        0 => words.extend((0..random.below(4) * lanes).map(|_| random.below(0x10000) as u16)),
        1 => words.extend([target as u16, address as u16, count as u16]),
        2 => {
            words.extend([target as u16, address as u16]);
            words.extend((0..count.min(40)).map(|_| random.below(4) as u16));
        }
        _ => words.extend((0..random.below(300)).map(|_| random.below(0x10000) as u16)),
    }
    if words.len() > 1 && words[0] & 0xf == 4 {
        words[1] &= 0x3f; // a self-test may take its time, but not this test's
    }
    let mut bytes = frame::encode(&words);
    match random.below(6) {
        0 => {
            let at = random.below(bytes.len() as u64) as usize;
            bytes[at] ^= 1 << random.below(8);
        }
        1 => drop(bytes.remove(random.below(bytes.len() as u64) as usize)),
        2 => bytes.insert(random.below(bytes.len() as u64) as usize, random.below(256) as u8),
        _ => {}
    }
    bytes.push(0); // wherever the receiver is, it starts anew
    bytes
}

/// How often something random is tried: more often where the environment says so.
fn times(name: &str, usual: usize) -> usize {
    std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(usual)
}

#[test]
fn an_interrupted_load_leaves_the_old_memory_or_none() {
    let (old, new) = (memory(37, 20, 0.1, 1), memory(37, 25, 0.3, 2));
    let room = Room { accumulator_bits: 16, ..Room::default() };
    let mut twins = Twins::new(&old, CoreOptions { room: Some(room), ..CoreOptions::default() });
    let cue = twins.words_of(noise::cues(new.patterns(), 1, 0.2, 3).row(0));
    let answer = |m: &Memory| {
        let identity = twins.identity.clone();
        Device::with(identity, m).unwrap().answer(&Request::Recall { cues: cue.clone() }).encode(7)
    };
    let (by_old, by_new) = (answer(&old), answer(&new));
    assert_ne!(by_old, by_new, "the answer tells which memory it is of");
    let write = |at: usize, word: u16| Request::Write { region: Region::Page, address: at as u16, words: vec![word] };
    let mut random = Random(0x3333_5678_9abc_def1);
    let (mut refused, mut answered) = (0, [0, 0]);
    for turn in 0..times("HOPGATE_LOADS", 8) {
        // the memory that the board holds now, or held last, and the other one
        let number = 2 * turn as u16 + 1;
        let begin = frame::encode(&write(page::BEGIN, number).encode(1));
        let writes = Layout::of(&new, folder::digest(&new), &twins.identity).unwrap().writes(&twins.identity);
        let mut bytes = begin.clone();
        bytes.extend(writes.iter().flat_map(|w| frame::encode(&w.encode(2))));
        bytes.extend(frame::encode(&write(page::COMMIT, number).encode(3)));
        let end = match turn % 8 {
            0 => random.below(begin.len() as u64) as usize,
            1 => bytes.len(),
            _ => random.below(bytes.len() as u64) as usize,
        };
        bytes.truncate(end);
        bytes.push(0);
        for portion in bytes.chunks(200) {
            twins.send(portion, "part of a load");
        }
        let got = twins.ask(&Request::Recall { cues: cue.clone() }, 7);
        match got {
            g if g == frame::encode(&by_old) => answered[0] += 1,
            g if g == frame::encode(&by_new) => answered[1] += 1,
            g => {
                assert_eq!(g[..4], [4, 0x90, 7, 9], "an answer of neither memory: {}", hex(&g));
                refused += 1;
            }
        }
        // the old one again
        load(&mut twins, &old, number + 1, false);
    }
    assert!(refused > 0 && answered[0] > 0 && answered[1] > 0, "{refused} refused, {answered:?} answered");
    println!("{refused} refused, {} answered by the old memory, {} by the new one", answered[0], answered[1]);
}

#[test]
#[ignore = "make full: compiled anew"]
fn a_bank_that_no_board_has_is_out_of_range_after_all_else() {
    let memory = memory(37, 20, 0.1, 1);
    let mut twins = Twins::new(&memory, CoreOptions { room: Some(Room::default()), ..CoreOptions::default() });
    for words in [vec![1; 13], vec![1; 3]] {
        twins.ask(&Request::Write { region: Region::Rows(0x30), address: 0, words }, 1);
    }
    for target in [0x0100, 0x3001, 0x0400, 0x0004, 0x3003] {
        twins.send(&frame::encode(&[0x0211, target, 0, 3]), "an odd target");
    }
}

#[test]
#[ignore = "make full: half of a minute; wrong requests are in make test"]
fn any_bytes_are_answered_alike() {
    let memory = memory(37, 20, 0.1, 1);
    let mut twins = Twins::new(&memory, CoreOptions { room: Some(Room::default()), ..CoreOptions::default() });
    let mut random = Random(0x1234_5678_9abc_def1);
    for _ in 0..times("HOPGATE_FRAMES", 600) {
        let bytes = any_frame(&mut random, 3);
        twins.send(&bytes, "any frame");
    }
    twins.ask(&Request::Read { region: Region::Page, address: 0, count: 128 }, 1);
}

#[test]
#[ignore = "make full: boards that are loaded are in make test"]
fn the_window_is_enough_for_a_host_that_heeds_it() {
    // as many recalls at once as the window takes, again and again: none is refused
    let memory = memory(37, 20, 0.1, 1);
    let mut twins = Twins::new(&memory, CoreOptions { room: Some(Room::default()), ..CoreOptions::default() });
    let cues = noise::random(400, 37, 5);
    let mut q = 0;
    for _ in 0..4 {
        let (mut bytes, mut used) = (Vec::new(), 0);
        loop {
            let request = Request::Recall { cues: twins.words_of(cues.row(q)) };
            if used + request.cost() > twins.identity.window {
                break;
            }
            used += request.cost();
            bytes.extend(frame::encode(&request.encode(q as u8)));
            q += 1;
        }
        twins.send(&bytes, "a window's worth");
    }
}

/// Whatever is loaded, twins answer alike: anything in every region, and every size at its limits and beyond.
pub fn check_nonsense(memory: Memory, options: CoreOptions) {
    let mut twins = Twins::new(&memory, options);
    let page = |at: usize, words: Vec<u16>| Request::Write { region: Region::Page, address: at as u16, words };
    let layout = Layout::of(&memory, folder::digest(&memory), &twins.identity).unwrap();
    let Identity { groups, parallel, stride, nearest, ranks, .. } = twins.identity.clone();
    let nearest = nearest && ranks == 0;
    let good = [groups - 1, 0, stride, 7, 0].map(|n| n as u16);
    let mut random = Random(0x2222_5678_9abc_def1);
    let mut anything = |n: u64| random.below(n) as u16;
    // number, value, and whether a core has such a size; a search has no use for the last three
    let largest = [groups - 1, parallel - 1, stride, 255, 1].map(|n| n as u16);
    let beyond = |s: usize, n: u16| (s, n, nearest && s > 1);
    let mut sizes: Vec<(usize, u16, bool)> = vec![beyond(3, 0)];
    for (s, &n) in largest.iter().enumerate() {
        sizes.extend([(s, n, true), beyond(s, n + 1), beyond(s, n + 1 + anything(0x8000)), beyond(s, 0xffff)]);
        sizes.extend([(s, u16::from(s == 3), true), beyond(s, 0x4000 | n)]);
    }
    for (number, &(size, value, fits)) in (1..).zip(&sizes) {
        twins.ask(&page(page::BEGIN, vec![number]), 1);
        for request in layout.writes(&twins.identity) {
            let Request::Write { region, address, words } = request else { panic!("a load writes") };
            // rows and tables stay what they are: the sizes are what is tried
            if region != Region::Page && number <= 3 {
                let words = words.iter().map(|_| anything(0x10000)).collect();
                twins.ask(&Request::Write { region, address, words }, 2);
            }
        }
        let mut words = good;
        words[size] = value;
        twins.ask(&page(page::HELD, words.to_vec()), 3);
        let committed = twins.ask(&page(page::COMMIT, vec![number]), 4);
        let header = 0x0480 | u16::from(twins.identity.version()) << 4;
        let refused = frame::encode(&[header, error::RANGE as u16, 0]);
        assert_eq!(committed == refused, !fits, "word {} is {value}", page::HELD + size);
        if !fits {
            twins.ask(&Request::SelfTest(SelfTest { recalls: 1, first: 0xffff, flips: 0, seed: 1 }), 5);
            // a size that is put right can be committed
            twins.ask(&page(page::HELD + size, vec![good[size]]), 6);
            assert_ne!(twins.ask(&page(page::COMMIT, vec![number]), 4), refused);
        }
        for _ in 0..3 {
            let cues = (0..twins.identity.words_of_key()).map(|_| anything(0x10000)).collect();
            twins.ask(&Request::Recall { cues }, 7);
        }
    }
    twins.ask(&Request::Read { region: Region::Page, address: 0, count: 128 }, 1);
}

#[test]
#[ignore = "make full: into two banks is in make test"]
fn nonsense_can_be_loaded() {
    let room = Room { accumulator_bits: 14, ..Room::default() };
    check_nonsense(parts(20, 12, 1, 0.0, 1), CoreOptions { room: Some(room), ..CoreOptions::default() });
}

#[test]
#[ignore = "make full: loads of memories are in make test"]
fn nonsense_can_be_loaded_into_two_banks_two_planes_two_slots() {
    let room = Room { accumulator_bits: 16, ..Room::default() };
    let options = CoreOptions { parallel: 2, fold: 2, room: Some(room), ..CoreOptions::default() };
    check_nonsense(parts(37, 20, 2, -1.0, 1), options);
}

#[test]
#[ignore = "make full: into two banks is in make test"]
fn nonsense_can_be_loaded_into_a_search() {
    let options =
        CoreOptions { parallel: 4, readout: Readout::Nearest, room: Some(Room::default()), ..CoreOptions::default() };
    check_nonsense(memory(20, 12, 0.1, 1), options);
}
