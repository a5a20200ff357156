//! Many cues at once: each answer is that of the cue alone, however many cues meet a part of the keys together.

use hopgate_model::{
    bits::BitMatrix,
    engine::{Engine, Search},
    kernel,
    kind::Kind,
    memory::{Memory, Parts},
    noise,
    reference::{Mask, Masks, Top},
};

fn memory(kind: Kind, rows: usize, cols: usize) -> Memory {
    let patterns = noise::random(rows, cols, 1);
    let outputs = if kind.answers_keys() { cols } else { 10 };
    let planes = vec![if outputs == cols { patterns.clone() } else { noise::random(rows, outputs, 2) }];
    let columns = kernel::columns(cols, 0.02, &[1.0], 0.0, 8);
    let parts = Parts { kind, planes, kernel: columns.weights, max_steps: 4, ..Parts::of(patterns) };
    Memory::new(parts).expect("in range")
}

#[test]
fn answers_of_a_batch_are_those_of_single_cues() {
    // keys of a part and less, of whole parts, of a few rows more, wider than any vector; keys that lie side by side
    for (kind, rows, cols) in [
        (Kind::Auto, 50, 128),
        (Kind::Auto, 3001, 170),
        (Kind::Sequence, 1023, 300),
        (Kind::Map, 97, 4100),
        (Kind::Class, 1203, 250),
    ] {
        let m = memory(kind, rows, cols);
        let (engine, search) = (Engine::new(&m), Search::new(m.patterns()));
        let (mut scratch, mut room) = (engine.scratch(), search.scratch());
        for count in [1, 5, 41] {
            let cues = noise::cues(m.patterns(), count, 0.2, 3);
            let known = noise::known(0..count, cols, 0.3, 4);
            for masks in [None, Some(Masks { known: &known, clamp: kind == Kind::Auto })] {
                let of = |q: usize| masks.map(|masks: Masks| masks.of(q));
                let found = engine.each_masked(&cues, masks, |_, recall, scratch| scratch.answer(recall));
                let (answers, recalls) = engine.all_masked(&cues, masks);
                let ranked = engine.each_ranked(&cues, masks, Top::Nearest(5));
                let nearest = search.each_masked(&cues, masks);
                for q in 0..count {
                    let recall = match of(q) {
                        None => engine.recall(cues.row(q), &mut scratch),
                        Some(mask) => engine.recall_masked(cues.row(q), mask, &mut scratch),
                    };
                    assert_eq!(found[q], scratch.answer(recall), "{kind} {rows}x{cols}, cue {q} of {count}");
                    assert_eq!((recalls[q], answers.row(q)), (recall, scratch.state()));
                    let known = of(q).map(|Mask { known, .. }| known);
                    assert_eq!(ranked[q], engine.ranked(cues.row(q), known, Top::Nearest(5), &mut scratch));
                    assert_eq!(nearest[q], search.nearest_known(cues.row(q), known, &mut room).0);
                }
            }
        }
    }
    assert!(engine_of_nothing().is_empty());
}

fn engine_of_nothing() -> Vec<usize> {
    let m = memory(Kind::Auto, 3000, 170);
    Engine::new(&m).each(&BitMatrix::zeros(0, 170), |q, _, _| q)
}
