//! What a kernel memory is compared with: the classical Hopfield network, and kernel ridge regression.

use hopgate_model::{
    Error, ErrorKind, Result,
    bits::{BitMatrix, bit, hamming, set_bit, words_for},
    memory::DEFAULT_MAX_STEPS,
};
use hopgate_train::{
    dense::{Cholesky, product},
    logistic::kernel_matrix,
    scoring::Decoder,
};
use ndarray::Array2;
use rayon::prelude::*;

/// The classical Hopfield network: `w = sum over mu of xi[mu] xi[mu]' / N` with a zero diagonal (J. J. Hopfield, PNAS 79,
/// 1982). All neurons update at once, and a field of zero sets the bit: the project's rule for every memory.
///
/// The sums are kept as integers, which changes no sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hebbian {
    neurons: usize,
    /// `N * w`, row-major.
    sums: Vec<i64>,
}

/// What a Hebbian recall answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HebbianAnswer {
    /// The final state, packed.
    pub state: Vec<u64>,
    /// Steps evaluated, the unchanging one included.
    pub steps: u32,
    /// Whether the last step changed nothing. Updates at once may end in a cycle of two states: then it is false.
    pub converged: bool,
}

impl Hebbian {
    /// Stores all patterns.
    ///
    /// ```
    /// use hopgate_model::noise;
    /// use hopgate_lab::baselines::Hebbian;
    /// let patterns = noise::random(5, 100, 1);
    /// let cues = noise::exact_flips(&patterns, 10, 2);
    /// let answer = Hebbian::new(&patterns).recall(cues.row(3), 30);
    /// assert!(answer.converged && answer.state == patterns.row(3));
    /// ```
    pub fn new(patterns: &BitMatrix) -> Self {
        let (p, n) = (patterns.rows(), patterns.cols());
        let columns = BitMatrix::from_fn(n, p, |i, mu| patterns.get(mu, i));
        // patterns in which the two bits agree, less those in which they differ
        let sum = |i: usize, j: usize| p as i64 - 2 * i64::from(hamming(columns.row(i), columns.row(j)));
        let sums = (0..n * n).map(|x| (x / n, x % n)).map(|(i, j)| if i == j { 0 } else { sum(i, j) }).collect();
        Hebbian { neurons: n, sums }
    }

    /// The weight between two neurons.
    ///
    /// # Panics
    /// When there is no such neuron.
    pub fn weight(&self, i: usize, j: usize) -> f64 {
        assert!(j < self.neurons, "neuron {j} of {}", self.neurons);
        self.sums[i * self.neurons + j] as f64 / self.neurons as f64
    }

    /// The next state.
    fn step(&self, state: &[u64]) -> Vec<u64> {
        let signs: Vec<i64> = (0..self.neurons).map(|j| if bit(state, j) { 1 } else { -1 }).collect();
        let mut next = vec![0; words_for(self.neurons)];
        for (i, row) in self.sums.chunks_exact(self.neurons.max(1)).enumerate() {
            let field: i64 = row.iter().zip(&signs).map(|(w, s)| w * s).sum();
            set_bit(&mut next, i, field >= 0);
        }
        next
    }

    /// Steps until nothing changes, or `max_steps` (at least one) were evaluated.
    pub fn recall(&self, cue: &[u64], max_steps: u32) -> HebbianAnswer {
        let mut answer = HebbianAnswer { state: cue.to_vec(), steps: 0, converged: false };
        loop {
            let next = self.step(&answer.state);
            answer = HebbianAnswer { converged: next == answer.state, state: next, steps: answer.steps + 1 };
            if answer.converged || answer.steps >= max_steps {
                return answer;
            }
        }
    }
}

/// With the default number of steps at most.
impl Decoder for Hebbian {
    fn answer(&self, cue: &[u64]) -> (Vec<u64>, bool) {
        let answer = self.recall(cue, DEFAULT_MAX_STEPS);
        (answer.state, answer.converged)
    }
}

/// What [`kernel_ridge`] found.
#[derive(Debug, Clone)]
pub struct RidgeFit {
    /// The dual weights, (P, N), for [`hopgate_train::recall_float::FloatMemory`].
    pub alpha: Array2<f64>,
    /// The residual `max |(K + lambda I) alpha - xi|`.
    pub residual: f64,
}

