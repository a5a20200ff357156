//! The engine against the reference, for every kind of vectors that the processor has. These tests need no standard library
//! in the crate: `cargo test -p hopgate-model --no-default-features --test engine`.

use hopgate_model::{
    bits::BitMatrix,
    engine::{Engine, Isa, Search},
    kernel::KernelMode,
    kind::Kind,
    memory::{Memory, Parts},
    reference::{self, Mask, Top},
};
use proptest::prelude::*;

/// Numbers that look random (splitmix64).
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    /// Every bit set with probability `ones / 256`.
    fn bits(&mut self, rows: usize, cols: usize, ones: u64) -> BitMatrix {
        BitMatrix::from_fn(rows, cols, |_, _| self.below(256) < ones)
    }

    /// The rows in turn, bits flipped with probability `noise / 256`.
    fn cues(&mut self, rows: &BitMatrix, count: usize, noise: u64) -> BitMatrix {
        BitMatrix::from_fn(count, rows.cols(), |q, i| rows.get(q % rows.rows(), i) ^ (self.below(256) < noise))
    }
}

#[derive(Debug, Clone, Copy)]
struct Shape {
    kind: Kind,
    neurons: usize,
    /// Where the kind leaves them free.
    outputs: usize,
    patterns: usize,
    planes: usize,
    kernel_bits: u32,
    fixed: bool,
    shared: bool,
    offsets: bool,
    /// The largest distance with an entry, in 16ths of N.
    reach: usize,
    /// How quickly the entries fall.
    fall: usize,
    /// Ones of the patterns in 256; patterns of 0 are all alike.
    ones: u64,
    max_steps: u32,
    seed: u64,
}

fn shapes(neurons: usize, patterns: usize) -> impl Strategy<Value = Shape> {
    let sizes = (1..=neurons, 1..=patterns, 1..=4usize, 4..=16u32);
    let kinds = (proptest::sample::select(&Kind::ALL[..]), prop_oneof![1..=12usize, 1..=neurons, Just(300)]);
    let flags = (any::<bool>(), any::<bool>(), any::<bool>());
    let tables = (0..=16usize, prop_oneof![Just(1usize), Just(4), Just(40), Just(4000)]);
    let ones = prop_oneof![Just(0u64), Just(10), Just(128), Just(256)];
    (kinds, sizes, flags, tables, ones, 1..6u32, any::<u64>()).prop_map(
        |((kind, outputs), (neurons, patterns, planes, kernel_bits), flags, (reach, fall), ones, max_steps, seed)| {
            let (fixed, shared, offsets) = flags;
            let outputs = if kind == Kind::Class { outputs.max(2) } else { outputs };
            Shape {
                kind,
                neurons,
                outputs,
                patterns,
                planes,
                kernel_bits,
                fixed,
                shared,
                offsets,
                reach,
                fall,
                ones,
                max_steps,
                seed,
            }
        },
    )
}

fn memory(shape: Shape) -> Memory {
    let Shape { neurons: n, patterns: p, planes: k, .. } = shape;
    let mut draw = Draw(shape.seed);
    let patterns = draw.bits(p, n, shape.ones);
    let outputs = if shape.kind.answers_keys() { n } else { shape.outputs };
    let mut planes: Vec<BitMatrix> = (0..k).map(|_| draw.bits(p, outputs, 128)).collect();
    if shape.shared && outputs == n {
        planes[k - 1] = patterns.clone();
    }
    let top = 1u64 << shape.kernel_bits;
    let entry = |draw: &mut Draw, e: usize| match e * 16 <= shape.reach * n {
        true => draw.below(top) >> (e / shape.fall).min(40),
        false => 0,
    };
    let mut kernel: Vec<Vec<u32>> = (0..k).map(|_| (0..=n).map(|e| entry(&mut draw, e) as u32).collect()).collect();
    kernel[k - 1][0] = (top - 1) as u32;
    let sign = |draw: &mut Draw| if draw.below(2) == 0 { 1 } else { -1 };
    let offset =
        (0..=n).map(|e| if shape.offsets { entry(&mut draw, e) as i32 * sign(&mut draw) } else { 0 }).collect();
    Memory::new(Parts {
        kind: shape.kind,
        radius: draw.below(n as u64 + 1) as u32,
        planes,
        kernel,
        offset,
        kernel_bits: shape.kernel_bits,
        kernel_mode: if shape.fixed { KernelMode::Fixed } else { KernelMode::Normalised },
        max_steps: shape.max_steps,
        ..Parts::of(patterns)
    })
    .expect("these parts are in range")
}

