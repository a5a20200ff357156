//! The reference and what it is made of, number by number: every bound and every refusal, on both sides of its edge.

use hopgate_model::{
    ErrorKind,
    bits::{BitMatrix, bit, hamming, set_bit, words_for},
    bound::{FieldBound, field_bound},
    kernel::{self, KernelMode},
    memory::{MAX_NEURONS, Memory, Parts},
    noise, reference,
};

/// Random patterns and planes, and these columns.
fn parts(p: usize, n: usize, kernel: Vec<Vec<u32>>, offset: Vec<i32>, seed: u64) -> Parts {
    let patterns = noise::random(p, n, seed);
    let planes = (0..kernel.len()).map(|j| noise::random(p, n, seed + 1 + j as u64)).collect();
    Parts { planes, kernel, offset, ..Parts::of(patterns) }
}

/// A memory of one plane that is the patterns, with a kernel that falls by one.
fn plain(patterns: BitMatrix) -> Parts {
    let n = patterns.cols() as u32;
    Parts {
        planes: vec![patterns.clone()],
        kernel: vec![(0..=n).map(|e| (n - e).min(200)).collect()],
        ..Parts::of(patterns)
    }
}

fn refused(parts: Parts) -> String {
    let error = Memory::new(parts).expect_err("it should be refused");
    assert_eq!(error.kind(), ErrorKind::Value);
    error.to_string()
}

#[test]
fn packed_rows() {
    assert_eq!([0, 1, 64, 65, 128].map(words_for), [0, 1, 1, 2, 2]);
    let mut row = [0u64; 2];
    for c in [0, 63, 64, 70] {
        set_bit(&mut row, c, true);
    }
    assert_eq!(row, [1 | 1 << 63, 1 | 1 << 6]);
    assert_eq!((0..128).filter(|&c| bit(&row, c)).collect::<Vec<_>>(), [0, 63, 64, 70]);
    set_bit(&mut row, 64, false);
    set_bit(&mut row, 63, true);
    set_bit(&mut row, 5, false);
    assert_eq!(row, [1 | 1 << 63, 1 << 6]);
    assert_eq!(hamming(&row, &[1, 1 << 7]), 3);
    assert_eq!(hamming(&row, &row), 0);
}

#[test]
fn matrices() {
    let mut m = BitMatrix::from_fn(3, 66, |r, c| c % 3 == r);
    assert_eq!((m.rows(), m.cols()), (3, 66));
    assert_eq!(m.row(1)[1], 0b01);
    assert_eq!([0, 1, 2].map(|r| m.get(r, 65)), [false, false, true]);
    m.set(0, 65, true);
    m.set(2, 65, false);
    assert_eq!([0, 1, 2].map(|r| m.get(r, 65)), [true, false, false]);
    // what is given beyond the last column is not kept: equal matrices have equal words
    m.set_row(1, &[0, !0 << 1 | 0b01]);
    assert_eq!(m.row(1), [0, 0b11]);
    m.set_row(1, &[0, !0b10]);
    assert_eq!(m.row(1), [0, 0b01]);
    let mut whole = BitMatrix::zeros(1, 64);
    whole.set_row(0, &[!0]);
    assert_eq!(whole.row(0), [!0]);
    let turned = m.select(&[2, 0, 2]);
    assert_eq!((turned.row(0), turned.row(1), turned.row(2)), (m.row(2), m.row(0), m.row(2)));
    assert_eq!([0, 1, 2, 65].map(|c| m.column_ones(c)), [1, 0, 1, 1]);
    assert_eq!(BitMatrix::zeros(2, 65).row(1), [0, 0]);
}

#[test]
fn bytes_of_a_matrix_and_a_matrix_of_bytes() {
    for (rows, cols) in [(1, 1), (3, 7), (2, 63), (2, 64), (3, 65), (2, 130), (0, 9), (5, 0)] {
        let bit = |r: usize, c: usize| (r * 31 + c * c + c / 7) % 3 == 1;
        let m = BitMatrix::from_fn(rows, cols, bit);
        let bytes: Vec<u8> = (0..rows * cols).map(|i| u8::from(bit(i / cols, i % cols))).collect();
        assert_eq!(m.to_bytes(), bytes, "{rows} x {cols}");
        assert_eq!(BitMatrix::from_bytes(rows, cols, &bytes), m, "{rows} x {cols}");
    }
    assert_eq!(BitMatrix::from_bytes(1, 3, &[2, 0, 255]).row(0), [0b101]);
}