/// Kernel ridge regression of the stored bits as +-1, in closed form: `alpha = (K + lambda I)^-1 xi` (A. Tamamori, arXiv
/// 2504.12561), by one Cholesky factorisation for all neurons. `gamma` and `lambda` must be positive.
///
/// # Errors
/// [`ErrorKind::Usage`] for numbers out of range, [`ErrorKind::Value`] without patterns, [`ErrorKind::Failed`] where
/// `K + lambda I` is not positive definite to working precision.
///
/// ```
/// use hopgate_model::noise;
/// use hopgate_lab::baselines::kernel_ridge;
/// use hopgate_train::recall_float::FloatMemory;
/// let patterns = noise::random(40, 64, 1);
/// let fit = kernel_ridge(&patterns, 0.05, 0.01)?;
/// let cues = noise::exact_flips(&patterns, 5, 2);
/// assert_eq!(FloatMemory::new(&patterns, &fit.alpha, 0.05)?.recall(cues.row(9), 30).state, patterns.row(9));
/// # Ok::<(), hopgate_model::Error>(())
/// ```
pub fn kernel_ridge(patterns: &BitMatrix, gamma: f64, lambda: f64) -> Result<RidgeFit> {
    for (name, value) in [("gamma", gamma), ("lambda", lambda)] {
        if !(value > 0.0 && value <= 1e300) {
            return Err(Error::usage(format!("{name} is {value}, but must be a number greater than 0")));
        }
    }
    let (p, n) = (patterns.rows(), patterns.cols());
    if p == 0 || n == 0 {
        return Err(Error::new(ErrorKind::Value, "there are no patterns to train on"));
    }
    let mut kernel = kernel_matrix(patterns, gamma);
    kernel.diag_mut().iter_mut().for_each(|x| *x += lambda);
    let mut cholesky = Cholesky::new(p);
    if !cholesky.factor(|i, row| row.iter_mut().zip(kernel.row(i)).for_each(|(x, k)| *x = *k)) {
        let what = format!("the kernel matrix plus a lambda of {lambda:e} is singular to working precision");
        return Err(Error::new(ErrorKind::Failed, what).hint("choose a larger lambda, or a larger gamma"));
    }
    let sign = |mu: usize, i: usize| if patterns.get(mu, i) { 1.0 } else { -1.0 };
    let solve = |i: usize| {
        let mut x: Vec<f64> = (0..p).map(|mu| sign(mu, i)).collect();
        cholesky.solve(&mut x);
        x
    };
    let columns: Vec<Vec<f64>> = (0..n).into_par_iter().map(solve).collect();
    let alpha = Array2::from_shape_fn((p, n), |(mu, i)| columns[i][mu]);
    let worst = |worst: f64, ((mu, i), &x): ((usize, usize), &f64)| worst.max((x - sign(mu, i)).abs());
    let residual = product(&kernel, &alpha).indexed_iter().fold(0.0, worst);
    Ok(RidgeFit { alpha, residual })
}

