//! What is joined to what in the core.

use super::Core;
use crate::blocks::prelude::*;

impl Logic for Core {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: core");
        self.sequencer.reset.next = self.reset.val();
        comment!("streams");
        self.sequencer.in_valid.next = self.in_valid.val();
        self.in_ready.next = self.sequencer.in_ready.val();
        self.out_valid.next = self.sequencer.out_valid.val();
        self.sequencer.out_ready.next = self.out_ready.val();
        self.state.data.next = self.in_data.val();
        self.out_data.next = self.state.word[0].val();
        for w in 0..self._wide {
            self.out_data.next = self.state.said[w].val();
        }
        if self.sequencer.info.val() {
            self.out_data.next = self.sequencer.info_word.val();
        }
        comment!("the sizes of the memory");
        self.sequencer.last_row.next = self.built_rows.val();
        self.sequencer.max_steps.next = self.built_steps.val();
        self.sequencer.fetch.next = false;
        self.scan.reach.next = self.built_reach.val();
        self.scan.last_bank.next = self.built_bank.val();
        self.scan.normalised.next = self.built_mode.val();
        for v in 0..self._votes {
            self.vote[v].reach.next = self.built_reach.val();
            self.vote[v].store_kernel.next = false;
            self.vote[v].store_threshold.next = false;
            self.vote[v].read_kernel.next = false;
            self.vote[v].read_threshold.next = false;
        }
        self.stored.next = false;
        self.stored_bank.next = 0.into();
        self.stored_address.next = 0.into();
        self.stored_data.next = 0.into();
        self.fetched.next = false;
        for l in 0..self._loads {
            comment!("loadable: they are registers, and so much comes from outside");
            self.sizes[l].cold.next = self.cold[l].val();
            self.sizes[l].write.next = self.load_size[l].val();
            self.sequencer.rowing[l].next = self.load_words[l].val();
            self.stored.next = self.load_row[l].val();
            self.stored_bank.next = self.load_bank[l].val();
            self.stored_address.next = self.load_address[l].val();
            self.stored_data.next = self.load_data[l].val();
            for w in 0..self._row_late {
                comment!("in beats: back to the first word of the state, which is read then");
                self.row_late[w].d.next = self.load_row[l].val();
                self.row_late[w + 1].d.next = self.row_late[w].q.val();
                self.stored.next = self.row_late[w + 1].q.val();
            }
            self.fetched.next = self.read_row[l].val();
            self.read_data[l].next = 0.into();
            for u in 0..self._loaded_values {
                self.fetched.next = self.read_row[l].val() | self.read_value[u].val();
                if self.fetched.val() {
                    self.value_asked[u].d.next = self.read_value[u].val();
                }
            }
            for u in 0..self._loaded_unknowns {
                self.radius[u].cold[u].next = self.cold[l].val();
                self.radius[u].write[u].next = self.load_radius[u].val();
                self.radius[u].data[u].next = self.stored_data.val();
            }
            self.sizes[l].which.next = bit_cast::<3, INDEX_BITS>(self.stored_address.val());
            self.sizes[l].data.next = self.stored_data.val();
            self.sequencer.last_row.next = self.sizes[l].last_row.val();
            self.sequencer.max_steps.next = self.sizes[l].max_steps.val();
            for _r in 0..self._fetched_lists {
                // a list has as many ranks as it was built for
                self.sequencer.max_steps.next = self.built_steps.val();
            }
            self.row_asked[l].d.next = self.fetched.val();
            self.sequencer.fetch.next = self.row_asked[l].q.val();
            self.scan.reach.next = self.sizes[l].reach.val();
            self.scan.last_bank.next = self.sizes[l].last_bank.val();
            self.scan.normalised.next = self.sizes[l].normalised.val();
        }
        for c in 0..self._chooses {
            comment!("which kind it is of");
            self.kind[c].cold.next = self.cold[c].val();
            self.kind[c].write.next = self.load_size[c].val();
            self.kind[c].which.next = bit_cast::<3, INDEX_BITS>(self.stored_address.val());
            self.kind[c].data.next = self.stored_data.val();
            self.sequencer.ranks[c].next = self.kind[c].ranks.val();
            self.sequencer.keyed[c].next = self.kind[c].keyed.val();
            self.sequencer.sequential[c].next = self.kind[c].sequential.val();
        }
        for v in 0..self._loaded_votes {
            self.vote[v].reach.next = self.sizes[v].reach.val();
            self.vote[v].store_kernel.next = self.load_kernel[v].val();
            self.vote[v].store_threshold.next = self.load_threshold[v].val();
            self.vote[v].read_kernel.next = self.read_kernel[v].val();
            self.vote[v].read_threshold.next = self.read_threshold[v].val();
            self.read_data[v].next = self.vote[v].read_data.val();
        }
        comment!("the scan");
        self.scan.start.next = self.sequencer.start.val();
        self.scan.scans.next = self.sequencer.scans.val();
        self.scan.scan_last.next = self.sequencer.scan_last.val();
        self.scan.compare.next = self.sequencer.compare.val();
        self.scan.everyone.next = self.sequencer.everyone.val();
        self.scan.open.next = self.sequencer.open.val();
        self.scan.turn.next = self.sequencer.turn.val();
        self.scan.voting.next = self.sequencer.voting.val();
        self.scan.stored.next = self.stored.val();
        self.scan.stored_bank.next = self.stored_bank.val();
        self.scan.stored_address.next = self.stored_address.val();
        for l in 0..self._lanes {
            self.scan.word[l].next = self.state.word[l].val();
        }
        self.sequencer.row.next = self.scan.address.val();
        self.sequencer.scanned.next = self.scan.scanned.val();
        self.sequencer.nearest.next = self.scan.nearest.val();
        self.sequencer.distance.next = self.scan.distance.val();
        for w in 0..self._wide {
            comment!("rows are read in beats");
            self.beats[w].clear.next = self.sequencer.beat_clear[w].val();
            for l in 0..self._row_late {
                self.beats[w].clear.next = self.sequencer.beat_clear[w].val() | self.load_row[l].val();
                for u in 0..self._loaded_values {
                    self.beats[w].clear.next =
                        self.sequencer.beat_clear[w].val() | (self.load_row[l].val() | self.load_value[u].val());
                }
            }
            self.beats[w].advance.next = self.sequencer.beat_on[w].val();
            self.beats[w].shift.next = self.sequencer.shifts.val();
            self.beats[w].scans.next = self.sequencer.compare.val();
            self.sequencer.ending[w].next = self.beats[w].ending.val();
            self.scan.ending[w].next = self.beats[w].ending.val();
            self.state.ending[w].next = self.beats[w].ending.val();
            self.state.storing[w].next = self.sequencer.storing[w].val();
            self.state.beat[w].next = self.beats[w].beat.val();
            self.state.look[w].next = self.beats[w].look.val();
            for l in 0..self._beat_lanes {
                self.state.at[l].next = self.beats[w].lane[l].val();
            }
            self.beat[w].next = self.beats[w].beat.val();
        }
        comment!("the row that is looked up");
        self.near.next = self.scan.nearest.val();
        for _l in 0..self._loads {
            if self.sequencer.fetching.val() {
                self.near.next = (self.stored_address.val() << self.bank_width.val())
                    | bit_cast::<INDEX_BITS, 2>(self.stored_bank.val());
            }
        }
        self.scan.row.next = self.near.val() >> self.bank_width.val();
        self.scan.bank_read.next = 0.into();
        for _c in 0..self._chosen {
            self.scan.bank_read.next = bit_cast::<2, INDEX_BITS>(self.near.val()) & self.bank_mask.val();
        }
        for w in 0..self._wide_searches {
            self.scan.row.next = self.scan.nearest_place[w].val() + self.beats[w].place.val();
        }
        for _w in 0..self._wide_loads {
            if self.sequencer.fetching.val() {
                self.scan.row.next = self.stored_address.val();
            }
        }
        comment!("the state");
        self.state.start.next = self.sequencer.start.val();
        self.state.shift.next = self.sequencer.shift.val();
        for p in 0..self._gaps {
            self.state.shifts[p].next = self.sequencer.shifts.val();
        }
        self.state.capture.next = self.sequencer.capture.val();
        self.state.turn.next = self.sequencer.turn.val();
        self.sequencer.moved.next = self.state.moved.val();
        for _k in 0..self._keys {
            for c in 0..self._columns {
                self.state.voted[c].next = self.scan.voters[c].val();
            }
        }
        for l in 0..self._leaves {
            self.state.leaving[l].next = self.sequencer.leaving[l].val();
        }
        for k in 0..self._keyed {
            // a row of values that was fetched leaves through all lanes, whatever the kind
            self.state.keyed[k].next = self.kind[k].keyed.val() & !self.sequencer.fetching.val();
        }
        for o in 0..self._other_values {
            self.state.of_values[o].next = self.load_values[o].val();
        }
        for m in 0..self._loaded_masks {
            self.state.rowing[m].next = self.load_words[m].val();
        }
        for u in 0..self._unknowns {
            comment!("is the answer known?");
            self.radius[u].distance.next = self.scan.distance.val();
            self.sequencer.unknown[u].next = self.radius[u].beyond.val();
        }
        for l in 0..self._learns {
            comment!("a core that learns");
            self.sequencer.learning[l].next = self.storing[l].val();
            self.sequencer.recall[l].next = self.recall[l].val();
            self.radius[l].data[l].next = self.page_word[l].val();
            self.sizes[l].built_in[l].next = self.page_word[l].val();
            self.sizes[l].grow[l].next = self.grow[l].val();
            self.sizes[l].shrink[l].next = self.shrink[l].val();
            self.sizes[l].behind[l].next = self.behind[l].val();
            self.none[l].next = self.sizes[l].none[l].val();
            self.last[l].next = self.sizes[l].last_row.val();
            self.row[l].next = self.sizes[l].row[l].val();
        }
        for l in 0..self._learnt_keys {
            self.sequencer.near[l].next = !self.radius[l].beyond.val();
        }
        for l in 0..self._learnt_classes {
            self.vote[l].radius[l].next = self.radius[l].current[l].val();
            self.vote[l].class[l].next = self.class[l].val();
            self.sequencer.near[l].next = self.vote[l].near[l].val() | !self.scan.distance.val().any();
            self.sequencer.uncertain[l].next = self.vote[l].uncertain[l].val();
        }
        comment!("the vote");
        for b in 0..4 {
            self.sequencer.queued[b].next = 0.into();
            self.sequencer.after_first[b].next = self.minus_one.val();
        }
        self.step_queued.next = 0.into();
        self.sequencer.all.next = false;
        self.sequencer.settled.next = false;
        for v in 0..self._votes {
            self.vote[v].start.next = self.sequencer.start.val();
            self.vote[v].slot_start.next = self.sequencer.vote_start.val();
            self.vote[v].issue.next = self.sequencer.issue.val();
            self.vote[v].token.next = self.sequencer.vote_token.val();
            self.vote[v].entry.next = self.sequencer.entry.val();
            self.vote[v].plane.next = self.sequencer.plane.val();
            self.vote[v].bank.next = self.sequencer.bank.val();
            self.vote[v].clear.next = self.sequencer.clear.val();
            self.vote[v].fetch.next = self.sequencer.fetching.val();
            self.vote[v].row_asked.next = self.fetched.val();
            self.vote[v].found_group.next = self.scan.found_group.val();
            self.vote[v].base.next = self.scan.base.val();
            self.vote[v].stored_bank.next = self.stored_bank.val();
            self.vote[v].store_address.next = self.stored_address.val();
            self.vote[v].store_data.next = self.stored_data.val();
            for b in 0..self._banks {
                self.vote[v].found[b].next = self.scan.found[b].val();
                self.vote[v].found_distance[b].next = self.scan.found_distance[b].val();
                self.sequencer.queued[b].next = self.vote[v].queued[b].val();
                self.sequencer.after_first[b].next = self.vote[v].after_first[b].val();
            }
            for c in 0..self._columns {
                for _k in 0..self._keys {
                    self.vote[v].voters[c].next = self.scan.voters[c].val();
                }
                self.state.voted[c].next = self.vote[v].signs[c].val();
            }
            for w in 0..self._class_words {
                self.state.voted[w].next = self.vote[v].words[w].val();
            }
            for r in 0..self._resets {
                self.vote[v].reset[r].next = self.reset.val();
            }
            for _k in 0..self._keys {
                self.scan.row.next = self.vote[v].row.val();
                self.scan.bank_read.next = self.vote[v].bank_read.val();
            }
            for u in 0..self._values {
                comment!("values apart from the keys: the scan alone reads the rows of keys");
                self.vote[v].everyone[u].next = self.sequencer.everyone.val();
                self.scan.voting.next = false;
            }
            for u in 0..self._loaded_values {
                comment!(
                    "loadable: a row of keys that is fetched is there as long, and either takes the place of an answer"
                );
                self.vote[v].store_value[u].next = self.load_value[u].val();
                for w in 0..self._stored_words {
                    self.vote[v].store_words[w].next = self.state.value[w].val();
                }
                self.sequencer.of_values[u].next = self.value_asked[u].q.val();
                self.scan.everyone.next = false;
                self.scan.voting.next = self.sequencer.fetching.val();
                self.scan.row.next = self.stored_address.val();
                self.scan.bank_read.next = self.stored_bank.val();
                for w in self._said_words..self._captured_words {
                    self.state.voted[w].next = 0.into();
                }
                for r in 0..self._chosen_ranks {
                    self.vote[v].ranks[r].next = self.kind[r].ranks.val();
                    if self.kind[r].ranks.val() {
                        for w in 0..self._chosen_words {
                            self.state.voted[w].next = self.vote[v].words[w].val();
                        }
                    }
                }
                for f in 0..self._feeds {
                    comment!("of a state, no bits beyond its last neuron");
                    if self.kind[f].keyed.val() {
                        for w in self._last_key..self._key_words {
                            self.state.voted[w].next = self.vote[v].signs[w].val() & self.key_end[f].val();
                        }
                    }
                }
                if self.sequencer.fetching.val() {
                    for w in 0..self._key_words {
                        self.state.voted[w].next = self.scan.voters[w].val();
                    }
                    if self.value_asked[u].q.val() {
                        for w in 0..self._value_words {
                            self.state.voted[w].next = self.vote[v].signs[w].val();
                        }
                    }
                }
            }
            for w in 0..self._wide_votes {
                self.vote[v].place[w].next = self.beats[w].place.val();
            }
            self.sequencer.all.next = self.vote[v].all.val();
            self.sequencer.settled.next = self.vote[v].settled.val();
            self.step_queued.next = self.vote[v].total.val();
        }
        for r in 0..self._ranked {
            comment!("or a list of the nearest patterns");
            self.ranks[r].start.next = self.sequencer.start.val();
            self.ranks[r].pass.next = self.sequencer.vote_start.val();
            self.ranks[r].entry.next = self.sequencer.entry.val();
            self.ranks[r].place.next = self.sequencer.place[r].val();
            self.ranks[r].taken.next = self.sequencer.taken[r].val();
            self.ranks[r].passes.next = self.scan.passes[r].val();
            self.ranks[r].nearer.next = self.scan.nearer[r].val();
            self.ranks[r].bank.next = bit_cast::<2, INDEX_BITS>(self.scan.nearest.val()) & self.bank_mask.val();
            self.scan.again[r].next = self.sequencer.vote_start.val();
            self.scan.listing[r].next = self.ranks[r].listing.val();
            self.scan.comes[r].next = self.sequencer.issue.val();
            self.scan.comes_last[r].next = self.sequencer.vote_token.val();
            self.sequencer.nearer[r].next = self.scan.nearer[r].val();
            self.ranks[r].found_group.next = self.scan.found_group.val();
            for b in 0..self._banks {
                self.ranks[r].found[b].next = self.scan.found[b].val();
                self.ranks[r].found_distance[b].next = self.scan.found_distance[b].val();
                self.scan.room_left[b].next = self.ranks[r].room[b].val();
            }
            self.sequencer.queued[0].next = self.ranks[r].queued.val();
            self.sequencer.settled.next = self.scan.scanned.val();
            self.sequencer.there[r].next = self.ranks[r].there.val();
            self.sequencer.nearest.next = self.ranks[r].pattern.val();
            self.step_queued.next = self.ranks[r].queued.val();
        }
        for c in 0..self._classed {
            self.sequencer.class[c].next = self.ranks[c].class[c].val();
        }
        for r in 0..self._ranked {
            for u in 0..self._ranked_unknowns {
                self.sequencer.unknown[u].next = self.radius[u].beyond.val() & self.ranks[r].there.val();
            }
        }
        for r in 0..self._reviews {
            comment!("later steps from the queue");
            self.state.start.next = self.sequencer.start.val() | self.sequencer.renew[r].val();
            self.sequencer.missed[r].next = self.scan.missed[r].val();
            for s in 0..self._stops {
                self.sequencer.held[s].next = self.scan.held[s].val();
            }
            self.scan.reviewing[r].next = self.sequencer.reviewing[r].val();
            for v in 0..self._votes {
                self.vote[v].reviewing[r].next = self.sequencer.reviewing[r].val();
                self.vote[v].renew[r].next = self.sequencer.renew[r].val();
                self.vote[v].nearest[r].next = self.scan.nearest.val() >> self.bank_width.val();
                self.scan.reviews[r].next = self.vote[v].reviews[r].val();
                for q in 0..self._requeues {
                    self.scan.reviews_last[q].next = self.vote[v].reviews_last[q].val();
                }
                for b in 0..self._rewinds {
                    self.vote[v].rewind[b].next = self.sequencer.rewind[b].val();
                }
            }
        }
        for s in 0..self._cues {
            comment!("cues that share a scan: of those behind the one that votes, queues and minima stay");
            self.state.shift.next = self.sequencer.move_on[s].val();
            self.state.capture.next = self.sequencer.capture.val() & self.sequencer.own[s].val();
            // a state that does not vote forgets that it moved: of all, the one that did is the one that votes
            self.state.start.next = self.sequencer.start.val() | !self.sequencer.own[s].val();
            for r in 0..self._reviews {
                self.state.start.next =
                    (self.sequencer.start.val() | self.sequencer.renew[r].val()) | !self.sequencer.own[s].val();
            }
            self.any_moved.next = self.state.moved.val();
            for c in 0..self._all_cues {
                self.scan.own[c].next = self.sequencer.own[c].val();
                for v in 0..self._votes {
                    self.vote[v].own[c].next = self.sequencer.own[c].val();
                }
            }
            for k in self._lanes..self._lanes_end {
                for c in 0..self._more {
                    self.more_state[c].data.next = self.in_data.val();
                    self.more_state[c].turn.next = self.sequencer.turn.val();
                    self.more_state[c].start.next = self.sequencer.start.val() | !self.sequencer.own[c + 1].val();
                    for r in 0..self._reviews {
                        self.more_state[c].start.next = (self.sequencer.start.val() | self.sequencer.renew[r].val())
                            | !self.sequencer.own[c + 1].val();
                    }
                    self.more_state[c].shift.next = self.sequencer.move_on[c + 1].val();
                    self.more_state[c].capture.next = self.sequencer.capture.val() & self.sequencer.own[c + 1].val();
                    for l in 0..self._lanes {
                        self.scan.more_word[k * c + l].next = self.more_state[c].word[l].val();
                    }
                    self.scan.more_scans[c].next = self.sequencer.part[c].val();
                    self.scan.more_start[c].next = self.sequencer.start.val() & self.sequencer.part[c].val();
                    for v in 0..self._votes {
                        self.vote[v].more_start[c].next = self.sequencer.start.val() & self.sequencer.part[c].val();
                        self.vote[v].more_group[c].next = self.scan.more_group[c].val();
                        for i in 0..self._columns {
                            self.more_state[c].voted[i].next = self.vote[v].signs[i].val();
                        }
                    }
                    self.any_moved.next = self.any_moved.val() | self.more_state[c].moved.val();
                    if self.sequencer.leaves[c + 1].val() {
                        self.out_data.next = self.more_state[c].word[0].val();
                    }
                }
            }
            self.sequencer.moved.next = self.any_moved.val();
        }
        for c in 0..self._flushes {
            for v in 0..self._votes {
                self.vote[v].flush[c].next = self.scan.flush[c].val();
            }
        }
        for n in self._banks..self._banks_end {
            for f in 0..self._found {
                for v in 0..self._votes {
                    self.vote[v].found[n + f].next = self.scan.found[n + f].val();
                    self.vote[v].found_distance[n + f].next = self.scan.found_distance[n + f].val();
                }
            }
        }
        for m in 0..self._masks {
            comment!("the mask of a cue");
            self.state.mask_enable[m].next = self.sequencer.mask_enable[m].val();
            for l in 0..self._masked_lanes {
                self.scan.skip[l].next = self.state.skip[l].val();
            }
        }
        for f in 0..self._follows {
            self.state.mask_loads[f].next = self.sequencer.mask_loads[f].val();
            self.state.everyone[f].next = self.sequencer.everyone.val();
            for _u in 0..self._loaded_values {
                self.state.everyone[f].next = false;
            }
        }
        for p in 0..self._partials {
            self.state.masking[p].next = self.sequencer.masking[p].val();
            self.state.final_word[p].next = self.sequencer.final_word[p].val();
        }
        comment!("or the nearest pattern itself: its row is on its way to the state");
        self.fetching[0].next = self.sequencer.vote_start.val();
        for t in 0..self._fetches {
            self.fetch[t].d.next = self.fetching[t].val();
            self.fetching[t + 1].next = self.fetch[t].q.val();
        }
        for t in 0..self._fetch_end {
            self.sequencer.settled.next = self.fetching[t].val();
        }
        for r in 0..self._fetched_lists {
            comment!("of a list, what is read back alone");
            for t in self._last_fetch..self._fetches {
                self.sequencer.row_settled[r].next = self.fetch[t].q.val();
            }
        }
        comment!("for simulation");
        self.turn_done.next = self.sequencer.turn_done.val();
        self.turn.next = self.sequencer.turn.val();
        self.step_done.next = self.sequencer.step_done.val();
        self.step_cycles.next = self.sequencer.step_cycles.val();
    }
}
