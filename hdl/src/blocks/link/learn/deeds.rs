//! What a STORE, a LEARN and a FORGET do, and when.

use super::Learn;
use crate::blocks::prelude::*;

impl Logic for Learn {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: learn");
        comment!("patterns");
        self.full_held.d.next = !self.none.val() & (self.last.val() == self.final_row.val());
        self.class_now.next = 0.into();
        self.lane_now.next = 0.into();
        self.low.next = self.nothing.val();
        comment!("STORE: the words of the key are written behind the last pattern");
        self.store.d.next = self.stores.val() | (self.store.q.val() & !self.said.val());
        self.storing.next = self.store.q.val();
        self.bars.next = self.store.q.val() & self.full_held.q.val();
        for c in 0..self._classes {
            comment!("before them comes its class, which is written as a bit of its value");
            self.spell[c].next = self.expects[c].q.val() & self.comes[c].val();
            self.expects[c].d.next = self.stores.val() | (self.expects[c].q.val() & !self.comes[c].val());
            self.classing[c].next = self.expects[c].q.val();
            self.spelt[c].next = self.spells[c].q.val() & self.in_room.val();
            self.ends_value[c].next = self.spelt[c].val() & (self.lane[c].q.val() == self.last_lane.val());
            self.spells[c].d.next = self.spell[c].val() | (self.spells[c].q.val() & !self.ends_value[c].val());
            self.spelling[c].next = self.spells[c].q.val();
            self.valuing[c].next = self.spells[c].q.val();
            self.spelt_last[c].d.next = self.ends_value[c].val();
            self.spelt_all[c].d.next = self.spelt_last[c].q.val();
            self.in_value[c].next = self.spells[c].q.val() | (self.spelt_last[c].q.val() | self.spelt_all[c].q.val());
            if self.spell[c].val() {
                self.class_held[c].d.next = bit_cast::<INDEX_BITS, 16>(self.word.val());
            }
            self.class[c].next = self.class_held[c].q.val();
            if self.spelt[c].val() {
                self.lane[c].d.next = self.lane[c].q.val() + self.next_lane.val();
            }
            if self.spell[c].val() {
                self.lane[c].d.next = 0.into();
            }
            self.class_now.next = self.class_held[c].q.val();
            self.lane_now.next = self.lane[c].q.val();
            self.low.next = bit_cast::<16, INDEX_BITS>(self.class_now.val()) & self.low_bits.val();
            self.value[c].next = self.nothing.val();
            if (self.class_now.val() >> self.four.val()) == bit_cast::<INDEX_BITS, 6>(self.lane_now.val()) {
                self.value[c].next = self.lowest.val() << self.low.val();
            }
            self.load_value[c].next = self.spelt_all[c].q.val() & !self.full_held.q.val();
        }
        comment!("the first word that the core says of it decides; a key alone is its own nearest");
        self.first.d.next = self.stores.val() | (self.first.q.val() & !(self.store.q.val() & self.taken.val()));
        self.stored.next =
            (self.none.val() | !(self.out_word.val() & self.near_mark.val()).any()) & !self.full_held.q.val();
        self.mark.next = self.nothing.val();
        if self.store.q.val() & self.first.q.val() {
            if self.stored.val() {
                self.mark.next = self.stored_mark.val();
            } else {
                if !(self.out_word.val() & self.near_mark.val()).any() {
                    self.mark.next = self.full_mark.val();
                }
            }
        }
        self.grow.next = (self.store.q.val() & self.first.q.val()) & (self.taken.val() & self.stored.val());
        for s in 0..self._seeks {
            comment!(
                "the class that no pattern has, where none is named: it is looked for before the cue goes to the core"
            );
            self.seeks[s].next =
                self.spell[s].val() & (self.learns[s].val() & (self.word.val() == self.any_class[s].val()));
            self.census[s].reset.next = self.reset.val();
            self.sought[s].d.next = self.seeks[s].val();
            self.census[s].starts.next = self.sought[s].q.val();
            self.census[s].none.next = self.none.val();
            self.census[s].last.next = self.last.val();
            self.census[s].in_room.next = self.in_room.val();
            self.census[s].out_there.next = self.out_there.val();
            self.census[s].out_word.next = self.out_word.val();
            self.census[s].taken.next = self.taken.val();
            self.seeking[s].next = self.census[s].busy.val();
            self.spells[s].d.next = ((self.spell[s].val() & !self.seeks[s].val()) | self.census[s].over.val())
                | (self.spells[s].q.val() & !self.ends_value[s].val());
            self.valuing[s].next = self.spells[s].q.val() | (self.sought[s].q.val() | self.census[s].busy.val());
            if self.spell[s].val() {
                self.classless[s].d.next = false;
            }
            if self.census[s].over.val() {
                self.class_held[s].d.next = self.census[s].found.val();
                self.classless[s].d.next = self.census[s].fails.val();
            }
        }
        for a in 0..self._autos {
            comment!("LEARN: the cue of a recall whose answer is unknown; whether it is, is said with the steps");
            self.storing.next = self.store.q.val() & !self.learns[a].val();
            self.unknown[a].next = self.none.val() | self.out_word.val().get_bit(14);
            self.keeps[a].next = !self.full_held.q.val();
            for s in 0..self._seeks {
                self.keeps[a].next = !(self.full_held.q.val() | self.classless[s].q.val());
            }
            if self.learns[a].val() {
                self.mark.next = self.nothing.val();
                self.grow.next = false;
                if (self.store.q.val() & self.at_steps[a].val()) & self.unknown[a].val() {
                    self.mark.next = self.full_mark.val();
                    if self.keeps[a].val() {
                        self.mark.next = self.stored_mark.val();
                    }
                    self.grow.next = self.taken.val() & self.keeps[a].val();
                }
            }
        }
        comment!("FORGET: the last pattern is read, and written to where the other was; a reset does not end that");
        self.asked.d.next = (self.pending.q.val() & self.in_room.val())
            & !(self.asked.q.val() | (self.waits.q.val() | self.copies.q.val()));
        self.waits.d.next = self.asked.q.val() | (self.waits.q.val() & !self.there.val());
        self.read.next = self.asked.q.val();
        self.read_row.next = self.asked.q.val();
        self.copied.next = self.copies.q.val() & (self.in_room.val() & !self.out_there.val());
        self.copies.d.next = (self.waits.q.val() & self.there.val()) | (self.copies.q.val() & !self.copied.val());
        self.copying.next = self.copies.q.val();
        self.final_copy.next = self.copied.val();
        // all of the row is in the state when its first word is offered
        self.load_row.next = (self.copies.q.val() & self.out_there.val()) & !self.came.q.val();
        for c in 0..self._classes {
            comment!("the key, then the value");
            self.read_row.next = self.asked.q.val() & !self.of_value[c].q.val();
            self.read_value[c].next = self.asked.q.val() & self.of_value[c].q.val();
            if self.of_value[c].q.val() {
                self.load_row.next = false;
                self.load_value[c].next = (self.copies.q.val() & self.out_there.val()) & !self.came.q.val();
            }
            self.final_copy.next = self.copied.val() & self.of_value[c].q.val();
            self.of_value[c].d.next = self.of_value[c].q.val() ^ self.copied.val();
            if self.reset.val() {
                self.of_value[c].d.next = false;
            }
        }
        self.shrink.next = self.final_copy.val();
        self.over.next = self.final_copy.val();
        self.pending.d.next = self.forgets.val() | (self.pending.q.val() & !self.final_copy.val());
        self.busy.next = self.pending.q.val();
        // from the first word on the core has read the row: then it is the turn of the one that is written
        self.came.d.next = self.copies.q.val() & (self.out_there.val() | self.came.q.val());
        self.owns.next = self.store.q.val()
            | (self.pending.q.val() & !((self.copies.q.val() & self.out_there.val()) | self.came.q.val()));
        self.behind.next = !(self.pending.q.val() | self.told_last.q.val());
        self.address.next = self.row.val();
        for s in 0..self._seeks {
            self.read_value[s].next = (self.asked.q.val() & self.of_value[s].q.val()) | self.census[s].read.val();
            if self.census[s].busy.val() {
                self.address.next = self.census[s].row.val();
            }
        }
        comment!("the page says what is there now");
        if self.grow.val() | self.final_copy.val() {
            self.changed.d.next = true;
        }
        self.on_held.next = bit_cast::<4, INDEX_BITS>(self.page_address.val() >> 4) == self.held_words.val();
        self.word_there.next = bit_cast::<4, INDEX_BITS>(self.page_address.val());
        // of the sizes the last group is the first
        if self.load_size.val() & !bit_cast::<3, INDEX_BITS>(self.page_address.val()).any() {
            self.changed.d.next = false;
        }
        self.asks_held.next = (self.changed.q.val() & self.reads_page.val()) & self.on_held.val();
        self.told_last.d.next = self.asks_held.val() & (self.word_there.val() == self.last_word.val());
        self.told_count.d.next = self.asks_held.val() & (self.word_there.val() == self.count_word.val());
        self.told_changed.d.next = self.asks_held.val() & (self.word_there.val() == self.changed_word.val());
        self.tells.next = (self.told_last.q.val() | self.told_count.q.val()) | self.told_changed.q.val();
        self.page_word.next = bit_cast::<16, INDEX_BITS>(self.row.val());
        if self.told_changed.q.val() {
            self.page_word.next = self.lowest.val();
        }
        if self.cold.val() {
            self.pending.d.next = false;
            self.changed.d.next = false;
        }
        if self.reset.val() {
            self.store.d.next = false;
            self.first.d.next = false;
            self.asked.d.next = false;
            self.copies.d.next = false;
            self.came.d.next = false;
            self.waits.d.next = false;
            for c in 0..self._classes {
                self.expects[c].d.next = false;
                self.spells[c].d.next = false;
                self.spelt_last[c].d.next = false;
                self.spelt_all[c].d.next = false;
            }
        }
    }
}
