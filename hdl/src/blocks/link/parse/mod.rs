//! From a request's words to a request: what it is, where it is about, and what is wrong with it.
//!
//! ```text
//! resting -> heading -> sizing -> sorting -> targeting -> addressing -> counting -> summing -> measuring -> judging
//! ```
//!
//! Nothing is done before everything about a request is known to be right. What is wrong with it is its `code`: the rest of its words
//! is skipped, and the reply is an error.

mod states;

use super::{
    FIND, FORGET, LEARN, MASKED, READ, RECALL, SELF_TEST, STORE, WRITE, error, judge::Judge, receive::COUNT_BITS,
    region, version,
};
use crate::{blocks::prelude::*, contents::Plan};
use hopgate_model::kind::Kind;
use hopgate_wire::page;

/// Reads requests.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Parse {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Hold everything.
    pub reset: Signal<In, Bit>,
    /// The buffer's word.
    pub word: Signal<In, Bits<16>>,
    /// It is there, and wanted.
    pub fresh: Signal<In, Bit>,
    /// Words of the request are left.
    pub more: Signal<In, Bit>,
    /// How many, less one.
    pub left: Signal<In, Bits<COUNT_BITS>>,
    /// No memory is valid.
    pub invalid: Signal<In, Bit>,
    /// The word is the number of the last load that began.
    pub same: Signal<In, Bit>,
    /// A size that was loaded is none that the core has.
    pub unfit: Signal<In, Bit>,
    /// Words are read: where that ends stays as it is.
    pub reading: Signal<In, Bit>,
    /// On to the next place.
    pub advance: Signal<In, Bit>,
    /// A self-test's numbers are looked at,
    pub weighing: Signal<In, Bit>,
    /// and out of range.
    pub test_beyond: Signal<In, Bit>,
    /// The reply is over.
    pub over: Signal<In, Bit>,
    /// Of a board that learns: it forgets, and takes up nothing else.
    pub busy: Vec<Signal<In, Bit>>,
    /// It has no pattern.
    pub none: Vec<Signal<In, Bit>>,
    /// How many there are, while a FORGET is judged.
    pub row: Vec<Signal<In, Index>>,
    /// Nothing to do: what an entry of the buffer would say is looked at all the time.
    pub resting: Signal<Out, Bit>,
    /// A word is wanted.
    pub taking: Signal<Out, Bit>,
    /// The rest of the words is passed over.
    pub skipping: Signal<Out, Bit>,
    /// For one cycle: a recall begins,
    pub recalls: Signal<Out, Bit>,
    /// the words of a self-test come,
    pub tests: Signal<Out, Bit>,
    /// words are to be read,
    pub reads: Signal<Out, Bit>,
    /// words are to be written,
    pub writes: Signal<Out, Bit>,
    /// one is forgotten,
    pub forgets: Vec<Signal<Out, Bit>>,
    /// or an error is to be said.
    pub fails: Signal<Out, Bit>,
    /// The request, from here on: it reads.
    pub is_read: Signal<Out, Bit>,
    /// It writes.
    pub is_write: Signal<Out, Bit>,
    /// It recalls.
    pub is_recall: Signal<Out, Bit>,
    /// It is for a self-test.
    pub is_test: Signal<Out, Bit>,
    /// It recalls for the nearest pattern alone.
    pub is_find: Signal<Out, Bit>,
    /// It stores a pattern.
    pub is_store: Vec<Signal<Out, Bit>>,
    /// Only if it is unknown, and what is known of it is said.
    pub is_learn: Vec<Signal<Out, Bit>>,
    /// It forgets one.
    pub is_forget: Vec<Signal<Out, Bit>>,
    /// It is about the page.
    pub on_page: Signal<Out, Bit>,
    /// It is about the kernel table.
    pub on_kernel: Signal<Out, Bit>,
    /// It is about the threshold table.
    pub on_threshold: Signal<Out, Bit>,
    /// It is about a row, of keys or of values.
    pub on_rows: Signal<Out, Bit>,
    /// Where values are apart from the keys: it is one of values.
    pub on_values: Vec<Signal<Out, Bit>>,
    /// The row's bank.
    pub bank: Signal<Out, Bits<2>>,
    /// The place there, which moves on.
    pub place: Signal<Out, Bits<16>>,
    /// It is behind the last that is read.
    pub ended: Signal<Out, Bit>,
    /// It is that of begin or of commit.
    pub control: Signal<Out, Bit>,
    /// It is that of a size.
    pub on_sizes: Signal<Out, Bit>,
    /// The request's number.
    pub serial: Signal<Out, Bits<8>>,
    /// Its kind, which is that of its reply.
    pub asked: Signal<Out, Bits<4>>,
    /// What is wrong with it.
    pub code: Signal<Out, Bits<4>>,
    judge: Judge,
    idle: Register<Bit>,
    /// The header comes.
    heading: Register<Bit>,
    /// The length is looked at.
    sizing: Register<Bit>,
    /// It is known.
    sized: Register<Bit>,
    /// And what would be wrong.
    ranked: Register<Bit>,
    /// What kind is it?
    sorting: Register<Bit>,
    /// The target comes.
    targeting: Register<Bit>,
    /// The address.
    addressing: Register<Bit>,
    /// The count.
    counting: Register<Bit>,
    /// Where does it end?
    summing: Register<Bit>,
    /// It is known.
    summed: Register<Bit>,
    /// What is wrong with it?
    measuring: Register<Bit>,
    /// It is known.
    measured: Register<Bit>,
    /// And what its first word says of it.
    heard: Register<Bit>,
    /// And whether it is in order.
    weighed: Register<Bit>,
    /// Is anything?
    judging: Register<Bit>,
    /// A wrong request's words are passed over.
    passing: Register<Bit>,
    whole: Register<Bit>,
    trouble: Register<Bits<4>>,
    /// What is wrong if nothing of it is right.
    sort_code: Register<Bits<4>>,
    number: Register<Bits<8>>,
    asked_kind: Register<Bits<4>>,
    current: Register<Bit>,
    a_read: Register<Bit>,
    a_write: Register<Bit>,
    a_recall: Register<Bit>,
    a_test: Register<Bit>,
    a_find: Register<Bit>,
    a_store: Vec<Register<Bit>>,
    a_forget: Vec<Register<Bit>>,
    a_learn: Vec<Register<Bit>>,
    /// A STORE is as long as it must be.
    store_long: Vec<Register<Bit>>,
    /// And so is a FORGET.
    two_long: Vec<Register<Bit>>,
    store_right: Vec<Signal<Local, Bit>>,
    forget_right: Vec<Signal<Local, Bit>>,
    flipped: Vec<Signal<Local, Bits<16>>>,
    every_bit: Literal<16, 0xffff>,
    own_radius: Vec<Signal<Local, Bit>>,
    radius_word: Vec<Literal<16, { page::held::RADIUS }>>,
    store_radius_word: Vec<Literal<16, { page::held::STORE_RADIUS }>>,
    store_left: Constant<Bits<COUNT_BITS>>,
    one_left: Literal<COUNT_BITS, 1>,
    store_kind: Literal<4, STORE>,
    forget_kind: Literal<4, FORGET>,
    learn_kind: Literal<4, LEARN>,
    three_long: Register<Bit>,
    five_long: Register<Bit>,
    short: Register<Bit>,
    recall_fits: Register<Bit>,
    page: Register<Bit>,
    kernel: Register<Bit>,
    threshold: Register<Bit>,
    rows: Register<Bit>,
    values: Vec<Register<Bit>>,
    stray: Register<Bit>,
    far: Register<Bit>,
    bank_held: Register<Bits<2>>,
    place_held: Register<Bits<16>>,
    count: Register<Bits<16>>,
    target: Signal<Local, Bits<2>>,
    kind: Signal<Local, Bits<4>>,
    recall_right: Signal<Local, Bit>,
    other_right: Signal<Local, Bit>,
    test_right: Signal<Local, Bit>,
    two_left: Literal<COUNT_BITS, 2>,
    four_left: Literal<COUNT_BITS, 4>,
    one_word: Literal<16, 1>,
    version: Constant<Bits<4>>,
    read_kind: Literal<4, READ>,
    write_kind: Literal<4, WRITE>,
    /// Of a board that takes masks, another one: a host that sends none gets no answer to something else.
    recall_kind: Constant<Bits<4>>,
    test_kind: Literal<4, SELF_TEST>,
    find_kind: Literal<4, FIND>,
    has_test: Constant<Bit>,
    eight: Literal<16, 8>,
    page_region: Literal<2, { region::PAGE }>,
    kernel_region: Literal<2, { region::KERNEL }>,
    threshold_region: Literal<2, { region::THRESHOLD }>,
    rows_region: Literal<2, { region::ROWS }>,
    values_region: Vec<Literal<8, { region::VALUES }>>,
    stray_bits: Literal<16, 0x00fc>,
    far_bits: Literal<16, 0xfc00>,
    version_code: Literal<4, { error::VERSION }>,
    kind_code: Literal<4, { error::KIND }>,
    length_code: Literal<4, { error::LENGTH }>,
    range_code: Literal<4, { error::RANGE }>,
    invalid_code: Literal<4, { error::INVALID }>,
    _values: usize,
    _learns: usize,
    _autos: usize,
}

impl Parse {
    /// For the core of a plan, with a self-test beside it or without.
    pub fn new(plan: &Plan, tests: bool) -> Self {
        let values = usize::from(plan.valued());
        let [learns, autos] = [plan.learns, plan.auto_store].map(usize::from);
        let store_words = plan.lanes() + usize::from(plan.kind == Kind::Class);
        Parse {
            busy: many(learns),
            none: many(learns),
            row: many(learns),
            forgets: many(learns),
            is_store: many(learns),
            is_forget: many(learns),
            a_store: many(learns),
            a_forget: many(learns),
            is_learn: many(autos),
            a_learn: many(autos),
            _autos: autos,
            store_long: many(learns),
            two_long: many(learns),
            store_right: many(learns),
            forget_right: many(learns),
            flipped: many(learns),
            own_radius: many(learns),
            radius_word: many(learns),
            store_radius_word: many(learns),
            store_left: constant(store_words - 1),
            _learns: learns,
            on_values: many(values),
            values: many(values),
            values_region: many(values),
            judge: Judge::new(plan),
            version: constant(version(plan)),
            recall_kind: constant(if plan.masks { MASKED } else { RECALL }),
            has_test: Constant::new(tests),
            _values: values,
            ..Default::default()
        }
    }
}
