//! The loops of a step: rows of the scan, entries of the queues, planes and banks.

use super::Sequencer;
use crate::blocks::{part::Part, prelude::*};

/// What is counted in a step.
pub(super) struct Loops;

impl Part<Loops> for Sequencer {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("rows of the scan; slots of the vote, a plane at a time");
        for c in 0..self._deep {
            self.rows_left[c].d.next = self.rows_left[c].q.val() - self.one_index.val();
            for w in 0..self._wide {
                if !self.ending[w].val() {
                    self.rows_left[c].d.next = self.rows_left[c].q.val();
                }
            }
            if self.starting.q.val() {
                self.rows_left[c].d.next = self.last_row.val();
            }
        }
        self.plane.next = 0.into();
        self.pointer.d.next = (self.pointer.q.val() + self.one_index.val()) & self.entry_mask.val();
        self.left_over.next = self.no_index.val();
        for c in 0..self._counted {
            self.left_over.next = self.entries_left[c].q.val() - self.one_index.val();
        }
        for k in 0..self._planes {
            comment!("of several planes, the last one's slot ends an entry");
            self.plane.next = self.slots[k].q.val();
            self.slots[k].d.next = 0.into();
            if self.slots[k].q.val() != self.last_plane.val() {
                self.slots[k].d.next = self.slots[k].q.val() + self.one_plane.val();
                self.pointer.d.next = self.pointer.q.val();
                for c in 0..self._counted {
                    self.left_over.next = self.entries_left[c].q.val();
                }
            }
            if self.entries_done.val() | self.beginning.q.val() {
                self.slots[k].d.next = 0.into();
            }
        }
        for k in 0..self._reviewed_planes {
            comment!("of a review, every slot ends one");
            if self.reading[k].q.val() {
                self.slots[k].d.next = 0.into();
                self.pointer.d.next = (self.pointer.q.val() + self.one_index.val()) & self.entry_mask.val();
                for c in 0..self._counted {
                    self.left_over.next = self.entries_left[c].q.val() - self.one_index.val();
                }
            }
        }
        for b in 0..self._shared {
            comment!("a bank's queue is read; on to the next one");
            if self.electing.q.val() & self.entries_done.val() {
                self.pointer.d.next = 0.into();
                self.left_over.next = self.following.val();
                self.banks[b].d.next = self.banks[b].q.val() + self.one_plane.val();
            }
            if self.beginning.q.val() {
                self.banks[b].d.next = 0.into();
            }
        }
        for b in 0..self._reviewed_banks {
            if self.reading[b].q.val() & self.entries_done.val() {
                self.pointer.d.next = 0.into();
                self.left_over.next = self.following.val();
                self.banks[b].d.next = self.banks[b].q.val() + self.one_plane.val();
            }
            if self.renewing[b].q.val() {
                self.banks[b].d.next = 0.into();
            }
        }
        if self.beginning.q.val() {
            self.pointer.d.next = 0.into();
            self.left_over.next = self.after_first[0].val();
        }
        for r in 0..self._requeues {
            if self.renewing[r].q.val() {
                self.pointer.d.next = 0.into();
                self.left_over.next = self.after_first[0].val();
            }
            comment!("a queue's distances come again from its first one on, once its count was taken");
            self.rewind[r].next = self.renewing[r].q.val();
        }
        for b in 0..self._rewinds {
            self.rewind[b + 1].next = false;
            for r in 0..self._requeues {
                self.rewind[b + 1].next = (self.reading[r].q.val() & self.entries_done.val())
                    & (self.banks[r].q.val() == self.turn_of[b].val());
            }
        }
        for r in 0..self._ranked {
            comment!(
                "a list: in a pass the queue is read from its beginning; then back to the entry that was found, and there it stays"
            );
            self.step[r].next = self.one_index.val();
            self.base[r].next = self.pointer.q.val();
            if self.nearer[r].val() {
                self.found_by[r].d.next = self.pointer.q.val();
            }
            if self.deciding.q.val() | self.informing.q.val() {
                self.step[r].next = self.no_index.val();
            }
            // behind a scan too, where it does no harm: whether it is a pass that settles would be a level more
            if self.settled.val() {
                self.base[r].next = self.found_by[r].q.val();
                self.step[r].next = self.back[r].val();
            }
            self.pointer.d.next = (self.base[r].val() + self.step[r].val()) & self.entry_mask.val();
            if self.beginning.q.val() {
                self.pointer.d.next = 0.into();
            }
            self.place[r].next = self.pointer.q.val();
        }
        for c in 0..self._counted {
            self.entries_left[c].d.next = self.left_over.val();
        }
    }
}