#[cfg(test)]
mod tests {
    use super::*;
    use hopgate_model::noise;
    use hopgate_train::{
        recall_float::FloatMemory,
        scoring::{Float, score},
    };
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn hebbian_recall_is_the_definition(p in 1..12usize, n in 1..80usize, seed in 0..99u64) {
            let patterns = noise::random(p, n, seed);
            let sign = |b: bool| if b { 1.0 } else { -1.0 };
            let w = |i: usize, j: usize| {
                let sum: f64 = (0..p).map(|mu| sign(patterns.get(mu, i)) * sign(patterns.get(mu, j))).sum();
                if i == j { 0.0 } else { sum / n as f64 }
            };
            let net = Hebbian::new(&patterns);
            let cues = noise::random(2, n, seed + 100);
            for q in 0..2 {
                let state: Vec<f64> = (0..n).map(|i| sign(cues.get(q, i))).collect();
                // whole numbers over n: multiplied back, so that a field of zero is zero
                let field = |i: usize| (0..n).map(|j| (w(i, j) * n as f64).round() * state[j]).sum::<f64>();
                let answer = net.recall(cues.row(q), 1);
                prop_assert!((0..n).all(|i| bit(&answer.state, i) == (field(i) >= 0.0)));
                prop_assert_eq!((answer.steps, answer.converged), (1, answer.state == cues.row(q)));
            }
            prop_assert!((0..n * n).all(|x| (net.weight(x / n, x % n) - w(x / n, x % n)).abs() < 1e-12));
        }
    }

    #[test]
    fn hebbian_storage_stops_near_its_known_capacity() {
        // 0.138 N patterns are the limit of Amit, Gutfreund and Sompolinsky (1985)
        let accuracy = |load: f64| {
            let patterns = noise::random((load * 400.0) as usize, 400, 1);
            let net = Hebbian::new(&patterns);
            score(&net, &patterns, &patterns).mean_overlap()
        };
        let (below, above) = (accuracy(0.08), accuracy(0.30));
        assert!(below > 0.99 && above < 0.7, "{below} {above}");
    }

    #[test]
    fn a_cycle_of_two_states_does_not_converge() {
        // one pattern 11: 10 goes to 01 and back
        let net = Hebbian::new(&BitMatrix::from_fn(1, 2, |_, _| true));
        assert_eq!(net.recall(&[1], 30), HebbianAnswer { state: vec![1], steps: 30, converged: false });
        assert_eq!(net.recall(&[3], 30), HebbianAnswer { state: vec![3], steps: 1, converged: true });
        // the decoder takes the 30 steps of every other
        assert_eq!(net.answer(&[1]), (vec![1], false));
        assert_eq!(net.recall(&[1], DEFAULT_MAX_STEPS - 1).state, [2]);
        // a neuron alone has a field of zero, which sets it
        assert_eq!(Hebbian::new(&BitMatrix::zeros(3, 1)).recall(&[0], 30).state, [1]);
    }

    #[test]
    fn ridge_of_two_patterns_by_hand() {
        // K = [[1, q], [q, 1]] with q = exp(-4*0.1*2); where the bits agree alpha = 1/(1 + lambda + q) times them, where
        // they differ 1/(1 + lambda - q)
        let patterns = BitMatrix::from_fn(2, 3, |mu, i| i == 0 || mu == 0);
        let (q, fit) = ((-0.8f64).exp(), kernel_ridge(&patterns, 0.1, 0.5).unwrap());
        let (same, other) = (1.0 / (1.5 + q), 1.0 / (1.5 - q));
        let expected = ndarray::arr2(&[[same, other, other], [same, -other, -other]]);
        assert!((&fit.alpha - &expected).iter().all(|d| d.abs() < 1e-14) && fit.residual < 1e-14, "{fit:?}");
    }

    #[test]
    fn ridge_solves_its_equations_and_recalls() {
        let patterns = noise::random(90, 60, 2);
        let fit = kernel_ridge(&patterns, 0.05, 0.01).unwrap();
        let mut k = kernel_matrix(&patterns, 0.05);
        k.diag_mut().iter_mut().for_each(|x| *x += 0.01);
        let back = k.dot(&fit.alpha);
        let off = |((mu, i), x): ((usize, usize), &f64)| (x - if patterns.get(mu, i) { 1.0 } else { -1.0 }).abs();
        assert!(back.indexed_iter().map(off).fold(0.0, f64::max) < 1e-9 && fit.residual < 1e-9, "{}", fit.residual);
        let memory = FloatMemory::new(&patterns, &fit.alpha, 0.05).unwrap();
        let cues = noise::exact_cues(&patterns, 180, 3, 1);
        assert!(score(&Float(&memory, 30), &patterns, &cues).exact_recall() > 0.95);
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        let p = noise::random(3, 4, 1);
        for (gamma, lambda) in [(0.0, 0.1), (0.1, 0.0), (f64::NAN, 0.1), (0.1, f64::INFINITY)] {
            assert_eq!(kernel_ridge(&p, gamma, lambda).unwrap_err().kind(), ErrorKind::Usage);
        }
        assert_eq!(kernel_ridge(&BitMatrix::zeros(0, 4), 0.1, 0.1).unwrap_err().kind(), ErrorKind::Value);
        let twice = BitMatrix::from_fn(3, 4, |_, i| i == 1);
        assert_eq!(kernel_ridge(&twice, 0.1, 1e-300).unwrap_err().kind(), ErrorKind::Failed);
    }
}
