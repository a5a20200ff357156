//! The weights that are made for a plan.

use super::{MAX_DELAY, Weights};
use crate::{
    blocks::{memories::Ram, prelude::*, vote::near::Near},
    contents::Plan,
};

impl Weights {
    /// The vote of a plan: its `table` holds the weights `W_j[e]`, its `threshold` what each slot adds to `T` where that
    /// is not the weight itself (memories with an offset).
    pub fn new(plan: &Plan) -> Self {
        let delay = plan.vote_row_latency() - 1 + usize::from(plan.joined());
        assert!(delay <= MAX_DELAY);
        let deep = usize::from(!plan.lean());
        let [all, minus, done] = match plan.lean() {
            true => [plan.row_latency() - 1, 2 + delay, 3 + delay],
            false => [4, 6, 8],
        };
        let threshold: Vec<_> = plan.threshold.iter().cloned().map(|t| Ram::holding(t, plan.loadable)).collect();
        let within = if plan.loadable { deep } else { 0 };
        let odds = usize::from(plan.classes());
        let learns = usize::from(plan.learns && plan.classes());
        let [reviews, requeues] = [plan.reviews(), plan.requeues()].map(usize::from);
        Weights {
            reviewing: many(reviews),
            renew: many(reviews),
            nearest: many(reviews),
            reviews: many(reviews),
            reviews_last: many(requeues),
            _reviews: reviews,
            _requeues: requeues,
            radius: many(learns),
            close: many(learns),
            // behind `hit[3]`: to `hit[4]`, the weight's way, the share, and the columns' copy of the operand
            near: (0..learns).map(|_| Near::new(3 + delay)).collect(),
            _learns: learns,
            within: many(within),
            _within: within,
            odd: many(odds),
            hit: many(5),
            last: many(9),
            index2: many(deep),
            distance2: many(deep),
            row3: many(deep),
            row4: many(deep),
            entry: many(deep),
            kernel: Ram::holding(plan.table.clone(), plan.loadable),
            _halves: if plan.loadable { threshold.len() } else { 0 },
            low_half: many(if plan.loadable { threshold.len() } else { 0 }),
            alone: many(if plan.loadable { 2 } else { 0 }),
            _thresholds: threshold.len(),
            threshold,
            weight: many(delay),
            weights: many(delay + 1),
            below: many(if plan.loadable { 0 } else { DISTANCE_BITS + 1 }),
            row_bases: plan.row_bases.map(constant),
            entry_bases: plan.entry_bases.map(constant),
            no: Constant::new(false),
            _fixed: usize::from(!plan.loadable),
            _fixed_bits: if plan.loadable { 0 } else { DISTANCE_BITS },
            _fixed_end: if plan.loadable { 0 } else { DISTANCE_BITS + 1 },
            _loads: usize::from(plan.loadable),
            _token_slots: 8,
            _deep: deep,
            _all_tap: all,
            _all_end: all + 1,
            _minus_tap: minus,
            _minus_end: minus + 1 - requeues,
            _reviewed_tap: minus,
            _reviewed_end: minus + 1,
            _done_tap: done,
            _done_end: done + 1,
            _delay: delay,
            _delay_end: delay + 1,
            _odds: odds,
            place: many(usize::from(plan.votes_in_beats())),
            _wide: usize::from(plan.votes_in_beats()),
            ..Default::default()
        }
    }
}
