//! The tuned memory: codes and columns that are fitted in turn.

use super::{
    KeyedQuantizeOptions, Round, better,
    codes::{self, Codes, Near, Values},
    memory, rounded,
    tables::Problem,
};
use crate::{
    excess::Excess,
    loss,
    model::{KeyedModel, KeyedScore},
    samples::{Samples, Targets},
};
use hopgate_model::{
    Result,
    bits::BitMatrix,
    kernel::{columns, reach},
    kind::Kind,
    memory::Memory,
    progress::{Progress, Watch},
};
use hopgate_train::quantizer::{Levels, Scheme};
use rayon::prelude::*;

/// Rounds over the codes, at most.
const ROUNDS: usize = 8;
/// Rounds that may pass without a better memory.
const PATIENCE: usize = 2;
/// A change of a code must gain this much likelihood (in nats, over all training samples): less may be chance.
const LEAST_GAIN: f64 = 0.5;
/// Samples by which the scale of the fields is chosen.
const SCALE_SAMPLES: usize = 8192;
/// The tables have few numbers, so that about so many outputs of samples say enough about them; the codes learn from all.
const TABLE_OUTPUTS: usize = 1 << 16;

/// A memory in the making.
#[derive(Clone)]
struct Draft {
    /// (P, M).
    codes: Vec<u8>,
    /// A column for each plane, the least significant first.
    columns: Vec<Vec<u32>>,
    offset: Vec<i32>,
}

impl Draft {
    fn values(&self, scale: f64) -> Values {
        Values::of(&self.columns, &self.offset, scale)
    }

    /// Rounds tables, of which that of a constant bit, if there is one, comes last and becomes the offset.
    fn set_tables(&mut self, tables: &[Vec<f64>], constant: Option<bool>, kernel_bits: u32) {
        let planes = self.columns.len();
        let largest = tables[..planes].iter().flatten().copied().fold(0.0, f64::max);
        if !(largest > 0.0 && largest.is_finite()) {
            return;
        }
        let scale = f64::from((1u32 << kernel_bits) - 1) / largest;
        let entry = |w: &[f64], e: usize| libm::round(w.get(e).copied().unwrap_or(0.0) * scale);
        let entries = self.offset.len();
        self.columns = tables[..planes].iter().map(|w| (0..entries).map(|e| entry(w, e) as u32).collect()).collect();
        if let Some(bit) = constant {
            let sign = if bit { 1.0 } else { -1.0 };
            self.offset = (0..entries).map(|e| (sign * entry(&tables[planes], e)) as i32).collect();
        }
    }
}

