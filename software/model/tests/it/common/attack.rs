//! A search for states with extreme fields: every state of small memories, simulated annealing for larger ones.

use hopgate_model::{bits::hamming, bound::FieldBound, kernel::KernelMode, memory::Memory, noise};

/// What each pattern adds to a field, by its distance.
pub struct Attack<'a> {
    memory: &'a Memory,
    /// `table[code][e]`: what a pattern whose plane bits at the neuron form this code adds.
    table: Vec<Vec<i64>>,
    /// `codes[i][mu]`: those bits.
    codes: Vec<Vec<usize>>,
    /// `toward[b][mu]`: how the distance changes when bit `b` of the state becomes 1.
    toward: Vec<Vec<i32>>,
}

impl<'a> Attack<'a> {
    /// Prepares an attack.
    pub fn new(memory: &'a Memory) -> Self {
        let (n, p, k) = (memory.neurons(), memory.patterns().rows(), memory.planes().len());
        let signed = |code: usize, j: usize| if code >> j & 1 == 1 { 1 } else { -1 };
        let entry = |code: usize, e: usize| {
            let planes = (0..k).map(|j| signed(code, j) * i64::from(memory.kernel()[j][e]));
            i64::from(memory.offset()[e]) + planes.sum::<i64>()
        };
        let table = (0..1 << k).map(|code| (0..=n).map(|e| entry(code, e)).collect()).collect();
        let code = |mu: usize, i: usize| (0..k).fold(0, |c, j| c | usize::from(memory.planes()[j].get(mu, i)) << j);
        let codes = (0..n).map(|i| (0..p).map(|mu| code(mu, i)).collect()).collect();
        let toward = (0..n).map(|b| (0..p).map(|mu| if memory.patterns().get(mu, b) { -1 } else { 1 }).collect());
        Attack { memory, table, codes, toward: toward.collect() }
    }

    fn distances(&self, state: &[bool]) -> Vec<i32> {
        let mut packed = vec![0u64; state.len().div_ceil(64)];
        state.iter().enumerate().for_each(|(i, &s)| packed[i / 64] |= u64::from(s) << (i % 64));
        let patterns = self.memory.patterns();
        (0..patterns.rows()).map(|mu| hamming(&packed, patterns.row(mu)) as i32).collect()
    }

    /// The field of a neuron, from the distances alone.
    fn field(&self, neuron: usize, d: &[i32]) -> i64 {
        let base = match self.memory.parts().kernel_mode {
            KernelMode::Normalised => d.iter().copied().min().unwrap_or(0),
            KernelMode::Fixed => 0,
        };
        self.codes[neuron].iter().zip(d).map(|(&code, &d)| self.table[code][(d - base) as usize]).sum()
    }

    fn flip(&self, bit: usize, to: bool, d: &mut [i32]) {
        let sign = if to { 1 } else { -1 };
        d.iter_mut().zip(&self.toward[bit]).for_each(|(d, t)| *d += sign * t);
    }

    /// The lowest and the highest field of any neuron in any state: all `2^N` of them, in an order in which
    /// neighbours differ in one bit.
    pub fn exhaustive(&self) -> FieldBound {
        let n = self.memory.neurons();
        let mut state = vec![false; n];
        let mut d = self.distances(&state);
        let mut found = FieldBound { low: i64::MAX, high: i64::MIN };
        for count in 1..=1u64 << n {
            for neuron in 0..n {
                let h = self.field(neuron, &d);
                found = FieldBound { low: found.low.min(h), high: found.high.max(h) };
            }
            let bit = count.trailing_zeros() as usize;
            if bit < n {
                state[bit] = !state[bit];
                self.flip(bit, state[bit], &mut d);
            }
        }
        found
    }

