//! The state: a word a lane, moved on by the streams and at the end of a step.
//!
//! Words of a cue enter at the last lane and leave at the first. Where an answer is no state, its words take the place of the cue when
//! there are, and leave in the same way; there are as many lanes as the longer of both has words. Where bits of a cue can be unknown, words
//! come through the places of the mask.
//!
//! Where a row is read in beats, the words of a lane are in RAM: those of a stream come and go one lane after the other.

mod moves;

use super::{lane::Lane, lane_ram::LaneRam, mask::Mask, mask_ram::MaskRam};
use crate::{
    blocks::{Beat, prelude::*},
    contents::Plan,
};

/// The lanes, and whether a step changed any.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct State {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// A step begins: nothing has moved.
    pub start: Signal<In, Bit>,
    /// In the next cycle, states shift by a lane: `data`, as it was when it was taken, becomes the last one's.
    pub shift: Signal<In, Bit>,
    /// Where unknown bits are looked for: in this one they do.
    pub shifts: Vec<Signal<In, Bit>>,
    /// The stream's word.
    pub data: Signal<In, Bits<16>>,
    /// States of this slot's lanes become what was voted.
    pub capture: Signal<In, Bit>,
    /// The slot.
    pub turn: Signal<In, Bits<2>>,
    /// A word for each column of lanes.
    pub voted: Vec<Signal<In, Bits<16>>>,
    /// Where words of an answer go another way than those of a cue: words leave.
    pub leaving: Vec<Signal<In, Bit>>,
    /// Where a state and values leave: words of a state do, the cue's lanes alone.
    pub keyed: Vec<Signal<In, Bit>>,
    /// Where bits of a cue can be unknown: a mask takes something else,
    pub mask_enable: Vec<Signal<In, Bit>>,
    /// in the phase of words that come (heeded only where a mask follows `everyone`),
    pub mask_loads: Vec<Signal<In, Bit>>,
    /// else this.
    pub everyone: Vec<Signal<In, Bit>>,
    /// Where another memory can be loaded: words of a row come, without a mask.
    pub rowing: Vec<Signal<In, Bit>>,
    /// Where a row of values has another number of words than one of keys: words of one come.
    pub of_values: Vec<Signal<In, Bit>>,
    /// Words of the mask come, those of the cue are there (heeded only where steps are counted).
    pub masking: Vec<Signal<In, Bit>>,
    /// The last of them.
    pub final_word: Vec<Signal<In, Bit>>,
    /// Where a row is read in beats: a word of a cue comes,
    pub storing: Vec<Signal<In, Bit>>,
    /// into the word of this beat,
    pub beat: Vec<Signal<In, Beat>>,
    /// the last one of a row,
    pub ending: Vec<Signal<In, Bit>>,
    /// of this lane.
    pub at: Vec<Signal<In, Bit>>,
    /// The word that is read.
    pub look: Vec<Signal<In, Beat>>,
    /// That of the lane whose word moves.
    pub said: Vec<Signal<Out, Bits<16>>>,
    /// The mask, a word a lane, inverted.
    pub skip: Vec<Signal<Out, Bits<16>>>,
    /// The state, a word a lane.
    pub word: Vec<Signal<Out, Bits<16>>>,
    /// Where rows of values are loaded: the words of one that came, or was fetched.
    pub value: Vec<Signal<Out, Bits<16>>>,
    /// A step has changed a lane.
    pub moved: Signal<Out, Bit>,
    lane: Vec<Lane>,
    ram: Vec<LaneRam>,
    mask_ram: Vec<MaskRam>,
    chosen: Vec<Signal<Local, Bits<16>>>,
    mask: Vec<Mask>,
    /// The word of a stream that does not hold it.
    word_in: Vec<Register<Bits<16>>>,
    entering: Signal<Local, Bits<16>>,
    straight: Vec<Signal<Local, Bits<16>>>,
    arriving: Signal<Local, Bits<16>>,
    /// Bits of a word of the mask are unknown.
    gap: Vec<Register<Bit>>,
    /// Bits of the mask are.
    partial: Vec<Register<Bit>>,
    used: Vec<Constant<Bits<16>>>,
    /// Bits of words that the last lane does not use.
    rest: Vec<Constant<Bits<16>>>,
    ones: Literal<16, 0xffff>,
    any_moved: Register<Bit>,
    any: Signal<Local, Bit>,
    captured: Vec<Signal<Local, Bit>>,
    slot: Vec<Constant<Bits<2>>>,
    _words: usize,
    _lanes: usize,
    /// Those in which a state can move.
    _moving: usize,
    _keyed: usize,
    _last_lane: usize,
    _columns: usize,
    _fold: usize,
    _fold_end: usize,
    _full: usize,
    _rest: usize,
    _answers: usize,
    _longer: usize,
    _rotates: usize,
    _last_word: usize,
    _cue_words: usize,
    _masked_lanes: usize,
    _masked_last: usize,
    _masks: usize,
    _follows: usize,
    _partials: usize,
    _rows: usize,
    _other_values: usize,
    _value_end: usize,
    _short_key: usize,
    _short_key_end: usize,
    _loaded_values: usize,
    _value_lanes: usize,
    _wide: usize,
    _rams: usize,
    _first_idle: usize,
    _idle_end: usize,
    _wide_masks: usize,
    _mask_rams: usize,
    _wide_follows: usize,
    _chained: usize,
    _captures: usize,
}

