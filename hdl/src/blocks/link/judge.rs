//! What is wrong with a READ or a WRITE: where it ends, where it may, and what its target allows.
//!
//! Everything here is looked at all the time, a register for each question: seven cycles after the last of a request's words is
//! there, `right` and `code` are about it. What the target alone decides was known long before.

use super::error;
use crate::blocks::prelude::*;
use crate::contents::Plan;
use hopgate_wire::page;

// begin and commit are a pair, the sizes eight words, and all that a WRITE reaches has seven bits
const _: () = assert!(page::BEGIN.is_multiple_of(2) && page::COMMIT == page::BEGIN + 1 && page::HELD.is_multiple_of(8));
const _: () = assert!(page::COUNTERS == 1 << 7);

/// Judges requests.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Judge {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// The request's address.
    pub place: Signal<In, Bits<16>>,
    /// The words that it reads or writes.
    pub count: Signal<In, Bits<16>>,
    /// The bank of its target.
    pub bank: Signal<In, Bits<2>>,
    /// Its target has bits of a region that none has.
    pub stray: Signal<In, Bit>,
    /// And of a bank that none has.
    pub far: Signal<In, Bit>,
    /// It is about the page.
    pub on_page: Signal<In, Bit>,
    /// It is about the kernel table.
    pub on_kernel: Signal<In, Bit>,
    /// It is about the threshold table.
    pub on_threshold: Signal<In, Bit>,
    /// It is about a row, of keys or of values.
    pub on_rows: Signal<In, Bit>,
    /// Where values are apart from the keys: it is one of values.
    pub on_values: Vec<Signal<In, Bit>>,
    /// It reads.
    pub is_read: Signal<In, Bit>,
    /// It writes.
    pub is_write: Signal<In, Bit>,
    /// No memory is valid: a load has begun.
    pub invalid: Signal<In, Bit>,
    /// Its first word is the number of the last load that began.
    pub same: Signal<In, Bit>,
    /// A size of the memory that is loaded is none that the core has.
    pub unfit: Signal<In, Bit>,
    /// Where the board learns: the place is a pattern that is to be forgotten, and `count` the complement of how many there are.
    pub is_forget: Vec<Signal<In, Bit>>,
    /// How many there are.
    pub row: Vec<Signal<In, Index>>,
    /// Nothing is wrong.
    pub right: Signal<Out, Bit>,
    /// What is.
    pub code: Signal<Out, Bits<4>>,
    /// Words are read: where that ends stays as it is.
    pub reading: Signal<In, Bit>,
    /// And `place` is there.
    pub ended: Signal<Out, Bit>,
    /// The address is that of begin or of commit.
    pub control: Signal<Out, Bit>,
    /// It is that of a size.
    pub on_sizes: Signal<Out, Bit>,
    ends: Register<Bits<16>>,
    /// That has a bit more, known a cycle later: a carry that leaves its chain takes half of one.
    over: Register<Bit>,
    limit: Register<Bits<17>>,
    /// Both ends are beyond what is told apart on the page.
    high: Register<Bit>,
    ends_high: Register<Bit>,
    early: Register<Bit>,
    low: Register<Bit>,
    ends_above: Register<Bit>,
    /// The place is where it ends: its lower byte, its higher one.
    low_ended: Register<Bit>,
    high_ended: Register<Bit>,
    sizes_held: Register<Bit>,
    few: Register<Bit>,
    low_small: Register<Bit>,
    low_row: Register<Bit>,
    half: Register<Bit>,
    past: Register<Bit>,
    beyond: Register<Bit>,
    unheld: Register<Bit>,
    uneven: Register<Bit>,
    forbidden: Register<Bit>,
    control_held: Register<Bit>,
    touching: Register<Bit>,
    alone: Register<Bit>,
    lone_control: Register<Bit>,
    disorder: Register<Bit>,
    right_held: Register<Bit>,
    code_held: Register<Bits<4>>,
    sum: Signal<Local, Bits<18>>,
    left: Signal<Local, Bits<18>>,
    carry: Literal<18, 0x1_0000>,
    page_limit: Literal<17, { page::WORDS }>,
    write_limit: Literal<17, { page::COUNTERS }>,
    kernel_limit: Constant<Bits<17>>,
    threshold_limit: Constant<Bits<17>>,
    rows_limit: Constant<Bits<17>>,
    values_limit: Vec<Constant<Bits<17>>>,
    row_words: Constant<Bits<9>>,
    value_words: Vec<Constant<Bits<9>>>,
    no_bank: Constant<Bits<2>>,
    begin_pair: Literal<6, { page::BEGIN / 2 }>,
    begin_word: Literal<7, { page::BEGIN }>,
    first_held: Literal<7, { page::HELD }>,
    first_sizes: Literal<4, { page::HELD / 8 }>,
    eight: Literal<16, 8>,
    length_code: Literal<4, { error::LENGTH }>,
    target_code: Literal<4, { error::TARGET }>,
    range_code: Literal<4, { error::RANGE }>,
    order_code: Literal<4, { error::ORDER }>,
    no_table: Constant<Bit>,
    no_threshold: Constant<Bit>,
    fixed: Constant<Bit>,
    behind: Signal<Local, Index>,
    odd_place: Signal<Local, Bits<17>>,
    odd_count: Signal<Local, Bits<17>>,
    odd_sum: Signal<Local, Bits<17>>,
    one_bit: Literal<17, 1>,
    _values: usize,
    _learns: usize,
}

