//! Requests to deeds: reads a request's words, does what it says, and gives its reply.
//!
//! ```text
//! resting -> heading -> sorting -> targeting -> addressing -> counting -> summing -> measuring -> judging
//!                          |                                                                       |
//!                        (RECALL)                                                                replying / writing
//! ```
//!
//! Nothing is done before everything about a request is known to be right: then come `replying` and `streaming` (cues and rows
//! go through the core's streams), `reading`, or `writing` and `replying`. What is wrong with a request is its `code`: the rest of its words is
//! skipped, and the reply is an error. Every state is a register of its own.

use super::{error, receive::PLACE_BITS, READ, RECALL, VERSION, WRITE};
use crate::{
    blocks::{constant, Index, INDEX_BITS},
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
    /// The buffer's word at `place`, a cycle later.
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
    /// Nothing is to do.
    pub idle: Signal<Out, Bit>,
    /// Nothing to do.
    resting: DFF<Bit>,
    /// The header is there.
    heading: DFF<Bit>,
    /// What kind is it?
    sorting: DFF<Bit>,
    /// The target is there.
    targeting: DFF<Bit>,
    /// The address.
    addressing: DFF<Bit>,
    /// The count.
    counting: DFF<Bit>,
    /// Where does it end?
    summing: DFF<Bit>,
    /// What is wrong with it?
    measuring: DFF<Bit>,
    /// Is anything?
    judging: DFF<Bit>,
    /// The reply's header.
    replying: DFF<Bit>,
    /// Words are written.
    writing: DFF<Bit>,
    /// Words are read.
    reading: DFF<Bit>,
    /// A row is asked for.
    asking: DFF<Bit>,
    /// Words go to the core, and come from it.
    streaming: DFF<Bit>,
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
    fresh: DFF<Bit>,
    at: DFF<Bits<PLACE_BITS>>,
    left: DFF<Bits<8>>,
    whole: DFF<Bit>,
    code: DFF<Bits<4>>,
    serial: DFF<Bits<8>>,
    current: DFF<Bit>,
    is_read: DFF<Bit>,
    is_write: DFF<Bit>,
    is_recall: DFF<Bit>,
    on_page: DFF<Bit>,
    on_kernel: DFF<Bit>,
    on_threshold: DFF<Bit>,
    on_rows: DFF<Bit>,
    stray: DFF<Bit>,
    bank_held: DFF<Bits<2>>,
    where_to: DFF<Bits<16>>,
    count: DFF<Bits<16>>,
    ends: DFF<Bits<17>>,
    beyond: DFF<Bit>,
    uneven: DFF<Bit>,
    forbidden: DFF<Bit>,
    disorder: DFF<Bit>,
    pause: DFF<Bits<2>>,
    nonce: DFF<Bits<16>>,
    invalid: DFF<Bit>,
    advance: Signal<Local, Bit>,
    header: Signal<Local, Bits<16>>,
    limit: Signal<Local, Bits<17>>,
    span: Signal<Local, Bits<16>>,
    same: Signal<Local, Bit>,
    target: Signal<Local, Bits<2>>,
    control: Signal<Local, Bit>,
    accept: Signal<Local, Bit>,
    number: Signal<Local, Bits<4>>,
    detail: Signal<Local, Bit>,
    one_place: Constant<Bits<PLACE_BITS>>,
    one: Constant<Bits<8>>,
    one_word: Constant<Bits<16>>,
    one_wait: Constant<Bits<2>>,
    long_wait: Constant<Bits<2>>,
    version: Constant<Bits<4>>,
    read_kind: Constant<Bits<4>>,
    write_kind: Constant<Bits<4>>,
    recall_kind: Constant<Bits<4>>,
    reply_mark: Constant<Bits<16>>,
    eight: Constant<Bits<16>>,
    three: Constant<Bits<8>>,
    none: Constant<Bits<8>>,
    kernel_region: Constant<Bits<2>>,
    threshold_region: Constant<Bits<2>>,
    rows_region: Constant<Bits<2>>,
    page_region: Constant<Bits<2>>,
    stray_bits: Constant<Bits<16>>,
    page_limit: Constant<Bits<17>>,
    write_limit: Constant<Bits<17>>,
    kernel_limit: Constant<Bits<17>>,
    threshold_limit: Constant<Bits<17>>,
    rows_limit: Constant<Bits<17>>,
    row_words: Constant<Bits<16>>,
    last_bank: Constant<Bits<2>>,
    begin_word: Constant<Bits<16>>,
    commit_word: Constant<Bits<16>>,
    first_held: Constant<Bits<16>>,
    size_words: Constant<Bits<16>>,
    version_code: Constant<Bits<4>>,
    kind_code: Constant<Bits<4>>,
    length_code: Constant<Bits<4>>,
    target_code: Constant<Bits<4>>,
    range_code: Constant<Bits<4>>,
    invalid_code: Constant<Bits<4>>,
    order_code: Constant<Bits<4>>,
    no_table: Constant<Bit>,
    no_threshold: Constant<Bit>,
    fixed: Constant<Bit>,
}

