//! What a sequencer counts, and the sequencer that is made for it.

use super::{MAX_BANKS, Sequencer, WORD_BITS, arrive::Arrive, leave::Leave};
use crate::{blocks::prelude::*, cycles};

/// What a sequencer's loops count.
#[derive(Clone, Copy, Debug)]
pub struct Counts {
    /// Groups of rows to scan, at most.
    pub groups: usize,
    /// Rows in a group.
    pub banks: usize,
    /// Words of a cue.
    pub lanes: usize,
    /// Where rows are read in beats: lanes; else 0.
    pub beat_words: usize,
    /// Whether beats vote in turn.
    pub beat_votes: bool,
    /// Planes, slots of a queued pattern.
    pub planes: usize,
    /// Slots of lanes that share the accumulators.
    pub fold: usize,
    /// Whether rows can be fetched.
    pub loadable: bool,
    /// Whether cells are scarcer than time.
    pub lean: bool,
    /// Words of an answer; of a list one where each pattern has a class, or none.
    pub answer_words: usize,
    /// Words of the answers of the kinds that a memory can be of, where there are several: of a value, and of a class. Else none.
    pub choice: Option<Choice>,
    /// Words of a row of values that can be fetched.
    pub value_words: usize,
    /// Whether a recall has one step.
    pub single: bool,
    /// Whether every step's answer leaves the core.
    pub sequence: bool,
    /// Whether words of an answer go another way than those of a cue.
    pub leaving: bool,
    /// Whether it is said that an answer is not known.
    pub tells_unknown: bool,
    /// Whether the mask of a cue follows it.
    pub masks: bool,
    /// Whether patterns are stored.
    pub learns: bool,
    /// Cues that share a scan.
    pub cues: usize,
    /// Whether later steps may come from the queue.
    pub reviews: bool,
    /// Whether a recall stops there instead.
    pub stops: bool,
    /// Whether it is said that several classes are near.
    pub tells_uncertain: bool,
    /// Where the answer is a list, the patterns of it, at most: each is found in a pass over the queue, and leaves before the next one. Else 0.
    pub ranks: usize,
}

/// What a core does that takes memories of several kinds.
#[derive(Clone, Copy, Debug)]
pub struct Choice {
    /// Words of a value, where there are values.
    pub value_words: Option<usize>,
    /// Words of what is said of classes.
    pub class_words: usize,
    /// Whether an answer can be a state where there are values: one memory has a step, another several.
    pub mixes: bool,
}

/// What a counter of so many words begins with: it runs down from two less than their number, to -1, which is the last word.
pub(super) fn more(words: usize) -> Constant<Bits<WORD_BITS>> {
    constant((words + (1 << WORD_BITS) - 2) % (1 << WORD_BITS))
}

/// The bit that says that it is there: the first one that two less than their number does not need.
pub(super) fn sign(words: usize) -> Constant<Bits<4>> {
    constant((usize::BITS - words.saturating_sub(2).leading_zeros()) as usize)
}

