//! Faults: bits of the row store and of the kernel table flipped, as radiation and bad cells do, beside pruning.

use super::{
    Outcome,
    claim::{Claim, Verdict, shown},
    context::{Context, Trial},
    table::{Table, number, spread},
};
use crate::{
    chart::{Axis, BLACK, BLUE, Chart, Colour, Figure, GREEN, Mark, PURPLE, RED, Series, Shape},
    prune::magnitude_prune,
    statistics::Spread,
};
use hopgate_files::model_file::{Model, ModelMeta};
use hopgate_model::{
    Result,
    bits::BitMatrix,
    memory::{DEFAULT_MAX_STEPS, Memory, Parts},
    noise::{self, Purpose, Seed},
};
use hopgate_train::{
    quantizer::{QuantizeOptions, Scheme, quantize},
    recall_float::FloatMemory,
    scoring::{Float, Score, score},
};

/// Fractions of the bits of a memory that are flipped (or of the dual weights that are pruned).
const DAMAGE: [f64; 9] = [0.0, 0.001, 0.003, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3];
/// Flips of the cues.
const NOISE: f64 = 0.1;
/// Cues of a trial.
const CUES: usize = 200;
/// The parts whose upsets are drawn apart; the columns take a number each, from the last one on.
const PATTERNS: u64 = 0;
const PLANE: u64 = 1;
const WEIGHTS: u64 = 2;
const COLUMNS: u64 = 3;

const KINDS: [(&str, Colour, Shape); 5] = [
    ("pattern rows (top plane)", RED, Shape::Line),
    ("lower plane", BLUE, Shape::Line),
    ("kernel table", GREEN, Shape::Line),
    ("weights pruned", BLACK, Shape::Dashed(7, 5)),
    ("weights lost at random", PURPLE, Shape::Dashed(4, 4)),
];

/// `bits` with exactly this share flipped.
fn upset(bits: &BitMatrix, share: f64, seed: Seed) -> BitMatrix {
    let (rows, cols) = (bits.rows(), bits.cols());
    let flat = BitMatrix::from_fn(1, rows * cols, |_, c| bits.get(c / cols, c % cols));
    let count = libm::round(share * (rows * cols) as f64) as usize;
    let hit = noise::exact_flips(&flat, count, seed);
    BitMatrix::from_fn(rows, cols, |r, c| hit.get(0, r * cols + c))
}

/// The memory with one of its parts damaged; `None` where nothing is left that votes.
fn damaged(memory: &Memory, kind: usize, share: f64, seed: Seed) -> Option<Memory> {
    let mut parts: Parts = memory.parts().clone();
    let of_part = |part| seed.of(Purpose::Upset, part);
    let top = parts.planes.len() - 1;
    match kind {
        0 => {
            // the top plane is the same store as the patterns
            parts.patterns = upset(&parts.patterns, share, of_part(PATTERNS));
            parts.planes[top] = parts.patterns.clone();
        }
        1 => parts.planes[0] = upset(&parts.planes[0], share, of_part(PLANE)),
        _ => {
            let width = parts.kernel_bits as usize;
            for (j, column) in parts.kernel.iter_mut().enumerate() {
                let bits = BitMatrix::from_fn(column.len(), width, |e, b| column[e] >> b & 1 == 1);
                let hit = upset(&bits, share, of_part(COLUMNS + j as u64));
                for (e, w) in column.iter_mut().enumerate() {
                    *w = (0..width).map(|b| u32::from(hit.get(e, b)) << b).sum();
                }
            }
        }
    }
    Memory::new(parts).ok()
}

