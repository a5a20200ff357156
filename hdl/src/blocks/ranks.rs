//! The nearest patterns, one after the other: candidates wait in queues, one a bank, and each pass over them finds the next pattern of the list.
//!
//! An entry of a queue is a distance above the number of a pattern, so the order of entries as numbers is that of the list. A pass takes the
//! least entry beyond the one that was listed last. It begins with the least that is out of reach, since the queues also hold patterns that
//! were within reach before the minimum had fallen.
//!
//! ```text
//! cycle 0      1          2                                            3
//!       issue  queue out  entry: nearer, and beyond the last listed?   the least so far
//! ```
//!
//! A number is compared by an addition whose carry says it: `a > b` where `a` and the complement of `b` exceed all ones. So what is subtracted is
//! held as its complement, since an inverter before a carry would be a cell of its own: an entry behind its queue, and its distance in the queue.

use super::{memories::Ram, scan::nearest::SPARE_BITS};
use crate::{blocks::prelude::*, contents::Plan};

/// Width of a queue entry: a group, then a distance.
const ENTRY_BITS: usize = INDEX_BITS + DISTANCE_BITS;
/// The same behind the bank, with a bit more for a distance out of reach, and the carry of a sum.
const SUM_BITS: usize = ENTRY_BITS + 4;

/// Queues, and the list that is made of them.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Ranks {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// A scan begins: the queues are empty, and nothing is listed.
    pub start: Signal<In, Bit>,
    /// Candidates, one bit a bank.
    pub found: Vec<Signal<In, Bit>>,
    /// The group that they are in.
    pub found_group: Signal<In, Index>,
    /// Their distances.
    pub found_distance: Vec<Signal<In, Distance>>,
    /// The least distance that is out of reach.
    pub limit: Signal<In, Bits<SPARE_BITS>>,
    /// A pass begins.
    pub pass: Signal<In, Bit>,
    /// An entry of a queue is asked.
    pub issue: Signal<In, Bit>,
    /// There are no more.
    pub token: Signal<In, Bit>,
    /// The entry.
    pub entry: Signal<In, Index>,
    /// The bank whose queue is asked.
    pub bank: Signal<In, Bits<2>>,
    /// The pass ended in the cycle before: what it found is listed.
    pub list: Signal<In, Bit>,
    /// Candidates in each bank's queue.
    pub queued: Vec<Signal<Out, Index>>,
    /// In all of them.
    pub total: Signal<Out, Index>,
    /// In the next cycle, what the pass found is there.
    pub settled: Signal<Out, Bit>,
    /// It found a pattern,
    pub there: Signal<Out, Bit>,
    /// this one,
    pub pattern: Signal<Out, Index>,
    /// at this distance; both are 0 where it found none.
    pub distance: Signal<Out, Distance>,
    /// Where patterns have classes: that of the pattern, a cycle later.
    pub class: Vec<Signal<Out, Bits<16>>>,
    classes: Vec<Ram<16>>,
    queue: Vec<Ram<ENTRY_BITS>>,
    length: Vec<Register<Index>>,
    sum: Signal<Local, Index>,
    room: Signal<Local, Distance>,
    bank_asked: Vec<Register<Bits<2>>>,
    bank_now: Signal<Local, Bits<2>>,
    number: Vec<Constant<Bits<2>>>,
    asked: Register<Bit>,
    /// `rest` is an entry.
    came: Register<Bit>,
    over: Register<Bit>,
    answer: Signal<Local, Bits<ENTRY_BITS>>,
    key: Signal<Local, Bits<SUM_BITS>>,
    /// A pass began in the cycle before.
    begun: Register<Bit>,
    /// The entry is nearer than the least so far, and not listed yet.
    better: Signal<Local, Bit>,
    taking: Signal<Local, Bit>,
    taken: Signal<Local, Bits<SUM_BITS>>,
    left: Signal<Local, Bits<SUM_BITS>>,
    zero: Literal<SUM_BITS, 0>,
    /// The entry, or at first what is out of reach, as its complement.
    rest: Register<Bits<SUM_BITS>>,
    behind: Signal<Local, Bits<SUM_BITS>>,
    nearer: Signal<Local, Bits<SUM_BITS>>,
    least: Register<Bits<SUM_BITS>>,
    some: Register<Bit>,
    /// One more than the last that was listed, or zero: nothing is less.
    listed: Register<Bits<SUM_BITS>>,
    one: Literal<INDEX_BITS, 1>,
    next: Literal<SUM_BITS, 1>,
    far: Constant<Distance>,
    /// The bits of an entry that its queue does not hold as their complement.
    straight: Constant<Bits<SUM_BITS>>,
    row_mask: Constant<Index>,
    index_width: Constant<Bits<6>>,
    bank_width: Constant<Bits<6>>,
    pattern_width: Constant<Bits<6>>,
    pattern_mask: Constant<Index>,
    all: Constant<Bits<SUM_BITS>>,
    sign: Constant<Bits<6>>,
    _banks: usize,
    _shared: usize,
    _first: usize,
    _classes: usize,
}

