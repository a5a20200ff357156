//! The integer reference against an independent sum, and the bounds that are derived from it, attacked.

use crate::common::{Shape, memory, parts, shapes};
use hopgate_model::{
    bits::{bit, hamming, set_bit, words_for},
    kernel::KernelMode,
    memory::Memory,
    noise, reference,
};
use proptest::prelude::*;

/// The fields by the definition: +-1 vectors, every pattern, no reach, no packed words, 128-bit sums.
fn naive_field(m: &Memory, state: &[u64]) -> Vec<i128> {
    let n = m.neurons();
    let sign = |b: bool| if b { 1i128 } else { -1 };
    let distance = |mu: usize| {
        let dot: i128 = (0..n).map(|i| sign(bit(state, i)) * sign(m.patterns().get(mu, i))).sum();
        (n as i128 - dot) / 2
    };
    let d: Vec<i128> = (0..m.patterns().rows()).map(distance).collect();
    let base = match m.parts().kernel_mode {
        KernelMode::Normalised => d.iter().copied().min().unwrap_or(0),
        KernelMode::Fixed => 0,
    };
    let contribution = |mu: usize, i: usize| {
        let e = (d[mu] - base) as usize;
        let planes = m.planes().iter().zip(m.kernel()).map(|(b, w)| sign(b.get(mu, i)) * i128::from(w[e]));
        i128::from(m.offset()[e]) + planes.sum::<i128>()
    };
    (0..n).map(|i| (0..d.len()).map(|mu| contribution(mu, i)).sum()).collect()
}

fn state_of(m: &Memory, seed: u64) -> Vec<u64> {
    noise::random(1, m.neurons(), seed).row(0).to_vec()
}

/// Whether `floor(h/2)` is a two's complement integer of this many bits.
fn fits(h: i64, bits: u32) -> bool {
    let limit = 1i64 << (bits - 1);
    (-limit..limit).contains(&h.div_euclid(2))
}

proptest! {
    #[test]
    fn fields_are_the_defining_sum(shape in shapes(150, 40), seed in any::<u64>()) {
        let m = memory(shape);
        let state = state_of(&m, seed);
        let step = reference::step(&m, &state);
        let naive = naive_field(&m, &state);
        prop_assert_eq!(step.field.iter().map(|&h| i128::from(h)).collect::<Vec<_>>(), naive.clone());
        for (i, &h) in naive.iter().enumerate() {
            prop_assert_eq!(bit(&step.state, i), h >= 0);
        }
        let d: Vec<u32> = (0..m.patterns().rows()).map(|mu| hamming(&state, m.patterns().row(mu))).collect();
        prop_assert!(d.iter().all(|&x| x >= step.distance));
        prop_assert_eq!(d.iter().position(|&x| x == step.distance), Some(step.nearest));
        // bits beyond N stay zero: packed states are compared word by word
        prop_assert!(m.neurons().is_multiple_of(64) || step.state[words_for(m.neurons()) - 1] >> (m.neurons() % 64) == 0);
    }

    #[test]
    fn a_recall_is_its_steps(shape in shapes(90, 20), seed in any::<u64>()) {
        let m = memory(shape);
        let answer = reference::recall(&m, &state_of(&m, seed));
        let mut state = state_of(&m, seed);
        let mut before = state.clone();
        for _ in 0..answer.steps {
            before = state;
            state = reference::step(&m, &before).state;
        }
        prop_assert_eq!(&state, &answer.state);
        prop_assert_eq!(before == state, answer.converged);
        prop_assert!(answer.converged || answer.steps == m.parts().max_steps);
        let last = reference::step(&m, &before);
        let answered = (answer.field, answer.nearest, answer.distance);
        prop_assert_eq!((last.field, last.nearest, last.distance), answered);
    }

    #[test]
    fn the_bound_holds_for_every_state(shape in shapes(9, 12)) {
        let m = memory(shape);
        let bound = m.bound();
        for state in 0..1u64 << m.neurons() {
            for h in reference::step(&m, &[state]).field {
                prop_assert!((bound.low..=bound.high).contains(&h), "{h} is outside {bound:?}");
                prop_assert!(fits(h, m.accumulator_bits()));
            }
        }
    }
}