    /// The neuron at which the bound is reached, if every pattern could be at its worst distance.
    fn worst(&self, up: bool) -> usize {
        let extreme = |t: &Vec<i64>| if up { t.iter().copied().max() } else { t.iter().map(|c| -c).max() }.unwrap_or(0);
        let most: Vec<i64> = self.table.iter().map(extreme).collect();
        (0..self.codes.len()).max_by_key(|&i| self.codes[i].iter().map(|&c| most[c]).sum::<i64>()).unwrap_or(0)
    }

    /// Where a search begins: a pattern, its opposite, anything, or the majority of the patterns that would help.
    fn start(&self, neuron: usize, up: bool, which: usize, seed: u64) -> Vec<bool> {
        let (patterns, n) = (self.memory.patterns(), self.memory.neurons());
        let row = which / 4 % patterns.rows();
        let random = noise::random(1, n, seed);
        let helps = |mu: &usize| (self.table[self.codes[neuron][*mu]][0] > 0) == up;
        let helpers: Vec<usize> = (0..patterns.rows()).filter(helps).collect();
        let majority = |b: usize| 2 * helpers.iter().filter(|&&mu| patterns.get(mu, b)).count() > helpers.len();
        (0..n)
            .map(|b| match which % 4 {
                0 => majority(b),
                1 => random.get(0, b),
                2 => patterns.get(row, b),
                _ => !patterns.get(row, b),
            })
            .collect()
    }

    /// The most extreme field of a neuron that annealing finds from one start, in `tries` single flips that cool down,
    /// and then by climbing until no flip helps.
    fn anneal(&self, neuron: usize, up: bool, mut state: Vec<bool>, tries: usize, seed: u64) -> i64 {
        let sign = if up { 1 } else { -1 };
        let mut rng = noise::rng(seed, 5);
        let mut d = self.distances(&state);
        let mut now = sign * self.field(neuron, &d);
        let mut best = now;
        let hot = self.table.iter().flatten().map(|c| c.abs()).max().unwrap_or(1) as f64;
        let n = state.len();
        for t in 0..tries + 4 * n {
            let heat = if t < tries { hot * 0.01f64.powf(t as f64 / tries as f64) } else { 0.0 };
            let bit = if t < tries { noise::below(&mut rng, n as u64) as usize } else { t % n };
            state[bit] = !state[bit];
            self.flip(bit, state[bit], &mut d);
            let then = sign * self.field(neuron, &d);
            if then >= now || (heat > 0.0 && noise::unit(&mut rng) < ((then - now) as f64 / heat).exp()) {
                now = then;
                best = best.max(now);
            } else {
                state[bit] = !state[bit];
                self.flip(bit, state[bit], &mut d);
            }
        }
        sign * best
    }

    /// The most extreme fields found from this many starts in each direction, at the neuron where the bound is reached and at
    /// others.
    pub fn search(&self, starts: usize, tries: usize, seed: u64) -> FieldBound {
        let n = self.memory.neurons();
        let extreme = |up: bool| {
            (0..starts).map(move |s| {
                let neuron = if s % 3 < 2 { self.worst(up) } else { (seed as usize + s * 7) % n };
                let seed = seed ^ (s as u64 + 1) << 20;
                self.anneal(neuron, up, self.start(neuron, up, s, seed), tries, seed)
            })
        };
        FieldBound { low: extreme(false).min().unwrap_or(0), high: extreme(true).max().unwrap_or(0) }
    }
}

/// How near the fields that were found come to the bound: 1 is the bound itself.
pub fn ratio(found: FieldBound, bound: FieldBound) -> f64 {
    let part = |found: i64, bound: i64| if bound == 0 { 0.0 } else { found as f64 / bound as f64 };
    part(found.low, bound.low).max(part(found.high, bound.high))
}

/// Whether nothing that was found is beyond the bound, or beyond the accumulator.
pub fn holds(memory: &Memory, found: FieldBound) -> bool {
    let bound = memory.bound();
    bound.low <= found.low && found.high <= bound.high && found.accumulator_bits() <= memory.accumulator_bits()
}
