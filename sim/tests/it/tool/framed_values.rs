//! Boards of values, classes and sequences behind the framed link: the same bytes from the hardware and from the device in software.

use super::framed::self_test;
use crate::twins::{Twins, load, recalls};
use hopgate_hdl::{CoreOptions, Room};
use hopgate_model::kind::Kind::{Class, Map, Sequence};
use hopgate_sim::suite::{SHAPE, Shape, distinct, memory};
use hopgate_wire::{
    page,
    protocol::Region,
    request::{Request, SelfTest},
};

const ROOM: Room = Room { accumulator_bits: 18, ..Room::NONE };

fn twins(shape: Shape, room: Option<Room>) -> (Twins, hopgate_model::memory::Memory) {
    let memory = memory(&shape, distinct(shape.patterns, shape.neurons, 1));
    let mut twins = Twins::new(&memory, CoreOptions { room, ..shape.hardware() });
    for address in (0..128).step_by(32) {
        twins.ask(&Request::Read { region: Region::Page, address, count: 32 }, 1);
    }
    (twins, memory)
}

fn loads(shape: Shape, room: Room, others: &[Shape]) {
    let (mut twins, built_in) = twins(shape, Some(room));
    recalls(&mut twins, &built_in, 8);
    for (number, other) in others.iter().enumerate() {
        let other = memory(other, distinct(other.patterns, other.neurons, 2));
        load(&mut twins, &other, 7 + number as u16, true);
        recalls(&mut twins, &other, 8);
        // a row of values that was read has another number of words than the cue that follows
        if twins.identity.valued() {
            let count = twins.identity.value_lanes() as u16;
            twins.ask(&Request::Read { region: Region::Values, address: 1, count }, 3);
            recalls(&mut twins, &other, 2);
            twins.ask(&Request::Read { region: Region::Values, address: 1, count }, 3);
            self_test(&mut twins, SelfTest { recalls: 3, first: 1, flips: 40, seed: 9 });
        }
    }
}

#[test]
fn classes() {
    let shape = Shape { kind: Class, outputs: 17, neurons: 37, patterns: 21, planes: 2, radius: Some(9), ..SHAPE };
    let room = Room { outputs: 20, patterns: 40, ..ROOM };
    let others = [
        Shape { outputs: 20, patterns: 40, radius: Some(3), ..shape },
        Shape { outputs: 2, neurons: 20, patterns: 5, planes: 1, radius: None, ..shape },
    ];
    loads(shape, room, &others);
}

#[test]
#[ignore = "make full: classes behind the frames are in make test"]
fn values_of_two_banks() {
    let shape = Shape { kind: Map, outputs: 70, neurons: 20, patterns: 21, parallel: 2, offset: 0.7, ..SHAPE };
    loads(shape, ROOM, &[Shape { outputs: 33, patterns: 30, radius: Some(4), ..shape }]);
}

#[test]
#[ignore = "make full: 7 s; classes behind the frames are in make test"]
fn sequences_and_a_radius() {
    let shape = Shape { kind: Sequence, neurons: 33, patterns: 21, max_steps: 3, radius: Some(8), ..SHAPE };
    loads(shape, ROOM, &[Shape { max_steps: 5, patterns: 12, radius: Some(2), ..shape }]);
}

#[test]
fn what_cannot_be_loaded() {
    let (mut twins, memory) = twins(Shape { kind: Class, outputs: 5, patterns: 9, ..SHAPE }, None);
    recalls(&mut twins, &memory, 4);
    let refused = |twins: &mut Twins, region, count, code: u8| {
        let reply = twins.ask(&Request::Read { region, address: 0, count }, 5);
        assert_eq!(reply[3], code, "{region:?}");
    };
    refused(&mut twins, Region::Values, 1, 7);
    let write = Request::Write { region: Region::Page, address: page::BEGIN as u16, words: vec![3] };
    twins.ask(&write, 6);
}

