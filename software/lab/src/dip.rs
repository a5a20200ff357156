//! Is a sample bimodal? Hartigan's dip statistic, with its p-value by simulation.
//!
//! The dip is the largest difference between the empirical distribution function and the unimodal distribution function
//! that fits it best (J. A. Hartigan and P. M. Hartigan, *The Dip Test of Unimodality*, Annals of Statistics 13, 1985). It
//! is computed exactly, by the algorithm of P. M. Hartigan (*Algorithm AS 217*, Applied Statistics 34, 1985) with M.
//! Maechler's corrections of 1994: between the greatest convex minorant and the least concave majorant, the interval that
//! may hold the mode shrinks until nothing is left to gain.

use hopgate_model::{
    Error, ErrorKind, Result,
    noise::{self, Purpose, Seed},
};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// Larger samples are thinned to this many values before the test: the power is ample, and the simulation stays fast.
pub const MOST_VALUES: usize = 2000;
/// The stream of random numbers that thins a sample ...
const STREAM_OF_SUBSAMPLE: u64 = 41;
/// ... and the one that simulates uniform samples.
const STREAM_OF_SIMULATION: u64 = 42;

/// The dip of a sample, and how likely a unimodal one has a dip as large.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct DipTest {
    /// The dip of the values that were tested: `1/(2n)` to 1/4.
    pub dip: f64,
    /// The p-value against the uniform distribution, the least favourable unimodal one:
    /// `(1 + simulated dips at least as large) / (1 + simulations)`, so never below `1/(1 + simulations)`.
    pub p_value: f64,
    /// The values that were tested, [`MOST_VALUES`] at most.
    pub values: usize,
    /// The simulated samples.
    pub simulations: usize,
}

/// The dip of a sample, in any order.
///
/// As is usual, it is at least `1/(2n)`: that much differs between any continuous distribution and `n` steps.
///
/// # Errors
/// [`ErrorKind::Value`] for an empty sample, or a value that is not finite.
///
/// ```
/// let two_modes = [0.0, 0.01, 0.02, 1.0, 1.01, 1.02];
/// assert!(hopgate_lab::dip::dip_statistic(&two_modes)? > 0.16);
/// # Ok::<(), hopgate_model::Error>(())
/// ```
pub fn dip_statistic(values: &[f64]) -> Result<f64> {
    check(values)?;
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    Ok(dip_of_sorted(&sorted))
}

/// The dip test. A sample of more than [`MOST_VALUES`] is replaced by that many of its values, drawn without replacement
/// by the seed. The p-value comes from `simulations` uniform samples of the same size.
///
/// # Errors
/// [`ErrorKind::Value`] for an empty sample, or a value that is not finite.
pub fn dip_test(values: &[f64], simulations: usize, seed: impl Into<Seed>) -> Result<DipTest> {
    let seed = seed.into();
    let sample = thinned(values, seed);
    let n = sample.len();
    let dip = dip_statistic(&sample)?;
    let as_large = |b: usize| {
        let mut rng = noise::rng(seed.of(Purpose::Dip, b as u64), STREAM_OF_SIMULATION);
        let mut uniform: Vec<f64> = (0..n).map(|_| noise::unit(&mut rng)).collect();
        uniform.sort_by(f64::total_cmp);
        dip_of_sorted(&uniform) >= dip
    };
    let count = (0..simulations).into_par_iter().filter(|&b| as_large(b)).count();
    let p_value = (1 + count) as f64 / (1 + simulations) as f64;
    Ok(DipTest { dip, p_value, values: n, simulations })
}

fn check(values: &[f64]) -> Result<()> {
    if values.is_empty() {
        return Err(Error::new(ErrorKind::Value, "an empty sample has no dip"));
    }
    match values.iter().find(|v| !v.is_finite()) {
        Some(v) => Err(Error::new(ErrorKind::Value, format!("a sample with the value {v} has no dip"))),
        None => Ok(()),
    }
}

/// At most [`MOST_VALUES`] of the values: the head of a Fisher-Yates shuffle.
fn thinned(values: &[f64], seed: Seed) -> Vec<f64> {
    let mut sample = values.to_vec();
    if sample.len() > MOST_VALUES {
        let mut rng = noise::rng(seed, STREAM_OF_SUBSAMPLE);
        for k in 0..MOST_VALUES {
            let left = (sample.len() - k) as u64;
            sample.swap(k, k + noise::below(&mut rng, left) as usize);
        }
        sample.truncate(MOST_VALUES);
    }
    sample
}

