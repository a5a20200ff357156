//! The quantiser whose top plane is the pattern matrix, so that it is not stored twice.
//!
//! At the optimum `alpha = (y - sigma(h))/lambda`, so the sign of a dual weight is the stored bit. What is left to
//! store is the magnitude `m = alpha*xi`. It is fitted by the `2^(k-1)` levels
//! `w_top + sum over j < k-1 of (2c_j - 1) w_j`, in least squares: nearest levels for given weights and best weights for
//! given levels in turn (each step lowers the error), from many deterministic starts. Since
//! `alpha ~ xi*(w_top + sum (2c_j - 1) w_j)` and a plane counts as `2b_j - 1`, the stored bit `b_j` is `c_j` where the
//! pattern bit is one and its opposite where it is zero.
//!
//! A dual weight whose sign differs from the pattern bit has a negative magnitude and gets the lowest level, which
//! keeps the pattern's sign unless the lowest level itself is negative. The report counts them.

use super::levels::{Levels, signed_sum};
use hopgate_model::{Error, ErrorKind, Result, bits::BitMatrix};
use ndarray::Array2;

/// Rounds of one start, at most; a dozen are usual.
const MAX_ROUNDS: usize = 200;
/// Starts with more than one lower plane. A round looks only at the borders of sorted values, so they are cheap.
const STARTS: usize = 512;

/// Quantises to `bits` planes, 1..=4; `alpha` finite and not empty.
pub(crate) fn shared(patterns: &BitMatrix, alpha: &Array2<f64>, bits: usize) -> Result<Levels> {
    let sign = |mu: usize, i: usize| if patterns.get(mu, i) { 1.0 } else { -1.0 };
    let magnitudes = Array2::from_shape_fn(alpha.dim(), |(mu, i)| alpha[[mu, i]] * sign(mu, i));
    let fit = fit_magnitudes(magnitudes.iter().copied().collect(), bits - 1);
    if fit.top <= 0.0 {
        let what = "the dual weights mostly contradict the stored bits, so the patterns cannot be their top plane";
        return Err(Error::new(ErrorKind::Value, what).hint("use `scheme uniform`, or train again with newton"));
    }
    let levels = fit.levels();
    let codes = magnitudes.map(|&m| nearest_level(&levels, m));
    let plane = |j: usize| {
        BitMatrix::from_fn(alpha.nrows(), alpha.ncols(), |mu, i| (codes[[mu, i]] >> j & 1 == 1) == patterns.get(mu, i))
    };
    let mut planes: Vec<BitMatrix> = (0..bits - 1).map(plane).collect();
    planes.push(patterns.clone());
    let mut weights = fit.lower;
    weights.push(fit.top);
    Ok(Levels { planes, weights, offset: 0.0 })
}

/// Magnitude levels `top +- lower[k-2] ... +- lower[0]`, `lower` ascending and not negative.
#[derive(Debug, Clone, PartialEq)]
struct Fit {
    top: f64,
    lower: Vec<f64>,
    error: f64,
}

impl Fit {
    /// Every level with its code, ascending.
    fn levels(&self) -> Vec<(f64, usize)> {
        let mut levels: Vec<(f64, usize)> =
            (0..1usize << self.lower.len()).map(|c| (self.top + signed_sum(&self.lower, c), c)).collect();
        levels.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        levels
    }
}

/// The code of the level nearest to `m`, the lower one on a tie.
fn nearest_level(levels: &[(f64, usize)], m: f64) -> usize {
    let above = levels.windows(2).take_while(|pair| m > middle(pair)).count();
    levels[above].1
}

fn middle(pair: &[(f64, usize)]) -> f64 {
    pair[0].0 + (pair[1].0 - pair[0].0) / 2.0
}

/// The best fit with this many lower planes. With one, both levels are free, so the best of all cuts of the sorted
/// values is the optimum. With more, the best of several starts, each brought to where neither the codes nor
/// the weights can improve.
fn fit_magnitudes(magnitudes: Vec<f64>, planes: usize) -> Fit {
    let data = Sorted::new(magnitudes);
    let mean = data.sum(0, data.len()) / data.len() as f64;
    let mut best = Fit { top: mean, lower: vec![0.0; planes], error: f64::INFINITY };
    best.error = data.error(&best);
    if data.at(0.0) == data.at(1.0) {
        return best; // all magnitudes are equal: one level says it all
    }
    if planes == 1 {
        return data.best_cut();
    }
    for mut fit in starts(&data, planes) {
        fit.error = data.error(&fit);
        for _ in 0..MAX_ROUNDS {
            let Some(next) = data.refit(&fit) else { break };
            let stands = next.error >= fit.error;
            fit = if stands { fit } else { next };
            if stands {
                break;
            }
        }
        if fit.error < best.error {
            best = fit;
        }
    }
    best
}