/// Requests about rows of values that are wrong, and about what a board of patterns does not have.
#[test]
#[ignore = "make full: 9 s; the device in software refuses the same in make test"]
fn wrong_requests() {
    let (mut board, _) = twins(Shape { kind: Class, outputs: 20, patterns: 9, ..SHAPE }, Some(ROOM));
    let rows = board.identity.value_rows * board.identity.planes;
    for (target, address, count) in [
        (4, 0, 2),
        (4, 0, 1),
        (4, 0, 3),
        (4, 0, 0),
        (4, rows as u16 - 1, 2),
        (4, rows as u16, 2),
        (0x0104, 0, 2),
        (12, 0, 2),
        (5, 0, 2),
    ] {
        let words = [0x2011, target, address, count];
        board.send(&hopgate_wire::frame::encode(&words), &format!("{target:04x} {address} {count}"));
        board.send(&hopgate_wire::frame::encode(&[0x2012, target, address, 1, 2]), "a write outside a load");
    }
    let (mut board, _) = twins(Shape { patterns: 9, ..SHAPE }, Some(ROOM));
    board.ask(&Request::Read { region: Region::Values, address: 0, count: 2 }, 4);
}

/// Self-tests of every kind count what the software predicts, of the memory that was built in and of one that was loaded.
fn check_self_tests(shape: Shape, room: Room, other: Shape) {
    let (mut twins, _) = twins(shape, Some(room));
    assert!(twins.identity.self_test);
    let asked = |recalls, first, flips, seed| SelfTest { recalls, first, flips, seed };
    for test in [asked(3, 0, 0, 1), asked(30, 2, 60, 0), asked(0, 0, 1, 1), asked(20, 1, 255, 0x8765_4321)] {
        self_test(&mut twins, test);
    }
    let other = memory(&other, distinct(other.patterns, other.neurons, 2));
    load(&mut twins, &other, 9, true);
    recalls(&mut twins, &other, 3);
    self_test(&mut twins, asked(40, 3, 40, 0xdead_beef));
    let counted = twins.device.counters();
    assert!(counted.wrong_neurons > 40 && counted.exact < 40 && counted.nearest > 0, "{counted:?}");
}

#[test]
#[ignore = "make full: 9 s; self-tests of patterns are in make test"]
fn self_tests_of_classes() {
    let shape = Shape { kind: Class, outputs: 17, neurons: 37, patterns: 21, planes: 2, radius: Some(9), ..SHAPE };
    check_self_tests(
        shape,
        Room { outputs: 20, ..ROOM },
        Shape { outputs: 19, patterns: 30, radius: Some(3), ..shape },
    );
}

#[test]
#[ignore = "make full: classes and sequences are in make test"]
fn self_tests_of_values_wider_than_their_keys() {
    let shape = Shape { kind: Map, outputs: 70, neurons: 20, patterns: 21, parallel: 2, offset: 0.7, ..SHAPE };
    check_self_tests(shape, ROOM, Shape { outputs: 33, patterns: 30, ..shape });
}

#[test]
#[ignore = "make full: classes and sequences are in make test"]
fn self_tests_of_values_narrower_than_their_keys() {
    let shape = Shape { kind: Map, outputs: 3, neurons: 50, patterns: 21, ..SHAPE };
    check_self_tests(shape, ROOM, Shape { outputs: 2, neurons: 33, patterns: 9, ..shape });
}

#[test]
#[ignore = "make full: those of classes are in make test"]
fn self_tests_of_sequences() {
    let shape = Shape { kind: Sequence, neurons: 33, patterns: 21, max_steps: 3, radius: Some(8), ..SHAPE };
    check_self_tests(shape, ROOM, Shape { max_steps: 5, patterns: 12, ..shape });
}

#[test]
#[ignore = "make full: one slot is in make test"]
fn self_tests_of_sequences_in_two_slots() {
    let shape = Shape { kind: Sequence, neurons: 33, patterns: 21, max_steps: 3, ..SHAPE };
    let folded = Shape { fold: 2, parallel: 2, max_steps: 1, ..shape };
    check_self_tests(folded, ROOM, Shape { max_steps: 2, ..folded });
}

#[test]
#[ignore = "make full: without masks it is in make test"]
fn self_tests_of_cores_that_take_masks() {
    let classes = Shape { kind: Class, outputs: 18, neurons: 37, patterns: 21, masks: true, radius: Some(9), ..SHAPE };
    check_self_tests(classes, ROOM, Shape { outputs: 11, patterns: 30, ..classes });
    let sequence = Shape { kind: Sequence, neurons: 33, patterns: 21, max_steps: 3, masks: true, ..SHAPE };
    check_self_tests(sequence, ROOM, Shape { max_steps: 5, patterns: 12, ..sequence });
}
