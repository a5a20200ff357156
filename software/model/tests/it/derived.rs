//! Memories of other kinds than the first, and those that are made of others: another radius, more neurons, more outputs.

use hopgate_model::{
    ErrorKind,
    bits::BitMatrix,
    kind::Kind,
    memory::{MAX_OUTPUTS, Memory, Parts},
    noise, reference,
};

/// Four keys of ten bits with two planes of five outputs.
fn parts(kind: Kind) -> Parts {
    let planes = vec![noise::random(4, 5, 2), noise::random(4, 5, 3)];
    let kernel = vec![(0..=10).rev().collect(), (0..=10).map(|e| 20 - e).collect()];
    Parts { kind, planes, kernel, ..Parts::of(noise::random(4, 10, 1)) }
}

fn memory(parts: Parts) -> Memory {
    Memory::new(parts).expect("in range")
}

fn refused(parts: Parts) -> String {
    let error = Memory::new(parts).expect_err("it should be refused");
    assert_eq!(error.kind(), ErrorKind::Value);
    error.to_string()
}

fn names(count: usize) -> Option<Vec<String>> {
    Some((0..count).map(|c| format!("name {c}")).collect())
}

#[test]
fn outputs_are_stored_and_counted_beside_the_keys() {
    let m = memory(parts(Kind::Map));
    assert_eq!((m.kind(), m.neurons(), m.outputs()), (Kind::Map, 10, 5));
    assert_eq!(m.storage_bits(), 4 * 10 + 2 * 4 * 5);
    // a value that is the key is stored beside it: only where answers are keys it need not be
    let keys = noise::random(4, 10, 1);
    let [auto, map] = [Kind::Auto, Kind::Map].map(|kind| {
        let kernel = vec![vec![1; 11]];
        memory(Parts { kind, planes: vec![keys.clone()], kernel, ..Parts::of(keys.clone()) })
    });
    assert_eq!((auto.top_plane_is_pattern(), auto.storage_bits()), (true, 40));
    assert_eq!((map.top_plane_is_pattern(), map.storage_bits()), (false, 80));
}

#[test]
fn outputs_and_names_of_classes_that_are_refused() {
    let outputs = |kind, m: usize| Parts { planes: vec![noise::random(4, m, 2); 2], ..parts(kind) };
    assert!(refused(outputs(Kind::Map, MAX_OUTPUTS + 1)).contains("1025 output bits"));
    assert!(refused(outputs(Kind::Class, 1)).contains("1 classes"));
    assert_eq!(memory(outputs(Kind::Map, 1)).outputs(), 1);
    assert!(refused(outputs(Kind::Sequence, 5)).contains("plane 0 has shape (4, 5), but must have (4, 10)"));
    let named = |kind, count| Parts { classes: names(count), ..parts(kind) };
    assert_eq!(memory(named(Kind::Class, 5)).parts().classes, names(5));
    assert!(refused(named(Kind::Class, 4)).contains("4 names for 5 classes"));
    assert!(refused(named(Kind::Map, 5)).contains("names of classes, but the memory is of kind map"));
}

#[test]
fn another_radius_changes_what_is_known_and_no_answer() {
    let m = memory(Parts { radius: 0, ..parts(Kind::Class) });
    let cue = [m.patterns().row(2)[0] ^ 1];
    let near = reference::recall(&m, &cue);
    let far = m.clone().with_radius(10).unwrap();
    assert_eq!((m.radius(), far.radius()), (0, 10));
    let answer = reference::recall(&far, &cue);
    assert_eq!((near.distance, near.known, answer.known), (1, false, true));
    assert_eq!(reference::Answer { known: false, ..answer }, near);
    let error = m.with_radius(11).unwrap_err();
    assert_eq!(
        (error.kind(), error.to_string().as_str()),
        (ErrorKind::Value, "radius is 11, but no distance is above 10")
    );
    assert!(refused(Parts { radius: 11, ..parts(Kind::Map) }).contains("radius is 11"));
}

#[test]
fn more_outputs_are_zero_and_win_nothing() {
    let m = memory(Parts { classes: names(5), labels: names(4), ..parts(Kind::Class) });
    let more = m.with_outputs(70).unwrap();
    assert_eq!((more.outputs(), more.patterns(), &more.parts().labels), (70, m.patterns(), &names(4)));
    for (plane, wider) in m.planes().iter().zip(more.planes()) {
        assert_eq!(*wider, BitMatrix::from_fn(4, 70, |mu, c| c < 5 && plane.get(mu, c)));
    }
    // names that are too few are none
    assert_eq!((&more.parts().classes, &m.with_outputs(5).unwrap().parts().classes), (&None, &names(5)));
    for mu in 0..4 {
        let cue = m.patterns().row(mu);
        assert_eq!(reference::recall(&more, cue).ranking, reference::recall(&m, cue).ranking);
    }
    let error = m.with_outputs(4).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Fit);
    assert!(error.to_string().contains("kind class with 5 outputs does not become one with 4"));
    assert_eq!(m.with_outputs(MAX_OUTPUTS + 1).unwrap_err().kind(), ErrorKind::Value);
    let keys = noise::random(4, 10, 1);
    let auto = memory(Parts { planes: vec![keys.clone()], kernel: vec![vec![1; 11]], ..Parts::of(keys) });
    for outputs in [10, 11] {
        assert_eq!(auto.with_outputs(outputs).unwrap_err().kind(), ErrorKind::Fit);
    }
}

#[test]
fn more_neurons_leave_values_as_they_were() {
    // values have no bits that could change, so an offset that outweighs the kernel is none of their concern
    let m = memory(Parts { offset: vec![-40; 11], ..parts(Kind::Map) });
    let wide = m.filled_up(12).unwrap();
    assert_eq!((wide.neurons(), wide.planes()), (12, m.planes()));
    assert!((0..4).all(|mu| wide.patterns().row(mu) == [m.patterns().row(mu)[0] | 0b11 << 10]));
    let (narrow, wider) = (reference::step(&m, &[0b1_0110]), reference::step(&wide, &[0b1_0110 | 0b11 << 10]));
    assert_eq!((narrow.field, narrow.distances), (wider.field, wider.distances));
}

#[test]
fn the_bound_of_masked_cues_is_that_of_all_patterns_at_their_worst() {
    // of two patterns far apart, both with an even number of ones, none has the other's vote where all bits are known
    let patterns = BitMatrix::from_fn(2, 6, |mu, _| mu == 1);
    let kernel = vec![vec![9, 0, 0, 0, 0, 0, 0]];
    let kernel_mode = hopgate_model::kernel::KernelMode::Fixed;
    let m = memory(Parts {
        planes: vec![BitMatrix::from_fn(2, 6, |_, _| true)],
        kernel,
        kernel_mode,
        ..Parts::of(patterns)
    });
    assert_eq!((m.bound().high, m.masked_bound().high, m.masked_bound().low), (9, 18, 0));
    assert_eq!(reference::step_known(&m, &[0], Some(&[0])).field, [18; 6]);
}