/// Starts for two and three lower planes: points of Roberts' additive low-discrepancy sequence, the first
/// coordinate read as a quantile for the top weight and the others as fractions of half the spread.
fn starts(data: &Sorted, planes: usize) -> Vec<Fit> {
    // the sequence steps by 1/g, 1/g^2, ..., where g^(d+1) = g + 1 for d coordinates
    let g: f64 = match planes {
        2 => 1.220_744_084_605_759_6,
        3 => 1.167_303_978_261_418_7,
        _ => return Vec::new(),
    };
    let coordinate = |start: usize, j: usize| {
        let x = 0.5 + start as f64 / libm::pow(g, (j + 1) as f64);
        x - libm::floor(x)
    };
    let half = (data.at(1.0) - data.at(0.0)) / 2.0;
    let start = |s: usize| {
        let lower = (1..=planes).map(|j| coordinate(s, j) * half).collect();
        Fit { top: data.at(coordinate(s, 0)), lower, error: 0.0 }
    };
    (0..STARTS).map(start).collect()
}

/// Magnitudes in ascending order with running sums, so that a round costs a few binary searches.
struct Sorted {
    values: Vec<f64>,
    sums: Vec<f64>,
    squares: f64,
}

impl Sorted {
    fn new(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        let mut sums = Vec::with_capacity(values.len() + 1);
        let mut sum = 0.0;
        sums.push(sum);
        for v in &values {
            sum += v;
            sums.push(sum);
        }
        let squares = values.iter().map(|v| v * v).sum();
        Sorted { values, sums, squares }
    }

    fn len(&self) -> usize {
        self.values.len()
    }

    /// The value at a quantile.
    fn at(&self, quantile: f64) -> f64 {
        self.values[libm::round(quantile * (self.len() - 1) as f64) as usize]
    }

    fn sum(&self, from: usize, to: usize) -> f64 {
        self.sums[to] - self.sums[from]
    }

    /// The two levels, each the mean of its part, of the cut that leaves the smallest error.
    fn best_cut(&self) -> Fit {
        let means = |cut: usize| {
            let (low, high) = (self.sum(0, cut) / cut as f64, self.sum(cut, self.len()) / (self.len() - cut) as f64);
            (low, high, cut as f64 * low * low + (self.len() - cut) as f64 * high * high)
        };
        // the squared error is the sum of squares less the last of these
        let worse = |a: &(f64, f64, f64), b: &(f64, f64, f64)| a.2.total_cmp(&b.2);
        let (low, high, _) = (1..self.len()).map(means).max_by(worse).unwrap_or((self.at(0.0), self.at(0.0), 0.0));
        let mut fit = Fit { top: (low + high) / 2.0, lower: vec![(high - low).max(0.0) / 2.0], error: 0.0 };
        fit.error = self.error(&fit);
        fit
    }

    /// The cells of the levels: for each level its value, its code, how many values lie nearest, and their sum.
    fn cells(&self, fit: &Fit) -> Vec<(f64, usize, f64, f64)> {
        let levels = fit.levels();
        let mut from = 0;
        (0..levels.len())
            .map(|l| {
                let to = match levels.get(l..l + 2) {
                    Some(pair) => self.values.partition_point(|&v| v <= middle(pair)).max(from),
                    None => self.len(),
                };
                let cell = (levels[l].0, levels[l].1, (to - from) as f64, self.sum(from, to));
                from = to;
                cell
            })
            .collect()
    }

    /// The squared error when every value goes to its nearest level.
    fn error(&self, fit: &Fit) -> f64 {
        let cells = self.cells(fit);
        self.squares + cells.iter().map(|(level, _, count, sum)| level * level * count - 2.0 * level * sum).sum::<f64>()
    }

    /// The least-squares weights for the present cells; `None` when they are not unique.
    fn refit(&self, fit: &Fit) -> Option<Fit> {
        let unknowns = fit.lower.len() + 1; // the lower weights, then the top one
        let mut system = vec![vec![0.0; unknowns + 1]; unknowns];
        for (_, code, count, sum) in self.cells(fit) {
            let sign = |j: usize| if j == unknowns - 1 || code >> j & 1 == 1 { 1.0 } else { -1.0 };
            for (j, row) in system.iter_mut().enumerate() {
                for (l, entry) in row[..unknowns].iter_mut().enumerate() {
                    *entry += sign(j) * sign(l) * count;
                }
                row[unknowns] += sign(j) * sum;
            }
        }
        let mut weights = solve(system)?;
        let top = weights.pop()?;
        // a negative weight is the positive one with its bits flipped
        let mut lower: Vec<f64> = weights.into_iter().map(f64::abs).collect();
        lower.sort_by(f64::total_cmp);
        let mut next = Fit { top, lower, error: 0.0 };
        next.error = self.error(&next);
        Some(next)
    }
}

