//! Properties of the numeric contract: what may be reordered, what complementing does, and when a pattern surely stays.

use crate::common::{Shape, memory, parts, shapes};
use hopgate_model::{
    bits::{BitMatrix, bit, hamming},
    engine::Engine,
    kernel::KernelMode,
    memory::{Memory, Parts},
    noise, reference,
};
use proptest::prelude::*;

fn state_of(neurons: usize, seed: u64) -> Vec<u64> {
    noise::random(1, neurons, seed).row(0).to_vec()
}

/// The numbers below `count`, shuffled.
fn shuffled(count: usize, seed: u64) -> Vec<usize> {
    let mut rng = noise::rng(seed, 77);
    let mut order: Vec<usize> = (0..count).collect();
    for i in (1..count).rev() {
        order.swap(i, noise::below(&mut rng, i as u64 + 1) as usize);
    }
    order
}

/// Row `to` of the result has neuron `order[i]` of the given one in place `i`.
fn columns(m: &BitMatrix, order: &[usize]) -> BitMatrix {
    BitMatrix::from_fn(m.rows(), m.cols(), |r, i| m.get(r, order[i]))
}

fn row(state: &[u64], neurons: usize) -> BitMatrix {
    BitMatrix::from_fn(1, neurons, |_, i| bit(state, i))
}

fn complement(m: &BitMatrix) -> BitMatrix {
    BitMatrix::from_fn(m.rows(), m.cols(), |r, i| !m.get(r, i))
}

proptest! {
    /// Fields are sums over the patterns: their order changes nothing but the index of the nearest.
    #[test]
    fn the_order_of_patterns_does_not_matter(shape in shapes(130, 40), seed in any::<u64>()) {
        let p = parts(shape);
        let order = shuffled(p.patterns.rows(), seed);
        let turned = Parts {
            patterns: p.patterns.select(&order),
            planes: p.planes.iter().map(|b| b.select(&order)).collect(),
            labels: None,
            ..p.clone()
        };
        let (a, b) = (memory(shape), Memory::new(turned).expect("the same parts in another order"));
        prop_assert_eq!((a.accumulator_bits(), a.reach(), a.bound()), (b.accumulator_bits(), b.reach(), b.bound()));
        let cue = state_of(a.neurons(), seed);
        let (x, y) = (reference::recall(&a, &cue), reference::recall(&b, &cue));
        prop_assert_eq!((&x.state, &x.field, x.steps, x.converged), (&y.state, &y.field, y.steps, y.converged));
        prop_assert_eq!(x.distance, y.distance);
        // on a tie each names the lowest index of its own order
        prop_assert!(order[y.nearest] >= x.nearest);
        prop_assert!(order.iter().position(|&mu| mu == x.nearest) >= Some(y.nearest));
    }

    /// Neurons have no neighbours: renaming them renames the answer, and the engine agrees.
    #[test]
    fn permuting_neurons_permutes_the_answer(shape in shapes(130, 30), seed in any::<u64>()) {
        let p = parts(shape);
        let order = shuffled(p.patterns.cols(), seed);
        let turned = Parts {
            patterns: columns(&p.patterns, &order),
            planes: p.planes.iter().map(|b| columns(b, &order)).collect(),
            ..p.clone()
        };
        let (a, b) = (memory(shape), Memory::new(turned).expect("the same parts, renamed"));
        prop_assert_eq!((a.accumulator_bits(), a.bound()), (b.accumulator_bits(), b.bound()));
        let n = a.neurons();
        let cue = row(&state_of(n, seed), n);
        let turned_cue = columns(&cue, &order);
        let (x, y) = (reference::recall(&a, cue.row(0)), reference::recall(&b, turned_cue.row(0)));
        prop_assert_eq!((x.steps, x.converged, x.nearest, x.distance), (y.steps, y.converged, y.nearest, y.distance));
        for (i, &from) in order.iter().enumerate() {
            prop_assert_eq!(x.field[from], y.field[i]);
            prop_assert_eq!(bit(&x.state, from), bit(&y.state, i));
        }
        let engine = Engine::new(&b);
        let mut scratch = engine.scratch();
        let fast = engine.recall(turned_cue.row(0), &mut scratch);
        prop_assert_eq!((scratch.state(), fast.steps), (&y.state[..], y.steps));
    }

    /// Complementing patterns, planes and state, and negating the offset, negates every field: so the next state is the
    /// complement, but for fields of zero, which give a 1 either way.
    #[test]
    fn complementing_everything_negates_the_fields(shape in shapes(130, 30), seed in any::<u64>()) {
        let p = parts(shape);
        let turned = Parts {
            patterns: complement(&p.patterns),
            planes: p.planes.iter().map(complement).collect(),
            offset: p.offset.iter().map(|o| -o).collect(),
            ..p.clone()
        };
        let (a, b) = (memory(shape), Memory::new(turned).expect("in range"));
        let n = a.neurons();
        prop_assert_eq!((a.bound().low, a.bound().high), (-b.bound().high, -b.bound().low));
        let state = row(&state_of(n, seed), n);
        let (x, y) = (reference::step(&a, state.row(0)), reference::step(&b, complement(&state).row(0)));
        prop_assert_eq!((x.nearest, x.distance), (y.nearest, y.distance));
        for i in 0..n {
            prop_assert_eq!(x.field[i], -y.field[i]);
            let expected = if x.field[i] == 0 { true } else { !bit(&x.state, i) };
            prop_assert_eq!(bit(&y.state, i), expected);
        }
    }
}

