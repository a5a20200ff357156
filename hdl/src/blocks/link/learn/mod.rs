//! STORE and FORGET: a board that learns without a computer.
//!
//! STORE gives the words of a key to the core, which writes them to the row behind the last pattern: nobody reads that row.
//! Its class, as one bit of a row of values, was written there before, by the same way. The core looks for the key among the patterns and says what it found; if
//! that is nothing new, nothing has changed. Otherwise the number of patterns grows by one, in one cycle.
//!
//! FORGET fetches the last pattern into the state, and writes that over the one that is forgotten, the key and then the value; then the number shrinks by one, in one
//! cycle. That a FORGET is under way is kept over a reset, and so is which pattern it forgets, by the parser, which waits for its end: it begins anew behind it: the last pattern is as it
//! was. So before and after every request, and after a reset at any time, the board holds a memory that it was meant to hold.

mod deeds;

use super::census::Census;
use crate::{blocks::prelude::*, contents::Plan};
use hopgate_model::kind::Kind;
use hopgate_wire::page::{ANY_CLASS, FULL, NEAR, STORED, held};

// the words that it tells are near each other, and of the sizes, which are eight words, the last group is the first
const _: () = assert!(held::PATTERNS / 16 == held::LAST_GROUP / 16 && held::CHANGED / 16 == held::LAST_GROUP / 16);
const _: () = assert!(hopgate_wire::page::WORDS <= 256 && held::LAST_GROUP.is_multiple_of(8));

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
    /// For one cycle: a FORGET begins, of the pattern whose row is written where `owns` is not said.
    pub forgets: Signal<In, Bit>,
    /// The buffer's word.
    pub word: Signal<In, Bits<16>>,
    /// A request reads the page.
    pub reads_page: Signal<In, Bit>,
    /// A size is written.
    pub load_size: Signal<In, Bit>,
    /// The page's word at this address is read, or that size is written.
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
    /// There is no pattern.
    pub none: Signal<In, Bit>,
    /// The last of them, 0 where there is none.
    pub last: Signal<In, Index>,
    /// Its row, or the one behind it, which is how many there are.
    pub row: Signal<In, Index>,
    /// That one.
    pub behind: Signal<Out, Bit>,
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
    /// What `read` asked for is there.
    pub there: Signal<In, Bit>,
    /// A row is asked for.
    pub read: Signal<Out, Bit>,
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
    full_held: Register<Bit>,
    spell: Vec<Signal<Local, Bit>>,
    /// A word of it was given.
    spelt: Vec<Signal<Local, Bit>>,
    ends_value: Vec<Signal<Local, Bit>>,
    stored: Signal<Local, Bit>,
    pending: Register<Bit>,
    asked: Register<Bit>,
    /// A row was asked for, and is not there.
    waits: Register<Bit>,
    copies: Register<Bit>,
    came: Register<Bit>,
    /// The key was copied: it is the value's turn.
    of_value: Vec<Register<Bit>>,
    copied: Signal<Local, Bit>,
    final_copy: Signal<Local, Bit>,
    changed: Register<Bit>,
    final_row: Constant<Index>,
    near_mark: Literal<16, { NEAR as usize }>,
    stored_mark: Literal<16, { STORED as usize }>,
    full_mark: Literal<16, { FULL as usize }>,
    nothing: Literal<16, 0>,
    held_words: Literal<4, { held::LAST_GROUP / 16 }>,
    last_word: Literal<4, { held::LAST_GROUP % 16 }>,
    count_word: Literal<4, { held::PATTERNS % 16 }>,
    changed_word: Literal<4, { held::CHANGED % 16 }>,
    on_held: Signal<Local, Bit>,
    word_there: Signal<Local, Bits<4>>,
    asks_held: Signal<Local, Bit>,
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
            final_row: constant(plan.capacity() - 1),
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
