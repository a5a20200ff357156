//! The core: lanes, adder tree, nearest-pattern filter, queue, vote and sequencer, joined.
//!
//! It takes a cue and gives an answer as 16-bit words, least significant neuron first, valid/ready both
//! ways. After the answer's words come `steps` (bit 15: converged), the nearest pattern, and its distance.

use super::{
    constant,
    lane::Lane,
    many,
    memories::{Ram, Rom},
    nearest::Nearest,
    sequencer::Sequencer,
    tree::AdderTree,
    vote::Vote,
    Index,
};
use crate::plan::Plan;
use rust_hdl::prelude::*;

/// Width of a queue entry: an index, then a distance.
const ENTRY_BITS: usize = INDEX_BITS + DISTANCE_BITS;

/// The associative memory, with `W`-bit accumulators.
#[derive(Clone, Debug, LogicBlock)]
pub struct Core<const W: usize> {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Hold for 256 cycles after configuration: block RAM reads as zero until then.
    pub reset: Signal<In, Bit>,
    /// A word of the cue is offered.
    pub in_valid: Signal<In, Bit>,
    /// It is taken when both are one.
    pub in_ready: Signal<Out, Bit>,
    /// The word.
    pub in_data: Signal<In, Bits<16>>,
    /// A word of the answer is offered.
    pub out_valid: Signal<Out, Bit>,
    /// It is taken when both are one.
    pub out_ready: Signal<In, Bit>,
    /// The word.
    pub out_data: Signal<Out, Bits<16>>,
    /// A step ends in this cycle. This and what follows is for simulation; synthesis removes it where unused.
    pub step_done: Signal<Out, Bit>,
    /// The cycles of the step that ends.
    pub step_cycles: Signal<Out, Bits<32>>,
    /// Its candidates.
    pub step_queued: Signal<Out, Index>,
    row_store: Vec<Rom<16>>,
    lane: Vec<Lane<W>>,
    tree: AdderTree,
    valid: Vec<DFF<Bit>>,
    token: Vec<DFF<Bit>>,
    filter: Nearest,
    queue: Ram<ENTRY_BITS>,
    queued: DFF<Index>,
    vote: Vote,
    sequencer: Sequencer,
    address: DFF<Index>,
    moved: DFF<Bit>,
    entry: Signal<Local, Bits<ENTRY_BITS>>,
    any: Signal<Local, Bit>,
    one: Constant<Index>,
    no: Constant<Bit>,
    index_width: Constant<Bits<6>>,
    index_mask: Constant<Index>,
    _lanes: usize,
    _last_lane: usize,
    _delay: usize,
    _last_delay: usize,
}

impl<const W: usize> Core<W> {
    /// The core of a plan; `W` must be the plan's accumulator width.
    pub fn new(plan: &Plan) -> Self {
        assert_eq!(W, plan.accumulator_bits);
        let lanes = plan.lanes();
        let delay = plan.scan_delay();
        Core {
            clock: Signal::default(),
            reset: Signal::default(),
            in_valid: Signal::default(),
            in_ready: Signal::default(),
            in_data: Signal::default(),
            out_valid: Signal::default(),
            out_ready: Signal::default(),
            out_data: Signal::default(),
            step_done: Signal::default(),
            step_cycles: Signal::default(),
            step_queued: Signal::default(),
            row_store: plan.rows.iter().cloned().map(Rom::new).collect(),
            lane: (0..lanes).map(|l| Lane::new(plan.lane_neurons(l))).collect(),
            tree: AdderTree::new(lanes),
            valid: many(delay),
            token: many(delay),
            filter: Nearest::new(plan.neurons, plan.reach, plan.kernel_mode),
            queue: Ram::new(plan.patterns, plan.queue_bits()),
            queued: DFF::default(),
            vote: Vote::new(plan.row_bases, plan.entry_bases, plan.reach, plan.table.clone(), plan.threshold.clone()),
            sequencer: Sequencer::new(plan.patterns, lanes, plan.planes, plan.max_steps),
            address: DFF::default(),
            moved: DFF::default(),
            entry: Signal::default(),
            any: Signal::default(),
            one: constant(1),
            no: Constant::new(false),
            index_width: constant(plan.index_bits()),
            index_mask: constant((1 << plan.index_bits()) - 1),
            _lanes: lanes,
            _last_lane: lanes - 1,
            _delay: delay,
            _last_delay: delay - 1,
        }
    }
}

