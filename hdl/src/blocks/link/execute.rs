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

use super::{
    READ, RECALL, REPLY, SELF_TEST, VERSION, WRITE, error, fits::Fits, judge::Judge, receive::PLACE_BITS, region,
};
use crate::blocks::prelude::*;
use crate::contents::Plan;

/// Carries requests out.
#[derive(Clone, Debug, Default, LogicBlock)]
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
    resting: Register<Bit>,
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
    /// The reply's header.
    replying: Register<Bit>,
    /// Words are written.
    writing: Register<Bit>,
    /// A word is written.
    storing: Register<Bit>,
    /// Words are read.
    reading: Register<Bit>,
    /// A row is asked for.
    asking: Register<Bit>,
    /// Words go to the core, and come from it.
    streaming: Register<Bit>,
    /// The numbers of a self-test are handed on.
    filling: Register<Bit>,
    /// All of them are there.
    filled_up: Register<Bit>,
    /// Are they right?
    weighing: Register<Bit>,
    /// It runs.
    testing: Register<Bit>,
    /// A wrong request's words are passed over.
    skipping: Register<Bit>,
    /// The error's header.
    naming: Register<Bit>,
    /// Its code.
    coding: Register<Bit>,
    /// Its detail.
    detailing: Register<Bit>,
    /// The reply ends.
    finishing: Register<Bit>,
    /// The state takes words of the buffer.
    wanted: Register<Bit>,
    fresh: Register<Bit>,
    settled: Register<Bit>,
    ahead: Register<Bit>,
    used: Register<Bit>,
    stepped: Register<Bit>,
    looked: Register<Bit>,
    at: Register<Bits<PLACE_BITS>>,
    left: Register<Bits<9>>,
    whole: Register<Bit>,
    code: Register<Bits<4>>,
    /// What is wrong if nothing of it is right; and that it is the version.
    sort_code: Register<Bits<4>>,
    outdated: Register<Bit>,
    serial: Register<Bits<8>>,
    current: Register<Bit>,
    is_read: Register<Bit>,
    is_write: Register<Bit>,
    is_recall: Register<Bit>,
    is_test: Register<Bit>,
    three_long: Register<Bit>,
    five_long: Register<Bit>,
    short: Register<Bit>,
    recall_fits: Register<Bit>,
    on_page: Register<Bit>,
    on_kernel: Register<Bit>,
    on_threshold: Register<Bit>,
    on_rows: Register<Bit>,
    stray: Register<Bit>,
    far: Register<Bit>,
    bank_held: Register<Bits<2>>,
    place_held: Register<Bits<16>>,
    count: Register<Bits<16>>,
    same: Register<Bit>,
    on_sizes: Register<Bit>,
    /// One bit that moves up, a cycle a place, until what is read is there; then it is.
    waits: Register<Bits<5>>,
    poised: Register<Bit>,
    /// What is said was chosen: it is offered.
    talking: Register<Bit>,
    said: Register<Bits<16>>,
    row_asked: Register<Bit>,
    filled: Register<Bit>,
    nonce: Register<Bits<16>>,
    invalid: Register<Bit>,
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
    one_place: Literal<PLACE_BITS, 1>,
    one_left: Literal<9, 1>,
    two_left: Literal<9, 2>,
    four_left: Literal<9, 4>,
    one_word: Literal<16, 1>,
    first_wait: Literal<5, 1>,
    no_wait: Literal<5, 0>,
    version: Literal<4, VERSION>,
    read_kind: Literal<4, READ>,
    write_kind: Literal<4, WRITE>,
    recall_kind: Literal<4, RECALL>,
    test_kind: Literal<4, SELF_TEST>,
    read_reply: Literal<16, READ>,
    write_reply: Literal<16, WRITE>,
    recall_reply: Literal<16, RECALL>,
    test_reply: Literal<16, SELF_TEST>,
    reply_mark: Literal<16, { REPLY | VERSION << 4 }>,
    tests: Constant<Bit>,
    eight: Literal<16, 8>,
    nothing: Literal<16, 0>,
    page_region: Literal<2, { region::PAGE }>,
    kernel_region: Literal<2, { region::KERNEL }>,
    threshold_region: Literal<2, { region::THRESHOLD }>,
    rows_region: Literal<2, { region::ROWS }>,
    stray_bits: Literal<16, 0x00fc>,
    far_bits: Literal<16, 0xfc00>,
    first_held: Literal<16, { hopgate_wire::page::HELD }>,
    size_words: Literal<16, 0xfff8>,
    version_code: Literal<4, { error::VERSION }>,
    kind_code: Literal<4, { error::KIND }>,
    length_code: Literal<4, { error::LENGTH }>,
    range_code: Literal<4, { error::RANGE }>,
    invalid_code: Literal<4, { error::INVALID }>,
    /// Nothing valid is there after configuration: a load is under way, as the page says.
    empty: Constant<Bit>,
    first_nonce: Constant<Bits<16>>,
}

impl Execute {
    /// For the core of a plan, with a self-test beside it or without.
    pub fn new(plan: &Plan, tests: bool) -> Self {
        Execute {
            judge: Judge::new(plan),
            fits: Fits::new(plan),
            tests: Constant::new(tests),
            empty: Constant::new(plan.spram_lanes > 0),
            first_nonce: constant(super::page::first_begin(plan).into()),
            ..Default::default()
        }
    }
}

impl Logic for Execute {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: execute");
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