impl Execute {
    /// For the core of a plan.
    pub fn new(plan: &Plan) -> Self {
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
            idle: Signal::default(),
            resting: DFF::default(),
            heading: DFF::default(),
            sorting: DFF::default(),
            targeting: DFF::default(),
            addressing: DFF::default(),
            counting: DFF::default(),
            summing: DFF::default(),
            measuring: DFF::default(),
            judging: DFF::default(),
            replying: DFF::default(),
            writing: DFF::default(),
            reading: DFF::default(),
            asking: DFF::default(),
            streaming: DFF::default(),
            skipping: DFF::default(),
            naming: DFF::default(),
            coding: DFF::default(),
            detailing: DFF::default(),
            finishing: DFF::default(),
            fresh: DFF::default(),
            at: DFF::default(),
            left: DFF::default(),
            whole: DFF::default(),
            code: DFF::default(),
            serial: DFF::default(),
            current: DFF::default(),
            is_read: DFF::default(),
            is_write: DFF::default(),
            is_recall: DFF::default(),
            on_page: DFF::default(),
            on_kernel: DFF::default(),
            on_threshold: DFF::default(),
            on_rows: DFF::default(),
            stray: DFF::default(),
            bank_held: DFF::default(),
            where_to: DFF::default(),
            count: DFF::default(),
            ends: DFF::default(),
            beyond: DFF::default(),
            uneven: DFF::default(),
            forbidden: DFF::default(),
            disorder: DFF::default(),
            pause: DFF::default(),
            nonce: DFF::default(),
            invalid: DFF::default(),
            advance: Signal::default(),
            header: Signal::default(),
            limit: Signal::default(),
            span: Signal::default(),
            same: Signal::default(),
            target: Signal::default(),
            control: Signal::default(),
            accept: Signal::default(),
            number: Signal::default(),
            detail: Signal::default(),
            one_place: constant(1),
            one: constant(1),
            one_word: constant(1),
            one_wait: constant(1),
            long_wait: constant(3),
            version: constant(VERSION),
            read_kind: constant(READ),
            write_kind: constant(WRITE),
            recall_kind: constant(RECALL),
            reply_mark: constant(1 << 7 | VERSION << 4),
            eight: constant(8),
            three: constant(3),
            none: constant(0),
            kernel_region: constant(1),
            threshold_region: constant(2),
            rows_region: constant(3),
            page_region: constant(0),
            stray_bits: constant(0xfcfc),
            page_limit: constant(256),
            write_limit: constant(128),
            kernel_limit: constant(plan.table.words.len()),
            threshold_limit: constant(2 * plan.table.words.len()),
            rows_limit: constant(plan.row_depth()),
            row_words: constant(plan.lanes()),
            last_bank: constant(plan.parallel - 1),
            begin_word: constant(96),
            commit_word: constant(97),
            first_held: constant(64),
            size_words: constant(0xfff8),
            version_code: constant(error::VERSION),
            kind_code: constant(error::KIND),
            length_code: constant(error::LENGTH),
            target_code: constant(error::TARGET),
            range_code: constant(error::RANGE),
            invalid_code: constant(error::INVALID),
            order_code: constant(error::ORDER),
            no_table: Constant::new(plan.columns() == 0 || !plan.loadable),
            no_threshold: Constant::new(plan.threshold.is_none() || !plan.loadable),
            fixed: Constant::new(!plan.loadable),
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
            sorting,
            targeting,
            addressing,
            counting,
            summing,
            measuring,
            judging,
            replying,
            writing,
            reading,
            asking,
            streaming,
            skipping,
            naming,
            coding,
            detailing,
            finishing,
            fresh,
            at,
            left,
            whole,
            code,
            serial,
            current,
            is_read,
            is_write,
            is_recall,
            on_page,
            on_kernel,
            on_threshold,
            on_rows,
            stray,
            bank_held,
            where_to,
            count,
            ends,
            beyond,
            uneven,
            forbidden,
            disorder,
            pause,
            nonce,
            invalid
        );
        comment!("the buffer's word is there a cycle after its place, and after it was written");
        self.advance.next = false;
        self.place.next = self.at.q.val();
        self.accept.next = false;
        comment!("an entry of the buffer: so many words (bit 14: whole cues), or an error (bit 15)");
        if self.resting.q.val() & (self.fresh.q.val() & (self.at.q.val() != self.written.val())) {
            self.advance.next = true;
            self.resting.d.next = false;
            self.left.d.next = bit_cast::<8, 16>(self.word.val());
            self.whole.d.next = self.word.val().get_bit(14);
            self.code.d.next = bit_cast::<4, 16>(self.word.val());
            self.serial.d.next = self.none.val();
            self.heading.d.next = !self.word.val().get_bit(15);
            self.naming.d.next = self.word.val().get_bit(15);
        }
        comment!("the header");
        self.number.next = bit_cast::<4, 16>(self.word.val());
        if self.heading.q.val() & self.fresh.q.val() {
            self.advance.next = true;
            self.heading.d.next = false;
            self.sorting.d.next = true;
            self.serial.d.next = bit_cast::<8, 16>(self.word.val() >> self.eight.val());
            self.current.d.next = bit_cast::<4, 16>(self.word.val() >> 4) == self.version.val();
            self.is_read.d.next = self.number.val() == self.read_kind.val();
            self.is_write.d.next = self.number.val() == self.write_kind.val();
            self.is_recall.d.next = self.number.val() == self.recall_kind.val();
        }
        comment!("its kind, and the length that the kind wants");
        if self.sorting.q.val() {
            self.sorting.d.next = false;
            if !self.current.q.val() {
                self.code.d.next = self.version_code.val();
                self.skipping.d.next = true;
            } else {
                if self.is_recall.q.val() {
                    self.replying.d.next = (self.whole.q.val() & self.left.q.val().any()) & !self.invalid.q.val();
                    self.skipping.d.next = !(self.whole.q.val() & self.left.q.val().any()) | self.invalid.q.val();
                    self.code.d.next = self.invalid_code.val();
                    if !(self.whole.q.val() & self.left.q.val().any()) {
                        self.code.d.next = self.length_code.val();
                    }
                } else {
                    if self.is_read.q.val() | self.is_write.q.val() {
                        self.targeting.d.next = true;
                        if (self.left.q.val() < self.three.val())
                            | (self.is_read.q.val() & (self.left.q.val() != self.three.val()))
                        {
                            self.targeting.d.next = false;
                            self.skipping.d.next = true;
                            self.code.d.next = self.length_code.val();
                        }
                    } else {
                        self.code.d.next = self.kind_code.val();
                        self.skipping.d.next = true;
                    }
                }
            }
        }
        comment!("target, address, count");
        self.target.next = bit_cast::<2, 16>(self.word.val());
        if self.targeting.q.val() & self.fresh.q.val() {
            self.advance.next = true;
            self.targeting.d.next = false;
            self.addressing.d.next = true;
            self.on_page.d.next = self.target.val() == self.page_region.val();
            self.on_kernel.d.next = self.target.val() == self.kernel_region.val();
            self.on_threshold.d.next = self.target.val() == self.threshold_region.val();
            self.on_rows.d.next = self.target.val() == self.rows_region.val();
            self.bank_held.d.next = bit_cast::<2, 16>(self.word.val() >> self.eight.val());
            self.stray.d.next = (self.word.val() & self.stray_bits.val()).any();
        }
        if self.addressing.q.val() & self.fresh.q.val() {
            self.advance.next = true;
            self.addressing.d.next = false;
            self.where_to.d.next = self.word.val();
            self.counting.d.next = self.is_read.q.val();
            self.summing.d.next = self.is_write.q.val();
            self.count.d.next = bit_cast::<16, 8>(self.left.q.val() - self.one.val());
        }
        if self.counting.q.val() & self.fresh.q.val() {
            self.advance.next = true;
            self.counting.d.next = false;
            self.summing.d.next = true;
            self.count.d.next = self.word.val();
        }
        comment!("where it ends, and where it may");
        self.span.next = self.count.q.val();
        if self.on_rows.q.val() {
            self.span.next = self.one_word.val();
        }
        if self.summing.q.val() {
            self.summing.d.next = false;
            self.measuring.d.next = true;
            self.ends.d.next = bit_cast::<17, 16>(self.where_to.q.val()) + bit_cast::<17, 16>(self.span.val());
        }
        self.limit.next = self.page_limit.val();
        if self.is_write.q.val() {
            self.limit.next = self.write_limit.val();
        }
        if self.on_kernel.q.val() {
            self.limit.next = self.kernel_limit.val();
        }
        if self.on_threshold.q.val() {
            self.limit.next = self.threshold_limit.val();
        }
        if self.on_rows.q.val() {
            self.limit.next = self.rows_limit.val();
        }
        comment!("begin and commit are words of the page, each alone");
        self.control.next = (self.on_page.q.val() & self.is_write.q.val())
            & ((self.where_to.q.val() == self.begin_word.val()) | (self.where_to.q.val() == self.commit_word.val()));
        self.same.next = self.word.val() == self.nonce.q.val();
        if self.measuring.q.val() {
            self.measuring.d.next = false;
            self.judging.d.next = true;
            self.beyond.d.next = (self.ends.q.val() > self.limit.val())
                | (((self.on_page.q.val() & self.is_write.q.val()) & (self.where_to.q.val() < self.first_held.val()))
                    | (self.bank_held.q.val() > self.last_bank.val()));
            self.uneven.d.next = (!self.count.q.val().any()
                | (self.on_rows.q.val() & (self.count.q.val() != self.row_words.val())))
                | (self.on_threshold.q.val() & (self.count.q.val().get_bit(0) | self.where_to.q.val().get_bit(0)));
            self.forbidden.d.next = (self.stray.q.val()
                | (self.fixed.val() & !(self.on_page.q.val() & self.is_read.q.val())))
                | ((self.on_kernel.q.val() & self.no_table.val())
                    | ((self.on_threshold.q.val() & self.no_threshold.val())
                        | (!self.on_rows.q.val() & self.bank_held.q.val().any())));
            self.disorder.d.next = self.is_write.q.val()
                & (!self.invalid.q.val()
                    | (self.on_page.q.val()
                        & ((self.where_to.q.val() <= self.commit_word.val())
                            & (self.ends.q.val() > bit_cast::<17, 16>(self.begin_word.val())))));
            if self.control.val() & (self.count.q.val() == self.one_word.val()) {
                self.disorder.d.next = self.same.val() & !self.invalid.q.val();
                if self.where_to.q.val().get_bit(0) {
                    self.disorder.d.next = !self.same.val();
                }
            }
        }
        if self.judging.q.val() {
            self.judging.d.next = false;
            self.skipping.d.next = true;
            if self.forbidden.q.val() {
                self.code.d.next = self.target_code.val();
            } else {
                if self.uneven.q.val() {
                    self.code.d.next = self.length_code.val();
                } else {
                    if self.beyond.q.val() {
                        self.code.d.next = self.range_code.val();
                    } else {
                        self.code.d.next = self.order_code.val();
                        if !self.disorder.q.val() {
                            self.skipping.d.next = false;
                            self.replying.d.next = self.is_read.q.val();
                            self.writing.d.next = self.is_write.q.val();
                        }
                    }
                }
            }
        }
        comment!("write: a word a turn; the first of begin and commit is their only one");
        self.page_write.next = false;
        self.load_row.next = false;
        self.load_kernel.next = false;
        self.load_threshold.next = false;
        self.load_size.next = false;
        if self.writing.q.val() {
            if !self.left.q.val().any() {
                self.writing.d.next = false;
                self.replying.d.next = true;
            } else {
                if self.fresh.q.val() {
                    self.advance.next = true;
                    self.page_write.next = self.on_page.q.val();
                    self.load_row.next = self.on_rows.q.val();
                    self.load_kernel.next = self.on_kernel.q.val();
                    self.load_threshold.next = self.on_threshold.q.val();
                    self.load_size.next = self.on_page.q.val()
                        & ((self.where_to.q.val() & self.size_words.val()) == self.first_held.val());
                    if !self.on_rows.q.val() {
                        self.where_to.d.next = self.where_to.q.val() + self.one_word.val();
                    }
                    if self.control.val() {
                        self.invalid.d.next = !self.where_to.q.val().get_bit(0);
                        if !self.where_to.q.val().get_bit(0) {
                            self.nonce.d.next = self.word.val();
                        }
                    }
                }
            }
        }
        comment!("the reply's header, then what there is to say");
        self.header.next = (bit_cast::<16, 8>(self.serial.q.val()) << self.eight.val()) | self.reply_mark.val();
        self.send_valid.next = false;
        self.send_word.next = self.out_data.val();
        self.finish.next = self.finishing.q.val();
        self.in_valid.next = false;
        self.in_data.next = self.word.val();
        self.out_ready.next = false;
        self.read_row.next = false;
        if self.replying.q.val() {
            self.send_valid.next = true;
            self.send_word.next = self.header.val();
            if self.is_read.q.val() {
                self.send_word.next = self.header.val() | bit_cast::<16, 4>(self.read_kind.val());
            }
            if self.is_write.q.val() {
                self.send_word.next = self.header.val() | bit_cast::<16, 4>(self.write_kind.val());
            }
            if self.is_recall.q.val() {
                self.send_word.next = self.header.val() | bit_cast::<16, 4>(self.recall_kind.val());
            }
            self.pause.d.next = self.long_wait.val();
            if self.send_ready.val() {
                self.replying.d.next = false;
                self.finishing.d.next = self.is_write.q.val();
                self.streaming.d.next = self.is_recall.q.val();
                self.asking.d.next = self.is_read.q.val() & self.on_rows.q.val();
                self.reading.d.next = self.is_read.q.val() & !self.on_rows.q.val();
            }
        }
        if self.reading.q.val() {
            self.send_word.next = self.page_word.val();
            if !self.on_page.q.val() {
                self.send_word.next = self.read_data.val();
            }
            if self.pause.q.val().any() {
                self.pause.d.next = self.pause.q.val() - self.one_wait.val();
            } else {
                self.send_valid.next = true;
                if self.send_ready.val() {
                    self.pause.d.next = self.long_wait.val();
                    self.where_to.d.next = self.where_to.q.val() + self.one_word.val();
                    self.count.d.next = self.count.q.val() - self.one_word.val();
                    if self.count.q.val() == self.one_word.val() {
                        self.reading.d.next = false;
                        self.finishing.d.next = true;
                    }
                }
            }
        }
        if self.asking.q.val() {
            comment!("the core is ready for a cue still, and will not be in three cycles");
            self.read_row.next = self.pause.q.val() == self.long_wait.val();
            self.pause.d.next = self.pause.q.val() - self.one_wait.val();
            if !self.pause.q.val().any() {
                self.asking.d.next = false;
                self.streaming.d.next = true;
            }
        }
        if self.streaming.q.val() {
            self.send_valid.next = self.out_valid.val();
            self.out_ready.next = self.send_ready.val();
            self.in_valid.next = self.fresh.q.val() & self.left.q.val().any();
            self.accept.next = (self.fresh.q.val() & self.left.q.val().any()) & self.in_ready.val();
            if (!self.left.q.val().any() & self.in_ready.val()) & !self.out_valid.val() {
                self.streaming.d.next = false;
                self.finishing.d.next = true;
            }
        }
        comment!("errors");
        if self.skipping.q.val() {
            if self.left.q.val().any() {
                self.advance.next = self.fresh.q.val();
            } else {
                self.skipping.d.next = false;
                self.naming.d.next = true;
            }
        }
        self.detail.next = self.code.q.val() == self.version_code.val();
        if self.naming.q.val() {
            self.left.d.next = self.none.val();
            self.send_valid.next = true;
            self.send_word.next = self.header.val();
            if self.send_ready.val() {
                self.naming.d.next = false;
                self.coding.d.next = true;
            }
        }
        if self.coding.q.val() {
            self.send_valid.next = true;
            self.send_word.next = bit_cast::<16, 4>(self.code.q.val());
            if self.send_ready.val() {
                self.coding.d.next = false;
                self.detailing.d.next = true;
            }
        }
        if self.detailing.q.val() {
            self.send_valid.next = true;
            self.send_word.next = 0.into();
            if self.detail.val() {
                self.send_word.next = self.one_word.val();
            }
            if self.send_ready.val() {
                self.detailing.d.next = false;
                self.finishing.d.next = true;
            }
        }
        if self.finishing.q.val() & self.send_ready.val() {
            self.finishing.d.next = false;
            self.resting.d.next = true;
        }
        comment!("on to the next word");
        if self.advance.val() | self.accept.val() {
            self.at.d.next = self.at.q.val() + self.one_place.val();
            if !self.resting.q.val() {
                self.left.d.next = self.left.q.val() - self.one.val();
            }
        }
        self.fresh.d.next = !(self.advance.val() | self.accept.val()) & (self.at.q.val() != self.written.val());
        if self.cold.val() {
            self.invalid.d.next = false;
            self.nonce.d.next = 0.into();
        }
        if self.reset.val() {
            self.resting.d.next = true;
            self.heading.d.next = false;
            self.sorting.d.next = false;
            self.targeting.d.next = false;
            self.addressing.d.next = false;
            self.counting.d.next = false;
            self.summing.d.next = false;
            self.measuring.d.next = false;
            self.judging.d.next = false;
            self.replying.d.next = false;
            self.writing.d.next = false;
            self.reading.d.next = false;
            self.asking.d.next = false;
            self.streaming.d.next = false;
            self.skipping.d.next = false;
            self.naming.d.next = false;
            self.coding.d.next = false;
            self.detailing.d.next = false;
            self.finishing.d.next = false;
            self.at.d.next = 0.into();
            self.left.d.next = self.none.val();
            self.fresh.d.next = false;
        }
        comment!("to the core's memories");
        self.bank.next = self.bank_held.q.val();
        self.address.next = bit_cast::<INDEX_BITS, 16>(self.where_to.q.val());
        self.read_kernel.next = self.reading.q.val() & self.on_kernel.q.val();
        self.read_threshold.next = self.reading.q.val() & self.on_threshold.q.val();
        self.idle.next = self.resting.q.val();
    }
}
