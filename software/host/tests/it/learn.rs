//! The device in software that learns, against the model: 10,000 stores, forgets, recalls and loads in random order.

use hopgate_files::folder;
use hopgate_host::device::{Build, Device};
use hopgate_model::{
    bits::BitMatrix,
    kernel::KernelMode,
    kind::Kind,
    learn::{Learner, Recognition, Stored},
    memory::{Memory, Parts},
    noise, reference,
};
use hopgate_wire::{
    layout::{Layout, lanes_of},
    page::{ANY_CLASS, CONVERGED, FULL, INFO_WORDS, Identity, NEAR, STORED, UNCERTAIN, UNKNOWN},
    protocol::Code,
    reply::Reply,
    request::Request,
};
use rand::Rng;

const ROOM: usize = 12;

fn memory(kind: Kind, patterns: usize, radius: u32, mode: KernelMode, seed: u64) -> Memory {
    let patterns = noise::random(patterns, 19, seed);
    let classes = BitMatrix::from_fn(patterns.rows(), 5, |mu, c| mu % 5 == c);
    let plane = if kind == Kind::Class { classes } else { patterns.clone() };
    let kernel = vec![(0..=19).map(|e: u32| if e < 7 { 200 >> e } else { 0 }).collect()];
    let parts = Parts { kind, planes: vec![plane], kernel, kernel_mode: mode, radius, ..Parts::of(patterns) };
    Memory::new(parts).unwrap()
}

/// A board that learns, with room for a few patterns.
fn board(memory: &Memory) -> Device {
    let built = Build::of(memory).identity();
    let rows = if built.valued() { ROOM } else { 0 };
    let identity = Identity {
        learns: true,
        auto_store: true,
        radius: true,
        self_test: false,
        patterns: ROOM,
        groups: ROOM,
        depth: ROOM,
        value_rows: rows,
        stride: 20,
        accumulator_bits: 14,
        ..built
    };
    Device::with(identity, memory).unwrap()
}

fn words(device: &mut Device, request: &Request) -> Result<Vec<u16>, Code> {
    match device.answer(request) {
        Reply::Done { words, .. } => Ok(words),
        Reply::Error { code, .. } => Err(code),
    }
}

/// The three words that a STORE is answered with, as the model has them.
fn check_store(said: &[u16], before: &Learner, stored: Stored) {
    let status = said[0] & (NEAR | STORED | FULL);
    match stored {
        Stored::New(_) => assert_eq!(status & !NEAR, STORED),
        Stored::Full => assert_eq!(status, FULL),
        Stored::Known(mu) => assert_eq!((status, usize::from(said[1])), (NEAR, mu)),
    }
    assert!(before.patterns() > 0 || matches!(stored, Stored::New(0)));
}

fn check_recall(said: &[u16], learner: &Learner, memory: &Memory, cue: &[u64]) {
    let answer = reference::recall(memory, cue);
    let [status, nearest, distance] = *said.last_chunk().unwrap();
    assert_eq!((usize::from(nearest), u32::from(distance)), (answer.nearest, answer.distance));
    assert_eq!(u32::from(status & 0x3ff), answer.steps);
    assert_eq!(status & CONVERGED != 0, answer.converged);
    match answer.ranking {
        Some(ranking) => {
            assert_eq!(usize::from(said[0]), ranking.class);
            let recognition = learner.recognise(cue);
            assert_eq!(status & UNKNOWN != 0, recognition == Recognition::Unknown);
            assert!(
                recognition == Recognition::Unknown
                    || (status & UNCERTAIN != 0) == (recognition == Recognition::Uncertain)
            );
        }
        None => assert_eq!(said[..2], lanes_of(&answer.state, 2).collect::<Vec<_>>()),
    }
}

