//! The scan: every cycle a row of each bank meets the state, and its distance passes the filter.
//!
//! ```text
//! address -> row store (-> rank) -> pick -> popcount -> tree -> filter -> candidates, nearest pattern
//! ```
//!
//! While the vote looks rows up, `pick` is the row itself, and says whose accumulators are enabled.

mod build;
pub mod compare;
pub mod masked;
pub mod nearest;
pub mod partial;
pub mod pick;
pub mod popcount;
pub mod review;
pub mod tree;

use super::memories::Ram;
use crate::blocks::prelude::*;
use compare::Compare;
use masked::MaskedPick;
use nearest::Nearest;
use partial::Partial;
use pick::Pick;
use review::Review;
use tree::AdderTree;

/// Row store, distances and filter.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Scan {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// The next row is written from the first lane on.
    pub reset: Signal<In, Bit>,
    /// A step begins: the row is the first one, and the minimum is forgotten.
    pub start: Signal<In, Bit>,
    /// The address register holds a row to scan.
    pub scans: Signal<In, Bit>,
    /// Where rows are read in beats: it is the last word of its row.
    pub ending: Vec<Signal<In, Bit>>,
    /// It is the last one.
    pub scan_last: Signal<In, Bit>,
    /// `pick` is row XOR state.
    pub compare: Signal<In, Bit>,
    /// `pick` is all ones.
    pub everyone: Signal<In, Bit>,
    /// Every bank of every lane takes part.
    pub open: Signal<In, Bit>,
    /// Else only lanes of this slot,
    pub turn: Signal<In, Bits<2>>,
    /// and of them the rows of this bank.
    pub bank_read: Signal<In, Bits<2>>,
    /// The address register takes `row`; else it counts.
    pub voting: Signal<In, Bit>,
    /// A row that is looked up.
    pub row: Signal<In, Index>,
    /// The state, a word a lane.
    pub word: Vec<Signal<In, Bits<16>>>,
    /// Where bits of a cue can be unknown: the mask, a word a lane, inverted.
    pub skip: Vec<Signal<In, Bits<16>>>,
    /// One more than the reach; it and what follows stays the same during a recall.
    pub reach: Signal<In, Distance>,
    /// Banks that hold a pattern in the last group, less one.
    pub last_bank: Signal<In, Bits<2>>,
    /// Whether the minimum counts, or zero.
    pub normalised: Signal<In, Bit>,
    /// Write a word of a row: `lanes` words, from the first lane on.
    pub stored: Signal<In, Bit>,
    /// Its bank.
    pub stored_bank: Signal<In, Bits<2>>,
    /// Its address.
    pub stored_address: Signal<In, Index>,
    /// The word.
    pub stored_data: Signal<In, Bits<16>>,
    /// The row that the address register holds.
    pub address: Signal<Out, Index>,
    /// Who is enabled of a column's neurons: `pick` of the lanes and banks that it serves, joined.
    pub voters: Vec<Signal<Out, Bits<16>>>,
    /// Where the queue is reviewed, all the time that it takes.
    pub reviewing: Vec<Signal<In, Bit>>,
    /// The address register holds a row that is reviewed, the nearest pattern's first,
    pub reviews: Vec<Signal<In, Bit>>,
    /// or there are no more.
    pub reviews_last: Vec<Signal<In, Bit>>,
    /// The nearest pattern's distance is not zero: the state is another.
    pub missed: Vec<Signal<Out, Bit>>,
    /// Where recalls stop then: it is zero.
    pub held: Vec<Signal<Out, Bit>>,
    /// Where cues share a scan, one bit a cue: it votes.
    pub own: Vec<Signal<In, Bit>>,
    /// Of each of the others: a step begins,
    pub more_start: Vec<Signal<In, Bit>>,
    /// rows are scanned for it,
    pub more_scans: Vec<Signal<In, Bit>>,
    /// its state, a word a lane,
    pub more_word: Vec<Signal<In, Bits<16>>>,
    /// and the group that its candidates are in; `found` and `found_distance` follow those of the first.
    pub more_group: Vec<Signal<Out, Index>>,
    /// Where the queue begins anew with `found`, of each cue.
    pub flush: Vec<Signal<Out, Bit>>,
    /// Candidates, one bit a bank.
    pub found: Vec<Signal<Out, Bit>>,
    /// The group that they are in, or where rows are read in beats the place of its first word.
    pub found_group: Signal<Out, Index>,
    /// Their distances.
    pub found_distance: Vec<Signal<Out, Distance>>,
    /// The token behind the last row has passed the filter.
    pub scanned: Signal<Out, Bit>,
    /// The nearest pattern so far.
    pub nearest: Signal<Out, Index>,
    /// Where rows are read in beats and one is the answer: the place of its first word.
    pub nearest_place: Vec<Signal<Out, Index>>,
    /// Its distance.
    pub distance: Signal<Out, Distance>,
    /// What the kernel table's index counts from.
    pub base: Signal<Out, Distance>,
    /// Bank `b` of lane `l` is at `banks * l + b`, and so is the rest.
    row_store: Vec<Ram<16>>,
    /// Row stores of several ranks get a register after them.
    rank: Vec<Register<Bits<16>>>,
    pick: Vec<Pick>,
    /// The same where bits of a cue can be unknown.
    masked: Vec<MaskedPick>,
    /// And where a key's bits vote for nothing.
    compare_only: Vec<Compare>,
    tree: AdderTree,
    /// Where rows are read in beats: the sum over them, one a bank.
    partial: Vec<Partial>,
    filter: Nearest,
    /// The same of the other cues: bank `b` of lane `l` of cue `c + 1` is at `lanes * banks * c + banks * l + b`.
    more_compare: Vec<Compare>,
    more_tree: Vec<AdderTree>,
    more_filter: Vec<Nearest>,
    /// Of the cue that votes.
    nearest_now: Vec<Register<Index>>,
    scanned_late: Vec<Register<Bit>>,
    distance_now: Vec<Register<Distance>>,
    base_now: Vec<Register<Distance>>,
    row_address: Register<Index>,
    /// The lane whose word of a row is written next.
    lane_written: Vec<Register<Bit>>,
    stores_bank: Vec<Signal<Local, Bit>>,
    /// What a distance belongs to, delayed like it.
    valid: Vec<Register<Bit>>,
    last: Vec<Register<Bit>>,
    ended: Register<Bit>,
    review: Vec<Review>,
    goes_on: Vec<Register<Bit>>,
    /// Whether bank `b` takes part in slot `f`, at `banks * f + b`.
    opened: Vec<Signal<Local, Bit>>,
    joined: Vec<Signal<Local, Bits<16>>>,
    one: Literal<INDEX_BITS, 1>,
    row_mask: Constant<Index>,
    slot: Vec<Constant<Bits<2>>>,
    bank: Vec<Constant<Bits<2>>>,
    _lanes: usize,
    _last_lane: usize,
    _lanes_end: usize,
    _banks: usize,
    _banks_end: usize,
    _columns: usize,
    _fold: usize,
    _fold_end: usize,
    _rest: usize,
    _ranks: usize,
    _loads: usize,
    _loaded_lanes: usize,
    _last_loaded: usize,
    _delay: usize,
    _last_delay: usize,
    _picks: usize,
    _compares: usize,
    _compare_ranks: usize,
    _joins: usize,
    _joins_full: usize,
    _masks: usize,
    _masked_ranks: usize,
    _masked_columns: usize,
    _masked_full: usize,
    _compare_masks: usize,
    _wide: usize,
    _partials: usize,
    _wide_last: usize,
    _wide_delay: usize,
    _searches: usize,
    _reviews: usize,
    _reviewed: usize,
    _requeues: usize,
    _requeued: usize,
    _stops: usize,
    _more: usize,
    _flushes: usize,
    _more_flushes: usize,
    _more_ranks: usize,
    _cues: usize,
    _stride: usize,
    _stride_end: usize,
    _more_reviewed: usize,
    _reviewed_cues: usize,
}

