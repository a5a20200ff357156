//! Requests to deeds: reads a request's words, does what it says, and gives its reply.
//!
//! ```text
//! resting -> heading -> sizing -> sorting -> targeting -> addressing -> counting -> summing -> measuring -> judging
//!                                    |                                                                       |
//!                                 (RECALL, SELFTEST)                                                replying / writing
//! ```
//!
//! Nothing is done before everything about a request is known to be right: then come `replying` and `streaming` (cues and
//! rows go through the core's streams), `reading`, or `writing` and `replying`. What is wrong with a request is its `code`:
//! the rest of its words is skipped, and the reply is an error.
//!
//! Every state is a register of its own, every register's next value a sum of products of them, and what a state asks was
//! registered before it: there are a dozen cycles for every word, but each must be as short as the core's.

use super::{READ, RECALL, SELF_TEST, VERSION, WRITE, error, fits::Fits, judge::Judge, receive::PLACE_BITS};
use crate::{
    blocks::{INDEX_BITS, Index, constant},
    plan::Plan,
};
use rust_hdl::prelude::*;

/// Carries requests out.
#[derive(Clone, Debug, LogicBlock)]
pub struct Execute {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Hold everything.
    pub reset: Signal<In, Bit>,
    /// The buffer's word at `place`, two cycles later.
    pub word: Signal<In, Bits<16>>,
    /// The end of what can be read.
    pub written: Signal<In, Bits<PLACE_BITS>>,
    /// The reply's word, or its end, is taken.
    pub send_ready: Signal<In, Bit>,
    /// The core takes a word.
    pub in_ready: Signal<In, Bit>,
    /// The core has a word.
    pub out_valid: Signal<In, Bit>,
    /// The word.
    pub out_data: Signal<In, Bits<16>>,
    /// The page's word at `address`, a cycle later.
    pub page_word: Signal<In, Bits<16>>,
    /// The table's, three cycles later.
    pub read_data: Signal<In, Bits<16>>,
    /// The device was just configured.
    pub cold: Signal<In, Bit>,
    /// The numbers of a self-test are out of range.
    pub test_beyond: Signal<In, Bit>,
    /// A self-test is over.
    pub test_over: Signal<In, Bit>,
    /// The place of the buffer that is read.
    pub place: Signal<Out, Bits<PLACE_BITS>>,
    /// A word of the reply.
    pub send_valid: Signal<Out, Bit>,
    /// The word.
    pub send_word: Signal<Out, Bits<16>>,
    /// The reply is over.
    pub finish: Signal<Out, Bit>,
    /// A word of a cue for the core.
    pub in_valid: Signal<Out, Bit>,
    /// The word.
    pub in_data: Signal<Out, Bits<16>>,
    /// A word of the core's answer is taken.
    pub out_ready: Signal<Out, Bit>,
    /// Write the buffer's word to the page.
    pub page_write: Signal<Out, Bit>,
    /// Write it to a row.
    pub load_row: Signal<Out, Bit>,
    /// Write it to the kernel table.
    pub load_kernel: Signal<Out, Bit>,
    /// Write it to the threshold table.
    pub load_threshold: Signal<Out, Bit>,
    /// Write it to the sizes.
    pub load_size: Signal<Out, Bit>,
    /// The bank of a row.
    pub bank: Signal<Out, Bits<2>>,
    /// Where to write, and to read.
    pub address: Signal<Out, Index>,
    /// The core's next answer is the row there.
    pub read_row: Signal<Out, Bit>,
    /// Read the kernel table there.
    pub read_kernel: Signal<Out, Bit>,
    /// Read the threshold table there.
    pub read_threshold: Signal<Out, Bit>,
    /// The buffer's word is one of a self-test's numbers.
    pub test_fill: Signal<Out, Bit>,
    /// A self-test begins.
    pub test_start: Signal<Out, Bit>,
    judge: Judge,
    fits: Fits,
    /// Nothing to do: what an entry of the buffer would say is looked at all the time.
    resting: DFF<Bit>,
    /// The header comes.
    heading: DFF<Bit>,
    /// The length is looked at.
    sizing: DFF<Bit>,
    /// It is known.
    sized: DFF<Bit>,
    /// And what would be wrong.
    ranked: DFF<Bit>,
    /// What kind is it?
    sorting: DFF<Bit>,
    /// The target comes.
    targeting: DFF<Bit>,
    /// The address.
    addressing: DFF<Bit>,
    /// The count.
    counting: DFF<Bit>,
    /// Where does it end?
    summing: DFF<Bit>,
    /// It is known.
    summed: DFF<Bit>,
    /// What is wrong with it?
    measuring: DFF<Bit>,
    /// It is known.
    measured: DFF<Bit>,
    /// And what its first word says of it.
    heard: DFF<Bit>,
    /// Is anything?
    judging: DFF<Bit>,
    /// The reply's header.
    replying: DFF<Bit>,
    /// Words are written.
    writing: DFF<Bit>,
    /// A word is written.
    storing: DFF<Bit>,
    /// Words are read.
    reading: DFF<Bit>,
    /// A row is asked for.
    asking: DFF<Bit>,
    /// Words go to the core, and come from it.
    streaming: DFF<Bit>,
    /// The numbers of a self-test are handed on.
    filling: DFF<Bit>,
    /// All of them are there.
    filled_up: DFF<Bit>,
    /// Are they right?
    weighing: DFF<Bit>,
    /// It runs.
    testing: DFF<Bit>,
    /// A wrong request's words are passed over.
    skipping: DFF<Bit>,
    /// The error's header.
    naming: DFF<Bit>,
    /// Its code.
    coding: DFF<Bit>,
    /// Its detail.
    detailing: DFF<Bit>,
    /// The reply ends.
    finishing: DFF<Bit>,
    /// The state takes words of the buffer.
    wanted: DFF<Bit>,
    fresh: DFF<Bit>,
    settled: DFF<Bit>,
    ahead: DFF<Bit>,
    used: DFF<Bit>,
    stepped: DFF<Bit>,
    looked: DFF<Bit>,
    at: DFF<Bits<PLACE_BITS>>,
    left: DFF<Bits<9>>,
    whole: DFF<Bit>,
    code: DFF<Bits<4>>,
    /// What is wrong if nothing of it is right; and that it is the version.
    sort_code: DFF<Bits<4>>,
    outdated: DFF<Bit>,
    serial: DFF<Bits<8>>,
    current: DFF<Bit>,
    is_read: DFF<Bit>,
    is_write: DFF<Bit>,
    is_recall: DFF<Bit>,
    is_test: DFF<Bit>,
    three_long: DFF<Bit>,
    five_long: DFF<Bit>,
    short: DFF<Bit>,
    recall_fits: DFF<Bit>,
    on_page: DFF<Bit>,
    on_kernel: DFF<Bit>,
    on_threshold: DFF<Bit>,
    on_rows: DFF<Bit>,
    stray: DFF<Bit>,
    far: DFF<Bit>,
    bank_held: DFF<Bits<2>>,
    place_held: DFF<Bits<16>>,
    count: DFF<Bits<16>>,
    same: DFF<Bit>,
    on_sizes: DFF<Bit>,
    /// One bit that moves up, a cycle a place, until what is read is there; then it is.
    waits: DFF<Bits<5>>,
    poised: DFF<Bit>,
    /// What is said was chosen: it is offered.
    talking: DFF<Bit>,
    said: DFF<Bits<16>>,
    row_asked: DFF<Bit>,
    filled: DFF<Bit>,
    nonce: DFF<Bits<16>>,
    invalid: DFF<Bit>,
    more: Signal<Local, Bit>,
    taking: Signal<Local, Bit>,
    step: Signal<Local, Bit>,
    header: Signal<Local, Bits<16>>,
    target: Signal<Local, Bits<2>>,
    number: Signal<Local, Bits<4>>,
    recall_right: Signal<Local, Bit>,
    other_right: Signal<Local, Bit>,
    test_right: Signal<Local, Bit>,
    test_runs: Signal<Local, Bit>,
    offering: Signal<Local, Bit>,
    sent: Signal<Local, Bit>,
    read_over: Signal<Local, Bit>,
    stream_over: Signal<Local, Bit>,
    talked: Signal<Local, Bit>,
    begins: Signal<Local, Bits<5>>,
    waited: Signal<Local, Bit>,
    streamed: Signal<Local, Bits<16>>,
    one_place: Constant<Bits<PLACE_BITS>>,
    one_left: Constant<Bits<9>>,
    two_left: Constant<Bits<9>>,
    four_left: Constant<Bits<9>>,
    one_word: Constant<Bits<16>>,
    first_wait: Constant<Bits<5>>,
    no_wait: Constant<Bits<5>>,
    version: Constant<Bits<4>>,
    read_kind: Constant<Bits<4>>,
    write_kind: Constant<Bits<4>>,
    recall_kind: Constant<Bits<4>>,
    test_kind: Constant<Bits<4>>,
    read_reply: Constant<Bits<16>>,
    write_reply: Constant<Bits<16>>,
    recall_reply: Constant<Bits<16>>,
    test_reply: Constant<Bits<16>>,
    reply_mark: Constant<Bits<16>>,
    tests: Constant<Bit>,
    eight: Constant<Bits<16>>,
    nothing: Constant<Bits<16>>,
    page_region: Constant<Bits<2>>,
    kernel_region: Constant<Bits<2>>,
    threshold_region: Constant<Bits<2>>,
    rows_region: Constant<Bits<2>>,
    stray_bits: Constant<Bits<16>>,
    far_bits: Constant<Bits<16>>,
    first_held: Constant<Bits<16>>,
    size_words: Constant<Bits<16>>,
    version_code: Constant<Bits<4>>,
    kind_code: Constant<Bits<4>>,
    length_code: Constant<Bits<4>>,
    range_code: Constant<Bits<4>>,
    invalid_code: Constant<Bits<4>>,
    /// Nothing valid is there after configuration: a load is under way, as the page says.
    empty: Constant<Bit>,
    first_nonce: Constant<Bits<16>>,
}

