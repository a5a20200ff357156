//! How a memory is laid out: what does not change the answers, but what they cost, and how large a core can be.

use hopgate_hdl::{CoreOptions, Link, Plan, Room, Top, emit, pins::Pins};
use hopgate_model::{
    ErrorKind, kernel,
    memory::{Memory, Parts},
    noise,
};

fn memory(neurons: usize, patterns: usize) -> Memory {
    let patterns = noise::random(patterns, neurons, 1);
    let columns = kernel::columns(neurons, 0.2, &[1.0], 0.0, 8);
    let parts = Parts { planes: vec![patterns.clone()], kernel: columns.weights, ..Parts::of(patterns) };
    Memory::new(parts).unwrap()
}

/// A slot without a lane would vote for nobody, in as many cycles as any.
#[test]
fn no_slot_is_without_a_lane() {
    for lanes in 1..=20 {
        let memory = memory(16 * lanes, 5);
        for fold in 1..=4 {
            let plan = Plan::with(&memory, CoreOptions { fold, ..CoreOptions::default() }).unwrap();
            assert_eq!(plan.columns(), lanes.div_ceil(fold), "as few columns as asked for");
            assert!(plan.fold <= fold, "{lanes} lanes, {fold} slots");
            let served = |slot: usize| (0..plan.columns()).any(|c| slot < plan.column_lanes(c));
            assert!((0..plan.fold).all(served), "{lanes} lanes, {fold} slots: {}", plan.fold);
            // as few as these columns can do with
            assert!((plan.fold - 1) * plan.columns() < lanes);
        }
    }
    let cycles =
        |fold| Plan::with(&memory(48, 5), CoreOptions { fold, ..CoreOptions::default() }).unwrap().step_cycles(7);
    assert_eq!(cycles(4), cycles(3));
}

/// The page counts patterns and rows in words of 16 bits.
#[test]
fn behind_a_framed_link_there_are_at_most_65_535_patterns() {
    let memory = memory(16, 5);
    let with = |patterns: usize| {
        let room = Some(Room { patterns, ..Room::default() });
        Plan::with(&memory, CoreOptions { room, ..CoreOptions::default() })
    };
    let top = Top::Board {
        clock: 16_000_000,
        uart_divider: 16,
        pll: None,
        pins: Pins::default(),
        link: Link::Framed { baud: 1_000_000 },
    };
    let largest = with(65_535).unwrap();
    let page = emit(&largest, top, "test").unwrap().page.unwrap().words;
    assert_eq!((page[4], page[12], page[13]), (65_535, 65_535, 65_535));
    let error = with(65_536).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Fit);
    assert!(error.to_string().contains("at most 65535"), "{error}");
    // one that is fixed says its number too
    let mut fixed = Plan::of(&memory).unwrap();
    fixed.layout.patterns = 65_535;
    assert_eq!(emit(&fixed, top, "test").unwrap().page.unwrap().words[70], 65_535);
    fixed.layout.patterns = 65_536;
    let error = emit(&fixed, top, "test").unwrap_err();
    assert!(error.kind() == ErrorKind::Fit && error.to_string().contains("at most 65535"), "{error}");
}

/// What the protocol says of a search.
#[test]
fn a_search_says_nothing_of_planes_and_kernel() {
    let options =
        CoreOptions { readout: hopgate_hdl::Readout::Nearest, room: Some(Room::default()), ..CoreOptions::default() };
    let top = Top::Board {
        clock: 16_000_000,
        uart_divider: 16,
        pll: None,
        pins: Pins::default(),
        link: Link::Framed { baud: 1_000_000 },
    };
    let page = emit(&Plan::with(&memory(20, 5), options).unwrap(), top, "test").unwrap().page.unwrap().words;
    assert_eq!([5, 9, 10, 11, 15].map(|at| page[at]), [0; 5]);
    assert_eq!(page[8] & (1 + 4 + 8), 1, "the flags");
}

