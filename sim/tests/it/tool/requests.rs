//! A core whose stream takes requests: every answer is that of the device in software, word for word, whatever is asked.

use super::learn::interleaved_behind;
use crate::pairs::TABLE;
use crate::twins::{Twins, load, recalls};
use hopgate_hdl::{CoreOptions, Room, Top, emit};
use hopgate_model::kind::Kind;
use hopgate_sim::{
    Cues, Library, Waveform, library,
    suite::{self, SHAPE, Shape, distinct, masks},
    wrapped,
};
use hopgate_wire::{frame, protocol::Region, request::Request};

const AXIS: Top = Top::Axis { clock: 16_000_000, requests: true };

fn shape(kind: Kind) -> Shape {
    Shape { kind, neurons: 37, patterns: 21, outputs: 19, radius: Some(9), ..SHAPE }
}

#[test]
fn another_memory_is_loaded() {
    let shape = Shape { masks: true, ..shape(Kind::Auto) };
    let (memory, _) = shape.example();
    let room = Room { patterns: 40, accumulator_bits: 18, ..Room::default() };
    let mut twins = Twins::behind(&memory, CoreOptions { room: Some(room), ..shape.hardware() }, AXIS);
    recalls(&mut twins, &memory, 8);
    let other = suite::memory(&Shape { patterns: 30, neurons: 30, ..shape }, distinct(30, 30, 2));
    load(&mut twins, &other, 77, true);
    recalls(&mut twins, &other, 8);
    twins.ask(&Request::Read { region: Region::Page, address: 0, count: 128 }, 1);
}

#[test]
fn patterns_are_stored() {
    let shape = Shape { kind: Kind::Class, outputs: 19, neurons: 21, patterns: 9, radius: Some(3), ..SHAPE };
    interleaved_behind(shape, 100, AXIS);
}

/// Any words as a packet: each has one reply, and the next good one is understood.
#[test]
#[ignore = "make full: the trial axis_that_learns has words of every length"]
fn any_words_are_answered() {
    let shape = Shape { radius: Some(2), patterns: 9, ..shape(Kind::Auto) };
    let (memory, _) = shape.example();
    let options = CoreOptions { room: Some(Room::default()), ..shape.hardware() };
    let mut twins = Twins::behind(&memory, options, AXIS);
    let mut random = super::framed::Random(77);
    for turn in 0..300 {
        let kind = if turn % 3 == 0 { random.below(0x10000) } else { 0x110 | random.below(8) } as u16;
        let length = [1, 2, 4, 5, 7, 11, 20][turn % 7];
        let rest = (0..length - 1).map(|_| if turn % 2 == 0 { random.below(6) } else { random.below(0x10000) } as u16);
        let words: Vec<u16> = std::iter::once(kind).chain(rest).collect();
        twins.send(&frame::encode(&words), &format!("turn {turn}"));
    }
    recalls(&mut twins, &memory, 3);
}

/// Every kind, masks, rows a cycle, planes and readouts: rows of the table of pairs of options, as `hopgate cosim --wrapper axis` recalls in them.
fn rows(step: usize) {
    for row in TABLE.iter().step_by(step) {
        let (memory, plan) = row.plan().unwrap();
        // what cues share is refused behind requests
        if plan.cues > 1 || plan.cores > 1 || plan.chooses() {
            assert!(emit(&plan, AXIS, "test").is_err(), "{row:?}");
            continue;
        }
        let design = emit(&plan, AXIS, "test").unwrap();
        library::lint(&design).unwrap();
        let library = Library::build(&design, Waveform::Off).unwrap();
        let cues = suite::cues(memory.patterns(), 12);
        let known = masks(12, cues.cols());
        let asked = Cues { bits: &cues, known: plan.masks.then_some(&known) };
        let found = wrapped::recall(&library, &memory, asked, &|_| ()).unwrap();
        assert_eq!(found.difference, None, "{row:?}");
    }
}

#[test]
#[ignore = "make full: the same over AXI4-Lite is in make test"]
fn some_rows_of_the_table() {
    rows(17);
}

#[test]
#[ignore = "make full: all rows"]
fn every_row_of_the_table() {
    rows(1);
}
