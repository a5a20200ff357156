//! The trainers against the definition of what they minimise, computed here without any of their code.

use hopgate_model::{ErrorKind, Result, bits::BitMatrix, noise, progress::Progress};
use hopgate_train::solver::{Fit, Guard, Method, TrainOptions, fit, train};
use ndarray::Array2;

fn glyphs() -> BitMatrix {
    hopgate_files::patterns::load("glyphs").unwrap().bits
}

fn distance(p: &BitMatrix, a: usize, b: usize) -> f64 {
    (0..p.cols()).filter(|&i| p.get(a, i) != p.get(b, i)).count() as f64
}

fn newton(p: &BitMatrix, gamma: f64, lambda: f64, tolerance: f64) -> Result<Fit> {
    fit(p, &TrainOptions::new(gamma).lambda(lambda).tolerance(tolerance), &|_| ())
}

fn gd(p: &BitMatrix, gamma: f64, lambda: f64, rate: f64, epochs: usize, guard: Guard) -> Result<Fit> {
    let options = TrainOptions::new(gamma).lambda(lambda).method(Method::Gd).rate(rate).epochs(epochs).guard(guard);
    fit(p, &options, &|_| ())
}

fn kernel(p: &BitMatrix, gamma: f64) -> Array2<f64> {
    Array2::from_shape_fn((p.rows(), p.rows()), |(a, b)| (-4.0 * gamma * distance(p, a, b)).exp())
}

fn residual(p: &BitMatrix, k: &Array2<f64>, alpha: &Array2<f64>, lambda: f64) -> f64 {
    let h = k.dot(alpha);
    let one = |((mu, i), &h): ((usize, usize), &f64)| {
        let y = if p.get(mu, i) { 1.0 } else { 0.0 };
        (1.0 / (1.0 + (-h).exp()) - y + lambda * alpha[[mu, i]]).abs()
    };
    h.indexed_iter().map(one).fold(0.0, f64::max)
}

/// The objective of one neuron, by its definition.
fn objective(p: &BitMatrix, k: &Array2<f64>, alpha: &[f64], i: usize, lambda: f64) -> f64 {
    let alpha = ndarray::arr1(alpha);
    let h = k.dot(&alpha);
    let loss = |(mu, h): (usize, &f64)| if p.get(mu, i) { (-h).exp().ln_1p() } else { h.exp().ln_1p() };
    h.iter().enumerate().map(loss).sum::<f64>() + lambda / 2.0 * alpha.dot(&h)
}

/// Patterns that are hard in one way each: nested, near-duplicate, sparse with constant columns, more
/// patterns than neurons, a parity, and the smallest there is.
fn hard_sets() -> Vec<(&'static str, BitMatrix)> {
    let base = noise::random(1, 40, 1);
    let (a, b, c) = (noise::random(70, 40, 3), noise::random(70, 40, 4), noise::random(70, 40, 5));
    vec![
        ("nested", BitMatrix::from_fn(41, 40, |r, c| c < r)),
        ("near", BitMatrix::from_fn(41, 40, |r, i| base.get(0, i) ^ (r == i + 1))),
        ("sparse", BitMatrix::from_fn(70, 40, |r, i| i > 4 && a.get(r, i) && b.get(r, i) && c.get(r, i))),
        ("over", noise::random(100, 12, 1)),
        ("parity", BitMatrix::from_fn(16, 5, |r, i| if i < 4 { r >> i & 1 == 1 } else { r.count_ones() % 2 == 1 })),
        ("one", BitMatrix::from_fn(1, 1, |_, _| true)),
        ("one row", BitMatrix::from_fn(1, 9, |_, i| i % 2 == 0)),
        ("one column", BitMatrix::from_fn(2, 1, |r, _| r == 1)),
    ]
}

#[test]
fn newton_reaches_the_optimum_of_every_hard_set() {
    for (name, p) in hard_sets() {
        for gamma in [1e-300, 1e-12, 1e-6, 1e-3, 0.02, 0.2, 3.0, 1e200] {
            for lambda in [10.0, 0.01, 1e-4] {
                let fit = newton(&p, gamma, lambda, 1e-8).unwrap_or_else(|e| panic!("{name} {gamma}: {e}"));
                let r = residual(&p, &kernel(&p, gamma), &fit.alpha, lambda);
                assert!(r <= 1.1e-8 && fit.residual <= 1e-8, "{name} {gamma} {lambda}: {r} {}", fit.residual);
                assert!(fit.iterations <= 60, "{name} {gamma} {lambda}: {} iterations", fit.iterations);
            }
        }
    }
}