/// The dip of sorted, finite values, at least one.
///
/// Heights are counts: the distribution function is `k` left of value `k` and `k + 1` from there on, and the dip is half the
/// largest gap over `n`.
fn dip_of_sorted(x: &[f64]) -> f64 {
    let n = x.len();
    let (convex, concave) = (convex_links(x), concave_links(x));
    let (mut low, mut high) = (0, n - 1);
    let mut gap = 1.0;
    while x[low] < x[high] {
        let minorant = chain(&convex, high, low);
        let majorant = chain(&concave, low, high);
        let widest = widest_gap(x, &minorant, &majorant);
        if widest.size < gap {
            break;
        }
        let left = minorant[widest.minorant..].windows(2).map(|w| above_chord(x, w[1], w[0]));
        let right = majorant[widest.majorant..].windows(2).map(|w| below_chord(x, w[0], w[1]));
        gap = left.chain(right).fold(gap, f64::max);
        let inner = (minorant[widest.minorant], majorant[widest.majorant]);
        if inner == (low, high) {
            break;
        }
        (low, high) = inner;
    }
    gap / (2 * n) as f64
}

/// For every value the one before it on the greatest convex minorant of the points up to it.
fn convex_links(x: &[f64]) -> Vec<usize> {
    let mut links = vec![0; x.len()];
    for j in 1..x.len() {
        let mut at = j - 1;
        while at != 0 && !steeper(x, (links[at], at), (at, j)) {
            at = links[at];
        }
        links[j] = at;
    }
    links
}

/// For every value the one after it on the least concave majorant of the points from it on.
fn concave_links(x: &[f64]) -> Vec<usize> {
    let last = x.len() - 1;
    let mut links = vec![last; x.len()];
    for j in (0..last).rev() {
        let mut at = j + 1;
        while at != last && !steeper(x, (at, links[at]), (j, at)) {
            at = links[at];
        }
        links[j] = at;
    }
    links
}

/// Whether the second chord rises more steeply than the first, without a division: equal values make it infinitely steep.
fn steeper(x: &[f64], first: (usize, usize), second: (usize, usize)) -> bool {
    let wide = |chord: (usize, usize)| (x[chord.1] - x[chord.0], (chord.1 - chord.0) as f64);
    let ((dx1, dy1), (dx2, dy2)) = (wide(first), wide(second));
    dx2 * dy1 < dx1 * dy2
}

/// The links from one value to another.
fn chain(links: &[usize], from: usize, to: usize) -> Vec<usize> {
    let mut chain = vec![from];
    while chain[chain.len() - 1] != to {
        chain.push(links[chain[chain.len() - 1]]);
    }
    chain
}

/// Where minorant and majorant are farthest apart.
struct Widest {
    size: f64,
    /// The place in the minorant's chain of the last vertex before the gap.
    minorant: usize,
    /// The place in the majorant's chain of the first vertex after the gap.
    majorant: usize,
}

/// The widest gap between the minorant (its vertices from high to low) and the majorant (from low to high). Both are
/// piecewise linear, so it is at a vertex of either; the vertices are visited in the order of their values.
fn widest_gap(x: &[f64], minorant: &[usize], majorant: &[usize]) -> Widest {
    let mut widest = Widest { size: 0.0, minorant: minorant.len() - 1, majorant: majorant.len() - 1 };
    if (minorant.len(), majorant.len()) == (2, 2) {
        return Widest { size: 1.0, ..widest };
    }
    let (mut i, mut j) = (minorant.len() - 2, 1);
    loop {
        let (g, c) = (minorant[i], majorant[j]);
        let (size, at) = if g > c {
            let before = minorant[i + 1];
            j += 1;
            ((c + 1 - before) as f64 - rise(x, before, g, c), (i + 1, j - 1))
        } else {
            let before = majorant[j - 1];
            let size = rise(x, before, c, g) - (g as f64 - before as f64 - 1.0);
            let at = (i, j);
            i = i.saturating_sub(1);
            (size, at)
        };
        // a vertical chord, between equal values, gives NaN and no gap
        if size >= widest.size {
            widest = Widest { size, minorant: at.0, majorant: at.1 };
        }
        j = j.min(majorant.len() - 1);
        if minorant[i] == majorant[j] {
            return widest;
        }
    }
}

