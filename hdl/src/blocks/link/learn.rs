//! STORE and FORGET: a board that learns without a computer.
//!
//! STORE gives the words of a key to the core, which writes them to the row behind the last pattern: nobody reads that row.
//! Its class, as one bit of a row of values, was written there before, by the same way. The core looks for the key among the patterns and says what it found; if
//! that is nothing new, nothing has changed. Otherwise the number of patterns grows by one, in one cycle.
//!
//! FORGET fetches the last pattern into the state, and writes that over the one that is forgotten, the key and then the value; then the number shrinks by one, in one
//! cycle. That a FORGET is under way and which pattern it forgets is kept over a reset, and it begins anew behind it: the last pattern is as it
//! was. So before and after every request, and after a reset at any time, the board holds a memory that it was meant to hold.

use super::census::Census;
use crate::{blocks::prelude::*, contents::Plan};
use hopgate_model::kind::Kind;
use hopgate_wire::page::{ANY_CLASS, FULL, NEAR, STORED, held};

/// Stores and forgets.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Learn {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Hold everything but a FORGET that is under way.
    pub reset: Signal<In, Bit>,
    /// The device was just configured.
    pub cold: Signal<In, Bit>,
    /// For one cycle: a STORE begins, or a LEARN.
    pub stores: Signal<In, Bit>,
    /// For one cycle: its reply was said.
    pub said: Signal<In, Bit>,
    /// The buffer's word is one of a FORGET's: the pattern, then the number of patterns.
    pub fill: Signal<In, Bit>,
    /// For one cycle: both are right; it begins.
    pub forgets: Signal<In, Bit>,
    /// The buffer's word.
    pub word: Signal<In, Bits<16>>,
    /// A word is written to the page.
    pub page_write: Signal<In, Bit>,
    /// To its words at this address.
    pub page_address: Signal<In, Index>,
    /// Where there are classes: a word of a STORE was taken, the class, or one for the core.
    pub comes: Vec<Signal<In, Bit>>,
    /// The core takes words.
    pub in_room: Signal<In, Bit>,
    /// It has a word.
    pub out_there: Signal<In, Bit>,
    /// The word.
    pub out_word: Signal<In, Bits<16>>,
    /// It was taken.
    pub taken: Signal<In, Bit>,
    /// The STORE is a LEARN: a recall, whose cue is stored if its answer is unknown,
    pub learns: Vec<Signal<In, Bit>>,
    /// and the core's next word is that of the steps.
    pub at_steps: Vec<Signal<In, Bit>>,
    /// Of a LEARN without a class: rows of values are read.
    pub seeking: Vec<Signal<Out, Bit>>,
    /// The patterns that are there.
    pub count: Signal<In, Index>,
    /// The last of them, 0 where there is none.
    pub last: Signal<In, Index>,
    /// Nothing else may begin.
    pub busy: Signal<Out, Bit>,
    /// `address` is where the core is written or read.
    pub owns: Signal<Out, Bit>,
    /// That.
    pub address: Signal<Out, Index>,
    /// To the core: a STORE is under way.
    pub storing: Signal<Out, Bit>,
    /// Its next word is the class.
    pub classing: Vec<Signal<Out, Bit>>,
    /// Its next word must wait: the value is written.
    pub valuing: Vec<Signal<Out, Bit>>,
    /// The class.
    pub class: Vec<Signal<Out, Index>>,
    /// The key of a STORE is not written: there is no room.
    pub bars: Signal<Out, Bit>,
    /// For one cycle: what is in the core is written to a row,
    pub load_row: Signal<Out, Bit>,
    /// or to one of values.
    pub load_value: Vec<Signal<Out, Bit>>,
    /// A word of a value goes to the core,
    pub spelling: Vec<Signal<Out, Bit>>,
    /// or did, a few cycles ago;
    pub in_value: Vec<Signal<Out, Bit>>,
    /// this.
    pub value: Vec<Signal<Out, Bits<16>>>,
    /// Words of a row leave the core.
    pub copying: Signal<Out, Bit>,
    /// The core's next answer is the row at the address,
    pub read_row: Signal<Out, Bit>,
    /// or the row of values.
    pub read_value: Vec<Signal<Out, Bit>>,
    /// What is said besides in the first word of the reply to a STORE.
    pub mark: Signal<Out, Bits<16>>,
    /// There is a pattern more.
    pub grow: Signal<Out, Bit>,
    /// There is one less.
    pub shrink: Signal<Out, Bit>,
    /// There is none.
    pub none: Signal<Out, Bit>,
    /// What a FORGET says cannot be:
    pub wrong: Signal<Out, Bit>,
    /// there are not so many patterns.
    pub unordered: Signal<Out, Bit>,
    /// For one cycle: a FORGET is over.
    pub over: Signal<Out, Bit>,
    /// A word of the page is not what was written there, but this, two cycles after its address.
    pub tells: Signal<Out, Bit>,
    /// That.
    pub page_word: Signal<Out, Bits<16>>,
    store: Register<Bit>,
    first: Register<Bit>,
    expects: Vec<Register<Bit>>,
    spells: Vec<Register<Bit>>,
    class_held: Vec<Register<Index>>,
    lane: Vec<Register<Bits<6>>>,
    /// The last word of a value was given to the core: two cycles later it is there.
    spelt_last: Vec<Register<Bit>>,
    spelt_all: Vec<Register<Bit>>,
    class_now: Signal<Local, Index>,
    lane_now: Signal<Local, Bits<6>>,
    low: Signal<Local, Bits<16>>,
    low_bits: Literal<16, 15>,
    last_lane: Constant<Bits<6>>,
    next_lane: Literal<6, 1>,
    four: Literal<INDEX_BITS, 4>,
    lowest: Literal<16, 1>,
    pattern: Register<Bits<16>>,
    /// The pattern is beyond what can be counted.
    high: Register<Bit>,
    /// The pattern was told, the number of patterns comes.
    second: Register<Bit>,
    pattern_bits: Constant<Bits<16>>,
    place: Signal<Local, Index>,
    full_held: Register<Bit>,
    none_held: Register<Bit>,
    wrong_held: Register<Bit>,
    unordered_held: Register<Bit>,
    spell: Vec<Signal<Local, Bit>>,
    /// A word of it was given.
    spelt: Vec<Signal<Local, Bit>>,
    ends_value: Vec<Signal<Local, Bit>>,
    stored: Signal<Local, Bit>,
    pending: Register<Bit>,
    asked: Register<Bit>,
    waits: Register<Bits<5>>,
    copies: Register<Bit>,
    came: Register<Bit>,
    /// The key was copied: it is the value's turn.
    of_value: Vec<Register<Bit>>,
    copied: Signal<Local, Bit>,
    begins: Signal<Local, Bits<5>>,
    final_copy: Signal<Local, Bit>,
    changed: Register<Bit>,
    first_wait: Literal<5, 1>,
    no_wait: Literal<5, 0>,
    room: Constant<Index>,
    near_mark: Literal<16, { NEAR as usize }>,
    stored_mark: Literal<16, { STORED as usize }>,
    full_mark: Literal<16, { FULL as usize }>,
    nothing: Literal<16, 0>,
    all_bits: Literal<16, 0xffff>,
    last_word: Literal<INDEX_BITS, { held::LAST_GROUP }>,
    count_word: Literal<INDEX_BITS, { held::PATTERNS }>,
    changed_word: Literal<INDEX_BITS, { held::CHANGED }>,
    told_last: Register<Bit>,
    told_count: Register<Bit>,
    told_changed: Register<Bit>,
    unknown: Vec<Signal<Local, Bit>>,
    keeps: Vec<Signal<Local, Bit>>,
    census: Vec<Census>,
    seeks: Vec<Signal<Local, Bit>>,
    sought: Vec<Register<Bit>>,
    /// No class is free.
    classless: Vec<Register<Bit>>,
    any_class: Vec<Literal<16, { ANY_CLASS as usize }>>,
    _classes: usize,
    _autos: usize,
    _seeks: usize,
}

