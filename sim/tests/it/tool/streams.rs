//! A core with registers and streams at once: cues by either in turn, requests between those of the stream, packets of any length, resets.

use hopgate_hdl::{CoreOptions, Design, Plan, Room, Top, emit};
use hopgate_model::kind::Kind;
use hopgate_model::memory::Memory;
use hopgate_sim::{
    Cues, Library, Waveform,
    bench::{Registers, Word},
    library,
    suite::{self, SHAPE, Shape, masks},
    words, wrapped,
};
use hopgate_wire::{
    page::held,
    protocol::Region,
    registers::{number, status, stream},
    request::Request,
};

const CLOCK: u32 = 16_000_000;
const LIMIT: u64 = 200_000;

fn axil(requests: bool) -> Top {
    Top::Axil { clock: CLOCK, requests, streams: true }
}

fn shape(kind: Kind) -> Shape {
    let max_steps = if kind == Kind::Sequence { 4 } else { SHAPE.max_steps };
    Shape { kind, neurons: 37, patterns: 21, outputs: 19, radius: Some(9), max_steps, ..SHAPE }
}

fn built(design: &Design) -> (Library, Registers) {
    library::lint(design).unwrap();
    let library = Library::build(design, Waveform::Off).unwrap();
    let bus = Registers::open(&library).unwrap();
    (library, bus)
}

/// A core of the first kind, that takes requests, with what it is asked and what it must answer.
fn example() -> (Memory, Plan, Vec<Vec<u16>>, Vec<Vec<u16>>) {
    let (memory, cues) = shape(Kind::Auto).example();
    let options = CoreOptions { room: Some(Room::NONE), self_test: false, ..shape(Kind::Auto).hardware() };
    let plan = Plan::with(&memory, options).unwrap();
    let asked = Cues { bits: &cues, known: None };
    let words = (0..cues.rows()).map(|q| asked.row(q).words(&plan)).collect();
    let wants = (0..cues.rows()).map(|q| words::expected(&memory, asked.row(q), plan.readout)).collect();
    (memory, plan, words, wants)
}

fn packet(words: &[u16]) -> Vec<Word> {
    words.iter().enumerate().map(|(i, &word)| (word, i + 1 == words.len())).collect()
}

fn data(got: Vec<Word>) -> Vec<u16> {
    got.into_iter().map(|(word, _)| word).collect()
}

/// Cues of a memory, three of four by the stream, held back at random.
fn recalls(shape: Shape, top: Top) {
    let (memory, _) = shape.example();
    let plan = Plan::with(&memory, shape.hardware()).unwrap();
    let (library, _) = built(&emit(&plan, top, "test").unwrap());
    let cues = suite::cues(memory.patterns(), 40);
    let known = masks(40, cues.cols());
    let asked = Cues { bits: &cues, known: plan.masks.then_some(&known) };
    assert_eq!(wrapped::recall(&library, &memory, asked, &|_| ()).unwrap().difference, None, "{shape:?}");
}

#[test]
fn cues_come_by_registers_and_by_streams() {
    recalls(shape(Kind::Sequence), axil(false));
}

#[test]
#[ignore = "make full: the kind with the most answers is in make test"]
fn cues_of_every_kind_come_by_registers_and_by_streams() {
    recalls(shape(Kind::Class), axil(false));
    recalls(Shape { masks: true, ..shape(Kind::Auto) }, axil(false));
    recalls(Shape { neurons: 9, parallel: 2, ..shape(Kind::Map) }, axil(false));
    recalls(shape(Kind::Auto), Top::Wishbone { clock: CLOCK, requests: false, streams: true });
}

