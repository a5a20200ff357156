//! From a request's words to a request: what it is, where it is about, and what is wrong with it.
//!
//! ```text
//! resting -> heading -> sizing -> sorting -> targeting -> addressing -> counting -> summing -> measuring -> judging
//! ```
//!
//! Nothing is done before everything about a request is known to be right. What is wrong with it is its `code`: the rest of its words
//! is skipped, and the reply is an error.

use super::{
    FORGET, MASKED, READ, RECALL, SELF_TEST, STORE, WRITE, error, judge::Judge, receive::COUNT_BITS, region, version,
};
use crate::{blocks::prelude::*, contents::Plan};
use hopgate_model::kind::Kind;

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
    /// A FORGET says another number of patterns.
    pub unordered: Vec<Signal<In, Bit>>,
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
    /// It stores a pattern.
    pub is_store: Vec<Signal<Out, Bit>>,
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
    /// The request's number.
    pub serial: Signal<Out, Bits<8>>,
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
    /// Is anything?
    judging: Register<Bit>,
    /// A wrong request's words are passed over.
    passing: Register<Bit>,
    whole: Register<Bit>,
    trouble: Register<Bits<4>>,
    /// What is wrong if nothing of it is right.
    sort_code: Register<Bits<4>>,
    number: Register<Bits<8>>,
    current: Register<Bit>,
    a_read: Register<Bit>,
    a_write: Register<Bit>,
    a_recall: Register<Bit>,
    a_test: Register<Bit>,
    a_store: Vec<Register<Bit>>,
    a_forget: Vec<Register<Bit>>,
    /// A STORE is as long as it must be.
    store_long: Vec<Register<Bit>>,
    /// And so is a FORGET.
    two_long: Vec<Register<Bit>>,
    learn_right: Vec<Signal<Local, Bit>>,
    store_left: Constant<Bits<COUNT_BITS>>,
    one_left: Literal<COUNT_BITS, 1>,
    store_kind: Literal<4, STORE>,
    forget_kind: Literal<4, FORGET>,
    order_code: Literal<4, { error::ORDER }>,
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
}

