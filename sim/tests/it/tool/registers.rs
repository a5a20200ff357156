//! A core behind the registers of either bus: every kind, requests against the device in software, recalls and requests in turn, and
//! interrupts.

use super::{learn::interleaved_behind, wrappers::WIDTHS};
use crate::pairs::TABLE;
use crate::twins::{Twins, load, recalls};
use hopgate_hdl::{CoreOptions, Design, Plan, Room, Top, emit};
use hopgate_model::{kind::Kind, memory::Memory};
use hopgate_sim::{
    Cues, Library, Waveform,
    bench::Registers,
    library,
    suite::{self, SHAPE, Shape, distinct, masks},
    words, wrapped,
};
use hopgate_wire::{
    page::held,
    protocol::Region,
    registers::{self, number, option, status},
    request::Request,
};

const CLOCK: u32 = 16_000_000;

fn buses(requests: bool) -> [Top; 2] {
    [Top::Axil { clock: CLOCK, requests, streams: false }, Top::Wishbone { clock: CLOCK, requests, streams: false }]
}

fn open(plan: &Plan, top: Top) -> (Library, Registers) {
    let design = emit(plan, top, "test").unwrap();
    library::lint(&design).unwrap();
    let library = Library::build(&design, Waveform::Off).unwrap();
    let bus = Registers::open(&library).unwrap();
    (library, bus)
}

/// Recalls by registers, held back now and then; what they say is what the reference does.
fn recall(bus: &mut Registers, plan: &Plan, memory: &Memory, count: usize) {
    let cues = suite::cues(memory.patterns(), count);
    let known = masks(count, cues.cols());
    let asked = Cues { bits: &cues, known: plan.masks.then_some(&known) };
    for q in 0..count {
        bus.hold([0, 3][q % 2]);
        let cue = asked.row(q);
        let want = words::expected(memory, cue, plan.readout);
        assert_eq!(bus.exchange(&cue.words(plan), plan).unwrap(), want, "cue {q}");
    }
}

fn shape(kind: Kind) -> Shape {
    let max_steps = if kind == Kind::Sequence { 4 } else { SHAPE.max_steps };
    Shape { kind, neurons: 37, patterns: 21, outputs: 19, radius: Some(9), max_steps, ..SHAPE }
}

#[test]
fn axil_registers() {
    of_kinds(&[Kind::Sequence, Kind::Class]);
}

#[test]
#[ignore = "make full: the kinds that are not in the test above"]
fn axil_registers_of_other_kinds() {
    of_kinds(&[Kind::Auto, Kind::Map]);
}

fn of_kinds(kinds: &[Kind]) {
    for &kind in kinds {
        let shape =
            Shape { masks: kind == Kind::Map, parallel: if kind == Kind::Class { 2 } else { 1 }, ..shape(kind) };
        let (memory, _) = shape.example();
        let plan = Plan::with(&memory, shape.hardware()).unwrap();
        let (_library, mut bus) = open(&plan, buses(false)[0]);
        recall(&mut bus, &plan, &memory, 30);
        let mut read = |register: usize| bus.transfer(register as u8, None, 0).unwrap() as usize;
        assert_eq!(read(number::ID), registers::ID);
        assert_eq!((read(number::CUE_WORDS), read(number::ANSWER_WORDS)), (plan.cue_words(), plan.register_words()));
        let options = Kind::ALL.iter().position(|&k| k == kind).unwrap() | usize::from(plan.masks) << option::MASKS;
        assert_eq!(read(number::OPTIONS), options | registers::MAP << option::MAP);
        assert_eq!((read(number::REQUEST), read(number::REPLY), read(15)), (0, 0, 0));
        // without requests, there are none to make a mistake with
        assert_eq!(read(number::STATUS), 1 << status::READY | 1 << status::DONE);
    }
}

/// A write of less than a word is a mistake, and changes nothing; a mistake is told, and cleared.
#[test]
fn writes_of_bytes() {
    let (memory, _) = shape(Kind::Auto).example();
    let plan = Plan::of(&memory).unwrap();
    for top in buses(false) {
        let (_library, mut bus) = open(&plan, top);
        bus.wait(1 << status::READY).unwrap();
        for bytes in [0, 1, 2, 0xc, 0xe] {
            bus.select(bytes).unwrap();
            bus.transfer(number::CUE as u8, Some(0x1234), 0).unwrap();
            assert_ne!(bus.transfer(0, None, 0).unwrap() & 1 << status::MISTAKE, 0, "{bytes:#x}");
            bus.transfer(0, Some(0), 0).unwrap();
            assert_ne!(bus.transfer(0, None, 0).unwrap() & 1 << status::MISTAKE, 0, "cleared by {bytes:#x}");
            bus.select(3).unwrap();
            bus.transfer(0, Some(0), 0).unwrap();
            assert_eq!(bus.transfer(0, None, 0).unwrap() & 1 << status::MISTAKE, 0);
        }
        recall(&mut bus, &plan, &memory, 3);
    }
}

