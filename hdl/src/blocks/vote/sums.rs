//! What is read out of the queues, and the sums that it adds up to.

use super::{ENTRY_BITS, Vote};
use crate::blocks::{part::Part, prelude::*};

/// How they vote.
pub(super) struct Sums;

impl Part<Sums> for Vote {
    #[hdl_gen]
    fn update(&mut self) {
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
            self.values[v].stored[v].next = self.store_value[v].val();
            self.values[v].stored_address[v].next = self.store_address.val();
        }
        for w in 0..self._stored_words {
            for v in 0..self._loaded_values {
                self.values[v].stored_words[w].next = self.store_words[w].val();
            }
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
        for c in 0..self._choices {
            comment!("if there are any: else the accumulators are all that there is");
            self.ranking[c].start.next = self.weights.done.val() & self.ranks[c].val();
            self.values[c].first[c].next = self.weights.done.val() & self.ranks[c].val();
            self.settled.next = self.weights.done.val();
            if self.ranks[c].val() {
                self.settled.next = self.ranking[c].done.val();
            }
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
