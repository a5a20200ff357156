//! The fast software recall of a memory, answer for answer the same as [`hopgate_model::reference`].
//!
//! It adds as the hardware does: `h[i] >= 0` where `2*A[i] >= T`, with `A[i]` the sum of the kernel entries whose bit is one and
//! `T` the sum of all entries less the offsets. A plane row is kept as a mask per neuron, so an addition is
//! `A[i] += W & mask[i]`, which the compiler turns into vector instructions.

use hopgate_model::{
    bits::{hamming, set_bit, words_for, BitMatrix},
    kernel::KernelMode,
    memory::Memory,
};
use rayon::prelude::*;

/// A memory that is ready to recall many cues.
pub struct FastMemory<'a> {
    memory: &'a Memory,
    /// All ones or zero for every pattern, plane and neuron, in this order.
    masks: Vec<u64>,
}

impl<'a> FastMemory<'a> {
    /// Spreads the planes to masks: 8 bytes for each of their bits.
    pub fn new(memory: &'a Memory) -> Self {
        let (p, n) = (memory.patterns().rows(), memory.neurons());
        let mut masks = Vec::with_capacity(p * memory.planes().len() * n);
        for mu in 0..p {
            for plane in memory.planes() {
                masks.extend((0..n).map(|i| if plane.get(mu, i) { u64::MAX } else { 0 }));
            }
        }
        FastMemory { memory, masks }
    }

    /// The stored patterns.
    pub fn patterns(&self) -> &'a BitMatrix {
        self.memory.patterns()
    }

    /// The state after one step; `sums` is room for `N` numbers.
    fn step(&self, state: &[u64], sums: &mut [u64]) -> Vec<u64> {
        let (memory, n, k) = (self.memory, self.memory.neurons(), self.memory.planes().len());
        let patterns = memory.patterns();
        let d: Vec<u32> = (0..patterns.rows()).map(|mu| hamming(state, patterns.row(mu))).collect();
        let base = match memory.parts().kernel_mode {
            KernelMode::Normalised => d.iter().copied().min().unwrap_or(0),
            KernelMode::Fixed => 0,
        };
        sums.fill(0);
        let mut threshold = 0i64;
        for (rows, &d) in self.masks.chunks_exact(k * n).zip(&d) {
            let e = d - base;
            if e > memory.reach() {
                continue; // every entry from there on is zero
            }
            threshold -= i64::from(memory.offset()[e as usize]);
            for (row, column) in rows.chunks_exact(n).zip(memory.kernel()) {
                let w = u64::from(column[e as usize]);
                threshold += w as i64;
                for (sum, mask) in sums.iter_mut().zip(row) {
                    *sum += w & mask;
                }
            }
        }
        let mut next = vec![0; words_for(n)];
        for (i, &sum) in sums.iter().enumerate() {
            set_bit(&mut next, i, 2 * sum as i64 >= threshold);
        }
        next
    }

    /// The states of a recall after the cue, one per step, the unchanging one included: at most `max_steps`.
    pub fn trajectory(&self, cue: &[u64]) -> Vec<Vec<u64>> {
        let mut sums = vec![0; self.memory.neurons()];
        let mut states: Vec<Vec<u64>> = Vec::new();
        loop {
            let before = states.last().map_or(cue, Vec::as_slice);
            let now = self.step(before, &mut sums);
            let last = now == before || states.len() + 1 >= self.memory.parts().max_steps as usize;
            states.push(now);
            if last {
                return states;
            }
        }
    }

    /// The final state of a recall, as [`hopgate_model::reference::recall`] gives it.
    pub fn recall(&self, cue: &[u64]) -> Vec<u64> {
        self.trajectory(cue).pop().unwrap_or_default()
    }

    /// The final state of a recall, and whether its last step changed nothing.
    pub fn answer(&self, cue: &[u64]) -> (Vec<u64>, bool) {
        let mut states = self.trajectory(cue);
        let last = states.pop().unwrap_or_default();
        let converged = states.last().map_or(cue, Vec::as_slice) == last;
        (last, converged)
    }

    /// Whether each cue is answered by its pattern, bit for bit; cue `q` belongs to pattern `q % P`.
    pub fn exact(&self, cues: &BitMatrix) -> Vec<bool> {
        let patterns = self.memory.patterns();
        let right = |q: usize| self.recall(cues.row(q)) == patterns.row(q % patterns.rows());
        (0..cues.rows()).into_par_iter().map(right).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hopgate_model::{memory::Parts, noise, reference};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn answers_are_those_of_the_reference(
            (n, p, k) in (1..70usize, 1..12usize, 1..4usize),
            (kernel_bits, fixed, max_steps, seed) in (4..=16u32, any::<bool>(), 1..9u32, 0..999u64),
        ) {
            let draw = &noise::random((k + 1) * (n + 1), 64, seed);
            let number = |r: usize, width: u32| draw.row(r)[0] & ((1 << width) - 1);
            let memory = Memory::new(Parts {
                planes: (0..k).map(|j| noise::random(p, n, seed + 10 + j as u64)).collect(),
                // entries thin out with the distance, so that the reach is not always N
                kernel: (0..k)
                    .map(|j| (0..=n).map(move |e| (number(j * (n + 1) + e, kernel_bits) >> (e / 4).min(20)) as u32))
                    .map(|column| column.enumerate().map(|(e, w)| w | u32::from(e == 0)).collect())
                    .collect(),
                offset: (0..=n).map(|e| (number(k * (n + 1) + e, 9) >> (e / 4).min(20)) as i32 * (1 - 2 * (e as i32 % 2))).collect(),
                kernel_bits,
                kernel_mode: if fixed { KernelMode::Fixed } else { KernelMode::Normalised },
                max_steps,
                ..Parts::of(noise::random(p, n, seed + 1))
            }).unwrap();
            let fast = FastMemory::new(&memory);
            let cues = noise::random(20, n, seed + 2);
            for q in 0..20 {
                let slow = reference::recall(&memory, cues.row(q));
                let states = fast.trajectory(cues.row(q));
                prop_assert_eq!(states.len(), slow.steps as usize);
                prop_assert_eq!(fast.answer(cues.row(q)), (slow.state, slow.converged));
            }
        }
    }
}
