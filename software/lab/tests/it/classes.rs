//! Pictures of a memory of classes: what they must hold.

use hopgate_files::{labels::Labels, patterns};
use hopgate_lab::{
    chart::{BLUE, GREY, Shape},
    classes::{
        Contender, Picture, confusion_picture, flip_picture, flip_study, mistakes, mistakes_picture, of_memory,
        of_nearest,
    },
};
use hopgate_model::{bits::BitMatrix, engine::Engine, kind::Kind, memory::Memory};
use hopgate_train::quantizer::{MemoryOptions, training_free_values};

/// The first 300 digits, each of its class, and 200 to ask.
fn digits() -> (Memory, BitMatrix, Vec<u32>) {
    let all = patterns::load_samples("optdigits:train").unwrap();
    let of = Labels::load("optdigits:train".as_ref(), 1200).unwrap().of;
    let part = |from: usize, count: usize| all.bits.select(&(from..from + count).collect::<Vec<_>>());
    let values = BitMatrix::from_fn(300, 10, |t, c| of[t] as usize == c);
    let memory = training_free_values(&part(0, 300), &values, Kind::Class, 0.1, &MemoryOptions::default()).unwrap();
    (memory, part(600, 200), of[600..800].to_vec())
}

#[test]
fn a_mistake_is_explained_by_those_who_voted_for_it() {
    let (memory, cues, labels) = digits();
    let answers = of_memory(&memory)(&cues);
    let wrong: Vec<usize> = (0..200).filter(|&q| answers[q] != labels[q] as usize).collect();
    assert!((2..100).contains(&wrong.len()), "{} mistakes", wrong.len());
    let found = mistakes(&memory, &cues, &labels, 9);
    assert_eq!(found.iter().map(|m| m.cue).collect::<Vec<_>>(), wrong[..9.min(wrong.len())]);
    let engine = Engine::new(&memory);
    for mistake in &found {
        let mut scratch = engine.scratch();
        let recall = engine.recall(cues.row(mistake.cue), &mut scratch);
        let field: Vec<i64> = scratch.field().collect();
        assert_eq!(mistake.lead, field[mistake.answer] - field[mistake.right]);
        assert!(mistake.lead > 0 || mistake.answer < mistake.right);
        // each vote is no smaller than the next, the greatest is for the answer, and all of them together lead
        assert!(mistake.voters.windows(2).all(|w| w[0].vote >= w[1].vote) && mistake.voters[0].vote > 0);
        assert!(mistake.voters.iter().all(|v| v.distance >= recall.distance));
        assert!(memory.planes()[0].get(mistake.voters[0].pattern, mistake.answer));
    }
    let names: Vec<String> = (0..10).map(|c| c.to_string()).collect();
    let picture = Picture { height: 16, width: 8 };
    let svg = mistakes_picture(&memory, &cues, &found, &names, picture, "Why").unwrap();
    let said = format!("{}, not {}", found[0].answer, found[0].right);
    assert!(svg.contains(&said) && svg.matches(" at ").count() == 3 * found.len());
    assert!(mistakes_picture(&memory, &cues, &[], &names, picture, "").is_err());
    let small = Picture { height: 8, width: 8 };
    assert!(mistakes_picture(&memory, &cues, &found, &names, small, "").is_err());
    keep("mistakes.svg", &svg);
}

#[test]
fn accuracy_falls_with_flips_and_the_same_cues_are_asked_of_all() {
    let (memory, cues, labels) = digits();
    let (vote, nearest) = (of_memory(&memory), of_nearest(&cues, &labels));
    let contenders = [
        Contender { label: "vote".into(), look: (BLUE, Shape::Line), classifier: &vote },
        Contender { label: "itself".into(), look: (GREY, Shape::Line), classifier: &nearest },
    ];
    let study = flip_study(&cues, &labels, &contenders, &[0.0, 0.1, 0.4], 2, 1).unwrap();
    let mean = |c: usize, level: usize| study.curves[c].accuracy[level].mean;
    assert!(mean(0, 0) > 0.7 && mean(0, 2) < mean(0, 0) - 0.1, "{study:?}");
    // the keys themselves are found again, up to the few that repeat
    assert!(mean(1, 0) > 0.98);
    let svg = flip_picture(&study, &contenders, "Flips").unwrap();
    assert!(svg.contains("right class") && svg.contains("vote"));
    assert_eq!(study, flip_study(&cues, &labels, &contenders, &[0.0, 0.1, 0.4], 2, 1).unwrap());
    assert!(flip_study(&cues, &labels[1..], &contenders, &[0.0], 1, 1).is_err());
    keep("flips.svg", &svg);
}

#[test]
fn confusions_of_two_classes_and_of_three_hundred() {
    for classes in [2, 10, 40, 300] {
        let names: Vec<String> = (0..classes).map(|c| format!("class <{c}>")).collect();
        let count = |r: usize, c: usize| if r == c { 20 } else { usize::from((r * 7 + c).is_multiple_of(11)) };
        let matrix: Vec<Vec<usize>> = (0..classes).map(|r| (0..=classes).map(|c| count(r, c)).collect()).collect();
        let svg = confusion_picture(&matrix, &names, "Which").unwrap();
        assert!(svg.matches("<polygon").count() >= classes * classes && !svg.contains("<1>"));
        keep(&format!("confusion-{classes}.svg"), &svg);
        assert!(confusion_picture(&matrix[1..], &names, "").is_err());
    }
}

/// To be looked at.
fn keep(name: &str, svg: &str) {
    std::fs::write(std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name), svg).unwrap();
}
