//! The core: scan, vote and state, joined by the sequencer.
//!
//! It takes a cue and gives an answer as 16-bit words, least significant neuron first, valid/ready both
//! ways. After the answer's words come `steps` (bit 15: converged), the nearest pattern, and its distance.

use super::{
    radius::Radius,
    scan::Scan,
    sequencer::{Counts, Sequencer},
    sizes::Sizes,
    state::State,
    vote::Vote,
};
use crate::{
    blocks::prelude::*,
    contents::{Plan, sizes},
    options::Readout,
};
use hopgate_model::kind::Kind;

/// The associative memory.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Core {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Hold for 10 us after configuration, since an iCE40's block RAM reads as zero until then, and for
    /// [`FLUSH`](super::edge::reset::FLUSH) cycles at any time.
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
    /// From here on, where another memory can be loaded (all between recalls): the device was just configured.
    pub cold: Vec<Signal<In, Bit>>,
    /// Write a word of the row at `load_address` of bank `load_bank`: `lanes` words, from the first one on.
    pub load_row: Vec<Signal<In, Bit>>,
    /// Write an entry of the kernel table.
    pub load_kernel: Vec<Signal<In, Bit>>,
    /// Write half an entry of the threshold table, the low one (at an even address) first.
    pub load_threshold: Vec<Signal<In, Bit>>,
    /// Where values are apart from the keys: write a word of the row of values at `load_address`, the first lane's first.
    pub load_value: Vec<Signal<In, Bit>>,
    /// Where answers can be unknown: write the radius.
    pub load_radius: Vec<Signal<In, Bit>>,
    /// Write a size: see [`Sizes`].
    pub load_size: Vec<Signal<In, Bit>>,
    /// The bank of a row.
    pub load_bank: Vec<Signal<In, Bits<2>>>,
    /// Where to write, and to read.
    pub load_address: Vec<Signal<In, Index>>,
    /// What to write.
    pub load_data: Vec<Signal<In, Bits<16>>>,
    /// For one cycle: the row at `load_address` of bank `load_bank` is the next answer. Hold both until it is out.
    pub read_row: Vec<Signal<In, Bit>>,
    /// The same with a row of values.
    pub read_value: Vec<Signal<In, Bit>>,
    /// `read_data` is what the kernel table holds at `load_address`, three cycles later.
    pub read_kernel: Vec<Signal<In, Bit>>,
    /// The same for half an entry of the threshold table.
    pub read_threshold: Vec<Signal<In, Bit>>,
    /// An entry of the kernel table.
    pub read_data: Vec<Signal<Out, Bits<16>>>,
    /// A slot's accumulators are complete. This and what follows is for simulation; synthesis removes it where unused.
    pub turn_done: Signal<Out, Bit>,
    /// The slot.
    pub turn: Signal<Out, Bits<2>>,
    /// A step ends in this cycle.
    pub step_done: Signal<Out, Bit>,
    /// The cycles of the step that ends.
    pub step_cycles: Signal<Out, Bits<32>>,
    /// Its candidates.
    pub step_queued: Signal<Out, Index>,
    sequencer: Sequencer,
    scan: Scan,
    vote: Vec<Vote>,
    state: State,
    sizes: Vec<Sizes>,
    radius: Vec<Radius>,
    /// What is written or read from outside; nothing where nothing can be loaded.
    stored: Signal<Local, Bit>,
    stored_bank: Signal<Local, Bits<2>>,
    stored_address: Signal<Local, Index>,
    stored_data: Signal<Local, Bits<16>>,
    fetched: Signal<Local, Bit>,
    row_asked: Vec<Register<Bit>>,
    /// The row that is fetched is one of values.
    value_asked: Vec<Register<Bit>>,
    near: Signal<Local, Index>,
    /// Where the readout is the nearest pattern: its row on its way.
    fetch: Vec<Register<Bit>>,
    fetching: Vec<Signal<Local, Bit>>,
    minus_one: Literal<INDEX_BITS, { (1 << INDEX_BITS) - 1 }>,
    bank_width: Constant<Index>,
    bank_mask: Constant<Bits<2>>,
    built_rows: Constant<Index>,
    built_bank: Constant<Bits<2>>,
    built_reach: Constant<Distance>,
    built_steps: Constant<Bits<8>>,
    built_mode: Constant<Bit>,
    _lanes: usize,
    _banks: usize,
    _chosen: usize,
    _columns: usize,
    _votes: usize,
    _fetches: usize,
    _fetch_end: usize,
    _loads: usize,
    _loaded_votes: usize,
    _keys: usize,
    _values: usize,
    _rankings: usize,
    _class_words: usize,
    _leaves: usize,
    _unknowns: usize,
    _resets: usize,
    _loaded_values: usize,
    _loaded_unknowns: usize,
    _key_words: usize,
    _value_words: usize,
    _said_words: usize,
    _captured_words: usize,
}

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
        let fetches = if votes { 0 } else { 2 + plan.row_latency() };
        // where words of an answer go another way than those of a cue
        let leaving = plan.state_words() > lanes || plan.kind == Kind::Sequence;
        let counts = Counts {
            groups: plan.group_room,
            banks,
            lanes,
            planes: plan.planes,
            fold: plan.fold,
            loadable: plan.loadable,
            lean: plan.lean(),
            answer_words: plan.answer_words(),
            value_words: if plan.loadable { plan.value_lanes() } else { 0 },
            single: !votes || plan.valued(),
            sequence: plan.kind == Kind::Sequence,
            leaving,
            tells_unknown: plan.tells_unknown,
        };
        let classes = plan.kind == Kind::Class;
        let [unknowns, values] = [plan.tells_unknown, plan.valued()].map(usize::from);
        let loaded = |n: usize| if plan.loadable { n } else { 0 };
        Core {
            cold: many(loads),
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
            state: State::new(plan, held),
            sizes: plan.loadable.then(|| Sizes::new(plan)).into_iter().collect(),
            row_asked: many(loads),
            load_value: many(loaded(values)),
            read_value: many(loaded(values)),
            value_asked: many(loaded(values)),
            load_radius: many(loaded(unknowns)),
            radius: (0..unknowns).map(|_| Radius::new(plan)).collect(),
            fetch: many(fetches),
            fetching: many(fetches + 1),
            bank_width: constant(banks.trailing_zeros() as usize),
            bank_mask: constant(banks - 1),
            built_rows: constant(rows.into()),
            built_bank: constant(last_bank.into()),
            built_reach: constant(reach.into()),
            built_steps: constant(max_steps.into()),
            built_mode: Constant::new(fixed == 0),
            _lanes: lanes,
            _banks: banks,
            _chosen: usize::from(banks > 1 && !votes),
            _columns: match (plan.valued(), votes) {
                (true, _) if classes => 0,
                (true, _) => plan.value_lanes(),
                (false, _) => lanes.div_ceil(plan.fold),
            },
            _keys: usize::from(!plan.valued()),
            _values: usize::from(plan.valued()),
            _rankings: usize::from(classes),
            _class_words: if classes { plan.answer_words() } else { 0 },
            _leaves: usize::from(leaving),
            _unknowns: unknowns,
            _resets: usize::from(classes || plan.valued() && plan.loadable),
            _loaded_values: loaded(values),
            _loaded_unknowns: loaded(unknowns),
            _key_words: lanes,
            _value_words: plan.value_lanes(),
            _said_words: plan.answer_words(),
            _captured_words: if plan.valued() { plan.captured_words() } else { 0 },
            _votes: usize::from(votes),
            _fetches: fetches,
            _fetch_end: if votes { 0 } else { fetches + 1 },
            _loads: loads,
            _loaded_votes: usize::from(plan.loadable && votes),
            ..Default::default()
        }
    }
}

