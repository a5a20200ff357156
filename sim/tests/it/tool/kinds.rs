//! Memories of several kinds, one after the other, in one core and over one link.

use super::{framed::self_test, shapes::check_load};
use crate::twins::{Twins, load, recalls};
use hopgate_hdl::{CoreOptions, Room};
use hopgate_host::device::Device;
use hopgate_model::{
    kernel::KernelMode,
    kind::{
        Kind::{self, Auto, Class, Map, Sequence},
        Kinds,
    },
    memory::Memory,
};
use hopgate_sim::suite::{SHAPE, Shape, distinct, memory};
use hopgate_wire::{
    frame,
    layout::Layout,
    page::{self, Identity},
    protocol::Region,
    request::{Request, SelfTest},
};

const fn kinds(of: &[Kind]) -> Kinds {
    let (mut kinds, mut i) = (Kinds::NONE, 0);
    while i < of.len() {
        kinds = kinds.with(of[i]);
        i += 1;
    }
    kinds
}

/// More words of a value than of a key, of which the last is no whole one.
const WIDER: Shape = Shape {
    kind: Class,
    neurons: 23,
    patterns: 40,
    planes: 2,
    outputs: 37,
    gamma: 0.05,
    shared: false,
    room: Room { outputs: 37, accumulator_bits: 18, kinds: kinds(&[Auto, Map, Class, Sequence]), ..Room::NONE },
    ..SHAPE
};
const SEQUENCE: Shape = Shape { kind: Sequence, max_steps: 4, ..WIDER };
const MAP: Shape = Shape { kind: Map, ..WIDER };
const AUTO: Shape = Shape { kind: Auto, max_steps: 5, ..WIDER };

#[test]
fn one_kind_after_the_other() {
    let others = [
        Shape { outputs: 1, ..MAP },
        SEQUENCE,
        Shape { outputs: 2, neurons: 20, ..WIDER },
        Shape { neurons: 17, planes: 1, patterns: 21, mode: KernelMode::Fixed, ..SEQUENCE },
        AUTO,
        MAP,
        Shape { shared: true, neurons: 19, ..AUTO },
        Shape { radius: Some(4), outputs: 36, ..WIDER },
        Shape { max_steps: 1, ..SEQUENCE },
        WIDER,
    ];
    check_load("one_kind_after_the_other", WIDER, &others);
}

#[test]
#[ignore = "make full: one shape of them is in make test"]
fn kinds_of_other_shapes() {
    // an answer of a class has more words than any other
    let room = Room { accumulator_bits: 18, ..WIDER.room };
    let narrow = Shape { neurons: 33, patterns: 21, outputs: 3, parallel: 2, room, ..AUTO };
    let all = |s: Shape| [Class, Sequence, Map, Auto, Class, Auto, Sequence].map(|kind| Shape { kind, ..s });
    check_load("narrow", narrow, &all(narrow));
    // offsets, four rows, a bit a value, parts of cues known
    let offset = Shape { offset: 0.6, parallel: 4, masks: true, radius: Some(7), ..narrow };
    check_load("offset", offset, &all(Shape { patterns: 23, neurons: 33, ..offset }));
    // two ranks of values
    let deep = Shape { patterns: 600, neurons: 37, outputs: 18, planes: 1, ..WIDER };
    check_load("deep", deep, &all(Shape { patterns: 555, neurons: 31, ..deep }));
    // three hundred classes
    let many = Shape { outputs: 300, room: Room { outputs: 300, accumulator_bits: 18, ..room }, ..WIDER };
    check_load("many", many, &[Shape { outputs: 1, ..MAP }, SEQUENCE, Shape { outputs: 299, ..many }, AUTO]);
    // values and classes alone, and in beats
    let apart = Shape { room: Room { kinds: kinds(&[Map, Class]), ..room }, ..WIDER };
    check_load("apart", apart, &[MAP, Shape { outputs: 5, ..MAP }, WIDER, MAP]);
    let beats = Shape { neurons: 75, lanes: Some(2), outputs: 20, ..apart };
    let map = Shape { kind: Map, ..beats };
    check_load("beats", beats, &[map, Shape { outputs: 5, neurons: 70, ..map }, beats, map]);
}