impl Execute {
    /// For the core of a plan, with a self-test beside it or without.
    pub fn new(plan: &Plan, tests: bool) -> Self {
        Execute {
            clock: Signal::default(),
            reset: Signal::default(),
            word: Signal::default(),
            written: Signal::default(),
            send_ready: Signal::default(),
            in_ready: Signal::default(),
            out_valid: Signal::default(),
            out_data: Signal::default(),
            page_word: Signal::default(),
            read_data: Signal::default(),
            cold: Signal::default(),
            test_beyond: Signal::default(),
            test_over: Signal::default(),
            place: Signal::default(),
            send_valid: Signal::default(),
            send_word: Signal::default(),
            finish: Signal::default(),
            in_valid: Signal::default(),
            in_data: Signal::default(),
            out_ready: Signal::default(),
            page_write: Signal::default(),
            load_row: Signal::default(),
            load_kernel: Signal::default(),
            load_threshold: Signal::default(),
            load_size: Signal::default(),
            bank: Signal::default(),
            address: Signal::default(),
            read_row: Signal::default(),
            read_kernel: Signal::default(),
            read_threshold: Signal::default(),
            test_fill: Signal::default(),
            test_start: Signal::default(),
            judge: Judge::new(plan),
            fits: Fits::new(plan),
            resting: DFF::default(),
            heading: DFF::default(),
            sizing: DFF::default(),
            sized: DFF::default(),
            ranked: DFF::default(),
            sorting: DFF::default(),
            targeting: DFF::default(),
            addressing: DFF::default(),
            counting: DFF::default(),
            summing: DFF::default(),
            summed: DFF::default(),
            measuring: DFF::default(),
            measured: DFF::default(),
            heard: DFF::default(),
            judging: DFF::default(),
            replying: DFF::default(),
            writing: DFF::default(),
            storing: DFF::default(),
            reading: DFF::default(),
            asking: DFF::default(),
            streaming: DFF::default(),
            filling: DFF::default(),
            filled_up: DFF::default(),
            weighing: DFF::default(),
            testing: DFF::default(),
            skipping: DFF::default(),
            naming: DFF::default(),
            coding: DFF::default(),
            detailing: DFF::default(),
            finishing: DFF::default(),
            wanted: DFF::default(),
            fresh: DFF::default(),
            settled: DFF::default(),
            ahead: DFF::default(),
            used: DFF::default(),
            stepped: DFF::default(),
            looked: DFF::default(),
            at: DFF::default(),
            left: DFF::default(),
            whole: DFF::default(),
            code: DFF::default(),
            sort_code: DFF::default(),
            outdated: DFF::default(),
            serial: DFF::default(),
            current: DFF::default(),
            is_read: DFF::default(),
            is_write: DFF::default(),
            is_recall: DFF::default(),
            is_test: DFF::default(),
            three_long: DFF::default(),
            five_long: DFF::default(),
            short: DFF::default(),
            recall_fits: DFF::default(),
            on_page: DFF::default(),
            on_kernel: DFF::default(),
            on_threshold: DFF::default(),
            on_rows: DFF::default(),
            stray: DFF::default(),
            far: DFF::default(),
            bank_held: DFF::default(),
            place_held: DFF::default(),
            count: DFF::default(),
            same: DFF::default(),
            on_sizes: DFF::default(),
            waits: DFF::default(),
            poised: DFF::default(),
            talking: DFF::default(),
            said: DFF::default(),
            row_asked: DFF::default(),
            filled: DFF::default(),
            nonce: DFF::default(),
            invalid: DFF::default(),
            more: Signal::default(),
            taking: Signal::default(),
            step: Signal::default(),
            header: Signal::default(),
            target: Signal::default(),
            number: Signal::default(),
            recall_right: Signal::default(),
            other_right: Signal::default(),
            test_right: Signal::default(),
            test_runs: Signal::default(),
            offering: Signal::default(),
            sent: Signal::default(),
            read_over: Signal::default(),
            stream_over: Signal::default(),
            talked: Signal::default(),
            begins: Signal::default(),
            waited: Signal::default(),
            streamed: Signal::default(),
            one_place: constant(1),
            one_left: constant(1),
            two_left: constant(2),
            four_left: constant(4),
            one_word: constant(1),
            first_wait: constant(1),
            no_wait: constant(0),
            version: constant(VERSION),
            read_kind: constant(READ),
            write_kind: constant(WRITE),
            recall_kind: constant(RECALL),
            test_kind: constant(SELF_TEST),
            read_reply: constant(READ),
            write_reply: constant(WRITE),
            recall_reply: constant(RECALL),
            test_reply: constant(SELF_TEST),
            reply_mark: constant(1 << 7 | VERSION << 4),
            tests: Constant::new(tests),
            eight: constant(8),
            nothing: constant(0),
            page_region: constant(0),
            kernel_region: constant(1),
            threshold_region: constant(2),
            rows_region: constant(3),
            stray_bits: constant(0x00fc),
            far_bits: constant(0xfc00),
            first_held: constant(64),
            size_words: constant(0xfff8),
            version_code: constant(error::VERSION),
            kind_code: constant(error::KIND),
            length_code: constant(error::LENGTH),
            range_code: constant(error::RANGE),
            invalid_code: constant(error::INVALID),
            empty: Constant::new(plan.spram_lanes > 0),
            first_nonce: constant(super::page::first_begin(plan).into()),
        }
    }
}

