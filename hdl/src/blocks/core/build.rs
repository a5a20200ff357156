//! The core of a plan.

use super::Core;
use crate::{
    blocks::{
        beats::Beats,
        kind::HeldKind,
        prelude::*,
        radius::Radius,
        ranks::Ranks,
        scan::Scan,
        sequencer::{Choice, Counts, Sequencer},
        sizes::Sizes,
        state::State,
        vote::Vote,
    },
    contents::{Plan, sizes},
    layout::CLASS_WORDS,
    options::Readout,
};

impl Core {
    /// The core of a plan.
    pub fn new(plan: &Plan) -> Self {
        Core::fed(plan, false)
    }

    /// The core of a plan. `held`: a word of a cue stays where it is in the cycle after it was taken.
    pub fn fed(plan: &Plan, held: bool) -> Self {
        let (lanes, banks, loads) = (plan.lanes(), plan.parallel, usize::from(plan.loadable));
        let votes = plan.readout == Readout::Vote;
        let [rows, last_bank, reach, max_steps, fixed] = sizes(plan);
        // from the cycle in which the nearest pattern's row is asked for to the one in which it reaches `pick`, less the cycle that
        // the lanes' copy of `capture` takes
        let ranked = usize::from(plan.ranked());
        let searches = !votes && !plan.ranked();
        // a list fetches rows that are read back alone
        let fetched_lists = if plan.loadable { ranked } else { 0 };
        let fetches = if searches || fetched_lists > 0 { 2 + plan.row_latency() } else { 0 };
        // where words of an answer go another way than those of a cue
        let leaving = !plan.wide() && (plan.state_words() > lanes || plan.sequences());
        let wide = usize::from(plan.wide());
        let wide_searches = if searches { wide } else { 0 };
        let counts = Counts {
            groups: plan.group_room,
            banks,
            lanes: plan.words(),
            beat_words: wide * lanes,
            beat_votes: plan.votes_in_beats(),
            planes: plan.planes,
            fold: plan.fold,
            loadable: plan.loadable,
            lean: plan.lean(),
            answer_words: plan.answer_words(),
            value_words: if plan.loadable { plan.value_lanes() } else { 0 },
            single: searches || !plan.kinds.answers_keys(),
            choice: plan.chooses().then(|| Choice {
                value_words: plan.valued().then(|| plan.value_lanes()),
                class_words: CLASS_WORDS,
                mixes: plan.feeds_back(),
            }),
            ranks: if plan.ranked() { plan.max_steps as usize } else { 0 },
            sequence: plan.sequences(),
            leaving,
            tells_unknown: plan.tells_unknown,
            masks: plan.masks,
            learns: plan.learns,
            cues: plan.cues,
            reviews: plan.reviews(),
            stops: plan.reviews() && !plan.requeues(),
            tells_uncertain: plan.learns && plan.classes(),
        };
        let classes = plan.classes();
        let (chooses, feeds) = (usize::from(plan.chooses()), usize::from(plan.feeds_back()));
        let longer = !plan.wide() && plan.state_words() > lanes;
        let [unknowns, values] = [plan.tells_unknown, plan.valued()].map(usize::from);
        let loaded = |n: usize| if plan.loadable { n } else { 0 };
        let learns = usize::from(plan.learns);
        let several = usize::from(plan.cues > 1);
        Core {
            more_state: (1..plan.cues).map(|_| State::new(plan, held)).collect(),
            _all_cues: several * plan.cues,
            _cues: several,
            _flushes: if plan.flushes() { plan.cues } else { 0 },
            _more: plan.cues - 1,
            _lanes_end: lanes + 1,
            _found: if votes { (plan.cues - 1) * banks } else { 0 },
            _reviews: usize::from(plan.reviews()),
            _requeues: usize::from(plan.requeues()),
            _stops: usize::from(plan.reviews() && !plan.requeues()),
            _rewinds: if plan.requeues() { banks } else { 0 },
            storing: many(learns),
            class: many(if classes { learns } else { 0 }),
            page_word: many(learns),
            grow: many(learns),
            shrink: many(learns),
            behind: many(learns),
            none: many(learns),
            last: many(learns),
            row: many(learns),
            _learns: learns,
            _learnt_keys: if classes { 0 } else { learns },
            _learnt_classes: if classes { learns } else { 0 },
            cold: many(loads),
            load_words: many(loads),
            load_row: many(loads),
            load_kernel: many(loads),
            load_threshold: many(loads),
            load_size: many(loads),
            load_bank: many(loads),
            load_address: many(loads),
            load_data: many(loads),
            read_row: many(loads),
            read_kernel: many(loads),
            read_threshold: many(loads),
            read_data: many(loads),
            sequencer: Sequencer::new(counts),
            scan: Scan::new(plan),
            vote: votes.then(|| Vote::new(plan)).into_iter().collect(),
            ranks: plan.ranked().then(|| Ranks::new(plan)).into_iter().collect(),
            _ranked: ranked,
            _classed: usize::from(plan.listed_classes > 0),
            _ranked_unknowns: ranked * unknowns,
            state: State::new(plan, held),
            sizes: plan.loadable.then(|| Sizes::new(plan)).into_iter().collect(),
            row_asked: many(loads),
            row_late: many(2 * loads * wide),
            _row_late: loads * wide,
            load_values: many(usize::from(plan.has_other_values())),
            _other_values: usize::from(plan.has_other_values()),
            _stored_words: loaded(plan.value_lanes()),
            _loaded_masks: loaded(usize::from(plan.masks && !plan.wide())),
            recall: many(learns),
            beats: plan.wide().then(|| Beats::new(plan)).into_iter().collect(),
            beat: many(wide),
            _wide: wide,
            _wide_votes: usize::from(votes && plan.votes_in_beats()),
            _wide_searches: wide_searches,
            _wide_loads: loads * wide_searches,
            _beat_lanes: wide * lanes,
            load_value: many(loaded(values)),
            read_value: many(loaded(values)),
            value_asked: many(loaded(values)),
            load_radius: many(loaded(unknowns)),
            radius: (0..unknowns).map(|_| Radius::new(plan)).collect(),
            fetch: many(fetches),
            fetching: many(fetches + 1),
            bank_width: constant(banks.trailing_zeros() as usize),
            bank_mask: constant(banks - 1),
            built_rows: constant(if plan.learns { 0 } else { rows.into() }),
            built_bank: constant(last_bank.into()),
            built_reach: constant(reach.into()),
            built_steps: constant(max_steps.into()),
            built_mode: Constant::new(fixed & 1 == 0),
            _masks: usize::from(plan.masks),
            _masked_lanes: usize::from(plan.masks) * lanes,
            _follows: usize::from(plan.masks && plan.picks()),
            _gaps: usize::from(plan.masks && plan.counts_steps()),
            _partials: usize::from(plan.masks && (plan.counts_steps() || plan.wide())),
            _lanes: lanes,
            _banks: banks,
            _banks_end: banks + 1,
            _chosen: usize::from(banks > 1 && (searches || fetched_lists > 0)),
            _fetched_lists: fetched_lists,
            _last_fetch: fetches.saturating_sub(1),
            _columns: match (plan.valued(), votes) {
                _ if plan.ranked() => loads * ranked * lanes,
                (true, _) if classes && !plan.chooses() => 0,
                (true, _) => plan.value_lanes(),
                (false, _) => lanes.div_ceil(plan.fold),
            },
            _keys: usize::from(!plan.valued()),
            _values: usize::from(plan.valued()),
            _rankings: usize::from(classes),
            _class_words: if classes && !plan.chooses() { CLASS_WORDS } else { 0 },
            kind: HeldKind::of(plan).into_iter().collect(),
            key_end: (0..feeds).map(|_| constant(plan.last_word().into())).collect(),
            _chooses: chooses,
            _chosen_ranks: if classes { chooses } else { 0 },
            _chosen_words: CLASS_WORDS,
            _feeds: feeds,
            _keyed: if longer { feeds } else { 0 },
            _last_key: lanes - 1,
            _leaves: usize::from(leaving),
            _unknowns: unknowns,
            _resets: usize::from(classes),
            _loaded_values: loaded(values),
            _loaded_unknowns: loaded(unknowns),
            _key_words: lanes,
            _value_words: plan.value_lanes(),
            _said_words: if plan.chooses() { plan.value_lanes() } else { plan.answer_words() },
            _captured_words: if plan.valued() { plan.captured_words() } else { 0 },
            _votes: usize::from(votes),
            _fetches: fetches,
            _fetch_end: if searches { fetches + 1 } else { 0 },
            _loads: loads,
            _loaded_votes: usize::from(plan.loadable && votes),
            ..Default::default()
        }
    }
}