#[test]
#[ignore = "make full: states in a core of values are in make test"]
fn states_of_either_kind() {
    let room = Room { accumulator_bits: 18, kinds: kinds(&[Auto, Sequence]), ..Room::NONE };
    for shape in [
        Shape { neurons: 39, patterns: 30, room, ..SHAPE },
        Shape {
            neurons: 39,
            patterns: 30,
            fold: 2,
            parallel: 2,
            planes: 2,
            masks: true,
            radius: Some(9),
            room,
            ..SHAPE
        },
        Shape { neurons: 75, patterns: 31, lanes: Some(2), planes: 2, max_steps: 3, room, ..SHAPE },
    ] {
        let sequence = Shape { kind: Sequence, max_steps: 4, shared: false, ..shape };
        check_load("states", shape, &[sequence, shape, Shape { neurons: 33, ..sequence }, sequence, shape]);
    }
}

fn example(shape: Shape, seed: u64) -> Memory {
    memory(&shape, distinct(shape.patterns, shape.neurons, seed))
}

fn twins(shape: Shape) -> (Twins, Memory) {
    let built_in = example(shape, 1);
    let twins = Twins::new(&built_in, CoreOptions { room: Some(shape.room), ..shape.hardware() });
    (twins, built_in)
}

/// Class, map, sequence and class again over the wire, byte for byte as the device in software, self-tests and searches with them.
fn check_link(shape: Shape, others: &[Shape]) {
    let (mut twins, built_in) = twins(shape);
    twins.ask(&Request::Read { region: Region::Page, address: 0, count: 128 }, 1);
    recalls(&mut twins, &built_in, 8);
    for (i, other) in others.iter().enumerate() {
        let loaded = example(*other, i as u64 + 2);
        load(&mut twins, &loaded, 10 + i as u16, i % 2 == 0);
        recalls(&mut twins, &loaded, 8);
        self_test(&mut twins, SelfTest { recalls: 7, first: 1, flips: 40, seed: 9 });
        twins.ask(&Request::Read { region: Region::Page, address: 64, count: 34 }, 2);
        // a row of values that is read leaves nothing behind
        if twins.identity.valued() {
            let count = twins.identity.value_lanes() as u16;
            twins.ask(&Request::Read { region: Region::Values, address: 1, count }, 3);
            recalls(&mut twins, &loaded, 2);
        }
    }
}

#[test]
fn kinds_over_the_link() {
    let map = Shape { outputs: 1, ..MAP };
    check_link(WIDER, &[map, SEQUENCE, WIDER, AUTO, MAP]);
}

#[test]
#[ignore = "make full: one board is in make test"]
fn kinds_over_the_link_of_other_shapes() {
    let narrow = Shape { neurons: 33, patterns: 21, outputs: 3, parallel: 2, masks: true, radius: Some(7), ..AUTO };
    let all = [Class, Sequence, Map, Auto, Class].map(|kind| Shape { kind, ..narrow });
    check_link(narrow, &all);
    let states = Shape { room: Room { kinds: kinds(&[Auto, Sequence]), ..SHAPE.room }, fold: 2, ..SHAPE };
    let sequence = Shape { kind: Sequence, max_steps: 3, ..states };
    check_link(states, &[sequence, states, sequence]);
}

/// Kinds that there are not: the host says so, and the board refuses to commit them.
#[test]
#[ignore = "make full: the device in software refuses the same in make test"]
fn a_kind_that_is_not_there_is_refused() {
    let room = Room { kinds: kinds(&[Map]), ..WIDER.room };
    let (mut twins, built_in) = twins(Shape { room, ..WIDER });
    let refused = Layout::of(&example(SEQUENCE, 3), [0; 32], &twins.identity).unwrap_err();
    assert!(refused.to_string().contains("it is of kind sequence, the board of kinds map+class"), "{refused}");
    let write =
        |address: usize, words: Vec<u16>| Request::Write { region: Region::Page, address: address as u16, words };
    twins.ask(&write(page::BEGIN, vec![7]), 0);
    let mode = page::held::FIXED_MODE;
    for wrong in [0, 1, 0x100, 0x101, 0x400, 0x500, 0x600, 0x700, 0x800, 0x202, 0xa00, 0x8200, 0x1300] {
        twins.ask(&write(mode, vec![wrong]), 1);
        let reply = twins.ask(&write(page::COMMIT, vec![7]), 2);
        assert_eq!(reply[..4], [4, 0x90, 2, 8], "{wrong:#06x} is no mode of this board: out of range");
    }
    for right in [0x200, 0x301, 0x300] {
        twins.ask(&write(mode, vec![right]), 1);
        let reply = twins.ask(&write(page::COMMIT, vec![7]), 2);
        assert_eq!(reply[1..3], [0x92, 2], "{right:#06x}");
        recalls(&mut twins, &built_in, 3);
        twins.ask(&write(page::BEGIN, vec![8]), 0);
        twins.ask(&write(page::BEGIN, vec![7]), 0);
    }
}

