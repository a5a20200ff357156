//! The filter: who is within reach of the minimum so far.

use super::{Nearest, SPARE_BITS};
use crate::blocks::{part::Part, prelude::*};

/// Candidates, and what is said of the minimum.
pub(super) struct Filter;

impl Part<Filter> for Nearest {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("the filter: within reach of the minimum so far");
        self.origin.next = self.zero.val();
        if self.normalised.val() {
            self.origin.next = self.best.q.val();
        }
        // a distance equal to the limit is within reach, so reach + 1 is added
        self.limit.d.next = bit_cast::<SPARE_BITS, DISTANCE_BITS>(self.origin.val())
            + bit_cast::<SPARE_BITS, DISTANCE_BITS>(self.reach.val());
        for l in 0..self._lists {
            comment!("of a list, that stays, and no other minimum");
            if self.listing[l].val() {
                self.limit.d.next = self.limit.q.val();
            }
            self.passes[l].next = self.now.val();
            self.nearer[l].next = self.closer.val();
        }
        self.found_group.next = self.group.q.val();
        for l in 0..self._pushed {
            self.push_group[l].d.next = self.group.q.val();
            self.found_group.next = self.push_group[l].q.val();
        }
        for w in 0..self._wide {
            comment!("in beats: where a group's first word is");
            self.leap[w].next = self.none.val();
            if self.now.val() {
                self.leap[w].next = self.stride[w].val();
            }
            self.first[w].d.next = (self.first[w].q.val() + self.leap[w].val()) & self.place_mask[w].val();
            if self.start.val() {
                self.first[w].d.next = 0.into();
            }
            self.push_group[w].d.next = self.first[w].q.val();
        }
        for w in 0..self._searches {
            self.candidate_first[w].d.next = self.first[w].q.val();
            if self.better[w].q.val() {
                self.best_first[w].d.next = self.candidate_first[w].q.val();
            }
            self.nearest_place[w].next = self.best_first[w].q.val();
        }
        // the last group may hold fewer patterns than banks, but at least one
        for b in 0..self._banks {
            self.real[b].next = true;
        }
        for b in 1..self._banks {
            self.real[b].next = self.bank[b].val() <= self.last_bank.val();
        }
        for b in 0..self._spares {
            self.slack.next = self.limit.q.val() + self.spare[b].q.val();
            // the last group may hold fewer patterns
            self.found[b].next = (self.now.val() & (!self.ending.val() | self.real[b].val()))
                & self.slack.val().get_bit(self.slack_sign.val().index());
            self.room.next = self.wide.val() ^ self.spare[b].q.val();
            self.found_distance[b].next = bit_cast::<DISTANCE_BITS, SPARE_BITS>(self.room.val());
        }
        for b in 0..self._shown {
            comment!("of one bank, what is added to the minimum serves here too");
            self.slack.next = self.limit.q.val()
                + (bit_cast::<SPARE_BITS, DISTANCE_BITS>(self.closeness.q.val()) | self.beyond_far[b].val());
            self.found[b].next = self.now.val() & self.slack.val().get_bit(self.slack_sign.val().index());
            self.found_distance[b].next = self.far.val() ^ self.closeness.q.val();
        }
        for b in 0..self._listed_banks {
            self.slack.next = self.limit.q.val() + self.spare[b].q.val();
            self.found[b].next = self.now.val() & self.slack.val().get_bit(self.slack_sign.val().index());
            self.room.next = self.wide.val() ^ self.spare[b].q.val();
            self.found_distance[b].next = bit_cast::<DISTANCE_BITS, SPARE_BITS>(self.room.val());
        }
        for b in 0..self._pushes {
            self.slack.next = self.limit.q.val() + self.spare[b].q.val();
            self.push[b].d.next = (self.now.val() & (!self.ending.val() | self.real[b].val()))
                & self.slack.val().get_bit(self.slack_sign.val().index());
            for n in self._banks..self._reviewed_end {
                comment!("of a review: every one");
                for t in self._last_level..self._levels {
                    self.push[b].d.next = ((self.now.val() & (!self.ending.val() | self.real[b].val()))
                        & self.slack.val().get_bit(self.slack_sign.val().index()))
                        | self.again_late[n * t + b].q.val();
                }
            }
            self.room.next = self.wide.val() ^ self.spare[b].q.val();
            self.push_distance[b].d.next = bit_cast::<DISTANCE_BITS, SPARE_BITS>(self.room.val());
            self.found[b].next = self.push[b].q.val();
            self.found_distance[b].next = self.push_distance[b].q.val();
        }
        if self.start.val() {
            self.best.d.next = self.far.val();
            self.group.d.next = 0.into();
        }
        self.nearest.next = self.best_index.q.val();
        self.nearest_distance.next = self.best.q.val();
        self.base.next = self.origin.val();
    }
}