impl<const W: usize> Logic for Core<W> {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: core");
        dff_setup!(self, clock, queued, address, moved);
        self.tree.clock.next = self.clock.val();
        self.filter.clock.next = self.clock.val();
        self.queue.clock.next = self.clock.val();
        self.vote.clock.next = self.clock.val();
        self.sequencer.clock.next = self.clock.val();
        self.sequencer.reset.next = self.reset.val();
        comment!("streams");
        self.sequencer.in_valid.next = self.in_valid.val();
        self.in_ready.next = self.sequencer.in_ready.val();
        self.out_valid.next = self.sequencer.out_valid.val();
        self.sequencer.out_ready.next = self.out_ready.val();
        self.out_data.next = self.lane[0].word.val();
        if self.sequencer.info.val() {
            self.out_data.next = self.sequencer.info_word.val();
        }
        comment!("the row to read: counted while scanning, chosen by the vote while voting");
        self.address.d.next = self.address.q.val() + self.one.val();
        if self.sequencer.voting.val() {
            self.address.d.next = self.vote.row.val();
        }
        if self.sequencer.start.val() {
            self.address.d.next = 0.into();
        }
        comment!("lanes; words enter at the last one and leave at the first");
        for l in 0..self._lanes {
            self.lane[l].clock.next = self.clock.val();
            self.row_store[l].clock.next = self.clock.val();
            self.row_store[l].address.next = self.address.q.val();
            self.lane[l].row.next = self.row_store[l].data.val();
            self.lane[l].mode.next = self.sequencer.mode.val();
            self.lane[l].clear.next = self.sequencer.clear.val();
            self.lane[l].shift.next = self.sequencer.shift.val();
            self.lane[l].capture.next = self.sequencer.capture.val();
            self.lane[l].operand.next = self.vote.operand.val();
            self.tree.leaf[l].next = self.lane[l].count.val();
        }
        for l in 0..self._last_lane {
            self.lane[l].word_in.next = self.lane[l + 1].word.val();
        }
        for l in self._last_lane..self._lanes {
            self.lane[l].word_in.next = self.in_data.val();
        }
        comment!("what the distance that leaves the tree belongs to: delayed like the row");
        for t in 0..self._delay {
            self.valid[t].clock.next = self.clock.val();
            self.token[t].clock.next = self.clock.val();
        }
        self.valid[0].d.next = self.sequencer.scan.val();
        self.token[0].d.next = self.sequencer.scan_token.val();
        for t in 0..self._last_delay {
            self.valid[t + 1].d.next = self.valid[t].q.val();
            self.token[t + 1].d.next = self.token[t].q.val();
        }
        self.filter.start.next = self.sequencer.start.val();
        self.filter.distance.next = self.tree.sum.val();
        for t in self._last_delay..self._delay {
            self.filter.valid.next = self.valid[t].q.val();
            self.sequencer.scanned.next = self.token[t].q.val();
        }
        comment!("the queue of candidates: an entry is the index, then the distance");
        self.queue.write.next = self.filter.found.val();
        self.queue.write_address.next = self.queued.q.val();
        self.queue.write_data.next = bit_cast::<ENTRY_BITS, INDEX_BITS>(self.filter.found_index.val())
            | (bit_cast::<ENTRY_BITS, DISTANCE_BITS>(self.filter.found_distance.val())
                << bit_cast::<ENTRY_BITS, 6>(self.index_width.val()));
        if self.filter.found.val() {
            self.queued.d.next = self.queued.q.val() + self.one.val();
        }
        if self.sequencer.start.val() {
            self.queued.d.next = 0.into();
        }
        self.sequencer.queued.next = self.queued.q.val();
        self.sequencer.nearest.next = self.filter.nearest.val();
        self.sequencer.distance.next = self.filter.nearest_distance.val();
        comment!("the vote");
        self.queue.address.next = self.sequencer.entry.val();
        self.entry.next = self.queue.data.val();
        self.vote.start.next = self.sequencer.start.val();
        self.vote.issue.next = self.sequencer.issue.val();
        self.vote.token.next = self.sequencer.vote_token.val();
        self.vote.plane.next = self.sequencer.plane.val();
        self.vote.queued_index.next = bit_cast::<INDEX_BITS, ENTRY_BITS>(self.entry.val()) & self.index_mask.val();
        self.vote.queued_distance.next = bit_cast::<DISTANCE_BITS, ENTRY_BITS>(
            self.entry.val() >> bit_cast::<ENTRY_BITS, 6>(self.index_width.val()),
        );
        self.vote.base.next = self.filter.base.val();
        self.sequencer.all.next = self.vote.all.val();
        self.sequencer.settled.next = self.vote.done.val();
        comment!("has any lane changed?");
        self.any.next = self.no.val();
        for l in 0..self._lanes {
            self.any.next = self.any.val() | self.lane[l].changed.val();
        }
        self.moved.d.next = self.any.val();
        self.sequencer.moved.next = self.moved.q.val();
        comment!("for simulation");
        self.step_done.next = self.sequencer.step_done.val();
        self.step_cycles.next = self.sequencer.step_cycles.val();
        self.step_queued.next = self.queued.q.val();
    }
}

use super::{DISTANCE_BITS, INDEX_BITS};
