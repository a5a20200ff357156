//! Identities come back, and pages of no board are refused.

use super::*;
use alloc::string::ToString;

fn identity() -> Identity {
    Identity {
        kind: Kind::Auto,
        kinds: Kinds::of(Kind::Auto),
        outputs: 0,
        value_rows: 0,
        radius: false,
        masks: false,
        learns: false,
        auto_store: false,
        finds: true,
        neurons: 37,
        patterns: 60,
        planes: 2,
        parallel: 2,
        fold: 4,
        beats: 1,
        nearest: false,
        ranks: 0,
        fixed: true,
        shared_top: true,
        self_test: true,
        empty: false,
        kernel_bits: 8,
        accumulator_bits: 13,
        stride: 7,
        depth: 60,
        groups: 30,
        window: 256,
        threshold_bits: 14,
        clock: 100_000_000,
        baud: 1_000_000,
        latency: 25,
        built_in: core::array::from_fn(|i| i as u8),
        version: "0.1.0".into(),
    }
}

#[test]
fn an_identity_comes_back() {
    let words = identity().words();
    assert_eq!(words[..9], [0x4748, 1, 37, 3, 60, 2, 2, 4, 2 + 4 + 8 + 16 + 512]);
    assert_eq!((words[16], words[17], words[24], words[40]), (0xe100, 0x05f5, 0x0100, 0x2e30));
    assert_eq!(Identity::of(&words).unwrap(), identity());
}

#[test]
fn an_identity_of_classes_comes_back() {
    let board = Identity {
        kind: Kind::Class,
        kinds: Kinds::of(Kind::Class),
        outputs: 10,
        value_rows: 60,
        radius: true,
        masks: true,
        shared_top: false,
        ..identity()
    };
    let words = board.words();
    // radius, masks, FIND
    assert_eq!((words[8] >> 6, board.cue_words()), (1 + 2 + 8, 6));
    assert_eq!((words[21], words[22], words[23]), (2, 10, 60));
    assert_eq!(Identity::of(&words).unwrap(), board);
    assert_eq!((board.answer_words(), board.reply_words(30)), (6, 9));
}

#[test]
fn an_identity_of_lists_comes_back() {
    let search = Identity {
        nearest: true,
        ranks: 5,
        planes: 0,
        shared_top: false,
        threshold_bits: 0,
        self_test: false,
        ..identity()
    };
    assert_eq!(Identity::of(&search.words()).unwrap(), search);
    assert_eq!((search.answer_words(), search.answers(30), search.reply_words(30)), (0, 5, 15));
    let votes = Identity { ranks: 5, ..identity() };
    assert!(Identity::of(&votes.words()).unwrap_err().to_string().contains("lists"));
}

#[test]
fn an_identity_with_beats_comes_back() {
    let board = Identity { beats: 2, depth: 120, ..identity() };
    let words = board.words();
    assert_eq!((words[1], words[3], words[48]), (2, 2, 2));
    assert_eq!((board.words_of_key(), board.row_words(), board.version()), (3, 4, 2));
    assert_eq!(Identity::of(&words).unwrap(), board);
    assert_eq!(board.step_cycles(30, 3), 2 * 30 + 4 * 2 * 2 * 3 + 25);
}

#[test]
fn pages_of_no_board() {
    let with = |at: usize, value: u16| {
        let mut words = identity().words();
        words[at] = value;
        Identity::of(&words).unwrap_err().to_string()
    };
    assert!(with(0, 7).contains("no hopgate board"));
    assert!(with(1, 3).contains("version 3"));
    assert!(with(1, 2).contains("beats"), "one that speaks of beats and has none");
    for (at, value, what) in [(2, 0, "neurons"), (3, 2, "lanes"), (6, 0, "rows per cycle"), (12, 59, "rows of")] {
        assert!(with(at, value).contains(what), "{}", with(at, value));
    }
    assert!(with(15, 0).contains("threshold") && with(14, 6).contains("window") && with(5, 0).contains("kernel"));
}
