//! The vote: candidates wait in queues, one a bank; then each is weighed, plane by plane, and added where its row has a one.

mod build;
pub mod column;
pub mod near;
pub mod ranking;
pub mod values;
pub mod weights;

use super::memories::{Entries, Ram};
use crate::blocks::prelude::*;
use column::Column;
use ranking::Ranking;
use values::Values;
use weights::Weights;

/// Width of a queue entry: a group, then a distance.
const ENTRY_BITS: usize = INDEX_BITS + DISTANCE_BITS;

/// Queues, weights and accumulators.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Vote {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Where classes are ranked, or values loaded: forget what was begun.
    pub reset: Vec<Signal<In, Bit>>,
    /// Where values are apart from the keys: from the third cycle on, all outputs are enabled.
    pub everyone: Vec<Signal<In, Bit>>,
    /// A step begins: the queues are empty.
    pub start: Signal<In, Bit>,
    /// Candidates, one bit a bank.
    pub found: Vec<Signal<In, Bit>>,
    /// The group that they are in.
    pub found_group: Signal<In, Index>,
    /// Their distances.
    pub found_distance: Vec<Signal<In, Distance>>,
    /// What the kernel table's index counts from.
    pub base: Signal<In, Distance>,
    /// One more than the reach.
    pub reach: Signal<In, Distance>,
    /// The vote of a slot begins: `T` is zero.
    pub slot_start: Signal<In, Bit>,
    /// An entry of a queue is asked.
    pub issue: Signal<In, Bit>,
    /// There are no more.
    pub token: Signal<In, Bit>,
    /// The queue's entry.
    pub entry: Signal<In, Index>,
    /// The plane that votes.
    pub plane: Signal<In, Bits<2>>,
    /// Where rows are read in beats: the word of a row that votes.
    pub place: Vec<Signal<In, Index>>,
    /// The bank whose queue is asked.
    pub bank: Signal<In, Bits<2>>,
    /// Accumulators whose voter bit is one are cleared.
    pub clear: Signal<In, Bit>,
    /// Who is enabled in each column.
    pub voters: Vec<Signal<In, Bits<16>>>,
    /// Loadable, from here on: a row is asked for; the queue of its bank holds one entry, whatever that is.
    pub row_asked: Signal<In, Bit>,
    /// Its bank.
    pub stored_bank: Signal<In, Bits<2>>,
    /// It is being fetched.
    pub fetch: Signal<In, Bit>,
    /// Write an entry of the kernel table.
    pub store_kernel: Signal<In, Bit>,
    /// Write half an entry of the threshold table, the low one (at an even address) first.
    pub store_threshold: Signal<In, Bit>,
    /// What to write.
    pub store_data: Signal<In, Bits<16>>,
    /// Where to write and to read.
    pub store_address: Signal<In, Index>,
    /// Where values are apart from the keys: write a word of a row of them.
    pub store_value: Vec<Signal<In, Bit>>,
    /// Read the kernel table.
    pub read_kernel: Signal<In, Bit>,
    /// Read the threshold table, half an entry.
    pub read_threshold: Signal<In, Bit>,
    /// What was read.
    pub read_data: Signal<Out, Bits<16>>,
    /// Candidates in each bank's queue.
    pub queued: Vec<Signal<Out, Index>>,
    /// The same less one (heeded only where the core is not lean), but not in the cycle after `start` or `row_asked`.
    pub after_first: Vec<Signal<Out, Index>>,
    /// In all of them.
    pub total: Signal<Out, Index>,
    /// The row to read.
    pub row: Signal<Out, Index>,
    /// The bank whose row is there.
    pub bank_read: Signal<Out, Bits<2>>,
    /// Make `pick` all ones.
    pub all: Signal<Out, Bit>,
    /// The accumulators are complete in the next cycle.
    pub settled: Signal<Out, Bit>,
    /// One where a column's accumulator is not negative.
    pub signs: Vec<Signal<Out, Bits<16>>>,
    /// Of classes: what is said of them.
    pub words: Vec<Signal<Out, Bits<16>>>,
    /// Of a core of classes that learns: voters within this distance speak for their classes;
    pub radius: Vec<Signal<In, Distance>>,
    /// one of them may be that of this number:
    pub class: Vec<Signal<In, Index>>,
    /// it is,
    pub near: Vec<Signal<Out, Bit>>,
    /// and there are others.
    pub uncertain: Vec<Signal<Out, Bit>>,
    /// Where the queue is reviewed, all the time that it takes: distances of queued patterns come anew, in their order.
    pub reviewing: Vec<Signal<In, Bit>>,
    /// It begins, with the row of the nearest pattern,
    pub renew: Vec<Signal<In, Bit>>,
    /// which is this one.
    pub nearest: Vec<Signal<In, Index>>,
    /// The distances of a bank begin.
    pub rewind: Vec<Signal<In, Bit>>,
    /// The address register holds a row that is reviewed.
    pub reviews: Vec<Signal<Out, Bit>>,
    /// There are no more.
    pub reviews_last: Vec<Signal<Out, Bit>>,
    /// Of each cue, where its queues begin anew: with what is found now.
    pub flush: Vec<Signal<In, Bit>>,
    /// Where cues share a scan, one bit a cue: it votes. `found` and `found_distance` of the others follow those of the first.
    pub own: Vec<Signal<In, Bit>>,
    /// Of each of the others: a step begins,
    pub more_start: Vec<Signal<In, Bit>>,
    /// and the group that its candidates are in.
    pub more_group: Vec<Signal<In, Index>>,
    queue: Vec<Ram<ENTRY_BITS>>,
    entries: Vec<Entries<ENTRY_BITS>>,
    length: Vec<Register<Index>>,
    /// A counter of its own: from the length, the subtraction would be in the way to the sequencer's counter.
    less: Vec<Register<Index>>,
    no_more: Vec<Signal<Local, Index>>,
    step: Signal<Local, Index>,
    grown: Signal<Local, Index>,
    begun: Vec<Register<Bit>>,
    weights: Weights,
    column: Vec<Column>,
    values: Vec<Values>,
    ranking: Vec<Ranking>,
    /// How long ago the vote was in bank `b`.
    asked: Vec<Register<Bits<2>>>,
    bank_asked: Signal<Local, Bits<2>>,
    far: Signal<Local, Distance>,
    its_group: Signal<Local, Index>,
    answer: Signal<Local, Bits<ENTRY_BITS>>,
    sum: Signal<Local, Index>,
    one: Literal<INDEX_BITS, 1>,
    minus_one: Literal<INDEX_BITS, { (1 << INDEX_BITS) - 1 }>,
    index_width: Constant<Bits<6>>,
    index_mask: Constant<Index>,
    row_mask: Constant<Index>,
    number: Vec<Constant<Bits<2>>>,
    chosen: Vec<Register<Bit>>,
    bank_width: Vec<Constant<Index>>,
    _banks: usize,
    _shared: usize,
    _columns: usize,
    _asks: usize,
    _last_ask: usize,
    _loads: usize,
    _loaded_banks: usize,
    _values: usize,
    _numbered: usize,
    _keys: usize,
    _value_columns: usize,
    _rankings: usize,
    _loaded_values: usize,
    _ranked_columns: usize,
    _words: usize,
    _learns: usize,
    _wide: usize,
    _reviews: usize,
    _requeues: usize,
    _banks_end: usize,
    _more: usize,
    _flushes: usize,
    _flushed: usize,
    _begun: usize,
    _more_flushes: usize,
    _flush_scans: usize,
    _flush_reviews: usize,
    _more_scans: usize,
    _more_reviews: usize,
    _cues: usize,
    _all_scans: usize,
    _all_reviews: usize,
    _reviewed: usize,
    _scanned: usize,
}

