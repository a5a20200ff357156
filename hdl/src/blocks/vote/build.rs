//! The vote that is made for a plan.

use super::{Vote, column::Column, ranking::Ranking, values::Values, weights::Weights};
use crate::{
    blocks::{
        memories::{Entries, Ram},
        prelude::*,
    },
    contents::Plan,
    layout::CLASS_WORDS,
};

impl Vote {
    /// The vote of a plan.
    pub fn new(plan: &Plan) -> Self {
        let (banks, columns) = (plan.parallel, plan.columns());
        // from the cycle in which the vote asks a bank to the one in which its rows reach `pick`
        let asks = match banks {
            1 => 0,
            // a pattern's number is its group and its bank
            _ if plan.valued() => 1,
            _ if plan.lean() => 1 + plan.row_latency(),
            _ => 4 + plan.row_latency(),
        };
        let classes = plan.classes();
        let [values, rankings] = [plan.valued(), classes].map(usize::from);
        let words = if classes { CLASS_WORDS } else { 0 };
        let column = |c: usize| {
            let column = Column::new(plan.column_neurons(c), plan.accumulator_bits, plan.joined(), plan.lean());
            if classes { column.showing() } else { column }
        };
        let learns = usize::from(plan.learns && classes);
        let [reviews, requeues] = [plan.reviews(), plan.requeues()].map(usize::from);
        let (cues, more) = (usize::from(plan.cues > 1), plan.cues - 1);
        let all = banks * plan.cues;
        let [scanned, reviewed] = [banks * (1 - requeues), banks * requeues];
        Vote {
            reviewing: many(reviews),
            renew: many(reviews),
            nearest: many(reviews),
            rewind: many(reviewed),
            reviews: many(reviews),
            reviews_last: many(requeues),
            flush: many(if plan.flushes() { plan.cues } else { 0 }),
            _flushes: if plan.flushes() { plan.cues } else { 0 },
            begun: many(if plan.flushes() { plan.cues } else { 0 }),
            _begun: usize::from(plan.flushes()),
            _flushed: if plan.flushes() { banks } else { 0 },
            _more_flushes: if plan.flushes() { more } else { 0 },
            _flush_scans: if plan.flushes() && requeues == 0 { plan.cues } else { 0 },
            _flush_reviews: if requeues > 0 { plan.cues } else { 0 },
            own: many(cues * plan.cues),
            chosen: many(cues * all),
            more_start: many(more),
            more_group: many(more),
            _all_scans: cues * all * (1 - requeues),
            _all_reviews: cues * all * requeues,
            _banks_end: banks + 1,
            _more: more,
            _more_scans: if requeues > 0 { 0 } else { more },
            _more_reviews: if requeues > 0 { more } else { 0 },
            _cues: cues * plan.cues,
            entries: (0..requeues * all)
                .map(|_| Entries::new(plan.group_room, plan.queue_bits(), plan.index_bits()))
                .collect(),
            _reviews: reviews,
            _requeues: requeues,
            _reviewed: reviewed,
            _scanned: scanned,
            radius: many(learns),
            class: many(learns),
            near: many(learns),
            uncertain: many(learns),
            _learns: learns,
            reset: many(usize::from(classes)),
            store_value: many(if plan.loadable { values } else { 0 }),
            store_words: many(if plan.loadable { plan.value_lanes() } else { 0 }),
            everyone: many(values),
            words: many(words),
            values: plan.valued().then(|| Values::new(plan)).into_iter().collect(),
            ranking: classes.then(|| Ranking::new(plan)).into_iter().collect(),
            bank_width: (0..values).map(|_| constant(banks.trailing_zeros() as usize)).collect(),
            found: many(all),
            found_distance: many(all),
            voters: many(if plan.valued() { 0 } else { columns }),
            queued: many(banks),
            signs: many(columns),
            queue: (0..(1 - requeues) * all).map(|_| Ram::new(plan.group_room, plan.queue_bits())).collect(),
            after_first: many(banks),
            length: many(all),
            less: many(all),
            no_more: many(all),
            weights: Weights::new(plan),
            column: (0..columns).map(column).collect(),
            asked: many(asks),
            index_width: constant(plan.index_bits()),
            index_mask: constant((1 << plan.index_bits()) - 1),
            // as many bits as count all groups
            row_mask: constant((plan.group_room + 1).next_power_of_two() - 1),
            number: (0..banks).map(constant).collect(),
            _banks: banks,
            _shared: usize::from(banks > 1),
            _columns: columns,
            _asks: asks,
            _last_ask: asks.saturating_sub(1),
            _loads: usize::from(plan.loadable),
            _loaded_banks: if plan.loadable { banks } else { 0 },
            _values: values,
            _numbered: if banks > 1 { values } else { 0 },
            _keys: usize::from(!plan.valued()),
            _value_columns: if plan.valued() { columns } else { 0 },
            ranks: many(if plan.chooses() { rankings } else { 0 }),
            _rankings: rankings,
            _choices: if plan.chooses() { rankings } else { 0 },
            _loaded_values: if plan.loadable { values } else { 0 },
            _stored_words: if plan.loadable { plan.value_lanes() } else { 0 },
            _ranked_columns: if classes { columns } else { 0 },
            _words: words,
            place: many(usize::from(plan.votes_in_beats())),
            _wide: usize::from(plan.votes_in_beats()),
            ..Default::default()
        }
    }
}