impl Logic for Core {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: core");
        self.sequencer.reset.next = self.reset.val();
        self.scan.reset.next = self.reset.val();
        comment!("streams");
        self.sequencer.in_valid.next = self.in_valid.val();
        self.in_ready.next = self.sequencer.in_ready.val();
        self.out_valid.next = self.sequencer.out_valid.val();
        self.sequencer.out_ready.next = self.out_ready.val();
        self.state.data.next = self.in_data.val();
        self.out_data.next = self.state.word[0].val();
        if self.sequencer.info.val() {
            self.out_data.next = self.sequencer.info_word.val();
        }
        comment!("the sizes of the memory");
        self.sequencer.last_row.next = self.built_rows.val();
        self.sequencer.max_steps.next = self.built_steps.val();
        self.sequencer.fetch.next = false;
        self.scan.reach.next = self.built_reach.val();
        self.scan.last_bank.next = self.built_bank.val();
        self.scan.normalised.next = self.built_mode.val();
        for v in 0..self._votes {
            self.vote[v].reach.next = self.built_reach.val();
            self.vote[v].store_kernel.next = false;
            self.vote[v].store_threshold.next = false;
            self.vote[v].read_kernel.next = false;
            self.vote[v].read_threshold.next = false;
        }
        self.stored.next = false;
        self.stored_bank.next = 0.into();
        self.stored_address.next = 0.into();
        self.stored_data.next = 0.into();
        self.fetched.next = false;
        for l in 0..self._loads {
            comment!("loadable: they are registers, and so much comes from outside");
            self.sizes[l].cold.next = self.cold[l].val();
            self.sizes[l].write.next = self.load_size[l].val();
            self.stored.next = self.load_row[l].val();
            self.stored_bank.next = self.load_bank[l].val();
            self.stored_address.next = self.load_address[l].val();
            self.stored_data.next = self.load_data[l].val();
            self.fetched.next = self.read_row[l].val();
            self.read_data[l].next = 0.into();
            for u in 0..self._loaded_values {
                self.fetched.next = self.read_row[l].val() | self.read_value[u].val();
                if self.fetched.val() {
                    self.value_asked[u].d.next = self.read_value[u].val();
                }
            }
            for u in 0..self._loaded_unknowns {
                self.radius[u].cold[u].next = self.cold[l].val();
                self.radius[u].write[u].next = self.load_radius[u].val();
                self.radius[u].data[u].next = self.stored_data.val();
            }
            self.sizes[l].which.next = bit_cast::<3, INDEX_BITS>(self.stored_address.val());
            self.sizes[l].data.next = self.stored_data.val();
            self.sequencer.last_row.next = self.sizes[l].last_row.val();
            self.sequencer.max_steps.next = self.sizes[l].max_steps.val();
            self.row_asked[l].d.next = self.fetched.val();
            self.sequencer.fetch.next = self.row_asked[l].q.val();
            self.scan.reach.next = self.sizes[l].reach.val();
            self.scan.last_bank.next = self.sizes[l].last_bank.val();
            self.scan.normalised.next = self.sizes[l].normalised.val();
        }
        for v in 0..self._loaded_votes {
            self.vote[v].reach.next = self.sizes[v].reach.val();
            self.vote[v].store_kernel.next = self.load_kernel[v].val();
            self.vote[v].store_threshold.next = self.load_threshold[v].val();
            self.vote[v].read_kernel.next = self.read_kernel[v].val();
            self.vote[v].read_threshold.next = self.read_threshold[v].val();
            self.read_data[v].next = self.vote[v].read_data.val();
        }
        comment!("the scan");
        self.scan.start.next = self.sequencer.start.val();
        self.scan.scans.next = self.sequencer.scans.val();
        self.scan.scan_last.next = self.sequencer.scan_last.val();
        self.scan.compare.next = self.sequencer.compare.val();
        self.scan.everyone.next = self.sequencer.everyone.val();
        self.scan.open.next = self.sequencer.open.val();
        self.scan.turn.next = self.sequencer.turn.val();
        self.scan.voting.next = self.sequencer.voting.val();
        self.scan.stored.next = self.stored.val();
        self.scan.stored_bank.next = self.stored_bank.val();
        self.scan.stored_address.next = self.stored_address.val();
        self.scan.stored_data.next = self.stored_data.val();
        for l in 0..self._lanes {
            self.scan.word[l].next = self.state.word[l].val();
        }
        self.sequencer.row.next = self.scan.address.val();
        self.sequencer.scanned.next = self.scan.scanned.val();
        self.sequencer.nearest.next = self.scan.nearest.val();
        self.sequencer.distance.next = self.scan.distance.val();
        comment!("the row that is looked up");
        self.near.next = self.scan.nearest.val();
        for _l in 0..self._loads {
            if self.sequencer.fetching.val() {
                self.near.next = (self.stored_address.val() << self.bank_width.val())
                    | bit_cast::<INDEX_BITS, 2>(self.stored_bank.val());
            }
        }
        self.scan.row.next = self.near.val() >> self.bank_width.val();
        self.scan.bank_read.next = 0.into();
        for _c in 0..self._chosen {
            self.scan.bank_read.next = bit_cast::<2, INDEX_BITS>(self.near.val()) & self.bank_mask.val();
        }
        comment!("the state");
        self.state.start.next = self.sequencer.start.val();
        self.state.shift.next = self.sequencer.shift.val();
        self.state.capture.next = self.sequencer.capture.val();
        self.state.turn.next = self.sequencer.turn.val();
        self.sequencer.moved.next = self.state.moved.val();
        for _k in 0..self._keys {
            for c in 0..self._columns {
                self.state.voted[c].next = self.scan.voters[c].val();
            }
        }
        for l in 0..self._leaves {
            self.state.leaving[l].next = self.sequencer.leaving[l].val();
        }
        for u in 0..self._unknowns {
            comment!("is the answer known?");
            self.radius[u].distance.next = self.scan.distance.val();
            self.sequencer.unknown[u].next = self.radius[u].beyond.val();
        }
        comment!("the vote");
        for b in 0..4 {
            self.sequencer.queued[b].next = 0.into();
            self.sequencer.after_first[b].next = self.minus_one.val();
        }
        self.step_queued.next = 0.into();
        self.sequencer.all.next = false;
        self.sequencer.settled.next = false;
        for v in 0..self._votes {
            self.vote[v].start.next = self.sequencer.start.val();
            self.vote[v].slot_start.next = self.sequencer.vote_start.val();
            self.vote[v].issue.next = self.sequencer.issue.val();
            self.vote[v].token.next = self.sequencer.vote_token.val();
            self.vote[v].entry.next = self.sequencer.entry.val();
            self.vote[v].plane.next = self.sequencer.plane.val();
            self.vote[v].bank.next = self.sequencer.bank.val();
            self.vote[v].clear.next = self.sequencer.clear.val();
            self.vote[v].fetch.next = self.sequencer.fetching.val();
            self.vote[v].row_asked.next = self.fetched.val();
            self.vote[v].found_group.next = self.scan.found_group.val();
            self.vote[v].base.next = self.scan.base.val();
            self.vote[v].stored_bank.next = self.stored_bank.val();
            self.vote[v].store_address.next = self.stored_address.val();
            self.vote[v].store_data.next = self.stored_data.val();
            for b in 0..self._banks {
                self.vote[v].found[b].next = self.scan.found[b].val();
                self.vote[v].found_distance[b].next = self.scan.found_distance[b].val();
                self.sequencer.queued[b].next = self.vote[v].queued[b].val();
                self.sequencer.after_first[b].next = self.vote[v].after_first[b].val();
            }
            for c in 0..self._columns {
                for _k in 0..self._keys {
                    self.vote[v].voters[c].next = self.scan.voters[c].val();
                }
                self.state.voted[c].next = self.vote[v].signs[c].val();
            }
            for w in 0..self._class_words {
                self.state.voted[w].next = self.vote[v].words[w].val();
            }
            for r in 0..self._resets {
                self.vote[v].reset[r].next = self.reset.val();
            }
            for _k in 0..self._keys {
                self.scan.row.next = self.vote[v].row.val();
                self.scan.bank_read.next = self.vote[v].bank_read.val();
            }
            for u in 0..self._values {
                comment!("values apart from the keys: the scan alone reads the rows of keys");
                self.vote[v].everyone[u].next = self.sequencer.everyone.val();
                self.scan.voting.next = false;
            }
            for u in 0..self._loaded_values {
                comment!(
                    "loadable: a row of keys that is fetched is there as long, and either takes the place of an answer"
                );
                self.vote[v].store_value[u].next = self.load_value[u].val();
                self.sequencer.of_values[u].next = self.value_asked[u].q.val();
                self.scan.everyone.next = false;
                self.scan.voting.next = self.sequencer.fetching.val();
                self.scan.row.next = self.stored_address.val();
                self.scan.bank_read.next = self.stored_bank.val();
                for w in self._said_words..self._captured_words {
                    self.state.voted[w].next = 0.into();
                }
                if self.sequencer.fetching.val() {
                    for w in 0..self._key_words {
                        self.state.voted[w].next = self.scan.voters[w].val();
                    }
                    if self.value_asked[u].q.val() {
                        for w in 0..self._value_words {
                            self.state.voted[w].next = self.vote[v].signs[w].val();
                        }
                    }
                }
            }
            self.sequencer.all.next = self.vote[v].all.val();
            self.sequencer.settled.next = self.vote[v].settled.val();
            self.step_queued.next = self.vote[v].total.val();
        }
        comment!("or the nearest pattern itself: its row is on its way to the state");
        self.fetching[0].next = self.sequencer.vote_start.val();
        for t in 0..self._fetches {
            self.fetch[t].d.next = self.fetching[t].val();
            self.fetching[t + 1].next = self.fetch[t].q.val();
        }
        for t in 0..self._fetch_end {
            self.sequencer.settled.next = self.fetching[t].val();
        }
        comment!("for simulation");
        self.turn_done.next = self.sequencer.turn_done.val();
        self.turn.next = self.sequencer.turn.val();
        self.step_done.next = self.sequencer.step_done.val();
        self.step_cycles.next = self.sequencer.step_cycles.val();
    }
}
