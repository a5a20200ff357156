//! The least class that no pattern has: all rows of values are read, once for every 16 classes.
//!
//! ```text
//! reading: a row after the other, of which the lane of these classes is kept -> resolving: class after class
//!    ^------------------------- all 16 have a pattern -------------------------------'
//! ```

use crate::{blocks::prelude::*, contents::Plan};

/// Looks for a class.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Census {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Hold everything.
    pub reset: Signal<In, Bit>,
    /// For one cycle: it begins. The core has taken no word.
    pub starts: Signal<In, Bit>,
    /// There is no pattern.
    pub none: Signal<In, Bit>,
    /// The last one.
    pub last: Signal<In, Index>,
    /// The core takes words.
    pub in_room: Signal<In, Bit>,
    /// It has a word.
    pub out_there: Signal<In, Bit>,
    /// The word.
    pub out_word: Signal<In, Bits<16>>,
    /// It was taken.
    pub taken: Signal<In, Bit>,
    /// It goes on.
    pub busy: Signal<Out, Bit>,
    /// The core's next answer is the row of values of
    pub read: Signal<Out, Bit>,
    /// this pattern.
    pub row: Signal<Out, Index>,
    /// For one cycle: it is over.
    pub over: Signal<Out, Bit>,
    /// The class; all ones if every class has a pattern.
    pub found: Signal<Out, Index>,
    /// Every class has one.
    pub fails: Signal<Out, Bit>,
    runs: Register<Bit>,
    /// The classes that have patterns are known, of 16.
    resolving: Register<Bit>,
    asked: Register<Bit>,
    waits: Register<Bits<5>>,
    copies: Register<Bit>,
    /// Which of them have, from the one whose turn it is.
    seen: Register<Bits<16>>,
    pattern: Register<Index>,
    turn: Register<Index>,
    /// The lane of the row that leaves.
    lane: Register<Bits<6>>,
    begins: Signal<Local, Bits<5>>,
    copied: Signal<Local, Bit>,
    ends: Signal<Local, Bit>,
    outputs: Constant<Index>,
    /// Classes of a lane that are behind the one whose turn it is.
    places: Literal<INDEX_BITS, 15>,
    four: Literal<INDEX_BITS, 4>,
    one: Literal<INDEX_BITS, 1>,
    one_lane: Literal<6, 1>,
    first_wait: Literal<5, 1>,
    no_wait: Literal<5, 0>,
    none_of_all: Literal<INDEX_BITS, { (1 << INDEX_BITS) - 1 }>,
}

impl Census {
    /// Of the classes of a plan.
    pub fn new(plan: &Plan) -> Self {
        Census { outputs: constant(plan.outputs), ..Default::default() }
    }
}

impl Logic for Census {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: census");
        comment!("a row is asked for; a core that is asked seems ready for as long as it takes to read it");
        self.asked.d.next = ((self.runs.q.val() & self.in_room.val())
            & !(self.resolving.q.val() | (self.asked.q.val() | self.copies.q.val())))
            & !self.waits.q.val().any();
        self.begins.next = self.no_wait.val();
        if self.asked.q.val() {
            self.begins.next = self.first_wait.val();
        }
        self.waits.d.next = (self.waits.q.val() << 1) | self.begins.val();
        self.copied.next = self.copies.q.val() & (self.in_room.val() & !self.out_there.val());
        self.copies.d.next = self.waits.q.val().get_bit(4) | (self.copies.q.val() & !self.copied.val());
        self.read.next = self.asked.q.val();
        self.row.next = self.pattern.q.val();
        comment!("of its words one is kept");
        if self.copies.q.val() & self.taken.val() {
            self.lane.d.next = self.lane.q.val() + self.one_lane.val();
            if bit_cast::<INDEX_BITS, 6>(self.lane.q.val()) == (self.turn.q.val() >> self.four.val()) {
                self.seen.d.next = self.seen.q.val() | self.out_word.val();
            }
        }
        if self.copied.val() {
            self.lane.d.next = 0.into();
            self.pattern.d.next = self.pattern.q.val() + self.one.val();
            if self.pattern.q.val() == self.last.val() {
                self.resolving.d.next = true;
            }
        }
        comment!("class after class; behind 16 of them the rows are read again");
        self.fails.next = self.turn.q.val() == self.outputs.val();
        self.ends.next =
            self.resolving.q.val() & (!self.seen.q.val().get_bit(0) | (self.turn.q.val() == self.outputs.val()));
        if self.resolving.q.val() {
            self.seen.d.next = self.seen.q.val() >> 1;
            self.turn.d.next = self.turn.q.val() + self.one.val();
            if (self.turn.q.val() & self.places.val()) == self.places.val() {
                self.resolving.d.next = false;
                self.pattern.d.next = 0.into();
            }
        }
        self.over.next = self.ends.val();
        self.found.next = self.turn.q.val();
        if self.turn.q.val() == self.outputs.val() {
            self.found.next = self.none_of_all.val();
        }
        self.busy.next = self.runs.q.val();
        self.runs.d.next = self.starts.val() | (self.runs.q.val() & !self.ends.val());
        if self.starts.val() {
            self.seen.d.next = 0.into();
            self.turn.d.next = 0.into();
            self.pattern.d.next = 0.into();
            self.lane.d.next = 0.into();
            self.resolving.d.next = self.none.val();
        }
        if self.ends.val() {
            self.resolving.d.next = false;
        }
        if self.reset.val() {
            self.runs.d.next = false;
            self.resolving.d.next = false;
            self.asked.d.next = false;
            self.copies.d.next = false;
            self.waits.d.next = self.no_wait.val();
        }
    }
}
