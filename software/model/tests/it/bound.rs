//! The accumulator bound under attack: every state of small memories, annealing on larger ones.

use crate::attack::{Attack, holds, ratio};
use crate::common::{Shape, memory};
use hopgate_model::{
    bits::BitMatrix,
    kernel::{self, KernelMode},
    memory::{Memory, Parts},
    noise, reference,
};

fn shape(neurons: usize, patterns: usize, seed: u64) -> Shape {
    Shape {
        neurons,
        patterns,
        planes: 1 + seed as usize % 3,
        kernel_bits: 8,
        mode: if seed.is_multiple_of(2) { KernelMode::Normalised } else { KernelMode::Fixed },
        shared: seed.is_multiple_of(3),
        labels: false,
        seed,
    }
}

#[test]
fn the_attack_computes_the_fields_of_the_reference() {
    for seed in 0..12 {
        let m = memory(shape(1 + seed as usize, 5, seed));
        let (mut low, mut high) = (i64::MAX, i64::MIN);
        for state in 0..1u64 << m.neurons() {
            let field = reference::step(&m, &[state]).field;
            (low, high) = (field.iter().fold(low, |a, &h| a.min(h)), field.iter().fold(high, |a, &h| a.max(h)));
        }
        let found = Attack::new(&m).exhaustive();
        assert_eq!((found.low, found.high), (low, high), "seed {seed}");
    }
}

#[test]
fn every_state_of_small_memories() {
    let mut best: f64 = 0.0;
    for seed in 0..24 {
        let m = memory(shape(2 + seed as usize % 11, 1 + 5 * (seed as usize % 5), seed));
        let found = Attack::new(&m).exhaustive();
        assert!(holds(&m, found), "seed {seed}: {found:?} against {:?}", m.bound());
        // the search finds nearly what there is, or its silence on larger memories would say little
        let searched = Attack::new(&m).search(6, 300, seed);
        assert!(found.low <= searched.low && searched.high <= found.high, "seed {seed}");
        best = best.max(ratio(found, m.bound()));
    }
    assert!(best > 0.99, "no memory comes near its bound: {best}");
}

/// One pattern: the bound is reached exactly, so one that is lower would be wrong.
#[test]
fn a_bound_that_is_reached() {
    for mode in [KernelMode::Normalised, KernelMode::Fixed] {
        for n in [3, 16, 70] {
            let patterns = BitMatrix::from_fn(1, n, |_, i| i % 3 == 0);
            let columns = kernel::columns(n, 0.2, &[1.0], 0.0, 8);
            let parts = Parts {
                planes: vec![patterns.clone()],
                kernel: columns.weights,
                kernel_mode: mode,
                ..Parts::of(patterns)
            };
            let m = Memory::new(parts).expect("in range");
            let field = reference::step(&m, m.patterns().row(0)).field;
            assert_eq!(field.iter().copied().max(), Some(m.bound().high));
            assert_eq!(field.iter().copied().min(), Some(m.bound().low));
        }
    }
}

#[test]
fn annealing_on_middle_memories() {
    for seed in 0..8 {
        let m = memory(shape(40 + 13 * seed as usize, 10 + 9 * seed as usize, seed));
        let found = Attack::new(&m).search(6, 2000, seed);
        assert!(holds(&m, found), "seed {seed}: {found:?} against {:?}", m.bound());
        // a plain random state is not what is found
        let any = reference::step(&m, noise::random(1, m.neurons(), seed).row(0)).field;
        assert!(found.high >= any.into_iter().max().unwrap_or(0) / 2, "seed {seed}");
    }
}

/// The bound as the module's page has it, number for number: every neuron by itself, and every distance and every radius.
fn by_the_book(parts: &Parts) -> (i64, i64) {
    let (p, n, k) = (parts.patterns.rows(), parts.patterns.cols(), parts.planes.len());
    let sign = |j: usize, mu: usize, i: usize| if parts.planes[j].get(mu, i) { 1 } else { -1 };
    let adds = |mu: usize, i: usize, e: usize| {
        i64::from(parts.offset[e]) + (0..k).map(|j| sign(j, mu, i) * i64::from(parts.kernel[j][e])).sum::<i64>()
    };
    let odd = |mu: usize| (0..n).filter(|&i| parts.patterns.get(mu, i)).count() % 2;
    // of a state that is even, and of one that is odd
    let all = |mu: usize, i: usize, state: usize| {
        (0..=n).filter(move |e| e % 2 == (odd(mu) + state) % 2).map(move |e| adds(mu, i, e))
    };
    let every = || (0..2).flat_map(|state| (0..n).map(move |i| (state, i)));
    let low = every().map(|(state, i)| (0..p).map(|mu| all(mu, i, state).min().unwrap_or(0)).sum::<i64>()).min();
    let high = every().map(|(state, i)| (0..p).map(|mu| all(mu, i, state).max().unwrap_or(0)).sum::<i64>()).max();
    let here = |e: usize| i64::from(parts.offset[e]).abs() + parts.kernel.iter().map(|w| i64::from(w[e])).sum::<i64>();
    let beyond = |e: usize| (e..=n).filter(|beyond| (beyond - e).is_multiple_of(2)).map(here).max().unwrap_or(0);
    let distance =
        |a: usize, b: usize| (0..n).filter(|&i| parts.patterns.get(a, i) != parts.patterns.get(b, i)).count();
    let at = |m: usize, r: usize| {
        let least = |mu: usize| {
            let far = distance(m, mu);
            (r.max(far.saturating_sub(r))..).find(|d| d % 2 == (r + far) % 2).expect("one of two")
        };
        let base = if parts.kernel_mode == KernelMode::Normalised { r } else { 0 };
        (0..p).map(|mu| beyond(least(mu) - base)).sum::<i64>()
    };
    let magnitude = (0..p).flat_map(|m| (0..=n).map(move |r| (m, r))).map(|(m, r)| at(m, r)).max().unwrap_or(0);
    (low.unwrap_or(0).max(-magnitude), high.unwrap_or(0).min(magnitude))
}

