//! Kernel logistic regression with an L1 penalty on the dual weights, by accelerated proximal gradient descent.
//!
//! Per neuron (arXiv 2604.20333, section 4.2): minimise `f(a) + lambda1*||a||_1` with
//! `f(a) = sum over mu of logloss(y, sigma(h))`, `h = K a`. With `g = K (sigma(h) - y)`, the gradient of `f`,
//! the minimum is where
//!
//! ```text
//! a != 0:   g + lambda1*sign(a) = 0
//! a == 0:   |g| <= lambda1
//! ```
//!
//! and the largest violation is the *residual*. The method is FISTA (A. Beck and M. Teboulle, *A fast iterative
//! shrinkage-thresholding algorithm*, SIAM J. Imaging Sciences 2, 2009) with step `1/L`, `L = lambda_max(K)^2/4`, and the
//! gradient restart of B. O'Donoghue and E. Candes (*Adaptive restart for accelerated gradient schemes*, 2015), for each
//! neuron on its own. Where the kernel is broad (gamma*N below 1 or so) the problem is badly conditioned, and tens of
//! thousands of iterations may be needed. All neurons share their two matrix products an iteration.

use hopgate_model::{
    Error, ErrorKind, Result,
    bits::BitMatrix,
    progress::{Progress, Watch},
};
use hopgate_train::{
    dense::{largest_eigenvalue, product},
    logistic::{kernel_matrix, sigma, targets},
};
use ndarray::{Array2, Zip};

/// Iterations between two looks at the residual, each of which costs half an iteration.
const LOOK_EVERY: usize = 10;
/// The power iteration approaches the eigenvalue from below.
const SLACK: f64 = 1.01;

/// What to minimise, and how far.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct L1Options {
    /// The penalty on `||alpha||_1`, greater than 0. From `max |K (1/2 - y)|` on every weight is zero.
    pub lambda1: f64,
    /// The residual to reach.
    pub tolerance: f64,
    /// The most iterations.
    pub iterations: usize,
}

impl L1Options {
    /// This penalty, a residual of a thousandth of it, 5,000 iterations.
    pub fn new(lambda1: f64) -> Self {
        L1Options { lambda1, tolerance: lambda1 * 1e-3, iterations: 5000 }
    }

    fn check(&self) -> Result<()> {
        for (name, value) in [("lambda1", self.lambda1), ("the tolerance", self.tolerance)] {
            if !(value > 0.0 && value.is_finite()) {
                return Err(Error::usage(format!("{name} is {value}, but must be a number greater than 0")));
            }
        }
        Ok(())
    }
}

/// What [`l1_logistic`] ended with.
#[derive(Debug, Clone)]
pub struct L1Fit {
    /// The dual weights, (P, N), many of them exactly zero.
    pub alpha: Array2<f64>,
    /// The iterations that were run.
    pub iterations: usize,
    /// The largest violation of the optimality condition, over all weights.
    pub residual: f64,
    /// Whether the residual is within the tolerance.
    pub converged: bool,
    /// The fraction of weights that are zero.
    pub sparsity: f64,
}

/// Minimises from zero. A run that does not reach the tolerance is no error: the result says so, with its residual.
///
/// # Errors
/// [`ErrorKind::Usage`] for options out of range, [`ErrorKind::Value`] without patterns.
///
/// ```
/// use hopgate_model::noise;
/// use hopgate_lab::l1::{l1_logistic, L1Options};
/// let fit = l1_logistic(&noise::random(30, 20, 1), 0.05, &L1Options::new(0.2), &|_| ())?;
/// assert!(fit.converged && fit.residual <= 2e-4);
/// # Ok::<(), hopgate_model::Error>(())
/// ```
pub fn l1_logistic(patterns: &BitMatrix, gamma: f64, options: &L1Options, watch: &dyn Watch) -> Result<L1Fit> {
    options.check()?;
    if !(gamma > 0.0 && gamma <= 1e300) {
        return Err(Error::usage(format!("gamma is {gamma}, but must be a number greater than 0")));
    }
    if patterns.rows() == 0 || patterns.cols() == 0 {
        return Err(Error::new(ErrorKind::Value, "there are no patterns to train on"));
    }
    fit(&kernel_matrix(patterns, gamma), &targets(patterns), options, watch)
}