/// Neurons that a core has and its memory does not must stay one, or they would count in distances; and they may sum up to more.
#[test]
fn neurons_beyond_the_memory_are_counted_from_the_start() {
    // in every pattern they are one: all of them sum up, to a bit more where the memory's own sums are small enough
    let more = |p: usize| memory(8, p).filled_up(30).unwrap().accumulator_bits() > memory(8, p).accumulator_bits();
    let p = (30..80).find(|&p| more(p)).expect("a case that says something");
    let with = |offset: i32, neurons: usize| {
        let mut parts = memory(8, p).parts().clone();
        parts.offset = vec![offset; 9];
        let room = Some(Room { neurons, ..Room::default() });
        Plan::with(&Memory::new(parts).unwrap(), CoreOptions { room, ..CoreOptions::default() })
    };
    let error = with(-1000, 30).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Fit);
    assert!(error.to_string().contains("its offset outweighs its kernel"), "{error}");
    with(-1000, 8).unwrap();
    let filled = memory(8, p).filled_up(30).unwrap();
    assert_eq!(with(0, 30).unwrap().accumulator_bits, filled.accumulator_bits() as usize);
}

/// Word `w` of a row is in lane `w % lanes`, beat `w / lanes`; beyond a key everything is zero.
#[test]
fn every_word_of_a_row_in_beats_has_its_place() {
    let memory = memory(150, 5);
    for lanes in 1..=10 {
        for parallel in [1, 2] {
            let plan =
                Plan::with(&memory, CoreOptions { parallel, lanes: Some(lanes), ..CoreOptions::default() }).unwrap();
            let (has, beats) = (plan.lanes(), plan.beats);
            assert!(has <= lanes && beats == 10usize.div_ceil(lanes) && has * beats - 10 == plan.idle_lanes());
            for mu in 0..5 {
                for w in 0..has * beats {
                    let image = &plan.rows[parallel * (w % has) + mu % parallel];
                    let word = image.words[beats * (mu / parallel) + w / has];
                    let bits = memory.patterns().row(mu).get(w / 4).map_or(0, |row| row >> (16 * (w % 4)) & 0xffff);
                    assert_eq!(word, bits, "{lanes} lanes, {parallel} rows, pattern {mu}, word {w}");
                    if w / has == beats - 1 {
                        assert_eq!(word & u64::from(!plan.last_used(w % has)), 0, "beyond the key");
                    }
                }
            }
        }
    }
}

#[test]
fn beats_that_no_core_has() {
    let refused = |memory: &Memory, options: CoreOptions| {
        let error = Plan::with(memory, options).unwrap_err();
        (error.kind(), error.to_string())
    };
    let of = |lanes: usize| CoreOptions { lanes: Some(lanes), ..CoreOptions::default() };
    for lanes in [0, 65] {
        let (kind, said) = refused(&memory(150, 5), of(lanes));
        assert!(kind == ErrorKind::Usage && said.contains("1 to 64"), "{said}");
    }
    let (kind, said) = refused(&memory(150, 5), CoreOptions { fold: 2, ..of(3) });
    assert!(kind == ErrorKind::Usage && said.contains("share accumulators already"), "{said}");
    // a load addresses the words of a bank in 16 bits, and a core in 20
    let wide = memory(16_384, 65);
    let (kind, said) = refused(&wide, CoreOptions { room: Some(Room::default()), ..of(1) });
    assert!(kind == ErrorKind::Fit && said.contains("at most 65535"), "{said}");
    Plan::with(&wide, CoreOptions { room: Some(Room::default()), ..of(2) }).unwrap();
    let (kind, said) = refused(&memory(16_384, 1025), of(1));
    assert!(kind == ErrorKind::Fit && said.contains("1049600 words in a bank"), "{said}");
    // the kernel table of one that is loaded reaches as far as that of the memory that is built in, in whole block RAMs
    let core = Plan::with(&memory(600, 5), CoreOptions { room: Some(Room::default()), ..of(2) }).unwrap();
    assert_eq!(core.entry_room, 256);
    let patterns = noise::random(4, 600, 2);
    let far = kernel::columns(600, 0.0004, &[1.0], 0.0, 8);
    let parts = Parts { planes: vec![patterns.clone()], kernel: far.weights, ..Parts::of(patterns) };
    let said = core.hold(&Memory::new(parts).unwrap()).unwrap_err().to_string();
    assert!(said.contains("bits of reach, but the core has room for 255"), "{said}");
}
