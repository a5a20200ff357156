//! The scan that is made for a plan.

use super::{
    Scan, compare::Compare, masked::MaskedPick, nearest::Nearest, pick::Pick, review::Review, tree::AdderTree,
};
use crate::options::Readout;
use crate::{
    blocks::{memories::Ram, prelude::*},
    contents::Plan,
};

impl Scan {
    /// The scan of a plan.
    pub fn new(plan: &Plan) -> Self {
        let (lanes, banks, fold, lean) = (plan.lanes(), plan.parallel, plan.fold, plan.lean());
        let (delay, ranks) = (plan.scan_delay(), plan.row_latency() - 1);
        let picks = plan.picks();
        // a pick without a mask, or with one
        let [plain, masked] = [picks && !plan.masks, picks && plan.masks];
        let [full, rest] = if picks { [lanes / fold, lanes % fold] } else { [0; 2] };
        let columns = if picks { lanes.div_ceil(fold) } else { 0 };
        let loads = usize::from(plan.loadable);
        let store = |(i, rows): (usize, &crate::contents::Image)| match i / banks < plan.spram_lanes {
            true => Ram::single_port(rows.words.len(), rows.width),
            false => Ram::holding(rows.clone(), plan.loadable),
        };
        let filter = Nearest::new(plan.row_bits(), plan.entry_room - 1, plan.group_room, banks, lean);
        let wide = usize::from(plan.wide());
        let search = plan.wide() && plan.readout == Readout::Nearest;
        let filter = if plan.ranked() { filter.listing() } else { filter };
        let filter = if plan.reviews() { filter.reviewed(plan.requeues()) } else { filter };
        let filter = if plan.flushes() { filter.flushing() } else { filter };
        let [flushes, lists] = [plan.flushes(), plan.ranked()].map(usize::from);
        let [reviews, requeues] = [plan.reviews(), plan.requeues()].map(usize::from);
        let more = plan.cues - 1;
        let cues = usize::from(more > 0);
        let another = || {
            let filter = Nearest::new(plan.row_bits(), plan.entry_room - 1, plan.group_room, banks, lean);
            let filter = if plan.reviews() { filter.reviewed(plan.requeues()) } else { filter };
            if plan.flushes() { filter.flushing() } else { filter }
        };
        Scan {
            again: many(lists),
            passes: many(lists),
            listing: many(lists),
            comes: many(lists),
            room_left: many(lists * banks),
            comes_last: many(lists),
            nearer: many(lists),
            _lists: lists,
            _listed_banks: lists * banks,
            flush: many(flushes * plan.cues),
            scanned_late: many(flushes),
            _flushes: flushes,
            _more_flushes: flushes * more,
            own: many(cues * plan.cues),
            more_start: many(more),
            more_scans: many(more),
            more_word: many(more * lanes),
            more_group: many(more),
            more_compare: (0..more * lanes * banks)
                .map(|i| Compare::new(plan.lane_neurons(i / banks % lanes), false))
                .collect(),
            more_tree: (0..more).map(|_| AdderTree::new(lanes, banks)).collect(),
            more_filter: (0..more).map(|_| another()).collect(),
            nearest_now: many(cues),
            distance_now: many(cues),
            base_now: many(cues),
            _reviewed_cues: reviews * cues * plan.cues,
            _more: more,
            _more_ranks: ranks,
            _cues: cues,
            _stride: lanes * banks,
            _stride_end: lanes * banks + 1,
            _lanes_end: lanes + 1,
            _more_reviewed: reviews,
            reviewing: many(reviews),
            reviews: many(reviews),
            reviews_last: many(requeues),
            held: many(reviews - requeues),
            missed: many(reviews),
            review: (0..reviews).map(|_| Review::new(plan)).collect(),
            _reviews: reviews,
            _reviewed: reviews * banks,
            _requeues: requeues,
            _requeued: requeues * banks,
            _stops: reviews - requeues,
            ending: many(wide),
            nearest_place: many(usize::from(search)),
            partial: many(wide * banks),
            goes_on: many(wide * delay),
            _wide: wide,
            _partials: wide * banks,
            _wide_last: wide * (delay - 1),
            _wide_delay: wide * delay,
            _searches: usize::from(search),
            word: many(lanes),
            voters: many(columns),
            found: many(banks * plan.cues),
            found_distance: many(banks * plan.cues),
            row_store: plan.rows.iter().enumerate().map(store).collect(),
            rank: many(ranks * lanes * banks),
            pick: (0..lanes * banks)
                .filter(|_| plain)
                .map(|i| Pick::new(plan.lane_neurons(i / banks), fold * banks > 1, lean))
                .collect(),
            masked: (0..lanes * banks)
                .filter(|_| masked)
                .map(|i| MaskedPick::new(plan.lane_neurons(i / banks), fold * banks > 1, lean))
                .collect(),
            skip: many(if plan.masks { lanes } else { 0 }),
            compare_only: (0..lanes * banks)
                .filter(|_| !picks)
                .map(|i| Compare::new(plan.lane_neurons(i / banks), plan.masks))
                .collect(),
            tree: AdderTree::new(lanes, banks),
            filter: if plan.votes_in_beats() { filter.in_beats(plan.beats, plan.group_room, search) } else { filter },
            stores_bank: many(banks),
            valid: many(delay),
            last: many(delay),
            opened: many(fold * banks),
            joined: many(columns),
            // as many bits as count all groups
            row_mask: constant((plan.group_room * plan.beats + 1).next_power_of_two() - 1),
            slot: (0..fold).map(constant).collect(),
            bank: (0..banks).map(constant).collect(),
            _lanes: lanes,
            _banks: banks,
            _banks_end: banks + 1,
            _columns: columns,
            _fold: fold,
            _fold_end: fold + 1,
            _rest: rest,
            _ranks: if plain { ranks } else { 0 },
            _masked_ranks: if masked { ranks } else { 0 },
            _joins: if plain { columns } else { 0 },
            _joins_full: if plain { full } else { 0 },
            _masked_columns: if masked { columns } else { 0 },
            _masked_full: if masked { full } else { 0 },
            _masks: usize::from(masked),
            _compare_masks: usize::from(!picks && plan.masks),
            _loads: loads,
            _loaded_lanes: loads * lanes,
            _delay: delay,
            _last_delay: delay - 1,
            _picks: usize::from(plain),
            _compares: usize::from(!picks),
            _compare_ranks: if picks { 0 } else { ranks },
            ..Default::default()
        }
    }
}
