//! The core: lanes, adder trees, nearest-pattern filter, queues, vote and sequencer, joined.
//!
//! It takes a cue and gives an answer as 16-bit words, least significant neuron first, valid/ready both
//! ways. After the answer's words come `steps` (bit 15: converged), the nearest pattern, and its distance.

use super::{
    column::Column,
    lane::Lane,
    memories::Ram,
    nearest::Nearest,
    pick::Pick,
    sequencer::{Counts, Sequencer},
    sizes::Sizes,
    tree::AdderTree,
    vote::Vote,
};
use crate::blocks::prelude::*;
use crate::{
    contents::{Plan, sizes},
    options::Readout,
};

/// Width of a queue entry: a group, then a distance.
const ENTRY_BITS: usize = INDEX_BITS + DISTANCE_BITS;

/// The associative memory.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Core {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Hold for 10 us after configuration, since an iCE40's block RAM reads as zero until then, and for
    /// [`FLUSH`](super::reset::FLUSH) cycles at any time.
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
    /// Bank `b` of lane `l` is at `banks * l + b`.
    row_store: Vec<Ram<16>>,
    sizes: Vec<Sizes>,
    /// The lane whose word of a row is written next.
    lane_written: Vec<Register<Bit>>,
    /// What is written or read from outside; nothing where nothing can be loaded.
    stored: Signal<Local, Bit>,
    stored_bank: Signal<Local, Bits<2>>,
    stored_address: Signal<Local, Index>,
    stored_data: Signal<Local, Bits<16>>,
    kernel_stored: Signal<Local, Bit>,
    threshold_stored: Signal<Local, Bit>,
    threshold_begun: Signal<Local, Bit>,
    halves: Signal<Local, Bit>,
    looked_up: Signal<Local, Bit>,
    fetched: Signal<Local, Bit>,
    row_asked: Vec<Register<Bit>>,
    stores_bank: Vec<Signal<Local, Bit>>,
    near: Signal<Local, Index>,
    /// Row stores of several ranks get a register after them.
    rank: Vec<Register<Bits<16>>>,
    /// Of bank `b` and lane `l` at `banks * l + b`.
    pick: Vec<Pick>,
    lane: Vec<Lane>,
    column: Vec<Column>,
    tree: AdderTree,
    valid: Vec<Register<Bit>>,
    last: Vec<Register<Bit>>,
    ended: Register<Bit>,
    filter: Nearest,
    queue: Vec<Ram<ENTRY_BITS>>,
    queued: Vec<Register<Index>>,
    vote: Vec<Vote>,
    /// How long ago the vote was in bank `b`.
    asked: Vec<Register<Bits<2>>>,
    /// Where the readout is the nearest pattern: its row on its way.
    fetch: Vec<Register<Bit>>,
    sequencer: Sequencer,
    address: Register<Index>,
    /// The word of a stream that does not hold it.
    word_in: Vec<Register<Bits<16>>>,
    word: Signal<Local, Bits<16>>,
    moved: Register<Bit>,
    /// Whether slot `f` takes its signs now; whether bank `b` takes part in it, at `banks * f + b`.
    captured: Vec<Signal<Local, Bit>>,
    opened: Vec<Signal<Local, Bit>>,
    voters: Vec<Signal<Local, Bits<16>>>,
    fetching: Vec<Signal<Local, Bit>>,
    found: Signal<Local, Distance>,
    entry: Signal<Local, Bits<ENTRY_BITS>>,
    bank_asked: Signal<Local, Bits<2>>,
    bank_read: Signal<Local, Bits<2>>,
    any: Signal<Local, Bit>,
    total_queued: Signal<Local, Index>,
    one: Literal<INDEX_BITS, 1>,
    no: Constant<Bit>,
    yes: Constant<Bit>,
    no_index: Literal<INDEX_BITS, 0>,
    index_width: Constant<Bits<6>>,
    index_mask: Constant<Index>,
    row_mask: Constant<Index>,
    bank_width: Constant<Index>,
    bank_mask: Constant<Bits<2>>,
    built_rows: Constant<Index>,
    built_bank: Constant<Bits<2>>,
    built_reach: Constant<Distance>,
    built_steps: Constant<Bits<8>>,
    built_mode: Constant<Bit>,
    slot: Vec<Constant<Bits<2>>>,
    bank: Vec<Constant<Bits<2>>>,
    _words: usize,
    _lanes: usize,
    _last_lane: usize,
    _banks: usize,
    _banks_end: usize,
    _shared: usize,
    _chosen: usize,
    _columns: usize,
    _fold: usize,
    _fold_end: usize,
    _full: usize,
    _rest: usize,
    _ranks: usize,
    _votes: usize,
    _queues: usize,
    _asks: usize,
    _last_ask: usize,
    _fetches: usize,
    _fetch_end: usize,
    _loads: usize,
    _loaded_lanes: usize,
    _last_loaded: usize,
    _loaded_votes: usize,
    _loaded_queues: usize,
    _delay: usize,
    _last_delay: usize,
}

