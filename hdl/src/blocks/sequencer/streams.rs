//! Words that come and go, and the ends of what is counted.

use super::Sequencer;
use crate::blocks::{part::Part, prelude::*};

/// What a phase waits for.
pub(super) struct Streams;

impl Part<Streams> for Sequencer {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: sequencer");
        comment!("a row is asked for, and fetched");
        self.asked.next = false;
        self.alone.next = false;
        for f in 0..self._fetches {
            self.asked.next = self.fetch.val() & self.loading.q.val();
            self.alone.next = self.fetched[f].q.val();
            self.fetched[f].d.next =
                (self.fetch.val() & self.loading.q.val()) | (self.fetched[f].q.val() & !self.loading.q.val());
            if self.reset.val() {
                self.fetched[f].d.next = false;
            }
        }
        self.fetching.next = self.alone.val();
        comment!("words of the streams: after each, a cycle for the state to move on");
        self.out_valid.next = self.offering.q.val();
        self.send.next = self.offering.q.val() & self.out_ready.val();
        self.offering.d.next = (self.unloading.q.val() | self.informing.q.val())
            & !(self.shifting.q.val() | (self.sent.q.val() | self.send.val()));
        self.moves.next = false;
        for a in 0..self._alone {
            // registers: from a word that comes, or is taken, it is far to all lanes
            self.in_ready.next = self.taking[a].q.val();
            self.accept.next = self.taking[a].q.val() & self.in_valid.val();
            self.showing[a].d.next =
                self.unloading.q.val() & !(self.shifting.q.val() | (self.sent.q.val() | self.send.val()));
            self.moves.next =
                (self.taking[a].q.val() & self.in_valid.val()) | (self.showing[a].q.val() & self.out_ready.val());
            if self.reset.val() {
                self.showing[a].d.next = false;
            }
        }
        for _l in 0..self._lean {
            self.rows_done.next = self.row.val() == (self.last_row.val() + self.one_index.val());
            self.scan_last.next = self.row.val() == self.last_row.val();
            self.entries_done.next = self.pointer.q.val() == self.queued[0].val();
        }
        for c in 0..self._deep {
            self.rows_done.next = self.rows_left[c].q.val().get_bit(self.row_sign.val().index());
            self.scan_last.next = self.rows_left[c].q.val() == self.no_index.val();
        }
        for c in 0..self._counted {
            self.entries_done.next = self.entries_left[c].q.val().get_bit(self.row_sign.val().index());
        }
        for _r in 0..self._ranked {
            self.entries_done.next = self.pointer.q.val() == self.queued[0].val();
        }
        for _l in 0..self._fetched_lists {
            // no pass, but a row that is fetched
            self.entries_done.next = (self.pointer.q.val() == self.queued[0].val()) | self.alone.val();
        }
        for b in 0..self._compared {
            match self.banks[b].q.val().index() {
                0 => self.entries_done.next = self.pointer.q.val() == self.queued[0].val(),
                1 => self.entries_done.next = self.pointer.q.val() == self.queued[1].val(),
                2 => self.entries_done.next = self.pointer.q.val() == self.queued[2].val(),
                _ => self.entries_done.next = self.pointer.q.val() == self.queued[3].val(),
            }
        }
        self.final_step.d.next = (self.single.val() | self.alone.val()) | (self.steps.q.val() == self.max_steps.val());
        for m in 0..self._mixes {
            comment!("an answer that is no state has one step");
            if !self.keyed[m].val() {
                self.final_step.d.next = true;
            }
        }
        for l in 0..self._learns {
            if self.learning[l].val() {
                self.final_step.d.next = true;
            }
        }
        self.last_accepted.next =
            self.shifting.q.val() & (self.loading.q.val() & self.words.q.val().get_bit(self.word_sign.val().index()));
        for f in 0..self._fetches {
            comment!("the words of a row begin no recall");
            self.last_accepted.next = (self.shifting.q.val() & !self.rowing[f].val())
                & (self.loading.q.val() & self.words.q.val().get_bit(self.word_sign.val().index()));
        }
        for l in 0..self._learns {
            self.last_accepted.next = self.recall[l].val()
                | ((self.shifting.q.val() & !self.rowing[l].val())
                    & (self.loading.q.val() & self.words.q.val().get_bit(self.word_sign.val().index())));
        }
        self.last_sent.next =
            self.shifting.q.val() & (self.unloading.q.val() & self.words.q.val().get_bit(self.word_sign.val().index()));
        for m in 0..self._masks {
            comment!("a cue, then its mask: as many words again");
            self.final_word[m].next = self.words.q.val().get_bit(self.word_sign.val().index());
            self.mask_turn[m].d.next = self.mask_turn[m].q.val() ^ self.last_accepted.val();
            if self.reset.val() {
                self.mask_turn[m].d.next = false;
            }
            self.masking[m].next = self.mask_turn[m].q.val();
            self.last_accepted.next = self.shifting.q.val()
                & (self.loading.q.val()
                    & (self.words.q.val().get_bit(self.word_sign.val().index()) & self.mask_turn[m].q.val()));
        }
        self.last_info.next = self.sent.q.val() & self.which.q.val().get_bit(1);
        for _c in 0..self._classed {
            self.last_info.next = (self.sent.q.val() & self.which.q.val().get_bit(1)) & !self.which.q.val().get_bit(0);
        }
        for c in 0..self._cues {
            comment!("cues that share a scan: all of them come, then each votes and leaves");
            self.arrive[c].reset.next = self.reset.val();
            self.arrive[c].waking.next = self.waking.q.val();
            self.arrive[c].loading.next = self.loading.q.val();
            self.arrive[c].in_valid.next = self.in_valid.val();
            self.in_ready.next = self.arrive[c].in_ready.val();
            self.accept.next = self.arrive[c].accept.val();
            self.leave[c].reset.next = self.reset.val();
            self.leave[c].waking.next = self.waking.q.val();
            self.leave[c].steps.next = self.steps.q.val();
            self.leave[c].converged.next = self.converged.q.val();
            self.leave[c].nearest.next = self.nearest.val();
            self.leave[c].distance.next = self.distance.val();
            self.leave[c].out_ready.next = self.out_ready.val();
            self.out_valid.next = self.leave[c].out_valid.val();
            for m in 0..self._all_cues {
                self.arrive[c].own[m].next = self.ring[m].q.val();
                self.leave[c].own[m].next = self.ring[m].q.val();
                self.own[m].next = self.ring[m].q.val();
                self.leaves[m].next = self.leave[c].leaves[m].val();
                self.move_on[m].next = self.arrive[c].moves[m].val() | self.leave[c].moves[m].val();
            }
            for u in 0..self._said_unknowns {
                self.leave[c].unknown[u].next = self.unknown[u].val();
            }
            comment!("on to the next one, of the last to the first");
            for m in 0..self._last_cue {
                if self.arrive[c].ended.val() | self.leave[c].takes_over.val() {
                    self.ring[m + 1].d.next = self.ring[m].q.val();
                }
                if self.reset.val() {
                    self.ring[m + 1].d.next = false;
                }
            }
            for m in self._last_cue..self._all_cues {
                if self.arrive[c].ended.val() | self.leave[c].takes_over.val() {
                    self.ring[c].d.next = self.ring[m].q.val();
                }
                if self.reset.val() {
                    self.ring[c].d.next = true;
                }
                self.final_cue[c].next = self.ring[m].q.val();
                self.arrive[c].leaves.next = self.leave[c].leaves[m].val();
            }
            self.begins[c].next = self.waking.q.val() | (self.leave[c].takes_over.val() & self.final_cue[c].val());
            self.last_accepted.next = self.arrive[c].ended.val() & self.final_cue[c].val();
            self.shared[c].d.next = self.last_accepted.val() | (self.shared[c].q.val() & !self.scanned.val());
            if self.reset.val() {
                self.shared[c].d.next = false;
            }
            for m in 0..self._last_cue {
                self.takes_part[m].d.next = self.last_accepted.val()
                    | ((self.shared[c].q.val() & !self.scanned.val()) | self.ring[m + 1].q.val());
                self.part[m].next = self.takes_part[m].q.val();
            }
        }
        comment!("of several banks' queues, and of several slots, there is a last one");
        self.final_bank.next = self.yes.val();
        self.bank.next = 0.into();
        self.following.next = self.no_index.val();
        for b in 0..self._shared {
            self.bank.next = self.banks[b].q.val();
            self.final_bank.next = self.banks[b].q.val() == self.last_bank.val();
            match self.banks[b].q.val().index() {
                0 => self.following.next = self.after_first[1].val(),
                1 => self.following.next = self.after_first[2].val(),
                _ => self.following.next = self.after_first[3].val(),
            }
        }
        self.final_turn.next = self.yes.val();
        self.turn.next = 0.into();
        for f in 0..self._folded {
            self.turn.next = self.turns[f].q.val();
            self.final_turn.next = self.turns[f].q.val() == self.last_turn.val();
        }
        for w in 0..self._wide_votes {
            self.final_turn.next = self.ending[w].val() | self.alone.val();
        }
        self.again.next = (self.moved.val() & !self.final_step.q.val()) | !self.final_turn.val();
        for s in 0..self._sequences {
            comment!("a sequence: its steps are counted, and every answer leaves before the next one begins");
            self.again.next = !self.final_turn.val();
            self.more_steps[s].next = self.last_info.val() & !self.final_step.q.val();
        }
        for c in 0..self._chosen_sequences {
            comment!("or of another kind");
            self.again.next =
                ((self.moved.val() & !self.final_step.q.val()) & !self.sequential[c].val()) | !self.final_turn.val();
            self.more_steps[c].next = (self.last_info.val() & !self.final_step.q.val()) & self.sequential[c].val();
        }
        for r in 0..self._ranked {
            comment!("a list: its patterns are counted as steps are, and each leaves before the next one is found");
            self.again.next = false;
            self.more_ranks[r].next = self.last_info.val() & !self.final_step.q.val();
        }
    }
}
