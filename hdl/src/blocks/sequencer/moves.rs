//! What moves the state and the masks, counts words of the streams, and says what `pick` is made of.

use super::Sequencer;
use crate::blocks::{part::Part, prelude::*};

/// What phases do to the lanes.
pub(super) struct Moves;

impl Part<Moves> for Sequencer {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("the state shifts with the streams, and takes the signs when the accumulators are complete");
        self.shifting.d.next = self.moves.val();
        self.sent.d.next = self.send.val() & self.informing.q.val();
        self.shift.next = self.moves.val();
        self.shifts.next = self.shifting.q.val();
        self.capture.next = self.settled.val();
        self.settled1.d.next = self.settled.val();
        for _r in 0..self._ranked {
            comment!("of a list, nothing but a row that is fetched comes into the state");
            self.capture.next = false;
            self.settled1.d.next = false;
        }
        for l in 0..self._fetched_lists {
            self.capture.next = self.row_settled[l].val() & self.alone.val();
            self.settled1.d.next = self.row_settled[l].val();
        }
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
        for l in 0..self._lengths {
            if self.rowing[l].val() & self.loading.q.val() {
                self.words.d.next = self.more_words.val();
            }
        }
        for o in 0..self._others {
            if self.deciding.q.val() {
                self.words.d.next = self.more_answers[o].val();
            }
        }
        for c in 0..self._chosen_words {
            comment!("an answer's, by what the memory answers with: a state has as many as a cue");
            if self.deciding.q.val() & !self.keyed[c].val() {
                self.words.d.next = self.more_maps[c].val();
                if self.ranks[c].val() {
                    self.words.d.next = self.more_classes[c].val();
                }
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
        for _c in 0..self._classed {
            comment!("of a class, then of what follows it");
            if !self.informing.q.val() {
                self.which.d.next = 3.into();
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
            self.released[m].next = self.scanned.val() | self.asked.val();
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
    }
}