#[test]
#[should_panic(expected = "column 3 of 3")]
fn no_column_beyond_the_last_is_read() {
    BitMatrix::zeros(1, 3).get(0, 3);
}

#[test]
#[should_panic(expected = "column 3 of 3")]
fn no_column_beyond_the_last_is_set() {
    BitMatrix::zeros(1, 3).set(0, 3, true);
}

#[test]
fn kernels() {
    assert!((kernel::rbf(0.25, 3) - (-3.0f64).exp()).abs() < 1e-15);
    assert!((kernel::rbf(0.5, 1) - (-2.0f64).exp()).abs() < 1e-15);
    assert!((kernel::gamma_of_noise(0.2) - 4f64.ln() / 4.0).abs() < 1e-12);
    assert_eq!([KernelMode::Normalised, KernelMode::Fixed].map(|m| m.to_string()), ["normalised", "fixed"]);
    // exp(-1) is 0.3679: of 15, 7.5 and 3
    let c = kernel::columns(1, 0.25, &[0.5, 1.0], -0.2, 4);
    assert_eq!((c.weights, c.offset), (vec![vec![8, 3], vec![15, 6]], vec![-3, -1]));
    // only the ratios of weights count
    assert_eq!(kernel::columns(1, 0.25, &[2.0, 4.0], -0.8, 4), kernel::columns(1, 0.25, &[0.5, 1.0], -0.2, 4));
    // no weights: the offset fills the range
    // however small or large the weights are
    let of = |w: f64| kernel::columns(3, 0.25, &[w, w / 2.0], -w, 8);
    assert!([-1020, -700, -600, 600, 900].iter().all(|&power| of(2f64.powi(power)) == of(1.0)));
    let c = kernel::columns(1, 0.25, &[0.0], -2.0, 5);
    assert_eq!((c.weights, c.offset), (vec![vec![0, 0]], vec![-31, -11]));
    let c = kernel::columns(2, 0.25, &[0.0, 0.0], 0.0, 5);
    assert_eq!((c.weights, c.offset), (vec![vec![0; 3]; 2], vec![0; 3]));
    assert_eq!(kernel::reach(&[vec![1, 0, 0, 0], vec![1, 0, 2, 0]], &[0, 0, 0, 0]), Some(2));
    assert_eq!(kernel::reach(&[vec![0, 0, 0]], &[0, -1, 0]), Some(1));
    assert_eq!(kernel::reach(&[vec![0, 0, 0]], &[0, 0, 0]), None);
}

/// Both bounds as they are stated, with every radius and no histogram.
fn stated_bound(parts: &Parts) -> FieldBound {
    let (p, n, k) = (parts.patterns.rows(), parts.patterns.cols(), parts.planes.len());
    let adds = |mu: usize, i: usize, e: usize| {
        let planes = (0..k).map(|j| i64::from(parts.kernel[j][e]) * if parts.planes[j].get(mu, i) { 1 } else { -1 });
        i64::from(parts.offset[e]) + planes.sum::<i64>()
    };
    let odd = |mu: usize| parts.patterns.row(mu).iter().map(|word| word.count_ones() as usize).sum::<usize>() % 2;
    let of_neuron = |(state, i): (usize, usize), worst: &dyn Fn(Vec<i64>) -> i64| -> i64 {
        (0..p).map(|mu| worst(((odd(mu) + state) % 2..=n).step_by(2).map(|e| adds(mu, i, e)).collect())).sum()
    };
    let every = || (0..2).flat_map(|state| (0..n).map(move |i| (state, i)));
    let high = every().map(|at| of_neuron(at, &|all| *all.iter().max().unwrap())).max().unwrap();
    let low = every().map(|at| of_neuron(at, &|all| *all.iter().min().unwrap())).min().unwrap();
    let size = |e: usize| i64::from(parts.offset[e].abs()) + parts.kernel.iter().map(|w| i64::from(w[e])).sum::<i64>();
    let beyond = |e: usize| (e..=n).step_by(2).map(size).max().unwrap_or(0);
    let triangle = |m: usize, r: usize| -> i64 {
        let base = if parts.kernel_mode == KernelMode::Normalised { r } else { 0 };
        let least = |mu: usize| {
            let far = hamming(parts.patterns.row(m), parts.patterns.row(mu)) as usize;
            let d = r.max(far.saturating_sub(r));
            d + (d + r + far) % 2
        };
        (0..p).map(|mu| beyond(least(mu) - base)).sum()
    };
    let most = (0..p).flat_map(|m| (0..=n).map(move |r| (m, r))).map(|(m, r)| triangle(m, r)).max().unwrap();
    FieldBound { low: low.max(-most), high: high.min(most) }
}