impl Ranks {
    /// The list of a plan.
    pub fn new(plan: &Plan) -> Self {
        let banks = plan.parallel;
        let bank_bits = banks.trailing_zeros() as usize;
        let bits = plan.queue_bits() + bank_bits + 1;
        let pattern_bits = plan.index_bits() + bank_bits;
        Ranks {
            found: many(banks),
            found_distance: many(banks),
            queued: many(banks),
            queue: (0..banks).map(|_| Ram::new(plan.group_room, plan.queue_bits())).collect(),
            length: many(banks),
            bank_asked: many(usize::from(banks > 1)),
            number: (0..banks).map(constant).collect(),
            // as many bits as count all groups
            row_mask: constant((plan.group_room + 1).next_power_of_two() - 1),
            index_width: constant(plan.index_bits()),
            bank_width: constant(bank_bits),
            pattern_width: constant(pattern_bits),
            pattern_mask: constant((1 << pattern_bits) - 1),
            far: constant((1 << (plan.queue_bits() - plan.index_bits())) - 1),
            straight: constant(((1 << pattern_bits) - 1) | 1 << (bits - 1)),
            all: constant((1 << bits) - 1),
            sign: constant(bits),
            _banks: banks,
            _shared: usize::from(banks > 1),
            _first: usize::from(banks == 1),
            class: many(usize::from(plan.classes.is_some())),
            classes: plan.classes.iter().map(|image| Ram::holding(image.clone(), plan.loadable)).collect(),
            _classes: usize::from(plan.classes.is_some()),
            ..Default::default()
        }
    }
}

impl Logic for Ranks {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: ranks");
        comment!("the queues of candidates, one a bank: an entry is the group, then the complement of the distance");
        self.sum.next = 0.into();
        for b in 0..self._banks {
            if self.found[b].val() {
                self.length[b].d.next = (self.length[b].q.val() + self.one.val()) & self.row_mask.val();
            }
            if self.start.val() {
                self.length[b].d.next = 0.into();
            }
            self.queued[b].next = self.length[b].q.val();
            self.sum.next = self.sum.val() + self.length[b].q.val();
            self.queue[b].write.next = self.found[b].val();
            self.queue[b].write_address.next = self.length[b].q.val();
            self.room.next = self.found_distance[b].val() ^ self.far.val();
            self.queue[b].write_data.next = bit_cast::<ENTRY_BITS, INDEX_BITS>(self.found_group.val())
                | (bit_cast::<ENTRY_BITS, DISTANCE_BITS>(self.room.val())
                    << bit_cast::<ENTRY_BITS, 6>(self.index_width.val()));
            self.queue[b].address.next = self.entry.val();
        }
        self.total.next = self.sum.val();
        comment!("an entry comes: the distance, the group, the bank");
        self.asked.d.next = self.issue.val();
        self.bank_now.next = 0.into();
        self.answer.next = 0.into();
        for b in 0..self._first {
            self.answer.next = self.queue[b].data.val();
        }
        self.key.next = bit_cast::<SUM_BITS, ENTRY_BITS>(self.answer.val());
        for s in 0..self._shared {
            self.bank_asked[s].d.next = self.bank.val();
            self.bank_now.next = self.bank_asked[s].q.val();
            for b in 0..self._banks {
                if self.bank_now.val() == self.number[b].val() {
                    self.answer.next = self.queue[b].data.val();
                }
            }
            self.key.next = (bit_cast::<SUM_BITS, ENTRY_BITS>(self.answer.val())
                << bit_cast::<SUM_BITS, 6>(self.bank_width.val()))
                | bit_cast::<SUM_BITS, 2>(self.bank_now.val());
        }
        self.came.d.next = self.asked.q.val();
        self.rest.d.next = self.key.val() ^ self.straight.val();
        if self.pass.val() {
            self.rest.d.next = (bit_cast::<SUM_BITS, SPARE_BITS>(self.limit.val())
                << bit_cast::<SUM_BITS, 6>(self.pattern_width.val()))
                ^ self.all.val();
        }
        self.begun.d.next = self.pass.val();
        comment!("the least of those that are not listed yet");
        self.nearer.next = self.least.q.val() + self.rest.q.val();
        self.behind.next = self.listed.q.val() + self.rest.q.val();
        self.better.next = (self.came.q.val() & self.nearer.val().get_bit(self.sign.val().index()))
            & !self.behind.val().get_bit(self.sign.val().index());
        self.taking.next = self.begun.q.val() | self.better.val();
        // written with masks, not as a choice: from a choice, synthesis makes a clock enable, which is a LUT later
        self.taken.next = self.zero.val();
        self.left.next = self.all.val();
        if self.taking.val() {
            self.taken.next = self.all.val();
            self.left.next = self.zero.val();
        }
        self.least.d.next =
            ((self.rest.q.val() ^ self.all.val()) & self.taken.val()) | (self.least.q.val() & self.left.val());
        self.some.d.next = !self.begun.q.val() & (self.some.q.val() | self.taking.val());
        self.over.d.next = self.token.val();
        self.settled.next = self.over.q.val();
        self.there.next = self.some.q.val();
        self.pattern.next = bit_cast::<INDEX_BITS, SUM_BITS>(self.least.q.val()) & self.pattern_mask.val();
        self.distance.next = 0.into();
        if self.some.q.val() {
            self.distance.next = bit_cast::<DISTANCE_BITS, SUM_BITS>(
                self.least.q.val() >> bit_cast::<SUM_BITS, 6>(self.pattern_width.val()),
            );
        }
        for c in 0..self._classes {
            self.classes[c].write.next = false;
            self.classes[c].write_address.next = 0.into();
            self.classes[c].write_data.next = 0.into();
            self.classes[c].address.next =
                bit_cast::<INDEX_BITS, SUM_BITS>(self.least.q.val()) & self.pattern_mask.val();
            self.class[c].next = self.classes[c].data.val();
        }
        comment!("it is listed; where there was none, nothing more comes");
        if self.list.val() & self.some.q.val() {
            self.listed.d.next = (self.least.q.val() + self.next.val()) & self.all.val();
        }
        if self.start.val() {
            self.listed.d.next = 0.into();
        }
    }
}
