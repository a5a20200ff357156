//! What a memory answers with, and sets of that.

use hopgate_model::{
    ErrorKind,
    kind::{Kind, Kinds},
    memory::{MAX_NEURONS, MAX_OUTPUTS},
};

/// Every set of kinds.
fn sets() -> impl Iterator<Item = Kinds> {
    (0..16).map(|bits| Kinds::from_bits(bits).expect("four kinds"))
}

#[test]
fn numbers_and_names_of_kinds() {
    assert_eq!(Kind::ALL.map(Kind::number), [0, 1, 2, 3]);
    assert_eq!(Kind::ALL.map(|kind| kind.to_string()), ["auto", "map", "class", "sequence"]);
    assert_eq!(Kind::ALL.map(Kind::answers_keys), [true, false, false, true]);
}

#[test]
fn a_kind_has_outputs_within_its_range() {
    for (kind, least, most) in [
        (Kind::Auto, 1, MAX_NEURONS),
        (Kind::Map, 1, MAX_OUTPUTS),
        (Kind::Class, 2, MAX_OUTPUTS),
        (Kind::Sequence, 1, MAX_NEURONS),
    ] {
        assert_eq!(kind.most_outputs(), most);
        assert!(kind.check_outputs(least).is_ok() && kind.check_outputs(most).is_ok(), "{kind}");
        for outputs in [least - 1, most + 1] {
            let e = kind.check_outputs(outputs).unwrap_err();
            let range = format!("a memory of kind {kind} has {least} to {most}");
            assert!(e.kind() == ErrorKind::Value && e.to_string().contains(&range), "{e}");
        }
    }
    assert!(Kind::Class.check_outputs(1).unwrap_err().to_string().contains("1 classes"));
    assert!(Kind::Map.check_outputs(0).unwrap_err().to_string().contains("0 output bits"));
}

#[test]
fn a_set_has_the_kinds_that_were_put_in() {
    for (bits, kinds) in (0u16..).zip(sets()) {
        let in_it: Vec<Kind> = Kind::ALL.into_iter().filter(|kind| bits >> kind.number() & 1 == 1).collect();
        assert_eq!(kinds.bits(), bits);
        assert_eq!(kinds.iter().collect::<Vec<_>>(), in_it);
        assert_eq!(in_it.iter().fold(Kinds::NONE, |set, &kind| set.with(kind)), kinds);
        assert!(Kind::ALL.iter().all(|kind| kinds.contains(*kind) == in_it.contains(kind)), "{kinds}");
        assert_eq!((kinds.is_empty(), kinds.several()), (in_it.is_empty(), in_it.len() > 1), "{kinds}");
        assert_eq!(kinds.answers_keys(), in_it.iter().any(|kind| kind.answers_keys()), "{kinds}");
        assert_eq!(kinds.answers_values(), in_it.iter().any(|kind| !kind.answers_keys()), "{kinds}");
    }
    assert_eq!(Kinds::of(Kind::Class), Kinds::NONE.with(Kind::Class));
    // putting one in again changes nothing
    assert_eq!(Kinds::of(Kind::Class).with(Kind::Class), Kinds::of(Kind::Class));
    assert_eq!([16, 256, 257].map(Kinds::from_bits), [None; 3], "there are four kinds");
}

#[test]
fn sets_as_text() {
    assert_eq!(Kinds::of(Kind::Sequence).with(Kind::Auto).with(Kind::Map).to_string(), "auto+map+sequence");
    for kinds in sets() {
        assert_eq!(kinds.to_string().parse::<Kinds>().unwrap(), kinds);
        assert_eq!(String::from(kinds), kinds.to_string());
        assert_eq!(Kinds::try_from(kinds.to_string()).unwrap(), kinds);
    }
    assert_eq!("class + map".parse::<Kinds>().unwrap(), Kinds::of(Kind::Map).with(Kind::Class));
    for wrong in ["map+", "+map", " ", "Map", "map,class"] {
        assert_eq!(wrong.parse::<Kinds>().unwrap_err().kind(), ErrorKind::Usage, "{wrong:?}");
    }
    assert!("map+bag".parse::<Kinds>().unwrap_err().to_string().contains("\"bag\" is none of the kinds"));
}
