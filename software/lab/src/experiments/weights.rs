//! Figure 6: the distribution of the dual weights.

use super::{
    Outcome,
    claim::{Claim, Verdict, shown},
    context::Context,
    table::{Table, number},
};
use crate::{
    bimodality::test_bimodality,
    chart::{Axis, BLUE, Chart, Figure, Mark, Series, Shape},
    statistics::Spread,
};
use hopgate_model::Result;

/// Bars of the histogram.
const BARS: usize = 81;
/// Uniform samples that the dip is compared with.
const SIMULATIONS: usize = 499;

/// Figure 6.
pub(super) fn fig6(context: &Context) -> Result<Outcome> {
    let trials = context.ridge()?;
    let signs =
        context.each(trials.iter(), |t| test_bimodality(t.alpha.as_slice().unwrap_or(&[]), SIMULATIONS, t.seed))?;
    let magnitude =
        context.spread(&trials, |t| Ok(t.alpha.iter().map(|a| a.abs()).sum::<f64>() / t.alpha.len() as f64))?;
    let agree = context.spread(&trials, |t| {
        let same = t.alpha.indexed_iter().filter(|((mu, i), a)| (**a > 0.0) == t.patterns.get(*mu, *i)).count();
        Ok(same as f64 / t.alpha.len() as f64)
    })?;
    let largest = trials.iter().flat_map(|t| t.alpha.iter()).fold(0.0f64, |m, a| m.max(a.abs()));
    let width = 2.0 * largest / BARS as f64;
    let mut counts = [0u64; BARS];
    for a in trials.iter().flat_map(|t| t.alpha.iter()) {
        counts[(((a + largest) / width) as usize).min(BARS - 1)] += 1;
    }
    let mut table = Table::new("fig6", "weight density");
    let all: u64 = counts.iter().sum();
    let middle = |i: usize| -largest + (i as f64 + 0.5) * width;
    let density = |i: usize| counts[i] as f64 / all as f64 / width;
    (0..BARS).for_each(|i| table.row([number(middle(i)), number(density(i))]));
    let marks = (0..BARS).map(|i| Mark::at(middle(i), density(i))).collect();
    let bars = Series::new("", BLUE, Shape::Bars(width), marks);
    let chart =
        Chart::new("Dual weights on the Ridge", Axis::number("dual weight"), Axis::number("density"), vec![bars]);
    let of = |f: &dyn Fn(usize) -> f64| Spread::of(&(0..signs.len()).map(f).collect::<Vec<_>>());
    let valley = of(&|t| signs[t].valley_share);
    let apart = of(&|t| signs[t].ashman_d.unwrap_or(0.0));
    let dip = of(&|t| signs[t].dip.dip);
    let p = signs.iter().map(|s| s.dip.p_value).fold(0.0, f64::max);
    let claims = vec![
        Claim::new(
            "Fig. 6",
            "the weights are bimodal, with a wide empty valley near zero",
            "two clusters",
            format!(
                "dip {}, p at most {p:.3}; Ashman's D {}; {:.3} % of the weights in the valley",
                shown(&dip, 3),
                shown(&apart, 1),
                valley.mean * 100.0
            ),
            Verdict::by(p <= 0.01 && apart.mean > 2.0 && valley.mean < 0.01, p <= 0.05),
            "reproduced if every trial's dip has p <= 0.01, D > 2, and under 1 % have less than half the mean magnitude",
        ),
        Claim::new(
            "Fig. 6",
            "the clusters lie around +-3.0",
            "+-3.0",
            shown(&magnitude, 3),
            Verdict::by((magnitude.mean - 3.0).abs() <= 0.3, (magnitude.mean - 3.0).abs() <= 0.6),
            "the mean magnitude; reproduced within 0.3, partly within 0.6",
        ),
        Claim::new(
            "section 4.1",
            "a symmetry breaks spontaneously",
            "a hypothesis",
            format!("{} of the weights have the sign of their stored bit", shown(&agree, 5)),
            Verdict::by(false, agree.mean < 0.999),
            "not if the sign is decided: at the optimum alpha = (y - sigma(h))/lambda, so its sign is the stored bit; no symmetry is left to break",
        ),
    ];
    Ok(Outcome { tables: vec![table], figure: Some(Figure::of(chart)), claims })
}
