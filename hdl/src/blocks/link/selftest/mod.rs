//! The self-test on the chip: recalls the board's own patterns under noise and counts what comes of it.
//!
//! ```text
//! wiping -> asking -> fetching -> reading -> holding -> mixing -> offering -> pausing -> waiting
//!             ^                     ^------------- lane by lane -------'                    |
//!             |                  reading -> comparing -> checking  <------------------------'
//!             |                     ^------- lane by lane ---'  '-> telling -> tallying -> over
//!             '---------------------------------------------------------------------'
//! ```
//!
//! Only where a pattern is its own answer is that compared with it: of other kinds, its ones are counted. Every answer of a sequence is
//! waited for as the first one is, and the recall is counted after the last.
//!
//! `docs/src/reference/protocol.md` says what is counted; [`Counters`] counts, and keeps the pattern's words.

mod run;

use super::{counters::Counters, noise::Noise};
use crate::blocks::{kind::HeldKind, prelude::*};
use crate::contents::{Plan, sizes};
use hopgate_model::kind::Kind;
use hopgate_wire::page::{MOST_COUNTED_STEPS, counter};

/// Recalls and counts.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct SelfTest {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Hold everything; the counters are cleared.
    pub reset: Signal<In, Bit>,
    /// The device was just configured.
    pub cold: Signal<In, Bit>,
    /// Take a word of the request: recalls, first pattern, flips, the seed's two.
    pub fill: Signal<In, Bit>,
    /// The word.
    pub word: Signal<In, Bits<16>>,
    /// The request's numbers are out of range, three cycles after the last of them.
    pub beyond: Signal<Out, Bit>,
    /// Begin.
    pub start: Signal<In, Bit>,
    /// The core's streams and memories are the test's, from the second cycle after `start` on.
    pub running: Signal<Out, Bit>,
    /// It is over.
    pub over: Signal<Out, Bit>,
    /// A size of the core's memory is written.
    pub load_size: Signal<In, Bit>,
    /// Which; and, between tests, the counter that is read.
    pub place: Signal<In, Index>,
    /// The counter, a cycle later.
    pub counter: Signal<Out, Bits<16>>,
    /// The core takes a word.
    pub in_ready: Signal<In, Bit>,
    /// The core has a word.
    pub out_valid: Signal<In, Bit>,
    /// The word.
    pub out_data: Signal<In, Bits<16>>,
    /// A word of a cue.
    pub in_valid: Signal<Out, Bit>,
    /// The word.
    pub in_data: Signal<Out, Bits<16>>,
    /// A word of the core's is taken.
    pub out_ready: Signal<Out, Bit>,
    /// The core's next answer is the row of this bank and address.
    pub read_row: Signal<Out, Bit>,
    /// The bank.
    pub bank: Signal<Out, Bits<2>>,
    /// The address.
    pub address: Signal<Out, Index>,
    counters: Counters,
    /// A test begins.
    starting: Register<Bit>,
    /// It runs.
    busy: Register<Bit>,
    /// A pattern is asked for.
    asking: Register<Bit>,
    /// Its words come.
    fetching: Register<Bit>,
    /// A word of it is read from the store.
    reading: Register<Bit>,
    /// It is there: a cue is made of it.
    holding: Register<Bit>,
    /// Neurons are flipped, one a cycle.
    mixing: Register<Bit>,
    /// The core takes the word.
    offering: Register<Bit>,
    /// The first cycle after a cue.
    pausing: Register<Bit>,
    /// The second.
    paused: Register<Bit>,
    /// The third.
    poised: Register<Bit>,
    /// The fourth: the first cycle of a step is the third after the cue's last word, and its end is seen three cycles later.
    set_off: Register<Bit>,
    /// The core recalls.
    waiting: Register<Bit>,
    /// A word of the answer is taken, and compared.
    comparing: Register<Bit>,
    /// Neurons that differ are counted.
    checking: Register<Bit>,
    /// Steps.
    telling_steps: Register<Bit>,
    /// Nearest pattern.
    telling_nearest: Register<Bit>,
    /// Distance.
    telling_distance: Register<Bit>,
    /// The recall is counted: one bit for each counter that may want it, and one to go on.
    tallying: Register<Bits<6>>,
    /// The next of them is known, and whether it wants one more.
    tally_known: Register<Bit>,
    tally_wanted: Register<Bit>,
    /// The end.
    ending: Register<Bit>,
    /// Flips a word's neurons.
    noise: Noise,
    /// Cycles, of which every eighth is counted.
    eighth: Register<Bits<3>>,
    /// The request.
    recalls: Register<Bits<16>>,
    pattern: Register<Bits<16>>,
    flips: Register<Bits<16>>,
    none: Register<Bit>,
    outside: Register<Bit>,
    loud: Register<Bit>,
    bad: Register<Bit>,
    final_recall: Register<Bit>,
    final_pattern: Register<Bit>,
    /// The last pattern's group, and its place there.
    last_group: Register<Bits<16>>,
    last_place: Register<Bits<2>>,
    lane: Register<Bits<7>>,
    final_lane: Register<Bit>,
    turn: Register<Bits<5>>,
    answered: Register<Bit>,
    shift: Register<Bits<16>>,
    clean: Register<Bit>,
    seen: Register<Bit>,
    inexact: Register<Bit>,
    converged: Register<Bit>,
    found: Register<Bit>,
    steps: Register<Bits<8>>,
    last: Signal<Local, Bits<16>>,
    counting: Signal<Local, Bit>,
    mixed: Signal<Local, Bit>,
    checked: Signal<Local, Bit>,
    tallied: Signal<Local, Bit>,
    passing: Signal<Local, Bit>,
    turned: Signal<Local, Bit>,
    eight_passed: Signal<Local, Bit>,
    woken: Signal<Local, Bit>,
    bump: Signal<Local, Bit>,
    which: Signal<Local, Bits<8>>,
    here: Signal<Local, Bits<8>>,
    bank_bits: Constant<Bits<16>>,
    bank_mask: Constant<Bits<16>>,
    last_lane: Constant<Bits<7>>,
    nothing: Literal<16, 0>,
    one_word: Literal<16, 1>,
    one_lane: Literal<7, 1>,
    one_turn: Literal<5, 1>,
    top: Literal<16, 0x8000>,
    first_group: Constant<Bits<16>>,
    first_place: Constant<Bits<2>>,
    group_size: Literal<3, 0>,
    place_size: Literal<3, 1>,
    first_tally: Literal<6, 1>,
    no_tally: Literal<6, 0>,
    recalls_spot: Literal<8, { counter::RECALLS }>,
    exact_spot: Literal<8, { counter::EXACT }>,
    wrong_spot: Literal<8, { counter::WRONG_NEURONS }>,
    unsettled_spot: Literal<8, { counter::NOT_CONVERGED }>,
    nearest_spot: Literal<8, { counter::NEAREST }>,
    cycles_spot: Literal<8, { counter::CYCLES }>,
    steps_spot: Literal<8, { counter::STEPS }>,
    most_spot: Literal<8, { counter::STEPS + 2 * MOST_COUNTED_STEPS }>,
    one_cycle: Literal<3, 1>,
    last_cycle: Literal<3, 7>,
    /// Where an answer has another number of words than a cue.
    last_answer: Vec<Constant<Bits<7>>>,
    /// Of a sequence: every step's answer leaves, and the last one is that of the most steps.
    steps_size: Vec<Literal<3, 3>>,
    first_steps: Vec<Constant<Bits<8>>>,
    max_steps: Vec<Register<Bits<8>>>,
    final_answer: Vec<Register<Bit>>,
    _others: usize,
    _sequences: usize,
    _ones: usize,
    /// Where memories of several kinds can be loaded: which it is,
    kind: Vec<HeldKind>,
    /// whether its answers are other things than patterns,
    other: Vec<Signal<Local, Bit>>,
    /// and the last word of an answer that is no state.
    lasts: Vec<Constant<Bits<7>>>,
    _chooses: usize,
    _chosen_words: usize,
    _chosen_sequences: usize,
    /// Where the core takes a mask: the words of one in which all is known.
    knowing: Vec<Register<Bit>>,
    all_known: Literal<16, 0xffff>,
    _masks: usize,
}

