//! Cues of which bits are unknown: co-simulation of every kind of core that takes masks.

use super::shapes::{check, check_load};
use crate::twins::{Twins, load, recalls};
use hopgate_hdl::{CoreOptions, Plan, Readout, Room, Top, emit};
use hopgate_model::{
    kernel::KernelMode,
    kind::Kind::{Auto, Class, Map, Sequence},
};
use hopgate_sim::{
    Cues, Library, Waveform,
    bench::{Axis, Registers},
    library, reset,
    suite::{SHAPE, Shape, masks},
    words,
};
use hopgate_wire::{
    page,
    protocol::Region,
    request::{Request, SelfTest},
};

macro_rules! shapes {
    ($($(#[$more:meta])* $name:ident: $($field:ident = $value:expr),*;)*) => {
        $(#[test] $(#[$more])* fn $name() { check(stringify!($name), Shape { masks: true, $($field: $value,)* ..SHAPE }); })*
    };
}

shapes! {
    one_lane: neurons = 13, patterns = 21;
    several_lanes: neurons = 40, patterns = 33, planes = 2;
    a_search_of_two_rows: neurons = 40, patterns = 37, parallel = 2, readout = Readout::Nearest;
    #[ignore = "make full: the table of pairs has such"]
    slots_and_rows: neurons = 75, patterns = 50, fold = 4, parallel = 4, planes = 2, offset = 0.7;
    a_fixed_kernel_whose_bound_is_that_of_the_outputs: neurons = 33, patterns = 40, mode = KernelMode::Fixed, gamma = 0.05;
    two_ranks_and_two_slots: neurons = 39, patterns = 700, fold = 2, parallel = 2, gamma = 0.2;
    one_step: neurons = 20, patterns = 30, max_steps = 1;
    classes: kind = Class, outputs = 10, neurons = 100, patterns = 60, planes = 2, radius = Some(20);
    more_value_than_key: kind = Map, outputs = 70, neurons = 20, patterns = 40, parallel = 2;
    a_sequence_of_slots: kind = Sequence, neurons = 40, patterns = 60, fold = 2, max_steps = 7;
}

#[test]
#[ignore = "make full: masks behind the frames are in make test"]
fn loads() {
    let room = Room { accumulator_bits: 18, neurons: 43, ..Room::NONE };
    let core = Shape { kind: Auto, neurons: 40, patterns: 40, planes: 2, parallel: 2, masks: true, room, ..SHAPE };
    check_load("loads", core, &[Shape { neurons: 33, mode: KernelMode::Fixed, gamma: 0.05, ..core }]);
    let folded = Shape { fold: 2, ..core };
    check_load("loads of slots", folded, &[Shape { neurons: 33, planes: 1, ..folded }]);
    let room = Room { outputs: 19, accumulator_bits: 18, ..Room::NONE };
    let classes = Shape { kind: Class, outputs: 17, room, parallel: 1, ..core };
    check_load("loads of classes", classes, &[Shape { neurons: 33, outputs: 19, ..classes }]);
}

/// A reset between the words of a cue and of its mask, in the first scan and behind it, leaves nothing behind.
#[test]
#[ignore = "make full: others have such"]
fn resets() {
    for shape in [Shape { neurons: 20, patterns: 17, ..SHAPE }, Shape { neurons: 40, patterns: 17, fold: 2, ..SHAPE }] {
        let shape = Shape { masks: true, ..shape };
        let (memory, cues) = shape.example();
        let design = emit(&Plan::with(&memory, shape.hardware()).unwrap(), Top::Core, "test").unwrap();
        let known = masks(cues.rows(), cues.cols());
        let asked = Cues { bits: &cues, known: Some(&known) };
        let library = Library::build(&design, Waveform::Off).unwrap();
        assert_eq!(reset::interrupted(&library, &memory, asked).unwrap(), None, "{shape:?}");
    }
}

/// Behind the framed link: the same bytes from the hardware and from the device in software, self-tests and loads included; and a host that
/// knows of no masks is refused.
#[test]
#[ignore = "make full: 13 s; the table of pairs has boards with masks"]
fn framed_boards() {
    let room = Some(Room { accumulator_bits: 18, ..Room::NONE });
    let shape = Shape { neurons: 37, patterns: 21, parallel: 2, planes: 2, masks: true, ..SHAPE };
    let classes = Shape { kind: Class, outputs: 17, parallel: 1, ..shape };
    for shape in [shape, classes] {
        let (memory, _) = shape.example();
        let mut twins = Twins::new(&memory, CoreOptions { room, ..shape.hardware() });
        assert!(twins.identity.masks && twins.identity.cue_words() == 6);
        twins.ask(&Request::Read { region: Region::Page, address: 0, count: 128 }, 1);
        recalls(&mut twins, &memory, 12);
        for words in [3, 6] {
            let refused = twins.ask(&Request::Recall { cues: vec![5; words] }, 3);
            assert_eq!(refused[3], 5, "a recall without masks is of no kind that it knows");
        }
        assert_eq!(twins.ask(&Request::Masked { cues: vec![5; 3] }, 3)[3], 6, "half a cue");
        twins.ask(&Request::SelfTest(SelfTest { recalls: 30, first: 2, flips: 40, seed: 7 }), 5);
        twins.ask(&Request::Read { region: Region::Page, address: page::COUNTERS as u16, count: 128 }, 6);
        assert_eq!(twins.device.counters().recalls, 30);
        let other = Shape { neurons: 20, planes: 1, ..shape }.example().0;
        load(&mut twins, &other, 9, true);
        recalls(&mut twins, &other, 12);
    }
}

/// A board without masks knows of no cues with masks.
#[test]
#[ignore = "make full: others have such"]
fn a_board_without_masks() {
    let (memory, _) = Shape { neurons: 20, patterns: 9, ..SHAPE }.example();
    let mut twins = Twins::new(&memory, CoreOptions::default());
    assert_eq!(twins.ask(&Request::Masked { cues: vec![5; 4] }, 3)[3], 5);
}

/// The second half of a packet is the mask; what is not there of it is known.
#[test]
fn packets() {
    let shape = Shape { neurons: 40, patterns: 21, masks: true, ..SHAPE };
    let (memory, cues) = shape.example();
    let plan = Plan::with(&memory, shape.hardware()).unwrap();
    let design = emit(&plan, Top::Axis { clock: 16_000_000, requests: false }, "test").unwrap();
    library::lint(&design).unwrap();
    let library = Library::build(&design, Waveform::Off).unwrap();
    let mut axis = Axis::open(&library).unwrap();
    let known = masks(cues.rows(), cues.cols());
    let asked = Cues { bits: &cues, known: Some(&known) };
    let packet = |words: &[u16]| words.iter().enumerate().map(|(i, &w)| (w, i + 1 == words.len())).collect::<Vec<_>>();
    for q in 0..40 {
        let full = asked.row(q).words(&plan);
        // of six words all, or fewer, or more than there are
        let length = [6, 6, 3, 4, 1, 9][q % 6];
        let mut sent = full.clone();
        sent.resize(length, 0xbeef);
        let mut meant = sent.clone();
        meant.resize(3.max(length).min(6), 0);
        meant.resize(6, 0xffff);
        let packed =
            |words: &[u16]| vec![words.iter().rev().fold(0, |all, &w| all << 16 | u64::from(w)) & ((1 << 40) - 1)];
        let (bits, mask) = (packed(&meant[..3]), packed(&meant[3..]));
        let want = words::expected(&memory, hopgate_sim::Cue { bits: &bits, known: Some(&mask) }, Readout::Vote);
        let seed = if q % 2 == 1 { 0x9e37_79b9 * (q as u64 + 1) } else { 0 };
        let got = axis.exchange(&packet(&sent), want.len(), seed, 1_000_000).unwrap();
        assert_eq!(got, packet(&want), "cue {q} of {length} words");
    }
}

/// The words of the mask are written behind those of the cue.
#[test]
fn registers() {
    let shape = Shape { neurons: 20, patterns: 12, masks: true, ..SHAPE };
    let (memory, cues) = shape.example();
    let plan = Plan::with(&memory, shape.hardware()).unwrap();
    let design = emit(&plan, Top::Wishbone { clock: 16_000_000, requests: false, streams: false }, "test").unwrap();
    library::lint(&design).unwrap();
    let library = Library::build(&design, Waveform::Off).unwrap();
    let mut bus = Registers::open(&library).unwrap();
    let known = masks(cues.rows(), cues.cols());
    let asked = Cues { bits: &cues, known: Some(&known) };
    let until = |bus: &mut Registers, bit: u32| {
        let seen = (0..2000).any(|_| bus.transfer(0, None, 0).unwrap() & bit != 0);
        assert!(seen, "no STATUS with bit {bit}");
    };
    for q in 0..12 {
        let cue = asked.row(q);
        for word in cue.words(&plan) {
            until(&mut bus, 1);
            bus.transfer(1, Some(word.into()), 0).unwrap();
        }
        let mut got = Vec::new();
        for _ in 0..plan.answer_words() {
            until(&mut bus, 2);
            got.push(bus.transfer(2, None, 0).unwrap() as u16);
        }
        until(&mut bus, 4);
        got.extend((3..6).map(|register| bus.transfer(register, None, 0).unwrap() as u16));
        assert_eq!(got, words::expected(&memory, cue, Readout::Vote), "cue {q}");
    }
}
