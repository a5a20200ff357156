//! A board that stores and forgets: the same bytes as from the device in software, and the memory that the model would have.

use super::framed::Random;
use crate::twins::{Line, Twins, load};
use hopgate_hdl::{CoreOptions, Plan, Readout, Room, Top};
use hopgate_model::{
    bits::BitMatrix,
    kind::Kind,
    learn::{Learner, Stored},
    memory::Memory,
};
use hopgate_sim::{
    suite::{SHAPE, Shape, distinct, memory},
    words,
};
use hopgate_wire::{
    frame,
    page::{self, FULL, NEAR, STORED, held},
    protocol::Region,
    request::Request,
};

/// A board that learns, with the memory that it begins with. Of classes, the planes are one bit a pattern.
fn board(shape: Shape) -> (Twins, Learner) {
    learning(shape, false, Twins::new)
}

fn learning(shape: Shape, auto_store: bool, made: impl Fn(&Memory, CoreOptions) -> Twins) -> (Twins, Learner) {
    let patterns = distinct(shape.patterns, shape.neurons, 1);
    let memory = of_classes(memory(&shape, patterns));
    let options = CoreOptions { room: Some(Room::NONE), learns: true, auto_store, ..shape.hardware() };
    let twins = made(&memory, options);
    assert!(twins.identity.learns && twins.identity.radius);
    let room = twins.identity.patterns;
    (twins, Learner::new(&memory, room).unwrap())
}

fn of_classes(memory: Memory) -> Memory {
    if memory.kind() != Kind::Class {
        return memory;
    }
    let (p, classes) = (memory.patterns().rows(), memory.outputs());
    let planes = vec![BitMatrix::from_fn(p, classes, |mu, c| mu % classes == c)];
    Memory::new(hopgate_model::memory::Parts { planes, ..memory.parts().clone() }).unwrap()
}

/// What a STORE says of a key.
fn store(twins: &mut Twins, learner: &mut Learner, key: &[u64], class: Option<usize>) -> Stored {
    let words = class.map(|c| c as u16).into_iter().chain(twins.words_of(key)).collect();
    let said = twins.ask(&Request::Store { words }, 9);
    let reply = hopgate_wire::reply::Reply::decode(&decoded(&said)).unwrap().1;
    let hopgate_wire::reply::Reply::Done { words, .. } = reply else { panic!("{reply:?}") };
    let before = learner.patterns();
    let want = learner.store(key, class).unwrap();
    let got = match words[0] {
        status if status & STORED != 0 => Stored::New(before),
        status if status & FULL != 0 => Stored::Full,
        status => {
            assert!(status & NEAR != 0);
            Stored::Known(words[1].into())
        }
    };
    assert_eq!(got, want, "{words:x?}");
    got
}

/// What a LEARN says of a cue.
fn learn(twins: &mut Twins, learner: &mut Learner, cue: &[u64], class: Option<usize>) -> Stored {
    let classes = twins.identity.valued();
    let named = classes.then_some(class.map_or(page::ANY_CLASS, |c| c as u16));
    let words = named.into_iter().chain(twins.words_of(cue)).collect();
    let said = decoded(&twins.ask(&Request::Learn { words }, 6));
    let status = said[said.len() - page::INFO_WORDS];
    let (before, free) = (learner.patterns(), learner.free_class());
    let want = learner.learn(cue, class).unwrap();
    let got = match status {
        status if status & STORED != 0 => Stored::New(before),
        status if status & FULL != 0 => Stored::Full,
        _ => Stored::Known(said[said.len() - 2].into()),
    };
    assert_eq!(got, want, "{said:x?}");
    if let (Stored::New(mu), true) = (got, classes) {
        let class = class.or(free).unwrap();
        let count = twins.identity.value_lanes() as u16;
        let read = Request::Read { region: Region::Values, address: mu as u16, count };
        assert_eq!(decoded(&twins.ask(&read, 4))[1 + class / 16], 1 << (class % 16), "the class");
    }
    got
}

fn decoded(bytes: &[u8]) -> Vec<u16> {
    let mut decoder = frame::Decoder::new(300);
    bytes.iter().find_map(|&byte| decoder.push(byte)).unwrap().unwrap()
}

fn forget(twins: &mut Twins, learner: &mut Learner, pattern: usize) {
    let patterns = learner.patterns() as u16;
    twins.ask(&Request::Forget { pattern: pattern as u16, patterns }, 8);
    learner.forget(pattern).unwrap();
}