impl Sequencer {
    /// For these counts.
    pub fn new(counts: Counts) -> Self {
        let Counts { groups, banks, lanes, planes, fold, loadable, lean, answer_words, single, .. } = counts;
        let [leaves, unknowns, others, sequences] =
            [counts.leaving, counts.tells_unknown, answer_words != lanes && counts.ranks == 0, counts.sequence]
                .map(usize::from);
        let ranked = usize::from(counts.ranks > 0);
        let classed = if answer_words > 0 { ranked } else { 0 };
        let [chooses, mixes, chosen] = [
            counts.choice.is_some(),
            counts.choice.is_some_and(|choice| choice.mixes),
            counts.choice.is_some_and(|choice| choice.value_words.is_some()),
        ]
        .map(usize::from);
        let others = if chooses > 0 { 0 } else { others };
        let said = counts.choice.and_then(|choice| choice.value_words.map(|value| value.max(choice.class_words)));
        let values = usize::from(counts.value_words > 0);
        let masks = usize::from(counts.masks);
        let wide = usize::from(counts.beat_words > 0);
        let lines = if loadable { wide } else { 0 };
        let deep = usize::from(!lean);
        assert!((1..=MAX_BANKS).contains(&banks) && (1..=4).contains(&fold));
        // a list has one queue for all banks, which a pointer walks through, and no weights
        let counted = deep - ranked;
        let (queues, planes) = if ranked > 0 { (1, 1) } else { (banks, planes) };
        let [shared, folded, several] = [queues, fold, planes].map(|n| usize::from(n > 1));
        let [reviews, stops] = [counts.reviews, counts.stops].map(usize::from);
        let requeues = reviews - stops;
        let cues = usize::from(counts.cues > 1);
        let [learns, uncertains] = [counts.learns, counts.tells_uncertain].map(usize::from);
        Sequencer {
            ranks: many(chooses),
            keyed: many(chooses),
            sequential: many(chooses),
            more_maps: (0..chosen).map(|_| more(counts.choice.and_then(|c| c.value_words).unwrap_or(0))).collect(),
            more_classes: (0..chosen).map(|_| more(counts.choice.map_or(0, |c| c.class_words))).collect(),
            _chooses: chooses,
            _mixes: mixes,
            _chosen_sequences: chooses * sequences,
            _chosen_words: chosen,
            there: many(ranked),
            more_ranks: many(ranked),
            rank_mask: (0..ranked).map(|_| constant((counts.ranks + 1).next_power_of_two() - 1)).collect(),
            _ranked: ranked,
            class: many(classed),
            nearer: many(ranked),
            place: many(ranked),
            taken: many(ranked),
            found_by: many(ranked),
            base: many(ranked),
            step: many(ranked),
            back: (0..ranked).map(|_| constant((1 << INDEX_BITS) - cycles::filter(banks))).collect(),
            _classed: classed,
            row_settled: many(if loadable { ranked } else { 0 }),
            _fetched_lists: if loadable { ranked } else { 0 },
            missed: many(reviews),
            renew: many(reviews),
            reviewing: many(reviews),
            own: many(cues * counts.cues),
            ring: many(cues * counts.cues),
            move_on: many(cues * counts.cues),
            leaves: many(cues * counts.cues),
            part: many(cues * (counts.cues - 1)),
            takes_part: many(cues * (counts.cues - 1)),
            shared: many(cues),
            arrive: (0..cues).map(|_| Arrive::new(counts.cues, lanes)).collect(),
            leave: (0..cues).map(|_| Leave::new(counts.cues, answer_words, counts.tells_unknown)).collect(),
            begins: many(cues),
            taking: many(1 - cues),
            showing: many(1 - cues),
            _alone: 1 - cues,
            final_cue: many(cues),
            _all_cues: cues * counts.cues,
            _last_cue: cues * (counts.cues - 1),
            _said_unknowns: cues * unknowns,
            _cues: cues,
            held: many(stops),
            rewind: many(requeues * banks),
            renewing: many(reviews),
            reading: many(requeues),
            reviews: many(reviews),
            reviewed: many(requeues),
            queue_ends: many(requeues),
            turn_of: (0..requeues * (banks - 1)).map(constant).collect(),
            _reviews: reviews,
            _rewinds: requeues * (banks - 1),
            _reviewed_banks: requeues * shared,
            _requeues: requeues,
            _stops: stops,
            _reviewed_planes: requeues * several,
            learning: many(learns),
            near: many(learns),
            uncertain: many(uncertains),
            marks: many(learns),
            near_flag: many(learns),
            uncertain_flag: many(uncertains),
            _learns: learns,
            _uncertains: uncertains,
            unknown: many(unknowns),
            leaving: many(leaves),
            more_answers: (0..others).map(|_| more(answer_words)).collect(),
            unknown_flag: many(unknowns),
            mask_enable: many(masks),
            mask_loads: many(masks),
            masking: many(masks),
            final_word: many(masks),
            mask_open: many(masks),
            mask_turn: many(masks),
            released: many(masks),
            ending: many(wide),
            beat_clear: many(wide),
            beat_on: many(wide),
            storing: many(wide),
            more_lanes: (0..lines).map(|_| more(counts.beat_words)).collect(),
            _wide: wide,
            _wide_votes: usize::from(counts.beat_votes),
            _lines: lines,
            _masks: masks,
            _masked_folds: masks * folded,
            _leaves: leaves,
            _others: others,
            _unknowns: unknowns,
            more_steps: many(sequences),
            _sequences: sequences,
            of_values: many(values),
            more_values: (0..values).map(|_| more(counts.value_words)).collect(),
            _values: values,
            wiping: many(folded),
            rows_left: many(deep),
            entries_left: many(counted),
            slots: many(several),
            banks: many(shared),
            turns: many(folded),
            wipes: many(folded),
            fetched: many(usize::from(loadable)),
            rowing: many(usize::from(loadable)),
            // a row may have another number of words than a cue
            _lengths: if loadable { wide.max(values) } else { 0 },
            recall: many(learns),
            // the counters hold -1..=groups-1: the first bit that groups-1 does not need is the sign
            row_sign: constant((usize::BITS - (groups - 1).leading_zeros()) as usize),
            more_words: more(lanes),
            word_sign: sign(lanes.max(answer_words).max(counts.value_words).max(said.unwrap_or(0))),
            last_plane: constant(planes - 1),
            _fetches: usize::from(loadable),
            last_bank: constant(queues - 1),
            last_turn: constant(fold - 1),
            // as many bits as count all of a queue
            entry_mask: constant((groups + 1).next_power_of_two() - 1),
            yes: Constant::new(true),
            single: Constant::new(single),
            _lean: usize::from(lean),
            _deep: deep,
            _counted: counted,
            _compared: usize::from(lean) * shared,
            _shared: shared,
            _folded: folded,
            _planes: several,
            ..Default::default()
        }
    }
}