#[test]
fn the_bound_is_the_stated_one() {
    let (mut by_neuron, mut by_triangle) = (0, 0);
    for seed in 0..40u64 {
        let (p, n, k) = (1 + seed as usize % 9, 3 + seed as usize % 14, 1 + seed as usize % 3);
        let weights: Vec<f64> = (0..k).map(|j| 1.0 + j as f64).collect();
        let mut c = kernel::columns(n, 0.02 * (1 + seed % 12) as f64, &weights, f64::from(seed as u32 % 5) - 2.0, 8);
        if seed % 4 == 3 {
            // a column that does not fall
            c.weights[0][n - 1] = 200;
        }
        let mut parts = parts(p, n, c.weights, c.offset, 10 * seed);
        for mode in [KernelMode::Normalised, KernelMode::Fixed] {
            parts.kernel_mode = mode;
            let bound = field_bound(&parts);
            assert_eq!(bound, stated_bound(&parts), "seed {seed}, {mode}");
            by_triangle += usize::from(bound.low == -bound.high);
            by_neuron += usize::from(bound.low != -bound.high);
        }
    }
    assert!(by_neuron > 10 && by_triangle > 3, "{by_neuron} bounds by neurons, {by_triangle} by triangles");
}

#[test]
fn widths_of_accumulators() {
    let bits = |low, high| FieldBound { low, high }.accumulator_bits();
    // floor(h/2) from -2^(w-1) to 2^(w-1)-1 fits w bits
    assert_eq!([bits(0, 0), bits(-2, 1), bits(-4, 3), bits(-5, 3), bits(-4, 4)], [2, 2, 2, 3, 3]);
    assert_eq!([bits(-8, 7), bits(-9, 7), bits(-8, 8)], [3, 4, 4]);
    assert_eq!(bits(-(1 << 40), 0), 40);
}

