//! Keys that are read in beats: as the reference answers, in the cycles that the formula says.

use super::{
    framed::check_nonsense,
    shapes::{check, check_load},
};
use crate::twins::{self, Twins, load, recalls};
use hopgate_hdl::{CoreOptions, Readout, Room, Tail};
use hopgate_model::{kernel::KernelMode, kind::Kind};
use hopgate_sim::suite::{SHAPE, Shape};
use hopgate_wire::{frame, page, protocol::Region, request::Request};

/// 150 bits, ten words, the last one with six bits: in three lanes four beats, and two lanes have no word in the last one.
const WIDE: Shape = Shape { neurons: 150, lanes: Some(3), gamma: 0.05, ..SHAPE };

macro_rules! shapes {
    ($($(#[$attribute:meta])* $name:ident: $($field:ident = $value:expr),*;)*) => {
        $($(#[$attribute])* #[test] fn $name() { check(stringify!($name), Shape { $($field: $value,)* ..WIDE }); })*
    };
}

shapes! {
    one_lane: neurons = 150, lanes = Some(1), planes = 2;
    #[ignore = "make full: the table of pairs and the trials have such"]
    two_beats: neurons = 33, lanes = Some(2), gamma = 0.1;
    empty_lanes: neurons = 150, lanes = Some(3), patterns = 21, planes = 3, parallel = 2, offset = 0.7;
    one_pattern: patterns = 1, neurons = 40, lanes = Some(2);
    #[ignore = "make full: the table of pairs and the trials have such"]
    four_rows_a_cycle: patterns = 173, parallel = 4, planes = 2, mode = KernelMode::Fixed;
    #[ignore = "make full: 18 s; a store of a rank alone is in make test"]
    a_deep_store: patterns = 161, planes = 4, shared = false, kernel_bits = 16, radius = Some(37);
    #[ignore = "make full: the table of pairs and the trials have such"]
    a_search: patterns = 171, parallel = 2, readout = Readout::Nearest;
    #[ignore = "make full: others have its options"]
    a_search_of_few: patterns = 5, lanes = Some(4), readout = Readout::Nearest, radius = Some(30);
    #[ignore = "make full: the table of pairs and the trials have such"]
    a_sequence: kind = Kind::Sequence, max_steps = 4, planes = 2, offset = -0.6;
    #[ignore = "make full: the table of pairs and the trials have such"]
    masks: masks = true, planes = 2, parallel = 2;
    #[ignore = "make full: the table of pairs and the trials have such"]
    masks_of_a_search: masks = true, patterns = 90, readout = Readout::Nearest, lanes = Some(4);
    #[ignore = "make full: the table of pairs and the trials have such"]
    a_value: kind = Kind::Map, outputs = 21, planes = 2, masks = true;
    #[ignore = "make full: the table of pairs and the trials have such"]
    classes: kind = Kind::Class, outputs = 5, parallel = 2, radius = Some(40), patterns = 90;
    #[ignore = "make full: the table of pairs and the trials have such"]
    a_tail: patterns = 70, tail = Tail { lanes: 2, depth: 256 };
}

/// A core holds one memory after the other, and says what it holds.
#[test]
#[ignore = "make full: the trials have such"]
fn loads() {
    let core = Shape { patterns: 60, planes: 2, room: Room { accumulator_bits: 17, ..Room::default() }, ..WIDE };
    let all = [
        Shape { neurons: 141, patterns: 64, gamma: 0.06, ..core },
        Shape { neurons: 1, patterns: 2, gamma: 1.0, ..core },
        Shape { mode: KernelMode::Fixed, planes: 1, ..core },
    ];
    check_load("loads", core, &all);
}

/// Values and classes apart from keys in beats: rows of both are written and read.
#[test]
#[ignore = "make full: the table of pairs has such"]
fn loads_values() {
    let core = Shape { patterns: 60, kind: Kind::Map, outputs: 75, masks: true, ..WIDE };
    let core = Shape { room: Room { accumulator_bits: 16, outputs: 75, ..Room::default() }, ..core };
    check_load("loads_values", core, &[Shape { neurons: 149, patterns: 31, outputs: 70, ..core }]);
}

/// A search that is loaded, in SPRAM.
#[test]
fn loads_a_search() {
    let core = Shape { patterns: 60, parallel: 2, readout: Readout::Nearest, sprams: 4, masks: true, ..WIDE };
    check_load("loads_a_search", core, &[Shape { neurons: 149, patterns: 31, ..core }]);
}

/// A board with the framed link and its twin in software, byte for byte: version 2 of the protocol, a load, and nonsense.
#[test]
fn framed() {
    let room = Room { accumulator_bits: 16, ..Room::default() };
    let options = CoreOptions { parallel: 2, lanes: Some(3), room: Some(room), ..CoreOptions::default() };
    let (built_in, other) = (twins::memory(150, 21, 0.05, 1), twins::memory(141, 12, 0.08, 2));
    let mut twins = Twins::new(&built_in, options);
    assert_eq!((twins.identity.version(), twins.identity.beats, twins.identity.self_test), (2, 4, false));
    let page = Request::Read { region: Region::Page, address: 0, count: 128 };
    twins.ask(&page, 1);
    twins.send(&frame::encode(&page.encode(7)), "a host of version 1");
    recalls(&mut twins, &built_in, 8);
    // bits beyond the key are ignored: a stored pattern is one step still
    let mut cue = twins.words_of(built_in.patterns().row(3));
    cue[9] |= 0xffc0;
    twins.ask(&Request::Recall { cues: cue }, 8);
    load(&mut twins, &other, 77, true);
    recalls(&mut twins, &other, 8);
    // two cues, half a cue, a row that is not one beat of a row, and one behind the last
    let cue = twins.words_of(other.patterns().row(3));
    twins.ask(&Request::Recall { cues: cue.repeat(2) }, 3);
    twins.ask(&Request::Recall { cues: cue[1..].to_vec() }, 4);
    let depth = twins.identity.depth as u16;
    for (address, count) in [(0, 10), (0, 3), (depth - 1, 3), (depth, 3)] {
        twins.ask(&Request::Read { region: Region::Rows(1), address, count }, 5);
    }
    // bits that no key has count all the same: both say so
    let write = |region, address, words| Request::Write { region, address, words };
    twins.ask(&write(Region::Page, page::BEGIN as u16, vec![99]), 1);
    (0..4).for_each(|address| _ = twins.ask(&write(Region::Rows(0), address, vec![0xffff; 3]), 2));
    twins.ask(&write(Region::Page, page::COMMIT as u16, vec![99]), 3);
    recalls(&mut twins, &other, 8);
    twins.ask(&Request::Read { region: Region::Rows(0), address: 3, count: 3 }, 9);
}

/// A cue of more words than version 1 has, in a buffer that holds it.
#[test]
#[ignore = "make full: 10 s; a shorter cue is in make test"]
fn framed_1024_words() {
    let memory = twins::memory(16_384, 3, 0.0005, 1);
    let mut twins =
        Twins::new(&memory, CoreOptions { lanes: Some(4), room: Some(Room::default()), ..CoreOptions::default() });
    assert_eq!((twins.identity.window, twins.identity.lanes(), twins.identity.beats), (2047, 4, 256));
    recalls(&mut twins, &memory, 3);
}

/// Classes of keys in beats behind the framed link.
#[test]
#[ignore = "make full: keys are in make test"]
fn framed_classes() {
    let shape = Shape { kind: Kind::Class, outputs: 5, masks: true, patterns: 30, ..WIDE };
    let room = Room { accumulator_bits: 16, ..Room::default() };
    let (built_in, other) = (shape.example().0, Shape { neurons: 140, patterns: 22, ..shape }.example().0);
    let mut twins = Twins::new(&built_in, CoreOptions { room: Some(room), ..shape.hardware() });
    recalls(&mut twins, &built_in, 12);
    load(&mut twins, &other, 77, true);
    recalls(&mut twins, &other, 12);
    // a row that is read back takes the place of an answer, and leaves none of it
    twins.ask(&Request::Read { region: Region::Values, address: 3, count: 1 }, 1);
    twins.ask(&Request::Read { region: Region::Rows(0), address: 4, count: 3 }, 2);
    recalls(&mut twins, &other, 3);
}

#[test]
#[ignore = "make full: the framed link in beats is in make test"]
fn nonsense_can_be_loaded_in_beats() {
    let room = Room { accumulator_bits: 16, ..Room::default() };
    let options = CoreOptions { lanes: Some(2), parallel: 2, room: Some(room), ..CoreOptions::default() };
    check_nonsense(twins::memory(75, 12, 0.1, 1), options);
    let search = CoreOptions { lanes: Some(1), readout: Readout::Nearest, ..options };
    check_nonsense(twins::memory(40, 7, 0.1, 1), search);
}