/// What has the core, and what is said of it.
fn turns(design: &Design) {
    let (_, plan, words, wants) = example();
    let (_library, mut bus) = built(design);
    bus.give_up_after(3000);
    let state = |bus: &mut Registers| bus.transfer(number::STREAM as u8, None, 0).unwrap() as usize;
    let status = |bus: &mut Registers| bus.transfer(number::STATUS as u8, None, 0).unwrap() as usize;
    let count = words::count(&plan);
    bus.wait(1 << status::READY).unwrap();
    assert_eq!(state(&mut bus), 0, "cues come by the registers after a reset");
    assert!(bus.packets(&packet(&words[0])[..1], 0, 0, 300).is_err(), "a word is taken by a stream that is off");
    assert_eq!(bus.exchange(&words[0], &plan).unwrap(), wants[0]);
    bus.stream(true).unwrap();
    assert_eq!((state(&mut bus), status(&mut bus) & 1), (1 << stream::ENABLE, 0));
    // a cue by the register is a mistake then, and nothing else
    bus.transfer(number::CUE as u8, Some(0xffff), 0).unwrap();
    assert_ne!(status(&mut bus) & 1 << status::MISTAKE, 0);
    bus.transfer(number::STATUS as u8, Some(0), 0).unwrap();
    // many cues behind each other, and their answers in order
    let many: Vec<Word> = words.iter().flat_map(|words| packet(words)).collect();
    for seed in [0, 5] {
        let got = bus.packets(&many, count * words.len(), seed, 20 * LIMIT).unwrap();
        assert!(got.iter().enumerate().all(|(i, (_, last))| *last == ((i + 1) % count == 0)));
        assert_eq!(data(got), wants.concat());
    }
    // requests wait for the cue that was begun, and go before the next one, which waits until the reply was read
    let read = Request::Read { region: Region::Page, address: held::MAX_STEPS as u16, count: 1 }.encode(7);
    let reply = [read[0] | 0x80, shape(Kind::Auto).max_steps as u16];
    for turn in 0..6 {
        let first = turn % words[0].len();
        let packet = packet(&words[turn]);
        bus.packets(&packet[..first], 0, 0, LIMIT).unwrap();
        bus.put(&read).unwrap();
        let busy = if first > 0 { 1 << stream::ENABLE | 1 << stream::BUSY } else { 1 << stream::ENABLE };
        assert_eq!(state(&mut bus), busy, "turn {turn}");
        if first > 0 {
            assert_eq!(status(&mut bus) & 1 << status::REPLY, 0, "it waits");
        } else {
            assert!(bus.packets(&packet[..1], 0, 0, 300).is_err(), "a cue is taken before the reply was read");
            assert_eq!(bus.reply().unwrap(), reply);
        }
        assert_eq!(data(bus.packets(&packet[first..], count, 0, LIMIT).unwrap()), wants[turn]);
        if first > 0 {
            assert_eq!(bus.reply().unwrap(), reply);
        }
    }
    // a cue that was begun goes on when the stream is turned off; the next one waits
    let half = packet(&words[1]);
    bus.packets(&half[..1], 0, 0, LIMIT).unwrap();
    bus.transfer(number::STREAM as u8, Some(0), 0).unwrap();
    assert_eq!((state(&mut bus), status(&mut bus) & 1), (1 << stream::BUSY, 0));
    assert_eq!(data(bus.packets(&half[1..], count, 0, LIMIT).unwrap()), wants[1]);
    bus.stream(false).unwrap();
    assert!(bus.packets(&packet(&words[2])[..1], 0, 0, 300).is_err());
    // nor does the answer to it go out by the stream
    bus.ask(&words[2]).unwrap();
    bus.wait(1 << status::ANSWER).unwrap();
    assert_eq!(bus.packets(&[], 0, 0, LIMIT).unwrap(), []);
    assert_eq!(bus.exchange(&[], &plan).unwrap(), wants[2]);
    // one by the registers goes on when it is turned on
    bus.ask(&words[3][..1]).unwrap();
    bus.transfer(number::STREAM as u8, Some(1), 0).unwrap();
    assert!(bus.packets(&packet(&words[4])[..1], 0, 0, 300).is_err());
    assert_eq!(bus.exchange(&words[3][1..], &plan).unwrap(), wants[3]);
    // packets of any length have one answer each
    for length in [1, words[5].len() + 1, 50] {
        bus.packets(&packet(&vec![0x5a5a; length]), count, 3, LIMIT).unwrap();
        assert_eq!(data(bus.packets(&packet(&words[5]), count, 0, LIMIT).unwrap()), wants[5], "behind {length} words");
    }
    assert_eq!(status(&mut bus) & 1 << status::MISTAKE, 0);
    // nothing is left of what was before a reset
    for (turn, words_before) in (0..words[0].len()).enumerate() {
        bus.stream(true).unwrap();
        bus.packets(&half[..words_before], 0, 0, LIMIT).unwrap();
        bus.reset(0, false, turn as u8, 1 + turn as u64).unwrap();
        assert_eq!(state(&mut bus), 0);
        assert_eq!(bus.exchange(&words[turn], &plan).unwrap(), wants[turn]);
    }
}

fn emitted() -> Design {
    emit(&example().1, axil(true), "test").unwrap()
}

#[test]
fn streams_registers_and_requests_take_turns() {
    turns(&emitted());
}

/// What is broken on purpose is found by the test above.
#[test]
#[ignore = "make full: each is compiled anew"]
fn broken_turns_are_found() {
    let mutants = [
        ("(on & free) & quiet", "on & free"),
        ("(on & free) & quiet", "on & quiet"),
        ("(stream_on$0$q | streaming$0)", "1'b0"),
        ("core$out_valid & turn$0$recalls", "core$out_valid"),
        ("released$0$d = released$0$q;", "released$0$d = released$0$d;"),
        ("dropping$d = ~padding$q & ~s_last;", "dropping$d = 1'b0;"),
    ];
    for (from, to) in mutants {
        let mut design = emitted();
        assert!(design.verilog.contains(from), "{from}");
        design.verilog = design.verilog.replacen(from, to, 1);
        assert!(std::panic::catch_unwind(|| turns(&design)).is_err(), "{to} was not found");
    }
}