impl Logic for Execute {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: execute");
        dff_setup!(
            self,
            clock,
            resting,
            heading,
            sizing,
            sized,
            ranked,
            sorting,
            targeting,
            addressing,
            counting,
            summing,
            summed,
            measuring,
            measured,
            heard,
            judging,
            replying,
            writing,
            storing,
            reading,
            asking,
            streaming,
            filling,
            filled_up,
            weighing,
            testing,
            skipping,
            naming,
            coding,
            detailing,
            finishing,
            wanted,
            fresh,
            settled,
            ahead,
            used,
            stepped,
            looked,
            at,
            left,
            whole,
            code,
            sort_code,
            outdated,
            serial,
            current,
            is_read,
            is_write,
            is_recall,
            is_test,
            three_long,
            five_long,
            short,
            recall_fits,
            on_page,
            on_kernel,
            on_threshold,
            on_rows,
            stray,
            far,
            bank_held,
            place_held,
            count,
            same,
            on_sizes,
            waits,
            poised,
            talking,
            said,
            row_asked,
            filled,
            nonce,
            invalid
        );
        comment!(
            "words come from the buffer: each is there two cycles after its place, and after it was written; it is fresh as long as it is wanted and not taken"
        );
        self.place.next = self.at.q.val();
        self.more.next = !self.left.q.val().get_bit(8);
        self.talked.next = self.talking.q.val() & self.send_ready.val();
        self.waited.next = self.waits.q.val().get_bit(4);
        self.taking.next = (self.resting.q.val() | self.heading.q.val())
            | (self.targeting.q.val() | (self.addressing.q.val() | self.counting.q.val()));
        // a state that wants words goes on wanting them until one is taken, or none is left
        self.wanted.d.next = self.taking.val()
            | (self.more.val()
                & ((self.writing.q.val() | self.skipping.q.val()) | (self.filling.q.val() | self.streaming.q.val())));
        self.step.next = self.fresh.q.val() & !(self.streaming.q.val() & !self.in_ready.val());
        self.stepped.d.next = self.step.val();
        self.used.d.next = self.step.val() & !self.resting.q.val();
        if self.stepped.q.val() {
            self.at.d.next = self.at.q.val() + self.one_place.val();
        }
        if self.used.q.val() {
            self.left.d.next = self.left.q.val() - self.one_left.val();
        }
        self.ahead.d.next = self.at.q.val() != self.written.val();
        self.looked.d.next = self.stepped.q.val();
        self.settled.d.next = !(self.step.val() | (self.stepped.q.val() | self.looked.q.val()));
        self.fresh.d.next = (self.settled.q.val() & (self.ahead.q.val() & self.wanted.q.val()))
            & !(self.step.val() | (self.stepped.q.val() | self.looked.q.val()));
        comment!("an entry: the words that follow, less one (bit 14: whole cues), or an error (bit 15)");
        if self.resting.q.val() {
            self.left.d.next = bit_cast::<9, 16>(self.word.val());
            self.whole.d.next = self.word.val().get_bit(14);
            self.serial.d.next = 0.into();
        }
        self.resting.d.next =
            (self.resting.q.val() & !self.fresh.q.val()) | (self.finishing.q.val() & self.send_ready.val());
        self.heading.d.next = (self.resting.q.val() & (self.fresh.q.val() & !self.word.val().get_bit(15)))
            | (self.heading.q.val() & !self.fresh.q.val());
        comment!("the header, and the length that its kind wants");
        self.number.next = bit_cast::<4, 16>(self.word.val());
        if self.heading.q.val() {
            self.serial.d.next = bit_cast::<8, 16>(self.word.val() >> self.eight.val());
            self.current.d.next = bit_cast::<4, 16>(self.word.val() >> 4) == self.version.val();
            self.is_read.d.next = self.number.val() == self.read_kind.val();
            self.is_write.d.next = self.number.val() == self.write_kind.val();
            self.is_recall.d.next = self.number.val() == self.recall_kind.val();
            self.is_test.d.next = (self.number.val() == self.test_kind.val()) & self.tests.val();
        }
        self.sizing.d.next = self.heading.q.val() & self.fresh.q.val();
        self.three_long.d.next = self.left.q.val() == self.two_left.val();
        self.five_long.d.next = self.left.q.val() == self.four_left.val();
        self.short.d.next = self.left.q.val().get_bit(8) | !(self.left.q.val() >> 1).any();
        self.sized.d.next = self.sizing.q.val();
        self.ranked.d.next = self.sized.q.val();
        self.sorting.d.next = self.ranked.q.val();
        self.recall_fits.d.next = self.is_recall.q.val() & (self.whole.q.val() & self.more.val());
        self.recall_right.next = self.current.q.val() & (self.recall_fits.q.val() & !self.invalid.q.val());
        self.other_right.next = self.current.q.val()
            & ((self.is_read.q.val() & self.three_long.q.val()) | (self.is_write.q.val() & !self.short.q.val()));
        self.test_right.next = self.current.q.val() & (self.is_test.q.val() & self.five_long.q.val());
        comment!("a self-test's numbers, each a cycle after it was there: the buffer still shows it; then it runs");
        self.filling.d.next = (self.sorting.q.val() & self.test_right.val()) | (self.filling.q.val() & self.more.val());
        self.filled_up.d.next = self.filling.q.val() & !self.more.val();
        self.weighing.d.next = self.filled_up.q.val();
        self.filled.d.next = self.filling.q.val() & self.fresh.q.val();
        self.test_fill.next = self.filled.q.val();
        self.test_runs.next = self.weighing.q.val() & !(self.test_beyond.val() | self.invalid.q.val());
        self.test_start.next = self.test_runs.val();
        self.testing.d.next = self.test_runs.val() | (self.testing.q.val() & !self.test_over.val());
        comment!("target, address, count");
        self.target.next = bit_cast::<2, 16>(self.word.val());
        self.targeting.d.next =
            (self.sorting.q.val() & self.other_right.val()) | (self.targeting.q.val() & !self.fresh.q.val());
        if self.targeting.q.val() {
            self.on_page.d.next = self.target.val() == self.page_region.val();
            self.on_kernel.d.next = self.target.val() == self.kernel_region.val();
            self.on_threshold.d.next = self.target.val() == self.threshold_region.val();
            self.on_rows.d.next = self.target.val() == self.rows_region.val();
            self.bank_held.d.next = bit_cast::<2, 16>(self.word.val() >> self.eight.val());
            self.stray.d.next = (self.word.val() & self.stray_bits.val()).any();
            self.far.d.next = (self.word.val() & self.far_bits.val()).any();
        }
        self.addressing.d.next =
            (self.targeting.q.val() & self.fresh.q.val()) | (self.addressing.q.val() & !self.fresh.q.val());
        self.counting.d.next = (self.addressing.q.val() & (self.fresh.q.val() & self.is_read.q.val()))
            | (self.counting.q.val() & !self.fresh.q.val());
        self.offering.next = self.reading.q.val() & self.poised.q.val();
        self.sent.next = self.offering.val() & self.send_ready.val();
        if self.addressing.q.val() {
            self.place_held.d.next = self.word.val();
        } else {
            if self.sent.val() | (self.storing.q.val() & !self.on_rows.q.val()) {
                self.place_held.d.next = self.place_held.q.val() + self.one_word.val();
            }
        }
        if self.addressing.q.val() | self.counting.q.val() {
            self.count.d.next = self.word.val();
            if self.addressing.q.val() {
                self.count.d.next = bit_cast::<16, 9>(self.left.q.val());
            }
        }
        comment!("all that can be wrong with it");
        self.summing.d.next = (self.addressing.q.val() & (self.fresh.q.val() & self.is_write.q.val()))
            | (self.counting.q.val() & self.fresh.q.val());
        self.summed.d.next = self.summing.q.val();
        self.measuring.d.next = self.summed.q.val();
        self.measured.d.next = self.measuring.q.val();
        self.heard.d.next = self.measured.q.val();
        self.judging.d.next = self.heard.q.val();
        self.judge.clock.next = self.clock.val();
        self.judge.reading.next = self.reading.q.val();
        self.judge.place.next = self.place_held.q.val();
        self.judge.count.next = self.count.q.val();
        self.judge.bank.next = self.bank_held.q.val();
        self.judge.stray.next = self.stray.q.val();
        self.judge.far.next = self.far.q.val();
        self.judge.on_page.next = self.on_page.q.val();
        self.judge.on_kernel.next = self.on_kernel.q.val();
        self.judge.on_threshold.next = self.on_threshold.q.val();
        self.judge.on_rows.next = self.on_rows.q.val();
        self.judge.is_read.next = self.is_read.q.val();
        self.judge.is_write.next = self.is_write.q.val();
        self.judge.invalid.next = self.invalid.q.val();
        self.judge.same.next = self.same.q.val();
        self.judge.unfit.next = self.fits.wrong.val();
        self.same.d.next = self.word.val() == self.nonce.q.val();
        comment!("what is wrong with it");
        if self.resting.q.val() {
            self.code.d.next = bit_cast::<4, 16>(self.word.val());
        }
        self.sort_code.d.next = self.kind_code.val();
        if (self.is_read.q.val() | self.is_write.q.val()) | (self.is_recall.q.val() | self.is_test.q.val()) {
            self.sort_code.d.next = self.length_code.val();
        }
        if self.recall_fits.q.val() {
            self.sort_code.d.next = self.invalid_code.val();
        }
        if !self.current.q.val() {
            self.sort_code.d.next = self.version_code.val();
        }
        if self.sorting.q.val() {
            self.code.d.next = self.sort_code.q.val();
        }
        if self.judging.q.val() {
            self.code.d.next = self.judge.code.val();
        }
        if self.weighing.q.val() {
            self.code.d.next = self.invalid_code.val();
            // its range is that of the memory, so there must be one
            if self.test_beyond.val() & !self.invalid.q.val() {
                self.code.d.next = self.range_code.val();
            }
        }
        self.skipping.d.next = (self.sorting.q.val()
            & !(self.recall_right.val() | (self.other_right.val() | self.test_right.val())))
            | ((self.judging.q.val() & !self.judge.right.val()) | (self.skipping.q.val() & self.more.val()));
        self.naming.d.next = (self.resting.q.val() & (self.fresh.q.val() & self.word.val().get_bit(15)))
            | ((self.skipping.q.val() & !self.more.val())
                | ((self.weighing.q.val() & !self.test_runs.val()) | (self.naming.q.val() & !self.talked.val())));
        self.coding.d.next = (self.naming.q.val() & self.talked.val()) | (self.coding.q.val() & !self.talked.val());
        self.detailing.d.next =
            (self.coding.q.val() & self.talked.val()) | (self.detailing.q.val() & !self.talked.val());
        comment!("write: a word a turn, a cycle after it was there: until then neither it nor its place changes");
        self.writing.d.next = (self.judging.q.val() & (self.judge.right.val() & self.is_write.q.val()))
            | (self.writing.q.val() & self.more.val());
        self.on_sizes.d.next =
            self.on_page.q.val() & ((self.place_held.q.val() & self.size_words.val()) == self.first_held.val());
        self.storing.d.next = self.writing.q.val() & self.fresh.q.val();
        self.page_write.next = self.storing.q.val() & self.on_page.q.val();
        self.load_size.next = self.storing.q.val() & self.on_sizes.q.val();
        self.load_row.next = self.storing.q.val() & self.on_rows.q.val();
        self.load_kernel.next = self.storing.q.val() & self.on_kernel.q.val();
        self.load_threshold.next = self.storing.q.val() & self.on_threshold.q.val();
        self.fits.clock.next = self.clock.val();
        self.fits.cold.next = self.cold.val();
        self.fits.write.next = self.storing.q.val() & self.on_sizes.q.val();
        self.fits.which.next = bit_cast::<3, 16>(self.place_held.q.val());
        self.fits.word.next = self.word.val();
        if self.storing.q.val() & self.judge.control.val() {
            self.invalid.d.next = !self.place_held.q.val().get_bit(0);
            if !self.place_held.q.val().get_bit(0) {
                self.nonce.d.next = self.word.val();
            }
        }
        comment!("the reply's header, then what there is to say");
        self.replying.d.next = ((self.sorting.q.val() & self.recall_right.val())
            | (self.judging.q.val() & (self.judge.right.val() & self.is_read.q.val())))
            | ((self.writing.q.val() & !self.more.val())
                | ((self.testing.q.val() & self.test_over.val()) | (self.replying.q.val() & !self.talked.val())));
        // not before the first word: a request reads one at least
        self.read_over.next = self.waits.q.val().get_bit(3) & self.judge.ended.val();
        self.stream_over.next = !self.more.val() & (self.in_ready.val() & !self.out_valid.val());
        self.reading.d.next = (self.replying.q.val()
            & (self.talked.val() & (self.is_read.q.val() & !self.on_rows.q.val())))
            | (self.reading.q.val() & !self.read_over.val());
        self.asking.d.next = (self.replying.q.val()
            & (self.talked.val() & (self.is_read.q.val() & self.on_rows.q.val())))
            | (self.asking.q.val() & !self.waited.val());
        self.streaming.d.next = (self.replying.q.val() & (self.talked.val() & self.is_recall.q.val()))
            | ((self.asking.q.val() & self.waited.val()) | (self.streaming.q.val() & !self.stream_over.val()));
        self.finishing.d.next = ((self.replying.q.val()
            & (self.talked.val() & (self.is_write.q.val() | self.is_test.q.val())))
            | (self.reading.q.val() & self.read_over.val()))
            | ((self.streaming.q.val() & self.stream_over.val())
                | ((self.detailing.q.val() & self.talked.val()) | (self.finishing.q.val() & !self.send_ready.val())));
        comment!(
            "a table's word is there five cycles after its place; a core that is asked for a row seems ready for as long"
        );
        self.begins.next = self.no_wait.val();
        if (self.replying.q.val() & (self.talked.val() & self.is_read.q.val())) | self.sent.val() {
            self.begins.next = self.first_wait.val();
        }
        self.waits.d.next = (self.waits.q.val() << 1) | self.begins.val();
        self.poised.d.next = self.reading.q.val() & (self.waited.val() | (self.poised.q.val() & !self.sent.val()));
        self.row_asked.d.next = self.asking.q.val() & self.waits.q.val().get_bit(0);
        self.read_row.next = self.row_asked.q.val();
        self.in_valid.next = self.streaming.q.val() & self.fresh.q.val();
        self.in_data.next = self.word.val();
        self.out_ready.next = self.streaming.q.val() & self.send_ready.val();
        comment!("what is said is a word of the link's own, chosen a cycle before it is offered, or one of the core's");
        self.talking.d.next = ((self.replying.q.val() | self.naming.q.val())
            | (self.coding.q.val() | self.detailing.q.val()))
            & !self.talked.val();
        self.send_valid.next =
            self.talking.q.val() | (self.offering.val() | (self.streaming.q.val() & self.out_valid.val()));
        self.finish.next = self.finishing.q.val();
        self.header.next = (bit_cast::<16, 8>(self.serial.q.val()) << self.eight.val()) | self.reply_mark.val();
        self.outdated.d.next = self.code.q.val() == self.version_code.val();
        self.said.d.next = self.nothing.val();
        if self.naming.q.val() {
            self.said.d.next = self.header.val();
        }
        if self.replying.q.val() {
            self.said.d.next = self.header.val() | self.recall_reply.val();
            if self.is_read.q.val() {
                self.said.d.next = self.header.val() | self.read_reply.val();
            }
            if self.is_write.q.val() {
                self.said.d.next = self.header.val() | self.write_reply.val();
            }
            if self.is_test.q.val() {
                self.said.d.next = self.header.val() | self.test_reply.val();
            }
        }
        if self.coding.q.val() {
            self.said.d.next = bit_cast::<16, 4>(self.code.q.val());
        }
        if self.detailing.q.val() & self.outdated.q.val() {
            self.said.d.next = self.one_word.val();
        }
        if self.reading.q.val() {
            self.said.d.next = self.read_data.val();
            if self.on_page.q.val() {
                self.said.d.next = self.page_word.val();
            }
        }
        self.streamed.next = self.nothing.val();
        if self.streaming.q.val() {
            self.streamed.next = self.out_data.val();
        }
        self.send_word.next = self.said.q.val() | self.streamed.val();
        if self.cold.val() {
            self.invalid.d.next = self.empty.val();
            self.nonce.d.next = self.first_nonce.val();
        }
        if self.reset.val() {
            self.resting.d.next = true;
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
            self.replying.d.next = false;
            self.writing.d.next = false;
            self.storing.d.next = false;
            self.reading.d.next = false;
            self.asking.d.next = false;
            self.streaming.d.next = false;
            self.filling.d.next = false;
            self.filled_up.d.next = false;
            self.weighing.d.next = false;
            self.testing.d.next = false;
            self.skipping.d.next = false;
            self.naming.d.next = false;
            self.coding.d.next = false;
            self.detailing.d.next = false;
            self.finishing.d.next = false;
            self.at.d.next = 0.into();
            self.filled.d.next = false;
            self.wanted.d.next = false;
            self.fresh.d.next = false;
            self.talking.d.next = false;
            self.poised.d.next = false;
            self.waits.d.next = self.no_wait.val();
            self.stepped.d.next = false;
            self.looked.d.next = false;
            self.used.d.next = false;
            self.settled.d.next = false;
        }
        comment!("to the core's memories");
        self.bank.next = self.bank_held.q.val();
        self.address.next = bit_cast::<INDEX_BITS, 16>(self.place_held.q.val());
        self.read_kernel.next = self.reading.q.val() & self.on_kernel.q.val();
        self.read_threshold.next = self.reading.q.val() & self.on_threshold.q.val();
    }
}