impl Core {
    /// The core of a plan.
    pub fn new(plan: &Plan) -> Self {
        Core::fed(plan, false)
    }

    /// The core of a plan. `held`: a word of a cue stays where it is in the cycle after it was taken.
    pub fn fed(plan: &Plan, held: bool) -> Self {
        let (lanes, banks, fold, columns) = (plan.lanes(), plan.parallel, plan.fold, plan.columns());
        let (delay, ranks) = (plan.scan_delay(), plan.row_latency() - 1);
        let votes = plan.readout == Readout::Vote;
        let (loads, lean) = (usize::from(plan.loadable), plan.lean());
        let [rows, last_bank, reach, max_steps, fixed] = sizes(plan);
        // from the cycle in which the vote asks a bank to the one in which its rows reach `pick`
        let asked = if plan.lean() { 1 } else { 4 };
        let asks = if banks > 1 && votes { asked + plan.row_latency() } else { 0 };
        // the same for the nearest pattern's row, less the cycle that the lanes' copy of `capture` takes
        let fetches = if votes { 0 } else { 2 + plan.row_latency() };
        let counts = Counts {
            groups: plan.group_room,
            banks,
            lanes,
            planes: plan.planes,
            fold,
            loadable: plan.loadable,
            lean,
            nearest: !votes,
        };
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
            row_store: plan
                .rows
                .iter()
                .enumerate()
                .map(|(i, rows)| match i / banks < plan.spram_lanes {
                    true => Ram::single_port(rows.words.len(), rows.width),
                    false => Ram::holding(rows.clone(), plan.loadable),
                })
                .collect(),
            sizes: plan.loadable.then(|| Sizes::new(plan)).into_iter().collect(),
            lane_written: many(if plan.loadable { lanes } else { 0 }),
            row_asked: many(loads),
            stores_bank: many(banks),
            rank: many(ranks * lanes * banks),
            pick: (0..lanes * banks).map(|i| Pick::new(plan.lane_neurons(i / banks), plan.joined(), lean)).collect(),
            lane: (0..lanes).map(|l| Lane::new(plan.lane_neurons(l), lean)).collect(),
            column: (0..columns)
                .map(|c| Column::new(plan.column_neurons(c), plan.accumulator_bits, plan.joined(), lean))
                .collect(),
            tree: AdderTree::new(lanes, banks),
            valid: many(delay),
            last: many(delay),
            filter: Nearest::new(plan.neurons, plan.entry_room - 1, plan.group_room, banks, lean),
            queue: (0..banks * usize::from(votes)).map(|_| Ram::new(plan.group_room, plan.queue_bits())).collect(),
            queued: many(banks * usize::from(votes)),
            vote: votes.then(|| Vote::new(plan)).into_iter().collect(),
            asked: many(asks),
            fetch: many(fetches),
            sequencer: Sequencer::new(counts),
            word_in: many(usize::from(!held)),
            captured: many(fold),
            opened: many(fold * banks),
            voters: many(if votes { columns } else { lanes }),
            fetching: many(fetches + 1),
            no: Constant::new(false),
            yes: Constant::new(true),
            index_width: constant(plan.index_bits()),
            index_mask: constant((1 << plan.index_bits()) - 1),
            // as many bits as count all groups
            row_mask: constant((plan.group_room + 1).next_power_of_two() - 1),
            bank_width: constant(banks.trailing_zeros() as usize),
            bank_mask: constant(banks - 1),
            built_rows: constant(rows.into()),
            built_bank: constant(last_bank.into()),
            built_reach: constant(reach.into()),
            built_steps: constant(max_steps.into()),
            built_mode: Constant::new(fixed == 0),
            slot: (0..fold).map(constant).collect(),
            bank: (0..banks).map(constant).collect(),
            _words: usize::from(!held),
            _lanes: lanes,
            _last_lane: lanes - 1,
            _banks: banks,
            _banks_end: banks + 1,
            _shared: usize::from(banks > 1 && votes),
            _chosen: usize::from(banks > 1 && !votes),
            _columns: columns,
            _fold: fold,
            _fold_end: fold + 1,
            _full: lanes / fold,
            _rest: lanes % fold,
            _ranks: ranks,
            _votes: usize::from(votes),
            _queues: banks * usize::from(votes),
            _asks: asks,
            _last_ask: asks.saturating_sub(1),
            _fetches: fetches,
            _fetch_end: if votes { 0 } else { fetches + 1 },
            _loads: loads,
            _loaded_lanes: loads * lanes,
            _last_loaded: loads * (lanes - 1),
            _loaded_votes: usize::from(plan.loadable && votes),
            _loaded_queues: loads * banks * usize::from(votes),
            _delay: delay,
            _last_delay: delay - 1,
            ..Default::default()
        }
    }
}

