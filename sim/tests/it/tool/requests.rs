//! A core whose stream takes requests: every answer is that of the device in software, word for word, whatever is asked.

use super::{learn::interleaved_behind, registers::rows};
use crate::twins::{Twins, load, recalls};
use hopgate_hdl::{CoreOptions, Room, Top};
use hopgate_model::kind::Kind;
use hopgate_sim::suite::{self, SHAPE, Shape, distinct};
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

#[test]
#[ignore = "make full: the same over AXI4-Lite is in make test"]
fn some_rows_of_the_table() {
    rows(17, |_, _| AXIS);
}

#[test]
#[ignore = "make full: all rows"]
fn every_row_of_the_table() {
    rows(1, |_, _| AXIS);
}
