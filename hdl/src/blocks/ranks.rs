//! The nearest patterns, one after the other: groups with a candidate wait in a queue, and each pass over it finds the next pattern of the list.
//!
//! A pass is a scan of the queue: its entries go through the filter in the rows' place, and the running minimum says which is the first of the
//! nearest. What is listed is written into its entry as a distance that is far, so the next pass finds the next one. The queue also holds
//! patterns that were within reach before the minimum had fallen. So the filter's limit stays, and if nothing in a pass is within it, the list ends.
//!
//! ```text
//! cycle 0               1                                   L+1                  L+2
//!       entry's address the rooms that its distances leave  the nearest so far   the last entry's place
//! ```
//!
//! An entry holds what room a distance leaves, that is, its complement: this is how the filter has it, and where nothing passes, it is zero.

use super::memories::Ram;
use crate::{blocks::prelude::*, contents::Plan};

/// Width of a queue entry: a group, then the room that a distance leaves.
const ENTRY_BITS: usize = INDEX_BITS + DISTANCE_BITS;

/// The queue, and what is found in it.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Ranks {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// A scan begins: the queue is empty.
    pub start: Signal<In, Bit>,
    /// Who is within reach of the minimum so far, one bit a bank.
    pub found: Vec<Signal<In, Bit>>,
    /// The group that they are in.
    pub found_group: Signal<In, Index>,
    /// The distances of that group.
    pub found_distance: Vec<Signal<In, Distance>>,
    /// A pass begins.
    pub pass: Signal<In, Bit>,
    /// The entry that was read,
    pub place: Signal<In, Index>,
    /// and the next one.
    pub entry: Signal<In, Index>,
    /// A group is where candidates are found,
    pub passes: Signal<In, Bit>,
    /// and the least of it is nearer than the minimum so far.
    pub nearer: Signal<In, Bit>,
    /// The bank of the pattern that was found, behind a pass.
    pub bank: Signal<In, Bits<2>>,
    /// The pattern whose entry is read has left: it is taken out.
    pub taken: Signal<In, Bit>,
    /// Groups in the queue.
    pub queued: Signal<Out, Index>,
    /// Since a pass began, until a scan begins.
    pub listing: Signal<Out, Bit>,
    /// Of the entry that was read: the room that each bank's distance leaves.
    pub room: Vec<Signal<Out, Distance>>,
    /// A pass has found a pattern:
    pub there: Signal<Out, Bit>,
    /// where its entry is read, this one.
    pub pattern: Signal<Out, Index>,
    /// Where patterns have classes: that of the pattern, a cycle later.
    pub class: Vec<Signal<Out, Bits<16>>>,
    classes: Vec<Ram<16>>,
    queue: Vec<Ram<ENTRY_BITS>>,
    length: Register<Index>,
    lists: Register<Bit>,
    some: Register<Bit>,
    any: Signal<Local, Bit>,
    left: Signal<Local, Distance>,
    group: Signal<Local, Index>,
    read: Signal<Local, Bits<ENTRY_BITS>>,
    answer: Signal<Local, Bits<ENTRY_BITS>>,
    number: Vec<Constant<Bits<2>>>,
    one: Literal<INDEX_BITS, 1>,
    far: Constant<Distance>,
    row_mask: Constant<Index>,
    index_mask: Constant<Index>,
    index_width: Constant<Bits<6>>,
    bank_width: Constant<Index>,
    _banks: usize,
    _shared: usize,
    _classes: usize,
}

impl Ranks {
    /// The list of a plan.
    pub fn new(plan: &Plan) -> Self {
        let banks = plan.parallel;
        let shared = usize::from(banks > 1);
        Ranks {
            found: many(banks),
            found_distance: many(banks),
            room: many(banks),
            queue: (0..banks).map(|_| Ram::new(plan.group_room, plan.queue_bits())).collect(),
            number: (0..banks * shared).map(constant).collect(),
            // as many bits as count all groups
            row_mask: constant((plan.group_room + 1).next_power_of_two() - 1),
            index_mask: constant((1 << plan.index_bits()) - 1),
            index_width: constant(plan.index_bits()),
            bank_width: constant(banks.trailing_zeros() as usize),
            far: constant((1 << (plan.queue_bits() - plan.index_bits())) - 1),
            _banks: banks,
            _shared: shared * banks,
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
        comment!("the queue: a group with a candidate, beside the room that each bank's distance leaves");
        self.any.next = false;
        for b in 0..self._banks {
            self.any.next = self.any.val() | self.found[b].val();
        }
        if self.any.val() & !self.lists.q.val() {
            self.length.d.next = (self.length.q.val() + self.one.val()) & self.row_mask.val();
        }
        if self.start.val() {
            self.length.d.next = 0.into();
        }
        self.queued.next = self.length.q.val();
        comment!("every group is written, and only a candidate's stays: what writes does not wait for the filter");
        comment!(
            "in a list, the entry that was read can be written: nothing passes the filter then, so what is written is far"
        );
        for b in 0..self._banks {
            self.queue[b].write.next = (self.passes.val() & !self.lists.q.val()) | self.taken.val();
        }
        for b in 0..self._shared {
            self.queue[b].write.next = (self.passes.val() & !self.lists.q.val())
                | (self.taken.val() & (self.bank.val() == self.number[b].val()));
        }
        for b in 0..self._banks {
            self.queue[b].write_address.next = self.length.q.val();
            if self.lists.q.val() {
                self.queue[b].write_address.next = self.place.val();
            }
            self.left.next = self.found_distance[b].val() ^ self.far.val();
            self.queue[b].write_data.next = bit_cast::<ENTRY_BITS, INDEX_BITS>(self.found_group.val())
                | (bit_cast::<ENTRY_BITS, DISTANCE_BITS>(self.left.val())
                    << bit_cast::<ENTRY_BITS, 6>(self.index_width.val()));
            self.queue[b].address.next = self.entry.val();
            self.read.next = self.queue[b].data.val();
            self.room[b].next = bit_cast::<DISTANCE_BITS, ENTRY_BITS>(
                self.read.val() >> bit_cast::<ENTRY_BITS, 6>(self.index_width.val()),
            );
        }
        comment!("in a pass, whether anything is within reach");
        self.lists.d.next = self.pass.val() | (self.lists.q.val() & !self.start.val());
        self.listing.next = self.lists.q.val();
        self.some.d.next = !self.pass.val() & (self.some.q.val() | (self.nearer.val() & self.any.val()));
        self.there.next = self.some.q.val();
        comment!("behind it, the pattern");
        self.answer.next = self.queue[0].data.val();
        for b in 0..self._shared {
            if self.bank.val() == self.number[b].val() {
                self.answer.next = self.queue[b].data.val();
            }
        }
        self.group.next = bit_cast::<INDEX_BITS, ENTRY_BITS>(self.answer.val()) & self.index_mask.val();
        self.pattern.next = (self.group.val() << self.bank_width.val()) | bit_cast::<INDEX_BITS, 2>(self.bank.val());
        for c in 0..self._classes {
            self.classes[c].write.next = false;
            self.classes[c].write_address.next = 0.into();
            self.classes[c].write_data.next = 0.into();
            self.classes[c].address.next = self.pattern.val();
            self.class[c].next = self.classes[c].data.val();
        }
    }
}
