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
//! `docs/src/reference/protocol.md` says what is counted; [`Counters`] counts, and keeps the pattern's words.

use super::{counters::Counters, noise::Noise};
use crate::blocks::prelude::*;
use crate::contents::{Plan, sizes};
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
}

impl SelfTest {
    /// For the core of a plan.
    pub fn new(plan: &Plan) -> Self {
        let [groups, banks, ..] = sizes(plan);
        SelfTest {
            counters: Counters::new(),
            bank_bits: constant(plan.parallel.ilog2() as usize),
            bank_mask: constant(plan.parallel - 1),
            last_lane: constant(plan.lanes() - 1),
            first_group: constant(groups.into()),
            first_place: constant(banks.into()),
            ..Default::default()
        }
    }
}

impl Logic for SelfTest {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: selftest");
        self.counters.reset.next = self.reset.val();
        self.starting.d.next = self.start.val();
        self.counters.start.next = self.starting.q.val();
        comment!("the last pattern that the core holds, as the sizes that it was given say");
        if self.load_size.val() {
            if bit_cast::<3, INDEX_BITS>(self.place.val()) == self.group_size.val() {
                self.last_group.d.next = self.word.val();
            }
            if bit_cast::<3, INDEX_BITS>(self.place.val()) == self.place_size.val() {
                self.last_place.d.next = bit_cast::<2, 16>(self.word.val());
            }
        }
        if self.cold.val() {
            self.last_group.d.next = self.first_group.val();
            self.last_place.d.next = self.first_place.val();
        }
        self.last.next = (self.last_group.q.val() << self.bank_bits.val())
            | (bit_cast::<16, 2>(self.last_place.q.val()) & self.bank_mask.val());
        comment!("the request's words pass from register to register; what is asked of them is registered");
        self.none.d.next = !self.recalls.q.val().any();
        self.outside.d.next = self.pattern.q.val() > self.last.val();
        self.loud.d.next = (self.flips.q.val() >> 8).any();
        self.bad.d.next = self.none.q.val() | (self.outside.q.val() | self.loud.q.val());
        self.final_pattern.d.next = self.pattern.q.val() == self.last.val();
        self.beyond.next = self.bad.q.val();
        self.counting.next = self.counters.busy.val();
        comment!(
            "which counters want one more: a neuron that differs; eight cycles; at a recall's end, one after the other"
        );
        self.checked.next = (self.seen.q.val() & !self.counting.val()) & self.clean.q.val();
        self.turned.next = (self.seen.q.val() & !self.counting.val()) & !self.clean.q.val();
        self.tally_wanted.d.next = ((self.tallying.q.val().get_bit(0) | self.tallying.q.val().get_bit(4))
            | (self.tallying.q.val().get_bit(1) & !self.inexact.q.val()))
            | ((self.tallying.q.val().get_bit(2) & !self.converged.q.val())
                | (self.tallying.q.val().get_bit(3) & self.found.q.val()));
        self.tallied.next = self.tally_known.q.val() & !self.counting.val();
        self.tally_known.d.next = self.tallying.q.val().any() & !self.tallied.val();
        self.passing.next = self.tallied.val() & self.tallying.q.val().get_bit(5);
        self.eight_passed.next =
            (self.waiting.q.val() & !self.out_valid.val()) & (self.eighth.q.val() == self.last_cycle.val());
        self.bump.next = ((self.turned.val() & self.shift.q.val().get_bit(0)) | self.eight_passed.val())
            | (self.tallied.val() & self.tally_wanted.q.val());
        self.counters.bump.next = self.bump.val();
        self.which.next = self.wrong_spot.val();
        if self.tallying.q.val().get_bit(0) {
            self.which.next = self.recalls_spot.val();
        }
        if self.tallying.q.val().get_bit(1) {
            self.which.next = self.exact_spot.val();
        }
        if self.tallying.q.val().get_bit(2) {
            self.which.next = self.unsettled_spot.val();
        }
        if self.tallying.q.val().get_bit(3) {
            self.which.next = self.nearest_spot.val();
        }
        if self.tallying.q.val().get_bit(4) {
            self.which.next = self.steps_spot.val() | (self.steps.q.val() << 1);
            if (self.steps.q.val() >> 5).any() {
                self.which.next = self.most_spot.val();
            }
        }
        if self.waiting.q.val() {
            self.which.next = self.cycles_spot.val();
        }
        self.counters.which.next = self.which.val();
        comment!("the counters are cleared, then recall after recall; each begins with its pattern's words");
        self.busy.d.next = self.starting.q.val() | (self.busy.q.val() & !self.ending.q.val());
        self.asking.d.next =
            (self.counters.wiped.val() & self.busy.q.val()) | (self.passing.val() & !self.final_recall.q.val());
        self.woken.next =
            (self.waiting.q.val() & self.out_valid.val()) & !(self.counters.begun.val() | self.counting.val());
        self.fetching.d.next =
            self.asking.q.val() | (self.fetching.q.val() & !(self.out_valid.val() & self.final_lane.q.val()));
        comment!("a word of the cue: neurons are flipped while it turns once; the last one starts the recall");
        self.reading.d.next = ((self.fetching.q.val() & (self.out_valid.val() & self.final_lane.q.val()))
            | (self.offering.q.val() & (self.in_ready.val() & !self.final_lane.q.val())))
            | (self.woken.val() | (self.checked.val() & !self.final_lane.q.val()));
        self.holding.d.next = self.reading.q.val() & !self.answered.q.val();
        self.mixed.next = self.turn.q.val().get_bit(4) & self.turn.q.val().get_bit(1);
        self.noise.advance.next = self.mixing.q.val() & !self.turn.q.val().get_bit(4);
        self.noise.flips.next = bit_cast::<8, 16>(self.flips.q.val());
        self.noise.fill.next = self.fill.val();
        self.noise.word.next = self.word.val();
        self.noise.start.next = self.starting.q.val();
        self.mixing.d.next = self.holding.q.val() | (self.mixing.q.val() & !self.mixed.val());
        self.offering.d.next =
            (self.mixing.q.val() & self.mixed.val()) | (self.offering.q.val() & !self.in_ready.val());
        self.pausing.d.next = self.offering.q.val() & (self.in_ready.val() & self.final_lane.q.val());
        self.paused.d.next = self.pausing.q.val();
        self.poised.d.next = self.paused.q.val();
        self.set_off.d.next = self.poised.q.val();
        self.waiting.d.next = self.set_off.q.val() | (self.waiting.q.val() & !self.woken.val());
        comment!("a word of the answer, then the three that follow");
        self.comparing.d.next =
            (self.reading.q.val() & self.answered.q.val()) | (self.comparing.q.val() & !self.out_valid.val());
        self.checking.d.next =
            (self.comparing.q.val() & self.out_valid.val()) | (self.checking.q.val() & !self.checked.val());
        self.telling_steps.d.next =
            (self.checked.val() & self.final_lane.q.val()) | (self.telling_steps.q.val() & !self.out_valid.val());
        self.telling_nearest.d.next = (self.telling_steps.q.val() & self.out_valid.val())
            | (self.telling_nearest.q.val() & !self.out_valid.val());
        self.telling_distance.d.next = (self.telling_nearest.q.val() & self.out_valid.val())
            | (self.telling_distance.q.val() & !self.out_valid.val());
        if self.tallied.val() {
            self.tallying.d.next = self.tallying.q.val() << 1;
        }
        if self.telling_distance.q.val() & self.out_valid.val() {
            self.tallying.d.next = self.first_tally.val();
        }
        self.ending.d.next = self.passing.val() & self.final_recall.q.val();
        if self.counters.stored.val() & self.tallying.q.val().get_bit(1) {
            self.final_recall.d.next = self.counters.sum.val() == self.recalls.q.val();
        }
        comment!("which lane, and whether it is the last");
        if self.asking.q.val() | self.pausing.q.val() {
            self.lane.d.next = 0.into();
        } else {
            if (self.fetching.q.val() & self.out_valid.val())
                | ((self.offering.q.val() & self.in_ready.val()) | self.checked.val())
            {
                self.lane.d.next = self.lane.q.val() + self.one_lane.val();
                if self.final_lane.q.val() {
                    self.lane.d.next = 0.into();
                }
            }
        }
        self.final_lane.d.next = self.lane.q.val() == self.last_lane.val();
        self.answered.d.next = (self.answered.q.val() | self.pausing.q.val()) & !self.asking.q.val();
        comment!("the word in work: flipped and turned, or what differs, shifted out");
        self.turn.d.next = 0.into();
        if self.mixing.q.val() {
            self.turn.d.next = self.turn.q.val() + self.one_turn.val();
        }
        self.clean.d.next = !self.shift.q.val().any();
        self.seen.d.next = self.checking.q.val() & !(self.seen.q.val() & !self.counting.val());
        if self.noise.ready.val() | self.turned.val() {
            self.shift.d.next = self.shift.q.val() >> 1;
            if self.noise.ready.val() & (self.shift.q.val().get_bit(0) ^ self.noise.flip.val()) {
                self.shift.d.next = (self.shift.q.val() >> 1) | self.top.val();
            }
        }
        if self.holding.q.val() {
            self.shift.d.next = self.counters.data.val();
        }
        if self.comparing.q.val() {
            self.shift.d.next = self.counters.data.val() ^ self.out_data.val();
        }
        comment!("what there is to say of a recall");
        self.inexact.d.next =
            (self.inexact.q.val() | (self.turned.val() & self.shift.q.val().get_bit(0))) & !self.asking.q.val();
        if self.telling_steps.q.val() {
            self.steps.d.next = bit_cast::<8, 16>(self.out_data.val());
            self.converged.d.next = self.out_data.val().get_bit(15);
        }
        if self.telling_nearest.q.val() {
            self.found.d.next = self.out_data.val() == self.pattern.q.val();
        }
        if self.waiting.q.val() & !self.out_valid.val() {
            self.eighth.d.next = self.eighth.q.val() + self.one_cycle.val();
        }
        if self.starting.q.val() {
            self.eighth.d.next = 0.into();
        }
        if self.passing.val() {
            self.pattern.d.next = self.pattern.q.val() + self.one_word.val();
            if self.final_pattern.q.val() {
                self.pattern.d.next = self.nothing.val();
            }
        }
        if self.fill.val() {
            self.flips.d.next = self.noise.passed.val();
            self.pattern.d.next = self.flips.q.val();
            self.recalls.d.next = self.pattern.q.val();
        }
        comment!("the pattern's words as they come; what is read is one of them, or between tests a counter");
        self.here.next = bit_cast::<8, 7>(self.lane.q.val());
        if !self.busy.q.val() {
            self.here.next = bit_cast::<8, INDEX_BITS>(self.place.val());
        }
        self.counters.place.next = self.here.val();
        self.counters.keeping.next = self.fetching.q.val();
        self.counters.keep.next = self.fetching.q.val() & self.out_valid.val();
        self.counters.lane.next = self.lane.q.val();
        self.counters.word.next = self.out_data.val();
        self.counter.next = self.counters.data.val();
        comment!("to the core");
        self.in_valid.next = self.offering.q.val();
        self.in_data.next = self.shift.q.val();
        self.out_ready.next = (self.fetching.q.val() | self.comparing.q.val())
            | (self.telling_steps.q.val() | (self.telling_nearest.q.val() | self.telling_distance.q.val()));
        self.read_row.next = self.asking.q.val();
        self.bank.next = bit_cast::<2, 16>(self.pattern.q.val() & self.bank_mask.val());
        self.address.next = bit_cast::<INDEX_BITS, 16>(self.pattern.q.val() >> self.bank_bits.val());
        self.running.next = self.busy.q.val();
        self.over.next = self.ending.q.val();
        if self.reset.val() {
            self.starting.d.next = false;
            self.busy.d.next = false;
            self.asking.d.next = false;
            self.fetching.d.next = false;
            self.reading.d.next = false;
            self.holding.d.next = false;
            self.mixing.d.next = false;
            self.offering.d.next = false;
            self.pausing.d.next = false;
            self.paused.d.next = false;
            self.poised.d.next = false;
            self.set_off.d.next = false;
            self.waiting.d.next = false;
            self.comparing.d.next = false;
            self.checking.d.next = false;
            self.telling_steps.d.next = false;
            self.telling_nearest.d.next = false;
            self.telling_distance.d.next = false;
            self.tallying.d.next = self.no_tally.val();
            self.tally_known.d.next = false;
            self.ending.d.next = false;
        }
    }
}
