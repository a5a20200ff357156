//! The running minimum of the distances, and the filter that it feeds.
//!
//! A pattern within reach of the minimum *so far* becomes a candidate. The minimum only falls, so the filter
//! never drops one that is within reach of the final minimum, however late it sees the minimum: here it
//! sees that of the groups up to two before (see [`crate::cycles::queued`]). A group is the rows of one cycle, one per
//! bank; they are numbered bank by bank, so that the first of equals has the lowest index.
//!
//! ```text
//! cycle 0            log2(banks)           L = log2(banks)+1        L+1                L+2
//!       distances    least of the group    or "far", if none        running minimum    limit, its index
//!                                          distances, delayed       found
//! ```
//!
//! The running minimum is the one loop of the scan that must close in a cycle: an addition, whose carry chooses. So
//! nothing else is in it: what is no distance is made far a cycle before, and `start` sets the register. Registers hold
//! `far - d` instead of `d` where they are subtracted, since `a - b >= 1` where `a + (far - b)` exceeds `far`, and an
//! inverter between register and carry would be a LUT of its own.

mod build;

use crate::blocks::prelude::*;

/// Bits of sums of a distance with others, the carry included.
pub const SPARE_BITS: usize = DISTANCE_BITS + 2;

/// The nearest pattern, and the candidates as they pass.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Nearest {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// A step begins: forget everything.
    pub start: Signal<In, Bit>,
    /// `distance` belongs to the next group.
    pub valid: Signal<In, Bit>,
    /// It is the last one.
    pub last: Signal<In, Bit>,
    /// There are no more groups.
    pub token: Signal<In, Bit>,
    /// The distances of a group.
    pub distance: Vec<Signal<In, Distance>>,
    /// One more than the reach; it and what follows stays the same during a recall.
    pub reach: Signal<In, Distance>,
    /// Banks that hold a pattern in the last group, less one.
    pub last_bank: Signal<In, Bits<2>>,
    /// Whether the minimum counts, or zero.
    pub normalised: Signal<In, Bit>,
    /// Where the queue is reviewed: `distance` is that of a queued pattern of this bank, and said, whatever it is; it does not
    /// belong to a group.
    pub again: Vec<Signal<In, Bit>>,
    /// The nearest pattern's is zero.
    pub none_left: Vec<Signal<In, Bit>>,
    /// Where the queue begins anew: `found` is the first of it, since the minimum fell by more than the reach.
    pub flush: Vec<Signal<Out, Bit>>,
    /// Where candidates are listed: `distance` is that of queued ones, and what is out of reach stays so,
    pub listing: Vec<Signal<In, Bit>>,
    /// and this is the room that their distances leave, one bank's after the other; of what is listed there is none.
    pub room_left: Vec<Signal<In, Distance>>,
    /// A group is where candidates are found,
    pub passes: Vec<Signal<Out, Bit>>,
    /// and the least of it is nearer than the minimum so far.
    pub nearer: Vec<Signal<Out, Bit>>,
    /// Candidates, registered: one bit a bank.
    pub found: Vec<Signal<Out, Bit>>,
    /// The group that they are in, or where rows are read in beats the place of its first word.
    pub found_group: Signal<Out, Index>,
    /// Their distances.
    pub found_distance: Vec<Signal<Out, Distance>>,
    /// The token has passed the filter.
    pub scanned: Signal<Out, Bit>,
    /// The nearest pattern so far (the first of equals).
    pub nearest: Signal<Out, Index>,
    /// Where rows are read in beats and one is the answer: the place of its first word.
    pub nearest_place: Vec<Signal<Out, Index>>,
    /// Its distance.
    pub nearest_distance: Signal<Out, Distance>,
    /// What the kernel table's index counts from: the least distance, or zero in fixed mode.
    pub base: Signal<Out, Distance>,
    /// Nodes `0..banks` are the distances, node `banks + p` is the lesser of nodes `2p` and `2p + 1`.
    least: Vec<Signal<Local, Distance>>,
    /// The distances of a group, those of queued ones included.
    coming: Vec<Signal<Local, Distance>>,
    whose: Vec<Signal<Local, Index>>,
    former: Signal<Local, Distance>,
    rest: Signal<Local, Distance>,
    lead: Signal<Local, Bits<SPARE_BITS>>,
    one_bank: Signal<Local, Index>,
    other_bank: Signal<Local, Index>,
    masked: Signal<Local, Distance>,
    closeness: Register<Distance>,
    masked_bank: Register<Index>,
    lesser: Vec<Register<Distance>>,
    lesser_bank: Vec<Register<Index>>,
    valid_late: Vec<Register<Bit>>,
    last_late: Vec<Register<Bit>>,
    token_late: Vec<Register<Bit>>,
    /// Distances of bank `b`, delayed by `t`, at `banks * t + b`.
    late: Vec<Register<Distance>>,
    delayed: Vec<Signal<Local, Distance>>,
    /// The room that each bank's distance leaves.
    spare: Vec<Register<Bits<SPARE_BITS>>>,
    /// `again` of bank `b`, delayed by `t + 1`, at `banks * t + b`.
    again_late: Vec<Register<Bit>>,
    valids: Vec<Signal<Local, Bit>>,
    lasts: Vec<Signal<Local, Bit>>,
    tokens: Vec<Signal<Local, Bit>>,
    real: Vec<Signal<Local, Bit>>,
    now: Signal<Local, Bit>,
    ending: Signal<Local, Bit>,
    margin: Signal<Local, Bits<SPARE_BITS>>,
    closer: Signal<Local, Bit>,
    taken: Signal<Local, Distance>,
    left: Signal<Local, Distance>,
    slack: Signal<Local, Bits<SPARE_BITS>>,
    best: Register<Distance>,
    /// What a minimum must be for the queue to begin anew, as what is to be added for a sum that is not negative.
    depth: Vec<Register<Bits<SPARE_BITS>>>,
    sunk: Vec<Register<Bit>>,
    lowered: Signal<Local, Bits<SPARE_BITS>>,
    ones: Literal<SPARE_BITS, { (1 << SPARE_BITS) - 1 }>,
    better: Vec<Register<Bit>>,
    candidate: Vec<Register<Index>>,
    place: Signal<Local, Index>,
    step: Signal<Local, Index>,
    best_index: Register<Index>,
    group: Register<Index>,
    /// Where rows are read in beats: the place of a group's first word, and of the nearest pattern's.
    first: Vec<Register<Index>>,
    candidate_first: Vec<Register<Index>>,
    best_first: Vec<Register<Index>>,
    leap: Vec<Signal<Local, Index>>,
    stride: Vec<Constant<Index>>,
    place_mask: Vec<Constant<Index>>,
    limit: Register<Bits<SPARE_BITS>>,
    push: Vec<Register<Bit>>,
    push_group: Vec<Register<Index>>,
    push_distance: Vec<Register<Distance>>,
    far: Constant<Distance>,
    /// The bits of `wide` above those of `far`.
    beyond_far: Vec<Constant<Bits<SPARE_BITS>>>,
    sign: Constant<Bits<4>>,
    slack_sign: Constant<Bits<5>>,
    wide: Constant<Bits<SPARE_BITS>>,
    one: Literal<INDEX_BITS, 1>,
    none: Literal<INDEX_BITS, 0>,
    every: Literal<INDEX_BITS, { (1 << INDEX_BITS) - 1 }>,
    bank_width: Constant<Index>,
    group_mask: Constant<Index>,
    zero: Literal<DISTANCE_BITS, 0>,
    origin: Signal<Local, Distance>,
    tested: Signal<Local, Distance>,
    room: Signal<Local, Bits<SPARE_BITS>>,
    _lean: usize,
    _deep: usize,
    _pushes: usize,
    _pushed: usize,
    _spares: usize,
    _shown: usize,
    _banks: usize,
    _nodes: usize,
    _levels: usize,
    _last_level: usize,
    _levels_end: usize,
    _banks_end: usize,
    _root: usize,
    _root_end: usize,
    _wide: usize,
    _searches: usize,
    _reviews: usize,
    _flushes: usize,
    _reviewed: usize,
    _reviewed_end: usize,
    _lists: usize,
    _listed: usize,
    _listed_banks: usize,
    bank_numbers: Vec<Constant<Index>>,
    bank: Vec<Constant<Bits<2>>>,
}