/// How far the chord from value `from` to value `to` has risen at value `at`.
fn rise(x: &[f64], from: usize, to: usize, at: usize) -> f64 {
    (x[at] - x[from]) * (to as f64 - from as f64) / (x[to] - x[from])
}

/// How far the distribution function rises above the chord of the minorant between two values.
fn above_chord(x: &[f64], from: usize, to: usize) -> f64 {
    let over = |at: usize| (at - from) as f64 + 1.0 - rise(x, from, to, at);
    widest_of_chord(x, from, to, over)
}

/// How far the distribution function falls below the chord of the majorant between two values.
fn below_chord(x: &[f64], from: usize, to: usize) -> f64 {
    let under = |at: usize| rise(x, from, to, at) - ((at - from) as f64 - 1.0);
    widest_of_chord(x, from, to, under)
}

/// The largest gap along a chord: at least one step of the distribution function.
fn widest_of_chord(x: &[f64], from: usize, to: usize, gap: impl Fn(usize) -> f64) -> f64 {
    if to - from <= 1 || x[from] == x[to] {
        return 1.0;
    }
    (from..=to).map(gap).fold(1.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The least value at `end` of a convex, rising function that lies within `points`: (x, least, most), ascending and left
    /// of `end`. `None` when there is none. On a line, a convex function exists where no three points (or, from
    /// minus infinity, two) forbid it.
    fn least_end(points: &[(f64, f64, f64)], end: f64) -> Option<f64> {
        let mut least = 0.0f64;
        for (k, &(x_k, low, _)) in points.iter().enumerate() {
            if points[k..].iter().any(|&(_, _, most)| low > most + 1e-13) {
                return None;
            }
            least = least.max(low);
            for &(x_i, _, most) in &points[..k] {
                let slope = (low - most) / (x_k - x_i);
                if points[k + 1..].iter().any(|&(x, _, later)| low + slope * (x - x_k) > later + 1e-13) {
                    return None;
                }
                least = least.max(low + slope * (end - x_k));
            }
        }
        Some(least)
    }

    /// The dip by its definition: the least `d` for which some unimodal function, with its mode at one of the values, stays
    /// within `d` of the distribution function. By bisection, in cubic time.
    fn dip_by_definition(values: &[f64]) -> f64 {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let n = sorted.len() as f64;
        let mut steps: Vec<(f64, f64, f64)> = Vec::new(); // value, distribution function left of it and at it
        for (k, &x) in sorted.iter().enumerate() {
            match steps.last_mut() {
                Some(last) if last.0 == x => last.2 = (k + 1) as f64 / n,
                _ => steps.push((x, k as f64 / n, (k + 1) as f64 / n)),
            }
        }
        let fits = |d: f64| {
            (0..steps.len()).any(|m| {
                let (mode, before, after) = steps[m];
                let left: Vec<_> = steps[..m].iter().map(|&(x, l, u)| (x, u - d, l + d)).collect();
                // turned around, the right side is a left side
                let right: Vec<_> =
                    steps[m + 1..].iter().rev().map(|&(x, l, u)| (-x, 1.0 - l - d, 1.0 - u + d)).collect();
                let (Some(a), Some(b)) = (least_end(&left, mode), least_end(&right, -mode)) else { return false };
                a <= before + d + 1e-13 && b <= 1.0 - after + d + 1e-13 && a + b <= 1.0 + 1e-13
            })
        };
        let (mut low, mut high) = (0.0, 0.5);
        for _ in 0..50 {
            let middle = (low + high) / 2.0;
            if fits(middle) {
                high = middle;
            } else {
                low = middle;
            }
        }
        high.max(0.5 / n)
    }

    proptest! {
        #[test]
        fn the_dip_is_that_of_the_definition(values in prop::collection::vec(0.0..1.0f64, 1..14)) {
            let (ours, theirs) = (dip_statistic(&values).unwrap(), dip_by_definition(&values));
            prop_assert!((ours - theirs).abs() < 1e-9, "{} {}", ours, theirs);
        }

        #[test]
        fn clustered_samples_too(values in prop::collection::vec((0..3u32, 0.0..0.2f64), 1..14)) {
            let values: Vec<f64> = values.iter().map(|&(c, x)| f64::from(c) + x).collect();
            let (ours, theirs) = (dip_statistic(&values).unwrap(), dip_by_definition(&values));
            prop_assert!((ours - theirs).abs() < 1e-9, "{} {}", ours, theirs);
        }

        #[test]
        fn equal_values_too(values in prop::collection::vec(0..6i32, 1..14)) {
            let values: Vec<f64> = values.iter().map(|&x| f64::from(x)).collect();
            let (ours, theirs) = (dip_statistic(&values).unwrap(), dip_by_definition(&values));
            prop_assert!((ours - theirs).abs() < 1e-9, "{} {}", ours, theirs);
        }

        #[test]
        fn neither_order_nor_scale_nor_direction_matters(values in prop::collection::vec(0.0..1.0f64, 1..60)) {
            let here = dip_statistic(&values).unwrap();
            let turned: Vec<f64> = values.iter().rev().map(|v| 4.0 - 8.0 * v).collect();
            prop_assert!((dip_statistic(&turned).unwrap() - here).abs() < 1e-9);
            prop_assert!(0.5 / values.len() as f64 <= here && here <= 0.25 || values.len() < 3, "{}", here);
        }
    }

    #[test]
    fn known_dips() {
        for n in [3, 10, 101] {
            let grid: Vec<f64> = (0..n).map(f64::from).collect();
            assert!((dip_statistic(&grid).unwrap() - 0.5 / f64::from(n)).abs() < 1e-12, "{n}");
        }
        // two narrow modes: 1/4 in the limit
        let two: Vec<f64> = (0..400).map(|i| f64::from(i % 2) * 1e6 + f64::from(i) * 1e-9).collect();
        assert!((dip_statistic(&two).unwrap() - 0.25).abs() < 2e-3, "{}", dip_statistic(&two).unwrap());
        // what the package diptest (the algorithm of R's diptest) says of i^2 mod m, and with its upper half moved up by m
        for (n, m, one, two) in [
            (50, 97, 0.038_666_666_666_666_66, 0.162_206_896_551_724_16),
            (200, 1009, 0.020_099_255_583_126_557, 0.157_491_770_901_909_2),
            (1000, 10_007, 0.008_820_093_457_943_927, 0.160_600_093_171_835),
        ] {
            let values: Vec<f64> = (1..=n).map(|i| f64::from(i * i % m)).collect();
            let apart: Vec<f64> =
                values.iter().map(|&x| if x > f64::from(m) / 2.0 { x + f64::from(m) } else { x }).collect();
            let (here, there) = (dip_statistic(&values).unwrap(), dip_statistic(&apart).unwrap());
            assert!((here - one).abs() < 1e-12 && (there - two).abs() < 1e-12, "{n}: {here} {there}");
        }
        assert_eq!(dip_statistic(&[7.0]).unwrap(), 0.5);
        assert_eq!(dip_statistic(&[7.0; 10]).unwrap(), 0.05);
        assert!(dip_statistic(&[]).is_err() && dip_statistic(&[1.0, f64::NAN]).is_err());
    }

    #[test]
    fn the_test_tells_one_mode_from_two() {
        let mut rng = noise::rng(3, 99);
        let mut bump = || (0..6).map(|_| noise::unit(&mut rng)).sum::<f64>() - 3.0;
        let one: Vec<f64> = (0..3000).map(|_| bump()).collect();
        let two: Vec<f64> = (0..3000).map(|i| bump() + if i % 2 == 0 { 2.0 } else { -2.0 }).collect();
        let (one, two) = (dip_test(&one, 99, 1).unwrap(), dip_test(&two, 99, 1).unwrap());
        assert!(one.p_value > 0.5 && one.values == MOST_VALUES, "{one:?}");
        assert!(two.p_value == 0.01 && two.dip > 2.0 * one.dip, "{two:?}");
    }

    /// Of samples that are uniform, a fraction p has a p-value of at most p.
    #[test]
    fn the_p_value_is_a_p_value() {
        let small = |seed: u64| {
            let mut rng = noise::rng(seed, 99);
            let values: Vec<f64> = (0..40).map(|_| noise::unit(&mut rng)).collect();
            dip_test(&values, 199, seed * 1000).unwrap().p_value <= 0.2
        };
        // 80 of 400, with a deviation of 8
        let count = (0..400).filter(|&seed| small(seed)).count();
        assert!((48..=112).contains(&count), "{count}");
    }
}