impl Learn {
    /// For the core of a plan.
    pub fn new(plan: &Plan) -> Self {
        let classes = usize::from(plan.kind == Kind::Class);
        let autos = usize::from(plan.auto_store);
        let seeks = classes * autos;
        Learn {
            classing: many(classes),
            valuing: many(classes),
            class: many(classes),
            comes: many(classes),
            load_value: many(classes),
            spelling: many(classes),
            spelt: many(classes),
            in_value: many(classes),
            spelt_last: many(classes),
            spelt_all: many(classes),
            value: many(classes),
            read_value: many(classes),
            expects: many(classes),
            spells: many(classes),
            spell: many(classes),
            ends_value: many(classes),
            class_held: many(classes),
            lane: many(classes),
            of_value: many(classes),
            last_lane: constant(plan.value_lanes().saturating_sub(1)),
            room: constant(plan.capacity()),
            // as many bits as count them
            pattern_bits: constant((plan.capacity() + 1).next_power_of_two() - 1),
            learns: many(autos),
            at_steps: many(autos),
            unknown: many(autos),
            keeps: many(autos),
            seeking: many(seeks),
            seeks: many(seeks),
            sought: many(seeks),
            classless: many(seeks),
            any_class: many(seeks),
            census: (0..seeks).map(|_| Census::new(plan)).collect(),
            _classes: classes,
            _autos: autos,
            _seeks: seeks,
            ..Default::default()
        }
    }
}

