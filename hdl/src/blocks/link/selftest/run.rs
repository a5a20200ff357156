//! What a self-test does, cycle by cycle.

use super::SelfTest;
use crate::blocks::prelude::*;

impl Logic for SelfTest {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: selftest");
        self.counters.reset.next = self.reset.val();
        self.starting.d.next = self.start.val();
        self.counters.start.next = self.starting.q.val();
        comment!("the last pattern that the core holds, as the sizes that it was given say");
        if self.load_size.val() {
            if bit_cast::<3, INDEX_BITS>(self.place.val()) == self.group_size.val() {
                self.last_group.d.next = self.word.val();
            }
            if bit_cast::<3, INDEX_BITS>(self.place.val()) == self.place_size.val() {
                self.last_place.d.next = bit_cast::<2, 16>(self.word.val());
            }
        }
        for s in 0..self._sequences {
            if self.load_size.val() & (bit_cast::<3, INDEX_BITS>(self.place.val()) == self.steps_size[s].val()) {
                self.max_steps[s].d.next = bit_cast::<8, 16>(self.word.val());
            }
            if self.cold.val() {
                self.max_steps[s].d.next = self.first_steps[s].val();
            }
        }
        for c in 0..self._chooses {
            comment!("and its kind");
            self.kind[c].cold.next = self.cold.val();
            self.kind[c].write.next = self.load_size.val();
            self.kind[c].which.next = bit_cast::<3, INDEX_BITS>(self.place.val());
            self.kind[c].data.next = self.word.val();
            self.other[c].next = !self.kind[c].keyed.val() | self.kind[c].sequential.val();
        }
        if self.cold.val() {
            self.last_group.d.next = self.first_group.val();
            self.last_place.d.next = self.first_place.val();
        }
        self.last.next = (self.last_group.q.val() << self.bank_bits.val())
            | (bit_cast::<16, 2>(self.last_place.q.val()) & self.bank_mask.val());
        comment!("the request's words pass from register to register; what is asked of them is registered");
        self.none.d.next = !self.recalls.q.val().any();
        self.outside.d.next = self.pattern.q.val() > self.last.val();
        self.loud.d.next = (self.flips.q.val() >> 8).any();
        self.bad.d.next = self.none.q.val() | (self.outside.q.val() | self.loud.q.val());
        self.final_pattern.d.next = self.pattern.q.val() == self.last.val();
        self.beyond.next = self.bad.q.val();
        self.counting.next = self.counters.busy.val();
        comment!(
            "which counters want one more: a neuron that differs; eight cycles; at a recall's end, one after the other"
        );
        self.checked.next = (self.seen.q.val() & !self.counting.val()) & self.clean.q.val();
        self.turned.next = (self.seen.q.val() & !self.counting.val()) & !self.clean.q.val();
        self.tally_wanted.d.next = ((self.tallying.q.val().get_bit(0) | self.tallying.q.val().get_bit(4))
            | (self.tallying.q.val().get_bit(1) & !self.inexact.q.val()))
            | ((self.tallying.q.val().get_bit(2) & !self.converged.q.val())
                | (self.tallying.q.val().get_bit(3) & self.found.q.val()));
        self.tallied.next = self.tally_known.q.val() & !self.counting.val();
        self.tally_known.d.next = self.tallying.q.val().any() & !self.tallied.val();
        self.passing.next = self.tallied.val() & self.tallying.q.val().get_bit(5);
        self.eight_passed.next =
            (self.waiting.q.val() & !self.out_valid.val()) & (self.eighth.q.val() == self.last_cycle.val());
        self.bump.next = ((self.turned.val() & self.shift.q.val().get_bit(0)) | self.eight_passed.val())
            | (self.tallied.val() & self.tally_wanted.q.val());
        self.counters.bump.next = self.bump.val();
        self.which.next = self.wrong_spot.val();
        if self.tallying.q.val().get_bit(0) {
            self.which.next = self.recalls_spot.val();
        }
        if self.tallying.q.val().get_bit(1) {
            self.which.next = self.exact_spot.val();
        }
        if self.tallying.q.val().get_bit(2) {
            self.which.next = self.unsettled_spot.val();
        }
        if self.tallying.q.val().get_bit(3) {
            self.which.next = self.nearest_spot.val();
        }
        if self.tallying.q.val().get_bit(4) {
            self.which.next = self.steps_spot.val() | (self.steps.q.val() << 1);
            if (self.steps.q.val() >> 5).any() {
                self.which.next = self.most_spot.val();
            }
        }
        if self.waiting.q.val() {
            self.which.next = self.cycles_spot.val();
        }
        self.counters.which.next = self.which.val();
        comment!("the counters are cleared, then recall after recall; each begins with its pattern's words");
        self.busy.d.next = self.starting.q.val() | (self.busy.q.val() & !self.ending.q.val());
        self.asking.d.next =
            (self.counters.wiped.val() & self.busy.q.val()) | (self.passing.val() & !self.final_recall.q.val());
        self.woken.next =
            (self.waiting.q.val() & self.out_valid.val()) & !(self.counters.begun.val() | self.counting.val());
        self.fetching.d.next =
            self.asking.q.val() | (self.fetching.q.val() & !(self.out_valid.val() & self.final_lane.q.val()));
        comment!("a word of the cue: neurons are flipped while it turns once; the last one starts the recall");
        self.reading.d.next = ((self.fetching.q.val() & (self.out_valid.val() & self.final_lane.q.val()))
            | (self.offering.q.val() & (self.in_ready.val() & !self.final_lane.q.val())))
            | (self.woken.val() | (self.checked.val() & !self.final_lane.q.val()));
        self.holding.d.next = self.reading.q.val() & !self.answered.q.val();
        self.mixed.next = self.turn.q.val().get_bit(4) & self.turn.q.val().get_bit(1);
        self.noise.advance.next = self.mixing.q.val() & !self.turn.q.val().get_bit(4);
        self.noise.flips.next = bit_cast::<8, 16>(self.flips.q.val());
        self.noise.fill.next = self.fill.val();
        self.noise.word.next = self.word.val();
        self.noise.start.next = self.starting.q.val();
        self.mixing.d.next = self.holding.q.val() | (self.mixing.q.val() & !self.mixed.val());
        self.offering.d.next =
            (self.mixing.q.val() & self.mixed.val()) | (self.offering.q.val() & !self.in_ready.val());
        self.pausing.d.next = self.offering.q.val() & (self.in_ready.val() & self.final_lane.q.val());
        for m in 0..self._masks {
            comment!("the mask of a cue: all is known");
            self.knowing[m].d.next =
                self.knowing[m].q.val() ^ (self.offering.q.val() & (self.in_ready.val() & self.final_lane.q.val()));
            self.offering.d.next = ((self.mixing.q.val() & self.mixed.val())
                | (self.offering.q.val() & !self.in_ready.val()))
                | (self.offering.q.val() & (self.knowing[m].q.val() ^ self.final_lane.q.val()));
            self.reading.d.next = ((self.fetching.q.val() & (self.out_valid.val() & self.final_lane.q.val()))
                | ((self.offering.q.val() & !self.knowing[m].q.val())
                    & (self.in_ready.val() & !self.final_lane.q.val())))
                | (self.woken.val() | (self.checked.val() & !self.final_lane.q.val()));
            self.pausing.d.next =
                (self.offering.q.val() & self.knowing[m].q.val()) & (self.in_ready.val() & self.final_lane.q.val());
            if self.reset.val() {
                self.knowing[m].d.next = false;
            }
        }
        self.paused.d.next = self.pausing.q.val();
        self.poised.d.next = self.paused.q.val();
        self.set_off.d.next = self.poised.q.val();
        self.waiting.d.next = self.set_off.q.val() | (self.waiting.q.val() & !self.woken.val());
        comment!("a word of the answer, then the three that follow");
        self.comparing.d.next =
            (self.reading.q.val() & self.answered.q.val()) | (self.comparing.q.val() & !self.out_valid.val());
        self.checking.d.next =
            (self.comparing.q.val() & self.out_valid.val()) | (self.checking.q.val() & !self.checked.val());
        self.telling_steps.d.next =
            (self.checked.val() & self.final_lane.q.val()) | (self.telling_steps.q.val() & !self.out_valid.val());
        self.telling_nearest.d.next = (self.telling_steps.q.val() & self.out_valid.val())
            | (self.telling_nearest.q.val() & !self.out_valid.val());
        self.telling_distance.d.next = (self.telling_nearest.q.val() & self.out_valid.val())
            | (self.telling_distance.q.val() & !self.out_valid.val());
        if self.tallied.val() {
            self.tallying.d.next = self.tallying.q.val() << 1;
        }
        if self.telling_distance.q.val() & self.out_valid.val() {
            self.tallying.d.next = self.first_tally.val();
        }
        for s in 0..self._sequences {
            comment!("of a sequence, the next answer is waited for as the first one was after the cue");
            self.final_answer[s].d.next = self.steps.q.val() == self.max_steps[s].q.val();
            for c in 0..self._chosen_sequences {
                self.final_answer[s].d.next =
                    (self.steps.q.val() == self.max_steps[s].q.val()) | !self.kind[c].sequential.val();
            }
            if (self.telling_distance.q.val() & self.out_valid.val()) & !self.final_answer[s].q.val() {
                self.tallying.d.next = self.no_tally.val();
                self.pausing.d.next = true;
            }
        }
        self.ending.d.next = self.passing.val() & self.final_recall.q.val();
        if self.counters.stored.val() & self.tallying.q.val().get_bit(1) {
            self.final_recall.d.next = self.counters.sum.val() == self.recalls.q.val();
        }
        comment!("which lane, and whether it is the last");
        if self.asking.q.val() | self.pausing.q.val() {
            self.lane.d.next = 0.into();
        } else {
            if (self.fetching.q.val() & self.out_valid.val())
                | ((self.offering.q.val() & self.in_ready.val()) | self.checked.val())
            {
                self.lane.d.next = self.lane.q.val() + self.one_lane.val();
                if self.final_lane.q.val() {
                    self.lane.d.next = 0.into();
                }
            }
        }
        self.final_lane.d.next = self.lane.q.val() == self.last_lane.val();
        for a in 0..self._others {
            if self.answered.q.val() {
                self.final_lane.d.next = self.lane.q.val() == self.last_answer[a].val();
            }
        }
        for c in 0..self._chosen_words {
            if self.answered.q.val() & !self.kind[c].keyed.val() {
                self.final_lane.d.next = self.lane.q.val() == self.lasts[0].val();
                if self.kind[c].ranks.val() {
                    self.final_lane.d.next = self.lane.q.val() == self.lasts[1].val();
                }
            }
        }
        self.answered.d.next = (self.answered.q.val() | self.pausing.q.val()) & !self.asking.q.val();
        comment!("the word in work: flipped and turned, or what differs, shifted out");
        self.turn.d.next = 0.into();
        if self.mixing.q.val() {
            self.turn.d.next = self.turn.q.val() + self.one_turn.val();
        }
        self.clean.d.next = !self.shift.q.val().any();
        self.seen.d.next = self.checking.q.val() & !(self.seen.q.val() & !self.counting.val());
        if self.noise.ready.val() | self.turned.val() {
            self.shift.d.next = self.shift.q.val() >> 1;
            if self.noise.ready.val() & (self.shift.q.val().get_bit(0) ^ self.noise.flip.val()) {
                self.shift.d.next = (self.shift.q.val() >> 1) | self.top.val();
            }
        }
        if self.holding.q.val() {
            self.shift.d.next = self.counters.data.val();
        }
        if self.comparing.q.val() {
            self.shift.d.next = self.counters.data.val() ^ self.out_data.val();
            for _k in 0..self._ones {
                self.shift.d.next = self.out_data.val();
            }
            for c in 0..self._chooses {
                if self.other[c].val() {
                    self.shift.d.next = self.out_data.val();
                }
            }
        }
        comment!("what there is to say of a recall");
        self.inexact.d.next =
            (self.inexact.q.val() | (self.turned.val() & self.shift.q.val().get_bit(0))) & !self.asking.q.val();
        if self.telling_steps.q.val() {
            self.steps.d.next = bit_cast::<8, 16>(self.out_data.val());
            self.converged.d.next = self.out_data.val().get_bit(15);
        }
        if self.telling_nearest.q.val() {
            self.found.d.next = self.out_data.val() == self.pattern.q.val();
        }
        if self.waiting.q.val() & !self.out_valid.val() {
            self.eighth.d.next = self.eighth.q.val() + self.one_cycle.val();
        }
        if self.starting.q.val() {
            self.eighth.d.next = 0.into();
        }
        if self.passing.val() {
            self.pattern.d.next = self.pattern.q.val() + self.one_word.val();
            if self.final_pattern.q.val() {
                self.pattern.d.next = self.nothing.val();
            }
        }
        if self.fill.val() {
            self.flips.d.next = self.noise.passed.val();
            self.pattern.d.next = self.flips.q.val();
            self.recalls.d.next = self.pattern.q.val();
        }
        comment!("the pattern's words as they come; what is read is one of them, or between tests a counter");
        self.here.next = bit_cast::<8, 7>(self.lane.q.val());
        if !self.busy.q.val() {
            self.here.next = bit_cast::<8, INDEX_BITS>(self.place.val());
        }
        self.counters.place.next = self.here.val();
        self.counters.keeping.next = self.fetching.q.val();
        self.counters.keep.next = self.fetching.q.val() & self.out_valid.val();
        self.counters.lane.next = self.lane.q.val();
        self.counters.word.next = self.out_data.val();
        self.counter.next = self.counters.data.val();
        comment!("to the core");
        self.in_valid.next = self.offering.q.val();
        self.in_data.next = self.shift.q.val();
        for m in 0..self._masks {
            if self.knowing[m].q.val() {
                self.in_data.next = self.all_known.val();
            }
        }
        self.out_ready.next = (self.fetching.q.val() | self.comparing.q.val())
            | (self.telling_steps.q.val() | (self.telling_nearest.q.val() | self.telling_distance.q.val()));
        self.read_row.next = self.asking.q.val();
        self.bank.next = bit_cast::<2, 16>(self.pattern.q.val() & self.bank_mask.val());
        self.address.next = bit_cast::<INDEX_BITS, 16>(self.pattern.q.val() >> self.bank_bits.val());
        self.running.next = self.busy.q.val();
        self.over.next = self.ending.q.val();
        if self.reset.val() {
            self.starting.d.next = false;
            self.busy.d.next = false;
            self.asking.d.next = false;
            self.fetching.d.next = false;
            self.reading.d.next = false;
            self.holding.d.next = false;
            self.mixing.d.next = false;
            self.offering.d.next = false;
            self.pausing.d.next = false;
            self.paused.d.next = false;
            self.poised.d.next = false;
            self.set_off.d.next = false;
            self.waiting.d.next = false;
            self.comparing.d.next = false;
            self.checking.d.next = false;
            self.telling_steps.d.next = false;
            self.telling_nearest.d.next = false;
            self.telling_distance.d.next = false;
            self.tallying.d.next = self.no_tally.val();
            self.tally_known.d.next = false;
            self.ending.d.next = false;
        }
    }
}