#[test]
fn the_residual_check_would_notice_a_wrong_weight() {
    let p = noise::random(30, 24, 2);
    let (k, mut fit) = (kernel(&p, 0.03), newton(&p, 0.03, 0.01, 1e-8).unwrap());
    fit.alpha[[7, 3]] += 1e-4;
    assert!(residual(&p, &k, &fit.alpha, 0.01) > 1e-7);
    assert!(hopgate_train::logistic::kkt_residual(&k, &p, &fit.alpha, 0.01) > 1e-7);
}

#[test]
fn no_direction_lowers_the_objective_at_the_optimum() {
    let (p, gamma, lambda) = (noise::random(24, 16, 9), 0.02, 0.01);
    let (k, fit) = (kernel(&p, gamma), newton(&p, gamma, lambda, 1e-8).unwrap());
    for i in 0..16 {
        let at: Vec<f64> = fit.alpha.column(i).to_vec();
        let best = objective(&p, &k, &at, i, lambda);
        for mu in 0..24 {
            let moved = |step: f64| {
                let mut alpha = at.clone();
                alpha[mu] += step;
                objective(&p, &k, &alpha, i, lambda)
            };
            let slope = (moved(1e-4) - moved(-1e-4)) / 2e-4;
            assert!(slope.abs() < 1e-6 && moved(0.01) > best && moved(-0.01) > best, "{i} {mu} {slope}");
        }
    }
}

#[test]
fn a_slow_and_simple_optimiser_finds_the_same_weights() {
    // small steps along the residual itself: slow, but it has nothing in common with newton
    let (p, gamma, lambda) = (noise::random(12, 40, 4), 0.05, 0.05);
    let (k, fit) = (kernel(&p, gamma), newton(&p, gamma, lambda, 1e-10).unwrap());
    let mut alpha = Array2::<f64>::zeros((12, 40));
    for _ in 0..20_000 {
        let mut r = k.dot(&alpha);
        for ((mu, i), h) in r.indexed_iter_mut() {
            *h = 1.0 / (1.0 + (-*h).exp()) - f64::from(u8::from(p.get(mu, i))) + lambda * alpha[[mu, i]];
        }
        alpha.scaled_add(-0.5, &r);
    }
    let difference = (&alpha - &fit.alpha).iter().fold(0.0f64, |m, d| m.max(d.abs()));
    assert!(difference < 1e-6, "{difference}");
}

#[test]
fn descent_goes_where_newton_is() {
    let (p, gamma, lambda) = (noise::random(12, 64, 4), 0.1, 0.1);
    let exact = newton(&p, gamma, lambda, 1e-8).unwrap();
    let fit = gd(&p, gamma, lambda, 1.0, 3000, Guard::Refuse).unwrap();
    let difference = (&fit.alpha - &exact.alpha).iter().fold(0.0f64, |m, d| m.max(d.abs()));
    assert!(fit.iterations == 3000 && fit.residual < 1e-8 && difference < 1e-6, "{} {difference}", fit.residual);
    let k = kernel(&p, gamma);
    let sum: f64 = (0..64).map(|i| objective(&p, &k, &fit.alpha.column(i).to_vec(), i, lambda)).sum();
    assert!((sum - fit.objective.unwrap()).abs() < 1e-9 * sum, "{sum} {:?}", fit.objective);
}

#[test]
fn one_epoch_is_the_papers_formula() {
    // from zero: alpha = -rate * K (1/2 - y), summed over the patterns, not averaged
    let p = noise::random(9, 16, 4);
    let fit = gd(&p, 0.02, 0.01, 0.05, 1, Guard::Refuse).unwrap();
    let half = Array2::from_shape_fn((9, 16), |(mu, i)| if p.get(mu, i) { 0.5 } else { -0.5 });
    let expected = kernel(&p, 0.02).dot(&half) * 0.05;
    assert!((&fit.alpha - &expected).iter().all(|d| d.abs() < 1e-14));
}

#[test]
fn descent_on_the_glyphs_at_the_papers_setting_is_refused_and_the_suggested_rate_works() {
    let p = glyphs();
    let error = gd(&p, 0.02, 0.01, 0.1, 500, Guard::Refuse).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Failed);
    let (what, hint) = (error.to_string(), error.help_text().unwrap().to_owned());
    assert!(what.contains("epoch 1 ") && what.contains("rises") && hint.contains("newton"), "{what} {hint}");
    let safe: f64 = hint.split("gamma is ").nth(1).unwrap().split(':').next().unwrap().parse().unwrap();
    assert!(safe > 1e-4 && safe < 0.1, "{safe}");
    gd(&p, 0.02, 0.01, safe, 20, Guard::Refuse).unwrap();
    // the guard is not a formality: thirty times that rate is not safe
    assert!(gd(&p, 0.02, 0.01, safe * 30.0, 20, Guard::Refuse).is_err());
}