impl Logic for Learn {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: learn");
        comment!("patterns");
        self.full_held.d.next = self.count.val() == self.room.val();
        self.none_held.d.next = !self.count.val().any();
        self.none.next = self.none_held.q.val();
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
            (self.none_held.q.val() | !(self.out_word.val() & self.near_mark.val()).any()) & !self.full_held.q.val();
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
            self.census[s].none.next = self.none_held.q.val();
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
            self.unknown[a].next = self.none_held.q.val() | self.out_word.val().get_bit(14);
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
        comment!("FORGET: what it says");
        if self.fill.val() {
            self.second.d.next = !self.second.q.val();
            if self.second.q.val() {
                self.unordered_held.d.next = self.word.val() != bit_cast::<16, INDEX_BITS>(self.count.val());
            } else {
                self.pattern.d.next = self.word.val() & self.pattern_bits.val();
                self.high.d.next = (self.word.val() & (self.pattern_bits.val() ^ self.all_bits.val())).any();
            }
        }
        self.place.next = bit_cast::<INDEX_BITS, 16>(self.pattern.q.val());
        self.wrong_held.d.next = self.high.q.val() | (self.place.val() >= self.count.val());
        self.unordered.next = self.unordered_held.q.val();
        self.wrong.next = self.unordered_held.q.val() | self.wrong_held.q.val();
        comment!("the last pattern is read, and written to where the other was; a reset does not end that");
        self.begins.next = self.no_wait.val();
        if self.asked.q.val() {
            self.begins.next = self.first_wait.val();
        }
        self.waits.d.next = (self.waits.q.val() << 1) | self.begins.val();
        self.asked.d.next = ((self.pending.q.val() & self.in_room.val()) & !(self.asked.q.val() | self.copies.q.val()))
            & !self.waits.q.val().any();
        self.read_row.next = self.asked.q.val();
        self.copied.next = self.copies.q.val() & (self.in_room.val() & !self.out_there.val());
        self.copies.d.next = self.waits.q.val().get_bit(4) | (self.copies.q.val() & !self.copied.val());
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
        self.owns.next = self.store.q.val() | self.pending.q.val();
        self.address.next = self.count.val();
        if self.pending.q.val() {
            self.address.next = self.last.val();
        }
        // from the first word on: then the core has read the row
        self.came.d.next = self.copies.q.val() & (self.out_there.val() | self.came.q.val());
        if (self.copies.q.val() & self.out_there.val()) | self.came.q.val() {
            self.address.next = self.place.val();
        }
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
        if self.page_write.val() & (self.page_address.val() == self.last_word.val()) {
            self.changed.d.next = false;
        }
        self.told_last.d.next = self.changed.q.val() & (self.page_address.val() == self.last_word.val());
        self.told_count.d.next = self.changed.q.val() & (self.page_address.val() == self.count_word.val());
        self.told_changed.d.next = self.changed.q.val() & (self.page_address.val() == self.changed_word.val());
        self.tells.next = (self.told_last.q.val() | self.told_count.q.val()) | self.told_changed.q.val();
        self.page_word.next = bit_cast::<16, INDEX_BITS>(self.count.val());
        if self.told_last.q.val() {
            self.page_word.next = bit_cast::<16, INDEX_BITS>(self.last.val());
        }
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
            self.second.d.next = false;
            self.asked.d.next = false;
            self.copies.d.next = false;
            self.came.d.next = false;
            self.waits.d.next = self.no_wait.val();
            for c in 0..self._classes {
                self.expects[c].d.next = false;
                self.spells[c].d.next = false;
                self.spelt_last[c].d.next = false;
                self.spelt_all[c].d.next = false;
            }
        }
    }
}
