//! Statistics of results: the spread of repeated trials, and power laws with a confidence interval.

use hopgate_model::{Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};

/// A mean over trials and what it varies by.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// The mean over the trials.
    pub mean: f64,
    /// The standard deviation between trials (n - 1; zero for one trial).
    pub deviation: f64,
    /// The worst trial.
    pub low: f64,
    /// The best trial.
    pub high: f64,
}

impl Spread {
    /// Of at least one value; the mean of none is NaN.
    ///
    /// ```
    /// let s = hopgate_lab::statistics::Spread::of(&[1.0, 2.0, 3.0]);
    /// assert_eq!((s.mean, s.deviation, s.low, s.high), (2.0, 1.0, 1.0, 3.0));
    /// ```
    pub fn of(values: &[f64]) -> Self {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let squares: f64 = values.iter().map(|v| (v - mean) * (v - mean)).sum();
        Spread {
            mean,
            deviation: (squares / (n - 1.0).max(1.0)).sqrt(),
            low: values.iter().copied().fold(f64::INFINITY, f64::min),
            high: values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        }
    }
}

/// The confidence of every interval here.
pub const CONFIDENCE: f64 = 0.95;

/// A fitted power law `y = coefficient * x^exponent`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PowerLaw {
    /// The exponent `beta`.
    pub exponent: f64,
    /// The factor in front.
    pub coefficient: f64,
    /// The standard error of the exponent.
    pub standard_error: f64,
    /// The 95 % confidence interval of the exponent, `exponent -+ t * standard_error`.
    pub interval: (f64, f64),
    /// The fraction of the variance of `ln y` that the law explains; 1 when there is none.
    pub r_squared: f64,
    /// The points that it was fitted to.
    pub points: usize,
}

/// Fits `y = c * x^beta` by ordinary least squares of `ln y` on `ln x`, with the interval of Student's t at `n - 2` degrees
/// of freedom (Draper and Smith, *Applied Regression Analysis*, section 1.4). The interval takes the points as
/// independent and equally uncertain on the logarithmic scale.
///
/// # Errors
/// [`ErrorKind::Value`] for fewer than three points, for a coordinate that is not a number greater than zero, and where
/// all `x` are equal.
///
/// ```
/// let points = [(1.0, 2.0), (4.0, 4.0), (16.0, 8.0), (64.0, 16.0)];
/// let law = hopgate_lab::statistics::power_law(&points)?;
/// assert!((law.exponent - 0.5).abs() < 1e-12 && (law.coefficient - 2.0).abs() < 1e-12);
/// # Ok::<(), hopgate_model::Error>(())
/// ```
pub fn power_law(points: &[(f64, f64)]) -> Result<PowerLaw> {
    let n = points.len();
    if n < 3 {
        return Err(Error::new(ErrorKind::Value, format!("a power law needs at least 3 points, but there are {n}"))
            .hint("only positive values count: a loss that is zero or negative has no logarithm"));
    }
    if let Some((x, y)) = points.iter().find(|(x, y)| !(*x > 0.0 && *y > 0.0 && x.is_finite() && y.is_finite())) {
        return Err(Error::new(ErrorKind::Value, format!("the point ({x}, {y}) has no logarithm")));
    }
    let logs: Vec<(f64, f64)> = points.iter().map(|(x, y)| (libm::log(*x), libm::log(*y))).collect();
    let mean = |f: fn(&(f64, f64)) -> f64| logs.iter().map(f).sum::<f64>() / n as f64;
    let (x_mean, y_mean) = (mean(|p| p.0), mean(|p| p.1));
    let sum = |f: &dyn Fn(f64, f64) -> f64| logs.iter().map(|p| f(p.0 - x_mean, p.1 - y_mean)).sum::<f64>();
    let (xx, xy, yy) = (sum(&|x, _| x * x), sum(&|x, y| x * y), sum(&|_, y| y * y));
    // equal coordinates leave nothing but the rounding of their mean
    if logs.iter().all(|p| p.0 == logs[0].0) {
        return Err(Error::new(ErrorKind::Value, "every point of the power law has the same x"));
    }
    let exponent = xy / xx;
    let left = sum(&|x, y| (y - exponent * x) * (y - exponent * x));
    let freedom = n - 2;
    let standard_error = (left / freedom as f64 / xx).sqrt();
    let reach = student_t(freedom) * standard_error;
    Ok(PowerLaw {
        exponent,
        coefficient: libm::exp(y_mean - exponent * x_mean),
        standard_error,
        interval: (exponent - reach, exponent + reach),
        r_squared: if yy > 0.0 { 1.0 - left / yy } else { 1.0 },
        points: n,
    })
}

