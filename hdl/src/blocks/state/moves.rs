//! How words move through the lanes: in, on, out, and at the end of a step.

use super::State;
use crate::blocks::prelude::*;

impl Logic for State {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: state");
        comment!("words enter at the last lane");
        self.entering.next = self.data.val();
        for w in 0..self._words {
            self.word_in[w].d.next = self.data.val();
            self.entering.next = self.word_in[w].q.val();
        }
        for p in 0..self._partials {
            comment!(
                "is a bit of the mask unknown? Those that the last lane does not use do not matter in its last word"
            );
            self.arriving.next = self.entering.val() ^ self.ones.val();
            self.gap[p].d.next = (self.shifts[p].val() & self.masking[p].val())
                & ((self.arriving.val() & self.used[p].val()).any()
                    | ((self.arriving.val() & self.rest[p].val()).any() & !self.final_word[p].val()));
            self.partial[p].d.next = self.masking[p].val() & (self.partial[p].q.val() | self.gap[p].q.val());
        }
        for m in 0..self._masks {
            comment!("words of the cue come through the places of the mask, whose words follow them, inverted");
            for r in 0..self._rows {
                self.straight[r].next = self.entering.val();
            }
            for l in 0..self._masked_last {
                self.mask[l].word_in.next = self.mask[l + 1].skip.val();
            }
            for l in self._masked_last..self._masked_lanes {
                self.mask[l].word_in.next = self.entering.val() ^ self.ones.val();
            }
            for l in 0..self._masked_lanes {
                self.mask[l].enable.next = self.mask_enable[m].val();
                for f in 0..self._follows {
                    self.mask[l].loads[f].next = self.mask_loads[f].val();
                    self.mask[l].everyone[f].next = self.everyone[f].val();
                }
                self.skip[l].next = self.mask[l].skip.val();
            }
            self.entering.next = self.mask[m].skip.val() ^ self.ones.val();
            for r in 0..self._rows {
                if self.rowing[r].val() {
                    self.entering.next = self.straight[r].val();
                }
            }
        }
        for r in 0..self._rotates {
            comment!("a word that leaves comes in again: there may be a next step");
            if self.leaving[r].val() {
                self.entering.next = self.lane[0].word.val();
            }
        }
        for l in 0..self._lanes {
            self.lane[l].shift.next = self.shift.val();
            self.word[l].next = self.lane[l].word.val();
        }
        for l in 0..self._last_lane {
            self.lane[l].word_in.next = self.lane[l + 1].word.val();
        }
        for l in self._last_lane..self._lanes {
            self.lane[l].word_in.next = self.entering.val();
        }
        for e in 0..self._longer {
            comment!("the cue has fewer words than the answer");
            for l in self._last_word..self._cue_words {
                if !self.leaving[e].val() {
                    self.lane[l].word_in.next = self.entering.val();
                }
            }
        }
        for k in 0..self._keyed {
            comment!("nor has a state, and a word of it that leaves comes in again among the cue's lanes");
            for l in self._last_word..self._cue_words {
                if self.keyed[k].val() {
                    self.lane[l].word_in.next = self.entering.val();
                }
            }
        }
        for l in 0..self._loaded_values {
            self.value[l].next = self.lane[l].word.val();
        }
        for o in 0..self._other_values {
            comment!("a row of values that comes has another number of words: the first lane gets the first one, too");
            for l in self._short_key..self._short_key_end {
                if self.of_values[o].val() {
                    self.lane[l].word_in.next = self.lane[l + 1].word.val();
                }
            }
            for l in self._value_end..self._value_lanes {
                if self.of_values[o].val() {
                    self.lane[l].word_in.next = self.entering.val();
                }
            }
        }
        comment!("lane n*c + f is captured in slot f, from column c");
        for f in 0..self._fold {
            self.captured[f].next = self.capture.val() & (self.turn.val() == self.slot[f].val());
        }
        for n in self._fold..self._fold_end {
            for c in 0..self._full {
                for f in 0..self._fold {
                    self.lane[n * c + f].capture.next = self.captured[f].val();
                    self.lane[n * c + f].next_state.next = self.voted[c].val();
                }
            }
            for c in self._full..self._columns {
                for f in 0..self._rest {
                    self.lane[n * c + f].capture.next = self.captured[f].val();
                    self.lane[n * c + f].next_state.next = self.voted[c].val();
                }
            }
        }
        for l in self._answers..self._lanes {
            self.lane[l].capture.next = false;
            self.lane[l].next_state.next = 0.into();
        }
        for w in 0..self._wide {
            comment!("in beats: a word is that of a beat and a lane; a lane is captured beat by beat");
            self.chosen[w].next = 0.into();
            for l in 0..self._rams {
                self.ram[l].store.next = self.storing[w].val() & self.at[l].val();
                self.ram[l].data.next = self.entering.val();
                self.ram[l].capture.next = false;
                self.ram[l].next_state.next = 0.into();
                self.ram[l].place.next = self.beat[w].val();
                self.ram[l].ending.next = self.ending[w].val();
                self.ram[l].look.next = self.look[w].val();
                self.word[l].next = self.ram[l].word.val();
                if self.at[l].val() {
                    self.chosen[w].next = self.chosen[w].val() | self.ram[l].word.val();
                }
            }
            for l in self._first_idle..self._idle_end {
                comment!(
                    "the last beat has no word for every lane: with the first one's, the others store what they have no bits for"
                );
                self.ram[l].store.next = self.storing[w].val() & (self.at[l].val() | self.at[0].val());
            }
            for l in 0..self._captures {
                self.ram[l].capture.next = self.capture.val();
                self.ram[l].next_state.next = self.voted[l].val();
            }
            self.said[w].next = self.chosen[w].val();
            for c in 0..self._chained {
                comment!("an answer that is no key leaves through a chain");
                self.said[w].next = self.lane[c].word.val();
            }
        }
        for m in 0..self._wide_masks {
            comment!(
                "words of the mask follow those of the cue into a RAM of their own, in whose places those were before them"
            );
            for l in 0..self._rams {
                self.ram[l].store.next = (self.storing[m].val() & !self.masking[m].val()) & self.at[l].val();
            }
            for l in self._first_idle..self._idle_end {
                self.ram[l].store.next =
                    (self.storing[m].val() & !self.masking[m].val()) & (self.at[l].val() | self.at[0].val());
            }
            for l in 0..self._mask_rams {
                self.mask_ram[l].store.next = self.storing[m].val() & self.at[l].val();
                self.mask_ram[l].data.next = self.entering.val();
                self.mask_ram[l].place.next = self.beat[m].val();
                self.mask_ram[l].look.next = self.look[m].val();
                self.mask_ram[l].released.next = self.mask_enable[m].val();
                self.mask_ram[l].everyone.next = false;
                for f in 0..self._wide_follows {
                    self.mask_ram[l].everyone.next = self.everyone[f].val();
                }
                self.skip[l].next = self.mask_ram[l].skip.val();
            }
        }
        comment!("has any lane changed?");
        self.any.next = false;
        for l in 0..self._rams {
            self.any.next = self.any.val() | self.ram[l].changed.val();
        }
        for l in 0..self._moving {
            self.any.next = self.any.val() | self.lane[l].changed.val();
        }
        self.any_moved.d.next = self.any_moved.q.val() | self.any.val();
        if self.start.val() {
            self.any_moved.d.next = false;
            for p in 0..self._partials {
                // what a step of a cue that is partly known gives is another state than that cue
                self.any_moved.d.next = self.partial[p].q.val() | self.gap[p].q.val();
            }
        }
        self.moved.next = self.any_moved.q.val();
    }
}
