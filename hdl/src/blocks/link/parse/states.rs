//! The states of reading a request, and what each finds.

use super::{COUNT_BITS, Parse};
use crate::blocks::prelude::*;

impl Logic for Parse {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: parse");
        self.resting.next = self.idle.q.val();
        self.taking.next = (self.idle.q.val() | self.heading.q.val())
            | (self.targeting.q.val() | (self.addressing.q.val() | self.counting.q.val()));
        for l in 0..self._learns {
            self.taking.next = ((self.idle.q.val() | self.heading.q.val())
                | (self.targeting.q.val() | (self.addressing.q.val() | self.counting.q.val())))
                & !self.busy[l].val();
        }
        comment!("an entry: the words that follow, less one (bit 14: whole cues), or an error (bit 15)");
        if self.idle.q.val() {
            self.whole.d.next = self.word.val().get_bit(14);
            self.number.d.next = 0.into();
        }
        self.idle.d.next = (self.idle.q.val() & !self.fresh.val()) | self.over.val();
        self.heading.d.next = (self.idle.q.val() & (self.fresh.val() & !self.word.val().get_bit(15)))
            | (self.heading.q.val() & !self.fresh.val());
        comment!("the header, and the length that its kind wants");
        self.kind.next = bit_cast::<4, 16>(self.word.val());
        if self.heading.q.val() {
            self.asked_kind.d.next = self.kind.val();
            self.number.d.next = bit_cast::<8, 16>(self.word.val() >> self.eight.val());
            self.current.d.next = bit_cast::<4, 16>(self.word.val() >> 4) == self.version.val();
            self.a_read.d.next = self.kind.val() == self.read_kind.val();
            self.a_write.d.next = self.kind.val() == self.write_kind.val();
            self.a_recall.d.next =
                (self.kind.val() == self.recall_kind.val()) | (self.kind.val() == self.find_kind.val());
            self.a_find.d.next = self.kind.val() == self.find_kind.val();
            self.a_test.d.next = (self.kind.val() == self.test_kind.val()) & self.has_test.val();
            for l in 0..self._learns {
                self.a_store[l].d.next = self.kind.val() == self.store_kind.val();
                self.a_forget[l].d.next = self.kind.val() == self.forget_kind.val();
            }
            for a in 0..self._autos {
                self.a_store[a].d.next =
                    (self.kind.val() == self.store_kind.val()) | (self.kind.val() == self.learn_kind.val());
                self.a_learn[a].d.next = self.kind.val() == self.learn_kind.val();
            }
        }
        self.sizing.d.next = self.heading.q.val() & self.fresh.val();
        self.three_long.d.next = self.left.val() == self.two_left.val();
        self.five_long.d.next = self.left.val() == self.four_left.val();
        self.short.d.next = !self.more.val() | !(self.left.val() >> 1).any();
        self.sized.d.next = self.sizing.q.val();
        self.ranked.d.next = self.sized.q.val();
        self.sorting.d.next = self.ranked.q.val();
        self.recall_fits.d.next = self.a_recall.q.val() & (self.whole.q.val() & self.more.val());
        self.recall_right.next = self.current.q.val() & (self.recall_fits.q.val() & !self.invalid.val());
        self.other_right.next = self.current.q.val()
            & ((self.a_read.q.val() & self.three_long.q.val()) | (self.a_write.q.val() & !self.short.q.val()));
        self.test_right.next = self.current.q.val() & (self.a_test.q.val() & self.five_long.q.val());
        for l in 0..self._learns {
            comment!("a board that learns; without a pattern there is nothing to recall");
            self.store_long[l].d.next = self.left.val() == self.store_left.val();
            self.two_long[l].d.next = self.left.val() == self.one_left.val();
            self.store_right[l].next =
                (self.current.q.val() & !self.invalid.val()) & (self.a_store[l].q.val() & self.store_long[l].q.val());
            self.forget_right[l].next =
                (self.current.q.val() & !self.invalid.val()) & (self.a_forget[l].q.val() & self.two_long[l].q.val());
            self.recall_right.next =
                self.current.q.val() & (self.recall_fits.q.val() & !(self.invalid.val() | self.none[l].val()));
            self.is_store[l].next = self.a_store[l].q.val();
            self.is_forget[l].next = self.a_forget[l].q.val();
        }
        for a in 0..self._autos {
            self.is_learn[a].next = self.a_learn[a].q.val();
        }
        comment!("target, address, count");
        self.target.next = bit_cast::<2, 16>(self.word.val());
        self.targeting.d.next =
            (self.sorting.q.val() & self.other_right.val()) | (self.targeting.q.val() & !self.fresh.val());
        if self.targeting.q.val() {
            self.page.d.next = self.target.val() == self.page_region.val();
            self.kernel.d.next = self.target.val() == self.kernel_region.val();
            self.threshold.d.next = self.target.val() == self.threshold_region.val();
            self.rows.d.next = self.target.val() == self.rows_region.val();
            self.bank_held.d.next = bit_cast::<2, 16>(self.word.val() >> self.eight.val());
            self.stray.d.next = (self.word.val() & self.stray_bits.val()).any();
            self.far.d.next = (self.word.val() & self.far_bits.val()).any();
            for v in 0..self._values {
                self.values[v].d.next = false;
                if bit_cast::<8, 16>(self.word.val()) == self.values_region[v].val() {
                    self.rows.d.next = true;
                    self.values[v].d.next = true;
                    self.page.d.next = false;
                    self.stray.d.next = false;
                }
            }
        }
        self.addressing.d.next =
            (self.targeting.q.val() & self.fresh.val()) | (self.addressing.q.val() & !self.fresh.val());
        self.counting.d.next = (self.addressing.q.val() & (self.fresh.val() & self.a_read.q.val()))
            | (self.counting.q.val() & !self.fresh.val());
        for l in 0..self._learns {
            comment!("a FORGET is about a row: its pattern is the place, and how many there are is the count");
            self.addressing.d.next = ((self.targeting.q.val() & self.fresh.val())
                | (self.sorting.q.val() & self.forget_right[l].val()))
                | (self.addressing.q.val() & !self.fresh.val());
            self.counting.d.next = (self.addressing.q.val()
                & (self.fresh.val() & (self.a_read.q.val() | self.a_forget[l].q.val())))
                | (self.counting.q.val() & !self.fresh.val());
            self.judge.is_forget[l].next = self.a_forget[l].q.val();
            self.judge.row[l].next = self.row[l].val();
        }
        if self.addressing.q.val() {
            self.place_held.d.next = self.word.val();
        } else {
            if self.advance.val() {
                self.place_held.d.next = self.place_held.q.val() + self.one_word.val();
            }
        }
        for l in 0..self._learns {
            comment!("a place is none yet: the radius of recalls is looked at, or, for a STORE, its own");
            self.own_radius[l].next = self.sizing.q.val() & self.a_store[l].q.val();
            for a in 0..self._autos {
                self.own_radius[l].next = self.sizing.q.val() & (self.a_store[a].q.val() & !self.a_learn[a].q.val());
            }
            if self.idle.q.val() & !self.busy[l].val() {
                self.place_held.d.next = self.radius_word[l].val();
            }
            if self.own_radius[l].val() {
                self.place_held.d.next = self.store_radius_word[l].val();
            }
        }
        for l in 0..self._learns {
            self.flipped[l].next = 0.into();
            if self.a_forget[l].q.val() {
                self.flipped[l].next = self.every_bit.val();
            }
        }
        if self.addressing.q.val() | self.counting.q.val() {
            self.count.d.next = self.word.val();
            for l in 0..self._learns {
                // of a FORGET the complement of its number, which is compared with its pattern by an addition
                self.count.d.next = self.word.val() ^ self.flipped[l].val();
            }
            if self.addressing.q.val() {
                self.count.d.next = bit_cast::<16, COUNT_BITS>(self.left.val());
            }
        }
        comment!("all that can be wrong with it");
        self.summing.d.next = (self.addressing.q.val() & (self.fresh.val() & self.a_write.q.val()))
            | (self.counting.q.val() & self.fresh.val());
        self.summed.d.next = self.summing.q.val();
        self.measuring.d.next = self.summed.q.val();
        self.measured.d.next = self.measuring.q.val();
        self.heard.d.next = self.measured.q.val();
        self.weighed.d.next = self.heard.q.val();
        self.judging.d.next = self.weighed.q.val();
        self.judge.reading.next = self.reading.val();
        self.judge.place.next = self.place_held.q.val();
        self.judge.count.next = self.count.q.val();
        self.judge.bank.next = self.bank_held.q.val();
        self.judge.stray.next = self.stray.q.val();
        self.judge.far.next = self.far.q.val();
        self.judge.on_page.next = self.page.q.val();
        self.judge.on_kernel.next = self.kernel.q.val();
        self.judge.on_threshold.next = self.threshold.q.val();
        self.judge.on_rows.next = self.rows.q.val();
        for v in 0..self._values {
            self.judge.on_values[v].next = self.values[v].q.val();
            self.on_values[v].next = self.values[v].q.val();
        }
        self.judge.is_read.next = self.a_read.q.val();
        self.judge.is_write.next = self.a_write.q.val();
        self.judge.invalid.next = self.invalid.val();
        self.judge.same.next = self.same.val();
        self.judge.unfit.next = self.unfit.val();
        comment!("what is wrong with it");
        if self.idle.q.val() {
            self.trouble.d.next = bit_cast::<4, 16>(self.word.val());
        }
        self.sort_code.d.next = self.kind_code.val();
        if (self.a_read.q.val() | self.a_write.q.val()) | (self.a_recall.q.val() | self.a_test.q.val()) {
            self.sort_code.d.next = self.length_code.val();
        }
        if self.recall_fits.q.val() {
            self.sort_code.d.next = self.invalid_code.val();
        }
        for l in 0..self._learns {
            if self.a_store[l].q.val() | self.a_forget[l].q.val() {
                self.sort_code.d.next = self.length_code.val();
            }
            if (self.a_store[l].q.val() & self.store_long[l].q.val())
                | (self.a_forget[l].q.val() & self.two_long[l].q.val())
            {
                self.sort_code.d.next = self.invalid_code.val();
            }
        }
        if !self.current.q.val() {
            self.sort_code.d.next = self.version_code.val();
        }
        if self.sorting.q.val() {
            self.trouble.d.next = self.sort_code.q.val();
        }
        if self.judging.q.val() {
            self.trouble.d.next = self.judge.code.val();
        }
        if self.weighing.val() {
            self.trouble.d.next = self.invalid_code.val();
            // its range is that of the memory, so there must be one
            if self.test_beyond.val() & !self.invalid.val() {
                self.trouble.d.next = self.range_code.val();
            }
        }
        self.passing.d.next = (self.sorting.q.val()
            & !(self.recall_right.val() | (self.other_right.val() | self.test_right.val())))
            | ((self.judging.q.val() & !self.judge.right.val()) | (self.passing.q.val() & self.more.val()));
        for l in 0..self._learns {
            self.passing.d.next = (self.sorting.q.val()
                & !(self.recall_right.val()
                    | (self.other_right.val() | (self.store_right[l].val() | self.forget_right[l].val()))))
                | ((self.judging.q.val() & !self.judge.right.val()) | (self.passing.q.val() & self.more.val()));
        }
        comment!("what follows");
        self.recalls.next = self.sorting.q.val() & self.recall_right.val();
        self.tests.next = self.sorting.q.val() & self.test_right.val();
        for l in 0..self._learns {
            self.recalls.next = self.sorting.q.val() & (self.recall_right.val() | self.store_right[l].val());
            self.forgets[l].next = self.judging.q.val() & (self.judge.right.val() & self.a_forget[l].q.val());
        }
        self.reads.next = self.judging.q.val() & (self.judge.right.val() & self.a_read.q.val());
        self.writes.next = self.judging.q.val() & (self.judge.right.val() & self.a_write.q.val());
        self.fails.next = (self.idle.q.val() & (self.fresh.val() & self.word.val().get_bit(15)))
            | (self.passing.q.val() & !self.more.val());
        if self.reset.val() {
            self.idle.d.next = true;
            self.heading.d.next = false;
            self.sizing.d.next = false;
            self.sized.d.next = false;
            self.ranked.d.next = false;
            self.sorting.d.next = false;
            self.targeting.d.next = false;
            self.addressing.d.next = false;
            self.counting.d.next = false;
            self.summing.d.next = false;
            self.summed.d.next = false;
            self.measuring.d.next = false;
            self.measured.d.next = false;
            self.heard.d.next = false;
            self.weighed.d.next = false;
            self.judging.d.next = false;
            self.passing.d.next = false;
        }
        comment!("the request");
        self.skipping.next = self.passing.q.val();
        self.is_read.next = self.a_read.q.val();
        self.is_write.next = self.a_write.q.val();
        self.is_recall.next = self.a_recall.q.val();
        self.is_test.next = self.a_test.q.val();
        self.is_find.next = self.a_find.q.val();
        self.on_page.next = self.page.q.val();
        self.on_kernel.next = self.kernel.q.val();
        self.on_threshold.next = self.threshold.q.val();
        self.on_rows.next = self.rows.q.val();
        self.bank.next = self.bank_held.q.val();
        self.place.next = self.place_held.q.val();
        self.ended.next = self.judge.ended.val();
        self.control.next = self.judge.control.val();
        self.on_sizes.next = self.judge.on_sizes.val();
        self.asked.next = self.asked_kind.q.val();
        self.serial.next = self.number.q.val();
        self.code.next = self.trouble.q.val();
    }
}