fn interleaved(kind: Kind, radius: u32, mode: KernelMode, times: usize) -> usize {
    let begun = memory(kind, 4, radius, mode, 1);
    let (mut device, mut learner) = (board(&begun), Learner::new(&begun, ROOM).unwrap());
    let mut random = noise::rng(9, 77);
    let mut seen = [0; 7];
    for turn in 0..times {
        let key = match learner.memory() {
            Ok(memory) if random.random_bool(0.6) => {
                let mu = random.random_range(0..memory.patterns().rows());
                noise::cues(&memory.patterns().select(&[mu]), 1, 0.08, turn as u64)
            }
            _ => noise::random(1, 19, 5000 + turn as u64),
        };
        let class = (kind == Kind::Class).then(|| random.random_range(0..5));
        match random.random_range(0..12) {
            0..5 => {
                let words_of = class.map(|c| c as u16).into_iter().chain(lanes_of(key.row(0), 2)).collect();
                let said = words(&mut device, &Request::Store { words: words_of }).unwrap();
                let before = learner.clone();
                let stored = learner.store(key.row(0), class).unwrap();
                check_store(&said, &before, stored);
                seen[match stored {
                    Stored::New(_) => 0,
                    Stored::Known(_) => 1,
                    Stored::Full => 2,
                }] += 1;
            }
            5..7 if learner.patterns() > 0 => {
                let (pattern, patterns) = (random.random_range(0..learner.patterns()), learner.patterns() as u16);
                let forget = |pattern, patterns| Request::Forget { pattern, patterns };
                assert_eq!(words(&mut device, &forget(pattern as u16, patterns + 1)), Err(Code::Order));
                assert_eq!(words(&mut device, &forget(patterns, patterns)), Err(Code::Range));
                assert_eq!(words(&mut device, &forget(pattern as u16, patterns)), Ok(vec![]));
                learner.forget(pattern).unwrap();
            }
            10 | 11 => {
                // of its class, or of a free one
                let class = class.filter(|_| random.random_bool(0.5));
                let named = (kind == Kind::Class).then(|| class.map_or(ANY_CLASS, |c| c as u16));
                let words_of = named.into_iter().chain(lanes_of(key.row(0), 2)).collect();
                let said = words(&mut device, &Request::Learn { words: words_of }).unwrap();
                let (before, free) = (learner.clone(), learner.free_class());
                let stored = learner.learn(key.row(0), class).unwrap();
                if let Ok(memory) = before.memory() {
                    let mut of_a_recall = said.clone();
                    let status = said.len() - INFO_WORDS;
                    of_a_recall[status] &= !(STORED | FULL);
                    check_recall(&of_a_recall, &before, &memory, key.row(0));
                }
                let status = said[said.len() - INFO_WORDS] & (STORED | FULL);
                let (want, at) = match stored {
                    Stored::New(_) => (STORED, 4),
                    Stored::Known(_) => (0, 5),
                    Stored::Full => (FULL, 6),
                };
                assert_eq!(status, want);
                seen[at] += 1;
                if let (Stored::New(mu), Kind::Class) = (stored, kind) {
                    let class = class.or(free).unwrap();
                    assert_eq!(device.stored_value(mu), [1 << class], "turn {turn}");
                }
            }
            9 if turn % 7 == 0 => {
                device.put(&Layout::of(&begun, folder::digest(&begun), device.identity()).unwrap());
                learner = Learner::new(&begun, ROOM).unwrap();
            }
            _ => {
                let said = words(&mut device, &Request::Recall { cues: lanes_of(key.row(0), 2).collect() });
                match learner.memory() {
                    Ok(memory) => check_recall(&said.unwrap(), &learner, &memory, key.row(0)),
                    Err(_) => assert_eq!(said, Err(Code::Invalid)),
                }
                seen[3] += 1;
            }
        }
        assert_eq!(device.held().patterns, learner.patterns());
        if let (0, Ok(memory)) = (turn % 10, learner.memory()) {
            for mu in 0..learner.patterns() {
                assert_eq!(device.stored_row(mu), lanes_of(memory.patterns().row(mu), 2).collect::<Vec<_>>());
            }
        }
    }
    // within a radius of all distances nothing is unknown
    let learnt = if radius < 19 { &seen[4..6] } else { &seen[5..6] };
    assert!(seen[..4].iter().all(|&n| n > times / 90) && learnt.iter().all(|&n| n > 8), "{seen:?}");
    seen[6]
}

#[test]
fn ten_thousand_requests() {
    let full = interleaved(Kind::Class, 3, KernelMode::Normalised, 4000);
    assert!(full > 9, "no room, or no free class: {full}");
    interleaved(Kind::Class, 5, KernelMode::Fixed, 2000);
    interleaved(Kind::Auto, 2, KernelMode::Normalised, 3000);
    interleaved(Kind::Auto, 19, KernelMode::Normalised, 1000);
}
