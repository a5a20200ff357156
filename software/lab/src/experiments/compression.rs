//! Figures 1, 2 and 8, and the frontier: what fewer bits and fewer weights do to the stored patterns.

use super::{
    Outcome,
    claim::{Claim, Verdict, shown},
    context::{Context, Trial},
    table::{Table, number, spread},
};
use crate::{
    chart::{Axis, BLUE, Chart, Figure, GREEN, Mark, RED, Series, Shape},
    margin::{Stability, stability},
    prune::magnitude_prune,
    statistics::Spread,
};
use hopgate_model::Result;
use hopgate_train::quantizer::uniform_weights;

/// Bits per dual weight, as in the paper; 32 stands for the weights as they are.
pub(super) const BITS: [usize; 12] = [32, 16, 12, 10, 8, 7, 6, 5, 4, 3, 2, 1];
/// The fractions of weights that are pruned.
const SPARSITY: [f64; 11] = [0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

/// What compression did, over the trials.
#[derive(Clone, Copy)]
pub(super) struct Compressed {
    /// The bits, or the fraction that was pruned.
    pub at: f64,
    /// Bit accuracy.
    pub accuracy: Spread,
    /// The stability margin.
    pub margin: Spread,
}

fn compressed(at: f64, all: &[Stability]) -> Compressed {
    let of = |f: fn(&Stability) -> f64| Spread::of(&all.iter().map(f).collect::<Vec<_>>());
    Compressed { at, accuracy: of(|s| s.bit_accuracy), margin: of(|s| s.margin_mean) }
}

/// One step from every stored pattern, with `bits` per weight.
pub(super) fn quantized(trial: &Trial, bits: usize) -> Result<Stability> {
    stability(&trial.kernel, &uniform_weights(&trial.alpha, bits)?.0, &trial.patterns)
}

fn quantization(context: &Context, load: f64) -> Result<Vec<Compressed>> {
    let trials = context.trials(load, context.preset().gamma, super::Recipe::Descent)?;
    BITS.iter()
        .map(|&bits| Ok(compressed(bits as f64, &context.each(trials.iter(), |t| quantized(t, bits))?)))
        .collect()
}

fn pruning(context: &Context, load: f64) -> Result<Vec<Compressed>> {
    let trials = context.trials(load, context.preset().gamma, super::Recipe::Descent)?;
    let pruned = |t: &&Trial, s| stability(&t.kernel, &magnitude_prune(&t.alpha, s)?.alpha, &t.patterns);
    SPARSITY.iter().map(|&s| Ok(compressed(s, &context.each(trials.iter(), |t| pruned(t, s))?))).collect()
}

fn table(name: &str, first: &str, points: &[Compressed]) -> Table {
    let columns = "accuracy accuracy_sd accuracy_min accuracy_max margin margin_sd margin_min margin_max";
    let mut table = Table::new(name, &format!("{first} {columns}"));
    for p in points {
        let first = if first == "bits" { format!("{}", p.at) } else { number(p.at) };
        table.row([first].into_iter().chain(spread(&p.accuracy)).chain(spread(&p.margin)));
    }
    table
}

/// Accuracy above, margin below.
fn panels(title: &str, x: &Axis, place: fn(f64) -> f64, points: &[Compressed]) -> Vec<Chart> {
    let line = |label: &str, colour, of: fn(&Compressed) -> Spread| {
        let mut marks: Vec<Mark> = points.iter().map(|p| Mark::deviation(place(p.at), &of(p))).collect();
        marks.sort_by(|a, b| a.x.total_cmp(&b.x));
        Series::new(label, colour, Shape::Line, marks)
    };
    let accuracy = Axis::percent("right bits after one step");
    let margin = Axis::number("stability margin");
    vec![
        Chart::new(format!("{title}: bit accuracy"), x.clone(), accuracy, vec![line("", RED, |p| p.accuracy)]),
        Chart::new(format!("{title}: stability margin"), x.clone(), margin, vec![line("", BLUE, |p| p.margin)]),
    ]
}

/// Bits, from one to float: a place for each, since 32 to 16 is no longer a way than 2 to 1.
pub(super) fn bits_axis() -> Axis {
    Axis::named("bits per dual weight", BITS.iter().rev().map(|b| b.to_string()))
}

/// Where a number of bits stands on [`bits_axis`].
pub(super) fn bits_place(bits: f64) -> f64 {
    BITS.iter().rev().position(|&b| b as f64 == bits).unwrap_or(0) as f64
}

fn sparsity_axis() -> Axis {
    Axis::percent("dual weights pruned")
}

/// The three claims about quantisation.
pub(super) fn quantization_claims(place: &str, points: &[Compressed]) -> Vec<Claim> {
    let at = |bits: f64| points.iter().find(|p| p.at == bits).expect("every depth is measured");
    let worst = points.iter().filter(|p| p.at >= 2.0).map(|p| p.accuracy.mean).fold(1.0, f64::min);
    let (float, two, one) = (at(32.0), at(2.0), at(1.0));
    let rise = two.margin.mean.max(one.margin.mean) / float.margin.mean;
    let margins = [32.0, 3.0, 2.0, 1.0].map(|b| format!("{b} bits {}", shown(&at(b).margin, 2))).join("; ");
    vec![
        Claim::new(
            place,
            "bit accuracy stays perfect down to 2 bits",
            "1.0",
            format!("{} at 2 bits, {worst:.4} at worst from 32 to 2", shown(&two.accuracy, 4)),
            Verdict::by(worst >= 0.9995, worst >= 0.99),
            "reproduced if no mean from 32 to 2 bits is below 0.9995 (1.0 in the paper's digits), partly from 0.99",
        ),
        Claim::new(
            place,
            "near perfect at 1 bit",
            "near 1.0",
            shown(&one.accuracy, 4),
            Verdict::by(one.accuracy.mean >= 0.99, one.accuracy.mean >= 0.95),
            "reproduced from 0.99, partly from 0.95; 1 bit as in section 3.2.1, above or below the mean",
        ),
        Claim::new(
            place,
            "the margin rises sharply at very low depths (quantisation saturation)",
            "a sharp increase",
            margins,
            Verdict::by(rise >= 1.1, rise > 1.0),
            "reproduced if the larger margin of 2 bits and 1 bit is at least 1.1 times float's",
        ),
    ]
}

/// The claim about pruning.
pub(super) fn pruning_claim(place: &str, points: &[Compressed]) -> Claim {
    let at = |s: f64| &points.iter().find(|p| p.at == s).expect("every sparsity is measured").accuracy;
    let drop = at(0.0).mean - at(0.1).mean;
    Claim::new(
        place,
        "10 % pruning already causes a significant drop in accuracy",
        "a significant drop",
        format!("{} unpruned, {} at 10 %, {} at 50 %", shown(at(0.0), 4), shown(at(0.1), 4), shown(at(0.5), 4)),
        Verdict::by(drop >= 0.03, drop >= 0.01),
        "reproduced from a drop of 0.03, partly from 0.01",
    )
}

/// Figure 1.
pub(super) fn fig1(context: &Context) -> Result<Outcome> {
    let points = quantization(context, context.preset().load)?;
    Ok(Outcome {
        tables: vec![table("fig1", "bits", &points)],
        figure: Some(Figure::grid(panels("Uniform quantisation", &bits_axis(), bits_place, &points), 1)),
        claims: quantization_claims("Fig. 1", &points),
    })
}

/// Figure 2.
pub(super) fn fig2(context: &Context) -> Result<Outcome> {
    let points = pruning(context, context.preset().load)?;
    Ok(Outcome {
        tables: vec![table("fig2", "sparsity", &points)],
        figure: Some(Figure::grid(panels("Magnitude pruning", &sparsity_axis(), |s| s, &points), 1)),
        claims: vec![pruning_claim("Fig. 2", &points)],
    })
}

/// Figure 8: both at a load of 2.
pub(super) fn fig8(context: &Context) -> Result<Outcome> {
    let (bits, sparsity) = (quantization(context, 2.0)?, pruning(context, 2.0)?);
    let mut all = panels("Quantisation at P/N = 2", &bits_axis(), bits_place, &bits);
    all.extend(panels("Pruning at P/N = 2", &sparsity_axis(), |s| s, &sparsity));
    // above each other: quantisation at the left, pruning at the right
    all.swap(1, 2);
    let mut claims = quantization_claims("Fig. 8a", &bits);
    claims.push(pruning_claim("Fig. 8b", &sparsity));
    Ok(Outcome {
        tables: vec![table("fig8a", "bits", &bits), table("fig8b", "sparsity", &sparsity)],
        figure: Some(Figure::grid(all, 2)),
        claims,
    })
}

/// The briefing's robustness frontier: bars of quantisation beside bars of pruning, at the share of a float's 32 bits
/// that each leaves to store. (Pruning is not charged for saying where its zeros are.)
pub(super) fn frontier(context: &Context) -> Result<Outcome> {
    let (bits, sparsity) = (quantization(context, context.preset().load)?, pruning(context, context.preset().load)?);
    let kept_bits = |p: &Compressed| p.at / 32.0;
    let kept_weights = |p: &Compressed| 1.0 - p.at;
    let mut table = Table::new("frontier", "method setting stored accuracy accuracy_sd accuracy_min accuracy_max");
    for (method, points, kept) in
        [("quantisation", &bits, kept_bits as fn(&Compressed) -> f64), ("pruning", &sparsity, kept_weights)]
    {
        for p in points {
            table.row([method.into(), number(p.at), number(kept(p))].into_iter().chain(spread(&p.accuracy)));
        }
    }
    let bars = |points: &[Compressed], colour, place: fn(usize) -> f64| {
        let marks = points.iter().enumerate().map(|(i, p)| Mark::at(place(i), p.accuracy.mean)).collect();
        Series::new("", colour, Shape::Bars(0.9), marks)
    };
    let accuracy = |label: &str| Axis::percent(label).range(0.4, 1.0);
    let names = BITS.map(|b| b.to_string());
    let left = Chart::new(
        "Quantisation: a gradual decline",
        Axis::named("bits per dual weight", names),
        accuracy("right bits after one step"),
        vec![bars(&bits, GREEN, |i| i as f64)],
    );
    let names = SPARSITY.map(|s| format!("{:.0} %", s * 100.0));
    let right = Chart::new(
        "Pruning: a cliff",
        Axis::named("dual weights pruned", names),
        accuracy("right bits after one step"),
        vec![bars(&sparsity, RED, |i| i as f64)],
    );
    // at equal storage: 2 bits keep a sixteenth, 90 % pruning still keeps a tenth
    let two = &bits.iter().find(|p| p.at == 2.0).expect("2 bits are measured").accuracy;
    let ninety = &sparsity[sparsity.len() - 1].accuracy;
    let claim = Claim::new(
        "briefing",
        "quantisation declines gradually, pruning collapses",
        "green and red bars, no numbers",
        format!("2 bits (1/16 of the storage): {}; 90 % pruned (1/10 of it): {}", shown(two, 4), shown(ninety, 4)),
        Verdict::by(two.mean >= 0.99 && ninety.mean <= 0.9, two.mean > ninety.mean),
        "reproduced if 2 bits keep 0.99 and 90 % pruning falls below 0.90",
    );
    Ok(Outcome { tables: vec![table], figure: Some(Figure::grid(vec![left, right], 2)), claims: vec![claim] })
}
