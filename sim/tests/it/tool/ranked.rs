//! Lists of the nearest patterns: co-simulation of every kind of core that has one, with the cycles of every pass.

use super::shapes::check;
use crate::twins::{Twins, load, recalls};
use hopgate_hdl::{CoreOptions, Later, Plan, Readout, Room, Tail, Top, emit};
use hopgate_model::{
    kernel::KernelMode,
    kind::{
        Kind::{Class, Map, Sequence},
        Kinds,
    },
    memory::Memory,
};
use hopgate_sim::{
    Cues, Library, Waveform, library,
    suite::{SHAPE, Shape, masks},
    wrapped,
};
use hopgate_wire::{protocol::Region, request::Request};

/// The candidates, at most so many.
const fn near(most: usize) -> Readout {
    Readout::Ranked { most, within: None }
}

/// All patterns within so many bits of the nearest, at most so many.
const fn within(most: usize, within: u32) -> Readout {
    Readout::Ranked { most, within: Some(within) }
}

macro_rules! shapes {
    ($($(#[$more:meta])* $name:ident: $readout:expr $(, $field:ident = $value:expr)*;)*) => {
        $(#[test] $(#[$more])* fn $name() {
            check(stringify!($name), Shape { readout: $readout, $($field: $value,)* ..SHAPE });
        })*
    };
}

shapes! {
    more_ranks_than_candidates: near(7), neurons = 40, patterns = 33, planes = 2;
    every_pattern: within(20, 32);
    #[ignore = "make full: every pattern of others is in make test"]
    one_pattern_of_one_bit: within(1, 1), neurons = 1, patterns = 1;
    #[ignore = "make full: every pattern of others is in make test"]
    all_patterns_of_two_bits: within(4, 2), neurons = 2, patterns = 4;
    #[ignore = "make full: masks of four rows are in make test"]
    masks_and_ties: within(9, 5), neurons = 31, patterns = 64, masks = true;
    masks_of_four_rows: within(11, 9), neurons = 63, patterns = 51, parallel = 4, masks = true, radius = Some(20);
    #[ignore = "make full: four rows are in make test"]
    two_rows: near(3), neurons = 75, patterns = 160, parallel = 2, gamma = 0.03;
    a_fixed_kernel_with_empty_lists: near(6), neurons = 40, patterns = 60, mode = KernelMode::Fixed, gamma = 0.12, radius = Some(9);
    #[ignore = "make full: every pattern of others is in make test"]
    as_many_as_there_can_be: within(255, 33), neurons = 33, patterns = 300, max_steps = 1;
    beats: within(8, 12), neurons = 75, patterns = 21, lanes = Some(2), masks = true;
    #[ignore = "make full: beats and four rows are in make test"]
    beats_of_two_rows: within(5, 70), neurons = 75, patterns = 90, lanes = Some(1), parallel = 2;
    #[ignore = "make full: the rows are read as in any other core"]
    rows_in_logic_of_several_ranks: near(4), neurons = 20, patterns = 700, tail = Tail { lanes: 2, depth: 256 };
    keys_of_classes: within(5, 8), kind = Class, outputs = 5, neurons = 40, patterns = 30;
    #[ignore = "make full: keys of classes are in make test"]
    keys_of_classes_of_two_rows: within(6, 9), kind = Class, outputs = 40, neurons = 33, patterns = 31, parallel = 2, radius = Some(9);
    #[ignore = "make full: keys of classes are in make test"]
    keys_of_classes_in_beats: within(4, 3), kind = Class, outputs = 3, neurons = 41, patterns = 30, lanes = Some(2), masks = true;
    #[ignore = "make full: keys of classes are in make test"]
    classes_and_empty_lists: near(6), kind = Class, outputs = 7, neurons = 40, patterns = 60, mode = KernelMode::Fixed, gamma = 0.12, radius = Some(9);
    #[ignore = "make full: keys of classes are in make test"]
    keys_of_values: within(5, 8), kind = Map, outputs = 50, neurons = 20, patterns = 30;
    #[ignore = "make full: keys of classes are in make test"]
    keys_of_a_sequence: within(5, 8), kind = Sequence, neurons = 20, patterns = 30, max_steps = 3;
}

/// Behind AXI4-Stream each rank is a packet; both sides are held back at random on every other cue.
#[test]
fn packets() {
    packets_of(Shape { neurons: 40, patterns: 21, masks: true, readout: within(4, 6), ..SHAPE });
}

/// With classes a packet has a word more.
#[test]
fn packets_with_classes() {
    packets_of(Shape { kind: Class, outputs: 5, neurons: 40, patterns: 21, readout: within(4, 6), ..SHAPE });
}

fn packets_of(shape: Shape) {
    let (memory, cues) = shape.example();
    let plan = Plan::with(&memory, shape.hardware()).unwrap();
    let design = emit(&plan, Top::Axis { clock: 16_000_000, requests: false }, "test").unwrap();
    let library = Library::build(&design, Waveform::Off).unwrap();
    let known = masks(cues.rows(), cues.cols());
    let asked = Cues { bits: &cues, known: plan.masks.then_some(&known) };
    let outcome = wrapped::recall(&library, &memory, asked, &|_| ()).unwrap();
    assert_eq!(outcome.difference, None);
    let lists = outcome.hardware.ranked.expect("lists");
    assert!(lists.iter().any(|list| list.len() == 4) && lists.iter().any(|list| list.len() < 4));
    assert_eq!(outcome.hardware.ranked_class.is_some(), plan.listed_classes > 0);
}

/// What no core that lists is, and the reason.
#[test]
fn refusals() {
    let (memory, _) = SHAPE.example();
    let refused = |options: CoreOptions| Plan::with(&memory, options).unwrap_err().to_string();
    let list = CoreOptions { readout: near(3), ..CoreOptions::default() };
    for (options, word) in [
        (CoreOptions { readout: near(0), ..list }, "1 to 20"),
        (CoreOptions { readout: near(21), ..list }, "1 to 20"),
        (CoreOptions { readout: within(3, 33), ..list }, "the patterns have 32"),
        (CoreOptions { fold: 2, ..list }, "no accumulators"),
        (CoreOptions { later: Later::Queue, ..list }, "one step"),
        (CoreOptions { cues: 2, ..list }, "2 cues of a scan: a core that reads out the nearest patterns"),
        (CoreOptions { room: Some(Room { kinds: Kinds::of(Map), ..Room::default() }), ..list }, "there are no kinds"),
        (CoreOptions { room: Some(Room::default()), lanes: Some(1), ..list }, "no way to the state"),
        (CoreOptions { room: Some(Room::default()), learns: true, ..list }, "a core that learns answers"),
    ] {
        assert!(refused(options).contains(word), "{options:?}: {}", refused(options));
    }
}

/// Behind the registers of a bus a list is one answer, whose last pattern is in registers of its own; by the stream beside them each is a
/// packet; and a request has the same list for its reply.
fn behind_registers(most: usize, top: Top) {
    let shape = Shape { neurons: 40, patterns: 21, masks: most > 1, radius: Some(12), ..SHAPE };
    shape_behind_registers(most, top, shape);
}

fn shape_behind_registers(most: usize, top: Top, shape: Shape) {
    let shape = Shape { readout: within(most, 6), ..shape };
    let (memory, cues) = shape.example();
    let plan = Plan::with(&memory, shape.hardware()).unwrap();
    let class = usize::from(plan.listed_classes > 0);
    assert_eq!((plan.register_answers(), plan.register_words()), (1, (3 + class) * most - 3));
    let design = emit(&plan, top, "test").unwrap();
    library::lint(&design).unwrap();
    let library = Library::build(&design, Waveform::Off).unwrap();
    let known = masks(cues.rows(), cues.cols());
    let asked = Cues { bits: &cues, known: plan.masks.then_some(&known) };
    let outcome = wrapped::recall(&library, &memory, asked, &|_| ()).unwrap();
    assert_eq!(outcome.difference, None);
    let lists = outcome.hardware.ranked.expect("lists");
    assert!(lists.iter().any(|list| list.len() == most) && (most == 1 || lists.iter().any(|list| list.len() < most)));
}

#[test]
fn axil_registers() {
    behind_registers(4, Top::Axil { clock: 16_000_000, requests: false, streams: false });
}

/// The class of the last pattern is the last word of ANSWER.
#[test]
fn axil_registers_with_classes() {
    let shape = Shape { kind: Class, outputs: 20, neurons: 40, patterns: 21, ..SHAPE };
    shape_behind_registers(3, Top::Axil { clock: 16_000_000, requests: false, streams: true }, shape);
}

#[test]
#[ignore = "make full: the other bus is in make test"]
fn wishbone_registers_of_a_pattern_with_its_class() {
    let shape = Shape { kind: Class, outputs: 20, neurons: 40, patterns: 21, ..SHAPE };
    shape_behind_registers(1, Top::Wishbone { clock: 16_000_000, requests: false, streams: false }, shape);
}

#[test]
fn wishbone_registers_of_one_pattern() {
    behind_registers(1, Top::Wishbone { clock: 16_000_000, requests: false, streams: false });
}

#[test]
#[ignore = "make full: lists behind the other bus, and requests, are in make test"]
fn wishbone_registers_and_streams() {
    behind_registers(3, Top::Wishbone { clock: 16_000_000, requests: false, streams: true });
}

/// Requests behind a bus: as over the framed link.
fn requests(most: usize) {
    let shape = Shape { neurons: 37, patterns: 21, radius: Some(12), readout: within(most, 6), ..SHAPE };
    let (memory, _) = shape.example();
    let top = Top::Axil { clock: 16_000_000, requests: true, streams: false };
    let mut twins = Twins::behind(&memory, shape.hardware(), top);
    twins.ask(&Request::Read { region: Region::Page, address: 0, count: 128 }, 1);
    recalls(&mut twins, &memory, 10);
}

#[test]
fn requests_behind_registers() {
    requests(4);
}

#[test]
#[ignore = "make full: requests for longer lists are in make test"]
fn requests_for_one_pattern() {
    requests(1);
}

/// Over SPI: the same requests and replies.
#[test]
fn spi_boards() {
    let shape = Shape { neurons: 37, patterns: 21, readout: within(4, 6), ..SHAPE };
    let (memory, _) = shape.example();
    let mut twins = Twins::over_spi(&memory, shape.hardware());
    recalls(&mut twins, &memory, 10);
}

/// Behind the framed link: the same bytes from the hardware and from the device in software, and the host reads lists out of them.
#[test]
fn framed_boards() {
    let shape =
        Shape { neurons: 37, patterns: 21, parallel: 2, masks: true, radius: Some(12), readout: within(4, 6), ..SHAPE };
    let (memory, _) = shape.example();
    let mut twins = Twins::new(&memory, shape.hardware());
    assert_eq!((twins.identity.ranks, twins.identity.reply_words(30)), (4, 12));
    twins.ask(&Request::Read { region: Region::Page, address: 0, count: 128 }, 1);
    recalls(&mut twins, &memory, 30);
}

/// The same with classes: what is read out of a list has them.
#[test]
fn framed_boards_with_classes() {
    let shape =
        Shape { kind: Class, outputs: 9, neurons: 37, patterns: 21, parallel: 2, readout: within(4, 6), ..SHAPE };
    let (memory, _) = shape.example();
    let mut twins = Twins::new(&memory, shape.hardware());
    assert_eq!((twins.identity.lists_classes(), twins.identity.reply_words(30)), (true, 16));
    twins.ask(&Request::Read { region: Region::Page, address: 0, count: 128 }, 1);
    recalls(&mut twins, &memory, 30);
}

/// Another memory is loaded: fewer patterns, fewer neurons, another reach and radius; what was written is read back. Then the first one again.
fn loads(mut twins: Twins, memory: &Memory) {
    assert_eq!((twins.identity.ranks, twins.identity.fixed), (4, false));
    recalls(&mut twins, memory, 10);
    let other = Shape { neurons: 33, patterns: 9, gamma: 0.3, radius: Some(5), ..SHAPE }.example().0;
    assert_ne!(other.reach(), memory.reach());
    load(&mut twins, &other, 1, true);
    recalls(&mut twins, &other, 20);
    twins.ask(&Request::Read { region: Region::Page, address: 0, count: 128 }, 1);
    load(&mut twins, memory, 2, true);
    recalls(&mut twins, memory, 10);
}

const LOADED: Shape = Shape { neurons: 37, patterns: 21, radius: Some(12), readout: near(4), ..SHAPE };

#[test]
fn framed_boards_are_loaded() {
    let shape = Shape { parallel: 2, masks: true, ..LOADED };
    let memory = shape.example().0;
    loads(Twins::new(&memory, CoreOptions { room: Some(Room::default()), ..shape.hardware() }), &memory);
}

#[test]
#[ignore = "make full: boards are loaded in make test"]
fn cores_behind_registers_are_loaded() {
    let memory = LOADED.example().0;
    let options = CoreOptions { room: Some(Room::default()), ..LOADED.hardware() };
    for top in [
        Top::Axil { clock: 16_000_000, requests: true, streams: false },
        Top::Wishbone { clock: 16_000_000, requests: true, streams: true },
    ] {
        loads(Twins::behind(&memory, options, top), &memory);
    }
    loads(Twins::over_spi(&memory, options), &memory);
}
