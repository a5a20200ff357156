//! What the paper leaves open or only computes: the size of the network, and the hardware's memory and energy.

use super::{
    Outcome,
    claim::{Claim, Verdict, shown},
    compression::quantized,
    context::{Context, Recipe, Trial},
    table::{Table, number, spread},
};
use crate::{
    chart::{Axis, BLACK, BLUE, Chart, Figure, GREEN, Mark, PURPLE, RED, Series, Shape},
    margin::stability,
    prune::magnitude_prune,
    statistics::Spread,
};
use hopgate_model::Result;

/// The sizes of the sweep.
const SIZES: [usize; 4] = [64, 96, 128, 256];

/// What is looked at for each size.
struct Size {
    neurons: usize,
    columns: [Spread; QUANTITIES.len()],
}

const QUANTITIES: [&str; 5] = ["float", "two_bits", "one_bit", "pruned_10", "magnitude"];

fn measure(context: &Context, neurons: usize) -> Result<Size> {
    let preset = context.preset();
    let patterns = (libm::round(preset.load * neurons as f64) as usize).max(1);
    let kept;
    let fresh;
    // the preset's own size has been trained already
    let trials: &[Trial] = if neurons == preset.neurons {
        kept = context.ridge()?;
        &kept
    } else {
        fresh = context.train(neurons, patterns, preset.gamma, Recipe::Descent)?;
        &fresh
    };
    let all = context.each(trials, |t| {
        let pruned = magnitude_prune(&t.alpha, 0.1)?.alpha;
        let accuracy = |bits| Ok::<_, hopgate_model::Error>(quantized(t, bits)?.bit_accuracy);
        Ok([
            accuracy(32)?,
            accuracy(2)?,
            accuracy(1)?,
            stability(&t.kernel, &pruned, &t.patterns)?.bit_accuracy,
            t.alpha.iter().map(|a| a.abs()).sum::<f64>() / t.alpha.len() as f64,
        ])
    })?;
    let column = |c: usize| Spread::of(&all.iter().map(|row| row[c]).collect::<Vec<_>>());
    Ok(Size { neurons, columns: std::array::from_fn(column) })
}

/// The claims of figures 1, 2 and 6 against N, at one gamma: it is gamma*N that decides.
pub(super) fn sizes(context: &Context) -> Result<Outcome> {
    let all = SIZES.iter().map(|&n| measure(context, n)).collect::<Result<Vec<_>>>()?;
    let columns = QUANTITIES.map(|c| format!("{c} {c}_sd {c}_min {c}_max")).join(" ");
    let mut table = Table::new("sizes", &format!("neurons gamma_n {columns}"));
    for s in &all {
        let first = [s.neurons.to_string(), number(context.preset().gamma * s.neurons as f64)];
        table.row(first.into_iter().chain(s.columns.iter().flat_map(spread)));
    }
    let line = |label: &str, colour, c: usize| {
        let marks = all.iter().map(|s| Mark::deviation(s.neurons as f64, &s.columns[c])).collect();
        Series::new(label, colour, Shape::Line, marks)
    };
    let x = || Axis::number("neurons, N, at P/N = 3 and gamma = 0.02");
    let accuracy =
        vec![line("float", BLACK, 0), line("2 bits", BLUE, 1), line("1 bit", RED, 2), line("10 % pruned", GREEN, 3)];
    let charts = vec![
        Chart::new("What N decides", x(), Axis::percent("right bits after one step"), accuracy),
        Chart::new("Mean magnitude of the dual weights", x(), Axis::number("mean |alpha|"), vec![line("", PURPLE, 4)]),
    ];
    let holds = |s: &Size| {
        s.columns[1].mean >= 0.9995 && s.columns[2].mean >= 0.99 && s.columns[0].mean - s.columns[3].mean >= 0.03
    };
    let sizes = |f: &dyn Fn(&Size) -> bool| {
        let which: Vec<String> = all.iter().filter(|s| f(s)).map(|s| s.neurons.to_string()).collect();
        if which.is_empty() { "none".into() } else { which.join(", ") }
    };
    let text =
        all.iter().map(|s| format!("N={}: {}", s.neurons, shown(&s.columns[1], 4))).collect::<Vec<_>>().join("; ");
    let claim = Claim::new(
        "section 3.1",
        "N is not given",
        "-",
        format!("bit accuracy at 2 bits: {text}. Figures 1 and 2 hold together at N = {}", sizes(&holds)),
        Verdict::by(all.iter().all(holds), all.iter().any(holds)),
        "reproduced if 2 bits reach 0.9995, 1 bit 0.99 and 10 % pruning costs 0.03 at every N of the sweep: gamma = 0.02 alone does not say where the Ridge is, gamma*N does",
    );
    Ok(Outcome { tables: vec![table], figure: Some(Figure::grid(charts, 1)), claims: vec![claim] })
}