/// Recalls of the memory that was learnt, as the contract says; of an empty one, a refusal.
fn recalls(twins: &mut Twins, learner: &Learner, cues: &BitMatrix, readout: Readout) {
    for q in 0..cues.rows() {
        let said = decoded(&twins.ask(&twins.recall(cues.row(q), None), 3));
        let words = twins.words_of(cues.row(q));
        match learner.memory() {
            Err(_) => {
                assert_eq!(said[1], 9, "nothing is there");
                if let Line::Bus(bus) = &mut twins.line {
                    assert_eq!(bus.transfer(0, None, 0).unwrap() & 1, 0, "ready to recall from nothing");
                }
            }
            Ok(memory) => {
                let mut want = words::expected(&memory, cues.row(q).into(), readout);
                if learner.recognise(cues.row(q)) == hopgate_model::learn::Recognition::Uncertain {
                    let status = want.len() - 3;
                    want[status] |= page::UNCERTAIN;
                }
                assert_eq!(said[1..], want);
                if let Line::Bus(bus) = &mut twins.line {
                    let plan = Plan::with(&memory, CoreOptions { readout, ..CoreOptions::default() }).unwrap();
                    assert_eq!(bus.exchange(&words, &plan).unwrap(), want, "by registers");
                }
            }
        }
    }
}

/// All that is there is what was learnt, and the page says so.
fn whole(twins: &mut Twins, learner: &Learner) {
    let said = decoded(&twins.ask(&Request::Read { region: Region::Page, address: 64, count: 34 }, 2));
    assert_eq!(usize::from(said[1 + held::PATTERNS - 64]), learner.patterns());
    let lanes = twins.identity.lanes();
    for mu in 0..learner.patterns() {
        let read = Request::Read { region: Region::Rows(0), address: mu as u16, count: lanes as u16 };
        let said = decoded(&twins.ask(&read, 4));
        let memory = learner.memory().unwrap();
        assert_eq!(said[1..], twins.words_of(memory.patterns().row(mu)));
        if memory.kind() == Kind::Class {
            let lanes = twins.identity.value_lanes();
            let read = Request::Read { region: Region::Values, address: mu as u16, count: lanes as u16 };
            let want: Vec<u16> = hopgate_wire::layout::lanes_of(memory.planes()[0].row(mu), lanes).collect();
            assert_eq!(decoded(&twins.ask(&read, 4))[1..], want);
        }
    }
}

/// Random requests: keys near to what is there and far from it, old and new classes, forgotten down to nothing, and loads.
fn interleaved(shape: Shape, count: usize) {
    interleave(shape, count, board(shape));
}

/// The same of a board that stores unknown cues.
fn interleaved_with_cues(shape: Shape, count: usize) {
    interleave(shape, count, learning(shape, true, Twins::new));
}

/// The same over the registers of a bus: recalls, which need no request, come either way.
pub fn interleaved_behind(shape: Shape, count: usize, top: Top) {
    interleave(shape, count, learning(shape, true, |memory, options| Twins::behind(memory, options, top)));
}