#[test]
fn sizes_that_are_refused() {
    let good = || plain(noise::random(3, 5, 1));
    let with = |change: &dyn Fn(&mut Parts)| {
        let mut parts = good();
        change(&mut parts);
        parts
    };
    assert!(Memory::new(good()).is_ok());
    assert!(refused(plain(BitMatrix::zeros(1, MAX_NEURONS + 1))).contains("16385 neurons"));
    assert_eq!(Memory::new(plain(BitMatrix::zeros(1, MAX_NEURONS))).unwrap().neurons(), MAX_NEURONS);
    assert!(refused(plain(BitMatrix::zeros(1, 0))).contains("0 neurons"));
    assert!(refused(plain(BitMatrix::zeros(0, 5))).contains("no patterns"));
    let planes = |k: usize| {
        with(&|p| {
            p.planes = vec![p.patterns.clone(); k];
            p.kernel = vec![p.kernel[0].clone(); k];
        })
    };
    assert!(refused(planes(0)).contains("0 planes") && refused(planes(17)).contains("17 planes"));
    assert_eq!(Memory::new(planes(16)).unwrap().planes().len(), 16);
    for (bits, good) in [(3, false), (4, true), (16, true), (17, false)] {
        assert_eq!(Memory::new(with(&|p| p.kernel_bits = bits)).is_ok(), good, "{bits}");
    }
    for (steps, good) in [(0, false), (1, true), (255, true), (256, false)] {
        assert_eq!(Memory::new(with(&|p| p.max_steps = steps)).is_ok(), good, "{steps}");
    }
    assert!(refused(with(&|p| p.planes[0] = BitMatrix::zeros(3, 6))).contains("plane 0 has shape (3, 6)"));
    assert!(refused(with(&|p| p.planes[0] = BitMatrix::zeros(2, 5))).contains("plane 0 has shape (2, 5)"));
    assert!(refused(with(&|p| p.kernel.push(vec![0; 6]))).contains("1 columns of 6 entries"));
    assert!(refused(with(&|p| p.kernel[0].push(0))).contains("1 columns of 6 entries"));
    assert!(refused(with(&|p| p.offset.push(0))).contains("7 entries, but needs 6"));
    assert!(Memory::new(with(&|p| p.kernel[0][2] = 255)).is_ok());
    assert!(refused(with(&|p| p.kernel[0][2] = 256)).contains("column 0 holds 256 at distance 2"));
    assert!(refused(with(&|p| p.labels = Some(vec!["a".into(); 2]))).contains("2 labels for 3 patterns"));
    assert!(Memory::new(with(&|p| p.labels = Some(vec!["a".into(); 3]))).is_ok());
    assert!(refused(with(&|p| p.kernel[0] = vec![0; 6])).contains("every kernel and offset entry is zero"));
    assert!(Memory::new(with(&|p| (p.kernel[0], p.offset[1]) = (vec![0; 6], -1))).is_ok());
}

#[test]
fn fields_of_more_than_32_bits_are_refused() {
    let of = |offset: i32| {
        let patterns = noise::random(2, 8, 1);
        Parts { offset: vec![offset; 9], kernel: vec![vec![0; 9]], ..plain(patterns) }
    };
    // floor(h/2) of 2 * (2^31 - 1) is 2^31 - 1, which takes 32 bits
    assert_eq!(Memory::new(of(i32::MAX)).unwrap().accumulator_bits(), 32);
    let three = Parts { offset: vec![i32::MAX; 9], kernel: vec![vec![0; 9]], ..plain(noise::random(3, 8, 1)) };
    assert!(refused(three).contains("the fields need 33 bits"));
    // neither the offset nor the kernel alone
    let ones = BitMatrix::from_fn(2, 8, |_, _| true);
    let both = Parts { offset: vec![i32::MAX; 9], kernel: vec![vec![255; 9]], ..plain(ones) };
    assert!(refused(both).contains("the fields need 33 bits"));
}

#[test]
fn what_a_memory_says_of_itself() {
    let patterns = noise::random(4, 10, 3);
    let shared = Memory::new(plain(patterns.clone())).unwrap();
    assert!(shared.top_plane_is_pattern());
    assert_eq!((shared.storage_bits(), shared.reach()), (40, 9));
    let own = Memory::new(parts(4, 10, vec![vec![1; 11]; 2], vec![-7; 11], 5)).unwrap();
    assert!(!own.top_plane_is_pattern());
    assert_eq!((own.storage_bits(), own.reach(), own.neurons()), (120, 10, 10));
    assert_eq!((own.kernel(), own.offset()), (&[vec![1; 11], vec![1; 11]][..], &[-7; 11][..]));
    assert_eq!((own.patterns().rows(), own.planes().len(), own.parts().max_steps), (4, 2, 30));
    assert_eq!(own.bound(), field_bound(own.parts()));
    assert_eq!(own.accumulator_bits(), own.bound().accumulator_bits());
}