/// Recalls with every kind of vectors, near the patterns and far from all of them, and compares every number.
fn check(shape: Shape) -> Result<(), TestCaseError> {
    check_memory(&memory(shape), !shape.seed, &[0, 5, 30, 128, 256])
}

fn check_memory(m: &Memory, seed: u64, noises: &[u64]) -> Result<(), TestCaseError> {
    let mut draw = Draw(seed);
    let words = m.neurons().div_ceil(64);
    let heads = move |isa| [None, (words > 1).then(|| 1 + seed as usize % (words - 1))].map(|head| (isa, head));
    let ways: Vec<(Isa, Option<usize>)> = Isa::available().into_iter().flat_map(heads).collect();
    let engine = |&(isa, head): &(Isa, Option<usize>)| match head {
        None => Engine::with(m, isa),
        Some(head) => Engine::with_head(m, isa, head),
    };
    let engines: Vec<Engine> = ways.iter().filter_map(engine).collect();
    let mut scratches: Vec<_> = engines.iter().map(Engine::scratch).collect();
    let headed = |&(isa, head): &(Isa, Option<usize>)| Search::with_head(m.patterns(), isa, head.unwrap_or(0));
    let searches: Vec<Search> = ways.iter().filter_map(headed).chain([Search::new(m.patterns())]).collect();
    let mut rooms: Vec<_> = searches.iter().map(Search::scratch).collect();
    for &noise in noises {
        let cues = draw.cues(m.patterns(), 4, noise);
        for q in 0..cues.rows() {
            let mut candidates = 0;
            let seen = |state: &[u64], _: &reference::Step| candidates += reference::candidates(m, state) as u64;
            let right = reference::recall_seen(m, cues.row(q), seen);
            prop_assert_eq!(right.path.len(), if m.kind() == Kind::Sequence { right.steps as usize } else { 0 });
            let nearest = reference::step(m, cues.row(q)).nearest;
            for (search, room) in searches.iter().zip(&mut rooms) {
                prop_assert_eq!(search.nearest(cues.row(q), room).0, nearest);
            }
            for (engine, scratch) in engines.iter().zip(&mut scratches) {
                let recall = engine.recall(cues.row(q), scratch);
                prop_assert_eq!(recall.candidates, candidates, "{} at noise {}", engine.isa(), noise);
                prop_assert_eq!(&scratch.answer(recall), &right, "{} at noise {}", engine.isa(), noise);
                prop_assert_eq!(recall.cue_nearest, nearest, "{} at noise {}", engine.isa(), noise);
            }
            // some bits, none, all, or all but few
            let known = draw.bits(1, m.neurons(), [128, 0, 256, 250][q % 4]);
            let mask = Mask { known: known.row(0), clamp: draw.below(2) == 0 };
            let right = reference::recall_masked(m, cues.row(q), mask);
            for (engine, scratch) in engines.iter().zip(&mut scratches) {
                let recall = engine.recall_masked(cues.row(q), mask, scratch);
                prop_assert_eq!(&scratch.answer(recall), &right, "{} at noise {}, {:?}", engine.isa(), noise, mask);
            }
            let known = (draw.below(2) == 0).then_some(mask.known);
            let p = m.patterns().rows();
            for top in [Top::Nearest(1), Top::Nearest(p.div_ceil(3)), Top::Nearest(p), Top::Reach] {
                let right = reference::ranked(m, cues.row(q), known, top);
                for (engine, scratch) in engines.iter().zip(&mut scratches) {
                    let found = engine.ranked(cues.row(q), known, top, scratch);
                    prop_assert_eq!(&found, &right, "{}, {:?}", engine.isa(), top);
                }
            }
            let nearest = reference::ranked(m, cues.row(q), known, Top::Nearest(1));
            for (search, room) in searches.iter().zip(&mut rooms) {
                prop_assert_eq!(search.nearest_known(cues.row(q), known, room), nearest[0]);
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn answers_are_those_of_the_reference(shape in shapes(200, 70)) {
        check(shape)?;
    }

    #[test]
    fn distances_are_hamming_distances(neurons in 1..=1024usize, patterns in 1..40usize, seed in any::<u64>()) {
        let mut draw = Draw(seed);
        let rows = draw.bits(patterns, neurons, 128);
        let kernel = (0..=neurons).map(|e| u32::from(e == 0)).collect();
        let m = Memory::new(Parts { planes: vec![rows.clone()], kernel: vec![kernel], ..Parts::of(rows) }).unwrap();
        let state = draw.bits(1, neurons, 128);
        let right = reference::distances(&m, state.row(0));
        for isa in Isa::available() {
            let mut found = vec![0; patterns];
            let least = Engine::with(&m, isa).unwrap().distances(state.row(0), &mut found);
            prop_assert_eq!(found.iter().map(|&d| u32::from(d)).collect::<Vec<_>>(), right.clone(), "{}", isa);
            prop_assert_eq!(Some(u32::from(least)), right.iter().copied().min());
        }
    }
}

const SHAPE: Shape = Shape {
    kind: Kind::Auto,
    outputs: 0,
    neurons: 170,
    patterns: 510,
    planes: 1,
    kernel_bits: 8,
    fixed: false,
    shared: true,
    offsets: false,
    reach: 1,
    fall: 1,
    ones: 128,
    max_steps: 30,
    seed: 1,
};

#[test]
fn edges_of_words_and_vectors() {
    for neurons in [
        1, 15, 16, 17, 63, 64, 65, 127, 128, 129, 255, 256, 257, 511, 512, 513, 520, 1000, 1023, 1024, 1025, 1540,
        2048, 4100,
    ] {
        for (planes, fixed, reach) in [(1, false, 1), (2, true, 16)] {
            check(Shape { neurons, planes, fixed, reach, patterns: 33, fall: 40, ..SHAPE }).unwrap();
        }
    }
    for patterns in [1, 2, 7, 8, 9, 15, 16, 31, 32, 33, 64, 65] {
        check(Shape { patterns, neurons: 40, reach: 16, fall: 4000, ..SHAPE }).unwrap();
    }
}

#[test]
fn every_pattern_votes() {
    // the sums of a step are what is large, not the steps
    let long = Shape { reach: 16, fall: 4000, max_steps: 3, ..SHAPE };
    // flat columns of 16 bits: the sums need far more than 16 bits
    check(Shape { neurons: 100, patterns: 900, planes: 3, kernel_bits: 16, ..long }).unwrap();
    // and of 8 bits: blocks of fifteen rows, many of one weight
    check(Shape { neurons: 600, patterns: 300, planes: 2, fixed: true, offsets: true, ..long }).unwrap();
    // rows of every kind: one to three blocks of 64 neurons, and more; numbers of rows that are no multiple of eight
    for neurons in [7, 65, 128, 192, 200, 577, 1000] {
        let shape = Shape { neurons, patterns: 61, planes: 3, ..long };
        check(Shape { seed: neurons as u64, ..shape }).unwrap();
        check(Shape { offsets: true, kernel_bits: 13, seed: neurons as u64, ..shape }).unwrap();
        // and some that are out of reach
        check(Shape { reach: 8, fixed: true, seed: neurons as u64, ..shape }).unwrap();
    }
}

#[test]
fn values_of_any_width() {
    for outputs in [1, 2, 10, 64, 65, 300, 1024] {
        for kind in [Kind::Map, Kind::Class].into_iter().filter(|&kind| kind == Kind::Map || outputs > 1) {
            let shape = Shape { kind, outputs, neurons: 197, patterns: 70, planes: 2, fall: 40, ..SHAPE };
            check(Shape { reach: 2, shared: false, ..shape }).unwrap();
            // most vote, and their sums need more than 16 bits
            check(Shape { reach: 16, fall: 4000, kernel_bits: 16, offsets: true, ..shape }).unwrap();
            // keys of nearly whole words, which are scanned side by side, and weights of more than a byte
            check(Shape { neurons: 250, reach: 16, fall: 4000, kernel_bits: 12, ..shape }).unwrap();
        }
    }
    for patterns in [1, 7, 8, 9, 15, 16, 17, 31, 33, 64, 65] {
        let shape = Shape { kind: Kind::Class, outputs: 10, neurons: 250, patterns, reach: 16, fall: 4000, ..SHAPE };
        check(Shape { fixed: patterns % 2 == 0, ..shape }).unwrap();
    }
}

/// Keys that nothing but the scan reads, enough of them to be turned over: of one part and of several, sparse ones, dense ones and constant ones.
#[test]
fn keys_that_are_turned_over() {
    let shape = Shape { kind: Kind::Class, outputs: 10, planes: 2, reach: 8, fall: 40, shared: false, ..SHAPE };
    for (neurons, patterns, ones) in
        [(197, 512, 128), (250, 480, 30), (784, 1000, 10), (640, 511, 250), (1100, 2100, 128)]
    {
        check(Shape { neurons, patterns, ones, fixed: patterns % 2 == 1, ..shape }).unwrap();
    }
    check(Shape { kind: Kind::Map, outputs: 40, neurons: 256, patterns: 500, ones: 0, offsets: true, ..shape })
        .unwrap();
}

/// Candidates of few classes, which are sorted and then counted: so many of one weight that they do not fit 16 bits, a few, and
/// one that is too heavy for the loops that take all patterns.
#[test]
fn many_of_one_weight() {
    for (neurons, patterns, light, few) in
        [(257, 520, 1, 2), (512, 300, 200, 3), (577, 90, 9000, 1), (600, 60, 7, 2), (1000, 270, 40, 3)]
    {
        let mut draw = Draw(neurons as u64);
        let rows = draw.bits(patterns, neurons, 128);
        let mut kernel = vec![vec![light; neurons + 1]; 2];
        (kernel[0][0], kernel[1][0]) = (65535, 65535);
        // a class of its own for a few of the patterns
        (neurons / 2 - 8..neurons / 2 - 8 + few).for_each(|e| kernel[1][e] = 3 * light);
        let offset = (0..=neurons).map(|e| if e % 2 == 0 && patterns < 100 { 5 - e as i32 } else { 0 }).collect();
        // a plane of ones: counts as large as they can be
        let planes = vec![draw.bits(patterns, neurons, 256), rows.clone()];
        let parts = Parts { planes, kernel, offset, kernel_bits: 16, max_steps: 2, ..Parts::of(rows) };
        for kernel_mode in [KernelMode::Normalised, KernelMode::Fixed] {
            check_memory(&Memory::new(Parts { kernel_mode, ..parts.clone() }).unwrap(), 1, &[30]).unwrap();
        }
    }
}

#[test]
fn memory_is_what_the_bits_need() {
    for (neurons, patterns, planes, reach) in
        [(170, 510, 1, 1), (170, 510, 1, 16), (170, 510, 2, 16), (1000, 600, 1, 16), (128, 384, 3, 4)]
    {
        let m = memory(Shape { neurons, patterns, planes, reach, fall: 40, ..SHAPE });
        let (bits, held) = (planes * patterns * neurons, 8 * Engine::new(&m).storage_bytes());
        assert!(held >= bits && 100 * held <= 110 * bits, "{held} bits for {bits}");
    }
}

#[test]
fn storage_by_hand() {
    let bits = |seed| Draw(seed).bits(10, 64, 128);
    let mut kernel = vec![vec![0; 65]; 2];
    kernel[0][..5].copy_from_slice(&[7, 7, 7, 3, 0]);
    kernel[1][..5].copy_from_slice(&[9, 9, 9, 9, 1]);
    let mut offset = vec![0; 65];
    offset[1] = -2;
    let parts = Parts { planes: vec![bits(2), bits(3)], kernel, ..Parts::of(bits(1)) };
    let bytes = |offset: Vec<i32>| {
        let m = Memory::new(Parts { offset, ..parts.clone() }).unwrap();
        Engine::new(&m).storage_bytes()
    };
    // three matrices of ten rows of 8 bytes with 64 behind them; excesses 0 to 4 are of three classes, which two planes have entries for
    assert_eq!(bytes(vec![0; 65]), 3 * (10 * 8 + 64) + 2 * 5 + 2 * 3 * 2);
    // with the offset they are of four: an entry of 4 bytes each
    assert_eq!(bytes(offset), 3 * (10 * 8 + 64) + 2 * 5 + 2 * 4 * 2 + 4 * 4);
}

/// Without the standard library the bound is computed by a loop of its own.
#[test]
fn bound_by_hand() {
    // patterns 01 and 11, a weight of 3 where all is equal: fields from -6 to 6, whatever the distances
    let patterns = BitMatrix::from_fn(2, 2, |r, i| r + i > 0);
    let m = Memory::new(Parts {
        planes: vec![patterns.clone()],
        kernel: vec![vec![3; 3]],
        kernel_mode: KernelMode::Fixed,
        ..Parts::of(patterns)
    });
    let bound = m.unwrap().bound();
    assert_eq!((bound.low, bound.high), (0, 6));
}

#[test]
fn portable_loops_are_always_there() {
    let all = Isa::available();
    assert_eq!(all.last(), Some(&Isa::Portable));
    assert_eq!(all.contains(&Isa::Neon), cfg!(target_arch = "aarch64"));
    let m = memory(SHAPE);
    assert_eq!(Engine::new(&m).isa(), all[0]);
    for isa in [Isa::Portable, Isa::Neon, Isa::Avx2, Isa::Avx512] {
        assert_eq!(Engine::with(&m, isa).map(|e| e.isa()), all.contains(&isa).then_some(isa));
    }
    #[cfg(all(target_arch = "x86_64", feature = "std"))]
    {
        use std::arch::is_x86_feature_detected as has;
        let avx512 = has!("avx512f")
            && has!("avx512bw")
            && has!("avx512vbmi")
            && has!("avx512vpopcntdq")
            && has!("avx512vnni")
            && has!("gfni");
        assert_eq!([Isa::Avx2, Isa::Avx512].map(|isa| all.contains(&isa)), [has!("avx2"), avx512]);
    }
    let names = [Isa::Portable, Isa::Neon, Isa::Avx2, Isa::Avx512].map(|isa| isa.to_string());
    assert_eq!(names, ["portable", "neon", "avx2", "avx512"]);
    assert!(format!("{:?}", Engine::with(&m, Isa::Portable)).contains("kernels: portable"));
}

#[cfg(feature = "std")]
#[test]
fn a_batch_is_its_cues_one_by_one() {
    let m = memory(Shape { planes: 2, patterns: 60, ..SHAPE });
    let cues = Draw(1).cues(m.patterns(), 200, 40);
    let engine = Engine::new(&m);
    let answers = engine.each(&cues, |q, recall, scratch| (q, scratch.answer(recall)));
    assert_eq!(answers.len(), 200);
    for (place, (q, answer)) in answers.into_iter().enumerate() {
        assert_eq!((q, answer), (place, reference::recall(&m, cues.row(q))));
    }
}