/// Climbs from a state by single flips to the most extreme field of a neuron; `up` is the direction.
fn climb(m: &Memory, mut state: Vec<u64>, neuron: usize, up: bool) -> i64 {
    let value = |s: &[u64]| {
        let h = reference::step(m, s).field[neuron];
        if up { h } else { -h }
    };
    let mut best = value(&state);
    loop {
        let mut improved = false;
        for i in 0..m.neurons() {
            let old = bit(&state, i);
            set_bit(&mut state, i, !old);
            let now = value(&state);
            if now > best {
                (best, improved) = (now, true);
            } else {
                set_bit(&mut state, i, old);
            }
        }
        if !improved {
            return if up { best } else { -best };
        }
    }
}

/// The lowest and the highest field that the search finds: from every pattern, its opposite and random states.
fn attack(m: &Memory, seed: u64) -> (i64, i64) {
    let n = m.neurons();
    let mut starts: Vec<Vec<u64>> = (0..4).map(|s| state_of(m, seed + s)).collect();
    for mu in 0..m.patterns().rows().min(6) {
        starts.push(m.patterns().row(mu).to_vec());
        let mut opposite = m.patterns().row(mu).to_vec();
        (0..n).for_each(|i| set_bit(&mut opposite, i, !bit(m.patterns().row(mu), i)));
        starts.push(opposite);
    }
    let (mut low, mut high) = (i64::MAX, i64::MIN);
    for start in starts {
        for neuron in [0, n / 2, n - 1] {
            low = low.min(climb(m, start.clone(), neuron, false));
            high = high.max(climb(m, start.clone(), neuron, true));
        }
    }
    (low, high)
}

#[test]
fn the_accumulator_width_withstands_search_and_cannot_be_a_bit_narrower() {
    let mut narrower_is_exceeded = 0;
    for seed in 0..16u64 {
        let mode = if seed % 2 == 0 { KernelMode::Normalised } else { KernelMode::Fixed };
        let shape = Shape {
            neurons: 20 + seed as usize,
            patterns: 2 + 3 * seed as usize,
            planes: 1 + seed as usize % 4,
            kernel_bits: 8,
            mode,
            shared: seed % 3 == 0,
            labels: false,
            seed,
        };
        let m = memory(shape);
        let (low, high) = attack(&m, seed);
        let bits = m.accumulator_bits();
        assert!(m.bound().low <= low && high <= m.bound().high, "{shape:?}: {low}..{high} against {:?}", m.bound());
        assert!(fits(low, bits) && fits(high, bits), "{shape:?}");
        narrower_is_exceeded += usize::from(!fits(low, bits - 1) || !fits(high, bits - 1));
    }
    // so a bound that is one bit too narrow would have been caught above
    assert!(narrower_is_exceeded > 0, "the search is too weak to catch a bound that is too narrow");
}

proptest! {
    #[test]
    fn the_reach_is_the_last_entry_that_matters(shape in shapes(60, 10)) {
        let mut p = parts(Shape { mode: KernelMode::Fixed, ..shape });
        let m = Memory::new(p.clone()).expect("in range");
        let reach = m.reach() as usize;
        for column in &p.kernel {
            prop_assert!(column[reach + 1..].iter().all(|&w| w == 0));
        }
        prop_assert!(p.offset[reach + 1..].iter().all(|&o| o == 0));
        // a state exactly at the reach of the only pattern has a field there, and none one flip farther
        let only = |p: &mut hopgate_model::memory::Parts| {
            p.patterns = p.patterns.select(&[0]);
            p.planes.iter_mut().for_each(|b| *b = b.select(&[0]));
            p.labels = None;
        };
        only(&mut p);
        p.kernel[0][reach] = 1;
        p.kernel[1..].iter_mut().for_each(|w| w[reach] = 0);
        p.offset[reach] = 0;
        let m = Memory::new(p).expect("in range");
        prop_assert_eq!(m.reach() as usize, reach);
        let flipped = |flips: usize| {
            let mut s = m.patterns().row(0).to_vec();
            (0..flips).for_each(|i| set_bit(&mut s, i, !bit(m.patterns().row(0), i)));
            reference::step(&m, &s).field
        };
        prop_assert!(flipped(reach).iter().all(|h| h.abs() == 1));
        if reach < m.neurons() {
            prop_assert!(flipped(reach + 1).iter().all(|&h| h == 0));
        }
    }
}
