//! Figure 7: what 2 bits cost against the kernel's width, by the paper's recipe and at the exact optimum.

use super::{
    Outcome,
    claim::{Claim, Verdict, shown},
    compression::quantized,
    context::{Context, Recipe, Trial},
    table::{Table, number, spread},
};
use crate::{
    chart::{Axis, BLACK, BLUE, Chart, Figure, GREY, Mark, RED, Series, Shape},
    statistics::Spread,
};
use hopgate_model::Result;

/// The gammas by the paper's recipe.
const GAMMAS: [f64; 8] = [0.005, 0.0075, 0.01, 0.0125, 0.015, 0.02, 0.05, 0.1];
/// The gammas at which the optimum is computed as well.
const EXACT: [f64; 6] = [0.005, 0.0075, 0.01, 0.0125, 0.015, 0.02];

/// One gamma.
struct Point {
    gamma: f64,
    float: Spread,
    two: Spread,
    loss: Spread,
    /// Trials whose objective rose in some epoch.
    unstable: usize,
}

fn point(context: &Context, gamma: f64, trials: &[Trial]) -> Result<Point> {
    let both = context.each(trials, |t| Ok((quantized(t, 32)?.bit_accuracy, quantized(t, 2)?.bit_accuracy)))?;
    let of = |f: fn(&(f64, f64)) -> f64| Spread::of(&both.iter().map(f).collect::<Vec<_>>());
    let unstable = trials.iter().filter(|t| t.rises > 0).count();
    Ok(Point { gamma, float: of(|b| b.0), two: of(|b| b.1), loss: of(|b| b.0 - b.1), unstable })
}

fn sweep(context: &Context, gammas: &[f64], recipe: Recipe) -> Result<Vec<Point>> {
    let load = context.preset().load;
    gammas.iter().map(|&gamma| point(context, gamma, &context.trials(load, gamma, recipe)?)).collect()
}

fn table(name: &str, points: &[Point]) -> Table {
    let columns = ["float", "two_bits", "loss"].map(|c| format!("{c} {c}_sd {c}_min {c}_max")).join(" ");
    let mut table = Table::new(name, &format!("gamma {columns} unstable_trials"));
    for p in points {
        let numbers =
            [number(p.gamma)].into_iter().chain(spread(&p.float)).chain(spread(&p.two)).chain(spread(&p.loss));
        table.row(numbers.chain([p.unstable.to_string()]));
    }
    table
}

/// Figure 7.
pub(super) fn fig7(context: &Context) -> Result<Outcome> {
    let recipe = sweep(context, &GAMMAS, Recipe::Descent)?;
    let exact = sweep(context, &EXACT, Recipe::Optimum)?;
    let line = |label: &str, colour, points: &[Point], of: fn(&Point) -> Spread| {
        let marks = points.iter().map(|p| Mark::deviation(p.gamma, &of(p))).collect();
        Series::new(label, colour, Shape::Line, marks)
    };
    let ridge = |low, high| Series { colour: GREY, ..Series::upright("", context.preset().gamma, (low, high)) };
    let x = || Axis::number("gamma").log();
    let loss = vec![
        ridge(0.0, 0.5),
        line("gradient descent", RED, &recipe, |p| p.loss),
        line("exact optimum", BLUE, &exact, |p| p.loss),
    ];
    let float = vec![
        ridge(0.5, 1.0),
        line("float, gradient descent", BLACK, &recipe, |p| p.float),
        line("2 bits, gradient descent", RED, &recipe, |p| p.two),
        line("2 bits, exact optimum", BLUE, &exact, |p| p.two),
    ];
    let accuracy = |label: &str| Axis::percent(label);
    let charts = vec![
        Chart::new("Bit accuracy lost by 2-bit quantisation", x(), accuracy("right bits lost"), loss),
        Chart::new("What is left", x(), accuracy("right bits after one step"), float),
    ];
    let mut claims = claims(&recipe);
    claims.push(recipe_claim(&recipe, &exact));
    let tables = vec![table("fig7", &recipe), table("fig7-optimum", &exact)];
    Ok(Outcome { tables, figure: Some(Figure::grid(charts, 1)), claims })
}

fn claims(recipe: &[Point]) -> Vec<Claim> {
    let local = recipe.iter().filter(|p| p.gamma >= 0.02).map(|p| p.loss.mean.abs()).fold(0.0, f64::max);
    let peak = recipe.iter().max_by(|a, b| a.loss.mean.total_cmp(&b.loss.mean)).expect("there are gammas");
    let overload = &recipe[0];
    vec![
        Claim::new(
            "Fig. 7",
            "from the Ridge (gamma 0.02) up, 2 bits lose nothing",
            "0",
            format!("{local:.5} at most"),
            Verdict::by(local <= 0.001, local <= 0.01),
            "the largest mean loss at gamma >= 0.02; reproduced to 0.001, partly to 0.01",
        ),
        Claim::new(
            "Fig. 7",
            "below it the loss rises to a sharp peak near gamma 0.01",
            "a peak near 0.01",
            format!("{} at gamma {}", shown(&peak.loss, 3), peak.gamma),
            Verdict::by(
                (0.0075..=0.0125).contains(&peak.gamma) && peak.loss.mean > 0.05,
                peak.gamma < 0.02 && peak.loss.mean > 0.01,
            ),
            "reproduced if the largest loss lies between 0.0075 and 0.0125 and exceeds 0.05",
        ),
        Claim::new(
            "Fig. 7",
            "left of the peak even full precision fails",
            "an overloaded phase",
            format!("float accuracy {} at gamma {}", shown(&overload.float, 3), overload.gamma),
            Verdict::by(overload.float.mean < 0.95, overload.float.mean < 0.999),
            "reproduced if float falls below 0.95 at the smallest gamma",
        ),
    ]
}

/// Whether the peak and the overload belong to the model or to the way it was trained.
fn recipe_claim(recipe: &[Point], exact: &[Point]) -> Claim {
    let unstable: Vec<String> =
        recipe.iter().filter(|p| p.unstable > 0).map(|p| format!("{} ({} trials)", p.gamma, p.unstable)).collect();
    let (least, peak) =
        (&exact[0], exact.iter().max_by(|a, b| a.loss.mean.total_cmp(&b.loss.mean)).expect("there are gammas"));
    let held = least.float.mean < 0.95;
    Claim::new(
        "Fig. 7",
        "the peak marks the capacity limit of the network",
        "the author's reading",
        format!(
            "exact optimum: float {} at gamma {}; the largest 2-bit loss is {} at gamma {}. Gradient descent was unstable at {}",
            shown(&least.float, 3),
            least.gamma,
            shown(&peak.loss, 3),
            peak.gamma,
            if unstable.is_empty() { "no gamma".into() } else { unstable.join(", ") }
        ),
        Verdict::by(held, least.float.mean < 0.999),
        "reproduced if the optimum too fails in float at the smallest gamma. Where it does not, the overload is gradient descent that does not converge, and not the network's capacity",
    )
}