impl SelfTest {
    /// For the core of a plan.
    pub fn new(plan: &Plan) -> Self {
        let [groups, banks, _, steps, _] = sizes(plan);
        let (chooses, sequences) = (usize::from(plan.chooses()), usize::from(plan.sequences()));
        let others = if plan.chooses() { 0 } else { usize::from(plan.answer_words() != plan.lanes()) };
        // where values are apart from the keys, by the kind of the memory: of a value, and of a class
        let lasts = [Kind::Map, Kind::Class].map(|kind| constant(plan.answer_words_of(kind) - 1));
        SelfTest {
            counters: Counters::new(),
            last_answer: (0..others).map(|_| constant(plan.answer_words() - 1)).collect(),
            steps_size: many(sequences),
            first_steps: (0..sequences).map(|_| constant(steps.into())).collect(),
            max_steps: many(sequences),
            final_answer: many(sequences),
            _others: others,
            _sequences: sequences,
            _ones: usize::from(!plan.chooses() && plan.kind != Kind::Auto),
            kind: HeldKind::of(plan).into_iter().collect(),
            other: many(chooses),
            lasts: if plan.chooses() && plan.valued() { lasts.to_vec() } else { vec![] },
            _chooses: chooses,
            _chosen_words: if plan.valued() { chooses } else { 0 },
            _chosen_sequences: chooses * sequences,
            knowing: many(usize::from(plan.masks)),
            _masks: usize::from(plan.masks),
            bank_bits: constant(plan.parallel.ilog2() as usize),
            bank_mask: constant(plan.parallel - 1),
            last_lane: constant(plan.lanes() - 1),
            first_group: constant(groups.into()),
            first_place: constant(banks.into()),
            ..Default::default()
        }
    }
}