fn interleave(shape: Shape, count: usize, (mut twins, mut learner): (Twins, Learner)) {
    let begun = learner.memory().unwrap();
    let mut random = Random(0x1234_5678_9abc_def1 ^ shape.neurons as u64);
    let (mut new, mut known, mut cues) = (0, 0, [0; 2]);
    for turn in 0..count {
        let base = match (random.below(3), learner.memory()) {
            (0, _) | (_, Err(_)) => distinct(1, shape.neurons, 1000 + turn as u64),
            (_, Ok(memory)) => {
                let mu = random.below(memory.patterns().rows() as u64) as usize;
                let flips = random.below(4);
                let mut key = memory.patterns().select(&[mu]);
                for _ in 0..flips {
                    let i = random.below(shape.neurons as u64) as usize;
                    key.set(0, i, !key.get(0, i));
                }
                key
            }
        };
        let class = (shape.kind == Kind::Class).then(|| random.below(shape.outputs as u64) as usize);
        let auto_store = twins.identity.auto_store;
        match random.below(if auto_store { 11 } else { 8 }) {
            8.. => {
                let class = class.filter(|_| random.below(2) == 0);
                // of several steps, nearly every cue ends near some pattern: unless there is none
                while learner.patterns() > 0 && turn % 4 == 0 {
                    forget(&mut twins, &mut learner, 0);
                }
                let stored = learn(&mut twins, &mut learner, base.row(0), class);
                cues[usize::from(matches!(stored, Stored::New(_)))] += 1;
            }
            0..3 => match store(&mut twins, &mut learner, base.row(0), class) {
                Stored::New(_) => new += 1,
                _ => known += 1,
            },
            3 | 4 if learner.patterns() > 0 => {
                let pattern = random.below(learner.patterns() as u64) as usize;
                forget(&mut twins, &mut learner, pattern);
            }
            _ => recalls(&mut twins, &learner, &base, shape.readout),
        }
        if turn % 60 == 40 {
            while learner.patterns() > 0 {
                forget(&mut twins, &mut learner, 0);
            }
            recalls(&mut twins, &learner, &base, shape.readout);
            if turn % 120 == 40 {
                load(&mut twins, &begun, 7 + turn as u16, false);
                learner = Learner::new(&begun, learner.room()).unwrap();
            }
        }
        if turn % 20 == 3 {
            whole(&mut twins, &learner);
        }
    }
    assert!(new > count / 16 && known > count / 32, "{new} {known}");
    assert!(!twins.identity.auto_store || cues.iter().all(|&n| n > count / 20), "{cues:?}");
    // what a FORGET cannot be, and a STORE
    let p = learner.patterns() as u16;
    for (pattern, patterns, code) in [(0, p + 1, 10), (p, p, 8), (p + 3, p + 2, 10), (u16::MAX, p, 8)] {
        let said = decoded(&twins.ask(&Request::Forget { pattern, patterns }, 8));
        assert_eq!(said[1], code, "{pattern} of {patterns}, and there are {p}");
    }
    let words = twins.identity.store_words();
    for wrong in [words - 1, words + 1] {
        assert_eq!(decoded(&twins.ask(&Request::Store { words: vec![1; wrong] }, 8))[1], 6);
    }
    whole(&mut twins, &learner);
}

#[test]
#[ignore = "make full: classes are in make test"]
fn patterns() {
    interleaved(Shape { neurons: 37, patterns: 9, radius: Some(2), ..SHAPE }, 70);
}

#[test]
fn classes() {
    let shape = Shape { kind: Kind::Class, outputs: 19, neurons: 21, patterns: 9, radius: Some(3), ..SHAPE };
    interleaved_with_cues(shape, 90);
}

#[test]
#[ignore = "make full: the same with more of them"]
fn many_of_all() {
    interleaved(Shape { neurons: 37, patterns: 9, radius: Some(2), ..SHAPE }, 400);
    let shape = Shape { kind: Kind::Class, outputs: 19, neurons: 21, patterns: 9, radius: Some(3), ..SHAPE };
    interleaved_with_cues(shape, 500);
    interleaved_with_cues(Shape { neurons: 37, patterns: 9, radius: Some(2), ..SHAPE }, 300);
    // a search answers in one step: so does a memory of one
    let search = Shape { neurons: 16, patterns: 5, radius: Some(2), readout: Readout::Nearest, max_steps: 1, ..SHAPE };
    interleaved_with_cues(search, 200);
    interleaved(Shape { neurons: 16, patterns: 5, readout: Readout::Nearest, ..SHAPE }, 300);
}

/// The page's words of what is there now are told in place of what was written: at the same places a table is read as it is.
#[test]
#[ignore = "make full: a table of more than 64 words wants a larger board"]
fn tables_at_the_places_that_are_told() {
    let shape = Shape { neurons: 80, patterns: 3, radius: Some(2), ..SHAPE };
    let (mut twins, mut learner) = board(shape);
    let read = Request::Read { region: Region::Kernel, address: 60, count: 21 };
    let table = decoded(&twins.ask(&read, 3));
    assert_eq!(table.len(), 22);
    let key = distinct(1, 80, 5);
    assert!(matches!(store(&mut twins, &mut learner, key.row(0), None), Stored::New(_)));
    assert_eq!(decoded(&twins.ask(&read, 3)), table);
    whole(&mut twins, &learner);
}

#[test]
#[ignore = "make full: classes are in make test"]
fn a_search() {
    interleaved(Shape { neurons: 16, patterns: 5, readout: Readout::Nearest, ..SHAPE }, 100);
}

