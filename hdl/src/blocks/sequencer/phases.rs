//! The phases of a recall, and what they mean to the rest of the core.

use super::Sequencer;
use crate::blocks::{part::Part, prelude::*};

/// One register each.
pub(super) struct Phases;

impl Part<Phases> for Sequencer {
    #[hdl_gen]
    fn update(&mut self) {
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
        for c in 0..self._chosen_sequences {
            self.loading.d.next = (self.waking.q.val()
                | ((self.last_info.val() & (self.final_step.q.val() | !self.sequential[c].val()))
                    | (self.last_sent.val() & self.alone.val())))
                | (self.loading.q.val() & !(self.last_accepted.val() | self.asked.val()));
        }
        self.starting.d.next = self.wanted.val();
        self.beginning.d.next = self.scanned.val() | self.asked.val();
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
            self.beginning.d.next = self.scanned.val()
                | (self.wiped.val() & ((self.turns[f].q.val() != self.no_slot.val()) | self.alone.val()));
            self.open.next = self.comparing.q.val() | self.wiping[f].q.val();
            self.clearing.d.next = self.waking.q.val() | (self.loading.q.val() | self.wiping[f].q.val());
            for _m in 0..self._masks {
                comment!("with masks: wipe behind the scan, since until then they are held");
                self.wiping[f].d.next = (self.scanned.val() | self.asked.val())
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
            self.beginning.d.next =
                (self.scanned.val() | self.asked.val()) | (self.deciding.q.val() & !self.final_turn.val());
            self.beat_on[w].next =
                (self.scanning.q.val() & !self.rows_done.val()) | (self.deciding.q.val() & !self.alone.val());
        }
        self.scanning.d.next = self.starting.q.val() | (self.scanning.q.val() & !self.rows_done.val());
        self.electing.d.next =
            self.beginning.q.val() | (self.electing.q.val() & (!self.entries_done.val() | !self.final_bank.val()));
        self.deciding.d.next = self.settled3.q.val();
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
                | (self.scanned.val() & self.missed[r].val());
            self.beginning.d.next = self.scanned.val() & !self.missed[r].val();
            self.reading[r].d.next = self.renewing[r].q.val() | (self.reading[r].q.val() & !self.queue_ends[r].val());
            self.reviews[r].d.next = self.renewing[r].q.val() | (self.reviews[r].q.val() & !self.scanned.val());
            if self.scanned.val() {
                self.reviewed[r].d.next = self.reviews[r].q.val() & !self.missed[r].val();
            }
        }
        for c in 0..self._cues {
            self.loading.d.next = self.begins[c].val() | (self.loading.q.val() & !self.last_accepted.val());
            self.beginning.d.next = self.scanned.val() | (self.leave[c].takes_over.val() & !self.final_cue[c].val());
            for r in 0..self._requeues {
                self.beginning.d.next = (self.scanned.val() & !self.missed[r].val())
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
        for r in 0..self._ranked {
            comment!("a list: a pass for each of its patterns");
            self.loading.d.next = (self.waking.q.val() | (self.last_info.val() & self.final_step.q.val()))
                | (self.loading.q.val() & !self.last_accepted.val());
            // the token of a scan leaves the filter, and so does that of a pass
            self.beginning.d.next = (self.scanned.val() & self.comparing.q.val()) | self.more_ranks[r].val();
            self.deciding.d.next = self.settled.val() & !self.comparing.q.val();
            self.unloading.d.next = false;
            self.informing.d.next = self.deciding.q.val() | (self.informing.q.val() & !self.last_info.val());
        }
        for _l in 0..self._fetched_lists {
            comment!("or a row that is fetched: no list comes then");
            self.loading.d.next = (self.waking.q.val()
                | ((self.last_info.val() & self.final_step.q.val()) | (self.last_sent.val() & self.alone.val())))
                | (self.loading.q.val() & !(self.last_accepted.val() | self.asked.val()));
            self.beginning.d.next =
                ((self.scanned.val() & self.comparing.q.val()) | self.asked.val()) | self.more_ranks[0].val();
            self.deciding.d.next = (self.settled.val() & !(self.comparing.q.val() | self.alone.val()))
                | (self.settled3.q.val() & self.alone.val());
            self.unloading.d.next =
                (self.deciding.q.val() & self.alone.val()) | (self.unloading.q.val() & !self.last_sent.val());
            self.informing.d.next =
                (self.deciding.q.val() & !self.alone.val()) | (self.informing.q.val() & !self.last_info.val());
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
            self.beginning.d.next = false;
            self.electing.d.next = false;
            self.deciding.d.next = false;
            self.unloading.d.next = false;
            self.informing.d.next = false;
            self.offering.d.next = false;
        }
        for t in 0..self._alone {
            self.taking[t].d.next = self.loading.d.val() & !self.accept.val();
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
    }
}
