//! The store of values, where they are apart from the keys, and who is enabled by what is read there.
//!
//! ```text
//! row -> address -> store (-> rank) -> voters
//! ```
//!
//! It has no banks: the vote reads one row a cycle, and a pattern's number is its row. While classes are ranked, the voters are one
//! bit that moves up from class to class: it enables an accumulator that then adds nothing, and shows its sum.

use crate::{
    blocks::{copy::Copied, memories::Ram, prelude::*},
    contents::Plan,
};

/// Values, a lane of 16 outputs each.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Values {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// The row to read.
    pub row: Signal<In, Index>,
    /// From the cycle after next on, all outputs are enabled.
    pub everyone: Signal<In, Bit>,
    /// Of classes: in the next cycle, the first one alone is enabled.
    pub first: Vec<Signal<In, Bit>>,
    /// And from then on, the next one in every cycle.
    pub walk: Vec<Signal<In, Bit>>,
    /// The last one is.
    pub last: Vec<Signal<Out, Bit>>,
    /// Where another memory can be loaded: a row is written.
    pub stored: Vec<Signal<In, Bit>>,
    /// Which.
    pub stored_address: Vec<Signal<In, Index>>,
    /// Its words, a lane each.
    pub stored_words: Vec<Signal<In, Bits<16>>>,
    /// Of classes of a core that learns: a step begins,
    pub begin: Vec<Signal<In, Bit>>,
    /// and who is enabled is near.
    pub close: Vec<Signal<In, Bit>>,
    /// A cycle after a class's turn: one of those spoke for it.
    pub near: Vec<Signal<Out, Bit>>,
    spoken: Vec<Register<Bits<16>>>,
    hit: Vec<Signal<Local, Bit>>,
    hits: Vec<Register<Bit>>,
    /// Who is enabled, 16 outputs a lane.
    pub voters: Vec<Signal<Out, Bits<16>>>,
    address: Register<Index>,
    store: Vec<Ram<16>>,
    /// A store of several ranks gets a register after it.
    rank: Vec<Register<Bits<16>>>,
    all_here: Copied<1>,
    forced: Vec<Signal<Local, Bits<16>>>,
    voter: Vec<Register<Bits<16>>>,
    used: Vec<Constant<Bits<16>>>,
    beginning: Vec<Constant<Bits<16>>>,
    last_bit: Constant<Bits<4>>,
    none: Literal<16, 0>,
    one: Literal<16, 1>,
    yes: Literal<1, 1>,
    no: Literal<1, 0>,
    _lanes: usize,
    _last_lane: usize,
    _ranks: usize,
    _classes: usize,
    _loads: usize,
    _loaded_lanes: usize,
    _learns: usize,
    _learnt_lanes: usize,
}

impl Values {
    /// The values of a plan.
    pub fn new(plan: &Plan) -> Self {
        let (lanes, ranks) = (plan.value_lanes(), plan.vote_row_latency() - 1);
        let classes = usize::from(plan.classes());
        let loads = usize::from(plan.loadable);
        let learns = if plan.learns { classes } else { 0 };
        Values {
            begin: many(learns),
            close: many(learns),
            near: many(learns),
            spoken: many(learns * lanes),
            hit: many(learns),
            hits: many(learns),
            _learns: learns,
            _learnt_lanes: learns * lanes,
            stored: many(loads),
            stored_address: many(loads),
            stored_words: many(loads * lanes),
            first: many(classes),
            walk: many(classes),
            last: many(classes),
            voters: many(lanes),
            store: plan.values.iter().map(|lane| Ram::holding(lane.clone(), plan.loadable)).collect(),
            rank: many(ranks * lanes),
            forced: many(lanes),
            voter: many(lanes),
            used: (0..lanes).map(|l| constant((1 << plan.value_lane_outputs(l)) - 1)).collect(),
            beginning: (0..lanes).map(|l| constant(usize::from(l == 0))).collect(),
            last_bit: constant((plan.outputs - 1) % LANE),
            _lanes: lanes,
            _last_lane: lanes - 1,
            _ranks: ranks,
            _classes: classes,
            _loads: loads,
            _loaded_lanes: loads * lanes,
            ..Default::default()
        }
    }
}

impl Logic for Values {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: values");
        self.address.d.next = self.row.val();
        self.all_here.d.next = self.no.val();
        if self.everyone.val() {
            self.all_here.d.next = self.yes.val();
        }
        for l in 0..self._lanes {
            self.store[l].address.next = self.address.q.val();
            self.store[l].write.next = false;
            self.store[l].write_address.next = 0.into();
            self.store[l].write_data.next = 0.into();
            comment!("the row, or everyone");
            self.forced[l].next = self.none.val();
            if self.all_here.q.val().any() {
                self.forced[l].next = self.used[l].val();
            }
            self.voter[l].d.next = self.store[l].data.val() | self.forced[l].val();
            for r in 0..self._ranks {
                comment!("of several ranks: one more register");
                self.rank[l + r].d.next = self.store[l].data.val();
                self.voter[l].d.next = self.rank[l + r].q.val() | self.forced[l].val();
            }
            self.voters[l].next = self.voter[l].q.val();
        }
        for w in 0..self._loads {
            comment!("loadable: all lanes of a row are written at once");
            for l in 0..self._lanes {
                self.store[l].write.next = self.stored[w].val();
                self.store[l].write_address.next = self.stored_address[w].val();
            }
        }
        for l in 0..self._loaded_lanes {
            self.store[l].write_data.next = self.stored_words[l].val();
        }
        for n in 0..self._learns {
            comment!(
                "which classes were spoken for by patterns that are near; then whether the one whose turn it is was"
            );
            self.hit[n].next = false;
            for l in 0..self._learnt_lanes {
                if self.close[n].val() {
                    self.spoken[l].d.next = self.spoken[l].q.val() | self.voter[l].q.val();
                }
                if self.begin[n].val() {
                    self.spoken[l].d.next = 0.into();
                }
                self.hit[n].next = self.hit[n].val() | (self.spoken[l].q.val() & self.voter[l].q.val()).any();
            }
            self.hits[n].d.next = self.hit[n].val();
            self.near[n].next = self.hits[n].q.val();
        }
        for c in 0..self._classes {
            comment!("or one class after the other");
            if self.walk[c].val() {
                for l in 0..self._lanes {
                    self.voter[l].d.next = (self.voter[l].q.val() << 1) & self.used[l].val();
                }
                for l in 1..self._lanes {
                    if self.voter[l - 1].q.val().get_bit(15) {
                        self.voter[l].d.next = self.one.val();
                    }
                }
            }
            if self.first[c].val() {
                for l in 0..self._lanes {
                    self.voter[l].d.next = self.beginning[l].val();
                }
            }
            for l in self._last_lane..self._lanes {
                self.last[c].next = self.voter[l].q.val().get_bit(self.last_bit.val().index());
            }
        }
    }
}