#[test]
fn more_neurons() {
    let m = Memory::new(plain(noise::random(4, 10, 3))).unwrap();
    let same = m.filled_up(10).unwrap();
    assert_eq!((same.neurons(), same.patterns()), (10, m.patterns()));
    let wide = m.filled_up(13).unwrap();
    for mu in 0..4 {
        assert_eq!((0..10).find(|&i| wide.patterns().get(mu, i) != m.patterns().get(mu, i)), None);
        assert!((10..13).all(|i| wide.patterns().get(mu, i) && wide.planes()[0].get(mu, i)));
    }
    assert_eq!((wide.kernel()[0].len(), wide.offset().len(), wide.reach()), (14, 14, 9));
    // a neuron that is one everywhere stays one, and adds no distance
    let cue: Vec<u64> = vec![m.patterns().row(2)[0] ^ 0b11];
    let filled = vec![cue[0] | 0b111 << 10];
    let (narrow, wider) = (reference::step(&m, &cue), reference::step(&wide, &filled));
    assert_eq!((wider.distance, &wider.field[..10]), (narrow.distance, &narrow.field[..]));
    assert_eq!(wider.state[0], narrow.state[0] | 0b111 << 10);
    let error = m.filled_up(9).expect_err("too few");
    assert_eq!((error.kind(), error.to_string().contains("10 neurons, more than 9")), (ErrorKind::Fit, true));
    // offset and kernel cancel exactly: they stay one; one less, and they do not
    let sum = |o: i32| Memory::new(Parts { offset: vec![0, 0, 0, o, 0, 0], ..plain(noise::random(3, 5, 1)) }).unwrap();
    assert!(sum(-2).filled_up(6).is_ok());
    let error = sum(-3).filled_up(6).expect_err("negative");
    assert_eq!((error.kind(), error.to_string().contains("at distance 3")), (ErrorKind::Fit, true));
    // without more neurons there is none that could change
    assert!(sum(-3).filled_up(5).is_ok());
    // at the last distance as well
    let last = Memory::new(Parts { offset: vec![0, 0, 0, 0, 0, -1], ..plain(noise::random(3, 5, 1)) }).unwrap();
    assert!(last.filled_up(6).is_err());
}

#[test]
fn steps_and_searches() {
    // three patterns of four neurons, at distances 1, 3 and 1 of the cue
    let rows = [[0, 1, 1, 0], [1, 0, 0, 1], [0, 0, 1, 1]];
    let patterns = BitMatrix::from_fn(3, 4, |r, c| rows[r][c] == 1);
    let column = vec![10, 6, 3, 0, 0];
    let normal = Parts { kernel: vec![column.clone()], offset: vec![1, 0, 0, 0, 0], ..plain(patterns.clone()) };
    let m = Memory::new(normal.clone()).unwrap();
    let cue = [0b0100u64];
    assert_eq!(reference::distances(&m, &cue), [1, 3, 1]);
    let step = reference::step(&m, &cue);
    // e is 0, 2, 0: (10 + 1) twice by sign, 3 by sign, and the offset of both
    assert_eq!((step.nearest, step.distance), (0, 1));
    assert_eq!(step.field, [2 - 10 - 10 + 3, 2 + 10 - 10 - 3, 2 + 10 + 10 - 3, 2 - 10 + 10 + 3]);
    assert_eq!(step.state, [0b1100]);
    assert_eq!(reference::candidates(&m, &cue), 3);
    let fixed = Memory::new(Parts { kernel_mode: KernelMode::Fixed, ..normal.clone() }).unwrap();
    let step = reference::step(&fixed, &cue);
    // e is 1, 3, 1: the second pattern is out of reach, and a field of zero is a one
    assert_eq!((step.field, step.state[0]), (vec![-12, 0, 12, 0], 0b1110));
    assert_eq!(reference::candidates(&fixed, &cue), 2);
    let answer = reference::nearest(&m, &cue);
    assert_eq!((answer.state, answer.steps, answer.converged), (patterns.row(0).to_vec(), 1, true));
    assert_eq!((answer.nearest, answer.distance, answer.field), (0, 1, vec![0; 4]));
    // the steps of a recall are limited, and the last one is not hidden
    let one = Memory::new(Parts { max_steps: 1, ..normal.clone() }).unwrap();
    let answer = reference::recall(&one, &cue);
    assert_eq!((answer.steps, answer.converged, answer.state), (1, false, vec![0b1100]));
    let answer = reference::recall(&m, &cue);
    assert_eq!((answer.steps, answer.converged), (2, true));
}
