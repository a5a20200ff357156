//! The recall that one would write first: 32-bit floats, a loop for every sum.

use hopgate_model::memory::Memory;

/// A memory in floats.
pub struct FloatRecall {
    neurons: usize,
    /// +1 and -1.
    patterns: Vec<f32>,
    /// The dual weights.
    alpha: Vec<f32>,
    /// `K(e)`.
    kernel: Vec<f32>,
    max_steps: u32,
}

impl FloatRecall {
    /// The dual weights of a memory whose columns are multiples of the lowest one.
    pub fn new(memory: &Memory) -> Self {
        let (p, n) = (memory.patterns().rows(), memory.neurons());
        let sign = |b: bool| if b { 1.0f32 } else { -1.0 };
        let all = || (0..p).flat_map(|mu| (0..n).map(move |i| (mu, i)));
        let alpha = |(mu, i)| {
            let planes = memory.planes().iter().enumerate();
            planes.map(|(j, plane)| sign(plane.get(mu, i)) * (1 << j) as f32).sum()
        };
        FloatRecall {
            neurons: n,
            patterns: all().map(|(mu, i)| sign(memory.patterns().get(mu, i))).collect(),
            alpha: all().map(alpha).collect(),
            kernel: memory.kernel()[0].iter().map(|&w| w as f32).collect(),
            max_steps: memory.parts().max_steps,
        }
    }

    /// The final state, and the steps.
    pub fn recall(&self, cue: &[f32]) -> (Vec<f32>, u32) {
        let mut state = cue.to_vec();
        for steps in 1.. {
            let next = self.step(&state);
            if next == state || steps == self.max_steps {
                return (next, steps);
            }
            state = next;
        }
        unreachable!("the loop has no end")
    }

    fn step(&self, state: &[f32]) -> Vec<f32> {
        let n = self.neurons;
        let overlap = |row: &[f32]| row.iter().zip(state).map(|(x, s)| x * s).sum::<f32>();
        let distances: Vec<f32> = self.patterns.chunks_exact(n).map(|row| (n as f32 - overlap(row)) / 2.0).collect();
        let least = distances.iter().copied().fold(f32::INFINITY, f32::min);
        let mut field = vec![0.0f32; n];
        for (row, d) in self.alpha.chunks_exact(n).zip(&distances) {
            let weight = self.kernel[(d - least) as usize];
            field.iter_mut().zip(row).for_each(|(h, a)| *h += weight * a);
        }
        field.iter().map(|&h| if h >= 0.0 { 1.0 } else { -1.0 }).collect()
    }
}
