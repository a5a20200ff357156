//! Masks, rankings and lists of the reference, number by number.

use hopgate_model::{
    bits::BitMatrix,
    kernel::KernelMode,
    kind::Kind,
    memory::{Memory, Parts},
    reference::{self, Mask, Masks, Ranking, Top},
};

/// Four patterns of eight bits, 0, 2, 4 and 6 of which are ones; the kernel reaches two bits.
fn parts(kind: Kind, kernel_mode: KernelMode) -> Parts {
    let patterns = BitMatrix::from_fn(4, 8, |mu, i| i < 2 * mu);
    let plane = if kind == Kind::Class { BitMatrix::from_fn(4, 3, |mu, c| mu % 3 == c) } else { patterns.clone() };
    let kernel = vec![vec![9, 3, 1, 0, 0, 0, 0, 0, 0]];
    Parts { kind, planes: vec![plane], kernel, kernel_mode, radius: 1, ..Parts::of(patterns) }
}

fn memory(kind: Kind, kernel_mode: KernelMode) -> Memory {
    Memory::new(parts(kind, kernel_mode)).expect("in range")
}

#[test]
fn a_mask_is_full_if_every_bit_is_known() {
    let full = |known: &[u64], neurons| Mask { known, clamp: false }.is_full(neurons);
    assert!(full(&[0xff], 8) && full(&[0xff], 0) && full(&[u64::MAX, 1], 65));
    assert!(!full(&[0xff], 9) && !full(&[0xfe], 8) && !full(&[u64::MAX, 0], 65));
    // then it is none: a stored pattern is recalled in the one step that changes nothing
    let m = memory(Kind::Auto, KernelMode::Normalised);
    let answer = |mask| reference::recall_masked(&m, &[0b11], mask);
    assert_eq!(answer(Mask { known: &[0xff], clamp: false }), reference::recall(&m, &[0b11]));
    assert_eq!(answer(Mask { known: &[0xff], clamp: false }).steps, 1);
    // a step in which a bit was unknown says nothing about the next one
    assert_eq!(answer(Mask { known: &[0x7f], clamp: false }).steps, 2);
}

#[test]
fn one_row_of_masks_serves_all_cues_and_several_serve_one_each() {
    let known = BitMatrix::from_fn(2, 8, |q, i| i > q);
    for clamp in [false, true] {
        let each = Masks { known: &known, clamp };
        assert_eq!([each.of(0), each.of(1)], [Mask { known: &[0xfe], clamp }, Mask { known: &[0xfc], clamp }]);
        let row = known.select(&[1]);
        let all = Masks { known: &row, clamp };
        assert_eq!([0, 1, 7].map(|cue| all.of(cue).known), [[0xfc]; 3]);
    }
}

#[test]
fn known_bits_are_kept_where_they_are_clamped() {
    // the nearest pattern is 0b11, and the cue's highest bit is not in it
    let m = memory(Kind::Auto, KernelMode::Normalised);
    let answer = |known: u64, clamp| reference::recall_masked(&m, &[0b1000_0011], Mask { known: &[known], clamp });
    assert_eq!(answer(0xff, false).state, [0b11]);
    assert_eq!(answer(0xff, true).state, [0b1000_0011]);
    assert_eq!(answer(0b1100_0011, true).state[0] & 0b1100_0011, 0b1000_0011);
    // what is unknown is recalled
    assert_eq!(reference::recall_masked(&m, &[0b111], Mask { known: &[0b1100_0111], clamp: true }).state, [0b1111]);
    // a bit that is known to be zero stays so
    let zero = |clamp| reference::recall_masked(&m, &[0b11_1011], Mask { known: &[0b11_1111], clamp }).state;
    assert_eq!((zero(false), zero(true)), (vec![0b11_1111], vec![0b11_1011]));
    // only an auto-associative memory goes from step to step with its cue
    let map = memory(Kind::Map, KernelMode::Normalised);
    let clamped = reference::recall_masked(&map, &[0b1000_0011], Mask { known: &[0xff], clamp: true });
    assert_eq!((clamped.state, clamped.steps, clamped.converged), (vec![0b11], 1, true));
}

