//! The queues of candidates: how long they are, and what is written into them.

use super::{ENTRY_BITS, Vote};
use crate::blocks::{part::Part, prelude::*};

/// How candidates wait.
pub(super) struct Queues;

impl Part<Queues> for Vote {
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
    }
}
