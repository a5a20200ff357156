//! The distances of the rows, and what the filter says of them.

use super::Scan;
use crate::blocks::{part::Part, prelude::*};

/// What is made of it.
pub(super) struct Distances;

impl Part<Distances> for Scan {
    #[hdl_gen]
    fn update(&mut self) {
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
        for l in 0..self._lists {
            comment!("a pass: what is queued comes in the rows' place, and another minimum is sought");
            self.filter.start.next = self.start.val() | self.again[l].val();
            self.filter.listing[l].next = self.listing[l].val();
            for t in self._last_delay..self._delay {
                self.filter.valid.next = self.valid[t].q.val() | self.comes[l].val();
                self.filter.token.next = (self.ended.q.val() & !self.valid[t].q.val()) | self.comes_last[l].val();
            }
            for w in 0..self._wide {
                self.filter.token.next = self.ended.q.val() | self.comes_last[w].val();
            }
        }
        for b in 0..self._listed_banks {
            self.filter.room_left[b].next = self.room_left[b].val();
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
        for l in 0..self._lists {
            self.passes[l].next = self.filter.passes[l].val();
            self.nearer[l].next = self.filter.nearer[l].val();
        }
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
