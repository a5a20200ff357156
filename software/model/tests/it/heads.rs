//! Keys that are compared by their heads first: what the tails say must never be lost. Every answer is that of the reference.

use hopgate_model::{
    bits::BitMatrix,
    engine::{Engine, Isa, Search},
    kernel::KernelMode,
    kind::Kind,
    memory::{Memory, Parts},
    noise,
    reference::{self, Masks, Top},
};

/// One plane, a weight that halves every two bits of excess up to a reach.
fn memory(kind: Kind, patterns: BitMatrix, reach: usize, kernel_mode: KernelMode) -> Memory {
    let outputs = if kind.answers_keys() { patterns.cols() } else { 10 };
    let plane = if kind == Kind::Auto { patterns.clone() } else { noise::random(patterns.rows(), outputs, 2) };
    let weight = |e: usize| if e <= reach { 255 >> (e / 2).min(7) } else { 0 };
    let kernel = vec![(0..=patterns.cols()).map(weight).collect()];
    let parts = Parts { kind, planes: vec![plane], kernel, kernel_mode, max_steps: 4, ..Parts::of(patterns) };
    Memory::new(parts).expect("in range")
}

/// Every way of asking, with heads of all lengths, against the reference.
fn check(m: &Memory, cues: &BitMatrix, heads: &[usize]) {
    let known = noise::known(0..cues.rows(), m.neurons(), 0.2, 5);
    for (isa, &head) in Isa::available().into_iter().flat_map(|isa| heads.iter().map(move |head| (isa, head))) {
        let engine = Engine::with_head(m, isa, head).expect("available");
        let search = Search::with_head(m.patterns(), isa, head).expect("available");
        let (mut scratch, mut room) = (engine.scratch(), search.scratch());
        for masks in [None, Some(Masks { known: &known, clamp: false })] {
            let batch = engine.each_masked(cues, masks, |_, recall, scratch| scratch.answer(recall));
            let ranked = engine.each_ranked(cues, masks, Top::Nearest(3));
            let nearest = search.each_masked(cues, masks);
            for q in 0..cues.rows() {
                let (cue, what) = (cues.row(q), format!("{isa}, head {head}, cue {q}"));
                let (right, recall) = match masks.map(|masks| masks.of(q)) {
                    None => (reference::recall(m, cue), engine.recall(cue, &mut scratch)),
                    Some(mask) => {
                        let recall = engine.recall_masked(cue, mask, &mut scratch);
                        (reference::recall_masked(m, cue, mask), recall)
                    }
                };
                assert_eq!(scratch.answer(recall), right, "{what}");
                assert_eq!(batch[q], right, "{what}");
                let known = masks.map(|masks| masks.of(q).known);
                let three = reference::ranked(m, cue, known, Top::Nearest(3));
                assert_eq!(ranked[q], three, "{what}");
                for top in [Top::Nearest(1), Top::Nearest(40), Top::Reach] {
                    let right = reference::ranked(m, cue, known, top);
                    assert_eq!(engine.ranked(cue, known, top, &mut scratch), right, "{what}");
                }
                assert_eq!(nearest[q], three[0].0, "{what}");
                assert_eq!(search.nearest_known(cue, known, &mut room), three[0], "{what}");
            }
        }
    }
}

#[test]
fn of_random_patterns() {
    for (kind, mode) in
        [(Kind::Auto, KernelMode::Normalised), (Kind::Map, KernelMode::Fixed), (Kind::Class, KernelMode::Normalised)]
    {
        let m = memory(kind, noise::random(300, 310, 1), 20, mode);
        // near ones, and ones that are near nothing: those are then scanned whole
        let near = noise::cues(m.patterns(), 12, 0.1, 3);
        let far = noise::random(12, 310, 4);
        let cues = BitMatrix::from_fn(24, 310, |q, i| if q % 2 == 0 { near.get(q / 2, i) } else { far.get(q / 2, i) });
        check(&m, &cues, &[0, 1, 2, 3, 4, 9]);
    }
}

/// The nearer the head of a pattern is, the farther is its tail: by one bit more than the head, or by as many.
#[test]
fn that_mislead() {
    for more in [0, 1] {
        let patterns = BitMatrix::from_fn(60, 192, |mu, i| match i < 64 {
            true => i < mu,
            false => i - 64 < (60 - mu) * (1 + more),
        });
        for mode in [KernelMode::Normalised, KernelMode::Fixed] {
            let m = memory(Kind::Auto, patterns.clone(), 3, mode);
            check(&m, &noise::flips(&BitMatrix::zeros(6, 192), 0.01, 1), &[0, 1, 2]);
        }
    }
}

/// All heads alike, all tails alike, all patterns alike, and patterns of which every distance is the same.
#[test]
fn that_tell_nothing() {
    let alike = |head: bool, tail: bool| {
        let random = noise::random(80, 192, 7);
        BitMatrix::from_fn(80, 192, |mu, i| random.get(if if i < 64 { head } else { tail } { 0 } else { mu }, i))
    };
    for (head, tail) in [(true, false), (false, true), (true, true)] {
        let m = memory(Kind::Class, alike(head, tail), 6, KernelMode::Normalised);
        check(&m, &noise::cues(m.patterns(), 8, 0.1, 3), &[0, 1, 2]);
    }
    let apart = memory(Kind::Auto, BitMatrix::from_fn(150, 150, |mu, i| mu == i), 2, KernelMode::Normalised);
    check(&apart, &BitMatrix::zeros(3, 150), &[0, 1, 2]);
}

/// A memory that is large enough for the engine to choose a head by itself holds no more than the bits, and answers as without.
#[test]
fn that_the_engine_chooses() {
    let m = memory(Kind::Auto, noise::random(4000, 512, 1), 2, KernelMode::Normalised);
    let best = Isa::available()[0];
    let (engine, whole) = (Engine::new(&m), Engine::with_head(&m, best, 0).expect("available"));
    assert!(engine.heads().is_some_and(|bits| bits <= 256), "{:?}", engine.heads());
    assert_eq!(whole.heads(), None);
    assert!(100 * 8 * engine.storage_bytes() <= 101 * 4000 * 512);
    let cues = noise::cues(m.patterns(), 500, 0.1, 3);
    assert!(engine.all(&cues) == whole.all(&cues), "the same answers");
    // where most patterns vote, no head can leave one out
    let broad = memory(Kind::Auto, noise::random(4000, 512, 1), 300, KernelMode::Normalised);
    assert_eq!(Engine::new(&broad).heads(), None);
}
