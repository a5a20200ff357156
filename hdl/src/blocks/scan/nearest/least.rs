//! The least distance of a group, and what waits for it.

use super::{Nearest, SPARE_BITS};
use crate::blocks::{part::Part, prelude::*};

/// Pair by pair, a cycle each.
pub(super) struct Least;

impl Part<Least> for Nearest {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: nearest");
        comment!("the least of the group, pair by pair; of equals the one of the lower bank");
        for b in 0..self._banks {
            self.least[b].next = self.distance[b].val();
            self.whose[b].next = self.bank_numbers[b].val();
        }
        for l in 0..self._lists {
            for b in 0..self._banks {
                self.coming[b].next = self.distance[b].val();
                if self.listing[l].val() {
                    self.coming[b].next = self.far.val() ^ self.room_left[b].val();
                }
                self.least[b].next = self.coming[b].val();
            }
        }
        for p in 0..self._nodes {
            // a loop of one turn: the way to index with a run-time value
            for s in self._banks..self._banks_end {
                self.least[p + s].next = self.lesser[p].q.val();
                self.whose[p + s].next = self.lesser_bank[p].q.val();
            }
        }
        for p in 0..self._nodes {
            self.lesser[p].d.next = self.least[2 * p].val();
            // not written with `<`: which of the two synthesis subtracts would hang on their names, and one way takes a second
            // comparison, for equality
            self.rest.next = self.far.val() ^ self.least[2 * p + 1].val();
            self.former.next = self.least[2 * p].val();
            self.lead.next = bit_cast::<SPARE_BITS, DISTANCE_BITS>(self.former.val())
                + bit_cast::<SPARE_BITS, DISTANCE_BITS>(self.rest.val());
            // masks, not a choice: some bits of these numbers are constants, and from a choice synthesis makes resets for them
            self.one_bank.next = self.every.val();
            self.other_bank.next = self.none.val();
            if self.lead.val().get_bit(self.sign.val().index()) {
                self.lesser[p].d.next = self.least[2 * p + 1].val();
                self.one_bank.next = self.none.val();
                self.other_bank.next = self.every.val();
            }
            self.lesser_bank[p].d.next =
                (self.whose[2 * p].val() & self.one_bank.val()) | (self.whose[2 * p + 1].val() & self.other_bank.val());
        }
        comment!("everything else waits as long");
        self.valids[0].next = self.valid.val();
        self.lasts[0].next = self.last.val();
        self.tokens[0].next = self.token.val();
        for b in 0..self._banks {
            self.delayed[b].next = self.distance[b].val();
        }
        for b in 0..self._listed_banks {
            self.delayed[b].next = self.coming[b].val();
        }
        for b in 0..self._reviewed {
            self.again_late[b].d.next = self.again[b].val();
        }
        for t in 0..self._levels {
            self.valid_late[t].d.next = self.valids[t].val();
            self.last_late[t].d.next = self.lasts[t].val();
            self.token_late[t].d.next = self.tokens[t].val();
            self.valids[t + 1].next = self.valid_late[t].q.val();
            self.lasts[t + 1].next = self.last_late[t].q.val();
            self.tokens[t + 1].next = self.token_late[t].q.val();
        }
        for n in self._banks..self._banks_end {
            for t in 0..self._last_level {
                for b in 0..self._banks {
                    self.late[n * t + b].d.next = self.delayed[n * t + b].val();
                    self.delayed[n * t + n + b].next = self.late[n * t + b].q.val();
                }
                for b in 0..self._reviewed {
                    self.again_late[n * t + n + b].d.next = self.again_late[n * t + b].q.val();
                }
            }
            for t in self._last_level..self._levels {
                for b in 0..self._spares {
                    self.tested.next = self.delayed[n * t + b].val();
                    self.spare[b].d.next = self.wide.val() ^ bit_cast::<SPARE_BITS, DISTANCE_BITS>(self.tested.val());
                }
                for l in 0..self._listed {
                    comment!("of a list: what is no distance is far here too, since it is queued beside others");
                    for b in 0..self._listed_banks {
                        self.real[b].next = true;
                    }
                    for b in 1..self._listed_banks {
                        self.real[b].next = self.bank[b].val() <= self.last_bank.val();
                    }
                    for b in 0..self._listed_banks {
                        self.tested.next = self.far.val();
                        if self.valids[t].val() & ((self.listing[l].val() | !self.lasts[t].val()) | self.real[b].val())
                        {
                            self.tested.next = self.delayed[n * t + b].val();
                        }
                        self.spare[b].d.next =
                            self.wide.val() ^ bit_cast::<SPARE_BITS, DISTANCE_BITS>(self.tested.val());
                    }
                }
            }
        }
        comment!("what is no distance is far");
        self.masked.next = self.far.val();
        for t in self._last_level..self._levels {
            for r in self._root..self._root_end {
                self.masked_bank.d.next = self.whose[r].val();
                if self.valids[t].val() {
                    self.masked.next = self.least[r].val();
                }
            }
        }
        self.closeness.d.next = self.far.val() ^ self.masked.val();
        for t in self._levels..self._levels_end {
            self.now.next = self.valids[t].val();
            self.ending.next = self.lasts[t].val();
            self.scanned.next = self.tokens[t].val();
        }
    }
}