impl Logic for Vote {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: vote");
        comment!("the queues of candidates, one a bank: an entry is the group, then the distance");
        self.sum.next = 0.into();
        for b in 0..self._banks {
            if self.found[b].val() {
                self.length[b].d.next = (self.length[b].q.val() + self.one.val()) & self.row_mask.val();
            }
            if self.start.val() {
                self.length[b].d.next = 0.into();
            }
            // as the length will be in the next cycle, less one
            self.no_more[b].next = self.minus_one.val();
            if self.found[b].val() {
                self.no_more[b].next = 0.into();
            }
            self.less[b].d.next = self.length[b].q.val() + self.no_more[b].val();
            self.queued[b].next = self.length[b].q.val();
            self.after_first[b].next = self.less[b].q.val();
            self.sum.next = self.sum.val() + self.length[b].q.val();
        }
        self.total.next = self.sum.val();
        for n in self._banks..self._banks_end {
            for c in 0..self._more {
                comment!("cues that share a scan have queues of their own");
                self.sum.next = 0.into();
                for b in 0..self._banks {
                    if self.found[n * c + n + b].val() {
                        self.length[n * c + n + b].d.next =
                            (self.length[n * c + n + b].q.val() + self.one.val()) & self.row_mask.val();
                    }
                    if self.more_start[c].val() {
                        self.length[n * c + n + b].d.next = 0.into();
                    }
                    self.no_more[n * c + n + b].next = self.minus_one.val();
                    if self.found[n * c + n + b].val() {
                        self.no_more[n * c + n + b].next = 0.into();
                    }
                    self.less[n * c + n + b].d.next =
                        self.length[n * c + n + b].q.val() + self.no_more[n * c + n + b].val();
                    self.sum.next = self.sum.val() + self.length[n * c + n + b].q.val();
                }
                if self.own[c + 1].val() {
                    self.total.next = self.sum.val();
                    for b in 0..self._banks {
                        self.queued[b].next = self.length[n * c + n + b].q.val();
                        self.after_first[b].next = self.less[n * c + n + b].q.val();
                    }
                }
            }
        }
        for n in self._banks..self._banks_end {
            for c in 0..self._flushes {
                comment!("a queue begins anew, with what is found");
                for b in 0..self._banks {
                    // an addition of 0 or 1, not a choice: a clock enable is a level more
                    self.step.next = 0.into();
                    if self.found[n * c + b].val() {
                        self.step.next = self.one.val();
                    }
                    self.grown.next = (self.length[n * c + b].q.val() + self.step.val()) & self.row_mask.val();
                    if self.flush[c].val() {
                        self.grown.next = self.step.val();
                    }
                    self.length[n * c + b].d.next = self.grown.val();
                }
            }
        }
        for c in 0..self._begun {
            comment!("a step's first candidate is far: that it begins may come a cycle later");
            self.begun[c].d.next = self.start.val();
            for b in 0..self._flushed {
                if self.begun[c].q.val() {
                    self.length[b].d.next = 0.into();
                }
            }
        }
        for n in self._banks..self._banks_end {
            for c in 0..self._more_flushes {
                self.begun[c + 1].d.next = self.more_start[c].val();
                for b in 0..self._banks {
                    if self.begun[c + 1].q.val() {
                        self.length[n * c + n + b].d.next = 0.into();
                    }
                }
            }
        }
        for b in 0..self._loaded_banks {
            comment!("loadable: for a row that is fetched, the queue of its bank holds one entry, whatever that is");
            if self.row_asked.val() {
                self.length[b].d.next = 0.into();
                if self.stored_bank.val() == self.number[b].val() {
                    self.length[b].d.next = self.one.val();
                }
            }
        }
        for b in 0..self._reviewed {
            if self.rewind[b].val() {
                self.length[b].d.next = 0.into();
            }
        }
        for n in self._banks..self._banks_end {
            for c in 0..self._more_reviews {
                for b in 0..self._banks {
                    if self.rewind[b].val() & self.own[c + 1].val() {
                        self.length[n * c + n + b].d.next = 0.into();
                    }
                }
            }
        }
        for b in 0..self._scanned {
            self.queue[b].write.next = self.found[b].val();
            self.queue[b].write_address.next = self.length[b].q.val();
            self.far.next = self.found_distance[b].val();
            self.queue[b].write_data.next = bit_cast::<ENTRY_BITS, INDEX_BITS>(self.found_group.val())
                | (bit_cast::<ENTRY_BITS, DISTANCE_BITS>(self.far.val())
                    << bit_cast::<ENTRY_BITS, 6>(self.index_width.val()));
            self.queue[b].address.next = self.entry.val();
        }
        for n in self._banks..self._banks_end {
            for c in 0..self._more_scans {
                for b in 0..self._banks {
                    self.queue[n * c + n + b].write.next = self.found[n * c + n + b].val();
                    self.queue[n * c + n + b].write_address.next = self.length[n * c + n + b].q.val();
                    self.far.next = self.found_distance[n * c + n + b].val();
                    self.its_group.next = self.more_group[c].val();
                    self.queue[n * c + n + b].write_data.next =
                        bit_cast::<ENTRY_BITS, INDEX_BITS>(self.its_group.val())
                            | (bit_cast::<ENTRY_BITS, DISTANCE_BITS>(self.far.val())
                                << bit_cast::<ENTRY_BITS, 6>(self.index_width.val()));
                    self.queue[n * c + n + b].address.next = self.entry.val();
                }
            }
        }
        for r in 0..self._requeues {
            for n in self._banks..self._banks_end {
                for c in 0..self._more {
                    for b in 0..self._banks {
                        self.entries[n * c + n + b].write.next =
                            self.found[n * c + n + b].val() & !self.reviewing[r].val();
                        self.entries[n * c + n + b].rewrite.next = self.found[n * c + n + b].val();
                        self.entries[n * c + n + b].write_address.next = self.length[n * c + n + b].q.val();
                        self.far.next = self.found_distance[n * c + n + b].val();
                        self.its_group.next = self.more_group[c].val();
                        self.entries[n * c + n + b].write_data.next =
                            bit_cast::<ENTRY_BITS, INDEX_BITS>(self.its_group.val())
                                | (bit_cast::<ENTRY_BITS, DISTANCE_BITS>(self.far.val())
                                    << bit_cast::<ENTRY_BITS, 6>(self.index_width.val()));
                        self.entries[n * c + n + b].address.next = self.entry.val();
                    }
                }
            }
        }
        for r in 0..self._requeues {
            comment!("a review writes their distances anew, each in its place");
            for b in 0..self._reviewed {
                self.entries[b].write.next = self.found[b].val() & !self.reviewing[r].val();
                self.entries[b].rewrite.next = self.found[b].val();
                self.entries[b].write_address.next = self.length[b].q.val();
                self.far.next = self.found_distance[b].val();
                self.entries[b].write_data.next = bit_cast::<ENTRY_BITS, INDEX_BITS>(self.found_group.val())
                    | (bit_cast::<ENTRY_BITS, DISTANCE_BITS>(self.far.val())
                        << bit_cast::<ENTRY_BITS, 6>(self.index_width.val()));
                self.entries[b].address.next = self.entry.val();
            }
        }
        for n in self._banks..self._banks_end {
            for c in 0..self._flush_scans {
                for b in 0..self._banks {
                    if self.flush[c].val() {
                        self.queue[n * c + b].write_address.next = 0.into();
                    }
                }
            }
            for c in 0..self._flush_reviews {
                for b in 0..self._banks {
                    if self.flush[c].val() {
                        self.entries[n * c + b].write_address.next = 0.into();
                    }
                }
            }
        }
        for r in 0..self._reviews {
            self.weights.reviewing[r].next = self.reviewing[r].val();
            self.weights.renew[r].next = self.renew[r].val();
            self.weights.nearest[r].next = self.nearest[r].val();
            self.reviews[r].next = self.weights.reviews[r].val();
        }
        for r in 0..self._requeues {
            self.reviews_last[r].next = self.weights.reviews_last[r].val();
        }
        comment!("which bank was asked, and which one's row is there");
        self.bank_asked.next = 0.into();
        self.bank_read.next = 0.into();
        for s in 0..self._shared {
            self.asked[s].d.next = self.bank.val();
            self.bank_asked.next = self.asked[s].q.val();
            for a in 0..self._last_ask {
                self.asked[a + 1].d.next = self.asked[a].q.val();
            }
            for a in self._last_ask..self._asks {
                self.bank_read.next = self.asked[a].q.val();
            }
        }
        self.answer.next = 0.into();
        for b in 0..self._scanned {
            if self.bank_asked.val() == self.number[b].val() {
                self.answer.next = self.queue[b].data.val();
            }
        }
        for b in 0..self._reviewed {
            if self.bank_asked.val() == self.number[b].val() {
                self.answer.next = self.entries[b].data.val();
            }
        }
        for n in self._banks..self._banks_end {
            for c in 0..self._cues {
                comment!("of several cues, that of the one that votes: of all entries one is let through");
                for b in 0..self._banks {
                    self.chosen[n * c + b].d.next = self.own[c].val() & (self.bank.val() == self.number[b].val());
                }
                self.answer.next = 0.into();
            }
        }
        for i in 0..self._all_scans {
            if self.chosen[i].q.val() {
                self.answer.next = self.answer.val() | self.queue[i].data.val();
            }
        }
        for i in 0..self._all_reviews {
            if self.chosen[i].q.val() {
                self.answer.next = self.answer.val() | self.entries[i].data.val();
            }
        }
        comment!("its row and its weight");
        self.weights.start.next = self.slot_start.val();
        self.weights.issue.next = self.issue.val();
        self.weights.token.next = self.token.val();
        self.weights.plane.next = self.plane.val();
        self.weights.queued_index.next = bit_cast::<INDEX_BITS, ENTRY_BITS>(self.answer.val()) & self.index_mask.val();
        for v in 0..self._numbered {
            comment!("a pattern's number: its group, then its bank");
            self.weights.queued_index.next = ((bit_cast::<INDEX_BITS, ENTRY_BITS>(self.answer.val())
                & self.index_mask.val())
                << self.bank_width[v].val())
                | bit_cast::<INDEX_BITS, 2>(self.bank_asked.val());
        }
        self.weights.queued_distance.next = bit_cast::<DISTANCE_BITS, ENTRY_BITS>(
            self.answer.val() >> bit_cast::<ENTRY_BITS, 6>(self.index_width.val()),
        );
        for w in 0..self._wide {
            self.weights.place[w].next = self.place[w].val();
        }
        self.weights.base.next = self.base.val();
        self.weights.reach.next = self.reach.val();
        self.row.next = self.weights.row.val();
        self.all.next = self.weights.all.val();
        self.settled.next = self.weights.done.val();
        comment!("the tables from outside");
        self.weights.fetch.next = self.fetch.val();
        self.weights.store_kernel.next = self.store_kernel.val();
        self.weights.store_threshold.next = self.store_threshold.val() & self.store_address.val().get_bit(0);
        self.weights.store_first.next = self.store_threshold.val() & !self.store_address.val().get_bit(0);
        self.weights.store_data.next = self.store_data.val();
        self.weights.store_address.next = self.store_address.val();
        self.weights.lookup.next = self.read_kernel.val() | self.read_threshold.val();
        self.weights.halves.next = self.read_threshold.val();
        self.read_data.next = 0.into();
        for _l in 0..self._loads {
            self.read_data.next = self.weights.kernel_entry.val();
            if self.read_threshold.val() {
                self.read_data.next = self.weights.threshold_entry.val();
            }
        }
        comment!("columns of accumulators");
        for c in 0..self._columns {
            self.column[c].clear.next = self.clear.val();
            self.column[c].operand.next = self.weights.operand.val();
            for _k in 0..self._keys {
                self.column[c].pick.next = self.voters[c].val();
            }
            self.signs[c].next = self.column[c].signs.val();
        }
        for v in 0..self._values {
            comment!("values apart from the keys say who is enabled");
            self.values[v].row.next = self.weights.row.val();
            self.values[v].everyone.next = self.everyone[v].val();
        }
        for c in 0..self._value_columns {
            for v in 0..self._values {
                self.column[c].pick.next = self.values[v].voters[c].val();
            }
        }
        for v in 0..self._loaded_values {
            self.values[v].reset[v].next = self.reset[v].val();
            self.values[v].stored[v].next = self.store_value[v].val();
            self.values[v].stored_address[v].next = self.store_address.val();
            self.values[v].stored_data[v].next = self.store_data.val();
        }
        for r in 0..self._rankings {
            comment!("classes are ranked when the accumulators are complete");
            self.ranking[r].reset.next = self.reset[r].val();
            self.ranking[r].start.next = self.weights.done.val();
            self.ranking[r].odd.next = self.weights.odd[r].val();
            self.ranking[r].last.next = self.values[r].last[r].val();
            self.values[r].first[r].next = self.weights.done.val();
            self.values[r].walk[r].next = self.ranking[r].walk.val();
            self.settled.next = self.ranking[r].done.val();
        }
        for l in 0..self._learns {
            comment!("which classes are near");
            self.weights.radius[l].next = self.radius[l].val();
            self.values[l].begin[l].next = self.start.val();
            self.values[l].close[l].next = self.weights.close[l].val();
            self.ranking[l].near[l].next = self.values[l].near[l].val();
            self.ranking[l].asked[l].next = self.class[l].val();
            self.near[l].next = self.ranking[l].found[l].val();
            self.uncertain[l].next = self.ranking[l].several[l].val();
        }
        for c in 0..self._ranked_columns {
            for r in 0..self._rankings {
                self.ranking[r].shown[c].next = self.column[c].shown[r].val();
            }
        }
        for w in 0..self._words {
            for r in 0..self._rankings {
                self.words[w].next = self.ranking[r].words[w].val();
            }
        }
    }
}