impl Logic for Scan {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: scan");
        comment!("the row to read: counted while scanning, looked up while voting");
        self.row_address.d.next = (self.row_address.q.val() + self.one.val()) & self.row_mask.val();
        if self.voting.val() {
            self.row_address.d.next = self.row.val();
        }
        if self.start.val() {
            self.row_address.d.next = 0.into();
        }
        self.address.next = self.row_address.q.val();
        comment!("loadable: a row is written word by word, the first lane's first");
        for l in 0..self._last_loaded {
            if self.stored.val() {
                self.lane_written[l + 1].d.next = self.lane_written[l].q.val();
            }
            if self.reset.val() {
                self.lane_written[l + 1].d.next = false;
            }
        }
        for l in 0..self._loads {
            for e in self._last_lane..self._lanes {
                if self.stored.val() {
                    self.lane_written[l].d.next = self.lane_written[e].q.val();
                }
            }
            if self.reset.val() {
                self.lane_written[l].d.next = true;
            }
        }
        for b in 0..self._banks {
            self.stores_bank[b].next = self.stored_bank.val() == self.bank[b].val();
        }
        comment!("the row store: every bank of every lane reads the same address");
        for n in self._banks..self._banks_end {
            for l in 0..self._lanes {
                for b in 0..self._banks {
                    self.row_store[n * l + b].address.next = self.row_address.q.val();
                    self.row_store[n * l + b].write.next = self.stored.val();
                    self.row_store[n * l + b].write_address.next = self.stored_address.val();
                    self.row_store[n * l + b].write_data.next = self.stored_data.val();
                    for _p in 0..self._picks {
                        self.pick[n * l + b].row.next = self.row_store[n * l + b].data.val();
                    }
                    for m in self._stride..self._stride_end {
                        for c in 0..self._more {
                            self.more_compare[m * c + n * l + b].row.next = self.row_store[n * l + b].data.val();
                            for r in 0..self._more_ranks {
                                self.more_compare[m * c + n * l + b].row.next = self.rank[n * l + b + r].q.val();
                            }
                        }
                    }
                    for _m in 0..self._masks {
                        self.masked[n * l + b].row.next = self.row_store[n * l + b].data.val();
                    }
                    for _c in 0..self._compares {
                        self.compare_only[n * l + b].row.next = self.row_store[n * l + b].data.val();
                    }
                    for r in 0..self._compare_ranks {
                        comment!("of several ranks: one more register");
                        self.rank[n * l + b + r].d.next = self.row_store[n * l + b].data.val();
                        self.compare_only[n * l + b + r].row.next = self.rank[n * l + b + r].q.val();
                    }
                    for r in 0..self._masked_ranks {
                        comment!("of several ranks: one more register");
                        self.rank[n * l + b + r].d.next = self.row_store[n * l + b].data.val();
                        self.masked[n * l + b + r].row.next = self.rank[n * l + b + r].q.val();
                    }
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
        comment!("what the rows say: lane n*c + f votes in slot f, with the accumulators of column c");
        for m in self._banks..self._banks_end {
            for f in 0..self._fold {
                for b in 0..self._banks {
                    self.opened[m * f + b].next = self.open.val()
                        | ((self.turn.val() == self.slot[f].val())
                            & (self.everyone.val() | (self.bank_read.val() == self.bank[b].val())));
                }
            }
        }
        for n in self._fold..self._fold_end {
            for m in self._banks..self._banks_end {
                for c in 0..self._joins_full {
                    self.joined[c].next = 0.into();
                    for f in 0..self._fold {
                        for b in 0..self._banks {
                            self.joined[c].next = self.joined[c].val() | self.pick[m * n * c + m * f + b].picked.val();
                            self.pick[m * n * c + m * f + b].open.next = self.opened[m * f + b].val();
                        }
                    }
                }
                for c in self._joins_full..self._joins {
                    self.joined[c].next = 0.into();
                    for f in 0..self._rest {
                        for b in 0..self._banks {
                            self.joined[c].next = self.joined[c].val() | self.pick[m * n * c + m * f + b].picked.val();
                            self.pick[m * n * c + m * f + b].open.next = self.opened[m * f + b].val();
                        }
                    }
                }
                for c in 0..self._masked_full {
                    self.joined[c].next = 0.into();
                    for f in 0..self._fold {
                        for b in 0..self._banks {
                            self.joined[c].next =
                                self.joined[c].val() | self.masked[m * n * c + m * f + b].picked.val();
                            self.masked[m * n * c + m * f + b].open.next = self.opened[m * f + b].val();
                        }
                    }
                }
                for c in self._masked_full..self._masked_columns {
                    self.joined[c].next = 0.into();
                    for f in 0..self._rest {
                        for b in 0..self._banks {
                            self.joined[c].next =
                                self.joined[c].val() | self.masked[m * n * c + m * f + b].picked.val();
                            self.masked[m * n * c + m * f + b].open.next = self.opened[m * f + b].val();
                        }
                    }
                }
            }
        }
        for c in 0..self._columns {
            self.voters[c].next = self.joined[c].val();
        }
        comment!("distances, a tree per bank");
        for n in self._banks..self._banks_end {
            for l in 0..self._lanes {
                for b in 0..self._banks {
                    for _p in 0..self._picks {
                        self.pick[n * l + b].state.next = self.word[l].val();
                        self.pick[n * l + b].scans.next = self.compare.val();
                        self.pick[n * l + b].all.next = self.everyone.val();
                        self.tree.leaf[n * l + b].next = self.pick[n * l + b].count.val();
                    }
                    for _m in 0..self._masks {
                        self.masked[n * l + b].state.next = self.word[l].val();
                        self.masked[n * l + b].skip.next = self.skip[l].val();
                        self.masked[n * l + b].scans.next = self.compare.val();
                        self.tree.leaf[n * l + b].next = self.masked[n * l + b].count.val();
                    }
                    for m in 0..self._compare_masks {
                        self.compare_only[n * l + b].skip[m].next = self.skip[l].val();
                    }
                    for _c in 0..self._compares {
                        self.compare_only[n * l + b].state.next = self.word[l].val();
                        self.tree.leaf[n * l + b].next = self.compare_only[n * l + b].count.val();
                    }
                }
            }
        }
        for b in 0..self._banks {
            self.filter.distance[b].next = self.tree.sum[b].val();
        }
        for n in self._banks..self._banks_end {
            for m in self._stride..self._stride_end {
                for c in 0..self._more {
                    comment!("cues that share a scan: every row meets each of them");
                    for l in 0..self._lanes {
                        for k in self._lanes..self._lanes_end {
                            for b in 0..self._banks {
                                self.more_compare[m * c + n * l + b].state.next = self.more_word[k * c + l].val();
                                self.more_tree[c].leaf[n * l + b].next =
                                    self.more_compare[m * c + n * l + b].count.val();
                            }
                        }
                    }
                    for b in 0..self._banks {
                        self.more_filter[c].distance[b].next = self.more_tree[c].sum[b].val();
                        self.found[n * c + n + b].next = self.more_filter[c].found[b].val();
                        self.found_distance[n * c + n + b].next = self.more_filter[c].found_distance[b].val();
                    }
                    self.more_group[c].next = self.more_filter[c].found_group.val();
                    self.more_filter[c].start.next = self.more_start[c].val();
                    self.more_filter[c].reach.next = self.reach.val();
                    self.more_filter[c].last_bank.next = self.last_bank.val();
                    self.more_filter[c].normalised.next = self.normalised.val();
                    for t in self._last_delay..self._delay {
                        self.more_filter[c].valid.next = self.valid[t].q.val() & self.more_scans[c].val();
                        for r in 0..self._more_reviewed {
                            self.more_filter[c].valid.next =
                                (self.valid[t].q.val() & self.more_scans[c].val()) & !self.reviewing[r].val();
                        }
                        self.more_filter[c].last.next = self.last[t].q.val();
                        self.more_filter[c].token.next = false;
                    }
                }
            }
        }
        for b in 0..self._partials {
            self.partial[b].differ.next = self.tree.sum[b].val();
            self.filter.distance[b].next = self.partial[b].sum.val();
        }
        comment!(
            "what the distances that leave the trees belong to: delayed like the rows; the token is behind the last"
        );
        self.valid[0].d.next = self.scans.val();
        self.last[0].d.next = self.scan_last.val();
        for t in 0..self._last_delay {
            self.valid[t + 1].d.next = self.valid[t].q.val();
            self.last[t + 1].d.next = self.last[t].q.val();
        }
        self.filter.start.next = self.start.val();
        for t in self._last_delay..self._delay {
            self.filter.valid.next = self.valid[t].q.val();
            self.filter.last.next = self.last[t].q.val();
            self.ended.d.next = self.valid[t].q.val();
            self.filter.token.next = self.ended.q.val() & !self.valid[t].q.val();
        }
        for r in 0..self._reviews {
            comment!("a review: rows of the queue, which belong to no group; the last of its way is the token");
            self.valid[r].d.next = self.scans.val() | self.reviews[r].val();
            for t in self._last_delay..self._delay {
                self.filter.valid.next = self.valid[t].q.val() & !self.reviewing[r].val();
                self.filter.token.next = (self.ended.q.val() & !self.valid[t].q.val()) & !self.reviewing[r].val();
                for q in 0..self._requeues {
                    self.filter.token.next = ((self.ended.q.val() & !self.valid[t].q.val()) & !self.reviewing[r].val())
                        | (self.last[t].q.val() & self.reviewing[q].val());
                }
                self.review[r].comes.next = self.valid[t].q.val() & self.reviewing[r].val();
            }
            self.review[r].reviewing.next = self.reviewing[r].val();
            self.review[r].bank_read.next = self.bank_read.val();
            self.review[r].nearest.next = self.filter.nearest.val();
            for s in 0..self._cues {
                self.review[r].nearest.next = self.nearest_now[s].q.val();
            }
            for b in 0..self._reviewed {
                self.review[r].distance[b].next = self.tree.sum[b].val();
            }
            for c in 0..self._reviewed_cues {
                self.review[r].own[c].next = self.own[c].val();
            }
            for _s in 0..self._cues {
                for c in 0..self._more {
                    for n in self._banks..self._banks_end {
                        for b in 0..self._reviewed {
                            self.review[r].distance[n * c + n + b].next = self.more_tree[c].sum[b].val();
                        }
                    }
                    self.more_filter[c].none_left[r].next = self.review[r].holds.val() & self.own[c + 1].val();
                    for b in 0..self._requeued {
                        self.more_filter[c].again[b].next = self.review[r].again[b].val() & self.own[c + 1].val();
                    }
                }
            }
            for b in 0..self._requeued {
                self.filter.again[b].next = self.review[r].again[b].val();
            }
            for q in 0..self._requeues {
                self.last[q].d.next = (self.scan_last.val() & self.scans.val()) | self.reviews_last[q].val();
            }
            for q in 0..self._stops {
                self.held[q].next = self.review[r].holds.val();
            }
            self.missed[r].next = self.review[r].missed.val();
            self.filter.none_left[r].next = self.review[r].holds.val();
        }
        for w in 0..self._wide {
            comment!("in beats: a distance is there with a row's last word, and the token behind the last one");
            self.valid[w].d.next = self.scans.val() & self.ending[w].val();
            self.goes_on[w].d.next = self.scans.val() & !self.ending[w].val();
            self.filter.token.next = self.ended.q.val();
        }
        for t in 0..self._wide_last {
            self.goes_on[t + 1].d.next = self.goes_on[t].q.val();
        }
        for t in self._wide_last..self._wide_delay {
            self.ended.d.next = self.valid[t].q.val() & self.last[t].q.val();
            for b in 0..self._partials {
                self.partial[b].goes_on.next = self.goes_on[t].q.val();
            }
        }
        for s in 0..self._searches {
            self.nearest_place[s].next = self.filter.nearest_place[s].val();
        }
        self.filter.reach.next = self.reach.val();
        self.filter.last_bank.next = self.last_bank.val();
        self.filter.normalised.next = self.normalised.val();
        comment!("what the filter says");
        for b in 0..self._banks {
            self.found[b].next = self.filter.found[b].val();
            self.found_distance[b].next = self.filter.found_distance[b].val();
        }
        self.found_group.next = self.filter.found_group.val();
        self.scanned.next = self.filter.scanned.val();
        self.nearest.next = self.filter.nearest.val();
        self.distance.next = self.filter.nearest_distance.val();
        self.base.next = self.filter.base.val();
        for f in 0..self._flushes {
            self.flush[f].next = self.filter.flush[f].val();
            self.scanned_late[f].d.next = self.filter.scanned.val();
            self.scanned.next = self.scanned_late[f].q.val();
        }
        for c in 0..self._more_flushes {
            self.flush[c + 1].next = self.more_filter[c].flush[0].val();
        }
        for s in 0..self._cues {
            comment!("of the cue that votes");
            self.nearest_now[s].d.next = self.filter.nearest.val();
            self.distance_now[s].d.next = self.filter.nearest_distance.val();
            self.base_now[s].d.next = self.filter.base.val();
            for c in 0..self._more {
                if self.own[c + 1].val() {
                    self.nearest_now[s].d.next = self.more_filter[c].nearest.val();
                    self.distance_now[s].d.next = self.more_filter[c].nearest_distance.val();
                    self.base_now[s].d.next = self.more_filter[c].base.val();
                }
            }
            self.nearest.next = self.nearest_now[s].q.val();
            self.distance.next = self.distance_now[s].q.val();
            self.base.next = self.base_now[s].q.val();
        }
    }
}
