//! Do the dual weights form two clusters? The dip test, Ashman's D, and the valley around zero.

use crate::{
    dip::{DipTest, dip_test},
    statistics::Spread,
};
use hopgate_model::{Result, noise::Seed};
use serde::{Deserialize, Serialize};

/// Three views of one sample of dual weights.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bimodality {
    /// Hartigan's dip and its p-value: is there more than one mode?
    pub dip: DipTest,
    /// [`ashman_d`]: how far apart are the negative and the positive weights?
    pub ashman_d: Option<f64>,
    /// [`valley_share`]: how many weights lie between them?
    pub valley_share: f64,
}

/// All three; `simulations` and `seed` are those of [`dip_test`].
///
/// # Errors
/// As for [`dip_test`].
///
/// ```
/// use hopgate_model::noise;
/// use hopgate_lab::bimodality::test_bimodality;
/// use hopgate_train::solver::{TrainOptions, fit};
/// let fit = fit(&noise::random(60, 20, 1), &TrainOptions::new(0.1).lambda(0.01).tolerance(1e-8), &|_| ())?;
/// let two = test_bimodality(fit.alpha.as_slice().unwrap_or(&[]), 99, 1)?;
/// assert!(two.dip.p_value == 0.01 && two.ashman_d > Some(2.0) && two.valley_share == 0.0);
/// # Ok::<(), hopgate_model::Error>(())
/// ```
pub fn test_bimodality(values: &[f64], simulations: usize, seed: impl Into<Seed>) -> Result<Bimodality> {
    let dip = dip_test(values, simulations, seed)?;
    Ok(Bimodality { dip, ashman_d: ashman_d(values), valley_share: valley_share(values) })
}

/// Ashman's D of the negative and the other values: `|m1 - m2| / sqrt((s1^2 + s2^2)/2)`; above 2 the two are cleanly apart
/// (K. A. Ashman, C. M. Bird and S. E. Zepf, *Detecting bimodality in astronomical datasets*, Astronomical Journal 108,
/// 1994). The deviations are those of n - 1; infinite for two halves without any; `None` when a half is empty.
///
/// ```
/// // means -3 and 3, variances 2 and 2
/// assert_eq!(hopgate_lab::bimodality::ashman_d(&[-4.0, -2.0, 2.0, 4.0]), Some(6.0 / 2f64.sqrt()));
/// ```
pub fn ashman_d(values: &[f64]) -> Option<f64> {
    let (negative, other): (Vec<f64>, Vec<f64>) = values.iter().partition(|v| **v < 0.0);
    if negative.is_empty() || other.is_empty() {
        return None;
    }
    let (a, b) = (Spread::of(&negative), Spread::of(&other));
    Some((a.mean - b.mean).abs() / ((a.deviation * a.deviation + b.deviation * b.deviation) / 2.0).sqrt())
}

/// The share of values in the valley around zero: magnitudes below half the mean magnitude. One half or so for a single
/// mode at zero (0.31 for a normal distribution), zero for two clean ones, and for no values.
pub fn valley_share(values: &[f64]) -> f64 {
    let n = values.len().max(1) as f64;
    let half = values.iter().map(|v| v.abs()).sum::<f64>() / n / 2.0;
    values.iter().filter(|v| v.abs() < half).count() as f64 / n
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ashman_by_hand() {
        // zero belongs to the upper half: means -2 and 1, variances 0 and 1
        assert!((ashman_d(&[0.0, -2.0, 1.0, 2.0, -2.0]).unwrap() - 3.0 / 0.5f64.sqrt()).abs() < 1e-15);
        assert_eq!(ashman_d(&[-1.0, 1.0]), Some(f64::INFINITY));
        assert_eq!(ashman_d(&[1.0, 2.0]), None);
        assert_eq!(ashman_d(&[]), None);
    }

    #[test]
    fn the_valley_by_hand() {
        // the mean magnitude is 2: below 1 lie 0.5 and -0.5, but not 1
        assert_eq!(valley_share(&[0.5, -0.5, 1.0, -3.0, 4.0, -3.0]), 2.0 / 6.0);
        assert_eq!(valley_share(&[-3.0, 3.0]), 0.0);
        assert_eq!(valley_share(&[]), 0.0);
    }
}