impl State {
    /// The state of a plan's core. `held`: a word of a cue stays where it is in the cycle after it was taken.
    pub fn new(plan: &Plan, held: bool) -> Self {
        if plan.wide() {
            return State::in_ram(plan, held);
        }
        let (keys, lanes, answers, fold) = (plan.lanes(), plan.state_words(), plan.captured_words(), plan.fold);
        let columns = answers.div_ceil(fold);
        // the words of an answer that is no state fill their lanes
        let feeds = plan.feeds_back();
        let lane = |l: usize| match plan.valued() {
            true if feeds && l == keys - 1 => Lane::keyed(plan.lane_neurons(l)),
            true => Lane::new(LANE, plan.lean()),
            false => Lane::new(plan.lane_neurons(l), plan.lean()),
        };
        let [longer, rotates] = [lanes > keys, plan.sequences()].map(usize::from);
        let masks = usize::from(plan.masks);
        // a row of values has more words than one of keys: they pass where a key's enter
        let short_key = if plan.loadable && plan.value_lanes() > keys { keys } else { 0 };
        let (rows, loaded) = if plan.loadable { (masks, plan.value_lanes()) } else { (0, 0) };
        // where rows of keys are nothing but compared, nothing else is made of a mask
        let follows = plan.masks && plan.picks();
        // where a recall has one step, nothing follows from unknown bits
        let partials = usize::from(plan.masks && plan.counts_steps());
        let used = (1 << plan.lane_neurons(keys - 1)) - 1;
        State {
            value: many(loaded),
            _loaded_values: loaded,
            of_values: many(usize::from(plan.has_other_values())),
            _other_values: usize::from(plan.has_other_values()),
            _short_key: short_key.saturating_sub(1),
            _short_key_end: short_key,
            _value_end: plan.value_lanes().saturating_sub(1),
            _value_lanes: plan.value_lanes(),
            rowing: many(rows),
            straight: many(rows),
            _rows: rows,
            mask_enable: many(masks),
            mask_loads: many(usize::from(follows)),
            everyone: many(usize::from(follows)),
            masking: many(partials),
            shifts: many(partials),
            final_word: many(partials),
            skip: many(masks * keys),
            mask: (0..masks * keys).map(|_| Mask::new(follows)).collect(),
            gap: many(partials),
            partial: many(partials),
            used: (0..partials).map(|_| constant(used)).collect(),
            rest: (0..partials).map(|_| constant(0xffff & !used)).collect(),
            _masked_lanes: masks * keys,
            _masked_last: masks * (keys - 1),
            _masks: masks,
            _follows: usize::from(follows),
            _partials: partials,
            voted: many(columns),
            leaving: many(longer.max(rotates)),
            word: many(lanes),
            lane: (0..lanes).map(lane).collect(),
            _moving: if feeds { keys } else { lanes },
            keyed: many(if feeds { longer } else { 0 }),
            _keyed: if feeds { longer } else { 0 },
            word_in: many(usize::from(!held)),
            captured: many(fold),
            slot: (0..fold).map(constant).collect(),
            _words: usize::from(!held),
            _lanes: lanes,
            _last_lane: lanes - 1,
            _columns: columns,
            _fold: fold,
            _fold_end: fold + 1,
            _full: answers / fold,
            _rest: answers % fold,
            _answers: answers,
            _longer: longer,
            _rotates: rotates,
            _last_word: keys - 1,
            _cue_words: keys,
            ..Default::default()
        }
    }
}