impl Logic for Nearest {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: nearest");
        comment!("the least of the group, pair by pair; of equals the one of the lower bank");
        for b in 0..self._banks {
            self.least[b].next = self.distance[b].val();
            self.whose[b].next = self.bank_numbers[b].val();
        }
        for l in 0..self._lists {
            for b in 0..self._banks {
                self.coming[b].next = self.distance[b].val();
                if self.listing[l].val() {
                    self.coming[b].next = self.far.val() ^ self.room_left[b].val();
                }
                self.least[b].next = self.coming[b].val();
            }
        }
        for p in 0..self._nodes {
            // a loop of one turn: the way to index with a run-time value
            for s in self._banks..self._banks_end {
                self.least[p + s].next = self.lesser[p].q.val();
                self.whose[p + s].next = self.lesser_bank[p].q.val();
            }
        }
        for p in 0..self._nodes {
            self.lesser[p].d.next = self.least[2 * p].val();
            // not written with `<`: which of the two synthesis subtracts would hang on their names, and one way takes a second
            // comparison, for equality
            self.rest.next = self.far.val() ^ self.least[2 * p + 1].val();
            self.former.next = self.least[2 * p].val();
            self.lead.next = bit_cast::<SPARE_BITS, DISTANCE_BITS>(self.former.val())
                + bit_cast::<SPARE_BITS, DISTANCE_BITS>(self.rest.val());
            // masks, not a choice: some bits of these numbers are constants, and from a choice synthesis makes resets for them
            self.one_bank.next = self.every.val();
            self.other_bank.next = self.none.val();
            if self.lead.val().get_bit(self.sign.val().index()) {
                self.lesser[p].d.next = self.least[2 * p + 1].val();
                self.one_bank.next = self.none.val();
                self.other_bank.next = self.every.val();
            }
            self.lesser_bank[p].d.next =
                (self.whose[2 * p].val() & self.one_bank.val()) | (self.whose[2 * p + 1].val() & self.other_bank.val());
        }
        comment!("everything else waits as long");
        self.valids[0].next = self.valid.val();
        self.lasts[0].next = self.last.val();
        self.tokens[0].next = self.token.val();
        for b in 0..self._banks {
            self.delayed[b].next = self.distance[b].val();
        }
        for b in 0..self._listed_banks {
            self.delayed[b].next = self.coming[b].val();
        }
        for b in 0..self._reviewed {
            self.again_late[b].d.next = self.again[b].val();
        }
        for t in 0..self._levels {
            self.valid_late[t].d.next = self.valids[t].val();
            self.last_late[t].d.next = self.lasts[t].val();
            self.token_late[t].d.next = self.tokens[t].val();
            self.valids[t + 1].next = self.valid_late[t].q.val();
            self.lasts[t + 1].next = self.last_late[t].q.val();
            self.tokens[t + 1].next = self.token_late[t].q.val();
        }
        for n in self._banks..self._banks_end {
            for t in 0..self._last_level {
                for b in 0..self._banks {
                    self.late[n * t + b].d.next = self.delayed[n * t + b].val();
                    self.delayed[n * t + n + b].next = self.late[n * t + b].q.val();
                }
                for b in 0..self._reviewed {
                    self.again_late[n * t + n + b].d.next = self.again_late[n * t + b].q.val();
                }
            }
            for t in self._last_level..self._levels {
                for b in 0..self._spares {
                    self.tested.next = self.delayed[n * t + b].val();
                    self.spare[b].d.next = self.wide.val() ^ bit_cast::<SPARE_BITS, DISTANCE_BITS>(self.tested.val());
                }
                for l in 0..self._listed {
                    comment!("of a list: what is no distance is far here too, since it is queued beside others");
                    for b in 0..self._listed_banks {
                        self.real[b].next = true;
                    }
                    for b in 1..self._listed_banks {
                        self.real[b].next = self.bank[b].val() <= self.last_bank.val();
                    }
                    for b in 0..self._listed_banks {
                        self.tested.next = self.far.val();
                        if self.valids[t].val() & ((self.listing[l].val() | !self.lasts[t].val()) | self.real[b].val())
                        {
                            self.tested.next = self.delayed[n * t + b].val();
                        }
                        self.spare[b].d.next =
                            self.wide.val() ^ bit_cast::<SPARE_BITS, DISTANCE_BITS>(self.tested.val());
                    }
                }
            }
        }
        comment!("what is no distance is far");
        self.masked.next = self.far.val();
        for t in self._last_level..self._levels {
            for r in self._root..self._root_end {
                self.masked_bank.d.next = self.whose[r].val();
                if self.valids[t].val() {
                    self.masked.next = self.least[r].val();
                }
            }
        }
        self.closeness.d.next = self.far.val() ^ self.masked.val();
        for t in self._levels..self._levels_end {
            self.now.next = self.valids[t].val();
            self.ending.next = self.lasts[t].val();
            self.scanned.next = self.tokens[t].val();
        }
        comment!("the running minimum; its index follows a cycle later");
        self.margin.next = bit_cast::<SPARE_BITS, DISTANCE_BITS>(self.best.q.val())
            + bit_cast::<SPARE_BITS, DISTANCE_BITS>(self.closeness.q.val());
        self.closer.next = self.margin.val().get_bit(self.sign.val().index());
        // written with masks, not as a choice: from a choice, synthesis makes a clock enable, which is a LUT later
        self.taken.next = self.zero.val();
        self.left.next = self.far.val();
        if self.closer.val() {
            self.taken.next = self.far.val();
            self.left.next = self.zero.val();
        }
        self.best.d.next =
            ((self.far.val() ^ self.closeness.q.val()) & self.taken.val()) | (self.best.q.val() & self.left.val());
        for r in 0..self._reviews {
            comment!("of a review: the nearest pattern is the one that it was, and now the state");
            if self.none_left[r].val() {
                self.best.d.next = 0.into();
            }
        }
        // an addition of 0 or 1, not a choice: a clock enable is a LUT later
        self.step.next = self.none.val();
        if self.now.val() {
            self.step.next = self.one.val();
        }
        self.group.d.next = (self.group.q.val() + self.step.val()) & self.group_mask.val();
        self.place.next = (self.group.q.val() << self.bank_width.val()) | self.masked_bank.q.val();
        for _l in 0..self._lean {
            if self.closer.val() {
                self.best_index.d.next = self.place.val();
            }
        }
        for l in 0..self._deep {
            self.better[l].d.next = self.closer.val();
            self.candidate[l].d.next = self.place.val();
            if self.better[l].q.val() {
                self.best_index.d.next = self.candidate[l].q.val();
            }
        }
        for f in 0..self._flushes {
            comment!(
                "the queue begins anew where the minimum falls by more than the reach and one: an addition of its own, beside its fall"
            );
            self.depth[f].d.next = (bit_cast::<SPARE_BITS, DISTANCE_BITS>(self.masked.val()) ^ self.ones.val())
                - bit_cast::<SPARE_BITS, DISTANCE_BITS>(self.reach.val());
            self.lowered.next = bit_cast::<SPARE_BITS, DISTANCE_BITS>(self.best.q.val()) + self.depth[f].q.val();
            self.sunk[f].d.next = !self.lowered.val().get_bit(self.slack_sign.val().index()) & self.normalised.val();
            self.flush[f].next = self.sunk[f].q.val();
        }
        comment!("the filter: within reach of the minimum so far");
        self.origin.next = self.zero.val();
        if self.normalised.val() {
            self.origin.next = self.best.q.val();
        }
        // a distance equal to the limit is within reach, so reach + 1 is added
        self.limit.d.next = bit_cast::<SPARE_BITS, DISTANCE_BITS>(self.origin.val())
            + bit_cast::<SPARE_BITS, DISTANCE_BITS>(self.reach.val());
        for l in 0..self._lists {
            comment!("of a list, that stays, and no other minimum");
            if self.listing[l].val() {
                self.limit.d.next = self.limit.q.val();
            }
            self.passes[l].next = self.now.val();
            self.nearer[l].next = self.closer.val();
        }
        self.found_group.next = self.group.q.val();
        for l in 0..self._pushed {
            self.push_group[l].d.next = self.group.q.val();
            self.found_group.next = self.push_group[l].q.val();
        }
        for w in 0..self._wide {
            comment!("in beats: where a group's first word is");
            self.leap[w].next = self.none.val();
            if self.now.val() {
                self.leap[w].next = self.stride[w].val();
            }
            self.first[w].d.next = (self.first[w].q.val() + self.leap[w].val()) & self.place_mask[w].val();
            if self.start.val() {
                self.first[w].d.next = 0.into();
            }
            self.push_group[w].d.next = self.first[w].q.val();
        }
        for w in 0..self._searches {
            self.candidate_first[w].d.next = self.first[w].q.val();
            if self.better[w].q.val() {
                self.best_first[w].d.next = self.candidate_first[w].q.val();
            }
            self.nearest_place[w].next = self.best_first[w].q.val();
        }
        // the last group may hold fewer patterns than banks, but at least one
        for b in 0..self._banks {
            self.real[b].next = true;
        }
        for b in 1..self._banks {
            self.real[b].next = self.bank[b].val() <= self.last_bank.val();
        }
        for b in 0..self._spares {
            self.slack.next = self.limit.q.val() + self.spare[b].q.val();
            // the last group may hold fewer patterns
            self.found[b].next = (self.now.val() & (!self.ending.val() | self.real[b].val()))
                & self.slack.val().get_bit(self.slack_sign.val().index());
            self.room.next = self.wide.val() ^ self.spare[b].q.val();
            self.found_distance[b].next = bit_cast::<DISTANCE_BITS, SPARE_BITS>(self.room.val());
        }
        for b in 0..self._shown {
            comment!("of one bank, what is added to the minimum serves here too");
            self.slack.next = self.limit.q.val()
                + (bit_cast::<SPARE_BITS, DISTANCE_BITS>(self.closeness.q.val()) | self.beyond_far[b].val());
            self.found[b].next = self.now.val() & self.slack.val().get_bit(self.slack_sign.val().index());
            self.found_distance[b].next = self.far.val() ^ self.closeness.q.val();
        }
        for b in 0..self._listed_banks {
            self.slack.next = self.limit.q.val() + self.spare[b].q.val();
            self.found[b].next = self.now.val() & self.slack.val().get_bit(self.slack_sign.val().index());
            self.room.next = self.wide.val() ^ self.spare[b].q.val();
            self.found_distance[b].next = bit_cast::<DISTANCE_BITS, SPARE_BITS>(self.room.val());
        }
        for b in 0..self._pushes {
            self.slack.next = self.limit.q.val() + self.spare[b].q.val();
            self.push[b].d.next = (self.now.val() & (!self.ending.val() | self.real[b].val()))
                & self.slack.val().get_bit(self.slack_sign.val().index());
            for n in self._banks..self._reviewed_end {
                comment!("of a review: every one");
                for t in self._last_level..self._levels {
                    self.push[b].d.next = ((self.now.val() & (!self.ending.val() | self.real[b].val()))
                        & self.slack.val().get_bit(self.slack_sign.val().index()))
                        | self.again_late[n * t + b].q.val();
                }
            }
            self.room.next = self.wide.val() ^ self.spare[b].q.val();
            self.push_distance[b].d.next = bit_cast::<DISTANCE_BITS, SPARE_BITS>(self.room.val());
            self.found[b].next = self.push[b].q.val();
            self.found_distance[b].next = self.push_distance[b].q.val();
        }
        if self.start.val() {
            self.best.d.next = self.far.val();
            self.group.d.next = 0.into();
        }
        self.nearest.next = self.best_index.q.val();
        self.nearest_distance.next = self.best.q.val();
        self.base.next = self.origin.val();
    }
}
