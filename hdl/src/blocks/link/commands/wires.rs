//! The wires between what carries requests out and a core.

use super::Commands;
use crate::blocks::prelude::*;

impl Logic for Commands {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: commands");
        comment!("the link's own reset");
        self.quiet.d.next = self.reset.val();
        comment!("what requests ask for");
        self.place.next = self.execute.place.val();
        self.execute.reset.next = self.quiet.q.val();
        self.execute.cold.next = self.cold.val();
        self.execute.word.next = self.word.val();
        self.execute.written.next = self.written.val();
        self.execute.in_ready.next = self.in_room.q.val();
        self.execute.out_valid.next = self.out_there.q.val();
        self.execute.out_data.next = self.out_word.q.val();
        self.execute.read_data.next = self.read_data.val();
        comment!("memories are written and read a cycle after that is said: until then the word stays");
        self.row_stored.d.next = self.execute.load_row.val();
        self.kernel_stored.d.next = self.execute.load_kernel.val();
        self.threshold_stored.d.next = self.execute.load_threshold.val();
        self.size_stored.d.next = self.execute.load_size.val();
        self.page_stored.d.next = self.execute.page_write.val();
        self.row_asked.d.next = self.execute.read_row.val();
        self.kernel_asked.d.next = self.execute.read_kernel.val();
        self.threshold_asked.d.next = self.execute.read_threshold.val();
        self.bank.d.next = self.execute.bank.val();
        self.address.d.next = self.execute.address.val();
        self.rowing.d.next = self.execute.rowing.val();
        self.load_words.next = self.rowing.q.val();
        self.load_row.next = self.row_stored.q.val();
        self.load_kernel.next = self.kernel_stored.q.val();
        self.load_threshold.next = self.threshold_stored.q.val();
        self.load_size.next = self.size_stored.q.val();
        self.load_bank.next = self.bank.q.val() & self.bank_mask.val();
        self.load_address.next = self.address.q.val();
        self.load_data.next = self.word.val();
        self.read_row.next = self.row_asked.q.val();
        self.read_kernel.next = self.kernel_asked.q.val();
        self.read_threshold.next = self.threshold_asked.q.val();
        for v in 0..self._values {
            comment!("rows of values are like those of keys, but for where they are");
            self.row_stored.d.next = self.execute.load_row.val() & !self.execute.on_values[v].val();
            self.row_asked.d.next = self.execute.read_row.val() & !self.execute.on_values[v].val();
            self.value_stored[v].d.next = self.execute.load_row.val() & self.execute.on_values[v].val();
            self.value_asked[v].d.next = self.execute.read_row.val() & self.execute.on_values[v].val();
            self.load_value[v].next = self.value_stored[v].q.val();
            for l in 0..self._other_values {
                self.of_values[l].d.next = self.execute.on_values[v].val();
                self.load_values[l].next = self.of_values[l].q.val();
            }
            self.read_value[v].next = self.value_asked[v].q.val();
        }
        for u in 0..self._unknowns {
            comment!("the radius is a word of the page");
            self.radius_stored[u].d.next =
                self.execute.page_write.val() & (self.execute.address.val() == self.radius_word[u].val());
            self.load_radius[u].next = self.radius_stored[u].q.val();
        }
        comment!("the page");
        self.page.address.next = self.address.q.val();
        self.page.write.next = self.page_stored.q.val();
        self.page.write_address.next = self.address.q.val();
        self.page.write_data.next = self.word.val();
        self.execute.page_word.next = self.page.data.val();
        self.execute.test_beyond.next = false;
        self.execute.test_over.next = false;
        self.gives.next = self.execute.in_valid.val();
        self.in_data.next = self.execute.in_data.val();
        for m in 0..self._mixes {
            self.given_word[m].d.next = self.execute.in_data.val();
            self.in_data.next = self.given_word[m].q.val();
        }
        self.takes.next = self.execute.out_ready.val();
        for t in 0..self._tests {
            comment!("the self-test; while it runs, the core is its own");
            self.tests[t].reset.next = self.quiet.q.val();
            self.tests[t].cold.next = self.cold.val();
            self.tests[t].fill.next = self.execute.test_fill.val();
            self.tests[t].word.next = self.word.val();
            self.tests[t].start.next = self.execute.test_start.val();
            self.tests[t].load_size.next = self.size_stored.q.val();
            self.tests[t].place.next = self.address.q.val();
            self.tests[t].in_ready.next = self.in_room.q.val();
            self.tests[t].out_valid.next = self.out_there.q.val();
            self.tests[t].out_data.next = self.out_word.q.val();
            self.execute.test_beyond.next = self.tests[t].beyond.val();
            self.execute.test_over.next = self.tests[t].over.val();
            if self.address.q.val().get_bit(7) {
                self.execute.page_word.next = self.tests[t].counter.val();
            }
            // neither speaks while the other does
            self.gives.next = self.execute.in_valid.val() | self.tests[t].in_valid.val();
            self.takes.next = self.execute.out_ready.val() | self.tests[t].out_ready.val();
            if self.tests[t].running.val() {
                self.given_word[t].d.next = self.tests[t].in_data.val();
                self.bank.d.next = self.tests[t].bank.val();
                self.address.d.next = self.tests[t].address.val();
                self.row_asked.d.next = self.tests[t].read_row.val();
            }
        }
        for l in 0..self._learns {
            comment!("patterns are stored and forgotten");
            self.learn[l].reset.next = self.quiet.q.val();
            self.learn[l].cold.next = self.cold.val();
            self.stores[l].d.next = self.execute.stores[l].val();
            self.said[l].d.next = self.execute.said[l].val();
            // a FORGET that is under way is not ended by a reset, and what it forgets is held as long; so none begins in one
            self.forgets[l].d.next = self.execute.forgets[l].val() & !self.reset.val();
            self.learn[l].stores.next = self.stores[l].q.val();
            self.learn[l].said.next = self.said[l].q.val();
            self.learn[l].forgets.next = self.forgets[l].q.val();
            self.learn[l].word.next = self.word.val();
            self.learn[l].reads_page.next = self.execute.reads_page[l].val();
            self.learn[l].load_size.next = self.size_stored.q.val();
            self.learn[l].page_address.next = self.address.q.val();
            self.learn[l].in_room.next = self.in_room.q.val();
            self.learn[l].out_there.next = self.out_there.q.val();
            self.learn[l].out_word.next = self.out_word.q.val();
            self.behind[l].next = self.learn[l].behind.val();
            self.learn[l].none.next = self.none[l].val();
            self.learn[l].last.next = self.last[l].val();
            self.learn[l].row.next = self.row[l].val();
            self.takes.next = self.execute.out_ready.val() | self.learn[l].copying.val();
            self.learn[l].taken.next = self.taken.q.val();
            self.execute.busy[l].next = self.learn[l].busy.val();
            self.execute.none[l].next = self.none[l].val();
            self.execute.row[l].next = self.row[l].val();
            self.execute.test_over.next = self.learn[l].over.val();
            self.execute.out_data.next = self.out_word.q.val() | self.learn[l].mark.val();
            if self.learn[l].owns.val() {
                self.address.d.next = self.learn[l].address.val();
            }
            comment!("after configuration the page says which pattern is the last");
            if self.cold.val() {
                self.address.d.next = self.last_word.val();
            }
            self.row_stored.d.next =
                (self.execute.load_row.val() & !self.learn[l].bars.val()) | self.learn[l].load_row.val();
            self.recalls[l].d.next = self.execute.cue_there[l].val();
            self.recall[l].next = self.recalls[l].q.val();
            self.row_asked.d.next = self.execute.read_row.val() | self.learn[l].read_row.val();
            self.storing[l].next = self.learn[l].storing.val();
            self.grows[l].d.next = self.learn[l].grow.val();
            self.shrinks[l].d.next = self.learn[l].shrink.val();
            self.grow[l].next = self.grows[l].q.val();
            self.shrink[l].next = self.shrinks[l].q.val();
            comment!(
                "the radius is the page's word for what comes: while nothing does, that of recalls, and of a STORE its own"
            );
            self.radius_stored[l].d.next =
                (self.execute.resting.val() & !self.learn[l].busy.val()) | self.execute.stores[l].val();
            self.page_word[l].next = self.page.data.val();
            comment!("and where the page is behind, what is read is the number");
            self.execute.tells[l].next = self.learn[l].tells.val();
            if self.learn[l].tells.val() {
                self.execute.read_data.next = self.learn[l].page_word.val();
            }
            self.execute.asks[l].next = self.learn[l].read.val();
            self.learn[l].there.next = self.execute.there[l].val();
        }
        for c in 0..self._classes {
            comment!("with their classes");
            self.comes[c].d.next = self.execute.word_comes[c].val();
            self.learn[c].comes[c].next = self.comes[c].q.val();
            self.execute.classing[c].next = self.learn[c].classing[c].val();
            self.execute.valuing[c].next = self.learn[c].valuing[c].val();
            self.class[c].next = self.learn[c].class[c].val();
            self.gives.next = self.execute.in_valid.val() | self.learn[c].spelling[c].val();
            if self.learn[c].spelling[c].val() {
                self.given_word[c].d.next = self.learn[c].value[c].val();
            }
            self.row_stored.d.next = (self.execute.load_row.val()
                & !(self.execute.on_values[c].val() | self.learn[c].bars.val()))
                | self.learn[c].load_row.val();
            self.row_asked.d.next =
                (self.execute.read_row.val() & !self.execute.on_values[c].val()) | self.learn[c].read_row.val();
            self.value_stored[c].d.next =
                (self.execute.load_row.val() & self.execute.on_values[c].val()) | self.learn[c].load_value[c].val();
            self.value_asked[c].d.next =
                (self.execute.read_row.val() & self.execute.on_values[c].val()) | self.learn[c].read_value[c].val();
            for l in 0..self._other_values {
                self.of_values[l].d.next = self.execute.on_values[c].val() | self.learn[c].in_value[c].val();
            }
        }
        for a in 0..self._autos {
            comment!("or a cue is, if it is unknown");
            self.at_steps[a].d.next = self.execute.at_steps[a].val();
            self.learn[a].learns[a].next = self.execute.is_learn[a].val();
            self.learn[a].at_steps[a].next = self.at_steps[a].q.val();
        }
        for s in 0..self._seeks {
            comment!("what is read on the way to a free class is said to nobody");
            self.takes.next =
                (self.execute.out_ready.val() | self.learn[s].copying.val()) | self.learn[s].seeking[s].val();
        }
        comment!(
            "streams of the core: a word in three cycles, since what the core says of the next one is known no sooner"
        );
        self.giving.next = self.gives.val() & self.in_room.q.val();
        self.given.d.next = self.giving.val();
        self.in_valid.next = self.given.q.val();
        self.in_room.d.next = self.in_ready.val() & !(self.giving.val() | self.given.q.val());
        self.taking.next = self.takes.val() & self.out_there.q.val();
        self.taken.d.next = self.taking.val();
        self.out_ready.next = self.taken.q.val();
        self.out_word.d.next = self.out_data.val();
        self.out_there.d.next = self.out_valid.val() & !(self.taking.val() | self.taken.q.val());
        comment!("replies");
        self.send_valid.next = self.execute.send_valid.val();
        self.send_word.next = self.execute.send_word.val();
        self.finish.next = self.execute.finish.val();
        self.execute.send_ready.next = self.send_ready.val();
        comment!("whether a recall may begin that no request asks for");
        self.resting.next = self.execute.resting.val();
        self.invalid.next = self.execute.invalid.val();
        for l in 0..self._learns {
            self.resting.next = self.execute.resting.val() & !self.learn[l].busy.val();
            self.invalid.next = self.execute.invalid.val() | self.none[l].val();
        }
    }
}