#[test]
fn every_step_is_shown_with_the_state_that_entered() {
    let m = memory(Kind::Auto, KernelMode::Normalised);
    let mut seen = vec![];
    let answer = reference::recall_seen(&m, &[0b1000_0011], |state, step| seen.push((state[0], step.state[0])));
    assert_eq!(seen, [(0b1000_0011, 0b11), (0b11, 0b11)]);
    assert_eq!((answer.steps, answer.converged, answer.path.len()), (2, true, 0));
    // a sequence goes on where nothing changes, and keeps every state
    let m = Memory::new(Parts { max_steps: 3, ..parts(Kind::Sequence, KernelMode::Normalised) }).unwrap();
    let answer = reference::recall(&m, &[0b1000_0011]);
    assert_eq!((answer.steps, answer.converged, answer.path), (3, true, vec![vec![0b11]; 3]));
}

#[test]
fn of_equal_classes_the_lowest_is_first() {
    let of = |field: &[i64]| Ranking::of(field);
    assert_eq!(of(&[3, 7, 7]), Ranking { class: 1, score: 7, second: 2, margin: 0 });
    assert_eq!(of(&[5, -2, 5, 5]), Ranking { class: 0, score: 5, second: 2, margin: 0 });
    assert_eq!(of(&[-9, -4]), Ranking { class: 1, score: -4, second: 0, margin: 5 });
    assert_eq!(of(&[1, 4, 2, 2]), Ranking { class: 1, score: 4, second: 2, margin: 2 });
}

#[test]
fn the_patterns_within_reach_by_distance_and_index() {
    // three, one, one and three away
    let cue = [0b111];
    let near = |mode, top| reference::ranked(&memory(Kind::Auto, mode), &cue, None, top);
    let (normalised, fixed) = (KernelMode::Normalised, KernelMode::Fixed);
    let all = [(1, 1), (2, 1), (0, 3), (3, 3)];
    assert_eq!((near(normalised, Top::Reach), near(fixed, Top::Reach)), (all.to_vec(), all[..2].to_vec()));
    for most in 0..6 {
        for mode in [normalised, fixed] {
            assert_eq!(near(mode, Top::Nearest(most)), all[..most.min(4)]);
        }
    }
    // of the first bit alone: one away from the first pattern
    let known = reference::ranked(&memory(Kind::Auto, fixed), &cue, Some(&[1]), Top::Nearest(4));
    assert_eq!(known, [(1, 0), (2, 0), (3, 0), (0, 1)]);
}

#[test]
fn an_answer_of_a_list_is_its_first_pattern() {
    let m = memory(Kind::Class, KernelMode::Normalised);
    let answer = reference::listed(&m, &[0b111], None, 2, 3);
    assert_eq!((answer.ranked, answer.ranked_class), (vec![(1, 1), (2, 1), (0, 3)], vec![1, 2, 0]));
    assert_eq!((answer.nearest, answer.distance, answer.steps), (1, 1, 1));
    assert_eq!((answer.converged, answer.known, answer.ranking, answer.field), (true, true, None, vec![0; 8]));
    let far = reference::listed(&m, &[0b1000_0111], None, 0, 9);
    assert_eq!((far.ranked, far.known), (vec![(1, 2), (2, 2)], false));
    // of no pattern there is no answer
    let m = memory(Kind::Auto, KernelMode::Fixed);
    let none = reference::listed(&m, &[0b1000_0111], None, 1, 9);
    assert_eq!((none.ranked, none.ranked_class, none.converged), (vec![], vec![], false));
    assert_eq!((none.nearest, none.distance), (0, 0));
}

#[test]
fn the_nearest_pattern_over_the_bits_that_are_known() {
    let m = memory(Kind::Auto, KernelMode::Normalised);
    let answer = |known| reference::nearest_known(&m, &[0b1000_0111], known);
    let all = answer(None);
    assert_eq!((all.nearest, all.distance, all.known, all.state), (1, 2, false, vec![0b11]));
    let low = answer(Some(&[0b111]));
    assert_eq!((low.nearest, low.distance, low.known, low.state), (2, 0, true, vec![0b1111]));
}