#[test]
fn an_overflowing_descent_is_an_error_too() {
    let error = gd(&noise::random(20, 16, 1), 0.01, 0.01, 1e300, 500, Guard::Refuse).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Failed);
}

#[test]
fn the_recipe_as_it_stands_reports_what_the_guard_refuses() {
    // where nothing rises, both are one run
    let p = noise::random(30, 32, 4);
    let guarded = gd(&p, 0.1, 0.01, 0.1, 50, Guard::Refuse).unwrap();
    let open = gd(&p, 0.1, 0.01, 0.1, 50, Guard::Report).unwrap();
    assert_eq!((&open.alpha, open.rises, open.finite), (&guarded.alpha, 0, true));
    assert_eq!((guarded.rises, guarded.finite, guarded.iterations), (0, true, 50));
    // where it oscillates, the run goes on, by the paper's formula all the same
    let (k, rate, lambda) = (kernel(&p, 0.002), 0.1, 0.01);
    assert!(gd(&p, 0.002, lambda, rate, 9, Guard::Refuse).is_err());
    let open = gd(&p, 0.002, lambda, rate, 9, Guard::Report).unwrap();
    let (mut alpha, mut rises, mut last) = (Array2::<f64>::zeros((30, 32)), 0, 30.0 * 32.0 * 2f64.ln());
    for _ in 0..9 {
        let mut r = k.dot(&alpha);
        for ((mu, i), h) in r.indexed_iter_mut() {
            *h = 1.0 / (1.0 + (-*h).exp()) - f64::from(u8::from(p.get(mu, i))) + lambda * alpha[[mu, i]];
        }
        alpha.scaled_add(-rate, &k.dot(&r));
        let now: f64 = (0..32).map(|i| objective(&p, &k, &alpha.column(i).to_vec(), i, lambda)).sum();
        rises += usize::from(now > last);
        last = now;
    }
    assert!(open.rises > 0 && open.rises == rises && open.finite && open.iterations == 9, "{} {rises}", open.rises);
    assert!(
        (&open.alpha - &alpha).iter().all(|d| d.abs() < 1e-6) && (open.objective.unwrap() - last).abs() < 1e-6 * last
    );
    // where it blows up, it says so
    let blown = gd(&p, 0.002, 0.01, 1e300, 500, Guard::Report).unwrap();
    assert!(!blown.finite && blown.rises > 0 && blown.iterations < 500, "{}", blown.iterations);
}

#[test]
fn a_tolerance_beyond_double_precision_is_an_error_and_never_a_result() {
    let error = newton(&noise::random(60, 32, 1), 1e-6, 1e-4, 1e-18).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Failed);
    assert!(error.to_string().contains("KKT residual") && error.help_text().unwrap().contains("lambda"));
}

#[test]
fn options_out_of_range_are_wrong_usage() {
    let p = noise::random(4, 8, 1);
    let good = TrainOptions::new(0.1);
    for (bad, word) in [
        (good.clone().gamma(0.0), "gamma is 0"),
        (good.clone().gamma(-1.0), "gamma is -1"),
        (good.clone().gamma(f64::NAN), "gamma is NaN"),
        (good.clone().gamma(f64::INFINITY), "gamma is inf"),
        (good.clone().lambda(0.0), "lambda is 0"),
        (good.clone().lambda(f64::NAN), "lambda is NaN"),
        (good.clone().tolerance(0.0), "tolerance is 0"),
        (good.clone().rate(-0.1), "rate is -0.1"),
        (good.clone().method(Method::Gd).epochs(0), "no epochs"),
    ] {
        let error = train(&p, &bad, &|_| ()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Usage);
        assert!(error.to_string().contains(word), "{error}");
    }
    assert_eq!(train(&BitMatrix::zeros(0, 8), &good, &|_| ()).unwrap_err().kind(), ErrorKind::Value);
}

#[test]
fn a_trained_model_says_how_it_was_made() {
    let p = noise::random(10, 16, 1);
    let seen = std::sync::Mutex::new(Vec::new());
    let watch = |now: Progress| seen.lock().unwrap().push(now);
    let newton = train(&p, &TrainOptions::new(0.1), &watch).unwrap();
    assert_eq!(newton.model.meta.solver, "newton");
    assert_eq!(newton.model.meta.residual, newton.residual);
    let seen = seen.into_inner().unwrap();
    assert_eq!((seen.last().unwrap().done, seen.last().unwrap().total), (16, 16));
    let gd = train(&p, &TrainOptions::new(0.1).method(Method::Gd).epochs(7), &|_| ()).unwrap();
    assert_eq!((gd.model.meta.solver.as_str(), gd.model.meta.iterations, gd.iterations), ("gd", 7, 7));
    assert!(gd.objective.is_some() && gd.residual > newton.residual);
}