/// Whether the contract's inequality says that pattern `mu` is a fixed point: its own vote for each of its bits outweighs
/// everything that the others could add against it at their distances from it.
fn surely_fixed(m: &Memory, mu: usize) -> bool {
    let own = m.patterns().row(mu);
    let others: i64 = (0..m.patterns().rows())
        .filter(|&nu| nu != mu)
        .map(|nu| {
            let e = hamming(own, m.patterns().row(nu)) as usize;
            i64::from(m.offset()[e]).abs() + m.kernel().iter().map(|w| i64::from(w[e])).sum::<i64>()
        })
        .sum();
    (0..m.neurons()).all(|i| {
        let sign = |j: usize| if m.planes()[j].get(mu, i) { 1 } else { -1 };
        let votes = m.kernel().iter().enumerate().map(|(j, w)| sign(j) * i64::from(w[0]));
        let vote = i64::from(m.offset()[0]) + votes.sum::<i64>();
        if bit(own, i) { vote >= others } else { -vote > others }
    })
}

/// A memory with falling columns, the top plane the patterns, and rows `spread` apart on average.
fn falling(neurons: usize, count: usize, planes: usize, gamma: f64, mode: KernelMode, seed: u64) -> Memory {
    let patterns = noise::random(count, neurons, seed);
    let mut all: Vec<BitMatrix> = (1..planes as u64).map(|j| noise::random(count, neurons, seed ^ j << 40)).collect();
    all.push(patterns.clone());
    let weights: Vec<f64> = (0..planes).map(|j| 0.3f64.powi((planes - 1 - j) as i32)).collect();
    let columns = hopgate_model::kernel::columns(neurons, gamma, &weights, 0.0, 10);
    let parts = Parts {
        planes: all,
        kernel: columns.weights,
        offset: columns.offset,
        kernel_bits: 10,
        kernel_mode: mode,
        ..Parts::of(patterns)
    };
    Memory::new(parts).expect("in range")
}

#[test]
fn a_pattern_that_outweighs_the_others_is_a_fixed_point() {
    let (mut sure, mut unsure, mut moved) = (0, 0, 0);
    for seed in 0..120u64 {
        let mode = if seed.is_multiple_of(2) { KernelMode::Normalised } else { KernelMode::Fixed };
        let (neurons, planes) = (20 + seed as usize, 1 + seed as usize % 3);
        let gamma = [0.01, 0.03, 0.1, 0.4][seed as usize % 4];
        let m = falling(neurons, 2 + 3 * (seed as usize % 20), planes, gamma, mode, seed);
        for mu in 0..m.patterns().rows() {
            let own = m.patterns().row(mu);
            let step = reference::step(&m, own);
            if surely_fixed(&m, mu) {
                sure += 1;
                assert_eq!(step.state, own, "seed {seed}, pattern {mu}");
                let answer = reference::recall(&m, own);
                assert_eq!(
                    (answer.steps, answer.converged, answer.distance),
                    (1, true, 0),
                    "seed {seed}, pattern {mu}"
                );
            } else {
                unsure += 1;
                moved += usize::from(step.state != own);
            }
        }
    }
    // neither side is empty, and without the inequality the claim would be false
    assert!(sure > 500 && unsure > 500 && moved > 100, "{sure} sure, {unsure} not, of which {moved} moved");
}

/// Beyond reach of all others, a pattern is alone, and stays whatever the rest of the memory is.
#[test]
fn a_pattern_out_of_reach_of_all_others_is_alone() {
    for seed in 0..40u64 {
        let p = parts(Shape {
            neurons: 64,
            patterns: 12,
            planes: 1,
            kernel_bits: 8,
            mode: if seed.is_multiple_of(2) { KernelMode::Normalised } else { KernelMode::Fixed },
            shared: true,
            labels: false,
            seed,
        });
        let nearest = (1..12).map(|mu| hamming(p.patterns.row(0), p.patterns.row(mu))).min().expect("others") as usize;
        let mut near = p.clone();
        let cut = |p: &mut Parts, reach: usize| {
            p.kernel.iter_mut().for_each(|w| w[reach + 1..].fill(0));
            p.offset.fill(0);
        };
        cut(&mut near, nearest - 1);
        let m = Memory::new(near).expect("in range");
        assert!(surely_fixed(&m, 0), "seed {seed}");
        assert_eq!(reference::step(&m, m.patterns().row(0)).state, m.patterns().row(0), "seed {seed}");
    }
}