impl Judge {
    /// For the core of a plan.
    pub fn new(plan: &Plan) -> Self {
        let [values, learns] = [plan.valued(), plan.learns].map(usize::from);
        Judge {
            is_forget: many(learns),
            row: many(learns),
            _learns: learns,
            on_values: many(values),
            values_limit: (0..values).map(|_| constant(plan.value_depth() + plan.value_lanes() - 1)).collect(),
            value_words: (0..values).map(|_| constant(plan.value_lanes())).collect(),
            _values: values,
            kernel_limit: constant(plan.table.words.len()),
            threshold_limit: constant(2 * plan.table.words.len()),
            // a row is one place, but as many words as it has lanes: any other count is wrong in itself
            rows_limit: constant(plan.row_depth() + plan.lanes() - 1),
            row_words: constant(plan.lanes()),
            // a power of two of banks
            no_bank: constant(3 & !(plan.parallel - 1)),
            no_table: Constant::new(plan.columns() == 0 || !plan.loadable),
            no_threshold: Constant::new(plan.threshold.is_none() || !plan.loadable),
            fixed: Constant::new(!plan.loadable),
            ..Default::default()
        }
    }
}

impl Logic for Judge {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: judge");
        comment!("where it ends, and where it may");
        if !self.reading.val() {
            self.ends.d.next = self.place.val() + self.count.val();
        }
        self.odd_place.next = 0.into();
        self.odd_count.next = 0.into();
        self.odd_sum.next = 0.into();
        for l in 0..self._learns {
            // the number's complement and one are its negative: a carry leaves if the place is no less than it
            self.odd_place.next = (bit_cast::<17, 16>(self.place.val()) << 1) | self.one_bit.val();
            self.odd_count.next = bit_cast::<17, 16>(self.count.val()) << 1;
            if self.is_forget[l].val() {
                self.odd_count.next = (bit_cast::<17, 16>(self.count.val()) << 1) | self.one_bit.val();
            }
            self.odd_sum.next = self.odd_place.val() + self.odd_count.val();
            if !self.reading.val() {
                self.ends.d.next = bit_cast::<16, 17>(self.odd_sum.val() >> 1);
            }
        }
        self.over.d.next = (self.place.val().get_bit(15) & self.count.val().get_bit(15))
            | ((self.place.val().get_bit(15) | self.count.val().get_bit(15)) & !self.ends.q.val().get_bit(15));
        self.sum.next = bit_cast::<18, 16>(self.ends.q.val());
        if self.over.q.val() {
            self.sum.next = bit_cast::<18, 16>(self.ends.q.val()) | self.carry.val();
        }
        self.low_ended.d.next = bit_cast::<8, 16>(self.place.val()) == bit_cast::<8, 16>(self.ends.q.val());
        self.high_ended.d.next = (self.place.val() >> self.eight.val()) == (self.ends.q.val() >> self.eight.val());
        self.limit.d.next = self.page_limit.val();
        if self.is_write.val() {
            self.limit.d.next = self.write_limit.val();
        }
        if self.on_kernel.val() {
            self.limit.d.next = self.kernel_limit.val();
        }
        if self.on_threshold.val() {
            self.limit.d.next = self.threshold_limit.val();
        }
        if self.on_rows.val() {
            self.limit.d.next = self.rows_limit.val();
        }
        for v in 0..self._values {
            if self.on_values[v].val() {
                self.limit.d.next = self.values_limit[v].val();
            }
        }
        self.behind.next = 0.into();
        for l in 0..self._learns {
            self.behind.next = self.row[l].val();
        }
        comment!("what can be written of the page is below 128: seven bits, and whether there are others");
        self.high.d.next = (self.place.val() >> 7).any();
        self.ends_high.d.next = (self.ends.q.val() >> 7).any();
        self.early.d.next = (self.on_page.val() & self.is_write.val())
            & (!self.high.q.val() & (bit_cast::<7, 16>(self.place.val()) < self.first_held.val()));
        self.left.next = bit_cast::<18, 17>(self.limit.q.val()) - self.sum.val();
        self.past.d.next = self.left.val().get_bit(17);
        self.beyond.d.next = (self.past.q.val()
            | (self.early.q.val() | (self.far.val() | (self.bank.val() & self.no_bank.val()).any())))
            | self.unheld.q.val();
        comment!("how many words a target takes, and whether there is such a target");
        self.few.d.next = !(self.count.val() >> 9).any();
        self.low_small.d.next = !bit_cast::<8, 16>(self.count.val() >> 1).any();
        self.low_row.d.next = bit_cast::<9, 16>(self.count.val()) == self.row_words.val();
        for v in 0..self._values {
            if self.on_values[v].val() {
                self.low_row.d.next = bit_cast::<9, 16>(self.count.val()) == self.value_words[v].val();
            }
        }
        self.alone.d.next = self.few.q.val() & (self.low_small.q.val() & self.count.val().get_bit(0));
        self.half.d.next = self.on_threshold.val() & (self.count.val().get_bit(0) | self.place.val().get_bit(0));
        self.uneven.d.next = (self.few.q.val() & (self.low_small.q.val() & !self.count.val().get_bit(0)))
            | ((self.on_rows.val() & !(self.few.q.val() & self.low_row.q.val())) | self.half.q.val());
        self.forbidden.d.next = (self.stray.val() | (self.fixed.val() & !(self.on_page.val() & self.is_read.val())))
            | ((self.on_kernel.val() & self.no_table.val())
                | ((self.on_threshold.val() & self.no_threshold.val())
                    | (!self.on_rows.val() & (self.far.val() | self.bank.val().any()))));
        for v in 0..self._values {
            if self.on_values[v].val() & (self.far.val() | self.bank.val().any()) {
                self.forbidden.d.next = true;
            }
        }
        comment!("begin and commit are words of the page, each alone in its request");
        self.control_held.d.next = (self.on_page.val() & !self.high.q.val())
            & (bit_cast::<6, 16>(self.place.val() >> 1) == self.begin_pair.val());
        self.lone_control.d.next = self.control_held.q.val() & self.alone.q.val();
        self.sizes_held.d.next = (self.on_page.val() & !self.high.q.val())
            & (bit_cast::<4, 16>(self.place.val() >> 3) == self.first_sizes.val());
        comment!("a commit of sizes that the core does not have");
        self.unheld.d.next =
            (self.is_write.val() & self.unfit.val()) & (self.lone_control.q.val() & self.place.val().get_bit(0));
        self.low.d.next = bit_cast::<6, 16>(self.place.val() >> 1) <= self.begin_pair.val();
        self.ends_above.d.next = bit_cast::<7, 16>(self.ends.q.val()) > self.begin_word.val();
        self.touching.d.next = (self.on_page.val() & (!self.high.q.val() & self.low.q.val()))
            & (self.ends_high.q.val() | self.ends_above.q.val());
        self.disorder.d.next = !self.invalid.val() | self.touching.q.val();
        if self.lone_control.q.val() {
            self.disorder.d.next = self.same.val() & !self.invalid.val();
            if self.place.val().get_bit(0) {
                self.disorder.d.next = !self.same.val();
            }
        }
        for l in 0..self._learns {
            comment!("of a FORGET, whether it says how many patterns there are, and whether its own is one of them");
            if self.is_forget[l].val() {
                self.beyond.d.next = self.over.q.val();
                self.uneven.d.next = false;
                self.forbidden.d.next = false;
                self.disorder.d.next = self.count.val() != !bit_cast::<16, INDEX_BITS>(self.behind.val());
            }
        }
        comment!("the first that applies");
        self.right_held.d.next = !((self.forbidden.q.val() | self.uneven.q.val())
            | (self.beyond.q.val() | (self.is_write.val() & self.disorder.q.val())));
        self.code_held.d.next = self.order_code.val();
        if self.beyond.q.val() {
            self.code_held.d.next = self.range_code.val();
        }
        for l in 0..self._learns {
            self.right_held.d.next = !((self.forbidden.q.val() | self.uneven.q.val())
                | (self.beyond.q.val() | ((self.is_write.val() | self.is_forget[l].val()) & self.disorder.q.val())));
            if self.is_forget[l].val() & self.disorder.q.val() {
                self.code_held.d.next = self.order_code.val();
            }
        }
        if self.uneven.q.val() {
            self.code_held.d.next = self.length_code.val();
        }
        if self.forbidden.q.val() {
            self.code_held.d.next = self.target_code.val();
        }
        self.right.next = self.right_held.q.val();
        self.code.next = self.code_held.q.val();
        self.ended.next = self.low_ended.q.val() & self.high_ended.q.val();
        self.on_sizes.next = self.sizes_held.q.val();
        self.control.next = self.control_held.q.val();
    }
}