/// The paper's example: neurons and patterns.
const EXAMPLE: (usize, usize) = (1000, 3000);
/// Energy of an operation at 45 nm in picojoules (M. Horowitz, ISSCC 2014): a 32-bit floating-point multiplication and
/// addition; and the paper's bound for a binary XNOR.
const MULTIPLY_PJ: f64 = 3.7;
const ADD_PJ: f64 = 0.9;
const XNOR_PJ: f64 = 0.1;

/// Section 6.5: the memory of N = 1000, P = 3000, and the energy of one step.
pub(super) fn hardware(_: &Context) -> Result<Outcome> {
    let (n, p) = EXAMPLE;
    let megabytes = |bits: usize| bits as f64 / 8e6;
    let mut table = Table::new("hardware", "what weights_mb patterns_mb together_mb");
    let mut rows = Vec::new();
    let patterns = p * n;
    for (what, weights, own) in [
        ("32 bits", 32 * p * n, patterns),
        ("2 bits", 2 * p * n, patterns),
        ("2 bits, top plane shared", p * n, patterns),
        ("1 bit, shared", 0, patterns),
    ] {
        let sizes = [weights, own, weights + own].map(megabytes);
        table.row([what.to_owned()].into_iter().chain(sizes.map(number)));
        rows.push(sizes);
    }
    // a step: distances and fields; a float recall multiplies P*N for the kernel's distances and P*N for the fields
    let float_uj = 2.0 * (p * n) as f64 * (MULTIPLY_PJ + ADD_PJ) / 1e6;
    let xnor_uj = 2.0 * (p * n) as f64 * XNOR_PJ / 1e6;
    let bars = |series: usize, colour, shift: f64| {
        let marks = rows.iter().enumerate().map(|(i, r)| Mark::at(i as f64 + shift, r[series])).collect();
        Series::new("", colour, Shape::Bars(0.35), marks)
    };
    let names = ["32 bits", "2 bits", "2 bits, shared", "1 bit, shared"].map(String::from);
    let chart = Chart::new(
        "Storage of N = 1000, P = 3000: weights (blue), and weights with patterns (green)",
        Axis::named("dual weights", names),
        Axis::number("megabytes").log(),
        vec![bars(0, BLUE, -0.18), bars(2, GREEN, 0.18)],
    );
    let claims = vec![
        Claim::new(
            "section 6.5",
            "N = 1000, P = 3000 takes about 12 MB at 32 bits and 0.75 MB at 2 bits",
            "12 MB, 0.75 MB",
            format!(
                "weights {:.2} and {:.2} MB; with the patterns, which recall needs as well, {:.3} and {:.3} MB",
                rows[0][0], rows[1][0], rows[0][2], rows[1][2]
            ),
            Verdict::by((rows[0][0] - 12.0).abs() < 0.05 && (rows[1][0] - 0.75).abs() < 0.005, true),
            "arithmetic; the paper leaves out the patterns",
        ),
        Claim::new(
            "section 6.5 (beyond)",
            "2 bits need 0.75 MB",
            "0.75 MB and the patterns",
            format!(
                "{:.3} MB in all where the top plane is the pattern matrix; {:.3} MB at 1 bit",
                rows[2][2], rows[3][2]
            ),
            Verdict::by(rows[2][2] <= 0.75 + 1e-9, true),
            "the sign of a weight is the stored bit, so a k-bit memory with its patterns takes k*P*N bits and not (k+1)*P*N",
        ),
        Claim::new(
            "section 6.5",
            "a multiplication takes 3.7 pJ and an XNOR less than 0.1 pJ: orders of magnitude",
            "3.7 pJ, < 0.1 pJ",
            format!(
                "{float_uj:.1} uJ and less than {xnor_uj:.1} uJ a step for the operations alone: a factor of at least {:.0}",
                float_uj / xnor_uj
            ),
            Verdict::by(float_uj / xnor_uj >= 10.0, true),
            "arithmetic with Horowitz's 45 nm numbers (3.7 pJ to multiply, 0.9 pJ to add); memory traffic, which costs more than either, is not in it. Nothing was measured here",
        ),
    ];
    Ok(Outcome { tables: vec![table], figure: Some(Figure::of(chart)), claims })
}
