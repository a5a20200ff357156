//! Steps, their cycles, and the last three words of an answer.

use super::Sequencer;
use crate::blocks::{part::Part, prelude::*};

/// What is said of a recall.
pub(super) struct Said;

impl Part<Said> for Sequencer {
    #[hdl_gen]
    fn update(&mut self) {
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
            for m in 0..self._mixes {
                self.converged.d.next = !(self.keyed[m].val() & self.moved.val());
            }
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
            // written without a choice: a register that waits for one has a clock enable, which is a level more; a review that ends nothing is followed by
            // a scan, whose end says it anew
            self.converged.d.next = (self.deciding.q.val() & !self.moved.val())
                | (self.reviews[s].q.val() | (self.converged.q.val() & !self.deciding.q.val()));
        }
        for s in 0..self._sequences {
            if self.more_steps[s].val() {
                self.cycles.d.next = self.one_cycle.val();
                self.steps.d.next = self.steps.q.val() + self.one_step.val();
            }
        }
        for r in 0..self._ranked {
            if self.deciding.q.val() {
                self.converged.d.next = self.there[r].val();
            }
            if self.more_ranks[r].val() {
                self.cycles.d.next = self.one_cycle.val();
                // no more bits than the list has ranks
                self.steps.d.next = (self.steps.q.val() + self.one_step.val()) & self.rank_mask[r].val();
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
        for c in 0..self._classed {
            comment!("before them the class");
            if self.which.q.val().get_bit(0) & self.which.q.val().get_bit(1) {
                self.said.d.next = self.class[c].val();
            }
        }
        for r in 0..self._ranked {
            comment!("where there is no pattern, zeros; what has left is taken out");
            if self.which.q.val().any() & !self.converged.q.val() {
                self.said.d.next = 0.into();
            }
            self.taken[r].next = self.which.q.val().get_bit(1) & !self.which.q.val().get_bit(0);
        }
        self.info_word.next = self.said.q.val();
        for c in 0..self._cues {
            self.info.next = self.leave[c].info.val();
            self.info_word.next = self.leave[c].info_word.val();
        }
        self.entry.next = self.pointer.q.val();
        for _r in 0..self._ranked {
            self.entry.next = self.pointer.d.val();
        }
        self.clear.next = self.clearing.q.val();
    }
}
