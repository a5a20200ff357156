//! The running minimum.

use super::{Nearest, SPARE_BITS};
use crate::blocks::{part::Part, prelude::*};

/// What closes in a cycle, and what follows it.
pub(super) struct Minimum;

impl Part<Minimum> for Nearest {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("the running minimum; its index follows a cycle later");
        self.margin.next = bit_cast::<SPARE_BITS, DISTANCE_BITS>(self.best.q.val())
            + bit_cast::<SPARE_BITS, DISTANCE_BITS>(self.closeness.q.val());
        self.closer.next = self.margin.val().get_bit(self.sign.val().index());
        // written with masks, not as a choice: from a choice, synthesis makes a clock enable, which is a LUT later
        self.taken.next = self.zero.val();
        self.left.next = self.far.val();
        if self.closer.val() {
            self.taken.next = self.far.val();
            self.left.next = self.zero.val();
        }
        self.best.d.next =
            ((self.far.val() ^ self.closeness.q.val()) & self.taken.val()) | (self.best.q.val() & self.left.val());
        for r in 0..self._reviews {
            comment!("of a review: the nearest pattern is the one that it was, and now the state");
            if self.none_left[r].val() {
                self.best.d.next = 0.into();
            }
        }
        // an addition of 0 or 1, not a choice: a clock enable is a LUT later
        self.step.next = self.none.val();
        if self.now.val() {
            self.step.next = self.one.val();
        }
        self.group.d.next = (self.group.q.val() + self.step.val()) & self.group_mask.val();
        self.place.next = (self.group.q.val() << self.bank_width.val()) | self.masked_bank.q.val();
        for _l in 0..self._lean {
            if self.closer.val() {
                self.best_index.d.next = self.place.val();
            }
        }
        for l in 0..self._deep {
            self.better[l].d.next = self.closer.val();
            self.candidate[l].d.next = self.place.val();
            if self.better[l].q.val() {
                self.best_index.d.next = self.candidate[l].q.val();
            }
        }
        for f in 0..self._flushes {
            comment!(
                "the queue begins anew where the minimum falls by more than the reach and one: an addition of its own, beside its fall"
            );
            self.depth[f].d.next = (bit_cast::<SPARE_BITS, DISTANCE_BITS>(self.masked.val()) ^ self.ones.val())
                - bit_cast::<SPARE_BITS, DISTANCE_BITS>(self.reach.val());
            self.lowered.next = bit_cast::<SPARE_BITS, DISTANCE_BITS>(self.best.q.val()) + self.depth[f].q.val();
            self.sunk[f].d.next = !self.lowered.val().get_bit(self.slack_sign.val().index()) & self.normalised.val();
            self.flush[f].next = self.sunk[f].q.val();
        }
    }
}
