//! The phases of a recall, and what they mean to the rest of the core.

use super::Sequencer;
use crate::blocks::prelude::*;

impl Logic for Sequencer {
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
        self.in_ready.next = self.loading.q.val() & !self.shifting.q.val();
        self.out_valid.next = self.offering.q.val();
        self.accept.next = (self.loading.q.val() & !self.shifting.q.val()) & self.in_valid.val();
        self.send.next = self.offering.q.val() & self.out_ready.val();
        self.offering.d.next = (self.unloading.q.val() | self.informing.q.val())
            & !(self.shifting.q.val() | (self.sent.q.val() | self.send.val()));
        for _l in 0..self._lean {
            self.rows_done.next = self.row.val() == (self.last_row.val() + self.one_index.val());
            self.scan_last.next = self.row.val() == self.last_row.val();
            self.entries_done.next = self.pointer.q.val() == self.queued[0].val();
        }
        for c in 0..self._deep {
            self.rows_done.next = self.rows_left[c].q.val().get_bit(self.row_sign.val().index());
            self.scan_last.next = self.rows_left[c].q.val() == self.no_index.val();
            self.entries_done.next = self.entries_left[c].q.val().get_bit(self.row_sign.val().index());
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
        for l in 0..self._learns {
            if self.learning[l].val() {
                self.final_step.d.next = true;
            }
        }
        self.last_accepted.next =
            self.shifting.q.val() & (self.loading.q.val() & self.words.q.val().get_bit(self.word_sign.val().index()));
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
                self.moving[m].d.next = self.arrive[c].moves[m].val() | self.leave[c].moves[m].val();
                self.move_on[m].next = self.moving[m].q.val();
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
            self.arrive[c].begins.next = self.begins[c].val();
            self.last_accepted.next = self.arrive[c].ended.val() & self.final_cue[c].val();
            self.shared[c].d.next =
                self.last_accepted.val() | (self.shared[c].q.val() & !(self.draining.q.val() & self.scanned.val()));
            if self.reset.val() {
                self.shared[c].d.next = false;
            }
            for m in 0..self._last_cue {
                self.takes_part[m].d.next = self.last_accepted.val()
                    | ((self.shared[c].q.val() & !(self.draining.q.val() & self.scanned.val()))
                        | self.ring[m + 1].q.val());
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
        comment!("the phases");
        self.waking.d.next = false;
        self.loading.d.next = (self.waking.q.val()
            | (self.last_info.val() | (self.last_sent.val() & self.alone.val())))
            | (self.loading.q.val() & !(self.last_accepted.val() | self.asked.val()));
        self.wanted.next = self.last_accepted.val() | (self.deciding.q.val() & self.again.val());
        for s in 0..self._sequences {
            self.wanted.next =
                (self.last_accepted.val() | (self.deciding.q.val() & self.again.val())) | self.more_steps[s].val();
            self.loading.d.next = (self.waking.q.val()
                | ((self.last_info.val() & self.final_step.q.val()) | (self.last_sent.val() & self.alone.val())))
                | (self.loading.q.val() & !(self.last_accepted.val() | self.asked.val()));
        }
        self.starting.d.next = self.wanted.val();
        self.beginning.d.next = (self.draining.q.val() & self.scanned.val()) | self.asked.val();
        self.open.next = self.comparing.q.val();
        self.wiped.next = false;
        self.clearing.d.next = self.waking.q.val() | (self.loading.q.val() | self.deciding.q.val());
        for f in 0..self._folded {
            comment!("folded: wipe, then a step begins, or the next slot votes");
            self.wipes[f].d.next = 0.into();
            if self.wiping[f].q.val() {
                self.wipes[f].d.next = self.wipes[f].q.val() + self.one_plane.val();
            }
            self.wiped.next = self.wiping[f].q.val() & (self.wipes[f].q.val() == self.last_wipe.val());
            self.wiping[f].d.next =
                (self.wanted.val() | self.asked.val()) | (self.wiping[f].q.val() & !self.wiped.val());
            self.starting.d.next =
                self.wiped.val() & ((self.turns[f].q.val() == self.no_slot.val()) & !self.alone.val());
            self.beginning.d.next = (self.draining.q.val() & self.scanned.val())
                | (self.wiped.val() & ((self.turns[f].q.val() != self.no_slot.val()) | self.alone.val()));
            self.open.next = self.comparing.q.val() | self.wiping[f].q.val();
            self.clearing.d.next = self.waking.q.val() | (self.loading.q.val() | self.wiping[f].q.val());
            for _m in 0..self._masks {
                comment!("with masks: wipe behind the scan, since until then they are held");
                self.wiping[f].d.next = ((self.draining.q.val() & self.scanned.val()) | self.asked.val())
                    | ((self.deciding.q.val() & !self.final_turn.val()) | (self.wiping[f].q.val() & !self.wiped.val()));
                self.starting.d.next = self.wanted.val() & !(self.deciding.q.val() & !self.final_turn.val());
                self.beginning.d.next = self.wiped.val();
            }
            if self.deciding.q.val() {
                self.turns[f].d.next = self.turns[f].q.val() + self.one_plane.val();
                if self.final_turn.val() {
                    self.turns[f].d.next = 0.into();
                }
            }
            if self.reset.val() {
                self.wiping[f].d.next = false;
                self.turns[f].d.next = 0.into();
            }
        }
        for w in 0..self._wide {
            self.beat_clear[w].next = self.waking.q.val()
                | (self.shifting.q.val() & self.words.q.val().get_bit(self.word_sign.val().index()));
            self.beat_on[w].next = self.scanning.q.val() & !self.rows_done.val();
            self.storing[w].next = self.shifting.q.val() & self.loading.q.val();
        }
        for w in 0..self._wide_votes {
            comment!("in beats: the next one votes");
            self.starting.d.next = self.wanted.val() & !(self.deciding.q.val() & !self.final_turn.val());
            self.beginning.d.next = ((self.draining.q.val() & self.scanned.val()) | self.asked.val())
                | (self.deciding.q.val() & !self.final_turn.val());
            self.beat_on[w].next =
                (self.scanning.q.val() & !self.rows_done.val()) | (self.deciding.q.val() & !self.alone.val());
        }
        self.scanning.d.next = self.starting.q.val() | (self.scanning.q.val() & !self.rows_done.val());
        self.draining.d.next =
            (self.scanning.q.val() & self.rows_done.val()) | (self.draining.q.val() & !self.scanned.val());
        self.electing.d.next =
            self.beginning.q.val() | (self.electing.q.val() & (!self.entries_done.val() | !self.final_bank.val()));
        self.settling.d.next = (self.electing.q.val() & (self.entries_done.val() & self.final_bank.val()))
            | (self.settling.q.val() & !self.settled3.q.val());
        self.deciding.d.next = self.settling.q.val() & self.settled3.q.val();
        self.unloading.d.next =
            (self.deciding.q.val() & !self.again.val()) | (self.unloading.q.val() & !self.last_sent.val());
        self.informing.d.next =
            (self.last_sent.val() & !self.alone.val()) | (self.informing.q.val() & !self.last_info.val());
        for r in 0..self._reviews {
            comment!("a later step looks first whether the row that was nearest is the state");
            self.renew[r].next = self.renewing[r].q.val();
            self.reviewing[r].next = self.reviews[r].q.val();
            self.renewing[r].d.next = self.deciding.q.val() & self.again.val();
        }
        for r in 0..self._requeues {
            comment!("if so, all of the queue is read behind it; of a step that did so, the next one scans");
            self.queue_ends[r].next = (self.entries_done.val() & self.final_bank.val()) | self.missed[r].val();
            self.renewing[r].d.next = (self.deciding.q.val() & self.again.val()) & !self.reviewed[r].q.val();
            self.starting.d.next = (self.last_accepted.val()
                | ((self.deciding.q.val() & self.again.val()) & self.reviewed[r].q.val()))
                | ((self.draining.q.val() & self.scanned.val()) & self.missed[r].val());
            self.beginning.d.next = (self.draining.q.val() & self.scanned.val()) & !self.missed[r].val();
            self.reading[r].d.next = self.renewing[r].q.val() | (self.reading[r].q.val() & !self.queue_ends[r].val());
            self.reviews[r].d.next = self.renewing[r].q.val() | (self.reviews[r].q.val() & !self.scanned.val());
            self.draining.d.next = (self.scanning.q.val() & self.rows_done.val())
                | ((self.reading[r].q.val() & self.queue_ends[r].val())
                    | (self.draining.q.val() & !self.scanned.val()));
            if self.scanned.val() {
                self.reviewed[r].d.next = self.reviews[r].q.val() & !self.missed[r].val();
            }
        }
        for c in 0..self._cues {
            self.loading.d.next = self.begins[c].val() | (self.loading.q.val() & !self.last_accepted.val());
            self.beginning.d.next = (self.draining.q.val() & self.scanned.val())
                | (self.leave[c].takes_over.val() & !self.final_cue[c].val());
            for r in 0..self._requeues {
                self.beginning.d.next = ((self.draining.q.val() & self.scanned.val()) & !self.missed[r].val())
                    | (self.leave[c].takes_over.val() & !self.final_cue[c].val());
                if self.leave[c].takes_over.val() {
                    self.reviewed[r].d.next = false;
                }
            }
            self.leave[c].ends.next = self.deciding.q.val() & !self.again.val();
            for s in 0..self._stops {
                self.leave[c].ends.next =
                    (self.deciding.q.val() & !self.again.val()) | (self.reviews[s].q.val() & self.held[s].val());
            }
        }
        for s in 0..self._stops {
            comment!("if so, it is the answer");
            self.reviews[s].d.next =
                self.renewing[s].q.val() | (self.reviews[s].q.val() & !(self.missed[s].val() | self.held[s].val()));
            self.starting.d.next = self.last_accepted.val() | (self.reviews[s].q.val() & self.missed[s].val());
            self.unloading.d.next = ((self.deciding.q.val() & !self.again.val())
                | (self.reviews[s].q.val() & self.held[s].val()))
                | (self.unloading.q.val() & !self.last_sent.val());
        }
        for _c in 0..self._cues {
            self.unloading.d.next = false;
            self.informing.d.next = false;
        }
        for l in 0..self._learns {
            comment!("a STORE: the words of the answer do not leave");
            self.unloading.d.next = ((self.deciding.q.val() & !self.again.val()) & !self.learning[l].val())
                | (self.unloading.q.val() & !self.last_sent.val());
            self.informing.d.next = ((self.last_sent.val() & !self.alone.val())
                | ((self.deciding.q.val() & !self.again.val()) & self.learning[l].val()))
                | (self.informing.q.val() & !self.last_info.val());
        }
        if self.reset.val() {
            self.waking.d.next = true;
            self.loading.d.next = false;
            self.starting.d.next = false;
            self.scanning.d.next = false;
            self.draining.d.next = false;
            self.beginning.d.next = false;
            self.electing.d.next = false;
            self.settling.d.next = false;
            self.deciding.d.next = false;
            self.unloading.d.next = false;
            self.informing.d.next = false;
            self.offering.d.next = false;
        }
        for r in 0..self._reviews {
            if self.reset.val() {
                self.renewing[r].d.next = false;
                self.reviews[r].d.next = false;
            }
        }
        for r in 0..self._requeues {
            if self.reset.val() {
                self.reading[r].d.next = false;
            }
        }
        comment!("what the phases mean to the rest of the core");
        self.start.next = self.starting.q.val();
        self.vote_start.next = self.beginning.q.val();
        self.scans.next = self.scanning.q.val() & !self.rows_done.val();
        self.issue.next = self.electing.q.val() & !self.entries_done.val();
        self.vote_token.next = self.electing.q.val() & (self.entries_done.val() & self.final_bank.val());
        for r in 0..self._requeues {
            self.issue.next = (self.electing.q.val() & !self.entries_done.val())
                | (self.reading[r].q.val() & !(self.entries_done.val() | self.missed[r].val()));
            self.vote_token.next = (self.electing.q.val() & (self.entries_done.val() & self.final_bank.val()))
                | (self.reading[r].q.val() & self.queue_ends[r].val());
        }
        self.voting.next = self.looking.q.val();
        self.compare.next = self.comparing.q.val();
        self.everyone.next = self.filling.q.val();
        self.turn_done.next = self.deciding.q.val();
        self.step_done.next = (self.deciding.q.val() & self.final_turn.val()) & !self.alone.val();
        for s in 0..self._stops {
            self.step_done.next = self.deciding.q.val() | (self.reviews[s].q.val() & self.held[s].val());
        }
        comment!("the state shifts with the streams, and takes the signs when the accumulators are complete");
        self.shifting.d.next = self.accept.val() | (self.send.val() & self.unloading.q.val());
        self.sent.d.next = self.send.val() & self.informing.q.val();
        self.shift.next = self.shifting.q.val();
        self.capture.next = self.settled.val();
        self.settled1.d.next = self.settled.val();
        self.settled2.d.next = self.settled1.q.val();
        self.settled3.d.next = self.settled2.q.val();
        comment!("words of the streams");
        // after the last word the count begins anew; that the phase ends then would come later
        if self.shifting.q.val() {
            self.words.d.next = self.words.q.val() - self.one_word.val();
            if self.words.q.val().get_bit(self.word_sign.val().index()) {
                self.words.d.next = self.more_words.val();
            }
        }
        if self.waking.q.val() {
            self.words.d.next = self.more_words.val();
        }
        for o in 0..self._others {
            if self.deciding.q.val() {
                self.words.d.next = self.more_answers[o].val();
            }
        }
        for l in 0..self._learns {
            if self.deciding.q.val() & self.learning[l].val() {
                self.words.d.next = self.more_words.val();
            }
        }
        for v in 0..self._values {
            if self.deciding.q.val() & self.alone.val() {
                self.words.d.next = self.more_words.val();
                if self.of_values[v].val() {
                    self.words.d.next = self.more_values[v].val();
                }
            }
        }
        for l in 0..self._lines {
            if self.deciding.q.val() & self.alone.val() {
                self.words.d.next = self.more_lanes[l].val();
                for v in 0..self._values {
                    if self.of_values[v].val() {
                        self.words.d.next = self.more_values[v].val();
                    }
                }
            }
        }
        for l in 0..self._leaves {
            self.leaving[l].next = self.unloading.q.val();
        }
        self.which.d.next = 0.into();
        if self.informing.q.val() {
            self.which.d.next = self.which.q.val();
            if self.sent.q.val() {
                self.which.d.next = self.which.q.val() + self.one_plane.val();
            }
        }
        comment!("what pick is made of: row XOR state, the row, or ones");
        self.comparing.d.next = self.starting.q.val() | (self.comparing.q.val() & !self.beginning.q.val());
        self.looking.d.next =
            self.beginning.q.val() | (self.looking.q.val() & !(self.all.val() | self.loading.q.val()));
        self.filling.d.next = (self.waking.q.val() | (self.loading.q.val() | self.all.val()))
            | (self.filling.q.val() & !(self.starting.q.val() | self.beginning.q.val()));
        for r in 0..self._reviews {
            self.comparing.d.next =
                (self.starting.q.val() | self.renewing[r].q.val()) | (self.comparing.q.val() & !self.beginning.q.val());
            self.looking.d.next = (self.beginning.q.val() | self.renewing[r].q.val())
                | (self.looking.q.val() & !((self.all.val() | self.loading.q.val()) | self.starting.q.val()));
            self.filling.d.next = (self.waking.q.val() | (self.loading.q.val() | self.all.val()))
                | (self.filling.q.val()
                    & !((self.starting.q.val() | self.beginning.q.val()) | self.renewing[r].q.val()));
        }
        for m in 0..self._masks {
            comment!(
                "a mask: the words that come, held to the end of the first scan, then ones where pick is all ones"
            );
            self.released[m].next = (self.draining.q.val() & self.scanned.val()) | self.asked.val();
            self.mask_open[m].d.next = (self.accept.val() | self.waking.q.val())
                | (self.released[m].val() | (self.mask_open[m].q.val() & !self.loading.q.val()));
            self.mask_enable[m].next = self.mask_open[m].q.val();
            self.mask_loads[m].next = self.loading.q.val();
        }
        for m in 0..self._masked_folds {
            comment!("folded: pick is all ones behind the scan, to wipe");
            self.comparing.d.next = self.starting.q.val() | (self.comparing.q.val() & !self.released[m].val());
            self.filling.d.next = ((self.waking.q.val() | self.released[m].val())
                | (self.loading.q.val() | self.all.val()))
                | (self.filling.q.val() & !(self.starting.q.val() | self.beginning.q.val()));
        }
        if self.reset.val() {
            self.comparing.d.next = false;
            self.looking.d.next = false;
        }
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
        for c in 0..self._deep {
            self.left_over.next = self.entries_left[c].q.val() - self.one_index.val();
        }
        for k in 0..self._planes {
            comment!("of several planes, the last one's slot ends an entry");
            self.plane.next = self.slots[k].q.val();
            self.slots[k].d.next = 0.into();
            if self.slots[k].q.val() != self.last_plane.val() {
                self.slots[k].d.next = self.slots[k].q.val() + self.one_plane.val();
                self.pointer.d.next = self.pointer.q.val();
                for c in 0..self._deep {
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
                for c in 0..self._deep {
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
        for c in 0..self._deep {
            self.entries_left[c].d.next = self.left_over.val();
        }
        comment!("steps, and the cycles of each");
        self.step_cycles.next = self.cycles.q.val();
        self.cycles.d.next = self.cycles.q.val() + self.one_cycle.val();
        if self.last_accepted.val() | (self.deciding.q.val() & self.final_turn.val()) {
            self.cycles.d.next = self.one_cycle.val();
        }
        if self.loading.q.val() {
            self.steps.d.next = self.one_step.val();
        }
        if self.deciding.q.val() & self.final_turn.val() {
            self.converged.d.next = self.single.val() | !self.moved.val();
            if self.again.val() {
                self.steps.d.next = self.steps.q.val() + self.one_step.val();
            }
        }
        for c in 0..self._cues {
            if self.leave[c].takes_over.val() {
                self.cycles.d.next = self.one_cycle.val();
                self.steps.d.next = self.one_step.val();
            }
        }
        for s in 0..self._stops {
            // written without a choice: a register that waits for one has a clock enable, which is a level more
            self.converged.d.next = (self.deciding.q.val() & !self.moved.val())
                | ((self.reviews[s].q.val() & self.held[s].val()) | (self.converged.q.val() & !self.deciding.q.val()));
        }
        for s in 0..self._sequences {
            if self.more_steps[s].val() {
                self.cycles.d.next = self.one_cycle.val();
                self.steps.d.next = self.steps.q.val() + self.one_step.val();
            }
        }
        comment!("the last three words");
        self.info.next = self.informing.q.val();
        self.said.d.next = bit_cast::<16, 8>(self.steps.q.val());
        if self.converged.q.val() {
            self.said.d.next = bit_cast::<16, 8>(self.steps.q.val()) | self.converged_flag.val();
        }
        for u in 0..self._unknowns {
            if self.unknown[u].val() {
                self.said.d.next = bit_cast::<16, 8>(self.steps.q.val()) | self.unknown_flag[u].val();
                if self.converged.q.val() {
                    self.said.d.next = (bit_cast::<16, 8>(self.steps.q.val()) | self.converged_flag.val())
                        | self.unknown_flag[u].val();
                }
            }
        }
        for l in 0..self._learns {
            comment!("what a board that learns says besides");
            self.marks[l].next = bit_cast::<16, 8>(self.steps.q.val());
            if self.converged.q.val() {
                self.marks[l].next = self.marks[l].val() | self.converged_flag.val();
            }
            if self.unknown[l].val() {
                self.marks[l].next = self.marks[l].val() | self.unknown_flag[l].val();
            }
            if self.near[l].val() & self.learning[l].val() {
                self.marks[l].next = self.marks[l].val() | self.near_flag[l].val();
            }
            for u in 0..self._uncertains {
                if self.uncertain[u].val() {
                    self.marks[l].next = self.marks[l].val() | self.uncertain_flag[u].val();
                }
            }
            self.said.d.next = self.marks[l].val();
        }
        if self.which.q.val().get_bit(0) {
            self.said.d.next = bit_cast::<16, INDEX_BITS>(self.nearest.val());
        }
        if self.which.q.val().get_bit(1) {
            self.said.d.next = bit_cast::<16, DISTANCE_BITS>(self.distance.val());
        }
        self.info_word.next = self.said.q.val();
        for c in 0..self._cues {
            self.info.next = self.leave[c].info.val();
            self.info_word.next = self.leave[c].info_word.val();
        }
        self.entry.next = self.pointer.q.val();
        self.clear.next = self.clearing.q.val();
    }
}