impl State {
    /// The same where a row is read in beats.
    fn in_ram(plan: &Plan, held: bool) -> Self {
        let lanes = plan.lanes();
        // lanes that a row's last beat has no word for are made zero with the first lane's word of every beat
        let [first_idle, idle_end] = if plan.idle_lanes() > 0 { [1, lanes] } else { [0; 2] };
        let loaded = if plan.loadable { plan.value_lanes() } else { 0 };
        let masks = usize::from(plan.masks);
        let partials = if plan.counts_steps() { masks } else { 0 };
        let follows = if plan.picks() { masks } else { 0 };
        // where an answer is no key, its words leave through a chain
        let answers = if plan.valued() { plan.captured_words() } else { 0 };
        let captures = if plan.compares() { 0 } else { lanes };
        let used = plan.last_word();
        State {
            mask_enable: many(masks),
            mask_loads: many(follows),
            everyone: many(follows),
            masking: many(masks),
            final_word: many(masks),
            skip: many(masks * lanes),
            mask_ram: (0..masks * lanes).map(|_| MaskRam::new(plan)).collect(),
            shifts: many(partials),
            gap: many(partials),
            partial: many(partials),
            used: (0..partials).map(|_| constant(used.into())).collect(),
            rest: (0..partials).map(|_| constant((!used).into())).collect(),
            _partials: partials,
            _wide_masks: masks,
            _mask_rams: masks * lanes,
            value: many(loaded),
            _loaded_values: loaded,
            of_values: many(usize::from(plan.has_other_values())),
            _other_values: usize::from(plan.has_other_values()),
            _value_end: plan.value_lanes().saturating_sub(1),
            _value_lanes: plan.value_lanes(),
            voted: many(if plan.compares() { answers } else { lanes }),
            word: many(lanes.max(answers)),
            word_in: many(usize::from(!held)),
            lane: (0..answers).map(|_| Lane::new(LANE, false)).collect(),
            captured: many(1),
            slot: vec![constant(0)],
            _lanes: answers,
            _moving: answers,
            _last_lane: answers.saturating_sub(1),
            _columns: answers,
            _fold: usize::from(answers > 0),
            _fold_end: 2 * usize::from(answers > 0),
            _full: answers,
            _answers: answers,
            _chained: answers.min(1),
            _captures: captures,
            _wide_follows: follows,
            ram: (0..lanes).map(|l| LaneRam::new(plan, l)).collect(),
            storing: many(1),
            beat: many(1),
            ending: many(1),
            at: many(lanes),
            look: many(1),
            said: many(1),
            chosen: many(1),
            _words: usize::from(!held),
            _wide: 1,
            _rams: lanes,
            _first_idle: first_idle,
            _idle_end: idle_end,
            ..Default::default()
        }
    }
}