/// Gaussian elimination with row pivots on an augmented matrix of counts; `None` when it is singular.
fn solve(mut m: Vec<Vec<f64>>) -> Option<Vec<f64>> {
    let n = m.len();
    for k in 0..n {
        let pivot = (k..n).max_by(|&a, &b| m[a][k].abs().total_cmp(&m[b][k].abs()))?;
        m.swap(k, pivot);
        if m[k][k].abs() < 1e-9 {
            return None;
        }
        let row = m[k].clone();
        for other in m.iter_mut().skip(k + 1) {
            let factor = other[k] / row[k];
            for (x, y) in other.iter_mut().zip(&row).skip(k) {
                *x -= factor * y;
            }
        }
    }
    let mut x = vec![0.0; n];
    for k in (0..n).rev() {
        let known: f64 = (k + 1..n).map(|j| m[k][j] * x[j]).sum();
        x[k] = (m[k][n] - known) / m[k][k];
    }
    Some(x)
}

#[cfg(test)]
mod tests {
    use super::*;
    use hopgate_model::noise;
    use proptest::prelude::*;

    /// Fractions of one, from the project's only generator.
    fn uniform(count: usize, seed: u64) -> Vec<f64> {
        let bits = noise::random(count, 30, seed);
        (0..count).map(|r| bits.row(r)[0] as f64 / f64::from(1u32 << 30)).collect()
    }

    fn error_by_definition(values: &[f64], fit: &Fit) -> f64 {
        let nearest = |v: f64| fit.levels().iter().map(|(l, _)| (v - l) * (v - l)).fold(f64::INFINITY, f64::min);
        values.iter().map(|&v| nearest(v)).sum()
    }

    fn shapes(seed: u64) -> [Vec<f64>; 3] {
        let even = uniform(300, seed);
        let tailed = even.iter().map(|u| -libm::log(1.0 - u)).collect();
        let clustered = even.iter().zip(uniform(300, seed + 1)).map(|(u, v)| u / 9.0 + libm::floor(v * 3.0)).collect();
        [even, tailed, clustered]
    }

    #[test]
    fn two_clusters_are_found_exactly() {
        let fit = fit_magnitudes(vec![1.0, 1.0, 1.0, 3.0], 1);
        assert_eq!((fit.top, fit.lower.as_slice(), fit.error), (2.0, &[1.0][..], 0.0));
        let four = fit_magnitudes(vec![1.0, 2.0, 5.0, 6.0, 6.0], 2);
        assert!((four.top - 3.5).abs() < 1e-12 && four.error < 1e-12, "{four:?}");
        assert!((four.lower[0] - 0.5).abs() < 1e-12 && (four.lower[1] - 2.0).abs() < 1e-12, "{four:?}");
    }

    #[test]
    fn no_random_restart_does_better() {
        for (shape, values) in shapes(5).into_iter().enumerate() {
            let data = Sorted::new(values.clone());
            for planes in 1..=3 {
                let ours = fit_magnitudes(values.clone(), planes);
                assert!((ours.error - error_by_definition(&values, &ours)).abs() < 1e-9);
                let dice = uniform(200 * (planes + 1), 77);
                for throw in dice.chunks_exact(planes + 1) {
                    let (top, spread) = (data.at(throw[0]), data.at(1.0) - data.at(0.0));
                    let lower = throw[1..].iter().map(|u| u * spread / 2.0).collect();
                    let mut other = Fit { top, lower, error: f64::INFINITY };
                    while let Some(next) = data.refit(&other).filter(|n| n.error < other.error) {
                        other = next;
                    }
                    assert!(ours.error <= other.error * 1.01 + 1e-12, "shape {shape}, {planes}: {ours:?} {other:?}");
                }
            }
        }
    }

    proptest! {
        #[test]
        fn two_levels_match_brute_force_over_all_cuts(seed in 0..200u64, count in 2..40usize) {
            let mut values: Vec<f64> = uniform(count, seed).iter().map(|u| u * u * u).collect();
            values.sort_by(f64::total_cmp);
            let spread = |part: &[f64]| {
                let mean = part.iter().sum::<f64>() / part.len() as f64;
                part.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>()
            };
            let best = (1..count).map(|c| spread(&values[..c]) + spread(&values[c..])).fold(f64::INFINITY, f64::min);
            let ours = fit_magnitudes(values, 1);
            prop_assert!(ours.error <= best * 1.01 + 1e-12, "{} {}", ours.error, best);
        }
    }
}