impl Parse {
    /// For the core of a plan, with a self-test beside it or without.
    pub fn new(plan: &Plan, tests: bool) -> Self {
        let values = usize::from(plan.valued());
        let learns = usize::from(plan.learns);
        let store_words = plan.lanes() + usize::from(plan.kind == Kind::Class);
        Parse {
            busy: many(learns),
            none: many(learns),
            unordered: many(learns),
            is_store: many(learns),
            is_forget: many(learns),
            a_store: many(learns),
            a_forget: many(learns),
            store_long: many(learns),
            two_long: many(learns),
            learn_right: many(learns),
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

impl Logic for Parse {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: parse");
        self.resting.next = self.idle.q.val();
        self.taking.next = (self.idle.q.val() | self.heading.q.val())
            | (self.targeting.q.val() | (self.addressing.q.val() | self.counting.q.val()));
        for l in 0..self._learns {
            self.taking.next = ((self.idle.q.val() | self.heading.q.val())
                | (self.targeting.q.val() | (self.addressing.q.val() | self.counting.q.val())))
                & !self.busy[l].val();
        }
        comment!("an entry: the words that follow, less one (bit 14: whole cues), or an error (bit 15)");
        if self.idle.q.val() {
            self.whole.d.next = self.word.val().get_bit(14);
            self.number.d.next = 0.into();
        }
        self.idle.d.next = (self.idle.q.val() & !self.fresh.val()) | self.over.val();
        self.heading.d.next = (self.idle.q.val() & (self.fresh.val() & !self.word.val().get_bit(15)))
            | (self.heading.q.val() & !self.fresh.val());
        comment!("the header, and the length that its kind wants");
        self.kind.next = bit_cast::<4, 16>(self.word.val());
        if self.heading.q.val() {
            self.number.d.next = bit_cast::<8, 16>(self.word.val() >> self.eight.val());
            self.current.d.next = bit_cast::<4, 16>(self.word.val() >> 4) == self.version.val();
            self.a_read.d.next = self.kind.val() == self.read_kind.val();
            self.a_write.d.next = self.kind.val() == self.write_kind.val();
            self.a_recall.d.next = self.kind.val() == self.recall_kind.val();
            self.a_test.d.next = (self.kind.val() == self.test_kind.val()) & self.has_test.val();
            for l in 0..self._learns {
                self.a_store[l].d.next = self.kind.val() == self.store_kind.val();
                self.a_forget[l].d.next = self.kind.val() == self.forget_kind.val();
            }
        }
        self.sizing.d.next = self.heading.q.val() & self.fresh.val();
        self.three_long.d.next = self.left.val() == self.two_left.val();
        self.five_long.d.next = self.left.val() == self.four_left.val();
        self.short.d.next = !self.more.val() | !(self.left.val() >> 1).any();
        self.sized.d.next = self.sizing.q.val();
        self.ranked.d.next = self.sized.q.val();
        self.sorting.d.next = self.ranked.q.val();
        self.recall_fits.d.next = self.a_recall.q.val() & (self.whole.q.val() & self.more.val());
        self.recall_right.next = self.current.q.val() & (self.recall_fits.q.val() & !self.invalid.val());
        self.other_right.next = self.current.q.val()
            & ((self.a_read.q.val() & self.three_long.q.val()) | (self.a_write.q.val() & !self.short.q.val()));
        self.test_right.next = self.current.q.val() & (self.a_test.q.val() & self.five_long.q.val());
        for l in 0..self._learns {
            comment!("a board that learns; without a pattern there is nothing to recall");
            self.store_long[l].d.next = self.left.val() == self.store_left.val();
            self.two_long[l].d.next = self.left.val() == self.one_left.val();
            self.learn_right[l].next = (self.current.q.val() & !self.invalid.val())
                & ((self.a_store[l].q.val() & self.store_long[l].q.val())
                    | (self.a_forget[l].q.val() & self.two_long[l].q.val()));
            self.recall_right.next =
                self.current.q.val() & (self.recall_fits.q.val() & !(self.invalid.val() | self.none[l].val()));
            self.is_store[l].next = self.a_store[l].q.val();
            self.is_forget[l].next = self.a_forget[l].q.val();
        }
        comment!("target, address, count");
        self.target.next = bit_cast::<2, 16>(self.word.val());
        self.targeting.d.next =
            (self.sorting.q.val() & self.other_right.val()) | (self.targeting.q.val() & !self.fresh.val());
        if self.targeting.q.val() {
            self.page.d.next = self.target.val() == self.page_region.val();
            self.kernel.d.next = self.target.val() == self.kernel_region.val();
            self.threshold.d.next = self.target.val() == self.threshold_region.val();
            self.rows.d.next = self.target.val() == self.rows_region.val();
            self.bank_held.d.next = bit_cast::<2, 16>(self.word.val() >> self.eight.val());
            self.stray.d.next = (self.word.val() & self.stray_bits.val()).any();
            self.far.d.next = (self.word.val() & self.far_bits.val()).any();
            for v in 0..self._values {
                self.values[v].d.next = false;
                if bit_cast::<8, 16>(self.word.val()) == self.values_region[v].val() {
                    self.rows.d.next = true;
                    self.values[v].d.next = true;
                    self.page.d.next = false;
                    self.stray.d.next = false;
                }
            }
        }
        self.addressing.d.next =
            (self.targeting.q.val() & self.fresh.val()) | (self.addressing.q.val() & !self.fresh.val());
        self.counting.d.next = (self.addressing.q.val() & (self.fresh.val() & self.a_read.q.val()))
            | (self.counting.q.val() & !self.fresh.val());
        if self.addressing.q.val() {
            self.place_held.d.next = self.word.val();
        } else {
            if self.advance.val() {
                self.place_held.d.next = self.place_held.q.val() + self.one_word.val();
            }
        }
        if self.addressing.q.val() | self.counting.q.val() {
            self.count.d.next = self.word.val();
            if self.addressing.q.val() {
                self.count.d.next = bit_cast::<16, COUNT_BITS>(self.left.val());
            }
        }
        comment!("all that can be wrong with it");
        self.summing.d.next = (self.addressing.q.val() & (self.fresh.val() & self.a_write.q.val()))
            | (self.counting.q.val() & self.fresh.val());
        self.summed.d.next = self.summing.q.val();
        self.measuring.d.next = self.summed.q.val();
        self.measured.d.next = self.measuring.q.val();
        self.heard.d.next = self.measured.q.val();
        self.judging.d.next = self.heard.q.val();
        self.judge.reading.next = self.reading.val();
        self.judge.place.next = self.place_held.q.val();
        self.judge.count.next = self.count.q.val();
        self.judge.bank.next = self.bank_held.q.val();
        self.judge.stray.next = self.stray.q.val();
        self.judge.far.next = self.far.q.val();
        self.judge.on_page.next = self.page.q.val();
        self.judge.on_kernel.next = self.kernel.q.val();
        self.judge.on_threshold.next = self.threshold.q.val();
        self.judge.on_rows.next = self.rows.q.val();
        for v in 0..self._values {
            self.judge.on_values[v].next = self.values[v].q.val();
            self.on_values[v].next = self.values[v].q.val();
        }
        self.judge.is_read.next = self.a_read.q.val();
        self.judge.is_write.next = self.a_write.q.val();
        self.judge.invalid.next = self.invalid.val();
        self.judge.same.next = self.same.val();
        self.judge.unfit.next = self.unfit.val();
        comment!("what is wrong with it");
        if self.idle.q.val() {
            self.trouble.d.next = bit_cast::<4, 16>(self.word.val());
        }
        self.sort_code.d.next = self.kind_code.val();
        if (self.a_read.q.val() | self.a_write.q.val()) | (self.a_recall.q.val() | self.a_test.q.val()) {
            self.sort_code.d.next = self.length_code.val();
        }
        if self.recall_fits.q.val() {
            self.sort_code.d.next = self.invalid_code.val();
        }
        for l in 0..self._learns {
            if self.a_store[l].q.val() | self.a_forget[l].q.val() {
                self.sort_code.d.next = self.length_code.val();
            }
            if (self.a_store[l].q.val() & self.store_long[l].q.val())
                | (self.a_forget[l].q.val() & self.two_long[l].q.val())
            {
                self.sort_code.d.next = self.invalid_code.val();
            }
        }
        if !self.current.q.val() {
            self.sort_code.d.next = self.version_code.val();
        }
        if self.sorting.q.val() {
            self.trouble.d.next = self.sort_code.q.val();
        }
        if self.judging.q.val() {
            self.trouble.d.next = self.judge.code.val();
        }
        if self.weighing.val() {
            self.trouble.d.next = self.invalid_code.val();
            // its range is that of the memory, so there must be one
            if self.test_beyond.val() & !self.invalid.val() {
                self.trouble.d.next = self.range_code.val();
            }
        }
        for l in 0..self._learns {
            if (self.weighing.val() & self.a_forget[l].q.val()) & (self.unordered[l].val() & !self.invalid.val()) {
                self.trouble.d.next = self.order_code.val();
            }
        }
        self.passing.d.next = (self.sorting.q.val()
            & !(self.recall_right.val() | (self.other_right.val() | self.test_right.val())))
            | ((self.judging.q.val() & !self.judge.right.val()) | (self.passing.q.val() & self.more.val()));
        for l in 0..self._learns {
            self.passing.d.next = (self.sorting.q.val()
                & !(self.recall_right.val()
                    | (self.other_right.val() | (self.test_right.val() | self.learn_right[l].val()))))
                | ((self.judging.q.val() & !self.judge.right.val()) | (self.passing.q.val() & self.more.val()));
        }
        comment!("what follows");
        self.recalls.next = self.sorting.q.val() & self.recall_right.val();
        self.tests.next = self.sorting.q.val() & self.test_right.val();
        for l in 0..self._learns {
            self.recalls.next = self.sorting.q.val()
                & (self.recall_right.val() | (self.learn_right[l].val() & self.a_store[l].q.val()));
            self.tests.next =
                self.sorting.q.val() & (self.test_right.val() | (self.learn_right[l].val() & self.a_forget[l].q.val()));
        }
        self.reads.next = self.judging.q.val() & (self.judge.right.val() & self.a_read.q.val());
        self.writes.next = self.judging.q.val() & (self.judge.right.val() & self.a_write.q.val());
        self.fails.next = (self.idle.q.val() & (self.fresh.val() & self.word.val().get_bit(15)))
            | (self.passing.q.val() & !self.more.val());
        if self.reset.val() {
            self.idle.d.next = true;
            self.heading.d.next = false;
            self.sizing.d.next = false;
            self.sized.d.next = false;
            self.ranked.d.next = false;
            self.sorting.d.next = false;
            self.targeting.d.next = false;
            self.addressing.d.next = false;
            self.counting.d.next = false;
            self.summing.d.next = false;
            self.summed.d.next = false;
            self.measuring.d.next = false;
            self.measured.d.next = false;
            self.heard.d.next = false;
            self.judging.d.next = false;
            self.passing.d.next = false;
        }
        comment!("the request");
        self.skipping.next = self.passing.q.val();
        self.is_read.next = self.a_read.q.val();
        self.is_write.next = self.a_write.q.val();
        self.is_recall.next = self.a_recall.q.val();
        self.is_test.next = self.a_test.q.val();
        self.on_page.next = self.page.q.val();
        self.on_kernel.next = self.kernel.q.val();
        self.on_threshold.next = self.threshold.q.val();
        self.on_rows.next = self.rows.q.val();
        self.bank.next = self.bank_held.q.val();
        self.place.next = self.place_held.q.val();
        self.ended.next = self.judge.ended.val();
        self.control.next = self.judge.control.val();
        self.serial.next = self.number.q.val();
        self.code.next = self.trouble.q.val();
    }
}