/// The same for any targets (P, n): experiments look at a few neurons of many models.
pub(crate) fn fit(kernel: &Array2<f64>, y: &Array2<f64>, options: &L1Options, watch: &dyn Watch) -> Result<L1Fit> {
    let mut run = Run::new(kernel, y, options.lambda1);
    let mut residual = run.residual();
    let mut done = 0;
    while residual > options.tolerance && done < options.iterations {
        run.iterate();
        done += 1;
        if done % LOOK_EVERY == 0 || done == options.iterations {
            residual = run.residual();
            watch.at(Progress { done, total: options.iterations, residual });
            watch.go_on()?;
        }
    }
    let alpha = run.alpha;
    // afresh, from the weights alone
    let residual = worst_violation(&gradient(kernel, &product(kernel, &alpha), y), &alpha, options.lambda1);
    let sparsity = alpha.iter().filter(|a| **a == 0.0).count() as f64 / alpha.len() as f64;
    Ok(L1Fit { alpha, iterations: done, residual, converged: residual <= options.tolerance, sparsity })
}

/// The largest violation of the optimality condition, from nothing but its definition; NaN when anything is NaN.
pub fn l1_residual(kernel: &Array2<f64>, patterns: &BitMatrix, alpha: &Array2<f64>, lambda1: f64) -> f64 {
    let gradient = gradient(kernel, &product(kernel, alpha), &targets(patterns));
    worst_violation(&gradient, alpha, lambda1)
}

/// `K (sigma(h) - y)`.
fn gradient(kernel: &Array2<f64>, fields: &Array2<f64>, y: &Array2<f64>) -> Array2<f64> {
    let mut errors = fields.clone();
    Zip::from(&mut errors).and(y).for_each(|e, y| *e = sigma(*e) - y);
    product(kernel, &errors)
}

fn worst_violation(gradient: &Array2<f64>, alpha: &Array2<f64>, lambda1: f64) -> f64 {
    let mut worst = 0.0f64;
    Zip::from(gradient).and(alpha).for_each(|&g, &a| {
        let violation = if a == 0.0 { (g.abs() - lambda1).max(0.0) } else { (g + lambda1 * a.signum()).abs() };
        if violation > worst || violation.is_nan() || g.is_nan() {
            worst = if g.is_nan() { g } else { violation };
        }
    });
    worst
}

/// The state of the method. Fields are kept beside the weights, so that those of an extrapolated point are free.
struct Run<'a> {
    kernel: &'a Array2<f64>,
    y: &'a Array2<f64>,
    lambda1: f64,
    step: f64,
    alpha: Array2<f64>,
    fields: Array2<f64>,
    last_alpha: Array2<f64>,
    last_fields: Array2<f64>,
    /// FISTA's `t`, one per neuron.
    momentum: Vec<f64>,
}

impl<'a> Run<'a> {
    fn new(kernel: &'a Array2<f64>, y: &'a Array2<f64>, lambda1: f64) -> Self {
        let top = largest_eigenvalue(kernel);
        let zero = Array2::zeros(y.dim());
        Run {
            kernel,
            y,
            lambda1,
            step: 4.0 / (top * top * SLACK),
            alpha: zero.clone(),
            fields: zero.clone(),
            last_alpha: zero.clone(),
            last_fields: zero,
            momentum: vec![1.0; y.ncols()],
        }
    }

    fn residual(&self) -> f64 {
        worst_violation(&gradient(self.kernel, &self.fields, self.y), &self.alpha, self.lambda1)
    }

    fn iterate(&mut self) {
        let next: Vec<f64> = self.momentum.iter().map(|t| (1.0 + (1.0 + 4.0 * t * t).sqrt()) / 2.0).collect();
        let push: Vec<f64> = self.momentum.iter().zip(&next).map(|(t, next)| (t - 1.0) / next).collect();
        let ahead = extrapolated(&self.alpha, &self.last_alpha, &push);
        let fields = extrapolated(&self.fields, &self.last_fields, &push);
        let gradient = gradient(self.kernel, &fields, self.y);
        let mut alpha = ahead.clone();
        let (step, threshold) = (self.step, self.step * self.lambda1);
        Zip::from(&mut alpha).and(&gradient).for_each(|a, g| *a = shrink(*a - step * g, threshold));
        self.momentum = next;
        self.restart(&ahead, &alpha);
        self.last_alpha = std::mem::replace(&mut self.alpha, alpha);
        self.last_fields = std::mem::replace(&mut self.fields, product(self.kernel, &self.alpha));
    }