/// An interrupt comes for what was asked for, once, and goes when it is cleared.
#[test]
fn interrupts() {
    let (memory, cues) = shape(Kind::Auto).example();
    let plan = Plan::of(&memory).unwrap();
    for top in buses(false) {
        let (_library, mut bus) = open(&plan, top);
        let words: Vec<u16> = Cues { bits: &cues, known: None }.row(0).words(&plan);
        let (enable, pending) = (number::ENABLE as u8, number::PENDING as u8);
        let done = 1 << status::DONE;
        bus.exchange(&words, &plan).unwrap();
        assert!(!bus.interrupts().unwrap(), "nothing was enabled");
        assert_eq!(bus.transfer(pending, None, 0).unwrap(), done | 1 << status::ANSWER);
        bus.transfer(enable, Some(0xffff), 0).unwrap();
        assert_eq!(bus.transfer(enable, None, 0).unwrap() as usize, status::EVENTS);
        assert!(bus.interrupts().unwrap(), "what is pending interrupts as soon as it is enabled");
        bus.transfer(enable, Some(done), 0).unwrap();
        bus.transfer(pending, Some(done), 0).unwrap();
        assert_eq!(bus.transfer(pending, None, 2).unwrap(), 1 << status::ANSWER, "the other stays");
        assert!(!bus.interrupts().unwrap());
        bus.ask(&words).unwrap();
        assert!(!bus.interrupts().unwrap(), "not before it is done");
        for _ in 0..plan.answer_words() {
            bus.wait(1 << status::ANSWER).unwrap();
            assert!(!bus.interrupts().unwrap());
            bus.transfer(number::ANSWER as u8, None, 0).unwrap();
        }
        bus.wait(usize::try_from(done).unwrap()).unwrap();
        bus.transfer(pending, None, 2).unwrap();
        assert!(bus.interrupts().unwrap());
        bus.reset(0, false, 0, 1).unwrap();
        assert!(!bus.interrupts().unwrap());
        assert_eq!(bus.transfer(enable, None, 0).unwrap() + bus.transfer(pending, None, 0).unwrap(), 0);
    }
}

/// A reset of any length at any time, over AXI4-Lite (Wishbone's are in `wrappers`): nothing is left of what was before.
#[test]
fn axil_obeys_a_reset_of_any_length_at_any_time() {
    let (memory, cues) = shape(Kind::Auto).example();
    let plan = Plan::of(&memory).unwrap();
    let (_library, mut bus) = open(&plan, buses(false)[0]);
    let words = |q: usize| Cues { bits: &cues, known: None }.row(q).words(&plan);
    let want = words::expected(&memory, cues.row(1).into(), plan.readout);
    let accesses = [(number::STATUS, false), (number::CUE, true), (number::ANSWER, false), (number::STATUS, true)];
    for (turn, width) in (0..90).flat_map(|turn| WIDTHS.map(|width| (turn, width))) {
        let (register, write) = accesses[(turn + width as usize) % 4];
        bus.wait(1 << status::READY).unwrap();
        bus.ask(&words(0)[..(turn % 5).min(3)]).unwrap();
        for _ in 0..turn / 5 {
            bus.transfer(number::NEAREST as u8, None, 0).unwrap();
        }
        if turn > 60 {
            bus.transfer(number::ANSWER as u8, None, 0).unwrap();
        }
        bus.reset(register as u8, write, (turn % 7) as u8, width).unwrap();
        assert_eq!(bus.exchange(&words(1), &plan).unwrap(), want, "turn {turn}, a reset of {width}");
    }
}

/// Loads and recalls by requests, against the device in software, and recalls by registers between them.
fn requests(shape: Shape, room: Room, other: &Shape, top: Top) {
    let (memory, _) = shape.example();
    let options = CoreOptions { room: Some(room), ..shape.hardware() };
    let plan = Plan::with(&memory, options).unwrap();
    let mut twins = Twins::behind(&memory, options, top);
    recalls(&mut twins, &memory, 8);
    recall(twins.bus(), &plan, &memory, 8);
    let loaded = suite::memory(other, distinct(other.patterns, other.neurons, 2));
    load(&mut twins, &loaded, 77, true);
    recalls(&mut twins, &loaded, 8);
    if loaded.neurons() == memory.neurons() && loaded.outputs() == memory.outputs() {
        recall(twins.bus(), &plan, &loaded, 8);
    }
    // a load that has begun: no cue is taken, and a reset changes nothing of that
    let begin = Request::Write { region: Region::Page, address: 96, words: vec![5] };
    twins.ask(&begin, 1);
    let status = |twins: &mut Twins| twins.bus().transfer(0, None, 9).unwrap();
    assert_eq!(status(&mut twins) & 1, 0);
    twins.bus().reset(0, false, 0, 3).unwrap();
    twins.device.press_reset();
    (0..100).for_each(|_| assert_eq!(status(&mut twins) & 1, 0));
    load(&mut twins, &memory, 6, false);
    recall(twins.bus(), &plan, &memory, 3);
    twins.ask(&Request::Read { region: Region::Page, address: 0, count: 128 }, 1);
}