/// A load that is cut anywhere leaves the memory before it, no memory, or the new one with its kind: never a mixture.
#[test]
#[ignore = "make full: a load of one kind is interrupted in make test"]
fn a_cut_load_leaves_no_mixture() {
    let (mut twins, old) = twins(WIDER);
    let new = example(SEQUENCE, 5);
    let cue = twins.words_of(new.patterns().row(2));
    let answer = |m: &Memory| {
        let device = &mut Device::with(twins.identity.clone(), m).unwrap();
        frame::encode(&device.answer(&Request::Recall { cues: cue.clone() }).encode(7))
    };
    let (by_old, by_new) = (answer(&old), answer(&new));
    let layout = |m: &Memory| Layout::of(m, [0; 32], &twins.identity).unwrap().writes(&twins.identity);
    let (writes, back) = (layout(&new), layout(&old));
    let page =
        |at: usize, number: u16| Request::Write { region: Region::Page, address: at as u16, words: vec![number] };
    let (mut seen, last) = ([0; 3], writes.len() + 2);
    for (turn, cut) in [0, 1, 2, writes.len() / 2, writes.len(), writes.len() + 1, last].into_iter().enumerate() {
        let number = 2 * turn as u16 + 3;
        let all = [vec![page(page::BEGIN, number)], writes.clone(), vec![page(page::COMMIT, number)]].concat();
        all[..cut].iter().for_each(|request| drop(twins.ask(request, 2)));
        let got = twins.ask(&Request::Recall { cues: cue.clone() }, 7);
        let is = [&by_old, &by_new].into_iter().position(|answer| *answer == got).unwrap_or(2);
        assert!(is < 2 || got[..4] == [4, 0x90, 7, 9], "an answer of neither memory");
        assert_eq!(
            is,
            if cut == 0 {
                0
            } else if cut == last {
                1
            } else {
                2
            }
        );
        seen[is] += 1;
        let all = [vec![page(page::BEGIN, number + 1)], back.clone(), vec![page(page::COMMIT, number + 1)]].concat();
        all.iter().for_each(|request| drop(twins.ask(request, 2)));
        assert_eq!(twins.ask(&Request::Recall { cues: cue.clone() }, 7), by_old);
    }
    assert!(seen.iter().all(|&n| n > 0), "{seen:?}");
}

/// What a program of an earlier release reads: a kind that it does not know.
#[test]
fn the_page_names_no_single_kind() {
    let identity = |shape: Shape| {
        let built_in = example(shape, 1);
        let plan =
            hopgate_hdl::Plan::with(&built_in, CoreOptions { room: Some(shape.room), ..shape.hardware() }).unwrap();
        let link = hopgate_hdl::Link::Framed { baud: 1_000_000 };
        let (clock, pins) = (16_000_000, hopgate_hdl::pins::Pins::default());
        let top = hopgate_hdl::Top::Board { clock, uart_divider: 16, pll: None, pins, link };
        let words: Vec<u16> =
            hopgate_hdl::emit(&plan, top, "test").unwrap().page.unwrap().words.iter().map(|&w| w as u16).collect();
        (words[21], words[50], words[68], Identity::of(&words).unwrap().kinds)
    };
    assert_eq!(identity(WIDER), (4, 0b1111, 0x300, WIDER.room.kinds));
    let one = Shape { room: Room { kinds: Kinds::NONE, ..WIDER.room }, ..WIDER };
    assert_eq!(identity(one), (2, 0, 0, Kinds::of(Class)));
}
