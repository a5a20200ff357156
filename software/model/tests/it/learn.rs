//! What a memory that learns says of itself, and when a key or a cue is nothing new to it.

use hopgate_model::{
    ErrorKind,
    bits::BitMatrix,
    kernel::KernelMode,
    kind::Kind,
    learn::{self, Learner, Recognition, Stored},
    memory::{Memory, Parts},
};

/// Keys of six bits, none of which are ones and five of which are; the kernel reaches three bits.
fn parts(kind: Kind, radius: u32) -> Parts {
    let patterns = BitMatrix::from_fn(2, 6, |mu, i| mu == 1 && i < 5);
    let plane = if kind == Kind::Class { BitMatrix::from_fn(2, 3, |mu, c| mu == c) } else { patterns.clone() };
    Parts { kind, planes: vec![plane], kernel: vec![vec![9, 5, 3, 2, 0, 0, 0]], radius, ..Parts::of(patterns) }
}

fn learner(parts: Parts, room: usize) -> Learner {
    Learner::new(&Memory::new(parts).expect("in range"), room).expect("one plane")
}

fn names(names: &[&str]) -> Option<Vec<String>> {
    Some(names.iter().map(|name| (*name).to_owned()).collect())
}

#[test]
fn room_patterns_and_radius() {
    let all = |radius| {
        let learner = learner(parts(Kind::Class, radius), 4);
        (learner.room(), learner.patterns(), learner.radius())
    };
    // a radius of every distance says nothing, so that a key is known by itself alone
    assert_eq!([all(2), all(5), all(6)], [(4, 2, 2), (4, 2, 5), (4, 2, 0)]);
    assert_eq!(Learner::new(&Memory::new(parts(Kind::Auto, 2)).unwrap(), 2).unwrap().room(), 2);
}

#[test]
fn a_key_is_known_by_a_voter_of_its_class_within_the_radius() {
    let mut learner = learner(parts(Kind::Class, 2), 4);
    assert_eq!(learner.store(&[0b11], Some(0)).unwrap(), Stored::Known(0), "two away");
    assert_eq!(learner.store(&[0b10_0011], Some(0)).unwrap(), Stored::New(2), "three away");
    assert_eq!(learner.store(&[0b01_1100], Some(2)).unwrap(), Stored::New(3), "near one of another class");
    assert_eq!(learner.store(&[0b11_1100], Some(1)).unwrap(), Stored::Full);
}

#[test]
fn without_classes_any_pattern_within_the_radius_is_enough() {
    let mut learner = learner(parts(Kind::Auto, 2), 3);
    assert_eq!(learner.store(&[0b11], None).unwrap(), Stored::Known(0));
    assert_eq!(learner.store(&[0b00_0111], None).unwrap(), Stored::Known(1));
    assert_eq!(learner.store(&[0b10_0011], None).unwrap(), Stored::New(2));
    assert_eq!(learner.store(&[0b11_1000], None).unwrap(), Stored::Full);
    assert_eq!((learner.counts(), learner.free_class()), (vec![3], None));
    assert_eq!(learner.recognise(&[0b1]), Recognition::Identified);
    assert_eq!(learner.memory().unwrap().planes()[0], *learner.memory().unwrap().patterns());
    let error = learner.store(&[0], Some(0)).unwrap_err();
    assert_eq!(
        (error.kind(), error.to_string().contains("class 0, but a memory of kind auto")),
        (ErrorKind::Usage, true)
    );
    assert!(learner.learn(&[0], Some(0)).is_err());
}

#[test]
fn a_cue_is_learnt_unless_its_answer_is_known() {
    let mut learner = learner(parts(Kind::Auto, 1), 3);
    assert_eq!(learner.learn(&[0b1], None).unwrap(), Stored::Known(0));
    learner.clear();
    assert_eq!(learner.learn(&[0b11_0011], None).unwrap(), Stored::New(0), "nothing is known of nothing");
    assert_eq!(learner.learn(&[0b11_0001], None).unwrap(), Stored::Known(0));
}

#[test]
fn voters_are_within_the_kernels_reach_of_the_nearest_or_of_the_key() {
    // the one is two away and the other three
    let key = [0b00_0011];
    let recognised = |kernel_mode, reach: usize, radius| {
        let kernel = vec![(0..=6).map(|e| u32::from(e <= reach)).collect()];
        learner(Parts { kernel, kernel_mode, ..parts(Kind::Class, radius) }, 2).recognise(&key)
    };
    let (normalised, fixed) = (KernelMode::Normalised, KernelMode::Fixed);
    assert_eq!(recognised(normalised, 1, 3), Recognition::Uncertain);
    assert_eq!(recognised(normalised, 0, 3), Recognition::Identified, "one votes");
    assert_eq!(recognised(normalised, 1, 2), Recognition::Identified, "one is within the radius");
    assert_eq!(recognised(normalised, 1, 1), Recognition::Unknown);
    assert_eq!(recognised(fixed, 3, 3), Recognition::Uncertain);
    assert_eq!(recognised(fixed, 2, 3), Recognition::Identified);
}

#[test]
fn labels_follow_their_patterns() {
    let labelled = |classes| Parts { labels: names(&["a", "b"]), classes, ..parts(Kind::Class, 1) };
    let mut named = learner(labelled(names(&["x", "y", "z"])), 4);
    assert_eq!(named.store(&[0b11_1000], Some(2)).unwrap(), Stored::New(2));
    named.forget(0).unwrap();
    assert_eq!(named.memory().unwrap().parts().labels, names(&["z", "b"]));
    assert_eq!(named.counts(), [0, 1, 1]);
    // without names of classes it is the pattern's number
    let mut numbered = learner(labelled(None), 4);
    numbered.store(&[0b11_1000], Some(0)).unwrap();
    assert_eq!(numbered.memory().unwrap().parts().labels, names(&["a", "b", "2"]));
    numbered.clear();
    assert_eq!((numbered.patterns(), numbered.counts()), (0, vec![0; 3]));
    numbered.store(&[0b11_1000], Some(0)).unwrap();
    assert_eq!(numbered.memory().unwrap().parts().labels, None);
}

#[test]
fn what_needs_training_cannot_learn() {
    let why = |parts: Parts| {
        let e = learn::check(&Memory::new(parts).unwrap()).unwrap_err();
        assert_eq!(e.kind(), ErrorKind::Fit);
        e.to_string()
    };
    for kind in [Kind::Auto, Kind::Class] {
        assert!(learn::check(&Memory::new(parts(kind, 2)).unwrap()).is_ok());
        let offset = vec![0, 0, -1, 0, 0, 0, 0];
        assert!(why(Parts { offset, ..parts(kind, 2) }).contains("it has an offset"));
    }
    let other = BitMatrix::from_fn(2, 6, |mu, _| mu == 0);
    assert!(why(Parts { planes: vec![other], ..parts(Kind::Auto, 2) }).contains("its plane is not its patterns"));
    for kind in [Kind::Map, Kind::Sequence] {
        assert!(why(parts(kind, 2)).contains(&format!("it is of kind {kind}")));
    }
}