#[test]
fn a_memory_is_loaded_over_axil() {
    let other = Shape { patterns: 30, ..shape(Kind::Class) };
    let room = Room { patterns: 40, accumulator_bits: 16, ..Room::default() };
    requests(shape(Kind::Class), room, &other, buses(true)[0]);
}

#[test]
#[ignore = "make full: the same over AXI4-Lite is in make test"]
fn a_memory_is_loaded_over_wishbone() {
    let shape = Shape { masks: true, ..shape(Kind::Auto) };
    let other = Shape { patterns: 30, neurons: 30, ..shape };
    let room = Room { patterns: 40, accumulator_bits: 18, ..Room::default() };
    requests(shape, room, &other, buses(true)[1]);
}

#[test]
fn patterns_are_stored_over_axil() {
    let shape = Shape { kind: Kind::Class, outputs: 19, neurons: 21, patterns: 9, radius: Some(3), ..SHAPE };
    interleaved_behind(shape, 100, buses(true)[0]);
}

#[test]
#[ignore = "make full: the same over AXI4-Lite is in make test"]
fn patterns_are_stored_over_wishbone() {
    interleaved_behind(Shape { neurons: 37, patterns: 9, radius: Some(2), ..SHAPE }, 100, buses(true)[1]);
}

/// A request that comes while a recall is under way waits for its end, wherever it comes; a cue word that comes during a request is a
/// mistake.
#[test]
#[ignore = "make full: the same over AXI4-Lite is in make test"]
fn recalls_and_requests_take_turns() {
    for (kind, top) in [(Kind::Sequence, buses(true)[0]), (Kind::Auto, buses(true)[1])] {
        let shape = shape(kind);
        let (memory, cues) = shape.example();
        let options = CoreOptions { room: Some(Room::NONE), self_test: false, ..shape.hardware() };
        let plan = Plan::with(&memory, options).unwrap();
        let (_library, mut bus) = open(&plan, top);
        let words = Cues { bits: &cues, known: None }.row(0).words(&plan);
        let want = words::expected(&memory, cues.row(0).into(), plan.readout);
        let read = Request::Read { region: Region::Page, address: held::MAX_STEPS as u16, count: 1 }.encode(7);
        let recall = [&[0x0313], &words[..]].concat();
        for turn in 0..12 {
            bus.wait(1 << status::READY).unwrap_or_else(|e| panic!("turn {turn} of {kind}: {e}"));
            bus.ask(&words[..=turn % words.len()]).unwrap();
            bus.put(&read).unwrap();
            for _ in 0..turn {
                assert_eq!(bus.transfer(0, None, 0).unwrap() as usize & 1 << status::REPLY, 0, "it waits");
            }
            let rest = &words[turn % words.len() + 1..];
            assert_eq!(bus.exchange(rest, &plan).unwrap(), want);
            assert_eq!(bus.reply().unwrap(), [read[0] | 0x80, memory.parts().max_steps as u16]);
            // the other way round
            bus.put(&recall).unwrap();
            bus.transfer(number::CUE as u8, Some(1), turn as u8).unwrap();
            let status = bus.transfer(0, None, 0).unwrap() as usize;
            assert_eq!(status & (1 << status::READY | 1 << status::MISTAKE), 1 << status::MISTAKE);
            bus.transfer(0, Some(0), 0).unwrap();
            assert_eq!(bus.reply().unwrap(), [&[0x0393], &want[..]].concat());
        }
        assert_eq!(bus.transfer(number::REPLY as u8, None, 0).unwrap(), 0);
        assert_ne!(bus.wait(1 << status::MISTAKE).unwrap(), 0, "a reply to nothing");
    }
}