/// Up to the last place, and beyond it.
#[test]
#[ignore = "make full: 12 s; the device in software is full in make test"]
fn a_full_board() {
    let shape = Shape { kind: Kind::Class, outputs: 3, neurons: 16, patterns: 4, radius: Some(0), ..SHAPE };
    let (mut twins, mut learner) = board(shape);
    let keys = distinct(300, 16, 8);
    let mut row = 0;
    while learner.patterns() < learner.room() {
        store(&mut twins, &mut learner, keys.row(row), Some(row % 3));
        row += 1;
    }
    for class in 0..3 {
        assert_eq!(store(&mut twins, &mut learner, keys.row(row), Some(class)), Stored::Full);
        assert!(matches!(store(&mut twins, &mut learner, keys.row(9), Some(class)), Stored::Known(_)));
    }
    recalls(&mut twins, &learner, &keys.select(&[0, row - 1, row]), Readout::Vote);
    let last = learner.patterns() - 1;
    forget(&mut twins, &mut learner, last);
    forget(&mut twins, &mut learner, 0);
    for _ in 0..2 {
        assert!(matches!(store(&mut twins, &mut learner, keys.row(row), Some(1)), Stored::New(_)));
        row += 1;
    }
    recalls(&mut twins, &learner, &keys.select(&[0, row - 1, row]), Readout::Vote);
    whole(&mut twins, &learner);
}

/// How many patterns the hardware alone says that there are, once it has said what it had to say before.
fn count(twins: &mut Twins) -> usize {
    while twins.stream().queued() > 0 {
        twins.stream().run(&[], 10_000, &mut Vec::new()).unwrap();
    }
    // the line is idle for longer than a byte takes: the next one is whole
    twins.stream().run(&[], 5_000, &mut Vec::new()).unwrap();
    let mut got = vec![0];
    while !got.is_empty() {
        got.clear();
        twins.stream().run(&[0], 20_000, &mut got).unwrap();
    }
    let read = Request::Read { region: Region::Page, address: held::PATTERNS as u16, count: 1 };
    twins.stream().run(&frame::encode(&read.encode(1)), 100_000, &mut got).unwrap();
    let said = decoded(&got);
    assert_eq!(said[0], 0x0191, "the reply to a READ: {said:x?} {got:x?}");
    said[1].into()
}

/// The reset button at any cycle of a STORE or FORGET: the memory is that before or that after.
fn interrupted(shape: Shape, times: usize) {
    let (mut twins, mut learner) = board(shape);
    let mut random = Random(0x7777_5678_9abc_def1);
    let mut done = [0, 0];
    for turn in 0..times {
        let mut after = learner.clone();
        let request = if random.below(2) == 0 && learner.patterns() > 1 {
            let pattern = random.below(learner.patterns() as u64 - 1) as usize;
            after.forget(pattern).unwrap();
            Request::Forget { pattern: pattern as u16, patterns: learner.patterns() as u16 }
        } else {
            let key = distinct(1, shape.neurons, 5000 + turn as u64);
            let class = (shape.kind == Kind::Class).then(|| turn % shape.outputs);
            after.store(key.row(0), class).unwrap();
            Request::Store { words: class.map(|c| c as u16).into_iter().chain(twins.words_of(key.row(0))).collect() }
        };
        let bytes = frame::encode(&request.encode(2));
        // most of it after the frame's last byte, when the board works
        let whole_frame = bytes.len() as u64 * 160;
        let cycles = if turn % 4 == 0 { random.below(whole_frame) } else { whole_frame + random.below(400) };
        twins.stream().run(&bytes, cycles, &mut Vec::new()).unwrap();
        twins.stream().press_reset(20);
        twins.device.press_reset();
        let count = count(&mut twins);
        let happened = count == after.patterns() && count != learner.patterns();
        done[usize::from(happened)] += 1;
        if happened {
            twins.device.answer(&request);
            learner = after;
        }
        whole(&mut twins, &learner);
    }
    assert!(done.iter().all(|&n| n > times / 5), "{done:?}");
}

#[test]
fn a_reset_at_any_time() {
    interrupted(Shape { kind: Kind::Class, outputs: 19, neurons: 37, patterns: 4, radius: Some(3), ..SHAPE }, 25);
}

#[test]
#[ignore = "make full: the same with more of them, and without classes"]
fn a_reset_at_any_time_longer() {
    interrupted(Shape { kind: Kind::Class, outputs: 19, neurons: 37, patterns: 4, radius: Some(3), ..SHAPE }, 400);
    interrupted(Shape { neurons: 37, patterns: 4, radius: Some(3), ..SHAPE }, 200);
}