/// The `t` for which a Student's t of so many degrees of freedom (at least one) lies in `-t..t` with the probability
/// [`CONFIDENCE`]: 12.706 for one, 1.960 for many.
///
/// ```
/// assert!((hopgate_lab::statistics::student_t(10) - 2.228).abs() < 5e-4);
/// ```
pub fn student_t(freedom: usize) -> f64 {
    // the probability rises with the angle, so halve
    let (mut low, mut high) = (0.0, std::f64::consts::FRAC_PI_2);
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        if within(middle, freedom) < CONFIDENCE {
            low = middle;
        } else {
            high = middle;
        }
    }
    libm::tan(low) * (freedom as f64).sqrt()
}

/// The probability of `|t| <= tan(angle) * sqrt(freedom)`: the finite sums 26.7.3 and 26.7.4 of Abramowitz and Stegun,
/// *Handbook of Mathematical Functions*.
fn within(angle: f64, freedom: usize) -> f64 {
    let (sine, cosine) = (libm::sin(angle), libm::cos(angle));
    let odd = freedom % 2 == 1;
    // terms cos^m with m = 1, 3, .., freedom - 2 or m = 0, 2, .., freedom - 2
    let (mut term, mut sum) = (if odd { cosine } else { 1.0 }, 0.0);
    for m in (if odd { 1 } else { 0 }..freedom.saturating_sub(1)).step_by(2) {
        sum += term;
        term *= cosine * cosine * (m + 1) as f64 / (m + 2) as f64;
    }
    if odd { (angle + sine * sum) * std::f64::consts::FRAC_2_PI } else { sine * sum }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hopgate_model::noise;

    #[test]
    fn spread_by_hand() {
        let s = Spread::of(&[1.0, 2.0, 3.0]);
        assert_eq!((s.mean, s.deviation, s.low, s.high), (2.0, 1.0, 1.0, 3.0));
        assert_eq!(Spread::of(&[0.5]).deviation, 0.0);
    }

    #[test]
    fn student_t_is_that_of_the_tables() {
        let table = [
            (1, 12.706),
            (2, 4.303),
            (3, 3.182),
            (4, 2.776),
            (5, 2.571),
            (6, 2.447),
            (7, 2.365),
            (8, 2.306),
            (9, 2.262),
            (10, 2.228),
            (15, 2.131),
            (20, 2.086),
            (30, 2.042),
            (60, 2.000),
            (120, 1.980),
            (100_000, 1.960),
        ];
        for (freedom, t) in table {
            assert!((student_t(freedom) - t).abs() < 5.1e-4, "{freedom}: {}", student_t(freedom));
        }
    }

    #[test]
    fn a_power_law_by_hand() {
        // ln x = 0, 1, 2; ln y = 0, 1, 0: a flat line at 1/3, squares 2/3 left on one degree of freedom
        let e = std::f64::consts::E;
        let law = power_law(&[(1.0, 1.0), (e, e), (e * e, 1.0)]).unwrap();
        assert!(law.exponent.abs() < 1e-12 && (law.coefficient - libm::exp(1.0 / 3.0)).abs() < 1e-12);
        assert!((law.standard_error - f64::sqrt(1.0 / 3.0)).abs() < 1e-12, "{}", law.standard_error);
        assert!((law.interval.1 - 12.706_204_736 * law.standard_error).abs() < 1e-8 && law.interval.0 < 0.0);
        assert!(law.r_squared.abs() < 1e-12 && law.points == 3);
    }

    #[test]
    fn points_that_no_power_law_fits_are_refused() {
        let good = (1.0, 1.0);
        for bad in [(0.0, 1.0), (1.0, 0.0), (-1.0, 1.0), (f64::NAN, 1.0), (1.0, f64::INFINITY)] {
            assert_eq!(power_law(&[good, (2.0, 1.0), bad]).unwrap_err().kind(), ErrorKind::Value, "{bad:?}");
        }
        assert!(power_law(&[good, (2.0, 2.0)]).unwrap_err().to_string().contains("at least 3"));
        assert!(power_law(&[(0.3, 1.0), (0.3, 2.0), (0.3, 3.0)]).is_err());
    }

    /// The interval means what it says: over many noisy laws it holds the true exponent 95 times in 100.
    #[test]
    fn the_interval_covers_as_often_as_it_promises() {
        let mut rng = noise::rng(1, 99);
        // a sum of 12 uniform numbers less 6 is normal enough
        let mut normal = || (0..12).map(|_| noise::unit(&mut rng)).sum::<f64>() - 6.0;
        let mut covered = 0;
        for _ in 0..2000 {
            let point = |i: i32| (2f64.powi(i), 3.0 * 2f64.powf(0.8 * f64::from(i)) * libm::exp(0.3 * normal()));
            let points: Vec<(f64, f64)> = (0..5).map(point).collect();
            let (low, high) = power_law(&points).unwrap().interval;
            covered += u32::from(low <= 0.8 && 0.8 <= high);
        }
        // 1900 with a deviation of 10
        assert!((1860..=1940).contains(&covered), "{covered}");
    }
}