/// Any words as requests: each has one reply, the device in software's, and the next good one is understood.
#[test]
fn any_words_are_answered() {
    let shape = Shape { neurons: 37, patterns: 9, radius: Some(2), ..SHAPE };
    let (memory, _) = shape.example();
    let options = CoreOptions { room: Some(Room::default()), ..shape.hardware() };
    let mut twins = Twins::behind(&memory, options, buses(true)[0]);
    let window = twins.identity.window;
    let mut random = super::framed::Random(77);
    for turn in 0..150 {
        let kind = if turn % 3 == 0 { random.below(0x10000) } else { 0x110 | random.below(8) } as u16;
        let length = [1, 2, 4, 5, 7, 11, 20][turn % 7];
        let rest = (0..length - 1).map(|_| if turn % 2 == 0 { random.below(6) } else { random.below(0x10000) } as u16);
        let words: Vec<u16> = std::iter::once(kind).chain(rest).collect();
        twins.send(&hopgate_wire::frame::encode(&words), &format!("turn {turn}"));
    }
    // more than there is room for
    let bus = twins.bus();
    bus.put(&vec![0x0111; window + 9]).unwrap();
    assert_eq!(bus.reply().unwrap(), [0x0090, 3, 0]);
    recalls(&mut twins, &memory, 3);
}

/// Every kind, masks, rows a cycle, planes and readouts behind what a row's plan has around it: rows of the table of pairs.
pub fn rows(step: usize, around: impl Fn(usize, &Plan) -> Top) {
    for (at, row) in TABLE.iter().step_by(step).enumerate() {
        let (memory, plan) = row.plan().unwrap();
        let Ok(design) = emit(&plan, around(at, &plan), "test") else {
            // where each cue is answered before the next one
            assert!(plan.cues > 1 || plan.cores > 1 || plan.chooses(), "{row:?}");
            continue;
        };
        library::lint(&design).unwrap();
        let library = Library::build(&design, Waveform::Off).unwrap();
        let cues = suite::cues(memory.patterns(), 12);
        let known = masks(12, cues.cols());
        let asked = Cues { bits: &cues, known: plan.masks.then_some(&known) };
        // what is in SPRAM is loaded first
        let found = wrapped::recall(&library, &memory, asked, &|_| ()).unwrap();
        assert_eq!(found.difference, None, "{row:?}");
    }
}

/// In turn over either bus.
fn either(at: usize, plan: &Plan) -> Top {
    buses(plan.loadable)[at % 2]
}

#[test]
#[ignore = "make full: the same over AXI4-Lite is in make test"]
fn some_rows_of_the_table() {
    rows(17, either);
}

#[test]
#[ignore = "make full: all rows"]
fn every_row_of_the_table() {
    rows(1, either);
}

/// What the registers do wrong shows; the proofs have mutants of the buses' rules.
#[test]
#[ignore = "make full: each is compiled anew"]
fn broken_registers_are_found() {
    let mutants = [
        ("r_data$d = port$read;", "r_data$d = 16'h0;"),
        ("free$0 = ", "free$0 = 1'b1 | "),
        ("quiet$0 = ", "quiet$0 = 1'b1 | "),
        ("mine = recalling$0$q;", "mine = 1'b1;"),
        ("committing$d = put & last;", "committing$d = put;"),
        ("ended$d = finish;", "ended$d = 1'b0;"),
    ];
    broken("", "");
    for (from, to) in mutants {
        assert!(emitted().1.verilog.contains(from), "{from}");
        let found = std::panic::catch_unwind(|| broken(from, to));
        assert!(found.is_err(), "{to} was not found");
    }
}

/// What is broken.
fn emitted() -> (Plan, Design) {
    let options = CoreOptions { room: Some(Room::NONE), self_test: false, ..shape(Kind::Auto).hardware() };
    let plan = Plan::with(&shape(Kind::Auto).example().0, options).unwrap();
    let design = emit(&plan, buses(true)[0], "test").unwrap();
    (plan, design)
}

/// Recalls, and requests beside them, with one thing changed in the Verilog.
fn broken(from: &str, to: &str) {
    let (memory, cues) = shape(Kind::Auto).example();
    let (plan, mut design) = emitted();
    design.verilog = design.verilog.replacen(from, to, 1);
    let library = Library::build(&design, Waveform::Off).unwrap();
    let mut bus = Registers::open(&library).unwrap();
    bus.give_up_after(3000);
    let words = Cues { bits: &cues, known: None }.row(0).words(&plan);
    let want = words::expected(&memory, cues.row(0).into(), plan.readout);
    for turn in 0..6 {
        bus.hold(turn);
        bus.ask(&words[..2]).unwrap();
        bus.put(&[&[0x0113], &words[..]].concat()).unwrap();
        assert_eq!(bus.exchange(&words[2..], &plan).unwrap(), want);
        assert_eq!(bus.reply().unwrap()[1..], want);
        bus.put(&[&[0x0113], &words[..]].concat()).unwrap();
        bus.transfer(number::CUE as u8, Some(1), turn).unwrap();
        assert_eq!(bus.reply().unwrap()[1..], want);
        bus.transfer(0, Some(0), 0).unwrap();
    }
}