/// Patterns of which half are even, half odd, and a kernel that falls fast: no state has all of them vote with the largest entry.
#[test]
fn even_and_odd_patterns_never_vote_alike() {
    // ten even and ten odd ones, of which any two of a kind are four bits apart at most
    let patterns = BitMatrix::from_fn(20, 10, |mu, i| (i == mu % 10) != (mu >= 10 && i == (mu + 1) % 10));
    let planes = vec![BitMatrix::from_fn(20, 10, |_, _| true)];
    let kernel = vec![(0..=10).map(|e| [90, 9].get(e).copied().unwrap_or(0)).collect()];
    for mode in [KernelMode::Normalised, KernelMode::Fixed] {
        let parts =
            Parts { planes: planes.clone(), kernel: kernel.clone(), kernel_mode: mode, ..Parts::of(patterns.clone()) };
        let m = Memory::new(parts).expect("in range");
        let found = Attack::new(&m).exhaustive();
        assert!(holds(&m, found), "{mode:?}: {found:?} against {:?}", m.bound());
        assert_eq!((m.masked_bound().high, m.bound().high <= 10 * (90 + 9)), (20 * 90, true), "{mode:?}");
    }
}

/// The nearest is always at distance zero of itself: where all patterns are even, all others are as far as an even number of bits from there.
#[test]
fn patterns_that_are_all_even_never_vote_with_odd_entries() {
    let patterns = BitMatrix::from_fn(6, 8, |mu, i| i == mu || i == mu + 1);
    let planes = vec![BitMatrix::from_fn(6, 8, |_, _| true)];
    let kernel = vec![(0..=8).map(|e| [10, 100, 3].get(e).copied().unwrap_or(0)).collect()];
    let m = Memory::new(Parts { planes, kernel, kernel_mode: KernelMode::Normalised, ..Parts::of(patterns) });
    let m = m.expect("in range");
    assert!(holds(&m, Attack::new(&m).exhaustive()));
    assert_eq!(m.bound().high, 6 * 10);
}

#[test]
fn the_bound_is_that_of_the_book() {
    let mut tighter = 0;
    for seed in 0..60 {
        let shape = shape([1, 7, 20, 63, 64, 65, 70][seed as usize % 7], 1 + 3 * (seed as usize % 7), seed);
        let mut parts = crate::common::parts(shape);
        if seed.is_multiple_of(4) {
            // a narrow kernel over wide distances: here the triangle inequality is what counts
            let fall = |e: usize| 200u32 >> (2 * e).min(31);
            parts.kernel.iter_mut().for_each(|w| w.iter_mut().enumerate().for_each(|(e, w)| *w = fall(e)));
            parts.offset.fill(0);
            parts.kernel_mode = KernelMode::Fixed;
        }
        let (found, book) = (hopgate_model::bound::field_bound(&parts), by_the_book(&parts));
        assert_eq!((found.low, found.high), book, "seed {seed}");
        let loose = hopgate_model::bound::field_bound(&Parts { kernel_mode: KernelMode::Normalised, ..parts.clone() });
        tighter += usize::from(found != loose);
        let m = Memory::new(parts).expect("in range");
        assert_eq!((m.bound(), m.clone().bound()), (found, found), "seed {seed}");
    }
    assert!(tighter >= 8, "the triangle inequality never mattered: {tighter}");
}

/// Every cue of small memories, and every mask of it.
#[test]
fn every_mask_of_small_memories() {
    let mut reached = 0;
    for seed in 0..24 {
        let n = 1 + seed as usize % 6;
        let m = memory(shape(n, 1 + 3 * (seed as usize % 5), seed));
        let bound = m.masked_bound();
        let (mut low, mut high) = (i64::MAX, i64::MIN);
        for (cue, known) in (0..1u64 << n).flat_map(|cue| (0..1u64 << n).map(move |known| (cue, known))) {
            // what is unknown is zero, so every cue once
            if cue & !known == 0 {
                let field = reference::step_known(&m, &[cue], Some(&[known])).field;
                (low, high) = field.iter().fold((low, high), |(low, high), &h| (low.min(h), high.max(h)));
            }
        }
        assert!(bound.low <= low && high <= bound.high, "seed {seed}: {low} to {high} against {bound:?}");
        reached += usize::from(high == bound.high || low == bound.low);
    }
    assert!(reached > 3, "no memory comes to its bound");
}

/// What an adversary builds: patterns pairwise far apart, each of which votes alone for whole cues, and all of which vote where nothing is known.
#[test]
fn patterns_that_only_a_mask_brings_together() {
    for (n, p) in [(40, 8), (100, 31), (170, 60)] {
        let patterns = noise::random(p, n, 3);
        let kernel = vec![(0..=n).map(|e| u32::from(e == 0) * 255).collect()];
        let planes = vec![BitMatrix::from_fn(p, n, |_, i| i % 2 == 0)];
        let m = Memory::new(Parts { planes, kernel, kernel_mode: KernelMode::Fixed, ..Parts::of(patterns) });
        let m = m.expect("in range");
        let nothing = vec![0; n.div_ceil(64)];
        let field = reference::step_known(&m, &nothing, Some(&nothing)).field;
        let all = 255 * p as i64;
        assert_eq!((field[0], field[1], m.masked_bound().high, m.bound().high), (all, -all, all, 255));
        assert!(m.accumulator_bits() < m.masked_bound().accumulator_bits());
    }
}