/// Every kind of damage at every share.
fn scores(context: &Context, trial: &Trial) -> Result<Vec<[Score; KINDS.len()]>> {
    let patterns = &trial.patterns;
    let cues = noise::cues(patterns, CUES, NOISE, trial.seed);
    let model = Model {
        patterns: patterns.clone(),
        alpha: trial.alpha.clone(),
        gamma: trial.gamma,
        lambda: context.preset().lambda,
        meta: ModelMeta::default(),
    };
    let memory = quantize(&model, &QuantizeOptions::new(Scheme::Shared, 2))?.memory;
    let nothing = Score {
        cues: cues.rows() as u64,
        wrong_bits: cues.rows() as u64 * patterns.cols() as u64 / 2,
        neurons: patterns.cols() as u64,
        ..Score::default()
    };
    let at = |share: f64| {
        let hit = |kind| damaged(&memory, kind, share, trial.seed).map_or(nothing, |m| score(&m, patterns, &cues));
        let float = |alpha| {
            Ok::<_, hopgate_model::Error>(score(
                &Float(&FloatMemory::new(patterns, alpha, trial.gamma)?, DEFAULT_MAX_STEPS),
                patterns,
                &cues,
            ))
        };
        let kept =
            upset(&BitMatrix::zeros(patterns.rows(), patterns.cols()), share, trial.seed.of(Purpose::Upset, WEIGHTS));
        let mut lost = trial.alpha.clone();
        lost.indexed_iter_mut().filter(|((mu, i), _)| kept.get(*mu, *i)).for_each(|(_, a)| *a = 0.0);
        Ok([hit(0), hit(1), hit(2), float(&magnitude_prune(&trial.alpha, share)?.alpha)?, float(&lost)?])
    };
    DAMAGE.iter().map(|&share| at(share)).collect()
}

/// Recall against the share of upset bits.
pub(super) fn faults(context: &Context) -> Result<Outcome> {
    let trials = context.ridge()?;
    let all = context.each(trials.iter(), |t| scores(context, t))?;
    let of = |level: usize, kind: usize, f: fn(&Score) -> f64| {
        Spread::of(&all.iter().map(|t| f(&t[level][kind])).collect::<Vec<_>>())
    };
    let columns = ["bits", "exact"].map(|c| format!("{c} {c}_sd {c}_min {c}_max")).join(" ");
    let mut table = Table::new("faults", &format!("share what {columns}"));
    for (level, &share) in DAMAGE.iter().enumerate() {
        for (k, (name, ..)) in KINDS.iter().enumerate() {
            let both = [of(level, k, Score::bit_accuracy), of(level, k, Score::exact_recall)];
            table.row([number(share), (*name).into()].into_iter().chain(both.iter().flat_map(spread)));
        }
    }
    let panel = |title: &str, axis: &str, f: fn(&Score) -> f64| {
        let series = KINDS.iter().enumerate().map(|(k, &(name, colour, shape))| {
            let marks = DAMAGE.iter().enumerate().map(|(l, &share)| Mark::deviation(share, &of(l, k, f))).collect();
            Series::new(name, colour, shape, marks)
        });
        Chart::new(title, Axis::percent("bits upset, or weights gone"), Axis::percent(axis), series.collect())
    };
    let charts = vec![
        panel(
            "Right bits, k = 2 with a shared top plane, cues with 10 % flips",
            "right bits in the answer",
            Score::bit_accuracy,
        ),
        panel("Exact recall", "cues recalled exactly", Score::exact_recall),
    ];
    let level = |share: f64| DAMAGE.iter().position(|&d| d == share).expect("a level of the study");
    let bits = |share: f64, kind| of(level(share), kind, Score::bit_accuracy);
    let (rows, low, pruned) = (bits(0.1, 0), bits(0.1, 1), bits(0.1, 3));
    let claims = vec![
        Claim::new(
            "section 2.2",
            "information is distributed: local damage to the parameters is tolerated",
            "a property of the code",
            format!(
                "right bits with 1 % of the row store upset: {}; of the lower plane: {}; of the kernel table: {}",
                shown(&bits(0.01, 0), 4),
                shown(&bits(0.01, 1), 4),
                shown(&bits(0.01, 2), 4)
            ),
            Verdict::by(bits(0.01, 0).mean >= 0.98 && bits(0.01, 1).mean >= 0.98, bits(0.01, 0).mean >= 0.9),
            "reproduced if 1 % of upsets in either store costs at most 0.02 of the bits. An upset of a stored row mostly damages that one pattern: its own bit is gone, and nothing elsewhere holds it. The kernel table is another matter: a high bit set at a large distance adds for hundreds of patterns",
        ),
        Claim::new(
            "section 3.3",
            "flipping precision is harmless where pruning is not, at equal damage",
            "implied",
            format!(
                "right bits with 10 % damaged: lower plane {}, pattern rows {}, pruned {}",
                shown(&low, 4),
                shown(&rows, 4),
                shown(&pruned, 4)
            ),
            Verdict::by(low.mean > pruned.mean + 0.02 && rows.mean > pruned.mean + 0.02, low.mean > pruned.mean + 0.02),
            "reproduced if upsets of both stores cost at least 0.02 less than pruning the same share",
        ),
    ];
    Ok(Outcome { tables: vec![table], figure: Some(Figure::grid(charts, 1)), claims })
}