impl Logic for Core {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: core");
        self.sequencer.reset.next = self.reset.val();
        comment!("streams");
        self.sequencer.in_valid.next = self.in_valid.val();
        self.in_ready.next = self.sequencer.in_ready.val();
        self.out_valid.next = self.sequencer.out_valid.val();
        self.sequencer.out_ready.next = self.out_ready.val();
        self.word.next = self.in_data.val();
        for w in 0..self._words {
            self.word_in[w].d.next = self.in_data.val();
            self.word.next = self.word_in[w].q.val();
        }
        self.out_data.next = self.lane[0].word.val();
        if self.sequencer.info.val() {
            self.out_data.next = self.sequencer.info_word.val();
        }
        comment!("the sizes of the memory");
        self.sequencer.last_row.next = self.built_rows.val();
        self.sequencer.max_steps.next = self.built_steps.val();
        self.sequencer.fetch.next = self.no.val();
        self.filter.reach.next = self.built_reach.val();
        self.filter.last_bank.next = self.built_bank.val();
        self.filter.normalised.next = self.built_mode.val();
        for v in 0..self._votes {
            self.vote[v].reach.next = self.built_reach.val();
        }
        self.stored.next = self.no.val();
        self.stored_bank.next = 0.into();
        self.stored_address.next = self.no_index.val();
        self.stored_data.next = 0.into();
        self.kernel_stored.next = self.no.val();
        self.threshold_stored.next = self.no.val();
        self.threshold_begun.next = self.no.val();
        self.halves.next = self.no.val();
        self.looked_up.next = self.no.val();
        self.fetched.next = self.no.val();
        for l in 0..self._loads {
            comment!("loadable: they are registers, and so much comes from outside");
            self.sizes[l].cold.next = self.cold[l].val();
            self.sizes[l].write.next = self.load_size[l].val();
            self.stored.next = self.load_row[l].val();
            self.stored_bank.next = self.load_bank[l].val();
            self.stored_address.next = self.load_address[l].val();
            self.stored_data.next = self.load_data[l].val();
            self.kernel_stored.next = self.load_kernel[l].val();
            self.threshold_stored.next = self.load_threshold[l].val() & self.stored_address.val().get_bit(0);
            self.threshold_begun.next = self.load_threshold[l].val() & !self.stored_address.val().get_bit(0);
            self.halves.next = self.read_threshold[l].val();
            self.looked_up.next = self.read_kernel[l].val() | self.read_threshold[l].val();
            self.fetched.next = self.read_row[l].val();
            self.read_data[l].next = 0.into();
            self.sizes[l].which.next = bit_cast::<3, INDEX_BITS>(self.stored_address.val());
            self.sizes[l].data.next = self.stored_data.val();
            self.sequencer.last_row.next = self.sizes[l].last_row.val();
            self.sequencer.max_steps.next = self.sizes[l].max_steps.val();
            self.row_asked[l].d.next = self.fetched.val();
            self.sequencer.fetch.next = self.row_asked[l].q.val();
            self.filter.reach.next = self.sizes[l].reach.val();
            self.filter.last_bank.next = self.sizes[l].last_bank.val();
            self.filter.normalised.next = self.sizes[l].normalised.val();
            for v in 0..self._votes {
                self.vote[v + l].reach.next = self.sizes[l].reach.val();
            }
        }
        comment!("the row to read: counted while scanning, looked up while voting");
        self.address.d.next = (self.address.q.val() + self.one.val()) & self.row_mask.val();
        self.sequencer.row.next = self.address.q.val();
        self.near.next = self.filter.nearest.val();
        for _l in 0..self._loads {
            if self.sequencer.fetching.val() {
                self.near.next = (self.stored_address.val() << self.bank_width.val())
                    | bit_cast::<INDEX_BITS, 2>(self.stored_bank.val());
            }
        }
        if self.sequencer.voting.val() {
            self.address.d.next = self.near.val() >> self.bank_width.val();
        }
        for v in 0..self._votes {
            if self.sequencer.voting.val() {
                self.address.d.next = self.vote[v].row.val();
            }
        }
        if self.sequencer.start.val() {
            self.address.d.next = 0.into();
        }
        comment!("loadable: a row is written word by word, the first lane's first");
        for l in 0..self._last_loaded {
            if self.stored.val() {
                self.lane_written[l + 1].d.next = self.lane_written[l].q.val();
            }
            if self.reset.val() {
                self.lane_written[l + 1].d.next = self.no.val();
            }
        }
        for l in 0..self._loads {
            for e in self._last_lane..self._lanes {
                if self.stored.val() {
                    self.lane_written[l].d.next = self.lane_written[e].q.val();
                }
            }
            if self.reset.val() {
                self.lane_written[l].d.next = self.yes.val();
            }
        }
        for b in 0..self._banks {
            self.stores_bank[b].next = self.stored_bank.val() == self.bank[b].val();
        }
        comment!("the row store: every bank of every lane reads the same address");
        for n in self._banks..self._banks_end {
            for l in 0..self._lanes {
                for b in 0..self._banks {
                    self.row_store[n * l + b].address.next = self.address.q.val();
                    self.row_store[n * l + b].write.next = self.stored.val();
                    self.row_store[n * l + b].write_address.next = self.stored_address.val();
                    self.row_store[n * l + b].write_data.next = self.stored_data.val();
                    self.pick[n * l + b].row.next = self.row_store[n * l + b].data.val();
                    for r in 0..self._ranks {
                        comment!("of several ranks: one more register");
                        self.rank[n * l + b + r].d.next = self.row_store[n * l + b].data.val();
                        self.pick[n * l + b + r].row.next = self.rank[n * l + b + r].q.val();
                    }
                }
            }
        }
        for n in self._banks..self._banks_end {
            for l in 0..self._loaded_lanes {
                for b in 0..self._banks {
                    self.row_store[n * l + b].write.next =
                        (self.stored.val() & self.lane_written[l].q.val()) & self.stores_bank[b].val();
                }
            }
        }
        comment!("lanes; words enter at the last one and leave at the first");
        for l in 0..self._lanes {
            self.lane[l].shift.next = self.sequencer.shift.val();
        }
        for l in 0..self._last_lane {
            self.lane[l].word_in.next = self.lane[l + 1].word.val();
        }
        for l in self._last_lane..self._lanes {
            self.lane[l].word_in.next = self.word.val();
        }
        comment!("which bank the vote asked, and which one's row is there");
        self.bank_asked.next = 0.into();
        self.bank_read.next = 0.into();
        for _c in 0..self._chosen {
            self.bank_read.next = bit_cast::<2, INDEX_BITS>(self.near.val()) & self.bank_mask.val();
        }
        for s in 0..self._shared {
            self.asked[s].d.next = self.sequencer.bank.val();
            self.bank_asked.next = self.asked[s].q.val();
            for a in 0..self._last_ask {
                self.asked[a + 1].d.next = self.asked[a].q.val();
            }
            for a in self._last_ask..self._asks {
                self.bank_read.next = self.asked[a].q.val();
            }
        }
        comment!("columns: lane n*c + f votes in slot f, with the accumulators of column c");
        for c in 0..self._columns {
            self.column[c].clear.next = self.sequencer.clear.val();
            for v in 0..self._votes {
                self.column[c].operand.next = self.vote[v].operand.val();
            }
        }
        for m in self._banks..self._banks_end {
            for f in 0..self._fold {
                self.captured[f].next =
                    self.sequencer.capture.val() & (self.sequencer.turn.val() == self.slot[f].val());
                for b in 0..self._banks {
                    self.opened[m * f + b].next = self.sequencer.open.val()
                        | ((self.sequencer.turn.val() == self.slot[f].val())
                            & (self.sequencer.everyone.val() | (self.bank_read.val() == self.bank[b].val())));
                }
            }
        }
        for n in self._fold..self._fold_end {
            for m in self._banks..self._banks_end {
                for c in 0..self._full {
                    self.voters[c].next = 0.into();
                    for f in 0..self._fold {
                        for b in 0..self._banks {
                            self.voters[c].next = self.voters[c].val() | self.pick[m * n * c + m * f + b].picked.val();
                            self.pick[m * n * c + m * f + b].open.next = self.opened[m * f + b].val();
                        }
                        self.lane[n * c + f].capture.next = self.captured[f].val();
                        self.lane[n * c + f].next_state.next = self.voters[c].val();
                        for _v in 0..self._votes {
                            self.lane[n * c + f].next_state.next = self.column[c].signs.val();
                        }
                    }
                }
                for c in self._full..self._columns {
                    self.voters[c].next = 0.into();
                    for f in 0..self._rest {
                        for b in 0..self._banks {
                            self.voters[c].next = self.voters[c].val() | self.pick[m * n * c + m * f + b].picked.val();
                            self.pick[m * n * c + m * f + b].open.next = self.opened[m * f + b].val();
                        }
                        self.lane[n * c + f].capture.next = self.captured[f].val();
                        self.lane[n * c + f].next_state.next = self.column[c].signs.val();
                    }
                }
            }
        }
        for c in 0..self._columns {
            self.column[c].pick.next = self.voters[c].val();
        }
        comment!("what the rows say: distances, a tree per bank");
        for n in self._banks..self._banks_end {
            for l in 0..self._lanes {
                for b in 0..self._banks {
                    self.pick[n * l + b].state.next = self.lane[l].word.val();
                    self.pick[n * l + b].scan.next = self.sequencer.compare.val();
                    self.pick[n * l + b].all.next = self.sequencer.everyone.val();
                    self.tree.leaf[n * l + b].next = self.pick[n * l + b].count.val();
                }
            }
        }
        for b in 0..self._banks {
            self.filter.distance[b].next = self.tree.sum[b].val();
        }
        comment!(
            "what the distances that leave the trees belong to: delayed like the rows; the token is behind the last"
        );
        self.valid[0].d.next = self.sequencer.scan.val();
        self.last[0].d.next = self.sequencer.scan_last.val();
        for t in 0..self._last_delay {
            self.valid[t + 1].d.next = self.valid[t].q.val();
            self.last[t + 1].d.next = self.last[t].q.val();
        }
        self.filter.start.next = self.sequencer.start.val();
        for t in self._last_delay..self._delay {
            self.filter.valid.next = self.valid[t].q.val();
            self.filter.last.next = self.last[t].q.val();
            self.ended.d.next = self.valid[t].q.val();
            self.filter.token.next = self.ended.q.val() & !self.valid[t].q.val();
        }
        self.sequencer.scanned.next = self.filter.scanned.val();
        self.sequencer.nearest.next = self.filter.nearest.val();
        self.sequencer.distance.next = self.filter.nearest_distance.val();
        comment!("the queues of candidates, one a bank: an entry is the group, then the distance");
        for b in 0..4 {
            self.sequencer.queued[b].next = self.no_index.val();
        }
        self.total_queued.next = self.no_index.val();
        for b in 0..self._queues {
            if self.filter.found[b].val() {
                self.queued[b].d.next = (self.queued[b].q.val() + self.one.val()) & self.row_mask.val();
            }
            if self.sequencer.start.val() {
                self.queued[b].d.next = 0.into();
            }
            self.sequencer.queued[b].next = self.queued[b].q.val();
            self.total_queued.next = self.total_queued.val() + self.queued[b].q.val();
        }
        for b in 0..self._loaded_queues {
            comment!("loadable: for a row that is fetched, the queue of its bank holds one entry, whatever that is");
            if self.fetched.val() {
                self.queued[b].d.next = 0.into();
                if self.stores_bank[b].val() {
                    self.queued[b].d.next = self.one.val();
                }
            }
        }
        self.found.next = 0.into();
        for b in 0..self._queues {
            self.queue[b].write.next = self.filter.found[b].val();
            self.queue[b].write_address.next = self.queued[b].q.val();
            self.found.next = self.filter.found_distance[b].val();
            self.queue[b].write_data.next = bit_cast::<ENTRY_BITS, INDEX_BITS>(self.filter.found_group.val())
                | (bit_cast::<ENTRY_BITS, DISTANCE_BITS>(self.found.val())
                    << bit_cast::<ENTRY_BITS, 6>(self.index_width.val()));
            self.queue[b].address.next = self.sequencer.entry.val();
        }
        comment!("the vote");
        self.entry.next = 0.into();
        for b in 0..self._queues {
            if self.bank_asked.val() == self.bank[b].val() {
                self.entry.next = self.queue[b].data.val();
            }
        }
        self.sequencer.all.next = self.no.val();
        self.sequencer.settled.next = self.no.val();
        for v in 0..self._votes {
            self.vote[v].start.next = self.sequencer.vote_start.val();
            self.vote[v].issue.next = self.sequencer.issue.val();
            self.vote[v].token.next = self.sequencer.vote_token.val();
            self.vote[v].plane.next = self.sequencer.plane.val();
            self.vote[v].queued_index.next =
                bit_cast::<INDEX_BITS, ENTRY_BITS>(self.entry.val()) & self.index_mask.val();
            self.vote[v].queued_distance.next = bit_cast::<DISTANCE_BITS, ENTRY_BITS>(
                self.entry.val() >> bit_cast::<ENTRY_BITS, 6>(self.index_width.val()),
            );
            self.vote[v].base.next = self.filter.base.val();
            self.vote[v].store_kernel.next = self.kernel_stored.val();
            self.vote[v].store_threshold.next = self.threshold_stored.val();
            self.vote[v].store_first.next = self.threshold_begun.val();
            self.vote[v].store_data.next = self.stored_data.val();
            self.vote[v].store_address.next = self.stored_address.val();
            self.vote[v].lookup.next = self.looked_up.val();
            self.vote[v].halves.next = self.halves.val();
            self.vote[v].fetch.next = self.sequencer.fetching.val();
            self.sequencer.all.next = self.vote[v].all.val();
            self.sequencer.settled.next = self.vote[v].done.val();
        }
        for v in 0..self._loaded_votes {
            self.read_data[v].next = self.vote[v].kernel_entry.val();
            if self.halves.val() {
                self.read_data[v].next = self.vote[v].threshold_entry.val();
            }
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
        comment!("has any lane changed?");
        self.any.next = self.no.val();
        for l in 0..self._lanes {
            self.any.next = self.any.val() | self.lane[l].changed.val();
        }
        self.moved.d.next = self.moved.q.val() | self.any.val();
        if self.sequencer.start.val() {
            self.moved.d.next = self.no.val();
        }
        self.sequencer.moved.next = self.moved.q.val();
        comment!("for simulation");
        self.turn_done.next = self.sequencer.turn_done.val();
        self.turn.next = self.sequencer.turn.val();
        self.step_done.next = self.sequencer.step_done.val();
        self.step_cycles.next = self.sequencer.step_cycles.val();
        self.step_queued.next = self.total_queued.val();
    }
}