    /// Takes the momentum from every neuron that was carried uphill: where the step from the extrapolated point
    /// opposes the step from the last one.
    fn restart(&mut self, ahead: &Array2<f64>, alpha: &Array2<f64>) {
        let mut uphill = vec![0.0; self.momentum.len()];
        for ((ahead, new), old) in ahead.outer_iter().zip(alpha.outer_iter()).zip(self.alpha.outer_iter()) {
            for (u, ((a, n), o)) in uphill.iter_mut().zip(ahead.iter().zip(new).zip(old)) {
                *u += (a - n) * (n - o);
            }
        }
        for (t, _) in self.momentum.iter_mut().zip(uphill).filter(|(_, u)| *u > 0.0) {
            *t = 1.0;
        }
    }
}

/// `now + push * (now - last)`, with one `push` per neuron.
fn extrapolated(now: &Array2<f64>, last: &Array2<f64>, push: &[f64]) -> Array2<f64> {
    let mut ahead = now.clone();
    for (mut row, last) in ahead.outer_iter_mut().zip(last.outer_iter()) {
        for ((x, last), push) in row.iter_mut().zip(last).zip(push) {
            *x += push * (*x - last);
        }
    }
    ahead
}

/// The proximal map of the L1 norm: towards zero by the threshold, and no farther.
fn shrink(x: f64, threshold: f64) -> f64 {
    if x > threshold {
        x - threshold
    } else if x < -threshold {
        x + threshold
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hopgate_model::noise;
    use proptest::prelude::*;

    /// The objective of all neurons by its definition.
    fn objective(k: &Array2<f64>, p: &BitMatrix, alpha: &Array2<f64>, lambda1: f64) -> f64 {
        let loss =
            |((mu, i), &h): ((usize, usize), &f64)| if p.get(mu, i) { (-h).exp().ln_1p() } else { h.exp().ln_1p() };
        k.dot(alpha).indexed_iter().map(loss).sum::<f64>() + lambda1 * alpha.iter().map(|a| a.abs()).sum::<f64>()
    }

    fn tight(lambda1: f64) -> L1Options {
        L1Options { tolerance: 1e-9, iterations: 100_000, ..L1Options::new(lambda1) }
    }

    #[test]
    fn one_pattern_by_hand() {
        // K = 1: sigma(a) - 1 = -lambda1 where the bit is one, so a = ln((1 - lambda1)/lambda1), and -a where it is zero
        let p = BitMatrix::from_fn(1, 2, |_, i| i == 0);
        let fit = l1_logistic(&p, 0.1, &tight(0.2), &|_| ()).unwrap();
        assert!(
            (fit.alpha[[0, 0]] - 4f64.ln()).abs() < 1e-7 && (fit.alpha[[0, 1]] + 4f64.ln()).abs() < 1e-7,
            "{fit:?}"
        );
        assert!(fit.converged && fit.sparsity == 0.0);
    }

    #[test]
    fn a_penalty_above_the_gradient_at_zero_leaves_nothing() {
        let p = noise::random(20, 10, 1);
        let k = kernel_matrix(&p, 0.05);
        let at_zero = gradient(&k, &Array2::zeros((20, 10)), &targets(&p)).iter().fold(0.0f64, |m, g| m.max(g.abs()));
        let none = l1_logistic(&p, 0.05, &tight(at_zero * 1.0001), &|_| ()).unwrap();
        assert_eq!((none.sparsity, none.iterations, none.converged), (1.0, 0, true));
        let some = l1_logistic(&p, 0.05, &tight(at_zero * 0.99), &|_| ()).unwrap();
        assert!(some.converged && some.sparsity < 1.0 && some.sparsity > 0.9, "{}", some.sparsity);
    }

    #[test]
    fn no_weight_can_move_and_lower_the_objective() {
        let (p, gamma, lambda1) = (noise::random(16, 6, 3), 0.02, 0.3);
        let k = kernel_matrix(&p, gamma);
        let fit = l1_logistic(&p, gamma, &tight(lambda1), &|_| ()).unwrap();
        assert!(fit.converged && fit.sparsity > 0.05 && fit.sparsity < 0.95, "{} {}", fit.residual, fit.sparsity);
        let best = objective(&k, &p, &fit.alpha, lambda1);
        for at in (0..16).flat_map(|mu| (0..6).map(move |i| (mu, i))) {
            for step in [-0.1, -1e-3, 1e-3, 0.1] {
                let mut moved = fit.alpha.clone();
                moved[at] += step;
                assert!(objective(&k, &p, &moved, lambda1) > best, "{at:?} {step}");
            }
        }
    }

    #[test]
    fn the_residual_would_notice_a_wrong_weight() {
        let (p, gamma, lambda1) = (noise::random(16, 6, 3), 0.02, 0.3);
        let k = kernel_matrix(&p, gamma);
        let fit = l1_logistic(&p, gamma, &tight(lambda1), &|_| ()).unwrap();
        for at in [(0, 0), (7, 3), (15, 5)] {
            let mut moved = fit.alpha.clone();
            moved[at] += 1e-3;
            assert!(l1_residual(&k, &p, &moved, lambda1) > 1e-5, "{at:?}");
        }
        let zero = Array2::from_elem((16, 6), f64::NAN);
        assert!(l1_residual(&k, &p, &zero, lambda1).is_nan());
    }

    #[test]
    fn too_few_iterations_are_reported() {
        let p = noise::random(30, 8, 3);
        let options = L1Options { iterations: 3, ..tight(0.05) };
        let fit = l1_logistic(&p, 0.01, &options, &|_| ()).unwrap();
        assert!(!fit.converged && fit.iterations == 3 && fit.residual > 1e-9);
        let (k, again) = (kernel_matrix(&p, 0.01), fit.residual);
        assert_eq!(l1_residual(&k, &p, &fit.alpha, 0.05), again);
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        let p = noise::random(3, 4, 1);
        let good = L1Options::new(0.1);
        for (gamma, options) in [
            (0.1, L1Options { lambda1: 0.0, ..good }),
            (0.1, L1Options { lambda1: f64::NAN, ..good }),
            (0.1, L1Options { tolerance: -1.0, ..good }),
            (0.0, good),
            (f64::NAN, good),
        ] {
            assert_eq!(l1_logistic(&p, gamma, &options, &|_| ()).unwrap_err().kind(), ErrorKind::Usage);
        }
        assert_eq!(l1_logistic(&BitMatrix::zeros(0, 4), 0.1, &good, &|_| ()).unwrap_err().kind(), ErrorKind::Value);
    }

    #[test]
    fn restarts_save_iterations() {
        // without them 3000 iterations are not enough here
        let options = L1Options { iterations: 1000, tolerance: 1e-6, ..L1Options::new(0.05) };
        let fit = l1_logistic(&noise::random(60, 64, 1), 0.02, &options, &|_| ()).unwrap();
        assert!(fit.converged, "{} {}", fit.iterations, fit.residual);
    }

    #[test]
    fn threads_do_not_matter() {
        let p = noise::random(40, 20, 1);
        let options = L1Options { iterations: 50, ..tight(0.1) };
        let on = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| l1_logistic(&p, 0.03, &options, &|_| ()).unwrap().alpha)
        };
        assert_eq!(on(1), on(3));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn every_neuron_is_optimal(
            p in 1..20usize, n in 1..6usize, gamma in 0.01..0.3f64, lambda1 in 0.02..1.0f64, seed in 0..99u64
        ) {
            let patterns = noise::random(p, n * 8, seed);
            let fit = l1_logistic(&patterns, gamma, &L1Options { tolerance: 1e-7, ..tight(lambda1) }, &|_| ()).unwrap();
            prop_assert!(fit.converged && fit.residual <= 1e-7, "{}", fit.residual);
        }
    }
}