/// Fits a memory to samples. `select` chooses among the rounds.
pub(super) fn tune(
    model: &KeyedModel,
    own: &Samples,
    select: &Samples,
    options: &KeyedQuantizeOptions,
    rounds: &mut Vec<Round>,
    watch: &dyn Watch,
) -> Result<Memory> {
    let Levels { planes, weights, .. } = rounded(model, Scheme::Shared, options.bits)?;
    let all = own.with_flips(options.noise, options.copies, options.seed);
    let mut columns = columns(model.centres.cols(), model.gamma, &weights, 0.0, options.memory.kernel_bits).weights;
    if let Some(reach) = options.reach {
        columns.iter_mut().flat_map(|w| w.iter_mut().skip(reach + 1)).for_each(|w| *w = 0);
    }
    let offset = vec![0; columns[0].len()];
    let span = reach(&columns, &offset).map_or(0, |e| e as usize + 1);
    let near = |samples: &Samples| -> Result<Near> {
        Ok(Near::of(&Excess::of(samples.keys(), &model.centres, model.kernel_mode)?, span))
    };
    let (trained, judged) = (near(&all)?, near(select)?);
    let (p, m) = model.alpha.dim();
    let code = |at: usize| (0..planes.len()).fold(0u8, |c, j| c | u8::from(planes[j].get(at / m, at % m)) << j);
    let mut draft = Draft { codes: (0..p * m).map(code).collect(), columns, offset };
    let constant = constant(model, &all);
    let score = |draft: &Draft| {
        let fields = codes::fields(&judged, &draft.values(1.0), &draft.codes, m);
        let wrong = |(t, field): (usize, &[i64])| select.targets().wrong(t, field.iter().copied());
        KeyedScore::of(fields.chunks_exact(m).enumerate().map(wrong), select.targets().bits())
    };
    let scale =
        |draft: &Draft| best_scale(&codes::fields(&trained, &draft.values(1.0), &draft.codes, m), all.targets());
    let stride = (all.len() * m).div_ceil(TABLE_OUTPUTS).max(1);
    let mut best = (score(&draft), draft.clone());
    let mut since = 0;
    for round in 0..ROUNDS {
        watch.go_on()?;
        let logit = scale(&draft);
        let mut tables: Vec<Vec<f64>> =
            draft.columns.iter().map(|w| w[..span].iter().map(|&w| f64::from(w) / logit).collect()).collect();
        if constant.is_some() {
            tables.push(draft.offset[..span].iter().map(|o| f64::from(o.abs()) / logit).collect());
        }
        let refit = std::env::var("REFIT").map_or(true, |v| v.contains(&round.to_string()));
        if refit {
            let mut problem = Problem::new(&trained, all.targets(), &draft.codes, options.bits, constant, span, stride);
            draft.set_tables(&problem.fit(&tables), constant, options.memory.kernel_bits);
        }
        let values = draft.values(scale(&draft));
        let mut work = Codes::new(&trained, all.targets(), &values, draft.codes);
        let changes = work.sweep(LEAST_GAIN, watch)?;
        draft.codes = work.codes;
        let selection = score(&draft);
        rounds.push(Round { changes, selection });
        watch.at(Progress::of(round + 1, ROUNDS));
        since += 1;
        if better(selection, best.0) {
            best = (selection, draft.clone());
            since = 0;
        }
        if changes == 0 || since == PATIENCE {
            break;
        }
    }
    let Draft { codes, columns, offset } = best.1;
    let plane = |j: usize| BitMatrix::from_fn(p, m, |mu, c| codes[mu * m + c] >> j & 1 == 1);
    memory(model, (0..options.bits).map(plane).collect(), columns, offset, Scheme::Tuned, options)
}

/// The bit whose table becomes the offset: the rarer one of the values. An offset is the same for every class, so classes have none.
fn constant(model: &KeyedModel, samples: &Samples) -> Option<bool> {
    let Targets::Values(values) = samples.targets() else { return None };
    debug_assert!(model.kind != Kind::Class, "classes have labels");
    let ones: usize = (0..values.cols()).map(|c| values.column_ones(c)).sum();
    Some(2 * ones < values.rows() * values.cols())
}
/// The scale at which these fields, divided by it, are the logits that make the targets most likely; to an eighth of a power of two.
fn best_scale(fields: &[i64], targets: &Targets) -> f64 {
    let m = targets.outputs();
    let some = targets.len().div_ceil(SCALE_SAMPLES);
    let most = fields.iter().map(|h| h.unsigned_abs()).max().unwrap_or(0).max(1) as f64;
    let loss = |scale: f64| -> f64 {
        let of = |(t, field): (usize, &[i64])| loss::of_fields(targets, t, field.iter().map(|&h| h as f64 / scale));
        let rows: Vec<(usize, &[i64])> = fields.chunks_exact(m).enumerate().step_by(some).collect();
        rows.par_iter().map(|&row| of(row)).collect::<Vec<f64>>().iter().sum()
    };
    // convex in 1/scale: a walk down from coarse to fine
    let mut best = (loss(most), most);
    for step in [1.0, 0.25, 0.125] {
        let factor = libm::exp2(step);
        for up in [true, false] {
            loop {
                let scale = if up { best.1 * factor } else { best.1 / factor };
                let there = loss(scale);
                if there >= best.0 || !(1e-6..1e12).contains(&scale) {
                    break;
                }
                best = (there, scale);
            }
        }
    }
    best.1
}
